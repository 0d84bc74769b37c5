/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ends of files: what is behind that of compressed data, one that was reached before the file grew,
 * and one that is just where it may be. */
#include "test.h"

#include "base/input.h"
#include "files.h"

static const char bzip2[] = /* "one two\n" */
    "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x77\x82\xe2\xc4\x00\x00\x02\xd1\x80\x00"
    "\x10\x40\x00\x02\x01\x84\x80\x20\x00\x31\x0c\x01\x0d\x36\x88\x33\xa9\x2f\x8b\xb9"
    "\x22\x9c\x28\x48\x3b\xc1\x71\x62\x00";

/* libarchive's filter of bzip2 stops at the first bytes that are no other stream, in silence. */
static void nothing_is_lost_behind_the_end(void **state)
{
    static const struct {
        const char *behind;
        size_t n;
        const char *text; /* NULL: refused */
    } file[] = {
        { "", 0, "one two\n" },
        { "\0\0\0", 3, "one two\n" }, /* padding */
        { bzip2, sizeof bzip2 - 1, "one two\none two\n" },
        { "three\n", 6, NULL },
        { "\0\0\0three\n", 9, NULL },
    };
    const char *path = in_scratch("behind.bz2");
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        bmx_buf whole = { 0 }, text = { 0 };

        CHECK_OK(bmx_buf_add(&whole, bzip2, sizeof bzip2 - 1, &err));
        CHECK_OK(bmx_buf_add(&whole, file[i].behind, file[i].n, &err));
        (void)put_file("behind.bz2", whole.ptr, whole.len);
        if (file[i].text) {
            CHECK_OK(bmx_read_file(path, 0, &text, &err));
            assert_int_equal(text.len, strlen(file[i].text));
            assert_memory_equal(text.ptr, file[i].text, text.len);
        } else {
            CHECK_FAILS(bmx_read_file(path, 0, &text, &err), BPEMIX_E_FORMAT,
                        "something else is behind its end");
        }
        bmx_buf_release(&whole);
        bmx_buf_release(&text);
    }
}

/* An empty file that somebody fills meanwhile has been found to be empty, whatever it
 * is then. */
static void an_end_stays_one(void **state)
{
    const char *path = in_scratch("grows"), *name;
    char buf[16];
    bmx_input *in = NULL;
    bpemix_error err;
    size_t got = 1;
    bool more = false;
    FILE *f;

    (void)state;
    (void)put_file("grows", "", 0);
    CHECK_OK(bmx_input_open(path, &in, &err));
    f = fopen(path, "ab");
    assert_non_null(f);
    assert_int_equal(fwrite(bzip2, 1, sizeof bzip2 - 1, f), sizeof bzip2 - 1);
    assert_int_equal(fclose(f), 0);
    CHECK_OK(bmx_input_next(in, &name, &more, &err));
    assert_true(more);
    CHECK_OK(bmx_input_read(in, buf, sizeof buf, &got, &err));
    assert_int_equal(got, 0);
    bmx_input_close(in);
}

static void files_are_as_large_as_allowed(void **state)
{
    const char *path = put_file("eight.bz2", bzip2, sizeof bzip2 - 1);
    bmx_buf text = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_read_file(path, 8, &text, &err));
    assert_int_equal(text.len, 8);
    bmx_buf_release(&text);
    CHECK_FAILS(bmx_read_file(path, 7, &text, &err), BPEMIX_E_FORMAT, "more than 7 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_behind_the_end),
        cmocka_unit_test(an_end_stays_one),
        cmocka_unit_test(files_are_as_large_as_allowed),
    };

    return cmocka_run_group_tests_name("input", tests, NULL, remove_scratch);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSONL records: their text, files of them, and what is wrong with some. */
#include "read/record.h"
#include "collect.h"

static const char *text_of(const char *line, bmx_buf *out)
{
    bool nomem;
    return bmx_record_text(bmx_slice_str(line), "text", out, &nomem);
}

static void record_texts(void **state)
{
    static const struct { const char *line, *text, *wrong; } cases[] = {
        { "{\"text\":\"abc\"}", "abc", NULL },
        { "{\"text\":\"a\\n\\\"\\\\\\/\\t\\u00e9\\ud83d\\ude00\"}",
          "a\n\"\\/\t\xc3\xa9\xf0\x9f\x98\x80", NULL },
        { " { \"id\" : [1, -2.5e+3, {\"text\":\"no\"}, null, true] , \"text\" : \"abc\" } \r",
          "abc", NULL },
        { "{\"te\\u0078t\":\"abc\",\"n\":0}", "abc", NULL },
        { "{\"text\":\"\"}", "", NULL },
        { "{\"text\":\"\\ud800x\"}", "\xef\xbf\xbdx", NULL },
        { "{\"text\":\"\\ud800\\u0041\"}", "\xef\xbf\xbd" "A", NULL },
        { "{\"text\":\"\\udc00\\ud83d\\ude00\\\\ud800\"}",
          "\xef\xbf\xbd\xf0\x9f\x98\x80\\ud800", NULL },
        { "[\"text\"]", NULL, "not a JSON object" },
        { "hello", NULL, "not valid JSON" },
        { "", NULL, "not valid JSON" },
        { "{}", NULL, "no text field" },
        { "{\"txt\":\"abc\"}", NULL, "no text field" },
        { "{\"text\":12}", NULL, "the text field is not a string" },
        { "{\"text\":null}", NULL, "the text field is null" },
        { "{\"text\":[null]}", NULL, "the text field is not a string" },
        { "{\"n\":NaN,\"text\":\"a\"}", NULL, "NaN or Infinity, which JSON does not have" },
        { "{\"text\":\"a\",\"n\":[1,-Infinity]}", NULL, "NaN or Infinity, which JSON does not have" },
        { "{\"n\":-NaN,\"text\":\"a\"}", NULL, "not valid JSON" },
        { "{\"n\":{\"a\":[[],{},[{}]],\"b\":0.5E-3},\"text\":\"a\"}", "a", NULL },
        { "{\"n\":[1,],\"text\":\"a\"}", NULL, "not valid JSON" },
        { "{\"n\":{\"a\":1,},\"text\":\"a\"}", NULL, "not valid JSON" },
        { "{\"n\":[}],\"text\":\"a\"}", NULL, "not valid JSON" },
        { "{\"n\":\"\\x\",\"text\":\"a\"}", NULL, "not valid JSON" },
        { "{\"n\":-,\"text\":\"a\"}", NULL, "not valid JSON" },
        { "{\"n\":1e,\"text\":\"a\"}", NULL, "not valid JSON" },
        { "\xef\xbb\xbf{\"text\":\"abc\"}", "abc", NULL },
        { "{\"text\":\"a\",\"text\":\"b\"}", NULL, "the text field occurs twice" },
        { "{\"text\":\"abc\"} x", NULL, "text behind the record" },
        { "{\"text\":\"abc\"", NULL, "not valid JSON" },
        { "{\"text\":\"abc", NULL, "not valid JSON" },
        { "{\"text\":\"a\\", NULL, "not valid JSON" },
        { "{\"text\":\"a\\x\"}", NULL, "not valid JSON" },
        { "{\"text\":\"a\\u12g4\"}", NULL, "a broken \\u escape" },
        { "{\"text\":\"a\\u12", NULL, "a broken \\u escape" },
        { "{\"text\":\"a\",}", NULL, "not valid JSON" },
        { "{\"text\":\"a\" \"b\":1}", NULL, "not valid JSON" },
        { "{\"a\":tru,\"text\":\"a\"}", NULL, "not valid JSON" },
        { "{\"a\":[1 2],\"text\":\"a\"}", NULL, "not valid JSON" },
        { "{\"a\":{\"b\"},\"text\":\"a\"}", NULL, "not valid JSON" },
        { "{a:1}", NULL, "not valid JSON" },
    };
    bmx_buf b = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *wrong = text_of(cases[i].line, &b);
        if (cases[i].wrong ? !wrong || strcmp(wrong, cases[i].wrong) : wrong != NULL)
            fail_msg("case %zu, %s: %s", i, cases[i].line, wrong ? wrong : "accepted");
        if (!wrong) {
            assert_int_equal(b.len, strlen(cases[i].text));
            assert_memory_equal(b.ptr ? b.ptr : "", cases[i].text, b.len);
        }
    }
    bmx_buf_release(&b);
}

/* NUL bytes, and nesting deep enough to exhaust a careless stack. */
static void record_extremes(void **state)
{
    size_t n = 400000;
    char *deep = malloc(n + 64);
    bmx_buf b = { 0 };
    bool nomem;

    (void)state;
    assert_null(text_of("\x1e{\"text\":\"a\"}", &b)); /* RFC 7464 */
    assert_int_equal(b.len, 1);
    assert_true(bmx_record_is_blank(bmx_slice_str("\x1e")));
    assert_null(text_of("{\"text\":\"a\\u0000b\"}", &b));
    assert_int_equal(b.len, 3);
    assert_memory_equal(b.ptr, "a\0b", 3);
    assert_null(text_of("{\"text\":\"\xef\xb7\x90\\u0000\\ufdd1\\u0000\"}", &b));
    assert_int_equal(b.len, 8);
    assert_memory_equal(b.ptr, "\xef\xb7\x90\0\xef\xb7\x91\0", 8);
    assert_non_null(strstr(bmx_record_text(bmx_slice_of("{\"text\":\"a\0b\"}", 14), "text", &b,
                                           &nomem),
                           "a zero byte"));
    memcpy(deep, "{\"x\":", 5);
    memset(deep + 5, '[', n);
    assert_string_equal(bmx_record_text(bmx_slice_of(deep, n + 5), "text", &b, &nomem),
                        "not valid JSON");
    memset(deep + 5 + n / 2, ']', n / 2); /* deep, but whole */
    memcpy(deep + 5 + n, ",\"text\":\"a\"}", 12);
    assert_null(bmx_record_text(bmx_slice_of(deep, n + 5 + 12), "text", &b, &nomem));
    assert_int_equal(b.len, 1);
    deep[5 + n / 2] = '}';
    assert_string_equal(bmx_record_text(bmx_slice_of(deep, n + 5 + 12), "text", &b, &nomem),
                        "not valid JSON");
    bmx_buf_release(&b);
    free(deep);
}

/* Time is linear in the text, also where every character is an escape, of quotes or of others, or
 * the string does not end.  (Looking for its end behind every escape took minutes.) */
static void record_of_escapes(void **state)
{
    static const char head[] = "{\"text\":\"", *const escapes[] = { "\\u4e2d", "\\\"\\n\\\\" };
    enum { N = 2000000, SIZE = 6 };
    char *line = malloc(sizeof head + (size_t)N * SIZE + 2);
    bmx_buf b = { 0 };
    bool nomem;

    (void)state;
    for (int k = 0; k < 2; k++) {
        size_t len = sizeof head - 1;
        memcpy(line, head, len);
        for (size_t i = 0; i < N; i++, len += SIZE)
            memcpy(line + len, escapes[k], SIZE);
        memcpy(line + len, "\"}", 2);
        assert_null(bmx_record_text(bmx_slice_of(line, len + 2), "text", &b, &nomem));
        assert_int_equal(b.len, 3 * N);
        assert_memory_equal(b.ptr, k ? "\"\n\\" : "\xe4\xb8\xad", 3);
        assert_memory_equal(b.ptr + 3, b.ptr, 3 * (N - 1));
        assert_string_equal(bmx_record_text(bmx_slice_of(line, len), "text", &b, &nomem),
                            "not valid JSON");
    }
    bmx_buf_release(&b);
    free(line);
}

/* Every prefix of a record is refused, and nothing behind it is read. */
static void record_prefixes(void **state)
{
    static const char whole[] =
        "{\"a\":[1,{\"b\":null}],\"text\":\"x\\u00e9\\ud83d\\ude00\\n\",\"c\":-1.5e2}";
    bmx_buf b = { 0 };

    (void)state;
    for (size_t n = 0; n < sizeof whole - 1; n++) {
        char *copy = malloc(n ? n : 1);
        bool nomem;
        memcpy(copy, whole, n);
        if (!bmx_record_text(bmx_slice_of(copy, n), "text", &b, &nomem))
            fail_msg("prefix of %zu bytes accepted", n);
        free(copy);
    }
    bmx_buf_release(&b);
}

/* Where the field is missing, the member with the longest string may be meant. */
static void remedies(void **state)
{
    static const struct {
        const char *line, *named;
    } cases[] = {
        { "{\"id\": \"a\", \"content\": \"longer\", \"n\": [\"not this, it is in a list\"]}",
          "'content'" },
        { " {\"a\\u0020b\":\"x\"}", "'a\\u0020b'" },
        { "{\"n\": 1}", NULL },
        { "{}", NULL },
        { "[\"a\"]", NULL },
        { "{\"text\": 1, \"content\": \"abc\"}", NULL }, /* the field is there */
        { "{\"content\": \"abc\"", NULL },            /* not valid */
        { "{\"a name of more than forty bytes, which no field has\": \"abc\"}", NULL },
    };
    bmx_buf b = { 0 };
    char hint[256];
    bool nomem;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bmx_slice line = bmx_slice_str(cases[i].line);
        bmx_record_remedy(line, "text", bmx_record_text(line, "text", &b, &nomem), hint,
                          sizeof hint);
        assert_non_null(strstr(hint, "its text in 'text'"));
        if (cases[i].named)
            assert_non_null(strstr(hint, cases[i].named));
        else
            assert_null(strstr(hint, "longest"));
    }
    bmx_buf_release(&b);
}

static void jsonl_files(void **state)
{
    bmx_buf lines = { 0 };
    bmx_source_opts opts = { .cuts = 0 };
    bpemix_error err;
    const char *path;
    collection *c;

    (void)state;
    for (int i = 0; i < 300; i++)
        CHECK_OK(bmx_buf_addf(&lines, &err, "{\"body\":\"text %d\",\"text\":\"no\"}%s", i,
                              i == 299 ? "" : i % 3 ? "\n" : "\r\n\n"));
    path = put_file("many.ndjson", lines.ptr, lines.len);
    for (size_t block = 40; block < 4000; block = block * 3 + 1) {
        opts.block_bytes = block;
        opts.field = "body";
        c = collected(&path, 1, opts);
        assert_int_equal(c->n, 300);
        for (int i = 0; i < 300; i++) {
            char want[40];
            snprintf(want, sizeof want, "text %d", i);
            check_text(&c->d[i], want, strlen(want));
        }
        drop(c);
    }
    bmx_buf_release(&lines);
    opts = (bmx_source_opts){ .block_bytes = 30 };
    path = put_text("bad.jsonl",
                    "{\"text\":\"one\"}\n\n{\"text\":\"two\"}\n{\"title\":\"three\"}\n");
    CHECK_FAILS(collect(&path, 1, &opts, &c, &err), BPEMIX_E_FORMAT,
                "bad.jsonl:4: no text field");
    assert_int_equal(err.line, 4);
    path = put_text("odd.jsonl.txt", "not JSON\n");
    c = collected(&path, 1, opts); /* by name only */
    check_text(&c->d[0], "not JSON\n", 9);
    drop(c);
}

/* Records under any name are found by their content, among other files, in blocks of any
 * size, and sampled alike. */
static void records_by_content(void **state)
{
    bmx_buf lines = { 0 };
    bpemix_error err;
    const char *path;

    (void)state;
    put_folder("mixed");
    put_text("mixed/a.txt", "plain text\n");
    put_text("mixed/c.txt", "more text\n");
    for (int i = 0; i < 40; i++)
        CHECK_OK(bmx_buf_addf(&lines, &err, "{\"text\":\"record number %d\",\"id\":%d}\n", i, i));
    put_file("mixed/b.json", lines.ptr, lines.len);
    put_file("mixed/d.JSONL", lines.ptr, lines.len);
    path = in_scratch("mixed");
    for (size_t block = 300; block < 10000; block *= 3)
        for (int part = 0; part < 3; part++) { /* all; more than there is; some */
            collection *c = collected(&path, 1,
                                      (bmx_source_opts){ .cuts = BMX_CUT_LINE, .block_bytes = block,
                                                         .max_bytes = part == 0 ? 0 : part == 1
                                                         ? 100000 : 500 });
            size_t n_records = 0;

            for (size_t i = 0; i < c->n; i++) {
                assert_true(!memcmp(c->d[i].text.ptr, "record number", 13) ||
                            strstr(c->d[i].place, ".txt"));
                n_records += !memcmp(c->d[i].text.ptr, "record number", 13);
            }
            if (part < 2) {
                assert_int_equal(c->n, 82);
                assert_int_equal(n_records, 80);
            } else {
                assert_true(n_records > 10 && n_records < 80);
            }
            drop(c);
        }
    bmx_buf_release(&lines);
}

/* What is found on the way is noted once a kind, with the first place. */
static void notes_of_a_source(void **state)
{
    static const char bad[] = "{\"text\":\"one\"}\n{\"text\":null}\n{\"text\":\"two\"}\nNaN\n";
    bmx_source_opts opts = { .cuts = BMX_CUT_LINE, .skip_bad = true };
    bmx_texts warning = { 0 };
    bmx_source *s = NULL;
    bmx_block b = { 0 };
    bmx_buf buf = { 0 };
    const char *path;
    bool more = true;
    size_t n = 0;
    bpemix_error err;
    collection *c;

    (void)state;
    put_folder("odd");
    put_text("odd/1.jsonl", bad);
    put_text("odd/2.jsonl", bad);
    put_text("odd/3.txt", "\xe9t\xe9 fran\xe7" "ais\n");
    put_text("odd/4.txt", "\xe9t\xe9 fran\xe7" "ais\n");
    path = in_scratch("odd");
    CHECK_OK(bmx_source_open(&path, 1, &opts, &s, &err));
    while (more) {
        CHECK_OK(bmx_source_next(s, &b, &more, &err));
        for (size_t i = 0; i < b.n && b.kind == BMX_BLOCK_RECORDS; i++) {
            bmx_record_cursor at = { .block = &b, .part = i };
            bool any = true;
            while (any) {
                bmx_slice text;
                CHECK_OK(bmx_source_record(s, &at, &buf, &text, &any, &err));
                n += any;
            }
        }
    }
    assert_int_equal(n, 4);
    CHECK_OK(bmx_source_warnings(s, &warning, &err));
    assert_int_equal(warning.n, 2);
    assert_non_null(strstr(warning.text[0], "3.txt: not UTF-8"));
    assert_non_null(strstr(warning.text[0], "(and 1 more like it)"));
    assert_non_null(strstr(warning.text[1], "records skipped: 4, the first of them"));
    assert_non_null(strstr(warning.text[1], "1.jsonl:2: the text field is null"));
    bmx_texts_release(&warning);
    bmx_source_close(s);
    bmx_block_release(&b);
    bmx_buf_release(&buf);
    put_text("odd/5.pdf", "%PDF-1.4\n");
    CHECK_FAILS(collect(&path, 1, &opts, &c, &err), BPEMIX_E_FORMAT,
                "5.pdf: a PDF document, which is not text");
    opts.binary = true;
    c = collected(&path, 1, opts);
    assert_int_equal(c->n, 7);
    drop(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record_texts),
        cmocka_unit_test(record_extremes),
        cmocka_unit_test(record_of_escapes),
        cmocka_unit_test(record_prefixes),
        cmocka_unit_test(remedies),
        cmocka_unit_test(jsonl_files),
        cmocka_unit_test(records_by_content),
        cmocka_unit_test(notes_of_a_source),
    };
    return cmocka_run_group_tests_name("records", tests, NULL, remove_scratch);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mixtures to train on: how much of each category is drawn, counted words in place of text, and
 * trainers that are another program. */
#include "files.h"

#include "lab/mixture.h"
#include "words/count.h"
#include "words/file.h"

#include <math.h>
#include <signal.h>

static const double halves[] = { 0.5, 0.5 };

/* n lines of a few words each. */
static const char *put_lines(const char *name, const char *form, int n)
{
    bmx_buf b = { 0 };
    const char *path;
    bpemix_error err = { 0 };

    for (int i = 0; i < n; i++)
        CHECK_OK(bmx_buf_addf(&b, &err, form, i % 17));
    path = put_file(name, b.ptr, b.len);
    bmx_buf_release(&b);
    return path;
}

static bpemix_status train(const bpemix_category *cats, size_t n, bpemix_train_opts o,
                           bmx_mixture *m, bmx_buf *file, bpemix_error *err)
{
    bpemix_count_opts count = { .size = sizeof count, .n_threads = 1 };

    o.size = sizeof o;
    o.share = o.share ? o.share : halves;
    o.vocab_size = o.vocab_size ? o.vocab_size : 270;
    return bmx_mixture_train(cats, n, &o, &count, m, file, err);
}

static bpemix_status try(const bpemix_category *cats, size_t n, bpemix_train_opts o,
                         bpemix_error *err)
{
    bmx_mixture m = { 0 };
    bmx_buf file = { 0 };
    bpemix_status st = train(cats, n, o, &m, &file, err);

    if (st)
        assert_true(!m.n && !file.len);
    bmx_mixture_release(&m);
    bmx_buf_release(&file);
    return st;
}

/* The text of a file as counted words that train() takes. */
static const char *put_words(const char *name, const char *path)
{
    bpemix_category cat = { .name = "x", .paths = &path, .n_paths = 1 };
    bpemix_count_opts count = { .size = sizeof count, .n_threads = 1 };
    bmx_train_rule rule = { 0 };
    bmx_text_rule text = { 0 };
    bmx_words w = { 0 };
    bpemix_error err = { 0 };

    CHECK_OK(bmx_train_rule_init(&rule, "gpt2", &err));
    CHECK_OK(bmx_train_rule_text(&rule, BPEMIX_TEXT_UNIT_AUTO, BPEMIX_INVALID_AUTO, &text, &err));
    CHECK_OK(bmx_words_count(&text, &cat, 1, &count, &w, &err));
    CHECK_OK(bmx_words_save(&w, in_scratch(name), 1, &err));
    bmx_words_release(&w);
    bmx_train_rule_release(&rule);
    return in_scratch(name);
}

static void as_much_as_the_shares_allow(void **state)
{
    const char *few = put_lines("few.txt", "few words, number %d\n", 200),
               *many = put_lines("many.txt", "another text with %d in it\n", 2000);
    bpemix_category cats[] = { { .name = "few", .paths = &few, .n_paths = 1 },
                               { .name = "many", .paths = &many, .n_paths = 1 } };
    const double lopsided[] = { 0.01, 0.99 }, alone[] = { 0, 1 };
    bmx_mixture m = { 0 };
    bmx_buf file = { 0 };
    bpemix_error err = { 0 };

    (void)state;
    /* halves: all of the smaller one, and as much of the other */
    CHECK_OK(train(cats, 2, (bpemix_train_opts){ 0 }, &m, &file, &err));
    assert_int_equal(m.n_merges, 270 - 256);
    assert_int_equal(m.n_asked, 270 - 256);
    assert_string_equal(m.name[1], "many");
    assert_true(fabs(m.share[0] - 0.5) < 0.01);
    assert_true(m.bytes[0] > 200 * 20 && m.bytes[1] < 2000 * 20);
    bmx_mixture_release(&m);
    bmx_buf_release(&file);
    /* and the other way round */
    CHECK_OK(train(cats, 2, (bpemix_train_opts){ .share = lopsided }, &m, &file, &err));
    assert_true(m.bytes[1] > 2000 * 26 && fabs(m.share[0] - 0.01) < 0.002);
    bmx_mixture_release(&m);
    bmx_buf_release(&file);
    CHECK_OK(train(cats, 2, (bpemix_train_opts){ .share = alone, .train_bytes = 1000 }, &m, &file,
                   &err));
    assert_int_equal(m.bytes[0], 0);
    assert_true(m.share[1] == 1 && m.bytes[1] <= 1000 && m.bytes[1] > 900);
    bmx_mixture_release(&m);
    bmx_buf_release(&file);
}

/* Counts are multiplied: nothing is lost, and the shares are those asked for. */
static void counted_words_are_weighed(void **state)
{
    const char *few = put_words("few.words", put_lines("few.txt", "few words, number %d\n", 200)),
               *many = put_words("many.words",
                                 put_lines("many.txt", "another text with %d in it\n", 2000));
    bpemix_category cats[] = { { .name = "few", .paths = &few, .n_paths = 1 },
                               { .name = "many", .paths = &many, .n_paths = 1 } };
    bmx_mixture m = { 0 };
    bmx_buf file = { 0 };
    bpemix_error err = { 0 };

    (void)state;
    CHECK_OK(train(cats, 2, (bpemix_train_opts){ 0 }, &m, &file, &err));
    assert_true(m.bytes[1] > 2000 * 26 && fabs(m.share[0] - 0.5) < 1e-4);
    bmx_mixture_release(&m);
    bmx_buf_release(&file);
    CHECK_FAILS(try(cats, 2, (bpemix_train_opts){ .train_bytes = UINT64_MAX }, &err),
                BPEMIX_E_UNSUPPORTED,
                "more than 2^62 bytes");
    CHECK_FAILS(try(cats, 2, (bpemix_train_opts){ .train_bytes = 0, .trainer = "cp {text} {out}" },
                    &err),
                BPEMIX_E_UNSUPPORTED, "counted words are no text for another trainer");
    SURVIVES_SOME(50, train(cats, 2, (bpemix_train_opts){ .train_bytes = 5000 }, &m, &file, &err), {
        bmx_mixture_release(&m);
        bmx_buf_release(&file);
    });
}

static bpemix_status two_documents(void *ctx, bpemix_text *text, bool *more, bpemix_error *err)
{
    static const char *const document[] = { "said by a caller\n", "and more" };
    int *n = ctx;

    (void)err;
    *more = *n < 2;
    if (*more)
        *text = (bpemix_text){ document[*n], strlen(document[*n]) };
    ++*n;
    return BPEMIX_OK;
}

/* What the command is given is what was drawn; records are lines. */
static void another_program_trains(void **state)
{
    const char *lines = put_text("a.jsonl",
                                 "{\"text\": \"one\"}\n{\"text\": \"two\\n\"}\n{\"id\": 1, \"text\": \"\"}\n"),
               *quoted = put_folder("it's here"), *before = getenv("TMPDIR");
    char *kept = before ? strdup(before) : NULL;
    int at = 0;
    bpemix_category cats[] = { { .name = "records", .paths = &lines, .n_paths = 1 },
                               { .name = "caller", .read = two_documents, .read_ctx = &at } };
    bmx_mixture m = { 0 };
    bmx_buf file = { 0 };
    bpemix_error err = { 0 };
    const bpemix_train_opts copy = { .train_bytes = 1000,
                                     .trainer = "{ cat {text}; echo {vocab} {}; } > {out}" };

    (void)state;
    setenv("TMPDIR", quoted, 1);
    CHECK_OK(train(cats, 2, copy, &m, &file, &err));
    CHECK_OK(bmx_buf_addc(&file, 0, &err));
    assert_string_equal(file.ptr, "one\ntwo\nsaid by a caller\nand more270 {}\n");
    assert_int_equal(m.bytes[0], 3 + 4);
    assert_int_equal(m.bytes[1], 17 + 8);
    assert_int_equal(m.n_merges, 0); /* not ours */
    bmx_mixture_release(&m);
    bmx_buf_release(&file);
    assert_false(in_shell("ls \"it's here\" | grep -q .")); /* nothing is left behind */

    CHECK_FAILS(try(cats, 1, (bpemix_train_opts){ .train_bytes = 10, .trainer = "exit 7" }, &err),
                BPEMIX_E_IO,
                "failed with status 7");
    CHECK_FAILS(try(cats, 1, (bpemix_train_opts){ .train_bytes = 10, .trainer = ": > {out}" },
                    &err),
                BPEMIX_E_EMPTY, "wrote no tokenizer");
    CHECK_FAILS(try(cats, 1, (bpemix_train_opts){ .train_bytes = 10, .trainer = ":" }, &err),
                BPEMIX_E_EMPTY, "wrote no tokenizer");
    SURVIVES_SOME(10, train(cats, 1, copy, &m, &file, &err), {
        bmx_mixture_release(&m);
        bmx_buf_release(&file);
    });
    setenv("TMPDIR", in_scratch("not there"), 1);
    CHECK_FAILS(try(cats, 1, copy, &err), BPEMIX_E_IO, "cannot make a folder");
    if (kept)
        setenv("TMPDIR", kept, 1);
    else
        unsetenv("TMPDIR");
    free(kept);
}

static void what_cannot_be(void **state)
{
    const char *text = put_text("b.txt", "some text"),
               *letters = put_text("letters.json",
                                   "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1, "
                                   "\"ab\": 2}, \"merges\": [\"a b\"]}}");
    bpemix_category cat = { .name = "x", .paths = &text, .n_paths = 1 };
    const double one[] = { 1 };
    bpemix_error err = { 0 };

    (void)state;
    CHECK_FAILS(try(&cat, 1, (bpemix_train_opts){ .share = one, .extend = letters,
                                                  .pretokenizer = "gpt2" }, &err),
                BPEMIX_E_MISMATCH, "its alphabet is not that of the pre-tokenizer 'gpt2'");
    CHECK_FAILS(try(&cat, 1, (bpemix_train_opts){ .share = (const double[]){ 0.1 },
                                                  .train_bytes = 4 }, &err),
                BPEMIX_E_EMPTY, "no training text was drawn");
    CHECK_FAILS(try(&cat, 1, (bpemix_train_opts){ .share = one, .extend = in_scratch("none") },
                    &err),
                BPEMIX_E_IO, "none: cannot open");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_much_as_the_shares_allow), cmocka_unit_test(counted_words_are_weighed),
        cmocka_unit_test(another_program_trains), cmocka_unit_test(what_cannot_be),
    };
    return cmocka_run_group_tests_name("mixture", tests, NULL, remove_scratch);
}

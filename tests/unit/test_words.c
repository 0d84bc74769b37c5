/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting, against the plain counter. */
#include "plain_words.h"
#include "words/file.h"

static const struct { const char *preset; bmx_normalizer_kind norm; bool has_norm; } pipelines[] = {
    { "gpt2", BMX_NORM_NFC, false },   { "cl100k", BMX_NORM_NFC, false },
    { "o200k", BMX_NORM_NFC, false },  { "qwen", BMX_NORM_NFC, true },
    { "gpt2", BMX_NORM_NFKC, true },   { "deepseek-coder", BMX_NORM_NFC, false },
    { "superbpe", BMX_NORM_NFC, false }, /* never cut */
};

/* Documents larger than several blocks: as if processed whole. */
static void blocks_as_if_whole(void **state)
{
    size_t n = 2 * BMX_BLOCK_BYTES + 12345, len = 0;
    char *text = malloc(n + 400);
    bmx_rng r = { 5 };
    const char *path;

    (void)state;
    while (len < n)
        len += random_text(&r, text + len, n - len > 300 ? 300 : n - len);
    path = put_file("large.txt", text, len);
    for (size_t i = 0; i < sizeof pipelines / sizeof *pipelines; i++) {
        bpemix_tokenizer *tok = make_tokenizer(pipelines[i].preset, BMX_ALPHABET_BYTE, NULL);
        bmx_words w;
        oracle o;

        if (pipelines[i].has_norm)
            made_normalizer(tok, pipelines[i].norm);
        oracle_open(&o, tok);
        oracle_unit(&o, bmx_slice_of(text, len));
        w = counted(tok, &path, 1, (bpemix_count_opts){ .text_unit = BPEMIX_TEXT_UNIT_DOCUMENT,
                                                        .n_threads = 2 });
        check_same(&o.words, &w);
        assert_int_equal(w.bytes, len);
        assert_int_equal(w.documents, 1);
        bmx_words_release(&w);
        oracle_close(&o);
        bpemix_tokenizer_free(tok);
    }
    free(text);
}

/* Several categories of several files, 1, 2 and 5 threads: equal bytes. */
static void threads_do_not_matter(void **state)
{
    bpemix_tokenizer *tok = make_tokenizer("cl100k", BMX_ALPHABET_BYTE, "\n\n");
    bpemix_category cats[3];
    char *paths[3][4];
    bmx_rng r = { 8 };
    bmx_buf first[3] = { { 0 } };
    bpemix_error err;

    (void)state;
    for (int c = 0; c < 3; c++) {
        static const char *const names[] = { "one", "two", "three" };
        for (int f = 0; f < 4; f++) {
            size_t want = c == 1 ? 1500000 : 2000, len = 0;
            char name[40], *text = malloc(want + 400);
            while (len < want)
                len += random_text(&r, text + len, 300);
            snprintf(name, sizeof name, "t%d%d.txt", c, f);
            paths[c][f] = strdup(put_file(name, text, len));
            free(text);
        }
        cats[c] = (bpemix_category){ .name = names[c], .n_paths = 4,
                                     .paths = (const char *const *)paths[c] };
    }
    for (unsigned threads = 1; threads <= 5; threads += threads == 1 ? 1 : 3) {
        bpemix_count_opts opts = { .n_threads = threads };
        bmx_words w[3] = { { 0 } };
        CHECK_OK(words_count(tok, cats, 3, &opts, w, &err));
        for (int c = 0; c < 3; c++) {
            bmx_buf b = { 0 };
            assert_string_equal(w[c].name, cats[c].name);
            assert_int_equal(w[c].documents, 4);
            assert_int_equal(w[c].n_inputs, 4);
            assert_string_equal(w[c].input[2].path, paths[c][2]);
            CHECK_OK(bmx_words_write(&w[c], 1, &b, &err));
            if (threads == 1) {
                first[c] = b;
                continue;
            }
            assert_int_equal(b.len, first[c].len);
            assert_memory_equal(b.ptr, first[c].ptr, b.len);
            bmx_buf_release(&b);
        }
        for (int c = 0; c < 3; c++)
            bmx_words_release(&w[c]);
    }
    for (int c = 0; c < 3; c++) {
        bmx_buf_release(&first[c]);
        for (int f = 0; f < 4; f++)
            free(paths[c][f]);
    }
    bpemix_tokenizer_free(tok);
}

static void text_units(void **state)
{
    const char *path = put_text("units.txt", "a\n\n b\n");
    bpemix_tokenizer *doc = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "\n\n");
    bpemix_tokenizer *line = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "ab\n");
    bpemix_tokenizer *sp = make_tokenizer("llama", BMX_ALPHABET_CHARACTER, "\n\n");
    bmx_words w;

    (void)state;
    assert_int_equal(bmx_text_unit_of(doc, BPEMIX_TEXT_UNIT_AUTO), BPEMIX_TEXT_UNIT_DOCUMENT);
    assert_int_equal(bmx_text_unit_of(line, BPEMIX_TEXT_UNIT_AUTO), BPEMIX_TEXT_UNIT_LINE);
    assert_int_equal(bmx_text_unit_of(sp, BPEMIX_TEXT_UNIT_AUTO), BPEMIX_TEXT_UNIT_LINE);
    assert_int_equal(bmx_text_unit_of(line, BPEMIX_TEXT_UNIT_DOCUMENT), BPEMIX_TEXT_UNIT_DOCUMENT);
    assert_int_equal(bmx_text_unit_of(sp, BPEMIX_TEXT_UNIT_DOCUMENT), BPEMIX_TEXT_UNIT_LINE);
    w = counted(doc, &path, 1, (bpemix_count_opts){ .n_threads = 1 });
    assert_int_equal(count_of(&w, "\n\n"), 1);
    assert_int_equal(count_of(&w, " b"), 1);
    assert_int_equal(count_of(&w, "\n"), 1);
    bmx_words_release(&w);
    w = counted(line, &path, 1, (bpemix_count_opts){ .n_threads = 1 });
    assert_int_equal(count_of(&w, "\n\n"), 0);
    assert_int_equal(count_of(&w, "\n"), 3);
    assert_int_equal(count_of(&w, " b"), 1);
    bmx_words_release(&w);
    w = counted(doc, &path, 1, (bpemix_count_opts){ .text_unit = BPEMIX_TEXT_UNIT_LINE });
    assert_int_equal(count_of(&w, "\n"), 3);
    bmx_words_release(&w);
    w = counted(sp, &path, 1, (bpemix_count_opts){ .text_unit = BPEMIX_TEXT_UNIT_DOCUMENT });
    for (size_t i = 0; i < w.word.n; i++)
        assert_null(memchr(w.word.str[i].ptr, '\n', w.word.str[i].len));
    assert_int_equal(count_of(&w, "\xe2\x96\x81" "a"), 1);
    bmx_words_release(&w);
    bpemix_tokenizer_free(doc);
    bpemix_tokenizer_free(line);
    bpemix_tokenizer_free(sp);
}

/* Lines that the trainer skips are no text: their bytes do not count either. */
static void lines_left_out(void **state)
{
    static const char text[] = "a b\nmuch too long\n\nc\n";
    const char *path = put_text("left.txt", text), *all = put_text("left2.txt", "much too long");
    bpemix_tokenizer *sp = make_tokenizer("llama", BMX_ALPHABET_CHARACTER, NULL);
    bpemix_category cat = { .name = "some", .paths = &all, .n_paths = 1 };
    bpemix_error err;
    bmx_words w = { 0 };

    (void)state;
    w = counted(sp, &path, 1, (bpemix_count_opts){ 0 });
    assert_int_equal(w.bytes, sizeof text - 1);
    bmx_words_release(&w);
    for (size_t i = 0; i < sp->trained.pretokenizer.n; i++)
        sp->trained.pretokenizer.step[i].sp.max_sentence_length = 8;
    w = counted(sp, &path, 1, (bpemix_count_opts){ 0 });
    assert_int_equal(w.bytes, sizeof text - 1 - 14);
    assert_int_equal(w.pretokens, 3);
    assert_int_equal(w.input[0].bytes, sizeof text - 1);
    bmx_words_release(&w);
    for (uint32_t folds = 2; folds < 4; folds++) { /* one document, in one of them */
        bmx_words part[3] = { { 0 } };
        bpemix_count_opts opts = { .folds = folds };
        bpemix_category one = { .name = "some", .paths = &path, .n_paths = 1 };
        uint64_t bytes = 0;

        CHECK_OK(words_count(sp, &one, 1, &opts, part, &err));
        for (uint32_t f = 0; f < folds; f++) {
            assert_true(part[f].bytes == (part[f].pretokens ? sizeof text - 1 - 14 : 0));
            bytes += part[f].bytes;
            bmx_words_release(&part[f]);
        }
        assert_int_equal(bytes, sizeof text - 1 - 14);
    }
    CHECK_FAILS(words_count(sp, &cat, 1, &(bpemix_count_opts){ 0 }, &w, &err), BPEMIX_E_EMPTY,
                "leaves out");
    bmx_words_release(&w);
    bpemix_tokenizer_free(sp);
}

static void malformed_bytes(void **state)
{
    static const char text[] = "one\nab\xff\xfe" "cd \xc3 e\n";
    const char *path = put_text("latin1.txt", text), *json;
    bpemix_tokenizer *bytes = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, NULL);
    bpemix_tokenizer *chars = make_tokenizer("gpt2", BMX_ALPHABET_CHARACTER, NULL);
    bpemix_category cat = { .name = "fr", .paths = &path, .n_paths = 1 };
    bpemix_count_opts opts = { .n_threads = 1 };
    bpemix_error err;
    bmx_words w = { 0 };

    (void)state;
    w = counted(bytes, &path, 1, opts); /* auto: keep */
    assert_int_equal(w.invalid_bytes, 3);
    assert_int_equal(count_of(&w, "\xff\xfe"), 1);
    assert_int_equal(count_of(&w, "\xc3"), 1);
    assert_int_equal(count_of(&w, "ab"), 1);
    assert_int_equal(count_of(&w, "cd"), 1);
    assert_int_equal(count_of(&w, " "), 1);
    assert_int_equal(count_of(&w, " e"), 1);
    assert_int_equal(w.bytes, sizeof text - 1);
    bmx_words_release(&w);

    opts.invalid = BPEMIX_INVALID_KEEP;
    w = counted(chars, &path, 1, opts); /* only a boundary */
    assert_int_equal(w.invalid_bytes, 3);
    assert_int_equal(count_of(&w, "\xff\xfe"), 0);
    assert_int_equal(count_of(&w, "ab"), 1);
    assert_int_equal(count_of(&w, "cd"), 1);
    bmx_words_release(&w);

    opts.invalid = BPEMIX_INVALID_REPLACE;
    w = counted(bytes, &path, 1, opts);
    assert_int_equal(w.invalid_bytes, 3);
    assert_int_equal(count_of(&w, "\xef\xbf\xbd\xef\xbf\xbd"), 1);
    assert_int_equal(count_of(&w, " \xef\xbf\xbd"), 1);
    assert_int_equal(w.bytes, sizeof text - 1);
    bmx_words_release(&w);

    opts.invalid = BPEMIX_INVALID_AUTO;
    CHECK_FAILS(words_count(chars, &cat, 1, &opts, &w, &err), BPEMIX_E_FORMAT,
                "latin1.txt:2: byte 6 is not UTF-8 (0xff); convert it, or have such bytes "
                "replaced");
    assert_non_null(strstr(err.where, "category 'fr': "));
    assert_int_equal(err.line, 2);
    assert_int_equal(err.offset, 6);
    bmx_words_release(&w);
    json = put_text("half.jsonl", "{\"text\":\"fine\"}\n{\"text\":\"ab\xed\xa0\x80\"}\n");
    cat.paths = &json;
    CHECK_FAILS(words_count(chars, &cat, 1, &opts, &w, &err), BPEMIX_E_FORMAT,
                "half.jsonl:2: byte 2 of its text is not UTF-8 (0xed)");
    bmx_words_release(&w);
    bpemix_tokenizer_free(bytes);
    bpemix_tokenizer_free(chars);
}

/* Positions in messages are right in any block, and the first bad place is named. */
static void refused_far_into_a_file(void **state)
{
    size_t n = 2 * BMX_BLOCK_BYTES + 5000, lines = 0, bad = n - 1000;
    char *text = malloc(n), want[100];
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, NULL);
    bpemix_error err;
    bmx_words w = { 0 };
    const char *path;
    bpemix_category cat = { .name = "x", .paths = &path, .n_paths = 1 };

    (void)state;
    for (size_t i = 0; i < n; i++)
        text[i] = i % 80 == 79 ? '\n' : "abcd efg "[i % 9];
    text[bad] = (char)0x80;
    text[n - 10] = (char)0xff;
    for (size_t i = 0; i < bad; i++)
        lines += text[i] == '\n';
    path = put_file("far.txt", text, n);
    snprintf(want, sizeof want, "far.txt:%zu: byte %zu is not UTF-8 (0x80)", lines + 1, bad);
    for (unsigned threads = 1; threads <= 4; threads++)
        for (int unit = BPEMIX_TEXT_UNIT_DOCUMENT; unit <= BPEMIX_TEXT_UNIT_LINE; unit++) {
            bpemix_count_opts opts = { .n_threads = threads, .invalid = BPEMIX_INVALID_REFUSE,
                                       .text_unit = (bpemix_text_unit)unit };
            CHECK_FAILS(words_count(tok, &cat, 1, &opts, &w, &err), BPEMIX_E_FORMAT, want);
            bmx_words_release(&w);
        }
    bpemix_tokenizer_free(tok);
    free(text);
}

/* Of categories that are counted side by side, the first bad one is named, be it the
 * last to be found; one that is bad later on, of another kind, too. */
static void first_bad_category(void **state)
{
    enum { CATEGORIES = 6 };
    size_t n = 3 * BMX_BLOCK_BYTES;
    char *text = malloc(n);
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, NULL);
    const char *path[CATEGORIES];
    bpemix_category cat[CATEGORIES];
    bmx_words w[CATEGORIES] = { { 0 } };
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < n; i++)
        text[i] = i % 80 == 79 ? '\n' : "abcd efg "[i % 9];
    for (int c = 0; c < CATEGORIES; c++) { /* 2 is bad at its end, 3 and 5 at the start */
        char name[20];
        size_t bad = c == 2 ? n - 100 : 10;
        bool is_bad = c == 2 || c == 3 || c == 5;
        char was = text[bad];

        snprintf(name, sizeof name, "side%d.txt", c);
        text[bad] = is_bad ? (char)0x80 : was;
        path[c] = put_file(name, text, n);
        text[bad] = was;
        cat[c] = (bpemix_category){ .name = "abcdef" + c, .paths = &path[c], .n_paths = 1 };
    }
    for (unsigned round = 0; round < 40; round++) {
        bpemix_count_opts opts = { .n_threads = 1 + round % 8, .invalid = BPEMIX_INVALID_REFUSE };

        CHECK_FAILS(words_count(tok, cat, CATEGORIES, &opts, w, &err), BPEMIX_E_FORMAT,
                    "category 'cdef': ");
        for (int c = 0; c < CATEGORIES; c++)
            bmx_words_release(&w[c]);
    }
    bpemix_tokenizer_free(tok);
    free(text);
}

static void records_and_samples(void **state)
{
    const char *path = put_text("r.jsonl", "{\"text\":\"a b\\nc\"}\n{\"text\":\"a d\"}\n");
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, NULL);
    bmx_words w = counted(tok, &path, 1, (bpemix_count_opts){ .n_threads = 3 });

    (void)state;
    assert_int_equal(w.documents, 2);
    assert_int_equal(w.bytes, 8);
    assert_int_equal(w.pretokens, 6);
    assert_int_equal(count_of(&w, "a"), 2);
    assert_int_equal(w.n_inputs, 1);
    assert_int_equal(w.input[0].documents, 2);
    assert_int_equal(w.input[0].bytes, 8);
    assert_true(w.input[0].checksum == bmx_hash64("a b\nc", 5, 0) + bmx_hash64("a d", 3, 0));
    bmx_words_release(&w);
    w = counted(tok, &path, 1, (bpemix_count_opts){ .max_bytes = 7 });
    assert_int_equal(w.documents, 1);
    assert_true(w.bytes == 5 || w.bytes == 3);
    bmx_words_release(&w);
    bpemix_tokenizer_free(tok);
}

static void errors(void **state)
{
    const char *path = in_scratch("absent.txt"), *good = put_text("good.txt", "good"),
               *empty = put_text("empty.txt", ""), *in = "-";
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, NULL);
    bpemix_tokenizer *bare = make_tokenizer(NULL, BMX_ALPHABET_BYTE, NULL);
    bpemix_category cats[2] = { { .name = "fr", .paths = &good, .n_paths = 1 },
                                { .name = "de", .paths = &path, .n_paths = 1 } };
    bmx_words w[2] = { { 0 } };
    bpemix_error err;

    (void)state;
#define FAILS(t, n, status, part)                                                       \
    do {                                                                                \
        CHECK_FAILS(words_count(t, cats, n, NULL, w, &err), status, part);          \
        bmx_words_release(&w[0]);                                                       \
        bmx_words_release(&w[1]);                                                       \
    } while (0)
    FAILS(tok, 2, BPEMIX_E_IO, "category 'de': ");
    FAILS(tok, 2, BPEMIX_E_IO, "absent.txt: cannot open");
    FAILS(bare, 1, BPEMIX_E_USAGE, "the file holds no pre-tokenizer that is known here");
    FAILS(tok, 0, BPEMIX_E_USAGE, "no categories");
    cats[1] = cats[0];
    FAILS(tok, 2, BPEMIX_E_USAGE, "fr: category named twice");
    cats[1] = (bpemix_category){ .name = "de", .paths = &empty, .n_paths = 1 };
    FAILS(tok, 2, BPEMIX_E_EMPTY, "category 'de' has no text");
    cats[1].n_paths = 0;
    FAILS(tok, 2, BPEMIX_E_USAGE, "category 'de' has no files");
    cats[0].paths = &in;
    cats[1] = (bpemix_category){ .name = "de", .paths = &in, .n_paths = 1 };
    FAILS(tok, 2, BPEMIX_E_USAGE, "standard input: named by category 'fr' and again by 'de'");
    cats[0].paths = &good;
    bpemix_cancel();
    FAILS(tok, 1, BPEMIX_E_INTERRUPTED, "interrupted");
    bpemix_cancel_reset();
    bpemix_tokenizer_free(tok);
    bpemix_tokenizer_free(bare);
}

static void every_allocation_may_fail(void **state)
{
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "\n\n");
    const char *paths[2], *file = in_scratch("alloc.words");
    bpemix_category cats[2] = { { .name = "a", .paths = &paths[0], .n_paths = 1 },
                                { .name = "b", .paths = &paths[1], .n_paths = 1 } };
    bpemix_count_opts opts = { .n_threads = 1 };
    bmx_words w[2] = { { 0 } }, *loaded = NULL;
    bpemix_error err;

    (void)state;
    made_normalizer(tok, BMX_NORM_NFC);
    paths[0] = put_text("al.txt", "words \xff of which one is longer than fifteen bytes: "
                                  "incomprehensibilities e\xcc\x81\n");
    paths[1] = put_text("al.jsonl", "{\"text\":\"a record\"}\n");
    SURVIVES_SOME(10, words_count(tok, cats, 2, &opts, w, &err), {
        if (last)
            CHECK_OK(bmx_words_save(&w[0], file, 1, &err));
        bmx_words_release(&w[0]);
        bmx_words_release(&w[1]);
    });
    SURVIVES(10, (status = bmx_words_load(file, NULL, &loaded, &err))
                     ? status
                     : bmx_words_save(loaded, file, 1, &err), {
        bmx_words_free(loaded);
        loaded = NULL;
    });
    bpemix_tokenizer_free(tok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_as_if_whole),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(text_units),
        cmocka_unit_test(lines_left_out),
        cmocka_unit_test(malformed_bytes),
        cmocka_unit_test(refused_far_into_a_file),
        cmocka_unit_test(first_bad_category),
        cmocka_unit_test(records_and_samples),
        cmocka_unit_test(errors),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("words", tests, NULL, remove_scratch);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folds of documents, counted from text and from files of counted words. */
#include "files.h"
#include "test.h"

#include "base/rng.h"
#include "base/wire.h"
#include "count.h"
#include "made.h"
#include "tokenizer/tokenizer.h"
#include "words/file.h"

#define N_DOCS 40

/* Document i: some repeated words, some of its own, and one without an end. */
static void document(int i, bmx_buf *b)
{
    bmx_rng rng = { (uint64_t)i };
    bpemix_error err;

    b->len = 0;
    CHECK_OK(bmx_buf_addf(b, &err, "document %d\n", i));
    for (int k = 0; k < 200 * (i % 7); k++)
        CHECK_OK(bmx_buf_addf(b, &err, "w%d%c", (int)bmx_rng_below(&rng, 50), k % 9 ? ' ' : '\n'));
}

static void count(const bpemix_tokenizer *tok, const char *const *paths, size_t n, uint32_t folds,
                  unsigned threads, bmx_words *out)
{
    bpemix_category cat = { .name = "x", .paths = paths, .n_paths = n };
    bpemix_count_opts o = { .folds = folds, .n_threads = threads };
    bpemix_error err;

    CHECK_OK(words_count(tok, &cat, 1, &o, out, &err));
}

static void same_words(const bmx_words *a, const bmx_words *b)
{
    assert_int_equal(a->word.n, b->word.n);
    assert_int_equal(a->pretokens, b->pretokens);
    assert_int_equal(a->bytes, b->bytes);
    for (size_t i = 0; i < a->word.n; i++) {
        assert_true(bmx_slice_eq(a->word.str[i], b->word.str[i]));
        assert_true(a->count[i] == b->count[i]);
    }
}

/* Under other names, in another order, as records instead of files, on other
 * numbers of threads: a document stays in its fold, and the folds are the whole. */
static void documents_choose_their_fold(void **state)
{
    enum { FOLDS = 5 };
    bpemix_tokenizer *tok = made_of_preset("gpt2");
    bmx_words whole = { 0 }, files[FOLDS] = { { 0 } }, renamed[FOLDS] = { { 0 } };
    bmx_words records[FOLDS] = { { 0 } }, sum = { 0 };
    char *a = bmx_strdup(put_folder("a")), *b = bmx_strdup(put_folder("b"));
    const char *path[1];
    bmx_buf text = { 0 }, jsonl = { 0 };
    uint64_t documents[2] = { 0 };
    bpemix_error err;

    (void)state;
    for (int i = 0; i < N_DOCS; i++) {
        char name[40];
        document(i, &text);
        snprintf(name, sizeof name, "a/%02d.txt", i);
        put_file(name, text.ptr, text.len);
        snprintf(name, sizeof name, "b/%02d.c", 99 - (i * 7) % N_DOCS);
        put_file(name, text.ptr, text.len);
        CHECK_OK(bmx_buf_addf(&jsonl, &err, "{\"text\": \""));
        for (size_t k = 0; k < text.len; k++)
            CHECK_OK(text.ptr[k] == '\n' ? bmx_buf_addf(&jsonl, &err, "\\n")
                                         : bmx_buf_addc(&jsonl, text.ptr[k], &err));
        CHECK_OK(bmx_buf_addf(&jsonl, &err, "\"}\n"));
    }
    put_file("a/empty.txt", "", 0);
    path[0] = a;
    count(tok, path, 1, 0, 2, &whole);
    count(tok, path, 1, FOLDS, 1, files);
    path[0] = b;
    count(tok, path, 1, FOLDS, 3, renamed);
    path[0] = put_file("all.jsonl", jsonl.ptr, jsonl.len);
    count(tok, path, 1, FOLDS, 2, records);
    for (int f = 0; f < FOLDS; f++) {
        assert_string_equal(files[f].name, "x");
        assert_int_equal(files[f].n_folds, FOLDS);
        assert_true(files[f].documents > 0 && files[f].pretokens > 0);
        same_words(&files[f], &renamed[f]);
        same_words(&files[f], &records[f]);
        assert_int_equal(renamed[f].documents, records[f].documents);
        assert_int_equal(files[f].n_inputs > 0, f == 0);
        CHECK_OK(bmx_words_merge(&sum, &files[f], &err));
        documents[0] += files[f].documents;
        documents[1] += renamed[f].documents;
    }
    assert_int_equal(documents[0], N_DOCS + 1);
    assert_int_equal(documents[1], N_DOCS);
    assert_int_equal(sum.documents, whole.documents);
    assert_int_equal(sum.n_inputs, whole.n_inputs);
    assert_int_equal(sum.bytes, whole.bytes);
    assert_int_equal(sum.pretokens, whole.pretokens);
    assert_int_equal(sum.word.n, whole.word.n);
    for (size_t i = 0; i < whole.word.n; i++)
        assert_true(sum.count[bmx_intern_find(&sum.word, whole.word.str[i])] == whole.count[i]);
    for (int f = 0; f < FOLDS; f++) {
        bmx_words_release(&files[f]);
        bmx_words_release(&renamed[f]);
        bmx_words_release(&records[f]);
    }
    bmx_free(a);
    bmx_free(b);
    bmx_words_release(&whole);
    bmx_words_release(&sum);
    bmx_buf_release(&text);
    bmx_buf_release(&jsonl);
    bpemix_tokenizer_free(tok);
}

/* A document of many blocks is one document: its fold is that of its beginning, where it is not
 * the only one. */
static void large_documents_stay_together(void **state)
{
    bpemix_tokenizer *tok = made_of_preset("gpt2");
    bmx_words out[4] = { { 0 } };
    bmx_buf text = { 0 };
    bpemix_error err;
    const char *path[2];
    int filled = 0;

    (void)state;
    for (int i = 0; i < 300000; i++)
        CHECK_OK(bmx_buf_addf(&text, &err, "line %d\n", i % 1000));
    path[0] = bmx_strdup(put_file("large.txt", text.ptr, text.len));
    path[1] = put_text("small.txt", "");
    count(tok, path, 2, 4, 2, out);
    for (int f = 0; f < 4; f++) {
        filled += out[f].pretokens > 0;
        if (out[f].pretokens)
            assert_int_equal(out[f].bytes, text.len);
        bmx_words_release(&out[f]);
    }
    assert_int_equal(filled, 1);
    bmx_free((char *)path[0]);
    bmx_buf_release(&text);
    bpemix_tokenizer_free(tok);
}

/* A single file is cut into contiguous parts of about equal bytes, and nothing is lost between. */
static void a_single_file_is_cut_into_parts(void **state)
{
    bpemix_tokenizer *tok = made_of_preset("gpt2");
    bmx_words out[4] = { { 0 } }, whole = { 0 };
    bmx_buf text = { 0 };
    bpemix_error err;
    const char *path;
    uint64_t pretokens = 0, bytes = 0, documents = 0;

    (void)state;
    for (int i = 0; i < 30000; i++)
        CHECK_OK(bmx_buf_addf(&text, &err, "line %d, said  twice\n\n", i % 1000));
    path = put_file("single.txt", text.ptr, text.len);
    count(tok, &path, 1, 4, 2, out);
    count(tok, &path, 1, 0, 1, &whole);
    for (int f = 0; f < 4; f++) {
        assert_true(out[f].bytes > text.len / 5 && out[f].bytes < text.len / 3);
        pretokens += out[f].pretokens;
        bytes += out[f].bytes;
        documents += out[f].documents;
        bmx_words_release(&out[f]);
    }
    assert_true(pretokens == whole.pretokens && bytes == text.len && documents == 1);
    bmx_words_release(&whole);
    bmx_buf_release(&text);
    bpemix_tokenizer_free(tok);
}

static void nonsense_is_refused(void **state)
{
    bpemix_tokenizer *tok = made_of_preset("gpt2");
    const char *path = put_text("n.txt", "some words");
    bpemix_category cat = { .name = "x", .paths = &path, .n_paths = 1 };
    bpemix_count_opts o = { .folds = 1 };
    bmx_words out[2] = { { 0 } }, words = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_FAILS(words_count(tok, &cat, 1, &o, out, &err), BPEMIX_E_USAGE, "2 to 255");
    o.folds = 256;
    CHECK_FAILS(words_count(tok, &cat, 1, &o, out, &err), BPEMIX_E_USAGE, "2 to 255");
    o.folds = 2;
    count(tok, &path, 1, 0, 1, &words);
    path = in_scratch("n.words");
    CHECK_OK(bmx_words_save(&words, path, 1, &err));
    CHECK_FAILS(words_count(tok, &cat, 1, &o, out, &err), BPEMIX_E_USAGE,
                "n.words: words that were counted without folds");
    bmx_words_release(&words);
    bmx_words_release(&out[0]);
    bmx_words_release(&out[1]);
    bpemix_tokenizer_free(tok);
}

/* N_DOCS documents in a folder; path[i] of each. */
static void put_documents(const char *folder, const char *path[N_DOCS])
{
    bmx_buf text = { 0 };

    put_folder(folder);
    for (int i = 0; i < N_DOCS; i++) {
        char name[40];

        document(i, &text);
        snprintf(name, sizeof name, "%s/%02d.txt", folder, i);
        path[i] = bmx_strdup(put_file(name, text.ptr, text.len));
        assert_non_null(path[i]);
    }
    bmx_buf_release(&text);
}

static void same_tallies(const bmx_words *a, const bmx_words *b, size_t n)
{
    for (size_t f = 0; f < n; f++) {
        same_words(&a[f], &b[f]);
        assert_int_equal(a[f].documents, b[f].documents);
        assert_int_equal(a[f].invalid_bytes, b[f].invalid_bytes);
        assert_int_equal(a[f].n_folds, b[f].n_folds);
        assert_int_equal(a[f].n_inputs, b[f].n_inputs);
        for (size_t i = 0; i < a[f].n_inputs; i++) {
            assert_string_equal(a[f].input[i].path, b[f].input[i].path);
            assert_true(a[f].input[i].checksum == b[f].input[i].checksum);
        }
    }
}

static void release(bmx_words *w, size_t n)
{
    for (size_t f = 0; f < n; f++)
        bmx_words_release(&w[f]);
}

/* Words with six folds, in two files of some documents each: as the text itself would be, in
 * six folds, in a divisor of six, or without any; other numbers are refused. */
static void files_of_words_keep_folds(void **state)
{
    enum { FOLDS = 6 };
    static const uint32_t asked[] = { 0, 2, 3, 6 };
    bpemix_tokenizer *tok = made_of_preset("gpt2");
    bmx_words part[FOLDS] = { { 0 } }, direct[FOLDS] = { { 0 } }, again[FOLDS] = { { 0 } };
    const char *path[N_DOCS], *file[2];
    bpemix_category cat = { .name = "x", .paths = file, .n_paths = 2 };
    bpemix_count_opts o = { .folds = 4 };
    bpemix_error err;

    (void)state;
    put_documents("k", path);
    bmx_free((char *)path[3]);
    path[3] = bmx_strdup(put_text("k/malformed.txt", "words \xff\xff and words"));
    for (int k = 0; k < 2; k++) {
        count(tok, path + 15 * k, k ? N_DOCS - 15 : 15, FOLDS, 2, part);
        file[k] = bmx_strdup(in_scratch(k ? "rest.words" : "some.words"));
        CHECK_OK(bmx_words_save(part, file[k], 2, &err));
        release(part, FOLDS);
    }
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        size_t n = asked[i] ? asked[i] : 1;

        count(tok, path, N_DOCS, asked[i], 2, direct);
        count(tok, file, 2, asked[i], 1 + (unsigned)i, again);
        same_tallies(direct, again, n);
        release(direct, n);
        release(again, n);
    }
    CHECK_FAILS(words_count(tok, &cat, 1, &o, again, &err), BPEMIX_E_USAGE,
                "some.words: words of 6 folds cannot be dealt out to 4");
    release(again, 4);
    for (int i = 0; i < N_DOCS; i++)
        bmx_free((char *)path[i]);
    bmx_free((char *)file[0]);
    bmx_free((char *)file[1]);
    bpemix_tokenizer_free(tok);
}

/* Written, read, written: the same bytes.  Cut anywhere, or any bit flipped: refused; and with
 * a checksum that happens to fit, read without harm. */
static void files_with_folds_are_checked(void **state)
{
    enum { FOLDS = 3 };
    bpemix_tokenizer *tok = made_of_preset("gpt2");
    const char *path[3];
    bmx_words w[FOLDS] = { { 0 } }, *back = NULL;
    bmx_buf b = { 0 }, again = { 0 };
    bmx_rng rng = { 5 };
    bpemix_error err;
    size_t accepted = 0;

    (void)state;
    path[0] = bmx_strdup(put_text("c1.txt", "one document"));
    path[1] = bmx_strdup(put_text("c2.txt", "and another one"));
    path[2] = bmx_strdup(put_text("c3.txt", "a third of few words"));
    count(tok, path, 3, FOLDS, 1, w);
    memset(w->stamp, 'a', 64);
    CHECK_OK(bmx_texts_add(&w->warning, bmx_slice_str("c1.txt: short"), &err));
    CHECK_OK(bmx_words_write(w, 2, &b, &err));
    CHECK_OK(bmx_words_read("x", bmx_slice_of(b.ptr, b.len), w->key, &back, &err));
    assert_int_equal(bmx_words_tallies(back), FOLDS);
    same_tallies(w, back, FOLDS);
    assert_string_equal(back->name, "x");
    assert_string_equal(back->stamp, w->stamp);
    assert_int_equal(back->warning.n, 1);
    assert_string_equal(back->warning.text[0], "c1.txt: short");
    CHECK_OK(bmx_words_write(back, 1, &again, &err));
    assert_int_equal(again.len, b.len);
    assert_memory_equal(again.ptr, b.ptr, b.len);
    bmx_words_free(back);
    for (size_t n = 0; n < b.len; n++)
        CHECK_FAILS(bmx_words_read("cut", bmx_slice_of(b.ptr, n), NULL, &back, &err),
                    BPEMIX_E_FORMAT, "cut: ");
    for (size_t bit = 0; bit < 8 * b.len; bit++) {
        bpemix_status st;

        b.ptr[bit / 8] ^= (char)(1 << bit % 8);
        st = bmx_words_read("flipped", bmx_slice_of(b.ptr, b.len), NULL, &back, &err);
        assert_true(st == BPEMIX_E_FORMAT || st == BPEMIX_E_UNSUPPORTED);
        b.ptr[bit / 8] ^= (char)(1 << bit % 8);
    }
    for (int round = 0; round < 5000; round++) {
        size_t at = 44 + (size_t)bmx_rng_below(&rng, b.len - 52);
        char saved = b.ptr[at];

        b.ptr[at] = (char)bmx_rng_next(&rng);
        bmx_store_le(b.ptr + b.len - 8, bmx_hash64(b.ptr, b.len - 8, 0), 8);
        if (!bmx_words_read("odd", bmx_slice_of(b.ptr, b.len), NULL, &back, &err)) {
            accepted++;
            bmx_words_free(back);
        }
        b.ptr[at] = saved;
    }
    assert_true(accepted > 0 && accepted < 5000);
    bmx_store_le(b.ptr + b.len - 8, bmx_hash64(b.ptr, b.len - 8, 0), 8);
    SURVIVES(10, bmx_words_read("x", bmx_slice_of(b.ptr, b.len), NULL, &back, NULL), {
        if (last)
            bmx_words_free(back);
    });
    release(w, FOLDS);
    for (int i = 0; i < 3; i++)
        bmx_free((char *)path[i]);
    bmx_buf_release(&b);
    bmx_buf_release(&again);
    bpemix_tokenizer_free(tok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_choose_their_fold),
        cmocka_unit_test(large_documents_stay_together),
        cmocka_unit_test(a_single_file_is_cut_into_parts),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(files_of_words_keep_folds),
        cmocka_unit_test(files_with_folds_are_checked),
    };
    return cmocka_run_group_tests_name("count folds", tests, NULL, remove_scratch);
}

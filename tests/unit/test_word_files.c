/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of counted words, alone and in run directories. */
#include "plain_words.h"
#include "base/folder.h"
#include "base/signature.h"
#include "words/coding.h"
#include "words/file.h"

#include <fcntl.h>

/* ---- files of counted words ---- */

static bmx_words some_words(void)
{
    bmx_words w = { .bytes = 1000, .documents = 3, .invalid_bytes = 1 };
    bmx_input_record in = { .path = (char *)"a.txt", .bytes = 1000, .documents = 3,
                            .checksum = 0xfedcba9876543210u };
    bpemix_error err;
    char longest[700];

    memset(longest, 'z', sizeof longest);
    w.name = bmx_strdup("fr");
    memset(w.key, 'a', 64);
    CHECK_OK(bmx_words_add_input(&w, &in, &err));
    CHECK_OK(bmx_words_add(&w, bmx_slice_str("the"), 300, &err));
    CHECK_OK(bmx_words_add(&w, bmx_slice_str("a"), 70000, &err));
    CHECK_OK(bmx_words_add(&w, bmx_slice_of("a\0b", 3), 1, &err));
    CHECK_OK(bmx_words_add(&w, bmx_slice_str("\xff"), 2, &err));
    CHECK_OK(bmx_words_add(&w, bmx_slice_of(longest, 699), 2, &err));
    CHECK_OK(bmx_words_add(&w, bmx_slice_of(longest, 700), 5000000000u, &err));
    CHECK_OK(bmx_texts_add(&w.warning, bmx_slice_str("a.txt: odd"), &err));
    CHECK_OK(bmx_texts_add(&w.warning, bmx_slice_str("b"), &err));
    return w;
}

static void words_survive_a_file(void **state)
{
    bmx_words w = some_words(), r = { 0 };
    bmx_buf b = { 0 }, again = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_words_write(&w, 1, &b, &err));
    CHECK_OK(read_words("fr.words", bmx_slice_of(b.ptr, b.len), w.key, &r, &err));
    check_same(&w, &r);
    check_sorted(&r);
    assert_string_equal(r.name, "fr");
    assert_string_equal(r.key, w.key);
    assert_int_equal(r.bytes, 1000);
    assert_int_equal(r.documents, 3);
    assert_int_equal(r.invalid_bytes, 1);
    assert_int_equal(r.n_inputs, 1);
    assert_string_equal(r.input[0].path, "a.txt");
    assert_true(r.input[0].checksum == 0xfedcba9876543210u);
    assert_int_equal(r.warning.n, 2);
    assert_string_equal(r.warning.text[0], "a.txt: odd");
    CHECK_OK(bmx_words_write(&r, 1, &again, &err));
    assert_int_equal(again.len, b.len);
    assert_memory_equal(again.ptr, b.ptr, b.len);
    assert_true(b.len < 699 + 445 + 200);
    bmx_buf_release(&again);
    bmx_words_release(&r);
    CHECK_FAILS(read_words("fr.words", bmx_slice_of(b.ptr, b.len), "b", &r, &err),
                BPEMIX_E_MISMATCH, "fr.words: words counted with another normalizer");
    CHECK_FAILS(read_words("x", bmx_slice_str("just some text here"), NULL, &r, &err),
                BPEMIX_E_FORMAT, "x: not a file of counted words");
    bmx_buf_release(&b);
    bmx_words_release(&w);
}

/* What two strings begin with alike, by bytes. */
static void shared_bytes(void **state)
{
    bmx_rng rng = { 4 };

    (void)state;
    for (int round = 0; round < 20000; round++) {
        size_t n[2], most = round % 10 ? 40 : 600, same = 0;
        char *s[2]; /* as long as they are: reading behind them would be noticed */

        for (int i = 0; i < 2; i++) {
            n[i] = (size_t)bmx_rng_below(&rng, most);
            assert_non_null(s[i] = malloc(n[i] ? n[i] : 1));
            memset(s[i], 'a', n[i]);
        }
        if (n[0] && round % 3)
            s[0][bmx_rng_below(&rng, n[0])] = 'b';
        while (same < n[0] && same < n[1] && s[0][same] == s[1][same] && same < 255)
            same++;
        assert_int_equal(bmx_shared_bytes(bmx_slice_of(s[0], n[0]), bmx_slice_of(s[1], n[1])),
                         same);
        free(s[0]);
        free(s[1]);
    }
}

/* Files of version 1 have no warnings; those of two files are united. */
static void warnings_in_files(void **state)
{
    bmx_words w = some_words(), r = { 0 };
    bmx_buf b = { 0 };
    bpemix_error err;
    size_t at;

    (void)state;
    CHECK_OK(bmx_texts_add(&r.warning, bmx_slice_str("b"), &err));
    CHECK_OK(bmx_texts_add(&r.warning, bmx_slice_str("c"), &err));
    CHECK_OK(bmx_words_merge(&r, &w, &err));
    assert_int_equal(r.warning.n, 3);
    assert_string_equal(r.warning.text[0], "b");
    assert_string_equal(r.warning.text[2], "a.txt: odd");
    bmx_words_release(&r);
    bmx_texts_release(&w.warning);
    CHECK_OK(bmx_words_write(&w, 1, &b, &err));
    assert_int_equal(b.ptr[BMX_WORDS_MAGIC_BYTES], 2);
    for (at = 0; memcmp(b.ptr + at, "a.txt", 5); at++)
        ;
    at += 5 + 2 + 1 + 10; /* bytes, documents, checksum */
    while (b.ptr[at]) /* the number of warnings is 0 */
        at++;
    memmove(b.ptr + at, b.ptr + at + 1, b.len - at - 1);
    b.len--;
    b.ptr[BMX_WORDS_MAGIC_BYTES] = 1;
    for (int i = 0; i < 8; i++)
        b.ptr[b.len - 8 + (size_t)i] = (char)(bmx_hash64(b.ptr, b.len - 8, 0) >> (8 * i));
    CHECK_OK(read_words("old", bmx_slice_of(b.ptr, b.len), NULL, &r, &err));
    check_same(&w, &r);
    assert_int_equal(r.warning.n, 0);
    bmx_words_release(&r);
    bmx_words_release(&w);
    bmx_buf_release(&b);
}

/* Cut anywhere, or any bit flipped: refused; and parsed without reading past
 * the end when the checksum happens to fit. */
static void damaged_files(void **state)
{
    bmx_words w = some_words(), r = { 0 };
    bmx_rng rng = { 21 };
    bmx_buf b = { 0 };
    bpemix_error err;
    size_t accepted = 0;

    (void)state;
    CHECK_OK(bmx_words_write(&w, 1, &b, &err));
    for (size_t n = 0; n < b.len; n++) {
        char *copy = malloc(n ? n : 1);
        memcpy(copy, b.ptr, n);
        CHECK_FAILS(read_words("cut", bmx_slice_of(copy, n), NULL, &r, &err), BPEMIX_E_FORMAT,
                    "cut: ");
        free(copy);
    }
    for (size_t bit = 0; bit < 8 * b.len; bit++) {
        bpemix_status st;
        b.ptr[bit / 8] ^= (char)(1 << bit % 8);
        st = read_words("flipped", bmx_slice_of(b.ptr, b.len), NULL, &r, &err);
        assert_true(st == BPEMIX_E_FORMAT || st == BPEMIX_E_UNSUPPORTED);
        b.ptr[bit / 8] ^= (char)(1 << bit % 8);
    }
    for (int round = 0; round < 5000; round++) { /* with a checksum that fits */
        size_t at = 44 + (size_t)bmx_rng_below(&rng, b.len - 52);
        char saved = b.ptr[at];
        uint64_t sum;
        b.ptr[at] = (char)bmx_rng_next(&rng);
        sum = bmx_hash64(b.ptr, b.len - 8, 0);
        for (int i = 0; i < 8; i++)
            b.ptr[b.len - 8 + (size_t)i] = (char)(sum >> (8 * i));
        if (!read_words("odd", bmx_slice_of(b.ptr, b.len), NULL, &r, &err)) {
            accepted++;
            bmx_words_release(&r);
        }
        b.ptr[at] = saved;
    }
    assert_true(accepted > 0 && accepted < 5000);
    bmx_buf_release(&b);
    bmx_words_release(&w);
}

/* Text in two parts, one of them counted before: as if all were text. */
static void counted_words_as_input(void **state)
{
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "\n\n");
    bpemix_tokenizer *other = make_tokenizer("cl100k", BMX_ALPHABET_BYTE, "\n\n");
    bpemix_tokenizer *merges = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "ab\n\nc");
    const char *paths[2], *both[2], *saved = in_scratch("one.words");
    bmx_words one, all, sum;
    bpemix_count_opts opts = { .n_threads = 2 };
    bpemix_category cat = { .name = "x", .paths = &saved, .n_paths = 1 };
    bpemix_error err;
    bmx_buf a = { 0 }, b = { 0 };

    (void)state;
    paths[0] = put_text("p1.txt", "some words and some more\n\n  of them");
    paths[1] = put_text("p2.txt", "and some others\xff");
    one = counted(tok, paths, 1, opts);
    all = counted(tok, paths, 2, opts);
    CHECK_OK(bmx_words_save(&one, saved, 1, &err));
    both[0] = saved;
    both[1] = paths[1];
    sum = counted(merges, both, 2, opts); /* other merges, same words */
    CHECK_OK(bmx_words_write(&all, 1, &a, &err));
    CHECK_OK(bmx_words_write(&sum, 1, &b, &err));
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.ptr, b.ptr, a.len);
    bmx_words_release(&sum);
    CHECK_FAILS(words_count(other, &cat, 1, &opts, &sum, &err), BPEMIX_E_MISMATCH,
                "one.words: words counted with another");
    bmx_words_release(&sum);
    opts.invalid = BPEMIX_INVALID_REPLACE;
    CHECK_FAILS(words_count(tok, &cat, 1, &opts, &sum, &err), BPEMIX_E_MISMATCH, "one.words");
    bmx_words_release(&sum);
    CHECK_OK(bmx_words_merge(&one, &all, &err));
    assert_int_equal(count_of(&one, " some"), 2 * 1 + 1);
    assert_int_equal(one.documents, 3);
    assert_int_equal(one.n_inputs, 3);
    all.key[0] ^= 1;
    CHECK_FAILS(bmx_words_merge(&one, &all, &err), BPEMIX_E_MISMATCH, "different");
    all.key[0] ^= 1;
    CHECK_OK(bmx_words_add(&one, bmx_slice_str("often"), INT64_MAX - one.pretokens, &err));
    CHECK_FAILS(bmx_words_merge(&one, &all, &err), BPEMIX_E_UNSUPPORTED, "more than 2^63 words");
    bmx_words_release(&one);
    opts.invalid = BPEMIX_INVALID_AUTO;
    one = counted(tok, paths, 1, opts);
    CHECK_OK(bmx_words_add(&one, bmx_slice_str("often"), INT64_MAX - one.pretokens, &err));
    both[0] = both[1] = in_scratch("often.words");
    CHECK_OK(bmx_words_save(&one, both[0], 1, &err));
    cat = (bpemix_category){ .name = "x", .paths = both, .n_paths = 2 };
    CHECK_FAILS(words_count(tok, &cat, 1, &opts, &sum, &err),
                BPEMIX_E_UNSUPPORTED, "more than 2^63 words");
    bmx_words_release(&sum);
    bmx_buf_release(&a);
    bmx_buf_release(&b);
    bmx_words_release(&one);
    bmx_words_release(&all);
    bpemix_tokenizer_free(tok);
    bpemix_tokenizer_free(other);
    bpemix_tokenizer_free(merges);
}

/* Sizes near 2^63, with a checksum that fits: refused or exact, never modulo 2^64. */
static void sizes_that_overflow(void **state)
{
    static const uint64_t sizes[] = { 0, 1, (uint64_t)1 << 62, INT64_MAX, (uint64_t)1 << 63,
                                      UINT64_MAX };

    (void)state;
    for (int field = 0; field < 5; field++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            bmx_words w = some_words(), one = { 0 }, two = { 0 };
            bmx_buf b = { 0 };
            bpemix_error err;
            bpemix_status st;
            uint64_t *to = field == 0   ? &w.bytes
                           : field == 1 ? &w.documents
                           : field == 2 ? &w.invalid_bytes
                           : field == 3 ? &w.input[0].bytes
                                        : &w.input[0].documents;

            *to = sizes[i];
            CHECK_OK(bmx_words_write(&w, 1, &b, &err));
            st = read_words("large", bmx_slice_of(b.ptr, b.len), NULL, &one, &err);
            if (sizes[i] > INT64_MAX) {
                assert_int_equal(st, BPEMIX_E_FORMAT);
            } else if (!st) {
                CHECK_OK(read_words("large", bmx_slice_of(b.ptr, b.len), NULL, &two, &err));
                st = bmx_words_merge(&one, &two, &err);
                if (field < 3 && sizes[i] > INT64_MAX / 2)
                    assert_int_equal(st, BPEMIX_E_UNSUPPORTED);
                else if (field == 1)
                    assert_true(one.documents == 2 * sizes[i]);
            }
            bmx_words_release(&one);
            bmx_words_release(&two);
            bmx_words_release(&w);
            bmx_buf_release(&b);
        }
}

/* ---- run directories ---- */

static void set_time(const char *path, long sec)
{
    struct timespec t[2] = { { sec, 5 }, { sec, 5 } };
    assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

static size_t files_in(const char *folder)
{
    bmx_paths p = { 0 };
    bpemix_error err;
    size_t n;
    CHECK_OK(bmx_list_files(folder, &p, &err));
    n = p.n;
    bmx_paths_release(&p);
    return n;
}

/* Count two categories with a run directory: how often "first" and "second"
 * occur in them. */
static void count_kept(const bpemix_tokenizer *tok, const bpemix_category cats[2],
                       bpemix_count_opts opts, uint64_t a, uint64_t b)
{
    bmx_words w[2] = { { 0 } };
    bpemix_error err;

    CHECK_OK(words_count(tok, cats, 2, &opts, w, &err));
    assert_string_equal(w[0].name, cats[0].name);
    assert_int_equal(count_of(&w[0], "first"), a);
    assert_int_equal(count_of(&w[0], "third"), 1 - a);
    assert_int_equal(count_of(&w[1], "second"), b);
    assert_int_equal(w[0].n_inputs, 1);
    assert_int_equal(w[0].documents, 1);
    bmx_words_release(&w[0]);
    bmx_words_release(&w[1]);
}

/* Cuts the last byte off every file of dir, or gives each the content of another: neither is
 * believed. */
static void damage_files_in(const char *dir, bool exchange)
{
    bmx_paths kept = { 0 };
    bpemix_error err;
    struct stat sb;

    CHECK_OK(bmx_list_files(dir, &kept, &err));
    for (size_t i = 0; i < kept.n; i++)
        if (exchange) {
            char line[2000];
            snprintf(line, sizeof line, "cp '%s' '%s'", kept.path[(i + 1) % kept.n], kept.path[i]);
            assert_int_equal(system(line), 0);
        } else {
            assert_int_equal(stat(kept.path[i], &sb), 0);
            assert_int_equal(truncate(kept.path[i], sb.st_size - 1), 0);
        }
    bmx_paths_release(&kept);
}

static void finished_categories_are_kept(void **state)
{
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "\n\n");
    const char *paths[2];
    bpemix_category cats[2] = { { .name = "a/b ../", .paths = &paths[0], .n_paths = 1 },
                                { .name = "\xc3\xa9", .paths = &paths[1], .n_paths = 1 } };
    char dir[512];
    bpemix_count_opts opts = { .work = dir, .n_threads = 2 };
    bmx_paths kept = { 0 };
    bpemix_error err;
    struct stat sb;
    ino_t first_inode;

    (void)state;
    snprintf(dir, sizeof dir, "%s", in_scratch("run/of/mine"));
    paths[0] = strdup(put_text("k1.txt", "first"));
    paths[1] = strdup(put_text("k2.txt", "second"));
    set_time(paths[0], 1000000);
    count_kept(tok, cats, opts, 1, 1);
    assert_int_equal(files_in(dir), 2);
    CHECK_OK(bmx_list_files(dir, &kept, &err)); /* taken from there: not written again */
    assert_int_equal(stat(kept.path[0], &sb), 0);
    count_kept(tok, cats, opts, 1, 1);
    assert_int_equal(files_in(dir), 2);
    first_inode = sb.st_ino;
    assert_int_equal(stat(kept.path[0], &sb), 0);
    assert_true(sb.st_ino == first_inode);
    bmx_paths_release(&kept);
    put_text("k1.txt", "third"); /* of the same size and time: the inode's own time tells */
    set_time(paths[0], 1000000);
    count_kept(tok, cats, opts, 0, 1);
    assert_int_equal(files_in(dir), 3);

    damage_files_in(dir, false);
    count_kept(tok, cats, opts, 0, 1);
    assert_int_equal(files_in(dir), 3);
    damage_files_in(dir, true);
    count_kept(tok, cats, opts, 0, 1);

    opts.text_unit = BPEMIX_TEXT_UNIT_LINE; /* other options, other files */
    count_kept(tok, cats, opts, 0, 1);
    assert_int_equal(files_in(dir), 5);
    opts.text_unit = BPEMIX_TEXT_UNIT_AUTO;
    opts.max_bytes = 100;
    count_kept(tok, cats, opts, 0, 1);
    assert_int_equal(files_in(dir), 7);
    opts.max_bytes = 0;
    paths[0] = (free((void *)paths[0]), strdup(put_text("k3.txt", "{\"text\":\"first\"}")));
    paths[1] = (free((void *)paths[1]), strdup(put_text("k4.txt", "{\"text\":\"second\"}")));
    count_kept(tok, cats, opts, 1, 1); /* as text: the quote and what it holds */
    opts.jsonl = true;
    count_kept(tok, cats, opts, 1, 1);
    assert_int_equal(files_in(dir), 11);
    opts.work = paths[0];
    {
        bmx_words w[2] = { { 0 } };
        CHECK_FAILS(words_count(tok, cats, 2, &opts, w, &err), BPEMIX_E_IO, "k3.txt");
        bmx_words_release(&w[0]);
        bmx_words_release(&w[1]);
    }
    free((void *)paths[0]);
    free((void *)paths[1]);
    bpemix_tokenizer_free(tok);
}

static void finished_folds_are_kept(void **state)
{
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "\n\n");
    char dir[512];
    const char *path = put_text("kf.txt", "one line");
    bpemix_category cat = { .name = "a", .paths = &path, .n_paths = 1 };
    bpemix_count_opts opts = { .work = dir, .n_threads = 1, .folds = 3 };
    bmx_words first[4] = { { 0 } }, again[4] = { { 0 } };
    bmx_paths kept = { 0 };
    bpemix_error err;

    (void)state;
    snprintf(dir, sizeof dir, "%s", in_scratch("run-folds"));
    CHECK_OK(words_count(tok, &cat, 1, &opts, first, &err));
    assert_int_equal(files_in(dir), 1);
    CHECK_OK(bmx_list_files(dir, &kept, &err));
    for (int round = 0; round < 3; round++) {
        CHECK_OK(words_count(tok, &cat, 1, &opts, again, &err));
        for (int f = 0; f < 3; f++) {
            assert_string_equal(again[f].name, "a");
            assert_int_equal(again[f].n_folds, 3);
            assert_int_equal(again[f].pretokens, first[f].pretokens);
            assert_int_equal(again[f].word.n, first[f].word.n);
            assert_int_equal(again[f].documents, first[f].documents);
            assert_int_equal(again[f].n_inputs, first[f].n_inputs);
            bmx_words_release(&again[f]);
        }
        if (round == 0) /* a file that is not whole is as none */
            assert_int_equal(truncate(kept.path[0], 60), 0);
        else if (round == 1)
            assert_int_equal(remove(kept.path[0]), 0);
    }
    opts.folds = 4; /* other folds, another file */
    CHECK_OK(words_count(tok, &cat, 1, &opts, again, &err));
    assert_int_equal(files_in(dir), 2);
    for (int f = 0; f < 4; f++) {
        bmx_words_release(&first[f]);
        bmx_words_release(&again[f]);
    }
    bmx_paths_release(&kept);
    bpemix_tokenizer_free(tok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_survive_a_file),
        cmocka_unit_test(shared_bytes),
        cmocka_unit_test(warnings_in_files),
        cmocka_unit_test(damaged_files),
        cmocka_unit_test(counted_words_as_input),
        cmocka_unit_test(sizes_that_overflow),
        cmocka_unit_test(finished_categories_are_kept),
        cmocka_unit_test(finished_folds_are_kept),
    };
    return cmocka_run_group_tests_name("word files", tests, NULL, remove_scratch);
}

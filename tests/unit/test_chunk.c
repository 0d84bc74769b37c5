/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chunks: where text is cut, files of chunks, and their words. */
#include "base/cpu.h"
#include "base/input.h"
#include "chunks.h"
#include "words/panel.h"

#include <math.h>

/* ---- where text is cut ---- */

static bool visible(bmx_slice s, size_t from, size_t end, bool letter)
{
    for (size_t n = 1; n <= 4 && n <= end - from; n++) {
        uint32_t c = 0;

        if (bmx_utf8_decode(s.ptr + end - n, n, &c) == n) {
            bmx_category k = bmx_unicode_category(c);

            if (!letter)
                return k >= BMX_LU && k <= BMX_SO && c != 0x2581;
            return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fa) || c == 0x30fc ||
                   (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fa5) ||
                   (c >= 0xac00 && c <= 0xd7a3);
        }
    }
    return false;
}

/* Chunks of s, at most cap at a time, end where the definition says. */
static void cut_as_defined(bmx_slice s, unsigned cuts, size_t cap)
{
    static const char *const marks[] = { "\xe3\x80\x81", "\xe3\x80\x82", "\xef\xbc\x8c" };
    size_t at = 0, from = 0, n;
    const char *end[100];

    assert_true(cap <= sizeof end / sizeof *end);
    while ((n = bmx_chunk_cut(cuts, s, &at, end, cap)) > 0) {
        assert_true(n <= cap);
        for (size_t k = 0; k < n; k++) {
            size_t to = (size_t)(end[k] - s.ptr);

            assert_true(to > from);
            for (size_t i = from + 1; i <= to && i < s.len; i++) {
                bool cut = s.ptr[i] == ' ' && visible(s, from, i, false);
                for (int m = 0; m < 3 && cuts & BMX_CHUNK_PUNCTUATION && s.len - i >= 3; m++)
                    cut = cut || (!memcmp(s.ptr + i, marks[m], 3) && visible(s, from, i, true));
                assert_int_equal(cut, i == to);
            }
            from = to;
        }
        assert_int_equal(at, from);
    }
    assert_int_equal(from, s.len);
    assert_int_equal(at, s.len);
}

static void cuts_as_defined(void **state)
{
    bmx_rng r = { 11 };
    bmx_buf b = { 0 };

    (void)state;
    for (int round = 0; round < 6000; round++) {
        unsigned cuts = round % 2 ? BMX_CHUNK_SPACE : BMX_CHUNK_SPACE | BMX_CHUNK_PUNCTUATION;

        b.len = 0;
        put_random(&b, &r, round % 3 ? 60 : 900, true);
        if (round % 5 == 0) /* as many cuts as there can be in so many bytes */
            for (size_t i = 0; i < b.len; i++)
                b.ptr[i] = i / 2 % 40 ? "a "[i % 2] : b.ptr[i];
        for (bmx_cpu cpu = 0; cpu < BMX_CPU_KINDS; cpu++) { /* that the one at hand can pass for */
            bmx_cpu_limit(cpu);
            if (bmx_cpu_kind() == cpu)
                cut_as_defined(bmx_slice_of(b.ptr, b.len), cuts, round % 4 ? 100 : 7);
        }
    }
    bmx_buf_release(&b);
}

/* ---- folds, sums, several categories ---- */

static void folds_are_those_of_the_text(void **state)
{
    const char *made = make_chunks("folds.chunks", text[1][0], BMX_CHUNK_SPACE, 4);
    bpemix_tokenizer *tok = made_of_preset("o200k");
    bpemix_error err;

    (void)state;
    for (uint32_t folds = 0; folds <= 4; folds += 2) {
        bpemix_count_opts o = { .folds = folds };
        bmx_words a[4] = { { 0 } }, b[4] = { { 0 } };

        count_words(tok, text[1][0], &o, a);
        count_words(tok, made, &o, b);
        for (uint32_t f = 0; f < 4; f++) {
            if (f < folds || f == 0)
                check_same(&a[f], &b[f], "a fold");
            bmx_words_release(&a[f]);
            bmx_words_release(&b[f]);
        }
    }
    bpemix_count_opts o = { .folds = 3 };
    bpemix_category cat = { .name = "x", .paths = &made, .n_paths = 1 };
    bmx_words w[3] = { { 0 } };
    CHECK_FAILS(words_count(tok, &cat, 1, &o, w, &err), BPEMIX_E_USAGE,
                "4 folds cannot be dealt out to 3");
    bmx_words_release(&w[0]);
    cat.paths = &chunks[1][0][0];
    CHECK_FAILS(words_count(tok, &cat, 1, &o, w, &err), BPEMIX_E_USAGE, "without folds");
    for (int f = 0; f < 3; f++)
        bmx_words_release(&w[f]);
    bpemix_tokenizer_free(tok);
}

static void chunks_add_up(void **state)
{
    const char *both[] = { chunks[0][0][0], text[1][0] }, *texts[] = { text[0][0], text[1][0] };
    bpemix_category mixed = { .name = "x", .paths = both, .n_paths = 2 },
                    plain = { .name = "x", .paths = texts, .n_paths = 2 }, other = mixed;
    bmx_words a = { 0 }, b = { 0 }, w = { 0 };
    bpemix_tokenizer *tok = made_of_preset("cl100k");
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_chunks_count(&mixed, 1, BMX_CHUNK_SPACE, NULL, &a, &err));
    CHECK_OK(bmx_chunks_count(&plain, 1, BMX_CHUNK_SPACE, NULL, &b, &err));
    check_same(&b, &a, "chunks of chunks and text");
    bmx_words_release(&a);
    bmx_words_release(&b);
    CHECK_OK(words_count(tok, &mixed, 1, NULL, &a, &err));
    CHECK_OK(words_count(tok, &plain, 1, NULL, &b, &err));
    check_same(&b, &a, "words of chunks and text");
    CHECK_FAILS(bmx_chunks_count(&mixed, 1, BMX_CHUNK_SPACE | BMX_CHUNK_PUNCTUATION, NULL, &w,
                                 &err),
                BPEMIX_E_MISMATCH, "cut at other places");
    other.name = "y"; /* the only category of a file may be called anything */
    bmx_words_release(&w);
    CHECK_OK(words_count(tok, &other, 1, NULL, &w, &err));
    bmx_words_release(&a);
    bmx_words_release(&b);
    bmx_words_release(&w);
    bpemix_tokenizer_free(tok);
}

static void several_categories(void **state)
{
    bpemix_category cat[2] = { { .name = "one", .paths = &text[0][0], .n_paths = 1 },
                               { .name = "two", .paths = &text[1][0], .n_paths = 1 } };
    bmx_chunk_terms terms = { .cuts = BMX_CHUNK_SPACE, .note = bmx_slice_str("a note"),
                              .groups = bmx_slice_str("one\tgroup\tOne\n") };
    bmx_words w[2] = { { 0 } }, a = { 0 }, b = { 0 };
    const char *path = in_scratch("two.chunks");
    bpemix_tokenizer *tok = made_of_preset("gpt2");
    bmx_chunk_file f = { 0 };
    bpemix_error err;
    size_t first;

    (void)state;
    CHECK_OK(bmx_chunks_count(cat, 2, BMX_CHUNK_SPACE, NULL, w, &err));
    CHECK_OK(bmx_chunk_file_save(path, w, 2, &terms, 2, &err));
    CHECK_OK(bmx_chunk_file_open(path, &f, &err));
    assert_int_equal(f.n, 2);
    assert_true(bmx_slice_eq(f.terms.note, terms.note) &&
                bmx_slice_eq(f.terms.groups, terms.groups));
    assert_int_equal(bmx_chunk_file_find(&f, "two", &first), 1);
    assert_int_equal(first, 1);
    assert_int_equal(bmx_chunk_file_find(&f, "three", &first), 0);
    assert_int_equal(f.section[1].distinct, w[1].word.n);
    assert_int_equal(f.section[1].chunks, w[1].pretokens);
    bmx_chunk_file_release(&f);
    cat[1].paths = &path;
    count_words(tok, text[1][0], NULL, &a);
    CHECK_OK(words_count(tok, &cat[1], 1, NULL, &b, &err));
    check_same(&a, &b, "the second of two");
    cat[1].name = "three";
    bmx_words_release(&b);
    CHECK_FAILS(words_count(tok, &cat[1], 1, NULL, &b, &err), BPEMIX_E_USAGE, "it has one, two");
    for (int i = 0; i < 2; i++)
        bmx_words_release(&w[i]);
    bmx_words_release(&a);
    bmx_words_release(&b);
    bpemix_tokenizer_free(tok);
}

static void malformed_bytes_may_be_refused(void **state)
{
    bpemix_category cat = { .name = "x", .paths = &chunks[0][1][0], .n_paths = 1 };
    bpemix_count_opts o = { .invalid = BPEMIX_INVALID_REFUSE };
    bpemix_tokenizer *tok = made_of_preset("gpt2");
    bmx_words w = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_FAILS(words_count(tok, &cat, 1, &o, &w, &err), BPEMIX_E_FORMAT, "not UTF-8");
    bmx_words_release(&w);
    bpemix_tokenizer_free(tok);
}

/* ---- samples ---- */

static void make_counts(bmx_words *w, size_t n)
{
    bmx_rng r = { 4 };
    bpemix_error err;
    char name[20];

    *w = (bmx_words){ .name = bmx_strdup("x") };
    for (size_t i = 0; i < n; i++) {
        snprintf(name, sizeof name, " %05zu", i);
        CHECK_OK(bmx_words_add(w, bmx_slice_str(name), 1 + bmx_rng_below(&r, 30), &err));
    }
    w->in_order = true;
}

static void samples_keep_the_sum(void **state)
{
    enum { N = 300, TOP = 40, TAIL = 60, SEEDS = 4000 };
    double mean[N] = { 0 }, worst = 0;
    bmx_words all;
    bpemix_error err;

    (void)state;
    make_counts(&all, N);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        bmx_words w;
        uint64_t sum = 0;

        make_counts(&w, N);
        CHECK_OK(bmx_chunks_sample(&w, TOP, TAIL, seed, &err));
        assert_true(w.word.n >= TOP && w.word.n <= TOP + TAIL);
        for (size_t i = 0; i < w.word.n; i++) {
            bmx_slice word = w.word.str[i]; /* has no NUL behind it */
            char digits[8];
            uint32_t id;

            snprintf(digits, sizeof digits, "%.*s", (int)word.len - 1, word.ptr + 1);
            id = (uint32_t)strtoul(digits, NULL, 10);
            assert_true(i == 0 || bmx_slice_cmp(w.word.str[i - 1], w.word.str[i]) < 0);
            assert_true(bmx_slice_eq(w.word.str[i], all.word.str[id]));
            mean[id] += (double)w.count[i] / SEEDS;
            sum += w.count[i];
        }
        assert_int_equal(sum, all.pretokens);
        bmx_words_release(&w);
    }
    for (size_t i = 0; i < N; i++) { /* a stretch is 50 or so: deviation sqrt(count * 50 / SEEDS) */
        double off = (mean[i] - (double)all.count[i]) / sqrt((double)all.count[i] * 60 / SEEDS);

        worst = off > worst ? off : -off > worst ? -off : worst;
    }
    assert_true(worst < 4.5);
    bmx_words_release(&all);
}

static void samples_at_the_edges(void **state)
{
    bpemix_error err;

    (void)state;
    for (uint64_t top = 0; top <= 12; top += 3)
        for (uint64_t tail = 0; tail <= 12; tail += 3) {
            bmx_words w, all;
            uint64_t sum = 0, largest = 0;

            make_counts(&w, 10);
            make_counts(&all, 10);
            CHECK_OK(bmx_chunks_sample(&w, top, tail, 1, &err));
            if (top + tail >= 10)
                assert_true(same_words(&w, &all));
            for (size_t i = 0; i < w.word.n; i++)
                sum += w.count[i];
            if (tail > 0)
                assert_int_equal(sum, all.pretokens);
            else
                assert_int_equal(w.word.n, top < 10 ? top : 10);
            for (size_t i = 0; i < all.word.n; i++)
                largest = all.count[i] > largest ? all.count[i] : largest;
            if (top > 0) { /* the most frequent one is there, with its count */
                bool found = false;
                for (size_t i = 0; i < w.word.n; i++)
                    found = found || w.count[i] == largest;
                assert_true(found);
            }
            bmx_words_release(&w);
            bmx_words_release(&all);
        }
}

/* ---- damage, and lack of memory ---- */

static bmx_buf whole_file(const char *path)
{
    bmx_buf b = { 0 };
    bpemix_error err;

    CHECK_OK(bmx_read_file(path, 0, &b, &err));
    return b;
}

/* Everything in it, as a reader gets it. */
static bpemix_status read_all(const char *path, bpemix_error *err)
{
    bmx_chunk_file f = { 0 };
    bmx_chunk_list l = { 0 };
    bpemix_status st = bmx_chunk_file_open(path, &f, err);

    for (size_t i = 0; i < f.n && !st; i++) {
        uint64_t n = 0, mass = 0;

        for (size_t k = 0; k < f.section[i].n_frames && !st; k++) {
            st = bmx_chunk_file_read(&f, i, k, &l, err);
            n += l.chunks;
            mass += l.mass;
        }
        if (!st)
            st = bmx_chunk_file_check(&f, i, n, mass, err);
    }
    bmx_chunk_list_release(&l);
    bmx_chunk_file_release(&f);
    return st;
}

static void damage_is_found(void **state)
{
    const char *good = make_chunks("small.chunks",
                                   put_text("small", "one two two three \xe4\xb8\xad\n"),
                                   BMX_CHUNK_SPACE, 0), *path;
    bmx_buf b = whole_file(good);
    bpemix_error err;

    (void)state;
    CHECK_OK(read_all(good, &err));
    for (size_t n = 0; n < b.len; n++) {
        path = put_file("cut.chunks", b.ptr, n);
        CHECK_FAILS(read_all(path, &err), BPEMIX_E_FORMAT,
                    n < 8 ? "not a file of counted chunks" : "damaged");
    }
    for (size_t i = 0; i < b.len; i++) {
        b.ptr[i] ^= (char)(1 << i % 8);
        path = put_file("flipped.chunks", b.ptr, b.len);
        assert_int_not_equal(read_all(path, &err), BPEMIX_OK);
        b.ptr[i] ^= (char)(1 << i % 8);
    }
    b.ptr[8] = 9;
    path = put_file("version.chunks", b.ptr, b.len);
    CHECK_FAILS(read_all(path, &err), BPEMIX_E_UNSUPPORTED, "another version (9)");
    b.ptr[8] = 1;
    CHECK_OK(bmx_buf_addc(&b, 'x', &err));
    path = put_file("longer.chunks", b.ptr, b.len);
    CHECK_FAILS(read_all(path, &err), BPEMIX_E_FORMAT, "damaged");
    bmx_buf_release(&b);
}

/* ---- made in one go ---- */

/* Text of several frames and blocks, with many chunks twice, far from each other: a table of one
 * thread or another has them, and sums have. */
static const char *put_large_text(void)
{
    enum { N = 150000, LONG = 9 << 20 }; /* a chunk of more bytes than a frame has */
    bmx_buf b = { 0 };
    const char *path;
    char word[48];
    bpemix_error err;

    for (int twice = 0; twice < 2; twice++)
        for (uint32_t i = twice ? N / 3 : 0; i < N; i++) {
            int n = snprintf(word, sizeof word, i % 3 ? " %x" : "  before_%x_and\nbehind", i * 2654435761u);
            CHECK_OK(bmx_buf_add(&b, word, (size_t)n, &err));
        }
    CHECK_OK(bmx_buf_reserve(&b, LONG, &err));
    memset(b.ptr + b.len, 'x', LONG);
    b.len += LONG;
    path = put_file("large.txt", b.ptr, b.len);
    bmx_buf_release(&b);
    return path;
}

static void add_frames(const bmx_chunk_file *f, size_t section, bmx_words *w)
{
    bmx_chunk_list l = { 0 };
    bpemix_error err;

    for (size_t k = 0; k < f->section[section].n_frames; k++) {
        CHECK_OK(bmx_chunk_file_read(f, section, k, &l, &err));
        for (size_t i = 0; i < l.n; i++)
            CHECK_OK(bmx_words_add(w, l.chunk[i], l.count[i], &err));
    }
    bmx_chunk_list_release(&l);
}

/* The chunks of each section are those that are counted, in the same order. */
static void check_sections(const bmx_chunk_file *f, const bmx_words *counted)
{
    for (size_t i = 0; i < f->n; i++) {
        bmx_words w = { 0 };

        add_frames(f, i, &w);
        assert_true(same_words(&counted[i], &w));
        assert_int_equal(f->section[i].chunks, w.pretokens);
        assert_int_equal(f->section[i].bytes, counted[i].bytes);
        bmx_words_release(&w);
    }
}

static void made_in_one_go(void **state)
{
    const char *large = put_large_text(), *texts[] = { large, text[0][0] }, *one = text[1][0];
    bpemix_category cat[] = { { .name = "x", .paths = texts, .n_paths = 2 },
                              { .name = "y", .paths = &one, .n_paths = 1 } };
    bmx_chunk_terms terms = { .cuts = BMX_CHUNK_SPACE };
    bpemix_error err;

    (void)state;
    for (uint32_t folds = 0; folds <= 3; folds += 3) {
        const char *first = put_text("first.chunks", ""), *path = put_text("made.chunks", "");
        bpemix_count_opts o = { .folds = folds, .n_threads = 1 };
        bmx_buf a = { 0 };
        bmx_words w[6] = { { 0 } };
        bmx_chunk_file f;

        CHECK_OK(bmx_chunks_make(cat, 2, &terms, &o, first, &err));
        CHECK_OK(bmx_read_file(first, 0, &a, &err));
        CHECK_OK(bmx_chunks_count(cat, 2, BMX_CHUNK_SPACE, &o, w, &err));
        CHECK_OK(bmx_chunk_file_open(first, &f, &err));
        assert_int_equal(f.n, folds ? 6 : 2);
        assert_true(f.section[0].n_frames > 2 || folds);
        check_sections(&f, w);
        bmx_chunk_file_release(&f);
        for (o.n_threads = 2; o.n_threads <= 5; o.n_threads++) {
            bmx_buf b = { 0 };

            CHECK_OK(bmx_chunks_make(cat, 2, &terms, &o, path, &err));
            CHECK_OK(bmx_read_file(path, 0, &b, &err));
            assert_int_equal(a.len, b.len);
            assert_memory_equal(a.ptr, b.ptr, a.len);
            bmx_buf_release(&b);
        }
        for (int i = 0; i < 6; i++)
            bmx_words_release(&w[i]);
        bmx_buf_release(&a);
    }
}

static bpemix_status sample_and_save(const bpemix_category *cat, const bpemix_count_opts *o,
                                     const bmx_chunk_terms *terms, const char *path, bmx_words *w)
{
    bpemix_status st;

    if ((st = bmx_chunks_count(cat, 1, BMX_CHUNK_SPACE, o, w, NULL)) ||
        (st = bmx_chunks_sample(w, 1, 2, 7, NULL)))
        return st;
    return bmx_chunk_file_save(path, w, 1, terms, 1, NULL);
}

static void every_allocation_may_fail(void **state)
{
    const char *source = put_text("memory",
                                  "one two\nthree one  two \xe4\xb8\xad\xe3\x80\x82\xe4\xb8\xad");
    const char *made = make_chunks("memory.chunks", source, BMX_CHUNK_SPACE, 0);
    const char *written = in_scratch("memory-2.chunks"); /* once: paths are valid for a few calls */
    bpemix_category cat = { .name = "x", .paths = &made, .n_paths = 1 };
    bpemix_tokenizer *tok = with("gpt2", BMX_NORM_NFC);
    bpemix_count_opts o = { .n_threads = 1 };
    bmx_chunk_terms terms = { .cuts = BMX_CHUNK_SPACE };
    bmx_words w = { 0 };

    (void)state;
    /* words from chunks */
    SURVIVES_SOME(20, words_count(tok, &cat, 1, &o, &w, NULL), {
        if (!status)
            assert_int_equal(w.word.n, 9);
        bmx_words_release(&w);
    });
    /* chunks from chunks, a sample of them, a file */
    SURVIVES(20, sample_and_save(&cat, &o, &terms, written, &w), bmx_words_release(&w));
    SURVIVES(20, bmx_chunks_make(&cat, 1, &terms, &o, written, NULL), );
    bpemix_tokenizer_free(tok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_as_defined),
        cmocka_unit_test(folds_are_those_of_the_text),
        cmocka_unit_test(chunks_add_up),
        cmocka_unit_test(several_categories),
        cmocka_unit_test(malformed_bytes_may_be_refused),
        cmocka_unit_test(samples_keep_the_sum),
        cmocka_unit_test(samples_at_the_edges),
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(made_in_one_go),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("chunk", tests, cut_texts, drop_texts);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_occur.c - where texts are most frequent, against counting each at each place. */
#include "words/chunk_pack.h"
#include "words/occur.h"
#include "files.h"

enum { CATS = 4, TEXTS = 60, MOST_FOLDS = 3 };

/* Words over few letters, so that texts lie within texts. */
static void put_word(bmx_buf *b, bmx_rng *r, size_t letters)
{
    bpemix_error err;

    for (size_t n = 1 + bmx_rng_below(r, letters); n > 0; n--)
        CHECK_OK(bmx_buf_addc(b, "aab\xc3"[bmx_rng_below(r, 4)], &err));
}

static const char *make_file(bmx_rng *r, uint32_t folds, const char *name)
{
    bmx_words w[CATS * MOST_FOLDS] = { { 0 } };
    bpemix_category cat[CATS];
    const char *path[CATS], *to;
    static char names[CATS][8], paths[CATS][512];
    bpemix_count_opts o = { .folds = folds };
    bmx_chunk_terms terms = { .cuts = BMX_CHUNK_SPACE, .n_folds = folds };
    bpemix_error err;

    for (int c = 0; c < CATS; c++) {
        char folder[40], file[60];

        snprintf(folder, sizeof folder, "%s-%d", name, c);
        put_folder(folder);
        for (int d = 0; d < 12; d++) {
            bmx_buf b = { 0 };

            for (size_t n = bmx_rng_below(r, 40); n > 0; n--) {
                put_word(&b, r, 6);
                CHECK_OK(bmx_buf_addc(&b, ' ', &err));
            }
            CHECK_OK(bmx_buf_add(&b, "a", 1, &err));
            snprintf(file, sizeof file, "%s/%d", folder, d);
            put_file(file, b.ptr, b.len);
            bmx_buf_release(&b);
        }
        snprintf(names[c], sizeof names[c], "c%d", c);
        snprintf(paths[c], sizeof paths[c], "%s", in_scratch(folder));
        path[c] = paths[c];
        cat[c] = (bpemix_category){ .name = names[c], .paths = &path[c], .n_paths = 1 };
    }
    to = in_scratch(name);
    CHECK_OK(bmx_chunks_count(cat, CATS, BMX_CHUNK_SPACE, &o, w, &err));
    CHECK_OK(bmx_chunk_file_save(to, w, CATS, &terms, 1, &err));
    for (int i = 0; i < CATS * MOST_FOLDS; i++)
        bmx_words_release(&w[i]);
    return to;
}

/* Occurrences of one text in a category, and the bytes of its chunks. */
static void count_slowly(const bmx_chunk_file *f, size_t folds, size_t cat, bmx_slice text,
                         bmx_occur *out)
{
    bmx_chunk_list l = { 0 };
    bpemix_error err;

    *out = (bmx_occur){ .category = cat };
    for (size_t s = cat * folds; s < (cat + 1) * folds; s++)
        for (size_t k = 0; k < f->section[s].n_frames; k++) {
            CHECK_OK(bmx_chunk_file_read(f, s, k, &l, &err));
            for (size_t i = 0; i < l.n; i++) {
                bool begins = l.chunk[i].ptr[0] == BMX_CHUNK_START;
                const char *p = l.chunk[i].ptr + begins, *end = l.chunk[i].ptr + l.chunk[i].len;

                for (; (size_t)(end - p) >= text.len; p++)
                    out->count += memcmp(p, text.ptr, text.len) ? 0 : l.count[i];
                out->bytes += l.count[i] * l.chunk[i].len;
            }
        }
    bmx_chunk_list_release(&l);
}

static void check_file(const bmx_chunk_file *f, size_t folds, const bmx_slice *text, size_t n,
                       const bool *skip)
{
    bmx_occur one[TEXTS], four[TEXTS];
    bpemix_error err;

    CHECK_OK(bmx_occur_most(f, skip, text, n, 1, one, &err));
    CHECK_OK(bmx_occur_most(f, skip, text, n, 4, four, &err));
    for (size_t k = 0; k < n; k++) {
        bmx_occur best = { .category = SIZE_MAX }, here;

        for (size_t c = 0; c < CATS && text[k].len > 1; c++) {
            if (skip && skip[c])
                continue;
            count_slowly(f, folds, c, text[k], &here);
            if (here.count && (best.category == SIZE_MAX || here.count * best.bytes >
                                                                best.count * here.bytes))
                best = here;
        }
        if (one[k].category != best.category || one[k].count != best.count ||
            one[k].bytes != best.bytes)
            fail_msg("text %zu, '%.*s': category %zd, %llu times; not %zd, %llu times", k,
                     (int)text[k].len, text[k].ptr, (ssize_t)one[k].category,
                     (unsigned long long)one[k].count, (ssize_t)best.category,
                     (unsigned long long)best.count);
        assert_memory_equal(&one[k], &four[k], sizeof one[k]);
    }
}

static void agrees_with_every_place(void **state)
{
    bmx_rng r = { 7 };

    (void)state;
    for (uint32_t round = 0; round < 6; round++) {
        uint32_t folds = round % 2 ? MOST_FOLDS : 0;
        bmx_buf b = { 0 };
        size_t end[TEXTS];
        bmx_slice text[TEXTS];
        bmx_chunk_file f;
        char name[20];
        bool skip[CATS] = { [1] = true, [3] = true };
        bpemix_error err;

        snprintf(name, sizeof name, "f%u", round);
        CHECK_OK(bmx_chunk_file_open(make_file(&r, folds, name), &f, &err));
        for (int k = 0; k < TEXTS; k++) {
            if (k % 3 == 1)
                CHECK_OK(bmx_buf_addc(&b, ' ', &err));
            if (k != 5) /* one of them is empty, and some have one byte or are there twice */
                put_word(&b, &r, k % 4 ? 4 : 9);
            end[k] = b.len;
        }
        for (int k = 0; k < TEXTS; k++)
            text[k] = bmx_slice_of(b.ptr + (k ? end[k - 1] : 0), end[k] - (k ? end[k - 1] : 0));
        check_file(&f, folds ? folds : 1, text, TEXTS, NULL);
        check_file(&f, folds ? folds : 1, text, TEXTS, skip);
        check_file(&f, folds ? folds : 1, text, 0, NULL);
        bmx_chunk_file_release(&f);
        bmx_buf_release(&b);
    }
}

static void lack_of_memory(void **state)
{
    bmx_rng r = { 9 };
    bmx_slice text[] = { { "ab", 2 }, { "aab", 3 } };
    bmx_occur most[2];
    bmx_chunk_file f;
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_chunk_file_open(make_file(&r, 0, "short"), &f, &err));
    SURVIVES(5, bmx_occur_most(&f, NULL, text, 2, 1, most, &err), (void)0);
    bmx_chunk_file_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_every_place),
        cmocka_unit_test(lack_of_memory),
    };
    return cmocka_run_group_tests_name("occur", tests, NULL, remove_scratch);
}

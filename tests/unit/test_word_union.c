/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of all categories, numbered, and their postings, against a lookup of each. */
#include "test.h"

#include "base/rng.h"
#include "replay/word_union.h"
#include "words/file.h"
#include "count.h"

#define N_CATS 5

/* Words that categories have in common. */
static void fill(bmx_words *w, size_t kinds, size_t n, bmx_rng *r)
{
    bpemix_error err;

    for (size_t i = 0; i < n; i++) {
        uint64_t k = bmx_rng_below(r, kinds);
        char word[12];
        size_t len = 1 + k % 9;

        memset(word, 'a', sizeof word);
        memcpy(word + (k % 4), &k, 8);
        CHECK_OK(bmx_words_add(w, bmx_slice_of(word, len), 1 + k % 3, &err));
    }
}

/* Words that occur 0 times are no category's. */
static void take_out_some(bmx_words *w, bmx_rng *r)
{
    for (size_t i = 0; i < w->word.n; i += 1 + bmx_rng_below(r, 50))
        w->count[i] = 0;
}

/* The same by way of a file, which has them in byte order. */
static bmx_words in_order(bmx_words *w)
{
    bmx_words to = { 0 };
    bmx_buf file = { 0 };
    bpemix_error err;

    memset(w->key, '0', sizeof w->key - 1);
    CHECK_OK(bmx_words_write(w, 1, &file, &err));
    CHECK_OK(read_words("memory", bmx_slice_of(file.ptr, file.len), NULL, &to, &err));
    bmx_buf_release(&file);
    return to;
}

static void check(const bmx_word_union *u, const bmx_words *cat, size_t n_cats)
{
    bmx_intern all = { 0 };
    size_t n_counts = 0;
    bpemix_error err;

    for (size_t c = 0; c < n_cats; c++)
        for (size_t i = 0; i < cat[c].word.n; i++) {
            CHECK_OK(bmx_intern_add(&all, cat[c].word.str[i], &(uint32_t){ 0 }, NULL, &err));
            n_counts += cat[c].count[i] > 0;
        }
    assert_int_equal(u->n, all.n);
    assert_int_equal(u->postings.first[0], 0);
    assert_int_equal(u->postings.first[u->n], n_counts);
    bmx_intern_release(&all);
    for (size_t w = 0; w < u->n; w++) {
        size_t k = u->postings.first[w];

        for (uint32_t c = 0; c < n_cats; c++) {
            uint32_t id = bmx_intern_find(&cat[c].word, u->text[w]);

            if (id == BMX_NONE || !cat[c].count[id])
                continue;
            assert_true(k < u->postings.first[w + 1]);
            assert_int_equal(u->postings.cat[k], c);
            assert_int_equal(u->postings.count[k], cat[c].count[id]);
            k++;
        }
        assert_int_equal(k, u->postings.first[w + 1]);
    }
}

static void words_are_joined(void **state)
{
    static const size_t n[][N_CATS] = { { 60000, 90000, 1, 0, 70000 }, { 3, 0, 5, 2, 9 }, { 0 } };
    bmx_rng r = { 8 };
    bpemix_error err;

    (void)state;
    for (size_t round = 0; round < sizeof n / sizeof *n; round++) {
        bmx_words cat[N_CATS] = { { 0 } }, sorted[N_CATS];

        for (int c = 0; c < N_CATS; c++) {
            fill(&cat[c], round ? 20 : 50000, n[round][c], &r);
            sorted[c] = in_order(&cat[c]);
            take_out_some(&cat[c], &r);
            take_out_some(&sorted[c], &r);
        }
        for (int is_sorted = 0; is_sorted < 2; is_sorted++) {
            bmx_word_union first = { 0 };

            for (unsigned threads = 1; threads <= 4; threads += 3) {
                bmx_word_union u = { 0 };

                CHECK_OK(bmx_word_union_make(is_sorted ? sorted : cat, N_CATS, threads, &u, &err));
                check(&u, is_sorted ? sorted : cat, N_CATS);
                if (threads == 1) {
                    first = u;
                    continue;
                }
                for (size_t w = 0; w < u.n; w++)
                    assert_true(bmx_slice_eq(first.text[w], u.text[w]));
                bmx_word_union_release(&u);
            }
            bmx_word_union_release(&first);
        }
        for (int c = 0; c < N_CATS; c++) {
            bmx_words_release(&cat[c]);
            bmx_words_release(&sorted[c]);
        }
    }
}

/* Tables of every size, just full and not quite. */
static void any_number_of_words(void **state)
{
    bmx_words w = { 0 };
    bpemix_error err;

    (void)state;
    for (uint32_t n = 0; n <= 300; n++) {
        bmx_word_union u = { 0 };

        CHECK_OK(bmx_word_union_make(&w, 1, 1, &u, &err));
        check(&u, &w, 1);
        bmx_word_union_release(&u);
        CHECK_OK(bmx_words_add(&w, bmx_slice_of(&n, sizeof n), 1, &err));
    }
    bmx_words_release(&w);
}

static void survives_lack_of_memory(void **state)
{
    bmx_words cat[2] = { { 0 } };
    bmx_rng r = { 9 };
    bmx_word_union u = { 0 };

    (void)state;
    for (int c = 0; c < 2; c++) {
        bmx_words w = { 0 };
        fill(&w, 50000, 40000, &r);
        cat[c] = in_order(&w);
        bmx_words_release(&w);
    }
    SURVIVES(4, bmx_word_union_make(cat, 2, 2, &u, NULL), assert_true(!u.text == !last));
    check(&u, cat, 2);
    bmx_word_union_release(&u);
    for (int c = 0; c < 2; c++)
        bmx_words_release(&cat[c]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_joined),
        cmocka_unit_test(any_number_of_words),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

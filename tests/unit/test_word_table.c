/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Word tables against plain counters. */
#include "plain_words.h"

#include "words/sum.h"
#include "words/table.h"

static bpemix_status take(void *sum, bmx_word_table *t, bpemix_error *err)
{
    return bmx_word_sum_take(sum, t, err);
}

/* Small tables handed over to a sum, which one or several threads finish. */
static void table_against_words(void **state)
{
    bmx_rng r = { 3 };
    bpemix_error err;

    (void)state;
    for (int round = 0; round < 26; round++) {
        bool many = round >= 20; /* so many that threads share the work; at the end, that one
                                  * bucket has more than go between two arrays */
        bmx_word_sum sum = { 0 };
        bmx_word_table t[3] = { { 0 } };
        bmx_words w = { 0 }, out = { 0 };
        size_t n = many ? 400000 : (size_t)bmx_rng_below(&r, 30000),
               kinds = many ? (round < 24 ? 120000 : 45000) : 1 + (size_t)bmx_rng_below(&r, 9000);

        CHECK_OK(bmx_word_sum_open(&sum, &err));
        CHECK_OK(bmx_word_sum_give(&sum, &(bmx_word_table){ .max_slots = 64 },
                                   &err)); /* without words */
        for (int i = 0; i < 3; i++) {
            t[i].max_slots = round % 5 ? (size_t)64 << round % 5 : (size_t)1 << 20;
            t[i].full = take;
            t[i].full_ctx = &sum;
        }
        for (size_t i = 0; i < n; i++) {
            char word[40];
            uint64_t k = bmx_rng_below(&r, kinds);
            size_t len = 1 + k % 37;
            memset(word, 'a' + (int)(k % 3), sizeof word);
            word[len - 1] = (char)k; /* any byte, NUL too */
            if (len > 2)
                word[1] = (char)(k >> 8);
            if (len > 16)
                word[16] = (char)(k >> 4);
            CHECK_OK(bmx_words_add(&w, bmx_slice_of(word, len), 1, &err));
            CHECK_OK(bmx_word_table_queue(&t[bmx_rng_below(&r, 3)], bmx_slice_of(word, len), &err));
        }
        for (int i = 0; i < 3; i++) {
            CHECK_OK(bmx_word_table_flush(&t[i], &err));
            assert_true(t[i].n_slots <= t[i].max_slots);
            if ((round + i) % 2)
                CHECK_OK(bmx_word_sum_take(&sum, &t[i], &err));
            else
                CHECK_OK(bmx_word_sum_give(&sum, &t[i], &err));
            assert_int_equal(t[i].n, 0);
        }
        CHECK_OK(bmx_word_sum_finish(&sum, 1 + (unsigned)round % 4, &out, &err));
        assert_int_equal(out.word.n, w.word.n);
        assert_int_equal(out.pretokens, n);
        check_sorted(&out);
        for (size_t i = 0; i < out.word.n; i++) {
            uint32_t id = bmx_intern_find(&w.word, out.word.str[i]);
            assert_true(id != BMX_NONE);
            assert_int_equal(w.count[id], out.count[i]);
        }
        for (int i = 0; i < 3; i++)
            bmx_word_table_release(&t[i]);
        bmx_words_release(&w);
        bmx_words_release(&out);
    }
}

/* Long words that are alike in their first 15, 30, ... 150 bytes, some of them the beginnings of
 * others, from tables and a sum that have many of them twice. */
static void words_that_begin_alike(void **state)
{
    enum { TABLES = 3, WORDS = 20000, LONGEST = 160 };
    bmx_word_sum sum = { 0 };
    bmx_words w = { 0 }, out = { 0 };
    bmx_rng r = { 5 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_word_sum_open(&sum, &err));
    for (int k = 0; k < TABLES; k++) {
        bmx_word_table t = { .max_slots = (size_t)1 << 20, .full = take, .full_ctx = &sum };

        for (int i = 0; i < WORDS; i++) {
            char word[LONGEST + 8];
            size_t alike = bmx_rng_below(&r, 4) ? 15 * (size_t)bmx_rng_below(&r, 11)
                                                : (size_t)bmx_rng_below(&r, LONGEST + 1),
                   n = alike + 1 + (size_t)bmx_rng_below(&r, 4);

            memset(word, 'a', sizeof word);
            for (size_t b = alike; b < n; b++)
                word[b] = (char)((i % 2 ? 'a' : 0) + (int)bmx_rng_below(&r, 4)); /* also NUL */
            CHECK_OK(bmx_words_add(&w, bmx_slice_of(word, n), 1, &err));
            CHECK_OK(bmx_word_table_add(&t, bmx_slice_of(word, n), 1, &err));
        }
        if (k)
            CHECK_OK(bmx_word_sum_give(&sum, &t, &err));
        else
            CHECK_OK(bmx_word_sum_take(&sum, &t, &err));
        bmx_word_table_release(&t);
    }
    CHECK_OK(bmx_word_sum_finish(&sum, 2, &out, &err));
    assert_int_equal(out.word.n, w.word.n);
    assert_int_equal(out.pretokens, TABLES * WORDS);
    check_sorted(&out);
    for (size_t i = 0; i < out.word.n; i++) {
        uint32_t id = bmx_intern_find(&w.word, out.word.str[i]);
        assert_true(id != BMX_NONE);
        assert_int_equal(w.count[id], out.count[i]);
    }
    bmx_words_release(&w);
    bmx_words_release(&out);
}

/* The last six hexadecimal digits of i. */
static void hex6(char *word, uint32_t i)
{
    for (int k = 6; k-- > 0; i >>= 4)
        word[k] = "0123456789abcdef"[i & 15];
}

/* More words than fit before a table is only doubled. */
static void large_table(void **state)
{
    enum { WORDS = 1600000 };
    bmx_word_sum sum = { 0 };
    bmx_word_table t = { .max_slots = (size_t)1 << 22, .full = take, .full_ctx = &sum };
    bmx_words out = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_word_sum_open(&sum, &err));
    for (uint32_t i = 0; i < WORDS; i++) {
        char word[6];
        hex6(word, i);
        CHECK_OK(bmx_word_table_add(&t, bmx_slice_of(word, 6), 1 + i % 3, &err));
    }
    assert_false(t.was_full);
    assert_int_equal(t.n, WORDS);
    assert_int_equal(t.n_slots, t.max_slots);
    CHECK_OK(bmx_word_sum_give(&sum, &t, &err));
    CHECK_OK(bmx_word_sum_finish(&sum, 2, &out, &err));
    assert_int_equal(out.word.n, WORDS);
    for (uint32_t i = 0; i < WORDS; i++) { /* in byte order, which is that of the numbers */
        char word[6];
        hex6(word, i);
        assert_true(bmx_slice_eq(out.word.str[i], bmx_slice_of(word, 6)));
        assert_int_equal(out.count[i], 1 + i % 3);
    }
    bmx_words_release(&out);
    bmx_word_table_release(&t);
}

/* Tables of several threads that share most of their words, joined by several threads:
 * words at the border of two tasks, and some that are in no table but the last. */
static void tables_that_share_words(void **state)
{
    enum { TABLES = 4, WORDS = 150000 };
    bmx_word_sum sum = { 0 };
    bmx_words out = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_word_sum_open(&sum, &err));
    for (uint32_t k = 0; k < TABLES; k++) {
        bmx_word_table t = { .max_slots = (size_t)1 << 20, .full = take, .full_ctx = &sum };

        for (uint32_t i = k * 1000; i < WORDS; i++) { /* half of them are long */
            char word[32];
            int n = snprintf(word, sizeof word, "%06x%s", i, i % 2 ? "" : " and ten bytes more");
            CHECK_OK(bmx_word_table_add(&t, bmx_slice_of(word, (size_t)n), 1 + (i + k) % 3, &err));
        }
        CHECK_OK(bmx_word_sum_give(&sum, &t, &err));
    }
    CHECK_OK(bmx_word_sum_finish(&sum, 4, &out, &err));
    assert_int_equal(out.word.n, WORDS);
    for (uint32_t i = 0; i < WORDS; i++) {
        uint64_t count = 0;
        char word[32];
        int n = snprintf(word, sizeof word, "%06x%s", i, i % 2 ? "" : " and ten bytes more");

        for (uint32_t k = 0; k < TABLES; k++)
            count += i >= k * 1000 ? 1 + (i + k) % 3 : 0;
        assert_true(bmx_slice_eq(out.word.str[i], bmx_slice_of(word, (size_t)n)));
        assert_int_equal(out.count[i], count);
    }
    bmx_words_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_against_words),
        cmocka_unit_test(words_that_begin_alike),
        cmocka_unit_test(large_table),
        cmocka_unit_test(tables_that_share_words),
    };
    return cmocka_run_group_tests_name("word table", tests, NULL, remove_scratch);
}

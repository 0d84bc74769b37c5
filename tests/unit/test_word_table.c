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

/* More words than fit before a table is only doubled.  The first are set aside, and come again: or
 * it would not grow. */
static void large_table(void **state)
{
    enum { WORDS = 1600000, TWICE = WORDS / 2 };
    bmx_word_sum sum = { 0 };
    bmx_word_table t = { .max_slots = (size_t)1 << 22, .full = take, .full_ctx = &sum };
    bmx_words out = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_word_sum_open(&sum, &err));
    for (uint32_t i = 0; i < TWICE + WORDS; i++) {
        char word[6];
        hex6(word, i < TWICE ? i : i - TWICE);
        CHECK_OK(bmx_word_table_add(&t, bmx_slice_of(word, 6), 1 + i % 3, &err));
    }
    assert_false(t.was_full);
    assert_true(t.keeps_all);
    assert_int_equal(t.aside.n, 0);
    assert_int_equal(t.n, WORDS);
    assert_int_equal(t.n_slots, t.max_slots);
    CHECK_OK(bmx_word_sum_give(&sum, &t, &err));
    CHECK_OK(bmx_word_sum_finish(&sum, 2, &out, &err));
    assert_int_equal(out.word.n, WORDS);
    for (uint32_t i = 0; i < WORDS; i++) { /* in byte order, which is that of the numbers */
        char word[6];
        hex6(word, i);
        assert_true(bmx_slice_eq(out.word.str[i], bmx_slice_of(word, 6)));
        assert_int_equal(out.count[i], 1 + (i + TWICE) % 3 + (i < TWICE ? 1 + i % 3 : 0));
    }
    bmx_words_release(&out);
    bmx_word_table_release(&t);
}

static bpemix_status note_full(void *sum, bmx_word_table *t, bpemix_error *err)
{
    t->was_full = true;
    return bmx_word_sum_take(sum, t, err);
}

/* Half of the words are long. */
static bmx_slice hex_word(char word[32], uint32_t k)
{
    int n = snprintf(word, 32, "%06x%s", k, k % 2 ? "" : " and ten bytes more");

    return bmx_slice_of(word, (size_t)n);
}

/* Count `n` words of a text that goes from language to language, some common to all of them. */
static void add_languages(bmx_word_table *t, uint32_t n, uint64_t *count)
{
    enum { COMMON = 100 };
    bpemix_error err;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = i % 4 == 3 ? i / 4 % COMMON : i;
        char word[32];

        CHECK_OK(bmx_word_table_add(t, hex_word(word, k), 1 + i % 3, &err));
        count[k] += 1 + i % 3;
    }
}

/* The words of all tables against plain counts of numbers below n. */
static void check_finish(bmx_word_sum *sum, unsigned n_threads, const uint64_t *count, uint32_t n)
{
    bmx_words out = { 0 };
    bpemix_error err;
    size_t at = 0;

    CHECK_OK(bmx_word_sum_finish(sum, n_threads, &out, &err));
    for (uint32_t k = 0; k < n; k++) { /* in byte order, that of the numbers */
        char word[32];

        if (!count[k])
            continue;
        assert_true(at < out.word.n);
        assert_true(bmx_slice_eq(out.word.str[at], hex_word(word, k)));
        assert_int_equal(out.count[at++], count[k]);
    }
    assert_int_equal(at, out.word.n);
    bmx_words_release(&out);
}

/* Words are set aside, and still are at the end: of one table, or of two that share most. */
static void words_set_aside(void **state)
{
    enum { KINDS = 600000 };
    bpemix_error err;

    (void)state;
    for (unsigned n_tables = 1; n_tables <= 2; n_tables++) {
        uint64_t *count = calloc(KINDS, sizeof *count);
        bmx_word_sum sum = { 0 };

        assert_non_null(count);
        CHECK_OK(bmx_word_sum_open(&sum, &err));
        for (unsigned k = 0; k < n_tables; k++) {
            bmx_word_table t = { .max_slots = (size_t)1 << 22, .full = take, .full_ctx = &sum };

            add_languages(&t, KINDS - k * 1000, count);
            assert_false(t.keeps_all);
            assert_in_range(t.aside.n, KINDS / 4, KINDS);
            assert_in_range(t.n, 1, KINDS / 4);
            CHECK_OK(bmx_word_sum_give(&sum, &t, &err));
            assert_int_equal(t.aside.n, 0);
        }
        check_finish(&sum, n_tables, count, KINDS);
        free(count);
    }
}

/* The same with more words, until there are too many aside, and they are put back, until the table
 * is full; then the same text again, as far. */
static void words_put_back(void **state)
{
    enum { KINDS = 1200000, AGAIN = 300000 };
    bpemix_error err;

    (void)state;
    for (int round = 0; round < 2; round++) {
        bmx_word_table t = { .max_slots = (size_t)1 << 20, .full = note_full };
        uint64_t *count = calloc(KINDS, sizeof *count);
        bmx_word_sum sum = { 0 };

        assert_non_null(count);
        CHECK_OK(bmx_word_sum_open(&sum, &err));
        t.full_ctx = &sum;
        add_languages(&t, KINDS / 2, count);
        assert_true(t.aside.n && !t.keeps_all);
        add_languages(&t, KINDS, count);
        assert_true(t.was_full && t.keeps_all && !t.aside.n);
        assert_int_equal(t.n_slots, t.max_slots);
        add_languages(&t, AGAIN, count);
        assert_true(t.n && t.keeps_all && !t.aside.n);
        if (round % 2)
            CHECK_OK(bmx_word_sum_take(&sum, &t, &err));
        else
            CHECK_OK(bmx_word_sum_give(&sum, &t, &err));
        check_finish(&sum, 1 + (unsigned)round, count, KINDS);
        free(count);
        bmx_word_table_release(&t);
    }
}

/* Words enough that some are set aside, then the same again, so that they are put back. */
static bpemix_status count_twice(bmx_word_table *t, bpemix_error *err)
{
    enum { WORDS = 150000 };
    bpemix_status st = BPEMIX_OK;

    for (uint32_t i = 0; i < 2 * WORDS && !st; i++) {
        char word[6];
        hex6(word, i % WORDS);
        st = bmx_word_table_add(t, bmx_slice_of(word, 6), 1, err);
    }
    return st;
}

static void lack_of_memory(void **state)
{
    bmx_word_table t = { .max_slots = (size_t)1 << 20 };

    (void)state;
    SURVIVES(3, count_twice(&t, NULL), {
        assert_true(!last || t.keeps_all);
        bmx_word_table_release(&t);
        t.max_slots = (size_t)1 << 20;
    });
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

        for (uint32_t i = k * 1000; i < WORDS; i++) {
            char word[32];
            CHECK_OK(bmx_word_table_add(&t, hex_word(word, i), 1 + (i + k) % 3, &err));
        }
        CHECK_OK(bmx_word_sum_give(&sum, &t, &err));
    }
    CHECK_OK(bmx_word_sum_finish(&sum, 4, &out, &err));
    assert_int_equal(out.word.n, WORDS);
    for (uint32_t i = 0; i < WORDS; i++) {
        uint64_t count = 0;
        char word[32];

        for (uint32_t k = 0; k < TABLES; k++)
            count += i >= k * 1000 ? 1 + (i + k) % 3 : 0;
        assert_true(bmx_slice_eq(out.word.str[i], hex_word(word, i)));
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
        cmocka_unit_test(words_set_aside),
        cmocka_unit_test(words_put_back),
        cmocka_unit_test(lack_of_memory),
        cmocka_unit_test(tables_that_share_words),
    };
    return cmocka_run_group_tests_name("word table", tests, NULL, remove_scratch);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of one hash table looked up in another, against a look at every pair of words. */
#include "test.h"

#include "base/map.h"
#include "base/rng.h"
#include "words/join.h"

enum { WORDS = 3000, SLOTS = 2 * WORDS };

/* Two words of each hash, which stand behind each other; lengths on both sides of
 * what fits a slot. */
static void make_word(uint32_t number, char text[32], size_t *len, uint64_t *hash)
{
    static const uint8_t lengths[] = { 1, 7, 14, 15, 16, 17, 24 };

    *len = lengths[number % 7];
    memset(text, 'a', 32);
    memcpy(text + (*len > 8 ? *len - 8 : 0), &number, *len < 4 ? *len : 4);
    *hash = bmx_mix(number / 14 * 7 + number % 7 + 1) << 20; /* that of number + 7 as well */
}

static bmx_word_table_slot slot_of(bmx_arena *arena, const char *text, size_t len, uint64_t hash)
{
    bmx_word_table_slot s = { .hash = hash };
    uint64_t key[2] = { 0, 0 };
    uint64_t n = len;
    char *p;

    if (len <= BMX_WORD_TABLE_INLINE) {
        memcpy(key, text, len);
        s.k0 = key[0];
        s.k1 = key[1] | (uint64_t)len << 56;
        return s;
    }
    p = bmx_arena_alloc(arena, len + 8, 8);
    assert_non_null(p);
    memcpy(p, &n, 8);
    memcpy(p + 8, text, len);
    memcpy(key, text, 7);
    s.k0 = (uintptr_t)p;
    s.k1 = BMX_WORD_TABLE_LONG | (key[0] & ~BMX_WORD_TABLE_LONG);
    return s;
}

static bool same(const bmx_word_table_slot *x, const bmx_word_table_slot *y)
{
    if (x->hash != y->hash || x->k1 != y->k1)
        return false;
    if (x->k1 < BMX_WORD_TABLE_LONG)
        return x->k0 == y->k0;
    return bmx_slice_eq(bmx_word_table_long_of(x), bmx_word_table_long_of(y));
}

/* Half of the words are in the table that they are looked up in. */
static void finds_what_is_there(void **state)
{
    static bmx_word_table_slot table[SLOTS], word[WORDS], in[WORDS];
    bmx_word_join_table t = { .slot = table, .n_slots = SLOTS };
    bmx_arena arena = { 0 };
    bmx_rng rng = { 5 };
    size_t n = 0, n_in = 0, missing = 0, absent = 0;

    (void)state;
    for (uint32_t k = 0; k < WORDS; k++) {
        char text[32];
        size_t len;
        uint64_t hash;
        bool known = false;
        bmx_word_table_slot s;

        make_word(k, text, &len, &hash);
        s = slot_of(&arena, text, len, hash);
        for (size_t i = 0; i < n && !known; i++)
            known = same(&word[i], &s);
        for (size_t i = 0; i < n_in && !known; i++)
            known = same(&in[i], &s);
        if (known)
            continue; /* short ones repeat */
        s.count = 1 + bmx_rng_below(&rng, 9);
        if (bmx_rng_below(&rng, 2)) {
            bmx_word_table_slot twin = slot_of(&arena, text, len, hash); /* bytes of its own */
            twin.count = 100;
            *bmx_word_join_empty_slot(&t, hash) = twin;
            in[n_in++] = s;
        }
        word[n++] = s;
    }
    assert_true(n > WORDS / 2 && n_in > n / 3);
    for (size_t partition = 0; partition < BMX_WORD_JOIN_PARTITIONS; partition++)
        missing += bmx_word_join(&t, word, n, partition);
    for (size_t i = 0; i < n; i++) {
        const bmx_word_table_slot *found = NULL;

        for (size_t k = 0; k < n_in && !found; k++)
            found = same(&in[k], &word[i]) ? &in[k] : NULL;
        absent += !found;
        assert_int_equal(word[i].count == 0, found != NULL);
    }
    assert_int_equal(missing, absent);
    for (size_t k = 0; k < n_in; k++) {
        size_t at = 0;

        while (!same(&table[at], &in[k]) || !table[at].k1)
            at++;
        assert_int_equal(table[at].count, 100 + in[k].count);
    }
    bmx_arena_release(&arena);
}

/* Words of other parts, and empty slots, are left alone. */
static void takes_one_part_at_a_time(void **state)
{
    bmx_word_table_slot table[8] = { { 0 } }, word[3] = { { 0 } };
    bmx_word_join_table t = { .slot = table, .n_slots = 8 };
    const uint64_t first = (uint64_t)5 << 58, second = (uint64_t)6 << 58;

    (void)state;
    word[0] = (bmx_word_table_slot){ 'a', (uint64_t)1 << 56, first, 2 };
    word[2] = (bmx_word_table_slot){ 'b', (uint64_t)1 << 56, second, 3 };
    *bmx_word_join_empty_slot(&t, first) =
        (bmx_word_table_slot){ 'a', (uint64_t)1 << 56, first, 10 };
    *bmx_word_join_empty_slot(&t, second) =
        (bmx_word_table_slot){ 'b', (uint64_t)1 << 56, second, 20 };
    assert_int_equal(bmx_word_join(&t, word, 3, 5), 0);
    assert_int_equal(word[0].count, 0);
    assert_int_equal(word[2].count, 3);
    assert_int_equal(bmx_word_join(&t, word, 3, 7), 0);
    assert_int_equal(word[2].count, 3);
    assert_int_equal(bmx_word_join(&t, word, 3, 6), 0);
    assert_int_equal(word[2].count, 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(table[i].count, table[i].k0 == 'a' ? 12 : table[i].k0 == 'b' ? 23 : 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_is_there),
        cmocka_unit_test(takes_one_part_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

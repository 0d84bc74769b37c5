/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which string a text starts with, and joining symbols by rank: against doing it the slow way. */
#include "test.h"

#include "tokenizer/join.h"
#include "tokenizer/match.h"

/* ---- match ---- */

enum { STRINGS = 60 };

static size_t random_text(bmx_rng *rng, char *text, size_t most)
{
    size_t n = bmx_rng_below(rng, most + 1);
    for (size_t i = 0; i < n; i++)
        text[i] = "ab\0\xff"[bmx_rng_below(rng, 4)];
    return n;
}

static void longest_of_random_strings(void **state)
{
    bmx_rng rng = { 11 };
    bpemix_error err;
    (void)state;

    for (int round = 0; round < 200; round++) {
        char string[STRINGS][8], text[40];
        size_t length[STRINGS], n = 1 + bmx_rng_below(&rng, STRINGS);
        bmx_matcher m = { 0 };

        for (size_t i = 0; i < n; i++) {
            do
                length[i] = random_text(&rng, string[i], 8);
            while (!length[i]);
            CHECK_OK(bmx_matcher_add(&m, bmx_slice_of(string[i], length[i]), (uint32_t)i, &err));
        }
        for (int k = 0; k < 100; k++) {
            size_t have = random_text(&rng, text, 12), len = 99, best = 0;
            uint32_t want = BMX_NONE, got = bmx_matcher_longest(&m, bmx_slice_of(text, have), &len);

            for (size_t i = n; i-- > 0;) /* of equal strings the first counts */
                if (length[i] <= have && !memcmp(string[i], text, length[i]) && length[i] >= best) {
                    best = length[i];
                    want = (uint32_t)i;
                }
            assert_int_equal(got, want);
            if (want != BMX_NONE)
                assert_int_equal(len, best);
        }
        bmx_matcher_release(&m);
    }
}

static void nothing_matches_nothing(void **state)
{
    bmx_matcher m = { 0 };
    size_t len;
    (void)state;

    assert_int_equal(bmx_matcher_longest(&m, bmx_slice_of("", 0), &len), BMX_NONE);
    assert_int_equal(bmx_matcher_longest(&m, bmx_slice_str("a"), &len), BMX_NONE);
    bmx_matcher_release(&m);
}

/* ---- join ---- */

/* Ranks of pairs of ids below 8; the product of a and b is some id, too. */
typedef struct ranks {
    uint32_t rank[8][8], product[8][8];
} ranks;

static uint32_t rank_of(const void *ctx, const bmx_join_symbol *l, const bmx_join_symbol *r,
                        uint32_t *product)
{
    const ranks *x = ctx;

    *product = x->product[l->id][r->id];
    return x->rank[l->id][r->id];
}

/* The lowest rank first, and of equal ones the leftmost. */
static size_t join_slowly(const ranks *x, uint32_t *id, size_t n, size_t stop)
{
    while (n > stop) {
        size_t at = n;
        uint32_t least = BMX_NONE;

        for (size_t i = 0; i + 1 < n; i++)
            if (x->rank[id[i]][id[i + 1]] < least) {
                least = x->rank[id[i]][id[i + 1]];
                at = i;
            }
        if (at == n)
            break;
        id[at] = x->product[id[at]][id[at + 1]];
        memmove(&id[at + 1], &id[at + 2], (n - at - 2) * sizeof *id);
        n--;
    }
    return n;
}

static void symbols_are_joined_in_order_of_rank(void **state)
{
    bmx_rng rng = { 21 };
    bmx_joiner j = { 0 };
    bpemix_error err;
    (void)state;

    for (int round = 0; round < 3000; round++) {
        uint32_t id[120];
        size_t n = 1 + bmx_rng_below(&rng, 120), stop = bmx_rng_below(&rng, 3) ? 1 : 1 +
            bmx_rng_below(&rng, 20);
        size_t left, want, k = 0, bytes = 0;
        ranks x;

        for (int a = 0; a < 8; a++)
            for (int b = 0; b < 8; b++) {
                x.rank[a][b] = bmx_rng_below(&rng, 3)
                    ? (uint32_t)bmx_rng_below(&rng, 64) : BMX_NONE;
                x.product[a][b] = (uint32_t)bmx_rng_below(&rng, 8);
            }
        CHECK_OK(bmx_joiner_reserve(&j, n, &err));
        for (size_t i = 0; i < n; i++) {
            id[i] = (uint32_t)bmx_rng_below(&rng, 8);
            j.symbol[i] = (bmx_join_symbol){ .start = (uint32_t)(2 * i), .len = 2, .id = id[i] };
        }
        left = bmx_join(&j, n, stop, rank_of, &x);
        want = join_slowly(&x, id, n, stop);
        assert_int_equal(left, want);
        for (uint32_t i = 0; i != BMX_NONE; i = j.symbol[i].next) {
            assert_true(k < want);
            assert_int_equal(j.symbol[i].id, id[k++]);
            assert_int_equal(j.symbol[i].start, bytes); /* the symbols are the whole text, in
                                                           order */
            bytes += j.symbol[i].len;
        }
        assert_int_equal(k, want);
        assert_int_equal(bytes, 2 * n);
    }
    bmx_joiner_release(&j);
    CHECK_FAILS(bmx_joiner_reserve(&j, BMX_NONE, &err), BPEMIX_E_UNSUPPORTED, "symbols");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(longest_of_random_strings),
        cmocka_unit_test(nothing_matches_nothing),
        cmocka_unit_test(symbols_are_joined_in_order_of_rank),
    };

    return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}

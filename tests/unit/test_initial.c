/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of pairs, kept in rows and in slots, against an array. */
#include "test.h"

#include "base/rng.h"
#include "replay/initial.h"

#define N_SYMBOLS 40

static uint32_t symbol(uint64_t k) { return k < 20 ? (uint32_t)k * 13 : 0xfffff000u + (uint32_t)k; }

static void check(size_t n_cats)
{
    uint64_t *want = calloc(N_SYMBOLS * N_SYMBOLS * n_cats, sizeof *want), n = 0;
    bmx_initial in = { 0 };
    bmx_initial_count got;
    bmx_rng r = { n_cats };
    bpemix_error err;

    CHECK_OK(bmx_initial_open(&in, n_cats, &err));
    for (int i = 0; i < 20000; i++) {
        uint64_t a = bmx_rng_below(&r, N_SYMBOLS), b = bmx_rng_below(&r, N_SYMBOLS);
        uint32_t cat[3];
        uint64_t count[3];
        size_t k = 0;

        for (size_t c = (size_t)bmx_rng_below(&r, n_cats); c < n_cats && k < 3; c += 1 +
             n_cats / 5, k++) {
            uint64_t *w = &want[(a * N_SYMBOLS + b) * n_cats + c];

            cat[k] = (uint32_t)c;
            count[k] = 1 + bmx_rng_below(&r, UINT64_C(1) << 40);
            n += *w == 0;
            *w += count[k];
        }
        CHECK_OK(bmx_initial_add(&in, symbol(a), symbol(b), cat, count, k, &err));
    }
    for (size_t at = 0; bmx_initial_next(&in, &at, &got); n--) {
        uint64_t a, b, *w;

        for (a = 0; symbol(a) != got.left; a++)
            assert_true(a < N_SYMBOLS);
        for (b = 0; symbol(b) != got.right; b++)
            assert_true(b < N_SYMBOLS);
        w = &want[(a * N_SYMBOLS + b) * n_cats + got.cat];
        assert_true(got.count == *w && *w);
        *w = 0; /* told once */
    }
    assert_int_equal(n, 0);
    bmx_initial_release(&in);
    free(want);
}

static void counts_of_pairs(void **state)
{
    (void)state;
    for (size_t n_cats = 1; n_cats < 400; n_cats += 1 + n_cats)
        check(n_cats);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(counts_of_pairs) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

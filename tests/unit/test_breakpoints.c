/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue of breakpoints gives the smallest, whatever the numbers, as an array does. */
#include "test.h"

#include "base/hash.h"
#include "solve/breakpoints.h"

#include <math.h>

enum { MOST = 3000 };

typedef enum kind { SPREAD, FALLING, EQUAL, EMPTY, BEYOND, KINDS } kind;

/* Numbers that lie in many bins, in falling order as counts do, in one bin, at 0 and far
 * below the first bin, and above the last. */
static double number(bmx_rng *rng, kind k, int i)
{
    double u = (double)bmx_rng_below(rng, 1000) / 1000;

    switch (k) {
    case SPREAD:
        return exp(30 * u - 20);
    case FALLING:
        return (1 + u) * 1e5 / (1 + i);
    case EQUAL:
        return 7 + (double)bmx_rng_below(rng, 3) * 1e-9;
    case EMPTY:
        return bmx_rng_below(rng, 2) ? 0 : u * 1e-300;
    default:
        return bmx_rng_below(rng, 2) ? u : 1e30 * (1 + u);
    }
}

static void gives_the_smallest(void **state)
{
    static double x[MOST];
    static bool in[MOST];
    bmx_breakpoints q = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_breakpoints_init(&q, &err));
    for (kind k = 0; k < KINDS; k++) {
        bmx_rng rng = { 11 + (uint64_t)k };
        uint32_t n = 0, left = 0;

        bmx_breakpoints_clear(&q, k == BEYOND ? 1 : 1e5);
        assert_null(bmx_breakpoints_first(&q));
        while (n < MOST || left > 0) {
            uint32_t first = BMX_NONE;

            if (n < MOST && bmx_rng_below(&rng, 3) > 0) {
                x[n] = number(&rng, k, (int)n);
                in[n] = true;
                CHECK_OK(bmx_breakpoints_push(&q, x[n], 1 + n, 5 * n, &err));
                n++;
                left++;
            }
            for (uint32_t i = 0; i < n; i++)
                if (in[i] && (first == BMX_NONE || x[i] < x[first]))
                    first = i;
            if (first == BMX_NONE) {
                assert_null(bmx_breakpoints_first(&q));
                continue;
            }
            assert_ptr_equal(bmx_breakpoints_first(&q), &q.at[first]);
            assert_true(q.at[first].x == x[first] && q.at[first].weight == 1 + first &&
                        q.row[first] == 5 * first);
            if (n == MOST || bmx_rng_below(&rng, 2)) {
                bmx_breakpoints_drop(&q);
                in[first] = false;
                left--;
            }
        }
        assert_null(bmx_breakpoints_first(&q));
    }
    bmx_breakpoints_release(&q);
}

/* Without memory a push changes nothing. */
static void survives_lack_of_memory(void **state)
{
    bmx_breakpoints q = { 0 };
    bpemix_error err;
    uint32_t refused = 0;

    (void)state;
    SURVIVES(2, bmx_breakpoints_init(&q, &err), {
        if (!last)
            assert_null(q.head);
    });
    bmx_breakpoints_clear(&q, 10);
    for (uint32_t k = 0; k < 2000; k++) {
        bpemix_status st = BPEMIX_E_NOMEM;

        for (long which = 1; st; which++) {
            bmx_mem_fail_at(which);
            st = bmx_breakpoints_push(&q, 2000 - k, 1, k, &err);
            bmx_mem_fail_at(0);
            assert_true(which <= 3 && (!st || st == BPEMIX_E_NOMEM));
            assert_int_equal(q.n, st ? k : k + 1);
            refused += st != BPEMIX_OK;
        }
        assert_int_equal(q.row[bmx_breakpoints_first(&q) - q.at], k);
    }
    assert_true(refused > 4);
    bmx_breakpoints_release(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_smallest),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breakpoints are in the order of a stable sort by x, few or many, far apart or alike in all but
 * the last bits. */
#include "test.h"

#include "solve/breakpoints.h"

#include <math.h>

enum { MOST = 3000 };

typedef enum kind { FAR, NEAR, ALIKE, UPPER_ALIKE, EQUAL, ZEROS, RISING, KINDS } kind;

static double number(bmx_rng *rng, kind k, size_t i)
{
    double u = bmx_rng_unit(rng);

    switch (k) {
    case FAR: return exp(1000 * u - 500);
    case NEAR: return 100 + u;
    case ALIKE: return 7 + (double)bmx_rng_below(rng, 1000) * 1e-15; /* lowest bits */
    case UPPER_ALIKE: return i ? 7 + u * 1e-7 : 1e-300; /* of one key, beside one far away */
    case EQUAL: return (double)bmx_rng_below(rng, 3);
    case ZEROS: return bmx_rng_below(rng, 2) ? 0 : u;
    default: return (double)i;
    }
}

/* `at` numbers them as they are listed, so that it tells equal ones apart. */
static bool comes_before(const bmx_break *a, const bmx_break *b)
{
    return a->x < b->x || (!(a->x > b->x) && a->at < b->at);
}

static void check(bmx_breakpoints *b, size_t n, kind k, uint64_t seed)
{
    bmx_rng rng = { seed };
    bool seen[MOST] = { false };
    double x[MOST];
    const bmx_break *e;

    for (size_t i = 0; i < n; i++) {
        b->listed[i] = (bmx_break){ number(&rng, k, i), (uint32_t)(3 * i), (uint32_t)i };
        x[i] = b->listed[i].x;
    }
    e = bmx_breakpoints_sort(b, n);
    for (size_t i = 0; i < n; i++) {
        if (i && !comes_before(&e[i - 1], &e[i]))
            fail_msg("kind %d, n %zu, seed %d: %zu is out of order", (int)k, n, (int)seed, i);
        assert_true(e[i].at < n && !seen[e[i].at]);
        seen[e[i].at] = true;
        assert_int_equal(e[i].step, 3 * e[i].at);
        assert_memory_equal(&e[i].x, &x[e[i].at], sizeof *x);
    }
}

static void order_is_stable(void **state)
{
    static const size_t size[] = { 0, 1, 2, 63, 64, 65, 66, 500, MOST };
    bmx_breakpoints b = { 0 };

    (void)state;
    assert_int_equal(bmx_breakpoints_reserve(&b, MOST, NULL), BPEMIX_OK);
    for (int k = 0; k < KINDS; k++)
        for (size_t i = 0; i < sizeof size / sizeof *size; i++)
            for (uint64_t seed = 1; seed <= 3; seed++)
                check(&b, size[i], (kind)k, seed);
    bmx_breakpoints_release(&b);
    bmx_breakpoints_release(&b); /* which is zeroed */
}

static void survives_no_memory(void **state)
{
    bmx_breakpoints b = { 0 };

    (void)state;
    SURVIVES(3, bmx_breakpoints_reserve(&b, MOST, NULL), bmx_breakpoints_release(&b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_stable),
        cmocka_unit_test(survives_no_memory),
    };

    return cmocka_run_group_tests_name("breakpoints", tests, NULL, NULL);
}

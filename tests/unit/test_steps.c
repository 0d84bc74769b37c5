/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps four at a time give what they give one by one, with every kind of processor. */
#include "test.h"

#include "base/cpu.h"
#include "solve/steps.h"

#include <math.h>

enum { MOST = 23 };

typedef struct arrays {
    double theta[MOST], b[MOST], weight[MOST], low[MOST], high[MOST], least[MOST];
} arrays;

/* Few values, so that bounds are often met exactly. */
static void draw(bmx_rng *rng, size_t n, arrays *a)
{
    for (size_t s = 0; s < n; s++) {
        a->theta[s] = (double)bmx_rng_below(rng, 5);
        a->b[s] = (double)bmx_rng_below(rng, 5);
        a->weight[s] = (double)bmx_rng_below(rng, 4) / 4;
        a->low[s] = (double)bmx_rng_below(rng, 3);
        a->high[s] = bmx_rng_below(rng, 4) ? 1 + (double)bmx_rng_below(rng, 4) : INFINITY;
        a->least[s] = bmx_rng_below(rng, 6) ? 0 : (double)bmx_rng_below(rng, 5);
    }
}

static void check_place(const bmx_steps *x)
{
    double y[MOST + 1], pays[MOST + 1];
    uint32_t near[MOST + 1];
    size_t n, k = 0;

    y[x->n] = pays[x->n] = 7;
    near[x->n] = 7;
    n = bmx_steps_place(x, y, pays, near);
    for (size_t s = 0; s < x->n; s++) {
        bool above = x->b[s] > x->low[s];

        assert_true(y[s] == (above ? 2 * x->weight[s] : 0));
        assert_true(pays[s] == (above ? -x->weight[s] : x->weight[s]));
        if (above && x->b[s] < x->high[s])
            assert_int_equal(near[k++], s);
    }
    assert_int_equal(k, n);
    assert_true(y[x->n] == 7 && pays[x->n] == 7 && near[x->n] == 7);
}

static void check_cost(const bmx_steps *x)
{
    uint32_t beyond[MOST + 1];
    double sum = 0;
    size_t n, k = 0;

    beyond[x->n] = 7;
    for (size_t s = 0; s < x->n; s++)
        sum += x->weight[s] * fabs(x->theta[s] - x->b[s]); /* without rounding */
    assert_true(bmx_steps_cost(x, beyond, &n) == sum);
    for (size_t s = 0; s < x->n; s++)
        if (x->theta[s] < x->low[s] || x->theta[s] > x->high[s])
            assert_int_equal(beyond[k++], s);
    assert_int_equal(k, n);
    assert_int_equal(beyond[x->n], 7);
}

static void check_others(const arrays *a, size_t n)
{
    double low[MOST + 1], high[MOST + 1];
    uint32_t changed[MOST + 1];
    bool reach = true;
    size_t k = 0, found;

    low[n] = high[n] = 7;
    changed[n] = 7;
    bmx_steps_bound(a->theta, n, 0.9, 1 / 0.9, low, high);
    found = bmx_steps_changed(a->theta, a->b, n, changed);
    for (size_t s = 0; s < n; s++) {
        assert_true(low[s] == 0.9 * a->theta[s] && high[s] == 1 / 0.9 * a->theta[s]);
        reach = reach && a->theta[s] >= a->least[s];
        if (a->theta[s] != a->b[s])
            assert_int_equal(changed[k++], s);
    }
    assert_int_equal(k, found);
    assert_true(low[n] == 7 && high[n] == 7 && changed[n] == 7);
    assert_true(bmx_steps_reach(a->theta, a->least, n) == reach);
}

static void four_are_as_one_by_one(void **state)
{
    (void)state;
    for (bmx_cpu cpu = 0; cpu < BMX_CPU_KINDS; cpu++) {
        bmx_rng rng = { 5 };

        bmx_cpu_limit(cpu);
        for (size_t round = 0; round < 300; round++) {
            size_t n = round % MOST;
            arrays a;

            draw(&rng, n, &a);
            check_place(&(bmx_steps){ n, NULL, a.b, a.weight, a.low, a.high });
            check_cost(&(bmx_steps){ n, a.theta, a.b, a.weight, a.low, a.high });
            check_others(&a, n);
        }
    }
}

static void sums_have_the_same_bits(void **state)
{
    (void)state;
    for (size_t n = 0; n < MOST; n++) {
        bmx_rng rng = { n };
        uint32_t beyond[MOST];
        double sum[BMX_CPU_KINDS];
        size_t n_beyond;
        arrays a;

        draw(&rng, n, &a);
        for (size_t s = 0; s < n; s++) {
            a.b[s] = bmx_rng_unit(&rng);
            a.weight[s] = bmx_rng_unit(&rng);
        }
        for (bmx_cpu cpu = 0; cpu < BMX_CPU_KINDS; cpu++) {
            bmx_cpu_limit(cpu);
            sum[cpu] = bmx_steps_cost(&(bmx_steps){ n, a.theta, a.b, a.weight, a.low, a.high },
                                      beyond, &n_beyond);
            assert_memory_equal(&sum[cpu], &sum[0], sizeof *sum);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_are_as_one_by_one),
        cmocka_unit_test(sums_have_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

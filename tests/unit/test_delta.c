/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much more slack than the best one a mixture within the ranges may have. */
#include "oracle/fixture.h"

#include "diagnose/answer.h"
#include "diagnose/delta.h"
#include "diagnose/fit.h"
#include "result/result.h"
#include "synth.h"

/* Four merges and three categories: the second is half like the first, the third like none. */
static void distances_are_those_of_the_nearest(void **state)
{
    uint64_t first[] = { 0, 2, 3, 4, 5 };
    uint32_t cat[] = { 0, 1, 0, 1, 2 };
    double x[] = { 10, 4, 10, 4, 8 }, sum[] = { 20, 8, 8 }, part[3], apart[3], common;
    bmx_constraints c = { .n_cats = 3, .n_steps = 4, .merge_sum = sum,
                          .merge = { .first = first, .cat = cat, .x = x, .n = 4 } };
    bpemix_error err;

    (void)state;
    /* q of the first two are (1/2, 1/2, 0, 0) and (1/2, 0, 1/2, 0) */
    CHECK_OK(bmx_apart_find(&c, (const double[]){ 0.2, 0.5, 0.3 }, part, apart, &common, &err));
    assert_true(fabs(apart[0] - 0.5) < 1e-12 && fabs(apart[1] - 0.5) < 1e-12 && apart[2] == 1);
    assert_true(fabs(part[0] - 0.375) < 1e-12 && fabs(part[1] - 0.375) < 1e-12);
    assert_true(fabs(part[2] - 0.25) < 1e-12);
    /* mixed: (1/2 + 0 + 0 + 0) / 4; of any merges: 1 - 2 (3/8)^2 - (1/4)^2 */
    assert_true(fabs(common - 0.125 / 0.65625) < 1e-12);
    /* nothing of the second: the first has none that is like it */
    CHECK_OK(bmx_apart_find(&c, (const double[]){ 0.7, 0, 0.3 }, part, apart, &common, &err));
    assert_true(apart[0] == 1 && part[1] == 0);
    cat[3] = 0; /* the second has the first merge alone, the first three: likeness sqrt(1/3) */
    x[3] = 10;
    sum[0] = 30;
    sum[1] = 4;
    CHECK_OK(bmx_apart_find(&c, (const double[]){ 0.2, 0.5, 0.3 }, part, apart, &common, &err));
    assert_true(fabs(apart[0] - (1 - sqrt(1.0 / 3))) < 1e-12 && apart[1] == apart[0]);
    /* of which it has half a hundredth: so much less of a neighbour */
    CHECK_OK(bmx_apart_find(&c, (const double[]){ 0.2, 0.01, 0.3 }, part, apart, &common, &err));
    assert_true(fabs(part[1] - 0.04 / 2.04 / 4) < 1e-12);
    assert_true(fabs(apart[0] - (1 - sqrt(1.0 / 3) * part[1] / 0.01)) < 1e-12);
    x[1] = 10; /* twins, which are one category */
    sum[0] = sum[1] = 10;
    c.n_steps = 1;
    CHECK_OK(bmx_apart_find(&c, (const double[]){ 0.5, 0.5, 0 }, part, apart, &common, &err));
    assert_true(apart[0] == 1 && apart[1] == 1 && part[0] == 0.5);
    assert_true(fabs(common - 1) < 1e-12);
    /* of nothing */
    CHECK_OK(bmx_apart_find(&c, (const double[]){ 0, 0, 1 }, part, apart, &common, &err));
    assert_true(apart[0] == 1 && part[0] == 1 && common == 1);
}

/* The nearer categories are, the larger the deltas, up to a most; behind an inherited part more. */
static void deltas_follow_how_far_apart_categories_are(void **state)
{
    const double part[] = { 0.5, 0.3, 0.2 };
    bmx_delta last = { 0, 0 };

    (void)state;
    for (double near = 1; near > 0.001; near *= 0.8) {
        const double apart[] = { near, 1, 1 };
        bmx_delta d = bmx_delta_of(part, apart, 3, 1, INFINITY, BMX_DELTA_OF_BYTES);
        bmx_delta behind = bmx_delta_of(part, apart, 3, 1, INFINITY, BMX_DELTA_BEHIND);
        bmx_delta characters = bmx_delta_of(part, apart, 3, 1, INFINITY,
                                            BMX_DELTA_OF_CHARACTERS);

        assert_true(d.inner >= last.inner && d.outer >= last.outer && d.outer >= d.inner);
        assert_true(behind.outer >= behind.inner && behind.inner < 0.06 && behind.outer < 0.2);
        assert_true(d.inner > 0.003 && d.outer <= 0.12);
        assert_true(characters.inner == d.inner && characters.outer >= d.inner);
        assert_true(d.outer == 0.12 || fabs(characters.outer / d.outer - 0.8) < 1e-12);
        last = d;
    }
    assert_true(last.inner > 0.008 && last.outer > 0.08);
    last = bmx_delta_of((const double[]){ 1 }, (const double[]){ 0.05 }, 1, 1, INFINITY,
                        BMX_DELTA_OF_BYTES);
    assert_true(last.outer == 0.12); /* of the least distance, 0.0005 / 0.05^2 would be more */
    for (int k = 1; k <= 3; k++) { /* a mean by parts */
        const double apart[] = { 0.2, 0.2, 0.2 }, one = 0.2, all = 1;
        bmx_delta a = bmx_delta_of(part, apart, 3, 0.5, 1e4 * k, (bmx_delta_law)(k - 1));
        bmx_delta b = bmx_delta_of(&all, &one, 1, 0.5, 1e4 * k, (bmx_delta_law)(k - 1));

        assert_true(fabs(a.inner - b.inner) < 1e-12 && fabs(a.outer - b.outer) < 1e-12);
    }
}

/* Many scarce merges are of a kind that is missing where few others are off, and of other sources
 * where many are. */
static void scarce_merges_are_compared_with_those_off_by_half(void **state)
{
    static const struct {
        uint32_t used, missing;
        double large, extreme, sample;
        bool lacking;
    } at[] = { { 3000, 0, 0.03, 0.002, 5e6, false }, /* fewer than the limit of 0.28 % */
               { 3000, 0, 0.03, 0.02, 5e6, true },
               { 2950, 50, 0.03, 0.004, 5e6, true },
               { 3000, 0, 0.15, 0.06, 5e6, false }, /* as languages of other sources */
               { 3000, 0, 0.15, 0.07, 5e6, true },
               { 2800, 200, 0.35, 0.18, 5e6, false }, /* as program code of other sources */
               { 3000, 0, 0.02, 0.005, 5e6, true },
               { 3000, 0, 0.02, 0.005, 1e6, false } }; /* as chance in small samples */
    bpemix_result *r = bmx_result_new(1);

    (void)state;
    assert_false(bmx_fit_lacking(r)); /* nothing is known */
    for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
        r->merges_used = at[k].used;
        r->merges_missing = at[k].missing;
        r->slack_large = at[k].large;
        r->slack_extreme = at[k].extreme;
        r->share[0].share_bytes = 1;
        r->share[0].sample_bytes = (uint64_t)at[k].sample;
        assert_int_equal(bmx_fit_lacking(r), at[k].lacking);
    }
    bmx_result_free(r);
}

/* Small samples have wider ranges, those of categories without a share aside. */
static void deltas_follow_the_samples(void **state)
{
    static const uint64_t bytes[] = { 1000000, 20000, 1000 };
    static const struct {
        double share[3], sample;
    } at[] = { { { 1, 0, 0 }, 1e6 },
               { { 0.5, 0.5, 0 }, 1e6 / 25.5 },
               { { 0.2, 0.2, NAN }, 1e6 / 25.5 } };
    bpemix_result *r = bmx_result_new(3);
    const double part = 1, apart = 0.1;
    bmx_delta last = { INFINITY, INFINITY };

    (void)state;
    assert_true(isinf(bmx_fit_sample(r))); /* nothing is known */
    for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
        for (int i = 0; i < 3; i++) {
            r->share[i].sample_bytes = bytes[i];
            r->share[i].share_bytes = at[k].share[i];
        }
        assert_true(fabs(bmx_fit_sample(r) - at[k].sample) < 1e-3);
    }
    bmx_result_free(r);
    for (double size = 1e3; size < 1e9; size *= 10) {
        bmx_delta d = bmx_delta_of(&part, &apart, 1, 1, size, BMX_DELTA_OF_BYTES);

        assert_true(d.inner <= last.inner && d.outer <= last.outer && d.inner <= d.outer);
        last = d;
    }
    for (double size = 1e7; size < 1e10; size *= 10) { /* no more than so much tells */
        bmx_delta d = bmx_delta_of(&part, &apart, 1, 1, size, BMX_DELTA_OF_BYTES);

        assert_true(d.inner == last.inner && d.outer == last.outer);
    }
}

/* Of few merges slack may rise by a part of their counts, the more of it the fewer there are. */
static void deltas_follow_the_number_of_merges(void **state)
{
    const double slack = 0.02, sample = 1e6;

    (void)state;
    for (int behind = 0; behind < 2; behind++) {
        bmx_delta last = { INFINITY, INFINITY };

        for (size_t n = 1; n <= 100000; n *= 10) {
            bmx_delta d = { 0.004, 0.01 }, none = d;

            bmx_delta_of_few(&d, n, sample, slack, behind);
            assert_true(d.inner <= last.inner && d.outer <= last.outer && d.inner <= d.outer);
            assert_true(n > 20 || (d.inner * slack > 0.003 && d.outer * slack > 0.007));
            assert_true(n < 100000 || (d.inner == 0.004 && d.outer == 0.01));
            bmx_delta_of_few(&none, n, sample, 0, behind); /* there is no slack to be a part of */
            assert_true(none.outer * BMX_LEAST_SLACK <= 0.6 && none.outer >= d.outer);
            last = d;
        }
    }
    for (int behind = 0; behind < 2; behind++) { /* slack that no part of the counts is beside */
        static const double times[] = { 1, 1.5157, 1, 1 }; /* 4^0.3 */

        for (size_t k = 0; k < 4; k++) {
            static const size_t n[] = { 1000, 250, 3000, 1000000 };
            bmx_delta d = { 0.004, 0.01 }, narrow = { 0.004, 0.0041 };

            bmx_delta_of_few(&d, n[k], 1e9, 1e3, behind);
            bmx_delta_of_few(&narrow, n[k], 1e9, 1e3, behind);
            assert_true(fabs(d.inner / 0.004 - (behind ? 1 : times[k])) < 1e-4 && d.outer == 0.01);
            assert_true(narrow.inner <= narrow.outer && narrow.outer == 0.0041);
        }
    }
}

/* A handful of merges is explained by many mixtures: ranges hold the true one. */
static void ranges_of_few_merges_hold_the_truth(void **state)
{
    static const uint32_t merges[] = { 2, 4, 8, 16, 32 };
    size_t held = 0, all = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        synth_opts so = { .n_cats = 4, .n_words = 600, .n_merges = 40, .sample_words = 20000,
                          .train_words = 50000, .burst = 0.2, .seed = seed };
        double truth[4];
        bpemix_trace *tr = synth_trace(&so, truth);

        for (size_t k = 0; k < sizeof merges / sizeof *merges; k++) {
            bpemix_solve_opts o = { .merge_to = merges[k] };
            bpemix_result *r = NULL;
            bpemix_error err;

            CHECK_OK(bmx_solve(tr, &o, &r, &err));
            for (int i = 0; i < 4; i++) {
                bpemix_range x = r->share[i].range_outer_pairs;

                held += x.low <= truth[i] && truth[i] <= x.high;
                all++;
            }
            bmx_result_free(r);
        }
        synth_trace_free(tr);
    }
    if (10 * held < 9 * all)
        fail_msg("%zu of %zu ranges hold the truth", held, all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_those_of_the_nearest),
        cmocka_unit_test(deltas_follow_how_far_apart_categories_are),
        cmocka_unit_test(scarce_merges_are_compared_with_those_off_by_half),
        cmocka_unit_test(deltas_follow_the_samples),
        cmocka_unit_test(deltas_follow_the_number_of_merges),
        cmocka_unit_test(ranges_of_few_merges_hold_the_truth),
    };
    return cmocka_run_group_tests_name("delta", tests, NULL, NULL);
}

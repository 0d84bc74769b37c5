/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_inseparable.c - categories of which the merges tell only the sum. */
#include "diagnose/answer.h"
#include "result/result.h"
#include "synth.h"
#include "test.h"

#include <math.h>
#include <stdlib.h>

/* What becomes of two categories of a trace: kind[k] has part[j][k] times the text of from[j]. */
typedef struct mixing {
    uint32_t from[2], kind[4];
    size_t n;
    int part[2][4];
} mixing;

static bool is_mixed(const mixing *x, uint32_t cat)
{
    for (size_t k = 0; k < x->n; k++)
        if (x->kind[k] == cat)
            return true;
    return false;
}

static void mix(bpemix_trace *tr, const mixing *x)
{
    bmx_event *more = malloc(x->n * tr->n_events * sizeof *more);
    uint64_t pairs[2], bytes[2], n = 0;

    for (size_t p = 0; p < tr->n_pairs; p++) {
        uint64_t e = tr->first[p], last = tr->first[p + 1];

        tr->first[p] = n;
        for (; e < last; e++) {
            if (!is_mixed(x, tr->event[e].cat))
                more[n++] = tr->event[e];
            for (size_t j = 0; j < 2; j++)
                for (size_t k = 0; k < x->n && tr->event[e].cat == x->from[j]; k++)
                    if (x->part[j][k]) {
                        more[n] = tr->event[e];
                        more[n].delta *= x->part[j][k];
                        more[n++].cat = x->kind[k];
                    }
        }
    }
    tr->first[tr->n_pairs] = n;
    free(tr->event);
    tr->event = more;
    for (size_t j = 0; j < 2; j++) {
        pairs[j] = tr->cat[x->from[j]].pairs;
        bytes[j] = tr->cat[x->from[j]].bytes;
    }
    for (size_t k = 0; k < x->n; k++) {
        bmx_trace_category *c = &tr->cat[x->kind[k]];

        c->pairs = (uint64_t)x->part[0][k] * pairs[0] + (uint64_t)x->part[1][k] * pairs[1];
        c->bytes = (uint64_t)x->part[0][k] * bytes[0] + (uint64_t)x->part[1][k] * bytes[1];
    }
}

/* The same text under two names. */
static void twins_are_told_together(void **state)
{
    static const mixing twins = { { 1, 2 }, { 1, 2 }, 2, { { 1, 1 }, { 0, 0 } } };
    synth_opts so = { .n_cats = 3, .n_words = 400, .n_merges = 120, .sample_words = 80000,
                      .train_words = 80000, .burst = 0.1, .seed = 5 };
    bpemix_trace *tr = synth_trace(&so, NULL);
    bpemix_solve_opts o = { .merges_all = true };
    bpemix_result *r = NULL;
    bpemix_range sum, first, twin;
    bpemix_error err;

    (void)state;
    mix(tr, &twins);
    CHECK_OK(bmx_solve(tr, &o, &r, &err));
    assert_true(!r->share[1].identified && !r->share[2].identified);
    assert_int_equal(r->n_inseparable, 1);
    assert_int_equal(r->inseparable[0].n_members, 2);
    assert_int_equal(r->inseparable[0].member[0], 1);
    sum = r->inseparable[0].share.range_outer_bytes;
    first = r->share[0].range_outer_bytes;
    twin = r->share[1].range_outer_bytes;
    assert_true(twin.low < 0.01 && r->share[2].range_outer_bytes.low < 0.01);
    assert_true(fabs(sum.high - twin.high) < 0.02 && sum.high - sum.low > 1e-4);
    assert_true(fabs(sum.low + first.high - 1) < 0.01);
    bmx_result_free(r);
    synth_trace_free(tr);
}

/* All that has bytes is no set, as its sum is 1 whatever the mixture: the alphabet lacks the
 * characters of the other category. */
static void all_that_is_known_is_no_sum(void **state)
{
    static const mixing twins = { { 1, 2 }, { 1, 2 }, 2, { { 1, 1 }, { 0, 0 } } };
    synth_opts so = { .n_cats = 3, .n_words = 400, .n_merges = 120, .sample_words = 80000,
                      .train_words = 80000, .burst = 0.1, .seed = 5 };
    bpemix_trace *tr = synth_trace(&so, NULL);
    bpemix_solve_opts o = { .merges_all = true };
    bpemix_result *r = NULL;
    bpemix_error err;
    bool told = false;

    (void)state;
    mix(tr, &twins);
    tr->cat[0].bytes = 13 * tr->cat[0].pairs;
    CHECK_OK(bmx_solve(tr, &o, &r, &err));
    assert_true(isnan(r->share[0].share_bytes));
    assert_true(!r->share[1].identified && !r->share[2].identified);
    assert_int_equal(r->n_inseparable, 0);
    for (size_t k = 0; k < r->verdict.n_reasons; k++)
        told |= !strcmp(r->verdict.reason[k].code, "range");
    assert_true(told); /* that the merges do not determine the two */
    bmx_result_free(r);
    synth_trace_free(tr);
}

/* Of ten categories, 2 and 3 become mixtures of 1 and 6: two pairs that give way to each other, but
 * only the sum of all four is determined. */
static void kinds_are_told_together(void **state)
{
    static const mixing kinds = { { 1, 6 }, { 1, 2, 3, 6 }, 4,
                                  { { 10, 7, 3, 0 }, { 0, 3, 7, 10 } } };
    synth_opts so = { .n_cats = 10, .n_words = 800, .n_merges = 300, .sample_words = 80000,
                      .train_words = 80000, .burst = 0.1, .seed = 8 };
    bpemix_trace *tr = synth_trace(&so, NULL);
    bpemix_solve_opts o = { .merges_all = true };
    bpemix_result *r = NULL;
    bpemix_error err;

    (void)state;
    mix(tr, &kinds);
    CHECK_OK(bmx_solve(tr, &o, &r, &err));
    assert_int_equal(r->n_inseparable, 1);
    assert_int_equal(r->inseparable[0].n_members, 4);
    for (size_t k = 0; k < 4; k++) {
        bpemix_range one = r->share[kinds.kind[k]].range_outer_bytes;
        bpemix_range sum = r->inseparable[0].share.range_outer_bytes;

        assert_int_equal(r->inseparable[0].member[k], kinds.kind[k]);
        assert_true(sum.low > 0.1 && one.low < 0.01 && one.high - one.low > sum.high - sum.low);
    }
    bmx_result_free(r);
    synth_trace_free(tr);
}

static bool holds(bpemix_range outer, bpemix_range inner)
{
    return outer.low <= inner.low && outer.high >= inner.high;
}

static void check_groups(const bpemix_result *r)
{
    for (size_t g = 0; g < r->n_groups; g++)
        for (size_t k = 0; k < r->group[g].n_members; k++) {
            const bpemix_share *s = &r->share[r->group[g].member[k]], *sum = &r->group[g].share;

            assert_true(sum->range_outer_bytes.high >= s->range_outer_bytes.high);
            assert_true(sum->range_outer_pairs.high >= s->range_outer_pairs.high);
            assert_true(sum->range_outer_merges.high >= s->range_outer_merges.high);
        }
}

static bool is_in(double share, bpemix_range x)
{
    return share >= x.low - 1e-9 && share <= x.high + 1e-9;
}

/* Of ranges and sums of twins that are known to next to nothing, in all units: an outer range holds
 * the inner one and the estimate, by either program, a sum or a group may have as much as a member
 * may, and what is wider than ten points is not determined. */
static void sums_agree_with_their_members(void **state)
{
    static const mixing twins = { { 1, 2 }, { 1, 2 }, 2, { { 1, 1 }, { 0, 0 } } };
    size_t sums = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        synth_opts so = { .n_cats = 3, .n_words = 400, .n_merges = 40, .sample_words = 5000,
                          .train_words = 5000, .burst = 0.3, .seed = seed };
        bpemix_trace *tr = synth_trace(&so, NULL);
        bpemix_solve_opts o = { .merges_all = true, .groups = "cat1\ta\ncat0\tb\ncat2\tb\n",
                                .method = seed % 2 ? BPEMIX_METHOD_MONOTONE : BPEMIX_METHOD_LP };
        bpemix_result *r = NULL;
        bpemix_error err;

        mix(tr, &twins);
        CHECK_OK(bmx_solve(tr, &o, &r, &err));
        check_groups(r);
        for (size_t i = 0; i < r->n_cats; i++) {
            const bpemix_share *s = &r->share[i];
            bpemix_range x = s->range_outer_bytes;

            assert_true(s->identified == (x.high - x.low <= BMX_IDENTIFIED));
            assert_true(holds(s->range_outer_bytes, s->range_bytes));
            assert_true(holds(s->range_outer_pairs, s->range_pairs));
            assert_true(holds(s->range_outer_merges, s->range_merges));
        }
        for (size_t g = 0; g < r->n_inseparable; g++) {
            const bpemix_share *sum = &r->inseparable[g].share;

            assert_true(holds(sum->range_outer_bytes, sum->range_bytes));
            assert_true(is_in(sum->share_bytes, sum->range_bytes));
            assert_true(is_in(sum->share_pairs, sum->range_pairs));
            assert_true(is_in(sum->share_merges, sum->range_merges));
            for (size_t k = 0; k < r->inseparable[g].n_members; k++) {
                const bpemix_share *s = &r->share[r->inseparable[g].member[k]];

                assert_true(sum->range_bytes.high >= s->range_bytes.high);
                assert_true(sum->range_outer_bytes.high >= s->range_outer_bytes.high);
                assert_true(sum->range_outer_merges.high >= s->range_outer_merges.high);
                sums++;
            }
        }
        bmx_result_free(r);
        synth_trace_free(tr);
    }
    assert_true(sums > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twins_are_told_together),
        cmocka_unit_test(all_that_is_known_is_no_sum),
        cmocka_unit_test(kinds_are_told_together),
        cmocka_unit_test(sums_agree_with_their_members),
    };
    return cmocka_run_group_tests_name("inseparable", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows current shares violate, and how many; failures of the linear program solver. */
#include "test.h"

#include "naive_lp.h"
#include "solve/separate.h"
#include "synth.h"

static synth_opts small(uint32_t n_cats, uint64_t seed)
{
    return (synth_opts){ .n_cats = n_cats, .n_words = 400, .n_merges = 120, .sample_words = 20000,
                         .train_words = 40000, .burst = 0.3, .seed = seed };
}

static void range_minimum_agrees_with_a_loop(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        bmx_rng rng = { seed };
        bpemix_error err = { 0 };
        double v[70];
        size_t n = 1 + bmx_rng_below(&rng, 70);
        bmx_range_min r = { 0 };

        for (size_t i = 0; i < n; i++)
            v[i] = (double)bmx_rng_below(&rng, 9);
        CHECK_OK(bmx_range_min_init(&r, n, &err));
        bmx_range_min_set(&r, v);
        for (uint32_t lo = 0; lo < n; lo++)
            for (uint32_t hi = lo + 1; hi <= n; hi++) {
                uint32_t best = lo;
                for (uint32_t i = lo; i < hi; i++)
                    best = v[i] < v[best] ? i : best;
                assert_int_equal(bmx_range_min_find(&r, lo, hi), best);
            }
        bmx_range_min_release(&r);
    }
}

/* Worst rows and counts of states against counts looked up one by one. */
static void separation_agrees_with_every_row(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        bpemix_error err = { 0 };
        synth_opts o = small(3, seed);
        bpemix_trace *tr = synth_trace(&o, NULL);
        bmx_view view = { 0 };
        bmx_constraints c = { 0 };
        bmx_range_min r = { 0 };
        bmx_rng rng = { seed };
        double alpha[3], *w, *theta, *b;
        bmx_worst_row *worst;
        size_t k = 0;

        tr->merge[30].flags = BMX_MERGE_UNTRUE;
        CHECK_OK(bmx_view_init(tr, BMX_NONE, NULL, &view, &err));
        CHECK_OK(bmx_constraints_build(&view, 10, 60, true, &c, &err));
        assert_int_equal(c.n_steps + c.n_missing + c.n_excluded, 50);
        assert_int_equal(c.n_excluded, 1);
        CHECK_OK(bmx_range_min_init(&r, c.n_steps, &err));
        w = malloc(c.n_states * sizeof *w);
        worst = malloc(c.n_pairs * sizeof *worst);
        theta = malloc(c.n_steps * sizeof *theta);
        b = malloc(c.n_steps * sizeof *b);
        bmx_rng_simplex(&rng, alpha, 3);
        for (uint32_t t = 0; t < c.n_steps; t++)
            theta[t] = 500 * bmx_rng_unit(&rng);
        bmx_constraints_merge_counts(&c, alpha, b);
        for (uint32_t t = 0; t < c.n_steps; t++) {
            double want = 0;
            for (uint32_t i = 0; i < 3; i++)
                want += alpha[i] * naive_count(tr, tr->merge_pair[c.step[t]], c.step[t], i);
            assert_true(fabs(want - b[t]) <= 1e-9 * want);
        }
        bmx_range_min_set(&r, theta);
        bmx_constraints_state_counts(&c, alpha, w);
        bmx_separate(&c, &r, w, worst);
        for (uint32_t p = 0; p < tr->n_pairs; p++) {
            double best = -INFINITY;
            for (uint32_t t = 0; t < c.n_steps; t++) {
                double count = 0;
                for (uint32_t i = 0; i < 3; i++)
                    count += alpha[i] * naive_count(tr, p, c.step[t], i);
                if (count > 0 && count - theta[t] > best)
                    best = count - theta[t];
            }
            if (k < c.n_pairs && c.pair[k] == p) {
                assert_true(fabs(worst[k].excess - best) < 1e-6);
                k++;
            } else {
                assert_true(best == -INFINITY);
            }
        }
        assert_int_equal(k, c.n_pairs);
        free(w);
        free(worst);
        free(theta);
        free(b);
        bmx_range_min_release(&r);
        bmx_constraints_release(&c);
        bmx_view_release(&view);
        synth_trace_free(tr);
    }
}

/* ---- the linear program solver ---- */

static bpemix_status wrong_use(void *ctx, bpemix_error *err)
{
    bmx_lp *lp;
    bpemix_status st = bmx_lp_new(&lp, err);

    (void)ctx;
    if (!st)
        st = bmx_lp_add_row(lp, 0, 1, 1, (uint32_t[]){ 7 }, (double[]){ 1 }, err);
    bmx_lp_free(lp);
    return st;
}

static bpemix_status infeasible(void *ctx, bpemix_error *err)
{
    bmx_lp *lp;
    bool optimal;
    bpemix_status st = bmx_lp_new(&lp, err);

    (void)ctx;
    if (!st && !(st = bmx_lp_add_col(lp, 1, 0, INFINITY, err)) &&
        !(st = bmx_lp_add_row(lp, -INFINITY, -1, 1, (uint32_t[]){ 0 }, (double[]){ 1 }, err)))
        st = bmx_lp_solve(lp, 0, INFINITY, &optimal, err);
    bmx_lp_free(lp);
    return st;
}

/* max 3x + 2y, x + y <= 4, x + 3y <= 9, x <= 3 */
static bpemix_status textbook(void *ctx, bpemix_error *err)
{
    bmx_lp *lp;
    bool optimal = false;
    bpemix_status st = bmx_lp_new(&lp, err);

    (void)ctx;
    if (!st && !(st = bmx_lp_add_col(lp, -3, 0, 3, err)) &&
        !(st = bmx_lp_add_col(lp, -2, 0, INFINITY, err)) &&
        !(st = bmx_lp_add_row(lp, -INFINITY, 4, 2, (uint32_t[]){ 0, 1 }, (double[]){ 1, 1 },
                              err)) &&
        !(st = bmx_lp_add_row(lp, -INFINITY, 9, 2, (uint32_t[]){ 0, 1 }, (double[]){ 1, 3 }, err)))
        st = bmx_lp_solve(lp, 0, INFINITY, &optimal, err);
    if (!st && (!optimal || fabs(bmx_lp_value(lp, 0) - 3) > 1e-9 ||
                fabs(bmx_lp_value(lp, 1) - 1) > 1e-9 || fabs(bmx_lp_dual(lp, 0) + 2) > 1e-9 ||
                !isnan(bmx_lp_value(lp, 2)) || !isnan(bmx_lp_dual(lp, 2))))
        st = BPEMIX_E_BUG;
    bmx_lp_free(lp);
    return st;
}

static void solver_failures_are_errors(void **state)
{
    bpemix_error err = { 0 };

    (void)state;
    for (int i = 0; i < 3; i++) {
        CHECK_FAILS(bmx_lp_session(wrong_use, NULL, &err), BPEMIX_E_SOLVER, "solver failed");
        CHECK_FAILS(bmx_lp_session(infeasible, NULL, &err), BPEMIX_E_SOLVER, "not solved");
        CHECK_OK(bmx_lp_session(textbook, NULL, &err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(range_minimum_agrees_with_a_loop),
        cmocka_unit_test(separation_agrees_with_every_row),
        cmocka_unit_test(solver_failures_are_errors),
    };

    return cmocka_run_group_tests_name("separate", tests, NULL, NULL);
}

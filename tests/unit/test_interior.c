/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interior point method against the bundle method, and with many categories. */
#include "test.h"

#include "diagnose/answer.h"
#include "result/result.h"
#include "solve/interior.h"
#include "solve/lp.h"
#include "synth.h"

typedef struct pair {
    const bpemix_trace *tr;
    bool weighted, hold; /* hold the first category at 0 */
    bmx_view view;
    bmx_constraints c;
    bmx_monotone *m;
    bmx_cuts cuts;
    bmx_optimum first, bundle, interior;
} pair;

static bpemix_status open_pair(pair *p, bpemix_error *err)
{
    bpemix_status st = bmx_view_init(p->tr, BMX_NONE, NULL, &p->view, err);

    if (!st && !(st = bmx_constraints_build(&p->view, 0, p->tr->n_merges, false, &p->c, err)) &&
        !(st = bmx_optimum_init(&p->first, &p->c, err)) &&
        !(st = bmx_optimum_init(&p->bundle, &p->c, err)) &&
        !(st = bmx_optimum_init(&p->interior, &p->c, err)))
        st = bmx_monotone_new(&p->c, &p->m, err);
    if (!st)
        p->c.held[0] = p->hold;
    return st;
}

static bpemix_status solve_both(void *ctx, bpemix_error *err)
{
    pair *p = ctx;
    bmx_control ctl = { .gap = 1e-6, .deadline = INFINITY };
    bpemix_status st = open_pair(p, err);
    bmx_oracle oracle;

    if (st)
        return st;
    oracle = bmx_monotone_oracle(p->m);
    if (p->weighted && (st = bmx_bundle_solve(&p->c, &oracle, NULL, &ctl, NULL, &p->first, err)))
        return st;
    if (p->weighted && (st = bmx_monotone_weigh(p->m, &p->first, err)))
        return st;
    if ((st = bmx_bundle_solve(&p->c, &oracle, NULL, &ctl, NULL, &p->bundle, err)))
        return st;
    return bmx_interior_solve(p->m, &p->c, p->weighted ? p->first.alpha : NULL, &ctl, &p->cuts,
                              &p->interior, err);
}

static void close_pair(pair *p)
{
    bmx_monotone_free(p->m);
    bmx_cuts_release(&p->cuts);
    bmx_optimum_release(&p->first);
    bmx_optimum_release(&p->bundle);
    bmx_optimum_release(&p->interior);
    bmx_constraints_release(&p->c);
    bmx_view_release(&p->view);
}

/* What a mixture is rated at: never below the bound, nor below any cut. */
static void check_bounds(pair *p, bmx_rng *rng)
{
    size_t n = p->c.n_cats;
    double *alpha = calloc(2 * n, sizeof *alpha), *g = alpha + n, upper;
    bmx_oracle oracle = bmx_monotone_oracle(p->m);
    bpemix_error err = { 0 };

    for (int k = 0; k < 40; k++) {
        for (size_t i = 0; i < n; i++) {
            double share = exp(3 * bmx_rng_unit(rng));

            alpha[i] = p->c.held[i] ? 0 : k % 2 ? share : share * p->interior.alpha[i];
        }
        bmx_simplex_clip(alpha, n);
        CHECK_OK(oracle.eval(oracle.ctx, alpha, BMX_EXACTLY, g, &upper, &err));
        assert_true(p->interior.lower <= upper * (1 + 1e-12));
        for (size_t j = 0; j < p->cuts.n; j++) {
            double low = 0;

            for (size_t i = 0; i < n; i++)
                low += alpha[i] * p->cuts.g[j * n + i];
            if (!(low <= upper * (1 + 1e-9)))
                fail_msg("cut %zu is %g above f", j, low / upper - 1);
        }
    }
    free(alpha);
}

static void equals_the_bundle_method(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        bmx_rng rng = { seed };
        synth_opts o = { .n_cats = 2 + (uint32_t)bmx_rng_below(&rng, 12),
                         .n_words = 20 + (uint32_t)bmx_rng_below(&rng, 300),
                         .n_merges = 1 + (uint32_t)bmx_rng_below(&rng, 200),
                         .sample_words = 2000, .train_words = 30000, .burst = 0.5, .seed = seed };
        pair p = { .tr = synth_trace(&o, NULL), .weighted = seed & 1, .hold = seed % 5 == 0 };
        bpemix_error err = { 0 };
        double off;

        CHECK_OK(bmx_lp_session(solve_both, &p, &err));
        off = (p.interior.upper - p.bundle.upper) / fmax(p.bundle.upper, 1e-3);
        if (!(fabs(off) < 2e-6) || bmx_optimum_gap(&p.interior, &p.c) > 1e-6)
            fail_msg("seed %d: objective off by %g, gap %g", (int)seed, off,
                     bmx_optimum_gap(&p.interior, &p.c));
        assert_true(!p.hold || p.interior.alpha[0] == 0);
        check_bounds(&p, &rng);
        close_pair(&p);
        synth_trace_free((bpemix_trace *)p.tr);
    }
}

/* Ranges would take hours, and there are none. */
static void a_thousand_categories(void **state)
{
    synth_opts o = { .n_cats = 1000, .n_words = 150, .n_merges = 300, .sample_words = 2000,
                     .train_words = 2000000, .burst = 0.5, .seed = 3 };
    bpemix_trace *tr = synth_trace(&o, NULL);
    bpemix_error err = { 0 };
    bpemix_result *r;
    double sum = 0;

    (void)state;
    CHECK_OK(bmx_solve(tr, &(bpemix_solve_opts){ .merges_all = true }, &r, &err));
    assert_int_equal(r->main.status, BMX_SOLVER_OPTIMAL);
    assert_true(r->main.gap <= 1e-4 && r->main.lower_bound <= r->main.objective);
    for (size_t i = 0; i < r->n_cats; i++)
        sum += r->share[i].share_pairs;
    assert_true(fabs(sum - 1) < 1e-9);
    assert_true(isnan(r->share[0].range_bytes.low));
    assert_int_equal(r->n_warnings, 1);
    assert_non_null(strstr(r->warning[0], "ranges were not computed"));
    bpemix_result_free(r);
    synth_trace_free(tr);
}

static void survives_lack_of_memory(void **state)
{
    synth_opts o = { .n_cats = 6, .n_words = 60, .n_merges = 40, .sample_words = 1000,
                     .train_words = 9000, .burst = 0.5, .seed = 2 };
    bpemix_trace *tr = synth_trace(&o, NULL);
    pair p = { .tr = tr };

    (void)state;
    SURVIVES(30, bmx_lp_session(solve_both, &p, NULL), {
        close_pair(&p);
        p = (pair){ .tr = tr };
    });
    synth_trace_free(tr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_the_bundle_method),
        cmocka_unit_test(a_thousand_categories),
        cmocka_unit_test(survives_lack_of_memory),
    };

    return cmocka_run_group_tests_name("interior", tests, NULL, NULL);
}

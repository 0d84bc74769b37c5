/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The solvers against the linear program written out in full, and against a
 * grid over the simplex with the inner program written out. */
#include "test.h"

#include "naive_lp.h"
#include "solve/auction.h"
#include "solve/monotone.h"
#include "result/result.h"
#include "diagnose/answer.h"
#include "synth.h"

static const bpemix_method methods[] = { BPEMIX_METHOD_LP, BPEMIX_METHOD_MONOTONE };

static synth_opts tiny(uint64_t seed)
{
    bmx_rng r = { seed };
    return (synth_opts){ .n_cats = 2 + (uint32_t)bmx_rng_below(&r, 3),
                         .n_words = 5 + (uint32_t)bmx_rng_below(&r, 12),
                         .n_merges = 3 + (uint32_t)bmx_rng_below(&r, 18),
                         .sample_words = 60 + bmx_rng_below(&r, 300),
                         .train_words = 60 + bmx_rng_below(&r, 300),
                         .burst = 0.5, .seed = seed };
}

static void equals_written_out_program(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++)
        for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
            bpemix_error err = { 0 };
            synth_opts o = tiny(seed);
            bpemix_trace *tr = synth_trace(&o, NULL);
            naive x = { .tr = tr, .from = (uint32_t)(seed % 3), .to = tr->n_merges,
                        .monotone = methods[m] == BPEMIX_METHOD_MONOTONE,
                        .relative = seed / 3 % 2 == 0 };
            bpemix_solve_opts so = { .merge_from = x.from, .merge_to = x.to, .gap = 1e-9,
                                     .method = methods[m], .weights = BPEMIX_WEIGHTS_NONE,
                                     .scale = x.relative ? BPEMIX_SCALE_MERGES
                                                         : BPEMIX_SCALE_PAIRS };
            bpemix_result *r;

            if (seed % 4 == 0) /* a pair that stops competing, and a merge that is excluded */
                for (uint32_t p = 0; p < tr->n_pairs; p += 3)
                    if (tr->pair[p].merged_at == BMX_NONE)
                        tr->pair[p].end = x.to / 2;
            if (seed % 5 == 0)
                tr->merge[x.to / 2].flags = BMX_MERGE_MANUAL;
            CHECK_OK(bmx_lp_session(naive_run, &x, &err));
            CHECK_OK(bmx_solve(tr, &so, &r, &err));
            if (fabs(r->main.objective - x.objective) > 1e-8 + 1e-7 * x.objective)
                fail_msg("seed %d method %d: %.12g (gap %.1e), written out %.12g", (int)seed,
                         (int)methods[m], r->main.objective, r->main.gap, x.objective);
            assert_true(r->main.lower_bound <= x.objective + 1e-8);
            assert_true(r->main.gap <= 1e-6);
            bpemix_result_free(r);
            synth_trace_free(tr);
        }
}

typedef struct matched {
    const bpemix_trace *tr;
    const double *step, *pair; /* weights [n_merges], [n_pairs]; NULL: 1 */
    bmx_optimum o, rowgen;
} matched;

/* The weights of the constraints' own steps and pairs. */
static bmx_slack_weights compact(const matched *m, const bmx_constraints *c)
{
    double *step = malloc(c->n_steps * sizeof *step), *pair = malloc(c->n_pairs * sizeof *pair);

    for (uint32_t k = 0; k < c->n_steps; k++)
        step[k] = naive_weight(m->step, c->step[k]);
    for (size_t k = 0; k < c->n_pairs; k++)
        pair[k] = naive_weight(m->pair, c->pair[k]);
    return (bmx_slack_weights){ .step = step, .pair = pair };
}

static bpemix_status solve_matched(void *ctx, bpemix_error *err)
{
    matched *m = ctx;
    bmx_view view = { 0 };
    bmx_constraints c = { 0 };
    bmx_auction *a = NULL;
    bmx_control ctl = { .gap = 1e-9, .deadline = INFINITY };
    bmx_slack_weights w = { 0 };
    bpemix_status st;

    if (!(st = bmx_view_init(m->tr, BMX_NONE, NULL, &view, err)) &&
        !(st = bmx_constraints_build(&view, 0, m->tr->n_merges, true, &c, err)) &&
        !(st = bmx_optimum_init(&m->o, &c, err)) && !(st = bmx_optimum_init(&m->rowgen, &c, err)) &&
        !(st = bmx_auction_new(&c, &a, err))) {
        bmx_oracle oracle = bmx_auction_oracle(a);
        if (m->step) {
            w = compact(m, &c);
            bmx_auction_weigh(a, &w);
        }
        if (!(st = bmx_bundle_solve(&c, &oracle, NULL, &ctl, NULL, &m->o, err)))
            st = bmx_rowgen_solve(&c, &w, &ctl, &m->rowgen, err);
    }
    free((void *)w.step);
    free((void *)w.pair);
    bmx_auction_free(a);
    bmx_constraints_release(&c);
    bmx_view_release(&view);
    return st;
}

/* Weights from 1/4 to 4; or of two kinds, so that much fits exactly. */
static void draw_weights(bmx_rng *rng, double *w, size_t n)
{
    bool two = bmx_rng_below(rng, 3) == 0;

    for (size_t i = 0; i < n; i++)
        w[i] = two ? 1 + (double)bmx_rng_below(rng, 2) : pow(4, 2 * bmx_rng_unit(rng) - 1);
}

/* Matching by auction under the bundle method, on small programs too; in every
 * other one with weights. */
static void matching_equals_written_out_program(void **state)
{
    (void)state;
    for (uint64_t seed = 301; seed <= 400; seed++) {
        bpemix_error err = { 0 };
        synth_opts o = tiny(seed);
        bpemix_trace *tr = synth_trace(&o, NULL);
        double *step = malloc(tr->n_merges * sizeof *step);
        double *pair = malloc(tr->n_pairs * sizeof *pair);
        naive x = { .tr = tr, .to = tr->n_merges };
        matched m = { .tr = tr };

        if (seed % 2) {
            bmx_rng rng = { seed };
            draw_weights(&rng, step, tr->n_merges);
            draw_weights(&rng, pair, tr->n_pairs);
            x.step_weight = m.step = step;
            x.pair_weight = m.pair = pair;
        }
        CHECK_OK(bmx_lp_session(naive_run, &x, &err));
        CHECK_OK(bmx_lp_session(solve_matched, &m, &err));
        if (fabs(m.o.upper * 1e-6 - x.objective) > 1e-8 + 1e-7 * x.objective ||
            m.o.lower * 1e-6 > x.objective + 1e-8)
            fail_msg("seed %d: %.12g to %.12g, written out %.12g", (int)seed, m.o.lower * 1e-6,
                     m.o.upper * 1e-6, x.objective);
        bmx_optimum_release(&m.o);
        bmx_optimum_release(&m.rowgen);
        free(step);
        free(pair);
        synth_trace_free(tr);
    }
}

/* Larger: the two solvers bracket the same optimum. */
static void matching_agrees_with_row_generation(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        bpemix_error err = { 0 };
        synth_opts o = { .n_cats = 2 + 2 * (uint32_t)(seed % 4), .n_words = 1000, .n_merges = 250,
                         .sample_words = 40000, .train_words = 100000, .burst = 0.4,
                         .seed = seed };
        bpemix_trace *tr = synth_trace(&o, NULL);
        double *step = malloc(tr->n_merges * sizeof *step);
        double *pair = malloc(tr->n_pairs * sizeof *pair);
        matched m = { .tr = tr };
        bmx_rng rng = { seed };

        draw_weights(&rng, step, tr->n_merges);
        draw_weights(&rng, pair, tr->n_pairs);
        if (seed > 3) {
            m.step = step;
            m.pair = pair;
        }
        CHECK_OK(bmx_lp_session(solve_matched, &m, &err));
        assert_true(m.o.upper - m.o.lower <= 1e-7 * m.o.upper);
        assert_true(m.rowgen.upper - m.rowgen.lower <= 1e-7 * m.rowgen.upper);
        assert_true(m.o.lower <= m.rowgen.upper * (1 + 1e-12));
        assert_true(m.rowgen.lower <= m.o.upper * (1 + 1e-12));
        for (uint32_t i = 0; i < o.n_cats; i++)
            assert_true(fabs(m.o.alpha[i] - m.rowgen.alpha[i]) < 1e-3);
        bmx_optimum_release(&m.o);
        bmx_optimum_release(&m.rowgen);
        free(step);
        free(pair);
        synth_trace_free(tr);
    }
}

static void matching_survives_lack_of_memory(void **state)
{
    synth_opts o = tiny(310);
    bpemix_trace *tr = synth_trace(&o, NULL);
    double *step = malloc(tr->n_merges * sizeof *step), *pair = malloc(tr->n_pairs * sizeof *pair);
    bmx_rng rng = { 310 };

    (void)state;
    draw_weights(&rng, step, tr->n_merges);
    draw_weights(&rng, pair, tr->n_pairs);
    for (int weighted = 0; weighted < 2; weighted++) {
        matched m = { .tr = tr, .step = weighted ? step : NULL, .pair = weighted ? pair : NULL };

        SURVIVES(30, bmx_lp_session(solve_matched, &m, NULL), {
            bmx_optimum_release(&m.o);
            bmx_optimum_release(&m.rowgen);
        });
    }
    free(step);
    free(pair);
    synth_trace_free(tr);
}

/* A call that is cut off at once, in between others, gives a cut that holds
 * everywhere and a value from above. */
static void bounds_hold_when_cut_off(void **state)
{
    enum { POINTS = 12 };

    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        bpemix_error err = { 0 };
        synth_opts o = { .n_cats = 3, .n_words = 500, .n_merges = 150, .sample_words = 20000,
                         .train_words = 50000, .burst = 0.4, .seed = seed };
        bpemix_trace *tr = synth_trace(&o, NULL);
        double *step = malloc(tr->n_merges * sizeof *step);
        double *pair = malloc(tr->n_pairs * sizeof *pair);
        double alpha[POINTS][3], value[POINTS], g[3], upper;
        matched m = { .tr = tr };
        bmx_view view = { 0 };
        bmx_constraints c = { 0 };
        bmx_auction *whole, *cut;
        bmx_oracle x, y;
        bmx_slack_weights w;
        bmx_rng rng = { seed };

        draw_weights(&rng, step, tr->n_merges);
        draw_weights(&rng, pair, tr->n_pairs);
        if (seed % 2) {
            m.step = step;
            m.pair = pair;
        }
        CHECK_OK(bmx_view_init(tr, BMX_NONE, NULL, &view, &err));
        CHECK_OK(bmx_constraints_build(&view, 0, tr->n_merges, true, &c, &err));
        w = compact(&m, &c);
        CHECK_OK(bmx_auction_new(&c, &whole, &err));
        CHECK_OK(bmx_auction_new(&c, &cut, &err));
        bmx_auction_weigh(whole, &w);
        bmx_auction_weigh(cut, &w);
        x = bmx_auction_oracle(whole);
        y = bmx_auction_oracle(cut);
        for (int k = 0; k < POINTS; k++) {
            const bmx_oracle_goal fine = { 1e-9, INFINITY, INFINITY };

            bmx_rng_simplex(&rng, alpha[k], 3);
            CHECK_OK(x.eval(x.ctx, alpha[k], &fine, g, &value[k], &err));
        }
        for (int k = 0; k < POINTS; k++) {
            bmx_oracle_goal coarse = { 1e-4, INFINITY, k % 3 == 2 ? INFINITY : bmx_clock() };
            CHECK_OK(y.eval(y.ctx, alpha[k], &coarse, g, &upper, &err));
            assert_true(upper >= value[k] * (1 - 1e-8));
            for (int j = 0; j < POINTS; j++) {
                double low = 0;
                for (int i = 0; i < 3; i++)
                    low += g[i] * alpha[j][i];
                if (!(low <= value[j] * (1 + 1e-12)))
                    fail_msg(
                        "seed %d: the cut of point %d is %.12g at point %d, whose value is %.12g",
                        (int)seed, k, low, j, value[j]);
            }
        }
        free((void *)w.step);
        free((void *)w.pair);
        bmx_auction_free(whole);
        bmx_auction_free(cut);
        bmx_constraints_release(&c);
        bmx_view_release(&view);
        free(step);
        free(pair);
        synth_trace_free(tr);
    }
}

/* No point of a grid is better, and the best grid point is near. */
static void no_grid_point_is_better(void **state)
{
    (void)state;
    for (uint64_t seed = 101; seed <= 106; seed++)
        for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
            bpemix_error err = { 0 };
            synth_opts o = tiny(seed);
            bpemix_trace *tr;
            bpemix_result *r;
            double best = INFINITY, alpha[3];
            int steps = 12;

            o.n_cats = 2 + seed % 2;
            tr = synth_trace(&o, NULL);
            CHECK_OK(bmx_solve(tr, &(bpemix_solve_opts){ .method = methods[m],
                                                            .weights = BPEMIX_WEIGHTS_NONE,
                                                            .merges_all = true }, &r, &err));
            for (int i = 0; i <= steps; i++)
                for (int j = 0; j <= (o.n_cats == 3 ? steps - i : 0); j++) {
                    naive x = { .tr = tr, .to = tr->n_merges, .fixed = alpha,
                                .monotone = methods[m] == BPEMIX_METHOD_MONOTONE };
                    alpha[0] = (double)i / steps;
                    alpha[1] = o.n_cats == 3 ? (double)j / steps : 1 - alpha[0];
                    alpha[2] = 1 - alpha[0] - alpha[1];
                    CHECK_OK(bmx_lp_session(naive_run, &x, &err));
                    best = x.objective < best ? x.objective : best;
                    assert_true(r->main.lower_bound <= x.objective + 1e-9);
                }
            assert_true(r->main.objective <= best + 1e-9);
            assert_true(best - r->main.objective <= 0.25 * best + 0.05);
            bpemix_result_free(r);
            synth_trace_free(tr);
        }
}

typedef struct weighted {
    const bpemix_trace *tr;
    bmx_view view;
    bmx_constraints c;
    bmx_optimum first, second;
} weighted;

static bpemix_status solve_weighted(void *ctx, bpemix_error *err)
{
    weighted *w = ctx;
    bmx_monotone *m = NULL;
    bmx_control ctl = { .gap = 1e-9, .deadline = INFINITY };
    bpemix_status st;

    if (!(st = bmx_view_init(w->tr, BMX_NONE, NULL, &w->view, err)) &&
        !(st = bmx_constraints_build(&w->view, 0, w->tr->n_merges, false, &w->c, err)) &&
        !(st = bmx_optimum_init(&w->first, &w->c, err)) &&
        !(st = bmx_optimum_init(&w->second, &w->c, err)) &&
        !(st = bmx_monotone_new(&w->c, &m, err))) {
        bmx_oracle oracle = bmx_monotone_oracle(m);
        if (!(st = bmx_bundle_solve(&w->c, &oracle, NULL, &ctl, NULL, &w->first, err)) &&
            !(st = bmx_monotone_weigh(m, &w->first, err)))
            st = bmx_bundle_solve(&w->c, &oracle, w->first.alpha, &ctl, NULL, &w->second, err);
    }
    bmx_monotone_free(m);
    return st;
}

/* The second solution with the weights written out from their definition. */
static void weighted_equals_written_out_program(void **state)
{
    (void)state;
    for (uint64_t seed = 201; seed <= 230; seed++) {
        bpemix_error err = { 0 };
        synth_opts o = tiny(seed);
        bpemix_trace *tr = synth_trace(&o, NULL);
        weighted w = { .tr = tr };
        double *step = calloc(tr->n_merges, sizeof *step), sum = 0;
        double *pair = calloc(tr->n_pairs, sizeof *pair), last;
        naive x = { .tr = tr, .to = tr->n_merges, .monotone = true, .step_weight = step,
                    .pair_weight = pair };

        CHECK_OK(bmx_lp_session(solve_weighted, &w, &err));
        for (uint32_t k = 0; k < w.c.n_steps; k++) {
            double b = 0;
            for (uint32_t i = 0; i < tr->n_cats; i++)
                b += w.first.alpha[i] *
                     naive_count(tr, tr->merge_pair[w.c.step[k]], w.c.step[k], i);
            sum += step[w.c.step[k]] = pow(fmax(b, w.first.theta[k]), -0.25);
        }
        sum /= w.c.n_steps;
        last = w.first.theta[w.c.n_steps - 1];
        for (uint32_t t = 0; t < tr->n_merges; t++)
            step[t] /= sum;
        for (uint32_t p = 0; p < tr->n_pairs; p++) {
            double b = 0;
            for (uint32_t i = 0; i < tr->n_cats; i++)
                b += w.first.alpha[i] * naive_count(tr, p, w.c.step[w.c.n_steps - 1], i);
            pair[p] = pow(fmax(b, last), -0.25) / sum;
        }
        CHECK_OK(bmx_lp_session(naive_run, &x, &err));
        if (fabs(w.second.upper * 1e-6 - x.objective) > 1e-8 + 1e-7 * x.objective)
            fail_msg("seed %d: %.12g, written out %.12g", (int)seed, w.second.upper * 1e-6,
                     x.objective);
        bmx_optimum_release(&w.first);
        bmx_optimum_release(&w.second);
        bmx_constraints_release(&w.c);
        bmx_view_release(&w.view);
        free(step);
        free(pair);
        synth_trace_free(tr);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_written_out_program),
        cmocka_unit_test(matching_equals_written_out_program),
        cmocka_unit_test(matching_agrees_with_row_generation),
        cmocka_unit_test(matching_survives_lack_of_memory),
        cmocka_unit_test(bounds_hold_when_cut_off),
        cmocka_unit_test(weighted_equals_written_out_program),
        cmocka_unit_test(no_grid_point_is_better),
    };
    return cmocka_run_group_tests_name("lp", tests, NULL, NULL);
}

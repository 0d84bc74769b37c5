/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_explain.c - multipliers of the optimum against their identity, counts against a recount, and
 * solutions without some rows. */
#include "bpemix.h"
#include "diagnose/answer.h"
#include "diagnose/certificate.h"
#include "diagnose/explain.h"
#include "solve/estimate.h"
#include "solve/lp.h"
#include "solve/monotone.h"
#include "synth.h"
#include "test.h"

static bpemix_trace *small(uint64_t seed)
{
    synth_opts o = { .n_cats = 3, .n_words = 60, .n_merges = 40, .sample_words = 3000,
                     .train_words = 5000, .burst = 0.5, .seed = seed };
    return synth_trace(&o, NULL);
}

/* Count of a pair at a step in a sample, per million pairs. */
static double naive(const bpemix_trace *tr, uint32_t pair, uint32_t step, uint32_t cat)
{
    int64_t sum = 0;

    for (uint64_t e = tr->first[pair]; e < tr->first[pair + 1]; e++)
        if (tr->event[e].step <= step && tr->event[e].cat == cat)
            sum += tr->event[e].delta;
    return 1e6 * (double)sum / (double)tr->cat[cat].pairs;
}

static bpemix_solve_opts plain(void)
{
    return (bpemix_solve_opts){ .size = sizeof(bpemix_solve_opts), .method = BPEMIX_METHOD_MONOTONE,
                                .weights = BPEMIX_WEIGHTS_NONE, .scale = BPEMIX_SCALE_PAIRS,
                                .merges_all = true, .gap = 1e-9 };
}

/* The rows that bind at the estimate, with their multipliers. */
typedef struct optimum {
    const bpemix_trace *trace;
    const bpemix_solve_opts *opts;
    bmx_row_weight *row; /* row[n] */
    size_t n;
    double share[3], objective;
} optimum;

static bpemix_status solve_optimum(void *ctx, bpemix_error *out)
{
    optimum *x = ctx;
    bpemix_error err;
    bmx_control ctl = { .gap = x->opts->gap, .deadline = INFINITY };
    bmx_view view;
    bmx_plan plan;
    bmx_estimate e;
    double g[3], value;

    (void)out;
    CHECK_OK(bmx_view_init(x->trace, BMX_NONE, NULL, &view, &err));
    CHECK_OK(bmx_plan_make(&view, x->opts, &plan, &err));
    CHECK_OK(bmx_estimate_make(&view, &plan, NULL, &ctl, &e, &err));
    CHECK_OK(bmx_monotone_multipliers(e.opened, e.best.o.alpha, &x->row, &x->n, g, &value, &err));
    memcpy(x->share, e.best.o.alpha, sizeof x->share);
    x->objective = 1e-6 * e.best.o.upper;
    bmx_estimate_release(&e);
    bmx_view_release(&view);
    return BPEMIX_OK;
}

static optimum optimum_of(const bpemix_trace *tr, const bpemix_solve_opts *o)
{
    optimum x = { .trace = tr, .opts = o };
    bpemix_error err;

    CHECK_OK(bmx_lp_session(solve_optimum, &x, &err));
    return x;
}

/* sum y x . alpha over the rows is the objective, and no mixture has less slack than that sum says;
 * multipliers are between -1 and 1, those of pairs never merged not below 0. */
static void the_multipliers_add_up(void **state)
{
    bmx_rng rng = { 5 };

    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        bpemix_trace *tr = small(seed);
        bpemix_solve_opts o = plain();
        optimum r = optimum_of(tr, &o);
        bpemix_error err;
        bmx_view view;
        bmx_constraints c;
        bmx_monotone *m;
        bmx_oracle oracle;
        double g[3] = { 0 }, at = 0, other[3], cut[3], upper;

        assert_true(r.n > 0);
        for (size_t k = 0; k < r.n; k++) {
            const bmx_row_weight *row = &r.row[k];
            bool merge = row->pair == BMX_NONE;
            uint32_t p = merge ? tr->merge_pair[row->step] : row->pair;

            assert_true(row->w == 1);
            assert_true(row->y != 0 && row->y <= 1 + 1e-12 && row->y >= (merge ? -1 - 1e-12 : 0));
            assert_true(merge || tr->pair[p].merged_at >= tr->n_merges);
            for (uint32_t i = 0; i < 3; i++)
                g[i] += row->y * naive(tr, p, row->step, i);
        }
        for (uint32_t i = 0; i < 3; i++)
            at += g[i] * r.share[i];
        assert_true(fabs(1e-6 * at - r.objective) < 1e-7 * r.objective);
        CHECK_OK(bmx_view_init(tr, BMX_NONE, NULL, &view, &err));
        CHECK_OK(bmx_constraints_build(&view, 0, tr->n_merges, false, &c, &err));
        CHECK_OK(bmx_monotone_new(&c, &m, &err));
        oracle = bmx_monotone_oracle(m);
        for (int k = 0; k < 100; k++) {
            double sum = 0;

            bmx_rng_simplex(&rng, other, 3);
            CHECK_OK(oracle.eval(oracle.ctx, other, BMX_EXACTLY, cut, &upper, &err));
            for (uint32_t i = 0; i < 3; i++)
                sum += g[i] * other[i];
            assert_true(sum <= upper * (1 + 1e-9));
        }
        bmx_monotone_free(m);
        bmx_constraints_release(&c);
        bmx_view_release(&view);
        bmx_free(r.row);
        synth_trace_free(tr);
    }
}

/* ---- certificates ---- */

enum { CALLS = 400, ROWS = 4000 };

/* An oracle that keeps the points it was asked at. */
typedef struct record {
    const bmx_constraints *c;
    bmx_oracle inner;
    double point[CALLS][3];
    size_t n;
    bmx_row_weight mean[ROWS]; /* multipliers of the points, by those of the cuts */
    size_t n_rows;
    double upper, lower;
} record;

static bpemix_status ask(void *ctx, const double *alpha, const bmx_oracle_goal *goal, double *g,
                         double *upper, bpemix_error *err)
{
    record *x = ctx;

    assert_true(x->n < CALLS);
    memcpy(x->point[x->n++], alpha, sizeof x->point[0]);
    return x->inner.eval(x->inner.ctx, alpha, goal, g, upper, err);
}

static void note(void *ctx, bmx_optimum *out)
{
    record *x = ctx;

    x->inner.keep(x->inner.ctx, out);
}

static void add_mean(record *x, const bmx_row_weight *row, size_t n, double weight)
{
    for (size_t k = 0; k < n; k++) {
        size_t at = 0;

        while (at < x->n_rows &&
               (x->mean[at].step != row[k].step || x->mean[at].pair != row[k].pair))
            at++;
        assert_true(at < ROWS);
        if (at == x->n_rows)
            x->mean[x->n_rows++] = (bmx_row_weight){ row[k].step, row[k].pair, 0, row[k].w };
        x->mean[at].y += weight * row[k].y;
    }
}

static bpemix_status certify(void *ctx, bpemix_error *err)
{
    record *x = ctx;
    bmx_control ctl = { .gap = 1e-9, .deadline = INFINITY };
    bmx_oracle oracle = { .ctx = x, .exact = true, .eval = ask, .keep = note };
    bmx_monotone *m = NULL;
    bmx_cuts cuts = { 0 };
    bmx_optimum o = { 0 };
    double sum = 0;
    bpemix_status st = bmx_monotone_new(x->c, &m, err);

    if (st)
        return st;
    x->inner = bmx_monotone_oracle(m);
    if (!(st = bmx_optimum_init(&o, x->c, err)))
        st = bmx_bundle_solve(x->c, &oracle, NULL, &ctl, &cuts, &o, err);
    x->upper = o.upper;
    x->lower = o.lower;
    for (size_t j = 0; j < cuts.n && !st; j++)
        sum += cuts.weight[j];
    for (size_t j = 0; j < cuts.n && !st; j++) {
        bmx_row_weight *row = NULL;
        size_t n;
        double g[3], value;

        if (cuts.weight[j] > 0 &&
            !(st = bmx_monotone_multipliers(m, x->point[j], &row, &n, g, &value, err)))
            add_mean(x, row, n, cuts.weight[j] / sum);
        bmx_free(row);
    }
    bmx_cuts_release(&cuts);
    bmx_optimum_release(&o);
    bmx_monotone_free(m);
    return st;
}

/* The mean of the multipliers proves the lower bound; what is no certificate proves nothing, and
 * what another one proves is below the least slack. */
static void a_certificate_needs_no_solver(void **state)
{
    static record x;

    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        bpemix_trace *tr = small(seed);
        bmx_view view;
        bmx_constraints c;
        bpemix_error err;
        bmx_rng rng = { seed };
        double bound;

        CHECK_OK(bmx_view_init(tr, BMX_NONE, NULL, &view, &err));
        CHECK_OK(bmx_constraints_build(&view, 0, tr->n_merges, false, &c, &err));
        x = (record){ .c = &c };
        CHECK_OK(bmx_lp_session(certify, &x, &err));
        bound = bmx_certificate_bound(&c, x.mean, x.n_rows);
        if (!(bound <= x.upper * (1 + 1e-9) && bound >= x.upper * (1 - 1e-6)))
            fail_msg("seed %d: %.9g proven, %.9g .. %.9g found", (int)seed, bound, x.lower,
                     x.upper);
        assert_true(bmx_certificate_bound(&c, NULL, 0) == 0);
        for (int k = 0; k < 300; k++) {
            size_t at = bmx_rng_below(&rng, x.n_rows);
            bmx_row_weight was = x.mean[at];

            x.mean[at].y += k % 3 == 0 ? 1e-3 : k % 3 == 1 ? -1e-3 : 3;
            bound = bmx_certificate_bound(&c, x.mean, x.n_rows);
            assert_true(bound <= x.upper * (1 + 1e-9) && (k % 3 != 2 || bound == -INFINITY));
            x.mean[at] = was;
        }
        x.mean[0].step = tr->n_merges;
        assert_true(bmx_certificate_bound(&c, x.mean, x.n_rows) == -INFINITY);
        x.mean[0] = x.mean[1]; /* twice */
        assert_true(bmx_certificate_bound(&c, x.mean, x.n_rows) == -INFINITY);
        /* a pair that is merged */
        x.mean[0] = (bmx_row_weight){ c.step[0], tr->merge_pair[c.step[0]], 0.5, 1 };
        assert_true(bmx_certificate_bound(&c, x.mean, x.n_rows) == -INFINITY);
        bmx_mem_fail_at(1);
        assert_true(isnan(bmx_certificate_bound(&c, x.mean + 2, 1)));
        bmx_mem_fail_at(0);
        bmx_constraints_release(&c);
        bmx_view_release(&view);
        synth_trace_free(tr);
    }
}

typedef struct rows_job {
    const bmx_view *view;
    const bmx_plan *plan;
    double before[3], same[3], other[3], restored[3];
    size_t n_idle, n_binding;
    bool gone; /* a row left out has no multiplier */
} rows_job;

static bpemix_status solve_again(bmx_estimate *e, const bmx_plan *plan, const bmx_row_weight *out,
                                 size_t n, double *share, bpemix_error *err)
{
    bmx_control ctl = { .gap = plan->gap, .deadline = INFINITY };
    bmx_estimate_solution part;
    bpemix_status st = bmx_monotone_leave_out(e->opened, out, n, err);

    if (st || (st = bmx_estimate_again(e, plan, NULL, &ctl, &part, err)))
        return st;
    memcpy(share, part.o.alpha, 3 * sizeof *share);
    bmx_optimum_release(&part.o);
    return BPEMIX_OK;
}

/* Pairs never merged, at the last step, whose count is clearly below theta: nothing rests on
 * them. */
static size_t find_idle(const bpemix_trace *tr, const bmx_estimate *e, bmx_row_weight *idle,
                        size_t most)
{
    uint32_t s = e->c.n_steps - 1;
    size_t n = 0;

    for (uint32_t p = 0; p < tr->n_pairs && n < most; p++) {
        double w = 0;

        for (uint32_t i = 0; i < 3 && tr->pair[p].merged_at >= tr->n_merges; i++)
            w += naive(tr, p, tr->n_merges - 1, i) * e->best.o.alpha[i];
        if (w > 0 && w < 0.9 * e->best.o.theta[s])
            idle[n++] = (bmx_row_weight){ .step = e->c.step[s], .pair = p };
    }
    return n;
}

static bpemix_status leave_rows_out(void *ctx, bpemix_error *err)
{
    rows_job *j = ctx;
    bmx_control ctl = { .gap = j->plan->gap, .deadline = INFINITY };
    bmx_row_weight idle[64], *row = NULL, *left = NULL;
    size_t n = 0, n_left = 0;
    double g[3], value;
    bmx_estimate e;
    bpemix_status st = bmx_estimate_make(j->view, j->plan, NULL, &ctl, &e, err);

    if (st)
        return st;
    memcpy(j->before, e.best.o.alpha, sizeof j->before);
    j->n_idle = find_idle(j->view->trace, &e, idle, 64);
    if (!(st = bmx_monotone_multipliers(e.opened, j->before, &row, &n, g, &value, err)) &&
        !(st = solve_again(&e, j->plan, idle, j->n_idle, j->same, err)) &&
        !(st = solve_again(&e, j->plan, row, n / 2, j->other, err)) &&
        !(st = bmx_monotone_multipliers(e.opened, j->before, &left, &n_left, g, &value, err)))
        st = solve_again(&e, j->plan, NULL, 0, j->restored, err);
    j->n_binding = n;
    j->gone = true;
    for (size_t k = 0; k < n / 2; k++)
        for (size_t i = 0; i < n_left; i++)
            j->gone &= row[k].step != left[i].step || row[k].pair != left[i].pair;
    bmx_free(row);
    bmx_free(left);
    bmx_estimate_release(&e);
    return st;
}

static void rows_left_out(void **state)
{
    bpemix_trace *tr = small(2);
    bpemix_solve_opts o = plain();
    bmx_view view;
    bmx_plan plan;
    bpemix_error err;
    double moved = 0;
    rows_job j = { .view = &view, .plan = &plan };

    (void)state;
    CHECK_OK(bmx_view_init(tr, BMX_NONE, NULL, &view, &err));
    CHECK_OK(bmx_plan_make(&view, &o, &plan, &err));
    CHECK_OK(bmx_lp_session(leave_rows_out, &j, &err));
    assert_true(j.n_idle > 0 && j.n_binding > 1 && j.gone);
    for (int i = 0; i < 3; i++) {
        assert_true(fabs(j.same[i] - j.before[i]) < 1e-6);
        assert_true(fabs(j.restored[i] - j.before[i]) < 1e-6);
        moved = fmax(moved, fabs(j.other[i] - j.before[i]));
    }
    assert_true(moved > 1e-3);
    bmx_view_release(&view);
    synth_trace_free(tr);
}

typedef struct without_job {
    const bmx_view *view;
    const bmx_plan *plan;
    bmx_row_weight *row; /* row[n] */
    size_t n;
    double share[3];
} without_job;

static bpemix_status solve_without(void *ctx, bpemix_error *err)
{
    without_job *j = ctx;
    bmx_control ctl = { .gap = j->plan->gap, .deadline = INFINITY };
    bmx_estimate e;
    bpemix_status st = bmx_estimate_make(j->view, j->plan, NULL, &ctl, &e, err);

    if (st)
        return st;
    st = solve_again(&e, j->plan, j->row, j->n, j->share, err);
    bmx_estimate_release(&e);
    return st;
}

/* What explain hands over, against counts and conditions as bpemix-json(5) has them: the bound by
 * hand, for all weights and scales, categories in another order, and merges behind others. */
static double bound_by_hand(const bpemix_trace *tr, const bmx_explanation *x)
{
    double bound = INFINITY, step = 0;

    for (size_t k = 0; k < x->n_listed; k++) {
        const bmx_explain_proof *p = &x->proof[k];

        assert_true(p->weight >= 0 && p->multiplier <= p->weight * (1 + 1e-9));
        assert_true(p->multiplier >= (p->is_merge ? -p->weight * (1 + 1e-9) : 0));
    }
    for (uint32_t t = 0; t < tr->n_merges; t++) {
        for (size_t k = 0; k < x->n_listed; k++)
            step += x->proof[k].step == t ? x->proof[k].multiplier : 0;
        assert_true(step < 1e-9 * tr->n_merges);
    }
    for (uint32_t i = 0; i < 3; i++) {
        double sum = 0;

        for (size_t k = 0; k < x->n_listed; k++) {
            const bmx_explain_proof *p = &x->proof[k];
            uint64_t n = x->proof_occurrences[k * 3 + i];

            if (p->is_merge)
                assert_true(fabs(1e6 * (double)n / (double)tr->cat[i].pairs -
                                 naive(tr, tr->merge_pair[p->step], p->step, i)) < 1e-6);
            sum += p->multiplier * (double)n;
        }
        assert_true(x->pairs[i] == tr->cat[i].pairs && x->divisor[i] > 0);
        bound = fmin(bound, sum / (double)x->pairs[i] / x->divisor[i]);
    }
    return bound;
}

static void the_certificate_is_handed_over(void **state)
{
    (void)state;
    for (int k = 0; k < 16; k++) {
        bpemix_trace *tr = small(7 + (uint64_t)k / 8);
        bpemix_solve_opts o = plain();
        bmx_explain_query all = { .list = 1, .certificate = true }, none = { .list = 1 };
        bmx_explanation x;
        bpemix_result *r;
        bpemix_error err;
        double bound;

        o.weights = k & 1 ? BPEMIX_WEIGHTS_QUARTER : BPEMIX_WEIGHTS_NONE;
        o.scale = k & 2 ? BPEMIX_SCALE_MERGES : BPEMIX_SCALE_PAIRS;
        o.merges_all = !(k & 4);
        o.merge_from = k & 4 ? 10 : 0;
        o.merge_to = k & 4 ? 35 : 0;
        CHECK_OK(bmx_solve(tr, &o, &r, &err));
        CHECK_OK(bmx_explain(tr, &all, &o, &x, &err));
        bound = bound_by_hand(tr, &x);
        if (!(fabs(bound - x.bound) < 1e-8 * bound && bound >= x.objective * (1 - 1e-6) &&
              bound <= x.objective * (1 + 1e-9) &&
              fabs(x.objective - r->main.objective) < 1e-9 * x.objective))
            fail_msg("case %d: %.12g by hand, %.12g, objective %.12g, of solve %.12g", k, bound,
                     x.bound, x.objective, r->main.objective);
        assert_true(x.n_listed == x.n_proof && x.n_proof > 0);
        bmx_explanation_release(&x);
        CHECK_OK(bmx_explain(tr, &none, &o, &x, &err));
        assert_true(x.n_listed == 0 && x.n_proof > 0);
        bmx_explanation_release(&x);
        bmx_result_free(r);
        synth_trace_free(tr);
    }
}

static void certificates_survive_lack_of_memory(void **state)
{
    bpemix_trace *tr = small(9);
    bpemix_solve_opts o = plain();
    bmx_explain_query query = { .list = 2, .certificate = true };
    bmx_explanation x = { 0 };
    bpemix_error err;

    (void)state;
    SURVIVES(50, bmx_explain(tr, &query, &o, &x, &err), {
        bmx_explanation_release(&x);
    });
    synth_trace_free(tr);
}

/* Pulls listed for a category, all of them, against the multipliers; shares are those of solve. */
static void pulls_of_a_category(void **state)
{
    bpemix_trace *tr = small(3);
    bpemix_solve_opts o = plain();
    bmx_explanation x;
    bpemix_result *r;
    bpemix_error err;
    optimum at = optimum_of(tr, &o);
    double all = 0, up = 0, listed = 0;
    bmx_view view;
    bmx_plan plan;
    without_job j = { .view = &view, .plan = &plan };

    (void)state;
    CHECK_OK(bmx_solve(tr, &o, &r, &err));
    j.row = bmx_malloc(at.n, sizeof *j.row);
    assert_non_null(j.row);
    CHECK_OK(bmx_explain(tr, &(bmx_explain_query){ .category = "cat1", .list = SIZE_MAX }, &o, &x,
                         &err));
    for (size_t k = 0; k < at.n; k++) {
        const bmx_row_weight *row = &at.row[k];
        double pull = -row->y * naive(tr,
                                      row->pair == BMX_NONE
                                      ? tr->merge_pair[row->step] : row->pair, row->step, 1);

        all += fabs(pull);
        up += pull > 0 ? pull : 0;
        if (pull > 0)
            j.row[j.n++] = *row;
    }
    assert_true(x.category == 1 && x.n_up > 0 && x.n_up < x.n_rows);
    assert_int_equal(x.n_binding, at.n);
    for (size_t k = 0; k < x.n_rows; k++) {
        const bmx_explain_row *row = &x.row[k];

        assert_true((row->fraction > 0) == (k < x.n_up));
        assert_true(k == 0 || k == x.n_up || fabs(row->fraction) <= fabs(row[-1].fraction));
        listed += row->fraction > 0 ? row->fraction : 0;
    }
    assert_true(fabs(listed - up / all) < 1e-9);
    for (size_t i = 0; i < 3; i++)
        assert_true(fabs(x.share[i].share_bytes - r->share[i].share_bytes) < 1e-12);
    /* shares without the rows that were listed, as a solution that begins elsewhere has them */
    CHECK_OK(bmx_view_init(tr, BMX_NONE, NULL, &view, &err));
    CHECK_OK(bmx_plan_make(&view, &o, &plan, &err));
    CHECK_OK(bmx_lp_session(solve_without, &j, &err));
    assert_true(j.n > 0 && fabs(x.without_up.pairs - j.share[1]) < 1e-5);
    assert_true(fabs(x.without_up.pairs - x.share[1].share_pairs) > 1e-3);
    bmx_free(j.row);
    bmx_free(at.row);
    bmx_view_release(&view);
    bmx_explanation_release(&x);
    CHECK_FAILS(bmx_explain(tr, &(bmx_explain_query){ .category = "nobody", .list = 1 }, &o, &x,
                            &err),
                BPEMIX_E_USAGE, "nobody: no category of the samples");
    CHECK_FAILS(bmx_explain(tr,
                            &(bmx_explain_query){ .category = "cat1", .merge = "x", .list = 1 },
                            &o, &x, &err),
                BPEMIX_E_USAGE, "both a category and a merge");
    bmx_result_free(r);
    synth_trace_free(tr);
}

/* Without a category, the rows that have slack, those with the most first, each with its part of
 * the objective; they are all of it. */
static void parts_of_the_objective(void **state)
{
    (void)state;
    for (uint64_t seed = 3; seed <= 6; seed++) {
        bpemix_trace *tr = small(seed);
        bpemix_solve_opts o = plain();
        bmx_explanation x;
        bpemix_error err;
        double sum = 0;

        CHECK_OK(bmx_explain(tr, &(bmx_explain_query){ .list = SIZE_MAX }, &o, &x, &err));
        assert_true(x.n_rows > 0 && x.n_up == x.n_rows);
        for (size_t k = 0; k < x.n_rows; k++) {
            const bmx_explain_row *row = &x.row[k];
            double part = fabs(row->count - row->level) / x.objective;

            if (!(fabs(row->fraction - part) < 1e-6))
                fail_msg("row of merge %u: %.9g, not %.9g", row->step, row->fraction, part);
            assert_true(row->is_merge || row->count > row->level);
            assert_true(k == 0 || row->fraction <= row[-1].fraction);
            sum += part;
        }
        assert_true(fabs(sum - 1) < 1e-6);
        bmx_explanation_release(&x);
        synth_trace_free(tr);
    }
}

static void a_merge_and_its_rivals(void **state)
{
    bpemix_trace *tr = small(4);
    bpemix_solve_opts o = plain();
    const uint32_t step = 20;
    char *name = bmx_strndup(tr->token[tr->merge[step].product].ptr,
                             tr->token[tr->merge[step].product].len);
    double best = 0, w, count = 0;
    bmx_explanation x;
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_explain(tr, &(bmx_explain_query){ .merge = name, .list = 4 }, &o, &x, &err));
    assert_int_equal(x.merge, step);
    for (uint32_t i = 0; i < 3; i++) {
        double f = naive(tr, tr->merge_pair[step], step, i);

        assert_true(fabs(1e6 * x.frequency[i] - f) < 1e-6);
        assert_true(fabs((double)x.occurrences[i] - 1e-6 * f * (double)tr->cat[i].pairs) < 1e-6);
        count += f * x.share[i].share_pairs;
    }
    assert_true(fabs(1e6 * x.count - count) < 1e-6 * count);
    for (uint32_t p = 0; p < tr->n_pairs; p++) {
        w = 0;
        for (uint32_t i = 0; i < 3 && tr->pair[p].merged_at > step; i++)
            w += naive(tr, p, step, i) * x.share[i].share_pairs;
        best = fmax(best, w);
    }
    assert_int_equal(x.n_rivals, 4);
    assert_true(fabs(1e6 * x.rival[0].count - best) < 1e-6 * best);
    for (size_t k = 1; k < 4; k++)
        assert_true(x.rival[k].count <= x.rival[k - 1].count);
    assert_true(x.constrained && x.implied > 0);
    /* below its level or above it: so says the multiplier */
    assert_true(x.count < x.implied * (1 - 1e-9) ? x.multiplier < 0
                : x.count > x.implied * (1 + 1e-9) ? x.multiplier > 0 : fabs(x.multiplier) <= 1);
    bmx_explanation_release(&x);
    CHECK_FAILS(bmx_explain(tr, &(bmx_explain_query){ .merge = "no such token", .list = 4 }, &o,
                            &x, &err),
                BPEMIX_E_USAGE, "not the product of a merge");
    bmx_free(name);
    synth_trace_free(tr);
}

static void as_the_library_has_it(void **state)
{
    bpemix_trace *tr = small(5);
    bpemix_explain_opts o = { .size = sizeof o, .category = "cat2", .list = 2 };
    char *json = NULL, *text = NULL;
    bpemix_error err;

    (void)state;
    CHECK_OK(bpemix_explain(tr, &o, &json, &text, &err));
    assert_non_null(strstr(json, "\"without_up\""));
    assert_non_null(strstr(text, "cat2"));
    bpemix_free(json);
    bpemix_free(text);
    CHECK_OK(bpemix_explain(tr, NULL, NULL, &text, &err));
    assert_non_null(strstr(text, "rests on most"));
    bpemix_free(text);
    synth_trace_free(tr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_multipliers_add_up),
        cmocka_unit_test(a_certificate_needs_no_solver),
        cmocka_unit_test(the_certificate_is_handed_over),
        cmocka_unit_test(certificates_survive_lack_of_memory),
        cmocka_unit_test(rows_left_out),
        cmocka_unit_test(pulls_of_a_category),
        cmocka_unit_test(parts_of_the_objective),
        cmocka_unit_test(a_merge_and_its_rivals),
        cmocka_unit_test(as_the_library_has_it),
    };
    return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}

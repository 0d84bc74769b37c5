/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rowgen.c - the paper's linear program by row generation.
 *
 * A round separates at the current solution, adds the most violated rows, at
 * most one a pair, and lets the dual simplex continue.  Columns v_t and u_p are
 * made when a row first mentions them.  Few rows a round win: with 100, 300,
 * 1000 and all of them, T = 1000 took 0.6, 0.8, 2.3 and 6.7 s.
 *
 * The bounds do not depend on the solver's tolerances.  Upper: u is completed over
 * all states at theta = b + v.  Lower: for multipliers y >= 0 whose sums over a
 * step and over a pair are at most 1 (or the weight), the objective at any
 * shares is at least sum y (W_p(t) - b_t), linear in alpha and so at least its
 * smallest coefficient; the solver's duals are clipped to such y. */
#include "solve/lp.h"
#include "solve/solver.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_PER_ROUND 300 /* the most violated ones; a judgement */
#define PIVOTS_PER_CHECK 500 /* counted in pivots, so that results do not depend on the clock */

typedef struct candidate {
    double excess;
    uint32_t pair; /* index into c->pair */
} candidate;

typedef struct rowgen {
    const bmx_constraints *c;
    const bmx_slack_weights *w;
    bmx_lp *lp;
    uint32_t n_cols, n_rows;    /* of the LP; row 0 is the simplex */
    uint32_t *col_step;         /* col_step[n_steps], BMX_NONE: not yet made */
    uint32_t *col_pair;         /* col_pair[n_pairs] */
    bmx_rows diff;              /* diff row r: x_p - x_m of LP row r + 1 */
    uint32_t *row_step, *row_pair;
    size_t row_step_cap, row_pair_cap;
    bmx_range_min range;
    double *alpha, *b, *theta, *state_count, *x, *g, *left_step, *left_pair;
    bmx_worst_row *worst;       /* worst[n_pairs] */
    candidate *cand;            /* cand[n_pairs] */
    double *unit;               /* unit[n_cats]: alpha in one of its column, so that no count is
                                   above 1e6: the simplex code's tolerance of 1e-9 would be less
                                   than rounding errors */
    uint32_t *col;              /* scratch for one row */
    double *value;
} rowgen;

static double weight_of(const double *w, size_t i) { return w ? w[i] : 1; }

static void release(rowgen *g)
{
    bmx_lp_free(g->lp);
    bmx_free(g->col_step);
    bmx_free(g->col_pair);
    bmx_rows_release(&g->diff);
    bmx_free(g->row_step);
    bmx_free(g->row_pair);
    bmx_range_min_release(&g->range);
    bmx_free(g->alpha);
    bmx_free(g->b);
    bmx_free(g->theta);
    bmx_free(g->state_count);
    bmx_free(g->x);
    bmx_free(g->g);
    bmx_free(g->left_step);
    bmx_free(g->left_pair);
    bmx_free(g->worst);
    bmx_free(g->cand);
    bmx_free(g->col);
    bmx_free(g->value);
    bmx_free(g->unit);
}

static bpemix_status setup(rowgen *g, bpemix_error *err)
{
    const bmx_constraints *c = g->c;
    bpemix_status st;

    g->col_step = bmx_malloc(c->n_steps, sizeof *g->col_step);
    g->col_pair = bmx_malloc(c->n_pairs, sizeof *g->col_pair);
    g->alpha = bmx_calloc(c->n_cats, sizeof *g->alpha);
    g->b = bmx_malloc(c->n_steps, sizeof *g->b);
    g->theta = bmx_malloc(c->n_steps, sizeof *g->theta);
    g->state_count = bmx_malloc(c->n_states, sizeof *g->state_count);
    g->x = bmx_malloc(c->n_cats, sizeof *g->x);
    g->g = bmx_malloc(c->n_cats, sizeof *g->g);
    g->left_step = bmx_malloc(c->n_steps, sizeof *g->left_step);
    g->left_pair = bmx_malloc(c->n_pairs, sizeof *g->left_pair);
    g->worst = bmx_malloc(c->n_pairs, sizeof *g->worst);
    g->cand = bmx_malloc(c->n_pairs, sizeof *g->cand);
    g->col = bmx_malloc(c->n_cats + 2, sizeof *g->col);
    g->value = bmx_malloc(c->n_cats + 2, sizeof *g->value);
    g->unit = bmx_malloc(c->n_cats, sizeof *g->unit);
    if (!g->col_step || !g->col_pair || !g->alpha || !g->b || !g->theta || !g->state_count ||
        !g->x || !g->g || !g->left_step || !g->left_pair || !g->worst || !g->cand || !g->col ||
        !g->value || !g->unit)
        return bmx_nomem(err);
    memset(g->col_step, 0xff, c->n_steps * sizeof *g->col_step);
    memset(g->col_pair, 0xff, c->n_pairs * sizeof *g->col_pair);
    if ((st = bmx_range_min_init(&g->range, c->n_steps, err)) || (st = bmx_lp_new(&g->lp, err)))
        return st;
    for (size_t i = 0; i < c->n_cats; i++) {
        g->col[i] = g->n_cols++;
        g->unit[i] = 1 / fmax(c->unit[i], 1);
        g->value[i] = g->unit[i];
        if ((st = bmx_lp_add_col(g->lp, 0, 0, c->held[i] ? 0 : INFINITY, err)))
            return st;
    }
    g->n_rows = 1;
    return bmx_lp_add_row(g->lp, 1, 1, c->n_cats, g->col, g->value, err);
}

static bpemix_status column(rowgen *g, uint32_t *col, double cost, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (*col == BMX_NONE && !(st = bmx_lp_add_col(g->lp, cost, 0, INFINITY, err)))
        *col = g->n_cols++;
    return st;
}

/* v_t + u_p - sum_i alpha_i (x_p - x_m) >= 0 */
static bpemix_status add_row(rowgen *g, uint32_t k, bpemix_error *err)
{
    const bmx_constraints *c = g->c;
    uint32_t t = g->worst[k].step;
    size_t n = 0;
    bpemix_status st;

    bmx_constraints_state_vector(c, k, g->worst[k].state, g->x);
    bmx_rows_add_to(&c->merge, t, -1, g->x);
    if ((st = column(g, &g->col_step[t], weight_of(g->w->step, t), err)) ||
        (st = column(g, &g->col_pair[k], weight_of(g->w->pair, k), err)) ||
        (st = bmx_reserve(&g->row_step, &g->row_step_cap, g->n_rows + 1, sizeof *g->row_step,
                          err)) ||
        (st = bmx_reserve(&g->row_pair, &g->row_pair_cap, g->n_rows + 1, sizeof *g->row_pair,
                          err)) ||
        (st = bmx_rows_push(&g->diff, g->x, c->n_cats, err)))
        return st;
    for (size_t i = 0; i < c->n_cats; i++)
        if (g->x[i] != 0) {
            g->col[n] = (uint32_t)i;
            g->value[n++] = -g->x[i] * g->unit[i];
        }
    g->col[n] = g->col_step[t];
    g->value[n++] = 1;
    g->col[n] = g->col_pair[k];
    g->value[n++] = 1;
    g->row_step[g->n_rows] = t;
    g->row_pair[g->n_rows] = k;
    g->n_rows++;
    return bmx_lp_add_row(g->lp, 0, INFINITY, n, g->col, g->value, err);
}

static double lp_value(const rowgen *g, uint32_t col)
{
    double x = col == BMX_NONE ? 0 : bmx_lp_value(g->lp, col);
    return x > 0 ? x : 0;
}

/* Separate at the LP's solution; keep it when it is the best so far. */
static void evaluate(rowgen *g, bmx_optimum *best)
{
    const bmx_constraints *c = g->c;
    double v = 0, u = 0, upper = 0;

    for (size_t i = 0; i < c->n_cats; i++)
        g->alpha[i] = c->held[i]      ? 0
                      : g->n_rows > 1 ? bmx_lp_value(g->lp, (uint32_t)i) * g->unit[i] : 1;
    bmx_simplex_clip(g->alpha, c->n_cats);
    bmx_constraints_merge_counts(c, g->alpha, g->b);
    for (uint32_t t = 0; t < c->n_steps; t++) {
        double slack = lp_value(g, g->col_step[t]);
        g->theta[t] = g->b[t] + slack;
        v += slack;
        upper += weight_of(g->w->step, t) * slack;
    }
    bmx_range_min_set(&g->range, g->theta);
    bmx_constraints_state_counts(c, g->alpha, g->state_count);
    bmx_separate(c, &g->range, g->state_count, g->worst);
    for (size_t k = 0; k < c->n_pairs; k++)
        if (g->worst[k].excess > 0) {
            u += g->worst[k].excess;
            upper += weight_of(g->w->pair, k) * g->worst[k].excess;
        }
    if (upper < best->upper) {
        best->upper = upper;
        best->slack_merges = v;
        best->slack_pairs = u;
        memcpy(best->alpha, g->alpha, c->n_cats * sizeof *g->alpha);
        memcpy(best->theta, g->theta, c->n_steps * sizeof *g->theta);
    }
}

static double lower_bound(rowgen *g)
{
    const bmx_constraints *c = g->c;
    double low = INFINITY;

    for (uint32_t t = 0; t < c->n_steps; t++)
        g->left_step[t] = weight_of(g->w->step, t);
    for (size_t k = 0; k < c->n_pairs; k++)
        g->left_pair[k] = weight_of(g->w->pair, k);
    memset(g->g, 0, c->n_cats * sizeof *g->g);
    for (uint32_t r = 1; r < g->n_rows; r++) {
        double y = bmx_lp_dual(g->lp, r);
        double *t = &g->left_step[g->row_step[r]], *k = &g->left_pair[g->row_pair[r]];
        y = y < *t ? y : *t;
        y = y < *k ? y : *k;
        if (!(y > 0))
            continue;
        *t -= y;
        *k -= y;
        bmx_rows_add_to(&g->diff, r - 1, y, g->g);
    }
    for (size_t i = 0; i < c->n_cats; i++)
        low = !c->held[i] && g->g[i] < low ? g->g[i] : low;
    return low;
}

static int by_excess(const void *pa, const void *pb)
{
    const candidate *a = pa, *b = pb;
    if (a->excess != b->excess)
        return a->excess > b->excess ? -1 : 1;
    return a->pair < b->pair ? -1 : a->pair > b->pair;
}

/* *added = 0 when no row is violated beyond rounding. */
static bpemix_status add_violated(rowgen *g, size_t *added, bpemix_error *err)
{
    const bmx_constraints *c = g->c;
    bpemix_status st = BPEMIX_OK;
    size_t n = 0;

    for (uint32_t k = 0; k < c->n_pairs; k++) {
        double excess = g->worst[k].excess;
        if (excess > 0 && (excess -= lp_value(g, g->col_pair[k])) > 1e-6)
            g->cand[n++] = (candidate){ excess, k };
    }
    qsort(g->cand, n, sizeof *g->cand, by_excess);
    *added = n < ROWS_PER_ROUND ? n : ROWS_PER_ROUND;
    for (size_t j = 0; j < *added && !st; j++)
        st = add_row(g, g->cand[j].pair, err);
    return st;
}

static bpemix_status reoptimize(rowgen *g, bmx_control *ctl, const bmx_optimum *out, bool *optimal,
                                bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (*optimal = false; !*optimal && !st && bmx_clock() < ctl->deadline;)
        if (!(st = bmx_lp_solve(g->lp, PIVOTS_PER_CHECK, ctl->deadline - bmx_clock(), optimal,
                                err)))
            st = bmx_control_check(ctl, out->lower, out->upper, g->n_rows, err);
    return st;
}

bpemix_status bmx_rowgen_solve(const bmx_constraints *c, const bmx_slack_weights *w,
                               bmx_control *ctl, bmx_optimum *out, bpemix_error *err)
{
    rowgen g = { .c = c, .w = w };
    bpemix_status st = setup(&g, err);
    bool optimal = true;
    size_t added = 1;

    while (!st) {
        evaluate(&g, out);
        if (g.n_rows > 1) {
            double low = lower_bound(&g);
            out->lower = low > out->lower ? low : out->lower;
            out->rounds++;
        }
        if (bmx_optimum_gap(out, c) <= ctl->gap || bmx_clock() >= ctl->deadline || !optimal)
            break;
        if ((st = add_violated(&g, &added, err)) || added == 0)
            break;
        st = reoptimize(&g, ctl, out, &optimal, err);
    }
    out->rows = g.n_rows;
    release(&g);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* naive_lp.h - the linear programs written out in full from the definition,
 * one row for every step and pair, without a thought for speed. */
#ifndef BMX_TEST_NAIVE_LP_H
#define BMX_TEST_NAIVE_LP_H

#include "replay/trace.h"
#include "solve/lp.h"

#include <math.h>

/* Count of a pair after t merges, per million pairs of the sample. */
static double naive_count(const bpemix_trace *tr, uint32_t pair, uint32_t t, uint32_t cat)
{
    int64_t c = 0;
    for (uint64_t e = tr->first[pair]; e < tr->first[pair + 1]; e++)
        if (tr->event[e].step <= t && tr->event[e].cat == cat)
            c += tr->event[e].delta;
    return 1e6 * (double)c / (double)tr->cat[cat].pairs;
}

static bool naive_used(const bpemix_trace *tr, uint32_t t)
{
    if (tr->merge[t].flags & (BMX_MERGE_REPEATED | BMX_MERGE_MANUAL | BMX_MERGE_UNKNOWN |
                              BMX_MERGE_UNTRUE) ||
        tr->merge_pair[t] == BMX_NONE)
        return false;
    for (uint32_t i = 0; i < tr->n_cats; i++)
        if (naive_count(tr, tr->merge_pair[t], t, i) > 0)
            return true;
    return false;
}

typedef struct naive {
    const bpemix_trace *tr;
    uint32_t from, to;
    bool monotone;
    bool relative; /* slack as a fraction of the counts of the merges, weighted as their slack */
    const double *step_weight, *pair_weight; /* [to - from], [n_pairs]; NULL: 1 */
    const double *fixed; /* fixed[n_cats]: shares, NULL: free */
    double objective;    /* fraction of pairs, or of those counts */
    double *alpha;       /* alpha[n_cats] */
} naive;

static inline double naive_weight(const double *w, uint32_t i) { return w ? w[i] : 1; }

/* min sum v + sum u,  v_t + u_p >= W_p(t) - b_t for all steps t and pairs p that
 * compete there.  Columns: alpha, then v, then u. */
static bpemix_status naive_paper(naive *x, bmx_lp *lp, bpemix_error *err)
{
    const bpemix_trace *tr = x->tr;
    uint32_t n = (uint32_t)tr->n_cats, *col = malloc((n + 2) * sizeof *col);
    double *value = malloc((n + 2) * sizeof *value);
    bpemix_status st = BPEMIX_OK;

    for (uint32_t k = 0; k < x->to - x->from && !st; k++)
        st = bmx_lp_add_col(lp, naive_weight(x->step_weight, k), 0, INFINITY, err);
    for (uint32_t p = 0; p < tr->n_pairs && !st; p++)
        st = bmx_lp_add_col(lp, naive_weight(x->pair_weight, p), 0, INFINITY, err);
    for (uint32_t t = x->from; t < x->to && !st; t++)
        for (uint32_t p = 0; p < tr->n_pairs && !st && naive_used(tr, t); p++) {
            if (p == tr->merge_pair[t] || t >= tr->pair[p].end)
                continue;
            for (uint32_t i = 0; i < n; i++) {
                col[i] = i;
                value[i] = naive_count(tr, tr->merge_pair[t], t, i) - naive_count(tr, p, t, i);
            }
            col[n] = n + (t - x->from);
            col[n + 1] = n + (x->to - x->from) + p;
            value[n] = value[n + 1] = 1;
            st = bmx_lp_add_row(lp, 0, INFINITY, n + 2, col, value, err);
        }
    free(col);
    free(value);
    return st;
}

/* min sum v + sum u over theta that never increase, theta_t = b_t + v_t - u_m at
 * the merges and u_p >= W_p - theta at the last step of a pair never merged.
 * Columns: alpha, theta, v, u of merges, u of pairs. */
static bpemix_status naive_monotone(naive *x, bmx_lp *lp, bpemix_error *err)
{
    const bpemix_trace *tr = x->tr;
    uint32_t n = (uint32_t)tr->n_cats, steps = x->to - x->from, last = BMX_NONE;
    uint32_t *col = malloc((n + 3) * sizeof *col);
    double *value = malloc((n + 3) * sizeof *value);
    bpemix_status st = BPEMIX_OK;

    for (uint32_t k = 0; k < 3 * steps && !st; k++)
        st = bmx_lp_add_col(lp, k < steps ? 0 : naive_weight(x->step_weight, k % steps), 0,
                            INFINITY, err);
    for (uint32_t p = 0; p < tr->n_pairs && !st; p++)
        st = bmx_lp_add_col(lp, naive_weight(x->pair_weight, p), 0, INFINITY, err);
    for (uint32_t t = x->from; t < x->to && !st; t++) {
        if (!naive_used(tr, t))
            continue;
        for (uint32_t i = 0; i < n; i++) {
            col[i] = i;
            value[i] = naive_count(tr, tr->merge_pair[t], t, i);
        }
        col[n] = n + (t - x->from);
        value[n] = -1;
        col[n + 1] = n + steps + (t - x->from);
        value[n + 1] = 1;
        col[n + 2] = n + 2 * steps + (t - x->from);
        value[n + 2] = -1;
        st = bmx_lp_add_row(lp, 0, 0, n + 3, col, value, err);
        if (last != BMX_NONE && !st)
            st = bmx_lp_add_row(lp, 0, INFINITY, 2,
                                (uint32_t[]){ n + (last - x->from), n + (t - x->from) },
                                (double[]){ 1, -1 }, err);
        last = t;
    }
    for (uint32_t p = 0; p < tr->n_pairs && !st; p++) {
        uint32_t at = BMX_NONE; /* the last constrained step at which p competes unmerged */
        bool merged = false;
        for (uint32_t t = x->from; t < x->to; t++)
            if (naive_used(tr, t)) {
                merged |= tr->merge_pair[t] == p;
                if (t < tr->pair[p].end && t < tr->pair[p].merged_at)
                    at = t;
            }
        if (merged || at == BMX_NONE)
            continue;
        for (uint32_t i = 0; i < n; i++) {
            col[i] = i;
            value[i] = -naive_count(tr, p, at, i);
        }
        col[n] = n + (at - x->from);
        value[n] = 1;
        col[n + 1] = n + 3 * steps + p;
        value[n + 1] = 1;
        st = bmx_lp_add_row(lp, 0, INFINITY, n + 2, col, value, err);
    }
    free(col);
    free(value);
    return st;
}

/* Weighted counts of the merges of a category, in parts of a million. */
static inline double naive_merge_sum(const naive *x, uint32_t cat)
{
    double sum = 0;

    for (uint32_t t = x->from; t < x->to; t++)
        if (naive_used(x->tr, t))
            sum += naive_weight(x->step_weight, t - x->from) *
                   naive_count(x->tr, x->tr->merge_pair[t], t, cat);
    return sum * 1e-6;
}

static inline bpemix_status naive_run(void *ctx, bpemix_error *err)
{
    naive *x = ctx;
    uint32_t n = (uint32_t)x->tr->n_cats, *col = malloc(n * sizeof *col);
    double *one = malloc(n * sizeof *one);
    bmx_lp *lp;
    bool optimal = false;
    bpemix_status st = bmx_lp_new(&lp, err);

    for (uint32_t i = 0; i < n && !st; i++) {
        double fixed = x->fixed ? x->fixed[i] : 0;
        col[i] = i;
        one[i] = x->relative ? naive_merge_sum(x, i) : 1;
        st = bmx_lp_add_col(lp, 0, fixed, x->fixed || one[i] == 0 ? fixed : INFINITY, err);
    }
    if (!st && !x->fixed)
        st = bmx_lp_add_row(lp, 1, 1, n, col, one, err);
    if (!st)
        st = x->monotone ? naive_monotone(x, lp, err) : naive_paper(x, lp, err);
    if (!st)
        st = bmx_lp_solve(lp, 0, INFINITY, &optimal, err);
    if (!st) {
        uint32_t steps = x->to - x->from, k = n;
        double sum = 0;
        for (uint32_t i = 0; i < n && x->alpha; i++)
            x->alpha[i] = bmx_lp_value(lp, i);
        k += x->monotone ? steps : 0;
        for (uint32_t side = 0; side < (x->monotone ? 2 : 1); side++)
            for (uint32_t t = 0; t < steps; t++)
                sum += naive_weight(x->step_weight, t) * bmx_lp_value(lp, k++);
        for (uint32_t p = 0; p < x->tr->n_pairs; p++)
            sum += naive_weight(x->pair_weight, p) * bmx_lp_value(lp, k++);
        x->objective = sum * 1e-6;
    }
    bmx_lp_free(lp);
    free(col);
    free(one);
    return st;
}

#endif

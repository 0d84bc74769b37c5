/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose/certificate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a multiplier, and the mean of a sum of them, may be off by: far more than rounding makes it,
 * and what it costs is subtracted from the bound. */
#define ROUNDING 1e-9

/* The compact step of a merge; c->n_steps: it carries no constraint. */
static uint32_t compact(const bmx_constraints *c, uint32_t step)
{
    uint32_t k = bmx_constraints_first_step(c, step);

    return k < c->n_steps && c->step[k] == step ? k : c->n_steps;
}

/* Is the pair's row at compact step k: never merged at a constrained step, and no rival after k? */
static bool is_row(const bmx_constraints *c, uint32_t pair, uint32_t k)
{
    const bpemix_trace *tr = c->trace;
    const bmx_pair *p;
    uint32_t end;

    if (pair >= tr->n_pairs)
        return false;
    p = &tr->pair[pair];
    end = p->end < p->merged_at ? p->end : p->merged_at;
    if (p->merged_at < tr->n_merges && compact(c, p->merged_at) < c->n_steps)
        return false;
    return c->step[k] < end && (k + 1 == c->n_steps || c->step[k + 1] >= end);
}

static int by_row(const void *pa, const void *pb)
{
    const bmx_row_weight *a = pa, *b = pb;

    if (a->step != b->step)
        return a->step < b->step ? -1 : 1;
    return a->pair < b->pair ? -1 : a->pair > b->pair;
}

/* g += y x of a row; returns its largest count. */
static double add_counts(const bmx_constraints *c, uint32_t pair, uint32_t step, double y,
                         double *x, double *g)
{
    const bpemix_trace *tr = c->trace;
    double top = 0;

    memset(x, 0, c->n_cats * sizeof *x);
    for (uint64_t e = tr->first[pair]; e < tr->first[pair + 1] && tr->event[e].step <= step; e++)
        if (c->view->cat[tr->event[e].cat] != BMX_NONE)
            x[c->view->cat[tr->event[e].cat]] += (double)tr->event[e].delta;
    for (size_t i = 0; i < c->n_cats; i++) {
        g[i] += y * x[i] * c->scale[i];
        top = fmax(top, x[i] * c->scale[i]);
    }
    return top;
}

/* g[n_cats] of sorted rows; the largest sum of y up to a step, and the largest count of a row.
 * False: no certificate. */
static bool add_up(const bmx_constraints *c, const bmx_row_weight *row, size_t n, double *x,
                   double *g, double *excess, double *top)
{
    double sum = 0;

    *excess = *top = 0;
    for (size_t k = 0; k < n; k++) {
        bool merge = row[k].pair == BMX_NONE;
        uint32_t s = compact(c, row[k].step);
        double most = row[k].w * (1 + ROUNDING), least = merge ? -most : 0;

        if (s == c->n_steps || !(row[k].y >= least && row[k].y <= most) ||
            (k > 0 && by_row(&row[k - 1], &row[k]) == 0) || (!merge && !is_row(c, row[k].pair, s)))
            return false;
        *top = fmax(*top, add_counts(c, merge ? c->trace->merge_pair[row[k].step] : row[k].pair,
                                     row[k].step, row[k].y, x, g));
        sum += row[k].y;
        if (k + 1 == n || row[k + 1].step != row[k].step)
            *excess = fmax(*excess, sum);
    }
    return true;
}

double bmx_certificate_bound(const bmx_constraints *c, const bmx_row_weight *y, size_t n)
{
    bmx_row_weight *row = bmx_malloc(n, sizeof *row);
    double *g = bmx_calloc(c->n_cats, 2 * sizeof *g), bound = INFINITY, excess, top = 0;

    if (row && n > 0)
        memcpy(row, y, n * sizeof *row);
    if (row && n > 0)
        qsort(row, n, sizeof *row, by_row);
    if (!row || !g) {
        bound = NAN;
    } else if (!add_up(c, row, n, g + c->n_cats, g, &excess, &top)) {
        bound = -INFINITY;
    } else {
        for (uint32_t s = 0; s < c->n_steps && excess > 0; s++) /* theta is at most this */
            top = fmax(top, add_counts(c, c->trace->merge_pair[c->step[s]], c->step[s], 0,
                                       g + c->n_cats, g));
        for (size_t i = 0; i < c->n_cats; i++)
            bound = c->held[i] ? bound : fmin(bound, g[i]);
        bound = excess <= ROUNDING * (double)c->n_steps ? bound - excess * top : -INFINITY;
    }
    bmx_free(row);
    bmx_free(g);
    return bound;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* separate.h - exact separation: the rows that the current training counts violate, in one pass.
 *
 * For fixed counts the worst row of a state is at the lowest theta inside it
 * (theta_t = b_t + v_t, the training count of merge t), so that separation
 * over all steps and pairs is one range-minimum query per state. */
#ifndef BMX_SOLVE_SEPARATE_H
#define BMX_SOLVE_SEPARATE_H

#include "solve/constraint.h"

/* Lowest value of a range in constant time: low[j][i] is the place of the
 * lowest of value[i .. i + 2^j), the first of equals. */
typedef struct bmx_range_min {
    size_t n;
    unsigned levels;
    uint32_t *low;       /* low[levels][n] */
    const double *value; /* borrowed, value[n] */
} bmx_range_min;

bpemix_status bmx_range_min_init(bmx_range_min *r, size_t n, bpemix_error *err);
void bmx_range_min_set(bmx_range_min *r, const double *value); /* O(n log n) */
void bmx_range_min_release(bmx_range_min *r);

/* Place of the lowest value in [lo, hi), lo < hi <= n. */
static inline uint32_t bmx_range_min_find(const bmx_range_min *r, uint32_t lo, uint32_t hi)
{
    unsigned j = 31u - (unsigned)__builtin_clz(hi - lo);
    uint32_t a = r->low[j * r->n + lo], b = r->low[j * r->n + (hi - (1u << j))];
    return r->value[b] < r->value[a] ? b : a;
}

/* The most violated row of one pair. */
typedef struct bmx_worst_row {
    double excess;  /* max over its states of W - theta; may be negative */
    uint64_t state;
    uint32_t step;  /* compact */
} bmx_worst_row;

/* worst[c->n_pairs], for state counts w[c->n_states] against r's values. */
void bmx_separate(const bmx_constraints *c, const bmx_range_min *r, const double *w,
                  bmx_worst_row *worst);

#endif

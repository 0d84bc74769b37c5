/* SPDX-License-Identifier: GPL-3.0-or-later */
/* constraint.h - the constraints a merge list puts on a mixture of samples.
 *
 * "Merge t was at least as frequent as every rival pair p at step t":
 *
 *     v_t + u_p >= W_p(t) - b_t      W_p(t) = sum_i alpha_i x[i][p](t)
 *                                    b_t    = W of the merge itself
 *
 * x is a count times its category's scale.  At first that is 1e6 / N_i, so that x is
 * per million pairs of the sample before any merge (ppm): solver tolerances are
 * absolute, and late counts as fractions would be smaller than they are.  Another scale
 * only changes the unit of the shares: f, the least slack of a mixture,
 * is homogeneous, and minimizing it over the simplex of the shares in another unit minimizes
 * f(alpha) / sum_i alpha_i unit'_i (Charnes and Cooper 1962).  With counts scaled
 * by 1e6 / B_i, where B_i is the sum of the counts of the merges at their own steps, this is the
 * slack relative to these counts.
 *
 * Tallies of a trace that are folds of one category add up (view.h).
 *
 * Only steps that carry a constraint are kept, numbered 0 .. n_steps - 1
 * ("compact"); step[] gives the merge.  Between two changes a pair's counts
 * are constant; such a stretch is a state.  States keep no vector of their
 * own: their counts are the running sum of the trace's events of the pair, so
 * that a pass over all states is one pass over the events.
 *
 *     pair   |  state lo..hi      |  state lo..hi          |
 *     events   e e e    (end)       e e  (end)
 *
 * S1  states of a pair are in order and do not overlap; lo < hi.
 * S2  some category has a count above 0 in every state.
 * S3  a state's counts are the sums of the pair's events before its `end`.
 * S4  scale[i] > 0 and unit[i] > 0. */
#ifndef BMX_SOLVE_CONSTRAINT_H
#define BMX_SOLVE_CONSTRAINT_H

#include "replay/view.h"

/* Sparse rows of counts in ppm. */
typedef struct bmx_rows {
    uint64_t *first; /* first[n + 1] into cat and x */
    uint32_t *cat;
    double *x;       /* ppm */
    size_t n, first_cap, nnz, cat_cap, x_cap;
} bmx_rows;

/* A row of the monotone program (monotone.h), or what is known of one: of merge `step`, or of a
 * pair never merged at the last step at which it competes. */
typedef struct bmx_row_weight {
    uint32_t step, pair; /* pair: into the trace's; BMX_NONE: the row of the merge itself */
    double y, w;         /* its multiplier; what its slack weighs, 1 without weights */
} bmx_row_weight;

typedef struct bmx_state {
    uint32_t lo, hi; /* compact steps [lo, hi) */
    uint64_t end;    /* into trace->event */
} bmx_state;

typedef struct bmx_constraints {
    const bmx_view *view;      /* borrowed, as is its trace */
    const bpemix_trace *trace; /* view->trace */
    size_t n_cats;
    double *scale;             /* scale[n_cats], of counts; 1e6 / N_i at first */
    double *unit;              /* unit[n_cats] = N_i scale_i / 1e6: share of pairs ~ alpha unit */
    double *merge_sum;         /* merge_sum[n_cats], of the rows of `merge` */
    bool *held;                /* held[n_cats]: alpha stays 0; none at first */
    int64_t *tally;            /* tally[trace->n_cats]: scratch for sums over states */
    uint32_t merge_from, merge_to;
    uint32_t n_steps;
    uint32_t *step;            /* step[n_steps], the merge behind a compact step */
    bmx_rows merge;            /* merge.n == n_steps: x of the merge at its own step */

    uint32_t *pair;            /* pair[n_pairs], trace pair ids of pairs with states */
    uint64_t *first;           /* first[n_pairs + 1] into state */
    size_t n_pairs, pair_cap, first_cap;
    bmx_state *state;
    size_t n_states, state_cap;

    uint32_t *missing;         /* missing[n_missing], merges without any count */
    uint32_t n_missing, n_excluded;
} bmx_constraints;

/* Build from merges from .. to - 1 of a trace.  with_states = false leaves the
 * states out, which the monotone problem does not need.
 * E_USAGE: no merge in that range; E_EMPTY: a category has no pairs, or none
 * that is one of these merges or a rival, or no merge of the range occurs in any
 * sample. */
bpemix_status bmx_constraints_build(const bmx_view *view, uint32_t from, uint32_t to,
                                    bool with_states, bmx_constraints *out, bpemix_error *err);
void bmx_constraints_release(bmx_constraints *c);

/* Multiply the counts of every category by factor[n_cats], all above 0.  Shares
 * alpha of before are alpha / factor now. */
void bmx_constraints_rescale(bmx_constraints *c, const double *factor);

/* Shares alpha[n_cats] in the scale of c as shares of pairs, of bytes, and of the
 * occurrences of the merges, each adding up to 1 but for the pool (view.h).  Where that
 * is impossible, for want of any occurrence, the shares are NaN; so is the share of bytes of a
 * category that the alphabet does not cover (view.h), without which the others add up to 1. */
void bmx_constraints_pair_shares(const bmx_constraints *c, const double *alpha, double *share);
void bmx_constraints_byte_shares(const bmx_constraints *c, const double *alpha, double *share);
void bmx_constraints_merge_shares(const bmx_constraints *c, const double *alpha, double *share);

/* The first compact step whose merge is `merge` or a later one; n_steps: there is none. */
uint32_t bmx_constraints_first_step(const bmx_constraints *c, uint32_t merge);

/* b[n_steps] at alpha[n_cats]. */
void bmx_constraints_merge_counts(const bmx_constraints *c, const double *alpha, double *b);

/* w[n_states]: mixture count of every state. */
void bmx_constraints_state_counts(const bmx_constraints *c, const double *alpha, double *w);

/* The counts of one state of pair `k` (index into pair[]), dense x[n_cats]. */
void bmx_constraints_state_vector(const bmx_constraints *c, size_t k, uint64_t state, double *x);

/* Add the counts of one state of pair `k` (index into pair[]), times `factor`,
 * to the dense x[n_cats]. */
void bmx_constraints_add_state(const bmx_constraints *c, size_t k, uint64_t state, double factor,
                               double *x);
void bmx_rows_add_to(const bmx_rows *r, size_t row, double factor, double *x);

/* Append the nonzeros of a dense vector as a row; of x[some[0..n)] alone. */
bpemix_status bmx_rows_push(bmx_rows *r, const double *x, size_t n, bpemix_error *err);
bpemix_status bmx_rows_push_some(bmx_rows *r, const double *x, const uint32_t *some, size_t n,
                                 bpemix_error *err);
/* Rows order[0 .. from->n) of `from`, in that order. */
bpemix_status bmx_rows_copy(const bmx_rows *from, const uint32_t *order, bmx_rows *out,
                            bpemix_error *err);
void bmx_rows_release(bmx_rows *r);

/* Multiply every entry by factor[its category]. */
void bmx_rows_rescale(bmx_rows *r, const double *factor);

static inline double bmx_rows_dot(const bmx_rows *r, size_t row, const double *alpha)
{
    double sum = 0;
    for (uint64_t j = r->first[row]; j < r->first[row + 1]; j++)
        sum += alpha[r->cat[j]] * r->x[j];
    return sum;
}

#endif

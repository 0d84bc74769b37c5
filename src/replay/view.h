/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view.h - which tallies of a trace count, and for which category.
 *
 * A trace with folds has a tally for every fold of every category (R4 of
 * trace.h).  The whole is all of them; a replicate of the jackknife leaves one
 * fold of each category out.  A view says so without copying any counts:
 *
 *     tally     0    1    2  |  3    4    5      3 folds of 2 categories
 *     cat[]      0    -    0  |  1    -    1      without fold 1
 *
 * V1  cat[tally] is below n_cats, or BMX_NONE for a tally left out.
 * V2  pairs[], bytes[] are sums over the tallies that count; no sum overflows,
 *     so that sums of counts over the tallies of a category do not, either.
 * V3  given[n_cats] is a permutation of 0 .. n_cats - 1.
 *
 * Solvers stop within a gap of the optimum, and where they stop there depends on the order of the
 * categories: weighted shares of 30 categories moved by 7e-5 with it.  So they are solved in an
 * order that follows from their counts alone, bmx_view_sort(), whatever order they were given in;
 * results are put back into that by bmx_view_unsort(). */
#ifndef BMX_REPLAY_VIEW_H
#define BMX_REPLAY_VIEW_H

#include "replay/trace.h"

typedef struct bmx_view {
    const bpemix_trace *trace; /* borrowed */
    size_t n_cats;
    uint32_t *cat;             /* cat[trace->n_cats] */
    uint32_t *given;           /* given[n_cats]: which category of the trace it is; at first 0, 1,
                                  ... */
    uint64_t *pairs, *bytes;   /* pairs[n_cats] before any merge, bytes[n_cats] */
    uint32_t pooled;           /* the category that is no candidate (pool.h); BMX_NONE: there is
                                  none */
} bmx_view;

/* All tallies but those of fold `leave_out` (BMX_NONE: none is left out), which
 * categories with fixed[category] keep (NULL: no such category).
 * E_UNSUPPORTED: sizes add up to more than 2^63. */
bpemix_status bmx_view_init(const bpemix_trace *tr, uint32_t leave_out, const bool *fixed,
                            bmx_view *out, bpemix_error *err);
void bmx_view_release(bmx_view *v);

/* Number the categories by a digest of their counts, which neither their order nor their names
 * nor the division into folds enters, and by name where two of them are the same; or as in
 * another view of the trace.  Only of a view that was never sorted. */
bpemix_status bmx_view_sort(bmx_view *v, bpemix_error *err);
bpemix_status bmx_view_sort_like(bmx_view *v, const bmx_view *other, bpemix_error *err);

/* x[n_rows][n_cats] of elements of `size` bytes, from the order of the view to the trace's. */
bpemix_status bmx_view_unsort(const bmx_view *v, void *x, size_t n_rows, size_t size,
                              bpemix_error *err);

/* The trace's entry that carries a category's name. */
static inline const bmx_trace_category *bmx_view_category(const bmx_view *v, size_t cat)
{
    return &v->trace->cat[v->given[cat] * (size_t)bmx_trace_tallies(v->trace)];
}

/* Shares share[n_cats] with any sum: those of the candidates add up to 1 afterwards, and that of
 * the pool is its part of all.  Without any occurrence they are NaN. */
void bmx_view_normalize(const bmx_view *v, double *share);

/* Does the tokenizer's alphabet cover the text of a category?  Characters outside the alphabet
 * make no pairs, so that a text of such characters has hundreds of bytes a pair, and shares of
 * pairs tell nothing of its bytes.  Covered texts have 1 to 4 bytes a pair; one of which half the
 * characters are covered, and a quarter of the pairs are left, has 12. */
#define BMX_MOST_BYTES_A_PAIR 12.0
static inline bool bmx_view_covered(const bmx_view *v, size_t cat)
{
    return (double)v->bytes[cat] <= BMX_MOST_BYTES_A_PAIR * (double)v->pairs[cat];
}

#endif

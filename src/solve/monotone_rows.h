/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monotone_rows.h - the pairs that are never merged, as rows of the monotone program.
 *
 *     row 0 .. n_steps - 1          merges, at their own step (constraint.h)
 *     row n_steps ..                pairs never merged that compete, at their last step
 *
 * R1  Rows of a pair stand by rising step, first[s] .. first[s + 1] - 1 at step s.
 * R2  Within a step levels fall, so that a search for rows above a bound stops at the first
 *     whose level shows that it cannot be.
 * R3  No mixture alpha >= 0 rates row r above 2^level[r] size(alpha),
 *     size(alpha) = size . alpha.
 * R4  cat_row[cat_first[i] .. cat_first[i + 1]) are the rows with a count of category i, rising. */
#ifndef BMX_SOLVE_MONOTONE_ROWS_H
#define BMX_SOLVE_MONOTONE_ROWS_H

#include "solve/constraint.h"

typedef struct bmx_place {
    uint32_t pair, step; /* step is compact */
} bmx_place;

typedef struct bmx_monotone_rows {
    const bmx_constraints *c;
    bmx_rows pair;
    bmx_place *at;   /* at[pair.n] */
    uint32_t *first; /* first[n_steps + 1], R1 */
    int8_t *level;   /* level[pair.n], R2 */
    double *size;    /* size[n_cats], R3 */
    uint64_t *cat_first; /* cat_first[n_cats + 1], R4 */
    uint32_t *cat_row;   /* cat_row[pair.nnz] */
} bmx_monotone_rows;

/* c is borrowed. */
bpemix_status bmx_monotone_rows_build(const bmx_constraints *c, bmx_monotone_rows *out,
                                      bpemix_error *err);
/* Of some pairs never merged alone: place[n], each once, at its last step. */
bpemix_status bmx_monotone_rows_build_some(const bmx_constraints *c, const bmx_place *place,
                                           size_t n, bmx_monotone_rows *out, bpemix_error *err);
void bmx_monotone_rows_release(bmx_monotone_rows *m);

/* The constraints were rescaled by factor[n_cats]. */
void bmx_monotone_rows_rescale(bmx_monotone_rows *m, const double *factor);

/* The row of a merge (pair is BMX_NONE) or of a pair, at a merge; SIZE_MAX: there is none. */
size_t bmx_monotone_rows_find(const bmx_monotone_rows *m, uint32_t step, uint32_t pair);

double bmx_monotone_rows_size(const bmx_monotone_rows *m, const double *alpha);

/* The pairs, as rising rows of `pair`, that alpha rates above bound[n_steps] of their step;
 * returns how many.  out[pair.n]. */
size_t bmx_monotone_rows_above(const bmx_monotone_rows *m, const double *alpha, const double *bound,
                               uint32_t *out);

/* Those of them that have a count of category `cat` and whose bit in has[] is not set, which then
 * is. */
size_t bmx_monotone_rows_above_in(const bmx_monotone_rows *m, uint32_t cat, const double *alpha,
                                  const double *bound, uint64_t *has, uint32_t *out);

#endif

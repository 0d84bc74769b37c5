/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interior_rows.h - what a step of the interior point method is taken with: the rows that take
 * part so far, and vectors over rows, categories and steps.
 *
 *   row          0 1 2 ...        merges that have a weight, then pairs as they join
 *   id[row]                       row of the program (monotone_rows.h)
 *   w[] low[] over[] ... rest[]   of_rows, one vector behind the other, each row_cap long
 *   alpha[] z[] ... try[]         of_cats, the same, each n_cats long
 *   fall[] owed[] ... level[]     of_steps, each n_steps long
 *
 * O1  has[id] tells whether a row of the program takes part; none does twice, and none leaves.
 * O2  w[row] > 0. */
#ifndef BMX_SOLVE_INTERIOR_ROWS_H
#define BMX_SOLVE_INTERIOR_ROWS_H

#include "solve/live.h"
#include "solve/monotone.h"
#include "solve/newton.h"

typedef struct bmx_interior {
    const bmx_constraints *c;
    bmx_monotone *m;
    const bmx_monotone_rows *all;
    bmx_newton newton;
    bmx_live live;
    size_t n_cats, n_steps, n_rows, row_cap;
    bmx_entries *row;
    uint32_t *id, *step;   /* of rows: of the program (monotone_rows.h); their steps */
    bool *has;             /* has[id] */
    double *w, *low;       /* O2 */
    double *over, *under, *p, *q, *y, *d, *h;
    double *d_over, *d_p, *d_q, *gap;
    double *rest;          /* what the shares of categories that are out add to a row's count */
    double *alpha, *z, *g, *d_alpha, *d_z, *rhs, *per_share, *share_aim, *cut, *try;
    double *fall, *owed, *theta, *d_fall, *d_owed, *d_theta, *per_fall, *fall_aim, *q_rhs, *sum;
    double *level;         /* theta of the last call of the oracle */
    double *of_rows, *of_cats, *of_steps;
    double lambda, d_lambda, mu;
    size_t n_products;     /* that go to 0 */
} bmx_interior;

/* c, m, all, n_cats and n_steps are set by the caller, the rest is zero; released also after a
 * failure.  The merges take part. */
bpemix_status bmx_interior_init(bmx_interior *x, bpemix_error *err);
void bmx_interior_release(bmx_interior *x);
/* Pairs whose count was at least this fraction of theta at the last call of the oracle take part,
 * too. */
bpemix_status bmx_interior_add_pairs(bmx_interior *x, double fraction, bpemix_error *err);
/* Newton's method gets the rows of the live categories. */
bpemix_status bmx_interior_set_rows(bmx_interior *x, bpemix_error *err);

#endif

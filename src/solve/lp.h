/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lp.h - a linear program to which rows and columns are added, independent of the solver:
 *
 *     minimize  cost . x   with  lo <= x <= hi  and  row_lo <= A x <= row_hi
 *
 * Columns and rows are numbered from 0 in the order they were added.  Solvers
 * may keep state of their own per thread; therefore everything below is called
 * inside bmx_lp_session() only. */
#ifndef BMX_SOLVE_LP_H
#define BMX_SOLVE_LP_H

#include "base/mem.h"

/* Call fn(ctx, err) on a thread of its own and return its status.  The host program may use the
 * same solver: failures here must not reach it, and cleaning up must not free its problems. */
typedef bpemix_status bmx_lp_session_fn(void *ctx, bpemix_error *err);
bpemix_status bmx_lp_session(bmx_lp_session_fn *fn, void *ctx, bpemix_error *err);

typedef struct bmx_lp bmx_lp;

bpemix_status bmx_lp_new(bmx_lp **out, bpemix_error *err);
void bmx_lp_free(bmx_lp *lp);

/* hi = INFINITY: no upper bound. */
bpemix_status bmx_lp_add_col(bmx_lp *lp, double cost, double lo, double hi, bpemix_error *err);

/* One row of n entries; -INFINITY or INFINITY: no bound on that side. */
bpemix_status bmx_lp_add_row(bmx_lp *lp, double lo, double hi, size_t n, const uint32_t *col,
                             const double *value, bpemix_error *err);

/* Re-optimize from where the last call ended, at most max_pivots steps (0: no
 * limit) and about so many seconds (INFINITY: no limit).  *optimal tells whether
 * the optimum was reached; otherwise call again.  E_SOLVER when the solver gives
 * up. */
bpemix_status bmx_lp_solve(bmx_lp *lp, int max_pivots, double seconds, bool *optimal,
                           bpemix_error *err);

double bmx_lp_value(const bmx_lp *lp, uint32_t col);
double bmx_lp_dual(const bmx_lp *lp, uint32_t row); /* change of the optimum per unit of the
                                                       bound */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interior.h - the monotone program with hundreds of categories.
 *
 * The bundle method (bundle.h) needs more rounds with more categories, and each takes longer: 266
 * rounds for 1,000 categories to a gap of 4e-3.  Here the linear program behind f is solved as
 * such, by a primal-dual method (Mehrotra 1992), in about 30 steps whatever its size:
 *
 *     minimize   sum_r w_r P_r + low_r Q_r            low_r: w_r for a merge, 0 for a pair
 *     with       P_r - Q_r = x_r . alpha - theta_(step of r),   P, Q >= 0
 *                theta_s - theta_(s+1) = fall_s >= 0
 *                alpha on the simplex
 *
 *     maximize   lambda
 *     with       sum_r y_r x_ri - lambda = z_i >= 0
 *                w_r - y_r = over_r >= 0,  low_r + y_r = under_r >= 0
 *                -(sum of y_r of the rows up to step s) = owed_s >= 0
 *
 * Products P over, Q under, alpha z and fall owed all go to 0 alike.
 *
 * I1  Both sides satisfy their equations from the start on, up to rounding.
 * I2  The bounds do not depend on the steps: the upper one is f itself, over all rows, at alpha.
 *     The lower one is the smallest entry of y' X for a y that has been made to satisfy its
 *     conditions; rows that take no part have y = 0. */
#ifndef BMX_SOLVE_INTERIOR_H
#define BMX_SOLVE_INTERIOR_H

#include "solve/monotone.h"

/* See bmx_bundle_solve().  Stops short of the gap when time is up or steps lead nowhere. */
bpemix_status bmx_interior_solve(bmx_monotone *m, const bmx_constraints *c, const double *start,
                                 bmx_control *ctl, bmx_cuts *cuts, bmx_optimum *out,
                                 bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate.h - what multipliers of rows prove, without any solver.
 *
 * Let y be a multiplier for some rows of the monotone program (solve/monotone.h), whose slack
 * weighs w: of merges between -w and w, of pairs never merged, at the last step at which they
 * compete, between 0 and w.  Then for all shares alpha and all theta
 *
 *     f(alpha, theta) >= sum_r y_r (x_r . alpha - theta of its step)
 *
 * and where the sums of y over the steps 0 .. t are at most 0 for every t, the part with theta is
 * at least 0, as theta never increases: f(alpha) >= g . alpha with g = sum_r y_r x_r.  On the
 * simplex that is at least the smallest entry of g.  Weights of other rows do not matter, as long
 * as they are not below 0.
 *
 * One set of multipliers is a certificate of an optimum when it is the mean, by the multipliers of
 * the cuts, of those of the points that the cuts were made at; those of the optimum alone prove
 * less (certify.h makes one). */
#ifndef BMX_DIAGNOSE_CERTIFICATE_H
#define BMX_DIAGNOSE_CERTIFICATE_H

#include "solve/constraint.h"

/* A lower bound of the slack of every mixture of the categories that c does not hold at 0, in the
 * scale of c: per million pairs at first.  Rounding of the sums of y is subtracted, times the
 * largest count.  -INFINITY when y is no certificate: a row that is not one of the program's, a row
 * twice, or a multiplier out of bounds; NaN when there is no memory. */
double bmx_certificate_bound(const bmx_constraints *c, const bmx_row_weight *y, size_t n);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monotone.h - the fit with training counts that never increase.
 *
 *     minimize over shares alpha and theta_0 >= theta_1 >= ... >= 0
 *       sum_t w_t |theta_t - b_t|
 *       + sum over pairs p never merged of w_p max(0, W_p(s_p) - theta_(s_p))
 *
 * In training the largest count of a pair never rises from one merge to the
 * next.  Every pair has one row: a merged pair at its own merge, another at
 * the last step s_p at which it competes.  This departs from section 3.1 of
 * the paper, where theta may move freely and pairs are compared at every step;
 * the optimum was within 2e-3 of the paper's, at a hundredth of the time. */
#ifndef BMX_SOLVE_MONOTONE_H
#define BMX_SOLVE_MONOTONE_H

#include "solve/monotone_rows.h"
#include "solve/program.h"

typedef struct bmx_monotone bmx_monotone;

bpemix_status bmx_monotone_new(const bmx_constraints *c, bmx_monotone **out, bpemix_error *err);
/* Of the pairs never merged, with place[n] alone: as long as none of the others is above theta, the
 * same; else less. */
bpemix_status bmx_monotone_new_some(const bmx_constraints *c, const bmx_place *place, size_t n,
                                    bmx_monotone **out, bpemix_error *err);
void bmx_monotone_free(bmx_monotone *m);

/* Another evaluator of the same rows and weights, for another thread: only what a call
 * writes is its own.  Valid as long as m, which must not be weighed meanwhile. */
bpemix_status bmx_monotone_twin(const bmx_monotone *m, bmx_monotone **out, bpemix_error *err);

/* Reset a twin to what m keeps, so that later results do not depend on its earlier calls. */
bpemix_status bmx_monotone_go_back(bmx_monotone *twin, const bmx_monotone *m, bpemix_error *err);

/* ---- what an interior point method (interior.h) needs ---- */

/* Rows 0 .. n_steps - 1 are the merges, the others pairs never merged.  Valid as long as m. */
const bmx_monotone_rows *bmx_monotone_rows_of(const bmx_monotone *m);
double bmx_monotone_weight(const bmx_monotone *m, size_t row);
/* The row, with its weight and without a multiplier. */
bmx_row_weight bmx_monotone_row(const bmx_monotone *m, size_t row);

/* The pairs that were looked at by the last call of the oracle, with their counts. */
const struct bmx_listing *bmx_monotone_listing(const bmx_monotone *m);

/* y[n_steps + pairs] of that call, as bmx_monotone_multipliers() has it. */
void bmx_monotone_prices(const bmx_monotone *m, double *y);

/* w = max(theta, count)^(-1/4) for every row at a solution, scaled to mean 1
 * over the steps; used by all later calls. */
bpemix_status bmx_monotone_weigh(bmx_monotone *m, const bmx_optimum *at, bpemix_error *err);

/* Valid as long as m. */
bmx_oracle bmx_monotone_oracle(bmx_monotone *m);

/* The rows whose slack counts at alpha[n_cats], in the present scale, with the weight w and the
 * multiplier y of each (all others have 0): a subgradient is the sum of y times the counts of the
 * row,
 *
 *     g[n_cats] = sum_r y_r x_r,    g . alpha = f(alpha) = *value
 *
 * A merge that is below theta has y = -w, one above has w, a pair never merged that is above
 * theta has w; where a count is theta, y is in between.  *out[*n_out] is the caller's. */
bpemix_status bmx_monotone_multipliers(bmx_monotone *m, const double *alpha, bmx_row_weight **out,
                                       size_t *n_out, double *g, double *value, bpemix_error *err);

/* From now on the slack of these rows, and of no others, weighs nothing.  n = 0: all rows count. */
bpemix_status bmx_monotone_leave_out(bmx_monotone *m, const bmx_row_weight *row, size_t n,
                                     bpemix_error *err);

/* The second derivatives of f at the shares alpha of the last call, over steps that move counts
 * by the fraction `reach`: h[n_cats][n_cats], in the present scale (curvature.h). */
bpemix_status bmx_monotone_curvature(const bmx_monotone *m, const double *alpha, double reach,
                                     double *h, bpemix_error *err);

/* max(level, 1e-6 top)^(-1/4); the floor keeps near-empty rows from dominating.  1 where
 * top, the highest level, is 0 and there is nothing to weigh by. */
double bmx_quarter_weight(double level, double top);

/* sum[n_cats]: counts of the merges, each at its own step and with its weight. */
void bmx_monotone_merge_sums(const bmx_monotone *m, double *sum);

/* The constraints were rescaled by factor[n_cats]. */
void bmx_monotone_rescale(bmx_monotone *m, const double *factor);
const bmx_constraints *bmx_monotone_constraints(const bmx_monotone *m);

#endif

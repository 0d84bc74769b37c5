/* SPDX-License-Identifier: GPL-3.0-or-later */
/* curvature.h - second derivatives of the monotone program's f, smoothed over the size of a step.
 *
 * f is a sum of w |theta - b| and w max(0, W - theta), with tens of thousands of kinks.  Over a
 * step that moves counts by the fraction `reach` of theta it is close to the function whose kinks
 * are rounded over that width,
 *
 *     w |x|  ~  w x^2 / (2 near)    w max(0, x)  ~  w (x + near)^2 / (4 near)    near = reach theta
 *
 * whose second derivatives are those of the rows that are within `near` of theta; theta itself,
 * which is one number over a block of steps, moves along with the mean of its rows:
 *
 *     H = sum over blocks of  sum over their near rows r of  k_r (x_r - mean) (x_r - mean)' */
#ifndef BMX_SOLVE_CURVATURE_H
#define BMX_SOLVE_CURVATURE_H

#include "solve/monotone_rows.h"

/* A solution for fixed shares; all borrowed. */
typedef struct bmx_curved {
    const bmx_constraints *c;
    const double *alpha, *b, *theta;
    const double *weight;   /* weight[n_steps + pair->n]; NULL: 1 */
    const bmx_rows *pair;   /* pairs never merged, at at[] */
    const bmx_place *at;
    const uint32_t *listed; /* listed[n_listed]: rising rows of pair that may be near theta */
    size_t n_listed;
} bmx_curved;

/* h[n_cats][n_cats], of alpha in the scale of c. */
bpemix_status bmx_curvature(const bmx_curved *f, double reach, double *h, bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quasi_newton.h - second derivatives estimated from gradients: BFGS with Powell's damping
 * (Nocedal and Wright, "Numerical Optimization", procedure 18.2).
 *
 *     H <- H + y y' / s'y - (H s)(H s)' / s'H s       s: a step, y: how the gradient changed
 *
 * Up to BMX_QUASI_NEWTON_DENSE variables H is a matrix.  For more it is kept as a multiple of the
 * identity and the vectors of the last steps, which takes no time or memory of n x n. */
#ifndef BMX_SOLVE_QUASI_NEWTON_H
#define BMX_SOLVE_QUASI_NEWTON_H

#include "solve/qp.h"

#define BMX_QUASI_NEWTON_DENSE 300

typedef struct bmx_quasi_newton {
    size_t n;
    bool begun;              /* false: no step yet, and H = 1 */
    double *h, *ridged;      /* h[n][n], or NULL */
    double *s, *y;           /* s[n_steps][n]: the last steps, oldest first */
    size_t n_steps;
    double first;            /* H = first + sum of coef[k] vec[k] vec[k]' */
    double *vec, *coef;      /* vec[2 n_steps][n] */
    double *scaled;          /* scaled[2 n_steps]: as bmx_quasi_newton_use() hands them out */
    double *hs, *damped;     /* of n each */
} bmx_quasi_newton;

bpemix_status bmx_quasi_newton_init(bmx_quasi_newton *q, size_t n, bpemix_error *err);
void bmx_quasi_newton_release(bmx_quasi_newton *q);

/* The formula above on a matrix h[n][n]; y[n] is overwritten with its damped self, hs[n] with H s.
 * Where the step would make H less than positive nothing is changed. */
void bmx_bfgs(double *h, size_t n, const double *s, double *y, double *hs);

/* Begin with H = h[n][n], of rank n or less, in the dense case. */
void bmx_quasi_newton_begin(bmx_quasi_newton *q, const double *h);

/* Add a step s[n], y[n]; one without curvature is ignored. */
void bmx_quasi_newton_update(bmx_quasi_newton *q, const double *s, const double *y);

/* H, scaled to trace n, plus a ridge, into what a quadratic program takes; valid until the next
 * call for q. */
void bmx_quasi_newton_use(bmx_quasi_newton *q, bmx_qp_program *what);

#endif

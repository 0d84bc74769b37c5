/* SPDX-License-Identifier: GPL-3.0-or-later */
/* qp.h - nearest point of a level set, in a given metric:
 *
 *     minimize  1/2 (x - c)' H (x - c) + p' x
 *     with      e' x = 1,  x >= 0,  G x <= level
 *
 * H is n x n, symmetric and positive definite, G m x n, both row by row.
 * Mehrotra's predictor-corrector; every step factors one n x n matrix, or, where H is a
 * diagonal and a few products of vectors, one of as many rows as there are vectors and cuts. */
#ifndef BMX_SOLVE_QP_H
#define BMX_SOLVE_QP_H

#include "solve/woodbury.h"

typedef struct bmx_qp {
    size_t n, m_cap;
    double *matrix;  /* n x n: the matrix, then its Cholesky factor below the diagonal; NULL: not
                        needed yet */
    bmx_woodbury low;
    double *of_vars; /* several vectors of n */
    double *of_rows; /* several vectors of m_cap */
} bmx_qp;

bpemix_status bmx_qp_init(bmx_qp *q, size_t n, bpemix_error *err);
void bmx_qp_release(bmx_qp *q);

/* e = 1 and p = 0 where those are NULL.  *solved = false when no finite point within the
 * constraints was found; x is then untouched. */
typedef struct bmx_qp_program {
    size_t m;
    const double *h, *c, *g; /* h[n][n], c[n], g[m][n] */
    double diagonal;         /* where h is NULL: H = diagonal + sum of coef[k] vec[k] vec[k]' */
    const double *vec, *coef; /* vec[n_vec][n] */
    size_t n_vec;
    const double *e, *p;     /* e[n], p[n] */
    double level;
    double size;             /* approximate size of the objective, to a thousandth of which it is
                                solved; 0: as well as rounding allows */
    double *lam;             /* set to the multipliers of the rows of g, lam[m], where there is a
                                solution; NULL: not wanted */
} bmx_qp_program;
bpemix_status bmx_qp_solve(bmx_qp *q, const bmx_qp_program *what, double *x, bool *solved,
                           bpemix_error *err);

#endif

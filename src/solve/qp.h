/* qp.h - nearest point of a level set, in a given metric:
 *
 *     minimise  1/2 (x - c)' H (x - c)
 *     with      sum x = 1,  x >= 0,  G x <= level
 *
 * H is n x n, symmetric and positive definite, G m x n, both row by row.
 * Mehrotra's predictor-corrector; every step factors one n x n matrix. */
#ifndef BMX_SOLVE_QP_H
#define BMX_SOLVE_QP_H

#include "base/mem.h"

typedef struct bmx_qp {
    size_t n, m_cap;
    double *matrix;  /* n x n: the matrix, then its Cholesky factor below the diagonal */
    double *of_vars; /* several vectors of n */
    double *of_rows; /* several vectors of m_cap */
} bmx_qp;

bpemix_status bmx_qp_init(bmx_qp *q, size_t n, bpemix_error *err);
void bmx_qp_release(bmx_qp *q);

/* *solved = false when no finite point within the constraints was found; x is
 * then untouched.  x[n] is on the simplex otherwise. */
bpemix_status bmx_qp_project(bmx_qp *q, size_t m, const double *h, const double *c, const double *g,
                             double level, double *x, bool *solved, bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dense.h - operations on the matrices of quadratic programs that take n x n x n and so deserve
 * SIMD instructions.  All kinds of processors (base/cpu.h) give the same bits. */
#ifndef BMX_SOLVE_DENSE_H
#define BMX_SOLVE_DENSE_H

#include <stdbool.h>
#include <stddef.h>

/* Factor a[n][n], a symmetric matrix given by its lower triangle, in place as A S A', where S is
 * 1 in the first `plus` rows and -1 in the others; plus = n: the Cholesky factor.  A pivot that
 * is at most the fraction `dependent` of the entry that stood there is rounding; it is replaced by
 * `nowhere`, a number so large that the row has no effect.  False when a pivot is not finite, or
 * would have to be replaced and `nowhere` is 0. */
bool bmx_dense_factor(double *a, size_t n, size_t plus, double dependent, double nowhere);

/* Lower triangle of a[n][n] += sum over k of f[k] row[k] row[k]', m rows of n, which is a multiple
 * of four. */
void bmx_dense_add_products(double *a, size_t n, const double *const *row, const double *f,
                            size_t m);

/* out[j] += row[from .. to) . v[j][from .. to), m vectors. */
void bmx_dense_products(const double *row, const double *const *v, size_t m, size_t from,
                        size_t to, double *out);

#endif

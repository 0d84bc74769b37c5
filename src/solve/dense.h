/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dense.h - the matrices of quadratic programs: what takes n x n x n and is worth more than plain
 * loops.  All kinds of processors (base/cpu.h) give the same bits. */
#ifndef BMX_SOLVE_DENSE_H
#define BMX_SOLVE_DENSE_H

#include <stdbool.h>
#include <stddef.h>

/* The lower triangle of a[n][n], a symmetric matrix, becomes A of A S A', where S is 1 in the
 * first `plus` rows and -1 in the others; plus = n: the Cholesky factor.  A pivot that is not above
 * the part `dependent` of what stood there is rounding: `nowhere` takes its place, far from all
 * numbers, so that the row takes no part.  False where such a pivot is met and `nowhere` is 0, or
 * one that is not finite. */
bool bmx_dense_factor(double *a, size_t n, size_t plus, double dependent, double nowhere);

/* Lower triangle of a[n][n] += sum over k of f[k] row[k] row[k]', four rows of n. */
void bmx_dense_add_products(double *a, size_t n, const double *const row[4], const double *f);

/* out[j] = row' v[j], m vectors of n. */
void bmx_dense_products(const double *row, const double *const *v, size_t m, size_t n, double *out);

#endif

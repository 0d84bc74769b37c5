/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dense_kernel.h - the functions of dense.h for each kind of processor. */
#ifndef BMX_SOLVE_DENSE_KERNEL_H
#define BMX_SOLVE_DENSE_KERNEL_H

#include "solve/dense.h"

typedef struct bmx_dense_kernel {
    bool (*factor)(double *a, size_t n, size_t plus, double dependent, double nowhere);
    void (*add_products)(double *a, size_t n, const double *const *row, const double *f, size_t m);
    void (*products)(const double *row, const double *const *v, size_t m, size_t from, size_t to,
                     double *out);
} bmx_dense_kernel;

extern const bmx_dense_kernel bmx_dense_plain, bmx_dense_avx2;

#endif

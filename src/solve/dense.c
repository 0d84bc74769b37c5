/* SPDX-License-Identifier: GPL-3.0-or-later */
#define BMX_CPU plain
#include "solve/dense_body.h"

/* Wider registers than AVX2's would be half empty. */
static const bmx_dense_kernel *kernel(void)
{
    static const bmx_dense_kernel *const of[BMX_CPU_KINDS] = { &bmx_dense_plain, &bmx_dense_avx2,
                                                               &bmx_dense_avx2 };

    return of[bmx_cpu_kind()];
}

bool bmx_dense_factor(double *a, size_t n, size_t plus, double dependent, double nowhere)
{
    return kernel()->factor(a, n, plus, dependent, nowhere);
}

void bmx_dense_add_products(double *a, size_t n, const double *const *row, const double *f,
                            size_t m)
{
    kernel()->add_products(a, n, row, f, m);
}

void bmx_dense_products(const double *row, const double *const *v, size_t m, size_t from,
                        size_t to, double *out)
{
    kernel()->products(row, v, m, from, to, out);
}

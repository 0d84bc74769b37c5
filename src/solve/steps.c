/* SPDX-License-Identifier: GPL-3.0-or-later */
#define BMX_CPU plain
#include "solve/steps_body.h"

static const bmx_steps_kernel *kernel(void)
{
    static const bmx_steps_kernel *const of[BMX_CPU_KINDS] = { &bmx_steps_plain, &bmx_steps_avx2,
                                                               &bmx_steps_avx2 };

    return of[bmx_cpu_kind()];
}

size_t bmx_steps_place(const bmx_steps *x, double *y, double *pays, uint32_t *near)
{
    return kernel()->place(x, y, pays, near);
}

double bmx_steps_cost(const bmx_steps *x, uint32_t *beyond, size_t *n)
{
    return kernel()->cost(x, beyond, n);
}

void bmx_steps_bound(const double *theta, size_t n, double part, double times, double *low,
                     double *high)
{
    kernel()->bound(theta, n, part, times, low, high);
}

bool bmx_steps_reach(const double *theta, const double *least, size_t n)
{
    return kernel()->reach(theta, least, n);
}

size_t bmx_steps_changed(const double *a, const double *b, size_t n, uint32_t *changed)
{
    return kernel()->changed(a, b, n, changed);
}

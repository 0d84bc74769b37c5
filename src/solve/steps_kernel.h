/* SPDX-License-Identifier: GPL-3.0-or-later */
/* steps_kernel.h - the functions of steps.h for each kind of processor. */
#ifndef BMX_SOLVE_STEPS_KERNEL_H
#define BMX_SOLVE_STEPS_KERNEL_H

#include "solve/steps.h"

typedef struct bmx_steps_kernel {
    size_t (*place)(const bmx_steps *x, double *y, double *pays, uint32_t *near);
    double (*cost)(const bmx_steps *x, uint32_t *beyond, size_t *n);
    void (*bound)(const double *theta, size_t n, double part, double times, double *low,
                  double *high);
    bool (*reach)(const double *theta, const double *least, size_t n);
    size_t (*changed)(const double *a, const double *b, size_t n, uint32_t *changed);
} bmx_steps_kernel;

extern const bmx_steps_kernel bmx_steps_plain, bmx_steps_avx2;

#endif

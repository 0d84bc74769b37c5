/* SPDX-License-Identifier: GPL-3.0-or-later */
/* steps.h - what the monotone program asks of the merges of all steps, one after the other.
 *
 *     theta   9 9 9 6 6 1      far from theta most merges stay on their side of it from call to
 *     low     8 8 8 5 5 1      call (M1 of monotone.c), so that nearly nothing is to be done for
 *     b       9 2 7 9 5 1      them but to see that: four at a time, without a branch
 *     high   10 ...
 *
 * All lists are of rising steps.  Every kind of processor gives the same bits. */
#ifndef BMX_SOLVE_STEPS_H
#define BMX_SOLVE_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All borrowed, of n each. */
typedef struct bmx_steps {
    size_t n;
    const double *theta, *b, *weight, *low, *high;
} bmx_steps;

/* y[s] is twice the weight where b is above low and 0 elsewhere, pays[s] the weight less y[s].
 * near[]: where b is between low and high; returns how many.  theta is not used. */
size_t bmx_steps_place(const bmx_steps *x, double *y, double *pays, uint32_t *near);

/* The sum of weight |theta - b|.  beyond[*n]: where theta is not from low to high. */
double bmx_steps_cost(const bmx_steps *x, uint32_t *beyond, size_t *n);

/* Set low[n] to `part` of theta, and high[n] to `times` theta. */
void bmx_steps_bound(const double *theta, size_t n, double part, double times, double *low,
                     double *high);

/* Is no theta below its least? */
bool bmx_steps_reach(const double *theta, const double *least, size_t n);

/* changed[]: where a is not b; returns how many. */
size_t bmx_steps_changed(const double *a, const double *b, size_t n, uint32_t *changed);

#endif

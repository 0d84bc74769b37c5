/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isotonic.h - the best theta that never rises, for losses that are piecewise linear.
 *
 *     minimize over theta_0 >= theta_1 >= ... >= 0
 *         sum_s w_s |theta_s - b_s|  +  sum over hinges of w max(0, x - theta_(its step))
 *
 * Slope trick, with all steps known beforehand.  Going through the steps, one has to take from the
 * smallest breakpoints seen so far the weight that the step owes:
 *
 *     a merge    breaks the slope at b by 2 w and owes w
 *     a hinge    breaks it at x by w and owes w
 *
 * and theta_s is the largest breakpoint that step s took from, or one that a later step took from.
 * The same comes about, without a queue, when breakpoints are gone through by rising x, and each is
 * taken by the first steps from its own on that still owe: which those are is found by joining
 * steps that owe nothing more to the next one (union-find; this is the problem of "off-line
 * minima", Aho, Hopcroft and Ullman 1974).
 *
 * I1  Breakpoints that are taken whole may be taken in any order: which debts they leave is the
 *     same.  So those of merges at or below low[], surely below theta, are taken as they come, and
 *     those at or above high[], surely above it, never.  Only what is between, around theta, is
 *     sorted; where that does not come out even, all are.
 * I2  What is left of a breakpoint is its multiplier, less w for a merge.  With any low[] and
 *     high[] that never rise these make a cut, and theta never rises.  Both are the best where no
 *     breakpoint at or below low[] is above theta, and none at or above high[] is below it. */
#ifndef BMX_SOLVE_ISOTONIC_H
#define BMX_SOLVE_ISOTONIC_H

#include "solve/breakpoints.h"

typedef struct bmx_isotonic {
    uint32_t n_steps;
    double *theta;         /* theta[n_steps] */
    double *y;             /* y[n_steps]: multipliers of the merges, -w to w */
    double *hinge_y;       /* hinge_y[n_hinges], 0 to w: behind y, so that a breakpoint finds its
                              own by `at` */
    double *debt;          /* debt[n_steps]: what a step still owes */
    double *pays;          /* pays[n_steps]: its weight where the merge is at or below low[], less
                              its weight elsewhere */
    uint32_t *near;        /* near[n_steps]: steps whose merges are between low[] and high[] */
    uint32_t *next;        /* next[n_steps + 1]: a step that may still owe, from here on */
    bmx_breakpoints around; /* those between low[] and high[]; `at` of one: the step of a merge, or
                               n_steps + a hinge */
    size_t y_cap;
} bmx_isotonic;

/* All borrowed. */
typedef struct bmx_losses {
    const double *b, *weight;         /* of n_steps each */
    const double *low, *high;         /* of n_steps each, I1 */
    const double *hinge, *hinge_weight; /* of n_hinges each, by rising step; none is at or below
                                           low[] of its step */
    const uint32_t *hinge_step;
    size_t n_hinges;
} bmx_losses;

bpemix_status bmx_isotonic_init(bmx_isotonic *iso, uint32_t n_steps, bpemix_error *err);
void bmx_isotonic_release(bmx_isotonic *iso);
bpemix_status bmx_isotonic_solve(bmx_isotonic *iso, const bmx_losses *of, bpemix_error *err);

#endif

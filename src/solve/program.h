/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program.h - what a formulation of the fit can do, whichever it is.
 *
 * Both minimize a sum of weighted slacks f(alpha) over the shares that the
 * constraints do not hold at 0: the monotone program (monotone.c) and the
 * paper's (paper.c).  f is convex and homogeneous in both. */
#ifndef BMX_SOLVE_PROGRAM_H
#define BMX_SOLVE_PROGRAM_H

#include "solve/bundle.h"

typedef struct bmx_program {
    const char *name;
    bool with_states; /* needs the states of the constraints */

    /* All slack weighs 1 at first.  c is borrowed. */
    bpemix_status (*open)(const bmx_constraints *c, void **out, bpemix_error *err);
    void (*close)(void *program);

    /* From now on slack weighs max(level, count)^(-1/4), taken at a solution in the
     * present scale, and scaled to mean 1 over the steps. */
    bpemix_status (*weigh)(void *program, const bmx_optimum *at, bpemix_error *err);

    /* sum[n_cats]: counts of the merges, each at its own step and with its weight. */
    void (*merge_sums)(const void *program, double *sum);

    /* The constraints were rescaled by factor[n_cats]. */
    bpemix_status (*rescale)(void *program, const double *factor, bpemix_error *err);

    /* See bmx_bundle_solve(); cuts may be left without any. */
    bpemix_status (*solve)(void *program, const double *start, bmx_control *ctl, bmx_cuts *cuts,
                           bmx_optimum *out, bpemix_error *err);
} bmx_program;

extern const bmx_program bmx_program_monotone, bmx_program_paper;

#endif

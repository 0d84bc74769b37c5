/* SPDX-License-Identifier: GPL-3.0-or-later */
/* solver.h - what the solvers of src/solve/ share: limits, progress, answers. */
#ifndef BMX_SOLVE_SOLVER_H
#define BMX_SOLVE_SOLVER_H

#include "base/progress.h"
#include "solve/separate.h"

typedef struct bmx_control {
    double gap;      /* stop at (upper - lower) <= gap * upper */
    double deadline; /* on bmx_clock(); INFINITY: none */
    bmx_progress progress;
    double enough;   /* where lower >= enough, that will do; 0: it does not */
} bmx_control;

/* Check for cancellation and tell progress, now and then. */
bpemix_status bmx_control_check(bmx_control *ctl, double lower, double upper, uint64_t rows,
                                bpemix_error *err);

/* Shares with bounds.  Objectives are in the scale of the constraints (ppm of pairs, or
 * of the occurrences of the merges), weighted when weights were given. */
typedef struct bmx_optimum {
    double *alpha;       /* alpha[n_cats], on the simplex */
    double *theta;       /* theta[n_steps], training counts that go with it */
    double upper, lower; /* objective at (alpha, theta); certified lower bound */
    double slack_merges, slack_pairs; /* sum v and sum u at (alpha, theta), unweighted */
    uint64_t rows, rounds;
} bmx_optimum;

bpemix_status bmx_optimum_init(bmx_optimum *o, const bmx_constraints *c, bpemix_error *err);
void bmx_optimum_release(bmx_optimum *o);

/* Is the objective 0 except for rounding, that is below 1e-11 of the sum of the counts in it? */
bool bmx_optimum_perfect(const bmx_optimum *o, const bmx_constraints *c);

/* (upper - lower) / upper; 0 for a perfect fit and where rounding alone is left. */
double bmx_optimum_gap(const bmx_optimum *o, const bmx_constraints *c);

/* Clip to the simplex; all shares are equal if all would be 0. */
void bmx_simplex_clip(double *alpha, size_t n);

/* Weights of slack; NULL members mean 1. */
typedef struct bmx_slack_weights {
    const double *step; /* step[n_steps] */
    const double *pair; /* pair[c->n_pairs] */
} bmx_slack_weights;

/* The paper's linear program by row generation (rowgen.c): dual simplex over
 * the rows found violated so far, at most one per pair and round.  Inside
 * bmx_lp_session() only.  out is initialized by the caller; when it stops
 * early, bounds are those reached. */
bpemix_status bmx_rowgen_solve(const bmx_constraints *c, const bmx_slack_weights *w,
                               bmx_control *ctl, bmx_optimum *out, bpemix_error *err);

#endif

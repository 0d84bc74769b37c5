/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bundle.h - minimize a convex function f over the simplex to a certified gap.
 *
 * f is the optimum of a linear program whose costs depend on the shares alpha
 * linearly: the maximum of finitely many g . alpha.  An oracle gives for one
 * alpha a g with g . alpha' <= f(alpha') everywhere, and, when it can, a value
 * f(alpha) cannot exceed. */
#ifndef BMX_SOLVE_BUNDLE_H
#define BMX_SOLVE_BUNDLE_H

#include "solve/solver.h"

#include <math.h>

/* How well one call of the oracle must answer. */
typedef struct bmx_oracle_goal {
    double tolerance; /* sufficient relative difference of both sides at alpha */
    double best;      /* values of f that are not below this one need not be known */
    double deadline;  /* on bmx_clock(): a slow oracle then returns what it has, which is still
                         a cut and an upper value, but far apart */
} bmx_oracle_goal;

/* As exactly as the oracle can, whatever the value and the time. */
#define BMX_EXACTLY (&(const bmx_oracle_goal){ 0, INFINITY, INFINITY })

typedef struct bmx_oracle {
    void *ctx;
    bool exact; /* a tolerance of 0 costs little: solving asks for that */
    /* A cut g[n] at alpha, and *upper >= f(alpha), INFINITY when it could not be below
     * goal->best. */
    bpemix_status (*eval)(void *ctx, const double *alpha, const bmx_oracle_goal *goal, double *g,
                          double *upper, bpemix_error *err);
    /* The point of the last call is the best so far: note it in out. */
    void (*keep)(void *ctx, bmx_optimum *out);
    /* About how f bends around alpha, the point of the last call: h[n_cats][n_cats].  NULL: that
     * is not known. */
    bpemix_status (*bend)(void *ctx, const double *alpha, double *h, bpemix_error *err);
} bmx_oracle;

/* The cuts of a solution, g . alpha' <= f(alpha') at any alpha' >= 0, and their multipliers in the
 * last master program.  The mean of the cuts by these is a subgradient that proves the optimum. */
typedef struct bmx_cuts {
    double *g;      /* g[n][n_cats] */
    double *at;     /* at[n][n_cats]: the shares that each was made at; NaN: at none */
    size_t n, cap, at_cap;
    double *weight; /* weight[n]; NULL: no master program */
} bmx_cuts;

/* at: NULL where the cut was made at no shares. */
bpemix_status bmx_cuts_add(bmx_cuts *cuts, const double *at, const double *g, size_t n_cats,
                           bpemix_error *err);
void bmx_cuts_release(bmx_cuts *cuts);

/* Inside bmx_lp_session() only.  Shares that c holds stay 0.  Starts at `start`
 * (NULL: all equal).  Appends its cuts to `cuts` (NULL: keeps none).  out is
 * initialized by the caller; upper, lower, rounds, rows and alpha are set here,
 * the rest by oracle->keep().  Stops short of the gap when time is up or when
 * nothing has improved for long. */
bpemix_status bmx_bundle_solve(const bmx_constraints *c, const bmx_oracle *oracle,
                               const double *start, bmx_control *ctl, bmx_cuts *cuts,
                               bmx_optimum *out, bpemix_error *err);

#endif

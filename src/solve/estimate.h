/* SPDX-License-Identifier: GPL-3.0-or-later */
/* estimate.h - the shares that explain the merges best, for one view of a trace.
 *
 * With weights there are two solutions: the unweighted one comes first, since the
 * weights are taken at it, and is kept to be reported beside the other. */
#ifndef BMX_SOLVE_ESTIMATE_H
#define BMX_SOLVE_ESTIMATE_H

#include "solve/plan.h"
#include "solve/program.h"

typedef struct bmx_estimate_solution {
    bmx_optimum o;  /* alpha: shares of pairs; theta and slacks: per million pairs;
                       upper and lower: slack in the scale it was solved in, per million */
    double gap;     /* relative, certified */
    bool perfect;   /* the objective is 0 but for rounding */
    double seconds; /* wall */
} bmx_estimate_solution;

typedef struct bmx_estimate {
    bmx_constraints c;           /* per million pairs again; held[] as it was solved */
    const bmx_program *program;
    void *opened;                /* the program, with the weights of `best` */
    bmx_estimate_solution first;     /* unweighted; only with weights */
    bmx_estimate_solution best;
    bmx_cuts cuts;               /* of f of `best`, per million pairs; may be none */
    double *normal;              /* normal[n_cats]: the program minimized f(alpha) / normal . alpha
                                    over shares of pairs alpha */
} bmx_estimate;

/* Solve for the view.  Inside bmx_lp_session() only.  start: shares of pairs, NULL
 * for none.  The view must live as long as the estimate.
 * E_USAGE, E_EMPTY: see bmx_constraints_build(). */
bpemix_status bmx_estimate_make(const bmx_view *view, const bmx_plan *plan, const double *start,
                                bmx_control *ctl, bmx_estimate *out, bpemix_error *err);

/* Solve once more, after the weights of e->opened were changed: cuts and normal of e are those
 * of the new solution from then on.  out->o is the caller's. */
bpemix_status bmx_estimate_again(bmx_estimate *e, const bmx_plan *plan, const double *start,
                                 bmx_control *ctl, bmx_estimate_solution *out, bpemix_error *err);
void bmx_estimate_release(bmx_estimate *e);

#endif

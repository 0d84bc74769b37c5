/* SPDX-License-Identifier: GPL-3.0-or-later */
/* claim.h - a claimed mixture against the best one: slack of both, and the merges that differ
 * most. */
#ifndef BMX_DIAGNOSE_CLAIM_H
#define BMX_DIAGNOSE_CLAIM_H

#include "diagnose/delta.h"
#include "replay/trace.h"
#include "result/claim.h"

/* A mixture that somebody claims, and how to hold it against the samples; borrowed. */
typedef struct bmx_claimed {
    const char *const *name; /* name[n]: categories; those of the trace that are missing have no
                                share */
    const double *share;     /* share[n] of bytes, from 0 on, of any sum above 0 */
    size_t n;
    bool exact; /* the samples are taken for the training text itself: counts are compared, too */
} bmx_claimed;

/* E_USAGE: a share of what is no category of the trace. */
bpemix_status bmx_claim_check(const bpemix_trace *tr, const bmx_claimed *claimed,
                              const bpemix_solve_opts *opts, bmx_claim *out, bpemix_error *err);

/* What bmx_claims_excess() finds; the caller provides the arrays. */
typedef struct bmx_excess {
    double *excess;   /* excess[n_claims]: slack of each claim / least slack - 1 */
    double *estimate; /* estimate[n] of the solution, shares of bytes */
    uint32_t merges;  /* that were constrained */
    bmx_delta delta;  /* as for the ranges */
} bmx_excess;

/* Hold several claims against one solution: claim[n_claims][n] in shares of bytes of the
 * categories of the trace, in the order of the solution. */
bpemix_status bmx_claims_excess(const bpemix_trace *tr, const double *const *claim, size_t n_claims,
                                const bpemix_solve_opts *opts, bmx_excess *out, bpemix_error *err);

#endif

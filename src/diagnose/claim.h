/* SPDX-License-Identifier: GPL-3.0-or-later */
/* claim.h - a claimed mixture against the best one: slack of both, and the merges that tell. */
#ifndef BMX_DIAGNOSE_CLAIM_H
#define BMX_DIAGNOSE_CLAIM_H

#include "diagnose/delta.h"
#include "replay/trace.h"
#include "result/claim.h"

/* share[n] of bytes of the categories name[n], any sum; categories of the trace that are not named
 * have none.  exact: the samples are taken for the training text itself, and counts are compared.
 * E_USAGE: a name that is no category of the trace, shares that make no sense. */
bpemix_status bmx_claim_check(const bpemix_trace *tr, const char *const *name, const double *share,
                              size_t n, bool exact, const bpemix_solve_opts *opts, bmx_claim *out,
                              bpemix_error *err);

/* The slack of several claims in parts of the least one, minus 1, after one solution: claim[n_claims][n] in
 * shares of bytes of the categories of the trace as the solution has them, whose shares go into estimate[n]
 * and whose number of merges into *merges; *delta is that of the ranges. */
bpemix_status bmx_claims_excess(const bpemix_trace *tr, const double *const *claim, size_t n_claims,
                                const bpemix_solve_opts *opts, double *excess, double *estimate,
                                uint32_t *merges, bmx_delta *delta, bpemix_error *err);

#endif

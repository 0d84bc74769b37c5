/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify.h - a mixture that somebody claims, checked against the merges.
 *
 * Written anew from the definitions and from constraint.h alone: it shares no line with the
 * solvers, whose answer is one of the mixtures that it checks. */
#ifndef BMX_DIAGNOSE_VERIFY_H
#define BMX_DIAGNOSE_VERIFY_H

#include "diagnose/delta.h"
#include "solve/constraint.h"

/* The least slack of a mixture alpha[n_cats] (shares of pairs) over training counts theta that
 * never increase: the sum over the steps of |theta_t - b_t| and over the pairs that are not merged
 * of what their last count is above theta.  All in ppm.
 *   theta[n_steps]; *slack, *counts: that sum, and the sum of the b_t. */
bpemix_status bmx_verify_slack(const bmx_constraints *c, const double *alpha, double *theta,
                               double *slack, double *counts, bpemix_error *err);

/* The first merge of from .. to - 1 that is not the most frequent pair of its step in all samples
 * together, by whole numbers: for samples that are the very training text.  *step is BMX_NONE when
 * there is none; else *rival, and both counts. */
typedef struct bmx_deviation {
    uint32_t step, rival;
    uint64_t count, rival_count;
} bmx_deviation;
bpemix_status bmx_verify_exact(const bmx_view *view, uint32_t from, uint32_t to, bmx_deviation *out,
                               bpemix_error *err);

/* The fraction of true mixtures whose slack exceeds the least by at least this: excess = slack of
 * the claim / least slack - 1.  *alike for samples drawn like the training text, *kind for
 * samples of the same kind from other sources (bpemix-verify(1) says how they were found); delta is
 * that of ranges with the same categories. */
void bmx_verify_level(double excess, bmx_delta delta, double *alike, double *kind);

#endif

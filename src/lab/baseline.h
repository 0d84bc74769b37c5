/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline.h - methods to compare estimates with: guesses, and methods without a linear program. */
#ifndef BMX_LAB_BASELINE_H
#define BMX_LAB_BASELINE_H

#include "base/rng.h"
#include "replay/trace.h"

/* All shares equal; shares drawn like the mixtures themselves. */
void bmx_guess_uniform(double *share, size_t n);
void bmx_guess_random(bmx_rng *rng, double *share, size_t n);

/* Token classification: each learned token goes to the category that has it most often for
 * its size, and a category's share is that of its tokens.  Tallies of folds are added up;
 * share[categories]. */
bpemix_status bmx_token_classification(const bpemix_trace *tr, uint32_t from, uint32_t to,
                                       double *share, bpemix_error *err);

/* The tokens of each sample after all merges: tokens[categories].  The ratio of bytes a token to
 * those of a tokenizer trained on the category alone is the encoding efficiency, which the next
 * baseline uses. */
bpemix_status bmx_token_counts(const bpemix_trace *tr, double *tokens, bpemix_error *err);

/* Encoding efficiency over trials: log share = a + b log efficiency, fitted by least
 * squares on all trials but one and applied to that one.
 * efficiency[n_trials][n], truth[n_trials][n]; shares of trial `which` into share[n]. */
void bmx_efficiency_shares(const double *const *efficiency, const double *const *truth,
                           const size_t *n, size_t n_trials, size_t which, double *share);

#endif

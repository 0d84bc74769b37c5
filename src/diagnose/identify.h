/* SPDX-License-Identifier: GPL-3.0-or-later */
/* identify.h - what the merges determine: the range of every share over all mixtures that
 * explain the merges nearly as well as the best one.
 *
 *     lo, hi = min, max of share_i   over  { alpha : f(alpha) <= (1 + delta) r* normal . alpha }
 *
 * There are two deltas, an inner and an outer one (delta.h).
 *
 * f is the slack of the monotone program, with the weights of the estimate, normal . alpha
 * what the estimate divides it by, r* the least quotient.  A share can be of pairs, of
 * bytes, or of the occurrences of the merges; so can that of a group of categories.
 *
 * A range is an interval, too: the slack that is left measures all the noise there is, of
 * the samples, of the training text and of samples that are not quite of its kind, where
 * folds see that of the samples alone. */
#ifndef BMX_DIAGNOSE_IDENTIFY_H
#define BMX_DIAGNOSE_IDENTIFY_H

#include "result/result.h"
#include "solve/estimate.h"

/* Ranges of all shares in r, whose shares are those of e, and of its groups; sets of
 * categories that only their sum tells.  e is a solution of the monotone program.  `also`:
 * shares of pairs of another solution, which the ranges are to hold; NULL: none.  Inside
 * bmx_lp_session() only.  When the deadline comes first, ranges stay NaN, and r warns. */
bpemix_status bmx_identify(const bmx_estimate *e, const double *also, unsigned n_threads,
                           bmx_control *ctl, bpemix_result *r, bpemix_error *err);

#endif

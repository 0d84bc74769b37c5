/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delta.h - how much more slack than the best one a mixture within the ranges may have. */
#ifndef BMX_DIAGNOSE_DELTA_H
#define BMX_DIAGNOSE_DELTA_H

#include "solve/constraint.h"

/* inner: of samples that were drawn like the training text; outer: of samples that are merely of
 * the same kind, from other sources.  These are the largest, for categories that have about all
 * merges in common. */
#define BMX_DELTA 0.013
#define BMX_DELTA_OUTER 0.066

typedef struct bmx_delta {
    double inner, outer;
} bmx_delta;

/* What the categories have in common, 0 to 1: the chance that two occurrences of the same merge, a
 * merge drawn at random, are of different categories, over that of occurrences of any merges.
 * share[n_cats] of pairs; work[n_cats] is overwritten.  1 where one category has all of them. */
double bmx_common(const bmx_constraints *c, const double *share, double *work);

/* sample: what the samples are worth, bmx_fit_sample().
 * behind: of merges behind an inherited part, which say less of bytes: many of a category's pairs
 * have been merged before, and the slack of those that are left tells less of how much there
 * was. */
bmx_delta bmx_delta_of(double common, double sample, bool behind);

#endif

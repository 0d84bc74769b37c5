/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delta.h - how much more slack than the best one a mixture within the ranges may have. */
#ifndef BMX_DIAGNOSE_DELTA_H
#define BMX_DIAGNOSE_DELTA_H

#include "result/result.h"
#include "solve/constraint.h"

/* inner: of samples that were drawn like the training text; outer: of samples that are merely of
 * the same kind, from other sources. */
typedef struct bmx_delta {
    double inner, outer;
} bmx_delta;

/* How far apart the categories are, as the merges see them.  The likeness of two is the sum over t
 * of sqrt(q1[t] q2[t]), q[t] being the fraction of a category's occurrences of merges that are of
 * merge t (Bhattacharyya); apart[i] is 1 - that of category i and the one most like it, 0 to 1,
 * where one with hardly a share counts as less alike, and one that is the same text does not count.
 * fraction[i]: of the occurrences in the mixture, each merge counting the same; they add up to 1.
 * *common: the chance that two occurrences of a merge are of different categories, over that of any
 * two; 1 where one category has all.  share[n_cats], of pairs. */
bpemix_status bmx_apart_find(const bmx_constraints *c, const double *share, double *fraction,
                             double *apart, double *common, bpemix_error *err);

/* Of merges from the start of the list, by what its symbols are, and of those behind an inherited
 * part, which say less of bytes: many of a category's pairs have been merged before, and the slack
 * of those that are left tells less of how much there was. */
typedef enum bmx_delta_law {
    BMX_DELTA_OF_BYTES,
    BMX_DELTA_OF_CHARACTERS,
    BMX_DELTA_BEHIND
} bmx_delta_law;

bmx_delta_law bmx_delta_law_of(const bmx_constraints *c, const bpemix_result *r);

/* Means over the occurrences of what a category asks for that is so far apart.
 * sample: what the samples are worth, bmx_fit_sample(). */
bmx_delta bmx_delta_of(const double *fraction, const double *apart, size_t n, double common,
                       double sample, bmx_delta_law which);

/* The outer one that program code asks for where no other programming language is beside it; part:
 * how much of program code a category is, 0 to 1.  0 behind an inherited part. */
double bmx_delta_of_program(double part, double sample, bmx_delta_law which);

/* The least slack that deltas are multiplied with, as a fraction of the counts of the merges. */
#define BMX_LEAST_SLACK 1e-6

/* Of few merges, which tell less, and some of which any mixture explains by chance: the inner delta
 * is larger for fewer than 1000 of them, up to the outer one, and slack may rise by a part of their
 * counts at least.  slack: the least there is, as such a part. */
void bmx_delta_of_few(bmx_delta *d, size_t n_merges, double sample, double slack, bool behind);

/* Those of a result whose shares are known, and that least slack. */
bpemix_status bmx_delta_find(const bmx_constraints *c, const double *share, const bpemix_result *r,
                             double slack, bmx_delta *out, bpemix_error *err);

#endif

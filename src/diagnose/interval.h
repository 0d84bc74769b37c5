/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interval.h - intervals of the shares by leaving out one fold of documents
 * after the other (Efron 1982, ch. 3).
 *
 * Documents are the unit because words and lines of one document resemble each
 * other: dealt out by line, the same text looks many times as certain as it is.
 * What is seen is the noise of the samples; the training text was a draw, too,
 * so half the width is
 *
 *     t(folds - 1, 0.95) * se * sqrt(1 + (1 / Train) / sum_i share_i^2 / S_i)
 *
 * with shares of all text, that of a pool included, S_i the bytes of the samples and Train those
 * of the training text, as the user says or as the ties of the list tell; BMX_INTERVAL * se where
 * neither does.  Measured coverage is in bpemix(7). */
#ifndef BMX_DIAGNOSE_INTERVAL_H
#define BMX_DIAGNOSE_INTERVAL_H

#include "result/result.h"
#include "solve/estimate.h"

/* Half a nominal 90 % interval in standard errors where the size of the training text is
 * not known: 2 * 1.645.  Twice what the samples alone would say covered 92 to 100 % with
 * gigabytes of sample, 60 % where the sample was ten times the training text. */
#define BMX_INTERVAL 3.29

/* Student's t with so many degrees of freedom, at 0.95. */
double bmx_student_95(uint32_t freedom);

/* Which categories cannot be taken apart, and are left whole in all replicates:
 * those with fewer documents than two a fold, unless they are parts of one, or all of whose
 * pairs are in one fold.  fixed[categories]; returns how many. */
size_t bmx_jackknife_fixed(const bpemix_trace *tr, bool *fixed);

/* Standard errors: se[n]^2 = (folds - 1) / folds * sum over the folds of
 * (replicate - mean of the replicates)^2, replicate[folds][n]. */
void bmx_jackknife_errors(const double *replicate, uint32_t folds, size_t n, double *se);

/* Intervals of the shares of bytes into r, whose shares are those of the whole, by the categories
 * of that view. */
bpemix_status bmx_intervals(const bmx_view *whole, const bmx_plan *plan, const bmx_control *ctl,
                            const bpemix_solve_opts *opts, bpemix_result *r, bpemix_error *err);

#endif

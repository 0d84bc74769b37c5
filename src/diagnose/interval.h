/* interval.h - intervals of the shares by leaving out one fold of documents
 * after the other (Efron 1982, ch. 3).
 *
 * Documents are the unit because words and lines of one document resemble each
 * other: dealt out by line, the same text looks many times as certain as it is.
 * What is seen is the noise of the samples; the training text was a draw, too,
 * and that is why the interval is twice as wide as the errors alone would say
 * (BMX_INTERVAL).  Measured coverage is in bpemix(7). */
#ifndef BMX_DIAGNOSE_INTERVAL_H
#define BMX_DIAGNOSE_INTERVAL_H

#include "result/result.h"
#include "solve/estimate.h"

/* Half a nominal 90 % interval in standard errors: 2 * 1.645. */
#define BMX_INTERVAL 3.29

/* Which categories cannot be taken apart, and are left whole in all replicates:
 * those with fewer documents than two a fold, or all of whose pairs are in one
 * fold.  fixed[categories]; returns how many. */
size_t bmx_jackknife_fixed(const bpemix_trace *tr, bool *fixed);

/* Standard errors: se[n]^2 = (folds - 1) / folds * sum over the folds of
 * (replicate - mean of the replicates)^2, replicate[folds][n]. */
void bmx_jackknife_errors(const double *replicate, uint32_t folds, size_t n, double *se);

/* Intervals of the shares of bytes into r, whose shares are those of the whole. */
bpemix_status bmx_intervals(const bpemix_trace *trace, const bmx_plan *plan,
                            const bmx_control *ctl, const bpemix_solve_opts *opts,
                            bpemix_result *r, bpemix_error *err);

#endif

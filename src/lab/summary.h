/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.h - the numbers that the trials of a sweep come to; summary.c and table.c alone.
 *
 * A line is one way of estimating: point, folds, sample size, number of merges, method.  Means are
 * over trials; errors are standard errors of these means.  A comparison with the baseline is of
 * differences within a trial, which are far less scattered than the errors themselves. */
#ifndef BMX_LAB_SUMMARY_H
#define BMX_LAB_SUMMARY_H

#include "lab/metric.h"
#include "lab/sweep.h"

enum { BMX_COVER_INNER, BMX_COVER_OUTER, BMX_COVER_FOLDS, BMX_COVERINGS };
/* What samples are taken for when a claim is judged. */
enum { BMX_LAB_TAKEN_ALIKE, BMX_LAB_TAKEN_OTHER, BMX_LAB_KINDS };
#define BMX_LAB_REFUSED_BELOW 0.05 /* level of a claim: the usual one */

/* How near shares came to the truth, and how many ranges held it. */
typedef struct bmx_lab_accuracy {
    bmx_mean log10_mse, rms;
    bmx_covering cover[BMX_COVERINGS];
} bmx_lab_accuracy;

typedef struct bmx_lab_line {
    size_t point;
    uint64_t sample_bytes, merges_asked;
    uint32_t folds, method;
    bmx_lab_accuracy categories, groups; /* groups: nothing where there are none */
    bmx_mean slack, merges, versus;      /* versus: minus the baseline's log10 MSE */
    size_t level[BMX_LEVEL_UNUSABLE + 1];
    size_t looked_up, named_omitted, named_other; /* as in bmx_lab_means */
    size_t claims[BMX_LAB_CLAIMS], refused[BMX_LAB_KINDS][BMX_LAB_CLAIMS];
} bmx_lab_line;

typedef struct bmx_lab_summary {
    const bmx_lab_sweep *s;
    uint32_t baseline;
    bmx_lab_line *line; /* line[n]: points; of each folds, sizes, merges, methods, as in a trial */
    size_t n, cap, trials;
} bmx_lab_summary;

/* `baseline`: as for bmx_lab_table().  m->line is the caller's to free. */
bpemix_status bmx_lab_summarize(bmx_lab_summary *m, const bmx_lab_sweep *s, const char *baseline,
                                bpemix_error *err);
/* Add the n categories or groups of a row from `first` on. */
void bmx_lab_measure(bmx_lab_accuracy *a, const bmx_lab_outcome *o, const bmx_lab_row *r,
                     size_t first, size_t n);
/* Shares of the method "tee" follow from all trials of a point together: put them in. */
bpemix_status bmx_lab_fit_efficiency(const bmx_lab_sweep *s, bpemix_error *err);
/* Does any estimate of the line have a verdict? */
bool bmx_lab_judged(const bmx_lab_line *l);

#endif

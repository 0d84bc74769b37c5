/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep.h - many trials of one plan, kept in a journal, and their summary. */
#ifndef BMX_LAB_SWEEP_H
#define BMX_LAB_SWEEP_H

#include "base/progress.h"
#include "lab/trial.h"

typedef struct bmx_lab_sweep {
    bmx_lab_plan plan;
    char **name;           /* name[n_cats]: of the categories */
    size_t n_cats;
    bmx_lab_trials trials; /* what a journal keeps of them */
} bmx_lab_sweep;

typedef struct bmx_lab_run_opts {
    const bpemix_category *cats; /* cats[n_cats] */
    size_t n_cats;
    bmx_lab_read_opts read;
    const char *const *journals; /* journals[n_journals]: the first is written, all are read */
    size_t n_journals;
    uint64_t shard, n_shards;    /* trials k with k % n_shards == shard; 0 shards: all */
    unsigned n_threads;
    bmx_progress progress;       /* of trials */
} bmx_lab_run_opts;

/* Run the trials that no journal has.  The plan is borrowed; zero the sweep first and
 * release it also on failure. */
bpemix_status bmx_lab_sweep_run(bmx_lab_sweep *s, const bmx_lab_plan *plan, uint64_t trials,
                                const bmx_lab_run_opts *opts, bpemix_error *err);
void bmx_lab_sweep_release(bmx_lab_sweep *s);
/* Terms and key of the trials, from plan and names. */
bpemix_status bmx_lab_sweep_tell(bmx_lab_sweep *s, bpemix_error *err);

/* ---- summary.c and table.c ---- */

/* A table; a row for each size, number of merges and method.  `baseline`: method that the
 * others are compared with, trial by trial; NULL: the first. */
bpemix_status bmx_lab_table(const bmx_lab_sweep *s, const char *baseline, bmx_buf *out,
                            bpemix_error *err);
/* A line for each trial, size, number of merges and method. */
bpemix_status bmx_lab_csv(const bmx_lab_sweep *s, bmx_buf *out, bpemix_error *err);
/* The table's numbers, and all trials, as JSON. */
bpemix_status bmx_lab_json(const bmx_lab_sweep *s, const char *baseline, bmx_json **out,
                           bpemix_error *err);

#endif

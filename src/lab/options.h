/* SPDX-License-Identifier: GPL-3.0-or-later */
/* options.h - options of training and of experiments, with nothing left open. */
#ifndef BMX_LAB_OPTIONS_H
#define BMX_LAB_OPTIONS_H

#include "bpemix.h"
#include "lab/trial.h"

typedef struct bmx_train_settled {
    bpemix_train_opts opts;
    bpemix_count_opts text;
    double *share; /* share[n], sums to 1; NULL: not given.  Freed by the caller */
} bmx_train_settled;

/* Check opts and text, which are the caller's, and fill in their defaults.  once: the text is read
 * once whatever its size, as in experiments.  E_USAGE: a vocabulary, shares or sources that cannot
 * be trained with. */
bpemix_status bmx_train_settle(const bpemix_category *cats, size_t n, bool once,
                               bmx_train_settled *s, bpemix_error *err);

/* A copy of cats[n] in the order of their names, to be freed by the caller, with s->share in the
 * same order: trials are the same in whatever order the categories were given. */
bpemix_status bmx_lab_sort_categories(const bpemix_category *cats, size_t n, bmx_train_settled *s,
                                      bpemix_category **out, bpemix_error *err);

/* A plan of trials, and what its pointers point to. */
typedef struct bmx_lab_settled {
    bmx_lab_plan plan;
    bmx_lab_method *method;
    uint64_t *sizes, *merges, *categories; /* copies of the lists */
    uint32_t *folds;
    double *omit_shares, *mixture;
    bpemix_result *groups; /* names and groups alone; NULL: there are none */
    char *group_text;
    char *panel, panel_digest[65];
    bmx_train_rule rule;
    bmx_text_rule text; /* how text is split by that rule */
} bmx_lab_settled;

/* The plan for cats[n].  x is zeroed before, and released also after a failure; it must stay
 * where it is.  E_USAGE: no such noise, setting, method or rule of ties, too small a vocabulary, or
 * a number of folds that makes no intervals.  E_FORMAT: a text of groups that is none. */
bpemix_status bmx_lab_settle(const bpemix_experiment_opts *o, const bmx_train_settled *s,
                             const bpemix_category *cats, size_t n, bmx_lab_settled *x,
                             bpemix_error *err);
void bmx_lab_settled_release(bmx_lab_settled *x);

/* Sub-folders of every category; NULL: documents are divided. */
typedef struct bmx_lab_halves {
    const char *train, *sample;
} bmx_lab_halves;

/* Those that the options name, or the usual ones if the categories have them.  E_USAGE when some
 * have them and others have not, or none has those that are named. */
bpemix_status bmx_lab_find_halves(const bpemix_category *cats, size_t n,
                                  const bpemix_experiment_opts *o, bmx_lab_halves *halves,
                                  bpemix_error *err);

#endif

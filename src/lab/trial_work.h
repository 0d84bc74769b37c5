/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_work.h - what a trial works with, shared by choose.c and trial.c.
 *
 *   member    0 .. omit-1      omit .. n-extra-1      n-extra .. n-1
 *             training text    both                   samples alone (candidates without a share)
 *             alone
 *
 * W1  Shares of the members add up to 1; those of the last `extra` are 0.
 * W2  What is drawn from rng, and in which order, follows from the plan and the number of the
 *     trial: another order would be another trial. */
#ifndef BMX_LAB_TRIAL_WORK_H
#define BMX_LAB_TRIAL_WORK_H

#include "lab/trial.h"

typedef struct bmx_lab_member {
    uint32_t cat;       /* in the corpus */
    bool candidate, trains;
    double share;       /* of the training text asked for */
    double *train_weight, *sample_weight; /* of its sources; NULL: all 1 */
    bmx_lab_population population;
    uint64_t pick_seed; /* of documents for training */
    double train_bytes; /* drawn */
} bmx_lab_member;

typedef struct bmx_lab_trial_work {
    const bmx_lab_plan *plan;
    const bmx_lab_corpus *corpus;
    bmx_rng rng;
    bmx_lab_member *member;  /* member[n] */
    size_t n;
    uint64_t *count;       /* count[n_words]: the training text */
    bmx_lab_draw *same;    /* same[n * folds]: draws that are training text and sample */
    bpemix_tokenizer *tok;
    bmx_lab_outcome *out;
} bmx_lab_trial_work;

/* Categories in random order, as many as the plan takes, without shares. */
bpemix_status bmx_lab_choose_members(bmx_lab_trial_work *t, bpemix_error *err);
/* given[n_cats]: shares by category; NULL: drawn. */
bpemix_status bmx_lab_choose_mixture(bmx_lab_trial_work *t, const double *given,
                                     bpemix_error *err);
/* Both, sources, and the populations to draw from. */
bpemix_status bmx_lab_choose(bmx_lab_trial_work *t, bpemix_error *err);

#endif

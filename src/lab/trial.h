/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial.h - known mixture in, error of the estimates out.
 *
 * A trial draws a training text by a known mixture, trains a tokenizer on its words, draws
 * samples of the candidate categories, and estimates the mixture from the two (Hayase et al.
 * 2024, section 4).  Samples of several sizes, numbers of merges and methods share the
 * tokenizer, whose training is most of the work.  What comes out follows from the plan and
 * the number of the trial alone. */
#ifndef BMX_LAB_TRIAL_H
#define BMX_LAB_TRIAL_H

#include "lab/simulate.h"
#include "lab/trained.h"
#include "result/trials.h"

typedef enum bmx_lab_setting {
    BMX_LAB_ALIKE,    /* samples and training text are drawn from the same documents' kind */
    BMX_LAB_SHIFTED,  /* the sources of a category have other proportions in the sample */
    BMX_LAB_DISJOINT, /* sample and training text have no source in common */
    BMX_LAB_SAME      /* the samples are the training text, as in some trials of the paper */
} bmx_lab_setting;
extern const char *const bmx_lab_setting_name[]; /* "alike", ...; ends with NULL */
extern const char *const bmx_lab_noise_name[];   /* "documents", ...; the same */

typedef enum bmx_lab_kind { BMX_LAB_SOLVE, BMX_LAB_UNIFORM, BMX_LAB_RANDOM, BMX_LAB_TC, BMX_LAB_TEE,
                           BMX_LAB_VERIFY } bmx_lab_kind;

typedef struct bmx_lab_method {
    char name[48]; /* as given: "monotone", "lp:none:pairs", "uniform" */
    bmx_lab_kind kind;
    bpemix_method method;
    bpemix_weights weights;
    bpemix_scale scale;
} bmx_lab_method;

/* "monotone", "lp", each with :WEIGHTS and :SCALE behind it if need be; "uniform",
 * "random", "tc", "tee"; "verify": what claims are checked by. */
bpemix_status bmx_lab_method_named(const char *name, bmx_lab_method *out, bpemix_error *err);

/* Values of options of which a sweep has several; 0 of them: the plan's own alone.  A number of
 * categories and an omitted share are a point of the sweep, with a tokenizer of its own for each
 * trial; numbers of folds share it, as sample sizes do.  A value gives what a plan with that value
 * alone gives, so that values are compared within the same trials. */
typedef struct bmx_lab_axes {
    const uint32_t *folds;      /* folds[n_folds] */
    const uint64_t *categories; /* categories[n_categories] */
    const double *omit_share;   /* omit_share[n_omit_shares] */
    size_t n_folds, n_categories, n_omit_shares;
} bmx_lab_axes;

typedef struct bmx_lab_plan {
    bool simulate;
    bmx_lab_noise noise;
    bmx_lab_setting setting;
    uint64_t base_bytes;           /* read of each half of a category; 0: all */
    uint64_t cluster;              /* as the documents were read (corpus.h) */
    uint64_t seed, train_bytes;    /* BMX_LAB_ALL: as much as the shares allow */
    const uint64_t *sample_bytes;  /* sample_bytes[n_sizes]; BMX_LAB_ALL */
    size_t n_sizes;
    const uint64_t *merges;        /* merges[n_merges]; 0: the default number; BMX_LAB_ALL */
    size_t n_merges;
    const bmx_lab_method *method;  /* method[n_methods] */
    size_t n_methods;
    uint32_t folds;                /* of every sample, for intervals; 0: none */
    uint32_t learn;                /* merges to train */
    uint32_t inherit;              /* of these, learned first from another mixture */
    uint32_t shuffle;              /* merges per window whose order is lost; 0: none */
    size_t categories;             /* taken at random for each trial; 0: all */
    size_t omit, extra;            /* in the training text alone; candidates without a share */
    double omit_share;             /* of the training text; NaN: whatever is drawn */
    const double *mixture;         /* mixture[n_cats], bytes; NULL: drawn from the simplex */
    bmx_tie_order ties;
    const bmx_train_rule *rule;
    double gap;                    /* of the solutions */
    const char *panel;             /* a file of chunks that merges in no sample are looked up in; */
    const char *panel_digest;      /* NULL: none.  And what it holds */
    const char *group_text;        /* what groups were read from; NULL: there are none */
    const bmx_group *group;        /* group[n_groups]: of categories of the corpus */
    size_t n_groups;
    bmx_lab_axes axes;             /* their first values are in folds, categories, omit_share */
} bmx_lab_plan;

/* Are there methods other than guesses? */
bool bmx_lab_needs_text(const bmx_lab_plan *plan);

size_t bmx_lab_points(const bmx_lab_plan *plan);
/* The plan of one point. */
bmx_lab_plan bmx_lab_plan_at(const bmx_lab_plan *plan, size_t point);
/* What the plan asks for of categories name[n], in the terms of a journal; the lists stay the
 * plan's. */
bpemix_status bmx_lab_plan_terms(const bmx_lab_plan *plan, char *const *name, size_t n,
                                 bmx_lab_terms *out, bpemix_error *err);

/* groups.c: names and groups alone, from a text as bmx_groups_read() takes it; `file` names it. */
bpemix_status bmx_lab_groups_read(const bpemix_category *cats, size_t n, const char *text,
                                  const char *file, bpemix_result **out, bpemix_error *err);

/* A row for every number of merges and method; `rng` draws guesses and claims. */
bpemix_status bmx_lab_estimate(const bmx_lab_plan *plan, const bpemix_trace *trace,
                               uint64_t sample_bytes, bmx_rng *rng, bmx_lab_outcome *out,
                               bpemix_error *err);

/* A trial of one point of the plan.  own[n_cats]: bytes a token of a tokenizer trained on each
 * category alone, for the method "tee"; NULL without it. */
bpemix_status bmx_lab_trial(const bmx_lab_plan *plan, const bmx_lab_corpus *corpus,
                            const double *own, uint64_t trial, size_t point,
                            bmx_lab_outcome *out, bpemix_error *err);
bpemix_status bmx_lab_own_efficiency(const bmx_lab_plan *plan, const bmx_lab_corpus *corpus,
                                     size_t cat, double *bytes_per_token, bpemix_error *err);

#endif

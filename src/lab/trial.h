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
#include "result/result.h"

typedef enum bmx_lab_setting {
    BMX_LAB_ALIKE,    /* samples and training text are drawn from the same documents' kind */
    BMX_LAB_SHIFTED,  /* the sources of a category have other proportions in the sample */
    BMX_LAB_DISJOINT, /* sample and training text have no source in common */
    BMX_LAB_SAME      /* the samples are the training text, as in some trials of the paper */
} bmx_lab_setting;
extern const char *const bmx_lab_setting_name[]; /* "alike", ...; ends with NULL */

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

#define BMX_LAB_ALL UINT64_MAX /* bytes: all there are; merges: all that were learned */

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
    const char *group_text;        /* what groups were read from; NULL: there are none */
    const bmx_group *group;        /* group[n_groups]: of categories of the corpus */
    size_t n_groups;
    bmx_lab_axes axes;             /* their first values are in folds, categories, omit_share */
} bmx_lab_plan;

size_t bmx_lab_points(const bmx_lab_plan *plan);
/* The plan of one point. */
bmx_lab_plan bmx_lab_plan_at(const bmx_lab_plan *plan, size_t point);

/* Shares of one estimate and what is told of them; arrays of the trial's candidates and, behind
 * them, its groups. */
enum { BMX_LAB_SHARE, BMX_LAB_LOW, BMX_LAB_HIGH, BMX_LAB_INNER_LOW, BMX_LAB_INNER_HIGH,
       BMX_LAB_OUTER_LOW, BMX_LAB_OUTER_HIGH, BMX_LAB_FIELDS };

/* Claims that a trial checks: the truth, and mixtures that are off by so much. */
enum { BMX_LAB_CLAIMS = 5 };
extern const double bmx_lab_claim_off[BMX_LAB_CLAIMS];

typedef struct bmx_lab_row {
    uint64_t sample_bytes;        /* as asked for */
    uint64_t merges_asked;
    uint32_t folds;               /* as asked for */
    uint32_t merges;              /* constrained range of the list; 0: no such thing */
    uint32_t method;              /* in the plan */
    double *value[BMX_LAB_FIELDS]; /* value[field][n + n_groups], unknown ones NaN */
    double delta[2];              /* of the inner and the outer ranges; NaN: there are none */
    double slack, missing_ratio;  /* relative slack; merges in no sample / (f1 + 5); NaN */
    uint32_t missing;             /* merges in no sample */
    bmx_level level;              /* of the verdict */
    double excess[BMX_LAB_CLAIMS]; /* slack of claims over the least one, minus 1; NaN */
} bmx_lab_row;

typedef struct bmx_lab_outcome {
    uint64_t trial;
    size_t point;        /* of the sweep */
    size_t n;            /* candidates */
    uint32_t *cat;       /* cat[n]: in the corpus */
    size_t n_groups;     /* that have a candidate */
    uint32_t *group;     /* group[n_groups]: in the plan */
    double *truth;       /* truth[n + n_groups]: shares of bytes among the candidates */
    double omitted;      /* share of the training text of categories that are no candidates */
    uint64_t train_bytes;
    uint32_t learned;    /* merges */
    double pairs;        /* of the training text before the first merge; NaN: there is none */
    double pairs_from_ties; /* the same, estimated from the list's ties; NaN: none show */
    bmx_lab_row *row;    /* row[n_rows], by folds, size, number of merges, method */
    size_t n_rows, rows_cap;
    double *efficiency;  /* efficiency[n]: bytes a token, beside a tokenizer of the category's
                            own; NULL: not asked for */
} bmx_lab_outcome;
void bmx_lab_outcome_release(bmx_lab_outcome *o);
bpemix_status bmx_lab_row_add(bmx_lab_outcome *o, bmx_lab_row **row, bpemix_error *err);

/* ---- groups.c ---- */

/* Names and groups alone, from a text as bmx_groups_read() takes it; `file` names it. */
bpemix_status bmx_lab_groups_read(const bpemix_category *cats, size_t n, const char *text,
                                  const char *file, bpemix_result **out, bpemix_error *err);
/* The groups of an outcome that has its candidates, their truth and no rows. */
bpemix_status bmx_lab_outcome_group(const bmx_lab_plan *plan, bmx_lab_outcome *o,
                                    bpemix_error *err);
/* Shares of the groups, from those of the candidates. */
void bmx_lab_group_shares(const bmx_lab_plan *plan, const bmx_lab_outcome *o, bmx_lab_row *row);

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

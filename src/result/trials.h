/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trials.h - trials with known mixtures: what was asked for, what came out, and the means.
 *
 *   terms                         options, names of methods and categories
 *   runs   trial 0   point 0 1 .. P-1       outcome[trial * P + point]
 *          trial 1   point 0 1 .. P-1
 *          ...
 *   outcome   candidates cat[n], groups group[n_groups]; rows by folds, size, number of merges,
 *             method.  Numbers of groups stand behind those of candidates: truth[n + k] and
 *             value[field][n + k] are of group[k].
 *
 * lab/ fills these in; journal.c reads them from the journal that trials_json.c writes.
 *
 * T1  A point is a number of categories and an omitted share; P = n_categories * n_omit_shares.
 * T2  outcome[r].n == 0: this run is not there.  Otherwise it is of trial r / P and point r % P.
 * T3  row.method < n_methods, cat[i] < n_cats and group[k] < n_groups, the numbers of the terms. */
#ifndef BMX_RESULT_TRIALS_H
#define BMX_RESULT_TRIALS_H

#include "base/json.h"
#include "result/result.h"

#define BMX_LAB_ALL UINT64_MAX /* bytes: all there are; merges: all that were learned */

/* ---- what was asked for ---- */

/* Lists have at least one value, but that of categories. */
typedef struct bmx_lab_terms {
    bool simulate;
    const char *noise, *setting, *ties, *pretokenizer; /* in the words of the options */
    uint64_t seed, base_bytes, cluster, train_bytes;
    const uint64_t *sample_bytes; /* sample_bytes[n_sizes] */
    size_t n_sizes;
    const uint64_t *merges;       /* merges[n_merges]; 0: the default number */
    size_t n_merges;
    const char **method;          /* method[n_methods], the array owned */
    size_t n_methods;
    uint32_t *folds;              /* folds[n_folds], owned */
    uint64_t *categories;         /* categories[n_categories], owned */
    double *omit_share;           /* omit_share[n_omit_shares], owned; NaN: as drawn */
    size_t n_folds, n_categories, n_omit_shares;
    uint32_t learn, inherit, shuffle;
    size_t omit, extra;
    const char *panel;            /* digest of what it holds; NULL: none is looked into */
    const double *mixture;        /* mixture[n_cats]; NULL: drawn */
    double gap;
    const bmx_group *group;       /* group[n_groups]: names, and members in name[] */
    size_t n_groups;
    const char *const *name;      /* name[n_cats]: of the categories */
    size_t n_cats;
} bmx_lab_terms;

void bmx_lab_terms_release(bmx_lab_terms *t);
size_t bmx_lab_terms_points(const bmx_lab_terms *t);
/* SHA-256 of all terms: journals with another are of other trials. */
bpemix_status bmx_lab_terms_key(const bmx_lab_terms *t, char key[65], bpemix_error *err);

/* ---- what came out ---- */

/* Shares of one estimate and what is told of them; arrays of the trial's candidates and, behind
 * them, its groups. */
enum { BMX_LAB_SHARE, BMX_LAB_LOW, BMX_LAB_HIGH, BMX_LAB_INNER_LOW, BMX_LAB_INNER_HIGH,
       BMX_LAB_OUTER_LOW, BMX_LAB_OUTER_HIGH, BMX_LAB_FIELDS };
extern const char *const bmx_lab_field_name[BMX_LAB_FIELDS]; /* keys of their JSON */

/* Claims that a trial checks: the truth, and mixtures that are off by so much. */
enum { BMX_LAB_CLAIMS = 5 };

typedef struct bmx_lab_row {
    uint64_t sample_bytes;        /* as asked for */
    uint64_t merges_asked;
    uint32_t folds;               /* as asked for */
    uint32_t merges;              /* constrained range of the list; 0: no such thing */
    uint32_t method;              /* in the terms */
    double *value[BMX_LAB_FIELDS]; /* value[field][n + n_groups], unknown ones NaN */
    double delta[2];              /* of the inner and the outer ranges; NaN: there are none */
    double slack, missing_ratio;  /* relative slack; merges in no sample / (f1 + 5); NaN */
    uint32_t missing;             /* merges in no sample */
    bmx_level level;              /* of the verdict */
    double excess[BMX_LAB_CLAIMS]; /* slack of claims over the least one, minus 1; NaN */
    bool looked_up;               /* merges in no sample, in the panel, which has names there, */
    char *named;                  /* and the category that stands out, owned; NULL: none does */
    bool named_omitted;           /* it is one that was left out of the samples */
} bmx_lab_row;

typedef struct bmx_lab_outcome {
    uint64_t trial;
    size_t point;
    size_t n;            /* candidates */
    uint32_t *cat;       /* cat[n]: in the terms */
    size_t n_groups;     /* that have a candidate */
    uint32_t *group;     /* group[n_groups]: in the terms */
    double *truth;       /* truth[n + n_groups]: shares of bytes among the candidates */
    double omitted;      /* share of the training text of categories that are no candidates */
    uint64_t train_bytes;
    uint32_t learned;    /* merges */
    double pairs;        /* of the training text before the first merge; NaN: there is none */
    double pairs_from_ties; /* the same, estimated from the list's ties; NaN: none show */
    bmx_lab_row *row;    /* row[n_rows] */
    size_t n_rows, rows_cap;
    double *efficiency;  /* efficiency[n]: bytes a token, beside a tokenizer of the category's
                            own; NULL: not asked for */
} bmx_lab_outcome;

void bmx_lab_outcome_release(bmx_lab_outcome *o);
/* One more row, of which nothing is known. */
bpemix_status bmx_lab_row_add(bmx_lab_outcome *o, bmx_lab_row **row, bpemix_error *err);

/* The groups, of group[n], of an outcome that has its candidates, their truth and no rows. */
bpemix_status bmx_lab_outcome_group(const bmx_group *group, size_t n, bmx_lab_outcome *o,
                                    bpemix_error *err);
/* Shares of the groups, from those of the candidates. */
void bmx_lab_group_shares(const bmx_group *group, const bmx_lab_outcome *o, bmx_lab_row *row);

/* ---- all of them ---- */

/* Zero-initialize. */
typedef struct bmx_lab_trials {
    bmx_lab_terms terms;
    uint64_t n;               /* trials */
    size_t runs;              /* n times the points */
    bmx_lab_outcome *outcome; /* outcome[runs] */
    char key[65];             /* of the terms */
    char text[65];            /* digest of the text that they are of; "": unknown */
    const char *text_from;    /* the journal that told it; NULL: none did */
    bool untold;              /* a journal of an older version was read, which tells no text */
} bmx_lab_trials;

void bmx_lab_trials_release(bmx_lab_trials *t);
/* The digest of a text that trials are to be of: E_MISMATCH when t->text is another; `from`: the
 * journal that tells it, NULL: the text itself. */
bpemix_status bmx_lab_text_is(bmx_lab_trials *t, const char *digest, const char *from,
                              bpemix_error *err);

/* ---- the journal: trials_json.c writes it, journal.c reads it ----
 *
 * Lines of JSON: a header with the key, the digest of the text and the options, then a trial
 * each.  A last line without its newline is of a writer that was killed, and counts as not
 * there. */

bpemix_status bmx_lab_journal_header(const bmx_lab_trials *t, bmx_buf *out, bpemix_error *err);
bpemix_status bmx_lab_journal_line(const bmx_lab_trials *t, const bmx_lab_outcome *o, bmx_buf *out,
                                   bpemix_error *err);
#define BMX_LAB_JOURNAL_BEGINS "{\"bpemix_journal\":"
/* *used = bytes of whole lines, up to the first that is refused; E_MISMATCH when the key or the
 * text is another, E_FORMAT when this is another kind of file.  `path` is borrowed as long as t. */
bpemix_status bmx_lab_journal_read(bmx_lab_trials *t, const char *path, bmx_slice text,
                                   size_t *used, bpemix_error *err);

/* ---- means over trials, and the document ---- */

typedef struct bmx_lab_average {
    size_t n;                      /* values; 0: nothing is known */
    double mean, error, deviation; /* standard error of the mean, deviation of the values */
} bmx_lab_average;

typedef struct bmx_lab_cover {
    size_t n;               /* intervals; 0: nothing is known */
    double coverage, width; /* the fraction that holds the truth; mean */
} bmx_lab_cover;

/* How near shares came to the truth, and how many ranges held it. */
typedef struct bmx_lab_nearness {
    bmx_lab_average log10_mse, rms;
    bmx_lab_cover inner, outer, by_folds;
} bmx_lab_nearness;

/* One way of estimating: of a point, folds, sample size, number of merges, method. */
typedef struct bmx_lab_means {
    size_t point;
    uint64_t sample_bytes, merges_asked;
    uint32_t folds, method;
    bmx_lab_nearness categories, groups;  /* groups: of no values where there are none */
    bmx_lab_average slack, versus;        /* versus: minus the baseline's log10 MSE */
    size_t looked_up;                     /* estimates with a look into the panel, in which */
    size_t named_omitted, named_other;    /* one that was left out stood out, or another one */
    bool judged;                          /* any estimate has a verdict */
    size_t level[BMX_LEVEL_UNUSABLE + 1]; /* verdicts */
} bmx_lab_means;

/* What `bpemix experiment --json` writes: means[n], with this method as the baseline, and all
 * trials.  NULL when memory is short. */
bmx_json *bmx_lab_trials_to_json(const bmx_lab_trials *t, uint32_t baseline,
                                 const bmx_lab_means *means, size_t n);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain.h - what a share rests on, or the evidence of a merge: plain struct, and its document. */
#ifndef BMX_RESULT_EXPLAIN_H
#define BMX_RESULT_EXPLAIN_H

#include "result/result.h"

/* A share of the best mixture without some rows. */
typedef struct bmx_explain_share {
    double bytes, pairs, merges; /* NaN: not known */
} bmx_explain_share;

/* A row of the fit: a merge at its own step, or a pair never merged at the last step at which it
 * competes. */
typedef struct bmx_explain_row {
    uint32_t step;
    bool is_merge;
    char *left, *right;  /* spelled as tokens are; owned */
    double multiplier;   /* y: below 0 where the count should be higher, above 0 where lower */
    double count, level; /* W of the row and theta, fractions of pairs */
    double fraction; /* fraction of all pulls: above 0 for more of the category, below 0 for less;
                    without a category, fraction of the objective, above 0 */
} bmx_explain_row;

typedef struct bmx_explain_rival {
    char *left, *right;
    double count;         /* W at the step, fraction of pairs */
    uint64_t occurrences; /* in all samples together */
    uint32_t merged_at;   /* UINT32_MAX: never */
} bmx_explain_rival;

/* A row of the certificate (diagnose/certificate.h). */
typedef struct bmx_explain_proof {
    uint32_t step;
    bool is_merge;
    char *left, *right; /* owned */
    double multiplier, weight;
} bmx_explain_proof;

typedef struct bmx_explanation {
    size_t n_cats;
    char **name;              /* name[n_cats], owned */
    bpemix_share *share;      /* share[n_cats]: of the best mixture, with their ranges; no names */
    uint32_t merge_from, merge_to;
    size_t n_binding;         /* rows with a multiplier other than 0 */
    double objective, bound;  /* slack of the estimate, and the least that the certificate proves of
                                 any mixture; NaN: there is no certificate */
    uint64_t *pairs;          /* pairs[n_cats] of the samples */
    double *divisor;          /* divisor[n_cats]: what slack is divided by of a mixture of nothing
                                 but this category; 0: it has no part in the estimate */
    size_t n_proof;           /* rows of the certificate */
    bmx_explain_proof *proof; /* proof[n_listed], n_proof of them or none */
    size_t n_listed;
    uint64_t *proof_occurrences; /* proof_occurrences[n_listed][n_cats] */
    bmx_explain_row *row;     /* row[n_rows]: of a category those for more of it first; the
                                 strongest first */
    size_t n_rows;
    uint32_t category;        /* UINT32_MAX: not asked for */
    size_t n_up;              /* the first rows, which speak for more of it */
    bmx_explain_share without_up, without_down; /* its shares without the rows listed */
    uint32_t merge;           /* step; UINT32_MAX: not asked for */
    char *left, *right, *product;
    bool constrained;         /* it has a row of its own */
    double multiplier;        /* of that; NaN: none */
    double count, implied;    /* W, and what the rank implies: fractions of pairs; NaN: out of
                                 range */
    uint64_t *occurrences;    /* occurrences[n_cats] at its step */
    double *frequency;        /* frequency[n_cats]: those as fractions of the sample's pairs */
    bmx_explain_rival *rival; /* rival[n_rivals], the strongest first */
    size_t n_rivals;
} bmx_explanation;

void bmx_explanation_release(bmx_explanation *x);
bmx_json *bmx_explanation_to_json(const bmx_explanation *x);

#endif

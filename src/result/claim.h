/* SPDX-License-Identifier: GPL-3.0-or-later */
/* claim.h - the check of a mixture that somebody claims: plain struct, and its document. */
#ifndef BMX_RESULT_CLAIM_H
#define BMX_RESULT_CLAIM_H

#include "base/json.h"
#include "bpemix.h"

/* A merge that the claim explains worse than the best mixture does. */
typedef struct bmx_claim_merge {
    uint32_t step;
    char *left, *right;                /* spelled as tokens are; owned */
    double slack_claim, slack_best;    /* what its count lacks of its level, as a fraction of
                                          the level */
} bmx_claim_merge;

typedef struct bmx_claim {
    size_t n_cats;
    char **name;                       /* name[n_cats], owned */
    double *claimed, *estimate;        /* [n_cats], shares of bytes */
    bpemix_range *range;               /* range[n_cats], of bytes, NaN: not known */
    uint32_t merge_from, merge_to;
    double slack_claim, slack_best;    /* relative */
    double excess;                     /* slack_claim / slack_best - 1 */
    double level_alike, level_kind;    /* fraction of true mixtures with as much excess */
    bmx_claim_merge *merge;            /* merge[n_merges], the worst first */
    size_t n_merges;
    bool exact;                        /* the samples are the training text itself: */
    uint32_t deviates;                 /* first merge that is not the most frequent pair;
                                          UINT32_MAX: none */
    char *deviates_left, *deviates_right, *rival_left, *rival_right; /* NULL: none */
    uint64_t count, rival_count;
} bmx_claim;

void bmx_claim_release(bmx_claim *c);
bmx_json *bmx_claim_to_json(const bmx_claim *c);

#endif

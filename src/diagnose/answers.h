/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answers.h - what of a result is printed as the answer, and the verdict is about. */
#ifndef BMX_DIAGNOSE_ANSWERS_H
#define BMX_DIAGNOSE_ANSWERS_H

#include "result/result.h"

/* A group, a sum of categories that cannot be told apart, or one category. */
typedef struct bmx_answer {
    const bpemix_share *share;
    const bmx_group *set; /* NULL: one category */
} bmx_answer;

typedef struct bmx_answers {
    bmx_answer *of; /* of[n]: groups, then sums, then categories; the caller frees it */
    size_t n, n_groups, n_sums;
} bmx_answers;

/* The only category that has a share in the headline unit, which is 1 whatever the merges are;
 * UINT32_MAX: none, or there are others. */
uint32_t bmx_answers_only(const bpemix_result *r);

/* The group that has all categories with a share: its own is 1 whatever the merges are; NULL:
 * none. */
const bmx_group *bmx_answers_whole(const bpemix_result *r);

/* Groups where there are any but one of all categories; of the categories in none, sums and what
 * is in no sum.  Beside ranges, a sum that has none itself does not count. */
bpemix_status bmx_answers_find(const bpemix_result *r, bmx_answers *a, bpemix_error *err);

/* Is the category in an answer, but none itself? */
bool bmx_answers_have_part(const bmx_answers *a, uint32_t cat);

/* The answer that moves most, and by how much; {NAN, NULL} before there is any. */
typedef struct bmx_move {
    double by;
    const bmx_answer *of;
} bmx_move;

/* Put the answer whose share differs most between x[n_cats] and y[n_cats] into *most, if it differs
 * by more; x or y NULL: nothing. */
void bmx_answers_farther(const bpemix_result *r, const bmx_answers *a, const double *x,
                         const double *y, bmx_move *most);

/* "'english'", "group 'code'", or the first members of a sum. */
bpemix_status bmx_answer_name(const bpemix_result *r, const bmx_answer *x, bmx_buf *out,
                              bpemix_error *err);

#endif

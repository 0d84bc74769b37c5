/* SPDX-License-Identifier: GPL-3.0-or-later */
/* initial.h - counts of the pairs before any merge. */
#ifndef BMX_REPLAY_INITIAL_H
#define BMX_REPLAY_INITIAL_H

#include "base/hash.h"

typedef struct bmx_initial_count {
    uint32_t left, right, cat;
    uint64_t count; /* not 0 */
} bmx_initial_count;

static inline bool bmx_pair_counts_is_free(const bmx_initial_count *p) { return !p->count; }
static inline bool bmx_pair_counts_same(const bmx_initial_count *p, const bmx_initial_count *q)
{
    return p->left == q->left && p->right == q->right && p->cat == q->cat;
}
static inline uint64_t bmx_pair_counts_hash(const bmx_initial_count *p)
{
    return bmx_mix(((uint64_t)p->left << 32 | p->right) + p->cat * 0xff51afd7ed558ccdu);
}

BMX_MAP(bmx_pair_counts, bmx_initial_count, bmx_pair_counts_is_free, bmx_pair_counts_same,
        bmx_pair_counts_hash)

/* Zero-initialize, then open. */
typedef struct bmx_initial {
    /* pairs of symbols below 256, as bytes mostly are: a row of categories for each */
    uint32_t *row;           /* row[left << 8 | right]: its number + 1; NULL: too many categories */
    uint32_t *pair;          /* pair[n_rows]: left << 8 | right */
    uint64_t *count;         /* count[n_rows][n_cats] */
    size_t n_cats, n_rows, pair_cap, count_cap;
    bmx_pair_counts other;
} bmx_initial;

bpemix_status bmx_initial_open(bmx_initial *in, size_t n_cats, bpemix_error *err);
void bmx_initial_release(bmx_initial *in);

/* Add a pair in n categories, count[i] > 0 times in cat[i]. */
bpemix_status bmx_initial_add(bmx_initial *in, uint32_t left, uint32_t right, const uint32_t *cat,
                              const uint64_t *count, size_t n, bpemix_error *err);

/* Iterate over all counts in unspecified order.  Start with *at = 0; false at the end. */
bool bmx_initial_next(const bmx_initial *in, size_t *at, bmx_initial_count *out);

#endif

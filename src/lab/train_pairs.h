/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train_pairs.h - the pairs of symbols of a text in training, and which one is next.
 *
 *   pair[p]   left, right, count, posting[n]: the words it occurs in
 *   slot      open addressing: (left, right) -> p
 *   heap      (count, tie, p) of pairs with a count of at least `floor`
 *
 * Most pairs are too rare to be merged ever, and none of these is kept: `least_kept` is the count
 * below which pairs may be missing.  When no pair of this count is left, train.c gathers those of
 * smaller counts from the text.  The heap holds still fewer pairs, those above a floor; when it is
 * empty, the floor is halved, with one pass over the pairs.  The trainer changes counts; it keeps
 *
 * P1  a pair with a count of at least `floor` has a heap entry with a count >= its own,
 *     unless it is barred: one that has risen is pushed again, one that has fallen is put
 *     back when its turn has come too early.
 * P2  a pair that is not here occurs less than `least_kept` times.  It does so until pairs are
 *     gathered again, because a count rises only from 0 (T4 of train.c). */
#ifndef BMX_LAB_TRAIN_PAIRS_H
#define BMX_LAB_TRAIN_PAIRS_H

#include "lab/train_text.h"

typedef struct bmx_train_pair {
    uint32_t left, right;
    int64_t count;
    uint32_t *posting; /* posting[n], in the arena */
    uint32_t n;
    bool merged; /* once at least */
    bool barred; /* never to be merged: too long, no valid piece, or an existing product */
} bmx_train_pair;

typedef struct bmx_train_entry {
    int64_t count;
    uint64_t tie;
    uint32_t pair;
} bmx_train_entry;

/* The hash says where a pair belongs in a table of any size, and tells nearly all pairs
 * apart without a look at them. */
typedef struct bmx_train_slot {
    uint32_t hash;
    uint32_t next_pair; /* p + 1, 0: empty */
} bmx_train_slot;

typedef struct bmx_train_pairs {
    const bmx_train_opts *opts;
    const bmx_merge_list *list; /* whose tokens the symbols are */
    bmx_train_pair *pair;
    size_t n, cap;
    bmx_train_slot *slot; /* slot[mask + 1] */
    size_t mask;
    bmx_arena postings;
    bmx_train_entry *heap;
    size_t n_heap, heap_cap;
    int64_t floor, least; /* of counts: in the heap; worth a merge */
    int64_t least_kept;   /* >= least, P2 */
    bmx_buf product;      /* scratch */
} bmx_train_pairs;

bpemix_status bmx_train_pairs_init(bmx_train_pairs *t, const bmx_train_opts *opts,
                                   const bmx_merge_list *list, bpemix_error *err);
void bmx_train_pairs_release(bmx_train_pairs *t);

/* The pair's number; find: BMX_NONE when there is none, add: made then, with no count. */
uint32_t bmx_train_pairs_find(const bmx_train_pairs *t, uint32_t left, uint32_t right);
bpemix_status bmx_train_pairs_add(bmx_train_pairs *t, uint32_t left, uint32_t right,
                                  uint32_t *pair, bpemix_error *err);

/* Forget all pairs, except that some were merged before: those that occur at least `least_kept`
 * times are about to be added again. */
void bmx_train_pairs_clear(bmx_train_pairs *t, int64_t least_kept);

/* Room for n more postings of p, behind those it has. */
bpemix_status bmx_train_pairs_reserve(bmx_train_pairs *t, uint32_t p, uint32_t n,
                                      bpemix_error *err);

/* After the count of p has risen (P1). */
bpemix_status bmx_train_pairs_rose(bmx_train_pairs *t, uint32_t p, bpemix_error *err);

/* The most frequent pair that may be merged, ties decided, taken out of the heap; BMX_NONE:
 * none that is kept is frequent enough. */
bpemix_status bmx_train_pairs_next(bmx_train_pairs *t, uint32_t *pair, bpemix_error *err);

/* The string that a merge of the two makes, valid until the next call. */
bpemix_status bmx_train_pairs_product(bmx_train_pairs *t, uint32_t left, uint32_t right,
                                      bmx_slice *out, bpemix_error *err);

static inline uint32_t bmx_train_pairs_hash(uint32_t left, uint32_t right)
{
    uint64_t h = ((uint64_t)left << 32 | right) * 0x9e3779b97f4a7c15u;
    return (uint32_t)(h ^ h >> 32);
}

/* Are all pairs here that are worth a merge? */
static inline bool bmx_train_pairs_complete(const bmx_train_pairs *t)
{
    return t->least_kept <= t->least;
}

/* Fetch what find() or add() will look at first.  Always inline: gcc drops calls that only
 * fetch. */
static inline __attribute__((always_inline)) void
bmx_train_pairs_prefetch(const bmx_train_pairs *t, uint32_t left, uint32_t right)
{
    __builtin_prefetch(&t->slot[bmx_train_pairs_hash(left, right) & t->mask]);
}

#endif

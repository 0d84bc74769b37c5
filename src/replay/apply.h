/* SPDX-License-Identifier: GPL-3.0-or-later */
/* apply.h - apply a merge list to one word, as an encoder would.
 *
 * A word's history depends on that word alone: repeatedly the merge of lowest
 * rank that is present fires, left to right, all its occurrences at once.  A
 * rank whose turn has passed never fires again, even when a later merge brings
 * its pair back; a pair listed several times fires in the turn of each listing.
 *
 * What happened is reported as hits.  One hit of merge t = (a, b) -> p between
 * x and y,
 *
 *      ... x a b y ...   becomes   ... x p y ...
 *
 * changes the counts of (a,b), (x,a), (b,y) by -1 and of (x,p), (p,y) by +1 in
 * the state after merge t.  x is the symbol already written and y the symbol
 * still to be read, so the sums are right for overlapping occurrences (abab,
 * aaaa) as well. */
#ifndef BMX_REPLAY_APPLY_H
#define BMX_REPLAY_APPLY_H

#include "tokenizer/tokenizer.h"

/* When a pair is merged, and into what: rank << 32 | product. */
#define BMX_NEVER UINT64_MAX

typedef struct bmx_rank_slot {
    uint32_t left, right, rank_plus_1, product; /* rank_plus_1: 0 where the slot is empty */
} bmx_rank_slot;

/* (left, right) -> rank, immutable once built: a hash table with linear probing.
 *
 *   slot    | a b, 6 |        | c d, 1 | a a, 18 |      pair, first rank + 1; 0: empty
 *   group   NONE NONE ... 0 ...                         by first rank: its place in `again`
 *   again   3: 17 40 41 | 2: ...                        a pair listed three times, ...
 *
 * M1  A pair is found behind its hash's slot, before the first empty one; half of the slots are
 *     full at most.
 * M2  Ranks in `again` rise, and the first of them is the one in the slot.
 * M3  The two bits of every pair are set in `may`, a Bloom filter that is a sixteenth of the
 *     slots and that caches near the processor hold: most pairs that are looked up are never
 *     merged, and are not looked for in the slots. */
typedef struct bmx_ranks {
    const bmx_merge *merge;
    uint32_t n_merges;
    uint64_t *may;    /* may[(mask + 1) / 8], M3 */
    bmx_rank_slot *slot; /* slot[mask + 1] */
    size_t mask;
    unsigned shift, may_shift; /* 64 - log2 of how many slots, and words of `may` */
    uint64_t *low;    /* low[left << 8 | right]: first turn of symbols below 256, which the
                         bytes mostly are */
    uint32_t *group;  /* group[n_merges]: where in `again` the ranks of a pair listed
                         more than once start, BMX_NONE: listed once; NULL: all are */
    uint32_t *again;  /* per such pair: how many ranks, then the ranks, rising */
} bmx_ranks;

bpemix_status bmx_ranks_init(bmx_ranks *r, const bmx_merge *merge, uint32_t n_merges,
                             bpemix_error *err);
void bmx_ranks_release(bmx_ranks *r);

typedef struct bmx_hit {
    uint32_t step;       /* the merge */
    uint32_t prev, next; /* neighbours, BMX_NONE at the end of the word */
    uint32_t word;
} bmx_hit;

/* A bounded buffer of hits; `full` empties it. */
typedef struct bmx_hits {
    bmx_hit *hit; /* hit[cap] */
    size_t n, cap;
    bpemix_status (*full)(struct bmx_hits *h, bpemix_error *err);
} bmx_hits;

/* Memory for one word at a time, grown as needed. */
typedef struct bmx_apply {
    uint64_t *turn;
    uint32_t *prev, *next;
    size_t turn_cap, prev_cap, next_cap;
    struct bmx_places *places; /* places[n_merges]: see apply.c */
    uint32_t *heap;
    size_t heap_n, heap_cap;
} bmx_apply;

void bmx_apply_release(bmx_apply *a);

/* Apply the merges to symbol[n], which is overwritten; no BMX_NONE inside. */
bpemix_status bmx_apply_word(bmx_apply *a, const bmx_ranks *r, uint32_t *symbol, size_t n,
                             uint32_t word, bmx_hits *hits, bpemix_error *err);

#endif

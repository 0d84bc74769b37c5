/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gather.h - from hits of single words to sorted counts of all pairs.
 *
 *   hits (one word, one merge) --flush--> runs of contexts --finish--> events
 *
 * A context (merge, side, neighbour, category, count) is what hits have in
 * common: a merge fired `count` times, weighted by word frequency, with this
 * symbol on this side.  One context of a neighbour stands for two events, so
 * words are added up while the data is small.  Runs hold contexts grouped by merge; a worker
 * that has gathered twice what its first run holds adds its runs up.  Memory
 * thus follows the distinct contexts, that is the trace, not the words. */
#ifndef BMX_REPLAY_GATHER_H
#define BMX_REPLAY_GATHER_H

#include "replay/apply.h"
#include "replay/initial.h"
#include "replay/trace.h"

/* Which categories a word occurs in, and how often: entries
 * first[w] .. first[w + 1) of cat and count, for each word w.  No count is 0. */
typedef struct bmx_spread {
    uint32_t *cat;
    uint64_t *count;
    size_t *first;
} bmx_spread;

typedef struct bmx_context {
    uint32_t symbol;
    uint32_t side_cat; /* side << 30 | category */
    uint64_t count;
} bmx_context;

#define BMX_MAX_CATEGORIES (1u << 30)

typedef struct bmx_run {
    bmx_context *ctx; /* contexts of merge t: ctx[first[t] .. first[t + 1]) */
    size_t *first;    /* first[n_merges + 1] */
    size_t n, cap;
} bmx_run;

typedef struct bmx_tally_item {
    uint64_t next_key; /* (side << 62 | category << 32 | symbol) + 1; 0: free */
    uint64_t count;
} bmx_tally_item;

static inline bool bmx_tally_is_free(const bmx_tally_item *i) { return !i->next_key; }
static inline bool bmx_tally_same(const bmx_tally_item *a, const bmx_tally_item *b)
{
    return a->next_key == b->next_key;
}
static inline uint64_t bmx_tally_hash(const bmx_tally_item *i) { return bmx_mix(i->next_key); }

BMX_MAP(bmx_tally_map, bmx_tally_item, bmx_tally_is_free, bmx_tally_same, bmx_tally_hash)

/* What adds up contexts of one merge, emptied after each. */
typedef struct bmx_tally {
    bmx_tally_map map;
    uint32_t *used; /* used[map.n]: occupied slots, in order of arrival */
    size_t used_cap;
} bmx_tally;

typedef struct bmx_gather {
    bmx_hits hits; /* first member: hits.full finds the rest */
    const bmx_spread *spread;
    uint32_t n_merges;
    bmx_hit *sorted;      /* sorted[hits.cap] */
    size_t *start;        /* start[n_merges + 1] */
    bmx_run *run;         /* run[n_runs] */
    size_t n_runs, runs_cap, pending; /* contexts in run[1 ..] */
    bmx_tally tally;
    uint64_t *fired;      /* fired[n_cats]: how often a merge did, all 0 between two merges */
    uint32_t *fired_cat;  /* fired_cat[n_fired]: where it is not 0 */
    size_t n_fired;
    bmx_initial initial;
    uint64_t *pairs;      /* pairs[n_cats]: N_i */
} bmx_gather;

/* One of n_workers, which share the memory for hits. */
bpemix_status bmx_gather_init(bmx_gather *g, const bmx_spread *spread, uint32_t n_merges,
                              size_t n_cats, unsigned n_workers, bpemix_error *err);
void bmx_gather_release(bmx_gather *g);

/* Count the pairs of a word before any merge. */
bpemix_status bmx_gather_initial(bmx_gather *g, const uint32_t *symbol, size_t n, uint32_t word,
                                 bpemix_error *err);

/* Fill in pair, first and event of *tr (merges and categories are there
 * already) from gather[n], which are emptied. */
bpemix_status bmx_gather_finish(bmx_gather *gather, size_t n, unsigned n_threads,
                                bpemix_trace *tr, bpemix_error *err);

#endif

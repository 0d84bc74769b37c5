/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runs.h - contexts, the runs that hold them, and the sums that they are added up in.
 *
 *   run.ctx    | c c c | c | c c c c | ...      contexts, each merge's together
 *   run.first    0       3   4         8        where those of merge t start
 *
 * A context is what hits of one merge have in common: the merge fired `count` times, weighted by
 * the frequency of words, in texts of this category, with this symbol on this side.
 *
 * A1  within a run, contexts of one merge differ in side, category or symbol, and no count is 0.
 * A2  between two merges the sums are empty, and all slots of their map are free. */
#ifndef BMX_REPLAY_RUNS_H
#define BMX_REPLAY_RUNS_H

#include "base/map.h"

/* Where a context's symbol stands: before the merged pair, behind it, or nowhere, when the context
 * says how often the merge fired. */
enum bmx_side { BMX_SIDE_PREV, BMX_SIDE_NEXT, BMX_SIDE_MERGE };

typedef struct bmx_context {
    uint32_t symbol;
    uint32_t side_cat; /* bmx_side << 30 | category */
    uint64_t count;
} bmx_context;

#define BMX_MAX_CATEGORIES (1u << 30)

/* Contexts grouped by merge. */
typedef struct bmx_run {
    bmx_context *ctx; /* contexts of merge t: ctx[first[t] .. first[t + 1]) */
    size_t *first;    /* first[n_merges + 1] */
    size_t n, cap;
} bmx_run;

typedef struct bmx_sums_item {
    uint64_t next_key; /* (side << 62 | category << 32 | symbol) + 1; 0: free */
    uint64_t count;
} bmx_sums_item;

static inline bool bmx_sums_is_free(const bmx_sums_item *i) { return !i->next_key; }
static inline bool bmx_sums_same(const bmx_sums_item *a, const bmx_sums_item *b)
{
    return a->next_key == b->next_key;
}
static inline uint64_t bmx_sums_hash(const bmx_sums_item *i) { return bmx_mix(i->next_key); }

BMX_MAP(bmx_sums_map, bmx_sums_item, bmx_sums_is_free, bmx_sums_same, bmx_sums_hash)

/* What adds up contexts of one merge, emptied after each. */
typedef struct bmx_sums {
    bmx_sums_map map;
    uint32_t *used; /* used[map.n]: occupied slots, in order of arrival */
    size_t used_cap;
} bmx_sums;

/* Room for one more context. */
bpemix_status bmx_sums_room(bmx_sums *t, bpemix_error *err);
void bmx_sums_release(bmx_sums *t);

static inline uint64_t bmx_context_key(uint32_t side, uint32_t cat, uint32_t symbol)
{
    return (uint64_t)side << 62 | (uint64_t)cat << 32 | symbol;
}

/* Add `count` to the context of this side, category and neighbour. */
static inline bpemix_status bmx_sums_add(bmx_sums *t, uint32_t side, uint32_t cat,
                                          uint32_t symbol, uint64_t count, bpemix_error *err)
{
    bmx_sums_item key = { bmx_context_key(side, cat, symbol) + 1, 0 }, *at;
    bpemix_status st;

    if (2 * (t->map.n + 1) > t->map.n_slots && (st = bmx_sums_room(t, err)))
        return st;
    at = bmx_sums_map_find(&t->map, &key);
    if (!at->next_key) {
        *at = key;
        t->used[t->map.n++] = (uint32_t)(at - t->map.slot);
    }
    at->count += count;
    return BPEMIX_OK;
}

static inline bmx_context bmx_context_of(uint64_t key, uint64_t count)
{
    return (
        bmx_context){ .symbol = (uint32_t)key, .side_cat = (uint32_t)(key >> 32), .count = count };
}

static inline uint32_t bmx_context_side(const bmx_context *c) { return c->side_cat >> 30; }
static inline uint32_t bmx_context_cat(const bmx_context *c)
{
    return c->side_cat & (BMX_MAX_CATEGORIES - 1);
}

/* Append what was added up to a run, and start afresh. */
bpemix_status bmx_sums_empty(bmx_sums *t, bmx_run *run, bpemix_error *err);

/* Sum of run[n] over the merges from .. to - 1; out is empty but for first, of which only
 * first[from .. to - 1] is written. */
bpemix_status bmx_runs_add(bmx_run *const *run, size_t n, uint32_t from, uint32_t to,
                           bmx_sums *sums, bmx_run *out, bpemix_error *err);
void bmx_run_release(bmx_run *run);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* join.h - merge neighbouring symbols of a text by rank, lowest rank first,
 * leftmost on ties: what recovery and encoding have in common.
 *
 *   symbol   0    1    2    3        a doubly linked list over an array; symbol i
 *   text     th | e  | qu | ick      swallows its right neighbour and keeps its
 *   next     1    2    3    NONE     own index, the neighbour gets length 0
 *
 * The heap holds candidate pairs; an entry is stale when its left symbol is gone
 * or the two lengths no longer add up.  They are removed when the heap is full, so that it
 * stays below 5/4 of the symbols.  O(n log n) rank look-ups and steps.  Few symbols need no
 * heap. */
#ifndef BMX_TOKENIZER_JOIN_H
#define BMX_TOKENIZER_JOIN_H

#include "base/hash.h"

typedef struct bmx_join_symbol {
    uint32_t start, len; /* bytes */
    uint32_t id;         /* the caller's; a merge sets it to the product */
    uint32_t prev, next; /* BMX_NONE at the ends */
} bmx_join_symbol;

typedef struct bmx_candidate {
    uint64_t order; /* rank, then left: lower first, one comparison */
    uint32_t len, product;
} bmx_candidate;

/* Scratch memory, reused from text to text.  Zero-initialize. */
typedef struct bmx_joiner {
    bmx_join_symbol *symbol;
    bmx_candidate *heap;
    size_t symbols_cap, heap_cap, n_heap;
} bmx_joiner;

/* Rank of joining l and r, BMX_NONE when they must not be; may set *product. */
typedef uint32_t bmx_rank_fn(const void *ctx, const bmx_join_symbol *l, const bmx_join_symbol *r,
                             uint32_t *product);

/* Room for n symbols; the caller fills in start, len and id of each. */
bpemix_status bmx_joiner_reserve(bmx_joiner *j, size_t n, bpemix_error *err);

/* Join the n > 0 symbols until `stop` are left or no pair may be joined.  Returns
 * how many there are; symbol[0] is the first of them. */
size_t bmx_join(bmx_joiner *j, size_t n, size_t stop, bmx_rank_fn *rank, const void *ctx);
void bmx_joiner_release(bmx_joiner *j);

#endif

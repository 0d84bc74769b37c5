/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tree.h - the two cheapest steps of any range, as prices move one by one.
 *
 *     tree[1]                       of all steps
 *     tree[2]         tree[3]       of halves
 *     ...
 *     tree[leaves + i]              of the steps BLOCK i .. BLOCK i + BLOCK - 1
 *
 * A block is searched from end to end: with 8 prices in a cache line that is as fast as three more
 * levels, and the tree has an eighth of the size. */
#ifndef BMX_SOLVE_AUCTION_TREE_H
#define BMX_SOLVE_AUCTION_TREE_H

#include "solve/auction/shared.h"

#include <math.h>

#define BMX_AUCTION_BLOCK 8 /* steps under a leaf */

static inline void bmx_auction_meet(bmx_auction_low *acc, double price, uint32_t at)
{
    if (price < acc->first) {
        acc->second = acc->first;
        acc->first = price;
        acc->at = at;
    } else if (price < acc->second) {
        acc->second = price;
    }
}

static inline void bmx_auction_merge(bmx_auction_low *acc, const bmx_auction_low *other)
{
    if (other->first < acc->first) {
        acc->second = acc->first < other->second ? acc->first : other->second;
        acc->first = other->first;
        acc->at = other->at;
    } else if (other->first < acc->second) {
        acc->second = other->first;
    }
}

static inline bmx_auction_low bmx_auction_scan(const bmx_auction *a, uint32_t lo, uint32_t hi)
{
    bmx_auction_low acc = { INFINITY, INFINITY, BMX_NONE };

    for (uint32_t t = lo; t < hi; t++)
        bmx_auction_meet(&acc, a->theta[t], t);
    return acc;
}

static inline bmx_auction_low bmx_auction_block(const bmx_auction *a, uint32_t i)
{
    uint32_t lo = i * BMX_AUCTION_BLOCK, hi = lo + BMX_AUCTION_BLOCK;

    return bmx_auction_scan(a, lo, hi < a->c->n_steps ? hi : a->c->n_steps);
}

static inline void bmx_auction_tree_build(bmx_auction *a)
{
    for (uint32_t i = 0; i < a->leaves; i++)
        a->tree[a->leaves + i] = bmx_auction_block(a, i);
    for (uint32_t i = a->leaves - 1; i > 0; i--) {
        a->tree[i] = a->tree[2 * i];
        bmx_auction_merge(&a->tree[i], &a->tree[2 * i + 1]);
    }
}

static inline void bmx_auction_tree_raise(bmx_auction *a, uint32_t t)
{
    uint32_t i = a->leaves + t / BMX_AUCTION_BLOCK;

    a->tree[i] = bmx_auction_block(a, t / BMX_AUCTION_BLOCK);
    for (i /= 2; i > 0; i /= 2) {
        bmx_auction_low m = a->tree[2 * i];
        bmx_auction_merge(&m, &a->tree[2 * i + 1]);
        if (m.first == a->tree[i].first && m.second == a->tree[i].second && m.at == a->tree[i].at)
            break;
        a->tree[i] = m;
    }
}

/* The two cheapest prices in [lo, hi) and the step of the first. */
static inline bmx_auction_low bmx_auction_cheapest(const bmx_auction *a, uint32_t lo, uint32_t hi)
{
    uint32_t l = (lo + BMX_AUCTION_BLOCK - 1) / BMX_AUCTION_BLOCK, r = hi / BMX_AUCTION_BLOCK;
    bmx_auction_low acc, end;

    if (hi == a->c->n_steps)
        r = (hi + BMX_AUCTION_BLOCK - 1) / BMX_AUCTION_BLOCK; /* the last block may be short */
    if (l >= r)
        return bmx_auction_scan(a, lo, hi);
    acc = bmx_auction_scan(a, lo, l * BMX_AUCTION_BLOCK);
    end = bmx_auction_scan(a, r * BMX_AUCTION_BLOCK, hi);
    bmx_auction_merge(&acc, &end);
    for (l += a->leaves, r += a->leaves; l < r; l /= 2, r /= 2) {
        if (l & 1)
            bmx_auction_merge(&acc, &a->tree[l++]);
        if (r & 1)
            bmx_auction_merge(&acc, &a->tree[--r]);
    }
    return acc;
}

#endif

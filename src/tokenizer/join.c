/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer/join.h"
#include "base/heap.h"

static inline bool before(const void *none, const bmx_candidate *a, const bmx_candidate *b)
{
    (void)none;
    return a->order < b->order;
}

enum { FEW = 16 }; /* symbols up to which no heap is needed; a judgement */

BMX_HEAP(candidates, bmx_candidate, const void *, before)

static bool stale(const bmx_joiner *j, bmx_candidate c)
{
    const bmx_join_symbol *l = &j->symbol[(uint32_t)c.order];
    return !l->len || l->next == BMX_NONE || l->len + j->symbol[l->next].len != c.len;
}

/* Of n symbols at most n - 1 entries are not stale (a symbol's length only grows, so
 * the same two lengths are offered once): at least a fifth of a full heap goes. */
static void drop_stale(bmx_joiner *j)
{
    size_t n = 0;

    for (size_t i = 0; i < j->n_heap; i++)
        if (!stale(j, j->heap[i]))
            j->heap[n++] = j->heap[i];
    j->n_heap = n;
    for (size_t i = n / 2; i-- > 0;)
        candidates_down(NULL, j->heap, n, i, j->heap[i]);
}

static void push(bmx_joiner *j, bmx_candidate c)
{
    if (j->n_heap == j->heap_cap)
        drop_stale(j);
    candidates_push(NULL, j->heap, j->n_heap++, c);
}

/* The pair of a symbol and the next one. */
static inline bmx_candidate pair_of(const bmx_joiner *j, uint32_t left, bmx_rank_fn *rank,
                                    const void *ctx)
{
    const bmx_join_symbol *l = &j->symbol[left], *r = &j->symbol[l->next];
    bmx_candidate c = { .len = l->len + r->len, .product = BMX_NONE };

    c.order = (uint64_t)rank(ctx, l, r, &c.product) << 32 | left;
    return c;
}

static inline bool may_join(const bmx_candidate *c) { return c->order >> 32 != BMX_NONE; }

static void offer(bmx_joiner *j, uint32_t left, bmx_rank_fn *rank, const void *ctx)
{
    bmx_candidate c = pair_of(j, left, rank, ctx);

    if (may_join(&c))
        push(j, c);
}

/* Join a pair that is not stale; returns its left symbol. */
static bmx_join_symbol *join_pair(bmx_joiner *j, const bmx_candidate *c)
{
    uint32_t left = (uint32_t)c->order;
    bmx_join_symbol *l = &j->symbol[left], *r = &j->symbol[l->next];

    l->len = c->len;
    l->id = c->product;
    l->next = r->next;
    r->len = 0;
    if (l->next != BMX_NONE)
        j->symbol[l->next].prev = left;
    return l;
}

/* Among few symbols, looking at every pair takes less time than keeping a heap. */
static size_t join_few(bmx_joiner *j, size_t n, size_t stop, bmx_rank_fn *rank, const void *ctx)
{
    bmx_candidate pair[FEW]; /* pair[k]: of the k-th symbol that is left and the next, k + 1 < n */

    for (size_t i = 0; i + 1 < n; i++)
        pair[i] = pair_of(j, (uint32_t)i, rank, ctx);
    while (n > stop) {
        size_t best = 0;
        const bmx_join_symbol *l;

        for (size_t k = 1; k + 1 < n; k++)
            if (pair[k].order < pair[best].order)
                best = k;
        if (n < 2 || !may_join(&pair[best]))
            break;
        l = join_pair(j, &pair[best]);
        if (--n <= stop)
            break;
        for (size_t k = best + 1; k + 1 < n; k++)
            pair[k] = pair[k + 1];
        if (best > 0)
            pair[best - 1] = pair_of(j, l->prev, rank, ctx);
        if (best + 1 < n)
            pair[best] = pair_of(j, (uint32_t)(l - j->symbol), rank, ctx);
    }
    return n;
}

bpemix_status bmx_joiner_reserve(bmx_joiner *j, size_t n, bpemix_error *err)
{
    if (n >= BMX_NONE / 2)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "a pre-token of %zu symbols is too long", n);
    /* n - 1 pairs, and room to make dropping stale ones worth its while */
    if (bmx_reserve(&j->symbol, &j->symbols_cap, n, sizeof *j->symbol, err) ||
        bmx_reserve(&j->heap, &j->heap_cap, n + n / 4 + 1, sizeof *j->heap, err))
        return BPEMIX_E_NOMEM;
    return BPEMIX_OK;
}

size_t bmx_join(bmx_joiner *j, size_t n, size_t stop, bmx_rank_fn *rank, const void *ctx)
{
    bmx_join_symbol *symbol = j->symbol;

    j->n_heap = 0;
    for (size_t i = 0; i < n; i++) {
        symbol[i].prev = i ? (uint32_t)i - 1 : BMX_NONE;
        symbol[i].next = i + 1 < n ? (uint32_t)i + 1 : BMX_NONE;
    }
    if (n <= FEW)
        return n <= stop ? n : join_few(j, n, stop, rank, ctx);
    if (n > stop)
        for (size_t i = 0; i + 1 < n; i++)
            offer(j, (uint32_t)i, rank, ctx);
    while (n > stop && j->n_heap) {
        bmx_candidate c = candidates_pop(NULL, j->heap, j->n_heap--);
        uint32_t left = (uint32_t)c.order;
        bmx_join_symbol *l;

        if (stale(j, c))
            continue;
        l = join_pair(j, &c);
        if (--n <= stop)
            break;
        if (l->prev != BMX_NONE)
            offer(j, l->prev, rank, ctx);
        if (l->next != BMX_NONE)
            offer(j, left, rank, ctx);
    }
    return n;
}

void bmx_joiner_release(bmx_joiner *j)
{
    bmx_free(j->symbol);
    bmx_free(j->heap);
    *j = (bmx_joiner){ 0 };
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* apply.c - ranks of pairs, and two ways to merge a word: arrays for short words, a linked list
 * with a heap of pending ranks for long ones. */
#include "replay/apply.h"
#include "base/assert.h"
#include "base/cancel.h"
#include "base/heap.h"

#include <stdlib.h>
#include <string.h>

/* ---- ranks ---- */

/* The upper bits choose the slot. */
static inline uint64_t mix(uint32_t left, uint32_t right)
{
    return left * (uint64_t)0x9e3779b97f4a7c15u + right * (uint64_t)0xd6e8feb86659fd93u;
}

/* The word of `may` of a pair, M3, and two bits in it. */
static inline uint64_t *may_of(const bmx_ranks *r, uint64_t h, uint64_t *bits)
{
    *bits = UINT64_C(1) << (h >> 20 & 63) | UINT64_C(1) << (h >> 26 & 63);
    return &r->may[h >> r->may_shift];
}

/* Slot of the pair, or the empty slot where it belongs. */
static inline bmx_rank_slot *find_slot(const bmx_ranks *r, uint32_t left, uint32_t right,
                                       uint64_t h)
{
    size_t i = (size_t)(h >> r->shift);

    while (r->slot[i].rank_plus_1 && (r->slot[i].left != left || r->slot[i].right != right))
        i = (i + 1) & r->mask;
    return &r->slot[i];
}

/* The first rank of a pair, BMX_NONE if it has none. */
static inline uint32_t find_rank(const bmx_ranks *r, uint32_t left, uint32_t right, uint64_t h)
{
    return find_slot(r, left, right, h)->rank_plus_1 - 1;
}

#ifdef BMX_CHECKED
/* M1 to M3: every merge is found, as the first of its pair or in the pair's list. */
static bool is_sound(const bmx_ranks *r)
{
    for (uint32_t t = 0; t < r->n_merges; t++) {
        uint64_t h = mix(r->merge[t].left, r->merge[t].right);
        uint32_t first = find_rank(r, r->merge[t].left, r->merge[t].right, h);
        const uint32_t *list;
        uint64_t bits, may = *may_of(r, h, &bits);

        if (first > t || (may & bits) != bits) /* BMX_NONE, too */
            return false;
        if (first == t && (!r->group || r->group[t] == BMX_NONE))
            continue;
        if (!r->group || r->group[first] == BMX_NONE)
            return false;
        list = r->again + r->group[first];
        if (list[1] != first)
            return false;
        for (uint32_t k = 1; k < list[0]; k++)
            if (list[k] >= list[k + 1])
                return false;
    }
    return true;
}
#endif

bpemix_status bmx_ranks_init(bmx_ranks *r, const bmx_merge *merge, uint32_t n_merges,
                             bpemix_error *err)
{
    bmx_ranks new = { .merge = merge, .n_merges = n_merges, .mask = 63, .shift = 58 };
    size_t n_again = 0;

    for (; new.mask / 2 < n_merges; new.shift--)
        new.mask = new.mask * 2 + 1;
    new.may_shift = new.shift + 3; /* a word for 8 slots, so 16 bits a merge or more */
    new.may = bmx_calloc((new.mask + 1) >> 3, sizeof *new.may);
    new.slot = bmx_calloc_table(new.mask + 1, sizeof *new.slot);
    new.low = bmx_malloc(1 << 16, sizeof *new.low);
    if (!new.slot || !new.low || !new.may) {
        bmx_ranks_release(&new);
        return bmx_nomem(err);
    }
    memset(new.low, 0xff, (1 << 16) * sizeof *new.low);
    for (uint32_t t = 0; t < n_merges; t++) {
        uint64_t h = mix(merge[t].left, merge[t].right), bits, *may = may_of(&new, h, &bits);
        bmx_rank_slot *slot = find_slot(&new, merge[t].left, merge[t].right, h);

        *may |= bits;
        if (slot->rank_plus_1) {
            n_again++;
            continue;
        }
        *slot = (bmx_rank_slot){ merge[t].left, merge[t].right, t + 1, merge[t].product };
        if ((merge[t].left | merge[t].right) < 256)
            new.low[merge[t].left << 8 | merge[t].right] = (uint64_t)t << 32 | merge[t].product;
    }
    if (n_again) {
        size_t at = 0;

        new.group = bmx_malloc(n_merges, sizeof *new.group);
        new.again = bmx_malloc(3 * n_again, sizeof *new.again);
        if (!new.group || !new.again) {
            bmx_ranks_release(&new);
            return bmx_nomem(err);
        }
        /* count the listings of each pair in group[first], then lay them out */
        memset(new.group, 0, n_merges * sizeof *new.group);
        for (int pass = 0; pass < 2; pass++)
            for (uint32_t t = 0; t < n_merges; t++) {
                uint32_t first = find_rank(&new, merge[t].left, merge[t].right,
                                           mix(merge[t].left, merge[t].right));
                if (pass == 0) {
                    new.group[first]++;
                } else if (first == t) {
                    uint32_t n = new.group[t];
                    new.group[t] = BMX_NONE;
                    if (n > 1) {
                        new.group[t] = (uint32_t)at;
                        new.again[at] = 1;
                        new.again[at + 1] = t;
                        at += n + 1;
                    }
                } else {
                    uint32_t *list = new.again + new.group[first];
                    list[++list[0]] = t;
                }
            }
    }
    BMX_ASSERT(is_sound(&new));
    *r = new;
    return BPEMIX_OK;
}

void bmx_ranks_release(bmx_ranks *r)
{
    bmx_free(r->slot);
    bmx_free(r->may);
    bmx_free(r->low);
    bmx_free(r->group);
    bmx_free(r->again);
    *r = (bmx_ranks){ 0 };
}

/* The first listing of a pair at or after `from`; `first` is its first listing of all. */
static uint32_t listing_from(const bmx_ranks *r, uint32_t first, uint32_t from)
{
    const uint32_t *list;
    size_t lo = 0, hi;

    if (!r->group || r->group[first] == BMX_NONE)
        return BMX_NONE;
    list = r->again + r->group[first];
    hi = *list++;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (list[mid] < from)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < r->again[r->group[first]] ? list[lo] : BMX_NONE;
}

/* Turn of (left, right) that is next at step `from`. */
static inline uint64_t turn_of(const bmx_ranks *r, uint32_t left, uint32_t right, uint32_t from)
{
    uint64_t h = mix(left, right), bits, may = *may_of(r, h, &bits);
    const bmx_rank_slot *slot;
    uint32_t rank;

    if ((may & bits) != bits || !(slot = find_slot(r, left, right, h))->rank_plus_1)
        return BMX_NEVER;
    rank = slot->rank_plus_1 - 1;
    if (rank >= from)
        return (uint64_t)rank << 32 | slot->product;
    rank = listing_from(r, rank, from);
    return rank == BMX_NONE ? BMX_NEVER : (uint64_t)rank << 32 | r->merge[rank].product;
}

/* Turn of (left, right) before any step. */
static inline uint64_t first_turn(const bmx_ranks *r, uint32_t left, uint32_t right)
{
    return (left | right) < 256 ? r->low[left << 8 | right] : turn_of(r, left, right, 0);
}

static inline uint32_t rank_of(uint64_t turn) { return (uint32_t)(turn >> 32); }

static inline bpemix_status push(bmx_hits *h, bmx_hit hit, bpemix_error *err)
{
    bpemix_status st;

    if (h->n == h->cap && (st = h->full(h, err)))
        return st;
    h->hit[h->n++] = hit;
    return BPEMIX_OK;
}

/* ---- short words: arrays, every merge scans the word ---- */

/* turn[i] is that of (symbol[i], symbol[i + 1]), never one that has passed. */
static bpemix_status apply_short(const bmx_ranks *r, uint32_t *symbol, uint64_t *turn, size_t n,
                                 uint32_t word, bmx_hits *hits, bpemix_error *err)
{
    bpemix_status st;

    for (size_t i = 0; i + 1 < n; i++)
        turn[i] = first_turn(r, symbol[i], symbol[i + 1]);
    while (n > 1) {
        uint64_t now = BMX_NEVER;
        uint32_t t, product;
        size_t at = 0, to;

        for (size_t i = 0; i + 1 < n; i++) { /* no branch to mispredict */
            at = turn[i] < now ? i : at;
            now = turn[i] < now ? turn[i] : now;
        }
        if (now == BMX_NEVER)
            break;
        t = rank_of(now);
        product = (uint32_t)now;
        for (to = at; at < n;) {
            if (at + 1 == n || turn[at] != now) {
                symbol[to] = symbol[at];
                turn[to++] = turn[at++]; /* the last is never read */
                continue;
            }
            if ((st = push(hits, (bmx_hit){ t, to ? symbol[to - 1] : BMX_NONE,
                                            at + 2 < n ? symbol[at + 2] : BMX_NONE, word }, err)))
                return st;
            symbol[to] = product;
            if (to)
                turn[to - 1] = turn_of(r, symbol[to - 1], product, t + 1);
            at += 2;
            if (at < n && (at + 1 == n || turn[at] != now)) /* else the next hit sets it */
                turn[to] = turn_of(r, product, symbol[at], t + 1);
            to++;
        }
        n = to;
    }
    return BPEMIX_OK;
}

/* ---- long words: linked list, places of each pending rank ----
 *
 *   places[t]   where merge t may apply: every place where its pair is present,
 *               and stale ones, which are recognized by their symbols
 *   heap        the ranks with places, each once
 *
 * A rank is taken from the heap once and its places are freed, so the memory is
 * linear in the word and the time O(n log n) whatever the word. */

struct bmx_places {
    uint32_t *pos;
    size_t n, cap;
};

static inline bool before(const void *none, const uint32_t *a, const uint32_t *b)
{
    (void)none;
    return *a < *b;
}

BMX_HEAP(ranks, uint32_t, const void *, before)

static bpemix_status add_place(bmx_apply *a, uint32_t rank, uint32_t pos, bpemix_error *err)
{
    struct bmx_places *p;
    bpemix_status st;

    if (rank == BMX_NONE)
        return BPEMIX_OK;
    p = &a->places[rank];
    /* room in the heap first: only lists of ranks in the heap are freed */
    if (p->n == 0 &&
        (st = bmx_reserve(&a->heap, &a->heap_cap, a->heap_n + 1, sizeof *a->heap, err)))
        return st;
    if (p->n == p->cap && (st = bmx_reserve(&p->pos, &p->cap, p->n + 1, sizeof *p->pos, err)))
        return st;
    if (p->n == 0)
        ranks_push(NULL, a->heap, a->heap_n++, rank);
    p->pos[p->n++] = pos;
    return BPEMIX_OK;
}

static int compare_places(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void sort_places(struct bmx_places *p)
{
    for (size_t i = 1; i < p->n; i++)
        if (p->pos[i - 1] > p->pos[i]) {
            qsort(p->pos, p->n, sizeof *p->pos, compare_places);
            return;
        }
}

static bpemix_status apply_rank(bmx_apply *a, const bmx_ranks *r, uint32_t t, uint32_t *symbol,
                                uint32_t word, bmx_hits *hits, bpemix_error *err)
{
    const bmx_merge m = r->merge[t];
    struct bmx_places *places = &a->places[t];
    uint32_t done = BMX_NONE;
    bpemix_status st;

    /* the order of occurrences only matters if they can overlap, or if the product can be a side of
     * the pair */
    if (m.left == m.right || m.product == m.left || m.product == m.right)
        sort_places(places);
    for (size_t k = 0; k < places->n; k++) {
        uint32_t at = places->pos[k], second, behind, before;

        if ((k & 0xfffff) == 0xfffff && (st = bmx_check_cancel(err)))
            return st;
        if (symbol[at] != m.left || at == done || (second = a->next[at]) == BMX_NONE ||
            symbol[second] != m.right)
            continue;
        behind = a->next[second];
        before = a->prev[at];
        if ((st = push(hits, (bmx_hit){ t, before == BMX_NONE ? BMX_NONE : symbol[before],
                                        behind == BMX_NONE ? BMX_NONE : symbol[behind], word },
                       err)))
            return st;
        symbol[second] = BMX_NONE;
        symbol[at] = m.product;
        a->next[at] = behind;
        done = at;
        if (before != BMX_NONE &&
            (st = add_place(a, rank_of(turn_of(r, symbol[before], m.product, t + 1)), before, err)))
            return st;
        if (behind != BMX_NONE) {
            a->prev[behind] = at;
            if ((st = add_place(a, rank_of(turn_of(r, m.product, symbol[behind], t + 1)), at, err)))
                return st;
        }
    }
    return BPEMIX_OK;
}

static bpemix_status apply_long(bmx_apply *a, const bmx_ranks *r, uint32_t *symbol, size_t n,
                                uint32_t word, bmx_hits *hits, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (n >= BMX_NONE)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "a word of %zu symbols is too long", n);
    if ((st = bmx_reserve(&a->prev, &a->prev_cap, n, sizeof *a->prev, err)) ||
        (st = bmx_reserve(&a->next, &a->next_cap, n, sizeof *a->next, err)))
        return st;
    if (!a->places && !(a->places = bmx_calloc(r->n_merges, sizeof *a->places)))
        return bmx_nomem(err);
    for (uint32_t i = 0; i < n; i++) {
        a->prev[i] = i ? i - 1 : BMX_NONE;
        a->next[i] = i + 1 < n ? i + 1 : BMX_NONE;
    }
    for (uint32_t i = 0; i + 1 < n && !st; i++)
        st = add_place(a, rank_of(first_turn(r, symbol[i], symbol[i + 1])), i, err);
    while (a->heap_n) { /* after a failure too: leaves every list empty */
        uint32_t t = ranks_pop(NULL, a->heap, a->heap_n--);
        struct bmx_places *p = &a->places[t];

        if (!st)
            st = apply_rank(a, r, t, symbol, word, hits, err);
        bmx_free(p->pos);
        *p = (struct bmx_places){ 0 };
    }
    return st;
}

/* Plain loop up to this length: with GPT-2's merges on words made of its tokens
 * the two cross between 100 and 200 symbols. */
#define LONG_WORD 150

bpemix_status bmx_apply_word(bmx_apply *a, const bmx_ranks *r, uint32_t *symbol, size_t n,
                             uint32_t word, bmx_hits *hits, bpemix_error *err)
{
    bpemix_status st;

    if (n < 2)
        return BPEMIX_OK;
    if (n > LONG_WORD)
        return apply_long(a, r, symbol, n, word, hits, err);
    if ((st = bmx_reserve(&a->turn, &a->turn_cap, n, sizeof *a->turn, err)))
        return st;
    return apply_short(r, symbol, a->turn, n, word, hits, err);
}

void bmx_apply_release(bmx_apply *a)
{
    bmx_free(a->turn);
    bmx_free(a->prev);
    bmx_free(a->next);
    bmx_free(a->places); /* every list is empty between words */
    bmx_free(a->heap);
    *a = (bmx_apply){ 0 };
}

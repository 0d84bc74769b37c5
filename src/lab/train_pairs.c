/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train_pairs.c - see train_pairs.h: ties, the heap, and the table of pairs. */
#include "lab/train_pairs.h"
#include "base/assert.h"
#include "base/heap.h"

#include <string.h>

bpemix_status bmx_train_pairs_init(bmx_train_pairs *t, const bmx_train_opts *opts,
                                   const bmx_merge_list *list, bpemix_error *err)
{
    *t = (bmx_train_pairs){ .opts = opts, .list = list, .least = 1, .mask = 1023 };
    if (opts->min_frequency)
        t->least = opts->min_frequency > INT64_MAX ? INT64_MAX : (int64_t)opts->min_frequency;
    t->floor = t->least_kept = INT64_MAX;
    t->slot = bmx_calloc_table(t->mask + 1, sizeof *t->slot);
    return t->slot ? BPEMIX_OK : bmx_nomem(err);
}

void bmx_train_pairs_release(bmx_train_pairs *t)
{
    bmx_free(t->pair);
    bmx_free(t->slot);
    bmx_arena_release(&t->postings);
    bmx_free(t->heap);
    bmx_buf_release(&t->product);
}

/* ---- ties ---- */

/* The first eight bytes of what decides between equal counts: smaller is first. */
static uint64_t tie_of(const bmx_train_pairs *t, const bmx_train_pair *p)
{
    bmx_slice left = t->list->token.str[p->left], right = t->list->token.str[p->right];
    uint64_t length = 0, key = (uint64_t)p->left << 32 | p->right;

    switch (t->opts->ties) {
    case BMX_TIE_SENTENCEPIECE: /* what follows are bytes, compared in full when equal */
        for (size_t i = 0; i < left.len; i++)
            length += ((unsigned char)left.ptr[i] & 0xc0) != 0x80;
        for (size_t i = 0; i < right.len; i++)
            length += ((unsigned char)right.ptr[i] & 0xc0) != 0x80;
        for (size_t i = 0; i < 6; i++) {
            unsigned char c = i < left.len                ? (unsigned char)left.ptr[i]
                              : i - left.len < right.len ? (unsigned char)right.ptr[i - left.len]
                                                          : 0;
            length = length << 8 | c;
        }
        return length;
    case BMX_TIE_LENGTH:
        return left.len + right.len;
    case BMX_TIE_RANDOM:
        return bmx_hash64(&key, sizeof key, t->opts->seed);
    default:
        return key;
    }
}

static unsigned char byte_at(bmx_slice left, bmx_slice right, size_t i)
{
    return (unsigned char)(i < left.len ? left.ptr[i] : right.ptr[i - left.len]);
}

static int compare_products(const bmx_train_pairs *t, const bmx_train_pair *p,
                            const bmx_train_pair *q)
{
    bmx_slice a = t->list->token.str[p->left], b = t->list->token.str[p->right];
    bmx_slice c = t->list->token.str[q->left], d = t->list->token.str[q->right];
    size_t m = a.len + b.len, n = c.len + d.len;

    for (size_t i = 0; i < m && i < n; i++)
        if (byte_at(a, b, i) != byte_at(c, d, i))
            return byte_at(a, b, i) < byte_at(c, d, i) ? -1 : 1;
    return (m > n) - (m < n);
}

static bool before(const bmx_train_pairs *t, const bmx_train_entry *a, const bmx_train_entry *b)
{
    const bmx_train_pair *p, *q;
    int c;

    if (a->count != b->count)
        return a->count > b->count;
    if (a->tie != b->tie)
        return a->tie < b->tie;
    p = &t->pair[a->pair];
    q = &t->pair[b->pair];
    if (t->opts->ties == BMX_TIE_SENTENCEPIECE && (c = compare_products(t, p, q)))
        return c < 0;
    return p->left != q->left ? p->left < q->left : p->right < q->right;
}

/* ---- heap ---- */

BMX_HEAP(entries, bmx_train_entry, const bmx_train_pairs *, before)

static bpemix_status push(bmx_train_pairs *t, uint32_t p, bpemix_error *err)
{
    bmx_train_entry e = { t->pair[p].count, tie_of(t, &t->pair[p]), p };
    bpemix_status st = bmx_reserve(&t->heap, &t->heap_cap, t->n_heap + 1, sizeof *t->heap, err);

    if (!st)
        entries_push(t, t->heap, t->n_heap++, e);
    return st;
}

bpemix_status bmx_train_pairs_rose(bmx_train_pairs *t, uint32_t p, bpemix_error *err)
{
    return t->pair[p].count >= t->floor && !t->pair[p].barred ? push(t, p, err) : BPEMIX_OK;
}

/* Lower the floor until something is above it; the heap stays empty when there is nothing
 * left to merge. */
static bpemix_status refill(bmx_train_pairs *t, bpemix_error *err)
{
    int64_t top = 0;
    bpemix_status st = BPEMIX_OK;

    for (size_t p = 0; p < t->n; p++)
        if (t->pair[p].count > top && !t->pair[p].barred)
            top = t->pair[p].count;
    BMX_ASSERT(top < t->floor); /* P1: the heap is empty */
    if (top < t->least_kept)
        return BPEMIX_OK;
    t->floor = top / 2 > t->least_kept ? top / 2 : t->least_kept;
    for (size_t p = 0; p < t->n && !st; p++)
        st = bmx_train_pairs_rose(t, (uint32_t)p, err);
    return st;
}

bpemix_status bmx_train_pairs_next(bmx_train_pairs *t, uint32_t *pair, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    *pair = BMX_NONE;
    while (!st) {
        const bmx_train_pair *p;
        bmx_train_entry e;

        if (!t->n_heap && ((st = refill(t, err)) || !t->n_heap))
            break;
        e = entries_pop(t, t->heap, t->n_heap--);
        p = &t->pair[e.pair];
        if (e.count == p->count && !p->barred) {
            *pair = e.pair;
            break;
        }
        if (e.count > p->count) /* has fallen since; risen ones were pushed then */
            st = bmx_train_pairs_rose(t, e.pair, err);
    }
    return st;
}

/* ---- pairs ---- */

uint32_t bmx_train_pairs_find(const bmx_train_pairs *t, uint32_t left, uint32_t right)
{
    uint32_t hash = bmx_train_pairs_hash(left, right);

    for (size_t i = hash & t->mask; t->slot[i].next_pair; i = (i + 1) & t->mask) {
        uint32_t p = t->slot[i].next_pair - 1;

        if (t->slot[i].hash == hash && t->pair[p].left == left && t->pair[p].right == right)
            return p;
    }
    return BMX_NONE;
}

static void put_slot(bmx_train_slot *slot, size_t mask, bmx_train_slot s)
{
    size_t i = s.hash & mask;

    while (slot[i].next_pair)
        i = (i + 1) & mask;
    slot[i] = s;
}

/* At most three quarters of the slots are taken. */
static bpemix_status grow_slots(bmx_train_pairs *t, bpemix_error *err)
{
    size_t mask = 2 * t->mask + 1;
    bmx_train_slot *slot;

    if (t->n < (t->mask + 1) / 4 * 3)
        return BPEMIX_OK;
    if (!(slot = bmx_calloc_table(mask + 1, sizeof *slot)))
        return bmx_nomem(err);
    for (size_t i = 0; i <= t->mask; i++)
        if (t->slot[i].next_pair)
            put_slot(slot, mask, t->slot[i]);
    bmx_free(t->slot);
    t->slot = slot;
    t->mask = mask;
    return BPEMIX_OK;
}

bpemix_status bmx_train_pairs_product(bmx_train_pairs *t, uint32_t left, uint32_t right,
                                      bmx_slice *out, bpemix_error *err)
{
    bmx_slice a = t->list->token.str[left], b = t->list->token.str[right];
    bpemix_status st;

    t->product.len = 0;
    if ((st = bmx_buf_add(&t->product, a.ptr, a.len, err)) ||
        (st = bmx_buf_add(&t->product, b.ptr, b.len, err)))
        return st;
    *out = bmx_slice_of(t->product.ptr, t->product.len);
    return BPEMIX_OK;
}

/* *barred tells whether the trainer would never take a pair. */
static bpemix_status bar(bmx_train_pairs *t, uint32_t left, uint32_t right, bool *barred,
                         bpemix_error *err)
{
    size_t length = 0;
    bmx_slice product;
    bpemix_status st;

    *barred = false;
    if (!t->opts->pieces && !t->opts->max_token_length)
        return BPEMIX_OK;
    if ((st = bmx_train_pairs_product(t, left, right, &product, err)))
        return st;
    for (size_t i = 0; i < product.len; i++)
        length += t->list->alphabet == BMX_ALPHABET_BYTE ||
                  ((unsigned char)product.ptr[i] & 0xc0) != 0x80;
    *barred = (t->opts->max_token_length && length > t->opts->max_token_length) ||
              (t->opts->pieces && !bmx_piece_is_valid(t->opts->pieces, product));
    return BPEMIX_OK;
}

bpemix_status bmx_train_pairs_add(bmx_train_pairs *t, uint32_t left, uint32_t right,
                                  uint32_t *out, bpemix_error *err)
{
    bool barred;
    bpemix_status st;

    if ((*out = bmx_train_pairs_find(t, left, right)) != BMX_NONE)
        return BPEMIX_OK;
    if (t->n >= BMX_NONE - 1)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 4294967294 pairs");
    if ((st = bmx_reserve(&t->pair, &t->cap, t->n + 1, sizeof *t->pair, err)) ||
        (st = grow_slots(t, err)) || (st = bar(t, left, right, &barred, err)))
        return st;
    *out = (uint32_t)t->n;
    t->pair[t->n++] = (bmx_train_pair){ .left = left, .right = right, .barred = barred };
    put_slot(t->slot, t->mask,
             (bmx_train_slot){ bmx_train_pairs_hash(left, right), (uint32_t)t->n });
    return BPEMIX_OK;
}

void bmx_train_pairs_clear(bmx_train_pairs *t, int64_t least_kept)
{
    size_t n = 0;

    memset(t->slot, 0, (t->mask + 1) * sizeof *t->slot);
    for (size_t p = 0; p < t->n; p++) {
        const bmx_train_pair *q = &t->pair[p];

        if (!q->merged)
            continue;
        t->pair[n++] = (bmx_train_pair){ .left = q->left, .right = q->right, .merged = true,
                                         .barred = q->barred };
        put_slot(t->slot, t->mask,
                 (bmx_train_slot){ bmx_train_pairs_hash(q->left, q->right), (uint32_t)n });
    }
    t->n = n;
    bmx_arena_release(&t->postings);
    t->n_heap = 0;
    t->floor = INT64_MAX; /* P1: what an existing product barred is added again, with its count */
    t->least_kept = least_kept;
}

bpemix_status bmx_train_pairs_reserve(bmx_train_pairs *t, uint32_t p, uint32_t n,
                                      bpemix_error *err)
{
    bmx_train_pair *pair = &t->pair[p];
    uint32_t *list;

    if (n > UINT32_MAX - pair->n)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 4294967295 words");
    if (!(list = bmx_arena_alloc(&t->postings, ((size_t)pair->n + n) * sizeof *list, sizeof *list)))
        return bmx_nomem(err);
    if (pair->n)
        memcpy(list, pair->posting, pair->n * sizeof *list);
    pair->posting = list;
    return BPEMIX_OK;
}

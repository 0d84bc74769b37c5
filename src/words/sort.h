/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sort.h - counted words in byte order. */
#ifndef BMX_WORDS_SORT_H
#define BMX_WORDS_SORT_H

#include "words/table.h"

/* A word that sorts by two numbers; then, when both are equal, by its bytes:
 *
 *   key   its first 15 bytes, zero-padded, then its length, 255 for a long word;
 *         the first byte in the highest bits of key[0] */
typedef struct bmx_word_item {
    uint64_t key[2];
    const char *stored; /* of a long word, else NULL */
    uint64_t count;
} bmx_word_item;

/* Its first seven bytes, the first one in the highest bits; all from the slot alone. */
static inline uint64_t bmx_word_item_head(const bmx_word_table_slot *s)
{
    uint64_t head = s->k1 >= BMX_WORD_TABLE_LONG ? s->k1 : s->k0;

    return __builtin_bswap64(head) & ~(uint64_t)0xff;
}

static inline bmx_word_item bmx_word_item_of(const bmx_word_table_slot *s)
{
    bmx_word_item x = { .count = s->count };
    uint64_t k0 = s->k0, k1 = s->k1;

    if (k1 >= BMX_WORD_TABLE_LONG) {
        x.stored = (const char *)(uintptr_t)k0;
        k0 = bmx_word_table_load(x.stored + 8, 8);
        k1 = bmx_word_table_load(x.stored + 16, 7) | BMX_WORD_TABLE_LONG;
    }
    x.key[0] = __builtin_bswap64(k0);
    x.key[1] = __builtin_bswap64(k1);
    return x;
}

/* Its bytes: of a long word where they are stored, of a short one put into bytes[16]. */
static inline bmx_slice bmx_word_item_bytes(const bmx_word_item *x, char *bytes)
{
    if (x->stored)
        return bmx_word_table_long(x->stored);
    for (int b = 0; b < 8; b++) {
        bytes[b] = (char)(x->key[0] >> (56 - 8 * b));
        bytes[b + 8] = (char)(x->key[1] >> (56 - 8 * b));
    }
    return bmx_slice_of(bytes, x->key[1] & 0xff);
}

static inline bool bmx_word_item_same(const bmx_word_item *x, const bmx_word_item *y)
{
    return x->key[0] == y->key[0] && x->key[1] == y->key[1] &&
           (!x->stored ||
            bmx_slice_eq(bmx_word_table_long(x->stored), bmx_word_table_long(y->stored)));
}

/* Sort a[n].  The content of `spare` before and after does not matter. */
#define BMX_WORD_ITEM_SPARE ((size_t)16384) /* 512 KB: half of a second-level cache, or less */
void bmx_word_item_sort(bmx_word_item *a, size_t n, bmx_word_item spare[BMX_WORD_ITEM_SPARE]);

#endif

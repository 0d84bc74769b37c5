/* SPDX-License-Identifier: GPL-3.0-or-later */
/* map.h - small hash tables: open addressing, linear probing, at most half full.
 *
 *   slot   | . | a | b | . | . | c | . | . |     n = 3, n_slots = 8
 *            ^ free    ^ its home is that of a, which was taken
 *
 * M1  n_slots is a power of two, or 0 before the first item.
 * M2  between the home of an item and the item no slot is free, so that a search
 *     ends at the item or at the first free slot.
 * M3  2 n <= n_slots, so that there is one.
 *
 * Items are never removed one by one, only all at once.  BMX_MAP(name, item, is_free, same, hash)
 * defines a type and
 *
 *   name_find(map, key)     the slot of the item with the key of *key, or the free one for
 *                           it; n_slots must not be 0
 *   name_room(map, err)     makes sure that one more item can be put into a free slot; the
 *                           caller does so, and adds 1 to n
 *   name_release(map)
 *
 * for items of zeros when free, and functions of pointers to them: is_free(a), same(a, b):
 * equal keys, hash(a): of the key, its low bits mixed.  Counting words has tables of its own. */
#ifndef BMX_BASE_MAP_H
#define BMX_BASE_MAP_H

#include "base/assert.h"
#include "base/mem.h"

/* Hash of a number: the low 48 bits are mixed. */
static inline uint64_t bmx_mix(uint64_t x)
{
    x *= 0x9e3779b97f4a7c15u;
    x ^= x >> 32;
    return x * 0xd6e8feb86659fd93u >> 16;
}

#define BMX_MAP_FIRST_SLOTS 64

#define BMX_MAP(name, item, is_free, same, hash)                                                  \
    typedef struct name {                                                                         \
        item *slot; /* slot[n_slots] */                                                           \
        size_t n, n_slots;                                                                        \
    } name;                                                                                       \
    static inline __attribute__((unused)) item *name##_find(const name *m, const item *key)       \
    {                                                                                             \
        const size_t mask = m->n_slots - 1;                                                       \
        BMX_ASSERT(m->n_slots && !(m->n_slots & mask) && m->n < m->n_slots); /* M1, M3 */         \
        size_t i = (size_t)hash(key) & mask;                                                      \
        while (!is_free(&m->slot[i]) && !same(&m->slot[i], key))                                  \
            i = (i + 1) & mask;                                                                   \
        return &m->slot[i];                                                                       \
    }                                                                                             \
    static inline __attribute__((unused)) bpemix_status name##_room(name *m, bpemix_error *err)   \
    {                                                                                             \
        name to = { NULL, m->n, m->n_slots ? 2 * m->n_slots : BMX_MAP_FIRST_SLOTS };              \
        if (2 * (m->n + 1) <= m->n_slots)                                                         \
            return BPEMIX_OK;                                                                     \
        if (!(to.slot = bmx_calloc_table(to.n_slots, sizeof *to.slot)))                           \
            return bmx_nomem(err);                                                                \
        for (size_t i = 0; i < m->n_slots; i++)                                                   \
            if (!is_free(&m->slot[i]))                                                            \
                *name##_find(&to, &m->slot[i]) = m->slot[i];                                      \
        bmx_free(m->slot);                                                                        \
        *m = to;                                                                                  \
        return BPEMIX_OK;                                                                         \
    }                                                                                             \
    static inline __attribute__((unused)) void name##_release(name *m)                            \
    {                                                                                             \
        bmx_free(m->slot);                                                                        \
        *m = (name){ NULL, 0, 0 };                                                                \
    }

/* ---- numbers of strings ----
 *
 * The same for strings that stand elsewhere, str[number]: a slot is the upper half of
 * the hash and number + 1, or 0 when it is free.  Most comparisons of strings are spared
 * by that of the hashes. */

static inline uint64_t bmx_string_tag(uint64_t hash) { return hash & 0xffffffff00000000u; }

/* The slot of s, or the free one for it. */
static inline uint64_t *bmx_string_slot(uint64_t *slot, size_t mask, const bmx_slice *str,
                                        bmx_slice s, uint64_t hash)
{
    size_t i = (size_t)hash & mask;

    while (slot[i] && ((slot[i] ^ hash) >> 32 || !bmx_slice_eq(str[(uint32_t)slot[i] - 1], s)))
        i = (i + 1) & mask;
    return &slot[i];
}

#endif

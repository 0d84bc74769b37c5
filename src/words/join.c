/* SPDX-License-Identifier: GPL-3.0-or-later */
/* join.c - looking words up one by one, the processor mispredicts most branches: whether a slot is
 * empty, whether a word is long, whether two words are equal.  So slots are classified a chunk at a
 * time without branches, and the words of one class take each step together, while the slots that
 * they are compared with are fetched. */
#include "words/join.h"
#include "base/assert.h"

#define CHUNK 512 /* slots of each table, which fit the first-level cache together */
#define SLOTS_A_LINE 2 /* slots of 32 bytes in a cache line of 64 */

/* Words of a chunk, by their places in it, and those found so far with their slots in
 * the other table. */
typedef struct chunk {
    bmx_word_table_slot *slot;
    size_t n_short, n_long, n_found;
    uint16_t in_slot[CHUNK], in_arena[CHUNK], found[CHUNK];
    bmx_word_table_slot *same[CHUNK];
} chunk;

static bool same_word(const bmx_word_table_slot *x, const bmx_word_table_slot *y)
{
    if (x->k1 != y->k1)
        return false;
    if (x->k1 < BMX_WORD_TABLE_LONG)
        return x->k0 == y->k0;
    return x->hash == y->hash && bmx_slice_eq(bmx_word_table_long_of(x), bmx_word_table_long_of(y));
}

static inline bmx_word_table_slot *behind(const bmx_word_join_table *t, bmx_word_table_slot *s)
{
    return s + 1 < t->slot + t->n_slots ? s + 1 : t->slot;
}

static void gather(chunk *c, const bmx_word_join_table *t, bmx_word_table_slot *slot,
                   size_t n, size_t partition)
{
    BMX_ASSERT(n <= CHUNK);
    c->slot = slot;
    c->n_short = c->n_long = c->n_found = 0;
    for (size_t i = 0; i < n; i++) {
        bool here = (slot[i].k1 != 0) & (bmx_word_join_partition(slot[i].hash) == partition);
        bool is_long = slot[i].k1 >= BMX_WORD_TABLE_LONG;

        __builtin_prefetch(&t->slot[bmx_word_join_home(t, slot[i].hash)], 1);
        c->in_slot[c->n_short] = c->in_arena[c->n_long] = (uint16_t)i;
        c->n_short += here & !is_long;
        c->n_long += here & is_long;
    }
}

/* Compare all words with the slots where they belong, then those that met another word with the
 * next slot, and so on. */
static void find_short(chunk *c, const bmx_word_join_table *table)
{
    bmx_word_join_table t = *table; /* a copy, which the compiler knows not to change */

    for (size_t probe = 0, n = c->n_short; n; probe++) {
        size_t left = 0, found = c->n_found;

        for (size_t i = 0; i < n; i++) {
            uint16_t at = c->in_slot[i];
            const bmx_word_table_slot *x = &c->slot[at];
            size_t to = bmx_word_join_home(&t, x->hash) + probe;
            bmx_word_table_slot *y = &t.slot[to < t.n_slots ? to : to - t.n_slots];
            bool same = (x->k0 == y->k0) & (x->k1 == y->k1);

            BMX_ASSERT(found < CHUNK && left <= i); /* those found and those left are of n words */
            c->found[found] = c->in_slot[left] = at;
            c->same[found] = y;
            found += same;
            left += (y->k1 != 0) & !same;
        }
        c->n_found = found;
        n = left;
    }
}

/* The bytes of words that may be the same are fetched before any are compared. */
static void find_long(chunk *c, const bmx_word_join_table *t)
{
    size_t first = c->n_found, n = first;

    for (size_t i = 0; i < c->n_long; i++) {
        const bmx_word_table_slot *x = &c->slot[c->in_arena[i]];
        bmx_word_table_slot *y = &t->slot[bmx_word_join_home(t, x->hash)];

        while (y->k1 && (y->hash != x->hash || y->k1 != x->k1))
            y = behind(t, y);
        if (!y->k1)
            continue;
        c->found[n] = c->in_arena[i];
        c->same[n++] = y;
        __builtin_prefetch((const char *)(uintptr_t)x->k0);
        __builtin_prefetch((const char *)(uintptr_t)y->k0);
    }
    for (size_t i = first; i < n; i++) {
        bmx_word_table_slot *y = c->same[i];

        while (y->k1 && !same_word(&c->slot[c->found[i]], y)) /* another word with the same hash */
            y = behind(t, y);
        if (y->k1) {
            c->found[c->n_found] = c->found[i];
            c->same[c->n_found++] = y;
        }
    }
}

size_t bmx_word_join(const bmx_word_join_table *t, bmx_word_table_slot *slot, size_t n,
                     size_t partition)
{
    size_t missing = 0;
    chunk c;

    for (size_t at = 0; at < n; at += CHUNK) {
        size_t n_chunk = n - at < CHUNK ? n - at : CHUNK;

        gather(&c, t, slot + at, n_chunk, partition);
        for (size_t next = at + CHUNK; next < at + 2 * CHUNK && next < n; next += SLOTS_A_LINE)
            __builtin_prefetch(slot + next, 1);
        find_short(&c, t);
        find_long(&c, t);
        for (size_t i = 0; i < c.n_found; i++) {
            BMX_ASSERT(bmx_word_join_partition(c.same[i]->hash) == partition); /* G1 of sum.c */
            c.same[i]->count += slot[at + c.found[i]].count;
            slot[at + c.found[i]].count = 0;
        }
        missing += c.n_short + c.n_long - c.n_found;
    }
    return missing;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* join.h - the words of one hash table looked up in another, many at a time.
 *
 * Both tables are in hash order (up to probing), so that a join is one sequential pass over
 * each. */
#ifndef BMX_WORDS_JOIN_H
#define BMX_WORDS_JOIN_H

#include "words/table.h"

/* Words are divided by the first bits of their hash into partitions 0 .. 63. */
#define BMX_WORD_JOIN_BITS 6
#define BMX_WORD_JOIN_PARTITIONS ((size_t)1 << BMX_WORD_JOIN_BITS)

static inline size_t bmx_word_join_partition(uint64_t hash)
{
    return (size_t)(hash >> (64 - BMX_WORD_JOIN_BITS));
}

/* A table to look words up in: slots as in table.h.  A word belongs where the bits of
 * its hash behind the first `skip`, as a fraction, are in slot[n_slots]; probing is
 * linear.  A slot is empty when its k1 is 0. */
typedef struct bmx_word_join_table {
    bmx_word_table_slot *slot;
    size_t n_slots;
    unsigned skip;
} bmx_word_join_table;

static inline size_t bmx_word_join_home(const bmx_word_join_table *t, uint64_t hash)
{
    return (size_t)((unsigned __int128)(hash << t->skip) * t->n_slots >> 64);
}

/* The empty slot for a word that t does not have. */
static inline bmx_word_table_slot *bmx_word_join_empty_slot(const bmx_word_join_table *t,
                                                            uint64_t hash)
{
    size_t i = bmx_word_join_home(t, hash);

    while (t->slot[i].k1)
        i = i + 1 == t->n_slots ? 0 : i + 1;
    return &t->slot[i];
}

/* Words of slot[n] that are of `partition` and in t, too, give their counts to t: a slot keeps
 * its word, so that others behind it are found, but its count is 0 then.  Changes no
 * counts of t but of words of this partition.  Returns how many words of this partition t does not
 * have. */
size_t bmx_word_join(const bmx_word_join_table *t, bmx_word_table_slot *slot, size_t n,
                     size_t partition);

#endif

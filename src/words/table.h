/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.h - the hash table that a thread counts words in: of limited size, emptied
 * into a sum (sum.h) whenever it is full.
 *
 *   slot[n_slots]    { k0, k1, hash, count }   32 bytes, two to a cache line
 *   aside.word[n]    words that were set aside, packed; the same form
 *
 *   word of 1..15 bytes   its bytes, zero-padded, in k0 and k1; the last byte
 *                         of k1 is the length
 *   longer word           k0 points into the arena: its length, in eight bytes, and
 *                         its bytes; k1 is LONG | its first seven bytes
 *
 * W1  count == 0 marks an empty slot; no two slots hold the same word.
 * W2  n <= 3/4 n_slots, n_slots is a power of two, probing is linear from the
 *     top bits of the hash.
 * W3  words in `queue` are not in the table yet: bmx_word_table_flush() first.
 * W4  when words are aside, aside.n + n <= 5/8 max_slots, also when the slots are full, so that all
 *     words fit a table of max_slots; a word may be aside several times, and in a slot.
 * W5  a table that was full has no words aside, nor gets any (keeps_all, which its owner may set).
 *
 * Words average four to five bytes, so their keys fit the slot and a hit costs
 * one cache line and no pointer.  A slot is prefetched when its word is queued and used when the
 * other half of the queue has filled up; if the whole queue were emptied at once, the slots of its
 * last words would not have arrived.
 * Where text goes on in another language, or about something else, most of the words so far are not
 * met again, and a table that keeps them all is one that no cache holds.  So when a table of some
 * size is full, its words are set aside, and it begins anew; but when many of them had been set
 * aside before, it grows.  Words aside several times are added up when they are sorted.  When there
 * are too many, or the table grows large nevertheless, all are put into slots again, and from then
 * on the table keeps them: what setting aside costs in vain is bounded.
 *
 * Measured on 44 MB of English, French and C (11.4 million words, 221 thousand
 * distinct), CPU time a word: 11 ns; 21 ns without a window (below); 36 ns with
 * bmx_intern. */
#ifndef BMX_WORDS_TABLE_H
#define BMX_WORDS_TABLE_H

#include "base/assert.h"
#include "base/mem.h"

#include <string.h>

#define BMX_WORD_TABLE_HALF 32 /* of the queue */
#define BMX_WORD_TABLE_INLINE 15 /* bytes of a word that fit its slot */
#define BMX_WORD_TABLE_LONG ((uint64_t)0xff << 56)

typedef struct bmx_word_table_key {
    uint64_t k0, k1, hash;
} bmx_word_table_key;

typedef struct bmx_word_table_slot {
    uint64_t k0, k1, hash, count;
} bmx_word_table_slot;

/* Empties a full table: see bmx_word_sum_take(). */
typedef struct bmx_word_table bmx_word_table;
typedef bpemix_status bmx_word_table_full_fn(void *ctx, bmx_word_table *t, bpemix_error *err);

/* Words set aside. */
typedef struct bmx_word_table_aside {
    bmx_word_table_slot *word; /* word[n], those set aside at once in order of their hashes; room
                                  for as many as W4 allows, mostly untouched */
    size_t n;
    uint64_t *met; /* bits by the hash of some of them */
    size_t n_met;  /* bits that are set */
} bmx_word_table_aside;

/* Zero-initialize; then set max_slots (a power of two, 64 and more), full and full_ctx. */
struct bmx_word_table {
    bmx_word_table_slot *slot; /* slot[n_slots], aligned to a cache line inside mem */
    void *mem;              /* mostly untouched behind n_slots */
    size_t n, n_slots, max_slots;
    bmx_word_table_aside aside;
    bool keeps_all;   /* sets nothing aside any more */
    bool was_full;    /* and emptied */
    bmx_word_table_full_fn *full;
    void *full_ctx;
    unsigned shift; /* 64 - log2(n_slots) */
    unsigned n_queue; /* to the end of the half that is filled */
    bool other_half;  /* is full */
    uint64_t extra;   /* a word that is queued counts 1 + extra; change it only when the queue is
                         empty */
    uintptr_t window, window_bytes; /* see bmx_word_table_window() */
    bmx_arena arena;
    bmx_word_table_key queue[2 * BMX_WORD_TABLE_HALF];
};

/* Slots that mem has room for: those of the largest table, and as many as it may have words, so
 * that these can be distributed from the front to the back. */
size_t bmx_word_table_reserved(const bmx_word_table *t);

/* Put the words aside into slots again, frequent ones before rarer ones; from now on the table
 * keeps all. */
bpemix_status bmx_word_table_put_back(bmx_word_table *t, bpemix_error *err);

void bmx_word_table_free_aside(bmx_word_table *t);

void bmx_word_table_release(bmx_word_table *t);
void bmx_word_table_free_slots(bmx_word_table *t);

/* The end of counting: move the words that have a count to slot[0 .. n), at the start of mem.
 * Those aside stay there.  Nothing can be looked up afterwards. */
void bmx_word_table_close_up(bmx_word_table *t);
void bmx_word_table_empty(bmx_word_table *t); /* all but the queue; memory is kept */
bpemix_status bmx_word_table_flush(bmx_word_table *t, bpemix_error *err);

/* Half the queue has been filled: count the words of the other, which is next. */
bpemix_status bmx_word_table_turn(bmx_word_table *t, bpemix_error *err);

/* Count words in a row, 1 + extra each: the first from `start` to end[0], and so on. */
bpemix_status bmx_word_table_count(bmx_word_table *t, const char *start, const char *const *end,
                                   size_t n, bpemix_error *err);

/* Count a word n times, at once. */
bpemix_status bmx_word_table_add(bmx_word_table *t, bmx_slice word, uint64_t n, bpemix_error *err);

/* The bytes of a long word in the arena. */
static inline bmx_slice bmx_word_table_long(const char *stored)
{
    uint64_t n;

    memcpy(&n, stored, sizeof n);
    return bmx_slice_of(stored + sizeof n, (size_t)n);
}

static inline bmx_slice bmx_word_table_long_of(const bmx_word_table_slot *s)
{
    return bmx_word_table_long((const char *)(uintptr_t)s->k0);
}

/* Copy one there, NULL: no memory. */
const char *bmx_word_table_store(bmx_arena *a, bmx_slice word);

/* ---- the hot path, inline ---- */

static inline uint64_t bmx_word_table_load(const char *p, size_t n)
{
    uint64_t v = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(&v, p, n);
#else
    for (size_t i = 0; i < n; i++)
        v |= (uint64_t)(unsigned char)p[i] << (8 * i);
#endif
    return v;
}

/* k1 without the length yet.  The hash is a folded product; it never leaves the process. */
static inline bmx_word_table_key bmx_word_table_finish_key(uint64_t k0, uint64_t k1, size_t n)
{
    bmx_word_table_key k = { k0, k1 | (uint64_t)n << 56, 0 };
    unsigned __int128 m = (unsigned __int128)(k.k0 ^ 0x9e3779b97f4a7c15u) *
                          (k.k1 ^ 0xd1b54a32d192ed03u);

    k.hash = (uint64_t)m ^ (uint64_t)(m >> 64);
    return k;
}

/* n in 1..15.  Loads overlap instead of looping over bytes. */
static inline bmx_word_table_key bmx_word_table_key_of(const char *p, size_t n)
{
    if (n > 8)
        return bmx_word_table_finish_key(bmx_word_table_load(p, 8),
                                      bmx_word_table_load(p + n - 8, 8) >> (8 * (16 - n)), n);
    if (n >= 4)
        return bmx_word_table_finish_key(bmx_word_table_load(p, 4) |
                                             (bmx_word_table_load(p + n - 4, 4) >> (8 * (8 - n)))
                                                 << 32,
                                         0, n);
    return bmx_word_table_finish_key((uint64_t)(unsigned char)p[0] |
                                      (uint64_t)(unsigned char)p[n >> 1] << (8 * (n >> 1)) |
                                      (uint64_t)(unsigned char)p[n - 1] << (8 * (n - 1)),
                                  0, n);
}

/* Words that will be queued lie in memory[n].  Short ones at least 16 bytes before its end are
 * loaded with 16 bytes and masked, which is three times as fast as loads that depend on their
 * length. */
static inline void bmx_word_table_window(bmx_word_table *t, const char *memory, size_t n)
{
    t->window = (uintptr_t)memory;
    t->window_bytes = n < 16 ? 0 : n - 15;
}

/* The same key for a word whose first 16 bytes may be read. */
static inline bmx_word_table_key bmx_word_table_key_wide(const char *p, size_t n)
{
    static const uint64_t ones[24] = { /* ones[8 + n] keeps n bytes of k0, ones[n] n - 8 of k1 */
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff,
        0xffffffffffff, 0xffffffffffffff, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,
        UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX
    };

    return bmx_word_table_finish_key(bmx_word_table_load(p, 8) & ones[8 + n],
                                  bmx_word_table_load(p + 8, 8) & ones[n], n);
}

/* Queue a word, which will be counted 1 + extra times. */
static inline bpemix_status bmx_word_table_queue(bmx_word_table *t, bmx_slice word,
                                                 bpemix_error *err)
{
    bmx_word_table_key k;

    if (word.len > BMX_WORD_TABLE_INLINE)
        return bmx_word_table_add(t, word, 1 + t->extra, err);
    k = (uintptr_t)word.ptr - t->window < t->window_bytes
            ? bmx_word_table_key_wide(word.ptr, word.len)
            : bmx_word_table_key_of(word.ptr, word.len);
    if (t->n_slots)
        __builtin_prefetch(&t->slot[k.hash >> t->shift], 1);
    BMX_ASSERT(t->n_queue < 2 * BMX_WORD_TABLE_HALF);
    t->queue[t->n_queue++] = k;
    return t->n_queue % BMX_WORD_TABLE_HALF ? BPEMIX_OK : bmx_word_table_turn(t, err);
}

#endif

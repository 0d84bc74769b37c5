/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sort.c - most-significant-digit radix sort: items are distributed to buckets by up to eight
 * bits of their keys, and each bucket is sorted in turn.  Large arrays are distributed in place;
 * those that fit the cache are distributed from one array to another and back, which is faster
 * because no item waits for the one before.  Long words that are alike in the bytes of their keys
 * get keys of the bytes that follow, and are sorted by these. */
#include "words/sort.h"
#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

typedef bmx_word_item item;

static inline unsigned __int128 key_of(const item *x)
{
    return (unsigned __int128)x->key[0] << 64 | x->key[1];
}

static inline bool sorts_before(const item *x, const item *y)
{
    unsigned __int128 a = key_of(x), b = key_of(y);

    if (a != b || !x->stored)
        return a < b;
    return bmx_slice_cmp(bmx_word_table_long(x->stored), bmx_word_table_long(y->stored)) < 0;
}

static int by_word(const void *x, const void *y)
{
    return sorts_before(x, y) ? -1 : sorts_before(y, x);
}

#define KEY_BYTES ((size_t)15) /* of a word, in its key */
#define DEEPEST (8 * KEY_BYTES) /* long words that are alike in more bytes are compared as a whole;
                                 * a judgement */
#define AHEAD 8 /* items from a prefetch to its use */
#define FEW 24 /* items up to which that is faster than distributing them; a judgement */

/* Sort few items by comparing every pair without branches; insertion would spend most of its
 * time on mispredicted ones. */
static void sort_few(const item *from, item *to, size_t n)
{
    item copy[FEW];
    unsigned place[FEW];
    bool alike = false;

    if (from == to) {
        for (size_t i = 0; i < n; i++)
            copy[i] = from[i];
        from = copy;
    }
    for (size_t i = 0; i < n; i++) {
        unsigned __int128 key = key_of(&from[i]);
        unsigned after = 0; /* of those so far */

        for (size_t k = 0; k < i; k++) {
            unsigned before = key < key_of(&from[k]);
            place[k] += before;
            after += before;
        }
        place[i] = (unsigned)i - after;
    }
    for (size_t i = 0; i < n; i++)
        to[place[i]] = from[i];
    for (size_t i = 1; i < n; i++)
        alike |= to[i].stored && key_of(&to[i]) == key_of(&to[i - 1]);
    for (size_t i = 1; i < n && alike; i++) { /* long words, alike in 15 bytes */
        item x = to[i];
        size_t k = i;

        for (; k > 0 && sorts_before(&x, &to[k - 1]); k--)
            to[k] = to[k - 1];
        to[k] = x;
    }
}

/* The digit to distribute by: bits of half a key, from the first bit on in which the items differ.
 * Letters of most scripts share the high bits of their bytes, and words of a bucket their
 * beginning. */
typedef struct digit {
    int half;
    unsigned shift;
    size_t mask;
} digit;

/* false: the items have the same key. */
static bool choose_digit(const item *a, size_t n, digit *d)
{
    unsigned bits = n < 64 ? 4 : n < 512 ? 6 : 8; /* not many more buckets than items */
    uint64_t differ[2] = { 0, 0 };

    for (size_t i = 1; i < n; i++) {
        differ[0] |= a[i].key[0] ^ a[0].key[0];
        differ[1] |= a[i].key[1] ^ a[0].key[1];
    }
    d->half = !differ[0];
    d->mask = ((size_t)1 << bits) - 1;
    d->shift = differ[d->half] ? 64 - (unsigned)__builtin_clzll(differ[d->half]) : 0;
    d->shift = d->shift < bits ? 0 : d->shift - bits;
    return differ[d->half] != 0;
}

static inline size_t digit_of(const digit *d, const item *x)
{
    return x->key[d->half] >> d->shift & d->mask;
}

/* Where buckets begin and end. */
static void find_heaps(const digit *d, const item *a, size_t n, size_t next[256], size_t end[256])
{
    BMX_ASSERT(d->mask < 256);
    memset(end, 0, (d->mask + 1) * sizeof *end);
    for (size_t i = 0; i < n; i++)
        end[digit_of(d, &a[i])]++;
    for (size_t h = 0, sum = 0; h <= d->mask; h++) {
        next[h] = sum;
        end[h] = sum += end[h];
    }
}

static void sort_between(item *a, item *b, size_t n, item *to, size_t depth);

/* The key of a long word without its first bytes. */
static void set_key(item *x, size_t without)
{
    bmx_slice word = bmx_word_table_long(x->stored);
    size_t left = word.len - without;
    const char *p = word.ptr + without;
    uint64_t k1 = left > 8 ? bmx_word_table_load(p + 8, left < 15 ? left - 8 : 7) : 0;

    BMX_ASSERT(word.len >= without);
    x->key[0] = __builtin_bswap64(bmx_word_table_load(p, left < 8 ? left : 8));
    x->key[1] = __builtin_bswap64(k1) | (left > KEY_BYTES ? 255 : left);
}

/* The same for items that are alike in the first bytes and in their keys. */
static void sort_alike(item *a, item *b, size_t n, item *to, size_t depth)
{
    const uint64_t key[2] = { a->key[0], a->key[1] };

    if (depth >= DEEPEST) {
        qsort(a, n, sizeof *a, by_word);
    } else if ((key[1] & 0xff) == 255) {
        for (size_t i = 0; i < n; i++) {
            if (i + AHEAD < n)
                __builtin_prefetch(a[i + AHEAD].stored + depth + KEY_BYTES);
            set_key(&a[i], depth + KEY_BYTES);
        }
        sort_between(a, b, n, to, depth + KEY_BYTES);
        for (size_t i = 0; i < n; i++) {
            to[i].key[0] = key[0];
            to[i].key[1] = key[1];
        }
        return;
    }
    if (to != a) /* sorted, or the same word of several tables */
        memcpy(to, a, n * sizeof *a);
}

/* Sort a[n] into `to`, which is a or b; both are written to.  Keys are without the first `depth`
 * bytes, in which the items are alike. */
static void sort_between(item *a, item *b, size_t n, item *to, size_t depth)
{
    size_t end[256], next[256];
    digit d;

    if (n <= FEW) {
        sort_few(a, to, n);
        return;
    }
    if (!choose_digit(a, n, &d)) {
        sort_alike(a, b, n, to, depth);
        return;
    }
    find_heaps(&d, a, n, next, end);
    for (size_t i = 0; i < n; i++)
        b[next[digit_of(&d, &a[i])]++] = a[i];
    for (size_t h = 0, from = 0; h <= d.mask; from = end[h++])
        if (end[h] > from)
            sort_between(b + from, a + from, end[h] - from, to + from, depth);
}

void bmx_word_item_sort(bmx_word_item *a, size_t n, bmx_word_item spare[BMX_WORD_ITEM_SPARE])
{
    size_t end[256], next[256];
    digit d;

    if (n <= BMX_WORD_ITEM_SPARE) {
        sort_between(a, spare, n, a, 0);
        return;
    }
    if (!choose_digit(a, n, &d)) {
        qsort(a, n, sizeof *a, by_word);
        return;
    }
    find_heaps(&d, a, n, next, end);
    for (size_t h = 0; h <= d.mask; h++)
        while (next[h] < end[h]) {
            item x = a[next[h]];
            size_t k = digit_of(&d, &x);

            while (k != h) {
                item *to = &a[next[k]++], y = *to;

                *to = x;
                x = y;
                k = digit_of(&d, &x);
            }
            a[next[h]++] = x;
        }
    for (size_t h = 0, from = 0; h <= d.mask; from = end[h++])
        if (end[h] - from > 1)
            bmx_word_item_sort(a + from, end[h] - from, spare);
}

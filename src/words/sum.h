/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sum.h - the words of a category from all threads, and their order.
 *
 *   worker's table --- when full ---> shard[64], by the first bits of the hash --+
 *   worker's table     at the end --------------------------------------------+--> byte order
 *
 * Workers count in tables of limited size and empty them into the sum, so that
 * memory hardly depends on the number of threads.  At the end a table that was
 * never full is kept as it is, and words that several of them hold are joined.  One
 * that was full before is emptied once more: by then most of its words are in the
 * sum, and would be sorted twice. */
#ifndef BMX_WORDS_SUM_H
#define BMX_WORDS_SUM_H

#include "words/sort.h"
#include "words/words.h"

/* Zero-initialize, then open. */
typedef struct bmx_word_sum {
    struct bmx_word_sum_shard *shard;
    bmx_word_table *given; /* given[n_given]: whole tables */
    size_t n_given, given_cap;
    void *cells; /* words that were sorted, when no table has room for them */
} bmx_word_sum;

bpemix_status bmx_word_sum_open(bmx_word_sum *s, bpemix_error *err);
void bmx_word_sum_release(bmx_word_sum *s);

/* Add the words of t and empty it; those in its queue stay there.  Safe from
 * any thread. */
bpemix_status bmx_word_sum_take(bmx_word_sum *s, bmx_word_table *t, bpemix_error *err);

/* Add the words of t and empty it, giving up its memory.  One thread at a time. */
bpemix_status bmx_word_sum_give(bmx_word_sum *s, bmx_word_table *t, bpemix_error *err);

/* Move all words to `out` (which has none yet), in byte order.  The sum is
 * released, also on failure. */
bpemix_status bmx_word_sum_finish(bmx_word_sum *s, unsigned n_threads, bmx_words *out,
                                 bpemix_error *err);

/* All words in byte order, as they were sorted: to be used at once. */
typedef struct bmx_word_sum_sorted {
    const bmx_word_item *item; /* item[n] */
    size_t n;
    uint64_t bytes;     /* of all words, each once */
    uint64_t pretokens; /* occurrences */
} bmx_word_sum_sorted;

/* The same without copying them, for who writes them somewhere else: they are gone when the sum is
 * released. */
bpemix_status bmx_word_sum_sort(bmx_word_sum *s, unsigned n_threads, bmx_word_sum_sorted *out,
                                bpemix_error *err);

#endif

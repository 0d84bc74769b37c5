/* wordsum.h - the words of a category from all threads, and their order.
 *
 *   worker's table --- when full ---> shard[64], by the first bits of the hash --+
 *   worker's table     at the end --------------------------------------------+--> byte order
 *
 * Workers count in tables of limited size and empty them into the sum, so that
 * memory hardly depends on the number of threads.  At the end a table that was
 * never full is kept as it is, and words that several of them hold are joined.  One
 * that was full before is emptied once more: by then most of its words are in the
 * sum, and would be sorted twice. */
#ifndef BMX_TEXT_WORDSUM_H
#define BMX_TEXT_WORDSUM_H

#include "text/words.h"
#include "text/wordtab.h"

/* Zero-initialise, then open. */
typedef struct bmx_wordsum {
    struct bmx_wordsum_shard *shard;
    bmx_wordtab *given; /* given[n_given]: whole tables */
    size_t n_given, given_cap;
} bmx_wordsum;

bpemix_status bmx_wordsum_open(bmx_wordsum *s, bpemix_error *err);
void bmx_wordsum_release(bmx_wordsum *s);

/* Add the words of t and empty it; those in its queue stay there.  Safe from
 * any thread. */
bpemix_status bmx_wordsum_take(bmx_wordsum *s, bmx_wordtab *t, bpemix_error *err);

/* Add the words of t and empty it, giving up its memory.  One thread at a time. */
bpemix_status bmx_wordsum_give(bmx_wordsum *s, bmx_wordtab *t, bpemix_error *err);

/* Move all words to `out` (which has none yet), in byte order.  The sum is
 * released, also on failure. */
bpemix_status bmx_wordsum_finish(bmx_wordsum *s, unsigned n_threads, bmx_words *out,
                                 bpemix_error *err);

#endif

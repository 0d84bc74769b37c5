/* SPDX-License-Identifier: GPL-3.0-or-later */
/* word_union.h - the vocabulary union: the distinct words of all categories, and their postings.
 *
 *   word      text      first    cat  count
 *   0         "the"     0        0    120
 *                                2    75
 *   1         "chat"    2        1    8
 *   2                   3
 *
 * U1  Postings of a word are by rising category, of counts above 0; one that occurs nowhere has
 *     none.
 * U2  first[n] is how many there are in all. */
#ifndef BMX_REPLAY_WORD_UNION_H
#define BMX_REPLAY_WORD_UNION_H

#include "replay/aggregate.h"
#include "words/words.h"

typedef struct bmx_word_union {
    bmx_slice *text; /* text[n], borrowed */
    size_t n;
    bmx_postings postings;
} bmx_word_union;

/* Number the words; which number one gets does not depend on the threads.  When all
 * categories are in byte order, words that begin alike stand close together. */
bpemix_status bmx_word_union_make(const bmx_words *cat, size_t n_cats, unsigned n_threads,
                                  bmx_word_union *out, bpemix_error *err);
void bmx_word_union_release(bmx_word_union *w);

#endif

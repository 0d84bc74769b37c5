/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train_text.h - the text of a training, for train.c and its parts.
 *
 * Words as symbols, one behind the other, each with its header in front: a merge looks at words all
 * over the text, and so at one place in memory for each.  A word is told by where it begins, in
 * units of four bytes.
 *
 *   block   count length symbols | count length symbols gap | count length symbols | ...
 *
 * A symbol is a token id, of two bytes where all ids have room in them and of four elsewhere.
 * Units that a word no longer needs, because merges have made it shorter, are filled with
 * BMX_TRAIN_GAP until words are moved together (train_body.h). */
#ifndef BMX_LAB_TRAIN_TEXT_H
#define BMX_LAB_TRAIN_TEXT_H

#include "lab/train.h"

#define BMX_TRAIN_GAP UINT32_MAX
#define BMX_TRAIN_LARGE 0x80000000u

typedef struct bmx_train_word {
    uint32_t count;    /* > 0; with BMX_TRAIN_LARGE, the place of a larger one in text.large */
    uint32_t length;   /* symbols, which follow */
} bmx_train_word;

typedef struct bmx_train_text {
    uint32_t *block;
    size_t end;        /* of the last word, in units */
    uint64_t *large;   /* large[n_large]: counts of 2^31 and more */
    size_t n_large, large_cap;
    bool wide;         /* symbols have four bytes */
    uint32_t mask;     /* the bits of a symbol that are its id.  An id of all ones is a character
                          outside the alphabet, which joins no pair */
    uint32_t skipped;  /* the bit above the mask, with which train_body.h marks symbols; 0: none */
} bmx_train_text;

static inline bmx_train_word *bmx_train_word_at(const bmx_train_text *x, size_t w)
{
    return (bmx_train_word *)(void *)(x->block + w);
}

static inline uint64_t bmx_train_word_count(const bmx_train_text *x, const bmx_train_word *word)
{
    return word->count & BMX_TRAIN_LARGE ? x->large[word->count & ~BMX_TRAIN_LARGE] : word->count;
}

/* Units of a word of so many symbols of `size` bytes. */
static inline size_t bmx_train_word_units(size_t length, size_t size)
{
    return (sizeof(bmx_train_word) + length * size + 3) / 4;
}

/* The alphabet (or the base's tokens and merges) into *list, and words of two symbols
 * and more into *text.  The words are not needed any more then: words->spent is called. */
bpemix_status bmx_train_text_init(bmx_train_text *text, const bmx_train_words *words,
                                  const bmx_train_opts *opts, bmx_merge_list *list,
                                  bpemix_error *err);
void bmx_train_text_release(bmx_train_text *text);

#endif

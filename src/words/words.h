/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.h - how often each pre-token occurs in the sample of one category. */
#ifndef BMX_WORDS_WORDS_H
#define BMX_WORDS_WORDS_H

#include "base/hash.h"
#include "read/source.h"

typedef struct bmx_words {
    char *name;              /* category */
    char key[65];            /* how text became words (bmx_text_rule), "": not known */
    bmx_intern word;         /* distinct pre-tokens; raw bytes or UTF-8 by alphabet */
    uint64_t *count;         /* count[word.n], occurrences */
    size_t count_cap;
    bool in_order;           /* words strictly rise in byte order */
    char stamp[65];          /* of a file in a run directory: digest of its inputs; "": none */
    uint32_t n_folds;        /* this is one of so many folds of the category; 0: all of it */
    bool sampled;            /* a sample of chunks is in it: counts are right on average only */
    uint64_t bytes;          /* of sample text as read, before normalization */
    uint64_t documents;
    uint64_t pretokens;      /* pre-tokens with repetition */
    uint64_t invalid_bytes;  /* malformed bytes met */
    bmx_input_record *input; /* input[n_inputs], in the order read */
    size_t n_inputs, inputs_cap;
    bmx_texts warning;       /* warnings about the text */
} bmx_words;

#define BMX_MAX_FOLDS 255u

/* A category that is a single file is divided into contiguous parts of its text, one a fold, of at
 * least so many bytes; shorter ones resemble each other too much.  In trials the interval of 8
 * parts of 1 MB held the truth as often as it should, of 32 kB in 81 to 86 % of the cases. */
#define BMX_LEAST_PART 32000

void bmx_words_release(bmx_words *w);

/* Tallies that the words of a category are kept in: its folds, or one. */
static inline size_t bmx_words_tallies(const bmx_words *w) { return w->n_folds ? w->n_folds : 1; }

/* Release all tallies of a category, and the array. */
void bmx_words_free(bmx_words *w);

/* Add to `pretokens`; E_UNSUPPORTED beyond 2^63 - 1, so that no count that is a part of them
 * can overflow. */
bpemix_status bmx_words_add_pretokens(bmx_words *w, uint64_t n, bpemix_error *err);

/* Add to the totals of the text.  E_UNSUPPORTED, with nothing changed, when one would be beyond
 * 2^63 - 1. */
bpemix_status bmx_words_add_text(bmx_words *w, uint64_t bytes, uint64_t documents,
                                 uint64_t invalid_bytes, bpemix_error *err);

/* Count occurrences of one pre-token; adds to `pretokens`. */
bpemix_status bmx_words_add(bmx_words *w, bmx_slice word, uint64_t n, bpemix_error *err);

/* Make room in an empty object for n distinct words, as bmx_intern_lay_out();
 * the caller puts in words in byte order, counts and pretokens. */
bpemix_status bmx_words_lay_out(bmx_words *w, size_t n, size_t bytes, char **text,
                                bpemix_error *err);

/* Make room for n distinct words: faster than growing step by step. */
bpemix_status bmx_words_reserve(bmx_words *w, size_t n, bpemix_error *err);

/* Note an input; its path is copied. */
bpemix_status bmx_words_add_input(bmx_words *w, const bmx_input_record *input,
                                  bpemix_error *err);

/* Add warnings about the text that are not there yet. */
bpemix_status bmx_words_add_warnings(bmx_words *w, const bmx_texts *more, bpemix_error *err);

/* Add src to dst, whose name stays.  E_MISMATCH when their keys differ. */
bpemix_status bmx_words_merge(bmx_words *dst, const bmx_words *src, bpemix_error *err);

#endif

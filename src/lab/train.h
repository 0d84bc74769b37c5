/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train.h - a BPE trainer: exact counts, the published trainers' rules for ties.
 *
 * It learns what the Hugging Face trainer learns from the same words or, with the rules
 * of a SentencePiece model, what spm_train learns (before 0.1.99, which counts runs of one
 * character differently), and can go on from the list of another tokenizer. */
#ifndef BMX_LAB_TRAIN_H
#define BMX_LAB_TRAIN_H

#include "base/progress.h"
#include "replay/rivals.h"
#include "words/words.h"

#include <stddef.h>

/* Which of several equally frequent pairs is merged first. */
typedef enum bmx_tie_order {
    BMX_TIE_HF,            /* smaller left id, then smaller right id */
    BMX_TIE_SENTENCEPIECE, /* fewer characters in the product, then its bytes */
    BMX_TIE_LENGTH,        /* fewer bytes in the product, then as BMX_TIE_HF */
    BMX_TIE_RANDOM         /* an order that follows from the seed alone */
} bmx_tie_order;

/* What to train on: distinct words as counting makes them (raw bytes or UTF-8, by
 * alphabet) and how often each occurs.  Words of count 0 are passed over. */
typedef struct bmx_train_words {
    const bmx_slice *word;
    const uint64_t *count;
    size_t n;
    void (*spent)(void *ctx); /* called when training has made symbols of them, which are all that
                                 it needs from there on; NULL: nobody is told */
    void *ctx;
} bmx_train_words;

static inline bmx_train_words bmx_train_words_of(const bmx_words *w)
{
    return (bmx_train_words){ .word = w->word.str, .count = w->count, .n = w->word.n };
}

/* Zero-initialize for the Hugging Face trainer's defaults. */
typedef struct bmx_train_opts {
    uint32_t n_merges;         /* to learn; BMX_NONE: as many as there are */
    uint32_t vocab_size;       /* tokens at which to stop, inherited ones included; 0: none */
    bmx_tie_order ties;
    uint64_t seed;             /* of BMX_TIE_RANDOM */
    uint64_t min_frequency;    /* pairs that are rarer are not merged */
    uint32_t max_token_length; /* of a product, in characters or bytes by alphabet; 0: none */
    bmx_alphabet alphabet;     /* ignored with a base */
    double coverage;           /* share of the characters' occurrences that the alphabet is to
                                  cover, as SentencePiece counts it; 0: all characters */
    const bpemix_tokenizer *base;  /* go on from its merges; NULL: from nothing */
    const bmx_piece_rules *pieces; /* SentencePiece's rules to follow; NULL: none */
    bmx_progress *progress;        /* NULL: nobody listens */
} bmx_train_opts;

typedef struct bmx_merge_list {
    bmx_intern token;   /* strings as in a tokenizer; the alphabet first */
    bmx_merge *merge;   /* merge[n], token ids; the inherited ones first */
    uint32_t n;
    uint32_t n_alphabet, n_inherited;
    bmx_alphabet alphabet;
    size_t cap;
} bmx_merge_list;

/* Learn merges (fewer than asked for when no pair is left) from counted words.
 * E_UNSUPPORTED when there are more than 2^63 pairs of symbols. */
bpemix_status bmx_train(const bmx_train_words *words, const bmx_train_opts *opts,
                        bmx_merge_list *out, bpemix_error *err);
void bmx_merge_list_release(bmx_merge_list *m);

/* The rule with this name: "hf", "sentencepiece", "length", "random"; false when there is none. */
bool bmx_tie_order_named(const char *name, bmx_tie_order *out);
const char *bmx_tie_order_name(bmx_tie_order order);

/* Share of the characters of a text that get tokens of their own: spm_train's default. */
#define BMX_TRAIN_SPM_COVERAGE 0.9995

#endif

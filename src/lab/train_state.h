/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train_state.h - a training at work, for train.c and the passes over its text (train_body.h). */
#ifndef BMX_LAB_TRAIN_STATE_H
#define BMX_LAB_TRAIN_STATE_H

#include "lab/train_pairs.h"

/* What a merge does to the pairs of one neighbouring symbol. */
typedef struct bmx_train_change {
    int64_t fall, rise;
    uint32_t last_word; /* + 1, whose posting was noted last */
    uint32_t n;         /* postings noted */
    bool touched;
} bmx_train_change;

typedef struct bmx_train_note {
    uint32_t symbol, word;
} bmx_train_note;

typedef struct bmx_train_side {
    bmx_train_change *change; /* change[cap]: by symbol */
    size_t cap;
    uint32_t *symbol;         /* symbol[n]: those touched */
    size_t n, symbol_cap;
    bmx_train_note *note;     /* postings of new pairs, in order of words */
    size_t n_notes, notes_cap;
} bmx_train_side;

/* A pair that may occur often enough to be kept. */
typedef struct bmx_train_candidate {
    uint32_t left, right;
    union {
        uint64_t count;
        uint32_t *posting; /* posting[n], when the count has been taken over; NULL: not kept */
    } u;
    uint32_t last_word;    /* + 1, that it was met in */
    uint32_t n;            /* words */
    uint32_t next;         /* + 1, in the same cell; 0: none */
} bmx_train_candidate;

/* Pairs on their way from the text into the table of those that are kept.  First each pair adds its
 * counts to a cell, which others may share; then a cell leads to the candidates in it. */
typedef struct bmx_train_sketch {
    union {
        uint64_t *sum;  /* sum[2^bits] */
        uint32_t *head; /* head[2^bits]: candidate + 1; 0: none; or BMX_TRAIN_UNKNOWN: some,
                           not met yet */
    } u;
    unsigned bits;
    bmx_train_candidate *candidate;
    size_t n, cap;
} bmx_train_sketch;

#define BMX_TRAIN_UNKNOWN UINT32_MAX

typedef struct bmx_trainer {
    const bmx_train_opts *opts;
    bool sentencepiece;
    bmx_train_text text;
    bmx_train_pairs pairs;
    bmx_train_side front, behind;
    bmx_merge_list list;
    uint64_t asked;     /* merges to learn, at most; 0: as many as there are */
    int64_t last_count; /* of the pair that was merged last */
    bmx_train_sketch sketch;
} bmx_trainer;

static inline size_t bmx_train_sketch_at(const bmx_train_sketch *s, uint32_t left, uint32_t right)
{
    return bmx_train_pairs_hash(left, right) >> (32 - s->bits);
}

typedef struct bmx_train_merge {
    uint32_t left, right, product;
} bmx_train_merge;

/* What is to be done with the words of a text, for symbols of one width. */
typedef struct bmx_train_passes {
    void (*mark_overlaps)(bmx_trainer *t);
    void (*pack)(bmx_trainer *t);   /* move words together; those of one symbol are left out */
    void (*sketch)(bmx_trainer *t); /* sum up the counts of all pairs */
    bpemix_status (*count)(bmx_trainer *t, bpemix_error *err); /* the candidates */
    void (*post)(bmx_trainer *t);   /* the words of those that are kept */

    /* Apply a merge to the words of a list, and add up what that changes in both sides. */
    bpemix_status (*merge)(bmx_trainer *t, const uint32_t *word, uint32_t n, bmx_train_merge merge,
                           bpemix_error *err);
} bmx_train_passes;

extern const bmx_train_passes bmx_train_narrow, bmx_train_wide;

#endif

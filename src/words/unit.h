/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unit.h - text becomes counted words: text units, malformed bytes, normalizer and
 * pre-tokenizer.
 *
 *   plan      what is done to text; compiled once, shared by threads
 *   splitter  carries it out in one thread, into one word table at a time */
#ifndef BMX_WORDS_UNIT_H
#define BMX_WORDS_UNIT_H

#include "split/normalize.h"
#include "split/pretokenize.h"
#include "words/table.h"
#include "split/rule.h"
#include "words/words.h"

/* Zero-initialize; release also after a failure. */
typedef struct bmx_unit_plan {
    bmx_text_rule rule;
    bmx_normalizer *normalizer;       /* NULL: text passes unchanged */
    bmx_pretokenizer *pretokenizer;
    unsigned cuts;                    /* places where a unit may be cut (split/cut.h) */
    /* for text from the middle of a unit, as chunks are (chunk.h); once asked for */
    bmx_normalizer *inner_normalizer; /* NULL: text passes unchanged */
    bmx_pretokenizer *inner_pretokenizer; /* no line is too long; NULL: the one above */
    bool drop_space;                  /* a space in front becomes the normalizer's dummy prefix */
    bool has_first;                   /* a step asks whether it is at the start of the text */
} bmx_unit_plan;

bpemix_status bmx_unit_plan_init(bmx_unit_plan *p, const bmx_text_rule *rule, bpemix_error *err);

/* Get ready for chunks. */
bpemix_status bmx_unit_plan_inner(bmx_unit_plan *p, bpemix_error *err);
void bmx_unit_plan_release(bmx_unit_plan *p);

/* Zero-initialize, then start with a plan. */
typedef struct bmx_unit_splitter {
    const bmx_unit_plan *plan;
    bmx_word_table *to;     /* where the words go; changed by the caller at will */
    uint64_t invalid_bytes; /* met so far */
    uint64_t left_out;      /* bytes of lines that the trainer skips */
    uint64_t words;         /* so far */
    bmx_pretokenizer_scratch *scratch, *inner_scratch;
    bmx_buf normal[2], clean;
    bool is_chunk, inside;  /* the text at hand is of chunks, and goes on a unit that began before
                               it */
} bmx_unit_splitter;

bpemix_status bmx_unit_splitter_start(bmx_unit_splitter *s, const bmx_unit_plan *plan,
                                      bpemix_error *err);
void bmx_unit_splitter_release(bmx_unit_splitter *s);

/* Count the words of a document or a part of one; `room` bytes behind it may be read.
 * Malformed bytes are treated as the rule says, except for BPEMIX_INVALID_REFUSE, which is left to
 * the caller, who can name the place in a message. */
bpemix_status bmx_unit_split(bmx_unit_splitter *s, bmx_slice text, size_t room, bpemix_error *err);

/* The same for text made of chunks; begins: it starts where a document does. */
bpemix_status bmx_unit_split_chunks(bmx_unit_splitter *s, bmx_slice text, bool begins,
                                    bpemix_error *err);

#endif

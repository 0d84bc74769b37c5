/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rule.h - how text becomes words: all that counting needs to know of a tokenizer. */
#ifndef BMX_SPLIT_RULE_H
#define BMX_SPLIT_RULE_H

#include "bpemix.h"
#include "tokenizer/spec.h"

/* Every choice is made: nothing is left to be found out. */
typedef struct bmx_text_rule {
    const bmx_normalizer_spec *normalizer;     /* borrowed */
    const bmx_pretokenizer_spec *pretokenizer; /* borrowed */
    bool bytes;            /* words are bytes; else characters, as UTF-8 */
    bool lines;            /* a text unit is a line; else a document */
    bool strip_newline;    /* the line end is no part of a line, and SentencePiece's trainer reads
                              the lines: it leaves some out */
    bpemix_invalid invalid; /* not BPEMIX_INVALID_AUTO */
    char key[65];          /* bmx_text_rule_seal() */
} bmx_text_rule;

/* The rule of a tokenizer's trainer; the tokenizer stays as long as the rule.  E_USAGE when
 * nothing says how text is split into pre-tokens.
 *
 * `unit` BPEMIX_TEXT_UNIT_AUTO: trainers that read files line by line cannot learn a token
 * with anything behind a newline, so a tokenizer with such a merge was trained on documents.
 * SentencePiece trains on lines, whatever is asked for. */
bpemix_status bmx_text_rule_of(const bpemix_tokenizer *tok, bpemix_text_unit unit,
                               bpemix_invalid invalid, bmx_text_rule *out, bpemix_error *err);

/* The unit of that rule. */
bpemix_text_unit bmx_text_unit_of(const bpemix_tokenizer *tok, bpemix_text_unit asked);

/* Finish a rule that is filled in: what AUTO stands for in `invalid`, and the key.
 *
 * Counts may be added up only when the same text would have become the same words.  The key
 * says so: a SHA-256 of all the other members. */
bpemix_status bmx_text_rule_seal(bmx_text_rule *rule, bpemix_error *err);

#endif

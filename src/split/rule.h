/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rule.h - how text becomes words: all that counting needs to know of a tokenizer. */
#ifndef BMX_SPLIT_RULE_H
#define BMX_SPLIT_RULE_H

#include "bpemix.h"
#include "tokenizer/spec.h"

/* All choices are made: no member is AUTO or a default. */
typedef struct bmx_text_rule {
    const bmx_normalizer_spec *normalizer;     /* borrowed */
    const bmx_pretokenizer_spec *pretokenizer; /* borrowed */
    bool bytes;            /* words are bytes; else characters, as UTF-8 */
    bool lines;            /* a text unit is a line; else a document */
    bool strip_newline;    /* lines have no line end, and are those that SentencePiece's trainer
                              reads: it skips some */
    bpemix_invalid invalid; /* not BPEMIX_INVALID_AUTO */
    const char *path;      /* borrowed, of the tokenizer, for messages; NULL: not from a file */
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

/* Complete a rule whose other members are set: resolve AUTO in `invalid`, and make the key.
 *
 * Counts may be added up only if both rules split the same text into the same words.  The key, a
 * SHA-256 of all other members, tells. */
bpemix_status bmx_text_rule_seal(bmx_text_rule *rule, bpemix_error *err);

#endif

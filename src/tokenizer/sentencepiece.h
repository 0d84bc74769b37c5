/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sentencepiece.h - pieces of a SentencePiece BPE model, from its own file or
 * from a container that kept only parts of it. */
#ifndef BMX_TOKENIZER_SENTENCEPIECE_H
#define BMX_TOKENIZER_SENTENCEPIECE_H

#include "tokenizer/tokenizer.h"

typedef enum bmx_piece_type {
    BMX_PIECE_NORMAL = 1, BMX_PIECE_UNKNOWN, BMX_PIECE_CONTROL, BMX_PIECE_USER, BMX_PIECE_UNUSED,
    BMX_PIECE_BYTE
} bmx_piece_type;

typedef struct bmx_piece {
    bmx_slice text; /* borrowed */
    double score;   /* of rank in encoding, highest first */
    uint32_t type;  /* bmx_piece_type; another value counts as normal */
} bmx_piece;

/* Vocabulary, merges, encoding order and boundaries from pieces in the order
 * of ids.  The pre-tokenizer gets a SENTENCEPIECE step whose boundaries are
 * the pieces that are cut out of the training text; its other fields and
 * tok->rules are left to the caller.  `place` names the list in messages. */
bpemix_status bmx_pieces_build(bpemix_tokenizer *tok, const bmx_piece *piece, size_t n,
                               const char *place, bpemix_error *err);

/* Word rules of the trainer where the file does not tell them: its defaults,
 * and what the merges themselves show (runs of U+2581, digits, length).  Sets
 * tok->rules and the fields of the SENTENCEPIECE step, which must exist. */
void bmx_sentencepiece_guess_rules(bpemix_tokenizer *tok);

/* Put the trainer's word rules in the place of what a converter wrote; a
 * Metaspace step becomes a step of the normalizer. */
bpemix_status bmx_sentencepiece_substitute(bpemix_tokenizer *tok, const uint32_t *boundary,
                                           size_t n, bpemix_error *err);

/* The tokens <0x00> to <0xFF>, as far as there are any: sets tok->vocab.byte_symbol, and
 * tok->vocab.byte_fallback when there is one. */
void bmx_sentencepiece_find_bytes(bpemix_tokenizer *tok);

/* Does any merge make a token with U+2581 in it? */
bool bmx_has_metaspace(const bpemix_tokenizer *tok);

#endif

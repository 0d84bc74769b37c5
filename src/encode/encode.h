/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encode.h - one pre-token -> vocabulary ids, as the tokenizer itself would.
 *
 * Two ways to choose the next merge, both lowest rank first and leftmost on
 * ties:
 *   merge lists     the pair of tokens must be listed; rank = place in the list
 *   rank files and SentencePiece (tok->encoded.rank)   any two neighbours whose
 *                   text together is a token merge, whatever their own split
 *
 * One difference to SentencePiece remains: it takes pieces of type UNUSED (which
 * a restricted vocabulary has) apart again; here they count as normal. */
#ifndef BMX_ENCODE_ENCODE_H
#define BMX_ENCODE_ENCODE_H

#include "tokenizer/tokenizer.h"

typedef struct bmx_ids { /* zero-initialize, release with bmx_ids_release */
    uint32_t *id;        /* id[n] in the file's vocabulary, BMX_NONE: the token has none */
    size_t n, cap;
} bmx_ids;

bpemix_status bmx_ids_add(bmx_ids *ids, uint32_t id, bpemix_error *err);
void bmx_ids_release(bmx_ids *ids);

/* Look-up tables and scratch of one thread; tok must outlive it. */
typedef struct bmx_encoder_scratch bmx_encoder_scratch;

bpemix_status bmx_encoder_scratch_new(const bpemix_tokenizer *tok, bmx_encoder_scratch **out,
                                    bpemix_error *err);
void bmx_encoder_scratch_free(bmx_encoder_scratch *s);

/* Append the ids of one pre-token (raw bytes for a byte alphabet, UTF-8 for a
 * character alphabet; what bmx_pretokenize hands over).  A character outside
 * the vocabulary becomes its byte tokens, else the unknown token, else nothing.
 * O(n log n).  On failure out->n is unchanged. */
bpemix_status bmx_encode_pretoken(const bpemix_tokenizer *tok, bmx_encoder_scratch *s,
                                  bmx_slice pretoken, bmx_ids *out, bpemix_error *err);

#endif

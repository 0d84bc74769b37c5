/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h - text -> token ids, through added tokens, normalizer,
 * pre-tokenizer and merges, as the tokenizer's own software does it. */
#ifndef BMX_ENCODE_TEXT_H
#define BMX_ENCODE_TEXT_H

#include "encode/encode.h"

typedef struct bmx_text_encoder bmx_text_encoder; /* for one thread; tok must outlive it */

/* E_USAGE when the tokenizer has no pre-tokenizer and none was named,
 * E_UNSUPPORTED when it has no merges. */
bpemix_status bmx_text_encoder_new(const bpemix_tokenizer *tok, bmx_text_encoder **out,
                                   bpemix_error *err);
void bmx_text_encoder_free(bmx_text_encoder *e);

/* Append the ids of one document.  Tokens that a model wants around it (start,
 * end) are not added.  E_FORMAT when the text is not UTF-8. */
bpemix_status bmx_encode_text(bmx_text_encoder *e, bmx_slice text, bmx_ids *out, bpemix_error *err);

/* The ids of one document of a file; valid during the call only. */
typedef bpemix_status bmx_ids_fn(void *ctx, const bmx_ids *ids, bpemix_error *err);

/* Encode a file ("-" is standard input), plain or compressed: one document, or
 * with jsonl, or when it is named so, `field` of each record. */
bpemix_status bmx_encode_file(bmx_text_encoder *e, const char *path, bool jsonl, const char *field,
                              bmx_ids_fn *emit, void *ctx, bpemix_error *err);

/* text[n] by vocabulary id, without pointer where there is no such id; the
 * array is owned by the caller, the texts are tok's. */
bpemix_status bmx_id_texts(const bpemix_tokenizer *tok, bmx_slice **text, size_t *n,
                           bpemix_error *err);

#endif

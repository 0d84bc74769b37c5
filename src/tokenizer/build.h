/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build.h - what the readers share: adding tokens, ids and merges to a
 * tokenizer that is being read. */
#ifndef BMX_TOKENIZER_BUILD_H
#define BMX_TOKENIZER_BUILD_H

#include "tokenizer/tokenizer.h"

/* Largest file taken for a tokenizer; the header of a GGUF file counts, not its tensors. */
#define BMX_TOKENIZER_MAX_BYTES ((size_t)1 << 30)

/* Longest token, in initial symbols, that recovery and encoding follow.  The
 * longest published one has 1024 bytes. */
#define BMX_TOKEN_MAX_SYMBOLS 4096

/* Id of a token, added when new. */
bpemix_status bmx_token_add(bpemix_tokenizer *tok, bmx_slice text, uint32_t *id,
                            bpemix_error *err);

/* Add a token that has this id in the file's vocabulary (the first one given stays). */
bpemix_status bmx_token_add_vocab(bpemix_tokenizer *tok, bmx_slice text, uint32_t vocab_id,
                                  uint32_t *id, bpemix_error *err);

/* Append a merge of two tokens; the product (T2) is added when new.  A side or
 * product without vocabulary id gets BMX_MERGE_UNKNOWN when tok->vocab.size > 0. */
bpemix_status bmx_merge_add(bpemix_tokenizer *tok, uint32_t left, uint32_t right, uint32_t flags,
                            bpemix_error *err);
/* The same where the product is known. */
bpemix_status bmx_merge_add_to(bpemix_tokenizer *tok, uint32_t left, uint32_t right,
                               uint32_t product, uint32_t flags, bpemix_error *err);

/* Product of two tokens (T2) appended to the emptied buffer. */
bpemix_status bmx_merge_text(const bpemix_tokenizer *tok, uint32_t left, uint32_t right,
                             bmx_buf *out, bpemix_error *err);

/* Append an added token; text is copied.  An empty one is left out. */
bpemix_status bmx_added_token_add(bpemix_tokenizer *tok, const bmx_added_token *added,
                                  bpemix_error *err);

/* Put one more token on the list of those without a merge. */
bpemix_status bmx_unmerged_add(bpemix_tokenizer *tok, uint32_t token, bpemix_error *err);

/* One warning for all merges flagged BMX_MERGE_UNKNOWN. */
bpemix_status bmx_warn_unknown_merges(bpemix_tokenizer *tok, const char *place, bpemix_error *err);

/* Are all 256 characters of the byte alphabet keys of this object of ids? */
bool bmx_vocab_has_bytes(const bmx_json *vocab);

/* JSON as Hugging Face's library reads it (bmx_json_parse_foreign), with a warning where a key
 * occurs twice. */
bpemix_status bmx_tokenizer_read_json(bpemix_tokenizer *tok, const char *where, bmx_slice text,
                                      bmx_json **out, bpemix_error *err);

/* Replace the pre-tokenizer by a named preset. */
bpemix_status bmx_tokenizer_use_preset(bpemix_tokenizer *tok, const char *name, bpemix_error *err);

/* Move the trainer's rules for text out of a tokenizer, which cannot split text afterwards. */
void bmx_tokenizer_take_specs(bpemix_tokenizer *tok, bmx_normalizer_spec *norm,
                              bmx_pretokenizer_spec *pre);

/* Set a string field that the tokenizer owns. */
bpemix_status bmx_string_set(char **field, const char *text, bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* added.h - added tokens: cut out of the text when encoding. */
#ifndef BMX_ENCODE_ADDED_H
#define BMX_ENCODE_ADDED_H

#include "split/normalize.h"
#include "tokenizer/tokenizer.h"

typedef struct bmx_added bmx_added; /* immutable; tok must outlive it */

/* normalized: those that are looked for in normalized text, in the form that
 * norm gives them; else those that are looked for in the text as it is.
 * Control tokens are only found for a tokenizer.json, whose own software recognizes
 * them in text; that of other formats leaves this to its caller. */
bpemix_status bmx_added_new(const bpemix_tokenizer *tok, const bmx_normalizer *norm,
                            bool normalized, bmx_added **out, bpemix_error *err);
void bmx_added_free(bmx_added *a);

/* One stretch of the text: an added token, or with vocab_id BMX_NONE text
 * between them, never empty, that starts at byte `at`. */
typedef bpemix_status bmx_stretch_fn(void *ctx, uint32_t vocab_id, bmx_slice text, size_t at,
                                     bpemix_error *err);

/* Hand over the stretches of well-formed text in order. */
bpemix_status bmx_added_split(const bmx_added *a, bmx_slice text, bmx_stretch_fn *emit, void *ctx,
                              bpemix_error *err);

#endif

/* encode_text.h - text -> token ids, through added tokens, normalizer,
 * pre-tokenizer and merges, as the tokenizer's own software does it. */
#ifndef BMX_TEXT_ENCODE_TEXT_H
#define BMX_TEXT_ENCODE_TEXT_H

#include "tokenizer/encode.h"

typedef struct bmx_text_encoder bmx_text_encoder; /* for one thread; tok must outlive it */

/* E_USAGE when the tokenizer has no pre-tokenizer and none was named,
 * E_UNSUPPORTED when it has no merges. */
bpemix_status bmx_text_encoder_new(const bpemix_tokenizer *tok, bmx_text_encoder **out,
                                   bpemix_error *err);
void bmx_text_encoder_free(bmx_text_encoder *e);

/* Append the ids of one document.  Tokens that a model wants around it (start,
 * end) are not added.  E_FORMAT when the text is not UTF-8. */
bpemix_status bmx_encode_text(bmx_text_encoder *e, bmx_slice text, bmx_ids *out, bpemix_error *err);

#endif

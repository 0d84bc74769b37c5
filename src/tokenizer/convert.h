/* SPDX-License-Identifier: GPL-3.0-or-later */
/* convert.h - undo what converters do to merges and rules of SentencePiece models and
 * rank files. */
#ifndef BMX_TOKENIZER_CONVERT_H
#define BMX_TOKENIZER_CONVERT_H

#include "tokenizer/tokenizer.h"

/* A redundant list is rebuilt; the word rules of SentencePiece, which the target
 * format could not express, are put back.  Vocabulary, merges and specs are in.
 * skip[n_skip]: tokens that were not learned (added ones). */
bpemix_status bmx_undo_conversion(bpemix_tokenizer *tok, const uint32_t *skip, size_t n_skip,
                                  bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trained.h - a trained list as a tokenizer, and the rules it is trained by.
 *
 * A rule is a tokenizer of which only the way text becomes words matters: alphabet,
 * normalizer, pre-tokenizer and the SentencePiece trainer's rules. */
#ifndef BMX_LAB_TRAINED_H
#define BMX_LAB_TRAINED_H

#include "lab/train.h"

/* A preset by its name, or what a tokenizer file says.  Free with bpemix_tokenizer_free(). */
bpemix_status bmx_train_rule(const char *name, bpemix_tokenizer **out, bpemix_error *err);

/* A tokenizer.json.  `file`, or NULL, is the document the rule was read from: its
 * normalizer and pre-tokenizer are copied.  E_UNSUPPORTED when the steps of another
 * format cannot be said in this one. */
bpemix_status bmx_train_write_json(const bmx_merge_list *m, const bpemix_tokenizer *rule,
                                   const bmx_json *file, bmx_buf *out, bpemix_error *err);

/* A SentencePiece model, for rules of that kind. */
bpemix_status bmx_train_write_model(const bmx_merge_list *m, const bpemix_tokenizer *rule,
                                    bmx_buf *out, bpemix_error *err);

/* The list as a tokenizer in memory, good for replaying words and nothing else: it has
 * no way to make words of text.  *m is emptied. */
bpemix_status bmx_train_tokenizer(bmx_merge_list *m, const bpemix_tokenizer *rule,
                                  bpemix_tokenizer **out, bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trained.h - how a tokenizer is to be trained, and what was trained as a tokenizer. */
#ifndef BMX_LAB_TRAINED_H
#define BMX_LAB_TRAINED_H

#include "lab/train.h"
#include "split/rule.h"

/* Zero-initialize; release also after a failure. */
typedef struct bmx_train_rule {
    bmx_normalizer_spec normalizer;
    bmx_pretokenizer_spec pretokenizer;
    bmx_alphabet alphabet;
    bmx_rules trainer;     /* of SentencePiece's trainer, where that is imitated */
    bpemix_text_unit unit; /* when none is asked for */
    char *path;            /* the tokenizer file that all this is from; NULL: a preset */
    bmx_format format;     /* of that file */
} bmx_train_rule;

/* A preset by its name, or what a tokenizer file says. */
bpemix_status bmx_train_rule_init(bmx_train_rule *rule, const char *name, bpemix_error *err);
void bmx_train_rule_release(bmx_train_rule *rule);

/* The rule for text; `rule` stays as long as it. */
bpemix_status bmx_train_rule_text(const bmx_train_rule *rule, bpemix_text_unit unit,
                                  bpemix_invalid invalid, bmx_text_rule *out, bpemix_error *err);

/* A tokenizer.json.  `file`, or NULL, is the document the rule was read from: its
 * normalizer and pre-tokenizer are copied.  E_UNSUPPORTED when the steps of another
 * format cannot be said in this one. */
bpemix_status bmx_train_write_json(const bmx_merge_list *m, const bmx_train_rule *rule,
                                   const bmx_json *file, bmx_buf *out, bpemix_error *err);

/* A SentencePiece model, for rules of that kind. */
bpemix_status bmx_train_write_model(const bmx_merge_list *m, const bmx_train_rule *rule,
                                    bmx_buf *out, bpemix_error *err);

/* The list as a tokenizer in memory, good for replaying words and nothing else: it has
 * no way to make words of text.  *m is emptied. */
bpemix_status bmx_train_tokenizer(bmx_merge_list *m, const bmx_rules *trainer,
                                  bpemix_tokenizer **out, bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reach.h - which tokens of the vocabulary does encoding make?
 *
 * A token that no merge of the recovered order makes (tok->unmerged) tells
 * nothing about the training text.  That alone does not mean that it is never
 * used: lists made by converters hold other splits of it, and rank files and
 * SentencePiece join any two neighbours whose text is a token.  So the
 * token's text is encoded to find out. */
#ifndef BMX_FINDINGS_REACH_H
#define BMX_FINDINGS_REACH_H

#include "tokenizer/tokenizer.h"

typedef struct bmx_reach {
    uint32_t *unreachable; /* [n_unreachable]: encoding never makes these tokens */
    uint32_t *unlearned;   /* [n_unlearned]: it does, though no merge in the order of learning
                              makes them */
    uint32_t n_unreachable, n_unlearned;
} bmx_reach;

bpemix_status bmx_reach_find(const bpemix_tokenizer *tok, bmx_reach *out, bpemix_error *err);
void bmx_reach_release(bmx_reach *r);

/* Both as facts, up to `most` examples of each; and a warning for each that is not empty. */
bpemix_status bmx_reach_facts(const bpemix_tokenizer *tok, const bmx_reach *r, size_t most,
                              bmx_facts *out, bpemix_error *err);
bpemix_status bmx_reach_warn(const bpemix_tokenizer *tok, const bmx_reach *r, bmx_texts *warning,
                             bpemix_error *err);

#endif

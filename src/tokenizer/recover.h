/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recover.h - merges from vocabularies that do not list them.
 *
 * A token learned at step r is what BPE with the tokens before r makes of its
 * text: it ends in two symbols, and those are the merge (the paper's appendix on
 * rank files; the same holds for SentencePiece pieces in the order of ids).
 * A token that ends in three symbols or more was not learned this way. */
#ifndef BMX_TOKENIZER_RECOVER_H
#define BMX_TOKENIZER_RECOVER_H

#include "tokenizer/tokenizer.h"

/* Append the merges of order[n], tokens of two or more initial symbols in
 * order of learning.  Those that do not end in two symbols go to tok->unmerged. */
bpemix_status bmx_recover_merges(bpemix_tokenizer *tok, const uint32_t *order, size_t n,
                                 bpemix_error *err);

/* Vocabulary tokens that no listed merge produces and that are no initial
 * symbols go to tok->unmerged.  skip[n_skip]: token ids left out (added
 * tokens). */
bpemix_status bmx_find_unmerged(bpemix_tokenizer *tok, const uint32_t *skip, size_t n_skip,
                                   bpemix_error *err);

/* Lists made by a converter hold, for every token, every split into two
 * tokens.  When this is one, rebuild it: products in the order of vocabulary
 * ids (without ids, of first appearance), merges as recovered from that order.
 * The old list goes to tok->encoded, as encoding follows it.  skip[n_skip]: tokens that were
 * not learned. */
bpemix_status bmx_repair_redundant(bpemix_tokenizer *tok, const uint32_t *skip, size_t n_skip,
                                   bool *repaired, bpemix_error *err);

/* Flag merges at the very end of the list that make runs of one white-space
 * character: such tokens are appended by hand (the last 24 of p50k). */
void bmx_flag_manual(bpemix_tokenizer *tok);

/* Flag merges whose product is longer than the trainer's own limit allows. */
void bmx_flag_too_long(bpemix_tokenizer *tok);

#endif

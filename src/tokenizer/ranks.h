/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ranks.h - files that give every token a rank and list no merges.  What their
 * readers share: tokens are collected, sorted by rank, and the merges recovered. */
#ifndef BMX_TOKENIZER_RANKS_H
#define BMX_TOKENIZER_RANKS_H

#include "tokenizer/tokenizer.h"

typedef struct bmx_ranked {
    uint32_t rank, token;
} bmx_ranked;

typedef struct bmx_rank_list {
    bmx_ranked *item;
    size_t n, cap;
    uint32_t n_others; /* ranks of empty and of special tokens, which are not in the list */
    bmx_buf bytes; /* the token that is being decoded */
} bmx_rank_list;

/* The "=" that some files have in place of an empty token. */
bool bmx_rank_list_is_empty(bmx_slice base64);

/* Add one token, written in base64.  An empty one, which some files have, is ignored. */
bpemix_status bmx_rank_list_add(bpemix_tokenizer *tok, bmx_rank_list *list, bmx_slice base64,
                            uint64_t rank, bpemix_error *err);

/* All tokens are in: recover the merges.  `words_only`: but not if the list is recognized. */
bpemix_status bmx_rank_list_finish(bpemix_tokenizer *tok, bmx_rank_list *list, bool words_only,
                                   bpemix_error *err);
/* Afterwards: ranks are ids, without gaps except for the n_others.  If there is another gap,
 * warn. */
bpemix_status bmx_rank_list_look_for_gaps(bpemix_tokenizer *tok, const bmx_rank_list *list,
                                          bpemix_error *err);
void bmx_rank_list_release(bmx_rank_list *list);

/* Split text by the pattern in the file, named after the preset with the same pattern, unless
 * another pre-tokenizer was asked for. */
bpemix_status bmx_rank_list_use_pattern(bpemix_tokenizer *tok, const char *pattern,
                                    const bpemix_load_opts *opts, bpemix_error *err);

#endif

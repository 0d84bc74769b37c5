/* SPDX-License-Identifier: GPL-3.0-or-later */
/* closure.h - does every side of a merge exist when its turn comes?
 *
 * A list that a trainer wrote is closed: each side is an initial symbol or the
 * product of an earlier merge.  A list from which a merge was lost is not: the merge that lacks a
 * side never applies, nor does any that needs its product. */
#ifndef BMX_TOKENIZER_CLOSURE_H
#define BMX_TOKENIZER_CLOSURE_H

#include "tokenizer/tokenizer.h"

/* Flag the merges that never apply with BMX_MERGE_UNMADE, put their products on
 * tok->unmerged and warn once, naming what is missing.  Merges of tokens outside
 * the vocabulary have their own flag and warning.  Any text of two words a line looks
 * like a merges.txt; E_FORMAT when three quarters of its lines could not have been learned. */
bpemix_status bmx_closure_check(bpemix_tokenizer *tok, bpemix_error *err);

/* Can this token occur in text before any merge?  That is a byte or character, with or without
 * marks of its place in the word; a byte token; the unknown token. */
bool bmx_token_is_symbol(const bpemix_tokenizer *tok, uint32_t token);

#endif

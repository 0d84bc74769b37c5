/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rivals.h - which pairs the trainer would have considered, and until when.
 *
 * Fills in bmx_pair.end.  A pair p competes at step t when t < end:
 *
 *   0          the SentencePiece trainer never takes it: the concatenation is
 *              no valid piece
 *   s + 1      the trainer drops a second pair with an existing product; merge
 *              s, of another pair, was the first with this concatenation
 *   BMX_NONE   always, as for trainers without such rules
 *
 * Merge s itself was chosen while p was still a candidate, hence s + 1. */
#ifndef BMX_REPLAY_RIVALS_H
#define BMX_REPLAY_RIVALS_H

#include "replay/trace.h"

bpemix_status bmx_rivals_mark(bpemix_trace *tr, const bpemix_tokenizer *tok, bpemix_error *err);

/* Which strings SentencePiece's trainer takes for pieces. */
typedef struct bmx_piece_rules {
    bmx_rules trainer;
    bool split_by_whitespace, space_is_suffix;
} bmx_piece_rules;

bmx_piece_rules bmx_piece_rules_of(const bmx_rules *trainer, const bmx_pretokenizer_spec *pre);
bool bmx_piece_is_valid(const bmx_piece_rules *r, bmx_slice piece);

#endif

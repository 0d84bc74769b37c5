/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unreached.h - could the pair of a merge ever stand side by side at its step?
 *
 * A trainer writes down pairs that it has counted: when a merge was learned, some word had both of
 * its sides next to each other, with all merges before it applied.  What stands to the left and the
 * right of the two took no part in making them, so the token's own text goes through the same
 * merges and comes out as the same two.  If it does not, no text has the pair at that step, and the
 * merge was not learned behind those before it: the list was put together from several ones,
 * sorted, or had merges written into it. */
#ifndef BMX_TOKENIZER_UNREACHED_H
#define BMX_TOKENIZER_UNREACHED_H

#include "tokenizer/tokenizer.h"

/* Flag such merges with BMX_MERGE_UNREACHED, put the tokens that no other merge makes on
 * tok->unmerged, and warn once.  Those with BMX_MERGE_UNMADE, _UNKNOWN, _REPEATED or _MANUAL are
 * left out, and count for nothing. */
bpemix_status bmx_unreached_check(bpemix_tokenizer *tok, bpemix_error *err);

#endif

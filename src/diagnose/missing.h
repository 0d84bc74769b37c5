/* SPDX-License-Identifier: GPL-3.0-or-later */
/* missing.h - what the samples do not cover.
 *
 * Merges in no sample are the clearest sign of a missing category: small samples always leave a
 * few, but text of another kind leaves many, and their tokens show which kind.  The merges that are
 * found in a single fold tell how many of the missing ones more text of the same kind would find
 * (Good 1953). */
#ifndef BMX_DIAGNOSE_MISSING_H
#define BMX_DIAGNOSE_MISSING_H

#include "replay/trace.h"
#include "result/result.h"

/* r->uncovered from r->missing, what the panel told of these, and the trace: merges by kind, the
 * sentence, and, when the trace has folds, those found once. */
bpemix_status bmx_missing_find(const bpemix_trace *tr, bpemix_result *r, bpemix_error *err);

/* The script that has most of the merges in no sample, and the part of the merges that these are;
 * 0: too few to tell, as small samples lack many by chance.  Of Latin only words with diacritics
 * count: names in program code are Latin words. */
double bmx_missing_script(const bpemix_result *r, const char **script);

#endif

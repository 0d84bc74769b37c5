/* SPDX-License-Identifier: GPL-3.0-or-later */
/* named.h - merges in no sample, looked up in the panel.
 *
 * The panel has counted text of a hundred categories.  In which of them the product of a merge is
 * most frequent is a fact about the panel; where many merges that no sample has share a category,
 * it tells what kind of text the samples lack. */
#ifndef BMX_DIAGNOSE_NAMED_H
#define BMX_DIAGNOSE_NAMED_H

#include "replay/trace.h"
#include "result/result.h"

/* A category stands out if it has so many of the merges, and more than such a part of those that
 * the panel has. */
#define BMX_NAMED_FEW 12
#define BMX_NAMED_PART 0.2

/* r->uncovered.panel and the `panel` of r->missing, from the file of chunks at `path`.  Its
 * categories that are among the samples, counted from this file, are left out: what no sample has,
 * they do not have.  A panel that cannot be read is a warning of the result. */
bpemix_status bmx_named_find(const bpemix_trace *tr, const char *path, unsigned n_threads,
                             bpemix_result *r, bpemix_error *err);

/* Adds what the panel tells to a sentence, from its semicolon on; nothing if it tells nothing. */
bpemix_status bmx_named_phrase(const bpemix_result *r, bmx_buf *out, bpemix_error *err);

/* The category that stands out among those that no candidate is named like; NULL: none does, or
 * the samples are so small that they lack many merges by chance. */
const bmx_missing_category *bmx_named_category(const bpemix_result *r);

#endif

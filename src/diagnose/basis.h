/* SPDX-License-Identifier: GPL-3.0-or-later */
/* basis.h - the counts and options that a result was made from.
 *
 * A result has shares and figures, but no counts.  To explain it, the trace or the samples are
 * needed again, and they must be the same. */
#ifndef BMX_DIAGNOSE_BASIS_H
#define BMX_DIAGNOSE_BASIS_H

#include "replay/trace.h"
#include "result/result.h"

/* Is the trace of the tokenizer and the samples of r?  If so, set the merges, weights, scale and
 * gap of *o to those that r was solved with.  E_MISMATCH: no, and what differs.  tr NULL: E_USAGE,
 * and which tokenizer and samples r needs. */
bpemix_status bmx_basis_of(const bpemix_result *r, const bpemix_trace *tr, bpemix_solve_opts *o,
                           bpemix_error *err);

#endif

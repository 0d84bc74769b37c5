/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.h - from a trace to shares, with bounds, diagnosis and intervals. */
#ifndef BMX_DIAGNOSE_ANSWER_H
#define BMX_DIAGNOSE_ANSWER_H

#include "result/result.h"

/* See bpemix_solve(). */
bpemix_status bmx_solve(const bpemix_trace *trace, const bpemix_solve_opts *opts,
                        bpemix_result **out, bpemix_error *err);

/* The same without what does not bear on shares and their ranges: other numbers of merges, phases,
 * folds and the verdict. */
bpemix_status bmx_solve_ranges(const bpemix_trace *trace, const bpemix_solve_opts *opts,
                               bpemix_result **out, bpemix_error *err);

#endif

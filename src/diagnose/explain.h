/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain.h - what an estimate rests on: the rows of the fit by their multipliers.
 *
 * At the optimum a subgradient of the slack is the sum of multiplier times counts over the rows
 * (solve/monotone.h).  Its entry for category i, y_r x_r[i], is the rate at which the slack of
 * row r changes with the share of the category: below 0, more of the category would lessen it. */
#ifndef BMX_DIAGNOSE_EXPLAIN_H
#define BMX_DIAGNOSE_EXPLAIN_H

#include "replay/trace.h"
#include "result/explain.h"

typedef struct bmx_explain_query {
    const char *category; /* NULL: none */
    const char *merge;    /* a product, as bmx_token_escape() spells it or as it is; NULL: none */
    size_t list;          /* so many rows, of each direction, or rivals */
    bool certificate;     /* all rows of the certificate */
    const bpemix_result *result; /* of the same trace, whose ranges are taken; NULL: find them */
} bmx_explain_query;

/* Solves as bmx_solve() does, with the monotone program.
 * E_USAGE: no such category, no such merge, both asked for. */
bpemix_status bmx_explain(const bpemix_trace *tr, const bmx_explain_query *query,
                          const bpemix_solve_opts *opts, bmx_explanation *out, bpemix_error *err);

#endif

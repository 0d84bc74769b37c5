/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain: what an estimate rests on, or what a merge says. */
#include "cli/cli.h"

static bpemix_status explain(const args *a, const bpemix_trace *trace, bpemix_error *err)
{
    cli_solving solving = { 0 };
    bpemix_explain_opts opts = {
        .size = sizeof opts, .category = a->category, .merge = a->product, .list = a->list
    };
    cli_output out = { 0 };
    bpemix_status st = cli_solve_opts(a, &solving, err);

    opts.solve = &solving.opts;
    if (!st)
        st = bpemix_explain(trace, &opts, &out.json, &out.text, err);
    cli_progress_end();
    if (!st)
        st = cli_write(a, &out, err);
    cli_output_release(&out);
    cli_solving_release(&solving);
    return st;
}

int cmd_explain(const args *a)
{
    bpemix_error err = { 0 };
    bpemix_trace *trace = NULL;
    bpemix_status st = BPEMIX_OK;

    if (a->category && a->product)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "--merge", "give one of them",
                           "not together with --category");
    else if (a->tokenizer)
        st = cli_count(a, &trace, &err);
    else if (!a->n_operands)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "",
                           "give trace files, or -t TOKENIZER and NAME=PATH", "nothing to explain");
    else
        st = bpemix_trace_load(a->operand, a->n_operands, &trace, &err);
    if (!st)
        st = explain(a, trace, &err);
    bpemix_trace_free(trace);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

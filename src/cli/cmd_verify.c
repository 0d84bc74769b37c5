/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify: a disclosed mixture against the merges of a tokenizer. */
#include "bpemix.h"
#include "cli/cli.h"

#include <string.h>

static bpemix_status verify(const args *a, const bpemix_solve_opts *solve,
                            const bpemix_trace *trace, bpemix_error *err)
{
    bpemix_verify_opts opts = { .size = sizeof opts, .exact = a->exact, .solve = solve,
                                .columns = cli_columns(stdout) };
    bmx_buf claim = { 0 };
    cli_output out = { 0 };
    bpemix_status st = cli_read_text(a->claim, &claim, err);

    if (!st && (st = bpemix_verify(trace, claim.ptr, &opts, &out.json, &out.text, err)) &&
        !strncmp(err->where, "claim", 5)) /* the library does not know the file */
        bmx_at(err, st, "%s", a->claim);
    cli_progress_end();
    if (!st)
        st = cli_write(a, &out, err);
    cli_output_release(&out);
    bmx_buf_release(&claim);
    return st;
}

int cmd_verify(const args *a)
{
    bpemix_error err = { 0 };
    bpemix_trace *trace = NULL;
    cli_solving solving;
    bpemix_status st = cli_solve_opts(a, &solving, &err);

    if (st)
        ;
    else if (!a->claim)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "--claim", "give the JSON file of a mixture",
                           "no claim");
    else if (a->tokenizer)
        st = cli_count(a, &solving, &trace, &err);
    else if (!a->n_operands)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "",
                           "give trace files, or -t TOKENIZER and NAME=PATH",
                           "nothing to verify with");
    else
        st = cli_load_traces(a, &solving, &trace, &err);
    if (!st && solving.opts.note)
        cli_warn(a, "%s", solving.opts.note);
    if (!st)
        st = verify(a, &solving.opts, trace, &err);
    bpemix_trace_free(trace);
    cli_solving_release(&solving);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

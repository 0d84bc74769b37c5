/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain: what an estimate rests on, or what a merge says. */
#include "bpemix.h"
#include "base/folder.h"
#include "base/input.h"
#include "cli/again.h"

#include <string.h>

/* Does a regular file begin as a result does, with an object?  Where it cannot be read, whoever
 * reads it then tells. */
static bpemix_status is_result(const char *path, bool *is, bpemix_error *err)
{
    bmx_buf start = { 0 };
    bpemix_error why = { 0 };
    bpemix_status st;
    size_t i;

    *is = false;
    if (bmx_path_kind_of(path) != BMX_PATH_FILE)
        return BPEMIX_OK;
    st = bmx_read_file_like(path, bmx_slice_str("{"), &start, &why);
    i = start.len >= 3 && !memcmp(start.ptr, "\xef\xbb\xbf", 3) ? 3 : 0;
    while (i < start.len && strchr(" \t\r\n", start.ptr[i]))
        i++;
    *is = i < start.len && start.ptr[i] == '{';
    bmx_buf_release(&start);
    if (st != BPEMIX_E_NOMEM && st != BPEMIX_E_INTERRUPTED)
        return BPEMIX_OK;
    if (err)
        *err = why;
    return st;
}

static bpemix_status explain(const args *a, const bpemix_solve_opts *solve,
                             const bpemix_result *result, const bpemix_trace *trace,
                             bpemix_error *err)
{
    bpemix_explain_opts opts = { .size = sizeof opts, .category = a->category, .merge = a->product,
                                 .list = a->list, .result = result,
                                 .certificate = a->certificate,
                                 .solve = solve,
                                 .columns = cli_columns(stdout) };
    cli_output out = { 0 };
    bpemix_status st = bpemix_explain(trace, &opts, &out.json, &out.text, err);

    cli_progress_end();
    if (!st)
        st = cli_write(a, &out, err);
    cli_output_release(&out);
    return st;
}

/* How the result was solved is known. */
static bpemix_status check_options(const args *a, bpemix_error *err)
{
    const char *given = strcmp(a->merges, "auto")      ? "--merges"
                        : strcmp(a->weights, "default") ? "--weights"
                        : strcmp(a->scale, "default")   ? "--scale"
                                                        : NULL;

    if (!given)
        return BPEMIX_OK;
    return bmx_fail_hint(err, BPEMIX_E_USAGE, given, "leave it out, or leave out the result",
                         "the result says how it was solved");
}

int cmd_explain(const args *given)
{
    bpemix_error err = { 0 };
    bpemix_result *result = NULL;
    bpemix_trace *trace = NULL;
    cli_solving solving;
    bpemix_status st = cli_solve_opts(given, &solving, &err);
    args but_result = *given, *a = &but_result;
    cli_again again = { 0 };
    bool has_result = false;

    if (!st && a->n_operands)
        st = is_result(a->operand[0], &has_result, &err);
    if (has_result) {
        if (!(st = check_options(a, &err)))
            st = bpemix_result_load(a->operand[0], &result, &err);
        a->operand++;
        a->n_operands--;
        if (!st && !a->n_operands && !a->corpus.n && !a->with_panel && !a->panel_categories)
            st = cli_again_take(&again, result, a, &err);
    }
    if (st)
        ;
    else if (a->category && a->product)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "--merge", "give one of them",
                           "not together with --category");
    else if (a->tokenizer)
        st = cli_count(a, &solving, &trace, &err);
    else if (!a->n_operands && !result)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "",
                           "give trace files, or -t TOKENIZER and NAME=PATH", "nothing to explain");
    else if (a->n_operands)
        st = cli_load_traces(a, &solving, &trace, &err);
    if (!st && !result && solving.opts.note) /* a result has told it */
        cli_warn(a, "%s", solving.opts.note);
    if (!st)
        st = explain(a, &solving.opts, result, trace, &err);
    bpemix_trace_free(trace);
    bpemix_result_free(result);
    cli_again_release(&again);
    cli_solving_release(&solving);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* infer, count and solve: infer is the other two in one process. */
#include "cli/cli.h"

#include <inttypes.h>
#include <string.h>

/* A range that the list does not have would fail anyway, but only after counting. */
static bpemix_status check_merges(const bpemix_solve_opts *o, uint32_t n, bpemix_error *err)
{
    for (size_t i = 0; n && i < o->n_sweep; i++)
        if (o->merge_from < n && o->sweep[i] > n - o->merge_from)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, "--sweep", "give other numbers of merges",
                                 "no %" PRIu32 " merges from %" PRIu32
                                 " on: the tokenizer has %" PRIu32,
                                 o->sweep[i], o->merge_from, n);
    if (!n || (o->merge_from < n && o->merge_to <= n))
        return BPEMIX_OK;
    if (!o->merge_to)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "--merges", "choose another range of merges",
                             "no merges from %" PRIu32 " on: the tokenizer has %" PRIu32,
                             o->merge_from, n);
    return bmx_fail_hint(err, BPEMIX_E_USAGE, "--merges", "choose another range of merges",
                         "no merges %" PRIu32 " to %" PRIu32 ": the tokenizer has %" PRIu32,
                         o->merge_from, o->merge_to, n);
}

/* The result passes the warnings of counting on.  They are kept for the case that there will be
 * none, as they often say why: text in UTF-16 has no merge of any list. */
typedef struct kept_warnings {
    const args *a;
    bmx_buf text; /* each with its zero byte */
} kept_warnings;

static void keep_warning(void *ctx, const char *text)
{
    kept_warnings *kept = ctx;

    if (bmx_buf_add(&kept->text, text, strlen(text) + 1, NULL))
        cli_warn(kept->a, "%s", text); /* early, rather than not at all */
}

static void tell_kept(const kept_warnings *kept)
{
    for (size_t i = 0; i < kept->text.len; i += strlen(kept->text.ptr + i) + 1)
        cli_warn(kept->a, "%s", kept->text.ptr + i);
}

static const char *groups_of(const cli_categories *cats)
{
    return cats->panel_groups.len ? cats->panel_groups.ptr : "";
}

/* `solve` and `kept` are NULL when nothing is to be solved. */
static bpemix_status count(const args *a, cli_solving *solve, kept_warnings *kept,
                           bpemix_trace **trace, bpemix_error *err)
{
    bpemix_count_opts opts = cli_count_opts(a);
    cli_categories cats = { .may_be_panel = true }, other = { 0 };
    bpemix_tokenizer *tok = NULL;
    bpemix_status st = cli_categories_get(a, &cats, err);

    if (kept) {
        opts.warn = keep_warning;
        opts.warn_ctx = kept;
    }
    if (!st)
        st = cli_categories_get_other(a, &cats, &other, &opts, err);
    if (!st)
        st = cli_load_tokenizer(a, false, &tok, err);
    if (!st && solve)
        st = check_merges(&solve->opts, bpemix_tokenizer_merges(tok), err);
    if (!st && solve && cats.has_panel)
        st = cli_solve_panel(solve, groups_of(&cats), cats.named_panel, err);
    else if (!st && solve && kept) /* what is missing is told of a result alone */
        st = cli_solve_look_up(a, solve, err);
    if (!st)
        st = bpemix_count(tok, cats.cat, cats.n, &opts, trace, err);
    if (!st && cats.has_panel)
        st = bpemix_trace_set_panel(*trace, groups_of(&cats), cats.named_panel, err);
    bpemix_tokenizer_free(tok);
    cli_categories_release(&cats);
    cli_categories_release(&other);
    cli_progress_end();
    if (st && kept)
        tell_kept(kept);
    return st;
}

bpemix_status cli_count(const args *a, cli_solving *solving, bpemix_trace **trace,
                        bpemix_error *err)
{
    return count(a, solving, NULL, trace, err);
}

static bpemix_status write_result(const args *a, const bpemix_result *r, bpemix_error *err)
{
    bpemix_print_opts opts = { .size = sizeof opts,
                               .unit = cli_unit(a->table_unit),
                               .force = a->force,
                               .list = a->list_merges,
                               .color = cli_color(a, stdout),
                               .verbose = (int)a->verbose,
                               .columns = cli_columns(stdout) };
    cli_output out = { 0 };
    const char *text;
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; (text = bpemix_result_warning(r, i)); i++)
        cli_warn(a, "%s", text);
    if (a->json)
        st = bpemix_result_json(r, a->no_provenance ? 0 : strcmp(a->provenance, "full") ? 1 : 2,
                                &out.json, err);
    if (!st)
        st = bpemix_result_print(r, &opts, &out.text, err);
    if (!st)
        st = cli_write(a, &out, err);
    cli_output_release(&out);
    if (!st)
        cli_tell_memory(a);
    return st;
}

/* `kept` may be NULL. */
static bpemix_status solve(const args *a, const bpemix_solve_opts *opts, const bpemix_trace *trace,
                           const kept_warnings *kept, bpemix_error *err)
{
    bpemix_result *r = NULL;
    bpemix_status st = bpemix_solve(trace, opts, &r, err);

    cli_progress_end();
    cli_warn_trace(a, trace);
    if (st && kept)
        tell_kept(kept);
    if (!st && a->groups)
        cli_check_result_groups(a, opts->groups, &(bpemix_labelled){ "", r }, 1);
    if (!st)
        st = write_result(a, r, err);
    bpemix_result_free(r);
    return st;
}

int cmd_infer(const args *a)
{
    bpemix_error err = { 0 };
    kept_warnings kept = { .a = a };
    cli_solving solving;
    bpemix_trace *trace = NULL;
    bpemix_status st = cli_solve_opts(a, &solving, &err);

    if (!st)
        st = count(a, &solving, &kept, &trace, &err);
    if (!st)
        st = solve(a, &solving.opts, trace, &kept, &err);
    bpemix_trace_free(trace);
    cli_solving_release(&solving);
    bmx_buf_release(&kept.text);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

int cmd_count(const args *a)
{
    bpemix_error err = { 0 };
    bpemix_trace *trace = NULL;
    bpemix_status st = BPEMIX_OK;

    if (!a->output)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "--output", "give the trace file to write with -o",
                           "no output file");
    if (!st)
        st = count(a, NULL, NULL, &trace, &err);
    if (!st)
        cli_warn_trace(a, trace);
    if (!st)
        st = bpemix_trace_save(trace, a->output, &err);
    if (!st)
        cli_tell_memory(a);
    bpemix_trace_free(trace);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

int cmd_solve(const args *a)
{
    bpemix_error err = { 0 };
    cli_solving solving;
    bpemix_trace *trace = NULL;
    bpemix_status st = cli_solve_opts(a, &solving, &err);

    if (!st && !a->n_operands)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "", "give one or more trace files", "no traces");
    if (!st)
        st = cli_load_traces(a, &solving, &trace, &err);
    if (!st && !bpemix_trace_panel(trace, NULL)) /* what a panel lacks is not looked up in it */
        st = cli_solve_look_up(a, &solving, &err);
    if (!st)
        st = solve(a, &solving.opts, trace, NULL, &err);
    bpemix_trace_free(trace);
    cli_solving_release(&solving);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli.c - what commands share: errors and warnings as text, options as those of the library,
 * inputs that are opened, outputs that are written. */
#include "cli/cli.h"
#include "base/input.h"
#include "base/output.h"
#include "base/signature.h"
#include "base/usage.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int exit_code(bpemix_status status)
{
    switch (status) {
    case BPEMIX_OK: return EXIT_OK;
    case BPEMIX_E_USAGE: return EXIT_USAGE;
    case BPEMIX_E_SOLVER: return EXIT_SOLVER;
    case BPEMIX_E_INTERRUPTED: return EXIT_INTERRUPTED;
    default: return EXIT_INPUT;
    }
}

/* "--max-bytes" for "max_bytes"; "" when the command has no option of that name. */
static void option_of_param(const command *cmd, const char *param, char *out, size_t size)
{
    if (!strcmp(param, "share")) /* shares are given with the names of their categories */
        param = "mixture";
    snprintf(out, size, "%s%s", *param ? "--" : "", param);
    for (char *p = out; *p; p++)
        *p = *p == '_' ? '-' : *p;
    if (*param && !(cmd ? options_has(cmd, out + 2) : options_know(out + 2)))
        out[0] = 0;
}

/* Added to the message of an interrupt: how to continue. */
static void how_to_go_on(const args *a, char *text, size_t size)
{
    const char *kept = a->work ? a->work : a->journal.n ? a->journal.item[0] : NULL;
    const char *option = !a->cmd ? NULL : options_has(a->cmd, "work") ? "--work DIR"
                         : options_has(a->cmd, "journal") ? "--journal FILE" : NULL;
    size_t n = strlen(text);
    char shown[300];

    if (kept) { /* before anything is finished, it is not there */
        if (!access(kept, F_OK) && bmx_printable(shown, sizeof shown, kept))
            snprintf(text + n, size - n, "; what is finished is kept in '%s': run the same command "
                                         "again to go on", shown);
    } else if (option)
        snprintf(text + n, size - n, "; with %s, a run can be resumed", option);
    else if (a->cmd && options_has(a->cmd, "time-limit"))
        snprintf(text + n, size - n, "; with --time-limit SEC, the result so far is written");
}

int cli_fail(const args *a, const bpemix_error *err)
{
    char text[1000], option[48] = "", *json = NULL;

    cli_progress_end();
    bpemix_error_text(err, text, sizeof text);
    option_of_param(a->cmd, err->param, option, sizeof option);
    if (err->status == BPEMIX_E_INTERRUPTED)
        how_to_go_on(a, text, sizeof text);
    fprintf(stderr, "bpemix: %s%s%s%s\n", text,
            !*option       ? ""
            : err->hint[0] ? " ("
                           : "; see ",
            option, *option && err->hint[0] ? ")" : "");
    if (a->json && !strcmp(a->json, "-") && err->status != BPEMIX_E_INTERRUPTED &&
        !bpemix_error_json(err, &json, NULL))
        (void)bmx_write_file("-", json, strlen(json), NULL);
    bpemix_free(json);
    return exit_code(err->status);
}

void cli_warn(const args *a, const char *fmt, ...)
{
    char text[1000], shown[1200];
    va_list ap;

    if (a->quiet > 1)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    bmx_printable(shown, sizeof shown, text);
    cli_progress_end();
    fprintf(stderr, "bpemix: warning: %s\n", shown);
}

void cli_tell_memory(const args *a)
{
    if (a->verbose)
        fprintf(stderr, "peak memory %" PRIu64 " MB\n", bmx_peak_memory() / 1000000);
}

bool cli_color(const args *a, FILE *out)
{
    const char *no = getenv("NO_COLOR");

    if (strcmp(a->color, "auto"))
        return !strcmp(a->color, "always");
    return isatty(fileno(out)) == 1 && !(no && *no);
}

/* ---- options ---- */

bpemix_load_opts cli_load_opts(const args *a)
{
    return (bpemix_load_opts){ .size = sizeof(bpemix_load_opts),
                               .pretokenizer = a->pretokenizer,
                               .keep_manual = a->keep_manual };
}

static int index_of(const char *const *names, const char *name)
{
    for (int i = 0; names[i]; i++)
        if (!strcmp(names[i], name))
            return i;
    return 0; /* the option table has checked the choice */
}

bpemix_unit cli_unit(const char *name)
{
    static const char *const units[] = { "auto", "bytes", "pairs", "merges", NULL };

    return (bpemix_unit)index_of(units, name);
}

static void warn_of_text(void *ctx, const char *text)
{
    cli_warn(ctx, "%s", text);
}

bpemix_count_opts cli_count_opts(const args *a)
{
    static const char *const units[] = { "auto", "document", "line", NULL };
    static const char *const invalid[] = { "auto", "keep", "replace", "refuse", NULL };

    return (bpemix_count_opts){
        .size = sizeof(bpemix_count_opts),
        .max_bytes = a->max_bytes,
        .text_unit = (bpemix_text_unit)index_of(units, a->text_unit),
        .invalid = (bpemix_invalid)index_of(invalid, a->invalid),
        .jsonl = a->jsonl,
        .field = a->field,
        .work = a->work,
        .folds = a->folds > UINT32_MAX ? UINT32_MAX : (uint32_t)a->folds,
        .n_threads = (unsigned)a->threads,
        .progress = cli_progress(a),
        .binary = a->binary,
        .skip_bad_records = a->skip_bad_records,
        .warn = warn_of_text,
        .warn_ctx = (void *)(uintptr_t)a, /* comes back as const */
    };
}

static bool parse_number(const char *text, size_t n, uint32_t *out)
{
    char copy[32];
    uint64_t v;

    if (n == 0 || n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = 0;
    if (!parse_count(copy, &v) || v >= UINT32_MAX)
        return false;
    *out = (uint32_t)v;
    return true;
}

static bpemix_status parse_merges(const char *text, bpemix_solve_opts *o, bpemix_error *err)
{
    const char *colon = strchr(text, ':');
    bool good = true;

    if (!strcmp(text, "auto"))
        o->merges_auto = true;
    else if (!strcmp(text, "all"))
        o->merges_all = true;
    else if (!colon)
        good = parse_number(text, strlen(text), &o->merge_to) && o->merge_to > 0;
    else if (!colon[1]) {
        good = parse_number(text, (size_t)(colon - text), &o->merge_from);
        o->merges_all = true;
    } else {
        good = (colon == text || parse_number(text, (size_t)(colon - text), &o->merge_from)) &&
               parse_number(colon + 1, strlen(colon + 1), &o->merge_to) &&
               o->merge_from < o->merge_to;
    }
    if (good)
        return BPEMIX_OK;
    return bmx_fail_hint(err, BPEMIX_E_USAGE, "--merges", "give N, A:B with A < B, auto or all",
                         "'%s' is not a range of merges", text);
}

bpemix_status cli_read_text(const char *path, bmx_buf *out, bpemix_error *err)
{
    const char *what;
    bpemix_status st;

    if (!path)
        return BPEMIX_OK;
    if ((st = bmx_read_file(path, (size_t)64 << 20, out, err)))
        return st;
    if ((what = bmx_own_file(out->ptr, out->len)))
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, path, "give another file", "%s, not text", what);
    if (out->len && memchr(out->ptr, 0, out->len)) /* what is behind it would be ignored */
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, path, "check that the file is whole",
                             "a zero byte, which text does not have");
    return bmx_buf_addc(out, 0, err);
}

/* "300,1000,3000" into s->sweep. */
static bpemix_status parse_sweep(const char *text, cli_solving *s, bpemix_error *err)
{
    size_t cap = 0;

    if (!text)
        return BPEMIX_OK;
    for (const char *p = text; p == text || *p;) {
        size_t len = strcspn(p, ",");
        uint32_t n = 0;

        if (!parse_number(p, len, &n) || n == 0)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, "--sweep",
                                 "give numbers of merges such as 300,1000,3000",
                                 "'%s' is not a list of numbers", text);
        if (bmx_reserve(&s->sweep, &cap, s->opts.n_sweep + 1, sizeof *s->sweep, err))
            return BPEMIX_E_NOMEM;
        s->sweep[s->opts.n_sweep++] = n;
        p += len + (p[len] == ',');
    }
    s->opts.sweep = s->sweep;
    return BPEMIX_OK;
}

bpemix_status cli_solve_opts(const args *a, cli_solving *s, bpemix_error *err)
{
    static const char *const methods[] = { "default", "lp", "monotone", NULL };
    static const char *const weights[] = { "default", "none", "quarter", NULL };
    static const char *const scales[] = { "default", "pairs", "merges", NULL };
    bpemix_status st;

    *s = (cli_solving){ .opts = {
        .size = sizeof s->opts,
        .gap = a->gap,
        .time_limit = a->time_limit,
        .method = (bpemix_method)index_of(methods, a->method),
        .weights = (bpemix_weights)index_of(weights, a->weights),
        .scale = (bpemix_scale)index_of(scales, a->scale),
        .n_threads = (unsigned)a->threads,
        .progress = cli_progress(a),
        .no_ranges = !strcmp(a->ranges, "no"),
        .phases_auto = !strcmp(a->phases, "auto"),
        .train_bytes = (double)a->train_size,
        .groups_name = a->groups,
    } };
    if (a->gap >= 1)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "--gap", "give a number below 1, such as 1e-6",
                             "%g is not below 1", a->gap);
    if ((st = cli_read_text(a->groups, &s->groups, err)) || (st = parse_sweep(a->sweep, s, err)))
        return st;
    s->opts.groups = s->groups.ptr;
    return parse_merges(a->merges, &s->opts, err);
}

/* With 12,000 chunks a category and 4,000 for the rest, shares of groups are nearer to those
 * of all the text with 10,000 merges than with 30,000, and take a third of the time. */
#define PANEL_MERGES 10000
#define PANEL_GAP 1e-4 /* moves shares by less than a hundredth of what samples of this size do */

bpemix_status cli_solve_panel(cli_solving *s, const char *groups, bool named, bpemix_error *err)
{
    if (!s->opts.groups && *groups) {
        bpemix_status st = bmx_buf_add(&s->groups, groups, strlen(groups) + 1, err);
        if (st)
            return st;
        s->opts.groups = s->groups.ptr;
    }
    s->opts.merges_most = PANEL_MERGES;
    if (s->opts.gap == 0)
        s->opts.gap = PANEL_GAP;
    s->opts.note =
        named
            ? "samples are those of a panel that was named, not of the one that comes with bpemix: "
              "shares of groups are surer than those of categories"
            : "samples are those that come with bpemix, manuals and sources of software: "
              "trust the shares of groups, not those of kinds of English";
    return BPEMIX_OK;
}

void cli_solving_release(cli_solving *s)
{
    bmx_buf_release(&s->groups);
    bmx_free(s->sweep);
    bmx_free(s->panel);
}

bpemix_status cli_load_tokenizer(const args *a, bool words_only, bpemix_tokenizer **out,
                                 bpemix_error *err)
{
    bpemix_load_opts opts = cli_load_opts(a);

    opts.words_only = words_only;
    if (!a->tokenizer)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "--tokenizer", "give a tokenizer file with -t",
                             "no tokenizer");
    return bpemix_tokenizer_load(a->tokenizer, &opts, out, err);
}

bpemix_status cli_load_traces(const args *a, cli_solving *solving, bpemix_trace **out,
                              bpemix_error *err)
{
    bool named;
    bpemix_status st;

    if (a->pretokenizer)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "--pretokenizer", "leave it out",
                             "traces were counted by rules of their own");
    st = bpemix_trace_load(a->operand, a->n_operands, out, err);
    if (!st && bpemix_trace_panel(*out, &named))
        st = cli_solve_panel(solving, bpemix_trace_panel(*out, NULL), named, err);
    return st;
}

void cli_warn_trace(const args *a, const bpemix_trace *trace)
{
    const char *path = bpemix_trace_tokenizer(trace), *text;

    for (size_t i = 0; (text = bpemix_trace_warning(trace, i)); i++)
        cli_warn(a, "%s: %s", path ? path : "tokenizer", text);
}

/* ---- output ---- */

bpemix_status cli_write(const args *a, const cli_output *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (a->json && out->json)
        st = bmx_write_file(a->json, out->json, strlen(out->json), err);
    if (!st && out->text && !(a->json && !strcmp(a->json, "-")))
        st = bmx_write_file("-", out->text, strlen(out->text), err);
    return st;
}

void cli_output_release(cli_output *out)
{
    bpemix_free(out->json);
    bpemix_free(out->text);
    *out = (cli_output){ 0 };
}

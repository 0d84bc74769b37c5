/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_report.c - report: results as pages, figures and tables; compare: against each other. */
#include "base/folder.h"
#include "base/output.h"
#include "cli/cli.h"

#include <string.h>

/* LABEL=FILE operands and the results read from them. */
typedef struct inputs {
    bpemix_labelled *entry; /* entry[n]; labels and results owned */
    size_t n;
} inputs;

static void release(inputs *in)
{
    for (size_t i = 0; i < in->n; i++) {
        bmx_free((void *)(uintptr_t)in->entry[i].label);
        bpemix_result_free((bpemix_result *)(uintptr_t)in->entry[i].result);
    }
    bmx_free(in->entry);
    *in = (inputs){ 0 };
}

/* Without a label, the file's name without its folder and the endings that results have. */
static char *label_of(const char *word, const char **path)
{
    static const char *const ending[] = { ".gz", ".zst", ".xz", ".json", ".result" };
    const char *eq = strchr(word, '='), *slash, *name;
    size_t n;

    if (eq && eq > word && bmx_path_kind_of(word) == BMX_PATH_MISSING) {
        *path = eq + 1;
        return bmx_strndup(word, (size_t)(eq - word));
    }
    *path = word;
    slash = strrchr(word, '/');
    name = slash ? slash + 1 : word;
    n = strlen(name);
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        size_t k = strlen(ending[i]);
        if (n > k && !memcmp(name + n - k, ending[i], k))
            n -= k;
    }
    return bmx_strndup(name, n);
}

static bpemix_status load(const args *a, inputs *in, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (!a->n_operands)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "give LABEL=FILE of one or more results",
                             "no results");
    in->entry = bmx_calloc(a->n_operands, sizeof *in->entry);
    if (!in->entry)
        return bmx_nomem(err);
    for (size_t i = 0; !st && i < a->n_operands; i++) {
        const char *path;
        bpemix_result *result = NULL;
        char *label = label_of(a->operand[i], &path);
        if (!label)
            return bmx_nomem(err);
        in->entry[in->n++].label = label;
        st = bpemix_result_load(path, &result, err);
        in->entry[i].result = result;
    }
    return st;
}

/* By --format, or what the output's name ends in. */
static bpemix_status format_of(const args *a, bpemix_format *out, bpemix_error *err)
{
    static const struct {
        const char *name, *ending;
        bpemix_format format;
    } known[] = {
        { "html", ".html", BPEMIX_FORMAT_HTML },   { "svg", ".svg", BPEMIX_FORMAT_SVG },
        { "markdown", ".md", BPEMIX_FORMAT_MARKDOWN }, { "latex", ".tex", BPEMIX_FORMAT_LATEX },
        { "csv", ".csv", BPEMIX_FORMAT_CSV },      { "tsv", ".tsv", BPEMIX_FORMAT_TSV },
        { "json", ".json", BPEMIX_FORMAT_JSON },   { "text", ".txt", BPEMIX_FORMAT_TERMINAL },
    };
    size_t len = a->output ? strlen(a->output) : 0;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t n = strlen(known[i].ending);
        if (strcmp(a->format, "auto") ? !strcmp(a->format, known[i].name)
                                      : len > n && !strcmp(a->output + len - n, known[i].ending)) {
            *out = known[i].format;
            return BPEMIX_OK;
        }
    }
    *out = BPEMIX_FORMAT_TERMINAL;
    if (a->output && strcmp(a->output, "-") && !strcmp(a->format, "auto"))
        return bmx_fail_hint(err, BPEMIX_E_USAGE, a->output,
                             "give --format, or a name that ends in .html, .svg, .md, "
                             ".tex, .csv, .tsv, .json or .txt",
                             "the format cannot be told from the name");
    return BPEMIX_OK;
}

/* Documents of bpemix experiment, read as text. */
static bpemix_status report_experiments(const args *a, const bpemix_report_opts *opts, char **text,
                                        size_t *len, bpemix_error *err)
{
    bpemix_labelled_json *entry = bmx_calloc(a->n_operands, sizeof *entry);
    bmx_buf *buf = bmx_calloc(a->n_operands, sizeof *buf);
    bpemix_status st = entry && buf ? BPEMIX_OK : bmx_nomem(err);

    for (size_t i = 0; i < a->n_operands && !st; i++) {
        const char *path;
        if (!(entry[i].label = label_of(a->operand[i], &path)))
            st = bmx_nomem(err);
        else
            st = cli_read_text(path, &buf[i], err);
        entry[i].json = buf[i].ptr;
    }
    if (!st)
        st = bpemix_report_experiments(entry, a->n_operands, opts, a->level, text, len, err);
    for (size_t i = 0; i < a->n_operands; i++) {
        bmx_free(entry ? (void *)(uintptr_t)entry[i].label : NULL);
        if (buf)
            bmx_buf_release(&buf[i]);
    }
    bmx_free(entry);
    bmx_free(buf);
    return st;
}

static bpemix_status report_results(const args *a, bpemix_report_opts *opts, char **text,
                                    size_t *len, bpemix_error *err)
{
    bmx_buf groups = { 0 };
    inputs in = { 0 };
    bpemix_status st = load(a, &in, err);

    if (!st)
        st = cli_read_text(a->groups, &groups, err);
    opts->groups = groups.ptr;
    if (!st)
        cli_check_result_groups(a, groups.ptr, in.entry, in.n);
    if (!st)
        st = bpemix_report(in.entry, in.n, opts, text, len, err);
    bmx_buf_release(&groups);
    release(&in);
    return st;
}

int cmd_report(const args *a)
{
    bpemix_error err = { 0 };
    bpemix_report_opts opts = { .size = sizeof opts,
                                .unit = cli_unit(a->unit),
                                .groups_name = a->groups,
                                .only = a->figure,
                                .title = a->title,
                                .list = (size_t)a->list,
                                .hatch = a->hatch,
                                .width = a->width,
                                .color = !a->output && cli_color(a, stdout),
                                .columns = a->output ? 0 : cli_columns(stdout) };
    char *text = NULL;
    size_t len = 0;
    bpemix_status st = format_of(a, &opts.format, &err);

    if (!st && a->level && !a->experiment)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "--level", "give --experiment, too",
                           "results have no figure of errors");
    if (!st)
        st = a->experiment ? report_experiments(a, &opts, &text, &len, &err)
                           : report_results(a, &opts, &text, &len, &err);
    if (!st)
        st = bmx_write_file(a->output ? a->output : "-", text, len, &err);
    bpemix_free(text);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

int cmd_compare(const args *a)
{
    bpemix_error err = { 0 };
    bpemix_compare_opts opts = { .size = sizeof opts,
                                 .unit = cli_unit(a->unit),
                                 .truth_name = a->truth,
                                 .expect = a->expect,
                                 .color = cli_color(a, stdout),
                                 .columns = cli_columns(stdout),
                                 .groups_name = a->groups };
    bmx_buf truth = { 0 }, groups = { 0 };
    inputs in = { 0 };
    char *text = NULL;
    bool met = true;
    bpemix_status st = load(a, &in, &err);

    if (!st)
        st = cli_read_text(a->truth, &truth, &err);
    if (!st)
        st = cli_read_text(a->groups, &groups, &err);
    opts.truth = truth.ptr;
    opts.groups = groups.ptr;
    if (!st)
        cli_check_result_groups(a, groups.ptr, in.entry, in.n);
    if (!st)
        st = bpemix_compare(in.entry, in.n, &opts, &text, &met, &err);
    if (!st)
        st = bmx_write_file("-", text, strlen(text), &err);
    bpemix_free(text);
    bmx_buf_release(&truth);
    bmx_buf_release(&groups);
    release(&in);
    return st ? cli_fail(a, &err) : met ? EXIT_OK : EXIT_INPUT;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.c - results as documents, and against each other. */
#include "bpemix.h"
#include "api/api.h"
#include "base/format.h"
#include "report/build.h"
#include "report/render.h"

#include <string.h>

/* The i-th of what is reported, a result or an experiment. */
typedef struct labelled {
    const char *label;
    bool given;
} labelled;
typedef labelled labelled_fn(const void *all, size_t i);

static labelled result_at(const void *all, size_t i)
{
    const bpemix_labelled *x = all;
    return (labelled){ x[i].label, x[i].result };
}

static labelled experiment_at(const void *all, size_t i)
{
    const bpemix_labelled_json *x = all;
    return (labelled){ x[i].label, x[i].json };
}

/* Is each of all[n] given, with a label of its own?  kind: "result" or "experiment". */
static bpemix_status check_labels(const void *all, size_t n, labelled_fn *at, const char *kind,
                                  bpemix_error *err)
{
    char hint[80];

    bmx_snprintf(hint, sizeof hint, "give one or more %ss", kind);
    if (!n)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", hint, "no %ss", kind);
    bmx_snprintf(hint, sizeof hint, "give every %s, and a label of its own", kind);
    for (size_t i = 0; i < n; i++)
        if (!at(all, i).label || !at(all, i).given)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, "", hint, "%s %zu has %s", kind, i + 1,
                                 at(all, i).label ? "nothing in it" : "no label");
    bmx_snprintf(hint, sizeof hint, "give every %s a label of its own", kind);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (!strcmp(at(all, i).label, at(all, k).label))
                return bmx_fail_hint(err, BPEMIX_E_USAGE, at(all, i).label, hint,
                                     "label given twice");
    return BPEMIX_OK;
}

static bpemix_status check_results(const bpemix_labelled *results, size_t n, bpemix_error *err)
{
    return check_labels(results, n, result_at, "result", err);
}

static bmx_report_entry *copy_entries(const bpemix_labelled *results, size_t n)
{
    bmx_report_entry *entry = bmx_malloc(n, sizeof *entry);

    for (size_t i = 0; entry && i < n; i++)
        entry[i] = (bmx_report_entry){ results[i].label, results[i].result };
    return entry;
}

/* Hand over what is in buf, terminated. */
static bpemix_status finish(bpemix_status st, bmx_buf *buf, char **text, size_t *len,
                            bpemix_error *err)
{
    size_t n = buf->len;

    if (!st)
        st = bmx_api_text(buf, text, err);
    if (!st && len)
        *len = n;
    bmx_buf_release(buf);
    return st;
}

static bpemix_status check_width(const bpemix_report_opts *o, bpemix_error *err)
{
    enum { LEAST = 150, MOST = 2000 }; /* less has no room for names beside bars */
    bool drawn = o->format == BPEMIX_FORMAT_SVG || o->format == BPEMIX_FORMAT_LATEX;
    char hint[40];

    if (o->width == 0 || (drawn && o->width >= LEAST && o->width <= MOST))
        return BPEMIX_OK;
    if (!drawn)
        return bmx_with_param(err, bmx_fail_hint(err, BPEMIX_E_USAGE, "",
                                                 "leave it out, or ask for svg or latex",
                                                 "this format is as wide as its reader has it"),
                              "width");
    bmx_snprintf(hint, sizeof hint, "give %d to %d", LEAST, MOST);
    bmx_fail_hint(err, BPEMIX_E_USAGE, "", hint, "a width of %g points", o->width);
    return bmx_with_param(err, BPEMIX_E_USAGE, "width");
}

/* `table` is what CSV and TSV hold when no table is asked for. */
static bpemix_status render(bmx_doc *doc, const bpemix_report_opts *o, const char *table,
                            bmx_buf *out, bpemix_error *err)
{
    bool one = o->format == BPEMIX_FORMAT_CSV || o->format == BPEMIX_FORMAT_TSV;
    bpemix_status st;

    bmx_doc_clean(doc);
    if (doc->status)
        return bmx_nomem(err);
    if ((st = check_width(o, err)))
        return st;
    bmx_doc_fit(doc, o->width);
    if (o->format == BPEMIX_FORMAT_TERMINAL && !o->only)
        return bmx_render_terminal(doc, &(bmx_terminal){ o->color, o->columns }, out, err);
    return bmx_render(doc, o->format,
                      o->only ? o->only
                      : one   ? table
                              : NULL,
                      out, err);
}

bpemix_status bpemix_report(const bpemix_labelled *results, size_t n,
                            const bpemix_report_opts *opts, char **text, size_t *len,
                            bpemix_error *err)
{
    bpemix_report_opts o = { 0 };
    bmx_build_opts build;
    bmx_report_entry *entry;
    bpemix_status st = check_results(results, n, err);
    bmx_buf buf = { 0 };
    bmx_doc doc;

    if (!st)
        st = BMX_API_OPTS(opts, &o, err);
    if (st)
        return st;
    build = (bmx_build_opts){ .unit = bmx_api_unit(o.unit, BMX_UNITS),
                              .groups = o.groups,
                              .groups_path = o.groups_name,
                              .title = o.title,
                              .list = o.list ? o.list : BMX_API_LIST,
                              .hatch = o.hatch };
    entry = copy_entries(results, n);
    if (!entry)
        return bmx_nomem(err);
    st = bmx_build_report(&doc, entry, n, &build, err);
    if (!st)
        st = render(&doc, &o, "shares", &buf, err);
    bmx_doc_release(&doc);
    bmx_free(entry);
    return finish(st, &buf, text, len, err);
}

static bpemix_status parse_all(const bpemix_labelled_json *experiments, size_t n,
                               bmx_lab_labelled *entry, bmx_json **doc, bpemix_error *err)
{
    bpemix_status st = check_labels(experiments, n, experiment_at, "experiment", err);

    for (size_t i = 0; i < n && !st; i++) {
        st = bmx_json_parse(experiments[i].label, bmx_slice_str(experiments[i].json), &doc[i], err);
        entry[i] = (bmx_lab_labelled){ experiments[i].label, doc[i] };
    }
    return st;
}

bpemix_status bpemix_report_experiments(const bpemix_labelled_json *experiments, size_t n,
                                        const bpemix_report_opts *opts, const char *levels,
                                        char **text, size_t *len, bpemix_error *err)
{
    bpemix_report_opts o = { 0 };
    bmx_lab_labelled *entry = bmx_calloc(n, sizeof *entry);
    bmx_json **parsed = bmx_calloc(n, sizeof *parsed);
    bpemix_status st = entry && parsed ? BMX_API_OPTS(opts, &o, err) : bmx_nomem(err);
    bmx_buf buf = { 0 };
    bmx_doc doc = { 0 };

    if (!st)
        st = parse_all(experiments, n, entry, parsed, err);
    if (!st)
        st = bmx_build_lab_report(&doc, entry, n, o.title, levels, err);
    if (!st)
        st = render(&doc, &o, "accuracy", &buf, err);
    bmx_doc_release(&doc);
    for (size_t i = 0; parsed && i < n; i++)
        bmx_json_free(parsed[i]);
    bmx_free(parsed);
    bmx_free(entry);
    return finish(st, &buf, text, len, err);
}

bpemix_status bpemix_compare(const bpemix_labelled *results, size_t n,
                             const bpemix_compare_opts *opts, char **text, bool *met,
                             bpemix_error *err)
{
    bpemix_compare_opts o = { 0 };
    bmx_compare_opts build;
    bmx_truth truth = { 0 };
    bmx_report_entry *entry = NULL;
    bpemix_status st = check_results(results, n, err);
    bool all_met = true;
    bmx_buf buf = { 0 };
    bmx_doc doc = { 0 };

    if (!st)
        st = BMX_API_OPTS(opts, &o, err);
    if (!st && n != 2 && !(n == 1 && o.truth))
        st = bmx_fail_hint(err, BPEMIX_E_USAGE, "", "give two results, or one and a known mixture",
                           n == 1 ? "one result alone cannot be compared"
                                  : "too many results to compare");
    if (!st && o.truth)
        st = bmx_truth_parse(o.truth_name ? o.truth_name : "", bmx_slice_str(o.truth), &truth, err);
    build = (bmx_compare_opts){ .unit = bmx_api_unit(o.unit, o.truth ? BMX_UNIT_BYTES : BMX_UNITS),
                                .truth = o.truth ? &truth : NULL,
                                .expect = o.expect,
                                .groups = o.groups,
                                .groups_path = o.groups_name };
    if (!st && !(entry = copy_entries(results, n)))
        st = bmx_nomem(err);
    if (!st)
        st = bmx_build_comparison(&doc, entry, n, &build, &all_met, err);
    if (!st)
        st = bmx_render_terminal(&doc, &(bmx_terminal){ o.color, o.columns }, &buf, err);
    bmx_doc_release(&doc);
    bmx_truth_release(&truth);
    bmx_free(entry);
    st = finish(st, &buf, text, NULL, err);
    if (!st && met)
        *met = all_met;
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build.h - results become a document.  The only numbers computed here are sums and differences of
 * shares. */
#ifndef BMX_REPORT_BUILD_H
#define BMX_REPORT_BUILD_H

#include "base/json.h"
#include "report/doc.h"
#include "result/result.h"

typedef struct bmx_report_entry {
    const char *label;
    const bpemix_result *result;
} bmx_report_entry;

/* A mixture that is known: share[i] of name[i]. */
typedef struct bmx_truth {
    char **name;
    double *share;
    size_t n;
} bmx_truth;

/* From JSON: {"english": 0.7, ...}, or any document with "categories" that have a name and a
 * share_bytes, such as that of `train` or a result. */
bpemix_status bmx_truth_parse(const char *where, bmx_slice json, bmx_truth *out, bpemix_error *err);
void bmx_truth_release(bmx_truth *t);

typedef struct bmx_build_opts {
    bmx_unit unit;      /* BMX_UNITS: the headline unit of all results, or bytes */
    const char *groups; /* text of lines "category TAB group [TAB label]"; NULL: the results' own */
    const char *groups_path; /* for messages */
    const char *title;       /* NULL: one made from the labels */
    size_t list;             /* merges a tokenizer in the table of evidence */
    bool hatch;
} bmx_build_opts;

/* The caller releases doc, also after a failure. */
bpemix_status bmx_build_report(bmx_doc *doc, const bmx_report_entry *entry, size_t n,
                               const bmx_build_opts *opts, bpemix_error *err);

/* Documents of `bpemix experiment`; see build_lab.c. */
typedef struct bmx_lab_labelled {
    const char *label;
    const bmx_json *doc;
} bmx_lab_labelled;

/* levels: "paper=-7.30,other=-6.5", lines in the figures of errors; NULL: none. */
bpemix_status bmx_build_lab_report(bmx_doc *doc, const bmx_lab_labelled *entry, size_t n,
                                   const char *title, const char *levels, bpemix_error *err);

/* Two results side by side, or each against a known mixture; see compare.c. */
typedef struct bmx_compare_opts {
    bmx_unit unit;
    const bmx_truth *truth; /* NULL: none */
    const char *expect;     /* conditions, commas between: "mse<1e-5"; NULL: none */
    const char *groups;     /* as in bmx_build_opts */
    const char *groups_path;
} bmx_compare_opts;

/* *met: every condition holds. */
bpemix_status bmx_build_comparison(bmx_doc *doc, const bmx_report_entry *entry, size_t n,
                                   const bmx_compare_opts *opts, bool *met, bpemix_error *err);

#endif

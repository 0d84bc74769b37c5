/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bpemix_report.h - several results, or experiments, for people.
 *
 * The rules at the top of bpemix.h hold here, too. */
#ifndef BPEMIX_REPORT_H
#define BPEMIX_REPORT_H

#include <bpemix.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

/* ---- reports --------------------------------------------------------- */

/** A result and what it is called in a report: "GPT-4o". */
typedef struct bpemix_labelled {
    const char *label;
    const bpemix_result *result;
} bpemix_labelled;

typedef enum bpemix_format {
    BPEMIX_FORMAT_HTML,     /* one page without scripts that asks nothing of the network */
    BPEMIX_FORMAT_SVG,      /* one figure */
    BPEMIX_FORMAT_MARKDOWN, /* texts and tables as GitHub renders them */
    BPEMIX_FORMAT_LATEX,    /* tables for booktabs, figures for pgfplots */
    BPEMIX_FORMAT_CSV,      /* one table, commas */
    BPEMIX_FORMAT_TSV,      /* one table, tabs */
    BPEMIX_FORMAT_JSON,     /* texts, tables and figures as data */
    BPEMIX_FORMAT_TERMINAL  /* texts and tables in columns */
} bpemix_format;

typedef struct bpemix_report_opts {
    size_t size;
    bpemix_format format;
    bpemix_unit unit;
    const char *groups;      /* lines of category TAB group [TAB label]; NULL: the results' own */
    const char *groups_name; /* its file, for messages */
    const char *only;        /* name of the one figure or table wanted; NULL: all, or the first */
    const char *title;       /* NULL: made from the labels */
    size_t list;             /* merges a tokenizer in the table of evidence; 0: 5 */
    bool hatch;              /* hatches besides colours, for print in grey */
    bool color;              /* BPEMIX_FORMAT_TERMINAL: with escape sequences */
} bpemix_report_opts;

/** Results side by side: verdicts in words, figures, tables.  Computes nothing that is not in the
 *  results but sums of shares.
 *  @param len  bytes of text without the terminating zero; may be NULL
 *  @return BPEMIX_OK, _E_USAGE (no results, a label twice, no figure or table of that name),
 *  _E_FORMAT (groups) or
 *          _E_EMPTY (nothing to draw) */
bpemix_status bpemix_report(const bpemix_labelled *results, size_t n,
                            const bpemix_report_opts *opts, char **text, size_t *len,
                            bpemix_error *err);

/** The JSON that `bpemix experiment` wrote, and what it is called in a report. */
typedef struct bpemix_labelled_json {
    const char *label, *json;
} bpemix_labelled_json;

/** Experiments side by side: the truth against the estimate, errors against the size of the sample
 *  and the number of merges, coverage of the ranges.
 *  @param opts    as for bpemix_report(); unit, groups and list do not count
 *  @param levels  lines in the figures of errors, such as "paper=-7.30"; NULL: none
 *  @return as bpemix_report() */
bpemix_status bpemix_report_experiments(const bpemix_labelled_json *experiments, size_t n,
                                        const bpemix_report_opts *opts, const char *levels,
                                        char **text, size_t *len, bpemix_error *err);

typedef struct bpemix_compare_opts {
    size_t size;
    bpemix_unit unit;
    const char *truth;      /* JSON {"english": 0.7, ...} or with "categories"; NULL: none */
    const char *truth_name; /* its file, for messages */
    const char *expect;     /* "mse<1e-5,max<0.01"; NULL: nothing */
    bool color;             /* with escape sequences for a terminal */
} bpemix_compare_opts;

/** Two results category by category, or one or two against a known mixture, as a table for people.
 *  @param met  whether all conditions of opts->expect hold; may be NULL
 *  @return BPEMIX_OK, _E_USAGE (not two results, a condition that makes no sense) or _E_FORMAT (of
 *          the known mixture) */
bpemix_status bpemix_compare(const bpemix_labelled *results, size_t n,
                             const bpemix_compare_opts *opts, char **text, bool *met,
                             bpemix_error *err);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif

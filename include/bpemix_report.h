/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bpemix_report.h - results examined, and results or experiments shown side by side.
 *
 * The rules at the top of bpemix.h hold here, too. */
#ifndef BPEMIX_REPORT_H
#define BPEMIX_REPORT_H

#ifndef BPEMIX_H
#error "include bpemix.h, which includes this"
#endif

/* ---- details of results ----------------------------------------------- */

/** One solution of the program. */
typedef struct bpemix_solution {
    size_t size;
    const char *method, *weights; /* "monotone", "quarter" */
    const char *status;           /* "optimal", or "gap": stopped before that */
    double objective, lower_bound, gap;
    const double *share_bytes, *share_pairs; /* each [categories] */
    uint64_t rows, rounds;                   /* of the linear program, or cuts and oracle calls */
    double elapsed_sec;
} bpemix_solution;

/** The shares that another number of merges gives. */
typedef struct bpemix_sweep_point {
    size_t size;
    uint32_t merges;
    double slack_relative;
    const double *share_bytes, *share_pairs, *share_merges; /* each [categories] */
} bpemix_sweep_point;

/** A merge that occurs in no sample.  Tokens are spelled as in bpemix-json(5). */
typedef struct bpemix_missing {
    size_t size;
    uint32_t step;
    const char *left, *right;
    const char *reason; /* "newline", "cut" by the pre-tokenizer, "unmade", "unreached" or
                           "unseen" */
    const char *panel;  /* category of the panel in which the token is most frequent */
} bpemix_missing;

/** A merge that the mixture explains badly. */
typedef struct bpemix_worst {
    size_t size;
    uint32_t step;
    const char *left, *right;
    const char *rival_left, *rival_right;  /* the pair that was more frequent */
    double slack, count, rival_count;      /* fractions of pairs */
    const char *script;                    /* of the merge's letters */
    const char *category, *rival_category; /* that most of the counts come from */
} bpemix_worst;

/** How the samples were counted, in the words of the "options" of bpemix-json(5). */
typedef struct bpemix_counting {
    size_t size;
    const char *tokenizer; /* its file */
    const char *text_unit, *invalid, *field;
    bool jsonl;
    uint64_t max_bytes; /* 0: all */
} bpemix_counting;

/** Where the sample of a category was: its one file, or the folder that holds all of its files; for
 *  chunks the name of the category in their file. */
typedef struct bpemix_source {
    size_t size;
    const char *category, *path;
} bpemix_source;

/** The i-th solution, of which the first is the one that bpemix_result_share() tells; point of the
 *  sweep; missing merge; badly explained merge, the worst first. */
bool bpemix_result_solution(const bpemix_result *result, size_t i, bpemix_solution *out);
bool bpemix_result_sweep(const bpemix_result *result, size_t i, bpemix_sweep_point *out);
bool bpemix_result_missing(const bpemix_result *result, size_t i, bpemix_missing *out);
bool bpemix_result_worst(const bpemix_result *result, size_t i, bpemix_worst *out);

/** How the samples were counted; the i-th source (none if the result has no provenance). */
void bpemix_result_counting(const bpemix_result *result, bpemix_counting *out);
bool bpemix_result_source(const bpemix_result *result, size_t i, bpemix_source *out);

/* ---- claims and explanations ---------------------------------------------- */

typedef struct bpemix_verify_opts {
    size_t size;
    const bpemix_solve_opts *solve; /* the merges to use, the gap to reach */
    bool exact;                     /* the samples are the training text itself */
    int columns;                    /* width of the terminal; 0: 80 */
} bpemix_verify_opts;

/** Check a mixture that somebody claims.  Tells its slack and the least slack of any mixture; in
 *  which fraction of trials the true mixture had as much; the merges that speak against the claim;
 *  and, with `exact`, the first merge that is not the most frequent pair of its step.
 *  @param claim  JSON: {"english": 0.7, ...} in shares of bytes, or a document with "categories"
 *                that have a name and a share_bytes
 *  @return as bpemix_solve(), or _E_FORMAT (of the claim) or _E_USAGE (a category without a
 *          sample) */
bpemix_status bpemix_verify(const bpemix_trace *trace, const char *claim,
                            const bpemix_verify_opts *opts, char **json, char **text,
                            bpemix_error *err);

typedef struct bpemix_explain_opts {
    size_t size;
    const bpemix_solve_opts *solve; /* the merges to use, the gap to reach */
    const char *category;           /* explain the share of this category; NULL: not asked */
    const char *merge;              /* explain the merge with this product; NULL: not asked */
    uint64_t list;                  /* rows of each direction, or rivals; 0: 5 */
    const bpemix_result *result;    /* the estimate to explain: its merges, weights, scale and gap
                                       are used, and the trace must be of the same tokenizer and
                                       samples; NULL: explain what `solve` gives */
    bool certificate;               /* put all rows of the certificate into the JSON, with what is
                                       needed to add them up */
    int columns;                    /* width of the terminal; 0: 80 */
} bpemix_explain_opts;

/** Tell what an estimate rests on: the merges and competing pairs with the strongest pull on the
 *  share of a category, and that share without them; or the counts, rivals and rank of a merge; or,
 *  with neither, the rows that make up most of the objective; and the slack that the multipliers of
 *  the rows prove to be the least.  Always by the monotone program.  Shares have their ranges:
 *  those of the result, or found for them.
 *  With a result, trace may be NULL: the call then fails and says which tokenizer and samples are
 *  missing.
 *  @return as bpemix_solve(), or _E_USAGE (no such category or merge, or both asked for),
 *          _E_MISMATCH (the trace is not the result's) */
bpemix_status bpemix_explain(const bpemix_trace *trace, const bpemix_explain_opts *opts,
                             char **json, char **text, bpemix_error *err);

/* ---- reports --------------------------------------------------------- */

/** A result and its name in a report, such as "GPT-4o". */
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
    int columns;             /* BPEMIX_FORMAT_TERMINAL: width of the terminal; 0: 80 */
    double width;            /* BPEMIX_FORMAT_SVG, _LATEX: points (72.27 an inch) of the line on
                                paper, 150 to 2000; 0: 345 in LaTeX, about 572 in SVG */
} bpemix_report_opts;

/** Results side by side: verdicts in words, figures, tables.  All numbers are those of the results
 *  and sums of shares.
 *  @param len  bytes of text without the terminating zero; may be NULL
 *  @return BPEMIX_OK, _E_USAGE (no results, a label twice, no figure or table of that name),
 *          _E_FORMAT (of the groups) or _E_EMPTY (nothing to draw) */
bpemix_status bpemix_report(const bpemix_labelled *results, size_t n,
                            const bpemix_report_opts *opts, char **text, size_t *len,
                            bpemix_error *err);

/** The JSON that `bpemix experiment` wrote, and its name in a report. */
typedef struct bpemix_labelled_json {
    const char *label, *json;
} bpemix_labelled_json;

/** Experiments side by side: the truth against the estimate, errors against the size of the sample
 *  and the number of merges, coverage of the ranges.
 *  @param opts    as for bpemix_report(); unit, groups and list are ignored
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
    int columns;            /* width of the terminal; 0: 80 */
    const char *groups;     /* lines of category TAB group [TAB label]; NULL: the results' own */
    const char *groups_name; /* their file, for messages */
} bpemix_compare_opts;

/** Two results category by category, or one or two against a known mixture, as a table for people.
 *  @param met  whether all conditions of opts->expect hold; may be NULL
 *  @return BPEMIX_OK, _E_USAGE (not two results, a condition of another form) or _E_FORMAT (of the
 *          known mixture) */
bpemix_status bpemix_compare(const bpemix_labelled *results, size_t n,
                             const bpemix_compare_opts *opts, char **text, bool *met,
                             bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* result.h - what an estimate is, before it is written as a table or JSON.
 *
 * Self-contained: strings are copied out of the trace, so that the trace may be freed first.
 * Unknown numbers are NaN (null in JSON); a zeroed result is not a result yet: begin with
 * bmx_result_new(), which sets what is unknown to NaN. */
#ifndef BMX_RESULT_RESULT_H
#define BMX_RESULT_RESULT_H

#include "result/facts.h"

typedef enum bmx_unit { BMX_UNIT_BYTES, BMX_UNIT_PAIRS, BMX_UNIT_MERGES, BMX_UNITS } bmx_unit;

typedef enum bmx_solver_status {
    BMX_SOLVER_OPTIMAL, /* certified gap <= the gap asked for */
    BMX_SOLVER_GAP      /* stopped earlier (time limit, stall); bounds are still valid */
} bmx_solver_status;

/* Why a merge occurs in no sample. */
typedef enum bmx_missing_class {
    BMX_MISSING_NEWLINE, /* its product has something behind a newline */
    BMX_MISSING_CUT,     /* the pre-tokenizer would cut its product */
    BMX_MISSING_UNMADE,  /* a side of it is never made: the list lacks a merge before it */
    BMX_MISSING_UNREACHED, /* merges before it join the text of its token otherwise */
    BMX_MISSING_UNSEEN   /* simply not in the samples */
} bmx_missing_class;

typedef struct bmx_missing_merge {
    uint32_t step;
    bmx_missing_class why;
    char *left, *right; /* as bmx_token_escape() spells them, owned */
    char *panel;        /* category of the panel in which the product is most frequent, owned;
                           NULL: in none, or not looked up */
} bmx_missing_merge;

/* Merges in no sample that are of one kind. */
typedef struct bmx_missing_kind {
    char *script;      /* "Latin", "Han", ...; NULL: no letters */
    char *kind; /* "words", "accented words", "code", "digits", "white space", "bytes", ... */
    uint32_t merges;
    bmx_texts example; /* products of the first few, in list order */
} bmx_missing_kind;

/* Merges in no sample whose products are most frequent in one category of the panel. */
typedef struct bmx_missing_category {
    char *category;    /* its name in the panel, owned */
    bool is_candidate; /* a category of the estimate has the same name */
    uint32_t merges;
    bmx_texts example; /* products of the first few, in list order */
} bmx_missing_category;

/* The same of all of its categories; filled in by diagnose/named.c. */
typedef struct bmx_missing_panel {
    bool looked_up;    /* false: there was no panel, or nothing to look up in it */
    uint32_t merges;   /* of those in no sample, whose products are in its text */
    bmx_missing_category *category; /* category[n], most merges first */
    size_t n;
} bmx_missing_panel;

/* What the samples do not cover; filled in by diagnose/missing.c. */
typedef struct bmx_missing_summary {
    double share;           /* merges_missing / (merges_used + merges_missing); NaN: not looked
                               at */
    double found_once;      /* merges found in exactly one fold (f1); NaN: no folds */
    double ratio;           /* merges_missing / (found_once + 5); NaN: no folds */
    bmx_missing_kind *kind; /* kind[n_kinds], most merges first */
    size_t n_kinds;
    bmx_missing_panel panel;
    char *sentence;         /* NULL: nothing is missing */
} bmx_missing_summary;

typedef struct bmx_worst_merge {
    uint32_t step;
    char *left, *right;             /* the merge, owned */
    char *rival_left, *rival_right; /* the pair rated highest at this step; NULL: none */
    double slack;                   /* v_t, fraction of pairs; theta_t = count + slack */
    double count, rival_count;      /* W of the merge and of the rival, fractions of pairs */
    char *script;                   /* of the merge's letters; NULL: it has none; owned */
    char *category, *rival_category; /* that most of these counts come from; NULL: not known;
                                        owned */
} bmx_worst_merge;

/* One solution of the linear program: which formulation, how good, what shares. */
typedef struct bmx_solution {
    bpemix_method method;
    bpemix_weights weights;
    bmx_solver_status status;
    double objective, lower_bound, gap; /* fractions of pairs, or of occurrences of merges, by the
                                           scale; gap = (obj - lb) / obj, 0 when obj is 0 */
    uint64_t rows, rounds;              /* LP rows or cuts; rounds or oracle calls */
    double seconds;                     /* wall; NaN: not recorded */
    double *share_pairs;                /* share_pairs[n_cats], sums to 1 */
    double *share_bytes;                /* share_bytes[n_cats] */
    double *share_merges;               /* share_merges[n_cats]; NULL: not known */
} bmx_solution;

/* A labelled group of categories (share.name), or a set of which only the sum is known. */
typedef struct bmx_group {
    bpemix_share share; /* of the sum; name owned, NULL for inseparable ones */
    uint32_t *member;   /* member[n_members], indices of categories, ascending */
    size_t n_members;
} bmx_group;

/* The same trace solved with another number of merges. */
typedef struct bmx_sweep_point {
    uint32_t merges;
    double slack_relative;
    double *share_bytes, *share_pairs, *share_merges; /* each [n_cats]; NULL: not known */
} bmx_sweep_point;

/* A stretch of the list that was inferred by itself. */
typedef struct bmx_phase {
    uint32_t merge_from, merge_to;
    double slack_relative;
    double *share_bytes, *share_pairs, *share_merges; /* each [n_cats]; NULL: not known */
} bmx_phase;

/* Merges that a mixture of their own explains far better than the headline one does: some of those
 * of the estimate or, from its merge_to on, behind them. */
typedef struct bmx_odd_stretch {
    uint32_t merge_from, merge_to;             /* equal: there are none */
    double slack_relative, slack_relative_own; /* with the headline mixture, and with their own */
} bmx_odd_stretch;

typedef enum bmx_level {
    BMX_LEVEL_UNKNOWN, /* not judged */
    BMX_LEVEL_GOOD,
    BMX_LEVEL_FAIR,
    BMX_LEVEL_POOR,
    BMX_LEVEL_UNUSABLE
} bmx_level;

typedef struct bmx_reason {
    bmx_level level;  /* the verdict if this were the only reason */
    char *code;       /* "slack", "missing", ...: bpemix-json(5) */
    char *text;       /* a sentence with its numbers */
    double value, limit; /* the number and the limit that it has passed; NaN: none */
} bmx_reason;

typedef struct bmx_verdict {
    bmx_level level;
    bmx_reason *reason; /* reason[n_reasons], the gravest first */
    size_t n_reasons, cap;
} bmx_verdict;

/* Where the text of a category came from: a file, or a folder and a digest of its files. */
typedef struct bmx_result_source {
    uint32_t category;
    char *path;
    uint64_t files, bytes, documents;
    uint64_t checksum; /* XXH3 over the files' checksums */
} bmx_result_source;

/* One file, for those who want all of them written (full provenance). */
typedef struct bmx_result_input {
    uint32_t category;
    char *path;
    uint64_t bytes, documents, checksum; /* as in bmx_input_record */
} bmx_result_input;

/* Written once and read back; empty: of the program that is running, now. */
typedef struct bmx_origin {
    char *version;        /* of bpemix */
    bmx_values libraries;
    char *written_at, *system, *machine; /* NULL: not recorded */
    uint64_t peak_memory_bytes;
} bmx_origin;

struct bpemix_result {
    bpemix_share *share; /* share[n_cats]: the headline solution; names owned */
    size_t n_cats;
    bpemix_share *pooled; /* of text of no candidate, as a fraction of all text; NULL: there is
                             none */
    uint32_t pooled_at;   /* which category that is, until it is set apart; UINT32_MAX: none */
    bmx_unit unit;       /* headline: bytes, or merges for ranges that start behind merge 0 */
    double range_delta,
        range_outer_delta; /* "nearly as well" of the ranges: 0.01 is one percent; NaN: no ranges */
    double range_reach;  /* outer ranges go at least so far from the share s, times sqrt(s (1 - s)),
                            where a kind of text shows to be missing, else 0; NaN: no ranges */
    bmx_group *group;    /* group[n_groups]: by the labels given */
    size_t n_groups;
    bmx_group *inseparable; /* inseparable[n_inseparable] */
    size_t n_inseparable;
    double *replicate;   /* replicate[folds * n_cats], share_bytes without fold k; NULL: none */
    bmx_sweep_point *sweep; /* sweep[n_sweep] */
    size_t n_sweep;
    bmx_phase *phase;    /* phase[n_phases]; 0: the list was not divided */
    size_t n_phases;
    bmx_verdict verdict; /* diagnose/verdict.c, from the fields of this struct alone */
    bmx_solution main;
    bmx_solution *other; /* other[n_others]: reported beside it, e.g. unweighted */
    size_t n_others;
    uint32_t merge_from, merge_to; /* constrained steps are merge_from .. merge_to - 1 */
    uint32_t merges_used;          /* steps with a constraint */
    uint32_t merges_excluded;      /* flagged manual, repeated ...; not constrained */
    uint32_t merges_missing;       /* in no sample although nothing forbids them:
                                      BMX_MISSING_UNSEEN */
    uint32_t merges_impossible;    /* of the other classes: no sample can have them */
    uint32_t *merges_found;        /* merges_found[n_cats]: of those used, in this sample; NULL:
                                      not known */
    bmx_missing_merge *missing;    /* missing[n_missing], in list order: both of these */
    uint32_t n_missing;
    bmx_missing_summary uncovered;
    double slack_merges, slack_pairs; /* sum v, sum u; fractions of pairs */
    double slack_relative;            /* (slack_merges + slack_pairs) / sum of b */
    double slack_large;               /* share of used merges with v_t > theta_t / 2, */
    double slack_extreme;             /* and with v_t > 4 theta_t / 5; NaN: not known */
    bmx_odd_stretch odd;
    double disagreement_merges;       /* largest difference of a share in the headline unit among
                                         sweep; NaN: none */
    bmx_worst_merge *worst;           /* worst[n_worst], by slack / theta^0.65, at most 20 */
    size_t n_worst;
    uint32_t folds;      /* left out one after the other, for the intervals; 0: none */
    double disagreement; /* largest |share_bytes - other share_bytes|; NaN without others */
    bmx_result_input *input;   /* input[n_inputs], by category, in the order read */
    size_t n_inputs, inputs_cap;
    bmx_result_source *source; /* source[n_sources]: a summary of the inputs */
    size_t n_sources;
    bmx_origin origin;
    bmx_facts facts;     /* what is known of the tokenizer */
    bmx_values count_options, solve_options; /* that decided counts and solution */
    char **warning;
    size_t n_warnings, warnings_cap;
};

void bmx_result_free(bpemix_result *r);
/* A result of n categories about which nothing is known; NULL: out of memory. */
bpemix_result *bmx_result_new(size_t n_cats);

/* Append a copy of an input. */
bpemix_status bmx_result_add_input(bpemix_result *r, const bmx_result_input *in, bpemix_error *err);

/* Set every number of a share to unknown. */
void bmx_share_clear(bpemix_share *s);

/* From the inputs, a source for each category: the one file, or the folder that holds them all. */
bpemix_status bmx_result_summarize(bpemix_result *r, bpemix_error *err);

/* ---- the document of bpemix-json(5) ---- */

typedef enum bmx_provenance {
    BMX_PROVENANCE_NONE,    /* the text depends on inputs, options and seed alone */
    BMX_PROVENANCE_SUMMARY, /* when, where, and a line for each category's text */
    BMX_PROVENANCE_FULL     /* and one for each file */
} bmx_provenance;

/* The caller frees it; NULL or incomplete when memory is short (bmx_json_check). */
bmx_json *bmx_result_to_json(const bpemix_result *r, bmx_provenance provenance);

/* E_UNSUPPORTED: of another schema_version.  E_FORMAT: not such a document. */
bpemix_status bmx_result_from_json(const bmx_json *json, bpemix_result **out, bpemix_error *err);
bpemix_status bmx_result_parse(const char *where, bmx_slice text, bpemix_result **out,
                               bpemix_error *err);

/* Shares, ranges and whether they are identified, as a result has them of a category. */
void bmx_share_put(bmx_json *o, const bpemix_share *s);

/* The share of a category or group, and its ranges, in a unit. */
double bmx_share_in(const bpemix_share *s, bmx_unit unit);
bpemix_range bmx_range_in(const bpemix_share *s, bmx_unit unit);
bpemix_range bmx_outer_range_in(const bpemix_share *s, bmx_unit unit);

/* Where that range is, to change it: the outer or the inner one. */
bpemix_range *bmx_range_at(bpemix_share *s, bmx_unit unit, bool outer);

/* Is the share determined in this unit?  Behind an inherited part of the list it may be so in
 * occurrences of the merges, but not in bytes.  A share whose outer range is wider than
 * BMX_IDENTIFIED is shown as that range.  Outer ranges are shown because no figure of a result
 * tells whether samples were drawn like the training text, which inner ranges assume (bpemix(7),
 * RANGES). */
#define BMX_IDENTIFIED 0.1
bool bmx_result_identified(const bpemix_share *s, bmx_unit unit);

/* Append a warning and take ownership of it; NULL is reported as lack of memory. */
bpemix_status bmx_result_warn(bpemix_result *r, char *line, bpemix_error *err);

/* Names as in JSON and on the command line, of choices that are made: no default is left open. */
const char *bmx_method_name(bpemix_method m);
const char *bmx_weights_name(bpemix_weights w);
const char *bmx_unit_name(bmx_unit unit);     /* "bytes" */
const char *bmx_level_name(bmx_level level);  /* "good"; NULL for BMX_LEVEL_UNKNOWN */

/* By value, as in JSON. */
extern const char *const bmx_unit_names[BMX_UNITS];
extern const char *const bmx_level_names[BMX_LEVEL_UNUSABLE + 1];
extern const char *const bmx_solver_status_names[BMX_SOLVER_GAP + 1];
extern const char *const bmx_missing_class_names[BMX_MISSING_UNSEEN + 1];

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bpemix.h - estimate what a BPE tokenizer was trained on.
 *
 * The pipeline, in the order of this header:
 *
 *   tokenizer file --load--> bpemix_tokenizer   merge list m_1 .. m_T
 *   sample text   --count--> bpemix_trace       counts c[i][p][t] of every pair after every merge
 *   trace         --solve--> bpemix_result      shares alpha, slack v and u
 *   result        --print--> a table, JSON
 *
 * It includes, at its end, what serves other work: bpemix_text.h (text encoded, or counted once for
 * many runs), bpemix_report.h (results examined, and shown side by side) and bpemix_lab.h
 * (tokenizers trained on known mixtures).
 *
 * Names used here and the symbols of the paper (Hayase et al. 2024, "Data Mixture Inference: What
 * do BPE Tokenizers Reveal about their Training Data?", section 3):
 *
 *   share      alpha_i   fraction of category i; always with its unit
 *   count      c_i,p^(t) occurrences of pair p in sample i after t merges
 *   step       t         index of a merge, 0 .. T-1
 *   slack      v^(t)     violation charged to a merge
 *   pair slack v_p       violation charged to a pair (u in our man pages)
 *
 * Rules that hold everywhere:
 *
 *   Errors: a function that can fail returns a bpemix_status, takes an optional bpemix_error last,
 *   and leaves outputs untouched on failure.  Any may return BPEMIX_E_NOMEM, _E_BUG and, where
 *   options make no sense, _E_USAGE; what reads or writes files _E_IO, what takes long
 *   _E_INTERRUPTED; others stand with the function.  The library never prints, exits or aborts.
 *
 *   Ownership: pointer arguments are borrowed for the call.  What is handed out through `out` is
 *   freed with the _free() of its type, and strings handed out through `json`, `text`, `lines` or
 *   `path` with bpemix_free(); where two strings are handed out, NULL stands for one that is not
 *   wanted.  What a getter returns belongs to the object and lives as long.  Freeing NULL is fine.
 *
 *   Structs: those of options, and those that getters fill in, start with their size, as in
 *   `bpemix_count_opts o = { .size = sizeof o };`, so that programs go on working when members are
 *   added.  Options that are zero mean the default, as does NULL in place of the struct.
 *
 *   Getters: those of the i-th of something return NULL or false behind the last.  A number that
 *   is not known is NaN; a pointer is NULL where there is nothing.
 *
 *   Units: texts are UTF-8, numbers in them have a point in every locale, sizes are bytes, times
 *   seconds, and JSON is as in bpemix-json(5), unless a comment says otherwise.  "-" as a path is
 *   standard input.  Files appear whole or not at all.
 *
 *   Threads: n_threads is 0 for all processors, and never changes a result.  Objects may be used
 *   from several threads at once as long as nobody modifies them. */
#ifndef BPEMIX_H
#define BPEMIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BPEMIX_VERSION "0.2.0"

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

/* ---- errors --------------------------------------------------------- */

typedef enum bpemix_status {
    BPEMIX_OK = 0,
    BPEMIX_E_NOMEM,       /* out of memory */
    BPEMIX_E_IO,          /* a file could not be read or written */
    BPEMIX_E_USAGE,       /* an argument is out of range, or two contradict each other */
    BPEMIX_E_FORMAT,      /* an input is damaged or not what it claims */
    BPEMIX_E_UNSUPPORTED, /* an input is well-formed, but of a kind or version that is unknown */
    BPEMIX_E_EMPTY,       /* a category has no text or no pairs */
    BPEMIX_E_MISMATCH,    /* inputs do not belong together */
    BPEMIX_E_SOLVER,      /* the linear program was not solved */
    BPEMIX_E_INTERRUPTED, /* bpemix_cancel() was called, or a progress function returned true */
    BPEMIX_E_BUG          /* an internal invariant is broken */
} bpemix_status;

/** What went wrong.  Stored by the caller and never allocated, so that running out of memory can
 *  be reported too.  A text that has nothing to say is "". */
typedef struct bpemix_error {
    bpemix_status status;
    int64_t line;    /* of the file, from 1; 0: none */
    int64_t offset;  /* bytes from 0; -1: none */
    char param[32];  /* member of an options struct to change, such as "max_bytes" */
    char where[256]; /* file, argument or place inside a file */
    char what[256];  /* what was found */
    char hint[256];  /* what to do */
} bpemix_error;

/** Write "where:line: what; hint" into buf (always terminated), control characters escaped.
 *  @return length of the whole text, as snprintf() */
size_t bpemix_error_text(const bpemix_error *err, char *buf, size_t size);

/** The error as a JSON object; the short name of a status, for example "E_FORMAT". */
bpemix_status bpemix_error_json(const bpemix_error *of, char **json, bpemix_error *err);
const char *bpemix_status_name(bpemix_status status);

/** Make calls, running and later ones, stop soon with BPEMIX_E_INTERRUPTED, until
 *  bpemix_cancel_reset().  May be called from a signal handler. */
void bpemix_cancel(void);
void bpemix_cancel_reset(void);

/** Version of the running library, "MAJOR.MINOR.PATCH"; free a string that it handed out. */
const char *bpemix_version(void);
void bpemix_free(void *p);

/* ---- texts and categories -------------------------------------------- */

/** Bytes that somebody else owns; zero bytes and malformed UTF-8 may be among them. */
typedef struct bpemix_text {
    const char *ptr;
    size_t len;
} bpemix_text;

/** Hand over the next document of a category, which stays yours until the next call; set
 *  *more = false at the end instead.  A status other than BPEMIX_OK ends the call that asked, with
 *  that status and what was put into err.  Called from threads of the library, one at a time for
 *  each category, but possibly at once for different categories. */
typedef bpemix_status bpemix_read_fn(void *ctx, bpemix_text *doc, bool *more, bpemix_error *err);

/** A candidate category and its sample text: in paths, or from a function. */
typedef struct bpemix_category {
    const char *name;         /* unique, not empty */
    const char *const *paths; /* paths[n_paths]: files, folders (recursively), "-" */
    size_t n_paths;
    bpemix_read_fn *read; /* NULL: paths.  Read once, so with max_bytes the first documents are
                             taken instead of a sample of all */
    void *read_ctx;
} bpemix_category;

/** Check that the names differ, each has text, and standard input is read once.  Calls that take
 *  categories do this themselves; call it to know before other work. */
bpemix_status bpemix_categories_check(const bpemix_category *cats, size_t n, bpemix_error *err);

/** How far a call is. */
typedef struct bpemix_progress {
    const char *stage;    /* "counting", "replay", "solving", "ranges", "training", ... */
    uint64_t done, total; /* in `unit`; total 0: not known */
    const char *unit;     /* "bytes", "words", "rows", "shares", "folds", "merges", ... */
    double bound, gap;    /* solving: certified lower bound and relative gap; elsewhere NaN */
    double target;        /* solving: the gap at which it stops; elsewhere 0 */
} bpemix_progress;

/** Told of progress a few times a second, from one thread at a time.  Returning true stops this
 *  call, which then fails with BPEMIX_E_INTERRUPTED. */
typedef bool bpemix_progress_fn(void *ctx, const bpemix_progress *p);

/** Told of a warning about the text: one line, valid during the call. */
typedef void bpemix_warn_fn(void *ctx, const char *text);

/* ---- tokenizers ------------------------------------------------------ */

/** A published tokenizer: its ordered merge list, alphabet, normalizer and pre-tokenizer.
 *  Immutable once loaded. */
typedef struct bpemix_tokenizer bpemix_tokenizer;

typedef struct bpemix_load_opts {
    size_t size;
    const char *pretokenizer; /* preset that replaces the file's own; NULL: the file's */
    bool keep_manual;         /* also constrain merges that look added by hand, or too long */
    bool words_only;          /* all that bpemix_words_count() needs: a published rank file may be
                               * recognized by its tokens, and has no merges then; other calls
                               * refuse it */
} bpemix_load_opts;

/** Read a tokenizer file, plain or compressed, whose format its content tells: tokenizer.json,
 *  merges.txt, rank files, SentencePiece, GGUF; or parse one from memory, not compressed, that
 *  messages call `name`.  A merges.txt (vocab.bpe) and a vocab.json (encoder.json) are halves of
 *  one tokenizer: for either, the other one is read from beside `path`, and from beside `name` if
 *  that is the path of a file.  With a name that is none, parsing reads no file.
 *  @return BPEMIX_OK, _E_FORMAT, _E_UNSUPPORTED (such as a Unigram model) or _E_USAGE (unknown
 *          preset) */
bpemix_status bpemix_tokenizer_load(const char *path, const bpemix_load_opts *opts,
                                    bpemix_tokenizer **out, bpemix_error *err);
bpemix_status bpemix_tokenizer_parse(const char *name, bpemix_text data,
                                     const bpemix_load_opts *opts, bpemix_tokenizer **out,
                                     bpemix_error *err);
void bpemix_tokenizer_free(bpemix_tokenizer *tok);

/** Number of merges T; SHA-256 of the merge list (a line "hex(left) SP hex(right) LF" for each
 *  merge, of its raw bytes) as 64 hex digits; the i-th warning of loading, one sentence; the i-th
 *  preset that `pretokenizer` may name. */
uint32_t bpemix_tokenizer_merges(const bpemix_tokenizer *tok);
const char *bpemix_tokenizer_digest(const bpemix_tokenizer *tok);
const char *bpemix_tokenizer_warning(const bpemix_tokenizer *tok, size_t i);
const char *bpemix_preset_name(size_t i);

/** Everything the file and its merge list tell: the "tokenizer" object of bpemix-json(5), as
 *  bpemix_inspect() writes it.
 *  @param list  examples of every finding, if that is more than 10 (of cut tokens 100) */
bpemix_status bpemix_tokenizer_describe(const bpemix_tokenizer *tok, size_t list, char **json,
                                        bpemix_error *err);

typedef struct bpemix_inspect_opts {
    size_t size;
    const bpemix_load_opts *load;
    size_t list; /* examples of every finding; 0: 5.  JSON has 10, and 100 cut tokens, or `list` if
                    that is more */
} bpemix_inspect_opts;

/** What is known of a tokenizer file or a trace, without samples: all that the inspect command
 *  writes.
 *  @return as bpemix_tokenizer_load() or bpemix_trace_load() */
bpemix_status bpemix_inspect(const char *path, const bpemix_inspect_opts *opts, char **json,
                             char **text, bpemix_error *err);

/* ---- counting -------------------------------------------------------- */

typedef enum bpemix_text_unit {
    BPEMIX_TEXT_UNIT_AUTO,     /* document if a token has text behind a newline, else line */
    BPEMIX_TEXT_UNIT_DOCUMENT, /* a whole file or record is normalized and split at once */
    BPEMIX_TEXT_UNIT_LINE      /* each line with its line end */
} bpemix_text_unit;

typedef enum bpemix_invalid {
    BPEMIX_INVALID_AUTO,    /* KEEP for byte-level alphabets, REFUSE for others */
    BPEMIX_INVALID_KEEP,    /* malformed bytes are pre-tokens of their own */
    BPEMIX_INVALID_REPLACE, /* each malformed byte becomes U+FFFD */
    BPEMIX_INVALID_REFUSE   /* fail, naming file and offset */
} bpemix_invalid;

typedef struct bpemix_count_opts {
    size_t size;
    uint64_t max_bytes; /* per category, a reproducible sample of documents; 0: all */
    bpemix_text_unit text_unit;
    bpemix_invalid invalid;
    uint32_t merges;   /* replay the first so many merges; 0: all */
    bool jsonl;        /* every input is JSONL, whatever its name */
    const char *field; /* text field of JSONL records; NULL: "text" */
    const char *work;  /* run directory for resuming; NULL: none */
    uint32_t folds;    /* of documents, for intervals: 2 .. 255; 0: none */
    unsigned n_threads;
    bpemix_progress_fn *progress;
    void *progress_ctx;
    bool binary;           /* count files that are not text (PDF, images), too */
    bool skip_bad_records; /* leave out JSONL records that cannot be read, with a warning */
    bpemix_warn_fn *warn;  /* called when counting is done */
    void *warn_ctx;
    const bpemix_category *other; /* other[n_other]: categories that are no candidates, pooled:
                                     their common share is told apart; NULL: none */
    size_t n_other;
    uint64_t other_bytes; /* max_bytes of each of these; 0: all */
} bpemix_count_opts;

/** Counts of every pair after every merge, per category, and the facts about tokenizer and samples
 *  that bpemix_solve() needs. */
typedef struct bpemix_trace bpemix_trace;

/** Split the samples cats[n] into pre-tokens, count them and replay the merge list.
 *  @return BPEMIX_OK, _E_FORMAT, _E_UNSUPPORTED (of an input), _E_USAGE (a name given twice),
 *          _E_EMPTY (a category without text) or _E_MISMATCH (words that were counted otherwise) */
bpemix_status bpemix_count(const bpemix_tokenizer *tok, const bpemix_category *cats, size_t n,
                           const bpemix_count_opts *opts, bpemix_trace **out, bpemix_error *err);
void bpemix_trace_free(bpemix_trace *trace);

/** File of the tokenizer that was replayed; the i-th warning about it, one sentence. */
const char *bpemix_trace_tokenizer(const bpemix_trace *trace);
const char *bpemix_trace_warning(const bpemix_trace *trace, size_t i);

/** Note that samples are those of a panel, which a trace file passes on: how they are best solved
 *  follows from it (`infer` of bpemix(1) takes at most 10,000 merges, a gap of 1e-4 and the panel's
 *  groups), but bpemix_solve() does as its options say.  groups: text as in bpemix_solve_opts,
 *  copied, NULL for none; named: it is not the panel that comes with bpemix. */
bpemix_status bpemix_trace_set_panel(bpemix_trace *trace, const char *groups, bool named,
                                     bpemix_error *err);

/** Groups of the panel of a trace, "" for none, valid as long as the trace; NULL: it has none. */
const char *bpemix_trace_panel(const bpemix_trace *trace, bool *named);

/** Write a trace, see bpemix-trace(5); read traces paths[n] and add them up: categories of the same
 *  name are summed, others follow in order of first appearance.
 *  @return BPEMIX_OK, _E_FORMAT (truncated, damaged or not a trace), _E_UNSUPPORTED (of another
 *          version) or _E_MISMATCH (made with different tokenizers or options) */
bpemix_status bpemix_trace_save(const bpemix_trace *trace, const char *path, bpemix_error *err);
bpemix_status bpemix_trace_load(const char *const *paths, size_t n, bpemix_trace **out,
                                bpemix_error *err);

/* ---- solving --------------------------------------------------------- */

typedef enum bpemix_method {
    BPEMIX_METHOD_DEFAULT, /* currently BPEMIX_METHOD_MONOTONE */
    BPEMIX_METHOD_LP,      /* the paper's linear program (section 3.1) */
    BPEMIX_METHOD_MONOTONE /* the same with training counts that never increase */
} bpemix_method;

typedef enum bpemix_weights {
    BPEMIX_WEIGHTS_DEFAULT, /* the method's own */
    BPEMIX_WEIGHTS_NONE,
    BPEMIX_WEIGHTS_QUARTER /* max(theta, count)^(-1/4) taken at the unweighted optimum */
} bpemix_weights;

typedef enum bpemix_scale {
    BPEMIX_SCALE_DEFAULT, /* MERGES where the constraints start behind merge 0, and with the
                             monotone program where symbols are characters; else PAIRS */
    BPEMIX_SCALE_PAIRS,   /* minimize slack as a fraction of the pairs before any merge */
    BPEMIX_SCALE_MERGES   /* minimize it as a fraction of the occurrences of the merges */
} bpemix_scale;

typedef struct bpemix_solve_opts {
    size_t size;
    uint32_t merge_from; /* constraints of merges merge_from .. merge_to - 1 */
    uint32_t merge_to;   /* 0: the default number for the categories at hand */
    bool merges_auto;    /* start where the inherited part of the list ends */
    bool merges_all;     /* up to the end of the list */
    double gap;          /* relative certified gap to stop at; 0: 1e-6, 1e-4 with more than 300
                            categories, with the LP 1e-11 */
    double time_limit;   /* seconds until it stops with status "gap"; 0: none */
    bpemix_method method;
    bpemix_weights weights;
    bpemix_scale scale;
    unsigned n_threads;
    bpemix_progress_fn *progress;
    void *progress_ctx;
    bool no_ranges;          /* leave out the ranges, which take longer than the shares */
    bool phases_auto;        /* find stretches of the list that were learned apart; solve each */
    double train_bytes;      /* size of the training text, for intervals from folds; 0: unknown */
    const uint32_t *sweep;   /* sweep[n_sweep]: other numbers of merges to solve with as well */
    size_t n_sweep;
    const char *groups;      /* lines of category TAB group [TAB label]; NULL: none */
    const char *groups_name; /* its file, for messages */
    uint32_t merges_most;    /* the default number of merges is no larger; 0: 30,000 */
    const char *note;        /* sentence about the samples that becomes a warning; NULL: none */
    const char *panel;       /* file of chunks in whose categories merges in no sample are looked
                                up; NULL: none; bpemix_panel_find() finds one */
} bpemix_solve_opts;

/** Shares of categories, and how far they can be trusted. */
typedef struct bpemix_result bpemix_result;

/** Estimate category shares from replayed pair counts.
 *
 *  Minimizes the total slack of "merge t was at least as frequent as every other pair at step t"
 *  over the simplex (Hayase et al. 2024, section 3.1): by default with training counts that never
 *  increase, and with slack weighted by the level of the counts; BPEMIX_METHOD_LP is the paper's
 *  own program.  Stopping at the time limit or short of the gap is not a failure; the result tells.
 *
 *  @return BPEMIX_OK, _E_EMPTY (a category has no pairs, or none that is one of the merges or a
 *          rival), _E_USAGE (no such merges) or _E_SOLVER (GLPK failed) */
bpemix_status bpemix_solve(const bpemix_trace *trace, const bpemix_solve_opts *opts,
                           bpemix_result **out, bpemix_error *err);

/* ---- results --------------------------------------------------------- */

/** Units of shares.  A share that is not determined in a unit is NaN in it. */
typedef enum bpemix_unit {
    BPEMIX_UNIT_DEFAULT, /* bytes, or merges where the constraints start behind merge 0 */
    BPEMIX_UNIT_BYTES,   /* of text */
    BPEMIX_UNIT_PAIRS,   /* adjacent symbols before any merge */
    BPEMIX_UNIT_MERGES   /* occurrences of the constrained merges: what these were learned from */
} bpemix_unit;

/** How well the mixture explains the merges, and how far the shares can be trusted. */
typedef struct bpemix_fit {
    size_t size;
    uint32_t merge_from, merge_to;    /* constrained merges are merge_from .. merge_to - 1 */
    uint32_t merges_used;             /* those of them that carry a constraint */
    uint32_t merges_excluded;         /* without one: added by hand, repeated ... */
    uint32_t merges_missing;          /* in no sample although nothing forbids them */
    uint32_t merges_impossible;       /* no sample can have them: cut, over lines, or never
                                         complete */
    uint32_t folds;                   /* that the intervals come from; 0: none */
    double slack_merges, slack_pairs; /* sums of v and u, fractions of pairs */
    double slack_relative;            /* their sum / sum of the training counts */
    double slack_large;               /* part of the merges: slack above half their fitted count */
    double disagreement;              /* largest difference of a share in the other solution */
    double objective, lower_bound;    /* minimized, and certified: slack as a fraction of pairs, or
                                         of the occurrences of the merges (bpemix_scale); with
                                         weights its weighted sum */
    double gap;                       /* relative, between the two */
    const char *verdict;              /* "good", "fair", "poor", "unusable", or "unknown": not
                                         judged */
    const char *uncovered;            /* sentence on what the samples do not cover; NULL: nothing */
} bpemix_fit;

/** Low and high end of a range. */
typedef struct bpemix_range {
    double low, high;
} bpemix_range;

/** Estimate for one category, or for a group of them.  Ranges are of all mixtures that explain the
 *  merges nearly as well as the best one.  Rely on the outer ones, which allow for samples that are
 *  merely of the same kind as the training text; the others are for samples drawn like it. */
typedef struct bpemix_share {
    const char *name;
    double share_bytes, share_pairs, share_merges; /* each sums to 1 over the categories */
    bpemix_range range_bytes, range_pairs, range_merges;
    bpemix_range range_outer_bytes, range_outer_pairs, range_outer_merges;
    bool identified;              /* false: report the outer range instead of the share, as it is
                                     wider than 10 points.  Meaningless without ranges */
    double low_bytes, high_bytes; /* interval of share_bytes from folds */
    uint64_t sample_bytes, sample_documents;
    uint64_t sample_words;        /* pre-tokens, with repetition */
    uint64_t sample_pairs;        /* adjacent symbol pairs before any merge */
} bpemix_share;

/** A reason for the verdict. */
typedef struct bpemix_reason {
    size_t size;
    const char *level;   /* the verdict if this were the only reason: "good", "fair", ... */
    const char *code;    /* "slack", "missing", ...: see bpemix-json(5) */
    const char *text;    /* a sentence with its numbers */
    double value, limit; /* the number, and the limit that it has passed */
} bpemix_reason;

/** The sum of several categories. */
typedef struct bpemix_group {
    size_t size;
    const bpemix_share *share; /* of the sum; its name is NULL for an inseparable set */
    const uint32_t *member;    /* member[n_members]: indices of categories, ascending */
    size_t n_members;
} bpemix_group;

/** Read a result from the JSON that bpemix_result_json() wrote; or parse it from memory, where
 *  messages call it `name`.
 *  @return BPEMIX_OK, _E_FORMAT (not a result) or _E_UNSUPPORTED (of another schema_version) */
bpemix_status bpemix_result_load(const char *path, bpemix_result **out, bpemix_error *err);
bpemix_status bpemix_result_parse(const char *name, bpemix_text json, bpemix_result **out,
                                  bpemix_error *err);
void bpemix_result_free(bpemix_result *result);

/** The number of categories; the fit; the share of the i-th, in the order given, and of the pool,
 *  bpemix_count_opts.other, in all text (those of the categories add up to 1 without it); the share
 *  of bytes of category i without the documents of fold k; the i-th warning, one sentence. */
size_t bpemix_result_categories(const bpemix_result *result);
void bpemix_result_fit(const bpemix_result *result, bpemix_fit *out);
const bpemix_share *bpemix_result_share(const bpemix_result *result, size_t i);
const bpemix_share *bpemix_result_other(const bpemix_result *result);
double bpemix_result_replicate(const bpemix_result *result, size_t k, size_t i);
const char *bpemix_result_warning(const bpemix_result *result, size_t i);

/** The i-th reason for the verdict, the gravest first; group, by the labels that were given; set of
 *  categories of which only the sum is known.  bpemix_report.h has more: solutions, merges, the
 *  sweep, sources. */
bool bpemix_result_reason(const bpemix_result *result, size_t i, bpemix_reason *out);
bool bpemix_result_group(const bpemix_result *result, size_t i, bpemix_group *out);
bool bpemix_result_inseparable(const bpemix_result *result, size_t i, bpemix_group *out);

/** The whole result as JSON.
 *  @param provenance  0: left out, so that the text depends on inputs, options and seed alone; 1:
 *                     with a line for the text of each category; 2: with every file */
bpemix_status bpemix_result_json(const bpemix_result *result, int provenance, char **json,
                                 bpemix_error *err);

typedef struct bpemix_print_opts {
    size_t size;
    bpemix_unit unit;
    bool color;    /* with escape sequences for a terminal */
    bool force;    /* print shares although the verdict is "unusable" */
    int verbose;   /* > 0: all categories, the worst merges and the missing ones */
    uint64_t list; /* merges to list of each kind; 0: 20 */
    int columns;   /* width of the terminal; 0: 80 */
} bpemix_print_opts;

/** The result as a table for people, largest share first. */
bpemix_status bpemix_result_print(const bpemix_result *result, const bpemix_print_opts *opts,
                                  char **text, bpemix_error *err);

#include <bpemix_lab.h>
#include <bpemix_report.h>
#include <bpemix_text.h>

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif

/* bpemix.h - estimate what a BPE tokenizer was trained on.
 *
 * The pipeline, in the order of this header:
 *
 *   tokenizer file --load--> bpemix_tokenizer      merge list m_1 .. m_T
 *   sample text   --count--> bpemix_trace          counts c[i][p][t]
 *   trace         --solve--> bpemix_result         shares alpha, slack v and u
 *
 * Names used here and the symbols of the paper (Hayase et al. 2024, "Data
 * Mixture Inference: What do BPE Tokenizers Reveal about their Training
 * Data?", section 3):
 *
 *   share      alpha_i  fraction of category i; always with its unit
 *   count      c_i,p^(t) occurrences of pair p in sample i after t merges
 *   step       t        index of a merge, 0 .. T-1
 *   slack      v^(t)    violation charged to a merge
 *   pair slack v_p      violation charged to a pair (u in our man pages)
 *
 * Every function that can fail returns a bpemix_status and takes an optional
 * bpemix_error as its last argument.  On failure outputs are untouched.
 * The library never prints, exits or aborts.  Objects may be used from several
 * threads at once as long as nobody modifies them. */
#ifndef BPEMIX_H
#define BPEMIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BPEMIX_VERSION "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define BPEMIX_API __attribute__((visibility("default")))
#else
#define BPEMIX_API
#endif

/* ---- errors --------------------------------------------------------- */

typedef enum bpemix_status {
    BPEMIX_OK = 0,
    BPEMIX_E_NOMEM,       /* out of memory */
    BPEMIX_E_IO,          /* a file could not be read or written */
    BPEMIX_E_USAGE,       /* an argument makes no sense */
    BPEMIX_E_FORMAT,      /* an input is damaged or not what it claims */
    BPEMIX_E_UNSUPPORTED, /* an input is sound but of a kind we refuse */
    BPEMIX_E_EMPTY,       /* a category has no text or no pairs */
    BPEMIX_E_MISMATCH,    /* inputs that do not belong together */
    BPEMIX_E_SOLVER,      /* the linear program was not solved */
    BPEMIX_E_INTERRUPTED, /* bpemix_cancel() was called */
    BPEMIX_E_BUG          /* an internal invariant is broken */
} bpemix_status;

/** What went wrong.  Stored by the caller and never allocated, so that running
 *  out of memory can be reported too.  "" means nothing to say. */
typedef struct bpemix_error {
    bpemix_status status;
    int64_t line;     /* from 1; 0 none */
    int64_t offset;   /* bytes from 0; -1 none */
    char where[256];  /* file, option or place inside a file */
    char what[256];   /* what was found */
    char hint[256];   /* what to do */
} bpemix_error;

/** Write "where: what; hint" into buf (always terminated).
 *  @return length of the whole text, as snprintf */
BPEMIX_API size_t bpemix_error_text(const bpemix_error *err, char *buf, size_t size);

/** Short name of a status, for example "E_FORMAT". */
BPEMIX_API const char *bpemix_status_name(bpemix_status status);

/** Ask running calls to stop soon with BPEMIX_E_INTERRUPTED.
 *  Async-signal-safe; sticky until bpemix_cancel_reset(). */
BPEMIX_API void bpemix_cancel(void);
BPEMIX_API void bpemix_cancel_reset(void);

/** Version of the library that is running, "MAJOR.MINOR.PATCH". */
BPEMIX_API const char *bpemix_version(void);

/* ---- tokenizers ------------------------------------------------------ */

/** A published tokenizer: its ordered merge list, alphabet, normalizer and
 *  pre-tokenizer.  Immutable once loaded. */
typedef struct bpemix_tokenizer bpemix_tokenizer;

typedef struct bpemix_load_opts {
    const char *pretokenizer; /* preset that replaces the file's own; NULL: the file's */
    bool keep_manual;         /* constrain merges that look added by hand or are too long, too */
} bpemix_load_opts;

/**
 * Read a tokenizer file, whatever its format (decided by content, plain or
 * compressed): tokenizer.json, merges.txt, rank files, SentencePiece, GGUF.
 *
 * @param path  "-" is standard input
 * @param opts  NULL means all defaults
 * @param out   owned by caller, free with bpemix_tokenizer_free()
 * @return BPEMIX_OK, _E_IO, _E_FORMAT, _E_UNSUPPORTED (for example a Unigram
 *         model), _E_USAGE (unknown preset) or _E_NOMEM
 */
BPEMIX_API bpemix_status bpemix_tokenizer_load(const char *path, const bpemix_load_opts *opts,
                                               bpemix_tokenizer **out, bpemix_error *err);
BPEMIX_API void bpemix_tokenizer_free(bpemix_tokenizer *tok);

/** Number of merges T. */
BPEMIX_API uint32_t bpemix_tokenizer_merges(const bpemix_tokenizer *tok);

/** SHA-256 of the merge list, one line "hex(left) SP hex(right) LF" a merge
 *  over raw bytes; 64 hex digits, valid as long as tok. */
BPEMIX_API const char *bpemix_tokenizer_digest(const bpemix_tokenizer *tok);

/** Everything the file tells, as the JSON object `bpemix inspect --json` writes
 *  under "tokenizer" (see bpemix-json(5)).  Owned by caller, free with
 *  bpemix_free(). */
BPEMIX_API bpemix_status bpemix_tokenizer_describe(const bpemix_tokenizer *tok, char **json,
                                                   bpemix_error *err);

/** Free a string that the library handed over. */
BPEMIX_API void bpemix_free(void *p);

/* ---- counting -------------------------------------------------------- */

/** A candidate category and where its sample text is. */
typedef struct bpemix_category {
    const char *name;         /* unique, not empty */
    const char *const *paths; /* paths[n_paths]: files, folders (recursively), "-" */
    size_t n_paths;
} bpemix_category;

typedef enum bpemix_text_unit {
    BPEMIX_TEXT_UNIT_AUTO,     /* line when no token spans a newline, else document */
    BPEMIX_TEXT_UNIT_DOCUMENT, /* a whole file or record is normalized and split at once */
    BPEMIX_TEXT_UNIT_LINE      /* each line with its line end */
} bpemix_text_unit;

typedef enum bpemix_invalid {
    BPEMIX_INVALID_AUTO,    /* keep for byte-level alphabets, refuse for others */
    BPEMIX_INVALID_KEEP,    /* malformed bytes are pieces of their own */
    BPEMIX_INVALID_REPLACE, /* each malformed byte becomes U+FFFD */
    BPEMIX_INVALID_REFUSE   /* fail, naming file and offset */
} bpemix_invalid;

/** Progress report; called from one thread at a time, a few times a second.
 *  stage: "counting", "replay", "solving"; text: one line without newline. */
typedef void bpemix_progress_fn(void *ctx, const char *stage, const char *text);

typedef struct bpemix_count_opts {
    uint64_t max_bytes;          /* per category, a reproducible sample of documents; 0: all */
    bpemix_text_unit text_unit;
    bpemix_invalid invalid;
    uint32_t merges;             /* replay the first so many merges; 0: all */
    bool jsonl;                  /* every input is JSONL, whatever its name */
    const char *field;           /* text field of JSONL records; NULL: "text" */
    const char *work;            /* run directory for resuming; NULL: none */
    uint32_t folds;              /* of documents, for intervals: 2 .. 255; 0: none */
    unsigned n_threads;          /* 0: all processors; never changes the result */
    bpemix_progress_fn *progress;
    void *progress_ctx;
} bpemix_count_opts;

/** Counts of every pair after every merge, per category; with what `solve`
 *  needs to know of the tokenizer and the samples. */
typedef struct bpemix_trace bpemix_trace;

/**
 * Split the samples into pre-tokens, count them and replay the merge list.
 *
 * @param tok   borrowed
 * @param cats  cats[n]; borrowed
 * @param opts  NULL means all defaults
 * @param out   owned by caller, free with bpemix_trace_free()
 * @return BPEMIX_OK, _E_IO, _E_FORMAT, _E_UNSUPPORTED (of an input), _E_USAGE (a name
 *         given twice, options that make no sense), _E_EMPTY (a category without text),
 *         _E_MISMATCH (words that were counted otherwise), _E_NOMEM, _E_INTERRUPTED
 */
BPEMIX_API bpemix_status bpemix_count(const bpemix_tokenizer *tok, const bpemix_category *cats,
                                      size_t n, const bpemix_count_opts *opts,
                                      bpemix_trace **out, bpemix_error *err);
BPEMIX_API void bpemix_trace_free(bpemix_trace *trace);

/** Write a trace (see bpemix-trace(5)); the file appears whole or not at all. */
BPEMIX_API bpemix_status bpemix_trace_save(const bpemix_trace *trace, const char *path,
                                           bpemix_error *err);

/**
 * Read traces and add them up: categories of the same name are summed, others
 * follow in order of first appearance.
 *
 * @return BPEMIX_OK, _E_IO, _E_FORMAT (cut, flipped or not a trace), _E_UNSUPPORTED
 *         (of another version), _E_MISMATCH (made with different tokenizers or
 *         options), _E_USAGE (n is 0), _E_NOMEM
 */
BPEMIX_API bpemix_status bpemix_trace_load(const char *const *paths, size_t n,
                                           bpemix_trace **out, bpemix_error *err);

/* ---- solving --------------------------------------------------------- */

typedef enum bpemix_method {
    BPEMIX_METHOD_DEFAULT, /* what measurement favours; see bpemix(7) */
    BPEMIX_METHOD_LP,      /* the paper's linear program (section 3.1) */
    BPEMIX_METHOD_MONOTONE /* the same with training counts that never increase */
} bpemix_method;

typedef enum bpemix_weights {
    BPEMIX_WEIGHTS_DEFAULT, /* the method's own */
    BPEMIX_WEIGHTS_NONE,
    BPEMIX_WEIGHTS_QUARTER /* max(theta, count)^(-1/4) taken at the unweighted optimum */
} bpemix_weights;

typedef enum bpemix_scale {
    BPEMIX_SCALE_DEFAULT, /* merges where the constraints start behind merge 0, else pairs */
    BPEMIX_SCALE_PAIRS,   /* minimise slack as a fraction of the pairs before any merge */
    BPEMIX_SCALE_MERGES   /* ... of the occurrences of the merges: relative slack */
} bpemix_scale;

typedef struct bpemix_solve_opts {
    uint32_t merge_from; /* constraints of merges merge_from .. merge_to - 1 */
    uint32_t merge_to;   /* 0: the default number for the categories at hand */
    bool merges_auto;    /* start where the inherited part of the list ends */
    bool merges_all;     /* up to the end of the list */
    double gap;          /* relative certified gap to stop at; 0: 1e-6 */
    double time_limit;   /* seconds; 0: none.  Stops with status "gap" */
    bpemix_method method;
    bpemix_weights weights;
    bpemix_scale scale;
    unsigned n_threads;
    bpemix_progress_fn *progress;
    void *progress_ctx;
} bpemix_solve_opts;

/** Low and high end of a range; NaN: not known. */
typedef struct bpemix_range {
    double low, high;
} bpemix_range;

/** Estimate for one category, or for a group of them.
 *
 *  Shares are told in three units: bytes of text, adjacent pairs before the first merge, and
 *  occurrences of the constrained merges ("what these merges were learned from").  A share that
 *  is not determined in a unit is NaN in it.  Ranges hold what explains the merges nearly as
 *  well as the best mixture; the outer ones allow for samples that are merely of the same kind
 *  as the training text. */
typedef struct bpemix_share {
    const char *name;
    double share_bytes, share_pairs, share_merges; /* each sums to 1 over the categories */
    bpemix_range range_bytes, range_pairs, range_merges;
    bpemix_range range_outer_bytes, range_outer_pairs, range_outer_merges;
    bool identified;              /* false: give the range, not the share.  Means nothing without ranges */
    double low_bytes, high_bytes; /* interval of share_bytes from folds; NaN: not estimated */
    uint64_t sample_bytes, sample_documents;
    uint64_t sample_words; /* pre-tokens, with repetition */
    uint64_t sample_pairs; /* adjacent symbol pairs before any merge */
} bpemix_share;

typedef struct bpemix_result bpemix_result;

/**
 * Estimate category shares from replayed pair counts.
 *
 * Minimises the total slack of "merge t was at least as frequent as every
 * other pair at step t" over the simplex (Hayase et al. 2024, section 3.1):
 * by default with training counts that never increase, and with slack weighed
 * by the level of the counts; BPEMIX_METHOD_LP is the paper's own program.
 * Stopping at a time limit, or short of the gap, is no failure: the result says so.
 *
 * @param trace  counts for n categories over T merges; borrowed, read only
 * @param opts   NULL means all defaults
 * @param out    set on success only; free with bpemix_result_free()
 * @return BPEMIX_OK, _E_NOMEM, _E_EMPTY (a category has no pairs, or none that is
 *         one of the merges or a rival), _E_USAGE (no such merges, or options that make
 *         no sense), _E_SOLVER (GLPK failed) or _E_INTERRUPTED
 */
BPEMIX_API bpemix_status bpemix_solve(const bpemix_trace *trace, const bpemix_solve_opts *opts,
                                      bpemix_result **out, bpemix_error *err);
BPEMIX_API void bpemix_result_free(bpemix_result *result);

BPEMIX_API size_t bpemix_result_categories(const bpemix_result *result);

/** The i-th category in the order given; valid as long as result. */
BPEMIX_API const bpemix_share *bpemix_result_share(const bpemix_result *result, size_t i);

/** Objective, certified lower bound and relative gap.  The first two are slack as a
 *  fraction of pairs, or, with weights, the weighted sum of it. */
BPEMIX_API void bpemix_result_quality(const bpemix_result *result, double *objective,
                                      double *lower_bound, double *gap);

/** The whole result as JSON (see bpemix-json(5)).  Without provenance, the text
 *  depends on inputs, options and seed alone.  Owned by caller, bpemix_free(). */
BPEMIX_API bpemix_status bpemix_result_json(const bpemix_result *result, bool provenance,
                                            char **json, bpemix_error *err);

#ifdef __cplusplus
}
#endif
#endif

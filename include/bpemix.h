/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bpemix.h - estimate what a BPE tokenizer was trained on.
 *
 * The pipeline, in the order of this header:
 *
 *   tokenizer file --load--> bpemix_tokenizer      merge list m_1 .. m_T
 *   sample text   --count--> bpemix_words          how often each pre-token occurs
 *   words        --replay--> bpemix_trace          counts c[i][p][t]
 *   trace         --solve--> bpemix_result         shares alpha, slack v and u
 *   results      --report--> text, pages, figures
 *
 * The laboratory, which trains tokenizers on known mixtures, is in bpemix_lab.h.
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
 *   A function that can fail returns a bpemix_status and takes an optional bpemix_error last.  On
 *   failure outputs are untouched.  Any may return BPEMIX_E_NOMEM, _E_BUG and, where options make
 *   no sense, _E_USAGE; what reads or writes files _E_IO, what takes long _E_INTERRUPTED.  Other
 *   reasons stand with the function.  The library never prints, exits or aborts.
 *
 *   Pointer arguments are borrowed for the call.  What is handed out through `out` belongs to the
 *   caller, who frees it with the _free() of its type; strings handed out through `json`, `text`,
 *   `lines` or `path` with bpemix_free().  Where two of these are handed out, NULL stands for one
 *   that is not wanted.  What a getter returns belongs to the object, and is valid as long as that
 *   is.  Getters of the i-th of something return NULL or false behind the last.  Freeing NULL is
 *   fine.
 *
 *   Structs of options start with their size: `bpemix_count_opts o = { .size = sizeof o };`.
 *   Members that are zero mean the default, and so does NULL in place of the struct, so that
 *   programs compiled today go on working when members are added.  The structs that getters fill
 *   in start with their size, too.
 *
 *   Texts are UTF-8 unless a comment says otherwise; sizes are bytes, times seconds.  JSON is as in
 *   bpemix-json(5).  "-" as a path is standard input.  n_threads is 0 for all processors, and never
 *   changes a result.
 *
 *   Objects may be used from several threads at once as long as nobody modifies them. */
#ifndef BPEMIX_H
#define BPEMIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BPEMIX_VERSION "0.1.0"

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
    BPEMIX_E_USAGE,       /* an argument makes no sense */
    BPEMIX_E_FORMAT,      /* an input is damaged or not what it claims */
    BPEMIX_E_UNSUPPORTED, /* an input is sound but of a kind we refuse */
    BPEMIX_E_EMPTY,       /* a category has no text or no pairs */
    BPEMIX_E_MISMATCH,    /* inputs that do not belong together */
    BPEMIX_E_SOLVER,      /* the linear program was not solved */
    BPEMIX_E_INTERRUPTED, /* bpemix_cancel() was called, or a progress function said so */
    BPEMIX_E_BUG          /* an internal invariant is broken */
} bpemix_status;

/** What went wrong.  Stored by the caller and never allocated, so that running out of memory can
 *  be reported too.  "" means nothing to say. */
typedef struct bpemix_error {
    bpemix_status status;
    int64_t line;    /* of the file, from 1; 0 none */
    int64_t offset;  /* bytes from 0; -1 none */
    char param[32];  /* member of an options struct that helps, such as "max_bytes" */
    char where[256]; /* file, argument or place inside a file */
    char what[256];  /* what was found */
    char hint[256];  /* what to do */
} bpemix_error;

/** The error as a JSON object. */
bpemix_status bpemix_error_json(const bpemix_error *of, char **json, bpemix_error *err);

/** Write "where:line: what; hint" into buf (always terminated), control characters escaped.
 *  @return length of the whole text, as snprintf */
size_t bpemix_error_text(const bpemix_error *err, char *buf, size_t size);

/** Short name of a status, for example "E_FORMAT". */
const char *bpemix_status_name(bpemix_status status);

/** Ask running calls to stop soon with BPEMIX_E_INTERRUPTED.
 *  Async-signal-safe; sticky until bpemix_cancel_reset(). */
void bpemix_cancel(void);
void bpemix_cancel_reset(void);

/** Version of the library that is running, "MAJOR.MINOR.PATCH". */
const char *bpemix_version(void);

/** Free a string that the library handed out. */
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

/** A candidate category and where its sample text is: in paths, or with `read`. */
typedef struct bpemix_category {
    const char *name;         /* unique, not empty */
    const char *const *paths; /* paths[n_paths]: files, folders (recursively), "-" */
    size_t n_paths;
    bpemix_read_fn *read;     /* NULL: paths.  Read once, so no sample is drawn: with max_bytes
                                 the first documents are taken */
    void *read_ctx;
} bpemix_category;

/** Do the names differ, does each have text, and is standard input read once?  Calls that take
 *  categories ask this themselves; it is here for those who want to know before other work. */
bpemix_status bpemix_categories_check(const bpemix_category *cats, size_t n, bpemix_error *err);

/** How far a call is. */
typedef struct bpemix_progress {
    const char *stage;    /* "counting", "replay", "solving", "intervals", "training", "trials" */
    uint64_t done, total; /* in `unit`; total 0: not known */
    const char *unit;     /* "bytes", "words", "rows", "folds", "merges", "trials" */
    double bound, gap;    /* solving: certified lower bound and relative gap; elsewhere NaN */
    double target;        /* solving: the gap at which it stops; elsewhere 0 */
} bpemix_progress;

/** Told of progress a few times a second, from one thread at a time.  Returning true stops
 *  this call, which then fails with BPEMIX_E_INTERRUPTED. */
typedef bool bpemix_progress_fn(void *ctx, const bpemix_progress *p);

/* ---- tokenizers ------------------------------------------------------ */

/** A published tokenizer: its ordered merge list, alphabet, normalizer and pre-tokenizer.
 *  Immutable once loaded. */
typedef struct bpemix_tokenizer bpemix_tokenizer;

typedef struct bpemix_load_opts {
    size_t size;
    const char *pretokenizer; /* preset that replaces the file's own; NULL: the file's */
    bool keep_manual;         /* constrain merges that look added by hand or are too long, too */
} bpemix_load_opts;

/** Read a tokenizer file, whatever its format (decided by content, plain or compressed):
 *  tokenizer.json, merges.txt, rank files, SentencePiece, GGUF; or parse one from memory, not
 *  compressed, where `name` stands for the file in messages.
 *  @return BPEMIX_OK, _E_FORMAT, _E_UNSUPPORTED (such as a Unigram model) or _E_USAGE (unknown
 *          preset) */
bpemix_status bpemix_tokenizer_load(const char *path, const bpemix_load_opts *opts,
                                    bpemix_tokenizer **out, bpemix_error *err);
bpemix_status bpemix_tokenizer_parse(const char *name, bpemix_text data,
                                     const bpemix_load_opts *opts, bpemix_tokenizer **out,
                                     bpemix_error *err);
void bpemix_tokenizer_free(bpemix_tokenizer *tok);

/** Number of merges T. */
uint32_t bpemix_tokenizer_merges(const bpemix_tokenizer *tok);

/** SHA-256 of the merge list, one line "hex(left) SP hex(right) LF" a merge over raw bytes;
 *  64 hex digits. */
const char *bpemix_tokenizer_digest(const bpemix_tokenizer *tok);

/** The i-th thing that was noticed while loading, one sentence. */
const char *bpemix_tokenizer_warning(const bpemix_tokenizer *tok, size_t i);

/** Name of the i-th pre-tokenizer that `pretokenizer` may name. */
const char *bpemix_preset_name(size_t i);

/** Everything the file and its merge list tell: the "tokenizer" object of bpemix-json(5), as
 *  the inspect command writes it, with up to `list` examples of every finding. */
bpemix_status bpemix_tokenizer_describe(const bpemix_tokenizer *tok, size_t list, char **json,
                                        bpemix_error *err);

typedef struct bpemix_inspect_opts {
    size_t size;
    const bpemix_load_opts *load; /* NULL: all defaults */
    size_t list;                  /* examples of every finding; 0: 5 */
} bpemix_inspect_opts;

/** What is known of a tokenizer file or a trace: all that the inspect command writes. */
bpemix_status bpemix_inspect(const char *path, const bpemix_inspect_opts *opts, char **json,
                             char **text, bpemix_error *err);

/* ---- encoding -------------------------------------------------------- */

#define BPEMIX_NO_TOKEN UINT32_MAX /* stands for text that has no token */

/** Text to token ids, as the tokenizer's own software does it.  For one thread at a time; the
 *  tokenizer must outlive it. */
typedef struct bpemix_encoder bpemix_encoder;

/** @return BPEMIX_OK, _E_USAGE (the tokenizer has no pre-tokenizer and none was named) or
 *          _E_UNSUPPORTED (it has no merges) */
bpemix_status bpemix_encoder_new(const bpemix_tokenizer *tok, bpemix_encoder **out,
                                 bpemix_error *err);
void bpemix_encoder_free(bpemix_encoder *enc);

/** Encode one document.  Tokens that a model wants around it (start, end) are not added.
 *  @param ids  ids[n], valid until the next call with this encoder
 *  @return BPEMIX_OK, _E_FORMAT (not UTF-8) or _E_UNSUPPORTED */
bpemix_status bpemix_encode(bpemix_encoder *enc, bpemix_text text, const uint32_t **ids, size_t *n,
                            bpemix_error *err);

/** The ids of one document; a status other than BPEMIX_OK ends the call. */
typedef bpemix_status bpemix_ids_fn(void *ctx, const uint32_t *ids, size_t n, bpemix_error *err);

/** Encode the documents of a file, plain or compressed: the whole file, or with jsonl, or when it
 *  is named so, `field` of each record (NULL: "text"). */
bpemix_status bpemix_encode_file(bpemix_encoder *enc, const char *path, bool jsonl,
                                 const char *field, bpemix_ids_fn *emit, void *ctx,
                                 bpemix_error *err);

/** Encode the documents of files as the encode command prints them.
 *  @param lines  one line of ids a document, "?" for text that has no token */
bpemix_status bpemix_encode_print(bpemix_encoder *enc, const char *const *paths, size_t n,
                                  bool jsonl, const char *field, char **json, char **lines,
                                  bpemix_error *err);

/** The bytes of a token; ptr is NULL when there is no such id. */
bpemix_text bpemix_encoder_token(const bpemix_encoder *enc, uint32_t id);

/* ---- counting -------------------------------------------------------- */

typedef enum bpemix_text_unit {
    BPEMIX_TEXT_UNIT_AUTO,     /* line when no token spans a newline, else document */
    BPEMIX_TEXT_UNIT_DOCUMENT, /* a whole file or record is normalized and split at once */
    BPEMIX_TEXT_UNIT_LINE      /* each line with its line end */
} bpemix_text_unit;

typedef enum bpemix_invalid {
    BPEMIX_INVALID_AUTO,    /* keep for byte-level alphabets, refuse for others */
    BPEMIX_INVALID_KEEP,    /* malformed bytes are pre-tokens of their own */
    BPEMIX_INVALID_REPLACE, /* each malformed byte becomes U+FFFD */
    BPEMIX_INVALID_REFUSE   /* fail, naming file and offset */
} bpemix_invalid;

/** What a user should know of the text, one line; text is valid during the call only. */
typedef void bpemix_warn_fn(void *ctx, const char *text);

typedef struct bpemix_count_opts {
    size_t size;
    uint64_t max_bytes;           /* per category, a reproducible sample of documents; 0: all */
    bpemix_text_unit text_unit;
    bpemix_invalid invalid;
    uint32_t merges;              /* replay the first so many merges; 0: all */
    bool jsonl;                   /* every input is JSONL, whatever its name */
    const char *field;            /* text field of JSONL records; NULL: "text" */
    const char *work;             /* run directory for resuming; NULL: none */
    uint32_t folds;               /* of documents, for intervals: 2 .. 255; 0: none */
    unsigned n_threads;
    bpemix_progress_fn *progress; /* NULL: none */
    void *progress_ctx;
    bool binary;                  /* count formats that are not text (PDF, images) all the same */
    bool skip_bad_records;        /* leave out JSONL records that cannot be read, with a warning */
    bpemix_warn_fn *warn;         /* called when counting is done; NULL: nobody */
    void *warn_ctx;
    const bpemix_category *other; /* other[n_other]: categories that are no candidates, counted as
                                     one column "other", whose share is told apart; NULL: none */
    size_t n_other;
    uint64_t other_bytes;         /* of each of these, as max_bytes; 0: all */
} bpemix_count_opts;

/** Counted pre-tokens of one or more categories. */
typedef struct bpemix_words bpemix_words;

/** Split the samples into pre-tokens and count them, as bpemix_count() does. */
bpemix_status bpemix_words_count(const bpemix_tokenizer *tok, const bpemix_category *cats, size_t n,
                                 const bpemix_count_opts *opts, bpemix_words **out,
                                 bpemix_error *err);

/** Read a file of counted words: one category.
 *  @return BPEMIX_OK, _E_FORMAT or _E_UNSUPPORTED (of another version) */
bpemix_status bpemix_words_load(const char *path, bpemix_words **out, bpemix_error *err);
void bpemix_words_free(bpemix_words *words);

/** Add the words of `from` to the category of `into` in the same place, whatever their names,
 *  and to the same fold.
 *  @return BPEMIX_OK, _E_MISMATCH (counted otherwise), _E_USAGE (not as many categories) or
 *          _E_NOMEM; in the last case `into` holds some of the sum */
bpemix_status bpemix_words_add(bpemix_words *into, const bpemix_words *from, bpemix_error *err);

/** Write category i to a file, which may stand in place of text in bpemix_category.paths; the
 *  file appears whole or not at all. */
bpemix_status bpemix_words_save(const bpemix_words *words, size_t i, const char *path,
                                unsigned n_threads, bpemix_error *err);

typedef struct bpemix_words_info {
    size_t size;
    const char *name;
    uint64_t distinct, total;  /* pre-tokens without (in a fold) and with repetition */
    uint64_t bytes, documents; /* of text read */
    uint64_t invalid_bytes;    /* malformed ones met */
    uint32_t folds;            /* counted apart; 0: none */
} bpemix_words_info;

/** How many categories; sizes of the i-th; its k-th pre-token and how often that occurs.  With
 *  folds a pre-token comes once for each that it is in, those of the first fold first. */
size_t bpemix_words_categories(const bpemix_words *words);
bool bpemix_words_get(const bpemix_words *words, size_t i, bpemix_words_info *out);
bool bpemix_words_item(const bpemix_words *words, size_t i, size_t k, bpemix_text *word,
                       uint64_t *count);

/** Counts of every pair after every merge, per category; with what bpemix_solve() needs to know of
 *  the tokenizer and the samples. */
typedef struct bpemix_trace bpemix_trace;

/** Split the samples cats[n] into pre-tokens, count them and replay the merge list.
 *  @return BPEMIX_OK, _E_FORMAT, _E_UNSUPPORTED (of an input), _E_USAGE (a name given twice),
 *          _E_EMPTY (a category without text) or _E_MISMATCH (words that were counted otherwise) */
bpemix_status bpemix_count(const bpemix_tokenizer *tok, const bpemix_category *cats, size_t n,
                           const bpemix_count_opts *opts, bpemix_trace **out, bpemix_error *err);
void bpemix_trace_free(bpemix_trace *trace);

/** File of the tokenizer that was replayed, and the i-th thing that was noticed about it, one
 *  sentence. */
const char *bpemix_trace_tokenizer(const bpemix_trace *trace);
const char *bpemix_trace_warning(const bpemix_trace *trace, size_t i);

/** Write a trace (see bpemix-trace(5)); the file appears whole or not at all. */
bpemix_status bpemix_trace_save(const bpemix_trace *trace, const char *path, bpemix_error *err);

/** Read traces paths[n] and add them up: categories of the same name are summed, others follow in
 *  order of first appearance.
 *  @return BPEMIX_OK, _E_FORMAT (cut, flipped or not a trace), _E_UNSUPPORTED (of another version)
 *          or _E_MISMATCH (made with different tokenizers or options) */
bpemix_status bpemix_trace_load(const char *const *paths, size_t n, bpemix_trace **out,
                                bpemix_error *err);

/* ---- chunks and the panel -------------------------------------------- */

/** How samples are cut into chunks, and what is kept. */
typedef struct bpemix_chunk_opts {
    size_t size;
    const bpemix_count_opts *count; /* inputs, folds and threads; NULL: all defaults */
    bool punctuation;      /* cut before U+3001, U+3002 and U+FF0C, too */
    uint64_t top, tail;    /* keep the `top` most frequent chunks of a category and `tail` draws
                              from the others, which stand for them; both 0: all chunks */
    uint64_t seed;         /* of the draws */
    const char *note;      /* text for people, what this is made of; NULL: none */
    const char *groups;    /* lines of category TAB group [TAB label]; NULL: none */
} bpemix_chunk_opts;

/** Cut samples into chunks, which the words of nearly every tokenizer follow from, count them, and
 *  write them to one file.  Such a file may stand in the place of text, for a category that it has
 *  (or, if it has one alone, for any).  See bpemix-chunks(1) and bpemix-chunks(5).
 *  @return as bpemix_count() */
bpemix_status bpemix_chunks_make(const bpemix_category *cats, size_t n,
                                 const bpemix_chunk_opts *opts, const char *path,
                                 bpemix_error *err);

/** What a file of chunks holds. */
typedef struct bpemix_chunks bpemix_chunks;
bpemix_status bpemix_chunks_open(const char *path, bpemix_chunks **out, bpemix_error *err);
void bpemix_chunks_free(bpemix_chunks *chunks);

/** How it was made. */
typedef struct bpemix_chunk_terms {
    size_t size;
    bool punctuation, sampled;
    uint32_t folds;           /* 0: none */
    uint64_t top, tail, seed;
    size_t n_categories;
    bpemix_text note, groups; /* as in bpemix_chunk_opts, not terminated; empty: none */
} bpemix_chunk_terms;

void bpemix_chunks_terms(const bpemix_chunks *chunks, bpemix_chunk_terms *out);

/** One category of it. */
typedef struct bpemix_chunk_category {
    const char *name;
    const char *group;                       /* NULL: none */
    uint64_t sample_bytes, sample_documents; /* of the text */
    uint64_t distinct, chunks;               /* kept; with repetition */
} bpemix_chunk_category;

const bpemix_chunk_category *bpemix_chunks_category(const bpemix_chunks *chunks, size_t i);

/** All of this as JSON. */
bpemix_status bpemix_chunks_describe(const bpemix_chunks *chunks, char **json, bpemix_error *err);

/** Path of the panel, the file of chunks that comes with the program: BPEMIX_PANEL in the
 *  environment, else the source tree's, else the installed one.
 *  @return BPEMIX_OK or _E_IO (there is none) */
bpemix_status bpemix_panel_find(char **path, bpemix_error *err);

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
    BPEMIX_SCALE_DEFAULT, /* merges where the constraints start behind merge 0, else pairs */
    BPEMIX_SCALE_PAIRS,   /* minimise slack as a fraction of the pairs before any merge */
    BPEMIX_SCALE_MERGES   /* ... of the occurrences of the merges: relative slack */
} bpemix_scale;

typedef struct bpemix_solve_opts {
    size_t size;
    uint32_t merge_from; /* constraints of merges merge_from .. merge_to - 1 */
    uint32_t merge_to;   /* 0: the default number for the categories at hand */
    bool merges_auto;    /* start where the inherited part of the list ends */
    bool merges_all;     /* up to the end of the list */
    double gap;          /* relative certified gap to stop at; 0: 1e-6, 1e-11 with the lp */
    double time_limit;   /* seconds; 0: none.  Stops with status "gap" */
    bpemix_method method;
    bpemix_weights weights;
    bpemix_scale scale;
    unsigned n_threads;
    bpemix_progress_fn *progress;
    void *progress_ctx;
    bool no_ranges;          /* leave the ranges out, which take longer than the shares */
    bool phases_auto;        /* find stretches of the list that were learned apart, infer each */
    double train_bytes;      /* size of the training text, for intervals from folds; 0: not known */
    const uint32_t *sweep;   /* sweep[n_sweep]: other numbers of merges to solve with, too */
    size_t n_sweep;
    const char *groups;      /* lines of category TAB group [TAB label]; NULL: none */
    const char *groups_name; /* its file, for messages; NULL: none */
    uint32_t merges_most;    /* the default number of merges is no larger; 0: 30,000 */
    const char *note;        /* a sentence about the samples, to be among the warnings of the
                                result; NULL: none */
} bpemix_solve_opts;

/** Shares of categories, and how far they can be trusted. */
typedef struct bpemix_result bpemix_result;

/** Estimate category shares from replayed pair counts.
 *
 *  Minimises the total slack of "merge t was at least as frequent as every other pair at step t"
 *  over the simplex (Hayase et al. 2024, section 3.1): by default with training counts that never
 *  increase, and with slack weighed by the level of the counts; BPEMIX_METHOD_LP is the paper's own
 *  program.  Stopping at a time limit, or short of the gap, is no failure: the result says so.
 *
 *  @return BPEMIX_OK, _E_EMPTY (a category has no pairs, or none that is one of the merges or a
 *          rival), _E_USAGE (no such merges) or _E_SOLVER (GLPK failed) */
bpemix_status bpemix_solve(const bpemix_trace *trace, const bpemix_solve_opts *opts,
                           bpemix_result **out, bpemix_error *err);

typedef struct bpemix_verify_opts {
    size_t size;
    const bpemix_solve_opts *solve; /* which merges, how exactly; NULL: all defaults */
    bool exact;                     /* the samples are the training text itself */
    int columns;                    /* width of the terminal; 0: 80 */
} bpemix_verify_opts;

/** Check a mixture that somebody claims: its slack against the least, how many true mixtures have
 *  as much, the merges that speak against it, and, with `exact`, the first merge that is not the
 *  most frequent pair of its step.
 *  @param claim  JSON: {"english": 0.7, ...} in shares of bytes, or a document with "categories"
 *                that have a name and a share_bytes
 *  @return BPEMIX_OK, _E_FORMAT (of the claim), _E_USAGE (a category without a sample), or as
 *          bpemix_solve() */
bpemix_status bpemix_verify(const bpemix_trace *trace, const char *claim,
                            const bpemix_verify_opts *opts, char **json, char **text,
                            bpemix_error *err);

typedef struct bpemix_explain_opts {
    size_t size;
    const bpemix_solve_opts *solve; /* which merges, how exactly; NULL: all defaults */
    const char *category;           /* what its share rests on; NULL: not asked */
    const char *merge;              /* what the merge with this product says; NULL: not asked */
    uint64_t list;                  /* rows of each direction, or rivals; 0: 20 */
    const bpemix_result *result;    /* the estimate to explain: solved with its merges, weights,
                                       scale and gap, from a trace of the same tokenizer and
                                       samples; NULL: any */
} bpemix_explain_opts;

/** Tell what an estimate rests on: the merges and competing pairs with the strongest pull on the
 *  share of a category, and that share without them; or the counts, rivals and rank of a merge; or,
 *  with neither, the rows that the objective is made of.  Always by the monotone program.
 *  trace may be NULL with a result, which fails and says which tokenizer and samples are missing.
 *  @return BPEMIX_OK, _E_USAGE (no such category or merge, or both asked for), _E_MISMATCH (the
 *          trace is not the result's), or as bpemix_solve() */
bpemix_status bpemix_explain(const bpemix_trace *trace, const bpemix_explain_opts *opts,
                             char **json, char **text, bpemix_error *err);

/* ---- results --------------------------------------------------------- */

/** Read a result from the JSON that bpemix_result_json() wrote.
 *  @return BPEMIX_OK or _E_FORMAT (not a result, or of another schema) */
bpemix_status bpemix_result_load(const char *path, bpemix_result **out, bpemix_error *err);
void bpemix_result_free(bpemix_result *result);

/** How well the mixture explains the merges, and how far the shares can be trusted. */
typedef struct bpemix_fit {
    size_t size;
    uint32_t merge_from, merge_to;    /* constrained merges are merge_from .. merge_to - 1 */
    uint32_t merges_used;             /* of those, with a constraint */
    uint32_t merges_excluded;         /* added by hand, repeated ...: without one */
    uint32_t merges_missing;          /* in no sample although nothing forbids them */
    uint32_t merges_impossible;       /* no sample can have them: cut, or behind a newline */
    uint32_t folds;                   /* behind the intervals; 0: none */
    double slack_merges, slack_pairs; /* sums of v and u, fractions of pairs */
    double slack_relative;            /* their sum / sum of the training counts */
    double slack_large;               /* share of merges with slack above half their count */
    double disagreement;              /* largest difference to the other solution; NaN: none */
    double objective, lower_bound;    /* as minimised, and certified: slack as a fraction of pairs,
                                         or, with weights, the weighted sum of it */
    double gap;                       /* relative, between the two */
    const char *verdict;              /* "good", "fair", "poor", "unusable", or "unknown" when
                                         nothing judged the shares */
    const char *uncovered;            /* what the samples do not cover, one sentence; NULL: nothing
                                         is missing */
    bool outer;                       /* go by the outer ranges: samples that were drawn like the
                                         training text do not leave so much slack */
} bpemix_fit;

void bpemix_result_fit(const bpemix_result *result, bpemix_fit *out);

/** The i-th warning, one sentence. */
const char *bpemix_result_warning(const bpemix_result *result, size_t i);

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
    bool identified;              /* false: give the range, not the share: it is wider than 10
                                     points of the headline unit.  Means nothing without ranges */
    double low_bytes, high_bytes; /* interval of share_bytes from folds; NaN: not estimated */
    uint64_t sample_bytes, sample_documents;
    uint64_t sample_words; /* pre-tokens, with repetition */
    uint64_t sample_pairs; /* adjacent symbol pairs before any merge */
} bpemix_share;

/** How many categories, and the i-th in the order given. */
size_t bpemix_result_categories(const bpemix_result *result);
const bpemix_share *bpemix_result_share(const bpemix_result *result, size_t i);

/** The pooled column of bpemix_count_opts.other: its share of all text, while the shares of the
 *  categories add up to 1 without it; NULL: there is none. */
const bpemix_share *bpemix_result_other(const bpemix_result *result);

/** Share of bytes of category i without the documents of fold k; NaN when there is none. */
double bpemix_result_replicate(const bpemix_result *result, size_t k, size_t i);

/** A reason for the verdict. */
typedef struct bpemix_reason {
    size_t size;
    const char *level;   /* what this reason alone leads to: "good", "fair", "poor", "unusable" */
    const char *code;    /* "slack", "missing", ...: see bpemix-json(5) */
    const char *text;    /* a sentence with its numbers */
    double value, limit; /* the number, and what it should not have passed; NaN: none */
} bpemix_reason;

/** The sum of several categories. */
typedef struct bpemix_group {
    size_t size;
    const bpemix_share *share; /* of the sum; its name is NULL for those that are inseparable */
    const uint32_t *member;    /* member[n_members]: indices of categories, ascending */
    size_t n_members;
} bpemix_group;

/** The shares as they would be with another number of merges. */
typedef struct bpemix_sweep_point {
    size_t size;
    uint32_t merges;
    double slack_relative;
    const double *share_bytes, *share_pairs, *share_merges; /* each [categories]; NULL: not known */
} bpemix_sweep_point;

/** One solution of the program. */
typedef struct bpemix_solution {
    size_t size;
    const char *method, *weights; /* "monotone", "quarter" */
    const char *status;           /* "optimal", or "gap": stopped short of it */
    double objective, lower_bound, gap;
    const double *share_bytes, *share_pairs; /* each [categories] */
    uint64_t rows, rounds;                   /* of the linear program, or cuts and oracle calls */
    double elapsed_sec;
} bpemix_solution;

/** A merge that occurs in no sample.  Tokens are spelled as in bpemix-json(5). */
typedef struct bpemix_missing {
    size_t size;
    uint32_t step;
    const char *left, *right;
    const char *reason; /* "newline", "cut" by the pre-tokenizer, "unmade" or "unseen" */
} bpemix_missing;

/** A merge that the mixture explains badly. */
typedef struct bpemix_worst {
    size_t size;
    uint32_t step;
    const char *left, *right;
    const char *rival_left, *rival_right; /* the pair that was more frequent; NULL: none */
    double slack, count, rival_count;     /* fractions of pairs */
    const char *script;                   /* of the merge's letters; NULL: it has none */
    const char *category, *rival_category; /* that supply most of the counts; NULL: not known */
} bpemix_worst;

/** The i-th reason for the verdict, the gravest first; group by the labels that were given; set of
 *  categories that can only be told together; point of the sweep; solution, of which the first is
 *  the one that bpemix_result_share() tells; merge that is missing; and merge that is explained
 *  worst, the worst first. */
bool bpemix_result_reason(const bpemix_result *result, size_t i, bpemix_reason *out);
bool bpemix_result_group(const bpemix_result *result, size_t i, bpemix_group *out);
bool bpemix_result_inseparable(const bpemix_result *result, size_t i, bpemix_group *out);
bool bpemix_result_sweep(const bpemix_result *result, size_t i, bpemix_sweep_point *out);
bool bpemix_result_solution(const bpemix_result *result, size_t i, bpemix_solution *out);
bool bpemix_result_missing(const bpemix_result *result, size_t i, bpemix_missing *out);
bool bpemix_result_worst(const bpemix_result *result, size_t i, bpemix_worst *out);

/** The whole result as JSON.  provenance: 0 leaves it out, so that the text depends on inputs,
 *  options and seed alone; 1: with a line for the text of each category; 2: with every file. */
bpemix_status bpemix_result_json(const bpemix_result *result, int provenance, char **json,
                                 bpemix_error *err);

typedef struct bpemix_print_opts {
    size_t size;
    const char *unit; /* "bytes", "pairs" or "merges"; NULL: the result's headline unit */
    bool color;       /* with escape sequences for a terminal */
    bool force;       /* shares even where the verdict is that they are unusable */
    int verbose;      /* > 0: the worst merges and the missing ones, too */
    uint64_t list;    /* so many of each; 0: 20 */
    int columns;      /* width of the terminal; 0: 80 */
} bpemix_print_opts;

/** The result as a table for people, largest share first. */
bpemix_status bpemix_result_print(const bpemix_result *result, const bpemix_print_opts *opts,
                                  char **text, bpemix_error *err);

/* ---- reports --------------------------------------------------------- */

/** A result and what it is called in a report: "GPT-4o". */
typedef struct bpemix_labelled {
    const char *label;
    const bpemix_result *result;
} bpemix_labelled;

typedef enum bpemix_unit {
    BPEMIX_UNIT_BYTES, /* of text */
    BPEMIX_UNIT_PAIRS, /* adjacent symbols before any merge */
    BPEMIX_UNIT_MERGES /* occurrences of the constrained merges */
} bpemix_unit;

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
    const char *groups_name; /* of the file they come from, for messages; may be NULL */
    const char *part;        /* one figure or table alone; NULL: all, or the first one */
    const char *title;       /* NULL: made from the labels */
    size_t list;             /* merges a tokenizer in the table of evidence; 0: 10 */
    bool hatch;              /* hatches besides colours, for print in grey */
    bool color;              /* BPEMIX_FORMAT_TERMINAL: with escape sequences */
} bpemix_report_opts;

/** Results side by side: verdicts in words, figures, tables.  Computes nothing that is not in the
 *  results but sums of shares.
 *  @param len  bytes of text without the terminating zero; may be NULL
 *  @return BPEMIX_OK, _E_USAGE (no results, a label twice, no such part), _E_FORMAT (groups) or
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
    const char *truth_name; /* of the file it comes from, for messages; may be NULL */
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

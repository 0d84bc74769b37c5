/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bpemix_text.h - text by itself: encoded, or counted once for many runs.
 *
 * Encoding shows what a tokenizer makes of a text.  Words are what counting keeps of a sample for
 * one tokenizer; chunks are what the words of nearly every tokenizer follow from, as in the panel,
 * the samples that come with bpemix.  The rules at the top of bpemix.h hold here, too. */
#ifndef BPEMIX_TEXT_H
#define BPEMIX_TEXT_H

#ifndef BPEMIX_H
#error "include bpemix.h, which includes this"
#endif

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

/** The bytes of a token; ptr is NULL when there is no such id. */
bpemix_text bpemix_encoder_token(const bpemix_encoder *enc, uint32_t id);

typedef struct bpemix_encode_opts {
    size_t size;
    bool jsonl;        /* every file is JSONL, whatever its name and its lines look like */
    const char *field; /* text field of JSONL records; NULL: "text" */
} bpemix_encode_opts;

/** Encode the documents of files, plain or compressed, as the encode command prints them.  A
 *  document is a whole file, or a record of a file that is named .jsonl or whose lines are JSON
 *  objects with the field.
 *  @param lines  one line of ids a document, "?" for text that has no token
 *  @return BPEMIX_OK, _E_FORMAT (not UTF-8, or a record without the field) or _E_UNSUPPORTED */
bpemix_status bpemix_encode_files(bpemix_encoder *enc, const char *const *paths, size_t n,
                                  const bpemix_encode_opts *opts, char **json, char **lines,
                                  bpemix_error *err);

/* ---- words ----------------------------------------------------------- */

/** Counted pre-tokens of one or more categories, for one tokenizer. */
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
 *  @return BPEMIX_OK, _E_MISMATCH (counted otherwise), _E_USAGE (not as many categories, or
 *          `into` itself) or _E_NOMEM; in the last case `into` holds some of the sum */
bpemix_status bpemix_words_add(bpemix_words *into, const bpemix_words *from, bpemix_error *err);

/** Write category i to a file, which may stand in place of text in bpemix_category.paths: see
 *  bpemix-words(5). */
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

/** Sizes of the i-th category; its k-th pre-token and how often that occurs.  With folds a
 *  pre-token comes once for each that it is in, those of the first fold first. */
bool bpemix_words_get(const bpemix_words *words, size_t i, bpemix_words_info *out);
bool bpemix_words_item(const bpemix_words *words, size_t i, size_t k, bpemix_text *word,
                       uint64_t *count);

/* ---- chunks and the panel -------------------------------------------- */

/** How samples are cut into chunks, and what is kept. */
typedef struct bpemix_chunk_opts {
    size_t size;
    const bpemix_count_opts *count; /* inputs, folds and threads */
    bool punctuation;   /* cut before U+3001, U+3002 and U+FF0C, too */
    uint64_t top, tail; /* keep the `top` most frequent chunks of a category and `tail` draws from
                           the others, which stand for them; both 0: all chunks */
    uint64_t seed;      /* of the draws */
    const char *note;   /* text for people, what this is made of; NULL: none */
    const char *groups; /* lines of category TAB group [TAB label]; NULL: none */
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

/** Read how it was made and what is in it, but none of the chunks.
 *  @return BPEMIX_OK, _E_FORMAT (damaged, or no chunks) or _E_UNSUPPORTED (of another version) */
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

/** One category of it. */
typedef struct bpemix_chunk_category {
    const char *name;
    const char *group;                       /* NULL: none */
    uint64_t sample_bytes, sample_documents; /* of the text */
    uint64_t distinct, chunks;               /* kept; with repetition */
} bpemix_chunk_category;

/** How the file was made; its i-th category; all of this as JSON. */
void bpemix_chunks_terms(const bpemix_chunks *chunks, bpemix_chunk_terms *out);
const bpemix_chunk_category *bpemix_chunks_category(const bpemix_chunks *chunks, size_t i);
bpemix_status bpemix_chunks_describe(const bpemix_chunks *chunks, char **json, bpemix_error *err);

/** The same for people: a table of the categories for a display of so many columns (0: 80), and how
 *  the file was made. */
bpemix_status bpemix_chunks_print(const bpemix_chunks *chunks, int columns, char **text,
                                  bpemix_error *err);

/** Path of the panel, the file of chunks that comes with the program: BPEMIX_PANEL in the
 *  environment, else the source tree's, else the installed one.
 *  @return BPEMIX_OK or _E_IO (there is none) */
bpemix_status bpemix_panel_find(char **path, bpemix_error *err);

#endif

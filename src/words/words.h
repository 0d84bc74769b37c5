/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.h - how often each pre-token occurs in the sample of one category. */
#ifndef BMX_WORDS_WORDS_H
#define BMX_WORDS_WORDS_H

#include "base/hash.h"
#include "read/source.h"
#include "split/rule.h"

typedef struct bmx_words {
    char *name;              /* category */
    char key[65];            /* how text became words (bmx_text_rule), "": not known */
    bmx_intern word;         /* distinct pre-tokens; raw bytes or UTF-8 by alphabet */
    uint64_t *count;         /* count[word.n], occurrences */
    size_t count_cap;
    bool in_order;           /* words strictly rise in byte order */
    char stamp[65];          /* of a file in a run directory: digest of its inputs; "": none */
    uint32_t n_folds;        /* this is one of so many folds of the category; 0: all of it */
    bool sampled;            /* a sample of chunks is in it: counts are right on average only */
    uint64_t bytes;          /* of sample text as read, before normalization */
    uint64_t documents;
    uint64_t pretokens;         /* pre-tokens with repetition */
    uint64_t invalid_bytes;  /* malformed bytes met */
    bmx_input_record *input; /* input[n_inputs], in the order read */
    size_t n_inputs, inputs_cap;
    bmx_texts warning;       /* warnings about the text */
} bmx_words;

#define BMX_MAX_FOLDS 255u

/* A category that is a single file is divided into contiguous parts of its text, one a fold, of at
 * least so many bytes; shorter ones resemble each other too much.  In trials the interval of 8
 * parts of 1 MB held the truth as often as it should, of 32 kB in 81 to 86 % of the cases. */
#define BMX_LEAST_PART 32000
#define BMX_SMALL_PART 100000

void bmx_words_release(bmx_words *w);

/* Tallies that the words of a category are kept in: its folds, or one. */
static inline size_t bmx_words_tallies(const bmx_words *w) { return w->n_folds ? w->n_folds : 1; }

/* Release all tallies of a category, and the array. */
void bmx_words_free(bmx_words *w);

/* Add to `pretokens`; E_UNSUPPORTED beyond 2^63 - 1, so that no count that is a part of them
 * can overflow. */
bpemix_status bmx_words_add_pretokens(bmx_words *w, uint64_t n, bpemix_error *err);

/* Add to the totals of the text.  E_UNSUPPORTED, with nothing changed, when one would be beyond
 * 2^63 - 1. */
bpemix_status bmx_words_add_text(bmx_words *w, uint64_t bytes, uint64_t documents,
                                 uint64_t invalid_bytes, bpemix_error *err);

/* Count occurrences of one pre-token; adds to `pretokens`. */
bpemix_status bmx_words_add(bmx_words *w, bmx_slice word, uint64_t n, bpemix_error *err);

/* Make room in an empty object for n distinct words, as bmx_intern_lay_out();
 * the caller puts in words in byte order, counts and pretokens. */
bpemix_status bmx_words_lay_out(bmx_words *w, size_t n, size_t bytes, char **text,
                                bpemix_error *err);

/* Make room for n distinct words: faster than growing step by step. */
bpemix_status bmx_words_reserve(bmx_words *w, size_t n, bpemix_error *err);

/* Note an input; its path is copied. */
bpemix_status bmx_words_add_input(bmx_words *w, const bmx_input_record *input,
                                  bpemix_error *err);

/* Add warnings about the text that are not there yet. */
bpemix_status bmx_words_add_warnings(bmx_words *w, const bmx_texts *more, bpemix_error *err);

/* Add src to dst, whose name stays.  E_MISMATCH when their keys differ. */
bpemix_status bmx_words_merge(bmx_words *dst, const bmx_words *src, bpemix_error *err);

/* Names are there and differ, each category has text, standard input is read once. */
bpemix_status bmx_categories_check(const bpemix_category *cats, size_t n, bpemix_error *err);

/* Count all categories: out[n_cats], zeroed by the caller, released by the
 * caller also on failure.  With folds, out[n_cats * folds], the folds of a
 * category behind one another; its inputs are noted with the first.  The fold
 * of a document follows from how it begins, and from nothing else.  Words come out in
 * byte order, whatever the number of threads.  Files written by bmx_words_save() may stand among
 * the inputs. */
bpemix_status bmx_words_count(const bmx_text_rule *rule, const bpemix_category *cats,
                              size_t n_cats, const bpemix_count_opts *opts, bmx_words *out,
                              bpemix_error *err);

/* ---- files of counted words ---- */

/* Serialise the tallies w[] of one category (w->n_folds says how many; inputs and stamp are
 * those of the first); words are written in byte order, so equal counts give equal bytes. */
bpemix_status bmx_words_write(const bmx_words *w, unsigned n_threads, bmx_buf *out,
                              bpemix_error *err);

/* Parse into new tallies, bmx_words_tallies(*out) of them; free with bmx_words_free().  `where`
 * names the file in messages; key NULL accepts any.  E_FORMAT (truncated, damaged or foreign) or
 * E_MISMATCH (another key).  Only the first tally gets the name. */
bpemix_status bmx_words_read(const char *where, bmx_slice data, const char *key, bmx_words **out,
                             bpemix_error *err);

bpemix_status bmx_words_save(const bmx_words *w, const char *path, unsigned n_threads,
                             bpemix_error *err);
bpemix_status bmx_words_load(const char *path, const char *key, bmx_words **out,
                             bpemix_error *err);

/* ---- run directories (--work) ----
 *
 * The words of each finished category are kept in a file (one a fold, if there
 * are folds) whose stamp is a digest of the options and of path (as given and absolute),
 * size and time of every input, so that an interrupted run goes on where it was.  Processes
 * may share a directory. */

/* The stamp of a category; *stamp = "" when its text cannot be read again (standard input). */
bpemix_status bmx_work_stamp(const bmx_source *s, const char *key,
                             const bpemix_count_opts *opts, char stamp[65], bpemix_error *err);

/* The file that a run directory has of a category. */
typedef struct bmx_work_file {
    const char *dir, *name; /* the directory, the category */
    const char *key;        /* of the rule that its words were split by */
    const char *stamp;
} bmx_work_file;

/* Fill out[n] (zeroed; the n folds, or 1) from the file; *found = false, and out zeroed, when it
 * is missing or damaged. */
bpemix_status bmx_work_load(const bmx_work_file *file, bmx_words *out, size_t n, bool *found,
                            bpemix_error *err);

/* Keep w[], the tallies of one category, with its stamp.  Makes the directory if it is missing. */
bpemix_status bmx_work_save(const char *dir, const char stamp[65], bmx_words *w, bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file.h - files of counted words: see bpemix-words(5). */
#ifndef BMX_WORDS_FILE_H
#define BMX_WORDS_FILE_H

#include "words/words.h"

/* Serialize the tallies w[] of one category (w->n_folds says how many; inputs and stamp are
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

#endif

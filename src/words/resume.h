/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resume.h - run directories (--work).
 *
 * The words of each finished category are kept in a file (one a fold, if there
 * are folds) whose stamp is a digest of the options and of path (as given and absolute),
 * size and time of every input, so that an interrupted run goes on where it was.  Processes
 * may share a directory. */
#ifndef BMX_WORDS_RESUME_H
#define BMX_WORDS_RESUME_H

#include "words/words.h"

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

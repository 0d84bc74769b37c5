/* SPDX-License-Identifier: GPL-3.0-or-later */
/* occur.h - in which category of a file of chunks a text is most frequent. */
#ifndef BMX_WORDS_OCCUR_H
#define BMX_WORDS_OCCUR_H

#include "words/chunk_file.h"

/* Where a text is most frequent: occurrences per byte of a category's chunks. */
typedef struct bmx_occur {
    size_t category;       /* of the file, from 0; SIZE_MAX: it occurs in none */
    uint64_t count, bytes; /* occurrences, each as often as its chunk; bytes of these chunks */
} bmx_occur;

/* most[n]: for each of text[n].  Occurrences may overlap, and lie anywhere in a chunk but across
 * its ends.  A text of less than two bytes is not looked for.  Of categories with the same
 * frequency the first one is taken.  Categories with skip[category] are left out; skip may be
 * NULL. */
bpemix_status bmx_occur_most(const bmx_chunk_file *f, const bool *skip, const bmx_slice *text,
                             size_t n, unsigned n_threads, bmx_occur *most, bpemix_error *err);

#endif

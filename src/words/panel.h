/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel.h - making a file of chunks, and finding the one that comes with the program. */
#ifndef BMX_WORDS_PANEL_H
#define BMX_WORDS_PANEL_H

#include "words/chunk_file.h"

/* Count the chunks of all categories, keep a sample of them if `terms` says so (top or tail),
 * and write the file.  terms->n_folds is taken from the options, terms->sampled from what is
 * done.  opts may be NULL. */
bpemix_status bmx_chunks_make(const bpemix_category *cats, size_t n_cats,
                              const bmx_chunk_terms *terms, const bpemix_count_opts *opts,
                              const char *path, bpemix_error *err);

/* Path of the panel, freed with bmx_free(): what the environment variable BPEMIX_PANEL names;
 * else the file of the source tree that this library was built in; else the installed one.
 * E_IO when there is none, or BPEMIX_PANEL is "none". */
bpemix_status bmx_panel_find(char **path, bpemix_error *err);

/* The group of a category by lines of "category TAB group [TAB label]"; false: it has none. */
bool bmx_group_of(const char *groups, const char *category, bmx_slice *group);

#endif

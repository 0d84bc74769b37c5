/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay.h - apply a merge list to counted words and record every count. */
#ifndef BMX_REPLAY_REPLAY_H
#define BMX_REPLAY_REPLAY_H

#include "base/progress.h"
#include "replay/trace.h"
#include "replay/word_union.h"

typedef struct bmx_replay_opts {
    uint32_t n_merges; /* replay the first so many; 0: all */
    unsigned n_threads;
    bmx_progress *progress; /* NULL: nobody is told */
} bmx_replay_opts;

/* Replay the merges of tok over words[n_tallies], one entry per category or, with folds, per fold
 * of it.  Names and sizes are copied; words stay the caller's.  The trace's facts and options are
 * left empty.  E_EMPTY when no fold of a category has a pair. */
bpemix_status bmx_replay(const bpemix_tokenizer *tok, const bmx_words *words, size_t n_tallies,
                         const bmx_replay_opts *opts, bpemix_trace **out, bpemix_error *err);

/* Samples to trace: count the words of n categories, replay the list, note what solving
 * needs to know of the tokenizer.  See bpemix_count() for the errors. */
bpemix_status bmx_count(const bpemix_tokenizer *tok, const bpemix_category *cats, size_t n,
                        const bpemix_count_opts *opts, bpemix_trace **out, bpemix_error *err);

/* The same for words whose union is there already; of words[n_tallies] all is used but the
 * words. */
bpemix_status bmx_replay_union(const bpemix_tokenizer *tok, const bmx_words *words,
                               size_t n_tallies, const bmx_word_union *all,
                               const bmx_replay_opts *opts, bpemix_trace **out, bpemix_error *err);

#endif

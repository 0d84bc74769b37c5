/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job.h - what the threads that count share (count.c draws it), and what each has of its own. */
#ifndef BMX_WORDS_JOB_H
#define BMX_WORDS_JOB_H

#include "base/progress.h"
#include "words/chunk.h"
#include "words/sum.h"
#include "words/unit.h"

#include <pthread.h>
#include <stdatomic.h>

#define BMX_COUNT_NO_CATEGORY SIZE_MAX

/* What was counted of one fold of a category, or of all of it: by a worker, and
 * by all of them. */
typedef struct bmx_count_totals {
    uint64_t bytes, documents, invalid_bytes;
    uint64_t left_out; /* of the bytes: lines that the trainer skips */
} bmx_count_totals;

typedef struct bmx_count_tally {
    bmx_word_table tab;
    bmx_count_totals totals;
} bmx_count_tally;

typedef struct bmx_count_tally_sum {
    bmx_word_sum words;
    bmx_count_totals totals;
} bmx_count_tally_sum;

typedef struct bmx_count_category {
    bmx_count_tally_sum *sum;          /* sum[n_tallies] */
    char stamp[65];
    atomic_bool unneeded;     /* after a failure: what has not been read yet is not needed */
    pthread_mutex_t lock;
    /* below: under this lock, until nobody uses the category any more */
    bmx_source *source;
    uint64_t skipped; /* records left out; set when the source is closed */
    uint64_t n_blocks;
    bmx_words loaded;         /* totals and inputs of files of counted words */
    size_t *loaded_from;      /* loaded_from[loaded.n_inputs]: file each input came with */
    size_t loaded_cap;
    uint64_t part_bytes;      /* of contiguous text for each fold; 0: documents are dealt out.  Set
                                 before the workers start */
    bool sampled;             /* some of it was a sample of chunks */
    const char *close;        /* why the words from those chunks are not exact; NULL: they are */
    /* below: under the job's */
    bool is_open;             /* sum is ready for words */
    bool read_all;            /* or taken from the run directory */
    size_t users;
} bmx_count_category;

typedef struct bmx_count_job {
    const bpemix_category *cats;
    size_t n_cats;
    size_t n_tallies;           /* folds, or 1 */
    const bpemix_count_opts *opts;
    unsigned cuts;              /* text is cut into chunks (chunk.h); 0: into words */
    const bmx_chunks_taker *taker; /* of chunks; NULL: they go to `out` */
    bmx_unit_plan plan;         /* for words */
    bmx_source_opts source_opts;
    char key[65];
    bmx_count_category *category; /* category[n_cats] */
    bmx_words *out;             /* out[n_cats][n_tallies] */
    unsigned n_threads;
    pthread_mutex_t lock;
    /* below: under lock */
    bool fit_known;
    bmx_chunk_fit fit;          /* of chunks among the inputs, when they are cut at spaces, */
    bmx_chunk_fit fit_marks;    /* and at marks, too */
    const char *why, *why_marks; /* why not */
    size_t begun;               /* categories 0 .. begun-1 */
    size_t n_reading;           /* workers that have blocks to look at, or may get some */
    size_t n_finishing;         /* categories */
    size_t failed_cat;
    uint64_t failed_block, bytes_done;
    uint64_t bytes_total;       /* 0: not known; set before the workers start */
    bpemix_status status;
    bpemix_error error;
    bmx_progress progress;
} bmx_count_job;

typedef struct bmx_count_worker {
    bmx_count_job *job;
    bmx_unit_splitter splitter;
    bmx_buf record, start;
    bmx_block block;
    bmx_count_tally *tallies; /* tallies[n_tallies] */
    bmx_count_tally *to;      /* the one of the document at hand */
    size_t cat;      /* category of the words in tallies, NO_CATEGORY: none */
} bmx_count_worker;

/* The words of a category that has been counted, into its out[]; by one thread. */
bpemix_status bmx_count_finish(bmx_count_job *j, size_t cat, bpemix_error *err);

/* Count the block at hand of the worker's category. */
bpemix_status bmx_count_block(bmx_count_worker *w, bpemix_error *err);

#endif

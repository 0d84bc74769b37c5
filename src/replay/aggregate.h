/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aggregate.h - from hits of single words to the sorted counts of all pairs, in six phases.
 *
 *   hits of a worker --1--> a run --2--> one run --3--> sums by range of merges    (all workers')
 *   --4--> events by left symbol --5--> events by pair, step, category --6--> the trace
 *
 * Phases 1 and 2 go on while words are replayed, in each worker by itself (aggregate.c); 3 to 6
 * follow once, with tasks that share no memory (events.c, and sort_events.c for 5).
 *
 * 1. The hits in a worker's buffer are sorted by merge, and the contexts (runs.h) of each merge are
 *    added up: a run.  One context of a neighbour stands for two events, so words are added up
 *    while the data is small.
 * 2. A worker that has gathered twice what its first run holds replaces its runs by their sum.
 *    Memory thus follows the distinct contexts, that is the trace, not the words.
 * 3. The runs of all workers are added up, each range of merges by one task.
 * 4. Contexts become events, which are counted and then placed by left symbol, in order of step.
 * 5. The events of a left symbol are sorted by right symbol; those of one pair, step and category
 *    are added up, and zeros are dropped.
 * 6. The gaps that this leaves are closed, and the pairs are listed. */
#ifndef BMX_REPLAY_AGGREGATE_H
#define BMX_REPLAY_AGGREGATE_H

#include "replay/apply.h"
#include "replay/initial.h"
#include "replay/runs.h"
#include "replay/trace.h"

/* Which categories a word occurs in, and how often: entries
 * first[w] .. first[w + 1) of cat and count, for each word w.  No count is 0. */
typedef struct bmx_postings {
    uint32_t *cat;
    uint64_t *count;
    size_t *first;
} bmx_postings;

typedef struct bmx_aggregate {
    bmx_hits hits; /* first member: hits.full finds the rest */
    const bmx_postings *postings;
    uint32_t n_merges;
    bmx_hit *sorted;      /* sorted[hits.cap] */
    size_t *start;        /* start[n_merges + 1] */
    bmx_run *run;         /* run[n_runs] */
    size_t n_runs, runs_cap;
    size_t pending, most_pending; /* contexts in run[1 ..]; this many before runs are added up */
    bmx_sums sums;
    uint64_t *fired;      /* fired[n_cats]: how often a merge did, all 0 between two merges */
    uint32_t *fired_cat;  /* fired_cat[n_fired]: where it is not 0 */
    size_t n_fired;
    bmx_initial initial;
    uint64_t *pairs;      /* pairs[n_cats]: N_i */
} bmx_aggregate;

/* One of n_workers, which share the memory for hits. */
bpemix_status bmx_aggregate_init(bmx_aggregate *g, const bmx_postings *postings,
                                 uint32_t n_merges, size_t n_cats, unsigned n_workers,
                                 bpemix_error *err);
void bmx_aggregate_release(bmx_aggregate *g);

/* Count the pairs of a word before any merge. */
bpemix_status bmx_aggregate_initial(bmx_aggregate *g, const uint32_t *symbol, size_t n,
                                    uint32_t word, bpemix_error *err);

/* Phases 1 and 2 for what is still in the buffer of hits, which is freed: no hit may follow. */
bpemix_status bmx_aggregate_end(bmx_aggregate *g, bpemix_error *err);

/* Phases 3 to 6: fill in pair, first and event of *tr (merges and categories are there
 * already) from worker[n], which are emptied. */
bpemix_status bmx_aggregate_finish(bmx_aggregate *worker, size_t n, unsigned n_threads,
                                   bpemix_trace *tr, bpemix_error *err);

#endif

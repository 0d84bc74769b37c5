/* SPDX-License-Identifier: GPL-3.0-or-later */
/* events.h - what phases 3 to 6 of aggregate.h share; included by events.c and sort_events.c.
 *
 *   left symbol      0        1      2 ...           tokens, then raw symbols
 *   begin            0        5      5
 *   event          | e e e . . | | e e e e . | ...   step, category, change; n_events in all
 *   right          | r r s . . | | r s s t . |
 *   end              3        5      9               dots: dropped by phase 5
 *
 * E1  events of a left symbol stand together; phase 4 puts those of a lower step first.
 * E2  after phase 5 the events begin[l] .. end[l] - 1 are sorted by right symbol, step and
 *     category, no two of them agree in all three, and none is 0. */
#ifndef BMX_REPLAY_EVENTS_H
#define BMX_REPLAY_EVENTS_H

#include "replay/aggregate.h"

/* Memory of one worker that sorts. */
typedef struct bmx_sorter {
    uint64_t *key, *key2;
    bmx_event *event;
    size_t key_cap, key2_cap, event_cap;
    int64_t *delta;   /* delta[n_cats]: sums of one pair and step */
    uint64_t *touched; /* one bit a category */
} bmx_sorter;

typedef struct bmx_events {
    bpemix_trace *tr;
    bmx_aggregate *worker; /* worker[n_workers]: what each has gathered */
    size_t n_workers;
    uint32_t n_merges, n_tokens, n_cats;
    uint32_t *raw;         /* raw[n_raw]: symbols that are no tokens, rising */
    size_t n_raw, n_left;  /* left symbols: tokens, then raw ones */
    bmx_run **input;       /* input[n_input]: runs of all workers */
    size_t n_input;
    /* ranges of merges */
    unsigned n_ranges;
    uint32_t *from;        /* from[n_ranges + 1] */
    bmx_run *sum;          /* sum[n_ranges] when there are several runs */
    size_t *first;         /* first[n_merges + 1], shared by the sums */
    uint64_t *fill;        /* fill[n_ranges + 1][n_left]: number, then place, of events */
    /* events by left symbol */
    uint64_t *begin, *end; /* [n_left]: events of each; end after dropping zeros */
    uint64_t *n_pairs;     /* n_pairs[n_left] */
    bmx_event *event;
    uint32_t *right;       /* right[event] */
    size_t n_chunks;       /* left symbols in groups of similar size */
    size_t *chunk;         /* chunk[n_chunks + 1] */
    bmx_sorter *sorter;    /* sorter[n_sorters], one a thread */
    unsigned n_sorters;
} bmx_events;

/* Phase 5. */
bpemix_status bmx_events_sort(bmx_events *f, unsigned n_threads, bpemix_error *err);

#endif

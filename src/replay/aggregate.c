/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aggregate.c - phases 1 and 2 of aggregate.h: the hits of one worker become its run. */
#include "replay/aggregate.h"

#include <string.h>

/* Hits between two flushes, of all workers together, and the bounds for one worker, 32 bytes a hit.
 * In a larger buffer more hits of the same context are added up before it is written: with four
 * times as many, a million words take 0.9 of the time. */
#define ALL_HITS (1u << 22)
#define LEAST_HITS (1u << 18)
#define MOST_HITS (1u << 20)

/* Contexts gathered before runs are added up for the first time: 32 MB, as much as the two buffers
 * of MOST_HITS take.  A judgement. */
#define PENDING (1u << 21)

/* ---- 1. a buffer of hits becomes a run ---- */

/* Add up a hit in all categories of its word. */
static inline bpemix_status add_hit(bmx_aggregate *g, const bmx_hit *h, bpemix_error *err)
{
    const bmx_postings *s = g->postings;
    bpemix_status st;

    for (size_t k = s->first[h->word]; k < s->first[h->word + 1]; k++) {
        uint32_t cat = s->cat[k];

        if (!g->fired[cat])
            g->fired_cat[g->n_fired++] = cat;
        g->fired[cat] += s->count[k]; /* no count is 0, and fired_cat has room for each once */
        if ((h->prev != BMX_NONE &&
             (st = bmx_sums_add(&g->sums, BMX_SIDE_PREV, cat, h->prev, s->count[k], err))) ||
            (h->next != BMX_NONE &&
             (st = bmx_sums_add(&g->sums, BMX_SIDE_NEXT, cat, h->next, s->count[k], err))))
            return st;
    }
    return BPEMIX_OK;
}

/* Neighbouring hits are of different words, whose postings are not in the cache.  So the postings
 * of a hit's word are prefetched while earlier hits are added up: their start FAR hits ahead, the
 * entries NEAR hits ahead.  Always inline: gcc drops calls that only fetch. */
static inline __attribute__((always_inline)) void fetch_ahead(const bmx_aggregate *g, size_t i)
{
    enum { NEAR = 8, FAR = 16 };
    const bmx_postings *s = g->postings;

    if (i + FAR < g->hits.n) {
        size_t k = s->first[g->sorted[i + NEAR].word];
        __builtin_prefetch(&s->first[g->sorted[i + FAR].word]);
        __builtin_prefetch(&s->cat[k]);
        __builtin_prefetch(&s->count[k]);
    }
}

/* Append the contexts of the hits of a merge. */
static bpemix_status end_merge(bmx_aggregate *g, bmx_run *run, bpemix_error *err)
{
    bpemix_status st = bmx_sums_empty(&g->sums, run, err);

    if (!st)
        st = bmx_reserve(&run->ctx, &run->cap, run->n + g->n_fired, sizeof *run->ctx, err);
    for (size_t k = 0; k < g->n_fired; k++) {
        uint32_t cat = g->fired_cat[k];
        if (!st)
            run->ctx[run->n++] = bmx_context_of(bmx_context_key(BMX_SIDE_MERGE, cat, 0),
                                                g->fired[cat]);
        g->fired[cat] = 0;
    }
    g->n_fired = 0;
    return st;
}

/* Sort the hits by merge; those of merge t then end before g->sorted[g->start[t]]. */
static void sort_hits(bmx_aggregate *g)
{
    const bmx_hits *hits = &g->hits;

    memset(g->start, 0, ((size_t)g->n_merges + 1) * sizeof *g->start);
    for (size_t i = 0; i < hits->n; i++)
        g->start[hits->hit[i].step]++;
    for (size_t t = 0, sum = 0; t <= g->n_merges; t++) {
        size_t n = g->start[t];
        g->start[t] = sum;
        sum += n;
    }
    for (size_t i = 0; i < hits->n; i++)
        g->sorted[g->start[hits->hit[i].step]++] = hits->hit[i];
}

static bpemix_status make_run(bmx_aggregate *g, bmx_run *run, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (!(run->first = bmx_malloc((size_t)g->n_merges + 1, sizeof *run->first)))
        return bmx_nomem(err);
    sort_hits(g);
    for (uint32_t t = 0; t < g->n_merges; t++) {
        run->first[t] = run->n;
        for (size_t i = t ? g->start[t - 1] : 0; i < g->start[t] && !st; i++) {
            fetch_ahead(g, i);
            st = add_hit(g, &g->sorted[i], err);
        }
        if (st || (g->n_fired && (st = end_merge(g, run, err))))
            return st;
    }
    run->first[g->n_merges] = run->n;
    return BPEMIX_OK;
}

/* ---- 2. the runs of a worker become one ---- */

/* Replace all runs of a worker by their sum. */
static bpemix_status add_up(bmx_aggregate *g, bpemix_error *err)
{
    bmx_run sum = { 0 };
    bmx_run **list = bmx_malloc(g->n_runs, sizeof *list);
    bpemix_status st;

    sum.first = bmx_malloc((size_t)g->n_merges + 1, sizeof *sum.first);
    if (!list || !sum.first) {
        bmx_free(list);
        bmx_run_release(&sum);
        return bmx_nomem(err);
    }
    for (size_t k = 0; k < g->n_runs; k++)
        list[k] = &g->run[k];
    st = bmx_runs_add(list, g->n_runs, 0, g->n_merges, &g->sums, &sum, err);
    bmx_free(list);
    if (st) {
        bmx_run_release(&sum);
        return st;
    }
    sum.first[g->n_merges] = sum.n;
    for (size_t k = 0; k < g->n_runs; k++)
        bmx_run_release(&g->run[k]);
    g->run[0] = sum;
    g->n_runs = 1;
    g->pending = 0;
    return BPEMIX_OK;
}

/* ---- a worker ---- */

/* Called when the buffer of hits is full. */
static bpemix_status flush(bmx_hits *hits, bpemix_error *err)
{
    bmx_aggregate *g = (bmx_aggregate *)hits;
    bmx_run run = { 0 };
    bpemix_status st;

    if (!hits->n)
        return BPEMIX_OK;
    if ((st = bmx_reserve(&g->run, &g->runs_cap, g->n_runs + 1, sizeof *g->run, err)))
        return st;
    if ((st = make_run(g, &run, err))) {
        bmx_run_release(&run);
        return st;
    }
    hits->n = 0;
    g->run[g->n_runs++] = run;
    if (g->n_runs > 1)
        g->pending += run.n;
    if (g->pending > g->most_pending && g->pending > g->run[0].n)
        return add_up(g, err);
    return BPEMIX_OK;
}

bpemix_status bmx_aggregate_end(bmx_aggregate *g, bpemix_error *err)
{
    bpemix_status st = flush(&g->hits, err);

    if (st)
        return st;
    bmx_free(g->hits.hit);
    bmx_free(g->sorted);
    g->hits.hit = g->sorted = NULL;
    g->hits.cap = 0;
    return BPEMIX_OK;
}

bpemix_status bmx_aggregate_init(bmx_aggregate *g, const bmx_postings *postings,
                                 uint32_t n_merges, size_t n_cats, unsigned n_workers,
                                 bpemix_error *err)
{
    size_t cap = ALL_HITS / n_workers;

    *g = (bmx_aggregate){ .postings = postings, .n_merges = n_merges, .most_pending = PENDING };
    g->hits.full = flush;
    g->hits.cap = cap = cap < LEAST_HITS ? LEAST_HITS : cap > MOST_HITS ? MOST_HITS : cap;
    g->hits.hit = bmx_malloc(cap, sizeof *g->hits.hit);
    g->sorted = bmx_malloc(cap, sizeof *g->sorted);
    g->start = bmx_malloc((size_t)n_merges + 1, sizeof *g->start);
    g->pairs = bmx_calloc(n_cats, sizeof *g->pairs);
    g->fired = bmx_calloc(n_cats, sizeof *g->fired);
    g->fired_cat = bmx_malloc(n_cats, sizeof *g->fired_cat);
    if (!g->hits.hit || !g->sorted || !g->start || !g->pairs || !g->fired || !g->fired_cat ||
        bmx_initial_open(&g->initial, n_cats, err)) {
        bmx_aggregate_release(g);
        return bmx_nomem(err);
    }
    return BPEMIX_OK;
}

void bmx_aggregate_release(bmx_aggregate *g)
{
    bmx_free(g->hits.hit);
    bmx_free(g->sorted);
    bmx_free(g->start);
    for (size_t k = 0; k < g->n_runs; k++)
        bmx_run_release(&g->run[k]);
    bmx_free(g->run);
    bmx_sums_release(&g->sums);
    bmx_free(g->fired);
    bmx_free(g->fired_cat);
    bmx_initial_release(&g->initial);
    bmx_free(g->pairs);
    *g = (bmx_aggregate){ 0 };
}

bpemix_status bmx_aggregate_initial(bmx_aggregate *g, const uint32_t *symbol, size_t n,
                                    uint32_t word, bpemix_error *err)
{
    const bmx_postings *s = g->postings;
    bpemix_status st;

    if (n < 2)
        return BPEMIX_OK;
    for (size_t k = s->first[word]; k < s->first[word + 1]; k++) {
        uint64_t pairs;

        if (__builtin_mul_overflow(s->count[k], n - 1, &pairs) ||
            __builtin_add_overflow(g->pairs[s->cat[k]], pairs, &pairs) || pairs > INT64_MAX)
            return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 2^63 pairs in one category");
        g->pairs[s->cat[k]] = pairs;
    }
    for (size_t i = 0, from = s->first[word]; i + 1 < n; i++)
        if ((st = bmx_initial_add(&g->initial, symbol[i], symbol[i + 1], s->cat + from,
                                  s->count + from, s->first[word + 1] - from, err)))
            return st;
    return BPEMIX_OK;
}

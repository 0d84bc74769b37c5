/* SPDX-License-Identifier: GPL-3.0-or-later */
/* events.c - phases 3, 4 and 6 of aggregate.h: contexts of all workers become the events of a
 * trace. */
#include "replay/events.h"
#include "base/threads.h"

#include <stdlib.h>

/* Tasks of phases 3 and 4: each has counters of its own for every left symbol (fill), so that
 * more threads than this would spend memory on counters.  A judgement. */
#define MOST_RANGES 64

/* ---- left symbols ---- */

/* Dense number of a symbol as a left symbol. */
static inline size_t left_of(const bmx_events *f, uint32_t symbol)
{
    size_t lo = 0, hi = f->n_raw;

    if (symbol < f->n_tokens)
        return symbol;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (f->raw[mid] < symbol)
            lo = mid + 1;
        else
            hi = mid;
    }
    return f->n_tokens + lo;
}

static int compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* A raw symbol never arises from a merge, so the pairs before any merge hold
 * all that can ever be in a pair. */
static bpemix_status find_raw(bmx_events *f, bpemix_error *err)
{
    size_t cap = 0, n = 0;
    bmx_initial_count p;
    bpemix_status st;

    for (size_t w = 0; w < f->n_workers; w++)
        for (size_t at = 0; bmx_initial_next(&f->worker[w].initial, &at, &p);) {
            if (p.left < f->n_tokens && p.right < f->n_tokens)
                continue;
            if ((st = bmx_reserve(&f->raw, &cap, f->n_raw + 2, sizeof *f->raw, err)))
                return st;
            if (p.left >= f->n_tokens)
                f->raw[f->n_raw++] = p.left;
            if (p.right >= f->n_tokens)
                f->raw[f->n_raw++] = p.right;
        }
    if (f->n_raw)
        qsort(f->raw, f->n_raw, sizeof *f->raw, compare_u32);
    for (size_t i = 0; i < f->n_raw; i++)
        if (!n || f->raw[n - 1] != f->raw[i])
            f->raw[n++] = f->raw[i];
    f->n_raw = n;
    f->n_left = f->n_tokens + n;
    return BPEMIX_OK;
}

/* ---- 3. the runs of all workers are added up ---- */

/* Divide the merges into ranges of about as many contexts each. */
static bpemix_status divide_merges(bmx_events *f, bpemix_error *err)
{
    size_t total = 0, sum = 0;
    unsigned k = 0;

    if (!(f->from = bmx_malloc((size_t)f->n_ranges + 1, sizeof *f->from)))
        return bmx_nomem(err);
    for (size_t r = 0; r < f->n_input; r++)
        total += f->input[r]->n;
    f->from[0] = 0;
    for (uint32_t t = 0; t < f->n_merges; t++) {
        while (k + 1 < f->n_ranges && sum >= total / f->n_ranges * (k + 1))
            f->from[++k] = t;
        for (size_t r = 0; r < f->n_input; r++)
            sum += f->input[r]->first[t + 1] - f->input[r]->first[t];
    }
    while (k < f->n_ranges)
        f->from[++k] = f->n_merges;
    return BPEMIX_OK;
}

static bpemix_status sum_range(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    bmx_events *f = ctx;
    bmx_sums sums = { 0 };
    bpemix_status st;

    (void)worker;
    f->sum[task].first = f->first;
    st = bmx_runs_add(f->input, f->n_input, f->from[task], f->from[task + 1], &sums, &f->sum[task],
                  err);
    bmx_sums_release(&sums);
    return st;
}

/* Sum of all runs, a run a range; a single run stays as it is. */
static bpemix_status sum_runs(bmx_events *f, unsigned n_threads, bpemix_error *err)
{
    bpemix_status st = divide_merges(f, err);

    if (st || f->n_input == 1)
        return st;
    f->sum = bmx_calloc(f->n_ranges, sizeof *f->sum);
    f->first = bmx_malloc((size_t)f->n_merges + 1, sizeof *f->first);
    if (!f->sum || !f->first)
        return bmx_nomem(err);
    if ((st = bmx_parallel(n_threads, f->n_ranges, sum_range, f, err)))
        return st;
    for (size_t k = 0; k < f->n_input; k++)
        bmx_run_release(f->input[k]);
    return BPEMIX_OK;
}

/* ---- 4. contexts become events, placed by left symbol ---- */

/* Contexts of merge t, inside range k. */
static inline const bmx_context *contexts(const bmx_events *f, size_t k, uint32_t t,
                                          const bmx_context **end)
{
    const bmx_run *run = f->sum ? &f->sum[k] : f->input[0];
    size_t last = f->sum && t + 1 == f->from[k + 1] ? run->n : run->first[t + 1];

    *end = run->ctx + last;
    return run->ctx + run->first[t];
}

static bpemix_status count_range(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    bmx_events *f = ctx;
    uint64_t *n = f->fill + (task + 1) * f->n_left;

    (void)worker;
    (void)err;
    for (uint32_t t = f->from[task]; t < f->from[task + 1]; t++) {
        const bmx_merge m = f->tr->merge[t];
        const bmx_context *c, *end;

        for (c = contexts(f, task, t, &end); c < end; c++)
            switch (bmx_context_side(c)) {
            case BMX_SIDE_PREV:
                n[left_of(f, c->symbol)] += 2;
                break;
            case BMX_SIDE_NEXT:
                n[m.right]++;
                n[m.product]++;
                break;
            default:
                n[m.left]++;
            }
    }
    return BPEMIX_OK;
}

static inline void place(bmx_events *f, uint64_t *next, size_t left, uint32_t right, uint32_t step,
                         uint32_t cat, int64_t delta)
{
    uint64_t i = next[left]++;

    f->event[i] = (bmx_event){ step, cat, delta };
    f->right[i] = right;
}

static bpemix_status place_range(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    bmx_events *f = ctx;
    uint64_t *next = f->fill + (task + 1) * f->n_left;

    (void)worker;
    (void)err;
    for (uint32_t t = f->from[task]; t < f->from[task + 1]; t++) {
        const bmx_merge m = f->tr->merge[t];
        const bmx_context *c, *end;

        for (c = contexts(f, task, t, &end); c < end; c++) {
            uint32_t cat = bmx_context_cat(c);
            int64_t n = (int64_t)c->count;

            switch (bmx_context_side(c)) {
            case BMX_SIDE_PREV: {
                size_t left = left_of(f, c->symbol);
                place(f, next, left, m.left, t + 1, cat, -n);
                place(f, next, left, m.product, t + 1, cat, n);
                break;
            }
            case BMX_SIDE_NEXT:
                place(f, next, m.right, c->symbol, t + 1, cat, -n);
                place(f, next, m.product, c->symbol, t + 1, cat, n);
                break;
            default:
                place(f, next, m.left, m.right, t + 1, cat, -n);
            }
        }
    }
    return BPEMIX_OK;
}

/* Count, then place all events by left symbol. */
static bpemix_status place_all(bmx_events *f, unsigned n_threads, bpemix_error *err)
{
    uint64_t total = 0;
    bmx_initial_count p;
    bpemix_status st;

    f->fill = bmx_calloc(f->n_left, ((size_t)f->n_ranges + 1) * sizeof *f->fill);
    f->begin = bmx_malloc(f->n_left + 1, sizeof *f->begin);
    f->end = bmx_malloc(f->n_left, sizeof *f->end);
    f->n_pairs = bmx_calloc(f->n_left, sizeof *f->n_pairs);
    if (!f->fill || !f->begin || !f->end || !f->n_pairs)
        return bmx_nomem(err);
    for (size_t w = 0; w < f->n_workers; w++)
        for (size_t at = 0; bmx_initial_next(&f->worker[w].initial, &at, &p);)
            f->fill[left_of(f, p.left)]++;
    if ((st = bmx_parallel(n_threads, f->n_ranges, count_range, f, err)))
        return st;
    for (size_t left = 0; left < f->n_left; left++) {
        f->begin[left] = total;
        for (size_t k = 0; k <= f->n_ranges; k++) {
            uint64_t n = f->fill[k * f->n_left + left];
            f->fill[k * f->n_left + left] = total;
            total += n;
        }
        f->end[left] = total;
    }
    f->begin[f->n_left] = total;
    f->event = bmx_malloc(total, sizeof *f->event);
    f->right = bmx_malloc(total, sizeof *f->right);
    if (!f->event || !f->right)
        return bmx_nomem(err);
    for (size_t w = 0; w < f->n_workers; w++)
        for (size_t at = 0; bmx_initial_next(&f->worker[w].initial, &at, &p);)
            place(f, f->fill, left_of(f, p.left), p.right, 0, p.cat, (int64_t)p.count);
    return bmx_parallel(n_threads, f->n_ranges, place_range, f, err);
}

/* ---- 6. the pairs are listed ---- */

/* Close the gaps and list the pairs. */
static bpemix_status list_pairs(bmx_events *f, bpemix_error *err)
{
    bpemix_trace *tr = f->tr;
    uint64_t n_events = 0;
    size_t n_pairs = 0, p = 0;
    bmx_pair *pair;
    uint64_t *first;
    bmx_event *shrunk;

    for (size_t left = 0; left < f->n_left; left++)
        n_pairs += f->n_pairs[left];
    if (n_pairs >= BMX_NONE)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 4294967294 pairs");
    pair = bmx_malloc(n_pairs, sizeof *pair);
    first = bmx_malloc(n_pairs + 1, sizeof *first);
    if (!pair || !first) {
        bmx_free(pair);
        bmx_free(first);
        return bmx_nomem(err);
    }
    for (size_t left = 0; left < f->n_left; left++) {
        uint32_t symbol = left < f->n_tokens ? (uint32_t)left : f->raw[left - f->n_tokens];

        for (uint64_t i = f->begin[left]; i < f->end[left]; i++) {
            if (i == f->begin[left] || f->right[i] != f->right[i - 1]) {
                first[p] = n_events;
                pair[p++] = (bmx_pair){ symbol, f->right[i], BMX_NONE, BMX_NONE };
            }
            f->event[n_events++] = f->event[i];
        }
    }
    first[p] = n_events;
    if ((shrunk = bmx_realloc(f->event, n_events, sizeof *shrunk)))
        f->event = shrunk;
    tr->pair = pair;
    tr->first = first;
    tr->n_pairs = n_pairs;
    tr->event = f->event;
    tr->n_events = n_events;
    f->event = NULL;
    return BPEMIX_OK;
}

/* ---- all of it ---- */

static void release(bmx_events *f)
{
    for (size_t k = 0; f->sum && k < f->n_ranges; k++)
        bmx_free(f->sum[k].ctx);
    for (unsigned i = 0; i < f->n_sorters; i++) {
        bmx_free(f->sorter[i].key);
        bmx_free(f->sorter[i].key2);
        bmx_free(f->sorter[i].event);
        bmx_free(f->sorter[i].delta);
        bmx_free(f->sorter[i].touched);
    }
    bmx_free(f->raw);
    bmx_free(f->input);
    bmx_free(f->from);
    bmx_free(f->sum);
    bmx_free(f->first);
    bmx_free(f->fill);
    bmx_free(f->begin);
    bmx_free(f->end);
    bmx_free(f->n_pairs);
    bmx_free(f->event);
    bmx_free(f->right);
    bmx_free(f->chunk);
    bmx_free(f->sorter);
}

/* End phases 1 and 2 of all workers, and list their runs. */
static bpemix_status list_runs(bmx_events *f, bpemix_error *err)
{
    bpemix_status st;

    for (size_t w = 0; w < f->n_workers; w++) {
        if ((st = bmx_aggregate_end(&f->worker[w], err)))
            return st;
        f->n_input += f->worker[w].n_runs;
    }
    if (!(f->input = bmx_malloc(f->n_input, sizeof *f->input)))
        return bmx_nomem(err);
    f->n_input = 0;
    for (size_t w = 0; w < f->n_workers; w++)
        for (size_t k = 0; k < f->worker[w].n_runs; k++)
            f->input[f->n_input++] = &f->worker[w].run[k];
    return BPEMIX_OK;
}

/* Contexts are events now. */
static void free_runs(bmx_events *f)
{
    for (size_t k = 0; f->sum && k < f->n_ranges; k++) {
        bmx_free(f->sum[k].ctx);
        f->sum[k].ctx = NULL;
    }
    for (size_t k = 0; k < f->n_input; k++)
        bmx_run_release(f->input[k]);
}

bpemix_status bmx_aggregate_finish(bmx_aggregate *worker, size_t n, unsigned n_threads,
                                   bpemix_trace *tr, bpemix_error *err)
{
    bmx_events f = { .tr = tr, .worker = worker, .n_workers = n, .n_merges = tr->n_merges,
                     .n_tokens = tr->n_tokens, .n_cats = (uint32_t)tr->n_cats };
    bpemix_status st;

    n_threads = bmx_thread_count(n_threads);
    f.n_ranges = n_threads > MOST_RANGES ? MOST_RANGES : n_threads;
    if ((st = list_runs(&f, err)) || (st = find_raw(&f, err)) ||
        (st = sum_runs(&f, n_threads, err)) || /* 3 */
        (st = place_all(&f, n_threads, err)))  /* 4 */
        goto done;
    free_runs(&f);
    if (!(st = bmx_events_sort(&f, n_threads, err))) /* 5 */
        st = list_pairs(&f, err);                    /* 6 */
done:
    release(&f);
    return st;
}

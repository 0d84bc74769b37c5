/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/gather.h"
#include "base/threads.h"

#include <stdlib.h>
#include <string.h>

enum { SIDE_PREV, SIDE_NEXT, SIDE_MERGE };

/* Hits between two flushes, of all workers together, and what one gets at least: the
 * more, the more often a context is met before it is written down (with four times
 * as many a million words take 0.9 of the time), 32 bytes each. */
#define ALL_HITS (1u << 22)
#define LEAST_HITS (1u << 18)
#define MOST_HITS (1u << 20)

/* Contexts gathered before runs are added up for the first time. */
#define PENDING (1u << 21)

/* ---- tally ---- */

/* Room for one more.  Items move: their order of arrival is kept in `used`. */
static bpemix_status tally_room(bmx_tally *t, bpemix_error *err)
{
    const size_t n = t->map.n;
    bmx_tally_item *kept;
    bpemix_status st;

    if (2 * (n + 1) <= t->map.n_slots)
        return BPEMIX_OK;
    if (!(kept = bmx_malloc(n, sizeof *kept)))
        return bmx_nomem(err);
    for (size_t k = 0; k < n; k++)
        kept[k] = t->map.slot[t->used[k]];
    if (!(st = bmx_tally_map_room(&t->map, err)))
        for (size_t k = 0; k < n; k++)
            t->used[k] = (uint32_t)(bmx_tally_map_find(&t->map, &kept[k]) - t->map.slot);
    bmx_free(kept);
    return st ? st : bmx_reserve(&t->used, &t->used_cap, t->map.n_slots / 2, sizeof *t->used, err);
}

static inline uint64_t key_of(uint32_t side, uint32_t cat, uint32_t symbol)
{
    return (uint64_t)side << 62 | (uint64_t)cat << 32 | symbol;
}

static inline bpemix_status tally_add(bmx_tally *t, uint32_t side, uint32_t cat, uint32_t symbol,
                                      uint64_t count, bpemix_error *err)
{
    bmx_tally_item key = { key_of(side, cat, symbol) + 1, 0 }, *at;
    bpemix_status st;

    if (2 * (t->map.n + 1) > t->map.n_slots && (st = tally_room(t, err)))
        return st;
    at = bmx_tally_map_find(&t->map, &key);
    if (!at->next_key) {
        *at = key;
        t->used[t->map.n++] = (uint32_t)(at - t->map.slot);
    }
    at->count += count;
    return BPEMIX_OK;
}

static inline bmx_context context_of(uint64_t key, uint64_t count)
{
    return (bmx_context){ .symbol = (uint32_t)key, .side_cat = (uint32_t)(key >> 32), .count = count };
}

/* Append what was added up to a run, and start afresh. */
static bpemix_status tally_empty(bmx_tally *t, bmx_run *run, bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&run->ctx, &run->cap, run->n + t->map.n, sizeof *run->ctx, err);

    for (size_t k = 0; k < t->map.n; k++) {
        bmx_tally_item *at = &t->map.slot[t->used[k]];
        if (!st)
            run->ctx[run->n++] = context_of(at->next_key - 1, at->count);
        *at = (bmx_tally_item){ 0, 0 };
    }
    t->map.n = 0;
    return st;
}

static void tally_release(bmx_tally *t)
{
    bmx_tally_map_release(&t->map);
    bmx_free(t->used);
    *t = (bmx_tally){ 0 };
}

/* ---- runs ---- */

static void run_release(bmx_run *run)
{
    bmx_free(run->ctx);
    bmx_free(run->first);
    *run = (bmx_run){ 0 };
}

static void runs_release(bmx_run *run, size_t n)
{
    for (size_t k = 0; k < n; k++)
        run_release(&run[k]);
}

/* Sum of run[n] over the merges from .. to - 1; out is empty but for first. */
static bpemix_status add_runs(bmx_run *const *run, size_t n, uint32_t from, uint32_t to,
                              bmx_tally *tally, bmx_run *out, bpemix_error *err)
{
    bpemix_status st;

    for (uint32_t t = from; t < to; t++) {
        out->first[t] = out->n;
        for (size_t k = 0; k < n; k++)
            for (size_t i = run[k]->first[t]; i < run[k]->first[t + 1]; i++) {
                const bmx_context *c = &run[k]->ctx[i];
                if ((st = tally_add(tally, c->side_cat >> 30, c->side_cat & (BMX_MAX_CATEGORIES - 1),
                                    c->symbol, c->count, err)))
                    return st;
            }
        if ((st = tally_empty(tally, out, err)))
            return st;
    }
    return BPEMIX_OK;
}

/* Replace all runs of a worker by their sum. */
static bpemix_status add_up(bmx_gather *g, bpemix_error *err)
{
    bmx_run sum = { 0 };
    bmx_run **list = bmx_malloc(g->n_runs, sizeof *list);
    bpemix_status st;

    sum.first = bmx_malloc((size_t)g->n_merges + 1, sizeof *sum.first);
    if (!list || !sum.first) {
        bmx_free(list);
        run_release(&sum);
        return bmx_nomem(err);
    }
    for (size_t k = 0; k < g->n_runs; k++)
        list[k] = &g->run[k];
    st = add_runs(list, g->n_runs, 0, g->n_merges, &g->tally, &sum, err);
    bmx_free(list);
    if (st) {
        run_release(&sum);
        return st;
    }
    sum.first[g->n_merges] = sum.n;
    runs_release(g->run, g->n_runs);
    g->run[0] = sum;
    g->n_runs = 1;
    g->pending = 0;
    return BPEMIX_OK;
}

/* ---- gathering ---- */

/* Add up a hit in all categories of its word. */
static inline bpemix_status add_hit(bmx_gather *g, const bmx_hit *h, bpemix_error *err)
{
    const bmx_spread *s = g->spread;
    bpemix_status st;

    for (size_t k = s->first[h->word]; k < s->first[h->word + 1]; k++) {
        uint32_t cat = s->cat[k];

        if (!g->fired[cat])
            g->fired_cat[g->n_fired++] = cat;
        g->fired[cat] += s->count[k]; /* no count is 0, and fired_cat has room for each once */
        if ((h->prev != BMX_NONE &&
             (st = tally_add(&g->tally, SIDE_PREV, cat, h->prev, s->count[k], err))) ||
            (h->next != BMX_NONE &&
             (st = tally_add(&g->tally, SIDE_NEXT, cat, h->next, s->count[k], err))))
            return st;
    }
    return BPEMIX_OK;
}

/* Words of neighbouring hits have nothing in common: where hit i's word is spread to
 * is fetched while those before it are added up, then what stands there. */
static inline void fetch_ahead(const bmx_gather *g, size_t i)
{
    enum { NEAR = 8, FAR = 16 };
    const bmx_spread *s = g->spread;

    if (i + FAR < g->hits.n) {
        size_t k = s->first[g->sorted[i + NEAR].word];
        __builtin_prefetch(&s->first[g->sorted[i + FAR].word]);
        __builtin_prefetch(&s->cat[k]);
        __builtin_prefetch(&s->count[k]);
    }
}

/* Append what the hits of a merge add up to. */
static bpemix_status end_merge(bmx_gather *g, bmx_run *run, bpemix_error *err)
{
    bpemix_status st = tally_empty(&g->tally, run, err);

    if (!st)
        st = bmx_reserve(&run->ctx, &run->cap, run->n + g->n_fired, sizeof *run->ctx, err);
    for (size_t k = 0; k < g->n_fired; k++) {
        uint32_t cat = g->fired_cat[k];
        if (!st)
            run->ctx[run->n++] = context_of(key_of(SIDE_MERGE, cat, 0), g->fired[cat]);
        g->fired[cat] = 0;
    }
    g->n_fired = 0;
    return st;
}

static bpemix_status flush(bmx_hits *hits, bpemix_error *err)
{
    bmx_gather *g = (bmx_gather *)hits;
    bmx_run run = { 0 };
    bpemix_status st;

    if (!hits->n)
        return BPEMIX_OK;
    if ((st = bmx_reserve(&g->run, &g->runs_cap, g->n_runs + 1, sizeof *g->run, err)))
        return st;
    if (!(run.first = bmx_malloc((size_t)g->n_merges + 1, sizeof *run.first)))
        return bmx_nomem(err);
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
    /* start[t] is now the end of merge t */
    for (uint32_t t = 0; t < g->n_merges; t++) {
        run.first[t] = run.n;
        for (size_t i = t ? g->start[t - 1] : 0; i < g->start[t] && !st; i++) {
            fetch_ahead(g, i);
            st = add_hit(g, &g->sorted[i], err);
        }
        if (st || (g->n_fired && (st = end_merge(g, &run, err)))) {
            run_release(&run);
            return st;
        }
    }
    run.first[g->n_merges] = run.n;
    hits->n = 0;
    g->run[g->n_runs++] = run;
    if (g->n_runs > 1)
        g->pending += run.n;
    if (g->pending > PENDING && g->pending > g->run[0].n)
        return add_up(g, err);
    return BPEMIX_OK;
}

bpemix_status bmx_gather_init(bmx_gather *g, const bmx_spread *spread, uint32_t n_merges,
                              size_t n_cats, unsigned n_workers, bpemix_error *err)
{
    size_t cap = ALL_HITS / n_workers;

    *g = (bmx_gather){ .spread = spread, .n_merges = n_merges };
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
        bmx_gather_release(g);
        return bmx_nomem(err);
    }
    return BPEMIX_OK;
}

void bmx_gather_release(bmx_gather *g)
{
    bmx_free(g->hits.hit);
    bmx_free(g->sorted);
    bmx_free(g->start);
    runs_release(g->run, g->n_runs);
    bmx_free(g->run);
    tally_release(&g->tally);
    bmx_free(g->fired);
    bmx_free(g->fired_cat);
    bmx_initial_release(&g->initial);
    bmx_free(g->pairs);
    *g = (bmx_gather){ 0 };
}

bpemix_status bmx_gather_initial(bmx_gather *g, const uint32_t *symbol, size_t n, uint32_t word,
                                 bpemix_error *err)
{
    const bmx_spread *s = g->spread;
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

/* ---- finishing ----
 *
 * 1. Runs of all workers are added up, each range of merges by one task.
 * 2. Events are counted and then placed by left symbol, in order of step.
 * 3. Each left symbol's events are sorted by right symbol; those of one pair,
 *    step and category are added and zeros dropped.
 * 4. Gaps are closed, pairs listed. */

typedef struct finish {
    bpemix_trace *tr;
    bmx_gather *gather;
    size_t n_gather;
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
    struct bmx_sorter *sorter; /* sorter[n_threads] */
} finish;

/* Dense number of a symbol as a left part. */
static inline size_t left_of(const finish *f, uint32_t symbol)
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
static bpemix_status find_raw(finish *f, bpemix_error *err)
{
    size_t cap = 0, n = 0;
    bmx_initial_count p;
    bpemix_status st;

    for (size_t w = 0; w < f->n_gather; w++)
        for (size_t at = 0; bmx_initial_next(&f->gather[w].initial, &at, &p);) {
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

/* Cut the merges into ranges of about as many contexts each. */
static bpemix_status cut_ranges(finish *f, bpemix_error *err)
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
    finish *f = ctx;
    bmx_tally tally = { 0 };
    bpemix_status st;

    (void)worker;
    f->sum[task].first = f->first;
    st = add_runs(f->input, f->n_input, f->from[task], f->from[task + 1], &tally, &f->sum[task],
                  err);
    tally_release(&tally);
    return st;
}

/* Contexts of merge t, inside range k. */
static inline const bmx_context *contexts(const finish *f, size_t k, uint32_t t,
                                          const bmx_context **end)
{
    const bmx_run *run = f->sum ? &f->sum[k] : f->input[0];
    size_t last = f->sum && t + 1 == f->from[k + 1] ? run->n : run->first[t + 1];

    *end = run->ctx + last;
    return run->ctx + run->first[t];
}

static bpemix_status count_range(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    finish *f = ctx;
    uint64_t *n = f->fill + (task + 1) * f->n_left;

    (void)worker;
    (void)err;
    for (uint32_t t = f->from[task]; t < f->from[task + 1]; t++) {
        const bmx_merge m = f->tr->merge[t];
        const bmx_context *c, *end;

        for (c = contexts(f, task, t, &end); c < end; c++)
            switch (c->side_cat >> 30) {
            case SIDE_PREV:
                n[left_of(f, c->symbol)] += 2;
                break;
            case SIDE_NEXT:
                n[m.right]++;
                n[m.product]++;
                break;
            default:
                n[m.left]++;
            }
    }
    return BPEMIX_OK;
}

static inline void place(finish *f, uint64_t *next, size_t left, uint32_t right, uint32_t step,
                         uint32_t cat, int64_t delta)
{
    uint64_t i = next[left]++;

    f->event[i] = (bmx_event){ step, cat, delta };
    f->right[i] = right;
}

static bpemix_status place_range(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    finish *f = ctx;
    uint64_t *next = f->fill + (task + 1) * f->n_left;

    (void)worker;
    (void)err;
    for (uint32_t t = f->from[task]; t < f->from[task + 1]; t++) {
        const bmx_merge m = f->tr->merge[t];
        const bmx_context *c, *end;

        for (c = contexts(f, task, t, &end); c < end; c++) {
            uint32_t cat = c->side_cat & (BMX_MAX_CATEGORIES - 1);
            int64_t n = (int64_t)c->count;

            switch (c->side_cat >> 30) {
            case SIDE_PREV: {
                size_t left = left_of(f, c->symbol);
                place(f, next, left, m.left, t + 1, cat, -n);
                place(f, next, left, m.product, t + 1, cat, n);
                break;
            }
            case SIDE_NEXT:
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
static bpemix_status place_all(finish *f, unsigned n_threads, bpemix_error *err)
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
    for (size_t w = 0; w < f->n_gather; w++)
        for (size_t at = 0; bmx_initial_next(&f->gather[w].initial, &at, &p);)
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
    for (size_t w = 0; w < f->n_gather; w++)
        for (size_t at = 0; bmx_initial_next(&f->gather[w].initial, &at, &p);)
            place(f, f->fill, left_of(f, p.left), p.right, 0, p.cat, (int64_t)p.count);
    return bmx_parallel(n_threads, f->n_ranges, place_range, f, err);
}

/* Memory of one worker that sorts. */
typedef struct bmx_sorter {
    uint64_t *key, *key2;
    bmx_event *event;
    size_t key_cap, key2_cap, event_cap;
    int64_t *delta;   /* delta[n_cats]: sums of one pair and step */
    uint64_t *touched; /* one bit a category */
} sorter;

/* Stable sort of a[n] by its upper 32 bits; b is as long. Returns where it is. */
static uint64_t *sort_keys(uint64_t *a, uint64_t *b, size_t n)
{
    uint64_t all = 0, some = UINT64_MAX;

    if (n < 48) {
        for (size_t i = 1; i < n; i++) {
            uint64_t k = a[i];
            size_t j = i;
            for (; j && a[j - 1] > k; j--)
                a[j] = a[j - 1];
            a[j] = k;
        }
        return a;
    }
    for (size_t i = 0; i < n; i++) {
        all |= a[i];
        some &= a[i];
    }
    for (unsigned shift = 32; shift < 64; shift += 8) {
        size_t at[256] = { 0 }, sum = 0;
        uint64_t *c;

        if (!((all ^ some) >> shift & 255))
            continue;
        for (size_t i = 0; i < n; i++)
            at[a[i] >> shift & 255]++;
        for (int d = 0; d < 256; d++) {
            size_t k = at[d];
            at[d] = sum;
            sum += k;
        }
        for (size_t i = 0; i < n; i++)
            b[at[a[i] >> shift & 255]++] = a[i];
        c = a;
        a = b;
        b = c;
    }
    return a;
}

/* Add up e[n], all of one pair and step, in order of category; returns how
 * many are left. */
static size_t join_step(sorter *s, uint32_t n_cats, bmx_event *e, size_t n)
{
    uint32_t step = e->step;
    size_t out = 0;

    if (n <= 8) {
        for (size_t i = 1; i < n; i++) {
            bmx_event x = e[i];
            size_t j = i;
            for (; j && e[j - 1].cat > x.cat; j--)
                e[j] = e[j - 1];
            e[j] = x;
        }
        for (size_t i = 0; i < n;) {
            bmx_event x = e[i++];
            for (; i < n && e[i].cat == x.cat; i++)
                x.delta += e[i].delta;
            if (x.delta)
                e[out++] = x;
        }
        return out;
    }
    for (size_t i = 0; i < n; i++) {
        s->delta[e[i].cat] += e[i].delta;
        s->touched[e[i].cat / 64] |= (uint64_t)1 << e[i].cat % 64;
    }
    for (size_t w = 0; w <= (n_cats - 1) / 64; w++) {
        for (uint64_t bits = s->touched[w]; bits; bits &= bits - 1) {
            uint32_t cat = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits);
            if (s->delta[cat])
                e[out++] = (bmx_event){ step, cat, s->delta[cat] };
            s->delta[cat] = 0;
        }
        s->touched[w] = 0;
    }
    return out;
}

static bpemix_status sort_left(finish *f, sorter *s, size_t left, bpemix_error *err)
{
    bmx_event *event = f->event + f->begin[left];
    uint32_t *right = f->right + f->begin[left];
    size_t n = (size_t)(f->begin[left + 1] - f->begin[left]), out = 0;
    uint64_t *key;
    bpemix_status st;

    if (!n)
        return BPEMIX_OK;
    if (n >= BMX_NONE)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 4294967294 events of one symbol");
    if ((st = bmx_reserve(&s->key, &s->key_cap, n, sizeof *s->key, err)) ||
        (st = bmx_reserve(&s->key2, &s->key2_cap, n, sizeof *s->key2, err)) ||
        (st = bmx_reserve(&s->event, &s->event_cap, n, sizeof *s->event, err)))
        return st;
    for (size_t i = 0; i < n; i++)
        s->key[i] = (uint64_t)right[i] << 32 | i;
    key = sort_keys(s->key, s->key2, n);
    for (size_t i = 0; i < n; i++)
        s->event[i] = event[(uint32_t)key[i]];
    for (size_t i = 0; i < n;) {
        uint32_t r = (uint32_t)(key[i] >> 32);
        size_t pair_start = out;

        while (i < n && key[i] >> 32 == r) {
            size_t j = i + 1, k;
            while (j < n && key[j] >> 32 == r && s->event[j].step == s->event[i].step)
                j++;
            k = join_step(s, f->n_cats, s->event + i, j - i);
            /* out <= i: what is overwritten has been copied to s->event */
            memcpy(event + out, s->event + i, k * sizeof *event);
            for (size_t e = out; e < out + k; e++)
                right[e] = r;
            out += k;
            i = j;
        }
        f->n_pairs[left] += out > pair_start;
    }
    f->end[left] = f->begin[left] + out;
    return BPEMIX_OK;
}

static bpemix_status sort_chunk(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    finish *f = ctx;
    bpemix_status st = BPEMIX_OK;

    for (size_t left = f->chunk[task]; left < f->chunk[task + 1] && !st; left++)
        st = sort_left(f, &f->sorter[worker], left, err);
    return st;
}

static bpemix_status sort_all(finish *f, unsigned n_threads, bpemix_error *err)
{
    enum { CHUNKS = 256 };
    uint64_t total = f->begin[f->n_left];

    f->chunk = bmx_malloc(CHUNKS + 1, sizeof *f->chunk);
    f->sorter = bmx_calloc(n_threads, sizeof *f->sorter);
    if (!f->chunk || !f->sorter)
        return bmx_nomem(err);
    for (unsigned i = 0; i < n_threads; i++) {
        f->sorter[i].delta = bmx_calloc(f->n_cats, sizeof *f->sorter[i].delta);
        f->sorter[i].touched = bmx_calloc(f->n_cats / 64 + 1, sizeof *f->sorter[i].touched);
        if (!f->sorter[i].delta || !f->sorter[i].touched)
            return bmx_nomem(err);
    }
    f->chunk[0] = 0;
    for (size_t left = 0; left < f->n_left; left++)
        if (f->begin[left] - f->begin[f->chunk[f->n_chunks]] > total / CHUNKS)
            f->chunk[++f->n_chunks] = left;
    f->chunk[++f->n_chunks] = f->n_left;
    return bmx_parallel(n_threads, f->n_chunks, sort_chunk, f, err);
}

/* Close the gaps and list the pairs. */
static bpemix_status list_pairs(finish *f, bpemix_error *err)
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

bpemix_status bmx_gather_finish(bmx_gather *gather, size_t n, unsigned n_threads,
                                bpemix_trace *tr, bpemix_error *err)
{
    finish f = { .tr = tr, .gather = gather, .n_gather = n, .n_merges = tr->n_merges,
                 .n_tokens = tr->n_tokens, .n_cats = (uint32_t)tr->n_cats };
    bpemix_status st = BPEMIX_OK;

    n_threads = bmx_thread_count(n_threads);
    f.n_ranges = n_threads > 64 ? 64 : n_threads;
    for (size_t w = 0; w < n; w++) {
        if ((st = flush(&gather[w].hits, err)))
            goto done;
        f.n_input += gather[w].n_runs;
        bmx_free(gather[w].hits.hit);
        bmx_free(gather[w].sorted);
        gather[w].hits.hit = gather[w].sorted = NULL;
        gather[w].hits.cap = 0;
    }
    if (!(f.input = bmx_malloc(f.n_input, sizeof *f.input))) {
        st = bmx_nomem(err);
        goto done;
    }
    f.n_input = 0;
    for (size_t w = 0; w < n; w++)
        for (size_t k = 0; k < gather[w].n_runs; k++)
            f.input[f.n_input++] = &gather[w].run[k];
    if ((st = find_raw(&f, err)) || (st = cut_ranges(&f, err)))
        goto done;
    if (f.n_input != 1) {
        f.sum = bmx_calloc(f.n_ranges, sizeof *f.sum);
        f.first = bmx_malloc((size_t)f.n_merges + 1, sizeof *f.first);
        if (!f.sum || !f.first) {
            st = bmx_nomem(err);
            goto done;
        }
        if ((st = bmx_parallel(n_threads, f.n_ranges, sum_range, &f, err)))
            goto done;
        for (size_t k = 0; k < f.n_input; k++)
            run_release(f.input[k]);
    }
    if ((st = place_all(&f, n_threads, err)))
        goto done;
    for (size_t k = 0; f.sum && k < f.n_ranges; k++) {
        bmx_free(f.sum[k].ctx);
        f.sum[k].ctx = NULL;
    }
    for (size_t w = 0; w < n; w++)
        runs_release(gather[w].run, gather[w].n_runs);
    if ((st = sort_all(&f, n_threads, err)))
        goto done;
    st = list_pairs(&f, err);
done:
    for (size_t k = 0; f.sum && k < f.n_ranges; k++)
        bmx_free(f.sum[k].ctx);
    for (unsigned i = 0; f.sorter && i < n_threads; i++) {
        bmx_free(f.sorter[i].key);
        bmx_free(f.sorter[i].key2);
        bmx_free(f.sorter[i].event);
        bmx_free(f.sorter[i].delta);
        bmx_free(f.sorter[i].touched);
    }
    bmx_free(f.raw);
    bmx_free(f.input);
    bmx_free(f.from);
    bmx_free(f.sum);
    bmx_free(f.first);
    bmx_free(f.fill);
    bmx_free(f.begin);
    bmx_free(f.end);
    bmx_free(f.n_pairs);
    bmx_free(f.event);
    bmx_free(f.right);
    bmx_free(f.chunk);
    bmx_free(f.sorter);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* synth.h - made-up languages, a trainer and a replay, for tests of the solver.
 *
 * Every category draws words from its own Zipf-ranked vocabulary of syllables;
 * neighbouring categories share some.  A training text mixes the categories,
 * the trainer counts pairs with an index of words, and the same pass records
 * what the samples' counts do.  All of it is independent of src/replay. */
#ifndef BMX_TEST_SYNTH_H
#define BMX_TEST_SYNTH_H

#include "base/heap.h"
#include "base/rng.h"
#include "replay/trace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct synth_opts {
    uint32_t n_cats, n_words; /* vocabulary of each category */
    uint32_t n_merges;
    uint64_t sample_words;    /* of each category, with repetition */
    uint64_t train_words;     /* 0: the training text is the samples themselves,
                                 each repeated 1 + cat % 3 times */
    double burst;             /* spread of log frequency between two texts of a category */
    uint64_t seed;
} synth_opts;

typedef struct synth_word {
    uint32_t *sym, len; /* current symbols */
    uint64_t train;
    uint32_t *cat;      /* cat[n], count[n]: rising categories with a count */
    uint64_t *count;
    uint32_t n, cap;
} synth_word;

typedef struct synth_pair {
    uint32_t left, right, merged_at;
    int64_t train;
    uint32_t *word;
    size_t n, cap;
    uint32_t slot; /* of the step's dense changes, BMX_NONE: untouched */
} synth_pair;

typedef struct synth_raw {
    uint32_t pair, step, cat;
    int64_t delta;
} synth_raw;

typedef struct synth_heap_entry {
    int64_t count;
    uint32_t pair;
    uint32_t left, right;
} synth_heap_entry;

typedef struct synth {
    const synth_opts *o;
    bmx_intern strings;
    synth_word *word;
    size_t n_words, words_cap;
    synth_pair *pair;
    size_t n_pairs, pairs_cap;
    bmx_map64 pair_of;
    synth_raw *raw;
    size_t n_raw, raw_cap;
    synth_heap_entry *heap;
    size_t n_heap, heap_cap;
    int64_t *dense; /* dense[slots][n_cats + 1]; the last is the training text */
    uint32_t *touched;
    size_t n_touched, touched_cap, dense_cap;
} synth;

static void *synth_grow(void *p, size_t *cap, size_t need, size_t size)
{
    if (need > *cap) {
        *cap = need * 2;
        p = realloc(p, *cap * size);
        if (!p)
            abort();
    }
    return p;
}

static uint64_t synth_poisson(bmx_rng *r, double mean)
{
    double x, limit;
    uint64_t n = 0;

    if (mean > 60) {
        double u = bmx_rng_unit(r), v = bmx_rng_unit(r);
        x = mean + sqrt(mean) * sqrt(-2 * log(1 - u)) * cos(6.283185307179586 * v);
        return x > 0 ? (uint64_t)x : 0;
    }
    limit = exp(-mean);
    for (x = bmx_rng_unit(r); x > limit; x *= bmx_rng_unit(r))
        n++;
    return n;
}

static double synth_normal(bmx_rng *r)
{
    double u = bmx_rng_unit(r), v = bmx_rng_unit(r);
    return sqrt(-2 * log(1 - u)) * cos(6.283185307179586 * v);
}

/* One word of a category's language; letters are 0 .. 199. */
static uint32_t synth_spell(bmx_rng *r, uint32_t cat, unsigned char out[24])
{
    uint32_t n = 0, syllables = 1 + (uint32_t)bmx_rng_below(r, 2) + (uint32_t)bmx_rng_below(r, 3);

    out[n++] = 0; /* the space in front */
    for (uint32_t s = 0; s < syllables && n + 4 < 24; s++) {
        /* a syllable is fixed by its number; languages own ranges that overlap */
        double u = bmx_rng_unit(r);
        bmx_rng spell = { (cat * 45 + (uint64_t)(u * u * 160)) * 7919 + 17 };
        uint32_t letters = 1 + (uint32_t)bmx_rng_below(&spell, 3);
        uint32_t script = cat / 12 * 22 % 176; /* dozens of categories share an alphabet */
        for (uint32_t k = 0; k < letters; k++) {
            double v = bmx_rng_unit(&spell);
            out[n++] = (unsigned char)(1 + script + (uint32_t)(v * v * 22));
        }
    }
    return n;
}

static uint32_t synth_pair_id(synth *s, uint32_t left, uint32_t right)
{
    uint64_t key = (uint64_t)left << 32 | right;
    uint32_t id = bmx_map64_get(&s->pair_of, key);

    if (id != BMX_NONE)
        return id;
    id = (uint32_t)s->n_pairs++;
    s->pair = synth_grow(s->pair, &s->pairs_cap, s->n_pairs, sizeof *s->pair);
    s->pair[id] = (synth_pair){ .left = left, .right = right, .merged_at = BMX_NONE,
                                .slot = BMX_NONE };
    if (bmx_map64_put(&s->pair_of, key, id, NULL))
        abort();
    return id;
}

static void synth_change(synth *s, const synth_word *w, uint32_t left, uint32_t right, int sign)
{
    uint32_t id = synth_pair_id(s, left, right), n = s->o->n_cats + 1;
    synth_pair *p = &s->pair[id];
    int64_t *d;

    if (p->slot == BMX_NONE) {
        p->slot = (uint32_t)s->n_touched++;
        s->touched = synth_grow(s->touched, &s->touched_cap, s->n_touched, sizeof *s->touched);
        s->dense = synth_grow(s->dense, &s->dense_cap, s->n_touched * n, sizeof *s->dense);
        s->touched[p->slot] = id;
        memset(s->dense + (size_t)p->slot * n, 0, n * sizeof *s->dense);
    }
    d = s->dense + (size_t)p->slot * n;
    for (uint32_t i = 0; i < w->n; i++)
        d[w->cat[i]] += sign * (int64_t)w->count[i];
    d[n - 1] += sign * (int64_t)w->train;
}

static void synth_index(synth *s, uint32_t left, uint32_t right, uint32_t word)
{
    synth_pair *p = &s->pair[synth_pair_id(s, left, right)];
    if (p->n > 0 && p->word[p->n - 1] == word)
        return;
    p->word = synth_grow(p->word, &p->cap, p->n + 1, sizeof *p->word);
    p->word[p->n++] = word;
}

/* Largest count first, then smallest symbols. */
static bool synth_before(const void *none, const synth_heap_entry *a, const synth_heap_entry *b)
{
    (void)none;
    if (a->count != b->count)
        return a->count > b->count;
    return a->left != b->left ? a->left < b->left : a->right < b->right;
}

BMX_HEAP(synth_heap, synth_heap_entry, const void *, synth_before)

static void synth_push(synth *s, synth_heap_entry e)
{
    s->heap = synth_grow(s->heap, &s->heap_cap, s->n_heap + 1, sizeof *s->heap);
    synth_heap_push(NULL, s->heap, s->n_heap++, e);
}

static synth_heap_entry synth_pop(synth *s) { return synth_heap_pop(NULL, s->heap, s->n_heap--); }

static void synth_flush(synth *s, uint32_t step)
{
    uint32_t n = s->o->n_cats;

    for (size_t k = 0; k < s->n_touched; k++) {
        synth_pair *p = &s->pair[s->touched[k]];
        const int64_t *d = s->dense + k * (n + 1);
        for (uint32_t i = 0; i < n; i++)
            if (d[i]) {
                s->raw = synth_grow(s->raw, &s->raw_cap, s->n_raw + 1, sizeof *s->raw);
                s->raw[s->n_raw++] = (synth_raw){ s->touched[k], step, i, d[i] };
            }
        if (d[n]) {
            p->train += d[n];
            if (p->train > 0)
                synth_push(s, (synth_heap_entry){ p->train, s->touched[k], p->left, p->right });
        }
        p->slot = BMX_NONE;
    }
    s->n_touched = 0;
}

static void synth_apply(synth *s, uint32_t id, uint32_t product)
{
    uint32_t left = s->pair[id].left, right = s->pair[id].right, *list = s->pair[id].word;
    size_t n = s->pair[id].n;

    s->pair[id].word = NULL;
    s->pair[id].n = s->pair[id].cap = 0;
    for (size_t k = 0; k < n; k++) {
        synth_word *w = &s->word[list[k]];
        uint32_t out = 0;
        bool hit = false;
        for (uint32_t i = 0; i + 1 < w->len && !hit; i++)
            hit = w->sym[i] == left && w->sym[i + 1] == right;
        if (!hit)
            continue;
        for (uint32_t i = 0; i + 1 < w->len; i++)
            synth_change(s, w, w->sym[i], w->sym[i + 1], -1);
        for (uint32_t i = 0; i < w->len; i++) {
            bool here = i + 1 < w->len && w->sym[i] == left && w->sym[i + 1] == right;
            w->sym[out++] = here ? product : w->sym[i];
            i += here;
        }
        w->len = out;
        for (uint32_t i = 0; i + 1 < w->len; i++) {
            synth_change(s, w, w->sym[i], w->sym[i + 1], 1);
            if (w->sym[i] == product || w->sym[i + 1] == product)
                synth_index(s, w->sym[i], w->sym[i + 1], list[k]);
        }
    }
    free(list);
}

static const synth *synth_sort_by; /* qsort has no context */

static int synth_by_pair(const void *pa, const void *pb)
{
    const synth_pair *a = &synth_sort_by->pair[*(const uint32_t *)pa];
    const synth_pair *b = &synth_sort_by->pair[*(const uint32_t *)pb];
    if (a->left != b->left)
        return a->left < b->left ? -1 : 1;
    return a->right < b->right ? -1 : a->right > b->right;
}

/* Draw the texts of all categories: counts of every word. */
static void synth_text(synth *s, const double *share)
{
    const synth_opts *o = s->o;
    bmx_rng r = { o->seed };

    for (uint32_t cat = 0; cat < o->n_cats; cat++) {
        double norm = 0;
        for (uint32_t k = 0; k < o->n_words; k++)
            norm += 1 / pow(k + 2.7, 1.07);
        for (uint32_t k = 0; k < o->n_words; k++) {
            unsigned char text[24];
            uint32_t len = synth_spell(&r, cat, text), id;
            double f = 1 / pow(k + 2.7, 1.07) / norm;
            uint64_t in_sample, in_train;
            bool is_new;
            synth_word *w;
            in_sample = synth_poisson(&r, (double)o->sample_words * f *
                                              exp(o->burst * synth_normal(&r)));
            in_train = o->train_words ? synth_poisson(&r, (double)o->train_words * share[cat] * f *
                                                              exp(o->burst * synth_normal(&r)))
                                      : in_sample * (1 + cat % 3);
            if (in_sample + in_train == 0 || len < 2)
                continue;
            if (bmx_intern_add(&s->strings, bmx_slice_of(text, len), &id, &is_new, NULL))
                abort();
            if (is_new) {
                s->word = synth_grow(s->word, &s->words_cap, id + 1, sizeof *s->word);
                s->word[id] = (synth_word){ .len = len };
                s->n_words = id + 1;
                w = &s->word[id];
                w->sym = malloc(len * sizeof *w->sym);
                for (uint32_t i = 0; i < len; i++)
                    w->sym[i] = text[i];
            }
            w = &s->word[id];
            w->train += in_train;
            if (in_sample == 0)
                continue;
            if (w->n > 0 && w->cat[w->n - 1] == cat) {
                w->count[w->n - 1] += in_sample;
                continue;
            }
            if (w->n == w->cap) {
                w->cap = w->cap ? 2 * w->cap : 1;
                w->cat = realloc(w->cat, w->cap * sizeof *w->cat);
                w->count = realloc(w->count, w->cap * sizeof *w->count);
            }
            w->cat[w->n] = cat;
            w->count[w->n++] = in_sample;
        }
    }
}

static bmx_slice synth_token(const bmx_slice *token, const bmx_merge *m, char *to)
{
    memcpy(to, token[m->left].ptr, token[m->left].len);
    memcpy(to + token[m->left].len, token[m->right].ptr, token[m->right].len);
    return bmx_slice_of(to, token[m->left].len + token[m->right].len);
}

/* The counts of every pair before the first merge, and what the samples hold */
static void synth_count(synth *s, bpemix_trace *tr)
{
    for (size_t id = 0; id < s->n_words; id++) {
        synth_word *w = &s->word[id];
        for (uint32_t i = 0; i + 1 < w->len; i++) {
            synth_change(s, w, w->sym[i], w->sym[i + 1], 1);
            synth_index(s, w->sym[i], w->sym[i + 1], (uint32_t)id);
        }
        for (uint32_t i = 0; i < w->n; i++) {
            tr->cat[w->cat[i]].bytes += w->count[i] * w->len;
            tr->cat[w->cat[i]].pretokens += w->count[i];
            tr->cat[w->cat[i]].pairs += w->count[i] * (w->len - 1);
        }
    }
    synth_flush(s, 0);
}

/* Learns the merges from the training text; merge_pair[] has the synth's numbers of pairs. */
static void synth_train(synth *s, bpemix_trace *tr)
{
    while (tr->n_merges < s->o->n_merges && s->n_heap > 0) {
        synth_heap_entry e = synth_pop(s);
        synth_pair *p = &s->pair[e.pair];
        uint32_t t = tr->n_merges;
        if (p->train != e.count || p->merged_at != BMX_NONE)
            continue;
        p->merged_at = t;
        tr->merge[t] = (bmx_merge){ .left = p->left, .right = p->right, .product = 256 + t };
        tr->merge_pair[t] = e.pair;
        tr->n_merges++;
        synth_apply(s, e.pair, 256 + t);
        synth_flush(s, tr->n_merges);
    }
}

/* Pairs in order of their symbols, events behind their pair. Pairs of the training text alone are
 * not listed. */
static void synth_put_pairs(const synth *s, bpemix_trace *tr)
{
    uint32_t *order = malloc(s->n_pairs * sizeof *order), *rank = malloc(s->n_pairs * sizeof *rank);

    memset(rank, 0xff, s->n_pairs * sizeof *rank);
    for (size_t k = 0; k < s->n_raw; k++)
        if (rank[s->raw[k].pair] == BMX_NONE) {
            rank[s->raw[k].pair] = 0;
            order[tr->n_pairs++] = s->raw[k].pair;
        }
    synth_sort_by = s;
    qsort(order, tr->n_pairs, sizeof *order, synth_by_pair);
    tr->pair = malloc(tr->n_pairs * sizeof *tr->pair);
    tr->first = calloc(tr->n_pairs + 2, sizeof *tr->first);
    for (uint32_t i = 0; i < tr->n_pairs; i++) {
        const synth_pair *p = &s->pair[order[i]];
        rank[order[i]] = i;
        tr->pair[i] = (bmx_pair){ p->left, p->right, BMX_NONE, p->merged_at };
    }
    for (size_t k = 0; k < s->n_raw; k++)
        tr->first[rank[s->raw[k].pair] + 2]++;
    for (size_t i = 0; i < tr->n_pairs; i++)
        tr->first[i + 2] += tr->first[i + 1];
    tr->n_events = s->n_raw;
    tr->event = malloc((s->n_raw + 1) * sizeof *tr->event);
    for (size_t k = 0; k < s->n_raw; k++)
        tr->event[tr->first[rank[s->raw[k].pair] + 1]++] =
            (bmx_event){ s->raw[k].step, s->raw[k].cat, s->raw[k].delta };
    for (uint32_t t = 0; t < tr->n_merges; t++)
        tr->merge_pair[t] = rank[tr->merge_pair[t]];
    free(order);
    free(rank);
}

/* The text of each token: that of the two symbols that it joins */
static void synth_put_tokens(bpemix_trace *tr)
{
    uint32_t n_symbols = 256 + tr->n_merges, *len = malloc(n_symbols * sizeof *len);
    size_t text_len = 256;

    for (uint32_t i = 0; i < 256; i++)
        len[i] = 1;
    for (uint32_t t = 0; t < tr->n_merges; t++)
        text_len += len[256 + t] = len[tr->merge[t].left] + len[tr->merge[t].right];
    free(len);
    tr->n_tokens = n_symbols;
    tr->token = malloc(n_symbols * sizeof *tr->token);
    tr->token_bytes = malloc(text_len);
    for (uint32_t i = 0; i < 256; i++) {
        tr->token_bytes[i] = (char)(i < 26 ? 'A' + i : i);
        tr->token[i] = bmx_slice_of(tr->token_bytes + i, 1);
    }
    text_len = 256;
    for (uint32_t t = 0; t < tr->n_merges; t++) {
        tr->token[256 + t] = synth_token(tr->token, &tr->merge[t], tr->token_bytes + text_len);
        text_len += tr->token[256 + t].len;
    }
}

/* share[n_cats]: of words; turned into shares of pairs */
static void synth_shares_of_pairs(const synth_opts *o, const bpemix_trace *tr, double *share)
{
    double sum = 0;

    for (uint32_t i = 0; i < o->n_cats; i++) {
        double pairs = (double)tr->cat[i].pairs;
        share[i] = o->train_words ? share[i] * (pairs / (double)tr->cat[i].pretokens)
                                  : (1 + i % 3) * pairs;
        sum += share[i];
    }
    for (uint32_t i = 0; i < o->n_cats; i++)
        share[i] /= sum;
}

static void synth_release(synth *s)
{
    for (size_t i = 0; i < s->n_words; i++) {
        free(s->word[i].sym);
        free(s->word[i].cat);
        free(s->word[i].count);
    }
    for (size_t i = 0; i < s->n_pairs; i++)
        free(s->pair[i].word);
    free(s->word);
    free(s->pair);
    free(s->raw);
    free(s->heap);
    free(s->dense);
    free(s->touched);
    bmx_intern_release(&s->strings);
    bmx_map64_release(&s->pair_of);
}

/* Freed by synth_trace_free().  share_pairs[n_cats] (NULL: not wanted): the
 * true shares of pairs. */
static bpemix_trace *synth_trace(const synth_opts *o, double *share_pairs)
{
    synth s = { .o = o };
    bpemix_trace *tr = calloc(1, sizeof *tr);
    double *share = malloc(o->n_cats * sizeof *share);
    bmx_rng r = { o->seed ^ 0x5eed };

    bmx_rng_simplex(&r, share, (int)o->n_cats);
    synth_text(&s, share);
    tr->n_cats = o->n_cats;
    tr->cat = calloc(o->n_cats, sizeof *tr->cat);
    for (uint32_t i = 0; i < o->n_cats; i++) {
        tr->cat[i].name = bmx_asprintf("cat%u", (unsigned)i);
        tr->cat[i].documents = 1;
    }
    tr->merge = malloc(o->n_merges * sizeof *tr->merge);
    tr->merge_pair = malloc(o->n_merges * sizeof *tr->merge_pair);
    synth_count(&s, tr);
    synth_train(&s, tr);
    synth_put_pairs(&s, tr);
    synth_put_tokens(tr);
    synth_release(&s);
    if (share_pairs) {
        synth_shares_of_pairs(o, tr, share);
        memcpy(share_pairs, share, o->n_cats * sizeof *share);
    }
    free(share);
    return tr;
}

static inline void synth_trace_free(bpemix_trace *tr)
{
    for (size_t i = 0; i < tr->n_cats; i++)
        bmx_free(tr->cat[i].name);
    free(tr->cat);
    free(tr->merge);
    free(tr->merge_pair);
    free(tr->token);
    free(tr->token_bytes);
    free(tr->pair);
    free(tr->first);
    free(tr->event);
    free(tr);
}

#endif

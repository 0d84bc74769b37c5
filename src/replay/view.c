/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/view.h"
#include "base/assert.h"
#include "base/hash.h"
#include "replay/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void bmx_view_normalize(const bmx_view *v, double *share)
{
    double sum = 0, apart = v->pooled == BMX_NONE ? 0 : share[v->pooled];

    for (size_t i = 0; i < v->n_cats; i++)
        sum += i == v->pooled ? 0 : share[i];
    for (size_t i = 0; i < v->n_cats; i++)
        share[i] = sum > 0 ? share[i] / sum : NAN;
    if (v->pooled != BMX_NONE)
        share[v->pooled] = sum + apart > 0 ? apart / (sum + apart) : NAN;
}

void bmx_view_release(bmx_view *v)
{
    bmx_free(v->cat);
    bmx_free(v->given);
    bmx_free(v->pairs);
    bmx_free(v->bytes);
    *v = (bmx_view){ 0 };
}

bpemix_status bmx_view_init(const bpemix_trace *tr, uint32_t leave_out, const bool *fixed,
                            bmx_view *out, bpemix_error *err)
{
    uint32_t folds = bmx_trace_tallies(tr);
    bmx_view v = { .trace = tr, .n_cats = tr->n_cats / folds, .pooled = BMX_NONE };

    v.cat = bmx_malloc(tr->n_cats, sizeof *v.cat);
    v.given = bmx_malloc(v.n_cats, sizeof *v.given);
    v.pairs = bmx_calloc(v.n_cats, sizeof *v.pairs);
    v.bytes = bmx_calloc(v.n_cats, sizeof *v.bytes);
    if (!v.cat || !v.given || !v.pairs || !v.bytes) {
        bmx_view_release(&v);
        return bmx_nomem(err);
    }
    for (size_t i = 0; i < v.n_cats; i++)
        v.given[i] = (uint32_t)i;
    for (uint32_t tally = 0; tally < tr->n_cats; tally++) {
        const bmx_trace_category *from = &tr->cat[tally];
        uint32_t cat = tally / folds;

        if (bmx_pool_names(&tr->options) && !strcmp(from->name, BMX_POOL))
            v.pooled = cat;
        v.cat[tally] = BMX_NONE;
        if (tally % folds == leave_out && tr->n_folds && !(fixed && fixed[cat]))
            continue;
        v.cat[tally] = cat;
        if (__builtin_add_overflow(v.pairs[cat], from->pairs, &v.pairs[cat]) ||
            __builtin_add_overflow(v.bytes[cat], from->bytes, &v.bytes[cat]) ||
            v.pairs[cat] > INT64_MAX) {
            bmx_view_release(&v);
            return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "",
                            "the sizes of category '%.80s' add up to more than 2^63", from->name);
        }
        BMX_ASSERT(v.cat[tally] < v.n_cats); /* V1 */
    }
    *out = v;
    return BPEMIX_OK;
}

/* ---- order ---- */

/* digest[n_cats]: of the counts of every pair after every merge, and of the sizes.  A sum of
 * products with a number that is drawn for the pair and the step, modulo 2^64, so that folds add
 * up, and that neither other categories nor the order of events enters. */
static void digest_counts(const bpemix_trace *tr, uint64_t *digest)
{
    uint32_t folds = bmx_trace_tallies(tr);

    for (size_t tally = 0; tally < tr->n_cats; tally++)
        digest[tally / folds] += tr->cat[tally].pairs * bmx_mix(1) +
                                 tr->cat[tally].bytes * bmx_mix(2);
    for (size_t p = 0; p < tr->n_pairs; p++) {
        uint64_t key = bmx_mix((uint64_t)tr->pair[p].left << 32 | tr->pair[p].right);

        for (uint64_t e = tr->first[p]; e < tr->first[p + 1]; e++)
            digest[tr->event[e].cat / folds] +=
                (uint64_t)tr->event[e].delta * bmx_mix(key + tr->event[e].step);
    }
}

typedef struct numbered {
    uint64_t digest;
    const char *name;
    uint32_t cat;
} numbered;

static int by_digest(const void *pa, const void *pb)
{
    const numbered *a = pa, *b = pb;
    int names;

    if (a->digest != b->digest)
        return a->digest < b->digest ? -1 : 1;
    names = strcmp(a->name, b->name);
    return names ? names : (a->cat > b->cat) - (a->cat < b->cat);
}

/* Category given[i], so far that of the trace, becomes category i. */
static bpemix_status renumber(bmx_view *v, const uint32_t *given, bpemix_error *err)
{
    uint32_t folds = bmx_trace_tallies(v->trace);
    uint64_t *size = bmx_malloc(v->n_cats, 2 * sizeof *size);

    if (!size)
        return bmx_nomem(err);
    memcpy(size, v->pairs, v->n_cats * sizeof *size);
    memcpy(size + v->n_cats, v->bytes, v->n_cats * sizeof *size);
    for (uint32_t i = 0, pooled = v->pooled; i < v->n_cats; i++) {
        BMX_ASSERT(v->given[i] == i && given[i] < v->n_cats); /* V3 */
        v->given[i] = given[i];
        v->pairs[i] = size[given[i]];
        v->bytes[i] = size[v->n_cats + given[i]];
        v->pooled = given[i] == pooled ? i : v->pooled;
        for (uint32_t f = 0; f < folds; f++)
            if (v->cat[given[i] * (size_t)folds + f] != BMX_NONE)
                v->cat[given[i] * (size_t)folds + f] = i;
    }
    bmx_free(size);
    return BPEMIX_OK;
}

bpemix_status bmx_view_sort(bmx_view *v, bpemix_error *err)
{
    const bpemix_trace *tr = v->trace;
    uint64_t *digest = bmx_calloc(v->n_cats, sizeof *digest);
    numbered *all = bmx_malloc(v->n_cats, sizeof *all);
    uint32_t *given = bmx_malloc(v->n_cats, sizeof *given);
    bpemix_status st = digest && all && given ? BPEMIX_OK : bmx_nomem(err);

    if (!st) {
        digest_counts(tr, digest);
        for (uint32_t i = 0; i < v->n_cats; i++)
            all[i] = (numbered){ digest[i], bmx_view_category(v, i)->name, i };
        qsort(all, v->n_cats, sizeof *all, by_digest);
        for (uint32_t i = 0; i < v->n_cats; i++)
            given[i] = all[i].cat;
        st = renumber(v, given, err);
    }
    bmx_free(digest);
    bmx_free(all);
    bmx_free(given);
    return st;
}

bpemix_status bmx_view_sort_like(bmx_view *v, const bmx_view *other, bpemix_error *err)
{
    return renumber(v, other->given, err);
}

bpemix_status bmx_view_unsort(const bmx_view *v, void *x, size_t n_rows, size_t size,
                              bpemix_error *err)
{
    size_t row = v->n_cats * size;
    char *sorted = bmx_malloc(v->n_cats, size), *at = x;

    if (!sorted)
        return bmx_nomem(err);
    for (size_t r = 0; r < n_rows; r++, at += row) {
        memcpy(sorted, at, row);
        for (size_t i = 0; i < v->n_cats; i++)
            memcpy(at + v->given[i] * size, sorted + i * size, size);
    }
    bmx_free(sorted);
    return BPEMIX_OK;
}

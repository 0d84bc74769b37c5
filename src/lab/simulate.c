/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulate.c - see simulate.h. */
#include "lab/simulate.h"
#include "base/assert.h"

#include <math.h>
#include <stdlib.h>

/* ---- random numbers ---- */

static double normal(bmx_rng *r)
{
    double u = 1 - bmx_rng_unit(r), v = bmx_rng_unit(r);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v); /* Box and Muller */
}

/* Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. */
double bmx_rng_gamma(bmx_rng *r, double shape)
{
    double d, c;

    if (shape < 1)
        return bmx_rng_gamma(r, shape + 1) * pow(1 - bmx_rng_unit(r), 1 / shape);
    d = shape - 1.0 / 3;
    c = 1 / sqrt(9 * d);
    for (;;) {
        double x = normal(r), v = 1 + c * x, u = 1 - bmx_rng_unit(r);

        if (v <= 0)
            continue;
        v = v * v * v;
        if (log(u) < 0.5 * x * x + d - d * v + d * log(v))
            return d * v;
    }
}

/* By inversion where the mean is small; beyond 500, where the error of the normal
 * distribution is below a hundredth of a standard deviation, by that. */
uint64_t bmx_rng_poisson(bmx_rng *r, double mean)
{
    uint64_t n = 0;

    if (mean > 500) {
        double x = mean + sqrt(mean) * normal(r) + 0.5;
        return x > 0 ? (uint64_t)x : 0;
    }
    for (; mean > 0; mean -= 10) {
        double limit = exp(-(mean < 10 ? mean : 10)), p = 1 - bmx_rng_unit(r);

        for (; p > limit; n++)
            p *= 1 - bmx_rng_unit(r);
    }
    return n;
}

/* S2 */
static uint64_t round_at_random(bmx_rng *r, double x)
{
    double whole = floor(x);

    BMX_ASSERT(x >= 0 && x < 1e18);
    return (uint64_t)whole + (bmx_rng_unit(r) < x - whole);
}

/* ---- populations ---- */

/* With fewer clusters the files' division is kept, because all could fall on one side. */
#define FEW_CLUSTERS 8

void bmx_lab_draw_release(bmx_lab_draw *d)
{
    bmx_free(d->word);
    bmx_free(d->count);
    *d = (bmx_lab_draw){ 0 };
}

void bmx_lab_population_release(bmx_lab_population *p)
{
    bmx_free(p->rate);
    bmx_free(p->made_rate);
    bmx_free(p->sum);
    *p = (bmx_lab_population){ 0 };
}

bpemix_status bmx_lab_population_init(bmx_lab_population *p, const bmx_lab_corpus *c, size_t cat,
                                      bool simulate, bmx_rng *rng, bpemix_error *err)
{
    const bmx_lab_category *k = &c->cat[cat];

    *p = (bmx_lab_population){ .cat = k };
    if (!(p->sum = bmx_calloc(k->n_vocabulary, sizeof *p->sum)))
        return bmx_nomem(err);
    if (!simulate) {
        p->split = k->clustered && k->n_docs >= FEW_CLUSTERS ? bmx_rng_next(rng) | 1 : 0;
        return BPEMIX_OK;
    }
    p->rate = bmx_malloc(k->n_vocabulary, sizeof *p->rate);
    p->made_rate = bmx_malloc(k->n_made, sizeof *p->made_rate);
    if (!p->rate || !p->made_rate) {
        bmx_lab_population_release(p);
        return bmx_nomem(err);
    }
    for (size_t w = 0; w < k->n_vocabulary; w++) { /* S1 */
        double shape = (double)k->total[w] + 0.5;

        p->rate[w] = bmx_rng_gamma(rng, shape) / shape;
        BMX_ASSERT(p->rate[w] >= 0 && p->rate[w] < INFINITY);
    }
    for (size_t w = 0; w < k->n_made; w++) /* S3 */
        p->made_rate[w] = bmx_rng_gamma(rng, 0.5);
    return BPEMIX_OK;
}

static bpemix_status put(bmx_lab_draw *d, uint32_t word, uint64_t count, bpemix_error *err)
{
    bpemix_status st;

    if (!count)
        return BPEMIX_OK;
    BMX_ASSERT(!d->n || d->word[d->n - 1] < word);
    if ((st = bmx_reserve(&d->word, &d->cap, d->n + 1, sizeof *d->word, err)) ||
        (st = bmx_reserve(&d->count, &d->count_cap, d->n + 1, sizeof *d->count, err)))
        return st;
    d->word[d->n] = word;
    d->count[d->n++] = count;
    d->pretokens += count;
    return BPEMIX_OK;
}

/* sum[] over the vocabulary, which is emptied, and the words made up, in order of words. */
static bpemix_status emit(bmx_lab_population *p, double made, bool round, bmx_rng *rng,
                          bmx_lab_draw *out, bpemix_error *err)
{
    const bmx_lab_category *c = p->cat;
    size_t m = 0;
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k <= c->n_vocabulary && !st; k++) {
        uint32_t word = k < c->n_vocabulary ? c->vocabulary[k] : BMX_NONE;

        for (; p->made_rate && made > 0 && m < c->n_made && c->made[m] < word && !st; m++)
            st = put(out, c->made[m], bmx_rng_poisson(rng, made * p->made_rate[m]), err);
        if (k < c->n_vocabulary && p->sum[k] > 0 && !st)
            st = put(out, word,
                     round ? round_at_random(rng, p->sum[k] * (p->rate ? p->rate[k] : 1))
                           : (uint64_t)p->sum[k],
                     err);
        if (k < c->n_vocabulary)
            p->sum[k] = 0;
    }
    return st;
}

#ifdef BMX_CHECKED
/* Nothing is left in sum[] of another draw. */
static bool is_empty(const bmx_lab_population *p)
{
    for (size_t k = 0; k < p->cat->n_vocabulary; k++)
        if (p->sum[k] != 0)
            return false;
    return true;
}
#endif

static void add_document(bmx_lab_population *p, size_t d, double copies)
{
    const bmx_lab_entry *e = p->cat->entry + p->cat->doc[d].first,
                        *end = p->cat->entry + p->cat->doc[d + 1].first;

    for (; e < end; e++)
        p->sum[e->word] += copies * (double)e->count;
}

bpemix_status bmx_lab_simulate(bmx_lab_population *p, double bytes, const double *weight,
                               bmx_lab_noise noise, bmx_rng *rng, bmx_lab_draw *out,
                               bpemix_error *err)
{
    const bmx_lab_category *c = p->cat;
    double base = 0, got = 0;

    BMX_ASSERT(is_empty(p));
    for (size_t d = 0; d < c->n_docs; d++)
        base += (weight ? weight[c->doc[d].source] : 1) * (double)c->doc[d].bytes;
    if (!(base > 0) || !(bytes > 0))
        return BPEMIX_OK;
    for (size_t d = 0; d < c->n_docs; d++) {
        double mean = bytes / base * (weight ? weight[c->doc[d].source] : 1);
        double copies = noise == BMX_NOISE_DOCUMENTS ? (double)bmx_rng_poisson(rng, mean) : mean;

        if (copies > 0)
            add_document(p, d, copies);
        out->documents += (uint64_t)ceil(copies);
        got += copies * (double)c->doc[d].bytes;
    }
    if (noise == BMX_NOISE_WORDS)
        for (size_t k = 0; k < c->n_vocabulary; k++)
            if (p->sum[k] > 0)
                p->sum[k] = (double)bmx_rng_poisson(rng, p->sum[k] * p->rate[k]) / p->rate[k];
    out->bytes += (uint64_t)(got + 0.5);
    return emit(p, got / (double)c->bytes, true, rng, out, err);
}

/* ---- documents as they are ---- */

typedef struct candidate {
    double key;
    uint32_t doc;
} candidate;

static int by_key(const void *a, const void *b)
{
    const candidate *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->doc > y->doc) - (x->doc < y->doc);
}

/* Is it in the half for samples?  Each trial divides clusters anew: their files were divided one by
 * one, so that those of one package are in both halves and make these more alike than they are. */
static bool for_samples(const bmx_lab_population *p, size_t d)
{
    uint64_t key[2] = { p->split, d };

    return p->split ? bmx_hash64(key, sizeof key, 0) >> 7 & 1 : p->cat->doc[d].sample;
}

uint64_t bmx_lab_available(const bmx_lab_population *p, const double *weight, int half)
{
    const bmx_lab_category *c = p->cat;
    uint64_t bytes = 0;

    for (size_t d = 0; d < c->n_docs; d++)
        if ((half == 2 || for_samples(p, d) == (half == 1)) &&
            (!weight || weight[c->doc[d].source] > 0))
            bytes += c->doc[d].bytes;
    return bytes;
}

bpemix_status bmx_lab_pick(bmx_lab_population *p, double bytes, const bmx_lab_selection *which,
                           bmx_lab_draw *out, bpemix_error *err)
{
    const bmx_lab_category *c = p->cat;
    const double *weight = which->weight;
    bmx_rng rng = { which->seed };
    candidate *list = bmx_malloc(c->n_docs, sizeof *list);
    size_t n = 0;
    double got = 0;
    bpemix_status st;

    BMX_ASSERT(is_empty(p));
    if (!list)
        return bmx_nomem(err);
    for (size_t d = 0; d < c->n_docs; d++) {
        double w = weight ? weight[c->doc[d].source] : 1, u = -log(1 - bmx_rng_unit(&rng));

        /* Efraimidis and Spirakis: rising exponential keys draw without replacement */
        if (w > 0 && (which->half == 2 || for_samples(p, d) == (which->half == 1)))
            list[n++] = (candidate){ u / w, (uint32_t)d };
    }
    qsort(list, n, sizeof *list, by_key);
    for (size_t k = 0; k < n; k++) {
        double size = (double)c->doc[list[k].doc].bytes;

        if (got + size > bytes && k && got + size - bytes > bytes - got)
            break; /* without it the size is nearer to the one asked for */
        got += size;
        if (which->n_folds > 1 && k % which->n_folds != which->fold)
            continue;
        add_document(p, list[k].doc, 1);
        out->bytes += c->doc[list[k].doc].bytes;
        out->documents++;
    }
    bmx_free(list);
    st = emit(p, 0, false, &rng, out, err);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/pool.h"
#include "words/count.h"

#include <stdlib.h>
#include <string.h>

static bpemix_status check_names(const bpemix_category *cats, size_t n, const bpemix_count_opts *o,
                                 bpemix_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(cats[i].name, BMX_POOL))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, cats[i].name,
                                 "give the category another name", "the name of the pool");
        for (size_t k = 0; k < o->n_other; k++)
            if (o->other[k].name && !strcmp(cats[i].name, o->other[k].name))
                return bmx_fail_hint(err, BPEMIX_E_USAGE, cats[i].name,
                                     "leave it out of one of them",
                                     "both a candidate and part of the pool");
    }
    return BPEMIX_OK;
}

static int by_size(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* How often category k is counted: as often as brings it to the median size. */
static bpemix_status set_factors(const bmx_words *w, size_t n, size_t folds, uint64_t *factor,
                                 bpemix_error *err)
{
    uint64_t *sorted = bmx_malloc(n, sizeof *sorted), median;

    if (!sorted)
        return bmx_nomem(err);
    for (size_t k = 0; k < n; k++) {
        factor[k] = 0;
        for (size_t f = 0; f < folds; f++)
            factor[k] += w[k * folds + f].bytes;
        sorted[k] = factor[k];
    }
    qsort(sorted, n, sizeof *sorted, by_size);
    median = sorted[n / 2];
    bmx_free(sorted);
    for (size_t k = 0; k < n; k++)
        factor[k] = factor[k] && factor[k] < median ? (median + factor[k] / 2) / factor[k] : 1;
    return BPEMIX_OK;
}

/* All numbers of w times factor; counts are no larger than `pretokens`, which are checked. */
static bpemix_status multiply(bmx_words *w, uint64_t factor, bpemix_error *err)
{
    uint64_t pretokens = w->pretokens, bytes = w->bytes, invalid = w->invalid_bytes;
    uint64_t documents = w->documents;
    bpemix_status st = BPEMIX_OK;

    if (factor < 2)
        return BPEMIX_OK;
    for (uint64_t k = 1; k < factor && !st; k++)
        if (!(st = bmx_words_add_pretokens(w, pretokens, err)))
            st = bmx_words_add_text(w, bytes, 0, invalid, err);
    w->documents = documents;
    for (size_t i = 0; i < w->word.n && !st; i++)
        w->count[i] *= factor;
    return st;
}

static bpemix_status join(bmx_words *w, size_t n, size_t folds, const uint64_t *factor,
                          bmx_words *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t f = 0; f < folds; f++) {
        bmx_words *to = &out[f];

        if (!(to->name = bmx_strdup(BMX_POOL)))
            return bmx_nomem(err);
        to->n_folds = w[0].n_folds;
        for (size_t k = 0; k < n && !st; k++) {
            bmx_words *from = &w[k * folds + f];

            if (!(st = multiply(from, factor[k], err)) && !(st = bmx_words_merge(to, from, err)))
                to->sampled |= from->sampled;
            for (size_t i = 0; i < from->warning.n && !st; i++)
                st = bmx_texts_take(&to->warning, bmx_strdup(from->warning.text[i]), err);
            bmx_words_release(from);
        }
    }
    return st;
}

bpemix_status bmx_pool_count(const bmx_text_rule *rule, const bpemix_category *cats, size_t n,
                             const bpemix_count_opts *opts, bmx_words *out, bpemix_error *err)
{
    size_t folds = opts->folds ? opts->folds : 1, n_words = opts->n_other * folds;
    bpemix_count_opts o = *opts;
    bmx_words *w = bmx_calloc(n_words, sizeof *w);
    uint64_t *factor = bmx_malloc(opts->n_other, sizeof *factor);
    bpemix_status st = w && factor ? check_names(cats, n, opts, err) : bmx_nomem(err);

    o.max_bytes = opts->other_bytes;
    if (!st && !(st = bmx_words_count(rule, opts->other, opts->n_other, &o, w, err)) &&
        !(st = set_factors(w, opts->n_other, folds, factor, err)))
        st = join(w, opts->n_other, folds, factor, out, err);
    for (size_t i = 0; w && i < n_words; i++)
        bmx_words_release(&w[i]);
    bmx_free(w);
    bmx_free(factor);
    return st;
}

bpemix_status bmx_pool_record(const bpemix_count_opts *o, bmx_values *v, bpemix_error *err)
{
    bpemix_status st = o->n_other ? bmx_values_put_list(v, BMX_POOL, err) : BPEMIX_OK;

    for (size_t k = 0; k < o->n_other && !st; k++)
        st = bmx_values_push(v, BMX_POOL, bmx_slice_str(o->other[k].name), err);
    return st;
}

const bmx_texts *bmx_pool_names(const bmx_values *options)
{
    const bmx_value *list = bmx_values_get(options, BMX_POOL);

    return list && list->list.n ? &list->list : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/view.h"
#include "base/assert.h"
#include "replay/pool.h"

#include <math.h>
#include <string.h>

void bmx_view_normalise(const bmx_view *v, double *share)
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
    bmx_free(v->pairs);
    bmx_free(v->bytes);
    *v = (bmx_view){ 0 };
}

bpemix_status bmx_view_init(const bpemix_trace *tr, uint32_t leave_out, const bool *fixed,
                            bmx_view *out, bpemix_error *err)
{
    uint32_t folds = tr->n_folds ? tr->n_folds : 1;
    bmx_view v = { .trace = tr, .n_cats = tr->n_cats / folds, .pooled = BMX_NONE };

    v.cat = bmx_malloc(tr->n_cats, sizeof *v.cat);
    v.pairs = bmx_calloc(v.n_cats, sizeof *v.pairs);
    v.bytes = bmx_calloc(v.n_cats, sizeof *v.bytes);
    if (!v.cat || !v.pairs || !v.bytes) {
        bmx_view_release(&v);
        return bmx_nomem(err);
    }
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/separate.h"

#include <math.h>

bpemix_status bmx_range_min_init(bmx_range_min *r, size_t n, bpemix_error *err)
{
    bmx_range_min m = { .n = n, .levels = 1 };

    while (n >> m.levels)
        m.levels++;
    if (n > UINT32_MAX || !(m.low = bmx_malloc(m.levels * (n + 1), sizeof *m.low)))
        return bmx_nomem(err);
    *r = m;
    return BPEMIX_OK;
}

void bmx_range_min_set(bmx_range_min *r, const double *value)
{
    r->value = value;
    for (size_t i = 0; i < r->n; i++)
        r->low[i] = (uint32_t)i;
    for (unsigned j = 1; j < r->levels; j++) {
        const uint32_t *half = r->low + (j - 1) * r->n;
        uint32_t *whole = r->low + j * r->n;
        size_t width = (size_t)1 << j;
        for (size_t i = 0; i + width <= r->n; i++) {
            uint32_t a = half[i], b = half[i + width / 2];
            whole[i] = value[b] < value[a] ? b : a;
        }
    }
}

void bmx_range_min_release(bmx_range_min *r)
{
    bmx_free(r->low);
    *r = (bmx_range_min){ 0 };
}

void bmx_separate(const bmx_constraints *c, const bmx_range_min *r, const double *w,
                  bmx_worst_row *worst)
{
    double lowest = c->n_steps ? r->value[bmx_range_min_find(r, 0, c->n_steps)] : 0;

    for (size_t k = 0; k < c->n_pairs; k++) {
        bmx_worst_row best = { .excess = -INFINITY };
        for (uint64_t s = c->first[k]; s < c->first[k + 1]; s++) {
            uint32_t t;
            if (w[s] - lowest <= best.excess)
                continue; /* below the best, even at the lowest theta */
            t = bmx_range_min_find(r, c->state[s].lo, c->state[s].hi);
            if (w[s] - r->value[t] > best.excess)
                best = (bmx_worst_row){ w[s] - r->value[t], s, t };
        }
        worst[k] = best;
    }
}

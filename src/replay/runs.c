/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/runs.h"
#include "base/assert.h"

/* ---- sums ---- */

/* Growing the map moves its items, so `used`, their order of arrival, is written anew. */
bpemix_status bmx_sums_room(bmx_sums *t, bpemix_error *err)
{
    const size_t n = t->map.n;
    bmx_sums_item *kept;
    bpemix_status st;

    if (2 * (n + 1) <= t->map.n_slots)
        return BPEMIX_OK;
    if (!(kept = bmx_malloc(n, sizeof *kept)))
        return bmx_nomem(err);
    for (size_t k = 0; k < n; k++)
        kept[k] = t->map.slot[t->used[k]];
    if (!(st = bmx_sums_map_room(&t->map, err)))
        for (size_t k = 0; k < n; k++)
            t->used[k] = (uint32_t)(bmx_sums_map_find(&t->map, &kept[k]) - t->map.slot);
    bmx_free(kept);
    return st ? st : bmx_reserve(&t->used, &t->used_cap, t->map.n_slots / 2, sizeof *t->used, err);
}

bpemix_status bmx_sums_empty(bmx_sums *t, bmx_run *run, bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&run->ctx, &run->cap, run->n + t->map.n, sizeof *run->ctx, err);

    for (size_t k = 0; k < t->map.n; k++) {
        bmx_sums_item *at = &t->map.slot[t->used[k]];

        BMX_ASSERT(at->next_key && at->count); /* A1: each slot once, and none for nothing */
        if (!st)
            run->ctx[run->n++] = bmx_context_of(at->next_key - 1, at->count);
        *at = (bmx_sums_item){ 0, 0 };
    }
    t->map.n = 0;
    return st;
}

#ifdef BMX_CHECKED
/* A2. */
static bool is_empty(const bmx_sums *t)
{
    for (size_t i = 0; i < t->map.n_slots; i++)
        if (t->map.slot[i].next_key)
            return false;
    return true;
}
#endif

void bmx_sums_release(bmx_sums *t)
{
    BMX_ASSERT(t->map.n || is_empty(t)); /* A2; sums that failed are not empty */
    bmx_sums_map_release(&t->map);
    bmx_free(t->used);
    *t = (bmx_sums){ 0 };
}

/* ---- runs ---- */

void bmx_run_release(bmx_run *run)
{
    bmx_free(run->ctx);
    bmx_free(run->first);
    *run = (bmx_run){ 0 };
}

bpemix_status bmx_runs_add(bmx_run *const *run, size_t n, uint32_t from, uint32_t to,
                           bmx_sums *sums, bmx_run *out, bpemix_error *err)
{
    bpemix_status st;

    for (uint32_t t = from; t < to; t++) {
        out->first[t] = out->n;
        for (size_t k = 0; k < n; k++)
            for (size_t i = run[k]->first[t]; i < run[k]->first[t + 1]; i++) {
                const bmx_context *c = &run[k]->ctx[i];
                if ((st = bmx_sums_add(sums, bmx_context_side(c), bmx_context_cat(c),
                                    c->symbol, c->count, err)))
                    return st;
            }
        if ((st = bmx_sums_empty(sums, out, err)))
            return st;
    }
    return BPEMIX_OK;
}

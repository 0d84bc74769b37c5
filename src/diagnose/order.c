/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose/order.h"

#include <stdlib.h>

static bpemix_status unsort(const bmx_view *v, double *x, size_t n_rows, bpemix_error *err)
{
    return x ? bmx_view_unsort(v, x, n_rows, sizeof *x, err) : BPEMIX_OK;
}

static bpemix_status unsort_three(const bmx_view *v, double *bytes, double *pairs, double *merges,
                                  bpemix_error *err)
{
    bpemix_status st = unsort(v, bytes, 1, err);

    if (!st)
        st = unsort(v, pairs, 1, err);
    return st ? st : unsort(v, merges, 1, err);
}

static bpemix_status unsort_solution(const bmx_view *v, bmx_solution *s, bpemix_error *err)
{
    return unsort_three(v, s->share_bytes, s->share_pairs, s->share_merges, err);
}

static int by_number(const void *pa, const void *pb)
{
    uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

    return (a > b) - (a < b);
}

/* Members stay in ascending order. */
static void renumber_groups(const bmx_view *v, bmx_group *g, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < g[i].n_members; k++)
            g[i].member[k] = v->given[g[i].member[k]];
        qsort(g[i].member, g[i].n_members, sizeof *g[i].member, by_number);
    }
}

static void renumber(const bmx_view *v, bpemix_result *r)
{
    renumber_groups(v, r->group, r->n_groups);
    renumber_groups(v, r->inseparable, r->n_inseparable);
    for (size_t k = 0; k < r->n_inputs; k++)
        r->input[k].category = v->given[r->input[k].category];
    for (size_t k = 0; k < r->n_sources; k++)
        r->source[k].category = v->given[r->source[k].category];
    if (r->pooled_at != UINT32_MAX)
        r->pooled_at = v->given[r->pooled_at];
}

bpemix_status bmx_result_unsort(const bmx_view *view, bpemix_result *r, bpemix_error *err)
{
    bpemix_status st = bmx_view_unsort(view, r->share, 1, sizeof *r->share, err);

    if (!st && r->merges_found)
        st = bmx_view_unsort(view, r->merges_found, 1, sizeof *r->merges_found, err);
    if (!st)
        st = unsort_solution(view, &r->main, err);
    for (size_t k = 0; k < r->n_others && !st; k++)
        st = unsort_solution(view, &r->other[k], err);
    for (size_t k = 0; k < r->n_sweep && !st; k++)
        st = unsort_three(view, r->sweep[k].share_bytes, r->sweep[k].share_pairs,
                          r->sweep[k].share_merges, err);
    for (size_t k = 0; k < r->n_phases && !st; k++)
        st = unsort_three(view, r->phase[k].share_bytes, r->phase[k].share_pairs,
                          r->phase[k].share_merges, err);
    if (!st)
        st = unsort(view, r->replicate, r->folds, err);
    if (!st)
        renumber(view, r);
    return st;
}

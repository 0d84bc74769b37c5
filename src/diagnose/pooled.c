/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose/pooled.h"

#include <string.h>

/* Take number `at` out of x[n]. */
static void take_out(double *x, size_t n, size_t at)
{
    if (x)
        memmove(x + at, x + at + 1, (n - at - 1) * sizeof *x);
}

static void take_out_of_three(double *bytes, double *pairs, double *merges, size_t n, size_t at)
{
    take_out(bytes, n, at);
    take_out(pairs, n, at);
    take_out(merges, n, at);
}

static void take_out_of_solution(bmx_solution *s, size_t n, size_t at)
{
    take_out_of_three(s->share_bytes, s->share_pairs, s->share_merges, n, at);
}

static void renumber(uint32_t *cat, size_t at)
{
    *cat -= *cat > at;
}

static void renumber_groups(bmx_group *g, size_t n, size_t at)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < g[i].n_members; k++)
            renumber(&g[i].member[k], at);
}

bpemix_status bmx_pooled_set_apart(bpemix_result *r, bpemix_error *err)
{
    size_t n = r->n_cats, at = r->pooled_at, kept = 0;

    if (r->pooled_at == UINT32_MAX)
        return BPEMIX_OK;
    if (!(r->pooled = bmx_malloc(1, sizeof *r->pooled)))
        return bmx_nomem(err);
    *r->pooled = r->share[at];
    memmove(r->share + at, r->share + at + 1, (n - at - 1) * sizeof *r->share);
    if (r->merges_found)
        memmove(r->merges_found + at, r->merges_found + at + 1,
                (n - at - 1) * sizeof *r->merges_found);
    take_out_of_solution(&r->main, n, at);
    for (size_t k = 0; k < r->n_others; k++)
        take_out_of_solution(&r->other[k], n, at);
    for (size_t k = 0; k < r->n_sweep; k++)
        take_out_of_three(r->sweep[k].share_bytes, r->sweep[k].share_pairs,
                          r->sweep[k].share_merges, n, at);
    for (size_t k = 0; k < r->n_phases; k++)
        take_out_of_three(r->phase[k].share_bytes, r->phase[k].share_pairs,
                          r->phase[k].share_merges, n, at);
    for (size_t k = 0; r->replicate && k < r->folds * n; k++)
        if (k % n != at)
            r->replicate[kept++] = r->replicate[k];
    renumber_groups(r->group, r->n_groups, at);
    renumber_groups(r->inseparable, r->n_inseparable, at);
    for (size_t k = 0; k < r->n_inputs; k++)
        renumber(&r->input[k].category, at);
    for (size_t k = 0; k < r->n_sources; k++)
        renumber(&r->source[k].category, at);
    r->n_cats = n - 1;
    return BPEMIX_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groups.c - groups of a trial's candidates, whose shares are judged beside those of categories.
 *
 * A trial has the groups of which it has a candidate.  Their numbers stand behind those of the
 * candidates: truth[n + k] and value[field][n + k] are of group k of the outcome. */
#include "diagnose/groups.h"
#include "lab/trial.h"

#include <math.h>
#include <string.h>

bpemix_status bmx_lab_groups_read(const bpemix_category *cats, size_t n, const char *text,
                                  const char *file, bpemix_result **out, bpemix_error *err)
{
    bpemix_result *r = bmx_result_new(n);
    bpemix_status st = r ? BPEMIX_OK : bmx_nomem(err);

    for (size_t i = 0; i < n && !st; i++)
        if (!(r->share[i].name = bmx_strdup(cats[i].name)))
            st = bmx_nomem(err);
    if (!st)
        st = bmx_groups_read(text, file, r, err);
    if (st) {
        bmx_result_free(r);
        return st;
    }
    *out = r;
    return BPEMIX_OK;
}

static bool has(const bmx_group *g, uint32_t cat)
{
    for (size_t i = 0; i < g->n_members; i++)
        if (g->member[i] == cat)
            return true;
    return false;
}

/* The sum of the group's candidates; a share that is not known is left out, unless all are. */
static double sum_of(const bmx_group *g, const bmx_lab_outcome *o, const double *share)
{
    double sum = NAN;

    for (size_t i = 0; i < o->n; i++)
        if (has(g, o->cat[i]) && isfinite(share[i]))
            sum = share[i] + (isfinite(sum) ? sum : 0);
    return sum > 1 ? 1 : sum; /* by a rounding error */
}

bpemix_status bmx_lab_outcome_group(const bmx_lab_plan *plan, bmx_lab_outcome *o,
                                    bpemix_error *err)
{
    double *truth;

    if (!plan->n_groups)
        return BPEMIX_OK;
    if (!(o->group = bmx_malloc(plan->n_groups, sizeof *o->group)))
        return bmx_nomem(err);
    if (!(truth = bmx_realloc(o->truth, o->n + plan->n_groups, sizeof *truth)))
        return bmx_nomem(err);
    o->truth = truth;
    for (uint32_t g = 0; g < plan->n_groups; g++) {
        double sum = sum_of(&plan->group[g], o, truth);

        if (isnan(sum))
            continue;
        truth[o->n + o->n_groups] = sum;
        o->group[o->n_groups++] = g;
    }
    return BPEMIX_OK;
}

void bmx_lab_group_shares(const bmx_lab_plan *plan, const bmx_lab_outcome *o, bmx_lab_row *row)
{
    double *share = row->value[BMX_LAB_SHARE];

    for (size_t k = 0; k < o->n_groups; k++)
        share[o->n + k] = sum_of(&plan->group[o->group[k]], o, share);
}

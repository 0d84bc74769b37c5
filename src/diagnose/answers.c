/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose/answers.h"

#include <math.h>

static bool is_in(const bmx_group *set, size_t n, uint32_t cat)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < set[i].n_members; k++)
            if (set[i].member[k] == cat)
                return true;
    return false;
}

static bool overlaps(const bmx_group *set, const bmx_group *group, size_t n)
{
    for (size_t k = 0; k < set->n_members; k++)
        if (is_in(group, n, set->member[k]))
            return true;
    return false;
}

/* Not where the alphabet lacks most characters of the category. */
static bool has_share(const bpemix_result *r, uint32_t cat)
{
    return isfinite(bmx_share_in(&r->share[cat], r->unit));
}

uint32_t bmx_answers_only(const bpemix_result *r)
{
    uint32_t only = UINT32_MAX;

    for (uint32_t i = 0; i < r->n_cats; i++) {
        if (!has_share(r, i))
            continue;
        if (only != UINT32_MAX)
            return UINT32_MAX;
        only = i;
    }
    return only;
}

const bmx_group *bmx_answers_whole(const bpemix_result *r)
{
    size_t known = 0;

    for (uint32_t i = 0; i < r->n_cats; i++)
        known += has_share(r, i);
    for (size_t g = 0; g < r->n_groups && known; g++) {
        const bmx_group *group = &r->group[g];
        size_t n = 0;

        for (size_t k = 0; k < group->n_members; k++)
            n += has_share(r, group->member[k]);
        if (n == known)
            return group;
    }
    return NULL;
}

/* Folds may find a sum of which no range was computed, while there are those of its members: how
 * much it may be is not known, so that it is no answer in their place. */
static bool has_range(const bpemix_result *r, const bmx_group *sum)
{
    return isnan(r->range_outer_delta) || isfinite(bmx_outer_range_in(&sum->share, r->unit).high);
}

bpemix_status bmx_answers_find(const bpemix_result *r, bmx_answers *a, bpemix_error *err)
{
    size_t n = r->n_groups + r->n_inseparable + r->n_cats;

    *a = (bmx_answers){ .of = bmx_calloc(n, sizeof *a->of),
                        .n_groups = bmx_answers_whole(r) ? 0 : r->n_groups };
    if (!a->of)
        return bmx_nomem(err);
    for (size_t i = 0; i < a->n_groups; i++)
        a->of[a->n++] = (bmx_answer){ &r->group[i].share, &r->group[i] };
    for (size_t i = 0; i < r->n_inseparable; i++)
        if (has_range(r, &r->inseparable[i]) &&
            !overlaps(&r->inseparable[i], r->group, a->n_groups))
            a->of[a->n++] = (bmx_answer){ &r->inseparable[i].share, &r->inseparable[i] };
    a->n_sums = a->n - a->n_groups;
    for (uint32_t i = 0; i < r->n_cats; i++) {
        bool inside = is_in(r->group, a->n_groups, i);

        for (size_t k = 0; k < a->n && !inside; k++)
            inside = a->of[k].set && is_in(a->of[k].set, 1, i);
        if (!inside)
            a->of[a->n++] = (bmx_answer){ &r->share[i], NULL };
    }
    return BPEMIX_OK;
}

/* The share of an answer, of share[n_cats]; those that are not known count for nothing. */
static double share_of(const bpemix_result *r, const bmx_answer *x, const double *share)
{
    double sum = 0;

    if (!x->set)
        return share[x->share - r->share];
    for (size_t k = 0; k < x->set->n_members; k++)
        if (isfinite(share[x->set->member[k]]))
            sum += share[x->set->member[k]];
    return sum;
}

bool bmx_answers_have_part(const bmx_answers *a, uint32_t cat)
{
    for (size_t k = 0; k < a->n; k++)
        if (a->of[k].set && is_in(a->of[k].set, 1, cat))
            return true;
    return false;
}

void bmx_answers_farther(const bpemix_result *r, const bmx_answers *a, const double *x,
                         const double *y, bmx_move *most)
{
    for (size_t i = 0; i < a->n && x && y; i++) {
        double d = fabs(share_of(r, &a->of[i], x) - share_of(r, &a->of[i], y));

        if (isfinite(d) && !(d <= most->by + 1e-9)) /* of two that move alike, the first */
            *most = (bmx_move){ d, &a->of[i] };
    }
}

/* Quoted, at most NAMED members of a sum. */
#define NAMED 3

bpemix_status bmx_answer_name(const bpemix_result *r, const bmx_answer *x, bmx_buf *out,
                              bpemix_error *err)
{
    size_t n = x->share->name ? 0 : x->set->n_members;
    bpemix_status st = BPEMIX_OK;

    if (x->share->name)
        return bmx_buf_addf(out, err, "%s'%s'", x->set ? "group " : "", x->share->name);
    for (size_t k = 0; k < n && (n <= NAMED || k == 0) && !st; k++)
        st = bmx_buf_addf(out, err, "%s'%s'", k ? " + " : "",
                          r->share[x->set->member[k]].name);
    if (!st && n > NAMED)
        st = bmx_buf_addf(out, err, " and %zu more, together,", n - 1);
    return st;
}

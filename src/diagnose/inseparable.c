/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose/inseparable.h"
#include "diagnose/groups.h"

#include <math.h>

/* Categories are reported as a sum when its range is at most this fraction of the widest of theirs,
 * and that is wider than BMX_IDENTIFIED. */
#define TOGETHER 0.5

static uint32_t root(uint32_t *up, uint32_t i)
{
    while (up[i] != i)
        i = up[i] = up[up[i]];
    return i;
}

/* The range of a set's sum; the set is kept when it is much narrower than its members'. */
static bpemix_status try_set(bmx_ends *x, bpemix_result *r, const uint32_t *up, uint32_t top,
                             bpemix_error *err)
{
    bmx_group g = { .member = bmx_malloc(x->n, sizeof *g.member) };
    bmx_target t = { .share = &g.share, .member = g.member, .rival = BMX_NONE };
    size_t n_shared = x->n - (r->pooled_at != UINT32_MAX);
    double widest = 0;
    bpemix_status st = g.member ? BPEMIX_OK : bmx_nomem(err);

    for (uint32_t i = 0; i < x->n && !st; i++)
        if (up[i] == top) {
            g.member[g.n_members++] = i;
            widest = fmax(widest, bmx_ends_width(r, &r->share[i]));
        }
    if (st || g.n_members < 2 || g.n_members == n_shared) { /* all of them: their sum is 1 */
        bmx_free(g.member);
        return st;
    }
    bmx_group_sum(r, &g);
    t.n = g.n_members;
    for (int u = 0; u < BMX_UNITS; u++)
        for (int level = 0; level < BMX_ENDS_LEVELS; level++)
            t.low[level][u] = t.high[level][u] = bmx_ends_share(x, &t, u, x->best);
    x->set = &t;
    st = bmx_ends_find(x, &t, err);
    x->set = NULL;
    bmx_ends_publish(x, &t);
    if (!st && !x->late &&
        bmx_ends_width(r, &g.share) <= TOGETHER * widest) {
        bmx_group *more = bmx_realloc(r->inseparable, r->n_inseparable + 1, sizeof *more);
        if (more) {
            r->inseparable = more;
            r->inseparable[r->n_inseparable++] = g;
            return BPEMIX_OK;
        }
        st = bmx_nomem(err);
    }
    bmx_free(g.member);
    return st;
}

/* Are the ranges of i and of the category that gives way to it similar?  If one is much narrower,
 * the two are not interchangeable, and joining them would draw all other categories into the
 * set. */
static bool is_twin(const bmx_ends *x, const bpemix_result *r, uint32_t i)
{
    uint32_t rival = x->target[i].rival;
    double own = bmx_ends_width(r, &r->share[i]), other;

    if (rival == BMX_NONE || x->target[i].pooled || !(own > BMX_IDENTIFIED))
        return false;
    other = bmx_ends_width(r, &r->share[rival]);
    return other >= TOGETHER * own && own >= TOGETHER * other;
}

/* Categories whose range is wide, joined with those that give way to them. */
bpemix_status bmx_inseparable_find(bmx_ends *x, bpemix_result *r, bpemix_error *err)
{
    uint32_t *up = bmx_malloc(x->n, sizeof *up);
    bpemix_status st = up ? BPEMIX_OK : bmx_nomem(err);

    for (uint32_t i = 0; i < x->n && !st; i++)
        up[i] = i;
    for (uint32_t i = 0; i < x->n && !st; i++)
        if (is_twin(x, r, i))
            up[root(up, i)] = root(up, x->target[i].rival);
    for (uint32_t i = 0; i < x->n && !st; i++)
        up[i] = root(up, i);
    for (uint32_t i = 0; i < x->n && !st && !x->late; i++)
        if (up[i] == i)
            st = try_set(x, r, up, i, err);
    bmx_free(up);
    return st;
}

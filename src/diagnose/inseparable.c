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

/* The sets of categories, as trees. */
typedef struct forest {
    uint32_t *up;
    bool *tried; /* of a root */
} forest;

/* Mixtures in which a member has so much were seen before the set was looked at. */
static void hold_member(bmx_target *set, const bmx_target *member)
{
    for (int u = 0; u < BMX_UNITS; u++)
        for (int level = 0; level < BMX_ENDS_LEVELS; level++)
            if (isfinite(member->high[level][u])) /* a unit may not be known */
                set->high[level][u] = fmax(set->high[level][u], member->high[level][u]);
}

/* Has no other category anything of the headline unit?  Then the sum is 1 whatever the mixture: one
 * that the alphabet does not cover has no bytes, one without merges no occurrences of them, and the
 * pool is told apart. */
static bool is_all(const bmx_ends *x, const bpemix_result *r, const forest *f, uint32_t top)
{
    for (uint32_t i = 0; i < x->n; i++)
        if (root(f->up, i) != top && x->unit[r->unit][i] > 0)
            return false;
    return true;
}

/* Both sets are known to hold z. */
static void hold(const bmx_ends *x, bmx_target *t, const double *z)
{
    for (int u = 0; u < BMX_UNITS; u++)
        for (int level = 0; level < BMX_ENDS_LEVELS; level++) {
            double share = bmx_ends_share(x, t, u, z);

            t->low[level][u] = fmin(t->low[level][u], share);
            t->high[level][u] = fmax(t->high[level][u], share);
        }
}

/* The range of the sum of a set, which becomes the result's when it is much narrower than the
 * widest of its members', `widest`.  Otherwise *rival is the category that gives way to the sum;
 * BMX_NONE: there is none. */
static bpemix_status try_set(bmx_ends *x, bpemix_result *r, const forest *f, uint32_t top,
                             double *widest, uint32_t *rival, bpemix_error *err)
{
    bmx_group g = { .member = bmx_malloc(x->n, sizeof *g.member) }, *more;
    bmx_target t = { .share = &g.share, .member = g.member, .rival = BMX_NONE };
    bpemix_status st = g.member ? BPEMIX_OK : bmx_nomem(err);

    *rival = BMX_NONE;
    for (uint32_t i = 0; i < x->n && !st; i++)
        if (root(f->up, i) == top)
            g.member[g.n_members++] = i;
    *widest = 0;
    for (size_t i = 0; i < g.n_members; i++)
        *widest = fmax(*widest, bmx_ends_width(r, &r->share[g.member[i]]));
    if (st || is_all(x, r, f, top)) {
        bmx_free(g.member);
        return st;
    }
    if (g.n_members == 1) {
        *rival = x->target[top].rival;
        bmx_free(g.member);
        return BPEMIX_OK;
    }
    bmx_group_sum(r, &g);
    t.n = g.n_members;
    for (int u = 0; u < BMX_UNITS; u++)
        for (int level = 0; level < BMX_ENDS_LEVELS; level++)
            t.low[level][u] = t.high[level][u] = bmx_ends_share(x, &t, u, x->best);
    if (x->also)
        hold(x, &t, x->also);
    x->set = &t;
    st = bmx_ends_find(x, &t, err);
    x->set = NULL;
    for (size_t i = 0; i < g.n_members; i++)
        hold_member(&t, &x->target[g.member[i]]);
    bmx_ends_publish(x, &t);
    if (!st && !x->late && bmx_ends_width(r, &g.share) <= TOGETHER * *widest) {
        if ((more = bmx_realloc(r->inseparable, r->n_inseparable + 1, sizeof *more))) {
            r->inseparable = more;
            r->inseparable[r->n_inseparable++] = g;
            return BPEMIX_OK;
        }
        st = bmx_nomem(err);
    }
    *rival = t.rival;
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

static size_t size_of(const forest *f, size_t n, uint32_t top)
{
    size_t size = 0;

    for (uint32_t i = 0; i < n; i++)
        size += root(f->up, i) == top;
    return size;
}

/* Until the range of its sum is narrow, the category that gives way to a set joins it, and with it
 * those that were joined with that one; but a sum of more than half of the categories is only told
 * apart because the rest is. */
static bpemix_status grow_set(bmx_ends *x, bpemix_result *r, forest *f, uint32_t top,
                              bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (uint32_t rival = top, joined; !st && !x->late;) {
        double widest;

        f->tried[top] = true;
        if ((st = try_set(x, r, f, top, &widest, &rival, err)) || rival == BMX_NONE)
            break;
        joined = root(f->up, rival);
        if (f->tried[joined] ||
            !(bmx_ends_width(r, &r->share[rival]) > fmax(BMX_IDENTIFIED, TOGETHER * widest)) ||
            2 * (size_of(f, x->n, top) + size_of(f, x->n, joined)) > r->n_cats)
            break;
        f->up[joined] = top;
    }
    return st;
}

/* The root of the set, not yet tried, with the widest range of a category; x->n: there is none that
 * is wide. */
static uint32_t next_set(const bmx_ends *x, const bpemix_result *r, forest *f)
{
    double most = BMX_IDENTIFIED;
    uint32_t best = (uint32_t)x->n;

    for (uint32_t i = 0; i < x->n; i++) {
        double width = bmx_ends_width(r, &r->share[i]);

        if (width > most && !x->target[i].pooled && !f->tried[root(f->up, i)]) {
            most = width;
            best = root(f->up, i);
        }
    }
    return best;
}

bpemix_status bmx_inseparable_find(bmx_ends *x, bpemix_result *r, bpemix_error *err)
{
    forest f = { .up = bmx_malloc(x->n, sizeof *f.up), .tried = bmx_calloc(x->n, sizeof *f.tried) };
    bpemix_status st = f.up && f.tried ? BPEMIX_OK : bmx_nomem(err);

    for (uint32_t i = 0; i < x->n && !st; i++)
        f.up[i] = i;
    for (uint32_t i = 0; i < x->n && !st; i++)
        if (is_twin(x, r, i))
            f.up[root(f.up, i)] = root(f.up, x->target[i].rival);
    for (uint32_t top; !st && !x->late && (top = next_set(x, r, &f)) < x->n;)
        st = grow_set(x, r, &f, top, err);
    bmx_free(f.up);
    bmx_free(f.tried);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* identify.c - ranges of shares along the profile of f.
 *
 * In z, shares in the scale in which the program was solved, the mixtures that explain the
 * merges nearly as well as the best one z* are the convex set
 *
 *     { z >= 0 : e . z = 1, f(z) <= rho }      rho = (1 + delta) f(z*)
 *
 * f is piecewise linear with tens of thousands of pieces and so, at the size of this set,
 * nearly smooth.  Cutting planes would need as many cuts for every end of every range as
 * there are categories, twice.  Instead the end of a range is followed by a model,
 *
 *     Q1  minimise  r . z + 1/2 (z - z*)' H (z - z*)
 *         with      e . z = 1,  z >= 0,  the share in question at least (most) x,
 *                   g_j . z <= rho  for the cuts g_j . z <= f(z) made for this end
 *
 * r being what the multipliers of the optimum say that shares held at 0 by their bound would
 * cost, and H the BFGS approximation of the second derivatives that solving left behind.
 *
 *  1. Choose x where Q1 says that f reaches rho.
 *  2. Evaluate f at the solution w of Q1.  The point between z* and w at which the chord of
 *     f reaches rho is in the set, because f is convex: the range reaches to its share.
 *  3. Correct H by the gradient at w.  Outside of the set, w becomes a cut, which sends the
 *     next w sideways, at the same x once and at a nearer one then; inside, x goes on.  Where
 *     no point is left, x is too far.  Go to 2 while the range grows.
 *
 * I1  low[] and high[] are shares of mixtures that are in the set: a range is never wider
 *     than the true one.  It is narrower by a few percent of its width. */
#include "diagnose/identify.h"
#include "diagnose/delta.h"
#include "diagnose/groups.h"
#include "base/cancel.h"
#include "base/threads.h"
#include "solve/monotone.h"
#include "solve/qp.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* An end of a range is followed until a step moves it by less than this part of what it
 * has moved in all, or by less than ABSOLUTE. */
#define RELATIVE 0.01
#define ABSOLUTE 2e-5
#define MOST_STEPS 16
/* Steps without growth after which an end is reached. */
#define PATIENCE 3
/* A step of 3. that goes on does so by at least and at most these factors. */
#define SHORTEST 1.1
#define LONGEST 3
/* Ranges in other units than bytes are followed by themselves when that of bytes is wider
 * than NARROW; where there are MANY_TARGETS, only when the units differ as well: when some
 * category has SPREAD times as much of one for one of the other as another has.  Elsewhere
 * the mixtures at the ends are nearly the same, and their shares are noted in every unit
 * (89 categories, 10,000 merges: widths 1.00 of the full ones at the median, 0.95 at the
 * least twentieth, in half the time). */
#define NARROW 0.01
#define SPREAD 3
#define MANY_TARGETS 32
/* Relative error of f that an end may be off by; it is on the side of the narrower range. */
#define TOLERANCE 5e-5
/* Categories are told together when their sum has at most this part of the range of the
 * widest of them, and that is wider than BMX_IDENTIFIED. */
#define TOGETHER 0.5
#define RIDGE 1e-6
#define DAMPING 0.1
/* Least f at the best mixture, as a part of the counts of the merges: with a perfect fit
 * the set is that of all perfect fits. */
#define LEAST 1e-6

typedef struct target {
    bpemix_share *share;
    const uint32_t *member; /* owned */
    size_t n;
    double low[BMX_UNITS], high[BMX_UNITS]; /* I1 */
    bool known;     /* all ends were followed */
    bool pooled;    /* the share of a pooled column, of all there is */
    uint32_t rival; /* the category that gives way most where this one has most of the bytes */
} target;

/* Vectors of a ranges' block: the eleven by name and the units, twice. */
enum { BLOCK = 11 + 2 * BMX_UNITS };

typedef struct ranges {
    size_t n;
    bmx_oracle oracle;
    bmx_control *ctl;
    double *block;           /* all vectors below */
    double *scale;           /* z = share of pairs * scale */
    double *sum;             /* e: 1, or 0 for shares that the program held */
    double *unit[BMX_UNITS]; /* of z; 0 for a pooled column, which is no part of what is shared out */
    double *whole[BMX_UNITS]; /* the same with it */
    double *best, *slope;    /* z*; a subgradient there */
    double *cost;            /* r */
    double *w, *alpha, *g, *s, *y, *hs;
    double *metric;          /* H, n x n */
    double *rows;            /* rows[1 + n_cuts][n] of Q1, the share's first */
    size_t n_cuts, rows_cap;
    double least, rho;
    bmx_delta delta;
    bmx_qp qp;
    target *target;
    target *set;             /* one more, while it is looked at; NULL: none */
    size_t n_targets;
    bool late;
} ranges;

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static const double *unit_of(const ranges *x, const target *t, int u)
{
    return t->pooled ? x->whole[u] : x->unit[u];
}

/* ---- points of the set ---- */

static double share_of(const ranges *x, const target *t, int u, const double *z)
{
    const double *unit = unit_of(x, t, u);
    double all = dot(unit, z, x->n), part = 0;

    for (size_t i = 0; i < t->n; i++)
        part += unit[t->member[i]] * z[t->member[i]];
    return all > 0 ? part / all : NAN;
}

static void note_for(const ranges *x, target *t, const double *z)
{
    for (int u = 0; u < BMX_UNITS; u++) {
        double share = share_of(x, t, u, z);
        t->low[u] = fmin(t->low[u], share);
        t->high[u] = fmax(t->high[u], share);
    }
}

static void note(ranges *x, const double *z)
{
    for (size_t k = 0; k < x->n_targets; k++)
        note_for(x, &x->target[k], z);
    if (x->set)
        note_for(x, x->set, z);
}

/* f and a subgradient, into x->g, at z. */
static bpemix_status evaluate(ranges *x, const double *z, double *value, bpemix_error *err)
{
    bpemix_status st;

    for (size_t i = 0; i < x->n; i++)
        x->alpha[i] = z[i] / x->scale[i];
    if ((st = x->oracle.eval(x->oracle.ctx, x->alpha, TOLERANCE, INFINITY, INFINITY, x->g, value, err)) ||
        (st = bmx_check_cancel(err)))
        return st;
    for (size_t i = 0; i < x->n; i++)
        x->g[i] /= x->scale[i];
    x->late = bmx_clock() >= x->ctl->deadline;
    return BPEMIX_OK;
}

/* ---- the model ---- */

/* BFGS with Powell's damping, from the best mixture to x->w, whose gradient is x->g;
 * constants along e are nothing to the set. */
static void update_metric(ranges *x)
{
    size_t n = x->n;
    double mean = 0, count = 0, sy, shs, theta = 1;

    for (size_t i = 0; i < n; i++) {
        x->s[i] = x->w[i] - x->best[i];
        x->y[i] = x->g[i] - x->slope[i];
        mean += x->sum[i] * x->y[i];
        count += x->sum[i];
    }
    for (size_t i = 0; i < n; i++)
        x->y[i] -= count > 0 ? x->sum[i] * mean / count : 0;
    for (size_t i = 0; i < n; i++)
        x->hs[i] = dot(x->metric + i * n, x->s, n);
    sy = dot(x->s, x->y, n);
    shs = dot(x->s, x->hs, n);
    if (!(shs > 0) || !isfinite(sy))
        return;
    if (sy < DAMPING * shs)
        theta = (1 - DAMPING) * shs / (shs - sy);
    for (size_t i = 0; i < n; i++)
        x->y[i] = theta * x->y[i] + (1 - theta) * x->hs[i];
    sy = dot(x->s, x->y, n);
    if (!(sy > 0))
        return;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            x->metric[i * n + k] += x->y[i] * x->y[k] / sy - x->hs[i] * x->hs[k] / shs;
}

/* Entries of a row over the largest of them. */
static void level_out(double *row, size_t n)
{
    double top = 0;

    for (size_t i = 0; i < n; i++)
        top = fmax(top, fabs(row[i]));
    for (size_t i = 0; i < n && top > 0; i++)
        row[i] /= top;
}

/* g . z <= rho, which is (g - rho e) . z <= 0. */
static bpemix_status add_cut(ranges *x, const double *g, bpemix_error *err)
{
    double *row;

    if (bmx_reserve(&x->rows, &x->rows_cap, (x->n_cuts + 2) * x->n, sizeof *x->rows, err))
        return BPEMIX_E_NOMEM;
    row = x->rows + ++x->n_cuts * x->n;
    for (size_t i = 0; i < x->n; i++)
        row[i] = g[i] - x->rho * x->sum[i];
    level_out(row, x->n);
    return BPEMIX_OK;
}

/* Q1 into x->w, and what it says that f is above its least value; sign > 0: at least
 * `share`, else at most. */
static bpemix_status model(ranges *x, const target *t, int u, double sign, double share,
                           double *above, bool *solved, bpemix_error *err)
{
    size_t n = x->n;
    const double *unit = unit_of(x, t, u);
    double *row;
    bpemix_status st;

    if (bmx_reserve(&x->rows, &x->rows_cap, (x->n_cuts + 1) * n, sizeof *x->rows, err))
        return BPEMIX_E_NOMEM;
    row = x->rows;
    for (size_t i = 0; i < n; i++)
        row[i] = sign * share * unit[i];
    for (size_t i = 0; i < t->n; i++)
        row[t->member[i]] -= sign * unit[t->member[i]];
    level_out(row, n);
    st = bmx_qp_solve(&x->qp, &(bmx_qp_program){ .m = 1 + x->n_cuts, .h = x->metric, .c = x->best,
                                                 .g = x->rows, .e = x->sum, .p = x->cost },
                      x->w, solved, err);
    if (st || !*solved)
        return st;
    for (size_t i = 0; i < n; i++) {
        x->w[i] = x->w[i] > 0 ? x->w[i] : 0;
        x->s[i] = x->w[i] - x->best[i];
    }
    *above = 0;
    for (size_t i = 0; i < n; i++)
        *above += x->s[i] * (x->cost[i] + 0.5 * dot(x->metric + i * n, x->s, n));
    return BPEMIX_OK;
}

/* ---- one end ---- */

static double limited(double from, double step, double sign)
{
    double share = from + sign * step;

    return share < 0 ? 0 : share > 1 ? 1 : share;
}

/* Step 1: the distance from the best share at which Q1 reaches rho, by the square root and,
 * where that leads out of what is known, by halving. */
static bpemix_status first_step(ranges *x, const target *t, int u, double sign, double from,
                                double *step, bpemix_error *err)
{
    double reached = sign > 0 ? t->high[u] - from : from - t->low[u];
    double room = sign > 0 ? 1 - from : from, near = 0, far = room, wanted = x->rho - x->least;
    bpemix_status st = BPEMIX_OK;

    *step = fmin(fmax(SHORTEST * reached, 0.01), 0.9 * room);
    for (int k = 0; k < 8 && !st; k++) {
        double above = INFINITY, next;
        bool solved;

        if ((st = model(x, t, u, sign, limited(from, *step, sign), &above, &solved, err)))
            break;
        if (solved && fabs(above - wanted) < 0.1 * wanted)
            break;
        *(solved && above < wanted ? &near : &far) = *step;
        next = solved ? *step * sqrt(wanted / fmax(above, 1e-4 * wanted)) : 0;
        *step = near < next && next < far ? next : 0.5 * (near + far);
    }
    *step = fmax(*step, fmin(SHORTEST * reached, room));
    return st;
}

/* Where t has more of a unit, at z, than at the best mixture: which category has lost the
 * largest part of what it had, among those that gave way by a quarter of that or more? */
static uint32_t gives_way(const ranges *x, const target *t, int u, const double *z)
{
    double all = dot(x->unit[u], z, x->n), best = dot(x->unit[u], x->best, x->n), most = 0;
    double gain = share_of(x, t, u, z) - share_of(x, t, u, x->best);
    uint32_t rival = BMX_NONE;

    for (uint32_t i = 0; i < x->n; i++) {
        double had = x->unit[u][i] * x->best[i] / best, less = had - x->unit[u][i] * z[i] / all;
        if (4 * less >= gain && had > 0 && less / had > most) {
            most = less / had;
            rival = i;
        }
    }
    return rival;
}

/* Step 2 at x->w: *value is f above its least value there. */
static bpemix_status visit(ranges *x, target *t, int u, double sign, double *value,
                           bpemix_error *err)
{
    double wanted = x->rho - x->least, inside;
    bpemix_status st = evaluate(x, x->w, value, err);

    if (st)
        return st;
    update_metric(x);
    *value -= x->least;
    inside = *value > wanted ? wanted / *value : 1;
    for (size_t i = 0; i < x->n; i++)
        x->s[i] = x->best[i] + inside * (x->w[i] - x->best[i]);
    if (sign > 0 && u == BMX_UNIT_BYTES && share_of(x, t, u, x->s) > t->high[u])
        t->rival = gives_way(x, t, u, x->s);
    note(x, x->s);
    return *value > wanted ? add_cut(x, x->g, err) : BPEMIX_OK;
}

static bpemix_status follow(ranges *x, target *t, int u, double sign, bpemix_error *err)
{
    double from = share_of(x, t, u, x->best), step, wanted = x->rho - x->least;
    double *end = sign > 0 ? &t->high[u] : &t->low[u], room = sign > 0 ? 1 - from : from;
    double too_far = room; /* nothing is known to be in the set beyond */
    int idle = 0;
    bool again = false;
    bpemix_status st;

    if (room <= ABSOLUTE)
        return BPEMIX_OK;
    x->n_cuts = 0;
    st = first_step(x, t, u, sign, from, &step, err);
    for (int k = 0; k < MOST_STEPS && !st && !x->late && idle < PATIENCE; k++) {
        double before = fabs(*end - from), reached, above, value;
        bool solved;

        if ((st = model(x, t, u, sign, limited(from, step, sign), &above, &solved, err)))
            break;
        if (!solved) {
            too_far = fmin(too_far, step);
            step = fmax(0.5 * (step + before), 0.5 * step);
            idle += too_far - before < RELATIVE * before + ABSOLUTE ? PATIENCE : 1;
            continue;
        }
        if ((st = visit(x, t, u, sign, &value, err)))
            break;
        reached = fabs(*end - from);
        if (reached >= room - ABSOLUTE)
            break;
        idle = reached - before < fmax(RELATIVE * reached, ABSOLUTE) ? idle + 1 : 0;
        if (value <= wanted) {
            double factor = sqrt(wanted / fmax(value, 1e-300));
            step = fmax(step * fmin(fmax(factor, SHORTEST), LONGEST), SHORTEST * reached);
            if (step >= too_far)
                step = too_far < room ? 0.5 * (reached + too_far) : room;
            again = false;
        } else if (!(again = !again)) { /* sideways was tried */
            step = fmax(step * fmax(sqrt(wanted / value), 1.0 / LONGEST), reached);
        }
    }
    return st;
}

/* ---- all of it ---- */

static bpemix_range *range_of(bpemix_share *s, bmx_unit u, bool outer)
{
    switch (u) {
    case BMX_UNIT_PAIRS:
        return outer ? &s->range_outer_pairs : &s->range_pairs;
    case BMX_UNIT_MERGES:
        return outer ? &s->range_outer_merges : &s->range_merges;
    default:
        return outer ? &s->range_outer_bytes : &s->range_bytes;
    }
}

/* Do two units differ, for the categories that the program shares out? */
static bool units_differ(const ranges *x, int u, int v)
{
    double least = INFINITY, most = 0;

    for (size_t i = 0; i < x->n; i++) {
        double ratio = x->unit[u][i] / x->unit[v][i];
        if (x->sum[i] > 0 && ratio > 0 && isfinite(ratio)) {
            least = fmin(least, ratio);
            most = fmax(most, ratio);
        }
    }
    return most > SPREAD * least;
}

/* The unit whose range is followed first: bytes, unless there are none of it. */
static int first_unit(const ranges *x, const target *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (x->whole[BMX_UNIT_BYTES][t->member[i]] > 0)
            return BMX_UNIT_BYTES;
    return BMX_UNIT_PAIRS;
}

/* Both ends in every unit. */
static bpemix_status find_range(ranges *x, target *t, bpemix_error *err)
{
    int lead = first_unit(x, t);
    bpemix_status st = BPEMIX_OK;

    for (int u = lead; u < BMX_UNITS && !st && !x->late; u++) {
        if (u != lead && (t->high[lead] - t->low[lead] < NARROW ||
                          (x->n_targets >= MANY_TARGETS && !units_differ(x, u, lead))))
            continue;
        if (!(st = follow(x, t, u, 1, err)))
            st = follow(x, t, u, -1, err);
    }
    t->known = !st && !x->late;
    return st;
}

static void publish(const ranges *x, const target *t, bool outer)
{
    for (int u = first_unit(x, t); u < BMX_UNITS && t->known; u++)
        *range_of(t->share, (bmx_unit)u, outer) = (bpemix_range){ t->low[u], t->high[u] };
}

/* Ranges are found by tasks: one of two deltas, and all categories and groups or, where they
 * are many, every other one.  Each task has its own evaluator of f, metric and cuts, so that
 * the answer does not depend on the number of threads. */
enum { MOST_PARTS = 2 };

typedef struct tasks {
    const ranges *x; /* at the best mixture; read only */
    const bmx_monotone *program;
    size_t n_parts;
    target *found[2 * MOST_PARTS]; /* found[delta * n_parts + part][x->n_targets] */
    bool late[2 * MOST_PARTS];
} tasks;

static bpemix_status allocate(ranges *x, bpemix_error *err);
static void release(ranges *x);

static bpemix_status find_some(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    tasks *all = ctx;
    const ranges *from = all->x;
    ranges x = { .n = from->n, .ctl = from->ctl, .least = from->least };
    bmx_monotone *program = NULL;
    bpemix_status st = allocate(&x, err);

    (void)worker;
    if (!st)
        st = bmx_monotone_twin(all->program, &program, err);
    if (!st && !(all->found[task] = bmx_malloc(from->n_targets, sizeof *x.target)))
        st = bmx_nomem(err);
    if (!st) {
        memcpy(x.block, from->block, from->n * BLOCK * sizeof *x.block);
        memcpy(x.metric, from->metric, from->n * from->n * sizeof *x.metric);
        memcpy(all->found[task], from->target, from->n_targets * sizeof *x.target);
        x.oracle = bmx_monotone_oracle(program);
        x.target = all->found[task];
        x.n_targets = from->n_targets;
        x.rho = (1 + (task < all->n_parts ? from->delta.inner : from->delta.outer)) * x.least;
        for (size_t k = task % all->n_parts; k < x.n_targets && !st && !x.late; k += all->n_parts)
            st = find_range(&x, &x.target[k], err);
        all->late[task] = x.late;
        x.target = NULL; /* in all->found now */
    }
    bmx_monotone_free(program);
    release(&x);
    return st;
}

/* What was found on the way to other ends may have moved an end, and a mixture of the
 * inner set is in the outer one. */
static void join_tasks(ranges *x, const tasks *all, bool outer)
{
    size_t first = outer ? all->n_parts : 0;

    for (size_t k = 0; k < x->n_targets; k++) {
        target *t = &x->target[k];
        const target *own = &all->found[first + k % all->n_parts][k];

        t->known = own->known;
        t->rival = outer ? t->rival : own->rival;
        for (size_t part = 0; part < all->n_parts; part++)
            for (int u = 0; u < BMX_UNITS; u++) {
                t->low[u] = fmin(t->low[u], all->found[first + part][k].low[u]);
                t->high[u] = fmax(t->high[u], all->found[first + part][k].high[u]);
            }
        publish(x, t, outer);
    }
}

static bpemix_status find_all(ranges *x, const bmx_monotone *program, unsigned n_threads,
                              bpemix_error *err)
{
    tasks all = { .x = x, .program = program,
                  .n_parts = x->n_targets < MANY_TARGETS ? 1 : MOST_PARTS };
    bpemix_status st = bmx_parallel(bmx_thread_count(n_threads), 2 * all.n_parts, find_some, &all,
                                    err);

    if (!st) {
        join_tasks(x, &all, false);
        join_tasks(x, &all, true);
    }
    for (size_t task = 0; task < 2 * all.n_parts; task++) {
        x->late = x->late || all.late[task];
        bmx_free(all.found[task]);
    }
    return st;
}

static double width(const bpemix_result *r, const bpemix_share *s)
{
    bpemix_range x = bmx_result_range(r, s, r->unit);
    return x.high - x.low;
}

/* ---- what can be told together alone ---- */

static uint32_t root(uint32_t *up, uint32_t i)
{
    while (up[i] != i)
        i = up[i] = up[up[i]];
    return i;
}

/* The range of a set's sum; the set is kept when it is much narrower than its members'. */
static bpemix_status try_set(ranges *x, bpemix_result *r, const uint32_t *up, uint32_t top,
                             bpemix_error *err)
{
    bmx_group g = { .member = bmx_malloc(x->n, sizeof *g.member) };
    target t = { .share = &g.share, .member = g.member, .rival = BMX_NONE };
    size_t n_shared = x->n - (r->pooled_at != UINT32_MAX);
    double widest = 0;
    bpemix_status st = g.member ? BPEMIX_OK : bmx_nomem(err);

    for (uint32_t i = 0; i < x->n && !st; i++)
        if (up[i] == top) {
            g.member[g.n_members++] = i;
            widest = fmax(widest, width(r, &r->share[i]));
        }
    if (st || g.n_members < 2 || g.n_members == n_shared) { /* all of them: their sum is 1 */
        bmx_free(g.member);
        return st;
    }
    bmx_group_sum(r, &g);
    t.n = g.n_members;
    for (int u = 0; u < BMX_UNITS; u++)
        t.low[u] = t.high[u] = share_of(x, &t, u, x->best);
    x->set = &t;
    for (int outer = 0; outer < 2 && !st; outer++) { /* a mixture of the inner set is in the outer one */
        x->rho = (1 + (outer ? x->delta.outer : x->delta.inner)) * x->least;
        st = find_range(x, &t, err);
        publish(x, &t, outer);
    }
    x->set = NULL;
    if (!st && !x->late && width(r, &g.share) <= TOGETHER * widest) {
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

/* Do the ranges of i and of the category that gives way to it go together?  One that is much narrower
 * is no twin: it would carry all the others into the set. */
static bool is_twin(const ranges *x, const bpemix_result *r, uint32_t i)
{
    uint32_t rival = x->target[i].rival;
    double own = width(r, &r->share[i]), other;

    if (rival == BMX_NONE || x->target[i].pooled || !(own > BMX_IDENTIFIED))
        return false;
    other = width(r, &r->share[rival]);
    return other >= TOGETHER * own && own >= TOGETHER * other;
}

/* Categories whose range is wide, joined with those that give way to them. */
static bpemix_status find_inseparable(ranges *x, bpemix_result *r, bpemix_error *err)
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

static void release(ranges *x)
{
    for (size_t k = 0; k < x->n_targets && x->target; k++)
        bmx_free((void *)(uintptr_t)x->target[k].member);
    bmx_free(x->target);
    bmx_free(x->block);
    bmx_free(x->metric);
    bmx_free(x->rows);
    bmx_qp_release(&x->qp);
}

/* Categories, then groups. */
static bpemix_status list_targets(ranges *x, bpemix_result *r, size_t pooled, bpemix_error *err)
{
    size_t n = r->n_cats + r->n_groups;

    if (!(x->target = bmx_calloc(n, sizeof *x->target)))
        return bmx_nomem(err);
    x->n_targets = n;
    for (size_t k = 0; k < n; k++) {
        target *t = &x->target[k];
        bmx_group *g = k < r->n_cats ? NULL : &r->group[k - r->n_cats];
        uint32_t *member;

        t->rival = BMX_NONE;
        t->n = g ? g->n_members : 1;
        t->share = g ? &g->share : &r->share[k];
        t->pooled = k == pooled;
        if (!(member = bmx_malloc(t->n, sizeof *member)))
            return bmx_nomem(err);
        for (size_t i = 0; i < t->n; i++)
            member[i] = g ? g->member[i] : (uint32_t)k;
        t->member = member;
        for (int u = 0; u < BMX_UNITS; u++) {
            t->low[u] = INFINITY;
            t->high[u] = -INFINITY;
        }
    }
    return BPEMIX_OK;
}

static bpemix_status allocate(ranges *x, bpemix_error *err)
{
    size_t n = x->n;
    double **const vector[] = { &x->scale, &x->sum, &x->best, &x->slope, &x->cost, &x->w,
                                &x->alpha, &x->g, &x->s, &x->y };
    double *at = x->block = bmx_calloc(n, BLOCK * sizeof *at);

    x->metric = n > SIZE_MAX / n ? NULL : bmx_malloc(n * n, sizeof *x->metric);
    if (!at || !x->metric)
        return bmx_nomem(err);
    for (size_t k = 0; k < sizeof vector / sizeof *vector; k++, at += n)
        *vector[k] = at;
    for (int u = 0; u < BMX_UNITS; u++, at += 2 * n) {
        x->unit[u] = at;
        x->whole[u] = at + n;
    }
    x->hs = at;
    return bmx_qp_init(&x->qp, n, err);
}

/* The scale of the solution, its optimum, and the model of f around it. */
static bpemix_status setup(ranges *x, const bmx_estimate *e, bpemix_error *err)
{
    const bmx_constraints *c = &e->c;
    const bmx_cuts *cuts = &e->cuts;
    size_t n = x->n;
    double sum = 0, weight = 0, value, trace = 0;
    bpemix_status st;

    for (size_t i = 0; i < n; i++) {
        double bytes = (double)c->view->bytes[i] / (double)c->view->pairs[i];
        x->sum[i] = e->normal[i] > 0;
        x->scale[i] = e->normal[i] > 0 ? e->normal[i] : 1;
        x->whole[BMX_UNIT_PAIRS][i] = 1 / x->scale[i];
        x->whole[BMX_UNIT_BYTES][i] = bmx_view_covered(c->view, i) ? bytes / x->scale[i] : 0;
        x->whole[BMX_UNIT_MERGES][i] = c->merge_sum[i] * 1e-6 / x->scale[i];
        for (int u = 0; u < BMX_UNITS; u++)
            x->unit[u][i] = i == c->view->pooled ? 0 : x->whole[u][i];
        sum += x->best[i] = e->best.o.alpha[i] * x->scale[i];
    }
    for (size_t i = 0; i < n; i++)
        x->best[i] /= sum;
    if ((st = evaluate(x, x->best, &value, err)))
        return st;
    x->least = fmax(value, LEAST * 1e6 * dot(x->whole[BMX_UNIT_MERGES], x->best, n));
    for (size_t j = 0; cuts->weight && j < cuts->n; j++) {
        weight += cuts->weight[j];
        for (size_t i = 0; i < n; i++)
            x->slope[i] += cuts->weight[j] * cuts->g[j * n + i] / x->scale[i];
    }
    for (size_t i = 0; i < n; i++) {
        x->slope[i] = weight > 0 ? x->slope[i] / weight : x->g[i];
        x->cost[i] = fmax(x->slope[i] - x->sum[i] * value, 0);
    }
    for (size_t i = 0; i < n; i++)
        trace += cuts->metric ? cuts->metric[i * n + i] : 0;
    for (size_t i = 0; i < n * n; i++)
        x->metric[i] = trace > 0 ? cuts->metric[i] : 0;
    for (size_t i = 0; i < n; i++)
        x->metric[i * n + i] += trace > 0 ? RIDGE * trace / (double)n : x->least;
    return BPEMIX_OK;
}

static void judge(const bpemix_result *r, bpemix_share *s)
{
    s->identified = width(r, s) <= BMX_IDENTIFIED;
}

bpemix_status bmx_identify(const bmx_estimate *e, const double *also, unsigned n_threads,
                           bmx_control *ctl, bpemix_result *r, bpemix_error *err)
{
    ranges x = { .n = e->c.n_cats, .oracle = bmx_monotone_oracle(e->state), .ctl = ctl };
    bpemix_status st = allocate(&x, err);

    if (st || (st = list_targets(&x, r, e->c.view->pooled, err)) || (st = setup(&x, e, err)))
        goto done;
    note(&x, x.best);
    for (size_t i = 0; i < x.n && also; i++)
        x.w[i] = also[i] * x.scale[i];
    if (also)
        note(&x, x.w);
    x.delta = bmx_delta_of(bmx_common(&e->c, e->best.o.alpha, x.w));
    x.rho = (1 + x.delta.inner) * x.least;
    if (!(st = find_all(&x, e->state, n_threads, err)) && !x.late)
        st = find_inseparable(&x, r, err);
    r->range_delta = x.delta.inner;
    r->range_outer_delta = x.delta.outer;
    if (!st && x.late)
        st = bmx_result_warn(r, bmx_asprintf("ranges are not all known: the time limit was "
                                             "reached"), err);
    for (size_t i = 0; i < r->n_cats; i++)
        judge(r, &r->share[i]);
    for (size_t i = 0; i < r->n_groups; i++)
        judge(r, &r->group[i].share);
    for (size_t i = 0; i < r->n_inseparable; i++)
        judge(r, &r->inseparable[i].share);
done:
    release(&x);
    return st;
}

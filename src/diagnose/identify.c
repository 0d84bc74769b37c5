/* SPDX-License-Identifier: GPL-3.0-or-later */
/* identify.c - ranges of all shares and groups: sets the problem up, distributes it to threads and
 * collects their results.  ends.h tells how an end is found. */
#include "diagnose/identify.h"
#include "diagnose/ends.h"
#include "diagnose/fit.h"
#include "diagnose/inseparable.h"
#include "diagnose/program.h"
#include "diagnose/thin.h"
#include "base/assert.h"
#include "base/threads.h"
#include "solve/dot.h"
#include "solve/monotone.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

/* The curvature of f is taken over steps that move counts by this fraction of them.  89 categories,
 * 6,000 merges: with 0.025, 0.05, 0.1, 0.2 and 0.4 the ranges come out 0.99, 1, 1, 1.005 and 1 as
 * wide at the median, inner and outer ones alike; 122 categories, 10,000 merges of cl100k: 0.96
 * as wide together with 1 as with 0.2.  Behind an inherited part categories are left that the
 * merges say little of, whose counts move by all they are: merges 100,000 to 110,000 of Llama 3, in
 * merges, inner and outer ones 1.05 and 1.01 as wide, in three fifths of the time. */
#define REACH 0.2
#define REACH_BEHIND 1
/* This part of the mean entry of the diagonal is added to it, so that H is positive where f is
 * flat.  It must not hold those categories back, whose entries are far below the mean: with 1e-6
 * ranges of these merges of Llama 3 are 0.8 as wide together; 1e-12 is as good. */
#define RIDGE 1e-10

/* Categories, then groups. */
static bpemix_status list_targets(bmx_ends *x, bpemix_result *r, size_t pooled, bpemix_error *err)
{
    size_t n = r->n_cats + r->n_groups;

    if (!(x->target = bmx_calloc(n, sizeof *x->target)))
        return bmx_nomem(err);
    x->n_targets = n;
    for (size_t k = 0; k < n; k++) {
        bmx_target *t = &x->target[k];
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
        for (int level = 0; level < BMX_ENDS_LEVELS; level++)
            for (int u = 0; u < BMX_UNITS; u++) {
                t->low[level][u] = INFINITY;
                t->high[level][u] = -INFINITY;
            }
    }
    return BPEMIX_OK;
}

/* H of z.  Where f has no curvature, as with a perfect fit, a small multiple of 1 takes its
 * place. */
static bpemix_status set_curvature(bmx_ends *x, const bmx_monotone *program, double reach,
                                   double *h, bpemix_error *err)
{
    size_t n = x->n;
    double trace = 0;
    bpemix_status st = bmx_monotone_curvature(program, x->alpha, reach, h, err);

    for (size_t i = 0; i < n && !st; i++) {
        for (size_t k = 0; k < n; k++)
            h[i * n + k] /= x->scale[i] * x->scale[k];
        trace += h[i * n + i];
    }
    for (size_t i = 0; i < n && !st; i++)
        h[i * n + i] += trace > 0 ? RIDGE * trace / (double)n : x->least;
    return st;
}

/* The scale of the solution, its optimum, and the model of f around it.  *slack: f at the optimum,
 * as a fraction of the counts of the merges, with the weights of both. */
static bpemix_status setup(bmx_ends *x, const bmx_estimate *e, double reach, double *h,
                           double *slack, bpemix_error *err)
{
    const bmx_constraints *c = &e->c;
    const bmx_cuts *cuts = &e->cuts;
    size_t n = x->n;
    double sum = 0, weight = 0, value, counts;
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
    if ((st = bmx_ends_evaluate(x, x->best, &value, err)))
        return st;
    bmx_monotone_merge_sums(e->opened, x->w);
    counts = bmx_dot(x->w, x->alpha, n);
    *slack = counts > 0 ? value / counts : 0;
    x->least = fmax(value, BMX_LEAST_SLACK * counts);
    for (size_t j = 0; cuts->weight && j < cuts->n; j++) {
        weight += cuts->weight[j];
        for (size_t i = 0; i < n; i++)
            x->slope[i] += cuts->weight[j] * cuts->g[j * n + i] / x->scale[i];
    }
    for (size_t i = 0; i < n; i++) {
        x->slope[i] = weight > 0 ? x->slope[i] / weight : x->g[i];
        x->cost[i] = fmax(x->slope[i] - x->sum[i] * value, 0);
    }
    return set_curvature(x, e->opened, reach, h, err);
}

/* Ranges are found by tasks, each of every n_tasks-th category or group, with its own evaluator
 * of f.  How many tasks there are follows from the number of targets, not of threads: what a task
 * finds on the way helps the ranges of others, but only in the end.  Eight are enough for the
 * processors of most machines, and fewer than four targets share too little; judgements. */
enum { LEAST_TASK = 4, MOST_TASKS = 8 };

typedef struct tasks {
    const bmx_ends *x; /* at the best mixture; read only */
    const bmx_monotone *program;
    size_t n_tasks;
    bmx_target *found[MOST_TASKS]; /* found[task][x->n_targets] */
    bool late[MOST_TASKS];
    atomic_size_t done; /* targets of all tasks */
} tasks;

/* Worker 0 is the calling thread and the only one that reports progress. */
static bpemix_status tell(tasks *all, unsigned worker, bpemix_error *err)
{
    bmx_progress *to = &all->x->ctl->progress;
    size_t done = atomic_fetch_add(&all->done, 1) + 1;

    if (worker || !bmx_progress_due(to))
        return BPEMIX_OK;
    return bmx_progress_tell(to, &(bpemix_progress){ .stage = "ranges", .unit = "shares",
                                                     .done = done, .total = all->x->n_targets,
                                                     .bound = NAN, .gap = NAN }, err);
}

/* Where asserts are on, an evaluator of f that is used for nothing else. */
static bpemix_status open_check(const bmx_monotone *program, bmx_monotone **twin, bmx_ends *x,
                                bpemix_error *err)
{
#ifdef BMX_CHECKED
    bpemix_status st = bmx_monotone_twin(program, twin, err);

    if (!st)
        x->check = bmx_monotone_oracle(*twin);
    return st;
#else
    (void)program;
    (void)twin;
    (void)x;
    (void)err;
    return BPEMIX_OK;
#endif
}

static bpemix_status find_some(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    tasks *all = ctx;
    bmx_ends x = { 0 };
    bmx_monotone *program = NULL, *check = NULL;
    bpemix_status st = bmx_ends_copy(all->x, &x, err);

    if (!st && !(st = bmx_monotone_twin(all->program, &program, err)))
        st = open_check(all->program, &check, &x, err);
    if (!st && !(all->found[task] = bmx_malloc(all->x->n_targets, sizeof *x.target)))
        st = bmx_nomem(err);
    if (!st) {
        memcpy(all->found[task], all->x->target, all->x->n_targets * sizeof *x.target);
        x.oracle = bmx_monotone_oracle(program);
        x.target = all->found[task];
        x.n_targets = all->x->n_targets;
        for (size_t k = task; k < x.n_targets && !st && !x.late; k += all->n_tasks)
            if (!(st = bmx_monotone_go_back(program, all->program, err)) &&
                !(st = bmx_ends_find(&x, &x.target[k], err)))
                st = tell(all, worker, err);
        all->late[task] = x.late;
    }
    bmx_monotone_free(program);
    bmx_monotone_free(check);
    bmx_ends_release(&x);
    return st;
}

/* Points found on the way to other ends may have moved an end. */
static void join_tasks(bmx_ends *x, const tasks *all)
{
    for (size_t k = 0; k < x->n_targets; k++) {
        bmx_target *t = &x->target[k];

        t->known = all->found[k % all->n_tasks][k].known;
        t->rival = all->found[k % all->n_tasks][k].rival;
        for (size_t task = 0; task < all->n_tasks; task++)
            for (int u = 0; u < BMX_UNITS; u++)
                for (int level = 0; level < BMX_ENDS_LEVELS; level++) {
                    const bmx_target *found = &all->found[task][k];

                    t->low[level][u] = fmin(t->low[level][u], found->low[level][u]);
                    t->high[level][u] = fmax(t->high[level][u], found->high[level][u]);
                }
        bmx_ends_publish(x, t);
    }
}

static bpemix_status find_all(bmx_ends *x, const bmx_monotone *program, unsigned n_threads,
                              bpemix_error *err)
{
    tasks all = { .x = x, .program = program, .n_tasks = x->n_targets / LEAST_TASK };
    bpemix_status st;

    all.n_tasks = all.n_tasks < 1 ? 1 : all.n_tasks > MOST_TASKS ? MOST_TASKS : all.n_tasks;
    st = bmx_parallel(bmx_thread_count(n_threads), all.n_tasks, find_some, &all, err);

    if (!st)
        join_tasks(x, &all);
    for (size_t task = 0; task < all.n_tasks; task++) {
        x->late = x->late || all.late[task];
        bmx_free(all.found[task]);
    }
    return st;
}

/* ---- where a kind of text is missing ---- */

/* The other categories explain its merges in part, which moves their shares further than slack
 * tells.  The merges that they have some of, but less than half of what is needed, are of what the
 * missing kind has in common with them, and as many as there are, so far are the shares moved: not
 * at all by a missing language of another script.  Of trials with a language of so much of the
 * training text left out (3000 merges, samples of 5 MB, and 1000 merges, samples of 400 kB; seeds 1
 * and 2, five categories), the ranges hold of the true shares
 *
 *                                         5 %   10 %      20 %   400 kB: 5 %   10 %   20 %
 *     trials                               12     12        26            12     12     12
 *     without a reach                    73 %   65 %      47 %          88 %   77 %   65 %
 *     reach of 0.08                     100 %   90 %      75 %          92 %   88 %   67 %
 *     this reach                         98 %   92 %      90 %          94 %   98 %   94 %
 *
 * and those of program code, 10 % left out, 96 % with and without. */
#define LACKING_REACH 0.02
#define LACKING_SLOPE 1.5 /* times the fraction off by half */
#define LACKING_MOST 0.25

static double reach_of(const bpemix_result *r)
{
    return bmx_fit_lacking(r) ? fmin(LACKING_REACH + LACKING_SLOPE * r->slack_large, LACKING_MOST)
                              : 0;
}

static void widen(bpemix_range *x, double share, double reach)
{
    double far = reach * sqrt(fmax(share * (1 - share), 0));

    if (!isfinite(x->low) || !isfinite(share))
        return;
    x->low = fmin(x->low, fmax(share - far, 0));
    x->high = fmax(x->high, fmin(share + far, 1));
}

static void widen_all(const bpemix_result *r, bpemix_share *s)
{
    widen(&s->range_outer_bytes, s->share_bytes, r->range_reach);
    widen(&s->range_outer_pairs, s->share_pairs, r->range_reach);
    widen(&s->range_outer_merges, s->share_merges, r->range_reach);
}

/* A member may have as much more as the whole set may, and not more than that. */
static void follow_set(bpemix_range *x, bpemix_range before, bpemix_range set)
{
    if (isfinite(x->high) && isfinite(set.high))
        x->high = fmin(x->high + (set.high - before.high), set.high);
}

static void widen_set(bpemix_result *r, bmx_group *set)
{
    const bpemix_share before = set->share, *sum = &set->share;

    widen_all(r, &set->share);
    for (size_t i = 0; i < set->n_members; i++) {
        bpemix_share *s = &r->share[set->member[i]];

        follow_set(&s->range_outer_bytes, before.range_outer_bytes, sum->range_outer_bytes);
        follow_set(&s->range_outer_pairs, before.range_outer_pairs, sum->range_outer_pairs);
        follow_set(&s->range_outer_merges, before.range_outer_merges, sum->range_outer_merges);
    }
}

/* ---- when all ranges are as wide as they get ---- */

static void hold_member(bpemix_range *group, bpemix_range member)
{
    if (isfinite(group->high) && isfinite(member.high))
        group->high = fmax(group->high, member.high);
}

/* A group may have as much as one of its members may. */
static void hold_members(const bpemix_result *r, bmx_group *g)
{
    for (size_t i = 0; i < g->n_members; i++) {
        const bpemix_share *s = &r->share[g->member[i]];

        hold_member(&g->share.range_outer_bytes, s->range_outer_bytes);
        hold_member(&g->share.range_outer_pairs, s->range_outer_pairs);
        hold_member(&g->share.range_outer_merges, s->range_outer_merges);
    }
}

/* An outer range holds the inner one, though others gave way to it by another part. */
static void hold_inner(bpemix_range *outer, bpemix_range inner)
{
    outer->low = isnan(outer->low) ? outer->low : fmin(outer->low, inner.low);
    outer->high = isnan(outer->high) ? outer->high : fmax(outer->high, inner.high);
}

static void conclude(const bpemix_result *r, bpemix_share *s)
{
    hold_inner(&s->range_outer_bytes, s->range_bytes);
    hold_inner(&s->range_outer_pairs, s->range_pairs);
    hold_inner(&s->range_outer_merges, s->range_merges);
    s->identified = bmx_ends_width(r, s) <= BMX_IDENTIFIED;
}

/* Where a kind of text or most of a sample is missing, ranges are wider than slack tells. */
static void widen_ranges(bpemix_result *r)
{
    r->range_reach = reach_of(r);
    bmx_thin_widen(r);
    for (size_t i = 0; i < r->n_cats; i++)
        widen_all(r, &r->share[i]);
    for (size_t i = 0; i < r->n_groups; i++)
        widen_all(r, &r->group[i].share);
    for (size_t i = 0; i < r->n_inseparable; i++)
        widen_set(r, &r->inseparable[i]);
    for (size_t i = 0; i < r->n_groups; i++)
        hold_members(r, &r->group[i]);
    for (size_t i = 0; i < r->n_cats; i++)
        conclude(r, &r->share[i]);
    for (size_t i = 0; i < r->n_groups; i++)
        conclude(r, &r->group[i].share);
    for (size_t i = 0; i < r->n_inseparable; i++)
        conclude(r, &r->inseparable[i].share);
}

/* Of categories that are program code, beside others. */
static bpemix_status widen_programs(const bmx_estimate *e, double delta, bpemix_result *r,
                                    bpemix_error *err)
{
    double *ratio = bmx_malloc(e->c.n_cats, sizeof *ratio);
    bmx_delta_law which = bmx_delta_law_of(&e->c, r);
    bpemix_status st;

    if (!ratio)
        return bmx_nomem(err);
    bmx_program_find(&e->c, ratio);
    for (size_t i = 0; i < e->c.n_cats; i++)
        ratio[i] = i == e->c.view->pooled
                       ? 1 : bmx_program_ratio(ratio[i], bmx_fit_sample(r), delta, which);
    st = bmx_program_widen(ratio, r, err);
    bmx_free(ratio);
    return st;
}

bpemix_status bmx_identify(const bmx_estimate *e, const double *also, unsigned n_threads,
                           bmx_control *ctl, bpemix_result *r, bpemix_error *err)
{
    size_t n = e->c.n_cats;
    bmx_ends x = { .n = n, .n_merges = e->c.n_steps, .oracle = bmx_monotone_oracle(e->opened),
                   .ctl = ctl };
    bmx_monotone *check = NULL;
    double *h = n > SIZE_MAX / n - 1 ? NULL : bmx_malloc(n * (n + 1), sizeof *h), slack;
    double *z = h ? h + n * n : NULL;
    bpemix_status st = h ? bmx_ends_init(&x, err) : bmx_nomem(err);

    x.curvature = h;
    if (st || (st = open_check(e->opened, &check, &x, err)) ||
        (st = list_targets(&x, r, e->c.view->pooled, err)) ||
        (st = setup(&x, e, r->merge_from > 0 ? REACH_BEHIND : REACH, h, &slack, err)))
        goto done;
    for (int level = 0; level < BMX_ENDS_LEVELS; level++)
        bmx_ends_note(&x, level, x.best);
    for (size_t i = 0; i < x.n && also; i++)
        z[i] = also[i] * x.scale[i];
    for (int level = 0; level < BMX_ENDS_LEVELS && also; level++)
        bmx_ends_note(&x, level, z);
    x.also = also ? z : NULL;
    if (!(st = bmx_delta_find(&e->c, e->best.o.alpha, r, slack, &x.delta, err)) &&
        !(st = find_all(&x, e->opened, n_threads, err)) && !x.late)
        st = bmx_inseparable_find(&x, r, err);
    r->range_delta = x.delta.inner;
    r->range_outer_delta = x.delta.outer;
    if (!st && x.late)
        st = bmx_result_warn(r, bmx_asprintf("ranges are not all known: the time limit was "
                                             "reached"), err);
    if (!st)
        st = widen_programs(e, x.delta.outer, r, err);
    widen_ranges(r);
done:
    for (size_t k = 0; k < x.n_targets && x.target; k++)
        bmx_free((void *)(uintptr_t)x.target[k].member);
    bmx_free(x.target);
    bmx_monotone_free(check);
    bmx_free(h);
    bmx_ends_release(&x);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* screen.c - bounds of the slack of many blocks from the few pairs that matter.
 *
 *  1. One pass over the events of all pairs finds, for every block, the pairs never merged that the
 *     mixture rates above bound[s] at their last step s there.
 *  2. The best theta over these pairs is the best over all pairs where no other pair is above it:
 *     then the slack of the mixture is known.  Otherwise the bounds are lowered, and the pass is
 *     made again for such blocks.
 *  3. Fewer rows have less slack at any mixture.  So a lower bound of the least slack over these
 *     pairs is one over all pairs; the block is cleared once it is at the limit.
 *
 * Rows of all pairs at the end of every block took a quarter of the time of an estimate. */
#include "diagnose/screen.h"
#include "base/cancel.h"
#include "base/threads.h"
#include "solve/lp.h"
#include "solve/monotone.h"

#include <math.h>
#include <string.h>

/* bound[s] is this part of a guess of theta, then of the theta that was too low. */
#define FIRST_PART 0.6
#define NEXT_PART 0.75
#define PASSES 3
#define LAST_STEPS 16 /* whose mean stands for theta at the last ones */
#define ROUNDING 1e-6 /* more than sums of counts are wrong by, relative */

typedef struct block {
    const bmx_screen *screen;
    bmx_screen_block *out;
    bmx_constraints c;
    uint32_t *before; /* before[to - from + 1]: compact steps before a merge; NULL: leave it out */
    double *bound;    /* bound[n_steps] */
    double *highest;  /* highest[n_steps] of the pairs that are not above it */
    bmx_place *place; /* place[n] */
    size_t n, cap;
    bool known;       /* nothing more to find out */
} block;

static void release(block *b, size_t n)
{
    for (size_t k = 0; k < n && b; k++) {
        bmx_constraints_release(&b[k].c);
        bmx_free(b[k].before);
        bmx_free(b[k].bound);
        bmx_free(b[k].highest);
        bmx_free(b[k].place);
    }
    bmx_free(b);
}

/* The least that never rises and is below no merge, except that the last merges, some of which may
 * be rare, are taken together. */
static void guess(block *b)
{
    uint32_t n = b->c.n_steps, last = n < LAST_STEPS ? n : LAST_STEPS;
    double top = 0;

    bmx_constraints_merge_counts(&b->c, b->screen->mixture, b->bound);
    for (uint32_t s = n - last; s < n; s++)
        top += b->bound[s] / last;
    for (uint32_t s = n; s-- > 0;) {
        top = fmax(top, b->bound[s]);
        b->bound[s] = FIRST_PART * top;
    }
}

static bpemix_status prepare(block *b, bpemix_error *err)
{
    uint32_t from = b->out->from, to = b->out->to, k = 0;
    bpemix_status st = bmx_constraints_build(b->screen->view, from, to, false, &b->c, err);

    if (st == BPEMIX_E_EMPTY || st == BPEMIX_E_USAGE) { /* for those who solve it to see */
        b->known = true;
        return BPEMIX_OK;
    }
    if (st)
        return st;
    b->before = bmx_malloc((size_t)(to - from) + 1, sizeof *b->before);
    b->bound = bmx_malloc(b->c.n_steps, sizeof *b->bound);
    b->highest = bmx_calloc(b->c.n_steps, sizeof *b->highest);
    if (!b->before || !b->bound || !b->highest)
        return bmx_nomem(err);
    for (uint32_t t = from; t <= to; t++) {
        b->before[t - from] = k;
        k += k < b->c.n_steps && b->c.step[k] == t;
    }
    guess(b);
    return BPEMIX_OK;
}

/* The last compact step at which the pair, never merged in the block, competes; BMX_NONE: there is
 * none. */
static uint32_t last_step(const block *b, const bmx_pair *p)
{
    uint32_t from = b->out->from, to = b->out->to, at = p->merged_at;
    uint32_t end = p->end < at ? p->end : at, steps;

    if (at >= from && at < to && b->before[at + 1 - from] > b->before[at - from])
        return BMX_NONE;
    steps = end >= to ? b->c.n_steps : b->before[end - from];
    return steps > 0 ? steps - 1 : BMX_NONE;
}

/* Step 1 for one pair. */
static bpemix_status place_pair(block *b, size_t n, const bpemix_trace *tr, uint32_t p,
                                const double *weight, bpemix_error *err)
{
    const bmx_pair *pair = &tr->pair[p];
    uint32_t end = pair->end < pair->merged_at ? pair->end : pair->merged_at, s;
    uint64_t e = tr->first[p], last = tr->first[p + 1];
    double count = 0;

    for (size_t k = 0; k < n && end > b[k].out->from; k++) {
        if (b[k].known || (s = last_step(&b[k], pair)) == BMX_NONE)
            continue;
        for (; e < last && tr->event[e].step <= b[k].c.step[s]; e++)
            count += (double)tr->event[e].delta * weight[tr->event[e].cat];
        if (!(count > b[k].bound[s])) {
            b[k].highest[s] = count > b[k].highest[s] ? count : b[k].highest[s];
            continue;
        }
        if (bmx_reserve(&b[k].place, &b[k].cap, b[k].n + 1, sizeof *b[k].place, err))
            return BPEMIX_E_NOMEM;
        b[k].place[b[k].n++] = (bmx_place){ p, s };
    }
    return BPEMIX_OK;
}

static bpemix_status place_pairs(const bmx_screen *x, block *b, size_t n, bpemix_error *err)
{
    const bmx_view *view = x->view;
    const bpemix_trace *tr = view->trace;
    double *weight = bmx_malloc(tr->n_cats, sizeof *weight);
    bpemix_status st = weight ? BPEMIX_OK : bmx_nomem(err);

    for (size_t tally = 0; tally < tr->n_cats && !st; tally++) {
        uint32_t cat = view->cat[tally];

        weight[tally] = cat == BMX_NONE ? 0 : x->mixture[cat] * (1e6 / (double)view->pairs[cat]);
    }
    for (size_t k = 0; k < n && !st; k++) {
        b[k].n = 0;
        if (!b[k].known)
            memset(b[k].highest, 0, b[k].c.n_steps * sizeof *b[k].highest);
    }
    for (uint32_t p = 0; p < tr->n_pairs && !st; p++)
        if (p % 65536 != 0 || !(st = bmx_check_cancel(err)))
            st = place_pair(b, n, tr, p, weight, err);
    bmx_free(weight);
    return st;
}

/* Step 2: *slack, relative.  Where theta is below another pair the bound is lowered. */
static bpemix_status slack_of(block *b, bmx_monotone *m, double *slack, bool *sure,
                              bpemix_error *err)
{
    bmx_oracle oracle = bmx_monotone_oracle(m);
    const double *mixture = b->screen->mixture;
    double *g = bmx_malloc(b->c.n_cats, sizeof *g), counts = 0;
    bmx_optimum o = { 0 };
    bpemix_status st = g ? bmx_optimum_init(&o, &b->c, err) : bmx_nomem(err);

    *sure = true;
    if (!st && !(st = oracle.eval(oracle.ctx, mixture, BMX_EXACTLY, g, slack, err))) {
        oracle.keep(oracle.ctx, &o);
        for (uint32_t s = 0; s < b->c.n_steps; s++)
            if (o.theta[s] < (1 + ROUNDING) * b->highest[s]) {
                b->bound[s] = fmin(b->bound[s], NEXT_PART * o.theta[s]);
                *sure = false;
            }
        for (size_t i = 0; i < b->c.n_cats; i++)
            counts += mixture[i] * b->c.merge_sum[i];
        *slack = counts > 0 ? *slack / counts : INFINITY;
    }
    bmx_optimum_release(&o);
    bmx_free(g);
    return st;
}

/* Step 3: counts are scaled so that slack is relative to those of the merges, in millionths, as
 * bmx_estimate_make() does. */
static bpemix_status bound_own(block *b, bmx_monotone *m, double limit, bpemix_error *err)
{
    size_t n = b->c.n_cats;
    bmx_control ctl = { .gap = b->screen->gap, .deadline = b->screen->deadline,
                        .enough = limit * (1 + ROUNDING) * 1e6 };
    double *factor = bmx_malloc(n, 2 * sizeof *factor), *start = factor ? factor + n : NULL;
    bmx_optimum o = { 0 };
    bpemix_status st = factor ? bmx_optimum_init(&o, &b->c, err) : bmx_nomem(err);

    if (!st) {
        bmx_monotone_merge_sums(m, factor);
        for (size_t i = 0; i < n; i++) {
            b->c.held[i] = !(factor[i] > 0);
            factor[i] = b->c.held[i] ? 1 : 1e6 / factor[i];
            start[i] = b->screen->mixture[i] / factor[i];
        }
        bmx_constraints_rescale(&b->c, factor);
        bmx_monotone_rescale(m, factor);
        st = bmx_program_monotone.solve(m, start, &ctl, NULL, &o, err);
    }
    if (!st)
        b->out->cleared = o.lower >= ctl.enough;
    bmx_optimum_release(&o);
    bmx_free(factor);
    return st;
}

static bpemix_status look(void *ctx, bpemix_error *err)
{
    block *b = ctx;
    bmx_monotone *m;
    double slack = 0, limit;
    bool sure;
    bpemix_status st = bmx_monotone_new_some(&b->c, b->place, b->n, &m, err);

    if (st)
        return st;
    if (!(st = slack_of(b, m, &slack, &sure, err)) && sure) {
        b->known = true;
        limit = b->screen->limit(slack * (1 + ROUNDING));
        if (limit <= 0)
            b->out->cleared = true;
        else
            st = bound_own(b, m, limit, err);
    }
    bmx_monotone_free(m);
    return st;
}

static bpemix_status look_task(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    block *b = ctx;

    (void)worker;
    return b[k].known ? BPEMIX_OK : bmx_lp_session(look, &b[k], err);
}

bpemix_status bmx_screen_blocks(const bmx_screen *x, bmx_screen_block *out, size_t n,
                                bpemix_error *err)
{
    block *b = bmx_calloc(n, sizeof *b);
    bool all = false;
    bpemix_status st = b ? BPEMIX_OK : bmx_nomem(err);

    for (size_t k = 0; k < n && !st; k++) {
        out[k].cleared = false;
        b[k].screen = x;
        b[k].out = &out[k];
        st = prepare(&b[k], err);
    }
    for (int pass = 0; pass < PASSES && !all && !st; pass++) {
        if ((st = place_pairs(x, b, n, err)) ||
            (st = bmx_parallel(bmx_thread_count(x->n_threads), n, look_task, b, err)))
            break;
        all = true;
        for (size_t k = 0; k < n; k++)
            all = all && b[k].known;
    }
    release(b, n);
    return st;
}

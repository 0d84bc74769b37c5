/* SPDX-License-Identifier: GPL-3.0-or-later */
/* odd_stretch.c - merges that were learned from another mixture than the estimate's.
 *
 *  1. The merges of the estimate are cut into a few blocks.  Those that cannot be odd are told
 *     without any solution where that is possible (screen.h).
 *  2. Of the others, slack with the estimate's mixture is compared with that of their own, from
 *     coarse solutions: this is looked for in every estimate.
 *  3. Around the block that is furthest off, blocks that its mixture explains join it, and the
 *     beginning is moved to where the merges go over to those that its mixture has most of.
 *  4. If there is none, some blocks behind the merges of the estimate are looked at, too. */
#include "diagnose/odd_stretch.h"
#include "base/threads.h"
#include "diagnose/screen.h"
#include "diagnose/stretch.h"
#include "solve/lp.h"

#include <math.h>

#define ODD_BLOCKS 6 /* most blocks that the merges used are divided into; a judgement */
#define ODD_GAP 0.1 /* of its own solution */
/* A block is odd when the estimate's mixture leaves ODD_FACTOR times the slack of its own, and
 * ODD_PART of the counts more, and its own, which must explain it, less than ODD_OWN.  Behind a
 * border at which the shares of two languages change from 80 and 20 % to 60 and 40, a block has
 * twice the slack of its own mixture, with another language 5 to 90 times, and its own leaves up to
 * 63 %.  With the panel, 116 categories and 10,000 merges, none of 25 published lists has twice,
 * but for one whose blocks have up to 2.45 times where even their own mixtures leave 90 to 130 %:
 * text of their kind is missing. */
#define ODD_FACTOR 2
#define ODD_PART 0.15
#define ODD_OWN 0.7
/* Behind the merges of the estimate, as far as half of the merges have so many occurrences. */
#define BEHIND_COUNT 20
#define BEHIND_BLOCKS 3
#define BEHIND_MOST 1000 /* merges of a block */

/* A block with the estimate's mixture, and with its own. */
typedef struct odd_block {
    bmx_stretch given, own;
    bool cleared; /* it can't be odd; nothing else is known of it */
} odd_block;

static double given_slack(const odd_block *b) { return bmx_stretch_slack(&b->given); }
static double own_slack(const odd_block *b) { return bmx_stretch_slack(&b->own); }

static bpemix_status solve_odd(void *ctx, bpemix_error *err)
{
    odd_block *b = ctx;
    bpemix_status st;

    if (b->cleared) {
        b->given.empty = b->own.empty = true;
        return BPEMIX_OK;
    }
    st = bmx_stretch_solve(&b->given, err);
    if (!st && given_slack(b) <= ODD_PART) { /* it can't be odd, whatever its own is */
        b->own.slack = b->given.slack;
        b->own.counts = b->given.counts;
        return BPEMIX_OK;
    }
    return st ? st : bmx_stretch_solve(&b->own, err);
}

static bpemix_status odd_task(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    odd_block *b = ctx;

    (void)worker;
    return bmx_lp_session(solve_odd, &b[k], err);
}

static bool is_odd(const odd_block *b)
{
    double given = given_slack(b), own = own_slack(b);

    return bmx_stretch_rests_on_several(&b->own) && own < ODD_OWN && given > ODD_FACTOR * own &&
           given - own > ODD_PART; /* false of NaN */
}

typedef struct odd_search {
    const bmx_stretch *like; /* what the blocks are of */
    const double *mixture;   /* the estimate's */
    unsigned n_threads;
    odd_block *b;      /* b[n] */
    size_t n, worst;   /* the block that is furthest off; n: none is */
    uint32_t from, to; /* merges to look at; then of the stretch that is found */
} odd_search;

/* Is the block odd, and explained by the mixture of the worst one? */
static bpemix_status is_alike(const odd_search *x, size_t k, bool *alike, bpemix_error *err)
{
    const odd_block *worst = &x->b[x->worst], *b = &x->b[k];
    bmx_stretch there = bmx_stretch_part(x->like, b->own.from, b->own.to, worst->own.pairs);
    bpemix_status st;

    *alike = false;
    if (!is_odd(b))
        return BPEMIX_OK;
    if (!(st = bmx_stretch_solve(&there, err)))
        *alike = !is_odd(&(odd_block){ .given = there, .own = b->own });
    return st;
}

/* As far as blocks beside the worst one are like it; it begins where the merges go over to those
 * that its mixture has most of. */
static bpemix_status find_stretch(void *ctx, bpemix_error *err)
{
    odd_search *x = ctx;
    size_t first = x->worst, last = first;
    bpemix_status st = BPEMIX_OK;
    bool alike = true;

    while (!st && first > 0 && !(st = is_alike(x, first - 1, &alike, err)) && alike)
        first--;
    while (!st && last + 1 < x->n && !(st = is_alike(x, last + 1, &alike, err)) && alike)
        last++;
    x->to = x->b[last].own.to;
    x->from = x->b[first].own.from;
    return st ? st
              : bmx_stretch_border(x->like, x->b[first ? first - 1 : 0].own.from,
                                   x->b[first].own.to, x->mixture, x->b[x->worst].own.pairs,
                                   &x->from, err);
}

/* The block that is furthest off; n: none is odd. */
static size_t worst_of(const odd_block *b, size_t n)
{
    size_t worst = n;

    for (size_t k = 0; k < n; k++)
        if (is_odd(&b[k]) && (worst == n || given_slack(&b[k]) * own_slack(&b[worst]) >
                                                given_slack(&b[worst]) * own_slack(&b[k])))
            worst = k;
    return worst;
}

static void put_odd(uint32_t from, uint32_t to, const odd_block *b, bpemix_result *r)
{
    r->odd = (bmx_odd_stretch){ .merge_from = from, .merge_to = to,
                                .slack_relative = given_slack(b),
                                .slack_relative_own = own_slack(b) };
}

/* A block that the estimate's mixture leaves so much slack is odd if its own leaves less than
 * this, as is_odd() has it. */
static double odd_limit(double slack)
{
    return slack <= ODD_PART ? 0 : fmin(ODD_OWN, fmin(slack / ODD_FACTOR, slack - ODD_PART));
}

/* Sets what is cleared. */
static bpemix_status screen(odd_search *x, bpemix_error *err)
{
    const bmx_screen s = { .view = x->like->view, .mixture = x->mixture, .gap = ODD_GAP,
                           .deadline = x->like->ctl->deadline, .limit = odd_limit,
                           .n_threads = x->n_threads };
    bmx_screen_block block[ODD_BLOCKS > BEHIND_BLOCKS ? ODD_BLOCKS : BEHIND_BLOCKS];
    bpemix_status st;

    for (size_t k = 0; k < x->n; k++)
        block[k] = (bmx_screen_block){ .from = x->b[k].own.from, .to = x->b[k].own.to };
    st = bmx_screen_blocks(&s, block, x->n, err);
    for (size_t k = 0; k < x->n && !st; k++)
        x->b[k].cleared = block[k].cleared;
    return st;
}

/* Block k is the last `size` merges, or all, of the k-th part of the merges to look at. */
static bpemix_status solve_odd_blocks(odd_search *x, uint32_t size, bpemix_error *err)
{
    uint32_t all = x->to - x->from;
    bpemix_status st = BPEMIX_OK;

    if (x->n && !(x->b = bmx_calloc(x->n, sizeof *x->b)))
        return bmx_nomem(err);
    for (size_t k = 0; k < x->n && !st; k++) {
        uint32_t begin = x->from + (uint32_t)(k * all / x->n);
        uint32_t end = x->from + (uint32_t)((k + 1) * all / x->n);
        odd_block *b = &x->b[k];

        begin = end - begin > size ? end - size : begin;
        b->given = bmx_stretch_part(x->like, begin, end, x->mixture);
        b->own = bmx_stretch_part(x->like, begin, end, NULL);
        b->own.start = x->mixture;
        b->own.gap = ODD_GAP;
        st = bmx_stretch_want_shares(&b->own, err);
    }
    if (st || (x->n > 0 && (st = screen(x, err))))
        return st;
    return bmx_parallel(bmx_thread_count(x->n_threads), x->n, odd_task, x->b, err);
}

static void odd_search_release(odd_search *x)
{
    for (size_t k = 0; k < x->n && x->b; k++)
        bmx_stretch_release_shares(&x->b[k].own);
    bmx_free(x->b);
}

/* Among the merges of the estimate.  Step 1 to 3. */
static bpemix_status look_among(odd_search *x, bpemix_result *r, bpemix_error *err)
{
    uint32_t all = x->to - x->from;
    bpemix_status st = BPEMIX_OK;

    x->n = all / BMX_LEAST_BLOCK < ODD_BLOCKS ? all / BMX_LEAST_BLOCK : ODD_BLOCKS;
    if (x->n > 1 && !(st = solve_odd_blocks(x, all, err)) &&
        (x->worst = worst_of(x->b, x->n)) < x->n && !(st = bmx_lp_session(find_stretch, x, err)))
        put_odd(x->from, x->to, &x->b[x->worst], r);
    odd_search_release(x);
    return st;
}

/* In the merges behind those, as far as the samples tell of them.  Step 4. */
static bpemix_status look_behind(odd_search *x, const bmx_plan *plan, bpemix_result *r,
                                 bpemix_error *err)
{
    const bmx_view *view = x->like->view;
    bpemix_status st = bmx_plan_last(view, plan->from, view->trace->n_merges, BEHIND_COUNT, &x->to,
                                     err);

    if (st || x->to <= x->from)
        return st;
    x->n = (x->to - x->from) / BMX_LEAST_BLOCK;
    x->n = x->n < BEHIND_BLOCKS ? x->n : BEHIND_BLOCKS;
    if (!(st = solve_odd_blocks(x, BEHIND_MOST, err)) && (x->worst = worst_of(x->b, x->n)) < x->n) {
        const odd_block *b = &x->b[x->worst];

        put_odd(b->own.from, b->own.to, b, r);
    }
    odd_search_release(x);
    return st;
}

bpemix_status bmx_find_odd_stretch(const bmx_view *view, const bmx_plan *plan,
                                   const bmx_control *ctl, const double *mixture,
                                   unsigned n_threads, bpemix_result *r, bpemix_error *err)
{
    bmx_plan compared = bmx_stretch_plan(plan);
    const bmx_stretch like = { .view = view, .plan = &compared, .ctl = ctl };
    odd_search among = { .like = &like, .mixture = mixture, .n_threads = n_threads,
                         .from = plan->from, .to = plan->to };
    odd_search behind = { .like = &like, .mixture = mixture, .n_threads = n_threads,
                          .from = plan->to };
    bpemix_status st = look_among(&among, r, err);

    if (!st && r->odd.merge_from == r->odd.merge_to)
        st = look_behind(&behind, &compared, r, err);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phases.c - where the list goes over to another mixture.
 *
 *  1. Cut the list into blocks and find the best mixture of each.
 *  2. Block by block: the next one joins the phase before it, unless the best mixture of
 *     that phase explains it worse than its own does, by much more than the blocks before.
 *  3. Where a block does not join, the border is moved to where the merges go over from those
 *     that the mixture before has most of to those that the one behind has.
 *  4. Solve each phase as a whole, as an estimate from its merges would be solved. */
#include "diagnose/phases.h"
#include "base/threads.h"
#include "diagnose/stretch.h"
#include "solve/lp.h"

#include <math.h>

#define MOST_BLOCKS 40 /* of equal length, to which borders are found first; a judgement */
/* A block begins a phase when the mixture before it leaves so much more of its counts unexplained
 * than its own mixture leaves, and so many times more than was left of the two blocks before, with
 * the mixture before those: many categories fit noise, and far into a list no mixture of the
 * beginning is as good as one's own.  The latter is a jump of
 *
 *     plain lists of two languages, and of program code    up to 1.03
 *     GPT-2's, 116 categories, blocks of 1,250             up to 1.08
 *     70 and 30 % that become 20 and 80                    1.3 to 2.2
 *     60 and 40 % that become 10 and 90                    1.4 to 1.9
 *     80 and 20 % that become 60 and 40                    1.25 to 2.0
 *     the same, from merge 750 on                          1.1 to 1.3
 *
 * with samples of other sources (3000 merges, changes at 750, 1500 and 2250, four of each).
 * Where even its own mixture leaves more than twice its counts, as behind merge 8,750 of GPT-2's
 * list with the panel, samples tell nothing of it, and jumps of 1.3 are chance. */
#define JUMP 1.25
/* Where so many merges of the block are in no sample, the samples of one category may have run
 * out, and others take its place: Chinese in Kimi K2's list with the panel, whose blocks from
 * merge 8,166 on lack 16 to 20 % and have up to 1.5 times what was left before.  Another language
 * has 5 times as much. */
#define LACKING 0.15
#define JUMP_LACKING 2
/* In the place of what is not known of the second block: with the panel, that of Llama's and
 * GPT-NeoX's lists has 1.19 times its own slack, and that of Kimi K2's 1.44. */
#define USUAL 1.2
/* Excesses that rise from block to block are expected to go on rising as much: with samples of
 * other packages, plain lists of program code have up to 1.17, 1.31 and 1.55 one after the other,
 * and Llama's list has 1.19 and 1.42. */
#define TREND 1.1
#define WORSE_PART 0.1
#define OWN_MOST 2

typedef struct division {
    bmx_stretch like;   /* what is divided, by relative slack without weights */
    bmx_stretch *block; /* block[n_blocks], with shares */
    size_t n_blocks;
    uint32_t *begin; /* begin[n], first merges of the phases */
    size_t n;
} division;

/* Step 1. */
static bpemix_status solve_blocks(division *d, unsigned n_threads, bpemix_error *err)
{
    uint32_t all = d->like.view->trace->n_merges, size = all / MOST_BLOCKS;
    bpemix_status st = BPEMIX_OK;

    size = size > BMX_LEAST_BLOCK ? size : BMX_LEAST_BLOCK;
    d->n_blocks = (all + size / 2) / size ? (all + size / 2) / size : 1;
    d->block = bmx_calloc(d->n_blocks, sizeof *d->block);
    d->begin = bmx_calloc(d->n_blocks, sizeof *d->begin);
    if (!d->block || !d->begin)
        return bmx_nomem(err);
    for (size_t k = 0; k < d->n_blocks && !st; k++) {
        d->block[k] = bmx_stretch_part(&d->like, (uint32_t)k * size,
                                       k + 1 < d->n_blocks ? (uint32_t)(k + 1) * size : all, NULL);
        st = bmx_stretch_want_shares(&d->block[k], err);
    }
    return st ? st : bmx_stretch_solve_all(d->block, d->n_blocks, n_threads, err);
}

/* How many times the slack of their own mixture blocks have with the mixture before; never below
 * 1. */
static double excess(const bmx_stretch *here, const bmx_stretch *own)
{
    double ratio = bmx_stretch_slack(here) / bmx_stretch_slack(own);

    return ratio > 1 ? ratio : 1; /* NaN, too */
}

/* Do the samples tell anything of the block? */
static bool is_told(const bmx_stretch *own)
{
    return bmx_stretch_slack(own) <= OWN_MOST && /* false of NaN */
           bmx_stretch_rests_on_several(own);
}

/* The excess above which the block begins a phase.  usual[2]: see is_border(). */
static double least_of(const bmx_stretch *own, const double *usual)
{
    double last = usual[0], before = usual[1] > 0 ? usual[1] : 1;
    double jump = own->missing > LACKING ? JUMP_LACKING : JUMP;

    if (!(last > 0))
        return jump * USUAL;
    return fmax(jump * (usual[1] > 0 ? fmin(last, before) : last),
                TREND * last * fmax(1, last / before));
}

/* Does block k begin a phase, with the mixture `pairs` of the phase before it?  usual[2] are the
 * excesses that the last two blocks of that phase had with the mixture before them, the later one
 * first; 0: none. */
static bpemix_status is_border(const division *d, size_t k, const double *pairs, double *usual,
                               bool *border, bpemix_error *err)
{
    const bmx_stretch *own = &d->block[k];
    bmx_stretch here = bmx_stretch_part(&d->like, own->from, own->to, pairs);
    bpemix_status st = bmx_stretch_solve(&here, err);

    *border = !st && is_told(own) && excess(&here, own) > least_of(own, usual) &&
              bmx_stretch_slack(&here) - bmx_stretch_slack(own) > WORSE_PART;
    usual[1] = usual[0];
    usual[0] = excess(&here, own);
    return st;
}

/* Behind the last block that can begin a phase: with the panel, a third of the blocks of GPT-4o's
 * list are before it. */
static size_t end_of_told(const division *d)
{
    size_t n = d->n_blocks;

    while (n > 0 && !is_told(&d->block[n - 1]))
        n--;
    return n;
}

/* Steps 2 and 3. */
static bpemix_status divide(void *ctx, bpemix_error *err)
{
    division *d = ctx;
    bmx_stretch before = d->like;
    double usual[2] = { 0, 0 };
    size_t end = end_of_told(d);
    bpemix_status st = bmx_stretch_want_shares(&before, err);

    d->n = 1;
    for (size_t k = 1; k < end && !st; k++) {
        const bmx_stretch *own = &d->block[k];
        bmx_stretch whole = bmx_stretch_part(&d->like, d->begin[d->n - 1], own->from, NULL);
        bool border;

        whole.bytes = before.bytes;
        whole.pairs = before.pairs;
        whole.merges = before.merges;
        if (whole.to <= whole.from || own->empty)
            continue;
        if ((st = bmx_stretch_solve(&whole, err)) || whole.empty)
            continue;
        if (!(st = is_border(d, k, whole.pairs, usual, &border, err)) && border) {
            uint32_t low = d->block[k - 1].from > whole.from ? d->block[k - 1].from : whole.from;

            d->begin[d->n] = own->from;
            st = bmx_stretch_border(&d->like, low, own->to, whole.pairs, own->pairs,
                                    &d->begin[d->n++], err);
            usual[0] = usual[1] = 0;
        }
    }
    bmx_stretch_release_shares(&before);
    return st;
}

static void put_phase(bmx_stretch *s, bmx_phase *out)
{
    *out = (bmx_phase){ .merge_from = s->from, .merge_to = s->to,
                        .slack_relative = bmx_stretch_slack(s) };
    bmx_stretch_hand_over(s, &out->share_bytes, &out->share_pairs, &out->share_merges);
}

/* Step 4. */
static bpemix_status solve_phases(const division *d, const bmx_plan *plan,
                                  const bpemix_solve_opts *opts, unsigned n_threads,
                                  bpemix_result *r, bpemix_error *err)
{
    const bpemix_trace *tr = d->like.view->trace;
    uint32_t all = tr->n_merges;
    bmx_plan first = *plan, later = *plan; /* of the phase at the beginning, of those behind it */
    bmx_stretch *s = bmx_calloc(d->n, sizeof *s);
    bpemix_status st = s ? BPEMIX_OK : bmx_nomem(err);

    if (opts->scale == BPEMIX_SCALE_DEFAULT) {
        first.scale = bmx_plan_default_scale(tr, plan->method, 0);
        later.scale = bmx_plan_default_scale(tr, plan->method, 1);
    }
    for (size_t k = 0; k < d->n && !st; k++) {
        s[k] = bmx_stretch_part(&d->like, d->begin[k], k + 1 < d->n ? d->begin[k + 1] : all, NULL);
        s[k].plan = d->begin[k] ? &later : &first;
        s[k].gap = plan->gap;
        st = bmx_stretch_want_shares(&s[k], err);
    }
    if (!st && !(r->phase = bmx_calloc(d->n, sizeof *r->phase)))
        st = bmx_nomem(err);
    if (!st)
        st = bmx_stretch_solve_all(s, d->n, n_threads, err);
    for (size_t k = 0; k < d->n && !st; k++)
        put_phase(&s[k], &r->phase[r->n_phases++]);
    bmx_stretches_free(s, d->n);
    return st;
}

bpemix_status bmx_phases(const bmx_view *view, const bmx_plan *plan, const bmx_control *ctl,
                         const bpemix_solve_opts *opts, bpemix_result *r, bpemix_error *err)
{
    unsigned n_threads = bmx_thread_count(opts->n_threads);
    bmx_plan compared = bmx_stretch_plan(plan);
    division d = { .like = { .view = view, .plan = &compared, .ctl = ctl } };
    bpemix_status st = solve_blocks(&d, n_threads, err);

    if (!st && !(st = bmx_lp_session(divide, &d, err)))
        st = solve_phases(&d, plan, opts, n_threads, r, err);
    bmx_stretches_free(d.block, d.n_blocks);
    bmx_free(d.begin);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stretches.c - other ranges of merges, each solved by itself.
 *
 * Phases:
 *  1. Cut the list into blocks and find the best mixture of each.
 *  2. Block by block: the next one joins the stretch before it, unless the best mixture of
 *     that stretch explains it worse than its own does, by much more than the blocks before.
 *  3. Where a block does not join, the border is moved to where, in smaller blocks, the
 *     mixture behind is the better of both by most.
 *  4. Solve each stretch as a whole, with the options of the estimate.
 * Merges before a stretch are applied in any case: their effects are in the trace.
 *
 * An odd stretch is looked for in the same way, among the merges of the estimate and with its
 * mixture in the place of that of the merges before, in fewer blocks and with coarse solutions:
 * it is looked for in every estimate.  Blocks that cannot be odd are told without any solution
 * where that is possible (screen.h).  If there is none, some blocks behind those merges are looked
 * at, too. */
#include "diagnose/stretches.h"
#include "base/threads.h"
#include "diagnose/screen.h"
#include "solve/lp.h"
#include "solve/monotone.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_BLOCK 500 /* merges; fewer do not determine a mixture */
#define MOST_BLOCKS 40
#define SMALLER 10      /* smaller blocks in one, for step 3 */
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
/* In the place of what is not known when fewer than two blocks are before: with the panel the
 * second and third blocks of Llama's and GPT-NeoX's lists have 1.19 to 1.42 times their own
 * slack. */
#define USUAL 1.2
#define WORSE_PART 0.1
#define OWN_MOST 2

/* Of an odd stretch, which its own mixture must explain.  Behind a border at which the shares of
 * two languages change from 80 and 20 % to 60 and 40, a block has twice the slack of its own
 * mixture, with another language 5 to 90 times, and its own leaves up to 63 %.  With the panel, 116
 * categories and 10,000 merges, none of 25 published lists has twice, but for one whose blocks have
 * up to 2.45 times where even their own mixtures leave 90 to 130 %: text of their kind is
 * missing. */
#define ODD_BLOCKS 6
#define ODD_FACTOR 2
#define ODD_PART 0.15
#define ODD_OWN 0.7
#define ODD_GAP 0.1
/* Behind the merges of the estimate, as far as half of the merges have so many occurrences. */
#define BEHIND_COUNT 20
#define BEHIND_BLOCKS 3
#define BEHIND_MOST 1000 /* merges of a block */

typedef struct stretch {
    const bmx_view *view;
    const bmx_plan *plan;
    const bmx_control *ctl;
    const double *start;
    uint32_t from, to;
    double gap;
    const double *mixture; /* mixture[n_cats], shares of pairs: only evaluate there; NULL: solve */
    bool empty;            /* no merge of it is in any sample */
    double slack, counts;  /* per million pairs at the best mixture */
    double *bytes, *pairs, *merges; /* [n_cats] each; NULL: not wanted */
} stretch;

/* Slack and counts at a mixture. */
static bpemix_status evaluate(stretch *s, bpemix_error *err)
{
    bmx_constraints c = { 0 };
    bmx_monotone *m = NULL;
    double *g = bmx_malloc(s->view->n_cats, sizeof *g);
    bpemix_status st = g ? bmx_constraints_build(s->view, s->from, s->to, false, &c, err)
                         : bmx_nomem(err);

    if (st == BPEMIX_E_EMPTY || st == BPEMIX_E_USAGE) {
        s->empty = true;
        bmx_free(g);
        return BPEMIX_OK;
    }
    if (!st && !(st = bmx_monotone_new(&c, &m, err))) {
        bmx_oracle oracle = bmx_monotone_oracle(m);
        st = oracle.eval(oracle.ctx, s->mixture, BMX_EXACTLY, g, &s->slack, err);
        for (size_t i = 0; i < c.n_cats; i++)
            s->counts += s->mixture[i] * c.merge_sum[i];
    }
    bmx_monotone_free(m);
    bmx_constraints_release(&c);
    bmx_free(g);
    return st;
}

static bpemix_status solve(void *ctx, bpemix_error *err)
{
    stretch *s = ctx;
    bmx_plan plan = *s->plan;
    bmx_control ctl = { .gap = s->gap, .deadline = s->ctl->deadline };
    bmx_estimate e;
    bpemix_status st;

    if (s->mixture)
        return evaluate(s, err);
    plan.from = s->from;
    plan.to = s->to;
    if ((st = bmx_estimate_make(s->view, &plan, s->start, &ctl, &e, err))) {
        s->empty = st == BPEMIX_E_EMPTY || st == BPEMIX_E_USAGE;
        return s->empty ? BPEMIX_OK : st;
    }
    s->slack = e.best.o.slack_merges + e.best.o.slack_pairs;
    for (size_t i = 0; i < e.c.n_cats; i++)
        s->counts += e.best.o.alpha[i] * e.c.merge_sum[i];
    if (s->bytes) {
        bmx_constraints_byte_shares(&e.c, e.best.o.alpha, s->bytes);
        bmx_constraints_pair_shares(&e.c, e.best.o.alpha, s->pairs);
        bmx_constraints_merge_shares(&e.c, e.best.o.alpha, s->merges);
    }
    bmx_estimate_release(&e);
    return BPEMIX_OK;
}

static bpemix_status solve_task(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    stretch *s = ctx;

    (void)worker;
    return bmx_lp_session(solve, &s[k], err);
}

static bpemix_status want_shares(stretch *s, size_t n_cats, bpemix_error *err)
{
    s->bytes = bmx_calloc(n_cats, sizeof *s->bytes);
    s->pairs = bmx_calloc(n_cats, sizeof *s->pairs);
    s->merges = bmx_calloc(n_cats, sizeof *s->merges);
    return s->bytes && s->pairs && s->merges ? BPEMIX_OK : bmx_nomem(err);
}

static void release_shares(stretch *s)
{
    bmx_free(s->bytes);
    bmx_free(s->pairs);
    bmx_free(s->merges);
}

static void release(stretch *s, size_t n)
{
    for (size_t k = 0; k < n && s; k++)
        release_shares(&s[k]);
    bmx_free(s);
}

/* The shares become a result's, where there are any. */
static void hand_over(stretch *s, double **bytes, double **pairs, double **merges)
{
    if (s->empty)
        return;
    *bytes = s->bytes;
    *pairs = s->pairs;
    *merges = s->merges;
    s->bytes = s->pairs = s->merges = NULL;
}

static double relative(const stretch *s)
{
    return s->empty ? NAN : s->counts > 0 ? s->slack / s->counts : INFINITY;
}

/* ---- sweep ---- */

static int by_number(const void *pa, const void *pb)
{
    uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
    return (a > b) - (a < b);
}

static void put_point(stretch *s, bmx_sweep_point *out)
{
    *out = (bmx_sweep_point){ .merges = s->to - s->from, .slack_relative = relative(s) };
    hand_over(s, &out->share_bytes, &out->share_pairs, &out->share_merges);
}

/* The largest difference of a share in the headline's unit between two points. */
static double disagreement(const bpemix_result *r)
{
    double most = NAN;

    for (size_t a = 0; a < r->n_sweep; a++)
        for (size_t b = 0; b < a; b++)
            for (size_t i = 0; i < r->n_cats; i++) {
                const bmx_sweep_point *p = &r->sweep[a], *q = &r->sweep[b];
                double d = !p->share_bytes || !q->share_bytes ? NAN
                           : r->unit == BMX_UNIT_MERGES
                               ? fabs(p->share_merges[i] - q->share_merges[i])
                               : fabs(p->share_bytes[i] - q->share_bytes[i]);
                if (isfinite(d) && !(d <= most))
                    most = d;
            }
    return most;
}

bpemix_status bmx_sweep(const bmx_view *view, const bmx_plan *plan, const bmx_control *ctl,
                        const bpemix_solve_opts *opts, bpemix_result *r, bpemix_error *err)
{
    size_t n = opts->n_sweep;
    uint32_t *merges = bmx_malloc(n, sizeof *merges), left = view->trace->n_merges - plan->from;
    stretch *s = bmx_calloc(n, sizeof *s);
    bpemix_status st = merges && s ? BPEMIX_OK : bmx_nomem(err);

    if (!st) {
        memcpy(merges, opts->sweep, n * sizeof *merges);
        qsort(merges, n, sizeof *merges, by_number);
    }
    for (size_t k = 0; k < n && !st; k++) {
        s[k] = (stretch){ .view = view, .plan = plan, .ctl = ctl, .start = r->main.share_pairs,
                          .from = plan->from, .to = plan->from + merges[k], .gap = plan->gap };
        if (merges[k] == 0 || merges[k] > left)
            st = bmx_fail_hint(err, BPEMIX_E_USAGE, "", "give other numbers of merges",
                               "%u merges were counted from %u on, not %u", (unsigned)left,
                               (unsigned)plan->from, (unsigned)merges[k]);
        else
            st = want_shares(&s[k], view->n_cats, err);
    }
    if (!st && !(r->sweep = bmx_calloc(n, sizeof *r->sweep)))
        st = bmx_nomem(err);
    if (!st)
        st = bmx_parallel(bmx_thread_count(opts->n_threads), n, solve_task, s, err);
    for (size_t k = 0; k < n && !st; k++)
        put_point(&s[k], &r->sweep[r->n_sweep++]);
    if (!st)
        r->disagreement_merges = disagreement(r);
    release(s, n);
    bmx_free(merges);
    return st;
}

/* ---- phases ---- */

typedef struct division {
    const bmx_view *view;
    bmx_plan plan;    /* relative slack without weights */
    const bmx_control *ctl;
    stretch *block;   /* block[n_blocks], with shares */
    size_t n_blocks;
    uint32_t *begin;  /* begin[n], first merges of the phases */
    size_t n;
} division;

static stretch part_of(const division *d, uint32_t from, uint32_t to, const double *mixture)
{
    return (stretch){ .view = d->view, .plan = &d->plan, .ctl = d->ctl, .from = from, .to = to,
                      .gap = 1e-3, .mixture = mixture };
}

/* Step 1. */
static bpemix_status solve_blocks(division *d, unsigned n_threads, bpemix_error *err)
{
    uint32_t all = d->view->trace->n_merges, size = all / MOST_BLOCKS;
    bpemix_status st = BPEMIX_OK;

    size = size > LEAST_BLOCK ? size : LEAST_BLOCK;
    d->n_blocks = (all + size / 2) / size ? (all + size / 2) / size : 1;
    d->block = bmx_calloc(d->n_blocks, sizeof *d->block);
    d->begin = bmx_calloc(d->n_blocks, sizeof *d->begin);
    if (!d->block || !d->begin)
        return bmx_nomem(err);
    for (size_t k = 0; k < d->n_blocks && !st; k++) {
        d->block[k] = part_of(d, (uint32_t)k * size,
                              k + 1 < d->n_blocks ? (uint32_t)(k + 1) * size : all, NULL);
        st = want_shares(&d->block[k], d->view->n_cats, err);
    }
    return st ? st : bmx_parallel(n_threads, d->n_blocks, solve_task, d->block, err);
}

/* Of two slacks a and b, (a - b) / (a + b) at half the way to a JUMP: what of it is less may be
 * noise, as a stretch is weighted by its first merges, and its last ones suit other mixtures a
 * little better. */
#define BETTER 0.055

/* Step 3: the border between from and to, in smaller blocks, from which on `behind` is better by
 * most in all. */
static bpemix_status move_border(const division *d, uint32_t from, uint32_t to,
                                 const double *before, const double *behind, uint32_t *border,
                                 bpemix_error *err)
{
    uint32_t size = (to - from) / (2 * SMALLER) ? (to - from) / (2 * SMALLER) : 1;
    double gain = 0, most = -INFINITY;

    *border = to;
    for (uint32_t at = to; at > from + size; at -= size) {
        stretch a = part_of(d, at - size, at, before);
        stretch b = part_of(d, at - size, at, behind);
        bpemix_status st = solve(&a, err);

        if (!st)
            st = solve(&b, err);
        if (st)
            return st;
        if (!a.empty && !b.empty && relative(&a) + relative(&b) > 0)
            gain += (relative(&a) - relative(&b)) / (relative(&a) + relative(&b)) - BETTER;
        if (gain >= most) {
            most = gain;
            *border = at - size;
        }
    }
    return BPEMIX_OK;
}

/* How many times the slack of their own mixture blocks have with the mixture before; never below
 * 1. */
static double excess(const stretch *here, const stretch *own)
{
    double ratio = relative(here) / relative(own);

    return ratio > 1 ? ratio : 1; /* NaN, too */
}

/* Does block k begin a phase, with the mixture `pairs` of the phase before it?  usual[2] are the
 * excesses that the last two blocks of that phase had with the mixture before them, the later one
 * first; 0: none. */
static bpemix_status is_border(const division *d, size_t k, const double *pairs, double *usual,
                               bool *border, bpemix_error *err)
{
    const stretch *own = &d->block[k];
    stretch here = part_of(d, own->from, own->to, pairs);
    double least = usual[1] > 0 ? usual[1] : USUAL;
    bpemix_status st = solve(&here, err);

    if (usual[0] > 0)
        least = fmin(least, usual[0]);
    *border = !st && relative(own) <= OWN_MOST && excess(&here, own) > JUMP * least &&
              relative(&here) - relative(own) > WORSE_PART;
    usual[1] = usual[0];
    usual[0] = excess(&here, own);
    return st;
}

/* Steps 2 and 3. */
static bpemix_status divide(void *ctx, bpemix_error *err)
{
    division *d = ctx;
    stretch before = { 0 };
    double usual[2] = { 0, 0 };
    bpemix_status st = want_shares(&before, d->view->n_cats, err);

    d->n = 1;
    for (size_t k = 1; k < d->n_blocks && !st; k++) {
        const stretch *own = &d->block[k];
        stretch whole = part_of(d, d->begin[d->n - 1], own->from, NULL);
        bool border;

        whole.bytes = before.bytes;
        whole.pairs = before.pairs;
        whole.merges = before.merges;
        if (whole.to <= whole.from || own->empty)
            continue;
        if ((st = solve(&whole, err)) || whole.empty)
            continue;
        if (!(st = is_border(d, k, whole.pairs, usual, &border, err)) && border) {
            uint32_t low = d->block[k - 1].from > whole.from ? d->block[k - 1].from : whole.from;

            st = move_border(d, low, own->to, whole.pairs, own->pairs, &d->begin[d->n++], err);
            usual[0] = usual[1] = 0;
        }
    }
    release_shares(&before);
    return st;
}

static void put_phase(stretch *s, bmx_phase *out)
{
    *out = (bmx_phase){ .merge_from = s->from, .merge_to = s->to, .slack_relative = relative(s) };
    hand_over(s, &out->share_bytes, &out->share_pairs, &out->share_merges);
}

/* Step 4. */
static bpemix_status solve_phases(const division *d, const bmx_plan *plan, unsigned n_threads,
                                  bpemix_result *r, bpemix_error *err)
{
    stretch *s = bmx_calloc(d->n, sizeof *s);
    bpemix_status st = s ? BPEMIX_OK : bmx_nomem(err);

    for (size_t k = 0; k < d->n && !st; k++) {
        s[k] = part_of(d, d->begin[k], k + 1 < d->n ? d->begin[k + 1] : d->view->trace->n_merges,
                       NULL);
        s[k].plan = plan;
        s[k].gap = plan->gap;
        st = want_shares(&s[k], d->view->n_cats, err);
    }
    if (!st && !(r->phase = bmx_calloc(d->n, sizeof *r->phase)))
        st = bmx_nomem(err);
    if (!st)
        st = bmx_parallel(n_threads, d->n, solve_task, s, err);
    for (size_t k = 0; k < d->n && !st; k++)
        put_phase(&s[k], &r->phase[r->n_phases++]);
    release(s, d->n);
    return st;
}

bpemix_status bmx_phases(const bmx_view *view, const bmx_plan *plan, const bmx_control *ctl,
                         const bpemix_solve_opts *opts, bpemix_result *r, bpemix_error *err)
{
    unsigned n_threads = bmx_thread_count(opts->n_threads);
    division d = { .view = view, .plan = *plan, .ctl = ctl };
    bmx_plan relative_plan = *plan;
    bpemix_status st;

    d.plan.method = BPEMIX_METHOD_MONOTONE;
    d.plan.weights = BPEMIX_WEIGHTS_NONE;
    d.plan.scale = relative_plan.scale = BPEMIX_SCALE_MERGES;
    if (!(st = solve_blocks(&d, n_threads, err)) && !(st = bmx_lp_session(divide, &d, err)))
        st = solve_phases(&d, &relative_plan, n_threads, r, err);
    release(d.block, d.n_blocks);
    bmx_free(d.begin);
    return st;
}

/* ---- an odd stretch ---- */

/* Both of a block, by the estimate's mixture and by its own. */
typedef struct odd_block {
    stretch here, own;
    bool cleared; /* it can't be odd; nothing else is known of it */
} odd_block;

static bpemix_status solve_odd(void *ctx, bpemix_error *err)
{
    odd_block *b = ctx;
    bpemix_status st;

    if (b->cleared) {
        b->here.empty = b->own.empty = true;
        return BPEMIX_OK;
    }
    st = solve(&b->here, err);
    if (!st && relative(&b->here) <= ODD_PART) { /* it can't be odd, whatever its own is */
        b->own.slack = b->here.slack;
        b->own.counts = b->here.counts;
        return BPEMIX_OK;
    }
    return st ? st : solve(&b->own, err);
}

static bpemix_status odd_task(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    odd_block *b = ctx;

    (void)worker;
    return bmx_lp_session(solve_odd, &b[k], err);
}

static bool is_odd(const odd_block *b)
{
    double here = relative(&b->here), own = relative(&b->own);

    return own < ODD_OWN && here > ODD_FACTOR * own && here - own > ODD_PART; /* false of NaN */
}

typedef struct odd_search {
    const division *d;
    const double *mixture; /* the estimate's */
    unsigned n_threads;
    odd_block *b;          /* b[n] */
    size_t n, worst;       /* the block that is furthest off; n: none is */
    uint32_t from, to;     /* merges to look at; then of the stretch that is found */
} odd_search;

/* Is the block odd, and explained by the mixture of the worst one? */
static bpemix_status is_alike(const odd_search *x, size_t k, bool *alike, bpemix_error *err)
{
    const odd_block *worst = &x->b[x->worst], *b = &x->b[k];
    stretch there = part_of(x->d, b->own.from, b->own.to, worst->own.pairs);
    bpemix_status st;

    *alike = false;
    if (!is_odd(b))
        return BPEMIX_OK;
    if (!(st = solve(&there, err)))
        *alike = !is_odd(&(odd_block){ .here = there, .own = b->own });
    return st;
}

/* As far as blocks beside the worst one are like it; then from the first smaller block on that its
 * mixture explains better than the estimate's. */
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
    return st ? st : move_border(x->d, x->b[first ? first - 1 : 0].own.from, x->b[first].own.to,
                                 x->b[first].here.mixture, x->b[x->worst].own.pairs, &x->from, err);
}

/* The block that is furthest off; n: none is odd. */
static size_t worst_of(const odd_block *b, size_t n)
{
    size_t worst = n;

    for (size_t k = 0; k < n; k++)
        if (is_odd(&b[k]) && (worst == n || relative(&b[k].here) * relative(&b[worst].own) >
                                                relative(&b[worst].here) * relative(&b[k].own)))
            worst = k;
    return worst;
}

static bpemix_status put_odd(odd_search *x, bpemix_result *r, bpemix_error *err)
{
    bpemix_status st;

    if ((x->worst = worst_of(x->b, x->n)) == x->n)
        return BPEMIX_OK;
    if ((st = bmx_lp_session(find_stretch, x, err)))
        return st;
    r->odd = (bmx_odd_stretch){ .merge_from = x->from, .merge_to = x->to,
                                .slack_relative = relative(&x->b[x->worst].here),
                                .slack_relative_own = relative(&x->b[x->worst].own) };
    return BPEMIX_OK;
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
    const bmx_screen s = { .view = x->d->view, .mixture = x->mixture, .gap = ODD_GAP,
                           .deadline = x->d->ctl->deadline, .limit = odd_limit,
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
        b->here = part_of(x->d, begin, end, x->mixture);
        b->own = part_of(x->d, begin, end, NULL);
        b->own.start = x->mixture;
        b->own.gap = ODD_GAP;
        st = want_shares(&b->own, x->d->view->n_cats, err);
    }
    if (st || (x->n > 0 && (st = screen(x, err))))
        return st;
    return bmx_parallel(bmx_thread_count(x->n_threads), x->n, odd_task, x->b, err);
}

static void odd_search_release(odd_search *x)
{
    for (size_t k = 0; k < x->n && x->b; k++)
        release_shares(&x->b[k].own);
    bmx_free(x->b);
}

/* In the merges behind those of the estimate, as far as the samples tell of them. */
static bpemix_status look_behind(const odd_search *of, bpemix_result *r, bpemix_error *err)
{
    const bmx_plan *plan = &of->d->plan;
    odd_search x = { .d = of->d, .mixture = of->mixture, .n_threads = of->n_threads,
                     .from = plan->to };
    bpemix_status st = bmx_plan_last(of->d->view, plan->from, of->d->view->trace->n_merges,
                                     BEHIND_COUNT, &x.to, err);

    if (st || x.to <= x.from)
        return st;
    x.n = (x.to - x.from) / LEAST_BLOCK;
    x.n = x.n < BEHIND_BLOCKS ? x.n : BEHIND_BLOCKS;
    if (!(st = solve_odd_blocks(&x, BEHIND_MOST, err)) && (x.worst = worst_of(x.b, x.n)) < x.n) {
        const odd_block *b = &x.b[x.worst];

        r->odd = (bmx_odd_stretch){ .merge_from = b->own.from, .merge_to = b->own.to,
                                    .slack_relative = relative(&b->here),
                                    .slack_relative_own = relative(&b->own) };
    }
    odd_search_release(&x);
    return st;
}

bpemix_status bmx_find_odd_stretch(const bmx_view *view, const bmx_plan *plan,
                                   const bmx_control *ctl, const double *mixture,
                                   unsigned n_threads, bpemix_result *r, bpemix_error *err)
{
    division d = { .view = view, .plan = *plan, .ctl = ctl };
    uint32_t all = plan->to - plan->from;
    odd_search x = { .d = &d, .mixture = mixture, .n_threads = n_threads, .from = plan->from,
                     .to = plan->to };
    bpemix_status st = BPEMIX_OK;

    d.plan.method = BPEMIX_METHOD_MONOTONE;
    d.plan.weights = BPEMIX_WEIGHTS_NONE;
    d.plan.scale = BPEMIX_SCALE_MERGES;
    x.n = all / LEAST_BLOCK < ODD_BLOCKS ? all / LEAST_BLOCK : ODD_BLOCKS;
    if (x.n > 1 && !(st = solve_odd_blocks(&x, all, err)))
        st = put_odd(&x, r, err);
    odd_search_release(&x);
    if (!st && r->odd.merge_from == r->odd.merge_to)
        st = look_behind(&x, r, err);
    return st;
}

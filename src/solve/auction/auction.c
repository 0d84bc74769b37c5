/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auction.c - a near-optimal matching of pairs with steps by auction: calls and their phases.
 *
 * theta_t = b_t + v_t is the price of step t.  A step has room for weight_t and
 * a pair brings weight_p, both 1 without weights; what of a pair is at a step is
 * an arc.  Phases with falling epsilon start from the prices of the last one; the first
 * of a call starts from those of the call before.  shared.h has the whole in numbered steps. */
#include "solve/auction/tree.h"
#include "solve/monotone.h"

#include <math.h>
#include <string.h>

/* Epsilon of a call's first phase, in mean prices, and its fall from phase to
 * phase.  Prices start from those of the last call or of the monotone problem,
 * which are near: phases with larger epsilon would only upset them.  For the same reason it is no
 * more than NEAR_EPSILON times how far the counts have moved since the last call, but no less than
 * the phase that would have followed then.  Weighted, 30 categories and 800 merges, to a gap of
 * 1e-11: 10.8 s without that, with 1, 0.3, 0.1 and 0.01 times 7.0, 5.1, 6.0 and 11.2 s. */
#define FIRST_EPSILON 1e-3
#define NEAR_EPSILON 0.3
#define EPSILON_FALL 10
/* A3's margin in epsilon, and at least in prices. */
#define LIVE_EPSILON 10
#define LIVE_PRICE 0.03
/* Remainders below this fraction of the pair's weight or the step's capacity are ignored: each
 * changes the objective by at most that fraction of its slack.  They arise only with weights. */
#define REMAINDER 0.1 /* of the tolerance */
#define LEAST_REMAINDER 1e-11
/* Limit on bids and offers per live state in one phase, about 100 times the usual number: prices
 * that have far to go in small steps would not arrive in useful time. */
#define ENDURANCE 500

void bmx_auction_free(bmx_auction *a)
{
    if (!a)
        return;
    bmx_range_min_release(&a->range);
    bmx_free(a->b);
    bmx_free(a->theta);
    bmx_free(a->w);
    bmx_free(a->start);
    bmx_free(a->used);
    bmx_free(a->step_arc);
    bmx_free(a->pair_arc);
    bmx_free(a->arc);
    bmx_free(a->node_arc);
    bmx_free(a->seen);
    bmx_free(a->arcs_in_use);
    bmx_free(a->live);
    bmx_free(a->bidder);
    bmx_free(a->queue);
    bmx_free(a->stack);
    bmx_free(a->tree);
    bmx_free(a->least_b);
    bmx_free(a->node);
    bmx_free(a->offer);
    bmx_free(a);
}

bpemix_status bmx_auction_new(const bmx_constraints *c, bmx_auction **out, bpemix_error *err)
{
    static const bmx_slack_weights none = { 0 };
    bmx_auction *a = bmx_calloc(1, sizeof *a);
    bpemix_status st;

    if (!a)
        return bmx_nomem(err);
    a->c = c;
    for (a->leaves = 1; a->leaves * BMX_AUCTION_BLOCK < c->n_steps;)
        a->leaves *= 2;
    for (a->tops = 1; a->tops < c->n_steps;)
        a->tops *= 2;
    a->b = bmx_calloc(c->n_steps, sizeof *a->b);
    a->theta = bmx_malloc(c->n_steps, sizeof *a->theta);
    a->w = bmx_malloc(c->n_states, sizeof *a->w);
    a->start = bmx_malloc(c->n_steps, sizeof *a->start);
    a->used = bmx_malloc(c->n_steps, sizeof *a->used);
    a->step_arc = bmx_malloc(c->n_steps, sizeof *a->step_arc);
    a->pair_arc = bmx_malloc(c->n_pairs, sizeof *a->pair_arc);
    a->tree = bmx_malloc(a->leaves, 2 * sizeof *a->tree);
    a->least_b = bmx_malloc(a->tops, 2 * sizeof *a->least_b);
    a->node = bmx_malloc(2 * (size_t)a->tops + 1, sizeof *a->node);
    st = a->b && a->theta && a->w && a->start && a->used && a->step_arc && a->pair_arc && a->tree &&
                 a->least_b && a->node
             ? bmx_range_min_init(&a->range, c->n_steps, err)
             : bmx_nomem(err);
    if (st) {
        bmx_auction_free(a);
        return st;
    }
    bmx_auction_weigh(a, &none);
    *out = a;
    return BPEMIX_OK;
}

void bmx_auction_weigh(bmx_auction *a, const bmx_slack_weights *w)
{
    a->weights = w;
    a->last_epsilon = 0;
    a->unit = !w->step && !w->pair;
    a->n_arcs = a->n_free = 0;
    a->free_arc = BMX_NONE;
    memset(a->pair_arc, 0xff, a->c->n_pairs * sizeof *a->pair_arc);
}

static void remember(bmx_auction *a)
{
    memset(a->pair_arc, 0xff, a->c->n_pairs * sizeof *a->pair_arc);
    for (size_t i = 0; i < a->n_bidders; i++)
        a->pair_arc[a->bidder[i].pair] = a->bidder[i].arc;
}

/* The first call starts from the prices of the monotone problem, which are close. */
static bpemix_status first_prices(bmx_auction *a, const double *alpha, bpemix_error *err)
{
    bmx_monotone *m;
    bmx_optimum o = { .theta = a->theta };
    double *g = bmx_malloc(a->c->n_cats, sizeof *g), upper;
    bpemix_status st = g ? bmx_monotone_new(a->c, &m, err) : bmx_nomem(err);

    if (!st) {
        bmx_oracle oracle = bmx_monotone_oracle(m);
        if (!(st = oracle.eval(oracle.ctx, alpha, BMX_EXACTLY, g, &upper, err)))
            oracle.keep(oracle.ctx, &o);
        bmx_monotone_free(m);
    }
    bmx_free(g);
    return st;
}

/* The scale of prices; 0 when every count is 0. */
static double mean_price(const bmx_auction *a)
{
    const bmx_constraints *c = a->c;
    double sum = 0;

    for (uint32_t t = 0; t < c->n_steps; t++)
        sum += a->theta[t];
    for (uint64_t s = 0; s < c->n_states && sum == 0; s++)
        sum = a->w[s];
    return sum / c->n_steps;
}

/* Returns how far the counts of the merges have moved, as a fraction of them. */
static double set_counts(bmx_auction *a, const double *alpha)
{
    const bmx_constraints *c = a->c;
    double moved = 0, sum = 0;

    bmx_constraints_merge_counts(c, alpha, a->start);
    for (uint32_t t = 0; t < c->n_steps; t++) {
        moved += fabs(a->start[t] - a->b[t]);
        sum += a->b[t] = a->start[t];
    }
    bmx_constraints_state_counts(c, alpha, a->w);
    for (uint32_t t = 0; t < a->tops; t++)
        a->least_b[a->tops + t] = t < c->n_steps ? a->b[t] : INFINITY;
    for (uint32_t x = a->tops - 1; x > 0; x--)
        a->least_b[x] = fmin(a->least_b[2 * x], a->least_b[2 * x + 1]);
    for (uint32_t t = 0; t < c->n_steps; t++)
        a->theta[t] = fmax(a->b[t], a->theta[t]); /* A1 */
    return sum > 0 ? moved / sum : 1;
}

/* Epsilon of the first phase, in mean prices. */
static double first_epsilon(const bmx_auction *a, double moved)
{
    double near = fmax(NEAR_EPSILON * moved, a->last_epsilon / EPSILON_FALL);

    return a->last_epsilon > 0 ? fmin(near, FIRST_EPSILON) : FIRST_EPSILON;
}

/* One phase; *stop: the call is over. */
static bpemix_status phase(bmx_auction *a, double eps, double margin, bool all, bpemix_error *err)
{
    bpemix_status st;

    for (uint32_t t = 0; t < a->c->n_steps; t++)
        a->start[t] = fmax(a->b[t], a->theta[t] - fmax(fmax(margin, LIVE_EPSILON * eps),
                                                       LIVE_PRICE * a->theta[t]));
    if (!all) /* 2 */
        bmx_auction_thin_live(a);
    else if ((st = bmx_auction_find_live(a, err)))
        return st;
    a->most_work = a->work + ENDURANCE * (uint64_t)a->n_live + 1000000;
    st = bmx_auction_forward(a, eps, err); /* 3 */
    if (!st && !a->late)
        st = bmx_auction_backward(a, eps, err); /* 4 */
    if (!st && !a->unit)
        st = bmx_auction_tidy(a, err); /* 5 */
    BMX_ASSERT(st || bmx_auction_sound(a)); /* A1, A2, A5 */
    return st;
}

static bpemix_status eval(void *ctx, const double *alpha, const bmx_oracle_goal *goal, double *g,
                          double *upper, bpemix_error *err)
{
    bmx_auction *a = ctx;
    double tolerance = goal->tolerance, mean, margin = 0, first;
    bool all = true, done = false;
    bpemix_status st = BPEMIX_OK;

    if (!a->warm && (st = first_prices(a, alpha, err))) /* 1 */
        return st;
    a->warm = true;
    a->deadline = goal->deadline;
    a->late = bmx_clock() >= goal->deadline;
    /* The same in all phases: even a small remainder decides whether prices are the highest or the
     * lowest that the matching admits, and only large steps get from one to the other. */
    a->remainder = fmax(REMAINDER * tolerance, LEAST_REMAINDER);
    first = first_epsilon(a, set_counts(a, alpha));
    a->last_epsilon = 0;
    *upper = INFINITY;
    a->n_bidders = 0;
    mean = mean_price(a);
    for (double eps = first * mean; eps > 1e-13 * mean && !done && !st; eps /= EPSILON_FALL) {
        double lower, live_upper;
        if ((st = phase(a, eps, margin, all, err)) || a->late)
            break;
        all = false;
        lower = bmx_auction_matching(a); /* 6 */
        live_upper = bmx_auction_prices(a, false);
        if (live_upper - lower > tolerance * live_upper)
            continue;
        a->last_epsilon = eps / mean;
        if (lower >= goal->best) {
            done = true; /* the cut proves that this is no new best point */
            break;
        }
        *upper = bmx_auction_prices(a, true); /* 7 */
        done = *upper - lower <= tolerance * *upper;
        if (!done) {
            /* States that were left out matter: repeat with those that are live at these prices,
             * and in large steps again, as prices may have to move far. */
            remember(a);
            all = true;
            eps = EPSILON_FALL * FIRST_EPSILON * mean;
            margin = fmax(4 * margin, LIVE_PRICE * mean);
            a->last_epsilon = 0;
        }
    }
    if (st)
        return st;
    if (!done)
        *upper = bmx_auction_prices(a, true);
    remember(a);
    bmx_auction_add_cut(a, g);
    return BPEMIX_OK;
}

static void keep(void *ctx, bmx_optimum *out)
{
    bmx_auction *a = ctx;

    memcpy(out->theta, a->theta, a->c->n_steps * sizeof *out->theta);
    out->slack_merges = a->sum_v;
    out->slack_pairs = a->sum_u;
}

bmx_oracle bmx_auction_oracle(bmx_auction *a)
{
    return (bmx_oracle){ .ctx = a, .eval = eval, .keep = keep };
}

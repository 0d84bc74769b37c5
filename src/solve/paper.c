/* SPDX-License-Identifier: GPL-3.0-or-later */
/* paper.c - the linear program of the paper's section 3.1, by row generation
 * when it is small, else by a bundle method over auctions. */
#include "solve/auction.h"
#include "solve/monotone.h"
#include "solve/program.h"

#include <math.h>
#include <string.h>

/* Up to so many steps row generation is used.  At 1000 steps and 5 categories it took 0.6 s and the
 * bundle method 0.5 s; its time grows as the steps to the power of 2.5, the other's as 1.1. */
#define ROWGEN_STEPS 400
/* Where the bundle method stops short of the gap, row generation is tried up to so
 * many steps; beyond that it takes hours. */
#define ROWGEN_RESCUE 3000
/* Rows of a pair are violated alike when they differ by less than this part of the highest
 * count. */
#define ALIKE 1e-9

typedef struct paper {
    const bmx_constraints *c;
    bmx_auction *auction; /* NULL: few steps, row generation alone */
    double *step, *pair;  /* weights of slack; NULL: all 1 */
    bmx_slack_weights weights;  /* those */
} paper;

static void close_paper(void *program)
{
    paper *p = program;

    if (!p)
        return;
    bmx_auction_free(p->auction);
    bmx_free(p->step);
    bmx_free(p->pair);
    bmx_free(p);
}

static bpemix_status open_auction(paper *p, bpemix_error *err)
{
    bpemix_status st = bmx_auction_new(p->c, &p->auction, err);

    if (!st)
        bmx_auction_weigh(p->auction, &p->weights);
    return st;
}

static bpemix_status open_paper(const bmx_constraints *c, void **out, bpemix_error *err)
{
    paper *p = bmx_calloc(1, sizeof *p);
    bpemix_status st = BPEMIX_OK;

    if (!p)
        return bmx_nomem(err);
    p->c = c;
    if (c->n_steps > ROWGEN_STEPS && (st = open_auction(p, err))) {
        close_paper(p);
        return st;
    }
    *out = p;
    return BPEMIX_OK;
}

/* theta[n_steps]: the counts that fit alpha best and never increase (monotone.c). */
static bpemix_status falling_counts(const bmx_constraints *c, const double *alpha, double *theta,
                                    bpemix_error *err)
{
    bmx_optimum fit = { .theta = theta };
    double *g = bmx_malloc(c->n_cats, sizeof *g), value;
    bmx_monotone *m = NULL;
    bpemix_status st = g ? bmx_monotone_new(c, &m, err) : bmx_nomem(err);

    if (!st) {
        bmx_oracle oracle = bmx_monotone_oracle(m);
        st = oracle.eval(oracle.ctx, alpha, BMX_EXACTLY, g, &value, err);
        if (!st)
            oracle.keep(oracle.ctx, &fit);
    }
    bmx_monotone_free(m);
    bmx_free(g);
    return st;
}

/* The level of pair k: the larger side of its most violated row, and of rows that are violated
 * alike the highest level, as rounding would else choose among them. */
static double pair_level(const bmx_constraints *c, size_t k, const bmx_range_min *range,
                         const double *count, double top)
{
    double most = -INFINITY, level = 0;

    for (int pass = 0; pass < 2; pass++)
        for (uint64_t s = c->first[k]; s < c->first[k + 1]; s++) {
            const bmx_state *state = &c->state[s];
            double theta = range->value[bmx_range_min_find(range, state->lo, state->hi)];
            double excess = count[s] - theta;

            if (pass == 0)
                most = fmax(most, excess);
            else if (excess >= most - ALIKE * top)
                level = fmax(level, fmax(count[s], theta));
        }
    return level;
}

/* p->step and p->pair from the counts theta; count[n_states] is room to work in. */
static void weights_at(paper *p, const double *alpha, const double *theta, bmx_range_min *range,
                       double *count)
{
    const bmx_constraints *c = p->c;
    double top = theta[0], sum = 0; /* theta never increases */

    for (uint32_t t = 0; t < c->n_steps; t++)
        sum += p->step[t] = bmx_quarter_weight(fmax(theta[t], bmx_rows_dot(&c->merge, t, alpha)),
                                               top);
    sum /= c->n_steps;
    for (uint32_t t = 0; t < c->n_steps; t++)
        p->step[t] /= sum;
    bmx_range_min_set(range, theta);
    bmx_constraints_state_counts(c, alpha, count);
    for (size_t k = 0; k < c->n_pairs; k++)
        p->pair[k] = bmx_quarter_weight(pair_level(c, k, range, count, top), top) / sum;
}

/* The program does not determine its own counts: many fit the same shares equally well, and
 * which of them the solver ends at depends on the order of the categories.  So weights are
 * taken at those that never increase, which the shares alone determine. */
static bpemix_status weigh(void *program, const bmx_optimum *at, bpemix_error *err)
{
    paper *p = program;
    const bmx_constraints *c = p->c;
    bmx_range_min range = { 0 };
    double *count = bmx_malloc(c->n_states, sizeof *count);
    double *theta = bmx_malloc(c->n_steps, sizeof *theta);
    bpemix_status st;

    p->step = bmx_malloc(c->n_steps, sizeof *p->step);
    p->pair = bmx_malloc(c->n_pairs, sizeof *p->pair);
    st = count && theta && p->step && p->pair
             ? bmx_range_min_init(&range, c->n_steps, err) : bmx_nomem(err);
    if (!st && !(st = falling_counts(c, at->alpha, theta, err))) {
        weights_at(p, at->alpha, theta, &range, count);
        p->weights = (bmx_slack_weights){ .step = p->step, .pair = p->pair };
        if (p->auction)
            bmx_auction_weigh(p->auction, &p->weights);
    }
    bmx_range_min_release(&range);
    bmx_free(count);
    bmx_free(theta);
    return st;
}

static void merge_sums(const void *program, double *sum)
{
    const paper *p = program;

    memset(sum, 0, p->c->n_cats * sizeof *sum);
    for (uint32_t t = 0; t < p->c->n_steps; t++)
        bmx_rows_add_to(&p->c->merge, t, p->step ? p->step[t] : 1, sum);
}

/* The prices of the last call are in another scale, so that the auction starts without any. */
static bpemix_status rescale(void *program, const double *factor, bpemix_error *err)
{
    paper *p = program;

    (void)factor;
    if (!p->auction)
        return BPEMIX_OK;
    bmx_auction_free(p->auction);
    p->auction = NULL;
    return open_auction(p, err);
}

static bpemix_status solve(void *program, const double *start, bmx_control *ctl, bmx_cuts *cuts,
                           bmx_optimum *out, bpemix_error *err)
{
    paper *p = program;
    bpemix_status st = BPEMIX_OK;

    if (p->auction) {
        bmx_oracle oracle = bmx_auction_oracle(p->auction);
        st = bmx_bundle_solve(p->c, &oracle, start, ctl, cuts, out, err);
    }
    if (!p->auction || (!st && bmx_optimum_gap(out, p->c) > ctl->gap &&
                        bmx_clock() < ctl->deadline && p->c->n_steps <= ROWGEN_RESCUE))
        st = bmx_rowgen_solve(p->c, &p->weights, ctl, out, err);
    return st;
}

const bmx_program bmx_program_paper = { .name = "paper", .with_states = true, .open = open_paper,
                                        .close = close_paper, .weigh = weigh,
                                        .merge_sums = merge_sums, .rescale = rescale,
                                        .solve = solve };

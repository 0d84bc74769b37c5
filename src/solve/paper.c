/* SPDX-License-Identifier: GPL-3.0-or-later */
/* paper.c - the linear program of the paper's section 3.1, by row generation
 * when it is small, else by a bundle method over auctions. */
#include "solve/auction.h"
#include "solve/monotone.h"
#include "solve/program.h"

#include <math.h>
#include <string.h>

/* Row generation took 0.6 s at 1000 steps and 5 categories, the bundle method
 * 0.5 s; its time grows as the steps to the power of 2.5, the other's as 1.1. */
#define ROWGEN_STEPS 400
/* Where the bundle method stops short of the gap, row generation is tried up to so
 * many steps; beyond that it takes hours. */
#define ROWGEN_RESCUE 3000

typedef struct paper {
    const bmx_constraints *c;
    bmx_auction *auction; /* NULL: few steps, row generation alone */
    double *step, *pair;  /* weights; NULL: 1 */
    bmx_row_weights weights;  /* those */
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

/* A pair's level is that of its most violated row. */
static bpemix_status weigh(void *program, const bmx_optimum *at, bpemix_error *err)
{
    paper *p = program;
    const bmx_constraints *c = p->c;
    bmx_range_min range = { 0 };
    bmx_worst_row *worst = bmx_malloc(c->n_pairs, sizeof *worst);
    double *count = bmx_malloc(c->n_states, sizeof *count), top = 0, sum = 0;
    bpemix_status st;

    p->step = bmx_malloc(c->n_steps, sizeof *p->step);
    p->pair = bmx_malloc(c->n_pairs, sizeof *p->pair);
    st = worst && count && p->step && p->pair ? bmx_range_min_init(&range, c->n_steps, err)
                                              : bmx_nomem(err);
    if (!st) {
        for (uint32_t t = 0; t < c->n_steps; t++)
            top = fmax(top, at->theta[t]);
        for (uint32_t t = 0; t < c->n_steps; t++)
            sum += p->step[t] = bmx_quarter_weight(at->theta[t], top);
        sum /= c->n_steps;
        for (uint32_t t = 0; t < c->n_steps; t++)
            p->step[t] /= sum;
        bmx_range_min_set(&range, at->theta);
        bmx_constraints_state_counts(c, at->alpha, count);
        bmx_separate(c, &range, count, worst);
        for (size_t k = 0; k < c->n_pairs; k++)
            p->pair[k] = bmx_quarter_weight(fmax(count[worst[k].state], at->theta[worst[k].step]),
                                            top) / sum;
        p->weights = (bmx_row_weights){ .step = p->step, .pair = p->pair };
        if (p->auction)
            bmx_auction_weigh(p->auction, &p->weights);
    }
    bmx_range_min_release(&range);
    bmx_free(worst);
    bmx_free(count);
    return st;
}

static void merge_sums(const void *program, double *sum)
{
    const paper *p = program;

    memset(sum, 0, p->c->n_cats * sizeof *sum);
    for (uint32_t t = 0; t < p->c->n_steps; t++)
        bmx_rows_add_to(&p->c->merge, t, p->step ? p->step[t] : 1, sum);
}

/* Prices of the last call are those of another scale: the auction starts anew. */
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stretch.c - a stretch solved by itself or evaluated at a mixture, and where two of them meet */
#include "diagnose/stretch.h"
#include "base/threads.h"
#include "solve/lp.h"
#include "solve/monotone.h"

#include <math.h>

/* A category that has one merge of a stretch and next to no other pair, such as one of a script of
 * which the alphabet has next to no character, explains that merge alone better than any mixture
 * explains the stretch: five blocks of Grok-1's list from merge 42,172 on with the panel, and one
 * with real text, have such a mixture, whose counts are of 1.0 merges.  Mixtures of other blocks
 * have counts of 4 to 2,000. */
#define LEAST_MERGES 3

bmx_plan bmx_stretch_plan(const bmx_plan *of)
{
    bmx_plan plan = *of;

    plan.method = BPEMIX_METHOD_MONOTONE;
    plan.weights = BPEMIX_WEIGHTS_NONE;
    plan.scale = BPEMIX_SCALE_MERGES;
    return plan;
}

bmx_stretch bmx_stretch_part(const bmx_stretch *like, uint32_t from, uint32_t to,
                             const double *mixture)
{
    return (bmx_stretch){ .view = like->view, .plan = like->plan, .ctl = like->ctl, .from = from,
                          .to = to, .gap = 1e-3, .mixture = mixture };
}

/* Slack and counts at a mixture. */
static bpemix_status evaluate(bmx_stretch *s, bpemix_error *err)
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

/* How many merges the counts at the best mixture are of: as many as there would be if they had one
 * and the same count each. */
static double rests_on(const bmx_constraints *c, const double *alpha)
{
    double sum = 0, squares = 0;

    for (uint32_t t = 0; t < c->n_steps; t++) {
        double count = bmx_rows_dot(&c->merge, t, alpha);

        sum += count;
        squares += count * count;
    }
    return squares > 0 ? sum * sum / squares : 0;
}

bpemix_status bmx_stretch_solve(bmx_stretch *s, bpemix_error *err)
{
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
    s->missing = (double)e.c.n_missing / ((double)e.c.n_missing + e.c.n_steps);
    s->slack = e.best.o.slack_merges + e.best.o.slack_pairs;
    for (size_t i = 0; i < e.c.n_cats; i++)
        s->counts += e.best.o.alpha[i] * e.c.merge_sum[i];
    s->rests_on = rests_on(&e.c, e.best.o.alpha);
    if (s->bytes) {
        bmx_constraints_byte_shares(&e.c, e.best.o.alpha, s->bytes);
        bmx_constraints_pair_shares(&e.c, e.best.o.alpha, s->pairs);
        bmx_constraints_merge_shares(&e.c, e.best.o.alpha, s->merges);
    }
    bmx_estimate_release(&e);
    return BPEMIX_OK;
}

static bpemix_status solve_one(void *ctx, bpemix_error *err)
{
    return bmx_stretch_solve(ctx, err);
}

static bpemix_status solve_task(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    bmx_stretch *s = ctx;

    (void)worker;
    return bmx_lp_session(solve_one, &s[k], err);
}

bpemix_status bmx_stretch_solve_all(bmx_stretch *s, size_t n, unsigned n_threads, bpemix_error *err)
{
    return bmx_parallel(n_threads, n, solve_task, s, err);
}

bpemix_status bmx_stretch_want_shares(bmx_stretch *s, bpemix_error *err)
{
    size_t n_cats = s->view->n_cats;

    s->bytes = bmx_calloc(n_cats, sizeof *s->bytes);
    s->pairs = bmx_calloc(n_cats, sizeof *s->pairs);
    s->merges = bmx_calloc(n_cats, sizeof *s->merges);
    return s->bytes && s->pairs && s->merges ? BPEMIX_OK : bmx_nomem(err);
}

bool bmx_stretch_rests_on_several(const bmx_stretch *own) { return own->rests_on >= LEAST_MERGES; }

double bmx_stretch_slack(const bmx_stretch *s)
{
    return s->empty ? NAN : s->counts > 0 ? s->slack / s->counts : INFINITY;
}

/* x[n_steps]: how much more `before` has of each merge than `behind`, from -1 to 1. */
static void lean(const bmx_constraints *c, const double *before, const double *behind, double *x)
{
    for (uint32_t s = 0; s < c->n_steps; s++) {
        double a = bmx_rows_dot(&c->merge, s, before), b = bmx_rows_dot(&c->merge, s, behind);

        x[s] = a + b > 0 ? (a - b) / (a + b) : 0;
    }
}

/* Where x falls: where it is divided into two parts with a higher and a lower mean that leave the
 * least squares; n: it does not fall. */
static uint32_t fall_of(const double *x, uint32_t n)
{
    double sum = 0, left = 0, most = 0;
    uint32_t at = n;

    for (uint32_t k = 0; k < n; k++)
        sum += x[k];
    for (uint32_t k = 1; k < n; k++) {
        double fall, gain;

        left += x[k - 1];
        fall = left / k - (sum - left) / (n - k);
        gain = fall > 0 ? fall * fall * k * (n - k) : 0;
        if (gain > most) {
            most = gain;
            at = k;
        }
    }
    return at;
}

bpemix_status bmx_stretch_border(const bmx_stretch *like, uint32_t from, uint32_t to,
                                 const double *before, const double *behind, uint32_t *border,
                                 bpemix_error *err)
{
    bmx_constraints c = { 0 };
    bpemix_status st = bmx_constraints_build(like->view, from, to, false, &c, err);
    double *x = NULL;
    uint32_t at;

    if (st)
        return st == BPEMIX_E_EMPTY || st == BPEMIX_E_USAGE ? BPEMIX_OK : st;
    if (!(x = bmx_malloc(c.n_steps, sizeof *x)))
        st = bmx_nomem(err);
    if (!st) {
        lean(&c, before, behind, x);
        at = fall_of(x, c.n_steps);
        *border = at < c.n_steps ? c.step[at] : *border;
    }
    bmx_free(x);
    bmx_constraints_release(&c);
    return st;
}

void bmx_stretch_hand_over(bmx_stretch *s, double **bytes, double **pairs, double **merges)
{
    if (s->empty)
        return;
    *bytes = s->bytes;
    *pairs = s->pairs;
    *merges = s->merges;
    s->bytes = s->pairs = s->merges = NULL;
}

void bmx_stretch_release_shares(bmx_stretch *s)
{
    bmx_free(s->bytes);
    bmx_free(s->pairs);
    bmx_free(s->merges);
}

void bmx_stretches_free(bmx_stretch *s, size_t n)
{
    for (size_t k = 0; k < n && s; k++)
        bmx_stretch_release_shares(&s[k]);
    bmx_free(s);
}

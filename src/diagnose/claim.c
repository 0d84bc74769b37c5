/* SPDX-License-Identifier: GPL-3.0-or-later */
/* claim.c - a claimed mixture, converted to shares of pairs and compared with the best one. */
#include "diagnose/claim.h"
#include "diagnose/answer.h"
#include "diagnose/fit.h"
#include "diagnose/verify.h"
#include "replay/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED = 20 }; /* merges that are explained worse, of a claim */

static bpemix_status read_claim(const bpemix_result *r, const bmx_claimed *claimed, bmx_claim *c,
                                bpemix_error *err)
{
    double sum = 0;

    for (size_t k = 0; k < claimed->n; k++) {
        const char *name = claimed->name[k];
        double share = claimed->share[k];
        size_t i = 0;

        while (i < r->n_cats && strcmp(r->share[i].name, name))
            i++;
        if (i < r->n_cats)
            c->claimed[i] = share;
        else if (share > 0)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, name, "give a sample of it, too",
                                 "claimed, but no category of the samples");
        sum += share;
    }
    for (size_t i = 0; i < r->n_cats; i++)
        c->claimed[i] /= sum;
    return BPEMIX_OK;
}

static bpemix_status describe(const bpemix_result *r, bmx_claim *c, bpemix_error *err)
{
    c->n_cats = r->n_cats;
    c->name = bmx_calloc(r->n_cats, sizeof *c->name);
    c->claimed = bmx_calloc(r->n_cats, sizeof *c->claimed);
    c->estimate = bmx_calloc(r->n_cats, sizeof *c->estimate);
    c->range = bmx_calloc(r->n_cats, sizeof *c->range);
    if (!c->name || !c->claimed || !c->estimate || !c->range)
        return bmx_nomem(err);
    for (size_t i = 0; i < r->n_cats; i++) {
        c->estimate[i] = r->share[i].share_bytes;
        c->range[i] = bmx_outer_range_in(&r->share[i], BMX_UNIT_BYTES);
        if (!(c->name[i] = bmx_strdup(r->share[i].name)))
            return bmx_nomem(err);
    }
    c->merge_from = r->merge_from;
    c->merge_to = r->merge_to;
    c->deviates = UINT32_MAX;
    return BPEMIX_OK;
}

/* Shares of bytes as shares of pairs, in the scale of the constraints. */
static void to_pairs(const bmx_view *view, const double *bytes, double *pairs)
{
    double sum = 0;

    for (size_t i = 0; i < view->n_cats; i++)
        sum += pairs[i] = view->bytes[i] ? bytes[i] * (double)view->pairs[i] /
                                               (double)view->bytes[i] : 0;
    for (size_t i = 0; i < view->n_cats; i++)
        pairs[i] /= sum;
}

typedef struct worse {
    double weight;
    uint32_t s; /* compact step */
} worse;

static int by_weight(const void *a, const void *b)
{
    const worse *x = a, *y = b;

    if (x->weight < y->weight || x->weight > y->weight)
        return x->weight < y->weight ? 1 : -1;
    return (x->s > y->s) - (x->s < y->s);
}

/* What a merge's count lacks of its level; at least 0. */
static double shortfall(double theta, double b) { return theta > b ? theta - b : 0; }

static bpemix_status list_merges(const bmx_constraints *k, const double *const alpha[2],
                                 const double *const theta[2], bmx_claim *c, bpemix_error *err)
{
    worse *w = bmx_malloc(k->n_steps, sizeof *w);
    size_t n = 0;
    bpemix_status st = BPEMIX_OK;

    if (!w || !(c->merge = bmx_calloc(LISTED, sizeof *c->merge))) {
        bmx_free(w);
        return bmx_nomem(err);
    }
    for (uint32_t s = 0; s < k->n_steps; s++) {
        double more = shortfall(theta[0][s], bmx_rows_dot(&k->merge, s, alpha[0])) -
                      shortfall(theta[1][s], bmx_rows_dot(&k->merge, s, alpha[1]));

        if (more > 1e-9 * theta[0][s])
            w[n++] = (worse){ more / pow(theta[0][s], BMX_WORST_POWER), s };
    }
    if (n)
        qsort(w, n, sizeof *w, by_weight);
    for (size_t i = 0; i < n && i < LISTED && !st; i++) {
        uint32_t s = w[i].s;
        const bmx_merge *m = &k->trace->merge[k->step[s]];
        bmx_claim_merge *x = &c->merge[c->n_merges++];
        double part[2];

        for (int a = 0; a < 2; a++)
            part[a] = theta[a][s] > 0 ? shortfall(theta[a][s],
                                                  bmx_rows_dot(&k->merge, s, alpha[a])) /
                                            theta[a][s] : 0;
        x->step = k->step[s];
        x->slack_claim = part[0];
        x->slack_best = part[1];
        if (!(st = bmx_trace_symbol_display(k->trace, m->left, &x->left, err)))
            st = bmx_trace_symbol_display(k->trace, m->right, &x->right, err);
    }
    bmx_free(w);
    return st;
}

static bpemix_status relative_slack(const bmx_constraints *k, const double *alpha, double *theta,
                                    double *relative, bpemix_error *err)
{
    double slack = 0, counts = 0;
    bpemix_status st = bmx_verify_slack(k, alpha, theta, &slack, &counts, err);

    *relative = counts > 0 ? slack / counts : INFINITY;
    return st;
}

/* How much more slack a mixture has than the best one, in parts of what deltas are parts of. */
static double excess_of(double slack, double least)
{
    return (slack - least) / fmax(least, BMX_LEAST_SLACK);
}

/* Slack of the claim and of the best mixture, both computed independently of the solver. */
static bpemix_status compare(const bmx_constraints *k, const bpemix_result *r, bmx_claim *c,
                             bpemix_error *err)
{
    double *work = bmx_calloc(2 * (k->n_cats + (size_t)k->n_steps), sizeof *work);
    double *alpha[2], *theta[2], relative[2];
    bmx_delta delta;
    bpemix_status st = work ? BPEMIX_OK : bmx_nomem(err);

    if (st)
        return st;
    for (int a = 0; a < 2; a++) {
        alpha[a] = work + (size_t)a * k->n_cats;
        theta[a] = work + 2 * k->n_cats + (size_t)a * k->n_steps;
    }
    to_pairs(k->view, c->claimed, alpha[0]);
    memcpy(alpha[1], r->main.share_pairs, k->n_cats * sizeof *alpha[1]);
    for (int a = 0; a < 2 && !st; a++)
        st = relative_slack(k, alpha[a], theta[a], &relative[a], err);
    if (!st && !(st = bmx_delta_find(k, r->main.share_pairs, r, relative[1], &delta, err))) {
        c->slack_claim = relative[0];
        c->slack_best = relative[1];
        c->excess = excess_of(relative[0], relative[1]);
        bmx_verify_level(c->excess, delta, &c->level_alike, &c->level_kind);
        if (relative[1] < BMX_LEAST_SLACK && relative[0] > relative[1])
            c->excess = INFINITY; /* no multiple of nothing */
        st = list_merges(k, (const double *const[]){ alpha[0], alpha[1] },
                         (const double *const[]){ theta[0], theta[1] }, c, err);
    }
    bmx_free(work);
    return st;
}

static bpemix_status check_exact(const bmx_view *view, bmx_claim *c, bpemix_error *err)
{
    const bpemix_trace *tr = view->trace;
    bmx_deviation d;
    bpemix_status st = bmx_verify_exact(view, c->merge_from, c->merge_to, &d, err);

    if (st)
        return st;
    c->exact = true;
    c->deviates = d.step;
    c->count = d.count;
    c->rival_count = d.rival_count;
    if (d.step == BMX_NONE)
        return BPEMIX_OK;
    if ((st = bmx_trace_symbol_display(tr, tr->merge[d.step].left, &c->deviates_left, err)) ||
        (st = bmx_trace_symbol_display(tr, tr->merge[d.step].right, &c->deviates_right, err)) ||
        (st = bmx_trace_symbol_display(tr, tr->pair[d.rival].left, &c->rival_left, err)))
        return st;
    return bmx_trace_symbol_display(tr, tr->pair[d.rival].right, &c->rival_right, err);
}

/* Options for comparing slack itself, relative to the counts: no weights. */
static bpemix_solve_opts comparable(const bpemix_solve_opts *opts)
{
    bpemix_solve_opts o = *opts;

    o.method = BPEMIX_METHOD_MONOTONE;
    o.weights = BPEMIX_WEIGHTS_NONE;
    o.scale = BPEMIX_SCALE_MERGES;
    return o;
}

bpemix_status bmx_claim_check(const bpemix_trace *tr, const bmx_claimed *claimed,
                              const bpemix_solve_opts *opts, bmx_claim *out, bpemix_error *err)
{
    bpemix_solve_opts o = comparable(opts);
    bpemix_result *r = NULL;
    bmx_view view = { 0 };
    bmx_constraints k = { 0 };
    bmx_claim c = { 0 };
    bpemix_status st;

    if (bmx_pool_names(&tr->options))
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "count the samples of the claim alone",
                             "the trace has a pool, which a claim does not cover");
    if ((st = bmx_solve(tr, &o, &r, err)) || (st = describe(r, &c, err)) ||
        (st = read_claim(r, claimed, &c, err)) ||
        (st = bmx_view_init(tr, BMX_NONE, NULL, &view, err)))
        goto done;
    if (!(st = bmx_constraints_build(&view, r->merge_from, r->merge_to, false, &k, err)) &&
        !(st = compare(&k, r, &c, err)) && claimed->exact)
        st = check_exact(&view, &c, err);
    bmx_constraints_release(&k);
done:
    bmx_view_release(&view);
    bmx_result_free(r);
    if (st) {
        bmx_claim_release(&c);
        return st;
    }
    *out = c;
    return BPEMIX_OK;
}

bpemix_status bmx_claims_excess(const bpemix_trace *tr, const double *const *claim, size_t n_claims,
                                const bpemix_solve_opts *opts, bmx_excess *out, bpemix_error *err)
{
    bpemix_solve_opts o = comparable(opts);
    bpemix_result *r = NULL;
    bmx_view view = { 0 };
    bmx_constraints k = { 0 };
    double *alpha = NULL, *theta = NULL, least = 0, relative = 0;
    bpemix_status st;

    if ((st = bmx_solve(tr, &o, &r, err)) || (st = bmx_view_init(tr, BMX_NONE, NULL, &view, err)) ||
        (st = bmx_constraints_build(&view, r->merge_from, r->merge_to, false, &k, err)))
        goto done;
    alpha = bmx_malloc(k.n_cats, sizeof *alpha);
    theta = bmx_malloc(k.n_steps, sizeof *theta);
    st = alpha && theta ? relative_slack(&k, r->main.share_pairs, theta, &least, err)
                        : bmx_nomem(err);
    for (size_t c = 0; c < n_claims && !st; c++) {
        to_pairs(&view, claim[c], alpha);
        st = relative_slack(&k, alpha, theta, &relative, err);
        out->excess[c] = excess_of(relative, least);
    }
    for (size_t i = 0; i < r->n_cats && !st; i++)
        out->estimate[i] = r->share[i].share_bytes;
    out->merges = r->merge_to - r->merge_from;
    if (!st)
        st = bmx_delta_find(&k, r->main.share_pairs, r, least, &out->delta, err);
done:
    bmx_free(alpha);
    bmx_free(theta);
    bmx_constraints_release(&k);
    bmx_view_release(&view);
    bmx_result_free(r);
    return st;
}

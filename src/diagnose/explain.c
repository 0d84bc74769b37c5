/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain.c - rows ranked by their multipliers, shares without some of them, and the rivals of a
 * merge. */
#include "diagnose/explain.h"
#include "base/escape.h"
#include "diagnose/answer.h"
#include "diagnose/certify.h"
#include "diagnose/fit.h"
#include "solve/lp.h"
#include "solve/monotone.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct job {
    const bmx_explain_query *query;
    bmx_view view;
    bmx_plan plan;
    bmx_control ctl;
    bmx_estimate e;
    bmx_row_weight *row; /* row[n], those that bind */
    size_t n;
    bmx_row_weight *listed; /* listed[x->n_rows]: those that x lists */
    int64_t *count;      /* count[n_cats], scratch */
    bmx_explanation *x;
} job;

/* ---- counts ---- */

/* count[n_cats] of a pair at a step; returns their sum in the mixture, in ppm. */
static double count_pair(job *j, uint32_t pair, uint32_t step)
{
    const bpemix_trace *tr = j->view.trace;
    double sum = 0;

    memset(j->count, 0, j->view.n_cats * sizeof *j->count);
    for (uint64_t e = pair == BMX_NONE ? 0 : tr->first[pair];
         pair != BMX_NONE && e < tr->first[pair + 1] && tr->event[e].step <= step; e++)
        if (j->view.cat[tr->event[e].cat] != BMX_NONE)
            j->count[j->view.cat[tr->event[e].cat]] += tr->event[e].delta;
    for (size_t i = 0; i < j->view.n_cats; i++)
        sum += (double)j->count[i] * j->e.c.scale[i] * j->e.best.o.alpha[i];
    return sum;
}

static double count_row(job *j, const bmx_row_weight *r)
{
    return count_pair(j, r->pair == BMX_NONE ? j->view.trace->merge_pair[r->step] : r->pair,
                      r->step);
}

/* Theta of the last step with a constraint up to `step`, of the first one before all of them, in
 * ppm. */
static double level_at(const job *j, uint32_t step)
{
    uint32_t behind = bmx_constraints_first_step(&j->e.c, step + 1);

    return j->e.best.o.theta[behind > 0 ? behind - 1 : 0];
}

/* ---- rows ---- */

typedef struct ranked {
    double pull; /* above 0: for more */
    size_t row;
} ranked;

static int by_pull(const void *pa, const void *pb)
{
    const ranked *a = pa, *b = pb;

    if (a->pull < b->pull || a->pull > b->pull)
        return a->pull < b->pull ? 1 : -1;
    return (a->row > b->row) - (a->row < b->row);
}

static bpemix_status add_row(job *j, const bmx_row_weight *r, double fraction, bpemix_error *err)
{
    const bpemix_trace *tr = j->view.trace;
    size_t at = j->x->n_rows++;
    bmx_explain_row *out = &j->x->row[at];
    bool merge = r->pair == BMX_NONE;
    bpemix_status st;

    *out = (bmx_explain_row){ .step = r->step,
                              .is_merge = merge,
                              .multiplier = r->y,
                              .count = 1e-6 * count_row(j, r),
                              .level = 1e-6 * level_at(j, r->step),
                              .fraction = fraction };
    j->listed[at] = *r;
    st = bmx_trace_symbol_display(tr, merge ? tr->merge[r->step].left : tr->pair[r->pair].left,
                                  &out->left, err);
    return st ? st
              : bmx_trace_symbol_display(tr,
                                         merge ? tr->merge[r->step].right : tr->pair[r->pair].right,
                                         &out->right, err);
}

/* The weighted slack of a row that has such a count in the mixture: none where the count is the
 * level, but for rounding. */
static double slack_of(const job *j, const bmx_row_weight *r, double count)
{
    double level = level_at(j, r->step), off = fabs(count - level);

    return off > 1e-9 * level ? r->w * off : 0;
}

/* Pulls of all rows on a category (BMX_NONE: the slack of each, which add up to the objective),
 * sorted; returns the sum of their sizes. */
static double rank_rows(job *j, uint32_t category, ranked *out)
{
    double all = 0;

    for (size_t k = 0; k < j->n; k++) {
        const bmx_row_weight *r = &j->row[k];
        double count = count_row(j, r);
        double pull = category == BMX_NONE
                          ? slack_of(j, r, count)
                          : -r->y * (double)j->count[category] * j->e.c.scale[category];

        out[k] = (ranked){ pull, k };
        all += fabs(pull);
    }
    if (j->n)
        qsort(out, j->n, sizeof *out, by_pull);
    return all > 0 ? all : 1;
}

static bpemix_status list_rows(job *j, bpemix_error *err)
{
    bmx_explanation *x = j->x;
    ranked *rank = bmx_malloc(j->n, sizeof *rank);
    size_t most = j->query->list < j->n ? j->query->list : j->n;
    double all;
    bpemix_status st = BPEMIX_OK;

    x->row = bmx_calloc(2 * most, sizeof *x->row);
    j->listed = bmx_malloc(2 * most, sizeof *j->listed);
    if (!rank || !x->row || !j->listed) {
        bmx_free(rank);
        return bmx_nomem(err);
    }
    all = rank_rows(j, x->category, rank);
    for (size_t k = 0; k < most && rank[k].pull > 0 && !st; k++)
        st = add_row(j, &j->row[rank[k].row], rank[k].pull / all, err);
    x->n_up = x->n_rows;
    for (size_t k = 0; k < most && rank[j->n - 1 - k].pull < 0 && !st; k++)
        st = add_row(j, &j->row[rank[j->n - 1 - k].row], rank[j->n - 1 - k].pull / all, err);
    bmx_free(rank);
    return st;
}

/* ---- the certificate ---- */

static bpemix_status list_certificate(job *j, const bmx_certificate *from, bpemix_error *err)
{
    const bpemix_trace *tr = j->view.trace;
    bmx_explanation *x = j->x;
    bpemix_status st = BPEMIX_OK;

    x->proof = bmx_calloc(from->n, sizeof *x->proof);
    x->proof_occurrences = bmx_malloc(from->n, x->n_cats * sizeof *x->proof_occurrences);
    if (!x->proof || !x->proof_occurrences)
        return bmx_nomem(err);
    while (x->n_listed < from->n && !st) {
        const bmx_row_weight *r = &from->row[x->n_listed];
        uint64_t *occurrences = x->proof_occurrences + x->n_listed * x->n_cats;
        bmx_explain_proof *out = &x->proof[x->n_listed++];
        bool merge = r->pair == BMX_NONE;

        *out = (bmx_explain_proof){ .step = r->step, .is_merge = merge, .multiplier = r->y,
                                    .weight = r->w };
        (void)count_row(j, r);
        for (size_t i = 0; i < x->n_cats; i++)
            occurrences[i] = (uint64_t)j->count[i];
        st = bmx_trace_symbol_display(tr, merge ? tr->merge[r->step].left : tr->pair[r->pair].left,
                                      &out->left, err);
        if (!st)
            st = bmx_trace_symbol_display(tr,
                                          merge ? tr->merge[r->step].right
                                                : tr->pair[r->pair].right, &out->right, err);
    }
    return st;
}

static bpemix_status certify(job *j, bpemix_error *err)
{
    bmx_explanation *x = j->x;
    bmx_certificate c = { 0 };
    bpemix_status st;

    x->pairs = bmx_malloc(x->n_cats, sizeof *x->pairs);
    x->divisor = bmx_malloc(x->n_cats, sizeof *x->divisor);
    st = x->pairs && x->divisor ? bmx_certify(&j->e, &c, err) : bmx_nomem(err);
    if (st)
        return st;
    memcpy(x->pairs, j->view.pairs, x->n_cats * sizeof *x->pairs);
    for (size_t i = 0; i < x->n_cats; i++)
        x->divisor[i] = j->e.c.held[i] ? 0 : j->e.normal[i];
    x->objective = 1e-6 * c.objective;
    x->bound = 1e-6 * c.bound;
    x->n_proof = c.n;
    if (j->query->certificate && !isnan(x->bound))
        st = list_certificate(j, &c, err);
    bmx_free(c.row);
    return st;
}

/* ---- shares ---- */

/* share[n_cats] at a solution, per million pairs. */
static bpemix_status set_shares(const bmx_constraints *c, const double *alpha, bpemix_share *share,
                                bpemix_error *err)
{
    double *s = bmx_malloc(3 * c->n_cats, sizeof *s);

    if (!s)
        return bmx_nomem(err);
    bmx_constraints_byte_shares(c, alpha, s);
    bmx_constraints_pair_shares(c, alpha, s + c->n_cats);
    bmx_constraints_merge_shares(c, alpha, s + 2 * c->n_cats);
    for (size_t i = 0; i < c->n_cats; i++) {
        share[i].share_bytes = s[i];
        share[i].share_pairs = s[c->n_cats + i];
        share[i].share_merges = s[2 * c->n_cats + i];
    }
    bmx_free(s);
    return BPEMIX_OK;
}

static bmx_explain_share point_of(const bpemix_share *s)
{
    return (bmx_explain_share){ s->share_bytes, s->share_pairs, s->share_merges };
}

/* Solve without rows from .. to - 1 of the list. */
static bpemix_status solve_without(job *j, size_t from, size_t to, bmx_explain_share *out,
                                   bpemix_error *err)
{
    bmx_explanation *x = j->x;
    bpemix_share *share;
    bmx_estimate_solution part;
    bpemix_status st;

    *out = point_of(&x->share[x->category]);
    if (from == to) /* there is nothing to leave out */
        return BPEMIX_OK;
    if (!(share = bmx_malloc(x->n_cats, sizeof *share)))
        return bmx_nomem(err);
    if (!(st = bmx_monotone_leave_out(j->e.opened, j->listed + from, to - from, err)) &&
        !(st = bmx_estimate_again(&j->e, &j->plan, j->e.best.o.alpha, &j->ctl, &part, err))) {
        st = set_shares(&j->e.c, part.o.alpha, share, err);
        *out = point_of(&share[x->category]);
        bmx_optimum_release(&part.o);
    }
    bmx_free(share);
    return st;
}

/* ---- a merge ---- */

/* The first merge whose product is spelled so or, if there is none, whose product is this text. */
static bpemix_status find_merge(const bpemix_trace *tr, const char *name, uint32_t *out,
                                bpemix_error *err)
{
    bmx_slice as_it_is = bmx_slice_str(name);
    bmx_buf bytes = { 0 };
    bpemix_status st = bmx_token_unescape(as_it_is, &bytes, err);
    bool spelled = !st;

    if (st && st != BPEMIX_E_FORMAT)
        return st;
    *out = BMX_NONE;
    for (uint32_t t = 0; t < tr->n_merges; t++) {
        char raw[64];
        bmx_slice token = bmx_trace_symbol_text(tr, tr->merge[t].product, raw);

        if (spelled && bmx_slice_eq(token, bmx_slice_of(bytes.ptr, bytes.len))) {
            *out = t;
            break;
        }
        if (*out == BMX_NONE && bmx_slice_eq(token, as_it_is))
            *out = t;
    }
    bmx_buf_release(&bytes);
    return *out != BMX_NONE ? BPEMIX_OK
                            : bmx_fail_hint(err, BPEMIX_E_USAGE, name,
                                            "give a token that is one, spelled as in tables "
                                            "of merges",
                                            "not the product of a merge that was counted");
}

static bpemix_status add_rival(job *j, uint32_t pair, double count, bpemix_error *err)
{
    const bpemix_trace *tr = j->view.trace;
    bmx_explain_rival *r = &j->x->rival[j->x->n_rivals++];
    bpemix_status st;

    *r = (bmx_explain_rival){ .count = 1e-6 * count, .merged_at = tr->pair[pair].merged_at };
    (void)count_pair(j, pair, j->x->merge);
    for (size_t i = 0; i < j->view.n_cats; i++)
        r->occurrences += (uint64_t)j->count[i];
    st = bmx_trace_symbol_display(tr, tr->pair[pair].left, &r->left, err);
    return st ? st : bmx_trace_symbol_display(tr, tr->pair[pair].right, &r->right, err);
}

typedef struct strong {
    double count;
    uint32_t pair;
} strong;

static bpemix_status list_rivals(job *j, bpemix_error *err)
{
    const bpemix_trace *tr = j->view.trace;
    uint32_t step = j->x->merge;
    size_t most = j->query->list < tr->n_pairs ? j->query->list : tr->n_pairs, n = 0;
    strong *top = bmx_malloc(most + 1, sizeof *top);
    bpemix_status st = BPEMIX_OK;

    j->x->rival = bmx_calloc(most, sizeof *j->x->rival);
    if (!top || !j->x->rival) {
        bmx_free(top);
        return bmx_nomem(err);
    }
    for (uint32_t p = 0; p < tr->n_pairs; p++) {
        double w;
        size_t at = n;

        if (p == tr->merge_pair[step] || tr->pair[p].end <= step || tr->pair[p].merged_at <= step)
            continue;
        if (!((w = count_pair(j, p, step)) > 0))
            continue;
        while (at > 0 && top[at - 1].count < w) {
            top[at] = top[at - 1];
            at--;
        }
        top[at] = (strong){ w, p };
        n += n < most;
    }
    for (size_t k = 0; k < n && !st; k++)
        st = add_rival(j, top[k].pair, top[k].count, err);
    bmx_free(top);
    return st;
}

static bpemix_status explain_merge(job *j, bpemix_error *err)
{
    const bpemix_trace *tr = j->view.trace;
    const bmx_constraints *c = &j->e.c;
    bmx_explanation *x = j->x;
    const bmx_merge *m = &tr->merge[x->merge];
    bpemix_status st;

    x->occurrences = bmx_calloc(x->n_cats, sizeof *x->occurrences);
    x->frequency = bmx_calloc(x->n_cats, sizeof *x->frequency);
    if (!x->occurrences || !x->frequency)
        return bmx_nomem(err);
    x->count = 1e-6 * count_pair(j, tr->merge_pair[x->merge], x->merge);
    for (size_t i = 0; i < x->n_cats; i++) {
        x->occurrences[i] = (uint64_t)j->count[i];
        x->frequency[i] = 1e-6 * (double)j->count[i] * c->scale[i];
    }
    x->implied = x->merge >= x->merge_from && x->merge < x->merge_to ? 1e-6 * level_at(j, x->merge)
                                                                     : NAN;
    x->multiplier = NAN;
    for (uint32_t s = 0; s < c->n_steps; s++)
        x->constrained |= c->step[s] == x->merge;
    if (x->constrained)
        x->multiplier = 0;
    for (size_t k = 0; k < j->n; k++)
        if (j->row[k].pair == BMX_NONE && j->row[k].step == x->merge)
            x->multiplier = j->row[k].y;
    if ((st = bmx_trace_symbol_display(tr, m->left, &x->left, err)) ||
        (st = bmx_trace_symbol_display(tr, m->right, &x->right, err)) ||
        (st = bmx_trace_symbol_display(tr, m->product, &x->product, err)))
        return st;
    return list_rivals(j, err);
}

/* ---- all of it ---- */

static bpemix_status find_category(job *j, bpemix_error *err)
{
    const char *name = j->query->category;
    uint32_t i = 0;

    while (i < j->view.n_cats && strcmp(bmx_view_category(&j->view, i)->name, name))
        i++;
    if (i == j->view.n_cats)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, name, "give the name of one of them",
                             "no category of the samples");
    j->x->category = i;
    return BPEMIX_OK;
}

static bpemix_status describe(job *j, bpemix_error *err)
{
    bmx_explanation *x = j->x;
    bpemix_status st = BPEMIX_OK;

    x->n_cats = j->view.n_cats;
    x->category = x->merge = UINT32_MAX;
    x->merge_from = j->plan.from;
    x->merge_to = j->plan.to;
    x->name = bmx_calloc(x->n_cats, sizeof *x->name);
    x->share = bmx_calloc(x->n_cats, sizeof *x->share);
    j->count = bmx_calloc(x->n_cats, sizeof *j->count);
    if (!x->name || !x->share || !j->count)
        return bmx_nomem(err);
    for (size_t i = 0; i < x->n_cats; i++) {
        bmx_share_clear(&x->share[i]);
        if (!(x->name[i] = bmx_strdup(bmx_view_category(&j->view, i)->name)))
            return bmx_nomem(err);
    }
    if (j->query->category)
        st = find_category(j, err);
    return st || !j->query->merge ? st : find_merge(j->view.trace, j->query->merge, &x->merge, err);
}

static bpemix_status work(void *ctx, bpemix_error *err)
{
    job *j = ctx;
    bmx_explanation *x = j->x;
    double *g, value;
    bpemix_status st = bmx_estimate_make(&j->view, &j->plan, NULL, &j->ctl, &j->e, err);

    if (st)
        return st;
    g = bmx_malloc(x->n_cats, sizeof *g);
    st = g ? bmx_monotone_multipliers(j->e.opened, j->e.best.o.alpha, &j->row, &j->n, g, &value,
                                      err)
           : bmx_nomem(err);
    bmx_free(g);
    x->n_binding = j->n;
    if (!st)
        st = certify(j, err);
    if (!st)
        st = set_shares(&j->e.c, j->e.best.o.alpha, x->share, err);
    if (!st)
        st = x->merge != UINT32_MAX ? explain_merge(j, err) : list_rows(j, err);
    if (!st && x->category != UINT32_MAX &&
        !(st = solve_without(j, 0, x->n_up, &x->without_up, err)))
        st = solve_without(j, x->n_up, x->n_rows, &x->without_down, err);
    bmx_estimate_release(&j->e);
    return st;
}

/* From the order of the view to that of the trace. */
static bpemix_status unsort(const bmx_view *v, bmx_explanation *x, bpemix_error *err)
{
    bpemix_status st = bmx_view_unsort(v, x->name, 1, sizeof *x->name, err);

    if (!st)
        st = bmx_view_unsort(v, x->share, 1, sizeof *x->share, err);
    if (!st)
        st = bmx_view_unsort(v, x->pairs, 1, sizeof *x->pairs, err);
    if (!st)
        st = bmx_view_unsort(v, x->divisor, 1, sizeof *x->divisor, err);
    if (!st && x->n_listed)
        st = bmx_view_unsort(v, x->proof_occurrences, x->n_listed, sizeof *x->proof_occurrences,
                             err);
    if (!st && x->occurrences)
        st = bmx_view_unsort(v, x->occurrences, 1, sizeof *x->occurrences, err);
    if (!st && x->frequency)
        st = bmx_view_unsort(v, x->frequency, 1, sizeof *x->frequency, err);
    if (x->category != UINT32_MAX)
        x->category = v->given[x->category];
    return st;
}

/* The shares are those of the best mixture, whether the merges determine them or not. */
static void take_ranges(bmx_explanation *x, const bpemix_result *r)
{
    for (size_t i = 0; i < x->n_cats; i++) {
        const bpemix_share *from = r->pooled;
        bpemix_share *to = &x->share[i];

        for (size_t k = 0; k < r->n_cats; k++)
            if (!strcmp(r->share[k].name, x->name[i]))
                from = &r->share[k];
        if (!from) /* the result is of the same samples (basis.h) */
            continue;
        for (bmx_unit u = 0; u < BMX_UNITS; u++) {
            *bmx_range_at(to, u, false) = bmx_range_in(from, u);
            *bmx_range_at(to, u, true) = bmx_outer_range_in(from, u);
        }
        to->identified = from->identified;
    }
}

static bpemix_status add_ranges(const bpemix_trace *tr, const bpemix_result *known,
                                const bpemix_solve_opts *opts, bmx_explanation *x,
                                bpemix_error *err)
{
    bpemix_result *own = NULL;
    bpemix_status st = known ? BPEMIX_OK : bmx_solve_ranges(tr, opts, &own, err);

    if (!st)
        take_ranges(x, known ? known : own);
    bmx_result_free(own);
    return st;
}

bpemix_status bmx_explain(const bpemix_trace *tr, const bmx_explain_query *query,
                          const bpemix_solve_opts *opts, bmx_explanation *out, bpemix_error *err)
{
    bpemix_solve_opts o = *opts;
    bmx_explanation x = { 0 };
    job j = { .query = query, .x = &x };
    bpemix_status st;

    if (query->category && query->merge)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "ask for one of them",
                             "both a category and a merge");
    o.method = BPEMIX_METHOD_MONOTONE; /* its rows are what is explained */
    if (!(st = bmx_view_init(tr, BMX_NONE, NULL, &j.view, err)) &&
        !(st = bmx_view_sort(&j.view, err)) && !(st = bmx_plan_make(&j.view, &o, &j.plan, err)) &&
        !(st = describe(&j, err))) {
        j.ctl = (bmx_control){ .gap = j.plan.gap,
                               .progress = { .fn = o.progress, .ctx = o.progress_ctx },
                               .deadline = o.time_limit > 0 ? bmx_clock() + o.time_limit
                                                            : INFINITY };
        if (!(st = bmx_lp_session(work, &j, err)))
            st = unsort(&j.view, &x, err);
        if (!st)
            st = add_ranges(tr, query->result, &o, &x, err);
    }
    bmx_view_release(&j.view);
    bmx_free(j.row);
    bmx_free(j.listed);
    bmx_free(j.count);
    if (st) {
        bmx_explanation_release(&x);
        return st;
    }
    *out = x;
    return BPEMIX_OK;
}

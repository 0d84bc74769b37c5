/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.c - from a trace to a result: what is known before solving, the solution,
 * how well it explains the merges, and how far it can be trusted. */
#include "diagnose/answer.h"
#include "diagnose/pooled.h"
#include "diagnose/fit.h"
#include "diagnose/groups.h"
#include "diagnose/identify.h"
#include "diagnose/interval.h"
#include "diagnose/missing.h"
#include "diagnose/named.h"
#include "diagnose/odd_stretch.h"
#include "diagnose/order.h"
#include "diagnose/phases.h"
#include "diagnose/sweep.h"
#include "diagnose/verdict.h"
#include "solve/lp.h"

#include <math.h>
#include <string.h>

typedef struct job {
    const bpemix_trace *trace;
    const bpemix_solve_opts *opts;
    bmx_view view; /* all of the trace */
    bmx_plan plan;
    bmx_control ctl;
    double *mixture; /* mixture[n_cats]: shares of pairs of the headline solution, with that of
                        the pool */
    bpemix_result *result;
} job;

/* ---- before solving ---- */

/* One category of the result from the tallies of its folds. */
static bpemix_status describe_category(const bmx_view *view, size_t i, bpemix_result *r,
                                       bpemix_error *err)
{
    const bmx_trace_category *tally = bmx_view_category(view, i);
    bpemix_share *s = &r->share[i];
    uint32_t folds = bmx_trace_tallies(view->trace);
    bpemix_status st = BPEMIX_OK;

    s->sample_bytes = view->bytes[i];
    s->sample_pairs = view->pairs[i];
    for (uint32_t f = 0; f < folds; f++) {
        s->sample_documents += tally[f].documents;
        s->sample_words += tally[f].pretokens;
    }
    if (!(s->name = bmx_strdup(tally->name)))
        return bmx_nomem(err);
    for (size_t k = 0; k < tally->n_inputs && i != view->pooled && !st; k++) {
        const bmx_input_record *in = &tally->input[k];
        st = bmx_result_add_input(r, &(bmx_result_input){ .category = (uint32_t)i, .path = in->path,
                                                          .bytes = in->bytes,
                                                          .documents = in->documents,
                                                          .checksum = in->checksum }, err);
    }
    return st;
}

static bpemix_status describe_missing(const bmx_constraints *c, bpemix_result *r, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (uint32_t i = 0; i < c->n_missing && !st; i++) {
        const bmx_merge *m = &c->trace->merge[c->missing[i]];
        bmx_missing_merge *out = &r->missing[r->n_missing++];
        out->step = c->missing[i];
        out->why = m->flags & BMX_MERGE_UNMADE      ? BMX_MISSING_UNMADE
                   : m->flags & BMX_MERGE_UNREACHED ? BMX_MISSING_UNREACHED
                   : m->flags & BMX_MERGE_NEWLINE   ? BMX_MISSING_NEWLINE
                   : m->flags & BMX_MERGE_CUT       ? BMX_MISSING_CUT
                                                    : BMX_MISSING_UNSEEN;
        r->merges_missing += out->why == BMX_MISSING_UNSEEN;
        r->merges_impossible += out->why != BMX_MISSING_UNSEEN;
        if (!(st = bmx_trace_symbol_display(c->trace, m->left, &out->left, err)))
            st = bmx_trace_symbol_display(c->trace, m->right, &out->right, err);
    }
    return st;
}

/* Where they are in the panel, if there is one. */
static bpemix_status look_up_missing(job *j, bpemix_error *err)
{
    if (!j->opts->panel)
        return BPEMIX_OK;
    return bmx_named_find(j->trace, j->opts->panel, j->opts->n_threads, j->result, err);
}

/* How many of the constrained merges occur in the sample of each category. */
static bpemix_status count_found(const bmx_constraints *c, bpemix_result *r, bpemix_error *err)
{
    if (!(r->merges_found = bmx_calloc(r->n_cats, sizeof *r->merges_found)))
        return bmx_nomem(err);
    for (uint64_t j = 0; j < c->merge.nnz; j++) /* a merge has one entry for each */
        r->merges_found[c->merge.cat[j]] += c->merge.x[j] > 0;
    return BPEMIX_OK;
}

/* The members of the result that do not depend on the solution. */
static bpemix_status describe(job *j, const bmx_constraints *c, bpemix_error *err)
{
    bpemix_result *r = j->result;
    size_t folds = bmx_trace_tallies(j->trace);
    bpemix_status st = BPEMIX_OK;

    if (!(r->missing = bmx_calloc(c->n_missing, sizeof *r->missing)))
        return bmx_nomem(err);
    r->unit = j->plan.from > 0 ? BMX_UNIT_MERGES : BMX_UNIT_BYTES;
    r->merge_from = j->plan.from;
    r->merge_to = j->plan.to;
    r->merges_used = c->n_steps;
    r->merges_excluded = c->n_excluded;
    for (size_t k = 0; k < r->n_cats && !st; k++) /* inputs in the order given */
        st = describe_category(&j->view, j->view.cat[k * folds], r, err);
    if (st || (st = count_found(c, r, err)) || (st = describe_missing(c, r, err)) ||
        (st = look_up_missing(j, err)) || (st = bmx_missing_find(j->trace, r, err)) ||
        (st = bmx_result_summarize(r, err)) ||
        (st = bmx_facts_copy(&j->trace->facts, &r->facts, err)) ||
        (st = bmx_values_copy(&j->trace->options, &r->count_options, err)))
        return st;
    return bmx_plan_record(&j->plan, &r->solve_options, err);
}

/* ---- solutions ---- */

static bpemix_status record(const job *j, const bmx_constraints *c, bpemix_weights weights,
                            const bmx_estimate_solution *p, bmx_solution *s, bpemix_error *err)
{
    *s = (bmx_solution){ .method = j->plan.method, .weights = weights, .gap = p->gap,
                         .status = p->gap <= j->plan.gap ? BMX_SOLVER_OPTIMAL : BMX_SOLVER_GAP,
                         .objective = p->perfect ? 0 : p->o.upper * 1e-6,
                         .lower_bound = p->perfect ? 0 : fmin(p->o.lower, p->o.upper) * 1e-6,
                         .rows = p->o.rows, .rounds = p->o.rounds, .seconds = p->seconds };
    s->share_pairs = bmx_malloc(c->n_cats, sizeof *s->share_pairs);
    s->share_bytes = bmx_malloc(c->n_cats, sizeof *s->share_bytes);
    s->share_merges = bmx_malloc(c->n_cats, sizeof *s->share_merges);
    if (!s->share_pairs || !s->share_bytes || !s->share_merges)
        return bmx_nomem(err);
    memcpy(s->share_pairs, p->o.alpha, c->n_cats * sizeof *s->share_pairs);
    if (c->view->pooled != BMX_NONE)
        bmx_view_normalize(c->view, s->share_pairs);
    bmx_constraints_byte_shares(c, p->o.alpha, s->share_bytes);
    bmx_constraints_merge_shares(c, p->o.alpha, s->share_merges);
    return BPEMIX_OK;
}

/* The headline solution, and beside it the one without weights. */
static bpemix_status record_all(job *j, const bmx_estimate *e, bpemix_error *err)
{
    bpemix_result *r = j->result;
    bpemix_status st = record(j, &e->c, j->plan.weights, &e->best, &r->main, err);

    if (!st && j->plan.weights != BPEMIX_WEIGHTS_NONE) {
        if (!(r->other = bmx_calloc(1, sizeof *r->other)))
            return bmx_nomem(err);
        r->n_others = 1;
        st = record(j, &e->c, BPEMIX_WEIGHTS_NONE, &e->first, &r->other[0], err);
    }
    for (size_t i = 0; i < r->n_cats && !st; i++) {
        r->share[i].share_pairs = r->main.share_pairs[i];
        r->share[i].share_bytes = r->main.share_bytes[i];
        r->share[i].share_merges = r->main.share_merges[i];
        for (size_t k = 0; k < r->n_others; k++) {
            double d = fabs(r->main.share_bytes[i] - r->other[k].share_bytes[i]);
            if (i != r->pooled_at && isfinite(d) && !(d <= r->disagreement))
                r->disagreement = d;
        }
    }
    return st;
}

/* ---- warnings ---- */

static bool is_given_later(const bmx_view *view, size_t a, size_t b)
{
    return view->given[a] > view->given[b];
}

/* No constraint rewards a category whose sample contains none of the merges. */
static bpemix_status warn_of_mergeless(job *j, const bmx_constraints *c, bpemix_error *err)
{
    bpemix_result *r = j->result;
    size_t n = 0, example = 0;

    for (size_t i = 0; i < r->n_cats; i++)
        if (!(c->merge_sum[i] > 0))
            example = n++ && is_given_later(&j->view, i, example) ? example : i;
    if (n == 1)
        return bmx_result_warn(r,
                               bmx_asprintf("the sample of category '%s' has none of the merges: "
                                            "they say nothing of its share of bytes",
                                            r->share[example].name), err);
    if (n > 1)
        return bmx_result_warn(r,
                               bmx_asprintf("the samples of %zu categories, such as '%s', have "
                                            "none of the merges: they say nothing of their shares "
                                            "of bytes",
                                            n, r->share[example].name), err);
    return BPEMIX_OK;
}

/* Shares of bytes are only defined where the text makes pairs. */
static bpemix_status warn_of_uncovered(job *j, bpemix_error *err)
{
    bpemix_result *r = j->result;
    size_t n = 0, example = 0;

    for (size_t i = 0; i < r->n_cats; i++)
        if (!bmx_view_covered(&j->view, i))
            example = n++ && is_given_later(&j->view, i, example) ? example : i;
    if (n == 0)
        return BPEMIX_OK;
    return bmx_result_warn(r,
                           bmx_asprintf("the alphabet lacks most characters of %zu %s, such as "
                                        "'%s' with %.0f bytes a pair: no share of bytes%s",
                                        n, n == 1 ? "category" : "categories",
                                        r->share[example].name,
                                        (double)j->view.bytes[example] /
                                            (double)j->view.pairs[example],
                                        n < r->n_cats ? ", and those of the others add up to 1"
                                                      : ""), err);
}

static bpemix_status add_warnings(job *j, const bmx_constraints *c, bpemix_error *err)
{
    const bmx_value *of_text = bmx_values_get(&j->trace->options, BMX_TEXT_WARNINGS);
    bpemix_result *r = j->result;
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; of_text && i < of_text->list.n && !st; i++)
        st = bmx_result_warn(r, bmx_strdup(of_text->list.text[i]), err);
    if (!st && r->main.status == BMX_SOLVER_GAP)
        st = bmx_result_warn(r, bmx_asprintf("stopped at a gap of %.1e, not %.1e: %s", r->main.gap,
                                             j->plan.gap,
                                             bmx_clock() >= j->ctl.deadline
                                                 ? "the time limit was reached"
                                                 : "no further progress"), err);
    if (!st)
        st = warn_of_uncovered(j, err);
    return st ? st : warn_of_mergeless(j, c, err);
}

/* ---- groups and ranges ---- */

static bpemix_status group(job *j, bpemix_error *err)
{
    bpemix_result *r = j->result;
    bpemix_status st = BPEMIX_OK;

    if (j->opts->groups)
        st = bmx_groups_read(j->opts->groups, j->opts->groups_name, r, err);
    for (size_t g = 0; g < r->n_groups && !st; g++)
        bmx_group_sum(r, &r->group[g]);
    return st;
}

/* Each step towards an end factors matrices of as many rows and columns as there are categories. */
static bpemix_status warn_of_no_ranges(job *j, bpemix_error *err)
{
    return bmx_result_warn(j->result,
                           bmx_asprintf("ranges were not computed: %zu categories are more than "
                                        "%d; put similar ones together",
                                        j->view.n_cats, BMX_MANY_CATEGORIES), err);
}

/* Ranges are those of the monotone program, whichever was solved: one of its calls takes
 * milliseconds, one of the paper's program a hundred times as long. */
static bpemix_status find_ranges(job *j, const bmx_estimate *e, bpemix_error *err)
{
    bmx_plan plan = j->plan;
    bmx_estimate monotone;
    bpemix_status st;

    if (!j->plan.ranges)
        return BPEMIX_OK;
    if (j->view.n_cats > BMX_MANY_CATEGORIES)
        return warn_of_no_ranges(j, err);
    if (j->plan.method == BPEMIX_METHOD_MONOTONE)
        return bmx_identify(e, NULL, j->opts->n_threads, &j->ctl, j->result, err);
    plan.method = BPEMIX_METHOD_MONOTONE;
    if ((st = bmx_estimate_make(&j->view, &plan, e->best.o.alpha, &j->ctl, &monotone, err)))
        return st;
    st = bmx_identify(&monotone, e->best.o.alpha, j->opts->n_threads, &j->ctl, j->result, err);
    bmx_estimate_release(&monotone);
    return st;
}

/* ---- all of it ---- */

static bpemix_status work(void *ctx, bpemix_error *err)
{
    job *j = ctx;
    bmx_estimate e;
    bpemix_status st = bmx_estimate_make(&j->view, &j->plan, NULL, &j->ctl, &e, err);

    if (st)
        return st;
    if (!(st = describe(j, &e.c, err)) && !(st = record_all(j, &e, err)) &&
        !(st = group(j, err)) &&
        !(st = bmx_fit(&e, j->result, err)) && !(st = find_ranges(j, &e, err)))
        st = add_warnings(j, &e.c, err);
    if (!st)
        memcpy(j->mixture, e.best.o.alpha, j->view.n_cats * sizeof *j->mixture);
    bmx_estimate_release(&e);
    return st;
}

/* What other solutions of the same counts tell. */
static bpemix_status compare_solutions(job *j, bpemix_error *err)
{
    const bpemix_solve_opts *opts = j->opts;
    bpemix_status st = bmx_find_odd_stretch(&j->view, &j->plan, &j->ctl, j->mixture,
                                            opts->n_threads, j->result, err);

    if (!st && opts->sweep && opts->n_sweep)
        st = bmx_sweep(&j->view, &j->plan, &j->ctl, opts, j->result, err);
    if (!st && opts->phases_auto)
        st = bmx_phases(&j->view, &j->plan, &j->ctl, opts, j->result, err);
    if (!st && j->trace->n_folds)
        st = bmx_intervals(&j->view, &j->plan, &j->ctl, opts, j->result, err);
    return st;
}

static bpemix_status solve(const bpemix_trace *trace, const bpemix_solve_opts *opts, bool judge,
                           bpemix_result **out, bpemix_error *err)
{
    static const bpemix_solve_opts defaults = { 0 };
    job j = { .trace = trace, .opts = opts ? opts : &defaults };
    bpemix_status st;

    opts = j.opts;
    if ((st = bmx_view_init(trace, BMX_NONE, NULL, &j.view, err)) ||
        (st = bmx_view_sort(&j.view, err)) || (st = bmx_plan_make(&j.view, opts, &j.plan, err)) ||
        (st = (j.result = bmx_result_new(j.view.n_cats)) ? BPEMIX_OK : bmx_nomem(err)) ||
        (st = (j.mixture = bmx_malloc(j.view.n_cats, sizeof *j.mixture)) ? BPEMIX_OK
                                                                         : bmx_nomem(err)))
        goto done;
    j.result->pooled_at = j.view.pooled;
    j.ctl = (bmx_control){ .gap = j.plan.gap, .progress = { .fn = opts->progress,
                                                            .ctx = opts->progress_ctx } };
    if (opts->note && (st = bmx_result_warn(j.result, bmx_strdup(opts->note), err)))
        goto done;
    j.ctl.deadline = opts->time_limit > 0 ? bmx_clock() + opts->time_limit : INFINITY;
    st = bmx_lp_session(work, &j, err);
    if (!st && judge)
        st = compare_solutions(&j, err);
    if (!st)
        st = bmx_result_unsort(&j.view, j.result, err);
    if (!st)
        st = bmx_pooled_set_apart(j.result, err);
    if (!st && judge)
        st = bmx_verdict_find(j.result, err);
    if (!st) {
        *out = j.result;
        j.result = NULL;
    }
done:
    bmx_free(j.mixture);
    bmx_view_release(&j.view);
    bmx_result_free(j.result);
    return st;
}

bpemix_status bmx_solve(const bpemix_trace *trace, const bpemix_solve_opts *opts,
                        bpemix_result **out, bpemix_error *err)
{
    return solve(trace, opts, true, out, err);
}

bpemix_status bmx_solve_ranges(const bpemix_trace *trace, const bpemix_solve_opts *opts,
                               bpemix_result **out, bpemix_error *err)
{
    return solve(trace, opts, false, out, err);
}

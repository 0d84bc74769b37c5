/* estimate.c - from a trace to an estimate: choose the constraints, solve,
 * convert to bytes, and say how well the merges are explained. */
#include "solve/estimate.h"
#include "base/cancel.h"
#include "base/threads.h"
#include "solve/auction.h"
#include "diagnose/interval.h"
#include "solve/lp.h"
#include "solve/monotone.h"
#include "result/result.h"

#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORST_MERGES 20
#define DEFAULT_GAP 1e-6
#define ROWGEN_STEPS 400   /* more are for the bundle method */
#define ROWGEN_RESCUE 3000 /* beyond that row generation takes hours */
#define MANY_MISSING 0.02  /* merges in no sample, of those that are used: worth a warning */

typedef struct plan {
    bpemix_method method;
    bpemix_weights weights;
    uint32_t from, to;
    double gap, time_limit;
} plan;

typedef struct job {
    const bpemix_trace *trace;
    plan plan;
    bmx_control ctl;
    bmx_constraints c;
    const double *start; /* start[n_cats], shares to start from; NULL: none */
    bpemix_result *result;
} job;

/* ---- what to solve ---- */

/* Merges inherited from another tokenizer, as the findings about the list say.
 * A handful added behind them, often by hand, would tell nothing: then the
 * whole list is used, and the findings' warning says whose it is. */
static uint32_t inherited_merges(const bpemix_trace *tr)
{
    enum { ENOUGH = 1000 };
    uint64_t n = 0;

    bmx_json_uint(bmx_json_get(tr->tokenizer, "inherited"), UINT32_MAX, &n);
    return n + ENOUGH <= tr->n_merges ? (uint32_t)n : 0;
}

/* 300 a category, at least 3000: with few categories more of them bring no
 * accuracy on samples of megabytes, with a hundred every one of them does. */
static uint32_t default_merges(const bpemix_trace *tr, uint32_t from)
{
    uint64_t n = 300 * (uint64_t)tr->n_cats;

    n = from + (n < 3000 ? 3000 : n);
    return n < tr->n_merges ? (uint32_t)n : tr->n_merges;
}

static bpemix_status resolve(const bpemix_trace *tr, const bpemix_solve_opts *o, plan *p,
                             bpemix_error *err)
{
    p->method = o->method == BPEMIX_METHOD_DEFAULT ? BPEMIX_METHOD_MONOTONE : o->method;
    p->weights = o->weights != BPEMIX_WEIGHTS_DEFAULT   ? o->weights
                 : p->method == BPEMIX_METHOD_MONOTONE ? BPEMIX_WEIGHTS_QUARTER
                                                       : BPEMIX_WEIGHTS_NONE;
    p->gap = o->gap != 0 ? o->gap : DEFAULT_GAP;
    p->time_limit = o->time_limit;
    if (!(p->gap > 0 && p->gap < 1))
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "gap", "give a number between 0 and 1, such as 1e-6",
                             "%g makes no sense", o->gap);
    if (!(o->time_limit >= 0))
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "time limit", "give a number of seconds",
                             "%g makes no sense", o->time_limit);
    if (p->method > BPEMIX_METHOD_MONOTONE || p->weights > BPEMIX_WEIGHTS_QUARTER)
        return bmx_fail(err, BPEMIX_E_USAGE, "method or weights", "not one of the choices");
    p->from = o->merges_auto ? inherited_merges(tr) : o->merge_from;
    p->to = o->merges_all ? tr->n_merges : o->merge_to ? o->merge_to : default_merges(tr, p->from);
    if (tr->n_merges == 0)
        return bmx_fail(err, BPEMIX_E_USAGE, "", "the trace has no merges");
    if (p->from >= p->to || p->to > tr->n_merges)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "choose another range of merges",
                             "no merges %u to %u: %u were counted", (unsigned)p->from,
                             (unsigned)p->to, (unsigned)tr->n_merges);
    return BPEMIX_OK;
}

static bmx_json *plan_json(const plan *p)
{
    bmx_json *j = bmx_json_object();

    bmx_json_put_str(j, "method", bmx_method_name(p->method));
    bmx_json_put_str(j, "weights", bmx_weights_name(p->weights));
    bmx_json_put_uint(j, "merge_from", p->from);
    bmx_json_put_uint(j, "merge_to", p->to);
    bmx_json_put_double(j, "gap", p->gap);
    if (p->time_limit > 0)
        bmx_json_put_double(j, "time_limit", p->time_limit);
    return j;
}

/* ---- strings ---- */

static bpemix_status warn(bpemix_result *r, char *line, bpemix_error *err)
{
    if (!line || bmx_reserve(&r->warning, &r->warnings_cap, r->n_warnings + 1,
                             sizeof *r->warning, err)) {
        bmx_free(line);
        return bmx_nomem(err);
    }
    r->warning[r->n_warnings++] = line;
    return BPEMIX_OK;
}

/* Text of a symbol as valid UTF-8 without NUL: other bytes become <0xFF>. */
static bpemix_status display(const bpemix_trace *tr, uint32_t symbol, char **out,
                             bpemix_error *err)
{
    char raw[64];
    bmx_slice s = bmx_trace_symbol_text(tr, symbol, raw);
    bmx_buf text = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < s.len && !st;) {
        uint32_t cp;
        unsigned n = bmx_utf8_decode(s.ptr + i, s.len - i, &cp);
        if (n > 0 && cp != 0)
            st = bmx_buf_add(&text, s.ptr + i, n, err);
        else
            st = bmx_buf_addf(&text, err, "<0x%02X>", (unsigned char)s.ptr[i]);
        i += n ? n : 1;
    }
    if (!st && !(st = bmx_buf_addc(&text, 0, err)) && !(*out = bmx_strdup(text.ptr)))
        st = bmx_nomem(err);
    bmx_buf_release(&text);
    return st;
}

/* ---- filling in the result ---- */

static bpemix_status copy_inputs(const bmx_trace_category *from, size_t category, bpemix_result *r,
                                 bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < from->n_inputs && !st; i++) {
        const bmx_input_record *in = &from->input[i];

        st = bmx_result_add_input(r, &(bmx_result_input){ .category = (uint32_t)category, .path = in->path,
                                                          .bytes = in->bytes, .documents = in->documents,
                                                          .checksum = in->checksum }, err);
    }
    return st;
}

static bpemix_status copy_object(const bmx_json *from, bmx_json **to, bpemix_error *err)
{
    if (from && !(*to = bmx_json_copy(from)))
        return bmx_nomem(err);
    return BPEMIX_OK;
}

/* Everything that does not depend on the solution. */
static bpemix_status describe(job *j, bpemix_error *err)
{
    const bpemix_trace *tr = j->trace;
    bpemix_result *r = j->result;
    bpemix_status st = BPEMIX_OK;

    if (!(r->missing = bmx_calloc(j->c.n_missing, sizeof *r->missing)))
        return bmx_nomem(err);
    r->merge_from = j->plan.from;
    r->merge_to = j->plan.to;
    r->merges_used = j->c.n_steps;
    r->merges_excluded = j->c.n_excluded;
    for (size_t i = 0; i < r->n_cats && !st; i++) {
        const bmx_trace_category *cat = &tr->cat[i];
        bpemix_share *s = &r->share[i];
        s->sample_bytes = cat->bytes;
        s->sample_documents = cat->documents;
        s->sample_words = cat->pieces;
        s->sample_pairs = cat->pairs;
        if (!(s->name = bmx_strdup(cat->name)))
            return bmx_nomem(err);
        st = copy_inputs(cat, i, r, err);
    }
    for (uint32_t i = 0; i < j->c.n_missing && !st; i++) {
        const bmx_merge *m = &tr->merge[j->c.missing[i]];
        bmx_missing_merge *out = &r->missing[r->merges_missing++];
        out->step = j->c.missing[i];
        out->why = m->flags & BMX_MERGE_UNMADE    ? BMX_MISSING_UNMADE
                   : m->flags & BMX_MERGE_NEWLINE ? BMX_MISSING_NEWLINE
                   : m->flags & BMX_MERGE_CUT   ? BMX_MISSING_CUT
                                                : BMX_MISSING_UNSEEN;
        if (!(st = display(tr, m->left, &out->left, err)))
            st = display(tr, m->right, &out->right, err);
    }
    if (!st && !(st = copy_object(tr->tokenizer, &r->tokenizer, err)))
        st = copy_object(tr->options, &r->count_options, err);
    if (!st && !(r->solve_options = plan_json(&j->plan)))
        st = bmx_nomem(err);
    return st;
}

/* Shares of pairs to shares of bytes: samples differ in bytes a pair. */
static void shares_in_bytes(const bpemix_trace *tr, const double *pairs, double *bytes)
{
    double sum = 0;

    for (size_t i = 0; i < tr->n_cats; i++)
        sum += bytes[i] = pairs[i] * (double)tr->cat[i].bytes / (double)tr->cat[i].pairs;
    for (size_t i = 0; i < tr->n_cats; i++)
        bytes[i] = sum > 0 ? bytes[i] / sum : pairs[i];
}

static bpemix_status record(const job *j, bpemix_weights weights, const bmx_optimum *o,
                            double seconds, bmx_solution *s, bpemix_error *err)
{
    double gap = bmx_optimum_gap(o, &j->c);
    bool zero = gap == 0 && o->lower < o->upper; /* an objective of 0 but for rounding */

    *s = (bmx_solution){ .method = j->plan.method, .weights = weights, .gap = gap,
                         .status = gap <= j->plan.gap ? BMX_SOLVER_OPTIMAL : BMX_SOLVER_GAP,
                         .objective = zero ? 0 : o->upper * 1e-6,
                         .lower_bound = zero ? 0 : fmin(o->lower, o->upper) * 1e-6,
                         .rows = o->rows, .rounds = o->rounds, .seconds = seconds };
    s->share_pairs = bmx_malloc(j->c.n_cats, sizeof *s->share_pairs);
    s->share_bytes = bmx_malloc(j->c.n_cats, sizeof *s->share_bytes);
    if (!s->share_pairs || !s->share_bytes)
        return bmx_nomem(err);
    memcpy(s->share_pairs, o->alpha, j->c.n_cats * sizeof *o->alpha);
    shares_in_bytes(j->trace, s->share_pairs, s->share_bytes);
    return BPEMIX_OK;
}

typedef struct slack {
    double v;
    uint32_t step; /* compact */
} slack;

static int by_slack(const void *pa, const void *pb)
{
    const slack *a = pa, *b = pb;
    if (a->v != b->v)
        return a->v > b->v ? -1 : 1;
    return a->step < b->step ? -1 : a->step > b->step;
}

static int by_step(const void *pa, const void *pb)
{
    const slack *a = pa, *b = pb;
    return a->step < b->step ? -1 : a->step > b->step;
}

/* The pair rated highest at each of n merges (rising steps), the merge itself
 * aside: rival[n], count[n] in ppm. */
static void find_rivals(const bmx_constraints *c, const double *alpha, const uint32_t *step,
                        size_t n, uint32_t *rival, double *count)
{
    const bpemix_trace *tr = c->trace;

    for (size_t i = 0; i < n; i++) {
        rival[i] = BMX_NONE;
        count[i] = 0;
    }
    for (uint32_t p = 0; p < tr->n_pairs; p++) {
        uint64_t e = tr->first[p];
        double w = 0;
        for (size_t i = 0; i < n && step[i] < tr->pair[p].end; i++) {
            for (; e < tr->first[p + 1] && tr->event[e].step <= step[i]; e++)
                w += (double)tr->event[e].delta * alpha[tr->event[e].cat] *
                     c->scale[tr->event[e].cat];
            if (w > count[i] && tr->merge_pair[step[i]] != p) {
                count[i] = w;
                rival[i] = p;
            }
        }
    }
}

static bpemix_status worst_merges(job *j, const bmx_optimum *o, const double *b, bpemix_error *err)
{
    const bmx_constraints *c = &j->c;
    const bpemix_trace *tr = j->trace;
    bpemix_result *r = j->result;
    slack *all = bmx_malloc(c->n_steps, sizeof *all);
    uint32_t step[WORST_MERGES], rival[WORST_MERGES];
    double count[WORST_MERGES];
    size_t n = 0, place[WORST_MERGES];
    slack top[WORST_MERGES] = { { 0, 0 } };
    bpemix_status st = BPEMIX_OK;

    if (!all || !(r->worst = bmx_calloc(WORST_MERGES, sizeof *r->worst))) {
        bmx_free(all);
        return bmx_nomem(err);
    }
    for (uint32_t t = 0; t < c->n_steps; t++)
        if (o->theta[t] - b[t] > 1e-9 * o->theta[t])
            all[n++] = (slack){ o->theta[t] - b[t], t };
    qsort(all, n, sizeof *all, by_slack);
    n = n < WORST_MERGES ? n : WORST_MERGES;
    for (size_t i = 0; i < n; i++)
        top[i] = (slack){ (double)i, all[i].step };
    qsort(top, n, sizeof *top, by_step);
    for (size_t i = 0; i < n; i++) {
        step[i] = c->step[top[i].step];
        place[(size_t)top[i].v] = i;
    }
    find_rivals(c, o->alpha, step, n, rival, count);
    for (size_t i = 0; i < n && !st; i++) {
        size_t at = place[i];
        const bmx_merge *m = &tr->merge[step[at]];
        bmx_worst_merge *w = &r->worst[r->n_worst++];
        *w = (bmx_worst_merge){ .step = step[at], .slack = all[i].v * 1e-6,
                                .count = b[all[i].step] * 1e-6, .rival_count = count[at] * 1e-6 };
        if ((st = display(tr, m->left, &w->left, err)) ||
            (st = display(tr, m->right, &w->right, err)) || rival[at] == BMX_NONE)
            continue;
        if (!(st = display(tr, tr->pair[rival[at]].left, &w->rival_left, err)))
            st = display(tr, tr->pair[rival[at]].right, &w->rival_right, err);
    }
    bmx_free(all);
    return st;
}

/* How well the headline solution explains the merges. */
static bpemix_status diagnose(job *j, const bmx_optimum *o, bpemix_error *err)
{
    const bmx_constraints *c = &j->c;
    bpemix_result *r = j->result;
    double *b = bmx_malloc(c->n_steps, sizeof *b), sum = 0;
    uint32_t large = 0;
    bpemix_status st;

    if (!b)
        return bmx_nomem(err);
    bmx_constraints_merge_counts(c, o->alpha, b);
    for (uint32_t t = 0; t < c->n_steps; t++) {
        sum += o->theta[t];
        large += o->theta[t] - b[t] > o->theta[t] / 2;
    }
    r->slack_merges = o->slack_merges * 1e-6;
    r->slack_pairs = o->slack_pairs * 1e-6;
    r->slack_relative = sum > 0 ? (o->slack_merges + o->slack_pairs) / sum : 0;
    r->slack_large = (double)large / (double)c->n_steps;
    for (size_t i = 0; i < r->n_cats; i++) {
        r->share[i].share_pairs = r->main.share_pairs[i];
        r->share[i].share_bytes = r->main.share_bytes[i];
    }
    for (size_t k = 0; k < r->n_others; k++)
        for (size_t i = 0; i < r->n_cats; i++) {
            double d = fabs(r->main.share_bytes[i] - r->other[k].share_bytes[i]);
            if (!(d <= r->disagreement))
                r->disagreement = d;
        }
    st = worst_merges(j, o, b, err);
    bmx_free(b);
    return st;
}

/* Nothing asks for a category that has none of the merges: its share is what is left over,
 * or all, where the others contradict the list at every step. */
static bpemix_status warn_of_mergeless(job *j, bpemix_error *err)
{
    bpemix_result *r = j->result;
    bool *has_one = bmx_calloc(r->n_cats, sizeof *has_one);
    bpemix_status st = has_one ? BPEMIX_OK : bmx_nomem(err);

    if (!st)
        bmx_rows_mark(&j->c.merge, has_one);
    for (size_t i = 0; !st && i < r->n_cats; i++)
        if (!has_one[i])
            st = warn(r, bmx_asprintf("category '%s' has none of the merges: its share means nothing",
                                      r->share[i].name), err);
    bmx_free(has_one);
    return st;
}

static bpemix_status add_warnings(job *j, bpemix_error *err)
{
    bpemix_result *r = j->result;
    uint32_t unseen = 0;
    bpemix_status st = BPEMIX_OK;

    if (r->main.status == BMX_SOLVER_GAP)
        st = warn(r, bmx_asprintf("stopped at a gap of %.1e, not %.1e: %s", r->main.gap,
                                  j->plan.gap,
                                  bmx_clock() >= j->ctl.deadline ? "the time limit was reached"
                                                                 : "no further progress"), err);
    for (uint32_t i = 0; i < r->merges_missing; i++)
        unseen += r->missing[i].why == BMX_MISSING_UNSEEN;
    if (!st && unseen > MANY_MISSING * (r->merges_used + unseen))
        st = warn(r, bmx_asprintf("%u of %u merges occur in no sample: a category may be missing",
                                  (unsigned)unseen, (unsigned)(r->merges_used + unseen)), err);
    return st ? st : warn_of_mergeless(j, err);
}

/* ---- solving ---- */

/* What the two solutions of one job share. */
typedef struct engine {
    bmx_monotone *monotone;
    bmx_auction *auction; /* of the paper's program when it is large */
    double *step, *pair; /* weights of the paper's program, NULL: 1 */
    bmx_weights weights; /* those */
} engine;

/* Weights of the rows of the paper's program at a first solution, scaled to
 * mean 1 over the steps. */
static bpemix_status weigh_lp(const bmx_constraints *c, const bmx_optimum *o, engine *g,
                              bpemix_error *err)
{
    bmx_range_min range = { 0 };
    bmx_worst_row *worst = bmx_malloc(c->n_pairs, sizeof *worst);
    double *count = bmx_malloc(c->n_states, sizeof *count), top = 0, sum = 0;
    bpemix_status st;

    g->step = bmx_malloc(c->n_steps, sizeof *g->step);
    g->pair = bmx_malloc(c->n_pairs, sizeof *g->pair);
    st = worst && count && g->step && g->pair ? bmx_range_min_init(&range, c->n_steps, err)
                                              : bmx_nomem(err);
    if (!st) {
        for (uint32_t t = 0; t < c->n_steps; t++)
            top = fmax(top, o->theta[t]);
        for (uint32_t t = 0; t < c->n_steps; t++)
            sum += g->step[t] = bmx_quarter_weight(o->theta[t], top);
        sum /= c->n_steps;
        for (uint32_t t = 0; t < c->n_steps; t++)
            g->step[t] /= sum;
        bmx_range_min_set(&range, o->theta);
        bmx_constraints_state_counts(c, o->alpha, count);
        bmx_separate(c, &range, count, worst);
        for (size_t k = 0; k < c->n_pairs; k++)
            g->pair[k] = bmx_quarter_weight(fmax(count[worst[k].state], o->theta[worst[k].step]),
                                            top) / sum;
    }
    g->weights = (bmx_weights){ .step = g->step, .pair = g->pair };
    if (!st && g->auction)
        bmx_auction_weigh(g->auction, &g->weights);
    bmx_range_min_release(&range);
    bmx_free(worst);
    bmx_free(count);
    return st;
}

static bpemix_status solve_once(job *j, engine *g, bpemix_weights weights, const double *start,
                                bmx_optimum *o, bmx_solution *s, bpemix_error *err)
{
    double started = bmx_clock();
    bpemix_status st = BPEMIX_OK;

    if (j->plan.method == BPEMIX_METHOD_MONOTONE) {
        bmx_oracle oracle = bmx_monotone_oracle(g->monotone);
        st = bmx_bundle_solve(&j->c, &oracle, start, &j->ctl, o, err);
    } else {
        if (g->auction) {
            bmx_oracle oracle = bmx_auction_oracle(g->auction);
            st = bmx_bundle_solve(&j->c, &oracle, start, &j->ctl, o, err);
        }
        /* a few steps; or stuck short of the gap: the simplex method takes longer, but arrives */
        if (!g->auction || (!st && bmx_optimum_gap(o, &j->c) > j->ctl.gap &&
                            bmx_clock() < j->ctl.deadline && j->c.n_steps <= ROWGEN_RESCUE))
            st = bmx_rowgen_solve(&j->c, &g->weights, &j->ctl, o, err);
    }
    return st ? st : record(j, weights, o, bmx_clock() - started, s, err);
}

/* The headline solution into `best`; a weighted one needs the unweighted one
 * first, which is reported beside it. */
static bpemix_status solve(job *j, bmx_optimum *best, bpemix_error *err)
{
    bpemix_result *r = j->result;
    bool weighted = j->plan.weights == BPEMIX_WEIGHTS_QUARTER;
    bmx_optimum first = { 0 };
    engine g = { 0 };
    bpemix_status st = BPEMIX_OK;

    if (j->plan.method == BPEMIX_METHOD_MONOTONE)
        st = bmx_monotone_new(&j->c, &g.monotone, err);
    else if (j->c.n_steps > ROWGEN_STEPS)
        st = bmx_auction_new(&j->c, &g.auction, err);
    if (!st && weighted) {
        if (!(r->other = bmx_calloc(1, sizeof *r->other)))
            st = bmx_nomem(err);
        r->n_others = r->other != NULL;
        if (!st && !(st = bmx_optimum_init(&first, &j->c, err)) &&
            !(st = solve_once(j, &g, BPEMIX_WEIGHTS_NONE, j->start, &first, &r->other[0], err)))
            st = g.monotone ? bmx_monotone_weigh(g.monotone, &first, err)
                            : weigh_lp(&j->c, &first, &g, err);
    }
    if (!st)
        st = solve_once(j, &g, j->plan.weights, weighted ? first.alpha : j->start, best, &r->main, err);
    bmx_monotone_free(g.monotone);
    bmx_auction_free(g.auction);
    bmx_free(g.step);
    bmx_free(g.pair);
    bmx_optimum_release(&first);
    return st;
}

static bpemix_status work(void *ctx, bpemix_error *err)
{
    job *j = ctx;
    bmx_optimum best = { 0 };
    bpemix_status st;

    if ((st = bmx_constraints_build(j->trace, j->plan.from, j->plan.to,
                                    j->plan.method == BPEMIX_METHOD_LP, &j->c, err)))
        return st;
    if (!(st = describe(j, err)) && !(st = bmx_optimum_init(&best, &j->c, err)) &&
        !(st = solve(j, &best, err)) && !(st = diagnose(j, &best, err)))
        st = add_warnings(j, err);
    bmx_optimum_release(&best);
    bmx_constraints_release(&j->c);
    return st;
}

/* ---- intervals ---- */

typedef struct jackknife {
    const bpemix_trace *trace; /* with folds */
    const job *whole;
    const bpemix_solve_opts *opts;
    bool *fixed;       /* fixed[n_cats] */
    double *replicate; /* replicate[folds][n_cats] */
    bool *failed;      /* failed[folds] */
} jackknife;

static bpemix_status solve_replicate(void *ctx, bpemix_error *err)
{
    job *j = ctx;
    bmx_optimum best = { 0 };
    bpemix_status st = bmx_constraints_build(j->trace, j->plan.from, j->plan.to,
                                             j->plan.method == BPEMIX_METHOD_LP, &j->c, err);

    if (st)
        return st;
    if (!(st = bmx_optimum_init(&best, &j->c, err)))
        st = solve(j, &best, err);
    bmx_optimum_release(&best);
    bmx_constraints_release(&j->c);
    return st;
}

/* One replicate: all but the documents of fold k. */
static bpemix_status replicate(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    jackknife *b = ctx;
    const job *whole = b->whole;
    size_t n = whole->result->n_cats;
    bpemix_trace *without = NULL;
    bpemix_result *scratch = bmx_result_new(n);
    job j = { .plan = whole->plan, .result = scratch };
    bpemix_status st = scratch ? bmx_check_cancel(err) : bmx_nomem(err);
    char text[60];

    if (!st && worker == 0 && b->opts->progress) { /* the calling thread */
        snprintf(text, sizeof text, "interval, fold %zu of %u", k + 1, b->trace->n_folds);
        b->opts->progress(b->opts->progress_ctx, "solving", text);
    }
    if (!st)
        st = bmx_trace_collapse(b->trace, (uint32_t)k, b->fixed, &without, err);
    j.trace = without;
    j.ctl = (bmx_control){ .gap = j.plan.gap, .started = whole->ctl.started,
                           .deadline = whole->ctl.deadline };
    j.start = whole->result->n_others ? whole->result->other[0].share_pairs
                                      : whole->result->main.share_pairs;
    if (!st)
        st = bmx_lp_session(solve_replicate, &j, err);
    if (!st)
        memcpy(b->replicate + k * n, scratch->main.share_bytes, n * sizeof *b->replicate);
    b->failed[k] = !st && scratch->main.status != BMX_SOLVER_OPTIMAL;
    /* that some fold holds all that can be solved is no reason to give up */
    if (st == BPEMIX_E_EMPTY || st == BPEMIX_E_USAGE || st == BPEMIX_E_SOLVER) {
        b->failed[k] = true;
        st = BPEMIX_OK;
    }
    bmx_trace_free(without);
    bmx_result_free(scratch);
    return st;
}

static bpemix_status put_intervals(const jackknife *b, bpemix_result *r, bpemix_error *err)
{
    uint32_t folds = b->trace->n_folds;
    double *se = bmx_malloc(r->n_cats, sizeof *se);

    if (!se)
        return bmx_nomem(err);
    bmx_jackknife_errors(b->replicate, folds, r->n_cats, se);
    r->folds = folds;
    for (size_t i = 0; i < r->n_cats; i++)
        if (!b->fixed[i]) {
            bpemix_share *s = &r->share[i];
            s->low_bytes = fmax(s->share_bytes - BMX_INTERVAL * se[i], 0);
            s->high_bytes = fmin(s->share_bytes + BMX_INTERVAL * se[i], 1);
        }
    bmx_free(se);
    return BPEMIX_OK;
}

static bpemix_status find_intervals(const bpemix_trace *trace, const job *whole,
                                    const bpemix_solve_opts *opts, bpemix_error *err)
{
    bpemix_result *r = whole->result;
    uint32_t folds = trace->n_folds, n_failed = 0;
    jackknife b = { .trace = trace, .whole = whole, .opts = opts };
    size_t n = r->n_cats, n_fixed, i = 0;
    bpemix_status st = BPEMIX_OK;

    b.fixed = bmx_calloc(n, sizeof *b.fixed);
    b.replicate = bmx_calloc(n * folds, sizeof *b.replicate);
    b.failed = bmx_calloc(folds, sizeof *b.failed);
    if (!b.fixed || !b.replicate || !b.failed) {
        st = bmx_nomem(err);
        goto done;
    }
    n_fixed = bmx_jackknife_fixed(trace, b.fixed);
    while (i < n && !b.fixed[i])
        i++;
    if (n_fixed)
        st = warn(r, bmx_asprintf("no interval for %zu of %zu categories, such as '%s': fewer than "
                                  "%u documents, or all text in one of them",
                                  n_fixed, n, r->share[i].name, 2 * (unsigned)folds), err);
    if (st || n_fixed == n)
        goto done;
    if ((st = bmx_parallel(bmx_thread_count(opts->n_threads), folds, replicate, &b, err)))
        goto done;
    for (uint32_t k = 0; k < folds; k++)
        n_failed += b.failed[k];
    if (n_failed)
        st = warn(r, bmx_asprintf("no intervals: %u of %u folds could not be left out: %s",
                                  (unsigned)n_failed, (unsigned)folds,
                                  bmx_clock() >= whole->ctl.deadline
                                      ? "the time limit was reached"
                                      : "what is left could not be solved"), err);
    else
        st = put_intervals(&b, r, err);
done:
    bmx_free(b.fixed);
    bmx_free(b.replicate);
    bmx_free(b.failed);
    return st;
}

bpemix_status bmx_solve(const bpemix_trace *trace, const bpemix_solve_opts *opts,
                           bpemix_result **out, bpemix_error *err)
{
    static const bpemix_solve_opts defaults = { 0 };
    bpemix_trace *whole = NULL; /* trace without its folds */
    job j = { .trace = trace };
    bpemix_status st;

    if (!opts)
        opts = &defaults;
    if (trace->n_folds) {
        if ((st = bmx_trace_collapse(trace, BMX_NONE, NULL, &whole, err)))
            return st;
        j.trace = whole;
    }
    if ((st = resolve(j.trace, opts, &j.plan, err)) ||
        (st = (j.result = bmx_result_new(j.trace->n_cats)) ? BPEMIX_OK : bmx_nomem(err)))
        goto done;
    j.ctl = (bmx_control){ .gap = j.plan.gap, .started = bmx_clock(), .progress = opts->progress,
                           .progress_ctx = opts->progress_ctx };
    j.ctl.deadline = opts->time_limit > 0 ? j.ctl.started + opts->time_limit : INFINITY;
    st = bmx_lp_session(work, &j, err);
    bmx_trace_free(whole); /* as large as the counts; not needed below */
    whole = NULL;
    if (!st && trace->n_folds)
        st = find_intervals(trace, &j, opts, err);
    if (!st) {
        *out = j.result;
        j.result = NULL;
    }
done:
    bmx_trace_free(whole);
    bmx_result_free(j.result);
    return st;
}

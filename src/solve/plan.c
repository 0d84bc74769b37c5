/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.c - which merges to constrain, and how. */
#include "solve/plan.h"
#include "result/result.h"

#include <math.h>

/* The paper's program is so flat at its optimum that the shares of 37 categories changed with the
 * order in which they were solved by 1e-4 at a gap of 1e-6, by 3e-6 at 1e-9 and by 1e-8 at 1e-11
 * (97, 158 and 176 rounds).  That order follows from the counts alone (view.h). */
#define DEFAULT_GAP 1e-6
/* Hundreds of categories take several times the rounds for each digit, and the merges do not tell
 * their shares that well. */
#define DEFAULT_GAP_MANY 1e-4
#define DEFAULT_GAP_LP 1e-11

/* The default number of merges.  A merge that few occurrences decided is mostly noise, so the
 * largest T is taken at which the merges [0.9 T, T) have a median
 * of at least ENOUGH_COUNT occurrences in all samples together, each at its own step.
 * Regret in log10 of the error against the best fixed T, over 31 settings of 5 to 42
 * categories and samples of 1 MB to 10 GB: mean 0.04, largest 0.17. */
#define ENOUGH_COUNT 200
#define LEAST_MERGES 1000
#define MOST_MERGES 30000

/* Merges inherited from another tokenizer, as the findings about the list say.
 * A handful added behind them, often by hand, would tell nothing: then the
 * whole list is used, and the findings' warning says whose it is. */
static uint32_t inherited_merges(const bpemix_trace *tr)
{
    enum { ENOUGH = 1000 };

    return (uint64_t)tr->facts.inherited + ENOUGH <= tr->n_merges ? tr->facts.inherited : 0;
}

/* What slack is a fraction of.  Behind an inherited part pairs would favour the category with the
 * fewest occurrences left.  With symbols that are characters, merges are better in nearly every set
 * of trials (bpemix(7)); with bytes they are worse for program code. */
bpemix_scale bmx_plan_default_scale(const bpemix_trace *tr, bpemix_method method, uint32_t from)
{
    return from > 0 || (bmx_facts_characters(&tr->facts) && method == BPEMIX_METHOD_MONOTONE)
               ? BPEMIX_SCALE_MERGES
               : BPEMIX_SCALE_PAIRS;
}

/* Occurrences of merge t at its own step, in all tallies of candidates. */
static uint64_t occurrences(const bmx_view *view, uint32_t t)
{
    const bpemix_trace *tr = view->trace;
    uint32_t pair = tr->merge_pair[t];
    uint64_t sum = 0;

    if (pair == BMX_NONE)
        return 0;
    for (uint64_t e = tr->first[pair]; e < tr->first[pair + 1] && tr->event[e].step <= t; e++)
        if (view->cat[tr->event[e].cat] != BMX_NONE && view->cat[tr->event[e].cat] != view->pooled)
            sum += (uint64_t)tr->event[e].delta;
    return sum;
}

/* Is the median of count[from .. to) at least `least`? */
static bool enough(const uint64_t *count, uint32_t from, uint32_t to, uint64_t least)
{
    uint32_t many = 0;

    for (uint32_t t = from; t < to; t++)
        many += count[t] >= least;
    return 2 * many >= to - from;
}

bpemix_status bmx_plan_last(const bmx_view *view, uint32_t from, uint32_t most, uint64_t least,
                            uint32_t *to, bpemix_error *err)
{
    uint32_t left = view->trace->n_merges - from, t;
    uint64_t *count;

    *to = from + left;
    if (left <= LEAST_MERGES)
        return BPEMIX_OK;
    left = left < most ? left : most;
    if (!(count = bmx_malloc(left, sizeof *count)))
        return bmx_nomem(err);
    for (t = 0; t < left; t++) {
        bmx_trace_fetch_ahead(view->trace, from + t);
        count[t] = occurrences(view, from + t);
    }
    /* in steps of a hundredth, as finer differences are noise */
    for (t = left; t > LEAST_MERGES && !enough(count, t - t / 10, t, least);)
        t -= t / 100;
    bmx_free(count);
    *to = from + (t > LEAST_MERGES ? t : LEAST_MERGES);
    return BPEMIX_OK;
}

bpemix_status bmx_plan_make(const bmx_view *view, const bpemix_solve_opts *o, bmx_plan *out,
                            bpemix_error *err)
{
    const bpemix_trace *tr = view->trace;
    bmx_plan p = { .method = o->method, .weights = o->weights, .scale = o->scale, .gap = o->gap,
                   .time_limit = o->time_limit, .ranges = !o->no_ranges };
    bpemix_status st;

    if (p.method == BPEMIX_METHOD_DEFAULT)
        p.method = BPEMIX_METHOD_MONOTONE;
    if (p.weights == BPEMIX_WEIGHTS_DEFAULT)
        p.weights = p.method == BPEMIX_METHOD_MONOTONE ? BPEMIX_WEIGHTS_QUARTER
                                                       : BPEMIX_WEIGHTS_NONE;
    if (p.gap == 0)
        p.gap = p.method == BPEMIX_METHOD_LP ? DEFAULT_GAP_LP
                : view->n_cats > BMX_MANY_CATEGORIES ? DEFAULT_GAP_MANY
                                                     : DEFAULT_GAP;
    if (!(p.gap > 0 && p.gap < 1))
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "gap",
                             "give a number between 0 and 1, such as 1e-6", "a gap of %g", o->gap);
    if (!(p.time_limit >= 0))
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "time limit", "give a number of seconds",
                             "a time limit of %g", o->time_limit);
    if (!(o->train_bytes >= 0) || isinf(o->train_bytes))
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "size of the training text",
                             "give a number of bytes", "a size of %g", o->train_bytes);
    if (p.method > BPEMIX_METHOD_MONOTONE || p.weights > BPEMIX_WEIGHTS_QUARTER ||
        p.scale > BPEMIX_SCALE_MERGES)
        return bmx_fail(err, BPEMIX_E_USAGE, "method, weights or scale", "an unknown value");
    if (tr->n_merges == 0)
        return bmx_fail(err, BPEMIX_E_USAGE, "", "the trace has no merges");
    p.from = o->merges_auto ? inherited_merges(tr) : o->merge_from;
    p.to = o->merges_all ? tr->n_merges : o->merge_to;
    if (!p.to && p.from < tr->n_merges &&
        (st = bmx_plan_last(view, p.from, o->merges_most ? o->merges_most : MOST_MERGES,
                            ENOUGH_COUNT, &p.to, err)))
        return st;
    if (p.from >= p.to || p.to > tr->n_merges)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "choose another range of merges",
                             "no merges %u to %u: %u were counted", (unsigned)p.from,
                             (unsigned)(p.to ? p.to : tr->n_merges), (unsigned)tr->n_merges);
    if (p.scale == BPEMIX_SCALE_DEFAULT)
        p.scale = bmx_plan_default_scale(tr, p.method, p.from);
    *out = p;
    return BPEMIX_OK;
}

static const char *scale_name(bpemix_scale s)
{
    return s == BPEMIX_SCALE_MERGES ? "merges" : "pairs";
}

bpemix_status bmx_plan_record(const bmx_plan *p, bmx_values *v, bpemix_error *err)
{
    bpemix_status st;

    if ((st = bmx_values_put_text(v, "method", bmx_method_name(p->method), err)) ||
        (st = bmx_values_put_text(v, "weights", bmx_weights_name(p->weights), err)) ||
        (st = bmx_values_put_text(v, "scale", scale_name(p->scale), err)) ||
        (st = bmx_values_put_uint(v, "merge_from", p->from, err)) ||
        (st = bmx_values_put_uint(v, "merge_to", p->to, err)) ||
        (st = bmx_values_put_bool(v, "ranges", p->ranges, err)) ||
        (st = bmx_values_put_real(v, "gap", p->gap, err)))
        return st;
    return p->time_limit > 0 ? bmx_values_put_real(v, "time_limit", p->time_limit, err) : BPEMIX_OK;
}

#include "lab/experiment.h"
#include "base/rng.h"
#include "replay/replay.h"
#include "diagnose/answer.h"

#include <math.h>
#include <string.h>

static void trial_release(bmx_trial *t)
{
    bmx_mixture_release(&t->mixture);
    bmx_free(t->estimate);
    bmx_free(t->low);
    bmx_free(t->high);
    bmx_free(t->other);
    *t = (bmx_trial){ 0 };
}

void bmx_experiment_free(bmx_experiment *x)
{
    if (!x)
        return;
    for (size_t k = 0; k < x->n_trials; k++)
        trial_release(&x->trial[k]);
    bmx_free(x->trial);
    bmx_free(x);
}

/* The mixture of a trained tokenizer, as anyone would estimate it. */
static bpemix_status infer(const bmx_experiment_opts *o, const bpemix_category *sample, size_t n,
                           bmx_slice json, bpemix_result **r, bpemix_error *err)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_trace *trace = NULL;
    bpemix_status st = bmx_tokenizer_parse("trained", json, NULL, &tok, err);

    if (!st)
        st = bmx_count(tok, sample, n, &o->count, &trace, err);
    if (!st)
        st = bmx_solve(trace, &o->solve, r, err);
    bmx_trace_free(trace);
    bmx_tokenizer_free(tok);
    return st;
}

/* Compare; t->mixture is filled in. */
static bpemix_status compare(bmx_trial *t, const bpemix_result *r, bpemix_error *err)
{
    const double *truth = t->mixture.share;
    size_t n = t->mixture.n;

    t->estimate = bmx_malloc(n, sizeof *t->estimate);
    t->low = bmx_malloc(n, sizeof *t->low);
    t->high = bmx_malloc(n, sizeof *t->high);
    t->other = bmx_calloc(r->n_others, sizeof *t->other);
    if (!t->estimate || !t->low || !t->high || !t->other)
        return bmx_nomem(err);
    for (size_t i = 0; i < n; i++)
        t->estimate[i] = 1 / (double)n;
    t->log10_mse_uniform = bmx_log10_mse(truth, t->estimate, n);
    for (size_t i = 0; i < n; i++) {
        const bpemix_share *s = &r->share[i];
        t->estimate[i] = s->share_bytes;
        t->low[i] = s->low_bytes;
        t->high[i] = s->high_bytes;
        t->intervals += !isnan(s->low_bytes);
        t->covering += s->low_bytes <= truth[i] && truth[i] <= s->high_bytes;
    }
    t->log10_mse = bmx_log10_mse(truth, t->estimate, n);
    t->n_others = r->n_others;
    for (size_t k = 0; k < r->n_others; k++)
        t->other[k] = (bmx_other_error){
            .method = bmx_method_name(r->other[k].method),
            .weights = bmx_weights_name(r->other[k].weights),
            .log10_mse = bmx_log10_mse(truth, r->other[k].share_bytes, n),
        };
    t->objective = r->main.objective;
    t->gap = r->main.gap;
    return BPEMIX_OK;
}

static bpemix_status run_trial(const bmx_experiment_opts *o, const bpemix_category *train,
                               const bpemix_category *sample, size_t n, const double *share,
                               bmx_trial *t, bpemix_error *err)
{
    bmx_buf json = { 0 };
    bpemix_result *r = NULL;
    bpemix_status st = bmx_trial_train(train, n, share, o->train_bytes, o->pretokenizer,
                                       o->n_merges, &o->train_text, &t->mixture, &json, err);

    if (!st)
        st = infer(o, sample, n, bmx_slice_of(json.ptr, json.len), &r, err);
    if (!st)
        st = compare(t, r, err);
    bmx_result_free(r);
    bmx_buf_release(&json);
    return st;
}

bpemix_status bmx_experiment_run(const bpemix_category *train, const bpemix_category *sample,
                                 size_t n, const bmx_experiment_opts *opts, bmx_experiment **out,
                                 bpemix_error *err)
{
    bmx_experiment *x = bmx_calloc(1, sizeof *x);
    bmx_rng rng = { opts->seed };
    uint32_t trials = opts->share ? 1 : opts->trials;
    double *share = bmx_malloc(n, sizeof *share);
    bpemix_status st = x && share ? BPEMIX_OK : bmx_nomem(err);

    if (!st && !(x->trial = bmx_calloc(trials, sizeof *x->trial)))
        st = bmx_nomem(err);
    if (!st)
        x->opts = *opts;
    for (uint32_t k = 0; k < trials && !st; k++) {
        if (opts->share)
            memcpy(share, opts->share, n * sizeof *share);
        else
            bmx_rng_simplex(&rng, share, (int)n);
        x->n_trials = k + 1;
        st = run_trial(opts, train, sample, n, share, &x->trial[k], err);
        if (!st)
            st = bmx_progress_tell(&x->opts.progress,
                                   &(bpemix_progress){ .stage = "trials", .unit = "trials",
                                                       .done = k + 1, .total = trials,
                                                       .bound = NAN, .gap = NAN }, err);
    }
    bmx_free(share);
    if (st) {
        bmx_experiment_free(x);
        return st;
    }
    x->opts.share = NULL; /* the caller's */
    *out = x;
    return BPEMIX_OK;
}

double bmx_experiment_mean(const bmx_experiment *x)
{
    double sum = 0;

    for (size_t k = 0; k < x->n_trials; k++)
        sum += x->trial[k].log10_mse;
    return sum / (double)x->n_trials;
}

double bmx_experiment_coverage(const bmx_experiment *x, uint64_t *covering, uint64_t *intervals)
{
    *covering = *intervals = 0;
    for (size_t k = 0; k < x->n_trials; k++) {
        *covering += x->trial[k].covering;
        *intervals += x->trial[k].intervals;
    }
    return *intervals ? (double)*covering / (double)*intervals : NAN;
}

/* interval.c - one solution for every fold left out, and intervals from their scatter. */
#include "diagnose/interval.h"
#include "base/cancel.h"
#include "base/threads.h"
#include "solve/lp.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

size_t bmx_jackknife_fixed(const bpemix_trace *tr, bool *fixed)
{
    uint32_t folds = tr->n_folds;
    size_t n = tr->n_cats / folds, n_fixed = 0;

    for (size_t c = 0; c < n; c++) {
        const bmx_trace_category *fold = &tr->cat[c * folds];
        uint64_t documents = 0, pairs = 0, most = 0;

        for (uint32_t f = 0; f < folds; f++) {
            documents += fold[f].documents;
            pairs += fold[f].pairs;
            most = fold[f].pairs > most ? fold[f].pairs : most;
        }
        fixed[c] = documents < 2 * (uint64_t)folds || most == pairs;
        n_fixed += fixed[c];
    }
    return n_fixed;
}

void bmx_jackknife_errors(const double *replicate, uint32_t folds, size_t n, double *se)
{
    for (size_t i = 0; i < n; i++) {
        double mean = 0, sum = 0;

        for (uint32_t f = 0; f < folds; f++)
            mean += replicate[f * n + i] / folds;
        for (uint32_t f = 0; f < folds; f++) {
            double d = replicate[f * n + i] - mean;
            sum += d * d;
        }
        se[i] = sqrt(sum * (folds - 1) / folds);
    }
}

typedef struct jackknife {
    const bpemix_trace *trace; /* with folds */
    const bmx_plan *plan;
    const bmx_control *ctl;
    const bpemix_solve_opts *opts;
    const double *start;
    size_t n_cats;
    bool *fixed;       /* fixed[n_cats] */
    double *replicate; /* replicate[folds][n_cats] */
    bool *failed;      /* failed[folds] */
    bmx_progress progress;
} jackknife;

typedef struct one_fold {
    const jackknife *b;
    const bmx_view *view;
    size_t fold;
} one_fold;

static bpemix_status solve_without(void *ctx, bpemix_error *err)
{
    const one_fold *f = ctx;
    const jackknife *b = f->b;
    bmx_control ctl = { .gap = b->plan->gap, .deadline = b->ctl->deadline };
    bmx_estimate e;
    bpemix_status st = bmx_estimate_make(f->view, b->plan, b->start, &ctl, &e, err);

    if (st)
        return st;
    bmx_constraints_byte_shares(&e.c, e.best.o.alpha, b->replicate + f->fold * b->n_cats);
    b->failed[f->fold] = e.best.gap > b->plan->gap;
    bmx_estimate_release(&e);
    return BPEMIX_OK;
}

/* One replicate: all but the documents of fold k. */
static bpemix_status replicate(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    jackknife *b = ctx;
    bmx_view view = { 0 };
    one_fold f = { b, &view, k };
    bpemix_status st = bmx_check_cancel(err);

    if (!st && worker == 0) /* the calling thread, which alone tells */
        st = bmx_progress_tell(&b->progress,
                               &(bpemix_progress){ .stage = "intervals", .unit = "folds",
                                                   .done = k, .total = b->trace->n_folds,
                                                   .bound = NAN, .gap = NAN }, err);
    if (!st && !(st = bmx_view_init(b->trace, (uint32_t)k, b->fixed, &view, err)))
        st = bmx_lp_session(solve_without, &f, err);
    /* that some fold holds all that can be solved is no reason to give up */
    if (st == BPEMIX_E_EMPTY || st == BPEMIX_E_USAGE || st == BPEMIX_E_SOLVER) {
        b->failed[k] = true;
        st = BPEMIX_OK;
    }
    bmx_view_release(&view);
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

bpemix_status bmx_intervals(const bpemix_trace *trace, const bmx_plan *plan,
                            const bmx_control *ctl, const bpemix_solve_opts *opts,
                            bpemix_result *r, bpemix_error *err)
{
    uint32_t folds = trace->n_folds, n_failed = 0;
    size_t n = r->n_cats, n_fixed, i = 0;
    jackknife b = { .trace = trace, .plan = plan, .ctl = ctl, .opts = opts, .n_cats = n,
                    .progress = { .fn = opts->progress, .ctx = opts->progress_ctx } };
    bpemix_status st = BPEMIX_OK;

    b.start = r->n_others ? r->other[0].share_pairs : r->main.share_pairs;
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
        st = bmx_result_warn(r, bmx_asprintf("no interval for %zu of %zu categories, such as '%s': "
                                             "fewer than %u documents, or all text in one of them",
                                             n_fixed, n, r->share[i].name, 2 * (unsigned)folds),
                             err);
    if (st || n_fixed == n)
        goto done;
    if ((st = bmx_parallel(bmx_thread_count(opts->n_threads), folds, replicate, &b, err)))
        goto done;
    for (uint32_t k = 0; k < folds; k++)
        n_failed += b.failed[k];
    if (n_failed)
        st = bmx_result_warn(r, bmx_asprintf("no intervals: %u of %u folds could not be left out: %s",
                                             (unsigned)n_failed, (unsigned)folds,
                                             bmx_clock() >= ctl->deadline
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

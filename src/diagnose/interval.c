/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interval.c - one solution for every fold left out, and intervals from their scatter. */
#include "diagnose/interval.h"
#include "base/cancel.h"
#include "base/threads.h"
#include "diagnose/groups.h"
#include "solve/lp.h"

#include <math.h>
#include <string.h>

/* Are the folds of a category contiguous parts of a single file, rather than documents dealt out?
 * *least, if not NULL: bytes of the smallest fold. */
static bool folds_are_parts(const bpemix_trace *tr, size_t cat, uint64_t *least)
{
    const bmx_trace_category *fold = &tr->cat[cat * tr->n_folds];
    uint64_t documents = 0, used = 0, smallest = UINT64_MAX;

    for (uint32_t f = 0; f < tr->n_folds; f++) {
        documents += fold[f].documents;
        used += fold[f].pairs > 0;
        smallest = fold[f].bytes < smallest ? fold[f].bytes : smallest;
    }
    if (least)
        *least = smallest;
    return used > documents;
}

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
        fixed[c] = (documents < 2 * (uint64_t)folds && !folds_are_parts(tr, c, NULL)) ||
                   most == pairs;
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
    const bmx_view *whole;     /* all of it */
    const bmx_plan *plan;
    const bmx_control *ctl;
    const bpemix_solve_opts *opts;
    const double *start;
    size_t n_cats;
    bool *fixed;       /* fixed[n_cats] */
    bool *kept;        /* kept[n_cats]: the same in the order of the trace */
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

    if (!st && worker == 0) /* the calling thread, the only one that reports progress */
        st = bmx_progress_tell(&b->progress,
                               &(bpemix_progress){ .stage = "intervals", .unit = "folds",
                                                   .done = k, .total = b->trace->n_folds,
                                                   .bound = NAN, .gap = NAN }, err);
    if (!st && !(st = bmx_view_init(b->trace, (uint32_t)k, b->kept, &view, err)) &&
        !(st = bmx_view_sort_like(&view, b->whole, err)))
        st = bmx_lp_session(solve_without, &f, err);
    /* a fold without which nothing can be solved is noted, and the others are used */
    if (st == BPEMIX_E_EMPTY || st == BPEMIX_E_USAGE || st == BPEMIX_E_SOLVER) {
        b->failed[k] = true;
        st = BPEMIX_OK;
    }
    bmx_view_release(&view);
    return st;
}

/* ---- how wide ---- */

double bmx_student_95(uint32_t freedom)
{
    static const double few[] = { 6.3138, 2.9200, 2.3534, 2.1318, 2.0150, 1.9432, 1.8946, 1.8595,
                                  1.8331, 1.8125, 1.7959, 1.7823, 1.7709, 1.7613, 1.7531, 1.7459 };
    double z = 1.644854, v = freedom, z3 = z * z * z, z5 = z3 * z * z;

    if (freedom >= 1 && freedom <= sizeof few / sizeof *few)
        return few[freedom - 1];
    /* Cornish and Fisher's expansion; off by less than 1e-4 from here on */
    return z + (z3 + z) / (4 * v) + (5 * z5 + 16 * z3 + 3 * z) / (96 * v * v);
}

/* Of all text, which candidates and pool share: those of candidates add up to 1 without it. */
static double share_of_all(const bpemix_result *r, const double *share, size_t i)
{
    bool pool = r->pooled_at != UINT32_MAX && isfinite(share[r->pooled_at]);

    return pool && i != r->pooled_at ? share[i] * (1 - share[r->pooled_at]) : share[i];
}

/* The samples' noise and the training text's, over that of the samples alone: errors of both
 * kinds fall as 1 / size.  train: bytes. */
static double widening(const bpemix_result *r, double train)
{
    double sample = 0;

    for (size_t i = 0; i < r->n_cats; i++) {
        double share = share_of_all(r, r->main.share_bytes, i);

        if (r->share[i].sample_bytes > 0 && share > 0)
            sample += share * share / (double)r->share[i].sample_bytes;
    }
    return sample > 0 ? sqrt(1 + 1 / (train * sample)) : 1;
}

/* Bytes of the training text: as the user says; else what the ties of the list tell of its
 * pairs, in the mixture's bytes a pair; 0: neither. */
static double train_bytes(const bpemix_trace *trace, double given, const bpemix_result *r)
{
    const bmx_facts *facts = &trace->facts;
    double bytes = 0;

    if (given > 0)
        return given;
    if (!facts->known || !facts->found || !(facts->ties.sample_pairs > 0))
        return 0;
    for (size_t i = 0; i < r->n_cats; i++)
        bytes += share_of_all(r, r->main.share_pairs, i) * (double)r->share[i].sample_bytes /
                 (double)r->share[i].sample_pairs;
    return facts->ties.sample_pairs * bytes;
}

static void put_interval(bpemix_share *s, double half)
{
    if (!isfinite(s->share_bytes) || !isfinite(half))
        return;
    s->low_bytes = fmax(s->share_bytes - half, 0);
    s->high_bytes = fmin(s->share_bytes + half, 1);
}

/* ---- shares that give way to each other ---- */

/* If the correlation of the replicates of two categories is below this, one gains what the other
 * loses, and their sum is known better than either. */
#define CORRELATED (-0.5)
#define TOGETHER 0.5       /* of the widest interval of a member, that of the sum */
#define WORTH_TELLING 0.01 /* half an interval */

/* Replicate k of category i, less their mean. */
static double deviation(const jackknife *b, size_t i, uint32_t k)
{
    uint32_t folds = b->trace->n_folds;
    double mean = 0;

    for (uint32_t f = 0; f < folds; f++)
        mean += b->replicate[f * b->n_cats + i] / folds;
    return b->replicate[k * b->n_cats + i] - mean;
}

static double correlation(const jackknife *b, size_t i, size_t m)
{
    double xx = 0, yy = 0, xy = 0;

    for (uint32_t k = 0; k < b->trace->n_folds; k++) {
        double x = deviation(b, i, k), y = deviation(b, m, k);
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : 0;
}

static bool is_in_a_set(const bpemix_result *r, size_t i)
{
    for (size_t g = 0; g < r->n_inseparable; g++)
        for (size_t k = 0; k < r->inseparable[g].n_members; k++)
            if (r->inseparable[g].member[k] == i)
                return true;
    return false;
}

/* The set of the categories whose number is `set`, if its sum is known much better than they
 * are. */
static bpemix_status try_set(const jackknife *b, const double *se, const size_t *number, size_t set,
                             size_t n_shared, bpemix_result *r, bpemix_error *err)
{
    uint32_t folds = b->trace->n_folds;
    bmx_group g = { .member = bmx_malloc(r->n_cats, sizeof *g.member) }, *more;
    double *sum = bmx_calloc(folds, sizeof *sum), widest = 0, together;
    bpemix_status st = g.member && sum ? BPEMIX_OK : bmx_nomem(err);

    for (size_t i = 0; i < r->n_cats && !st; i++)
        if (number[i] == set) {
            g.member[g.n_members++] = (uint32_t)i;
            widest = fmax(widest, se[i]);
            for (uint32_t k = 0; k < folds; k++)
                sum[k] += b->replicate[k * b->n_cats + i];
        }
    if (!st && g.n_members > 1 && g.n_members < n_shared) {
        bmx_jackknife_errors(sum, folds, 1, &together);
        if (together <= TOGETHER * widest) {
            bmx_group_sum(r, &g);
            more = bmx_realloc(r->inseparable, r->n_inseparable + 1, sizeof *more);
            if (more) {
                r->inseparable = more;
                r->inseparable[r->n_inseparable++] = g;
                g.member = NULL;
            } else {
                st = bmx_nomem(err);
            }
        }
    }
    bmx_free(g.member);
    bmx_free(sum);
    return st;
}

/* Candidates whose share is known: a sum of all of them is 1. */
static size_t count_shared(const bpemix_result *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n_cats; i++)
        n += i != r->pooled_at && isfinite(r->share[i].share_bytes);
    return n;
}

/* Sets of categories that replicates show to be inseparable, although ranges do not. */
static bpemix_status join_correlated(const jackknife *b, const double *se, double factor,
                                     bpemix_result *r, bpemix_error *err)
{
    size_t n = r->n_cats, *number = bmx_malloc(n, sizeof *number);
    bpemix_status st = number ? BPEMIX_OK : bmx_nomem(err);

    for (size_t i = 0; i < n && !st; i++)
        number[i] = i;
    for (size_t i = 0; i < n && !st; i++)
        for (size_t m = 0; m < i; m++) {
            size_t from = number[i], to = number[m];

            if (from == to || b->fixed[i] || b->fixed[m] || i == r->pooled_at ||
                m == r->pooled_at || is_in_a_set(r, i) || is_in_a_set(r, m) ||
                !(factor * se[i] >= WORTH_TELLING) || !(factor * se[m] >= WORTH_TELLING) ||
                !(correlation(b, i, m) < CORRELATED))
                continue;
            for (size_t k = 0; k < n; k++)
                number[k] = number[k] == from ? to : number[k];
        }
    for (size_t i = 0; i < n && !st; i++)
        if (number[i] == i)
            st = try_set(b, se, number, i, count_shared(r), r, err);
    bmx_free(number);
    return st;
}

/* Sums of the members' replicates are the replicates of a group. */
static bpemix_status put_group(const jackknife *b, double factor, bmx_group *g, bpemix_error *err)
{
    uint32_t folds = b->trace->n_folds;
    double *sum = bmx_calloc(folds, sizeof *sum), se;
    bool whole = true; /* nothing of it was left out */

    if (!sum)
        return bmx_nomem(err);
    for (size_t i = 0; i < g->n_members; i++) {
        whole = whole && b->fixed[g->member[i]];
        for (uint32_t k = 0; k < folds; k++)
            if (isfinite(b->replicate[k * b->n_cats + g->member[i]]))
                sum[k] += b->replicate[k * b->n_cats + g->member[i]];
    }
    bmx_jackknife_errors(sum, folds, 1, &se);
    if (!whole)
        put_interval(&g->share, factor * se);
    bmx_free(sum);
    return BPEMIX_OK;
}

static bpemix_status put_intervals(jackknife *b, bpemix_result *r, bpemix_error *err)
{
    uint32_t folds = b->trace->n_folds;
    double *se = bmx_malloc(r->n_cats, sizeof *se),
           train = train_bytes(b->trace, b->opts->train_bytes, r);
    double factor = train > 0 ? bmx_student_95(folds - 1) * widening(r, train) : BMX_INTERVAL;
    bpemix_status st = se ? BPEMIX_OK : bmx_nomem(err);

    if (st)
        return st;
    bmx_jackknife_errors(b->replicate, folds, r->n_cats, se);
    r->folds = folds;
    for (size_t i = 0; i < r->n_cats; i++)
        if (!b->fixed[i])
            put_interval(&r->share[i], factor * se[i]);
    if ((st = join_correlated(b, se, factor, r, err)))
        goto done;
    for (size_t g = 0; g < r->n_groups && !st; g++)
        st = put_group(b, factor, &r->group[g], err);
    for (size_t g = 0; g < r->n_inseparable && !st; g++)
        st = put_group(b, factor, &r->inseparable[g], err);
    r->replicate = b->replicate;
    b->replicate = NULL;
done:
    bmx_free(se);
    return st;
}

/* Bytes of a part below which there is a warning (BMX_LEAST_PART says what trials gave).  A
 * judgement. */
#define SMALL_PART 100000

/* Short parts of one file resemble each other more than other text does. */
static bpemix_status warn_of_small_parts(const bpemix_trace *tr, bpemix_result *r,
                                         bpemix_error *err)
{
    size_t n = 0, example = 0;
    uint64_t bytes, least = UINT64_MAX;

    for (size_t i = 0; i < r->n_cats; i++) /* of the trace */
        if (folds_are_parts(tr, i, &bytes) && bytes < SMALL_PART) {
            example = bytes < least ? i : example;
            least = bytes < least ? bytes : least;
            n++;
        }
    if (!n)
        return BPEMIX_OK;
    return bmx_result_warn(r, bmx_asprintf("intervals of %zu %s, such as '%s', rest on parts of a "
                                           "single file of %.0f kB each, which resemble each "
                                           "other: they may be too narrow, go by the ranges", n,
                                           n == 1 ? "category" : "categories",
                                           tr->cat[example * tr->n_folds].name,
                                           (double)least / 1000), err);
}

bpemix_status bmx_intervals(const bmx_view *whole, const bmx_plan *plan, const bmx_control *ctl,
                            const bpemix_solve_opts *opts, bpemix_result *r, bpemix_error *err)
{
    const bpemix_trace *trace = whole->trace;
    uint32_t folds = trace->n_folds, n_failed = 0;
    size_t n = r->n_cats, n_fixed, i = 0;
    jackknife b = { .trace = trace, .whole = whole, .plan = plan, .ctl = ctl, .opts = opts,
                    .n_cats = n, .progress = { .fn = opts->progress, .ctx = opts->progress_ctx } };
    bpemix_status st = BPEMIX_OK;

    b.start = r->n_others ? r->other[0].share_pairs : r->main.share_pairs;
    b.fixed = bmx_calloc(n, sizeof *b.fixed);
    b.kept = bmx_calloc(n, sizeof *b.kept);
    b.replicate = bmx_calloc(n * folds, sizeof *b.replicate);
    b.failed = bmx_calloc(folds, sizeof *b.failed);
    if (!b.fixed || !b.kept || !b.replicate || !b.failed) {
        st = bmx_nomem(err);
        goto done;
    }
    n_fixed = bmx_jackknife_fixed(trace, b.kept);
    for (size_t k = 0; k < n; k++)
        b.fixed[k] = b.kept[whole->given[k]];
    while (i < n && !b.kept[i])
        i++;
    if (n_fixed)
        st = bmx_result_warn(r, bmx_asprintf("no interval for %zu of %zu categor%s '%s': "
                                             "fewer than %u documents, or all text in one of them",
                                             n_fixed, n, n == 1 ? "y," : "ies, such as",
                                             trace->cat[i * folds].name, 2 * (unsigned)folds),
                             err);
    if (!st)
        st = warn_of_small_parts(trace, r, err);
    if (st || n_fixed == n)
        goto done;
    if ((st = bmx_parallel(bmx_thread_count(opts->n_threads), folds, replicate, &b, err)))
        goto done;
    for (uint32_t k = 0; k < folds; k++)
        n_failed += b.failed[k];
    if (n_failed)
        st = bmx_result_warn(r,
                             bmx_asprintf("no intervals: %u of %u folds could not be left out: %s",
                                          (unsigned)n_failed, (unsigned)folds,
                                          bmx_clock() >= ctl->deadline
                                              ? "the time limit was reached"
                                              : "what is left could not be solved"),
                             err);
    else
        st = put_intervals(&b, r, err);
done:
    bmx_free(b.fixed);
    bmx_free(b.kept);
    bmx_free(b.replicate);
    bmx_free(b.failed);
    return st;
}

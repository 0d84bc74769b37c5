/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline.c - see baseline.h; the last two are those of Hayase et al. 2024, section 4. */
#include "lab/baseline.h"

#include <math.h>
#include <string.h>

void bmx_guess_uniform(double *share, size_t n)
{
    for (size_t i = 0; i < n; i++)
        share[i] = 1 / (double)n;
}

void bmx_guess_random(bmx_rng *rng, double *share, size_t n)
{
    bmx_rng_simplex(rng, share, (int)n);
}

/* count[categories] of pair p after the first `step` merges. */
static void counts_at(const bpemix_trace *tr, uint32_t p, uint32_t step, double *count, size_t n)
{
    memset(count, 0, n * sizeof *count);
    for (uint64_t e = tr->first[p]; e < tr->first[p + 1] && tr->event[e].step <= step; e++)
        count[tr->event[e].cat / bmx_trace_tallies(tr)] += (double)tr->event[e].delta;
}

bpemix_status bmx_token_classification(const bpemix_trace *tr, uint32_t from, uint32_t to,
                                       double *share, bpemix_error *err)
{
    size_t n = tr->n_cats / bmx_trace_tallies(tr);
    double *count = bmx_malloc(n, sizeof *count), *bytes = bmx_calloc(n, sizeof *bytes), total = 0;

    if (!count || !bytes) {
        bmx_free(count);
        bmx_free(bytes);
        return bmx_nomem(err);
    }
    for (size_t c = 0; c < tr->n_cats; c++)
        bytes[c / bmx_trace_tallies(tr)] += (double)tr->cat[c].bytes;
    memset(share, 0, n * sizeof *share);
    for (uint32_t t = from; t < to && t < tr->n_merges; t++) {
        size_t best = 0;

        if (tr->merge_pair[t] == BMX_NONE)
            continue;
        counts_at(tr, tr->merge_pair[t], t, count, n);
        for (size_t i = 1; i < n; i++)
            if (count[i] * bytes[best] > count[best] * bytes[i])
                best = i;
        if (count[best] > 0) {
            share[best]++;
            total++;
        }
    }
    for (size_t i = 0; i < n; i++)
        share[i] = total > 0 ? share[i] / total : 1 / (double)n;
    bmx_free(count);
    bmx_free(bytes);
    return BPEMIX_OK;
}

bpemix_status bmx_token_counts(const bpemix_trace *tr, double *tokens, bpemix_error *err)
{
    size_t n = tr->n_cats / bmx_trace_tallies(tr);
    double *count = bmx_malloc(n, sizeof *count);

    if (!count)
        return bmx_nomem(err);
    memset(tokens, 0, n * sizeof *tokens);
    for (size_t c = 0; c < tr->n_cats; c++)
        tokens[c / bmx_trace_tallies(tr)] +=
            (double)tr->cat[c].pairs + (double)tr->cat[c].pretokens;
    for (uint32_t t = 0; t < tr->n_merges; t++) {
        if (tr->merge_pair[t] == BMX_NONE)
            continue;
        counts_at(tr, tr->merge_pair[t], t, count, n);
        for (size_t i = 0; i < n; i++)
            tokens[i] -= count[i];
    }
    bmx_free(count);
    return BPEMIX_OK;
}

void bmx_efficiency_shares(const double *const *efficiency, const double *const *truth,
                           const size_t *n, size_t n_trials, size_t which, double *share)
{
    double m = 0, x = 0, y = 0, xx = 0, xy = 0, slope, at, sum = 0;

    for (size_t t = 0; t < n_trials; t++)
        for (size_t i = 0; i < n[t] && t != which; i++) {
            double a = log(efficiency[t][i]), b = log(truth[t][i]);

            if (!isfinite(a) || !isfinite(b))
                continue;
            m++;
            x += a;
            y += b;
            xx += a * a;
            xy += a * b;
        }
    slope = m * xx - x * x > 0 ? (m * xy - x * y) / (m * xx - x * x) : 0;
    at = m > 0 ? (y - slope * x) / m : 0;
    for (size_t i = 0; i < n[which]; i++) {
        double a = log(efficiency[which][i]);
        sum += share[i] = isfinite(a) ? exp(at + slope * a) : 0;
    }
    for (size_t i = 0; i < n[which]; i++)
        share[i] = sum > 0 ? share[i] / sum : 1 / (double)n[which];
}

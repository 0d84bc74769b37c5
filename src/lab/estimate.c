/* SPDX-License-Identifier: GPL-3.0-or-later */
/* estimate.c - the mixture of a trial, by every number of merges and method of the plan. */
#include "lab/baseline.h"
#include "lab/trial.h"
#include "diagnose/answer.h"
#include "diagnose/claim.h"
#include "diagnose/named.h"

#include <math.h>
#include <string.h>

/* How far off the claims of a trial are, as shares: 0 is the truth.  Tables report points. */
static const double claim_off[BMX_LAB_CLAIMS] = { 0, 0.01, 0.02, 0.05, 0.1 };

static void take_share(const bpemix_share *s, bmx_lab_row *row, size_t i)
{
    row->value[BMX_LAB_SHARE][i] = s->share_bytes;
    row->value[BMX_LAB_LOW][i] = s->low_bytes;
    row->value[BMX_LAB_HIGH][i] = s->high_bytes;
    row->value[BMX_LAB_INNER_LOW][i] = s->range_bytes.low;
    row->value[BMX_LAB_INNER_HIGH][i] = s->range_bytes.high;
    row->value[BMX_LAB_OUTER_LOW][i] = s->range_outer_bytes.low;
    row->value[BMX_LAB_OUTER_HIGH][i] = s->range_outer_bytes.high;
}

/* A result has its groups in the order of its own categories. */
static void take_groups(const bmx_lab_plan *p, const bpemix_result *r, const bmx_lab_outcome *out,
                        bmx_lab_row *row)
{
    for (size_t k = 0; k < out->n_groups; k++)
        for (size_t g = 0; g < r->n_groups; g++)
            if (!strcmp(r->group[g].share.name, p->group[out->group[k]].share.name))
                take_share(&r->group[g].share, row, out->n + k);
}

/* The category of the panel that stands out; where all merges are in the samples, none does. */
static bpemix_status take_named(const bpemix_result *r, bmx_lab_row *row, bpemix_error *err)
{
    const bmx_missing_category *k = bmx_named_category(r);

    row->looked_up = true;
    return !k || (row->named = bmx_strdup(k->category)) ? BPEMIX_OK : bmx_nomem(err);
}

static void take_result(const bpemix_result *r, bmx_lab_row *row)
{
    for (size_t i = 0; i < r->n_cats; i++)
        take_share(&r->share[i], row, i);
    row->merges = r->merge_to - r->merge_from;
    row->delta[0] = r->range_delta;
    row->delta[1] = r->range_outer_delta;
    row->slack = r->slack_relative;
    row->missing = r->merges_missing;
    row->missing_ratio = r->uncovered.ratio;
    row->level = r->verdict.level;
}

static bpemix_solve_opts solve_opts(const bmx_lab_plan *p, const bpemix_trace *trace,
                                    const bmx_lab_method *m, uint64_t asked)
{
    bpemix_solve_opts o = { .method = m->method, .weights = m->weights, .scale = m->scale,
                            .gap = p->gap, .n_threads = 1, .merge_from = p->inherit,
                            .groups = p->group_text, .panel = p->panel };

    if (o.merge_from >= trace->n_merges)
        o.merge_from = 0;
    if (asked == BMX_LAB_ALL || asked > trace->n_merges - o.merge_from)
        o.merges_all = true;
    else if (asked)
        o.merge_to = o.merge_from + (uint32_t)asked;
    return o;
}

static bpemix_status solve(const bmx_lab_plan *p, const bpemix_trace *trace,
                           const bmx_lab_method *m, const bmx_lab_outcome *out, bmx_lab_row *row,
                           bpemix_error *err)
{
    bpemix_solve_opts o = solve_opts(p, trace, m, row->merges_asked);
    bpemix_result *r = NULL;
    bpemix_status st = bmx_solve(trace, &o, &r, err);

    if (!st) {
        take_result(r, row);
        take_groups(p, r, out, row);
        if (p->panel)
            st = take_named(r, row, err);
    }
    bmx_result_free(r);
    return st;
}

/* Claims of the truth, and of mixtures in which some points have gone from a random category that
 * has as many to another.  If no category has as many, that claim is left out. */
static bpemix_status claim(const bmx_lab_plan *p, const bpemix_trace *trace,
                           const bmx_lab_method *m, bmx_rng *rng, const bmx_lab_outcome *out,
                           bmx_lab_row *row, bpemix_error *err)
{
    bpemix_solve_opts o = solve_opts(p, trace, m, row->merges_asked);
    size_t n = out->n;
    double *claims = bmx_malloc(n, BMX_LAB_CLAIMS * sizeof *claims), off;
    const double *at[BMX_LAB_CLAIMS];
    double excess[BMX_LAB_CLAIMS];
    bmx_excess found = { .excess = excess, .estimate = row->value[BMX_LAB_SHARE],
                         .delta = { NAN, NAN } };
    size_t n_claims = 0, which[BMX_LAB_CLAIMS];
    bpemix_status st;

    if (!claims)
        return bmx_nomem(err);
    for (size_t c = 0; c < BMX_LAB_CLAIMS; c++) {
        double *share = claims + n_claims * n;
        size_t able = 0, from = 0, to, pick;

        off = claim_off[c];
        row->excess[c] = NAN;
        memcpy(share, out->truth, n * sizeof *share);
        for (size_t i = 0; i < n; i++)
            able += share[i] >= off;
        if (off > 0 && (!able || n < 2))
            continue;
        if (off > 0) {
            pick = (size_t)bmx_rng_below(rng, able);
            while (share[from] < off || pick--)
                from++;
            to = (size_t)bmx_rng_below(rng, n - 1);
            to += to >= from;
            share[from] -= off;
            share[to] += off;
        }
        which[n_claims] = c;
        at[n_claims++] = share;
    }
    o.no_ranges = true;
    st = bmx_claims_excess(trace, at, n_claims, &o, &found, err);
    row->merges = found.merges;
    for (size_t k = 0; k < n_claims && !st; k++)
        row->excess[which[k]] = excess[k];
    row->delta[0] = found.delta.inner;
    row->delta[1] = found.delta.outer;
    bmx_free(claims);
    return st;
}

static bpemix_status classify(const bmx_lab_plan *p, const bpemix_trace *trace, bmx_lab_row *row,
                              bpemix_error *err)
{
    uint32_t from = p->inherit < trace->n_merges ? p->inherit : 0;
    uint64_t n = trace->n_merges - from;

    row->merges = (uint32_t)(row->merges_asked && row->merges_asked < n ? row->merges_asked : n);
    return bmx_token_classification(trace, from, from + row->merges, row->value[BMX_LAB_SHARE],
                                    err);
}

bpemix_status bmx_lab_estimate(const bmx_lab_plan *p, const bpemix_trace *trace,
                               uint64_t sample_bytes, bmx_rng *rng, bmx_lab_outcome *out,
                               bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < p->n_merges; k++)
        for (size_t m = 0; m < p->n_methods && !st; m++) {
            bmx_lab_row *row = NULL;

            if ((st = bmx_lab_row_add(out, &row, err)))
                break;
            row->sample_bytes = sample_bytes;
            row->folds = p->folds;
            row->merges_asked = p->merges[k];
            row->method = (uint32_t)m;
            switch (p->method[m].kind) {
            case BMX_LAB_SOLVE:
                st = solve(p, trace, &p->method[m], out, row, err);
                break;
            case BMX_LAB_VERIFY:
                st = claim(p, trace, &p->method[m], rng, out, row, err);
                break;
            case BMX_LAB_TC:
                st = classify(p, trace, row, err);
                break;
            case BMX_LAB_UNIFORM:
                bmx_guess_uniform(row->value[BMX_LAB_SHARE], out->n);
                break;
            case BMX_LAB_RANDOM:
                bmx_guess_random(rng, row->value[BMX_LAB_SHARE], out->n);
                break;
            default: /* from all trials together: summary.c */
                break;
            }
            if (p->method[m].kind != BMX_LAB_SOLVE)
                bmx_lab_group_shares(p->group, out, row);
        }
    return st;
}

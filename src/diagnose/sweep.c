/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose/sweep.h"
#include "base/threads.h"
#include "diagnose/stretch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_number(const void *pa, const void *pb)
{
    uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
    return (a > b) - (a < b);
}

static void put_point(bmx_stretch *s, bmx_sweep_point *out)
{
    *out = (bmx_sweep_point){ .merges = s->to - s->from, .slack_relative = bmx_stretch_slack(s) };
    bmx_stretch_hand_over(s, &out->share_bytes, &out->share_pairs, &out->share_merges);
}

/* The largest difference of a share in the headline's unit between two points; the pool has none of
 * what is shared out. */
static double disagreement(const bpemix_result *r)
{
    double most = NAN;

    for (size_t a = 0; a < r->n_sweep; a++)
        for (size_t b = 0; b < a; b++)
            for (size_t i = 0; i < r->n_cats; i++) {
                const bmx_sweep_point *p = &r->sweep[a], *q = &r->sweep[b];
                double d = !p->share_bytes || !q->share_bytes ? NAN
                           : r->unit == BMX_UNIT_MERGES
                               ? fabs(p->share_merges[i] - q->share_merges[i])
                               : fabs(p->share_bytes[i] - q->share_bytes[i]);
                if (i != r->pooled_at && isfinite(d) && !(d <= most))
                    most = d;
            }
    return most;
}

bpemix_status bmx_sweep(const bmx_view *view, const bmx_plan *plan, const bmx_control *ctl,
                        const bpemix_solve_opts *opts, bpemix_result *r, bpemix_error *err)
{
    size_t n = opts->n_sweep;
    uint32_t *merges = bmx_malloc(n, sizeof *merges), left = view->trace->n_merges - plan->from;
    bmx_stretch *s = bmx_calloc(n, sizeof *s);
    bpemix_status st = merges && s ? BPEMIX_OK : bmx_nomem(err);

    if (!st) {
        memcpy(merges, opts->sweep, n * sizeof *merges);
        qsort(merges, n, sizeof *merges, by_number);
    }
    for (size_t k = 0; k < n && !st; k++) {
        s[k] = (bmx_stretch){ .view = view, .plan = plan, .ctl = ctl, .start = r->main.share_pairs,
                          .from = plan->from, .to = plan->from + merges[k], .gap = plan->gap };
        if (merges[k] == 0 || merges[k] > left)
            st = bmx_with_param(err,
                                bmx_fail_hint(err, BPEMIX_E_USAGE, "",
                                              "give other numbers of merges",
                                              "%u merge%s counted from %u on, not %u",
                                              (unsigned)left, left == 1 ? " was" : "s were",
                                              (unsigned)plan->from, (unsigned)merges[k]),
                                "sweep");
        else
            st = bmx_stretch_want_shares(&s[k], err);
    }
    if (!st && !(r->sweep = bmx_calloc(n, sizeof *r->sweep)))
        st = bmx_nomem(err);
    if (!st)
        st = bmx_stretch_solve_all(s, n, bmx_thread_count(opts->n_threads), err);
    for (size_t k = 0; k < n && !st; k++)
        put_point(&s[k], &r->sweep[r->n_sweep++]);
    if (!st)
        r->disagreement_merges = disagreement(r);
    bmx_stretches_free(s, n);
    bmx_free(merges);
    return st;
}


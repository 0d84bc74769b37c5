/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/solver.h"
#include "base/cancel.h"

#include <math.h>

bpemix_status bmx_control_check(bmx_control *ctl, double lower, double upper, uint64_t rows,
                                bpemix_error *err)
{
    bpemix_status st = bmx_check_cancel(err);

    if (st || !bmx_progress_due(&ctl->progress))
        return st;
    return bmx_progress_tell(&ctl->progress,
                             &(bpemix_progress){ .stage = "solving", .unit = "rows", .done = rows,
                                                 .bound = lower * 1e-6,
                                                 .gap = upper > 0 ? (upper - lower) / upper : 0,
                                                 .target = ctl->gap },
                             err);
}

bpemix_status bmx_optimum_init(bmx_optimum *o, const bmx_constraints *c, bpemix_error *err)
{
    bmx_optimum m = { .upper = INFINITY };

    m.alpha = bmx_calloc(c->n_cats, sizeof *m.alpha);
    m.theta = bmx_calloc(c->n_steps, sizeof *m.theta);
    if (!m.alpha || !m.theta) {
        bmx_optimum_release(&m);
        return bmx_nomem(err);
    }
    *o = m;
    return BPEMIX_OK;
}

void bmx_optimum_release(bmx_optimum *o)
{
    bmx_free(o->alpha);
    bmx_free(o->theta);
    *o = (bmx_optimum){ 0 };
}

bool bmx_optimum_perfect(const bmx_optimum *o, const bmx_constraints *c)
{
    double sum = 0;

    for (uint32_t t = 0; t < c->n_steps; t++)
        sum += o->theta[t];
    return o->upper <= 1e-11 * sum;
}

double bmx_optimum_gap(const bmx_optimum *o, const bmx_constraints *c)
{
    double gap = (o->upper - o->lower) / o->upper;

    return bmx_optimum_perfect(o, c) || gap < 1e-14 ? 0 : gap;
}

void bmx_simplex_clip(double *alpha, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += alpha[i] = alpha[i] > 0 ? alpha[i] : 0;
    for (size_t i = 0; i < n; i++)
        alpha[i] = sum > 0 ? alpha[i] / sum : 1.0 / (double)n;
}

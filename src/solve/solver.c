#include "solve/solver.h"
#include "base/cancel.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

double bmx_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

bpemix_status bmx_control_check(bmx_control *ctl, double lower, double upper, uint64_t rows,
                                bpemix_error *err)
{
    double now = bmx_clock();

    if (ctl->progress && now - ctl->reported >= 0.25) {
        char text[160];
        snprintf(text, sizeof text, "bound %.6g, best %.6g, gap %.1e, %" PRIu64 " rows, %.0f s",
                 lower * 1e-6, upper * 1e-6, upper > 0 ? (upper - lower) / upper : 0.0, rows,
                 now - ctl->started);
        ctl->reported = now;
        ctl->progress(ctl->progress_ctx, "solving", text);
    }
    return bmx_check_cancel(err);
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

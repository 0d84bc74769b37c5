/* SPDX-License-Identifier: GPL-3.0-or-later */
/* steps_body.h - the functions of steps.h: a body for every kind of processor (cpu.h).
 *
 * Where four comparisons are true is a mask of four numbers, -1 or 0.  Each step is written to a
 * list, and stays if its number is -1: which those are is not to be foretold. */
#include "base/cpu.h"
#include "solve/dot.h"
#include "solve/steps_kernel.h"

#include <math.h>

typedef int64_t mask __attribute__((vector_size(32), aligned(8), may_alias));

static inline bmx_four *at(double *p) { return (bmx_four *)p; }

/* Append those of s .. s + 3 that are set to list[n]; returns its new length. */
static inline size_t append(uint32_t *list, size_t n, size_t s, const mask *set)
{
    for (size_t k = 0; k < 4; k++) {
        list[n] = (uint32_t)(s + k);
        n -= (size_t)(*set)[k];
    }
    return n;
}

static inline size_t append_one(uint32_t *list, size_t n, size_t s, bool set)
{
    list[n] = (uint32_t)s;
    return n + set;
}

#define FOUR(p, s) (*(const bmx_four *)((p) + (s)))

static size_t place(const bmx_steps *x, double *y, double *pays, uint32_t *near)
{
    size_t n = 0, s = 0;

    for (; s + 4 <= x->n; s += 4) {
        bmx_four b = FOUR(x->b, s), w = FOUR(x->weight, s), twice;
        mask above = b > FOUR(x->low, s), between = above & (b < FOUR(x->high, s));

        twice = (bmx_four)(above & (mask)(w + w));
        *at(y + s) = twice;
        *at(pays + s) = w - twice;
        n = append(near, n, s, &between);
    }
    for (; s < x->n; s++) {
        bool above = x->b[s] > x->low[s];

        y[s] = above ? 2 * x->weight[s] : 0;
        pays[s] = x->weight[s] - y[s];
        n = append_one(near, n, s, above & (x->b[s] < x->high[s]));
    }
    return n;
}

static double cost(const bmx_steps *x, uint32_t *beyond, size_t *n)
{
    bmx_four sum = { 0 };
    double rest = 0;
    size_t s = 0;

    *n = 0;
    for (; s + 4 <= x->n; s += 4) {
        bmx_four theta = FOUR(x->theta, s), d = theta - FOUR(x->b, s), less = -d;
        mask negative = d < 0;
        mask out = (theta < FOUR(x->low, s)) | (theta > FOUR(x->high, s));

        d = (bmx_four)((negative & (mask)less) | (~negative & (mask)d));
        sum += FOUR(x->weight, s) * d;
        if (out[0] | out[1] | out[2] | out[3])
            *n = append(beyond, *n, s, &out);
    }
    for (; s < x->n; s++) {
        double theta = x->theta[s];

        rest += x->weight[s] * fabs(theta - x->b[s]);
        *n = append_one(beyond, *n, s, (theta < x->low[s]) | (theta > x->high[s]));
    }
    return bmx_fold(&sum, rest);
}

static void bound(const double *theta, size_t n, double part, double times, double *low,
                  double *high)
{
    size_t s = 0;

    for (; s + 4 <= n; s += 4) {
        *at(low + s) = part * FOUR(theta, s);
        *at(high + s) = times * FOUR(theta, s);
    }
    for (; s < n; s++) {
        low[s] = part * theta[s];
        high[s] = times * theta[s];
    }
}

static bool reach(const double *theta, const double *least, size_t n)
{
    mask below = { 0 };
    bool any = false;
    size_t s = 0;

    for (; s + 4 <= n; s += 4)
        below |= FOUR(theta, s) < FOUR(least, s);
    for (; s < n; s++)
        any |= theta[s] < least[s];
    return !(any || (below[0] | below[1] | below[2] | below[3]));
}

static size_t changed(const double *a, const double *b, size_t n, uint32_t *out)
{
    size_t found = 0, s = 0;

    for (; s + 4 <= n; s += 4) {
        mask differs = FOUR(a, s) != FOUR(b, s);

        if (differs[0] | differs[1] | differs[2] | differs[3])
            found = append(out, found, s, &differs);
    }
    for (; s < n; s++)
        found = append_one(out, found, s, a[s] != b[s]);
    return found;
}

#undef FOUR

const bmx_steps_kernel BMX_FOR_CPU(bmx_steps) = { place, cost, bound, reach, changed };

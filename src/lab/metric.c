/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/metric.h"

#include <math.h>

/* Ends of ranges are found to within this (diagnose/ends.c): a share of 0 is in a range that
 * begins with a millionth. */
#define END_ERROR 2e-5

static double mean_square(const double *truth, const double *estimate, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (truth[i] - estimate[i]) * (truth[i] - estimate[i]);
    return sum / (double)n;
}

double bmx_log10_mse(const double *truth, const double *estimate, size_t n)
{
    return log10(mean_square(truth, estimate, n));
}

double bmx_rms_error(const double *truth, const double *estimate, size_t n)
{
    return sqrt(mean_square(truth, estimate, n));
}

void bmx_cover(bmx_covering *c, const double *truth, const double *low, const double *high,
               size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (isnan(low[i]) || isnan(high[i]))
            continue;
        c->n++;
        c->covered += low[i] - END_ERROR <= truth[i] && truth[i] <= high[i] + END_ERROR;
        c->width += high[i] - low[i];
    }
}

void bmx_mean_add(bmx_mean *m, double x)
{
    if (!isfinite(x))
        return;
    m->n++;
    m->sum += x;
    m->squares += x * x;
}

double bmx_mean_of(const bmx_mean *m) { return m->n ? m->sum / (double)m->n : NAN; }

double bmx_mean_deviation(const bmx_mean *m)
{
    double mean = bmx_mean_of(m), v;

    if (m->n < 2)
        return NAN;
    v = (m->squares - (double)m->n * mean * mean) / (double)(m->n - 1);
    return v > 0 ? sqrt(v) : 0;
}

double bmx_mean_error(const bmx_mean *m)
{
    return bmx_mean_deviation(m) / sqrt((double)m->n);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metric.h - how far an estimate is from the truth, and means over trials. */
#ifndef BMX_LAB_METRIC_H
#define BMX_LAB_METRIC_H

#include <stddef.h>

/* log10 of the mean squared error over n categories, the paper's measure;
 * -INFINITY when the estimate is exact. */
double bmx_log10_mse(const double *truth, const double *estimate, size_t n);

/* Root of the mean squared error of a share. */
double bmx_rms_error(const double *truth, const double *estimate, size_t n);

/* Add n intervals to *c, of which those with a low end of NaN are passed over: their number, how
 * many hold the truth, and the sum of their widths. */
typedef struct bmx_covering {
    size_t n, covered;
    double width;
} bmx_covering;
void bmx_cover(bmx_covering *c, const double *truth, const double *low, const double *high,
               size_t n);

/* Mean and its standard error, one value after the other.  Values that are not finite
 * count as missing. */
typedef struct bmx_mean {
    size_t n;
    double sum, squares;
} bmx_mean;
void bmx_mean_add(bmx_mean *m, double x);
double bmx_mean_of(const bmx_mean *m);         /* NaN: no values */
double bmx_mean_error(const bmx_mean *m);      /* NaN: fewer than two */
double bmx_mean_deviation(const bmx_mean *m);  /* of the values; NaN: fewer than two */

#endif

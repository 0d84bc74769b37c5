/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strips.h - sparse rows, four of one length side by side, to compute all their counts in a
 * mixture.
 *
 *     rows (constraint.h)                      a strip of rows 3, 0, 7, 4
 *
 *     row 0    en .5   fr .2                   en .1   en .5   de .3   en .9     first entries
 *     row 1    fr .1                           de .2   fr .2   fr .1   zz 0      second ones
 *     row 3    en .1   de .2
 *     row 4    en .9
 *
 * Most rows have a handful of entries, and neighbours differ in length, so that the processor
 * mispredicts the end of each loop and waits for each sum.  Here rows are sorted by length, so that
 * strips need next to no padding, and four sums are made at a time: a third of the time for 58,000
 * rows of seven entries.  Each sum has the same bits as that of bmx_rows_dot(). */
#ifndef BMX_SOLVE_STRIPS_H
#define BMX_SOLVE_STRIPS_H

#include "solve/constraint.h"

#define BMX_STRIP 4 /* rows */

typedef struct bmx_strips {
    size_t n_strips;
    uint32_t *row;   /* row[n_strips][BMX_STRIP]: where their sums go; the last of the rows that
                        came together fills their last strip, if need be more than once */
    uint64_t *first; /* first[n_strips + 1] into the next two */
    uint32_t *cat;   /* cat[first[n_strips]][BMX_STRIP] */
    double *x;
    uint32_t *order; /* scratch: the rows by length */
    size_t row_cap, first_cap, cat_cap, x_cap, order_cap;
} bmx_strips;

/* One that is all zeros is empty. */
void bmx_strips_release(bmx_strips *s);
void bmx_strips_clear(bmx_strips *s);

/* Rows some[0 .. n) of `rows`, as rows at .. at + n - 1; some NULL: the first n. */
bpemix_status bmx_strips_add(bmx_strips *s, const bmx_rows *rows, const uint32_t *some, size_t n,
                             uint32_t at, bpemix_error *err);
bpemix_status bmx_strips_copy(bmx_strips *s, const bmx_strips *from, bpemix_error *err);

/* Row k becomes row place[k]. */
void bmx_strips_move(bmx_strips *s, const uint32_t *place);

/* Multiply every entry by factor[its category]. */
void bmx_strips_rescale(bmx_strips *s, const double *factor);

/* out[]: what alpha[n_cats] makes of every row. */
void bmx_strips_dot(const bmx_strips *s, const double *alpha, double *out);

#endif

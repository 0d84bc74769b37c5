/* SPDX-License-Identifier: GPL-3.0-or-later */
/* live.h - the categories whose shares an interior point method still moves, and the rows of its
 * program without the others.
 *
 *     category       0    1    2    3    4          out: 1 and 3
 *     row            7    2    .    5    1          as the program has it
 *     live.row       7    .    .    .    1          what products are made of
 *
 * Bounds are over all categories, so that those that are out can make them no better. */
#ifndef BMX_SOLVE_LIVE_H
#define BMX_SOLVE_LIVE_H

#include "solve/newton.h"

typedef struct bmx_live {
    size_t n_cats, n;   /* n live ones */
    bool *out;          /* out[n_cats] */
    bool *back;         /* back[n_cats]: was out and is not to go again */
    bmx_entries *row;   /* row[n_rows] */
    uint32_t *cat;      /* their entries */
    double *x;
    size_t row_cap, cat_cap, x_cap;
} bmx_live;

/* Those that are held are out from the start. */
bpemix_status bmx_live_init(bmx_live *l, const bool *held, size_t n_cats, bpemix_error *err);
void bmx_live_release(bmx_live *l);

/* l->row becomes row[n_rows] without the entries of categories that are out, which at the shares
 * alpha add rest[n_rows]. */
bpemix_status bmx_live_rows(bmx_live *l, const bmx_entries *row, size_t n_rows,
                            const double *alpha, double *rest, bpemix_error *err);

/* Shares that are going to 0 are left out, a twentieth of the live ones at least, as rows are
 * written anew.  alpha[n_cats] and z[n_cats] as in interior.h; upper is what f is. */
bool bmx_live_leave_out(bmx_live *l, const double *alpha, const double *z, double upper);

/* Categories that are out, and not held, come back where they keep the lower bound down, whose
 * slope is given: slope_i = z_i + lambda.  Their shares stay as small as they have become; lambda
 * makes room so that z of none of them is below `inside`. */
bool bmx_live_take_back(bmx_live *l, const bool *held, const double *slope, double inside,
                        double *z, double *lambda);

#endif

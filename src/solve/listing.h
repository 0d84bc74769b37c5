/* SPDX-License-Identifier: GPL-3.0-or-later */
/* listing.h - pairs never merged that may be above theta, for mixtures near those seen so far.
 *
 * Most pairs never merged lie far below theta for every mixture that is evaluated.  The others are
 * listed, with a certificate:
 *
 * L1  For alpha <= reach[] and theta >= least[], no pair that is not listed is above theta.
 *     The optimum over the listed rows is then that over all.
 *
 * A mixture that is beyond reach in a few categories adds rows of those categories alone:
 *
 *     row     3  7  8 12 15 ...    listed, by rising row, so that those of a step are together
 *     count   .  .  .  .  .        of each, in the same order
 *     strips  0 1 3 ... | 2 4      as rows came; they know the places in row[]
 *
 * L2  Rows rise, and each place is in the strips once, but for what fills them up. */
#ifndef BMX_SOLVE_LISTING_H
#define BMX_SOLVE_LISTING_H

#include "solve/monotone_rows.h"
#include "solve/strips.h"

typedef struct bmx_listing {
    const bmx_monotone_rows *rows; /* borrowed */
    uint32_t *row;                 /* row[n], L2 */
    size_t n;
    uint32_t *first;               /* first[n_steps + 1] into row */
    bmx_strips strips;
    double *count;                 /* count[n] */
    double *reach, *least;         /* reach[n_cats], least[n_steps]: L1 */
    uint64_t *has;                 /* a bit a row: it is listed */
    uint32_t *fresh;               /* scratch: rows to be added */
    uint32_t *place;               /* scratch: where places of before are now */
    size_t fresh_cap, place_cap;
    uint64_t version;              /* another one, another list */
    double waste;                  /* rows that were counted in vain since the list was made */
} bmx_listing;

/* Nothing is listed yet. */
bpemix_status bmx_listing_init(bmx_listing *l, const bmx_monotone_rows *rows, bpemix_error *err);
void bmx_listing_release(bmx_listing *l);

/* Copy the list of `from`, which is of the same rows. */
bpemix_status bmx_listing_copy(bmx_listing *l, const bmx_listing *from, bpemix_error *err);

/* Is the condition of L1 met? */
bool bmx_listing_covers(const bmx_listing *l, const double *alpha, const double *theta);

/* Extend the list until it is, and a little farther. */
bpemix_status bmx_listing_widen(bmx_listing *l, const double *alpha, const double *theta,
                                bpemix_error *err);

/* The counts of the listed rows. */
void bmx_listing_count(bmx_listing *l, const double *alpha);

/* To be told after each count how many rows were of use.  True: counting the others has by now
 * cost more than making the list anew would. */
bool bmx_listing_wastes(bmx_listing *l, size_t of_use);

/* Make the list anew for alpha and theta alone. */
bpemix_status bmx_listing_renew(bmx_listing *l, const double *alpha, const double *theta,
                                bpemix_error *err);

/* The rows were rescaled by factor[n_cats]. */
void bmx_listing_rescale(bmx_listing *l, const double *factor);

#endif

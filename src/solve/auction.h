/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auction.h - the inner problem of the paper's linear program for fixed shares.
 *
 * For fixed alpha the program over v and u is the dual of a matching of merge
 * steps with pairs of largest weight, weight W_p(t) - b_t on (t, p): the rows'
 * multipliers y >= 0 have sums of at most 1 over a step and over a pair, that
 * matrix is totally unimodular, and negative edges are never taken.  So any
 * matching M gives the cut  f(alpha') >= sum over M of (x_p(t) - x_m(t)) . alpha'
 * everywhere, and any theta >= b a value that f(alpha) cannot exceed. */
#ifndef BMX_SOLVE_AUCTION_H
#define BMX_SOLVE_AUCTION_H

#include "solve/bundle.h"

typedef struct bmx_auction bmx_auction;

/* c must have its states.  No weights at first. */
bpemix_status bmx_auction_new(const bmx_constraints *c, bmx_auction **out, bpemix_error *err);
void bmx_auction_free(bmx_auction *a);

/* Weights of slack for all later calls, above 0 and borrowed as long as they
 * are used. */
void bmx_auction_weigh(bmx_auction *a, const bmx_slack_weights *w);

/* Valid as long as a. */
bmx_oracle bmx_auction_oracle(bmx_auction *a);

#endif

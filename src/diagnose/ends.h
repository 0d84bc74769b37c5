/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ends.h - the ends of the ranges of shares, one after the other.
 *
 * In z, shares in the scale in which the program was solved, the mixtures that explain the
 * merges nearly as well as the best one z* are the convex set
 *
 *     { z >= 0 : e . z = 1, f(z) <= rho }      rho = (1 + delta) f(z*)
 *
 * for two deltas (delta.h), of the inner set and of the outer one that holds it.
 *
 * f is piecewise linear with tens of thousands of pieces and so, at the size of these sets,
 * nearly smooth.  Cutting planes would need as many cuts for every end of every range as
 * there are categories, twice.  Instead the end of a range is followed by a model,
 *
 *     Q1  minimize  r . z + 1/2 (z - z*)' H (z - z*) - lambda c . z
 *         with      e . z = 1,  z >= 0,
 *                   g_j . z <= rho  for the cuts g_j . z <= f(z) made for this end
 *
 * where r is the reduced cost, by the multipliers of the optimum, of shares that are held at 0 by
 * their bound, H the curvature of f at z* (solve/curvature.h), c . z what the share in question
 * gains (loses) to first order at the end that was reached, and lambda the price of that: the
 * higher it is, the farther Q1 goes.
 *
 *  1. Find the price for which Q1 says that f reaches rho, and w, its solution for that price;
 *     where the cuts hold the share before, or it can go no farther (0, for a lower end), w is that
 *     point.  For the inner set, first go as far towards the end of the outer one as f is likely to
 *     allow, and look at f there.  In another unit, cuts and H of the one before stay.
 *  2. Evaluate f at w.  The point between z* and w at which the chord of f reaches rho is in the
 *     set, because f is convex, and so is that between a point seen before and w, of which one is
 *     in the set: the range reaches to their shares.
 *  3. Correct H by the gradient at w, and make w a cut, which sends the next w nearer or sideways
 *     where this one is outside of the set.  Go to 1 while the range grows and Q1 has room for
 *     more.
 *
 * Every end starts from the same H and without cuts, which the inner set's takes over from the
 * outer one's, so that it does not depend on which ends were looked for before; but each point
 * is noted for the ranges of all shares.
 *
 * I1  low[] and high[] are shares of mixtures that are in the set: a range is never wider
 *     than the true one.  Another solution that it is to hold (identify.h) is the one exception.
 *     Where asserts are on, f is evaluated at each point, by another evaluator than the one that
 *     finds it: results are those of other builds. */
#ifndef BMX_DIAGNOSE_ENDS_H
#define BMX_DIAGNOSE_ENDS_H

#include "diagnose/delta.h"
#include "result/result.h"
#include "solve/bundle.h"
#include "solve/qp.h"

enum { BMX_ENDS_INNER, BMX_ENDS_OUTER, BMX_ENDS_LEVELS };

typedef struct bmx_target {
    bpemix_share *share;
    const uint32_t *member; /* owned */
    size_t n;
    double low[BMX_ENDS_LEVELS][BMX_UNITS], high[BMX_ENDS_LEVELS][BMX_UNITS]; /* I1 */
    bool known;     /* all ends were followed */
    bool pooled;    /* the share of the pool, of all there is */
    uint32_t rival; /* the category that gives way most where this one has most of the bytes */
} bmx_target;

typedef struct bmx_ends {
    size_t n;
    size_t n_merges; /* that f has terms of */
    bmx_oracle oracle;
    bmx_oracle check;        /* f once more where asserts are on, with a state of its own: I1 */
    bmx_control *ctl;
    double *block;           /* all vectors below */
    double *scale;           /* z = share of pairs * scale */
    double *sum;             /* e: 1, or 0 for shares that the program held */
    double *unit[BMX_UNITS]; /* of z; 0 for the pool, no part of what is shared out */
    double *whole[BMX_UNITS]; /* the same with it */
    double *best, *slope;    /* z*; a subgradient there */
    const double *also;      /* another z that all ranges are to hold; NULL: none; borrowed */
    double *cost;            /* r */
    double *w, *alpha, *g, *s, *y, *hs;
    double *end;             /* the point of the set farthest towards the end that is followed */
    double *metric;          /* H, n x n, as it was corrected */
    const double *curvature; /* H as an end starts with; borrowed */
    double *rows;            /* rows[n_cuts][n] of Q1 */
    double *cuts;            /* cuts[n_cuts][n] of f, for this end of both sets */
    double *point, *above;   /* point[n_cuts][n] they were made at, f there above its least value */
    size_t n_cuts, rows_cap, cuts_cap, point_cap, above_cap;
    double least;
    bmx_delta delta;
    double price;            /* lambda of Q1 at the last end */
    double told;             /* what Q1 says of f at the last point, as a part of what it is */
    int level;               /* whose ends are followed */
    bmx_qp qp;
    bmx_target *target;
    bmx_target *set;             /* one more, while it is looked at; NULL: none */
    size_t n_targets;
    bool late;
} bmx_ends;

/* x->n and what is borrowed are set by the caller. */
bpemix_status bmx_ends_init(bmx_ends *x, bpemix_error *err);
/* As bmx_ends_init(), for the same problem: what does not change is copied, targets are not. */
bpemix_status bmx_ends_copy(const bmx_ends *from, bmx_ends *x, bpemix_error *err);
void bmx_ends_release(bmx_ends *x);

/* f and a subgradient, into x->g, at z. */
bpemix_status bmx_ends_evaluate(bmx_ends *x, const double *z, double *value, bpemix_error *err);

/* Share of a unit at z; NaN: there is none of it. */
double bmx_ends_share(const bmx_ends *x, const bmx_target *t, int u, const double *z);

/* Note a point z of the set: all ranges reach at least to its shares. */
void bmx_ends_note(bmx_ends *x, int level, const double *z);

/* Both ends in every unit, of both sets. */
bpemix_status bmx_ends_find(bmx_ends *x, bmx_target *t, bpemix_error *err);

/* The ranges of t into its share, where they are known. */
void bmx_ends_publish(const bmx_ends *x, bmx_target *t);
/* Of the range that is shown in the unit of the result. */
double bmx_ends_width(const bpemix_result *r, const bpemix_share *s);

#endif

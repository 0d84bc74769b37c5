/* SPDX-License-Identifier: GPL-3.0-or-later */
/* newton.h - the steps of an interior point method for the monotone program (interior.h).
 *
 * A step dalpha of the shares and dtheta of the counts solves
 *
 *     (X' D X + C) dalpha - X' D E dtheta - 1 dlambda = p      sum of dalpha = 0
 *     -E' D X dalpha + A dtheta                       = q
 *     A = E' D E + B' K B
 *
 * where the rows of X are the counts of the rows of the program by category, row r of E has a 1
 * at the row's step, D, C and K are diagonal and positive, and B takes differences of neighbours.
 * A is tridiagonal.  Without dtheta the matrix is
 *
 *     H = X' D X - X' D E A^-1 E' D X + C
 *
 * Products with H take two passes over the entries of X.  The system is solved by conjugate
 * gradients with a preconditioner: H itself for the block of categories that matter, its diagonal
 * for the others.  C is z / alpha, which is large where a share goes to 0, and most shares do: of
 * 2,000 categories the block has a few hundred.  So a step takes hardly more time than the entries
 * of X are read in.
 *
 * N1  Rows of a step stand together, at[first[s]] .. at[first[s + 1] - 1].
 * N2  block[k] rises; place[i] is k where block[k] = i, else BMX_NONE. */
#ifndef BMX_SOLVE_NEWTON_H
#define BMX_SOLVE_NEWTON_H

#include "solve/constraint.h"

/* The entries of a row. */
typedef struct bmx_entries {
    const uint32_t *cat;
    const double *x;
    uint64_t n;
} bmx_entries;

/* Vectors whose squares are added to the block together (add_waiting() in newton.c). */
enum { BMX_NEWTON_WAITING = 16 };

typedef struct bmx_newton {
    size_t n_cats, n_rows, n_steps;
    const bool *held;           /* held[n_cats]: these shares stay as they are */
    const bmx_entries *row;     /* row[n_rows] */
    const uint32_t *step;       /* step[n_rows] */
    uint32_t *at, *first;       /* N1 */
    size_t at_cap;
    const double *d, *c, *k;    /* of the present system; borrowed */
    double *pivot, *link;       /* A = L diag(pivot) L', L has link[s] before the diagonal of s */
    double *by_step, *by_row;   /* room for products */
    size_t by_row_cap;
    uint32_t *pool;             /* pool[n_pools + 1]: their first steps */
    double *size, *pool_link;   /* of n_pools: as pivot and link, for one theta a pool */
    size_t n_pools;
    double *diagonal;           /* of H without C, nearly */
    double *negligible;         /* negligible[n_cats] */
    uint32_t *block, *place;    /* N2 */
    size_t n_block;
    double *dense;              /* dense[n_block][n_block]: H there, factored */
    size_t dense_cap;
    double *part, *batch;       /* of the block: a vector; those that wait, and two sums */
    double factor[BMX_NEWTON_WAITING]; /* of the square of each that waits */
    size_t n_waiting;
    size_t part_cap, batch_cap;
    double *one, one_sum;       /* P^-1 1, P being the preconditioner */
    double *left, *way, *bent, *near; /* of conjugate gradients */
    uint64_t n_products;        /* with H, so far */
} bmx_newton;

/* held is borrowed. */
bpemix_status bmx_newton_init(bmx_newton *w, const bool *held, size_t n_cats, size_t n_steps,
                              bpemix_error *err);
void bmx_newton_release(bmx_newton *w);

/* The rows, which are borrowed, as are their entries. */
bpemix_status bmx_newton_rows(bmx_newton *w, const bmx_entries *row, const uint32_t *step,
                              size_t n_rows, bpemix_error *err);

/* The system of d[n_rows], c[n_cats], k[n_steps], borrowed, and its preconditioner.  *regular =
 * false where numbers have become too large for there to be any. */
bpemix_status bmx_newton_set(bmx_newton *w, const double *d, const double *c, const double *k,
                             bool *regular, bpemix_error *err);

/* A right-hand side.  The equations of dtheta are satisfied; those of category i may be off by
 * part allowed[i]. */
typedef struct bmx_newton_aim {
    const double *p, *q; /* p[n_cats], q[n_steps] */
    const double *allowed;
    double part;
} bmx_newton_aim;

void bmx_newton_solve(bmx_newton *w, const bmx_newton_aim *aim, double *dalpha, double *dtheta,
                      double *dlambda);

/* out[n_rows] = X v; out[n_cats] = X' y. */
void bmx_newton_count(const bmx_newton *w, const double *v, double *out);
void bmx_newton_gather(const bmx_newton *w, const double *y, double *out);

/* out[n_cats] = the sum of y[r] times the entries of row[r]. */
void bmx_entries_gather(const bmx_entries *row, size_t n_rows, const double *y, size_t n_cats,
                        double *out);

#endif

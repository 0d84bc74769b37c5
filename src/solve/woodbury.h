/* SPDX-License-Identifier: GPL-3.0-or-later */
/* woodbury.h - solutions of M x = b where M is a diagonal and a few products of vectors:
 *
 *     M    = D + V' C V                       D n x n, C r x r, both diagonal; V r x n, r << n
 *     M^-1 = D^-1 - D^-1 V' K^-1 V D^-1       K = C^-1 + V D^-1 V', r x r
 *
 * (Woodbury 1950).  That takes r r n, where a factor of M takes n n n. */
#ifndef BMX_SOLVE_WOODBURY_H
#define BMX_SOLVE_WOODBURY_H

#include "base/mem.h"

typedef struct bmx_woodbury {
    size_t n, r, most;
    size_t plus;      /* of r: those of positive c, which come first */
    const double *d;  /* d[n], borrowed */
    const double **v; /* v[r]: rows of n, borrowed */
    double *c;        /* c[r] */
    double *k;        /* k[r][r]: the lower triangle of K, then its factor */
    double *part;     /* part[r] */
    double *row;      /* row[n] */
    double *left;     /* left[n]: what is missing of b */
    double *step;     /* step[n]: what that adds to x */
} bmx_woodbury;

/* r may be up to `most`. */
bpemix_status bmx_woodbury_init(bmx_woodbury *w, size_t n, size_t most, bpemix_error *err);
void bmx_woodbury_release(bmx_woodbury *w);

/* M = D, d[n] > 0; then one product c v v' after another, those of negative c behind the others. */
void bmx_woodbury_begin(bmx_woodbury *w, const double *d);
void bmx_woodbury_add(bmx_woodbury *w, const double *v, double c);

/* false where M, as far as rounding lets one tell, is singular. */
bool bmx_woodbury_factor(bmx_woodbury *w);
/* b[n] becomes x; rough: in a third of the time, off in some of its digits. */
void bmx_woodbury_solve(bmx_woodbury *w, double *b, bool rough);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/woodbury.h"
#include "base/assert.h"
#include "solve/dense.h"
#include "solve/dot.h"

#include <math.h>
#include <string.h>

bpemix_status bmx_woodbury_init(bmx_woodbury *w, size_t n, size_t most, bpemix_error *err)
{
    *w = (bmx_woodbury){ .n = n, .most = most };
    w->row = bmx_malloc(n, 3 * sizeof *w->row);
    w->v = bmx_malloc(most, sizeof *w->v);
    w->c = bmx_malloc(most, sizeof *w->c);
    w->k = most > SIZE_MAX / most ? NULL : bmx_malloc(most * most, sizeof *w->k);
    w->part = bmx_malloc(most, sizeof *w->part);
    if (!w->row || !w->v || !w->c || !w->k || !w->part) {
        bmx_woodbury_release(w);
        return bmx_nomem(err);
    }
    w->left = w->row + n;
    w->step = w->left + n;
    return BPEMIX_OK;
}

void bmx_woodbury_release(bmx_woodbury *w)
{
    bmx_free(w->row);
    bmx_free(w->v);
    bmx_free(w->c);
    bmx_free(w->k);
    bmx_free(w->part);
    *w = (bmx_woodbury){ 0 };
}

void bmx_woodbury_begin(bmx_woodbury *w, const double *d)
{
    w->d = d;
    w->r = 0;
}

void bmx_woodbury_add(bmx_woodbury *w, const double *v, double c)
{
    if (c == 0)
        return;
    BMX_ASSERT(w->r < w->most);
    w->v[w->r] = v;
    w->c[w->r++] = c;
}

/* A pivot below the fraction DEPENDENT is rounding: the row of K depends on others, and NOWHERE
 * makes that it is ignored (bmx_dense_factor()). */
#define DEPENDENT 1e-14
#define NOWHERE 1e150

/* So much of all vectors is worked on at a time, that it stays in the processor's cache. */
#define TILE 128

/* K = A S A', where S is 1 in the first `plus` rows and -1 in the others: M is positive, so that K
 * has as many positive and negative eigenvalues as C, and what is left of it behind the positive
 * rows is negative.  No pivots are needed. */
bool bmx_woodbury_factor(bmx_woodbury *w)
{
    size_t n = w->n, r = w->r;

    w->plus = 0;
    while (w->plus < r && w->c[w->plus] > 0)
        w->plus++;
    for (size_t a = 0; a < n; a++)
        w->step[a] = 1 / w->d[a];
    for (size_t i = 0; i < r; i++) {
        BMX_ASSERT((w->c[i] > 0) == (i < w->plus));
        memset(w->k + i * r, 0, i * sizeof *w->k);
        w->k[i * r + i] = 1 / w->c[i];
    }
    for (size_t from = 0; from < n; from += TILE) {
        size_t to = n - from < TILE ? n : from + TILE;

        for (size_t i = 0; i < r; i++) {
            for (size_t a = from; a < to; a++)
                w->row[a] = w->v[i][a] * w->step[a];
            bmx_dense_products(w->row, w->v, i + 1, from, to, w->k + i * r);
        }
    }
    return bmx_dense_factor(w->k, r, w->plus, DEPENDENT, NOWHERE);
}

/* b[n] becomes M^-1 b as the formula has it. */
static void apply_inverse(bmx_woodbury *w, double *b)
{
    size_t n = w->n, r = w->r;
    double *x = w->part;

    for (size_t a = 0; a < n; a++)
        b[a] /= w->d[a];
    for (size_t i = 0; i < r; i++)
        x[i] = bmx_dot(w->v[i], b, n);
    for (size_t i = 0; i < r; i++)
        x[i] = (x[i] - bmx_dot(w->k + i * r, x, i)) / w->k[i * r + i];
    for (size_t i = w->plus; i < r; i++)
        x[i] = -x[i];
    for (size_t i = r; i-- > 0;) {
        x[i] /= w->k[i * r + i];
        for (size_t j = 0; j < i; j++)
            x[j] -= w->k[i * r + j] * x[i];
    }
    memset(w->row, 0, n * sizeof *w->row);
    for (size_t i = 0; i < r; i++)
        for (size_t a = 0; a < n; a++)
            w->row[a] += x[i] * w->v[i][a];
    for (size_t a = 0; a < n; a++)
        b[a] -= w->row[a] / w->d[a];
}

/* b[n] -= M x. */
static void subtract(const bmx_woodbury *w, const double *x, double *b)
{
    for (size_t a = 0; a < w->n; a++)
        b[a] -= w->d[a] * x[a];
    for (size_t i = 0; i < w->r; i++) {
        double part = w->c[i] * bmx_dot(w->v[i], x, w->n);

        for (size_t a = 0; a < w->n; a++)
            b[a] -= part * w->v[i][a];
    }
}

static double largest(const double *x, size_t n)
{
    double most = 0;

    for (size_t a = 0; a < n; a++)
        most = fmax(most, fabs(x[a]));
    return most;
}

/* The formula loses digits where entries of D are far apart, as they are near the optimum of a
 * program: what is missing of b is solved for, too, until it is this part of b, or this often. */
#define MISSING 1e-10
#define SOLVED 5

void bmx_woodbury_solve(bmx_woodbury *w, double *b, bool rough)
{
    size_t n = w->n;
    double enough = MISSING * largest(b, n);

    memcpy(w->left, b, n * sizeof *b);
    memset(b, 0, n * sizeof *b);
    for (int k = 0; k < SOLVED; k++) {
        memcpy(w->step, w->left, n * sizeof *b);
        apply_inverse(w, w->step);
        for (size_t a = 0; a < n; a++)
            b[a] += w->step[a];
        if (rough)
            break;
        subtract(w, w->step, w->left);
        if (!(largest(w->left, n) > enough))
            break;
    }
}

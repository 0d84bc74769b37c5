/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/woodbury.h"
#include "base/assert.h"
#include "solve/dot.h"

#include <math.h>
#include <string.h>

bpemix_status bmx_woodbury_init(bmx_woodbury *w, size_t n, size_t most, bpemix_error *err)
{
    *w = (bmx_woodbury){ .n = n, .most = most };
    w->row = bmx_malloc(n, sizeof *w->row);
    w->v = bmx_malloc(most, sizeof *w->v);
    w->c = bmx_malloc(most, sizeof *w->c);
    w->k = most > SIZE_MAX / most ? NULL : bmx_malloc(most * most, sizeof *w->k);
    w->part = bmx_malloc(most, sizeof *w->part);
    if (w->row && w->v && w->c && w->k && w->part)
        return BPEMIX_OK;
    bmx_woodbury_release(w);
    return bmx_nomem(err);
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

/* out[j] = row' v[j], four at a time, as that loads row once for all of them. */
static void products(const double *row, const double *const *v, size_t m, size_t n, double *out)
{
    size_t j = 0;

    for (; j + 4 <= m; j += 4) {
        bmx_two s0 = { 0, 0 }, s1 = { 0, 0 }, s2 = { 0, 0 }, s3 = { 0, 0 };
        size_t i = 0;

        for (; i + 2 <= n; i += 2) {
            bmx_two x = *(const bmx_two *)(row + i);

            s0 += x * *(const bmx_two *)(v[j] + i);
            s1 += x * *(const bmx_two *)(v[j + 1] + i);
            s2 += x * *(const bmx_two *)(v[j + 2] + i);
            s3 += x * *(const bmx_two *)(v[j + 3] + i);
        }
        out[j] = s0[0] + s0[1];
        out[j + 1] = s1[0] + s1[1];
        out[j + 2] = s2[0] + s2[1];
        out[j + 3] = s3[0] + s3[1];
        for (; i < n; i++)
            for (size_t k = 0; k < 4; k++)
                out[j + k] += row[i] * v[j + k][i];
    }
    for (; j < m; j++)
        out[j] = bmx_dot(row, v[j], n);
}

/* What is left of a row of K that others make up is rounding: it takes no part then. */
#define DEPENDENT 1e-14
#define NOWHERE 1e150

/* Lower triangle of k becomes A of K = A S A', where S is 1 in the first `plus` rows and -1 in the
 * others.  M is positive, so that K has as many positive and negative eigenvalues as C, and what is
 * left of it behind the positive rows is negative: no pivots are needed. */
static bool factor(double *k, size_t plus, size_t r)
{
    for (size_t i = 0; i < r; i++) {
        double *ri = k + i * r;

        for (size_t j = 0; j <= i; j++) {
            const double *rj = k + j * r;
            size_t first = j < plus ? j : plus;
            double sum = ri[j] - bmx_dot(ri, rj, first) +
                         bmx_dot(ri + first, rj + first, j - first);

            sum = j < plus ? sum : -sum;
            if (j < i)
                ri[j] = sum / rj[j];
            else if (!isfinite(sum))
                return false;
            else
                ri[i] = sum > DEPENDENT * fabs(ri[i]) ? sqrt(sum) : NOWHERE;
        }
    }
    return true;
}

bool bmx_woodbury_factor(bmx_woodbury *w)
{
    size_t n = w->n, r = w->r;

    w->plus = 0;
    while (w->plus < r && w->c[w->plus] > 0)
        w->plus++;
    for (size_t i = 0; i < r; i++) {
        BMX_ASSERT((w->c[i] > 0) == (i < w->plus));
        for (size_t a = 0; a < n; a++)
            w->row[a] = w->v[i][a] / w->d[a];
        products(w->row, w->v, i + 1, n, w->k + i * r);
        w->k[i * r + i] += 1 / w->c[i];
    }
    return factor(w->k, w->plus, r);
}

void bmx_woodbury_solve(bmx_woodbury *w, double *b)
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

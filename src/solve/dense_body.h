/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dense_body.h - the functions of dense.h: a body for every kind of processor (cpu.h).
 *
 * Four rows of the factor are made at a time, so that each row above them is loaded once for all
 * four, and their sums do not wait for each other:
 *
 *     row j      a a a a d                    1. entry j of all four: what is above it times what
 *     row i      l l l l .                       is left of it, for j < i
 *     row i + 1  l l l l . .                  2. the triangle, row by row
 *     row i + 2  l l l l . . .
 *     row i + 3  l l l l . . . .
 *
 * Every product is made of four sums, as bmx_dot() makes it: the same bits with registers of two
 * and of four. */
#include "base/cpu.h"
#include "solve/dense_kernel.h"
#include "solve/dot.h"

#include <math.h>

/* sum[k] = row[k][from .. to) . b[from .. to) for four rows. */
static inline void dots(double *const row[4], const double *b, size_t from, size_t to, double *sum)
{
    bmx_four s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
    double t0 = 0, t1 = 0, t2 = 0, t3 = 0;
    size_t i = from;

    for (; i + 4 <= to; i += 4) {
        bmx_four x = *(const bmx_four *)(b + i);

        s0 += x * *(const bmx_four *)(row[0] + i);
        s1 += x * *(const bmx_four *)(row[1] + i);
        s2 += x * *(const bmx_four *)(row[2] + i);
        s3 += x * *(const bmx_four *)(row[3] + i);
    }
    for (; i < to; i++) {
        t0 += row[0][i] * b[i];
        t1 += row[1][i] * b[i];
        t2 += row[2][i] * b[i];
        t3 += row[3][i] * b[i];
    }
    sum[0] = bmx_fold(&s0, t0);
    sum[1] = bmx_fold(&s1, t1);
    sum[2] = bmx_fold(&s2, t2);
    sum[3] = bmx_fold(&s3, t3);
}

/* Step 1 for entry j. */
static inline void above(double *const row[4], const double *rj, size_t j, size_t plus)
{
    size_t first = j < plus ? j : plus;
    double sum[4], rest[4] = { 0 };

    dots(row, rj, 0, first, sum);
    if (first < j)
        dots(row, rj, first, j, rest);
    for (size_t k = 0; k < 4; k++) {
        double left = row[k][j] - sum[k] + rest[k];

        row[k][j] = (j < plus ? left : -left) / rj[j];
    }
}

/* Entries from .. i of row i: step 2. */
static inline bool finish(double *a, size_t n, size_t i, size_t from, size_t plus, double dependent,
                          double nowhere)
{
    double *ri = a + i * n;

    for (size_t j = from; j <= i; j++) {
        const double *rj = a + j * n;
        size_t first = j < plus ? j : plus;
        double sum = ri[j] - bmx_dot(ri, rj, first) + bmx_dot(ri + first, rj + first, j - first);

        sum = j < plus ? sum : -sum;
        if (j < i)
            ri[j] = sum / rj[j];
        else if (!isfinite(sum))
            return false;
        else if (sum > dependent * fabs(ri[i]))
            ri[i] = sqrt(sum);
        else if (nowhere != 0)
            ri[i] = nowhere;
        else
            return false;
    }
    return true;
}

static bool factor(double *a, size_t n, size_t plus, double dependent, double nowhere)
{
    size_t i = 0;

    for (; i + 4 <= n; i += 4) {
        double *const row[4] = { a + i * n, a + (i + 1) * n, a + (i + 2) * n, a + (i + 3) * n };

        for (size_t j = 0; j < i; j++)
            above(row, a + j * n, j, plus);
        for (size_t k = 0; k < 4; k++)
            if (!finish(a, n, i + k, i, plus, dependent, nowhere))
                return false;
    }
    for (; i < n; i++)
        if (!finish(a, n, i, 0, plus, dependent, nowhere))
            return false;
    return true;
}

/* Entries from .. i of row i of the matrix += the products of four rows. */
static inline void add_four(double *to, const double *const row[4], const double *f, size_t i,
                            size_t from)
{
    double f0 = f[0] * row[0][i], f1 = f[1] * row[1][i];
    double f2 = f[2] * row[2][i], f3 = f[3] * row[3][i];
    size_t c = from;

    for (; c + 4 <= i + 1; c += 4)
        *(bmx_four *)(to + c) += f0 * *(const bmx_four *)(row[0] + c) +
                                 f1 * *(const bmx_four *)(row[1] + c) +
                                 f2 * *(const bmx_four *)(row[2] + c) +
                                 f3 * *(const bmx_four *)(row[3] + c);
    for (; c <= i; c++)
        to[c] += f0 * row[0][c] + f1 * row[1][c] + f2 * row[2][c] + f3 * row[3][c];
}

/* Rows i and i + 1, so that what both are made of is loaded once. */
static inline void add_eight(double *a, size_t n, const double *const row[4], const double *f,
                             size_t i)
{
    double *to = a + i * n, *next = to + n;
    const double *r0 = row[0], *r1 = row[1], *r2 = row[2], *r3 = row[3];
    double f0 = f[0] * r0[i], f1 = f[1] * r1[i], f2 = f[2] * r2[i], f3 = f[3] * r3[i];
    double g0 = f[0] * r0[i + 1], g1 = f[1] * r1[i + 1];
    double g2 = f[2] * r2[i + 1], g3 = f[3] * r3[i + 1];
    size_t c = 0;

    for (; c + 4 <= i + 1; c += 4) {
        bmx_four x0 = *(const bmx_four *)(r0 + c), x1 = *(const bmx_four *)(r1 + c);
        bmx_four x2 = *(const bmx_four *)(r2 + c), x3 = *(const bmx_four *)(r3 + c);

        *(bmx_four *)(to + c) += f0 * x0 + f1 * x1 + f2 * x2 + f3 * x3;
        *(bmx_four *)(next + c) += g0 * x0 + g1 * x1 + g2 * x2 + g3 * x3;
    }
    add_four(to, row, f, i, c);
    add_four(next, row, f, i + 1, c);
}

/* So many rows of the matrix stay in the cache while all products are added to them. */
#define IN_CACHE 8

static void add_products(double *a, size_t n, const double *const *row, const double *f, size_t m)
{
    for (size_t from = 0; from < n; from += IN_CACHE)
        for (size_t k = 0; k + 4 <= m; k += 4) {
            size_t i = from, to = n < from + IN_CACHE ? n : from + IN_CACHE;

            for (; i + 2 <= to; i += 2)
                add_eight(a, n, row + k, f + k, i);
            if (i < to)
                add_four(a + i * n, row + k, f + k, i, 0);
        }
}

static void products(const double *row, const double *const *v, size_t m, size_t from, size_t to,
                     double *out)
{
    size_t j = 0;

    for (; j + 4 <= m; j += 4) {
        double sum[4];

        dots((double *const *)(v + j), row, from, to, sum);
        for (size_t k = 0; k < 4; k++)
            out[j + k] += sum[k];
    }
    for (; j < m; j++)
        out[j] += bmx_dot(row + from, v[j] + from, to - from);
}

const bmx_dense_kernel BMX_FOR_CPU(bmx_dense) = { factor, add_products, products };

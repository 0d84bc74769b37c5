/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rng.h - a small reproducible generator (splitmix64); same bytes everywhere. */
#ifndef BMX_BASE_RNG_H
#define BMX_BASE_RNG_H

#include <math.h>
#include <stdint.h>

typedef struct bmx_rng {
    uint64_t state;
} bmx_rng;

static inline uint64_t bmx_rng_next(bmx_rng *r)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Uniform in [0, n), n > 0. */
static inline uint64_t bmx_rng_below(bmx_rng *r, uint64_t n)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % n, x;
    do
        x = bmx_rng_next(r);
    while (x >= limit);
    return x % n;
}

/* Uniform in [0, 1). */
static inline double bmx_rng_unit(bmx_rng *r) { return (double)(bmx_rng_next(r) >> 11) * 0x1p-53; }

/* share[n] uniform on the simplex (Dirichlet with all parameters 1). */
static inline void bmx_rng_simplex(bmx_rng *r, double *share, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += share[i] = -log(1 - bmx_rng_unit(r));
    for (int i = 0; i < n; i++)
        share[i] /= sum;
}

#endif

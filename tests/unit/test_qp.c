/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The quadratic program: no feasible direction from its answer descends, which a linear
 * program over the same constraints tells; and the bundle method on functions whose least
 * value is known. */
#include "test.h"

#include "base/rng.h"
#include "solve/bundle.h"
#include "solve/lp.h"
#include "solve/qp.h"
#include "solve/quasi_newton.h"

#include <math.h>

#define MOST 12

typedef struct problem {
    size_t n, m;
    double h[MOST * MOST], c[MOST], g[MOST * MOST], e[MOST], p[MOST], level;
    double gradient[MOST]; /* at the answer */
    double least;          /* of gradient . y over the constraints */
} problem;

/* H = A'A + 0.1, constraints that hold at a point of the simplex; sometimes weights of the
 * sum, with zeros among them, and a linear term. */
static void draw(bmx_rng *rng, problem *x, bool general)
{
    double a[MOST * MOST], inside[MOST], sum = 0;

    x->n = 2 + bmx_rng_below(rng, MOST - 1);
    x->m = bmx_rng_below(rng, MOST);
    x->level = 0.3;
    for (size_t i = 0; i < x->n * x->n; i++)
        a[i] = bmx_rng_unit(rng) - 0.5;
    for (size_t i = 0; i < x->n; i++)
        for (size_t k = 0; k < x->n; k++) {
            double h = i == k ? 0.1 : 0;
            for (size_t j = 0; j < x->n; j++)
                h += a[j * x->n + i] * a[j * x->n + k];
            x->h[i * x->n + k] = h;
        }
    for (size_t i = 0; i < x->n; i++) {
        x->e[i] = general ? (i > 0 && bmx_rng_below(rng, 4) == 0 ? 0 : 0.5 + bmx_rng_unit(rng)) : 1;
        x->p[i] = general ? bmx_rng_unit(rng) : 0;
        x->c[i] = bmx_rng_unit(rng) * 2 - 0.5;
        inside[i] = 0.1 + bmx_rng_unit(rng);
        sum += x->e[i] * inside[i];
    }
    for (size_t j = 0; j < x->m; j++) {
        double at = 0;
        for (size_t i = 0; i < x->n; i++) {
            x->g[j * x->n + i] = bmx_rng_unit(rng) * 2 - 1;
            at += x->g[j * x->n + i] * inside[i] / sum;
        }
        for (size_t i = 0; i < x->n; i++) /* room at the point inside */
            x->g[j * x->n + i] *= at > 0.25 ? 0.25 / at : 1;
    }
}

static bpemix_status best_direction(void *ctx, bpemix_error *err)
{
    problem *x = ctx;
    uint32_t col[MOST];
    bmx_lp *lp;
    bool optimal = false;
    bpemix_status st = bmx_lp_new(&lp, err);

    for (size_t i = 0; i < x->n && !st; i++) {
        col[i] = (uint32_t)i;
        st = bmx_lp_add_col(lp, x->gradient[i], 0, x->e[i] > 0 ? INFINITY : 100, err);
    }
    if (!st)
        st = bmx_lp_add_row(lp, 1, 1, x->n, col, x->e, err);
    for (size_t j = 0; j < x->m && !st; j++)
        st = bmx_lp_add_row(lp, -INFINITY, x->level, x->n, col, x->g + j * x->n, err);
    if (!st)
        st = bmx_lp_solve(lp, 0, INFINITY, &optimal, err);
    x->least = 0;
    for (size_t i = 0; i < x->n && !st; i++)
        x->least += x->gradient[i] * bmx_lp_value(lp, (uint32_t)i);
    bmx_lp_free(lp);
    return st;
}

static void no_direction_descends(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        bmx_rng rng = { seed };
        bool general = seed % 2, solved;
        double y[MOST], sum = 0, here = 0;
        bpemix_error err;
        problem x;
        bmx_qp q;

        draw(&rng, &x, general);
        CHECK_OK(bmx_qp_init(&q, x.n, &err));
        CHECK_OK(bmx_qp_solve(&q, &(bmx_qp_program){ .m = x.m, .h = x.h, .c = x.c, .g = x.g,
                                                     .e = general ? x.e : NULL,
                                                     .p = general ? x.p : NULL, .level = x.level },
                              y, &solved, &err));
        assert_true(solved);
        for (size_t i = 0; i < x.n; i++) {
            assert_true(y[i] > -1e-9);
            sum += x.e[i] * y[i];
            x.gradient[i] = general ? x.p[i] : 0;
            for (size_t k = 0; k < x.n; k++)
                x.gradient[i] += x.h[i * x.n + k] * (y[k] - x.c[k]);
            here += x.gradient[i] * y[i];
        }
        assert_true(fabs(sum - 1) < 1e-8);
        for (size_t j = 0; j < x.m; j++) {
            double at = 0;
            for (size_t i = 0; i < x.n; i++)
                at += x.g[j * x.n + i] * y[i];
            assert_true(at <= x.level + 1e-7);
        }
        CHECK_OK(bmx_lp_session(best_direction, &x, &err));
        if (!(x.least >= here - 1e-5))
            fail_msg("seed %d: %.9g here, %.9g elsewhere", (int)seed, here, x.least);
        bmx_qp_release(&q);
    }
}

static void what_cannot_be_is_not_solved(void **state)
{
    static const double h[4] = { 1, 0, 0, 1 }, c[2] = { 0.5, 0.5 }, g[2] = { 1, 1 };
    double y[2] = { 7, 7 };
    bool solved;
    bpemix_error err;
    bmx_qp q;

    (void)state;
    CHECK_OK(bmx_qp_init(&q, 2, &err));
    CHECK_OK(bmx_qp_solve(&q, &(bmx_qp_program){ .m = 1, .h = h, .c = c, .g = g, .level = 0.5 }, y,
                          &solved, &err)); /* the sum is 1 */
    assert_true(!solved && y[0] == 7 && y[1] == 7);
    bmx_qp_release(&q);
}

/* H given as a diagonal and vectors, some of negative coefficients, is H given as a matrix. */
static void vectors_are_as_good_as_a_matrix(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        enum { VECTORS = 5 };
        bmx_rng rng = { seed };
        double vec[VECTORS * MOST], coef[VECTORS], h[MOST * MOST] = { 0 }, y[2][MOST];
        bool solved[2];
        bpemix_error err;
        problem x;

        draw(&rng, &x, seed % 2);
        for (size_t k = 0; k < VECTORS; k++) {
            double square = 0;

            for (size_t i = 0; i < x.n; i++) {
                vec[k * x.n + i] = bmx_rng_unit(&rng) * 2 - 1;
                square += vec[k * x.n + i] * vec[k * x.n + i];
            }
            coef[k] = k % 2 ? -0.4 / square : 3 * bmx_rng_unit(&rng); /* two of them: 1 - 0.8 > 0 */
            for (size_t i = 0; i < x.n * x.n; i++)
                h[i] += coef[k] * vec[k * x.n + i / x.n] * vec[k * x.n + i % x.n];
        }
        for (size_t i = 0; i < x.n; i++)
            h[i * x.n + i] += 1;
        for (int low = 0; low < 2; low++) {
            bmx_qp_program what = { .m = x.m, .c = x.c, .g = x.g, .e = seed % 2 ? x.e : NULL,
                                    .p = seed % 2 ? x.p : NULL, .level = x.level };
            bmx_qp q;

            if (low) {
                what.diagonal = 1;
                what.vec = vec;
                what.coef = coef;
                what.n_vec = VECTORS;
            } else {
                what.h = h;
            }
            CHECK_OK(bmx_qp_init(&q, x.n, &err));
            CHECK_OK(bmx_qp_solve(&q, &what, y[low], &solved[low], &err));
            bmx_qp_release(&q);
        }
        if (!solved[0] || !solved[1])
            fail_msg("seed %d, %zu by %zu: solved %d and %d", (int)seed, x.n, x.m, solved[0],
                     solved[1]);
        for (size_t i = 0; i < x.n; i++)
            if (!(fabs(y[0][i] - y[1][i]) < 1e-5))
                fail_msg("seed %d: %.9g, not %.9g", (int)seed, y[1][i], y[0][i]);
    }
}

/* The gradient of a quadratic function tells its second derivatives, whatever keeps them. */
static void bends_are_found(void **state)
{
    (void)state;
    for (int large = 0; large < 2; large++) {
        enum { STEPS = 100 };
        size_t bent = 8;
        size_t n = BMX_QUASI_NEWTON_DENSE + (large ? 1 : 0);
        double *s = calloc(n, 2 * sizeof *s), *y = s + n, most = 0, left = 0, before = 0;
        bmx_qp_program what = { 0 };
        bmx_quasi_newton q;
        bpemix_error err;
        bmx_rng rng = { 7 };

        CHECK_OK(bmx_quasi_newton_init(&q, n, &err));
        bmx_quasi_newton_update(&q, s, y); /* no step at all */
        assert_true(!q.begun);
        for (int k = 0; k < STEPS; k++) {
            for (size_t i = 0; i < n; i++) {
                s[i] = i < bent ? bmx_rng_unit(&rng) - 0.5 : 0;
                y[i] = (double)(1 + i) * s[i];
            }
            bmx_quasi_newton_update(&q, s, y);
        }
        bmx_quasi_newton_use(&q, &what);
        for (size_t i = 0; i < bent; i++)
            for (size_t k = 0; k < bent; k++) {
                double h;

                if (what.h) {
                    h = what.h[i * n + k];
                } else {
                    h = i == k ? what.diagonal : 0;
                    for (size_t v = 0; v < what.n_vec; v++)
                        h += what.coef[v] * what.vec[v * n + i] * what.vec[v * n + k];
                }
                if (i != k) {
                    left = fmax(left, fabs(h));
                    continue;
                }
                most = fmax(most, h);
                if (i > 0) /* second derivatives 1, 2, 3, ... */
                    assert_true(fabs(h - (double)(i + 1) / (double)i * before) < 0.05 * h);
                before = h;
            }
        assert_true(most > 0 && left < 0.02 * most);
        bmx_quasi_newton_release(&q);
        free(s);
    }
}

/* ---- the bundle method ---- */

/* So many categories that the metric is no matrix. */
enum { LARGE = BMX_QUASI_NEWTON_DENSE + 10 };

/* f = max over j of slope[j] . alpha. */
typedef struct pieces {
    size_t n, m;
    const double *slope;
    bmx_optimum o;
    bmx_constraints c;
    double least; /* by the simplex method over all pieces */
} pieces;

static bpemix_status value(void *ctx, const double *alpha, const bmx_oracle_goal *goal, double *g,
                           double *upper, bpemix_error *err)
{
    pieces *x = ctx;

    (void)goal;
    (void)err;
    *upper = -INFINITY;
    for (size_t j = 0; j < x->m; j++) {
        double v = 0;
        for (size_t i = 0; i < x->n; i++)
            v += x->slope[j * x->n + i] * alpha[i];
        if (v > *upper) {
            *upper = v;
            memcpy(g, x->slope + j * x->n, x->n * sizeof *g);
        }
    }
    return BPEMIX_OK;
}

static void keep(void *ctx, bmx_optimum *out)
{
    (void)ctx;
    out->theta[0] = 1;
}

static bpemix_status minimize(void *ctx, bpemix_error *err)
{
    pieces *x = ctx;
    bmx_oracle oracle = { .ctx = x, .eval = value, .keep = keep };
    bmx_control ctl = { .gap = 1e-7, .deadline = INFINITY };
    uint32_t col[LARGE + 1];
    double row[LARGE + 1];
    bmx_lp *lp;
    bool optimal;
    bpemix_status st = bmx_bundle_solve(&x->c, &oracle, NULL, &ctl, NULL, &x->o, err);

    if (st || (st = bmx_lp_new(&lp, err)))
        return st;
    for (uint32_t i = 0; i <= x->n && !st; i++) {
        col[i] = i;
        row[i] = 1;
        st = bmx_lp_add_col(lp, i == x->n, i == x->n ? -INFINITY : 0,
                            i < x->n && x->c.held[i] ? 0 : INFINITY, err);
    }
    if (!st)
        st = bmx_lp_add_row(lp, 1, 1, x->n, col, row, err);
    for (size_t j = 0; j < x->m && !st; j++) {
        memcpy(row, x->slope + j * x->n, x->n * sizeof *row);
        row[x->n] = -1;
        st = bmx_lp_add_row(lp, -INFINITY, 0, x->n + 1, col, row, err);
    }
    if (!st && !(st = bmx_lp_solve(lp, 0, INFINITY, &optimal, err)))
        x->least = bmx_lp_value(lp, (uint32_t)x->n);
    bmx_lp_free(lp);
    return st;
}

static void bundle_finds_the_least_value(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        enum { PIECES = 60 };
        bmx_rng rng = { seed };
        double slope[PIECES * MOST], alpha[MOST], theta[1] = { 1 }, sums[MOST];
        bool held[MOST] = { false };
        bpemix_error err;
        pieces x = { .n = 1 + bmx_rng_below(&rng, MOST), .m = PIECES, .slope = slope };

        for (size_t k = 0; k < PIECES * MOST; k++)
            slope[k] = 0.1 + bmx_rng_unit(&rng);
        for (size_t i = 0; i < MOST; i++)
            sums[i] = 1;
        if (x.n > 3)
            held[bmx_rng_below(&rng, x.n)] = true;
        x.c = (bmx_constraints){ .n_cats = x.n, .n_steps = 1, .merge_sum = sums, .held = held };
        x.o = (bmx_optimum){ .alpha = alpha, .theta = theta, .upper = INFINITY };
        CHECK_OK(bmx_lp_session(minimize, &x, &err));
        if (!(fabs(x.o.upper - x.least) <= 2e-7 * x.least && x.o.lower <= x.least * (1 + 1e-9)))
            fail_msg("seed %d: %.10g .. %.10g, not %.10g", (int)seed, x.o.lower, x.o.upper,
                     x.least);
        for (size_t i = 0; i < x.n; i++)
            assert_true(alpha[i] >= 0 && (!held[i] || alpha[i] == 0));
    }
}

static void bundle_finds_the_least_value_of_many(void **state)
{
    enum { PIECES = 12 };
    static double slope[PIECES * LARGE], alpha[LARGE], sums[LARGE];
    static bool held[LARGE];
    bmx_rng rng = { 3 };
    double theta[1] = { 1 };
    bpemix_error err;
    pieces x = { .n = LARGE, .m = PIECES, .slope = slope };

    (void)state;
    for (size_t k = 0; k < PIECES * LARGE; k++)
        slope[k] = 0.1 + bmx_rng_unit(&rng);
    for (size_t i = 0; i < LARGE; i++)
        sums[i] = 1;
    held[7] = true;
    x.c = (bmx_constraints){ .n_cats = x.n, .n_steps = 1, .merge_sum = sums, .held = held };
    x.o = (bmx_optimum){ .alpha = alpha, .theta = theta, .upper = INFINITY };
    SURVIVES(5, bmx_lp_session(minimize, &x, &err), x.o.upper = INFINITY);
    x.o = (bmx_optimum){ .alpha = alpha, .theta = theta, .upper = INFINITY };
    CHECK_OK(bmx_lp_session(minimize, &x, &err));
    if (!(fabs(x.o.upper - x.least) <= 2e-7 * x.least && x.o.lower <= x.least * (1 + 1e-9)))
        fail_msg("%.10g .. %.10g, not %.10g", x.o.lower, x.o.upper, x.least);
    assert_true(alpha[7] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_direction_descends),
        cmocka_unit_test(what_cannot_be_is_not_solved),
        cmocka_unit_test(vectors_are_as_good_as_a_matrix),
        cmocka_unit_test(bends_are_found),
        cmocka_unit_test(bundle_finds_the_least_value),
        cmocka_unit_test(bundle_finds_the_least_value_of_many),
    };
    return cmocka_run_group_tests_name("qp", tests, NULL, NULL);
}

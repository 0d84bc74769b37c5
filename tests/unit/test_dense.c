/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Factors, sums of products and solutions of linear equations, on every kind of processor. */
#include "test.h"

#include "base/cpu.h"
#include "base/rng.h"
#include "solve/dense.h"
#include "solve/dot.h"
#include "solve/woodbury.h"

#include <math.h>
#include <stdlib.h>

static double *draw(bmx_rng *rng, size_t n)
{
    double *x = malloc((n + 1) * sizeof *x);

    for (size_t i = 0; i < n; i++)
        x[i] = bmx_rng_unit(rng) - 0.5;
    return x;
}

/* a[n][n], positive in its first `plus` rows and negative in what those leave of the others. */
static double *draw_matrix(bmx_rng *rng, size_t n, size_t plus)
{
    double *a = calloc(n * n + 1, sizeof *a), *b = draw(rng, n * n);

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            for (size_t k = 0; k < n; k++)
                a[i * n + j] += (k < plus ? 1 : -1) * (k <= i ? b[i * n + k] + 2 * (i == k) : 0) *
                                (k <= j ? b[j * n + k] + 2 * (j == k) : 0);
    free(b);
    return a;
}

static void factors_multiply_to_the_matrix(void **state)
{
    (void)state;
    for (size_t n = 0; n <= 40; n++) {
        size_t plus = n % 3 ? n - n / 4 : n;
        bmx_rng rng = { n + 1 };
        double *a = draw_matrix(&rng, n, plus), *first = NULL;

        for (bmx_cpu cpu = 0; cpu < BMX_CPU_KINDS; cpu++) {
            double *l = malloc((n * n + 1) * sizeof *l);

            bmx_cpu_limit(cpu);
            memcpy(l, a, n * n * sizeof *l);
            assert_true(bmx_dense_factor(l, n, plus, 0, 0));
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j <= i; j++) {
                    double sum = 0;

                    for (size_t k = 0; k <= j; k++)
                        sum += (k < plus ? 1 : -1) * l[i * n + k] * l[j * n + k];
                    assert_true(fabs(sum - a[i * n + j]) < 1e-11);
                }
            if (!first) {
                first = l;
                continue;
            }
            for (size_t i = 0; i < n; i++) /* to the same bits */
                assert_memory_equal(l + i * n, first + i * n, (i + 1) * sizeof *l);
            free(l);
        }
        free(first);
        free(a);
    }
}

static void rows_that_others_make_up_take_no_part(void **state)
{
    double a[9] = { 4, 0, 0, 2, 1, 0, 2, 1, 5 }, b[9];

    (void)state;
    memcpy(b, a, sizeof a);
    assert_false(bmx_dense_factor(b, 3, 3, 0, 0)); /* row 1 is half of row 0 */
    memcpy(b, a, sizeof a);
    assert_true(bmx_dense_factor(b, 3, 3, 1e-14, 1e150));
    assert_true(b[0] == 2 && b[3] == 1 && b[4] == 1e150 && b[6] == 1 && b[8] == 2);
    a[0] = NAN;
    assert_false(bmx_dense_factor(a, 3, 3, 1e-14, 1e150));
}

static void products_are_sums(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 30; n++) {
        bmx_rng rng = { n };
        double *row = draw(&rng, n), *vec = draw(&rng, 8 * n), *a = draw(&rng, n * n);
        double f[8], out[2][7];
        const double *v[8];
        double *sum[2] = { 0 };

        for (size_t j = 0; j < 8; j++)
            v[j] = vec + j * n;
        for (size_t k = 0; k < 8; k++)
            f[k] = bmx_rng_unit(&rng);
        for (bmx_cpu cpu = 0; cpu < BMX_CPU_KINDS; cpu++) {
            int to = cpu > 0;

            bmx_cpu_limit(cpu);
            for (size_t j = 0; j < 7; j++)
                out[to][j] = (double)j;
            bmx_dense_products(row, v, 7, n / 3, n, out[to]);
            for (size_t j = 0; j < 7; j++)
                assert_true(out[to][j] ==
                            (double)j + bmx_dot(row + n / 3, v[j] + n / 3, n - n / 3));
            free(sum[to]);
            sum[to] = malloc(n * n * sizeof *a);
            memcpy(sum[to], a, n * n * sizeof *a);
            bmx_dense_add_products(sum[to], n, v, f, n % 2 ? 4 : 8);
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < n; j++) {
                    double want = a[i * n + j];

                    for (size_t k = 0; k < (n % 2 ? 4U : 8U) && j <= i; k++)
                        want += f[k] * v[k][i] * v[k][j];
                    assert_true(fabs(sum[to][i * n + j] - want) < 1e-14);
                }
            assert_memory_equal(sum[to], sum[0], n * n * sizeof *a);
        }
        free(sum[0]);
        free(sum[1]);
        free(row);
        free(vec);
        free(a);
    }
}

/* Entries of D over ten orders of magnitude, as they are near the optimum of a program. */
static void equations_are_solved_to_their_last_digits(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        enum { N = 30, R = 9 };
        bmx_rng rng = { seed };
        double d[N], c[R], *v = draw(&rng, R * N), x[N], b[N], most = 0;
        bmx_woodbury w;
        bpemix_error err;

        for (size_t a = 0; a < N; a++)
            d[a] = pow(10, 10 * bmx_rng_unit(&rng) - 5);
        for (size_t a = 0; a < N; a++)
            x[a] = b[a] = bmx_rng_unit(&rng) - 0.5;
        CHECK_OK(bmx_woodbury_init(&w, N, R, &err));
        bmx_woodbury_begin(&w, d);
        for (size_t i = 0; i < R; i++) {
            c[i] = pow(10, 6 * bmx_rng_unit(&rng) - 2);
            bmx_woodbury_add(&w, v + i * N, c[i]);
        }
        assert_true(bmx_woodbury_factor(&w));
        bmx_woodbury_solve(&w, x, false);
        for (size_t a = 0; a < N; a++) {
            double sum = d[a] * x[a], size = 1 + fabs(sum); /* what rounding is a part of */

            for (size_t i = 0; i < R; i++)
                for (size_t k = 0; k < N; k++) {
                    double part = c[i] * v[i * N + a] * v[i * N + k] * x[k];

                    sum += part;
                    size += fabs(part);
                }
            most = fmax(most, fabs(sum - b[a]) / size);
        }
        if (!(most < 1e-13))
            fail_msg("seed %d: off by %g", (int)seed, most);
        bmx_woodbury_release(&w);
        free(v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_multiply_to_the_matrix),
        cmocka_unit_test(rows_that_others_make_up_take_no_part),
        cmocka_unit_test(products_are_sums),
        cmocka_unit_test(equations_are_solved_to_their_last_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

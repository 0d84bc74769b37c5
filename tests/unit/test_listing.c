/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strips of rows give the sums of rows; a list of pairs that may be above theta leaves out none
 * that is. */
#include "test.h"

#include "solve/listing.h"
#include "synth.h"

enum { CATS = 7 };

/* ---- strips ---- */

/* Rows of 0 to 9 entries, now and then of more. */
static void draw_rows(bmx_rng *rng, size_t n, size_t n_cats, bmx_rows *rows)
{
    double *x = calloc(n_cats, sizeof *x);
    bpemix_error err;

    for (size_t r = 0; r < n; r++) {
        bool many = bmx_rng_below(rng, 20) == 0;
        size_t entries = bmx_rng_below(rng, many ? n_cats : 10);

        memset(x, 0, n_cats * sizeof *x);
        while (entries--)
            x[bmx_rng_below(rng, n_cats)] = bmx_rng_unit(rng) * 1000;
        CHECK_OK(bmx_rows_push(rows, x, n_cats, &err));
    }
    free(x);
}

/* Sums of s[0 .. n) are those of rows some[0 .. n), to the last bit. */
static void compare(const bmx_strips *s, const bmx_rows *rows, const uint32_t *some, size_t n,
                    const double *alpha)
{
    double *sum = malloc((n + 1) * sizeof *sum);

    sum[n] = 5;
    bmx_strips_dot(s, alpha, sum);
    for (size_t k = 0; k < n; k++)
        assert_true(sum[k] == bmx_rows_dot(rows, some[k], alpha));
    assert_true(sum[n] == 5);
    free(sum);
}

static void strips_add_up_as_rows_do(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        size_t n_cats = seed % 3 ? 40 : 600, n = seed * seed % 211, half;
        bmx_rng rng = { seed };
        bmx_rows rows = { 0 };
        bmx_strips s = { 0 }, copy = { 0 };
        double *alpha = malloc(2 * n_cats * sizeof *alpha), *factor = alpha + n_cats;
        uint32_t *some = malloc((n + 1) * sizeof *some);
        bpemix_error err;

        draw_rows(&rng, n, n_cats, &rows);
        bmx_rng_simplex(&rng, alpha, n_cats);
        for (size_t k = 0; k < n; k++)
            some[k] = (uint32_t)k;
        CHECK_OK(bmx_strips_add(&s, &rows, NULL, n, 0, &err));
        compare(&s, &rows, some, n, alpha);
        /* other rows, in two parts, in the same memory */
        bmx_strips_clear(&s);
        for (size_t k = 0; k < n; k++)
            some[k] = (uint32_t)bmx_rng_below(&rng, n);
        half = n / 3;
        CHECK_OK(bmx_strips_add(&s, &rows, some, half, 0, &err));
        CHECK_OK(bmx_strips_add(&s, &rows, some + half, n - half, (uint32_t)half, &err));
        compare(&s, &rows, some, n, alpha);
        CHECK_OK(bmx_strips_copy(&copy, &s, &err));
        for (size_t i = 0; i < n_cats; i++)
            factor[i] = 0.5 + bmx_rng_unit(&rng);
        bmx_strips_rescale(&copy, factor);
        bmx_rows_rescale(&rows, factor);
        compare(&copy, &rows, some, n, alpha);
        CHECK_OK(bmx_strips_copy(&copy, &(bmx_strips){ 0 }, &err));
        compare(&copy, &rows, some, 0, alpha);
        bmx_strips_release(&s);
        bmx_strips_release(&copy);
        bmx_rows_release(&rows);
        free(some);
        free(alpha);
    }
}

/* ---- the list ---- */

typedef struct made {
    bpemix_trace *tr;
    bmx_view view;
    bmx_constraints c;
    bmx_monotone_rows rows;
} made;

static void make(made *m, uint64_t seed)
{
    synth_opts o = { .n_cats = CATS, .n_words = 300, .n_merges = 100, .sample_words = 20000,
                     .train_words = 40000, .burst = 0.3, .seed = seed };
    bpemix_error err;

    *m = (made){ .tr = synth_trace(&o, NULL) };
    CHECK_OK(bmx_view_init(m->tr, BMX_NONE, NULL, &m->view, &err));
    CHECK_OK(bmx_constraints_build(&m->view, 0, m->tr->n_merges, false, &m->c, &err));
    CHECK_OK(bmx_monotone_rows_build(&m->c, &m->rows, &err));
}

static void unmake(made *m)
{
    bmx_monotone_rows_release(&m->rows);
    bmx_constraints_release(&m->c);
    bmx_view_release(&m->view);
    synth_trace_free(m->tr);
}

/* Steps by falling theta, the highest a part of what the mixture rates highest. */
static void draw_theta(bmx_rng *rng, const made *m, const double *alpha, double *theta)
{
    double top = 0;

    for (size_t r = 0; r < m->rows.pair.n; r++)
        top = fmax(top, bmx_rows_dot(&m->rows.pair, r, alpha));
    for (uint32_t s = 0; s < m->c.n_steps; s++)
        theta[s] = top * (0.02 + 0.3 * bmx_rng_unit(rng));
}

static void list_is_whole(const bmx_listing *l, const double *alpha)
{
    const bmx_monotone_rows *rows = l->rows;
    size_t n = 0;

    for (uint32_t s = 0; s < rows->c->n_steps; s++)
        for (uint32_t k = l->first[s]; k < l->first[s + 1]; k++, n++) {
            assert_true(k == n && (k == 0 || l->row[k] > l->row[k - 1])); /* rising, of this step */
            assert_true(l->row[k] >= rows->first[s] && l->row[k] < rows->first[s + 1]);
            assert_true(l->count[k] == bmx_rows_dot(&rows->pair, l->row[k], alpha));
        }
    assert_int_equal(n, l->n);
    for (size_t r = 0; r < rows->pair.n; r++)
        n -= l->has[r / 64] >> r % 64 & 1;
    assert_int_equal(n, 0);
}

/* L1, at the farthest mixture that it speaks of. */
static void leaves_out_none_above(const bmx_listing *l)
{
    for (uint32_t s = 0; s < l->rows->c->n_steps; s++)
        for (uint32_t r = l->rows->first[s]; r < l->rows->first[s + 1]; r++)
            if (!(l->has[r / 64] >> r % 64 & 1))
                assert_true(!(bmx_rows_dot(&l->rows->pair, r, l->reach) > l->least[s]));
}

/* A walk of a few categories at a time, which adds to the list, and leaps that begin it anew. */
static void no_pair_above_is_left_out(void **state)
{
    size_t added = 0, renewed = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        bmx_rng rng = { seed };
        bmx_listing l, twin;
        double alpha[CATS], *theta;
        bpemix_error err;
        made m;

        make(&m, seed);
        theta = malloc(m.c.n_steps * sizeof *theta);
        CHECK_OK(bmx_listing_init(&l, &m.rows, &err));
        CHECK_OK(bmx_listing_init(&twin, &m.rows, &err));
        for (int k = 0; k < 60; k++) {
            size_t before = l.n;

            if (k % 12 == 0) {
                bmx_rng_simplex(&rng, alpha, CATS);
                draw_theta(&rng, &m, alpha, theta);
            }
            alpha[bmx_rng_below(&rng, CATS)] *= 1 + bmx_rng_unit(&rng);
            theta[bmx_rng_below(&rng, m.c.n_steps)] *= 0.9;
            if (!bmx_listing_covers(&l, alpha, theta))
                CHECK_OK(bmx_listing_widen(&l, alpha, theta, &err));
            assert_true(bmx_listing_covers(&l, alpha, theta));
            added += l.n > before && before > 0;
            renewed += l.n < before;
            bmx_listing_count(&l, alpha);
            list_is_whole(&l, alpha);
            leaves_out_none_above(&l);
            if (k % 7 == 0) { /* which goes its own way, and comes back */
                CHECK_OK(bmx_listing_copy(&twin, &l, &err));
                alpha[0] *= 2;
                CHECK_OK(bmx_listing_widen(&twin, alpha, theta, &err));
                bmx_listing_count(&twin, alpha);
                list_is_whole(&twin, alpha);
                leaves_out_none_above(&twin);
                alpha[0] /= 2;
            }
        }
        bmx_listing_release(&twin);
        bmx_listing_release(&l);
        free(theta);
        unmake(&m);
    }
    assert_true(added > 40 && renewed > 4);
}

/* A list that was extended on all sides is made anew when that is worth it, and is then short and
 * whole again. */
static void long_lists_are_made_anew(void **state)
{
    size_t shorter = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        bmx_rng rng = { seed };
        double alpha[CATS], *theta, waste = 0;
        bpemix_error err;
        bmx_listing l;
        size_t before;
        made m;

        make(&m, seed);
        theta = malloc(m.c.n_steps * sizeof *theta);
        CHECK_OK(bmx_listing_init(&l, &m.rows, &err));
        bmx_rng_simplex(&rng, alpha, CATS);
        draw_theta(&rng, &m, alpha, theta);
        for (size_t i = 0; i < CATS; i++) {
            alpha[i] *= 1.5;
            CHECK_OK(bmx_listing_widen(&l, alpha, theta, &err));
            alpha[i] /= 1.5;
        }
        before = l.n;
        assert_false(bmx_listing_wastes(&l, l.n)); /* all were of use */
        for (waste = l.waste; waste <= (double)m.rows.pair.n; waste += (double)l.n)
            assert_true(bmx_listing_wastes(&l, 0) == (waste + (double)l.n > (double)m.rows.pair.n));
        CHECK_OK(bmx_listing_renew(&l, alpha, theta, &err));
        shorter += l.n < before;
        assert_true(bmx_listing_covers(&l, alpha, theta) && l.n <= before && l.waste == 0);
        bmx_listing_count(&l, alpha);
        list_is_whole(&l, alpha);
        leaves_out_none_above(&l);
        bmx_listing_release(&l);
        free(theta);
        unmake(&m);
    }
    assert_true(shorter > 4);
}

static bpemix_status list_twice(const made *m, bmx_listing *l, bpemix_error *err)
{
    double alpha[CATS] = { 0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1 }, *theta;
    bpemix_status st = bmx_listing_init(l, &m->rows, err);
    bmx_rng rng = { 7 };

    theta = malloc(m->c.n_steps * sizeof *theta);
    draw_theta(&rng, m, alpha, theta);
    for (int k = 0; k < 2 && !st; k++) {
        st = bmx_listing_widen(l, alpha, theta, err);
        if (st)
            assert_true(k == 0 ? l->n == 0 : l->n > 0);
        alpha[3] = 0.4;
    }
    if (!st) {
        bmx_listing_count(l, alpha);
        list_is_whole(l, alpha);
    }
    free(theta);
    return st;
}

static void lists_survive_lack_of_memory(void **state)
{
    bmx_listing l = { 0 };
    bpemix_error error;
    made m;

    (void)state;
    make(&m, 3);
    SURVIVES(10, list_twice(&m, &l, &error), bmx_listing_release(&l));
    unmake(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strips_add_up_as_rows_do),
        cmocka_unit_test(no_pair_above_is_left_out),
        cmocka_unit_test(long_lists_are_made_anew),
        cmocka_unit_test(lists_survive_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

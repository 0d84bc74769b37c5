/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which categories the interior point method leaves out of its steps, and its rows without them. */
#include "test.h"

#include "solve/live.h"

static const bool held[5] = { false, false, false, false, true };

static void rows_without_what_is_out(void **state)
{
    const uint32_t cat[] = { 0, 1, 3, 4, 1, 3 };
    const double x[] = { 7, 2, 5, 9, 1, 4 }, alpha[5] = { 0.5, 0.25, 0.125, 0.125, 0 };
    const bmx_entries row[2] = { { cat, x, 4 }, { cat + 4, x + 4, 2 } };
    bpemix_error err = { 0 };
    double rest[2];
    bmx_live l;

    (void)state;
    CHECK_OK(bmx_live_init(&l, held, 5, &err));
    assert_int_equal(l.n, 4);
    l.out[1] = true;
    CHECK_OK(bmx_live_rows(&l, row, 2, alpha, rest, &err));
    assert_int_equal(l.row[0].n, 2);
    assert_int_equal(l.row[0].cat[0], 0);
    assert_int_equal(l.row[0].cat[1], 3);
    assert_true(l.row[0].x[0] == 7 && l.row[0].x[1] == 5 && rest[0] == 0.5);
    assert_int_equal(l.row[1].n, 1);
    assert_true(l.row[1].cat[0] == 3 && l.row[1].x[0] == 4 && rest[1] == 0.25);
    bmx_live_release(&l);
}

static void all_rows_as_they_are(void **state)
{
    const bool none[2] = { false };
    const uint32_t cat[] = { 0, 1 };
    const double x[] = { 7, 2 }, alpha[2] = { 0.5, 0.5 };
    const bmx_entries row = { cat, x, 2 };
    bpemix_error err = { 0 };
    double rest = 1;
    bmx_live l;

    (void)state;
    CHECK_OK(bmx_live_init(&l, none, 2, &err));
    CHECK_OK(bmx_live_rows(&l, &row, 1, alpha, &rest, &err));
    assert_true(l.row[0].cat == cat && l.row[0].x == x && l.row[0].n == 2 && rest == 0);
    bmx_live_release(&l);
}

static void small_and_dear_shares_go(void **state)
{
    /* the second one is small but cheap, the third dear but large, the fourth both */
    const double alpha[5] = { 0.6, 1e-4, 0.3, 1e-4, 0 }, z[5] = { 1e-9, 1e-3, 50, 10, 0 };
    bpemix_error err = { 0 };
    bmx_live l;

    (void)state;
    CHECK_OK(bmx_live_init(&l, held, 5, &err));
    assert_true(bmx_live_leave_out(&l, alpha, z, 1));
    assert_true(!l.out[0] && !l.out[1] && !l.out[2] && l.out[3] && l.out[4]);
    assert_int_equal(l.n, 3);
    assert_false(bmx_live_leave_out(&l, alpha, z, 1));
    bmx_live_release(&l);
}

static void what_keeps_the_bound_down_comes_back(void **state)
{
    double z[5] = { 1, 2, 0, 0, 0 }, lambda = 10;
    const double slope[5] = { 11, 12, 9, 11.5, 3 }; /* the last one is held */
    const double alpha[5] = { 0 }, dear[5] = { 1, 1, 1, 1, 1 };
    bpemix_error err = { 0 };
    bmx_live l;

    (void)state;
    CHECK_OK(bmx_live_init(&l, held, 5, &err));
    l.out[2] = l.out[3] = true;
    l.n = 2;
    assert_true(bmx_live_take_back(&l, held, slope, 0.5, z, &lambda));
    assert_true(!l.out[2] && l.out[3] && l.out[4]);
    assert_int_equal(l.n, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(fabs(z[i] - (slope[i] - lambda)) < 1e-12 && z[i] >= 0.5);
    assert_true(fabs(lambda - 8.5) < 1e-12);
    assert_false(bmx_live_take_back(&l, held, slope, 0.5, z, &lambda));
    /* and it does not go again, as all others do here */
    assert_true(bmx_live_leave_out(&l, alpha, dear, 1));
    assert_true(l.out[0] && l.out[1] && !l.out[2]);
    bmx_live_release(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_without_what_is_out),
        cmocka_unit_test(all_rows_as_they_are),
        cmocka_unit_test(small_and_dear_shares_go),
        cmocka_unit_test(what_keeps_the_bound_down_comes_back),
    };

    return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}

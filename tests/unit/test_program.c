/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outer ranges of program code beside text of other kinds. */
#include "test.h"

#include "diagnose/program.h"

#include <math.h>

#define NEAR(x, y) assert_true(fabs((x) - (y)) < 1e-9)

static void ratio_follows_the_tokens(void **state)
{
    static const double code[] = { 0, 0.02, 0.03, 0.05, 0.08, 0.5 };
    double last = 0;

    (void)state;
    for (size_t k = 0; k < sizeof code / sizeof *code; k++) {
        double ratio = bmx_program_ratio(code[k], 5e6, 0.0103, BMX_DELTA_OF_BYTES);

        assert_true(k < 2 ? ratio == 1 : ratio > last || (k == 5 && ratio == last));
        last = ratio;
        assert_true(bmx_program_ratio(code[k], 5e6, 0.0103, BMX_DELTA_BEHIND) == 1);
        assert_true(bmx_program_ratio(code[k], 5e6, 0.05, BMX_DELTA_OF_BYTES) == 1);
    }
    NEAR(last, 0.0005 / (0.12 * 0.12) / 0.0103);
    assert_true(bmx_program_ratio(0.3, 1e6, 0.0103, BMX_DELTA_OF_BYTES) > last);
    assert_true(bmx_program_ratio(0.3, 5e6, 0.0103, BMX_DELTA_OF_CHARACTERS) < last);
}

static void set_share(bpemix_share *s, double share, double low, double high)
{
    bpemix_range x = { low, high };

    s->share_bytes = s->share_pairs = s->share_merges = share;
    s->range_bytes = s->range_pairs = s->range_merges = x;
    s->range_outer_bytes = s->range_outer_pairs = s->range_outer_merges = x;
}

/* Four categories, groups of the first and of the others, and a set of two of these. */
static bpemix_result *four(void)
{
    static const double share[] = { 0.2, 0.4, 0.4, 0 };
    bpemix_result *r = bmx_result_new(4);

    for (int i = 0; i < 4; i++)
        set_share(&r->share[i], share[i], fmax(share[i] - 0.03, 0), share[i] + 0.04);
    r->group = calloc(2, sizeof *r->group);
    r->inseparable = calloc(1, sizeof *r->inseparable);
    r->n_groups = 2;
    r->n_inseparable = 1;
    for (int k = 0; k < 3; k++) {
        bmx_group *g = k < 2 ? &r->group[k] : r->inseparable;
        uint32_t first = k == 0 ? 0 : 1;

        g->n_members = k == 0 ? 1 : k == 1 ? 3 : 2;
        g->member = calloc(g->n_members, sizeof *g->member);
        for (uint32_t m = 0; m < g->n_members; m++)
            g->member[m] = first + m;
    }
    set_share(&r->group[0].share, 0.2, 0.17, 0.24);
    set_share(&r->group[1].share, 0.8, 0.76, 0.83);
    set_share(&r->inseparable[0].share, 0.8, 0.8, 0.8);
    return r;
}

static void code_and_what_gives_way_is_wider(void **state)
{
    const double ratio[] = { 4, 1, 1, 1 };
    bpemix_result *r = four();
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_program_widen(ratio, r, &err));
    NEAR(r->share[0].range_outer_bytes.low, 0.2 - 0.06); /* twice as far */
    NEAR(r->share[0].range_outer_bytes.high, 0.2 + 0.08);
    NEAR(r->share[0].range_outer_merges.high, 0.2 + 0.08);
    NEAR(r->share[0].range_bytes.high, 0.24); /* the inner one stays */
    NEAR(r->group[0].share.range_outer_pairs.low, 0.2 - 0.06);
    /* all others together are as far to the other side */
    NEAR(r->group[1].share.range_outer_bytes.low, 0.8 - 0.08);
    NEAR(r->group[1].share.range_outer_bytes.high, 0.8 + 0.06);
    NEAR(r->inseparable[0].share.range_outer_bytes.high, 0.8 + 0.03 * sqrt(3));
    /* one of two gives half of it */
    NEAR(r->share[1].range_outer_bytes.low, 0.4 - sqrt(0.03 * 0.03 + 3 * 0.02 * 0.02));
    /* one that has nothing has nothing to give */
    NEAR(r->share[3].range_outer_bytes.high, 0.04);
    bmx_result_free(r);
}

/* What two of a group have more of goes between them for the most part, and all there is is all. */
static void a_sum_is_surer_than_its_members(void **state)
{
    const double ratio[] = { 1, 4, 4, 1 };
    bpemix_result *r = four();
    bpemix_error err;
    double each = 0.04 * sqrt(3), part = 0.2 / 0.6;

    (void)state;
    CHECK_OK(bmx_program_widen(ratio, r, &err));
    NEAR(r->group[1].share.range_outer_bytes.high,
         0.8 + sqrt(0.03 * 0.03 + 2 * part * part * each * each));
    NEAR(r->group[0].share.range_outer_bytes.low,
         0.2 - sqrt(0.03 * 0.03 + 2 * part * part * each * each));
    bmx_result_free(r);

    r = four();
    r->group[1].n_members = 4;
    free(r->group[1].member);
    r->group[1].member = calloc(4, sizeof *r->group[1].member);
    for (uint32_t m = 0; m < 4; m++)
        r->group[1].member[m] = m;
    set_share(&r->group[1].share, 1, 1, 1);
    CHECK_OK(bmx_program_widen(ratio, r, &err));
    NEAR(r->group[1].share.range_outer_bytes.low, 1);
    bmx_result_free(r);
}

static void what_is_not_known_stays_so(void **state)
{
    const double ratio[] = { 4, 9, 1, 1 };
    bpemix_result *r = four();
    bpemix_error err;

    (void)state;
    set_share(&r->share[0], NAN, NAN, NAN);
    set_share(&r->share[1], 1, 0.9, 1);
    CHECK_OK(bmx_program_widen(ratio, r, &err));
    assert_true(isnan(r->share[0].range_outer_bytes.low));
    NEAR(r->share[1].range_outer_bytes.low, 0.7);
    NEAR(r->share[1].range_outer_bytes.high, 1);
    NEAR(r->share[2].range_outer_bytes.low, 0.37); /* a share of nothing left */
    bmx_result_free(r);
}

static void alone_it_is_as_it_was(void **state)
{
    const double ratio[] = { 1, 1, 1, 1 };
    bpemix_result *r = four();
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_program_widen(ratio, r, &err));
    assert_true(r->share[0].range_outer_bytes.high == 0.2 + 0.04);
    assert_true(r->share[1].range_outer_bytes.low == fmax(0.4 - 0.03, 0));
    assert_true(r->group[1].share.range_outer_bytes.low == 0.76);
    bmx_result_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratio_follows_the_tokens),
        cmocka_unit_test(code_and_what_gives_way_is_wider),
        cmocka_unit_test(a_sum_is_surer_than_its_members),
        cmocka_unit_test(what_is_not_known_stays_so),
        cmocka_unit_test(alone_it_is_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures that are at a limit of the verdict, and next to it. */
#include "judged.h"

static void samples_at_their_limits(void **state)
{
    static const struct {
        uint64_t bytes;
        bmx_level level;
    } at[] = { { 200000, BMX_LEVEL_GOOD }, { 199999, BMX_LEVEL_FAIR }, { 50000, BMX_LEVEL_FAIR },
               { 49999, BMX_LEVEL_POOR } };

    (void)state;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        bpemix_result *r = fine();

        r->share[1].sample_bytes = at[i].bytes;
        judged(r, at[i].level, "sample", NULL);
    }
}

static void merges_at_their_limits(void **state)
{
    static const struct {
        uint32_t used;
        bmx_level level;
    } at[] = { { 500, BMX_LEVEL_GOOD }, { 499, BMX_LEVEL_FAIR }, { 100, BMX_LEVEL_FAIR },
               { 99, BMX_LEVEL_POOR } };

    (void)state;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        bpemix_result *r = fine();

        r->merges_used = at[i].used;
        judged(r, at[i].level, "merges", NULL);
    }
}

/* Of fewer than twenty merges that are missing, it says nothing how many were found once. */
static void few_missing_merges_say_nothing(void **state)
{
    (void)state;
    for (uint32_t n = 19; n <= 20; n++) {
        bpemix_result *r = fine();

        r->merges_missing = n;
        r->uncovered.found_once = 0;
        r->uncovered.ratio = n / 5.0;
        judged(r, n < 20 ? BMX_LEVEL_GOOD : BMX_LEVEL_POOR, "uncovered", NULL);
    }
}

/* A stretch that begins where the merges in use end is behind them. */
static void stretches_behind_and_within(void **state)
{
    (void)state;
    for (uint32_t k = 0; k < 2; k++) {
        bpemix_result *r = fine();

        r->odd = (bmx_odd_stretch){ 3000 - k, 4000, 0.8, 0.2 };
        judged(r, k ? BMX_LEVEL_POOR : BMX_LEVEL_FAIR, "phases", NULL);
    }
}

/* Of two ranges that are as wide but for rounding, the first is named. */
static void rounding_does_not_choose(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        bpemix_result *r = fine();

        r->share[0].identified = r->share[1].identified = true;
        r->share[0].range_outer_bytes = (bpemix_range){ 0.5, 0.8 };
        r->share[1].range_outer_bytes = (bpemix_range){ 0.2, k ? 0.5002 : 0.50005 };
        judged(r, BMX_LEVEL_FAIR, "range",
               k ? "'fr' may be 20 to 50 % of bytes" : "'en' may be 50 to 80 % of bytes");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_at_their_limits),
        cmocka_unit_test(merges_at_their_limits),
        cmocka_unit_test(few_missing_merges_say_nothing),
        cmocka_unit_test(stretches_behind_and_within),
        cmocka_unit_test(rounding_does_not_choose),
    };

    return cmocka_run_group_tests_name("verdict_limits", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contexts added up within a merge, and runs of them, against an array of all sums. */
#include "test.h"

#include "replay/runs.h"

enum { RUNS = 4, MERGES = 6, SIDES = 3, CATS = 5, SYMBOLS = 40 };

typedef uint64_t sums[MERGES][SIDES][CATS][SYMBOLS];

static bpemix_status make_runs(bmx_run run[RUNS], sums want, bpemix_error *err)
{
    bmx_rng rng = { 7 };
    bmx_sums added = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (int k = 0; k < RUNS && !st; k++) {
        if (!(run[k].first = bmx_calloc(MERGES + 1, sizeof *run[k].first)))
            st = bmx_nomem(err);
        for (uint32_t t = 0; t < MERGES && !st; t++) {
            uint64_t hits = bmx_rng_below(&rng, t == 3 ? 1 : 400); /* none of merge 3 */

            run[k].first[t] = run[k].n;
            for (uint64_t i = 0; i < hits && !st; i++) {
                uint32_t side = (uint32_t)bmx_rng_below(&rng, SIDES);
                uint32_t cat = (uint32_t)bmx_rng_below(&rng, CATS);
                uint32_t symbol = (uint32_t)bmx_rng_below(&rng, SYMBOLS);
                uint64_t count = 1 + bmx_rng_below(&rng, 1u << 20);

                if (!(st = bmx_sums_add(&added, side, cat, symbol, count, err)) && want)
                    want[t][side][cat][symbol] += count;
            }
            if (!st)
                st = bmx_sums_empty(&added, &run[k], err);
        }
        if (!st)
            run[k].first[MERGES] = run[k].n;
    }
    bmx_sums_release(&added);
    return st;
}

/* A1: every context once, with all of its sum. */
static void check(const bmx_run *run, sums want, uint32_t from, uint32_t to, size_t end)
{
    for (uint32_t t = from; t < to; t++) {
        size_t last = t + 1 < to ? run->first[t + 1] : end;

        for (size_t i = run->first[t]; i < last; i++) {
            const bmx_context *c = &run->ctx[i];
            uint64_t *sum = &want[t][bmx_context_side(c)][bmx_context_cat(c)][c->symbol];

            assert_true(c->count > 0 && c->count == *sum);
            *sum = 0;
        }
        for (int s = 0; s < SIDES; s++)
            for (int c = 0; c < CATS; c++)
                for (int x = 0; x < SYMBOLS; x++)
                    assert_int_equal(want[t][s][c][x], 0);
    }
}

static void release(bmx_run run[RUNS])
{
    for (int k = 0; k < RUNS; k++)
        bmx_run_release(&run[k]);
}

static void runs_add_up(void **state)
{
    static sums want;
    bmx_run run[RUNS] = { { 0 } }, sum = { 0 };
    bmx_run *list[RUNS] = { &run[0], &run[1], &run[2], &run[3] };
    size_t first[MERGES + 1];
    bmx_sums added = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(make_runs(run, want, &err));
    sum.first = first;
    CHECK_OK(bmx_runs_add(list, RUNS, 0, 2, &added, &sum, &err));
    check(&sum, want, 0, 2, sum.n);
    sum.n = 0; /* a range by itself, as tasks do it */
    CHECK_OK(bmx_runs_add(list, RUNS, 2, MERGES, &added, &sum, &err));
    assert_int_equal(first[2], 0);
    check(&sum, want, 2, MERGES, sum.n);
    assert_int_equal(added.map.n, 0); /* A2 */
    for (size_t i = 0; i < added.map.n_slots; i++)
        assert_true(bmx_sums_is_free(&added.map.slot[i]));
    bmx_free(sum.ctx);
    bmx_sums_release(&added);
    release(run);
}

/* Contexts leave the sums in the order in which they came, however often they have grown. */
static void order_of_arrival_is_kept(void **state)
{
    enum { N = 5000 };
    bmx_sums added = { 0 };
    bmx_run run = { 0 };
    bpemix_error err;

    (void)state;
    for (uint32_t round = 0; round < 3; round++)
        for (uint32_t i = 0; i < N; i++)
            CHECK_OK(bmx_sums_add(&added, BMX_SIDE_NEXT, i % 7, i * 2654435761u, 1, &err));
    CHECK_OK(bmx_sums_empty(&added, &run, &err));
    assert_int_equal(run.n, N);
    for (uint32_t i = 0; i < N; i++) {
        assert_int_equal(run.ctx[i].symbol, i * 2654435761u);
        assert_int_equal(bmx_context_cat(&run.ctx[i]), i % 7);
        assert_int_equal(bmx_context_side(&run.ctx[i]), BMX_SIDE_NEXT);
        assert_int_equal(run.ctx[i].count, 3);
    }
    bmx_run_release(&run);
    bmx_sums_release(&added);
}

static void survives_lack_of_memory(void **state)
{
    bmx_run run[RUNS] = { { 0 } };
    bpemix_error err;

    (void)state;
    SURVIVES(10, make_runs(run, NULL, &err), release(run));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_add_up),
        cmocka_unit_test(order_of_arrival_is_kept),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

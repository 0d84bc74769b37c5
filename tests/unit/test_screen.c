/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks that are cleared from few pairs, against solutions over all pairs. */
#include "test.h"

#include "diagnose/screen.h"
#include "solve/estimate.h"
#include "solve/lp.h"
#include "synth.h"

enum { BLOCKS = 4 };

typedef struct problem {
    bmx_view view;
    double *mixture;
    uint32_t from, to;
    double least; /* relative slack of the best mixture of from .. to - 1 */
} problem;

/* What a block's own mixture leaves, to six digits, by the same program over all pairs. */
static bpemix_status solve_whole(void *ctx, bpemix_error *err)
{
    problem *p = ctx;
    bmx_plan plan = { .method = BPEMIX_METHOD_MONOTONE, .weights = BPEMIX_WEIGHTS_NONE,
                      .scale = BPEMIX_SCALE_MERGES, .from = p->from, .to = p->to, .gap = 1e-6 };
    bmx_control ctl = { .gap = 1e-6, .deadline = INFINITY };
    double counts = 0;
    bmx_estimate e;
    bpemix_status st = bmx_estimate_make(&p->view, &plan, NULL, &ctl, &e, err);

    if (st)
        return st;
    for (size_t i = 0; i < e.c.n_cats; i++)
        counts += e.best.o.alpha[i] * e.c.merge_sum[i];
    p->least = (e.best.o.slack_merges + e.best.o.slack_pairs) / counts;
    bmx_estimate_release(&e);
    return BPEMIX_OK;
}

static double limit;
static double limit_of(double slack) { return limit < 0 ? slack / -limit : limit; }

static void screen(problem *p, bmx_screen_block *block, uint32_t n_merges)
{
    bmx_screen s = { .view = &p->view, .mixture = p->mixture, .gap = 0.01, .deadline = INFINITY,
                     .limit = limit_of, .n_threads = 1 };
    bpemix_error err = { 0 };

    for (uint32_t k = 0; k < BLOCKS; k++)
        block[k] = (bmx_screen_block){ .from = k * n_merges / BLOCKS,
                                       .to = (k + 1) * n_merges / BLOCKS };
    CHECK_OK(bmx_screen_blocks(&s, block, BLOCKS, &err));
}

/* Limits are a half to twice of what the block's own mixture leaves, and parts of what the mixture
 * at hand does. */
static void what_is_cleared_has_no_better_mixture(void **state)
{
    size_t cleared = 0, left = 0, near = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        bmx_rng rng = { seed };
        synth_opts o = { .n_cats = 2 + (uint32_t)bmx_rng_below(&rng, 6),
                         .n_words = 50 + (uint32_t)bmx_rng_below(&rng, 200),
                         .n_merges = 40 + (uint32_t)bmx_rng_below(&rng, 160),
                         .sample_words = 2000, .train_words = 30000, .burst = 0.5, .seed = seed };
        bpemix_trace *tr = synth_trace(&o, NULL);
        problem p = { .mixture = calloc(tr->n_cats, sizeof *p.mixture) };
        bpemix_error err = { 0 };
        double own[BLOCKS], sum = 0;

        for (uint32_t i = 0; i < o.n_cats; i++)
            sum += p.mixture[i] = bmx_rng_unit(&rng);
        for (uint32_t i = 0; i < o.n_cats; i++)
            p.mixture[i] /= sum;
        CHECK_OK(bmx_view_init(tr, BMX_NONE, NULL, &p.view, &err));
        for (uint32_t k = 0; k < BLOCKS; k++) {
            p.from = k * tr->n_merges / BLOCKS;
            p.to = (k + 1) * tr->n_merges / BLOCKS;
            CHECK_OK(bmx_lp_session(solve_whole, &p, &err));
            own[k] = p.least;
        }
        for (uint32_t k = 0; k < BLOCKS; k++)
            for (double part = 0.5; part <= 2; part *= 1.1) {
                bmx_screen_block block[BLOCKS];

                limit = part * own[k];
                screen(&p, block, tr->n_merges);
                if (block[k].cleared && own[k] < limit * (1 - 1e-5))
                    fail_msg("seed %d, block %u: %g is not %g", (int)seed, k, own[k], limit);
                cleared += block[k].cleared;
                near += block[k].cleared && part > 0.85;
                left += !block[k].cleared;
            }
        bmx_view_release(&p.view);
        bpemix_trace_free(tr);
        free(p.mixture);
    }
    assert_true(cleared > 200 && near > 20 && left > 200); /* of 1,200 */
}

static void limits_of_nothing_and_more_than_all(void **state)
{
    synth_opts o = { .n_cats = 3, .n_words = 100, .n_merges = 80, .sample_words = 2000,
                     .train_words = 30000, .burst = 0.5, .seed = 3 };
    bpemix_trace *tr = synth_trace(&o, NULL);
    double even[] = { 1. / 3, 1. / 3, 1. / 3 };
    problem p = { .mixture = even };
    bmx_screen_block block[BLOCKS];
    bpemix_error err = { 0 };

    (void)state;
    CHECK_OK(bmx_view_init(tr, BMX_NONE, NULL, &p.view, &err));
    limit = 0;
    screen(&p, block, tr->n_merges);
    for (int k = 0; k < BLOCKS; k++)
        assert_true(block[k].cleared);
    limit = -0.5; /* twice what this mixture leaves */
    screen(&p, block, tr->n_merges);
    for (int k = 0; k < BLOCKS; k++)
        assert_false(block[k].cleared);
    bmx_view_release(&p.view);
    bpemix_trace_free(tr);
}

static void survives_lack_of_memory(void **state)
{
    synth_opts o = { .n_cats = 3, .n_words = 50, .n_merges = 40, .sample_words = 500,
                     .train_words = 5000, .burst = 0.5, .seed = 5 };
    bpemix_trace *tr = synth_trace(&o, NULL);
    double even[] = { 1. / 3, 1. / 3, 1. / 3 };
    bmx_screen s = { .mixture = even, .gap = 0.01, .deadline = INFINITY, .limit = limit_of,
                     .n_threads = 1 };
    bmx_screen_block block[1] = { { .from = 0, .to = 40 } };
    bmx_view view;
    bpemix_error err = { 0 };

    (void)state;
    CHECK_OK(bmx_view_init(tr, BMX_NONE, NULL, &view, &err));
    s.view = &view;
    limit = -2;
    SURVIVES(10, bmx_screen_blocks(&s, block, 1, &err), {});
    bmx_view_release(&view);
    bpemix_trace_free(tr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_cleared_has_no_better_mixture),
        cmocka_unit_test(limits_of_nothing_and_more_than_all),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

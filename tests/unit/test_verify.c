/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_verify.c - slack of a mixture against a dense dynamic programme, and against what the solver
 * certifies; the first merge that deviates against a recount. */
#include "bpemix.h"
#include "diagnose/answer.h"
#include "diagnose/claim.h"
#include "diagnose/verify.h"
#include "synth.h"
#include "test.h"

static int64_t naive(const bpemix_trace *tr, uint32_t pair, uint32_t step, uint32_t cat)
{
    int64_t sum = 0;

    for (uint64_t e = tr->first[pair]; e < tr->first[pair + 1]; e++)
        if (tr->event[e].step <= step && tr->event[e].cat == cat)
            sum += tr->event[e].delta;
    return sum;
}

static double mixture(const bpemix_trace *tr, const double *alpha, uint32_t pair, uint32_t step)
{
    double sum = 0;

    for (uint32_t i = 0; i < tr->n_cats; i++)
        sum += 1e6 * alpha[i] * (double)naive(tr, pair, step, i) / (double)tr->cat[i].pairs;
    return sum;
}

/* theta on the grid of all counts, where some optimum lies: best[v] = least loss so far with
 * theta at grid[v] or above. */
static double dense(const bpemix_trace *tr, const double *alpha)
{
    uint32_t n = tr->n_merges;
    size_t n_grid = 0, n_left = 0;
    double *grid = malloc((n + tr->n_pairs + 1) * sizeof *grid),
        *left = malloc((tr->n_pairs + 1) * sizeof *left);
    double *best, value = INFINITY;

    grid[n_grid++] = 0;
    for (uint32_t t = 0; t < n; t++)
        grid[n_grid++] = mixture(tr, alpha, tr->merge_pair[t], t);
    for (uint32_t p = 0; p < tr->n_pairs; p++)
        if (tr->pair[p].merged_at >= n)
            grid[n_grid++] = left[n_left++] = mixture(tr, alpha, p, n - 1);
    best = calloc(n_grid, sizeof *best);
    /* sorted descending, so that "at or above" is a prefix */
    for (size_t i = 0; i < n_grid; i++)
        for (size_t k = i + 1; k < n_grid; k++)
            if (grid[k] > grid[i]) {
                double x = grid[i];
                grid[i] = grid[k];
                grid[k] = x;
            }
    for (uint32_t t = 0; t < n; t++) {
        double b = mixture(tr, alpha, tr->merge_pair[t], t), low = INFINITY;
        for (size_t v = 0; v < n_grid; v++) {
            double loss = fabs(grid[v] - b);
            low = best[v] < low ? best[v] : low;
            for (size_t k = 0; k < n_left && t == n - 1; k++)
                loss += left[k] > grid[v] ? left[k] - grid[v] : 0;
            best[v] = low + loss;
        }
    }
    for (size_t v = 0; v < n_grid; v++)
        value = best[v] < value ? best[v] : value;
    free(grid);
    free(left);
    free(best);
    return value;
}

static bpemix_trace *small(uint64_t seed, uint64_t train_words)
{
    synth_opts o = { .n_cats = 3, .n_words = 60, .n_merges = 40, .sample_words = 3000,
                     .train_words = train_words, .burst = 0.5, .seed = seed };
    return synth_trace(&o, NULL);
}

static void slack_is_the_least(void **state)
{
    bmx_rng rng = { 3 };

    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        bpemix_trace *tr = small(seed, 5000);
        bmx_view view;
        bmx_constraints c;
        bpemix_error err;
        double alpha[3], theta[40], slack, counts, want = 0;

        CHECK_OK(bmx_view_init(tr, BMX_NONE, NULL, &view, &err));
        CHECK_OK(bmx_constraints_build(&view, 0, tr->n_merges, false, &c, &err));
        bmx_rng_simplex(&rng, alpha, 3);
        CHECK_OK(bmx_verify_slack(&c, alpha, theta, &slack, &counts, &err));
        for (uint32_t t = 0; t < tr->n_merges; t++) {
            want += mixture(tr, alpha, tr->merge_pair[t], t);
            assert_true(t == 0 || theta[t] <= theta[t - 1]);
        }
        assert_true(fabs(counts - want) < 1e-6 * want);
        want = dense(tr, alpha);
        assert_true(fabs(slack - want) < 1e-7 * want);
        bmx_constraints_release(&c);
        bmx_view_release(&view);
        synth_trace_free(tr);
    }
}

/* The solver's objective is the slack of its own mixture, and no other mixture has less. */
static void the_solver_is_right(void **state)
{
    bpemix_trace *tr = small(9, 5000);
    bpemix_solve_opts o = { .size = sizeof o, .method = BPEMIX_METHOD_MONOTONE,
                            .weights = BPEMIX_WEIGHTS_NONE,
                            .scale = BPEMIX_SCALE_PAIRS, .merges_all = true, .gap = 1e-9 };
    bmx_rng rng = { 4 };
    bmx_view view;
    bmx_constraints c;
    bpemix_result *r;
    bpemix_error err;
    double theta[40], slack, counts, alpha[3];

    (void)state;
    CHECK_OK(bmx_solve(tr, &o, &r, &err));
    CHECK_OK(bmx_view_init(tr, BMX_NONE, NULL, &view, &err));
    CHECK_OK(bmx_constraints_build(&view, 0, tr->n_merges, false, &c, &err));
    CHECK_OK(bmx_verify_slack(&c, r->main.share_pairs, theta, &slack, &counts, &err));
    assert_true(fabs(1e-6 * slack - r->main.objective) < 1e-7 * r->main.objective);
    for (int k = 0; k < 200; k++) {
        bmx_rng_simplex(&rng, alpha, 3);
        CHECK_OK(bmx_verify_slack(&c, alpha, theta, &slack, &counts, &err));
        assert_true(1e-6 * slack > r->main.lower_bound * (1 - 1e-9));
    }
    bmx_constraints_release(&c);
    bmx_view_release(&view);
    bmx_result_free(r);
    synth_trace_free(tr);
}

static void the_first_deviation(void **state)
{
    bpemix_trace *tr = small(2, 5000);
    bmx_view view;
    bmx_deviation d;
    bpemix_error err;
    uint32_t want = BMX_NONE;

    (void)state;
    for (uint32_t t = 0; t < tr->n_merges && want == BMX_NONE; t++) {
        int64_t own = 0, most = 0;
        for (uint32_t p = 0; p < tr->n_pairs; p++) {
            int64_t sum = 0;
            for (uint32_t i = 0; i < 3; i++)
                sum += naive(tr, p, t, i);
            if (p == tr->merge_pair[t])
                own = sum;
            else if (sum > most && tr->pair[p].merged_at > t && tr->pair[p].end > t)
                most = sum;
        }
        if (most > own)
            want = t;
    }
    CHECK_OK(bmx_view_init(tr, BMX_NONE, NULL, &view, &err));
    CHECK_OK(bmx_verify_exact(&view, 0, tr->n_merges, &d, &err));
    assert_true(want != BMX_NONE);
    assert_int_equal(d.step, want);
    assert_true(d.rival_count > d.count);
    bmx_view_release(&view);
    synth_trace_free(tr);
}

/* One sample that is the training text: no deviation, no slack, and the claim is the truth. */
static void the_training_text_itself(void **state)
{
    synth_opts so = { .n_cats = 1, .n_words = 60, .n_merges = 40, .sample_words = 3000, .seed = 5 };
    bpemix_trace *tr = synth_trace(&so, NULL);
    bpemix_solve_opts o = { .size = sizeof o, .merges_all = true };
    static const char *const name[] = { "cat0" };
    const double share[] = { 3 };
    bmx_claim c;
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_claim_check(tr, &(bmx_claimed){ name, share, 1, true }, &o, &c, &err));
    assert_true(c.exact && c.deviates == UINT32_MAX && c.claimed[0] == 1);
    assert_true(c.slack_claim < 1e-12 && c.slack_best < 1e-12 && c.n_merges == 0);
    bmx_claim_release(&c);
    char *json = NULL, *text = NULL;
    CHECK_OK(bpemix_verify(tr, "{\"cat0\": 1}", NULL, &json, &text, &err));
    assert_non_null(strstr(json, "\"excess\": 0,"));
    assert_non_null(strstr(text, "cat0"));
    bpemix_free(json);
    bpemix_free(text);
    static const char *const other[] = { "nobody" };
    CHECK_FAILS(bmx_claim_check(tr, &(bmx_claimed){ other, share, 1, false }, &o, &c, &err),
                BPEMIX_E_USAGE, "nobody: claimed, but no category of the samples");
    synth_trace_free(tr);
}

/* Falling from 1 to 0, never stricter for samples from other sources, and in parts of delta. */
static void levels_fall(void **state)
{
    static const bmx_delta deltas[] = { { 0.013, 0.066 }, { 0.0043, 0.0073 }, { 0.0043, 0.0043 } };
    double level[2];

    (void)state;
    for (int d = 0; d < 3; d++) {
        double before[2] = { 1, 1 };

        for (int k = 0; k <= 500; k++) {
            bmx_verify_level(k / 1000., deltas[d], &level[0], &level[1]);
            assert_true(level[0] <= before[0] && level[1] <= before[1] && level[0] <= level[1]);
            assert_true(level[0] >= 0);
            before[0] = level[0];
            before[1] = level[1];
        }
    }
    bmx_verify_level(1.5 * 0.013, deltas[0], &level[0], &level[1]);
    assert_true(fabs(level[0] - 0.5) < 1e-12);
    bmx_verify_level(1.7 * 0.066, deltas[0], &level[0], &level[1]);
    assert_true(fabs(level[1] - 0.5) < 1e-12);
    bmx_verify_level(INFINITY, deltas[0], &level[0], &level[1]);
    assert_true(level[0] == 0 && level[1] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slack_is_the_least),
        cmocka_unit_test(the_solver_is_right),
        cmocka_unit_test(the_first_deviation),
        cmocka_unit_test(the_training_text_itself),
        cmocka_unit_test(levels_fall),
    };
    return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}

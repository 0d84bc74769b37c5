/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Estimates from traces, by both methods. */
#include "test.h"

#include "base/threads.h"
#include "naive_lp.h"
#include "result/result.h"
#include "diagnose/answer.h"
#include "solve/plan.h"
#include "synth.h"

static const bpemix_solve_opts plain_lp = { .method = BPEMIX_METHOD_LP,
                                            .weights = BPEMIX_WEIGHTS_NONE, .merges_all = true };
static const bpemix_solve_opts plain_monotone = { .method = BPEMIX_METHOD_MONOTONE,
                                                  .weights = BPEMIX_WEIGHTS_NONE,
                                                  .merges_all = true };
static const bpemix_solve_opts *const plain[] = { &plain_lp, &plain_monotone };

static synth_opts small(uint32_t n_cats, uint64_t seed)
{
    return (synth_opts){ .n_cats = n_cats, .n_words = 400, .n_merges = 120, .sample_words = 20000,
                         .train_words = 40000, .burst = 0.3, .seed = seed };
}

static void check_shares(const bpemix_result *r)
{
    double bytes = 0, pairs = 0;

    for (size_t i = 0; i < bpemix_result_categories(r); i++) {
        const bpemix_share *s = bpemix_result_share(r, i);
        assert_true(s->share_bytes >= 0 && s->share_pairs >= 0);
        bytes += s->share_bytes;
        pairs += s->share_pairs;
    }
    assert_true(fabs(bytes - 1) < 1e-9 && fabs(pairs - 1) < 1e-9);
    assert_true(isfinite(r->main.objective) && r->main.lower_bound <= r->main.objective);
    assert_null(bpemix_result_share(r, bpemix_result_categories(r)));
}

/* The training text is a whole-number mixture of the samples themselves. */
static void own_text_is_explained_exactly(void **state)
{
    (void)state;
    for (uint32_t k = 0; k < 8; k++) {
        uint32_t n = 1 + k % 4;
        bpemix_error err = { 0 };
        synth_opts o = small(n, 40 + n);
        double truth[4];
        bpemix_trace *tr;
        bpemix_result *r;
        bpemix_fit fit = { .size = sizeof fit };

        o.train_words = 0;
        tr = synth_trace(&o, truth);
        CHECK_OK(bmx_solve(tr, plain[k / 4], &r, &err));
        bpemix_result_fit(r, &fit);
        assert_true(fit.objective < 1e-10 && fit.lower_bound <= fit.objective && fit.gap == 0);
        assert_int_equal(r->main.status, BMX_SOLVER_OPTIMAL);
        assert_true(r->slack_relative < 1e-9 && r->slack_large == 0);
        check_shares(r);
        for (uint32_t i = 0; i < n; i++)
            if (fabs(r->main.share_pairs[i] - truth[i]) > 0.05)
                fail_msg("n %u: share %u is %g, true %g", (unsigned)n, (unsigned)i,
                         r->main.share_pairs[i], truth[i]);
        bpemix_result_free(r);
        synth_trace_free(tr);
    }
}

/* Small problems whose training text is made of the samples, which every formulation
 * explains exactly; the weighted solution then starts at an objective that is rounding. */
static void perfect_fits_are_optimal(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        bmx_rng rng = { seed };
        synth_opts o = { .n_cats = 1 + (uint32_t)bmx_rng_below(&rng, 4),
                         .n_words = 2 + (uint32_t)bmx_rng_below(&rng, 12),
                         .n_merges = 1 + (uint32_t)bmx_rng_below(&rng, 30),
                         .sample_words = 20 + bmx_rng_below(&rng, 400),
                         .burst = 0.5, .seed = seed };
        bpemix_trace *tr = synth_trace(&o, NULL);

        for (size_t k = 0; k < 4; k++) {
            bpemix_error err = { 0 };
            bpemix_solve_opts so = { .merges_all = true,
                                     .method = k & 1 ? BPEMIX_METHOD_LP : BPEMIX_METHOD_MONOTONE,
                                     .weights =
                                         k & 2 ? BPEMIX_WEIGHTS_QUARTER : BPEMIX_WEIGHTS_NONE,
                                     .no_ranges = seed > 50 }; /* which take the most time */
            bpemix_result *r = NULL;
            bpemix_status st = bmx_solve(tr, &so, &r, &err);

            if (st == BPEMIX_E_EMPTY) /* too few words for every category to have a pair */
                continue;
            if (st || r->main.status != BMX_SOLVER_OPTIMAL || r->main.objective != 0)
                fail_msg("seed %d, program %d: %s, objective %g", (int)seed, (int)k,
                         st ? err.what : "solved", st ? NAN : r->main.objective);
            check_shares(r);
            bpemix_result_free(r);
        }
        synth_trace_free(tr);
    }
}

static int by_step_and_category(const void *pa, const void *pb)
{
    const bmx_event *a = pa, *b = pb;

    if (a->step != b->step)
        return a->step < b->step ? -1 : 1;
    return (a->cat > b->cat) - (a->cat < b->cat);
}

/* Category i, with its two folds, becomes to[i]. */
static void permute(bpemix_trace *tr, const uint32_t *to)
{
    bmx_trace_category cat[8];

    for (uint32_t k = 0; k < 8; k++)
        cat[2 * to[k / 2] + k % 2] = tr->cat[k];
    memcpy(tr->cat, cat, sizeof cat);
    for (uint64_t e = 0; e < tr->n_events; e++)
        tr->event[e].cat = 2 * to[tr->event[e].cat / 2] + tr->event[e].cat % 2;
    for (size_t p = 0; p < tr->n_pairs; p++) /* R1 */
        qsort(tr->event + tr->first[p], tr->first[p + 1] - tr->first[p], sizeof *tr->event,
              by_step_and_category);
}

/* The i-th category of a is to[i] in b, with all its shares; objectives are equal, too. */
static void check_same(const bpemix_result *a, const bpemix_result *b, const uint32_t *to)
{
    double most = fabs(a->main.objective / b->main.objective - 1);

    for (size_t i = 0; i < 4; i++) {
        const bpemix_share *x = bpemix_result_share(a, i), *y = bpemix_result_share(b, to[i]);

        assert_int_equal(x->name[3], '3' - (y->name[3] - '0')); /* renamed */
        assert_int_equal(a->merges_found[i], b->merges_found[to[i]]);
        most = fmax(most, fabs(x->share_bytes - y->share_bytes));
        most = fmax(most, fabs(x->share_pairs - y->share_pairs));
        most = fmax(most, fabs(x->share_merges - y->share_merges));
        most = fmax(most, fabs(x->range_bytes.low - y->range_bytes.low)); /* of NaN: nothing */
        most = fmax(most, fabs(x->range_outer_bytes.high - y->range_outer_bytes.high));
        most = fmax(most, fabs(x->high_bytes - y->high_bytes));
        for (size_t k = 0; k < 2; k++)
            most = fmax(most, fabs(a->replicate[4 * k + i] - b->replicate[4 * k + to[i]]));
    }
    if (most > 0) /* the very same problem is solved */
        fail_msg("method %d, weights %d, %u merges: another order moves something by %g",
                 (int)a->main.method, (int)a->main.weights, (unsigned)a->merge_to, most);
}

/* At the defaults neither the order of the categories nor which of them has which name decides
 * anything: 120 merges are solved by row generation, 410 by auctions. */
static void permuted_categories_permute_shares(void **state)
{
    static const uint32_t to[] = { 2, 0, 3, 1 };

    (void)state;
    for (int m = 0; m < 8; m++) {
        bpemix_error err = { 0 };
        synth_opts o = small(8, 9);
        bpemix_trace *tr;
        bpemix_solve_opts so = *plain[m & 1];
        bpemix_result *a, *b;

        o.n_merges = m & 2 ? 410 : 120;
        o.n_words = 200;
        tr = synth_trace(&o, NULL);
        so.weights = m & 4 ? BPEMIX_WEIGHTS_QUARTER : BPEMIX_WEIGHTS_NONE;
        so.no_ranges = m & 1;
        tr->n_folds = 2;
        for (uint32_t k = 0; k < 8; k++) {
            tr->cat[k].documents = 10;
            tr->cat[k].name[3] = (char)('0' + k / 2);
        }
        CHECK_OK(bmx_solve(tr, &so, &a, &err));
        permute(tr, to);
        for (uint32_t k = 0; k < 8; k++)
            tr->cat[k].name[3] = (char)('3' - (tr->cat[k].name[3] - '0'));
        CHECK_OK(bmx_solve(tr, &so, &b, &err));
        assert_non_null(a->replicate);
        check_same(a, b, to);
        bpemix_result_free(a);
        bpemix_result_free(b);
        synth_trace_free(tr);
    }
}

static void more_merges_never_lower_the_objective(void **state)
{
    bpemix_error err = { 0 };
    synth_opts o = small(3, 5);
    bpemix_trace *tr = synth_trace(&o, NULL);
    double before = 0;

    (void)state;
    for (uint32_t to = 10; to <= tr->n_merges; to += 10) {
        bpemix_solve_opts so = plain_lp;
        bpemix_result *r;
        so.merges_all = false;
        so.merge_to = to;
        CHECK_OK(bmx_solve(tr, &so, &r, &err));
        assert_true(r->main.objective >= before * (1 - 1e-6));
        before = r->main.lower_bound;
        bpemix_result_free(r);
    }
    synth_trace_free(tr);
}

static void same_input_same_result(void **state)
{
    bpemix_error err = { 0 };
    synth_opts o = small(4, 77);
    bpemix_trace *tr = synth_trace(&o, NULL);

    (void)state;
    for (int m = 0; m < 4; m++) {
        bpemix_result *r[3];
        bpemix_weights w = m % 2 ? BPEMIX_WEIGHTS_QUARTER : BPEMIX_WEIGHTS_NONE;
        for (unsigned k = 0; k < 3; k++) {
            bpemix_solve_opts so = *plain[m / 2];
            so.n_threads = k;
            so.weights = w;
            CHECK_OK(bmx_solve(tr, &so, &r[k], &err));
            check_shares(r[k]);
            assert_memory_equal(r[k]->main.share_bytes, r[0]->main.share_bytes, 4 * sizeof(double));
            assert_true(r[k]->main.objective == r[0]->main.objective &&
                        r[k]->main.lower_bound == r[0]->main.lower_bound &&
                        r[k]->main.rows == r[0]->main.rows);
        }
        assert_int_equal(r[0]->n_others, w == BPEMIX_WEIGHTS_QUARTER);
        assert_true(isnan(r[0]->disagreement) == (w == BPEMIX_WEIGHTS_NONE));
        for (unsigned k = 0; k < 3; k++)
            bpemix_result_free(r[k]);
    }
    synth_trace_free(tr);
}

/* Numbers beside the shares against their definitions. */
static void diagnostics_follow_their_definitions(void **state)
{
    bpemix_error err = { 0 };
    synth_opts o = small(3, 21);
    bpemix_trace *tr = synth_trace(&o, NULL);
    bpemix_result *r;

    (void)state;
    CHECK_OK(bmx_solve(tr, &plain_lp, &r, &err));
    assert_true(fabs(r->slack_merges + r->slack_pairs - r->main.objective) <
                1e-9 * r->main.objective);
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t found = 0;

        for (uint32_t t = 0; t < tr->n_merges; t++)
            found += naive_count(tr, tr->merge_pair[t], t, i) > 0;
        assert_int_equal(r->merges_found[i], found);
        assert_true(found > 0 && found < r->merges_used);
    }
    assert_int_equal(r->n_worst, 20);
    double before = INFINITY;
    for (size_t k = 0; k < r->n_worst; k++) {
        const bmx_worst_merge *w = &r->worst[k];
        double count = 0, rival = 0, part[3], most = 0, rivals_most = 0;
        uint32_t leader = 0, rivals_leader = 0;
        double order = w->slack / pow(w->count + w->slack, 0.65);
        assert_true(order <= before * (1 + 1e-9));
        before = order;
        for (uint32_t p = 0; p < tr->n_pairs; p++) {
            double x = 0, top = 0;
            uint32_t of = 0;
            for (uint32_t i = 0; i < 3; i++) {
                x += part[i] = 1e-6 * r->main.share_pairs[i] * naive_count(tr, p, w->step, i);
                if (part[i] > top) {
                    top = part[i];
                    of = i;
                }
            }
            if (p == tr->merge_pair[w->step]) {
                count = x;
                most = top;
                leader = of;
            } else if (x > rival) {
                rival = x;
                rivals_most = top;
                rivals_leader = of;
            }
        }
        if (most > 0)
            assert_string_equal(w->category, r->share[leader].name);
        if (rivals_most > 0)
            assert_string_equal(w->rival_category, r->share[rivals_leader].name);
        assert_true(fabs(count - w->count) < 1e-9 && fabs(rival - w->rival_count) < 1e-9);
        assert_non_null(w->left);
        assert_non_null(w->rival_right);
        assert_true(w->slack <= w->rival_count - w->count + 1e-9); /* never more than needed */
    }
    bpemix_result_free(r);
    synth_trace_free(tr);
}

static void defaults_are_the_recommended_ones(void **state)
{
    bpemix_error err = { 0 };
    synth_opts o = small(3, 33);
    bpemix_trace *tr = synth_trace(&o, NULL);
    bpemix_result *r;

    (void)state;
    CHECK_OK(bmx_solve(tr, NULL, &r, &err));
    assert_int_equal(r->main.method, BPEMIX_METHOD_MONOTONE);
    assert_int_equal(r->main.weights, BPEMIX_WEIGHTS_QUARTER);
    assert_int_equal(r->n_others, 1);
    assert_int_equal(r->other[0].method, BPEMIX_METHOD_MONOTONE);
    assert_int_equal(r->other[0].weights, BPEMIX_WEIGHTS_NONE);
    assert_true(r->main.gap <= 1e-5 && r->other[0].gap <= 1e-5);
    assert_true(r->disagreement >= 0 && r->disagreement < 0.2);
    assert_int_equal(r->merge_to, tr->n_merges);
    assert_string_equal(bmx_values_text(&r->solve_options, "weights"), "quarter");
    check_shares(r);
    bpemix_result_free(r);
    synth_trace_free(tr);
}

static void missing_merges_are_listed(void **state)
{
    bpemix_error err = { 0 };
    synth_opts o = small(2, 3);
    bpemix_trace *tr = synth_trace(&o, NULL);
    bpemix_result *r;

    (void)state;
    tr->merge_pair[50] = BMX_NONE;
    tr->merge_pair[60] = BMX_NONE;
    tr->merge_pair[70] = BMX_NONE;
    tr->merge_pair[90] = BMX_NONE;
    tr->merge[90].flags = BMX_MERGE_UNMADE | BMX_MERGE_CUT; /* the first says more */
    tr->merge[50].flags = BMX_MERGE_NEWLINE | BMX_MERGE_CUT;
    tr->merge[60].flags = BMX_MERGE_CUT;
    tr->merge[80].flags = BMX_MERGE_REPEATED;
    tr->merge_pair[95] = BMX_NONE;
    tr->merge[95].flags = BMX_MERGE_UNREACHED | BMX_MERGE_NEWLINE;
    CHECK_OK(bmx_solve(tr, &plain_lp, &r, &err));
    assert_int_equal(r->merges_missing, 1);
    assert_int_equal(r->merges_impossible, 4);
    assert_int_equal(r->n_missing, 5);
    assert_int_equal(r->merges_excluded, 1);
    assert_int_equal(r->merges_used, tr->n_merges - 6);
    assert_int_equal(r->missing[0].step, 50);
    assert_int_equal(r->missing[0].why, BMX_MISSING_NEWLINE);
    assert_int_equal(r->missing[1].why, BMX_MISSING_CUT);
    assert_int_equal(r->missing[2].why, BMX_MISSING_UNSEEN);
    assert_int_equal(r->missing[3].why, BMX_MISSING_UNMADE);
    assert_int_equal(r->missing[4].why, BMX_MISSING_UNREACHED);
    assert_non_null(r->missing[2].left);
    assert_non_null(bmx_values_get(&r->solve_options, "gap"));
    assert_string_equal(bmx_values_text(&r->solve_options, "method"), "lp");
    bpemix_result_free(r);
    synth_trace_free(tr);
}

static void nonsense_is_refused(void **state)
{
    bpemix_error err = { 0 };
    synth_opts o = small(2, 3);
    bpemix_trace *tr = synth_trace(&o, NULL);
    bpemix_solve_opts so = plain_lp;
    bpemix_result *r = NULL;
    uint64_t n;

    (void)state;
    so.merges_all = false;
    so.merge_from = tr->n_merges;
    CHECK_FAILS(bmx_solve(tr, &so, &r, &err), BPEMIX_E_USAGE, "no merges");
    so.merge_from = 5;
    so.merge_to = 5;
    CHECK_FAILS(bmx_solve(tr, &so, &r, &err), BPEMIX_E_USAGE, "no merges 5 to 5");
    so.merge_to = tr->n_merges + 1;
    CHECK_FAILS(bmx_solve(tr, &so, &r, &err), BPEMIX_E_USAGE, "were counted");
    so = plain_lp;
    so.gap = -1;
    CHECK_FAILS(bmx_solve(tr, &so, &r, &err), BPEMIX_E_USAGE, "gap");
    so = plain_lp;
    so.time_limit = NAN;
    CHECK_FAILS(bmx_solve(tr, &so, &r, &err), BPEMIX_E_USAGE, "time limit");
    n = tr->cat[1].pairs;
    tr->cat[1].pairs = 0;
    CHECK_FAILS(bmx_solve(tr, &plain_lp, &r, &err), BPEMIX_E_EMPTY, "cat1");
    tr->cat[1].pairs = n;
    for (uint32_t t = 0; t < tr->n_merges; t++)
        tr->merge[t].flags = BMX_MERGE_MANUAL;
    CHECK_FAILS(bmx_solve(tr, &plain_lp, &r, &err), BPEMIX_E_USAGE, "not learned");
    for (uint32_t t = 0; t < tr->n_merges; t++) {
        tr->merge[t].flags = 0;
        tr->merge_pair[t] = BMX_NONE;
    }
    CHECK_FAILS(bmx_solve(tr, &plain_lp, &r, &err), BPEMIX_E_EMPTY, "occurs in any sample");
    assert_null(r);
    synth_trace_free(tr);
}

/* Category 1 has no pair that counts, however many its sample has; or one that is never
 * merged, next to nothing, so that all of it explains every merge at a count of 0. */
static void categories_without_counts(void **state)
{
    bpemix_error err = { 0 };
    synth_opts o = small(2, 5);
    bpemix_trace *tr;
    bmx_event *rare = NULL;

    (void)state;
    o.n_merges = 450;
    tr = synth_trace(&o, NULL);
    for (size_t e = 0; e < tr->n_events; e++)
        if (tr->event[e].cat == 1)
            tr->event[e].delta = 0;
    for (int k = 0; k < 2; k++) {
        bpemix_result *r = NULL;
        CHECK_FAILS(bmx_solve(tr, plain[k], &r, &err), BPEMIX_E_EMPTY,
                    "none of the merges 0 to 450");
        assert_string_equal(err.where, "cat1");
    }
    for (size_t p = 0; p < tr->n_pairs && !rare; p++)
        for (uint64_t e = tr->first[p]; e < tr->first[p + 1] && !rare; e++)
            if (tr->pair[p].merged_at == BMX_NONE && tr->event[e].cat == 1)
                rare = &tr->event[e];
    assert_non_null(rare);
    rare->delta = 1;
    tr->cat[1].pairs = 1000000000;
    for (int k = 0; k < 4; k++) {
        bpemix_solve_opts so = *plain[k % 2];
        bpemix_result *r = NULL;

        so.weights = k < 2 ? BPEMIX_WEIGHTS_NONE : BPEMIX_WEIGHTS_QUARTER;
        CHECK_OK(bmx_solve(tr, &so, &r, &err));
        check_shares(r);
        assert_true(bpemix_result_share(r, 1)->share_pairs > 0.999);
        assert_int_equal(r->n_warnings, 1);
        assert_non_null(strstr(r->warning[0], "'cat1' has none of the merges"));
        bpemix_result_free(r);
    }
    synth_trace_free(tr);
}

/* Two of the categories are the same text; or none share a pair, so that at a
 * vertex of the simplex most merges have no count. */
static void odd_samples_are_solved(void **state)
{
    (void)state;
    for (int k = 0; k < 4; k++) {
        bpemix_error err = { 0 };
        synth_opts o = small(3, 60 + (uint64_t)k);
        bpemix_solve_opts so = *plain[k % 2];
        bpemix_trace *tr;
        bpemix_result *r, *rowgen;

        o.n_merges = 450; /* enough for the paper's program to be solved by matching */
        tr = synth_trace(&o, NULL);
        if (k < 2) {
            uint64_t n = 0;
            bmx_event *twice = malloc(2 * tr->n_events * sizeof *twice);
            for (size_t p = 0; p < tr->n_pairs; p++) {
                uint64_t e = tr->first[p], last = tr->first[p + 1];
                tr->first[p] = n;
                for (; e < last; e++) { /* category 2 becomes a copy of 1 */
                    if (tr->event[e].cat == 2)
                        continue;
                    twice[n++] = tr->event[e];
                    if (tr->event[e].cat == 1) {
                        twice[n] = tr->event[e];
                        twice[n++].cat = 2;
                    }
                }
            }
            tr->first[tr->n_pairs] = n;
            free(tr->event);
            tr->event = twice;
            tr->cat[2].pairs = tr->cat[1].pairs;
        } else {
            for (size_t p = 0; p < tr->n_pairs; p++) {
                uint64_t n = tr->first[p];
                for (uint64_t e = n; e < tr->first[p + 1]; e++)
                    if (tr->event[e].cat != p % 3)
                        tr->event[e].delta = 0; /* harmless to the solvers */
            }
        }
        so.gap = 1e-6;
        CHECK_OK(bmx_solve(tr, &so, &r, &err));
        check_shares(r);
        assert_int_equal(r->main.status, BMX_SOLVER_OPTIMAL);
        if (k % 2 == 0) { /* the same by row generation, which few steps choose */
            so.merges_all = false;
            so.merge_to = 300;
            CHECK_OK(bmx_solve(tr, &so, &rowgen, &err));
            assert_int_equal(rowgen->main.status, BMX_SOLVER_OPTIMAL);
            assert_true(rowgen->main.lower_bound <= r->main.objective * (1 + 1e-9));
            bpemix_result_free(rowgen);
        }
        bpemix_result_free(r);
        synth_trace_free(tr);
    }
}

static void stops_when_told(void **state)
{
    (void)state;
    for (int k = 0; k < 6; k++) { /* row generation, bundle twice, weighted three times */
        bpemix_error err = { 0 };
        synth_opts o = small(4, 8);
        bpemix_trace *tr;
        bpemix_solve_opts so = *plain[k % 2];
        bpemix_result *r = NULL, *whole;

        o.n_merges = k < 2 || k == 5 ? 120 : 450;
        tr = synth_trace(&o, NULL);
        if (k >= 3)
            so.weights = BPEMIX_WEIGHTS_QUARTER;
        bpemix_cancel();
        CHECK_FAILS(bmx_solve(tr, &so, &r, &err), BPEMIX_E_INTERRUPTED, "");
        bpemix_cancel_reset();
        assert_null(r);
        so.time_limit = 1e-9;
        CHECK_OK(bmx_solve(tr, &so, &r, &err));
        assert_int_equal(r->main.status, BMX_SOLVER_GAP);
        assert_true(r->main.gap > 1e-6 && r->main.gap <= 1);
        assert_true(r->main.lower_bound < r->main.objective && isfinite(r->main.objective));
        assert_true(r->n_warnings >= 1 && strstr(r->warning[0], "time limit"));
        check_shares(r);
        so.time_limit = 0;
        CHECK_OK(bmx_solve(tr, &so, &whole, &err));
        if (k < 3) { /* weights follow from the first solution, which was stopped, too */
            assert_true(r->main.lower_bound <= whole->main.objective);
            assert_true(r->main.objective >= whole->main.lower_bound);
        } else {
            assert_true(r->other[0].lower_bound <= whole->other[0].objective);
            assert_true(r->other[0].objective >= whole->other[0].lower_bound);
        }
        bpemix_result_free(whole);
        bpemix_result_free(r);
        synth_trace_free(tr);
    }
}

static bpemix_status solve_task(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    bpemix_result *r;
    bpemix_status st = bmx_solve(ctx, &plain_lp, &r, err);

    (void)task;
    (void)worker;
    if (!st)
        bpemix_result_free(r);
    return st;
}

static void several_threads_may_solve(void **state)
{
    bpemix_error err = { 0 };
    synth_opts o = small(3, 12);
    bpemix_trace *tr = synth_trace(&o, NULL);

    (void)state;
    CHECK_OK(bmx_parallel(4, 8, solve_task, tr, &err));
    synth_trace_free(tr);
}

static void survives_lack_of_memory(void **state)
{
    synth_opts o = small(2, 4);
    bpemix_trace *tr;

    (void)state;
    o.n_merges = 25;
    tr = synth_trace(&o, NULL);
    tr->merge_pair[20] = BMX_NONE;
    for (int m = 0; m < 4; m++) {
        bpemix_solve_opts so = *plain[m / 2];
        bpemix_result *r = NULL;

        so.weights = m % 2 ? BPEMIX_WEIGHTS_QUARTER : BPEMIX_WEIGHTS_NONE;
        SURVIVES_SOME(20, bmx_solve(tr, &so, &r, NULL), {
            assert_int_equal(r != NULL, !status);
            if (r)
                check_shares(r);
            bpemix_result_free(r);
            r = NULL;
        });
    }
    synth_trace_free(tr);
}

/* How near to the optimum solving goes where nobody says. */
static void default_gaps(void **state)
{
    bpemix_trace tr = { .n_merges = 5 };
    bmx_view view = { .trace = &tr, .n_cats = 300 };
    bpemix_solve_opts o = { .merges_all = true };
    bpemix_error err;
    bmx_plan plan;

    (void)state;
    CHECK_OK(bmx_plan_make(&view, &o, &plan, &err));
    assert_true(plan.gap == 1e-6);
    view.n_cats = 301;
    CHECK_OK(bmx_plan_make(&view, &o, &plan, &err));
    assert_true(plan.gap == 1e-4);
    o.gap = 1e-7;
    CHECK_OK(bmx_plan_make(&view, &o, &plan, &err));
    assert_true(plan.gap == 1e-7);
    o = (bpemix_solve_opts){ .merges_all = true, .method = BPEMIX_METHOD_LP };
    CHECK_OK(bmx_plan_make(&view, &o, &plan, &err));
    assert_true(plan.gap == 1e-11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(default_gaps),
        cmocka_unit_test(own_text_is_explained_exactly),
        cmocka_unit_test(perfect_fits_are_optimal),
        cmocka_unit_test(permuted_categories_permute_shares),
        cmocka_unit_test(more_merges_never_lower_the_objective),
        cmocka_unit_test(same_input_same_result),
        cmocka_unit_test(diagnostics_follow_their_definitions),
        cmocka_unit_test(defaults_are_the_recommended_ones),
        cmocka_unit_test(missing_merges_are_listed),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(categories_without_counts),
        cmocka_unit_test(odd_samples_are_solved),
        cmocka_unit_test(stops_when_told),
        cmocka_unit_test(several_threads_may_solve),
        cmocka_unit_test(survives_lack_of_memory),
    };

    return cmocka_run_group_tests_name("solve", tests, NULL, NULL);
}

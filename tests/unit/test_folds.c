/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folds of documents: traces, and the intervals made of them; test_count_folds.c counts. */
#include "files.h"
#include "oracle/fixture.h"

#include "diagnose/interval.h"
#include "result/result.h"
#include "solve/constraint.h"
#include "diagnose/answer.h"
#include "count.h"
#include "trained.h"

#include <math.h>

/* ---- traces ---- */

#define CATS 3
#define FOLDS 4

/* Words of a category with letters of its own taste: words[CATS][FOLDS]. */
static void random_words(uint64_t seed, bmx_words words[CATS][FOLDS])
{
    bmx_rng rng = { seed };

    for (int c = 0; c < CATS; c++)
        for (int f = 0; f < FOLDS; f++) {
            bmx_words *w = &words[c][f];
            *w = (bmx_words){ .name = bmx_asprintf("cat %d", c), .n_folds = FOLDS,
                              .documents = 3 + (uint64_t)f };
            if (c == 1 && f == 2)
                continue; /* a fold without text */
            for (int k = 0; k < 150; k++) {
                char text[8];
                size_t n = 2 + bmx_rng_below(&rng, 5);
                for (size_t i = 0; i < n; i++)
                    text[i] = (char)('a' + (bmx_rng_below(&rng, 4) * (1 + (unsigned)c) +
                                            bmx_rng_below(&rng, 2)) % 8);
                fixture_word(w, text, n, 1 + bmx_rng_below(&rng, 9));
            }
        }
}

static void release_words(bmx_words words[CATS][FOLDS])
{
    for (int c = 0; c < CATS; c++)
        for (int f = 0; f < FOLDS; f++)
            fixture_words_release(&words[c][f]);
}

/* A tokenizer trained on unequal parts of the categories. */
static bpemix_tokenizer *trained(bmx_words words[CATS][FOLDS], uint32_t n_merges)
{
    static const uint64_t times[CATS] = { 5, 3, 1 };
    bmx_words all = { 0 };
    bpemix_tokenizer *tok;

    for (int c = 0; c < CATS; c++)
        for (int f = 0; f < FOLDS; f++)
            for (size_t i = 0; i < words[c][f].word.n; i++)
                fixture_word(&all, words[c][f].word.str[i].ptr, words[c][f].word.str[i].len,
                             times[c] * words[c][f].count[i]);
    tok = trained_on(&all, n_merges, NULL);
    fixture_words_release(&all);
    return tok;
}

static bpemix_trace *replay(const bpemix_tokenizer *tok, const bmx_words *words, size_t n,
                            unsigned threads)
{
    bpemix_trace *tr = NULL;
    bpemix_error err;

    CHECK_OK(bmx_replay(tok, words, n, &(bmx_replay_opts){ .n_threads = threads }, &tr, &err));
    fixture_check(tr);
    return tr;
}

/* What a view stands for: a replay of the sums of the words. */
static bpemix_trace *direct(const bpemix_tokenizer *tok, bmx_words words[CATS][FOLDS],
                            uint32_t leave_out, const bool *fixed)
{
    bmx_words sum[CATS];
    bpemix_trace *tr;

    for (int c = 0; c < CATS; c++) {
        sum[c] = (bmx_words){ .name = bmx_strdup(words[c][0].name) };
        for (uint32_t f = 0; f < FOLDS; f++) {
            const bmx_words *w = &words[c][f];
            if (f == leave_out && !(fixed && fixed[c]))
                continue;
            for (size_t i = 0; i < w->word.n; i++)
                fixture_word(&sum[c], w->word.str[i].ptr, w->word.str[i].len, w->count[i]);
            sum[c].documents += w->documents;
        }
    }
    tr = replay(tok, sum, CATS, 1);
    for (int c = 0; c < CATS; c++)
        fixture_words_release(&sum[c]);
    return tr;
}

/* Mixture counts of a pair at every compact step, 0 where it does not compete. */
static void counts_of(const bmx_constraints *c, const double *state_count, uint32_t left,
                      uint32_t right, double *w)
{
    memset(w, 0, c->n_steps * sizeof *w);
    for (size_t k = 0; k < c->n_pairs; k++) {
        const bmx_pair *p = &c->trace->pair[c->pair[k]];
        for (uint64_t s = c->first[k];
             s < c->first[k + 1] && p->left == left && p->right == right; s++) {
            assert_true(c->state[s].lo < c->state[s].hi);
            assert_true(s == c->first[k] || c->state[s].lo >= c->state[s - 1].hi);
            for (uint32_t t = c->state[s].lo; t < c->state[s].hi; t++)
                w[t] = state_count[s];
        }
    }
}

/* The same constraints from folds, looked at through a view, as from sums of them. */
static void same_constraints(const bpemix_trace *folds, uint32_t leave_out, const bool *fixed,
                             const bpemix_trace *sums)
{
    static const double alpha[CATS] = { 0.5, 0.3, 0.2 };
    bmx_view va = { 0 }, vb = { 0 };
    bmx_constraints a = { 0 }, b = { 0 };
    double *wa, *wb, at_a[64], at_b[64];
    bpemix_error err;

    CHECK_OK(bmx_view_init(folds, leave_out, fixed, &va, &err));
    CHECK_OK(bmx_view_init(sums, BMX_NONE, NULL, &vb, &err));
    CHECK_OK(bmx_constraints_build(&va, 0, 60, true, &a, &err));
    CHECK_OK(bmx_constraints_build(&vb, 0, 60, true, &b, &err));
    assert_int_equal(a.n_cats, CATS);
    for (int i = 0; i < CATS; i++) {
        assert_true(va.pairs[i] == vb.pairs[i] && va.bytes[i] == vb.bytes[i]);
        assert_true(a.scale[i] == b.scale[i]);
    }
    assert_int_equal(a.n_steps, b.n_steps);
    assert_memory_equal(a.step, b.step, a.n_steps * sizeof *a.step);
    assert_int_equal(a.merge.nnz, b.merge.nnz);
    assert_memory_equal(a.merge.x, b.merge.x, a.merge.nnz * sizeof *a.merge.x);
    assert_int_equal(a.n_pairs, b.n_pairs);
    assert_int_equal(a.n_states, b.n_states);
    wa = malloc(a.n_states * sizeof *wa);
    wb = malloc(b.n_states * sizeof *wb);
    bmx_constraints_state_counts(&a, alpha, wa);
    bmx_constraints_state_counts(&b, alpha, wb);
    for (size_t k = 0; k < b.n_pairs; k++) {
        const bmx_pair *p = &sums->pair[b.pair[k]];
        counts_of(&a, wa, p->left, p->right, at_a);
        counts_of(&b, wb, p->left, p->right, at_b);
        for (uint32_t t = 0; t < a.n_steps; t++)
            assert_true(fabs(at_a[t] - at_b[t]) <= 1e-9 * at_b[t]);
    }
    free(wa);
    free(wb);
    bmx_constraints_release(&a);
    bmx_constraints_release(&b);
    bmx_view_release(&va);
    bmx_view_release(&vb);
}

static void a_view_is_the_sum_of_its_tallies(void **state)
{
    static const bool fixed[CATS] = { false, true, false };

    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        bmx_words words[CATS][FOLDS];
        bpemix_tokenizer *tok;
        bpemix_trace *tr, *threads;

        random_words(seed, words);
        tok = trained(words, 60);
        tr = replay(tok, words[0], CATS * FOLDS, 1);
        threads = replay(tok, words[0], CATS * FOLDS, 3);
        assert_int_equal(tr->n_folds, FOLDS);
        fixture_same_bytes(tr, threads);
        for (int k = -1; k < FOLDS; k++)
            for (int m = 0; m < 2; m++) {
                uint32_t out = k < 0 ? BMX_NONE : (uint32_t)k;
                bpemix_trace *sums = direct(tok, words, out, m ? fixed : NULL);
                same_constraints(tr, out, m ? fixed : NULL, sums);
                bpemix_trace_free(sums);
            }
        bpemix_trace_free(tr);
        bpemix_trace_free(threads);
        bpemix_tokenizer_free(tok);
        release_words(words);
    }
}

/* Sizes that no sum can hold, as a damaged file may have them, are refused. */
static void sizes_of_folds_may_not_overflow(void **state)
{
    bmx_trace_category cat[2] = { { .name = "x", .pairs = INT64_MAX },
                                  { .name = "x", .pairs = 1 } };
    bpemix_trace tr = { .cat = cat, .n_cats = 2, .n_folds = 2 };
    bmx_view v = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_FAILS(bmx_view_init(&tr, BMX_NONE, NULL, &v, &err), BPEMIX_E_UNSUPPORTED, "2^63");
    CHECK_OK(bmx_view_init(&tr, 1, NULL, &v, &err));
    assert_true(v.pairs[0] == INT64_MAX && v.cat[1] == BMX_NONE);
    bmx_view_release(&v);
}

static void shards_add_up(void **state)
{
    bmx_words words[CATS][FOLDS], half[2][CATS][FOLDS];
    bpemix_trace *whole, *part[2], *sum = NULL, *plain;
    const char *names[2] = { "1", "2" };
    bpemix_tokenizer *tok;
    bpemix_error err;

    (void)state;
    random_words(9, words);
    tok = trained(words, 60);
    for (int h = 0; h < 2; h++)
        for (int c = 0; c < CATS; c++)
            for (int f = 0; f < FOLDS; f++) {
                const bmx_words *w = &words[c][f];
                half[h][c][f] = (bmx_words){ .name = bmx_strdup(w->name), .n_folds = FOLDS,
                                             .documents = h ? w->documents - 1 : 1 };
                for (size_t i = 0; i < w->word.n; i++)
                    if (i % 2 == (size_t)h)
                        fixture_word(&half[h][c][f], w->word.str[i].ptr, w->word.str[i].len,
                                     w->count[i]);
            }
    whole = replay(tok, words[0], CATS * FOLDS, 1);
    for (int h = 0; h < 2; h++)
        part[h] = replay(tok, half[h][0], CATS * FOLDS, 1);
    CHECK_OK(bmx_trace_sum((const bpemix_trace *const *)part, names, 2, &sum, &err));
    fixture_check(sum);
    fixture_same_bytes(whole, sum);
    bpemix_trace_free(sum);
    plain = direct(tok, words, BMX_NONE, NULL);
    bpemix_trace_free(part[1]);
    part[1] = plain;
    CHECK_FAILS(bmx_trace_sum((const bpemix_trace *const *)part, names, 2, &sum, &err),
                BPEMIX_E_MISMATCH, "0 folds, but 4 in 1");
    for (int h = 0; h < 2; h++) {
        bpemix_trace_free(part[h]);
        release_words(half[h]);
    }
    bpemix_trace_free(whole);
    bpemix_tokenizer_free(tok);
    release_words(words);
}

static void seal(bmx_buf *b)
{
    uint64_t h = bmx_hash64(b->ptr, b->len - 8, 0);

    for (int i = 0; i < 8; i++)
        b->ptr[b->len - 8 + (size_t)i] = (char)(h >> 8 * i);
}

/* Written, read, and damaged under a good checksum. */
static void folds_survive_a_file(void **state)
{
    bmx_words words[CATS][FOLDS];
    bpemix_tokenizer *tok;
    bpemix_trace *tr, *back = NULL;
    size_t refused = 0, read = 0, end;
    bmx_buf b = { 0 };
    bpemix_error err;

    (void)state;
    random_words(3, words);
    tok = trained(words, 5);
    tr = replay(tok, words[0], CATS * FOLDS, 1);
    CHECK_OK(bmx_trace_write(tr, &b, &err));
    assert_int_equal(b.ptr[13], 4);
    CHECK_OK(bmx_trace_read("x", bmx_slice_of(b.ptr, b.len), &back, &err));
    fixture_check(back);
    fixture_same_bytes(tr, back);
    assert_int_equal(back->n_folds, FOLDS);
    assert_int_equal(back->n_cats, CATS * FOLDS);
    for (int i = 0; i < CATS * FOLDS; i++) {
        assert_string_equal(back->cat[i].name, tr->cat[i].name);
        assert_int_equal(back->cat[i].documents, tr->cat[i].documents);
        assert_int_equal(back->cat[i].pairs, tr->cat[i].pairs);
    }
    bpemix_trace_free(back);
    end = (size_t)((char *)memmem(b.ptr, b.len, "TOKS", 4) - b.ptr);
    for (size_t i = (size_t)((char *)memmem(b.ptr, b.len, "CATS", 4) - b.ptr); i < end; i++)
        for (int v = 0; v < 256; v++) {
            char old = b.ptr[i];
            bpemix_status st;

            back = NULL;
            b.ptr[i] = (char)v;
            seal(&b);
            st = bmx_trace_read("x", bmx_slice_of(b.ptr, b.len), &back, &err);
            if (st) {
                assert_true(st == BPEMIX_E_FORMAT && !back);
                refused++;
            } else {
                fixture_check(back);
                bpemix_trace_free(back);
                read++;
            }
            b.ptr[i] = old;
        }
    assert_true(refused > 1000 && read > 1000);
    bmx_buf_release(&b);
    bpemix_trace_free(tr);
    bpemix_tokenizer_free(tok);
    release_words(words);
}

/* ---- intervals ---- */

static void errors_by_hand(void **state)
{
    static const double two[2][2] = { { 0.2, 0.8 }, { 0.4, 0.6 } };
    static const double four[4] = { 1, 2, 3, 6 }, same[3] = { 0.25, 0.25, 0.25 };
    double se[2];

    (void)state;
    bmx_jackknife_errors(two[0], 2, 2, se); /* 1/2 * (0.01 + 0.01) */
    assert_true(fabs(se[0] - 0.1) < 1e-15 && fabs(se[1] - 0.1) < 1e-15);
    bmx_jackknife_errors(four, 4, 1, se); /* mean 3; 3/4 * (4 + 1 + 0 + 9) */
    assert_true(fabs(se[0] - sqrt(10.5)) < 1e-15);
    bmx_jackknife_errors(same, 3, 1, se);
    assert_true(se[0] == 0);
}

static void small_categories_stay_whole(void **state)
{
    bmx_trace_category cat[6] = {
        { .documents = 4, .pairs = 10 }, { .documents = 0, .pairs = 1 }, /* enough */
        { .documents = 2, .pairs = 10 }, { .documents = 1, .pairs = 10 }, /* too few */
        { .documents = 9, .pairs = 0 }, { .documents = 9, .pairs = 7 }, /* all in one fold */
    };
    bpemix_trace tr = { .cat = cat, .n_cats = 6, .n_folds = 2 };
    bool fixed[3];

    (void)state;
    assert_int_equal(bmx_jackknife_fixed(&tr, fixed), 2);
    assert_true(!fixed[0] && fixed[1] && fixed[2]);
}

static bpemix_result *solve(const bpemix_trace *tr, bpemix_method method, bpemix_weights weights,
                            double gap, unsigned threads)
{
    bpemix_solve_opts o = { .merges_all = true, .method = method, .weights = weights, .gap = gap,
                            .n_threads = threads };
    bpemix_result *r = NULL;
    bpemix_error err;

    CHECK_OK(bmx_solve(tr, &o, &r, &err));
    return r;
}

/* The program solved for each replicate by the public call, and the formula.
 * Small programs are solved by row generation, which takes no starting point, so
 * that the replicates agree but for the order in which counts are added. */
static void intervals_are_those_of_the_replicates(void **state)
{
    bmx_words words[CATS][FOLDS];
    double replicate[FOLDS][CATS], se[CATS];
    bool fixed[CATS];
    bpemix_tokenizer *tok;
    bpemix_trace *tr;
    bpemix_result *r;

    (void)state;
    random_words(11, words);
    words[2][3].documents = 0;
    words[2][1].documents = 1; /* 3 + 1 + 5 + 0: enough; then one less */
    tok = trained(words, 80);
    for (int few = 0; few < 2; few++) {
        words[2][1].documents = few ? 0 : 1;
        words[2][2].documents = few ? 4 : 5;
        tr = replay(tok, words[0], CATS * FOLDS, 1);
        assert_int_equal(bmx_jackknife_fixed(tr, fixed), few);
        for (uint32_t k = 0; k < FOLDS; k++) {
            bpemix_trace *without = direct(tok, words, k, fixed);
            r = solve(without, BPEMIX_METHOD_LP, BPEMIX_WEIGHTS_NONE, 0, 1);
            for (int i = 0; i < CATS; i++)
                replicate[k][i] = r->share[i].share_bytes;
            bpemix_result_free(r);
            bpemix_trace_free(without);
        }
        bmx_jackknife_errors(replicate[0], FOLDS, CATS, se);
        r = solve(tr, BPEMIX_METHOD_LP, BPEMIX_WEIGHTS_NONE, 0, 2);
        assert_int_equal(r->folds, FOLDS);
        assert_int_equal(r->n_warnings, few);
        for (int i = 0; i < CATS; i++) {
            const bpemix_share *s = &r->share[i];
            assert_true(isnan(s->low_bytes) == fixed[i] && isnan(s->high_bytes) == fixed[i]);
            if (fixed[i])
                continue;
            assert_true(se[i] > 0);
            assert_true(fabs(s->low_bytes - fmax(0, s->share_bytes - 2 * 1.645 * se[i])) < 1e-9);
            assert_true(fabs(s->high_bytes - fmin(1, s->share_bytes + 2 * 1.645 * se[i])) < 1e-9);
        }
        bpemix_result_free(r);
        bpemix_trace_free(tr);
    }
    bpemix_tokenizer_free(tok);
    release_words(words);
}

/* Categories 1 and 2 speak alike: what one has more, the other has less. */
static void twins(uint64_t seed, bmx_words words[CATS][FOLDS])
{
    bmx_rng rng = { seed };

    for (int c = 0; c < CATS; c++)
        for (int f = 0; f < FOLDS; f++) {
            bmx_words *w = &words[c][f];
            *w = (bmx_words){ .name = bmx_asprintf("cat %d", c), .n_folds = FOLDS, .documents = 9 };
            for (int k = 0; k < 300; k++) {
                char text[8];
                size_t n = 2 + bmx_rng_below(&rng, 5);
                for (size_t i = 0; i < n; i++) {
                    uint64_t a = bmx_rng_below(&rng, 8), b = bmx_rng_below(&rng, 8);
                    text[i] = (char)((c ? 'm' : 'a') + (a < b ? a : b));
                }
                fixture_word(w, text, n, 1 + bmx_rng_below(&rng, 9));
            }
        }
}

static double deviations(const bpemix_result *r, size_t i, size_t m)
{
    double mean_i = 0, mean_m = 0, sum = 0;

    for (size_t k = 0; k < FOLDS; k++) {
        mean_i += r->replicate[k * CATS + i] / FOLDS;
        mean_m += r->replicate[k * CATS + m] / FOLDS;
    }
    for (size_t k = 0; k < FOLDS; k++)
        sum += (r->replicate[k * CATS + i] - mean_i) * (r->replicate[k * CATS + m] - mean_m);
    return sum;
}

static void what_gives_way_is_told_together(void **state)
{
    int found = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        bmx_words words[CATS][FOLDS];
        bpemix_solve_opts o = { .merges_all = true, .no_ranges = true };
        bpemix_tokenizer *tok;
        bpemix_trace *tr;
        bpemix_result *r = NULL;
        bpemix_error err;

        twins(seed, words);
        tok = trained(words, 60);
        tr = replay(tok, words[0], CATS * FOLDS, 1);
        CHECK_OK(bmx_solve(tr, &o, &r, &err));
        assert_true(r->n_inseparable <= 1); /* of three, one pair */
        if (r->n_inseparable) {
            const bmx_group *g = &r->inseparable[0];
            size_t i = g->member[0], m = g->member[1];
            double sum = r->share[i].share_bytes + r->share[m].share_bytes;
            assert_int_equal(g->n_members, 2);
            assert_true(deviations(r, i, m) <
                        -0.5 * sqrt(deviations(r, i, i) * deviations(r, m, m)));
            assert_true(g->share.low_bytes <= sum && sum <= g->share.high_bytes);
            assert_true(g->share.high_bytes - g->share.low_bytes <
                        fmax(r->share[i].high_bytes - r->share[i].low_bytes,
                             r->share[m].high_bytes - r->share[m].low_bytes));
            found += i == 1 && m == 2;
        }
        bmx_result_free(r);
        bpemix_trace_free(tr);
        bpemix_tokenizer_free(tok);
        release_words(words);
    }
    if (found < 6)
        fail_msg("twins were told together %d times in 12", found);
}

/* Where the alphabet lacks the characters of the third, the sum of the twins is 1 in any case. */
static void all_that_is_known_is_no_sum(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        bmx_words words[CATS][FOLDS];
        bpemix_solve_opts o = { .merges_all = true, .no_ranges = true };
        bpemix_tokenizer *tok;
        bpemix_trace *tr;
        bpemix_result *r = NULL;
        bpemix_error err;

        twins(seed, words);
        tok = trained(words, 60);
        tr = replay(tok, words[0], CATS * FOLDS, 1);
        for (size_t f = 0; f < FOLDS; f++)
            tr->cat[f].bytes = 13 * tr->cat[f].pairs;
        CHECK_OK(bmx_solve(tr, &o, &r, &err));
        assert_true(isnan(r->share[0].share_bytes) && isfinite(r->share[1].high_bytes));
        assert_int_equal(r->n_inseparable, 0);
        bmx_result_free(r);
        bpemix_trace_free(tr);
        bpemix_tokenizer_free(tok);
        release_words(words);
    }
}

/* The estimate itself is that of a trace without folds, on any number of threads. */
static void folds_do_not_change_the_estimate(void **state)
{
    bmx_words words[CATS][FOLDS];
    bpemix_tokenizer *tok;
    bpemix_trace *tr, *plain;

    (void)state;
    random_words(12, words);
    tok = trained(words, 80);
    tr = replay(tok, words[0], CATS * FOLDS, 1);
    plain = direct(tok, words, BMX_NONE, NULL);
    for (int m = 0; m < 2; m++) {
        bpemix_method method = m ? BPEMIX_METHOD_LP : BPEMIX_METHOD_MONOTONE;
        bpemix_result *want = solve(plain, method, BPEMIX_WEIGHTS_QUARTER, 0, 1);
        bpemix_result *one = solve(tr, method, BPEMIX_WEIGHTS_QUARTER, 0, 1);
        bpemix_result *more = solve(tr, method, BPEMIX_WEIGHTS_QUARTER, 0, 3);
        char *json[2];
        bpemix_error err;

        for (int i = 0; i < CATS; i++) {
            assert_true(one->share[i].low_bytes <= one->share[i].share_bytes);
            assert_true(one->share[i].share_bytes <= one->share[i].high_bytes);
            assert_true(one->share[i].low_bytes == more->share[i].low_bytes);
            assert_true(one->share[i].high_bytes == more->share[i].high_bytes);
            assert_true(isnan(want->share[i].low_bytes));
            one->share[i].low_bytes = one->share[i].high_bytes = NAN;
        }
        one->folds = 0;
        one->uncovered.found_once = one->uncovered.ratio = NAN;
        bmx_free(one->replicate);
        one->replicate = NULL;
        for (int i = 0; i < CATS; i++)
            assert_true(fabs(want->share[i].share_bytes - one->share[i].share_bytes) < 1e-9);
        if (method == BPEMIX_METHOD_MONOTONE) { /* counts are whole numbers until they are added */
            CHECK_OK(bpemix_result_json(want, false, &json[0], &err));
            CHECK_OK(bpemix_result_json(one, false, &json[1], &err));
            assert_string_equal(json[0], json[1]);
            bpemix_free(json[0]);
            bpemix_free(json[1]);
        }
        bpemix_result_free(want);
        bpemix_result_free(one);
        bpemix_result_free(more);
    }
    bpemix_trace_free(tr);
    bpemix_trace_free(plain);
    bpemix_tokenizer_free(tok);
    release_words(words);
}

static void time_runs_out(void **state)
{
    bpemix_solve_opts o = { .merges_all = true, .time_limit = 1e-9 };
    bmx_words words[CATS][FOLDS];
    bpemix_tokenizer *tok;
    bpemix_trace *tr;
    bpemix_result *r;
    bpemix_error err;

    (void)state;
    random_words(13, words);
    tok = trained(words, 80);
    tr = replay(tok, words[0], CATS * FOLDS, 1);
    CHECK_OK(bmx_solve(tr, &o, &r, &err));
    assert_true(isnan(r->share[0].low_bytes));
    assert_non_null(strstr(r->warning[r->n_warnings - 1], "the time limit was reached"));
    bpemix_result_free(r);
    bpemix_trace_free(tr);
    bpemix_tokenizer_free(tok);
    release_words(words);
}

static void survives_lack_of_memory(void **state)
{
    bmx_words words[CATS][FOLDS], out[FOLDS] = { { 0 } };
    bpemix_solve_opts o = { .merges_all = true, .n_threads = 1, .no_ranges = true };
    bpemix_count_opts co = { .folds = FOLDS, .n_threads = 1 };
    const char *path = put_text("few.txt", "few words");
    bpemix_category cat = { .name = "x", .paths = &path, .n_paths = 1 };
    bpemix_trace *tr, *back = NULL;
    bpemix_result *r = NULL;
    bpemix_tokenizer *tok;
    bmx_buf b = { 0 };
    bpemix_error err;

    (void)state;
    random_words(14, words);
    tok = trained(words, 6);
    tr = replay(tok, words[0], CATS * FOLDS, 1);
    CHECK_OK(bmx_trace_write(tr, &b, &err));
    SURVIVES(20, bmx_trace_read("x", bmx_slice_of(b.ptr, b.len), &back, NULL),
             assert_true(!back == !last));
    SURVIVES_SOME(200, bmx_solve(tr, &o, &r, NULL), {
        assert_true(!r == (status != BPEMIX_OK));
        bpemix_result_free(r);
        r = NULL;
    });
    SURVIVES_SOME(10, words_count(tok, &cat, 1, &co, out, NULL), {
        for (int f = 0; f < FOLDS; f++)
            bmx_words_release(&out[f]);
    });
    bpemix_trace_free(back);
    bmx_buf_release(&b);
    bpemix_trace_free(tr);
    bpemix_tokenizer_free(tok);
    release_words(words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_is_the_sum_of_its_tallies),
        cmocka_unit_test(sizes_of_folds_may_not_overflow),
        cmocka_unit_test(shards_add_up),
        cmocka_unit_test(folds_survive_a_file),
        cmocka_unit_test(errors_by_hand),
        cmocka_unit_test(small_categories_stay_whole),
        cmocka_unit_test(intervals_are_those_of_the_replicates),
        cmocka_unit_test(what_gives_way_is_told_together),
        cmocka_unit_test(all_that_is_known_is_no_sum),
        cmocka_unit_test(folds_do_not_change_the_estimate),
        cmocka_unit_test(time_runs_out),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests_name("folds", tests, NULL, remove_scratch);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pool: what no candidate explains is told apart, and the others add up to 1. */
#include "test.h"

#include "bpemix.h"
#include "base/rng.h"
#include "diagnose/answer.h"
#include "diagnose/interval.h"
#include "replay/pool.h"
#include "words/words.h"

#include <math.h>

enum { CATS = 4, DOCUMENTS = 60 };
static const char *const name[CATS] = { "north", "south", "west", "east" };

/* Documents of made-up words: each category has letters of its own. */
typedef struct speech {
    bpemix_category cat;
    int letter, left;
    bmx_rng rng;
    size_t words; /* a document */
    char text[4000];
} speech;

static bpemix_status speak(void *ctx, bpemix_text *doc, bool *more, bpemix_error *err)
{
    speech *s = ctx;
    size_t n = 0;

    (void)err;
    if (!(*more = s->left-- > 0))
        return BPEMIX_OK;
    for (size_t w = 0; w < s->words; w++) {
        size_t len = 2 + bmx_rng_below(&s->rng, 4);
        for (size_t i = 0; i < len; i++) {
            uint64_t a = bmx_rng_below(&s->rng, 7), b = bmx_rng_below(&s->rng, 7);
            s->text[n++] = (char)(s->letter + (int)(a < b ? a : b));
        }
        s->text[n++] = ' ';
    }
    *doc = (bpemix_text){ s->text, n };
    return BPEMIX_OK;
}

static bpemix_category *say(speech *s, int cat, uint64_t seed, size_t words)
{
    static const char letters[CATS] = { 'a', 'h', 'o', 'A' };

    *s = (speech){ .letter = letters[cat], .left = DOCUMENTS, .rng = { seed * 31 + (uint64_t)cat },
                   .words = words };
    s->cat = (bpemix_category){ .name = name[cat], .read = speak, .read_ctx = s };
    return &s->cat;
}

/* A tokenizer of 80 merges trained on these shares. */
static bpemix_tokenizer *trained(const double *share)
{
    static speech s[CATS];
    bpemix_category cats[CATS];
    bpemix_train_opts opts = { .size = sizeof opts, .vocab_size = 256 + 80, .share = share,
                               .train_bytes = 60000 };
    bpemix_training *t = NULL;
    bpemix_tokenizer *tok = NULL;
    bpemix_error err;

    for (int c = 0; c < CATS; c++)
        cats[c] = *say(&s[c], c, 1, 300);
    CHECK_OK(bpemix_train(cats, CATS, &opts, &t, &err));
    CHECK_OK(bpemix_tokenizer_parse("t", bpemix_training_tokenizer(t), NULL, &tok, &err));
    bpemix_training_free(t);
    return tok;
}

/* North and south are the candidates, west and east are pooled. */
static bpemix_trace *counted(const bpemix_tokenizer *tok, size_t n_other, uint32_t folds,
                             size_t east_words)
{
    static speech s[CATS];
    bpemix_category cats[CATS];
    bpemix_count_opts o = { .size = sizeof o, .folds = folds, .other = cats + 2,
                            .n_other = n_other };
    bpemix_trace *tr = NULL;
    bpemix_error err;

    for (int c = 0; c < CATS; c++)
        cats[c] = *say(&s[c], c, 2, c == 3 ? east_words : 300);
    CHECK_OK(bpemix_count(tok, cats, 2, &o, &tr, &err));
    return tr;
}

static void adds_up(const bpemix_result *r)
{
    const bpemix_share *n = bpemix_result_share(r, 0), *s = bpemix_result_share(r, 1);

    assert_int_equal(bpemix_result_categories(r), 2);
    assert_true(fabs(n->share_bytes + s->share_bytes - 1) < 1e-9);
    assert_true(fabs(n->share_pairs + s->share_pairs - 1) < 1e-9);
    assert_true(fabs(n->share_merges + s->share_merges - 1) < 1e-9);
}

static bool holds(bpemix_range x, double share)
{
    return x.low <= share + 1e-9 && share <= x.high + 1e-9;
}

static void what_no_candidate_explains_is_told_apart(void **state)
{
    static const double share[CATS] = { 0.4, 0.2, 0.4, 0 };
    bpemix_tokenizer *tok = trained(share);
    bpemix_trace *tr = counted(tok, 2, 4, 300);
    const uint32_t sweep[] = { 30, tr->n_merges };
    bpemix_result *r = NULL, *again = NULL;
    const bpemix_share *o;
    char *json = NULL;
    double most = 0;
    bpemix_error err;

    (void)state;
    CHECK_OK(bpemix_solve(tr, &(bpemix_solve_opts){ .size = sizeof(bpemix_solve_opts),
                                                    .merges_all = true,
                                                    .groups = "north\ta\nother\ta\nsouth\tb\n",
                                                    .sweep = sweep, .n_sweep = 2,
                                                    .phases_auto = true }, &r, &err));
    adds_up(r);
    o = bpemix_result_other(r);
    assert_non_null(o);
    assert_string_equal(o->name, "other");
    /* half of the pool is of a category without a share, so that a part of it stands for the
       whole */
    assert_true(o->share_bytes > 0.3 && o->share_bytes < 0.9);
    assert_true(holds(o->range_bytes, o->share_bytes) &&
                holds(o->range_outer_merges, o->share_merges));
    assert_true(o->range_bytes.high < 1);
    assert_true(o->low_bytes < o->share_bytes && o->high_bytes > o->share_bytes);
    assert_true(fabs(bpemix_result_share(r, 0)->share_bytes - 2.0 / 3) < 0.05);
    for (size_t i = 0; i < 2; i++) {
        const bpemix_share *s = bpemix_result_share(r, i);
        double sum = 0;
        assert_true(holds(s->range_bytes, s->share_bytes) && holds(s->range_pairs, s->share_pairs));
        for (size_t k = 0; k < 4; k++)
            sum += bpemix_result_replicate(r, k, i) / 4;
        assert_true(fabs(sum - s->share_bytes) < 0.02);
    }
    assert_int_equal(r->n_sweep, 2); /* and all merges, as the one phase that so short a list has */
    assert_int_equal(r->n_phases, 1);
    for (size_t i = 0; i < 2; i++) {
        const bpemix_share *s = bpemix_result_share(r, i);
        assert_true(fabs(r->sweep[1].share_bytes[i] - s->share_bytes) < 1e-3);
        assert_true(fabs(r->sweep[1].share_pairs[i] - s->share_pairs) < 1e-3);
        assert_true(fabs(r->phase[0].share_merges[i] - s->share_merges) < 1e-3);
        most = fmax(most, fabs(r->sweep[0].share_bytes[i] - r->sweep[1].share_bytes[i]));
    }
    assert_true(fabs(r->disagreement_merges - most) < 1e-12); /* of candidates */
    assert_int_equal(r->n_groups, 2);
    assert_int_equal(r->group[0].n_members, 1); /* the pool is in no group */
    assert_true(r->group[0].share.share_bytes == r->share[0].share_bytes);
    CHECK_OK(bpemix_result_json(r, 0, &json, &err));
    CHECK_OK(bmx_result_parse("r.json", bmx_slice_str(json), &again, &err));
    assert_true(bpemix_result_other(again)->share_bytes == o->share_bytes);
    assert_int_equal(again->folds, 4);
    bpemix_free(json);
    bpemix_result_free(again);
    bpemix_result_free(r);
    bpemix_trace_free(tr);
    bpemix_tokenizer_free(tok);
}

/* Half the interval of a candidate, in standard errors. */
static double width_in_errors(const bpemix_trace *tr, const bpemix_solve_opts *opts,
                              bpemix_result **out)
{
    bpemix_result *r = NULL;
    double se[2];
    bpemix_error err;

    CHECK_OK(bpemix_solve(tr, opts, &r, &err));
    bmx_jackknife_errors(r->replicate, r->folds, 2, se);
    assert_true(r->share[0].low_bytes > 0 && r->share[0].high_bytes < 1);
    *out = r;
    return (r->share[0].high_bytes - r->share[0].low_bytes) / 2 / se[0];
}

/* Intervals weigh the noise of samples and training text by shares of all text, those of
 * candidates and pool together. */
static void intervals_are_of_all_text(void **state)
{
    static const double share[CATS] = { 0.35, 0.25, 0.4, 0 };
    bpemix_tokenizer *tok = trained(share);
    bpemix_trace *tr = counted(tok, 2, 4, 300);
    bpemix_solve_opts o = { .size = sizeof o, .merges_all = true, .no_ranges = true,
                            .train_bytes = 40000 };
    double sample = 0, bytes = 0, known, width;
    bpemix_result *r = NULL;

    (void)state;
    width = width_in_errors(tr, &o, &r);
    for (int i = 0; i < 3; i++) {
        const bpemix_share *s = i < 2 ? &r->share[i] : r->pooled;
        double rest = i < 2 ? 1 - r->pooled->share_bytes : 1, x = rest * s->share_bytes;

        sample += x * x / (double)s->sample_bytes;
        bytes += (i < 2 ? 1 - r->pooled->share_pairs : 1) * s->share_pairs *
                 (double)s->sample_bytes / (double)s->sample_pairs;
    }
    known = bmx_student_95(3) * sqrt(1 + 1 / (40000 * sample));
    if (!(fabs(width / known - 1) < 1e-6))
        fail_msg("%.4f errors, not %.4f", width, known);
    bpemix_result_free(r);

    o.train_bytes = 0; /* as the ties of the list say */
    tr->facts.known = tr->facts.found = true;
    tr->facts.ties.sample_pairs = 10000;
    width = width_in_errors(tr, &o, &r);
    known = bmx_student_95(3) * sqrt(1 + 1 / (10000 * bytes * sample));
    if (!(fabs(width / known - 1) < 1e-6))
        fail_msg("%.4f errors, not %.4f, where ties tell the size", width, known);
    bpemix_result_free(r);
    bpemix_trace_free(tr);
    bpemix_tokenizer_free(tok);
}

/* Shares among the candidates are those without the pool, where nothing is missing.  Relative to
 * the merges, because in so short a list a pool that nothing speaks against takes a few percent
 * of pairs. */
static void it_is_harmless_where_nothing_is_missing(void **state)
{
    static const double share[CATS] = { 0.7, 0.3, 0, 0 };
    bpemix_tokenizer *tok = trained(share);
    bpemix_trace *with = counted(tok, 2, 0, 300), *without = counted(tok, 0, 0, 300);
    bpemix_solve_opts o = { .size = sizeof o, .scale = BPEMIX_SCALE_MERGES };
    bpemix_result *a = NULL, *b = NULL;
    bpemix_error err;

    (void)state;
    CHECK_OK(bpemix_solve(with, &o, &a, &err));
    CHECK_OK(bpemix_solve(without, &o, &b, &err));
    adds_up(a);
    assert_null(bpemix_result_other(b));
    if (!(bpemix_result_other(a)->share_bytes < 0.01))
        fail_msg("the pool has %.4f", bpemix_result_other(a)->share_bytes);
    assert_true(fabs(a->share[0].share_bytes - b->share[0].share_bytes) < 0.01);
    bpemix_result_free(a);
    bpemix_result_free(b);
    bpemix_trace_free(with);
    bpemix_trace_free(without);
    bpemix_tokenizer_free(tok);
}

/* A sample of a tenth is counted ten times, and is half of the pool. */
static void small_samples_count_as_much_as_others(void **state)
{
    static const double share[CATS] = { 1, 1, 1, 1 };
    bpemix_tokenizer *tok = trained(share);
    bpemix_trace *tr = counted(tok, 2, 0, 30), *both = NULL;
    const bpemix_trace *two[2] = { tr, tr };
    uint64_t of[2] = { 0, 0 }; /* first bytes of west's and of east's letters */
    bpemix_error err;

    (void)state;
    assert_int_equal(tr->n_cats, 3);
    for (size_t p = 0; p < tr->n_pairs; p++)
        for (uint64_t e = tr->first[p]; e < tr->first[p + 1] && !tr->event[e].step; e++) {
            char raw[64];
            bmx_slice s = bmx_trace_symbol_text(tr, tr->pair[p].left, raw);
            if (tr->event[e].cat == 2 && s.len && s.ptr[0] != ' ')
                of[s.ptr[0] >= 'A' && s.ptr[0] <= 'G'] += (uint64_t)tr->event[e].delta;
        }
    assert_true(of[1] > 0.8 * (double)of[0] && of[1] < 1.25 * (double)of[0]);
    CHECK_OK(bmx_trace_sum(two, (const char *const[]){ "a", "b" }, 2, &both, &err));
    assert_int_equal(bmx_pool_names(&both->options)->n, 2); /* each name once */
    bpemix_trace_free(both);
    bpemix_trace_free(tr);
    bpemix_tokenizer_free(tok);
}

static void names_must_not_meet(void **state)
{
    static const double share[CATS] = { 1, 1, 1, 1 };
    bpemix_tokenizer *tok = trained(share);
    static speech s[2];
    bpemix_category cats[2], other;
    bpemix_count_opts o = { .size = sizeof o, .other = &other, .n_other = 1 };
    bpemix_trace *tr = NULL, *pooled = counted(tok, 2, 0, 300), *sum = NULL;
    const bpemix_trace *two[2];
    char *text = NULL;
    bpemix_error err;

    (void)state;
    cats[0] = *say(&s[0], 0, 3, 300);
    other = *say(&s[1], 1, 3, 300);
    other.name = "north";
    CHECK_FAILS(bpemix_count(tok, cats, 1, &o, &tr, &err), BPEMIX_E_USAGE,
                "both a candidate and part");
    cats[0] = *say(&s[0], 0, 3, 300);
    cats[0].name = "other";
    CHECK_FAILS(bpemix_count(tok, cats, 1, &o, &tr, &err), BPEMIX_E_USAGE,
                "name of the pool");
    cats[0] = *say(&s[0], 0, 3, 300);
    cats[0].name = "other";
    CHECK_OK(bpemix_count(tok, cats, 1, NULL, &tr, &err));
    two[0] = pooled;
    two[1] = tr;
    CHECK_FAILS(bmx_trace_sum(two, (const char *const[]){ "a", "b" }, 2, &sum, &err),
                BPEMIX_E_MISMATCH,
                "a category in one, and the pool");
    CHECK_FAILS(bpemix_verify(pooled, "{\"north\": 1}", NULL, NULL, &text, &err), BPEMIX_E_USAGE,
                "the trace has a pool");
    bpemix_trace_free(tr);
    bpemix_trace_free(pooled);
    bpemix_tokenizer_free(tok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_no_candidate_explains_is_told_apart),
        cmocka_unit_test(intervals_are_of_all_text),
        cmocka_unit_test(it_is_harmless_where_nothing_is_missing),
        cmocka_unit_test(small_samples_count_as_much_as_others),
        cmocka_unit_test(names_must_not_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

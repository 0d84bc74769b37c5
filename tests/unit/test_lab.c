/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The laboratory: what is drawn has the moments it should, guesses and baselines agree with
 * closed forms, measures with sums written out. */
#include "oracle/fixture.h"

#include "lab/baseline.h"
#include "lab/metric.h"
#include "lab/simulate.h"

#include <math.h>

static void near(double got, double want, double error, const char *what)
{
    if (!(fabs(got - want) <= error))
        fail_msg("%s: %g, not %g +- %g", what, got, want, error);
}

typedef struct moments {
    double n, sum, squares;
} moments;

static void add(moments *m, double x)
{
    m->n++;
    m->sum += x;
    m->squares += x * x;
}

static double mean(const moments *m) { return m->sum / m->n; }
static double variance(const moments *m) { return m->squares / m->n - mean(m) * mean(m); }

static void draws_numbers_as_said(void **state)
{
    static const double means[] = { 0.3, 4, 25, 700 }, shapes[] = { 0.5, 1.5, 40 };
    bmx_rng rng = { 7 };

    (void)state;
    for (size_t k = 0; k < 4; k++) {
        moments m = { 0 };

        for (int i = 0; i < 40000; i++)
            add(&m, (double)bmx_rng_poisson(&rng, means[k]));
        near(mean(&m), means[k], 5 * sqrt(means[k] / m.n), "mean of a Poisson draw");
        near(variance(&m) / means[k], 1, 0.06, "variance of a Poisson draw");
    }
    for (size_t k = 0; k < 3; k++) {
        moments m = { 0 };

        for (int i = 0; i < 40000; i++)
            add(&m, bmx_rng_gamma(&rng, shapes[k]));
        near(mean(&m), shapes[k], 5 * sqrt(shapes[k] / m.n), "mean of a gamma draw");
        near(variance(&m) / shapes[k], 1, 0.1, "variance of a gamma draw");
    }
    assert_int_equal(bmx_rng_poisson(&rng, 0), 0);
}

/* Three documents of the words 0, 2 and 3; 1 is made up.  Entries count within the vocabulary. */
static bmx_lab_entry entries[] = { { 0, 3 }, { 1, 1 }, { 0, 1 }, { 2, 4 }, { 1, 2 } };
static bmx_lab_document documents[] = {
    { 0, 100, 0, false }, { 2, 60, 1, true }, { 4, 40, 1, false }, { 5, 0, 0, false }
};
static uint32_t vocabulary[] = { 0, 2, 3 }, totals[] = { 4, 3, 4 }, made[] = { 1 };
static bmx_lab_category category = {
    .name = "x", .doc = documents, .n_docs = 3, .entry = entries, .n_entries = 5,
    .vocabulary = vocabulary, .total = totals, .n_vocabulary = 3, .made = made, .n_made = 1,
    .n_sources = 2, .bytes = 200
};

static bmx_lab_corpus corpus(void)
{
    return (bmx_lab_corpus){ .n_words = 4, .cat = &category, .n_cats = 1 };
}

static double count_of(const bmx_lab_draw *d, uint32_t word)
{
    for (size_t k = 0; k < d->n; k++)
        if (d->word[k] == word)
            return (double)d->count[k];
    return 0;
}

/* The digest of a corpus of four words whose documents are those above. */
static void digest_of(bmx_lab_corpus *c, char out[65])
{
    assert_int_equal(bmx_lab_corpus_digest(c, out, NULL), BPEMIX_OK);
    assert_int_equal(strlen(out), 64);
}

/* Whatever a trial draws from changes the digest, and nothing else does. */
static void tells_texts_apart(void **state)
{
    static char text[] = "abbcccd";
    bmx_slice word[] = { { text, 1 }, { text + 1, 2 }, { text + 3, 3 }, { text + 6, 1 } };
    bmx_lab_corpus c = corpus();
    char was[65], is[65];

    c.word = word;
    c.text = text;
    (void)state;
    digest_of(&c, was);
#define TELLS(place, other)                                    \
    do {                                                       \
        __typeof__(place) kept = (place);                      \
        (place) = (other);                                     \
        digest_of(&c, is);                                     \
        assert_string_not_equal(was, is);                      \
        (place) = kept;                                        \
    } while (0)
    TELLS(entries[4].count, 3);
    TELLS(entries[4].word, 0);
    TELLS(documents[1].bytes, 61);
    TELLS(documents[1].source, 0);
    TELLS(documents[2].sample, true);
    TELLS(documents[2].first, 3);
    TELLS(vocabulary[1], 1);
    TELLS(made[0], 2);
    TELLS(category.n_docs, 2);
    TELLS(category.clustered, true);
    TELLS(text[6], 'e');
    TELLS(c.n_words, 3);
    word[0].len = 2; /* the same bytes, divided otherwise */
    word[1].len = 1;
    digest_of(&c, is);
    assert_string_not_equal(was, is);
    word[0].len = 1;
    word[1].len = 2;
    category.name = "y"; /* of which the key of a journal tells */
    digest_of(&c, is);
    category.name = "x";
    assert_string_equal(was, is);
    bmx_mem_fail_at(1);
    assert_int_equal(bmx_lab_corpus_digest(&c, is, NULL), BPEMIX_E_NOMEM);
    bmx_mem_fail_at(0);
}

/* Mean and variance of each word's count over many draws: of documents the variance is
 * that of their number times the square of what each holds, of words it is the mean. */
static void simulates_documents(void **state)
{
    bmx_lab_corpus c = corpus();

    (void)state;
    for (int noise = 0; noise < 2; noise++)
        for (int weighted = 0; weighted < 2; weighted++) {
            static const double weights[] = { 1, 3 };
            const double *weight = weighted ? weights : NULL;
            double base = weighted ? 100 + 3 * 100 : 200, scale = 500 / base;
            moments word[4] = { 0 }, bytes = { 0 };
            bmx_rng rng = { 3 };
            bmx_lab_population p;
            double squares[3] = { 0 }, sums[3] = { 0 };

            for (size_t d = 0; d < 3; d++)
                for (size_t e = documents[d].first; e < documents[d + 1].first; e++) {
                    double w = weight ? weight[documents[d].source] : 1, n = entries[e].count;
                    sums[entries[e].word] += scale * w * n;
                    squares[entries[e].word] += scale * w * n * n;
                }
            assert_int_equal(bmx_lab_population_init(&p, &c, 0, true, &rng, NULL), BPEMIX_OK);
            for (size_t k = 0; k < 3; k++)
                p.rate[k] = 1;
            p.made_rate[0] = 0.4;
            for (int i = 0; i < 30000; i++) {
                bmx_lab_draw d = { 0 };

                assert_int_equal(bmx_lab_simulate(&p, 500, weight, (bmx_lab_noise)noise, &rng, &d,
                                                  NULL), BPEMIX_OK);
                for (uint32_t k = 0; k < 4; k++)
                    add(&word[k], count_of(&d, k < 3 ? vocabulary[k] : made[0]));
                for (size_t k = 1; k < d.n; k++)
                    assert_true(d.word[k - 1] < d.word[k] && d.count[k] > 0);
                add(&bytes, (double)d.bytes);
                bmx_lab_draw_release(&d);
            }
            for (size_t k = 0; k < 3; k++) {
                double v = noise == BMX_NOISE_WORDS ? sums[k] : squares[k];

                near(mean(&word[k]), sums[k], 5 * sqrt(v / 30000), "mean count of a word");
                near(variance(&word[k]) / v, 1, 0.06, "variance of a word's count");
            }
            near(mean(&word[3]), 2.5 * 0.4, 5 * sqrt(2.5 * 0.4 / 30000), "words made up");
            near(mean(&bytes), 500, 5 * sqrt(500 * 100 / 30000.0), "bytes");
            for (size_t k = 0; k < 3; k++)
                assert_true(p.sum[k] == 0);
            bmx_lab_population_release(&p);
        }
}

/* S1: the factors have mean 1 and the variance of a gamma draw; S2: rounding keeps means. */
static void varies_rates(void **state)
{
    bmx_lab_corpus c = corpus();
    moments rate[3] = { 0 }, unseen = { 0 }, count = { 0 };
    bmx_rng rng = { 11 };

    (void)state;
    for (int i = 0; i < 20000; i++) {
        bmx_lab_draw d = { 0 };
        bmx_lab_population p;

        assert_int_equal(bmx_lab_population_init(&p, &c, 0, true, &rng, NULL), BPEMIX_OK);
        for (size_t k = 0; k < 3; k++)
            add(&rate[k], p.rate[k]);
        add(&unseen, p.made_rate[0]);
        p.rate[2] = 0.3; /* 4 a document: 1.2, so that rounding matters */
        assert_int_equal(bmx_lab_simulate(&p, 200, NULL, BMX_NOISE_DOCUMENTS, &rng, &d, NULL),
                         BPEMIX_OK);
        add(&count, count_of(&d, vocabulary[2]));
        bmx_lab_draw_release(&d);
        bmx_lab_population_release(&p);
    }
    for (size_t k = 0; k < 3; k++) {
        near(mean(&rate[k]), 1, 0.02, "mean factor");
        near(variance(&rate[k]) * (totals[k] + 0.5), 1, 0.1, "variance of a factor");
    }
    near(mean(&unseen), 0.5, 0.03, "rate of a word made up");
    near(mean(&count), 1.2, 0.05, "rounded counts");
}

/* Each document once at most, of the right half and source; folds divide what is taken. */
static void picks_documents(void **state)
{
    bmx_lab_corpus c = corpus();
    bmx_rng rng = { 1 };
    bmx_lab_population p;

    (void)state;
    assert_int_equal(bmx_lab_population_init(&p, &c, 0, false, &rng, NULL), BPEMIX_OK);
    assert_int_equal(bmx_lab_available(&p, NULL, 0), 140);
    assert_int_equal(bmx_lab_available(&p, NULL, 1), 60);
    assert_int_equal(bmx_lab_available(&p, (double[]){ 0, 1 }, 2), 100);
    for (uint64_t seed = 0; seed < 50; seed++) {
        uint64_t bytes = 0;

        for (int half = 0; half < 3; half++) {
            bmx_lab_draw d = { 0 };

            bmx_lab_selection which = { .half = half, .seed = seed, .n_folds = 1 };

            assert_int_equal(bmx_lab_pick(&p, INFINITY, &which, &d, NULL), BPEMIX_OK);
            assert_int_equal(d.bytes, bmx_lab_available(&p, NULL, half));
            assert_int_equal(count_of(&d, 0), half == 0 ? 3 : half == 1 ? 1 : 4);
            bmx_lab_draw_release(&d);
        }
        for (uint32_t fold = 0; fold < 2; fold++) {
            bmx_lab_draw d = { 0 };

            bmx_lab_selection which = { .half = 2, .seed = seed, .fold = fold, .n_folds = 2 };

            assert_int_equal(bmx_lab_pick(&p, INFINITY, &which, &d, NULL), BPEMIX_OK);
            bytes += d.bytes;
            assert_true(d.documents == 2 - fold);
            bmx_lab_draw_release(&d);
        }
        assert_int_equal(bytes, 200);
    }
    p.split = 1; /* clusters: another division, still of every document */
    assert_int_equal(bmx_lab_available(&p, NULL, 0) + bmx_lab_available(&p, NULL, 1), 200);
    for (uint64_t before = bmx_lab_available(&p, NULL, 1);
         bmx_lab_available(&p, NULL, 1) == before;)
        assert_true(++p.split < 100);
    bmx_lab_population_release(&p);
}

/* Against a mixture uniform on the simplex: shares have the variance (n - 1) / (n^2 (n + 1)),
 * and another such draw differs by twice that on average. */
static void guesses_like_the_closed_form(void **state)
{
    (void)state;
    for (size_t n = 2; n <= 30; n += 7) {
        double v = (double)(n - 1) / ((double)n * (double)n * (double)(n + 1));
        moments uniform = { 0 }, random = { 0 };
        bmx_rng rng = { n };

        for (int i = 0; i < 20000; i++) {
            double truth[30], guess[30];

            bmx_rng_simplex(&rng, truth, (int)n);
            bmx_guess_uniform(guess, n);
            add(&uniform, pow(10, bmx_log10_mse(truth, guess, n)));
            bmx_guess_random(&rng, guess, n);
            add(&random, pow(10, bmx_log10_mse(truth, guess, n)));
        }
        near(mean(&uniform), v, 6 * sqrt(variance(&uniform) / 20000), "uniform guesses");
        near(mean(&random), 2 * v, 6 * sqrt(variance(&random) / 20000), "random guesses");
    }
}

/* On a trace whose counts are recounted from scratch. */
static void classifies_tokens(void **state)
{
    bpemix_tokenizer *tok = fixture_tokenizer(3);
    static const char *const text[] = { "abcab", "abab", "bcbc", "cab" };
    static const uint64_t count[2][4] = { { 3, 1, 2, 0 }, { 1, 2, 5, 6 } };
    double want[2] = { 0 }, tokens[2] = { 0 }, share[2], got[2];
    naive_merge merge[4];
    naive_word word[2][4];
    bmx_words words[2] = { { .name = bmx_strdup("x") }, { .name = bmx_strdup("y") } };
    bpemix_trace *tr = NULL;
    bpemix_error err;

    (void)state;
    merge[0] = fixture_merge(tok, 0, 1);
    merge[1] = fixture_merge(tok, 1, 2);
    merge[2] = fixture_merge(tok, 2, merge[0].product);
    merge[3] = fixture_merge(tok, merge[0].product, merge[0].product);
    for (int c = 0; c < 2; c++)
        for (int w = 0; w < 4; w++) {
            word[c][w] = (naive_word){ .symbol = malloc(8 * sizeof(uint32_t)),
                                       .n = strlen(text[w]) };
            for (size_t i = 0; i < word[c][w].n; i++)
                word[c][w].symbol[i] = (uint32_t)(text[w][i] - 'a');
            fixture_word(&words[c], text[w], strlen(text[w]), count[c][w]);
        }
    for (int t = 0; t < 4; t++) {
        double rate[2] = { 0 };

        for (int c = 0; c < 2; c++)
            for (int w = 0; w < 4; w++) {
                size_t before = word[c][w].n;
                word[c][w].n = naive_apply(word[c][w].symbol, before, merge[t]);
                rate[c] += (double)((before - word[c][w].n) * count[c][w]) / (double)words[c].bytes;
            }
        if (rate[0] > 0 || rate[1] > 0)
            want[rate[1] > rate[0]]++;
    }
    for (int c = 0; c < 2; c++)
        for (int w = 0; w < 4; w++) {
            tokens[c] += (double)(word[c][w].n * count[c][w]);
            free(word[c][w].symbol);
        }
    CHECK_OK(bmx_replay(tok, words, 2, &one_thread, &tr, &err));
    CHECK_OK(bmx_token_classification(tr, 0, 4, share, &err));
    near(share[0], want[0] / (want[0] + want[1]), 1e-12, "share by token classification");
    near(share[0] + share[1], 1, 1e-12, "sum of shares");
    CHECK_OK(bmx_token_counts(tr, got, &err));
    near(got[0], tokens[0], 0, "tokens of the first category");
    near(got[1], tokens[1], 0, "tokens of the second category");
    bmx_trace_free(tr);
    bmx_tokenizer_free(tok);
    fixture_words_release(&words[0]);
    fixture_words_release(&words[1]);
}

/* Shares that are a power of the efficiency are found exactly. */
static void fits_efficiency(void **state)
{
    double e[3][3] = { { 1, 2, 3 }, { 0.5, 0.9, 4 }, { 2, 2.5, 1 } }, truth[3][3], share[3];
    const double *pe[3], *pt[3];
    size_t n[3] = { 3, 3, 3 };

    (void)state;
    for (int t = 0; t < 3; t++) {
        for (int i = 0; i < 3; i++)
            truth[t][i] = 0.1 * pow(e[t][i], 1.7);
        pe[t] = e[t];
        pt[t] = truth[t];
    }
    for (size_t t = 0; t < 3; t++) {
        double sum = truth[t][0] + truth[t][1] + truth[t][2];

        bmx_efficiency_shares(pe, pt, n, 3, t, share);
        for (int i = 0; i < 3; i++)
            near(share[i], truth[t][i] / sum, 1e-9, "share by efficiency");
    }
}

static void measures(void **state)
{
    double truth[] = { 0.5, 0.3, 0.2 }, estimate[] = { 0.6, 0.3, 0.1 };
    double low[] = { 0.4, 0.35, NAN }, high[] = { 0.7, 0.4, NAN };
    bmx_covering c = { 0 };
    bmx_mean m = { 0 };

    (void)state;
    near(bmx_log10_mse(truth, estimate, 3), log10(0.02 / 3), 1e-12, "log10 MSE");
    near(bmx_rms_error(truth, estimate, 3), sqrt(0.02 / 3), 1e-12, "RMS");
    assert_true(isinf(bmx_log10_mse(truth, truth, 3)));
    bmx_cover(&c, truth, low, high, 3);
    assert_int_equal(c.n, 2);
    assert_int_equal(c.covered, 1);
    near(c.width, 0.35, 1e-12, "width");
    c = (bmx_covering){ 0 };
    bmx_cover(&c, (const double[]){ 0, 0 }, (const double[]){ 1e-6, 1e-4 },
              (const double[]){ 1, 1 }, 2);
    assert_int_equal(c.covered, 1); /* the first begins at 0 as far as is known */
    assert_true(isnan(bmx_mean_of(&m)) && isnan(bmx_mean_error(&m)));
    for (int k = 1; k <= 4; k++)
        bmx_mean_add(&m, k);
    bmx_mean_add(&m, -INFINITY);
    near(bmx_mean_of(&m), 2.5, 1e-12, "mean");
    near(bmx_mean_deviation(&m), sqrt(5.0 / 3), 1e-12, "deviation");
    near(bmx_mean_error(&m), sqrt(5.0 / 12), 1e-12, "error of the mean");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_numbers_as_said), cmocka_unit_test(tells_texts_apart),
        cmocka_unit_test(simulates_documents),
        cmocka_unit_test(varies_rates), cmocka_unit_test(picks_documents),
        cmocka_unit_test(guesses_like_the_closed_form), cmocka_unit_test(classifies_tokens),
        cmocka_unit_test(fits_efficiency), cmocka_unit_test(measures),
    };
    return cmocka_run_group_tests_name("lab", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public functions, one after the other, as a program would call them. */
#include "caller.h"

#include <math.h>

static void training_says_what_it_drew(void **state)
{
    bpemix_training *t = trained();
    bpemix_error err;
    char *text = NULL;
    bpemix_training_info info = { .size = sizeof info };
    uint64_t bytes;

    (void)state;
    bpemix_training_get(t, &info);
    assert_int_equal(info.merges_asked, 60);
    assert_int_equal(info.merges, 60);
    assert_int_equal(info.n_categories, 2);
    bytes = info.bytes[0] + info.bytes[1];
    assert_true(bytes > 0);
    for (size_t i = 0; i < 2; i++)
        assert_true(info.share[i] == (double)info.bytes[i] / (double)bytes);
    assert_int_equal(bpemix_training_tokenizer(t).ptr[bpemix_training_tokenizer(t).len], 0);
    CHECK_OK(bpemix_training_json(t, "x.json", &text, &err));
    assert_non_null(strstr(text, "\"tokenizer\": \"x.json\""));
    bpemix_free(text);
    CHECK_OK(bpemix_training_print(t, &text, &err));
    assert_non_null(strstr(text, "hills"));
    bpemix_free(text);
    bpemix_training_free(t);
    bpemix_training_free(NULL);
}

static void training_refuses(void **state)
{
    documents d;
    bpemix_category cat = category("hills", &d, hills);
    bpemix_train_opts opts = { .size = sizeof opts };
    double none = 0;
    bpemix_training *t = NULL;
    bpemix_error err;

    (void)state;
    CHECK_FAILS(bpemix_train(&cat, 1, &opts, &t, &err), BPEMIX_E_USAGE, "cannot be read twice");
    assert_string_equal(err.param, "train_bytes");
    opts.train_bytes = 100;
    opts.vocab_size = 256;
    CHECK_FAILS(bpemix_train(&cat, 1, &opts, &t, &err), BPEMIX_E_USAGE, "256");
    assert_string_equal(err.param, "vocab_size");
    opts.vocab_size = 300;
    opts.share = &none;
    CHECK_FAILS(bpemix_train(&cat, 1, &opts, &t, &err), BPEMIX_E_USAGE, "all shares are 0");
    assert_string_equal(err.param, "share");
    for (size_t i = 0; i < 3; i++) {
        opts.share = (const double[]){ -0.5, INFINITY, NAN } + i;
        CHECK_FAILS(bpemix_train(&cat, 1, &opts, &t, &err), BPEMIX_E_USAGE, "a share of ");
        assert_string_equal(err.param, "share");
    }
    opts.share = NULL;
    opts.ties = "coin";
    CHECK_FAILS(bpemix_train(&cat, 1, &opts, &t, &err), BPEMIX_E_USAGE, "unknown rule 'coin'");
    assert_null(t);
}

static void encoding_and_back(void **state)
{
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    bpemix_encoder *enc = NULL;
    bpemix_error err;
    const uint32_t *ids;
    char back[200] = "", *json = NULL, *lines = NULL, want[400];
    const char *path = put_file("one.txt", hills[0], strlen(hills[0]));
    size_t n, len = 0;

    (void)state;
    CHECK_OK(bpemix_encoder_new(tok, &enc, &err));
    CHECK_OK(bpemix_encode(enc, (bpemix_text){ hills[0], strlen(hills[0]) }, &ids, &n, &err));
    assert_true(n > 0 && n < strlen(hills[0]));
    for (size_t i = 0; i < n; i++) {
        bpemix_text token = bpemix_encoder_token(enc, ids[i]);
        memcpy(back + len, token.ptr, token.len);
        len += token.len;
    }
    assert_string_equal(back, hills[0]);
    assert_null(bpemix_encoder_token(enc, BPEMIX_NO_TOKEN).ptr);
    len = 0;
    for (size_t i = 0; i < n; i++)
        len += (size_t)snprintf(want + len, sizeof want - len, "%s%u", i ? " " : "", ids[i]);
    CHECK_OK(bpemix_encode_files(enc, &path, 1, NULL, &json, &lines, &err));
    assert_memory_equal(lines, want, len);
    assert_string_equal(lines + len, "\n");
    assert_non_null(strstr(json, "\"ids\""));
    CHECK_FAILS(bpemix_encode(enc, (bpemix_text){ "a\xff", 2 }, &ids, &n, &err), BPEMIX_E_FORMAT,
                "not UTF-8");
    assert_int_equal(err.offset, 1);
    bpemix_free(json);
    bpemix_free(lines);
    bpemix_encoder_free(enc);
    bpemix_encoder_free(NULL);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

static void words_add_up(void **state)
{
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    bpemix_words *once = NULL, *twice = NULL;
    bpemix_words_info info = { .size = sizeof info };
    bpemix_count_opts folds = { .size = sizeof folds, .folds = 3 };
    bpemix_text word;
    documents d;
    bpemix_category cat = category("hills", &d, hills);
    bpemix_error err;
    const char *path = in_scratch("hills.words");
    uint64_t count, total = 0, the = 0;

    (void)state;
    CHECK_OK(bpemix_words_count(tok, &cat, 1, NULL, &once, &err));
    assert_true(bpemix_words_get(once, 0, &info));
    assert_string_equal(info.name, "hills");
    assert_int_equal(info.documents, 4);
    for (size_t k = 0; bpemix_words_item(once, 0, k, &word, &count); k++) {
        total += count;
        if (word.len == 4 && !memcmp(word.ptr, " the", 4))
            the = count;
    }
    assert_int_equal(total, info.total);
    assert_int_equal(the, 13); /* counted by hand */
    assert_false(bpemix_words_get(once, 1, &info));
    assert_false(bpemix_words_item(once, 1, 0, &word, &count));
    CHECK_OK(bpemix_words_save(once, 0, path, 0, &err));
    CHECK_FAILS(bpemix_words_save(once, 1, path, 0, &err), BPEMIX_E_USAGE, "no category 1");
    CHECK_OK(bpemix_words_load(path, &twice, &err));
    CHECK_OK(bpemix_words_add(twice, once, &err));
    assert_true(bpemix_words_get(twice, 0, &info));
    assert_int_equal(info.total, 2 * total);
    assert_int_equal(info.folds, 0);
    bpemix_words_free(once);
    cat = category("hills", &d, hills);
    CHECK_OK(bpemix_words_count(tok, &cat, 1, &folds, &once, &err));
    CHECK_FAILS(bpemix_words_add(twice, once, &err), BPEMIX_E_MISMATCH, "0 folds and of 3");
    bpemix_words_free(twice);
    CHECK_OK(bpemix_words_save(once, 0, path, 0, &err));
    CHECK_OK(bpemix_words_load(path, &twice, &err));
    CHECK_OK(bpemix_words_add(twice, once, &err));
    assert_true(bpemix_words_get(twice, 0, &info));
    assert_int_equal(info.folds, 3);
    assert_int_equal(info.total, 2 * total);
    assert_int_equal(info.documents, 8);
    total = 0;
    for (size_t k = 0; bpemix_words_item(twice, 0, k, &word, &count); k++)
        total += count;
    assert_int_equal(total, info.total);
    bpemix_words_free(once);
    bpemix_words_free(twice);
    bpemix_words_free(NULL);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

/* What is only there when it was asked for. */
static void results_of_more_questions(void **state)
{
    static const uint32_t numbers_of_merges[] = { 20, 40 };
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    documents d[2];
    bpemix_category cats[2] = { category("hills", &d[0], hills),
                                category("numbers", &d[1], numbers) };
    bpemix_count_opts count = { .size = sizeof count, .folds = 2 };
    bpemix_solve_opts solve = { .size = sizeof solve, .sweep = numbers_of_merges, .n_sweep = 2,
                                .groups = "hills\tland\nnumbers\tland\n", .note = "made up" };
    bpemix_print_opts print = { .size = sizeof print, .unit = BPEMIX_UNIT_PAIRS };
    bpemix_group group = { .size = sizeof group };
    bpemix_sweep_point sweep = { .size = sizeof sweep };
    bpemix_trace *trace = NULL;
    bpemix_result *r = NULL;
    char *text = NULL, *brief = NULL;
    bool noted = false;
    bpemix_error err;

    (void)state;
    CHECK_OK(bpemix_count(tok, cats, 2, &count, &trace, &err));
    CHECK_OK(bpemix_solve(trace, &solve, &r, &err));
    assert_true(bpemix_result_group(r, 0, &group));
    assert_int_equal(group.n_members, 2);
    assert_true(fabs(group.share->share_bytes - 1) < 1e-9);
    assert_false(bpemix_result_group(r, 1, &group));
    for (size_t i = 0; i < 2; i++) {
        assert_true(bpemix_result_sweep(r, i, &sweep));
        assert_int_equal(sweep.merges, numbers_of_merges[i]);
        assert_true(fabs(sweep.share_bytes[0] + sweep.share_bytes[1] - 1) < 1e-9);
        assert_true(sweep.slack_relative >= 0);
    }
    assert_false(bpemix_result_sweep(r, 2, &sweep));
    for (size_t k = 0; k < 2; k++) /* shares without each fold */
        assert_true(fabs(bpemix_result_replicate(r, k, 0) + bpemix_result_replicate(r, k, 1) - 1) <
                    1e-9);
    assert_true(isnan(bpemix_result_replicate(r, 2, 0)) && isnan(bpemix_result_replicate(r, 0, 2)));
    for (size_t i = 0; bpemix_result_warning(r, i); i++)
        noted = noted || !strcmp(bpemix_result_warning(r, i), "made up");
    assert_true(noted);
    CHECK_OK(bpemix_result_print(r, &print, &text, &err));
    assert_non_null(strstr(text, "% of pairs"));
    bpemix_free(text);
    CHECK_OK(bpemix_result_json(r, 1, &brief, &err));
    CHECK_OK(bpemix_result_json(r, 2, &text, &err));
    assert_true(strlen(text) > strlen(brief));
    bpemix_free(text);
    bpemix_free(brief);
    CHECK_FAILS(bpemix_result_load(in_scratch("no such file"), &r, &err), BPEMIX_E_IO,
                "no such file");
    bpemix_result_free(r);
    bpemix_trace_free(trace);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

static void is_written_and_read_back(const bpemix_result *r)
{
    bpemix_print_opts print = { .size = sizeof print };
    bpemix_result *again = NULL;
    bpemix_error err;
    char *json = NULL, *text = NULL;
    const char *path;

    CHECK_OK(bpemix_result_json(r, false, &json, &err));
    path = put_file("r.json", json, strlen(json));
    CHECK_OK(bpemix_result_parse("r", (bpemix_text){ json, strlen(json) }, &again, &err));
    assert_true(bpemix_result_share(again, 1)->share_bytes ==
                bpemix_result_share(r, 1)->share_bytes);
    bpemix_result_free(again);
    CHECK_FAILS(bpemix_result_parse("r", (bpemix_text){ json, 5 }, &again, &err), BPEMIX_E_FORMAT,
                "r:");
    bpemix_free(json);
    CHECK_OK(bpemix_result_load(path, &again, &err));
    assert_true(bpemix_result_share(again, 0)->share_bytes ==
                bpemix_result_share(r, 0)->share_bytes);
    CHECK_OK(bpemix_result_print(r, &print, &text, &err));
    assert_non_null(strstr(text, "hills"));
    assert_null(strchr(text, '\033'));
    bpemix_free(text);
    bpemix_result_free(again);
}

static void results_say_all_they_hold(void **state)
{
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    bpemix_result *r = inferred(tok, 2);
    bpemix_fit fit = { .size = sizeof fit };
    bpemix_solution s = { .size = sizeof s };
    bpemix_missing m = { .size = sizeof m };
    bpemix_worst w = { .size = sizeof w };
    bpemix_reason reason = { .size = sizeof reason };
    bpemix_group group = { .size = sizeof group };
    bpemix_sweep_point sweep = { .size = sizeof sweep };
    bpemix_counting counted = { .size = sizeof counted };
    bpemix_source source = { .size = sizeof source };
    size_t n = 0;

    (void)state;
    assert_int_equal(bpemix_result_categories(r), 2);
    assert_true(fabs(bpemix_result_share(r, 0)->share_bytes +
                     bpemix_result_share(r, 1)->share_bytes - 1) < 1e-9);
    assert_true(bpemix_result_share(r, 0)->share_bytes > 0.5); /* 3 to 1 */
    assert_null(bpemix_result_share(r, 2));
    assert_null(bpemix_result_other(r)); /* nothing was pooled */
    bpemix_result_fit(r, &fit);
    assert_int_equal(fit.merge_to, 60);
    assert_true(bpemix_result_solution(r, 0, &s));
    assert_true(s.objective == fit.objective && s.lower_bound == fit.lower_bound &&
                s.gap == fit.gap);
    assert_string_equal(s.method, "monotone");
    assert_string_equal(s.status, "optimal");
    assert_true(s.share_bytes[0] == bpemix_result_share(r, 0)->share_bytes);
    while (bpemix_result_solution(r, n, &s))
        n++;
    assert_int_equal(n, 2); /* the unweighted one beside it */
    for (n = 0; bpemix_result_missing(r, n, &m); n++)
        assert_non_null(m.reason);
    assert_int_equal(n, fit.merges_missing + fit.merges_impossible);
    for (n = 0; bpemix_result_worst(r, n, &w); n++)
        assert_true(w.slack >= 0);
    assert_true(isnan(bpemix_result_replicate(r, 2, 0)));
    bpemix_result_counting(r, &counted);
    assert_string_equal(counted.text_unit, "line");
    assert_true(!counted.jsonl && counted.max_bytes == 0);
    for (n = 0; bpemix_result_source(r, n, &source); n++)
        assert_string_equal(source.category, bpemix_result_share(r, n)->name);
    assert_int_equal(n, 2);
    assert_true(*fit.verdict);
    for (n = 0; bpemix_result_reason(r, n, &reason); n++)
        assert_true(*reason.text && *reason.code && *reason.level);
    for (n = 0; bpemix_result_inseparable(r, n, &group); n++)
        for (size_t k = 0; k < group.n_members; k++)
            assert_true(group.member[k] < 2);
    assert_false(bpemix_result_group(r, 0, &group)); /* no labels were given */
    for (n = 0; bpemix_result_sweep(r, n, &sweep); n++)
        assert_true(sweep.merges > 0);
    assert_true((fit.uncovered != NULL) == (fit.merges_missing > 0));
    for (size_t i = 0; bpemix_result_warning(r, i); i++)
        assert_true(*bpemix_result_warning(r, i));
    is_written_and_read_back(r);
    bpemix_result_free(r);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

static void inspecting_is_describing(void **state)
{
    bpemix_training *t = trained();
    bpemix_text file = bpemix_training_tokenizer(t);
    const char *path = put_file("t.json", file.ptr, file.len);
    bpemix_tokenizer *tok = NULL;
    bpemix_error err;
    char *json = NULL, *text = NULL, *object = NULL;
    bool found = false;

    (void)state;
    CHECK_OK(bpemix_tokenizer_load(path, NULL, &tok, &err));
    assert_int_equal(bpemix_tokenizer_merges(tok), 60);
    CHECK_OK(bpemix_inspect(path, NULL, &json, &text, &err));
    assert_non_null(strstr(json, bpemix_tokenizer_digest(tok)));
    assert_true(*text);
    CHECK_OK(bpemix_tokenizer_describe(tok, 5, &object, &err));
    assert_non_null(strstr(object, bpemix_tokenizer_digest(tok)));
    for (size_t i = 0; bpemix_preset_name(i); i++)
        found = found || !strcmp(bpemix_preset_name(i), "gpt2");
    assert_true(found);
    bpemix_free(json);
    bpemix_free(text);
    bpemix_free(object);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

static void reports_and_comparisons(void **state)
{
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    bpemix_result *r = inferred(tok, 0);
    bpemix_labelled both[2] = { { "A", r }, { "B", r } };
    bpemix_report_opts report = { .size = sizeof report, .format = BPEMIX_FORMAT_MARKDOWN };
    bpemix_compare_opts compare = { .size = sizeof compare, .expect = "max<1e-9" };
    bpemix_error err;
    char *text = NULL;
    size_t len = 0;
    bool met = false;

    (void)state;
    CHECK_OK(bpemix_report(both, 2, &report, &text, &len, &err));
    assert_int_equal(strlen(text), len);
    assert_non_null(strstr(text, "hills"));
    bpemix_free(text);
    CHECK_OK(bpemix_compare(both, 2, &compare, &text, &met, &err));
    assert_true(met);
    bpemix_free(text);
    bpemix_result_free(r);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

static void experiments_run(void **state)
{
    const char *path[2];
    bpemix_category cats[2] = { file_category("hills", hills, &path[0]),
                                file_category("numbers", numbers, &path[1]) };
    bpemix_train_opts train = { .size = sizeof train, .vocab_size = 256 + 30 };
    bpemix_experiment_opts opts = { .size = sizeof opts, .train = &train, .trials = 2, .seed = 1,
                                    .setting = "same", .groups = "numbers\tdigits\n" };
    bpemix_experiment *x = NULL;
    bpemix_labelled_json labelled = { 0 };
    bpemix_report_opts report = { .size = sizeof report, .format = BPEMIX_FORMAT_MARKDOWN };
    bpemix_error err;
    char *json = NULL, *text = NULL;
    size_t len;

    (void)state;
    CHECK_OK(bpemix_experiment_run(cats, 2, &opts, &x, &err));
    CHECK_OK(bpemix_experiment_json(x, &json, &err));
    assert_non_null(strstr(json, "\"trials\""));
    assert_non_null(strstr(json, "\"name\": \"digits\""));
    CHECK_OK(bpemix_experiment_print(x, &text, &err));
    assert_true(*text);
    bpemix_free(text);
    CHECK_OK(bpemix_experiment_csv(x, &text, &err));
    assert_non_null(strstr(text, ",groups_largest_error,"));
    bpemix_free(text);
    labelled.label = "A";
    labelled.json = json;
    CHECK_OK(bpemix_report_experiments(&labelled, 1, &report, NULL, &text, &len, &err));
    assert_int_equal(strlen(text), len);
    bpemix_free(text);
    bpemix_free(json);
    bpemix_experiment_free(x);
}

static void experiments_refuse(void **state)
{
    static const char *const bad_method[] = { "guess" };
    static const uint32_t one_fold[] = { 4, 1 }, too_many[] = { 256 }, two_folds[] = { 2, 4 };
    static const uint64_t three[] = { 2, 3 };
    static const double shares[] = { 0.5, 1 };
    static const struct {
        bpemix_experiment_opts opts;
        bpemix_train_opts train;
        const char *message, *param; /* NULL: no member of the options alone is to blame */
    } cases[] = {
        { { .setting = "alien" }, { 0 }, "unknown setting 'alien'", NULL },
        { { .noise = "white" }, { 0 }, "unknown noise 'white'", NULL },
        { { .methods = bad_method, .n_methods = 1 }, { 0 }, "unknown method 'guess'", NULL },
        { { .folds = one_fold, .n_folds = 2 }, { 0 }, "1 make no intervals", "folds" },
        { { .folds = too_many, .n_folds = 1 }, { 0 }, "256 make no intervals", "folds" },
        { { 0 }, { .vocab_size = 256 }, "a vocabulary of 256 tokens", "vocab_size" },
        { { .inherit = 30 }, { .vocab_size = 286 }, "a vocabulary of 286 tokens", "vocab_size" },
        { { 0 }, { .ties = "coin" }, "unknown rule 'coin'", "ties" },
        { { .shard = 3, .n_shards = 3 }, { 0 }, "no shard 3 of 3", "shard" },
        { { .folds = two_folds, .n_folds = 2, .setting = "same" }, { 0 }, "are divided once", "folds" },
        { { .categories = three, .n_categories = 2 }, { 0 }, "3 of 2 categories", NULL },
        { { .omit_shares = shares, .n_omit_shares = 2 }, { 0 }, "1 is not a share below 1", NULL },
    };
    const char *path[2];
    bpemix_category cats[2] = { file_category("hills", hills, &path[0]),
                                file_category("numbers", numbers, &path[1]) };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bpemix_train_opts train = cases[i].train;
        bpemix_experiment_opts opts = cases[i].opts;
        bpemix_experiment *x = NULL;
        bpemix_error err;

        train.size = sizeof train;
        opts.size = sizeof opts;
        opts.train = &train;
        CHECK_FAILS(bpemix_experiment_run(cats, 2, &opts, &x, &err), BPEMIX_E_USAGE,
                    cases[i].message);
        assert_string_equal(err.param, cases[i].param ? cases[i].param : "");
        assert_null(x);
    }
}

/* Halves in sub-folders: both in all categories, or in none. */
static void halves_are_in_all_or_none(void **state)
{
    const char *path[2];
    bpemix_category cats[2] = { { .name = "a", .paths = &path[0], .n_paths = 1 },
                                { .name = "b", .paths = &path[1], .n_paths = 1 } };
    bpemix_train_opts train = { .size = sizeof train, .vocab_size = 256 + 30 };
    bpemix_experiment_opts opts = { .size = sizeof opts, .train = &train, .trials = 1,
                                    .train_half = "train", .sample_half = "sample" };
    bpemix_experiment *x = NULL;
    bpemix_error err;

    (void)state;
    path[0] = bmx_strdup(put_folder("a"));
    path[1] = bmx_strdup(put_folder("b"));
    for (int c = 0; c < 2; c++)
        for (int h = 0; h < 2; h++) {
            char name[40];

            snprintf(name, sizeof name, "%c/%s", "ab"[c], h ? "sample" : "train");
            if (c && h) {
                CHECK_FAILS(bpemix_experiment_run(cats, 2, &opts, &x, &err), BPEMIX_E_USAGE,
                            "b: no sub-folders 'train' and 'sample', which others have");
                assert_null(x);
            }
            put_folder(name);
            for (int k = 0; k < 4; k++) {
                snprintf(name, sizeof name, "%c/%s/%d.txt", "ab"[c], h ? "sample" : "train", k);
                put_text(name, (c ? numbers : hills)[k]);
            }
        }
    CHECK_OK(bpemix_experiment_run(cats, 2, &opts, &x, &err));
    bpemix_experiment_free(x);
    bmx_free((void *)(uintptr_t)path[0]);
    bmx_free((void *)(uintptr_t)path[1]);
}

/* Merges that no sample has are told with their reasons, and where they are in a panel. */
static void missing_merges_are_told(void **state)
{
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    documents d, of_panel;
    bpemix_category cat = category("numbers", &d, numbers), panel = category("hills", &of_panel, hills);
    bpemix_solve_opts opts = { .size = sizeof opts, .panel = in_scratch("hills.chunks") };
    bpemix_missing m = { .size = sizeof m };
    bpemix_trace *trace = NULL;
    bpemix_result *r = NULL;
    bpemix_fit fit = { .size = sizeof fit };
    bpemix_error err;
    size_t n = 0;

    (void)state;
    CHECK_OK(bpemix_count(tok, &cat, 1, NULL, &trace, &err));
    CHECK_OK(bpemix_solve(trace, NULL, &r, &err));
    bpemix_result_fit(r, &fit);
    for (; bpemix_result_missing(r, n, &m); n++) {
        assert_string_equal(m.reason, "unseen");
        assert_true(m.left && m.right && !m.panel && m.step < bpemix_tokenizer_merges(tok));
    }
    assert_int_equal(n, fit.merges_missing);
    assert_true(n > 20); /* of 60 that are of hills for the most part */
    bpemix_result_free(r);
    CHECK_OK(bpemix_chunks_make(&panel, 1, NULL, opts.panel, &err));
    CHECK_OK(bpemix_solve(trace, &opts, &r, &err));
    for (n = 0; bpemix_result_missing(r, n, &m); n++)
        assert_string_equal(m.panel, "hills");
    assert_int_equal(n, fit.merges_missing);
    bpemix_result_fit(r, &fit);
    assert_non_null(strstr(fit.uncovered, "all of them are in the panel"));
    bpemix_result_free(r);
    bpemix_trace_free(trace);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

static void chunks_come_back(void **state)
{
    documents d[2];
    bpemix_category cats[2] = { category("hills", &d[0], hills),
                                category("numbers", &d[1], numbers) };
    bpemix_chunk_opts opts = { .size = sizeof opts };
    bpemix_chunk_terms terms = { .size = sizeof terms };
    bpemix_chunks *c = NULL;
    const char *path = in_scratch("both.chunks");
    bpemix_error err;
    char *json = NULL;

    (void)state;
    CHECK_OK(bpemix_chunks_make(cats, 2, &opts, path, &err));
    CHECK_OK(bpemix_chunks_open(path, &c, &err));
    bpemix_chunks_terms(c, &terms);
    assert_int_equal(terms.n_categories, 2);
    assert_int_equal(terms.note.len, 0);
    assert_int_equal(terms.groups.len, 0);
    assert_string_equal(bpemix_chunks_category(c, 0)->name, "hills");
    assert_int_equal(bpemix_chunks_category(c, 1)->sample_documents, 4);
    assert_null(bpemix_chunks_category(c, 2));
    CHECK_OK(bpemix_chunks_describe(c, &json, &err));
    assert_non_null(strstr(json, "hills"));
    bpemix_free(json);
    CHECK_OK(bpemix_chunks_print(c, 0, &json, &err));
    assert_non_null(strstr(json, "category  group  documents    MB  chunks\nhills"));
    bpemix_free(json);
    CHECK_OK(bpemix_chunks_print(c, 20, &json, &err));
    assert_non_null(strstr(json, "category    MB\nhills     "));
    bpemix_free(json);
    SURVIVES(2, bpemix_chunks_print(c, 0, &json, NULL), { bpemix_free(status ? NULL : json); });
    bpemix_chunks_free(c);
    setenv("BPEMIX_PANEL", path, 1);
    CHECK_OK(bpemix_panel_find(&json, &err));
    assert_string_equal(json, path);
    bpemix_free(json);
    unsetenv("BPEMIX_PANEL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(training_says_what_it_drew),
        cmocka_unit_test(training_refuses),
        cmocka_unit_test(encoding_and_back),
        cmocka_unit_test(words_add_up),
        cmocka_unit_test(results_of_more_questions),
        cmocka_unit_test(results_say_all_they_hold),
        cmocka_unit_test(inspecting_is_describing),
        cmocka_unit_test(reports_and_comparisons),
        cmocka_unit_test(experiments_run),
        cmocka_unit_test(experiments_refuse),
        cmocka_unit_test(halves_are_in_all_or_none),
        cmocka_unit_test(missing_merges_are_told),
        cmocka_unit_test(chunks_come_back),
    };

    return cmocka_run_group_tests_name("api", tests, NULL, remove_scratch);
}

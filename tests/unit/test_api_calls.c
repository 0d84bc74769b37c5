/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds of every public function: options of other versions, categories, readers that fail,
 * stopping, errors. */
#include "caller.h"

#include <pthread.h>

static void options_of_other_versions(void **state)
{
    struct {
        bpemix_load_opts known;
        char later[16];
    } newer = { .known = { .size = sizeof newer } };
    struct {
        size_t size;
        const char *pretokenizer;
    } older = { sizeof older, "gpt2" };
    bpemix_load_opts unset = { .pretokenizer = "gpt2" };
    bpemix_text list = { "a b\nab c\n", 9 };
    bpemix_tokenizer *tok = NULL;
    bpemix_error err;

    (void)state;
    CHECK_OK(bpemix_tokenizer_parse("merges.txt", list, (bpemix_load_opts *)&older, &tok, &err));
    bpemix_tokenizer_free(tok);
    CHECK_OK(bpemix_tokenizer_parse("merges.txt", list, &newer.known, &tok, &err));
    bpemix_tokenizer_free(tok);
    newer.later[3] = 1;
    CHECK_FAILS(bpemix_tokenizer_parse("merges.txt", list, &newer.known, &tok, &err),
                BPEMIX_E_UNSUPPORTED, "does not have");
    CHECK_FAILS(bpemix_tokenizer_parse("merges.txt", list, &unset, &tok, &err), BPEMIX_E_USAGE,
                "without their size");
    assert_string_equal(err.param, "size");
}

/* What is filled in follows the caller's size: members that this version does not know are 0, and
 * a struct of no size stays as it is. */
static void structs_of_other_versions(void **state)
{
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    bpemix_result *r = inferred(tok, 0);
    struct {
        bpemix_fit known;
        char later[16];
    } newer;
    struct {
        size_t size;
        char rest[sizeof(bpemix_fit)];
    } none, older;
    bpemix_fit fit = { .size = sizeof fit };

    (void)state;
    bpemix_result_fit(r, &fit);
    memset(&newer, 'x', sizeof newer);
    newer.known.size = sizeof newer;
    bpemix_result_fit(r, &newer.known);
    assert_int_equal(newer.known.size, sizeof newer);
    assert_memory_equal((char *)&newer + sizeof newer.known.size, (char *)&fit + sizeof fit.size,
                        sizeof fit - sizeof fit.size);
    for (size_t i = sizeof fit; i < sizeof newer; i++)
        assert_int_equal(((char *)&newer)[i], 0);
    memset(&none, 'x', sizeof none);
    none.size = 0;
    bpemix_result_fit(r, (bpemix_fit *)&none);
    assert_int_equal(none.rest[0], 'x');
    memset(&older, 'x', sizeof older);
    older.size = sizeof older.size + 8; /* the first member alone */
    bpemix_result_fit(r, (bpemix_fit *)&older);
    assert_memory_equal(older.rest, (char *)&fit + sizeof fit.size, 8);
    assert_int_equal(older.rest[8], 'x');
    bpemix_result_free(r);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

/* Words of two categories and of one do not add up, nor do folds and none. */
static void words_of_other_kinds_do_not_add_up(void **state)
{
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    bpemix_words *w[3] = { NULL };
    bpemix_words_info info = { .size = sizeof info };
    bpemix_error err;

    (void)state;
    for (int k = 0; k < 3; k++) {
        documents d[2];
        bpemix_category cats[2] = { category("hills", &d[0], hills),
                                    category("numbers", &d[1], numbers) };
        bpemix_count_opts opts = { .size = sizeof opts, .folds = k == 2 ? 2 : 0 };

        CHECK_OK(bpemix_words_count(tok, cats, k == 1 ? 2 : 1, &opts, &w[k], &err));
    }
    CHECK_FAILS(bpemix_words_add(w[0], w[1], &err), BPEMIX_E_USAGE,
                "words of 1 categories and of 2 do not add up");
    CHECK_FAILS(bpemix_words_add(w[0], w[2], &err), BPEMIX_E_MISMATCH,
                "words of 0 folds and of 2 do not add up");
    CHECK_FAILS(bpemix_words_add(w[0], w[0], &err), BPEMIX_E_USAGE, "added to themselves");
    assert_true(bpemix_words_get(w[0], 0, &info));
    assert_false(bpemix_words_get(w[0], 1, &info));
    CHECK_FAILS(bpemix_words_save(w[0], 1, in_scratch("none.words"), 1, &err), BPEMIX_E_USAGE,
                "no category 1: there are 1");
    for (int k = 0; k < 3; k++)
        bpemix_words_free(w[k]);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

static void categories_are_checked_once(void **state)
{
    documents d;
    bpemix_category cats[2] = { category("same", &d, hills), category("same", &d, hills) };
    const char *path = "-";
    bpemix_error err;

    (void)state;
    CHECK_FAILS(bpemix_categories_check(cats, 0, &err), BPEMIX_E_USAGE, "no categories");
    CHECK_FAILS(bpemix_categories_check(cats, 2, &err), BPEMIX_E_USAGE,
                "same: category named twice");
    cats[1].name = "";
    CHECK_FAILS(bpemix_categories_check(cats, 2, &err), BPEMIX_E_USAGE, "category 2 has no name");
    cats[1] = (bpemix_category){ .name = "other" };
    CHECK_FAILS(bpemix_categories_check(cats, 2, &err), BPEMIX_E_USAGE, "'other' has no files");
    cats[0] = (bpemix_category){ .name = "one", .paths = &path, .n_paths = 1 };
    cats[1] = (bpemix_category){ .name = "other", .paths = &path, .n_paths = 1 };
    CHECK_FAILS(bpemix_categories_check(cats, 2, &err), BPEMIX_E_USAGE, "named by category 'one'");
    cats[1] = category("other", &d, hills);
    CHECK_OK(bpemix_categories_check(cats, 2, &err));
}

/* A reader's failure ends the call with its status and its words. */
static void failures_of_readers(void **state)
{
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    bpemix_trace *trace = NULL;
    bpemix_error err;

    (void)state;
    for (unsigned threads = 1; threads <= 3; threads++) {
        documents d;
        bpemix_category cat = category("hills", &d, hills);
        bpemix_count_opts opts = { .size = sizeof opts, .n_threads = threads };

        d.fails_with = BPEMIX_E_IO;
        CHECK_FAILS(bpemix_count(tok, &cat, 1, &opts, &trace, &err), BPEMIX_E_IO,
                    "category 'hills': document 5: the network is gone");
        assert_null(trace);
    }
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

/* ---- stopping ---- */

static bool stop_in(void *ctx, const bpemix_progress *p) { return !strcmp(p->stage, ctx); }

/* Text without end, of one category. */
static bpemix_status read_for_ever(void *ctx, bpemix_text *doc, bool *more, bpemix_error *err)
{
    static char text[1 << 16];

    (void)ctx;
    (void)more;
    (void)err;
    if (!text[0])
        memset(text, 'x', sizeof text);
    *doc = (bpemix_text){ text, sizeof text };
    return BPEMIX_OK;
}

static void progress_stops_its_own_call(void **state)
{
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    bpemix_category endless = { .name = "endless", .read = read_for_ever };
    bpemix_count_opts opts = { .size = sizeof opts,
                               .progress = stop_in,
                               .progress_ctx = "counting" };
    bpemix_trace *trace = NULL;
    bpemix_result *r;
    bpemix_error err;

    (void)state;
    CHECK_FAILS(bpemix_count(tok, &endless, 1, &opts, &trace, &err), BPEMIX_E_INTERRUPTED,
                "stopped by the caller");
    r = inferred(tok, 0); /* others go on */
    bpemix_result_free(r);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

static void cancelling_stops_all(void **state)
{
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    bpemix_category endless = { .name = "endless", .read = read_for_ever };
    bpemix_trace *trace = NULL;
    bpemix_error err;

    (void)state;
    bpemix_cancel();
    CHECK_FAILS(bpemix_count(tok, &endless, 1, NULL, &trace, &err), BPEMIX_E_INTERRUPTED, "");
    bpemix_cancel_reset();
    bpemix_result_free(inferred(tok, 0));
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

/* ---- several threads ---- */

/* Objects that nobody modifies, and what came out of them in one thread. */
typedef struct shared {
    const bpemix_tokenizer *tok;
    const bpemix_trace *trace;
    const bpemix_result *result;
    char *described, *inferred, *solved, *explained, *verified, *table;
    bool good;
} shared;

static void use(shared *s)
{
    bpemix_solve_opts solve = { .size = sizeof solve, .n_threads = 2 };
    bpemix_explain_opts explain = { .size = sizeof explain, .solve = &solve };
    bpemix_verify_opts verify = { .size = sizeof verify, .solve = &solve };
    bpemix_labelled labelled = { "a", s->result };
    bpemix_report_opts report = { .size = sizeof report, .format = BPEMIX_FORMAT_MARKDOWN };
    const char *claim = "{\"hills\": 0.75, \"numbers\": 0.25}";
    bpemix_result *r = NULL;
    size_t n;

    s->good = !bpemix_tokenizer_describe(s->tok, 5, &s->described, NULL) &&
              !bpemix_solve(s->trace, &solve, &r, NULL) &&
              !bpemix_result_json(r, false, &s->solved, NULL) &&
              !bpemix_explain(s->trace, &explain, &s->explained, NULL, NULL) &&
              !bpemix_verify(s->trace, claim, &verify, &s->verified, NULL, NULL) &&
              !bpemix_report(&labelled, 1, &report, &s->table, &n, NULL);
    bpemix_result_free(r);
    r = inferred(s->tok, 2);
    s->good = s->good && bpemix_result_json(r, false, &s->inferred, NULL) == BPEMIX_OK;
    bpemix_result_free(r);
}

static void *use_in_thread(void *arg)
{
    use(arg);
    return NULL;
}

static void release_shared(shared *s)
{
    char *text[] = { s->described, s->inferred, s->solved, s->explained, s->verified, s->table };

    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        bpemix_free(text[i]);
}

static void objects_are_for_several_threads(void **state)
{
    enum { THREADS = 4 };
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    bpemix_result *r = inferred(tok, 0);
    documents d[2];
    bpemix_category cats[2] = { category("hills", &d[0], hills),
                                category("numbers", &d[1], numbers) };
    bpemix_trace *trace = NULL;
    pthread_t thread[THREADS];
    shared one = { .tok = tok, .result = r }, each[THREADS];
    bpemix_error err;

    (void)state;
    CHECK_OK(bpemix_count(tok, cats, 2, NULL, &trace, &err));
    one.trace = trace;
    for (int i = 0; i < THREADS; i++) {
        each[i] = one;
        assert_int_equal(pthread_create(&thread[i], NULL, use_in_thread, &each[i]), 0);
    }
    use(&one);
    assert_true(one.good);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(thread[i], NULL), 0);
        assert_true(each[i].good);
        assert_string_equal(each[i].described, one.described);
        assert_string_equal(each[i].inferred, one.inferred);
        assert_string_equal(each[i].solved, one.solved);
        assert_string_equal(each[i].explained, one.explained);
        assert_string_equal(each[i].verified, one.verified);
        assert_string_equal(each[i].table, one.table);
        release_shared(&each[i]);
    }
    release_shared(&one);
    bpemix_result_free(r);
    bpemix_trace_free(trace);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

/* ---- options that make no sense ---- */

static void arrays_that_are_missing_are_empty(void **state)
{
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    documents d;
    bpemix_category c = category("hills", &d, hills);
    bpemix_count_opts count = { .size = sizeof count, .n_other = 5 };
    bpemix_solve_opts solve = { .size = sizeof solve, .n_sweep = 3 };
    bpemix_trace *trace = NULL;
    bpemix_result *r = NULL;
    bpemix_error err;

    (void)state;
    CHECK_OK(bpemix_count(tok, &c, 1, &count, &trace, &err));
    CHECK_OK(bpemix_solve(trace, &solve, &r, &err));
    assert_null(bpemix_result_other(r));
    bpemix_result_free(r);
    bpemix_trace_free(trace);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

static void numbers_that_make_no_sense(void **state)
{
    static const double odd[] = { NAN, -1, INFINITY, -INFINITY };
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);
    documents d;
    bpemix_category c = category("hills", &d, hills);
    bpemix_trace *trace = NULL;
    bpemix_result *r = NULL;
    bpemix_labelled unnamed = { 0 };
    bpemix_report_opts report = { .size = sizeof report, .format = (bpemix_format)99 };
    char *text = NULL;
    size_t len;
    bpemix_error err;

    (void)state;
    CHECK_OK(bpemix_count(tok, &c, 1, NULL, &trace, &err));
    for (size_t k = 0; k < sizeof odd / sizeof *odd; k++) {
        bpemix_solve_opts gap = { .size = sizeof gap, .gap = odd[k] };
        bpemix_solve_opts size = { .size = sizeof size, .train_bytes = odd[k] };

        CHECK_FAILS(bpemix_solve(trace, &gap, &r, &err), BPEMIX_E_USAGE, "a gap of");
        CHECK_FAILS(bpemix_solve(trace, &size, &r, &err), BPEMIX_E_USAGE, "a size of");
    }
    CHECK_OK(bpemix_solve(trace, NULL, &r, &err));
    unnamed.result = r;
    CHECK_FAILS(bpemix_report(&unnamed, 1, NULL, &text, &len, &err), BPEMIX_E_USAGE,
                "result 1 has no label");
    unnamed.label = "a";
    CHECK_FAILS(bpemix_report(&unnamed, 1, &report, &text, &len, &err), BPEMIX_E_USAGE,
                "unknown format 99");
    unnamed.result = NULL;
    CHECK_FAILS(bpemix_report(&unnamed, 1, NULL, &text, &len, &err), BPEMIX_E_USAGE,
                "nothing in it");
    bpemix_result_free(r);
    bpemix_trace_free(trace);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

/* ---- errors ---- */

static void errors_as_text_and_json(void **state)
{
    bpemix_error of = { .status = BPEMIX_E_FORMAT,
                        .line = 7,
                        .offset = 120,
                        .param = "field",
                        .where = "a\x9b.jsonl",
                        .what = "no \xe2\x80\xae text",
                        .hint = "give one" };
    bpemix_error err;
    char text[200], small[12], *json = NULL;
    size_t n;

    (void)state;
    n = bpemix_error_text(&of, text, sizeof text);
    assert_int_equal(n, strlen(text));
    assert_string_equal(text, "a\\x9b.jsonl:7: no \\xe2\\x80\\xae text; give one");
    assert_int_equal(bpemix_error_text(&of, small, sizeof small), strlen(text));
    assert_true(strlen(small) < sizeof small);
    CHECK_OK(bpemix_error_json(&of, &json, &err));
    assert_non_null(strstr(json, "\"param\": \"field\""));
    assert_non_null(strstr(json, "\"line\": 7"));
    bpemix_free(json);
    assert_string_equal(bpemix_version(), BPEMIX_VERSION);
    assert_string_equal(bpemix_status_name(BPEMIX_E_EMPTY), "E_EMPTY");
    assert_string_equal(bpemix_status_name((bpemix_status)99), "E_UNKNOWN");
    of.where[0] = 0;
    bpemix_error_text(&of, text, sizeof text);
    assert_string_equal(text, "line 7: no \\xe2\\x80\\xae text; give one");
    n = strlen(text);
    strcpy(text, "kept");
    assert_int_equal(bpemix_error_text(&of, text, 0), n);
    assert_string_equal(text, "kept");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_of_other_versions),
        cmocka_unit_test(structs_of_other_versions),
        cmocka_unit_test(words_of_other_kinds_do_not_add_up),
        cmocka_unit_test(categories_are_checked_once),
        cmocka_unit_test(failures_of_readers),
        cmocka_unit_test(progress_stops_its_own_call),
        cmocka_unit_test(cancelling_stops_all),
        cmocka_unit_test(objects_are_for_several_threads),
        cmocka_unit_test(arrays_that_are_missing_are_empty),
        cmocka_unit_test(numbers_that_make_no_sense),
        cmocka_unit_test(errors_as_text_and_json),
    };

    return cmocka_run_group_tests_name("calls", tests, NULL, remove_scratch);
}

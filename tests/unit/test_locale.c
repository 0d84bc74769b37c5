/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that calls the library may have set a locale whose numbers have a comma: all that the
 * library writes is the same to the byte, and all that it reads means the same.
 *
 * The texts of everything that holds a number are put behind each other, first in the C locale,
 * then in others; those that this system does not have are left out. */
#include "caller.h"

#include "base/format.h"
#include "base/input.h"

#include <locale.h>

static void add(bmx_buf *all, char *text)
{
    bpemix_error err;

    assert_non_null(text);
    CHECK_OK(bmx_buf_addf(all, &err, "%s\n", text));
    bpemix_free(text);
}

/* ---- all that holds numbers ---- */

static void add_training(bmx_buf *all, const bpemix_training *t)
{
    bpemix_text file = bpemix_training_tokenizer(t);
    const char *path = put_file("t.json", file.ptr, file.len);
    bpemix_error err;
    char *json = NULL, *text = NULL;

    CHECK_OK(bpemix_training_json(t, "x.json", &text, &err));
    add(all, text);
    CHECK_OK(bpemix_training_print(t, &text, &err));
    add(all, text);
    CHECK_OK(bpemix_inspect(path, NULL, &json, &text, &err));
    add(all, json);
    add(all, text);
}

static void add_result(bmx_buf *all, const bpemix_result *r, bool color)
{
    bpemix_print_opts print = { .size = sizeof print, .force = true, .verbose = 2, .color = color };
    bpemix_reason reason = { .size = sizeof reason };
    bpemix_error err;
    char *text = NULL;

    CHECK_OK(bpemix_result_json(r, 0, &text, &err));
    add(all, text);
    CHECK_OK(bpemix_result_print(r, &print, &text, &err));
    add(all, text);
    for (size_t i = 0; bpemix_result_reason(r, i, &reason); i++)
        CHECK_OK(bmx_buf_addf(all, &err, "%s\n", reason.text));
    for (size_t i = 0; bpemix_result_warning(r, i); i++)
        CHECK_OK(bmx_buf_addf(all, &err, "%s\n", bpemix_result_warning(r, i)));
}

static void add_estimates(bmx_buf *all, const bpemix_tokenizer *tok)
{
    static const uint32_t numbers_of_merges[] = { 20, 40 };
    documents d[2];
    bpemix_category cats[2] = { category("hills", &d[0], hills),
                                category("numbers", &d[1], numbers) };
    bpemix_count_opts count = { .size = sizeof count, .folds = 2, .n_threads = 2 };
    bpemix_solve_opts solve = { .size = sizeof solve, .sweep = numbers_of_merges, .n_sweep = 2 };
    bpemix_explain_opts explain = { .size = sizeof explain, .category = "hills" };
    bpemix_trace *trace = NULL;
    bpemix_result *r = NULL;
    bpemix_error err;
    char *json = NULL, *text = NULL;

    CHECK_OK(bpemix_count(tok, cats, 2, &count, &trace, &err));
    CHECK_OK(bpemix_solve(trace, &solve, &r, &err));
    add_result(all, r, false);
    CHECK_OK(bpemix_verify(trace, "{\"hills\": 0.625, \"numbers\": 0.375}", NULL, &json, &text,
                           &err));
    add(all, json);
    add(all, text);
    CHECK_OK(bpemix_explain(trace, &explain, &json, &text, &err));
    add(all, json);
    add(all, text);
    bpemix_result_free(r);
    solve.gap = 1.5;
    CHECK_FAILS(bpemix_solve(trace, &solve, &r, &err), BPEMIX_E_USAGE, "a gap of 1.5");
    bpemix_trace_free(trace);
    r = inferred(tok, 0); /* without folds: other ranges, other reasons */
    add_result(all, r, false);
    bpemix_result_free(r);
}

/* Every renderer; "mixture", "shares" and the like are the names of tables. */
static void add_reports(bmx_buf *all)
{
    static const char *const tables[] = { "mixture",  "shares",     "sweep",  "missing",
                                          "evidence", "provenance", "sources" };
    bpemix_result *whole = NULL, *extension = NULL;
    bpemix_report_opts opts = { .size = sizeof opts };
    bpemix_compare_opts compare = { .size = sizeof compare, .expect = "mse<0.5",
                                    .truth = "{\"english\": 0.5, \"python\": 0.5}" };
    bpemix_labelled both[2];
    bpemix_error err;
    char *text = NULL;
    bool met = false;

    CHECK_OK(bpemix_result_load("tests/fixtures/report/whole.json", &whole, &err));
    CHECK_OK(bpemix_result_load("tests/fixtures/report/extension.json", &extension, &err));
    both[0] = (bpemix_labelled){ "GPT-4o", whole };
    both[1] = (bpemix_labelled){ "Llama 3", extension };
    add_result(all, whole, true);
    for (int f = BPEMIX_FORMAT_HTML; f <= BPEMIX_FORMAT_TERMINAL; f++) {
        bool of_one_table = f == BPEMIX_FORMAT_CSV || f == BPEMIX_FORMAT_TSV;

        opts.format = (bpemix_format)f;
        opts.width = f == BPEMIX_FORMAT_LATEX ? 240.5 : 0;
        for (size_t i = 0; i < (of_one_table ? sizeof tables / sizeof *tables : 1); i++) {
            opts.only = of_one_table ? tables[i] : NULL;
            CHECK_OK(bpemix_report(both, 2, &opts, &text, NULL, &err));
            add(all, text);
        }
    }
    CHECK_OK(bpemix_compare(both, 2, &compare, &text, &met, &err));
    add(all, text);
    assert_true(met);
    bpemix_result_free(whole);
    bpemix_result_free(extension);
}

static void add_experiments(bmx_buf *all)
{
    static const double too_much[] = { 1.5 };
    const char *path[2];
    bpemix_category cats[2] = { file_category("hills", hills, &path[0]),
                                file_category("numbers", numbers, &path[1]) };
    bpemix_train_opts train = { .size = sizeof train, .vocab_size = 256 + 30 };
    bpemix_experiment_opts opts = { .size = sizeof opts, .train = &train, .trials = 2, .seed = 1,
                                    .setting = "same" };
    bpemix_report_opts report = { .size = sizeof report };
    bpemix_experiment *x = NULL;
    bpemix_labelled_json labelled = { .label = "lab" };
    bpemix_error err;
    bmx_buf json = { 0 };
    char *text = NULL;

    CHECK_OK(bpemix_experiment_run(cats, 2, &opts, &x, &err));
    CHECK_OK(bpemix_experiment_print(x, &text, &err));
    add(all, text);
    CHECK_OK(bpemix_experiment_csv(x, &text, &err));
    add(all, text);
    bpemix_experiment_free(x);
    CHECK_OK(bmx_read_file("tests/fixtures/report/experiment.json", UINT64_MAX, &json, &err));
    CHECK_OK(bmx_buf_addc(&json, 0, &err));
    labelled.json = json.ptr;
    for (int f = BPEMIX_FORMAT_HTML; f <= BPEMIX_FORMAT_TERMINAL; f++) {
        report.format = (bpemix_format)f;
        CHECK_OK(bpemix_report_experiments(&labelled, 1, &report, "paper=-7.25", &text, NULL,
                                           &err));
        add(all, text);
    }
    bmx_buf_release(&json);
    opts.omit_shares = too_much;
    opts.n_omit_shares = 1;
    CHECK_FAILS(bpemix_experiment_run(cats, 2, &opts, &x, &err), BPEMIX_E_USAGE,
                "1.5 is not a share below 1");
}

static void everything(bmx_buf *all)
{
    bpemix_training *t = trained();
    bpemix_tokenizer *tok = tokenizer_of(t);

    add_training(all, t);
    add_estimates(all, tok);
    add_reports(all);
    add_experiments(all);
    bpemix_tokenizer_free(tok);
    bpemix_training_free(t);
}

/* ---- */

static const char *at_first_difference(const bmx_buf *a, const bmx_buf *b)
{
    static char text[200];
    size_t i = 0;

    while (i < a->len && i < b->len && a->ptr[i] == b->ptr[i])
        i++;
    snprintf(text, sizeof text, "%.80s", b->ptr + (i < 40 ? 0 : i - 40));
    return text;
}

static void same_bytes_in_every_locale(void **state)
{
    /* a comma; a comma and other letters for "i"; a point of two bytes */
    static const char *const others[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "tr_TR.UTF-8", "ps_AF" };
    bmx_buf want = { 0 };
    int tried = 0;

    (void)state;
    everything(&want);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        bmx_buf got = { 0 };

        if (!setlocale(LC_ALL, others[i]))
            continue;
        tried++;
        everything(&got);
        setlocale(LC_ALL, "C");
        if (got.len != want.len || memcmp(got.ptr, want.ptr, got.len))
            fail_msg("%s: %s", others[i], at_first_difference(&want, &got));
        bmx_buf_release(&got);
    }
    bmx_buf_release(&want);
    if (!tried)
        skip();
}

/* The caller's own locale is in force again after each call. */
static void the_callers_locale_stays(void **state)
{
    char text[40], *end;
    locale_t comma = newlocale(LC_NUMERIC_MASK, "de_DE.UTF-8", (locale_t)0), before;

    (void)state;
    if (!comma)
        skip();
    before = uselocale(comma);
    bmx_snprintf(text, sizeof text, "%.2f", 0.25);
    assert_string_equal(text, "0.25");
    assert_true(bmx_strtod("0.25,", &end) == 0.25 && *end == ',');
    assert_true(uselocale((locale_t)0) == comma);
    snprintf(text, sizeof text, "%.2f", 0.25);
    assert_string_equal(text, "0,25");
    uselocale(before);
    freelocale(comma);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bytes_in_every_locale),
        cmocka_unit_test(the_callers_locale_stays),
    };

    return cmocka_run_group_tests_name("locale", tests, NULL, remove_scratch);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_verdict_missing.c - the rules of the verdict that see text of which there is no sample. */
#include "judged.h"

static void missing(void **state)
{
    bpemix_result *r = fine();

    (void)state;
    r->uncovered.share = 0.02;
    r->uncovered.sentence = bmx_strdup("not covered: tokens such as ' ein'");
    judged(r, BMX_LEVEL_FAIR, "missing", "not covered: tokens such as ' ein'");
    r = fine();
    r->uncovered.share = 0.06;
    r->uncovered.sentence = bmx_strdup("not covered: tokens such as ' ein'");
    judged(r, BMX_LEVEL_POOR, "missing", "not covered: tokens such as ' ein'");
    r = fine();
    r->uncovered.share = 0.41;
    r->uncovered.sentence = bmx_strdup("not covered: tokens such as ' ein'");
    judged(r, BMX_LEVEL_UNUSABLE, "missing", "not covered: tokens such as ' ein'");
    r = fine();
    r->merges_missing = 30;
    r->uncovered.share = 0.0099;
    r->uncovered.found_once = 4;
    r->uncovered.ratio = 30 / 9.;
    judged(r, BMX_LEVEL_POOR, "uncovered",
           "30 merges are in no sample and only 4 in a single fold: more text of the same kind would not find "
           "them, a category is missing");
    r = fine();
    r->merges_missing = 19; /* too few to tell */
    r->uncovered.share = 0.006;
    r->uncovered.ratio = 19 / 5.;
    judged(r, BMX_LEVEL_GOOD, "uncovered", NULL);
}

/* A result with so many merges in no sample, of two kinds. */
static bpemix_result *lacking(const char *script, const char *kind, uint32_t merges,
                              const char *second)
{
    bpemix_result *r = fine();

    r->merges_used = 2900;
    r->merges_missing = 100;
    r->uncovered.share = 100 / 3000.;
    r->uncovered.sentence = bmx_strdup("not covered");
    r->uncovered.kind = bmx_calloc(2, sizeof *r->uncovered.kind);
    r->uncovered.n_kinds = 2;
    for (int i = 0; i < 2; i++)
        r->uncovered.kind[i] = (bmx_missing_kind){ .script = bmx_strdup(script),
                                                   .kind = bmx_strdup(i ? second : kind),
                                                   .merges = i ? merges - 10 : 10 };
    return r;
}

/* Merges of a script tell of a language, but names in program code are Latin words, too. */
static void missing_script(void **state)
{
    static const char text[] = "2.0 % of the merges have letters of one script (Cyrillic) and are in "
                               "no sample: of the same languages, other sources left up to 0.7 %; one "
                               "is missing, or its sample is of another kind of text";
    bpemix_result *r = lacking("Cyrillic", "words", 60, "parts of characters");
    bpemix_error err;

    (void)state;
    r->slack_relative = 0.2;
    CHECK_OK(bmx_verdict_find(r, &err));
    assert_string_equal(reason(r, "script")->text, text);
    assert_true(reason(r, "script")->level == BMX_LEVEL_FAIR && reason(r, "script")->limit == 0.007);
    assert_string_equal(reason(r, "slack")->text,
                        "slack is 20 % of the merge counts: samples drawn like the training text leave 2 to "
                        "17 %, other sources of the same kind 11 to 41 %");
    bmx_result_free(r);
    for (int few = 0; few < 2; few++) { /* plain Latin words, or 21, say nothing */
        r = few ? lacking("Han", "words", 21, "words") : lacking("Latin", "words", 60, "words");
        r->slack_relative = 0.2;
        CHECK_OK(bmx_verdict_find(r, &err));
        assert_null(reason(r, "script"));
        assert_non_null(strstr(reason(r, "slack")->text, "a missing category may not show"));
        bmx_result_free(r);
    }
    r = lacking("Han", "words", 22, "words");
    CHECK_OK(bmx_verdict_find(r, &err));
    assert_non_null(reason(r, "script"));
    bmx_result_free(r);
    r = lacking("Han", "words", 60, "words");
    r->share[0].sample_bytes = r->share[1].sample_bytes = 200000; /* chance leaves as many */
    CHECK_OK(bmx_verdict_find(r, &err));
    assert_null(reason(r, "script"));
    bmx_result_free(r);
    for (uint32_t n = 17; n <= 18; n++) { /* of a short list */
        r = lacking("Han", "words", n, "words");
        r->uncovered.kind[0].merges = 0;
        r->merges_used = 400;
        CHECK_OK(bmx_verdict_find(r, &err));
        assert_true(!reason(r, "script") == (n == 17));
        bmx_result_free(r);
    }
    r = lacking("Latin", "words", 60, "words with diacritics");
    CHECK_OK(bmx_verdict_find(r, &err));
    assert_non_null(strstr(reason(r, "script")->text, "1.7 % of the merges have letters of one script (Latin, with "
                                                      "diacritics)"));
    bmx_result_free(r);
}

static void off_by_half(void **state)
{
    bpemix_result *r = fine();

    (void)state;
    r->slack_large = 0.18;
    r->worst = bmx_calloc(2, sizeof *r->worst);
    r->n_worst = 2;
    r->worst[0] = (bmx_worst_merge){ .left = bmx_strdup("se"), .right = bmx_strdup("lf") };
    r->worst[1] = (bmx_worst_merge){ .left = bmx_strdup("\xe2\x90\xa3"),
                                     .right = bmx_strdup("\xe2\x90\xa3") };
    judged(r, BMX_LEVEL_FAIR, "worst",
           "18 % of the merges are off by half or more, most of all those of 'self', '  '");
}

/* Few merges, but far off: what is left of a category that is missing. */
static void scarce(void **state)
{
    bpemix_result *r = fine();

    (void)state;
    r->slack_extreme = 18 / 3000.;
    r->merges_missing = 3;
    judged(r, BMX_LEVEL_GOOD, "scarce", NULL);
    r = fine();
    r->slack_extreme = 18 / 3000.;
    r->merges_missing = 4;
    r->worst = bmx_calloc(1, sizeof *r->worst);
    r->n_worst = 1;
    r->worst[0] = (bmx_worst_merge){ .left = bmx_strdup("fu"), .right = bmx_strdup("nc") };
    judged(r, BMX_LEVEL_FAIR, "scarce",
           "22 of 3004 merges would have to be five times as frequent as they are in the samples, or "
           "more, most of all those of 'func': a kind of text seems to be missing, or unlike that of "
           "training, and the shares may be off by more than the slack tells");
    r = fine(); /* a part of a word, with its mark once */
    r->merges_missing = 40;
    r->facts.subword_prefix = bmx_strdup("##");
    r->worst = bmx_calloc(1, sizeof *r->worst);
    r->n_worst = 1;
    r->worst[0] = (bmx_worst_merge){ .left = bmx_strdup("##fu"), .right = bmx_strdup("##nc") };
    judged(r, BMX_LEVEL_FAIR, "scarce",
           "40 of 3040 merges would have to be five times as frequent as they are in the samples, or "
           "more, most of all those of '##func': a kind of text seems to be missing, or unlike that of "
           "training, and the shares may be off by more than the slack tells");
    r = fine();
    r->merges_used = 500;
    r->slack_extreme = 4 / 500.; /* of a short list */
    judged(r, BMX_LEVEL_GOOD, "scarce", NULL);
    for (int k = 0; k < 2; k++) { /* larger samples leave fewer to chance */
        r = fine();
        r->share[0].sample_bytes = r->share[1].sample_bytes = 5000000;
        r->slack_extreme = k ? 9 / 3000. : 8 / 3000.;
        judged(r, k ? BMX_LEVEL_FAIR : BMX_LEVEL_GOOD, "scarce", NULL);
        r = fine();
        r->share[0].sample_bytes = r->share[1].sample_bytes = 500000000;
        r->slack_extreme = k ? 8 / 3000. : 7 / 3000.;
        judged(r, k ? BMX_LEVEL_FAIR : BMX_LEVEL_GOOD, "scarce", NULL);
    }
    r = fine();
    r->slack_extreme = 0.08;
    r->slack_large = 0.18; /* one reason, not two */
    judged(r, BMX_LEVEL_FAIR, "worst", "18 % of the merges are off by half or more");
}

/* Nobody is to take for excluded what no rule sees. */
static void good_is_no_proof(void **state)
{
    bpemix_result *r = fine();
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_verdict_find(r, &err));
    assert_non_null(reason(r, "scope"));
    r->slack_relative = 0.2;
    CHECK_OK(bmx_verdict_find(r, &err));
    assert_null(reason(r, "scope"));
    bmx_result_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing),
        cmocka_unit_test(missing_script),
        cmocka_unit_test(off_by_half),
        cmocka_unit_test(scarce),
        cmocka_unit_test(good_is_no_proof),
    };
    return cmocka_run_group_tests_name("verdict-missing", tests, NULL, NULL);
}

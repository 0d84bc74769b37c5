/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_verdict.c - each rule by itself, at both sides of its limits; the gravest decides. */
#include "diagnose/verdict.h"
#include "test.h"

#include <math.h>

/* A result that nothing is wrong with. */
static bpemix_result *fine(void)
{
    bpemix_result *r = bmx_result_new(2);

    assert_non_null(r);
    for (int i = 0; i < 2; i++) {
        bpemix_share *s = &r->share[i];
        s->name = bmx_strdup(i ? "fr" : "en");
        s->share_bytes = s->share_pairs = s->share_merges = i ? 0.3 : 0.7;
        s->sample_bytes = 1000000;
    }
    r->merge_to = 3000;
    r->merges_used = 3000;
    r->slack_relative = 0.05;
    r->slack_large = 0.02;
    r->slack_extreme = 0;
    r->uncovered.share = 0;
    r->main.gap = 1e-6;
    return r;
}

static double *shares(double first)
{
    double *share = bmx_calloc(3, sizeof *share); /* of a third category: none */

    share[0] = first;
    share[1] = 1 - first;
    return share;
}

/* A second solution, so many points off. */
static void disagree(bpemix_result *r, double by)
{
    r->other = bmx_calloc(1, sizeof *r->other);
    r->n_others = 1;
    r->main.share_bytes = shares(0.5);
    r->other->share_bytes = shares(0.5 + by);
}

/* A group, or without a name a set, of the categories up to n. */
static bmx_group set_of(uint32_t n, const char *name, double low, double high)
{
    bmx_group g = { .member = bmx_calloc(n, sizeof *g.member), .n_members = n };

    bmx_share_clear(&g.share);
    g.share.name = name ? bmx_strdup(name) : NULL;
    g.share.range_outer_bytes = (bpemix_range){ low, high };
    g.share.identified = high - low <= BMX_IDENTIFIED;
    for (uint32_t i = 0; i < n; i++)
        g.member[i] = i;
    return g;
}

static void add_group(bpemix_result *r, bmx_group g)
{
    bmx_group **list = g.share.name ? &r->group : &r->inseparable;
    size_t *n = g.share.name ? &r->n_groups : &r->n_inseparable;

    *list = bmx_realloc(*list, *n + 1, sizeof **list);
    (*list)[(*n)++] = g;
}

/* Two kinds that nobody can tell apart, and a third category. */
static bpemix_result *alike(void)
{
    bpemix_result *r = bmx_result_new(3);
    bpemix_result *two = fine();

    for (int i = 0; i < 2; i++) {
        r->share[i] = two->share[i];
        two->share[i].name = NULL;
        r->share[i].range_outer_bytes = (bpemix_range){ 0, 0.7 };
    }
    r->share[2] = r->share[1];
    r->share[2].name = bmx_strdup("c");
    r->share[2].range_outer_bytes = (bpemix_range){ 0.28, 0.36 };
    r->share[2].identified = true;
    r->merge_to = r->merges_used = 3000;
    r->slack_relative = 0.05;
    r->slack_large = r->slack_extreme = r->uncovered.share = 0;
    r->main.gap = 1e-6;
    bmx_result_free(two);
    return r;
}

static const bmx_reason *reason(const bpemix_result *r, const char *code)
{
    for (size_t i = 0; i < r->verdict.n_reasons; i++)
        if (!strcmp(r->verdict.reason[i].code, code))
            return &r->verdict.reason[i];
    return NULL;
}

/* Judge, compare level and, when `text` is passed, the reason of that code; then free. */
static void judged(bpemix_result *r, bmx_level level, const char *code, const char *text)
{
    bpemix_error err;

    CHECK_OK(bmx_verdict_find(r, &err));
    if (r->verdict.level != level)
        fail_msg("%s, not %s, by %s", bmx_level_name(r->verdict.level), bmx_level_name(level),
                 code);
    assert_non_null(reason(r, "slack"));
    if (text) {
        assert_non_null(reason(r, code));
        assert_string_equal(reason(r, code)->text, text);
        assert_true(reason(r, code)->level == level);
        assert_string_equal(r->verdict.reason[0].code, code); /* the gravest first */
    }
    bmx_result_free(r);
}

static void slack(void **state)
{
    static const struct { double slack; bmx_level level; } at[] = {
        { 0, BMX_LEVEL_GOOD }, { 0.1, BMX_LEVEL_GOOD }, { 0.1001, BMX_LEVEL_FAIR }, { 0.3, BMX_LEVEL_FAIR },
        { 0.301, BMX_LEVEL_POOR }, { 0.6, BMX_LEVEL_POOR }, { 0.61, BMX_LEVEL_UNUSABLE },
        { 1.5, BMX_LEVEL_UNUSABLE }, { INFINITY, BMX_LEVEL_UNUSABLE }, { NAN, BMX_LEVEL_UNUSABLE }
    };

    (void)state;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        bpemix_result *r = fine();
        r->slack_relative = at[i].slack;
        judged(r, at[i].level, "slack", NULL);
    }
    bpemix_result *r = fine();
    r->slack_relative = 1.531;
    judged(r, BMX_LEVEL_UNUSABLE, "slack",
           "the samples explain nothing: slack is 153 % of the merge counts");
    r = fine();
    r->slack_relative = 0.88;
    judged(r, BMX_LEVEL_UNUSABLE, "slack",
           "the samples explain too little: slack is 88 % of the merge counts");
    r = fine();
    r->merge_from = 1000; /* counts behind a part that was merged before are small */
    r->slack_relative = 0.88;
    judged(r, BMX_LEVEL_POOR, "slack", NULL);
    r = fine();
    r->merge_from = 1000;
    r->slack_relative = 0.91;
    judged(r, BMX_LEVEL_UNUSABLE, "slack", NULL);
    judged(fine(), BMX_LEVEL_GOOD, "slack",
           "the mixture explains the merges but for a slack of 5.0 % of their counts");
}

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
           "22 of 3004 merges need five times what the samples have of them, or more, most of all those of "
           "'func': a kind of text seems to be missing, or unlike that of training, and shares to be off by "
           "more than slack tells");
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

static void ranges(void **state)
{
    bpemix_result *r = fine();

    (void)state;
    r->share[0].range_outer_bytes = (bpemix_range){ 0.66, 0.75 };
    r->share[0].identified = true;
    judged(r, BMX_LEVEL_GOOD, "range", NULL);
    /* the inner range is for those who know where their samples come from */
    r = fine();
    r->share[1].range_bytes = (bpemix_range){ 0.28, 0.32 };
    r->share[1].range_outer_bytes = (bpemix_range){ 0.2, 0.32 };
    r->share[1].identified = true;
    judged(r, BMX_LEVEL_FAIR, "range", "'fr' may be 20 to 32 % of bytes");
    r = fine();
    r->share[0].range_outer_bytes = (bpemix_range){ 0, 0.72 };
    judged(r, BMX_LEVEL_POOR, "range",
           "the merges do not determine 1 of 2 shares: 'en' may be 0 to 72 % of bytes");
    r = fine();
    r->share[0].range_outer_bytes = (bpemix_range){ 0.4, 0.85 };
    r->share[1].range_outer_bytes = (bpemix_range){ 0.2, 0.25 };
    r->share[1].identified = true;
    judged(r, BMX_LEVEL_FAIR, "range",
           "the merges do not determine 1 of 2 shares: 'en' may be 40 to 85 % of bytes");
    /* nothing is determined */
    r = fine();
    for (int i = 0; i < 2; i++)
        r->share[i].range_outer_bytes = (bpemix_range){ 0.3, 0.45 };
    judged(r, BMX_LEVEL_POOR, "range",
           "the merges do not determine 2 of 2 shares: 'en' may be 30 to 45 % of bytes");
    /* in the headline unit alone */
    r = fine();
    r->unit = BMX_UNIT_MERGES;
    r->share[0].range_outer_bytes = (bpemix_range){ 0, 0.72 };
    r->share[0].range_outer_merges = (bpemix_range){ 0.99, 1 };
    r->share[0].identified = true;
    judged(r, BMX_LEVEL_GOOD, "range", NULL);
}

/* Where groups or sums are the answer, the ranges of their members are none. */
static void ranges_of_groups(void **state)
{
    static const char apart[] = "2 of the 3 categories are not determined by themselves: 'en' may be 0 "
                                "to 70 % of bytes; go by the groups";
    bpemix_result *r = alike();
    bpemix_error err;

    (void)state;
    judged(r, BMX_LEVEL_POOR, "range",
           "the merges do not determine 2 of 3 shares: 'en' may be 0 to 70 % of bytes");
    r = alike();
    add_group(r, set_of(2, "prose", 0.64, 0.72));
    judged(r, BMX_LEVEL_GOOD, "kinds", NULL);
    r = alike();
    add_group(r, set_of(2, "prose", 0.64, 0.72));
    CHECK_OK(bmx_verdict_find(r, &err));
    assert_null(reason(r, "range"));
    assert_string_equal(reason(r, "kinds")->text, apart);
    assert_true(reason(r, "kinds")->value == 0.7 && reason(r, "kinds")->limit == BMX_IDENTIFIED);
    assert_non_null(reason(r, "scope"));
    bmx_result_free(r);
    r = alike();
    add_group(r, set_of(2, "prose", 0.5, 0.72));
    judged(r, BMX_LEVEL_FAIR, "range",
           "the merges do not determine 1 of 2 groups and other shares: group 'prose' may be 50 to 72 % of "
           "bytes");
    r = alike();
    add_group(r, set_of(2, "prose", 0.1, 0.49));
    judged(r, BMX_LEVEL_FAIR, "range",
           "the merges do not determine 1 of 2 groups and other shares: group 'prose' may be 10 to 49 % of "
           "bytes");
    r = alike();
    add_group(r, set_of(2, "prose", 0.1, 0.51));
    judged(r, BMX_LEVEL_POOR, "range",
           "the merges do not determine 1 of 2 groups and other shares: group 'prose' may be 10 to 51 % of "
           "bytes");
    /* every category in a group */
    r = alike();
    add_group(r, set_of(2, "prose", 0.1, 0.49));
    add_group(r, set_of(1, "code", 0.28, 0.36));
    r->group[1].member[0] = 2;
    judged(r, BMX_LEVEL_FAIR, "range",
           "the merges do not determine 1 of 2 groups: group 'prose' may be 10 to 49 % of bytes");
    /* no groups: the sum */
    r = alike();
    add_group(r, set_of(2, NULL, 0.64, 0.72));
    CHECK_OK(bmx_verdict_find(r, &err));
    assert_true(r->verdict.level == BMX_LEVEL_GOOD);
    assert_string_equal(reason(r, "kinds")->text,
                        "2 of the 3 categories are not determined by themselves: 'en' may be 0 to 70 % of bytes; "
                        "go by the sums");
    bmx_result_free(r);
    r = alike();
    add_group(r, set_of(2, NULL, 0.55, 0.72));
    judged(r, BMX_LEVEL_FAIR, "range",
           "the merges do not determine 1 of 2 shares and sums: 'en' + 'fr' may be 55 to 72 % of bytes");
    r = bmx_result_new(5);
    for (int i = 0; i < 5; i++)
        r->share[i].name = bmx_asprintf("c%d", i);
    r->merge_to = r->merges_used = 3000;
    r->slack_relative = r->slack_large = r->slack_extreme = r->uncovered.share = r->main.gap = 0;
    add_group(r, set_of(4, NULL, 0.55, 0.72));
    judged(r, BMX_LEVEL_FAIR, "range",
           "the merges do not determine 1 of 2 shares and sums: 'c0' and 3 more, together, may be 55 to 72 % of "
           "bytes");
    /* a sum of members of a group is none of the answers */
    r = alike();
    add_group(r, set_of(1, "one", 0, 0.7));
    add_group(r, set_of(2, NULL, 0.64, 0.72));
    judged(r, BMX_LEVEL_POOR, "range",
           "the merges do not determine 2 of 3 groups and other shares: group 'one' may be 0 to 70 % of bytes");
}

/* Methods that divide a group otherwise agree on the group. */
static void disagreement_of_groups(void **state)
{
    for (int grouped = 0; grouped < 2; grouped++) {
        bpemix_result *r = alike();

        (void)state;
        for (int i = 0; i < 3; i++) {
            r->share[i].range_outer_bytes = (bpemix_range){ 0.3, 0.35 };
            r->share[i].identified = true;
        }
        disagree(r, 0.2);
        if (grouped)
            add_group(r, set_of(2, "prose", 0.99, 1));
        judged(r, grouped ? BMX_LEVEL_GOOD : BMX_LEVEL_POOR, "method", NULL);
    }
}

/* A list that was learned in phases has no one mixture. */
static void odd_stretch(void **state)
{
    bpemix_result *r = fine();

    (void)state;
    r->odd = (bmx_odd_stretch){ 2000, 3000, 0.4, 0.19 };
    judged(r, BMX_LEVEL_POOR, "phases",
           "merges 2000 to 3000 were learned from other text than the rest: another mixture has a slack of "
           "19 % of their counts, this one of 40 %; the list was learned in phases, and each has "
           "its own mixture");
    r = fine();
    r->odd = (bmx_odd_stretch){ 2000, 3000, 0.91, 0.2 };
    judged(r, BMX_LEVEL_UNUSABLE, "phases",
           "merges 2000 to 3000 were learned from other text than the rest: another mixture has a slack of "
           "20 % of their counts, this one of 91 %; the list was learned in phases, and each has "
           "its own mixture");
    r = fine();
    r->odd = (bmx_odd_stretch){ 0, 0, NAN, NAN }; /* there is none */
    judged(r, BMX_LEVEL_GOOD, "phases", NULL);
    r = fine(); /* behind the merges in use: their shares are right, however far off those are */
    r->odd = (bmx_odd_stretch){ r->merge_to + 500, r->merge_to + 1500, 6.26, 0.53 };
    judged(r, BMX_LEVEL_FAIR, "phases",
           "behind the merges in use, 3500 to 4500 were learned from other text: another mixture has a slack of "
           "53 % of their counts, this one of 626 %; the shares are those of merges 0 to 3000, not of the "
           "whole list");
}

/* Stretches that were asked for. */
static void phases(void **state)
{
    static const struct { uint32_t from, second; bmx_level level; const char *text; } at[] = {
        { 0, 1200, BMX_LEVEL_POOR,
          "the list was learned in 2 phases, each from a mixture of its own; merge 1200 begins another one: "
          "infer each by itself" },
        { 0, 3000, BMX_LEVEL_FAIR,
          "behind the merges in use, those from 3000 on were learned from another mixture; the shares are "
          "those of merges 0 to 3000, not of the whole list" },
        { 1200, 1200, BMX_LEVEL_GOOD, NULL }, /* the stretch that is inferred */
    };
    bpemix_result *r;
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        r = fine();
        r->merge_from = at[i].from;
        r->n_phases = 2;
        r->phase = bmx_calloc(2, sizeof *r->phase);
        r->phase[0].merge_to = r->phase[1].merge_from = at[i].second;
        r->phase[1].merge_to = 4000;
        CHECK_OK(bmx_verdict_find(r, &err));
        assert_true(!reason(r, "phases") == !at[i].text);
        if (at[i].text) {
            assert_string_equal(reason(r, "phases")->text, at[i].text);
            assert_true(reason(r, "phases")->level == at[i].level);
        }
        bmx_result_free(r);
    }
    r = fine();
    r->n_phases = 1;
    r->phase = bmx_calloc(1, sizeof *r->phase);
    judged(r, BMX_LEVEL_GOOD, "phases", NULL);
}

/* Parts that only later merges make. */
static void order(void **state)
{
    bpemix_result *r = fine();

    (void)state;
    for (uint32_t n = 60; n <= 61; n++) {
        r = n == 60 ? r : fine();
        r->n_missing = n;
        r->missing = bmx_calloc(n, sizeof *r->missing);
        for (uint32_t i = 0; i < n; i++)
            r->missing[i].why = BMX_MISSING_UNMADE;
        judged(r, n == 60 ? BMX_LEVEL_GOOD : BMX_LEVEL_FAIR, "order",
               n == 60 ? NULL : "2 % of the merges join tokens that no merge before them makes: "
                                "the list is not in the order of learning");
    }
    r = fine();
    r->n_missing = 301;
    r->missing = bmx_calloc(301, sizeof *r->missing);
    for (uint32_t i = 0; i < 301; i++)
        r->missing[i].why = i ? BMX_MISSING_UNMADE : BMX_MISSING_CUT;
    judged(r, BMX_LEVEL_FAIR, "order",
           "10 % of the merges join tokens that no merge before them makes: the "
           "list is not in the order of learning");
}

/* Of shares that say nothing, nothing more is said. */
static void unusable_shares(void **state)
{
    bpemix_result *r = fine();
    bpemix_error err;

    (void)state;
    r->slack_relative = 1.2;
    r->share[0].range_outer_bytes = (bpemix_range){ 0, 0.72 };
    disagree(r, 0.25);
    r->merge_from = 1000;
    r->merges_used = 300; /* this is of the merges, and said */
    CHECK_OK(bmx_verdict_find(r, &err));
    assert_int_equal(r->verdict.n_reasons, 2);
    assert_string_equal(r->verdict.reason[0].code, "slack");
    assert_string_equal(r->verdict.reason[1].code, "merges");
    bmx_result_free(r);
}

static void other_rules(void **state)
{
    bpemix_result *r = fine();

    (void)state;
    r->merge_from = 1000;
    judged(r, BMX_LEVEL_FAIR, "window",
           "merges from 1000 on tell which of the categories they were learned from, not what the list "
           "as a whole was: go by shares of merges");
    r = fine(); /* one that may be much of the text all the same */
    r->merge_from = 1000;
    r->unit = BMX_UNIT_MERGES;
    r->share[1].share_merges = 0.001;
    r->share[1].range_outer_bytes = (bpemix_range){ 0, 0.6 };
    judged(r, BMX_LEVEL_FAIR, "window",
           "merges from 1000 on tell which of the categories they were learned from, not what the list "
           "as a whole was: go by shares of merges; 'fr' has next to none of these, but may have 0 to "
           "60 % of the bytes that they were learned from");
    r = fine(); /* and one that may not */
    r->merge_from = 1000;
    r->unit = BMX_UNIT_MERGES;
    r->share[1].share_merges = 0.001;
    r->share[1].range_outer_bytes = (bpemix_range){ 0, 0.08 };
    judged(r, BMX_LEVEL_FAIR, "window",
           "merges from 1000 on tell which of the categories they were learned from, not what the list "
           "as a whole was: go by shares of merges");
    r = fine();
    disagree(r, 0.08);
    judged(r, BMX_LEVEL_FAIR, "method",
           "another way to weigh the merges moves a share by 8 points");
    r = fine();
    r->n_sweep = 2;
    r->sweep = bmx_calloc(2, sizeof *r->sweep);
    r->sweep[0].share_bytes = shares(0.5);
    r->sweep[1].share_bytes = shares(0.61);
    judged(r, BMX_LEVEL_POOR, "sweep", "another number of merges moves a share by 11 points");
    r = fine();
    r->share[1].sample_bytes = 22000;
    judged(r, BMX_LEVEL_POOR, "sample",
           "1 sample is small: that of 'fr' has 22 kB; give 1 MB of each category or more");
    r = fine();
    r->share[1].sample_bytes = 22000;
    r->share[1].share_bytes = 0.001; /* of no weight */
    judged(r, BMX_LEVEL_GOOD, "sample", NULL);
    r = fine();
    r->share[1].sample_bytes = 22000;
    r->share[1].share_bytes = NAN; /* not known: the alphabet lacks its characters */
    judged(r, BMX_LEVEL_GOOD, "sample", NULL);
    r = fine();
    r->merges_used = 300;
    judged(r, BMX_LEVEL_FAIR, "merges", "only 300 merges carry a constraint");
    r = fine();
    r->facts.found = true;
    r->facts.ties.uninformative_from = 2000;
    judged(r, BMX_LEVEL_FAIR, "ties",
           "33 % of the merges stand where ties decide the order, from merge 2000 on: choose "
           "fewer");
    r = fine();
    r->facts.found = true;
    r->facts.ties.uninformative_from = 3000;
    judged(r, BMX_LEVEL_GOOD, "ties", NULL);
    r = fine();
    r->facts.found = r->facts.cut_known = true;
    r->facts.ties.uninformative_from = BMX_FACTS_NONE;
    r->facts.merges = 1000;
    r->facts.n_cut = 60;
    judged(r, BMX_LEVEL_POOR, "pretokenizer",
           "the pre-tokenizer would cut 6 % of the tokens: text was split otherwise in training");
    r = fine();
    r->pooled = bmx_calloc(1, sizeof *r->pooled);
    r->pooled->share_bytes = 0.08;
    judged(r, BMX_LEVEL_FAIR, "other",
           "8 % of bytes go to the pool: text of a kind that no candidate has");
    r = fine();
    bmx_free((char *)(uintptr_t)r->share[1].name);
    r->n_cats = 1;
    judged(r, BMX_LEVEL_FAIR, "alone",
           "'en' is the only category: its share is all there is, whatever else the training text "
           "had");
    r = fine();
    add_group(r, set_of(2, "prose", 1, 1));
    judged(r, BMX_LEVEL_FAIR, "alone",
           "all categories are of the group 'prose': its share is all there is, whatever else the "
           "training text had");
    r = alike(); /* and its categories are judged */
    add_group(r, set_of(3, "all", 1, 1));
    judged(r, BMX_LEVEL_POOR, "range",
           "the merges do not determine 2 of 3 shares: 'en' may be 0 to 70 % of bytes");
    r = fine();
    r->main.gap = 0.01;
    judged(r, BMX_LEVEL_FAIR, "gap",
           "the solution was stopped within 1.0 % of the best: give it more time");
}

static void the_gravest_decides(void **state)
{
    bpemix_result *r = fine();
    bpemix_error err;

    (void)state;
    r->slack_relative = 0.2;
    disagree(r, 0.25);
    r->merges_used = 300;
    CHECK_OK(bmx_verdict_find(r, &err));
    CHECK_OK(bmx_verdict_find(r, &err)); /* judged anew, not twice */
    assert_int_equal(r->verdict.n_reasons, 3);
    assert_true(r->verdict.level == BMX_LEVEL_POOR);
    assert_string_equal(r->verdict.reason[0].code, "method");
    assert_true(r->verdict.reason[0].value == 0.25 && r->verdict.reason[0].limit == 0.1);
    assert_string_equal(r->verdict.reason[1].code, "slack");
    assert_string_equal(r->verdict.reason[2].code, "merges");
    bmx_result_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slack),
        cmocka_unit_test(missing),
        cmocka_unit_test(missing_script),
        cmocka_unit_test(off_by_half),
        cmocka_unit_test(scarce),
        cmocka_unit_test(good_is_no_proof),
        cmocka_unit_test(ranges),
        cmocka_unit_test(ranges_of_groups),
        cmocka_unit_test(disagreement_of_groups),
        cmocka_unit_test(odd_stretch),
        cmocka_unit_test(phases),
        cmocka_unit_test(order),
        cmocka_unit_test(unusable_shares),
        cmocka_unit_test(other_rules),
        cmocka_unit_test(the_gravest_decides),
    };
    return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}

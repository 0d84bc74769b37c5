/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_verdict.c - each rule by itself, at both sides of its limits; the gravest decides.
 * test_verdict_missing.c has those of missing text. */
#include "judged.h"

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
}

/* Where there are no groups, categories that are known together answer by their sum. */
static void ranges_of_sums(void **state)
{
    bpemix_result *r = alike();
    bpemix_error err;

    (void)state;
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
    /* folds alone found the sum: no range says how much it may be */
    r = alike();
    add_group(r, set_of(2, NULL, NAN, NAN));
    judged(r, BMX_LEVEL_POOR, "range",
           "the merges do not determine 2 of 3 shares: 'en' may be 0 to 70 % of bytes");
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

/* Lists that were put together have merges that no text could have taught behind the others. */
static void unreached(void **state)
{
    static const struct { uint32_t n; bmx_level level; } want[] = {
        { 3, BMX_LEVEL_GOOD }, { 4, BMX_LEVEL_FAIR }, { 15, BMX_LEVEL_FAIR },
        { 16, BMX_LEVEL_POOR }, { 2000, BMX_LEVEL_POOR }
    };

    (void)state;
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        bpemix_result *r = fine();
        char text[300];

        r->n_missing = want[k].n + 1;
        r->missing = bmx_calloc(r->n_missing, sizeof *r->missing);
        for (uint32_t i = 0; i < r->n_missing; i++)
            r->missing[i].why = i ? BMX_MISSING_UNREACHED : BMX_MISSING_CUT;
        snprintf(text, sizeof text, "%u of 3000 merges were not learned behind those before them, "
                 "which join the text of their tokens otherwise: the list was put together from "
                 "several, sorted, or had merges written into it, and no mixture explains it as a "
                 "whole", want[k].n);
        judged(r, want[k].level, "unreached", want[k].level == BMX_LEVEL_GOOD ? NULL : text);
    }
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

/* Of a list that begins with another's. */
static void windows(void **state)
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
}

/* The share of one that is next to nothing may be next to nothing because of that. */
static void tiny_samples_are_told_whatever_their_share(void **state)
{
    bpemix_result *r = fine();

    (void)state;
    r->merge_to = 3000;
    r->share[0].share_pairs = 1;
    r->share[0].sample_pairs = 1000000;
    r->share[1].sample_bytes = 50;
    r->share[1].sample_pairs = 40;
    r->share[1].share_bytes = 0.001;
    judged(r, BMX_LEVEL_POOR, "sample",
           "1 sample is small: that of 'fr' has 50 bytes; give 1 MB of each category or more");
}

static void other_rules(void **state)
{
    bpemix_result *r = fine();

    (void)state;
    disagree(r, 0.08);
    judged(r, BMX_LEVEL_FAIR, "method",
           "another way to weigh the merges moves the share of 'en' by 8 points");
    r = fine();
    r->n_sweep = 2;
    r->sweep = bmx_calloc(2, sizeof *r->sweep);
    r->sweep[0].share_bytes = shares(0.5);
    r->sweep[1].share_bytes = shares(0.61);
    judged(r, BMX_LEVEL_POOR, "sweep",
           "another number of merges moves the share of 'en' by 11 points");
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
    judged(r, BMX_LEVEL_FAIR, "sample", NULL); /* as there is no other category */
    r = fine();
    r->merges_used = 300;
    judged(r, BMX_LEVEL_FAIR, "merges", "only 300 merges carry a constraint");
    r = fine();
    r->facts.found = true;
    r->facts.ties.uninformative_from = 2000;
    judged(r, BMX_LEVEL_FAIR, "ties",
           "33 % of the merges stand where ties decide the order, from merge 2000 on: "
           "constrain fewer merges");
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
    r->main.gap = 0.01;
    judged(r, BMX_LEVEL_FAIR, "gap",
           "the solution was stopped within 1.0 % of the best: give it more time");
}

/* Without ranges the level says nothing of what the merges determine. */
static void ranges_that_are_not_there_are_told(void **state)
{
    bpemix_result *r = fine();
    bpemix_error err;

    (void)state;
    r->range_outer_delta = NAN;
    CHECK_OK(bmx_verdict_find(r, &err));
    assert_string_equal(reason(r, "range")->text, "ranges were not computed: which of the shares the "
                                                  "merges determine is not known");
    judged(r, BMX_LEVEL_GOOD, "range", NULL);
}

/* A share of 100 % that nothing else could have a part of. */
static void what_is_alone_is_told(void **state)
{
    bpemix_result *r = fine();

    (void)state;
    bmx_free((char *)(uintptr_t)r->share[1].name);
    r->n_cats = 1;
    judged(r, BMX_LEVEL_FAIR, "alone",
           "'en' is the only category: its share is all there is, whatever else the training text "
           "had");
    r = fine(); /* the alphabet lacks most characters of the other one */
    r->share[1].share_bytes = NAN;
    judged(r, BMX_LEVEL_FAIR, "alone",
           "'en' is the only category whose share of bytes is known: its share is all there is, "
           "whatever else the training text had");
    r = fine();
    add_group(r, set_of(2, "prose", 1, 1));
    judged(r, BMX_LEVEL_FAIR, "alone",
           "all categories are of the group 'prose': its share is all there is, whatever else the "
           "training text had");
    r = alike(); /* and its categories are judged */
    add_group(r, set_of(3, "all", 1, 1));
    judged(r, BMX_LEVEL_POOR, "range",
           "the merges do not determine 2 of 3 shares: 'en' may be 0 to 70 % of bytes");
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
        cmocka_unit_test(ranges),
        cmocka_unit_test(ranges_of_groups),
        cmocka_unit_test(ranges_of_sums),
        cmocka_unit_test(disagreement_of_groups),
        cmocka_unit_test(odd_stretch),
        cmocka_unit_test(phases),
        cmocka_unit_test(order), cmocka_unit_test(unreached),
        cmocka_unit_test(unusable_shares),
        cmocka_unit_test(windows),
        cmocka_unit_test(tiny_samples_are_told_whatever_their_share),
        cmocka_unit_test(other_rules),
        cmocka_unit_test(ranges_that_are_not_there_are_told),
        cmocka_unit_test(what_is_alone_is_told),
        cmocka_unit_test(the_gravest_decides),
    };
    return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}

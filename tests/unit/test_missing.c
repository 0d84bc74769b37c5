/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_missing.c - kinds of tokens, and what is said of merges in no sample. */
#include "diagnose/kind.h"
#include "diagnose/missing.h"
#include "split/unicode_script.h"
#include "test.h"

#include <math.h>

static void kinds(void **state)
{
    static const struct { const char *token, *kind, *script; } known[] = {
        { " the", "words", "Latin" }, { "\xe2\x96\x81the", "words", "Latin" }, { "'t", "words", "Latin" },
        { "THE", "words", "Latin" }, { " f\xc3\xbcr", "words with diacritics", "Latin" },
        { "\xc3\xa9", "words with diacritics", "Latin" }, { "e\xcc\x81", "words with diacritics", "Latin" },
        { " \xd0\xbd\xd0\xb5", "words", "Cyrillic" }, { "\xe7\x9a\x84", "words", "Han" },
        { "\xe3\x81\xae", "words", "Hiragana" }, { " \xe0\xa4\x95\xe0\xa4\xbe", "words", "Devanagari" },
        { " self.", "code", NULL }, { "_name", "code", NULL }, { "getName", "code", NULL }, { "):", "code", NULL },
        { " {\n", "code", NULL }, { "x1", "code", NULL }, { "://", "code", NULL }, { ".\n", "code", NULL },
        { " 2019", "digits", NULL }, { "10", "digits", NULL }, { ".\"", "punctuation", NULL },
        { "\xe2\x80\x94", "punctuation", NULL }, { "\xe3\x80\x82", "punctuation", NULL },
        { "    ", "white space", NULL }, { "\n\n", "white space", NULL }, { "\xe2\x96\x81\xe2\x96\x81", "white space", NULL },
        { "\xf0\x9f\x98\x80", "symbols", NULL }, { "\xe2\x86\x92", "symbols", NULL }, { "\x01\x01", "symbols", NULL },
        { "\x80", "parts of characters", NULL }, { "\xe0\xa4", "parts of characters", "Devanagari" },
        { "\xe4\xb8", "parts of characters", "Han" }, { "\xd0", "parts of characters", "Cyrillic" },
        { "\xe2\x80", "parts of characters", NULL }, { "\xff", "parts of characters", NULL },
        { "\xe7\x9a\x84\xe4", "parts of characters", "Han" }, { "\xc3", "parts of characters", "Latin" }
    };

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        bmx_token_kind k = bmx_token_kind_of(bmx_slice_str(known[i].token));
        const char *script = k.script > BMX_SCRIPT_INHERITED ? bmx_script_name(k.script) : NULL;

        if (strcmp(bmx_kind_name(k.kind), known[i].kind) || !script != !known[i].script ||
            (script && strcmp(script, known[i].script)))
            fail_msg("'%s': %s, %s; not %s, %s", known[i].token, bmx_kind_name(k.kind),
                     script ? script : "none",
                     known[i].kind, known[i].script ? known[i].script : "none");
    }
}

static void telling_tokens(void **state)
{
    (void)state;
    assert_true(bmx_token_is_telling(bmx_slice_str(" ein")));
    assert_true(bmx_token_is_telling(bmx_slice_str("\xe2\x96\x81" "ein")));
    assert_true(bmx_token_is_telling(bmx_slice_str(" f\xc3\xbcr")));
    assert_false(bmx_token_is_telling(bmx_slice_str("ein")));
    assert_false(bmx_token_is_telling(bmx_slice_str(" ei")));
    assert_false(bmx_token_is_telling(bmx_slice_str(" ein.")));
    assert_false(bmx_token_is_telling(bmx_slice_str("  ein")));
    assert_false(bmx_token_is_telling(bmx_slice_str("")));
}

enum { MOST = 9 };

/* A trace, and what it points to. */
typedef struct made_trace {
    bpemix_trace tr;
    bmx_slice token[MOST];
    bmx_merge merge[MOST];
    uint32_t pair[MOST];
} made_trace;

/* n merges with these products, all of them in no sample, and so in the result; tokens are the
 * merges' indices. */
static bpemix_result *make_unseen(const char *const *product, uint32_t n, made_trace *m)
{
    bpemix_result *r = bmx_result_new(1);

    m->tr = (bpemix_trace){ .n_merges = n, .merge = m->merge, .merge_pair = m->pair,
                            .token = m->token, .n_tokens = n };
    r->missing = bmx_calloc(n, sizeof *r->missing);
    for (uint32_t i = 0; i < n; i++) {
        m->token[i] = bmx_slice_str(product[i]);
        m->merge[i] = (bmx_merge){ .product = i };
        m->pair[i] = BMX_NONE;
        r->missing[i] = (bmx_missing_merge){ .step = i, .why = BMX_MISSING_UNSEEN };
    }
    r->merge_to = r->n_missing = r->merges_missing = n;
    return r;
}

static void the_sentence_names_what_is_missing(void **state)
{
    static const char *const product[] = { "ch", " ei", " ein", "\xe7\x9a\x84", " nicht",
                                           " werden", " oder", "x1", " auch" };
    made_trace m;
    bpemix_result *r = make_unseen(product, MOST, &m);
    bpemix_error err;

    (void)state;
    r->merges_used = 91;
    r->missing[8].why = BMX_MISSING_CUT;
    r->merges_missing = 8;
    r->merges_impossible = 1;
    CHECK_OK(bmx_missing_find(&m.tr, r, &err));
    assert_string_equal(r->uncovered.sentence,
                        "not covered: tokens such as ' ein', ' nicht', ' werden' (Latin script), '\xe7\x9a\x84' "
                        "(Han script), 'x1' (code); 8.1 % of the merges (8 of 99)");
    assert_int_equal(r->uncovered.n_kinds, 3);
    assert_int_equal(r->uncovered.kind[0].merges, 6);
    assert_string_equal(r->uncovered.kind[0].script, "Latin");
    assert_int_equal(r->uncovered.kind[0].example.n, 6);
    assert_string_equal(r->uncovered.kind[0].example.text[4], "ch"); /* behind the telling ones */
    assert_true(isnan(r->uncovered.found_once) && isnan(r->uncovered.ratio));
    bmx_result_free(r);
}

static void nothing_missing_nothing_said(void **state)
{
    bpemix_trace tr = { 0 };
    bpemix_result *r = bmx_result_new(1);
    bpemix_error err;

    (void)state;
    r->merges_used = 10;
    CHECK_OK(bmx_missing_find(&tr, r, &err));
    assert_null(r->uncovered.sentence);
    assert_true(r->uncovered.share == 0);
    bmx_result_free(r);
}

/* The mark of a word's end is neither a letter nor a sign of code. */
static void ends_of_words_are_no_text(void **state)
{
    static const char *const product[] = { "instagram</w>", "\xf0\x9f\x98\x82</w>",
                                           "\xf0\x9f\x98\x82" };
    made_trace m;
    bpemix_result *r = make_unseen(product, 3, &m);
    bpemix_error err;

    (void)state;
    m.tr.word_suffix = bmx_slice_str("</w>");
    CHECK_OK(bmx_missing_find(&m.tr, r, &err));
    assert_string_equal(r->uncovered.sentence,
                        "not covered: tokens such as '\xf0\x9f\x98\x82' (symbols), 'instagram' "
                        "(Latin script); 100 % of the merges (3 of 3)");
    bmx_result_free(r);
}

/* A few of many are not 0.0 %, and nearly all are not 100 %. */
static void few_are_some_and_many_not_all(void **state)
{
    static const char *const product[] = { "x1", "y1", "z1" };
    static const struct {
        uint32_t used;
        const char *end;
    } made[] = { { 8997, "; less than 0.1 % of the merges (3 of 9000)" },
                 { 2997, "; 0.1 % of the merges (3 of 3000)" },
                 { 3, "; 50 % of the merges (3 of 6)" } };
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        made_trace m;
        bpemix_result *r = make_unseen(product, 3, &m);
        r->merges_used = made[i].used;
        CHECK_OK(bmx_missing_find(&m.tr, r, &err));
        assert_non_null(strstr(r->uncovered.sentence, made[i].end));
        bmx_result_free(r);
    }
}

/* Nor is that of what stands behind the beginning of a word. */
static void marks_of_parts_are_no_text(void **state)
{
    static const char *const product[] = { "##gram", "insta" };
    made_trace m;
    bpemix_result *r = make_unseen(product, 2, &m);
    bpemix_error err;

    (void)state;
    m.tr.subword_prefix = bmx_slice_str("##");
    CHECK_OK(bmx_missing_find(&m.tr, r, &err));
    assert_string_equal(r->uncovered.sentence,
                        "not covered: tokens such as 'gram', 'insta' (Latin script); 100 % of the "
                        "merges (2 of 2)");
    bmx_result_free(r);
}

/* Counted anew, merge by merge and fold by fold. */
static void found_once_by_hand(void **state)
{
    enum { FOLDS = 4, CATS = 2, MERGES = 30 };
    bpemix_trace tr = { .n_folds = FOLDS, .n_cats = CATS * FOLDS, .n_merges = MERGES };
    bmx_merge merge[MERGES] = { { 0 } };
    uint32_t pair[MERGES], want = 0;
    uint64_t first[MERGES + 1] = { 0 };
    bmx_event event[MERGES * 16];
    bmx_rng rng = { 5 };
    bpemix_result *r = bmx_result_new(CATS);
    bpemix_error err;

    (void)state;
    for (uint32_t t = 0; t < MERGES; t++) {
        int64_t fold[FOLDS] = { 0 };
        uint32_t with = 0;
        uint64_t n = first[t];

        pair[t] = t;
        for (uint32_t step = 0; step < t + 3; step += 2)
            for (uint32_t c = 0; c < CATS * FOLDS && n - first[t] < 15; c++)
                if (bmx_rng_below(&rng, 4 * (t + 1)) == 0) {
                    event[n++] = (bmx_event){ .step = step, .cat = c, .delta = 1 };
                    if (step <= t)
                        fold[c % FOLDS]++;
                }
        first[t + 1] = n;
        for (int f = 0; f < FOLDS; f++)
            with += fold[f] > 0;
        want += with == 1 && t >= 5;
    }
    tr.merge = merge;
    tr.merge_pair = pair;
    tr.first = first;
    tr.event = event;
    tr.n_pairs = MERGES;
    r->merge_from = 5;
    r->merge_to = MERGES;
    r->merges_used = MERGES - 5;
    CHECK_OK(bmx_missing_find(&tr, r, &err));
    assert_true(want > 2);
    assert_true(r->uncovered.found_once == want);
    assert_true(r->uncovered.ratio == 0);
    bmx_result_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds),
        cmocka_unit_test(telling_tokens),
        cmocka_unit_test(the_sentence_names_what_is_missing),
        cmocka_unit_test(nothing_missing_nothing_said),
        cmocka_unit_test(ends_of_words_are_no_text),
        cmocka_unit_test(few_are_some_and_many_not_all),
        cmocka_unit_test(marks_of_parts_are_no_text),
        cmocka_unit_test(found_once_by_hand),
    };
    return cmocka_run_group_tests_name("missing", tests, NULL, NULL);
}

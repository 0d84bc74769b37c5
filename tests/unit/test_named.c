/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_named.c - what the panel tells of merges in no sample. */
#include "diagnose/missing.h"
#include "diagnose/named.h"
#include "diagnose/verdict.h"
#include "files.h"
#include "words/chunk_pack.h"

enum { MOST = 40 };

/* A trace of merges that are in no sample, and what it points to; the result of one category. */
typedef struct made {
    bpemix_trace tr;
    bmx_trace_category cat;
    bmx_slice token[MOST];
    bmx_merge merge[MOST];
    uint32_t pair[MOST];
    bpemix_result *r;
} made;

static void make(made *m, const char *const *product, uint32_t n, const char *candidate)
{
    bpemix_result *r = bmx_result_new(1);

    *m = (made){ .tr = { .n_merges = n, .n_tokens = n }, .r = r };
    m->tr.merge = m->merge;
    m->tr.merge_pair = m->pair;
    m->tr.token = m->token;
    m->cat.name = (char *)(uintptr_t)candidate;
    m->tr.cat = &m->cat;
    m->tr.n_cats = 1;
    r->share[0].name = bmx_strdup(candidate);
    r->share[0].sample_bytes = 1000000;
    r->share[0].share_bytes = 1;
    r->missing = bmx_calloc(n, sizeof *r->missing);
    for (uint32_t i = 0; i < n; i++) {
        m->token[i] = bmx_slice_str(product[i]);
        m->merge[i] = (bmx_merge){ .product = i };
        m->pair[i] = BMX_NONE;
        r->missing[i] = (bmx_missing_merge){ .step = i, .why = BMX_MISSING_UNSEEN,
                                             .left = bmx_strdup("a"), .right = bmx_strdup("b") };
    }
    r->merge_to = r->n_missing = r->merges_missing = n;
    r->merges_used = 1000 - n;
}

/* A file of the chunks of `text[i]` in category `name[i]`. */
static const char *make_panel(const char *file, const char *const *name, const char *const *text,
                              size_t n)
{
    bmx_words w[4] = { { 0 } };
    bpemix_category cat[4];
    static char paths[4][512];
    const char *path[4], *to;
    bmx_chunk_terms terms = { .cuts = BMX_CHUNK_SPACE };
    bpemix_error err;

    for (size_t i = 0; i < n; i++) {
        snprintf(paths[i], sizeof paths[i], "%s", put_text(name[i], text[i]));
        path[i] = paths[i];
        cat[i] = (bpemix_category){ .name = name[i], .paths = &path[i], .n_paths = 1 };
    }
    to = in_scratch(file);
    CHECK_OK(bmx_chunks_count(cat, n, BMX_CHUNK_SPACE, NULL, w, &err));
    CHECK_OK(bmx_chunk_file_save(to, w, n, &terms, 1, &err));
    for (size_t i = 0; i < n; i++)
        bmx_words_release(&w[i]);
    return to;
}

static const char *const panel_names[] = { "prose", "python" };
static const char *const panel_texts[] = { "the cat is no instance of a dog, and the self is a cat",
                                           "if isinstance(self, cat): self.noqa = self" };

static void most_frequent_categories_are_named(void **state)
{
    static const char *const product[] = { " is", " isinstance", "\xe2\x96\x81self", "noqa", " no",
                                           "\xe7\x9a\x84", "noqa", "self" };
    const char *path = make_panel("both.chunks", panel_names, panel_texts, 2);
    const bmx_missing_category *k;
    bpemix_error err;
    made m;

    (void)state;
    make(&m, product, 8, "python");
    m.r->missing[7].why = BMX_MISSING_CUT; /* is not looked up */
    m.r->merges_missing = 7;
    CHECK_OK(bmx_named_find(&m.tr, path, 2, m.r, &err));
    assert_true(m.r->uncovered.panel.looked_up);
    assert_int_equal(m.r->uncovered.panel.merges, 6);
    assert_int_equal(m.r->uncovered.panel.n, 2);
    k = m.r->uncovered.panel.category;
    assert_string_equal(k[0].category, "python");
    assert_int_equal(k[0].merges, 4);
    assert_true(k[0].is_candidate && !k[1].is_candidate);
    assert_int_equal(k[0].example.n, 3); /* noqa once; words first */
    assert_string_equal(k[0].example.text[0], "\xe2\x90\xa3isinstance");
    assert_string_equal(k[0].example.text[2], "noqa");
    assert_string_equal(k[1].category, "prose");
    assert_string_equal(m.r->missing[0].panel, "prose");
    assert_string_equal(m.r->missing[2].panel, "python");
    assert_null(m.r->missing[5].panel);
    assert_null(m.r->missing[7].panel);
    CHECK_OK(bmx_missing_find(&m.tr, m.r, &err));
    assert_non_null(strstr(m.r->uncovered.sentence,
                           "; 6 of them are in the panel, most frequent there in 'python' (4), "
                           "'prose' (2), of which"));
    bmx_result_free(m.r);
}

/* What was counted from the panel itself has none of these merges. */
static void samples_of_the_panel_are_left_out(void **state)
{
    static const char *const product[] = { " isinstance", "noqa", "self" };
    const char *path = make_panel("two.chunks", panel_names, panel_texts, 2);
    bmx_chunk_file f;
    bpemix_error err;
    made m;

    (void)state;
    CHECK_OK(bmx_chunk_file_open(path, &f, &err));
    make(&m, product, 3, "something");
    m.cat.input = f.section[1].input;
    m.cat.n_inputs = 1;
    CHECK_OK(bmx_named_find(&m.tr, path, 2, m.r, &err));
    assert_int_equal(m.r->uncovered.panel.merges, 1); /* self is in the prose as well */
    assert_string_equal(m.r->uncovered.panel.category[0].category, "prose");
    bmx_result_free(m.r);
    bmx_chunk_file_release(&f);
}

static void nothing_to_look_up(void **state)
{
    static const char *const product[] = { "\xe7\x9a\x84" };
    const char *path = make_panel("more.chunks", panel_names, panel_texts, 2);
    bpemix_error err;
    made m;

    (void)state;
    make(&m, product, 0, "c");
    CHECK_OK(bmx_named_find(&m.tr, "/nowhere", 1, m.r, &err)); /* is not even opened */
    assert_false(m.r->uncovered.panel.looked_up);
    assert_int_equal(m.r->n_warnings, 0);
    bmx_result_free(m.r);
    make(&m, product, 1, "c");
    CHECK_OK(bmx_named_find(&m.tr, path, 1, m.r, &err));
    assert_true(m.r->uncovered.panel.looked_up && !m.r->uncovered.panel.n);
    CHECK_OK(bmx_missing_find(&m.tr, m.r, &err));
    assert_null(strstr(m.r->uncovered.sentence, "panel"));
    bmx_result_free(m.r);
}

static void a_panel_that_cannot_be_read_is_a_warning(void **state)
{
    static const char *const product[] = { "self" };
    const char *path = put_text("bad.chunks", "no chunks");
    bpemix_error err;
    made m;

    (void)state;
    make(&m, product, 1, "c");
    CHECK_OK(bmx_named_find(&m.tr, path, 1, m.r, &err));
    CHECK_OK(bmx_named_find(&m.tr, "/nowhere", 1, m.r, &err));
    assert_false(m.r->uncovered.panel.looked_up);
    assert_int_equal(m.r->n_warnings, 2);
    assert_non_null(strstr(m.r->warning[1], "not looked up in the panel: /nowhere: "));
    bmx_result_free(m.r);
}

/* The limits of the rule: merges of the first category without a candidate, of how many. */
static void a_category_that_stands_out(void **state)
{
    static const struct {
        uint32_t candidate, other, all;
        uint64_t sample;
        bool named;
    } at[] = {
        { 0, 12, 59, 300000, true }, { 0, 12, 60, 300000, false }, { 0, 11, 11, 300000, false },
        { 30, 12, 59, 300000, true }, { 0, 12, 59, 299999, false }
    };
    bpemix_error err;

    (void)state;
    for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
        bmx_missing_category c[2] = { { .category = bmx_strdup("de"), .is_candidate = true,
                                        .merges = at[k].candidate },
                                      { .category = bmx_strdup("it"), .merges = at[k].other } };
        bmx_missing_panel p = { .looked_up = true, .merges = at[k].all };
        bpemix_result *r;
        bool said = false;
        made m;

        make(&m, NULL, 0, "de");
        r = m.r;
        r->slack_relative = r->slack_large = 0.05;
        r->share[0].sample_bytes = at[k].sample;
        p.category = bmx_calloc(2, sizeof *p.category);
        p.n = 2;
        memcpy(p.category, c, sizeof c);
        r->uncovered.panel = p;
        assert_true((bmx_named_category(r) != NULL) == at[k].named);
        CHECK_OK(bmx_verdict_find(r, &err));
        for (size_t i = 0; i < r->verdict.n_reasons; i++)
            if (!strcmp(r->verdict.reason[i].code, "panel")) {
                said = true;
                assert_int_equal(r->verdict.reason[i].level, BMX_LEVEL_FAIR);
                assert_non_null(strstr(r->verdict.reason[i].text, "'it' of the panel"));
            }
        assert_true(said == at[k].named);
        bmx_result_free(r);
    }
}

static void lack_of_memory(void **state)
{
    static const char *const product[] = { " isinstance", "noqa", "no" };
    const char *path = make_panel("few.chunks", panel_names, panel_texts, 2);
    bpemix_error err;
    made m;

    (void)state;
    make(&m, product, 3, "c");
    SURVIVES(8, bmx_named_find(&m.tr, path, 1, m.r, &err), {
        bmx_result_free(m.r);
        make(&m, product, 3, "c");
    });
    bmx_result_free(m.r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_frequent_categories_are_named),
        cmocka_unit_test(samples_of_the_panel_are_left_out),
        cmocka_unit_test(nothing_to_look_up),
        cmocka_unit_test(a_panel_that_cannot_be_read_is_a_warning),
        cmocka_unit_test(a_category_that_stands_out),
        cmocka_unit_test(lack_of_memory),
    };
    return cmocka_run_group_tests_name("named", tests, NULL, remove_scratch);
}

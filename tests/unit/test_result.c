/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_result.c - named values, facts and results: to JSON and back. */
#include "result/codec.h"
#include "result/result.h"
#include "test.h"

#include "bpemix.h"
#include "base/hash.h"

#include <math.h>

static void put_all(bmx_values *v)
{
    bpemix_error err;

    CHECK_OK(bmx_values_put_text(v, "type", "Split", &err));
    CHECK_OK(bmx_values_put_bool(v, "invert", true, &err));
    CHECK_OK(bmx_values_put_uint(v, "length", 1u << 31, &err));
    CHECK_OK(bmx_values_put_int(v, "below", -7, &err));
    CHECK_OK(bmx_values_put_int(v, "above", 7, &err));
    CHECK_OK(bmx_values_put_real(v, "third", 1. / 3, &err));
    CHECK_OK(bmx_values_put_real(v, "nothing", NAN, &err));
    CHECK_OK(bmx_values_put_bytes(v, "bytes", bmx_slice_of("a\xff" "b", 3), &err));
    CHECK_OK(bmx_values_put_list(v, "list", &err));
    CHECK_OK(bmx_values_push(v, "list", bmx_slice_str("x"), &err));
    CHECK_OK(bmx_values_push(v, "list", bmx_slice_str(""), &err));
}

static bool same_texts(const bmx_texts *a, const bmx_texts *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->text[i], b->text[i]))
            return false;
    return true;
}

/* Do kind and content agree? */
static bool same_value(const bmx_value *a, const bmx_value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case BMX_VALUE_BOOL: return a->flag == b->flag;
    case BMX_VALUE_UINT: return a->number == b->number;
    case BMX_VALUE_INT:  return a->negative == b->negative;
    case BMX_VALUE_REAL: return !(a->real < b->real) && !(a->real > b->real);
    case BMX_VALUE_TEXT: return !strcmp(a->text, b->text);
    case BMX_VALUE_LIST: return same_texts(&a->list, &b->list);
    default:             return true;
    }
}

static bool same_values(const bmx_values *a, const bmx_values *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->value[i].name, b->value[i].name) ||
            !same_value(&a->value[i], &b->value[i]))
            return false;
    return true;
}

static void values_are_kept(void **state)
{
    bmx_values v = { 0 }, copy, back = { 0 };
    bpemix_error err;
    bmx_json *j;

    (void)state;
    put_all(&v);
    assert_int_equal(v.n, 9);
    assert_string_equal(bmx_values_text(&v, "type"), "Split");
    assert_string_equal(bmx_values_text(&v, "bytes"), "a\xef\xbf\xbd" "b");
    assert_true(bmx_values_bool(&v, "invert", false));
    assert_true(bmx_values_bool(&v, "type", true)); /* of another kind: as if absent */
    assert_true(bmx_values_uint(&v, "length", 0) == 1u << 31);
    assert_true(bmx_values_uint(&v, "below", 5) == 5);
    assert_true(bmx_values_real(&v, "below") == -7);
    assert_true(bmx_values_real(&v, "third") == 1. / 3);
    assert_true(isnan(bmx_values_real(&v, "nothing")) && isnan(bmx_values_real(&v, "absent")));
    assert_null(bmx_values_text(&v, "nothing"));
    CHECK_FAILS(bmx_values_push(&v, "type", bmx_slice_str("x"), &err), BPEMIX_E_BUG,
                "'type' is not a list");
    CHECK_OK(bmx_values_copy(&v, &copy, &err));
    assert_true(same_values(&v, &copy));
    j = bmx_values_to_json(&v);
    CHECK_OK(bmx_values_from_json(j, &back, &err));
    assert_true(same_values(&v, &back));
    CHECK_OK(bmx_values_put_text(&copy, "third", "now a text", &err)); /* in its place */
    assert_int_equal(copy.n, v.n);
    assert_string_equal(copy.value[5].name, "third");
    assert_false(same_values(&v, &copy));
    bmx_json_free(j);
    bmx_values_release(&v);
    bmx_values_release(&copy);
    bmx_values_release(&back);
}

/* ---- a result with something in every member ---- */

static char *text(const char *s)
{
    char *copy = bmx_strdup(s);
    assert_non_null(copy);
    return copy;
}

static double *numbers(size_t n, double first)
{
    double *x = bmx_calloc(n, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++)
        x[i] = i ? 1 - first : first;
    return x;
}

static bmx_texts texts(const char *a, const char *b)
{
    bmx_texts t = { 0 };
    bpemix_error err;
    CHECK_OK(bmx_texts_add(&t, bmx_slice_str(a), &err));
    CHECK_OK(bmx_texts_add(&t, bmx_slice_str(b), &err));
    return t;
}

static void fill_facts(bmx_facts *f)
{
    f->known = f->found = f->pretokenizer_known = f->cut_known = true;
    f->path = text("tok.json");
    f->format = text("tokenizer.json");
    f->alphabet = text("byte");
    f->byte_fallback = true;
    f->vocab_size = 600;
    f->merges = f->merges_listed = 344;
    memset(f->digest, 'a', 64);
    f->subword_prefix = text("");
    f->word_suffix = text("</w>");
    f->normalizer = bmx_calloc(1, sizeof *f->normalizer);
    f->split = bmx_calloc(2, sizeof *f->split);
    assert_true(f->normalizer && f->split);
    f->n_normalizers = 1;
    f->n_splits = 2;
    put_all(&f->normalizer[0]);
    put_all(&f->split[1]);
    put_all(&f->rules);
    put_all(&f->trainer_spec);
    f->unreachable = (bmx_noticed){ 2, texts("a", "b") };
    f->manual = (bmx_noticed_merges){ 1, texts("\xe2\x90\xa3", "\\n") };
    f->first_merges = texts("h", "e");
    f->warning = texts("one", "two");
    f->lineage = bmx_calloc(1, sizeof *f->lineage);
    f->lineage[0] = (bmx_facts_lineage){ text("gpt-2"), NULL, 0, 300, true };
    f->n_lineages = 1;
    f->inherited = 300;
    f->n_cut = 3;
    f->cut = bmx_calloc(1, sizeof *f->cut);
    f->cut[0] = (bmx_facts_cut){ 5, text("a"), text("b") };
    f->n_cuts = 1;
    f->ties.rule = text("ids");
    for (int k = 0; k < 8; k++)
        f->ties.ascending[k] = k / 8.;
    f->ties.uninformative_from = 20;
    f->ties.last_count = 3.5;
    f->text_unit = text("line");
    f->script = bmx_calloc(1, sizeof *f->script);
    f->script[0] = (bmx_facts_script){ text("Latin"), 30, 0.3 };
    f->n_scripts = 1;
}

static void fill_share(bpemix_share *s, double share)
{
    s->share_bytes = share;
    s->share_merges = share / 3;
    s->range_bytes = (bpemix_range){ 0, share };
    s->range_pairs = (bpemix_range){ share / 7, 1 };
    s->range_outer_merges = (bpemix_range){ share, share };
    s->identified = share > 0.5;
}

enum { N_SHARES = 2 }; /* of full_result() */

static void put_groups(bpemix_result *r)
{
    r->group = bmx_calloc(1, sizeof *r->group);
    r->inseparable = bmx_calloc(1, sizeof *r->inseparable);
    r->n_groups = r->n_inseparable = 1;
    for (int k = 0; k < 2; k++) {
        bmx_group *g = k ? r->inseparable : r->group;
        bmx_share_clear(&g->share);
        g->share.name = k ? NULL : text("languages");
        fill_share(&g->share, 0.5);
        g->member = bmx_calloc(N_SHARES, sizeof *g->member);
        g->member[1] = 1;
        g->n_members = N_SHARES;
    }
}

static void put_solutions(bpemix_result *r)
{
    r->main = (bmx_solution){ .method = BPEMIX_METHOD_MONOTONE, .weights = BPEMIX_WEIGHTS_QUARTER,
                              .objective = 0.1, .lower_bound = 0.09, .gap = 0.1, .rows = 5,
                              .status = BMX_SOLVER_GAP, .seconds = 1.5 };
    r->other = bmx_calloc(1, sizeof *r->other);
    r->other[0] = (bmx_solution){ .method = BPEMIX_METHOD_LP,
                                  .weights = BPEMIX_WEIGHTS_NONE,
                                  .seconds = NAN,
                                  .share_pairs = numbers(N_SHARES, 0.1),
                                  .share_bytes = numbers(N_SHARES, 0.2) };
    r->n_others = 1;
}

/* What is said of single merges: those that the samples lack, and those that are explained worst */
static void put_merges(bpemix_result *r)
{
    r->missing = bmx_calloc(4, sizeof *r->missing);
    for (uint32_t k = 0; k < 4; k++)
        r->missing[k] = (bmx_missing_merge){ k, (bmx_missing_class)k, text("a"), text("\\xff"),
                                             k == 3 ? text("tcl") : NULL };
    r->n_missing = 4;
    r->uncovered = (bmx_missing_summary){ .share = 1. / 324,
                                          .found_once = 4,
                                          .ratio = NAN,
                                          .n_kinds = 1,
                                          .kind = bmx_calloc(1, sizeof *r->uncovered.kind),
                                          .sentence = text("not covered") };
    r->uncovered.kind[0] = (bmx_missing_kind){ NULL, text("digits"), 1, texts("1", "2") };
    r->uncovered.panel = (bmx_missing_panel){ true, 1, bmx_calloc(1, sizeof(bmx_missing_category)),
                                              1 };
    r->uncovered.panel.category[0] = (bmx_missing_category){ text("tcl"), true, 1,
                                                             texts("1", "2") };
    r->slack_merges = 1e-300;
    r->slack_relative = INFINITY;
    r->worst = bmx_calloc(2, sizeof *r->worst);
    r->worst[0] = (bmx_worst_merge){ 3, text("a"), text("b"), text("c"), text("d"), 0.1, 0.2, 0.3,
                                       text("Latin"), text("x"), text("y") };
    r->worst[1] = (bmx_worst_merge){ 4, text("a"), text("b"), NULL, NULL, 0.1, 0.2, 0,
                                       NULL, NULL, NULL };
    r->n_worst = 2;
}

static bpemix_result *full_result(void)
{
    enum { FOLDS = 3 };
    bpemix_result *r = bmx_result_new(N_SHARES);
    bpemix_error err;

    assert_non_null(r);
    for (size_t i = 0; i < N_SHARES; i++) {
        r->share[i].name = text(i ? "fr" : "en\n\"");
        fill_share(&r->share[i], i ? 0.25 : 0.75);
        r->share[i].sample_bytes = (uint64_t)1 << 52;
        r->share[i].sample_pairs = 3;
        r->share[i].low_bytes = 0.1;
    }
    r->unit = BMX_UNIT_MERGES;
    r->range_delta = 0.01;
    put_groups(r);
    r->folds = FOLDS;
    r->replicate = bmx_calloc(FOLDS * N_SHARES, sizeof *r->replicate);
    for (int k = 0; k < FOLDS * N_SHARES; k++)
        r->replicate[k] = k == 2 ? NAN : k / 7.;
    r->sweep = bmx_calloc(1, sizeof *r->sweep);
    r->sweep[0] = (bmx_sweep_point){ 300, 0.5, numbers(N_SHARES, 0.2), NULL,
                                     numbers(N_SHARES, 0.3) };
    r->n_sweep = 1;
    r->phase = bmx_calloc(1, sizeof *r->phase);
    r->phase[0] = (bmx_phase){ 1, 300, NAN, numbers(N_SHARES, 0.2), numbers(N_SHARES, 0.4), NULL };
    r->n_phases = 1;
    r->odd = (bmx_odd_stretch){ 100, 300, 1.5, NAN };
    r->verdict.level = BMX_LEVEL_POOR;
    r->verdict.reason = bmx_calloc(1, sizeof *r->verdict.reason);
    r->verdict.reason[0] = (bmx_reason){ BMX_LEVEL_POOR, text("slack"), text("too much"), 0.5,
                                         NAN };
    r->verdict.n_reasons = 1;
    put_solutions(r);
    r->merge_to = 344;
    r->merges_used = 323;
    r->merges_missing = 1;
    r->merges_impossible = 3;
    r->merges_found = bmx_calloc(N_SHARES, sizeof *r->merges_found);
    put_merges(r);
    for (uint32_t k = 0; k < 3; k++)
        CHECK_OK(bmx_result_add_input(r,
                                      &(bmx_result_input){ .category = k == 2,
                                                           .path = k ? "/a/b/y" : "/a/b/x/z",
                                                           .bytes = 5,
                                                           .documents = 1,
                                                           .checksum = k << 31 },
                                      &err));
    CHECK_OK(bmx_result_summarize(r, &err));
    fill_facts(&r->facts);
    put_all(&r->count_options);
    put_all(&r->solve_options);
    CHECK_OK(bmx_result_warn(r, bmx_strdup("careful"), &err));
    return r;
}

static char *written(const bpemix_result *r, bmx_provenance provenance, size_t *n)
{
    bmx_json *j = bmx_result_to_json(r, provenance);
    bmx_buf b = { 0 };
    bpemix_error err;

    CHECK_OK(bmx_json_print(j, &b, &err));
    CHECK_OK(bmx_buf_addc(&b, 0, &err));
    bmx_json_free(j);
    *n = b.len - 1;
    return b.ptr;
}

static void a_result_comes_back(void **state)
{
    bpemix_result *r = full_result();

    (void)state;
    for (int p = BMX_PROVENANCE_NONE; p <= BMX_PROVENANCE_FULL; p++) {
        size_t n, m;
        char *first = written(r, (bmx_provenance)p, &n), *again;
        bpemix_result *back = NULL;
        bpemix_error err;

        CHECK_OK(bmx_result_parse("r.json", bmx_slice_of(first, n), &back, &err));
        again = written(back, (bmx_provenance)p, &m);
        assert_int_equal(n, m);
        assert_string_equal(first, again);
        /* and not only as text */
        assert_true(back->facts.found && back->facts.inherited == 300 &&
                    back->facts.ties.uninformative_from == 20);
        assert_true(isnan(back->facts.ties.sample_pairs) && isnan(back->slack_relative));
        assert_true(back->share[0].identified && !back->share[1].identified);
        assert_true(back->share[1].range_pairs.low == 0.25 / 7 &&
                    isnan(back->share[1].share_pairs));
        assert_true(back->verdict.level == BMX_LEVEL_POOR && back->unit == BMX_UNIT_MERGES);
        assert_true(back->missing[2].why == BMX_MISSING_UNMADE && isnan(back->replicate[2]));
        assert_true(!back->missing[2].panel && !strcmp(back->missing[3].panel, "tcl"));
        assert_true(back->uncovered.panel.looked_up && back->uncovered.panel.merges == 1 &&
                    back->uncovered.panel.category[0].is_candidate &&
                    back->uncovered.panel.category[0].example.n == 2);
        assert_true(back->group[0].member[1] == 1 && !back->worst[1].rival_left);
        assert_string_equal(back->worst[0].script, "Latin");
        assert_string_equal(back->worst[0].rival_category, "y");
        assert_null(back->worst[1].category);
        assert_true(back->main.share_bytes[0] == 0.75 && back->main.status == BMX_SOLVER_GAP);
        assert_int_equal(back->n_inputs, p == BMX_PROVENANCE_FULL ? 3 : 0);
        bmx_result_free(back);
        bpemix_free(first);
        bpemix_free(again);
    }
    bmx_result_free(r);
}

static void sources_are_the_folders(void **state)
{
    static const char sums[] = "\0\0\0\0\0\0\0\0" "\0\0\0\x80\0\0\0\0"; /* little endian */
    bpemix_result *r = full_result();

    (void)state;
    assert_int_equal(r->n_sources, 2);
    assert_string_equal(r->source[0].path, "/a/b");
    assert_int_equal(r->source[0].files, 2);
    assert_int_equal(r->source[0].bytes, 10);
    assert_true(r->source[0].checksum == bmx_hash64(sums, 16, 0));
    assert_string_equal(r->source[1].path, "/a/b/y");
    assert_int_equal(r->source[1].category, 1);
    bmx_result_free(r);
}

/* Where the value of the line's member ends: behind it, or behind the line that closes it, which
 * is indented alike. */
static const char *end_of_member(const char *line)
{
    const char *end = strchr(line, '\n');
    size_t indent = strspn(line, " ");

    if (!end || (end[-1] != '{' && end[-1] != '['))
        return end;
    for (const char *next = end + 1; (end = strchr(next, '\n')); next = end + 1)
        if (strspn(next, " ") == indent && (next[indent] == '}' || next[indent] == ']'))
            break;
    return end;
}

/* Whatever was read can be shown, and what is no number is not shown as one. */
static void can_be_shown(const bpemix_result *r)
{
    static const bpemix_format formats[] = { BPEMIX_FORMAT_TERMINAL, BPEMIX_FORMAT_HTML,
                                             BPEMIX_FORMAT_LATEX };
    static const char *const wrong[] = { " nan", " inf ", "(null)" };
    const bpemix_labelled labelled = { "r", r };

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        bpemix_report_opts opts = { .size = sizeof opts, .format = formats[i] };
        char *text = NULL;
        bpemix_error err;

        if (bpemix_report(&labelled, 1, &opts, &text, NULL, &err))
            continue; /* as of a unit that the result has no shares in */
        for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
            if (strstr(text, wrong[k]))
                fail_msg("format %zu: %.200s", i, strstr(text, wrong[k]));
        bpemix_free(text);
    }
}

/* Every member of the document replaced by something else, one at a time: refused with a reason,
 * or read, and then shown; never more than that. */
static void damage_is_found_or_harmless(void **state)
{
    static const char *const instead[] = {
        "null", "true", "-1", "\"x\"", "[]", "{}", "[1]", "1e300", "4294967296", "[\"x\"]",
        "[[1], [2]]", "[{}]", "[0.75, 0.25]", "[-1e300, 1e300]", "1e14", "\"\""
    };
    bpemix_result *r = full_result();
    size_t n, refused = 0, read = 0;
    char *doc = written(r, BMX_PROVENANCE_FULL, &n);

    (void)state;
    for (char *line = doc; line && *line;
         line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        const char *colon = strstr(line, "\": "), *end = end_of_member(line);

        if (!colon || !end || colon > strchr(line, '\n'))
            continue;
        for (size_t k = 0; k < sizeof instead / sizeof *instead; k++) {
            bmx_buf b = { 0 };
            bpemix_result *back = NULL;
            bpemix_error err = { 0 };

            CHECK_OK(bmx_buf_addf(&b, &err, "%.*s\": %s%s%s", (int)(colon - doc), doc, instead[k],
                                  end[-1] == ',' ? "," : "", end));
            if (bmx_result_parse("r.json", bmx_slice_of(b.ptr, b.len), &back, &err)) {
                assert_true(*err.what && !back);
                refused++;
            } else {
                size_t m;
                bpemix_free(written(back, BMX_PROVENANCE_FULL, &m));
                can_be_shown(back);
                bmx_result_free(back);
                read++;
            }
            bmx_buf_release(&b);
        }
    }
    assert_true(refused > 200 && read > 100);
    bpemix_free(doc);
    bmx_result_free(r);
}

static void what_is_not_a_result(void **state)
{
    bpemix_result *back = NULL;
    bpemix_error err;

    (void)state;
    CHECK_FAILS(bmx_result_parse("f", bmx_slice_str("{\"schema_version\": 2}"), &back, &err),
                BPEMIX_E_FORMAT,
                "f: not a result; give a document that infer or solve has written");
    CHECK_FAILS(bmx_result_parse("f", bmx_slice_str("{\"schema_version\": 1, \"categories\": []}"),
                                 &back, &err),
                BPEMIX_E_UNSUPPORTED, "f: schema_version: 1, not 2");
    CHECK_FAILS(bmx_result_parse("f", bmx_slice_str("[]"), &back, &err), BPEMIX_E_FORMAT,
                "not a result");
    CHECK_FAILS(bmx_result_parse("f", bmx_slice_str("{"), &back, &err), BPEMIX_E_FORMAT, "f");
    CHECK_FAILS(bmx_result_parse("f", bmx_slice_str("{\"schema_version\": 2, \"categories\": []}"),
                                 &back, &err),
                BPEMIX_E_FORMAT, "f: not a result");
    CHECK_FAILS(bmx_result_parse("f", bmx_slice_str("{\"schema_version\": 2, \"categories\": [], "
                                                    "\"unit\": \"bytes\"}"),
                                 &back, &err),
                BPEMIX_E_FORMAT, "at least one category");
    assert_null(back);
}

static void survives_lack_of_memory(void **state)
{
    bpemix_result *r = full_result();
    size_t n;
    char *doc = written(r, BMX_PROVENANCE_FULL, &n);
    bmx_json *j;
    bpemix_result *back = NULL;
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_json_parse("", bmx_slice_of(doc, n), &j, &err));
    SURVIVES(100, bmx_result_from_json(j, &back, NULL), {
        assert_int_equal(back != NULL, last);
        bmx_result_free(back);
    });
    bmx_json_free(j);
    bpemix_free(doc);
    bmx_result_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_kept),
        cmocka_unit_test(a_result_comes_back),
        cmocka_unit_test(sources_are_the_folders),
        cmocka_unit_test(damage_is_found_or_harmless),
        cmocka_unit_test(what_is_not_a_result),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests_name("result", tests, NULL, NULL);
}

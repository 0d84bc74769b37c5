/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of published patterns: complete, without repetitions, and its facts make sense. */
#include "test.h"

#include "split/known.h"
#include "split/regex.h"

#include <string.h>

static bmx_pattern pattern_of(const char *text)
{
    return (bmx_pattern){ (char *)text, strlen(text), true, BMX_REGEX_FANCY };
}

/* Every pattern of every preset is known by its own text, which compiles. */
static void presets_are_made_of_known_patterns(void **state)
{
    size_t n = 0;
    bpemix_error err;

    (void)state;
    for (const char *const *name = bmx_pretokenizer_preset_names(); *name; name++) {
        bmx_pretokenizer_spec spec = { 0 };

        CHECK_OK(bmx_pretokenizer_preset(*name, &spec, &err));
        for (size_t i = 0; i < spec.n; i++) {
            const bmx_known_pattern *known;
            bmx_regex *re = NULL;

            if (spec.step[i].kind != BMX_PRE_SPLIT)
                continue;
            known = bmx_known_find(&spec.step[i].pattern);
            if (!known || strcmp(known->text, spec.step[i].pattern.text))
                fail_msg("%s, step %zu: %s", *name, i, spec.step[i].pattern.text);
            CHECK_OK(bmx_regex_new(&spec.step[i].pattern, false, &re, &err));
            bmx_regex_free(re);
            n++;
        }
        bmx_pretokenizer_spec_release(&spec);
    }
    assert_true(n > 25);
}

/* A scanner carries out the first pattern that names it; what is decisive is transparent. */
static void facts_make_sense(void **state)
{
    (void)state;
    for (int kind = BMX_SCAN_NONE + 1; kind <= BMX_SCAN_TEKKEN; kind++) {
        const char *text = bmx_scan_pattern((bmx_scan_kind)kind);
        bmx_pattern p = pattern_of(text);

        assert_non_null(text);
        assert_int_equal(bmx_scan_find(&p), kind == BMX_SCAN_GPT2_DIGITS ? BMX_SCAN_GPT2 : kind);
    }
    assert_null(bmx_scan_pattern(BMX_SCAN_NONE));
    for (const char *const *name = bmx_pretokenizer_preset_names(); *name; name++) {
        bmx_pretokenizer_spec spec = { 0 };
        bpemix_error err;

        CHECK_OK(bmx_pretokenizer_preset(*name, &spec, &err));
        for (size_t i = 0; i < spec.n; i++)
            if (spec.step[i].kind == BMX_PRE_SPLIT) {
                bmx_cut_facts f = bmx_known_cuts(&spec.step[i]);

                assert_int_equal(f.decisive & ~f.transparent, 0);
                assert_false(f.gaps && !(f.decisive & BMX_CUT_ANY_SPACE));
                spec.step[i].behavior = BMX_SPLIT_MERGED_WITH_NEXT;
                assert_int_equal(bmx_known_cuts(&spec.step[i]).transparent, 0);
            }
        bmx_pretokenizer_spec_release(&spec);
    }
}

/* The same characters as escapes, and otherwise: what is nearly a known pattern is none. */
static void spellings(void **state)
{
    static const char kana[] = "[\\x{4E00}-\\x{9FA5}\\x{3040}-\\x{309F}\\x{30A0}-\\x{30FF}]+";
    static const char plain[] =
        "[\xe4\xb8\x80-\xe9\xbe\xa5\xe3\x81\x80-\xe3\x82\x9f\xe3\x82\xa0-\xe3\x83\xbf]+";
    bmx_pattern a = pattern_of(kana), b = pattern_of(plain), ends = pattern_of("[\r\n]");

    (void)state;
    assert_non_null(bmx_known_find(&a));
    assert_ptr_equal(bmx_known_find(&a), bmx_known_find(&b));
    assert_non_null(bmx_known_find(&ends));
    b.is_regex = false;
    assert_null(bmx_known_find(&b));
    for (size_t n = 0; n < a.len; n++) {
        bmx_pattern cut = { a.text, n, true, BMX_REGEX_FANCY };

        assert_null(bmx_known_find(&cut));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presets_are_made_of_known_patterns),
        cmocka_unit_test(facts_make_sense),
        cmocka_unit_test(spellings),
    };
    return cmocka_run_group_tests_name("known", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fingerprints of what is done to text: alike where that is the same, different where any of it
 * is not, whatever a step holds besides. */
#include "test.h"

#include "tokenizer/spec.h"

#include <string.h>

typedef struct prints {
    char hex[200][65];
    char name[200][40];
    size_t n;
} prints;

/* One that is not among those before. */
static void add(prints *p, const char hex[65], const char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (!strcmp(p->hex[i], hex))
            fail_msg("'%s' has the fingerprint of '%s'", name, p->name[i]);
    assert_true(p->n < 200);
    strcpy(p->hex[p->n], hex);
    snprintf(p->name[p->n++], sizeof p->name[0], "%s", name);
}

static void print_normalizer(bmx_normalizer_step step, char hex[65])
{
    bmx_normalizer_spec norm = { .step = &step, .n = 1 };
    bmx_pretokenizer_spec pre = { 0 };
    bpemix_error err = { 0 };

    CHECK_OK(bmx_spec_fingerprint(&norm, &pre, hex, &err));
}

static void print_pretokenizer(bmx_pretokenizer_step step, char hex[65])
{
    bmx_normalizer_spec norm = { 0 };
    bmx_pretokenizer_spec pre = { .step = &step, .n = 1, .name = (char *)"any name" };
    bpemix_error err = { 0 };

    CHECK_OK(bmx_spec_fingerprint(&norm, &pre, hex, &err));
}

#define S(text) { text, sizeof(text) - 1 }
#define PATTERN(text, regex, how) { (char *)(text), sizeof(text) - 1, regex, how }

static void normalizers_differ(void **state)
{
    static const bmx_slice keep[] = { S("<s>"), S("</s>") };
    static const bmx_normalizer_step more[] = {
        { .kind = BMX_NORM_STRIP, .strip_left = true }, { .kind = BMX_NORM_STRIP, .strip_right = true },
        { .kind = BMX_NORM_REPLACE, .pattern = PATTERN("a", false, 0), .content = S("b") },
        { .kind = BMX_NORM_REPLACE, .pattern = PATTERN("a", true, 0), .content = S("b") },
        { .kind = BMX_NORM_REPLACE, .pattern = PATTERN("a", true, 1), .content = S("b") },
        { .kind = BMX_NORM_REPLACE, .pattern = PATTERN("a", false, 0), .content = S("ba") },
        { .kind = BMX_NORM_REPLACE, .pattern = PATTERN("ab", false, 0), .content = S("a") },
        { .kind = BMX_NORM_PREPEND, .content = S("a") }, { .kind = BMX_NORM_PREPEND, .content = S("a\0") },
        { .kind = BMX_NORM_PRECOMPILED, .charsmap = S("a\0b") }, { .kind = BMX_NORM_PRECOMPILED, .charsmap = S("a\0c") },
        { .kind = BMX_NORM_BERT, .bert.clean_text = true }, { .kind = BMX_NORM_BERT, .bert.handle_chinese_chars = true },
        { .kind = BMX_NORM_BERT, .bert.strip_accents = true }, { .kind = BMX_NORM_BERT, .bert.lowercase = true },
        { .kind = BMX_NORM_SENTENCEPIECE, .sp.add_dummy_prefix = true },
        { .kind = BMX_NORM_SENTENCEPIECE, .sp.remove_extra_whitespaces = true },
        { .kind = BMX_NORM_SENTENCEPIECE, .sp.escape_whitespaces = true },
        { .kind = BMX_NORM_SENTENCEPIECE, .sp.suffix = true }, { .kind = BMX_NORM_SENTENCEPIECE, .sp.whole_text = true },
        { .kind = BMX_NORM_SENTENCEPIECE, .sp.keep = keep, .sp.n_keep = 1 },
        { .kind = BMX_NORM_SENTENCEPIECE, .sp.keep = keep, .sp.n_keep = 2 },
        { .kind = BMX_NORM_SENTENCEPIECE, .charsmap = S("map") },
    };
    prints p = { 0 };
    char hex[65], again[65];

    (void)state;
    for (int kind = 0; kind <= BMX_NORM_CLIP; kind++) {
        const char *name = bmx_normalizer_kind_name((bmx_normalizer_kind)kind);

        assert_string_not_equal(name, "unknown");
        print_normalizer((bmx_normalizer_step){ .kind = (bmx_normalizer_kind)kind }, hex);
        add(&p, hex, name);
        /* what this kind does not use is left out */
        if (kind <= BMX_NORM_LOWERCASE || kind == BMX_NORM_CLIP || kind == BMX_NORM_NMT) {
            print_normalizer((bmx_normalizer_step){ .kind = (bmx_normalizer_kind)kind,
                                                    .strip_left = true,
                                                    .content = S("x"), .bert.lowercase = true },
                                                    again);
            assert_string_equal(hex, again);
        }
    }
    assert_string_equal(bmx_normalizer_kind_name((bmx_normalizer_kind)99), "unknown");
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        char name[40];

        snprintf(name, sizeof name, "%s %zu", bmx_normalizer_kind_name(more[i].kind), i);
        print_normalizer(more[i], hex);
        add(&p, hex, name);
        print_normalizer(more[i], again);
        assert_string_equal(hex, again);
    }
}

static void pretokenizers_differ(void **state)
{
    static bmx_slice cuts[] = { S("<mask>"), S("<sep>") };
    static const bmx_pretokenizer_step more[] = {
        { .kind = BMX_PRE_BYTE_LEVEL, .add_prefix_space = true }, { .kind = BMX_PRE_BYTE_LEVEL, .use_regex = true },
        { .kind = BMX_PRE_SPLIT, .pattern = PATTERN("a", true, 0) }, { .kind = BMX_PRE_SPLIT, .pattern = PATTERN("a", true, 1) },
        { .kind = BMX_PRE_SPLIT, .pattern = PATTERN("a", true, 0), .behavior = BMX_SPLIT_ISOLATED },
        { .kind = BMX_PRE_SPLIT, .pattern = PATTERN("a", true, 0), .invert = true },
        { .kind = BMX_PRE_DIGITS, .individual_digits = true },
        { .kind = BMX_PRE_PUNCTUATION, .behavior = BMX_SPLIT_CONTIGUOUS },
        { .kind = BMX_PRE_METASPACE, .delimiter = '_' }, { .kind = BMX_PRE_METASPACE, .split = true },
        { .kind = BMX_PRE_METASPACE, .prepend = BMX_PREPEND_NEVER },
        { .kind = BMX_PRE_CHAR_DELIMITER, .delimiter = '_' }, { .kind = BMX_PRE_FIXED_LENGTH, .length = 3 },
        { .kind = BMX_PRE_SENTENCEPIECE, .sp.split_by_whitespace = true },
        { .kind = BMX_PRE_SENTENCEPIECE, .sp.allow_whitespace_only_pieces = true },
        { .kind = BMX_PRE_SENTENCEPIECE, .sp.treat_whitespace_as_suffix = true },
        { .kind = BMX_PRE_SENTENCEPIECE, .sp.max_sentence_length = 4192 },
        { .kind = BMX_PRE_SENTENCEPIECE, .sp.boundaries = cuts, .sp.n_boundaries = 1 },
        { .kind = BMX_PRE_SENTENCEPIECE, .sp.boundaries = cuts, .sp.n_boundaries = 2 },
    };
    prints p = { 0 };
    char hex[65];

    (void)state;
    for (int kind = 0; kind <= BMX_PRE_SENTENCEPIECE; kind++) {
        const char *name = bmx_pretokenizer_kind_name((bmx_pretokenizer_kind)kind);

        assert_string_not_equal(name, "unknown");
        print_pretokenizer((bmx_pretokenizer_step){ .kind = (bmx_pretokenizer_kind)kind }, hex);
        add(&p, hex, name);
    }
    assert_string_equal(bmx_pretokenizer_kind_name((bmx_pretokenizer_kind)99), "unknown");
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        char name[40];

        snprintf(name, sizeof name, "%s %zu", bmx_pretokenizer_kind_name(more[i].kind), i);
        print_pretokenizer(more[i], hex);
        add(&p, hex, name);
    }
}

/* Presets are told apart by what they do, and several have the same name for one. */
static void presets_have_fingerprints(void **state)
{
    bmx_normalizer_spec norm = { 0 };
    prints p = { 0 };
    char gpt2[65], hex[65];
    bpemix_error err = { 0 };

    (void)state;
    for (const char *const *name = bmx_pretokenizer_preset_names(); *name; name++) {
        bmx_pretokenizer_spec s = { 0 };

        CHECK_OK(bmx_pretokenizer_preset(*name, &s, &err));
        SURVIVES_SOME(0, bmx_spec_fingerprint(&norm, &s, hex, &err), (void)0);
        if (!strcmp(*name, "gpt2"))
            strcpy(gpt2, hex);
        if (!strcmp(*name, "gpt2") || !strcmp(*name, "cl100k") || !strcmp(*name, "o200k") ||
            !strcmp(*name, "qwen") || !strcmp(*name, "tekken") || !strcmp(*name, "kimi"))
            add(&p, hex, *name);
        bmx_pretokenizer_spec_release(&s);
    }
    assert_int_equal(p.n, 6);
    for (int i = 0; i < 2; i++) {
        bmx_pretokenizer_spec s = { 0 };

        CHECK_OK(bmx_pretokenizer_preset(i ? "r50k_base" : "gpt-2", &s, &err));
        CHECK_OK(bmx_spec_fingerprint(&norm, &s, hex, &err));
        assert_string_equal(hex, gpt2);
        bmx_pretokenizer_spec_release(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normalizers_differ), cmocka_unit_test(pretokenizers_differ),
        cmocka_unit_test(presets_have_fingerprints),
    };
    return cmocka_run_group_tests_name("spec", tests, NULL, NULL);
}

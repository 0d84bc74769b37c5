/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Normalizers: every component, hostile character maps, lack of memory.
 * Components were checked against the Hugging Face library on random text, and
 * character maps and lines against SentencePiece. */
#include "test.h"

#include "charsmap.h"

#include "base/utf8.h"
#include "split/normalize.h"

static bmx_normalizer_step *add(bmx_normalizer_spec *spec, bmx_normalizer_kind kind)
{
    bpemix_error err = { 0 };
    bmx_normalizer_step *s = NULL;

    CHECK_OK(bmx_normalizer_add(spec, kind, &s, &err));
    return s;
}

static void check_slice(const bmx_normalizer_spec *spec, bmx_slice text, const char *expected)
{
    bpemix_error err = { 0 };
    bmx_normalizer *n = NULL;
    bmx_buf scratch[2] = { { 0 } };
    bmx_slice out;

    CHECK_OK(bmx_normalizer_new(spec, &n, &err));
    for (int twice = 0; twice < 2; twice++) { /* scratch is reused */
        CHECK_OK(bmx_normalize(n, text, scratch, &out, &err));
        if (!bmx_slice_eq(out, bmx_slice_str(expected)))
            fail_msg("\"%.*s\" became \"%.*s\", not \"%s\"", (int)text.len, text.ptr, (int)out.len,
                     out.ptr, expected);
        assert_true(bmx_utf8_valid(out));
    }
    bmx_buf_release(&scratch[0]);
    bmx_buf_release(&scratch[1]);
    bmx_normalizer_free(n);
}

static void check(const bmx_normalizer_spec *spec, const char *text, const char *expected)
{
    check_slice(spec, bmx_slice_str(text), expected);
}

static void one(bmx_normalizer_kind kind, const char *text, const char *expected)
{
    bmx_normalizer_spec spec = { 0 };

    add(&spec, kind);
    check(&spec, text, expected);
    check(&spec, "", "");
    bmx_normalizer_spec_release(&spec);
}

static void forms(void **state)
{
    (void)state;
    one(BMX_NORM_NFC, "plain text", "plain text");
    one(BMX_NORM_NFC, "e\u0301 \u212b \u1112\u1161\u11ab", "\u00e9 \u00c5 \ud55c");
    one(BMX_NORM_NFC, "a\u0323\u0307 a\u0307\u0323", "\u1ea1\u0307 \u1ea1\u0307");
    one(BMX_NORM_NFC, "\u0958 \ufb01", "\u0915\u093c \ufb01"); /* excluded from composition */
    one(BMX_NORM_NFD, "\u00e9\ud55c\u1ea1\u0307", "e\u0301\u1112\u1161\u11aba\u0323\u0307");
    one(BMX_NORM_NFKC, "\ufb01 \uff21 \u2460 e\u0301 \u338f", "fi A 1 \u00e9 kg");
    one(BMX_NORM_NFKD, "\ufb01\u00e9\uff76\uff9e", "fie\u0301\u30ab\u3099");
}

/* The short cut for inert characters against whole-text normalization: NFC of
 * each pair of characters equals NFC of its NFD, and NFD of its NFC. */
static void forms_of_random_text(void **state)
{
    static const uint32_t pool[] = {
        'a', 'e', ' ', '1', 0xe9, 0xc5, 0x301, 0x323, 0x307, 0x345, 0x1100, 0x1161, 0x11a8, 0xac00,
        0xac01, 0x915, 0x93c, 0x958, 0x9c7, 0x9be, 0x3042, 0x304b, 0x3099, 0xff76, 0xff9e, 0xfb01,
        0x4e00, 0xf900, 0x1f600, 0x1d15e, 0x1d165, 0x2fa1d, 0x30000, 0x0f71, 0x0f72, 0x1e0b, 0x327
    };
    static const bmx_normalizer_kind kinds[2][2] = { { BMX_NORM_NFC, BMX_NORM_NFD },
                                                     { BMX_NORM_NFKC, BMX_NORM_NFKD } };
    bmx_rng rng = { 3 };
    bpemix_error err = { 0 };
    bmx_normalizer *n[2][2] = { { NULL } };
    (void)state;

    for (int k = 0; k < 4; k++) {
        bmx_normalizer_spec spec = { 0 };
        add(&spec, kinds[k / 2][k % 2]);
        CHECK_OK(bmx_normalizer_new(&spec, &n[k / 2][k % 2], &err));
        bmx_normalizer_spec_release(&spec);
    }
    for (int i = 0; i < 20000; i++) {
        char text[128];
        size_t len = 0;
        bmx_buf a[2] = { { 0 } }, b[2] = { { 0 } }, c[2] = { { 0 } };
        bmx_slice composed, decomposed, again;
        int k = i % 2;

        for (uint64_t m = bmx_rng_below(&rng, 12); m > 0; m--)
            len += bmx_utf8_encode(pool[bmx_rng_below(&rng, sizeof pool / sizeof *pool)], text +
                                   len);
        bmx_slice s = bmx_slice_of(text, len);
        CHECK_OK(bmx_normalize(n[k][0], s, a, &composed, &err));
        CHECK_OK(bmx_normalize(n[k][1], s, b, &decomposed, &err));
        CHECK_OK(bmx_normalize(n[k][0], decomposed, c, &again, &err));
        assert_true(bmx_slice_eq(again, composed));
        CHECK_OK(bmx_normalize(n[k][1], composed, c, &again, &err));
        assert_true(bmx_slice_eq(again, decomposed));
        CHECK_OK(bmx_normalize(n[k][0], composed, c, &again, &err));
        assert_true(bmx_slice_eq(again, composed));
        for (int j = 0; j < 2; j++) {
            bmx_buf_release(&a[j]);
            bmx_buf_release(&b[j]);
            bmx_buf_release(&c[j]);
        }
    }
    for (int k = 0; k < 4; k++)
        bmx_normalizer_free(n[k / 2][k % 2]);
}

/* Sorting a run of marks must not be quadratic. */
static void endless_marks(void **state)
{
    enum { N = 400000 };
    bmx_normalizer_spec spec = { 0 };
    bpemix_error err = { 0 };
    bmx_normalizer *n = NULL;
    bmx_buf scratch[2] = { { 0 } };
    char *text = bmx_malloc(2 * N + 1, 1);
    bmx_slice out;
    (void)state;

    assert_non_null(text);
    text[0] = 'q';
    for (size_t i = 0; i < N; i++) /* classes 230 and 220 in turn */
        memcpy(text + 1 + 2 * i, i % 2 ? "\u0323" : "\u0307", 2);
    add(&spec, BMX_NORM_NFD);
    CHECK_OK(bmx_normalizer_new(&spec, &n, &err));
    CHECK_OK(bmx_normalize(n, bmx_slice_of(text, 2 * N + 1), scratch, &out, &err));
    assert_int_equal(out.len, 2 * N + 1);
    for (size_t i = 0; i < N; i++)
        assert_memory_equal(out.ptr + 1 + 2 * i, i < N / 2 ? "\u0323" : "\u0307", 2);
    bmx_normalizer_free(n);
    bmx_normalizer_spec_release(&spec);
    bmx_buf_release(&scratch[0]);
    bmx_free(text);
}

static void case_and_accents(void **state)
{
    (void)state;
    one(BMX_NORM_LOWERCASE, "ÀΣ İ Ａ ǅ ẞ", "àσ i̇ ａ ǆ ß");
    one(BMX_NORM_STRIP_ACCENTS, "e\u0301\u0903\u20dd\u00e9", "e\u00e9"); /* nothing is decomposed */
}

static void strip(void **state)
{
    bmx_normalizer_spec spec = { 0 };
    bmx_normalizer_step *s = add(&spec, BMX_NORM_STRIP);
    (void)state;

    s->strip_left = true;
    check(&spec, " \u3000\na b\u00a0", "a b\u00a0");
    s->strip_right = true;
    check(&spec, " a\u200b b\u00a0\u2028", "a\u200b b");
    check(&spec, " \t\u2003", "");
    s->strip_left = false;
    check(&spec, " a ", " a");
    bmx_normalizer_spec_release(&spec);
}

static void replace(void **state)
{
    bmx_normalizer_spec spec = { 0 };
    bmx_normalizer_step *s = add(&spec, BMX_NORM_REPLACE);
    bpemix_error err = { 0 };
    (void)state;

    CHECK_OK(bmx_pattern_set(&s->pattern, bmx_slice_str(" "), false, BMX_REGEX_ONIGURUMA, &err));
    CHECK_OK(bmx_slice_own(&s->content, bmx_slice_str("▁"), &err));
    check(&spec, " a  b", "▁a▁▁b");
    check(&spec, "ab", "ab");
    CHECK_OK(bmx_pattern_set(&s->pattern, bmx_slice_str("aa"), false, BMX_REGEX_ONIGURUMA, &err));
    check(&spec, "aaa.*", "▁a.*");
    CHECK_OK(bmx_pattern_set(&s->pattern, bmx_slice_str(" {2,}|\\d"), true, BMX_REGEX_ONIGURUMA,
                             &err));
    CHECK_OK(bmx_slice_own(&s->content, bmx_slice_str("$0"), &err)); /* no references */
    check(&spec, "a   b c1", "a$0b c$0");
    CHECK_OK(bmx_pattern_set(&s->pattern, bmx_slice_str("x*"), true, BMX_REGEX_ONIGURUMA, &err));
    CHECK_OK(bmx_slice_own(&s->content, bmx_slice_str("-"), &err));
    check(&spec, "axb", "-a-b-");
    CHECK_OK(bmx_pattern_set(&s->pattern, bmx_slice_str("\\X"), true, BMX_REGEX_ONIGURUMA, &err));
    bmx_normalizer *n = NULL;
    CHECK_FAILS(bmx_normalizer_new(&spec, &n, &err), BPEMIX_E_UNSUPPORTED, "step 1 (Replace)");
    bmx_normalizer_spec_release(&spec);
}

static void small_ones(void **state)
{
    bmx_normalizer_spec spec = { 0 };
    bpemix_error err = { 0 };
    (void)state;

    CHECK_OK(bmx_slice_own(&add(&spec, BMX_NORM_PREPEND)->content, bmx_slice_str("▁"), &err));
    check(&spec, "a", "▁a");
    check(&spec, "", "");
    bmx_normalizer_spec_release(&spec);
    one(BMX_NORM_NMT, "a\001\tb\u200d\u2581\ufeff\177\n\r c\u00a0", "a b      c\u00a0");
    one(BMX_NORM_BYTE_LEVEL, "é \n!", "Ã©ĠĊ!");
    one(BMX_NORM_CLIP, " A\u00a0\n ΟΔΟΣ Σ. İ ΑΣ'Β  ", "a οδος σ. i̇ ασ'β");
}

static void bert(void **state)
{
    bmx_normalizer_spec spec = { 0 };
    bmx_normalizer_step *s = add(&spec, BMX_NORM_BERT);
    (void)state;

    s->bert.clean_text = true;
    check(&spec, "a\001\u200d\ue000\ufffd\tb\u00a0\u0378", "a b \u0378"); /* unassigned stays */
    s->bert.clean_text = false;
    s->bert.handle_chinese_chars = true;
    check(&spec, "a漢字あ", "a 漢  字 あ");
    s->bert.strip_accents = true;
    s->bert.lowercase = true;
    check(&spec, "Éa\u0903漢", "ea\u0903 漢 "); /* Mn only */
    bmx_normalizer_spec_release(&spec);
}

static void sequence(void **state)
{
    bmx_normalizer_spec spec = { 0 };
    bmx_normalizer_step *s;
    bpemix_error err = { 0 };
    bmx_normalizer *n = NULL;
    (void)state;

    CHECK_OK(bmx_normalizer_new(&spec, &n, &err));
    assert_true(bmx_normalizer_is_identity(n));
    bmx_normalizer_free(n);
    add(&spec, BMX_NORM_NFD);
    add(&spec, BMX_NORM_STRIP_ACCENTS);
    add(&spec, BMX_NORM_LOWERCASE);
    s = add(&spec, BMX_NORM_STRIP);
    s->strip_left = s->strip_right = true;
    CHECK_OK(bmx_slice_own(&add(&spec, BMX_NORM_PREPEND)->content, bmx_slice_str("> "), &err));
    check(&spec, "  É Ñ ", "> e n");
    check(&spec, "plain", "> plain");
    check(&spec, "  ", "");
    CHECK_OK(bmx_normalizer_new(&spec, &n, &err));
    assert_false(bmx_normalizer_is_identity(n));
    bmx_normalizer_free(n);
    bmx_normalizer_spec_release(&spec);
}

/* ---- character maps ---- */

static const map_key some_keys[] = {
    { "\t", " " }, { "\r", "" }, { "e\u0301", "é" }, { "ﬁ", "fi" }, { "ﬃ", "ffi" },
    { "Ａ", "A" }, { "Ａ\u0301", "Á" }, { "　", " " },
};
#define N_KEYS (sizeof some_keys / sizeof *some_keys)

static int by_key(const void *a, const void *b)
{
    return strcmp(((const map_key *)a)->key, ((const map_key *)b)->key);
}

static bmx_slice some_map(bmx_buf *out)
{
    map_key keys[N_KEYS];

    memcpy(keys, some_keys, sizeof keys);
    qsort(keys, N_KEYS, sizeof *keys, by_key);
    return build_map(keys, N_KEYS, out);
}

static void precompiled(void **state)
{
    bmx_normalizer_spec spec = { 0 };
    bmx_buf map = { 0 };
    bpemix_error err = { 0 };
    bmx_normalizer_step *s = add(&spec, BMX_NORM_PRECOMPILED);
    (void)state;

    check(&spec, "ﬁ", "ﬁ"); /* no map: nothing happens */
    CHECK_OK(bmx_slice_own(&s->charsmap, some_map(&map), &err));
    check(&spec, "ﬁx\te\u0301 Ａ　z", "fix é A z");
    check(&spec, "a\r\nb\rc", "abc"); /* CR LF is one cluster, of which CR is the shortest key */
    check(&spec, "Ａ\u0301", "A");      /* the shortest key, and the accent is lost */
    check(&spec, "Ａ\u0301\u0301", "A\u0301\u0301"); /* six bytes: character by character */
    bmx_normalizer_spec_release(&spec);
    bmx_buf_release(&map);
}

static void sentencepiece(void **state)
{
    bmx_normalizer_spec spec = { 0 };
    bmx_buf map = { 0 };
    bpemix_error err = { 0 };
    bmx_normalizer_step *s = add(&spec, BMX_NORM_SENTENCEPIECE);
    (void)state;

    check(&spec, " a  b ", " a  b ");
    s->sp.escape_whitespaces = true;
    check(&spec, " a  b ", "▁a▁▁b▁");
    s->sp.add_dummy_prefix = true;
    check(&spec, "a\n\n b", "▁a\n\n▁▁b");
    s->sp.remove_extra_whitespaces = true;
    check(&spec, "  a   b  \n  \nc", "▁a▁b\n\n▁c");
    s->sp.suffix = true;
    check(&spec, " a b ", "a▁b▁");
    s->sp.suffix = false;
    CHECK_OK(bmx_slice_own(&s->charsmap, some_map(&map), &err));
    /* the longest key counts, spaces of replacements are spaces */
    check(&spec, "\tＡ\u0301　\tﬃ\r", "▁Á▁ffi");
    bmx_normalizer_spec_release(&spec);
    bmx_buf_release(&map);
}

/* Whatever bytes a map consists of, text stays well-formed and nothing breaks. */
static void hostile_maps(void **state)
{
    static const char text[] = "ﬁx\te\u0301 Ａ　z\u1100\u1161 漢😀\r\n \x7f";
    bmx_rng rng = { 11 };
    bmx_buf map = { 0 };
    bpemix_error err;
    size_t loaded = 0;
    bmx_normalizer *n = NULL;
    (void)state;

    some_map(&map);
    for (int i = 0; i < 4000; i++) {
        bmx_normalizer_spec spec = { 0 };
        bmx_normalizer_step *s = add(&spec, i % 2 ? BMX_NORM_PRECOMPILED : BMX_NORM_SENTENCEPIECE);
        size_t len = i % 5 ? map.len : bmx_rng_below(&rng, map.len + 1);
        char *copy;
        bpemix_status st;

        s->sp.escape_whitespaces = s->sp.remove_extra_whitespaces = true;
        copy = bmx_strndup(map.ptr, len);
        assert_non_null(copy);
        for (uint64_t k = bmx_rng_below(&rng, 40); k > 0 && len > 0; k--)
            copy[bmx_rng_below(&rng, i % 3 && len > 1200 ? 1200 : len)] = (char)bmx_rng_next(&rng);
        s->charsmap = bmx_slice_of(copy, len);
        memset(&err, 0, sizeof err);
        st = bmx_normalizer_new(&spec, &n, &err);
        assert_true(st == BPEMIX_OK || st == BPEMIX_E_FORMAT);
        if (!st) {
            bmx_buf scratch[2] = { { 0 } };
            bmx_slice out;
            CHECK_OK(bmx_normalize(n, bmx_slice_str(text), scratch, &out, &err));
            assert_true(bmx_utf8_valid(out));
            bmx_buf_release(&scratch[0]);
            bmx_buf_release(&scratch[1]);
            bmx_normalizer_free(n);
            loaded++;
        }
        bmx_normalizer_spec_release(&spec);
    }
    assert_true(loaded > 500);

    bmx_normalizer_spec spec = { 0 };
    CHECK_OK(bmx_slice_own(&add(&spec, BMX_NORM_PRECOMPILED)->charsmap,
                           bmx_slice_of("\xff\xff\xff\x7f", 4), &err));
    CHECK_FAILS(bmx_normalizer_new(&spec, &n, &err), BPEMIX_E_FORMAT, "character map");
    bmx_normalizer_spec_release(&spec);
    bmx_buf_release(&map);
}

/* A step that makes a letter two, sixty times over, and one that makes it a megabyte. */
static void expansion_is_bounded(void **state)
{
    static char text[100000];
    bmx_normalizer_spec spec = { 0 };
    bmx_normalizer *n = NULL;
    bmx_normalizer_step *x;
    bmx_buf scratch[2] = { { 0 }, { 0 } };
    bmx_slice out;
    bpemix_error err;

    (void)state;
    memset(text, 'a', sizeof text);
    for (int regex = 0; regex < 2; regex++) {
        for (int i = 0; i < 60; i++) {
            CHECK_OK(bmx_normalizer_add(&spec, BMX_NORM_REPLACE, &x, &err));
            CHECK_OK(bmx_pattern_set(&x->pattern, bmx_slice_str("a"), regex, BMX_REGEX_ONIGURUMA,
                                     &err));
            CHECK_OK(bmx_slice_own(&x->content, bmx_slice_str("aa"), &err));
        }
        CHECK_OK(bmx_normalizer_new(&spec, &n, &err));
        CHECK_FAILS(bmx_normalize(n, bmx_slice_str("a"), scratch, &out, &err), BPEMIX_E_UNSUPPORTED,
                    "the normalizer makes more than 16777280 bytes");
        assert_true(scratch[0].cap + scratch[1].cap < 200000000);
        CHECK_OK(bmx_normalize(n, bmx_slice_str("bcd"), scratch, &out, &err));
        bmx_normalizer_free(n);
        bmx_normalizer_spec_release(&spec);
        spec = (bmx_normalizer_spec){ 0 };
    }
    CHECK_OK(bmx_normalizer_add(&spec, BMX_NORM_REPLACE, &x, &err));
    CHECK_OK(bmx_pattern_set(&x->pattern, bmx_slice_str("a"), false, BMX_REGEX_ONIGURUMA, &err));
    CHECK_OK(bmx_slice_own(&x->content, bmx_slice_of(text, sizeof text), &err));
    CHECK_OK(bmx_normalizer_new(&spec, &n, &err));
    CHECK_FAILS(bmx_normalize(n, bmx_slice_of(text, sizeof text), scratch, &out, &err),
                BPEMIX_E_UNSUPPORTED, "more than 23177216 bytes");
    bmx_normalizer_free(n);
    bmx_normalizer_spec_release(&spec);
    bmx_buf_release(&scratch[0]);
    bmx_buf_release(&scratch[1]);
}

/* A map that makes much of each byte, alone and before SentencePiece's own steps. */
static void maps_are_bounded(void **state)
{
    static char text[20000], value[3000];
    const map_key key = { "a", value };
    bmx_buf map = { 0 };

    (void)state;
    memset(text, 'a', sizeof text);
    memset(value, 'b', sizeof value - 1);
    build_map(&key, 1, &map);
    for (int k = 0; k < 2; k++) {
        bmx_normalizer_spec spec = { 0 };
        bmx_normalizer *n = NULL;
        bmx_buf scratch[2] = { { 0 }, { 0 } };
        bmx_slice out;
        bpemix_error err;

        bmx_normalizer_step *x = add(&spec, k ? BMX_NORM_SENTENCEPIECE : BMX_NORM_PRECOMPILED);

        CHECK_OK(bmx_slice_own(&x->charsmap, bmx_slice_of(map.ptr, map.len), &err));
        CHECK_OK(bmx_normalizer_new(&spec, &n, &err));
        CHECK_OK(bmx_normalize(n, bmx_slice_of(text, 100), scratch, &out, &err));
        assert_int_equal(out.len, 100 * (sizeof value - 1));
        CHECK_FAILS(bmx_normalize(n, bmx_slice_of(text, sizeof text), scratch, &out, &err),
                    BPEMIX_E_UNSUPPORTED, "the normalizer makes more than");
        bmx_normalizer_free(n);
        bmx_normalizer_spec_release(&spec);
        bmx_buf_release(&scratch[0]);
        bmx_buf_release(&scratch[1]);
    }
    bmx_buf_release(&map);
}

/* Characters that decompose to many, in one stretch. */
static void long_decompositions(void **state)
{
    enum { TIMES = 50 };
    static const char one_of_them[] = "\ufdfa", many[] = "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 "
        "\u0639\u0644\u064a\u0647 \u0648\u0633\u0644\u0645";
    char text[TIMES * sizeof one_of_them], expected[TIMES * sizeof many];
    size_t n = 0, m = 0;

    (void)state;
    for (int k = 0; k < TIMES; k++) {
        n += (size_t)sprintf(text + n, "%s", one_of_them);
        m += (size_t)sprintf(expected + m, "%s", many);
    }
    one(BMX_NORM_NFKC, text, expected);
    one(BMX_NORM_NFKD, text, expected);
    one(BMX_NORM_NFC, text, text);
}

static bpemix_status normalize_once(const bmx_normalizer_spec *spec, const char *text,
                                    bpemix_error *err)
{
    bmx_normalizer *n = NULL;
    bmx_buf scratch[2] = { { 0 } };
    bmx_slice out = { 0 };
    bpemix_status st = bmx_normalizer_new(spec, &n, err);

    if (!st)
        st = bmx_normalize(n, bmx_slice_str(text), scratch, &out, err);
    bmx_normalizer_free(n);
    bmx_buf_release(&scratch[0]);
    bmx_buf_release(&scratch[1]);
    return st;
}

static void short_memory(void **state)
{
    bmx_normalizer_spec spec = { 0 };
    bmx_buf map = { 0 };
    bpemix_error err = { 0 };
    (void)state;

    add(&spec, BMX_NORM_NFKC);
    bmx_normalizer_step *s = add(&spec, BMX_NORM_REPLACE);
    CHECK_OK(bmx_pattern_set(&s->pattern, bmx_slice_str("[a-z]+"), true, BMX_REGEX_ONIGURUMA,
                             &err));
    CHECK_OK(bmx_slice_own(&s->content, bmx_slice_str("ＡＢＣ"), &err));
    add(&spec, BMX_NORM_LOWERCASE);
    CHECK_OK(bmx_slice_own(&add(&spec, BMX_NORM_PRECOMPILED)->charsmap, some_map(&map), &err));
    s = add(&spec, BMX_NORM_SENTENCEPIECE);
    s->sp.add_dummy_prefix = s->sp.escape_whitespaces = true;
    s = add(&spec, BMX_NORM_BERT);
    s->bert.clean_text = s->bert.handle_chinese_chars = s->bert.strip_accents = s->bert.lowercase =
        true;
    SURVIVES_SOME(20, normalize_once(&spec, "ﬁ e\u0301 xyz é 漢 ", &err), );
    bmx_normalizer_spec_release(&spec);
    bmx_buf_release(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms), cmocka_unit_test(forms_of_random_text),
        cmocka_unit_test(endless_marks), cmocka_unit_test(case_and_accents),
        cmocka_unit_test(strip), cmocka_unit_test(replace), cmocka_unit_test(small_ones),
        cmocka_unit_test(bert), cmocka_unit_test(sequence), cmocka_unit_test(precompiled),
        cmocka_unit_test(sentencepiece), cmocka_unit_test(hostile_maps),
        cmocka_unit_test(expansion_is_bounded), cmocka_unit_test(maps_are_bounded),
        cmocka_unit_test(long_decompositions),
        cmocka_unit_test(short_memory),
    };
    return cmocka_run_group_tests_name("normalize", tests, NULL, NULL);
}

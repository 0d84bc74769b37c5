/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns: what each construct means in Oniguruma and in fancy-regex, and what
 * is refused.  Matches of Oniguruma patterns were checked against the library. */
#include "test.h"

#include "split/regex.h"

#define ONIG BMX_REGEX_ONIGURUMA
#define FANCY BMX_REGEX_FANCY

static bmx_regex *compile(const char *pattern, bmx_regex_flavor flavor, bool jit)
{
    bpemix_error err = { 0 };
    bmx_pattern p = { (char *)pattern, strlen(pattern), true, flavor };
    bmx_regex *re = NULL;

    CHECK_OK(bmx_regex_new(&p, jit, &re, &err));
    return re;
}

/* All matches, each in angle brackets, equal `expected`, with JIT and without. */
static void matches(bmx_regex_flavor flavor, const char *pattern, const char *text,
                    const char *expected)
{
    bpemix_error err = { 0 };

    for (int jit = 0; jit < 2; jit++) {
        bmx_regex *re = compile(pattern, flavor, jit);
        bmx_regex_scratch *s = NULL;
        bmx_regex_cursor c = { 0 };
        bmx_buf got = { 0 };
        bool found = true;

        CHECK_OK(bmx_regex_scratch_new(&s, &err));
        for (;;) {
            CHECK_OK(bmx_regex_next(re, s, bmx_slice_str(text), &c, &found, &err));
            if (!found)
                break;
            CHECK_OK(bmx_buf_addf(&got, &err, "<%.*s>", (int)(c.end - c.start), text + c.start));
        }
        CHECK_OK(bmx_buf_addc(&got, '\0', &err));
        if (strcmp(got.ptr, expected))
            fail_msg("/%s/ on \"%s\", jit %d: \"%s\", not \"%s\"", pattern, text, jit, got.ptr,
                     expected);
        bmx_buf_release(&got);
        bmx_regex_scratch_free(s);
        bmx_regex_free(re);
    }
}

static void both(const char *pattern, const char *text, const char *expected)
{
    matches(ONIG, pattern, text, expected);
    matches(FANCY, pattern, text, expected);
}

/* An atomic group that may be empty, behind a repetition that its end must give back. */
static void atomic_groups(void **state)
{
    (void)state;
    both("[^a]*(?:ab|a)?+X", "bX", "<bX>");
    both("[^a]*(?>(?:ab|a)?)X", "bX", "<bX>");
    both("[^a]*(b|a)*+X", "cX", "<cX>");
    both("(?=a)\\p{L}?[A-Z]*?a", "xaB", "<a>"); /* what is looked for is there once */
    matches(ONIG, "[^ab]?(?i:a)?+'", "-'", "<-'>");
}

static void shorthands(void **state)
{
    (void)state;
    both("\\s", "a\u180e \u00a0\u3000b", "< ><\u00a0><\u3000>"); /* not U+180E */
    both("[^\\S\n]+", " \n\t", "< ><\t>");
    both("\\d+", "12٣½", "<12٣>");
    both("\\h+", "xfA9g", "<fA9>");
    both("\\w+", "e\u0301_ⅷ ②", "<e\u0301_ⅷ>");
    matches(ONIG, "\\w+", "a²\u200db", "<a²><b>");
    matches(ONIG, "[\\w]+", "a²b", "<a><b>"); /* in classes ² is none */
    matches(ONIG, "\\W", "a²-", "<->");
    matches(ONIG, "[^\\w]", "²-", "<²><->");
    matches(FANCY, "\\w+", "a²\u200db", "<a><\u200db>");
    both("\\bx", "x xy ex e\u0301x", "<x><x>");
    both("e\\B.", "e\u0301 ee e", "<e\u0301><ee>");
    both(".+", "a\nb\r", "<a><b\r>");
    matches(ONIG, "\\R", "\r\n\u2028x", "<\r\n><\u2028>");
    both("[\\a\\e]\\f\\v\\t", "x\033\f\v\t\a\f\v\ty", "<\033\f\v\t><\a\f\v\t>");
    both("\\x4a\\x4B", "JK", "<JK>");
    matches(ONIG, "\\012|\\0", "a\nb", "<\n>");
}

static void properties(void **state)
{
    (void)state;
    both("\\p{Han}", "漢、", "<漢>"); /* Script, not Script_Extensions */
    both("\\p{L}+|\\p{^L}", "a1", "<a><1>");
    both("[\\P{L}]", "a1", "<1>");
    both("\\p{Uppercase_Letter}\\p{ll}", "Ab", "<Ab>");
    matches(FANCY, "\\pL\\p{Script=Greek}\\p{scx:Han}", "aα、", "<aα、>");
    both("[\\p{Lu}\\p{M}&&[^\\p{Greek}]]+", "AΑB\u0301", "<A><B\u0301>");
    matches(ONIG, "[[:punct:]]+", "$,a", "<$,>");
    matches(ONIG, "\\p{Punct}", "$,a", "<,>");
    matches(ONIG, "[[:alpha:]]+", "aé1", "<aé>");
    matches(FANCY, "[[:alpha:]]+", "aé1", "<a>");
    both("[[:^space:]]+", "ab c", "<ab><c>");
}

static void classes(void **state)
{
    (void)state;
    both("[a[bc]d]+", "abcde", "<abcd>");
    both(" ?[^(\\s|[.,!?…。，、।۔،])]+", " a[b. c)d", "< a[b>< c><d>");
    both("[a-z&&[^aeiou]]+", "hello", "<h><ll>");
    both("[^a-z&&[^c]]+", "abcA", "<cA>");
    both("[a[^b]]+", "abc", "<a><c>");
    both("[[^b]&&[^c]]+", "abcd", "<a><d>");
    both("[]a]+", "a]b", "<a]>");
    both("[a\\-z]+", "a-bz", "<a-><z>");
    both("[-a]+[a-]", "-a-", "<-a->");
    both("[+-.]+", "+,-.a", "<+,-.>");
    both("[\\x{61}-\\u0063]+", "abcd", "<abc>");
    both("[\\t\\n]", "\t\\n", "<\t>");
}

static void anchors_and_groups(void **state)
{
    (void)state;
    matches(ONIG, "^.", "ab\ncd\n", "<a><c>");
    matches(FANCY, "^.", "ab\ncd\n", "<a>");
    matches(FANCY, "(?m)^.", "ab\ncd\n", "<a><c>");
    matches(ONIG, ".$", "ab\ncd\n", "<b><d>");
    matches(FANCY, ".$", "ab\ncd\n", "");
    matches(FANCY, "(?m).$", "ab\ncd", "<b><d>");
    matches(ONIG, "\\s+$", "a \nb ", "< >< >");
    matches(ONIG, "(?m).+", "a\nb", "<a\nb>");
    matches(FANCY, "(?s).+", "a\nb", "<a\nb>");
    both("(?i:'s|'ll)", "'S'ſ'lL", "<'S><'ſ><'lL>");
    matches(ONIG, "a(?i)b|c", "aB aC c", "<aB><aC>");
    matches(FANCY, "a(?i)b|c", "aB aC c", "<aB><C><c>");
    both("(a)(b)\\2\\1", "abba", "<abba>");
    both("(?<x>.)\\k<x>", "aabb", "<aa><bb>");
    both("(?>a|ab)c", "abcac", "<ac>");
    both("(?<=\\d)x(?!y)", "1x2xyx", "<x>");
    both("(?x) a b # c\n d", "abd", "<abd>");
    both("\\Ax|x\\z", "xxx", "<x><x>");
    both("a(?#comment)b", "ab", "<ab>");
}

static void rare_constructs(void **state)
{
    (void)state;
    both("\\D+", "1a\u0663b", "<a><b>");
    both("\\H+", "fxgA", "<xg>");
    matches(ONIG, "\\Ga", "aaba", "<a><a>"); /* where the match before ended */
    matches(ONIG, "\\N+", "a\nb", "<a><b>");
    matches(ONIG, "\\O+", "a\nb", "<a\nb>");
    matches(ONIG, ".\\Z", "ab\n", "<b>");
    matches(ONIG, ".\\Z", "ab\n\n", "");
    matches(FANCY, ".\\Z", "ab\n\n", "<b>"); /* before all line ends */
    matches(ONIG, "\\p{Word}+", "a\u00b2-", "<a\u00b2>");
    matches(FANCY, "(?x)[a b]+", "a b", "<a><b>"); /* blanks in classes, too */
    matches(ONIG, "(?x)[a b]+", "a b", "<a b>");
    matches(FANCY, "(?u:a)", "a", "<a>");
    matches(FANCY, "(?i)a(?-i)b", "AbAB", "<Ab>");
    matches(FANCY, "(?P<x>.)\\k<x>", "aabb", "<aa><bb>");
    matches(ONIG, "(?<x>a)(b)\\k<x>", "abab", "<aba>"); /* beside a name, (b) is no group */
    matches(ONIG, "a(?#x\\)y)b", "ab", "<ab>");
}

static void quantifiers(void **state)
{
    (void)state;
    /* possessive in fancy-regex only; in Oniguruma {n,m}+ is repeated */
    matches(ONIG, "a{1,2}+a", "aaaaa", "<aaaaa>");
    matches(FANCY, "a{1,2}+a", "aaaaa", "<aaa>");
    matches(FANCY, "a{1,2}+b", "aab", "<aab>");
    both("a++b|a", "aaa", "<a><a><a>");
    matches(ONIG, "a{,2}", "aaa", "<aa><a>");
    matches(ONIG, "ab{2}?c", "ac abbc", "<ac><abbc>");
    matches(FANCY, "ab{2}?c", "ac abbc", "<abbc>");
    matches(ONIG, "a{x}{", "a{x}{", "<a{x}{>");
    matches(ONIG, "(?:ab?)**c", "abac", "<abac>");
    both("a{2,}?", "aaaa", "<aa><aa>");
    both("\\p{N}{1,3}", "12345", "<123><45>");
}

static void empty_matches(void **state)
{
    (void)state;
    both("(?=b)", "abb", "<><>");
    both("x*", "axb", "<><x><>"); /* none directly behind a match */
    both("", "é", "<><>");
    both("a|", "ba", "<><a>");
}

static void refused(bmx_regex_flavor flavor, const char *pattern, int64_t offset, const char *part)
{
    bpemix_error err = { 0 };
    bmx_pattern p = { (char *)pattern, strlen(pattern), true, flavor };
    bmx_regex *re = NULL;

    CHECK_FAILS(bmx_regex_new(&p, true, &re, &err), BPEMIX_E_UNSUPPORTED, part);
    if (offset >= 0 && err.offset != offset)
        fail_msg("/%s/: offset %lld, not %lld", pattern, (long long)err.offset, (long long)offset);
    assert_null(re);
}

static void refusals(void **state)
{
    bpemix_error err = { 0 };
    bmx_regex *re = NULL;
    bmx_pattern bad = { (char *)"a\xff", 2, true, ONIG };
    (void)state;

    refused(ONIG, "ab\\X", 2, "'\\X'");
    refused(ONIG, "(?i:ss)", 5, "caseless");
    refused(ONIG, "x(?~a)", 1, "group option");
    refused(ONIG, "(?i)\\p{Lu}", 4, "cased property");
    refused(ONIG, "a\\p{Klingon}", 1, "property");
    refused(ONIG, "[a", 0, "without an end");
    refused(ONIG, "(a", 0, "without an end");
    refused(ONIG, "a)", 1, "parenthesis");
    refused(ONIG, "*a", 0, "quantifier");
    refused(ONIG, "[b-a]", 1, "wrong order");
    refused(ONIG, "[\\d-z]", 1, "range");
    refused(ONIG, "(*FAIL)", 0, "verb");
    refused(ONIG, "(?s).", 0, "group option");
    refused(ONIG, "\\xE3", 0, "code point");
    refused(ONIG, "a\\", 1, "backslash");
    refused(FANCY, "[a--b]", 2, "set");
    refused(FANCY, "a{x}", 1, "brace");
    refused(FANCY, "a**", 2, "quantifier of a quantifier");
    refused(FANCY, "\\1", 0, "escape");
    refused(FANCY, "\\0", 0, "escape"); /* octal in Oniguruma */
    refused(FANCY, "\\u{110000}", 0, "code point");
    refused(ONIG, "(?<=a*)b", -1, "PCRE2");
    refused(ONIG, "a\\p{L", 1, "property name");
    refused(FANCY, "\\p{xx=L}", 0, "property");
    refused(FANCY, "\\p{L.}", 0, "property");
    refused(FANCY, "(?i)\\p{Lowercase}", 4, "cased property");
    refused(ONIG, "[[:foo:]]", 1, "POSIX class");
    refused(ONIG, "(?i)[[:upper:]]", 5, "POSIX class");
    refused(ONIG, "(?i)[a-\u00df]", 5, "fold to several");
    refused(ONIG, "[a-", 0, "without an end");
    refused(FANCY, "(?-u)a", 0, "group option");
    refused(FANCY, "(?i--x)a", 0, "group option");
    refused(ONIG, "a(?#x\\", 1, "without an end");
    CHECK_FAILS(bmx_regex_new(&bad, true, &re, &err), BPEMIX_E_FORMAT, "byte 1 is not UTF-8");

    char deep[1000];
    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    refused(ONIG, deep, -1, "nesting");
    memset(deep, '[', sizeof deep - 1);
    refused(ONIG, deep, -1, "nesting");
}

static void long_runs(void **state)
{
    enum { N = 3000000 };
    bpemix_error err = { 0 };
    char *text = bmx_malloc(N + 1, 1);
    (void)state;

    /* a run far beyond the default JIT stack, with backtracking */
    assert_non_null(text);
    for (int jit = 0; jit < 2; jit++) {
        bmx_regex *re = compile("(?:a|b)+c|\\s+(?!\\S)|\\s+", ONIG, jit);
        bmx_regex_scratch *s = NULL;
        bmx_regex_cursor c = { 0 };
        bool found = true;

        memset(text, ' ', N);
        text[N] = 'x';
        CHECK_OK(bmx_regex_scratch_new(&s, &err));
        CHECK_OK(bmx_regex_next(re, s, bmx_slice_of(text, N + 1), &c, &found, &err));
        assert_true(found);
        assert_int_equal(c.end - c.start, N - 1);
        bmx_regex_scratch_free(s);
        bmx_regex_free(re);
    }

    /* a pattern that explodes is an error with a place, not "no match" */
    bmx_regex *re = compile("(?:a+)+b|x", ONIG, true);
    bmx_regex_scratch *s = NULL;
    bmx_regex_cursor c = { 0 };
    bool found = true;
    memset(text, 'a', 200);
    text[0] = 'x';
    CHECK_OK(bmx_regex_scratch_new(&s, &err));
    CHECK_OK(bmx_regex_next(re, s, bmx_slice_of(text, 200), &c, &found, &err));
    assert_int_equal(c.end, 1);
    CHECK_FAILS(bmx_regex_next(re, s, bmx_slice_of(text, 200), &c, &found, &err),
                BPEMIX_E_UNSUPPORTED, "byte 1");
    assert_int_equal(err.offset, 1);
    bmx_regex_scratch_free(s);
    bmx_regex_free(re);
    bmx_free(text);
}

/* Bounds of all matches in a text. */
static void put_matches(const char *pattern, bmx_regex_flavor flavor, bool jit, bmx_slice text,
                        bmx_buf *out)
{
    bmx_regex *re = compile(pattern, flavor, jit);
    bmx_regex_scratch *s = NULL;
    bmx_regex_cursor c = { 0 };
    bpemix_error err = { 0 };
    bool found = true;

    out->len = 0;
    CHECK_OK(bmx_regex_scratch_new(&s, &err));
    for (;;) {
        CHECK_OK(bmx_regex_next(re, s, text, &c, &found, &err));
        if (!found)
            break;
        CHECK_OK(bmx_buf_addf(out, &err, "%zu-%zu ", c.start, c.end));
    }
    CHECK_OK(bmx_buf_addc(out, '\0', &err));
    bmx_regex_scratch_free(s);
    bmx_regex_free(re);
}

/* A run up to an end is not looked for anew at each of its characters, and what is found is the
 * same: in a group, it is. */
static void runs_up_to_an_end(void **state)
{
    enum { N = 1000000 };
    static const char *const patterns[][2] = {
        { "\\s+$", "(?:\\s)+$" }, { " +$", "(?: )+$" }, { "[^a]+$", "(?:[^a])+$" },
        { "\\s+a", "(?:\\s)+a" }, { "\\s*\n", "(?:\\s)*\n" }, { " *?(?<=\t)", "(?: )*?(?<=\t)" },
        { "[ a]++\n", "(?:[ a])++\n" }, { "\\s*(?!\n)", "(?:\\s)*(?!\n)" }
    };
    char *text = bmx_malloc(N + 4, 1);
    bmx_rng rng = { 21 };
    bmx_buf a = { 0 }, b = { 0 };
    (void)state;

    assert_non_null(text);
    for (int i = 0; i < 8000; i++) {
        const char *const *pair = patterns[i % 8];
        size_t n = bmx_rng_below(&rng, 12);

        for (size_t k = 0; k < n; k++)
            text[k] = " \n\ta"[bmx_rng_below(&rng, 4)];
        for (int f = 0; f < 4; f++) {
            put_matches(pair[0], f % 2 ? ONIG : FANCY, f / 2, bmx_slice_of(text, n), &a);
            put_matches(pair[1], f % 2 ? ONIG : FANCY, f / 2, bmx_slice_of(text, n), &b);
            assert_string_equal(a.ptr, b.ptr);
        }
    }
    memset(text, ' ', N);
    memcpy(text + N, "a \n", 3);
    for (int i = 0; i < 4; i++) {
        put_matches(patterns[i / 2][0], ONIG, i % 2, bmx_slice_of(text, N + 3), &a);
        assert_string_equal(a.ptr, i < 2 ? "1000001-1000003 " : "1000001-1000002 ");
    }
    bmx_buf_release(&a);
    bmx_buf_release(&b);
    bmx_free(text);
}

/* A pattern with a look-ahead over rounds of a unit; in a group of its own, the round is not
 * recognized as such, and PCRE2 does all by itself. */
static void random_look_ahead(bmx_rng *rng, char *plain, char *grouped, size_t size)
{
    static const char *const before[] = { "", "", "a", "[ab]{1,2}", "(?<=b)", "[1-9]{1,3}", "b|" };
    static const char *const unit[] = { "a", "[ab1]", "\\d", "\\p{L}", "[^b]", "\\x{e9}" };
    static const char *const round[] = { "%s", "(?:%s{2})", "(%s{3})", "(?:%1$s%1$s)", "(%s)",
                                         "(?:%1$s{2}%1$s{2})" };
    static const char *const tail[] = { "", "(?!\\d)", "b", "\\b", "$", "b*c", "(?:b|$)", "(?=b)",
                                        "(?<=1)", "(?!a)", "a?(?:1|b)", "." };
    static const char *const behind[] = { "", "", "a", "[ab]+", "(?:é|1)", "\\w" };
#define ANY(list) (list)[bmx_rng_below(rng, sizeof(list) / sizeof *(list))]
    const char *first = ANY(before), *u = ANY(unit), *last = ANY(tail), *rest = ANY(behind);
    const char *form = ANY(round), *sense = bmx_rng_below(rng, 3) ? "(?=" : "(?!";
    const char *often[] = { "+", "*", "+?", "*?" }, *q = ANY(often);
    char body[64];

    snprintf(body, sizeof body, form, u);
    snprintf(plain, size, "%s%s%s%s%s)%s", first, sense, body, q, last, rest);
    snprintf(grouped, size, "%s%s(?:(?:%s))%s%s)%s", first, sense, body, q, last, rest);
}

/* What is remembered of a run changes no match, and makes a long one cost no more than its
 * length. */
static void look_aheads_over_runs(void **state)
{
    enum { N = 1000000 };
    static const char *const letters[] = { "1", "1", "a", "a", "b", "b", "\u00e9", "c", "\n" };
    static const char *const slow[] = {
        "(?=(\\d{3})+(?!\\d))", "\\d{1,3}(?=(?:\\d{3})*\\b)", "(?=\\d+x)", "(?!\\d*x)\\d",
        "(?<=\\d)(?=(?:\\d{3})+(?:\\D|$))", "\\d+x", "\\d*?x", "\\d+(?=x)"
    };
    static const size_t matched[] = { N / 3, N / 3 + 1, 0, N, N / 3, 0, 0, 0 };
    char *text = bmx_malloc(N + 2, 1), plain[200], grouped[200];
    bmx_rng rng = { 22 };
    bmx_buf a = { 0 }, b = { 0 };
    bpemix_error err = { 0 };
    (void)state;

    assert_non_null(text);
    for (int i = 0; i < 6000; i++) {
        size_t n = 0;

        random_look_ahead(&rng, plain, grouped, sizeof plain);
        for (size_t k = bmx_rng_below(&rng, 24); k > 0; k--) {
            const char *s = letters[bmx_rng_below(&rng, i % 2 ? 9 : 5)];
            memcpy(text + n, s, strlen(s));
            n += strlen(s);
        }
        put_matches(plain, i % 4 < 2 ? ONIG : FANCY, i % 3, bmx_slice_of(text, n), &a);
        put_matches(grouped, i % 4 < 2 ? ONIG : FANCY, i % 3, bmx_slice_of(text, n), &b);
        if (strcmp(a.ptr, b.ptr))
            fail_msg("/%s/ on \"%.*s\": %s, not %s", plain, (int)n, text, a.ptr, b.ptr);
    }
    memset(text, '1', N);
    memcpy(text + N, " y", 2);
    for (size_t i = 0; i < 2 * sizeof slow / sizeof *slow; i++) {
        bmx_regex *re = compile(slow[i / 2], ONIG, i % 2);
        bmx_regex_scratch *s = NULL;
        bmx_regex_cursor c = { 0 };
        bool found = true;
        size_t n = 0;

        CHECK_OK(bmx_regex_scratch_new(&s, &err));
        for (;; n++) {
            CHECK_OK(bmx_regex_next(re, s, bmx_slice_of(text, N + 2), &c, &found, &err));
            if (!found)
                break;
        }
        if (n != matched[i / 2])
            fail_msg("/%s/: %zu matches, not %zu", slow[i / 2], n, matched[i / 2]);
        bmx_regex_scratch_free(s);
        bmx_regex_free(re);
    }
    bmx_buf_release(&a);
    bmx_buf_release(&b);
    bmx_free(text);
}

/* Whatever the pattern, the answer is a regex or an error. */
static void random_patterns(void **state)
{
    static const char *const parts[] = {
        "a", "[", "]", "(", ")", "|", "\\", "p{L}", "{1,3}", "+", "*", "?", "^", "$", ".", "&&",
        "-", "[:alpha:]", "s", "w", "(?i)", "(?:", "(?=", "(?<", ">", "x{41}", "u0041", "é", "{", "}",
        ",", "1", "b", ":", "#", "(?x)", "\\b", "[^", "k<a>", "(?<a>", "--"
    };
    bmx_rng rng = { 20 };
    size_t compiled = 0;
    (void)state;

    for (int i = 0; i < 20000; i++) {
        char text[256] = "";
        size_t n = 1 + bmx_rng_below(&rng, 10);
        bpemix_error err = { 0 };
        bmx_regex *re = NULL;

        for (size_t k = 0; k < n; k++)
            strcat(text, parts[bmx_rng_below(&rng, sizeof parts / sizeof *parts)]);
        bmx_pattern p = { text, strlen(text), true, i % 2 ? ONIG : FANCY };
        bpemix_status st = bmx_regex_new(&p, false, &re, &err);
        assert_true(st == BPEMIX_OK || st == BPEMIX_E_UNSUPPORTED);
        assert_true((st == BPEMIX_OK) == (re != NULL));
        compiled += re != NULL;
        bmx_regex_free(re);
    }
    assert_true(compiled > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(atomic_groups),
        cmocka_unit_test(shorthands), cmocka_unit_test(properties), cmocka_unit_test(classes),
        cmocka_unit_test(anchors_and_groups), cmocka_unit_test(rare_constructs),
        cmocka_unit_test(quantifiers), cmocka_unit_test(runs_up_to_an_end),
        cmocka_unit_test(look_aheads_over_runs),
        cmocka_unit_test(empty_matches), cmocka_unit_test(refusals), cmocka_unit_test(long_runs),
        cmocka_unit_test(random_patterns),
    };
    return cmocka_run_group_tests_name("regex", tests, NULL, NULL);
}

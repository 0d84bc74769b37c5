/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_escape.c - one spelling a token: reversible, distinct, harmless. */
#include "base/escape.h"
#include "base/utf8.h"
#include "test.h"

/* Written out from the page: is this a text that a terminal shows and that shows its ends? */
static bool harmless(bmx_slice s)
{
    if (!bmx_utf8_valid(s))
        return false;
    if (s.len && (s.ptr[0] == ' ' || s.ptr[s.len - 1] == ' '))
        return false;
    for (size_t i = 0; i < s.len;) {
        uint32_t c = 0;
        i += bmx_utf8_decode(s.ptr + i, s.len - i, &c);
        if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f || c == 0x61c ||
            (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||
            c == 0xa0 ||
            c == 0x3000 || c == 0x200b)
            return false;
    }
    return true;
}

static void check_token(const char *p, size_t n)
{
    bmx_buf text = { 0 }, back = { 0 };
    bpemix_error err;

    CHECK_OK(bmx_token_escape(bmx_slice_of(p, n), &text, &err));
    assert_true(harmless(bmx_slice_of(text.ptr, text.len)));
    CHECK_OK(bmx_token_unescape(bmx_slice_of(text.ptr, text.len), &back, &err));
    assert_int_equal(back.len, n);
    assert_true(n == 0 || !memcmp(back.ptr, p, n));
    bmx_buf_release(&text);
    bmx_buf_release(&back);
}

static void every_token_comes_back(void **state)
{
    static const char *const parts[] = { " ", "  ", "\\", "n", "t", "x", "20", "\n", "\t", "\r",
                                         "\xe2\x90\xa3",
                                         "\xe2\x96\x81", "\xe2", "\x90", "\xa3", "\xc2\x85", "\xff", "a", "\xd8\x9c",
                                         "\xe2\x80\xae", "\xc2\xa0", "\xe3\x80\x80",
                                         "\xe2\x80\x8b", "\xe2\x80\x8c", "\xf0\x9f\x98\x80",
                                         "\xed\xa0\x80", "\xc0\x80", "'" };
    bmx_rng rng = { 7 };
    char two[2];

    (void)state;
    check_token("", 0);
    for (int a = 0; a < 256; a++) {
        two[0] = (char)a;
        check_token(two, 1);
        for (int b = 0; b < 256; b++) {
            two[1] = (char)b;
            check_token(two, 2);
        }
    }
    for (int k = 0; k < 20000; k++) {
        char text[64];
        size_t n = 0;
        for (uint64_t i = bmx_rng_below(&rng, 9); i > 0; i--) {
            const char *p = parts[bmx_rng_below(&rng, sizeof parts / sizeof *parts)];
            memcpy(text + n, p, strlen(p));
            n += strlen(p);
        }
        if (bmx_rng_below(&rng, 4) == 0)
            text[n++] = 0;
        check_token(text, n);
    }
}

static void spellings(void **state)
{
    static const struct { const char *token, *text; } known[] = {
        { " the", "\xe2\x90\xa3the" }, { "a b", "a b" }, { "  x ", "\xe2\x90\xa3\xe2\x90\xa3x\xe2\x90\xa3" },
        { "\n\t", "\\n\\t" }, { "\\n", "\\\\n" }, { "\r", "\\x0d" }, { "\xff\xe2", "\\xff\\xe2" },
        { "\xe2\x90\xa3", "\\xe2\\x90\\xa3" }, { "\xc2\x9b" "31m", "\\xc2\\x9b31m" },
        { "\xe2\x96\x81the", "\xe2\x96\x81the" }, { "\xe4\xb8\xad", "\xe4\xb8\xad" }
    };

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char *text = bmx_token_text(bmx_slice_str(known[i].token));
        assert_non_null(text);
        assert_string_equal(text, known[i].text);
        bmx_free(text);
    }
}

static void other_spellings_are_refused(void **state)
{
    static const char *const wrong[] = { " a", "a ", "\\", "\\q", "\\x4", "\\x41", "\\xFF",
                                         "\\x20", "\\x0a",
                                         "a\xe2\x90\xa3" "b", "\n", "\xff", "\\xe2\\x96\\x81",
                                         "\\r" };
    bmx_buf out = { 0 };
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_FAILS(bmx_token_unescape(bmx_slice_str(wrong[i]), &out, &err), BPEMIX_E_FORMAT,
                    "is not the spelling of a token");
    assert_int_equal(out.len, 0);
}

static void quotes_show_spaces(void **state)
{
    bmx_buf out = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_token_quote("\xe2\x90\xa3" "ein\\n", &out, &err));
    assert_int_equal(out.len, 8);
    assert_memory_equal(out.ptr, "' ein\\n'", 8);
    bmx_buf_release(&out);
}

static void quoted(const char *spelling, const char *want)
{
    bmx_buf out = { 0 };
    bpemix_error err;

    CHECK_OK(bmx_token_quote(spelling, &out, &err));
    assert_int_equal(out.len, strlen(want));
    assert_memory_equal(out.ptr, want, out.len);
    bmx_buf_release(&out);
}

static void quotes_are_short(void **state)
{
    (void)state;
    quoted("", "''");
    quoted("--------", "'--------'");
    quoted("---------", "'-' 9 times");
    quoted("--------=", "'--------='");
    quoted("\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n", "'\\n' 10 times");
    quoted("\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff", "'\\xff' 9 times");
    quoted("\xe2\x90\xa3\xe2\x90\xa3\xe2\x90\xa3\xe2\x90\xa3\xe2\x90\xa3\xe2\x90\xa3\xe2\x90\xa3"
           "\xe2\x90\xa3\xe2\x90\xa3", "' ' 9 times");
    quoted("0123456789012345678901234567890123456789",
           "'0123456789012345678901234567890123456789'");
    quoted("0123456789012345678901234567890123456789a",
           "'0123456789012345678901234567890123456789\xe2\x80\xa6'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_token_comes_back),
        cmocka_unit_test(spellings),
        cmocka_unit_test(other_spellings_are_refused),
        cmocka_unit_test(quotes_show_spaces),
        cmocka_unit_test(quotes_are_short),
    };
    return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Well-formed UTF-8: blocks of 64 bytes against one character at a time. */
#include "base/cpu.h"
#include "base/utf8.h"

#include "test.h"

#include <string.h>

static size_t valid_prefix(bmx_slice s)
{
    size_t i = 0;
    uint32_t cp;
    unsigned n;

    while (i < s.len && (n = bmx_utf8_decode(s.ptr + i, s.len - i, &cp)))
        i += n;
    return i;
}

static void check(const char *p, size_t n)
{
    char *exact = bmx_malloc(n, 1); /* reading behind its end is found by the sanitizer */
    bmx_slice s = bmx_slice_of(exact, n);

    assert_non_null(exact);
    memcpy(exact, p, n);
    for (bmx_cpu cpu = 0; cpu < BMX_CPU_KINDS; cpu++) { /* that the one at hand can pass for */
        bmx_cpu_limit(cpu);
        if (bmx_cpu_kind() == cpu && bmx_utf8_valid_prefix(s) != valid_prefix(s))
            fail_msg("processor %d: %zu of %zu bytes, should be %zu", (int)cpu,
                     bmx_utf8_valid_prefix(s), n, valid_prefix(s));
    }
    bmx_free(exact);
}

/* Every sequence of two bytes and many of three and four, at every place of a
 * block, with letters of one to four bytes around. */
static void every_sequence_everywhere(void **state)
{
    static const char *const around[] = { "a", "\xc3\xa9", "\xe4\xb8\x80", "\xf0\x9f\x98\x80" };
    static const unsigned char edge[] = { 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1,
                                          0xc2, 0xe0, 0xe1, 0xed, 0xf0, 0xf1, 0xf4, 0xf5 };
    enum { N_EDGES = sizeof edge };
    char text[200];

    (void)state;
    for (size_t k = 0; k < 4; k++) {
        size_t len = strlen(around[k]);
        for (size_t at = 58; at < 67; at++) {
            size_t from = 0;
            while (from + len <= at) {
                memcpy(text + from, around[k], len);
                from += len;
            }
            for (size_t x = 0; x < (size_t)N_EDGES * N_EDGES * N_EDGES * 4; x++) {
                size_t n = from;
                text[n++] = (char)edge[x / 4 / N_EDGES / N_EDGES];
                text[n++] = (char)edge[x / 4 / N_EDGES % N_EDGES];
                text[n++] = (char)edge[x / 4 % N_EDGES];
                text[n++] = (char)edge[3 * (x % 4)];
                while (n + len <= 136) {
                    memcpy(text + n, around[k], len);
                    n += len;
                }
                check(text, n);
            }
        }
    }
}

static void random_bytes(void **state)
{
    bmx_rng rng = { 11 };

    (void)state;
    for (int round = 0; round < 20000; round++) {
        char text[400];
        size_t n = 0, goal = bmx_rng_below(&rng, 390);
        bool damage = bmx_rng_below(&rng, 2);

        while (n < goal) {
            uint32_t cp = 0;
            switch (bmx_rng_below(&rng, 4)) {
            case 0: cp = (uint32_t)bmx_rng_below(&rng, 0x80); break;
            case 1: cp = 0x80 + (uint32_t)bmx_rng_below(&rng, 0x780); break;
            case 2: cp = 0x800 + (uint32_t)bmx_rng_below(&rng, 0xd000); break;
            default: cp = 0x10000 + (uint32_t)bmx_rng_below(&rng, 0x100000); break;
            }
            n += bmx_utf8_encode(cp, text + n);
        }
        if (!damage && bmx_utf8_valid_prefix(bmx_slice_of(text, n)) != n)
            fail_msg("round %d: well-formed text refused", round);
        if (damage && n)
            text[bmx_rng_below(&rng, n)] = (char)bmx_rng_below(&rng, 256);
        check(text, n);
    }
}

/* Text in messages is cut behind a character, wherever the room ends. */
static void quoted_text_is_cut_between_characters(void **state)
{
    static const char text[] = "\xf0\x9f\x98\x80\xc3\xa9\xe2\x82\xac"
        "a\xf0\x9f\x98\x80\xc3\xa9\xe2\x82\xac";

    (void)state;
    for (size_t size = 8; size < sizeof text + 20; size++) {
        char buf[sizeof text + 20];

        bmx_quote(buf, size, text, sizeof text - 1);
        assert_true(strlen(buf) < size);
        assert_int_equal(bmx_utf8_valid_prefix(bmx_slice_of(buf, strlen(buf))), strlen(buf));
    }
}

/* Names and text in messages and tables: line ends and tabs as in tokens, what a terminal would
 * obey as its bytes. */
static void control_characters_are_spelled_out(void **state)
{
    static const char text[] = "a\tb\nc\x1b";
    char buf[40];

    (void)state;
    assert_string_equal(bmx_quote(buf, sizeof buf, text, sizeof text - 1), "'a\\tb\\nc\\x1b'");
    assert_int_equal(bmx_printable(buf, sizeof buf, text), 11);
    assert_string_equal(buf, "a\\tb\\nc\\x1b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sequence_everywhere),
        cmocka_unit_test(random_bytes),
        cmocka_unit_test(quoted_text_is_cut_between_characters),
        cmocka_unit_test(control_characters_are_spelled_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

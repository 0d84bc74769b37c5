/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON: what is refused, what is kept, what comes out again. */
#include "test.h"

#include "base/json.h"

#include <locale.h>

static bpemix_status parse(const char *text, size_t n, bpemix_error *e)
{
    bmx_json *j = NULL;
    bpemix_status st = bmx_json_parse("x.json", bmx_slice_of(text, n), &j, e);

    bmx_json_free(j);
    return st;
}

static void refused(void **state)
{
    static const struct { const char *text, *message; } cases[] = {
        { "{\"a\":1", "x.json:1" },
        { "{\"a\":1}\n\nx", ":3: byte 9: text after the end" },
        { "{\"a\":1,\"a\":2}", "key 'a' occurs twice" },
        { "[{\"b\":{\"c\":0,\"c\":0}}]", "key 'c' occurs twice" },
        { "\"a\xff\"", "byte 2: not UTF-8" },
        { "\"\\u0000\"", "\\u0000 in a string, which cannot be read here" },
        { "\"\\u000\"", "broken \\u escape" },
        { "\"\\u12\"", "broken \\u escape" },
        { "", "JSON ends too early" },
    };
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_FAILS(parse(cases[i].text, strlen(cases[i].text), &err), BPEMIX_E_FORMAT,
                    cases[i].message);
    CHECK_FAILS(parse("\"a\0b\"", 5, &err), BPEMIX_E_FORMAT, "byte 2: a zero byte");
    CHECK_FAILS(parse("\xef\xbb\xbf[1,?]", 8, &err), BPEMIX_E_FORMAT, "byte 6: not valid JSON");
    CHECK_FAILS(parse("\xef\xbb\xbf[1] 2", 8, &err), BPEMIX_E_FORMAT, "byte 7: text after");
}

/* Of other programs: of members with the same key the last counts, and strings may hold zero
 * bytes, of keys as they are and of others if they are not needed. */
static void foreign(void **state)
{
    static const char text[] = "{\"a\": 1, \"x\": {\"k\": \"b\", \"k\": \"c\","
                               " \"k\": \"d\\\\\"},"
                               " \"a\": 2, \"\\u0000y\\\"\\u0000\" : 3, \"\\\\u0000\": 4,"
                               " \"z\": [\"c\\u0000\", \"d\"]}";
    static const struct { const char *text, *message; } cases[] = {
        { "{\"\\u0000\": \"\\u00\"}", "broken \\u escape" },
        { "{\"\\u0000", "not valid JSON" },
    };
    bmx_json_repeats repeats = { 0 };
    bmx_json *j = NULL;
    const bmx_json *m;
    bmx_buf buf = { 0 };
    bmx_slice key;
    bpemix_error err;
    uint64_t n;

    (void)state;
    CHECK_OK(bmx_json_parse_foreign("x", bmx_slice_str(text), &j, &repeats, &err));
    assert_int_equal(repeats.n, 3);
    assert_string_equal(repeats.first, "'a'");
    assert_int_equal(bmx_json_count(j), 5);
    m = bmx_json_first(bmx_json_get(j, "z"));
    assert_int_equal(bmx_json_kind_of(m), BMX_JSON_ZERO_STRING);
    assert_null(bmx_json_string(m));
    assert_string_equal(bmx_json_string(bmx_json_next(m)), "d");
    assert_true(bmx_json_uint(bmx_json_get(j, "a"), 9, &n) && n == 2);
    assert_string_equal(bmx_json_string(bmx_json_get(bmx_json_get(j, "x"), "k")), "d\\");
    m = bmx_json_next(bmx_json_next(bmx_json_first(j)));
    CHECK_OK(bmx_json_key_text(m, &buf, &key, &err));
    assert_true(bmx_slice_eq(key, bmx_slice_of("\0y\"\0", 4)));
    m = bmx_json_next(m);
    CHECK_OK(bmx_json_key_text(m, &buf, &key, &err));
    assert_true(bmx_slice_eq(key, bmx_slice_str("\\u0000")));
    bmx_buf_release(&buf);
    bmx_json_free(j);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_FAILS(bmx_json_parse_foreign("x", bmx_slice_str(cases[i].text), &j, &repeats, &err),
                    BPEMIX_E_FORMAT, cases[i].message);
    /* places behind zero bytes, and between them, are those of the text */
    CHECK_FAILS(bmx_json_parse_foreign("x", bmx_slice_str("{\"\\u0000\\u0000\":\n\"\\u0000\",x"), &j,
                                       &repeats, &err),
                BPEMIX_E_FORMAT, "x:2: byte 26: not valid JSON; check");
    assert_int_equal(err.offset, 26);
    CHECK_FAILS(bmx_json_parse_foreign("x", bmx_slice_str("{\"\\u0000\" x \"\\u0000\":1}"), &j,
                                       &repeats, &err),
                BPEMIX_E_FORMAT, "x:1: byte 10: not valid JSON; check");
    CHECK_FAILS(bmx_json_parse_foreign("x", bmx_slice_str("{\"\\u0000\":1"), &j, &repeats, &err),
                BPEMIX_E_FORMAT, "x:1: byte 10: not valid JSON; check");
    j = NULL;
    SURVIVES(4, bmx_json_parse_foreign("x", bmx_slice_str(text), &j, &repeats, NULL), {
        bmx_json_free(j);
        j = NULL;
    });
}

static void locale_does_not_matter(void **state)
{
    static const char *const with_comma[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "es_ES.UTF-8",
                                              "de_DE" };
    bmx_json *j = bmx_json_array(), *back = NULL;
    bmx_buf a = { 0 }, b = { 0 };
    bpemix_error err;
    size_t i = 0;

    (void)state;
    while (i < 4 && !setlocale(LC_NUMERIC, with_comma[i]))
        i++;
    if (i == 4) {
        bmx_json_free(j);
        skip();
    }
    bmx_json_push(j, bmx_json_new_double(0.25));
    CHECK_OK(bmx_json_print(j, &a, &err));
    CHECK_OK(bmx_json_parse("x", bmx_slice_of(a.ptr, a.len), &back, &err));
    CHECK_OK(bmx_json_print(back, &b, &err));
    setlocale(LC_NUMERIC, "C");
    assert_non_null(strstr(a.ptr, "0.25"));
    assert_true(a.len == b.len && !memcmp(a.ptr, b.ptr, a.len));
    bmx_json_free(j);
    bmx_json_free(back);
    bmx_buf_release(&a);
    bmx_buf_release(&b);
}

static void tiny_values_cannot_fill_memory(void **state)
{
    size_t n = 200001;
    char *text = malloc(n);
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < n; i++)
        text[i] = i % 2 ? '1' : ',';
    text[0] = '[';
    text[n - 1] = ']';
    CHECK_FAILS(parse(text, n, &err), BPEMIX_E_UNSUPPORTED, "too many values");
    free(text);
}

/* {"x": n brackets, "y": 7}, objects or arrays, of which the inner `missing` are not closed. */
static size_t nested(char *text, size_t n, bool objects, size_t missing)
{
    const char *open = objects ? "{\"a\":" : "[";
    size_t len = (size_t)sprintf(text, "{\"x\":");

    for (size_t i = 0; i < n; i++)
        len += (size_t)sprintf(text + len, "%s", open);
    len += (size_t)sprintf(text + len, "1");
    for (size_t i = missing; i < n; i++)
        text[len++] = objects ? '}' : ']';
    return len + (size_t)sprintf(text + len, ",\"y\":7}");
}

/* What is nested too deeply for a parser reads as null, whole or not at all. */
static void depth(void **state)
{
    static const size_t depths[] = { 1, 100, 898, 899, 900, 901, 902, 903, 1000, 1001, 50000,
                                     200000 };
    char *text = malloc(6 * 200000 + 100);
    bpemix_error err;

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++)
        for (int objects = 0; objects < 2; objects++) {
            size_t n = nested(text, depths[i], objects, 0), levels = 0;
            bmx_json *j = NULL;
            const bmx_json *x;
            uint64_t y;

            CHECK_OK(bmx_json_parse("x", bmx_slice_of(text, n), &j, &err));
            assert_true(bmx_json_uint(bmx_json_get(j, "y"), 9, &y) && y == 7);
            for (x = bmx_json_get(j, "x"); bmx_json_first(x); x = bmx_json_first(x))
                levels++;
            if (depths[i] < 900)
                assert_int_equal(levels, depths[i]);
            assert_int_equal(bmx_json_kind_of(x), depths[i] < 900 +
                             !objects ? BMX_JSON_NUMBER : BMX_JSON_NULL);
            bmx_json_free(j);
            /* damage down there is damage all the same */
            n = nested(text, depths[i], objects, 1);
            if (parse(text, n, &err) != BPEMIX_E_FORMAT)
                fail_msg("%zu levels, objects %d: %.40s", depths[i], objects, text);
        }
    assert_int_equal(parse(text, nested(text, 2000, false, 0) - 1010, &err), BPEMIX_E_FORMAT);
    nested(text, 2000, false, 0); /* error messages point into the text as it is */
    text[5 + 2000] = '?';
    CHECK_FAILS(parse(text, strlen(text), &err), BPEMIX_E_FORMAT, "byte 2005: not valid JSON");
    nested(text, 2000, false, 0);
    strcpy(text + strlen(text) - 2, "?}");
    CHECK_FAILS(parse(text, strlen(text), &err), BPEMIX_E_FORMAT, "byte 4011: not valid JSON");
    {
        bmx_json *j = NULL;
        size_t n = nested(text, 1200, true, 0);
        SURVIVES(1, bmx_json_parse("x", bmx_slice_of(text, n), &j, &err), assert_true(!j == !last));
        bmx_json_free(j);
    }
    free(text);
}

/* Names that a terminal would obey, or not show, are written as escapes, and read as they were. */
static void nothing_for_terminals(void **state)
{
    static const char name[] = "a\xc2\x9b\xe2\x80\xae\x7f\xf3\xa0\x81\x81\xc3\xa9\xe2\x80\x8d";
    bmx_json *j = bmx_json_object(), *again = NULL;
    bmx_buf out = { 0 };
    bpemix_error err;

    (void)state;
    bmx_json_put_str(j, name, name);
    CHECK_OK(bmx_json_print_compact(j, &out, &err));
    CHECK_OK(bmx_buf_addc(&out, 0, &err));
    assert_string_equal(out.ptr, "{\"a\\u009b\\u202e\\u007f\\udb40\\udc41\xc3\xa9\xe2\x80\x8d\":"
                                 "\"a\\u009b\\u202e\\u007f\\udb40\\udc41\xc3\xa9\xe2\x80\x8d\"}");
    CHECK_OK(bmx_json_parse("x", bmx_slice_of(out.ptr, out.len - 1), &again, &err));
    assert_string_equal(bmx_json_string(bmx_json_get(again, name)), name);
    bmx_json_free(again);
    bmx_json_free(j);
    bmx_buf_release(&out);
}

/* Numbers print as they were written, before and after a round trip. */
static void round_trip(void **state)
{
    static const char text[] = "{\n"
                               "  \"exact\": 18446744073709551615,\n"
                               "  \"share\": 0.94,\n"
                               "  \"list\": [1, 2, \"\\u00e9 \\\"\\n\"],\n"
                               "  \"none\": null\n"
                               "}\n";
    bmx_json *j = bmx_json_object(), *list, *again = NULL;
    bmx_buf a = { 0 }, b = { 0 };
    bpemix_error err;

    (void)state;
    bmx_json_put_uint(j, "exact", UINT64_MAX);
    bmx_json_put_double(j, "share", 0.25);
    list = bmx_json_put(j, "list", bmx_json_array());
    bmx_json_push(list, bmx_json_new_double(1.0 / 3));
    bmx_json_push(list, bmx_json_new_bytes(bmx_slice_of("a\xff\0b", 4)));
    bmx_json_put_str(j, "none", NULL);
    CHECK_OK(bmx_json_print(j, &a, &err));
    assert_true(a.len > 0 && strstr(a.ptr, "18446744073709551615") != NULL);
    assert_true(strstr(a.ptr, "0.33333333333333331") != NULL);
    bmx_json_free(j);

    CHECK_OK(bmx_json_parse("x", bmx_slice_str(text), &again, &err));
    assert_int_equal(bmx_json_count(again), 4);
    assert_string_equal(bmx_json_string(bmx_json_first(bmx_json_get(again, "list"))
                                            ? bmx_json_next(bmx_json_next(bmx_json_first(
                                                  bmx_json_get(again, "list"))))
                                            : NULL),
                        "\xc3\xa9 \"\n");
    assert_true(bmx_json_is_null(bmx_json_get(again, "none")));
    CHECK_OK(bmx_json_print_compact(bmx_json_get(again, "share"), &b, &err));
    assert_memory_equal(b.ptr, "0.93999999999999995", b.len);
    bmx_json_free(again);
    bmx_buf_release(&a);
    bmx_buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused),
        cmocka_unit_test(foreign),
        cmocka_unit_test(locale_does_not_matter),
        cmocka_unit_test(tiny_values_cannot_fill_memory),
        cmocka_unit_test(depth),
        cmocka_unit_test(nothing_for_terminals),
        cmocka_unit_test(round_trip),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}

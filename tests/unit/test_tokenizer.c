/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Byte alphabet and base64, initial symbols, digest and description. */
#include "byte_json.h"

#include "base/format.h"
#include "tokenizer/base64.h"
#include "tokenizer/build.h"
#include "tokenizer/bytelevel.h"
#include "tokenizer/json_scan.h"
#include "tokenizer/tokenizer.h"

/* ---- byte alphabet and base64 ---- */

static void byte_alphabet_is_a_bijection(void **state)
{
    bool used[0x200] = { false };
    unsigned next = 0x100;

    (void)state;
    /* the definition, written out: printable bytes stand for themselves, the others follow */
    for (unsigned b = 0; b < 256; b++) {
        bool printable = (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
        uint32_t want = printable ? b : next++, cp = bmx_bytelevel_char((unsigned char)b);
        assert_int_equal(cp, want);
        assert_false(used[cp]);
        used[cp] = true;
        assert_int_equal(bmx_bytelevel_byte(cp), (int)b);
    }
    for (uint32_t cp = 0; cp < 0x400; cp++)
        if (cp >= 0x200 || !used[cp])
            assert_int_equal(bmx_bytelevel_byte(cp), -1);
}

static void byte_alphabet_round_trip(void **state)
{
    bpemix_error err;
    bmx_buf text = { 0 };
    char raw[256], back[600];
    size_t n;

    (void)state;
    for (int i = 0; i < 256; i++)
        raw[i] = (char)i;
    CHECK_OK(bmx_bytelevel_encode(bmx_slice_of(raw, 256), &text, &err));
    assert_true(bmx_bytelevel_decode(slice_of(&text), back, &n));
    assert_int_equal(n, 256);
    assert_memory_equal(back, raw, 256);
    assert_false(bmx_bytelevel_decode(bmx_slice_str("a b"), back, &n));
    assert_false(bmx_bytelevel_decode(bmx_slice_str("\xe2\x96\x81"), back, &n));
    assert_false(bmx_bytelevel_decode(bmx_slice_str("\xff"), back, &n));
    bmx_buf_release(&text);
}

static void base64_known_values(void **state)
{
    static const struct { const char *text; size_t n; const char *bytes; } good[] = {
        { "", 0, "" }, { "IQ==", 1, "!" }, { "IQ", 1, "!" }, { "ICA=", 2, "  " },
        { "AAEC", 3, "\0\1\2" }, { "/+8=", 2, "\xff\xef" }, { "Zm9vYmFy", 6, "foobar" },
    };
    static const char *const bad[] = { "I", "IQ=", "I===", "IQ= ", "IQ==\n", "IQ=a", "I-_a",
                                       "====" };
    bmx_buf out = { 0 };
    bpemix_error err;
    bool ok;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        out.len = 0;
        CHECK_OK(bmx_base64_decode(bmx_slice_str(good[i].text), &out, &ok, &err));
        assert_true(ok);
        assert_int_equal(out.len, good[i].n);
        assert_memory_equal(out.ptr, good[i].bytes, good[i].n);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        out.len = 0;
        CHECK_OK(bmx_base64_decode(bmx_slice_str(bad[i]), &out, &ok, &err));
        assert_false(ok);
        assert_int_equal(out.len, 0);
    }
    for (unsigned i = 0; i < 300; i++) { /* against the encoder of the tests */
        bmx_buf text = { 0 };
        char raw[40];
        bmx_rng rng = { i };
        size_t n = (size_t)bmx_rng_below(&rng, sizeof raw);
        for (size_t k = 0; k < n; k++)
            raw[k] = (char)bmx_rng_next(&rng);
        put_base64(&text, bmx_slice_of(raw, n));
        out.len = 0;
        CHECK_OK(bmx_base64_decode(slice_of(&text), &out, &ok, &err));
        assert_true(ok);
        assert_int_equal(out.len, n);
        assert_memory_equal(out.ptr, raw, n);
        bmx_buf_release(&text);
    }
    bmx_buf_release(&out);
}

static void top_level_keys_are_found(void **state)
{
    (void)state;
    assert_true(bmx_json_has_key(bmx_slice_str(" {\"a\": {\"b\": 1}, \"c\" : [\"d\"]}"), "c"));
    assert_false(bmx_json_has_key(bmx_slice_str("{\"a\": {\"b\": 1}}"), "b"));
    assert_false(bmx_json_has_key(bmx_slice_str("{\"a\": \"b\"}"), "b"));
    assert_false(bmx_json_has_key(bmx_slice_str("{\"a\": \"\\\"b\\\":\"}"), "b"));
    assert_false(bmx_json_has_key(bmx_slice_str("{\"a\": \"\\"), "b"));
    assert_false(bmx_json_has_key(bmx_slice_str("]]{\"b\": 1}"), "b"));
    assert_true(bmx_json_looks_like_object(bmx_slice_str("\xef\xbb\xbf {\n\"")));
    assert_false(bmx_json_looks_like_object(bmx_slice_str("{ {\n")));
    assert_false(bmx_json_looks_like_object(bmx_slice_str("")));
}

/* ---- initial symbols of character alphabets ---- */

static void marks_of_place_in_word(void **state)
{
    bpemix_tokenizer *tok = parse_str(
        "{\"model\": {\"type\": \"BPE\", \"continuing_subword_prefix\": \"##\","
        "\"end_of_word_suffix\": \"</w>\", \"unk_token\": \"[UNK]\", \"vocab\": {\"[UNK]\": 9,"
        "\"a\": 0, \"##b\": 1, \"##b</w>\": 2, \"ab\": 3, \"\xc3\xa9</w>\": 4, \"ab</w>\": 5},"
        "\"merges\": [\"a ##b\", \"a ##b</w>\"]}}");
    uint32_t out[8], b, b_end;

    (void)state;
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_CHARACTER);
    assert_int_equal(tok->vocab.id[tok->trained.merge[0].product], 3); /* the prefix is dropped */
    assert_int_equal(tok->vocab.id[tok->trained.merge[1].product], 5);
    b = bmx_intern_find(&tok->vocab.tokens, bmx_slice_str("##b"));
    b_end = bmx_intern_find(&tok->vocab.tokens, bmx_slice_str("##b</w>"));
    assert_int_equal(bmx_tokenizer_symbols(tok, bmx_slice_str("abb"), out), 3);
    assert_int_equal(tok->vocab.id[out[0]], 0);
    assert_int_equal(out[1], b);
    assert_int_equal(out[2], b_end);
    assert_int_equal(bmx_tokenizer_symbols(tok, bmx_slice_str("\xc3\xa9"), out), 1);
    assert_int_equal(tok->vocab.id[out[0]], 4);
    /* "a</w>" alone and a malformed byte are in no vocabulary */
    assert_int_equal(bmx_tokenizer_symbols(tok, bmx_slice_str("a"), out), 1);
    assert_int_equal(out[0], BMX_NONE);
    assert_int_equal(bmx_tokenizer_symbols(tok, bmx_slice_str("a\xff"), out), 2);
    assert_int_equal(out[1], BMX_NONE);
    assert_false(tok->vocab.open_alphabet);
    assert_int_equal(tok->encoding.unk_token,
                     bmx_intern_find(&tok->vocab.tokens, bmx_slice_str("[UNK]")));
    bpemix_tokenizer_free(tok);
}

static void byte_fallback_is_a_boundary(void **state)
{
    bpemix_tokenizer *tok = parse_str(
        "{\"model\": {\"type\": \"BPE\", \"byte_fallback\": true, \"vocab\": {\"<0x61>\": 7, \"<0xC3>\": 8,"
        "\"b\": 0, \"c\": 1, \"bc\": 2}, \"merges\": [\"b c\"]}}");
    uint32_t out[8];

    (void)state;
    assert_true(tok->vocab.byte_fallback);
    assert_int_equal(tok->vocab.id[tok->vocab.byte_symbol['a']], 7);
    assert_int_equal(tok->vocab.byte_symbol['b'], BMX_NONE);
    assert_int_equal(bmx_tokenizer_symbols(tok, bmx_slice_str("ab"), out), 2);
    assert_int_equal(out[0], BMX_NONE);
    assert_int_equal(tok->vocab.id[out[1]], 0);
    assert_int_equal(tok->n_unmerged, 0); /* byte tokens need no merge */
    bpemix_tokenizer_free(tok);
}

static void open_alphabet_has_raw_symbols(void **state)
{
    bpemix_tokenizer *tok = parse_str("#version: 0.2\nt h\nth e</w>\n");
    uint32_t out[8];
    char buf[64];
    bmx_slice s;

    (void)state;
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_CHARACTER);
    assert_true(tok->vocab.open_alphabet);
    assert_string_equal(tok->vocab.word_suffix.ptr, "</w>");
    assert_int_equal(bmx_tokenizer_symbols(tok, bmx_slice_str("t\xc3\xa9xe"), out), 4);
    assert_int_equal(out[0], tok->trained.merge[0].left);
    assert_int_equal(out[1], BMX_SYMBOL_RAW | 0xe9);
    assert_int_equal(out[3], tok->trained.merge[1].right); /* "e</w>" */
    assert_int_equal(bmx_tokenizer_symbols(tok, bmx_slice_str("tz"), out), 2);
    assert_int_equal(out[1], BMX_SYMBOL_RAW | BMX_SYMBOL_SUFFIX | 'z');
    s = bmx_symbol_text(tok, out[1], buf);
    assert_int_equal(s.len, 5);
    assert_memory_equal(s.ptr, "z</w>", 5);
    s = bmx_symbol_text(tok, out[0], buf);
    assert_int_equal(s.len, 1);
    assert_int_equal(bmx_symbol_text(tok, BMX_NONE, buf).len, 0);
    bpemix_tokenizer_free(tok);
}

/* ---- description ---- */

static void describes_itself(void **state)
{
    bpemix_tokenizer *tok = parse_str(BYTE_JSON(
        "{\"type\": \"NFC\"}", "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"\\\\p{L}+\"},"
        " \"behavior\": \"Isolated\", \"invert\": false}",
        "\"ignore_merges\": true, "));
    bpemix_error err;
    char *text = NULL;
    bmx_json *j;

    (void)state;
    CHECK_OK(bpemix_tokenizer_describe(tok, 0, &text, &err));
    CHECK_OK(bmx_json_parse("", bmx_slice_str(text), &j, &err));
    assert_string_equal(bmx_json_string(bmx_json_get(j, "path")), "memory");
    assert_string_equal(bmx_json_string(bmx_json_get(j, "format")), "tokenizer.json");
    assert_string_equal(bmx_json_string(bmx_json_get(j, "digest")), bpemix_tokenizer_digest(tok));
    assert_string_equal(bmx_json_string(bmx_json_first(bmx_json_first(bmx_json_get(j,
                                                                                   "first_merges")))), "h");
    assert_int_equal(bmx_json_count(bmx_json_get(j, "last_merges")), 3);
    assert_string_equal(
        bmx_json_string(bmx_json_get(bmx_json_first(bmx_json_get(bmx_json_get(j, "pretokenizer"),
                                                                  "steps")), "regex")), "\\p{L}+");
    assert_string_equal(bmx_json_string(bmx_json_get(bmx_json_first(bmx_json_get(j, "normalizer")),
                                                     "type")), "NFC");
    bmx_json_free(j);
    bpemix_free(text);
    text = NULL; /* PCRE2 can do without its compiled code, or a stack for that */
    SURVIVES_SOME(3, bpemix_tokenizer_describe(tok, 0, &text, &err), {
        bpemix_free(text);
        text = NULL;
    });
    bpemix_tokenizer_free(tok);
    bpemix_tokenizer_free(NULL);
}

static void display_is_printable(void **state)
{
    bpemix_tokenizer *tok = parse_str("aA== 0\nIAoJAMOpwoX/ 1\nZQ== 2\naGU= 3\n");
    bmx_buf b = { 0 };
    bpemix_error err;
    uint32_t id =
        bmx_intern_find(&tok->vocab.tokens, bmx_slice_of(" \n\t\0\xc3\xa9\xc2\x85\xff", 9));

    (void)state;
    assert_int_not_equal(id, BMX_NONE);
    CHECK_OK(bmx_symbol_display(tok, id, &b, &err));
    assert_int_equal(b.len, strlen("\xe2\x90\xa3\\n\\t\\x00\xc3\xa9\\xc2\\x85\\xff"));
    assert_memory_equal(b.ptr, "\xe2\x90\xa3\\n\\t\\x00\xc3\xa9\\xc2\\x85\\xff", b.len);
    bmx_buf_release(&b);
    bpemix_tokenizer_free(tok);
}

/* Warnings are whole; what has not as much room is cut between characters, and of a place the end
 * is kept. */
static void long_names(void **state)
{
    bpemix_tokenizer *tok = parse_str("aA== 0\nZQ== 1\naGU= 2\n"), *other = NULL;
    char path[1300] = "d/", buf[32];
    size_t len = 2;
    bpemix_error err;
    (void)state;

    for (; len + 12 < sizeof path; len += 3)
        memcpy(path + len, "\xe4\xb8\xad", 3);
    memcpy(path + len, "/x.json", 8);
    CHECK_OK(bmx_tokenizer_warn(tok, &err, "not used: %s", path));
    assert_int_equal(strlen(tok->warning[tok->n_warnings - 1]), 10 + strlen(path));
    CHECK_FAILS(bmx_tokenizer_parse(path, bmx_slice_str("{\"model\": 5}"), NULL, &other, &err),
                BPEMIX_E_FORMAT, "/x.json: model: a number");
    assert_int_equal(strlen(err.where), 254); /* 255 would begin within a character */
    assert_memory_equal(err.where, "...\xe4", 4);
    for (size_t size = 1; size < 9; size++) {
        assert_int_equal(bmx_snprintf(buf, size, "a%s", "\xe4\xb8\xad\xe4\xb8\xad"), 7);
        assert_int_equal(strlen(buf), size < 2 ? 0 : size < 5 ? 1 : size < 8 ? 4 : 7);
    }
    bmx_put_place(buf, sizeof buf, "file", "");
    assert_string_equal(buf, "file");
    bmx_put_place(buf, sizeof buf, "", "member");
    assert_string_equal(buf, "member");
    bmx_put_place(buf, 13, "file", "member");
    assert_string_equal(buf, "file: member");
    bmx_put_place(buf, 12, "file", "member");
    assert_string_equal(buf, "...: member");
    bmx_put_place(buf, 8, "file", "member");
    assert_string_equal(buf, "...mber");
    bpemix_tokenizer_free(tok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(byte_alphabet_is_a_bijection),
        cmocka_unit_test(byte_alphabet_round_trip),
        cmocka_unit_test(base64_known_values),
        cmocka_unit_test(top_level_keys_are_found),
        cmocka_unit_test(marks_of_place_in_word),
        cmocka_unit_test(byte_fallback_is_a_boundary),
        cmocka_unit_test(open_alphabet_has_raw_symbols),
        cmocka_unit_test(describes_itself),
        cmocka_unit_test(display_is_printable),
        cmocka_unit_test(long_names),
    };
    return cmocka_run_group_tests_name("tokenizer", tests, NULL, NULL);
}

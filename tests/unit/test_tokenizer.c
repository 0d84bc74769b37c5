/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers of text formats, initial symbols, digest and description. */
#include "tok.h"

#include <unistd.h>

#include "base/io.h"
#include "tokenizer/base64.h"
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
    static const char *const bad[] = { "I", "IQ=", "I===", "IQ= ", "IQ==\n", "IQ=a", "I-_a", "====" };
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

/* ---- tokenizer.json ---- */

#define G "\xc4\xa0" /* the space of the byte alphabet */
#define U "\xe2\x96\x81"

/* A byte-level tokenizer; %s: pre-tokenizer, normalizer and more members of model. */
#define BYTE_JSON(norm, pre, more)                                              \
    "{\"normalizer\": " norm ", \"pre_tokenizer\": " pre ", \"decoder\": null,"  \
    "\"model\": {\"type\": \"BPE\", " more                                       \
    "\"vocab\": {\"h\": 0, \"e\": 1, \"l\": 2, \"" G "\": 3, \"he\": 4, \"" G "he\": 5, \"ll\": 6}," \
    "\"merges\": [\"#version: 0.2\", \"h e\", [\"" G "\", \"he\"], \"l l\"]}}"
#define BYTE_LEVEL "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true}"

static void json_byte_level(void **state)
{
    bpemix_tokenizer *tok = parse_str(BYTE_JSON("null", BYTE_LEVEL, ""));
    uint32_t out[8];

    (void)state;
    assert_int_equal(tok->format, BMX_FORMAT_TOKENIZER_JSON);
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_BYTE);
    assert_int_equal(tok->vocab.size, 7);
    CHECK_MERGES(tok, "h|e", "\xe2\x90\xa3|he", "l|l");
    assert_int_equal(tok->vocab.id[tok->trained.merge[1].product], 5);
    assert_int_equal(tok->n_listed, 3);
    assert_int_equal(tok->n_unmerged, 0);
    /* a byte that is not in the vocabulary was not in the training text */
    assert_int_equal(bmx_tokenizer_symbols(tok, bmx_slice_str(" hx"), out), 3);
    assert_int_equal(out[0], tok->vocab.byte_symbol[' ']);
    assert_int_equal(tok->vocab.id[out[0]], 3);
    assert_int_equal(out[1], tok->vocab.byte_symbol['h']);
    assert_int_equal(out[2], BMX_NONE);
    assert_true(tok->pretokenizer_known);
    assert_int_equal(tok->trained.pretokenizer.n, 1);
    assert_true(tok->trained.pretokenizer.step[0].use_regex);
    assert_false(tok->trained.pretokenizer.step[0].add_prefix_space);
    bpemix_tokenizer_free(tok);
}

/* The digest is over raw bytes, one line a merge. */
static void digest_is_over_raw_bytes(void **state)
{
    bpemix_tokenizer *tok = parse_str(BYTE_JSON("null", BYTE_LEVEL, ""));
    const char *lines = "68 65\n20 6865\n6c 6c\n";
    char want[65];

    (void)state;
    bmx_sha256_of(lines, strlen(lines), want);
    assert_string_equal(bpemix_tokenizer_digest(tok), want);
    assert_int_equal(bpemix_tokenizer_merges(tok), 3);
    bpemix_tokenizer_free(tok);
}

static void json_every_component(void **state)
{
    static const char text[] = BYTE_JSON(
        "{\"type\": \"Sequence\", \"normalizers\": ["
        "{\"type\": \"NFC\"}, {\"type\": \"NFD\"}, {\"type\": \"NFKC\"}, {\"type\": \"NFKD\"},"
        "{\"type\": \"Lowercase\"}, {\"type\": \"Strip\", \"strip_left\": false, \"strip_right\": true},"
        "{\"type\": \"StripAccents\"},"
        "{\"type\": \"Replace\", \"pattern\": {\"Regex\": \" +\"}, \"content\": \"_\"},"
        "{\"type\": \"Prepend\", \"prepend\": \"" U "\"},"
        "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAECAw==\"}, {\"type\": \"Nmt\"},"
        "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"BertNormalizer\", \"clean_text\": false,"
        "  \"handle_chinese_chars\": true, \"strip_accents\": null, \"lowercase\": true}]},"
        "{\"type\": \"ByteLevel\"}]}",
        "{\"type\": \"Sequence\", \"pretokenizers\": ["
        "{\"type\": \"ByteLevel\", \"add_prefix_space\": true, \"use_regex\": false},"
        "{\"type\": \"Split\", \"pattern\": {\"String\": \"x\"}, \"behavior\": \"MergedWithNext\", \"invert\": true},"
        "{\"type\": \"Digits\", \"individual_digits\": true},"
        "{\"type\": \"Punctuation\"}, {\"type\": \"Punctuation\", \"behavior\": \"Contiguous\"},"
        "{\"type\": \"Whitespace\"}, {\"type\": \"WhitespaceSplit\"},"
        "{\"type\": \"Metaspace\", \"replacement\": \"" U "\", \"prepend_scheme\": \"first\", \"split\": false},"
        "{\"type\": \"Metaspace\", \"replacement\": \"_\", \"add_prefix_space\": false, \"str_rep\": \"_\"},"
        "{\"type\": \"BertPreTokenizer\"}, {\"type\": \"CharDelimiterSplit\", \"delimiter\": \"\xc3\xa9\"},"
        "{\"type\": \"Delimiter\", \"delimiter\": \"|\"}, {\"type\": \"UnicodeScripts\"},"
        "{\"type\": \"FixedLength\", \"length\": 7}, {\"type\": \"FixedLength\"}]}", "");
    static const bmx_normalizer_kind norm[] = {
        BMX_NORM_NFC, BMX_NORM_NFD, BMX_NORM_NFKC, BMX_NORM_NFKD, BMX_NORM_LOWERCASE,
        BMX_NORM_STRIP, BMX_NORM_STRIP_ACCENTS, BMX_NORM_REPLACE, BMX_NORM_PREPEND,
        BMX_NORM_PRECOMPILED, BMX_NORM_NMT, BMX_NORM_BERT, BMX_NORM_BYTE_LEVEL,
    };
    static const bmx_pretokenizer_kind pre[] = {
        BMX_PRE_BYTE_LEVEL, BMX_PRE_SPLIT, BMX_PRE_DIGITS, BMX_PRE_PUNCTUATION,
        BMX_PRE_PUNCTUATION, BMX_PRE_WHITESPACE, BMX_PRE_WHITESPACE_SPLIT, BMX_PRE_METASPACE,
        BMX_PRE_METASPACE, BMX_PRE_BERT, BMX_PRE_CHAR_DELIMITER, BMX_PRE_CHAR_DELIMITER,
        BMX_PRE_UNICODE_SCRIPTS, BMX_PRE_FIXED_LENGTH, BMX_PRE_FIXED_LENGTH,
    };
    bpemix_tokenizer *tok = parse_str(text);
    const bmx_normalizer_step *n = tok->trained.normalizer.step;
    const bmx_pretokenizer_step *p = tok->trained.pretokenizer.step;

    (void)state;
    assert_int_equal(tok->trained.normalizer.n, sizeof norm / sizeof *norm);
    for (size_t i = 0; i < sizeof norm / sizeof *norm; i++)
        assert_int_equal(n[i].kind, norm[i]);
    assert_false(n[5].strip_left);
    assert_true(n[5].strip_right);
    assert_true(n[7].pattern.is_regex);
    assert_int_equal(n[7].pattern.flavor, BMX_REGEX_ONIGURUMA);
    assert_string_equal(n[7].pattern.text, " +");
    assert_string_equal(n[7].content.ptr, "_");
    assert_string_equal(n[8].content.ptr, U);
    assert_int_equal(n[9].charsmap.len, 4);
    assert_memory_equal(n[9].charsmap.ptr, "\0\1\2\3", 4);
    assert_false(n[11].bert.clean_text);
    assert_true(n[11].bert.handle_chinese_chars && n[11].bert.lowercase);
    assert_true(n[11].bert.strip_accents); /* null: as lowercase */

    assert_int_equal(tok->trained.pretokenizer.n, sizeof pre / sizeof *pre);
    for (size_t i = 0; i < sizeof pre / sizeof *pre; i++)
        assert_int_equal(p[i].kind, pre[i]);
    assert_true(p[0].add_prefix_space);
    assert_false(p[0].use_regex);
    assert_false(p[1].pattern.is_regex);
    assert_int_equal(p[1].behavior, BMX_SPLIT_MERGED_WITH_NEXT);
    assert_true(p[1].invert);
    assert_true(p[2].individual_digits);
    assert_int_equal(p[3].behavior, BMX_SPLIT_ISOLATED);
    assert_int_equal(p[4].behavior, BMX_SPLIT_CONTIGUOUS);
    assert_int_equal(p[7].delimiter, 0x2581);
    assert_int_equal(p[7].prepend, BMX_PREPEND_FIRST);
    assert_false(p[7].split);
    assert_int_equal(p[8].prepend, BMX_PREPEND_NEVER);
    assert_true(p[8].split);
    assert_int_equal(p[10].delimiter, 0xe9);
    assert_int_equal(p[13].length, 7);
    assert_int_equal(p[14].length, 5);
    assert_string_equal(tok->trained.pretokenizer.name,
                        "ByteLevel, Split, Digits, Punctuation, Punctuation, Whitespace, "
                        "WhitespaceSplit, Metaspace, Metaspace, BertPreTokenizer, "
                        "CharDelimiterSplit, CharDelimiterSplit, UnicodeScripts, FixedLength, "
                        "FixedLength");
    survives_lack_of_memory_for(bmx_slice_str(text));
    bpemix_tokenizer_free(tok);
}

/* Very old files have components without "type". */
static void json_without_types(void **state)
{
    bpemix_tokenizer *tok = parse_str(BYTE_JSON(
        "{\"normalizers\": [{\"strip_left\": true, \"strip_right\": false}, {\"prepend\": \"x\"}]}",
        "{\"pretokenizers\": [{\"individual_digits\": false},"
        "{\"add_prefix_space\": false, \"trim_offsets\": true},"
        "{\"replacement\": \"_\", \"add_prefix_space\": true}]}", ""));

    (void)state;
    assert_int_equal(tok->trained.normalizer.step[0].kind, BMX_NORM_STRIP);
    assert_int_equal(tok->trained.normalizer.step[1].kind, BMX_NORM_PREPEND);
    assert_int_equal(tok->trained.pretokenizer.step[0].kind, BMX_PRE_DIGITS);
    assert_int_equal(tok->trained.pretokenizer.step[1].kind, BMX_PRE_BYTE_LEVEL);
    assert_int_equal(tok->trained.pretokenizer.step[2].kind, BMX_PRE_METASPACE);
    assert_int_equal(tok->trained.pretokenizer.step[2].prepend, BMX_PREPEND_ALWAYS);
    bpemix_tokenizer_free(tok);
}

static void json_damage_is_located(void **state)
{
    bpemix_error err;

    (void)state;
    CHECK_FAILS(try_str("{\"model\"", &err), BPEMIX_E_FORMAT, "memory:1: byte 7");
    CHECK_FAILS(try_str("{\"model\": 5}", &err), BPEMIX_E_FORMAT, "model: a number");
    CHECK_FAILS(try_str("{\"a\": 1, \"b\": 2}", &err), BPEMIX_E_FORMAT, "no model");
    CHECK_FAILS(try_str("{\"model\": {\"merges\": [], \"vocab\": []}}", &err), BPEMIX_E_FORMAT,
                "model.vocab: an array where an object is expected");
    CHECK_FAILS(try_str("{\"model\": {\"merges\": {}, \"vocab\": {}}}", &err), BPEMIX_E_FORMAT,
                "model.merges: an object where an array is expected");
    CHECK_FAILS(try_str("{\"model\": {\"merges\": [], \"vocab\": {}}}", &err), BPEMIX_E_FORMAT,
                "no merges");
    CHECK_FAILS(try_str("{\"model\": {\"merges\": [], \"vocab\": {\"a\": -1}}}", &err),
                BPEMIX_E_FORMAT, "model.vocab: token 'a'");
    CHECK_FAILS(try_str("{\"model\": {\"merges\": [\"a b\", \"a b c\"], \"vocab\": {\"a\": 1}}}", &err),
                BPEMIX_E_FORMAT, "model.merges[1]: 'a b c'");
    CHECK_FAILS(try_str("{\"model\": {\"merges\": [\"a b\", \"ab\"], \"vocab\": {\"a\": 1}}}", &err),
                BPEMIX_E_FORMAT, "model.merges[1]");
    CHECK_FAILS(try_str("{\"model\": {\"merges\": [\"a b\", [\"a\"]], \"vocab\": {\"a\": 1}}}", &err),
                BPEMIX_E_FORMAT, "model.merges[1]: an array");
    CHECK_FAILS(try_str("{\"model\": {\"merges\": [7], \"vocab\": {\"a\": 1}}}", &err),
                BPEMIX_E_FORMAT, "model.merges[0]: a number");
    CHECK_FAILS(try_str("{\"model\": {\"vocab\": {}, \"merges\": [], \"fuse_unk\": 3}}", &err),
                BPEMIX_E_FORMAT, "model.fuse_unk");
    CHECK_FAILS(try_str("", &err), BPEMIX_E_FORMAT, "empty");
    CHECK_FAILS(try_str("hello\n", &err), BPEMIX_E_FORMAT, "not a tokenizer");
}

static void json_unknown_parts_are_named(void **state)
{
    bpemix_error err;

    (void)state;
    CHECK_FAILS(try_str(BYTE_JSON("null", "{\"type\": \"Sequence\", \"pretokenizers\": [" BYTE_LEVEL
                                  ", {\"type\": \"Magic\"}]}", ""), &err),
                BPEMIX_E_UNSUPPORTED, "pre_tokenizer.pretokenizers[1]: unknown pre-tokenizer 'Magic'");
    CHECK_FAILS(try_str(BYTE_JSON("{\"type\": \"Magic\"}", BYTE_LEVEL, ""), &err),
                BPEMIX_E_UNSUPPORTED, "normalizer: unknown normalizer 'Magic'");
    CHECK_FAILS(try_str(BYTE_JSON("{\"foo\": 1}", BYTE_LEVEL, ""), &err), BPEMIX_E_UNSUPPORTED,
                "without a type");
    CHECK_FAILS(try_str(BYTE_JSON("null", "{\"type\": \"Split\", \"pattern\": {\"String\": \"x\"},"
                                  " \"behavior\": \"Odd\"}", ""), &err),
                BPEMIX_E_UNSUPPORTED, "unknown behavior 'Odd'");
    CHECK_FAILS(try_str(BYTE_JSON("null", "{\"type\": \"Split\", \"behavior\": \"Isolated\"}", ""), &err),
                BPEMIX_E_FORMAT, "pre_tokenizer.pattern: nothing");
    CHECK_FAILS(try_str("{\"model\": {\"type\": \"WordPiece\", \"vocab\": {}}}", &err),
                BPEMIX_E_UNSUPPORTED, "a WordPiece model has no merges");
    CHECK_FAILS(try_str("{\"model\": {\"type\": \"Unigram\", \"vocab\": []}}", &err),
                BPEMIX_E_UNSUPPORTED, "Unigram");
    CHECK_FAILS(try_str("{\"model\": {\"type\": \"WordLevel\", \"vocab\": {}}}", &err),
                BPEMIX_E_UNSUPPORTED, "WordLevel");
    CHECK_FAILS(try_str("{\"model\": {\"vocab\": {}, \"max_input_chars_per_word\": 100}}", &err),
                BPEMIX_E_UNSUPPORTED, "WordPiece");
    CHECK_FAILS(try_str("{\"model\": {\"type\": \"Foo\"}}", &err), BPEMIX_E_UNSUPPORTED, "'Foo'");
}

/* A named pre-tokenizer replaces the file's, even one that is not understood. */
static void preset_replaces_pretokenizer(void **state)
{
    bpemix_load_opts opts = { .pretokenizer = "gpt2" };
    bpemix_tokenizer *tok = parse_opts(
        bmx_slice_str(BYTE_JSON("null", "{\"type\": \"Magic\"}", "")), &opts), *none = NULL;
    bpemix_error err = { 0 };

    (void)state;
    assert_string_equal(tok->trained.pretokenizer.name, "gpt2");
    assert_true(tok->pretokenizer_known);
    bpemix_tokenizer_free(tok);
    opts.pretokenizer = "nonsense";
    CHECK_FAILS(bmx_tokenizer_parse("memory", bmx_slice_str(BYTE_JSON("null", BYTE_LEVEL, "")),
                                    &opts, &none, &err), BPEMIX_E_USAGE, "nonsense");
    assert_null(none);
}

static void unknown_tokens_are_flagged(void **state)
{
    bpemix_tokenizer *tok = parse_str(
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2, \"zz\": 3},"
        "\"merges\": [\"a b\", \"ab b\", \"ab x\", \"a b\"]}}");

    (void)state;
    CHECK_MERGES(tok, "a|b", "ab|b", "ab|x", "a|b");
    assert_int_equal(tok->trained.merge[0].flags, 0);
    assert_int_equal(tok->trained.merge[1].flags, BMX_MERGE_UNKNOWN);
    assert_int_equal(tok->trained.merge[2].flags, BMX_MERGE_UNKNOWN);
    assert_int_equal(tok->trained.merge[3].flags, BMX_MERGE_REPEATED);
    assert_true(has_warning(tok, "not in the vocabulary: 2, the first of them model.merges[1]"));
    assert_int_equal(tok->n_unmerged, 1);
    assert_true(is_unmerged(tok, "zz"));
    bpemix_tokenizer_free(tok);
}

static void a_byte_vocabulary_needs_a_byte_step(void **state)
{
    bmx_buf b = { 0 };

    (void)state;
    for (int step = 0; step < 2; step++) {
        bpemix_tokenizer *tok;
        b.len = 0;
        put_str(&b, step ? "{\"pre_tokenizer\": {\"type\": \"ByteLevel\"}, " : "{");
        put_str(&b, "\"model\": {\"type\": \"BPE\", \"vocab\": {");
        for (unsigned c = 0; c < 256; c++) {
            bpemix_error err;
            CHECK_OK(bmx_buf_addf(&b, &err, "\"\\u%04x\": %u, ", bmx_bytelevel_char((unsigned char)c), c));
        }
        put_str(&b, "\"aa\": 256}, \"merges\": [\"a a\"]}}");
        tok = parse(slice_of(&b));
        assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_BYTE);
        assert_int_equal(has_warning(tok, "no step that maps text to it"), !step);
        bpemix_tokenizer_free(tok);
    }
    bmx_buf_release(&b);
}

static void newline_products_are_flagged(void **state)
{
    bpemix_tokenizer *tok = parse_str(
        "{\"pre_tokenizer\": " BYTE_LEVEL ", \"model\": {\"vocab\": {\"\xc4\x8a\": 0, \"a\": 1,"
        "\"a\xc4\x8a\": 2, \"\xc4\x8a\xc4\x8a\": 3},"
        "\"merges\": [\"a \xc4\x8a\", \"\xc4\x8a \xc4\x8a\"]}}");

    (void)state;
    assert_int_equal(tok->trained.merge[0].flags, 0);
    assert_int_equal(tok->trained.merge[1].flags, BMX_MERGE_NEWLINE);
    bpemix_tokenizer_free(tok);
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

/* ---- merges.txt ---- */

static void merges_lines(void **state)
{
    /* CRLF, merges that start with '#', U+0085 inside a token, no final newline */
    bpemix_tokenizer *tok = parse_str("#version: 0.2\r\n" G " t\r\n# #\r\n## ##\r\n\r\nt \xc2\x85");

    (void)state;
    assert_int_equal(tok->format, BMX_FORMAT_MERGES_TXT);
    assert_int_equal(tok->vocab.alphabet,
                     BMX_ALPHABET_CHARACTER); /* U+0085 is not in the byte alphabet */
    CHECK_MERGES(tok, G "|t", "#|#", "##|##", "t|\\xc2\\x85");
    assert_false(tok->pretokenizer_known);
    bpemix_tokenizer_free(tok);
}

static void merges_alphabet_by_content(void **state)
{
    bpemix_tokenizer *tok = parse_str(G " t\nt h\n\xc3\x83 \xc2\xa9\n"); /* space; C3 A9 */
    uint32_t out[2];

    (void)state;
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_BYTE);
    assert_false(tok->vocab.open_alphabet);
    assert_true(bmx_slice_eq(bmx_product_text(tok, 2), bmx_slice_str("\xc3\xa9")));
    /* without a vocabulary all 256 bytes may occur */
    for (int b = 0; b < 256; b++)
        assert_int_not_equal(tok->vocab.byte_symbol[b], BMX_NONE);
    assert_int_equal(bmx_tokenizer_symbols(tok, bmx_slice_str("z"), out), 1);
    assert_int_not_equal(out[0], BMX_NONE);
    bpemix_tokenizer_free(tok);

    /* French letters could be bytes, but would then be malformed */
    tok = parse_str("\xc3\xa9 t\nt \xc3\xa9\n\xc3\xa0 s\n");
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_CHARACTER);
    bpemix_tokenizer_free(tok);
    /* no space because of the suffix, but UTF-8 sequences */
    tok = parse_str("t h\n\xc3\x83 \xc2\xa9</w>\na n</w>\n");
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_BYTE);
    assert_int_equal(tok->vocab.word_suffix.len, 4);
    bpemix_tokenizer_free(tok);
}

static void merges_damage_is_located(void **state)
{
    bpemix_error err;

    (void)state;
    CHECK_FAILS(try_str("a b\na  b\n", &err), BPEMIX_E_FORMAT, ":2: 'a  b'");
    assert_int_equal(err.line, 2);
    CHECK_FAILS(try_str("a b\nabc\n", &err), BPEMIX_E_FORMAT, ":2: 'abc'");
    CHECK_FAILS(try_str("a b\na \xff\n", &err), BPEMIX_E_FORMAT, "byte 6 is not UTF-8 (0xff)");
    assert_int_equal(err.offset, 6);
    CHECK_FAILS(try_str("e </w>\n", &err), BPEMIX_E_UNSUPPORTED, "subword-nmt 0.1");
    CHECK_FAILS(try_str("#version: 0.2\n", &err), BPEMIX_E_FORMAT, "no merges");
    survives_lack_of_memory_for(bmx_slice_str("#version: 0.2\nt h\nth e</w>\n"));
}

static void write_text(const char *folder, const char *name, const char *text)
{
    char path[300];
    bpemix_error err;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    CHECK_OK(bmx_write_file(path, text, strlen(text), &err));
}

static bpemix_tokenizer *load(const char *folder, const char *name)
{
    char path[300];
    bpemix_error err = { 0 };
    bpemix_tokenizer *tok = NULL;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    CHECK_OK(bmx_tokenizer_load(path, NULL, &tok, &err));
    return tok;
}

static void remove_text(const char *folder, const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(unlink(path), 0);
}

/* A vocabulary of the 256 bytes, and a list that only holds ASCII. */
static void bytes_vocab(const char *folder)
{
    bmx_buf b = { 0 };

    for (int i = 0; i < 256; i++) {
        char raw = (char)i, line[20];
        bpemix_error err;
        put_str(&b, i ? ",\"" : "{\"");
        if (i == '"' || i == '\\')
            put_str(&b, "\\");
        CHECK_OK(bmx_bytelevel_encode(bmx_slice_of(&raw, 1), &b, &err));
        snprintf(line, sizeof line, "\":%d", i);
        put_str(&b, line);
    }
    put(&b, ",\"ab\":256}", 11);
    put(&b, "", 1);
    write_text(folder, "bytes-vocab.json", b.ptr);
    write_text(folder, "bytes-merges.txt", "a b\n");
    bmx_buf_release(&b);
}

static void vocabulary_beside_the_merges(void **state)
{
    char folder[] = "/tmp/bmx-test-XXXXXX";
    bpemix_tokenizer *tok;
    uint32_t out[4];
    bpemix_error err;
    char path[300];

    (void)state;
    assert_non_null(mkdtemp(folder));
    write_text(folder, "merges.txt", "h e\nhe " G "\n");
    write_text(folder, "small-merges.txt", "h e\n");
    write_text(folder, "vocab.json", "{\"h\": 5, \"e\": 6, \"" G "\": 7, \"he\": 8, \"he" G "\": 9,"
                                     "\"<|end|>\": 10, \"hh\": 11}");
    write_text(folder, "small-vocab.json", "[1]");
    write_text(folder, "other-merges.txt", "x y\nxy z\n");
    write_text(folder, "other-vocab.json", "{\"h\": 5, \"e\": 6, \"he\": 7}");
    bytes_vocab(folder);

    tok = load(folder, "merges.txt");
    assert_int_equal(tok->vocab.size, 7);
    assert_int_equal(tok->vocab.id[tok->trained.merge[1].product], 9);
    assert_int_equal(bmx_tokenizer_symbols(tok, bmx_slice_str("hx"), out), 2);
    assert_int_equal(out[1], BMX_NONE);
    assert_int_equal(tok->n_unmerged, 1); /* the one in brackets counts as special */
    assert_true(is_unmerged(tok, "hh"));
    bpemix_tokenizer_free(tok);

    tok = load(folder, "small-merges.txt");
    assert_int_equal(tok->vocab.size, 0);
    assert_true(has_warning(tok, "not used"));
    bpemix_tokenizer_free(tok);

    tok = load(folder, "other-merges.txt");
    assert_int_equal(tok->vocab.size, 0);
    CHECK_MERGES(tok, "x|y", "xy|z");
    assert_int_equal(tok->trained.merge[0].flags, 0);
    assert_true(has_warning(tok, "is not theirs"));
    assert_int_equal(bmx_intern_find(&tok->vocab.tokens, bmx_slice_str("he")), BMX_NONE);
    bpemix_tokenizer_free(tok);

    snprintf(path, sizeof path, "%s/other-merges.txt", folder);
    tok = NULL;
    SURVIVES(20, bmx_tokenizer_load(path, NULL, &tok, &err), assert_true(!tok == !last));
    bpemix_tokenizer_free(tok);

    tok = load(folder, "bytes-merges.txt"); /* the vocabulary tells what the merges do not */
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_BYTE);
    assert_int_equal(tok->vocab.id[tok->vocab.byte_symbol[0xff]], 255);
    bpemix_tokenizer_free(tok);

    CHECK_FAILS(bmx_tokenizer_load(folder, NULL, &tok, &err), BPEMIX_E_USAGE, "folder");
    remove_text(folder, "merges.txt");
    remove_text(folder, "small-merges.txt");
    remove_text(folder, "vocab.json");
    remove_text(folder, "small-vocab.json");
    remove_text(folder, "other-merges.txt");
    remove_text(folder, "other-vocab.json");
    remove_text(folder, "bytes-merges.txt");
    remove_text(folder, "bytes-vocab.json");
    CHECK_FAILS(bmx_tokenizer_load("/nonexistent/file", NULL, &tok, &err), BPEMIX_E_IO, "/nonexistent/file");
    assert_int_equal(rmdir(folder), 0);
}

/* ---- CLIP ---- */

static void clip_uses_the_first_merges(void **state)
{
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;
    uint32_t out[4];
    char line[40];

    (void)state;
    put_str(&b, "\"bpe_simple_vocab_16e6.txt#version: 0.2\ni n\nt h\na n</w>\n");
    for (int i = 3; i < 48900; i++) { /* distinct and long enough, as the real one */
        snprintf(line, sizeof line, "%c%c %c%c%c%c\n", 'a' + i % 26, 'a' + i / 26 % 26,
                 'a' + i / 676 % 26, 'a' + i / 17576 % 26, 'a' + i % 7, 'a' + i % 5);
        put_str(&b, line);
    }
    tok = parse(slice_of(&b));
    assert_int_equal(tok->format, BMX_FORMAT_CLIP);
    assert_int_equal(tok->trained.n_merges, 48894);
    assert_int_equal(tok->n_listed, 48900);
    assert_int_equal(tok->vocab.size, 49408);
    assert_string_equal(tok->format_detail, "48894 of 48900 listed merges are in use");
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_BYTE);
    assert_string_equal(tok->trained.pretokenizer.name, "clip");
    assert_int_equal(tok->trained.normalizer.step[0].kind, BMX_NORM_CLIP);
    assert_int_equal(bmx_tokenizer_symbols(tok, bmx_slice_str("an"), out), 2);
    assert_int_equal(out[0], tok->trained.merge[2].left);
    assert_int_equal(out[1], tok->trained.merge[2].right);
    assert_int_equal(tok->vocab.id[out[0]], 'a' - 33);
    assert_int_equal(tok->vocab.id[tok->trained.merge[0].product], 512);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

/* ---- rank files ---- */

static void rank_lines(void **state)
{
    bpemix_tokenizer *tok;
    bpemix_error err;
    /* h e l he hel, a hole before rank 9, an empty token, CRLF, a blank line */
    static const char text[] = "aA== 2\nZQ== 1\r\nbA== 0\n\naGVs 9\nPQ== 4\n= 8\naGU= 3\nbGxs 7\n";

    (void)state;
    tok = parse_str(text);
    assert_int_equal(tok->format, BMX_FORMAT_TIKTOKEN);
    assert_int_equal(tok->vocab.size, 7);
    CHECK_MERGES(tok, "h|e", "he|l");
    assert_int_equal(tok->vocab.id[tok->trained.merge[1].product], 9);
    assert_int_equal(tok->n_unmerged, 1); /* "lll" without "ll" */
    assert_true(is_unmerged(tok, "lll"));
    assert_int_equal(tok->vocab.byte_symbol['x'], BMX_NONE);
    assert_false(tok->pretokenizer_known);
    assert_int_equal(tok->trained.normalizer.n, 0);
    assert_true(has_warning(tok, "ranks that no token has: 2, the first of them 5;"));
    bpemix_tokenizer_free(tok);

    tok = parse_str("aA== 2\nZQ== 1\n= 3\naGU= 4\n"); /* the empty token accounts for the hole */
    assert_false(has_warning(tok, "ranks that no token has"));
    bpemix_tokenizer_free(tok);
    CHECK_FAILS(try_str("aA== 2\nZQ== 1\naA== 3\n", &err), BPEMIX_E_FORMAT, ":3: token 'h' is listed twice");
    CHECK_FAILS(try_str("aA== 2\nZQ== 2\naGU= 3\n", &err), BPEMIX_E_FORMAT, "two tokens have rank 2");
    /* damage behind the lines that decide the format */
    CHECK_FAILS(try_str("aA== 0\nZQ== 1\nbA== 2\nbQ== 3\nbg== 4\nbw== 5\ncA== 6\ncQ== 7\naGU*\n", &err),
                BPEMIX_E_FORMAT, ":9: 'aGU*' is not");
    CHECK_FAILS(try_str("aA== 0\nZQ== 1\nbA== 2\nbQ== 3\nbg== 4\nbw== 5\ncA== 6\ncQ== 7\na 8\n", &err),
                BPEMIX_E_FORMAT, ":9: 'a' is not base64");
    CHECK_FAILS(try_str("aA== 0\nZQ== 1\nbA== 2\nbQ== 3\nbg== 4\nbw== 5\ncA== 6\ncQ== 7\naGU= 4294967295\n", &err),
                BPEMIX_E_FORMAT, ":9: a rank above");
    CHECK_FAILS(try_str("aA== 0\nZQ== 1\n", &err), BPEMIX_E_FORMAT, "no merges");
    survives_lack_of_memory_for(bmx_slice_str(text));
}

static void compact_ranks(void **state)
{
    static const char text[] =
        "{\"explicit_n_vocab\": 5, \"pat_str\": \"\\\\p{L}+|\\\\s\", \"special_tokens\": {\"<E>\": 0},"
        "\"bpe_ranks\": \"! 5 aA== ZQ==\\n! 9 bA== aGU= aGVs\"}";
    bpemix_tokenizer *tok = parse_str(text);
    bpemix_error err;

    (void)state;
    assert_int_equal(tok->format, BMX_FORMAT_COMPACT_RANKS);
    CHECK_MERGES(tok, "h|e", "he|l");
    assert_int_equal(tok->vocab.id[tok->vocab.byte_symbol['e']], 6);
    assert_int_equal(tok->vocab.id[tok->vocab.byte_symbol['l']], 9);
    assert_true(tok->pretokenizer_known);
    assert_string_equal(tok->trained.pretokenizer.step[0].pattern.text, "\\p{L}+|\\s");
    assert_int_equal(tok->trained.pretokenizer.step[0].pattern.flavor, BMX_REGEX_FANCY);
    assert_int_equal(tok->trained.pretokenizer.step[0].behavior, BMX_SPLIT_REMOVED);
    assert_true(tok->trained.pretokenizer.step[0].invert); /* only what matches is encoded */
    assert_string_equal(tok->trained.pretokenizer.name, "Split");
    bpemix_tokenizer_free(tok);
    CHECK_FAILS(try_str("{\"bpe_ranks\": \"! x aA==\"}", &err), BPEMIX_E_FORMAT, "bpe_ranks:1");
    CHECK_FAILS(try_str("{\"bpe_ranks\": \"! 0 aA==\\n! 1 a\"}", &err), BPEMIX_E_FORMAT,
                "bpe_ranks:2: 'a' is not base64");
    CHECK_FAILS(try_str("{\"bpe_ranks\": 3}", &err), BPEMIX_E_FORMAT, "bpe_ranks");
    survives_lack_of_memory_for(bmx_slice_str(text));
}

static void tekken(void **state)
{
    static const char text[] =
        "{\"config\": {\"pattern\": \"\\\\p{N}+\", \"num_vocab_tokens\": 6, \"default_vocab_size\": 7,"
        "\"default_num_special_tokens\": 3, \"version\": \"v3\"}, \"vocab\": ["
        "{\"rank\": 0, \"token_bytes\": \"aA==\", \"token_str\": \"h\"},"
        "{\"rank\": 1, \"token_bytes\": \"ZQ==\", \"token_str\": \"e\"},"
        "{\"rank\": 2, \"token_bytes\": \"bA==\", \"token_str\": null},"
        "{\"rank\": 3, \"token_bytes\": \"aGU=\", \"token_str\": \"he\"},"
        "{\"rank\": 4, \"token_bytes\": \"aGVs\", \"token_str\": \"hel\"}]}";
    bpemix_tokenizer *tok = parse_str(text);
    bpemix_error err;

    (void)state;
    assert_int_equal(tok->format, BMX_FORMAT_TEKKEN);
    CHECK_MERGES(tok, "h|e"); /* 7 - 3 = 4 of the 5 stored tokens are in use */
    assert_int_equal(tok->vocab.size, 4);
    assert_int_equal(tok->vocab.id[tok->trained.merge[0].product], 3 + 3);
    assert_string_equal(tok->format_detail, "4 of 5 stored tokens in use");
    assert_string_equal(tok->trained.pretokenizer.step[0].pattern.text, "\\p{N}+");
    bpemix_tokenizer_free(tok);
    CHECK_FAILS(try_str("{\"config\": {}, \"vocab\": {}}", &err), BPEMIX_E_FORMAT, "vocab");
    CHECK_FAILS(try_str("{\"config\": {}, \"vocab\": [{\"rank\": 0}]}", &err), BPEMIX_E_FORMAT,
                "vocab[0]: no token_bytes");
    CHECK_FAILS(try_str("{\"config\": {\"default_vocab_size\": 1, \"default_num_special_tokens\": 2},"
                        " \"vocab\": []}", &err), BPEMIX_E_FORMAT, "smaller");
    survives_lack_of_memory_for(bmx_slice_str(text));
}

/* A pattern that is a preset's gets the preset's name. */
static void known_patterns_are_named(void **state)
{
    bpemix_tokenizer *tok;
    bmx_pretokenizer_spec s = { 0 };
    bmx_buf b = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_pretokenizer_preset("tekken", &s, &err));
    put_str(&b, "{\"bpe_ranks\": \"! 0 aA== ZQ== aGU=\", \"pat_str\": \"");
    for (const char *p = s.step[0].pattern.text; *p; p++) {
        if (*p == '\\' || *p == '"')
            put(&b, "\\", 1);
        put(&b, p, 1);
    }
    put_str(&b, "\"}");
    tok = parse(slice_of(&b));
    assert_string_equal(tok->trained.pretokenizer.name, "tekken");
    bpemix_tokenizer_free(tok);
    bmx_pretokenizer_spec_release(&s);
    bmx_buf_release(&b);
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
    assert_string_equal(bmx_json_string(bmx_json_first(bmx_json_first(bmx_json_get(j, "first_merges")))), "h");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(byte_alphabet_is_a_bijection),
        cmocka_unit_test(byte_alphabet_round_trip),
        cmocka_unit_test(base64_known_values),
        cmocka_unit_test(top_level_keys_are_found),
        cmocka_unit_test(json_byte_level),
        cmocka_unit_test(digest_is_over_raw_bytes),
        cmocka_unit_test(json_every_component),
        cmocka_unit_test(json_without_types),
        cmocka_unit_test(json_damage_is_located),
        cmocka_unit_test(json_unknown_parts_are_named),
        cmocka_unit_test(preset_replaces_pretokenizer),
        cmocka_unit_test(unknown_tokens_are_flagged),
        cmocka_unit_test(a_byte_vocabulary_needs_a_byte_step),
        cmocka_unit_test(newline_products_are_flagged),
        cmocka_unit_test(marks_of_place_in_word),
        cmocka_unit_test(byte_fallback_is_a_boundary),
        cmocka_unit_test(open_alphabet_has_raw_symbols),
        cmocka_unit_test(merges_lines),
        cmocka_unit_test(merges_alphabet_by_content),
        cmocka_unit_test(merges_damage_is_located),
        cmocka_unit_test(vocabulary_beside_the_merges),
        cmocka_unit_test(clip_uses_the_first_merges),
        cmocka_unit_test(rank_lines),
        cmocka_unit_test(compact_ranks),
        cmocka_unit_test(tekken),
        cmocka_unit_test(known_patterns_are_named),
        cmocka_unit_test(describes_itself),
        cmocka_unit_test(display_is_printable),
    };
    return cmocka_run_group_tests_name("tokenizer", tests, NULL, NULL);
}

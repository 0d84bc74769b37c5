/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tokenizer.json: its components, its model, and what is wrong with some. */
#include "byte_json.h"

#include "tokenizer/bytelevel.h"
#include "tokenizer/tokenizer.h"

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

static void check_normalizers(const bpemix_tokenizer *tok)
{
    static const bmx_normalizer_kind norm[] = {
        BMX_NORM_NFC, BMX_NORM_NFD, BMX_NORM_NFKC, BMX_NORM_NFKD, BMX_NORM_LOWERCASE,
        BMX_NORM_STRIP, BMX_NORM_STRIP_ACCENTS, BMX_NORM_REPLACE, BMX_NORM_PREPEND,
        BMX_NORM_PRECOMPILED, BMX_NORM_NMT, BMX_NORM_BERT, BMX_NORM_BYTE_LEVEL,
    };
    const bmx_normalizer_step *n = tok->trained.normalizer.step;

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
}

static void check_pretokenizers(const bpemix_tokenizer *tok)
{
    static const bmx_pretokenizer_kind pre[] = {
        BMX_PRE_BYTE_LEVEL, BMX_PRE_SPLIT, BMX_PRE_DIGITS, BMX_PRE_PUNCTUATION,
        BMX_PRE_PUNCTUATION, BMX_PRE_WHITESPACE, BMX_PRE_WHITESPACE_SPLIT, BMX_PRE_METASPACE,
        BMX_PRE_METASPACE, BMX_PRE_BERT, BMX_PRE_CHAR_DELIMITER, BMX_PRE_CHAR_DELIMITER,
        BMX_PRE_UNICODE_SCRIPTS, BMX_PRE_FIXED_LENGTH, BMX_PRE_FIXED_LENGTH,
    };
    const bmx_pretokenizer_step *p = tok->trained.pretokenizer.step;

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
    bpemix_tokenizer *tok = parse_str(text);

    (void)state;
    check_normalizers(tok);
    check_pretokenizers(tok);
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
    CHECK_FAILS(try_str("{\"model\": {\"merges\": [\"a b\"], \"vocab\": {}}}", &err),
                BPEMIX_E_FORMAT, "model.vocab: no tokens");
    CHECK_FAILS(try_str("{\"model\": {\"merges\": [], \"vocab\": {\"a\": -1}}}", &err),
                BPEMIX_E_FORMAT, "model.vocab: token 'a'");
    CHECK_FAILS(try_str("{\"model\": {\"merges\": [\"a b\", \"a b c\"], \"vocab\": {\"a\": 1}}}",
                        &err),
                BPEMIX_E_FORMAT, "model.merges[1]: 'a b c'");
    CHECK_FAILS(try_str("{\"model\": {\"merges\": [\"a b\", \"ab\"], \"vocab\": {\"a\": 1}}}",
                        &err),
                BPEMIX_E_FORMAT, "model.merges[1]");
    CHECK_FAILS(try_str("{\"model\": {\"merges\": [\"a b\", [\"a\"]], \"vocab\": {\"a\": 1}}}",
                        &err),
                BPEMIX_E_FORMAT, "model.merges[1]: an array");
    CHECK_FAILS(try_str("{\"model\": {\"merges\": [7], \"vocab\": {\"a\": 1}}}", &err),
                BPEMIX_E_FORMAT, "model.merges[0]: a number");
    CHECK_FAILS(try_str("{\"model\": {\"vocab\": {}, \"merges\": [], \"fuse_unk\": 3}}", &err),
                BPEMIX_E_FORMAT, "model.fuse_unk");
    CHECK_FAILS(try_str("", &err), BPEMIX_E_FORMAT, "empty");
    CHECK_FAILS(try_str("hello\n", &err), BPEMIX_E_FORMAT, "not a tokenizer");
}

/* As deep as Hugging Face's library reads, and deeper than any parser does. */
static void json_sequences_are_not_deep(void **state)
{
    static const int depths[] = { 60, 62, 2000 };
    (void)state;
    for (int k = 0; k < 3; k++) {
        bmx_buf b = { 0 };
        bpemix_error err = { 0 };

        put_str(&b, "{\"normalizer\": ");
        for (int i = 0; i < depths[k]; i++)
            put_str(&b, "{\"type\": \"Sequence\", \"normalizers\": [");
        put_str(&b, "{\"type\": \"NFC\"}");
        for (int i = 0; i < depths[k]; i++)
            put_str(&b, "]}");
        put_str(&b, ", \"model\": {\"vocab\": {\"a\": 0, \"aa\": 1}, \"merges\": [\"a a\"]}}");
        if (k)
            CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_UNSUPPORTED,
                        "sequences more than 60 deep");
        else
            assert_int_equal(try_parse(slice_of(&b), &err), BPEMIX_OK);
        bmx_buf_release(&b);
    }
}

/* A pipeline of thousands of steps would exhaust the stack. */
static void json_steps_are_few(void **state)
{
    static const char *const parts[][3] = {
        { "normalizer", "normalizers", "NFC" }, { "pre_tokenizer", "pretokenizers", "Digits" }
    };
    (void)state;
    for (int k = 0; k < 4; k++) {
        const char *const *part = parts[k / 2];
        bmx_buf b = { 0 };
        bpemix_error err = { 0 };

        bmx_buf_addf(&b, NULL, "{\"%s\": {\"type\": \"Sequence\", \"%s\": [", part[0], part[1]);
        for (int i = 0; i < 200 + k % 2; i++)
            bmx_buf_addf(&b, NULL, "%s{\"type\": \"%s\"}", i ? ", " : "", part[2]);
        put_str(&b, "]}, \"model\": {\"vocab\": {\"a\": 0, \"aa\": 1}, \"merges\": [\"a a\"]}}");
        if (k % 2)
            CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_UNSUPPORTED,
                        "s[200]: more than 200 steps");
        else
            assert_int_equal(try_parse(slice_of(&b), &err), BPEMIX_OK);
        bmx_buf_release(&b);
    }
}

static void json_unknown_parts_are_named(void **state)
{
    bpemix_error err;

    (void)state;
    CHECK_FAILS(try_str(BYTE_JSON("null", "{\"type\": \"Sequence\", \"pretokenizers\": [" BYTE_LEVEL
                                  ", {\"type\": \"Magic\"}]}", ""), &err),
                BPEMIX_E_UNSUPPORTED,
                "pre_tokenizer.pretokenizers[1]: unknown pre-tokenizer 'Magic'");
    CHECK_FAILS(try_str(BYTE_JSON("{\"type\": \"Magic\"}", BYTE_LEVEL, ""), &err),
                BPEMIX_E_UNSUPPORTED, "normalizer: unknown normalizer 'Magic'");
    CHECK_FAILS(try_str(BYTE_JSON("{\"foo\": 1}", BYTE_LEVEL, ""), &err), BPEMIX_E_UNSUPPORTED,
                "without a type");
    CHECK_FAILS(try_str(BYTE_JSON("null", "{\"type\": \"Split\", \"pattern\": {\"String\": \"x\"},"
                                  " \"behavior\": \"Odd\"}", ""), &err),
                BPEMIX_E_UNSUPPORTED, "unknown behavior 'Odd'");
    CHECK_FAILS(try_str(BYTE_JSON("null", "{\"type\": \"Split\", \"behavior\": \"Isolated\"}", ""),
                        &err),
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

static void what_its_library_does_otherwise_is_told(void **state)
{
    static const char rest[] = "\"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2, \"?\": 3}, \"merges\": [\"a b\"]}}";
    static const struct {
        const char *fields, *warning; /* NULL: nothing to warn of */
    } cases[] = {
        { "\"unk_token\": \"!\", ", "the unknown token '!' is not in the vocabulary" },
        { "\"unk_token\": \"?\", \"dropout\": null, ", NULL },
        { "\"unk_token\": \"\", \"dropout\": 0, ", NULL },
        { "\"dropout\": 0.1, ", "leaves merges out by chance (dropout 0.1)" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[400];
        bpemix_tokenizer *tok;

        snprintf(text, sizeof text, "{\"model\": {\"type\": \"BPE\", %s%s", cases[i].fields, rest);
        tok = parse_str(text);
        assert_int_equal(has_warning(tok, "unknown token") || has_warning(tok, "by chance"),
                         cases[i].warning != NULL);
        assert_true(!cases[i].warning || has_warning(tok, cases[i].warning));
        bpemix_tokenizer_free(tok);
    }
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
            CHECK_OK(bmx_buf_addf(&b, &err, "\"\\u%04x\": %u, ",
                                  bmx_bytelevel_char((unsigned char)c), c));
        }
        put_str(&b, "\"aa\": 256}, \"merges\": [\"a a\"]}}");
        tok = parse(slice_of(&b));
        assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_BYTE);
        assert_int_equal(has_warning(tok, "no step that maps text to it"), !step);
        bpemix_tokenizer_free(tok);
    }
    bmx_buf_release(&b);
}

/* A vocabulary has only those bytes that the training text had, unless its trainer was told. */
static void a_few_bytes_are_known_by_the_merges(void **state)
{
    static const char json[] =
        "{\"model\": {\"vocab\": {\"%s\": 0, \"t\": 1, \"%st\": 2}, \"merges\": %s}}";
    static const struct { const char *first, *merges; bmx_alphabet alphabet; } cases[] = {
        { G, "[[\"" G "\", \"t\"]]", BMX_ALPHABET_BYTE },
        { G, "[\"#version: 0.2\", \"" G " t\"]", BMX_ALPHABET_BYTE },
        { "\xc3\x83\xc2\xa9", "[[\"\xc3\x83\", \"\xc2\xa9\"]]", BMX_ALPHABET_BYTE }, /* C3 A9 */
        { "\xc3\xa9", "[[\"\xc3\xa9\", \"t\"]]", BMX_ALPHABET_CHARACTER }, /* an e with an acute */
        { "h", "[[\"h\", \"t\"]]", BMX_ALPHABET_CHARACTER },
        { "\xc5\xbe", "[[\"" G "\", \"\xc5\xbe\"]]", BMX_ALPHABET_CHARACTER }, /* U+017E */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[300];
        bpemix_tokenizer *tok;

        snprintf(text, sizeof text, json, cases[i].first, cases[i].first, cases[i].merges);
        tok = parse_str(text);
        assert_int_equal(tok->vocab.alphabet, cases[i].alphabet);
        assert_int_equal(has_warning(tok, "no step that maps text to it"),
                         cases[i].alphabet == BMX_ALPHABET_BYTE);
        bpemix_tokenizer_free(tok);
    }
    survives_lack_of_memory_for(bmx_slice_str("{\"model\": {\"vocab\": {\"" G "\": 0, \"t\": 1, "
                                              "\"" G "t\": 2}, \"merges\": [\"" G " t\"]}}"));
}

/* The library numbers added tokens on its own: those that are in the vocabulary have its ids. */
static void added_tokens_have_the_ids_of_the_library(void **state)
{
    bpemix_tokenizer *tok = parse_str(
        "{\"pre_tokenizer\": " BYTE_LEVEL ", \"model\": {\"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2,"
        "\"\xe2\x96\x81\": 7}, \"merges\": [\"a b\"]}, \"added_tokens\": ["
        "{\"id\": 7, \"content\": \"\xe2\x96\x81\"}, {\"id\": 99, \"content\": \"b\"},"
        "{\"id\": 4, \"content\": \"\"}]}");

    (void)state;
    assert_int_equal(tok->n_added, 2);
    assert_int_equal(tok->added[0].vocab_id, 7); /* a key that text never becomes */
    assert_int_equal(tok->added[1].vocab_id, 1);
    assert_true(has_warning(tok, "than the file says: 1, the first of them 'b': 1, not 99"));
    bpemix_tokenizer_free(tok);

    tok = parse_str("{\"model\": {\"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 7, \"c\": 3}, "
                    "\"merges\": [\"a b\"]},\"added_tokens\": [{\"id\": 8, \"content\": \"<x>\"}, {\"id\": 7, \"content\": \"ab\"},"
                    "{\"id\": 8, \"content\": \"<y>\"}, {\"id\": 20, \"content\": \"<z>\"}]}");
    assert_int_equal(tok->added[0].vocab_id, 4); /* the vocabulary has four entries */
    assert_int_equal(tok->added[1].vocab_id, 7);
    assert_int_equal(tok->added[2].vocab_id, 5);
    assert_int_equal(tok->added[3].vocab_id, 6);
    bpemix_tokenizer_free(tok);
}

static void ids_of_two_tokens_are_told(void **state)
{
    bpemix_tokenizer *tok = parse_str("{\"model\": {\"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 1, "
                                      "\"c\": 0},\"merges\": [\"a b\"]}}");

    (void)state;
    assert_true(has_warning(tok,
                            "more than one token of the vocabulary has: 2, the first of them 1: "
                            "'b' and 'ab'"));
    bpemix_tokenizer_free(tok);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_byte_level),
        cmocka_unit_test(digest_is_over_raw_bytes),
        cmocka_unit_test(json_every_component),
        cmocka_unit_test(json_without_types),
        cmocka_unit_test(json_damage_is_located),
        cmocka_unit_test(json_sequences_are_not_deep),
        cmocka_unit_test(json_steps_are_few),
        cmocka_unit_test(json_unknown_parts_are_named),
        cmocka_unit_test(preset_replaces_pretokenizer),
        cmocka_unit_test(what_its_library_does_otherwise_is_told),
        cmocka_unit_test(unknown_tokens_are_flagged),
        cmocka_unit_test(a_byte_vocabulary_needs_a_byte_step),
        cmocka_unit_test(a_few_bytes_are_known_by_the_merges),
        cmocka_unit_test(added_tokens_have_the_ids_of_the_library),
        cmocka_unit_test(ids_of_two_tokens_are_told),
        cmocka_unit_test(newline_products_are_flagged),
    };
    return cmocka_run_group_tests_name("tokenizer.json", tests, NULL, NULL);
}

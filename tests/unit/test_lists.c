/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers of merge lists, of CLIP's, and of ranks. */
#include "byte_json.h"
#include "files.h"

#include "tokenizer/bytelevel.h"
#include "tokenizer/tokenizer.h"

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

/* fastBPE writes how often a pair occurred behind it. */
static void merges_with_counts(void **state)
{
    bpemix_tokenizer *tok = parse_str("t h 4071\nth e</w> 3000\n1 9 2000\n");
    bpemix_error err;

    (void)state;
    assert_int_equal(tok->format, BMX_FORMAT_MERGES_TXT);
    assert_string_equal(tok->format_detail, "with counts, as of fastBPE");
    CHECK_MERGES(tok, "t|h", "th|e</w>", "1|9");
    assert_int_equal(tok->vocab.word_suffix.len, 4);
    CHECK_FAILS(bmx_tokenizer_need_pretokenizer(tok, &err), BPEMIX_E_USAGE,
                "name one: whitespace, which splits words from signs, or spaces");
    bpemix_tokenizer_free(tok);
    CHECK_FAILS(try_str("t h 4071\nth e</w>\n", &err), BPEMIX_E_FORMAT,
                ":2: lines with a count behind the merge, and lines without");
    CHECK_FAILS(try_str("t h\nth e 5\n", &err), BPEMIX_E_FORMAT, ":2: lines with a count");
    CHECK_FAILS(try_str("t h 4071\nth e many\n", &err), BPEMIX_E_FORMAT,
                ":2: 'th e many' is not two symbols");
    CHECK_FAILS(try_str("page of 12\nword in 7\n", &err), BPEMIX_E_FORMAT, "no list of merges");
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

static bpemix_tokenizer *load(const char *name)
{
    bpemix_error err = { 0 };
    bpemix_tokenizer *tok = NULL;
    CHECK_OK(bmx_tokenizer_load(in_scratch(name), NULL, &tok, &err));
    return tok;
}

/* A vocabulary of the 256 bytes, and a list that only holds ASCII. */
static void bytes_vocab(void)
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
    put_text("bytes-vocab.json", b.ptr);
    put_text("bytes-merges.txt", "a b\n");
    bmx_buf_release(&b);
}

static void vocabulary_beside_the_merges(void **state)
{
    bpemix_tokenizer *tok;
    uint32_t out[4];
    bpemix_error err;

    (void)state;
    put_text("merges.txt", "h e\nhe " G "\n");
    put_text("small-merges.txt", "h e\n");
    put_text("vocab.json", "{\"h\": 5, \"e\": 6, \"" G "\": 7, \"he\": 8, \"he" G "\": 9,"
                           "\"<|end|>\": 10, \"hh\": 11}");
    put_text("small-vocab.json", "[1]");
    put_text("other-merges.txt", "x y\nxy z\n");
    put_text("other-vocab.json", "{\"h\": 5, \"e\": 6, \"he\": 7}");
    bytes_vocab();

    tok = load("merges.txt");
    assert_int_equal(tok->vocab.size, 7);
    assert_int_equal(tok->vocab.id[tok->trained.merge[1].product], 9);
    assert_int_equal(bmx_tokenizer_symbols(tok, bmx_slice_str("hx"), out), 2);
    assert_int_equal(out[1], BMX_NONE);
    assert_int_equal(tok->n_unmerged, 1); /* the one in brackets counts as special */
    assert_true(is_unmerged(tok, "hh"));
    bpemix_tokenizer_free(tok);

    /* parsed from memory, it is looked for only if the name is the path of a file */
    for (int is_file = 0; is_file < 2; is_file++) {
        const char *name = is_file ? "merges.txt" : "no-such-merges.txt";
        CHECK_OK(bmx_tokenizer_parse(in_scratch(name), bmx_slice_str("h e\nhe " G "\n"), NULL, &tok,
                                     &err));
        assert_int_equal(tok->vocab.size, is_file ? 7 : 0);
        bpemix_tokenizer_free(tok);
    }

    tok = load("small-merges.txt");
    assert_int_equal(tok->vocab.size, 0);
    assert_true(has_warning(tok, "not used"));
    bpemix_tokenizer_free(tok);

    tok = load("other-merges.txt");
    assert_int_equal(tok->vocab.size, 0);
    CHECK_MERGES(tok, "x|y", "xy|z");
    assert_int_equal(tok->trained.merge[0].flags, 0);
    assert_true(has_warning(tok, "is not theirs"));
    assert_int_equal(bmx_intern_find(&tok->vocab.tokens, bmx_slice_str("he")), BMX_NONE);
    bpemix_tokenizer_free(tok);

    tok = NULL;
    SURVIVES(20, bmx_tokenizer_load(in_scratch("other-merges.txt"), NULL, &tok, &err),
             assert_true(!tok == !last));
    bpemix_tokenizer_free(tok);

    tok = load("bytes-merges.txt"); /* the vocabulary tells what the merges do not */
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_BYTE);
    assert_int_equal(tok->vocab.id[tok->vocab.byte_symbol[0xff]], 255);
    bpemix_tokenizer_free(tok);

    CHECK_FAILS(bmx_tokenizer_load(scratch(), NULL, &tok, &err), BPEMIX_E_USAGE, "folder");
    CHECK_FAILS(bmx_tokenizer_load("/nonexistent/file", NULL, &tok, &err), BPEMIX_E_IO,
                "/nonexistent/file");
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

    tok = parse_str("aA== 1\nZQ== 0\n= 2\naGU= 3\n"); /* the empty token accounts for the hole */
    assert_false(has_warning(tok, "ranks that no token has"));
    bpemix_tokenizer_free(tok);
    tok = parse_str("aA== 5\nZQ== 4\naGU= 6\n"); /* its beginning is lost */
    assert_true(has_warning(tok, "ranks that no token has: 4, the first of them 0;"));
    assert_true(has_warning(tok,
                            "single bytes without a rank: 254 of 256, the first of them 0x00;"));
    bpemix_tokenizer_free(tok);
    CHECK_FAILS(try_str("aGU= 0\naGVs 1\naGVsbA== 2\n", &err), BPEMIX_E_FORMAT,
                "no single byte has a rank");
    CHECK_FAILS(try_str("aA== 2\nZQ== 1\naA== 3\n", &err), BPEMIX_E_FORMAT,
                ":3: token 'h' is listed twice");
    CHECK_FAILS(try_str("aA== 2\nZQ== 2\naGU= 3\n", &err), BPEMIX_E_FORMAT,
                "two tokens have rank 2");
    /* damage behind the lines that decide the format */
    CHECK_FAILS(try_str("aA== 0\nZQ== 1\nbA== 2\nbQ== 3\nbg== 4\nbw== 5\ncA== 6\ncQ== 7\naGU*\n",
                        &err),
                BPEMIX_E_FORMAT, ":9: 'aGU*' is not");
    CHECK_FAILS(try_str("aA== 0\nZQ== 1\nbA== 2\nbQ== 3\nbg== 4\nbw== 5\ncA== 6\ncQ== 7\na 8\n",
                        &err),
                BPEMIX_E_FORMAT, ":9: 'a' is not base64");
    CHECK_FAILS(try_str("aA== 0\nZQ== 1\nbA== 2\nbQ== 3\nbg== 4\nbw== 5\ncA== 6\ncQ== 7\naGU= "
                        "4294967295\n", &err),
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
    /* 0 to 4 and 7 to 8 are of no token, and one of them is special */
    tok = parse_str(text);
    assert_true(has_warning(tok, "ranks that no token has: 6, the first of them 0;"));
    bpemix_tokenizer_free(tok);
    tok = parse_str("{\"special_tokens\": {\"<E>\": 2}, \"bpe_ranks\": \"! 0 aA== ZQ==\\n! 3 "
                    "aGU=\"}");
    assert_false(has_warning(tok, "ranks that no token has"));
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
        "{\"rank\": 0, \"token_bytes\": \"aA==\", \"token_str\": \"\\u0000\"},"
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
    tok = parse_str("{\"config\": {}, \"vocab\": [{\"rank\": 0, \"token_bytes\": \"aA==\"},"
                    "{\"rank\": 1, \"token_bytes\": \"ZQ==\"}, {\"rank\": 4, \"token_bytes\": "
                    "\"aGU=\"}]}");
    assert_true(has_warning(tok, "ranks that no token has: 2, the first of them 2;"));
    bpemix_tokenizer_free(tok);
    CHECK_FAILS(try_str("{\"config\": {}, \"vocab\": {}}", &err), BPEMIX_E_FORMAT, "vocab");
    CHECK_FAILS(try_str("{\"config\": {}, \"vocab\": [{\"rank\": 0}]}", &err), BPEMIX_E_FORMAT,
                "vocab[0]: no token_bytes");
    CHECK_FAILS(try_str("{\"config\": {\"default_vocab_size\": 1, \"default_num_special_tokens\": "
                        "2}, \"vocab\": []}", &err), BPEMIX_E_FORMAT, "smaller");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merges_lines),
        cmocka_unit_test(merges_alphabet_by_content),
        cmocka_unit_test(merges_with_counts),
        cmocka_unit_test(merges_damage_is_located),
        cmocka_unit_test(vocabulary_beside_the_merges),
        cmocka_unit_test(clip_uses_the_first_merges),
        cmocka_unit_test(rank_lines),
        cmocka_unit_test(compact_ranks),
        cmocka_unit_test(tekken),
        cmocka_unit_test(known_patterns_are_named),
    };
    return cmocka_run_group_tests_name("lists", tests, NULL, remove_scratch);
}

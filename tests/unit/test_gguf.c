/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GGUF headers built byte by byte. */
#include "files.h"
#include "tok.h"

#include "tokenizer/gguf.h"
#include "tokenizer/tokenizer.h"

#define G "\xc4\xa0"
#define U "\xe2\x96\x81"

static void begin(bmx_buf *b, unsigned version, unsigned n_keys)
{
    put_str(b, "GGUF");
    put_le(b, version, 4);
    put_le(b, 3, 8); /* tensors, which are never looked at */
    put_le(b, n_keys, 8);
}

static void put_types(bmx_buf *b, const unsigned *type, size_t n)
{
    put_gstr(b, "tokenizer.ggml.token_type");
    put_le(b, 9, 4);
    put_le(b, 5, 4);
    put_le(b, n, 8);
    for (size_t i = 0; i < n; i++)
        put_le(b, type[i], 4);
}

static void put_scores(bmx_buf *b, const float *score, size_t n)
{
    put_gstr(b, "tokenizer.ggml.scores");
    put_le(b, 9, 4);
    put_le(b, 6, 4);
    put_le(b, n, 8);
    for (size_t i = 0; i < n; i++)
        put(b, &score[i], 4);
}

static const char *const tokens[] = { "h", "e", G, "he", G "he", "<|x|>", "\xef\xbd\x9c", NULL };
static const unsigned types[] = { 1, 1, 1, 1, 1, 3, 4 };
static const char *const merges[] = { "h e", G " he", NULL };

static void byte_level(bmx_buf *b, const char *pre)
{
    begin(b, 3, 7);
    put_gkey_str(b, "general.architecture", "gpt2");
    put_gstr(b, "gpt2.block_count");
    put_le(b, 4, 4);
    put_le(b, 12, 4);
    put_gkey_str(b, "tokenizer.ggml.model", "gpt2");
    put_gkey_str(b, "tokenizer.ggml.pre", pre);
    put_gkey_list(b, "tokenizer.ggml.tokens", tokens);
    put_types(b, types, 7);
    put_gkey_list(b, "tokenizer.ggml.merges", merges);
}

static void no_vocabulary(void **state)
{
    static const char *const nothing[] = { NULL };
    bmx_buf b = { 0 };
    bpemix_error err;

    (void)state;
    begin(&b, 3, 3);
    put_gkey_str(&b, "tokenizer.ggml.model", "gpt2");
    put_gkey_list(&b, "tokenizer.ggml.tokens", nothing);
    put_gkey_list(&b, "tokenizer.ggml.merges", merges);
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_FORMAT, "tokenizer.ggml.tokens: no tokens");
    bmx_buf_release(&b);
}

static void reads_merges(void **state)
{
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;

    (void)state;
    byte_level(&b, "gpt-2");
    assert_true(bmx_gguf_header_whole(slice_of(&b)));
    tok = parse(slice_of(&b));
    assert_int_equal(tok->format, BMX_FORMAT_GGUF);
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_BYTE);
    assert_int_equal(tok->vocab.size, 7);
    CHECK_MERGES(tok, "h|e", "\xe2\x90\xa3|he");
    assert_int_equal(tok->vocab.id[tok->trained.merge[1].product], 4);
    assert_int_equal(tok->n_unmerged, 0); /* the control token does not count */
    assert_string_equal(tok->trained.pretokenizer.name, "gpt2");
    bpemix_tokenizer_free(tok);
    survives_lack_of_memory_for(slice_of(&b));

    b.len = 0;
    byte_level(&b, "no-such-thing");
    tok = parse(slice_of(&b));
    assert_false(tok->pretokenizer_known);
    assert_true(has_warning(tok, "'no-such-thing'"));
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

/* Where llama.cpp looks whole pre-tokens up, so do we, and nowhere else. */
static void whole_words_are_looked_up(void **state)
{
    static const char *const yes[] = { "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1",
                                       "pixtral",
                                       "midm-2.0", "lfm2", "jina-v5-nano", "tekken", "youtu", "minicpm5",
                                       "granite-embed-multi-97m" },
                      *const no[] = { "gpt-2", "qwen2", "starcoder", "gpt-4o", "tekken2", "" };
    bmx_buf b = { 0 };

    (void)state;
    for (size_t i = 0; i < 19; i++) {
        bpemix_tokenizer *tok;
        b.len = 0;
        byte_level(&b, i < 13 ? yes[i] : no[i - 13]);
        tok = parse(slice_of(&b));
        assert_int_equal(tok->encoding.ignore_merges, i < 13);
        assert_true(tok->pretokenizer_known || i >= 13);
        bpemix_tokenizer_free(tok);
    }
    bmx_buf_release(&b);
}

/* "whitespace" is the one kind with merges whose tokens are characters between white space. */
static void characters_between_spaces(void **state)
{
    static const char *const list[] = { "[UNK]", "\xe4\xb8\xad", "\xe5\x9b\xbd", ".",
                                        "\xe4\xb8\xad\xe5\x9b\xbd", NULL },
                      *const made[] = { "\xe4\xb8\xad \xe5\x9b\xbd", NULL };
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;

    (void)state;
    begin(&b, 3, 4);
    put_gkey_str(&b, "tokenizer.ggml.model", "gpt2");
    put_gkey_str(&b, "tokenizer.ggml.pre", "whitespace");
    put_gkey_list(&b, "tokenizer.ggml.tokens", list);
    put_gkey_list(&b, "tokenizer.ggml.merges", made);
    tok = parse(slice_of(&b));
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_CHARACTER);
    CHECK_MERGES(tok, "\xe4\xb8\xad|\xe5\x9b\xbd");
    assert_int_equal(tok->vocab.id[tok->trained.merge[0].product], 4);
    assert_int_equal(tok->trained.pretokenizer.n, 1);
    assert_int_equal(tok->trained.pretokenizer.step[0].kind, BMX_PRE_WHITESPACE_SPLIT);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

static void kimi_needs_no_list(void **state)
{
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;
    bpemix_error err;

    (void)state;
    for (int kimi = 1; kimi >= 0; kimi--) { /* the ids of others are taken for ranks, with a
                                               warning */
        b.len = 0;
        begin(&b, 3, 4);
        put_gkey_str(&b, "tokenizer.ggml.model", "gpt2");
        put_gkey_str(&b, "tokenizer.ggml.pre", kimi ? "kimi-k2" : "gpt-2");
        put_gkey_list(&b, "tokenizer.ggml.tokens", tokens);
        put_types(&b, types, 7);
        tok = parse(slice_of(&b));
        CHECK_MERGES(tok, "h|e", "\xe2\x90\xa3|he");
        assert_true(tok->encoding.ignore_merges);
        assert_string_equal(tok->trained.pretokenizer.name, kimi ? "kimi" : "gpt2");
        assert_int_equal(has_warning(tok, "the file lists no merges; they were recovered"), !kimi);
        assert_int_equal(tok->vocab.id[tok->trained.merge[1].product], 4);
        bpemix_tokenizer_free(tok);
        survives_lack_of_memory_for(slice_of(&b));
    }
    b.len = 0; /* ids in another order */
    begin(&b, 3, 2);
    put_gkey_str(&b, "tokenizer.ggml.model", "gpt2");
    put_gkey_list(&b, "tokenizer.ggml.tokens",
                  (const char *const[]){ "h", "e", "hehe", "hhee", "he", NULL });
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_FORMAT,
                "no merges in this GGUF file, nor do they follow");
    bmx_buf_release(&b);
}

/* Every split of every token, as Gemma's converted list has them; known by the kind of model
 * or by the name of the pre-tokenizer. */
static void reads_gemma4(void **state)
{
    static const char *const keys[][2] = { { "gemma4", "" }, { "gpt2", "granite-embed-multi-311m" },
                                           { "gpt2", "sarvam-moe" } };
    static const char *const pieces[] = { "<pad>", "<0x41>", U "t", "he", U "the", U, "t", "h",
                                          "e", NULL },
                      *const splits[] = { U " t", "h e", U "t he", U "th e", NULL };
    static const unsigned type[] = { 3, 6, 1, 1, 1, 1, 1, 1, 1 };
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        b.len = 0;
        begin(&b, 3, 5);
        put_gkey_str(&b, "tokenizer.ggml.model", keys[i][0]);
        put_gkey_str(&b, "tokenizer.ggml.pre", keys[i][1]);
        put_gkey_list(&b, "tokenizer.ggml.tokens", pieces);
        put_types(&b, type, 9);
        put_gkey_list(&b, "tokenizer.ggml.merges", splits);
        tok = parse(slice_of(&b));
        assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_CHARACTER);
        assert_true(tok->vocab.byte_fallback);
        assert_true(tok->pretokenizer_known);
        assert_int_equal(tok->vocab.id[tok->vocab.byte_symbol['A']], 1);
        assert_string_equal(merge_text(tok, 0), U "|t");
        assert_string_equal(merge_text(tok, 1), "h|e");
        assert_string_equal(merge_text(tok, 2), U "t|he");
        assert_int_equal(tok->n_added, 1);
        bpemix_tokenizer_free(tok);
    }
    survives_lack_of_memory_for(slice_of(&b));
    bmx_buf_release(&b);
}

static void sentencepiece(bmx_buf *b, size_t n_scores)
{
    static const char *const pieces[] = { "<unk>", "<0x41>", U "t", "he", U "the", U, "t", "h",
                                          "e", NULL };
    static const unsigned type[] = { 2, 6, 1, 1, 1, 1, 1, 1, 1 };
    static const float score[] = { 0, 0, 0, -1, -2, -3, -4, -5, -6 };

    begin(b, 2, 5);
    put_gkey_str(b, "tokenizer.ggml.model", "llama");
    put_gkey_list(b, "tokenizer.ggml.tokens", pieces);
    put_scores(b, score, n_scores);
    put_types(b, type, 9);
    put_gstr(b, "tokenizer.ggml.add_space_prefix");
    put_le(b, 7, 4);
    put_le(b, 0, 1);
}

static void reads_pieces(void **state)
{
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;
    bpemix_error err;

    (void)state;
    sentencepiece(&b, 9);
    tok = parse(slice_of(&b));
    CHECK_MERGES(tok, U "|t", "h|e", U "t|he");
    assert_true(tok->rules.sentencepiece);
    assert_false(tok->rules.allow_whitespace_only);
    assert_int_equal(tok->trained.normalizer.step[0].kind, BMX_NORM_SENTENCEPIECE);
    assert_false(tok->trained.normalizer.step[0].sp.add_dummy_prefix);
    assert_int_equal(tok->trained.pretokenizer.step[0].sp.n_boundaries, 2);
    assert_true(tok->trained.pretokenizer.step[0].sp.split_by_whitespace);
    assert_true(has_warning(tok, "guessed"));
    assert_int_equal(tok->vocab.id[tok->vocab.byte_symbol['A']], 1);
    bpemix_tokenizer_free(tok);
    survives_lack_of_memory_for(slice_of(&b));
    b.len = 0;
    sentencepiece(&b, 8);
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_FORMAT, "tokenizer.ggml.scores");
    bmx_buf_release(&b);
}

/* Whole-number scores, a charsmap, white space as it is, and an unknown token of another name. */
static void reads_rare_keys(void **state)
{
    static const char *const pieces[] = { "<x>", "t", "h", "e", "th", "the", NULL };
    static const unsigned type[] = { 2, 1, 1, 1, 1, 1 };
    static const int score[] = { 0, -3, -4, -5, -1, -2 };
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;
    bpemix_error err;

    (void)state;
    begin(&b, 3, 7);
    put_gkey_str(&b, "tokenizer.ggml.model", "llama");
    put_gkey_list(&b, "tokenizer.ggml.tokens", pieces);
    put_types(&b, type, 6);
    put_gstr(&b, "tokenizer.ggml.scores");
    put_le(&b, 9, 4);
    put_le(&b, 5, 4); /* 32-bit integers */
    put_le(&b, 6, 8);
    for (size_t i = 0; i < 6; i++)
        put_le(&b, (unsigned)score[i], 4);
    put_gstr(&b, "tokenizer.ggml.precompiled_charsmap");
    put_le(&b, 9, 4);
    put_le(&b, 0, 4); /* bytes */
    put_le(&b, 4, 8);
    put_le(&b, 0, 4);
    put_gstr(&b, "tokenizer.ggml.remove_extra_whitespaces");
    put_le(&b, 7, 4);
    put_le(&b, 1, 1);
    put_gstr(&b, "tokenizer.ggml.unknown_token_id");
    put_le(&b, 4, 4);
    put_le(&b, 0, 4);
    tok = parse(slice_of(&b));
    CHECK_MERGES(tok, "t|h", "th|e");
    assert_int_equal(tok->trained.normalizer.step[0].charsmap.len, 4);
    assert_true(tok->trained.normalizer.step[0].sp.remove_extra_whitespaces);
    bpemix_tokenizer_free(tok);
    survives_lack_of_memory_for(slice_of(&b));

    b.len = 0;
    begin(&b, 3, 3);
    put_gkey_str(&b, "tokenizer.ggml.model", "llama");
    put_gkey_list(&b, "tokenizer.ggml.tokens", pieces);
    put_types(&b, type, 6);
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_FORMAT, "no scores");
    b.len = 0;
    begin(&b, 3, 3);
    put_gkey_str(&b, "tokenizer.ggml.model", "gpt2");
    put_gkey_list(&b, "tokenizer.ggml.tokens", tokens);
    put_gstr(&b, "tokenizer.ggml.merges");
    put_le(&b, 9, 4);
    put_le(&b, 5, 4); /* 32-bit integers */
    put_le(&b, 1, 8);
    put_le(&b, 7, 4);
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_FORMAT,
                "tokenizer.ggml.merges: not strings");
    bmx_buf_release(&b);
}

/* As in llama.cpp there may be more types and scores than tokens, and scores may be integers. */
static void arrays_may_be_longer(void **state)
{
    static const unsigned more[] = { 1, 1, 1, 1, 1, 3, 4, 1, 1 };
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;
    bpemix_error err;

    (void)state;
    for (size_t n = 6; n < 10; n++) {
        b.len = 0;
        begin(&b, 3, 5);
        put_gkey_str(&b, "tokenizer.ggml.model", "gpt2");
        put_gkey_list(&b, "tokenizer.ggml.tokens", tokens);
        put_types(&b, more, n);
        put_gstr(&b, "tokenizer.ggml.scores");
        put_le(&b, 9, 4);
        put_le(&b, 5, 4);
        put_le(&b, n, 8);
        for (size_t i = 0; i < n; i++)
            put_le(&b, i, 4);
        put_gkey_list(&b, "tokenizer.ggml.merges", merges);
        if (n < 7) {
            CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_FORMAT,
                        "not one 32-bit integer a token");
            continue;
        }
        tok = parse(slice_of(&b));
        CHECK_MERGES(tok, "h|e", "\xe2\x90\xa3|he");
        bpemix_tokenizer_free(tok);
    }
    bmx_buf_release(&b);
}

static void tokens_listed_twice(void **state)
{
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;

    (void)state;
    begin(&b, 3, 3);
    put_gkey_str(&b, "tokenizer.ggml.model", "gpt2");
    put_gkey_list(&b, "tokenizer.ggml.tokens",
                  (const char *const[]){ "h", "e", G, "he", G "he", "", "he", "", NULL });
    put_gkey_list(&b, "tokenizer.ggml.merges", merges);
    tok = parse(slice_of(&b));
    assert_int_equal(tok->vocab.id[tok->trained.merge[0].product], 3);
    assert_true(has_warning(tok, "encoding never gives: 1, the first of them 'he'"));
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

static void refuses_what_it_cannot_read(void **state)
{
    bmx_buf b = { 0 };
    bpemix_error err;

    (void)state;
    begin(&b, 1, 0);
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_UNSUPPORTED, "GGUF version 1");
    b.len = 0;
    begin(&b, 3u << 24, 0);
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_UNSUPPORTED, "big-endian");
    b.len = 0;
    begin(&b, 3, 0);
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_FORMAT, "no tokenizer");
    b.len = 0;
    begin(&b, 3, 1);
    put_gkey_str(&b, "tokenizer.ggml.model", "bert");
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_UNSUPPORTED, "'bert'");
    b.len = 0;
    begin(&b, 3, 1);
    put_gkey_str(&b, "tokenizer.ggml.model", "gemma9");
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_UNSUPPORTED,
                "'gemma9', which is not known here");
    b.len = 0;
    begin(&b, 3, 1);
    put_gkey_str(&b, "tokenizer.ggml.model", "whitespace"); /* BPE, too */
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_UNSUPPORTED,
                "'whitespace', which is not known here");
    b.len = 0;
    begin(&b, 3, 1);
    put_gkey_str(&b, "tokenizer.ggml.model", "gpt2");
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_FORMAT, "tokenizer.ggml.tokens");
    b.len = 0;
    begin(&b, 3, 3); /* which are not the same as no merges */
    put_gkey_str(&b, "tokenizer.ggml.model", "gpt2");
    put_gkey_list(&b, "tokenizer.ggml.tokens", tokens);
    put_gkey_str(&b, "tokenizer.ggml.merges", "h e");
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_FORMAT, "merges: not strings");
    b.len = 0;
    begin(&b, 3, 1); /* an array that claims 2^61 elements */
    put_gstr(&b, "tokenizer.ggml.scores");
    put_le(&b, 9, 4);
    put_le(&b, 6, 4);
    put_le(&b, UINT64_C(1) << 61, 8);
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_FORMAT, "key 0");
    b.len = 0;
    begin(&b, 3, 1); /* arrays in arrays without end */
    put_gstr(&b, "x");
    put_le(&b, 9, 4);
    for (int i = 0; i < 1000; i++) {
        put_le(&b, 9, 4);
        put_le(&b, 1, 8);
    }
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_FORMAT, "damaged");
    bmx_buf_release(&b);
}

static void damage_never_crashes(void **state)
{
    bmx_buf b = { 0 };
    bpemix_error err;

    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        b.len = 0;
        if (kind)
            sentencepiece(&b, 9);
        else
            byte_level(&b, "gpt-2");
        for (size_t n = 4; n < b.len; n++) {
            char *copy = bmx_malloc(n, 1);
            memcpy(copy, b.ptr, n);
            CHECK_FAILS(try_parse(bmx_slice_of(copy, n), &err), BPEMIX_E_FORMAT, "truncated");
            assert_false(bmx_gguf_header_whole(bmx_slice_of(copy, n)));
            bmx_free(copy);
        }
        for (uint64_t seed = 0; seed < 3000; seed++) {
            bmx_rng rng = { seed };
            bpemix_tokenizer *tok = NULL;
            char *copy = bmx_malloc(b.len, 1);
            memcpy(copy, b.ptr, b.len);
            for (uint64_t k = 1 + bmx_rng_below(&rng, 3); k-- > 0;)
                copy[4 + bmx_rng_below(&rng, b.len - 4)] = (char)bmx_rng_next(&rng);
            bmx_gguf_header_whole(bmx_slice_of(copy, b.len));
            if (!bmx_tokenizer_parse("memory", bmx_slice_of(copy, b.len), NULL, &tok, &err))
                bpemix_tokenizer_free(tok);
            bmx_free(copy);
        }
    }
    bmx_buf_release(&b);
}

/* Of a file with 3 GB of tensors (a hole) only the header is read. */
static void tensors_are_not_read(void **state)
{
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok = NULL;
    bpemix_error err = { 0 };
    const char *path;

    (void)state;
    byte_level(&b, "gpt-2");
    path = put_file("tensors.gguf", b.ptr, b.len);
    assert_int_equal(truncate(path, (off_t)3 << 30), 0);
    CHECK_OK(bmx_tokenizer_load(path, NULL, &tok, &err));
    assert_int_equal(tok->trained.n_merges, 2);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_vocabulary),
        cmocka_unit_test(reads_merges),
        cmocka_unit_test(whole_words_are_looked_up),
        cmocka_unit_test(characters_between_spaces),
        cmocka_unit_test(kimi_needs_no_list),
        cmocka_unit_test(reads_gemma4),
        cmocka_unit_test(reads_pieces),
        cmocka_unit_test(reads_rare_keys),
        cmocka_unit_test(arrays_may_be_longer), cmocka_unit_test(tokens_listed_twice),
        cmocka_unit_test(refuses_what_it_cannot_read),
        cmocka_unit_test(damage_never_crashes),
        cmocka_unit_test(tensors_are_not_read),
    };
    return cmocka_run_group_tests_name("gguf", tests, NULL, remove_scratch);
}

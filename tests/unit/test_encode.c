/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encoding of single pre-tokens against the rule written out in full. */
#include "tok.h"

#include "encode/encode.h"

#define U "\xe2\x96\x81"

/* Ids as text: "3 5 ", "- " for a token without id. */
static const char *ids_text(const bmx_ids *ids)
{
    static char text[600];
    size_t n = 0;

    text[0] = 0;
    for (size_t i = 0; i < ids->n && n < sizeof text - 20; i++)
        n += (size_t)(ids->id[i] == BMX_NONE ? snprintf(text + n, 20, "- ")
                                             : snprintf(text + n, 20, "%u ", ids->id[i]));
    return text;
}

static const char *encode(const bpemix_tokenizer *tok, const char *pretoken)
{
    bmx_encoder_scratch *s;
    bmx_ids ids = { 0 };
    bpemix_error err = { 0 };
    const char *text;

    CHECK_OK(bmx_encoder_scratch_new(tok, &s, &err));
    CHECK_OK(bmx_encode_pretoken(tok, s, bmx_slice_str(pretoken), &ids, &err));
    text = ids_text(&ids);
    bmx_ids_release(&ids);
    bmx_encoder_scratch_free(s);
    return text;
}

/* Merge the listed pair of lowest rank, leftmost first, until none is left. */
static size_t slow_encode(const bpemix_tokenizer *tok, bmx_slice pretoken, uint32_t *symbol)
{
    size_t n = bmx_tokenizer_symbols(tok, pretoken, symbol);

    for (;;) {
        uint32_t best = BMX_NONE;
        size_t at = 0;
        for (size_t i = 0; i + 1 < n; i++)
            for (uint32_t t = 0; t < tok->trained.n_merges && t < best; t++)
                if (tok->trained.merge[t].left == symbol[i] &&
                    tok->trained.merge[t].right == symbol[i + 1]) {
                    best = t;
                    at = i;
                }
        if (best == BMX_NONE)
            return n;
        symbol[at] = tok->trained.merge[best].product;
        memmove(symbol + at + 1, symbol + at + 2, (n - at - 2) * sizeof *symbol);
        n--;
    }
}

static void agrees_with_the_rule(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        bmx_rng rng = { seed };
        bmx_buf b = { 0 };
        bmx_intern seen = { 0 };
        bpemix_tokenizer *tok;
        bmx_encoder_scratch *s;
        bpemix_error err = { 0 };
        uint32_t id;
        bool is_new;

        put_str(&b, "#version: 0.2\na b\nb c\n"); /* every letter is a token */
        for (const char *const *p = (const char *const[]){ "a", "b", "c", "ab", "bc", NULL }; *p;
             p++)
            CHECK_OK(bmx_intern_add(&seen, bmx_slice_str(*p), &id, &is_new, &err));
        for (int t = 0; t < 25; t++) { /* any two earlier tokens, so also several with one
                                          product */
            bmx_slice l = seen.str[bmx_rng_below(&rng, seen.n)],
                r = seen.str[bmx_rng_below(&rng, seen.n)];
            char line[200];
            if (l.len + r.len > 60)
                continue;
            snprintf(line, sizeof line, "%.*s%.*s", (int)l.len, l.ptr, (int)r.len, r.ptr);
            CHECK_OK(bmx_intern_add(&seen, bmx_slice_str(line), &id, &is_new, &err));
            if (!is_new) /* keeps the list free of redundancy and repetition */
                continue;
            snprintf(line, sizeof line, "%.*s %.*s\n", (int)l.len, l.ptr, (int)r.len, r.ptr);
            put_str(&b, line);
        }
        tok = parse(slice_of(&b));
        CHECK_OK(bmx_encoder_scratch_new(tok, &s, &err));
        for (uint32_t i = 0; i < tok->vocab.tokens.n; i++)
            tok->vocab.id[i] = i; /* so that ids tell the tokens */
        for (int k = 0; k < 30; k++) {
            char text[80];
            uint32_t want[80];
            bmx_ids got = { 0 };
            size_t len = 1 + (size_t)bmx_rng_below(&rng, sizeof text - 1), n;
            for (size_t i = 0; i < len; i++)
                text[i] = (char)('a' + bmx_rng_below(&rng, 3));
            n = slow_encode(tok, bmx_slice_of(text, len), want);
            CHECK_OK(bmx_encode_pretoken(tok, s, bmx_slice_of(text, len), &got, &err));
            assert_int_equal(got.n, n);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(got.id[i], want[i]);
            bmx_ids_release(&got);
        }
        bmx_encoder_scratch_free(s);
        bpemix_tokenizer_free(tok);
        bmx_intern_release(&seen);
        bmx_buf_release(&b);
    }
}

/* Rank files: any two neighbours whose text is a token, whole tokens first. */
static void rank_files_merge_by_text(void **state)
{
    /* a b c d ab bc abc(ab c) cd bcd */
    bpemix_tokenizer *tok = parse_str("YQ== 0\nYg== 1\nYw== 2\nZA== 3\nYmM= 4\nYWI= 5\nYWJj 6\n"
                                      "YmNk 7\nZGRkZA== 9\n");

    (void)state;
    assert_string_equal(encode(tok, "abcd"), "6 3 ");
    assert_string_equal(encode(tok, "ab"), "5 ");
    assert_string_equal(encode(tok, "dddd"), "9 "); /* not reachable by merging */
    assert_string_equal(encode(tok, "ddddd"), "3 3 3 3 3 ");
    assert_string_equal(encode(tok, "xa"), "0 "); /* a byte that is no token and has no unknown */
    assert_string_equal(encode(tok, ""), "");
    bpemix_tokenizer_free(tok);
}

static void unknown_characters(void **state)
{
    static const char head[] = "{\"model\": {\"type\": \"BPE\", \"unk_token\": \"?\", ",
                      tail[] = "\"vocab\": {\"?\": 9, \"a\": 0, \"b\": 1, \"ab\": 2, \"<0xC3>\": 3,"
                               "\"<0xA9>\": 4}, \"merges\": [\"a b\"]}}";
    char text[300];
    bpemix_tokenizer *tok;

    (void)state;
    snprintf(text, sizeof text, "%s%s", head, tail);
    tok = parse_str(text);
    assert_string_equal(encode(tok, "abxyab"), "2 9 9 2 ");
    bpemix_tokenizer_free(tok);
    snprintf(text, sizeof text, "%s\"fuse_unk\": true, %s", head, tail);
    tok = parse_str(text);
    assert_string_equal(encode(tok, "abxyabx"), "2 9 2 9 ");
    bpemix_tokenizer_free(tok);
    snprintf(text, sizeof text, "%s\"byte_fallback\": true, %s", head, tail);
    tok = parse_str(text);
    assert_string_equal(encode(tok, "a\xc3\xa9x"), "0 3 4 9 "); /* x has no byte token */
    bpemix_tokenizer_free(tok);
    snprintf(text, sizeof text, "%s\"ignore_merges\": true, %s", head, tail);
    tok = parse_str(text);
    assert_string_equal(encode(tok, "<0xC3>"), "3 ");
    assert_string_equal(encode(tok, "abb"), "2 1 ");
    bpemix_tokenizer_free(tok);
}

static void sentencepiece_follows_scores(void **state)
{
    bmx_buf b = { 0 }, t = { 0 };
    bpemix_tokenizer *tok;

    (void)state;
    put_piece(&b, "<unk>", 0, 2);
    put_piece(&b, "\n\n", 0, 4);  /* user-defined: taken whole wherever it occurs */
    put_piece(&b, "\n", 0, 4);
    put_piece(&b, "aa", -9, 1);   /* learned first, but demoted */
    put_piece(&b, "ab", -1, 1);
    put_piece(&b, "abb", -2, 1);  /* learned as ab+b */
    put_piece(&b, "bb", -3, 1);
    put_piece(&b, "aabb", -4, 1); /* whatever its own split, any neighbours make it */
    put_piece(&b, "a", -10, 1);
    put_piece(&b, "b", -11, 1);
    put_uint_field(&t, 3, 2);
    put_field(&b, 2, slice_of(&t));
    tok = parse(slice_of(&b));
    assert_string_equal(encode(tok, "aaab"), "3 4 "); /* ab, then aa */
    assert_string_equal(encode(tok, "aabb"), "7 ");   /* ab, abb, a+abb */
    assert_string_equal(encode(tok, "bbb"), "6 9 ");  /* leftmost of equals */
    assert_string_equal(encode(tok, "a\n\n\nb"), "8 1 2 9 ");
    assert_string_equal(encode(tok, "azzb"), "8 0 9 "); /* a run of unknown ones is one */
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
    bmx_buf_release(&t);
}

/* The bytes of what was looked for, marks and all, as the library does it. */
static void bytes_of_marked_characters(void **state)
{
    bpemix_tokenizer *tok = parse_str(
        "{\"model\": {\"type\": \"BPE\", \"continuing_subword_prefix\": \"#\", \"end_of_word_suffix\": \"@\","
        "\"byte_fallback\": true, \"unk_token\": \"?\", \"vocab\": {\"?\": 0, \"a\": 1, \"#a\": 2, \"#a@\": 3,"
        "\"<0x23>\": 4, \"<0x40>\": 5, \"<0xC3>\": 6, \"<0xA9>\": 7, \"aa@\": 8}, \"merges\": [\"a #a@\"]}}");

    (void)state;
    assert_string_equal(encode(tok, "\xc3\xa9" "a"), "6 7 3 ");
    assert_string_equal(encode(tok, "a\xc3\xa9" "a"), "1 4 6 7 3 ");
    assert_string_equal(encode(tok, "a\xc3\xa9"), "1 4 6 7 5 ");
    assert_string_equal(encode(tok, "\xc3\xa9"), "6 7 5 ");
    assert_string_equal(encode(tok, "aa"), "8 ");
    assert_string_equal(encode(tok, "xa"), "0 3 ");
    bpemix_tokenizer_free(tok);
}

static void marks_of_place_in_word(void **state)
{
    bpemix_tokenizer *tok = parse_str(
        "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"vocab\": {\"a\": 0, \"b\": 1,"
        "\"a</w>\": 2, \"b</w>\": 3, \"ab\": 4, \"ab</w>\": 5}, \"merges\": [\"a b\", \"a "
        "b</w>\"]}}");

    (void)state;
    assert_string_equal(encode(tok, "ab"), "5 ");
    assert_string_equal(encode(tok, "aba"), "4 2 ");
    assert_string_equal(encode(tok, "a"), "2 ");
    bpemix_tokenizer_free(tok);
}

/* A megabyte in one pre-token: seconds would mean it is not O(n log n). */
static void long_pretokens(void **state)
{
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;
    bmx_encoder_scratch *s;
    bmx_ids ids = { 0 };
    bpemix_error err = { 0 };
    size_t n = 1 << 20;
    char *text = bmx_malloc(n, 1);

    (void)state;
    put_str(&b, "a a\naa aa\naaaa aaaa\n");
    tok = parse(slice_of(&b));
    memset(text, 'a', n);
    CHECK_OK(bmx_encoder_scratch_new(tok, &s, &err));
    CHECK_OK(bmx_encode_pretoken(tok, s, bmx_slice_of(text, n), &ids, &err));
    assert_int_equal(ids.n, n / 8);
    bmx_ids_release(&ids);
    bmx_encoder_scratch_free(s);
    bpemix_tokenizer_free(tok);
    bmx_free(text);
    bmx_buf_release(&b);
}

static void survives_lack_of_memory(void **state)
{
    bmx_buf b = { 0 };
    bpemix_tokenizer *tok;
    bmx_encoder_scratch *s = NULL;
    bmx_ids ids = { 0 };
    bpemix_error err;

    (void)state;
    put_str(&b, "a b\nab b\n");
    tok = parse(slice_of(&b));
    SURVIVES(4, (status = bmx_encoder_scratch_new(tok, &s, &err))
                    ? status
                    : bmx_encode_pretoken(tok, s, bmx_slice_str("abbab"), &ids, &err), {
        assert_int_equal(ids.n, status ? 0 : 2);
        bmx_ids_release(&ids);
        bmx_encoder_scratch_free(s);
        s = NULL;
    });
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_rule),
        cmocka_unit_test(rank_files_merge_by_text),
        cmocka_unit_test(unknown_characters),
        cmocka_unit_test(sentencepiece_follows_scores),
        cmocka_unit_test(marks_of_place_in_word),
        cmocka_unit_test(bytes_of_marked_characters),
        cmocka_unit_test(long_pretokens),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests_name("encode", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The .model of minbpe, against minbpe's own way to encode, written out. */
#include "tok.h"

#include "encode/encode.h"

#define HEAD "minbpe v1\n\n0\n"

static void small_files(void **state)
{
    bpemix_tokenizer *tok = parse_str(
        "minbpe v1\n"
        "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+\n"
        "2\n<|endoftext|> 300\n<|x y|> 301\n104 101\n32 256\n257 257\n");

    (void)state;
    CHECK_MERGES(tok, "h|e", "\xe2\x90\xa3|he", "\xe2\x90\xa3he|\xe2\x90\xa3he");
    assert_int_equal(tok->format, BMX_FORMAT_MINBPE);
    assert_int_equal(tok->vocab.size, 256 + 3 + 2);
    assert_int_equal(tok->vocab.alphabet, BMX_ALPHABET_BYTE);
    assert_int_equal(tok->n_added, 2);
    assert_int_equal(tok->added[1].vocab_id, 301);
    assert_true(bmx_slice_eq(tok->added[1].text, bmx_slice_str("<|x y|>")));
    assert_true(tok->pretokenizer_known);
    assert_int_equal(tok->trained.pretokenizer.n, 1);
    assert_int_equal(tok->n_warnings, 0);
    for (uint32_t t = 0; t < 3; t++)
        assert_int_equal(tok->vocab.id[tok->trained.merge[t].product], 256 + t);
    bpemix_tokenizer_free(tok);

    /* without a pattern, as Windows writes lines, without a line end, with blank lines */
    tok = parse_str("\xef\xbb\xbfminbpe v1\r\n\r\n0\r\n97 98\r\n256 99\r\n\r\n257 10");
    CHECK_MERGES(tok, "a|b", "ab|c", "abc|\\n");
    assert_true(tok->pretokenizer_known);
    assert_int_equal(tok->trained.pretokenizer.n, 0);
    bpemix_tokenizer_free(tok);

    /* "aab" in two ways */
    tok = parse_str(HEAD "97 98\n97 256\n97 97\n258 98\n");
    CHECK_MERGES(tok, "a|b", "a|ab", "a|a", "aa|b");
    assert_int_equal(tok->n_warnings, 2);
    assert_non_null(strstr(tok->warning[0], "for the second time: 1;"));
    assert_non_null(strstr(tok->warning[1], "1, the first of them that of 'aab' in merge 3"));
    bpemix_tokenizer_free(tok);
}

static void damaged_files(void **state)
{
    static const struct {
        const char *text, *what;
        int64_t line;
    } cases[] = {
        { "minbpe v1\n", "'' is not a number of special tokens", 3 },
        { "minbpe v1\n\nx\n", "'x' is not a number of special tokens", 3 },
        { "minbpe v1\n\n2\n<a> 256\n", "'' is not \"token id\"", 4 },
        { "minbpe v1\n\n1\n<a>\n", "'<a>' is not \"token id\"", 4 },
        { "minbpe v1\n\n1\n<a> 4294967295\n", "is not \"token id\"", 4 },
        { "minbpe v1\n\n0\n", "no merges in this minbpe file", 0 },
        { HEAD "104 256\n", "token 256, which no merge before makes", 4 },
        { HEAD "104 101\n256 258\n", "token 258, which no merge before makes", 5 },
        { HEAD "104\n", "'104' is not two token ids", 4 },
        { HEAD "104 101 3\n", "is not two token ids", 4 },
        { HEAD "104 -1\n", "is not two token ids", 4 },
        { HEAD "104 99999999999999999999\n", "is not two token ids", 4 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bpemix_error err = { 0 };
        char line[600];

        assert_int_equal(try_str(cases[i].text, &err) == BPEMIX_OK, false);
        bpemix_error_text(&err, line, sizeof line);
        if (!strstr(line, cases[i].what) || err.line != cases[i].line)
            fail_msg("case %zu: %s", i, line);
    }
}

/* Every line doubles the longest token: 40 lines would make a terabyte. */
static void doubling_ends(void **state)
{
    bpemix_error err = { 0 };
    bmx_buf b = { 0 };

    (void)state;
    put_str(&b, HEAD "97 97\n");
    for (int id = 256; id < 256 + 39; id++)
        bmx_buf_addf(&b, NULL, "%d %d\n", id, id);
    CHECK_FAILS(try_parse(slice_of(&b), &err), BPEMIX_E_UNSUPPORTED,
                "tokens of more than 67108864 bytes together");
    assert_int_equal(err.line, 28);
    bmx_buf_release(&b);
}

/* What minbpe does with one pre-token: the pair that was merged first is replaced everywhere. */
static size_t encode_plainly(uint32_t (*pair)[2], uint32_t n, bmx_slice word, uint32_t *id)
{
    size_t len = word.len;

    for (size_t i = 0; i < len; i++)
        id[i] = (unsigned char)word.ptr[i];
    for (;;) {
        uint32_t best = n;
        size_t to = 0;

        for (size_t i = 0; i + 1 < len; i++)
            for (uint32_t t = 0; t < best; t++)
                if (pair[t][0] == id[i] && pair[t][1] == id[i + 1])
                    best = t;
        if (best == n)
            return len;
        for (size_t i = 0; i < len; i++)
            if (i + 1 < len && id[i] == pair[best][0] && id[i + 1] == pair[best][1]) {
                id[to++] = 256 + best;
                i++;
            } else {
                id[to++] = id[i];
            }
        len = to;
    }
}

/* Random lists over few letters, in which no text is made twice. */
static void encodes_as_minbpe_does(void **state)
{
    enum { MERGES = 60 };
    bmx_rng rng = { 7 };

    (void)state;
    for (int round = 0; round < 40; round++) {
        uint32_t pair[MERGES][2];
        char text[MERGES + 256][64];
        bmx_buf file = { 0 };
        bmx_encoder_scratch *s = NULL;
        bpemix_tokenizer *tok;
        bpemix_error err;
        uint32_t n = 0;

        put_str(&file, HEAD);
        for (uint32_t b = 0; b < 256; b++)
            snprintf(text[b], 64, "%c", (char)b);
        for (int tries = 0; n < MERGES && tries < 4000; tries++) {
            uint32_t side[2];
            bool new_text = true;
            char both[128], line[40];

            for (int k = 0; k < 2; k++) {
                uint32_t at = (uint32_t)bmx_rng_below(&rng, 4 + n);
                side[k] = at < 4 ? 'a' + at : 256 + at - 4;
            }
            snprintf(both, sizeof both, "%s%s", text[side[0]], text[side[1]]);
            for (uint32_t t = 0; t < n; t++)
                new_text = new_text && strcmp(text[256 + t], both);
            if (!new_text || strlen(both) > 12)
                continue;
            snprintf(text[256 + n], 64, "%.63s", both);
            memcpy(pair[n++], side, sizeof side);
            snprintf(line, sizeof line, "%u %u\n", side[0], side[1]);
            put_str(&file, line);
        }
        tok = parse(slice_of(&file));
        assert_int_equal(tok->trained.n_merges, n);
        CHECK_OK(bmx_encoder_scratch_new(tok, &s, &err));
        for (int k = 0; k < 50; k++) {
            char word[40];
            uint32_t want[40];
            bmx_ids got = { 0 };
            size_t len = 1 + (size_t)bmx_rng_below(&rng, sizeof word), n_want;

            for (size_t i = 0; i < len; i++)
                word[i] = (char)('a' + bmx_rng_below(&rng, 5));
            n_want = encode_plainly(pair, n, bmx_slice_of(word, len), want);
            CHECK_OK(bmx_encode_pretoken(tok, s, bmx_slice_of(word, len), &got, &err));
            assert_int_equal(got.n, n_want);
            for (size_t i = 0; i < n_want; i++)
                assert_int_equal(got.id[i], want[i]);
            bmx_ids_release(&got);
        }
        bmx_encoder_scratch_free(s);
        bpemix_tokenizer_free(tok);
        bmx_buf_release(&file);
    }
}

static void lack_of_memory(void **state)
{
    (void)state;
    survives_lack_of_memory_for(bmx_slice_str("minbpe v1\n\\p{L}+|.\n1\n<a> 400\n97 98\n97 256\n"
                                              "97 97\n258 98\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_files),
        cmocka_unit_test(damaged_files), cmocka_unit_test(doubling_ends),
        cmocka_unit_test(encodes_as_minbpe_does),
        cmocka_unit_test(lack_of_memory),
    };
    return cmocka_run_group_tests_name("minbpe", tests, NULL, NULL);
}

/* The trainer against one that counts every pair again before every merge. */
#include "oracle/fixture.h"

#include "lab/train.h"
#include "tokenizer/bytelevel.h"

enum { MAX_TOKENS = 256 + 64 };

typedef struct naive_list {
    naive_merge merge[64];
    size_t n;
} naive_list;

/* The most frequent pair; among equals the smaller left, then right id. */
static naive_list naive_train(naive_word *word, size_t n_words, size_t n_merges, bmx_intern *token)
{
    static uint64_t count[MAX_TOKENS][MAX_TOKENS];
    naive_list list = { .n = 0 };

    while (list.n < n_merges) {
        uint64_t best = 0;
        naive_merge m = { 0, 0, 0 };
        char text[256];
        bmx_slice a, b;

        memset(count, 0, sizeof count);
        for (size_t w = 0; w < n_words; w++)
            for (size_t i = 0; i + 1 < word[w].n; i++)
                count[word[w].symbol[i]][word[w].symbol[i + 1]] += word[w].count[0];
        for (uint32_t left = 0; left < token->n; left++)
            for (uint32_t right = 0; right < token->n; right++)
                if (count[left][right] > best) {
                    best = count[left][right];
                    m = (naive_merge){ left, right, 0 };
                }
        if (!best)
            break;
        a = token->str[m.left];
        b = token->str[m.right];
        memcpy(text, a.ptr, a.len);
        memcpy(text + a.len, b.ptr, b.len);
        assert_int_equal(bmx_intern_add(token, bmx_slice_of(text, a.len + b.len), &m.product, NULL,
                                        NULL), BPEMIX_OK);
        for (size_t w = 0; w < n_words; w++)
            word[w].n = naive_apply(word[w].symbol, word[w].n, m);
        list.merge[list.n++] = m;
    }
    return list;
}

/* Ids as in a vocabulary sorted by the characters that stand for the bytes. */
static void alphabet(bmx_intern *token, uint32_t id[256])
{
    for (uint32_t cp = 0; cp < 0x400; cp++)
        for (int b = 0; b < 256; b++)
            if (bmx_bytelevel_char((unsigned char)b) == cp) {
                char c = (char)b;
                assert_int_equal(bmx_intern_add(token, bmx_slice_of(&c, 1), &id[b], NULL, NULL),
                                 BPEMIX_OK);
            }
    assert_int_equal(token->n, 256);
}

static void learns_what_recounting_learns(void **state)
{
    size_t merges = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        enum { WORDS = 30 };
        naive_word word[WORDS] = { 0 };
        bmx_words words = { .name = bmx_strdup("x") };
        bmx_intern token = { 0 };
        bmx_merge_list got = { 0 };
        naive_list want;
        uint32_t id[256];
        bmx_rng rng = { seed };
        bpemix_error err;
        unsigned letters = 1 + (unsigned)bmx_rng_below(&rng, 4);
        uint32_t n = (uint32_t)bmx_rng_below(&rng, 60);

        alphabet(&token, id);
        for (size_t w = 0; w < WORDS; w++) {
            static const unsigned char byte[] = { 'b', 0xc3, ' ', 'a' };
            char text[40];

            word[w].n = bmx_rng_below(&rng, seed % 40 + 1);
            word[w].symbol = malloc(sizeof text * sizeof(uint32_t));
            word[w].count[0] = bmx_rng_below(&rng, 5); /* small: ties abound */
            for (size_t i = 0; i < word[w].n; i++) {
                unsigned char c = byte[bmx_rng_below(&rng, letters)];
                text[i] = (char)c;
                word[w].symbol[i] = id[c];
            }
            fixture_word(&words, text, word[w].n, word[w].count[0]);
        }
        CHECK_OK(bmx_train(&words, n, &got, &err));
        want = naive_train(word, WORDS, n, &token);
        assert_int_equal(got.n, want.n);
        assert_int_equal(got.token.n, token.n);
        for (size_t i = 0; i < token.n; i++)
            assert_true(bmx_slice_eq(got.token.str[i], token.str[i]));
        for (size_t t = 0; t < want.n; t++) {
            bool repeated = false;

            if (got.merge[t].left != want.merge[t].left ||
                got.merge[t].right != want.merge[t].right ||
                got.merge[t].product != want.merge[t].product)
                fail_msg("seed %llu merge %zu: (%u, %u), not (%u, %u)", (unsigned long long)seed, t,
                         got.merge[t].left, got.merge[t].right, want.merge[t].left,
                         want.merge[t].right);
            for (size_t s = 0; s < t; s++)
                repeated = repeated || (want.merge[s].left == want.merge[t].left &&
                                        want.merge[s].right == want.merge[t].right);
            assert_int_equal(got.merge[t].flags, repeated ? BMX_MERGE_REPEATED : 0);
        }
        merges += want.n;
        bmx_merge_list_release(&got);
        bmx_intern_release(&token);
        fixture_words_release(&words);
        for (size_t w = 0; w < WORDS; w++)
            free(word[w].symbol);
    }
    assert_true(merges > 5000);
}

static bmx_words some_words(void)
{
    bmx_words words = { .name = bmx_strdup("x") };
    bmx_rng rng = { 5 };

    for (size_t w = 0; w < 300; w++) {
        char text[20];
        size_t n = 2 + bmx_rng_below(&rng, 18);
        for (size_t i = 0; i < n; i++) {
            static const unsigned char byte[] = { 'a', ' ', '"', '\\', 0, 0xff, '\n', 0xad, 'z' };
            text[i] = (char)byte[bmx_rng_below(&rng, sizeof byte) * bmx_rng_below(&rng, 2)];
        }
        fixture_word(&words, text, n, 1 + bmx_rng_below(&rng, 9));
    }
    return words;
}

static void writes_what_can_be_read(void **state)
{
    static const char *const presets[] = { "gpt2", "cl100k", "o200k", "qwen", "starcoder",
                                           "deepseek-v3", "clip", "falcon", "kimi" };
    bmx_words words = some_words();
    bmx_merge_list list = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_train(&words, 200, &list, &err));
    assert_int_equal(list.n, 200);
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++) {
        bmx_pretokenizer_spec pre = { 0 };
        bpemix_tokenizer *tok = NULL;
        bmx_buf json = { 0 };

        CHECK_OK(bmx_pretokenizer_preset(presets[i], &pre, &err));
        CHECK_OK(bmx_train_write_json(&list, &pre, &json, &err));
        CHECK_OK(bmx_tokenizer_parse("trained.json", bmx_slice_of(json.ptr, json.len), NULL, &tok,
                                     &err));
        assert_int_equal(tok->format, BMX_FORMAT_TOKENIZER_JSON);
        assert_int_equal(tok->alphabet, BMX_ALPHABET_BYTE);
        assert_int_equal(tok->n_merges, list.n);
        assert_int_equal(tok->n_warnings, 0);
        for (uint32_t t = 0; t < list.n; t++) {
            assert_true(bmx_slice_eq(tok->tokens.str[tok->merge[t].left],
                                     list.token.str[list.merge[t].left]));
            assert_true(bmx_slice_eq(tok->tokens.str[tok->merge[t].right],
                                     list.token.str[list.merge[t].right]));
        }
        assert_true(tok->pretokenizer.n >= pre.n);
        for (size_t k = 0; k < pre.n; k++) {
            assert_int_equal(tok->pretokenizer.step[k].kind, pre.step[k].kind);
            if (pre.step[k].kind == BMX_PRE_SPLIT || pre.step[k].kind == BMX_PRE_PUNCTUATION)
                assert_int_equal(tok->pretokenizer.step[k].behavior, pre.step[k].behavior);
            assert_int_equal(tok->pretokenizer.step[k].pattern.len, pre.step[k].pattern.len);
        }
        bpemix_tokenizer_free(tok);
        bmx_pretokenizer_spec_release(&pre);
        bmx_buf_release(&json);
    }
    {
        bmx_pretokenizer_spec pre = { 0 };
        bmx_buf json = { 0 };

        CHECK_OK(bmx_pretokenizer_preset("sentencepiece", &pre, &err));
        CHECK_FAILS(bmx_train_write_json(&list, &pre, &json, &err), BPEMIX_E_UNSUPPORTED,
                    "cannot be written for a byte alphabet");
        assert_int_equal(json.len, 0);
        bmx_pretokenizer_spec_release(&pre);
    }
    for (int i = 0; i < 4; i++) {
        static const char *const patterns[] = { "\\p{L}+|\\x{41}+|a{2}", "a{2,3}+", "b{2}+", "a$" };
        bmx_pretokenizer_spec pre = { 0 };
        bmx_pretokenizer_step *step;
        bmx_buf json = { 0 };

        CHECK_OK(bmx_pretokenizer_add(&pre, BMX_PRE_SPLIT, &step, &err));
        CHECK_OK(bmx_pattern_set(&step->pattern, bmx_slice_str(patterns[i]), true, BMX_REGEX_FANCY,
                                 &err));
        assert_int_equal(bmx_train_write_json(&list, &pre, &json, &err),
                         i ? BPEMIX_E_UNSUPPORTED : BPEMIX_OK);
        step->pattern.flavor = BMX_REGEX_ONIGURUMA;
        CHECK_OK(bmx_train_write_json(&list, &pre, &json, &err));
        bmx_pretokenizer_spec_release(&pre);
        bmx_buf_release(&json);
    }
    bmx_merge_list_release(&list);
    fixture_words_release(&words);
}

/* Its own text, replayed: at every step the merge taken is the largest count. */
static void replay_confirms_the_choice(void **state)
{
    bmx_words words = some_words();
    bmx_merge_list list = { 0 };
    bpemix_tokenizer *tok = bmx_calloc(1, sizeof *tok);
    bpemix_trace *tr = NULL;
    bpemix_error err;
    int64_t last = INT64_MAX;

    (void)state;
    CHECK_OK(bmx_train(&words, 150, &list, &err));
    tok->path = bmx_strdup("x");
    tok->tokens = list.token;
    tok->merge = list.merge;
    tok->n_merges = list.n;
    for (uint32_t i = 0; i < 256; i++)
        tok->byte_symbol[(unsigned char)list.token.str[i].ptr[0]] = i;
    CHECK_OK(bmx_replay(tok, &words, 1, 0, 1, NULL, NULL, &tr, &err));
    for (uint32_t t = 0; t < tr->n_merges; t++) {
        int64_t b = fixture_count(tr, tr->merge[t].left, tr->merge[t].right, 0, t);

        assert_true(b > 0 && b <= last);
        if (t % 10 == 0)
            for (size_t p = 0; p < tr->n_pairs; p++)
                assert_true(fixture_count(tr, tr->pair[p].left, tr->pair[p].right, 0, t) <= b);
        last = b;
    }
    bpemix_trace_free(tr);
    bpemix_tokenizer_free(tok); /* with the list's tokens and merges */
    fixture_words_release(&words);
}

static void survives_lack_of_memory(void **state)
{
    bmx_words words = some_words();
    bmx_merge_list list = { 0 };
    bmx_pretokenizer_spec pre = { 0 };
    bmx_buf json = { 0 };
    bpemix_status st;
    bpemix_error err;

    (void)state;
    for (long k = 1; !list.n; k++) {
        bmx_mem_fail_at(k);
        st = bmx_train(&words, 40, &list, NULL);
        bmx_mem_fail_at(0);
        assert_true(st == (list.n ? BPEMIX_OK : BPEMIX_E_NOMEM));
    }
    CHECK_OK(bmx_pretokenizer_preset("gpt2", &pre, &err));
    for (long k = 1; !json.len; k++) {
        bmx_mem_fail_at(k);
        st = bmx_train_write_json(&list, &pre, &json, NULL);
        bmx_mem_fail_at(0);
        assert_true(st == (json.len ? BPEMIX_OK : BPEMIX_E_NOMEM));
    }
    bmx_pretokenizer_spec_release(&pre);
    bmx_buf_release(&json);
    bmx_merge_list_release(&list);
    fixture_words_release(&words);
}

static void refuses_impossible_counts(void **state)
{
    bmx_words words = { .name = bmx_strdup("x") };
    bmx_merge_list list = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_train(&words, 5, &list, &err)); /* no words, no merges */
    assert_int_equal(list.n, 0);
    bmx_merge_list_release(&list);
    fixture_word(&words, "abc", 3, UINT64_MAX / 4);
    CHECK_FAILS(bmx_train(&words, 5, &list, &err), BPEMIX_E_UNSUPPORTED, "2^63");
    fixture_words_release(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_what_recounting_learns),
        cmocka_unit_test(writes_what_can_be_read),
        cmocka_unit_test(replay_confirms_the_choice),
        cmocka_unit_test(survives_lack_of_memory),
        cmocka_unit_test(refuses_impossible_counts),
    };
    return cmocka_run_group_tests_name("train", tests, NULL, NULL);
}

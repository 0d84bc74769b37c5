/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published tokenizers under $BPEMIX_TOKENIZERS (not part of the project):
 * all load, the same tokenizer in several formats has the same merges, counts
 * and digests are the known ones.  Skipped without that variable. */
#include "tok.h"

#include "base/input.h"
#include "encode/encode.h"
#include "split/rule.h"
#include "tokenizer/lineage.h"
#include "tokenizer/tokenizer.h"

typedef struct published {
    const char *file;
    bmx_format format;
    uint32_t vocab_size, merges, listed, unmerged; /* listed 0: as merges */
    const char *digest;
} published;

/* SentencePiece pieces carry U+2581, so their digests are our own. */
#define GPT2 "4af8e96cebfda7465012a11518eb6682302bd39118d888f0bacd9554cf6c8da7"
#define GPT3 "57bf8daca3be16918b5c08440f9df2e8ad999ba9c236df634c5f7f62a0f31ed1"
#define CLAUDE "76437a0a72b81780eba33341f33e54c1de9940716e801c63860032ad62f30663"
#define LLAMA3 "2150545f8f21f18bf1d54864bdee94470f71c2f937a8e09ef9348d796d0d6172"
#define QWEN "751fb84da6822671d7660356044d86548f069a060f573f80da7fb33c0343cee8"
#define WHISPER "9e2bd1a19c78c72a613ccd8476efb8b4b78a28f44aae38f50b7765a7d843c59c"
#define LLAMA "@llama"
#define MISTRAL "@mistral"

static const published list[] = {
    { "gpt-2/tokenizer.json.gz", BMX_FORMAT_TOKENIZER_JSON, 50257, 50000, 0, 0, GPT2 },
    { "gpt-2/merges.txt.gz", BMX_FORMAT_MERGES_TXT, 50257, 50000, 0, 0, GPT2 },
    { "gpt-2/r50k_base.tiktoken.gz", BMX_FORMAT_TIKTOKEN, 50256, 50000, 0, 0, GPT2 },
    { "gpt-2/ggml-vocab-gpt-2.gguf.gz", BMX_FORMAT_GGUF, 50257, 50000, 0, 0, GPT2 },
    { "phi-2/tokenizer.json.gz", BMX_FORMAT_TOKENIZER_JSON, 50257, 50000, 0, 0, GPT2 },
    { "gpt-3/tokenizer.json.gz", BMX_FORMAT_TOKENIZER_JSON, 50281, 50024, 0, 0, GPT3 },
    { "gpt-3/p50k_base.tiktoken.gz", BMX_FORMAT_TIKTOKEN, 50280, 50024, 0, 0, GPT3 },
    { "cl100k/cl100k_base.tiktoken.gz", BMX_FORMAT_TIKTOKEN, 100256, 100000, 0, 0,
      "00c1e0c360fde9288e380e71bbddba68e5be658c87a9540d2c476169fc77c4c6" },
    { "o200k/o200k_base.tiktoken.gz", BMX_FORMAT_TIKTOKEN, 199998, 199742, 0, 0,
      "5f1ccd48d7dcc65d46fb9c4226e6b8d1ba58f0ae1f1bc867414cb97f571ce17b" },
    { "claude/tokenizer.json.gz", BMX_FORMAT_TOKENIZER_JSON, 65000, 64739, 0, 0, CLAUDE },
    { "claude/claude.json.gz", BMX_FORMAT_COMPACT_RANKS, 64995, 64739, 0, 0, CLAUDE },
    { "gpt-neox/tokenizer.json.gz", BMX_FORMAT_TOKENIZER_JSON, 50254, 50009, 0, 0,
      "dd227c56f1ccf6ce76c7f41bd8ef0ceeb5c368a69ab0532c68e410f28a03f0d1" },
    { "llama/tokenizer.json.gz", BMX_FORMAT_TOKENIZER_JSON, 32000, 29612, 61249, 0, LLAMA },
    { "llama/tokenizer.model.gz", BMX_FORMAT_SENTENCEPIECE, 32000, 29612, 0, 0, LLAMA },
    { "llama/ggml-vocab-llama-spm.gguf.gz", BMX_FORMAT_GGUF, 32000, 29612, 0, 0, LLAMA },
    { "phi-3-mini/tokenizer.json.gz", BMX_FORMAT_TOKENIZER_JSON, 32000, 29612, 61249, 0, LLAMA },
    { "mistral-7b/tokenizer.json.gz", BMX_FORMAT_TOKENIZER_JSON, 32768, 28446, 58980, 762, MISTRAL },
    { "mistral-7b/tokenizer.model.v1.gz", BMX_FORMAT_SENTENCEPIECE, 32000, 28446, 0, 0, MISTRAL },
    { "mistral-v3/tokenizer.model.v3.gz", BMX_FORMAT_SENTENCEPIECE, 32768, 28446, 0, 0, MISTRAL },
    { "llama-3/tokenizer.model.gz", BMX_FORMAT_TIKTOKEN, 128000, 127066, 0, 695, LLAMA3 },
    { "llama-3/merges.txt.gz", BMX_FORMAT_MERGES_TXT, 128000, 127066, 280147, 695, LLAMA3 },
    { "llama-4/tokenizer.model.gz", BMX_FORMAT_TIKTOKEN, 200000, 199744, 0, 0,
      "99cc303a6b8366d8e869be8f1d6bbda369b3a2ec1224f0f367e2026ad48336f4" },
    { "qwen/qwen.tiktoken.gz", BMX_FORMAT_TIKTOKEN, 151643, 151387, 0, 0, QWEN },
    { "qwen2/merges.txt.gz", BMX_FORMAT_MERGES_TXT, 151643, 151387, 0, 0, QWEN },
    { "whisper-multilingual/multilingual.tiktoken.gz", BMX_FORMAT_TIKTOKEN, 50256, 50000, 0, 0, WHISPER },
    { "whisper-multilingual/merges.txt.gz", BMX_FORMAT_MERGES_TXT, 50257, 50000, 0, 0, WHISPER },
    { "falcon/tokenizer.json.gz", BMX_FORMAT_TOKENIZER_JSON, 65024, 64784, 0, 0,
      "487500159b278d69db55aca7b4ae21b457724d14dd158229edb6fad9fd59b737" },
    { "chatglm/tokenizer.json.gz", BMX_FORMAT_TOKENIZER_JSON, 64789, 53862, 90061, 2, "@chatglm" },
    { "clip/bpe_simple_vocab_16e6.txt.gz", BMX_FORMAT_CLIP, 49408, 48894, 262144, 0, "@clip" },
    { "grok-1/tokenizer.model.gz", BMX_FORMAT_SENTENCEPIECE, 131072, 129764, 0, 0, "@grok" },
    { "starcoder/ggml-vocab-starcoder.gguf.gz", BMX_FORMAT_GGUF, 49152, 48872, 0, 0,
      "e88b4a7e0921fe594ce9ff64ad498c2b904308083084cad5055a84c281173c47" },
    { "deepseek-coder/ggml-vocab-deepseek-coder.gguf.gz", BMX_FORMAT_GGUF, 32256, 31757, 0, 0,
      "062f8cf4440f10e5220efb9b3a1fb7d37404f80f87b6eaaaa15858ee15268ad8" },
    { "deepseek-llm/ggml-vocab-deepseek-llm.gguf.gz", BMX_FORMAT_GGUF, 102400, 99757, 0, 0,
      "a0669633c1f28fb05308888b46cf8595441d151c738675da3f63d8905f82b300" },
    { "baichuan/ggml-vocab-baichuan.gguf.gz", BMX_FORMAT_GGUF, 64000, 30457, 0, 352, "@baichuan" },
};
#define N_LIST (sizeof list / sizeof *list)

static const char *folder(void)
{
    const char *f = getenv("BPEMIX_TOKENIZERS");

    if (!f || !*f) {
        print_message("BPEMIX_TOKENIZERS is not set: %zu published files not checked\n", N_LIST);
        skip();
    }
    return f;
}

static bpemix_tokenizer *load(const char *file)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_error err = { 0 };
    char *path = bmx_asprintf("%s/%s", folder(), file);

    CHECK_OK(bmx_tokenizer_load(path, NULL, &tok, &err));
    bmx_free(path);
    return tok;
}

static void all_load_as_they_should(void **state)
{
    char seen[N_LIST][65] = { { 0 } };

    (void)state;
    for (size_t i = 0; i < N_LIST; i++) {
        const published *p = &list[i];
        bpemix_tokenizer *tok = load(p->file);

        if (tok->format != p->format || tok->vocab.size != p->vocab_size ||
            tok->trained.n_merges != p->merges || tok->n_unmerged != p->unmerged ||
            tok->n_listed != (p->listed ? p->listed : p->merges))
            fail_msg("%s: %s, vocabulary %u, merges %u of %u, unmerged %u", p->file,
                     bmx_format_name(tok->format), tok->vocab.size, tok->trained.n_merges,
                     tok->n_listed, tok->n_unmerged);
        if (p->digest[0] != '@' && strcmp(p->digest, tok->digest))
            fail_msg("%s: digest %s", p->file, tok->digest);
        memcpy(seen[i], tok->digest, 65);
        for (size_t k = 0; k < i; k++) /* same tokenizer, same digest; others differ */
            if (!strcmp(list[k].digest, p->digest) != !strcmp(seen[k], seen[i]))
                fail_msg("%s and %s", list[k].file, p->file);
        for (uint32_t t = 0; t < tok->trained.n_merges; t++)
            assert_false(tok->trained.merge[t].flags & (BMX_MERGE_UNKNOWN | BMX_MERGE_REPEATED));
        bpemix_tokenizer_free(tok);
    }
}

static uint32_t count_flag(const bpemix_tokenizer *tok, uint32_t flag)
{
    uint32_t n = 0;
    for (uint32_t t = 0; t < tok->trained.n_merges; t++)
        n += !!(tok->trained.merge[t].flags & flag);
    return n;
}

static void merges_by_hand_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_LIST; i++) {
        bpemix_tokenizer *tok = load(list[i].file);
        uint32_t want = !strcmp(list[i].digest, GPT3) ? 24 : 0;
        if (count_flag(tok, BMX_MERGE_MANUAL) != want)
            fail_msg("%s: %u manual merges", list[i].file, count_flag(tok, BMX_MERGE_MANUAL));
        bpemix_tokenizer_free(tok);
    }
}

static void rules_are_guessed_right(void **state)
{
    /* what the converter dropped, against the model the file was converted from */
    static const char *const files[][2] = {
        { "llama/tokenizer.model.gz", "llama/tokenizer.json.gz" },
        { "llama/tokenizer.model.gz", "llama/ggml-vocab-llama-spm.gguf.gz" },
        { "mistral-7b/tokenizer.model.v1.gz", "mistral-7b/tokenizer.json.gz" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        bpemix_tokenizer *a = load(files[i][0]), *b = load(files[i][1]);
        assert_true(a->rules.sentencepiece && b->rules.sentencepiece);
        assert_int_equal(a->rules.max_characters, b->rules.max_characters);
        assert_int_equal(a->rules.split_digits, b->rules.split_digits);
        assert_int_equal(a->rules.split_by_script, b->rules.split_by_script);
        assert_int_equal(a->rules.split_by_number, b->rules.split_by_number);
        assert_int_equal(a->rules.allow_whitespace_only, b->rules.allow_whitespace_only);
        bpemix_tokenizer_free(a);
        bpemix_tokenizer_free(b);
    }
}

/* Text is split alike by a list that was recognized and by one whose merges were recovered. */
static void recognized_lists_split_alike(void **state)
{
    static const char *const files[][2] = {
        { "gpt-2/r50k_base.tiktoken.gz", "GPT-2" },
        { "gpt-3/p50k_base.tiktoken.gz", "p50k" },
        { "cl100k/cl100k_base.tiktoken.gz", "cl100k" },
        { "o200k/o200k_base.tiktoken.gz", "o200k" },
        { "llama-3/tokenizer.model.gz", "Llama 3" },
        { "llama-4/tokenizer.model.gz", "Llama 4" },
        { "qwen/qwen.tiktoken.gz", "Qwen" },
        { "kimi-k2/tiktoken.model.gz", "Kimi K2" },
        { "whisper-multilingual/multilingual.tiktoken.gz", NULL }, /* lines */
        { "grok-1/tokenizer.model.gz", NULL },
        { "claude/claude.json.gz", NULL },
        { "gpt-2/merges.txt.gz", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        bpemix_load_opts opts = { .words_only = true };
        bpemix_tokenizer *whole = load(files[i][0]), *tok = NULL;
        bmx_text_rule rule, words_only;
        bpemix_error err = { 0 };
        char *path = bmx_asprintf("%s/%s", folder(), files[i][0]);

        CHECK_OK(bmx_tokenizer_load(path, &opts, &tok, &err));
        assert_int_equal(tok->recognized != NULL, files[i][1] != NULL);
        if (tok->recognized)
            assert_string_equal(tok->recognized->name, files[i][1]);
        assert_int_equal(tok->trained.n_merges, tok->recognized ? 0 : whole->trained.n_merges);
        CHECK_OK(bmx_text_rule_of(whole, BPEMIX_TEXT_UNIT_AUTO, BPEMIX_INVALID_AUTO, &rule, &err));
        CHECK_OK(bmx_text_rule_of(tok, BPEMIX_TEXT_UNIT_AUTO, BPEMIX_INVALID_AUTO, &words_only,
                                  &err));
        assert_string_equal(rule.key, words_only.key);
        bpemix_tokenizer_free(whole);
        bpemix_tokenizer_free(tok);
        bmx_free(path);
    }
}

/* Formats that cannot state a normalizer, of tokenizers that have one. */
static void normalizers_of_known_lists(void **state)
{
    static const struct { const char *file; int kind; } files[] = {
        { "claude/tokenizer.json.gz", BMX_NORM_NFKC }, { "claude/claude.json.gz", BMX_NORM_NFKC },
        { "qwen/qwen.tiktoken.gz", BMX_NORM_NFC },     { "qwen2/merges.txt.gz", BMX_NORM_NFC },
        { "gpt-2/merges.txt.gz", -1 },                 { "gpt-2/r50k_base.tiktoken.gz", -1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        bpemix_tokenizer *tok = load(files[i].file);
        if (tok->trained.normalizer.n != (files[i].kind >= 0) ||
            (tok->trained.normalizer.n &&
             (int)tok->trained.normalizer.step[0].kind != files[i].kind))
            fail_msg("%s: %zu steps of normalization", files[i].file, tok->trained.normalizer.n);
        bpemix_tokenizer_free(tok);
    }
}

/* Without vocab.json beside it the redundant list still gives the same merges. */
static void redundant_list_without_ids(void **state)
{
    bpemix_error err = { 0 };
    bmx_buf data = { 0 };
    char *path = bmx_asprintf("%s/llama-3/merges.txt.gz", folder());
    bpemix_tokenizer *tok;

    (void)state;
    CHECK_OK(bmx_read_file(path, 0, &data, &err));
    tok = parse(slice_of(&data));
    assert_int_equal(tok->vocab.size, 0);
    assert_int_equal(tok->n_listed, 280147);
    assert_string_equal(tok->digest, LLAMA3);
    bpemix_tokenizer_free(tok);
    bmx_buf_release(&data);
    bmx_free(path);
}

/* The 47 texts of encode_vectors through SentencePiece's own algorithm; byte-level
 * tokenizers need the pre-tokenizer as well and are tested with it. */
static void sentencepiece_ids(void **state)
{
    static const char *const files[] = { "llama/tokenizer.model.gz", "llama/tokenizer.json.gz",
                                         "llama/ggml-vocab-llama-spm.gguf.gz" };
    static const char mark[] = "\n__ggml_vocab_test__\n";
    bpemix_error err = { 0 };
    bmx_buf cases = { 0 }, wanted = { 0 };
    char *path = bmx_asprintf("%s/encode_vectors/cases.inp", folder());

    (void)state;
    CHECK_OK(bmx_read_file(path, 0, &cases, &err));
    bmx_free(path);
    path = bmx_asprintf("%s/encode_vectors/llama-spm.out", folder());
    CHECK_OK(bmx_read_file(path, 0, &wanted, &err));
    bmx_free(path);
    put(&cases, "", 1);
    put(&wanted, "", 1);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        bpemix_tokenizer *tok = load(files[i]);
        bmx_encoder_scratch *s;
        const char *text = cases.ptr, *line = wanted.ptr;
        int n = 0;

        CHECK_OK(bmx_encoder_scratch_new(tok, &s, &err));
        for (bool last = false; !last; n++) {
            const char *end = strstr(text, mark);
            bmx_buf piece = { 0 };
            bmx_ids ids = { 0 };
            last = !end;
            if (last)
                end = text + strlen(text);
            if (end > text) /* the normalizer: a dummy space, spaces as U+2581 */
                put_str(&piece, "\xe2\x96\x81");
            for (; text < end; text++)
                put(&piece, *text == ' ' ? "\xe2\x96\x81" : text, *text == ' ' ? 3 : 1);
            CHECK_OK(bmx_encode_pretoken(tok, s, slice_of(&piece), &ids, &err));
            for (size_t k = 0; k < ids.n; k++) {
                char *after;
                unsigned long want = strtoul(line, &after, 10);
                if (after == line || want != ids.id[k])
                    fail_msg("%s case %d id %zu: %u, not %lu", files[i], n, k, ids.id[k], want);
                line = after;
            }
            line += strspn(line, " ");
            assert_true(*line == '\n' || !*line);
            line += *line == '\n';
            text = end + (last ? 0 : strlen(mark));
            bmx_ids_release(&ids);
            bmx_buf_release(&piece);
        }
        assert_int_equal(n, 47);
        bmx_encoder_scratch_free(s);
        bpemix_tokenizer_free(tok);
    }
    bmx_buf_release(&cases);
    bmx_buf_release(&wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_load_as_they_should),
        cmocka_unit_test(merges_by_hand_are_found),
        cmocka_unit_test(rules_are_guessed_right),
        cmocka_unit_test(recognized_lists_split_alike),
        cmocka_unit_test(normalizers_of_known_lists),
        cmocka_unit_test(redundant_list_without_ids),
        cmocka_unit_test(sentencepiece_ids),
    };
    return cmocka_run_group_tests_name("published", tests, NULL, NULL);
}

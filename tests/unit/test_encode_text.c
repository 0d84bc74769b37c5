/* Text to ids: hand-made tokenizers, and texts with ids that the original
 * tokenizers gave. */
#include "test.h"

#include "base/io.h"
#include "text/encode_text.h"

static bpemix_tokenizer *parse(const char *json)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_error err;

    CHECK_OK(bmx_tokenizer_parse("test", bmx_slice_str(json), NULL, &tok, &err));
    return tok;
}

static void ids_follow_normalizer_and_pretokenizer(void **state)
{
    bpemix_tokenizer *tok = parse(
        "{\"normalizer\":{\"type\":\"Lowercase\"},\"pre_tokenizer\":{\"type\":\"Digits\",\"individual_digits\":true},"
        "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"1\":2,\"ab\":3,\"11\":4,\"abab\":5},"
        "\"merges\":[\"a b\",\"1 1\",\"ab ab\"]}}");
    bmx_text_encoder *enc = NULL;
    bmx_ids ids = { 0 };
    bpemix_error err;
    const uint32_t want[] = { 5, 2, 2, 3, 0 };

    (void)state;
    CHECK_OK(bmx_text_encoder_new(tok, &enc, &err));
    CHECK_OK(bmx_encode_text(enc, bmx_slice_str("aBAb11aba"), &ids, &err));
    assert_int_equal(ids.n, 5);
    assert_memory_equal(ids.id, want, sizeof want);
    CHECK_FAILS(bmx_encode_text(enc, bmx_slice_str("ab\xff"), &ids, &err), BPEMIX_E_FORMAT, "byte 2");
    assert_int_equal(ids.n, 5);
    bmx_ids_release(&ids);
    bmx_text_encoder_free(enc);
    bpemix_tokenizer_free(tok);
}

static const struct {
    const char *vector, *file;
} vectors[] = {
    { "gpt-2", "gpt-2/tokenizer.json.gz" },
    { "gpt-2", "gpt-2/merges.txt.gz" },
    { "gpt-2", "gpt-2/ggml-vocab-gpt-2.gguf.gz" },
    { "starcoder", "starcoder/ggml-vocab-starcoder.gguf.gz" },
    { "falcon", "falcon/tokenizer.json.gz" },
    { "deepseek-llm", "deepseek-llm/ggml-vocab-deepseek-llm.gguf.gz" },
    { "deepseek-coder", "deepseek-coder/ggml-vocab-deepseek-coder.gguf.gz" },
    { "llama-bpe", "llama-3/tokenizer.model.gz" },
    { "qwen2", "qwen/qwen.tiktoken.gz" },
    { "qwen2", "qwen2/merges.txt.gz" },
    { "llama-spm", "llama/tokenizer.model.gz" },
    { "llama-spm", "llama/tokenizer.json.gz" },
    { "llama-spm", "llama/ggml-vocab-llama-spm.gguf.gz" },
    { "phi-3", "phi-3-mini/tokenizer.json.gz" },
    { "mpt", "gpt-neox/tokenizer.json.gz" },
    { "gpt-2", "gpt-2/vocab.json.gz" },
    { "llama-bpe", "llama-3/vocab.json.gz" },
    { "llama-bpe", "llama-3/merges.txt.gz" },
    { "gpt-2", "gpt-2/r50k_base.tiktoken.gz" },
};

static void check_vector(const char *folder, const char *vector, const char *file)
{
    static const char mark[] = "\n__ggml_vocab_test__\n";
    char path[1000];
    bpemix_tokenizer *tok = NULL;
    bmx_text_encoder *enc = NULL;
    bmx_buf cases = { 0 }, out = { 0 };
    bpemix_error err;
    char *text, *end, *line;
    int n = 0;

    snprintf(path, sizeof path, "%s/%s", folder, file);
    CHECK_OK(bpemix_tokenizer_load(path, NULL, &tok, &err));
    CHECK_OK(bmx_text_encoder_new(tok, &enc, &err));
    snprintf(path, sizeof path, "%s/encode_vectors/cases.inp", folder);
    CHECK_OK(bmx_read_file(path, 0, &cases, &err));
    snprintf(path, sizeof path, "%s/encode_vectors/%s.out", folder, vector);
    CHECK_OK(bmx_read_file(path, 0, &out, &err));
    CHECK_OK(bmx_buf_addc(&cases, 0, &err));
    CHECK_OK(bmx_buf_addc(&out, 0, &err));
    line = out.ptr;
    for (text = cases.ptr; text; text = end ? end + sizeof mark - 1 : NULL, n++) {
        bmx_ids ids = { 0 };
        char *p = line, *next;
        end = strstr(text, mark);
        CHECK_OK(bmx_encode_text(enc, bmx_slice_of(text, end ? (size_t)(end - text) : strlen(text)),
                                 &ids, &err));
        for (size_t i = 0;; i++) {
            unsigned long want;
            while (*p == ' ')
                p++;
            if (*p == '\n' || !*p) {
                if (i != ids.n)
                    fail_msg("%s, text %d: %zu ids, not %zu", file, n, ids.n, i);
                break;
            }
            want = strtoul(p, &next, 10);
            if (i >= ids.n || ids.id[i] != want)
                fail_msg("%s, text %d, id %zu: %ld, not %lu", file, n, i,
                         i < ids.n ? (long)ids.id[i] : -1L, want);
            p = next;
        }
        line = *p ? p + 1 : p;
        bmx_ids_release(&ids);
    }
    if (n < 40)
        fail_msg("%s: only %d texts", file, n);
    bmx_buf_release(&cases);
    bmx_buf_release(&out);
    bmx_text_encoder_free(enc);
    bpemix_tokenizer_free(tok);
}

static void published_tokenizers_give_the_original_ids(void **state)
{
    const char *folder = getenv("BPEMIX_TOKENIZERS");

    (void)state;
    if (!folder) {
        print_message("BPEMIX_TOKENIZERS is not set: %zu published tokenizers skipped\n",
                      sizeof vectors / sizeof *vectors);
        skip();
    }
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        check_vector(folder, vectors[i].vector, vectors[i].file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_follow_normalizer_and_pretokenizer),
        cmocka_unit_test(published_tokenizers_give_the_original_ids),
    };
    return cmocka_run_group_tests_name("encode_text", tests, NULL, NULL);
}

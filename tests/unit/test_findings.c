/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a merge list tells by itself. */
#include "test.h"

#include "findings/findings.h"
#include "tokenizer/tokenizer.h"

#include <math.h>

/* A byte-level tokenizer.json with these merges, in the printable byte alphabet. */
static bpemix_tokenizer *make(const char *const *merges, size_t n, const char *pre)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_error err;
    bmx_buf b = { 0 };

    CHECK_OK(bmx_buf_addf(&b, &err,
                          "{\"pre_tokenizer\":%s,\"model\":{\"type\":\"BPE\",\"vocab\":{", pre));
    for (int i = 0; i < 256; i++) { /* the printable byte alphabet, in the order of bytes */
        int plain = (i >= 0x21 && i <= 0x7e) || (i >= 0xa1 && i <= 0xac) || i >= 0xae, cp = i;
        if (!plain) {
            cp = 0x100;
            for (int k = 0; k < i; k++)
                cp += !((k >= 0x21 && k <= 0x7e) || (k >= 0xa1 && k <= 0xac) || k >= 0xae);
        }
        CHECK_OK(bmx_buf_addf(&b, &err, "\"\\u%04x\":%d,", (unsigned)cp, i));
    }
    for (size_t t = 0; t < n; t++) {
        const char *space = strchr(merges[t], ' ');
        CHECK_OK(bmx_buf_addf(&b, &err, "\"%.*s%s\":%zu%s", (int)(space - merges[t]), merges[t],
                              space + 1, 256 + t, t + 1 < n ? "," : ""));
    }
    CHECK_OK(bmx_buf_addf(&b, &err, "},\"merges\":["));
    for (size_t t = 0; t < n; t++)
        CHECK_OK(bmx_buf_addf(&b, &err, "\"%s\"%s", merges[t], t + 1 < n ? "," : ""));
    CHECK_OK(bmx_buf_addf(&b, &err, "]}}"));
    CHECK_OK(bmx_tokenizer_parse("test", bmx_slice_of(b.ptr, b.len), NULL, &tok, &err));
    bmx_buf_release(&b);
    return tok;
}

#define BYTE_LEVEL "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":true}"

static void cut_tokens_name_their_boundary(void **state)
{
    /* 's is a piece of the pattern, 'S is not; a1 joins a letter and a digit */
    const char *merges[] = { "' s", "' S", "a 1", "\xc4\xa0 a", "\xc4\x8a b" };
    bpemix_tokenizer *tok = make(merges, 5, BYTE_LEVEL);
    bmx_findings f = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_findings_get(tok, &f, &err));
    assert_true(f.cut_known);
    assert_int_equal(f.n_cut, 3);
    assert_int_equal(f.cut[0].merge, 1);
    assert_int_equal(f.cut[0].at, 1);
    assert_int_equal(f.cut[1].merge, 2);
    assert_int_equal(f.cut[2].merge, 4); /* newline, then b */
    assert_int_equal(f.newline_tokens, 1);
    assert_int_equal(f.text_unit, BPEMIX_TEXT_UNIT_DOCUMENT);
    bmx_findings_release(&f);
    bpemix_tokenizer_free(tok);
}

static void scripts_are_counted(void **state)
{
    /* a b: Latin; U+0434 from its two bytes: Cyrillic; 1 2: Common; a lone lead byte with a
       space */
    const char *merges[] = { "a b", "\xc3\x90 \xc2\xb4", "1 2", "\xc4\xa0 \xc3\x90" };
    bpemix_tokenizer *tok = make(merges, 4, BYTE_LEVEL);
    bmx_findings f = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_findings_get(tok, &f, &err));
    assert_int_equal(f.n_scripts, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(f.script[i].tokens, 1);
    assert_string_equal(f.script[0].name, "Common");
    assert_string_equal(f.script[1].name, "Cyrillic");
    assert_string_equal(f.script[2].name, "Latin");
    assert_string_equal(f.script[3].name, "partial character");
    assert_int_equal(f.text_unit, BPEMIX_TEXT_UNIT_LINE);
    bmx_findings_release(&f);
    bpemix_tokenizer_free(tok);
}

/* All pairs of two letters in the order of ids, with `levels` falls of the
 * count: behind each the order starts anew. */
static void falls_of_the_count_are_seen_in_tie_order(void **state)
{
    static char text[2704][8];
    const char *merges[2704], *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    bpemix_tokenizer *tok;
    bmx_ties ties;
    size_t n = 0;

    (void)state;
    /* level l takes the pairs with (left + right) % 13 == l: ascending inside a level */
    for (int level = 0; level < 13; level++)
        for (int i = 0; i < 52; i++)
            for (int k = 0; k < 52; k++)
                if ((i + k) % 13 == level) {
                    snprintf(text[n], sizeof text[n], "%c %c", letters[i], letters[k]);
                    merges[n] = text[n];
                    n++;
                }
    assert_int_equal(n, 2704);
    tok = make(merges, n, BYTE_LEVEL);
    bmx_ties_measure(tok, &ties);
    assert_int_equal(ties.rule, BMX_TIES_IDS);
    for (int k = 0; k < 8; k++)
        assert_true(ties.ascending[k] > 0.99);
    assert_int_equal(ties.levels_last_half, 6); /* levels 7 .. 12 begin behind the middle */
    assert_int_equal(ties.uninformative_from, 0);
    bpemix_tokenizer_free(tok);
}

static void shuffled_lists_show_no_rule(void **state)
{
    static char text[2704][8];
    const char *merges[2704], *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    bpemix_tokenizer *tok;
    bmx_rng rng = { 5 };
    bmx_ties ties;

    (void)state;
    for (int i = 0; i < 2704; i++) {
        snprintf(text[i], sizeof text[i], "%c %c", letters[i / 52], letters[i % 52]);
        merges[i] = text[i];
    }
    for (size_t i = 2703; i > 0; i--) {
        size_t k = bmx_rng_below(&rng, i + 1);
        const char *m = merges[i];
        merges[i] = merges[k];
        merges[k] = m;
    }
    tok = make(merges, 2704, BYTE_LEVEL);
    bmx_ties_measure(tok, &ties);
    for (int k = 0; k < 8; k++)
        assert_true(fabs(ties.ascending[k] - 0.5) < 0.12);
    assert_true(isnan(ties.sample_pairs));
    assert_int_equal(ties.uninformative_from, BMX_NONE);
    bpemix_tokenizer_free(tok);
}

static void unknown_lists_have_no_lineage(void **state)
{
    const char *merges[] = { "a b", "c d" };
    bpemix_tokenizer *tok = make(merges, 2, BYTE_LEVEL);
    bmx_lineages l = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_lineage_find(tok, &l, &err));
    assert_int_equal(l.n, 0);
    assert_int_equal(l.inherited, 0);
    bmx_lineages_release(&l);
    bpemix_tokenizer_free(tok);
}

/* Published lists: figures known from the files themselves. */
static const struct {
    const char *file, *of, *base;
    uint32_t inherited;
    long cut;
    double first, last; /* ascending, first and last eighth; 0: not checked */
    uint32_t levels;
} known[] = {
    { "gpt-2/tokenizer.json.gz", "GPT-2", NULL, 0, 0, 0, 0, 0 },
    { "phi-2/tokenizer.json.gz", "GPT-2", NULL, 0, 0, 0, 0, 0 },
    { "gpt-3/p50k_base.tiktoken.gz", "p50k", "GPT-2", 50000, 0, 0, 0, 0 },
    { "cl100k/cl100k_base.tiktoken.gz", "cl100k", NULL, 0, 0, 0, 0, 0 },
    { "o200k/o200k_base.tiktoken.gz", "o200k", NULL, 0, 12, 0.50, 0.50, 0 },
    { "llama-3/tokenizer.model.gz", "Llama 3", "cl100k", 100000, 0, 0, 0, 0 },
    { "llama-3/merges.txt.gz", "Llama 3", "cl100k", 100000, 0, 0, 0, 0 },
    { "llama-4/tokenizer.model.gz", "Llama 4", NULL, 0, 7, 0.51, 0.96, 0 },
    { "qwen/qwen.tiktoken.gz", "Qwen", "cl100k", 98900, 1673, 0, 0, 0 },
    { "qwen2/merges.txt.gz", "Qwen", "cl100k", 98900, 1673, 0, 0, 0 },
    { "whisper-multilingual/merges.txt.gz", "Whisper multilingual", NULL, 0, 5, 0, 0, 0 },
    { "claude/tokenizer.json.gz", "Claude", NULL, 0, 0, 0.55, 1.00, 217 },
    { "starcoder/ggml-vocab-starcoder.gguf.gz", "StarCoder", NULL, 0, 0, 0.51, 0.97, 0 },
    { "falcon/tokenizer.json.gz", "Falcon", NULL, 0, 0, 0.51, 0.94, 0 },
    { "deepseek-llm/ggml-vocab-deepseek-llm.gguf.gz", "DeepSeek LLM", NULL, 0, -1, 0.51, 0.93, 0 },
    { "gpt-neox/tokenizer.json.gz", "GPT-NeoX", NULL, 0, 0, 0.50, 0.63, 0 },
    { "grok-1/tokenizer.model.gz", "Grok-1", NULL, 0, 0, 0.51, 0.98, 0 },
    { "llama/tokenizer.model.gz", "Llama", NULL, 0, 0, 0.51, 0.59, 0 },
    { "mistral-7b/tokenizer.model.v1.gz", "Mistral", NULL, 0, 0, 0, 0.59, 0 },
};

static void published_lists_show_their_figures(void **state)
{
    const char *folder = getenv("BPEMIX_TOKENIZERS");

    (void)state;
    if (!folder) {
        print_message("BPEMIX_TOKENIZERS is not set: %zu published lists skipped\n",
                      sizeof known / sizeof *known);
        skip();
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char path[1000];
        bpemix_tokenizer *tok = NULL;
        bmx_findings f = { 0 };
        bpemix_error err;
        snprintf(path, sizeof path, "%s/%s", folder, known[i].file);
        CHECK_OK(bmx_tokenizer_load(path, NULL, &tok, &err));
        CHECK_OK(bmx_findings_get(tok, &f, &err));
        assert_true(f.lineage.n >= 1 && f.lineage.entry[0].whole);
        assert_string_equal(f.lineage.entry[0].of, known[i].of);
        assert_int_equal(f.lineage.entry[0].to, tok->trained.n_merges);
        assert_int_equal(f.lineage.inherited, known[i].inherited);
        if (known[i].base) {
            assert_int_equal(f.lineage.n, 2);
            assert_string_equal(f.lineage.entry[1].of, known[i].base);
        }
        if (known[i].cut >= 0)
            assert_int_equal(f.n_cut, known[i].cut);
        if (known[i].first > 0)
            assert_true(fabs(f.ties.ascending[0] - known[i].first) < 0.0055);
        if (known[i].last > 0)
            assert_true(fabs(f.ties.ascending[7] - known[i].last) < 0.0055);
        if (known[i].levels)
            assert_int_equal(f.ties.levels_last_half, known[i].levels);
        bmx_findings_release(&f);
        bpemix_tokenizer_free(tok);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_tokens_name_their_boundary),
        cmocka_unit_test(scripts_are_counted),
        cmocka_unit_test(falls_of_the_count_are_seen_in_tie_order),
        cmocka_unit_test(shuffled_lists_show_no_rule),
        cmocka_unit_test(unknown_lists_have_no_lineage),
        cmocka_unit_test(published_lists_show_their_figures),
    };
    return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places where a document may be cut, against the words of the whole. */
#include "plain_words.h"

#include "split/cut.h"

typedef struct list {
    bmx_buf text;
    size_t end[20000], n;
} list;

static bpemix_status list_pretoken(void *ctx, bmx_slice pretoken, bpemix_error *err)
{
    list *l = ctx;
    assert_true(l->n < 20000);
    bpemix_status st = bmx_buf_add(&l->text, pretoken.ptr, pretoken.len, err);
    l->end[l->n++] = l->text.len;
    return st;
}

static void split(oracle *o, bmx_slice text, list *out)
{
    bpemix_error err;

    if (!text.len)
        return;
    CHECK_OK(bmx_normalize(o->norm, text, o->scratch, &text, &err));
    CHECK_OK(bmx_pretokenize(o->pre, o->state, text, list_pretoken, out, &err));
}

static size_t check_cuts(const bpemix_tokenizer *tok, const char *name, uint64_t seed)
{
    static list whole, parts;
    bmx_rng r = { seed };
    unsigned cuts = bmx_cut_rules(&tok->trained.normalizer, &tok->trained.pretokenizer);
    size_t tried = 0;
    char text[400];
    oracle o;

    oracle_open(&o, tok);
    for (int round = 0; round < 200 && cuts; round++) {
        size_t n = random_text(&r, text, 120);

        whole.n = whole.text.len = 0;
        split(&o, bmx_slice_of(text, n), &whole);
        for (size_t end = n; end > 0; end--) { /* every cut that could be found */
            size_t at = bmx_cut_find(cuts, bmx_slice_of(text, end), end > 8 ? end - 8 : 0);
            if (!at)
                continue;
            parts.n = parts.text.len = 0;
            split(&o, bmx_slice_of(text, at), &parts);
            split(&o, bmx_slice_of(text + at, n - at), &parts);
            tried++;
            if (parts.n != whole.n || parts.text.len != whole.text.len ||
                memcmp(parts.end, whole.end, whole.n * sizeof *whole.end) ||
                (whole.text.len && memcmp(parts.text.ptr, whole.text.ptr, whole.text.len))) {
                char q[500];
                fail_msg("%s: cut at %zu of %s: %zu pre-tokens, not %zu", name, at,
                         bmx_quote(q, sizeof q, text, n), parts.n, whole.n);
            }
        }
    }
    oracle_close(&o);
    bmx_buf_release(&whole.text);
    bmx_buf_release(&parts.text);
    return tried;
}

/* Cutting a document must not change its pre-tokens, for any preset. */
static void cuts_are_exact_for_presets(void **state)
{
    static const bmx_normalizer_kind kinds[] = { BMX_NORM_NFC, BMX_NORM_NFD, BMX_NORM_NFKC,
                                                 BMX_NORM_NFKD, BMX_NORM_LOWERCASE,
                                                 BMX_NORM_STRIP_ACCENTS };
    size_t n_cut = 0;

    (void)state;
    for (const char *const *name = bmx_pretokenizer_preset_names(); *name; name++) {
        size_t tried = 0;
        for (size_t k = 0; k <= sizeof kinds / sizeof *kinds; k++) {
            bpemix_tokenizer *tok = make_tokenizer(*name, BMX_ALPHABET_BYTE, NULL);
            if (k)
                made_normalizer(tok, kinds[k - 1]);
            tried += check_cuts(tok, *name, 17 + k);
            bpemix_tokenizer_free(tok);
        }
        n_cut += tried > 0;
        if (!strcmp(*name, "gpt2") || !strcmp(*name, "cl100k") || !strcmp(*name, "o200k") ||
            !strcmp(*name, "deepseek-v3") || !strcmp(*name, "falcon"))
            assert_true(tried > 500);
    }
    assert_true(n_cut >= 15);
}

/* The other kinds of steps, alone and in front of a pattern. */
static void cuts_are_exact_for_steps(void **state)
{
    bpemix_error err;

    (void)state;
    for (int kind = BMX_PRE_BYTE_LEVEL; kind <= BMX_PRE_FIXED_LENGTH; kind++) {
        for (int variant = 0; variant < 24; variant++) {
            bpemix_tokenizer *tok = make_tokenizer(NULL, BMX_ALPHABET_CHARACTER, NULL);
            bmx_pretokenizer_step *s;
            char name[60];

            CHECK_OK(bmx_pretokenizer_add(&tok->trained.pretokenizer, (bmx_pretokenizer_kind)kind,
                                          &s, &err));
            s->use_regex = variant % 2;
            s->add_prefix_space = variant / 2 % 2;
            s->individual_digits = variant % 2;
            s->behavior = (bmx_split_behavior)(variant % 5);
            s->delimiter = kind == BMX_PRE_METASPACE ? 0x2581 : variant % 2 ? ' ' : '\n';
            s->prepend = (bmx_prepend_scheme)(variant % 3);
            s->split = variant / 3 % 2;
            s->length = 3;
            if (kind == BMX_PRE_SPLIT)
                CHECK_OK(bmx_pattern_set(&s->pattern, bmx_slice_str(variant % 2 ? " " : "\\s+"),
                                         variant % 2 == 0, BMX_REGEX_ONIGURUMA, &err));
            if (variant >= 12) {
                CHECK_OK(
                    bmx_pretokenizer_add(&tok->trained.pretokenizer, BMX_PRE_BYTE_LEVEL, &s, &err));
                s->use_regex = true;
                if (kind == BMX_PRE_BYTE_LEVEL)
                    s->add_prefix_space = true;
            }
            snprintf(name, sizeof name, "%s, variant %d",
                     bmx_pretokenizer_kind_name((bmx_pretokenizer_kind)kind), variant);
            check_cuts(tok, name, 99);
            bpemix_tokenizer_free(tok);
        }
    }
}

/* The pipelines of published files, which spell their patterns themselves. */
static void cuts_are_exact_for_published(void **state)
{
    static const struct { const char *file; bool cut; } files[] = {
        { "gpt-2/tokenizer.json.gz", true },    { "claude/tokenizer.json.gz", true },
        { "falcon/tokenizer.json.gz", true },   { "gpt-neox/tokenizer.json.gz", true },
        { "llama-4/tokenizer.model.gz", true }, { "gpt-2/ggml-vocab-gpt-2.gguf.gz", true },
        { "starcoder/ggml-vocab-starcoder.gguf.gz", true },
        { "deepseek-coder/ggml-vocab-deepseek-coder.gguf.gz", true },
        { "deepseek-llm/ggml-vocab-deepseek-llm.gguf.gz", true },
    };
    const char *folder = getenv("BPEMIX_TOKENIZERS");
    bpemix_error err;

    (void)state;
    if (!folder) {
        print_message("BPEMIX_TOKENIZERS is not set: %zu published pipelines skipped\n",
                      sizeof files / sizeof *files);
        skip();
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[600];
        bpemix_tokenizer *tok;

        snprintf(path, sizeof path, "%s/%s", folder, files[i].file);
        if (access(path, R_OK)) {
            print_message("%s: not there, skipped\n", files[i].file);
            continue;
        }
        CHECK_OK(bmx_tokenizer_load(path, NULL, &tok, &err));
        if ((check_cuts(tok, files[i].file, 5) > 0) != files[i].cut)
            fail_msg("%s: %s", files[i].file, files[i].cut ? "not recognized" : "cut");
        bpemix_tokenizer_free(tok);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_are_exact_for_presets),
        cmocka_unit_test(cuts_are_exact_for_steps),
        cmocka_unit_test(cuts_are_exact_for_published),
    };
    return cmocka_run_group_tests_name("cut", tests, NULL, remove_scratch);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chunks: where text is cut, words from chunks against words from the text, files of chunks. */
#include "files.h"
#include "split/unicode.h"
#include "base/utf8.h"
#include "tokenizer/tokenizer.h"
#include "words/chunk_file.h"
#include "count.h"

#include <math.h>

/* ---- tokenizers made by hand ---- */

static bpemix_tokenizer *make_tokenizer(const char *preset)
{
    bpemix_tokenizer *tok = bmx_calloc(1, sizeof *tok);
    bpemix_error err;

    assert_non_null(tok);
    CHECK_OK(bmx_pretokenizer_preset(preset, &tok->trained.pretokenizer, &err));
    tok->pretokenizer_known = true;
    tok->vocab.alphabet = tok->trained.pretokenizer.step[tok->trained.pretokenizer.n - 1].kind ==
                                  BMX_PRE_SENTENCEPIECE
                              ? BMX_ALPHABET_CHARACTER
                              : BMX_ALPHABET_BYTE;
    return tok;
}

static bmx_normalizer_step *add_normalizer(bpemix_tokenizer *tok, bmx_normalizer_kind kind)
{
    bmx_normalizer_step *step;
    bpemix_error err;

    CHECK_OK(bmx_normalizer_add(&tok->trained.normalizer, kind, &step, &err));
    return step;
}

static void add_replace(bpemix_tokenizer *tok, const char *from, const char *to)
{
    bmx_normalizer_step *step = add_normalizer(tok, BMX_NORM_REPLACE);
    bpemix_error err;

    CHECK_OK(bmx_pattern_set(&step->pattern, bmx_slice_str(from), false, BMX_REGEX_FANCY, &err));
    CHECK_OK(bmx_slice_own(&step->content, bmx_slice_str(to), &err));
}

static bmx_pretokenizer_step *add_step(bpemix_tokenizer *tok, bmx_pretokenizer_kind kind)
{
    bmx_pretokenizer_step *step;
    bpemix_error err;

    CHECK_OK(bmx_pretokenizer_add(&tok->trained.pretokenizer, kind, &step, &err));
    return step;
}

/* ---- random documents ---- */

static void put_random(bmx_buf *b, bmx_rng *r, size_t n, bool malformed)
{
    static const char *const bits[] = {
        " ", " ", " ", " ", " ", "\n", "\n", "\n\n", "\r\n", "  ", "   ", "\t", "a", "b", "the", "Word",
        "USA", "'s", "'ll", "'", "1", "23", "4567", ".", ",", ";\n", "//", "/", "(", ")", "!?", "...",
        "\xc3\xa9", "e\xcc\x81", "\xc5\xbf", "\xd0\xb4\xd0\xb0", "\xe6\xbc\xa2", "\xe5\xad\x97",
        "\xe3\x81\x8b", "\xe3\x81\x8c", "\xe3\x82\x99", "\xef\xbd\xb6", "\xef\xa4\x80", "\xea\xb0\x80", "\xe0\xb9\x84\xe0\xb8\x97", "\xd7\xa9",
        "\xe3\x80\x80", "\xc2\xa0", "\xe3\x80\x82", "\xe3\x80\x81", "\xef\xbc\x8c", "\xef\xbc\x81",
        "\xe2\x80\xa8", "\xcc\x81", "\xe2\x80\x8b", "\xe0\xa4\xb9\xe0\xa5\x88", "\xd8\xa7", "+", "\xe2\x82\xac",
        "\xe2\x96\x81", "\xf0\x9f\x98\x80", "_", "$", "\xc4\xb0", "x", "i\xcc\x87",
        "\xc2\x85", "\x01", "\xce\xa3", "\xce\xb1\xce\xa3", "\xc2\xa8", "\xef\xb7\xba", "<tag>",
        "\xe1\xa0\x8e", "\xef\xbb\xbf", "\xc2\xad", "\xe1\x84\x80", "\xe1\x85\xa1", "\xe3\x8f\xbc",
        /* malformed, behind here */
        "\xff", "\xff ", "\xe3\x80", "\x80", "\xc3", "\xf0\x9f\x98", "\xed\xa0\x80",
    };
    size_t want = b->len + bmx_rng_below(r, n);
    size_t kinds = sizeof bits / sizeof *bits - (malformed ? 0 : 7);
    bpemix_error err;

    while (b->len < want) {
        const char *bit = bits[bmx_rng_below(r, kinds)];
        CHECK_OK(bmx_buf_add(b, bit, strlen(bit), &err));
    }
}

/* A folder of random documents, plain ones and records. */
static const char *random_documents(const char *name, uint64_t seed, size_t n, bool malformed)
{
    bmx_rng r = { seed };
    bmx_buf b = { 0 };
    char file[300];

    put_folder(name);
    for (size_t i = 0; i < n; i++) {
        b.len = 0;
        put_random(&b, &r, i % 5 == 4 ? 9000 : 300, malformed);
        snprintf(file, sizeof file, "%s/%zu.txt", name, i);
        put_file(file, b.ptr ? b.ptr : "", b.len);
    }
    if (!malformed) {
        snprintf(file, sizeof file, "%s/records.jsonl", name);
        put_text(file, "{\"text\": \" begins with a space\"}\n{\"text\": \"\"}\n"
                       "{\"text\": \"ends with spaces  \"}\n{\"text\": \" begins with a space\"}\n");
    }
    bmx_buf_release(&b);
    return in_scratch(name);
}

static void count_words(const bpemix_tokenizer *tok, const char *path, const bpemix_count_opts *o,
                        bmx_words *out)
{
    bpemix_category cat = { .name = "x", .paths = &path, .n_paths = 1 };
    bpemix_error err;

    CHECK_OK(words_count(tok, &cat, 1, o, out, &err));
}

/* Cut into chunks, and kept in a file. */
static const char *make_chunks(const char *name, const char *text, unsigned cuts, uint32_t folds)
{
    bpemix_category cat = { .name = "x", .paths = &text, .n_paths = 1 };
    bpemix_count_opts o = { .folds = folds };
    bmx_chunk_terms terms = { .cuts = cuts, .n_folds = folds };
    const char *path = in_scratch(name);
    bmx_words w[8] = { { 0 } };
    bpemix_error err;

    CHECK_OK(bmx_chunks_count(&cat, 1, cuts, &o, w, &err));
    CHECK_OK(bmx_chunk_file_save(path, w, 1, &terms, 2, &err));
    for (int i = 0; i < 8; i++)
        bmx_words_release(&w[i]);
    return path;
}

static bool same_words(const bmx_words *a, const bmx_words *b)
{
    bool same = a->word.n == b->word.n && a->pretokens == b->pretokens;

    for (size_t i = 0; i < a->word.n && same; i++)
        same = bmx_slice_eq(a->word.str[i], b->word.str[i]) && a->count[i] == b->count[i];
    return same;
}

static void check_same(const bmx_words *text, const bmx_words *chunks, const char *what)
{
    if (same_words(text, chunks)) {
        assert_int_equal(text->bytes, chunks->bytes);
        assert_int_equal(text->documents, chunks->documents);
        assert_int_equal(text->invalid_bytes, chunks->invalid_bytes);
        return;
    }
    for (size_t i = 0, k = 0; i < text->word.n || k < chunks->word.n;) {
        int order = i == text->word.n ? 1 : k == chunks->word.n ? -1
                  : bmx_slice_cmp(text->word.str[i], chunks->word.str[k]);
        const bmx_words *w = order > 0 ? chunks : text;
        size_t at = order > 0 ? k : i;
        char q[120];

        if (order || text->count[i] != chunks->count[k])
            fail_msg("%s: '%s' %llu times in %s", what,
                     bmx_quote(q, sizeof q, w->word.str[at].ptr, w->word.str[at].len),
                     (unsigned long long)w->count[at], order > 0 ? "chunks alone" : "text, not in chunks");
        i += order <= 0;
        k += order >= 0;
    }
}

/* ---- where text is cut ---- */

static bool visible(bmx_slice s, size_t from, size_t end, bool letter)
{
    for (size_t n = 1; n <= 4 && n <= end - from; n++) {
        uint32_t c = 0;

        if (bmx_utf8_decode(s.ptr + end - n, n, &c) == n) {
            bmx_category k = bmx_unicode_category(c);

            if (!letter)
                return k >= BMX_LU && k <= BMX_SO && c != 0x2581;
            return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fa) || c == 0x30fc ||
                   (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fa5) ||
                   (c >= 0xac00 && c <= 0xd7a3);
        }
    }
    return false;
}

static void cuts_as_defined(void **state)
{
    static const char *const marks[] = { "\xe3\x80\x81", "\xe3\x80\x82", "\xef\xbc\x8c" };
    bmx_rng r = { 11 };
    bmx_buf b = { 0 };
    const char *end[7];

    (void)state;
    for (int round = 0; round < 4000; round++) {
        unsigned cuts = round % 2 ? BMX_CHUNK_SPACE : BMX_CHUNK_SPACE | BMX_CHUNK_PUNCTUATION;
        size_t at = 0, from = 0, n;

        b.len = 0;
        put_random(&b, &r, 60, true);
        while ((n = bmx_chunk_cut(cuts, bmx_slice_of(b.ptr, b.len), &at, end, 7)) > 0)
            for (size_t k = 0; k < n; k++) {
                size_t to = (size_t)(end[k] - b.ptr);
                bmx_slice s = bmx_slice_of(b.ptr, b.len);

                assert_true(to > from);
                for (size_t i = from + 1; i <= to && i < b.len; i++) {
                    bool cut = b.ptr[i] == ' ' && visible(s, from, i, false);
                    for (int m = 0; m < 3 && cuts & BMX_CHUNK_PUNCTUATION && b.len - i >= 3; m++)
                        cut = cut || (!memcmp(b.ptr + i, marks[m], 3) && visible(s, from, i, true));
                    assert_int_equal(cut, i == to);
                }
                from = to;
            }
        assert_int_equal(from, b.len);
        assert_int_equal(at, b.len);
    }
    bmx_buf_release(&b);
}

/* ---- words from chunks are words from the text ---- */

/* What is expected of each preset with chunks cut at spaces, and also at marks: exact,
 * close, never. */
static const struct { const char *name; bmx_chunk_fit space, marks; } presets[] = {
    { "gpt2", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "cl100k", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "llama3", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "o200k", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "qwen", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "qwen35", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "tekken", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "kimi", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "bloom", BMX_CHUNK_CLOSE, BMX_CHUNK_CLOSE },
    { "viking", BMX_CHUNK_CLOSE, BMX_CHUNK_CLOSE },
    { "deepseek-v3", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "deepseek-coder", BMX_CHUNK_CLOSE, BMX_CHUNK_CLOSE },
    { "deepseek-llm", BMX_CHUNK_CLOSE, BMX_CHUNK_CLOSE },
    { "falcon", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "starcoder", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "command-r", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "seed-coder", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "superbpe", BMX_CHUNK_NEVER, BMX_CHUNK_NEVER },
    { "clip", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "sentencepiece", BMX_CHUNK_EXACT, BMX_CHUNK_CLOSE },
    { "llama", BMX_CHUNK_EXACT, BMX_CHUNK_CLOSE },
    { "gemma", BMX_CHUNK_EXACT, BMX_CHUNK_CLOSE },
};
#define N_PRESETS (sizeof presets / sizeof *presets)

static void every_preset_is_judged(void **state)
{
    const char *const *name = bmx_pretokenizer_preset_names();
    bpemix_error err;
    size_t n = 0;

    (void)state;
    for (; name[n]; n++)
        assert_string_equal(name[n], presets[n].name);
    assert_int_equal(n, N_PRESETS);
    for (size_t i = 0; i < n; i++) {
        bpemix_tokenizer *tok = make_tokenizer(name[i]);
        bmx_chunk_fit fit;
        const char *why;

        CHECK_OK(fit_of(tok, BMX_CHUNK_SPACE, &fit, &why, &err));
        assert_int_equal(fit, presets[i].space);
        assert_true((fit == BMX_CHUNK_EXACT) == (why == NULL) || presets[i].marks != BMX_CHUNK_EXACT);
        CHECK_OK(fit_of(tok, BMX_CHUNK_SPACE | BMX_CHUNK_PUNCTUATION, &fit, &why, &err));
        assert_int_equal(fit, presets[i].marks);
        bpemix_tokenizer_free(tok);
    }
}

/* Files have characters as they are where the preset has escapes. */
static void patterns_are_known_however_they_are_escaped(void **state)
{
    static const struct { const char *text; bool known; } pattern[] = {
        { "[\xe4\xb8\x80-\xe9\xbe\xa5\xe3\x81\x80-\xe3\x82\x9f\xe3\x82\xa0-\xe3\x83\xbf]+", true },
        { "[\\x{4E00}-\\x{9FA5}\xe3\x81\x80-\xe3\x82\x9f\\x{30A0}-\\x{30FF}]+", true },
        { "[\xe4\xb8\x80-\xe9\xbe\xa5\xe3\x81\x80-\xe3\x82\x9f]+", false },
        { "[\\x{4E00}-\\x{9FA5}\\x{3040}-\\x{309F}\\x{30A0}-\\x{30FF}]+ ", false },
        { "[\\x{4E00", false },
        { "\\", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof pattern / sizeof *pattern; i++) {
        bpemix_tokenizer *tok = make_tokenizer("deepseek-v3");
        bmx_pattern *p = &tok->trained.pretokenizer.step[1].pattern;
        bpemix_error err;
        bmx_chunk_fit fit;
        const char *why;

        CHECK_OK(bmx_pattern_set(p, bmx_slice_of(pattern[i].text, strlen(pattern[i].text)), true, p->flavor, &err));
        CHECK_OK(fit_of(tok, BMX_CHUNK_SPACE, &fit, &why, &err));
        assert_int_equal(fit, pattern[i].known ? BMX_CHUNK_EXACT : BMX_CHUNK_NEVER);
        bpemix_tokenizer_free(tok);
    }
}

/* Text that was cut in two ways, with and without malformed bytes. */
enum { ROUNDS = 3 };
static const char *text[ROUNDS][2], *chunks[ROUNDS][2][2];

static int cut_texts(void **state)
{
    (void)state;
    for (int r = 0; r < ROUNDS; r++)
        for (int bad = 0; bad < 2; bad++) {
            char name[40];

            snprintf(name, sizeof name, "text-%d-%d", r, bad);
            text[r][bad] = bmx_strdup(random_documents(name, (uint64_t)(10 * r + bad), 60, bad));
            for (unsigned marks = 0; marks < 2; marks++) {
                snprintf(name, sizeof name, "%d-%d-%u.chunks", r, bad, marks);
                chunks[r][bad][marks] = bmx_strdup(make_chunks(
                    name, text[r][bad], BMX_CHUNK_SPACE | (marks ? BMX_CHUNK_PUNCTUATION : 0), 0));
            }
        }
    return 0;
}

static int drop_texts(void **state)
{
    for (int r = 0; r < ROUNDS; r++)
        for (int bad = 0; bad < 2; bad++) {
            bmx_free((void *)(uintptr_t)text[r][bad]);
            for (int marks = 0; marks < 2; marks++)
                bmx_free((void *)(uintptr_t)chunks[r][bad][marks]);
        }
    return remove_scratch(state);
}

/* Compare over all texts; `differs` wants at least one difference instead.  Chunks with
 * marks where those are exact, too. */
static void compare(const bpemix_tokenizer *tok, bool marks, bool differs, const char *what)
{
    size_t n_different = 0;

    for (int r = 0; r < ROUNDS; r++)
        for (int k = 0; k < 8; k++) {
            bool bad = k & 1, lines = k & 2;
            unsigned cut = k & 4 ? 1 : 0;
            bpemix_count_opts o = {
                .n_threads = 1 + (unsigned)k % 2,
                .text_unit = lines ? BPEMIX_TEXT_UNIT_LINE : BPEMIX_TEXT_UNIT_DOCUMENT,
                .invalid = r % 2 || tok->vocab.alphabet != BMX_ALPHABET_BYTE
                               ? BPEMIX_INVALID_REPLACE
                               : BPEMIX_INVALID_KEEP,
            };
            bmx_words a = { 0 }, b = { 0 };
            char where[200];

            if (cut && !marks)
                continue;
            snprintf(where, sizeof where, "%s, text %d, case %d", what, r, k);
            count_words(tok, text[r][bad], &o, &a);
            count_words(tok, chunks[r][bad][cut], &o, &b);
            if (differs)
                n_different += !same_words(&a, &b);
            else
                check_same(&a, &b, where);
            bmx_words_release(&a);
            bmx_words_release(&b);
        }
    assert_true(!differs || n_different > 0);
}

static void presets_are_exact(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PRESETS; i++) {
        bpemix_tokenizer *tok = make_tokenizer(presets[i].name);

        if (presets[i].space == BMX_CHUNK_EXACT)
            compare(tok, presets[i].marks == BMX_CHUNK_EXACT, false, presets[i].name);
        bpemix_tokenizer_free(tok);
    }
}

static bpemix_tokenizer *with(const char *preset, bmx_normalizer_kind kind)
{
    bpemix_tokenizer *tok = make_tokenizer(preset);

    add_normalizer(tok, kind);
    return tok;
}

static void check_fit(const bpemix_tokenizer *tok, bmx_chunk_fit space, bmx_chunk_fit marks)
{
    bmx_chunk_fit fit;
    bpemix_error err;
    const char *why;

    CHECK_OK(fit_of(tok, BMX_CHUNK_SPACE, &fit, &why, &err));
    assert_int_equal(fit, space);
    CHECK_OK(fit_of(tok, BMX_CHUNK_SPACE | BMX_CHUNK_PUNCTUATION, &fit, &why, &err));
    assert_int_equal(fit, marks);
}

static void exact_with(bpemix_tokenizer *tok, bool marks, const char *what)
{
    check_fit(tok, BMX_CHUNK_EXACT, marks ? BMX_CHUNK_EXACT : BMX_CHUNK_CLOSE);
    compare(tok, marks, false, what);
    bpemix_tokenizer_free(tok);
}

static void normalizers_are_exact(void **state)
{
    static const bmx_normalizer_kind forms[] = {
        BMX_NORM_NFC, BMX_NORM_NFD, BMX_NORM_NFKC, BMX_NORM_NFKD, BMX_NORM_LOWERCASE,
    };
    bpemix_tokenizer *tok;

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        bool apart = forms[i] == BMX_NORM_NFD || forms[i] == BMX_NORM_NFKD;

        exact_with(with("qwen", forms[i]), !apart, bmx_normalizer_kind_name(forms[i]));
        exact_with(with("gpt2", forms[i]), !apart, bmx_normalizer_kind_name(forms[i]));
    }
    exact_with(with("clip", BMX_NORM_CLIP), true, "CLIP");
    tok = make_tokenizer("o200k");
    add_normalizer(tok, BMX_NORM_STRIP)->strip_left = true;
    tok->trained.normalizer.step[0].strip_right = true;
    exact_with(tok, true, "Strip");
    /* as in the files of Llama 2, and of Gemma */
    for (int prepend = 0; prepend < 2; prepend++) {
        tok = make_tokenizer(prepend ? "llama" : "gemma");
        if (prepend) {
            bpemix_error err;
            CHECK_OK(bmx_slice_own(&add_normalizer(tok, BMX_NORM_PREPEND)->content,
                                   bmx_slice_str("\xe2\x96\x81"), &err));
        }
        add_replace(tok, " ", "\xe2\x96\x81");
        exact_with(tok, false, prepend ? "Prepend, Replace" : "Replace");
    }
    /* as in .model files, in all ways to treat white space */
    for (int k = 0; k < 4; k++) {
        tok = make_tokenizer(k & 1 ? "llama" : "sentencepiece");
        bmx_normalizer_step *step = add_normalizer(tok, BMX_NORM_SENTENCEPIECE);

        step->sp.add_dummy_prefix = k & 1;
        step->sp.remove_extra_whitespaces = k & 2;
        step->sp.escape_whitespaces = true;
        exact_with(tok, false, "SentencePiece's normalizer");
    }
}

static void steps_are_exact(void **state)
{
    static const bmx_pretokenizer_kind kinds[] = {
        BMX_PRE_WHITESPACE, BMX_PRE_WHITESPACE_SPLIT, BMX_PRE_BERT, BMX_PRE_METASPACE,
        BMX_PRE_METASPACE, BMX_PRE_METASPACE, BMX_PRE_BYTE_LEVEL,
    };

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        bpemix_tokenizer *tok = bmx_calloc(1, sizeof *tok);
        bmx_pretokenizer_step *step = add_step(tok, kinds[i]);

        tok->pretokenizer_known = true;
        tok->vocab.alphabet =
            kinds[i] == BMX_PRE_BYTE_LEVEL ? BMX_ALPHABET_BYTE : BMX_ALPHABET_CHARACTER;
        step->delimiter = 0x2581;
        step->split = step->use_regex = step->add_prefix_space = true;
        step->prepend = i == 3 ? BMX_PREPEND_ALWAYS : i == 4 ? BMX_PREPEND_FIRST : BMX_PREPEND_NEVER;
        exact_with(tok, kinds[i] == BMX_PRE_WHITESPACE || kinds[i] == BMX_PRE_BERT,
                   bmx_pretokenizer_kind_name(kinds[i]));
    }
}

/* What is said not to be exact is not. */
static void refusals_are_right(void **state)
{
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < N_PRESETS; i++) {
        bpemix_tokenizer *tok = make_tokenizer(presets[i].name);
        bpemix_category cat = { .name = "x", .paths = &chunks[0][0][0], .n_paths = 1 };
        bmx_words w = { 0 };

        if (presets[i].space != BMX_CHUNK_EXACT)
            CHECK_FAILS(words_count(tok, &cat, 1, NULL, &w, &err), BPEMIX_E_MISMATCH,
                        "chunks cannot stand for text with this tokenizer");
        bmx_words_release(&w);
        cat.paths = &chunks[0][0][1];
        if (presets[i].marks != BMX_CHUNK_EXACT)
            CHECK_FAILS(words_count(tok, &cat, 1, NULL, &w, &err), BPEMIX_E_MISMATCH,
                        "chunks cannot stand for text with this tokenizer");
        bmx_words_release(&w);
        bpemix_tokenizer_free(tok);
    }
    for (int k = 0; k < 3; k++) {
        static const bmx_normalizer_kind kinds[] = { BMX_NORM_STRIP_ACCENTS, BMX_NORM_NMT, BMX_NORM_BERT };
        bpemix_tokenizer *tok = with("gpt2", kinds[k]);

        check_fit(tok, BMX_CHUNK_NEVER, BMX_CHUNK_NEVER);
        bpemix_tokenizer_free(tok);
    }
    bpemix_tokenizer *tok = make_tokenizer("gpt2");
    add_replace(tok, "b the", "c");
    check_fit(tok, BMX_CHUNK_NEVER, BMX_CHUNK_NEVER);
    bpemix_tokenizer_free(tok);
}

/* The words of a sample of all chunks, which is not told from the others, but used with
 * tokenizers that chunks are merely close for. */
static void close_is_not_exact(void **state)
{
    static const char *const names[] = { "bloom", "viking", "deepseek-coder", "deepseek-llm" };
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        bpemix_tokenizer *tok = make_tokenizer(names[i]);
        bpemix_category cat = { .name = "x", .paths = &text[0][0], .n_paths = 1 };
        bpemix_count_opts o = { .text_unit = BPEMIX_TEXT_UNIT_DOCUMENT };
        bmx_chunk_terms terms = { .cuts = BMX_CHUNK_SPACE, .sampled = true };
        const char *path = in_scratch("sampled.chunks");
        bmx_words w = { 0 }, a = { 0 }, b = { 0 };

        CHECK_OK(bmx_chunks_count(&cat, 1, BMX_CHUNK_SPACE, NULL, &w, &err));
        CHECK_OK(bmx_chunk_file_save(path, &w, 1, &terms, 1, &err));
        count_words(tok, text[0][0], &o, &a);
        count_words(tok, path, &o, &b);
        assert_true(b.sampled && !a.sampled);
        if (same_words(&a, &b))
            fail_msg("%s: no difference", names[i]);
        assert_true(a.pretokens * 2 > b.pretokens && b.pretokens * 2 > a.pretokens);
        bmx_words_release(&w);
        bmx_words_release(&a);
        bmx_words_release(&b);
        bpemix_tokenizer_free(tok);
    }
}

/* All the samples that come with the program, with the patterns in use. */
static void bundled_samples(void **state)
{
    static const char *const names[] = { "english", "german", "french", "spanish", "c", "python" };

    (void)state;
    for (size_t c = 0; c < 6; c++) {
        char path[200], file[40];
        const char *made;

        snprintf(path, sizeof path, "corpora/bundled/%s", names[c]);
        snprintf(file, sizeof file, "%s.chunks", names[c]);
        made = make_chunks(file, path, BMX_CHUNK_SPACE | BMX_CHUNK_PUNCTUATION, 0);
        for (size_t i = 0; i < N_PRESETS; i++) {
            bpemix_tokenizer *tok = make_tokenizer(presets[i].name);
            bmx_words a = { 0 }, b = { 0 };

            if (presets[i].marks == BMX_CHUNK_EXACT) {
                count_words(tok, path, NULL, &a);
                count_words(tok, made, NULL, &b);
                check_same(&a, &b, names[c]);
            }
            bmx_words_release(&a);
            bmx_words_release(&b);
            bpemix_tokenizer_free(tok);
        }
    }
}

/* ---- folds, sums, several categories ---- */

static void folds_are_those_of_the_text(void **state)
{
    const char *made = make_chunks("folds.chunks", text[1][0], BMX_CHUNK_SPACE, 4);
    bpemix_tokenizer *tok = make_tokenizer("o200k");
    bpemix_error err;

    (void)state;
    for (uint32_t folds = 0; folds <= 4; folds += 2) {
        bpemix_count_opts o = { .folds = folds };
        bmx_words a[4] = { { 0 } }, b[4] = { { 0 } };

        count_words(tok, text[1][0], &o, a);
        count_words(tok, made, &o, b);
        for (uint32_t f = 0; f < 4; f++) {
            if (f < folds || f == 0)
                check_same(&a[f], &b[f], "a fold");
            bmx_words_release(&a[f]);
            bmx_words_release(&b[f]);
        }
    }
    bpemix_count_opts o = { .folds = 3 };
    bpemix_category cat = { .name = "x", .paths = &made, .n_paths = 1 };
    bmx_words w[3] = { { 0 } };
    CHECK_FAILS(words_count(tok, &cat, 1, &o, w, &err), BPEMIX_E_USAGE, "4 folds cannot be dealt out to 3");
    bmx_words_release(&w[0]);
    cat.paths = &chunks[1][0][0];
    CHECK_FAILS(words_count(tok, &cat, 1, &o, w, &err), BPEMIX_E_USAGE, "without folds");
    for (int f = 0; f < 3; f++)
        bmx_words_release(&w[f]);
    bpemix_tokenizer_free(tok);
}

static void chunks_add_up(void **state)
{
    const char *both[] = { chunks[0][0][0], text[1][0] }, *texts[] = { text[0][0], text[1][0] };
    bpemix_category mixed = { .name = "x", .paths = both, .n_paths = 2 },
                    plain = { .name = "x", .paths = texts, .n_paths = 2 }, other = mixed;
    bmx_words a = { 0 }, b = { 0 }, w = { 0 };
    bpemix_tokenizer *tok = make_tokenizer("cl100k");
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_chunks_count(&mixed, 1, BMX_CHUNK_SPACE, NULL, &a, &err));
    CHECK_OK(bmx_chunks_count(&plain, 1, BMX_CHUNK_SPACE, NULL, &b, &err));
    check_same(&b, &a, "chunks of chunks and text");
    bmx_words_release(&a);
    bmx_words_release(&b);
    CHECK_OK(words_count(tok, &mixed, 1, NULL, &a, &err));
    CHECK_OK(words_count(tok, &plain, 1, NULL, &b, &err));
    check_same(&b, &a, "words of chunks and text");
    CHECK_FAILS(bmx_chunks_count(&mixed, 1, BMX_CHUNK_SPACE | BMX_CHUNK_PUNCTUATION, NULL, &w, &err),
                BPEMIX_E_MISMATCH, "cut at other places");
    other.name = "y"; /* the only category of a file may be called anything */
    bmx_words_release(&w);
    CHECK_OK(words_count(tok, &other, 1, NULL, &w, &err));
    bmx_words_release(&a);
    bmx_words_release(&b);
    bmx_words_release(&w);
    bpemix_tokenizer_free(tok);
}

static void several_categories(void **state)
{
    bpemix_category cat[2] = { { .name = "one", .paths = &text[0][0], .n_paths = 1 },
                               { .name = "two", .paths = &text[2][0], .n_paths = 1 } };
    bmx_chunk_terms terms = { .cuts = BMX_CHUNK_SPACE, .note = bmx_slice_str("a note"),
                              .groups = bmx_slice_str("one\tgroup\tOne\n") };
    bmx_words w[2] = { { 0 } }, a = { 0 }, b = { 0 };
    const char *path = in_scratch("two.chunks");
    bpemix_tokenizer *tok = make_tokenizer("gpt2");
    bmx_chunk_file f = { 0 };
    bpemix_error err;
    size_t first;

    (void)state;
    CHECK_OK(bmx_chunks_count(cat, 2, BMX_CHUNK_SPACE, NULL, w, &err));
    CHECK_OK(bmx_chunk_file_save(path, w, 2, &terms, 2, &err));
    CHECK_OK(bmx_chunk_file_open(path, &f, &err));
    assert_int_equal(f.n, 2);
    assert_true(bmx_slice_eq(f.terms.note, terms.note) && bmx_slice_eq(f.terms.groups, terms.groups));
    assert_int_equal(bmx_chunk_file_find(&f, "two", &first), 1);
    assert_int_equal(first, 1);
    assert_int_equal(bmx_chunk_file_find(&f, "three", &first), 0);
    assert_int_equal(f.section[1].distinct, w[1].word.n);
    assert_int_equal(f.section[1].chunks, w[1].pretokens);
    bmx_chunk_file_release(&f);
    cat[1].paths = &path;
    count_words(tok, text[2][0], NULL, &a);
    CHECK_OK(words_count(tok, &cat[1], 1, NULL, &b, &err));
    check_same(&a, &b, "the second of two");
    cat[1].name = "three";
    bmx_words_release(&b);
    CHECK_FAILS(words_count(tok, &cat[1], 1, NULL, &b, &err), BPEMIX_E_USAGE, "it has one, two");
    for (int i = 0; i < 2; i++)
        bmx_words_release(&w[i]);
    bmx_words_release(&a);
    bmx_words_release(&b);
    bpemix_tokenizer_free(tok);
}

static void malformed_bytes_may_be_refused(void **state)
{
    bpemix_category cat = { .name = "x", .paths = &chunks[0][1][0], .n_paths = 1 };
    bpemix_count_opts o = { .invalid = BPEMIX_INVALID_REFUSE };
    bpemix_tokenizer *tok = make_tokenizer("gpt2");
    bmx_words w = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_FAILS(words_count(tok, &cat, 1, &o, &w, &err), BPEMIX_E_FORMAT, "not UTF-8");
    bmx_words_release(&w);
    bpemix_tokenizer_free(tok);
}

/* ---- samples ---- */

static void make_counts(bmx_words *w, size_t n)
{
    bmx_rng r = { 4 };
    bpemix_error err;
    char name[20];

    *w = (bmx_words){ .name = bmx_strdup("x") };
    for (size_t i = 0; i < n; i++) {
        snprintf(name, sizeof name, " %05zu", i);
        CHECK_OK(bmx_words_add(w, bmx_slice_str(name), 1 + bmx_rng_below(&r, 30), &err));
    }
    w->in_order = true;
}

static void samples_keep_the_sum(void **state)
{
    enum { N = 300, TOP = 40, TAIL = 60, SEEDS = 4000 };
    double mean[N] = { 0 }, worst = 0;
    bmx_words all;
    bpemix_error err;

    (void)state;
    make_counts(&all, N);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        bmx_words w;
        uint64_t sum = 0;

        make_counts(&w, N);
        CHECK_OK(bmx_chunks_sample(&w, TOP, TAIL, seed, &err));
        assert_true(w.word.n >= TOP && w.word.n <= TOP + TAIL);
        for (size_t i = 0; i < w.word.n; i++) {
            uint32_t id = (uint32_t)strtoul(w.word.str[i].ptr + 1, NULL, 10);

            assert_true(i == 0 || bmx_slice_cmp(w.word.str[i - 1], w.word.str[i]) < 0);
            assert_true(bmx_slice_eq(w.word.str[i], all.word.str[id]));
            mean[id] += (double)w.count[i] / SEEDS;
            sum += w.count[i];
        }
        assert_int_equal(sum, all.pretokens);
        bmx_words_release(&w);
    }
    for (size_t i = 0; i < N; i++) { /* a stretch is 50 or so: deviation sqrt(count * 50 / SEEDS) */
        double off = (mean[i] - (double)all.count[i]) / sqrt((double)all.count[i] * 60 / SEEDS);

        worst = off > worst ? off : -off > worst ? -off : worst;
    }
    assert_true(worst < 4.5);
    bmx_words_release(&all);
}

static void samples_at_the_edges(void **state)
{
    bpemix_error err;

    (void)state;
    for (uint64_t top = 0; top <= 12; top += 3)
        for (uint64_t tail = 0; tail <= 12; tail += 3) {
            bmx_words w, all;
            uint64_t sum = 0, largest = 0;

            make_counts(&w, 10);
            make_counts(&all, 10);
            CHECK_OK(bmx_chunks_sample(&w, top, tail, 1, &err));
            if (top + tail >= 10)
                assert_true(same_words(&w, &all));
            for (size_t i = 0; i < w.word.n; i++)
                sum += w.count[i];
            if (tail > 0)
                assert_int_equal(sum, all.pretokens);
            else
                assert_int_equal(w.word.n, top < 10 ? top : 10);
            for (size_t i = 0; i < all.word.n; i++)
                largest = all.count[i] > largest ? all.count[i] : largest;
            if (top > 0) { /* the most frequent one is there, with its count */
                bool found = false;
                for (size_t i = 0; i < w.word.n; i++)
                    found = found || w.count[i] == largest;
                assert_true(found);
            }
            bmx_words_release(&w);
            bmx_words_release(&all);
        }
}

/* ---- damage, and lack of memory ---- */

static bmx_buf whole_file(const char *path)
{
    bmx_buf b = { 0 };
    bpemix_error err;

    CHECK_OK(bmx_read_file(path, 0, &b, &err));
    return b;
}

/* Everything in it, as a reader gets it. */
static bpemix_status read_all(const char *path, bpemix_error *err)
{
    bmx_chunk_file f = { 0 };
    bmx_chunk_list l = { 0 };
    bpemix_status st = bmx_chunk_file_open(path, &f, err);

    for (size_t i = 0; i < f.n && !st; i++) {
        uint64_t n = 0, mass = 0;

        for (size_t k = 0; k < f.section[i].n_frames && !st; k++) {
            st = bmx_chunk_file_read(&f, i, k, &l, err);
            n += l.chunks;
            mass += l.mass;
        }
        if (!st)
            st = bmx_chunk_file_check(&f, i, n, mass, err);
    }
    bmx_chunk_list_release(&l);
    bmx_chunk_file_release(&f);
    return st;
}

static void damage_is_found(void **state)
{
    const char *good = make_chunks("small.chunks", put_text("small", "one two two three \xe4\xb8\xad\n"),
                                   BMX_CHUNK_SPACE, 0), *path;
    bmx_buf b = whole_file(good);
    bpemix_error err;

    (void)state;
    CHECK_OK(read_all(good, &err));
    for (size_t n = 0; n < b.len; n++) {
        path = put_file("cut.chunks", b.ptr, n);
        CHECK_FAILS(read_all(path, &err), BPEMIX_E_FORMAT, n < 8 ? "not a file of counted chunks" : "damaged");
    }
    for (size_t i = 0; i < b.len; i++) {
        b.ptr[i] ^= (char)(1 << i % 8);
        path = put_file("flipped.chunks", b.ptr, b.len);
        assert_int_not_equal(read_all(path, &err), BPEMIX_OK);
        b.ptr[i] ^= (char)(1 << i % 8);
    }
    b.ptr[8] = 9;
    path = put_file("version.chunks", b.ptr, b.len);
    CHECK_FAILS(read_all(path, &err), BPEMIX_E_UNSUPPORTED, "another version (9)");
    b.ptr[8] = 1;
    CHECK_OK(bmx_buf_addc(&b, 'x', &err));
    path = put_file("longer.chunks", b.ptr, b.len);
    CHECK_FAILS(read_all(path, &err), BPEMIX_E_FORMAT, "damaged");
    bmx_buf_release(&b);
}

static void every_allocation_may_fail(void **state)
{
    const char *source = put_text("memory", "one two\nthree one  two \xe4\xb8\xad\xe3\x80\x82\xe4\xb8\xad");
    const char *made = make_chunks("memory.chunks", source, BMX_CHUNK_SPACE, 0);
    const char *written = in_scratch("memory-2.chunks"); /* once: paths are valid for a few calls */
    bpemix_category cat = { .name = "x", .paths = &made, .n_paths = 1 };
    bpemix_tokenizer *tok = with("gpt2", BMX_NORM_NFC);
    bpemix_count_opts o = { .n_threads = 1 };
    bmx_chunk_terms terms = { .cuts = BMX_CHUNK_SPACE };
    bool reached = true;

    (void)state;
    for (long k = 1; reached; k++) { /* words from chunks */
        bmx_words w = { 0 };
        bpemix_error err = { 0 };

        bmx_mem_fail_at(k);
        bpemix_status st = words_count(tok, &cat, 1, &o, &w, &err);
        reached = bmx_mem_fail_left() <= 0;
        bmx_mem_fail_at(0);
        if (st) /* some are not needed, such as PCRE2's own stack */
            assert_true(st == BPEMIX_E_NOMEM && reached);
        else
            assert_int_equal(w.word.n, 9);
        bmx_words_release(&w);
    }
    reached = true;
    for (long k = 1; reached; k++) { /* chunks from chunks, a sample of them, a file */
        bmx_words w = { 0 };
        bpemix_error err = { 0 };
        bpemix_status st;

        bmx_mem_fail_at(k);
        st = bmx_chunks_count(&cat, 1, BMX_CHUNK_SPACE, &o, &w, &err);
        if (!st)
            st = bmx_chunks_sample(&w, 1, 2, 7, &err);
        if (!st)
            st = bmx_chunk_file_save(written, &w, 1, &terms, 1, &err);
        reached = bmx_mem_fail_left() <= 0;
        bmx_mem_fail_at(0);
        if (st != (reached ? BPEMIX_E_NOMEM : BPEMIX_OK))
            fail_msg("allocation %ld: %s: %s", k, bpemix_status_name(st), err.what);
        bmx_words_release(&w);
    }
    bpemix_tokenizer_free(tok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_as_defined),
        cmocka_unit_test(every_preset_is_judged),
        cmocka_unit_test(patterns_are_known_however_they_are_escaped),
        cmocka_unit_test(presets_are_exact),
        cmocka_unit_test(normalizers_are_exact),
        cmocka_unit_test(steps_are_exact),
        cmocka_unit_test(refusals_are_right),
        cmocka_unit_test(close_is_not_exact),
        cmocka_unit_test(bundled_samples),
        cmocka_unit_test(folds_are_those_of_the_text),
        cmocka_unit_test(chunks_add_up),
        cmocka_unit_test(several_categories),
        cmocka_unit_test(malformed_bytes_may_be_refused),
        cmocka_unit_test(samples_keep_the_sum),
        cmocka_unit_test(samples_at_the_edges),
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("chunk", tests, cut_texts, drop_texts);
}

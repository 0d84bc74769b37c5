/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For which tokenizers words from chunks are the words from the text. */
#include "chunks.h"

#include "charsmap.h"

static void add_replace(bpemix_tokenizer *tok, const char *from, const char *to)
{
    bmx_normalizer_step *step = made_normalizer(tok, BMX_NORM_REPLACE);
    bpemix_error err;

    CHECK_OK(bmx_pattern_set(&step->pattern, bmx_slice_str(from), false, BMX_REGEX_FANCY, &err));
    CHECK_OK(bmx_slice_own(&step->content, bmx_slice_str(to), &err));
}

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
    { "minicpm5", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "youtu", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "seed-coder", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "superbpe", BMX_CHUNK_NEVER, BMX_CHUNK_NEVER },
    { "clip", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "whitespace", BMX_CHUNK_EXACT, BMX_CHUNK_EXACT },
    { "spaces", BMX_CHUNK_EXACT, BMX_CHUNK_CLOSE },
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
        bpemix_tokenizer *tok = made_of_preset(name[i]);
        bmx_chunk_fit fit;
        const char *why;

        CHECK_OK(fit_of(tok, BMX_CHUNK_SPACE, &fit, &why, &err));
        assert_int_equal(fit, presets[i].space);
        assert_true((fit == BMX_CHUNK_EXACT) == (why == NULL));
        CHECK_OK(fit_of(tok, BMX_CHUNK_SPACE | BMX_CHUNK_PUNCTUATION, &fit, &why, &err));
        assert_int_equal(fit, presets[i].marks);
        assert_true((fit == BMX_CHUNK_EXACT) == (why == NULL));
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
        bpemix_tokenizer *tok = made_of_preset("deepseek-v3");
        bmx_pattern *p = &tok->trained.pretokenizer.step[1].pattern;
        bpemix_error err;
        bmx_chunk_fit fit;
        const char *why;

        CHECK_OK(bmx_pattern_set(p, bmx_slice_of(pattern[i].text, strlen(pattern[i].text)), true,
                                 p->flavor, &err));
        CHECK_OK(fit_of(tok, BMX_CHUNK_SPACE, &fit, &why, &err));
        assert_int_equal(fit, pattern[i].known ? BMX_CHUNK_EXACT : BMX_CHUNK_NEVER);
        bpemix_tokenizer_free(tok);
    }
}

/* Compare over all texts.  Chunks with marks where those are exact, too. */
static void compare(const bpemix_tokenizer *tok, bool marks, const char *what)
{
    for (int r = 0; r < ROUNDS; r++)
        for (int k = 0; k < 4; k++) {
            bool bad = k & 1, lines = k & 2;
            bpemix_count_opts o = {
                .n_threads = 1 + (unsigned)k % 2,
                .text_unit = lines ? BPEMIX_TEXT_UNIT_LINE : BPEMIX_TEXT_UNIT_DOCUMENT,
                .invalid = r % 2 || tok->vocab.alphabet != BMX_ALPHABET_BYTE
                               ? BPEMIX_INVALID_REPLACE
                               : BPEMIX_INVALID_KEEP,
            };
            bmx_words a = { 0 };

            count_words(tok, text[r][bad], &o, &a);
            for (int cut = 0; cut <= marks; cut++) {
                bmx_words b = { 0 };
                char where[200];

                snprintf(where, sizeof where, "%s, text %d, case %d, cut %d", what, r, k, cut);
                count_words(tok, chunks[r][bad][cut], &o, &b);
                check_same(&a, &b, where);
                bmx_words_release(&b);
            }
            bmx_words_release(&a);
        }
}

static void presets_are_exact(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PRESETS; i++) {
        bpemix_tokenizer *tok = made_of_preset(presets[i].name);

        if (presets[i].space == BMX_CHUNK_EXACT)
            compare(tok, presets[i].marks == BMX_CHUNK_EXACT, presets[i].name);
        bpemix_tokenizer_free(tok);
    }
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
    compare(tok, marks, what);
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
    tok = made_of_preset("o200k");
    made_normalizer(tok, BMX_NORM_STRIP)->strip_left = true;
    tok->trained.normalizer.step[0].strip_right = true;
    exact_with(tok, true, "Strip");
    /* as in the files of Llama 2, and of Gemma */
    for (int prepend = 0; prepend < 2; prepend++) {
        tok = made_of_preset(prepend ? "llama" : "gemma");
        if (prepend) {
            bpemix_error err;
            CHECK_OK(bmx_slice_own(&made_normalizer(tok, BMX_NORM_PREPEND)->content,
                                   bmx_slice_str("\xe2\x96\x81"), &err));
        }
        add_replace(tok, " ", "\xe2\x96\x81");
        exact_with(tok, false, prepend ? "Prepend, Replace" : "Replace");
    }
    /* as in .model files, in all ways to treat white space */
    for (int k = 0; k < 4; k++) {
        tok = made_of_preset(k & 1 ? "llama" : "sentencepiece");
        bmx_normalizer_step *step = made_normalizer(tok, BMX_NORM_SENTENCEPIECE);

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
        bpemix_tokenizer *tok = made_tokenizer(NULL, kinds[i] == BMX_PRE_BYTE_LEVEL
                                                         ? BMX_ALPHABET_BYTE
                                                         : BMX_ALPHABET_CHARACTER);
        bmx_pretokenizer_step *step = made_step(tok, kinds[i]);

        tok->pretokenizer_known = true;
        step->delimiter = 0x2581;
        step->split = step->use_regex = step->add_prefix_space = true;
        step->prepend = i == 3 ? BMX_PREPEND_ALWAYS : i == 4
            ? BMX_PREPEND_FIRST : BMX_PREPEND_NEVER;
        exact_with(tok, kinds[i] == BMX_PRE_WHITESPACE || kinds[i] == BMX_PRE_BERT,
                   bmx_pretokenizer_kind_name(kinds[i]));
    }
}

/* ---- what single steps do to cuts ---- */

static const char changes[] = "its normalizer changes white space",
                  blanks[] = "its normalizer makes white space of visible characters",
                  replaces[] = "its normalizer replaces text in a way that may go across spaces",
                  goes_across[] = "its words go across spaces";

/* Cuts at spaces are as exact as said, for the reason said, and what is exact is. */
static void check_judged(bpemix_tokenizer *tok, bmx_chunk_fit want, const char *reason,
                         const char *what)
{
    bmx_chunk_fit fit;
    bpemix_error err;
    const char *why;

    CHECK_OK(fit_of(tok, BMX_CHUNK_SPACE, &fit, &why, &err));
    if (fit != want)
        fail_msg("%s: %d, not %d: %s", what, (int)fit, (int)want, why ? why : "exact");
    if (fit == BMX_CHUNK_EXACT)
        compare(tok, false, what);
    else
        assert_string_equal(why, reason);
    bpemix_tokenizer_free(tok);
}

static void replacements_are_judged(void **state)
{
    static const struct { const char *from, *to; bool regex, exact; } cases[] = {
        { "\\s+", " ", true, true }, { " ", " ", false, true }, { "b", "cc", false, true },
        { " {2,}", " ", true, true }, { "[[:space:]]+", " ", true, true },
        { " {2,}", "_", true, false }, { "[0-9]", "x", true, true }, { "[\\]b]", "c", true, true },
        { "[^a]", "x", true, false }, { "[ -]", "x", true, false }, { "[0-9]+", "x", true, false },
        { "[0-9][a-z]", "x", true, false }, { "[a-z&&b-c]", "x", true, false },
        { " ", "_", false, false }, { "b", "", false, false },
        { "b", "c d", false, false }, { "b the", "c", false, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bpemix_tokenizer *tok = made_of_preset("gpt2");
        bmx_normalizer_step *step = made_normalizer(tok, BMX_NORM_REPLACE);
        bpemix_error err;

        CHECK_OK(bmx_pattern_set(&step->pattern, bmx_slice_str(cases[i].from), cases[i].regex,
                                 BMX_REGEX_ONIGURUMA, &err));
        CHECK_OK(bmx_slice_own(&step->content, bmx_slice_str(cases[i].to), &err));
        check_judged(tok, cases[i].exact ? BMX_CHUNK_EXACT : BMX_CHUNK_NEVER, replaces,
                     cases[i].from);
    }
    for (int i = 0; i < 2; i++) { /* what becomes nothing or a space */
        bpemix_tokenizer *tok = made_of_preset("gpt2");
        bmx_normalizer_step *step = made_normalizer(tok, BMX_NORM_REPLACE);
        bpemix_error err;

        CHECK_OK(bmx_pattern_set(&step->pattern, bmx_slice_str("[bx]"), true,
                                 BMX_REGEX_ONIGURUMA, &err));
        CHECK_OK(bmx_slice_own(&step->content, bmx_slice_str(i ? " " : ""), &err));
        check_judged(tok, BMX_CHUNK_CLOSE, blanks, "[bx]");
    }
}

/* Patterns of one's own, made of the alternatives of published ones. */
static void patterns_of_known_alternatives_are_judged(void **state)
{
    static const char unknown[] = "its pattern is not known here, so that words may go across "
                                  "spaces";
    static const struct { const char *text; bool exact; } cases[] = {
        { "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,2}"
          "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+", true },
        { "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s++$"
          "|\\s+(?!\\S)|\\s", true },
        { "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          true },
        { "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+|\\s+", true },
        /* nothing takes numbers; a word goes across; not all white space; something else */
        { " ?\\p{L}+| ?[^\\s\\p{L}\\p{N}]+|\\s+", false },
        { "\\p{L}+ \\p{L}+| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+", false },
        { " ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)", false },
        { " ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+|x y", false },
        { " ?\\p{L}+| ?\\p{N}+|( ?[^\\s\\p{L}\\p{N}]+|\\s+)", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int fancy = 0; fancy < 2; fancy++) {
            bpemix_tokenizer *tok = made_tokenizer(NULL, BMX_ALPHABET_BYTE);
            bmx_pretokenizer_step *step = made_step(tok, BMX_PRE_SPLIT);
            bpemix_error err;

            step->behavior = BMX_SPLIT_ISOLATED;
            CHECK_OK(bmx_pattern_set(&step->pattern, bmx_slice_str(cases[i].text), true,
                                     fancy ? BMX_REGEX_FANCY : BMX_REGEX_ONIGURUMA, &err));
            tok->pretokenizer_known = true;
            if (cases[i].exact)
                exact_with(tok, true, cases[i].text);
            else
                check_judged(tok, BMX_CHUNK_NEVER, unknown, cases[i].text);
        }
}

/* Tables of replacements: visible characters may become others.  When some become spaces or
 * nothing, runs of spaces may go across the cut behind them.  A key that swallows the space matters
 * to SentencePiece; Hugging Face's library looks up a character at a time. */
static void maps_are_judged(void **state)
{
    static const map_key visible[] = { { "\xef\xac\x81", "fi" }, { "\xef\xbc\xa1", "A" } },
                         space[] = { { "x", " " } }, nothing[] = { { "x", "" } };
    static const map_key swallowed[] = { { "x ", "x" } };
    static const struct {
        const map_key *keys;
        size_t n;
        bmx_chunk_fit fit[2]; /* of Precompiled, SentencePiece */
        const char *why;
    } cases[] = {
        { visible, 2, { BMX_CHUNK_EXACT, BMX_CHUNK_EXACT }, NULL },
        { space, 1, { BMX_CHUNK_CLOSE, BMX_CHUNK_CLOSE }, blanks },
        { nothing, 1, { BMX_CHUNK_CLOSE, BMX_CHUNK_CLOSE }, blanks },
        { swallowed, 1, { BMX_CHUNK_EXACT, BMX_CHUNK_NEVER }, changes },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int pieces = 0; pieces < 2; pieces++) {
            bpemix_tokenizer *tok = made_of_preset(pieces ? "sentencepiece" : "gpt2");
            bmx_normalizer_step *step =
                made_normalizer(tok, pieces ? BMX_NORM_SENTENCEPIECE : BMX_NORM_PRECOMPILED);
            bmx_buf map = { 0 };
            bpemix_error err;

            step->sp.escape_whitespaces = true;
            CHECK_OK(bmx_slice_own(&step->charsmap, build_map(cases[i].keys, cases[i].n, &map),
                                   &err));
            check_judged(tok, cases[i].fit[pieces], cases[i].why, "a map");
            bmx_buf_release(&map);
        }
}

/* Symbols that are kept together, spaces behind words, and pieces of several words. */
static void sentencepiece_is_judged(void **state)
{
    static const struct {
        bmx_slice keep, boundary;
        bool suffix, joined, behind;
        const char *why; /* NULL: exact */
    } cases[] = {
        { .keep = { "<tag>", 5 } }, { .keep = { " b", 2 } },
        { .keep = { "a b", 3 }, .why = changes }, { .keep = { "a\xe2\x96\x81", 4 }, .why = changes },
        { .suffix = true, .why = changes },
        { .boundary = { "<tag>", 5 } },
        { .boundary = { "a b", 3 }, .why = "it has symbols of its own with spaces in them" },
        { .joined = true, .why = goes_across },
        { .behind = true, .why = "its words end with spaces" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bpemix_tokenizer *tok = made_of_preset("sentencepiece");
        bmx_normalizer_step *norm = made_normalizer(tok, BMX_NORM_SENTENCEPIECE);
        bmx_pretokenizer_spec *pre = &tok->trained.pretokenizer;
        bmx_pretokenizer_step *step = &pre->step[pre->n - 1];
        bpemix_error err;
        char what[20];

        norm->sp.escape_whitespaces = true;
        norm->sp.suffix = cases[i].suffix;
        if (cases[i].keep.len) {
            norm->sp.keep = &cases[i].keep;
            norm->sp.n_keep = 1;
        }
        if (cases[i].boundary.len) {
            step->sp.boundaries = bmx_calloc(1, sizeof *step->sp.boundaries);
            assert_non_null(step->sp.boundaries);
            CHECK_OK(bmx_slice_own(&step->sp.boundaries[0], cases[i].boundary, &err));
            step->sp.n_boundaries = 1;
        }
        step->sp.split_by_whitespace = !cases[i].joined;
        step->sp.treat_whitespace_as_suffix = cases[i].behind;
        snprintf(what, sizeof what, "symbols %zu", i);
        check_judged(tok, cases[i].why ? BMX_CHUNK_NEVER : BMX_CHUNK_EXACT, cases[i].why, what);
    }
}

static void kinds_of_steps_are_judged(void **state)
{
    static const struct { bmx_pretokenizer_step step[2]; size_t n; bool exact; } cases[] = {
        { { { .kind = BMX_PRE_UNICODE_SCRIPTS } }, 1, false },
        { { { .kind = BMX_PRE_FIXED_LENGTH, .length = 3 } }, 1, false },
        { { { .kind = BMX_PRE_CHAR_DELIMITER, .delimiter = ' ' } }, 1, true },
        { { { .kind = BMX_PRE_CHAR_DELIMITER, .delimiter = 'e' } }, 1, false },
        { { { .kind = BMX_PRE_WHITESPACE_SPLIT }, { .kind = BMX_PRE_FIXED_LENGTH, .length = 3 } }, 2,
          true },
        { { { .kind = BMX_PRE_WHITESPACE_SPLIT }, { .kind = BMX_PRE_UNICODE_SCRIPTS } }, 2, true },
        { { { .kind = BMX_PRE_METASPACE, .delimiter = 0x2581, .split = true }, { .kind = BMX_PRE_DIGITS } },
          2, true },
        { { { .kind = BMX_PRE_METASPACE, .delimiter = 0x2581 }, { .kind = BMX_PRE_WHITESPACE } }, 2,
          false },
        { { { .kind = BMX_PRE_METASPACE, .delimiter = '_' } }, 1, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bpemix_tokenizer *tok = made_tokenizer(NULL, BMX_ALPHABET_CHARACTER);
        char what[20];

        for (size_t k = 0; k < cases[i].n; k++)
            *made_step(tok, cases[i].step[k].kind) = cases[i].step[k];
        tok->pretokenizer_known = true;
        snprintf(what, sizeof what, "steps %zu", i);
        check_judged(tok, cases[i].exact ? BMX_CHUNK_EXACT : BMX_CHUNK_NEVER, goes_across, what);
    }
}

/* Normalizers that add or leave white space matter to words that hold some, and not to others. */
static void white_space_may_not_matter(void **state)
{
    static const bmx_normalizer_kind kinds[] = { BMX_NORM_STRIP_ACCENTS, BMX_NORM_NMT,
                                                 BMX_NORM_BERT };
    static const bmx_pretokenizer_kind splits[] = { BMX_PRE_WHITESPACE, BMX_PRE_BERT,
                                                    BMX_PRE_WHITESPACE_SPLIT, BMX_PRE_PUNCTUATION };

    (void)state;
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 4; k++) {
            bpemix_tokenizer *tok = made_tokenizer(NULL, BMX_ALPHABET_CHARACTER);
            bmx_normalizer_step *step = made_normalizer(tok, kinds[i]);

            step->bert.clean_text = step->bert.handle_chinese_chars = true;
            step->bert.strip_accents = true;
            made_step(tok, splits[k]);
            if (k == 3)
                made_step(tok, BMX_PRE_WHITESPACE_SPLIT);
            tok->pretokenizer_known = true;
            if (k < 3)
                exact_with(tok, k < 2, bmx_pretokenizer_kind_name(splits[k]));
            else
                check_judged(tok, BMX_CHUNK_NEVER, changes, "white space in words");
        }
}

/* What is said not to be exact is not. */
static void refusals_are_right(void **state)
{
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < N_PRESETS; i++) {
        bpemix_tokenizer *tok = made_of_preset(presets[i].name);
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
        static const bmx_normalizer_kind kinds[] = { BMX_NORM_STRIP_ACCENTS, BMX_NORM_NMT,
                                                     BMX_NORM_BERT };
        bpemix_tokenizer *tok = with("gpt2", kinds[k]);

        check_fit(tok, BMX_CHUNK_NEVER, BMX_CHUNK_NEVER);
        bpemix_tokenizer_free(tok);
    }
}

/* The words of a sample of all chunks, which is not told from the others, but used with
 * tokenizers that chunks are merely close for. */
static void close_is_not_exact(void **state)
{
    static const char *const names[] = { "bloom", "viking", "deepseek-coder", "deepseek-llm" };
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        bpemix_tokenizer *tok = made_of_preset(names[i]);
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
            bpemix_tokenizer *tok = made_of_preset(presets[i].name);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_preset_is_judged),
        cmocka_unit_test(patterns_are_known_however_they_are_escaped),
        cmocka_unit_test(presets_are_exact),
        cmocka_unit_test(normalizers_are_exact),
        cmocka_unit_test(steps_are_exact),
        cmocka_unit_test(replacements_are_judged),
        cmocka_unit_test(patterns_of_known_alternatives_are_judged),
        cmocka_unit_test(maps_are_judged),
        cmocka_unit_test(sentencepiece_is_judged),
        cmocka_unit_test(kinds_of_steps_are_judged),
        cmocka_unit_test(white_space_may_not_matter),
        cmocka_unit_test(refusals_are_right),
        cmocka_unit_test(close_is_not_exact),
        cmocka_unit_test(bundled_samples),
    };
    return cmocka_run_group_tests_name("chunk fit", tests, cut_texts, drop_texts);
}

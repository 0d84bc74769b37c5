/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Word tables, counting and files of counted words, against plain counters. */
#include "files.h"
#include "split/cut.h"
#include "split/normalize.h"
#include "split/pretokenize.h"
#include "words/words.h"
#include "words/sum.h"
#include "words/table.h"
#include "tokenizer/tokenizer.h"
#include "count.h"

#include <fcntl.h>

/* ---- a tokenizer made by hand ---- */

/* Only what counting looks at: alphabet, specs, and merge products. */
static bpemix_tokenizer *make_tokenizer(const char *preset, bmx_alphabet alphabet,
                                        const char *product)
{
    bpemix_tokenizer *tok = bmx_calloc(1, sizeof *tok);
    bpemix_error err;
    uint32_t id;

    assert_non_null(tok);
    tok->vocab.alphabet = alphabet;
    if (preset) {
        CHECK_OK(bmx_pretokenizer_preset(preset, &tok->trained.pretokenizer, &err));
        tok->pretokenizer_known = true;
    }
    if (product) {
        CHECK_OK(bmx_intern_add(&tok->vocab.tokens, bmx_slice_str(product), &id, NULL, &err));
        tok->trained.merge = bmx_calloc(1, sizeof *tok->trained.merge);
        tok->trained.merge[0] = (bmx_merge){ id, id, id, 0 };
        tok->trained.n_merges = 1;
    }
    return tok;
}

static void add_normalizer(bpemix_tokenizer *tok, bmx_normalizer_kind kind)
{
    bpemix_error err;
    CHECK_OK(bmx_normalizer_add(&tok->trained.normalizer, kind, NULL, &err));
}

/* ---- the plain counter ---- */

typedef struct oracle {
    const bpemix_tokenizer *tok;
    bmx_normalizer *norm;
    bmx_pretokenizer *pre;
    bmx_pretokenizer_state *state;
    bmx_buf scratch[2];
    bmx_words words;
} oracle;

static void oracle_open(oracle *o, const bpemix_tokenizer *tok)
{
    bpemix_error err;

    *o = (oracle){ .tok = tok };
    CHECK_OK(bmx_normalizer_new(&tok->trained.normalizer, &o->norm, &err));
    CHECK_OK(bmx_pretokenizer_new(&tok->trained.pretokenizer,
                                  tok->vocab.alphabet == BMX_ALPHABET_BYTE, BMX_ENGINE_AUTO,
                                  &o->pre, &err));
    CHECK_OK(bmx_pretokenizer_state_new(o->pre, &o->state, &err));
}

static void oracle_close(oracle *o)
{
    bmx_normalizer_free(o->norm);
    bmx_pretokenizer_state_free(o->state);
    bmx_pretokenizer_free(o->pre);
    bmx_buf_release(&o->scratch[0]);
    bmx_buf_release(&o->scratch[1]);
    bmx_words_release(&o->words);
}

static bpemix_status oracle_piece(void *ctx, bmx_slice piece, bpemix_error *err)
{
    return bmx_words_add(ctx, piece, 1, err);
}

static void oracle_unit(oracle *o, bmx_slice text)
{
    bpemix_error err;

    CHECK_OK(bmx_normalize(o->norm, text, o->scratch, &text, &err));
    CHECK_OK(bmx_pretokenize(o->pre, o->state, text, oracle_piece, &o->words, &err));
}

/* Same words, same counts, whatever the order. */
static void check_same(const bmx_words *a, const bmx_words *b)
{
    assert_int_equal(a->pretokens, b->pretokens);
    assert_int_equal(a->word.n, b->word.n);
    for (size_t i = 0; i < a->word.n; i++) {
        uint32_t id = bmx_intern_find(&b->word, a->word.str[i]);
        char q[80];
        if (id == BMX_NONE || b->count[id] != a->count[i])
            fail_msg("%s: %llu and %llu times",
                     bmx_quote(q, sizeof q, a->word.str[i].ptr, a->word.str[i].len),
                     (unsigned long long)a->count[i],
                     id == BMX_NONE ? 0ull : (unsigned long long)b->count[id]);
    }
}

static void check_sorted(const bmx_words *w)
{
    for (size_t i = 1; i < w->word.n; i++)
        assert_true(bmx_slice_cmp(w->word.str[i - 1], w->word.str[i]) < 0);
}

/* ---- random text: everything that patterns treat specially, next to letters ---- */

static size_t random_text(bmx_rng *r, char *text, size_t n)
{
    static const char *const bits[] = {
        " ", " ", " ", "\n", "\n", "\n", "\n\n", "\r\n", "  ", "\t", "a", "b", "the", "Word", "USA",
        "'s", "'ll", "'", "1", "23", "4567", ".", ",", ";\n", "//", "/", "(", ")", "!?", "...",
        "\xc3\xa9", "e\xcc\x81", "\xc5\xbf", "\xd0\xb4\xd0\xb0", "\xe6\xbc\xa2", "\xe5\xad\x97",
        "\xe3\x81\x8b", "\xe3\x82\x99", "\xea\xb0\x80", "\xe0\xb9\x84\xe0\xb8\x97", "\xd7\xa9",
        "\xe3\x80\x80", "\xc2\xa0", "\xe3\x80\x82", "\xef\xbc\x81", "\xe2\x80\xa8", "\xcc\x81",
        "\xd7\xa9 \xd7\xa9", "\xe5\xad\x97 \xe6\xbc\xa2", "\xe5\xad\x97\n\xd7\xa9",
        "\xe2\x96\x81", "\xf0\x9f\x98\x80", "_", "$", "\xc4\xb0", "x", "y", "i\xcc\x87", "\xc2\x85",
    };
    size_t len = 0, want = 1 + (size_t)bmx_rng_below(r, n);

    while (len < want) {
        const char *b = bits[bmx_rng_below(r, sizeof bits / sizeof *bits)];
        memcpy(text + len, b, strlen(b));
        len += strlen(b);
    }
    return len;
}

/* ---- word tables ---- */

static bpemix_status take(void *sum, bmx_word_table *t, bpemix_error *err)
{
    return bmx_word_sum_take(sum, t, err);
}

/* Small tables handed over to a sum, which one or several threads finish. */
static void table_against_words(void **state)
{
    bmx_rng r = { 3 };
    bpemix_error err;

    (void)state;
    for (int round = 0; round < 26; round++) {
        bool many = round >= 20; /* so many that threads share the work; at the end, that one
                                  * bucket has more than go between two arrays */
        bmx_word_sum sum = { 0 };
        bmx_word_table t[3] = { { 0 } };
        bmx_words w = { 0 }, out = { 0 };
        size_t n = many ? 400000 : (size_t)bmx_rng_below(&r, 30000),
               kinds = many ? (round < 24 ? 120000 : 45000) : 1 + (size_t)bmx_rng_below(&r, 9000);

        CHECK_OK(bmx_word_sum_open(&sum, &err));
        CHECK_OK(bmx_word_sum_give(&sum, &(bmx_word_table){ .max_slots = 64 }, &err)); /* without words */
        for (int i = 0; i < 3; i++) {
            t[i].max_slots = round % 5 ? (size_t)64 << round % 5 : (size_t)1 << 20;
            t[i].full = take;
            t[i].full_ctx = &sum;
        }
        for (size_t i = 0; i < n; i++) {
            char word[40];
            uint64_t k = bmx_rng_below(&r, kinds);
            size_t len = 1 + k % 37;
            memset(word, 'a' + (int)(k % 3), sizeof word);
            word[len - 1] = (char)k; /* any byte, NUL too */
            if (len > 2)
                word[1] = (char)(k >> 8);
            if (len > 16)
                word[16] = (char)(k >> 4);
            CHECK_OK(bmx_words_add(&w, bmx_slice_of(word, len), 1, &err));
            CHECK_OK(bmx_word_table_queue(&t[bmx_rng_below(&r, 3)], bmx_slice_of(word, len), &err));
        }
        for (int i = 0; i < 3; i++) {
            CHECK_OK(bmx_word_table_flush(&t[i], &err));
            assert_true(t[i].n_slots <= t[i].max_slots);
            if ((round + i) % 2)
                CHECK_OK(bmx_word_sum_take(&sum, &t[i], &err));
            else
                CHECK_OK(bmx_word_sum_give(&sum, &t[i], &err));
            assert_int_equal(t[i].n, 0);
        }
        CHECK_OK(bmx_word_sum_finish(&sum, 1 + (unsigned)round % 4, &out, &err));
        assert_int_equal(out.word.n, w.word.n);
        assert_int_equal(out.pretokens, n);
        check_sorted(&out);
        for (size_t i = 0; i < out.word.n; i++) {
            uint32_t id = bmx_intern_find(&w.word, out.word.str[i]);
            assert_true(id != BMX_NONE);
            assert_int_equal(w.count[id], out.count[i]);
        }
        for (int i = 0; i < 3; i++)
            bmx_word_table_release(&t[i]);
        bmx_words_release(&w);
        bmx_words_release(&out);
    }
}

/* More words than fit before a table is only doubled. */
static void large_table(void **state)
{
    enum { WORDS = 1600000 };
    bmx_word_sum sum = { 0 };
    bmx_word_table t = { .max_slots = (size_t)1 << 22, .full = take, .full_ctx = &sum };
    bmx_words out = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_word_sum_open(&sum, &err));
    for (uint32_t i = 0; i < WORDS; i++) {
        char word[7];
        int n = snprintf(word, sizeof word, "%06x", i);
        CHECK_OK(bmx_word_table_add(&t, bmx_slice_of(word, (size_t)n), 1 + i % 3, &err));
    }
    assert_false(t.was_full);
    assert_int_equal(t.n, WORDS);
    assert_int_equal(t.n_slots, t.max_slots);
    CHECK_OK(bmx_word_sum_give(&sum, &t, &err));
    CHECK_OK(bmx_word_sum_finish(&sum, 2, &out, &err));
    assert_int_equal(out.word.n, WORDS);
    for (uint32_t i = 0; i < WORDS; i++) { /* in byte order, which is that of the numbers */
        char word[7];
        snprintf(word, sizeof word, "%06x", i);
        assert_true(bmx_slice_eq(out.word.str[i], bmx_slice_of(word, 6)));
        assert_int_equal(out.count[i], 1 + i % 3);
    }
    bmx_words_release(&out);
    bmx_word_table_release(&t);
}

/* Tables of several threads that share most of their words, joined by several threads:
 * words at the border of two tasks, and some that are in no table but the last. */
static void tables_that_share_words(void **state)
{
    enum { TABLES = 4, WORDS = 150000 };
    bmx_word_sum sum = { 0 };
    bmx_words out = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_word_sum_open(&sum, &err));
    for (uint32_t k = 0; k < TABLES; k++) {
        bmx_word_table t = { .max_slots = (size_t)1 << 20, .full = take, .full_ctx = &sum };

        for (uint32_t i = k * 1000; i < WORDS; i++) { /* half of them are long */
            char word[32];
            int n = snprintf(word, sizeof word, "%06x%s", i, i % 2 ? "" : " and ten bytes more");
            CHECK_OK(bmx_word_table_add(&t, bmx_slice_of(word, (size_t)n), 1 + (i + k) % 3, &err));
        }
        CHECK_OK(bmx_word_sum_give(&sum, &t, &err));
    }
    CHECK_OK(bmx_word_sum_finish(&sum, 4, &out, &err));
    assert_int_equal(out.word.n, WORDS);
    for (uint32_t i = 0; i < WORDS; i++) {
        uint64_t count = 0;
        char word[32];
        int n = snprintf(word, sizeof word, "%06x%s", i, i % 2 ? "" : " and ten bytes more");

        for (uint32_t k = 0; k < TABLES; k++)
            count += i >= k * 1000 ? 1 + (i + k) % 3 : 0;
        assert_true(bmx_slice_eq(out.word.str[i], bmx_slice_of(word, (size_t)n)));
        assert_int_equal(out.count[i], count);
    }
    bmx_words_release(&out);
}

/* ---- cuts ---- */

typedef struct list {
    bmx_buf text;
    size_t end[20000], n;
} list;

static bpemix_status list_piece(void *ctx, bmx_slice piece, bpemix_error *err)
{
    list *l = ctx;
    assert_true(l->n < 20000);
    bpemix_status st = bmx_buf_add(&l->text, piece.ptr, piece.len, err);
    l->end[l->n++] = l->text.len;
    return st;
}

static void split(oracle *o, bmx_slice text, list *out)
{
    bpemix_error err;

    if (!text.len)
        return;
    CHECK_OK(bmx_normalize(o->norm, text, o->scratch, &text, &err));
    CHECK_OK(bmx_pretokenize(o->pre, o->state, text, list_piece, out, &err));
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
                fail_msg("%s: cut at %zu of %s: %zu pieces, not %zu", name, at,
                         bmx_quote(q, sizeof q, text, n), parts.n, whole.n);
            }
        }
    }
    oracle_close(&o);
    bmx_buf_release(&whole.text);
    bmx_buf_release(&parts.text);
    return tried;
}

/* Cutting a document must not change its pieces, for any preset. */
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
                add_normalizer(tok, kinds[k - 1]);
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

/* ---- counting ---- */

static bmx_words counted(const bpemix_tokenizer *tok, const char *const *paths, size_t n,
                         bpemix_count_opts opts)
{
    bpemix_category cat = { .name = "some", .paths = paths, .n_paths = n };
    bmx_words w = { 0 };
    bpemix_error err;

    CHECK_OK(words_count(tok, &cat, 1, &opts, &w, &err));
    check_sorted(&w);
    return w;
}

static const struct { const char *preset; bmx_normalizer_kind norm; bool has_norm; } pipelines[] = {
    { "gpt2", BMX_NORM_NFC, false },   { "cl100k", BMX_NORM_NFC, false },
    { "o200k", BMX_NORM_NFC, false },  { "qwen", BMX_NORM_NFC, true },
    { "gpt2", BMX_NORM_NFKC, true },   { "deepseek-coder", BMX_NORM_NFC, false },
    { "superbpe", BMX_NORM_NFC, false }, /* never cut */
};

/* Documents larger than several blocks: as if processed whole. */
static void blocks_as_if_whole(void **state)
{
    size_t n = 3 * BMX_BLOCK_BYTES + 12345, len = 0;
    char *text = malloc(n + 400);
    bmx_rng r = { 5 };
    const char *path;

    (void)state;
    while (len < n)
        len += random_text(&r, text + len, n - len > 300 ? 300 : n - len);
    path = put_file("large.txt", text, len);
    for (size_t i = 0; i < sizeof pipelines / sizeof *pipelines; i++) {
        bpemix_tokenizer *tok = make_tokenizer(pipelines[i].preset, BMX_ALPHABET_BYTE, NULL);
        bmx_words w;
        oracle o;

        if (pipelines[i].has_norm)
            add_normalizer(tok, pipelines[i].norm);
        oracle_open(&o, tok);
        oracle_unit(&o, bmx_slice_of(text, len));
        w = counted(tok, &path, 1, (bpemix_count_opts){ .text_unit = BPEMIX_TEXT_UNIT_DOCUMENT,
                                                        .n_threads = 2 });
        check_same(&o.words, &w);
        assert_int_equal(w.bytes, len);
        assert_int_equal(w.documents, 1);
        bmx_words_release(&w);
        oracle_close(&o);
        bpemix_tokenizer_free(tok);
    }
    free(text);
}

/* Several categories of several files, 1, 2 and 5 threads: equal bytes. */
static void threads_do_not_matter(void **state)
{
    bpemix_tokenizer *tok = make_tokenizer("cl100k", BMX_ALPHABET_BYTE, "\n\n");
    bpemix_category cats[3];
    char *paths[3][4];
    bmx_rng r = { 8 };
    bmx_buf first[3] = { { 0 } };
    bpemix_error err;

    (void)state;
    for (int c = 0; c < 3; c++) {
        static const char *const names[] = { "one", "two", "three" };
        for (int f = 0; f < 4; f++) {
            size_t want = c == 1 ? 1500000 : 2000, len = 0;
            char name[40], *text = malloc(want + 400);
            while (len < want)
                len += random_text(&r, text + len, 300);
            snprintf(name, sizeof name, "t%d%d.txt", c, f);
            paths[c][f] = strdup(put_file(name, text, len));
            free(text);
        }
        cats[c] = (bpemix_category){ .name = names[c], .n_paths = 4,
                                     .paths = (const char *const *)paths[c] };
    }
    for (unsigned threads = 1; threads <= 5; threads += threads == 1 ? 1 : 3) {
        bpemix_count_opts opts = { .n_threads = threads };
        bmx_words w[3] = { { 0 } };
        CHECK_OK(words_count(tok, cats, 3, &opts, w, &err));
        for (int c = 0; c < 3; c++) {
            bmx_buf b = { 0 };
            assert_string_equal(w[c].name, cats[c].name);
            assert_int_equal(w[c].documents, 4);
            assert_int_equal(w[c].n_inputs, 4);
            assert_string_equal(w[c].input[2].path, paths[c][2]);
            CHECK_OK(bmx_words_write(&w[c], 1, &b, &err));
            if (threads == 1) {
                first[c] = b;
                continue;
            }
            assert_int_equal(b.len, first[c].len);
            assert_memory_equal(b.ptr, first[c].ptr, b.len);
            bmx_buf_release(&b);
        }
        for (int c = 0; c < 3; c++)
            bmx_words_release(&w[c]);
    }
    for (int c = 0; c < 3; c++) {
        bmx_buf_release(&first[c]);
        for (int f = 0; f < 4; f++)
            free(paths[c][f]);
    }
    bpemix_tokenizer_free(tok);
}

static uint64_t count_of(const bmx_words *w, const char *word)
{
    uint32_t id = bmx_intern_find(&w->word, bmx_slice_str(word));
    return id == BMX_NONE ? 0 : w->count[id];
}

static void text_units(void **state)
{
    const char *path = put_text("units.txt", "a\n\n b\n");
    bpemix_tokenizer *doc = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "\n\n");
    bpemix_tokenizer *line = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "ab\n");
    bpemix_tokenizer *sp = make_tokenizer("llama", BMX_ALPHABET_CHARACTER, "\n\n");
    bmx_words w;

    (void)state;
    assert_int_equal(bmx_text_unit_of(doc, BPEMIX_TEXT_UNIT_AUTO), BPEMIX_TEXT_UNIT_DOCUMENT);
    assert_int_equal(bmx_text_unit_of(line, BPEMIX_TEXT_UNIT_AUTO), BPEMIX_TEXT_UNIT_LINE);
    assert_int_equal(bmx_text_unit_of(sp, BPEMIX_TEXT_UNIT_AUTO), BPEMIX_TEXT_UNIT_LINE);
    assert_int_equal(bmx_text_unit_of(line, BPEMIX_TEXT_UNIT_DOCUMENT), BPEMIX_TEXT_UNIT_DOCUMENT);
    assert_int_equal(bmx_text_unit_of(sp, BPEMIX_TEXT_UNIT_DOCUMENT), BPEMIX_TEXT_UNIT_LINE);
    w = counted(doc, &path, 1, (bpemix_count_opts){ .n_threads = 1 });
    assert_int_equal(count_of(&w, "\n\n"), 1);
    assert_int_equal(count_of(&w, " b"), 1);
    assert_int_equal(count_of(&w, "\n"), 1);
    bmx_words_release(&w);
    w = counted(line, &path, 1, (bpemix_count_opts){ .n_threads = 1 });
    assert_int_equal(count_of(&w, "\n\n"), 0);
    assert_int_equal(count_of(&w, "\n"), 3);
    assert_int_equal(count_of(&w, " b"), 1);
    bmx_words_release(&w);
    w = counted(doc, &path, 1, (bpemix_count_opts){ .text_unit = BPEMIX_TEXT_UNIT_LINE });
    assert_int_equal(count_of(&w, "\n"), 3);
    bmx_words_release(&w);
    w = counted(sp, &path, 1, (bpemix_count_opts){ .text_unit = BPEMIX_TEXT_UNIT_DOCUMENT });
    for (size_t i = 0; i < w.word.n; i++)
        assert_null(memchr(w.word.str[i].ptr, '\n', w.word.str[i].len));
    assert_int_equal(count_of(&w, "\xe2\x96\x81" "a"), 1);
    bmx_words_release(&w);
    bpemix_tokenizer_free(doc);
    bpemix_tokenizer_free(line);
    bpemix_tokenizer_free(sp);
}

/* Lines that the trainer skips are no text: their bytes do not count either. */
static void lines_left_out(void **state)
{
    static const char text[] = "a b\nmuch too long\n\nc\n";
    const char *path = put_text("left.txt", text), *all = put_text("left2.txt", "much too long");
    bpemix_tokenizer *sp = make_tokenizer("llama", BMX_ALPHABET_CHARACTER, NULL);
    bpemix_category cat = { .name = "some", .paths = &all, .n_paths = 1 };
    bpemix_error err;
    bmx_words w = { 0 };

    (void)state;
    w = counted(sp, &path, 1, (bpemix_count_opts){ 0 });
    assert_int_equal(w.bytes, sizeof text - 1);
    bmx_words_release(&w);
    for (size_t i = 0; i < sp->trained.pretokenizer.n; i++)
        sp->trained.pretokenizer.step[i].sp.max_sentence_length = 8;
    w = counted(sp, &path, 1, (bpemix_count_opts){ 0 });
    assert_int_equal(w.bytes, sizeof text - 1 - 14);
    assert_int_equal(w.pretokens, 3);
    assert_int_equal(w.input[0].bytes, sizeof text - 1);
    bmx_words_release(&w);
    for (uint32_t folds = 2; folds < 4; folds++) { /* one document, in one of them */
        bmx_words part[3] = { { 0 } };
        bpemix_count_opts opts = { .folds = folds };
        bpemix_category one = { .name = "some", .paths = &path, .n_paths = 1 };
        uint64_t bytes = 0;

        CHECK_OK(words_count(sp, &one, 1, &opts, part, &err));
        for (uint32_t f = 0; f < folds; f++) {
            assert_true(part[f].bytes == (part[f].pretokens ? sizeof text - 1 - 14 : 0));
            bytes += part[f].bytes;
            bmx_words_release(&part[f]);
        }
        assert_int_equal(bytes, sizeof text - 1 - 14);
    }
    CHECK_FAILS(words_count(sp, &cat, 1, &(bpemix_count_opts){ 0 }, &w, &err), BPEMIX_E_EMPTY,
                "leaves out");
    bmx_words_release(&w);
    bpemix_tokenizer_free(sp);
}

static void malformed_bytes(void **state)
{
    static const char text[] = "one\nab\xff\xfe" "cd \xc3 e\n";
    const char *path = put_text("latin1.txt", text), *json;
    bpemix_tokenizer *bytes = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, NULL);
    bpemix_tokenizer *chars = make_tokenizer("gpt2", BMX_ALPHABET_CHARACTER, NULL);
    bpemix_category cat = { .name = "fr", .paths = &path, .n_paths = 1 };
    bpemix_count_opts opts = { .n_threads = 1 };
    bpemix_error err;
    bmx_words w = { 0 };

    (void)state;
    w = counted(bytes, &path, 1, opts); /* auto: keep */
    assert_int_equal(w.invalid_bytes, 3);
    assert_int_equal(count_of(&w, "\xff\xfe"), 1);
    assert_int_equal(count_of(&w, "\xc3"), 1);
    assert_int_equal(count_of(&w, "ab"), 1);
    assert_int_equal(count_of(&w, "cd"), 1);
    assert_int_equal(count_of(&w, " "), 1);
    assert_int_equal(count_of(&w, " e"), 1);
    assert_int_equal(w.bytes, sizeof text - 1);
    bmx_words_release(&w);

    opts.invalid = BPEMIX_INVALID_KEEP;
    w = counted(chars, &path, 1, opts); /* only a boundary */
    assert_int_equal(w.invalid_bytes, 3);
    assert_int_equal(count_of(&w, "\xff\xfe"), 0);
    assert_int_equal(count_of(&w, "ab"), 1);
    assert_int_equal(count_of(&w, "cd"), 1);
    bmx_words_release(&w);

    opts.invalid = BPEMIX_INVALID_REPLACE;
    w = counted(bytes, &path, 1, opts);
    assert_int_equal(w.invalid_bytes, 3);
    assert_int_equal(count_of(&w, "\xef\xbf\xbd\xef\xbf\xbd"), 1);
    assert_int_equal(count_of(&w, " \xef\xbf\xbd"), 1);
    assert_int_equal(w.bytes, sizeof text - 1);
    bmx_words_release(&w);

    opts.invalid = BPEMIX_INVALID_AUTO;
    CHECK_FAILS(words_count(chars, &cat, 1, &opts, &w, &err), BPEMIX_E_FORMAT,
                "latin1.txt:2: byte 6 is not UTF-8 (0xff); convert it, or have such bytes replaced");
    assert_non_null(strstr(err.where, "category 'fr': "));
    assert_int_equal(err.line, 2);
    assert_int_equal(err.offset, 6);
    bmx_words_release(&w);
    json = put_text("half.jsonl", "{\"text\":\"fine\"}\n{\"text\":\"ab\xed\xa0\x80\"}\n");
    cat.paths = &json;
    CHECK_FAILS(words_count(chars, &cat, 1, &opts, &w, &err), BPEMIX_E_FORMAT,
                "half.jsonl:2: byte 2 of its text is not UTF-8 (0xed)");
    bmx_words_release(&w);
    bpemix_tokenizer_free(bytes);
    bpemix_tokenizer_free(chars);
}

/* Positions in messages are right in any block, and the first bad place is named. */
static void refused_far_into_a_file(void **state)
{
    size_t n = 2 * BMX_BLOCK_BYTES + 5000, lines = 0, bad = n - 1000;
    char *text = malloc(n), want[100];
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, NULL);
    bpemix_error err;
    bmx_words w = { 0 };
    const char *path;
    bpemix_category cat = { .name = "x", .paths = &path, .n_paths = 1 };

    (void)state;
    for (size_t i = 0; i < n; i++)
        text[i] = i % 80 == 79 ? '\n' : "abcd efg "[i % 9];
    text[bad] = (char)0x80;
    text[n - 10] = (char)0xff;
    for (size_t i = 0; i < bad; i++)
        lines += text[i] == '\n';
    path = put_file("far.txt", text, n);
    snprintf(want, sizeof want, "far.txt:%zu: byte %zu is not UTF-8 (0x80)", lines + 1, bad);
    for (unsigned threads = 1; threads <= 4; threads++)
        for (int unit = BPEMIX_TEXT_UNIT_DOCUMENT; unit <= BPEMIX_TEXT_UNIT_LINE; unit++) {
            bpemix_count_opts opts = { .n_threads = threads, .invalid = BPEMIX_INVALID_REFUSE,
                                       .text_unit = (bpemix_text_unit)unit };
            CHECK_FAILS(words_count(tok, &cat, 1, &opts, &w, &err), BPEMIX_E_FORMAT, want);
            bmx_words_release(&w);
        }
    bpemix_tokenizer_free(tok);
    free(text);
}

/* Of categories that are counted side by side, the first bad one is named, be it the
 * last to be found; one that is bad later on, of another kind, too. */
static void first_bad_category(void **state)
{
    enum { CATEGORIES = 6 };
    size_t n = 3 * BMX_BLOCK_BYTES;
    char *text = malloc(n);
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, NULL);
    const char *path[CATEGORIES];
    bpemix_category cat[CATEGORIES];
    bmx_words w[CATEGORIES] = { { 0 } };
    bpemix_error err;

    (void)state;
    for (size_t i = 0; i < n; i++)
        text[i] = i % 80 == 79 ? '\n' : "abcd efg "[i % 9];
    for (int c = 0; c < CATEGORIES; c++) { /* 2 is bad at its end, 3 and 5 at the start */
        char name[20];
        size_t bad = c == 2 ? n - 100 : 10;
        bool is_bad = c == 2 || c == 3 || c == 5;
        char was = text[bad];

        snprintf(name, sizeof name, "side%d.txt", c);
        text[bad] = is_bad ? (char)0x80 : was;
        path[c] = put_file(name, text, n);
        text[bad] = was;
        cat[c] = (bpemix_category){ .name = "abcdef" + c, .paths = &path[c], .n_paths = 1 };
    }
    for (unsigned round = 0; round < 40; round++) {
        bpemix_count_opts opts = { .n_threads = 1 + round % 8, .invalid = BPEMIX_INVALID_REFUSE };

        CHECK_FAILS(words_count(tok, cat, CATEGORIES, &opts, w, &err), BPEMIX_E_FORMAT,
                    "category 'cdef': ");
        for (int c = 0; c < CATEGORIES; c++)
            bmx_words_release(&w[c]);
    }
    bpemix_tokenizer_free(tok);
    free(text);
}

static void records_and_samples(void **state)
{
    const char *path = put_text("r.jsonl", "{\"text\":\"a b\\nc\"}\n{\"text\":\"a d\"}\n");
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, NULL);
    bmx_words w = counted(tok, &path, 1, (bpemix_count_opts){ .n_threads = 3 });

    (void)state;
    assert_int_equal(w.documents, 2);
    assert_int_equal(w.bytes, 8);
    assert_int_equal(w.pretokens, 6);
    assert_int_equal(count_of(&w, "a"), 2);
    assert_int_equal(w.n_inputs, 1);
    assert_int_equal(w.input[0].documents, 2);
    assert_int_equal(w.input[0].bytes, 8);
    assert_true(w.input[0].checksum == bmx_hash64("a b\nc", 5, 0) + bmx_hash64("a d", 3, 0));
    bmx_words_release(&w);
    w = counted(tok, &path, 1, (bpemix_count_opts){ .max_bytes = 7 });
    assert_int_equal(w.documents, 1);
    assert_true(w.bytes == 5 || w.bytes == 3);
    bmx_words_release(&w);
    bpemix_tokenizer_free(tok);
}

static void errors(void **state)
{
    const char *path = in_scratch("absent.txt"), *good = put_text("good.txt", "good"),
               *empty = put_text("empty.txt", ""), *in = "-";
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, NULL);
    bpemix_tokenizer *bare = make_tokenizer(NULL, BMX_ALPHABET_BYTE, NULL);
    bpemix_category cats[2] = { { .name = "fr", .paths = &good, .n_paths = 1 },
                                { .name = "de", .paths = &path, .n_paths = 1 } };
    bmx_words w[2] = { { 0 } };
    bpemix_error err;

    (void)state;
#define FAILS(t, n, status, part)                                                       \
    do {                                                                                \
        CHECK_FAILS(words_count(t, cats, n, NULL, w, &err), status, part);          \
        bmx_words_release(&w[0]);                                                       \
        bmx_words_release(&w[1]);                                                       \
    } while (0)
    FAILS(tok, 2, BPEMIX_E_IO, "category 'de': ");
    FAILS(tok, 2, BPEMIX_E_IO, "absent.txt: cannot open");
    FAILS(bare, 1, BPEMIX_E_USAGE, "the file holds no pre-tokenizer");
    FAILS(tok, 0, BPEMIX_E_USAGE, "no categories");
    cats[1] = cats[0];
    FAILS(tok, 2, BPEMIX_E_USAGE, "fr: category named twice");
    cats[1] = (bpemix_category){ .name = "de", .paths = &empty, .n_paths = 1 };
    FAILS(tok, 2, BPEMIX_E_EMPTY, "category 'de' has no text");
    cats[1].n_paths = 0;
    FAILS(tok, 2, BPEMIX_E_USAGE, "category 'de' has no files");
    cats[0].paths = &in;
    cats[1] = (bpemix_category){ .name = "de", .paths = &in, .n_paths = 1 };
    FAILS(tok, 2, BPEMIX_E_USAGE, "standard input: named by category 'fr' and again by 'de'");
    cats[0].paths = &good;
    bpemix_cancel();
    FAILS(tok, 1, BPEMIX_E_INTERRUPTED, "interrupted");
    bpemix_cancel_reset();
    bpemix_tokenizer_free(tok);
    bpemix_tokenizer_free(bare);
}

/* ---- files of counted words ---- */

static bmx_words some_words(void)
{
    bmx_words w = { .bytes = 1000, .documents = 3, .invalid_bytes = 1 };
    bmx_input_record in = { .path = (char *)"a.txt", .bytes = 1000, .documents = 3,
                            .checksum = 0xfedcba9876543210u };
    bpemix_error err;
    char longest[700];

    memset(longest, 'z', sizeof longest);
    w.name = bmx_strdup("fr");
    memset(w.key, 'a', 64);
    CHECK_OK(bmx_words_add_input(&w, &in, &err));
    CHECK_OK(bmx_words_add(&w, bmx_slice_str("the"), 300, &err));
    CHECK_OK(bmx_words_add(&w, bmx_slice_str("a"), 70000, &err));
    CHECK_OK(bmx_words_add(&w, bmx_slice_of("a\0b", 3), 1, &err));
    CHECK_OK(bmx_words_add(&w, bmx_slice_str("\xff"), 2, &err));
    CHECK_OK(bmx_words_add(&w, bmx_slice_of(longest, 699), 2, &err));
    CHECK_OK(bmx_words_add(&w, bmx_slice_of(longest, 700), 5000000000u, &err));
    CHECK_OK(bmx_texts_add(&w.warning, bmx_slice_str("a.txt: odd"), &err));
    CHECK_OK(bmx_texts_add(&w.warning, bmx_slice_str("b"), &err));
    return w;
}

static void words_survive_a_file(void **state)
{
    bmx_words w = some_words(), r = { 0 };
    bmx_buf b = { 0 }, again = { 0 };
    bpemix_error err;

    (void)state;
    CHECK_OK(bmx_words_write(&w, 1, &b, &err));
    CHECK_OK(read_words("fr.words", bmx_slice_of(b.ptr, b.len), w.key, &r, &err));
    check_same(&w, &r);
    check_sorted(&r);
    assert_string_equal(r.name, "fr");
    assert_string_equal(r.key, w.key);
    assert_int_equal(r.bytes, 1000);
    assert_int_equal(r.documents, 3);
    assert_int_equal(r.invalid_bytes, 1);
    assert_int_equal(r.n_inputs, 1);
    assert_string_equal(r.input[0].path, "a.txt");
    assert_true(r.input[0].checksum == 0xfedcba9876543210u);
    assert_int_equal(r.warning.n, 2);
    assert_string_equal(r.warning.text[0], "a.txt: odd");
    CHECK_OK(bmx_words_write(&r, 1, &again, &err));
    assert_int_equal(again.len, b.len);
    assert_memory_equal(again.ptr, b.ptr, b.len);
    assert_true(b.len < 699 + 445 + 200);
    bmx_buf_release(&again);
    bmx_words_release(&r);
    CHECK_FAILS(read_words("fr.words", bmx_slice_of(b.ptr, b.len), "b", &r, &err),
                BPEMIX_E_MISMATCH, "fr.words: words counted with another normalizer");
    CHECK_FAILS(read_words("x", bmx_slice_str("just some text here"), NULL, &r, &err),
                BPEMIX_E_FORMAT, "x: not a file of counted words");
    bmx_buf_release(&b);
    bmx_words_release(&w);
}

/* Files of version 1 have no warnings; those of two files are united. */
static void warnings_in_files(void **state)
{
    bmx_words w = some_words(), r = { 0 };
    bmx_buf b = { 0 };
    bpemix_error err;
    size_t at;

    (void)state;
    CHECK_OK(bmx_texts_add(&r.warning, bmx_slice_str("b"), &err));
    CHECK_OK(bmx_texts_add(&r.warning, bmx_slice_str("c"), &err));
    CHECK_OK(bmx_words_merge(&r, &w, &err));
    assert_int_equal(r.warning.n, 3);
    assert_string_equal(r.warning.text[0], "b");
    assert_string_equal(r.warning.text[2], "a.txt: odd");
    bmx_words_release(&r);
    bmx_texts_release(&w.warning);
    CHECK_OK(bmx_words_write(&w, 1, &b, &err));
    assert_int_equal(b.ptr[BMX_WORDS_MAGIC_BYTES], 2);
    for (at = 0; memcmp(b.ptr + at, "a.txt", 5); at++)
        ;
    at += 5 + 2 + 1 + 10; /* bytes, documents, checksum */
    while (b.ptr[at]) /* the number of warnings is 0 */
        at++;
    memmove(b.ptr + at, b.ptr + at + 1, b.len - at - 1);
    b.len--;
    b.ptr[BMX_WORDS_MAGIC_BYTES] = 1;
    for (int i = 0; i < 8; i++)
        b.ptr[b.len - 8 + (size_t)i] = (char)(bmx_hash64(b.ptr, b.len - 8, 0) >> (8 * i));
    CHECK_OK(read_words("old", bmx_slice_of(b.ptr, b.len), NULL, &r, &err));
    check_same(&w, &r);
    assert_int_equal(r.warning.n, 0);
    bmx_words_release(&r);
    bmx_words_release(&w);
    bmx_buf_release(&b);
}

/* Cut anywhere, or any bit flipped: refused; and parsed without reading past
 * the end when the checksum happens to fit. */
static void damaged_files(void **state)
{
    bmx_words w = some_words(), r = { 0 };
    bmx_rng rng = { 21 };
    bmx_buf b = { 0 };
    bpemix_error err;
    size_t accepted = 0;

    (void)state;
    CHECK_OK(bmx_words_write(&w, 1, &b, &err));
    for (size_t n = 0; n < b.len; n++) {
        char *copy = malloc(n ? n : 1);
        memcpy(copy, b.ptr, n);
        CHECK_FAILS(read_words("cut", bmx_slice_of(copy, n), NULL, &r, &err), BPEMIX_E_FORMAT,
                    "cut: ");
        free(copy);
    }
    for (size_t bit = 0; bit < 8 * b.len; bit++) {
        bpemix_status st;
        b.ptr[bit / 8] ^= (char)(1 << bit % 8);
        st = read_words("flipped", bmx_slice_of(b.ptr, b.len), NULL, &r, &err);
        assert_true(st == BPEMIX_E_FORMAT || st == BPEMIX_E_UNSUPPORTED);
        b.ptr[bit / 8] ^= (char)(1 << bit % 8);
    }
    for (int round = 0; round < 5000; round++) { /* with a checksum that fits */
        size_t at = 44 + (size_t)bmx_rng_below(&rng, b.len - 52);
        char saved = b.ptr[at];
        uint64_t sum;
        b.ptr[at] = (char)bmx_rng_next(&rng);
        sum = bmx_hash64(b.ptr, b.len - 8, 0);
        for (int i = 0; i < 8; i++)
            b.ptr[b.len - 8 + (size_t)i] = (char)(sum >> (8 * i));
        if (!read_words("odd", bmx_slice_of(b.ptr, b.len), NULL, &r, &err)) {
            accepted++;
            bmx_words_release(&r);
        }
        b.ptr[at] = saved;
    }
    assert_true(accepted > 0 && accepted < 5000);
    bmx_buf_release(&b);
    bmx_words_release(&w);
}

/* Text in two parts, one of them counted before: as if all were text. */
static void counted_words_as_input(void **state)
{
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "\n\n");
    bpemix_tokenizer *other = make_tokenizer("cl100k", BMX_ALPHABET_BYTE, "\n\n");
    bpemix_tokenizer *merges = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "ab\n\nc");
    const char *paths[2], *both[2], *saved = in_scratch("one.words");
    bmx_words one, all, sum;
    bpemix_count_opts opts = { .n_threads = 2 };
    bpemix_category cat = { .name = "x", .paths = &saved, .n_paths = 1 };
    bpemix_error err;
    bmx_buf a = { 0 }, b = { 0 };

    (void)state;
    paths[0] = put_text("p1.txt", "some words and some more\n\n  of them");
    paths[1] = put_text("p2.txt", "and some others\xff");
    one = counted(tok, paths, 1, opts);
    all = counted(tok, paths, 2, opts);
    CHECK_OK(bmx_words_save(&one, saved, 1, &err));
    both[0] = saved;
    both[1] = paths[1];
    sum = counted(merges, both, 2, opts); /* other merges, same words */
    CHECK_OK(bmx_words_write(&all, 1, &a, &err));
    CHECK_OK(bmx_words_write(&sum, 1, &b, &err));
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.ptr, b.ptr, a.len);
    bmx_words_release(&sum);
    CHECK_FAILS(words_count(other, &cat, 1, &opts, &sum, &err), BPEMIX_E_MISMATCH,
                "one.words: words counted with another");
    bmx_words_release(&sum);
    opts.invalid = BPEMIX_INVALID_REPLACE;
    CHECK_FAILS(words_count(tok, &cat, 1, &opts, &sum, &err), BPEMIX_E_MISMATCH, "one.words");
    bmx_words_release(&sum);
    CHECK_OK(bmx_words_merge(&one, &all, &err));
    assert_int_equal(count_of(&one, " some"), 2 * 1 + 1);
    assert_int_equal(one.documents, 3);
    assert_int_equal(one.n_inputs, 3);
    all.key[0] ^= 1;
    CHECK_FAILS(bmx_words_merge(&one, &all, &err), BPEMIX_E_MISMATCH, "different");
    all.key[0] ^= 1;
    CHECK_OK(bmx_words_add(&one, bmx_slice_str("often"), INT64_MAX - one.pretokens, &err));
    CHECK_FAILS(bmx_words_merge(&one, &all, &err), BPEMIX_E_UNSUPPORTED, "more than 2^63 words");
    bmx_words_release(&one);
    opts.invalid = BPEMIX_INVALID_AUTO;
    one = counted(tok, paths, 1, opts);
    CHECK_OK(bmx_words_add(&one, bmx_slice_str("often"), INT64_MAX - one.pretokens, &err));
    both[0] = both[1] = in_scratch("often.words");
    CHECK_OK(bmx_words_save(&one, both[0], 1, &err));
    cat = (bpemix_category){ .name = "x", .paths = both, .n_paths = 2 };
    CHECK_FAILS(words_count(tok, &cat, 1, &opts, &sum, &err),
                BPEMIX_E_UNSUPPORTED, "more than 2^63 words");
    bmx_words_release(&sum);
    bmx_buf_release(&a);
    bmx_buf_release(&b);
    bmx_words_release(&one);
    bmx_words_release(&all);
    bpemix_tokenizer_free(tok);
    bpemix_tokenizer_free(other);
    bpemix_tokenizer_free(merges);
}

/* Sizes near 2^63, with a checksum that fits: refused or exact, never modulo 2^64. */
static void sizes_that_overflow(void **state)
{
    static const uint64_t sizes[] = { 0, 1, (uint64_t)1 << 62, INT64_MAX, (uint64_t)1 << 63, UINT64_MAX };

    (void)state;
    for (int field = 0; field < 5; field++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            bmx_words w = some_words(), one = { 0 }, two = { 0 };
            bmx_buf b = { 0 };
            bpemix_error err;
            bpemix_status st;
            uint64_t *to = field == 0   ? &w.bytes
                           : field == 1 ? &w.documents
                           : field == 2 ? &w.invalid_bytes
                           : field == 3 ? &w.input[0].bytes
                                        : &w.input[0].documents;

            *to = sizes[i];
            CHECK_OK(bmx_words_write(&w, 1, &b, &err));
            st = read_words("large", bmx_slice_of(b.ptr, b.len), NULL, &one, &err);
            if (sizes[i] > INT64_MAX) {
                assert_int_equal(st, BPEMIX_E_FORMAT);
            } else if (!st) {
                CHECK_OK(read_words("large", bmx_slice_of(b.ptr, b.len), NULL, &two, &err));
                st = bmx_words_merge(&one, &two, &err);
                if (field < 3 && sizes[i] > INT64_MAX / 2)
                    assert_int_equal(st, BPEMIX_E_UNSUPPORTED);
                else if (field == 1)
                    assert_true(one.documents == 2 * sizes[i]);
            }
            bmx_words_release(&one);
            bmx_words_release(&two);
            bmx_words_release(&w);
            bmx_buf_release(&b);
        }
}

/* ---- run directories ---- */

static void set_time(const char *path, long sec)
{
    struct timespec t[2] = { { sec, 5 }, { sec, 5 } };
    assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

static size_t files_in(const char *folder)
{
    bmx_paths p = { 0 };
    bpemix_error err;
    size_t n;
    CHECK_OK(bmx_list_files(folder, &p, &err));
    n = p.n;
    bmx_paths_release(&p);
    return n;
}

/* Count two categories with a run directory: how often "first" and "second"
 * occur in them. */
static void count_kept(const bpemix_tokenizer *tok, const bpemix_category cats[2],
                       bpemix_count_opts opts, uint64_t a, uint64_t b)
{
    bmx_words w[2] = { { 0 } };
    bpemix_error err;

    CHECK_OK(words_count(tok, cats, 2, &opts, w, &err));
    assert_string_equal(w[0].name, cats[0].name);
    assert_int_equal(count_of(&w[0], "first"), a);
    assert_int_equal(count_of(&w[0], "third"), 1 - a);
    assert_int_equal(count_of(&w[1], "second"), b);
    assert_int_equal(w[0].n_inputs, 1);
    assert_int_equal(w[0].documents, 1);
    bmx_words_release(&w[0]);
    bmx_words_release(&w[1]);
}

static void finished_categories_are_kept(void **state)
{
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "\n\n");
    const char *paths[2];
    bpemix_category cats[2] = { { .name = "a/b ../", .paths = &paths[0], .n_paths = 1 },
                                { .name = "\xc3\xa9", .paths = &paths[1], .n_paths = 1 } };
    char dir[512];
    bpemix_count_opts opts = { .work = dir, .n_threads = 2 };
    bmx_paths kept = { 0 };
    bpemix_error err;
    struct stat sb;
    ino_t first_inode;

    (void)state;
    snprintf(dir, sizeof dir, "%s", in_scratch("run/of/mine"));
    paths[0] = strdup(put_text("k1.txt", "first"));
    paths[1] = strdup(put_text("k2.txt", "second"));
    set_time(paths[0], 1000000);
    count_kept(tok, cats, opts, 1, 1);
    assert_int_equal(files_in(dir), 2);
    CHECK_OK(bmx_list_files(dir, &kept, &err)); /* taken from there: not written again */
    assert_int_equal(stat(kept.path[0], &sb), 0);
    count_kept(tok, cats, opts, 1, 1);
    assert_int_equal(files_in(dir), 2);
    first_inode = sb.st_ino;
    assert_int_equal(stat(kept.path[0], &sb), 0);
    assert_true(sb.st_ino == first_inode);
    bmx_paths_release(&kept);
    put_text("k1.txt", "third"); /* of the same size and time: the inode's own time tells */
    set_time(paths[0], 1000000);
    count_kept(tok, cats, opts, 0, 1);
    assert_int_equal(files_in(dir), 3);

    /* damaged, foreign and cut files are not believed */
    CHECK_OK(bmx_list_files(dir, &kept, &err));
    for (size_t i = 0; i < kept.n; i++) {
        assert_int_equal(stat(kept.path[i], &sb), 0);
        assert_int_equal(truncate(kept.path[i], sb.st_size - 1), 0);
    }
    count_kept(tok, cats, opts, 0, 1);
    assert_int_equal(files_in(dir), 3);
    for (size_t i = 0; i < kept.n; i++) { /* each under the name of the next */
        char line[2000];
        snprintf(line, sizeof line, "cp '%s' '%s'", kept.path[(i + 1) % kept.n], kept.path[i]);
        assert_int_equal(system(line), 0);
    }
    count_kept(tok, cats, opts, 0, 1);

    opts.text_unit = BPEMIX_TEXT_UNIT_LINE; /* other options, other files */
    count_kept(tok, cats, opts, 0, 1);
    assert_int_equal(files_in(dir), 5);
    opts.text_unit = BPEMIX_TEXT_UNIT_AUTO;
    opts.max_bytes = 100;
    count_kept(tok, cats, opts, 0, 1);
    assert_int_equal(files_in(dir), 7);
    opts.max_bytes = 0;
    paths[0] = (free((void *)paths[0]), strdup(put_text("k3.txt", "{\"text\":\"first\"}")));
    paths[1] = (free((void *)paths[1]), strdup(put_text("k4.txt", "{\"text\":\"second\"}")));
    count_kept(tok, cats, opts, 1, 1); /* as text: the quote and what it holds */
    opts.jsonl = true;
    count_kept(tok, cats, opts, 1, 1);
    assert_int_equal(files_in(dir), 11);
    opts.work = paths[0];
    {
        bmx_words w[2] = { { 0 } };
        CHECK_FAILS(words_count(tok, cats, 2, &opts, w, &err), BPEMIX_E_IO, "k3.txt");
        bmx_words_release(&w[0]);
        bmx_words_release(&w[1]);
    }
    bmx_paths_release(&kept);
    free((void *)paths[0]);
    free((void *)paths[1]);
    bpemix_tokenizer_free(tok);
}

static void finished_folds_are_kept(void **state)
{
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "\n\n");
    char dir[512];
    const char *path = put_text("kf.txt", "one line");
    bpemix_category cat = { .name = "a", .paths = &path, .n_paths = 1 };
    bpemix_count_opts opts = { .work = dir, .n_threads = 1, .folds = 3 };
    bmx_words first[4] = { { 0 } }, again[4] = { { 0 } };
    bmx_paths kept = { 0 };
    bpemix_error err;

    (void)state;
    snprintf(dir, sizeof dir, "%s", in_scratch("run-folds"));
    CHECK_OK(words_count(tok, &cat, 1, &opts, first, &err));
    assert_int_equal(files_in(dir), 1);
    CHECK_OK(bmx_list_files(dir, &kept, &err));
    for (int round = 0; round < 3; round++) {
        CHECK_OK(words_count(tok, &cat, 1, &opts, again, &err));
        for (int f = 0; f < 3; f++) {
            assert_string_equal(again[f].name, "a");
            assert_int_equal(again[f].n_folds, 3);
            assert_int_equal(again[f].pretokens, first[f].pretokens);
            assert_int_equal(again[f].word.n, first[f].word.n);
            assert_int_equal(again[f].documents, first[f].documents);
            assert_int_equal(again[f].n_inputs, first[f].n_inputs);
            bmx_words_release(&again[f]);
        }
        if (round == 0) /* a file that is not whole is as none */
            assert_int_equal(truncate(kept.path[0], 60), 0);
        else if (round == 1)
            assert_int_equal(remove(kept.path[0]), 0);
    }
    opts.folds = 4; /* other folds, another file */
    CHECK_OK(words_count(tok, &cat, 1, &opts, again, &err));
    assert_int_equal(files_in(dir), 2);
    for (int f = 0; f < 4; f++) {
        bmx_words_release(&first[f]);
        bmx_words_release(&again[f]);
    }
    bmx_paths_release(&kept);
    bpemix_tokenizer_free(tok);
}

static void every_allocation_may_fail(void **state)
{
    bpemix_tokenizer *tok = make_tokenizer("gpt2", BMX_ALPHABET_BYTE, "\n\n");
    const char *paths[2], *file = in_scratch("alloc.words");
    bpemix_category cats[2] = { { .name = "a", .paths = &paths[0], .n_paths = 1 },
                                { .name = "b", .paths = &paths[1], .n_paths = 1 } };
    bpemix_count_opts opts = { .n_threads = 1 };
    bmx_words w[2] = { { 0 } }, *loaded = NULL;
    bpemix_error err;

    (void)state;
    add_normalizer(tok, BMX_NORM_NFC);
    paths[0] = put_text("al.txt", "words \xff of which one is longer than fifteen bytes: "
                                  "incomprehensibilities e\xcc\x81\n");
    paths[1] = put_text("al.jsonl", "{\"text\":\"a record\"}\n");
    SURVIVES_SOME(10, words_count(tok, cats, 2, &opts, w, &err), {
        if (last)
            CHECK_OK(bmx_words_save(&w[0], file, 1, &err));
        bmx_words_release(&w[0]);
        bmx_words_release(&w[1]);
    });
    SURVIVES(10, (status = bmx_words_load(file, NULL, &loaded, &err))
                     ? status
                     : bmx_words_save(loaded, file, 1, &err), {
        bmx_words_free(loaded);
        loaded = NULL;
    });
    bpemix_tokenizer_free(tok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_against_words), cmocka_unit_test(large_table),
        cmocka_unit_test(tables_that_share_words),
        cmocka_unit_test(cuts_are_exact_for_presets),
        cmocka_unit_test(cuts_are_exact_for_steps),
        cmocka_unit_test(cuts_are_exact_for_published),
        cmocka_unit_test(blocks_as_if_whole),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(text_units),
        cmocka_unit_test(lines_left_out),
        cmocka_unit_test(malformed_bytes),
        cmocka_unit_test(refused_far_into_a_file),
        cmocka_unit_test(first_bad_category),
        cmocka_unit_test(records_and_samples),
        cmocka_unit_test(errors),
        cmocka_unit_test(words_survive_a_file),
        cmocka_unit_test(warnings_in_files),
        cmocka_unit_test(damaged_files),
        cmocka_unit_test(counted_words_as_input),
        cmocka_unit_test(sizes_that_overflow),
        cmocka_unit_test(finished_categories_are_kept),
        cmocka_unit_test(finished_folds_are_kept),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("words", tests, NULL, remove_scratch);
}

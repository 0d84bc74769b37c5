/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plain_words.h - words counted one pre-token at a time, and text to count them in. */
#ifndef TESTS_PLAIN_WORDS_H
#define TESTS_PLAIN_WORDS_H

#include "files.h"
#include "made.h"
#include "base/rng.h"
#include "count.h"
#include "split/normalize.h"
#include "split/pretokenize.h"

/* ---- the plain counter ---- */

typedef struct oracle {
    const bpemix_tokenizer *tok;
    bmx_normalizer *norm;
    bmx_pretokenizer *pre;
    bmx_pretokenizer_scratch *state;
    bmx_buf scratch[2];
    bmx_words words;
} oracle;

static inline void oracle_open(oracle *o, const bpemix_tokenizer *tok)
{
    bpemix_error err;

    *o = (oracle){ .tok = tok };
    CHECK_OK(bmx_normalizer_new(&tok->trained.normalizer, &o->norm, &err));
    CHECK_OK(bmx_pretokenizer_new(&tok->trained.pretokenizer,
                                  tok->vocab.alphabet == BMX_ALPHABET_BYTE, BMX_ENGINE_AUTO,
                                  &o->pre, &err));
    CHECK_OK(bmx_pretokenizer_scratch_new(o->pre, &o->state, &err));
}

static inline void oracle_close(oracle *o)
{
    bmx_normalizer_free(o->norm);
    bmx_pretokenizer_scratch_free(o->state);
    bmx_pretokenizer_free(o->pre);
    bmx_buf_release(&o->scratch[0]);
    bmx_buf_release(&o->scratch[1]);
    bmx_words_release(&o->words);
}

static inline bpemix_status oracle_pretoken(void *ctx, bmx_slice pretoken, bpemix_error *err)
{
    return bmx_words_add(ctx, pretoken, 1, err);
}

static inline void oracle_unit(oracle *o, bmx_slice text)
{
    bpemix_error err;

    CHECK_OK(bmx_normalize(o->norm, text, o->scratch, &text, &err));
    CHECK_OK(bmx_pretokenize(o->pre, o->state, text, oracle_pretoken, &o->words, &err));
}

/* Same words, same counts, whatever the order; b gets an index. */
static inline void check_same(const bmx_words *a, bmx_words *b)
{
    bpemix_error err;

    CHECK_OK(bmx_intern_index(&b->word, &err));
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

static inline void check_sorted(const bmx_words *w)
{
    for (size_t i = 1; i < w->word.n; i++)
        assert_true(bmx_slice_cmp(w->word.str[i - 1], w->word.str[i]) < 0);
}

/* ---- random text: everything that patterns treat specially, next to letters ---- */

static inline size_t random_text(bmx_rng *r, char *text, size_t n)
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

/* ---- the counter of the library, for one category ---- */

static inline bmx_words counted(const bpemix_tokenizer *tok, const char *const *paths, size_t n,
                         bpemix_count_opts opts)
{
    bpemix_category cat = { .name = "some", .paths = paths, .n_paths = n };
    bmx_words w = { 0 };
    bpemix_error err;

    CHECK_OK(words_count(tok, &cat, 1, &opts, &w, &err));
    check_sorted(&w);
    return w;
}

static inline uint64_t count_of(const bmx_words *w, const char *word)
{
    uint32_t id = bmx_intern_find(&w->word, bmx_slice_str(word));
    return id == BMX_NONE ? 0 : w->count[id];
}

/* Only what counting looks at; product: of the one merge, or NULL. */
static inline bpemix_tokenizer *make_tokenizer(const char *preset, bmx_alphabet alphabet,
                                        const char *product)
{
    bpemix_tokenizer *tok = made_tokenizer(preset, alphabet);

    if (product)
        made_product(tok, product);
    return tok;
}

#endif

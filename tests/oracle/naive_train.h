/* SPDX-License-Identifier: GPL-3.0-or-later */
/* naive_train.h - a trainer that counts every pair again before every merge, and words to train
 * on. */
#ifndef TESTS_ORACLE_NAIVE_TRAIN_H
#define TESTS_ORACLE_NAIVE_TRAIN_H

#include "oracle/fixture.h"

#include "base/utf8.h"
#include "lab/trained.h"
#include "tokenizer/bytelevel.h"

enum { MAX_TOKENS = 256 + 64, MAX_WORDS = 30 };

typedef struct naive_list {
    naive_merge merge[64];
    size_t n;
} naive_list;

/* Is the pair (a, b) taken before (c, d), which is as frequent?  Written from the
 * descriptions in train.h. */
static inline bool first_of(const bmx_train_opts *o, const bmx_intern *token, naive_merge x,
                            naive_merge y)
{
    bmx_slice a = token->str[x.left], b = token->str[x.right];
    bmx_slice c = token->str[y.left], d = token->str[y.right];
    char p[256], q[256];
    uint64_t key[2] = { (uint64_t)x.left << 32 | x.right, (uint64_t)y.left << 32 | y.right };
    bmx_slice u = bmx_slice_of(p, a.len + b.len), v = bmx_slice_of(q, c.len + d.len);

    memcpy(p, a.ptr, a.len);
    memcpy(p + a.len, b.ptr, b.len);
    memcpy(q, c.ptr, c.len);
    memcpy(q + c.len, d.ptr, d.len);
    switch (o->ties) {
    case BMX_TIE_SENTENCEPIECE: {
        size_t m = 0, n = 0;
        for (size_t i = 0; i < u.len; i++)
            m += (p[i] & 0xc0) != 0x80;
        for (size_t i = 0; i < v.len; i++)
            n += (q[i] & 0xc0) != 0x80;
        if (m != n)
            return m < n;
        if (bmx_slice_cmp(u, v))
            return bmx_slice_cmp(u, v) < 0;
        break;
    }
    case BMX_TIE_LENGTH:
        if (u.len != v.len)
            return u.len < v.len;
        break;
    case BMX_TIE_RANDOM:
        return bmx_hash64(&key[0], 8, o->seed) < bmx_hash64(&key[1], 8, o->seed);
    default:
        break;
    }
    return key[0] < key[1];
}

static inline size_t length_of(bmx_slice s, bmx_alphabet alphabet)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += alphabet == BMX_ALPHABET_BYTE || ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
    return n;
}

static inline uint32_t add_joined(bmx_intern *token, naive_merge m)
{
    char text[256];
    bmx_slice a = token->str[m.left], b = token->str[m.right];
    uint32_t id;

    memcpy(text, a.ptr, a.len);
    memcpy(text + a.len, b.ptr, b.len);
    assert_int_equal(bmx_intern_add(token, bmx_slice_of(text, a.len + b.len), &id, NULL, NULL),
                     BPEMIX_OK);
    return id;
}

/* The most frequent pair that may be taken, again and again. */
static inline naive_list naive_train(naive_word *word, size_t n_words, const bmx_train_opts *o,
                              size_t n_merges, bmx_intern *token)
{
    static uint64_t count[MAX_TOKENS][MAX_TOKENS];
    naive_list list = { .n = 0 };
    uint64_t least = o->min_frequency ? o->min_frequency : 1;

    while (list.n < n_merges && (!o->vocab_size || token->n < o->vocab_size)) {
        uint64_t best = 0;
        naive_merge m = { 0, 0, 0 };

        memset(count, 0, sizeof count);
        for (size_t w = 0; w < n_words; w++)
            for (size_t i = 0; i + 1 < word[w].n; i++)
                count[word[w].symbol[i]][word[w].symbol[i + 1]] += word[w].count[0];
        for (uint32_t left = 0; left < token->n; left++)
            for (uint32_t right = 0; right < token->n; right++) {
                naive_merge here = { left, right, 0 };
                uint64_t c = count[left][right];

                if (c < least || c < best || (c == best && !first_of(o, token, here, m)))
                    continue;
                if (o->max_token_length && length_of(token->str[left], o->alphabet) +
                                                   length_of(token->str[right], o->alphabet) >
                                               o->max_token_length)
                    continue;
                best = c;
                m = here;
            }
        if (!best)
            break;
        m.product = add_joined(token, m);
        for (size_t w = 0; w < n_words; w++)
            word[w].n = naive_apply(word[w].symbol, word[w].n, m);
        list.merge[list.n++] = m;
    }
    return list;
}

/* Ids as in a vocabulary sorted by the characters that stand for the bytes. */
static inline void alphabet(bmx_intern *token, uint32_t id[256])
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

static const char *const letters_of[] = { "b", "\xc3\xa9", " ", "a", "\xe2\x82\xac" };

typedef struct problem {
    bmx_words words;
    naive_word word[MAX_WORDS];
    bmx_intern token;
    uint32_t byte_id[256];
} problem;

/* Words of few letters with small counts, so that ties and overlaps abound; in every other problem
 * some words are far more frequent than others, so that the trainer leaves pairs out at first. */
static inline void make_problem(problem *p, uint64_t seed, bmx_alphabet kind)
{
    bmx_rng rng = { seed };
    unsigned letters = 1 + (unsigned)bmx_rng_below(&rng, 5);
    bool used[5] = { false };
    struct { size_t n; char text[160]; unsigned char letter[40]; size_t len; } draw[MAX_WORDS];

    *p = (problem){ .words = { .name = bmx_strdup("x") } };
    for (size_t w = 0; w < MAX_WORDS; w++) {
        draw[w].n = bmx_rng_below(&rng, seed % 40 + 1);
        draw[w].len = 0;
        p->word[w].count[0] = bmx_rng_below(&rng, 5);
        if (seed / 8 % 2)
            p->word[w].count[0] <<= 2 * bmx_rng_below(&rng, 12);
        for (size_t i = 0; i < draw[w].n; i++) {
            unsigned k = (unsigned)bmx_rng_below(&rng, letters);
            size_t len = strlen(letters_of[k]);

            draw[w].letter[i] = (unsigned char)k;
            memcpy(draw[w].text + draw[w].len, letters_of[k], len);
            draw[w].len += len;
            /* words of one byte or of no count are passed over */
            used[k] = used[k] || p->word[w].count[0];
        }
        fixture_word(&p->words, draw[w].text, draw[w].len, p->word[w].count[0]);
    }
    if (kind == BMX_ALPHABET_BYTE)
        alphabet(&p->token, p->byte_id);
    else
        for (uint32_t cp = 0; cp < 0x3000; cp++)
            for (size_t k = 0; k < 5; k++) {
                uint32_t code = 0, id;

                assert_int_equal(bmx_utf8_decode(letters_of[k], strlen(letters_of[k]), &code),
                                 strlen(letters_of[k]));
                if (used[k] && code == cp)
                    assert_int_equal(bmx_intern_add(&p->token, bmx_slice_str(letters_of[k]), &id,
                                                    NULL, NULL), BPEMIX_OK);
            }
    for (size_t w = 0; w < MAX_WORDS; w++) {
        p->word[w].symbol = malloc(sizeof draw[w].text * sizeof(uint32_t));
        p->word[w].n = 0;
        for (size_t i = 0; i < draw[w].n; i++) {
            const char *letter = letters_of[draw[w].letter[i]];

            if (!p->word[w].count[0])
                continue;
            if (kind == BMX_ALPHABET_CHARACTER)
                p->word[w].symbol[p->word[w].n++] = bmx_intern_find(&p->token,
                                                                    bmx_slice_str(letter));
            else
                for (; *letter; letter++)
                    p->word[w].symbol[p->word[w].n++] = p->byte_id[(unsigned char)*letter];
        }
    }
}

static inline void release_problem(problem *p)
{
    bmx_intern_release(&p->token);
    fixture_words_release(&p->words);
    for (size_t w = 0; w < MAX_WORDS; w++)
        free(p->word[w].symbol);
}

static inline void check_list(const bmx_merge_list *got, size_t from, const naive_list *want,
                       const bmx_intern *token, uint64_t seed)
{
    assert_int_equal(got->n - from, want->n);
    assert_int_equal(got->token.n, token->n);
    for (size_t i = 0; i < token->n; i++)
        assert_true(bmx_slice_eq(got->token.str[i], token->str[i]));
    for (size_t t = 0; t < want->n; t++) {
        const bmx_merge *m = &got->merge[from + t];
        bool repeated = false;

        if (m->left != want->merge[t].left || m->right != want->merge[t].right ||
            m->product != want->merge[t].product)
            fail_msg("seed %llu merge %zu: (%u, %u), not (%u, %u)", (unsigned long long)seed, t,
                     m->left, m->right, want->merge[t].left, want->merge[t].right);
        for (size_t s = 0; s < from + t; s++)
            repeated = repeated ||
            (got->merge[s].left == m->left && got->merge[s].right == m->right);
        assert_int_equal(m->flags, repeated ? BMX_MERGE_REPEATED : 0);
    }
}

#endif

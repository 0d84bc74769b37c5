/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train_text.c - words become symbols of the alphabet, or of the list that training continues
 * from. */
#include "base/utf8.h"
#include "lab/train_text.h"
#include "replay/apply.h"
#include "tokenizer/bytelevel.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void bmx_train_text_release(bmx_train_text *x)
{
    bmx_free(x->block);
    bmx_free(x->large);
    *x = (bmx_train_text){ 0 };
}

/* ---- alphabets ---- */

/* The 256 bytes as tokens, in the order of the printable alphabet. */
static bpemix_status add_bytes(bmx_merge_list *m, uint32_t byte_id[256], bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (uint32_t cp = 0; cp < 0x200 && !st; cp++) {
        int byte = bmx_bytelevel_byte(cp);
        char c = (char)byte;

        if (byte >= 0)
            st = bmx_intern_add(&m->token, bmx_slice_of(&c, 1), &byte_id[byte], NULL, err);
    }
    return st;
}

typedef struct character {
    uint32_t code;
    uint64_t count;
} character;

static int by_code(const void *a, const void *b)
{
    const character *x = a, *y = b;
    return (x->code > y->code) - (x->code < y->code);
}

static int by_count(const void *a, const void *b)
{
    const character *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count) - (x->count > y->count) : by_code(a, b);
}

/* How often each character occurs; malformed bytes are no characters. */
static bpemix_status count_characters(const bmx_train_words *words, character **out, size_t *n,
                                      uint64_t *total, bpemix_error *err)
{
    bmx_map64 index = { 0 };
    character *c = NULL;
    size_t cap = 0;
    bpemix_status st = BPEMIX_OK;

    *n = 0;
    for (size_t w = 0; w < words->n && !st; w++)
        for (size_t i = 0; i < words->word[w].len && words->count[w] && !st;) {
            uint32_t cp = 0, k;
            unsigned len = bmx_utf8_decode(words->word[w].ptr + i, words->word[w].len - i, &cp);

            i += len ? len : 1;
            if (!len || !cp)
                continue;
            if ((k = bmx_map64_get(&index, cp)) == BMX_NONE) {
                k = (uint32_t)*n;
                if ((st = bmx_reserve(&c, &cap, *n + 1, sizeof *c, err)) ||
                    (st = bmx_map64_put(&index, cp, k, err)))
                    break;
                c[(*n)++] = (character){ cp, 0 };
            }
            c[k].count += words->count[w]; /* no overflow: pairs were bounded first */
            *total += words->count[w];
        }
    bmx_map64_release(&index);
    if (st)
        bmx_free(c);
    else
        *out = c;
    return st;
}

/* By code point, as the Hugging Face trainer numbers them; with a coverage, the most
 * frequent ones in the order of their counts, as spm_train takes and lists them. */
static bpemix_status add_characters(const bmx_train_words *words, const bmx_train_opts *o,
                                    bmx_merge_list *m, bpemix_error *err)
{
    character *c = NULL;
    uint64_t total = 0, covered = 0;
    size_t n = 0;
    bpemix_status st = count_characters(words, &c, &n, &total, err);

    if (!st && n)
        qsort(c, n, sizeof *c, o->coverage > 0 ? by_count : by_code);
    for (size_t i = 0; i < n && !st; i++) {
        char text[4];
        unsigned len = bmx_utf8_encode(c[i].code, text);
        uint32_t id;

        if (o->coverage > 0 && (float)((double)covered / (double)total) >= (float)o->coverage)
            break; /* in the precision of spm_train */
        covered += c[i].count;
        st = bmx_intern_add(&m->token, bmx_slice_of(text, len), &id, NULL, err);
    }
    bmx_free(c);
    return st;
}

/* ---- words ---- */

/* That no count of pairs can overflow, and that words are not too long. */
static bpemix_status check_words(const bmx_train_words *words, size_t *longest, bpemix_error *err)
{
    int64_t n_pairs = 0, pairs;

    for (size_t w = 0; w < words->n; w++) {
        size_t len = words->word[w].len;

        if (len < 2 || !words->count[w])
            continue;
        if (len >= UINT32_MAX)
            return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "a word of %zu bytes is too long", len);
        if (words->count[w] > INT64_MAX ||
            __builtin_mul_overflow((int64_t)words->count[w], (int64_t)len, &pairs) ||
            __builtin_add_overflow(n_pairs, pairs, &n_pairs))
            return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 2^63 pairs of symbols");
        *longest = len > *longest ? len : *longest;
    }
    return BPEMIX_OK;
}

/* Tokens that there will be at most: those of the list, what training adds, and the bytes that a
 * base has no token for.  Characters that a base has none for are not known yet. */
static uint64_t most_tokens(const bmx_train_opts *o, const bmx_merge_list *list)
{
    uint64_t most = o->n_merges == BMX_NONE ? UINT64_MAX : list->token.n + (uint64_t)o->n_merges;

    if (o->vocab_size && o->vocab_size < most)
        most = o->vocab_size > list->token.n ? o->vocab_size : list->token.n;
    if (!o->base)
        return most;
    return list->alphabet == BMX_ALPHABET_BYTE && most < UINT64_MAX ? most + 256 : UINT64_MAX;
}

static bpemix_status lay_out(bmx_train_text *x, const bmx_train_words *words,
                             const bmx_train_opts *o, const bmx_merge_list *list, bpemix_error *err)
{
    uint32_t narrow = o->pieces ? 0x7fff : 0xffff;
    size_t units = 0;

    x->wide = most_tokens(o, list) > narrow;
    x->mask = !x->wide ? narrow : o->pieces ? 0x7fffffff : 0xffffffff;
    x->skipped = o->pieces ? x->mask + 1 : 0;
    for (size_t w = 0; w < words->n; w++)
        if (words->word[w].len > 1 && words->count[w])
            units += bmx_train_word_units(words->word[w].len, x->wide ? 4 : 2);
    if (units >= BMX_NONE)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "", "train on less text",
                             "the distinct words take %zu bytes, too many", 4 * units);
    return (x->block = bmx_reserve_table(units, 4)) ? BPEMIX_OK : bmx_nomem(err);
}

typedef struct maker {
    bmx_train_text *x;
    bmx_merge_list *list;
    const bpemix_tokenizer *base;
    uint32_t byte_id[256];
    uint32_t *symbol;     /* of the word at hand */
    uint32_t *token;      /* token[base tokens]: its number in the list */
    bmx_ranks ranks;      /* of the base's merges */
    bmx_apply apply;
    bmx_hits hits;
    size_t n_hits;        /* emptied out of hits */
} maker;

static size_t bytes_of(const maker *m, bmx_slice word, uint32_t *to)
{
    for (size_t i = 0; i < word.len; i++)
        to[i] = m->byte_id[(unsigned char)word.ptr[i]];
    return word.len;
}

static size_t characters_of(const maker *m, bmx_slice word, uint32_t *to)
{
    size_t n = 0;

    for (size_t i = 0; i < word.len;) {
        uint32_t cp, id;
        unsigned len = bmx_utf8_decode(word.ptr + i, word.len - i, &cp);

        id = len ? bmx_intern_find(&m->list->token, bmx_slice_of(word.ptr + i, len)) : BMX_NONE;
        to[n++] = id;
        i += len ? len : 1;
    }
    return n;
}

static bpemix_status forget_hits(bmx_hits *h, bpemix_error *err)
{
    maker *m = (maker *)((char *)h - offsetof(maker, hits));

    (void)err;
    m->n_hits += h->n;
    h->n = 0;
    return BPEMIX_OK;
}

/* Symbols left of to[from .. n) when the base's merges have been applied: every hit has
 * made one of two, and long words have BMX_NONE where the second was. */
static bpemix_status apply_base(maker *m, uint32_t *to, size_t from, size_t n, size_t *left,
                                bpemix_error *err)
{
    size_t want, got = 0;
    bpemix_status st;

    m->n_hits = m->hits.n = 0;
    if ((st = bmx_apply_word(&m->apply, &m->ranks, to + from, n - from, 0, &m->hits, err)))
        return st;
    want = n - from - m->n_hits - m->hits.n;
    for (size_t i = from; got < want; i++)
        if (to[i] != BMX_NONE)
            to[from + got++] = to[i];
    *left = got;
    return BPEMIX_OK;
}

/* A symbol of the base as one of the list; raw characters become tokens of it. */
static bpemix_status number_of(maker *m, uint32_t symbol, uint32_t *out, bpemix_error *err)
{
    char buf[64];
    bpemix_status st = BPEMIX_OK;

    if (!(symbol & BMX_SYMBOL_RAW))
        *out = m->token[symbol];
    else
        st = bmx_intern_add(&m->list->token, bmx_symbol_text(m->base, symbol, buf), out, NULL, err);
    return st;
}

static bpemix_status base_symbols_of(maker *m, bmx_slice word, uint32_t *to, size_t *n,
                                     bpemix_error *err)
{
    size_t all = bmx_tokenizer_symbols(m->base, word, to), start = 0, put = 0, left = 0;
    bpemix_status st;

    for (size_t i = 0; i <= all; i++) {
        if (i < all && to[i] != BMX_NONE)
            continue;
        if ((st = apply_base(m, to, start, i, &left, err)))
            return st;
        for (size_t k = 0; k < left; k++, put++)
            if ((st = number_of(m, to[start + k], &to[put], err)))
                return st;
        if (i < all)
            to[put++] = BMX_NONE;
        start = i + 1;
    }
    *n = put;
    return BPEMIX_OK;
}

/* symbol[n], in which BMX_NONE is no symbol, becomes the next word. */
static bpemix_status append(bmx_train_text *x, const uint32_t *symbol, size_t n, uint64_t count,
                            bpemix_error *err)
{
    bmx_train_word *word = bmx_train_word_at(x, x->end);
    uint16_t *narrow = (uint16_t *)(void *)(word + 1);
    bpemix_status st;

    word->length = (uint32_t)n;
    word->count = (uint32_t)count;
    if (count >= BMX_TRAIN_LARGE) {
        if ((st = bmx_reserve(&x->large, &x->large_cap, x->n_large + 1, sizeof *x->large, err)))
            return st;
        word->count = BMX_TRAIN_LARGE | (uint32_t)x->n_large;
        x->large[x->n_large++] = count;
    }
    if (x->wide)
        for (size_t i = 0; i < n; i++)
            ((uint32_t *)(void *)(word + 1))[i] = symbol[i] & x->mask;
    else
        for (size_t i = 0; i < n; i++)
            narrow[i] = (uint16_t)(symbol[i] & x->mask);
    x->end += bmx_train_word_units(n, x->wide ? 4 : 2);
    return BPEMIX_OK;
}

static bpemix_status fill(maker *m, const bmx_train_words *words, bmx_alphabet alphabet,
                          bpemix_error *err)
{
    size_t n = 0;
    bpemix_status st = BPEMIX_OK;

    for (size_t w = 0; w < words->n && !st; w++) {
        if (words->word[w].len < 2 || !words->count[w])
            continue;
        if (m->base)
            st = base_symbols_of(m, words->word[w], m->symbol, &n, err);
        else
            n = alphabet == BMX_ALPHABET_BYTE ? bytes_of(m, words->word[w], m->symbol)
                                              : characters_of(m, words->word[w], m->symbol);
        if (!st && n > 1)
            st = append(m->x, m->symbol, n, words->count[w], err);
    }
    return st;
}

/* ---- what is gone on from ---- */

typedef struct numbered {
    uint64_t key; /* id in the vocabulary, tokens without one behind the others */
    uint32_t token;
} numbered;

static int by_key(const void *a, const void *b)
{
    const numbered *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

/* The base's tokens in the order of their ids, which is what ties go by. */
static bpemix_status copy_tokens(maker *m, bpemix_error *err)
{
    const bpemix_tokenizer *base = m->base;
    size_t n = base->vocab.tokens.n;
    numbered *order = bmx_malloc(n, sizeof *order);
    bpemix_status st = BPEMIX_OK;

    m->token = bmx_malloc(n, sizeof *m->token);
    if (!order || !m->token)
        st = bmx_nomem(err);
    for (size_t i = 0; i < n && !st; i++) {
        uint32_t id = base->vocab.id ? base->vocab.id[i] : BMX_NONE;

        order[i] = (numbered){ id == BMX_NONE ? ((uint64_t)1 << 32) + i : id, (uint32_t)i };
    }
    if (!st && n)
        qsort(order, n, sizeof *order, by_key);
    for (size_t i = 0; i < n && !st; i++)
        st = bmx_intern_add(&m->list->token, base->vocab.tokens.str[order[i].token],
                            &m->token[order[i].token], NULL, err);
    bmx_free(order);
    return st;
}

static bpemix_status copy_base(maker *m, bpemix_error *err)
{
    const bpemix_tokenizer *base = m->base;
    bmx_merge_list *list = m->list;
    bpemix_status st;

    if (base->vocab.subword_prefix.len || base->vocab.word_suffix.len)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, base->path ? base->path : "",
                             "continue from a list without them",
                             "marks of continued words or of the ends of words");
    if ((st = copy_tokens(m, err)) ||
        (st = bmx_reserve(&list->merge, &list->cap, base->trained.n_merges, sizeof *list->merge,
                          err)) ||
        (st = bmx_ranks_init(&m->ranks, base->trained.merge, base->trained.n_merges, err)))
        return st;
    for (uint32_t t = 0; t < base->trained.n_merges; t++) {
        const bmx_merge *from = &base->trained.merge[t];

        list->merge[t] = (bmx_merge){ m->token[from->left], m->token[from->right],
                                      m->token[from->product], from->flags };
    }
    list->n = list->n_inherited = base->trained.n_merges;
    m->hits = (bmx_hits){ .hit = bmx_malloc(1024, sizeof *m->hits.hit), .cap = 1024,
                          .full = forget_hits };
    return m->hits.hit ? BPEMIX_OK : bmx_nomem(err);
}

bpemix_status bmx_train_text_init(bmx_train_text *text, const bmx_train_words *words,
                                  const bmx_train_opts *opts, bmx_merge_list *list,
                                  bpemix_error *err)
{
    maker m = { .x = text, .list = list, .base = opts->base };
    size_t longest = 0;
    bpemix_status st = check_words(words, &longest, err);

    list->alphabet = opts->base ? opts->base->vocab.alphabet : opts->alphabet;
    if (!st && opts->base)
        st = copy_base(&m, err);
    else if (!st && opts->alphabet == BMX_ALPHABET_BYTE)
        st = add_bytes(list, m.byte_id, err);
    else if (!st)
        st = add_characters(words, opts, list, err);
    if (!st && !(m.symbol = bmx_malloc(longest, sizeof *m.symbol)))
        st = bmx_nomem(err);
    if (!st && !(st = lay_out(text, words, opts, list, err)))
        st = fill(&m, words, opts->alphabet, err);
    if (words->spent && !st)
        words->spent(words->ctx);
    list->n_alphabet = (uint32_t)list->token.n;
    bmx_free(m.symbol);
    bmx_free(m.token);
    bmx_free(m.hits.hit);
    bmx_ranks_release(&m.ranks);
    bmx_apply_release(&m.apply);
    return st;
}

static const char *const tie_order[] = { "hf", "sentencepiece", "length", "random" };

bool bmx_tie_order_named(const char *name, bmx_tie_order *out)
{
    for (size_t i = 0; i < sizeof tie_order / sizeof *tie_order; i++)
        if (!strcmp(name, tie_order[i])) {
            *out = (bmx_tie_order)i;
            return true;
        }
    return false;
}

const char *bmx_tie_order_name(bmx_tie_order order) { return tie_order[order]; }

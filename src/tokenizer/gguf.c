/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gguf.c - the vocabulary in the header of a GGUF file.
 *
 *   magic "GGUF", u32 version, u64 tensors, u64 keys            little-endian
 *   keys: string, u32 type, value;  string: u64 length, bytes
 *   array: u32 element type, u64 count, elements
 *
 * The tensors behind the keys are not read. */
#include "tokenizer/gguf.h"
#include "base/utf8.h"
#include "base/wire.h"
#include "tokenizer/build.h"
#include "tokenizer/bytelevel.h"
#include "tokenizer/convert.h"
#include "tokenizer/ranks.h"
#include "tokenizer/sentencepiece.h"

#include <string.h>

enum { U8, I8, U16, I16, U32, I32, F32, BOOL, STRING, ARRAY, U64, I64, F64, N_TYPES };
static const unsigned type_size[N_TYPES] = { 1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8 };

enum { HEADER = 24, DEEPEST = 4 };

typedef struct cursor {
    bmx_slice data;
    size_t at;
    bool truncated; /* the data ends too early, it is not damaged */
} cursor;

static bool get_uint(cursor *c, unsigned n, uint64_t *out)
{
    if (c->data.len - c->at < n) {
        c->truncated = true;
        return false;
    }
    *out = bmx_load_le(c->data.ptr + c->at, n);
    c->at += n;
    return true;
}

static bool skip_bytes(cursor *c, uint64_t n)
{
    if (n > c->data.len - c->at) {
        c->truncated = true;
        return false;
    }
    c->at += (size_t)n;
    return true;
}

static bool get_string(cursor *c, bmx_slice *out)
{
    uint64_t n;

    if (!get_uint(c, 8, &n))
        return false;
    out->ptr = c->data.ptr + c->at;
    out->len = (size_t)n;
    return skip_bytes(c, n);
}

static bool skip_value(cursor *c, uint64_t type, int depth)
{
    uint64_t element, n;
    bmx_slice s;

    if (type == STRING)
        return get_string(c, &s);
    if (type != ARRAY)
        return type < N_TYPES && skip_bytes(c, type_size[type]);
    if (depth == DEEPEST || !get_uint(c, 4, &element) || !get_uint(c, 8, &n))
        return false;
    if (element < N_TYPES && type_size[element]) {
        if (n > UINT64_MAX / 8)
            return false;
        return skip_bytes(c, n * type_size[element]);
    }
    for (uint64_t i = 0; i < n; i++)
        if (!skip_value(c, element, depth + 1)) /* every one takes bytes, so this ends */
            return false;
    return true;
}

/* ---- keys ---- */

typedef struct array {
    uint64_t type, n;
    size_t at; /* of the first element */
    bool given;
} array;

typedef struct keys {
    bmx_slice model, pre, charsmap;
    array tokens, merges, scores, types;
    bool add_space_prefix, remove_extra_whitespaces, has_pre;
    uint64_t unknown;
} keys;

static bool key_is(bmx_slice key, const char *name)
{
    return bmx_slice_eq(key, bmx_slice_str(name));
}

static bool get_array(cursor *c, uint64_t type, array *a)
{
    if (type != ARRAY || !get_uint(c, 4, &a->type) || !get_uint(c, 8, &a->n))
        return false;
    a->at = c->at;
    a->given = true;
    c->at -= 12;
    return skip_value(c, ARRAY, 0);
}

/* Read one key and its value.  false: damaged or truncated. */
static bool read_key(cursor *c, keys *k)
{
    static const char prefix[] = "tokenizer.ggml.";
    bmx_slice key, *text = NULL;
    uint64_t type, value;
    array *list = NULL;
    bool *flag = NULL;

    if (!get_string(c, &key) || !get_uint(c, 4, &type) || type >= N_TYPES)
        return false;
    if (key.len < sizeof prefix - 1 || memcmp(key.ptr, prefix, sizeof prefix - 1))
        return skip_value(c, type, 0);
    key = bmx_slice_of(key.ptr + sizeof prefix - 1, key.len - (sizeof prefix - 1));
    list = key_is(key, "tokens")       ? &k->tokens
           : key_is(key, "merges")     ? &k->merges
           : key_is(key, "scores")     ? &k->scores
           : key_is(key, "token_type") ? &k->types
                                       : NULL;
    text = key_is(key, "model") ? &k->model : key_is(key, "pre") ? &k->pre : NULL;
    flag = key_is(key, "add_space_prefix")           ? &k->add_space_prefix
           : key_is(key, "remove_extra_whitespaces") ? &k->remove_extra_whitespaces
                                                     : NULL;
    if (list && type == ARRAY)
        return get_array(c, type, list);
    if (list)
        *list = (array){ .type = ARRAY, .given = true }; /* of none of the types asked for */
    if (text && type == STRING)
        return get_string(c, text);
    if (flag && type == BOOL) {
        if (!get_uint(c, 1, &value))
            return false;
        *flag = value != 0;
        return true;
    }
    if (key_is(key, "unknown_token_id") && type == U32)
        return get_uint(c, 4, &k->unknown);
    if (key_is(key, "precompiled_charsmap") && type == ARRAY) {
        array a = { 0 };
        if (!get_array(c, type, &a))
            return false;
        if (a.type == U8 || a.type == I8)
            k->charsmap = bmx_slice_of(c->data.ptr + a.at, (size_t)a.n);
        return true;
    }
    return skip_value(c, type, 0);
}

bool bmx_gguf_is(bmx_slice data) { return data.len >= 4 && !memcmp(data.ptr, "GGUF", 4); }

bool bmx_gguf_header_whole(bmx_slice data)
{
    cursor c = { .data = data, .at = 16 };
    uint64_t n;
    keys k;

    if (data.len < HEADER)
        return false;
    get_uint(&c, 8, &n);
    for (uint64_t i = 0; i < n; i++)
        if (!read_key(&c, &k))
            return !c.truncated; /* damage: more bytes would not help */
    return true;
}

/* ---- vocabulary ---- */

/* Element i of an array of strings; *at moves from element to element. */
static bmx_slice string_at(bmx_slice data, size_t *at)
{
    cursor c = { .data = data, .at = *at };
    bmx_slice s = { "", 0 };

    get_string(&c, &s); /* complete: read_key() has checked it */
    *at = c.at;
    return s;
}

static uint32_t u32_at(bmx_slice data, size_t at)
{
    cursor c = { .data = data, .at = at };
    uint64_t v = 0;

    get_uint(&c, 4, &v);
    return (uint32_t)v;
}

static double score_at(bmx_slice data, const array *a, uint64_t i)
{
    uint32_t bits = u32_at(data, a->at + (size_t)i * 4);
    float x;

    if (a->type == I32)
        return (double)(int32_t)bits;
    memcpy(&x, &bits, sizeof x);
    return x == x ? (double)x : 0;
}

static bpemix_status check_arrays(const keys *k, bpemix_error *err)
{
    uint64_t n = k->tokens.n;

    if (!k->tokens.given || k->tokens.type != STRING || !n)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "tokenizer.ggml.tokens",
                             "give a GGUF file with a vocabulary", "no tokens");
    if (n >= BMX_NONE)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "tokenizer.ggml.tokens", "too many tokens");
    /* there may be more of them than tokens, as in llama.cpp */
    if (k->types.given && (k->types.n < n || (k->types.type != I32 && k->types.type != U32)))
        return bmx_fail(err, BPEMIX_E_FORMAT, "tokenizer.ggml.token_type",
                        "not one 32-bit integer a token");
    if (k->scores.given && (k->scores.n < n || (k->scores.type != F32 && k->scores.type != I32)))
        return bmx_fail(err, BPEMIX_E_FORMAT, "tokenizer.ggml.scores",
                        "not one float or 32-bit integer a token");
    if (k->merges.given && k->merges.type != STRING)
        return bmx_fail(err, BPEMIX_E_FORMAT, "tokenizer.ggml.merges", "not strings");
    return BPEMIX_OK;
}

static bpemix_status read_pieces(bpemix_tokenizer *tok, bmx_slice data, const keys *k,
                                 bpemix_error *err)
{
    bmx_piece *piece;
    bmx_normalizer_step *x;
    size_t at = k->tokens.at;
    bpemix_status st;

    if (!k->scores.given)
        return bmx_fail(err, BPEMIX_E_FORMAT, "tokenizer.ggml.scores", "no scores");
    if (!(piece = bmx_malloc((size_t)k->tokens.n, sizeof *piece)))
        return bmx_nomem(err);
    for (size_t i = 0; i < k->tokens.n; i++)
        piece[i] = (bmx_piece){
            .text = string_at(data, &at),
            .score = score_at(data, &k->scores, i),
            .type = k->types.given ? u32_at(data, k->types.at + i * 4) : BMX_PIECE_NORMAL,
        };
    st = bmx_pieces_build(tok, piece, (size_t)k->tokens.n, "tokenizer.ggml.tokens", err);
    bmx_free(piece);
    if (st || (st = bmx_normalizer_add(&tok->trained.normalizer, BMX_NORM_SENTENCEPIECE, &x, err)))
        return st;
    x->sp.add_dummy_prefix = k->add_space_prefix;
    x->sp.remove_extra_whitespaces = k->remove_extra_whitespaces;
    x->sp.escape_whitespaces = true;
    if (k->charsmap.len && (st = bmx_slice_own(&x->charsmap, k->charsmap, err)))
        return st;
    bmx_sentencepiece_guess_rules(tok);
    if ((st = bmx_string_set(&tok->format_detail, "SentencePiece pieces", err)))
        return st;
    return bmx_tokenizer_warn(tok, err, "the file does not keep the rules of the SentencePiece "
                              "trainer; they are guessed from the merges");
}

/* Raw bytes of a token; false when it is not in the alphabet. */
static bpemix_status raw_bytes(const bpemix_tokenizer *tok, bmx_slice text, bmx_buf *buf,
                               bmx_slice *raw, bool *ok, bpemix_error *err)
{
    size_t n = 0;
    bpemix_status st;

    *raw = text;
    if (tok->vocab.alphabet == BMX_ALPHABET_CHARACTER) {
        *ok = bmx_utf8_valid(text) && text.len;
        return BPEMIX_OK;
    }
    buf->len = 0;
    if ((st = bmx_buf_reserve(buf, text.len + 1, err)))
        return st;
    *ok = bmx_bytelevel_decode(text, buf->ptr, &n);
    *raw = *ok ? bmx_slice_of(buf->ptr, n) : text;
    return BPEMIX_OK;
}

static bpemix_status read_merge(bpemix_tokenizer *tok, bmx_slice line, bmx_buf *buf,
                                bpemix_error *err)
{
    /* a token may start with a space here, so the separator is not the first byte */
    const char *space = line.len > 1 ? memchr(line.ptr + 1, ' ', line.len - 1) : NULL;
    uint32_t side[2] = { BMX_NONE, BMX_NONE }, flags = 0;
    bpemix_status st = BPEMIX_OK;
    char q[100];

    if (!space || space + 1 == line.ptr + line.len || !bmx_utf8_valid(line))
        return bmx_fail(err, BPEMIX_E_FORMAT, "", "%s is not two symbols with a space between them",
                        bmx_quote(q, sizeof q, line.ptr, line.len));
    for (int i = 0; i < 2 && !st; i++) {
        const char *from = i ? space + 1 : line.ptr, *to = i ? line.ptr + line.len : space;
        bmx_slice raw;
        bool ok = true;
        if (!(st = raw_bytes(tok, bmx_slice_of(from, (size_t)(to - from)), buf, &raw, &ok, err)))
            st = bmx_token_add(tok, raw, &side[i], err);
        flags |= ok ? 0 : BMX_MERGE_UNKNOWN;
    }
    return st ? st : bmx_merge_add(tok, side[0], side[1], flags, err);
}

/* The kind that llama.cpp calls so: words are what stands between white space, and tokens are not
 * in the byte alphabet. */
static bool is_in_characters(const keys *k) { return key_is(k->pre, "whitespace"); }

/* The name in tokenizer.ggml.pre -> pre-tokenizer. */
static bpemix_status use_pre(bpemix_tokenizer *tok, const keys *k, bpemix_error *err)
{
    char name[64], q[80];
    bool runs = is_in_characters(k);
    bpemix_error why;
    bpemix_status st;

    if (!k->has_pre || k->pre.len >= sizeof name || memchr(k->pre.ptr, 0, k->pre.len))
        return bmx_tokenizer_warn(tok, err, "the file names no pre-tokenizer");
    memcpy(name, k->pre.ptr, k->pre.len);
    name[k->pre.len] = 0;
    st = bmx_tokenizer_use_preset(tok, runs ? "spaces" : name, &why);
    if (st == BPEMIX_E_USAGE)
        return bmx_tokenizer_warn(tok, err, "the file names a pre-tokenizer that is not known "
                                  "here: %s", bmx_quote(q, sizeof q, name, strlen(name)));
    if (st)
        return bmx_nomem(err);
    return BPEMIX_OK;
}

/* Kinds of pre-tokenizers with which llama.cpp looks a whole pre-token up before it
 * merges (its src/llama-vocab.cpp). */
static bool looks_up_first(bmx_slice pre)
{
    static const char *const names[] = {
        "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2",
        "jina-v5-nano", "tekken", "minicpm5", "youtu", "granite-embed-multi-97m",
    };
    bool found = false;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        found = found || key_is(pre, names[i]);
    return found;
}

/* The vocabulary of a list of merges; special[*n_special]: ids of tokens that were not
 * learned. */
static bpemix_status read_vocab(bpemix_tokenizer *tok, bmx_slice data, const keys *k,
                                uint32_t *special, size_t *n_special, bpemix_error *err)
{
    size_t at = k->tokens.at;
    bmx_buf buf = { 0 };
    uint32_t id, n_twice = 0;
    char twice[100] = "";
    bpemix_status st = BPEMIX_OK;

    tok->vocab.size = (uint32_t)k->tokens.n;
    for (size_t i = 0; i < k->tokens.n && !st; i++) {
        uint32_t type = k->types.given ? u32_at(data, k->types.at + i * 4) : BMX_PIECE_NORMAL;
        bmx_slice text = string_at(data, &at), raw;
        bool ok, added = type != BMX_PIECE_NORMAL && type != BMX_PIECE_UNUSED &&
                         type != BMX_PIECE_BYTE;
        if (added && bmx_utf8_valid(text) &&
            (st = bmx_added_token_add(tok,
                                      &(bmx_added_token){ .text = text, .vocab_id = (uint32_t)i,
                                                          .special = type != BMX_PIECE_USER },
                                      err)))
            break;
        if ((st = raw_bytes(tok, text, &buf, &raw, &ok, err)))
            break;
        if (!ok || !raw.len)
            continue; /* a special token, which no text is encoded to */
        if ((st = bmx_token_add_vocab(tok, raw, (uint32_t)i, &id, err)))
            break;
        if (tok->vocab.id[id] != i && !n_twice++)
            bmx_quote(twice, sizeof twice, text.ptr, text.len);
        if (type != BMX_PIECE_NORMAL)
            special[(*n_special)++] = id;
    }
    bmx_buf_release(&buf);
    if (st || !n_twice)
        return st;
    return bmx_tokenizer_warn(tok, err,
                              "tokens that are listed again, with another id, which encoding "
                              "never gives: %u, the first of them %s", n_twice, twice);
}

static bpemix_status read_list(bpemix_tokenizer *tok, bmx_slice data, const keys *k,
                               bpemix_error *err)
{
    size_t at = k->merges.at;
    bmx_buf buf = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < k->merges.n && !st; i++)
        if ((st = read_merge(tok, string_at(data, &at), &buf, err)))
            bmx_at(err, st, "tokenizer.ggml.merges[%zu]", i);
    bmx_buf_release(&buf);
    return st ? st : bmx_warn_unknown_merges(tok, "tokenizer.ggml.merges", err);
}

/* Where a file lists no merges (Kimi K2's never do), ids are ranks, from which they follow. */
static bpemix_status recover_from_ids(bpemix_tokenizer *tok, const uint32_t *special,
                                      size_t n_special, bpemix_error *err)
{
    bmx_rank_list list = { 0 };
    bool *skip = bmx_calloc(tok->vocab.tokens.n, sizeof *skip);
    bpemix_status st =
        skip ? bmx_reserve(&list.item, &list.cap, tok->vocab.tokens.n, sizeof *list.item, err)
             : bmx_nomem(err);

    for (size_t i = 0; i < n_special && !st; i++)
        skip[special[i]] = true;
    for (uint32_t id = 0; id < tok->vocab.tokens.n && !st; id++)
        if (!skip[id] && tok->vocab.tokens.str[id].len)
            list.item[list.n++] = (bmx_ranked){ tok->vocab.id[id], id };
    bmx_free(skip);
    if (!st)
        st = bmx_rank_list_finish(tok, &list, false, err);
    bmx_rank_list_release(&list);
    return st ? st : bmx_string_set(&tok->format_detail, "merges recovered from ids", err);
}

/* If ids are in the order of learning, nearly every token is made by a merge. */
static bpemix_status check_recovered(bpemix_tokenizer *tok, bpemix_error *err)
{
    if (!tok->trained.n_merges || tok->n_unmerged > tok->trained.n_merges / 20)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "tokenizer.ggml.merges",
                             "give the tokenizer.json of the model",
                             "no merges in this GGUF file, nor do they follow from the ids");
    return bmx_tokenizer_warn(tok, err,
                              "the file lists no merges; they were recovered from the ids, as if "
                              "these stood in the order of learning");
}

/* The kind of Gemma 4 and similar models, as llama.cpp names it. */
static bool is_like_gemma(const keys *k)
{
    return key_is(k->model, "gemma4") || key_is(k->pre, "gemma4") ||
           key_is(k->pre, "granite-embed-multi-311m") || key_is(k->pre, "sarvam-moe");
}

/* The merges of a converted SentencePiece model, spaces written as U+2581,
 * other characters in the vocabulary as bytes, runs of newlines on their own. */
static bpemix_status read_gemma(bpemix_tokenizer *tok, bmx_slice data, const keys *k,
                                const uint32_t *special, size_t n_special, bpemix_error *err)
{
    bmx_normalizer_step *norm;
    bmx_pretokenizer_step *pre;
    bpemix_status st;

    tok->vocab.byte_fallback = tok->encoding.fuse_unk = true;
    bmx_sentencepiece_find_bytes(tok);
    if ((st = read_list(tok, data, k, err)) ||
        (st = bmx_normalizer_add(&tok->trained.normalizer, BMX_NORM_REPLACE, &norm, err)) ||
        (st = bmx_pattern_set(&norm->pattern, bmx_slice_str(" "), false, BMX_REGEX_ONIGURUMA,
                              err)) ||
        (st = bmx_slice_own(&norm->content, bmx_slice_str(BMX_SPACE_SYMBOL), err)) ||
        (st = bmx_pretokenizer_add(&tok->trained.pretokenizer, BMX_PRE_SPLIT, &pre, err)) ||
        (st = bmx_pattern_set(&pre->pattern, bmx_slice_str("[^\n]+|[\n]+"), true,
                              BMX_REGEX_ONIGURUMA, err)) ||
        (st = bmx_string_set(&tok->trained.pretokenizer.name, "Split", err)))
        return st;
    pre->behavior = BMX_SPLIT_ISOLATED;
    tok->pretokenizer_known = true;
    return bmx_undo_conversion(tok, special, n_special, err);
}

static bpemix_status read_merges(bpemix_tokenizer *tok, bmx_slice data, const keys *k,
                                 const bpemix_load_opts *opts, bpemix_error *err)
{
    bool gemma = is_like_gemma(k), from_ids = !gemma && !k->merges.given;
    uint32_t *special = bmx_malloc((size_t)k->tokens.n, sizeof *special);
    size_t n_special = 0;
    bpemix_status st = special ? BPEMIX_OK : bmx_nomem(err);

    tok->vocab.alphabet = gemma || is_in_characters(k) ? BMX_ALPHABET_CHARACTER
                                                       : BMX_ALPHABET_BYTE;
    if (!st)
        st = read_vocab(tok, data, k, special, &n_special, err);
    if (!st && gemma)
        st = read_gemma(tok, data, k, special, n_special, err);
    else if (!st && from_ids && !(st = recover_from_ids(tok, special, n_special, err)))
        st = key_is(k->pre, "kimi-k2") ? BPEMIX_OK : check_recovered(tok, err);
    else if (!st && !from_ids && !(st = read_list(tok, data, k, err)))
        st = bmx_undo_conversion(tok, special, n_special, err);
    bmx_free(special);
    tok->encoding.ignore_merges = from_ids || looks_up_first(k->pre);
    return st || gemma || (opts && opts->pretokenizer) ? st : use_pre(tok, k, err);
}

/* Kinds of models in the words of llama.cpp: BPE in one of three forms, or not BPE. */
static bpemix_status check_kind(const keys *k, bpemix_error *err)
{
    static const char *const bpe[] = { "gpt2", "llama", "gemma4" },
                      *const other[] = { "bert", "t5", "rwkv", "plamo2" };
    char q[80];

    if (!k->model.len || key_is(k->model, "none") || key_is(k->model, "no_vocab"))
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "tokenizer.ggml.model",
                             "give a GGUF file with a vocabulary", "no tokenizer in this file");
    for (size_t i = 0; i < sizeof bpe / sizeof *bpe; i++)
        if (key_is(k->model, bpe[i]))
            return BPEMIX_OK;
    bmx_quote(q, sizeof q, k->model.ptr, k->model.len);
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (key_is(k->model, other[i]))
            return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "tokenizer.ggml.model",
                                 "only BPE tokenizers tell about their training data this way",
                                 "a tokenizer of kind %s", q);
    return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "tokenizer.ggml.model",
                         "give the tokenizer.json of the model",
                         "a tokenizer of kind %s, which is not known here", q);
}

static bpemix_status read(bpemix_tokenizer *tok, bmx_slice data, const bpemix_load_opts *opts,
                          bpemix_error *err)
{
    cursor c = { .data = data, .at = 4 };
    keys k = { .model = { "", 0 }, .pre = { "", 0 }, .add_space_prefix = true };
    uint64_t version, tensors, n;
    bpemix_status st;

    tok->format = BMX_FORMAT_GGUF;
    if (!get_uint(&c, 4, &version) || !get_uint(&c, 8, &tensors) || !get_uint(&c, 8, &n))
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "fetch the file again",
                             "the header of this GGUF file is truncated");
    if (version != 2 && version != 3)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "", "give the tokenizer.json of the model",
                             version & 0xffff ? "GGUF version %llu, which is not known here"
                                              : "a big-endian GGUF file",
                                              (unsigned long long)version);
    for (uint64_t i = 0; i < n; i++)
        if (!read_key(&c, &k)) {
            st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "fetch the file again",
                               c.truncated ? "the header of this GGUF file is truncated in key %llu"
                                     : "key %llu of this GGUF file is damaged",
                               (unsigned long long)i);
            if (err)
                err->offset = (int64_t)c.at;
            return st;
        }
    k.has_pre = k.pre.len > 0;
    if ((st = check_kind(&k, err)))
        return st;
    if ((st = check_arrays(&k, err)))
        return st;
    return key_is(k.model, "llama") ? read_pieces(tok, data, &k, err)
                                    : read_merges(tok, data, &k, opts, err);
}

const bmx_reader bmx_reader_gguf = { "GGUF", bmx_gguf_is, read };

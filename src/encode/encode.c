/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encode.c - one pre-token: its initial symbols, then merges by rank, with a cache of results. */
#include "encode/encode.h"
#include "base/assert.h"
#include "base/utf8.h"
#include "tokenizer/join.h"
#include "tokenizer/match.h"

#include <string.h>

/* The ids of pre-tokens that have been encoded: most pre-tokens of a text are repetitions.
 *
 *   pre-token number   0        1         2         ...      in order of first appearance
 *   start              0        1         3         5
 *   ids                | 1169   | 87 464  | 12 290  |
 *
 * C1  ids.id[start[i] .. start[i + 1]) are those of pre-token i; start[pretoken.n] == ids.n.
 * C2  No pre-token is longer than CACHED_BYTES, and none is ever taken out: a full cache is kept as
 *     it is, because frequent pre-tokens occur early.
 *
 * 8 MB of English, and 6 MB of eight languages, with GPT-2's tokenizer: 0.64 and 0.46 s without a
 * cache; with 2^12, 2^15, 2^18 and 2^20 pre-tokens of up to 64 bytes 0.41, 0.34, 0.30, 0.32 s and
 * 0.45, 0.42, 0.37, 0.37 s.  Of up to 16, 32 and 128 bytes in place of 64 they take as long, within
 * a tenth: longer pre-tokens are rare, and repeated least. */
enum { CACHED_BYTES = 64, CACHED_PRETOKENS = 1 << 18 };

typedef struct cache {
    bmx_intern pretoken;
    uint32_t *start; /* start[pre-token.n + 1], in ids */
    size_t start_cap;
    bmx_ids ids;
} cache;

struct bmx_encoder_scratch {
    const bpemix_tokenizer *tok;
    bmx_map64 merge;       /* left << 32 | right -> index in `list` */
    const bmx_merge *list; /* the encoder's */
    bmx_joiner joiner;
    uint32_t *symbol;      /* scratch of bmx_tokenizer_symbols() */
    size_t symbol_cap;
    bmx_matcher user;      /* user-defined pieces */
    bool any_user;
    bool cut_at_spaces;    /* nothing is ever joined across the start of a run of U+2581 */
    cache cache;
};

bpemix_status bmx_ids_add(bmx_ids *ids, uint32_t id, bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&ids->id, &ids->cap, ids->n + 1, sizeof *ids->id, err);

    if (!st)
        ids->id[ids->n++] = id;
    return st;
}

void bmx_ids_release(bmx_ids *ids)
{
    bmx_free(ids->id);
    *ids = (bmx_ids){ 0 };
}

static uint32_t piece_rank(const bpemix_tokenizer *tok, uint32_t id)
{
    return id < tok->encoded.n_ranks ? tok->encoded.rank[id] : BMX_NONE;
}

/* A run of U+2581 starts behind something else inside this token. */
static bool spans_space(bmx_slice s)
{
    bool space = true;

    for (size_t i = 0; i < s.len;) {
        bool now = bmx_space_symbol_at(s, i);
        if (now && !space)
            return true;
        space = now;
        i += now ? 3 : 1;
    }
    return false;
}

/* May text be cut before each run of U+2581?  U+2581 must be a token, as it is
 * then no part of a run of unknown characters. */
static bool may_cut(const bpemix_tokenizer *tok, const bmx_merge *list, uint32_t n)
{
    if (tok->vocab.alphabet != BMX_ALPHABET_CHARACTER || tok->vocab.subword_prefix.len ||
        tok->vocab.word_suffix.len ||
        bmx_intern_find(&tok->vocab.tokens, bmx_slice_str(BMX_SPACE_SYMBOL)) == BMX_NONE)
        return false;
    for (uint32_t t = 0; !tok->encoded.rank && t < n; t++)
        if (spans_space(tok->vocab.tokens.str[list[t].product]))
            return false;
    for (uint32_t id = 0; id < tok->encoded.n_ranks; id++)
        if (tok->encoded.rank[id] != BMX_NONE && spans_space(tok->vocab.tokens.str[id]))
            return false;
    return true;
}

bpemix_status bmx_encoder_scratch_new(const bpemix_tokenizer *tok, bmx_encoder_scratch **out,
                                    bpemix_error *err)
{
    bmx_encoder_scratch *s = bmx_calloc(1, sizeof *s);
    uint32_t n = tok->encoded.n_merges;
    bpemix_status st = s ? BPEMIX_OK : bmx_nomem(err);

    if (st)
        return st;
    s->tok = tok;
    s->list = tok->encoded.merge;
    s->cut_at_spaces = may_cut(tok, s->list, n);
    for (uint32_t t = 0; t < n && !tok->encoded.rank && !st; t++)
        if (!(s->list[t].flags & BMX_MERGE_UNKNOWN)) /* of a repeated pair the last entry counts */
            st = bmx_map64_put(&s->merge, (uint64_t)s->list[t].left << 32 | s->list[t].right, t,
                               err);
    for (uint32_t id = 0; id < tok->encoded.n_ranks && !st; id++)
        if (tok->encoded.rank[id] == BMX_RANK_USER) {
            s->any_user = true;
            st = bmx_matcher_add(&s->user, tok->vocab.tokens.str[id], id, err);
        }
    if (st) {
        bmx_encoder_scratch_free(s);
        return st;
    }
    *out = s;
    return BPEMIX_OK;
}

void bmx_encoder_scratch_free(bmx_encoder_scratch *s)
{
    if (!s)
        return;
    bmx_map64_release(&s->merge);
    bmx_joiner_release(&s->joiner);
    bmx_free(s->symbol);
    bmx_matcher_release(&s->user);
    bmx_intern_release(&s->cache.pretoken);
    bmx_free(s->cache.start);
    bmx_ids_release(&s->cache.ids);
    bmx_free(s);
}

/* ---- ranks ---- */

static uint32_t rank_of_merge(const void *ctx, const bmx_join_symbol *l, const bmx_join_symbol *r,
                              uint32_t *product)
{
    const bmx_encoder_scratch *s = ctx;
    uint32_t t = bmx_map64_get(&s->merge, (uint64_t)l->id << 32 | r->id);

    if (t != BMX_NONE)
        *product = s->list[t].product;
    return t;
}

typedef struct text_ranks {
    const bpemix_tokenizer *tok;
    const char *text;
} text_ranks;

/* Symbols may be unknown: only their joint text matters. */
static uint32_t rank_of_text(const void *ctx, const bmx_join_symbol *l, const bmx_join_symbol *r,
                             uint32_t *product)
{
    const text_ranks *x = ctx;
    uint32_t rank;

    if (piece_rank(x->tok, l->id) == BMX_RANK_USER || piece_rank(x->tok, r->id) == BMX_RANK_USER)
        return BMX_NONE;
    *product =
        bmx_intern_find(&x->tok->vocab.tokens, bmx_slice_of(x->text + l->start, l->len + r->len));
    rank = *product == BMX_NONE ? BMX_NONE : piece_rank(x->tok, *product);
    return rank == BMX_RANK_USER ? BMX_NONE : rank;
}

/* ---- initial symbols ---- */

/* All bytes of text are tokens. */
static bool has_bytes(const bpemix_tokenizer *tok, bmx_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (tok->vocab.byte_symbol[(unsigned char)text.ptr[i]] == BMX_NONE)
            return false;
    return true;
}

static void add_symbol(bmx_encoder_scratch *s, size_t *n, size_t start, size_t len, uint32_t id)
{
    s->joiner.symbol[*n].start = (uint32_t)start;
    s->joiner.symbol[*n].len = (uint32_t)len;
    s->joiner.symbol[*n].id = id;
    ++*n;
}

/* The byte tokens of a character that is no token, with what marks that it goes on with a word or
 * ends it: the Hugging Face library takes the bytes of what it has looked for. */
static bool add_bytes(bmx_encoder_scratch *s, size_t *n, bmx_slice pretoken, size_t at, size_t len)
{
    const bpemix_tokenizer *tok = s->tok;
    bool last = at + len == pretoken.len;
    bmx_slice part[3] = { at ? tok->vocab.subword_prefix : bmx_slice_of("", 0),
                          bmx_slice_of(pretoken.ptr + at, len),
                          last ? tok->vocab.word_suffix : bmx_slice_of("", 0) };

    if (!tok->vocab.byte_fallback || !has_bytes(tok, part[0]) || !has_bytes(tok, part[1]) ||
        !has_bytes(tok, part[2]))
        return false;
    for (int k = 0; k < 3; k++)
        for (size_t b = 0; b < part[k].len; b++)
            add_symbol(s, n, at, 1, tok->vocab.byte_symbol[(unsigned char)part[k].ptr[b]]);
    return true;
}

/* Merge lists: characters that are in no vocabulary become byte tokens, else the
 * unknown token, before anything is merged, so that these can merge; without
 * an unknown token they are dropped, and their neighbours may merge.  A fused unknown token is
 * added when the next known character comes, as in the Hugging Face library. */
static size_t symbols_of_list(bmx_encoder_scratch *s, bmx_slice pretoken)
{
    const bpemix_tokenizer *tok = s->tok;
    size_t n = 0, k = 0, unk_start = 0, unk_len = 0, len;

    bmx_tokenizer_symbols(tok, pretoken, s->symbol);
    for (size_t i = 0; i < pretoken.len; i += len, k++) {
        bmx_slice c = bmx_slice_of(pretoken.ptr + i, pretoken.len - i);
        uint32_t id = s->symbol[k];

        len = c.len = bmx_symbol_bytes(tok, c);
        if (id != BMX_NONE && !(id & BMX_SYMBOL_RAW)) {
            if (unk_len)
                add_symbol(s, &n, unk_start, unk_len, tok->encoding.unk_token);
            unk_len = 0;
            add_symbol(s, &n, i, len, id);
        } else if (!add_bytes(s, &n, pretoken, i, len) && tok->encoding.unk_token != BMX_NONE) {
            if (unk_len && !tok->encoding.fuse_unk) {
                add_symbol(s, &n, unk_start, unk_len, tok->encoding.unk_token);
                unk_len = 0;
            }
            unk_start = unk_len ? unk_start : i;
            unk_len += len;
        }
    }
    if (unk_len)
        add_symbol(s, &n, unk_start, unk_len, tok->encoding.unk_token);
    return n;
}

/* Ranks of texts: user-defined pieces, longest first, else symbols, known or not. */
static size_t symbols_of_text(bmx_encoder_scratch *s, bmx_slice pretoken)
{
    size_t n = 0, len;

    for (size_t i = 0; i < pretoken.len; i += len) {
        bmx_slice rest = bmx_slice_of(pretoken.ptr + i, pretoken.len - i);
        uint32_t id = s->any_user ? bmx_matcher_longest(&s->user, rest, &len) : BMX_NONE;

        if (id == BMX_NONE) {
            len = bmx_symbol_bytes(s->tok, rest);
            id = s->tok->vocab.alphabet == BMX_ALPHABET_BYTE
                     ? s->tok->vocab.byte_symbol[(unsigned char)rest.ptr[0]]
                     : bmx_intern_find(&s->tok->vocab.tokens, bmx_slice_of(rest.ptr, len));
        }
        add_symbol(s, &n, i, len, id);
    }
    return n;
}

/* ---- one pre-token ---- */

/* A symbol that is in no vocabulary (SentencePiece, rank files). */
static bpemix_status emit_unknown(const bpemix_tokenizer *tok, bmx_slice text, bool *in_run,
                                  bmx_ids *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (tok->vocab.byte_fallback && has_bytes(tok, text)) {
        for (size_t i = 0; i < text.len && !st; i++)
            st = bmx_ids_add(
                out, tok->vocab.id[tok->vocab.byte_symbol[(unsigned char)text.ptr[i]]], err);
        *in_run = false;
        return st;
    }
    if (tok->encoding.unk_token == BMX_NONE || (*in_run && tok->encoding.fuse_unk))
        return BPEMIX_OK;
    *in_run = true;
    return bmx_ids_add(out, tok->vocab.id[tok->encoding.unk_token], err);
}

static bpemix_status encode_uncached(bmx_encoder_scratch *s, bmx_slice pretoken, bmx_ids *out,
                                     bpemix_error *err)
{
    const bpemix_tokenizer *tok = s->tok;
    text_ranks by_text = { tok, pretoken.ptr };
    bool unknown_run = false;
    size_t n;
    size_t most = !tok->vocab.byte_fallback ? pretoken.len
                                            : pretoken.len * (1 + tok->vocab.subword_prefix.len) +
                                                  tok->vocab.word_suffix.len;
    bpemix_status st = bmx_joiner_reserve(&s->joiner, most, err);

    if (st || (st = bmx_reserve(&s->symbol, &s->symbol_cap, pretoken.len, sizeof *s->symbol, err)))
        return st;
    n = tok->encoded.rank ? symbols_of_text(s, pretoken) : symbols_of_list(s, pretoken);
    if (!n)
        return BPEMIX_OK;
    if (tok->encoded.rank)
        bmx_join(&s->joiner, n, 1, rank_of_text, &by_text);
    else
        bmx_join(&s->joiner, n, 1, rank_of_merge, s);
    for (uint32_t i = 0; i != BMX_NONE && !st; i = s->joiner.symbol[i].next) {
        const bmx_join_symbol *p = &s->joiner.symbol[i];
        if (p->id == BMX_NONE || (tok->encoded.rank && p->id == tok->encoding.unk_token)) {
            st = emit_unknown(tok, bmx_slice_of(pretoken.ptr + p->start, p->len), &unknown_run, out,
                              err);
        } else {
            unknown_run = false;
            st = bmx_ids_add(out, tok->vocab.id[p->id], err);
        }
    }
    return st;
}

static bpemix_status remember(cache *c, bmx_slice pretoken, const uint32_t *id, size_t n,
                              bpemix_error *err)
{
    uint32_t at;
    bpemix_status st;

    if (c->pretoken.n >= CACHED_PRETOKENS)
        return BPEMIX_OK;
    if ((st = bmx_reserve(&c->start, &c->start_cap, c->pretoken.n + 2, sizeof *c->start, err)) ||
        (st = bmx_reserve(&c->ids.id, &c->ids.cap, c->ids.n + n, sizeof *c->ids.id, err)) ||
        (st = bmx_intern_add(&c->pretoken, pretoken, &at, NULL, err)))
        return st;
    BMX_ASSERT(at + 1 == c->pretoken.n && (!at || c->start[at] == c->ids.n)); /* C1 */
    BMX_ASSERT(pretoken.len <= CACHED_BYTES);                                 /* C2 */
    c->start[at] = (uint32_t)c->ids.n;
    if (n)
        memcpy(c->ids.id + c->ids.n, id, n * sizeof *id);
    c->ids.n += n;
    c->start[at + 1] = (uint32_t)c->ids.n;
    return BPEMIX_OK;
}

static bpemix_status encode_cached(bmx_encoder_scratch *s, bmx_slice pretoken, bmx_ids *out,
                                   bpemix_error *err)
{
    cache *c = &s->cache;
    size_t before = out->n;
    uint32_t at = pretoken.len <= CACHED_BYTES ? bmx_intern_find(&c->pretoken, pretoken) : BMX_NONE;
    bpemix_status st;

    if (at != BMX_NONE) {
        size_t n = c->start[at + 1] - c->start[at];
        if ((st = bmx_reserve(&out->id, &out->cap, out->n + n, sizeof *out->id, err)))
            return st;
        if (n)
            memcpy(out->id + out->n, c->ids.id + c->start[at], n * sizeof *out->id);
        out->n += n;
        return BPEMIX_OK;
    }
    st = encode_uncached(s, pretoken, out, err);
    if (!st && pretoken.len <= CACHED_BYTES)
        st = remember(c, pretoken, out->id ? out->id + before : NULL, out->n - before, err);
    return st;
}

/* Length of what stands before the next run of U+2581. */
static size_t up_to_space(bmx_slice s)
{
    size_t i = 0;

    while (i < s.len && bmx_space_symbol_at(s, i))
        i += 3;
    for (; i < s.len; i++) {
        const char *lead = memchr(s.ptr + i, (unsigned char)BMX_SPACE_SYMBOL[0], s.len - i);
        if (!lead)
            return s.len;
        i = (size_t)(lead - s.ptr);
        if (bmx_space_symbol_at(s, i))
            return i;
    }
    return s.len;
}

bpemix_status bmx_encode_pretoken(const bpemix_tokenizer *tok, bmx_encoder_scratch *s,
                                  bmx_slice pretoken, bmx_ids *out, bpemix_error *err)
{
    size_t n_before = out->n;
    bpemix_status st = BPEMIX_OK;

    if (!pretoken.len)
        return BPEMIX_OK;
    if (tok->encoding.ignore_merges) {
        uint32_t id = bmx_intern_find(&tok->vocab.tokens, pretoken);
        if (id != BMX_NONE && tok->vocab.id[id] != BMX_NONE)
            return bmx_ids_add(out, tok->vocab.id[id], err);
    }
    while (pretoken.len && !st) {
        size_t n = s->cut_at_spaces ? up_to_space(pretoken) : pretoken.len;
        bmx_slice word = bmx_slice_of(pretoken.ptr, n);
        st = encode_cached(s, word, out, err);
        pretoken = bmx_slice_of(pretoken.ptr + word.len, pretoken.len - word.len);
    }
    if (st)
        out->n = n_before;
    return st;
}

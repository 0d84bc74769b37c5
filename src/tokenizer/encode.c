#include "tokenizer/encode.h"
#include "base/utf8.h"
#include "tokenizer/build.h"
#include "tokenizer/join.h"

#include <string.h>

struct bmx_encoder_state {
    const bpemix_tokenizer *tok;
    bmx_map64 merge;        /* left << 32 | right -> index in tok->merge */
    bmx_joiner joiner;
    uint32_t *symbol;       /* scratch of bmx_tokenizer_symbols() */
    size_t symbol_cap;
    bool user_first[256];   /* first bytes of user-defined pieces */
    uint32_t *user_length;  /* their lengths, longest first, without repetition */
    size_t n_user, user_cap;
};

void bmx_ids_release(bmx_ids *ids)
{
    bmx_free(ids->id);
    *ids = (bmx_ids){ 0 };
}

static uint32_t piece_rank(const bpemix_tokenizer *tok, uint32_t id)
{
    return id < tok->n_piece_rank ? tok->piece_rank[id] : BMX_NONE;
}

/* Keep user_length sorted and distinct. */
static bpemix_status add_length(bmx_encoder_state *s, uint32_t len, bpemix_error *err)
{
    size_t i = 0;
    bpemix_status st;

    while (i < s->n_user && s->user_length[i] > len)
        i++;
    if (i < s->n_user && s->user_length[i] == len)
        return BPEMIX_OK;
    if ((st = bmx_reserve(&s->user_length, &s->user_cap, s->n_user + 1, sizeof *s->user_length,
                          err)))
        return st;
    memmove(s->user_length + i + 1, s->user_length + i, (s->n_user - i) * sizeof *s->user_length);
    s->user_length[i] = len;
    s->n_user++;
    return BPEMIX_OK;
}

bpemix_status bmx_encoder_state_new(const bpemix_tokenizer *tok, bmx_encoder_state **out,
                                    bpemix_error *err)
{
    bmx_encoder_state *s = bmx_calloc(1, sizeof *s);
    bpemix_status st = s ? BPEMIX_OK : bmx_nomem(err);

    if (st)
        return st;
    s->tok = tok;
    for (uint32_t t = 0; t < tok->n_merges && !tok->piece_rank && !st; t++)
        if (!(tok->merge[t].flags & BMX_MERGE_UNKNOWN)) /* of a repeated pair the last counts */
            st = bmx_map64_put(&s->merge, (uint64_t)tok->merge[t].left << 32 | tok->merge[t].right,
                               t, err);
    for (uint32_t id = 0; id < tok->n_piece_rank && !st; id++)
        if (tok->piece_rank[id] == BMX_RANK_USER) {
            s->user_first[(unsigned char)tok->tokens.str[id].ptr[0]] = true;
            st = add_length(s, (uint32_t)tok->tokens.str[id].len, err);
        }
    if (st) {
        bmx_encoder_state_free(s);
        return st;
    }
    *out = s;
    return BPEMIX_OK;
}

void bmx_encoder_state_free(bmx_encoder_state *s)
{
    if (!s)
        return;
    bmx_map64_release(&s->merge);
    bmx_joiner_release(&s->joiner);
    bmx_free(s->symbol);
    bmx_free(s->user_length);
    bmx_free(s);
}

/* ---- ranks ---- */

static uint32_t rank_of_merge(const void *ctx, const bmx_part *l, const bmx_part *r,
                              uint32_t *product)
{
    const bmx_encoder_state *s = ctx;
    uint32_t t;

    if (l->id == BMX_NONE || r->id == BMX_NONE)
        return BMX_NONE;
    t = bmx_map64_get(&s->merge, (uint64_t)l->id << 32 | r->id);
    if (t != BMX_NONE)
        *product = s->tok->merge[t].product;
    return t;
}

typedef struct text_ranks {
    const bpemix_tokenizer *tok;
    const char *text;
} text_ranks;

static uint32_t rank_of_text(const void *ctx, const bmx_part *l, const bmx_part *r,
                             uint32_t *product)
{
    const text_ranks *x = ctx;
    uint32_t rank;

    if (l->id == BMX_NONE || r->id == BMX_NONE || piece_rank(x->tok, l->id) == BMX_RANK_USER ||
        piece_rank(x->tok, r->id) == BMX_RANK_USER)
        return BMX_NONE;
    *product = bmx_intern_find(&x->tok->tokens, bmx_slice_of(x->text + l->start, l->len + r->len));
    rank = *product == BMX_NONE ? BMX_NONE : piece_rank(x->tok, *product);
    return rank == BMX_RANK_USER ? BMX_NONE : rank;
}

/* ---- one piece ---- */

/* User-defined piece at the start of text, BMX_NONE when there is none. */
static uint32_t find_user(const bmx_encoder_state *s, bmx_slice text)
{
    if (!s->user_first[(unsigned char)text.ptr[0]])
        return BMX_NONE;
    for (size_t i = 0; i < s->n_user; i++)
        if (s->user_length[i] <= text.len) {
            uint32_t id = bmx_intern_find(&s->tok->tokens, bmx_slice_of(text.ptr, s->user_length[i]));
            if (id != BMX_NONE && piece_rank(s->tok, id) == BMX_RANK_USER)
                return id;
        }
    return BMX_NONE;
}

/* Fill in the joiner's parts; returns how many. */
static size_t make_parts(bmx_encoder_state *s, bmx_slice piece)
{
    const bpemix_tokenizer *tok = s->tok;
    bmx_part *part = s->joiner.part;
    size_t n = 0, k = 0;

    bmx_tokenizer_symbols(tok, piece, s->symbol);
    for (size_t i = 0; i < piece.len; n++) {
        bmx_slice rest = bmx_slice_of(piece.ptr + i, piece.len - i);
        uint32_t cp, user = s->n_user ? find_user(s, rest) : BMX_NONE;
        size_t len = tok->alphabet == BMX_ALPHABET_BYTE ? 1 : bmx_utf8_decode(rest.ptr, rest.len, &cp);

        part[n].start = (uint32_t)i;
        part[n].id = s->symbol[k];
        if (part[n].id != BMX_NONE && part[n].id & BMX_SYMBOL_RAW)
            part[n].id = BMX_NONE;
        len = len ? len : 1;
        if (user != BMX_NONE) {
            part[n].id = user;
            for (size_t end = i + tok->tokens.str[user].len; i + len < end; k++)
                len += bmx_utf8_decode(piece.ptr + i + len, piece.len - i - len, &cp);
        }
        part[n].len = (uint32_t)len;
        i += len;
        k++;
    }
    return n;
}

static bpemix_status emit(bmx_ids *out, uint32_t id, bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&out->id, &out->cap, out->n + 1, sizeof *out->id, err);
    if (!st)
        out->id[out->n++] = id;
    return st;
}

/* A character that is in no vocabulary. */
static bpemix_status emit_unknown(const bpemix_tokenizer *tok, bmx_slice text, bool *in_run,
                                  bmx_ids *out, bpemix_error *err)
{
    bool whole = tok->byte_fallback;
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < text.len && whole; i++)
        whole = tok->byte_symbol[(unsigned char)text.ptr[i]] != BMX_NONE;
    if (whole) {
        for (size_t i = 0; i < text.len && !st; i++)
            st = emit(out, tok->vocab_id[tok->byte_symbol[(unsigned char)text.ptr[i]]], err);
        *in_run = false;
        return st;
    }
    if (tok->unk_token == BMX_NONE || (*in_run && tok->fuse_unk))
        return BPEMIX_OK;
    *in_run = true;
    return emit(out, tok->vocab_id[tok->unk_token], err);
}

bpemix_status bmx_encode_piece(const bpemix_tokenizer *tok, bmx_encoder_state *s, bmx_slice piece,
                               bmx_ids *out, bpemix_error *err)
{
    text_ranks by_text = { tok, piece.ptr };
    size_t n, n_before = out->n;
    bool unknown_run = false;
    bpemix_status st;

    if (!piece.len)
        return BPEMIX_OK;
    if (tok->ignore_merges) {
        uint32_t id = bmx_intern_find(&tok->tokens, piece);
        if (id != BMX_NONE && tok->vocab_id[id] != BMX_NONE)
            return emit(out, tok->vocab_id[id], err);
    }
    if ((st = bmx_joiner_reserve(&s->joiner, piece.len, err)) ||
        (st = bmx_reserve(&s->symbol, &s->symbol_cap, piece.len, sizeof *s->symbol, err)))
        return st;
    n = make_parts(s, piece);
    if (tok->piece_rank)
        bmx_join(&s->joiner, n, 1, rank_of_text, &by_text);
    else
        bmx_join(&s->joiner, n, 1, rank_of_merge, s);
    for (uint32_t i = 0; i != BMX_NONE && !st; i = s->joiner.part[i].next) {
        const bmx_part *p = &s->joiner.part[i];
        if (p->id == BMX_NONE) {
            st = emit_unknown(tok, bmx_slice_of(piece.ptr + p->start, p->len), &unknown_run, out,
                              err);
        } else {
            unknown_run = false;
            st = emit(out, tok->vocab_id[p->id], err);
        }
    }
    if (st)
        out->n = n_before;
    return st;
}

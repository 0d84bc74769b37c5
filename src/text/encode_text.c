#include "text/encode_text.h"
#include "base/utf8.h"
#include "text/normalize.h"
#include "text/pretokenize.h"

struct bmx_text_encoder {
    const bpemix_tokenizer *tok;
    bmx_normalizer *norm;
    bmx_pretokenizer *pre; /* NULL: the whole text is one piece */
    bmx_pretokenizer_state *pre_state;
    bmx_encoder_state *state;
    bmx_buf scratch[2];
};

/* SentencePiece's word rules belong to its trainer; its encoder merges over the
 * whole sentence. */
static bool splits(const bpemix_tokenizer *tok)
{
    for (size_t i = 0; i < tok->pretokenizer.n; i++)
        if (tok->pretokenizer.step[i].kind == BMX_PRE_SENTENCEPIECE)
            return false;
    return true;
}

bpemix_status bmx_text_encoder_new(const bpemix_tokenizer *tok, bmx_text_encoder **out,
                                   bpemix_error *err)
{
    bmx_text_encoder *e;
    bpemix_status st;

    if (!tok->pretokenizer_known)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, tok->path,
                             "name one with --pretokenizer, for example gpt2 or cl100k",
                             "the file holds no pre-tokenizer");
    if (!(e = bmx_calloc(1, sizeof *e)))
        return bmx_nomem(err);
    e->tok = tok;
    st = bmx_normalizer_new(&tok->normalizer, &e->norm, err);
    if (!st && splits(tok))
        st = bmx_pretokenizer_new(&tok->pretokenizer, tok->alphabet == BMX_ALPHABET_BYTE,
                                  BMX_ENGINE_AUTO, &e->pre, err);
    if (!st && e->pre)
        st = bmx_pretokenizer_state_new(e->pre, &e->pre_state, err);
    if (!st)
        st = bmx_encoder_state_new(tok, &e->state, err);
    if (st) {
        bmx_text_encoder_free(e);
        return st;
    }
    *out = e;
    return BPEMIX_OK;
}

void bmx_text_encoder_free(bmx_text_encoder *e)
{
    if (!e)
        return;
    bmx_encoder_state_free(e->state);
    bmx_pretokenizer_state_free(e->pre_state);
    bmx_pretokenizer_free(e->pre);
    bmx_normalizer_free(e->norm);
    bmx_buf_release(&e->scratch[0]);
    bmx_buf_release(&e->scratch[1]);
    bmx_free(e);
}

typedef struct piece_target {
    bmx_text_encoder *e;
    bmx_ids *out;
} piece_target;

static bpemix_status encode_piece(void *ctx, bmx_slice piece, bpemix_error *err)
{
    piece_target *t = ctx;
    return bmx_encode_piece(t->e->tok, t->e->state, piece, t->out, err);
}

bpemix_status bmx_encode_text(bmx_text_encoder *e, bmx_slice text, bmx_ids *out, bpemix_error *err)
{
    size_t valid = bmx_utf8_valid_prefix(text), n = out->n;
    piece_target target = { e, out };
    bpemix_status st;

    if (valid < text.len) {
        bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "convert it to UTF-8 first",
                      "byte %zu is not UTF-8 (0x%02x)", valid, (unsigned char)text.ptr[valid]);
        if (err)
            err->offset = (int64_t)valid;
        return BPEMIX_E_FORMAT;
    }
    st = bmx_normalize(e->norm, text, e->scratch, &text, err);
    if (!st && !e->pre)
        st = text.len ? encode_piece(&target, text, err) : BPEMIX_OK;
    else if (!st)
        st = bmx_pretokenize(e->pre, e->pre_state, text, encode_piece, &target, err);
    if (st)
        out->n = n;
    return st;
}

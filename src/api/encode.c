/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encode.c - the public side of encode/. */
#include "bpemix.h"
#include "api/api.h"
#include "encode/text.h"
#include "result/document.h"

#include <string.h>

struct bpemix_encoder {
    bmx_text_encoder *text_encoder;
    bmx_slice *token; /* token[n_tokens], by vocabulary id */
    size_t n_tokens;
    bmx_ids ids;      /* of the last call */
};

bpemix_status bpemix_encoder_new(const bpemix_tokenizer *tok, bpemix_encoder **out,
                                 bpemix_error *err)
{
    bpemix_encoder *e = bmx_calloc(1, sizeof *e);
    bpemix_status st = e ? bmx_text_encoder_new(tok, &e->text_encoder, err) : bmx_nomem(err);

    if (!st)
        st = bmx_id_texts(tok, &e->token, &e->n_tokens, err);
    if (st) {
        bpemix_encoder_free(e);
        return st;
    }
    *out = e;
    return BPEMIX_OK;
}

void bpemix_encoder_free(bpemix_encoder *enc)
{
    if (!enc)
        return;
    bmx_text_encoder_free(enc->text_encoder);
    bmx_free(enc->token);
    bmx_ids_release(&enc->ids);
    bmx_free(enc);
}

bpemix_status bpemix_encode(bpemix_encoder *enc, bpemix_text text, const uint32_t **ids, size_t *n,
                            bpemix_error *err)
{
    bpemix_status st;

    enc->ids.n = 0;
    if ((st = bmx_encode_text(enc->text_encoder, bmx_slice_of(text.ptr, text.len), &enc->ids, err)))
        return st;
    *ids = enc->ids.id;
    *n = enc->ids.n;
    return BPEMIX_OK;
}

bpemix_text bpemix_encoder_token(const bpemix_encoder *enc, uint32_t id)
{
    bmx_slice s = id < enc->n_tokens ? enc->token[id] : bmx_slice_of(NULL, 0);

    return (bpemix_text){ .ptr = s.ptr, .len = s.len };
}

/* ---- files ---- */

/* What the encode command prints. */
typedef struct printing {
    const bpemix_encoder *enc;
    bmx_json *doc; /* NULL: no JSON is wanted */
    bmx_buf lines;
} printing;

static bpemix_status put_document(printing *p, const bmx_ids *ids, bpemix_error *err)
{
    bmx_slice *token = bmx_calloc(ids->n, sizeof *token);

    if (!token)
        return bmx_nomem(err);
    for (size_t i = 0; i < ids->n; i++)
        if (ids->id[i] < p->enc->n_tokens)
            token[i] = p->enc->token[ids->id[i]];
    bmx_encode_document_add(p->doc, ids->id, token, ids->n);
    bmx_free(token);
    return BPEMIX_OK;
}

static bpemix_status put_line(const bmx_ids *ids, bmx_buf *out, bpemix_error *err)
{
    enum { WIDEST = 11 }; /* a space and ten digits */
    bpemix_status st = bmx_buf_reserve(out, ids->n * WIDEST + 1, err);

    if (st)
        return st;
    for (size_t i = 0; i < ids->n; i++) {
        char digit[WIDEST];
        int n = WIDEST;
        uint32_t id = ids->id[i];

        if (id == BPEMIX_NO_TOKEN)
            digit[--n] = '?';
        else
            do
                digit[--n] = (char)('0' + id % 10);
            while (id /= 10);
        if (i)
            digit[--n] = ' ';
        memcpy(out->ptr + out->len, digit + n, (size_t)(WIDEST - n));
        out->len += (size_t)(WIDEST - n);
    }
    out->ptr[out->len++] = '\n';
    return BPEMIX_OK;
}

static bpemix_status put(void *ctx, const bmx_ids *ids, bpemix_error *err)
{
    printing *p = ctx;
    bpemix_status st = p->doc ? put_document(p, ids, err) : BPEMIX_OK;

    return st ? st : put_line(ids, &p->lines, err);
}

bpemix_status bpemix_encode_files(bpemix_encoder *enc, const char *const *paths, size_t n,
                                  const bpemix_encode_opts *opts, char **json, char **lines,
                                  bpemix_error *err)
{
    bpemix_encode_opts o;
    printing p = { .enc = enc };
    bmx_buf as_json = { 0 };
    bpemix_status st = BMX_API_OPTS(opts, &o, err);

    if (!st && json && !(p.doc = bmx_encode_document()))
        st = bmx_nomem(err);
    for (size_t i = 0; i < n && !st; i++)
        st = bmx_encode_file(enc->text_encoder, paths[i], o.jsonl, o.field ? o.field : "text", put,
                             &p, err);
    if (!st && json)
        st = bmx_json_print(p.doc, &as_json, err);
    bmx_json_free(p.doc);
    return bmx_api_both(st, &as_json, json, &p.lines, lines, err);
}

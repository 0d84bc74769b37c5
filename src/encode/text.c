/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.c - the stages of encoding, each handing on to the next:
 *
 *   text -> added tokens | text between them
 *        -> normalized -> added tokens | text between them
 *        -> pre-tokens -> ids */
#include "encode/text.h"
#include "base/cancel.h"
#include "base/input.h"
#include "base/utf8.h"
#include "encode/added.h"
#include "split/normalize.h"
#include "split/pretokenize.h"
#include "read/content.h"
#include "read/record.h"
#include "read/source.h"

#include <string.h>

struct bmx_text_encoder {
    const bpemix_tokenizer *tok;
    bmx_normalizer *norm;
    bmx_added *added[2]; /* in the text as it is, in normalized text */
    bmx_pretokenizer *pre;
    bmx_pretokenizer_scratch *pre_scratch;
    bmx_encoder_scratch *scratch;
    bmx_buf normal[2];
};

/* SentencePiece's trainer normalizes lines, its encoder whole texts, in which
 * user-defined pieces stay what they are. */
static bpemix_status new_normalizer(const bpemix_tokenizer *tok, bmx_normalizer **out,
                                    bpemix_error *err)
{
    bmx_normalizer_spec spec = tok->encoded.normalizer;
    bmx_slice *user = bmx_malloc(tok->encoded.n_ranks, sizeof *user);
    size_t n = 0;
    bpemix_status st;

    spec.step = bmx_malloc(spec.n, sizeof *spec.step);
    if (!user || !spec.step) {
        bmx_free(user);
        bmx_free(spec.step);
        return bmx_nomem(err);
    }
    for (size_t id = 0; id < tok->encoded.n_ranks; id++)
        if (tok->encoded.rank[id] == BMX_RANK_USER)
            user[n++] = tok->vocab.tokens.str[id];
    for (size_t i = 0; i < spec.n; i++) {
        spec.step[i] = tok->encoded.normalizer.step[i];
        spec.step[i].sp.whole_text = true;
        spec.step[i].sp.keep = user;
        spec.step[i].sp.n_keep = n;
    }
    st = bmx_normalizer_new(&spec, out, err);
    bmx_free(spec.step);
    bmx_free(user);
    return st;
}

bpemix_status bmx_text_encoder_new(const bpemix_tokenizer *tok, bmx_text_encoder **out,
                                   bpemix_error *err)
{
    bmx_text_encoder *e;
    bpemix_status st = bmx_tokenizer_need_merges(tok, err);

    if (st)
        return st;
    if ((st = bmx_tokenizer_need_pretokenizer(tok, err)))
        return st;
    if (!(e = bmx_calloc(1, sizeof *e)))
        return bmx_nomem(err);
    e->tok = tok;
    if (!(st = new_normalizer(tok, &e->norm, err)) &&
        !(st = bmx_added_new(tok, e->norm, false, &e->added[0], err)) &&
        !(st = bmx_added_new(tok, e->norm, true, &e->added[1], err)) &&
        !(st = bmx_pretokenizer_new(&tok->encoded.pretokenizer,
                                    tok->vocab.alphabet == BMX_ALPHABET_BYTE, BMX_ENGINE_AUTO,
                                    &e->pre, err)) &&
        !(st = bmx_pretokenizer_scratch_new(e->pre, &e->pre_scratch, err)))
        st = bmx_encoder_scratch_new(tok, &e->scratch, err);
    if (st) {
        bmx_text_encoder_free(e);
        return bmx_at(err, st, "%s", tok->path);
    }
    *out = e;
    return BPEMIX_OK;
}

void bmx_text_encoder_free(bmx_text_encoder *e)
{
    if (!e)
        return;
    bmx_encoder_scratch_free(e->scratch);
    bmx_pretokenizer_scratch_free(e->pre_scratch);
    bmx_pretokenizer_free(e->pre);
    bmx_added_free(e->added[0]);
    bmx_added_free(e->added[1]);
    bmx_normalizer_free(e->norm);
    bmx_buf_release(&e->normal[0]);
    bmx_buf_release(&e->normal[1]);
    bmx_free(e);
}

typedef struct target {
    bmx_text_encoder *e;
    bmx_ids *out;
    bool first; /* the stretch being worked on starts where the text does */
} target;

static bpemix_status encode_pretoken(void *ctx, bmx_slice pretoken, bpemix_error *err)
{
    target *t = ctx;

    if (bmx_cancelled())
        return bmx_check_cancel(err);
    return bmx_encode_pretoken(t->e->tok, t->e->scratch, pretoken, t->out, err);
}

static bpemix_status encode_normalized(void *ctx, uint32_t vocab_id, bmx_slice text, size_t at,
                                       bpemix_error *err)
{
    target *t = ctx;

    if (vocab_id != BMX_NONE)
        return bmx_ids_add(t->out, vocab_id, err);
    return bmx_pretokenize_part(t->e->pre, t->e->pre_scratch, text, t->first && at == 0,
                                encode_pretoken, t, err);
}

/* Does the normalizer keep something of the first character?  If not, the Hugging Face library does
 * not treat the following text as the start of the text.  A character that is dropped where it is
 * alone may have been the end of the text rather than its start. */
static bpemix_status keeps_start(bmx_text_encoder *e, bmx_slice text, bool *keeps,
                                 bpemix_error *err)
{
    uint32_t cp;
    unsigned n = bmx_utf8_decode(text.ptr, text.len, &cp);
    bmx_slice c = bmx_slice_of(text.ptr, n), rest = bmx_slice_of(text.ptr + n, text.len - n);
    bmx_buf kept = { 0 };
    bpemix_status st = bmx_normalize(e->norm, c, e->normal, &c, err);

    *keeps = c.len > 0;
    if (st || c.len || !rest.len)
        return st;
    if (!(st = bmx_normalize(e->norm, rest, e->normal, &rest, err)) &&
        !(st = bmx_buf_add(&kept, rest.ptr, rest.len, err)) &&
        !(st = bmx_normalize(e->norm, text, e->normal, &text, err)))
        *keeps = text.len != kept.len || (text.len && memcmp(text.ptr, kept.ptr, text.len) != 0);
    bmx_buf_release(&kept);
    return st;
}

static bpemix_status encode_stretch(void *ctx, uint32_t vocab_id, bmx_slice text, size_t at,
                                    bpemix_error *err)
{
    target *t = ctx;
    bpemix_status st;

    if (vocab_id != BMX_NONE)
        return bmx_ids_add(t->out, vocab_id, err);
    t->first = false;
    if ((at == 0 && (st = keeps_start(t->e, text, &t->first, err))) ||
        (st = bmx_normalize(t->e->norm, text, t->e->normal, &text, err)))
        return st;
    return bmx_added_split(t->e->added[1], text, encode_normalized, t, err);
}

bpemix_status bmx_encode_text(bmx_text_encoder *e, bmx_slice text, bmx_ids *out, bpemix_error *err)
{
    size_t valid = bmx_utf8_valid_prefix(text), n = out->n;
    target t = { e, out, true };
    bpemix_status st;

    if (valid < text.len) {
        bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "convert it to UTF-8 first",
                      "byte %zu is not UTF-8 (0x%02x)", valid, (unsigned char)text.ptr[valid]);
        if (err)
            err->offset = (int64_t)valid;
        return BPEMIX_E_FORMAT;
    }
    if ((st = bmx_added_split(e->added[0], text, encode_stretch, &t, err)))
        out->n = n;
    return st;
}

/* ---- files ---- */

/* One line of JSONL; *text is its record's text. */
static bpemix_status read_record(bmx_slice line, const char *field, bmx_buf *text,
                                 bpemix_error *err)
{
    bool nomem = false;
    const char *wrong = bmx_record_text(line, field, text, &nomem);
    char hint[256];

    if (nomem)
        return bmx_nomem(err);
    if (!wrong)
        return BPEMIX_OK;
    bmx_record_remedy(line, field, wrong, hint, sizeof hint);
    bmx_fail_hint(err, BPEMIX_E_FORMAT, "", hint, "%s", wrong);
    return bmx_with_param(err, BPEMIX_E_FORMAT, "field");
}

static bpemix_status encode_records(bmx_text_encoder *e, bmx_slice rest, const char *field,
                                    bmx_ids_fn *emit, void *ctx, bpemix_error *err)
{
    bmx_buf text = { 0 };
    bmx_ids ids = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (int64_t number = 1; rest.len && !st; number++) {
        const char *lf = memchr(rest.ptr, '\n', rest.len);
        bmx_slice line = bmx_slice_of(rest.ptr, lf ? (size_t)(lf - rest.ptr) : rest.len);

        rest = bmx_slice_of(rest.ptr + line.len + !!lf, rest.len - line.len - !!lf);
        if (bmx_record_is_blank(line))
            continue;
        ids.n = 0;
        if ((st = read_record(line, field, &text, err)) ||
            (st = bmx_encode_text(e, bmx_slice_of(text.ptr, text.len), &ids, err))) {
            bmx_with_line(err, st, (uint64_t)number);
        } else {
            st = emit(ctx, &ids, err);
        }
        if (!st)
            st = bmx_check_cancel(err);
    }
    bmx_ids_release(&ids);
    bmx_buf_release(&text);
    return st;
}

/* A file is encoded whole, and its ids and what is printed of them take 17 times its size or more;
 * one that never ends is refused before memory runs out. */
#define MOST_BYTES ((size_t)1 << 30)

bpemix_status bmx_encode_file(bmx_text_encoder *e, const char *path, bool jsonl, const char *field,
                              bmx_ids_fn *emit, void *ctx, bpemix_error *err)
{
    bmx_buf data = { 0 };
    bmx_ids ids = { 0 };
    bmx_content content;
    bmx_slice text;
    bpemix_status st = bmx_read_file(path, MOST_BYTES, &data, err);

    if (st)
        return st;
    text = bmx_slice_of(data.ptr, data.len);
    content = bmx_content_of(text, true, field);
    if (content.kind == BMX_CONTENT_UTF16 ||
        (content.kind == BMX_CONTENT_BINARY && !bmx_utf8_valid(text)))
        st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "", content.hint, "%s", content.what);
    else if (jsonl || bmx_is_jsonl(path) || content.kind == BMX_CONTENT_RECORDS)
        st = encode_records(e, text, field, emit, ctx, err);
    else if (!(st = bmx_encode_text(e, text, &ids, err)))
        st = emit(ctx, &ids, err);
    if (st)
        bmx_at(err, st, "%s", strcmp(path, "-") ? path : "standard input");
    bmx_ids_release(&ids);
    bmx_buf_release(&data);
    return st;
}

/* ---- texts of ids ---- */

bpemix_status bmx_id_texts(const bpemix_tokenizer *tok, bmx_slice **text, size_t *n,
                           bpemix_error *err)
{
    enum { MOST = 1 << 28 }; /* ids far beyond any vocabulary have no text */
    bmx_slice *t;
    size_t n_ids = 0;

    for (size_t k = 0; k < tok->vocab.tokens.n + tok->n_added; k++) {
        uint32_t id = k < tok->vocab.tokens.n ? tok->vocab.id[k]
                                              : tok->added[k - tok->vocab.tokens.n].vocab_id;
        if (id < MOST && id >= n_ids)
            n_ids = (size_t)id + 1;
    }
    if (!(t = bmx_calloc(n_ids, sizeof *t)))
        return bmx_nomem(err);
    for (size_t k = 0; k < tok->vocab.tokens.n + tok->n_added; k++) {
        bool added = k >= tok->vocab.tokens.n;
        uint32_t id = added ? tok->added[k - tok->vocab.tokens.n].vocab_id : tok->vocab.id[k];
        if (id < n_ids)
            t[id] = added ? tok->added[k - tok->vocab.tokens.n].text : tok->vocab.tokens.str[k];
    }
    *text = t;
    *n = n_ids;
    return BPEMIX_OK;
}

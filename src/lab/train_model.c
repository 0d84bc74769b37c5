/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train_model.c - a trained list as a SentencePiece model.  Fields of the messages by number, as
 * in sentencepiece_model.proto. */
#include "lab/trained.h"

#include <string.h>

static bpemix_status put_varint(bmx_buf *b, uint64_t v, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (; v >= 0x80 && !st; v >>= 7)
        st = bmx_buf_addc(b, (char)(v | 0x80), err);
    return st ? st : bmx_buf_addc(b, (char)v, err);
}

static bpemix_status put_number(bmx_buf *b, unsigned field, uint64_t v, bpemix_error *err)
{
    bpemix_status st = put_varint(b, field << 3, err);
    return st ? st : put_varint(b, v, err);
}

static bpemix_status put_float(bmx_buf *b, unsigned field, float v, bpemix_error *err)
{
    bpemix_status st = put_varint(b, field << 3 | 5, err);
    uint32_t bits;

    memcpy(&bits, &v, sizeof bits);
    for (int k = 0; k < 4 && !st; k++)
        st = bmx_buf_addc(b, (char)(bits >> 8 * k), err);
    return st;
}

static bpemix_status put_string(bmx_buf *b, unsigned field, const void *p, size_t n,
                                bpemix_error *err)
{
    bpemix_status st;

    if ((st = put_varint(b, field << 3 | 2, err)) || (st = put_varint(b, n, err)))
        return st;
    return bmx_buf_add(b, p, n, err);
}

/* Types of pieces in sentencepiece_model.proto. */
enum { PIECE_NORMAL = 1, PIECE_UNKNOWN = 2, PIECE_CONTROL = 3 };

static bpemix_status put_piece(bmx_buf *out, bmx_slice text, float score, unsigned kind,
                               bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st;

    if (!(st = put_string(&b, 1, text.ptr, text.len, err)) &&
        !(st = put_float(&b, 2, score, err)) &&
        !(st = kind == PIECE_NORMAL ? BPEMIX_OK : put_number(&b, 3, kind, err)))
        st = put_string(out, 1, b.ptr, b.len, err);
    bmx_buf_release(&b);
    return st;
}

/* <unk>, <s>, </s>, then the products and behind them the characters, each a step less
 * likely than the one before. */
static bpemix_status put_pieces(const bmx_merge_list *m, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st;
    uint32_t rank = 0;

    if ((st = put_piece(out, bmx_slice_str("<unk>"), 0, PIECE_UNKNOWN, err)) ||
        (st = put_piece(out, bmx_slice_str("<s>"), 0, PIECE_CONTROL, err)) ||
        (st = put_piece(out, bmx_slice_str("</s>"), 0, PIECE_CONTROL, err)))
        return st;
    for (size_t i = m->n_alphabet; i < m->token.n && !st; i++)
        st = put_piece(out, m->token.str[i], -(float)rank++, PIECE_NORMAL, err);
    for (size_t i = 0; i < m->n_alphabet && !st; i++)
        st = put_piece(out, m->token.str[i], -(float)rank++, PIECE_NORMAL, err);
    return st;
}

static bpemix_status put_specs(const bmx_train_rule *rule, size_t vocab_size, bmx_buf *out,
                               bpemix_error *err)
{
    const bmx_rules *r = &rule->trainer;
    bmx_buf trainer = { 0 }, norm = { 0 };
    bool by_space = true, suffix = false, prefix = true, extra = true;
    bpemix_status st;

    for (size_t i = 0; i < rule->pretokenizer.n; i++) {
        const bmx_pretokenizer_step *s = &rule->pretokenizer.step[i];

        if (s->kind == BMX_PRE_SENTENCEPIECE) {
            by_space = s->sp.split_by_whitespace;
            suffix = s->sp.treat_whitespace_as_suffix;
        } else if (s->kind == BMX_PRE_METASPACE) {
            prefix = s->prepend != BMX_PREPEND_NEVER;
            extra = false; /* text is taken as it is */
        }
    }
    for (size_t i = 0; i < rule->normalizer.n; i++)
        if (rule->normalizer.step[i].kind == BMX_NORM_SENTENCEPIECE) {
            prefix = rule->normalizer.step[i].sp.add_dummy_prefix;
            extra = rule->normalizer.step[i].sp.remove_extra_whitespaces;
        }
    if (!(st = put_number(&trainer, 3, 2, err)) &&
        !(st = put_number(&trainer, 4, vocab_size, err)) &&
        !(st = put_number(&trainer, 20, r->max_characters, err)) &&
        !(st = put_number(&trainer, 21, r->split_by_script, err)) &&
        !(st = put_number(&trainer, 22, by_space, err)) &&
        !(st = put_number(&trainer, 23, r->split_by_number, err)) &&
        !(st = put_number(&trainer, 24, suffix, err)) &&
        !(st = put_number(&trainer, 25, r->split_digits, err)) &&
        !(st = put_number(&trainer, 26, r->allow_whitespace_only, err)) &&
        !(st = put_string(out, 2, trainer.ptr, trainer.len, err)) &&
        !(st = put_string(&norm, 1, "identity", 8, err)) &&
        !(st = put_number(&norm, 3, prefix, err)) && !(st = put_number(&norm, 4, extra, err)) &&
        !(st = put_number(&norm, 5, true, err)))
        st = put_string(out, 3, norm.ptr, norm.len, err);
    bmx_buf_release(&trainer);
    bmx_buf_release(&norm);
    return st;
}

bpemix_status bmx_train_write_model(const bmx_merge_list *m, const bmx_train_rule *rule,
                                    bmx_buf *out, bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st;

    if (!(st = put_pieces(m, &b, err)) && !(st = put_specs(rule, m->token.n + 3, &b, err)))
        st = bmx_buf_add(out, b.ptr, b.len, err);
    bmx_buf_release(&b);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay/rivals.h"
#include "base/utf8.h"
#include "split/unicode_script.h"

#include <string.h>

/* Characters with a special meaning for SentencePiece. */
enum { UNKNOWN = 0x2585, KATAKANA_LENGTH_MARK = 0x30fc };

bmx_piece_rules bmx_piece_rules_of(const bmx_rules *trainer, const bmx_pretokenizer_spec *pre)
{
    bmx_piece_rules r = { *trainer, true, false };

    for (size_t i = 0; i < pre->n; i++)
        if (pre->step[i].kind == BMX_PRE_SENTENCEPIECE) {
            r.split_by_whitespace = pre->step[i].sp.split_by_whitespace;
            r.space_is_suffix = pre->step[i].sp.treat_whitespace_as_suffix;
        }
    return r;
}

static bool is_digit(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 0xff10 && cp <= 0xff19);
}

/* May U+2581 stand at character i of n, some of them something else? */
static bool space_fits(const bmx_piece_rules *r, size_t i, size_t n)
{
    bool first = i == 0, last = i + 1 == n;

    if (r->space_is_suffix)
        return last || (!r->split_by_whitespace && !first);
    return first || (!r->split_by_whitespace && !last);
}

bool bmx_piece_is_valid(const bmx_piece_rules *r, bmx_slice piece)
{
    bool any_script = true, all_spaces = true;
    unsigned script = 0;
    size_t n, at = 0;
    uint32_t cp;

    if (!piece.len || (r->trainer.max_characters && piece.len / 4 > r->trainer.max_characters) ||
        !bmx_utf8_valid(piece))
        return false;
    n = bmx_utf8_length(piece);
    if (r->trainer.max_characters && n > r->trainer.max_characters)
        return false;
    for (size_t i = 0; i < piece.len && all_spaces;) {
        i += bmx_utf8_decode(piece.ptr + i, piece.len - i, &cp);
        all_spaces = cp == BMX_SPACE_SYMBOL_CODE;
    }
    for (size_t i = 0; i < piece.len; at++) {
        unsigned s;

        i += bmx_utf8_decode(piece.ptr + i, piece.len - i, &cp);
        if (cp == UNKNOWN || cp == 0 || cp == '\t' || cp == ' ')
            return false;
        if (cp == BMX_SPACE_SYMBOL_CODE) {
            if (!(all_spaces && r->trainer.allow_whitespace_only) && !space_fits(r, at, n))
                return false;
            continue; /* has no script */
        }
        if (r->trainer.split_digits && is_digit(cp) && n > 1)
            return false;
        if (!r->trainer.split_by_number && is_digit(cp)) {
            any_script = true; /* may stand beside any script */
            continue;
        }
        s = bmx_script_of(cp);
        if (s == BMX_SCRIPT_HIRAGANA || s == BMX_SCRIPT_KATAKANA || cp == KATAKANA_LENGTH_MARK)
            s = BMX_SCRIPT_HAN;
        if (s == BMX_SCRIPT_INHERITED && !any_script)
            s = script;
        else if (s == BMX_SCRIPT_INHERITED)
            continue; /* takes the script before it: none */
        if (r->trainer.split_by_script && !any_script && s != script)
            return false;
        script = s;
        any_script = false;
    }
    return true;
}

/* produced[token]: first merge with this product. */
static uint32_t *first_products(const bpemix_trace *tr)
{
    uint32_t *produced = bmx_malloc(tr->n_tokens, sizeof *produced);

    if (!produced)
        return NULL;
    memset(produced, 0xff, tr->n_tokens * sizeof *produced);
    for (uint32_t t = tr->n_merges; t-- > 0;)
        produced[tr->merge[t].product] = t;
    return produced;
}

bpemix_status bmx_rivals_mark(bpemix_trace *tr, const bpemix_tokenizer *tok, bpemix_error *err)
{
    bmx_piece_rules r = bmx_piece_rules_of(&tok->rules, &tok->trained.pretokenizer);
    bmx_buf text = { 0 };
    uint32_t *produced = NULL;
    bpemix_status st = BPEMIX_OK;

    if (!r.trainer.sentencepiece && !r.trainer.drop_duplicate_products)
        return BPEMIX_OK;
    if (r.trainer.drop_duplicate_products && !(produced = first_products(tr)))
        return bmx_nomem(err);
    for (size_t p = 0; p < tr->n_pairs && !st; p++) {
        char left_buf[64], right_buf[64];
        bmx_slice left = bmx_symbol_text(tok, tr->pair[p].left, left_buf);
        bmx_slice right = bmx_symbol_text(tok, tr->pair[p].right, right_buf);
        bmx_slice prefix = tok->vocab.subword_prefix, piece;
        uint32_t token, step;

        if (prefix.len && right.len >= prefix.len && !memcmp(right.ptr, prefix.ptr, prefix.len))
            right = bmx_slice_of(right.ptr + prefix.len, right.len - prefix.len); /* T2 */
        text.len = 0;
        if ((st = bmx_buf_add(&text, left.ptr, left.len, err)) ||
            (st = bmx_buf_add(&text, right.ptr, right.len, err)))
            break;
        piece = bmx_slice_of(text.ptr, text.len);
        if (r.trainer.sentencepiece && !bmx_piece_is_valid(&r, piece)) {
            tr->pair[p].end = 0;
            continue;
        }
        if (!produced || (token = bmx_intern_find(&tok->vocab.tokens, piece)) == BMX_NONE ||
            token >= tr->n_tokens || (step = produced[token]) == BMX_NONE)
            continue;
        if (tr->merge[step].left != tr->pair[p].left || tr->merge[step].right != tr->pair[p].right)
            tr->pair[p].end = step + 1;
    }
    bmx_buf_release(&text);
    bmx_free(produced);
    return st;
}

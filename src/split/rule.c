/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "split/rule.h"

#include "base/format.h"
#include "tokenizer/tokenizer.h"

#include <string.h>

static bool is_sentencepiece(const bpemix_tokenizer *tok)
{
    return tok->rules.sentencepiece ||
           bmx_pretokenizer_has(&tok->trained.pretokenizer, BMX_PRE_SENTENCEPIECE);
}

bpemix_text_unit bmx_text_unit_of(const bpemix_tokenizer *tok, bpemix_text_unit asked)
{
    if (is_sentencepiece(tok))
        return BPEMIX_TEXT_UNIT_LINE;
    if (asked != BPEMIX_TEXT_UNIT_AUTO)
        return asked;
    if (tok->recognized) /* only those that are of documents are */
        return BPEMIX_TEXT_UNIT_DOCUMENT;
    for (uint32_t t = 0; t < tok->trained.n_merges; t++) {
        bmx_slice s = bmx_product_bare(tok, t);

        if (s.len > 1 && memchr(s.ptr, '\n', s.len - 1))
            return BPEMIX_TEXT_UNIT_DOCUMENT;
    }
    return BPEMIX_TEXT_UNIT_LINE;
}

bpemix_status bmx_text_rule_seal(bmx_text_rule *r, bpemix_error *err)
{
    char spec[65], text[160];
    bpemix_status st = bmx_spec_fingerprint(r->normalizer, r->pretokenizer, spec, err);
    int n;

    if (st)
        return st;
    if (r->invalid == BPEMIX_INVALID_AUTO)
        r->invalid = r->bytes ? BPEMIX_INVALID_KEEP : BPEMIX_INVALID_REFUSE;
    n = bmx_snprintf(text, sizeof text, "words 1 %s %s %s %s %d", spec,
                     r->bytes ? "bytes" : "characters", r->lines ? "line" : "document",
                     r->strip_newline ? "stripped" : "whole", (int)r->invalid);
    bmx_sha256_of(text, (size_t)n, r->key);
    return BPEMIX_OK;
}

bpemix_status bmx_text_rule_of(const bpemix_tokenizer *tok, bpemix_text_unit unit,
                               bpemix_invalid invalid, bmx_text_rule *out, bpemix_error *err)
{
    bmx_text_rule r = {
        .normalizer = &tok->trained.normalizer,
        .pretokenizer = &tok->trained.pretokenizer,
        .bytes = tok->vocab.alphabet == BMX_ALPHABET_BYTE,
        .lines = bmx_text_unit_of(tok, unit) == BPEMIX_TEXT_UNIT_LINE,
        .strip_newline = is_sentencepiece(tok),
        .invalid = invalid,
        .path = tok->path,
    };
    bpemix_status st;

    if (unit > BPEMIX_TEXT_UNIT_LINE || invalid > BPEMIX_INVALID_REFUSE)
        return bmx_fail(err, BPEMIX_E_USAGE, "", "text_unit or invalid has an unknown value");
    if ((st = bmx_tokenizer_need_pretokenizer(tok, err)) || (st = bmx_text_rule_seal(&r, err)))
        return st;
    *out = r;
    return BPEMIX_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec.c - building and releasing normalizer and pre-tokenizer specs. */
#include "tokenizer/spec.h"
#include "base/hash.h"

#include <string.h>

const char *const bmx_split_behavior_names[] = {
    [BMX_SPLIT_REMOVED] = "Removed", [BMX_SPLIT_ISOLATED] = "Isolated",
    [BMX_SPLIT_MERGED_WITH_PREVIOUS] = "MergedWithPrevious",
    [BMX_SPLIT_MERGED_WITH_NEXT] = "MergedWithNext", [BMX_SPLIT_CONTIGUOUS] = "Contiguous",
};

bpemix_status bmx_normalizer_add(bmx_normalizer_spec *s, bmx_normalizer_kind kind,
                                 bmx_normalizer_step **step, bpemix_error *err)
{
    if (bmx_reserve(&s->step, &s->cap, s->n + 1, sizeof *s->step, err))
        return BPEMIX_E_NOMEM;
    s->step[s->n] = (bmx_normalizer_step){ .kind = kind };
    if (step)
        *step = &s->step[s->n];
    s->n++;
    return BPEMIX_OK;
}

bpemix_status bmx_pretokenizer_add(bmx_pretokenizer_spec *s, bmx_pretokenizer_kind kind,
                                   bmx_pretokenizer_step **step, bpemix_error *err)
{
    if (bmx_reserve(&s->step, &s->cap, s->n + 1, sizeof *s->step, err))
        return BPEMIX_E_NOMEM;
    s->step[s->n] = (bmx_pretokenizer_step){ .kind = kind };
    if (step)
        *step = &s->step[s->n];
    s->n++;
    return BPEMIX_OK;
}

bpemix_status bmx_pattern_set(bmx_pattern *p, bmx_slice text, bool is_regex,
                              bmx_regex_flavor flavor, bpemix_error *err)
{
    char *copy = bmx_strndup(text.ptr, text.len);

    if (!copy)
        return bmx_nomem(err);
    bmx_free(p->text);
    *p = (bmx_pattern){ copy, text.len, is_regex, flavor };
    return BPEMIX_OK;
}

bpemix_status bmx_slice_own(bmx_slice *dst, bmx_slice src, bpemix_error *err)
{
    char *copy = bmx_strndup(src.ptr, src.len);

    if (!copy)
        return bmx_nomem(err);
    bmx_free((void *)dst->ptr);
    *dst = bmx_slice_of(copy, src.len);
    return BPEMIX_OK;
}

void bmx_normalizer_spec_release(bmx_normalizer_spec *s)
{
    for (size_t i = 0; i < s->n; i++) {
        bmx_free(s->step[i].pattern.text);
        bmx_free((void *)s->step[i].content.ptr);
        bmx_free((void *)s->step[i].charsmap.ptr);
    }
    bmx_free(s->step);
    *s = (bmx_normalizer_spec){ 0 };
}

void bmx_pretokenizer_spec_release(bmx_pretokenizer_spec *s)
{
    for (size_t i = 0; i < s->n; i++) {
        bmx_pretokenizer_step *step = &s->step[i];

        bmx_free(step->pattern.text);
        for (size_t j = 0; j < step->sp.n_boundaries; j++)
            bmx_free((void *)step->sp.boundaries[j].ptr);
        bmx_free(step->sp.boundaries);
    }
    bmx_free(s->step);
    bmx_free(s->name);
    *s = (bmx_pretokenizer_spec){ 0 };
}

bool bmx_pretokenizer_has(const bmx_pretokenizer_spec *s, bmx_pretokenizer_kind kind)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->step[i].kind == kind)
            return true;
    return false;
}

const char *bmx_normalizer_kind_name(bmx_normalizer_kind kind)
{
    switch (kind) {
    case BMX_NORM_NFC: return "NFC";
    case BMX_NORM_NFD: return "NFD";
    case BMX_NORM_NFKC: return "NFKC";
    case BMX_NORM_NFKD: return "NFKD";
    case BMX_NORM_LOWERCASE: return "Lowercase";
    case BMX_NORM_STRIP: return "Strip";
    case BMX_NORM_STRIP_ACCENTS: return "StripAccents";
    case BMX_NORM_REPLACE: return "Replace";
    case BMX_NORM_PREPEND: return "Prepend";
    case BMX_NORM_PRECOMPILED: return "Precompiled";
    case BMX_NORM_NMT: return "Nmt";
    case BMX_NORM_BERT: return "BertNormalizer";
    case BMX_NORM_BYTE_LEVEL: return "ByteLevel";
    case BMX_NORM_SENTENCEPIECE: return "SentencePiece";
    case BMX_NORM_CLIP: return "CLIP";
    }
    return "unknown";
}

const char *bmx_pretokenizer_kind_name(bmx_pretokenizer_kind kind)
{
    switch (kind) {
    case BMX_PRE_BYTE_LEVEL: return "ByteLevel";
    case BMX_PRE_SPLIT: return "Split";
    case BMX_PRE_DIGITS: return "Digits";
    case BMX_PRE_PUNCTUATION: return "Punctuation";
    case BMX_PRE_WHITESPACE: return "Whitespace";
    case BMX_PRE_WHITESPACE_SPLIT: return "WhitespaceSplit";
    case BMX_PRE_METASPACE: return "Metaspace";
    case BMX_PRE_CHAR_DELIMITER: return "CharDelimiterSplit";
    case BMX_PRE_BERT: return "BertPreTokenizer";
    case BMX_PRE_UNICODE_SCRIPTS: return "UnicodeScripts";
    case BMX_PRE_FIXED_LENGTH: return "FixedLength";
    case BMX_PRE_SENTENCEPIECE: return "SentencePiece";
    }
    return "unknown";
}

/* ---- fingerprint ---- */

static bpemix_status add_bytes(bmx_buf *b, const void *p, size_t n, bpemix_error *err)
{
    bpemix_status st = bmx_buf_addf(b, err, " %zu:", n); /* lengths keep fields apart */
    return st ? st : bmx_buf_add(b, p, n, err);
}

static bpemix_status add_pattern(bmx_buf *b, const bmx_pattern *p, bpemix_error *err)
{
    bpemix_status st = bmx_buf_addf(b, err, p->is_regex ? " regex %d" : " literal",
                                    (int)p->flavor);
    return st ? st : add_bytes(b, p->text, p->len, err);
}

static bpemix_status add_normalizer(bmx_buf *b, const bmx_normalizer_step *s, bpemix_error *err)
{
    bpemix_status st = bmx_buf_addf(b, err, "\n%s", bmx_normalizer_kind_name(s->kind));

    if (st)
        return st;
    switch (s->kind) {
    case BMX_NORM_STRIP:
        return bmx_buf_addf(b, err, " %d %d", s->strip_left, s->strip_right);
    case BMX_NORM_REPLACE:
        if ((st = add_pattern(b, &s->pattern, err)))
            return st;
        return add_bytes(b, s->content.ptr, s->content.len, err);
    case BMX_NORM_PREPEND:
        return add_bytes(b, s->content.ptr, s->content.len, err);
    case BMX_NORM_PRECOMPILED:
        return add_bytes(b, s->charsmap.ptr, s->charsmap.len, err);
    case BMX_NORM_BERT:
        return bmx_buf_addf(b, err, " %d %d %d %d", s->bert.clean_text,
                            s->bert.handle_chinese_chars, s->bert.strip_accents,
                            s->bert.lowercase);
    case BMX_NORM_SENTENCEPIECE:
        st = bmx_buf_addf(b, err, " %d %d %d %d", s->sp.add_dummy_prefix,
                          s->sp.remove_extra_whitespaces, s->sp.escape_whitespaces, s->sp.suffix);
        if (!st && s->sp.whole_text)
            st = bmx_buf_addf(b, err, " whole");
        for (size_t i = 0; i < s->sp.n_keep && !st; i++)
            st = add_bytes(b, s->sp.keep[i].ptr, s->sp.keep[i].len, err);
        return st ? st : add_bytes(b, s->charsmap.ptr, s->charsmap.len, err);
    default:
        return BPEMIX_OK;
    }
}

static bpemix_status add_pretokenizer(bmx_buf *b, const bmx_pretokenizer_step *s,
                                      bpemix_error *err)
{
    bpemix_status st = bmx_buf_addf(b, err, "\n%s", bmx_pretokenizer_kind_name(s->kind));

    if (st)
        return st;
    switch (s->kind) {
    case BMX_PRE_BYTE_LEVEL:
        return bmx_buf_addf(b, err, " %d %d", s->add_prefix_space, s->use_regex);
    case BMX_PRE_SPLIT:
        if ((st = add_pattern(b, &s->pattern, err)))
            return st;
        return bmx_buf_addf(b, err, " %d %d", (int)s->behavior, s->invert);
    case BMX_PRE_DIGITS:
        return bmx_buf_addf(b, err, " %d", s->individual_digits);
    case BMX_PRE_PUNCTUATION:
        return bmx_buf_addf(b, err, " %d", (int)s->behavior);
    case BMX_PRE_METASPACE:
        return bmx_buf_addf(b, err, " %lx %d %d", (unsigned long)s->delimiter, (int)s->prepend,
                            s->split);
    case BMX_PRE_CHAR_DELIMITER:
        return bmx_buf_addf(b, err, " %lx", (unsigned long)s->delimiter);
    case BMX_PRE_FIXED_LENGTH:
        return bmx_buf_addf(b, err, " %lu", (unsigned long)s->length);
    case BMX_PRE_SENTENCEPIECE:
        st = bmx_buf_addf(b, err, " %d %d %d %lu", s->sp.split_by_whitespace,
                          s->sp.allow_whitespace_only_pieces, s->sp.treat_whitespace_as_suffix,
                          (unsigned long)s->sp.max_sentence_length);
        for (size_t i = 0; i < s->sp.n_boundaries && !st; i++)
            st = add_bytes(b, s->sp.boundaries[i].ptr, s->sp.boundaries[i].len, err);
        return st;
    default:
        return BPEMIX_OK;
    }
}

bpemix_status bmx_spec_fingerprint(const bmx_normalizer_spec *norm,
                                   const bmx_pretokenizer_spec *pre, char hex[65],
                                   bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st = bmx_buf_addf(&b, err, "normalize");

    for (size_t i = 0; i < norm->n && !st; i++)
        st = add_normalizer(&b, &norm->step[i], err);
    if (!st)
        st = bmx_buf_addf(&b, err, "\nsplit");
    for (size_t i = 0; i < pre->n && !st; i++)
        st = add_pretokenizer(&b, &pre->step[i], err);
    if (!st)
        bmx_sha256_of(b.ptr, b.len, hex);
    bmx_buf_release(&b);
    return st;
}

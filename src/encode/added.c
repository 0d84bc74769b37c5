/* SPDX-License-Identifier: GPL-3.0-or-later */
/* added.c - finds added tokens: repeatedly the leftmost one, and of several there the longest, as
 * in the Hugging Face library, whose treatment of white space and words is followed, too. */
#include "encode/added.h"
#include "base/utf8.h"
#include "split/unicode.h"
#include "tokenizer/match.h"

struct bmx_added {
    const bpemix_tokenizer *tok;
    bmx_matcher match; /* text -> index in tok->added */
};

static bool is_looked_for(const bpemix_tokenizer *tok, const bmx_added_token *t, bool normalized)
{
    if (tok->format == BMX_FORMAT_TOKENIZER_JSON)
        return t->normalized == normalized;
    return !normalized && !t->special;
}

/* Add tok->added[i] unless its text is there already. */
static bpemix_status add_one(bmx_added *a, const bmx_normalizer *norm, bool normalized, size_t i,
                             bmx_buf scratch[2], bpemix_error *err)
{
    bmx_slice text = a->tok->added[i].text;
    bpemix_status st = normalized ? bmx_normalize(norm, text, scratch, &text, err) : BPEMIX_OK;

    return st || !text.len ? st : bmx_matcher_add(&a->match, text, (uint32_t)i, err);
}

/* replaced[i]: a later added token has the same id, and the library looks for that alone: for the
 * same text with other properties, or for one whose id in the vocabulary this one was given. */
static bpemix_status find_replaced(const bpemix_tokenizer *tok, bool *replaced, bpemix_error *err)
{
    bmx_map64 last = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < tok->n_added && !st; i++) {
        uint32_t before = bmx_map64_get(&last, tok->added[i].vocab_id);
        if (before != BMX_NONE)
            replaced[before] = true;
        st = bmx_map64_put(&last, tok->added[i].vocab_id, (uint32_t)i, err);
    }
    bmx_map64_release(&last);
    return st;
}

/* Which token a text stands for, when there are several.  In the text as it is, a
 * control token comes first.  Different texts can be the same once they are
 * normalized: the library keeps the last of these, with control tokens before the others. */
static bpemix_status add_all(bmx_added *a, const bmx_normalizer *norm, bool normalized,
                             bmx_buf scratch[2], bpemix_error *err)
{
    const bpemix_tokenizer *tok = a->tok;
    size_t n = tok->n_added;
    bool *replaced = bmx_calloc(n, sizeof *replaced);
    bpemix_status st = replaced ? BPEMIX_OK : bmx_nomem(err);

    if (!st && tok->format == BMX_FORMAT_TOKENIZER_JSON)
        st = find_replaced(tok, replaced, err);
    for (int round = 0; round < 2; round++)
        for (size_t k = 0; k < n && !st; k++) {
            size_t i = normalized ? n - 1 - k : k;
            bool special = normalized ? round == 1 : round == 0;
            if (tok->added[i].special == special && !replaced[i] &&
                is_looked_for(tok, &tok->added[i], normalized))
                st = add_one(a, norm, normalized, i, scratch, err);
        }
    bmx_free(replaced);
    return st;
}

bpemix_status bmx_added_new(const bpemix_tokenizer *tok, const bmx_normalizer *norm,
                            bool normalized, bmx_added **out, bpemix_error *err)
{
    bmx_added *a = bmx_calloc(1, sizeof *a);
    bmx_buf scratch[2] = { { 0 }, { 0 } };
    bpemix_status st = a ? BPEMIX_OK : bmx_nomem(err);

    if (st)
        return st;
    a->tok = tok;
    st = add_all(a, norm, normalized, scratch, err);
    bmx_buf_release(&scratch[0]);
    bmx_buf_release(&scratch[1]);
    if (st) {
        bmx_added_free(a);
        return st;
    }
    *out = a;
    return BPEMIX_OK;
}

void bmx_added_free(bmx_added *a)
{
    if (!a)
        return;
    bmx_matcher_release(&a->match);
    bmx_free(a);
}

/* ---- what is beside a token ---- */

/* Start of the character that ends at byte i > 0. */
static size_t char_before(bmx_slice s, size_t i)
{
    do
        i--;
    while (i > 0 && ((unsigned char)s.ptr[i] & 0xc0) == 0x80);
    return i;
}

static bool is_word_at(bmx_slice s, size_t i)
{
    uint32_t cp = 0;

    bmx_utf8_decode(s.ptr + i, s.len - i, &cp);
    return (bmx_unicode_class(cp) & BMX_CLASS_WORD) || cp == 0x200c || cp == 0x200d;
}

/* Where the white space before i begins, or `least` if it reaches there. */
static size_t spaces_before(bmx_slice s, size_t i, size_t least)
{
    while (i > least) {
        size_t from = char_before(s, i);
        uint32_t cp = 0;
        bmx_utf8_decode(s.ptr + from, s.len - from, &cp);
        if (!bmx_unicode_is_space(cp))
            break;
        i = from;
    }
    return i;
}

static size_t spaces_behind(bmx_slice s, size_t i)
{
    while (i < s.len) {
        uint32_t cp = 0;
        unsigned n = bmx_utf8_decode(s.ptr + i, s.len - i, &cp);
        if (!n || !bmx_unicode_is_space(cp))
            break;
        i += n;
    }
    return i;
}

bpemix_status bmx_added_split(const bmx_added *a, bmx_slice text, bmx_stretch_fn *emit, void *ctx,
                              bpemix_error *err)
{
    size_t done = 0, len; /* text before `done` has been handed over */
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; a->match.n && i < text.len && !st;) {
        bmx_slice rest = bmx_slice_of(text.ptr + i, text.len - i);
        uint32_t found = bmx_matcher_longest(&a->match, rest, &len);
        const bmx_added_token *t;
        size_t from = i, to;

        if (found == BMX_NONE) {
            i++;
            continue;
        }
        t = &a->tok->added[found];
        i = to = from + len;
        if (t->single_word && ((from > 0 && is_word_at(text, char_before(text, from))) ||
                               (to < text.len && is_word_at(text, to))))
            continue; /* and no other token is looked for inside it */
        if (t->lstrip) {
            from = spaces_before(text, from, done);
            from = from < done ? done : from;
            if (from > to)
                continue; /* white space that the token before has included */
        }
        if (t->rstrip)
            to = spaces_behind(text, to);
        if (done < from)
            st = emit(ctx, BMX_NONE, bmx_slice_of(text.ptr + done, from - done), done, err);
        if (!st)
            st = emit(ctx, t->vocab_id, bmx_slice_of(text.ptr + from, to - from), from, err);
        done = to;
    }
    if (!st && done < text.len)
        st = emit(ctx, BMX_NONE, bmx_slice_of(text.ptr + done, text.len - done), done, err);
    return st;
}

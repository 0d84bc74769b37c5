/* SPDX-License-Identifier: GPL-3.0-or-later */
/* closure.c - one pass over the list with the set of tokens made so far.
 *
 *   made     products of the merges passed that apply; symbols need no merge
 *   product  products of all merges passed
 *
 * A side that is in neither was lost from the list; one that is only in `product` comes from a
 * merge that lacks a side itself. */
#include "tokenizer/closure.h"
#include "base/utf8.h"
#include "tokenizer/build.h"

#include <string.h>

/* Text of a token without the marks of its place in the word. */
static bmx_slice unmarked(const bpemix_tokenizer *tok, bmx_slice s)
{
    bmx_slice pre = tok->vocab.subword_prefix, post = tok->vocab.word_suffix;

    if (pre.len && s.len > pre.len && !memcmp(s.ptr, pre.ptr, pre.len))
        s = bmx_slice_of(s.ptr + pre.len, s.len - pre.len);
    if (post.len && s.len > post.len && !memcmp(s.ptr + s.len - post.len, post.ptr, post.len))
        s.len -= post.len;
    return s;
}

bool bmx_token_is_symbol(const bpemix_tokenizer *tok, uint32_t token)
{
    bmx_slice s = unmarked(tok, tok->vocab.tokens.str[token]);
    uint32_t cp;

    if (s.len <= 1 || token == tok->encoding.unk_token)
        return true;
    if (tok->vocab.alphabet == BMX_ALPHABET_BYTE)
        return false;
    if (s.len <= 4 && bmx_utf8_decode(s.ptr, s.len, &cp) == s.len)
        return true;
    for (unsigned b = 0; b < 256 && tok->vocab.byte_fallback; b++)
        if (tok->vocab.byte_symbol[b] == token)
            return true;
    return false;
}

typedef struct check {
    bool *made, *product;             /* [tokens.n] */
    bool *listed;                     /* products of the whole list */
    uint32_t n_dead, n_lost;          /* merges that never apply; tokens that were lost */
    uint32_t n_late;                  /* of those, that a later merge makes */
    uint32_t first_lost, first_merge; /* the first such token and the merge that lacks it */
} check;

static void look_at_side(const bpemix_tokenizer *tok, check *c, uint32_t t, uint32_t side)
{
    if (c->made[side] || c->product[side] || bmx_token_is_symbol(tok, side))
        return;
    if (!c->n_lost++) {
        c->first_lost = side;
        c->first_merge = t;
    }
    c->n_late += c->listed[side];
    c->product[side] = true; /* counted once */
}

static void walk(bpemix_tokenizer *tok, check *c)
{
    for (uint32_t t = 0; t < tok->trained.n_merges; t++)
        if (!(tok->trained.merge[t].flags & BMX_MERGE_UNKNOWN))
            c->listed[tok->trained.merge[t].product] = true;
    for (uint32_t t = 0; t < tok->trained.n_merges; t++) {
        bmx_merge *m = &tok->trained.merge[t];

        if (m->flags & BMX_MERGE_UNKNOWN)
            continue; /* encoding leaves it out */
        if ((c->made[m->left] || bmx_token_is_symbol(tok, m->left)) &&
            (c->made[m->right] || bmx_token_is_symbol(tok, m->right))) {
            c->made[m->product] = c->product[m->product] = true;
            continue;
        }
        look_at_side(tok, c, t, m->left);
        look_at_side(tok, c, t, m->right);
        c->product[m->product] = true;
        m->flags |= BMX_MERGE_UNMADE;
        c->n_dead++;
    }
}

static void walk_again(bpemix_tokenizer *tok, check *c)
{
    size_t n = tok->vocab.tokens.n * sizeof(bool);

    memset(c->made, 0, n);
    memset(c->product, 0, n);
    memset(c->listed, 0, n);
    c->n_dead = c->n_lost = c->n_late = 0;
    for (uint32_t t = 0; t < tok->trained.n_merges; t++)
        tok->trained.merge[t].flags &= ~(uint32_t)BMX_MERGE_UNMADE;
    walk(tok, c);
}

/* A sign of ASCII, or SentencePiece's mark of a space. */
static bool is_sign(uint32_t cp)
{
    bool letter = (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z', digit = cp >= '0' && cp <= '9';

    return (cp > ' ' && cp < 0x7f && !letter && !digit) || cp == BMX_SPACE_SYMBOL_CODE;
}

/* What a side that no merge makes has behind its first character, if that may be a mark of the
 * end of words: it begins with a sign, and is never a symbol of its own. */
static bmx_slice likely_mark(const bpemix_tokenizer *tok, uint32_t side)
{
    bmx_slice s = tok->vocab.tokens.str[side], mark = { "", 0 };
    uint32_t cp;
    size_t first = bmx_utf8_decode(s.ptr, s.len, &cp);

    if (!first || first >= s.len || s.len - first > BMX_LONGEST_SUFFIX)
        return mark;
    s = bmx_slice_of(s.ptr + first, s.len - first);
    if (!bmx_utf8_decode(s.ptr, s.len, &cp) || !is_sign(cp) ||
        bmx_intern_find(&tok->vocab.tokens, s) != BMX_NONE)
        return mark;
    return s;
}

/* Lists may mark the ends of words otherwise than by "</w>".  Then every side that no merge makes
 * is a character with the same mark behind it, and the list is whole once that is known. */
static bpemix_status try_mark(bpemix_tokenizer *tok, check *c, bpemix_error *err)
{
    bmx_slice mark = likely_mark(tok, c->first_lost);
    char q[4 * BMX_LONGEST_SUFFIX + 3];
    bpemix_status st;

    if (tok->format != BMX_FORMAT_MERGES_TXT || tok->vocab.alphabet != BMX_ALPHABET_CHARACTER ||
        tok->vocab.word_suffix.len || c->n_lost < 2 || !mark.len)
        return BPEMIX_OK;
    if ((st = bmx_slice_own(&tok->vocab.word_suffix, mark, err)))
        return st;
    walk_again(tok, c);
    if (!c->n_dead)
        return bmx_tokenizer_warn(tok, err, "words end with %s in this list, in place of '</w>'",
                                  bmx_quote(q, sizeof q, mark.ptr, mark.len));
    bmx_free((char *)tok->vocab.word_suffix.ptr);
    tok->vocab.word_suffix = (bmx_slice){ 0 };
    walk_again(tok, c);
    return BPEMIX_OK;
}

/* Products that no merge makes in fact. */
static bpemix_status add_unmerged(bpemix_tokenizer *tok, check *c, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (uint32_t t = 0; t < tok->trained.n_merges && !st; t++) {
        uint32_t id = tok->trained.merge[t].product;

        if (!(tok->trained.merge[t].flags & BMX_MERGE_UNMADE) || c->made[id] ||
            (tok->vocab.size && tok->vocab.id[id] == BMX_NONE))
            continue;
        st = bmx_unmerged_add(tok, id, err);
        c->made[id] = true; /* once */
    }
    return st;
}

/* Why sides are missing. */
static const char *reason(const bpemix_tokenizer *tok, const check *c)
{
    if (tok->encoded.rank || bmx_merges_rebuilt(tok))
        return "their sides need tokens that were not learned in this order";
    if (c->n_late == c->n_lost)
        return "the list is not in the order of learning: their sides need tokens that only later "
               "merges make";
    return c->n_late ? "the list is neither whole nor in the order of learning: their sides need "
                       "tokens that no merge before them makes"
                     : "the list is not whole: their sides need tokens that no merge before them "
                       "makes";
}

bpemix_status bmx_closure_check(bpemix_tokenizer *tok, bpemix_error *err)
{
    check c = { .made = bmx_calloc(tok->vocab.tokens.n, sizeof *c.made),
                .product = bmx_calloc(tok->vocab.tokens.n, sizeof *c.product),
                .listed = bmx_calloc(tok->vocab.tokens.n, sizeof *c.listed) };
    bmx_buf name = { 0 };
    bpemix_status st = c.made && c.product && c.listed ? BPEMIX_OK : bmx_nomem(err);

    if (!st)
        walk(tok, &c);
    if (!st && c.n_dead)
        st = try_mark(tok, &c, err);
    if (!st && tok->format == BMX_FORMAT_MERGES_TXT &&
        (uint64_t)4 * c.n_dead > (uint64_t)3 * tok->trained.n_merges)
        st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "",
                           "check that this is a merge list, and all of it",
                           "two words a line, but no list of merges: in %u of %u lines a side is "
                           "made by no line before", c.n_dead, tok->trained.n_merges);
    if (!st && c.n_dead && !(st = add_unmerged(tok, &c, err)) &&
        !(st = bmx_symbol_display(tok, c.first_lost, &name, err)))
        st = bmx_tokenizer_warn(tok, err, "merges that never apply: %u; %s: %u, the first of them "
                                "'%.*s' in merge %u", c.n_dead, reason(tok, &c), c.n_lost,
                                (int)bmx_utf8_whole(name.ptr, name.len < 80 ? name.len : 80),
                                name.ptr, c.first_merge);
    bmx_buf_release(&name);
    bmx_free(c.made);
    bmx_free(c.product);
    bmx_free(c.listed);
    return st;
}

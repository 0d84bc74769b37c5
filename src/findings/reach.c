/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reach.c - finds out by encoding whether encoding makes a token.
 *
 * If a token occurs in the encoding of some text, nothing was merged across its two ends, so its
 * own text goes through the same merges and gives the token, too.  Hence it is enough to encode the
 * token's text. */
#include "findings/reach.h"
#include "base/escape.h"
#include "base/utf8.h"
#include "encode/encode.h"

/* Marks of the place in a word make a pre-token of the token's text another word
 * than the one that the token stands in, so there the merges decide: such lists
 * hold one split of each token. */
static bool can_ask(const bpemix_tokenizer *tok)
{
    return tok->trained.n_merges && !tok->vocab.subword_prefix.len && !tok->vocab.word_suffix.len;
}

static bpemix_status ask(const bpemix_tokenizer *tok, bmx_reach *r, bpemix_error *err)
{
    bmx_encoder_scratch *scratch = NULL;
    bmx_ids ids = { 0 };
    bpemix_status st = can_ask(tok) ? bmx_encoder_scratch_new(tok, &scratch, err) : BPEMIX_OK;

    for (uint32_t i = 0; i < tok->n_unmerged && !st; i++) {
        uint32_t id = tok->unmerged[i];
        bmx_slice text = tok->vocab.tokens.str[id];
        bool made = false;

        ids.n = 0;
        if (scratch && !(st = bmx_encode_pretoken(tok, scratch, text, &ids, err)))
            made = ids.n == 1 && ids.id[0] == tok->vocab.id[id];
        if (made)
            r->unlearned[r->n_unlearned++] = id;
        else
            r->unreachable[r->n_unreachable++] = id;
    }
    bmx_ids_release(&ids);
    bmx_encoder_scratch_free(scratch);
    return st;
}

bpemix_status bmx_reach_find(const bpemix_tokenizer *tok, bmx_reach *out, bpemix_error *err)
{
    bmx_reach r = { 0 };
    bpemix_status st = BPEMIX_OK;

    if (tok->n_unmerged) {
        r.unreachable = bmx_malloc(tok->n_unmerged, sizeof *r.unreachable);
        r.unlearned = bmx_malloc(tok->n_unmerged, sizeof *r.unlearned);
        st = r.unreachable && r.unlearned ? ask(tok, &r, err) : bmx_nomem(err);
    }
    if (st) {
        bmx_reach_release(&r);
        return st;
    }
    *out = r;
    return BPEMIX_OK;
}

void bmx_reach_release(bmx_reach *r)
{
    bmx_free(r->unreachable);
    bmx_free(r->unlearned);
    *r = (bmx_reach){ 0 };
}

static bpemix_status set_tokens(const bpemix_tokenizer *tok, const uint32_t *token, uint32_t n,
                                size_t most, bmx_noticed *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    out->count = n;
    for (uint32_t i = 0; i < n && i < most && !st; i++)
        st = bmx_texts_take(&out->example, bmx_token_text(tok->vocab.tokens.str[token[i]]), err);
    return st;
}

bpemix_status bmx_reach_facts(const bpemix_tokenizer *tok, const bmx_reach *r, size_t most,
                              bmx_facts *out, bpemix_error *err)
{
    bpemix_status st = set_tokens(tok, r->unreachable, r->n_unreachable, most, &out->unreachable,
                                  err);

    return st ? st : set_tokens(tok, r->unlearned, r->n_unlearned, most, &out->unlearned, err);
}

static bpemix_status warn(const bpemix_tokenizer *tok, bmx_texts *warning, const char *what,
                          uint32_t n, uint32_t first, bpemix_error *err)
{
    bmx_slice s = tok->vocab.tokens.str[first];
    size_t shown = bmx_utf8_whole(s.ptr, s.len < 80 ? s.len : 80);
    char *name = bmx_token_text(bmx_slice_of(s.ptr, shown));
    bpemix_status st = bmx_texts_take(warning, !name ? NULL :
        bmx_asprintf("%s: %u, the first of them '%s'; they carry no constraint", what, n, name),
        err);

    bmx_free(name);
    return st;
}

bpemix_status bmx_reach_warn(const bpemix_tokenizer *tok, const bmx_reach *r, bmx_texts *warning,
                             bpemix_error *err)
{
    uint32_t by_hand = 0; /* the reader has warned of these, which stand first */
    bpemix_status st = BPEMIX_OK;

    if (r->n_unreachable)
        st = warn(tok, warning, "tokens of the vocabulary that encoding never makes",
                  r->n_unreachable, r->unreachable[0], err);
    for (uint32_t i = 0; i < tok->n_by_hand; i++)
        by_hand += by_hand < r->n_unlearned && r->unlearned[by_hand] == tok->unmerged[i];
    if (!st && r->n_unlearned > by_hand)
        st = warn(tok, warning, "tokens that encoding makes, but no merge in the order of learning",
                  r->n_unlearned - by_hand, r->unlearned[by_hand], err);
    return st;
}

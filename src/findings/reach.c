/* reach.c - every token in question is encoded.
 *
 * When a token occurs in the encoding of any text, nothing was merged across its
 * two ends, so its own text alone goes through the same merges and gives the
 * token, too.  Hence one encoding of the token's text decides. */
#include "findings/reach.h"
#include "base/utf8.h"
#include "encode/encode.h"

#include <stdio.h>

/* Marks of the place in a word make a pre-token of the token's text another word
 * than the one that the token stands in, so there the merges decide: such lists
 * hold one split of each token. */
static bool can_ask(const bpemix_tokenizer *tok)
{
    return tok->n_merges && !tok->subword_prefix.len && !tok->word_suffix.len;
}

static bpemix_status ask(const bpemix_tokenizer *tok, bmx_reach *r, bpemix_error *err)
{
    bmx_encoder_state *state = NULL;
    bmx_ids ids = { 0 };
    bpemix_status st = can_ask(tok) ? bmx_encoder_state_new(tok, &state, err) : BPEMIX_OK;

    for (uint32_t i = 0; i < tok->n_unmerged && !st; i++) {
        uint32_t id = tok->unmerged[i];
        bool made = false;

        ids.n = 0;
        if (state && !(st = bmx_encode_piece(tok, state, tok->tokens.str[id], &ids, err)))
            made = ids.n == 1 && ids.id[0] == tok->vocab_id[id];
        if (made)
            r->unlearned[r->n_unlearned++] = id;
        else
            r->unreachable[r->n_unreachable++] = id;
    }
    bmx_ids_release(&ids);
    bmx_encoder_state_free(state);
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

static void put_tokens(const bpemix_tokenizer *tok, bmx_json *obj, const char *key,
                       const uint32_t *token, uint32_t n, size_t most)
{
    bmx_json *o = bmx_json_put(obj, key, bmx_json_object()), *list;

    bmx_json_put_uint(o, "count", n);
    list = bmx_json_put(o, "examples", bmx_json_array());
    for (uint32_t i = 0; i < n && i < most; i++) {
        bmx_buf b = { 0 };
        if (!bmx_symbol_display(tok, token[i], &b, NULL))
            bmx_json_push(list, bmx_json_new_bytes(bmx_slice_of(b.ptr, b.len)));
        bmx_buf_release(&b);
    }
}

static void warn(const bpemix_tokenizer *tok, bmx_json *obj, const char *what, uint32_t n,
                 uint32_t first)
{
    bmx_buf name = { 0 };
    char text[300];

    if (!bmx_symbol_display(tok, first, &name, NULL)) {
        snprintf(text, sizeof text, "%s: %u, the first of them '%.*s'; they carry no constraint",
                 what, n, (int)bmx_utf8_whole(name.ptr, name.len < 80 ? name.len : 80), name.ptr);
        /* the object is ours to extend; bmx_json_get only lends children out as const */
        bmx_json_push((bmx_json *)(uintptr_t)bmx_json_get(obj, "warnings"), bmx_json_new_str(text));
    }
    bmx_buf_release(&name);
}

void bmx_reach_json(const bpemix_tokenizer *tok, const bmx_reach *r, size_t most, bmx_json *obj)
{
    uint32_t by_hand = 0; /* the reader has warned of these, which stand first */

    put_tokens(tok, obj, "unreachable", r->unreachable, r->n_unreachable, most);
    put_tokens(tok, obj, "unlearned", r->unlearned, r->n_unlearned, most);
    if (r->n_unreachable)
        warn(tok, obj, "tokens of the vocabulary that encoding never makes", r->n_unreachable,
             r->unreachable[0]);
    for (uint32_t i = 0; i < tok->n_by_hand; i++)
        by_hand += by_hand < r->n_unlearned && r->unlearned[by_hand] == tok->unmerged[i];
    if (r->n_unlearned > by_hand)
        warn(tok, obj, "tokens that encoding makes, but no merge in the order of learning",
             r->n_unlearned - by_hand, r->unlearned[by_hand]);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unreached.c - one pass over the list.
 *
 * The sides of a merge are made each by itself, as long as nothing is merged across the border
 * between them.  What stands at the border changes as the sides grow:
 *
 *      text    t h | e r            merges   h e     3
 *      edge    h        of "th", the left side: h, then th
 *      edge        e    of "er", the right one: e, then er
 *
 * Here h and e are merged across, if merge 3 comes before those of "th" and "er".  So each side has
 * an edge: the symbols that stand at the border one after the other, and the merge that makes the
 * next.  Their length is at most that of the token.
 *
 * U1  maker[x] is the first merge that makes token x and is reached.
 * U2  Of equal pairs that overlap the left one is merged first.  So where the merge across is the
 *     same as one within a side, the one that is further left comes first. */
#include "tokenizer/unreached.h"
#include "base/escape.h"
#include "base/hash.h"
#include "tokenizer/build.h"
#include "tokenizer/closure.h"

/* It is known already that merges with these flags were not learned. */
#define NOT_LEARNED (BMX_MERGE_UNMADE | BMX_MERGE_UNKNOWN | BMX_MERGE_REPEATED | BMX_MERGE_MANUAL)

/* at[n] from the first symbol to the token itself; at[i] becomes at[i + 1] by merge next[i], and
 * at[n - 1] by the merge in question. */
typedef struct edge {
    uint32_t *at, *next;
    size_t n, at_cap, next_cap;
} edge;

typedef struct pass {
    bpemix_tokenizer *tok;
    uint32_t *maker;   /* maker[tokens.n]; BMX_NONE: a symbol, or nothing makes it.  U1 */
    bmx_map64 step_of; /* of each pair whose merge is reached */
    edge left, right;
    uint32_t n, first; /* merges that are not reached, and the first of them */
} pass;

static uint64_t key_of(uint32_t left, uint32_t right) { return (uint64_t)left << 32 | right; }

/* Of the token down to its first symbol, in that order. */
static bpemix_status follow(const pass *p, uint32_t token, uint32_t merge, bool rightmost, edge *e,
                            bpemix_error *err)
{
    for (e->n = 0;; e->n++) {
        if (bmx_reserve(&e->at, &e->at_cap, e->n + 1, sizeof *e->at, err) ||
            bmx_reserve(&e->next, &e->next_cap, e->n + 1, sizeof *e->next, err))
            return BPEMIX_E_NOMEM;
        e->at[e->n] = token;
        e->next[e->n] = merge;
        if ((merge = p->maker[token]) == BMX_NONE) {
            e->n++;
            return BPEMIX_OK;
        }
        token = rightmost ? p->tok->trained.merge[merge].right : p->tok->trained.merge[merge].left;
    }
}

/* Does nothing merge across the border until both sides are made? */
static bool meet(const pass *p, const edge *left, const edge *right)
{
    size_t i = left->n - 1, j = right->n - 1; /* the first symbols are the last */

    while (i > 0 || j > 0) {
        uint32_t across = bmx_map64_get(&p->step_of, key_of(left->at[i], right->at[j]));
        uint32_t x = left->next[i], y = right->next[j];

        if (across != BMX_NONE && across < x && across <= y) /* U2 */
            return false;
        i -= x <= y;
        j -= y <= x;
    }
    return true;
}

static bpemix_status is_reached(pass *p, uint32_t t, bool *reached, bpemix_error *err)
{
    const bmx_merge *m = &p->tok->trained.merge[t];
    bpemix_status st;

    *reached = false;
    if (p->maker[m->product] != BMX_NONE ||
        (p->maker[m->left] == BMX_NONE && !bmx_token_is_symbol(p->tok, m->left)) ||
        (p->maker[m->right] == BMX_NONE && !bmx_token_is_symbol(p->tok, m->right)))
        return BPEMIX_OK;
    if ((st = follow(p, m->left, t, true, &p->left, err)) ||
        (st = follow(p, m->right, t, false, &p->right, err)))
        return st;
    *reached = meet(p, &p->left, &p->right);
    return BPEMIX_OK;
}

static bpemix_status walk(pass *p, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;
    bool reached;

    for (uint32_t t = 0; t < p->tok->trained.n_merges && !st; t++) {
        bmx_merge *m = &p->tok->trained.merge[t];

        if (m->flags & NOT_LEARNED || (st = is_reached(p, t, &reached, err)))
            continue;
        if (!reached) {
            m->flags |= BMX_MERGE_UNREACHED;
            p->first = p->n++ ? p->first : t;
            continue;
        }
        p->maker[m->product] = t;
        st = bmx_map64_put(&p->step_of, key_of(m->left, m->right), t, err);
    }
    return st;
}

static bpemix_status add_unmerged(pass *p, bpemix_error *err)
{
    bpemix_tokenizer *tok = p->tok;
    bpemix_status st = BPEMIX_OK;

    for (uint32_t t = p->first; t < tok->trained.n_merges && !st; t++) {
        uint32_t id = tok->trained.merge[t].product;

        if (!(tok->trained.merge[t].flags & BMX_MERGE_UNREACHED) || p->maker[id] != BMX_NONE ||
            (tok->vocab.size && tok->vocab.id[id] == BMX_NONE))
            continue;
        st = bmx_unmerged_add(tok, id, err);
        p->maker[id] = t; /* once */
    }
    return st;
}

static bpemix_status warn(pass *p, bpemix_error *err)
{
    bmx_slice s = p->tok->vocab.tokens.str[p->tok->trained.merge[p->first].product];
    char q[4 * 80 + 3];

    s.len = s.len < 80 ? s.len : 80;
    return bmx_tokenizer_warn(p->tok, err,
                              "merges that were not learned behind those before them, "
                              "which join the text of their tokens otherwise: %u, the first of "
                              "them that of %s in merge %u",
                              p->n, bmx_quote(q, sizeof q, s.ptr, s.len), p->first);
}

bpemix_status bmx_unreached_check(bpemix_tokenizer *tok, bpemix_error *err)
{
    pass p = { .tok = tok, .maker = bmx_malloc(tok->vocab.tokens.n, sizeof *p.maker) };
    bpemix_status st = p.maker ? BPEMIX_OK : bmx_nomem(err);

    for (size_t i = 0; i < tok->vocab.tokens.n && !st; i++)
        p.maker[i] = BMX_NONE;
    if (!st && !(st = walk(&p, err)) && p.n && !(st = add_unmerged(&p, err)))
        st = warn(&p, err);
    bmx_map64_release(&p.step_of);
    bmx_free(p.left.at);
    bmx_free(p.left.next);
    bmx_free(p.right.at);
    bmx_free(p.right.next);
    bmx_free(p.maker);
    return st;
}

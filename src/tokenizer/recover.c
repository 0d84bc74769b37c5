/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recover.c - merges from the vocabulary alone, lists with redundant or lost merges, and merges
 * that were added by hand. */
#include "tokenizer/recover.h"
#include "base/cancel.h"
#include "base/utf8.h"
#include "tokenizer/build.h"
#include "tokenizer/closure.h"
#include "tokenizer/join.h"

#include <stdlib.h>
#include <string.h>

/* ---- recovery ---- */

/* Ranks of texts.  Nearly all that are asked for are short: those of up to SHORT bytes stand in a
 * map of numbers, and those of two bytes in a table, if there are so many tokens that it is worth
 * its size: one look into memory in place of three. */
enum { SHORT = 7, TABLE_FROM = 4096 };

#define AHEAD 4 /* tokens from a prefetch to its use */

typedef struct ranks {
    const bpemix_tokenizer *tok;
    uint32_t *rank;   /* rank[tokens.n], BMX_NONE: not learned */
    uint32_t *pair;   /* pair[65536]: of two bytes; NULL: these are in few, too */
    bmx_map64 few;    /* of 2 or 3 to SHORT bytes */
    const char *text; /* of the token being split */
    uint32_t below;   /* its own rank */
} ranks;

static unsigned pair_of(const char *p)
{
    return (unsigned)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

/* A number for up to SHORT bytes, by these and how many they are. */
static uint64_t number_of(const char *p, size_t len)
{
    uint64_t n = len;

    for (size_t i = 0; i < len; i++)
        n = n << 8 | (unsigned char)p[i];
    return n;
}

static bpemix_status add_rank(ranks *x, uint32_t token, uint32_t rank, bpemix_error *err)
{
    bmx_slice s = x->tok->vocab.tokens.str[token];

    x->rank[token] = rank;
    if (s.len == 2 && x->pair) {
        x->pair[pair_of(s.ptr)] = rank;
        return BPEMIX_OK;
    }
    return s.len >= 2 && s.len <= SHORT
               ? bmx_map64_put(&x->few, number_of(s.ptr, s.len), rank, err)
               : BPEMIX_OK;
}

/* Room for the ranks of `order`[n], all tokens that were learned. */
static bpemix_status ranks_init(ranks *x, const bpemix_tokenizer *tok, const uint32_t *order,
                                size_t n, bpemix_error *err)
{
    size_t n_pairs = (size_t)1 << 16;
    bpemix_status st = BPEMIX_OK;

    *x = (ranks){ .tok = tok, .rank = bmx_malloc(tok->vocab.tokens.n, sizeof *x->rank),
                  .pair = n < TABLE_FROM ? NULL : bmx_malloc(n_pairs, sizeof *x->pair) };
    if (!x->rank || (n >= TABLE_FROM && !x->pair))
        return bmx_nomem(err);
    memset(x->rank, 0xff, tok->vocab.tokens.n * sizeof *x->rank);
    if (x->pair)
        memset(x->pair, 0xff, n_pairs * sizeof *x->pair);
    for (size_t i = 0; i < n && !st; i++)
        st = add_rank(x, order[i], (uint32_t)i, err);
    return st;
}

static void ranks_release(ranks *x)
{
    bmx_free(x->rank);
    bmx_free(x->pair);
    bmx_map64_release(&x->few);
}

static uint32_t rank_of(const ranks *x, bmx_slice s)
{
    uint32_t id;

    if (s.len == 2 && x->pair)
        return x->pair[pair_of(s.ptr)];
    if (s.len >= 2 && s.len <= SHORT)
        return bmx_map64_get(&x->few, number_of(s.ptr, s.len));
    id = bmx_intern_find(&x->tok->vocab.tokens, s);
    return id == BMX_NONE ? BMX_NONE : x->rank[id];
}

/* Fetch the ranks that joining a text may ask for.  The map is larger than the caches near the
 * processor, and joining waits for each answer before it knows what to ask next.  Always inline as
 * bmx_map64_prefetch(). */
static inline __attribute__((always_inline)) void prefetch_ranks(const ranks *x, bmx_slice s)
{
    enum { MOST = 16 }; /* bytes of a text: nearly all tokens are shorter */
    size_t len = s.len < MOST ? s.len : MOST;

    for (size_t from = 0; from + 3 <= len; from++) {
        uint64_t bytes = pair_of(s.ptr + from);

        for (size_t n = 3; n <= SHORT && from + n <= len; n++) {
            bytes = bytes << 8 | (unsigned char)s.ptr[from + n - 1];
            bmx_map64_prefetch(&x->few, (uint64_t)n << 8 * n | bytes);
        }
    }
}

static uint32_t rank_below(const void *ctx, const bmx_join_symbol *l, const bmx_join_symbol *r,
                           uint32_t *product)
{
    const ranks *x = ctx;
    uint32_t rank = rank_of(x, bmx_slice_of(x->text + l->start, l->len + r->len));

    (void)product;
    return rank < x->below ? rank : BMX_NONE;
}

/* A side of a token: a symbol, or what was joined because it has a rank. */
static uint32_t side_of(const ranks *x, const uint32_t *order, bmx_slice s)
{
    uint32_t rank;

    if (bmx_symbol_bytes(x->tok, s) == s.len)
        return bmx_intern_find(&x->tok->vocab.tokens, s);
    rank = rank_of(x, s);
    return rank == BMX_NONE ? BMX_NONE : order[rank];
}

/* The two sides of token order[i]; BMX_NONE when there are not exactly two or one of
 * them is no token. */
static bpemix_status split(ranks *x, const uint32_t *order, size_t i, bmx_joiner *j,
                           uint32_t *left, uint32_t *right, bpemix_error *err)
{
    bmx_slice text = x->tok->vocab.tokens.str[order[i]];
    size_t n = 0, room = text.len < BMX_TOKEN_MAX_SYMBOLS ? text.len : BMX_TOKEN_MAX_SYMBOLS;
    bpemix_status st = bmx_joiner_reserve(j, room, err);

    *left = *right = BMX_NONE;
    if (st)
        return st;
    for (size_t at = 0; at < text.len; n++) {
        unsigned len = bmx_symbol_bytes(x->tok, bmx_slice_of(text.ptr + at, text.len - at));
        if (n == BMX_TOKEN_MAX_SYMBOLS)
            return BPEMIX_OK;
        j->symbol[n].start = (uint32_t)at;
        j->symbol[n].len = len;
        at += len;
    }
    x->text = text.ptr;
    x->below = (uint32_t)i;
    if (n < 2 || bmx_join(j, n, 2, rank_below, x) != 2)
        return BPEMIX_OK;
    *left = side_of(x, order, bmx_slice_of(text.ptr, j->symbol[0].len));
    *right = side_of(x, order, bmx_slice_of(text.ptr + j->symbol[0].len,
                                            text.len - j->symbol[0].len));
    return BPEMIX_OK;
}

bpemix_status bmx_recover_merges(bpemix_tokenizer *tok, const uint32_t *order, size_t n,
                                 bpemix_error *err)
{
    ranks x;
    bmx_joiner j = { 0 };
    bpemix_status st = ranks_init(&x, tok, order, n, err);

    for (size_t i = 0; i < n && !st; i++) {
        uint32_t left, right;
        if (i % 1024 == 0 && (st = bmx_check_cancel(err)))
            break;
        if (i + AHEAD < n)
            prefetch_ranks(&x, tok->vocab.tokens.str[order[i + AHEAD]]);
        if ((st = split(&x, order, i, &j, &left, &right, err)))
            break;
        st = left == BMX_NONE || right == BMX_NONE
                 ? bmx_unmerged_add(tok, order[i], err)
                 : bmx_merge_add_to(tok, left, right, order[i], 0, err);
    }
    bmx_joiner_release(&j);
    ranks_release(&x);
    return st;
}

/* ---- lists that are complete ---- */

/* mark[tokens.n] = true for skip[n_skip]. */
static bool *marks(const bpemix_tokenizer *tok, const uint32_t *skip, size_t n_skip)
{
    bool *mark = bmx_calloc(tok->vocab.tokens.n, sizeof *mark);

    for (size_t i = 0; mark && i < n_skip; i++)
        if (skip[i] < tok->vocab.tokens.n)
            mark[skip[i]] = true;
    return mark;
}

bpemix_status bmx_find_unmerged(bpemix_tokenizer *tok, const uint32_t *skip, size_t n_skip,
                                   bpemix_error *err)
{
    bool *made = marks(tok, skip, n_skip);
    bpemix_status st = made ? BPEMIX_OK : bmx_nomem(err);

    for (uint32_t t = 0; t < tok->trained.n_merges && !st; t++)
        made[tok->trained.merge[t].product] = true;
    for (uint32_t i = 0; i < tok->n_unmerged && !st; i++)
        made[tok->unmerged[i]] = true; /* known already */
    for (uint32_t id = 0; id < tok->vocab.tokens.n && !st; id++)
        if (!made[id] && tok->vocab.id[id] != BMX_NONE && !bmx_token_is_symbol(tok, id))
            st = bmx_unmerged_add(tok, id, err);
    bmx_free(made);
    return st;
}

/* ---- redundant lists ---- */

#define LONGEST_COUNTED 512 /* longer products tell nothing new, and take time in proportion to the
                               square */

/* Ways to split a product into two known tokens. */
static size_t count_splits(const bpemix_tokenizer *tok, bmx_slice s)
{
    size_t n = 0;

    if (s.len > LONGEST_COUNTED)
        return 1;
    for (size_t i = bmx_symbol_bytes(tok, s); i < s.len;
         i += bmx_symbol_bytes(tok, bmx_slice_of(s.ptr + i, s.len - i))) {
        uint32_t l = bmx_intern_find(&tok->vocab.tokens, bmx_slice_of(s.ptr, i));
        uint32_t r = l == BMX_NONE
                         ? BMX_NONE
                         : bmx_intern_find(&tok->vocab.tokens, bmx_slice_of(s.ptr + i, s.len - i));
        n += r != BMX_NONE && (!tok->vocab.size ||
                               (tok->vocab.id[l] != BMX_NONE && tok->vocab.id[r] != BMX_NONE));
    }
    return n;
}

typedef struct by_id {
    uint32_t vocab_id, seen, token;
} by_id;

static int compare_ids(const void *a, const void *b)
{
    const by_id *x = a, *y = b;
    if (x->vocab_id != y->vocab_id)
        return x->vocab_id < y->vocab_id ? -1 : 1;
    return (x->seen > y->seen) - (x->seen < y->seen);
}

/* What a list of every split lacks: pieces of the vocabulary without a merge. */
typedef struct lost_merges {
    bool *mark; /* mark[tokens.n] */
    uint32_t n, token; /* how many, and the one of lowest id */
} lost_merges;

/* Is it a piece that no merge makes, though it can be divided into two others? */
static bool may_be_lost(const bpemix_tokenizer *tok, const uint32_t *first, const bool *skipped,
                        uint32_t id)
{
    return first[id] == BMX_NONE && !skipped[id] && !bmx_token_is_symbol(tok, id) &&
           (!tok->vocab.size || tok->vocab.id[id] != BMX_NONE) &&
           count_splits(tok, tok->vocab.tokens.str[id]) > 0;
}

static bool is_of_two_symbols(const bpemix_tokenizer *tok, bmx_slice s)
{
    unsigned n = bmx_symbol_bytes(tok, s);

    return s.len > n && n + bmx_symbol_bytes(tok, bmx_slice_of(s.ptr + n, s.len - n)) == s.len;
}

static void mark_lost(const bpemix_tokenizer *tok, lost_merges *lost, uint32_t id)
{
    if (!lost->n++ || tok->vocab.id[id] < tok->vocab.id[lost->token])
        lost->token = id;
    lost->mark[id] = true;
}

/* Converters of SentencePiece models looked up the score of a piece and took 0 for none, so the
 * list lacks the merge of the first piece learned.  Other merges use such a piece, and its id
 * stands before those of all others; more may be lost between it and these.  Without ids, it is the
 * only such token of two symbols. */
static bpemix_status find_lost_first(const bpemix_tokenizer *tok, const uint32_t *first,
                                     const bool *skipped, uint32_t lowest, lost_merges *lost,
                                     bpemix_error *err)
{
    bool *used = bmx_calloc(tok->vocab.tokens.n, sizeof *used), ids = tok->vocab.size > 0;
    by_id *found = bmx_malloc(tok->vocab.tokens.n, sizeof *found);
    size_t n = 0, at;

    if (!used || !found) {
        bmx_free(used);
        bmx_free(found);
        return bmx_nomem(err);
    }
    for (uint32_t t = 0; t < tok->trained.n_merges; t++)
        used[tok->trained.merge[t].left] = used[tok->trained.merge[t].right] = true;
    for (uint32_t id = 0; id < tok->vocab.tokens.n; id++)
        if (may_be_lost(tok, first, skipped, id) &&
            (ids ? tok->vocab.id[id] < lowest
                 : used[id] && is_of_two_symbols(tok, tok->vocab.tokens.str[id])))
            found[n++] = (by_id){ tok->vocab.id[id], 0, id };
    if (n)
        qsort(found, n, sizeof *found, compare_ids);
    if (!ids && n == 1)
        mark_lost(tok, lost, found[0].token);
    at = n;
    for (size_t i = n; ids && i-- > 0 && found[i].vocab_id == lowest - (n - i);)
        at = used[found[i].token] ? i : at;
    for (; ids && at < n; at++)
        mark_lost(tok, lost, found[at].token);
    bmx_free(found);
    bmx_free(used);
    return BPEMIX_OK;
}

/* Besides, any merge may be lost whose product has an id among those of the others. */
static bpemix_status find_lost(const bpemix_tokenizer *tok, const uint32_t *first,
                               const bool *skipped, lost_merges *lost, bpemix_error *err)
{
    uint32_t lowest = BMX_NONE, highest = 0, n = (uint32_t)tok->vocab.tokens.n;

    if (!(lost->mark = bmx_calloc(n, sizeof *lost->mark)))
        return bmx_nomem(err);
    for (uint32_t id = 0; id < n && tok->vocab.size; id++)
        if (first[id] != BMX_NONE && !skipped[id] && tok->vocab.id[id] != BMX_NONE) {
            lowest = tok->vocab.id[id] < lowest ? tok->vocab.id[id] : lowest;
            highest = tok->vocab.id[id] > highest ? tok->vocab.id[id] : highest;
        }
    for (uint32_t id = 0; id < n && tok->vocab.size; id++)
        if (tok->vocab.id[id] > lowest && tok->vocab.id[id] < highest &&
            may_be_lost(tok, first, skipped, id))
            mark_lost(tok, lost, id);
    return find_lost_first(tok, first, skipped, lowest, lost, err);
}

static bpemix_status warn_of_lost(bpemix_tokenizer *tok, const lost_merges *lost,
                                  const by_id *product, size_t n, bpemix_error *err)
{
    bmx_buf name = { 0 };
    bool is_first = lost->n == 1;
    bpemix_status st = bmx_symbol_display(tok, lost->token, &name, err);

    for (size_t i = 0; i < n && tok->vocab.size; i++)
        is_first = is_first && product[i].vocab_id > tok->vocab.id[lost->token];
    if (!st && is_first)
        st = bmx_tokenizer_warn(tok, err,
                                "the list lacks the merge of '%.*s', the first one learned, "
                                "which old converters of SentencePiece models drop; it was put "
                                "back for counting (encoding follows the list as it is)",
                                (int)name.len, name.ptr);
    else if (!st)
        st = bmx_tokenizer_warn(tok, err,
                                "tokens that the list lacks the merges of: %u, the first of them "
                                "'%.*s'; put back for counting (encoding follows the list as it "
                                "is)", lost->n, (int)name.len, name.ptr);
    bmx_buf_release(&name);
    return st;
}

/* Replace the list by what `product`[n] in that order gives. */
static bpemix_status rebuild(bpemix_tokenizer *tok, const by_id *product, size_t n,
                             const bool *skipped, const bool *lost, bpemix_error *err)
{
    uint32_t *order = bmx_malloc(n, sizeof *order);
    bmx_map64 listed = { 0 };
    bmx_merge *old = tok->trained.merge;
    uint32_t unlisted = 0, n_old = tok->trained.n_merges;
    size_t k = 0;
    bpemix_status st = order ? BPEMIX_OK : bmx_nomem(err);

    for (uint32_t t = 0; t < n_old && !st; t++)
        st = bmx_map64_put(&listed, (uint64_t)old[t].left << 32 | old[t].right, t, err);
    for (size_t i = 0; i < n && !st; i++)
        if (!skipped[product[i].token])
            order[k++] = product[i].token;
    if (!st) {
        tok->encoded.merge = old;
        tok->encoded.n_merges = tok->n_listed = n_old;
        tok->trained.merge = NULL;
        tok->trained.merge_cap = tok->trained.n_merges = 0;
        tok->n_counts = 0;
        st = bmx_recover_merges(tok, order, k, err);
    }
    for (uint32_t t = 0; t < tok->trained.n_merges && !st; t++)
        unlisted += !lost[tok->trained.merge[t].product] &&
                    bmx_map64_get(&listed, (uint64_t)tok->trained.merge[t].left << 32 |
                                               tok->trained.merge[t].right) == BMX_NONE;
    if (!st && unlisted)
        st = bmx_tokenizer_warn(tok, err,
                                "merges recovered from a redundant list that are not in it: %u",
                                unlisted);
    bmx_map64_release(&listed);
    bmx_free(order);
    return st;
}

/* The number of distinct pairs in the list. */
static bpemix_status count_pairs(const bpemix_tokenizer *tok, size_t *out, bpemix_error *err)
{
    bmx_map64 seen = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (uint32_t t = 0; t < tok->trained.n_merges && !st; t++)
        st = bmx_map64_put(&seen,
                           (uint64_t)tok->trained.merge[t].left << 32 | tok->trained.merge[t].right,
                           t, err);
    *out = seen.n;
    bmx_map64_release(&seen);
    return st;
}

bpemix_status bmx_repair_redundant(bpemix_tokenizer *tok, const uint32_t *skip, size_t n_skip,
                                   bool *repaired, bpemix_error *err)
{
    size_t distinct = 0, splits = 0, pairs = 0, n_tokens = tok->vocab.tokens.n;
    uint32_t *first; /* first[token]: first merge with this product */
    lost_merges lost = { 0 };
    by_id *product = NULL;
    bool *skipped = NULL;
    bpemix_status st = BPEMIX_OK;

    *repaired = false;
    if (tok->vocab.subword_prefix.len || tok->vocab.word_suffix.len)
        return BPEMIX_OK; /* converters do not make such lists */
    if (!(first = bmx_malloc(n_tokens, sizeof *first)))
        return bmx_nomem(err);
    memset(first, 0xff, n_tokens * sizeof *first);
    for (uint32_t t = 0; t < tok->trained.n_merges; t++)
        if (first[tok->trained.merge[t].product] == BMX_NONE) {
            first[tok->trained.merge[t].product] = t;
            distinct++;
        }
    if (distinct == tok->trained.n_merges || (st = count_pairs(tok, &pairs, err)) ||
        pairs == distinct)
        goto done;
    if (!(product = bmx_malloc(n_tokens, sizeof *product)) ||
        !(skipped = marks(tok, skip, n_skip))) {
        st = bmx_nomem(err);
        goto done;
    }
    distinct = 0;
    for (uint32_t id = 0; id < n_tokens; id++)
        if (first[id] != BMX_NONE) {
            product[distinct++] = (by_id){ tok->vocab.id[id], first[id] + 1, id };
            splits += count_splits(tok, tok->vocab.tokens.str[id]);
        }
    /* A trainer sometimes lists a second pair with the same product; a converter lists all pairs
     * with it. */
    if (2 * (pairs - distinct) < splits - (splits < distinct ? splits : distinct))
        goto done;
    if ((st = find_lost(tok, first, skipped, &lost, err)) ||
        (lost.n && (st = warn_of_lost(tok, &lost, product, distinct, err))))
        goto done;
    for (uint32_t id = 0; id < n_tokens && lost.n; id++)
        if (lost.mark[id])
            product[distinct++] = (by_id){ tok->vocab.id[id], 0, id };
    qsort(product, distinct, sizeof *product, compare_ids);
    if ((st = rebuild(tok, product, distinct, skipped, lost.mark, err)))
        goto done;
    *repaired = true;
done:
    bmx_free(first);
    bmx_free(product);
    bmx_free(skipped);
    bmx_free(lost.mark);
    return st;
}

/* ---- merges added by hand ---- */

void bmx_flag_manual(bpemix_tokenizer *tok)
{
    enum { AT_LEAST = 4 };
    uint32_t n = 0;

    for (; n < tok->trained.n_merges; n++) {
        bmx_slice s = bmx_product_text(tok, tok->trained.n_merges - 1 - n);
        unsigned len = bmx_symbol_bytes(tok, s);
        bool run = (len == 1 && memchr(" \t\n", s.ptr[0], 3)) ||
                   (len == 3 && bmx_space_symbol_at(s, 0));
        for (size_t i = len; i < s.len && run; i += len)
            run = s.len - i >= len && !memcmp(s.ptr + i, s.ptr, len);
        if (!run)
            break;
    }
    /* learned runs stand alone; a whole list of them is a trainer's beginning */
    for (uint32_t i = 0; n >= AT_LEAST && n < tok->trained.n_merges && i < n; i++)
        tok->trained.merge[tok->trained.n_merges - 1 - i].flags |= BMX_MERGE_MANUAL;
}

void bmx_flag_too_long(bpemix_tokenizer *tok)
{
    for (uint32_t t = 0; t < tok->trained.n_merges && tok->rules.max_characters; t++)
        if (bmx_utf8_length(bmx_product_text(tok, t)) > tok->rules.max_characters)
            tok->trained.merge[t].flags |= BMX_MERGE_TOO_LONG;
}

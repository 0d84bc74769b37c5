/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer/ranks.h"
#include "tokenizer/base64.h"
#include "tokenizer/build.h"
#include "tokenizer/lineage.h"
#include "tokenizer/recover.h"

#include <stdlib.h>
#include <string.h>

static int by_rank(const void *a, const void *b)
{
    const bmx_ranked *x = a, *y = b;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static bool is_in_order(const bmx_rank_list *list)
{
    for (size_t i = 1; i < list->n; i++)
        if (list->item[i].rank < list->item[i - 1].rank)
            return false;
    return true;
}

bool bmx_rank_list_is_empty(bmx_slice base64) { return base64.len == 1 && base64.ptr[0] == '='; }

bpemix_status bmx_rank_list_add(bpemix_tokenizer *tok, bmx_rank_list *list, bmx_slice base64,
                                uint64_t rank, bpemix_error *err)
{
    size_t before = tok->vocab.tokens.n;
    uint32_t id;
    bpemix_status st;
    bool ok;
    char q[80];

    list->bytes.len = 0;
    if (bmx_rank_list_is_empty(base64)) {
        list->n_others++;
        return BPEMIX_OK;
    }
    if ((st = bmx_base64_decode(base64, &list->bytes, &ok, err)))
        return st;
    if (!ok)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "check that the file is whole",
                             "%s is not base64", bmx_quote(q, sizeof q, base64.ptr, base64.len));
    if (!list->bytes.len)
        return BPEMIX_OK;
    if (rank >= BMX_NONE)
        return bmx_fail(err, BPEMIX_E_FORMAT, "", "a rank above 4294967294");
    if ((st = bmx_token_add_vocab(tok, bmx_slice_of(list->bytes.ptr, list->bytes.len),
                                  (uint32_t)rank, &id, err)) ||
        (st = bmx_reserve(&list->item, &list->cap, list->n + 1, sizeof *list->item, err)))
        return st;
    if (tok->vocab.tokens.n == before)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "check that the file is whole",
                             "token %s is listed twice",
                             bmx_quote(q, sizeof q, list->bytes.ptr, list->bytes.len));
    list->item[list->n++] = (bmx_ranked){ (uint32_t)rank, id };
    return BPEMIX_OK;
}

void bmx_rank_list_release(bmx_rank_list *list)
{
    bmx_free(list->item);
    bmx_buf_release(&list->bytes);
}

/* Text is bytes before anything is merged, so all 256 have ranks. */
static bpemix_status check_bytes(bpemix_tokenizer *tok, bpemix_error *err)
{
    unsigned n_missing = 0, first = 0;

    for (unsigned b = 256; b-- > 0;) {
        char c = (char)b;
        if (bmx_intern_find(&tok->vocab.tokens, bmx_slice_of(&c, 1)) == BMX_NONE) {
            n_missing++;
            first = b;
        }
    }
    if (n_missing == 256)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "",
                             "check that this is a tokenizer, and all of it",
                             "no single byte has a rank");
    return !n_missing ? BPEMIX_OK
                      : bmx_tokenizer_warn(tok, err,
                                           "single bytes without a rank: %u of 256, the first of "
                                           "them 0x%02x; text with them cannot be encoded, or the "
                                           "file is not whole", n_missing, first);
}

bpemix_status bmx_rank_list_look_for_gaps(bpemix_tokenizer *tok, const bmx_rank_list *list,
                                          bpemix_error *err)
{
    uint32_t n_gaps = 0, first = 0, next = 0;

    for (size_t i = 0; i < list->n; next = list->item[i].rank + 1, i++) {
        uint32_t gap = list->item[i].rank - next;
        if (gap && !n_gaps)
            first = next;
        n_gaps += gap;
    }
    if (n_gaps <= list->n_others)
        return BPEMIX_OK;
    return bmx_tokenizer_warn(tok, err,
                              "ranks that no token has: %u, the first of them %u; they are those "
                              "of special tokens, or the file is not whole",
                              n_gaps - list->n_others, first);
}

bpemix_status bmx_rank_list_finish(bpemix_tokenizer *tok, bmx_rank_list *list, bool words_only,
                                   bpemix_error *err)
{
    uint32_t *order = bmx_malloc(list->n, sizeof *order);
    size_t n = 0;
    bpemix_status st = BPEMIX_OK;

    tok->vocab.alphabet = BMX_ALPHABET_BYTE;
    tok->encoding.ignore_merges = true; /* a pre-token that is a token is looked up whole */
    tok->vocab.size = (uint32_t)list->n;
    tok->encoded.rank = bmx_malloc(tok->vocab.tokens.n, sizeof *tok->encoded.rank);
    if (!order || !tok->encoded.rank) {
        bmx_free(order);
        return bmx_nomem(err);
    }
    tok->encoded.n_ranks = tok->vocab.tokens.n;
    if (!is_in_order(list)) /* published files are */
        qsort(list->item, list->n, sizeof *list->item, by_rank);
    for (size_t i = 0; i < list->n && !st; i++) {
        tok->encoded.rank[list->item[i].token] = list->item[i].rank;
        if (i && list->item[i].rank == list->item[i - 1].rank)
            st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "check that the file is whole",
                               "two tokens have rank %u", list->item[i].rank);
        if (tok->vocab.tokens.str[list->item[i].token].len > 1)
            order[n++] = list->item[i].token;
    }
    if (!st)
        st = check_bytes(tok, err);
    if (!st && words_only)
        tok->recognized = bmx_lineage_of_tokens(tok, order, n, &bmx_published_lists);
    if (!st && !tok->recognized)
        st = bmx_recover_merges(tok, order, n, err);
    bmx_free(order);
    return st;
}

bpemix_status bmx_rank_list_use_pattern(bpemix_tokenizer *tok, const char *pattern,
                                 const bpemix_load_opts *opts, bpemix_error *err)
{
    bmx_pretokenizer_step *x;
    bpemix_status st;

    if (opts && opts->pretokenizer)
        return BPEMIX_OK;
    for (const char *const *name = bmx_pretokenizer_preset_names(); *name; name++) {
        bmx_pretokenizer_spec s = { 0 };
        bool same;
        if ((st = bmx_pretokenizer_preset(*name, &s, err)))
            return st;
        same = s.n == 1 && s.step[0].kind == BMX_PRE_SPLIT &&
               !strcmp(s.step[0].pattern.text, pattern);
        bmx_pretokenizer_spec_release(&s);
        if (same) {
            st = bmx_string_set(&tok->trained.pretokenizer.name, *name, err);
            break;
        }
        st = BPEMIX_OK;
    }
    if (st)
        return st;
    if (!tok->trained.pretokenizer.name &&
        (st = bmx_string_set(&tok->trained.pretokenizer.name, "Split", err)))
        return st;
    if ((st = bmx_pretokenizer_add(&tok->trained.pretokenizer, BMX_PRE_SPLIT, &x, err)))
        return st;
    /* the encoder walks over the matches and drops what is between them */
    x->behavior = BMX_SPLIT_REMOVED;
    x->invert = true;
    tok->pretokenizer_known = true;
    return bmx_pattern_set(&x->pattern, bmx_slice_str(pattern), true, BMX_REGEX_FANCY, err);
}

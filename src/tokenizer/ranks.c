/* ranks.c - files that give every token a rank and no merges: .tiktoken and its
 * namesakes (one "base64 rank" a line), the compact JSON of the JavaScript
 * packages, and tekken.json.  The merges are recovered. */
#include "tokenizer/base64.h"
#include "tokenizer/build.h"
#include "tokenizer/json_scan.h"
#include "tokenizer/recover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- common to all three ---- */

typedef struct ranked {
    uint32_t rank, token;
} ranked;

typedef struct rank_list {
    ranked *item;
    size_t n, cap;
    bmx_buf bytes; /* the token that is being decoded */
} rank_list;

static int by_rank(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static bool is_empty_token(bmx_slice base64) { return base64.len == 1 && base64.ptr[0] == '='; }

/* Add one token.  An empty one (there are files with such a line) counts for
 * nothing. */
static bpemix_status add_ranked(bpemix_tokenizer *tok, rank_list *list, bmx_slice base64,
                                uint64_t rank, bpemix_error *err)
{
    size_t before = tok->tokens.n;
    uint32_t id;
    bpemix_status st;
    bool ok;
    char q[80];

    list->bytes.len = 0;
    if (is_empty_token(base64))
        return BPEMIX_OK;
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
    if (tok->tokens.n == before)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "check that the file is whole",
                             "token %s is listed twice",
                             bmx_quote(q, sizeof q, list->bytes.ptr, list->bytes.len));
    list->item[list->n++] = (ranked){ (uint32_t)rank, id };
    return BPEMIX_OK;
}

static void release_list(rank_list *list)
{
    bmx_free(list->item);
    bmx_buf_release(&list->bytes);
}

/* All tokens are in: recover the merges. */
static bpemix_status finish_ranks(bpemix_tokenizer *tok, rank_list *list, bpemix_error *err)
{
    uint32_t *order = bmx_malloc(list->n, sizeof *order);
    size_t n = 0;
    bpemix_status st = BPEMIX_OK;

    tok->alphabet = BMX_ALPHABET_BYTE;
    tok->ignore_merges = true; /* a piece that is a token is looked up whole */
    tok->vocab_size = (uint32_t)list->n;
    tok->piece_rank = bmx_malloc(tok->tokens.n, sizeof *tok->piece_rank);
    if (!order || !tok->piece_rank) {
        bmx_free(order);
        return bmx_nomem(err);
    }
    tok->n_piece_rank = tok->tokens.n;
    if (list->n)
        qsort(list->item, list->n, sizeof *list->item, by_rank);
    for (size_t i = 0; i < list->n && !st; i++) {
        tok->piece_rank[list->item[i].token] = list->item[i].rank;
        if (i && list->item[i].rank == list->item[i - 1].rank)
            st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "check that the file is whole",
                               "two tokens have rank %u", list->item[i].rank);
        if (tok->tokens.str[list->item[i].token].len > 1)
            order[n++] = list->item[i].token;
    }
    if (!st)
        st = bmx_recover_merges(tok, order, n, err);
    bmx_free(order);
    return st;
}

/* The pattern that the file holds, under the name of the preset it equals. */
static bpemix_status use_pattern(bpemix_tokenizer *tok, const char *pattern,
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
        same = s.n == 1 && s.step[0].kind == BMX_PRE_SPLIT && !strcmp(s.step[0].pattern.text, pattern);
        bmx_pretokenizer_spec_release(&s);
        if (same) {
            st = bmx_string_set(&tok->pretokenizer.name, *name, err);
            break;
        }
        st = BPEMIX_OK;
    }
    if (st)
        return st;
    if (!tok->pretokenizer.name &&
        (st = bmx_string_set(&tok->pretokenizer.name, "Split", err)))
        return st;
    if ((st = bmx_pretokenizer_add(&tok->pretokenizer, BMX_PRE_SPLIT, &x, err)))
        return st;
    /* the encoder walks over the matches and drops what is between them */
    x->behavior = BMX_SPLIT_REMOVED;
    x->invert = true;
    tok->pretokenizer_known = true;
    return bmx_pattern_set(&x->pattern, bmx_slice_str(pattern), true, BMX_REGEX_FANCY, err);
}

/* ---- "base64 rank" lines ---- */

static bmx_slice cut_line(bmx_slice *rest)
{
    const char *lf = memchr(rest->ptr, '\n', rest->len);
    bmx_slice line = bmx_slice_of(rest->ptr, lf ? (size_t)(lf - rest->ptr) : rest->len);

    rest->ptr += line.len + !!lf;
    rest->len -= line.len + !!lf;
    if (line.len && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

static bool split_rank(bmx_slice line, bmx_slice *base64, uint64_t *rank)
{
    const char *space = memchr(line.ptr, ' ', line.len);
    size_t i = space ? (size_t)(space - line.ptr) + 1 : line.len;

    if (!space || i == 1 || i == line.len || line.len - i > 10)
        return false;
    *base64 = bmx_slice_of(line.ptr, i - 1);
    for (*rank = 0; i < line.len; i++) {
        if (line.ptr[i] < '0' || line.ptr[i] > '9')
            return false;
        *rank = *rank * 10 + (uint64_t)(line.ptr[i] - '0');
    }
    return true;
}

static bpemix_status read_tiktoken(bpemix_tokenizer *tok, bmx_slice data,
                                   const bpemix_load_opts *opts, bpemix_error *err)
{
    rank_list list = { 0 };
    bpemix_status st = BPEMIX_OK;

    (void)opts;
    tok->format = BMX_FORMAT_TIKTOKEN;
    for (int64_t number = 1; data.len && !st; number++) {
        bmx_slice line = cut_line(&data), base64;
        uint64_t rank;
        char q[80];

        if (!line.len)
            continue;
        if (split_rank(line, &base64, &rank))
            st = add_ranked(tok, &list, base64, rank, err);
        else
            st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "check that the file is whole",
                               "%s is not \"base64 rank\"",
                               bmx_quote(q, sizeof q, line.ptr, line.len));
        if (st) {
            bmx_at(err, st, "line %lld", (long long)number);
            if (err)
                err->line = number;
        }
    }
    if (!st)
        st = finish_ranks(tok, &list, err);
    release_list(&list);
    return st;
}

/* The first lines are base64 and a number. */
static bool probe_tiktoken(bmx_slice data)
{
    size_t good = 0;

    while (data.len && good < 8) {
        bmx_slice line = cut_line(&data), base64;
        uint64_t rank;

        if (!line.len)
            continue;
        if (!split_rank(line, &base64, &rank) ||
            !(is_empty_token(base64) || bmx_base64_is(base64)))
            return false;
        good++;
    }
    return good > 0;
}

const bmx_reader bmx_reader_tiktoken = { "tiktoken", probe_tiktoken, read_tiktoken };

/* ---- compact JSON ---- */

/* bpe_ranks: lines "! offset token token ..."; token i has rank offset + i. */
static bpemix_status read_ranks(bpemix_tokenizer *tok, rank_list *list, const char *s,
                                bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t number = 0; *s && !st; number++) {
        size_t len = strcspn(s, "\n");
        const char *end = s + len, *p = s;
        char *digits_end = NULL;
        uint64_t rank = 0;

        if (len) {
            if (len > 3 && p[0] == '!' && p[1] == ' ' && p[2] >= '0' && p[2] <= '9')
                rank = strtoull(p + 2, &digits_end, 10);
            if (!digits_end || digits_end > end || (digits_end < end && *digits_end != ' '))
                st = bmx_fail(err, BPEMIX_E_FORMAT, "", "does not start with \"! offset\"");
            for (p = digits_end; !st && p < end; rank++) {
                size_t n = strcspn(++p, " \n");
                st = n ? add_ranked(tok, list, bmx_slice_of(p, n), rank, err) : BPEMIX_OK;
                p += n;
            }
            if (st)
                bmx_at(err, st, "bpe_ranks line %zu", number + 1);
        }
        s = *end ? end + 1 : end;
    }
    return st;
}

static bpemix_status read_compact(bpemix_tokenizer *tok, bmx_slice data,
                                  const bpemix_load_opts *opts, bpemix_error *err)
{
    bmx_json *root = NULL;
    rank_list list = { 0 };
    const char *ranks_text, *pattern;
    bpemix_status st = bmx_json_parse("", data, &root, err);

    if (st)
        return st;
    tok->format = BMX_FORMAT_COMPACT_RANKS;
    ranks_text = bmx_json_string(bmx_json_get(root, "bpe_ranks"));
    pattern = bmx_json_string(bmx_json_get(root, "pat_str"));
    if (!ranks_text)
        st = bmx_fail(err, BPEMIX_E_FORMAT, "bpe_ranks", "not a string");
    else if (!(st = read_ranks(tok, &list, ranks_text, err)))
        st = finish_ranks(tok, &list, err);
    if (!st && pattern)
        st = use_pattern(tok, pattern, opts, err);
    release_list(&list);
    bmx_json_free(root);
    return st;
}

static bool probe_compact(bmx_slice data)
{
    return bmx_json_looks_like_object(data) && bmx_json_has_key(data, "bpe_ranks");
}

const bmx_reader bmx_reader_compact_ranks = { "compact ranks", probe_compact, read_compact };

/* ---- tekken.json ---- */

/* Only the first default_vocab_size - default_num_special_tokens entries of
 * vocab are in use; ids are ranks plus the number of special tokens. */
static bpemix_status read_tekken(bpemix_tokenizer *tok, bmx_slice data,
                                 const bpemix_load_opts *opts, bpemix_error *err)
{
    bmx_json *root = NULL;
    const bmx_json *config, *vocab;
    rank_list list = { 0 };
    const char *pattern;
    uint64_t size = 0, special = 0, used, i = 0;
    bpemix_status st = bmx_json_parse("", data, &root, err);

    if (st)
        return st;
    tok->format = BMX_FORMAT_TEKKEN;
    config = bmx_json_get(root, "config");
    vocab = bmx_json_get(root, "vocab");
    pattern = bmx_json_string(bmx_json_get(config, "pattern"));
    if (!vocab || bmx_json_kind_of(vocab) != BMX_JSON_ARRAY) {
        st = bmx_fail(err, BPEMIX_E_FORMAT, "vocab", "not an array");
        goto done;
    }
    bmx_json_uint(bmx_json_get(config, "default_num_special_tokens"), BMX_NONE, &special);
    used = bmx_json_count(vocab);
    if (bmx_json_uint(bmx_json_get(config, "default_vocab_size"), BMX_NONE, &size)) {
        if (size < special)
            st = bmx_fail(err, BPEMIX_E_FORMAT, "config", "default_vocab_size %llu is smaller than "
                          "default_num_special_tokens %llu", (unsigned long long)size,
                          (unsigned long long)special);
        else if (size - special < used)
            used = size - special;
    }
    for (const bmx_json *v = bmx_json_first(vocab); v && i < used && !st;
         v = bmx_json_next(v), i++) {
        const char *bytes = bmx_json_string(bmx_json_get(v, "token_bytes"));
        uint64_t rank = i;

        if (!bytes || (bmx_json_get(v, "rank") &&
                       !bmx_json_uint(bmx_json_get(v, "rank"), BMX_NONE - 1, &rank)))
            st = bmx_fail(err, BPEMIX_E_FORMAT, "", "no %s", bytes ? "rank" : "token_bytes");
        else
            st = add_ranked(tok, &list, bmx_slice_str(bytes), rank, err);
        if (st)
            bmx_at(err, st, "vocab[%llu]", (unsigned long long)i);
    }
    if (!st)
        st = finish_ranks(tok, &list, err);
    for (size_t id = 0; id < tok->tokens.n && !st; id++)
        if (tok->vocab_id[id] != BMX_NONE) {
            if (tok->vocab_id[id] + special >= BMX_NONE)
                st = bmx_fail(err, BPEMIX_E_FORMAT, "config", "token ids above 4294967294");
            tok->vocab_id[id] += (uint32_t)special;
        }
    if (!st && pattern)
        st = use_pattern(tok, pattern, opts, err);
    if (!st && used < bmx_json_count(vocab)) {
        char *detail = bmx_asprintf("%llu of %zu stored tokens in use", (unsigned long long)used,
                                    bmx_json_count(vocab));
        st = detail ? BPEMIX_OK : bmx_nomem(err);
        tok->format_detail = detail;
    }
done:
    release_list(&list);
    bmx_json_free(root);
    return st;
}

static bool probe_tekken(bmx_slice data)
{
    return bmx_json_looks_like_object(data) && bmx_json_has_key(data, "config") &&
           bmx_json_has_key(data, "vocab");
}

const bmx_reader bmx_reader_tekken = { "tekken", probe_tekken, read_tekken };

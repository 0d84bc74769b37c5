/* SPDX-License-Identifier: GPL-3.0-or-later */
/* minbpe.c - the .model that Karpathy's minbpe saves: a version, a pattern, special tokens, and
 * merges as pairs of ids.
 *
 *   minbpe v1
 *   the pattern, empty if text is not split
 *   how many special tokens there are
 *   <|endoftext|> 100257        a special token and its id, a line each
 *   104 101                     merge t makes token 256 + t; the ids below are bytes
 */
#include "tokenizer/build.h"
#include "tokenizer/lines.h"
#include "tokenizer/ranks.h"

#include <string.h>

enum { BYTES = 256, MOST_TOKENS = 1 << 24 };

/* Bytes of all tokens together: a line of two ids may double the longest, so that a file of a few
 * hundred bytes could ask for any amount of memory. */
#define MOST_TEXT ((size_t)1 << 26)

static const char title[] = "minbpe v1";

/* A whole number, and what is behind it; false: there is none, or one that is no id. */
static bool take_number(bmx_slice *s, uint32_t *n)
{
    uint64_t v = 0;
    size_t i = 0;

    while (i < s->len && (s->ptr[i] == ' ' || s->ptr[i] == '\t'))
        i++;
    *s = bmx_slice_of(s->ptr + i, s->len - i);
    for (i = 0; i < s->len && s->ptr[i] >= '0' && s->ptr[i] <= '9' && v < BMX_NONE; i++)
        v = v * 10 + (uint64_t)(s->ptr[i] - '0');
    *s = bmx_slice_of(s->ptr + i, s->len - i);
    *n = (uint32_t)v;
    return i && v < BMX_NONE;
}

static bpemix_status not_a(const char *what, bmx_slice line, bpemix_error *err)
{
    char q[80];

    return bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "check that the file is whole", "%s is not %s",
                         bmx_quote(q, sizeof q, line.ptr, line.len), what);
}

static bpemix_status read_special(bpemix_tokenizer *tok, bmx_slice line, bpemix_error *err)
{
    const char *space = memrchr(line.ptr, ' ', line.len);
    bmx_added_token added = { .special = true };
    bmx_slice number;

    if (!space)
        return not_a("\"token id\"", line, err);
    added.text = bmx_slice_of(line.ptr, (size_t)(space - line.ptr));
    number = bmx_slice_of(space + 1, line.len - added.text.len - 1);
    if (!take_number(&number, &added.vocab_id) || number.len)
        return not_a("\"token id\"", line, err);
    tok->vocab.size++;
    return bmx_added_token_add(tok, &added, err);
}

/* made[n]: the tokens so far, by id.  Two merges may make the same text, by two ways. */
static bpemix_status read_merge(bpemix_tokenizer *tok, bmx_slice line, const uint32_t *made,
                                uint32_t n, uint32_t *product, uint32_t *n_again,
                                bpemix_error *err)
{
    bmx_slice rest = line;
    size_t before = tok->vocab.tokens.n;
    uint32_t left, right;
    bmx_buf text = { 0 };
    bpemix_status st;

    if (!take_number(&rest, &left) || !rest.len || !take_number(&rest, &right) ||
        !bmx_line_is_blank(rest))
        return not_a("two token ids", line, err);
    if (left >= n || right >= n)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "check that the file is whole",
                             "token %u, which no merge before makes", left >= n ? left : right);
    left = made[left];
    right = made[right];
    if (tok->vocab.tokens.str[left].len + tok->vocab.tokens.str[right].len >
        MOST_TEXT - tok->vocab.tokens.arena.bytes)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "", "check what the file is",
                             "tokens of more than %zu bytes together", MOST_TEXT);
    if (!(st = bmx_merge_text(tok, left, right, &text, err)) &&
        !(st = bmx_token_add_vocab(tok, bmx_slice_of(text.ptr, text.len), n, product, err)))
        st = bmx_merge_add_to(tok, left, right, *product, 0, err);
    *n_again += !st && tok->vocab.tokens.n == before;
    bmx_buf_release(&text);
    return st;
}

static bpemix_status add_bytes(bpemix_tokenizer *tok, uint32_t *made, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (uint32_t b = 0; b < BYTES && !st; b++) {
        char c = (char)b;
        st = bmx_token_add_vocab(tok, bmx_slice_of(&c, 1), b, &made[b], err);
    }
    tok->vocab.size += BYTES;
    return st;
}

/* The lines behind the special tokens. */
static bpemix_status read_merges(bpemix_tokenizer *tok, bmx_lines *it, bpemix_error *err)
{
    uint32_t *made = NULL, n = BYTES, n_again = 0;
    size_t cap = 0;
    bmx_slice line;
    bpemix_status st = bmx_reserve(&made, &cap, BYTES, sizeof *made, err);

    if (!st)
        st = add_bytes(tok, made, err);
    while (!st && bmx_lines_next(it, &line)) {
        if (bmx_line_is_blank(line))
            continue;
        if (n == MOST_TOKENS)
            st = bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than %d tokens", MOST_TOKENS);
        else if (!(st = bmx_reserve(&made, &cap, (size_t)n + 1, sizeof *made, err)))
            st = read_merge(tok, line, made, n, &made[n], &n_again, err);
        if (st)
            bmx_with_line(err, st, (uint64_t)it->number);
        n++;
        tok->vocab.size++;
    }
    bmx_free(made);
    return st || !n_again
               ? st
               : bmx_tokenizer_warn(tok, err,
                                    "merges that make a text for the second time: %u; minbpe keeps "
                                    "the tokens apart, here they are one", n_again);
}

static bpemix_status read_pattern(bpemix_tokenizer *tok, bmx_slice line,
                                  const bpemix_load_opts *opts, bpemix_error *err)
{
    char *pattern;
    bpemix_status st;

    if (opts && opts->pretokenizer)
        return BPEMIX_OK;
    tok->pretokenizer_known = true;
    if (!line.len)
        return BPEMIX_OK;
    if (memchr(line.ptr, 0, line.len))
        return bmx_fail(err, BPEMIX_E_FORMAT, "pattern", "a zero byte");
    if (!(pattern = bmx_strndup(line.ptr, line.len)))
        return bmx_nomem(err);
    st = bmx_rank_list_use_pattern(tok, pattern, opts, err);
    bmx_free(pattern);
    return st ? bmx_at(err, st, "pattern") : BPEMIX_OK;
}

static bpemix_status read_minbpe(bpemix_tokenizer *tok, bmx_slice data,
                                 const bpemix_load_opts *opts, bpemix_error *err)
{
    bmx_lines it = { data, 0 };
    bmx_slice line = { 0 }, rest;
    uint32_t n_special = 0;
    bpemix_status st;

    tok->format = BMX_FORMAT_MINBPE;
    tok->vocab.alphabet = BMX_ALPHABET_BYTE;
    bmx_lines_next(&it, &line);
    line = bmx_slice_of("", 0);
    bmx_lines_next(&it, &line);
    if ((st = read_pattern(tok, line, opts, err)))
        return st;
    rest = line = bmx_slice_of("", 0);
    if (bmx_lines_next(&it, &line))
        rest = line;
    if (!take_number(&rest, &n_special) || !bmx_line_is_blank(rest))
        return bmx_with_line(err, not_a("a number of special tokens", line, err), 3);
    for (uint32_t i = 0; i < n_special && !st; i++) {
        line = bmx_slice_of("", 0);
        bmx_lines_next(&it, &line);
        if ((st = read_special(tok, line, err)))
            bmx_with_line(err, st, (uint64_t)it.number);
    }
    return st ? st : read_merges(tok, &it, err);
}

static bool probe(bmx_slice data)
{
    const size_t n = sizeof title - 1;

    return data.len > n && !memcmp(data.ptr, title, n) &&
           (data.ptr[n] == '\n' || data.ptr[n] == '\r' || data.ptr[n] == ' ');
}

const bmx_reader bmx_reader_minbpe = { "minbpe", probe, read_minbpe };

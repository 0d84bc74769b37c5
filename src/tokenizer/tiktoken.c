/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiktoken.c - .tiktoken and its namesakes: one "base64 rank" a line. */
#include "tokenizer/base64.h"
#include "tokenizer/lines.h"
#include "tokenizer/ranks.h"

/* The two columns of a line, with any number of spaces and tabs before, between and behind
 * them.  A rank beyond 64 bits counts as the largest, which is refused later. */
static bool split_rank(bmx_slice line, bmx_slice *base64, uint64_t *rank)
{
    const char *p = line.ptr, *end = line.ptr + line.len, *digits;

    while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    digits = p;
    while (p < end && *p != ' ' && *p != '\t')
        p++;
    *base64 = bmx_slice_of(digits, (size_t)(p - digits));
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    digits = p;
    for (*rank = 0; p < end && *p >= '0' && *p <= '9'; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        *rank = *rank > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *rank * 10 + digit;
    }
    return base64->len && p > digits && p == end;
}

/* Lines behind the one at hand, whose places in the map of tokens have been fetched: that map is
 * larger than a cache, and most of the time went into waiting for it. */
typedef struct look_ahead {
    bmx_lines it;
    size_t n; /* lines, or SIZE_MAX at the end */
    bmx_buf bytes;
} look_ahead;

static bpemix_status fetch_to(look_ahead *a, size_t line_number, const bmx_intern *tokens,
                              bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (; a->n < line_number && !st; a->n++) {
        bmx_slice line, base64;
        uint64_t rank;
        bool ok = false;

        if (!bmx_lines_next(&a->it, &line)) {
            a->n = SIZE_MAX;
            break;
        }
        a->bytes.len = 0;
        if (split_rank(line, &base64, &rank))
            st = bmx_base64_decode(base64, &a->bytes, &ok, err);
        if (ok)
            bmx_intern_fetch(tokens, bmx_slice_of(a->bytes.ptr, a->bytes.len));
    }
    return st;
}

static bpemix_status read_tiktoken(bpemix_tokenizer *tok, bmx_slice data,
                                   const bpemix_load_opts *opts, bpemix_error *err)
{
    enum { AHEAD = 16, LINE_BYTES = 18 /* of o200k, others have 16 */ };
    bmx_lines it = { data, 0 };
    look_ahead ahead = { .it = it };
    bmx_rank_list list = { 0 };
    bmx_slice line;
    bpemix_status st = bmx_intern_reserve(&tok->vocab.tokens, data.len / LINE_BYTES, err);

    tok->format = BMX_FORMAT_TIKTOKEN;
    while (!st && bmx_lines_next(&it, &line)) {
        bmx_slice base64;
        uint64_t rank;
        char q[80];

        if ((st = fetch_to(&ahead, (size_t)it.number + AHEAD, &tok->vocab.tokens, err)))
            break;
        if (bmx_line_is_blank(line))
            continue;
        if (split_rank(line, &base64, &rank))
            st = bmx_rank_list_add(tok, &list, base64, rank, err);
        else
            st = bmx_fail_hint(err, BPEMIX_E_FORMAT, "", "check that the file is whole",
                               "%s is not \"base64 rank\"",
                               bmx_quote(q, sizeof q, line.ptr, line.len));
        if (st)
            bmx_with_line(err, st, (uint64_t)it.number);
    }
    if (!st)
        st = bmx_rank_list_finish(tok, &list, opts && opts->words_only, err);
    if (!st)
        st = bmx_rank_list_look_for_gaps(tok, &list, err);
    bmx_buf_release(&ahead.bytes);
    bmx_rank_list_release(&list);
    return st;
}

/* The first lines are base64 and a number. */
static bool probe_tiktoken(bmx_slice data)
{
    bmx_lines it = { data, 0 };
    bmx_slice line, base64;
    size_t good = 0;

    while (good < 8 && bmx_lines_next(&it, &line)) {
        uint64_t rank;

        if (bmx_line_is_blank(line))
            continue;
        if (!split_rank(line, &base64, &rank) ||
            !(bmx_rank_list_is_empty(base64) || bmx_base64_is(base64)))
            return false;
        good++;
    }
    return good > 0;
}

const bmx_reader bmx_reader_tiktoken = { "tiktoken", probe_tiktoken, read_tiktoken };

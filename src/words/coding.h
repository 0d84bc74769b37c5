/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coding.h - strings in files of counted words and chunks: each by what it shares with the one
 * before it, and its count; and a decoder that remembers that something was wrong. */
#ifndef BMX_WORDS_CODING_H
#define BMX_WORDS_CODING_H

#include "base/assert.h"
#include "base/wire.h"

#include <string.h>

#define BMX_CODING_MAX_SHARED 255u /* of the string before, so that a small file cannot unpack
                                    * into unbounded memory */

/* Bytes that two strings begin with alike, BMX_CODING_MAX_SHARED at most. */
static inline size_t bmx_shared_bytes(bmx_slice a, bmx_slice b)
{
    size_t n = 0, most = a.len < b.len ? a.len : b.len;

    if (most > BMX_CODING_MAX_SHARED)
        most = BMX_CODING_MAX_SHARED;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    while (most >= 8) {
        uint64_t x, y;

        memcpy(&x, a.ptr + n, 8);
        memcpy(&y, b.ptr + n, 8);
        if (x != y)
            return n + (size_t)__builtin_ctzll(x ^ y) / 8;
        if (n + 8 == most)
            return most;
        n = n + 16 <= most ? n + 8 : most - 8; /* the last eight overlap those before */
    }
#endif
    while (n < most && a.ptr[n] == b.ptr[n])
        n++;
    return n;
}

/* A string by what it shares with the one before it, and its count. */
static inline bpemix_status bmx_put_entry(bmx_buf *b, bmx_slice before, bmx_slice s, uint64_t count,
                                          bpemix_error *err)
{
    enum { NUMBERS = 3 * BMX_VARINT_BYTES };
    size_t same = bmx_shared_bytes(before, s), rest = s.len - same;
    char *p;

    BMX_ASSERT(s.len && count && bmx_slice_cmp(before, s) < 0); /* F1 of words, K1 of chunks */
    if (b->cap - b->len < rest + NUMBERS && bmx_buf_reserve(b, rest + NUMBERS, err))
        return BPEMIX_E_NOMEM;
    p = bmx_store_varint(bmx_store_varint(b->ptr + b->len, same), rest);
    memcpy(p, s.ptr + same, rest);
    b->len = (size_t)(bmx_store_varint(p + rest, count) - b->ptr);
    return BPEMIX_OK;
}

/* ---- reading: `bad` once anything was wrong ---- */

typedef struct bmx_decoder {
    const unsigned char *p, *end;
    bool bad;
} bmx_decoder;

static inline uint64_t bmx_get_number(bmx_decoder *r)
{
    uint64_t v;
    size_t n = bmx_load_varint(r->p, r->end, &v);

    if (!n) {
        r->bad = true;
        return 0;
    }
    r->p += n;
    return v;
}

static inline bmx_slice bmx_get_string(bmx_decoder *r)
{
    uint64_t n = bmx_get_number(r);
    bmx_slice s;

    if (n > (uint64_t)(r->end - r->p)) {
        r->bad = true;
        n = 0;
    }
    s = bmx_slice_of(r->p, (size_t)n);
    r->p += n;
    return s;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wire.h - numbers as bytes: fixed little endian, and base 128.
 *
 * A number in base 128 takes as few bytes as it needs: seven bits a byte, the lowest
 * first, the high bit set on all but the last.  This is the varint of protocol buffers,
 * and our own files use it, too. */
#ifndef BMX_BASE_WIRE_H
#define BMX_BASE_WIRE_H

#include "base/mem.h"

/* ---- fixed ---- */

/* The n low bytes of v, n <= 8. */
static inline void bmx_store_le(void *p, uint64_t v, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        ((unsigned char *)p)[i] = (unsigned char)(v >> (8 * i));
}

static inline uint64_t bmx_load_le(const void *p, unsigned n)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < n; i++)
        v |= (uint64_t)((const unsigned char *)p)[i] << (8 * i);
    return v;
}

static inline bpemix_status bmx_put_le(bmx_buf *b, uint64_t v, unsigned n, bpemix_error *err)
{
    unsigned char bytes[8];

    bmx_store_le(bytes, v, n);
    return bmx_buf_add(b, bytes, n, err);
}

/* ---- base 128 ---- */

enum { BMX_VARINT_BYTES = 10 }; /* the most that a number takes */

/* Write v at p, which has room for it, and return the end. */
static inline char *bmx_store_varint(char *p, uint64_t v)
{
    for (; v > 127; v >>= 7)
        *p++ = (char)(v | 128);
    *p++ = (char)v;
    return p;
}

/* Read a number from [p, end): how many bytes it takes, 0 when it is truncated or
 * has more than 64 bits.  Bytes of zero at its end, which no encoder writes, count. */
static inline size_t bmx_load_varint(const void *p, const void *end, uint64_t *v)
{
    const unsigned char *at = p;
    size_t room = (size_t)((const unsigned char *)end - at);

    *v = 0;
    for (size_t i = 0; i < room && i < BMX_VARINT_BYTES; i++) {
        if (i == BMX_VARINT_BYTES - 1 && at[i] > 1)
            return 0;
        *v |= (uint64_t)(at[i] & 127) << (7 * i);
        if (at[i] < 128)
            return i + 1;
    }
    return 0;
}

static inline bpemix_status bmx_put_varint(bmx_buf *b, uint64_t v, bpemix_error *err)
{
    bpemix_status st = bmx_buf_reserve(b, BMX_VARINT_BYTES, err);

    if (!st)
        b->len = (size_t)(bmx_store_varint(b->ptr + b->len, v) - b->ptr);
    return st;
}

/* A string with its length in front. */
static inline bpemix_status bmx_put_string(bmx_buf *b, bmx_slice s, bpemix_error *err)
{
    bpemix_status st = bmx_put_varint(b, s.len, err);
    return st ? st : bmx_buf_add(b, s.ptr, s.len, err);
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bytes64.h - tests of 64 bytes at once, one bit each, the first byte in bit 0.
 *
 * They use the instructions that the including file is compiled for; BMX_BYTES64 is not defined if
 * these do not suffice. */
#ifndef BMX_BASE_BYTES64_H
#define BMX_BASE_BYTES64_H

#include <stdint.h>
#include <string.h>

#if defined(__AVX512BW__)
#define BMX_BYTES64 1
#include <immintrin.h>

typedef struct bmx_bytes64 {
    __m512i v;
} bmx_bytes64;

/* Every byte with the bits of c. */
static inline bmx_bytes64 bmx_bytes64_or(bmx_bytes64 b, unsigned char c)
{
    return (bmx_bytes64){ _mm512_or_si512(b.v, _mm512_set1_epi8((char)c)) };
}

/* Bytes from 0x80 on. */
static inline uint64_t bmx_bytes64_high(bmx_bytes64 b) { return _mm512_movepi8_mask(b.v); }

static inline uint64_t bmx_bytes64_equal(bmx_bytes64 b, unsigned char c)
{
    return _mm512_cmpeq_epi8_mask(b.v, _mm512_set1_epi8((char)c));
}

/* Bytes from `from` to `to`, these two included. */
static inline uint64_t bmx_bytes64_range(bmx_bytes64 b, unsigned char from, unsigned char to)
{
    __m512i t = _mm512_sub_epi8(b.v, _mm512_set1_epi8((char)from));
    return _mm512_cmple_epu8_mask(t, _mm512_set1_epi8((char)(to - from)));
}

#elif defined(__SSE2__)
#define BMX_BYTES64 1

#if defined(__AVX2__)
#include <immintrin.h>
typedef __m256i bmx_bytes;
#define BMX_BYTES_(name) _mm256_##name
#define BMX_BYTES_OR _mm256_or_si256
#else
#include <emmintrin.h>
typedef __m128i bmx_bytes;
#define BMX_BYTES_(name) _mm_##name
#define BMX_BYTES_OR _mm_or_si128
#endif
enum { BMX_BYTES = sizeof(bmx_bytes), BMX_BYTES_PARTS = 64 / BMX_BYTES };

typedef struct bmx_bytes64 {
    bmx_bytes v[BMX_BYTES_PARTS];
} bmx_bytes64;

static inline bmx_bytes64 bmx_bytes64_or(bmx_bytes64 b, unsigned char c)
{
    for (int i = 0; i < BMX_BYTES_PARTS; i++)
        b.v[i] = BMX_BYTES_OR(b.v[i], BMX_BYTES_(set1_epi8)((char)c));
    return b;
}

static inline uint64_t bmx_bytes64_high(bmx_bytes64 b)
{
    uint64_t m = 0;

    for (int i = 0; i < BMX_BYTES_PARTS; i++)
        m |= (uint64_t)(uint32_t)BMX_BYTES_(movemask_epi8)(b.v[i]) << (BMX_BYTES * i);
    return m;
}

static inline uint64_t bmx_bytes64_equal(bmx_bytes64 b, unsigned char c)
{
    for (int i = 0; i < BMX_BYTES_PARTS; i++)
        b.v[i] = BMX_BYTES_(cmpeq_epi8)(b.v[i], BMX_BYTES_(set1_epi8)((char)c));
    return bmx_bytes64_high(b);
}

static inline uint64_t bmx_bytes64_range(bmx_bytes64 b, unsigned char from, unsigned char to)
{
    for (int i = 0; i < BMX_BYTES_PARTS; i++) {
        bmx_bytes t = BMX_BYTES_(sub_epi8)(b.v[i], BMX_BYTES_(set1_epi8)((char)from));
        b.v[i] = BMX_BYTES_(cmpeq_epi8)(
            BMX_BYTES_(min_epu8)(t, BMX_BYTES_(set1_epi8)((char)(to - from))), t);
    }
    return bmx_bytes64_high(b);
}
#endif

#if BMX_BYTES64
static inline bmx_bytes64 bmx_bytes64_load(const void *p)
{
    bmx_bytes64 b;

    memcpy(&b, p, sizeof b);
    return b;
}
#endif

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_cut_body.h - cutting 64 bytes of text at a time: a body for every kind of processor
 * (cpu.h). */
#include "base/assert.h"
#include "base/bytes64.h"
#include "base/cpu.h"
#include "words/chunk.h"

#include <string.h>

typedef struct places {
    uint64_t cut; /* a space behind a visible ASCII character */
    uint64_t ask; /* a space behind another character, or a byte that may begin a mark */
} places;

#if BMX_BYTES64

/* Of p[0 .. 64), p[-1] being text, too.  `marks`: are there any to find? */
static inline places find_places(const unsigned char *p, bool marks)
{
    bmx_bytes64 b = bmx_bytes64_load(p);
    uint64_t space = bmx_bytes64_equal(b, ' '), visible = bmx_bytes64_range(b, 0x21, 0x7e),
             high = bmx_bytes64_high(b);

    visible = visible << 1 | (p[-1] > ' ' && p[-1] < 0x7f);
    high = high << 1 | p[-1] >> 7;
    return (places){ space & visible,
                     (space & high) | (marks ? bmx_bytes64_range(b, 0xe0, 0xff) : 0) };
}

#else

/* The upper bits of the bytes of x, one behind the other. */
static uint64_t upper_bits(uint64_t x)
{
    return ((x & 0x8080808080808080u) >> 7) * 0x0102040810204080u >> 56;
}

/* Of p[0 .. 64), p[-1] being text, too.  `marks`: are there any to find? */
static places find_places(const unsigned char *p, bool marks)
{
    const uint64_t ones = 0x0101010101010101u, low = 0x7f * ones;
    uint64_t space = 0, visible = 0, high = 0, lead = 0;

    for (unsigned k = 0; k < 64; k += 8) {
        uint64_t w, x, seven;
        memcpy(&w, p + k, 8);
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
        w = __builtin_bswap64(w);
#endif
        x = w ^ ' ' * ones; /* a byte of it is 0 where there is a space */
        seven = w & low;
        space |= upper_bits(~(((x & low) + low) | x)) << k;
        /* 0x21 .. 0x7e: adding carries into the upper bit from 0x21 on, and from 0x7f on */
        visible |= upper_bits((seven + (0x80 - 0x21) * ones) & ~(seven + ones) & ~w) << k;
        high |= upper_bits(w) << k;
        lead |= upper_bits(w & w << 1 & w << 2) << k; /* three bytes or more */
    }
    visible = visible << 1 | (p[-1] > ' ' && p[-1] < 0x7f);
    high = high << 1 | p[-1] >> 7;
    return (places){ space & visible, (space & high) | (marks ? lead : 0) };
}

#endif

/* Put the places p + k of the bits k of b, which are BMX_CHUNK_BLOCK_ENDS at most.  Always eight
 * are put, the last ones for nothing: the processor cannot guess how many there are. */
static inline size_t put_ends(const char **end, const char *p, uint64_t b)
{
    size_t n = (size_t)__builtin_popcountll(b);

    BMX_ASSERT(n <= BMX_CHUNK_BLOCK_ENDS);
    for (size_t k = 0; k < n; k += 8)
        for (size_t i = k; i < k + 8; i++) {
            end[i] = p + __builtin_ctzll(b | (uint64_t)1 << 63);
            b &= b - 1;
        }
    return n;
}

size_t BMX_FOR_CPU(bmx_chunk_cut_blocks)(unsigned cuts, bmx_slice text, bmx_chunk_ask_fn *is_cut,
                                         size_t *at, const char **end, size_t cap)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    size_t n = 0, i = *at;

    for (; i < text.len && text.len - i >= 64 && cap - n >= BMX_CHUNK_BLOCK_ENDS; i += 64) {
        places found = find_places(p + i, cuts & BMX_CHUNK_PUNCTUATION);

        for (; found.ask; found.ask &= found.ask - 1)
            if (is_cut(cuts, text, i + (size_t)__builtin_ctzll(found.ask)))
                found.cut |= found.ask & -found.ask;
        n += put_ends(end + n, text.ptr + i, found.cut);
    }
    *at = i;
    return n;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* utf8.h - decoding and encoding of UTF-8 as bytes in memory. */
#ifndef BMX_BASE_UTF8_H
#define BMX_BASE_UTF8_H

#include "base/slice.h"

#include <stdint.h>
#include <string.h>

/* Length 1..4 of the well-formed character at p (of n > 0 bytes) and its code
 * point; 0 when the bytes there are not well-formed UTF-8. */
static inline unsigned bmx_utf8_decode(const char *text, size_t n, uint32_t *cp)
{
    const unsigned char *p = (const unsigned char *)text;

    if (p[0] < 0x80) {
        *cp = p[0];
        return 1;
    }
    if (p[0] >= 0xc2 && p[0] <= 0xdf && n >= 2 && (p[1] & 0xc0) == 0x80) {
        *cp = (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
        return 2;
    }
    if ((p[0] & 0xf0) == 0xe0 && n >= 3 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
        uint32_t c = (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
        if (c < 0x800 || (c >= 0xd800 && c <= 0xdfff))
            return 0;
        *cp = c;
        return 3;
    }
    if (p[0] >= 0xf0 && p[0] <= 0xf4 && n >= 4 && (p[1] & 0xc0) == 0x80 &&
        (p[2] & 0xc0) == 0x80 && (p[3] & 0xc0) == 0x80) {
        uint32_t c = (uint32_t)(p[0] & 7) << 18 | (uint32_t)(p[1] & 0x3f) << 12 |
                     (uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
        if (c < 0x10000 || c > 0x10ffff)
            return 0;
        *cp = c;
        return 4;
    }
    return 0;
}

/* Length of text[n] without a character that its end has cut through. */
static inline size_t bmx_utf8_whole(const char *text, size_t n)
{
    size_t k = 0;
    uint32_t c;

    while (k < 3 && k < n && ((unsigned char)text[n - 1 - k] & 0xc0) == 0x80)
        k++;
    return k < n && (unsigned char)text[n - 1 - k] >= 0xc0 &&
                   !bmx_utf8_decode(text + n - 1 - k, k + 1, &c)
               ? n - 1 - k
               : n;
}

/* Characters that are valid text, but that a terminal obeys instead of showing: C0 and C1
 * controls and DEL, line separators, marks of direction (which reorder what is beside them);
 * and those that it does not show at all, so that one name looks like another: the byte order
 * mark, the soft hyphen, spaces and joiners of no width (but U+200C and U+200D, which change the
 * shape of letters) and tags. */
static inline bool bmx_utf8_is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || c == 0x180e ||
           c == 0x200b || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
           (c >= 0xe0000 && c <= 0xe007f);
}

/* U+2581, which stands for a space in SentencePiece's pieces: as text, as a code point, and
 * whether it is what begins at byte `at` of s. */
#define BMX_SPACE_SYMBOL "\xe2\x96\x81"
#define BMX_SPACE_SYMBOL_CODE 0x2581u
static inline bool bmx_space_symbol_at(bmx_slice s, size_t at)
{
    return s.len - at >= 3 && !memcmp(s.ptr + at, BMX_SPACE_SYMBOL, 3);
}

/* Write the 1..4 bytes of cp (a scalar value) and return their number. */
unsigned bmx_utf8_encode(uint32_t cp, char out[4]);

/* Number of leading bytes of s that are well-formed UTF-8. */
size_t bmx_utf8_valid_prefix(bmx_slice s);
static inline bool bmx_utf8_valid(bmx_slice s) { return bmx_utf8_valid_prefix(s) == s.len; }

/* Some of them, until the last 64 bytes or a malformed character are near: for the
 * processor at hand (cpu.h). */
typedef size_t bmx_utf8_blocks_fn(bmx_slice s);
bmx_utf8_blocks_fn bmx_utf8_valid_blocks_plain, bmx_utf8_valid_blocks_avx2,
    bmx_utf8_valid_blocks_avx512;

/* Characters in well-formed text. */
size_t bmx_utf8_length(bmx_slice s);

#endif

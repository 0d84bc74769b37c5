/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classify_body.h - SIMD classification, compiled for each instruction set (cpu.h). */
#include "base/bytes64.h"
#include "base/cpu.h"
#include "split/classify.h"

#include <string.h>

/* Masks of the ASCII characters among 64 bytes, and M_TAIL; returns the bytes
 * that are not ASCII. */
#if BMX_BYTES64
static inline uint64_t ascii_masks(const unsigned char *p, const bmx_classes *classes, bmx_family f,
                                   uint64_t m[MASKS])
{
    bmx_bytes64 b = bmx_bytes64_load(p);
    uint64_t rest = bmx_bytes64_high(b);

    (void)classes;
    if (f == BMX_FAMILY_CASED) {
        m[M_UP] |= bmx_bytes64_range(b, 'A', 'Z');
        m[M_LOW] |= bmx_bytes64_range(b, 'a', 'z');
        m[M_SLASH] = bmx_bytes64_equal(b, '/');
    } else {
        m[M_L] |= bmx_bytes64_range(bmx_bytes64_or(b, 0x20), 'a', 'z');
    }
    m[M_N] |= bmx_bytes64_range(b, '0', '9');
    m[M_BLANK] = bmx_bytes64_equal(b, ' ');
    m[M_S] |= m[M_BLANK] | bmx_bytes64_range(b, '\t', '\r');
    m[M_NL] = bmx_bytes64_equal(b, '\n') | (f == BMX_FAMILY_LINES ? 0 : bmx_bytes64_equal(b, '\r'));
    m[M_QUOTE] = bmx_bytes64_equal(b, '\'');
    m[M_TAIL] = rest ? bmx_bytes64_range(b, 0x80, 0xbf) : 0;
    return rest;
}

/* The most common letters are recognized by their first bytes, many at a time: U+4E00 - U+9FFF,
 * U+B000 - U+CFFF, and the Russian U+0410 - U+045F (for patterns without case U+0400 - U+047F). */
static inline uint64_t bulk_letters(const unsigned char *p, bmx_family f, uint64_t tail,
                                    uint64_t m[M_MARK + 1])
{
    bmx_bytes64 b = bmx_bytes64_load(p);
    uint64_t both = bmx_bytes64_range(b, 0xe5, 0xe9) | bmx_bytes64_range(b, 0xeb, 0xec),
             cyrillic = bmx_bytes64_range(b, 0xd0, 0xd1), e4 = bmx_bytes64_equal(b, 0xe4), d0, d1,
             upper, lower;

    if (e4)
        both |= e4 & (bmx_bytes64_range(b, 0xb8, 0xbf) & tail) >> 1; /* a character that starts at
                                                                        byte 63 is left out */

    m[M_L] |= both;
    if (f != BMX_FAMILY_CASED) {
        m[M_L] |= cyrillic;
        return both | cyrillic;
    }
    m[M_LOW] |= both;
    if (!cyrillic)
        return both;
    d0 = bmx_bytes64_equal(b, 0xd0);
    d1 = bmx_bytes64_equal(b, 0xd1);
    upper = d0 & (bmx_bytes64_range(b, 0x90, 0xaf) & tail) >> 1;
    lower = (d0 & (bmx_bytes64_range(b, 0xb0, 0xbf) & tail) >> 1) |
            (d1 & (bmx_bytes64_range(b, 0x80, 0x9f) & tail) >> 1);
    m[M_UP] |= upper;
    m[M_LOW] |= lower;
    return both | upper | lower;
}
#else
static inline uint64_t bulk_letters(const unsigned char *p, bmx_family f, uint64_t tail,
                                    uint64_t m[M_MARK + 1])
{
    (void)p, (void)f, (void)tail, (void)m;
    return 0;
}

static inline uint64_t ascii_masks(const unsigned char *p, const bmx_classes *classes, bmx_family f,
                                   uint64_t m[MASKS])
{
    uint64_t rest = 0;

    for (int i = 0; i < 64; i++) {
        uint64_t bit = (uint64_t)1 << i;

        rest |= p[i] >= 0x80 ? bit : 0;
        for (int k = 0; k <= M_MARK; k++)
            m[k] |= p[i] < 0x80 && (classes->bmp[p[i]] >> k & 1) ? bit : 0;
        m[M_BLANK] |= p[i] == ' ' ? bit : 0;
        m[M_NL] |= p[i] == '\n' || (p[i] == '\r' && f != BMX_FAMILY_LINES) ? bit : 0;
        m[M_QUOTE] |= p[i] == '\'' ? bit : 0;
        m[M_SLASH] |= p[i] == '/' ? bit : 0;
        m[M_TAIL] |= (p[i] & 0xc0) == 0x80 ? bit : 0;
    }
    return rest;
}
#endif

/* Masks of the characters that start at the bits of `first`, bytes of p, each bit
 * where the character's first byte is. */
static inline void look_up(const unsigned char *p, uint64_t first, const bmx_classes *classes,
                           bmx_family f, uint64_t m[M_MARK + 1])
{
    const uint8_t *class = classes->bmp;
    uint64_t letters = 0 /* M_L, or M_UP */, low = 0;

    for (uint64_t b = first; b; b &= b - 1) {
        unsigned i = (unsigned)__builtin_ctzll(b), c;
        const unsigned char *q = p + i;

        if (*q < 0xe0)
            c = class[(unsigned)(*q & 31) << 6 | (q[1] & 63)];
        else if (*q < 0xf0)
            c = class[(unsigned)(*q & 15) << 12 | (unsigned)(q[1] & 63) << 6 | (q[2] & 63)];
        else
            c = bmx_class_byte((uint32_t)(*q & 7) << 18 | (uint32_t)(q[1] & 63) << 12 |
                                   (uint32_t)(q[2] & 63) << 6 | (q[3] & 63), f);
        letters |= (uint64_t)(c >> M_L & 1) << i;
        if (f == BMX_FAMILY_CASED)
            low |= (uint64_t)(c >> M_LOW & 1) << i;
        if (__builtin_expect(c >> M_N, 0)) /* most characters are letters */
            for (int k = M_N; k <= M_MARK; k++)
                m[k] |= (uint64_t)(c >> k & 1) << i;
    }
    m[M_L] |= letters;
    m[M_LOW] |= low;
}

/* m[k] has the first bytes of characters; set the bits of their other bytes, too. */
static inline void with_tails(uint64_t *mask, int k, uint64_t m, uint64_t tail)
{
    m |= (mask - MASKS)[k] >> 63 & tail;
    m |= m << 1 & tail;
    m |= m << 1 & tail;
    m |= m << 1 & tail;
    mask[k] |= m;
}

static inline void fill_masks(const bmx_classes *classes, uint64_t *mask, const unsigned char *text,
                              size_t base, size_t end, bmx_family f)
{
    memset(mask - MASKS, 0, ((end - base + 63) / 64 + 2) * MASKS * sizeof *mask);
    for (size_t at = base; at < end; at += 64, mask += MASKS) {
        const unsigned char *p = text + at;
        unsigned char copy[64];
        uint64_t rest, valid = ~(uint64_t)0;

        if (end - at < 64) {
            memset(copy, 0, sizeof copy);
            memcpy(copy, p, end - at);
            p = copy;
            valid = ((uint64_t)1 << (end - at)) - 1;
        }
        rest = ascii_masks(p, classes, f, mask);
        if (rest) {
            uint64_t m[M_MARK + 1] = { 0 }, tail = mask[M_TAIL];

            /* first bytes, then the bytes that follow them */
            rest &= ~tail;
            if (classes->bulk)
                rest &= ~bulk_letters(p, f, tail, m);
            look_up(text + at, rest, classes, f, m);
            with_tails(mask, M_L, m[M_L], tail);
            with_tails(mask, M_N, m[M_N], tail);
            with_tails(mask, M_S, m[M_S], tail);
            if (f == BMX_FAMILY_CASED) {
                with_tails(mask, M_LOW, m[M_LOW], tail);
                with_tails(mask, M_MARK, m[M_MARK], tail);
            }
        }
        mask[M_O] = (~(mask[M_L] | mask[M_LOW] | mask[M_N] | mask[M_S]) & valid) | mask[M_MARK];
    }
}

void BMX_FOR_CPU(bmx_classify)(const bmx_classes *classes, uint64_t *mask,
                               const unsigned char *text, size_t base, size_t end, bmx_family f)
{
    switch (f) { /* the compiler specializes the loop for each */
    case BMX_FAMILY_LETTERS: fill_masks(classes, mask, text, base, end, BMX_FAMILY_LETTERS); break;
    case BMX_FAMILY_MARKS: fill_masks(classes, mask, text, base, end, BMX_FAMILY_MARKS); break;
    case BMX_FAMILY_CASED: fill_masks(classes, mask, text, base, end, BMX_FAMILY_CASED); break;
    case BMX_FAMILY_LINES: fill_masks(classes, mask, text, base, end, BMX_FAMILY_LINES); break;
    }
}

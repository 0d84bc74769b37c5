/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan_window.h - the classified part of a text that scan.c looks at, and questions about it.
 *
 *   text    ....|====================|....
 *              base                 end      n words of 64 bytes, a mask a class
 *
 * All is inlined: a scanner asks these for nearly every byte. */
#ifndef BMX_SPLIT_SCAN_WINDOW_H
#define BMX_SPLIT_SCAN_WINDOW_H

#include "split/classify.h"

#define MORE SIZE_MAX      /* the window ends too early to tell */

/* ---- looking at masks ---------------------------------------------------------- */

/* The window text[base, end), of n words. */
typedef struct window {
    const unsigned char *text;
    size_t len, base, end, n;
    const uint64_t *mask; /* mask[n][MASKS] */
    uint64_t *start;      /* start[n]: where pre-tokens start */
    uint8_t *slow;        /* slow[n]: words in doubt (S3), for next_o200k() */
    size_t limit;         /* starts from here on are not known (S2) */
} window;

/* 64 bits of mask k from byte p on. */
static inline uint64_t bits_at(const window *w, int k, size_t p)
{
    size_t i = p - w->base;
    const uint64_t *m = w->mask + (i >> 6) * MASKS + k;
    unsigned s = (unsigned)(i & 63);

    return m[0] >> s | m[MASKS] << 1 << (63 - s);
}

static inline bool is_at(const window *w, int k, size_t p)
{
    size_t i = p - w->base;
    return w->mask[(i >> 6) * MASKS + (size_t)k] >> (i & 63) & 1;
}

/* End of the run of mask k that p is in, without the characters of mask `but` (-1: none). */
static inline size_t run_end_but(const window *w, int k, int but, size_t p)
{
    for (;; p += 64) {
        uint64_t b = ~bits_at(w, k, p) | (but < 0 ? 0 : bits_at(w, but, p));
        if (b)
            return p + (unsigned)__builtin_ctzll(b);
    }
}

static inline size_t run_end(const window *w, int k, size_t p) { return run_end_but(w, k, -1, p); }

static inline unsigned char_len(unsigned char c)
{
    return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* Start of the character that ends before p. */
static inline size_t char_before(const window *w, size_t p)
{
    for (p--; (w->text[p] & 0xc0) == 0x80;)
        p--;
    return p;
}

static inline unsigned char byte_at(const window *w, size_t p)
{
    return p < w->len ? w->text[p] : 0;
}

/* Does the window end at r although the text goes on? */
static inline bool cut_at(const window *w, size_t r) { return r >= w->end && w->end < w->len; }

/* ---- contractions ---------------------------------------------------------------- */

/* 's|'t|'re|'ve|'m|'ll|'d behind the apostrophe at p: length in all, 0: none. */
static inline unsigned contraction(const window *w, size_t p)
{
    unsigned char b = byte_at(w, p + 2);

    switch (byte_at(w, p + 1)) {
    case 's': case 't': case 'm': case 'd': return 2;
    case 'r': case 'v': return b == 'e' ? 3 : 0;
    case 'l': return b == 'l' ? 3 : 0;
    default: return 0;
    }
}

/* The same under (?i), where U+017F is an s too. */
static inline unsigned contraction_any_case(const window *w, size_t p)
{
    unsigned char b = byte_at(w, p + 2);

    switch (byte_at(w, p + 1)) {
    case 's': case 't': case 'm': case 'd': case 'S': case 'T': case 'M': case 'D': return 2;
    case 'r': case 'v': case 'R': case 'V': return (b | 32) == 'e' ? 3 : 0;
    case 'l': case 'L': return (b | 32) == 'l' ? 3 : 0;
    case 0xc5: return b == 0xbf ? 3 : 0;
    default: return 0;
    }
}

#endif

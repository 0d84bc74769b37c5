/* SPDX-License-Identifier: GPL-3.0-or-later */
/* utf8_body.h - well-formed UTF-8, 64 bytes at a time: a body for every kind of
 * processor (cpu.h). */
#include "base/bytes64.h"
#include "base/cpu.h"
#include "base/utf8.h"

#if BMX_BYTES64
/* Of 64 bytes that start with a character: how many are whole well-formed
 * characters, 0 when there is a malformed one. */
static inline unsigned valid64(const char *p)
{
    bmx_bytes64 b = bmx_bytes64_load(p);
    uint64_t high = bmx_bytes64_high(b), two, three, four, begun, bad, keep;
    unsigned n = 64;

    if (!high)
        return n;
    two = bmx_bytes64_range(b, 0xc0, 0xff);
    three = bmx_bytes64_range(b, 0xe0, 0xff);
    four = bmx_bytes64_range(b, 0xf0, 0xff);
    /* continuation bytes must stand exactly where first bytes require them */
    bad = (high & ~two) ^ (two << 1 | three << 2 | four << 3);
    bad |= bmx_bytes64_range(b, 0xc0, 0xc1);
    if (three) {
        uint64_t a0 = bmx_bytes64_range(b, 0xa0, 0xff);
        bad |= (bmx_bytes64_equal(b, 0xe0) << 1 & ~a0) | /* overlong */
               (bmx_bytes64_equal(b, 0xed) << 1 & a0);   /* surrogates */
    }
    if (four) {
        uint64_t at_90 = bmx_bytes64_range(b, 0x90, 0xff);
        bad |= bmx_bytes64_range(b, 0xf5, 0xff) | (bmx_bytes64_equal(b, 0xf0) << 1 & ~at_90) |
               (bmx_bytes64_equal(b, 0xf4) << 1 & at_90);
    }
    begun = (two & (uint64_t)1 << 63) | (three & (uint64_t)3 << 62) | (four & (uint64_t)7 << 61);
    keep = ~(uint64_t)0;
    if (begun) { /* the last character continues behind these bytes: leave it to the next call */
        n = (unsigned)__builtin_ctzll(begun);
        keep = ((uint64_t)2 << n) - 1; /* with its first byte: no tail may be missing there */
    }
    return bad & keep ? 0 : n;
}
#endif

size_t BMX_FOR_CPU(bmx_utf8_valid_blocks)(bmx_slice s)
{
    size_t i = 0;
#if BMX_BYTES64
    unsigned n;

    while (s.len - i >= 64 && (n = valid64(s.ptr + i)))
        i += n;
#else
    (void)s;
#endif
    return i;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"
#include "base/cpu.h"

#include <string.h>

#define BMX_CPU plain
#include "base/utf8_body.h"

unsigned bmx_utf8_encode(uint32_t cp, char out[4])
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xc0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xe0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
        out[2] = (char)(0x80 | (cp & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
    out[3] = (char)(0x80 | (cp & 0x3f));
    return 4;
}

size_t bmx_utf8_valid_prefix(bmx_slice s)
{
    static bmx_utf8_blocks_fn *const blocks_of[BMX_CPU_KINDS] = {
        bmx_utf8_valid_blocks_plain, bmx_utf8_valid_blocks_avx2, bmx_utf8_valid_blocks_avx512
    };
    bmx_utf8_blocks_fn *blocks = s.len >= 64 ? blocks_of[bmx_cpu_kind()] : NULL;
    size_t i = 0;
    uint32_t cp;

    while (i < s.len) {
        uint64_t w;
        unsigned n;

        if (s.len - i >= 64)
            i += blocks(bmx_slice_of(s.ptr + i, s.len - i));
        while (s.len - i >= 8) { /* eight ASCII bytes at once */
            memcpy(&w, s.ptr + i, 8);
            if (w & 0x8080808080808080u)
                break;
            i += 8;
        }
        if (i == s.len || !(n = bmx_utf8_decode(s.ptr + i, s.len - i, &cp)))
            break;
        i += n;
    }
    return i;
}

size_t bmx_utf8_length(bmx_slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
    return n;
}

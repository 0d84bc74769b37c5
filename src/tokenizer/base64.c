/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer/base64.h"

/* Digits and one; looked up, because letters follow each other at random, and branches would be
 * mispredicted. */
static const uint8_t next_digit[256] = {
    ['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7, ['H'] = 8,
    ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15,
    ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22,
    ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29,
    ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
    ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42, ['q'] = 43,
    ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50,
    ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56, ['4'] = 57,
    ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64
};

/* -1: none. */
static inline int digit_of(char c) { return next_digit[(unsigned char)c] - 1; }

/* Length without padding. */
static size_t digits_of(bmx_slice text)
{
    size_t n = text.len;

    if (n % 4 == 0 && n && text.ptr[n - 1] == '=')
        n -= text.ptr[n - 2] == '=' ? 2 : 1;
    return n;
}

bool bmx_base64_is(bmx_slice text)
{
    size_t n = digits_of(text);
    int all = 0;

    for (size_t i = 0; i < n; i++)
        all |= digit_of(text.ptr[i]);
    return all >= 0 && n % 4 != 1;
}

bpemix_status bmx_base64_decode(bmx_slice text, bmx_buf *out, bool *ok, bpemix_error *err)
{
    size_t n = digits_of(text), i = 0;
    uint32_t bits = 0;
    unsigned char *p;
    bpemix_status st;

    if (!(*ok = bmx_base64_is(text)))
        return BPEMIX_OK;
    if ((st = bmx_buf_reserve(out, n / 4 * 3 + 3, err)))
        return st;
    p = (unsigned char *)out->ptr + out->len;
    for (; i < n; i++) {
        bits = bits << 6 | (uint32_t)digit_of(text.ptr[i]);
        if (i % 4 == 3) { /* four digits, three bytes */
            *p++ = (unsigned char)(bits >> 16);
            *p++ = (unsigned char)(bits >> 8);
            *p++ = (unsigned char)bits;
        }
    }
    if (n % 4 == 2) {
        *p++ = (unsigned char)(bits >> 4);
    } else if (n % 4 == 3) {
        *p++ = (unsigned char)(bits >> 10);
        *p++ = (unsigned char)(bits >> 2);
    }
    out->len += n / 4 * 3 + (n % 4 ? n % 4 - 1 : 0);
    return BPEMIX_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer/base64.h"

static int digit_of(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

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

    for (size_t i = 0; i < n; i++)
        if (digit_of((unsigned char)text.ptr[i]) < 0)
            return false;
    return n % 4 != 1;
}

bpemix_status bmx_base64_decode(bmx_slice text, bmx_buf *out, bool *ok, bpemix_error *err)
{
    size_t n = digits_of(text);
    uint32_t bits = 0;
    unsigned held = 0;
    bpemix_status st;

    if (!(*ok = bmx_base64_is(text)))
        return BPEMIX_OK;
    if ((st = bmx_buf_reserve(out, n / 4 * 3 + 3, err)))
        return st;
    for (size_t i = 0; i < n; i++) {
        bits = bits << 6 | (uint32_t)digit_of((unsigned char)text.ptr[i]);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out->ptr[out->len++] = (char)(bits >> held);
        }
    }
    return BPEMIX_OK;
}

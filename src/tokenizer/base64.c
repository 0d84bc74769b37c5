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

bpemix_status bmx_base64_decode(bmx_slice text, bmx_buf *out, bool *ok, bpemix_error *err)
{
    size_t n = text.len, start = out->len;
    uint32_t bits = 0;
    unsigned held = 0;
    bpemix_status st = bmx_buf_reserve(out, n / 4 * 3 + 3, err);

    if (st)
        return st;
    *ok = true;
    if (n % 4 == 0 && n && text.ptr[n - 1] == '=')
        n -= text.ptr[n - 2] == '=' ? 2 : 1;
    if (n % 4 == 1)
        *ok = false;
    for (size_t i = 0; i < n && *ok; i++) {
        int d = digit_of((unsigned char)text.ptr[i]);
        *ok = d >= 0;
        bits = bits << 6 | (uint32_t)(d & 63);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out->ptr[out->len++] = (char)(bits >> held);
        }
    }
    if (!*ok)
        out->len = start;
    return BPEMIX_OK;
}

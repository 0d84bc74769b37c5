/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer/bytelevel.h"
#include "base/utf8.h"

bpemix_status bmx_bytelevel_encode(bmx_slice raw, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st;

    if (raw.len > SIZE_MAX / 2)
        return bmx_nomem(err);
    if ((st = bmx_buf_reserve(out, 2 * raw.len, err)))
        return st;
    for (size_t i = 0; i < raw.len; i++)
        out->len += bmx_utf8_encode(bmx_bytelevel_char((unsigned char)raw.ptr[i]),
                                    out->ptr + out->len);
    return BPEMIX_OK;
}

bool bmx_bytelevel_decode(bmx_slice text, char *out, size_t *n)
{
    size_t o = 0;

    for (size_t i = 0; i < text.len;) {
        uint32_t cp;
        unsigned len = bmx_utf8_decode(text.ptr + i, text.len - i, &cp);
        int byte = len ? bmx_bytelevel_byte(cp) : -1;
        if (byte < 0)
            return false;
        out[o++] = (char)byte;
        i += len;
    }
    *n = o;
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chars.h - characters in and out of well-formed text. */
#ifndef BMX_SPLIT_CHARS_H
#define BMX_SPLIT_CHARS_H

#include "base/mem.h"
#include "base/utf8.h"

/* The character at byte i < s.len and its length. */
static inline unsigned bmx_char_at(bmx_slice s, size_t i, uint32_t *cp)
{
    unsigned n = bmx_utf8_decode(s.ptr + i, s.len - i, cp);

    if (n)
        return n;
    *cp = 0xfffd; /* not reached for well-formed text */
    return 1;
}

static inline bpemix_status bmx_put_char(bmx_buf *out, uint32_t cp, bpemix_error *err)
{
    if (bmx_buf_reserve(out, 4, err))
        return BPEMIX_E_NOMEM;
    out->len += bmx_utf8_encode(cp, out->ptr + out->len);
    return BPEMIX_OK;
}

#endif

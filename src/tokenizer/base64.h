/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base64.h - standard base64 with padding. */
#ifndef BMX_TOKENIZER_BASE64_H
#define BMX_TOKENIZER_BASE64_H

#include "base/mem.h"

/* Append the bytes that text stands for.  *ok = false, with nothing appended,
 * when text is not base64; missing padding is tolerated, white space is not. */
bpemix_status bmx_base64_decode(bmx_slice text, bmx_buf *out, bool *ok, bpemix_error *err);

/* Would it be decoded? */
bool bmx_base64_is(bmx_slice text);

#endif

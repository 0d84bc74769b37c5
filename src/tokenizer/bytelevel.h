/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bytelevel.h - the printable alphabet in which byte-level tokenizers write
 * their tokens, so that no token holds a space, a control character or a
 * malformed sequence.
 *
 *   bytes 21-7e, a1-ac, ae-ff   the code point of the same value
 *   the other 68, ascending     U+0100, U+0101, ... U+0143
 *
 * (space is U+0120, newline U+010a). */
#ifndef BMX_TOKENIZER_BYTELEVEL_H
#define BMX_TOKENIZER_BYTELEVEL_H

#include "base/mem.h"

/* Code point that stands for a byte. */
static inline uint32_t bmx_bytelevel_char(unsigned char byte)
{
    if (byte <= 0x20)
        return 0x100u + byte;
    if (byte >= 0x7f && byte <= 0xa0)
        return 0x121u + (byte - 0x7fu);
    return byte == 0xad ? 0x143 : byte;
}

/* Byte that a code point stands for, -1 when it is not in the alphabet. */
static inline int bmx_bytelevel_byte(uint32_t cp)
{
    if (cp >= 0x100 && cp <= 0x143)
        return (int)(cp <= 0x120 ? cp - 0x100 : cp <= 0x142 ? cp - 0x121 + 0x7f : 0xad);
    if ((cp >= 0x21 && cp <= 0x7e) || (cp >= 0xa1 && cp <= 0xff && cp != 0xad))
        return (int)cp;
    return -1;
}

/* Printable form of raw bytes, appended to out. */
bpemix_status bmx_bytelevel_encode(bmx_slice raw, bmx_buf *out, bpemix_error *err);

/* Raw bytes of printable text into out, which has room for text.len bytes.
 * Returns false, with *n undefined, when a character is not in the alphabet. */
bool bmx_bytelevel_decode(bmx_slice text, char *out, size_t *n);

#endif

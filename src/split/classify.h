/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classify.h - one bit a byte and class, 64 bytes a word: what scan.c works on.
 * Nothing else includes this, so the names of masks are short. */
#ifndef BMX_SPLIT_CLASSIFY_H
#define BMX_SPLIT_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Masks of a word of 64 bytes, by family of patterns:
 *
 *             LETTERS   MARKS         CASED
 *   M_L       L         L M           Lu Lt Lm Lo M      (M_UP)
 *   M_LOW     -         -             Ll Lm Lo M
 *   M_O       others    others        others and M       not L, N or white space
 *   M_MARK    -         -             M */
enum {
    M_L, M_UP = M_L, M_LOW, M_N, M_S, M_MARK, /* in this order: bits of a class byte */
    M_O, M_BLANK /* U+0020 */, M_NL /* \r \n; LINES: \n */, M_QUOTE /* ' */, M_SLASH,
    M_TAIL /* 10xxxxxx */,
    MASKS
};
typedef enum bmx_family {
    BMX_FAMILY_LETTERS,
    BMX_FAMILY_MARKS,
    BMX_FAMILY_CASED,
    BMX_FAMILY_LINES /* as LETTERS, but for M_NL */
} bmx_family;

/* Fill the masks of text[base, end), well-formed and of whole characters, from *mask
 * on: mask[n][MASKS], n = (end - base + 63) / 64.  There is room for a word before and one behind
 * them; these two and the bits behind the end are set to zero. */
void bmx_classify(uint64_t *mask, const unsigned char *text, size_t base, size_t end, bmx_family f);

/* ---- for the bodies ---- */

/* The first five masks of characters, one bit each. */
typedef struct bmx_classes {
    uint8_t bmp[0x10000]; /* of the basic plane */
    bool bulk;            /* the assumptions of bulk_letters() hold */
} bmx_classes;

uint8_t bmx_class_byte(uint32_t cp, bmx_family f);

typedef void bmx_classify_fn(const bmx_classes *classes, uint64_t *mask, const unsigned char *text,
                             size_t base, size_t end, bmx_family f);
bmx_classify_fn bmx_classify_plain, bmx_classify_avx2, bmx_classify_avx512;

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind.h - the kind of text that a token comes from, judged by its characters. */
#ifndef BMX_DIAGNOSE_KIND_H
#define BMX_DIAGNOSE_KIND_H

#include "base/slice.h"
#include "result/values.h"

typedef enum bmx_kind {
    BMX_KIND_WORDS,       /* letters; Latin ones without diacritics */
    BMX_KIND_DIACRITICS,  /* Latin letters, some of them not ASCII */
    BMX_KIND_CODE,        /* ASCII that prose hardly has: names_of_things, camelCase, brackets */
    BMX_KIND_DIGITS,
    BMX_KIND_PUNCTUATION,
    BMX_KIND_SYMBOLS,     /* emoji, arrows, box drawing, control characters ... */
    BMX_KIND_SPACE,       /* white space alone: indentation, line ends */
    BMX_KIND_BYTES,       /* part of a character */
    BMX_KINDS
} bmx_kind;

typedef struct bmx_token_kind {
    bmx_kind kind;
    unsigned script; /* of its first letter (unicode_script.h); BMX_SCRIPT_COMMON: it has none */
} bmx_token_kind;

/* U+2581 counts as a space. */
bmx_token_kind bmx_token_kind_of(bmx_slice token);

/* "words", "words with diacritics", "code", ...: static. */
const char *bmx_kind_name(bmx_kind kind);

/* Does the token begin a word of at least three letters?  Such tokens tell the kind of text
 * better than fragments of words do. */
bool bmx_token_is_telling(bmx_slice token);

#define BMX_TOKEN_EXAMPLES 10 /* of a kind, or of whatever else tokens are told by */

/* Adds its spelling, unless it is there: a token may end a word in one merge and not in another. */
bpemix_status bmx_token_add_example(bmx_slice token, bmx_texts *out, bpemix_error *err);

#endif

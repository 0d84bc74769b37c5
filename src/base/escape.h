/* SPDX-License-Identifier: GPL-3.0-or-later */
/* escape.h - the one spelling of a token, in every table and document.
 *
 *   valid UTF-8           as it is
 *   backslash             \\
 *   newline, tab          \n, \t
 *   space at either end   U+2423 (an open box) each
 *   all else              \xNN a byte: malformed bytes, control characters (C0, DEL, C1),
 *                         line separators, marks of direction and a byte order mark, which a
 *                         terminal would obey, other spaces and what has no width (not the
 *                         joiners, which words are written with), and U+2423 itself
 *
 * No two tokens share a spelling, and bmx_token_unescape() finds the token again. */
#ifndef BMX_BASE_ESCAPE_H
#define BMX_BASE_ESCAPE_H

#include "base/error.h"
#include "base/mem.h"

bpemix_status bmx_token_escape(bmx_slice token, bmx_buf *out, bpemix_error *err);

/* E_FORMAT: not something that bmx_token_escape() writes. */
bpemix_status bmx_token_unescape(bmx_slice text, bmx_buf *out, bpemix_error *err);

/* The spelling as a string, owned by the caller; NULL: out of memory. */
char *bmx_token_text(bmx_slice token);

/* For sentences: a spelling between single quotes, in which spaces are written as they are.  A long
 * one is clipped with an ellipsis; a long run of one character is written as its length: "'-' 80
 * times". */
bpemix_status bmx_token_quote(const char *spelling, bmx_buf *out, bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encoding.h - is this UTF-8, another encoding, or no text at all? */
#ifndef BMX_READ_ENCODING_H
#define BMX_READ_ENCODING_H

#include "read/content.h"

/* What the beginning of a document shows of its encoding: BMX_CONTENT_TEXT for UTF-8, otherwise
 * BMX_CONTENT_UTF16, _ZEROS, _MALFORMED or _BINARY. */
bmx_content bmx_encoding_of(bmx_slice start, bool whole);

/* Control characters that are no white space. */
size_t bmx_count_controls(bmx_slice s);

#endif

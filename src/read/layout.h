/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layout.h - text with columns, headers or elements around it, which would be counted, too. */
#ifndef BMX_READ_LAYOUT_H
#define BMX_READ_LAYOUT_H

#include "read/content.h"

/* Mail, subtitles, dumps and markup.  s: the beginning of a document, from its first character that
 * is no white space. */
bmx_content bmx_layout_content(bmx_slice s);

/* Tables; whole: s is all of the document. */
bmx_content bmx_table_content(bmx_slice s, bool whole, const char *field);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_content.h - is this JSON that holds texts? */
#ifndef BMX_READ_JSON_CONTENT_H
#define BMX_READ_JSON_CONTENT_H

#include "read/content.h"

/* s: the beginning of a document, from its first character that is no white space. */
bmx_content bmx_json_content(bmx_slice s, bool whole, const char *field);

#endif

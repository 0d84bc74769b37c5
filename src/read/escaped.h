/* SPDX-License-Identifier: GPL-3.0-or-later */
/* escaped.h - is this text in disguise: characters written as escapes of ASCII, or UTF-8 that was
 * encoded once more? */
#ifndef BMX_READ_ESCAPED_H
#define BMX_READ_ESCAPED_H

#include "base/slice.h"

/* What the text is written in, and in *hint what to do about it; NULL: no such thing. */
const char *bmx_escaped_text(bmx_slice s, const char **hint);

#endif

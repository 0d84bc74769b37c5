/* SPDX-License-Identifier: GPL-3.0-or-later */
/* foreign.h - files that are given as a tokenizer and are none that is read here. */
#ifndef BMX_TOKENIZER_FOREIGN_H
#define BMX_TOKENIZER_FOREIGN_H

#include "base/slice.h"

/* What the file is, and in *hint what to do; NULL when it is none that is known. */
const char *bmx_foreign(bmx_slice data, const char **hint);

#endif

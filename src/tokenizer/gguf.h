/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gguf.h - how much of a GGUF file must be read. */
#ifndef BMX_TOKENIZER_GGUF_H
#define BMX_TOKENIZER_GGUF_H

#include "base/slice.h"

/* Starts with the magic bytes. */
bool bmx_gguf_is(bmx_slice data);

/* The beginning of a GGUF file holds its whole header, or is damaged such that
 * reading more of it would not help. */
bool bmx_gguf_header_whole(bmx_slice data);

#endif

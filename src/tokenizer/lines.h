/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lines.h - the lines of a text in memory.
 *
 * Lines end at LF alone, as tokens can hold other characters that look like line
 * ends; one CR before it is dropped. */
#ifndef BMX_TOKENIZER_LINES_H
#define BMX_TOKENIZER_LINES_H

#include "base/slice.h"

#include <stdint.h>
#include <string.h>

/* Start as { text, 0 }; `number` is that of the line handed out last, from 1. */
typedef struct bmx_lines {
    bmx_slice rest;
    int64_t number;
} bmx_lines;

static inline bool bmx_lines_next(bmx_lines *it, bmx_slice *line)
{
    const char *lf;

    if (!it->rest.len)
        return false;
    lf = memchr(it->rest.ptr, '\n', it->rest.len);
    *line = bmx_slice_of(it->rest.ptr, lf ? (size_t)(lf - it->rest.ptr) : it->rest.len);
    it->rest.ptr += line->len + !!lf;
    it->rest.len -= line->len + !!lf;
    if (line->len && line->ptr[line->len - 1] == '\r')
        line->len--;
    it->number++;
    return true;
}

/* Nothing, or spaces and tabs. */
static inline bool bmx_line_is_blank(bmx_slice line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] != ' ' && line.ptr[i] != '\t')
            return false;
    return true;
}

/* Text without a byte order mark in front, which editors on Windows put there. */
static inline bmx_slice bmx_skip_mark(bmx_slice text)
{
    bool mark = text.len >= 3 && !memcmp(text.ptr, "\xef\xbb\xbf", 3);
    return mark ? bmx_slice_of(text.ptr + 3, text.len - 3) : text;
}

#endif

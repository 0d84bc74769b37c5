/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content.h - is this text?  Judged by how a document begins. */
#ifndef BMX_READ_CONTENT_H
#define BMX_READ_CONTENT_H

#include "base/slice.h"

/* Bytes of a document that are examined, at most. */
#define BMX_LOOK_BYTES ((size_t)32768)

typedef enum bmx_content_kind {
    BMX_CONTENT_TEXT,
    BMX_CONTENT_RECORDS,   /* lines are JSON objects, with their text in the field asked for */
    BMX_CONTENT_OBJECTS,   /* lines of JSON without that field; tables, mail and dumps, which hold
                              text among other things */
    BMX_CONTENT_VALUES,    /* JSON with texts that are not one record a line */
    BMX_CONTENT_UTF16,     /* or UTF-32, or ISO 2022 */
    BMX_CONTENT_ZEROS,     /* zero bytes or control characters, which text hardly ever has */
    BMX_CONTENT_MALFORMED, /* bytes that are not UTF-8 outweigh those that are, ASCII aside */
    BMX_CONTENT_ESCAPED,   /* characters written as escapes, or encoded twice */
    BMX_CONTENT_BINARY,    /* a known format that is not text and should not be counted */
    BMX_CONTENT_NOMEM      /* there was no memory to tell records from text */
} bmx_content_kind;

typedef struct bmx_content {
    bmx_content_kind kind;
    const char *what; /* "a PDF document"; static; NULL for text and records */
    const char *hint; /* what to do about it; static */
} bmx_content;

/* start: the beginning of a document; whole: it is all of it.  Asks for memory only to
 * look at records. */
bmx_content bmx_content_of(bmx_slice start, bool whole, const char *field);

/* Are many of these bytes zero?  For text behind the beginning: a file that was truncated may be
 * padded with zeros. */
bool bmx_content_is_full_of_zeros(bmx_slice text);
bmx_content bmx_content_of_zeros(void);

/* The same of a member of an archive: does its name, or what it says, make the archive a
 * document of an office program, or a book? */
bmx_content bmx_content_of_member(const char *name, bmx_slice start);

#endif

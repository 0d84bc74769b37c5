/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record.h - one record: a line of JSONL, or of a JSON text sequence, and the text in it. */
#ifndef BMX_READ_RECORD_H
#define BMX_READ_RECORD_H

#include "base/mem.h"

/* The separator before each record of a JSON text sequence (RFC 7464); treated as white space. */
#define BMX_RECORD_SEPARATOR '\x1e'

/* The text of one JSONL line, into *text, whose content is replaced.  Returns what is wrong with
 * the line, or NULL; *nomem: memory was short. */
const char *bmx_record_text(bmx_slice line, const char *field, bmx_buf *text, bool *nomem);

/* What to do about a line that bmx_record_text() refused as `wrong`: where the field is missing,
 * the member that may be meant is named. */
void bmx_record_remedy(bmx_slice line, const char *field, const char *wrong, char *hint, size_t n);

/* Is the line a JSON object (with NaN allowed), given what bmx_record_text() returned for it? */
bool bmx_record_is_object(bmx_slice line, const char *wrong);

/* Is this the beginning of a JSON object, which may be truncated?  *has_text: it has the beginning
 * of the text. */
bool bmx_record_begins(bmx_slice start, const char *field, bool *has_text, bool *nomem);

/* Text behind a byte order mark and white space, with the separators of records, all of which may
 * be missing. */
bmx_slice bmx_skip_space(bmx_slice s);

/* A line of white space or a separator alone, which is no record. */
bool bmx_record_is_blank(bmx_slice line);

#endif

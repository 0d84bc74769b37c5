/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sink.h - text for terminals, laid out in columns of the display. */
#ifndef BMX_REPORT_SINK_H
#define BMX_REPORT_SINK_H

#include "report/write.h"

/* Text as it is, but for control characters. */
void bmx_sink_text(bmx_sink *s, const char *text);

/* The same, filled up with spaces to so many columns; clipped, with an ellipsis, when it is
 * wider. */
void bmx_sink_padded(bmx_sink *s, const char *text, int columns);

/* The same without the spaces. */
void bmx_sink_clipped(bmx_sink *s, const char *text, int columns);

/* Begin a table with an empty line and the heading of its column of names; returns how wide that
 * column is. */
int bmx_sink_name_column(bmx_sink *s, const char *const *name, size_t n);

/* Right-aligned in `columns` columns and the unit. */
void bmx_sink_bytes(bmx_sink *s, uint64_t n, int columns);

/* Length of the word that text begins with: up to a space, or to the end of a quoted token,
 * which may have spaces in it. */
size_t bmx_sink_word(const char *text);

/* Words of a text on lines of at most `width` columns.  The first line goes on from column `at`,
 * the others begin at column `indent`; ends in a newline. */
void bmx_sink_wrapped(bmx_sink *s, const char *text, int at, int indent, int width);

#endif

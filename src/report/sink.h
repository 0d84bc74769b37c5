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

/* A label in so many columns, and behind it a sentence that may be longer than a line. */
enum { BMX_LABEL = 11 };
void bmx_sink_labelled(bmx_sink *s, const char *label, int width, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Names of categories are what a table is about: it leaves out other columns before its column of
 * names is narrower than its names, or than so many columns. */
enum { BMX_LEAST_NAME = 8, BMX_ENOUGH_NAME = 20, BMX_MOST_NAME = 32 };

/* How wide a column of these names is on a line of `width` columns of which the other columns of
 * the table take `others`. */
int bmx_sink_name_column(const char *const *name, size_t n, int others, int width);

/* A name in such a column, filled up with spaces.  A wider one has a line of its own above the rest
 * of its row, so that it is not clipped. */
void bmx_sink_name(bmx_sink *s, const char *name, int columns);

/* Two tokens with a space between them, clipped to so many columns, and filled up with spaces if
 * asked for. */
void bmx_sink_merge(bmx_sink *s, const char *left, const char *right, int columns, bool fill);

/* How wide text is on a terminal of so many columns: 40 at least; 0: of which that is not known. */
int bmx_sink_columns(int columns);

/* Right-aligned in `columns` columns and the unit. */
void bmx_sink_bytes(bmx_sink *s, uint64_t n, int columns);

/* Length of the word that text begins with: up to a space, or to the end of a quoted token,
 * which may have spaces in it. */
size_t bmx_sink_word(const char *text);

/* Words of a text on lines of at most `width` columns.  The first line goes on from column `at`,
 * the others begin at column `indent`; ends in a newline. */
void bmx_sink_wrapped(bmx_sink *s, const char *text, int at, int indent, int width);

#endif

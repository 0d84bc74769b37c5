/* SPDX-License-Identifier: GPL-3.0-or-later */
/* doc.h - makers of a report's tree (result/tree.h, which draws it). */
#ifndef BMX_REPORT_DOC_H
#define BMX_REPORT_DOC_H

#include "result/tree.h"

void bmx_doc_release(bmx_doc *d);

/* Zeroed; NULL when memory is short, or was. */
void *bmx_doc_alloc(bmx_doc *d, size_t n, size_t size);
const char *bmx_doc_text(bmx_doc *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *bmx_doc_copy(bmx_doc *d, const char *text); /* NULL stays NULL */

bmx_section *bmx_doc_section(bmx_doc *d, const char *id, const char *title);
/* to the last section */
bmx_node *bmx_doc_paragraph(bmx_doc *d, bmx_tone tone, const char *lead, const char *text);
bmx_table *bmx_doc_table(bmx_doc *d, const char *name, const char *caption, size_t n_rows,
                         size_t n_columns);
bmx_figure *bmx_doc_figure(bmx_doc *d, bmx_figure_kind kind, const char *name, size_t n_rows,
                           size_t n_series);

/* Replace every text of the document that has control characters or malformed bytes, as labels,
 * categories and paths may, by what bmx_printable() makes of it: no format shows them as they are.
 * Newlines and tabs alone are left to the formats. */
void bmx_doc_clean(bmx_doc *d);

/* Figures and tables are for a line of so many points, 72.27 of which are an inch. */
void bmx_doc_fit(bmx_doc *d, double width);

/* The figure of this name (NULL: the first), NULL when there is none. */
const bmx_figure *bmx_doc_find_figure(const bmx_doc *d, const char *name);

#endif

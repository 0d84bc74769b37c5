/* SPDX-License-Identifier: GPL-3.0-or-later */
/* render.h - a document becomes text; one renderer a file. */
#ifndef BMX_REPORT_RENDER_H
#define BMX_REPORT_RENDER_H

#include "bpemix.h"
#include "report/doc.h"

/* name: the figure alone (svg, latex), or the table of this name (csv, tsv, markdown, latex); NULL:
 * all, for svg the first figure, for csv and tsv the table "shares".  E_USAGE when there is
 * none. */
bpemix_status bmx_render(const bmx_doc *doc, bpemix_format format, const char *name,
                         bmx_buf *out, bpemix_error *err);

bpemix_status bmx_render_html(const bmx_doc *doc, bmx_buf *out, bpemix_error *err);
bpemix_status bmx_render_markdown(const bmx_doc *doc, const char *name, bmx_buf *out,
                                  bpemix_error *err);
bpemix_status bmx_render_latex(const bmx_doc *doc, const char *name, bmx_buf *out,
                               bpemix_error *err);
bpemix_status bmx_render_csv(const bmx_doc *doc, const char *name, bool tabs, bmx_buf *out,
                             bpemix_error *err);

typedef struct bmx_terminal {
    bool color;  /* with escape sequences */
    int columns; /* 0: 80 */
} bmx_terminal;

/* Tables and texts in columns, tables with bars where there is room. */
bpemix_status bmx_render_terminal(const bmx_doc *doc, const bmx_terminal *terminal, bmx_buf *out,
                                  bpemix_error *err);

#endif

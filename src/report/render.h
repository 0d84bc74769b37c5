/* render.h - a document becomes text; one renderer a file. */
#ifndef BMX_REPORT_RENDER_H
#define BMX_REPORT_RENDER_H

#include "report/doc.h"

typedef enum bmx_format {
    BMX_FORMAT_HTML, BMX_FORMAT_SVG, BMX_FORMAT_MARKDOWN, BMX_FORMAT_LATEX,
    BMX_FORMAT_CSV, BMX_FORMAT_TSV, BMX_FORMAT_JSON
} bmx_format;

/* name: the figure alone (svg, latex), or the table of this name (csv, tsv, markdown, latex); NULL: all,
 * for svg the first figure, for csv and tsv the table "shares".  E_USAGE when there is none. */
bpemix_status bmx_render(const bmx_doc *doc, bmx_format format, const char *name, bmx_buf *out,
                         bpemix_error *err);

bpemix_status bmx_render_html(const bmx_doc *doc, bmx_buf *out, bpemix_error *err);
bpemix_status bmx_render_markdown(const bmx_doc *doc, const char *name, bmx_buf *out, bpemix_error *err);
bpemix_status bmx_render_latex(const bmx_doc *doc, const char *name, bmx_buf *out, bpemix_error *err);
bpemix_status bmx_render_csv(const bmx_doc *doc, const char *name, bool tabs, bmx_buf *out, bpemix_error *err);
bpemix_status bmx_render_json(const bmx_doc *doc, bmx_buf *out, bpemix_error *err);

#endif

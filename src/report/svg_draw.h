/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg_draw.h - how a figure is drawn as SVG: rectangles, lines and real text, laid out with the
 * widths of write.h.
 *
 * S1  No text leaves the drawing or covers other text: text that does not fit is clipped, with an
 *     ellipsis, and its title has all of it.
 * S2  Every mark has a title with its numbers, every figure a title and a description.
 * S3  Lengths are proportional to numbers: a bar of share s is s times as long as the axis. */
#ifndef BMX_REPORT_SVG_DRAW_H
#define BMX_REPORT_SVG_DRAW_H

#include "report/write.h"

typedef struct bmx_drawing {
    bmx_sink s; /* into `body` */
    bmx_buf body;
    const bmx_figure *f;
    double width, y;           /* y: where the next part begins; the height at the end */
    size_t row, end_row;       /* what of a figure of ranges is drawn */
    size_t series, end_series;
} bmx_drawing;

/* Sizes of a drawing are in user units, which are pixels without zoom.  These, and those in the
 * files of the kinds of figures, were chosen by looking at the figures. */
#define BMX_SVG_FONT 12.0
#define BMX_SVG_SMALL 11.0
#define BMX_SVG_MARGIN 10.0
#define BMX_SVG_NARROW 480.0 /* a drawing less wide has names above bars in place of beside them */

typedef enum { BMX_ANCHOR_START, BMX_ANCHOR_MIDDLE, BMX_ANCHOR_END } bmx_anchor;

/* Text in a class: "" plain, "s" small, "b" bold, ... */
void bmx_svg_text(bmx_drawing *d, double x, double y, bmx_anchor anchor, const char *class,
                  const char *text);

/* The same, clipped to `room` user units; a title has the whole text. */
void bmx_svg_text_fit(bmx_drawing *d, double x, double y, bmx_anchor anchor, const char *class,
                      double room, const char *text);
double bmx_svg_width(const char *class, const char *text);

/* Broken into lines from d->y on, which moves. */
void bmx_svg_paragraph(bmx_drawing *d, double x, double room, const char *class, const char *text);
void bmx_svg_line(bmx_drawing *d, const char *class, double x1, double y1, double x2, double y2);

/* A rectangle in colour i; the caller closes it: bmx_svg_title(), then "</rect>". */
void bmx_svg_rect(bmx_drawing *d, const char *class, unsigned color, double x, double y, double w,
                  double h);
void bmx_svg_title(bmx_drawing *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Attributes, each with a blank before it. */
void bmx_svg_num(bmx_drawing *d, const char *name, double v);

/* The hatch of a colour in this figure; 0: none. */
unsigned bmx_svg_hatch(const bmx_figure *f, unsigned color);
void bmx_svg_hatched(bmx_drawing *d, unsigned color, double x, double y, double w, double h);

/* Squares with the names of the series, as many lines as they need. */
void bmx_svg_legend(bmx_drawing *d, double x, double room);

#define BMX_MARK_TEXT 160

/* "26.1 % [23.9, 28.3]", "between 0.0 and 72.0 %", "827". */
const char *bmx_mark_text(char buf[BMX_MARK_TEXT], const bmx_mark *m, bool percent);

/* ---- the kinds of figures ---- */

void bmx_svg_stacked(bmx_drawing *d);
void bmx_svg_ranges(bmx_drawing *d);
size_t bmx_svg_ranges_panels(const bmx_figure *f); /* beside each other */
void bmx_svg_lines(bmx_drawing *d);
void bmx_svg_bars(bmx_drawing *d);
void bmx_svg_scatter(bmx_drawing *d);

#endif

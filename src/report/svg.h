/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg.h - figures as SVG. */
#ifndef BMX_REPORT_SVG_H
#define BMX_REPORT_SVG_H

#include "report/write.h"

/* The style sheet of the figures, for a page that holds several. */
void bmx_svg_style(bmx_sink *s);

/* One figure, as a file of its own or as an element of a page that has the style. */
void bmx_svg_figure(bmx_sink *s, const bmx_figure *f, bool alone);

/* A figure of many panels and rows is drawn in parts that fit on paper: how many, and one of
 * them as an element of a page. */
size_t bmx_svg_parts(const bmx_figure *f);
void bmx_svg_part(bmx_sink *s, const bmx_figure *f, size_t part);

#endif

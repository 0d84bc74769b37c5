/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure.h - what drawings in every format ask of a figure. */
#ifndef BMX_REPORT_FIGURE_H
#define BMX_REPORT_FIGURE_H

#include "result/tree.h"

/* The mark at the right end of a line; NULL: the line has no points. */
const bmx_mark *bmx_figure_last_mark(const bmx_figure *f, size_t series);

/* The share at which the axis of ranges ends: a little beyond all that is drawn. */
double bmx_figure_top(const bmx_figure *f);

/* Percentages that are marked on an axis of square roots. */
enum { BMX_ROOT_MARKS = 9 };
extern const int bmx_root_mark[BMX_ROOT_MARKS];

#endif

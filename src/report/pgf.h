/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pgf.h - figures as source for pgfplots: what the kinds of figures share.
 *
 * Lengths are points.  Positions on axes of square roots are computed here, not by pgfplots. */
#ifndef BMX_REPORT_PGF_H
#define BMX_REPORT_PGF_H

#include "report/write.h"

/* Points of an em of bmx_latex_em(), in \footnotesize and in \tiny. */
#define BMX_PGF_FOOT 6.8
#define BMX_PGF_TINY 6.0
#define BMX_PGF_EDGE 18.0 /* between names and axis, and what ends of the axis stick out */
#define BMX_PGF_KEPT 45.0 /* pgfplots keeps so many of the width of an axis for numbers */

void bmx_pgf_open(bmx_sink *s, const bmx_figure *f);
void bmx_pgf_close(bmx_sink *s, const bmx_figure *f);

/* Points of the line that the figure stands in. */
double bmx_pgf_line(const bmx_figure *f);

/* What pgfplots is given as a width of so many points: at most `usual`, as a fraction of the
 * line. */
double bmx_pgf_fraction(const bmx_figure *f, double usual, double points);

/* "0,1,2": positions counted from the top. */
void bmx_pgf_positions(bmx_sink *s, size_t n);

/* A new line in smaller type with the note of a row or panel. */
void bmx_pgf_note(bmx_sink *s, const bmx_figure_item *item);

/* Names of rows in type of a size, and with `notes` below each in smaller type what its note
 * says.  A name longer than `room` points gets lines. */
void bmx_pgf_names(bmx_sink *s, const bmx_figure_item *item, size_t n, bool notes, double size,
                   double room);

/* ",postaction={pattern=...}" where a colour comes a second time, or hatches are asked for; whether
 * it did. */
bool bmx_pgf_hatch(bmx_sink *s, const bmx_figure *f, unsigned color);

/* "xtick={0.000,1.000},xticklabels={0,1}," up to the root of the largest share in percent. */
void bmx_pgf_root_marks(bmx_sink *s, char axis, double top);

/* "xlabel={...},ylabel={...}," */
void bmx_pgf_labels(bmx_sink *s, const bmx_figure *f);

/* The name of a series for the legend. */
void bmx_pgf_entry(bmx_sink *s, const bmx_figure_item *series);

/* An axis and a legend: beside it where that leaves the axis enough, or below. */
typedef struct bmx_pgf_legend {
    double width; /* of the axis with its numbers, a fraction of the line */
    int columns;  /* of the legend below; 0: it stands beside */
} bmx_pgf_legend;

/* `more`: points of what the legend says besides the names. */
bmx_pgf_legend bmx_pgf_place_legend(const bmx_figure *f, double usual, double more);

/* The end of the options of an axis.  Beside the axis the legend stands where `corner` says. */
void bmx_pgf_legend_style(bmx_sink *s, const bmx_pgf_legend *b, const char *corner);

/* The kinds of figures, a file each. */
void bmx_pgf_stacked(bmx_sink *s, const bmx_figure *f);
void bmx_pgf_ranges(bmx_sink *s, const bmx_figure *f);
void bmx_pgf_lines(bmx_sink *s, const bmx_figure *f);
void bmx_pgf_bars(bmx_sink *s, const bmx_figure *f);
void bmx_pgf_scatter(bmx_sink *s, const bmx_figure *f);

#endif

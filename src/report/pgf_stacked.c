/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pgf_stacked.c - bars of all groups, one below the other, a legend above. */
#include "base/format.h"
#include "report/latex.h"
#include "report/palette.h"
#include "report/pgf.h"

#include <math.h>
#include <string.h>

#define SCRIPT 7.0 /* points: the size of the type in segments */

/* In a part of an axis of so many points. */
static bool has_room(const char *text, double part, double axis)
{
    return bmx_text_em(text) * SCRIPT + 3 <= part * axis;
}

/* The name and the number, or the range of an undetermined share; as much as the segment has room
 * for. */
static void put_segment_label(bmx_sink *s, const bmx_figure_item *series, const bmx_mark *m,
                              const char *style, double middle, size_t row, double axis)
{
    char number[BMX_SHARE_LABEL], text[300];

    bmx_share_label(number, m);
    bmx_snprintf(text, sizeof text, "%s %s", series->name, number);
    if (!has_room(text, m->value, axis))
        bmx_snprintf(text, sizeof text, "%s", number);
    if (!has_room(text, m->value, axis) && m->loose)
        bmx_share_bound(text, m);
    if (!has_room(text, m->value, axis) && m->loose)
        strcpy(text, "?");
    if (!has_room(text, m->value, axis))
        return;
    bmx_putf(s, "\\node[font=\\scriptsize,inner sep=1pt,%s] at (axis cs:", style);
    bmx_put_fixed(s, middle, 3);
    bmx_putf(s, ",%zu) {", row);
    bmx_latex_text(s, text);
    bmx_put(s, "};\n");
}

/* Segments with a style of their own, which pgfplots only gives to a whole series, are drawn one by
 * one: an undetermined share is pale with a dashed edge, one of an unusable fit is grey. */
static void put_segments(bmx_sink *s, const bmx_figure *f, size_t row, double axis)
{
    bool unusable = f->row[row].tone == BMX_TONE_UNUSABLE;
    double x = 0;

    for (size_t k = 0; k < f->n_series; k++) {
        const bmx_mark *m = &f->mark[row * f->n_series + k];
        unsigned color = f->series[k].color;
        const char *name = bmx_palette(color)->name;
        double w = isfinite(m->value) ? 100 * m->value : 0;
        bool hatched = false;
        if (!(w > 0.0005))
            continue;
        bmx_putf(s, "\\draw[fill=%s%s,draw=%s%s", name,
                 unusable && m->loose     ? "!8"
                 : unusable || m->loose ? "!20"
                                          : "",
                 !m->loose  ? "white"
                 : unusable ? "gray"
                            : name,
                 m->loose ? ",densely dashed" : "");
        if (!m->loose)
            hatched = bmx_pgf_hatch(s, f, color);
        bmx_put(s, "] (axis cs:");
        bmx_put_fixed(s, x, 3);
        bmx_putf(s, ",%zu.25) rectangle (axis cs:", row);
        bmx_put_fixed(s, x + w, 3);
        bmx_put(s, ",");
        bmx_put_fixed(s, (double)row - 0.25, 2);
        bmx_put(s, ");\n");
        put_segment_label(s, &f->series[k], m,
                          hatched    ? "text=black,fill=white"
                          : unusable ? "text=black!65"
                          : !m->loose && bmx_palette(color)->text[0] == 'F' ? "text=white"
                                                                            : "text=black",
                          x + w / 2, row, axis);
        x += w;
    }
}

/* As many columns as the line has room for; a legend that is wider than the axis ends where that
 * does. */
static void put_legend_style(bmx_sink *s, const bmx_figure *f, double axis)
{
    enum { MOST = 4, SAMPLE = 28 }; /* columns; points of a sample and its distances */
    double line = bmx_pgf_line(f);
    double column = SAMPLE + bmx_latex_widest(f->series, f->n_series, false, BMX_PGF_FOOT, line);
    double n = fmin(fmin(fmax(floor(line / column), 1), MOST), (double)f->n_series);
    double width = n * column;

    if ((size_t)n == f->n_series) /* on one line every entry is as wide as its name */
        for (size_t k = 0; k < f->n_series; k++)
            width -= column - SAMPLE - bmx_latex_em(f->series[k].name) * BMX_PGF_FOOT;

    bmx_putf(s, "area legend,legend columns=%d,legend cell align=left,\n"
                "  legend style={at={(%s,1.03)},anchor=south%s,draw=none,font=\\footnotesize}]\n",
             (int)n, width > axis ? "1" : "0.5", width > axis ? " east" : "");
}

void bmx_pgf_stacked(bmx_sink *s, const bmx_figure *f)
{
    double line = bmx_pgf_line(f), room = 0.36 * line;
    double names = fmax(bmx_latex_widest(f->row, f->n_rows, false, BMX_PGF_FOOT, room),
                        bmx_latex_widest(f->row, f->n_rows, true, BMX_PGF_TINY, line));
    double w = bmx_pgf_fraction(f, 0.75, line - names - BMX_PGF_EDGE + BMX_PGF_KEPT);
    double axis = w * line - BMX_PGF_KEPT;

    bmx_putf(s,
             "\\begin{axis}[y dir=reverse,xmin=0,xmax=100,ymin=-0.6,ymax=%.1f,"
             "width=%.3f\\linewidth,height=%.1fcm,\n"
             "  xlabel={\\%%},ytick style={draw=none},ytick={",
             (double)f->n_rows - 0.4, w, 2.2 + 0.75 * (double)f->n_rows);
    bmx_pgf_positions(s, f->n_rows);
    bmx_put(s, "},yticklabels={");
    bmx_pgf_names(s, f->row, f->n_rows, true, BMX_PGF_FOOT, room);
    bmx_put(s, "},\n  tick label style={font=\\footnotesize},");
    put_legend_style(s, f, axis);
    for (size_t k = 0; k < f->n_series; k++) {
        bmx_putf(s, "\\addlegendimage{fill=%s,draw=white", bmx_palette(f->series[k].color)->name);
        bmx_pgf_hatch(s, f, f->series[k].color);
        bmx_put(s, "}");
        bmx_pgf_entry(s, &f->series[k]);
    }
    for (size_t i = 0; i < f->n_rows; i++)
        put_segments(s, f, i, axis);
    bmx_put(s, "\\end{axis}\n");
}

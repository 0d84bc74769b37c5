/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pgf_bars.c - a bar a row, with its number and a note behind it. */
#include "report/latex.h"
#include "report/palette.h"
#include "report/pgf.h"

#include <math.h>

#define BAR_PART 0.45 /* of the axis that the longest bar takes: notes stand behind bars */

/* The number behind a bar, and as much of the note as there is room for. */
static void put_bar_label(bmx_sink *s, const bmx_figure *f, size_t row, double most, double axis)
{
    enum { SIZE = 5, NUMBER = 30 }; /* points: of type, and that the number takes */
    double value = f->mark[row * f->n_series].value;
    double room = axis * (1 - BAR_PART * (most > 0 ? value / most : 0)) - NUMBER;
    const char *note = f->row[row].note;
    size_t n = note ? bmx_text_clip(note, room / SIZE) : 0;

    bmx_put(s, "\\node[anchor=west,font=\\footnotesize] at (axis cs:");
    bmx_put_fixed(s, value, 0);
    bmx_putf(s, ",%zu) {", row);
    bmx_put_fixed(s, value, 0);
    if (n && bmx_latex_is_plain(note, n)) {
        bmx_put(s, " {\\tiny\\color{black!65} ");
        bmx_latex_part(s, note, n);
        bmx_put(s, note[n] ? "\\ldots}" : "}");
    }
    bmx_put(s, "};\n");
}

void bmx_pgf_bars(bmx_sink *s, const bmx_figure *f)
{
    double line = bmx_pgf_line(f), most = 0;
    double names = bmx_latex_widest(f->row, f->n_rows, false, BMX_PGF_FOOT, 0.5 * line);
    double w = bmx_pgf_fraction(f, 0.6, line - names - BMX_PGF_EDGE);

    for (size_t i = 0; i < f->n_rows; i++)
        most = fmax(most, f->mark[i * f->n_series].value);
    bmx_putf(s,
             "\\begin{axis}[y dir=reverse,xmin=0,xmax=%.6g,ymin=-0.7,ymax=%.1f,"
             "scale only axis,width=%.3f\\linewidth,height=%.1fcm,clip=false,\n"
             "  axis x line=none,axis y line*=left,ytick style={draw=none},"
             "y axis line style={draw=none},tick label style={font=\\footnotesize},ytick={",
             most > 0 ? most / BAR_PART : 1, (double)f->n_rows - 0.3, w,
             0.2 + 0.45 * (double)f->n_rows);
    bmx_pgf_positions(s, f->n_rows);
    bmx_put(s, "},yticklabels={");
    bmx_pgf_names(s, f->row, f->n_rows, false, BMX_PGF_FOOT, names);
    bmx_put(s, "}]\n");
    for (size_t i = 0; i < f->n_rows; i++) {
        bmx_putf(s, "\\draw[fill=%s,draw=none", bmx_palette(f->row[i].color)->name);
        bmx_pgf_hatch(s, f, f->row[i].color);
        bmx_putf(s, "] (axis cs:0,%zu.3) rectangle (axis cs:", i);
        bmx_put_fixed(s, f->mark[i * f->n_series].value, 0);
        bmx_put(s, ",");
        bmx_put_fixed(s, (double)i - 0.3, 1);
        bmx_put(s, ");\n");
        put_bar_label(s, f, i, most, w * line);
    }
    bmx_put(s, "\\end{axis}\n");
}

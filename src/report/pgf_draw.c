/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/pgf.h"
#include "report/figure.h"
#include "report/latex.h"
#include "report/palette.h"

#include <math.h>

void bmx_pgf_open(bmx_sink *s, const bmx_figure *f)
{
    bmx_putf(s, "\\begin{figure}[htbp]\\centering %% %s\n\\begin{tikzpicture}\n", f->name);
}

void bmx_pgf_close(bmx_sink *s, const bmx_figure *f)
{
    bmx_put(s, "\\end{tikzpicture}\n\\caption{");
    bmx_latex_text(s, f->title);
    if (f->note) {
        bmx_put(s, ". ");
        bmx_latex_text(s, f->note);
    }
    bmx_put(s, "}\n\\end{figure}\n\n");
}

double bmx_pgf_line(const bmx_figure *f) { return f->width > 0 ? f->width : BMX_LATEX_LINE; }

double bmx_pgf_fraction(const bmx_figure *f, double usual, double points)
{
    return fmin(usual, points / bmx_pgf_line(f));
}

void bmx_pgf_positions(bmx_sink *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        bmx_putf(s, "%s%zu", i ? "," : "", i);
}

void bmx_pgf_note(bmx_sink *s, const bmx_figure_item *item)
{
    bmx_putf(s, "\\\\{\\tiny\\color{%s}",
             item->tone == BMX_TONE_UNUSABLE ? "red!65!black" : "black!65");
    bmx_latex_text(s, item->note);
    bmx_put(s, "}");
}

void bmx_pgf_names(bmx_sink *s, const bmx_figure_item *item, size_t n, bool notes, double size,
                   double room)
{
    for (size_t i = 0; i < n; i++) {
        bool long_name = bmx_latex_em(item[i].name) * size > room + 0.5;
        bool second = notes && item[i].note;
        bmx_put(s, i ? ",{" : "{");
        bmx_put(s, second ? "\\shortstack[r]{" : "");
        if (long_name) {
            bmx_put(s, "\\parbox{");
            bmx_put_fixed(s, room, 0);
            bmx_put(s, "pt}{\\raggedleft ");
        }
        bmx_latex_text(s, item[i].name);
        bmx_put(s, long_name ? "}" : "");
        if (second) {
            bmx_pgf_note(s, &item[i]);
            bmx_put(s, "}");
        }
        bmx_put(s, "}");
    }
}

bool bmx_pgf_hatch(bmx_sink *s, const bmx_figure *f, unsigned color)
{
    const char *hatch = bmx_palette(color + color / BMX_COLORS)->pgf;
    bool hatched = *hatch && (f->hatch || color >= BMX_COLORS);

    if (hatched)
        bmx_putf(s, ",postaction={pattern=%s}", hatch);
    return hatched;
}

void bmx_pgf_root_marks(bmx_sink *s, char axis, double top)
{
    size_t n = 0;

    bmx_putf(s, "%ctick={", axis);
    for (; n < BMX_ROOT_MARKS && sqrt(bmx_root_mark[n]) <= top; n++) {
        bmx_put(s, n ? "," : "");
        bmx_put_fixed(s, sqrt(bmx_root_mark[n]), 3);
    }
    bmx_putf(s, "},%cticklabels={", axis);
    for (size_t i = 0; i < n; i++)
        bmx_putf(s, "%s%d", i ? "," : "", bmx_root_mark[i]);
    bmx_put(s, "},\n  ");
}

void bmx_pgf_labels(bmx_sink *s, const bmx_figure *f)
{
    bmx_put(s, "xlabel={");
    bmx_latex_text(s, f->x_label ? f->x_label : "");
    bmx_put(s, "},ylabel={");
    bmx_latex_text(s, f->y_label ? f->y_label : "");
    bmx_put(s, "},");
}

void bmx_pgf_entry(bmx_sink *s, const bmx_figure_item *series)
{
    bmx_put(s, "\\addlegendentry{");
    bmx_latex_text(s, series->name);
    bmx_put(s, "}\n");
}

bmx_pgf_legend bmx_pgf_place_legend(const bmx_figure *f, double usual, double more)
{
    enum { NUMBERS = 42, SAMPLE = 28 }; /* points: left of the axis; of a sample */
    double line = bmx_pgf_line(f), room = line - NUMBERS - BMX_PGF_EDGE + BMX_PGF_KEPT;
    double names = bmx_latex_widest(f->series, f->n_series, false, BMX_PGF_FOOT, line);
    double legend = names + SAMPLE + more;
    bmx_pgf_legend b = { .width = bmx_pgf_fraction(f, usual, room - legend) };

    if (b.width * line - BMX_PGF_KEPT < 0.35 * line) {
        b.width = bmx_pgf_fraction(f, 1, room);
        b.columns = (int)fmin(fmax(floor(line / legend), 1), 4);
    }
    return b;
}

void bmx_pgf_legend_style(bmx_sink *s, const bmx_pgf_legend *b, const char *corner)
{
    if (b->columns)
        bmx_putf(s, "legend columns=%d,", b->columns);
    bmx_putf(s, "legend cell align=left,legend style={%s,draw=none,font=\\footnotesize}]\n",
             b->columns ? "at={(1,0)},yshift=-36pt,anchor=north east" : corner);
}

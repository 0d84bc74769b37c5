/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pgf_lines.c - values against the number of merges, or bytes: an axis of logarithms, levels. */
#include "report/figure.h"
#include "report/latex.h"
#include "report/palette.h"
#include "report/pgf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A mark at every x of the data, and a number where it does not touch the one before. */
static void put_x_marks(bmx_sink *s, const bmx_figure *f, double axis)
{
    enum { TYPE = 8 }; /* points */
    double low = f->row[0].x, high = f->row[f->n_rows - 1].x, right = -1e9;

    bmx_put(s, "xtick={");
    for (size_t i = 0; i < f->n_rows; i++)
        bmx_putf(s, "%s%.10g", i ? "," : "", f->row[i].x);
    bmx_put(s, "},xticklabels={");
    for (size_t i = 0; i < f->n_rows; i++) {
        double x = f->row[i].x, at, half;
        char text[40];
        bmx_axis_text(text, x, false, 1);
        at = !(high > low) ? 0
             : f->log_x    ? log(x / low) / log(high / low)
                           : (x - low) / (high - low);
        half = bmx_text_em(text) * TYPE / 2;
        bmx_put(s, i ? "," : "");
        if (at * axis - half < right + 3)
            continue;
        bmx_put(s, text);
        right = at * axis + half;
    }
    bmx_put(s, "},\n  ");
}

/* Series that have points, in the order in which their lines end, the highest first, as the legend
 * names them.  Returns how many. */
static size_t order_series(const bmx_figure *f, size_t *order)
{
    size_t n = 0;

    for (size_t k = 0; k < f->n_series; k++) {
        const bmx_mark *m = bmx_figure_last_mark(f, k);
        size_t i = n;
        for (; m && i > 0 && bmx_figure_last_mark(f, order[i - 1])->value < m->value; i--)
            order[i] = order[i - 1];
        if (m)
            order[i] = k;
        n += m != NULL;
    }
    return n;
}

/* ",dash pattern=on 7pt off 3pt" */
static void put_dash(bmx_sink *s, unsigned color)
{
    const char *dash = bmx_palette(color)->dash;
    bool on = true;

    bmx_put(s, *dash ? ",dash pattern=" : "");
    for (; *dash; on = !on) {
        int length = atoi(dash);
        bmx_putf(s, "%s %dpt ", on ? "on" : "off", length);
        dash += strcspn(dash, " ");
        dash += strspn(dash, " ");
    }
}

static void put_line(bmx_sink *s, const bmx_figure *f, size_t k)
{
    const char *color = bmx_palette(f->series[k].color)->name;
    const bmx_mark *end = bmx_figure_last_mark(f, k);
    double scale = f->percent ? 100 : 1;

    bmx_putf(s, "\\addplot[%sline,line width=0.8pt", color);
    put_dash(s, f->series[k].color);
    bmx_putf(s,
             ",mark=*,mark size=1.4pt,mark options={solid,fill=%s,draw=black,line width=0.3pt}%s,\n"
             "  error bars/.cd,y dir=both,y explicit,error bar style={solid}] coordinates {",
             color, end && end->loose ? ",opacity=0.4" : "");
    for (size_t i = 0; i < f->n_rows; i++) {
        const bmx_mark *m = &f->mark[i * f->n_series + k];
        if (!isfinite(m->value))
            continue;
        bmx_putf(s, "(%.10g,", f->row[i].x);
        bmx_put_fixed(s, scale * m->value, 4);
        bmx_put(s, ")");
        if (isfinite(m->low)) {
            bmx_put(s, "+=(0,");
            bmx_put_fixed(s, scale * (m->high - m->value), 4);
            bmx_put(s, ")-=(0,");
            bmx_put_fixed(s, scale * (m->value - m->low), 4);
            bmx_put(s, ")");
        }
    }
    bmx_put(s, "};\\addlegendentry{");
    if (end && end->loose)
        bmx_put(s, "?");
    else if (end)
        bmx_put_fixed(s, scale * end->value, f->percent ? 1 : 2);
    bmx_put(s, " ");
    bmx_latex_text(s, f->series[k].name);
    bmx_put(s, "}\n");
}

static void put_levels(bmx_sink *s, const bmx_figure *f)
{
    double scale = f->percent ? 100 : 1;

    for (size_t k = 0; k < f->n_levels; k++) {
        bmx_put(s, "\\addplot[gray,densely dotted,mark=none,forget plot] coordinates {");
        for (size_t i = 0; i < f->n_rows; i += f->n_rows > 1 ? f->n_rows - 1 : 1) {
            bmx_putf(s, "(%.10g,", f->row[i].x);
            bmx_put_fixed(s, scale * f->level[k].x, 4);
            bmx_put(s, ")");
        }
        bmx_put(s, "} node[pos=0,above right,font=\\tiny] {");
        bmx_latex_text(s, f->level[k].name);
        bmx_put(s, " ");
        bmx_put_fixed(s, scale * f->level[k].x, f->percent ? 0 : 2);
        bmx_put(s, "};\n");
    }
}

void bmx_pgf_lines(bmx_sink *s, const bmx_figure *f)
{
    size_t *order = bmx_calloc(f->n_series, sizeof *order);
    bmx_pgf_legend b = bmx_pgf_place_legend(f, 0.7, 25);
    size_t n;

    if (!order) {
        if (!s->status)
            s->status = bmx_nomem(s->err);
        return;
    }
    n = order_series(f, order);
    bmx_put(s, "\\begin{axis}[width=");
    bmx_put_fixed(s, b.width, 3);
    bmx_putf(s, "\\linewidth,height=7cm,clip=false,ymajorgrids,xminorticks=false,%s%s%s",
             f->log_x ? "xmode=log," : "", f->log_y ? "ymode=log," : "",
             f->percent && !f->log_y ? "ymin=0,\n  " : "\n  ");
    put_x_marks(s, f, b.width * bmx_pgf_line(f) - BMX_PGF_KEPT - 6);
    bmx_pgf_labels(s, f);
    bmx_put(s, "label style={font=\\footnotesize},\n  tick label style={font=\\footnotesize},");
    bmx_pgf_legend_style(s, &b, "at={(1.02,0.5)},anchor=west");
    if (isfinite(f->x_marked)) {
        bmx_putf(s, "\\draw[gray,densely dotted] ({axis cs:%.10g,1}|-{rel axis cs:0,0}) -- "
                    "({axis cs:%.10g,1}|-{rel axis cs:0,1}) node[above,font=\\tiny] {",
                 f->x_marked, f->x_marked);
        bmx_latex_text(s, f->x_marked_label ? f->x_marked_label : "");
        bmx_put(s, "};\n");
    }
    for (size_t k = 0; k < n; k++)
        put_line(s, f, order[k]);
    put_levels(s, f);
    bmx_put(s, "\\end{axis}\n");
    bmx_free(order);
}

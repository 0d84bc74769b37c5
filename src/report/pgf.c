/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pgf.c - figures as source for pgfplots; positions on axes of square roots are computed here. */
#include "report/latex.h"
#include "report/palette.h"

#include <math.h>
#include <string.h>

void bmx_latex_colors(bmx_sink *s)
{
    for (unsigned i = 0; i < BMX_COLORS; i++)
        bmx_putf(s, "\\definecolor{%s}{HTML}{%s}\n", bmx_palette(i)->name, bmx_palette(i)->fill);
}

static void open_figure(bmx_sink *s, const bmx_figure *f)
{
    bmx_putf(s, "\\begin{figure}[htbp]\\centering %% %s\n\\begin{tikzpicture}\n", f->name);
}

static void close_figure(bmx_sink *s, const bmx_figure *f)
{
    bmx_put(s, "\\end{tikzpicture}\n\\caption{");
    bmx_latex_text(s, f->title);
    if (f->note) {
        bmx_put(s, ". ");
        bmx_latex_text(s, f->note);
    }
    bmx_put(s, "}\n\\end{figure}\n\n");
}

/* "0,1,2": positions counted from the top. */
static void put_positions(bmx_sink *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        bmx_putf(s, "%s%zu", i ? "," : "", i);
}

static void put_names(bmx_sink *s, const bmx_figure_item *item, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bmx_put(s, i ? ",{" : "{");
        bmx_latex_text(s, item[i].name);
        bmx_put(s, item[i].tone == BMX_TONE_UNUSABLE ? " (unusable)}" : "}");
    }
}

static void stacked(bmx_sink *s, const bmx_figure *f)
{
    bmx_putf(s,
             "\\begin{axis}[xbar stacked,y "
             "dir=reverse,xmin=0,xmax=100,width=0.75\\linewidth,height=%.1fcm,bar width=11pt,\n"
             "  enlarge y limits={abs=0.6},xlabel={\\%%},ytick style={draw=none},ytick={",
             2.2 + 0.75 * (double)f->n_rows);
    put_positions(s, f->n_rows);
    bmx_put(s, "},yticklabels={");
    put_names(s, f->row, f->n_rows);
    bmx_put(s, "},\n  tick label style={font=\\footnotesize},area legend,legend columns=4,\n"
               "  legend style={at={(0.5,1.03)},anchor=south,draw=none,font=\\footnotesize}]\n");
    for (size_t k = 0; k < f->n_series; k++) {
        const bmx_color *c = bmx_palette(f->series[k].color);
        const char *hatch = bmx_palette(f->series[k].color + f->series[k].color / BMX_COLORS)->pgf;
        bool hatched = *hatch && (f->hatch || f->series[k].color >= BMX_COLORS);
        bmx_putf(s, "\\addplot[fill=%s,draw=white%s%s%s] coordinates {", c->name,
                 hatched ? ",postaction={pattern=" : "", hatched ? hatch : "", hatched ? "}" : "");
        for (size_t i = 0; i < f->n_rows; i++) {
            const bmx_mark *m = &f->mark[i * f->n_series + k];
            bmx_put(s, "(");
            bmx_put_fixed(s, isfinite(m->value) ? 100 * m->value : 0, 3);
            bmx_putf(s, ",%zu)", i);
        }
        bmx_put(s, "};\\addlegendentry{");
        bmx_latex_text(s, f->series[k].name);
        bmx_put(s, "}\n");
    }
    bmx_put(s, "\\end{axis}\n");
}

/* Points, or the middles of ranges without one, with what lies to their left and right. */
static void put_points(bmx_sink *s, const bmx_figure *f, size_t k, bool loose, unsigned color)
{
    bool any = false;

    for (size_t i = 0; i < f->n_rows; i++) {
        const bmx_mark *m = &f->mark[i * f->n_series + k];
        double low = sqrt(fmax(m->low, 0) * 100), high = sqrt(fmax(m->high, 0) * 100),
               at = sqrt(fmax(m->value, 0) * 100);
        bool range = isfinite(m->low) && isfinite(m->high);
        if (m->loose != loose || f->row[i].color % BMX_COLORS != color ||
            (loose ? !range : !isfinite(m->value)))
            continue;
        if (!any)
            bmx_putf(s,
                     "\\addplot+[only marks,mark=%s,mark size=1.6pt,%s,mark "
                     "options={draw=black,fill=%s},error bars/.cd,x dir=both,x explicit,\n"
                     "  error bar style={line width=%s}%s] table[row sep=\\\\,x error plus=p,x "
                     "error minus=m]{x y p m\\\\\n",
                     loose ? "none" : "*", bmx_palette(color)->name, bmx_palette(color)->name,
                     loose ? "0.6pt" : "1.6pt", loose ? "" : ",error mark=none");
        any = true;
        at = loose ? (low + high) / 2 : at;
        bmx_put_fixed(s, at, 3);
        bmx_putf(s, " %zu ", i);
        bmx_put_fixed(s, range ? fmax(high - at, 0) : 0, 3);
        bmx_put(s, " ");
        bmx_put_fixed(s, range ? fmax(at - low, 0) : 0, 3);
        bmx_put(s, "\\\\\n");
    }
    if (any)
        bmx_put(s, "};\n");
}

static double top_of(const bmx_figure *f)
{
    double top = 0.05;

    for (size_t i = 0; i < f->n_rows * f->n_series; i++) {
        if (isfinite(f->mark[i].value) && !f->mark[i].loose)
            top = fmax(top, f->mark[i].value);
        if (isfinite(f->mark[i].high))
            top = fmax(top, f->mark[i].high);
    }
    return fmin(top * 1.04, 1);
}

/* Panels side by side, and how high they are. */
typedef struct panels {
    size_t columns, bands;
    double height;
} panels;

#define PAGE 22.0 /* cm: an A4 page between usual margins */

static panels arrange(const bmx_figure *f)
{
    panels p = { .columns = f->n_series < 4 ? f->n_series : 4 };

    p.bands = p.columns ? (f->n_series + p.columns - 1) / p.columns : 1;
    p.height = fmin(1.5 + 0.32 * (double)f->n_rows, PAGE);
    return p;
}

/* Panels first .. last - 1; bands of them below each other as far as a page has room. */
static void put_ranges(bmx_sink *s, const bmx_figure *f, size_t first, size_t last)
{
    static const int percent[] = { 0, 1, 5, 10, 20, 30, 50, 75, 100 };
    panels p = arrange(f);
    size_t n = 0;
    double top = top_of(f);

    bmx_putf(s,
             "\\begin{groupplot}[group style={group size=%zu by %zu,horizontal sep=6pt,vertical "
             "sep=28pt,"
             "yticklabels at=edge left},\n  width=%.2f\\linewidth,height=%.1fcm,y "
             "dir=reverse,ymin=-0.7,ymax=%.1f,xmin=0,xmax=",
             p.columns, (last - first + p.columns - 1) / p.columns, 0.85 / (double)p.columns + 0.06,
             p.height, (double)f->n_rows - 0.3);
    bmx_put_fixed(s, sqrt(100 * top), 3);
    bmx_put(s, ",\n  xmajorgrids,ytick style={draw=none},tick label style={font=\\tiny},title "
               "style={font=\\footnotesize},ytick={");
    put_positions(s, f->n_rows);
    bmx_put(s, "},yticklabels={");
    put_names(s, f->row, f->n_rows);
    bmx_put(s, "},xtick={");
    for (; n < sizeof percent / sizeof *percent && percent[n] <= 100 * top; n++) {
        bmx_put(s, n ? "," : "");
        bmx_put_fixed(s, sqrt(percent[n]), 3);
    }
    bmx_put(s, "},xticklabels={");
    for (size_t i = 0; i < n; i++)
        bmx_putf(s, "%s%d", i ? "," : "", percent[i]);
    bmx_put(s, "}]\n");
    for (size_t k = first; k < last; k++) {
        bmx_put(s, "\\nextgroupplot[title={");
        bmx_latex_text(s, f->series[k].name);
        bmx_put(s, f->series[k].tone == BMX_TONE_UNUSABLE ? " (unusable)}]\n" : "}]\n");
        for (unsigned c = 0; c < BMX_COLORS; c++) {
            put_points(s, f, k, false, c);
            put_points(s, f, k, true, c);
        }
    }
    bmx_put(s, "\\end{groupplot}\n");
}

static void ranges(bmx_sink *s, const bmx_figure *f)
{
    panels p = arrange(f);
    size_t a_page = p.columns * (size_t)fmax(PAGE / p.height, 1);

    for (size_t k = 0; k < f->n_series; k += a_page) {
        if (k) {
            close_figure(s, f);
            open_figure(s, f);
        }
        put_ranges(s, f, k, k + a_page < f->n_series ? k + a_page : f->n_series);
    }
}

static void lines(bmx_sink *s, const bmx_figure *f)
{
    bmx_putf(s, "\\begin{axis}[width=0.7\\linewidth,height=7cm,%s%sxlabel={",
             f->log_x ? "xmode=log," : "", f->log_y ? "ymode=log," : "");
    bmx_latex_text(s, f->x_label ? f->x_label : "");
    bmx_put(s, "},ylabel={");
    bmx_latex_text(s, f->y_label ? f->y_label : "");
    bmx_put(s, "},\n  tick label style={font=\\footnotesize},legend "
               "style={at={(1.02,0.5)},anchor=west,draw=none,font=\\footnotesize}]\n");
    for (size_t k = 0; k < f->n_series; k++) {
        bmx_putf(s,
                 "\\addplot+[%s,mark=*,mark size=1.4pt,mark options={fill=%s,draw=black},error "
                 "bars/.cd,y dir=both,y explicit] "
                 "coordinates {",
                 bmx_palette(f->series[k].color)->name, bmx_palette(f->series[k].color)->name);
        for (size_t i = 0; i < f->n_rows; i++) {
            const bmx_mark *m = &f->mark[i * f->n_series + k];
            double scale = f->percent ? 100 : 1;
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
        bmx_latex_text(s, f->series[k].name);
        bmx_put(s, "}\n");
    }
    for (size_t k = 0; k < f->n_levels; k++) {
        bmx_put(s, "\\addplot[gray,dashed,mark=none,forget plot] coordinates {");
        for (size_t i = 0; i < f->n_rows; i += f->n_rows > 1 ? f->n_rows - 1 : 1) {
            bmx_putf(s, "(%.10g,", f->row[i].x);
            bmx_put_fixed(s, (f->percent ? 100 : 1) * f->level[k].x, 4);
            bmx_put(s, ")");
        }
        bmx_put(s, "} node[pos=0,above right,font=\\tiny] {");
        bmx_latex_text(s, f->level[k].name);
        bmx_put(s, "};\n");
    }
    bmx_put(s, "\\end{axis}\n");
}

static void bars(bmx_sink *s, const bmx_figure *f)
{
    bmx_putf(s,
             "\\begin{axis}[xbar,y dir=reverse,xmin=0,width=0.6\\linewidth,height=%.1fcm,bar "
             "width=8pt,enlarge y limits={abs=0.6},\n"
             "  nodes near coords,ytick style={draw=none},tick label "
             "style={font=\\footnotesize},ytick={",
             1.8 + 0.6 * (double)f->n_rows);
    put_positions(s, f->n_rows);
    bmx_put(s, "},yticklabels={");
    put_names(s, f->row, f->n_rows);
    bmx_putf(s, "}]\n\\addplot[fill=%s,draw=none] coordinates {", bmx_palette(0)->name);
    for (size_t i = 0; i < f->n_rows; i++) {
        bmx_put(s, "(");
        bmx_put_fixed(s, f->mark[i * f->n_series].value, 0);
        bmx_putf(s, ",%zu)", i);
    }
    bmx_put(s, "};\n\\end{axis}\n");
}

static void scatter(bmx_sink *s, const bmx_figure *f)
{
    bmx_put(s, "\\begin{axis}[width=0.55\\linewidth,height=0.55\\linewidth,xmin=0,ymin=0,xlabel={"
               "true share, \\%, square roots},"
               "ylabel={estimate, \\%, square roots}]\n\\addplot[only marks,mark size=1pt,bmxblue] "
               "coordinates {");
    for (size_t i = 0; i < f->n_rows; i++) {
        if (!isfinite(f->row[i].x) || !isfinite(f->mark[i * f->n_series].value))
            continue;
        bmx_put(s, "(");
        bmx_put_fixed(s, sqrt(fmax(f->row[i].x, 0) * 100), 3);
        bmx_put(s, ",");
        bmx_put_fixed(s, sqrt(fmax(f->mark[i * f->n_series].value, 0) * 100), 3);
        bmx_put(s, ")");
    }
    bmx_put(s, "};\n\\end{axis}\n");
}

void bmx_latex_figure(bmx_sink *s, const bmx_figure *f)
{
    static void (*const draw[])(bmx_sink *, const bmx_figure *) = { stacked, ranges, lines, bars,
                                                                    scatter };

    open_figure(s, f);
    draw[f->kind](s, f);
    close_figure(s, f);
}

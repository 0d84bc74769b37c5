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

/* ",postaction={pattern=...}" where a colour comes a second time, or hatches are asked for. */
static bool put_hatch(bmx_sink *s, const bmx_figure *f, unsigned color)
{
    const char *hatch = bmx_palette(color + color / BMX_COLORS)->pgf;
    bool hatched = *hatch && (f->hatch || color >= BMX_COLORS);

    if (hatched)
        bmx_putf(s, ",postaction={pattern=%s}", hatch);
    return hatched;
}

/* Write the number, or the range of an undetermined share, if the segment has room for it. */
static void put_segment_label(bmx_sink *s, const bmx_mark *m, bool plain, bool hatched,
                              unsigned color, double middle, size_t row)
{
    enum { ROOM_NUMBER = 3, ROOM_RANGE = 9 }; /* percent of the axis that the text takes */
    double width = 100 * m->value;

    if (width < ROOM_NUMBER)
        return;
    bmx_putf(s, "\\node[font=\\scriptsize,inner sep=1pt,text=%s%s] at (axis cs:",
             plain && !hatched && bmx_palette(color)->text[0] == 'F' ? "white" : "black",
             hatched ? ",fill=white" : "");
    bmx_put_fixed(s, middle, 3);
    bmx_putf(s, ",%zu) {", row);
    if (!m->loose) {
        bmx_put_fixed(s, 100 * m->value, 0);
    } else if (isfinite(m->low) && width >= ROOM_RANGE) {
        bmx_put_fixed(s, 100 * m->low, 0);
        bmx_put(s, " .. ");
        bmx_put_fixed(s, 100 * m->high, 0);
    } else {
        bmx_put(s, "?");
    }
    bmx_put(s, "};\n");
}

/* Segments with a style of their own, which pgfplots only gives to a whole series, are drawn one by
 * one: an undetermined share is pale with a dashed edge, one of an unusable fit is pale. */
static void put_segments(bmx_sink *s, const bmx_figure *f, size_t row)
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
        bmx_putf(s, "\\draw[fill=%s%s,draw=%s%s", name, m->loose || unusable ? "!20" : "",
                 m->loose ? name : "white", m->loose ? ",densely dashed" : "");
        if (!m->loose)
            hatched = put_hatch(s, f, color);
        bmx_put(s, "] (axis cs:");
        bmx_put_fixed(s, x, 3);
        bmx_putf(s, ",%zu.25) rectangle (axis cs:", row);
        bmx_put_fixed(s, x + w, 3);
        bmx_put(s, ",");
        bmx_put_fixed(s, (double)row - 0.25, 2);
        bmx_put(s, ");\n");
        put_segment_label(s, m, !m->loose && !unusable, hatched, color, x + w / 2, row);
        x += w;
    }
}

static void stacked(bmx_sink *s, const bmx_figure *f)
{
    bmx_putf(s,
             "\\begin{axis}[y dir=reverse,xmin=0,xmax=100,ymin=-0.6,ymax=%.1f,"
             "width=0.75\\linewidth,height=%.1fcm,\n"
             "  xlabel={\\%%},ytick style={draw=none},ytick={",
             (double)f->n_rows - 0.4, 2.2 + 0.75 * (double)f->n_rows);
    put_positions(s, f->n_rows);
    bmx_put(s, "},yticklabels={");
    put_names(s, f->row, f->n_rows);
    bmx_put(s, "},\n  tick label style={font=\\footnotesize},area legend,legend columns=4,\n"
               "  legend style={at={(0.5,1.03)},anchor=south,draw=none,font=\\footnotesize}]\n");
    for (size_t k = 0; k < f->n_series; k++) {
        bmx_putf(s, "\\addlegendimage{fill=%s,draw=white", bmx_palette(f->series[k].color)->name);
        put_hatch(s, f, f->series[k].color);
        bmx_put(s, "}\\addlegendentry{");
        bmx_latex_text(s, f->series[k].name);
        bmx_put(s, "}\n");
    }
    for (size_t i = 0; i < f->n_rows; i++)
        put_segments(s, f, i);
    bmx_put(s, "\\end{axis}\n");
}

/* "(axis cs:2.236,4)": a percentage on the axis of square roots, in a row. */
static void put_place(bmx_sink *s, double share, size_t row)
{
    bmx_put(s, "(axis cs:");
    bmx_put_fixed(s, sqrt(fmax(share, 0) * 100), 3);
    bmx_putf(s, ",%zu)", row);
}

/* Ranges of a panel, and the points of those that are determined; a range without a point has
 * ends like those of a gauge. */
static void put_points(bmx_sink *s, const bmx_figure *f, size_t k)
{
    const char *pale = f->series[k].tone == BMX_TONE_UNUSABLE ? ",opacity=0.35" : "";

    for (size_t i = 0; i < f->n_rows; i++) {
        const bmx_mark *m = &f->mark[i * f->n_series + k];
        const char *color = bmx_palette(f->row[i].color)->name;
        if (isfinite(m->low) && isfinite(m->high)) {
            bmx_putf(s, "\\draw[%s,%s%s] ", color,
                     m->loose ? "|-|,line width=0.6pt" : "line width=1.6pt", pale);
            put_place(s, m->low, i);
            bmx_put(s, " -- ");
            put_place(s, m->high, i);
            bmx_put(s, ";\n");
        }
        if (isfinite(m->value) && !m->loose) {
            bmx_putf(s, "\\filldraw[draw=black,fill=%s%s] ", color, pale);
            put_place(s, m->value, i);
            bmx_put(s, " circle[radius=1.6pt];\n");
        }
    }
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

/* Panels side by side, and their height. */
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
        put_points(s, f, k);
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
                 "\\addplot+[%s,mark=*,mark size=1.4pt,mark options={fill=%s,draw=black}%s,error "
                 "bars/.cd,y dir=both,y explicit] "
                 "coordinates {",
                 bmx_palette(f->series[k].color)->name, bmx_palette(f->series[k].color)->name,
                 f->n_rows && f->mark[k].loose ? ",opacity=0.35" : "");
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

/* Where a share stands on an axis of square roots of percent. */
static double root_of(double share) { return sqrt(100 * fmax(share, 0)); }

static void scatter(bmx_sink *s, const bmx_figure *f)
{
    bmx_put(s, "\\begin{axis}[width=0.55\\linewidth,height=0.55\\linewidth,xmin=0,ymin=0,xlabel={"
               "true share, \\%, square roots},"
               "ylabel={estimate, \\%, square roots}]\n\\addplot[only marks,mark size=1pt,bmxblue,"
               "error bars/.cd,y dir=both,y explicit] coordinates {");
    for (size_t i = 0; i < f->n_rows; i++) {
        const bmx_mark *m = &f->mark[i * f->n_series];
        double at = root_of(m->value);

        if (!isfinite(f->row[i].x) || !isfinite(m->value))
            continue;
        bmx_put(s, "(");
        bmx_put_fixed(s, root_of(f->row[i].x), 3);
        bmx_put(s, ",");
        bmx_put_fixed(s, at, 3);
        bmx_put(s, ")");
        if (isfinite(m->low)) {
            bmx_put(s, "+=(0,");
            bmx_put_fixed(s, root_of(m->high) - at, 3);
            bmx_put(s, ")-=(0,");
            bmx_put_fixed(s, at - root_of(m->low), 3);
            bmx_put(s, ")");
        }
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

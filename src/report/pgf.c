/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pgf.c - figures as source for pgfplots; positions on axes of square roots are computed here. */
#include "base/format.h"
#include "report/latex.h"
#include "report/palette.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* Points of an em of bmx_latex_em(), in \\footnotesize and in \\tiny. */
#define FOOT 6.8
#define TINY 6.0
#define EDGE 18.0 /* points: between names and axis, and what ends of the axis stick out */

/* Points of the line that the figure stands in. */
static double line_of(const bmx_figure *f) { return f->width > 0 ? f->width : BMX_LATEX_LINE; }

/* What pgfplots is given as a width of so many points: at most `usual`, as a fraction of the line.
 * Of the width of an axis it keeps KEPT points for numbers. */
#define KEPT 45.0
static double fraction(const bmx_figure *f, double usual, double points)
{
    return fmin(usual, points / line_of(f));
}

/* "0,1,2": positions counted from the top. */
static void put_positions(bmx_sink *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        bmx_putf(s, "%s%zu", i ? "," : "", i);
}

/* Names of rows in type of a size, and with `notes` below each in smaller type what its note
 * says.  A name longer than `room` points gets lines. */
static void put_names(bmx_sink *s, const bmx_figure_item *item, size_t n, bool notes, double size,
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
            bmx_putf(s, "\\\\{\\tiny\\color{%s}",
                     item[i].tone == BMX_TONE_UNUSABLE ? "red!65!black" : "black!65");
            bmx_latex_text(s, item[i].note);
            bmx_put(s, "}}");
        }
        bmx_put(s, "}");
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

#define BAR_PART 0.45 /* of the axis that the longest bar takes: notes stand behind bars */
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
            hatched = put_hatch(s, f, color);
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
    double line = line_of(f);
    double column = SAMPLE + bmx_latex_widest(f->series, f->n_series, false, FOOT, line);
    double n = fmin(fmin(fmax(floor(line / column), 1), MOST), (double)f->n_series);
    double width = n * column;

    if ((size_t)n == f->n_series) /* on one line every entry is as wide as its name */
        for (size_t k = 0; k < f->n_series; k++)
            width -= column - SAMPLE - bmx_latex_em(f->series[k].name) * FOOT;

    bmx_putf(s, "area legend,legend columns=%d,legend cell align=left,\n"
                "  legend style={at={(%s,1.03)},anchor=south%s,draw=none,font=\\footnotesize}]\n",
             (int)n, width > axis ? "1" : "0.5", width > axis ? " east" : "");
}

static void stacked(bmx_sink *s, const bmx_figure *f)
{
    double room = 0.36 * line_of(f);
    double names = fmax(bmx_latex_widest(f->row, f->n_rows, false, FOOT, room),
                        bmx_latex_widest(f->row, f->n_rows, true, TINY, line_of(f)));
    double w = fraction(f, 0.75, line_of(f) - names - EDGE + KEPT);
    double axis = w * line_of(f) - KEPT;

    bmx_putf(s,
             "\\begin{axis}[y dir=reverse,xmin=0,xmax=100,ymin=-0.6,ymax=%.1f,"
             "width=%.3f\\linewidth,height=%.1fcm,\n"
             "  xlabel={\\%%},ytick style={draw=none},ytick={",
             (double)f->n_rows - 0.4, w, 2.2 + 0.75 * (double)f->n_rows);
    put_positions(s, f->n_rows);
    bmx_put(s, "},yticklabels={");
    put_names(s, f->row, f->n_rows, true, FOOT, room);
    bmx_put(s, "},\n  tick label style={font=\\footnotesize},");
    put_legend_style(s, f, axis);
    for (size_t k = 0; k < f->n_series; k++) {
        bmx_putf(s, "\\addlegendimage{fill=%s,draw=white", bmx_palette(f->series[k].color)->name);
        put_hatch(s, f, f->series[k].color);
        bmx_put(s, "}\\addlegendentry{");
        bmx_latex_text(s, f->series[k].name);
        bmx_put(s, "}\n");
    }
    for (size_t i = 0; i < f->n_rows; i++)
        put_segments(s, f, i, axis);
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
            bmx_putf(s, "\\draw[%sline,%s%s] ", color,
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
    double height;    /* cm */
    double names, axis; /* points: of the names of rows, of the axis of a panel */
    size_t lines;     /* that the longest title takes */
} panels;

#define PAGE 22.0 /* cm: an A4 page between usual margins */

#define PANEL_GAP 6.0 /* points: between panels */

/* Lines of a title and its note on the width of a panel. */
static size_t title_lines(const bmx_figure_item *panel, double width)
{
    double lines = ceil(bmx_latex_em(panel->name) * FOOT * 1.2 / width);

    if (panel->note)
        lines += ceil(bmx_latex_em(panel->note) * TINY * 1.2 / width);
    return (size_t)lines;
}

static panels arrange(const bmx_figure *f)
{
    enum { MOST = 4, LEAST = 46 }; /* panels beside each other; points of one */
    panels p = { .names = bmx_latex_widest(f->row, f->n_rows, false, TINY, 0.4 * line_of(f)) };
    double room = line_of(f) - p.names - EDGE, n = floor(room / (LEAST + PANEL_GAP));

    p.columns = (size_t)fmin(fmax(fmin(n, (double)f->n_series), 1), MOST);
    n = (double)p.columns;
    p.axis = fraction(f, 0.85 / n + 0.06, (room - PANEL_GAP * (n - 1)) / n + KEPT) * line_of(f);
    p.axis -= KEPT;
    for (size_t k = 0; k < f->n_series; k++) {
        size_t lines = title_lines(&f->series[k], p.axis);
        p.lines = lines > p.lines ? lines : p.lines;
    }
    p.bands = p.columns ? (f->n_series + p.columns - 1) / p.columns : 1;
    p.height = fmin(2.2 + 0.36 * (double)f->n_rows, PAGE);
    return p;
}

/* "xtick={0.000,1.000},xticklabels={0,1}," up to the root of the largest share in percent. */
static void put_root_marks(bmx_sink *s, char axis, double top)
{
    static const int percent[] = { 0, 1, 5, 10, 20, 30, 50, 75, 100 };
    size_t n = 0;

    bmx_putf(s, "%ctick={", axis);
    for (; n < sizeof percent / sizeof *percent && sqrt(percent[n]) <= top; n++) {
        bmx_put(s, n ? "," : "");
        bmx_put_fixed(s, sqrt(percent[n]), 3);
    }
    bmx_putf(s, "},%cticklabels={", axis);
    for (size_t i = 0; i < n; i++)
        bmx_putf(s, "%s%d", i ? "," : "", percent[i]);
    bmx_put(s, "},\n  ");
}

/* Panels first .. last - 1; bands of them below each other as far as a page has room. */
static void put_ranges(bmx_sink *s, const bmx_figure *f, size_t first, size_t last)
{
    panels p = arrange(f);
    double top = top_of(f);

    bmx_putf(s,
             "\\begin{groupplot}[group style={group size=%zu by %zu,horizontal sep=%.0fpt,vertical "
             "sep=%.0fpt,"
             "yticklabels at=edge left},\n  width=%.3f\\linewidth,height=%.1fcm,y "
             "dir=reverse,ymin=-0.7,ymax=%.1f,xmin=0,xmax=",
             p.columns, (last - first + p.columns - 1) / p.columns, PANEL_GAP,
             p.lines > 2 ? 12 + 8.0 * (double)p.lines : 28, (p.axis + KEPT) / line_of(f),
             p.height, (double)f->n_rows - 0.3);
    bmx_put_fixed(s, sqrt(100 * top), 3);
    bmx_put(s, ",\n  clip=false,xmajorgrids,ytick style={draw=none},"
               "tick label style={font=\\tiny},title style={font=\\footnotesize,align=center");
    if (p.lines > 2) {
        bmx_put(s, ",text width=");
        bmx_put_fixed(s, p.axis, 0);
        bmx_put(s, "pt");
    }
    bmx_put(s, "},ytick={");
    put_positions(s, f->n_rows);
    bmx_put(s, "},yticklabels={");
    put_names(s, f->row, f->n_rows, false, TINY, p.names);
    bmx_put(s, "},");
    put_root_marks(s, 'x', sqrt(100 * top));
    bmx_put(s, "]\n");
    for (size_t k = first; k < last; k++) {
        bmx_put(s, "\\nextgroupplot[title={");
        bmx_latex_text(s, f->series[k].name);
        if (f->series[k].note) {
            bmx_putf(s, "\\\\{\\tiny\\color{%s}",
                     f->series[k].tone == BMX_TONE_UNUSABLE ? "red!65!black" : "black!65");
            bmx_latex_text(s, f->series[k].note);
            bmx_put(s, "}");
        }
        bmx_put(s, "}]\n");
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

/* An axis and a legend: beside it where that leaves the axis enough, or below. */
typedef struct beside {
    double width; /* of the axis with its numbers, a fraction of the line */
    int columns;  /* of the legend below; 0: it stands beside */
} beside;

/* `more`: points of what the legend says besides the names. */
static beside place_legend(const bmx_figure *f, double usual, double more)
{
    enum { NUMBERS = 42, SAMPLE = 28 }; /* points: left of the axis; of a sample */
    double line = line_of(f), room = line - NUMBERS - EDGE + KEPT;
    double legend = bmx_latex_widest(f->series, f->n_series, false, FOOT, line) + SAMPLE + more;
    beside b = { .width = fraction(f, usual, room - legend) };

    if (b.width * line - KEPT < 0.35 * line) {
        b.width = fraction(f, 1, room);
        b.columns = (int)fmin(fmax(floor(line / legend), 1), 4);
    }
    return b;
}

/* Beside the axis it stands where `corner` says. */
static void put_place_of_legend(bmx_sink *s, const beside *b, const char *corner)
{
    if (b->columns)
        bmx_putf(s, "legend columns=%d,", b->columns);
    bmx_putf(s, "legend cell align=left,legend style={%s,draw=none,font=\\footnotesize}]\n",
             b->columns ? "at={(1,0)},yshift=-36pt,anchor=north east" : corner);
}

/* The last mark of a line; NULL: it has none. */
static const bmx_mark *last_mark(const bmx_figure *f, size_t k)
{
    for (size_t i = f->n_rows; i-- > 0;)
        if (isfinite(f->mark[i * f->n_series + k].value))
            return &f->mark[i * f->n_series + k];
    return NULL;
}

/* Series in the order in which their lines end, the highest first, as the legend names them. */
static bool order_series(const bmx_figure *f, size_t *order)
{
    size_t n = 0;

    for (size_t k = 0; k < f->n_series; k++) {
        const bmx_mark *m = last_mark(f, k);
        size_t i = n;
        for (; m && i > 0 && last_mark(f, order[i - 1])->value < m->value; i--)
            order[i] = order[i - 1];
        if (m)
            order[i] = k;
        n += m != NULL;
    }
    return n == f->n_series;
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
    const bmx_mark *end = last_mark(f, k);
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

static void lines(bmx_sink *s, const bmx_figure *f)
{
    size_t *order = bmx_calloc(f->n_series, sizeof *order);
    beside b = place_legend(f, 0.7, 25);
    bool whole;

    if (!order) {
        if (!s->status)
            s->status = bmx_nomem(s->err);
        return;
    }
    whole = order_series(f, order);
    bmx_put(s, "\\begin{axis}[width=");
    bmx_put_fixed(s, b.width, 3);
    bmx_putf(s, "\\linewidth,height=7cm,clip=false,ymajorgrids,xminorticks=false,%s%s%s",
             f->log_x ? "xmode=log," : "", f->log_y ? "ymode=log," : "",
             f->percent && !f->log_y ? "ymin=0,\n  " : "\n  ");
    put_x_marks(s, f, b.width * line_of(f) - KEPT - 6);
    bmx_put(s, "xlabel={");
    bmx_latex_text(s, f->x_label ? f->x_label : "");
    bmx_put(s, "},ylabel={");
    bmx_latex_text(s, f->y_label ? f->y_label : "");
    bmx_put(s, "},label style={font=\\footnotesize},\n  tick label style={font=\\footnotesize},");
    put_place_of_legend(s, &b, "at={(1.02,0.5)},anchor=west");
    if (isfinite(f->x_marked)) {
        bmx_putf(s, "\\draw[gray,densely dotted] ({axis cs:%.10g,1}|-{rel axis cs:0,0}) -- "
                    "({axis cs:%.10g,1}|-{rel axis cs:0,1}) node[above,font=\\tiny] {",
                 f->x_marked, f->x_marked);
        bmx_latex_text(s, f->x_marked_label ? f->x_marked_label : "");
        bmx_put(s, "};\n");
    }
    for (size_t k = 0; k < f->n_series; k++)
        if (whole || last_mark(f, order[k]))
            put_line(s, f, order[k]);
    put_levels(s, f);
    bmx_put(s, "\\end{axis}\n");
    bmx_free(order);
}

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

static void bars(bmx_sink *s, const bmx_figure *f)
{
    double names = bmx_latex_widest(f->row, f->n_rows, false, FOOT, 0.5 * line_of(f)), most = 0;
    double w = fraction(f, 0.6, line_of(f) - names - EDGE);

    for (size_t i = 0; i < f->n_rows; i++)
        most = fmax(most, f->mark[i * f->n_series].value);
    bmx_putf(s,
             "\\begin{axis}[y dir=reverse,xmin=0,xmax=%.6g,ymin=-0.7,ymax=%.1f,"
             "scale only axis,width=%.3f\\linewidth,height=%.1fcm,clip=false,\n"
             "  axis x line=none,axis y line*=left,ytick style={draw=none},"
             "y axis line style={draw=none},tick label style={font=\\footnotesize},ytick={",
             most > 0 ? most / BAR_PART : 1, (double)f->n_rows - 0.3, w,
             0.2 + 0.45 * (double)f->n_rows);
    put_positions(s, f->n_rows);
    bmx_put(s, "},yticklabels={");
    put_names(s, f->row, f->n_rows, false, FOOT, names);
    bmx_put(s, "}]\n");
    for (size_t i = 0; i < f->n_rows; i++) {
        bmx_putf(s, "\\draw[fill=%s,draw=none", bmx_palette(f->row[i].color)->name);
        put_hatch(s, f, f->row[i].color);
        bmx_putf(s, "] (axis cs:0,%zu.3) rectangle (axis cs:", i);
        bmx_put_fixed(s, f->mark[i * f->n_series].value, 0);
        bmx_put(s, ",");
        bmx_put_fixed(s, (double)i - 0.3, 1);
        bmx_put(s, ");\n");
        put_bar_label(s, f, i, most, w * line_of(f));
    }
    bmx_put(s, "\\end{axis}\n");
}

/* Where a share stands on an axis of square roots of percent. */
static double root_of(double share) { return sqrt(100 * fmax(share, 0)); }

/* Points of one colour, which is that of an experiment. */
static void put_cloud(bmx_sink *s, const bmx_figure *f, unsigned color)
{
    bmx_putf(s,
             "\\addplot[only marks,mark size=1.2pt,%sline,"
             "mark options={fill=%s,draw=black,line width=0.2pt},\n"
             "  error bars/.cd,y dir=both,y explicit,error mark=none] coordinates {",
             bmx_palette(color)->name, bmx_palette(color)->name);
    for (size_t i = 0; i < f->n_rows; i++) {
        const bmx_mark *m = &f->mark[i * f->n_series];
        double at = root_of(m->value);

        if (f->row[i].color != color || !isfinite(f->row[i].x) || !isfinite(m->value))
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
    bmx_put(s, "};\n");
}

static void scatter(bmx_sink *s, const bmx_figure *f)
{
    beside b = place_legend(f, 0.65, 0);
    double top = 0.05;

    for (size_t i = 0; i < f->n_rows; i++) {
        const bmx_mark *m = &f->mark[i * f->n_series];
        top = fmax(top, fmax(f->row[i].x, isfinite(m->high) ? m->high : m->value));
    }
    top = root_of(fmin(1, top * 1.02));
    bmx_put(s, "\\begin{axis}[width=");
    bmx_put_fixed(s, b.width, 3);
    bmx_put(s, "\\linewidth,height=");
    bmx_put_fixed(s, b.width, 3);
    bmx_putf(s,
             "\\linewidth,xmin=0,ymin=0,xmax=%.3f,ymax=%.3f,grid=major,\n  "
             "tick label style={font=\\footnotesize},"
             "label style={font=\\footnotesize},",
             top, top);
    put_root_marks(s, 'x', top);
    put_root_marks(s, 'y', top);
    bmx_put(s, "xlabel={");
    bmx_latex_text(s, f->x_label ? f->x_label : "");
    bmx_put(s, "},ylabel={");
    bmx_latex_text(s, f->y_label ? f->y_label : "");
    bmx_put(s, "},\n  ");
    put_place_of_legend(s, &b, "at={(1.03,1)},anchor=north west");
    bmx_putf(s, "\\addplot[gray,densely dotted,mark=none,forget plot] "
                "coordinates {(0,0)(%.3f,%.3f)};\n", top, top);
    for (size_t k = 0; k < f->n_series; k++) {
        put_cloud(s, f, f->series[k].color);
        if (f->n_series > 1) {
            bmx_put(s, "\\addlegendentry{");
            bmx_latex_text(s, f->series[k].name);
            bmx_put(s, "}\n");
        }
    }
    bmx_put(s, "\\end{axis}\n");
}

void bmx_latex_figure(bmx_sink *s, const bmx_figure *f)
{
    static void (*const draw[])(bmx_sink *, const bmx_figure *) = { stacked, ranges, lines, bars,
                                                                    scatter };

    open_figure(s, f);
    draw[f->kind](s, f);
    close_figure(s, f);
}

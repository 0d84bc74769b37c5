/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pgf.c - figures as source for pgfplots; positions on axes of square roots are computed here. */
#include "report/latex.h"
#include "report/palette.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bmx_latex_colors(bmx_sink *s)
{
    for (unsigned i = 0; i < BMX_COLORS; i++)
        bmx_putf(s, "\\definecolor{%s}{HTML}{%s}\\definecolor{%sline}{HTML}{%s}\n",
                 bmx_palette(i)->name, bmx_palette(i)->fill, bmx_palette(i)->name,
                 bmx_palette(i)->stroke);
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

/* Names of rows, and below each in smaller type what its note says. */
static void put_names(bmx_sink *s, const bmx_figure_item *item, size_t n, bool notes)
{
    for (size_t i = 0; i < n; i++) {
        bool second = notes && item[i].note;
        bmx_put(s, i ? ",{" : "{");
        bmx_put(s, second ? "\\shortstack[r]{" : "");
        bmx_latex_text(s, item[i].name);
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

/* Points of a text line's \\linewidth in an article, less the room that pgfplots keeps for the
 * numbers of axes: what texts inside of axes may take is reckoned with these. */
#define LINE_POINTS 345.0
#define AXIS_POINTS (0.75 * LINE_POINTS - 45)
#define BAR_PART 0.45 /* of the axis that the longest bar takes: notes stand behind bars */
#define SCRIPT 7.0 /* points: the size of the type in segments */

static bool has_room(const char *text, double width)
{
    return bmx_text_em(text) * SCRIPT + 3 <= width * AXIS_POINTS;
}

/* The name and the number, or the range of an undetermined share; as much as the segment has room
 * for. */
static void put_segment_label(bmx_sink *s, const bmx_figure_item *series, const bmx_mark *m,
                              const char *style, double middle, size_t row)
{
    char number[BMX_SHARE_LABEL], text[300];

    bmx_share_label(number, m);
    snprintf(text, sizeof text, "%s %s", series->name, number);
    if (!has_room(text, m->value))
        snprintf(text, sizeof text, "%s", number);
    if (!has_room(text, m->value) && m->loose)
        bmx_share_bound(text, m);
    if (!has_room(text, m->value) && m->loose)
        strcpy(text, "?");
    if (!has_room(text, m->value))
        return;
    bmx_putf(s, "\\node[font=\\scriptsize,inner sep=1pt,%s] at (axis cs:", style);
    bmx_put_fixed(s, middle, 3);
    bmx_putf(s, ",%zu) {", row);
    bmx_latex_text(s, text);
    bmx_put(s, "};\n");
}

/* Segments with a style of their own, which pgfplots only gives to a whole series, are drawn one by
 * one: an undetermined share is pale with a dashed edge, one of an unusable fit is grey. */
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
                          x + w / 2, row);
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
    put_names(s, f->row, f->n_rows, true);
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
    double height;
} panels;

#define PAGE 22.0 /* cm: an A4 page between usual margins */

static panels arrange(const bmx_figure *f)
{
    panels p = { .columns = f->n_series < 4 ? f->n_series : 4 };

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
             "\\begin{groupplot}[group style={group size=%zu by %zu,horizontal sep=6pt,vertical "
             "sep=28pt,"
             "yticklabels at=edge left},\n  width=%.2f\\linewidth,height=%.1fcm,y "
             "dir=reverse,ymin=-0.7,ymax=%.1f,xmin=0,xmax=",
             p.columns, (last - first + p.columns - 1) / p.columns, 0.85 / (double)p.columns + 0.06,
             p.height, (double)f->n_rows - 0.3);
    bmx_put_fixed(s, sqrt(100 * top), 3);
    bmx_put(s, ",\n  clip=false,xmajorgrids,ytick style={draw=none},"
               "tick label style={font=\\tiny},title "
               "style={font=\\footnotesize,align=center},ytick={");
    put_positions(s, f->n_rows);
    bmx_put(s, "},yticklabels={");
    put_names(s, f->row, f->n_rows, false);
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
static void put_x_marks(bmx_sink *s, const bmx_figure *f)
{
    enum { POINTS = 190, TYPE = 8 }; /* of the axis and the size of its type */
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
        if (at * POINTS - half < right + 3)
            continue;
        bmx_put(s, text);
        right = at * POINTS + half;
    }
    bmx_put(s, "},\n  ");
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
    bool whole;

    if (!order) {
        if (!s->status)
            s->status = bmx_nomem(s->err);
        return;
    }
    whole = order_series(f, order);
    bmx_putf(s, "\\begin{axis}[width=0.7\\linewidth,height=7cm,clip=false,ymajorgrids,"
                "xminorticks=false,%s%s%s",
             f->log_x ? "xmode=log," : "", f->log_y ? "ymode=log," : "",
             f->percent && !f->log_y ? "ymin=0,\n  " : "\n  ");
    put_x_marks(s, f);
    bmx_put(s, "xlabel={");
    bmx_latex_text(s, f->x_label ? f->x_label : "");
    bmx_put(s, "},ylabel={");
    bmx_latex_text(s, f->y_label ? f->y_label : "");
    bmx_put(s, "},label style={font=\\footnotesize},\n  tick label style={font=\\footnotesize},"
               "legend cell align=left,legend "
               "style={at={(1.02,0.5)},anchor=west,draw=none,font=\\footnotesize}]\n");
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
static void put_bar_label(bmx_sink *s, const bmx_figure *f, size_t row, double most)
{
    enum { TINY = 5, NUMBER = 30 }; /* points: of type, and that the number takes */
    double value = f->mark[row * f->n_series].value;
    double room = AXIS_POINTS * (1 - BAR_PART * (most > 0 ? value / most : 0)) - NUMBER;
    const char *note = f->row[row].note;
    size_t n = note ? bmx_text_clip(note, room / TINY) : 0;

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
    double most = 0;

    for (size_t i = 0; i < f->n_rows; i++)
        most = fmax(most, f->mark[i * f->n_series].value);
    bmx_putf(s,
             "\\begin{axis}[y dir=reverse,xmin=0,xmax=%.6g,ymin=-0.7,ymax=%.1f,"
             "scale only axis,width=0.6\\linewidth,height=%.1fcm,clip=false,\n"
             "  axis x line=none,axis y line*=left,ytick style={draw=none},"
             "y axis line style={draw=none},tick label style={font=\\footnotesize},ytick={",
             most > 0 ? most / BAR_PART : 1, (double)f->n_rows - 0.3,
             0.2 + 0.45 * (double)f->n_rows);
    put_positions(s, f->n_rows);
    bmx_put(s, "},yticklabels={");
    put_names(s, f->row, f->n_rows, false);
    bmx_put(s, "}]\n");
    for (size_t i = 0; i < f->n_rows; i++) {
        bmx_putf(s, "\\draw[fill=%s,draw=none", bmx_palette(f->row[i].color)->name);
        put_hatch(s, f, f->row[i].color);
        bmx_putf(s, "] (axis cs:0,%zu.3) rectangle (axis cs:", i);
        bmx_put_fixed(s, f->mark[i * f->n_series].value, 0);
        bmx_put(s, ",");
        bmx_put_fixed(s, (double)i - 0.3, 1);
        bmx_put(s, ");\n");
        put_bar_label(s, f, i, most);
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
    double top = 0.05;

    for (size_t i = 0; i < f->n_rows; i++) {
        const bmx_mark *m = &f->mark[i * f->n_series];
        top = fmax(top, fmax(f->row[i].x, isfinite(m->high) ? m->high : m->value));
    }
    top = root_of(fmin(1, top * 1.02));
    bmx_putf(s,
             "\\begin{axis}[width=0.65\\linewidth,height=0.65\\linewidth,xmin=0,ymin=0,"
             "xmax=%.3f,ymax=%.3f,grid=major,\n  tick label style={font=\\footnotesize},"
             "label style={font=\\footnotesize},",
             top, top);
    put_root_marks(s, 'x', top);
    put_root_marks(s, 'y', top);
    bmx_put(s, "xlabel={");
    bmx_latex_text(s, f->x_label ? f->x_label : "");
    bmx_put(s, "},ylabel={");
    bmx_latex_text(s, f->y_label ? f->y_label : "");
    bmx_put(s, "},\n  legend cell align=left,legend "
               "style={at={(1.03,1)},anchor=north west,draw=none,font=\\footnotesize}]\n");
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

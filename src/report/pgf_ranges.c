/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pgf_ranges.c - points and ranges by category, a panel for each tokenizer. */
#include "report/figure.h"
#include "report/latex.h"
#include "report/palette.h"
#include "report/pgf.h"

#include <math.h>

/* "(axis cs:2.236,4)": a percentage on the axis of square roots, in a row. */
static void put_place(bmx_sink *s, double share, size_t row)
{
    bmx_put(s, "(axis cs:");
    bmx_put_fixed(s, sqrt(fmax(share, 0) * 100), 3);
    bmx_putf(s, ",%zu)", row);
}

/* What of a figure stands on a page. */
typedef struct page {
    size_t panel, end_panel;
    size_t row, end_row;
} page;

/* Ranges of panel k, and the points of those that are determined; a range without a point has
 * ends like those of a gauge. */
static void put_points(bmx_sink *s, const bmx_figure *f, size_t k, page on)
{
    const char *pale = f->series[k].tone == BMX_TONE_UNUSABLE ? ",opacity=0.35" : "";

    for (size_t i = 0; i < on.end_row - on.row; i++) {
        size_t row = on.row + i;
        const bmx_mark *m = &f->mark[row * f->n_series + k];
        const char *color = bmx_palette(f->row[row].color)->name;
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

/* Panels side by side, and their height. */
typedef struct panels {
    size_t columns, bands;
    double height;    /* cm */
    double names, axis; /* points: of the names of rows, of the axis of a panel */
    size_t lines;     /* that the longest title takes */
} panels;

/* cm: the class article on letter paper has 19.3 of them for text, of which titles and a caption
 * of three lines take the rest.  With PAGE_ROWS a row has the height of its tiny name. */
#define PAGE 16.5
#define PAGE_ROWS 60u

#define PANEL_GAP 6.0 /* points: between panels */

/* Lines of a title and its note on the width of a panel. */
static size_t title_lines(const bmx_figure_item *panel, double width)
{
    double lines = ceil(bmx_latex_em(panel->name) * BMX_PGF_FOOT * 1.2 / width);

    if (panel->note)
        lines += ceil(bmx_latex_em(panel->note) * BMX_PGF_TINY * 1.2 / width);
    return (size_t)lines;
}

static size_t row_pages(const bmx_figure *f) { return (f->n_rows + PAGE_ROWS - 1) / PAGE_ROWS; }

/* Rows of a page: as many on each, but for the last. */
static size_t page_rows(const bmx_figure *f)
{
    size_t pages = row_pages(f);

    return pages ? (f->n_rows + pages - 1) / pages : 0;
}

static panels arrange(const bmx_figure *f)
{
    enum { MOST = 4, LEAST = 46 }; /* panels beside each other; points of one */
    const double line = bmx_pgf_line(f);
    panels p = { .names = bmx_latex_widest(f->row, f->n_rows, false, BMX_PGF_TINY, 0.4 * line) };
    double room = line - p.names - BMX_PGF_EDGE, n = floor(room / (LEAST + PANEL_GAP)), panel;

    p.columns = (size_t)fmin(fmax(fmin(n, (double)f->n_series), 1), MOST);
    n = (double)p.columns;
    panel = (room - PANEL_GAP * (n - 1)) / n + BMX_PGF_KEPT;
    p.axis = bmx_pgf_fraction(f, 0.85 / n + 0.06, panel) * line - BMX_PGF_KEPT;
    for (size_t k = 0; k < f->n_series; k++) {
        size_t lines = title_lines(&f->series[k], p.axis);
        p.lines = lines > p.lines ? lines : p.lines;
    }
    p.bands = p.columns ? (f->n_series + p.columns - 1) / p.columns : 1;
    p.height = fmin(2.2 + 0.36 * (double)page_rows(f), PAGE);
    return p;
}

/* Bands of panels below each other. */
static void put_page(bmx_sink *s, const bmx_figure *f, page on)
{
    panels p = arrange(f);
    size_t rows = on.end_row - on.row;
    double top = bmx_figure_top(f);

    bmx_putf(s,
             "\\begin{groupplot}[group style={group size=%zu by %zu,horizontal sep=%.0fpt,vertical "
             "sep=%.0fpt,"
             "yticklabels at=edge left},\n  width=%.3f\\linewidth,height=%.1fcm,y "
             "dir=reverse,ymin=-0.7,ymax=%.1f,xmin=0,xmax=",
             p.columns, (on.end_panel - on.panel + p.columns - 1) / p.columns, PANEL_GAP,
             p.lines > 2 ? 12 + 8.0 * (double)p.lines : 28,
             (p.axis + BMX_PGF_KEPT) / bmx_pgf_line(f), p.height, (double)rows - 0.3);
    bmx_put_fixed(s, sqrt(100 * top), 3);
    bmx_put(s, ",\n  clip=false,xmajorgrids,ytick style={draw=none},"
               "tick label style={font=\\tiny},title style={font=\\footnotesize,align=center");
    if (p.lines > 2) {
        bmx_put(s, ",text width=");
        bmx_put_fixed(s, p.axis, 0);
        bmx_put(s, "pt");
    }
    bmx_put(s, "},ytick={");
    bmx_pgf_positions(s, rows);
    bmx_put(s, "},yticklabels={");
    bmx_pgf_names(s, f->row + on.row, rows, false, BMX_PGF_TINY, p.names);
    bmx_put(s, "},");
    bmx_pgf_root_marks(s, 'x', sqrt(100 * top));
    bmx_put(s, "]\n");
    for (size_t k = on.panel; k < on.end_panel; k++) {
        bmx_put(s, "\\nextgroupplot[title={");
        bmx_latex_text(s, f->series[k].name);
        if (f->series[k].note)
            bmx_pgf_note(s, &f->series[k]);
        bmx_put(s, "}]\n");
        put_points(s, f, k, on);
    }
    bmx_put(s, "\\end{groupplot}\n");
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

void bmx_pgf_ranges(bmx_sink *s, const bmx_figure *f)
{
    panels p = arrange(f);
    size_t a_page = p.columns * (size_t)fmax(PAGE / p.height, 1), rows = page_rows(f);

    for (size_t k = 0; k < f->n_series; k += a_page)
        for (size_t i = 0; i < f->n_rows; i += rows) {
            if (k || i) {
                bmx_pgf_close(s, f);
                bmx_pgf_open(s, f);
            }
            put_page(s, f, (page){ k, least(k + a_page, f->n_series), i,
                                   least(i + rows, f->n_rows) });
        }
}

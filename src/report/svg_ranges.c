/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg_ranges.c - a panel a tokenizer, in it a point and a range per category, on an axis of
 * square roots, so that small shares are seen beside large ones.  Panels stand in bands of up
 * to five, all with the same axis. */
#include "base/format.h"
#include "report/figure.h"
#include "report/palette.h"
#include "report/svg_draw.h"

#include <math.h>

#define PITCH 15.0     /* from one row to the next */
#define GAP 18.0       /* between panels */
#define TALL 40u /* rows, with which the axis is numbered at the top as well */
#define MOST_PANELS 5u /* beside each other */

typedef struct layout {
    double labels, x0, panel, top; /* top: the share at the right end of the axis */
} layout;

static double place(const layout *l, double share)
{
    return l->panel * sqrt(fmax(share, 0) / l->top);
}

/* Marks of the axis, leaving out those whose numbers would touch. */
static void put_axis(bmx_drawing *d, const layout *l, double x0, double y0, double y1)
{
    double right = -100;

    for (size_t i = 0; i < BMX_ROOT_MARKS; i++) {
        double x = x0 + place(l, bmx_root_mark[i] / 100.0), half;
        char text[8];
        if (bmx_root_mark[i] > 100 * l->top + 1e-9)
            break;
        bmx_snprintf(text, sizeof text, "%d", bmx_root_mark[i]);
        half = bmx_svg_width("s", text) / 2;
        bmx_svg_line(d, "gr", x, y0, x, y1);
        if (x - half < right + 3)
            continue;
        bmx_svg_text(d, x, y1 + 13, BMX_ANCHOR_MIDDLE, "s", text);
        if (d->end_row - d->row > TALL)
            bmx_svg_text(d, x, y0 - 3, BMX_ANCHOR_MIDDLE, "s", text);
        right = x + half;
    }
}

static void put_range(bmx_drawing *d, const layout *l, double x0, double y, size_t row, size_t k)
{
    const bmx_figure *f = d->f;
    const bmx_mark *m = &f->mark[row * f->n_series + k];
    unsigned color = f->row[row].color % BMX_COLORS;
    char text[BMX_MARK_TEXT];

    if (!isfinite(m->value) && !isfinite(m->low))
        return;
    bmx_put(&d->s, "<g>");
    bmx_svg_title(d, "%s, %s: %s", f->series[k].name, f->row[row].name,
                  bmx_mark_text(text, m, f->percent));
    if (isfinite(m->low)) {
        double a = x0 + place(l, m->low), b = x0 + place(l, m->high);
        bmx_putf(&d->s, "<path class=\"l%u %s\"", color, m->loose ? "wide" : "r");
        bmx_put(&d->s, " d=\"M");
        bmx_put_fixed(&d->s, a, 2);
        bmx_put(&d->s, " ");
        bmx_put_fixed(&d->s, y, 1);
        bmx_put(&d->s, "H");
        bmx_put_fixed(&d->s, b, 2);
        if (m->loose) { /* a range without a point has short bars at its ends */
            for (int end = 0; end < 2; end++) {
                bmx_put(&d->s, "M");
                bmx_put_fixed(&d->s, end ? b : a, 2);
                bmx_put(&d->s, " ");
                bmx_put_fixed(&d->s, y - 4, 1);
                bmx_put(&d->s, "v8");
            }
        }
        bmx_put(&d->s, "\"/>");
    }
    if (isfinite(m->value) && !m->loose) {
        bmx_putf(&d->s, "<circle class=\"f%u ring\"", color);
        bmx_svg_num(d, "cx", x0 + place(l, m->value));
        bmx_svg_num(d, "cy", y);
        bmx_put(&d->s, " r=\"4\"/>");
    }
    bmx_put(&d->s, "</g>\n");
}

static layout measure(const bmx_drawing *d, size_t panels)
{
    const bmx_figure *f = d->f;
    layout l = { .labels = 40, .top = bmx_figure_top(f) };

    for (size_t i = 0; i < f->n_rows; i++)
        l.labels = fmax(l.labels, bmx_svg_width("", f->row[i].name));
    l.labels = fmin(l.labels, fmin(190, 0.4 * d->width));
    l.x0 = BMX_SVG_MARGIN + l.labels + 10;
    l.panel = (d->width - l.x0 - 14 - GAP * (double)(panels - 1)) / (double)panels;
    return l;
}

static void put_band(bmx_drawing *d, const layout *l, size_t first, size_t last)
{
    const bmx_figure *f = d->f;
    double y0 = d->y + (d->end_row - d->row > TALL ? 48 : 34);
    double y1 = y0 + PITCH * (double)(d->end_row - d->row) + 2;

    for (size_t k = first; k < last; k++) {
        const bmx_figure_item *panel = &f->series[k];
        double x0 = l->x0 + (l->panel + GAP) * (double)(k - first);
        bmx_svg_text_fit(d, x0, d->y + 12, BMX_ANCHOR_START, "b", l->panel + GAP / 2, panel->name);
        if (panel->note)
            bmx_svg_text_fit(d, x0, d->y + 27, BMX_ANCHOR_START,
                             panel->tone == BMX_TONE_UNUSABLE ? "bad" : "s", l->panel + GAP / 2,
                             panel->note);
        put_axis(d, l, x0, y0, y1);
        if (panel->tone == BMX_TONE_UNUSABLE)
            bmx_put(&d->s, "<g opacity=\"0.35\">\n");
        for (size_t i = d->row; i < d->end_row; i++)
            put_range(d, l, x0, y0 + PITCH * ((double)(i - d->row) + 0.5) + 1, i, k);
        if (panel->tone == BMX_TONE_UNUSABLE)
            bmx_put(&d->s, "</g>\n");
    }
    for (size_t i = d->row; i < d->end_row; i++)
        bmx_svg_text_fit(d, l->x0 - 10, y0 + PITCH * ((double)(i - d->row) + 0.5) + 5,
                         BMX_ANCHOR_END, "", l->labels, f->row[i].name);
    d->y = y1 + 34;
}

/* On a given width a panel has room for its name. */
size_t bmx_svg_ranges_panels(const bmx_figure *f)
{
    enum { WIDE = 180 }; /* points: of a panel and its part of the names of rows */
    double room = f->width > 0 ? fmax(f->width / WIDE, 1) : MOST_PANELS;
    size_t most = room < MOST_PANELS ? (size_t)room : MOST_PANELS;
    size_t bands = (f->n_series + most - 1) / most;

    return bands ? (f->n_series + bands - 1) / bands : 1;
}

void bmx_svg_ranges(bmx_drawing *d)
{
    const bmx_figure *f = d->f;
    size_t panels = bmx_svg_ranges_panels(f);
    layout l;

    if (panels > 3 && !(f->width > 0))
        d->width = 900;
    l = measure(d, panels);
    for (size_t k = d->series; k < d->end_series; k += panels)
        put_band(d, &l, k, k + panels < d->end_series ? k + panels : d->end_series);
}

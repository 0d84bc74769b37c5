/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg_scatter.c - truth across, estimate up, both on axes of square roots; the diagonal is where
 * an estimate is right. */
#include "base/format.h"
#include "report/figure.h"
#include "report/palette.h"
#include "report/svg_draw.h"

#include <math.h>

#define SIDE 380.0 /* of the square of axes, where the width is not given */

void bmx_svg_scatter(bmx_drawing *d)
{
    const bmx_figure *f = d->f;
    double top = 0.05, x0 = 64, y0, right = -100, side = SIDE;

    if (f->width > 0)
        side = fmin(side, d->width - x0 - 20);
    else
        d->width = fmax(x0 + side + 40, 560);
    for (size_t i = 0; i < f->n_rows; i++) {
        top = fmax(top, fmax(f->row[i].x, f->mark[i * f->n_series].value));
        if (isfinite(f->mark[i * f->n_series].high))
            top = fmax(top, f->mark[i * f->n_series].high);
    }
    top = fmin(1, top * 1.02);
    if (f->n_series > 1)
        bmx_svg_legend(d, x0, d->width - x0 - BMX_SVG_MARGIN);
    if (f->y_label)
        bmx_svg_paragraph(d, BMX_SVG_MARGIN, d->width - 20, "s", f->y_label);
    d->y += 8;
    y0 = d->y + side;
    for (size_t i = 0; i < BMX_ROOT_MARKS && bmx_root_mark[i] <= 100 * top; i++) {
        double at = side * sqrt(bmx_root_mark[i] / 100.0 / top), half;
        char text[8];
        bmx_snprintf(text, sizeof text, "%d", bmx_root_mark[i]);
        half = bmx_svg_width("s", text) / 2;
        bmx_svg_line(d, "gr", x0 + at, d->y, x0 + at, y0);
        bmx_svg_line(d, "gr", x0, y0 - at, x0 + side, y0 - at);
        if (at - half < right + 6)
            continue;
        bmx_svg_text(d, x0 + at, y0 + 14, BMX_ANCHOR_MIDDLE, "s", text);
        bmx_svg_text(d, x0 - 6, y0 - at + 4, BMX_ANCHOR_END, "s", text);
        right = at + half;
    }
    bmx_svg_line(d, "rule", x0, y0, x0 + side, d->y);
    for (size_t i = 0; i < f->n_rows; i++) {
        const bmx_mark *m = &f->mark[i * f->n_series];
        unsigned color = f->row[i].color % BMX_COLORS;
        double x = x0 + side * sqrt(fmax(f->row[i].x, 0) / top);
        char text[BMX_MARK_TEXT], truth[40];
        if (!isfinite(m->value) || !isfinite(f->row[i].x))
            continue;
        bmx_put(&d->s, "<g>");
        bmx_svg_title(d, "%s: true share %s %%, estimate %s", f->row[i].name,
                      bmx_fixed(truth, 100 * f->row[i].x, 2), bmx_mark_text(text, m, true));
        if (isfinite(m->low)) {
            bmx_putf(&d->s, "<line class=\"l%u\"", color);
            bmx_svg_num(d, "x1", x);
            bmx_svg_num(d, "x2", x);
            bmx_svg_num(d, "y1", y0 - side * sqrt(fmax(m->low, 0) / top));
            bmx_svg_num(d, "y2", y0 - side * sqrt(fmax(m->high, 0) / top));
            bmx_put(&d->s, "/>");
        }
        bmx_putf(&d->s, "<circle class=\"f%u ring\"", color);
        bmx_svg_num(d, "cx", x);
        bmx_svg_num(d, "cy", y0 - side * sqrt(fmax(m->value, 0) / top));
        bmx_put(&d->s, " r=\"3\"/></g>\n");
    }
    d->y = y0 + 22;
    if (f->x_label) {
        bmx_svg_text(d, x0 + side / 2, d->y + 11, BMX_ANCHOR_MIDDLE, "s", f->x_label);
        d->y += 20;
    }
}

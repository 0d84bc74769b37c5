/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg_bars.c - a bar a row, its number behind it, then what the row's note says. */
#include "report/svg_draw.h"

#include <math.h>

#define PITCH 24.0 /* from one row to the next */

void bmx_svg_bars(bmx_drawing *d)
{
    const bmx_figure *f = d->f;
    double labels = 60, most = 0, x0, axis;

    for (size_t i = 0; i < f->n_rows; i++) {
        labels = fmax(labels, bmx_svg_width("", f->row[i].name));
        most = fmax(most, f->mark[i * f->n_series].value);
    }
    labels = fmin(labels, fmin(240, 0.4 * d->width));
    x0 = BMX_SVG_MARGIN + labels + 8;
    axis = (d->width - x0) * 0.45;
    for (size_t i = 0; i < f->n_rows; i++) {
        const bmx_mark *m = &f->mark[i * f->n_series];
        double w = most > 0 ? axis * m->value / most : 0, x;
        char text[BMX_MARK_TEXT];
        bmx_svg_text_fit(d, x0 - 8, d->y + 13, BMX_ANCHOR_END, "", labels, f->row[i].name);
        bmx_svg_rect(d, "", f->row[i].color, x0, d->y, w, PITCH - 6);
        bmx_svg_title(d, "%s: %s%s%s", f->row[i].name, bmx_mark_text(text, m, f->percent),
                      f->row[i].note ? ", such as " : "", f->row[i].note ? f->row[i].note : "");
        bmx_put(&d->s, "</rect>\n");
        bmx_svg_hatched(d, f->row[i].color, x0, d->y, w, PITCH - 6);
        bmx_svg_text(d, x0 + w + 6, d->y + 13, BMX_ANCHOR_START, "", text);
        x = x0 + w + 6 + bmx_svg_width("", text) + 10;
        if (f->row[i].note && d->width - x > 60)
            bmx_svg_text_fit(d, x, d->y + 13, BMX_ANCHOR_START, "s", d->width - x - BMX_SVG_MARGIN,
                             f->row[i].note);
        d->y += PITCH;
    }
}

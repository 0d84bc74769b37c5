/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg_stacked.c - a bar a tokenizer, its segments the shares of the groups. */
#include "base/format.h"
#include "report/palette.h"
#include "report/svg_draw.h"

#include <math.h>
#include <string.h>

#define BAR 26.0   /* height */
#define PITCH 46.0 /* from one bar to the next */

static double label_width(const bmx_figure *f)
{
    double most = 60;

    for (size_t i = 0; i < f->n_rows; i++) {
        most = fmax(most, bmx_svg_width("", f->row[i].name));
        if (f->row[i].note)
            most = fmax(most, bmx_svg_width("s", f->row[i].note));
    }
    return fmin(most, 230);
}

/* The name and the number when there is room, or the number. */
static void put_label(bmx_drawing *d, const bmx_figure_item *series, const bmx_mark *m, bool dim,
                      double x, double y, double w)
{
    const bmx_figure *f = d->f;
    const char *class = dim        ? "s"
                        : m->loose ? ""
                        : bmx_palette(series->color)->text[0] == 'F' ? "on" : "ok";
    char number[BMX_SHARE_LABEL], text[300];
    bool hatched = f->hatch || series->color >= BMX_COLORS;

    bmx_share_label(number, m);
    bmx_snprintf(text, sizeof text, "%s %s", series->name, number);
    if (bmx_svg_width("", text) + 10 > w)
        bmx_snprintf(text, sizeof text, "%s", number);
    if (m->loose && bmx_svg_width("", text) + 6 > w)
        bmx_share_bound(text, m);
    if (m->loose && bmx_svg_width("", text) + 4 > w)
        strcpy(text, "?");
    if (bmx_svg_width("", text) + (m->loose && *text != '?' ? 4 : 6) > w)
        return;
    if (hatched && !dim && !m->loose) {
        double room = bmx_svg_width("", text) + 6;
        bmx_put(&d->s, "<rect class=\"chip\" rx=\"3\"");
        bmx_svg_num(d, "x", x + w / 2 - room / 2);
        bmx_svg_num(d, "y", y + 5);
        bmx_svg_num(d, "width", room);
        bmx_svg_num(d, "height", BAR - 10);
        bmx_put(&d->s, "/>\n");
        class = "ok";
    }
    bmx_svg_text(d, x + w / 2, y + 17.5, BMX_ANCHOR_MIDDLE, class, text);
}

static void put_bar(bmx_drawing *d, size_t row, double x0, double axis)
{
    const bmx_figure *f = d->f;
    bool dim = f->row[row].tone == BMX_TONE_UNUSABLE;
    double x = x0;
    char text[BMX_MARK_TEXT];

    for (size_t k = 0; k < f->n_series; k++) {
        const bmx_mark *m = &f->mark[row * f->n_series + k];
        double w = isfinite(m->value) ? m->value * axis : 0;
        if (!(w > 0.005))
            continue;
        if (m->loose) {
            unsigned color = f->series[k].color % BMX_COLORS;
            bmx_putf(&d->s, "<rect class=\"f%u l%u open%s\"", color, color, dim ? " gone" : "");
            bmx_svg_num(d, "x", x + 0.5);
            bmx_svg_num(d, "y", d->y + 0.5);
            bmx_svg_num(d, "width", fmax(w - 1, 0.1));
            bmx_svg_num(d, "height", BAR - 1);
            bmx_put(&d->s, ">");
        } else {
            bmx_svg_rect(d, dim ? "dim" : "", f->series[k].color, x, d->y, w, BAR);
        }
        bmx_svg_title(d, "%s, %s: %s", f->row[row].name, f->series[k].name,
                      bmx_mark_text(text, m, true));
        bmx_put(&d->s, "</rect>\n");
        if (!m->loose)
            bmx_svg_hatched(d, f->series[k].color, x, d->y, w, BAR);
        if (x > x0 + 0.5) /* draw a line between neighbours that does not change their lengths */
            bmx_svg_line(d, "edge", x, d->y, x, d->y + BAR);
        put_label(d, &f->series[k], m, dim, x, d->y, w);
        x += w;
    }
}

/* The name of a row and what its note says: beside the bar, or above it, which makes room. */
static void put_row_name(bmx_drawing *d, const bmx_figure_item *row, double x0, double labels,
                         bool above)
{
    const char *class = row->tone == BMX_TONE_UNUSABLE ? "bad" : "s";
    double room = d->width - x0 - BMX_SVG_MARGIN;
    double note = row->note ? fmin(bmx_svg_width(class, row->note), 0.6 * room) : 0;

    if (above) {
        bmx_svg_text_fit(d, x0, d->y + 11, BMX_ANCHOR_START, "", room - note - 8, row->name);
        if (row->note)
            bmx_svg_text_fit(d, x0 + room, d->y + 11, BMX_ANCHOR_END, class, note, row->note);
        d->y += 16;
        return;
    }
    bmx_svg_text_fit(d, x0 - 8, d->y + (row->note ? 11 : 17), BMX_ANCHOR_END, "", labels,
                     row->name);
    if (row->note)
        bmx_svg_text_fit(d, x0 - 8, d->y + 25, BMX_ANCHOR_END, class, labels, row->note);
}

void bmx_svg_stacked(bmx_drawing *d)
{
    const bmx_figure *f = d->f;
    bool above = d->width < BMX_SVG_NARROW;
    double labels = label_width(f), x0 = BMX_SVG_MARGIN + (above ? 6 : labels + 8);
    double axis = d->width - x0 - 26;

    bmx_svg_legend(d, x0, axis + (above ? 10 : 20));
    d->y += 6;
    for (size_t i = 0; i < f->n_rows; i++) {
        put_row_name(d, &f->row[i], x0, labels, above);
        put_bar(d, i, x0, axis);
        d->y += PITCH - (i + 1 == f->n_rows ? 12 : 0);
    }
    for (int k = 0; k <= 5; k++) {
        char text[8];
        double x = x0 + axis * k / 5;
        bmx_snprintf(text, sizeof text, "%d %%", 20 * k);
        bmx_svg_line(d, "ax", x, d->y, x, d->y + 4);
        bmx_svg_text(d, x, d->y + 17, BMX_ANCHOR_MIDDLE, "s", text);
    }
    d->y += 24;
}

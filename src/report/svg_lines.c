/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg_lines.c - lines over a continuous axis: shares against the number of merges, errors
 * against the size of the sample; with bars of error where the marks have ranges. */
#include "base/format.h"
#include "report/figure.h"
#include "report/palette.h"
#include "report/svg_draw.h"

#include <math.h>
#include <string.h>

#define HEIGHT 300.0 /* of the axes */
#define LINE 15.0 /* from one label at the right end to the next */

typedef struct axis {
    double low, high; /* in the units of the data, or of their logarithm */
    double at, length;
    bool log;
} axis;

static double place(const axis *a, double v)
{
    double u = a->log ? log10(fmax(v, 1e-300)) : v;

    return a->at + a->length * (a->high > a->low ? (u - a->low) / (a->high - a->low) : 0.5);
}

/* 1, 2 or 5 times a power of ten, so that there are about four steps. */
static double nice_step(double span)
{
    double power = pow(10, floor(log10(span / 4))), x = span / 4 / power;

    return power * (x < 1.5 ? 1 : x < 3.5 ? 2 : x < 7.5 ? 5 : 10);
}

static void put_y_axis(bmx_drawing *d, axis *y, double x0, double x1)
{
    const bmx_figure *f = d->f;
    double step = nice_step(y->high - y->low), first;

    y->low = floor(y->low / step + 1e-9) * step;
    y->high = ceil(y->high / step - 1e-9) * step;
    first = y->low;
    for (int k = 0; k < 12 && first + k * step <= y->high + step / 1e6; k++) {
        double v = first + k * step, at = y->at + y->length * (v - y->low) / (y->high - y->low);
        char text[48];
        bmx_axis_text(text, v, f->percent, step);
        if (y->log)
            bmx_snprintf(text, sizeof text, "1e%.0f", v);
        bmx_svg_line(d, "gr", x0, at, x1, at);
        bmx_svg_text(d, x0 - 6, at + 4, BMX_ANCHOR_END, "s", text);
    }
}

/* A mark at every x of the data whose text does not touch that of another. */
static void put_x_axis(bmx_drawing *d, const axis *x, double y)
{
    const bmx_figure *f = d->f;
    double right = -1e9;

    for (size_t i = 0; i < f->n_rows; i++) {
        double at = place(x, f->row[i].x), half;
        char text[40];
        bmx_axis_text(text, f->row[i].x, false, 1);
        half = bmx_svg_width("s", text) / 2;
        bmx_svg_line(d, "ax", at, y, at, y + 4);
        if (at - half < right + 4)
            continue;
        bmx_svg_text(d, at, y + 17, BMX_ANCHOR_MIDDLE, "s", text);
        right = at + half;
    }
}

static void put_points(bmx_drawing *d, const axis *x, const axis *y, size_t k)
{
    const bmx_figure *f = d->f;
    unsigned color = f->series[k].color % BMX_COLORS;
    char text[BMX_MARK_TEXT], at[40];

    for (size_t i = 0; i < f->n_rows; i++) {
        const bmx_mark *m = &f->mark[i * f->n_series + k];
        if (!isfinite(m->value))
            continue;
        bmx_put(&d->s, m->loose ? "<g class=\"pale\">" : "<g>");
        bmx_axis_text(at, f->row[i].x, false, 1);
        bmx_svg_title(d, "%s at %s: %s", f->series[k].name, at,
                      f->percent ? bmx_mark_text(text, m, true) : bmx_fixed(text, m->value, 2));
        if (isfinite(m->low)) {
            bmx_putf(&d->s, "<line class=\"l%u wide\"", color);
            bmx_svg_num(d, "x1", place(x, f->row[i].x));
            bmx_svg_num(d, "x2", place(x, f->row[i].x));
            bmx_svg_num(d, "y1", place(y, m->low));
            bmx_svg_num(d, "y2", place(y, m->high));
            bmx_put(&d->s, "/>");
        }
        bmx_putf(&d->s, "<circle class=\"f%u ring\"", color);
        bmx_svg_num(d, "cx", place(x, f->row[i].x));
        bmx_svg_num(d, "cy", place(y, m->value));
        bmx_put(&d->s, " r=\"3.5\"/></g>\n");
    }
}

/* Returns the height of the line's right end, NaN for a line without points. */
static double put_series(bmx_drawing *d, const axis *x, const axis *y, size_t k)
{
    const bmx_figure *f = d->f;
    const char *dash = bmx_palette(f->series[k].color)->dash;
    const bmx_mark *last = bmx_figure_last_mark(f, k);
    double end = NAN;

    bmx_putf(&d->s, "<path class=\"line l%u%s\"%s%s%s d=\"", f->series[k].color % BMX_COLORS,
             last && last->loose ? " pale" : "", *dash ? " stroke-dasharray=\"" : "", dash,
             *dash ? "\"" : "");
    for (size_t i = 0; i < f->n_rows; i++) {
        const bmx_mark *m = &f->mark[i * f->n_series + k];
        if (!isfinite(m->value))
            continue;
        bmx_put(&d->s, isnan(end) ? "M" : "L");
        bmx_put_fixed(&d->s, place(x, f->row[i].x), 2);
        bmx_put(&d->s, " ");
        bmx_put_fixed(&d->s, end = place(y, m->value), 2);
    }
    bmx_put(&d->s, isnan(end) ? "M0 0\"/>\n" : "\"/>\n");
    put_points(d, x, y, k);
    return end;
}

/* Labels at the right ends, moved apart: from the top down each at least LINE below the last,
 * then from the bottom up where the drawing ends. */
static void put_end_labels(bmx_drawing *d, double x, double room, const double *end, double top,
                           double bottom)
{
    const bmx_figure *f = d->f;
    size_t n = f->n_series, m = 0;
    size_t *order = bmx_malloc(n, sizeof *order);
    double *at = bmx_malloc(n, sizeof *at), last = 0;

    if (!order || !at) {
        if (!d->s.status)
            d->s.status = bmx_nomem(d->s.err);
        goto done;
    }
    for (size_t k = 0; k < n; k++) {
        size_t i = m;
        if (isnan(end[k]))
            continue;
        for (; i > 0 && end[order[i - 1]] > end[k]; i--)
            order[i] = order[i - 1];
        order[i] = k;
        m++;
    }
    for (size_t i = 0; i < m; i++)
        last = at[i] = fmax(end[order[i]], i ? last + LINE : top);
    for (size_t i = m; i-- > 0; last = at[i])
        at[i] = fmin(at[i], i + 1 == m ? bottom : last - LINE);
    for (size_t i = 0; i < m; i++) {
        const bmx_figure_item *s = &f->series[order[i]];
        char text[200], number[40] = "";
        const bmx_mark *mark = bmx_figure_last_mark(f, order[i]);
        if (mark && mark->loose)
            bmx_snprintf(number, sizeof number, "?");
        else if (mark)
            bmx_fixed(number, f->percent ? 100 * mark->value : mark->value, f->percent ? 1 : 2);
        bmx_snprintf(text, sizeof text, "%s %s", number, s->name);
        bmx_svg_line(d, "ax", x + 4, end[order[i]], x + 14, at[i]);
        bmx_svg_text_fit(d, x + 18, at[i] + 4, BMX_ANCHOR_START, "", room, text);
    }
done:
    bmx_free(order);
    bmx_free(at);
}

static void find_bounds(const bmx_figure *f, axis *x, axis *y)
{
    *x = (axis){ .low = INFINITY, .high = -INFINITY, .log = f->log_x };
    *y = (axis){ .low = f->percent ? 0 : INFINITY,
                 .high = f->percent ? 0.01 : -INFINITY,
                 .log = f->log_y };
    for (size_t i = 0; i < f->n_rows; i++) {
        double u = f->log_x ? log10(fmax(f->row[i].x, 1e-300)) : f->row[i].x;
        x->low = fmin(x->low, u);
        x->high = fmax(x->high, u);
    }
    for (size_t i = 0; i < f->n_levels; i++) {
        double u = f->log_y ? log10(fmax(f->level[i].x, 1e-300)) : f->level[i].x;
        y->low = fmin(y->low, u);
        y->high = fmax(y->high, u);
    }
    for (size_t i = 0; i < f->n_rows * f->n_series; i++) {
        const double v[] = { f->mark[i].value, f->mark[i].low, f->mark[i].high };
        for (int k = 0; k < 3; k++) {
            double u = f->log_y ? log10(fmax(v[k], 1e-300)) : v[k];
            if (isfinite(v[k])) {
                y->low = fmin(y->low, u);
                y->high = fmax(y->high, u);
            }
        }
    }
    if (!(y->high > y->low)) {
        y->low = isfinite(y->low) ? y->low - 0.5 : 0;
        y->high = y->low + 1;
    }
}

/* Horizontal lines at numbers known from elsewhere; a name that would cover another is only
 * given as a title. */
static void put_levels(bmx_drawing *d, const axis *x, const axis *y)
{
    const bmx_figure *f = d->f;

    for (size_t i = 0; i < f->n_levels; i++) {
        double at = place(y, f->level[i].x);
        char text[200], number[40];
        bool clear = true;
        bmx_snprintf(text, sizeof text, "%s %s", f->level[i].name,
                     bmx_fixed(number, f->percent ? 100 * f->level[i].x : f->level[i].x,
                               f->percent ? 0 : 2));
        bmx_put(&d->s, "<g>");
        bmx_svg_title(d, "%s", text);
        bmx_svg_line(d, "rule", x->at - 8, at, x->at + x->length, at);
        bmx_put(&d->s, "</g>\n");
        for (size_t k = 0; k < i; k++)
            clear = clear && fabs(place(y, f->level[k].x) - at) > LINE;
        if (clear)
            bmx_svg_text_fit(d, x->at - 4, at - 4, BMX_ANCHOR_START, "s", x->length, text);
    }
}

void bmx_svg_lines(bmx_drawing *d)
{
    const bmx_figure *f = d->f;
    double room = 60, x0 = 64, *end = bmx_malloc(f->n_series, sizeof *end);
    axis x, y;

    if (!end) {
        if (!d->s.status)
            d->s.status = bmx_nomem(d->s.err);
        return;
    }
    for (size_t k = 0; k < f->n_series; k++)
        room = fmax(room, bmx_svg_width("", f->series[k].name) + bmx_svg_width("", "-99.99 "));
    room = fmin(room, fmin(220, 0.4 * d->width));
    find_bounds(f, &x, &y);
    if (f->y_label)
        bmx_svg_paragraph(d, BMX_SVG_MARGIN, d->width - 20, "s", f->y_label);
    d->y += isfinite(f->x_marked) ? 22 : 8;
    x.at = x0 + 8;
    x.length = d->width - x.at - room - 34;
    y.at = d->y + HEIGHT;
    y.length = -HEIGHT;
    put_y_axis(d, &y, x0, x.at + x.length);
    if (isfinite(f->x_marked)) {
        double at = place(&x, f->x_marked);
        bmx_svg_line(d, "rule", at, d->y, at, d->y + HEIGHT);
        bmx_svg_text(d, at, d->y - 5, BMX_ANCHOR_MIDDLE, "s",
                     f->x_marked_label ? f->x_marked_label : "");
    }
    put_x_axis(d, &x, d->y + HEIGHT);
    put_levels(d, &x, &y);
    for (size_t k = 0; k < f->n_series; k++)
        end[k] = put_series(d, &x, &y, k);
    put_end_labels(d, x.at + x.length, room, end, d->y + 4, d->y + HEIGHT);
    d->y += HEIGHT + 24;
    if (f->x_label) {
        bmx_svg_text(d, x.at + x.length / 2, d->y + 11, BMX_ANCHOR_MIDDLE, "s", f->x_label);
        d->y += 20;
    }
    bmx_free(end);
}

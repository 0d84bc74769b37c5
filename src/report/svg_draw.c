/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg_draw.c - what the kinds of figures are drawn with. */
#include "report/svg_draw.h"
#include "base/assert.h"
#include "base/format.h"
#include "report/palette.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

double bmx_svg_width(const char *class, const char *text)
{
    double size = *class == 't'                              ? 14 * 1.12
                  : *class == 'b' && strncmp(class, "ba", 2) ? BMX_SVG_FONT * 1.12
                  : *class == 's' || *class == 'b'           ? BMX_SVG_SMALL
                                                             : BMX_SVG_FONT;

    return bmx_text_em(text) * size;
}

void bmx_svg_num(bmx_drawing *d, const char *name, double v)
{
    char buf[40];
    size_t n;

    bmx_fixed(buf, v, 2);
    n = strlen(buf); /* drop trailing zeros, as a page holds thousands of numbers */
    while (n && buf[n - 1] == '0')
        n--;
    if (n && buf[n - 1] == '.')
        n--;
    bmx_putf(&d->s, " %s=\"%.*s\"", name, (int)n, buf);
}

static void open_text(bmx_drawing *d, double x, double y, bmx_anchor anchor, const char *class)
{
    static const char *const name[] = { "", " text-anchor=\"middle\"", " text-anchor=\"end\"" };

    bmx_put(&d->s, "<text");
    if (*class)
        bmx_putf(&d->s, " class=\"%s\"", class);
    bmx_svg_num(d, "x", x);
    bmx_svg_num(d, "y", y);
    bmx_putf(&d->s, "%s>", name[anchor]);
}

#ifdef BMX_CHECKED
/* S1, across: within the drawing, but for a rounding error. */
static bool is_inside(const bmx_drawing *d, double left, double width)
{
    return width >= 0 && left > -0.5 && left + width < d->width + 0.5;
}

static double left_of(double x, bmx_anchor anchor, double width)
{
    return anchor == BMX_ANCHOR_START ? x : anchor == BMX_ANCHOR_MIDDLE ? x - width / 2 : x - width;
}
#endif

void bmx_svg_text(bmx_drawing *d, double x, double y, bmx_anchor anchor, const char *class,
                  const char *text)
{
    BMX_ASSERT(is_inside(d, left_of(x, anchor, bmx_svg_width(class, text)),
                         bmx_svg_width(class, text)));
    open_text(d, x, y, anchor, class);
    bmx_put_xml(&d->s, text);
    bmx_put(&d->s, "</text>\n");
}

/* The first bytes of text, escaped. */
static void put_start(bmx_sink *s, const char *text, size_t n)
{
    char part[256];

    while (n) {
        size_t k = n < sizeof part - 1 ? n : sizeof part - 1;
        while (k < n && k > 1 && ((unsigned char)text[k] & 0xc0) == 0x80)
            k--; /* whole characters */
        memcpy(part, text, k);
        part[k] = 0;
        bmx_put_xml(s, part);
        text += k;
        n -= k;
    }
}

void bmx_svg_text_fit(bmx_drawing *d, double x, double y, bmx_anchor anchor, const char *class,
                      double room, const char *text)
{
    double size = bmx_svg_width(class, "0") / bmx_text_em("0");
    size_t n = bmx_text_clip(text, room / size + 1e-6); /* text whose measured width is the room
                                                           must fit in spite of rounding */

    if (!text[n]) {
        bmx_svg_text(d, x, y, anchor, class, text);
        return;
    }
    open_text(d, x, y, anchor, class);
    bmx_svg_title(d, "%s", text);
    put_start(&d->s, text, n);
    bmx_put(&d->s, "\xe2\x80\xa6</text>\n");
}

void bmx_svg_paragraph(bmx_drawing *d, double x, double room, const char *class, const char *text)
{
    double size = bmx_svg_width(class, "0") / bmx_text_em("0");
    const char *next;

    for (; *text; text = next) {
        size_t n = bmx_text_line(text, room / size, &next);
        open_text(d, x, d->y + size, BMX_ANCHOR_START, class);
        put_start(&d->s, text, n);
        bmx_put(&d->s, "</text>\n");
        d->y += size + 5;
    }
}

void bmx_svg_line(bmx_drawing *d, const char *class, double x1, double y1, double x2, double y2)
{
    bmx_putf(&d->s, "<line class=\"%s\"", class);
    bmx_svg_num(d, "x1", x1);
    bmx_svg_num(d, "y1", y1);
    bmx_svg_num(d, "x2", x2);
    bmx_svg_num(d, "y2", y2);
    bmx_put(&d->s, "/>\n");
}

void bmx_svg_rect(bmx_drawing *d, const char *class, unsigned color, double x, double y, double w,
                  double h)
{
    BMX_ASSERT(is_inside(d, x, w) && h >= 0); /* S3: no length of a number is below 0 */
    bmx_putf(&d->s, "<rect class=\"f%u%s%s\"", color % BMX_COLORS, *class ? " " : "", class);
    bmx_svg_num(d, "x", x);
    bmx_svg_num(d, "y", y);
    bmx_svg_num(d, "width", w);
    bmx_svg_num(d, "height", h);
    bmx_put(&d->s, ">");
}

/* Series behind the last colour repeat colours, and are told apart by a hatch. */
unsigned bmx_svg_hatch(const bmx_figure *f, unsigned color)
{
    return f->hatch ? (color % BMX_COLORS + color / BMX_COLORS) % BMX_COLORS
                    : color / BMX_COLORS % BMX_COLORS;
}

void bmx_svg_hatched(bmx_drawing *d, unsigned color, double x, double y, double w, double h)
{
    unsigned k = bmx_svg_hatch(d->f, color);

    if (!k)
        return;
    bmx_putf(&d->s, "<rect fill=\"url(#%s-h%u)\"", d->f->name, k);
    bmx_svg_num(d, "x", x);
    bmx_svg_num(d, "y", y);
    bmx_svg_num(d, "width", w);
    bmx_svg_num(d, "height", h);
    bmx_put(&d->s, "/>\n");
}

void bmx_svg_title(bmx_drawing *d, const char *fmt, ...)
{
    char text[600];
    va_list ap;

    va_start(ap, fmt);
    bmx_vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    bmx_put(&d->s, "<title>");
    bmx_put_xml(&d->s, text);
    bmx_put(&d->s, "</title>");
}

void bmx_svg_legend(bmx_drawing *d, double x, double room)
{
    const bmx_figure *f = d->f;
    double at = 0;

    for (size_t k = 0; k < f->n_series; k++) {
        double w = 18 + bmx_svg_width("", f->series[k].name);
        if (at > 0 && at + w > room) {
            at = 0;
            d->y += 20;
        }
        bmx_svg_rect(d, "", f->series[k].color, x + at, d->y, 13, 12);
        bmx_put(&d->s, "</rect>\n");
        bmx_svg_hatched(d, f->series[k].color, x + at, d->y, 13, 12);
        bmx_svg_text_fit(d, x + at + 18, d->y + 10.5, BMX_ANCHOR_START, "", room - 18,
                         f->series[k].name);
        at += w + 16;
    }
    d->y += 20;
}

const char *bmx_mark_text(char buf[BMX_MARK_TEXT], const bmx_mark *m, bool percent)
{
    double scale = percent ? 100 : 1;
    int decimals = percent ? 1 : 0;
    char value[40], low[40], high[40];

    bmx_fixed(value, scale * m->value, decimals);
    bmx_fixed(low, scale * m->low, decimals);
    bmx_fixed(high, scale * m->high, decimals);
    if (m->loose && isfinite(m->low))
        bmx_snprintf(buf, BMX_MARK_TEXT, "between %s and %s%s, not determined", low, high,
                     percent ? " %" : "");
    else if (m->loose)
        bmx_snprintf(buf, BMX_MARK_TEXT, "not determined");
    else if (!isfinite(m->value))
        bmx_snprintf(buf, BMX_MARK_TEXT, "not known");
    else if (isfinite(m->low))
        bmx_snprintf(buf, BMX_MARK_TEXT, "%s%s [%s, %s]", value, percent ? " %" : "", low, high);
    else
        bmx_snprintf(buf, BMX_MARK_TEXT, "%s%s", value, percent ? " %" : "");
    return buf;
}

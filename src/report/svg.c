/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg.c - the frame of a figure and the parts that all kinds share; see svg.h. */
#include "report/svg.h"
#include "report/palette.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Dark if the reader prefers that, except in print. */
void bmx_svg_style(bmx_sink *s)
{
    bmx_put(
        s,
        ".bmx{font-family:\"DejaVu Sans\",Verdana,Arial,\"Noto Sans\",sans-serif;font-size:12px}\n"
        ".bmx text{fill:#1a1a1a}.bmx .t{font-size:14px;font-weight:bold}.bmx .b{font-weight:bold}\n"
        ".bmx .s{font-size:11px;fill:#555}.bmx .bad{font-size:11px;fill:#a4001d}\n"
        ".bmx .on{fill:#fff}.bmx .ok{fill:#000}.bmx .bg{fill:#fff}.bmx "
        ".chip{fill:#fff;fill-opacity:.88}\n"
        ".bmx .gr{stroke:#ddd}.bmx .ax{stroke:#777}.bmx .rule{stroke:#777;stroke-dasharray:2 3}\n"
        ".bmx .edge{stroke:#fff;stroke-width:1}.bmx .dim{fill-opacity:.25}\n"
        ".bmx .open{fill-opacity:.15;stroke-dasharray:3 2}\n"
        ".bmx .gone.open{fill-opacity:.05;stroke:#777}\n"
        ".bmx .ring{stroke:#1a1a1a;stroke-width:1}.bmx .h{stroke:#000;stroke-opacity:.55}\n"
        ".bmx .r{stroke-width:4}.bmx .wide{stroke-width:2}.bmx .line{fill:none;stroke-width:2}\n"
        ".bmx .pale{opacity:.4}\n");
    for (unsigned i = 0; i < BMX_COLORS; i++)
        bmx_putf(s, ".bmx .f%u{fill:#%s}.bmx .l%u{stroke:#%s}%s", i, bmx_palette(i)->fill, i,
                 bmx_palette(i)->stroke, i % 2 ? "\n" : "");
    bmx_put(s,
            "@media screen and (prefers-color-scheme:dark){.bmx text{fill:#eee}.bmx .s{fill:#bbb}\n"
            ".bmx .bad{fill:#ff9d94}.bmx .on{fill:#fff}.bmx .ok{fill:#000}.bmx .bg{fill:#161616}\n"
            ".bmx .gr{stroke:#3d3d3d}.bmx .ax,.bmx .rule{stroke:#999}.bmx .edge{stroke:#161616}\n"
            ".bmx .ring{stroke:#eee}\n");
    for (unsigned i = 0; i < BMX_COLORS; i++)
        bmx_putf(s, ".bmx .l%u{stroke:#%s}", i, bmx_palette(i)->fill);
    bmx_put(s, "}\n");
}

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

void bmx_svg_text(bmx_drawing *d, double x, double y, bmx_anchor anchor, const char *class,
                  const char *text)
{
    open_text(d, x, y, anchor, class);
    bmx_put_xml(&d->s, text);
    bmx_put(&d->s, "</text>\n");
}

/* The first bytes of text, escaped. */
static void put_part(bmx_sink *s, const char *text, size_t n)
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
    put_part(&d->s, text, n);
    bmx_put(&d->s, "\xe2\x80\xa6</text>\n");
}

void bmx_svg_paragraph(bmx_drawing *d, double x, double room, const char *class, const char *text)
{
    double size = bmx_svg_width(class, "0") / bmx_text_em("0");
    const char *next;

    for (; *text; text = next) {
        size_t n = bmx_text_line(text, room / size, &next);
        open_text(d, x, d->y + size, BMX_ANCHOR_START, class);
        put_part(&d->s, text, n);
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
    bmx_putf(&d->s, "<rect class=\"f%u%s%s\"", color % BMX_COLORS, *class ? " " : "", class);
    bmx_svg_num(d, "x", x);
    bmx_svg_num(d, "y", y);
    bmx_svg_num(d, "width", w);
    bmx_svg_num(d, "height", h);
    bmx_put(&d->s, ">");
}

/* Series behind the last colour repeat colours, and are told apart by a hatch. */
static unsigned hatch_of(const bmx_figure *f, unsigned color)
{
    return f->hatch ? (color % BMX_COLORS + color / BMX_COLORS) % BMX_COLORS
                    : color / BMX_COLORS % BMX_COLORS;
}

void bmx_svg_hatched(bmx_drawing *d, unsigned color, double x, double y, double w, double h)
{
    unsigned k = hatch_of(d->f, color);

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
    vsnprintf(text, sizeof text, fmt, ap);
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
        snprintf(buf, BMX_MARK_TEXT, "between %s and %s%s, not determined", low, high,
                 percent ? " %" : "");
    else if (m->loose)
        snprintf(buf, BMX_MARK_TEXT, "not determined");
    else if (!isfinite(m->value))
        snprintf(buf, BMX_MARK_TEXT, "not known");
    else if (isfinite(m->low))
        snprintf(buf, BMX_MARK_TEXT, "%s%s [%s, %s]", value, percent ? " %" : "", low, high);
    else
        snprintf(buf, BMX_MARK_TEXT, "%s%s", value, percent ? " %" : "");
    return buf;
}

static void put_hatches(bmx_sink *s, const bmx_figure *f)
{
    bool used[BMX_COLORS] = { false }, any = false;

    for (size_t k = 0; k < f->n_series; k++)
        used[hatch_of(f, f->series[k].color)] = true;
    for (size_t k = 0; k < f->n_rows; k++)
        used[hatch_of(f, f->row[k].color)] = true;
    for (unsigned k = 1; k < BMX_COLORS; k++) {
        const char *transform, *drawing = bmx_hatch(k, &transform);
        if (!used[k])
            continue;
        bmx_putf(
            s,
            "%s<pattern id=\"%s-h%u\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"%s>"
            "<g class=\"h\">%s</g></pattern>\n",
            any ? "" : "<defs>\n", f->name, k, transform, drawing);
        any = true;
    }
    if (any)
        bmx_put(s, "</defs>\n");
}

/* `id` begins the names of the title and the description, which are one of a kind on a page. */
static void put_frame(bmx_sink *s, const bmx_drawing *d, const char *id, bool alone)
{
    const bmx_figure *f = d->f;
    char w[40], h[40];

    bmx_fixed(w, ceil(d->width), 0);
    bmx_fixed(h, ceil(d->y), 0);
    if (alone)
        bmx_put(s, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    bmx_putf(s,
             "<svg%s class=\"bmx\" viewBox=\"0 0 %s %s\" width=\"%s\" height=\"%s\" role=\"img\" "
             "aria-labelledby=\"%s-t %s-d\">\n<title id=\"%s-t\">",
             alone ? " xmlns=\"http://www.w3.org/2000/svg\"" : "", w, h, w, h, id, id, id);
    bmx_put_xml(s, f->title);
    bmx_putf(s, "</title>\n<desc id=\"%s-d\">", id);
    bmx_put_xml(s, f->desc);
    bmx_put(s, "</desc>\n");
    if (alone) {
        bmx_put(s, "<style>\n");
        bmx_svg_style(s);
        bmx_put(s, "</style>\n");
    }
    put_hatches(s, f);
    bmx_putf(s, "<rect class=\"bg\" width=\"%s\" height=\"%s\"/>\n", w, h);
}

static void put_drawing(bmx_sink *s, bmx_drawing d, const char *id, const char *title, bool alone)
{
    static void (*const draw[])(bmx_drawing *) = { bmx_svg_stacked, bmx_svg_ranges, bmx_svg_lines,
                                                   bmx_svg_bars, bmx_svg_scatter };
    const bmx_figure *f = d.f;
    bool last = d.end_row == f->n_rows && d.end_series == f->n_series;

    if (s->status)
        return;
    d.s = (bmx_sink){ &d.body, s->err, BPEMIX_OK };
    bmx_svg_paragraph(&d, BMX_SVG_MARGIN, d.width - 2 * BMX_SVG_MARGIN, "t", title);
    d.y += 8;
    draw[f->kind](&d);
    if (f->note && *f->note && last) {
        d.y += 4;
        bmx_svg_paragraph(&d, BMX_SVG_MARGIN, d.width - 2 * BMX_SVG_MARGIN, "s", f->note);
    }
    d.y += 6;
    put_frame(s, &d, id, alone);
    bmx_put_bytes(s, d.body.ptr ? d.body.ptr : "", d.body.len);
    bmx_put(s, "</svg>\n");
    if (!s->status)
        s->status = d.s.status;
    bmx_buf_release(&d.body);
}

static bmx_drawing whole(const bmx_figure *f)
{
    return (bmx_drawing){
        .f = f, .width = 760, .y = 8, .end_row = f->n_rows, .end_series = f->n_series
    };
}

void bmx_svg_figure(bmx_sink *s, const bmx_figure *f, bool alone)
{
    put_drawing(s, whole(f), f->name, f->title, alone);
}

/* Rows of a part: what a page of A4 has room for, in type that can be read. */
#define PART_ROWS 60u

static size_t row_parts(const bmx_figure *f) { return (f->n_rows + PART_ROWS - 1) / PART_ROWS; }

size_t bmx_svg_parts(const bmx_figure *f)
{
    size_t panels = bmx_svg_ranges_panels(f);

    if (f->kind != BMX_FIGURE_RANGES || f->n_rows <= PART_ROWS)
        return 1;
    return row_parts(f) * ((f->n_series + panels - 1) / panels);
}

void bmx_svg_part(bmx_sink *s, const bmx_figure *f, size_t part)
{
    size_t parts = bmx_svg_parts(f), panels = bmx_svg_ranges_panels(f), rows, n;
    bmx_drawing d = whole(f);
    char id[80], title[300];

    if (parts == 1) {
        put_drawing(s, d, f->name, f->title, false);
        return;
    }
    n = row_parts(f);
    rows = (f->n_rows + n - 1) / n;
    d.row = part % n * rows;
    d.end_row = d.row + rows < f->n_rows ? d.row + rows : f->n_rows;
    d.series = part / n * panels;
    d.end_series = d.series + panels < f->n_series ? d.series + panels : f->n_series;
    snprintf(id, sizeof id, "%.60s-part-%zu", f->name, part + 1);
    snprintf(title, sizeof title, "%.200s (%zu of %zu)", f->title, part + 1, parts);
    put_drawing(s, d, id, title, false);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg.c - the frame of a figure, its style sheet, and which kind is drawn how; see svg_draw.h. */
#include "report/svg.h"
#include "base/format.h"
#include "report/palette.h"
#include "report/svg_draw.h"

#include <math.h>

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

static void put_hatches(bmx_sink *s, const bmx_figure *f)
{
    bool used[BMX_COLORS] = { false }, any = false;

    for (size_t k = 0; k < f->n_series; k++)
        used[bmx_svg_hatch(f, f->series[k].color)] = true;
    for (size_t k = 0; k < f->n_rows; k++)
        used[bmx_svg_hatch(f, f->row[k].color)] = true;
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
        .f = f,
        .width = f->width > 0 ? floor(f->width * 96 / 72.27) : 760,
        .y = 8,
        .end_row = f->n_rows,
        .end_series = f->n_series
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
    bmx_snprintf(id, sizeof id, "%.60s-part-%zu", f->name, part + 1);
    bmx_snprintf(title, sizeof title, "%.200s (%zu of %zu)", f->title, part + 1, parts);
    put_drawing(s, d, id, title, false);
}

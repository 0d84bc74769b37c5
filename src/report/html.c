/* SPDX-License-Identifier: GPL-3.0-or-later */
/* html.c - one file without scripts or references to the network: verdicts in words, figures as
 * elements of the page, and their numbers as tables. */
#include "report/render.h"
#include "report/svg.h"

#include <string.h>

#define WIDE 7 /* columns; a table with more is printed on pages of landscape format */

static void put_style(bmx_sink *s)
{
    bmx_put(
        s,
        ":root{color-scheme:light dark}\n"
        "body{font:15px/1.5 \"DejaVu Sans\",Verdana,Arial,\"Noto "
        "Sans\",sans-serif;color:#1a1a1a;background:#fff;"
        "max-width:960px;margin:1.5em auto;padding:0 1em}\n"
        "h1{font-size:1.5em}h2{font-size:1.2em;margin-top:2em;border-bottom:1px solid #999}\n"
        "h1,strong{overflow-wrap:anywhere}\n"
        ".tone{border-left:6px solid "
        "#999;padding-left:.8em}.good{border-color:#009E73}.fair{border-color:#E69F00}\n"
        ".poor{border-color:#D55E00}.unusable{border-color:#a4001d}\n"
        ".why{font-size:13px;color:#444}\n"
        ".scroll{overflow-x:auto;margin:1em 0;width:max-content;"
        "max-width:min(100vw - 3em,50vw + 460px)}.scroll svg{display:block}\n"
        "table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}\n"
        "caption{text-align:left;font-weight:bold;padding:.3em 0}\n"
        "th,td{text-align:left;font-weight:normal;padding:.15em .8em .15em 0;vertical-align:top}\n"
        "thead th,.sum th,.sum td{font-weight:bold}thead tr,tfoot tr:first-child{border-bottom:1px "
        "solid #777}\n"
        "tfoot tr:first-child{border-top:1px solid #777;border-bottom:0}.sum th,.sum "
        "td{padding-top:.6em}\n"
        ".n{text-align:right;white-space:nowrap}td{overflow-wrap:break-word}tbody "
        "th{white-space:nowrap}\n"
        ".long{overflow-wrap:anywhere;min-width:9em}thead "
        ".long{white-space:normal;max-width:18em}\n"
        "@media screen and (prefers-color-scheme:dark){body{color:#eee;background:#161616}"
        ".why{color:#bbb}}\n"
        "@media print{body{max-width:none;margin:0;font-size:10pt}.why{font-size:8pt}"
        ".scroll{overflow:visible;width:auto;max-width:none}"
        ".scroll svg{max-width:100%;max-height:25cm;height:auto}"
        "table{font-size:7pt}th,td{padding-right:.5em}.n{white-space:normal}"
        ".wide,h2:has(+.wide){page:wide}figure{margin:1em 0;break-inside:avoid}"
        "tfoot{display:table-row-group}"
        ".tone,tr{break-inside:avoid}h2,caption,thead,thead tr{break-after:avoid}"
        "tbody tr:first-child{break-before:avoid}}\n"
        "@page wide{size:landscape}\n");
    bmx_svg_style(s);
}

/* Has it a word, such as a path or a digest, that may have to be broken? */
static bool is_long(const char *text)
{
    enum { LONG = 20 };

    for (size_t n; text && *text; text += n + strspn(text + n, " "))
        if ((n = strcspn(text, " ")) > LONG)
            return true;
    return false;
}

static void put_row(bmx_sink *s, const bmx_table *t, size_t row)
{
    bmx_put(s, t->row[row] == BMX_ROW_SUM ? "<tr class=\"sum\">" : "<tr>");
    for (size_t k = 0; k < t->n_columns; k++) {
        const char *text = t->cell[row * t->n_columns + k];
        bmx_put(s, k == 0                ? "<th scope=\"row\">"
                   : t->column[k].number ? "<td class=\"n\">"
                   : is_long(text)       ? "<td class=\"long\">"
                                         : "<td>");
        bmx_put_xml(s, text ? text : "");
        bmx_put(s, k == 0 ? "</th>" : "</td>");
    }
    bmx_put(s, "</tr>\n");
}

static void put_table(bmx_sink *s, const bmx_table *t)
{
    enum { LONG_HEADING = 24 }; /* characters that a heading may have in one line */
    size_t foot = t->n_rows;

    while (foot > 0 && t->row[foot - 1] == BMX_ROW_FOOT)
        foot--;
    bmx_putf(s, "<section class=\"scroll%s\"", t->n_columns > WIDE ? " wide" : "");
    bmx_put(s, " tabindex=\"0\" aria-label=\"Table: ");
    bmx_put_xml(s, t->caption);
    bmx_put(s, "\">\n<table>\n<caption>");
    bmx_put_xml(s, t->caption);
    bmx_put(s, "</caption>\n<thead><tr>");
    for (size_t k = 0; k < t->n_columns; k++) {
        const char *name = t->column[k].name;
        if (!*name) { /* no heading element without a text */
            bmx_put(s, "<td></td>");
            continue;
        }
        const char *class = t->column[k].number ? "n" : "";
        if (strlen(name) > LONG_HEADING)
            class = t->column[k].number ? "n long" : "long";
        bmx_putf(s, "<th scope=\"col\"%s%s%s>", *class ? " class=\"" : "", class,
                 *class ? "\"" : "");
        bmx_put_xml(s, name);
        bmx_put(s, "</th>");
    }
    bmx_put(s, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < foot; i++)
        put_row(s, t, i);
    bmx_put(s, "</tbody>\n");
    if (foot < t->n_rows) {
        bmx_put(s, "<tfoot>\n");
        for (size_t i = foot; i < t->n_rows; i++)
            put_row(s, t, i);
        bmx_put(s, "</tfoot>\n");
    }
    bmx_put(s, "</table>\n</section>\n");
}

static void put_figure(bmx_sink *s, const bmx_figure *f)
{
    size_t parts = bmx_svg_parts(f);

    for (size_t i = 0; i < parts; i++) {
        bmx_put(s, "<figure class=\"scroll\" tabindex=\"0\" aria-label=\"Figure: ");
        bmx_put_xml(s, f->title);
        if (parts > 1)
            bmx_putf(s, " (%zu of %zu)", i + 1, parts);
        bmx_put(s, "\">\n");
        bmx_svg_part(s, f, i);
        bmx_put(s, "</figure>\n");
    }
}

static void put_text(bmx_sink *s, const bmx_node *n)
{
    static const char *const class[] = { "", " class=\"tone good\"", " class=\"tone fair\"",
                                         " class=\"tone poor\"", " class=\"tone unusable\"" };
    const char *why = n->text + n->claim;

    bmx_putf(s, "<p%s>", n->lead && n->tone == BMX_TONE_PLAIN ? " class=\"tone\"" : class[n->tone]);
    if (n->lead) {
        bmx_put(s, "<strong>");
        bmx_put_xml(s, n->lead);
        bmx_put(s, "</strong> ");
    }
    if (n->claim) {
        bmx_put_xml_bytes(s, n->text, n->claim);
        bmx_put(s, "<br><span class=\"why\">");
    }
    bmx_put_xml(s, why);
    bmx_put(s, n->claim ? "</span></p>\n" : "</p>\n");
}

static void put_node(bmx_sink *s, const bmx_node *n)
{
    switch (n->kind) {
    case BMX_NODE_TEXT: put_text(s, n); break;
    case BMX_NODE_FIGURE: put_figure(s, n->figure); break;
    case BMX_NODE_TABLE:
        if (!n->table->tidy)
            put_table(s, n->table);
        break;
    }
}

bpemix_status bmx_render_html(const bmx_doc *doc, bmx_buf *out, bpemix_error *err)
{
    bmx_sink s = { out, err, BPEMIX_OK };

    bmx_put(&s, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"generator\" content=\"bpemix\">\n<title>");
    bmx_put_xml(&s, doc->title);
    bmx_put(&s, "</title>\n<style>\n");
    put_style(&s);
    bmx_put(&s, "</style>\n</head>\n<body>\n<main>\n<h1>");
    bmx_put_xml(&s, doc->title);
    bmx_put(&s, "</h1>\n");
    for (const bmx_section *section = doc->first; section; section = section->next) {
        bmx_putf(&s, "<h2 id=\"%s\">", section->id);
        bmx_put_xml(&s, section->title);
        bmx_put(&s, "</h2>\n");
        for (const bmx_node *n = section->first; n; n = n->next)
            put_node(&s, n);
    }
    bmx_put(&s, "</main>\n</body>\n</html>\n");
    return s.status;
}

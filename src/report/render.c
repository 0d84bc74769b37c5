/* SPDX-License-Identifier: GPL-3.0-or-later */
/* render.c - which renderer, and whether the document has the figure or table that is asked for. */
#include "report/render.h"
#include "base/format.h"
#include "report/svg.h"

#include <string.h>

/* The names of the figures or tables that exist, for the message about one that does not. */
static void list_names(const bmx_doc *doc, bool figures, char *text, size_t size)
{
    size_t at = 0;

    text[0] = 0;
    for (const bmx_section *s = doc->first; s; s = s->next)
        for (const bmx_node *n = s->first; n; n = n->next) {
            const char *name = n->kind == BMX_NODE_FIGURE && figures ? n->figure->name
                             : n->kind == BMX_NODE_TABLE && !figures ? n->table->name : NULL;
            if (!name || at + strlen(name) + 3 > size || strstr(text, name))
                continue;
            at += (size_t)bmx_snprintf(text + at, size - at, "%s%s", at ? ", " : "", name);
        }
}

static bpemix_status check_name(const bmx_doc *doc, bpemix_format format, const char *name,
                                bpemix_error *err)
{
    bool figures = format == BPEMIX_FORMAT_SVG || format == BPEMIX_FORMAT_LATEX, found = !name;
    char names[200], hint[240];

    for (const bmx_section *s = doc->first; s && !found; s = s->next)
        for (const bmx_node *n = s->first; n; n = n->next)
            found |= (n->kind == BMX_NODE_FIGURE && figures && !strcmp(n->figure->name, name)) ||
                     (n->kind == BMX_NODE_TABLE && format != BPEMIX_FORMAT_SVG &&
                      !strcmp(n->table->name, name));
    if (found)
        return BPEMIX_OK;
    list_names(doc, figures, names, sizeof names);
    bmx_snprintf(hint, sizeof hint, "there is: %s", names);
    return bmx_fail_hint(err, BPEMIX_E_USAGE, name, hint, "no %s of this name",
                         figures ? "figure" : "table");
}

static bpemix_status render_svg(const bmx_doc *doc, const char *name, bmx_buf *out,
                                bpemix_error *err)
{
    bmx_sink s = { out, err, BPEMIX_OK };
    const bmx_figure *f = bmx_doc_find_figure(doc, name);

    if (!f)
        return bmx_fail(err, BPEMIX_E_EMPTY, "", "there is no figure to draw");
    bmx_svg_figure(&s, f, true);
    return s.status;
}

static bpemix_status render_json(const bmx_doc *doc, bmx_buf *out, bpemix_error *err)
{
    bmx_json *json = bmx_doc_to_json(doc);
    bpemix_status st = json ? bmx_json_print(json, out, err) : bmx_nomem(err);

    bmx_json_free(json);
    return st;
}

bpemix_status bmx_render(const bmx_doc *doc, bpemix_format format, const char *name,
                         bmx_buf *out, bpemix_error *err)
{
    bpemix_status st;

    if (name && (format == BPEMIX_FORMAT_HTML || format == BPEMIX_FORMAT_JSON ||
                 format == BPEMIX_FORMAT_TERMINAL))
        return bmx_fail_hint(err, BPEMIX_E_USAGE, name,
                             "leave the name out, or ask for svg, latex, markdown or csv",
                             "this format holds the whole report");
    if ((st = check_name(doc, format, name, err)))
        return st;
    switch (format) {
    case BPEMIX_FORMAT_HTML: return bmx_render_html(doc, out, err);
    case BPEMIX_FORMAT_SVG: return render_svg(doc, name, out, err);
    case BPEMIX_FORMAT_MARKDOWN: return bmx_render_markdown(doc, name, out, err);
    case BPEMIX_FORMAT_LATEX: return bmx_render_latex(doc, name, out, err);
    case BPEMIX_FORMAT_CSV: return bmx_render_csv(doc, name, false, out, err);
    case BPEMIX_FORMAT_TSV: return bmx_render_csv(doc, name, true, out, err);
    case BPEMIX_FORMAT_JSON: return render_json(doc, out, err);
    case BPEMIX_FORMAT_TERMINAL: return bmx_render_terminal(doc, &(bmx_terminal){ 0 }, out, err);
    }
    return bmx_fail(err, BPEMIX_E_USAGE, "", "unknown format %d", (int)format);
}

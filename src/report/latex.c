/* SPDX-License-Identifier: GPL-3.0-or-later */
/* latex.c - tables for booktabs and figures for pgfplots, to be read with \input.
 *
 * What pdflatex cannot set without further packages (most scripts) is written as
 * \bmxuni{4E2D}, which prints "U+4E2D"; under XeLaTeX or LuaLaTeX, with a font that has the
 * characters, say \renewcommand\bmxuni[1]{\char"#1\relax}. */
#include "report/render.h"
#include "report/latex.h"
#include "report/palette.h"

#include <string.h>

static void put_node(bmx_sink *s, const bmx_node *n, double line)
{
    switch (n->kind) {
    case BMX_NODE_TEXT:
        if (n->lead) {
            bmx_put(s, "\\paragraph{");
            bmx_latex_text(s, n->lead);
            bmx_put(s, "} ");
        }
        bmx_latex_text(s, n->text);
        bmx_put(s, "\n\n");
        break;
    case BMX_NODE_TABLE:
        if (!n->table->tidy)
            bmx_latex_table(s, n->table, line);
        break;
    case BMX_NODE_FIGURE: bmx_latex_figure(s, n->figure); break;
    }
}

static void colors(bmx_sink *s)
{
    for (unsigned i = 0; i < BMX_COLORS; i++)
        bmx_putf(s, "\\definecolor{%s}{HTML}{%s}\\definecolor{%sline}{HTML}{%s}\n",
                 bmx_palette(i)->name, bmx_palette(i)->fill, bmx_palette(i)->name,
                 bmx_palette(i)->stroke);
}

static bool is_wanted(const bmx_node *n, const char *name)
{
    return !name || (n->kind == BMX_NODE_TABLE && !strcmp(n->table->name, name)) ||
           (n->kind == BMX_NODE_FIGURE && !strcmp(n->figure->name, name));
}

/* LaTeX has room for 52 figures and tables that wait for a page, 18 in versions before 2015, which
 * cannot have more.  Those of few results are fewer than FEW; a figure may go on on other pages, so
 * that there is room for PARTS of each. */
#define FEW 12
#define PARTS 4

static void make_room(bmx_sink *s, const bmx_doc *doc)
{
    size_t n = 0;

    for (const bmx_section *section = doc->first; section; section = section->next)
        for (const bmx_node *node = section->first; node; node = node->next)
            n += node->kind == BMX_NODE_TABLE || node->kind == BMX_NODE_FIGURE;
    if (n > FEW)
        bmx_putf(s, "\\ifdefined\\extrafloats\\extrafloats{%zu}\\fi\n", PARTS * n);
}

bpemix_status bmx_render_latex(const bmx_doc *doc, const char *name, bmx_buf *out,
                               bpemix_error *err)
{
    bmx_sink s = { out, err, BPEMIX_OK };

    bmx_put(
        &s,
        "% Read with \\input{}. The preamble needs:\n"
        "%   \\usepackage{textcomp,booktabs,longtable,pgfplots}\n"
        "%   \\usepgfplotslibrary{groupplots}\\usetikzlibrary{patterns}\\pgfplotsset{compat=1.17}\n"
        "\\providecommand\\bmxuni[1]{{\\ttfamily U+#1}\\allowbreak{}}\n");
    colors(&s);
    if (!name)
        make_room(&s, doc);
    for (const bmx_section *section = doc->first; section; section = section->next) {
        if (!name) {
            bmx_put(&s, "\n% ");
            bmx_latex_text(&s, section->title);
            bmx_put(&s, "\n\n");
        }
        for (const bmx_node *n = section->first; n; n = n->next)
            if (is_wanted(n, name))
                put_node(&s, n, doc->width > 0 ? doc->width : BMX_LATEX_LINE);
    }
    return s.status;
}

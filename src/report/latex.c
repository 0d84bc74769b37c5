/* SPDX-License-Identifier: GPL-3.0-or-later */
/* latex.c - tables for booktabs and figures for pgfplots, to be read with \input.
 *
 * What pdflatex cannot set without further packages (most scripts) is written as
 * \bmxuni{4E2D}, which prints "U+4E2D"; under XeLaTeX or LuaLaTeX, with a font that has the
 * characters, say \renewcommand\bmxuni[1]{\char"#1\relax}. */
#include "report/render.h"
#include "report/latex.h"
#include "base/utf8.h"

#include <string.h>

/* Letters of Latin-1 that any font encoding has, as a letter or as a letter and an accent. */
static bool is_easy(uint32_t cp)
{
    return cp >= 0xc0 && cp <= 0xff && cp != 0xd0 && cp != 0xde && cp != 0xf0 && cp != 0xfe &&
           cp != 0xd7 && cp != 0xf7;
}

void bmx_latex_text(bmx_sink *s, const char *text)
{
    uint32_t cp;

    for (size_t n; *text; text += n) {
        n = bmx_utf8_decode(text, strnlen(text, 4), &cp);
        if (!n) {
            n = 1;
            cp = 0xfffd;
        }
        switch (cp) {
        case '\\': bmx_put(s, "\\textbackslash{}"); break;
        case '~': bmx_put(s, "\\textasciitilde{}"); break;
        case '^': bmx_put(s, "\\textasciicircum{}"); break;
        case '<': bmx_put(s, "\\textless{}"); break;
        case '>': bmx_put(s, "\\textgreater{}"); break;
        case '|': bmx_put(s, "\\textbar{}"); break;
        case '"': bmx_put(s, "{\\ttfamily\\char34 }"); break;
        case '\'': bmx_put(s, "\\textquotesingle{}"); break;
        case '`': bmx_put(s, "\\textasciigrave{}"); break;
        case '-': bmx_put(s, "{-}"); break; /* never a dash */
        default:
            if (cp < 0x20)
                bmx_put(s, " ");
            else if (cp < 0x7f)
                bmx_putf(s, "%s%c", strchr("{}$&#_%", (int)cp) ? "\\" : "", (int)cp);
            else if (is_easy(cp))
                bmx_put_bytes(s, text, n);
            else
                bmx_putf(s, "\\bmxuni{%04X}", (unsigned)cp);
        }
    }
}

/* "26.1 [23.9, 28.3]" with the range in smaller type. */
static void put_cell(bmx_sink *s, const char *text, bool number)
{
    const char *range = number ? strstr(text, " [") : NULL;
    char value[64];
    size_t n = range ? (size_t)(range - text) : 0;

    if (!range || n >= sizeof value) {
        bmx_latex_text(s, text);
        return;
    }
    memcpy(value, text, n);
    value[n] = 0;
    bmx_latex_text(s, value);
    bmx_put(s, " {\\footnotesize ");
    bmx_latex_text(s, range + 1);
    bmx_put(s, "}");
}

/* A digest may be broken after every eight digits. */
static void put_breakable(bmx_sink *s, const char *text)
{
    static const char digit[] = "0123456789abcdef";
    enum { STEP = 8 };
    char piece[STEP + 1];

    if (strlen(text) <= 2 * STEP || strspn(text, digit) != strlen(text)) {
        bmx_latex_text(s, text);
        return;
    }
    for (; *text; text += strlen(piece)) {
        strncpy(piece, text, STEP);
        piece[STEP] = 0;
        bmx_put(s, piece);
        bmx_put(s, "\\allowbreak{}");
    }
}

static void put_row(bmx_sink *s, const bmx_table *t, size_t row)
{
    for (size_t k = 0; k < t->n_columns; k++) {
        const char *text = t->cell[row * t->n_columns + k];
        if (k && k == t->path_column)
            continue;
        bmx_put(s, k ? " & " : "");
        if (t->row[row] == BMX_ROW_SUM)
            bmx_put(s, "\\textbf{");
        if (t->column[k].number)
            put_cell(s, text ? text : "", true);
        else
            put_breakable(s, text ? text : "");
        bmx_put(s, t->row[row] == BMX_ROW_SUM ? "}" : "");
    }
    bmx_put(s, " \\\\\n");
}

/* Characters of the longest text in a column. */
static size_t column_width(const bmx_table *t, size_t k)
{
    size_t most = strlen(t->column[k].name);

    for (size_t i = 0; i < t->n_rows; i++) {
        const char *text = t->cell[i * t->n_columns + k];
        size_t n = text ? bmx_utf8_length((bmx_slice){ text, strlen(text) }) : 0;
        most = n > most ? n : most;
    }
    return most;
}

/* A table too wide for the page has text columns of a fixed fraction of its width, in which lines
 * break. */
static void put_columns(bmx_sink *s, const bmx_table *t, size_t fits)
{
    enum { LONG = 16 }; /* characters: a column beyond that may break its lines */
    size_t fixed = 0, flowing = 0;

    for (size_t k = 0; k < t->n_columns; k++) {
        size_t n = k && k == t->path_column ? 0 : column_width(t, k);
        if (t->column[k].number || n <= LONG)
            fixed += n;
        else
            flowing += n;
    }
    for (size_t k = 0; k < t->n_columns; k++) {
        size_t n = column_width(t, k);
        if (k && k == t->path_column)
            continue;
        if (t->column[k].number || n <= LONG || fixed + flowing <= fits || fixed >= fits)
            bmx_put(s, t->column[k].number ? "r" : "l");
        else
            bmx_putf(s, "p{0.%03u\\linewidth}",
                     (unsigned)(900 * (fits - fixed) * n / (flowing * fits)));
    }
}

/* Tables longer than a page are broken over pages; those of many columns are set smaller. */
static void put_table(bmx_sink *s, const bmx_table *t)
{
    size_t n = t->n_columns - (t->path_column > 0);
    bool longer = t->n_rows > 45;

    bmx_putf(s, "\\begingroup%s\n%s",
             n > 8   ? "\\tiny\\setlength{\\tabcolsep}{2pt}"
             : n > 5 ? "\\scriptsize\\setlength{\\tabcolsep}{3pt}"
                     : "\\small",
             longer ? "\\begin{longtable}{" : "\\begin{table}[htbp]\\centering\\caption{");
    if (!longer) {
        bmx_latex_text(s, t->caption);
        bmx_put(s, "}\n\\begin{tabular}{");
    }
    put_columns(s, t, n > 8 ? 130 : n > 5 ? 105 : 75);
    bmx_put(s, "}\n");
    if (longer) {
        bmx_put(s, "\\caption{");
        bmx_latex_text(s, t->caption);
        bmx_put(s, "}\\\\\n");
    }
    bmx_put(s, "\\toprule\n");
    for (size_t k = 0; k < t->n_columns; k++) {
        if (k && k == t->path_column)
            continue;
        bmx_put(s, k ? " & " : "");
        bmx_latex_text(s, t->column[k].name);
    }
    bmx_putf(s, " \\\\\n\\midrule\n%s", longer ? "\\endhead\n" : "");
    for (size_t i = 0; i < t->n_rows; i++) {
        if (i > 0 && t->row[i] == BMX_ROW_FOOT && t->row[i - 1] != BMX_ROW_FOOT)
            bmx_put(s, "\\midrule\n");
        put_row(s, t, i);
    }
    bmx_put(s, longer ? "\\bottomrule\n\\end{longtable}\n\\endgroup\n\n"
                      : "\\bottomrule\n\\end{tabular}\n\\end{table}\n\\endgroup\n\n");
}

static void put_node(bmx_sink *s, const bmx_node *n)
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
            put_table(s, n->table);
        break;
    case BMX_NODE_FIGURE: bmx_latex_figure(s, n->figure); break;
    }
}

static bool is_wanted(const bmx_node *n, const char *name)
{
    return !name || (n->kind == BMX_NODE_TABLE && !strcmp(n->table->name, name)) ||
           (n->kind == BMX_NODE_FIGURE && !strcmp(n->figure->name, name));
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
        "\\providecommand\\bmxuni[1]{{\\footnotesize\\ttfamily U+#1}}\n");
    bmx_latex_colors(&s);
    for (const bmx_section *section = doc->first; section; section = section->next) {
        if (!name) {
            bmx_put(&s, "\n% ");
            bmx_latex_text(&s, section->title);
            bmx_put(&s, "\n\n");
        }
        for (const bmx_node *n = section->first; n; n = n->next)
            if (is_wanted(n, name))
                put_node(&s, n);
    }
    return s.status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* latex.c - tables for booktabs and figures for pgfplots, to be read with \input.
 *
 * What pdflatex cannot set without further packages (most scripts) is written as
 * \bmxuni{4E2D}, which prints "U+4E2D"; under XeLaTeX or LuaLaTeX, with a font that has the
 * characters, say \renewcommand\bmxuni[1]{\char"#1\relax}. */
#include "report/render.h"
#include "report/latex.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <string.h>

/* "26.1 [23.9, 28.3]" with the range in smaller type. */
static void put_cell(bmx_sink *s, const char *text, bool number, const char *smaller)
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
    bmx_putf(s, " {%s", smaller);
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

/* How a table is set. */
typedef struct setting {
    const char *size, *smaller; /* commands: of its type, and of ranges in it */
    size_t fits;                /* characters on a line */
    bool longer;                /* than a page */
    unsigned *flow;             /* flow[n_columns]: thousandths of the line for a text column in
                                   which lines break; 0: as wide as its cells */
} setting;

static void put_row(bmx_sink *s, const bmx_table *t, const setting *how, size_t row)
{
    for (size_t k = 0; k < t->n_columns; k++) {
        const char *text = t->cell[row * t->n_columns + k];
        if (k && k == t->path_column)
            continue;
        bmx_put(s, k ? " & " : "");
        if (t->row[row] == BMX_ROW_SUM)
            bmx_put(s, "\\textbf{");
        bmx_put(s, how->flow[k] ? "\\raggedright\\let\\\\\\tabularnewline " : "");
        if (t->column[k].number)
            put_cell(s, text ? text : "", true, how->smaller);
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

/* In a table too wide for the page, text columns other than the first get a fixed fraction of its
 * width, in which lines break. */
static void choose_columns(const bmx_table *t, setting *how)
{
    enum { LONG = 16, LEAST = 12 }; /* characters: beyond that lines may break; that is kept */
    size_t fixed = 0, flowing = 0, room;

    for (size_t k = 0; k < t->n_columns; k++) {
        size_t n = k && k == t->path_column ? 0 : column_width(t, k);
        if (!k || t->column[k].number || n <= LONG)
            fixed += n;
        else
            flowing += n;
    }
    room = how->fits > fixed + LEAST ? how->fits - fixed : LEAST;
    for (size_t k = 0; k < t->n_columns; k++) {
        size_t n = column_width(t, k);
        bool flows = k && k != t->path_column && !t->column[k].number && n > LONG &&
                     fixed + flowing > how->fits;
        how->flow[k] = flows ? (unsigned)(900 * room * n / (flowing * how->fits)) : 0;
    }
}

static void put_columns(bmx_sink *s, const bmx_table *t, const setting *how)
{
    for (size_t k = 0; k < t->n_columns; k++) {
        if (k && k == t->path_column)
            continue;
        if (how->flow[k])
            bmx_putf(s, "p{0.%03u\\linewidth}", how->flow[k]);
        else
            bmx_put(s, t->column[k].number ? "r" : "l");
    }
}

/* What stands in front of the columns.  A table that is not broken over pages is made smaller where
 * it is wider than the line. */
static void open_table(bmx_sink *s, const bmx_table *t, const setting *how)
{
    bmx_putf(s, "\\begingroup%s\n%s", how->size,
             how->longer ? "\\begin{longtable}{" : "\\begin{table}[htbp]\\centering\\caption{");
    if (!how->longer) {
        bmx_latex_text(s, t->caption);
        bmx_put(s, "}\n\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n"
                   "\\begin{tabular}{");
    }
    put_columns(s, t, how);
    bmx_put(s, "}\n");
    if (how->longer) {
        bmx_put(s, "\\caption{");
        bmx_latex_text(s, t->caption);
        bmx_put(s, "}\\\\\n");
    }
}

/* Tables longer than a page are broken over pages; those of many columns are set smaller. */
static void put_table(bmx_sink *s, const bmx_table *t)
{
    size_t n = t->n_columns - (t->path_column > 0);
    setting how = { "\\small", "\\footnotesize ", 75, t->n_rows > 45,
                    bmx_calloc(t->n_columns, sizeof *how.flow) };

    if (!how.flow) {
        if (!s->status)
            s->status = bmx_nomem(s->err);
        return;
    }
    if (n > 5)
        how = (setting){ "\\scriptsize\\setlength{\\tabcolsep}{3pt}", "\\tiny ", 105, how.longer,
                         how.flow };
    if (n > 8)
        how = (setting){ n > 10 && how.longer ? "\\tiny\\setlength{\\tabcolsep}{1pt}"
                                              : "\\tiny\\setlength{\\tabcolsep}{3pt}",
                         "", 130, how.longer, how.flow };
    choose_columns(t, &how);
    open_table(s, t, &how);
    bmx_put(s, "\\toprule\n");
    for (size_t k = 0; k < t->n_columns; k++) {
        if (k && k == t->path_column)
            continue;
        bmx_put(s, k ? " & " : "");
        bmx_latex_text(s, t->column[k].name);
    }
    bmx_putf(s, " \\\\\n\\midrule\n%s", how.longer ? "\\endhead\n" : "");
    for (size_t i = 0; i < t->n_rows; i++) {
        if (i > 0 && t->row[i] == BMX_ROW_FOOT && t->row[i - 1] != BMX_ROW_FOOT)
            bmx_put(s, "\\midrule\n");
        put_row(s, t, &how, i);
    }
    bmx_put(s, how.longer ? "\\bottomrule\n\\end{longtable}\n\\endgroup\n\n"
                          : "\\bottomrule\n\\end{tabular}}\n\\end{table}\n\\endgroup\n\n");
    bmx_free(how.flow);
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
        "\\providecommand\\bmxuni[1]{{\\ttfamily U+#1}\\allowbreak{}}\n");
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

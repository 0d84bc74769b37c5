/* SPDX-License-Identifier: GPL-3.0-or-later */
/* markdown.c - headings, text and tables as GitHub renders them.  Figures cannot stand in it;
 * their numbers are in the tables. */
#include "report/render.h"
#include "report/write.h"

#include <string.h>

/* Characters with a meaning get a backslash; a pipe would end a cell even in code, and "](" is the
 * middle of a link. */
static void put_text(bmx_sink *s, const char *text)
{
    const char *start = text;

    for (size_t n; *text; text += n) {
        n = bmx_put_isolated(s, text, strlen(text));
        if (n)
            continue;
        n = 1;
        if (*text == '<')
            bmx_put(s, "&lt;");
        else if (*text == '&')
            bmx_put(s, "&amp;");
        else if ((unsigned char)*text < 0x20)
            bmx_put(s, " ");
        else
            bmx_putf(s, "%s%c",
                     strchr("\\`*_|#~", *text) || (*text == '(' && text > start && text[-1] == ']')
                         ? "\\" : "", *text);
    }
}

static void put_table(bmx_sink *s, const bmx_table *t)
{
    bmx_put(s, "**");
    put_text(s, t->caption);
    bmx_put(s, "**\n\n|");
    for (size_t k = 0; k < t->n_columns; k++) {
        bmx_put(s, " ");
        put_text(s, t->column[k].name);
        bmx_put(s, " |");
    }
    bmx_put(s, "\n|");
    for (size_t k = 0; k < t->n_columns; k++)
        bmx_put(s, t->column[k].number ? "--:|" : "---|");
    bmx_put(s, "\n");
    for (size_t i = 0; i < t->n_rows; i++) {
        const char *mark = t->row[i] == BMX_ROW_SUM ? "**" : t->row[i] == BMX_ROW_FOOT ? "*" : "";
        bmx_put(s, "|");
        for (size_t k = 0; k < t->n_columns; k++) {
            const char *text = t->cell[i * t->n_columns + k];
            bool any = text && *text;
            bmx_putf(s, " %s", any ? mark : "");
            put_text(s, text ? text : "");
            bmx_putf(s, "%s%s|", any ? mark : "", any ? " " : "");
        }
        bmx_put(s, "\n");
    }
    bmx_put(s, "\n");
}

static void put_node(bmx_sink *s, const bmx_node *n)
{
    if (n->kind == BMX_NODE_TEXT) {
        if (n->lead) {
            bmx_put(s, "**");
            put_text(s, n->lead);
            bmx_put(s, "** ");
        }
        put_text(s, n->text);
        bmx_put(s, "\n\n");
    } else if (n->kind == BMX_NODE_TABLE && !n->table->tidy) {
        put_table(s, n->table);
    }
}

/* A section of figures alone has nothing to show here, and needs no heading. */
static bool is_shown(const bmx_section *section)
{
    for (const bmx_node *n = section->first; n; n = n->next)
        if (n->kind == BMX_NODE_TEXT || (n->kind == BMX_NODE_TABLE && !n->table->tidy))
            return true;
    return false;
}

bpemix_status bmx_render_markdown(const bmx_doc *doc, const char *name, bmx_buf *out,
                                  bpemix_error *err)
{
    bmx_sink s = { out, err, BPEMIX_OK };

    if (!name) {
        bmx_put(&s, "# ");
        put_text(&s, doc->title);
        bmx_put(&s, "\n\n");
    }
    for (const bmx_section *section = doc->first; section; section = section->next) {
        if (!name && is_shown(section)) {
            bmx_put(&s, "## ");
            put_text(&s, section->title);
            bmx_put(&s, "\n\n");
        }
        for (const bmx_node *n = section->first; n; n = n->next)
            if (!name || (n->kind == BMX_NODE_TABLE && !strcmp(n->table->name, name)))
                put_node(&s, n);
    }
    return s.status;
}

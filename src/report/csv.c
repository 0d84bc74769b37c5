/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.c - a table as comma- or tab-separated values, a line of names first.
 *
 * Commas: fields are quoted as RFC 4180 says; lines end with a newline alone.  Spreadsheets
 * run what looks like a formula, so text (not a number) that begins with = + - @ or a tab gets
 * an apostrophe in front.  Tabs: no quotes; tabs, newlines and backslashes in a field become \t,
 * \n, \\. */
#include "report/render.h"
#include "report/write.h"
#include "base/csv.h"

#include <string.h>

static void put_quoted(bmx_sink *s, const char *text, bool number)
{
    if (!s->status)
        s->status = bmx_csv_field(s->out, text, number, s->err);
}

static void put_escaped(bmx_sink *s, const char *text, bool number)
{
    if (bmx_csv_is_formula(text, number) && !strchr("\t\r", *text)) /* which are escaped */
        bmx_put(s, "'");
    for (; *text; text++)
        switch (*text) {
        case '\t': bmx_put(s, "\\t"); break;
        case '\n': bmx_put(s, "\\n"); break;
        case '\r': bmx_put(s, "\\r"); break;
        case '\\': bmx_put(s, "\\\\"); break;
        default: bmx_putf(s, "%c", *text);
        }
}

static void put_table(bmx_sink *s, const bmx_table *t, bool tabs)
{
    void (*put)(bmx_sink *, const char *, bool) = tabs ? put_escaped : put_quoted;

    for (size_t k = 0; k < t->n_columns; k++) {
        bmx_put(s, k ? tabs ? "\t" : "," : "");
        put(s, t->column[k].name, false);
    }
    bmx_put(s, "\n");
    for (size_t i = 0; i < t->n_rows; i++) {
        for (size_t k = 0; k < t->n_columns; k++) {
            const char *text = t->cell[i * t->n_columns + k];
            bmx_put(s, k ? tabs ? "\t" : "," : "");
            put(s, text ? text : "", t->column[k].number);
        }
        bmx_put(s, "\n");
    }
}

bpemix_status bmx_render_csv(const bmx_doc *doc, const char *name, bool tabs, bmx_buf *out,
                             bpemix_error *err)
{
    bmx_sink s = { out, err, BPEMIX_OK };
    const bmx_table *found = NULL;

    for (const bmx_section *section = doc->first; section; section = section->next)
        for (const bmx_node *n = section->first; n; n = n->next)
            if (n->kind == BMX_NODE_TABLE && !strcmp(n->table->name, name ? name : "shares") &&
                (!found || n->table->tidy))
                found = n->table;
    if (found)
        put_table(&s, found, tabs);
    return s.status;
}

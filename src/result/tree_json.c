/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tree_json.c - a report's tree as JSON, for programs that make pages of their own:
 * bpemix-json(5). */
#include "result/document.h"
#include "result/tree.h"

#include <math.h>

static const char *const tones[] = { NULL, "good", "fair", "poor", "unusable" };
static const char *const kinds[] = { "stacked", "ranges", "lines", "bars", "scatter" };

static void put_text(bmx_json *arr, const bmx_node *n)
{
    bmx_json *o = bmx_json_push(arr, bmx_json_object());

    bmx_json_put_str(o, "level", tones[n->tone]);
    bmx_json_put_str(o, "lead", n->lead);
    bmx_json_put_str(o, "text", n->text);
}

static void put_table(bmx_json *arr, const bmx_table *t)
{
    bmx_json *o = bmx_json_push(arr, bmx_json_object()), *rows, *columns;

    bmx_json_put_str(o, "name", t->name);
    bmx_json_put_str(o, "caption", t->caption);
    columns = bmx_json_put(o, "columns", bmx_json_array());
    for (size_t k = 0; k < t->n_columns; k++)
        bmx_json_push(columns, bmx_json_new_str(t->column[k].name));
    rows = bmx_json_put(o, "rows", bmx_json_array());
    for (size_t i = 0; i < t->n_rows; i++) {
        bmx_json *row = bmx_json_push(rows, bmx_json_array());
        for (size_t k = 0; k < t->n_columns; k++) {
            const char *text = t->cell[i * t->n_columns + k];
            bmx_json_push(row, bmx_json_new_str(text ? text : ""));
        }
    }
}

static void put_items(bmx_json *o, const char *key, const bmx_figure_item *item, size_t n)
{
    bmx_json *arr = bmx_json_put(o, key, bmx_json_array());

    for (size_t i = 0; i < n; i++) {
        bmx_json *x = bmx_json_push(arr, bmx_json_object());
        bmx_json_put_str(x, "name", item[i].name);
        bmx_json_put_str(x, "level", tones[item[i].tone]);
        bmx_json_put_double(x, "x", item[i].x);
    }
}

static void put_figure(bmx_json *arr, const bmx_figure *f)
{
    bmx_json *o = bmx_json_push(arr, bmx_json_object()), *marks;

    bmx_json_put_str(o, "name", f->name);
    bmx_json_put_str(o, "kind", kinds[f->kind]);
    bmx_json_put_str(o, "title", f->title);
    bmx_json_put_str(o, "description", f->desc);
    put_items(o, "rows", f->row, f->n_rows);
    put_items(o, "series", f->series, f->n_series);
    marks = bmx_json_put(o, "marks", bmx_json_array());
    for (size_t i = 0; i < f->n_rows; i++) {
        bmx_json *row = bmx_json_push(marks, bmx_json_array());
        for (size_t k = 0; k < f->n_series; k++) {
            const bmx_mark *m = &f->mark[i * f->n_series + k];
            bmx_json *x = bmx_json_push(row, bmx_json_object());
            bmx_json_put_double(x, "value", m->loose ? NAN : m->value);
            bmx_json_put_double(x, "low", m->low);
            bmx_json_put_double(x, "high", m->high);
            bmx_json_put_bool(x, "identified", !m->loose);
        }
    }
}

bmx_json *bmx_doc_to_json(const bmx_doc *doc)
{
    bmx_json *root = bmx_json_object(), *sections;

    bmx_document_head(root, NULL);
    bmx_json_put_str(root, "title", doc->title);
    sections = bmx_json_put(root, "sections", bmx_json_array());
    for (const bmx_section *s = doc->first; s; s = s->next) {
        bmx_json *o = bmx_json_push(sections, bmx_json_object()), *text, *tables, *figures;

        bmx_json_put_str(o, "id", s->id);
        bmx_json_put_str(o, "title", s->title);
        text = bmx_json_put(o, "text", bmx_json_array());
        tables = bmx_json_put(o, "tables", bmx_json_array());
        figures = bmx_json_put(o, "figures", bmx_json_array());
        for (const bmx_node *n = s->first; n; n = n->next) {
            if (n->kind == BMX_NODE_TEXT)
                put_text(text, n);
            else if (n->kind == BMX_NODE_TABLE)
                put_table(tables, n->table);
            else if (n->kind == BMX_NODE_FIGURE)
                put_figure(figures, n->figure);
        }
    }
    return root;
}

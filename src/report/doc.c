/* SPDX-License-Identifier: GPL-3.0-or-later */
/* doc.c - makers of the parts of a document (see doc.h). */
#include "report/doc.h"
#include "base/assert.h"
#include "base/format.h"
#include "base/utf8.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

void bmx_doc_release(bmx_doc *d)
{
    bmx_arena_release(&d->arena);
    *d = (bmx_doc){ 0 };
}

void *bmx_doc_alloc(bmx_doc *d, size_t n, size_t size)
{
    void *p = NULL;

    if (d->status)
        return NULL;
    if (!size || n <= SIZE_MAX / size)
        p = bmx_arena_alloc(&d->arena, n && size ? n * size : 1, sizeof(double));
    if (!p) {
        d->status = bmx_nomem(d->err);
        return NULL;
    }
    return memset(p, 0, n * size);
}

const char *bmx_doc_text(bmx_doc *d, const char *fmt, ...)
{
    va_list ap;
    char *text;
    int n;

    va_start(ap, fmt);
    n = bmx_vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    text = bmx_doc_alloc(d, n < 0 ? 1 : (size_t)n + 1, 1);
    if (!text)
        return "";
    va_start(ap, fmt);
    if (n > 0)
        bmx_vsnprintf(text, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return text;
}

const char *bmx_doc_copy(bmx_doc *d, const char *text)
{
    return text ? bmx_doc_text(d, "%s", text) : NULL;
}

bmx_section *bmx_doc_section(bmx_doc *d, const char *id, const char *title)
{
    bmx_section *s = bmx_doc_alloc(d, 1, sizeof *s);

    if (!s)
        return NULL;
    s->id = id;
    s->title = title;
    s->last = &s->first;
    if (d->last)
        d->last->next = s;
    else
        d->first = s;
    return d->last = s;
}

static bmx_node *add_node(bmx_doc *d, bmx_node_kind kind)
{
    bmx_node *n = bmx_doc_alloc(d, 1, sizeof *n);

    if (!n || !d->last)
        return NULL;
    n->kind = kind;
    *d->last->last = n;
    d->last->last = &n->next;
    return n;
}

bmx_node *bmx_doc_paragraph(bmx_doc *d, bmx_tone tone, const char *lead, const char *text)
{
    bmx_node *n = add_node(d, BMX_NODE_TEXT);

    if (n) {
        n->text = text;
        n->lead = lead;
        n->tone = tone;
    }
    return n;
}

bmx_table *bmx_doc_table(bmx_doc *d, const char *name, const char *caption, size_t n_rows,
                         size_t n_columns)
{
    bmx_table *t = bmx_doc_alloc(d, 1, sizeof *t);
    bmx_column *column = bmx_doc_alloc(d, n_columns, sizeof *column);
    const char **cell = bmx_doc_alloc(d, n_rows * n_columns, sizeof *cell);
    bmx_row_kind *row = bmx_doc_alloc(d, n_rows, sizeof *row);
    bmx_node *node = row ? add_node(d, BMX_NODE_TABLE) : NULL;

    if (!node)
        return NULL;
    *t = (bmx_table){ .name = name, .caption = caption, .column = column, .n_columns = n_columns,
                      .cell = cell, .row = row, .n_rows = n_rows };
    return node->table = t;
}

bmx_figure *bmx_doc_figure(bmx_doc *d, bmx_figure_kind kind, const char *name, size_t n_rows,
                           size_t n_series)
{
    bmx_figure *f = bmx_doc_alloc(d, 1, sizeof *f);
    bmx_figure_item *row = bmx_doc_alloc(d, n_rows, sizeof *row);
    bmx_figure_item *series = bmx_doc_alloc(d, n_series, sizeof *series);
    bmx_mark *mark = bmx_doc_alloc(d, n_rows * n_series, sizeof *mark);
    bmx_node *node = mark ? add_node(d, BMX_NODE_FIGURE) : NULL;

    if (!node)
        return NULL;
    *f = (bmx_figure){ .kind = kind,
                       .name = name,
                       .title = "",
                       .desc = "",
                       .row = row,
                       .series = series,
                       .n_rows = n_rows,
                       .n_series = n_series,
                       .mark = mark,
                       .x_marked = NAN };
    for (size_t i = 0; i < n_rows * n_series; i++)
        mark[i] = (bmx_mark){ NAN, NAN, NAN, false };
    for (size_t i = 0; i < n_rows; i++)
        row[i].name = "";
    for (size_t i = 0; i < n_series; i++)
        series[i].name = "";
    return node->figure = f;
}

const bmx_figure *bmx_doc_find_figure(const bmx_doc *d, const char *name)
{
    for (const bmx_section *s = d->first; s; s = s->next)
        for (const bmx_node *n = s->first; n; n = n->next)
            if (n->kind == BMX_NODE_FIGURE && (!name || !strcmp(n->figure->name, name)))
                return n->figure;
    return NULL;
}

void bmx_doc_fit(bmx_doc *d, double width)
{
    d->width = width;
    for (bmx_section *s = d->first; s; s = s->next)
        for (bmx_node *n = s->first; n; n = n->next)
            if (n->figure)
                n->figure->width = width;
}

/* ---- control characters ---- */

static bool is_clean(const char *text)
{
    size_t left = strlen(text);

    while (left) {
        uint32_t c = 0;
        unsigned n = bmx_utf8_decode(text, left, &c);

        if (!n || (bmx_utf8_is_control(c) && c != '\n' && c != '\t'))
            return false;
        text += n;
        left -= n;
    }
    return true;
}

static void clean(bmx_doc *d, const char **text)
{
    char *shown;
    size_t n;

    if (!*text || is_clean(*text))
        return;
    n = bmx_printable(NULL, 0, *text) + 1;
    if ((shown = bmx_doc_alloc(d, n, 1))) {
        bmx_printable(shown, n, *text);
        *text = shown;
    }
}

static void clean_items(bmx_doc *d, bmx_figure_item *item, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        clean(d, &item[i].name);
        clean(d, &item[i].note);
    }
}

static void clean_figure(bmx_doc *d, bmx_figure *f)
{
    const char **const text[] = { &f->title, &f->desc, &f->note, &f->x_label, &f->y_label,
                                  &f->x_marked_label };

    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        clean(d, text[i]);
    clean_items(d, f->row, f->n_rows);
    clean_items(d, f->series, f->n_series);
    clean_items(d, f->level, f->n_levels);
}

static void clean_table(bmx_doc *d, bmx_table *t)
{
    clean(d, &t->caption);
    for (size_t k = 0; k < t->n_columns; k++)
        clean(d, &t->column[k].name);
    for (size_t i = 0; i < t->n_rows * t->n_columns; i++)
        clean(d, &t->cell[i]);
}

#ifdef BMX_CHECKED
static bool has_table(const bmx_section *s)
{
    const bmx_node *n = s ? s->first : NULL;

    while (n && n->kind != BMX_NODE_TABLE)
        n = n->next;
    return n;
}

/* D2 as far as a kind of figure asks for something, and D3. */
static bool is_sound(const bmx_section *s)
{
    for (const bmx_node *n = s->first; n; n = n->next) {
        const bmx_figure *f = n->figure;

        if (n->kind == BMX_NODE_FIGURE &&
            (!f->name || !f->title || !f->desc ||
             (f->kind == BMX_FIGURE_BARS && f->n_series != 1) ||
             (!has_table(s) && !has_table(s->next))))
            return false;
    }
    return true;
}
#endif

void bmx_doc_clean(bmx_doc *d)
{
    clean(d, &d->title);
    for (bmx_section *s = d->first; s; s = s->next) {
        clean(d, &s->title);
        BMX_ASSERT(d->status || is_sound(s));
        for (bmx_node *n = s->first; n; n = n->next) {
            const char *text = n->text;

            clean(d, &n->text);
            if (n->text != text)
                n->claim = 0; /* which was counted in the text as it was */
            clean(d, &n->lead);
            if (n->table)
                clean_table(d, n->table);
            if (n->figure)
                clean_figure(d, n->figure);
        }
    }
}

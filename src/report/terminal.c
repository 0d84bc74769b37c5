/* SPDX-License-Identifier: GPL-3.0-or-later */
/* terminal.c - the tree as text in columns, for a terminal or a file that people read. */
#include "report/render.h"
#include "report/report.h"
#include "report/sink.h"
#include "report/write.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS 80 /* of texts, whatever the terminal, so that files are alike */
#define MOST 64 /* columns of one cell at most, so that a long path leaves room for others */

static int cell_width(const char *text)
{
    int n = bmx_report_width(text ? text : "");

    return n > MOST ? MOST : n;
}

static void put_spaces(bmx_sink *s, int n)
{
    bmx_putf(s, "%*s", n > 0 ? n : 0, "");
}

static void put_cell(bmx_sink *s, const char *text, int width, bool right, bool last)
{
    int n = bmx_report_width(text);

    if (right)
        put_spaces(s, width - n);
    if (!s->status)
        s->status = bmx_report_name(s->out, text, 0, s->err);
    if (!right && !last)
        put_spaces(s, width - n);
}

static const char *cell_at(const bmx_table *t, size_t row, size_t column)
{
    const char *text = t->cell[row * t->n_columns + column];

    return text ? text : "";
}

/* The number of key columns, one or two, which tell the rows apart and begin every band. */
static size_t count_keys(const bmx_table *t)
{
    for (size_t i = 1; i < t->n_rows && t->n_columns > 2; i++)
        if (!strcmp(cell_at(t, i - 1, 0), cell_at(t, i, 0)))
            return 2;
    return 1;
}

/* A table on its way out: columns as wide as their cells, of which the first tell rows apart. */
typedef struct layout {
    const bmx_table *t;
    const int *width; /* width[n_columns] */
    size_t keys;
    const char *bold, *plain; /* escape sequences, or "" */
} layout;

/* Columns `first` up to `last`, behind the keys. */
static void put_band(bmx_sink *s, const layout *l, size_t first, size_t last)
{
    const bmx_table *t = l->t;

    for (size_t row = 0; row <= t->n_rows; row++) { /* row 0 is the names of the columns */
        bool head = row == 0, strong = head || t->row[row - 1] == BMX_ROW_SUM;
        bmx_put(s, strong ? l->bold : "");
        for (size_t k = 0; k < last; k = k + 1 == l->keys ? first : k + 1) {
            const char *text = head ? t->column[k].name : cell_at(t, row - 1, k);
            bmx_put(s, k ? "  " : "");
            put_cell(s, text, l->width[k], t->column[k].number, k + 1 == last);
        }
        bmx_putf(s, "%s\n", strong ? l->plain : "");
    }
}

/* Columns that do not fit beside each other stand below, with the keys again. */
static void put_table(bmx_sink *s, const bmx_table *t, const char *bold, const char *plain)
{
    int *width = bmx_malloc(t->n_columns, sizeof *width), fixed = 0;
    size_t keys = count_keys(t);

    if (!width) {
        if (!s->status)
            s->status = bmx_nomem(s->err);
        return;
    }
    for (size_t k = 0; k < t->n_columns; k++) {
        width[k] = cell_width(t->column[k].name);
        for (size_t i = 0; i < t->n_rows; i++) {
            int n = cell_width(cell_at(t, i, k));
            width[k] = n > width[k] ? n : width[k];
        }
        fixed += k < keys ? width[k] + 2 : 0;
    }
    for (size_t first = keys, last; first < t->n_columns; first = last) {
        int used = fixed + width[first];
        for (last = first + 1; last < t->n_columns && used + 2 + width[last] < COLUMNS; last++)
            used += 2 + width[last];
        bmx_put(s, first > keys ? "\n" : "");
        put_band(s, &(layout){ t, width, keys, bold, plain }, first, last);
    }
    bmx_free(width);
}

/* Broken at blanks, behind `at` columns that the line has already. */
static void put_wrapped(bmx_sink *s, const char *text, int at)
{
    bool blank = false; /* a blank is needed before the next word */

    while (*text) {
        size_t n = bmx_sink_word(text);
        char word[400];
        int columns;
        snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : sizeof word - 1), text);
        columns = bmx_report_width(word);
        if (at && at + 1 + columns > COLUMNS - 2) {
            bmx_put(s, "\n");
            blank = false;
            at = 0;
        }
        bmx_put(s, blank ? " " : "");
        at += columns + 1;
        blank = true;
        if (!s->status)
            s->status = bmx_report_name(s->out, word, 0, s->err);
        text += n + strspn(text + n, " ");
    }
    bmx_put(s, "\n");
}

bpemix_status bmx_render_terminal(const bmx_doc *doc, bool color, bmx_buf *out, bpemix_error *err)
{
    const char *bold = color ? "\033[1m" : "", *plain = color ? "\033[0m" : "";
    bmx_sink s = { out, err, BPEMIX_OK };
    bool first = true;

    for (const bmx_section *section = doc->first; section; section = section->next)
        for (const bmx_node *n = section->first; n; n = n->next) {
            if (n->kind == BMX_NODE_FIGURE || (n->kind == BMX_NODE_TABLE && n->table->tidy))
                continue;
            if (n->kind == BMX_NODE_TABLE) {
                bmx_put(&s, first ? "" : "\n");
                put_table(&s, n->table, bold, plain);
            } else {
                bmx_put(&s, !first && !n->lead ? "\n" : "");
                if (n->lead)
                    bmx_putf(&s, "%s%s%s ", bold, n->lead, plain);
                put_wrapped(&s, n->text, n->lead ? bmx_report_width(n->lead) + 1 : 0);
            }
            first = false;
        }
    return s.status;
}

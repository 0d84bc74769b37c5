/* SPDX-License-Identifier: GPL-3.0-or-later */
/* terminal.c - the tree as text in columns, for a terminal or a file that people read. */
#include "report/render.h"
#include "report/report.h"
#include "report/sink.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

enum {
    COLUMNS = 80,    /* where nobody says how many there are, so that files are alike */
    LEAST = 40,      /* that a table is made for */
    MOST_TEXT = 100, /* of texts, which are hard to read when longer */
    LEAST_CELL = 24, /* of a text whose lines are broken in a column */
    MOST_KEYS = 4,
    LEAST_BAR = 10,
    MOST_BAR = 40
};

static void put_spaces(bmx_sink *s, int n)
{
    bmx_putf(s, "%*s", n > 0 ? n : 0, "");
}

static const char *cell_at(const bmx_table *t, size_t row, size_t column)
{
    const char *text = t->cell[row * t->n_columns + column];

    return text ? text : "";
}

/* Columns of the first n bytes of a text. */
static int width_of(const char *text, size_t n)
{
    char part[1000];

    n = n < sizeof part ? n : bmx_utf8_whole(text, sizeof part - 1);
    memcpy(part, text, n);
    part[n] = 0;
    return bmx_report_width(part);
}

/* Bytes of a text that go on one line of so many columns: whole words, or as much of the first one
 * as fits. */
static size_t line_of(const char *text, int columns)
{
    size_t n = 0;

    for (size_t k = 0; text[k];) {
        k += bmx_sink_word(text + k);
        if (width_of(text, k) > columns)
            break;
        n = k;
        k += strspn(text + k, " ");
    }
    if (n || !*text)
        return n;
    for (size_t k = 0; text[k]; n = k) {
        do
            k++;
        while ((text[k] & 0xc0) == 0x80);
        if (n && width_of(text, k) > columns)
            break;
    }
    return n;
}

/* Do the first columns tell every row from the one before? */
static bool tell_apart(const bmx_table *t, size_t columns)
{
    for (size_t i = 1; i < t->n_rows; i++) {
        size_t k = 0;

        while (k < columns && !strcmp(cell_at(t, i - 1, k), cell_at(t, i, k)))
            k++;
        if (k == columns)
            return false;
    }
    return true;
}

/* The number of key columns, which tell the rows apart and begin every band; two where more than
 * MOST_KEYS would be needed. */
static size_t count_keys(const bmx_table *t)
{
    size_t keys = 1;

    while (keys + 1 < t->n_columns && keys <= MOST_KEYS && !tell_apart(t, keys))
        keys++;
    return keys > MOST_KEYS || (keys > 2 && !tell_apart(t, keys)) ? 2 : keys;
}

/* A table on its way out: columns as wide as their cells, of which the first tell rows apart. */
typedef struct layout {
    const bmx_table *t;
    int *width;               /* width[n_columns] */
    const char **rest;        /* rest[n_columns]: what of a row's cells is not written yet */
    size_t keys;
    int columns, bar;         /* of the terminal; of bars behind the table, 0: none */
    const char *bold, *plain; /* escape sequences, or "" */
} layout;

/* From zero to the value, and on to the ends of its range.  Where the value is not determined, the
 * bar goes to the end of the range that is nearer to zero. */
static void put_bar(bmx_sink *s, const layout *l, const bmx_mark *m)
{
    const bmx_table *t = l->t;
    double top = 0, least = 0, zero, x = m->value;
    char bar[MOST_BAR + 1];

    for (size_t i = 0; i < t->n_rows; i++) {
        const bmx_mark *each = &t->bar[i];
        top = fmax(top, fmax(each->loose ? 0 : each->value, each->high));
        least = fmin(least, fmin(each->loose ? 0 : each->value, each->low));
    }
    if (m->loose)
        x = m->low > 0 ? m->low : m->high < 0 ? m->high : 0;
    if (!(top - least > 0) || !isfinite(x))
        return;
    memset(bar, ' ', (size_t)l->bar);
    bar[l->bar] = 0;
    zero = -least / (top - least) * l->bar;
    for (int k = 0; k < l->bar; k++) {
        double at = least + (k + 0.5) / l->bar * (top - least); /* the middle of this character */
        if (fmin(0, x) < at && at < fmax(0, x))
            bar[k] = '#';
        else if (m->low < at && at < m->high)
            bar[k] = '-';
    }
    if (least < 0) { /* of values that are all negative zero is the end */
        int at = zero < l->bar ? (int)zero : l->bar - 1;

        if (bar[at] != '#' || !(zero < l->bar))
            bar[at] = '|';
    }
    bmx_putf(s, "  %s", bar);
}

/* One line of a row; what does not fit into its columns stays for the next. */
static void put_line(bmx_sink *s, const layout *l, size_t first, size_t last, const bmx_mark *bar)
{
    size_t begin = s->out->len;

    for (size_t k = 0; k < last; k = k + 1 == l->keys ? first : k + 1) {
        size_t n = line_of(l->rest[k], l->width[k]);
        int used = width_of(l->rest[k], n);
        char text[1000];

        n = n < sizeof text ? n : bmx_utf8_whole(l->rest[k], sizeof text - 1);
        memcpy(text, l->rest[k], n);
        text[n] = 0;
        l->rest[k] += n + strspn(l->rest[k] + n, " ");
        bmx_put(s, k ? "  " : "");
        put_spaces(s, l->t->column[k].number ? l->width[k] - used : 0);
        if (!s->status)
            s->status = bmx_report_name(s->out, text, 0, s->err);
        put_spaces(s, l->t->column[k].number ? 0 : l->width[k] - used);
    }
    if (bar)
        put_bar(s, l, bar);
    while (!s->status && s->out->len > begin && s->out->ptr[s->out->len - 1] == ' ')
        s->out->ptr[--s->out->len] = 0;
}

/* Columns `first` up to `last`, behind the keys. */
static void put_band(bmx_sink *s, const layout *l, size_t first, size_t last)
{
    const bmx_table *t = l->t;

    for (size_t row = 0; row <= t->n_rows; row++) { /* row 0 is the names of the columns */
        bool head = row == 0, strong = head || t->row[row - 1] == BMX_ROW_SUM, more = true;
        const bmx_mark *bar = head || !l->bar ? NULL : &t->bar[row - 1];

        for (size_t k = 0; k < t->n_columns; k++)
            l->rest[k] = head ? t->column[k].name : cell_at(t, row - 1, k);
        for (; more && !s->status; bar = NULL) {
            bmx_put(s, strong ? l->bold : "");
            put_line(s, l, first, last, bar);
            bmx_putf(s, "%s\n", strong ? l->plain : "");
            more = false;
            for (size_t k = 0; k < last; k = k + 1 == l->keys ? first : k + 1)
                more |= *l->rest[k] != 0;
        }
    }
}

/* The columns behind `first` that fit beside it.  A text that would not even fit alone has its
 * lines broken. */
static size_t take_columns(layout *l, size_t first, int fixed, int *used)
{
    size_t last = first;

    for (*used = fixed; last < l->t->n_columns; last++) {
        int left = l->columns - 1 - *used - (last > first ? 2 : 0);
        bool breaks = !l->t->column[last].number && l->width[last] >= l->columns - fixed;

        if (l->width[last] > left && last > first && (!breaks || left < LEAST_CELL))
            break;
        if (l->width[last] > left)
            l->width[last] = left;
        *used += l->width[last] + (last > first ? 2 : 0);
    }
    return last;
}

static void measure_columns(layout *l, int *fixed)
{
    const bmx_table *t = l->t;

    for (size_t k = 0; k < t->n_columns; k++) {
        l->width[k] = bmx_report_width(t->column[k].name);
        for (size_t i = 0; i < t->n_rows; i++) {
            int n = bmx_report_width(cell_at(t, i, k));
            l->width[k] = n > l->width[k] ? n : l->width[k];
        }
        if (k >= l->keys)
            continue;
        if (l->width[k] > l->columns / 3) /* keys leave room for what they are keys of */
            l->width[k] = l->columns / 3;
        *fixed += l->width[k] + 2;
    }
}

/* The caption, which tells the unit, and the columns.  Those that do not fit beside each other
 * stand below, with the keys again. */
static void put_table(bmx_sink *s, const bmx_table *t, const bmx_terminal *terminal)
{
    layout l = { .t = t, .keys = count_keys(t), .columns = terminal->columns };
    int fixed = 0, used;

    l.bold = terminal->color ? "\033[1m" : "";
    l.plain = terminal->color ? "\033[0m" : "";
    l.columns = l.columns <= 0 ? COLUMNS : l.columns < LEAST ? LEAST : l.columns;
    l.width = bmx_calloc(t->n_columns, sizeof *l.width);
    l.rest = bmx_calloc(t->n_columns, sizeof *l.rest);
    if (l.width && l.rest) {
        bmx_put(s, l.bold);
        bmx_sink_wrapped(s, t->caption, 0, 0, (l.columns > MOST_TEXT ? MOST_TEXT : l.columns) - 2);
        bmx_put(s, l.plain);
        measure_columns(&l, &fixed);
        for (size_t first = l.keys, last; first < t->n_columns; first = last) {
            last = take_columns(&l, first, fixed, &used);
            l.bar = t->bar && first == l.keys && last == t->n_columns ? l.columns - 3 - used : 0;
            l.bar = l.bar < LEAST_BAR ? 0 : l.bar > MOST_BAR ? MOST_BAR : l.bar;
            bmx_put(s, first > l.keys ? "\n" : "");
            put_band(s, &l, first, last);
        }
    } else if (!s->status) {
        s->status = bmx_nomem(s->err);
    }
    bmx_free(l.width);
    bmx_free(l.rest);
}

bpemix_status bmx_render_terminal(const bmx_doc *doc, const bmx_terminal *terminal, bmx_buf *out,
                                  bpemix_error *err)
{
    const char *bold = terminal->color ? "\033[1m" : "", *plain = terminal->color ? "\033[0m" : "";
    int columns = terminal->columns <= 0 ? COLUMNS : terminal->columns;
    bmx_sink s = { out, err, BPEMIX_OK };
    bool first = true;

    columns = columns < LEAST ? LEAST : columns > MOST_TEXT ? MOST_TEXT : columns;
    for (const bmx_section *section = doc->first; section; section = section->next)
        for (const bmx_node *n = section->first; n; n = n->next) {
            if (n->kind == BMX_NODE_FIGURE || (n->kind == BMX_NODE_TABLE && n->table->tidy))
                continue;
            if (n->kind == BMX_NODE_TABLE) {
                bmx_put(&s, first ? "" : "\n");
                put_table(&s, n->table, terminal);
            } else {
                bmx_put(&s, !first && !n->lead ? "\n" : "");
                if (n->lead)
                    bmx_putf(&s, "%s%s%s ", bold, n->lead, plain);
                bmx_sink_wrapped(&s, n->text, n->lead ? bmx_report_width(n->lead) + 1 : 0, 0,
                                 columns - 2);
            }
            first = false;
        }
    return s.status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/panel.h"
#include "base/format.h"
#include "report/report.h"

#include <inttypes.h>
#include <string.h>

enum { COLUMNS = 5, TEXTS = 2 }; /* of the table; those that are texts */

/* cell[] points to texts elsewhere, and to numbers in number[]. */
typedef struct row {
    const char *cell[COLUMNS];
    char number[COLUMNS][24];
} row;

/* The cells of row i, 0 being the names of columns. */
static void fill_row(const bpemix_chunk_category *category, size_t i, row *r)
{
    static const char *const head[COLUMNS] = { "category", "group", "documents", "MB", "chunks" };
    const bpemix_chunk_category *k = i ? &category[i - 1] : NULL;

    if (!k) {
        memcpy(r->cell, head, sizeof r->cell);
        return;
    }
    *r = (row){ .cell = { k->name, k->group ? k->group : "" } };
    for (size_t n = TEXTS; n < COLUMNS; n++)
        r->cell[n] = r->number[n];
    bmx_snprintf(r->number[2], sizeof r->number[2], "%" PRIu64, k->sample_documents);
    bmx_snprintf(r->number[3], sizeof r->number[3], "%.2f", (double)k->sample_bytes / 1e6);
    bmx_snprintf(r->number[4], sizeof r->number[4], "%" PRIu64, k->distinct);
}

/* Which columns there is room for, and how wide they are; 0: left out. */
static void lay_out(const bpemix_chunk_category *category, size_t n_categories, int columns,
                    int *width)
{
    static const int order[COLUMNS] = { 0, 3, 1, 2, 4 }; /* those that tell most first */
    int used = -2;
    row r;

    for (size_t n = 0; n < COLUMNS; n++)
        width[n] = 0;
    for (size_t i = 0; i <= n_categories; i++) {
        fill_row(category, i, &r);
        for (size_t n = 0; n < COLUMNS; n++) {
            int wide = bmx_report_width(r.cell[n]);
            width[n] = wide > width[n] ? wide : width[n];
        }
    }
    for (size_t n = 0; n < COLUMNS; n++) {
        used += 2 + width[order[n]];
        if (used > columns && n)
            width[order[n]] = 0;
    }
}

static bpemix_status add_row(const row *r, const int *width, bmx_buf *b, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (int n = 0; n < COLUMNS && !st; n++)
        if (width[n] && !(st = bmx_buf_addf(b, err, "%s", n ? "  " : "")))
            st = n < TEXTS ? bmx_report_name(b, r->cell[n], width[n], err)
                           : bmx_buf_addf(b, err, "%*s", width[n], r->cell[n]);
    while (!st && b->len && b->ptr[b->len - 1] == ' ')
        b->len--;
    return st ? st : bmx_buf_addc(b, '\n', err);
}

static bpemix_status add_terms(const bpemix_chunk_terms *t, const char *path, bmx_buf *b,
                               bpemix_error *err)
{
    bpemix_status st = bmx_buf_addf(b, err, "\n%zu categor%s in %s\n", t->n_categories,
                                    t->n_categories == 1 ? "y" : "ies", path);

    if (!st && t->sampled && !t->top && !t->tail)
        st = bmx_buf_addf(b, err, "chunks: the most frequent ones of each, "
                                  "and some drawn for all others\n");
    else if (!st && t->sampled)
        st = bmx_buf_addf(b, err, "chunks: the %" PRIu64 " most frequent of each, and %" PRIu64
                          " drawn for all others\n", t->top, t->tail);
    if (!st && t->note.len && !(st = bmx_buf_addc(b, '\n', err)))
        st = bmx_buf_add(b, t->note.ptr, t->note.len, err);
    return st;
}

bpemix_status bmx_report_panel(const char *path, const bpemix_chunk_terms *t,
                               const bpemix_chunk_category *category, int columns, bmx_buf *out,
                               bpemix_error *err)
{
    int width[COLUMNS];
    bpemix_status st = BPEMIX_OK;
    row r;

    lay_out(category, t->n_categories, columns, width);
    for (size_t i = 0; i <= t->n_categories && !st; i++) {
        fill_row(category, i, &r);
        st = add_row(&r, width, out, err);
    }
    return st ? st : add_terms(t, path, out, err);
}

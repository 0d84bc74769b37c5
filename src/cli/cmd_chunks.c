/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_chunks.c - bpemix chunks, bpemix panel. */
#include "base/format.h"
#include "cli/cli.h"

#include <inttypes.h>
#include <string.h>

int cmd_chunks(const args *a)
{
    bpemix_count_opts count = cli_count_opts(a);
    bpemix_chunk_opts opts = {
        .size = sizeof opts, .count = &count, .punctuation = a->punctuation,
        .top = a->top, .tail = a->tail, .seed = a->seed,
    };
    cli_categories cats = { 0 };
    bmx_buf note = { 0 }, groups = { 0 };
    bpemix_error err = { 0 };
    bpemix_status st = a->output ? BPEMIX_OK
        : bmx_fail_hint(&err, BPEMIX_E_USAGE, "--output", "give the file to write with -o",
                        "no output file");

    if (!st)
        st = cli_categories_get(a, &cats, &err);
    if (!st)
        st = cli_read_text(a->note, &note, &err);
    if (!st)
        st = cli_read_text(a->groups, &groups, &err);
    opts.note = note.ptr;
    opts.groups = groups.ptr;
    if (!st)
        st = bpemix_chunks_make(cats.cat, cats.n, &opts, a->output, &err);
    cli_progress_end();
    cli_categories_release(&cats);
    bmx_buf_release(&note);
    bmx_buf_release(&groups);
    if (!st)
        cli_tell_memory(a);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

/* ---- what the panel holds ---- */

enum { COLUMNS = 5, TEXTS = 2 }; /* of the table; those that are texts */

/* The cells of row i, 0 being the names of columns, into cell[COLUMNS]; false: there is none. */
static bool fill_row(const bpemix_chunks *c, size_t i, char (*cell)[100])
{
    static const char *const head[] = { "category", "group", "documents", "MB", "chunks" };
    const bpemix_chunk_category *k = i ? bpemix_chunks_category(c, i - 1) : NULL;

    for (size_t n = 0; n < COLUMNS && !i; n++)
        bmx_snprintf(cell[n], sizeof cell[n], "%s", head[n]);
    if (k) {
        bmx_printable(cell[0], sizeof cell[0], k->name);
        bmx_printable(cell[1], sizeof cell[1], k->group ? k->group : "");
        bmx_snprintf(cell[2], sizeof cell[2], "%" PRIu64, k->sample_documents);
        bmx_snprintf(cell[3], sizeof cell[3], "%.2f", (double)k->sample_bytes / 1e6);
        bmx_snprintf(cell[4], sizeof cell[4], "%" PRIu64, k->distinct);
    }
    return !i || k;
}

/* Which columns there is room for, and how wide they are; 0: left out. */
static void lay_out(const bpemix_chunks *c, int columns, int *width)
{
    static const int order[COLUMNS] = { 0, 3, 1, 2, 4 }; /* those that tell most first */
    char cell[COLUMNS][100];
    int used = -2;

    for (size_t n = 0; n < COLUMNS; n++)
        width[n] = 0;
    for (size_t i = 0; fill_row(c, i, cell); i++)
        for (size_t n = 0; n < COLUMNS; n++)
            width[n] = (int)strlen(cell[n]) > width[n] ? (int)strlen(cell[n]) : width[n];
    for (size_t n = 0; n < COLUMNS; n++) {
        used += 2 + width[order[n]];
        if (used > columns && n)
            width[order[n]] = 0;
    }
}

static bpemix_status add_table(const bpemix_chunks *c, int columns, bmx_buf *b, bpemix_error *err)
{
    char cell[COLUMNS][100];
    int width[COLUMNS];
    bpemix_status st = BPEMIX_OK;

    lay_out(c, columns, width);
    for (size_t i = 0; !st && fill_row(c, i, cell); i++) {
        for (int n = 0; n < COLUMNS && !st; n++)
            if (width[n])
                st = bmx_buf_addf(b, err, "%s%*s", n ? "  " : "",
                                  n < TEXTS ? -width[n] : width[n], cell[n]);
        while (!st && b->len && b->ptr[b->len - 1] == ' ')
            b->len--;
        if (!st)
            st = bmx_buf_addf(b, err, "\n");
    }
    return st;
}

static bpemix_status add_terms(const bpemix_chunks *c, const char *path, bmx_buf *b,
                               bpemix_error *err)
{
    bpemix_chunk_terms t = { .size = sizeof t };
    bpemix_status st;

    bpemix_chunks_terms(c, &t);
    st = bmx_buf_addf(b, err, "\n%zu categor%s in %s\n", t.n_categories,
                      t.n_categories == 1 ? "y" : "ies", path);
    if (!st && t.sampled && !t.top && !t.tail)
        st = bmx_buf_addf(b, err, "chunks: the most frequent ones of each, "
                                  "and some drawn for all others\n");
    else if (!st && t.sampled)
        st = bmx_buf_addf(b, err, "chunks: the %" PRIu64 " most frequent of each, and %" PRIu64
                          " drawn for all others\n", t.top, t.tail);
    if (!st && t.note.len && !(st = bmx_buf_addc(b, '\n', err)))
        st = bmx_buf_add(b, t.note.ptr, t.note.len, err);
    return st;
}

int cmd_panel(const args *a)
{
    bpemix_chunks *c = NULL;
    bpemix_error err = { 0 };
    cli_output out = { 0 };
    bmx_buf b = { 0 };
    char *path = NULL;
    bpemix_status st = a->n_operands
        ? bmx_fail_hint(&err, BPEMIX_E_USAGE, a->operand[0], "name a file with --panel",
                        "nothing is expected here")
        : cli_panel_open(a, &path, &c, &err);

    if (!st && a->json)
        st = bpemix_chunks_describe(c, &out.json, &err);
    if (!st && !(st = add_table(c, cli_columns(stdout), &b, &err)) &&
        !(st = add_terms(c, path, &b, &err)))
        st = bmx_buf_addc(&b, 0, &err);
    if (!st) {
        out.text = b.ptr;
        b = (bmx_buf){ 0 };
        st = cli_write(a, &out, &err);
    }
    cli_output_release(&out);
    bmx_buf_release(&b);
    bpemix_chunks_free(c);
    bpemix_free(path);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

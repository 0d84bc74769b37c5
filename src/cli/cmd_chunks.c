/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_chunks.c - bpemix chunks, bpemix panel. */
#include "cli/cli.h"

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

int cmd_panel(const args *a)
{
    bpemix_chunks *c = NULL;
    bpemix_error err = { 0 };
    cli_output out = { 0 };
    char *path = NULL;
    bpemix_status st = a->n_operands
        ? bmx_fail_hint(&err, BPEMIX_E_USAGE, a->operand[0], "name a file with --panel",
                        "nothing is expected here")
        : cli_panel_open(a, &path, &c, &err);

    if (!st && a->json)
        st = bpemix_chunks_describe(c, &out.json, &err);
    if (!st)
        st = bpemix_chunks_print(c, cli_columns(stdout), &out.text, &err);
    if (!st)
        st = cli_write(a, &out, &err);
    cli_output_release(&out);
    bpemix_chunks_free(c);
    bpemix_free(path);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

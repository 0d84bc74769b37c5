/* SPDX-License-Identifier: GPL-3.0-or-later */
/* again.c - sets the arguments to the tokenizer and samples that a result names. */
#include "cli/again.h"
#include "base/folder.h"
#include "bpemix.h"

#include <string.h>

/* A text that the arguments borrow until cli_again_release(). */
static void keep(cli_again *g, char *text, bpemix_error *err, bpemix_status *st)
{
    if (!*st)
        *st = text ? bmx_reserve(&g->text, &g->cap, g->n + 1, sizeof *g->text, err)
                   : bmx_nomem(err);
    if (*st)
        bmx_free(text);
    else
        g->text[g->n++] = text;
}

/* A category from a file or folder is an operand, one of the panel a name in a list.  False: the
 * text is not where it was. */
static bool add_source(cli_again *g, const bpemix_source *source, bpemix_error *err,
                       bpemix_status *st)
{
    bmx_path_kind kind = source->path ? bmx_path_kind_of(source->path) : BMX_PATH_OTHER;

    if (kind == BMX_PATH_FILE || kind == BMX_PATH_FOLDER) { /* a device may be endless */
        keep(g, bmx_asprintf("%s=%s", source->category, source->path), err, st);
        return true;
    }
    if (!source->path || strcmp(source->category, source->path))
        return false;
    if (!*st)
        *st = bmx_buf_addf(&g->panel, err, "%s%s", g->panel.len ? "," : "", source->category);
    return true;
}

bpemix_status cli_again_take(cli_again *g, const bpemix_result *result, args *a,
                             bpemix_error *err)
{
    bpemix_counting counted = { .size = sizeof counted };
    bpemix_source source = { .size = sizeof source };
    size_t n = 0;
    bpemix_status st = BPEMIX_OK;

    bpemix_result_counting(result, &counted);
    if ((!a->tokenizer &&
         (!counted.tokenizer || bmx_path_kind_of(counted.tokenizer) != BMX_PATH_FILE)) ||
        bpemix_result_other(result)) /* it does not say where the pool is from */
        return BPEMIX_OK;
    for (; !st && bpemix_result_source(result, n, &source); n++)
        if (!add_source(g, &source, err, &st))
            return st;
    if (g->panel.len && !st)
        st = bmx_buf_addc(&g->panel, 0, err);
    if (st || !n)
        return st;
    a->tokenizer = a->tokenizer ? a->tokenizer : counted.tokenizer;
    a->operand = (const char *const *)g->text;
    a->n_operands = g->n;
    a->panel_categories = g->panel.ptr;
    a->text_unit = counted.text_unit ? counted.text_unit : a->text_unit;
    a->invalid = counted.invalid ? counted.invalid : a->invalid;
    a->field = counted.field ? counted.field : a->field;
    a->jsonl = counted.jsonl;
    a->max_bytes = counted.max_bytes;
    return BPEMIX_OK;
}

void cli_again_release(cli_again *g)
{
    for (size_t i = 0; i < g->n; i++)
        bmx_free(g->text[i]);
    bmx_free(g->text);
    bmx_buf_release(&g->panel);
    *g = (cli_again){ 0 };
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* again.c - the tokenizer and samples that a result names, as if they had been given. */
#include "cli/again.h"
#include "base/json.h"

#include <string.h>

/* A text that the arguments borrow until cli_again_release(). */
static const char *keep(cli_again *g, char *text, bpemix_error *err, bpemix_status *st)
{
    if (!*st && text && (*st = bmx_reserve(&g->text, &g->cap, g->n + 1, sizeof *g->text, err))) {
        bmx_free(text);
        return NULL;
    }
    if (!*st && !text)
        *st = bmx_nomem(err);
    if (*st) {
        bmx_free(text);
        return NULL;
    }
    return g->text[g->n++] = text;
}

/* A category from a file or folder is an operand, one of the panel a name in a list.  False: the
 * text is not where it was. */
static bool add_source(cli_again *g, const bmx_json *source, size_t *n_panel, bpemix_error *err,
                       bpemix_status *st)
{
    const char *name = bmx_json_string(bmx_json_get(source, "category"));
    const char *path = bmx_json_string(bmx_json_get(source, "path"));
    bmx_path_kind kind;

    if (!name || !path)
        return false;
    kind = bmx_path_kind_of(path);
    if (kind == BMX_PATH_FILE || kind == BMX_PATH_FOLDER) { /* a device might never end */
        keep(g, bmx_asprintf("%s=%s", name, path), err, st);
        return true;
    }
    if (strcmp(name, path)) /* chunks have no path but the name of their category */
        return false;
    if (!*st)
        *st = bmx_buf_addf(&g->panel, err, "%s%s", (*n_panel)++ ? "," : "", name);
    return true;
}

static void count_as_then(cli_again *g, const bmx_json *count, args *a, bpemix_error *err,
                          bpemix_status *st)
{
    const struct { const char *name, **to;
    } text[] = { { "text_unit", &a->text_unit },
                 { "invalid", &a->invalid },
                 { "field", &a->field } };

    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        const char *value = bmx_json_string(bmx_json_get(count, text[i].name));
        if (value)
            *text[i].to = keep(g, bmx_strdup(value), err, st);
    }
    a->jsonl = bmx_json_bool(bmx_json_get(count, "jsonl"), false);
    (void)bmx_json_uint(bmx_json_get(count, "max_bytes"), UINT64_MAX, &a->max_bytes);
}

static bpemix_status take(cli_again *g, const bmx_json *doc, args *a, bpemix_error *err)
{
    const bmx_json *sources = bmx_json_get(bmx_json_get(doc, "provenance"), "sources");
    const char *tokenizer = bmx_json_string(bmx_json_get(bmx_json_get(doc, "tokenizer"), "path"));
    size_t n_panel = 0;
    bpemix_status st = BPEMIX_OK;

    if (!tokenizer || bmx_path_kind_of(tokenizer) != BMX_PATH_FILE || !bmx_json_first(sources))
        return BPEMIX_OK;
    for (const bmx_json *s = bmx_json_first(sources); s && !st; s = bmx_json_next(s))
        if (!add_source(g, s, &n_panel, err, &st))
            return st;
    g->n_operands = g->n;
    tokenizer = keep(g, bmx_strdup(tokenizer), err, &st);
    count_as_then(g, bmx_json_get(bmx_json_get(doc, "options"), "count"), a, err, &st);
    if (n_panel && !st)
        st = bmx_buf_addc(&g->panel, 0, err);
    if (st)
        return st;
    a->tokenizer = tokenizer;
    a->operand = (const char *const *)g->text;
    a->n_operands = g->n_operands;
    a->panel_categories = n_panel ? g->panel.ptr : NULL;
    return BPEMIX_OK;
}

bpemix_status cli_again_take(cli_again *g, const char *path, args *a, bpemix_error *err)
{
    bmx_buf file = { 0 };
    bmx_json *doc = NULL;
    bpemix_status st = cli_read_text(path, &file, err);

    if (!st)
        st = bmx_json_parse(path, bmx_slice_str(file.ptr), &doc, err);
    if (!st)
        st = take(g, doc, a, err);
    bmx_json_free(doc);
    bmx_buf_release(&file);
    return st;
}

void cli_again_release(cli_again *g)
{
    for (size_t i = 0; i < g->n; i++)
        bmx_free(g->text[i]);
    bmx_free(g->text);
    bmx_buf_release(&g->panel);
    *g = (cli_again){ 0 };
}

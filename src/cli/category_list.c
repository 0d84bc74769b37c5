/* SPDX-License-Identifier: GPL-3.0-or-later */
/* category_list.c - a growing list of categories whose names and paths it owns. */
#include "cli/cli.h"

#include <string.h>

static void release_category(bpemix_category *c)
{
    for (size_t k = 0; k < c->n_paths; k++)
        bmx_free((void *)(uintptr_t)c->paths[k]);
    bmx_free((void *)(uintptr_t)c->paths);
    bmx_free((void *)(uintptr_t)c->name);
}

bpemix_status cli_categories_add(cli_categories *c, const char *name, size_t n,
                                 const char *const *paths, size_t n_paths, bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&c->cat, &c->cap, c->n + 1, sizeof *c->cat, err);
    char **copy;

    if (st)
        return st;
    if (!(copy = bmx_calloc(n_paths + 1, sizeof *copy)))
        return bmx_nomem(err);
    c->cat[c->n] = (bpemix_category){ .name = bmx_strndup(name, n),
                                      .paths = (const char *const *)copy, .n_paths = n_paths };
    c->n++;
    for (size_t i = 0; i < n_paths; i++)
        if (!(copy[i] = bmx_strdup(paths[i])))
            return bmx_nomem(err);
    return c->cat[c->n - 1].name ? BPEMIX_OK : bmx_nomem(err);
}

void cli_categories_take_away(cli_categories *from, const cli_categories *cats)
{
    size_t n = 0;

    for (size_t i = 0; i < from->n; i++) {
        bool is_candidate = false;

        for (size_t k = 0; k < cats->n && !is_candidate; k++)
            is_candidate = !strcmp(from->cat[i].name, cats->cat[k].name);
        if (is_candidate)
            release_category(&from->cat[i]);
        else
            from->cat[n++] = from->cat[i];
    }
    from->n = n;
}

void cli_categories_release(cli_categories *c)
{
    for (size_t i = 0; i < c->n; i++)
        release_category(&c->cat[i]);
    bmx_buf_release(&c->panel_groups);
    bmx_free(c->cat);
    *c = (cli_categories){ 0 };
}

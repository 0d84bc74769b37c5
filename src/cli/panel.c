/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel.c - categories from files of chunks, and from the panel. */
#include "base/signature.h"
#include "base/folder.h"
#include "cli/cli.h"
#include "cli/suggest.h"

#include <stdlib.h>
#include <string.h>

bool cli_is_chunks(const char *path)
{
    char start[BMX_CHUNKS_MAGIC_BYTES];

    return bmx_file_head(path, start, sizeof start) == sizeof start &&
           !memcmp(start, BMX_CHUNKS_MAGIC, sizeof start);
}

bool cli_is_none(const char *panel)
{
    return !strcmp(panel, "none");
}

/* Is one of the comma-separated words of `list` this name, or this group? */
static bool is_chosen(const char *list, const bpemix_chunk_category *k)
{
    for (const char *p = list; *p; p += *p == ',') {
        size_t n = strcspn(p, ",");

        if ((strlen(k->name) == n && !strncmp(p, k->name, n)) ||
            (k->group && strlen(k->group) == n && !strncmp(p, k->group, n)))
            return true;
        p += n;
    }
    return false;
}

/* The category, or where `groups` the group, that word[n] may have meant. */
static suggestion nearest(const char *word, size_t n, const bpemix_chunks *chunks, bool groups)
{
    suggestion s = suggest_for(word, n);
    const bpemix_chunk_category *k;

    for (size_t i = 0; (k = bpemix_chunks_category(chunks, i)); i++) {
        suggest_offer(&s, k->name, strlen(k->name));
        if (groups && k->group)
            suggest_offer(&s, k->group, strlen(k->group));
    }
    return s;
}

/* A category that is given replaces the panel's of the same name.  A name similar to one of the
 * panel's is probably misspelled, and both would be candidates: warn. */
static void warn_of_slips(const args *a, const cli_categories *c, size_t own,
                          const bpemix_chunks *chunks)
{
    char meant[120];

    for (size_t i = 0; i < own; i++) {
        const char *name = c->cat[i].name;
        suggestion s = nearest(name, strlen(name), chunks, false);
        bool is_same = s.best && s.best_n == s.n && !memcmp(s.best, name, s.n);

        if (!is_same && suggest_text(&s, false, meant, sizeof meant))
            cli_warn(a, "category '%s' is beside the panel's, not in the place of one; %s",
                     name, meant);
    }
}

/* Every word of the list must be a name or a group. */
static bpemix_status check_chosen(const char *list, const bpemix_chunks *chunks, bpemix_error *err)
{
    for (const char *p = list; p == list || *p; p += *p == ',') {
        size_t n = strcspn(p, ",");
        char *word = bmx_strndup(p, n);
        const bpemix_chunk_category *k;
        bool found = false;
        bpemix_status st = BPEMIX_OK;

        if (!word)
            return bmx_nomem(err);
        for (size_t i = 0; !found && (k = bpemix_chunks_category(chunks, i)); i++)
            found = is_chosen(word, k);
        if (!found) {
            suggestion s = nearest(word, n, chunks, true);
            char hint[120];
            if (!suggest_text(&s, false, hint, sizeof hint))
                snprintf(hint, sizeof hint, "'bpemix panel' lists them");
            st = bmx_fail_hint(err, BPEMIX_E_USAGE, "--panel-categories", hint,
                               "no category or group '%s'", word);
        }
        bmx_free(word);
        if (st)
            return st;
        p += n;
    }
    return BPEMIX_OK;
}

bpemix_status cli_categories_add_chunks(cli_categories *c, const char *path,
                                        const bpemix_chunks *chunks, const char *chosen,
                                        bpemix_error *err)
{
    size_t own = c->n;
    const bpemix_chunk_category *k;
    bpemix_status st = chosen ? check_chosen(chosen, chunks, err) : BPEMIX_OK;

    for (size_t i = 0; !st && (k = bpemix_chunks_category(chunks, i)); i++) {
        bool skip = chosen && !is_chosen(chosen, k);

        for (size_t n = 0; n < own && !skip; n++) /* a category that was given replaces it */
            skip = !strcmp(c->cat[n].name, k->name);
        if (!skip)
            st = cli_categories_add(c, k->name, strlen(k->name), &path, 1, err);
    }
    return st;
}

bpemix_status cli_categories_add_file(cli_categories *c, const char *path, bpemix_error *err)
{
    bpemix_chunks *chunks = NULL;
    const bpemix_chunk_category *k;
    bpemix_status st = bpemix_chunks_open(path, &chunks, err);

    for (size_t i = 0; !st && (k = bpemix_chunks_category(chunks, i)); i++)
        st = cli_categories_add(c, k->name, strlen(k->name), &path, 1, err);
    bpemix_chunks_free(chunks);
    return st;
}

/* Whoever asks for intervals cannot count the text of the panel again. */
static bpemix_status check_folds(const args *a, const char *path, const bpemix_chunks *chunks,
                                 bpemix_error *err)
{
    bpemix_chunk_terms t = { .size = sizeof t };

    bpemix_chunks_terms(chunks, &t);
    if (!a->folds || t.folds)
        return BPEMIX_OK;
    return bmx_fail_hint(err, BPEMIX_E_USAGE, path,
                         "leave --folds out, as ranges need none, or give your own samples alone",
                         "the panel was counted without folds, which intervals need");
}

bpemix_status cli_panel_open(const args *a, char **path, bpemix_chunks **out, bpemix_error *err)
{
    char *found = NULL;
    bpemix_status st = BPEMIX_OK;

    if (!a->panel)
        st = bpemix_panel_find(&found, err);
    else if (cli_is_none(a->panel))
        st = bmx_fail_hint(err, BPEMIX_E_USAGE, "--panel",
                           "leave it out, or what asks for the panel",
                           "'none' stands for no panel");
    else if (!(found = bmx_strdup(a->panel)))
        st = bmx_nomem(err);
    if (!st)
        st = bpemix_chunks_open(found, out, err);
    if (!st && (st = check_folds(a, found, *out, err))) {
        bpemix_chunks_free(*out);
        *out = NULL;
    }
    if (st)
        bmx_free(found);
    else
        *path = found;
    return st;
}

static bpemix_status keep_groups(cli_categories *c, const bpemix_chunks *chunks, bpemix_error *err)
{
    bpemix_chunk_terms t = { .size = sizeof t };
    bpemix_status st;

    bpemix_chunks_terms(chunks, &t);
    if (!t.groups.len)
        return BPEMIX_OK;
    st = bmx_buf_add(&c->panel_groups, t.groups.ptr, t.groups.len, err);
    return st ? st : bmx_buf_addc(&c->panel_groups, 0, err);
}

bpemix_status cli_categories_add_panel(const args *a, cli_categories *c, bpemix_error *err)
{
    bpemix_chunks *chunks = NULL;
    char *path = NULL;
    size_t own = c->n;
    bpemix_status st = cli_panel_open(a, &path, &chunks, err);

    if (!st)
        st = cli_categories_add_chunks(c, path, chunks, a->panel_categories, err);
    if (!st)
        st = keep_groups(c, chunks, err);
    if (!st) {
        warn_of_slips(a, c, own, chunks);
        c->has_panel = c->n > own;
        c->named_panel = a->panel || (getenv("BPEMIX_PANEL") && *getenv("BPEMIX_PANEL"));
    }
    bpemix_chunks_free(chunks);
    bmx_free(path);
    return st;
}

bpemix_status cli_solve_look_up(const args *a, cli_solving *s, bpemix_error *err)
{
    const char *named = getenv("BPEMIX_PANEL");
    bpemix_error none = { 0 };
    bpemix_status st = BPEMIX_OK;
    char text[800];

    if (a->panel && !cli_is_none(a->panel))
        st = (s->panel = bmx_strdup(a->panel)) ? BPEMIX_OK : bmx_nomem(err);
    else if (!a->panel)
        st = bpemix_panel_find(&s->panel, &none);
    if (st == BPEMIX_E_IO) { /* it is not installed */
        if (named && *named && !cli_is_none(named)) {
            bpemix_error_text(&none, text, sizeof text);
            cli_warn(a, "merges in no sample are not looked up in the panel: %s", text);
        }
        st = BPEMIX_OK;
    }
    if (st && none.status && err)
        *err = none;
    s->opts.panel = s->panel;
    return st;
}

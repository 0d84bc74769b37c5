/* SPDX-License-Identifier: GPL-3.0-or-later */
/* categories.c - NAME=PATH operands and --corpus folders become categories.
 *
 * Corpora often have two halves of each category, for training and as a sample, side by side:
 *
 *   DIR/NAME/train  DIR/NAME/sample     as in corpora/bundled and from `make corpora`,
 *   DIR/copyright                       which is no category
 *
 * Where every category has both, a command reads its own half alone. */
#include "base/folder.h"
#include "cli/cli.h"

#include <glob.h>
#include <string.h>
#include <unistd.h>

#define TRAIN_HALF "train"
#define SAMPLE_HALF "sample"
#define NO_CATEGORY "copyright" /* notices that a corpus keeps beside its categories */
#define WHOLE "all"             /* both halves */
#define OTHER_BYTES 150000      /* read of each folder that --other pools */

/* Is it the panel that --other pools? */
static bool other_is_panel(const args *a)
{
    return a->other && !strcmp(a->other, "panel");
}

/* NAME=PATH; PATH may be a pattern with * ? [ when no file of that name exists. */
static bpemix_status add_operand(cli_categories *c, const char *word, bpemix_error *err)
{
    const char *eq = strchr(word, '='), *path = eq ? eq + 1 : NULL;
    bpemix_status st;
    glob_t g;

    if (!eq && cli_is_chunks(word))
        return cli_categories_add_file(c, word, err);
    if (!eq || eq == word || !*path)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, word, "give NAME=PATH", "not a category");
    if (strcmp(path, "-") && strpbrk(path, "*?[") && access(path, F_OK)) {
        int r = glob(path, 0, NULL, &g);
        if (r == GLOB_NOSPACE)
            return bmx_nomem(err);
        if (r == 0) {
            st = cli_categories_add(c, word, (size_t)(eq - word),
                                    (const char *const *)g.gl_pathv, g.gl_pathc, err);
            globfree(&g);
            return st;
        }
    }
    return cli_categories_add(c, word, (size_t)(eq - word), &path, 1, err);
}

/* Is it a folder with both halves? */
static bool has_halves(const char *path, bpemix_error *err, bpemix_status *st)
{
    bool train = false, sample = false;

    if (!*st)
        *st = bmx_has_folder(path, TRAIN_HALF, &train, err);
    if (!*st && train)
        *st = bmx_has_folder(path, SAMPLE_HALF, &sample, err);
    return train && sample;
}

static bool is_named(const char *path, const char *name)
{
    return !strcmp(strrchr(path, '/') + 1, name);
}

/* The two halves of one category, given as if they were two. */
static bool is_one_category(const bmx_paths *p)
{
    return p->n == 2 && is_named(p->path[0], SAMPLE_HALF) && is_named(p->path[1], TRAIN_HALF);
}

static bpemix_status add_corpus(cli_categories *c, const char *folder, bpemix_error *err)
{
    bmx_paths p = { 0 };
    size_t n_halves = 0;
    bmx_path_kind kind;
    bpemix_status st = bmx_path_look(folder, &kind, err);

    if (!st && (kind == BMX_PATH_FILE || kind == BMX_PATH_OTHER)) /* of chunks */
        return cli_categories_add_file(c, folder, err);
    if (!st)
        st = bmx_list_folders(folder, &p, err);
    if (!st && !p.n)
        st = bmx_fail_hint(err, BPEMIX_E_EMPTY, folder, "each category is a sub-folder",
                           "no sub-folders");
    for (size_t i = 0; !st && i < p.n; i++)
        n_halves += has_halves(p.path[i], err, &st);
    if (!st && is_one_category(&p) && !n_halves)
        st = bmx_fail_hint(err, BPEMIX_E_USAGE, folder,
                           "give the folder that holds it, or NAME=PATH",
                           "its sub-folders are '" TRAIN_HALF "' and '" SAMPLE_HALF
                           "': two halves of one category, not categories");
    for (size_t i = 0; !st && i < p.n; i++) {
        const char *path = p.path[i], *name = strrchr(path, '/') + 1;
        if (n_halves + 1 < p.n || strcmp(name, NO_CATEGORY))
            st = cli_categories_add(c, name, strlen(name), &path, 1, err);
    }
    bmx_paths_release(&p);
    return st;
}

/* Standard input cannot be both the tokenizer and a category. */
static bpemix_status check_stdin(const args *a, const cli_categories *c, bpemix_error *err)
{
    if (!a->tokenizer || strcmp(a->tokenizer, "-"))
        return BPEMIX_OK;
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->cat[i].n_paths; k++)
            if (!strcmp(c->cat[i].paths[k], "-"))
                return bmx_fail_hint(err, BPEMIX_E_USAGE, "standard input",
                                     "give the tokenizer as a file",
                                     "named as the tokenizer and again by category '%s'",
                                     c->cat[i].name);
    return BPEMIX_OK;
}

/* --panel none is no panel only where nothing else asks for one: then opening it says that it is
 * none. */
static bool wants_panel(const args *a, const cli_categories *c)
{
    if (!c->may_be_panel)
        return false;
    if (a->with_panel || a->panel_categories)
        return true;
    if (a->panel && cli_is_none(a->panel))
        return false;
    return !c->n || (a->panel && !other_is_panel(a));
}

/* Categories as they are given, and checked. */
static bpemix_status gather(const args *a, cli_categories *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; !st && i < a->corpus.n; i++)
        if (!(st = cli_check_input(a, a->corpus.item[i], err)))
            st = add_corpus(out, a->corpus.item[i], err);
    for (size_t i = 0; !st && i < a->n_operands; i++)
        st = add_operand(out, a->operand[i], err);
    if (!st && wants_panel(a, out))
        st = cli_categories_add_panel(a, out, err);
    if (!st && (st = bpemix_categories_check(out->cat, out->n, err)) && !out->n)
        snprintf(err->hint, sizeof err->hint, "give NAME=PATH for each, or --corpus DIR");
    for (size_t i = 0; !st && i < out->n; i++)
        for (size_t k = 0; !st && k < out->cat[i].n_paths; k++)
            st = cli_check_input(a, out->cat[i].paths[k], err);
    return st ? st : check_stdin(a, out, err);
}

/* The same categories with one sub-folder of each, PATH/half, into *out (zeroed). */
static bpemix_status take_half(const cli_categories *cats, const char *half, cli_categories *out,
                               bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < cats->n && !st; i++) {
        const bpemix_category *c = &cats->cat[i];
        bool has;
        char *path;

        if (c->n_paths != 1)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, c->name,
                                 "each category is one folder with two halves",
                                 "the pattern matches %zu of them", c->n_paths);
        if ((st = bmx_has_folder(c->paths[0], half, &has, err)))
            return st;
        if (!(path = bmx_asprintf("%s/%s", c->paths[0], half)))
            return bmx_nomem(err);
        if (!has)
            st = bmx_fail_hint(err, BPEMIX_E_USAGE, c->name,
                               "each category needs this sub-folder",
                               "no folder '%s'", path);
        else
            st = cli_categories_add(out, c->name, strlen(c->name), (const char *const *)&path, 1,
                                    err);
        bmx_free(path);
    }
    return st;
}

/* Replace the categories by one half of each: the one asked for, or, when none is, `usual` where
 * all have both. */
static bpemix_status choose_half(const args *a, const char *asked, const char *usual,
                                 cli_categories *cats, bpemix_error *err)
{
    cli_categories half = { 0 };
    bpemix_status st = BPEMIX_OK;
    size_t n = 0, one = 0;

    if (asked && !strcmp(asked, WHOLE))
        return BPEMIX_OK;
    for (size_t i = 0; !asked && !st && i < cats->n; i++)
        if (cats->cat[i].n_paths == 1 && has_halves(cats->cat[i].paths[0], err, &st)) {
            one = i;
            n++;
        }
    if (st)
        return st;
    if (n && n < cats->n)
        cli_warn(a, "category '%s': its sub-folders '" TRAIN_HALF "' and '" SAMPLE_HALF
                 "' are read together; not every category has them (--%s-half)",
                 cats->cat[one].name, usual);
    if (!asked && n < cats->n)
        return BPEMIX_OK;
    if ((st = take_half(cats, asked ? asked : usual, &half, err))) {
        cli_categories_release(&half);
        return st;
    }
    half.has_panel = cats->has_panel;
    half.named_panel = cats->named_panel;
    half.panel_groups = cats->panel_groups;
    cats->panel_groups = (bmx_buf){ 0 };
    cli_categories_release(cats);
    *cats = half;
    return BPEMIX_OK;
}

bpemix_status cli_categories_get(const args *a, cli_categories *out, bpemix_error *err)
{
    bpemix_status st = gather(a, out, err);
    return st ? st : choose_half(a, a->half_sample, SAMPLE_HALF, out, err);
}

bpemix_status cli_categories_get_train(const args *a, cli_categories *out, bpemix_error *err)
{
    bpemix_status st = gather(a, out, err);
    return st ? st : choose_half(a, a->half_train, TRAIN_HALF, out, err);
}

bpemix_status cli_categories_get_whole(const args *a, cli_categories *out, bpemix_error *err)
{
    return gather(a, out, err);
}

bpemix_status cli_categories_get_other(const args *a, const cli_categories *cats,
                                       cli_categories *out, bpemix_count_opts *opts,
                                       bpemix_error *err)
{
    bool panel = other_is_panel(a), folders = a->other && !panel && !cli_is_chunks(a->other);
    bpemix_chunks *chunks = NULL;
    char *path = NULL;
    bpemix_status st = BPEMIX_OK;

    if (!a->other)
        return BPEMIX_OK;
    if (panel && !(st = cli_panel_open(a, &path, &chunks, err)))
        st = cli_categories_add_chunks(out, path, chunks, NULL, err);
    if (!panel && !(st = cli_check_input(a, a->other, err)))
        st = add_corpus(out, a->other, err);
    bpemix_chunks_free(chunks);
    bmx_free(path);
    if (st)
        return st;
    cli_categories_take_away(out, cats);
    if (!out->n)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "--other",
                             "name other categories, or leave it out",
                             "all categories of '%s' are candidates", a->other);
    if (folders)
        st = choose_half(a, a->half_sample, SAMPLE_HALF, out, err);
    opts->other = out->cat;
    opts->n_other = out->n;
    opts->other_bytes = folders ? OTHER_BYTES : 0;
    return st;
}

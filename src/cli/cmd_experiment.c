/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_experiment.c - experiment: known mixtures in, error of the estimates out. */
#include "base/output.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

/* The items of "a,b,c", which are taken out of a copy; list and copy are freed by the caller. */
typedef struct item_list {
    char *copy;
    const char **item;
    size_t n, cap;
} item_list;

static bpemix_status split_items(const char *text, item_list *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (!text)
        return BPEMIX_OK;
    if (!(out->copy = bmx_strdup(text)))
        return bmx_nomem(err);
    for (char *p = out->copy; !st;) {
        char *comma = strchr(p, ',');

        if (comma)
            *comma = '\0';
        if (!(st = bmx_reserve(&out->item, &out->cap, out->n + 1, sizeof *out->item, err)))
            out->item[out->n++] = p;
        if (!comma)
            break;
        p = comma + 1;
    }
    return st;
}

static void item_list_release(item_list *l)
{
    bmx_free(l->copy);
    bmx_free(l->item);
}

/* Sizes or numbers of merges; `word`, if not NULL, stands for 0, "all" for all. */
static bpemix_status amounts(const char *option, const item_list *l, const char *word,
                             uint64_t **out, bpemix_error *err)
{
    if (!(*out = bmx_malloc(l->n, sizeof **out)))
        return bmx_nomem(err);
    for (size_t i = 0; i < l->n; i++)
        if (!strcmp(l->item[i], "all"))
            (*out)[i] = BPEMIX_ALL;
        else if (word && !strcmp(l->item[i], word))
            (*out)[i] = 0;
        else if (!(word ? parse_count(l->item[i], &(*out)[i])
                        : parse_size(l->item[i], &(*out)[i])) ||
                 !(*out)[i])
            return bmx_fail_hint(err, BPEMIX_E_USAGE, option, "give numbers such as 3000, or all",
                                 "'%s' is not a number", l->item[i]);
    return BPEMIX_OK;
}

/* "2/8": the second of eight. */
static bpemix_status parse_shard(const char *text, bpemix_experiment_opts *o, bpemix_error *err)
{
    unsigned long long k, n;
    int used = 0;

    if (!text)
        return BPEMIX_OK;
    if (text[strspn(text, "0123456789/")] || /* sscanf() takes signs */
        sscanf(text, "%llu/%llu%n", &k, &n, &used) != 2 || text[used] || k < 1 || k > n)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "--shard", "give K/N, such as 1/8",
                             "'%s' is not a shard of the trials", text);
    o->shard = k - 1;
    o->n_shards = n;
    return BPEMIX_OK;
}

/* Shares below 1; 0 or "drawn": as it is drawn.  With a share, a category is left out. */
static bpemix_status parse_omit_shares(const item_list *l, double **out, bpemix_experiment_opts *o,
                                       bpemix_error *err)
{
    if (!(*out = bmx_calloc(l->n + 1, sizeof **out)))
        return bmx_nomem(err);
    for (size_t i = 0; i < l->n; i++) {
        const char *text = l->item[i];

        if (!strcmp(text, "drawn"))
            continue;
        if (!parse_real(text, strlen(text), &(*out)[i]) || !((*out)[i] < 1))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, "--omit-share", "give a share such as 0.1",
                                 "'%s' is not a share below 1", text);
        if ((*out)[i] > 0 && !o->omit)
            o->omit = 1;
    }
    o->omit_shares = *out;
    o->n_omit_shares = l->n;
    return BPEMIX_OK;
}

/* Numbers; `word` stands for 0, which is allowed. */
static bpemix_status counts(const char *option, const item_list *l, const char *word,
                            uint64_t **out, bpemix_error *err)
{
    if (!(*out = bmx_calloc(l->n + 1, sizeof **out)))
        return bmx_nomem(err);
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->item[i], word) && !parse_count(l->item[i], &(*out)[i]))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, option, "give one such as 4, or several",
                                 "'%s' is not a whole number", l->item[i]);
    return BPEMIX_OK;
}

static bpemix_status write_results(const args *a, const bpemix_experiment *x, bpemix_error *err)
{
    cli_output out = { 0 };
    char *csv = NULL;
    bpemix_status st = BPEMIX_OK;

    if (a->csv && !(st = bpemix_experiment_csv(x, &csv, err)))
        st = bmx_write_file(a->csv, csv, strlen(csv), err);
    if (!st && a->json)
        st = bpemix_experiment_json(x, &out.json, err);
    if (!st && !(a->csv && !strcmp(a->csv, "-")))
        st = bpemix_experiment_print(x, &out.text, err);
    if (!st)
        st = cli_write(a, &out, err);
    cli_output_release(&out);
    bpemix_free(csv);
    return st;
}

/* What stands in lists of the command line. */
typedef struct lists {
    item_list sizes, merges, methods, folds, categories, omit_shares;
    uint64_t *size, *merge, *fold, *category;
    uint32_t *folds_32;
    double *omit_share;
} lists;

static uint32_t at_most_32_bits(uint64_t v) { return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v; }

/* What a sweep is over besides sizes, numbers of merges and methods. */
static bpemix_status parse_axes(const args *a, lists *l, bpemix_experiment_opts *o,
                                bpemix_error *err)
{
    bpemix_status st;

    if ((st = split_items(a->fold_counts, &l->folds, err)) ||
        (st = counts("--folds", &l->folds, "none", &l->fold, err)) ||
        (st = split_items(a->category_counts, &l->categories, err)) ||
        (st = counts("--categories", &l->categories, "all", &l->category, err)) ||
        (st = split_items(a->omit_shares, &l->omit_shares, err)) ||
        (st = parse_omit_shares(&l->omit_shares, &l->omit_share, o, err)))
        return st;
    if (!(l->folds_32 = bmx_calloc(l->folds.n + 1, sizeof *l->folds_32)))
        return bmx_nomem(err);
    for (size_t i = 0; i < l->folds.n; i++)
        l->folds_32[i] = at_most_32_bits(l->fold[i]);
    o->folds = l->folds_32;
    o->n_folds = l->folds.n;
    o->categories = l->category;
    o->n_categories = l->categories.n;
    return BPEMIX_OK;
}

static bpemix_status parse_lists(const args *a, lists *l, bpemix_experiment_opts *o,
                                 bpemix_error *err)
{
    bpemix_status st;

    if ((st = split_items(a->sample_sizes, &l->sizes, err)) ||
        (st = amounts("--max-bytes", &l->sizes, NULL, &l->size, err)) ||
        (st = split_items(a->merges, &l->merges, err)) ||
        (st = amounts("--merges", &l->merges, "auto", &l->merge, err)) ||
        (st = split_items(a->methods, &l->methods, err)) || (st = parse_shard(a->shard, o, err)) ||
        (st = parse_axes(a, l, o, err)))
        return st;
    o->sample_bytes = l->size;
    o->n_sample_bytes = l->sizes.n;
    o->merges = l->merge;
    o->n_merges = l->merges.n;
    o->methods = l->methods.item;
    o->n_methods = l->methods.n;
    return BPEMIX_OK;
}

static void lists_release(lists *l)
{
    item_list_release(&l->sizes);
    item_list_release(&l->merges);
    item_list_release(&l->methods);
    item_list_release(&l->folds);
    item_list_release(&l->categories);
    item_list_release(&l->omit_shares);
    bmx_free(l->size);
    bmx_free(l->merge);
    bmx_free(l->fold);
    bmx_free(l->folds_32);
    bmx_free(l->category);
    bmx_free(l->omit_share);
}

/* The file of --groups, if there is one. */
static bpemix_status read_groups(const args *a, const cli_categories *cats, bmx_buf *text,
                                 bpemix_experiment_opts *o, bpemix_error *err)
{
    const char **name;
    bpemix_status st = cli_read_text(a->groups, text, err);

    if (st || !a->groups)
        return st;
    if (!(name = bmx_malloc(cats->n, sizeof *name)))
        return bmx_nomem(err);
    for (size_t i = 0; i < cats->n; i++)
        name[i] = cats->cat[i].name;
    cli_check_groups(a, text->ptr, name, cats->n);
    bmx_free(name);
    o->groups = text->ptr;
    o->groups_name = a->groups;
    return BPEMIX_OK;
}

int cmd_experiment(const args *a)
{
    bpemix_error err = { 0 };
    bpemix_count_opts count = cli_count_opts(a);
    bpemix_train_opts train;
    bpemix_experiment_opts o = {
        .size = sizeof o, .train = &train, .trials = a->trials, .seed = a->seed,
        .simulate = a->simulate, .noise = a->noise, .setting = a->setting, .cluster = a->cluster,
        .base_bytes = a->base_bytes,
        .baseline = a->baseline,
        .inherit = at_most_32_bits(a->inherit), .shuffle = at_most_32_bits(a->shuffle),
        .omit = (size_t)a->omit, .extra = (size_t)a->extra,
        .gap = a->gap, .train_half = a->half_train, .sample_half = a->half_sample,
        .panel = a->panel && !cli_is_none(a->panel) ? a->panel : NULL,
        .journals = a->journal.item, .n_journals = a->journal.n,
        .progress = count.progress, .progress_ctx = count.progress_ctx
    };
    lists l = { 0 };
    bmx_buf groups = { 0 };
    double *share = NULL;
    cli_categories cats = { 0 };
    bpemix_experiment *x = NULL;
    bpemix_status st = cli_categories_get_whole(a, &cats, &err);

    if (!st && !a->trials)
        st = bmx_fail(&err, BPEMIX_E_USAGE, "--trials", "at least one trial is needed");
    if (!st)
        st = cli_mixture(a, &cats, &share, &err);
    train = cli_train_opts(a, &count, share);
    if (!st)
        st = parse_lists(a, &l, &o, &err);
    if (!st)
        st = read_groups(a, &cats, &groups, &o, &err);
    if (!st)
        st = bpemix_experiment_run(cats.cat, cats.n, &o, &x, &err);
    cli_progress_end();
    if (!st)
        st = write_results(a, x, &err);
    bpemix_experiment_free(x);
    lists_release(&l);
    bmx_buf_release(&groups);
    bmx_free(share);
    cli_categories_release(&cats);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

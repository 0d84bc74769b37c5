/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "base/folder.h"
#include "base/threads.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define SUFFIX ".words"

/* FILE for one category; DIR/NAME.words for each of several. */
static bool is_folder(const args *a, const cli_categories *cats)
{
    return cats->n > 1 || cli_names_folder(a->output);
}

/* Could the words of these categories be written? */
static bpemix_status check_names(const args *a, const cli_categories *cats, bpemix_error *err)
{
    bmx_path_kind kind = bmx_path_kind_of(a->output);

    if (!is_folder(a, cats))
        return BPEMIX_OK;
    if (kind != BMX_PATH_FOLDER && kind != BMX_PATH_MISSING)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "--output",
                             "several categories are written to a folder, one file each",
                             "'%s' is not a folder", a->output);
    for (size_t i = 0; i < cats->n; i++)
        if (strchr(cats->cat[i].name, '/'))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, cats->cat[i].name, "choose another name",
                                 "a category with '/' cannot name a file");
        else if (strlen(cats->cat[i].name) + strlen(SUFFIX) > NAME_MAX)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "choose a shorter name",
                                 "a category whose name has %zu bytes cannot name a file",
                                 strlen(cats->cat[i].name));
    return BPEMIX_OK;
}

typedef struct saving {
    const char *folder;
    const cli_categories *cats;
    const bpemix_words *words;
    unsigned n_threads; /* for each file */
} saving;

static bpemix_status save_one(void *ctx, size_t i, unsigned worker, bpemix_error *err)
{
    const saving *s = ctx;
    char *path = bmx_asprintf("%s/%s" SUFFIX, s->folder, s->cats->cat[i].name);
    bpemix_status st = path ? bpemix_words_save(s->words, i, path, s->n_threads, err)
                            : bmx_nomem(err);

    (void)worker;
    bmx_free(path);
    return st;
}

/* Files are written side by side: each waits for the disk. */
static bpemix_status save(const args *a, const cli_categories *cats, const bpemix_words *words,
                          bpemix_error *err)
{
    unsigned n = bmx_thread_count((unsigned)a->threads);
    saving s = { a->output, cats, words, n > cats->n ? n / (unsigned)cats->n : 1 };

    if (!is_folder(a, cats))
        return bpemix_words_save(words, 0, a->output, n, err);
    if (mkdir(a->output, 0777) && errno != EEXIST)
        return bmx_fail_errno(err, a->output, "cannot make this folder");
    return bmx_parallel(n, cats->n, save_one, &s, err);
}

static void tell_sizes(const args *a, const bpemix_words *words)
{
    bpemix_words_info info = { .size = sizeof info };
    char name[300];

    for (size_t i = 0; a->verbose && bpemix_words_get(words, i, &info); i++) {
        bmx_printable(name, sizeof name, info.name);
        fprintf(stderr, "%s: %" PRIu64 " distinct words, %" PRIu64 " in all, %" PRIu64
                        " bytes of text\n", name, info.distinct, info.total, info.bytes);
    }
}

static bpemix_status count(const args *a, bpemix_error *err)
{
    bpemix_count_opts opts = cli_count_opts(a);
    cli_categories cats = { 0 };
    bpemix_tokenizer *tok = NULL;
    bpemix_words *words = NULL;
    bpemix_status st = cli_categories_get(a, &cats, err);

    if (!st)
        st = check_names(a, &cats, err);
    if (!st)
        st = cli_load_tokenizer(a, true, &tok, err);
    if (!st)
        st = bpemix_words_count(tok, cats.cat, cats.n, &opts, &words, err);
    cli_progress_end();
    if (!st)
        st = save(a, &cats, words, err);
    if (!st)
        tell_sizes(a, words);
    bpemix_words_free(words);
    bpemix_tokenizer_free(tok);
    cli_categories_release(&cats);
    return st;
}

static bpemix_status merge(const args *a, bpemix_error *err)
{
    bpemix_words *sum = NULL;
    bpemix_status st = BPEMIX_OK;

    if (!a->n_operands)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "--merge", "give the .words files to add up",
                             "no files");
    if (a->tokenizer || a->pretokenizer || a->corpus.n || a->max_bytes || a->jsonl || a->work ||
        a->folds || a->binary || a->skip_bad_records || a->half_sample ||
        strcmp(a->field, args_default.field) || strcmp(a->text_unit, args_default.text_unit) ||
        strcmp(a->invalid, args_default.invalid))
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "--merge",
                             "leave out the options that are about text",
                             "files of counted words are added up as they are");
    for (size_t i = 0; i < a->n_operands && !st; i++) {
        bpemix_words *w = NULL;
        st = bpemix_words_load(a->operand[i], i ? &w : &sum, err);
        if (!st && i && (st = bpemix_words_add(sum, w, err)))
            bmx_at(err, st, "%s", a->operand[i]);
        bpemix_words_free(w);
    }
    if (!st)
        st = bpemix_words_save(sum, 0, a->output, (unsigned)a->threads, err);
    bpemix_words_free(sum);
    return st;
}

int cmd_words(const args *a)
{
    bpemix_error err = { 0 };
    bpemix_status st;

    if (!a->output)
        st = bmx_fail_hint(
            &err, BPEMIX_E_USAGE, "--output",
            "give the .words file to write with -o, or a folder for several categories",
            "no output file");
    else
        st = a->merge ? merge(a, &err) : count(a, &err);
    if (!st)
        cli_tell_memory(a);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outputs.c - what a command writes is checked before anything is counted: that it can be written,
 * that no two outputs are one, that none replaces an input or would be read as one. */
#include "base/folder.h"
#include "base/output.h"
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Are they one file, which need not be there yet, or standard output? */
static bool is_same_output(const char *a, const char *b)
{
    const char *name_a = strrchr(a, '/'), *name_b = strrchr(b, '/');
    char *dir_a, *dir_b, *real_a, *real_b;
    bool same;

    if (!strcmp(a, b) || bmx_same_file(a, b))
        return !strcmp(a, "-") || bmx_path_kind_of(a) != BMX_PATH_OTHER;
    if (strcmp(name_a ? name_a + 1 : a, name_b ? name_b + 1 : b))
        return false;
    dir_a = bmx_strndup(name_a ? a : "./", name_a ? (size_t)(name_a - a) + 1 : 2);
    dir_b = bmx_strndup(name_b ? b : "./", name_b ? (size_t)(name_b - b) + 1 : 2);
    real_a = dir_a ? realpath(dir_a, NULL) : NULL;
    real_b = dir_b ? realpath(dir_b, NULL) : NULL;
    same = real_a && real_b && !strcmp(real_a, real_b);
    free(real_a);
    free(real_b);
    bmx_free(dir_a);
    bmx_free(dir_b);
    return same;
}

/* A folder that files will be written to, and that is made first when it is missing. */
static bpemix_status check_folder(const char *path, bpemix_error *err)
{
    size_t n = strlen(path);
    struct stat sb;
    char *beside;
    bool good;

    if (!n)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "name a folder", "no name");
    if (bmx_path_kind_of(path) != BMX_PATH_MISSING)
        return bmx_check_folder(path, err);
    while (n > 1 && path[n - 1] == '/')
        n--;
    while (n && path[n - 1] != '/')
        n--;
    /* Only making a folder tells whether it can be made.  Not this one: another process may begin
     * to use it. */
    if (!(beside = bmx_asprintf("%.*s.bpemix-%ld", (int)n, path, (long)getpid())))
        return bmx_nomem(err);
    good = !(lstat(path, &sb) && (errno == ENAMETOOLONG || errno == ENOTDIR)) &&
           !mkdir(beside, 0777) && !rmdir(beside);
    if (!good)
        bmx_fail_errno(err, path, "cannot make this folder");
    bmx_free(beside);
    return good ? BPEMIX_OK : BPEMIX_E_IO;
}

/* What a command writes: the option and the file or folder that it names. */
enum { TARGETS = 5 };
typedef struct target {
    const char *option, *path;
} target;

/* Fill in the targets that were given; returns how many they are. */
static size_t targets(const args *a, target out[TARGETS])
{
    const target all[TARGETS] = {
        { "--json", a->json }, { "--output", a->merge ? NULL : a->output },
        { "--csv", a->csv }, { "--journal", a->journal.n ? a->journal.item[0] : NULL },
        { "--work", a->work },
    };
    size_t n = 0;

    for (size_t i = 0; i < TARGETS; i++)
        if (all[i].path)
            out[n++] = all[i];
    return n;
}

/* Is path a name of a file or folder that is written? */
static bool is_written(const char *path)
{
    /* a pipe, a device */
    return path && strcmp(path, "-") && bmx_path_kind_of(path) != BMX_PATH_OTHER;
}

bpemix_status cli_check_input(const args *a, const char *input, bpemix_error *err)
{
    target output[TARGETS];
    size_t n = targets(a, output);

    for (size_t i = 0; i < n; i++) {
        if (!is_written(output[i].path))
            continue;
        if (bmx_same_file(output[i].path, input))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, output[i].option, "choose another file",
                                 "it would replace an input");
        if (bmx_is_below(output[i].path, input))
            return bmx_fail_hint(
                err, BPEMIX_E_USAGE, output[i].option, "choose another place",
                "lies inside sample folder '%s' and would be read as text next time", input);
    }
    return BPEMIX_OK;
}

/* Two outputs with the same name are an error: the second would replace the first. */
static bpemix_status check_apart(const args *a, bpemix_error *err)
{
    target out[TARGETS];
    size_t n = targets(a, out);

    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (is_same_output(out[i].path, out[k].path))
                return bmx_fail_hint(err, BPEMIX_E_USAGE, out[i].option, "choose another file",
                                     "'%s' is written by %s, too", out[i].path, out[k].option);
    return BPEMIX_OK;
}

/* Files that options name to be read.  Categories are not known yet. */
static bpemix_status check_inputs(const args *a, bpemix_error *err)
{
    const char *const input[] = { a->tokenizer, a->pretokenizer, a->claim, a->truth, a->groups,
                                  a->extend, a->panel, a->other };
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < sizeof input / sizeof *input && !st; i++)
        if (input[i])
            st = cli_check_input(a, input[i], err);
    for (size_t i = 1; i < a->journal.n && !st; i++) /* the first is written */
        st = cli_check_input(a, a->journal.item[i], err);
    for (size_t i = 0; i < a->n_operands && !st; i++) {
        const char *path = strchr(a->operand[i], '='); /* behind a label or a category */
        if (!(st = cli_check_input(a, a->operand[i], err)) && path)
            st = cli_check_input(a, path + 1, err);
    }
    return st;
}

bool cli_names_folder(const char *path)
{
    size_t n = strlen(path);

    return (n && path[n - 1] == '/') || bmx_path_kind_of(path) == BMX_PATH_FOLDER;
}

bpemix_status cli_check_outputs(const command *cmd, const args *a, bpemix_error *err)
{
    bool folder = cmd->mask == CMD_WORDS && !a->merge && a->output && cli_names_folder(a->output);
    bpemix_status st;

    if (a->json && (st = bmx_check_output(a->json, err)))
        return bmx_at(err, st, "--json");
    if ((st = check_apart(a, err)) || (st = check_inputs(a, err)))
        return st;
    if (a->output &&
        (st = folder ? check_folder(a->output, err) : bmx_check_output(a->output, err)))
        return bmx_at(err, st, "--output");
    if (a->csv && (st = bmx_check_output(a->csv, err)))
        return bmx_at(err, st, "--csv");
    if (a->work && (st = check_folder(a->work, err)))
        return bmx_at(err, st, "--work");
    return BPEMIX_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words/panel.h"

#include "base/folder.h"
#include "base/tab_lines.h"
#include "words/chunk_pack.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#ifndef BMX_DATADIR
#define BMX_DATADIR "/usr/local/share/bpemix"
#endif
#define PANEL "panel.chunks"

/* ---- making ---- */

/* One input, named as the category, replaces all: the paths of thousands of files on the machine
 * that made the panel tell nothing on another. */
static bpemix_status join_inputs(bmx_words *w, bpemix_error *err)
{
    bmx_input_record all = { .path = bmx_strdup(w->name), .documents = 0 };

    if (!all.path)
        return bmx_nomem(err);
    for (size_t i = 0; i < w->n_inputs; i++) {
        all.bytes += w->input[i].bytes;
        all.documents += w->input[i].documents;
        all.checksum += w->input[i].checksum;
        bmx_free(w->input[i].path);
    }
    if (w->n_inputs)
        w->input[0] = all;
    else
        bmx_free(all.path);
    w->n_inputs = w->n_inputs > 0;
    return BPEMIX_OK;
}

/* Chunks are packed as soon as those of their category are counted: they are a sixth as large. */
static bpemix_status pack_section(void *ctx, size_t section, const bmx_word_sum_sorted *sorted,
                                  bool sampled, unsigned n_threads, bpemix_error *err)
{
    return bmx_chunk_pack_sorted(sorted, sampled, n_threads, (bmx_chunk_pack *)ctx + section, err);
}

bpemix_status bmx_chunks_make(const bpemix_category *cats, size_t n_cats,
                              const bmx_chunk_terms *terms, const bpemix_count_opts *opts,
                              const char *path, bpemix_error *err)
{
    /* too many folds are refused by bmx_chunks_count() */
    uint32_t folds = opts && opts->folds && opts->folds <= BMX_MAX_FOLDS ? opts->folds : 1;
    bmx_words *w = bmx_calloc(n_cats * folds, sizeof *w);
    bmx_chunk_pack *pack = bmx_calloc(n_cats * folds, sizeof *pack);
    bmx_chunk_terms t = *terms;
    bool sample = t.top || t.tail, /* of all chunks; a run directory keeps them, too */
         later = sample || (opts && opts->work && *opts->work);
    bmx_chunks_taker taker = { pack_section, pack };
    bpemix_status st = w && pack ? bmx_chunks_hand_out(cats, n_cats, t.cuts, opts,
                                                       later ? NULL : &taker, w, err)
                                 : bmx_nomem(err);

    t.n_folds = folds > 1 ? folds : 0;
    t.sampled = false;
    for (size_t i = 0; i < n_cats * folds && !st; i++) {
        size_t before = w[i].word.n;

        if (!(st = join_inputs(&w[i], err)) && sample)
            st = bmx_chunks_sample(&w[i], t.top, t.tail, t.seed, err);
        t.sampled = t.sampled || w[i].sampled || w[i].word.n < before;
    }
    if (!st)
        st = later ? bmx_chunk_file_save(path, w, n_cats, &t, opts ? opts->n_threads : 0, err)
                   : bmx_chunk_file_write(path, w, pack, n_cats, &t, err);
    for (size_t i = 0; i < n_cats * folds; i++) {
        if (w)
            bmx_words_release(&w[i]);
        if (pack)
            bmx_chunk_pack_release(&pack[i]);
    }
    bmx_free(w);
    bmx_free(pack);
    return st;
}

/* ---- the panel ---- */

/* corpora/panel of the source tree, when this code lies below a folder beside corpora/, as in
 * build/ or build/asan/; share/bpemix beside bin/ or lib/ otherwise. */
static char *beside_the_code(void)
{
    static const char *const places[] = { "/../corpora/panel/" PANEL, "/../../corpora/panel/" PANEL,
                                          "/../share/bpemix/" PANEL };
    Dl_info info;
    char *self, *slash, *found = NULL;

    if (!dladdr((const void *)(uintptr_t)bmx_panel_find, &info) || !info.dli_fname)
        return NULL;
    self = realpath(strchr(info.dli_fname, '/') ? info.dli_fname : "/proc/self/exe", NULL);
    slash = self ? strrchr(self, '/') : NULL;
    if (slash)
        *slash = 0;
    for (size_t i = 0; slash && !found && i < sizeof places / sizeof *places; i++) {
        char *path = bmx_asprintf("%s%s", self, places[i]);

        if (path && bmx_path_kind_of(path) == BMX_PATH_FILE)
            found = path;
        else
            bmx_free(path);
    }
    free(self);
    return found;
}

bpemix_status bmx_panel_find(char **path, bpemix_error *err)
{
    const char *named = getenv("BPEMIX_PANEL");
    char *found = named && *named ? bmx_strdup(named) : beside_the_code();

    if (found && !strcmp(found, "none")) {
        bmx_free(found);
        return bmx_fail_hint(err, BPEMIX_E_IO, "BPEMIX_PANEL", "leave it out, or give samples of "
                             "your own", "'none' stands for no panel");
    }
    if (!found && !(found = bmx_strdup(BMX_DATADIR "/" PANEL)))
        return bmx_nomem(err);
    if (bmx_path_kind_of(found) == BMX_PATH_MISSING) {
        bpemix_status st = bmx_fail_hint(err, BPEMIX_E_IO, found,
                                         "set BPEMIX_PANEL to the file that comes with the "
                                         "program, or give samples of your own",
                                         "the panel is not there");
        bmx_free(found);
        return st;
    }
    *path = found;
    return BPEMIX_OK;
}

/* ---- groups ---- */

bool bmx_group_of(const char *groups, const char *category, bmx_slice *group)
{
    bmx_tab_lines lines = { .at = groups };
    bmx_slice field[3], name = bmx_slice_str(category);

    while (bmx_tab_lines_next(&lines, field, 3))
        if (bmx_slice_eq(field[0], name)) {
            *group = field[1];
            return group->len > 0;
        }
    return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resume.c - run directories: counted words of finished categories.
 *
 * No locks are needed: a file is renamed into place when it is complete, and has its stamp inside;
 * two processes that count the same category write the same bytes. */
#include "base/format.h"
#include "base/folder.h"
#include "words/file.h"
#include "words/resume.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bpemix_status bmx_work_stamp(const bmx_source *s, const char *key,
                             const bpemix_count_opts *opts, char stamp[65], bpemix_error *err)
{
    size_t n;
    const bmx_input_record *file = bmx_source_inputs(s, &n);
    bmx_buf b = { 0 };
    bpemix_status st = bmx_buf_addf(&b, err, "work 4\n%s\n%llu %u\n%d %d %s\n", key,
                                    (unsigned long long)opts->max_bytes, opts->folds, opts->jsonl,
                                    opts->skip_bad_records + 2 * opts->binary,
                                    opts->field ? opts->field : "text");

    stamp[0] = 0;
    for (size_t i = 0; i < n && !st; i++) {
        struct stat sb;
        char *absolute; /* also the absolute path: in another folder the same name is another
                           file */

        if (!bmx_source_is_lasting(s) || stat(file[i].path, &sb) || !S_ISREG(sb.st_mode)) {
            bmx_buf_release(&b); /* no stamp for what cannot be read twice */
            return BPEMIX_OK;
        }
        absolute = realpath(file[i].path, NULL);
        st = bmx_buf_addf(&b, err, "%zu:%s %s %lld %lld.%09ld %llu %lld.%09ld\n",
                          strlen(file[i].path), file[i].path,
                          absolute ? absolute : "", (long long)sb.st_size,
                          (long long)sb.st_mtim.tv_sec, (long)sb.st_mtim.tv_nsec,
                          (unsigned long long)sb.st_ino, (long long)sb.st_ctim.tv_sec,
                          (long)sb.st_ctim.tv_nsec);
        free(absolute);
    }
    if (!st)
        bmx_sha256_of(b.ptr, b.len, stamp);
    bmx_buf_release(&b);
    return st;
}

/* DIR/NAME-STAMP.words, with a name that is safe in a file system. */
static char *path_of(const char *dir, const char *name, const char *stamp)
{
    char safe[65];
    size_t n = 0;

    for (; name[n] && n + 1 < sizeof safe; n++) {
        unsigned char c = (unsigned char)name[n];
        bool plain = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c >= 0x80 || (c == '.' && n > 0);
        safe[n] = plain ? (char)c : '_';
    }
    safe[bmx_utf8_whole(safe, n)] = 0;
    return bmx_asprintf("%s/%s-%.16s.words", dir, safe, stamp);
}

/* Move the tallies of a file to out[n], which is zeroed, each with its category's name. */
static bpemix_status take(bmx_words *w, bmx_words *out, size_t n, bpemix_error *err)
{
    for (size_t f = 1; f < n; f++)
        if (!(w[f].name = bmx_strdup(w->name)))
            return bmx_nomem(err);
    w->stamp[0] = 0;
    memcpy(out, w, n * sizeof *w);
    memset(w, 0, n * sizeof *w);
    return BPEMIX_OK;
}

bpemix_status bmx_work_load(const bmx_work_file *file, bmx_words *out, size_t n, bool *found,
                            bpemix_error *err)
{
    char *path = path_of(file->dir, file->name, file->stamp);
    bmx_words *w = NULL;
    bpemix_error problem;
    bpemix_status st;

    *found = false;
    if (!path)
        return bmx_nomem(err);
    st = bmx_path_kind_of(path) == BMX_PATH_FILE ? bmx_words_load(path, file->key, &w, &problem)
                                                 : BPEMIX_E_IO;
    bmx_free(path);
    if (st == BPEMIX_E_NOMEM || st == BPEMIX_E_INTERRUPTED) {
        if (err)
            *err = problem;
        return st;
    }
    if (st) /* missing, damaged or of another version: count again */
        return BPEMIX_OK;
    if (!strcmp(w->stamp, file->stamp) && !strcmp(w->name, file->name) &&
        bmx_words_tallies(w) == n)
        *found = !(st = take(w, out, n, err));
    bmx_words_free(w);
    return st;
}

static bpemix_status make_folder(const char *dir, bpemix_error *err)
{
    char *path = bmx_strdup(dir);
    bpemix_status st = BPEMIX_OK;

    if (!path)
        return bmx_nomem(err);
    for (char *p = path + 1; !st; p++) {
        char c = *p;
        if (c && c != '/')
            continue;
        *p = 0;
        if (mkdir(path, 0777) && errno != EEXIST)
            st = bmx_fail_errno(err, dir, "cannot make this folder");
        *p = c;
        if (!c)
            break;
    }
    bmx_free(path);
    return st;
}

bpemix_status bmx_work_save(const char *dir, const char stamp[65], bmx_words *w, bpemix_error *err)
{
    bpemix_status st = bmx_path_kind_of(dir) == BMX_PATH_FOLDER ? BPEMIX_OK
                                                                : make_folder(dir, err);
    char *path;

    if (st)
        return st;
    if (!(path = path_of(dir, w->name, stamp)))
        return bmx_nomem(err);
    memcpy(w->stamp, stamp, sizeof w->stamp);
    st = bmx_words_save(w, path, 1, err);
    w->stamp[0] = 0;
    bmx_free(path);
    if (st == BPEMIX_E_IO && err && !err->hint[0])
        bmx_snprintf(err->hint, sizeof err->hint,
                     "what is finished is kept there: make room, then run the same command again");
    return st;
}

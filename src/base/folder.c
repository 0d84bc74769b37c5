/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder.c - what is at a path, and what is below it, sorted by name. */
#include "base/folder.h"
#include "base/cancel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bmx_path_kind bmx_path_kind_of(const char *path)
{
    struct stat sb;

    if (stat(path, &sb))
        return BMX_PATH_MISSING;
    return S_ISREG(sb.st_mode) ? BMX_PATH_FILE : S_ISDIR(sb.st_mode) ? BMX_PATH_FOLDER
                                                                     : BMX_PATH_OTHER;
}

bpemix_status bmx_path_look(const char *path, bmx_path_kind *kind, bpemix_error *err)
{
    *kind = bmx_path_kind_of(path);
    if (*kind == BMX_PATH_MISSING && errno != ENOENT && errno != ENOTDIR && errno != ENAMETOOLONG)
        return bmx_fail_errno(err, path, "cannot look at it");
    return BPEMIX_OK;
}

bpemix_status bmx_has_folder(const char *folder, const char *name, bool *has, bpemix_error *err)
{
    char *path = bmx_asprintf("%s/%s", folder, name);
    bmx_path_kind kind = BMX_PATH_MISSING;
    bpemix_status st = path ? bmx_path_look(path, &kind, err) : bmx_nomem(err);

    *has = kind == BMX_PATH_FOLDER;
    bmx_free(path);
    return st;
}

size_t bmx_file_head(const char *path, char *buf, size_t n)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    size_t got = 0;
    struct stat sb;
    ssize_t r = fd >= 0 && !fstat(fd, &sb) && S_ISREG(sb.st_mode);

    while (r > 0 && got < n) {
        do
            r = read(fd, buf + got, n - got);
        while (r < 0 && errno == EINTR);
        got += r > 0 ? (size_t)r : 0;
    }
    if (fd >= 0)
        close(fd);
    return r < 0 ? 0 : got;
}

bool bmx_same_file(const char *a, const char *b)
{
    struct stat x, y;

    return !stat(a, &x) && !stat(b, &y) && S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

bool bmx_is_below(const char *path, const char *folder)
{
    char real[PATH_MAX], top[PATH_MAX], parent[PATH_MAX];
    size_t n = strlen(path);

    if (!realpath(folder, top) || bmx_path_kind_of(folder) != BMX_PATH_FOLDER)
        return false;
    if (!realpath(path, real)) { /* not there yet: the nearest folder above it that is decides */
        if (n >= sizeof parent) /* no path of a file is as long */
            return false;
        memcpy(parent, path, n + 1);
        do {
            while (n && parent[n - 1] == '/')
                n--;
            while (n && parent[n - 1] != '/')
                n--;
            parent[n] = 0;
        } while (n && !realpath(parent, real));
        if (!n && !realpath(".", real))
            return false;
    }
    n = strlen(top);
    return !strncmp(real, top, n) && (!real[n] || real[n] == '/' || (n && top[n - 1] == '/'));
}

static bpemix_status push_path(bmx_paths *p, char *path, bpemix_error *err)
{
    bpemix_status st = path ? bmx_reserve(&p->path, &p->cap, p->n + 1, sizeof *p->path, err)
                            : bmx_nomem(err);
    if (st)
        bmx_free(path);
    else
        p->path[p->n++] = path;
    return st;
}

typedef struct entry {
    char *path;
    unsigned char type; /* DT_REG, DT_DIR, ... */
} entry;

typedef struct entries {
    entry *entry;
    size_t n, cap;
} entries;

/* Most file systems tell the kind of an entry with its name. */
static unsigned char type_of(const struct dirent *e, const char *path)
{
    struct stat sb;

    return e->d_type == DT_UNKNOWN && !lstat(path, &sb) ? (unsigned char)IFTODT(sb.st_mode)
                                                        : e->d_type;
}

static int by_path(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    return strcmp(x->path, y->path);
}

static void release_entries(entries *x)
{
    for (size_t i = 0; i < x->n; i++)
        bmx_free(x->entry[i].path);
    bmx_free(x->entry);
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

/* `name` is one component of a path, n bytes long. */
static bool is_hidden(const char *name, size_t n)
{
    static const char *const put_beside[] = {
        "__macosx", "icon\r", "thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin",
        "system volume information", "@eadir",
    };
    bool found = n && name[0] == '.';

    for (size_t i = 0; i < sizeof put_beside / sizeof *put_beside && !found; i++) {
        size_t k = 0;
        while (k < n && put_beside[i][k] && lower(name[k]) == put_beside[i][k])
            k++;
        found = k == n && !put_beside[i][k];
    }
    return found;
}

bool bmx_path_is_hidden(const char *path)
{
    while (*path) {
        size_t n = strcspn(path, "/");
        bool dots = (n == 1 && path[0] == '.') || (n == 2 && !memcmp(path, "..", 2));

        if (!dots && is_hidden(path, n))
            return true;
        path += n + (path[n] == '/');
    }
    return false;
}

static bpemix_status read_folder(const char *folder, entries *out, bpemix_error *err)
{
    DIR *d = opendir(folder);
    bpemix_status st = BPEMIX_OK;
    struct dirent *e;
    size_t n = strlen(folder);

    if (!d)
        return bmx_fail_errno(err, folder, "cannot open folder");
    while (n > 1 && folder[n - 1] == '/')
        n--;
    while (!st && (errno = 0, e = readdir(d))) {
        char *path;

        if (is_hidden(e->d_name, strlen(e->d_name)) ||
            (st = bmx_reserve(&out->entry, &out->cap, out->n + 1, sizeof *out->entry, err)))
            continue;
        if (!(path = bmx_asprintf("%.*s/%s", (int)n, folder, e->d_name)))
            st = bmx_nomem(err);
        else
            out->entry[out->n++] = (entry){ path, type_of(e, path) };
    }
    if (!st && errno)
        st = bmx_fail_errno(err, folder, "cannot read folder");
    closedir(d);
    if (!st && out->n)
        qsort(out->entry, out->n, sizeof *out->entry, by_path);
    return st;
}

/* A link to a file is a file; links to folders are listed, but not followed. */
static bpemix_status walk(const char *folder, bool want_folders, int depth, bmx_paths *out,
                          bpemix_error *err)
{
    entries found = { 0 };
    bpemix_status st = bmx_check_cancel(err);

    if (!st && depth > 64)
        st = bmx_fail_hint(err, BPEMIX_E_IO, folder, "name the folders inside it",
                           "folders nested more than 64 deep");
    if (!st)
        st = read_folder(folder, &found, err);
    for (size_t i = 0; !st && i < found.n; i++) {
        char *path = found.entry[i].path;
        unsigned char type = found.entry[i].type;
        bmx_path_kind to = type == DT_LNK ? bmx_path_kind_of(path) : BMX_PATH_OTHER;
        bool wanted = want_folders ? type == DT_DIR || to == BMX_PATH_FOLDER
                                   : type == DT_REG || to == BMX_PATH_FILE;

        if (wanted) {
            found.entry[i].path = NULL;
            st = push_path(out, path, err);
        } else if (!want_folders && type == DT_DIR) {
            st = walk(path, false, depth + 1, out, err);
        } else if (!want_folders && to == BMX_PATH_MISSING) {
            st = bmx_fail_hint(err, BPEMIX_E_IO, path, "remove it, or put back what it leads to",
                               "symbolic link that leads nowhere");
        }
    }
    release_entries(&found);
    return st;
}

static bpemix_status list(const char *folder, bool want_folders, bmx_paths *out, bpemix_error *err)
{
    bmx_paths p = { 0 };
    bpemix_status st = walk(folder, want_folders, 0, &p, err);

    if (st)
        bmx_paths_release(&p);
    else
        *out = p;
    return st;
}

bpemix_status bmx_list_files(const char *folder, bmx_paths *out, bpemix_error *err)
{
    return list(folder, false, out, err);
}

bpemix_status bmx_list_folders(const char *folder, bmx_paths *out, bpemix_error *err)
{
    return list(folder, true, out, err);
}

void bmx_paths_release(bmx_paths *p)
{
    for (size_t i = 0; i < p->n; i++)
        bmx_free(p->path[i]);
    bmx_free(p->path);
    *p = (bmx_paths){ 0 };
}

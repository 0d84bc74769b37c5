/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output.c - files that appear whole or not at all.
 *
 *   out.json.part-3f2a91c0-4711-0     written, flushed to disk, then renamed to
 *   out.json
 *
 * The name beside the final one tells the host, the process and a number, so that two
 * writers of one file never share it, and so that what a killed process has left can be told
 * from what a living one writes: it is removed when the next output to that folder is
 * prepared. */
#include "base/output.h"
#include "base/cancel.h"
#include "base/folder.h"
#include "base/format.h"
#include "base/hash.h"
#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bpemix_status write_all(int fd, const char *where, const char *p, size_t n,
                               bpemix_error *err)
{
    while (n) {
        ssize_t w = write(fd, p, n);
        if (w < 0) {
            if (errno == EINTR && !bmx_cancelled())
                continue;
            if (errno == EINTR)
                return bmx_check_cancel(err);
            return bmx_fail_errno(err, where, "cannot write");
        }
        p += w;
        n -= (size_t)w;
    }
    return BPEMIX_OK;
}

/* The descriptor that a path such as /dev/stdout or /dev/fd/3 stands for, or -1.
 * Behind a redirection it leads to a file, but it is not that file's name. */
static int descriptor_of(const char *path)
{
    static const char *const folder[] = { "/dev/fd/", "/proc/self/fd/" };

    if (!strcmp(path, "-") || !strcmp(path, "/dev/stdout"))
        return STDOUT_FILENO;
    if (!strcmp(path, "/dev/stderr"))
        return STDERR_FILENO;
    for (size_t i = 0; i < sizeof folder / sizeof *folder; i++) {
        size_t n = strlen(folder[i]), digits;
        if (strncmp(path, folder[i], n))
            continue;
        digits = strspn(path + n, "0123456789");
        if (digits > 0 && digits < 8 && !path[n + digits])
            return atoi(path + n);
    }
    return -1;
}

/* The file that `path` names, symbolic links resolved: they must stay, also one to a
 * file that is not there yet. */
static char *target_of(const char *path)
{
    enum { MOST_LINKS = 40 }; /* as the kernel's */
    char *target = bmx_strdup(path), to[PATH_MAX];
    struct stat sb;

    for (int k = 0; target && k < MOST_LINKS && !lstat(target, &sb) && S_ISLNK(sb.st_mode); k++) {
        ssize_t n = readlink(target, to, sizeof to - 1);
        const char *slash = strrchr(target, '/');
        int folder = slash && n > 0 && to[0] != '/' ? (int)(slash - target) + 1 : 0;
        char *next;

        if (n < 0)
            break;
        to[n] = 0;
        next = bmx_asprintf("%.*s%s", folder, target, to);
        bmx_free(target);
        target = next;
    }
    return target;
}

/* ---- names beside ---- */

#define BESIDE ".part-"

/* A number for this host and name space of processes: process ids from elsewhere, which may be in
 * names in the same folder, mean nothing here. */
static uint32_t host_id(void)
{
    char name[256] = "", machine[64] = "", space[64] = "";
    int fd = open("/etc/machine-id", O_RDONLY | O_CLOEXEC);
    uint64_t h;

    (void)gethostname(name, sizeof name - 1);
    if (fd >= 0) {
        (void)!read(fd, machine, sizeof machine - 1);
        close(fd);
    }
    (void)!readlink("/proc/self/ns/pid", space, sizeof space - 1);
    h = bmx_hash64(name, strlen(name), 0);
    h = bmx_hash64(machine, strlen(machine), h);
    return (uint32_t)bmx_hash64(space, strlen(space), h);
}

/* A new file beside `path`, under a name of our own: another process, or another
 * machine, may be writing the same file, and whichever is renamed last wins whole.  A name that
 * would become too long is clipped. */
static bpemix_status create_beside(const char *path, char **name, int *fd, bpemix_error *err)
{
    const char *slash = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - path) + 1 : 0, length = strlen(path) - folder;
    bpemix_status st;
    char *tmp;

    if (length > NAME_MAX) { /* a clipped temporary name would do, but could not be renamed to it */
        errno = ENAMETOOLONG;
        return bmx_fail_errno(err, path, "cannot create");
    }
    for (int k = 0;; k++) {
        char suffix[64];
        size_t n = (size_t)bmx_snprintf(suffix, sizeof suffix, BESIDE "%08x-%ld-%d",
                                        (unsigned)host_id(), (long)getpid(), k);

        if (length + n > NAME_MAX)
            length = bmx_utf8_whole(path + folder, NAME_MAX - n);
        if (!(tmp = bmx_asprintf("%.*s%s", (int)(folder + length), path, suffix)))
            return bmx_nomem(err);
        *fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (*fd >= 0 || errno != EEXIST || k == 999)
            break;
        bmx_free(tmp);
    }
    if (*fd < 0) {
        st = bmx_fail_errno(err, path, "cannot create");
        bmx_free(tmp);
        return st;
    }
    *name = tmp;
    return BPEMIX_OK;
}

/* Was a file of this name written beside another, on this host, by a process that is gone? */
static bool is_stale(const char *name, uint32_t host)
{
    const char *at = NULL, *p;
    unsigned its_host;
    long pid;
    int k, n = 0;

    for (p = name; (p = strstr(p, BESIDE)); p++)
        at = p + strlen(BESIDE);
    return at && strspn(at, "0123456789abcdef") == 8 &&
           sscanf(at, "%8x-%ld-%d%n", &its_host, &pid, &k, &n) == 3 && !at[n] && its_host == host &&
           pid > 0 && kill((pid_t)pid, 0) && errno == ESRCH;
}

/* Remove temporary files in this folder that processes of this host were writing when they were
 * killed. */
static void remove_stale(const char *folder)
{
    DIR *d = opendir(folder);
    const uint32_t host = host_id();
    const struct dirent *e;

    while (d && (e = readdir(d)))
        if (is_stale(e->d_name, host))
            (void)unlinkat(dirfd(d), e->d_name, 0);
    if (d)
        closedir(d);
}

/* ---- writing ---- */

/* A rename must survive a crash, too. */
static void sync_folder_of(char *path)
{
    char *slash = strrchr(path, '/');
    int fd;

    if (slash)
        *slash = 0;
    fd = open(!slash ? "." : slash == path ? "/" : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

/* Start writing to disk early what fsync() will wait for. */
static void begin_flush(int fd, size_t from, size_t n)
{
#ifdef SYNC_FILE_RANGE_WRITE
    (void)sync_file_range(fd, (off_t)from, (off_t)n, SYNC_FILE_RANGE_WRITE);
#else
    (void)fd, (void)from, (void)n;
#endif
}

struct bmx_output {
    char *path;   /* as in messages; of a file, what is renamed to it */
    char *beside; /* the file that is written, NULL: straight to a descriptor */
    int fd;
    bool is_open;    /* here, and to be closed */
    size_t n, begun; /* bytes written, and those that are on their way to the disk */
};

bpemix_status bmx_output_open(const char *path, bmx_output **out, bpemix_error *err)
{
    bmx_output *o = bmx_calloc(1, sizeof *o);
    int fd = descriptor_of(path);
    struct stat sb;
    bpemix_status st = BPEMIX_OK;

    if (!o)
        return bmx_nomem(err);
    o->fd = fd;
    if (fd >= 0) {
        o->path = bmx_strdup(fd == STDOUT_FILENO ? "standard output" : path);
    } else if (!stat(path, &sb) && !S_ISREG(sb.st_mode)) { /* /dev/null, a pipe: no rename */
        o->path = bmx_strdup(path);
        o->fd = open(path, O_WRONLY | O_CLOEXEC);
        if (o->fd < 0)
            st = bmx_fail_errno(err, path, "cannot open for writing");
    } else if ((o->path = target_of(path))) {
        st = create_beside(o->path, &o->beside, &o->fd, err);
    }
    if (!o->path && !st)
        st = bmx_nomem(err);
    o->is_open = fd < 0 && o->fd >= 0;
    if (!st && o->beside && !stat(o->path, &sb)) /* who may read the file stays as it was */
        (void)fchmod(o->fd, sb.st_mode & 0777);
    if (st)
        bmx_output_close(o, st, NULL);
    else
        *out = o;
    return st;
}

bpemix_status bmx_output_add(bmx_output *o, const void *p, size_t n, bpemix_error *err)
{
    const size_t worth_it = (size_t)1 << 20;
    bpemix_status st = write_all(o->fd, o->path, p, n, err);

    o->n += n;
    if (!st && o->beside && o->n - o->begun >= worth_it) {
        begin_flush(o->fd, o->begun, o->n - o->begun);
        o->begun = o->n;
    }
    return st;
}

bpemix_status bmx_output_close(bmx_output *o, bpemix_status st, bpemix_error *err)
{
    if (!o)
        return st;
    if (!st && o->beside && fsync(o->fd) && errno != EINVAL)
        st = bmx_fail_errno(err, o->path, "cannot flush to disk");
    if (o->is_open && close(o->fd) && !st)
        st = bmx_fail_errno(err, o->path, "cannot write");
    if (!st && o->beside && rename(o->beside, o->path))
        st = bmx_fail_errno(err, o->path, "cannot rename into place");
    if (st && o->beside)
        unlink(o->beside);
    else if (o->beside)
        sync_folder_of(o->beside);
    bmx_free(o->beside);
    bmx_free(o->path);
    bmx_free(o);
    return st;
}

bpemix_status bmx_write_file(const char *path, const void *p, size_t n, bpemix_error *err)
{
    bmx_output *o = NULL;
    bpemix_status st = bmx_output_open(path, &o, err);

    return st ? st : bmx_output_close(o, bmx_output_add(o, p, n, err), err);
}

bpemix_status bmx_check_output(const char *path, bpemix_error *err)
{
    struct stat sb;
    bpemix_status st;
    char *target, *tmp = NULL, *slash;
    int fd = -1;

    if (!*path)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "name a file", "no name");
    if (descriptor_of(path) >= 0)
        return BPEMIX_OK;
    if (!stat(path, &sb) && !S_ISREG(sb.st_mode)) {
        if (S_ISDIR(sb.st_mode))
            return bmx_fail_hint(err, BPEMIX_E_IO, path, "name a file in it",
                                 "a folder, not a file to write to");
        return access(path, W_OK) ? bmx_fail_errno(err, path, "cannot open for writing")
                                  : BPEMIX_OK;
    }
    if (!(target = target_of(path)))
        return bmx_nomem(err);
    if (!(st = create_beside(target, &tmp, &fd, err))) {
        close(fd);
        unlink(tmp);
        if ((slash = strrchr(target, '/')))
            slash[slash == target] = 0;
        remove_stale(slash ? target : ".");
    }
    bmx_free(tmp);
    bmx_free(target);
    return st;
}

bpemix_status bmx_check_folder(const char *path, bpemix_error *err)
{
    char *target, *tmp = NULL;
    int fd = -1;
    bpemix_status st = BPEMIX_OK;

    if (bmx_path_kind_of(path) != BMX_PATH_FOLDER)
        return bmx_fail_hint(err, BPEMIX_E_IO, path, "name a folder, or one that is not there yet",
                             "not a folder");
    /* made and removed: file systems such as that of processes tell root that it may write */
    if (!(target = bmx_asprintf("%s/check", path)))
        return bmx_nomem(err);
    if (create_beside(target, &tmp, &fd, NULL)) {
        st = bmx_fail_errno(err, path, "cannot write to this folder");
    } else {
        close(fd);
        unlink(tmp);
        remove_stale(path);
    }
    bmx_free(tmp);
    bmx_free(target);
    return st;
}

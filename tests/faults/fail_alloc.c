/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fail_alloc.c - every allocation of a program fails once, in a copy of the process each time.
 *
 * Loaded with LD_PRELOAD into a program that uses one thread at a time.  At the allocations that
 * are chosen the process forks.  In the child this allocation fails, and the child goes on to its
 * end; the parent waits, judges what the child has left, and goes on as if nothing had been:
 *
 *     parent  --+-----------+-----------+----> its own result
 *               |k = 1      |k = 2      |k = 3
 *     child     +--> exit   +--> exit   +--> exit
 *
 * So a failure costs what is left to do from there, which is little, not a whole run.  It
 * reaches what libraries allocate as well.
 *
 * What must hold of a child:
 *
 *   - it ends by itself within TIMEOUT seconds, with exit code 1 or 0;
 *   - 1: standard error says "out of memory", no output is there that was not there before, or of
 *     several outputs some, whole; none of the files that it was writing is there, and standard
 *     output is empty or, with FAULT_STREAMS, a part of the usual; (libarchive 3.6.2 has places
 *     that do not look whether they got memory, and some that end the program; these are counted
 *     by themselves);
 *   - 0: the failure did not matter, and the outputs are what they would have been.
 *
 * In the environment:
 *
 *   FAULT_DIR       folder for what children print, and for `report`: a line "k: what is wrong"
 *                   for each that is wrong, and one of counts at the end
 *   FAULT_OUTPUTS   files that the program writes, in the current folder, separated by spaces;
 *                   what they should be is in FAULT_DIR/want.NAME, standard output in want.
 *   FAULT_FOLDERS   where files are written, "." if it is not set
 *   FAULT_FIRST, FAULT_STRIDE  which allocations: the first, and every so many from there
 *   FAULT_STREAMS   standard output is written while input is read
 *   FAULT_STICKY    all later allocations fail as well
 *
 * A thread that is started runs at once, to its end, in the one that starts it: a child that
 * forks off in another thread would have no more than that.
 *
 * A parent and its child share positions in open files: those are put back.  A file that is
 * being written has a second name meanwhile, so that the child can remove the first. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIMEOUT 60
#define MOST_FDS 64
#define MOST_OUTPUTS 8
#define BESIDE ".part-" /* in the name of a file that is being written */

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t align, size_t n);

static bool on, failing, sticky;
static bool is_parent; /* which has the report to write */
static long count, first, stride, n_tried, n_failed, n_ignored, n_ended;
static const char *caller = "?"; /* the library whose allocation failed */
static const char *dir, *outputs, *folders;
static int report_fd = -1;

/* ---- judging, without allocating ---- */

static void say(const char *fmt, ...)
{
    char line[600];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    if (n > 0 && write(report_fd, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1) < 0)
        _exit(99);
}

static const char *in_dir(char path[600], const char *a, const char *b)
{
    snprintf(path, 600, "%s/%s%s", dir, a, b);
    return path;
}

/* The first bytes of a file, terminated; below 0: there is none. */
static ssize_t head_of(const char *path, char *buf, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, buf, size - 1);

    buf[n > 0 ? n : 0] = 0;
    if (fd >= 0)
        close(fd);
    return n;
}

/* Is the content of file a that of b, or, with `part`, is one the end of the other or a part
 * of it? */
static bool same(const char *a, const char *b, bool part)
{
    static char x[1 << 20], y[1 << 20];
    ssize_t n = head_of(a, x, sizeof x), m = head_of(b, y, sizeof y);

    if (n < 0 || m < 0)
        return n < 0 && m < 0;
    if (part)
        return n <= m && (n == 0 || memmem(y, (size_t)m, x, (size_t)n));
    return n == m && !memcmp(x, y, (size_t)n);
}

static bool is_being_written(const char *name)
{
    return strstr(name, BESIDE) && !strstr(name, ".kept");
}

static bool is_output(const char *name)
{
    const char *at = outputs ? strstr(outputs, name) : NULL;
    size_t n = strlen(name);
    return at && (at == outputs || at[-1] == ' ') && (!at[n] || at[n] == ' ');
}

static void keep(const char *path)
{
    char other[700];

    snprintf(other, sizeof other, "%.600s.kept", path);
    (void)!link(path, other);
}

static void put_back(const char *kept)
{
    char path[700];

    snprintf(path, sizeof path, "%.*s", (int)(strlen(kept) - 5), kept);
    (void)!rename(kept, path);
    (void)unlink(kept); /* rename does nothing when both are the same file */
}

static bool is_kept(const char *name)
{
    size_t n = strlen(name);
    return n > 5 && !strcmp(name + n - 5, ".kept");
}

static bool is_to_keep(const char *name)
{
    return !is_kept(name) && (is_being_written(name) || is_output(name));
}

/* Calls fn for each file in the folders that is such: their number.  opendir() allocates, which
 * `on` tells not to count. */
static int each_file(bool (*is_such)(const char *name), void (*fn)(const char *path))
{
    char list[600], *save = NULL;
    int n = 0;

    snprintf(list, sizeof list, "%s", folders);
    for (char *f = strtok_r(list, " ", &save); f; f = strtok_r(NULL, " ", &save)) {
        DIR *d = opendir(f);
        const struct dirent *e;

        while (d && (e = readdir(d))) {
            char path[600];
            if (!is_such(e->d_name))
                continue;
            n++;
            snprintf(path, sizeof path, "%s/%.280s", f, e->d_name);
            if (fn)
                fn(path);
        }
        if (d)
            closedir(d);
    }
    return n;
}

static void judge(long k, int status)
{
    char list[600], err[4096], path[600], want[600], *save = NULL;
    bool streams = getenv("FAULT_STREAMS") != NULL, says;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

    n_tried++;
    head_of(in_dir(path, "err", ""), err, sizeof err);
    says = strstr(err, "out of memory") != NULL;
    if (code != 0 && code != 1) {
        n_failed++;
        if (WIFSIGNALED(status) && (strstr(caller, "libarchive") || strstr(caller, "libzstd"))) {
            n_failed--;
            n_ended++;
        } else if (WIFSIGNALED(status))
            say("%ld: ended by signal %d, for %s\n", k, WTERMSIG(status), caller);
        else
            say("%ld: exit code %d: %.200s\n", k, code, err);
    } else if (code == 1 && strstr(err, "Internal Error in libarchive")) {
        n_ended++;
    } else if (code == 1 && !says) {
        n_failed++;
        say("%ld: exit code 1, but: %.200s\n", k, err);
    } else if (code == 1 && !same(in_dir(path, "out", ""), in_dir(want, "want.", ""), streams) &&
               head_of(path, err, 2) > 0 && streams) {
        n_failed++;
        say("%ld: standard output is not a part of the usual\n", k);
    } else if (code == 1 && !streams && head_of(in_dir(path, "out", ""), err, 200) > 0 &&
               !strstr(err, "\"error\"")) {
        n_failed++;
        say("%ld: standard output is not empty: %.100s\n", k, err);
    } else if (code == 1 && each_file(is_being_written, NULL)) {
        n_failed++;
        say("%ld: a file that was being written is left\n", k);
    } else if (code == 0 && !same(in_dir(path, "out", ""), in_dir(want, "want.", ""), true)) {
        n_failed++;
        say("%ld: exit code 0, but standard output differs\n", k);
    } else {
        snprintf(list, sizeof list, "%s", outputs ? outputs : "");
        for (char *o = strtok_r(list, " ", &save); o; o = strtok_r(NULL, " ", &save)) {
            bool there = access(o, F_OK) == 0;
            char kept[600];
            snprintf(kept, sizeof kept, "%s.kept", o);
            if (code == 1 && there && access(kept, F_OK) && !strchr(outputs, ' ')) {
                n_failed++;
                say("%ld: exit code 1, but %s is there\n", k, o);
                break;
            }
            if ((code == 0 || there) && !same(o, in_dir(want, "want.", o), false)) {
                n_failed++;
                say("%ld: exit code %d, but %s differs\n", k, code, o);
                break;
            }
        }
        n_ignored += code == 0;
    }
    snprintf(list, sizeof list, "%s", outputs ? outputs : "");
    for (char *o = strtok_r(list, " ", &save); o; o = strtok_r(NULL, " ", &save))
        (void)unlink(o);
}

/* ---- forking ---- */

/* True in a child whose allocation fails now. */
static bool fork_here(long k)
{
    off_t at[MOST_FDS], size[MOST_FDS];
    char path[600];
    pid_t child;
    int status, saved = errno;

    on = false;
    each_file(is_to_keep, keep);
    for (int fd = 0; fd < MOST_FDS; fd++) {
        struct stat sb;
        at[fd] = lseek(fd, 0, SEEK_CUR);
        size[fd] = at[fd] >= 0 && !fstat(fd, &sb) && S_ISREG(sb.st_mode) ? sb.st_size : -1;
    }
    child = fork();
    if (child == 0) {
        int out = open(in_dir(path, "out", ""), O_WRONLY | O_CREAT | O_TRUNC, 0666);
        int err = open(in_dir(path, "err", ""), O_WRONLY | O_CREAT | O_TRUNC, 0666);
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        close(out);
        close(err);
        alarm(TIMEOUT);
        is_parent = false;
        failing = sticky;
        errno = ENOMEM;
        return true;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    judge(k, status);
    each_file(is_kept, put_back);
    for (int fd = 0; fd < MOST_FDS; fd++)
        if (at[fd] >= 0) {
            int flags = fcntl(fd, F_GETFL);
            if (size[fd] >= 0 && (flags & O_ACCMODE) != O_RDONLY && fd != report_fd)
                (void)!ftruncate(fd, size[fd]);
            (void)lseek(fd, at[fd], SEEK_SET);
        }
    on = true;
    errno = saved;
    return false;
}

/* Behind the program's own end come those of libraries, and of a build that notes which lines
 * it runs: it holds locks that a child would wait for. */
static void end_of_program(void) { on = false; }

static bool fails(const void *from)
{
    Dl_info info;
    long k;

    if (failing) {
        errno = ENOMEM;
        return true;
    }
    if (!on)
        return false;
    k = ++count;
    if (k == 1) /* registered now, and not in begin(), it runs before the ends of libraries */
        (void)atexit(end_of_program);
    if (k < first || (k - first) % stride)
        return false;
    caller = dladdr(from, &info) && info.dli_fname ? info.dli_fname : "?";
    return fork_here(k);
}

void *malloc(size_t n) { return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(n); }
void *calloc(size_t n, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}
void *realloc(void *p, size_t n)
{
    return (n || !p) && fails(__builtin_return_address(0)) ? NULL : __libc_realloc(p, n);
}
void *memalign(size_t align, size_t n)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_memalign(align, n);
}
void *aligned_alloc(size_t align, size_t n)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_memalign(align, n);
}
int posix_memalign(void **p, size_t align, size_t n)
{
    void *q = fails(__builtin_return_address(0)) ? NULL : __libc_memalign(align, n);

    if (!q)
        return ENOMEM;
    *p = q;
    return 0;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*fn)(void *), void *arg)
{
    static int (*original)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

    if (dir) {
        fn(arg);
        *thread = pthread_self();
        return 0;
    }
    if (!original)
        *(void **)&original = dlsym(RTLD_NEXT, "pthread_create");
    return original(thread, attr, fn, arg);
}

int pthread_join(pthread_t thread, void **value)
{
    static int (*original)(pthread_t, void **);

    if (dir)
        return 0;
    if (!original)
        *(void **)&original = dlsym(RTLD_NEXT, "pthread_join");
    return original(thread, value);
}

static long number(const char *name, long otherwise)
{
    const char *s = getenv(name);
    return s && *s ? atol(s) : otherwise;
}

__attribute__((constructor(65535))) static void begin(void)
{
    char path[600];

    dir = getenv("FAULT_DIR");
    if (!dir)
        return;
    outputs = getenv("FAULT_OUTPUTS");
    folders = getenv("FAULT_FOLDERS");
    if (!folders)
        folders = ".";
    first = number("FAULT_FIRST", 1);
    stride = number("FAULT_STRIDE", 1);
    sticky = number("FAULT_STICKY", 0);
    report_fd = open(in_dir(path, "report", ""),
                     O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    on = is_parent = report_fd >= 0;
    unsetenv("LD_PRELOAD"); /* programs that this one starts are not meant */
}

__attribute__((destructor)) static void end(void)
{
    on = false;
    if (!is_parent)
        return;
    say("allocations %ld tried %ld wrong %ld harmless %ld library %ld\n", count, n_tried, n_failed,
        n_ignored, n_ended);
}

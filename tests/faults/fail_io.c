/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fail_io.c - one call of the kernel of a program fails: a disk that cannot be read at the k-th
 * read, is full at the k-th write, breaks at fsync or rename, a folder that is gone before it is
 * opened.
 *
 * Loaded with LD_PRELOAD.  A filter of seccomp makes each call that could fail a signal, SIGSYS,
 * whose handler does the call itself, or returns the error.  So calls from within libc (stdio) are
 * reached as well.  The handler's own calls are told by a mark in the sixth argument, which none of
 * these calls has.
 *
 * In the environment:
 *
 *   IO_CALL    kind of call: open, read, write, close, fsync, rename, stat, list, seek, make,
 *              remove, truncate; or all of them, to count them
 *   IO_AT      the call of this kind that fails, from 1 on; 0 none
 *   IO_ERROR   errno that it returns.  0: a read or write does a single byte, whichever it is, and
 *              from IO_AT on each
 *   IO_STOP    the process stops before this call, which does not fail: who started it may now
 *              change files
 *   IO_REPORT  a file for the numbers of calls, a line for each kind
 *
 * close() is done all the same, as the kernel does it.  Where there is no such filter, the program
 * ends with status 77 at once. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define MARK 0x62706d78 /* "bpmx" */

typedef struct kind {
    const char *name;
    int call[8]; /* ended by -1 */
} kind;

static const kind kinds[] = {
    { "open", { SYS_openat,
#ifdef SYS_open
                SYS_open,
#endif
                -1 } },
    { "read", { SYS_read, SYS_pread64, SYS_readv, -1 } },
    { "write", { SYS_write, SYS_pwrite64, SYS_writev, -1 } },
    { "close", { SYS_close, -1 } },
    { "fsync", { SYS_fsync, -1 } },
    { "rename", { SYS_renameat, SYS_renameat2,
#ifdef SYS_rename
                  SYS_rename,
#endif
                  -1 } },
    { "stat", { SYS_newfstatat, SYS_fstat, SYS_statx,
#ifdef SYS_stat
                SYS_stat, SYS_lstat,
#endif
                -1 } },
    { "list", { SYS_getdents64, -1 } },
    { "seek", { SYS_lseek, -1 } },
    { "make", { SYS_mkdirat,
#ifdef SYS_mkdir
                SYS_mkdir,
#endif
                -1 } },
    { "remove", { SYS_unlinkat,
#ifdef SYS_unlink
                  SYS_unlink, SYS_rmdir,
#endif
                  -1 } },
    { "truncate", { SYS_ftruncate, -1 } },
};

#define N_KINDS (sizeof kinds / sizeof *kinds)

static atomic_long count[N_KINDS];
static long at; /* in the only kind that is watched */
static int error;
static int stops;

#if defined __x86_64__
#define RESULT(u) ((u)->uc_mcontext.gregs[REG_RAX])
#define ARGUMENT(u, i) \
    ((u)->uc_mcontext.gregs[(const int[]){ REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8 }[i]])
#elif defined __aarch64__
#define RESULT(u) ((u)->uc_mcontext.regs[0])
#define ARGUMENT(u, i) ((long)(u)->uc_mcontext.regs[i])
#endif

#ifdef RESULT

/* The call as it was asked for, with the mark; below 0: -errno. */
static long do_call(int nr, const ucontext_t *u, long third)
{
    long r = syscall(nr, ARGUMENT(u, 0), ARGUMENT(u, 1), third, ARGUMENT(u, 3), ARGUMENT(u, 4),
                     (long)MARK);
    return r < 0 ? -errno : r;
}

static size_t kind_of(int nr)
{
    for (size_t i = 0; i < N_KINDS; i++)
        for (const int *c = kinds[i].call; *c >= 0; c++)
            if (*c == nr)
                return i;
    return 0;
}

static void handle(int sig, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    int nr = info->si_syscall, saved = errno;
    long k = atomic_fetch_add(&count[kind_of(nr)], 1) + 1, third = ARGUMENT(u, 2);
    long r;

    (void)sig;
    if (stops && at == k) {
        (void)kill(getpid(), SIGSTOP);
        r = do_call(nr, u, third);
    } else if (error && at == k) {
        if (nr == SYS_close)
            (void)do_call(nr, u, third);
        r = -error;
    } else {
        if (!error && !stops && at && k >= at && (nr == SYS_read || nr == SYS_write) && third > 1)
            third = 1;
        r = do_call(nr, u, third);
    }
    errno = saved;
    RESULT(u) = (__typeof__(RESULT(u)))r;
}

/* For each call: if it is `nr` without the mark, a signal. */
static int install(const kind *what)
{
    struct sock_filter filter[4 + 2 * 8];
    unsigned short n = 0;
    struct sock_fprog program = { 0, filter };
    struct sigaction act = { .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART };
    int calls = 0;

    while (what->call[calls] >= 0)
        calls++;
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                               offsetof(struct seccomp_data, args[5]));
    filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MARK,
                                               (unsigned char)(calls + 1), 0);
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                               offsetof(struct seccomp_data, nr));
    for (int i = 0; i < calls; i++)
        filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                                   (unsigned)what->call[i],
                                                   (unsigned char)(calls - i), 0);
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    program.len = n;
    act.sa_sigaction = handle;
    return sigaction(SIGSYS, &act, NULL) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

#else

static int install(const kind *what)
{
    (void)what;
    return 1;
}

#endif

__attribute__((constructor(65535))) static void begin(void)
{
    const char *call = getenv("IO_CALL"), *k = getenv("IO_AT"), *e = getenv("IO_ERROR");

    unsetenv("LD_PRELOAD"); /* programs that this one starts are not meant */
    at = k ? atol(k) : 0;
    error = e ? atoi(e) : 0;
    stops = getenv("IO_STOP") != NULL;
    for (size_t i = 0; call && i < N_KINDS; i++)
        if ((!strcmp(call, kinds[i].name) || !strcmp(call, "all")) && install(&kinds[i]))
            _exit(77);
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("IO_REPORT");
    char text[600];
    int n = 0, fd;

    for (size_t i = 0; i < N_KINDS; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "%s %ld\n", kinds[i].name,
                      atomic_load(&count[i]));

    at = 0; /* what follows is not the program's */
    fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : -1;
    if (fd >= 0 && write(fd, text, (size_t)n) != n)
        _exit(99);
    if (fd >= 0)
        close(fd);
}

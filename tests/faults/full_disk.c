/* SPDX-License-Identifier: GPL-3.0-or-later */
/* full_disk.c - a disk that is full: after DISK_BYTES bytes have been written to regular files,
 * write(2) fails with ENOSPC.  Loaded with LD_PRELOAD. */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

ssize_t write(int fd, const void *p, size_t n)
{
    static ssize_t (*original)(int, const void *, size_t);
    static size_t written;
    const char *room = getenv("DISK_BYTES");
    struct stat sb;

    if (!original)
        *(void **)&original = dlsym(RTLD_NEXT, "write");
    if (room && fd > STDERR_FILENO && !fstat(fd, &sb) && S_ISREG(sb.st_mode)) {
        size_t left = strtoull(room, NULL, 10);
        left = left > written ? left - written : 0;
        if (n > left)
            n = left; /* as write(2) does, up to the last byte */
        if (!n) {
            errno = ENOSPC;
            return -1;
        }
        written += n;
    }
    return original(fd, p, n);
}

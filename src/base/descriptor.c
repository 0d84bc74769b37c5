/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/descriptor.h"
#include "base/cancel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool bmx_descriptor_gives_up(const bmx_descriptor *d)
{
    return bmx_cancelled() || (d->unneeded && atomic_load(d->unneeded));
}

bpemix_status bmx_descriptor_given_up(const bmx_descriptor *d, bpemix_error *err)
{
    bpemix_status st = bmx_check_cancel(err);
    return st ? st : bmx_fail(err, BPEMIX_E_IO, d->name, "not needed any more");
}

/* Opening a named pipe blocks until somebody writes to it.  On Linux it is opened without blocking,
 * and poll(2) waits instead, which can be interrupted.  (Other systems may report a pipe that
 * nobody has opened yet as closed.) */
bpemix_status bmx_descriptor_open(bmx_descriptor *d, const char *path, bpemix_error *err)
{
#ifdef __linux__
    const int without_wait = O_NONBLOCK;
#else
    const int without_wait = 0;
#endif
    bool is_stdin = !strcmp(path, "-");
    struct stat sb;

    do
        d->fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | without_wait);
    while (d->fd < 0 && errno == EINTR && !bmx_cancelled());
    if (d->fd < 0)
        return errno == EINTR ? bmx_check_cancel(err) : bmx_fail_errno(err, d->name, "cannot open");
    if (!fstat(d->fd, &sb)) {
        d->waits = !S_ISREG(sb.st_mode);
        d->size = S_ISREG(sb.st_mode) && !is_stdin ? (uint64_t)sb.st_size : 0;
    }
    if (d->waits && !is_stdin && without_wait != 0)
        (void)fcntl(d->fd, F_SETFL, fcntl(d->fd, F_GETFL) & ~without_wait);
    return BPEMIX_OK;
}

void bmx_descriptor_close(bmx_descriptor *d)
{
    if (d->fd >= 0)
        close(d->fd);
    d->fd = -1;
}

/* Polling is needed because a signal may be delivered to another thread than the one that waits
 * here. */
static ssize_t read_some(const bmx_descriptor *d, void *buf, size_t n)
{
    struct pollfd p = { .fd = d->fd, .events = POLLIN };
    ssize_t r = -1;
    int ready = 1;

    if (d->size && n > d->size - d->n_read)
        n = (size_t)(d->size - d->n_read);
    if (bmx_cancelled()) { /* what is read may never unpack to anything, and never end */
        errno = EINTR;
        return -1;
    }
    do {
        if (d->waits)
            ready = poll(&p, 1, 200); /* milliseconds */
        if (ready > 0)
            r = read(d->fd, buf, n);
        else if (bmx_descriptor_gives_up(d))
            errno = EINTR;
    } while ((ready == 0 || (r < 0 && errno == EINTR)) && !bmx_descriptor_gives_up(d));
    return r;
}

ssize_t bmx_descriptor_read(bmx_descriptor *d, void *buf, size_t n)
{
    ssize_t r = d->at_end ? 0 : read_some(d, buf, n);

    if (r > 0)
        d->n_read += (uint64_t)r;
    d->at_end = r == 0;
    return r;
}

bool bmx_descriptor_is_truncated(const bmx_descriptor *d)
{
    struct stat sb;

    return d->n_read < d->size && !fstat(d->fd, &sb) && (uint64_t)sb.st_size < d->size;
}

bpemix_status bmx_descriptor_fail_truncated(const bmx_descriptor *d, bpemix_error *err)
{
    return bmx_fail_hint(err, BPEMIX_E_IO, d->name, "run again when nobody writes to it any more",
                         "became shorter while it was read");
}

bpemix_status bmx_descriptor_get(bmx_descriptor *d, void *buf, size_t n, size_t *got,
                                 bpemix_error *err)
{
    ssize_t r = bmx_descriptor_read(d, buf, n);

    if (r < 0)
        return bmx_descriptor_gives_up(d) ? bmx_descriptor_given_up(d, err)
                                          : bmx_fail_errno(err, d->name, "cannot read");
    *got = (size_t)r;
    return r || !bmx_descriptor_is_truncated(d) ? BPEMIX_OK : bmx_descriptor_fail_truncated(d, err);
}

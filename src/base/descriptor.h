/* SPDX-License-Identifier: GPL-3.0-or-later */
/* descriptor.h - a file, a pipe or standard input, read from its start to its end.
 *
 * A read ends early when work is cancelled (cancel.h), or when its caller's flag says that nobody
 * needs the rest: a pipe may keep a reader waiting for ever. */
#ifndef BMX_BASE_DESCRIPTOR_H
#define BMX_BASE_DESCRIPTOR_H

#include "base/error.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct bmx_descriptor {
    const char *name; /* of messages; borrowed */
    int fd;           /* -1: none */
    bool waits;       /* a pipe or terminal: reading can take until somebody writes */
    bool at_end;      /* read(2) said so */
    uint64_t size, n_read; /* bytes of a regular file: when it was opened, and so far */
    const atomic_bool *unneeded; /* borrowed; NULL: all of it is needed */
} bmx_descriptor;

/* d->name and d->unneeded are set; path "-" is standard input.  E_IO, E_INTERRUPTED. */
bpemix_status bmx_descriptor_open(bmx_descriptor *d, const char *path, bpemix_error *err);
void bmx_descriptor_close(bmx_descriptor *d);

/* read(2) into buf[n]: 0 at the end, below 0 with errno after a failure.  What others append to the
 * file meanwhile is not read: they may be as fast as we are. */
ssize_t bmx_descriptor_read(bmx_descriptor *d, void *buf, size_t n);

/* The same with a message; *got bytes. */
bpemix_status bmx_descriptor_get(bmx_descriptor *d, void *buf, size_t n, size_t *got,
                                 bpemix_error *err);

/* At the end of a regular file: has it become shorter since it was opened?  (Files such as those of
 * /sys always state a size that is larger than their content.) */
bool bmx_descriptor_is_truncated(const bmx_descriptor *d);
bpemix_status bmx_descriptor_fail_truncated(const bmx_descriptor *d, bpemix_error *err);

/* Is what has been read so far all that there will be, and the status that says so. */
bool bmx_descriptor_gives_up(const bmx_descriptor *d);
bpemix_status bmx_descriptor_given_up(const bmx_descriptor *d, bpemix_error *err);

#endif

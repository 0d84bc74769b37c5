/* SPDX-License-Identifier: GPL-3.0-or-later */
/* archive.h - compressed data and archives, by libarchive, of which archive.c is the only user.
 *
 * libarchive does not check all of its allocations, and may report a failed one as damage.  So
 * errno decides: a call during which malloc() set it to ENOMEM has run out of memory, whatever
 * else libarchive reports. */
#ifndef BMX_BASE_ARCHIVE_H
#define BMX_BASE_ARCHIVE_H

#include "base/mem.h"

#include <sys/types.h>

/* ---- streams ---- */

typedef struct bmx_archive bmx_archive;

/* What is amiss with the bytes that an archive is fed: libarchive has no words for it, so who feeds
 * it leaves it here, and what is read from the archive then fails.  Zeroed: nothing. */
typedef struct bmx_trouble {
    int failed;         /* errno; ENOMEM also when libarchive itself ran out of memory */
    bool truncated;     /* the file became shorter while it was read */
    const char *damage; /* NULL: none that was found here; a constant */
} bmx_trouble;

/* The next bytes to work on, which stay until the next call: how many, 0 at the end, -1 when
 * they cannot be had. */
typedef ssize_t bmx_archive_feed(void *ctx, const void **p);

/* Undo one or more of gzip, zstd, xz, bzip2 and lz4; the result is one member.  Other formats of
 * libarchive are left out: one takes "begin 644" for uuencoded data.  *trouble is borrowed; NULL is
 * returned when there is no memory. */
bmx_archive *bmx_archive_new_unpacker(bmx_archive_feed *feed, void *ctx, bmx_trouble *trouble);

/* Take a tar or zip archive apart. */
bmx_archive *bmx_archive_new_members(bmx_archive_feed *feed, void *ctx, bool is_zip,
                                     bmx_trouble *trouble);
void bmx_archive_free(bmx_archive *a);

/* Before anything else; false when that fails. */
bool bmx_archive_open(bmx_archive *a);

typedef enum bmx_archive_step {
    BMX_ARCHIVE_MEMBER, /* at the beginning of one */
    BMX_ARCHIVE_END,
    BMX_ARCHIVE_BROKEN_END, /* the end, but something before it was damaged */
    BMX_ARCHIVE_FAILED
} bmx_archive_step;

/* Go to the next member.  *name is valid until the next call, NULL when there is none;
 * *is_file: a regular file.  Both may be NULL. */
bmx_archive_step bmx_archive_next(bmx_archive *a, const char **name, bool *is_file);

/* Bytes of the member, 0 at its end, -1 after a failure. */
ssize_t bmx_archive_read(bmx_archive *a, void *buf, size_t n);

bool bmx_archive_no_memory(const bmx_archive *a);    /* is what failed a matter of memory? */
const char *bmx_archive_message(const bmx_archive *a); /* what failed; NULL: not known */
bool bmx_archive_unpacked(const bmx_archive *a);     /* was anything compressed? */
bool bmx_archive_is_tar(const bmx_archive *a);       /* that has been told */
uint64_t bmx_archive_taken(const bmx_archive *a);    /* bytes of what it was fed that it has used */

/* ---- memory ---- */

/* Append `raw`, compressed as one zstd frame, to `out`.  level: 1 (fast) to 19 (small). */
bpemix_status bmx_pack(bmx_slice raw, int level, bmx_buf *out, bpemix_error *err);

/* Decompress into out[0 .. size), which is replaced.  E_FORMAT when `packed` is not a zstd
 * frame of exactly `size` bytes; never more memory than that is asked for. */
bpemix_status bmx_unpack(bmx_slice packed, size_t size, bmx_buf *out, bpemix_error *err);

#endif

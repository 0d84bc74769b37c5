/* SPDX-License-Identifier: GPL-3.0-or-later */
/* archive_members.h - the members of a tar or zip archive, one after the other.
 *
 * libarchive is silent about what is behind the end of an archive; here it is looked at, as another
 * one there (as `cat` makes it) would be left out. */
#ifndef BMX_BASE_ARCHIVE_MEMBERS_H
#define BMX_BASE_ARCHIVE_MEMBERS_H

#include "base/unpacker.h"

typedef struct bmx_members bmx_members;

/* bytes: of the archive, not compressed.  NULL: no memory.  *trouble is borrowed. */
bmx_members *bmx_members_new(bmx_bytes_fn *bytes, void *ctx, bool is_zip, bmx_trouble *trouble);
void bmx_members_free(bmx_members *m);

/* Before anything else; false when that fails. */
bool bmx_members_open(bmx_members *m);

/* As bmx_archive_next(). */
bmx_archive_step bmx_members_next(bmx_members *m, const char **name, bool *is_file);

/* At the end: is nothing behind it that would be lost?  false also when that cannot be told. */
bool bmx_members_end_alone(bmx_members *m);

/* Bytes of the member, 0 at its end, -1 after a failure. */
ssize_t bmx_members_read(bmx_members *m, void *buf, size_t n);

/* Whose words tell what failed; valid as long as m is. */
const bmx_archive *bmx_members_archive(const bmx_members *m);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpacker.h - the bytes of a compressed file, unpacked: gzip by zlib behind gunzip.h, which checks
 * the CRC, everything else by a filter of libarchive behind archive.h.
 *
 *     bytes --> [gunzip -->] filters --> who reads
 *
 * What libarchive lets pass is checked here: text that is lost behind an empty stream or behind the
 * end of one, and data that go on for ever without unpacking to anything. */
#ifndef BMX_BASE_UNPACKER_H
#define BMX_BASE_UNPACKER_H

#include "base/archive.h"

#define BMX_FEED_BYTES ((size_t)64 << 10) /* that are read at a time; a judgement */

/* The next bytes: how many there are, 0 at the end, -1 when they cannot be had.  *p is in
 * block[BMX_FEED_BYTES] or elsewhere, and valid until the next call. */
typedef ssize_t bmx_bytes_fn(void *ctx, char *block, const void **p);

typedef struct bmx_unpacker bmx_unpacker;

/* NULL: no memory.  *trouble is borrowed. */
bmx_unpacker *bmx_unpacker_new(bmx_bytes_fn *bytes, void *ctx, bool gzip, bmx_trouble *trouble);
void bmx_unpacker_free(bmx_unpacker *u);

/* Before anything else, in this order; false when that fails.  *empty: it unpacks to nothing.
 * *unpacked: what it reads is compressed in a way that is known. */
bool bmx_unpacker_open(bmx_unpacker *u);
bool bmx_unpacker_begin(bmx_unpacker *u, bool *empty, bool *unpacked);

/* Unpacked bytes: how many, 0 at the end, -1 after a failure. */
ssize_t bmx_unpacker_read(bmx_unpacker *u, void *buf, size_t n);

/* Whose words tell what failed; valid as long as u is. */
const bmx_archive *bmx_unpacker_archive(const bmx_unpacker *u);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gunzip.h - a streaming reader of gzip files that checks the CRC.  gunzip.c is the only user of
 * zlib.
 *
 * libarchive unpacks gzip, too, but does not look at the checksums: two of three flipped
 * bits would be counted as text. */
#ifndef BMX_BASE_GUNZIP_H
#define BMX_BASE_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Packed bytes in a row that may unpack to nothing: empty members, or blocks, without an end. */
#define BMX_MOST_FOR_NOTHING ((uint64_t)1 << 30)
#define BMX_NOTHING_IN_IT "there is nothing in it for a gigabyte"

typedef struct bmx_gunzip bmx_gunzip;

/* The next bytes of the packed file: their number and *p, valid until the next call; 0
 * at the end, below 0 on failure. */
typedef ssize_t bmx_gunzip_read_fn(void *ctx, const void **p);

bmx_gunzip *bmx_gunzip_new(bmx_gunzip_read_fn *read, void *ctx); /* NULL: no memory */
void bmx_gunzip_free(bmx_gunzip *g);

/* Unpack up to n bytes, n > 0, of all members (RFC 1952) one after the other: their number;
 * 0 at the end, below 0 on failure.  Then *wrong tells what is damaged, or is NULL when
 * reading failed, or memory is short (*nomem). */
ssize_t bmx_gunzip_read(bmx_gunzip *g, void *buf, size_t n, const char **wrong, bool *nomem);

#endif

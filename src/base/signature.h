/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signature.h - compressed files and archives, told by their first bytes. */
#ifndef BMX_BASE_SIGNATURE_H
#define BMX_BASE_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GZIP_SIGNATURE "\x1f\x8b\x08"

/* h[n]: how a file begins; 512 bytes of it suffice. */
bool bmx_is_compressed(const unsigned char *h, size_t n);
bool bmx_is_skippable_frame(const unsigned char *h, size_t n); /* of zstd and lz4 */
bool bmx_is_frame(const unsigned char *h, size_t n);           /* the same of data in them */
bool bmx_is_archive(const unsigned char *h, size_t n);    /* tar or zip */
bool bmx_is_tar_header(const unsigned char *h, size_t n); /* of a member, also of a later one */

/* Do these first bytes of a file say that it is compressed, or an archive?  For a tar
 * archive 512 are needed. */
bool bmx_is_packed(const void *p, size_t n);

/* What is behind the end of an archive, so far. */
typedef struct bmx_behind {
    unsigned char block[512]; /* of a tar */
    size_t have;              /* of that block */
    uint32_t last;            /* four bytes of a zip */
} bmx_behind;

/* Does another archive begin in p[n], the bytes that follow? */
bool bmx_archive_begins(bmx_behind *x, bool tar, const char *p, size_t n);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signature.h - compressed files and archives, told by their first bytes. */
#ifndef BMX_BASE_SIGNATURE_H
#define BMX_BASE_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#define GZIP_SIGNATURE "\x1f\x8b\x08"

/* h[n]: how a file begins; 512 bytes of it suffice. */
bool bmx_is_compressed(const unsigned char *h, size_t n);
bool bmx_is_archive(const unsigned char *h, size_t n);    /* tar or zip */
bool bmx_is_tar_header(const unsigned char *h, size_t n); /* of a member, also of a later one */

/* Do these first bytes of a file say that it is compressed, or an archive?  For a tar
 * archive 512 are needed. */
bool bmx_is_packed(const void *p, size_t n);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signature.h - compressed files, archives and files of this program, told by their first bytes. */
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

/* Do these first bytes of a file say that it is compressed, or an archive?  For a tar
 * archive 512 are needed. */
bool bmx_is_packed(const void *p, size_t n);

/* First bytes of files that this program writes: of counted words (words.h) and of counted chunks
 * (chunk_file.h), which may take the place of text, and of a trace (replay/trace.h), which may
 * not.  The NUL keeps text from being taken for one. */
#define BMX_WORDS_MAGIC "bpemix\0W"
#define BMX_WORDS_MAGIC_BYTES 8
#define BMX_CHUNKS_MAGIC "bpemix\0C"
#define BMX_CHUNKS_MAGIC_BYTES 8
#define BMX_TRACE_MAGIC "bpemix-trace\n"

/* "counted words", "counted chunks" or "a trace"; NULL: none of these. */
const char *bmx_own_file(const void *p, size_t n);

/* What is behind the end of an archive, so far. */
typedef struct bmx_behind {
    unsigned char block[512]; /* of a tar */
    size_t have;              /* of that block */
    uint32_t last;            /* four bytes of a zip */
    bool ended;               /* the directory of a zip was there to its end */
} bmx_behind;

/* Does another archive begin in p[n], the bytes that follow? */
bool bmx_archive_begins(bmx_behind *x, bool tar, const char *p, size_t n);

#endif

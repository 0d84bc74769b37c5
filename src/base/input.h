/* SPDX-License-Identifier: GPL-3.0-or-later */
/* input.h - reading files, unpacked if they are compressed (unpacker.h), archives member by member
 * (archive_members.h).
 *
 * Inputs may be plain, gzip, zstd, xz, bzip2 or lz4, decided by content, and
 * tar or zip archives of several members, of which hidden ones (._a.txt, .DS_Store) are
 * left out as in folders.  "-" is standard input. */
#ifndef BMX_BASE_INPUT_H
#define BMX_BASE_INPUT_H

#include "base/mem.h"

#include <stdatomic.h>

typedef struct bmx_input bmx_input;

/* Open a file for reading. */
bpemix_status bmx_input_open(const char *path, bmx_input **in, bpemix_error *err);

/* The same; waiting for a pipe ends with E_IO when *unneeded is set meanwhile.  `listed`: a folder
 * had it as a regular file, and if it is another kind now, it is not waited for. */
bpemix_status bmx_input_open_until(const char *path, bool listed, const atomic_bool *unneeded,
                                   bmx_input **in, bpemix_error *err);

/* Step to the next member.  *name is the member's path inside an archive, ""
 * for a plain or merely compressed file (which has exactly one member), valid
 * until the next call.  *more = false at the end. */
bpemix_status bmx_input_next(bmx_input *in, const char **name, bool *more, bpemix_error *err);

/* Read up to n bytes of the current member; *got = 0 at its end. */
bpemix_status bmx_input_read(bmx_input *in, void *buf, size_t n, size_t *got, bpemix_error *err);

/* Appends the next bytes of a single file to `to`; *got, how many, is 0 at its end.  Fails there
 * when another member follows: the rest of an archive would be ignored in silence. */
bpemix_status bmx_input_append(bmx_input *in, bmx_buf *to, size_t *got, bpemix_error *err);
void bmx_input_close(bmx_input *in);

/* Are the bytes handed over those of the file itself, neither unpacked nor a member? */
bool bmx_input_is_plain(const bmx_input *in);

/* ---- whole files (read_file.c) ---- */

/* Whole content of a (possibly compressed) file.  Fails with E_FORMAT when it
 * is larger than max_bytes after decompression (0: no limit), with E_UNSUPPORTED
 * when it is an archive of several. */
bpemix_status bmx_read_file(const char *path, size_t max_bytes, bmx_buf *out, bpemix_error *err);

/* The same for text: reading stops at a zero byte, which text does not have; the file may be
 * endless, such as /dev/zero. */
bpemix_status bmx_read_text_file(const char *path, bmx_buf *out, bpemix_error *err);

/* The same for a file that has to begin like this: of a file that does not, only some first bytes
 * are read, from which its reader can tell what is wrong. */
bpemix_status bmx_read_file_like(const char *path, bmx_slice beginning, bmx_buf *out,
                                 bpemix_error *err);

#endif

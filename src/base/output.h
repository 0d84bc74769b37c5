/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output.h - files that appear whole or not at all: they are written beside their
 * final name, flushed to disk and renamed. */
#ifndef BMX_BASE_OUTPUT_H
#define BMX_BASE_OUTPUT_H

#include "base/mem.h"

/* Replaces `path`, atomically; "-" writes to standard output.  Symbolic links are
 * followed, and descriptors by name (/dev/stdout, /dev/fd/3) written to. */
typedef struct bmx_output bmx_output;
bpemix_status bmx_output_open(const char *path, bmx_output **out, bpemix_error *err);
bpemix_status bmx_output_add(bmx_output *o, const void *p, size_t n, bpemix_error *err);

/* Put the file in its place, or give it up if st is not BPEMIX_OK, and free o.  The
 * status is st, or what went wrong here; err stays as it is in the first case. */
bpemix_status bmx_output_close(bmx_output *o, bpemix_status st, bpemix_error *err);

/* All of these at once, with n bytes. */
bpemix_status bmx_write_file(const char *path, const void *p, size_t n, bpemix_error *err);

/* Check that `path` is writable without changing it; a later write may still fail.  Removes the
 * temporary files that killed processes have left beside it. */
bpemix_status bmx_check_output(const char *path, bpemix_error *err);

/* The same as bmx_check_output() for files of any name in this folder. */
bpemix_status bmx_check_folder(const char *path, bpemix_error *err);

#endif

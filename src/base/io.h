/* io.h - bytes in, bytes out.  io.c is the only user of libarchive; gzip alone is left to
 * zlib, behind gunzip.h.
 *
 * Inputs may be plain, gzip, zstd, xz, bzip2 or lz4, decided by content, and
 * tar or zip archives of several members.  "-" is standard input.
 * Outputs appear whole or not at all: they are written beside their final
 * name, flushed to disk and renamed. */
#ifndef BMX_BASE_IO_H
#define BMX_BASE_IO_H

#include "base/mem.h"

#include <stdatomic.h>

/* ---- input ---- */

typedef struct bmx_input bmx_input;

/* Open a file for reading. */
bpemix_status bmx_input_open(const char *path, bmx_input **in, bpemix_error *err);

/* The same; waiting for a pipe ends with E_IO when *unneeded is set meanwhile. */
bpemix_status bmx_input_open_until(const char *path, const atomic_bool *unneeded, bmx_input **in,
                                   bpemix_error *err);

/* Step to the next member.  *name is the member's path inside an archive, ""
 * for a plain or merely compressed file (which has exactly one member), valid
 * until the next call.  *more = false at the end. */
bpemix_status bmx_input_next(bmx_input *in, const char **name, bool *more, bpemix_error *err);

/* Read up to n bytes of the current member; *got = 0 at its end. */
bpemix_status bmx_input_read(bmx_input *in, void *buf, size_t n, size_t *got, bpemix_error *err);

/* At the end of a member: fails when another follows.  For readers of one file, which
 * would leave out the rest of an archive in silence. */
bpemix_status bmx_input_end(bmx_input *in, bpemix_error *err);
void bmx_input_close(bmx_input *in);

/* Do these first bytes of a file say that it is compressed, or an archive?  For a tar
 * archive 512 are needed. */
bool bmx_is_packed(const void *p, size_t n);

/* Are the bytes handed over those of the file itself, neither unpacked nor a member? */
bool bmx_input_is_plain(const bmx_input *in);

/* Whole content of a (possibly compressed) file.  Fails with E_FORMAT when it
 * is larger than max_bytes after decompression (0: no limit), with E_UNSUPPORTED
 * when it is an archive of several. */
bpemix_status bmx_read_file(const char *path, size_t max_bytes, bmx_buf *out, bpemix_error *err);

/* ---- directories ---- */

typedef enum { BMX_PATH_MISSING, BMX_PATH_FILE, BMX_PATH_FOLDER, BMX_PATH_OTHER } bmx_path_kind;
bmx_path_kind bmx_path_kind_of(const char *path);

/* Is it one regular file under two names?  false when there is none. */
bool bmx_same_file(const char *a, const char *b);

/* Is `path`, which need not be there yet, somewhere below the folder, or the folder? */
bool bmx_is_below(const char *path, const char *folder);

/* All regular files below `folder`, depth first, sorted by path bytes within
 * each folder; names that start with '.' are skipped, symbolic links to files
 * followed, to folders not.  Owned by caller. */
typedef struct bmx_paths {
    char **path; /* path[n] */
    size_t n, cap;
} bmx_paths;
bpemix_status bmx_list_files(const char *folder, bmx_paths *out, bpemix_error *err);
bpemix_status bmx_list_folders(const char *folder, bmx_paths *out, bpemix_error *err); /* direct sub-folders */
void bmx_paths_release(bmx_paths *p);

/* ---- output ---- */

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

/* Could it be written, as far as can be told before there is anything to write?
 * Changes nothing. */
bpemix_status bmx_check_output(const char *path, bpemix_error *err);

/* Could files be written to this folder? */
bpemix_status bmx_check_folder(const char *path, bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder.h - what is at a path, and what is below it. */
#ifndef BMX_BASE_FOLDER_H
#define BMX_BASE_FOLDER_H

#include "base/mem.h"

typedef enum { BMX_PATH_MISSING, BMX_PATH_FILE, BMX_PATH_FOLDER, BMX_PATH_OTHER } bmx_path_kind;
bmx_path_kind bmx_path_kind_of(const char *path);

/* The same, where the answer decides what is read: fails when it cannot be told. */
bpemix_status bmx_path_look(const char *path, bmx_path_kind *kind, bpemix_error *err);

/* Is there a folder `folder`/`name`?  Fails when that cannot be told. */
bpemix_status bmx_has_folder(const char *folder, const char *name, bool *has, bpemix_error *err);

/* The first bytes of a regular file into buf[n]: how many there are; 0 when there is no such file,
 * or it cannot be read, as whoever reads it then will tell.  Nothing is allocated. */
size_t bmx_file_head(const char *path, char *buf, size_t n);

/* Do two names belong to the same regular file?  false when there is none. */
bool bmx_same_file(const char *a, const char *b);

/* Is `path`, which need not be there yet, somewhere below the folder, or the folder? */
bool bmx_is_below(const char *path, const char *folder);

/* Has this path a component that systems hide from their users?  Such names start with a dot (as
 * ._a.txt and .DS_Store of a Mac), or are put beside files by the system itself (__MACOSX,
 * Thumbs.db), in any case. */
bool bmx_path_is_hidden(const char *path);

/* All regular files below `folder`, depth first, sorted by path bytes within
 * each folder; hidden names are skipped, symbolic links to files
 * followed, to folders not.  Owned by caller. */
typedef struct bmx_paths {
    char **path; /* path[n] */
    size_t n, cap;
} bmx_paths;
bpemix_status bmx_list_files(const char *folder, bmx_paths *out, bpemix_error *err);
/* direct sub-folders */
bpemix_status bmx_list_folders(const char *folder, bmx_paths *out, bpemix_error *err);
void bmx_paths_release(bmx_paths *p);

#endif

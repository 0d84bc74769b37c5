/* SPDX-License-Identifier: GPL-3.0-or-later */
/* group_file.h - the lines of a file of groups: category, tab, group, and optionally tab, label,
 * read as base/tab_lines.h says. */
#ifndef BMX_RESULT_GROUP_FILE_H
#define BMX_RESULT_GROUP_FILE_H

#include "base/error.h"
#include "base/tab_lines.h"

/* Start with { .lines.at = text, .name = name }. */
typedef struct bmx_group_file {
    bmx_tab_lines lines;
    const char *name; /* of the file, for messages; may be NULL */
} bmx_group_file;

/* Slices of the text. */
typedef struct bmx_group_line {
    bmx_slice category, group, label; /* an empty label: none */
} bmx_group_line;

/* The next line; *more = false: there is none.  E_FORMAT: a line without a group. */
bpemix_status bmx_group_file_next(bmx_group_file *f, bmx_group_line *line, bool *more,
                                  bpemix_error *err);

/* The error of a line whose category has a group already. */
bpemix_status bmx_group_file_twice(const bmx_group_file *f, bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tab_lines.h - lines of fields with a tab between each two.  Empty lines and those that start
 * with '#' are passed over, as is a byte order mark before the first, and line ends may be of any
 * kind. */
#ifndef BMX_BASE_TAB_LINES_H
#define BMX_BASE_TAB_LINES_H

#include "base/slice.h"

/* Start with {text, 0}. */
typedef struct bmx_tab_lines {
    const char *at; /* what is left of the text */
    size_t number;  /* of the line that was read, from 1 */
} bmx_tab_lines;

/* The fields of the next line, slices of the text: those that it lacks are empty, and the last of
 * the n has all that is left, tabs included.  false: there is no other line. */
bool bmx_tab_lines_next(bmx_tab_lines *l, bmx_slice *field, size_t n);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tab_lines.h"

#include <string.h>

/* Up to the next tab; *rest is what is behind it. */
static bmx_slice take_field(bmx_slice *rest)
{
    const char *tab = rest->len ? memchr(rest->ptr, '\t', rest->len) : NULL;
    size_t n = tab ? (size_t)(tab - rest->ptr) : rest->len, skip = tab ? n + 1 : n;
    bmx_slice field = bmx_slice_of(rest->ptr, n);

    *rest = bmx_slice_of(rest->ptr + skip, rest->len - skip);
    return field;
}

bool bmx_tab_lines_next(bmx_tab_lines *l, bmx_slice *field, size_t n)
{
    if (!l->number && !strncmp(l->at, "\xef\xbb\xbf", 3))
        l->at += 3;
    while (*l->at) {
        size_t len = strcspn(l->at, "\r\n");
        bmx_slice rest = bmx_slice_of(l->at, len);

        l->at += len;
        l->at += !strncmp(l->at, "\r\n", 2) ? 2 : *l->at != 0;
        l->number++;
        if (!rest.len || *rest.ptr == '#')
            continue;
        for (size_t i = 0; i + 1 < n; i++)
            field[i] = take_field(&rest);
        field[n - 1] = rest;
        return true;
    }
    return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/group_file.h"

#include <string.h>

static bpemix_status bad_line(const bmx_group_file *f, const char *what, const char *hint,
                              bpemix_error *err)
{
    bmx_fail_hint(err, BPEMIX_E_FORMAT, f->name ? f->name : "groups", hint, "%s", what);
    return bmx_with_line(err, BPEMIX_E_FORMAT, f->number);
}

/* Up to the next tab; *rest is what is behind it. */
static bmx_slice take_field(bmx_slice *rest)
{
    const char *tab = rest->len ? memchr(rest->ptr, '\t', rest->len) : NULL;
    size_t n = tab ? (size_t)(tab - rest->ptr) : rest->len, skip = tab ? n + 1 : n;
    bmx_slice field = bmx_slice_of(rest->ptr, n);

    *rest = bmx_slice_of(rest->ptr + skip, rest->len - skip);
    return field;
}

bpemix_status bmx_group_file_next(bmx_group_file *f, bmx_group_line *line, bool *more,
                                  bpemix_error *err)
{
    for (*more = false; *f->at && !*more;) {
        size_t len = strcspn(f->at, "\n");
        bmx_slice rest = bmx_slice_of(f->at, len && f->at[len - 1] == '\r' ? len - 1 : len);

        f->at += len + (f->at[len] == '\n');
        f->number++;
        if (!rest.len || *rest.ptr == '#')
            continue;
        line->category = take_field(&rest);
        line->group = take_field(&rest);
        line->label = rest;
        if (!line->category.len || !line->group.len)
            return bad_line(f, "no group", "write the category, a tab and its group", err);
        *more = true;
    }
    return BPEMIX_OK;
}

bpemix_status bmx_group_file_twice(const bmx_group_file *f, bpemix_error *err)
{
    return bad_line(f, "a category for the second time", "give every category one group", err);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/group_file.h"

static bpemix_status bad_line(const bmx_group_file *f, const char *what, const char *hint,
                              bpemix_error *err)
{
    bmx_fail_hint(err, BPEMIX_E_FORMAT, f->name ? f->name : "groups", hint, "%s", what);
    return bmx_with_line(err, BPEMIX_E_FORMAT, f->lines.number);
}

bpemix_status bmx_group_file_next(bmx_group_file *f, bmx_group_line *line, bool *more,
                                  bpemix_error *err)
{
    bmx_slice field[3];

    *more = bmx_tab_lines_next(&f->lines, field, 3);
    if (*more && (!field[0].len || !field[1].len))
        return bad_line(f, "no group", "write the category, a tab and its group", err);
    if (*more)
        *line = (bmx_group_line){ field[0], field[1], field[2] };
    return BPEMIX_OK;
}

bpemix_status bmx_group_file_twice(const bmx_group_file *f, bpemix_error *err)
{
    return bad_line(f, "a category for the second time", "give every category one group", err);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.c - where text comes from: how messages call it, what its name tells, and what cannot be
 * read twice. */
#include "base/format.h"
#include "read/member.h"

#include <string.h>

bool bmx_name_ends(const char *s, size_t n, const char *end)
{
    size_t m = strlen(end);
    return n >= m && bmx_same_letters(s + n - m, end, m);
}

const char *bmx_source_display(const char *path)
{
    return strcmp(path, "-") ? path : "standard input";
}

bool bmx_source_is_stream(const char *path)
{
    return !strcmp(path, "-") || bmx_path_kind_of(path) == BMX_PATH_OTHER;
}

bool bmx_is_jsonl(const char *name)
{
    static const char *const packed[] = { ".gz", ".zst", ".xz", ".bz2", ".lz4" };
    size_t n = strlen(name);

    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
        if (bmx_name_ends(name, n, packed[i])) {
            n -= strlen(packed[i]);
            break;
        }
    return bmx_name_ends(name, n, ".jsonl") || bmx_name_ends(name, n, ".ndjson");
}

static void place_of(const bmx_source *s, size_t file, const char *member, char *buf, size_t size)
{
    bmx_put_place(buf, size, bmx_source_display(s->files.path[file]), member ? member : "");
}

void bmx_source_here(const bmx_source *s, char *buf, size_t size)
{
    place_of(s, s->file, s->name.len ? s->name.ptr : NULL, buf, size);
}

void bmx_source_place(const bmx_source *s, const bmx_block *b, size_t part, char *buf,
                      size_t size)
{
    const bmx_part *p = &b->part[part];
    place_of(s, p->file, p->member == SIZE_MAX ? NULL : b->names.ptr + p->member, buf, size);
}

bpemix_status bmx_source_not_sampled(bpemix_error *err, const char *where, const char *hint,
                                     const char *what)
{
    return bmx_with_param(err, bmx_fail_hint(err, BPEMIX_E_USAGE, where, hint, "%s", what),
                          "max_bytes");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read_file.c - the whole content of a file, see input.h. */
#include "base/cancel.h"
#include "base/input.h"

#include <string.h>

/* Read until `in` ends or, as it may be endless, until it is clear that it is another kind of
 * file: it begins differently, or it should be text and has a zero byte. */
static bpemix_status read_whole(const char *path, size_t max_bytes, bmx_slice beginning,
                                bool is_text, bmx_buf *out, bpemix_error *err)
{
    bmx_input *in = NULL;
    bmx_buf buf = { 0 };
    const char *name;
    bool more;
    bpemix_status st = bmx_input_open(path, &in, err);

    if (!st)
        st = bmx_input_next(in, &name, &more, err);
    while (!st) {
        size_t got;
        if ((st = bmx_input_append(in, &buf, &got, err)) || !got)
            break;
        if (max_bytes && buf.len > max_bytes)
            st = bmx_fail_hint(err, BPEMIX_E_FORMAT, path, "give it in parts, or another file",
                               "more than %zu bytes", max_bytes);
        else
            st = bmx_check_cancel(err);
        if ((buf.len >= beginning.len && beginning.len &&
             memcmp(buf.ptr, beginning.ptr, beginning.len)) ||
            (is_text && memchr(buf.ptr + buf.len - got, 0, got)))
            break;
    }
    bmx_input_close(in);
    if (st) {
        bmx_buf_release(&buf);
        return st;
    }
    *out = buf;
    return BPEMIX_OK;
}

bpemix_status bmx_read_file(const char *path, size_t max_bytes, bmx_buf *out, bpemix_error *err)
{
    return read_whole(path, max_bytes, bmx_slice_of(NULL, 0), false, out, err);
}

/* Documents that bpemix writes have a few megabytes. */
#define MOST_TEXT ((size_t)1 << 30)

bpemix_status bmx_read_text_file(const char *path, bmx_buf *out, bpemix_error *err)
{
    return read_whole(path, MOST_TEXT, bmx_slice_of(NULL, 0), true, out, err);
}

bpemix_status bmx_read_file_like(const char *path, bmx_slice beginning, bmx_buf *out,
                                 bpemix_error *err)
{
    return read_whole(path, 0, beginning, false, out, err);
}

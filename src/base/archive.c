/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pack.c - zstd frames in memory, by way of libarchive's raw format: an archive of one
 * member without a name, which is nothing but the filter's output. */
#include "base/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>

typedef struct sink {
    bmx_buf *out;
    bool no_memory;
} sink;

static la_ssize_t append(struct archive *a, void *ctx, const void *p, size_t n)
{
    sink *s = ctx;

    if (bmx_buf_add(s->out, p, n, NULL)) {
        s->no_memory = true;
        archive_set_error(a, ENOMEM, "out of memory");
        return -1;
    }
    return (la_ssize_t)n;
}

static bpemix_status failed(struct archive *a, const sink *s, bpemix_error *err)
{
    if (s->no_memory || errno == ENOMEM || archive_errno(a) == ENOMEM)
        return bmx_nomem(err);
    return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "cannot compress: %s",
                    archive_error_string(a) ? archive_error_string(a) : "libarchive lacks zstd");
}

bpemix_status bmx_pack(bmx_slice raw, int level, bmx_buf *out, bpemix_error *err)
{
    size_t before = out->len;
    sink s = { .out = out };
    struct archive *a = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    bpemix_status st = BPEMIX_OK;
    char number[12];

    if (!a || !entry) {
        st = bmx_nomem(err);
    } else {
        snprintf(number, sizeof number, "%d", level);
        errno = 0; /* libarchive does not tell of all the memory that it lacks; malloc() does */
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_write_set_bytes_per_block(a, 0); /* no padding behind the frame */
        if (archive_write_set_format_raw(a) || archive_write_add_filter_zstd(a) ||
            archive_write_set_filter_option(a, "zstd", "compression-level", number) ||
            archive_write_open(a, &s, NULL, append, NULL) || archive_write_header(a, entry) ||
            (raw.len && archive_write_data(a, raw.ptr, raw.len) != (la_ssize_t)raw.len) ||
            archive_write_close(a))
            st = failed(a, &s, err);
    }
    archive_entry_free(entry);
    if (a)
        archive_write_free(a);
    if (st)
        out->len = before;
    return st;
}

bpemix_status bmx_unpack(bmx_slice packed, size_t size, bmx_buf *out, bpemix_error *err)
{
    struct archive *a = archive_read_new();
    struct archive_entry *entry;
    la_ssize_t got = 1;
    bool good;
    char more;

    out->len = 0;
    if (!a || bmx_buf_reserve(out, size + 1, err)) {
        if (a)
            archive_read_free(a);
        return bmx_nomem(err);
    }
    errno = 0; /* as above */
    good = !archive_read_support_filter_zstd(a) && !archive_read_support_format_raw(a) &&
           !archive_read_support_format_empty(a) &&
           !archive_read_open_memory(a, packed.ptr, packed.len);
    if (good && size > 0)
        good = !archive_read_next_header(a, &entry) && archive_filter_count(a) == 2;
    while (good && out->len < size && got > 0) {
        got = archive_read_data(a, out->ptr + out->len, size - out->len);
        out->len += got > 0 ? (size_t)got : 0;
    }
    good = good && out->len == size && (size == 0 || archive_read_data(a, &more, 1) == 0);
    if (!good && (errno == ENOMEM || archive_errno(a) == ENOMEM)) {
        archive_read_free(a);
        return bmx_nomem(err);
    }
    archive_read_free(a);
    return good ? BPEMIX_OK : bmx_fail(err, BPEMIX_E_FORMAT, "", "damaged compressed data");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* archive.c - see archive.h. */
#include "base/archive.h"

#include "base/format.h"
#include "base/version.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <string.h>

/* ---- streams ---- */

struct bmx_archive {
    struct archive *a;
    bmx_archive_feed *feed;
    void *ctx;
    bmx_trouble *trouble;
    bool no_memory;
    locale_t utf8; /* for the names in a zip; 0: there is none */
};

/* libarchive may end the program when it runs out of memory.  So an archive is opened only if
 * there is more memory than it needs. */
static bool has_room(void)
{
    void *p = bmx_malloc((size_t)1 << 20, 1);

    bmx_free(p);
    return p;
}

static bmx_archive *archive_new(bmx_archive_feed *feed, void *ctx, bmx_trouble *trouble)
{
    bmx_archive *a = has_room() ? bmx_calloc(1, sizeof *a) : NULL;

    errno = 0;
    if (!a || !(a->a = archive_read_new())) {
        bmx_free(a);
        return NULL;
    }
    a->feed = feed;
    a->ctx = ctx;
    a->trouble = trouble;
    return a;
}

bmx_archive *bmx_archive_new_unpacker(bmx_archive_feed *feed, void *ctx, bmx_trouble *trouble)
{
    bmx_archive *a = archive_new(feed, ctx, trouble);

    if (!a)
        return NULL;
    archive_read_support_filter_bzip2(a->a);
    archive_read_support_filter_gzip(a->a); /* a format inside another */
    archive_read_support_filter_lz4(a->a);
    archive_read_support_filter_xz(a->a);
    archive_read_support_filter_zstd(a->a);
    archive_read_support_format_raw(a->a);
    archive_read_support_format_empty(a->a); /* the raw format refuses data that unpacks to
                                                nothing */
    a->no_memory = errno == ENOMEM;
    return a;
}

bmx_archive *bmx_archive_new_members(bmx_archive_feed *feed, void *ctx, bool is_zip,
                                     bmx_trouble *trouble)
{
    bmx_archive *a = archive_new(feed, ctx, trouble);

    if (!a)
        return NULL;
    archive_read_support_format_tar(a->a);
    archive_read_support_format_zip(a->a);
    if (is_zip)
        a->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    a->no_memory = errno == ENOMEM;
    return a;
}

void bmx_archive_free(bmx_archive *a)
{
    if (!a)
        return;
    archive_read_free(a->a);
    if (a->utf8)
        freelocale(a->utf8);
    bmx_free(a);
}

static la_ssize_t feed_it(struct archive *ar, void *ctx, const void **p)
{
    bmx_archive *a = ctx;
    la_ssize_t n = a->feed(a->ctx, p);

    if (n < 0)
        archive_set_error(ar, EINVAL, "cannot read");
    return n;
}

bool bmx_archive_open(bmx_archive *a)
{
    int r;

    errno = 0;
    r = archive_read_open(a->a, a, NULL, feed_it, NULL);
    a->no_memory = a->no_memory || errno == ENOMEM;
    return r == ARCHIVE_OK && !a->no_memory && !a->trouble->failed;
}

/* The names of a zip may be marked as UTF-8.  libarchive translates them to the locale, and where
 * that is "C" it leaves no name at all, by which hidden members would be known. */
static int next_header(bmx_archive *a, struct archive_entry **entry)
{
    locale_t before = a->utf8 ? uselocale(a->utf8) : (locale_t)0;
    int r;

    errno = 0;
    r = archive_read_next_header(a->a, entry);
    a->no_memory = a->no_memory || errno == ENOMEM;
    if (before)
        uselocale(before);
    return r;
}

/* What failed for lack of memory is noted as such; true: something did, or could not be fed. */
static bool is_amiss(bmx_archive *a, bool failed)
{
    if (failed && bmx_archive_no_memory(a) && !a->trouble->failed)
        a->trouble->failed = ENOMEM;
    return failed || a->trouble->failed;
}

bmx_archive_step bmx_archive_next(bmx_archive *a, const char **name, bool *is_file)
{
    struct archive_entry *entry = NULL;
    int r = next_header(a, &entry);

    /* ARCHIVE_RETRY has left a member out */
    if (is_amiss(a, a->no_memory || (r != ARCHIVE_EOF && r != ARCHIVE_OK && r != ARCHIVE_WARN)))
        return BMX_ARCHIVE_FAILED;
    if (r == ARCHIVE_EOF)
        return archive_errno(a->a) ? BMX_ARCHIVE_BROKEN_END : BMX_ARCHIVE_END;
    if (name)
        *name = archive_entry_pathname(entry);
    if (is_file)
        *is_file = archive_entry_filetype(entry) == AE_IFREG;
    return BMX_ARCHIVE_MEMBER;
}

ssize_t bmx_archive_read(bmx_archive *a, void *buf, size_t n)
{
    la_ssize_t r;

    errno = 0;
    r = archive_read_data(a->a, buf, n);
    a->no_memory = a->no_memory || errno == ENOMEM;
    return is_amiss(a, a->no_memory || r < 0) ? -1 : r;
}

bool bmx_archive_no_memory(const bmx_archive *a)
{
    return a->no_memory || archive_errno(a->a) == ENOMEM;
}

const char *bmx_archive_message(const bmx_archive *a) { return archive_error_string(a->a); }

bool bmx_archive_unpacked(const bmx_archive *a) { return archive_filter_count(a->a) > 1; }

bool bmx_archive_is_tar(const bmx_archive *a)
{
    return (archive_format(a->a) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
}

uint64_t bmx_archive_taken(const bmx_archive *a)
{
    la_int64_t n = archive_filter_bytes(a->a, -1);
    return n > 0 ? (uint64_t)n : 0;
}

const char *bmx_io_library_version(void)
{
    const char *v = archive_version_string(); /* "libarchive 3.6.2" */
    return strncmp(v, "libarchive ", 11) ? v : v + 11;
}

/* ---- memory ----
 *
 * By way of libarchive's raw format: an archive of one member without a name, which is nothing
 * but the filter's output. */

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
        bmx_snprintf(number, sizeof number, "%d", level);
        errno = 0; /* see archive.h: errno tells whether memory was short */
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/unpacker.h"
#include "base/gunzip.h"

#include <errno.h>

struct bmx_unpacker {
    bmx_bytes_fn *bytes;
    void *ctx;
    bmx_trouble *trouble;
    bmx_archive *filters;
    bmx_gunzip *gz; /* NULL: not packed by gzip */
    char *packed;   /* packed[BMX_FEED_BYTES], what gz reads through */
    char *block;    /* block[BMX_FEED_BYTES], what the filters read through */
    uint64_t fed_before; /* bytes that the filters were given before they last unpacked any, */
    uint64_t fed;        /* and so far, the last of them: */
    const char *given;   /* given[n_given] */
    size_t n_given;
};

static ssize_t next_packed(void *ctx, const void **p)
{
    bmx_unpacker *u = ctx;
    return u->bytes(u->ctx, u->packed, p);
}

/* What the filters work on. */
static ssize_t feed(void *ctx, const void **p)
{
    bmx_unpacker *u = ctx;
    bool nomem = false;
    ssize_t r;

    if (u->gz) {
        r = bmx_gunzip_read(u->gz, u->block, BMX_FEED_BYTES, &u->trouble->damage, &nomem);
        *p = u->block;
    } else {
        r = u->bytes(u->ctx, u->block, p);
    }
    if (nomem)
        u->trouble->failed = ENOMEM;
    if (r > 0) {
        u->fed += (uint64_t)r;
        u->given = *p;
        u->n_given = (size_t)r;
    }
    if (u->fed - u->fed_before > BMX_MOST_FOR_NOTHING) { /* empty blocks, without an end */
        u->trouble->damage = BMX_NOTHING_IN_IT;
        return -1;
    }
    return r;
}

bmx_unpacker *bmx_unpacker_new(bmx_bytes_fn *bytes, void *ctx, bool gzip, bmx_trouble *trouble)
{
    bmx_unpacker *u = bmx_calloc(1, sizeof *u);

    if (!u)
        return NULL;
    u->bytes = bytes;
    u->ctx = ctx;
    u->trouble = trouble;
    if ((u->block = bmx_malloc(BMX_FEED_BYTES, 1)) &&
        (u->filters = bmx_archive_new_unpacker(feed, u, trouble)) &&
        (!gzip || ((u->packed = bmx_malloc(BMX_FEED_BYTES, 1)) &&
                   (u->gz = bmx_gunzip_new(next_packed, u)))))
        return u;
    bmx_unpacker_free(u);
    return NULL;
}

void bmx_unpacker_free(bmx_unpacker *u)
{
    if (!u)
        return;
    bmx_archive_free(u->filters);
    bmx_gunzip_free(u->gz);
    bmx_free(u->packed);
    bmx_free(u->block);
    bmx_free(u);
}

bool bmx_unpacker_open(bmx_unpacker *u) { return bmx_archive_open(u->filters); }

/* Filters of libarchive stop at the first bytes that are not another stream (bzip2), or after an
 * empty stream (lz4), and do not report that text is lost.  Only padding with zero bytes may follow
 * the end. */
static bool ends_well(bmx_unpacker *u)
{
    uint64_t left = u->fed - bmx_archive_taken(u->filters);
    size_t n = left < u->n_given ? (size_t)left : u->n_given;
    const char *p = u->given ? u->given + u->n_given - n : "";
    ssize_t r;

    do {
        const void *more = NULL;

        for (size_t i = 0; i < n; i++)
            if (p[i]) {
                u->trouble->damage = "something else is behind its end";
                return false;
            }
        r = feed(u, &more);
        p = more;
        n = r > 0 ? (size_t)r : 0;
    } while (r > 0);
    return r == 0 && !u->trouble->damage && !u->trouble->failed;
}

bool bmx_unpacker_begin(bmx_unpacker *u, bool *empty, bool *unpacked)
{
    bmx_archive_step step = bmx_archive_next(u->filters, NULL, NULL);

    *empty = step == BMX_ARCHIVE_END;
    *unpacked = u->gz || bmx_archive_unpacked(u->filters);
    /* a failure while it looks for a format would look like an empty file */
    if (u->trouble->damage || (step != BMX_ARCHIVE_MEMBER && step != BMX_ARCHIVE_END))
        return false;
    return !*empty || ends_well(u);
}

ssize_t bmx_unpacker_read(bmx_unpacker *u, void *buf, size_t n)
{
    ssize_t r = bmx_archive_read(u->filters, buf, n);

    u->fed_before = u->fed;
    return r == 0 && n && !ends_well(u) ? -1 : r;
}

const bmx_archive *bmx_unpacker_archive(const bmx_unpacker *u) { return u->filters; }

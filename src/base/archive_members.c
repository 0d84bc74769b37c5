/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/archive_members.h"
#include "base/signature.h"

struct bmx_members {
    bmx_bytes_fn *bytes;
    void *ctx;
    bmx_trouble *trouble;
    bmx_archive *archive;
    char *block;         /* block[BMX_FEED_BYTES], what the archive is read through */
    uint64_t fed;        /* bytes that it was given, the last of them: */
    const char *given;   /* given[n_given] */
    size_t n_given;
};

static ssize_t feed(void *ctx, const void **p)
{
    bmx_members *m = ctx;
    ssize_t r = m->bytes(m->ctx, m->block, p);

    if (r > 0) {
        m->fed += (uint64_t)r;
        m->given = *p;
        m->n_given = (size_t)r;
    }
    return r;
}

bmx_members *bmx_members_new(bmx_bytes_fn *bytes, void *ctx, bool is_zip, bmx_trouble *trouble)
{
    bmx_members *m = bmx_calloc(1, sizeof *m);

    if (!m)
        return NULL;
    m->bytes = bytes;
    m->ctx = ctx;
    m->trouble = trouble;
    if ((m->block = bmx_malloc(BMX_FEED_BYTES, 1)) &&
        (m->archive = bmx_archive_new_members(feed, m, is_zip, trouble)))
        return m;
    bmx_members_free(m);
    return NULL;
}

void bmx_members_free(bmx_members *m)
{
    if (!m)
        return;
    bmx_archive_free(m->archive);
    bmx_free(m->block);
    bmx_free(m);
}

bool bmx_members_open(bmx_members *m) { return bmx_archive_open(m->archive); }

bmx_archive_step bmx_members_next(bmx_members *m, const char **name, bool *is_file)
{
    return bmx_archive_next(m->archive, name, is_file);
}

/* Behind the zeros at the end of a tar, or the directory of a zip, there may be anything but
 * another one. */
bool bmx_members_end_alone(bmx_members *m)
{
    bool tar = bmx_archive_is_tar(m->archive);
    uint64_t left = m->fed - bmx_archive_taken(m->archive);
    size_t n = left < m->n_given ? (size_t)left : m->n_given;
    bmx_behind x = { .have = (left - n) % sizeof x.block };
    const char *p = m->given ? m->given + m->n_given - n : "";
    ssize_t r;

    do {
        const void *more = NULL;

        if (bmx_archive_begins(&x, tar, p, n)) {
            m->trouble->damage = tar ? "another tar archive is behind its end"
                                     : "another zip archive is behind its end";
            return false;
        }
        r = feed(m, &more);
        p = more;
        n = r > 0 ? (size_t)r : 0;
    } while (r > 0);
    if (r == 0 && !tar && !x.ended)
        m->trouble->damage = "it ends too early, without the directory of a zip archive";
    return r == 0 && !m->trouble->damage;
}

ssize_t bmx_members_read(bmx_members *m, void *buf, size_t n)
{
    return bmx_archive_read(m->archive, buf, n);
}

const bmx_archive *bmx_members_archive(const bmx_members *m) { return m->archive; }

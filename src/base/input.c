/* SPDX-License-Identifier: GPL-3.0-or-later */
/* input.c - bytes in: plain or packed files, archives, pipes, standard input.
 *
 * A plain file is read as it is; what has the signature of a compression is unpacked, and what
 * then, or at once, has that of an archive is taken apart:
 *
 *   file --> head ----------------------------------> caller   plain
 *            bytes --> unpacker --------------------> caller   text.zst, text.gz
 *            bytes ----------------> members -------> caller   x.tar
 *            bytes --> unpacker --> look, members --> caller   x.tar.gz
 *
 * The first bytes decide, of the file (`head`, kept so that pipes work too) and of what it
 * unpacks to (`look`): libarchive by itself takes anything that starts with NULs for an
 * empty tar. */
#include "base/input.h"
#include "base/archive_members.h"
#include "base/descriptor.h"
#include "base/folder.h"
#include "base/format.h"
#include "base/signature.h"
#include "base/unpacker.h"

#include <errno.h>
#include <string.h>

#define SIGNATURE_BYTES 512 /* a header of tar, the longest signature */
#define HEAD_BYTES ((size_t)16 << 10) /* most files of a folder of documents are shorter */

struct bmx_input {
    char *path;
    bmx_descriptor file;
    bmx_unpacker *unpacker; /* NULL: not compressed */
    bmx_members *members;   /* of a tar or zip; NULL: there is one, all of it */
    unsigned char *head;    /* head[HEAD_BYTES] */
    size_t head_len, head_used;
    unsigned char look[SIGNATURE_BYTES]; /* the first unpacked bytes */
    size_t look_len, look_used;
    bool head_given, started;
    bool empty; /* nothing to read: a compressed file of no bytes, an archive without members */
    bool unpacker_failed; /* while `members` read from it */
    bmx_trouble trouble;
};

/* The bytes of the file: what the unpacker works on or, where there is none, `members`. */
static ssize_t file_bytes(void *ctx, char *block, const void **p)
{
    bmx_input *in = ctx;
    ssize_t r;

    if (!in->head_given) {
        in->head_given = true;
        *p = in->head;
        return (ssize_t)in->head_len;
    }
    *p = block;
    if ((r = bmx_descriptor_read(&in->file, block, BMX_FEED_BYTES)) < 0)
        in->trouble.failed = errno;
    /* truncated between two members, it would look complete */
    if (r == 0 && bmx_descriptor_is_truncated(&in->file)) {
        in->trouble.truncated = true;
        in->trouble.failed = EIO;
        return -1;
    }
    return r;
}

/* The bytes that the unpacker makes of them. */
static ssize_t unpacked_bytes(void *ctx, char *block, const void **p)
{
    bmx_input *in = ctx;
    ssize_t r;

    if (in->look_used < in->look_len) {
        *p = in->look + in->look_used;
        r = (ssize_t)(in->look_len - in->look_used);
        in->look_used = in->look_len;
        return r;
    }
    *p = block;
    r = bmx_unpacker_read(in->unpacker, block, BMX_FEED_BYTES);
    in->unpacker_failed = r < 0;
    return r;
}

#define AGAIN "fetch or compress the file again"
#define ELSEWHERE "unpack it with another program and pass what is in it"

static bpemix_status fail_zstd(const bmx_input *in, const char *option, const char *with,
                               bpemix_error *err)
{
    char hint[200];

    bmx_snprintf(hint, sizeof hint,
                 "unpack it with 'zstd -dc %s %.100s' and give that, or - to read it from there",
                 option, in->path);
    return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, in->path, hint, "packed by zstd with %s", with);
}

/* What is not damaged is told by libarchive's words alone. */
static bpemix_status fail_archive(const bmx_input *in, bpemix_error *err)
{
    const bmx_trouble *t = &in->trouble;
    const bmx_archive *ar = in->members && !in->unpacker_failed
                                ? bmx_members_archive(in->members)
                                : bmx_unpacker_archive(in->unpacker);
    const char *text = t->damage ? t->damage : bmx_archive_message(ar);

    if (bmx_descriptor_gives_up(&in->file)) /* and a feed had to */
        return bmx_descriptor_given_up(&in->file, err);
    if (t->failed == ENOMEM || bmx_archive_no_memory(ar))
        return bmx_nomem(err);
    if (t->truncated)
        return bmx_descriptor_fail_truncated(&in->file, err);
    if (t->failed) {
        errno = t->failed;
        return bmx_fail_errno(err, in->path, "cannot read");
    }
    if (text && strstr(text, "too much memory")) /* zstd's words; the window is above 128 MiB */
        return fail_zstd(in, "--long=31", "a larger window than can be read here", err);
    if (text && strstr(text, "Dictionary mismatch")) /* of zstd, too */
        return fail_zstd(in, "-D DICTIONARY", "a dictionary, which is a file of its own", err);
    if (text && (strstr(text, "Passphrase") || strstr(text, "ncrypted")))
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, in->path, ELSEWHERE,
                             "protected with a password");
    if (text && strstr(text, "nsupported"))
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, in->path, ELSEWHERE,
                             "packed in a way that is not read here: %s", text);
    return bmx_fail_hint(err, BPEMIX_E_FORMAT, in->path, AGAIN,
                         "damaged compressed data: %s", text ? text : "it ends too early");
}

static bpemix_status open_unpacker(bmx_input *in, bpemix_error *err)
{
    bool gzip = !memcmp(in->head, GZIP_SIGNATURE, 3);

    if (!(in->unpacker = bmx_unpacker_new(file_bytes, in, gzip, &in->trouble)))
        return bmx_nomem(err);
    return bmx_unpacker_open(in->unpacker) ? BPEMIX_OK : fail_archive(in, err);
}

static bpemix_status open_members(bmx_input *in, bpemix_error *err)
{
    bool is_zip = !memcmp(in->unpacker ? in->look : in->head, "PK", 2); /* a tar has 512 bytes */

    in->members = bmx_members_new(in->unpacker ? unpacked_bytes : file_bytes, in, is_zip,
                                  &in->trouble);
    if (!in->members)
        return bmx_nomem(err);
    return bmx_members_open(in->members) ? BPEMIX_OK : fail_archive(in, err);
}

/* Read until the head has what a signature takes, or the file ends. */
static bpemix_status fill_head(bmx_input *in, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;
    size_t got = 1;

    while (!st && in->head_len < SIGNATURE_BYTES && got)
        if (!(st = bmx_descriptor_get(&in->file, in->head + in->head_len,
                                      HEAD_BYTES - in->head_len, &got, err)))
            in->head_len += got;
    return st;
}

/* zstd and lz4 have the same frames to be skipped, of a mark, a length and that many bytes.  Where
 * a file begins with some, what is behind them tells whose they are. */
static bpemix_status skip_frames(bmx_input *in, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;
    bool any = false;

    for (; !st && bmx_is_skippable_frame(in->head, in->head_len); any = true) {
        const unsigned char *n = in->head + 4;
        uint64_t left = 8;

        if (in->head_len >= 8)
            left += n[0] | (uint64_t)n[1] << 8 | (uint64_t)n[2] << 16 | (uint64_t)n[3] << 24;
        while (!st && left && in->head_len) {
            size_t k = left < in->head_len ? (size_t)left : in->head_len;

            left -= k;
            in->head_len -= k;
            memmove(in->head, in->head + k, in->head_len);
            st = fill_head(in, err);
        }
        if (!st && left)
            return bmx_fail_hint(err, BPEMIX_E_FORMAT, in->path, AGAIN,
                                 "damaged compressed data: it ends too early");
    }
    in->empty = any && !in->head_len;
    if (!st && any && in->head_len && !bmx_is_frame(in->head, in->head_len))
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, in->path, AGAIN,
                             "damaged compressed data: neither zstd nor lz4 is behind the frames "
                             "that are skipped");
    return st;
}

bpemix_status bmx_input_open(const char *path, bmx_input **out, bpemix_error *err)
{
    return bmx_input_open_until(path, false, NULL, out, err);
}

bpemix_status bmx_input_open_until(const char *path, bool listed, const atomic_bool *unneeded,
                                   bmx_input **out, bpemix_error *err)
{
    bmx_input *in = bmx_calloc(1, sizeof *in);
    bpemix_status st;

    if (!in)
        return bmx_nomem(err);
    in->file = (bmx_descriptor){ .fd = -1, .unneeded = unneeded };
    if (!(in->path = bmx_strdup(strcmp(path, "-") ? path : "standard input")) ||
        !(in->head = bmx_malloc(HEAD_BYTES, 1))) {
        bmx_input_close(in);
        return bmx_nomem(err);
    }
    in->file.name = in->path;
    st = bmx_descriptor_open(&in->file, path, err);
    if (!st && listed && in->file.waits)
        st = bmx_fail_hint(err, BPEMIX_E_IO, path, "run again when nobody changes the folder",
                           "no regular file any more");
    if (!st)
        st = fill_head(in, err);
    if (!st)
        st = skip_frames(in, err);
    if (st) {
        bmx_input_close(in);
        return st;
    }
    if (bmx_is_compressed(in->head, in->head_len))
        st = open_unpacker(in, err);
    else if (bmx_is_archive(in->head, in->head_len))
        st = open_members(in, err);
    if (st) {
        bmx_input_close(in);
        return st;
    }
    *out = in;
    return BPEMIX_OK;
}

/* Begin to unpack, and find out whether that is an archive. */
static bpemix_status begin_unpacking(bmx_input *in, bpemix_error *err)
{
    bool unpacked;
    ssize_t got = 1;

    if (!bmx_unpacker_begin(in->unpacker, &in->empty, &unpacked))
        return fail_archive(in, err);
    if (in->empty)
        return BPEMIX_OK;
    if (!unpacked) /* the packed bytes would be taken for text */
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, in->path,
                             "unpack it with another program, or fetch it again",
                             "damaged compressed data, or of an unusual kind: no header that is "
                             "known");
    while (in->look_len < sizeof in->look && got) {
        got = bmx_unpacker_read(in->unpacker, in->look + in->look_len,
                                sizeof in->look - in->look_len);
        if (got < 0)
            return fail_archive(in, err);
        in->look_len += (size_t)got;
    }
    return bmx_is_archive(in->look, in->look_len) ? open_members(in, err) : BPEMIX_OK;
}

static bpemix_status next_of_archive(bmx_input *in, const char **name, bool *more,
                                     bpemix_error *err)
{
    bool is_file = false;

    do {
        bmx_archive_step step = bmx_members_next(in->members, name, &is_file);

        if (in->trouble.damage || in->unpacker_failed || step == BMX_ARCHIVE_FAILED ||
            (step == BMX_ARCHIVE_BROKEN_END && !in->started))
            return fail_archive(in, err);
        if (step != BMX_ARCHIVE_MEMBER) {
            if (!bmx_members_end_alone(in->members))
                return fail_archive(in, err);
            *more = in->empty = !in->started; /* an archive without members is one empty member */
            *name = "";
            in->started = true;
            return BPEMIX_OK;
        }
        in->started = true;
    } while (!is_file || (*name && bmx_path_is_hidden(*name)));
    if (!*name || !**name)
        *name = "?";
    *more = true;
    return BPEMIX_OK;
}

bpemix_status bmx_input_next(bmx_input *in, const char **name, bool *more, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (in->unpacker && !in->started && (st = begin_unpacking(in, err)))
        return st;
    if (in->members && !in->empty)
        return next_of_archive(in, name, more, err);
    *more = !in->started;
    *name = "";
    in->started = true;
    return BPEMIX_OK;
}

bpemix_status bmx_input_read(bmx_input *in, void *buf, size_t n, size_t *got, bpemix_error *err)
{
    if (in->empty) {
        *got = 0;
        return BPEMIX_OK;
    }
    if (!in->members && in->look_used < in->look_len) {
        *got = in->look_len - in->look_used < n ? in->look_len - in->look_used : n;
        memcpy(buf, in->look + in->look_used, *got);
        in->look_used += *got;
        return BPEMIX_OK;
    }
    if (in->members || in->unpacker) {
        ssize_t r = in->members ? bmx_members_read(in->members, buf, n)
                                : bmx_unpacker_read(in->unpacker, buf, n);
        if (r < 0)
            return fail_archive(in, err);
        *got = (size_t)r;
        return BPEMIX_OK;
    }
    if (in->head_used < in->head_len) {
        size_t left = in->head_len - in->head_used;
        *got = n < left ? n : left;
        memcpy(buf, in->head + in->head_used, *got);
        in->head_used += *got;
        return BPEMIX_OK;
    }
    return bmx_descriptor_get(&in->file, buf, n, got, err);
}

bpemix_status bmx_input_append(bmx_input *in, bmx_buf *to, size_t *got, bpemix_error *err)
{
    const char *name;
    bool more;
    bpemix_status st = bmx_buf_reserve(to, 65536, err);

    if (!st)
        st = bmx_input_read(in, to->ptr + to->len, to->cap - to->len, got, err);
    if (!st)
        to->len += *got;
    if (st || *got)
        return st;
    st = bmx_input_next(in, &name, &more, err);
    if (!st && more)
        st = bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, in->path, "unpack it and pass the files",
                           "an archive of several files");
    return st;
}

void bmx_input_close(bmx_input *in)
{
    if (!in)
        return;
    bmx_members_free(in->members);
    bmx_unpacker_free(in->unpacker);
    bmx_descriptor_close(&in->file);
    bmx_free(in->path);
    bmx_free(in->head);
    bmx_free(in);
}

bool bmx_input_is_plain(const bmx_input *in) { return !in->unpacker && !in->members; }

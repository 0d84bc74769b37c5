/* SPDX-License-Identifier: GPL-3.0-or-later */
/* input.c - bytes in: plain or packed files, archives, pipes, standard input.
 *
 * A plain file is read with read(2); what has the signature of a compression is unpacked
 * by zlib or by one of libarchive's filters, and what then, or at once, has that of an
 * archive is taken apart by another instance of libarchive:
 *
 *   file --> head ------------------------------------> caller   plain
 *            bytes --> unpacker ----------------------> caller   text.zst
 *            bytes --> gunzip --> unpacker -----------> caller   text.gz
 *            bytes -----------------> members --------> caller   x.tar
 *            bytes --> [gunzip -->] unpacker --> look, members --> caller   x.tar.gz
 *
 * The first bytes decide, of the file (`head`, kept so that pipes work too) and of what it
 * unpacks to (`look`): libarchive by itself takes anything that starts with NULs for an
 * empty tar. */
#include "base/input.h"
#include "base/archive.h"
#include "base/cancel.h"
#include "base/folder.h"
#include "base/format.h"
#include "base/gunzip.h"
#include "base/signature.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIGNATURE_BYTES 512 /* a header of tar, the longest thing that is recognized by its start */
#define HEAD_BYTES ((size_t)16 << 10) /* most files of a folder of documents are shorter */
#define BLOCK_BYTES ((size_t)64 << 10) /* that are read at a time; a judgement */

struct bmx_input {
    char *path;
    int fd;
    bmx_archive *unpacker; /* filters alone; NULL: not compressed */
    bmx_archive *members;  /* of a tar or zip; NULL: there is one, all of it */
    unsigned char look[SIGNATURE_BYTES]; /* the first unpacked bytes */
    size_t look_len, look_used;
    unsigned char *head; /* head[HEAD_BYTES] */
    size_t head_len, head_used;
    char *block;    /* block[BLOCK_BYTES], what the unpacker reads through */
    char *unpacked; /* unpacked[BLOCK_BYTES], what `members` reads through */
    bmx_gunzip *gz;  /* NULL: not packed by gzip, or nothing is */
    char *packed;    /* packed[BLOCK_BYTES], what gz reads through */
    const char *damage; /* damage that gz found, or that data follows another stream */
    uint64_t fed_before; /* bytes that the unpacker was given before it last unpacked any, */
    uint64_t fed;        /* and so far, the last of them: */
    const char *given;  /* given[n_given], within head or block */
    size_t n_given;
    uint64_t apart; /* bytes that `members` was given, the last of them: */
    const char *fetched; /* fetched[n_fetched] */
    size_t n_fetched;
    bool waits;  /* a pipe or terminal: reading can take until somebody writes */
    const atomic_bool *unneeded;
    bool at_end; /* read(2) said so */
    uint64_t size, n_read; /* of a regular file: when it was opened, and so far */
    bool head_given, started;
    bool empty; /* nothing to read: a compressed file of no bytes, an archive without members */
    bool unpacker_failed; /* while `members` read from it */
    bool cut; /* the file, while it was unpacked */
    int failed; /* errno of a read(2) for libarchive, which keeps none */
};

/* What has been read so far is all that there will be. */
static bool gives_up(const bmx_input *in)
{
    return bmx_cancelled() || (in->unneeded && atomic_load(in->unneeded));
}

static bpemix_status given_up(const bmx_input *in, bpemix_error *err)
{
    bpemix_status st = bmx_check_cancel(err);
    return st ? st : bmx_fail(err, BPEMIX_E_IO, in->path, "not needed any more");
}

/* read(2) that can be interrupted.  Polling is needed because a signal may be delivered to another
 * thread than the one that waits here.  What others append to the file meanwhile is not read: they
 * may be as fast as we are. */
static ssize_t read_some(const bmx_input *in, void *buf, size_t n)
{
    struct pollfd p = { .fd = in->fd, .events = POLLIN };
    ssize_t r = -1;
    int ready = 1;

    if (in->size && n > in->size - in->n_read)
        n = (size_t)(in->size - in->n_read);
    if (bmx_cancelled()) { /* what is read may never unpack to anything, and never end */
        errno = EINTR;
        return -1;
    }
    do {
        if (in->waits)
            ready = poll(&p, 1, 200); /* milliseconds */
        if (ready > 0)
            r = read(in->fd, buf, n);
        else if (gives_up(in))
            errno = EINTR;
    } while ((ready == 0 || (r < 0 && errno == EINTR)) && !gives_up(in));
    return r;
}

/* At the end of a regular file: has it become shorter since it was opened?  (Files such as those of
 * /sys always state a size that is larger than their content.) */
static bool is_truncated(const bmx_input *in)
{
    struct stat sb;

    return in->n_read < in->size && !fstat(in->fd, &sb) && (uint64_t)sb.st_size < in->size;
}

static bpemix_status fail_truncated(const bmx_input *in, bpemix_error *err)
{
    return bmx_fail_hint(err, BPEMIX_E_IO, in->path, "run again when nobody writes to it any more",
                         "became shorter while it was read");
}

static bpemix_status read_fd(bmx_input *in, void *buf, size_t n, size_t *got, bpemix_error *err)
{
    ssize_t r = in->at_end ? 0 : read_some(in, buf, n);

    in->at_end = r == 0;
    if (r < 0)
        return gives_up(in) ? given_up(in, err) : bmx_fail_errno(err, in->path, "cannot read");
    in->n_read += (uint64_t)r;
    *got = (size_t)r;
    return r || !is_truncated(in) ? BPEMIX_OK : fail_truncated(in, err);
}

/* libarchive may end the program when it runs out of memory.  So an archive is opened only if
 * there is more memory than it needs. */
static bool has_room(void)
{
    void *p = bmx_malloc((size_t)1 << 20, 1);

    bmx_free(p);
    return p;
}

static bmx_archive_step next_header(bmx_input *in, bmx_archive *ar, const char **name,
                                    bool *is_file)
{
    bmx_archive_step step = bmx_archive_next(ar, name, is_file);

    if (step == BMX_ARCHIVE_FAILED && bmx_archive_no_memory(ar) && !in->failed)
        in->failed = ENOMEM;
    return in->failed ? BMX_ARCHIVE_FAILED : step;
}

static ssize_t data_of(bmx_input *in, bmx_archive *ar, void *buf, size_t n)
{
    ssize_t r = bmx_archive_read(ar, buf, n);

    if (r < 0 && bmx_archive_no_memory(ar) && !in->failed)
        in->failed = ENOMEM;
    return in->failed ? -1 : r;
}

/* The bytes of the file, the next at *p, which lie in `block` or in the head. */
static ssize_t next_bytes(bmx_input *in, char *block, const void **p)
{
    ssize_t r;

    if (!in->head_given) {
        in->head_given = true;
        *p = in->head;
        return (ssize_t)in->head_len;
    }
    *p = block;
    if ((r = in->at_end ? 0 : read_some(in, block, BLOCK_BYTES)) < 0)
        in->failed = errno;
    else
        in->n_read += (uint64_t)r;
    in->at_end = r == 0;
    if (r == 0 && is_truncated(in)) { /* truncated between two members, it would look complete */
        in->cut = true;
        in->failed = EIO;
        return -1;
    }
    return r;
}

static ssize_t next_packed(void *ctx, const void **p)
{
    bmx_input *in = ctx;
    return next_bytes(in, in->packed, p);
}

/* What the unpacker works on. */
static ssize_t feed_unpacker(void *ctx, const void **buf)
{
    bmx_input *in = ctx;
    bool nomem = false;
    ssize_t r;

    if (in->gz) {
        r = bmx_gunzip_read(in->gz, in->block, BLOCK_BYTES, &in->damage, &nomem);
        *buf = in->block;
    } else {
        r = next_bytes(in, in->block, buf);
    }
    if (nomem)
        in->failed = ENOMEM;
    if (r > 0) {
        in->fed += (uint64_t)r;
        in->given = *buf;
        in->n_given = (size_t)r;
    }
    if (in->fed - in->fed_before > BMX_MOST_FOR_NOTHING) { /* empty blocks, without an end */
        in->damage = BMX_NOTHING_IN_IT;
        return -1;
    }
    return r;
}

/* Filters of libarchive stop at the first bytes that are not another stream (bzip2), or after an
 * empty stream (lz4), and do not report that text is lost.  Only padding with zero bytes may follow
 * the end.
 * Errors are left in *in. */
static bool ends_well(bmx_input *in)
{
    uint64_t left = in->fed - bmx_archive_taken(in->unpacker);
    size_t n = left < in->n_given ? (size_t)left : in->n_given;
    const char *p = in->given ? in->given + in->n_given - n : "";
    ssize_t r;

    do {
        const void *more = NULL;

        for (size_t i = 0; i < n; i++)
            if (p[i]) {
                in->damage = "something else is behind its end";
                return false;
            }
        r = feed_unpacker(in, &more);
        p = more;
        n = r > 0 ? (size_t)r : 0;
    } while (r > 0);
    return r == 0 && !in->damage && !in->failed;
}

/* Unpacked bytes: how many, 0 at the end, -1 after a failure. */
static ssize_t unpack(bmx_input *in, void *buf, size_t n)
{
    ssize_t r = data_of(in, in->unpacker, buf, n);

    in->fed_before = in->fed;
    return r == 0 && n && !ends_well(in) ? -1 : r;
}

/* What is taken apart into members. */
static ssize_t members_bytes(void *ctx, const void **buf)
{
    bmx_input *in = ctx;
    ssize_t r;

    if (!in->unpacker)
        return next_bytes(in, in->block, buf);
    if (in->look_used < in->look_len) {
        *buf = in->look + in->look_used;
        r = (ssize_t)(in->look_len - in->look_used);
        in->look_used = in->look_len;
        return r;
    }
    *buf = in->unpacked;
    r = unpack(in, in->unpacked, BLOCK_BYTES);
    in->unpacker_failed = r < 0;
    return r;
}

static ssize_t feed_members(void *ctx, const void **buf)
{
    bmx_input *in = ctx;
    ssize_t r = members_bytes(in, buf);

    if (r > 0) {
        in->apart += (uint64_t)r;
        in->fetched = *buf;
        in->n_fetched = (size_t)r;
    }
    return r;
}

/* Behind the zeros at the end of a tar, or the directory of a zip, there may be anything but
 * another one (as `cat` makes it), whose members would be left out in silence.  Errors are left in
 * *in. */
static bool ends_alone(bmx_input *in, bool tar)
{
    uint64_t left = in->apart - bmx_archive_taken(in->members);
    size_t n = left < in->n_fetched ? (size_t)left : in->n_fetched;
    bmx_behind x = { .have = (left - n) % sizeof x.block };
    const char *p = in->fetched ? in->fetched + in->n_fetched - n : "";
    ssize_t r;

    do {
        const void *more = NULL;

        if (bmx_archive_begins(&x, tar, p, n)) {
            in->damage = tar ? "another tar archive is behind its end"
                             : "another zip archive is behind its end";
            return false;
        }
        r = feed_members(in, &more);
        p = more;
        n = r > 0 ? (size_t)r : 0;
    } while (r > 0);
    if (r == 0 && !tar && !x.ended)
        in->damage = "it ends too early, without the directory of a zip archive";
    return r == 0 && !in->damage;
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
static bpemix_status fail_archive(bmx_input *in, bpemix_error *err)
{
    const bmx_archive *ar = in->members && !in->unpacker_failed ? in->members : in->unpacker;
    const char *text = in->damage ? in->damage : bmx_archive_message(ar);

    if (gives_up(in)) /* and a feed had to */
        return given_up(in, err);
    if (in->failed == ENOMEM || bmx_archive_no_memory(ar))
        return bmx_nomem(err);
    if (in->cut)
        return fail_truncated(in, err);
    if (in->failed) {
        errno = in->failed;
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

/* Opening a named pipe blocks until somebody writes to it.  On Linux it is opened without blocking,
 * and poll(2) waits instead, which can be interrupted.  (Other systems may report a pipe that
 * nobody has opened yet as closed.) */
static bpemix_status open_fd(bmx_input *in, const char *path, bpemix_error *err)
{
#ifdef __linux__
    const int without_wait = O_NONBLOCK;
#else
    const int without_wait = 0;
#endif
    bool is_stdin = !strcmp(path, "-");
    struct stat sb;

    do
        in->fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | without_wait);
    while (in->fd < 0 && errno == EINTR && !bmx_cancelled());
    if (in->fd < 0)
        return errno == EINTR ? bmx_check_cancel(err)
                              : bmx_fail_errno(err, in->path, "cannot open");
    if (!fstat(in->fd, &sb)) {
        in->waits = !S_ISREG(sb.st_mode);
        in->size = S_ISREG(sb.st_mode) && !is_stdin ? (uint64_t)sb.st_size : 0;
    }
    if (in->waits && !is_stdin && without_wait != 0)
        (void)fcntl(in->fd, F_SETFL, fcntl(in->fd, F_GETFL) & ~without_wait);
    return BPEMIX_OK;
}

static bpemix_status open_archive(bmx_input *in, bmx_archive *ar, bpemix_error *err)
{
    return bmx_archive_open(ar) && !in->failed ? BPEMIX_OK : fail_archive(in, err);
}

static bpemix_status open_unpacker(bmx_input *in, bpemix_error *err)
{
    bool gzip = !memcmp(in->head, GZIP_SIGNATURE, 3);

    if (!has_room() || !(in->block = bmx_malloc(BLOCK_BYTES, 1)) ||
        !(in->unpacker = bmx_archive_new_unpacker(feed_unpacker, in)) ||
        (gzip && (!(in->packed = bmx_malloc(BLOCK_BYTES, 1)) ||
                  !(in->gz = bmx_gunzip_new(next_packed, in)))))
        return bmx_nomem(err);
    return open_archive(in, in->unpacker, err);
}

static bpemix_status open_members(bmx_input *in, bpemix_error *err)
{
    bool is_zip = !memcmp(in->unpacker ? in->look : in->head, "PK", 2); /* a tar has 512 bytes */

    if (!has_room() || (!in->block && !(in->block = bmx_malloc(BLOCK_BYTES, 1))) ||
        (in->unpacker && !(in->unpacked = bmx_malloc(BLOCK_BYTES, 1))) ||
        !(in->members = bmx_archive_new_members(feed_members, in, is_zip)))
        return bmx_nomem(err);
    return open_archive(in, in->members, err);
}

/* Read until the head has what a signature takes, or the file ends. */
static bpemix_status fill_head(bmx_input *in, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;
    size_t got = 1;

    while (!st && in->head_len < SIGNATURE_BYTES && got)
        if (!(st = read_fd(in, in->head + in->head_len, HEAD_BYTES - in->head_len, &got, err)))
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
    in->fd = -1;
    in->unneeded = unneeded;
    if (!(in->path = bmx_strdup(strcmp(path, "-") ? path : "standard input")) ||
        !(in->head = bmx_malloc(HEAD_BYTES, 1))) {
        bmx_input_close(in);
        return bmx_nomem(err);
    }
    st = open_fd(in, path, err);
    if (!st && listed && in->waits)
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
    bmx_archive_step step = next_header(in, in->unpacker, NULL, NULL);
    ssize_t got = 1;

    /* a failure while it looks for a format would look like an empty file */
    if (in->damage || (step != BMX_ARCHIVE_MEMBER && step != BMX_ARCHIVE_END))
        return fail_archive(in, err);
    if (step == BMX_ARCHIVE_END) {
        in->empty = true;
        return ends_well(in) ? BPEMIX_OK : fail_archive(in, err);
    }
    if (!in->gz && !bmx_archive_unpacked(in->unpacker)) /* the packed bytes would be taken for
                                                           text */
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, in->path,
                             "unpack it with another program, or fetch it again",
                             "damaged compressed data, or of an unusual kind: no header that is "
                             "known");
    while (in->look_len < sizeof in->look && got) {
        got = unpack(in, in->look + in->look_len, sizeof in->look - in->look_len);
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
        bmx_archive_step step = next_header(in, in->members, name, &is_file);

        if (in->damage || in->unpacker_failed || step == BMX_ARCHIVE_FAILED ||
            (step == BMX_ARCHIVE_BROKEN_END && !in->started))
            return fail_archive(in, err);
        if (step != BMX_ARCHIVE_MEMBER) {
            if (!ends_alone(in, bmx_archive_is_tar(in->members)))
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
    bmx_archive *ar = in->members ? in->members : in->unpacker;

    if (in->empty) {
        *got = 0;
        return BPEMIX_OK;
    }
    if (ar && ar == in->unpacker && in->look_used < in->look_len) {
        *got = in->look_len - in->look_used < n ? in->look_len - in->look_used : n;
        memcpy(buf, in->look + in->look_used, *got);
        in->look_used += *got;
        return BPEMIX_OK;
    }
    if (ar) {
        ssize_t r = ar == in->unpacker ? unpack(in, buf, n) : data_of(in, ar, buf, n);
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
    return read_fd(in, buf, n, got, err);
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
    bmx_archive_free(in->members);
    bmx_archive_free(in->unpacker);
    bmx_gunzip_free(in->gz);
    if (in->fd >= 0)
        close(in->fd);
    bmx_free(in->packed);
    bmx_free(in->path);
    bmx_free(in->head);
    bmx_free(in->block);
    bmx_free(in->unpacked);
    bmx_free(in);
}

bool bmx_input_is_plain(const bmx_input *in) { return !in->unpacker && !in->members; }

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

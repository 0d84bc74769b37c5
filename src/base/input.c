/* input.c - bytes in: plain or packed files, archives, pipes, standard input.
 *
 * A plain file is read with read(2); anything with the signature of a compression or of
 * an archive goes through libarchive, behind zlib if gzip has packed it:
 *
 *   file --read(2)--> head --------------------------------------------> caller   plain
 *                     head, block  --feed()--> libarchive ------------->          zstd, tar, ...
 *                     head, packed --> gunzip --feed()--> libarchive -->          gzip
 *
 * The first bytes decide which; they are kept in `head`, so that pipes work too. */
#include "base/input.h"
#include "base/cancel.h"
#include "base/gunzip.h"
#include "base/version.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIGNATURE_BYTES 512
#define GZIP_SIGNATURE "\x1f\x8b\x08"
#define HEAD_BYTES ((size_t)16 << 10) /* most files of a folder of documents are shorter */
#define BLOCK_BYTES ((size_t)64 << 10)

struct bmx_input {
    char *path;
    int fd;
    struct archive *ar;  /* NULL: plain */
    unsigned char *head; /* head[HEAD_BYTES] */
    size_t head_len, head_used;
    char *block; /* block[BLOCK_BYTES], what libarchive reads through */
    bmx_gunzip *gz;  /* NULL: not packed by gzip, or nothing is */
    char *packed;    /* packed[BLOCK_BYTES], what gz reads through */
    const char *damage; /* what gz found wrong */
    bool waits;  /* a pipe or terminal: reading can take until somebody writes */
    const atomic_bool *unneeded;
    bool at_end; /* read(2) said so */
    bool head_given, started, raw;
    bool empty; /* libarchive found no member: nothing to read */
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

/* read(2) that may be given up.  A signal is taken by any one thread, which need
 * not be the one that waits here. */
static ssize_t read_some(const bmx_input *in, void *buf, size_t n)
{
    struct pollfd p = { .fd = in->fd, .events = POLLIN };
    ssize_t r = -1;
    int ready = 1;

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

static bpemix_status read_fd(bmx_input *in, void *buf, size_t n, size_t *got, bpemix_error *err)
{
    ssize_t r = in->at_end ? 0 : read_some(in, buf, n);

    in->at_end = r == 0;
    if (r < 0)
        return gives_up(in) ? given_up(in, err) : bmx_fail_errno(err, in->path, "cannot read");
    *got = (size_t)r;
    return BPEMIX_OK;
}

/* A header of tar by its checksum: the oldest kind has no other sign. */
static bool is_tar(const unsigned char *h, size_t n)
{
    enum { HEADER = 512, SUM = 148, SUM_DIGITS = 6, SUM_FIELD = 8 };
    unsigned sum = SUM_FIELD * ' ', want = 0;
    int digits = 0;

    if (n < HEADER)
        return false;
    for (int i = SUM; i < SUM + SUM_FIELD - 1; i++)
        if (h[i] >= '0' && h[i] <= '7') {
            want = want * 8 + (unsigned)(h[i] - '0');
            digits++;
        } else if (h[i] != ' ' || digits) {
            break;
        }
    for (int i = 0; i < HEADER; i++)
        sum += i < SUM || i >= SUM + SUM_FIELD ? h[i] : 0u;
    return digits >= 3 && digits <= SUM_DIGITS + 1 && sum == want && h[0];
}

bool bmx_is_packed(const void *p, size_t n)
{
    const unsigned char *h = p;
    static const struct { size_t at, len; const char *bytes; } sig[] = {
        { 0, 3, GZIP_SIGNATURE },
        { 0, 4, "\x28\xb5\x2f\xfd" },         /* zstd */
        { 0, 6, "\xfd" "7zXZ\0" },            /* xz */
        { 0, 4, "\x04\x22\x4d\x18" },         /* lz4 */
        { 0, 4, "\x02\x21\x4c\x18" },         /* lz4, the kind before */
        { 0, 4, "PK\x03\x04" },               /* zip */
        { 0, 4, "PK\x05\x06" },               /* zip, of nothing */
        { 257, 6, "ustar\0" },                /* tar, as POSIX has it */
        { 257, 8, "ustar  \0" },              /* as GNU has it */
    };
    for (size_t i = 0; i < sizeof sig / sizeof *sig; i++)
        if (n >= sig[i].at + sig[i].len && !memcmp(h + sig[i].at, sig[i].bytes, sig[i].len))
            return true;
    if (is_tar(h, n))
        return true;
    /* a frame of zstd that is skipped comes first when several threads have packed it */
    if (n >= 4 && h[0] >> 4 == 5 && !memcmp(h + 1, "\x2a\x4d\x18", 3))
        return true;
    /* bzip2: "BZh", a digit and the block signature, as "BZh" alone is text */
    return n >= 10 && !memcmp(h, "BZh", 3) && h[3] >= '1' && h[3] <= '9' &&
           (!memcmp(h + 4, "\x31\x41\x59\x26\x53\x59", 6) || !memcmp(h + 4, "\x17\x72\x45\x38\x50\x90", 6));
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
    in->at_end = r == 0;
    return r;
}

static ssize_t next_packed(void *ctx, const void **p)
{
    bmx_input *in = ctx;
    return next_bytes(in, in->packed, p);
}

static la_ssize_t feed(struct archive *ar, void *data, const void **buf)
{
    bmx_input *in = data;
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
    if (r < 0)
        archive_set_error(ar, in->failed ? in->failed : EINVAL, "cannot read");
    return r;
}

static bpemix_status fail_archive(bmx_input *in, bpemix_error *err)
{
    const char *text = in->damage ? in->damage : archive_error_string(in->ar);

    if (gives_up(in)) /* and feed() did */
        return given_up(in, err);
    if (in->failed == ENOMEM || archive_errno(in->ar) == ENOMEM)
        return bmx_nomem(err);
    if (in->failed) {
        errno = in->failed;
        return bmx_fail_errno(err, in->path, "cannot read");
    }
    return bmx_fail_hint(err, BPEMIX_E_FORMAT, in->path, "fetch or compress the file again",
                         "damaged compressed data: %s", text ? text : "unknown error");
}

/* Opening a named pipe waits for somebody to write to it.  On Linux it need not:
 * poll(2) waits as well, and can be ended.  (Elsewhere it may take a pipe that nobody
 * has opened yet for one that all have closed.) */
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
        return errno == EINTR ? bmx_check_cancel(err) : bmx_fail_errno(err, in->path, "cannot open");
    in->waits = !fstat(in->fd, &sb) && !S_ISREG(sb.st_mode);
    if (in->waits && !is_stdin && without_wait)
        (void)fcntl(in->fd, F_SETFL, fcntl(in->fd, F_GETFL) & ~without_wait);
    return BPEMIX_OK;
}

bpemix_status bmx_input_open(const char *path, bmx_input **out, bpemix_error *err)
{
    return bmx_input_open_until(path, NULL, out, err);
}

bpemix_status bmx_input_open_until(const char *path, const atomic_bool *unneeded, bmx_input **out,
                                   bpemix_error *err)
{
    bmx_input *in = bmx_calloc(1, sizeof *in);
    bpemix_status st;
    size_t got = 1;

    if (!in)
        return bmx_nomem(err);
    in->fd = -1;
    in->unneeded = unneeded;
    if (!(in->path = bmx_strdup(strcmp(path, "-") ? path : "standard input")) ||
        !(in->head = bmx_malloc(HEAD_BYTES, 1))) {
        bmx_input_close(in);
        return bmx_nomem(err);
    }
    if ((st = open_fd(in, path, err))) {
        bmx_input_close(in);
        return st;
    }
    while (in->head_len < SIGNATURE_BYTES && got) {
        st = read_fd(in, in->head + in->head_len, HEAD_BYTES - in->head_len, &got, err);
        if (st) {
            bmx_input_close(in);
            return st;
        }
        in->head_len += got;
    }
    if (bmx_is_packed(in->head, in->head_len)) {
        bool gzip = !memcmp(in->head, GZIP_SIGNATURE, 3);

        if (!(in->block = bmx_malloc(BLOCK_BYTES, 1)) || !(in->ar = archive_read_new()) ||
            (gzip && (!(in->packed = bmx_malloc(BLOCK_BYTES, 1)) ||
                      !(in->gz = bmx_gunzip_new(next_packed, in))))) {
            bmx_input_close(in);
            return bmx_nomem(err);
        }
        /* not all it has: one takes "begin 644" for uuencoded data */
        archive_read_support_filter_bzip2(in->ar);
        archive_read_support_filter_gzip(in->ar); /* inside another */
        archive_read_support_filter_lz4(in->ar);
        archive_read_support_filter_xz(in->ar);
        archive_read_support_filter_zstd(in->ar);
        archive_read_support_format_tar(in->ar);
        archive_read_support_format_zip(in->ar);
        archive_read_support_format_raw(in->ar);
        archive_read_support_format_empty(in->ar); /* raw does not take what unpacks to nothing */
        if (archive_read_open(in->ar, in, NULL, feed, NULL) != ARCHIVE_OK) {
            st = fail_archive(in, err);
            bmx_input_close(in);
            return st;
        }
    }
    *out = in;
    return BPEMIX_OK;
}

bpemix_status bmx_input_next(bmx_input *in, const char **name, bool *more, bpemix_error *err)
{
    struct archive_entry *entry;

    if (!in->ar || in->empty) {
        *more = !in->started;
        *name = "";
        in->started = true;
        return BPEMIX_OK;
    }
    for (;;) {
        int r = archive_read_next_header(in->ar, &entry);
        /* what fails while it looks for a format leaves nothing, that is an empty file */
        if (in->damage || in->failed || (r == ARCHIVE_EOF && !in->started && archive_errno(in->ar)))
            return fail_archive(in, err);
        if (r == ARCHIVE_EOF) {
            *more = in->empty = !in->started; /* an empty compressed file is one empty member */
            *name = "";
            in->started = true;
            return BPEMIX_OK;
        }
        if (r != ARCHIVE_OK && r != ARCHIVE_WARN) /* ARCHIVE_RETRY has left a member out */
            return fail_archive(in, err);
        in->started = true;
        in->raw = archive_format(in->ar) == ARCHIVE_FORMAT_RAW;
        if (in->raw && !in->gz && archive_filter_count(in->ar) == 1) /* it would be text as it is */
            return bmx_fail_hint(err, BPEMIX_E_FORMAT, in->path,
                                 "unpack it with another program, or fetch it again",
                                 "damaged compressed data, or of an unusual kind: no header that is known");
        if (in->raw || archive_entry_filetype(entry) == AE_IFREG)
            break;
    }
    *name = in->raw ? "" : archive_entry_pathname(entry);
    if (!*name)
        *name = "?";
    *more = true;
    return BPEMIX_OK;
}

bpemix_status bmx_input_read(bmx_input *in, void *buf, size_t n, size_t *got, bpemix_error *err)
{
    if (in->empty) {
        *got = 0;
        return BPEMIX_OK;
    }
    if (in->ar) {
        la_ssize_t r = archive_read_data(in->ar, buf, n);
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

bpemix_status bmx_input_end(bmx_input *in, bpemix_error *err)
{
    const char *name;
    bool more;
    bpemix_status st = bmx_input_next(in, &name, &more, err);

    if (!st && more)
        st = bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, in->path, "unpack it and pass the files",
                           "an archive of several files");
    return st;
}

void bmx_input_close(bmx_input *in)
{
    if (!in)
        return;
    if (in->ar)
        archive_read_free(in->ar);
    bmx_gunzip_free(in->gz);
    if (in->fd >= 0)
        close(in->fd);
    bmx_free(in->packed);
    bmx_free(in->path);
    bmx_free(in->head);
    bmx_free(in->block);
    bmx_free(in);
}

bool bmx_input_is_plain(const bmx_input *in) { return !in->ar; }

bpemix_status bmx_read_file(const char *path, size_t max_bytes, bmx_buf *out, bpemix_error *err)
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
        if ((st = bmx_buf_reserve(&buf, 65536, err)) ||
            (st = bmx_input_read(in, buf.ptr + buf.len, buf.cap - buf.len, &got, err)))
            break;
        if (!got) {
            st = bmx_input_end(in, err);
            break;
        }
        buf.len += got;
        if (max_bytes && buf.len > max_bytes)
            st = bmx_fail(err, BPEMIX_E_FORMAT, path, "more than %zu bytes", max_bytes);
    }
    bmx_input_close(in);
    if (st) {
        bmx_buf_release(&buf);
        return st;
    }
    *out = buf;
    return BPEMIX_OK;
}

const char *bmx_io_library_version(void)
{
    const char *v = archive_version_string(); /* "libarchive 3.6.2" */
    return strncmp(v, "libarchive ", 11) ? v : v + 11;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/signature.h"

#include <string.h>

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

static bool has_signature(const unsigned char *h, size_t n, size_t at, const char *bytes,
                          size_t len)
{
    return n >= at + len && !memcmp(h + at, bytes, len);
}

static bool is_tar_header(const unsigned char *h, size_t n)
{
    return has_signature(h, n, 257, "ustar\0", 6) ||  /* as POSIX has it */
           has_signature(h, n, 257, "ustar  \0", 8) || /* as GNU has it */
           is_tar(h, n);
}

bool bmx_is_archive(const unsigned char *h, size_t n)
{
    return has_signature(h, n, 0, "PK\x03\x04", 4) || /* zip */
           has_signature(h, n, 0, "PK\x05\x06", 4) || /* an empty one */
           has_signature(h, n, 0, "PK\x07\x08PK\x03\x04", 8) || /* one that might have been split */
           has_signature(h, n, 0, "PK00PK\x03\x04", 8) ||
           is_tar_header(h, n);
}

bool bmx_archive_begins(bmx_behind *x, bool tar, const char *p, size_t n)
{
    bool found = false;

    for (size_t i = 0; i < n && !tar && !found; i++) {
        x->last = x->last << 8 | (unsigned char)p[i];
        found = x->last == 0x504b0304; /* a member */
        x->ended = x->ended || x->last == 0x504b0506;
    }
    for (size_t k; n && tar && !found; p += k, n -= k) {
        k = sizeof x->block - x->have < n ? sizeof x->block - x->have : n;
        memcpy(x->block + x->have, p, k);
        x->have = (x->have + k) % sizeof x->block;
        found = !x->have && is_tar_header(x->block, sizeof x->block);
    }
    return found;
}

bool bmx_is_skippable_frame(const unsigned char *h, size_t n)
{
    return n >= 4 && h[0] >> 4 == 5 && !memcmp(h + 1, "\x2a\x4d\x18", 3);
}

bool bmx_is_frame(const unsigned char *h, size_t n)
{
    return has_signature(h, n, 0, "\x28\xb5\x2f\xfd", 4) || /* zstd */
           has_signature(h, n, 0, "\x04\x22\x4d\x18", 4) || /* lz4 */
           has_signature(h, n, 0, "\x02\x21\x4c\x18", 4);   /* the older format of lz4 */
}

bool bmx_is_compressed(const unsigned char *h, size_t n)
{
    static const struct { size_t len; const char *bytes; } sig[] = {
        { 3, GZIP_SIGNATURE },
        { 6, "\xfd" "7zXZ\0" }, /* xz */
    };
    for (size_t i = 0; i < sizeof sig / sizeof *sig; i++)
        if (has_signature(h, n, 0, sig[i].bytes, sig[i].len))
            return true;
    if (bmx_is_frame(h, n) || bmx_is_skippable_frame(h, n))
        return true;
    /* bzip2: "BZh", a digit and the block signature, as "BZh" alone is text */
    return n >= 10 && !memcmp(h, "BZh", 3) && h[3] >= '1' && h[3] <= '9' &&
           (!memcmp(h + 4, "\x31\x41\x59\x26\x53\x59", 6) ||
            !memcmp(h + 4, "\x17\x72\x45\x38\x50\x90", 6));
}

bool bmx_is_packed(const void *p, size_t n)
{
    return bmx_is_compressed(p, n) || bmx_is_archive(p, n);
}

const char *bmx_own_file(const void *p, size_t n)
{
    static const struct { const char *bytes; size_t len; const char *what; } own[] = {
        { BMX_WORDS_MAGIC, BMX_WORDS_MAGIC_BYTES, "counted words" },
        { BMX_CHUNKS_MAGIC, BMX_CHUNKS_MAGIC_BYTES, "counted chunks" },
        { BMX_TRACE_MAGIC, sizeof BMX_TRACE_MAGIC - 1, "a trace" },
    };

    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (has_signature(p, n, 0, own[i].bytes, own[i].len))
            return own[i].what;
    return NULL;
}

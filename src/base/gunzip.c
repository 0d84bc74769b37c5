/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/gunzip.h"
#include "base/mem.h"
#include "base/version.h"

#include <string.h>
#include <zlib.h>

struct bmx_gunzip {
    z_stream z;
    bmx_gunzip_read_fn *read;
    void *ctx;
    bool in_member, any, more; /* any, more: some member was begun, and another */
    bool at_end;         /* of the packed file */
    uint64_t fed;        /* packed bytes so far */
};

static void *lib_alloc(void *ctx, unsigned n, unsigned size)
{
    (void)ctx;
    return bmx_malloc(n, size);
}

static void lib_free(void *ctx, void *p)
{
    (void)ctx;
    bmx_free(p);
}

bmx_gunzip *bmx_gunzip_new(bmx_gunzip_read_fn *read, void *ctx)
{
    enum { GZIP_ALONE = 16 + MAX_WBITS };
    bmx_gunzip *g = bmx_calloc(1, sizeof *g);

    if (!g)
        return NULL;
    *g = (bmx_gunzip){ .z = { .zalloc = lib_alloc, .zfree = lib_free }, .read = read, .ctx = ctx };
    if (inflateInit2(&g->z, GZIP_ALONE) != Z_OK) {
        bmx_free(g);
        return NULL;
    }
    return g;
}

void bmx_gunzip_free(bmx_gunzip *g)
{
    if (!g)
        return;
    inflateEnd(&g->z);
    bmx_free(g);
}

/* Packed bytes to work on, unless the file has ended.  false: reading failed. */
static bool refill(bmx_gunzip *g)
{
    const void *p = NULL;
    ssize_t n;

    if (g->z.avail_in || g->at_end)
        return true;
    n = g->read(g->ctx, &p);
    g->at_end = n == 0;
    if (n > 0) {
        g->z.next_in = (Bytef *)(uintptr_t)p;
        g->z.avail_in = (uInt)n;
        g->fed += (uint64_t)n;
    }
    return n >= 0;
}

ssize_t bmx_gunzip_read(bmx_gunzip *g, void *buf, size_t n, const char **wrong, bool *nomem)
{
    const size_t most = (size_t)1 << 30;
    const uint64_t before = g->fed;

    *wrong = NULL;
    *nomem = false;
    n = n < most ? n : most;
    g->z.next_out = buf;
    g->z.avail_out = (uInt)n;
    while (g->z.avail_out == n) {
        int code;

        if (!refill(g))
            return -1;
        if (g->fed - before > BMX_MOST_FOR_NOTHING) {
            *wrong = BMX_NOTHING_IN_IT;
            return -1;
        }
        if (!g->in_member) {
            while (g->any && g->z.avail_in && !*g->z.next_in) { /* tapes are padded with zeros */
                g->z.next_in++;
                g->z.avail_in--;
            }
            if (!g->z.avail_in && !g->at_end)
                continue;
            if (!g->z.avail_in)
                return 0;
            (void)inflateReset(&g->z);
            g->more = g->any;
            g->in_member = g->any = true;
        }
        if (!g->z.avail_in) {
            *wrong = "it ends too early";
            return -1;
        }
        code = inflate(&g->z, Z_NO_FLUSH);
        if (code == Z_STREAM_END) {
            g->in_member = false;
        } else if (code != Z_OK && code != Z_BUF_ERROR) {
            *nomem = code == Z_MEM_ERROR;
            if (!*nomem)
                *wrong = g->more && g->z.msg && !strcmp(g->z.msg, "incorrect header check")
                             ? "something else is behind its end"
                         : g->z.msg ? g->z.msg
                                    : "not as gzip packs";
            return -1;
        }
    }
    return (ssize_t)(n - g->z.avail_out);
}

const char *bmx_gunzip_library_version(void) { return zlibVersion(); }

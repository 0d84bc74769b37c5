/* SPDX-License-Identifier: GPL-3.0-or-later */
/* digest.c - SHA-256; the only user of libmd. */
#include "base/hash.h"

#include <sha2.h>
#include <string.h>

struct bmx_sha256 {
    SHA2_CTX ctx;
};

bmx_sha256 *bmx_sha256_new(void)
{
    bmx_sha256 *s = bmx_malloc(1, sizeof *s);
    if (s)
        SHA256Init(&s->ctx);
    return s;
}

void bmx_sha256_add(bmx_sha256 *s, const void *p, size_t n)
{
    SHA256Update(&s->ctx, p, n);
}

static void finish(SHA2_CTX *ctx, char out[65])
{
    static const char hex[] = "0123456789abcdef";
    uint8_t d[SHA256_DIGEST_LENGTH];

    SHA256Final(d, ctx);
    for (size_t i = 0; i < sizeof d; i++) {
        out[2 * i] = hex[d[i] >> 4];
        out[2 * i + 1] = hex[d[i] & 15];
    }
    out[64] = 0;
}

void bmx_sha256_hex(bmx_sha256 *s, char out[65])
{
    finish(&s->ctx, out);
    bmx_free(s);
}

void bmx_sha256_of(const void *p, size_t n, char out[65])
{
    SHA2_CTX ctx;

    SHA256Init(&ctx);
    SHA256Update(&ctx, p, n);
    finish(&ctx, out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slice.h - text and bytes as a borrowed pointer with a length. */
#ifndef BMX_BASE_SLICE_H
#define BMX_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* NUL bytes are data. */
typedef struct bmx_slice {
    const char *ptr;
    size_t len;
} bmx_slice;

static inline bmx_slice bmx_slice_of(const void *p, size_t n)
{
    return (bmx_slice){ (const char *)p, n };
}

static inline bmx_slice bmx_slice_str(const char *s) { return (bmx_slice){ s, strlen(s) }; }

static inline bool bmx_slice_eq(bmx_slice a, bmx_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Bytewise, shorter first. */
static inline int bmx_slice_cmp(bmx_slice a, bmx_slice b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.ptr, b.ptr, n) : 0;
    return c ? c : (a.len > b.len) - (a.len < b.len);
}

#endif

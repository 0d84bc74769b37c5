/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mem.c - allocation that checks its sizes and can be made to fail, growable buffers, arenas.
 *
 *   arena   head --> block --> block --> NULL     objects are handed out of the first
 *
 * Blocks of an arena grow with it, so that few are needed; nothing in it is freed alone. */
#include "base/mem.h"
#include "base/format.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static atomic_long fail_countdown;

static bool fails_now(void)
{
    if (atomic_load_explicit(&fail_countdown, memory_order_relaxed) == 0)
        return false;
    return atomic_fetch_sub(&fail_countdown, 1) == 1;
}

void bmx_mem_fail_at(long k) { atomic_store(&fail_countdown, k); }
long bmx_mem_fail_left(void) { return atomic_load(&fail_countdown); }

void *bmx_malloc(size_t n, size_t size)
{
    if ((size && n > SIZE_MAX / size) || fails_now())
        return NULL;
    return malloc(n && size ? n * size : 1);
}

void *bmx_calloc(size_t n, size_t size)
{
    return fails_now() ? NULL : calloc(n ? n : 1, size ? size : 1);
}

void *bmx_realloc(void *p, size_t n, size_t size)
{
    if ((size && n > SIZE_MAX / size) || fails_now())
        return NULL;
    return realloc(p, n && size ? n * size : 1);
}

/* Huge pages for a large table spare a page walk at every look-up. */
static void want_huge_pages(void *p, size_t n)
{
#ifdef MADV_HUGEPAGE
    const size_t worth_it = (size_t)4 << 20;

    if (n >= worth_it) {
        const uintptr_t page = (uintptr_t)1 << 21;
        uintptr_t from = ((uintptr_t)p + page - 1) & ~(page - 1);
        uintptr_t to = ((uintptr_t)p + n) & ~(page - 1);
        (void)madvise((void *)from, to - from, MADV_HUGEPAGE); /* only advice: a failure does not
                                                                  matter */
    }
#else
    (void)p;
    (void)n;
#endif
}

void *bmx_reserve_table(size_t n, size_t size)
{
    void *p = bmx_calloc(n, size);

    if (p)
        want_huge_pages(p, n * size);
    return p;
}

void bmx_touch_table(void *p, size_t from, size_t to, size_t size)
{
    const size_t page = 4096;

    for (size_t i = (from * size + page - 1) / page * page; i < to * size; i += page)
        ((volatile char *)p)[i] = 0;
}

void *bmx_calloc_table(size_t n, size_t size)
{
    void *p = bmx_reserve_table(n, size);

    if (p && n * size >= (size_t)1 << 16)
        bmx_touch_table(p, 0, n, size);
    return p;
}

void bmx_free(void *p) { free(p); }

void bmx_give_back(void *p, size_t n)
{
#if defined(__linux__) && defined(MADV_DONTNEED)
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = ((uintptr_t)p + page - 1) & ~(page - 1), to = ((uintptr_t)p + n) & ~(page - 1);

    if (from < to)
        (void)madvise((void *)from, to - from, MADV_DONTNEED);
#else
    (void)p;
    (void)n;
#endif
}

char *bmx_strndup(const void *s, size_t n)
{
    char *p = bmx_malloc(n + 1, 1);
    if (p) {
        memcpy(p, s, n);
        p[n] = 0;
    }
    return p;
}

char *bmx_strdup(const char *s) { return bmx_strndup(s, strlen(s)); }

char *bmx_vasprintf(const char *fmt, va_list ap)
{
    va_list again;
    char *p = NULL;
    int n;

    va_copy(again, ap);
    n = bmx_vsnprintf(NULL, 0, fmt, ap);
    if (n >= 0 && (p = bmx_malloc((size_t)n + 1, 1)))
        bmx_vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p;
}

char *bmx_asprintf(const char *fmt, ...)
{
    va_list ap;
    char *p;

    va_start(ap, fmt);
    p = bmx_vasprintf(fmt, ap);
    va_end(ap);
    return p;
}

bpemix_status bmx_reserve(void *array, size_t *cap, size_t need, size_t size,
                          bpemix_error *err)
{
    void *p;
    size_t want;

    if (need <= *cap)
        return BPEMIX_OK;
    want = *cap < 8 ? 8 : *cap;
    while (want < need) {
        if (want > SIZE_MAX / 2)
            return bmx_nomem(err);
        want *= 2;
    }
    memcpy(&p, array, sizeof p);
    p = bmx_realloc(p, want, size);
    if (!p)
        return bmx_nomem(err);
    memcpy(array, &p, sizeof p);
    *cap = want;
    return BPEMIX_OK;
}

bpemix_status bmx_buf_reserve(bmx_buf *b, size_t extra, bpemix_error *err)
{
    if (extra > SIZE_MAX - b->len)
        return bmx_nomem(err);
    return bmx_reserve(&b->ptr, &b->cap, b->len + extra, 1, err);
}

bpemix_status bmx_buf_add(bmx_buf *b, const void *p, size_t n, bpemix_error *err)
{
    bpemix_status st = bmx_buf_reserve(b, n, err);
    if (st)
        return st;
    if (n)
        memcpy(b->ptr + b->len, p, n);
    b->len += n;
    return BPEMIX_OK;
}

bpemix_status bmx_buf_addc(bmx_buf *b, char c, bpemix_error *err)
{
    return bmx_buf_add(b, &c, 1, err);
}

bpemix_status bmx_buf_addf(bmx_buf *b, bpemix_error *err, const char *fmt, ...)
{
    va_list ap;
    bpemix_status st;
    int n;

    va_start(ap, fmt);
    n = bmx_vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return bmx_fail(err, BPEMIX_E_BUG, "", "bad format");
    if ((st = bmx_buf_reserve(b, (size_t)n + 1, err)))
        return st;
    va_start(ap, fmt);
    bmx_vsnprintf(b->ptr + b->len, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)n;
    return BPEMIX_OK;
}

void bmx_buf_release(bmx_buf *b)
{
    bmx_free(b->ptr);
    *b = (bmx_buf){ 0 };
}

#define HUGE_BLOCK ((size_t)8 << 20)

struct bmx_arena_block {
    struct bmx_arena_block *next;
    size_t used, size;
    max_align_t data[];
};

void *bmx_arena_alloc(bmx_arena *a, size_t n, size_t align)
{
    struct bmx_arena_block *b = a->head;
    size_t at = b ? (b->used + align - 1) / align * align : 0;

    if (!b || n > b->size || at > b->size - n) {
        /* blocks grow with the arena, from 4 KB to 1 MB; those of a large one are of huge pages */
        size_t size = a->bytes < 4096 ? 4096 : a->bytes > (1u << 20) ? 1u << 20 : a->bytes;
        if (a->bytes > HUGE_BLOCK)
            size = HUGE_BLOCK;
        if (n > size)
            size = n;
        if (size > SIZE_MAX - sizeof *b || !(b = bmx_malloc(sizeof *b + size, 1)))
            return NULL;
        want_huge_pages(b, size);
        b->next = a->head;
        b->size = size;
        a->head = b;
        at = 0;
    }
    b->used = at + n;
    a->bytes += n;
    return (char *)b->data + at;
}

char *bmx_arena_copy(bmx_arena *a, const void *p, size_t n)
{
    char *q = bmx_arena_alloc(a, n, 1);
    if (q && n)
        memcpy(q, p, n);
    return q;
}

void bmx_arena_join(bmx_arena *a, bmx_arena *more)
{
    struct bmx_arena_block **end = &a->head;

    while (*end)
        end = &(*end)->next;
    *end = more->head;
    a->bytes += more->bytes;
    *more = (bmx_arena){ 0 };
}

void bmx_arena_release(bmx_arena *a)
{
    struct bmx_arena_block *b = a->head, *next;

    for (; b; b = next) {
        next = b->next;
        bmx_free(b);
    }
    *a = (bmx_arena){ 0 };
}

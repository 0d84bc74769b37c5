/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mem.h - allocation with overflow checks, growable buffers, arenas.
 *
 * Every allocation of the library's own goes through here, so that tests can make
 * the k-th one fail (bmx_mem_fail_at); libraries that offer no hook keep their own. */
#ifndef BMX_BASE_MEM_H
#define BMX_BASE_MEM_H

#include "base/error.h"
#include "base/slice.h"

#include <stdarg.h>

/* NULL when n * size overflows or memory is short.  n * size == 0 gives a
 * valid pointer. */
void *bmx_malloc(size_t n, size_t size);
void *bmx_calloc(size_t n, size_t size);

/* The same for a hash table, whose slots are read before they are written: every page is written to
 * at once.  Reading a fresh page maps the system's shared page of zeros, and replacing that on the
 * first write interrupts the processors of all threads (a fifth of the time of counting English
 * with two threads).  Large tables ask for huge pages.  Other arrays do not: if the host of a
 * virtual machine has taken free memory back, a huge page costs six times as much as its small
 * ones. */
void *bmx_calloc_table(size_t n, size_t size);

/* In two steps, for a table that grows where it is: room for n elements, all zero, and,
 * when they are wanted, pages for those from `from` to `to`, which must be zero still. */
void *bmx_reserve_table(size_t n, size_t size);
void bmx_touch_table(void *p, size_t from, size_t to, size_t size);

void *bmx_realloc(void *p, size_t n, size_t size); /* p stays valid on failure */
void bmx_free(void *p);                            /* NULL is fine */

/* Give the pages of the n bytes at p, a part of an allocation, back to the system: their content is
 * not needed any more.  They may be written again. */
void bmx_give_back(void *p, size_t n);

char *bmx_strdup(const char *s);
char *bmx_strndup(const void *s, size_t n);        /* adds a terminating NUL */
char *bmx_asprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *bmx_vasprintf(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

/* Make *array hold at least `need` elements of `size` bytes, doubling.
 * array is the address of the pointer.  On failure nothing changed. */
bpemix_status bmx_reserve(void *array, size_t *cap, size_t need, size_t size,
                          bpemix_error *err);

/* A growable byte buffer, owned; zero-initialize, release with bmx_buf_release. */
typedef struct bmx_buf {
    char *ptr;
    size_t len, cap;
} bmx_buf;

bpemix_status bmx_buf_reserve(bmx_buf *b, size_t extra, bpemix_error *err);
bpemix_status bmx_buf_add(bmx_buf *b, const void *p, size_t n, bpemix_error *err);
bpemix_status bmx_buf_addc(bmx_buf *b, char c, bpemix_error *err);
bpemix_status bmx_buf_addf(bmx_buf *b, bpemix_error *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void bmx_buf_release(bmx_buf *b);

/* Small objects that are freed together.  Zero-initialize. */
typedef struct bmx_arena {
    struct bmx_arena_block *head;
    size_t bytes; /* handed out so far */
} bmx_arena;

void *bmx_arena_alloc(bmx_arena *a, size_t n, size_t align); /* NULL: no memory */
char *bmx_arena_copy(bmx_arena *a, const void *p, size_t n); /* not terminated */
void bmx_arena_join(bmx_arena *a, bmx_arena *more); /* what was in `more` is in a, where it was */
void bmx_arena_release(bmx_arena *a);

/* Tests only: the k-th allocation from now on fails once (0 = never).
 * bmx_mem_fail_left() > 0 tells that it has not been reached yet. */
void bmx_mem_fail_at(long k);
long bmx_mem_fail_left(void);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloc_limit.h - a promise to whoever feeds us files of strangers: no reader
 * takes more than 20 times the bytes it was given.
 *
 * Counts requested bytes that are live, through the hooks of the sanitizers'
 * allocator; without a sanitizer nothing is checked. */
#ifndef BMX_FUZZ_ALLOC_LIMIT_H
#define BMX_FUZZ_ALLOC_LIMIT_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* of <sanitizer/allocator_interface.h>; weak, so that other builds link */
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *))
    __attribute__((weak));
size_t __sanitizer_get_allocated_size(const volatile void *p) __attribute__((weak));

/* Tables of fixed size (characters, presets, the first blocks of arenas). */
#define ALLOC_FIXED ((size_t)256 << 10)

static size_t alloc_live, alloc_peak, alloc_start;

static void alloc_count(const volatile void *p, size_t size)
{
    (void)p;
    alloc_live += size;
    if (alloc_live > alloc_peak)
        alloc_peak = alloc_live;
}

static void alloc_uncount(const volatile void *p)
{
    if (p)
        alloc_live -= __sanitizer_get_allocated_size(p);
}

static void alloc_begin(void)
{
    static int installed;

    if (!installed && __sanitizer_install_malloc_and_free_hooks && __sanitizer_get_allocated_size)
        __sanitizer_install_malloc_and_free_hooks(alloc_count, alloc_uncount);
    installed = 1;
    alloc_start = alloc_peak = alloc_live; /* may wrap around; differences hold */
}

/* Abort if more than 20 * size bytes were live at once since alloc_begin. */
static void alloc_check(size_t size)
{
    size_t taken = alloc_peak - alloc_start;

    if (getenv("ALLOC_SHOW"))
        fprintf(stderr, "%zu bytes of input, %zu allocated\n", size, taken);
    if (taken > 20 * size + ALLOC_FIXED) {
        fprintf(stderr, "%zu bytes of input, %zu allocated\n", size, taken);
        abort();
    }
}

#endif

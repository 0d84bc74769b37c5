/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heap.h - binary heaps in arrays.
 *
 *        0            heap[0] comes first; heap[k] never comes before
 *      1   2          heap[(k - 1) / 2], its parent
 *     3 4 5 6
 *
 * BMX_HEAP(name, type, ctx_type, before) defines, for elements of a type and
 * before(ctx, a, b), which says whether *a comes before *b:
 *
 *   name_push(ctx, heap, n, e)      e is added to the n elements, for which there is room
 *   name_pop(ctx, heap, n)          the first of n > 0 elements, taken out
 *   name_down(ctx, heap, n, i, e)   e is put at place i or below, when only heap[i] may be wrong
 *
 * If the order needs no context, ctx_type is `const void *`, and ctx NULL.
 *
 * If before() is a total order, the order of the elements that come out does not depend on the
 * order in which they were put in. */
#ifndef BMX_BASE_HEAP_H
#define BMX_BASE_HEAP_H

#include <stddef.h>

#define BMX_HEAP(name, type, ctx_type, before)                                                  \
    static inline __attribute__((unused)) void name##_push(ctx_type ctx, type *heap, size_t n,  \
                                                           type e)                              \
    {                                                                                           \
        for (; n > 0 && before(ctx, &e, &heap[(n - 1) / 2]); n = (n - 1) / 2)                   \
            heap[n] = heap[(n - 1) / 2];                                                        \
        heap[n] = e;                                                                            \
    }                                                                                           \
    static inline __attribute__((unused)) void name##_down(ctx_type ctx, type *heap, size_t n,  \
                                                           size_t i, type e)                    \
    {                                                                                           \
        for (size_t c; (c = 2 * i + 1) < n; i = c) {                                            \
            c += c + 1 < n && before(ctx, &heap[c + 1], &heap[c]);                              \
            if (!before(ctx, &heap[c], &e))                                                     \
                break;                                                                          \
            heap[i] = heap[c];                                                                  \
        }                                                                                       \
        heap[i] = e;                                                                            \
    }                                                                                           \
    static inline __attribute__((unused)) type name##_pop(ctx_type ctx, type *heap, size_t n)   \
    {                                                                                           \
        type first = heap[0];                                                                   \
        name##_down(ctx, heap, n - 1, 0, heap[n - 1]);                                          \
        return first;                                                                           \
    }

#endif

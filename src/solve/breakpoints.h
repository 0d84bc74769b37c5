/* SPDX-License-Identifier: GPL-3.0-or-later */
/* breakpoints.h - a queue of weighted numbers x >= 0, smallest first, for isotonic regression.
 *
 *     bins, by the leading bits of x:    low                             BMX_BINS - 1
 *                                         |   |         |       |            |
 *     each a list of pairing heaps:       o   o-o-o     o       o-o          o   roots
 *                                        / \    |       |
 *                                       o   o   o       o                        children
 *
 * Counts fall by four or five orders of magnitude from the first merge to the last, and a new one
 * is mostly far from the smallest in the queue.  So it is only put into the list of its bin; the
 * list becomes a heap when all bins before it are empty.  Most elements are never compared.
 *
 * Q1  An element of a bin is smaller than all of later bins, as bin_of() never falls.
 * Q2  A parent comes before its children, by x and then by the order they were pushed in.
 * Q3  A bit of `any` is set when a bin of that word, one of `word` when that bin has elements;
 *     head[] of other bins is undefined.
 * Q4  low is the first bin with elements, BMX_BINS when there are none; its list is one heap. */
#ifndef BMX_SOLVE_BREAKPOINTS_H
#define BMX_SOLVE_BREAKPOINTS_H

#include "base/mem.h"

#include <string.h>

/* A bin is 1/512 of an octave, 0.14 to 0.2 %, and holds about 40 of 30,000 counts.  All bins span
 * 64 octaves; smaller numbers are put into the first, larger ones into the last. */
#define BMX_BIN_BITS 9
#define BMX_BINS 32768u

typedef struct bmx_breakpoint {
    double x, weight;     /* weight: what is left of it, which the caller may change */
    uint32_t child, next; /* places in at[] */
} bmx_breakpoint;

typedef struct bmx_breakpoints {
    bmx_breakpoint *at; /* at[n], in the order they were pushed; stay after they were dropped */
    uint32_t *row;      /* row[n], the caller's */
    size_t n, cap, row_cap;
    uint32_t *head;     /* head[BMX_BINS]: the first roots */
    uint64_t *word;     /* word[BMX_BINS / 64], Q3 */
    uint64_t any[BMX_BINS / 4096];
    uint64_t least;     /* leading bits of numbers of the first bin */
    uint32_t low;
} bmx_breakpoints;

bpemix_status bmx_breakpoints_init(bmx_breakpoints *q, bpemix_error *err);
void bmx_breakpoints_release(bmx_breakpoints *q);

/* Empty the queue, for numbers of which most are at most `top`. */
void bmx_breakpoints_clear(bmx_breakpoints *q, double top);

bpemix_status bmx_breakpoints_push(bmx_breakpoints *q, double x, double weight, uint32_t row,
                                   bpemix_error *err);
void bmx_breakpoints_drop(bmx_breakpoints *q); /* the first; there is one */

/* NULL: none is left. */
static inline bmx_breakpoint *bmx_breakpoints_first(const bmx_breakpoints *q)
{
    return q->low < BMX_BINS ? &q->at[q->head[q->low]] : NULL;
}

#endif

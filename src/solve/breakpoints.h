/* SPDX-License-Identifier: GPL-3.0-or-later */
/* breakpoints.h - breakpoints of piecewise linear losses, sorted by rising x.
 *
 * B1  Equal breakpoints stay in the order in which they were listed: what is computed from them is
 *     the same on every machine. */
#ifndef BMX_SOLVE_BREAKPOINTS_H
#define BMX_SOLVE_BREAKPOINTS_H

#include "base/mem.h"

typedef struct bmx_break {
    double x;          /* 0 or more */
    uint32_t step, at; /* for whoever lists it */
} bmx_break;

/* What is sorted in place of a breakpoint: some bits of x, and where it is listed. */
typedef struct bmx_break_key {
    uint32_t key, at;
} bmx_break_key;

/* Zeroed: no room. */
typedef struct bmx_breakpoints {
    bmx_break *listed;   /* listed[n], filled in by the caller; scratch behind a sort */
    bmx_break *sorted;   /* sorted[n] */
    bmx_break_key *rank; /* rank[2 n], scratch */
    size_t listed_cap, sorted_cap, rank_cap;
} bmx_breakpoints;

/* Make room for `most` of them. */
bpemix_status bmx_breakpoints_reserve(bmx_breakpoints *b, size_t most, bpemix_error *err);
void bmx_breakpoints_release(bmx_breakpoints *b);

/* listed[n] into sorted[n], which is returned; valid until the next call. */
const bmx_break *bmx_breakpoints_sort(bmx_breakpoints *b, size_t n);

#endif

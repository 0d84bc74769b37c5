/* SPDX-License-Identifier: GPL-3.0-or-later */
/* screen.h - which blocks of merges no mixture of their own explains far better, at little cost. */
#ifndef BMX_DIAGNOSE_SCREEN_H
#define BMX_DIAGNOSE_SCREEN_H

#include "solve/solver.h"

typedef struct bmx_screen_block {
    uint32_t from, to;
    bool cleared; /* set here: the least relative slack is not below the limit */
} bmx_screen_block;

typedef struct bmx_screen {
    const bmx_view *view;
    const double *mixture; /* mixture[n_cats], shares of pairs */
    double gap, deadline;  /* of solutions, bmx_control */
    /* Of a block that the mixture leaves this relative slack, the limit for its own; 0 or less:
     * any is above.  Never falls with rising slack. */
    double (*limit)(double slack);
    unsigned n_threads;
} bmx_screen;

/* block[n] by rising merges, apart from each other.  One that is not cleared may be either. */
bpemix_status bmx_screen_blocks(const bmx_screen *s, bmx_screen_block *block, size_t n,
                                bpemix_error *err);

#endif

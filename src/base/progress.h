/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.h - reporting progress to a caller, who may ask to stop. */
#ifndef BMX_BASE_PROGRESS_H
#define BMX_BASE_PROGRESS_H

#include "base/error.h"

typedef struct bmx_progress {
    bpemix_progress_fn *fn; /* NULL: nobody listens */
    void *ctx;
    double told;            /* when it was last called, on bmx_clock(); 0: never */
} bmx_progress;

double bmx_clock(void); /* seconds that only grow */

/* p may be NULL below: nobody listens. */

/* Is it time to tell?  At most a few times a second. */
bool bmx_progress_due(bmx_progress *p);

/* Call it, whether due or not.  E_INTERRUPTED when it asks to stop.  Calls with one p must
 * not overlap: the caller holds a lock, or is the only thread that tells. */
bpemix_status bmx_progress_tell(bmx_progress *p, const bpemix_progress *what, bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/progress.h"

#include <time.h>

#define TELL_EVERY 0.2 /* seconds; often enough to be informative, and without measurable cost */

double bmx_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

bool bmx_progress_due(bmx_progress *p)
{
    return p && p->fn && bmx_clock() - p->told >= TELL_EVERY;
}

bpemix_status bmx_progress_tell(bmx_progress *p, const bpemix_progress *what, bpemix_error *err)
{
    if (!p || !p->fn)
        return BPEMIX_OK;
    p->told = bmx_clock();
    if (!p->fn(p->ctx, what))
        return BPEMIX_OK;
    return bmx_fail(err, BPEMIX_E_INTERRUPTED, "", "stopped by the caller; nothing was written");
}

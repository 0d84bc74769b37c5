/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cancel.h"

#include <stdatomic.h>

/* Set by a signal handler, read by all threads.  A lock-free atomic is one of the few things
 * that a signal handler may touch. */
static atomic_int cancelled;
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "bmx_cancel() is called from signal handlers");

void bmx_cancel(void) { atomic_store(&cancelled, 1); }
void bmx_cancel_reset(void) { atomic_store(&cancelled, 0); }
bool bmx_cancelled(void) { return atomic_load_explicit(&cancelled, memory_order_relaxed); }

bpemix_status bmx_check_cancel(bpemix_error *err)
{
    if (!bmx_cancelled())
        return BPEMIX_OK;
    return bmx_fail(err, BPEMIX_E_INTERRUPTED, "", "interrupted; nothing was written");
}

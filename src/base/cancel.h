/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cancel.h - one request to stop, seen by all threads and all calls. */
#ifndef BMX_BASE_CANCEL_H
#define BMX_BASE_CANCEL_H

#include "base/error.h"

/* Async-signal-safe; stays until bmx_cancel_reset(). */
void bmx_cancel(void);
void bmx_cancel_reset(void);

bool bmx_cancelled(void);

/* E_INTERRUPTED once bmx_cancel() was called.  Long loops ask it now and then. */
bpemix_status bmx_check_cancel(bpemix_error *err);

#endif

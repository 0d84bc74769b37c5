/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pooled.h - the pool (replay/pool.h) leaves the categories of a result. */
#ifndef BMX_DIAGNOSE_POOLED_H
#define BMX_DIAGNOSE_POOLED_H

#include "result/result.h"

/* Move category r->pooled_at to r->pooled, and its numbers out of every array of the categories;
 * nothing when there is none.  Shares are those of bmx_view_normalize() already. */
bpemix_status bmx_pooled_set_apart(bpemix_result *r, bpemix_error *err);

#endif

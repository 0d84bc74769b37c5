/* SPDX-License-Identifier: GPL-3.0-or-later */
/* order.h - the categories of a result go back to the order in which they were given. */
#ifndef BMX_DIAGNOSE_ORDER_H
#define BMX_DIAGNOSE_ORDER_H

#include "replay/view.h"
#include "result/result.h"

/* Every array over categories, and every number of one, from the order of a sorted view to that
 * of its trace (view.h).  Only inputs and sources are in the trace's order already, and merely
 * number their categories as the view does. */
bpemix_status bmx_result_unsort(const bmx_view *view, bpemix_result *r, bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* odd_stretch.h - a stretch of the list that the estimate's mixture does not explain. */
#ifndef BMX_DIAGNOSE_ODD_STRETCH_H
#define BMX_DIAGNOSE_ODD_STRETCH_H

#include "result/result.h"
#include "solve/estimate.h"

/* Is there a stretch of the merges plan->from .. plan->to - 1, or else of those behind them, that a
 * mixture of its own explains far better than `mixture`, shares of pairs, does?  Into r->odd. */
bpemix_status bmx_find_odd_stretch(const bmx_view *view, const bmx_plan *plan,
                                   const bmx_control *ctl, const double *mixture,
                                   unsigned n_threads, bpemix_result *r, bpemix_error *err);

#endif

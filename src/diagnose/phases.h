/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phases.h - stretches of the list that were learned from different mixtures. */
#ifndef BMX_DIAGNOSE_PHASES_H
#define BMX_DIAGNOSE_PHASES_H

#include "result/result.h"
#include "solve/estimate.h"

/* Divide the whole list where the best mixture of what comes before explains the next
 * merges much worse than one of their own does, and solve each stretch; into r->phase. */
bpemix_status bmx_phases(const bmx_view *view, const bmx_plan *plan, const bmx_control *ctl,
                         const bpemix_solve_opts *opts, bpemix_result *r, bpemix_error *err);

#endif

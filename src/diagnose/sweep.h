/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep.h - the same trace solved with several numbers of merges. */
#ifndef BMX_DIAGNOSE_SWEEP_H
#define BMX_DIAGNOSE_SWEEP_H

#include "result/result.h"
#include "solve/estimate.h"

/* Solve with each of opts->sweep[] merges from plan->from on; into r->sweep, in rising order,
 * and r->disagreement_merges.  E_USAGE: more merges than there are. */
bpemix_status bmx_sweep(const bmx_view *view, const bmx_plan *plan, const bmx_control *ctl,
                        const bpemix_solve_opts *opts, bpemix_result *r, bpemix_error *err);

#endif

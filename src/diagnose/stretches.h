/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stretches.h - the same trace solved with other merges: several numbers of them, or stretches of
 * the list that were learned from different mixtures. */
#ifndef BMX_DIAGNOSE_STRETCHES_H
#define BMX_DIAGNOSE_STRETCHES_H

#include "result/result.h"
#include "solve/estimate.h"

/* Solve with each of opts->sweep[] merges from plan->from on; into r->sweep, in rising order,
 * and r->disagreement_merges.  E_USAGE: more merges than there are. */
bpemix_status bmx_sweep(const bmx_view *view, const bmx_plan *plan, const bmx_control *ctl,
                        const bpemix_solve_opts *opts, bpemix_result *r, bpemix_error *err);

/* Divide the whole list where the best mixture of what comes before explains the next
 * merges much worse than one of their own does, and solve each stretch; into r->phase. */
bpemix_status bmx_phases(const bmx_view *view, const bmx_plan *plan, const bmx_control *ctl,
                         const bpemix_solve_opts *opts, bpemix_result *r, bpemix_error *err);

/* Is there a stretch of the merges plan->from .. plan->to - 1, or else of those behind them, that a
 * mixture of its own explains far better than `mixture`, shares of pairs, does?  Into r->odd. */
bpemix_status bmx_find_odd_stretch(const bmx_view *view, const bmx_plan *plan,
                                   const bmx_control *ctl, const double *mixture,
                                   unsigned n_threads, bpemix_result *r, bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.h - options of a solution with all defaults filled in. */
#ifndef BMX_SOLVE_PLAN_H
#define BMX_SOLVE_PLAN_H

#include "replay/view.h"
#include "result/values.h"

/* With more categories than this, solutions are those of an interior point method, to a wider gap,
 * and there are no ranges: all their ends take time as the fourth power of the number. */
#define BMX_MANY_CATEGORIES 300

typedef struct bmx_plan {
    bpemix_method method;
    bpemix_weights weights;
    bpemix_scale scale;
    uint32_t from, to; /* merges from .. to - 1 */
    bool ranges;
    double gap, time_limit;
} bmx_plan;

/* E_USAGE: a value out of range, or merges that the trace does not have. */
bpemix_status bmx_plan_make(const bmx_view *view, const bpemix_solve_opts *o, bmx_plan *out,
                            bpemix_error *err);

/* The scale of the merges from `from` on, where the options say none. */
bpemix_scale bmx_plan_default_scale(const bpemix_trace *tr, bpemix_method method, uint32_t from);

/* The end of the merges from `from` on, at most `most` of them and at least 1000, of which the last
 * tenth has a median of `least` occurrences or more in the samples of candidates together. */
bpemix_status bmx_plan_last(const bmx_view *view, uint32_t from, uint32_t most, uint64_t least,
                            uint32_t *to, bpemix_error *err);

/* As the options of a result. */
bpemix_status bmx_plan_record(const bmx_plan *p, bmx_values *out, bpemix_error *err);

#endif

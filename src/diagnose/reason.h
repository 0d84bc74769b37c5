/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reason.h - a figure of a result against its limits, and what is then said of it. */
#ifndef BMX_DIAGNOSE_REASON_H
#define BMX_DIAGNOSE_REASON_H

#include "result/result.h"

/* A figure is good up to `fair`, fair up to `poor`, poor up to `unusable`; a limit that is INFINITY
 * is never passed. */
typedef struct bmx_limits {
    double fair, poor, unusable;
} bmx_limits;

/* NaN, a figure that is not known, is good. */
bmx_level bmx_level_of(double value, bmx_limits l);

/* The limit that led to a level, or, when it is good, the one not passed. */
double bmx_limit_of(bmx_level level, bmx_limits l);

/* Adds a reason to r->verdict, whose level becomes that of the gravest.  Takes ownership of text,
 * NULL: out of memory; code is copied. */
bpemix_status bmx_reason_add(bpemix_result *r, bmx_level level, const char *code, double value,
                             double limit, char *text, bpemix_error *err);

#endif

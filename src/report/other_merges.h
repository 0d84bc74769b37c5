/* SPDX-License-Identifier: GPL-3.0-or-later */
/* other_merges.h - what the table of an estimate has below the verdict: the same counts solved with
 * other merges. */
#ifndef BMX_REPORT_OTHER_MERGES_H
#define BMX_REPORT_OTHER_MERGES_H

#include "report/sink.h"
#include "result/result.h"

/* A line for each number of merges, if shares may be quoted with the one that moves most;
 * nothing without a sweep. */
void bmx_report_sweep(bmx_sink *s, const bpemix_result *r, bool quoted, int width);

/* Where phases of the list begin and end; nothing if they were not looked for. */
void bmx_report_phases(bmx_sink *s, const bpemix_result *r);

#endif

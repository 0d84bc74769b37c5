/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thin.h - a sample that is small beside the others lacks merges that its category has, and takes
 * the less of the mixture for it; no mixture of the samples shows how much. */
#ifndef BMX_DIAGNOSE_THIN_H
#define BMX_DIAGNOSE_THIN_H

#include "result/result.h"

/* Share i may be this many times as large as the merges allow it to be; 1 or more. */
double bmx_thin_times(const bpemix_result *r, size_t i);

/* The ends of all ranges that follow from it: of such shares, and of their groups and sets, the
 * upper ones; of the others, which have to give way then, the lower ones. */
void bmx_thin_widen(bpemix_result *r);

#endif

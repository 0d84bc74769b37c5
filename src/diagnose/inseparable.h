/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inseparable.h - sets of categories of which only the sum is determined. */
#ifndef BMX_DIAGNOSE_INSEPARABLE_H
#define BMX_DIAGNOSE_INSEPARABLE_H

#include "diagnose/ends.h"

/* Categories whose ranges, in r, are wide, joined with those that give way to them: the sets whose
 * sum has a much narrower range, into r->inseparable. */
bpemix_status bmx_inseparable_find(bmx_ends *x, bpemix_result *r, bpemix_error *err);

#endif

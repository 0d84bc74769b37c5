/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdict.h - may the shares be quoted?
 *
 * Each rule looks at one figure of the result and says how far it allows to trust the shares;
 * the gravest decides.  Nothing but the result is looked at, so that one that was read from a
 * file can be judged again.  How the limits were found, and how often they alarm without need,
 * is in bpemix(7). */
#ifndef BMX_DIAGNOSE_VERDICT_H
#define BMX_DIAGNOSE_VERDICT_H

#include "result/result.h"

/* r->verdict; the reason 'slack' is always there, others when they lead to less than good. */
bpemix_status bmx_verdict_find(bpemix_result *r, bpemix_error *err);

#endif

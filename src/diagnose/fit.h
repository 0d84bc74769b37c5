/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit.h - how well a solution explains the merges, and where it does not. */
#ifndef BMX_DIAGNOSE_FIT_H
#define BMX_DIAGNOSE_FIT_H

#include "result/result.h"
#include "solve/estimate.h"

/* The spelling of a symbol (bmx_token_escape).  *out is the caller's. */
bpemix_status bmx_trace_symbol_display(const bpemix_trace *tr, uint32_t symbol, char **out,
                                 bpemix_error *err);

/* What the samples of a mixture are worth, in bytes: 1 / sum of share / bytes, so that those of
 * categories that have a share count; INFINITY: no share is known. */
double bmx_fit_sample(const bpemix_result *r);
#define BMX_FIT_SMALL 300000 /* samples worth less lack many merges by chance */

/* Merges that the samples have next to none of: off by four fifths, or in no sample; NaN: not
 * known.  Few of them are more than chance where samples are like the training text: above this
 * part of all, a kind of text is missing. */
double bmx_fit_scarce(const bpemix_result *r);
double bmx_fit_scarce_limit(const bpemix_result *r);

/* Are more of them scarce than text of other sources makes so, as many as are off by half?  Then a
 * kind of text is missing. */
bool bmx_fit_lacking(const bpemix_result *r);

/* Merges are ranked by slack / theta^BMX_WORST_POWER.  By slack alone the first merges, whose
 * counts are large, would be all that is shown, by slack / theta the rarest.  In trials with a
 * category left out, the merges that this power puts first were of its kind most often. */
#define BMX_WORST_POWER 0.65

/* Sums of slack, and the merges with the most of it, into the result. */
bpemix_status bmx_fit(const bmx_estimate *e, bpemix_result *r, bpemix_error *err);

#endif

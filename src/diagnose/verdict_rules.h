/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdict_rules.h - the rules of the verdict, one function each.
 *
 * A rule compares one figure of the result with its limits, and adds a reason (reason.h) when they
 * lead to less than good; bmx_judge_slack() always adds one.  Rules read nothing but the result.
 * Their limits are from trials with known mixtures (bpemix(7), VERDICT): samples drawn like the
 * training text, from other sources of the same kind, and with a category left out.
 * All fail with E_NOMEM alone. */
#ifndef BMX_DIAGNOSE_VERDICT_RULES_H
#define BMX_DIAGNOSE_VERDICT_RULES_H

#include "result/result.h"

typedef bpemix_status bmx_judge_fn(bpemix_result *r, bpemix_error *err);

/* How well the mixture explains the merges (verdict_fit.c).  bmx_judge_slack() looks at the level
 * that the rules about stretches have led to, so it comes behind them. */
bmx_judge_fn bmx_judge_odd, bmx_judge_phases, bmx_judge_slack, bmx_judge_large;

/* What the samples lack (verdict_missing.c). */
bmx_judge_fn bmx_judge_missing, bmx_judge_script, bmx_judge_named, bmx_judge_other;

/* Do the merges in no sample themselves tell what is missing, by a script or by the panel? */
bool bmx_missing_shows(const bpemix_result *r);

/* The shares that are printed as the answer (verdict_shares.c). */
bmx_judge_fn bmx_judge_ranges, bmx_judge_window, bmx_judge_alone, bmx_judge_disagreement;

/* What there was to infer from (verdict_evidence.c). */
bmx_judge_fn bmx_judge_order, bmx_judge_unreached, bmx_judge_tokenizer, bmx_judge_samples,
    bmx_judge_merges, bmx_judge_solver;

#endif

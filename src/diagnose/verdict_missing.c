/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdict_missing.c - rules about what the samples lack: merges that are in none of them, and text
 * that no candidate is like. */
#include "diagnose/verdict_rules.h"
#include "diagnose/missing.h"
#include "diagnose/named.h"
#include "diagnose/reason.h"
#include "split/unicode_script.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const bmx_limits limit_missing = { 0.01, 0.05, 0.4 };    /* of the merges */
static const bmx_limits limit_ratio = { 3, 3, INFINITY };       /* missing / (found once + 5) */
static const bmx_limits limit_other = { 0.05, 0.15, INFINITY }; /* of all, the pool's */

/* Of the merges, with letters of one script.  Of the same languages, other sources have nearly all
 * merges.  In simulated trials with samples of other sources (five categories, 3000 merges trained
 * on 50 MB; 1000 with 400 kB), complete ones and such without a category of 10 %, seeds 1 and 2,
 * the merges of a script were
 *
 *                                complete: at most   left out: more than 0.7 %
 *     languages, 5 MB            0.7 % of 36         22 of 36
 *     languages, 400 kB          0.4 % of 20          9 of 20
 *     program code, both sizes   0.1 % of 32          0 of 32 */
static const bmx_limits limit_script = { 0.007, INFINITY, INFINITY };

#define FEW_MISSING 20 /* with fewer in no sample, how many were found once says nothing */

bpemix_status bmx_judge_missing(bpemix_result *r, bpemix_error *err)
{
    const bmx_missing_summary *u = &r->uncovered;
    bmx_level level = bmx_level_of(u->share, limit_missing);
    bpemix_status st = BPEMIX_OK;

    if (level != BMX_LEVEL_GOOD && u->sentence)
        st = bmx_reason_add(r, level, "missing", u->share, bmx_limit_of(level, limit_missing),
                            bmx_strdup(u->sentence), err);
    if (st || r->merges_missing < FEW_MISSING ||
        bmx_level_of(u->ratio, limit_ratio) == BMX_LEVEL_GOOD)
        return st;
    return bmx_reason_add(r, BMX_LEVEL_POOR, "uncovered", u->ratio, limit_ratio.poor,
                          bmx_asprintf("%" PRIu32 " merges are in no sample and only %.0f in a "
                                       "single fold: more text of the same kind would not find "
                                       "them, a category is missing",
                                       r->merges_missing, u->found_once),
                          err);
}

bpemix_status bmx_judge_script(bpemix_result *r, bpemix_error *err)
{
    const char *script;
    double part = bmx_missing_script(r, &script);
    bmx_level level = bmx_level_of(part, limit_script);

    if (level == BMX_LEVEL_GOOD)
        return BPEMIX_OK;
    return bmx_reason_add(
        r, level, "script", part, bmx_limit_of(level, limit_script),
        bmx_asprintf("%.1f %% of the merges have letters of one script (%s%s) and are in no "
                     "sample: of the same languages, other sources left up to 0.7 %%; one "
                     "is missing, or its sample is of another kind of text",
                     100 * part, script,
                     !strcmp(script, bmx_script_name(BMX_SCRIPT_LATIN)) ? ", with diacritics" : ""),
        err);
}

bool bmx_missing_shows(const bpemix_result *r)
{
    const char *script;

    return bmx_level_of(bmx_missing_script(r, &script), limit_script) != BMX_LEVEL_GOOD ||
           bmx_named_category(r);
}

/* What the panel is full of, and the samples have not. */
bpemix_status bmx_judge_named(bpemix_result *r, bpemix_error *err)
{
    const bmx_missing_panel *p = &r->uncovered.panel;
    const bmx_missing_category *k = bmx_named_category(r);

    if (!k)
        return BPEMIX_OK;
    return bmx_reason_add(
        r, BMX_LEVEL_FAIR, "panel", k->merges / (double)p->merges, BMX_NAMED_PART,
        bmx_asprintf("%" PRIu32 " of the merges in no sample are more frequent in '%s' of "
                     "the panel than in its other categories: such text is missing, or "
                     "its sample is of another kind",
                     k->merges, k->category),
        err);
}

bpemix_status bmx_judge_other(bpemix_result *r, bpemix_error *err)
{
    double share = r->pooled ? bmx_share_in(r->pooled, r->unit) : NAN;
    bmx_level level = bmx_level_of(share, limit_other);

    if (level == BMX_LEVEL_GOOD)
        return BPEMIX_OK;
    return bmx_reason_add(r, level, "other", share, bmx_limit_of(level, limit_other),
                          bmx_asprintf("%.0f %% of %s go to the pool: text of a kind that no "
                                       "candidate has",
                                       100 * share, bmx_unit_name(r->unit)),
                          err);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdict_fit.c - rules about how well the mixture explains the merges: the slack of all of them,
 * of a stretch that another mixture explains better, and the merges that are off by much. */
#include "diagnose/verdict_rules.h"
#include "base/escape.h"
#include "diagnose/fit.h"
#include "diagnose/reason.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const bmx_limits limit_slack = { 0.1, 0.3, 0.9 };       /* of the merge counts */
static const bmx_limits limit_large = { 0.15, 0.4, INFINITY }; /* of the merges, off by half */
static const bmx_limits limit_odd = { INFINITY, 2, INFINITY }; /* slack of an odd stretch / with its
                                                                  own mixture */

/* Of the merge counts, from merge 0 on: more than in any of 784 trials, among them some with
 * samples of 3 kB and some with a fifth of the training text left out. */
#define SLACK_WHOLE_LIST 0.6

bpemix_status bmx_judge_slack(bpemix_result *r, bpemix_error *err)
{
    double slack = r->slack_relative, percent = 100 * slack;
    bmx_limits limits = limit_slack;
    bmx_level level;
    char *text;

    if (r->merge_from == 0)
        limits.unusable = SLACK_WHOLE_LIST;
    level = bmx_level_of(slack, limits);
    if (isnan(slack)) /* read from a document, where null stands for infinite */
        level = BMX_LEVEL_UNUSABLE;
    if (level == BMX_LEVEL_UNUSABLE && !(percent < 1000))
        text = bmx_strdup("no mixture of the samples explains the merges");
    else if (level == BMX_LEVEL_UNUSABLE)
        text = bmx_asprintf("the samples explain %s: slack is %.0f %% of the merge counts",
                            slack > limit_slack.unusable ? "nothing" : "too little", percent);
    else if (level == BMX_LEVEL_POOR)
        text = bmx_asprintf("slack is %.0f %% of the merge counts: a category with a large share "
                            "is missing, the samples are of another kind than the training text "
                            "or far too small, or the merges were not learned in this order",
                            percent);
    else if (level == BMX_LEVEL_FAIR)
        text = bmx_asprintf("slack is %.0f %% of the merge counts: samples drawn like the training "
                            "text leave 2 to 17 %%, other sources of the same kind 11 to 41 %%%s",
                            percent,
                            bmx_missing_shows(r)
                                ? ""
                                : "; with such sources a missing category may not show");
    else if (r->verdict.level > BMX_LEVEL_GOOD && r->odd.merge_from < r->merge_to)
        text = bmx_asprintf("over all merges, slack is %.1f %% of their counts", percent);
    else
        text = bmx_asprintf("the mixture explains the merges but for a slack of %.1f %% of their "
                            "counts",
                            percent);
    return bmx_reason_add(r, level, "slack", slack, bmx_limit_of(level, limits), text, err);
}

/* Where a mixture explains nothing of a stretch that another explains, the list has no mixture. */
bpemix_status bmx_judge_odd(bpemix_result *r, bpemix_error *err)
{
    const bmx_odd_stretch *odd = &r->odd;
    double ratio = odd->slack_relative / odd->slack_relative_own;
    bmx_level level = bmx_level_of(ratio, limit_odd);

    if (odd->merge_from == odd->merge_to || level == BMX_LEVEL_GOOD)
        return BPEMIX_OK;
    if (odd->merge_from >= r->merge_to)
        return bmx_reason_add(
            r, BMX_LEVEL_FAIR, "phases", ratio, limit_odd.poor,
            bmx_asprintf("behind the merges in use, %" PRIu32 " to %" PRIu32 " were learned "
                         "from other text: another mixture has a slack of %.0f %% of their "
                         "counts, this one of %.0f %%; the shares are those of merges "
                         "%" PRIu32 " to %" PRIu32 ", not of the whole list",
                         odd->merge_from, odd->merge_to, 100 * odd->slack_relative_own,
                         100 * odd->slack_relative, r->merge_from, r->merge_to),
            err);
    if (odd->slack_relative > limit_slack.unusable)
        level = BMX_LEVEL_UNUSABLE;
    return bmx_reason_add(
        r, level, "phases", ratio, limit_odd.poor,
        bmx_asprintf("merges %" PRIu32 " to %" PRIu32 " were learned from other text than "
                     "the rest: another mixture has a slack of %.0f %% of their counts, "
                     "this one of %.0f %%; the list was learned in phases, and each has "
                     "its own mixture",
                     odd->merge_from, odd->merge_to, 100 * odd->slack_relative_own,
                     100 * odd->slack_relative),
        err);
}

/* Phases that were asked for, where the search for an odd one found none. */
bpemix_status bmx_judge_phases(bpemix_result *r, bpemix_error *err)
{
    uint32_t border = r->n_phases > 1 ? r->phase[1].merge_from : 0;
    size_t k = 1;

    while (k < r->n_phases && (border = r->phase[k].merge_from) <= r->merge_from)
        k++;
    if (r->odd.merge_from != r->odd.merge_to || k >= r->n_phases)
        return BPEMIX_OK;
    if (border >= r->merge_to)
        return bmx_reason_add(
            r, BMX_LEVEL_FAIR, "phases", (double)r->n_phases, 1,
            bmx_asprintf("behind the merges in use, those from %" PRIu32 " on were learned "
                         "from another mixture; the shares are those of merges %" PRIu32
                         " to %" PRIu32 ", not of the whole list",
                         border, r->merge_from, r->merge_to),
            err);
    return bmx_reason_add(
        r, BMX_LEVEL_POOR, "phases", (double)r->n_phases, 1,
        bmx_asprintf("the list was learned in %zu phases, each from a mixture of its own; "
                     "merge %" PRIu32 " begins another one: infer each by itself",
                     r->n_phases, border),
        err);
}

/* The token that a merge makes: each of its sides may hold only some bytes of a character. */
static bpemix_status quote_product(const bmx_worst_merge *w, const char *prefix, bmx_buf *out,
                                   bpemix_error *err)
{
    size_t n = prefix ? strlen(prefix) : 0; /* the mark of parts behind the first of a word */
    const char *right = n && !strncmp(w->right, prefix, n) ? w->right + n : w->right;
    bmx_buf token = { 0 };
    char *spelling = NULL;
    bpemix_status st;

    if (!(st = bmx_token_unescape(bmx_slice_str(w->left), &token, err)) &&
        !(st = bmx_token_unescape(bmx_slice_str(right), &token, err)) &&
        !(st = (spelling = bmx_token_text(bmx_slice_of(token.ptr, token.len))) ? BPEMIX_OK
                                                                               : bmx_nomem(err)))
        st = bmx_token_quote(spelling, out, err);
    bmx_buf_release(&token);
    bmx_free(spelling);
    return st;
}

/* The merges that are explained worst. */
static bpemix_status quote_worst(const bpemix_result *r, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < r->n_worst && i < 4 && !st; i++) {
        st = bmx_buf_addf(out, err, i ? ", " : ", most of all those of ");
        if (!st)
            st = quote_product(&r->worst[i], r->facts.subword_prefix, out, err);
    }
    return st;
}

/* Samples and training text differ in both directions, but only what the samples lack leaves merges
 * that they have next to none of.  Where a few are all that is amiss, a category is. */
bpemix_status bmx_judge_large(bpemix_result *r, bpemix_error *err)
{
    double all = (double)r->merges_used + r->merges_missing;
    double few = bmx_fit_scarce(r), part = few / all;
    bmx_level level = bmx_level_of(r->slack_large, limit_large);
    bmx_limits limit_scarce = { bmx_fit_scarce_limit(r), INFINITY, INFINITY };
    bmx_level extreme = bmx_level_of(part, limit_scarce);
    bmx_buf text = { 0 };
    bpemix_status st;

    if (level == BMX_LEVEL_GOOD && extreme == BMX_LEVEL_GOOD)
        return BPEMIX_OK;
    if (level != BMX_LEVEL_GOOD)
        st = bmx_buf_addf(&text, err, "%.0f %% of the merges are off by half or more",
                          100 * r->slack_large);
    else
        st = bmx_buf_addf(&text, err,
                          "%.0f of %.0f merges would have to be five times as frequent as they "
                          "are in the samples, or more",
                          round(few), all);
    if (!st)
        st = quote_worst(r, &text, err);
    if (!st && level == BMX_LEVEL_GOOD)
        st = bmx_buf_addf(&text, err,
                          ": a kind of text seems to be missing, or unlike that of training, and "
                          "the shares may be off by more than the slack tells");
    if (!st && level != BMX_LEVEL_GOOD)
        st = bmx_reason_add(r, level, "worst", r->slack_large, bmx_limit_of(level, limit_large),
                            bmx_strndup(text.ptr, text.len), err);
    else if (!st)
        st = bmx_reason_add(r, extreme, "scarce", part, bmx_limit_of(extreme, limit_scarce),
                            bmx_strndup(text.ptr, text.len), err);
    bmx_buf_release(&text);
    return st;
}

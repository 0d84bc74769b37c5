/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdict.c - one function a rule; each compares a figure of the result with its limits. */
#include "diagnose/verdict.h"
#include "base/escape.h"
#include "base/format.h"
#include "diagnose/answers.h"
#include "diagnose/fit.h"
#include "diagnose/missing.h"
#include "diagnose/named.h"
#include "diagnose/thin.h"
#include "split/unicode_script.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Limits: above the first a figure is fair, above the second poor.  From trials with known
 * mixtures (bpemix(7), VERDICT): samples drawn like the training text, from other sources of the
 * same kind, and with a category left out. */
static const struct limits {
    double fair, poor, unusable;
} limit_slack = { 0.1, 0.3, 0.9 },             /* of the merge counts */
  limit_large = { 0.15, 0.4, INFINITY },       /* of the merges, off by half */
  limit_missing = { 0.01, 0.05, 0.4 },         /* of the merges */
  limit_script = { 0.007, INFINITY, INFINITY },/* of the merges, with letters of one script */
  limit_ratio = { 3, 3, INFINITY },            /* missing / (found once + 5) */
  limit_other = { 0.05, 0.15, INFINITY },      /* of all, the pool's */
  limit_disagreement = { 0.03, 0.1, INFINITY },/* of all, between solutions */
  limit_range = { 0.1, 0.6, INFINITY },        /* width of the widest outer range of an answer, */
  limit_group = { 0.1, 0.4, INFINITY },        /* where groups are the answer */
  limit_odd = { INFINITY, 2, INFINITY },       /* slack of an odd stretch / with its own mixture */
  limit_order = { 0.02, 0.1, INFINITY },       /* of the merges: no merge before makes one of the
                                                  sides */
  limit_ties = { 0.05, 0.5, INFINITY },        /* of the constrained merges, behind where ties
                                                  decide */
  limit_cut = { 0.01, 0.05, INFINITY },        /* of the merges, cut by the pre-tokenizer */
  limit_gap = { 1e-3, 2e-2, INFINITY };        /* of the objective, not certified */

/* The less there is of these, the worse: */
#define SAMPLE_FAIR 200000 /* bytes, of a category that has a share worth a line */
#define SAMPLE_POOR 50000
#define SMALL_SHARE 0.01
#define THIN 1.5 /* or one that may have that many times as much as its range tells */
#define MERGES_FAIR 500 /* merges with a constraint */
#define MERGES_POOR 100
/* Of the merge counts, from merge 0 on: more than in any of 784 trials, among them some with
 * samples of 3 kB and some with a fifth of the training text left out. */
#define SLACK_WHOLE_LIST 0.6
#define FEW_MISSING 20 /* so few say nothing, however few were found once */

static bmx_level level_of(double value, struct limits l)
{
    return value > l.unusable ? BMX_LEVEL_UNUSABLE
           : value > l.poor   ? BMX_LEVEL_POOR
           : value > l.fair   ? BMX_LEVEL_FAIR
                              : BMX_LEVEL_GOOD; /* NaN, too */
}

/* The limit that led to a level, or, when it is good, the one not passed. */
static double limit_of(bmx_level level, struct limits l)
{
    return level == BMX_LEVEL_UNUSABLE ? l.unusable : level == BMX_LEVEL_POOR ? l.poor : l.fair;
}

/* Takes text, which becomes the result's; text NULL: out of memory. */
static bpemix_status add(bpemix_result *r, bmx_level level, const char *code, double value,
                         double limit, char *text, bpemix_error *err)
{
    bmx_verdict *v = &r->verdict;
    char *copy = bmx_strdup(code);

    if (!text || !copy || bmx_reserve(&v->reason, &v->cap, v->n_reasons + 1, sizeof *v->reason,
                                      err)) {
        bmx_free(text);
        bmx_free(copy);
        return bmx_nomem(err);
    }
    v->reason[v->n_reasons++] = (bmx_reason){ level, copy, text, value, limit };
    if (level > v->level)
        v->level = level;
    return BPEMIX_OK;
}

/* ---- the rules ---- */

static bpemix_status judge_slack(bpemix_result *r, bpemix_error *err)
{
    double slack = r->slack_relative, percent = 100 * slack;
    struct limits limits = limit_slack;
    const char *script;
    bool shows = level_of(bmx_missing_script(r, &script), limit_script) != BMX_LEVEL_GOOD ||
                 bmx_named_category(r);
    bmx_level level;
    char *text;

    if (r->merge_from == 0)
        limits.unusable = SLACK_WHOLE_LIST;
    level = level_of(slack, limits);
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
                            shows ? "" : "; with such sources a missing category may not show");
    else if (r->verdict.level > BMX_LEVEL_GOOD && r->odd.merge_from < r->merge_to)
        text = bmx_asprintf("over all merges, slack is %.1f %% of their counts", percent);
    else
        text = bmx_asprintf("the mixture explains the merges but for a slack of %.1f %% of their "
                            "counts",
                            percent);
    return add(r, level, "slack", slack, limit_of(level, limits), text, err);
}

/* Where a mixture explains nothing of a stretch that another explains, the list has no mixture. */
static bpemix_status judge_odd(bpemix_result *r, bpemix_error *err)
{
    const bmx_odd_stretch *odd = &r->odd;
    double ratio = odd->slack_relative / odd->slack_relative_own;
    bmx_level level = level_of(ratio, limit_odd);

    if (odd->merge_from == odd->merge_to || level == BMX_LEVEL_GOOD)
        return BPEMIX_OK;
    if (odd->merge_from >= r->merge_to)
        return add(r, BMX_LEVEL_FAIR, "phases", ratio, limit_odd.poor,
                   bmx_asprintf("behind the merges in use, %" PRIu32 " to %" PRIu32 " were learned "
                                "from other text: another mixture has a slack of %.0f %% of their "
                                "counts, this one of %.0f %%; the shares are those of merges "
                                "%" PRIu32 " to %" PRIu32 ", not of the whole list",
                                odd->merge_from, odd->merge_to, 100 * odd->slack_relative_own,
                                100 * odd->slack_relative, r->merge_from, r->merge_to), err);
    if (odd->slack_relative > limit_slack.unusable)
        level = BMX_LEVEL_UNUSABLE;
    return add(r, level, "phases", ratio, limit_odd.poor,
               bmx_asprintf("merges %" PRIu32 " to %" PRIu32 " were learned from other text than "
                            "the rest: another mixture has a slack of %.0f %% of their counts, "
                            "this one of %.0f %%; the list was learned in phases, and each has "
                            "its own mixture",
                            odd->merge_from, odd->merge_to, 100 * odd->slack_relative_own,
                            100 * odd->slack_relative), err);
}

/* Phases that were asked for, where the search for an odd one found none. */
static bpemix_status judge_phases(bpemix_result *r, bpemix_error *err)
{
    uint32_t border = r->n_phases > 1 ? r->phase[1].merge_from : 0;
    size_t k = 1;

    while (k < r->n_phases && (border = r->phase[k].merge_from) <= r->merge_from)
        k++;
    if (r->odd.merge_from != r->odd.merge_to || k >= r->n_phases)
        return BPEMIX_OK;
    if (border >= r->merge_to)
        return add(r, BMX_LEVEL_FAIR, "phases", (double)r->n_phases, 1,
                   bmx_asprintf("behind the merges in use, those from %" PRIu32 " on were learned "
                                "from another mixture; the shares are those of merges %" PRIu32
                                " to %" PRIu32 ", not of the whole list",
                                border, r->merge_from, r->merge_to), err);
    return add(r, BMX_LEVEL_POOR, "phases", (double)r->n_phases, 1,
               bmx_asprintf("the list was learned in %zu phases, each from a mixture of its own; "
                            "merge %" PRIu32 " begins another one: infer each by itself",
                            r->n_phases, border), err);
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
static bpemix_status judge_large(bpemix_result *r, bpemix_error *err)
{
    double all = (double)r->merges_used + r->merges_missing;
    double few = bmx_fit_scarce(r), part = few / all;
    bmx_level level = level_of(r->slack_large, limit_large);
    struct limits limit_scarce = { bmx_fit_scarce_limit(r), INFINITY, INFINITY };
    bmx_level extreme = level_of(part, limit_scarce);
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
                          "are in the samples, or more", round(few), all);
    if (!st)
        st = quote_worst(r, &text, err);
    if (!st && level == BMX_LEVEL_GOOD)
        st = bmx_buf_addf(&text, err,
                          ": a kind of text seems to be missing, or unlike that of training, and "
                          "the shares may be off by more than the slack tells");
    if (!st && level != BMX_LEVEL_GOOD)
        st = add(r, level, "worst", r->slack_large, limit_of(level, limit_large),
                 bmx_strndup(text.ptr, text.len), err);
    else if (!st)
        st = add(r, extreme, "scarce", part, limit_of(extreme, limit_scarce),
                 bmx_strndup(text.ptr, text.len), err);
    bmx_buf_release(&text);
    return st;
}

static bpemix_status judge_missing(bpemix_result *r, bpemix_error *err)
{
    const bmx_missing_summary *u = &r->uncovered;
    bmx_level level = level_of(u->share, limit_missing);
    bpemix_status st = BPEMIX_OK;

    if (level != BMX_LEVEL_GOOD && u->sentence)
        st = add(r, level, "missing", u->share, limit_of(level, limit_missing),
                 bmx_strdup(u->sentence), err);
    if (st || r->merges_missing < FEW_MISSING || level_of(u->ratio, limit_ratio) == BMX_LEVEL_GOOD)
        return st;
    return add(r, BMX_LEVEL_POOR, "uncovered", u->ratio, limit_ratio.poor,
               bmx_asprintf("%" PRIu32 " merges are in no sample and only %.0f in a single fold: "
                                       "more text of "
                            "the same kind would not find them, a category is missing",
                            r->merges_missing, u->found_once), err);
}

/* Of the same languages other sources have nearly all merges.  In simulated trials with samples of
 * other sources (five categories, 3000 merges trained on 50 MB; 1000 with 400 kB), complete ones
 * and such without a category of 10 %, seeds 1 and 2, the merges of a script were
 *
 *                                complete: at most   left out: more than 0.7 %
 *     languages, 5 MB            0.7 % of 36         22 of 36
 *     languages, 400 kB          0.4 % of 20          9 of 20
 *     program code, both sizes   0.1 % of 32          0 of 32 */
static bpemix_status judge_script(bpemix_result *r, bpemix_error *err)
{
    const char *script;
    double part = bmx_missing_script(r, &script);
    bmx_level level = level_of(part, limit_script);

    if (level == BMX_LEVEL_GOOD)
        return BPEMIX_OK;
    return add(r, level, "script", part, limit_of(level, limit_script),
               bmx_asprintf("%.1f %% of the merges have letters of one script (%s%s) and are in no "
                            "sample: of the same languages, other sources left up to 0.7 %%; one "
                            "is missing, or its sample is of another kind of text",
                            100 * part, script,
                            !strcmp(script, bmx_script_name(BMX_SCRIPT_LATIN))
                                ? ", with diacritics" : ""), err);
}

/* What the panel is full of, and the samples have not. */
static bpemix_status judge_named(bpemix_result *r, bpemix_error *err)
{
    const bmx_missing_panel *p = &r->uncovered.panel;
    const bmx_missing_category *k = bmx_named_category(r);

    if (!k)
        return BPEMIX_OK;
    return add(r, BMX_LEVEL_FAIR, "panel", k->merges / (double)p->merges, BMX_NAMED_PART,
               bmx_asprintf("%" PRIu32 " of the merges in no sample are more frequent in '%s' of "
                            "the panel than in its other categories: such text is missing, or "
                            "its sample is of another kind",
                            k->merges, k->category), err);
}

/* Trained lists have none of these, lists that were sorted in another way many. */
static bpemix_status judge_order(bpemix_result *r, bpemix_error *err)
{
    uint32_t unmade = 0;
    bmx_level level;
    double part;

    for (uint32_t i = 0; i < r->n_missing; i++)
        unmade += r->missing[i].why == BMX_MISSING_UNMADE;
    part = r->merge_to > r->merge_from ? unmade / (double)(r->merge_to - r->merge_from) : 0;
    level = level_of(part, limit_order);
    if (level == BMX_LEVEL_GOOD)
        return BPEMIX_OK;
    return add(r, level, "order", part, limit_of(level, limit_order),
               bmx_asprintf("%.0f %% of the merges join tokens that no merge before them makes: "
                            "the list is not in the order of learning", 100 * part), err);
}

static bpemix_status judge_other(bpemix_result *r, bpemix_error *err)
{
    double share = r->pooled ? bmx_share_in(r->pooled, r->unit) : NAN;
    bmx_level level = level_of(share, limit_other);

    if (level == BMX_LEVEL_GOOD)
        return BPEMIX_OK;
    return add(r, level, "other", share, limit_of(level, limit_other),
               bmx_asprintf("%.0f %% of %s go to the pool: text of a kind that no "
                            "candidate has",
                            100 * share, bmx_unit_name(r->unit)), err);
}

/* ---- rules about what is printed as the answer ---- */

static const double *of_solution(const bpemix_result *r, const bmx_solution *s)
{
    return r->unit == BMX_UNIT_MERGES ? s->share_merges : s->share_bytes;
}

static const double *of_point(const bpemix_result *r, const bmx_sweep_point *p)
{
    return r->unit == BMX_UNIT_MERGES ? p->share_merges : p->share_bytes;
}

/* What changes, which answer moves most, and how far. */
static bpemix_status say_move(bpemix_result *r, const char *code, const char *what,
                              const bmx_move *most, bpemix_error *err)
{
    bmx_level level = level_of(most->by, limit_disagreement);
    bmx_buf text = { 0 };
    bpemix_status st;

    if (level == BMX_LEVEL_GOOD)
        return BPEMIX_OK;
    st = bmx_buf_addf(&text, err, "another %s moves the share of ", what);
    if (!st)
        st = bmx_answer_name(r, most->of, &text, err);
    if (!st)
        st = bmx_buf_addf(&text, err, " by %.0f points", 100 * most->by);
    if (!st)
        st = add(r, level, code, most->by, limit_of(level, limit_disagreement),
                 bmx_strndup(text.ptr, text.len), err);
    bmx_buf_release(&text);
    return st;
}

static bpemix_status judge_disagreement(bpemix_result *r, bpemix_error *err)
{
    bmx_move methods = { NAN, NULL }, merges = { NAN, NULL };
    bmx_answers a;
    bpemix_status st = bmx_answers_find(r, &a, err);

    if (st)
        return st;
    for (size_t k = 0; k < r->n_others; k++)
        bmx_answers_farther(r, &a, of_solution(r, &r->main), of_solution(r, &r->other[k]),
                            &methods);
    for (size_t i = 0; i < r->n_sweep; i++)
        for (size_t k = 0; k < i; k++)
            bmx_answers_farther(r, &a, of_point(r, &r->sweep[i]), of_point(r, &r->sweep[k]),
                                &merges);
    st = say_move(r, "method", "way to weigh the merges", &methods, err);
    if (!st)
        st = say_move(r, "sweep", "number of merges", &merges, err);
    bmx_free(a.of);
    return st;
}

/* A part of the merges of which it is said that it is next to none. */
#define NEXT_TO_NONE 0.02

/* The answers' widths, or, of categories that are only a part of one, their own. */
typedef struct widths {
    size_t n, known, loose;
    const bmx_answer *widest;
    double most;
} widths;

static void look_at(const bpemix_result *r, const bmx_answer *x, widths *w)
{
    bpemix_range range = bmx_outer_range_in(x->share, r->unit);
    double width = range.high - range.low;

    w->n++;
    if (isnan(width))
        return;
    w->loose += !x->share->identified;
    w->known++;
    if (w->known == 1 || width > w->most + 1e-4) { /* of two that add up to 1, the first: rounding
                                                      does not choose */
        w->most = width;
        w->widest = x;
    }
}

/* What is known less well than the answers, but is none. */
static bpemix_status say_what_is_apart(bpemix_result *r, const bmx_answers *a, bpemix_error *err)
{
    bmx_answer part = { .set = NULL }, widest = part;
    widths w = { .n = 0 };
    bpemix_range x;

    for (uint32_t i = 0; i < r->n_cats; i++)
        if (bmx_answers_have_part(a, i)) {
            part.share = &r->share[i];
            look_at(r, &part, &w);
            if (w.widest == &part) {
                widest = part;
                w.widest = &widest;
            }
        }
    if (!w.loose)
        return BPEMIX_OK;
    x = bmx_outer_range_in(widest.share, r->unit);
    return add(r, BMX_LEVEL_GOOD, "kinds", w.most, BMX_IDENTIFIED,
               bmx_asprintf("%zu of the %zu categories %s: '%s' may be %.0f to %.0f %% of %s; go "
                            "by the %s",
                            w.loose, r->n_cats,
                            w.loose == 1 ? "is not determined by itself"
                                         : "are not determined by themselves",
                            widest.share->name, 100 * x.low, 100 * x.high, bmx_unit_name(r->unit),
                            a->n_groups == 0 ? "sums"
                            : a->n_sums      ? "groups and sums"
                                             : "groups"),
               err);
}

static bpemix_status say_range(bpemix_result *r, bmx_level level, const bmx_answers *a,
                               const widths *w, double limit, bpemix_error *err)
{
    bpemix_range x = bmx_outer_range_in(w->widest->share, r->unit);
    bmx_buf text = { 0 };
    bpemix_status st = BPEMIX_OK;

    if (w->loose)
        st = bmx_buf_addf(&text, err, "the merges do not determine %zu of %zu %s: ", w->loose, w->n,
                          a->n == a->n_groups ? "groups"
                          : a->n_groups       ? "groups and other shares"
                          : a->n_sums         ? "shares and sums"
                                              : "shares");
    if (!st && !(st = bmx_answer_name(r, w->widest, &text, err)))
        st = bmx_buf_addf(&text, err, " may be %.0f to %.0f %% of %s", 100 * x.low, 100 * x.high,
                          bmx_unit_name(r->unit));
    if (!st)
        st = add(r, level, "range", w->most, limit, bmx_strndup(text.ptr, text.len), err);
    bmx_buf_release(&text);
    return st;
}

static bpemix_status judge_ranges(bpemix_result *r, bpemix_error *err)
{
    struct limits limits;
    bmx_level level = BMX_LEVEL_GOOD;
    widths w = { .n = 0 };
    bmx_answers a;
    bpemix_status st = bmx_answers_find(r, &a, err);

    if (st)
        return st;
    limits = a.n_groups ? limit_group : limit_range;
    for (size_t i = 0; i < a.n; i++)
        look_at(r, &a.of[i], &w);
    if (w.known)
        level = level_of(w.most, limits);
    if (w.loose && level == BMX_LEVEL_GOOD)
        level = BMX_LEVEL_FAIR;
    if (a.n_groups == 0 && w.known > 1 && w.loose == w.known) /* nothing is determined */
        level = BMX_LEVEL_POOR;
    if (level != BMX_LEVEL_GOOD)
        st = say_range(r, level, &a, &w, limit_of(level, limits), err);
    if (!st)
        st = say_what_is_apart(r, &a, err);
    if (!st && r->n_cats > 1 && isnan(r->range_outer_delta))
        st = add(r, BMX_LEVEL_GOOD, "range", NAN, NAN,
                 bmx_strdup("ranges were not computed: which of the shares the merges determine is "
                            "not known"), err);
    bmx_free(a.of);
    return st;
}

/* Of the answers that have next to none of the merges, the one of which there may be most in bytes;
 * NULL: there is none. */
static const bmx_answer *least_told(const bmx_answers *a)
{
    const bmx_answer *most = NULL;

    for (size_t i = 0; i < a->n; i++) {
        const bpemix_share *s = a->of[i].share;

        if (s->share_merges < NEXT_TO_NONE && s->range_outer_bytes.high > BMX_IDENTIFIED &&
            (!most || s->range_outer_bytes.high > most->share->range_outer_bytes.high))
            most = &a->of[i];
    }
    return most;
}

/* Words that the list has already make no merges behind it, however many there are of them. */
static bpemix_status judge_window(bpemix_result *r, bpemix_error *err)
{
    bmx_answers a = { 0 };
    bmx_buf text = { 0 };
    bpemix_status st = r->merge_from ? bmx_answers_find(r, &a, err) : BPEMIX_OK;
    const bmx_answer *x = least_told(&a);

    if (st || r->merge_from == 0)
        return st;
    st = bmx_buf_addf(&text, err,
                      "merges from %" PRIu32 " on tell which of the categories they were learned "
                      "from, not what the list as a whole was: go by shares of merges",
                      r->merge_from);
    if (!st && x && !(st = bmx_buf_addf(&text, err, "; ")) &&
        !(st = bmx_answer_name(r, x, &text, err)))
        st = bmx_buf_addf(&text, err,
                          " has next to none of these, but may have %.0f to %.0f %% of the bytes "
                          "that they were learned from",
                          100 * x->share->range_outer_bytes.low,
                          100 * x->share->range_outer_bytes.high);
    if (!st)
        st = add(r, BMX_LEVEL_FAIR, "window", r->merge_from, 0, bmx_strndup(text.ptr, text.len),
                 err);
    bmx_buf_release(&text);
    bmx_free(a.of);
    return st;
}

/* A share of 100 % that nothing else could have had a part of. */
static bpemix_status judge_alone(bpemix_result *r, bpemix_error *err)
{
    const bmx_group *whole = bmx_answers_whole(r);
    uint32_t only = bmx_answers_only(r);
    char which[64] = "";

    if (only == UINT32_MAX && !whole)
        return BPEMIX_OK;
    if (r->n_cats > 1)
        for (uint32_t i = 0; i < r->n_cats && !*which; i++)
            if (isnan(bmx_share_in(&r->share[i], r->unit)))
                bmx_snprintf(which, sizeof which, " whose share of %s is known",
                             bmx_unit_name(r->unit));
    if (only != UINT32_MAX)
        return add(r, BMX_LEVEL_FAIR, "alone", 1, 2,
                   bmx_asprintf("'%s' is the only category%s: its share is all there is, whatever "
                                "else the training text had", r->share[only].name, which), err);
    return add(r, BMX_LEVEL_FAIR, "alone", 1, 2,
               bmx_asprintf("all categories%s are of the group '%s': its share is all there is, "
                            "whatever else the training text had", which, whole->share.name), err);
}

static bpemix_status judge_samples(bpemix_result *r, bpemix_error *err)
{
    size_t least = SIZE_MAX, small = 0;
    bmx_level level;
    double bytes;

    for (size_t i = 0; i < r->n_cats; i++) {
        if (r->share[i].sample_bytes >= SAMPLE_FAIR || /* a share that is not known is below */
            (!(bmx_share_in(&r->share[i], r->unit) >= SMALL_SHARE) && bmx_thin_times(r, i) < THIN))
            continue;
        small++;
        if (least == SIZE_MAX || r->share[i].sample_bytes < r->share[least].sample_bytes)
            least = i;
    }
    if (!small)
        return BPEMIX_OK;
    bytes = (double)r->share[least].sample_bytes;
    level = bytes < SAMPLE_POOR ? BMX_LEVEL_POOR : BMX_LEVEL_FAIR;
    return add(r, level, "sample", bytes, level == BMX_LEVEL_POOR ? SAMPLE_POOR : SAMPLE_FAIR,
               bmx_asprintf("%zu sample%s small: that of '%s' has %.0f %s; give 1 MB of each "
                            "category or more",
                            small, small == 1 ? " is" : "s are", r->share[least].name,
                            bytes < 1000 ? bytes : bytes / 1000, bytes < 1000 ? "bytes" : "kB"),
               err);
}

static bpemix_status judge_merges(bpemix_result *r, bpemix_error *err)
{
    bmx_level level = r->merges_used < MERGES_POOR ? BMX_LEVEL_POOR : BMX_LEVEL_FAIR;

    if (r->merges_used >= MERGES_FAIR)
        return BPEMIX_OK;
    return add(r, level, "merges", r->merges_used,
               level == BMX_LEVEL_POOR ? MERGES_POOR : MERGES_FAIR,
               bmx_asprintf("only %" PRIu32 " merge%s a constraint", r->merges_used,
                            r->merges_used == 1 ? " carries" : "s carry"), err);
}

static bpemix_status judge_tokenizer(bpemix_result *r, bpemix_error *err)
{
    const bmx_facts *f = &r->facts;
    uint32_t from = f->found ? f->ties.uninformative_from : BMX_FACTS_NONE;
    bpemix_status st = BPEMIX_OK;
    bmx_level level;
    double part;

    if (from < r->merge_to) {
        from = from > r->merge_from ? from : r->merge_from;
        part = (double)(r->merge_to - from) / (double)(r->merge_to - r->merge_from);
        level = level_of(part, limit_ties);
        if (level != BMX_LEVEL_GOOD)
            st = add(r, level, "ties", part, limit_of(level, limit_ties),
                     bmx_asprintf("%.0f %% of the merges stand where ties decide the order, from "
                                  "merge %" PRIu32 " on: constrain fewer merges", 100 * part,
                                  f->ties.uninformative_from), err);
    }
    part = f->found && f->cut_known && f->merges ? (double)f->n_cut / f->merges : 0;
    level = level_of(part, limit_cut);
    if (st || level == BMX_LEVEL_GOOD)
        return st;
    return add(r, level, "pretokenizer", part, limit_of(level, limit_cut),
               bmx_asprintf("the pre-tokenizer would cut %.0f %% of the tokens: text was split "
                            "otherwise in training", 100 * part), err);
}

static bpemix_status judge_solver(bpemix_result *r, bpemix_error *err)
{
    bmx_level level = level_of(r->main.gap, limit_gap);

    if (level == BMX_LEVEL_GOOD)
        return BPEMIX_OK;
    return add(r, level, "gap", r->main.gap, limit_of(level, limit_gap),
               bmx_asprintf("the solution was stopped within %.1f %% of the best: give it more "
                            "time",
                            100 * r->main.gap), err);
}

/* What no rule can see, so that nobody takes it for excluded. */
static bpemix_status say_what_good_means(bpemix_result *r, bpemix_error *err)
{
    return add(r, BMX_LEVEL_GOOD, "scope", NAN, NAN,
               bmx_strdup("nothing speaks against the shares; a category that is missing may still "
                          "go unnoticed where it has a few percent, or is much like one of those "
                          "given"), err);
}

static int by_gravity(const void *a, const void *b)
{
    const bmx_reason *x = a, *y = b;

    return (x->level < y->level) - (x->level > y->level);
}

bpemix_status bmx_verdict_find(bpemix_result *r, bpemix_error *err)
{
    static const struct {
        bpemix_status (*judge)(bpemix_result *, bpemix_error *);
        bool of_shares; /* which need no look where rules before say that shares tell nothing */
    } rule[] = {
        { judge_odd, false },         { judge_phases, false },  { judge_slack, false },
        { judge_order, false },       { judge_missing, false }, { judge_script, false },
        { judge_named, false },       { judge_other, true },    { judge_large, false },
        { judge_ranges, true },       { judge_window, true },   { judge_alone, true },
        { judge_disagreement, true }, { judge_tokenizer, false }, { judge_samples, false },
        { judge_merges, false },      { judge_solver, false }
    };
    bmx_verdict *v = &r->verdict;
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < v->n_reasons; i++) {
        bmx_free(v->reason[i].code);
        bmx_free(v->reason[i].text);
    }
    v->n_reasons = 0;
    v->level = BMX_LEVEL_GOOD;
    for (size_t i = 0; i < sizeof rule / sizeof *rule && !st; i++)
        if (!rule[i].of_shares || v->level < BMX_LEVEL_UNUSABLE)
            st = rule[i].judge(r, err);
    if (!st && v->level == BMX_LEVEL_GOOD)
        st = say_what_good_means(r, err);
    /* few and short: insertion keeps the order of the rules among equals, which qsort need not */
    for (size_t i = 1; i < v->n_reasons; i++)
        for (size_t k = i; k > 0 && by_gravity(&v->reason[k - 1], &v->reason[k]) > 0; k--) {
            bmx_reason t = v->reason[k];

            v->reason[k] = v->reason[k - 1];
            v->reason[k - 1] = t;
        }
    return st;
}

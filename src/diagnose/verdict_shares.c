/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdict_shares.c - rules about the shares that are printed as the answer: how far they may be
 * off, and what moves them. */
#include "diagnose/verdict_rules.h"
#include "base/format.h"
#include "diagnose/answers.h"
#include "diagnose/reason.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Of all, by which two solutions differ. */
static const bmx_limits limit_disagreement = { 0.03, 0.1, INFINITY };

/* Width of the widest outer range of an answer; where groups are the answer, of theirs. */
static const bmx_limits limit_range = { 0.1, 0.6, INFINITY }, limit_group = { 0.1, 0.4, INFINITY };

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
    return bmx_reason_add(
        r, BMX_LEVEL_GOOD, "kinds", w.most, BMX_IDENTIFIED,
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
        st = bmx_reason_add(r, level, "range", w->most, limit, bmx_strndup(text.ptr, text.len),
                            err);
    bmx_buf_release(&text);
    return st;
}

bpemix_status bmx_judge_ranges(bpemix_result *r, bpemix_error *err)
{
    bmx_limits limits;
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
        level = bmx_level_of(w.most, limits);
    if (w.loose && level == BMX_LEVEL_GOOD)
        level = BMX_LEVEL_FAIR;
    if (a.n_groups == 0 && w.known > 1 && w.loose == w.known) /* nothing is determined */
        level = BMX_LEVEL_POOR;
    if (level != BMX_LEVEL_GOOD)
        st = say_range(r, level, &a, &w, bmx_limit_of(level, limits), err);
    if (!st)
        st = say_what_is_apart(r, &a, err);
    if (!st && r->n_cats > 1 && isnan(r->range_outer_delta))
        st = bmx_reason_add(
            r, BMX_LEVEL_GOOD, "range", NAN, NAN,
            bmx_strdup("ranges were not computed: which of the shares the merges determine is "
                       "not known"),
            err);
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
bpemix_status bmx_judge_window(bpemix_result *r, bpemix_error *err)
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
        st = bmx_reason_add(r, BMX_LEVEL_FAIR, "window", r->merge_from, 0,
                            bmx_strndup(text.ptr, text.len), err);
    bmx_buf_release(&text);
    bmx_free(a.of);
    return st;
}

/* A share of 100 % that nothing else could have had a part of. */
bpemix_status bmx_judge_alone(bpemix_result *r, bpemix_error *err)
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
        return bmx_reason_add(
            r, BMX_LEVEL_FAIR, "alone", 1, 2,
            bmx_asprintf("'%s' is the only category%s: its share is all there is, whatever "
                         "else the training text had",
                         r->share[only].name, which),
            err);
    return bmx_reason_add(
        r, BMX_LEVEL_FAIR, "alone", 1, 2,
        bmx_asprintf("all categories%s are of the group '%s': its share is all there is, "
                     "whatever else the training text had",
                     which, whole->share.name),
        err);
}

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
    bmx_level level = bmx_level_of(most->by, limit_disagreement);
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
        st = bmx_reason_add(r, level, code, most->by, bmx_limit_of(level, limit_disagreement),
                            bmx_strndup(text.ptr, text.len), err);
    bmx_buf_release(&text);
    return st;
}

bpemix_status bmx_judge_disagreement(bpemix_result *r, bpemix_error *err)
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

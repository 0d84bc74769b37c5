/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdict.c - the rules one after the other, and their reasons by gravity. */
#include "diagnose/verdict.h"
#include "diagnose/reason.h"
#include "diagnose/verdict_rules.h"

#include <math.h>

/* What no rule can see, so that nobody takes it for excluded. */
static bpemix_status say_what_good_means(bpemix_result *r, bpemix_error *err)
{
    return bmx_reason_add(
        r, BMX_LEVEL_GOOD, "scope", NAN, NAN,
        bmx_strdup("nothing speaks against the shares; a category that is missing may still "
                   "go unnoticed where it has a few percent, or is much like one of those "
                   "given"),
        err);
}

static int by_gravity(const void *a, const void *b)
{
    const bmx_reason *x = a, *y = b;

    return (x->level < y->level) - (x->level > y->level);
}

bpemix_status bmx_verdict_find(bpemix_result *r, bpemix_error *err)
{
    static const struct {
        bmx_judge_fn *judge;
        bool of_shares; /* which need no look where rules before say that shares tell nothing */
    } rule[] = {
        { bmx_judge_odd, false },       { bmx_judge_phases, false },
        { bmx_judge_slack, false },     { bmx_judge_order, false },
        { bmx_judge_unreached, false }, { bmx_judge_missing, false },
        { bmx_judge_script, false },    { bmx_judge_named, false },
        { bmx_judge_other, true },      { bmx_judge_large, false },
        { bmx_judge_ranges, true },     { bmx_judge_window, true },
        { bmx_judge_alone, true },      { bmx_judge_disagreement, true },
        { bmx_judge_tokenizer, false }, { bmx_judge_samples, false },
        { bmx_judge_merges, false },    { bmx_judge_solver, false },
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

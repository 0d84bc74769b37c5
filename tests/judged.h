/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judged.h - results made by hand, of which one thing is wrong, and what the verdict says of it. */
#ifndef TESTS_JUDGED_H
#define TESTS_JUDGED_H

#include "test.h"

#include "diagnose/verdict.h"

#include <math.h>

/* A result that nothing is wrong with. */
static inline bpemix_result *fine(void)
{
    bpemix_result *r = bmx_result_new(2);

    assert_non_null(r);
    for (int i = 0; i < 2; i++) {
        bpemix_share *s = &r->share[i];
        s->name = bmx_strdup(i ? "fr" : "en");
        s->share_bytes = s->share_pairs = s->share_merges = i ? 0.3 : 0.7;
        s->sample_bytes = 1000000;
    }
    r->merge_to = 3000;
    r->merges_used = 3000;
    r->slack_relative = 0.05;
    r->slack_large = 0.02;
    r->slack_extreme = 0;
    r->uncovered.share = 0;
    r->main.gap = 1e-6;
    r->range_outer_delta = 0.1;
    return r;
}

static inline double *shares(double first)
{
    double *share = bmx_calloc(3, sizeof *share); /* of a third category: none */

    share[0] = first;
    share[1] = 1 - first;
    return share;
}

/* A second solution, so many points off. */
static inline void disagree(bpemix_result *r, double by)
{
    r->other = bmx_calloc(1, sizeof *r->other);
    r->n_others = 1;
    r->main.share_bytes = shares(0.5);
    r->other->share_bytes = shares(0.5 + by);
}

/* A group, or without a name a set, of the categories up to n. */
static inline bmx_group set_of(uint32_t n, const char *name, double low, double high)
{
    bmx_group g = { .member = bmx_calloc(n, sizeof *g.member), .n_members = n };

    bmx_share_clear(&g.share);
    g.share.name = name ? bmx_strdup(name) : NULL;
    g.share.range_outer_bytes = (bpemix_range){ low, high };
    g.share.identified = high - low <= BMX_IDENTIFIED;
    for (uint32_t i = 0; i < n; i++)
        g.member[i] = i;
    return g;
}

static inline void add_group(bpemix_result *r, bmx_group g)
{
    bmx_group **list = g.share.name ? &r->group : &r->inseparable;
    size_t *n = g.share.name ? &r->n_groups : &r->n_inseparable;

    *list = bmx_realloc(*list, *n + 1, sizeof **list);
    (*list)[(*n)++] = g;
}

/* Two kinds that nobody can tell apart, and a third category. */
static inline bpemix_result *alike(void)
{
    bpemix_result *r = bmx_result_new(3);
    bpemix_result *two = fine();

    for (int i = 0; i < 2; i++) {
        r->share[i] = two->share[i];
        two->share[i].name = NULL;
        r->share[i].range_outer_bytes = (bpemix_range){ 0, 0.7 };
    }
    r->share[2] = r->share[1];
    r->share[2].name = bmx_strdup("c");
    r->share[2].range_outer_bytes = (bpemix_range){ 0.28, 0.36 };
    r->share[2].identified = true;
    r->merge_to = r->merges_used = 3000;
    r->slack_relative = 0.05;
    r->slack_large = r->slack_extreme = r->uncovered.share = 0;
    r->main.gap = 1e-6;
    r->range_outer_delta = 0.1;
    bmx_result_free(two);
    return r;
}

static inline const bmx_reason *reason(const bpemix_result *r, const char *code)
{
    for (size_t i = 0; i < r->verdict.n_reasons; i++)
        if (!strcmp(r->verdict.reason[i].code, code))
            return &r->verdict.reason[i];
    return NULL;
}

/* Judge, compare level and, when `text` is passed, the reason of that code; then free. */
static inline void judged(bpemix_result *r, bmx_level level, const char *code, const char *text)
{
    bpemix_error err;

    CHECK_OK(bmx_verdict_find(r, &err));
    if (r->verdict.level != level)
        fail_msg("%s, not %s, by %s", bmx_level_name(r->verdict.level), bmx_level_name(level),
                 code);
    assert_non_null(reason(r, "slack"));
    if (text) {
        assert_non_null(reason(r, code));
        assert_string_equal(reason(r, code)->text, text);
        assert_true(reason(r, code)->level == level);
        assert_string_equal(r->verdict.reason[0].code, code); /* the gravest first */
    }
    bmx_result_free(r);
}

#endif

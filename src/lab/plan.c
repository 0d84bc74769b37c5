/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.c - methods by name, the points of a sweep, and a plan in the terms of its journal. */
#include "lab/trial.h"

#include <string.h>

/* ---- names ---- */

const char *const bmx_lab_noise_name[] = { "documents", "words", NULL };
const char *const bmx_lab_setting_name[] = { "alike", "shifted", "disjoint", "same", NULL };

static bool choice(const char *text, size_t len, const char *const *names, int *value)
{
    for (int i = 0; names[i]; i++)
        if (strlen(names[i]) == len && !memcmp(text, names[i], len)) {
            *value = i;
            return true;
        }
    return false;
}

bpemix_status bmx_lab_method_named(const char *name, bmx_lab_method *out, bpemix_error *err)
{
    static const char *const kinds[] = { "lp", "monotone", "uniform", "random", "tc", "tee",
                                        "verify", NULL };
    static const char *const weights[] = { "none", "quarter", NULL };
    static const char *const scales[] = { "pairs", "merges", NULL };
    static const bmx_lab_kind other[] = { BMX_LAB_UNIFORM, BMX_LAB_RANDOM, BMX_LAB_TC, BMX_LAB_TEE,
                                          BMX_LAB_VERIFY };
    size_t len = strcspn(name, ":");
    const char *rest = name + len;
    bmx_lab_method m = { .kind = BMX_LAB_SOLVE };
    int k;

    if (!choice(name, len, kinds, &k) || strlen(name) >= sizeof m.name)
        goto wrong;
    strcpy(m.name, name);
    if (k < 2)
        m.method = k ? BPEMIX_METHOD_MONOTONE : BPEMIX_METHOD_LP;
    else
        m.kind = other[k - 2];
    for (; *rest == ':' && m.kind == BMX_LAB_SOLVE; rest += len) {
        int v;

        len = strcspn(++rest, ":");
        if (choice(rest, len, weights, &v))
            m.weights = v ? BPEMIX_WEIGHTS_QUARTER : BPEMIX_WEIGHTS_NONE;
        else if (choice(rest, len, scales, &v))
            m.scale = v ? BPEMIX_SCALE_MERGES : BPEMIX_SCALE_PAIRS;
        else
            goto wrong;
    }
    if (*rest)
        goto wrong;
    *out = m;
    return BPEMIX_OK;
wrong:
    return bmx_fail_hint(err, BPEMIX_E_USAGE, "methods",
                         "use monotone or lp, with :none, :quarter, :pairs or :merges behind it, "
                         "uniform, random, tc, tee, verify",
                         "unknown method '%s'", name);
}

/* ---- points ---- */

static size_t at_least_one(size_t n) { return n ? n : 1; }

size_t bmx_lab_points(const bmx_lab_plan *plan)
{
    return at_least_one(plan->axes.n_categories) * at_least_one(plan->axes.n_omit_shares);
}

bmx_lab_plan bmx_lab_plan_at(const bmx_lab_plan *plan, size_t point)
{
    size_t shares = at_least_one(plan->axes.n_omit_shares);
    bmx_lab_plan p = *plan;

    if (p.axes.n_categories)
        p.categories = (size_t)p.axes.categories[point / shares];
    if (p.axes.n_omit_shares)
        p.omit_share = p.axes.omit_share[point % shares];
    return p;
}

/* ---- terms ---- */

/* Lists, of the plan's own value where it has no more; the names of the methods. */
static bpemix_status take_lists(const bmx_lab_plan *p, size_t n_cats, bmx_lab_terms *t,
                                bpemix_error *err)
{
    t->n_folds = at_least_one(p->axes.n_folds);
    t->n_categories = at_least_one(p->axes.n_categories);
    t->n_omit_shares = at_least_one(p->axes.n_omit_shares);
    t->folds = bmx_malloc(t->n_folds, sizeof *t->folds);
    t->categories = bmx_malloc(t->n_categories, sizeof *t->categories);
    t->omit_share = bmx_malloc(t->n_omit_shares, sizeof *t->omit_share);
    t->method = bmx_malloc(p->n_methods, sizeof *t->method);
    if (!t->folds || !t->categories || !t->omit_share || !t->method)
        return bmx_nomem(err);
    for (size_t k = 0; k < t->n_folds; k++)
        t->folds[k] = p->axes.n_folds ? p->axes.folds[k] : p->folds;
    for (size_t k = 0; k < t->n_categories; k++) {
        uint64_t asked = p->axes.n_categories ? p->axes.categories[k] : p->categories;

        t->categories[k] = asked ? asked : n_cats;
    }
    for (size_t k = 0; k < t->n_omit_shares; k++)
        t->omit_share[k] = p->axes.n_omit_shares ? p->axes.omit_share[k] : p->omit_share;
    for (size_t m = 0; m < p->n_methods; m++)
        t->method[m] = p->method[m].name;
    t->n_methods = p->n_methods;
    return BPEMIX_OK;
}

bpemix_status bmx_lab_plan_terms(const bmx_lab_plan *p, char *const *name, size_t n,
                                 bmx_lab_terms *out, bpemix_error *err)
{
    bmx_lab_terms t = {
        .simulate = p->simulate,
        .noise = bmx_lab_noise_name[p->noise],
        .setting = bmx_lab_setting_name[p->setting],
        .ties = bmx_tie_order_name(p->ties),
        .pretokenizer = p->rule->pretokenizer.name,
        .seed = p->seed,
        .base_bytes = p->base_bytes,
        .cluster = p->cluster,
        .train_bytes = p->train_bytes,
        .sample_bytes = p->sample_bytes,
        .n_sizes = p->n_sizes,
        .merges = p->merges,
        .n_merges = p->n_merges,
        .learn = p->learn,
        .inherit = p->inherit,
        .shuffle = p->shuffle,
        .omit = p->omit,
        .extra = p->extra,
        .panel = p->panel_digest,
        .mixture = p->mixture,
        .gap = p->gap,
        .group = p->group,
        .n_groups = p->n_groups,
        .name = (const char *const *)name,
        .n_cats = n,
    };
    bpemix_status st = take_lists(p, n, &t, err);

    if (st)
        bmx_lab_terms_release(&t);
    else
        *out = t;
    return st;
}

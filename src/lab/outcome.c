/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outcome.c - methods by name, the points of a sweep, and what a trial comes to. */
#include "lab/trial.h"

#include <math.h>
#include <string.h>

/* ---- names ---- */

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

/* ---- outcomes ---- */

void bmx_lab_outcome_release(bmx_lab_outcome *o)
{
    for (size_t r = 0; r < o->n_rows; r++)
        for (int f = 0; f < BMX_LAB_FIELDS; f++)
            bmx_free(o->row[r].value[f]);
    bmx_free(o->row);
    bmx_free(o->cat);
    bmx_free(o->group);
    bmx_free(o->truth);
    bmx_free(o->efficiency);
    *o = (bmx_lab_outcome){ 0 };
}

bpemix_status bmx_lab_row_add(bmx_lab_outcome *o, bmx_lab_row **row, bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&o->row, &o->rows_cap, o->n_rows + 1, sizeof *o->row, err);
    bmx_lab_row *r;

    if (st)
        return st;
    r = &o->row[o->n_rows++];
    *r = (bmx_lab_row){ .slack = NAN, .missing_ratio = NAN, .delta = { NAN, NAN } };
    for (size_t c = 0; c < BMX_LAB_CLAIMS; c++)
        r->excess[c] = NAN;
    for (int f = 0; f < BMX_LAB_FIELDS; f++) {
        if (!(r->value[f] = bmx_malloc(o->n + o->n_groups, sizeof *r->value[f])))
            return bmx_nomem(err);
        for (size_t i = 0; i < o->n + o->n_groups; i++)
            r->value[f][i] = NAN;
    }
    *row = r;
    return BPEMIX_OK;
}

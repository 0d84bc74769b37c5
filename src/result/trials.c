/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/trials.h"
#include "base/mem.h"

#include <math.h>
#include <string.h>

const char *const bmx_lab_field_name[BMX_LAB_FIELDS] = {
    "share", "low", "high", "inner_low", "inner_high", "outer_low", "outer_high"
};

void bmx_lab_terms_release(bmx_lab_terms *t)
{
    bmx_free(t->method);
    bmx_free(t->folds);
    bmx_free(t->categories);
    bmx_free(t->omit_share);
    *t = (bmx_lab_terms){ 0 };
}

size_t bmx_lab_terms_points(const bmx_lab_terms *t)
{
    return t->n_categories * t->n_omit_shares;
}

void bmx_lab_outcome_release(bmx_lab_outcome *o)
{
    for (size_t r = 0; r < o->n_rows; r++) {
        for (int f = 0; f < BMX_LAB_FIELDS; f++)
            bmx_free(o->row[r].value[f]);
        bmx_free(o->row[r].named);
    }
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

/* ---- groups ---- */

static bool has(const bmx_group *g, uint32_t cat)
{
    for (size_t i = 0; i < g->n_members; i++)
        if (g->member[i] == cat)
            return true;
    return false;
}

/* The sum of the group's candidates; a share that is not known is left out, unless all are. */
static double sum_of(const bmx_group *g, const bmx_lab_outcome *o, const double *share)
{
    double sum = NAN;

    for (size_t i = 0; i < o->n; i++)
        if (has(g, o->cat[i]) && isfinite(share[i]))
            sum = share[i] + (isfinite(sum) ? sum : 0);
    return sum > 1 ? 1 : sum; /* by a rounding error */
}

bpemix_status bmx_lab_outcome_group(const bmx_group *group, size_t n, bmx_lab_outcome *o,
                                    bpemix_error *err)
{
    double *truth;

    if (!n)
        return BPEMIX_OK;
    if (!(o->group = bmx_malloc(n, sizeof *o->group)))
        return bmx_nomem(err);
    if (!(truth = bmx_realloc(o->truth, o->n + n, sizeof *truth)))
        return bmx_nomem(err);
    o->truth = truth;
    for (uint32_t g = 0; g < n; g++) {
        double sum = sum_of(&group[g], o, truth);

        if (isnan(sum))
            continue;
        truth[o->n + o->n_groups] = sum;
        o->group[o->n_groups++] = g;
    }
    return BPEMIX_OK;
}

void bmx_lab_group_shares(const bmx_group *group, const bmx_lab_outcome *o, bmx_lab_row *row)
{
    double *share = row->value[BMX_LAB_SHARE];

    for (size_t k = 0; k < o->n_groups; k++)
        share[o->n + k] = sum_of(&group[o->group[k]], o, share);
}

/* ---- all of them ---- */

void bmx_lab_trials_release(bmx_lab_trials *t)
{
    for (size_t k = 0; t->outcome && k < t->runs; k++)
        bmx_lab_outcome_release(&t->outcome[k]);
    bmx_free(t->outcome);
    bmx_lab_terms_release(&t->terms);
    *t = (bmx_lab_trials){ 0 };
}

bpemix_status bmx_lab_text_is(bmx_lab_trials *t, const char *digest, const char *from,
                              bpemix_error *err)
{
    const char *place = from ? from : t->text_from;

    if (t->text[0] && strcmp(t->text, digest))
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, place ? place : "",
                             "give the text it was begun with, or another file",
                             "the journal is of trials with other text");
    memcpy(t->text, digest, sizeof t->text);
    if (!t->text_from)
        t->text_from = from;
    return BPEMIX_OK;
}

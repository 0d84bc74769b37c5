/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trials_json.c - trials as JSON: lines of a journal, which journal.c reads, and the document of an
 * experiment. */
#include "base/assert.h"
#include "base/hash.h"
#include "result/document.h"
#include "result/trials.h"

#include <math.h>

/* ---- options ---- */

/* A number of bytes or merges; all of them is null. */
static bmx_json *amount(uint64_t v)
{
    return v == BMX_LAB_ALL ? bmx_json_new_double(NAN) : bmx_json_new_uint(v);
}

static void put_amounts(bmx_json *o, const char *key, const uint64_t *v, size_t n)
{
    bmx_json *list = bmx_json_put(o, key, bmx_json_array());

    for (size_t i = 0; i < n; i++)
        bmx_json_push(list, amount(v[i]));
}

typedef bmx_json *list_value(const bmx_lab_terms *t, size_t k);

/* One value as a number, several as an array; so the keys of journals of one value stay. */
static void put_list(bmx_json *o, const char *key, size_t n, list_value *value,
                     const bmx_lab_terms *t)
{
    bmx_json *list;

    if (n < 2) {
        bmx_json_put(o, key, value(t, 0));
        return;
    }
    list = bmx_json_put(o, key, bmx_json_array());
    for (size_t k = 0; k < n; k++)
        bmx_json_push(list, value(t, k));
}

static bmx_json *folds_json(const bmx_lab_terms *t, size_t k)
{
    return bmx_json_new_uint(t->folds[k]);
}

static bmx_json *categories_json(const bmx_lab_terms *t, size_t k)
{
    return bmx_json_new_uint(t->categories[k]);
}

static bmx_json *omit_share_json(const bmx_lab_terms *t, size_t k)
{
    return bmx_json_new_double(t->omit_share[k]);
}

/* Names, and members by name. */
static bmx_json *groups_json(const bmx_lab_terms *t)
{
    bmx_json *list = bmx_json_array();

    for (size_t g = 0; g < t->n_groups; g++) {
        const bmx_group *group = &t->group[g];
        bmx_json *o = bmx_json_push(list, bmx_json_object()), *cats;

        bmx_json_put(o, "name", bmx_json_new_bytes(bmx_slice_str(group->share.name)));
        cats = bmx_json_put(o, "categories", bmx_json_array());
        for (size_t i = 0; i < group->n_members; i++)
            bmx_json_push(cats, bmx_json_new_bytes(bmx_slice_str(t->name[group->member[i]])));
    }
    return list;
}

static bmx_json *terms_json(const bmx_lab_terms *t)
{
    bmx_json *o = bmx_json_object(), *list;

    bmx_json_put_bool(o, "simulate", t->simulate);
    bmx_json_put_str(o, "noise", t->noise);
    bmx_json_put_str(o, "setting", t->setting);
    bmx_json_put_uint(o, "seed", t->seed);
    bmx_json_put_uint(o, "base_bytes", t->base_bytes);
    bmx_json_put(o, "cluster", amount(t->cluster));
    bmx_json_put(o, "train_bytes", amount(t->train_bytes));
    put_amounts(o, "sample_bytes", t->sample_bytes, t->n_sizes);
    put_amounts(o, "merges", t->merges, t->n_merges);
    list = bmx_json_put(o, "methods", bmx_json_array());
    for (size_t m = 0; m < t->n_methods; m++)
        bmx_json_push(list, bmx_json_new_str(t->method[m]));
    put_list(o, "folds", t->n_folds, folds_json, t);
    bmx_json_put_uint(o, "learn", t->learn);
    bmx_json_put_uint(o, "inherit", t->inherit);
    bmx_json_put_uint(o, "shuffle", t->shuffle);
    put_list(o, "categories", t->n_categories, categories_json, t);
    bmx_json_put_uint(o, "omit", t->omit);
    put_list(o, "omit_share", t->n_omit_shares, omit_share_json, t);
    bmx_json_put_uint(o, "extra", t->extra);
    if (t->panel)
        bmx_json_put_str(o, "panel", t->panel);
    if (t->mixture) {
        list = bmx_json_put(o, "mixture", bmx_json_array());
        for (size_t i = 0; i < t->n_cats; i++)
            bmx_json_push(list, bmx_json_new_double(t->mixture[i]));
    }
    bmx_json_put_str(o, "ties", t->ties);
    bmx_json_put_str(o, "pretokenizer", t->pretokenizer);
    bmx_json_put_double(o, "gap", t->gap);
    if (t->n_groups)
        bmx_json_put(o, "groups", groups_json(t));
    return o;
}

static bmx_json *names_json(const bmx_lab_terms *t)
{
    bmx_json *list = bmx_json_array();

    for (size_t i = 0; i < t->n_cats; i++)
        bmx_json_push(list, bmx_json_new_bytes(bmx_slice_str(t->name[i])));
    return list;
}

bpemix_status bmx_lab_terms_key(const bmx_lab_terms *t, char key[65], bpemix_error *err)
{
    bmx_json *o = bmx_json_object();
    bmx_buf text = { 0 };
    bpemix_status st;

    bmx_json_put(o, "options", terms_json(t));
    bmx_json_put(o, "names", names_json(t));
    if (!(st = o ? bmx_json_print_compact(o, &text, err) : bmx_nomem(err)))
        bmx_sha256_of(text.ptr, text.len, key);
    bmx_buf_release(&text);
    bmx_json_free(o);
    return st;
}

/* ---- the journal ---- */

static bpemix_status put_line(bmx_json *o, bmx_buf *out, bpemix_error *err)
{
    bmx_buf text = { 0 };
    bpemix_status st = o ? bmx_json_print_compact(o, &text, err) : bmx_nomem(err);

    while (text.len && text.ptr[text.len - 1] == '\n')
        text.len--;
    if (!st && !(st = bmx_buf_add(&text, "\n", 1, err)))
        st = bmx_buf_add(out, text.ptr, text.len, err);
    bmx_buf_release(&text);
    bmx_json_free(o);
    return st;
}

bpemix_status bmx_lab_journal_header(const bmx_lab_trials *t, bmx_buf *out, bpemix_error *err)
{
    bmx_json *o = bmx_json_object();

    bmx_json_put_uint(o, "bpemix_journal", 1);
    bmx_json_put_str(o, "version", BPEMIX_VERSION);
    bmx_json_put_str(o, "key", t->key);
    if (t->text[0] && !t->untold)
        bmx_json_put_str(o, "text", t->text);
    bmx_json_put(o, "options", terms_json(&t->terms));
    bmx_json_put(o, "categories", names_json(&t->terms));
    return put_line(o, out, err);
}

static void put_numbers(bmx_json *o, const char *key, const double *v, size_t n)
{
    bmx_json *list;
    size_t known = 0;

    for (size_t i = 0; i < n; i++)
        known += isnan(v[i]) ? 0 : 1;
    if (!known)
        return;
    list = bmx_json_put(o, key, bmx_json_array());
    for (size_t i = 0; i < n; i++)
        bmx_json_push(list, bmx_json_new_double(v[i]));
}

/* Of several points, which this is. */
static void put_point(bmx_json *o, const bmx_lab_terms *t, size_t point)
{
    if (t->n_categories > 1)
        bmx_json_put_uint(o, "categories_asked", t->categories[point / t->n_omit_shares]);
    if (t->n_omit_shares > 1)
        bmx_json_put_double(o, "omit_share_asked", t->omit_share[point % t->n_omit_shares]);
}

static bmx_json *row_json(const bmx_lab_terms *t, const bmx_lab_outcome *o, const bmx_lab_row *r)
{
    bmx_json *j = bmx_json_object();

    BMX_ASSERT(r->method < t->n_methods); /* T3 */
    bmx_json_put(j, "sample_bytes", amount(r->sample_bytes));
    bmx_json_put(j, "merges_asked", amount(r->merges_asked));
    if (t->n_folds > 1)
        bmx_json_put_uint(j, "folds_asked", r->folds);
    bmx_json_put_uint(j, "merges", r->merges);
    bmx_json_put_str(j, "method", t->method[r->method]);
    for (int f = 0; f < BMX_LAB_FIELDS; f++)
        put_numbers(j, bmx_lab_field_name[f], r->value[f], o->n);
    if (o->n_groups) {
        bmx_json *groups = bmx_json_put(j, "groups", bmx_json_object());

        for (int f = 0; f < BMX_LAB_FIELDS; f++)
            put_numbers(groups, bmx_lab_field_name[f], r->value[f] + o->n, o->n_groups);
    }
    put_numbers(j, "delta", r->delta, 2);
    put_numbers(j, "excess", r->excess, BMX_LAB_CLAIMS);
    bmx_json_put_double(j, "slack", r->slack);
    bmx_json_put_uint(j, "missing", r->missing);
    bmx_json_put_double(j, "missing_ratio", r->missing_ratio);
    bmx_json_put_str(j, "level", bmx_level_name(r->level));
    if (!r->looked_up)
        return j;
    bmx_json_put(j, "named",
                 r->named ? bmx_json_new_bytes(bmx_slice_str(r->named)) : bmx_json_new_double(NAN));
    bmx_json_put_bool(j, "named_omitted", r->named_omitted);
    return j;
}

static bmx_json *outcome_json(const bmx_lab_terms *t, const bmx_lab_outcome *o)
{
    bmx_json *j = bmx_json_object(), *list;

    BMX_ASSERT(o->point < bmx_lab_terms_points(t)); /* T1 */
    bmx_json_put_uint(j, "trial", o->trial);
    put_point(j, t, o->point);
    bmx_json_put_uint(j, "train_bytes", o->train_bytes);
    bmx_json_put_uint(j, "learned", o->learned);
    bmx_json_put_double(j, "omitted", o->omitted);
    bmx_json_put_double(j, "pairs", o->pairs);
    bmx_json_put_double(j, "pairs_from_ties", o->pairs_from_ties);
    list = bmx_json_put(j, "categories", bmx_json_array());
    for (size_t i = 0; i < o->n; i++)
        bmx_json_push(list, bmx_json_new_uint(o->cat[i]));
    put_numbers(j, "truth", o->truth, o->n);
    if (o->efficiency)
        put_numbers(j, "efficiency", o->efficiency, o->n);
    list = bmx_json_put(j, "rows", bmx_json_array());
    for (size_t r = 0; r < o->n_rows; r++)
        bmx_json_push(list, row_json(t, o, &o->row[r]));
    return j;
}

bpemix_status bmx_lab_journal_line(const bmx_lab_trials *t, const bmx_lab_outcome *o, bmx_buf *out,
                                   bpemix_error *err)
{
    return put_line(outcome_json(&t->terms, o), out, err);
}

/* ---- the document ---- */

static void put_average(bmx_json *o, const char *key, const bmx_lab_average *a)
{
    bmx_json *j;

    if (!a->n)
        return;
    j = bmx_json_put(o, key, bmx_json_object());
    bmx_json_put_double(j, "mean", a->mean);
    bmx_json_put_double(j, "error", a->error);
    bmx_json_put_double(j, "deviation", a->deviation);
}

static void put_cover(bmx_json *o, const char *key, const bmx_lab_cover *c)
{
    bmx_json *j;

    if (!c->n)
        return;
    j = bmx_json_put(o, key, bmx_json_object());
    bmx_json_put_uint(j, "intervals", c->n);
    bmx_json_put_double(j, "coverage", c->coverage);
    bmx_json_put_double(j, "width", c->width);
}

static void put_nearness(bmx_json *o, const bmx_lab_nearness *a)
{
    put_average(o, "log10_mse", &a->log10_mse);
    put_average(o, "rms_error", &a->rms);
    put_cover(o, "inner_range", &a->inner);
    put_cover(o, "outer_range", &a->outer);
    put_cover(o, "folds", &a->by_folds);
}

/* As amount(), in the words of the options. */
static void put_amount(bmx_json *o, const char *key, uint64_t v)
{
    if (v == BMX_LAB_ALL)
        bmx_json_put_str(o, key, "all");
    else
        bmx_json_put_uint(o, key, v);
}

static bmx_json *means_json(const bmx_lab_terms *t, const bmx_lab_means *m)
{
    bmx_json *o = bmx_json_object(), *levels;

    put_amount(o, "sample_bytes", m->sample_bytes);
    put_amount(o, "merges_asked", m->merges_asked);
    put_point(o, t, m->point);
    if (t->n_folds > 1)
        bmx_json_put_uint(o, "folds_asked", m->folds);
    bmx_json_put_str(o, "method", t->method[m->method]);
    put_nearness(o, &m->categories);
    put_average(o, "slack_relative", &m->slack);
    put_average(o, "versus_baseline", &m->versus);
    if (m->groups.rms.n)
        put_nearness(bmx_json_put(o, "groups", bmx_json_object()), &m->groups);
    if (m->looked_up) {
        bmx_json *panel = bmx_json_put(o, "panel", bmx_json_object());

        bmx_json_put_uint(panel, "looked_up", m->looked_up);
        bmx_json_put_uint(panel, "named_omitted", m->named_omitted);
        bmx_json_put_uint(panel, "named_other", m->named_other);
    }
    if (!m->judged)
        return o;
    levels = bmx_json_put(o, "verdicts", bmx_json_object());
    for (int k = BMX_LEVEL_GOOD; k <= BMX_LEVEL_UNUSABLE; k++)
        bmx_json_put_uint(levels, bmx_level_name((bmx_level)k), m->level[k]);
    return o;
}

static bmx_json *trial_json(const bmx_lab_terms *t, const bmx_lab_outcome *o)
{
    bmx_json *j = outcome_json(t, o), *list = bmx_json_put(j, "names", bmx_json_array());

    for (size_t i = 0; i < o->n; i++)
        bmx_json_push(list, bmx_json_new_bytes(bmx_slice_str(t->name[o->cat[i]])));
    if (o->n_groups)
        list = bmx_json_put(j, "groups", bmx_json_array());
    for (size_t k = 0; k < o->n_groups; k++) {
        bmx_json *g = bmx_json_push(list, bmx_json_object());
        const char *name = t->group[o->group[k]].share.name;

        bmx_json_put(g, "name", bmx_json_new_bytes(bmx_slice_str(name)));
        bmx_json_put_double(g, "truth", o->truth[o->n + k]);
    }
    return j;
}

bmx_json *bmx_lab_trials_to_json(const bmx_lab_trials *t, uint32_t baseline,
                                 const bmx_lab_means *means, size_t n)
{
    bmx_json *o = bmx_json_object(), *list;

    bmx_document_begin(o, NULL, NULL);
    if (t->text[0] && !t->untold)
        bmx_json_put_str(o, "text", t->text);
    bmx_json_put(o, "options", terms_json(&t->terms));
    bmx_json_put_str(o, "baseline", t->terms.method[baseline]);
    list = bmx_json_put(o, "summary", bmx_json_array());
    for (size_t k = 0; k < n; k++)
        bmx_json_push(list, means_json(&t->terms, &means[k]));
    list = bmx_json_put(o, "trials", bmx_json_array());
    for (size_t k = 0; k < t->runs; k++)
        if (t->outcome[k].n)
            bmx_json_push(list, trial_json(&t->terms, &t->outcome[k]));
    return o;
}

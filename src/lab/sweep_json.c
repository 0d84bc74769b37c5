/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep_json.c - a plan, its trials and their summary as JSON: lines of a journal, and the document
 * of an experiment. */
#include "lab/summary.h"
#include "result/document.h"

#include <math.h>

const char *const bmx_lab_field_name[BMX_LAB_FIELDS] = {
    "share", "low", "high", "inner_low", "inner_high", "outer_low", "outer_high"
};
static const char *const tie_name[] = { "hf", "sentencepiece", "length", "random" };

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

typedef bmx_json *axis_value(const bmx_lab_sweep *s, size_t k);

/* One value as a number, several as an array; so the keys of journals of one value stay. */
static void put_axis(bmx_json *o, const char *key, size_t n, axis_value *value,
                     const bmx_lab_sweep *s)
{
    bmx_json *list;

    if (n < 2) {
        bmx_json_put(o, key, value(s, 0));
        return;
    }
    list = bmx_json_put(o, key, bmx_json_array());
    for (size_t k = 0; k < n; k++)
        bmx_json_push(list, value(s, k));
}

static bmx_json *folds_json(const bmx_lab_sweep *s, size_t k)
{
    return bmx_json_new_uint(s->plan.axes.n_folds ? s->plan.axes.folds[k] : s->plan.folds);
}

static bmx_json *categories_json(const bmx_lab_sweep *s, size_t k)
{
    size_t n = s->plan.axes.n_categories ? (size_t)s->plan.axes.categories[k] : s->plan.categories;

    return bmx_json_new_uint(n ? n : s->n_cats);
}

static bmx_json *omit_share_json(const bmx_lab_sweep *s, size_t k)
{
    return bmx_json_new_double(s->plan.axes.n_omit_shares ? s->plan.axes.omit_share[k]
                                                          : s->plan.omit_share);
}

/* Names, and members by name. */
static bmx_json *groups_json(const bmx_lab_sweep *s)
{
    bmx_json *list = bmx_json_array();

    for (size_t g = 0; g < s->plan.n_groups; g++) {
        const bmx_group *group = &s->plan.group[g];
        bmx_json *o = bmx_json_push(list, bmx_json_object()), *cats;

        bmx_json_put(o, "name", bmx_json_new_bytes(bmx_slice_str(group->share.name)));
        cats = bmx_json_put(o, "categories", bmx_json_array());
        for (size_t i = 0; i < group->n_members; i++)
            bmx_json_push(cats, bmx_json_new_bytes(bmx_slice_str(s->name[group->member[i]])));
    }
    return list;
}

bmx_json *bmx_lab_plan_json(const bmx_lab_sweep *s)
{
    const bmx_lab_plan *p = &s->plan;
    bmx_json *o = bmx_json_object(), *list;

    bmx_json_put_bool(o, "simulate", p->simulate);
    bmx_json_put_str(o, "noise", p->noise == BMX_NOISE_WORDS ? "words" : "documents");
    bmx_json_put_str(o, "setting", bmx_lab_setting_name[p->setting]);
    bmx_json_put_uint(o, "seed", p->seed);
    bmx_json_put_uint(o, "base_bytes", p->base_bytes);
    bmx_json_put(o, "cluster", amount(p->cluster));
    bmx_json_put(o, "train_bytes", amount(p->train_bytes));
    put_amounts(o, "sample_bytes", p->sample_bytes, p->n_sizes);
    put_amounts(o, "merges", p->merges, p->n_merges);
    list = bmx_json_put(o, "methods", bmx_json_array());
    for (size_t m = 0; m < p->n_methods; m++)
        bmx_json_push(list, bmx_json_new_str(p->method[m].name));
    put_axis(o, "folds", p->axes.n_folds, folds_json, s);
    bmx_json_put_uint(o, "learn", p->learn);
    bmx_json_put_uint(o, "inherit", p->inherit);
    bmx_json_put_uint(o, "shuffle", p->shuffle);
    put_axis(o, "categories", p->axes.n_categories, categories_json, s);
    bmx_json_put_uint(o, "omit", p->omit);
    put_axis(o, "omit_share", p->axes.n_omit_shares, omit_share_json, s);
    bmx_json_put_uint(o, "extra", p->extra);
    if (p->mixture) {
        list = bmx_json_put(o, "mixture", bmx_json_array());
        for (size_t i = 0; i < s->n_cats; i++)
            bmx_json_push(list, bmx_json_new_double(p->mixture[i]));
    }
    bmx_json_put_str(o, "ties", tie_name[p->ties]);
    bmx_json_put_str(o, "pretokenizer", p->rule->pretokenizer.name);
    bmx_json_put_double(o, "gap", p->gap);
    if (p->n_groups)
        bmx_json_put(o, "groups", groups_json(s));
    return o;
}

static bmx_json *names_json(const bmx_lab_sweep *s)
{
    bmx_json *list = bmx_json_array();

    for (size_t i = 0; i < s->n_cats; i++)
        bmx_json_push(list, bmx_json_new_bytes(bmx_slice_str(s->name[i])));
    return list;
}

bpemix_status bmx_lab_key(bmx_lab_sweep *s, bpemix_error *err)
{
    bmx_json *o = bmx_json_object();
    bmx_buf text = { 0 };
    bpemix_status st;

    bmx_json_put(o, "options", bmx_lab_plan_json(s));
    bmx_json_put(o, "names", names_json(s));
    if (!(st = o ? bmx_json_print_compact(o, &text, err) : bmx_nomem(err)))
        bmx_sha256_of(text.ptr, text.len, s->key);
    bmx_buf_release(&text);
    bmx_json_free(o);
    return st;
}

/* ---- writing ---- */

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

bpemix_status bmx_lab_journal_header(const bmx_lab_sweep *s, bmx_buf *out, bpemix_error *err)
{
    bmx_json *o = bmx_json_object();

    bmx_json_put_uint(o, "bpemix_journal", 1);
    bmx_json_put_str(o, "version", BPEMIX_VERSION);
    bmx_json_put_str(o, "key", s->key);
    if (s->text[0] && !s->untold)
        bmx_json_put_str(o, "text", s->text);
    bmx_json_put(o, "options", bmx_lab_plan_json(s));
    bmx_json_put(o, "categories", names_json(s));
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

/* Which point of a sweep of several this is. */
static void put_point(bmx_json *o, const bmx_lab_sweep *s, size_t point)
{
    bmx_lab_plan p = bmx_lab_plan_at(&s->plan, point);

    if (p.axes.n_categories > 1)
        bmx_json_put_uint(o, "categories_asked", p.categories ? p.categories : s->n_cats);
    if (p.axes.n_omit_shares > 1)
        bmx_json_put_double(o, "omit_share_asked", p.omit_share);
}

static bmx_json *row_json(const bmx_lab_sweep *s, const bmx_lab_outcome *o, const bmx_lab_row *r)
{
    bmx_json *j = bmx_json_object();

    bmx_json_put(j, "sample_bytes", amount(r->sample_bytes));
    bmx_json_put(j, "merges_asked", amount(r->merges_asked));
    if (s->plan.axes.n_folds > 1)
        bmx_json_put_uint(j, "folds_asked", r->folds);
    bmx_json_put_uint(j, "merges", r->merges);
    bmx_json_put_str(j, "method", s->plan.method[r->method].name);
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
    return j;
}

bpemix_status bmx_lab_journal_line(const bmx_lab_sweep *s, const bmx_lab_outcome *o, bmx_buf *out,
                                   bpemix_error *err)
{
    bmx_json *j = bmx_json_object(), *list;

    bmx_json_put_uint(j, "trial", o->trial);
    put_point(j, s, o->point);
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
        bmx_json_push(list, row_json(s, o, &o->row[r]));
    return put_line(j, out, err);
}

/* ---- the document ---- */

static void put_mean(bmx_json *o, const char *key, const bmx_mean *m)
{
    bmx_json *j;

    if (!m->n)
        return;
    j = bmx_json_put(o, key, bmx_json_object());
    bmx_json_put_double(j, "mean", bmx_mean_of(m));
    bmx_json_put_double(j, "error", bmx_mean_error(m));
    bmx_json_put_double(j, "deviation", bmx_mean_deviation(m));
}

static void put_covering(bmx_json *o, const char *key, const bmx_covering *c)
{
    bmx_json *j;

    if (!c->n)
        return;
    j = bmx_json_put(o, key, bmx_json_object());
    bmx_json_put_uint(j, "intervals", c->n);
    bmx_json_put_double(j, "coverage", (double)c->covered / (double)c->n);
    bmx_json_put_double(j, "width", c->width / (double)c->n);
}

static void put_accuracy(bmx_json *o, const bmx_lab_accuracy *a)
{
    put_mean(o, "log10_mse", &a->log10_mse);
    put_mean(o, "rms_error", &a->rms);
    put_covering(o, "inner_range", &a->cover[BMX_COVER_INNER]);
    put_covering(o, "outer_range", &a->cover[BMX_COVER_OUTER]);
    put_covering(o, "folds", &a->cover[BMX_COVER_FOLDS]);
}

static void put_amount_json(bmx_json *o, const char *key, uint64_t v)
{
    if (v == BMX_LAB_ALL)
        bmx_json_put_str(o, key, "all");
    else
        bmx_json_put_uint(o, key, v);
}

static bmx_json *line_json(const bmx_lab_summary *m, const bmx_lab_line *l)
{
    bmx_json *o = bmx_json_object(), *levels, *groups;

    put_amount_json(o, "sample_bytes", l->sample_bytes);
    put_amount_json(o, "merges_asked", l->merges_asked);
    put_point(o, m->s, l->point);
    if (m->s->plan.axes.n_folds > 1)
        bmx_json_put_uint(o, "folds_asked", l->folds);
    bmx_json_put_str(o, "method", m->s->plan.method[l->method].name);
    put_accuracy(o, &l->categories);
    put_mean(o, "slack_relative", &l->slack);
    put_mean(o, "versus_baseline", &l->versus);
    if (l->groups.rms.n) {
        groups = bmx_json_put(o, "groups", bmx_json_object());
        put_accuracy(groups, &l->groups);
    }
    if (!bmx_lab_judged(l))
        return o;
    levels = bmx_json_put(o, "verdicts", bmx_json_object());
    for (int k = BMX_LEVEL_GOOD; k <= BMX_LEVEL_UNUSABLE; k++)
        bmx_json_put_uint(levels, bmx_level_name((bmx_level)k), l->level[k]);
    return o;
}

static bmx_json *trial_json(const bmx_lab_sweep *s, const bmx_lab_outcome *o)
{
    bmx_buf text = { 0 };
    bmx_json *j = NULL, *list;

    if (bmx_lab_journal_line(s, o, &text, NULL) ||
        bmx_json_parse("", bmx_slice_of(text.ptr, text.len), &j, NULL))
        j = NULL;
    bmx_buf_release(&text);
    list = bmx_json_put(j, "names", bmx_json_array());
    for (size_t i = 0; i < o->n; i++)
        bmx_json_push(list, bmx_json_new_bytes(bmx_slice_str(s->name[o->cat[i]])));
    if (o->n_groups)
        list = bmx_json_put(j, "groups", bmx_json_array());
    for (size_t k = 0; k < o->n_groups; k++) {
        bmx_json *g = bmx_json_push(list, bmx_json_object());
        const char *name = s->plan.group[o->group[k]].share.name;

        bmx_json_put(g, "name", bmx_json_new_bytes(bmx_slice_str(name)));
        bmx_json_put_double(g, "truth", o->truth[o->n + k]);
    }
    return j;
}

bpemix_status bmx_lab_json(const bmx_lab_sweep *s, const char *baseline, bmx_json **out,
                           bpemix_error *err)
{
    bmx_lab_summary m;
    bpemix_status st = bmx_lab_summarize(&m, s, baseline, err);
    bmx_json *o, *list;

    if (st)
        return st;
    o = bmx_json_object();
    bmx_document_begin(o, NULL, NULL);
    if (s->text[0] && !s->untold)
        bmx_json_put_str(o, "text", s->text);
    bmx_json_put(o, "options", bmx_lab_plan_json(s));
    bmx_json_put_str(o, "baseline", s->plan.method[m.baseline].name);
    list = bmx_json_put(o, "summary", bmx_json_array());
    for (size_t k = 0; k < m.n; k++)
        bmx_json_push(list, line_json(&m, &m.line[k]));
    list = bmx_json_put(o, "trials", bmx_json_array());
    for (size_t k = 0; k < s->runs; k++)
        if (s->outcome[k].n)
            bmx_json_push(list, trial_json(s, &s->outcome[k]));
    bmx_free(m.line);
    if (!o)
        return bmx_nomem(err);
    *out = o;
    return BPEMIX_OK;
}

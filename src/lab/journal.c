/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal.c - trials as lines of JSON, written and read. */
#include "base/version.h"
#include "lab/sweep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const field_name[BMX_LAB_FIELDS] = {
    "share", "low", "high", "inner_low", "inner_high", "outer_low", "outer_high"
};
static const char *const setting_name[] = { "alike", "shifted", "disjoint", "same" };
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

bmx_json *bmx_lab_plan_json(const bmx_lab_sweep *s)
{
    const bmx_lab_plan *p = &s->plan;
    bmx_json *o = bmx_json_object(), *list;

    bmx_json_put_bool(o, "simulate", p->simulate);
    bmx_json_put_str(o, "noise", p->noise == BMX_NOISE_WORDS ? "words" : "documents");
    bmx_json_put_str(o, "setting", setting_name[p->setting]);
    bmx_json_put_uint(o, "seed", p->seed);
    bmx_json_put_uint(o, "base_bytes", p->base_bytes);
    bmx_json_put(o, "train_bytes", amount(p->train_bytes));
    put_amounts(o, "sample_bytes", p->sample_bytes, p->n_sizes);
    put_amounts(o, "merges", p->merges, p->n_merges);
    list = bmx_json_put(o, "methods", bmx_json_array());
    for (size_t m = 0; m < p->n_methods; m++)
        bmx_json_push(list, bmx_json_new_str(p->method[m].name));
    bmx_json_put_uint(o, "folds", p->folds);
    bmx_json_put_uint(o, "learn", p->learn);
    bmx_json_put_uint(o, "inherit", p->inherit);
    bmx_json_put_uint(o, "shuffle", p->shuffle);
    bmx_json_put_uint(o, "categories", p->categories ? p->categories : s->n_cats);
    bmx_json_put_uint(o, "omit", p->omit);
    bmx_json_put_double(o, "omit_share", p->omit_share);
    bmx_json_put_uint(o, "extra", p->extra);
    if (p->mixture) {
        list = bmx_json_put(o, "mixture", bmx_json_array());
        for (size_t i = 0; i < s->n_cats; i++)
            bmx_json_push(list, bmx_json_new_double(p->mixture[i]));
    }
    bmx_json_put_str(o, "ties", tie_name[p->ties]);
    bmx_json_put_str(o, "pretokenizer", p->rule->pretokenizer.name);
    bmx_json_put_double(o, "gap", p->gap);
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

static bmx_json *row_json(const bmx_lab_sweep *s, const bmx_lab_outcome *o, const bmx_lab_row *r)
{
    bmx_json *j = bmx_json_object();

    bmx_json_put(j, "sample_bytes", amount(r->sample_bytes));
    bmx_json_put(j, "merges_asked", amount(r->merges_asked));
    bmx_json_put_uint(j, "merges", r->merges);
    bmx_json_put_str(j, "method", s->plan.method[r->method].name);
    for (int f = 0; f < BMX_LAB_FIELDS; f++)
        put_numbers(j, field_name[f], r->value[f], o->n);
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

/* ---- reading ---- */

static bpemix_status damaged(const char *path, size_t line, bpemix_error *err)
{
    return bmx_fail_hint(err, BPEMIX_E_FORMAT, path, "remove it to begin anew",
                         "line %zu is none of a journal", line);
}

/* An array of n numbers into out; absent: all unknown. */
static bool numbers_of(const bmx_json *o, const char *key, double *out, size_t n)
{
    const bmx_json *list = bmx_json_get(o, key), *v = bmx_json_first(list);

    if (list && (bmx_json_kind_of(list) != BMX_JSON_ARRAY || bmx_json_count(list) != n))
        return false;
    for (size_t i = 0; i < n; i++, v = list ? bmx_json_next(v) : NULL) {
        out[i] = NAN;
        if (list && !bmx_json_is_null(v) && !bmx_json_double(v, &out[i]))
            return false;
    }
    return true;
}

static bool amount_of(const bmx_json *o, const char *key, uint64_t *out)
{
    const bmx_json *v = bmx_json_get(o, key);

    *out = BMX_LAB_ALL;
    return v && (bmx_json_is_null(v) || bmx_json_uint(v, INT64_MAX, out));
}

static double number_or_nan(const bmx_json *o, const char *key)
{
    double v;
    return bmx_json_double(bmx_json_get(o, key), &v) ? v : NAN;
}

static bool read_row(const bmx_lab_sweep *s, const bmx_json *j, const bmx_lab_outcome *o,
                     bmx_lab_row *r)
{
    const char *method = bmx_json_string(bmx_json_get(j, "method"));
    const char *level = bmx_json_string(bmx_json_get(j, "level"));
    uint64_t merges, missing;

    r->method = BMX_NONE;
    for (size_t m = 0; method && m < s->plan.n_methods; m++)
        if (!strcmp(method, s->plan.method[m].name))
            r->method = (uint32_t)m;
    if (r->method == BMX_NONE || !amount_of(j, "sample_bytes", &r->sample_bytes) ||
        !amount_of(j, "merges_asked", &r->merges_asked) ||
        !bmx_json_uint(bmx_json_get(j, "merges"), UINT32_MAX, &merges) ||
        !bmx_json_uint(bmx_json_get(j, "missing"), UINT32_MAX, &missing))
        return false;
    r->merges = (uint32_t)merges;
    r->missing = (uint32_t)missing;
    for (int f = 0; f < BMX_LAB_FIELDS; f++)
        if (!numbers_of(j, field_name[f], r->value[f], o->n))
            return false;
    if (!numbers_of(j, "delta", r->delta, 2) || !numbers_of(j, "excess", r->excess, BMX_LAB_CLAIMS))
        return false;
    r->slack = number_or_nan(j, "slack");
    r->missing_ratio = number_or_nan(j, "missing_ratio");
    for (int k = BMX_LEVEL_GOOD; level && k <= BMX_LEVEL_UNUSABLE; k++)
        if (!strcmp(level, bmx_level_name((bmx_level)k)))
            r->level = (bmx_level)k;
    return true;
}

/* *good = false: it is no trial of these categories and methods. */
static bpemix_status read_trial(const bmx_lab_sweep *s, const bmx_json *j, bmx_lab_outcome *o,
                                bool *good, bpemix_error *err)
{
    const bmx_json *cats = bmx_json_get(j, "categories"), *rows = bmx_json_get(j, "rows");
    uint64_t learned, v;
    size_t i = 0;
    bpemix_status st = BPEMIX_OK;

    *good = bmx_json_uint(bmx_json_get(j, "trial"), INT64_MAX, &o->trial) &&
            bmx_json_uint(bmx_json_get(j, "train_bytes"), INT64_MAX, &o->train_bytes) &&
            bmx_json_uint(bmx_json_get(j, "learned"), UINT32_MAX, &learned) &&
            bmx_json_kind_of(cats) == BMX_JSON_ARRAY && bmx_json_count(cats) > 0;
    if (!*good)
        return BPEMIX_OK;
    o->learned = (uint32_t)learned;
    o->omitted = number_or_nan(j, "omitted");
    o->pairs = number_or_nan(j, "pairs");
    o->pairs_from_ties = number_or_nan(j, "pairs_from_ties");
    o->n = bmx_json_count(cats);
    o->cat = bmx_malloc(o->n, sizeof *o->cat);
    o->truth = bmx_malloc(o->n, sizeof *o->truth);
    if (bmx_json_get(j, "efficiency"))
        o->efficiency = bmx_malloc(o->n, sizeof *o->efficiency);
    if (!o->cat || !o->truth || (bmx_json_get(j, "efficiency") && !o->efficiency))
        return bmx_nomem(err);
    for (const bmx_json *c = bmx_json_first(cats); c && *good; c = bmx_json_next(c)) {
        *good = bmx_json_uint(c, s->n_cats - 1, &v);
        o->cat[i++] = *good ? (uint32_t)v : 0;
    }
    *good = *good && bmx_json_get(j, "truth") && numbers_of(j, "truth", o->truth, o->n) &&
            (!o->efficiency || numbers_of(j, "efficiency", o->efficiency, o->n));
    for (const bmx_json *r = bmx_json_first(rows); r && *good && !st; r = bmx_json_next(r)) {
        bmx_lab_row *row = NULL;

        if (!(st = bmx_lab_row_add(o, &row, err)))
            *good = read_row(s, r, o, row);
    }
    return st;
}

static bpemix_status check_header(const bmx_lab_sweep *s, const char *path, const bmx_json *j,
                                  bpemix_error *err)
{
    const char *key = bmx_json_string(bmx_json_get(j, "key"));
    uint64_t version;

    if (!bmx_json_uint(bmx_json_get(j, "bpemix_journal"), UINT32_MAX, &version) || !key)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, path, "give another file",
                             "not a journal of trials");
    if (version != 1)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, path, "a journal of version %" PRIu64, version);
    if (strcmp(key, s->key))
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, path,
                             "give the options it was begun with, or another file",
                             "the journal is of trials with other options or categories");
    return BPEMIX_OK;
}

bpemix_status bmx_lab_journal_read(bmx_lab_sweep *s, const char *path, bmx_slice text, size_t *used,
                                   bpemix_error *err)
{
    size_t at = 0, line = 0;
    bpemix_status st = BPEMIX_OK;

    *used = 0;
    while (at < text.len && !st) {
        const char *nl = memchr(text.ptr + at, '\n', text.len - at);
        bmx_lab_outcome o = { 0 };
        bmx_json *j = NULL;
        bool good = true;

        if (!nl)
            break;
        line++;
        if (bmx_json_parse(path, bmx_slice_of(text.ptr + at, (size_t)(nl - text.ptr) - at), &j, NULL))
            st = damaged(path, line, err);
        else if (line == 1)
            st = check_header(s, path, j, err);
        else if (!(st = read_trial(s, j, &o, &good, err)) && !good)
            st = damaged(path, line, err);
        if (!st && line > 1 && o.trial < s->trials && !s->outcome[o.trial].n) {
            s->outcome[o.trial] = o;
            o = (bmx_lab_outcome){ 0 };
        }
        bmx_lab_outcome_release(&o);
        bmx_json_free(j);
        *used = at = (size_t)(nl - text.ptr) + 1;
    }
    return st;
}

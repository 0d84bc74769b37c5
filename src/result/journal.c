/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal.c - the lines of a journal, which trials_json.c writes, read.
 *
 *   {"bpemix_journal":1, "key":..., "text":..., "options":..., "categories":...}
 *   {"trial":0, ..., "categories":[...], "truth":[...], "rows":[{...}, ...]}
 *   {"trial":1, ...                          without its newline: not there
 *
 * Nothing of a line is believed: numbers are within bounds, methods, categories and points those of
 * the terms (T1 and T3 of trials.h).  A trial that is there already stays as it is. */
#include "result/trials.h"
#include "base/assert.h"
#include "base/mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST 1e18 /* of numbers without bounds of their own; sums of them stay finite */

static bpemix_status damaged(const char *path, size_t line, bpemix_error *err)
{
    bmx_fail_hint(err, BPEMIX_E_FORMAT, path, "remove it to begin anew",
                  "not a line of a journal");
    return bmx_with_line(err, BPEMIX_E_FORMAT, line);
}

/* An array of n numbers from `low` to `high` into out; absent: all unknown. */
static bool numbers_of(const bmx_json *o, const char *key, double low, double high, double *out,
                       size_t n)
{
    const bmx_json *list = bmx_json_get(o, key), *v = bmx_json_first(list);

    if (list && (bmx_json_kind_of(list) != BMX_JSON_ARRAY || bmx_json_count(list) != n))
        return false;
    for (size_t i = 0; i < n; i++, v = list ? bmx_json_next(v) : NULL) {
        out[i] = NAN;
        if (list && !bmx_json_is_null(v) &&
            (!bmx_json_double(v, &out[i]) || !(out[i] >= low && out[i] <= high)))
            return false;
    }
    return true;
}

/* The same of shares, which may be a rounding error beyond 0 and 1. */
static bool shares_of(const bmx_json *o, const char *key, double *out, size_t n)
{
    return numbers_of(o, key, -1e-6, 1 + 1e-6, out, n);
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
    return bmx_json_double(bmx_json_get(o, key), &v) && fabs(v) < LARGEST ? v : NAN;
}

/* A number of folds of the terms. */
static bool read_folds(const bmx_lab_terms *t, const bmx_json *j, uint32_t *folds)
{
    uint64_t v;

    if (!bmx_json_uint(bmx_json_get(j, "folds_asked"), UINT32_MAX, &v))
        return false;
    *folds = (uint32_t)v;
    for (size_t k = 0; k < t->n_folds; k++)
        if (t->folds[k] == v)
            return true;
    return false;
}

/* The category of the panel that stands out, if the panel was looked into. */
static bool read_named(const bmx_lab_terms *t, const bmx_json *j, bmx_lab_row *r, bpemix_status *st,
                       bpemix_error *err)
{
    const bmx_json *named = bmx_json_get(j, "named");
    const char *name = bmx_json_string(named);

    if (!named)
        return true;
    r->looked_up = true;
    r->named_omitted = bmx_json_bool(bmx_json_get(j, "named_omitted"), false);
    if (!t->panel || (!name && (r->named_omitted || !bmx_json_is_null(named))))
        return false;
    if (name && !(r->named = bmx_strdup(name)))
        *st = bmx_nomem(err);
    return true;
}

static bool read_row(const bmx_lab_terms *t, const bmx_json *j, const bmx_lab_outcome *o,
                     bmx_lab_row *r)
{
    const char *method = bmx_json_string(bmx_json_get(j, "method"));
    const char *level = bmx_json_string(bmx_json_get(j, "level"));
    const bmx_json *groups = bmx_json_get(j, "groups");
    uint64_t merges, missing;

    r->method = UINT32_MAX;
    for (size_t m = 0; method && m < t->n_methods; m++)
        if (!strcmp(method, t->method[m]))
            r->method = (uint32_t)m;
    if (r->method == UINT32_MAX || !amount_of(j, "sample_bytes", &r->sample_bytes) ||
        !amount_of(j, "merges_asked", &r->merges_asked) ||
        !bmx_json_uint(bmx_json_get(j, "merges"), UINT32_MAX, &merges) ||
        !bmx_json_uint(bmx_json_get(j, "missing"), UINT32_MAX, &missing))
        return false;
    if (o->n_groups && bmx_json_kind_of(groups) != BMX_JSON_OBJECT)
        return false;
    r->merges = (uint32_t)merges;
    r->missing = (uint32_t)missing;
    for (int f = 0; f < BMX_LAB_FIELDS; f++)
        if (!shares_of(j, bmx_lab_field_name[f], r->value[f], o->n) ||
            !shares_of(groups, bmx_lab_field_name[f], r->value[f] + o->n, o->n_groups))
            return false;
    if (!numbers_of(j, "delta", -LARGEST, LARGEST, r->delta, 2) ||
        !numbers_of(j, "excess", -LARGEST, LARGEST, r->excess, BMX_LAB_CLAIMS))
        return false;
    r->slack = number_or_nan(j, "slack");
    r->missing_ratio = number_or_nan(j, "missing_ratio");
    for (int k = BMX_LEVEL_GOOD; level && k <= BMX_LEVEL_UNUSABLE; k++)
        if (!strcmp(level, bmx_level_name((bmx_level)k)))
            r->level = (bmx_level)k;
    r->folds = t->folds[0];
    return t->n_folds < 2 || read_folds(t, j, &r->folds);
}

/* Which point the trial is of; false: of none. */
static bool read_point(const bmx_lab_terms *t, const bmx_json *j, size_t *point)
{
    size_t n = bmx_lab_terms_points(t);
    uint64_t categories = 0;
    double share = number_or_nan(j, "omit_share_asked");

    if (t->n_categories > 1 &&
        !bmx_json_uint(bmx_json_get(j, "categories_asked"), SIZE_MAX, &categories))
        return false;
    for (*point = 0; *point < n; ++*point) {
        uint64_t c = t->categories[*point / t->n_omit_shares];
        double s = t->omit_share[*point % t->n_omit_shares];

        if ((t->n_categories < 2 || categories == c) &&
            (t->n_omit_shares < 2 || share == s || (isnan(share) && isnan(s))))
            return true;
    }
    return false;
}

/* *good = false: it is no trial of these categories and methods. */
static bpemix_status read_trial(const bmx_lab_terms *t, const bmx_json *j, bmx_lab_outcome *o,
                                bool *good, bpemix_error *err)
{
    const bmx_json *cats = bmx_json_get(j, "categories"), *rows = bmx_json_get(j, "rows");
    uint64_t learned, v;
    size_t i = 0;
    bpemix_status st = BPEMIX_OK;

    *good = bmx_json_uint(bmx_json_get(j, "trial"), INT64_MAX, &o->trial) &&
            bmx_json_uint(bmx_json_get(j, "train_bytes"), INT64_MAX, &o->train_bytes) &&
            bmx_json_uint(bmx_json_get(j, "learned"), UINT32_MAX, &learned) &&
            bmx_json_kind_of(cats) == BMX_JSON_ARRAY && bmx_json_count(cats) > 0 &&
            read_point(t, j, &o->point);
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
        *good = bmx_json_uint(c, t->n_cats - 1, &v);
        o->cat[i++] = *good ? (uint32_t)v : 0;
    }
    *good = *good && bmx_json_get(j, "truth") && shares_of(j, "truth", o->truth, o->n) &&
            (!o->efficiency ||
             numbers_of(j, "efficiency", -LARGEST, LARGEST, o->efficiency, o->n));
    for (i = 0; *good && i < o->n; i++)
        *good = !isnan(o->truth[i]);
    if (*good)
        st = bmx_lab_outcome_group(t->group, t->n_groups, o, err);
    for (const bmx_json *r = bmx_json_first(rows); r && *good && !st; r = bmx_json_next(r)) {
        bmx_lab_row *row = NULL;

        if (!(st = bmx_lab_row_add(o, &row, err)))
            *good = read_row(t, r, o, row) && read_named(t, r, row, &st, err);
    }
    return st;
}

static bpemix_status not_a_journal(const char *path, bpemix_error *err)
{
    return bmx_fail_hint(err, BPEMIX_E_FORMAT, path, "give another file",
                         "not a journal of trials");
}

/* A file without a complete line is either of a run that was killed while it wrote the header, and
 * may be overwritten, or another file, which must not be. */
static bool is_truncated_header(bmx_slice text)
{
    size_t n = sizeof BMX_LAB_JOURNAL_BEGINS - 1;

    return !memcmp(text.ptr ? text.ptr : "", BMX_LAB_JOURNAL_BEGINS, text.len < n ? text.len : n);
}

static bpemix_status check_header(bmx_lab_trials *t, const char *path, const bmx_json *j,
                                  bpemix_error *err)
{
    const char *key = bmx_json_string(bmx_json_get(j, "key"));
    const char *text = bmx_json_string(bmx_json_get(j, "text"));
    uint64_t version;

    if (!bmx_json_uint(bmx_json_get(j, "bpemix_journal"), UINT32_MAX, &version) || !key)
        return not_a_journal(path, err);
    if (version != 1)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, path,
                             "use the version that wrote it, or begin another",
                             "a journal in the format of another version (%" PRIu64 ")", version);
    if (strcmp(key, t->key))
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, path,
                             "give the options it was begun with, or another file",
                             "the journal is of trials with other options or categories");
    if (text && strlen(text) == sizeof t->text - 1)
        return bmx_lab_text_is(t, text, path, err);
    t->untold = true;
    return BPEMIX_OK;
}

/* Keep a trial that is not there yet. */
static void take(bmx_lab_trials *t, bmx_lab_outcome *o)
{
    bmx_lab_outcome *to = o->trial < t->n
                              ? &t->outcome[o->trial * bmx_lab_terms_points(&t->terms) + o->point]
                              : NULL;

    if (!to || to->n)
        return;
    BMX_ASSERT(o->n && o->point < bmx_lab_terms_points(&t->terms)); /* T2 */
    *to = *o;
    *o = (bmx_lab_outcome){ 0 };
}

bpemix_status bmx_lab_journal_read(bmx_lab_trials *t, const char *path, bmx_slice text,
                                   size_t *used, bpemix_error *err)
{
    size_t at = 0, line = 0;
    bpemix_status st = BPEMIX_OK;

    *used = 0;
    while (at < text.len && !st) {
        const char *nl = memchr(text.ptr + at, '\n', text.len - at);
        bmx_lab_outcome o = { 0 };
        bmx_json *j = NULL;
        bool good = true;

        if (!nl) {
            if (!line && !is_truncated_header(text))
                st = not_a_journal(path, err);
            break;
        }
        line++;
        st = bmx_json_parse(path, bmx_slice_of(text.ptr + at, (size_t)(nl - text.ptr) - at), &j,
                            NULL);
        if (st)
            st = st == BPEMIX_E_NOMEM ? bmx_nomem(err) : damaged(path, line, err);
        else if (line == 1)
            st = check_header(t, path, j, err);
        else if (!(st = read_trial(&t->terms, j, &o, &good, err)) && !good)
            st = damaged(path, line, err);
        if (!st && line > 1)
            take(t, &o);
        bmx_lab_outcome_release(&o);
        bmx_json_free(j);
        at = (size_t)(nl - text.ptr) + 1;
        if (!st)
            *used = at;
    }
    return st;
}

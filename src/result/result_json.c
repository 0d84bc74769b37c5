/* SPDX-License-Identifier: GPL-3.0-or-later */
/* result_json.c - the result document of bpemix-json(5), written and read.
 *
 * Each part of the document is one function over a codec (codec.h), which lists the members of
 * the struct once for both directions. */
#include "base/signature.h"
#include "base/usage.h"
#include "result/codec.h"
#include "result/document.h"
#include "result/result.h"

#include <math.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#define COUNT(names) (unsigned)(sizeof(names) / sizeof *(names))

static const char *const methods[] = { "default", "lp", "monotone" };
static const char *const weights[] = { "default", "none", "quarter" };

/* An enumeration of any type through an unsigned. */
#define CHOICE(c, obj, key, names, field, type)                    \
    do {                                                           \
        unsigned choice_ = (unsigned)(field);                      \
        bmx_codec_choice(c, obj, key, names, COUNT(names), &choice_); \
        if ((c)->reading)                                          \
            (field) = (type)choice_;                               \
    } while (0)

/* ---- shares ---- */

static void range(bmx_codec *c, bmx_json *obj, const char *key, bpemix_range *x)
{
    double pair[2] = { x->low, x->high }, *p = isnan(x->low) || c->reading ? NULL : pair;

    bmx_codec_doubles(c, obj, key, 2, &p);
    if (c->reading && p) {
        *x = (bpemix_range){ p[0], p[1] };
        if (!(p[0] <= p[1] && p[0] > -0.01 && p[1] < 1.01)) /* rounding aside */
            bmx_codec_bad(c, key, "a range of shares");
        bmx_free(p);
    }
}

static void share(bmx_codec *c, bmx_json *o, const char *key, double *x)
{
    bmx_codec_double(c, o, key, x);
    if (c->reading && !isnan(*x) && !(*x > -0.01 && *x < 1.01)) /* rounding aside */
        bmx_codec_bad(c, key, "a share from 0 to 1");
}

static void shares(bmx_codec *c, bmx_json *o, bpemix_share *s)
{
    share(c, o, "share_bytes", &s->share_bytes);
    share(c, o, "share_pairs", &s->share_pairs);
    share(c, o, "share_merges", &s->share_merges);
    range(c, o, "range_bytes", &s->range_bytes);
    range(c, o, "range_pairs", &s->range_pairs);
    range(c, o, "range_merges", &s->range_merges);
    range(c, o, "range_outer_bytes", &s->range_outer_bytes);
    range(c, o, "range_outer_pairs", &s->range_outer_pairs);
    range(c, o, "range_outer_merges", &s->range_outer_merges);
    if (!c->reading && isnan(s->range_pairs.low) && isnan(s->range_merges.low))
        bmx_json_put_str(o, "identified", NULL); /* not known without ranges */
    else
        bmx_codec_bool(c, o, "identified", &s->identified);
}

void bmx_share_put(bmx_json *o, const bpemix_share *s)
{
    bmx_codec c = { .reading = false };

    shares(&c, o, (bpemix_share *)(uintptr_t)s); /* which is not written to */
}

static void name(bmx_codec *c, bmx_json *o, bpemix_share *s)
{
    char *text = (char *)(uintptr_t)s->name; /* owned by the result */

    bmx_codec_text(c, o, "name", &text);
    if (!c->reading)
        return;
    s->name = text;
    if (!text)
        bmx_codec_bad(c, "name", "there");
}

static void share_and_sample(bmx_codec *c, bmx_json *o, bpemix_share *s)
{
    shares(c, o, s);
    bmx_codec_double(c, o, "low_bytes", &s->low_bytes);
    bmx_codec_double(c, o, "high_bytes", &s->high_bytes);
    bmx_codec_u64(c, o, "sample_bytes", &s->sample_bytes);
    bmx_codec_u64(c, o, "sample_documents", &s->sample_documents);
    bmx_codec_u64(c, o, "sample_words", &s->sample_words);
    bmx_codec_u64(c, o, "sample_pairs", &s->sample_pairs);
    if (!c->reading) /* written for the convenience of readers, and not read back */
        bmx_json_put_double(o, "bytes_per_pair", (double)s->sample_bytes / (double)s->sample_pairs);
}

/* The share of the pool. */
static void pooled(bmx_codec *c, bmx_json *doc, bpemix_result *r)
{
    bmx_json *o;

    if ((!c->reading && !r->pooled) || !(o = bmx_codec_object(c, doc, "other")))
        return;
    if (c->reading) {
        if (!(r->pooled = bmx_malloc(1, sizeof *r->pooled))) {
            c->status = bmx_nomem(c->err);
            return;
        }
        bmx_share_clear(r->pooled);
    }
    name(c, o, r->pooled);
    share_and_sample(c, o, r->pooled);
}

static void categories(bmx_codec *c, bmx_json *doc, bpemix_result *r)
{
    bmx_json *arr, *at = NULL;

    arr = bmx_codec_array(c, doc, "categories", &r->share, &r->n_cats, sizeof *r->share);
    if (c->reading && !c->status && !r->n_cats)
        bmx_codec_bad(c, "categories", "an array of at least one category");
    if (c->reading && !c->status &&
        !(r->merges_found = bmx_calloc(r->n_cats, sizeof *r->merges_found)))
        c->status = bmx_nomem(c->err);
    if (c->reading)
        for (size_t i = 0; i < r->n_cats; i++)
            bmx_share_clear(&r->share[i]);
    for (size_t i = 0; i < r->n_cats && !c->status; i++) {
        bpemix_share *s = &r->share[i];
        bmx_json *o = bmx_codec_element(c, arr, &at);
        uint32_t found = r->merges_found && !c->reading ? r->merges_found[i] : UINT32_MAX;

        name(c, o, s);
        share_and_sample(c, o, s);
        bmx_codec_index(c, o, "merges_found", &found);
        if (c->reading && r->merges_found)
            r->merges_found[i] = found;
    }
}

/* Members of a group, by name. */
static void members(bmx_codec *c, bmx_json *o, const bpemix_result *r, bmx_group *g)
{
    bmx_texts names = { 0 };

    if (!c->reading) {
        bmx_json *arr = bmx_json_put(o, "categories", bmx_json_array());

        for (size_t i = 0; i < g->n_members; i++)
            bmx_json_push(arr, bmx_json_new_str(r->share[g->member[i]].name));
        return;
    }
    bmx_codec_texts(c, o, "categories", &names);
    if (!c->status && !(g->member = bmx_calloc(names.n, sizeof *g->member)))
        c->status = bmx_nomem(c->err);
    for (size_t i = 0; i < names.n && !c->status; i++) {
        size_t k = 0;

        while (k < r->n_cats && strcmp(r->share[k].name, names.text[i]))
            k++;
        if (k < r->n_cats)
            g->member[g->n_members++] = (uint32_t)k;
        else
            bmx_codec_bad(c, "categories", "names of categories");
    }
    bmx_texts_release(&names);
}

static void groups(bmx_codec *c, bmx_json *doc, const char *key, bool named, const bpemix_result *r,
                   bmx_group **group, size_t *n)
{
    bmx_json *arr = bmx_codec_array(c, doc, key, group, n, sizeof **group), *at = NULL;

    for (size_t i = 0; i < *n && !c->status; i++) {
        bmx_group *g = &(*group)[i];
        bmx_json *o = bmx_codec_element(c, arr, &at);

        if (c->reading)
            bmx_share_clear(&g->share);
        if (named)
            name(c, o, &g->share);
        members(c, o, r, g);
        shares(c, o, &g->share);
        if (c->reading || r->folds) { /* from sums of the replicates */
            bmx_codec_double(c, o, "low_bytes", &g->share.low_bytes);
            bmx_codec_double(c, o, "high_bytes", &g->share.high_bytes);
        }
    }
}

/* Rows of share_bytes, one for each fold left out. */
static void replicates(bmx_codec *c, bmx_json *doc, bpemix_result *r)
{
    bmx_json *o, *rows = NULL;
    const bmx_json *row, *x;
    uint32_t folds = r->folds;

    if (!c->reading && !r->replicate) {
        bmx_json_put_str(doc, "replicates", NULL);
        return;
    }
    if (!(o = bmx_codec_object(c, doc, "replicates")))
        return;
    bmx_codec_u32(c, o, "folds", &folds);
    if (!c->reading) {
        rows = bmx_json_put(o, "share_bytes", bmx_json_array());
        for (uint32_t k = 0; k < folds; k++) {
            bmx_json *arr = bmx_json_push(rows, bmx_json_array());

            for (size_t i = 0; i < r->n_cats; i++)
                bmx_json_push(arr, bmx_json_new_double(r->replicate[k * r->n_cats + i]));
        }
        return;
    }
    row = bmx_json_get(o, "share_bytes");
    if (bmx_json_kind_of(row) != BMX_JSON_ARRAY || bmx_json_count(row) != folds) {
        bmx_codec_bad(c, "replicates", "an array of as many rows as folds");
        return;
    }
    if (!(r->replicate = bmx_calloc((size_t)folds * r->n_cats, sizeof *r->replicate))) {
        c->status = bmx_nomem(c->err);
        return;
    }
    r->folds = folds;
    row = bmx_json_first(row);
    for (double *to = r->replicate; row && !c->status; row = bmx_json_next(row)) {
        if (bmx_json_kind_of(row) != BMX_JSON_ARRAY || bmx_json_count(row) != r->n_cats) {
            bmx_codec_bad(c, "replicates", "rows of as many numbers as categories");
            return;
        }
        for (x = bmx_json_first(row); x; x = bmx_json_next(x), to++) {
            *to = NAN;
            if (!bmx_json_is_null(x) && !bmx_json_double(x, to))
                bmx_codec_bad(c, "replicates", "rows of numbers");
        }
    }
}

static void three_shares(bmx_codec *c, bmx_json *o, size_t n, double **bytes, double **pairs,
                         double **merges)
{
    bmx_codec_doubles(c, o, "share_bytes", n, bytes);
    bmx_codec_doubles(c, o, "share_pairs", n, pairs);
    bmx_codec_doubles(c, o, "share_merges", n, merges);
}

static void sweep_and_phases(bmx_codec *c, bmx_json *doc, bpemix_result *r)
{
    bmx_json *arr = bmx_codec_array(c, doc, "sweep", &r->sweep, &r->n_sweep, sizeof *r->sweep),
             *at = NULL;

    for (size_t i = 0; i < r->n_sweep && !c->status; i++) {
        bmx_sweep_point *p = &r->sweep[i];
        bmx_json *o = bmx_codec_element(c, arr, &at);

        bmx_codec_u32(c, o, "merges", &p->merges);
        if (c->reading)
            p->slack_relative = NAN;
        bmx_codec_double(c, o, "slack_relative", &p->slack_relative);
        three_shares(c, o, r->n_cats, &p->share_bytes, &p->share_pairs, &p->share_merges);
    }
    at = NULL;
    arr = bmx_codec_array(c, doc, "phases", &r->phase, &r->n_phases, sizeof *r->phase);
    for (size_t i = 0; i < r->n_phases && !c->status; i++) {
        bmx_phase *p = &r->phase[i];
        bmx_json *o = bmx_codec_element(c, arr, &at);

        bmx_codec_u32(c, o, "merge_from", &p->merge_from);
        bmx_codec_u32(c, o, "merge_to", &p->merge_to);
        if (c->reading)
            p->slack_relative = NAN;
        bmx_codec_double(c, o, "slack_relative", &p->slack_relative);
        three_shares(c, o, r->n_cats, &p->share_bytes, &p->share_pairs, &p->share_merges);
    }
}

/* ---- verdict, fit, what is missing ---- */

static void verdict(bmx_codec *c, bmx_json *doc, bmx_verdict *v)
{
    bmx_json *o = bmx_codec_object(c, doc, "verdict"), *arr, *at = NULL;

    CHOICE(c, o, "level", bmx_level_names, v->level, bmx_level);
    arr = bmx_codec_array(c, o, "reasons", &v->reason, &v->n_reasons, sizeof *v->reason);
    for (size_t i = 0; i < v->n_reasons && !c->status; i++) {
        bmx_reason *x = &v->reason[i];

        o = bmx_codec_element(c, arr, &at);
        CHOICE(c, o, "level", bmx_level_names, x->level, bmx_level);
        bmx_codec_needed_text(c, o, "code", &x->code);
        bmx_codec_needed_text(c, o, "text", &x->text);
        if (c->reading)
            x->value = x->limit = NAN;
        bmx_codec_double(c, o, "value", &x->value);
        bmx_codec_double(c, o, "limit", &x->limit);
    }
}

static void solution(bmx_codec *c, bmx_json *o, bmx_solution *s, bool timings)
{
    CHOICE(c, o, "method", methods, s->method, bpemix_method);
    CHOICE(c, o, "weights", weights, s->weights, bpemix_weights);
    CHOICE(c, o, "status", bmx_solver_status_names, s->status, bmx_solver_status);
    bmx_codec_double(c, o, "objective", &s->objective);
    bmx_codec_double(c, o, "lower_bound", &s->lower_bound);
    bmx_codec_double(c, o, "gap", &s->gap);
    bmx_codec_u64(c, o, "rows", &s->rows);
    bmx_codec_u64(c, o, "rounds", &s->rounds);
    if (c->reading)
        s->seconds = NAN;
    if (c->reading || (timings && isfinite(s->seconds)))
        bmx_codec_double(c, o, "seconds", &s->seconds);
}

static void solutions(bmx_codec *c, bmx_json *doc, bpemix_result *r, bool timings)
{
    bmx_json *arr, *at = NULL;

    solution(c, bmx_codec_object(c, doc, "solver"), &r->main, timings);
    arr = bmx_codec_array(c, doc, "other_solutions", &r->other, &r->n_others, sizeof *r->other);
    for (size_t i = 0; i < r->n_others && !c->status; i++) {
        bmx_solution *s = &r->other[i];
        bmx_json *o = bmx_codec_element(c, arr, &at);

        solution(c, o, s, timings);
        three_shares(c, o, r->n_cats, &s->share_bytes, &s->share_pairs, &s->share_merges);
    }
}

static void odd_stretch(bmx_codec *c, bmx_json *doc, bmx_odd_stretch *x)
{
    bmx_json *o;

    if (!c->reading && x->merge_from == x->merge_to) {
        bmx_json_put_str(doc, "odd_stretch", NULL);
        return;
    }
    if (!(o = bmx_codec_object(c, doc, "odd_stretch")))
        return;
    bmx_codec_u32(c, o, "merge_from", &x->merge_from);
    bmx_codec_u32(c, o, "merge_to", &x->merge_to);
    if (c->reading)
        x->slack_relative = x->slack_relative_own = NAN;
    bmx_codec_double(c, o, "slack_relative", &x->slack_relative);
    bmx_codec_double(c, o, "slack_relative_own", &x->slack_relative_own);
}

static void fit(bmx_codec *c, bmx_json *doc, bpemix_result *r)
{
    bmx_json *o = bmx_codec_object(c, doc, "fit"), *arr, *at = NULL;

    bmx_codec_u32(c, o, "merge_from", &r->merge_from);
    bmx_codec_u32(c, o, "merge_to", &r->merge_to);
    bmx_codec_u32(c, o, "merges_used", &r->merges_used);
    bmx_codec_u32(c, o, "merges_excluded", &r->merges_excluded);
    bmx_codec_u32(c, o, "merges_missing", &r->merges_missing);
    bmx_codec_u32(c, o, "merges_impossible", &r->merges_impossible);
    bmx_codec_double(c, o, "slack_merges", &r->slack_merges);
    bmx_codec_double(c, o, "slack_pairs", &r->slack_pairs);
    bmx_codec_double(c, o, "slack_relative", &r->slack_relative);
    bmx_codec_double(c, o, "slack_large", &r->slack_large);
    bmx_codec_double(c, o, "slack_extreme", &r->slack_extreme);
    odd_stretch(c, o, &r->odd);
    bmx_codec_u32(c, o, "folds", &r->folds);
    bmx_codec_double(c, o, "disagreement", &r->disagreement);
    bmx_codec_double(c, o, "disagreement_merges", &r->disagreement_merges);
    bmx_codec_double(c, o, "range_delta", &r->range_delta);
    bmx_codec_double(c, o, "range_outer_delta", &r->range_outer_delta);
    bmx_codec_double(c, o, "range_reach", &r->range_reach);
    arr = bmx_codec_array(c, o, "worst", &r->worst, &r->n_worst, sizeof *r->worst);
    for (size_t i = 0; i < r->n_worst && !c->status; i++) {
        bmx_worst_merge *w = &r->worst[i];
        bmx_json *x = bmx_codec_element(c, arr, &at);

        bmx_codec_u32(c, x, "step", &w->step);
        bmx_codec_pair(c, x, "merge", &w->left, &w->right);
        if (c->reading && !c->status && !w->left)
            bmx_codec_bad(c, "merge", "there");
        bmx_codec_pair(c, x, "rival", &w->rival_left, &w->rival_right);
        bmx_codec_double(c, x, "slack", &w->slack);
        bmx_codec_double(c, x, "count", &w->count);
        bmx_codec_double(c, x, "rival_count", &w->rival_count);
        bmx_codec_text(c, x, "script", &w->script);
        bmx_codec_text(c, x, "category", &w->category);
        bmx_codec_text(c, x, "rival_category", &w->rival_category);
    }
}

static void missing_panel(bmx_codec *c, bmx_json *doc, bmx_missing_panel *p)
{
    bmx_json *o, *arr, *at = NULL;

    if ((!c->reading && !p->looked_up) || !(o = bmx_codec_object(c, doc, "panel")))
        return; /* absent: not looked up, as in documents from before there was a look into it */
    if (c->reading)
        p->looked_up = true;
    bmx_codec_u32(c, o, "merges", &p->merges);
    arr = bmx_codec_array(c, o, "by_category", &p->category, &p->n, sizeof *p->category);
    for (size_t i = 0; i < p->n && !c->status; i++) {
        bmx_missing_category *k = &p->category[i];
        bmx_json *x = bmx_codec_element(c, arr, &at);

        bmx_codec_needed_text(c, x, "category", &k->category);
        bmx_codec_bool(c, x, "is_candidate", &k->is_candidate);
        bmx_codec_u32(c, x, "merges", &k->merges);
        bmx_codec_texts(c, x, "examples", &k->example);
    }
}

static void missing(bmx_codec *c, bmx_json *doc, bpemix_result *r)
{
    bmx_json *o = bmx_codec_object(c, doc, "missing"), *arr, *at = NULL;
    bmx_missing_summary *u = &r->uncovered;
    size_t n = r->n_missing;

    bmx_codec_u32(c, o, "merges", &r->merges_missing);
    bmx_codec_double(c, o, "share", &u->share);
    bmx_codec_double(c, o, "found_once", &u->found_once);
    bmx_codec_double(c, o, "ratio", &u->ratio);
    bmx_codec_text(c, o, "sentence", &u->sentence);
    arr = bmx_codec_array(c, o, "by_kind", &u->kind, &u->n_kinds, sizeof *u->kind);
    for (size_t i = 0; i < u->n_kinds && !c->status; i++) {
        bmx_json *x = bmx_codec_element(c, arr, &at);

        bmx_codec_text(c, x, "script", &u->kind[i].script);
        bmx_codec_needed_text(c, x, "kind", &u->kind[i].kind);
        bmx_codec_u32(c, x, "merges", &u->kind[i].merges);
        bmx_codec_texts(c, x, "examples", &u->kind[i].example);
    }
    missing_panel(c, o, &u->panel);
    at = NULL;
    arr = bmx_codec_array(c, o, "list", &r->missing, &n, sizeof *r->missing);
    if (c->reading)
        r->n_missing = (uint32_t)n;
    for (size_t i = 0; i < n && !c->status; i++) {
        bmx_missing_merge *m = &r->missing[i];
        bmx_json *x = bmx_codec_element(c, arr, &at);

        bmx_codec_u32(c, x, "step", &m->step);
        bmx_codec_pair(c, x, "merge", &m->left, &m->right);
        if (c->reading && !c->status && !m->left)
            bmx_codec_bad(c, "merge", "there");
        CHOICE(c, x, "class", bmx_missing_class_names, m->why, bmx_missing_class);
        if (c->reading || m->panel)
            bmx_codec_text(c, x, "panel", &m->panel);
    }
}

static void warnings(bmx_codec *c, bmx_json *doc, bpemix_result *r)
{
    bmx_texts t = { r->warning, r->n_warnings, r->warnings_cap };

    bmx_codec_texts(c, doc, "warnings", &t);
    if (!c->reading)
        return;
    r->warning = t.text;
    r->n_warnings = t.n;
    r->warnings_cap = t.cap;
}

/* ---- provenance ---- */

static void category_of(bmx_codec *c, bmx_json *o, const bpemix_result *r, uint32_t *category)
{
    const char *text;

    if (!c->reading) {
        bmx_json_put_str(o, "category", r->share[*category].name);
        return;
    }
    text = bmx_json_string(bmx_json_get(o, "category"));
    *category = 0;
    while (text && *category < r->n_cats && strcmp(r->share[*category].name, text))
        ++*category;
    if (!text || *category == r->n_cats)
        bmx_codec_bad(c, "category", "the name of a category");
}

static void origin(bmx_codec *c, bmx_json *p, bmx_origin *x)
{
    bmx_codec_text(c, p, "written_at", &x->written_at);
    bmx_codec_text(c, p, "system", &x->system);
    bmx_codec_text(c, p, "machine", &x->machine);
    bmx_codec_u64(c, p, "peak_memory_bytes", &x->peak_memory_bytes);
}

/* Of a result that was not read from a file: the present time and system. */
static void origin_here(bmx_codec *c, bmx_json *p)
{
    struct utsname host;
    char text[40] = "";
    time_t now = time(NULL);
    struct tm tm;
    bool known = uname(&host) == 0;

    if (gmtime_r(&now, &tm))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    origin(c, p, &(bmx_origin){ .written_at = text, .system = known ? host.sysname : NULL,
                                .machine = known ? host.machine : NULL,
                                .peak_memory_bytes = bmx_peak_memory() });
}

static void provenance(bmx_codec *c, bmx_json *doc, bpemix_result *r, bool full)
{
    bmx_json *p = bmx_codec_object(c, doc, "provenance"), *arr, *at = NULL;

    if (!p)
        return;
    if (!c->reading && !r->origin.written_at)
        origin_here(c, p);
    else
        origin(c, p, &r->origin);
    arr = bmx_codec_array(c, p, "sources", &r->source, &r->n_sources, sizeof *r->source);
    for (size_t i = 0; i < r->n_sources && !c->status; i++) {
        bmx_result_source *s = &r->source[i];
        bmx_json *o = bmx_codec_element(c, arr, &at);

        category_of(c, o, r, &s->category);
        bmx_codec_text(c, o, "path", &s->path);
        bmx_codec_u64(c, o, "files", &s->files);
        bmx_codec_u64(c, o, "bytes", &s->bytes);
        bmx_codec_u64(c, o, "documents", &s->documents);
        bmx_codec_hex64(c, o, "xxh3", &s->checksum);
    }
    if (!full && !c->reading)
        return;
    at = NULL;
    arr = bmx_codec_array(c, p, "inputs", &r->input, &r->n_inputs, sizeof *r->input);
    for (size_t i = 0; i < r->n_inputs && !c->status; i++) {
        bmx_result_input *in = &r->input[i];
        bmx_json *o = bmx_codec_element(c, arr, &at);

        category_of(c, o, r, &in->category);
        bmx_codec_text(c, o, "path", &in->path);
        bmx_codec_u64(c, o, "bytes", &in->bytes);
        bmx_codec_u64(c, o, "documents", &in->documents);
        bmx_codec_hex64(c, o, "xxh3", &in->checksum);
    }
}

/* ---- the document ---- */

static void options(bmx_codec *c, bmx_json *doc, bpemix_result *r)
{
    bmx_json *o = bmx_codec_object(c, doc, "options");

    bmx_codec_values(c, o, "count", &r->count_options, true);
    bmx_codec_values(c, o, "solve", &r->solve_options, true);
}

/* All between "libraries" and "provenance". */
static void body(bmx_codec *c, bmx_json *doc, bpemix_result *r, bool timings)
{
    verdict(c, doc, &r->verdict);
    if (!c->reading)
        bmx_json_put(doc, "tokenizer", bmx_facts_to_json(&r->facts));
    else if (!c->status)
        c->status = bmx_facts_from_json(bmx_json_get(doc, "tokenizer"), &r->facts, c->err);
    CHOICE(c, doc, "unit", bmx_unit_names, r->unit, bmx_unit);
    categories(c, doc, r);
    pooled(c, doc, r);
    groups(c, doc, "groups", true, r, &r->group, &r->n_groups);
    groups(c, doc, "inseparable", false, r, &r->inseparable, &r->n_inseparable);
    fit(c, doc, r);
    replicates(c, doc, r);
    sweep_and_phases(c, doc, r);
    solutions(c, doc, r, timings);
    missing(c, doc, r);
    options(c, doc, r);
    warnings(c, doc, r);
}

bmx_json *bmx_result_to_json(const bpemix_result *result, bmx_provenance prov)
{
    bpemix_result *r = (bpemix_result *)(uintptr_t)result; /* only read from */
    bmx_codec c = { .reading = false };
    bmx_json *doc = bmx_json_object();

    bmx_document_begin(doc, r->origin.version, &r->origin.libraries);
    body(&c, doc, r, prov != BMX_PROVENANCE_NONE);
    if (prov != BMX_PROVENANCE_NONE)
        provenance(&c, doc, r, prov == BMX_PROVENANCE_FULL);
    return doc;
}

static bpemix_status not_a_result(bpemix_error *err)
{
    return bmx_fail_hint(err, BPEMIX_E_FORMAT, "",
                         "give a document that infer or solve has written", "not a result");
}

/* Documents of train, verify, explain and panel have categories, too, but no headline unit, which
 * results have had from the second version on. */
static bpemix_status check_kind(const bmx_json *json, bpemix_error *err)
{
    uint64_t version = 0;

    if (bmx_json_kind_of(json) != BMX_JSON_OBJECT ||
        !bmx_json_uint(bmx_json_get(json, "schema_version"), UINT32_MAX, &version) ||
        bmx_json_is_null(bmx_json_get(json, "categories")))
        return not_a_result(err);
    if (version != BMX_SCHEMA_VERSION)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "schema_version",
                             "solve again and write it anew", "%u, not %u", (unsigned)version,
                             BMX_SCHEMA_VERSION);
    return bmx_json_is_null(bmx_json_get(json, "unit")) ? not_a_result(err) : BPEMIX_OK;
}

/* The headline solution's shares are those of the categories. */
static void copy_headline(bmx_codec *c, bpemix_result *r)
{
    double **to[] = { &r->main.share_bytes, &r->main.share_pairs, &r->main.share_merges };

    for (int u = 0; u < BMX_UNITS && !c->status; u++) {
        if (!(*to[u] = bmx_calloc(r->n_cats, sizeof **to[u]))) {
            c->status = bmx_nomem(c->err);
            return;
        }
        for (size_t i = 0; i < r->n_cats; i++)
            (*to[u])[i] = bmx_share_in(&r->share[i], (bmx_unit)u);
    }
}

bpemix_status bmx_result_from_json(const bmx_json *json, bpemix_result **out, bpemix_error *err)
{
    bmx_json *doc = (bmx_json *)(uintptr_t)json; /* not changed */
    bmx_codec c = { .reading = true, .err = err };
    bpemix_result *r;
    bpemix_status st = check_kind(json, err);

    if (st)
        return st;
    if (!(r = bmx_result_new(0)))
        return bmx_nomem(err);
    bmx_free(r->share); /* the codec allocates the shares of the categories that it reads */
    r->share = NULL;
    bmx_codec_text(&c, bmx_codec_object(&c, doc, "tool"), "version", &r->origin.version);
    bmx_codec_values(&c, doc, "libraries", &r->origin.libraries, true);
    body(&c, doc, r, true);
    provenance(&c, doc, r, true);
    copy_headline(&c, r);
    if (c.status) {
        bmx_result_free(r);
        return c.status;
    }
    *out = r;
    return BPEMIX_OK;
}

bpemix_status bmx_result_parse(const char *where, bmx_slice text, bpemix_result **out,
                               bpemix_error *err)
{
    const char *own = bmx_own_file(text.ptr, text.len);
    bmx_json *json = NULL;
    bpemix_status st;

    if (own)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, where, "give the result that was made with it",
                             "%s, not a result", own);
    if ((st = bmx_json_parse(where, text, &json, err)))
        return st;
    st = bmx_result_from_json(json, out, err);
    bmx_json_free(json);
    return st ? bmx_at(err, st, "%s", where) : BPEMIX_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* result.c - names of choices, and results as objects. */
#include "result/result.h"

#include "base/hash.h"
#include "base/wire.h"

#include <math.h>
#include <string.h>

const char *const bmx_unit_names[] = { "bytes", "pairs", "merges" };
const char *const bmx_level_names[] = { NULL, "good", "fair", "poor", "unusable" };
const char *const bmx_solver_status_names[] = { "optimal", "gap" };
const char *const bmx_missing_class_names[] = { "newline", "cut", "unmade", "unreached", "unseen" };

const char *bmx_method_name(bpemix_method m) { return m == BPEMIX_METHOD_LP ? "lp" : "monotone"; }

const char *bmx_weights_name(bpemix_weights w)
{
    return w == BPEMIX_WEIGHTS_NONE ? "none" : "quarter";
}

const char *bmx_unit_name(bmx_unit unit) { return bmx_unit_names[unit]; }

const char *bmx_level_name(bmx_level level) { return bmx_level_names[level]; }

double bmx_share_in(const bpemix_share *s, bmx_unit unit)
{
    return unit == BMX_UNIT_BYTES ? s->share_bytes
           : unit == BMX_UNIT_PAIRS ? s->share_pairs : s->share_merges;
}

bpemix_range *bmx_range_at(bpemix_share *s, bmx_unit unit, bool outer)
{
    bpemix_range *const at[BMX_UNITS][2] = {
        [BMX_UNIT_BYTES] = { &s->range_bytes, &s->range_outer_bytes },
        [BMX_UNIT_PAIRS] = { &s->range_pairs, &s->range_outer_pairs },
        [BMX_UNIT_MERGES] = { &s->range_merges, &s->range_outer_merges }
    };

    return at[unit][outer];
}

bpemix_range bmx_range_in(const bpemix_share *s, bmx_unit unit)
{
    bpemix_share copy = *s;

    return *bmx_range_at(&copy, unit, false);
}

bpemix_range bmx_outer_range_in(const bpemix_share *s, bmx_unit unit)
{
    bpemix_share copy = *s;

    return *bmx_range_at(&copy, unit, true);
}

bool bmx_result_identified(const bpemix_share *s, bmx_unit unit)
{
    bpemix_range x = bmx_outer_range_in(s, unit);

    return !isnan(bmx_share_in(s, unit)) && !(x.high - x.low > BMX_IDENTIFIED);
}

void bmx_share_clear(bpemix_share *s)
{
    const bpemix_range none = { NAN, NAN };

    *s = (bpemix_share){ .share_bytes = NAN, .share_pairs = NAN, .share_merges = NAN,
                         .range_bytes = none, .range_pairs = none, .range_merges = none,
                         .range_outer_bytes = none, .range_outer_pairs = none,
                         .range_outer_merges = none, .low_bytes = NAN, .high_bytes = NAN };
}

bpemix_status bmx_result_add_input(bpemix_result *r, const bmx_result_input *in, bpemix_error *err)
{
    bmx_result_input copy = *in;

    if (bmx_reserve(&r->input, &r->inputs_cap, r->n_inputs + 1, sizeof *r->input, err) ||
        !(copy.path = bmx_strdup(in->path)))
        return bmx_nomem(err);
    r->input[r->n_inputs++] = copy;
    return BPEMIX_OK;
}

/* Bytes of the folder that two paths share, its last slash included. */
static size_t shared_folder(const char *a, const char *b)
{
    size_t n = 0;

    for (size_t i = 0; a[i] && a[i] == b[i]; i++)
        if (a[i] == '/')
            n = i + 1;
    return n;
}

/* One source of the inputs input[n] of one category. */
static bpemix_status summarize(const bmx_result_input *input, size_t n, bmx_result_source *out,
                               bpemix_error *err)
{
    size_t length = strlen(input[0].path);
    bmx_buf sums = { 0 };
    bpemix_status st = BPEMIX_OK;

    *out = (bmx_result_source){ .category = input[0].category, .files = n };
    for (size_t i = 0; i < n && !st; i++) {
        size_t shared = i ? shared_folder(input[0].path, input[i].path) : length;

        length = shared < length ? shared : length;
        out->bytes += input[i].bytes;
        out->documents += input[i].documents;
        st = bmx_put_le(&sums, input[i].checksum, 8, err);
    }
    while (n > 1 && length > 1 && input[0].path[length - 1] == '/')
        length--;
    out->checksum = bmx_hash64(sums.ptr, sums.len, 0);
    bmx_buf_release(&sums);
    if (st)
        return st;
    out->path = length ? bmx_strndup(input[0].path, length) : bmx_strdup("(several)");
    return out->path ? BPEMIX_OK : bmx_nomem(err);
}

bpemix_status bmx_result_summarize(bpemix_result *r, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (!(r->source = bmx_calloc(r->n_cats, sizeof *r->source)))
        return bmx_nomem(err);
    for (size_t i = 0, n; i < r->n_inputs && !st; i += n) {
        for (n = 1; i + n < r->n_inputs && r->input[i + n].category == r->input[i].category; n++)
            ;
        st = summarize(&r->input[i], n, &r->source[r->n_sources], err);
        r->n_sources += !st;
    }
    return st;
}

bpemix_result *bmx_result_new(size_t n_cats)
{
    bpemix_result *r = bmx_calloc(1, sizeof *r);

    if (!r)
        return NULL;
    r->share = bmx_calloc(n_cats, sizeof *r->share);
    if (!r->share) {
        bmx_result_free(r);
        return NULL;
    }
    r->n_cats = n_cats;
    r->pooled_at = UINT32_MAX;
    bmx_facts_init(&r->facts);
    for (size_t i = 0; i < n_cats; i++)
        bmx_share_clear(&r->share[i]);
    r->range_delta = r->range_outer_delta = r->range_reach = NAN;
    r->uncovered.share = r->uncovered.found_once = r->uncovered.ratio = NAN;
    r->slack_merges = r->slack_pairs = r->slack_relative = NAN;
    r->slack_large = r->slack_extreme = NAN;
    r->disagreement = r->disagreement_merges = NAN;
    return r;
}

static void free_solution(bmx_solution *s)
{
    bmx_free(s->share_pairs);
    bmx_free(s->share_bytes);
    bmx_free(s->share_merges);
}

static void free_groups(bmx_group *g, size_t n)
{
    for (size_t i = 0; i < n && g; i++) {
        bmx_free((char *)(uintptr_t)g[i].share.name);
        bmx_free(g[i].member);
    }
    bmx_free(g);
}

static void free_diagnoses(bpemix_result *r)
{
    for (size_t i = 0; i < r->n_sweep; i++) {
        bmx_free(r->sweep[i].share_bytes);
        bmx_free(r->sweep[i].share_pairs);
        bmx_free(r->sweep[i].share_merges);
    }
    bmx_free(r->sweep);
    for (size_t i = 0; i < r->n_phases; i++) {
        bmx_free(r->phase[i].share_bytes);
        bmx_free(r->phase[i].share_pairs);
        bmx_free(r->phase[i].share_merges);
    }
    bmx_free(r->phase);
    for (size_t i = 0; i < r->verdict.n_reasons; i++) {
        bmx_free(r->verdict.reason[i].code);
        bmx_free(r->verdict.reason[i].text);
    }
    bmx_free(r->verdict.reason);
    for (size_t i = 0; i < r->uncovered.n_kinds; i++) {
        bmx_free(r->uncovered.kind[i].script);
        bmx_free(r->uncovered.kind[i].kind);
        bmx_texts_release(&r->uncovered.kind[i].example);
    }
    for (size_t i = 0; i < r->uncovered.panel.n; i++) {
        bmx_free(r->uncovered.panel.category[i].category);
        bmx_texts_release(&r->uncovered.panel.category[i].example);
    }
    bmx_free(r->uncovered.kind);
    bmx_free(r->uncovered.panel.category);
    bmx_free(r->uncovered.sentence);
}

static void free_origin(bpemix_result *r)
{
    for (size_t i = 0; i < r->n_inputs; i++)
        bmx_free(r->input[i].path);
    bmx_free(r->input);
    for (size_t i = 0; i < r->n_sources; i++)
        bmx_free(r->source[i].path);
    bmx_free(r->source);
    bmx_free(r->origin.version);
    bmx_free(r->origin.written_at);
    bmx_free(r->origin.system);
    bmx_free(r->origin.machine);
    bmx_values_release(&r->origin.libraries);
}

void bmx_result_free(bpemix_result *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->n_cats; i++)
        bmx_free((char *)(uintptr_t)r->share[i].name);
    bmx_free(r->share);
    if (r->pooled)
        bmx_free((char *)(uintptr_t)r->pooled->name);
    bmx_free(r->pooled);
    free_solution(&r->main);
    for (size_t i = 0; i < r->n_others; i++)
        free_solution(&r->other[i]);
    bmx_free(r->other);
    for (uint32_t i = 0; i < r->n_missing && r->missing; i++) {
        bmx_free(r->missing[i].left);
        bmx_free(r->missing[i].right);
        bmx_free(r->missing[i].panel);
    }
    bmx_free(r->missing);
    for (size_t i = 0; i < r->n_worst; i++) {
        bmx_free(r->worst[i].left);
        bmx_free(r->worst[i].right);
        bmx_free(r->worst[i].rival_left);
        bmx_free(r->worst[i].rival_right);
        bmx_free(r->worst[i].script);
        bmx_free(r->worst[i].category);
        bmx_free(r->worst[i].rival_category);
    }
    bmx_free(r->worst);
    free_groups(r->group, r->n_groups);
    free_groups(r->inseparable, r->n_inseparable);
    free_diagnoses(r);
    free_origin(r);
    bmx_free(r->replicate);
    bmx_free(r->merges_found);
    bmx_facts_release(&r->facts);
    bmx_values_release(&r->count_options);
    bmx_values_release(&r->solve_options);
    for (size_t i = 0; i < r->n_warnings; i++)
        bmx_free(r->warning[i]);
    bmx_free(r->warning);
    bmx_free(r);
}

bpemix_status bmx_result_warn(bpemix_result *r, char *line, bpemix_error *err)
{
    if (!line || bmx_reserve(&r->warning, &r->warnings_cap, r->n_warnings + 1,
                             sizeof *r->warning, err)) {
        bmx_free(line);
        return bmx_nomem(err);
    }
    r->warning[r->n_warnings++] = line;
    return BPEMIX_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* result.c - what a result says, one getter a field. */
#include "api/api.h"
#include "bpemix.h"
#include "base/input.h"
#include "report/report.h"

#include <math.h>

bpemix_status bpemix_result_load(const char *path, bpemix_result **out, bpemix_error *err)
{
    bmx_buf text = { 0 };
    bpemix_status st = bmx_read_text_file(path, &text, err);

    if (!st)
        st = bmx_result_parse(path, bmx_slice_of(text.ptr, text.len), out, err);
    bmx_buf_release(&text);
    return st;
}

bpemix_status bpemix_result_parse(const char *name, bpemix_text json, bpemix_result **out,
                                  bpemix_error *err)
{
    return bmx_result_parse(name, bmx_slice_of(json.ptr, json.len), out, err);
}

void bpemix_result_free(bpemix_result *result) { bmx_result_free(result); }

size_t bpemix_result_categories(const bpemix_result *result) { return result->n_cats; }

const bpemix_share *bpemix_result_share(const bpemix_result *result, size_t i)
{
    return i < result->n_cats ? &result->share[i] : NULL;
}

const bpemix_share *bpemix_result_other(const bpemix_result *result) { return result->pooled; }

const char *bpemix_result_warning(const bpemix_result *result, size_t i)
{
    return i < result->n_warnings ? result->warning[i] : NULL;
}

static const char *level_name(bmx_level level)
{
    return level == BMX_LEVEL_UNKNOWN ? "unknown" : bmx_level_name(level);
}

void bpemix_result_fit(const bpemix_result *result, bpemix_fit *out)
{
    bmx_api_fill(out, &(bpemix_fit){
                     .merge_from = result->merge_from, .merge_to = result->merge_to,
                     .merges_used = result->merges_used, .merges_excluded = result->merges_excluded,
                     .merges_missing = result->merges_missing,
                     .merges_impossible = result->merges_impossible, .folds = result->folds,
                     .slack_merges = result->slack_merges, .slack_pairs = result->slack_pairs,
                     .slack_relative = result->slack_relative, .slack_large = result->slack_large,
                     .disagreement = result->disagreement, .objective = result->main.objective,
                     .lower_bound = result->main.lower_bound, .gap = result->main.gap,
                     .verdict = level_name(result->verdict.level),
                     .uncovered = result->uncovered.sentence }, sizeof *out);
}

bool bpemix_result_reason(const bpemix_result *result, size_t i, bpemix_reason *out)
{
    const bmx_reason *r = &result->verdict.reason[i];

    if (i >= result->verdict.n_reasons)
        return false;
    bmx_api_fill(out, &(bpemix_reason){ .level = level_name(r->level), .code = r->code,
                                        .text = r->text, .value = r->value, .limit = r->limit },
                 sizeof *out);
    return true;
}

static bool fill_group(const bmx_group *group, size_t n, size_t i, bpemix_group *out)
{
    if (i >= n)
        return false;
    bmx_api_fill(out, &(bpemix_group){ .share = &group[i].share, .member = group[i].member,
                                       .n_members = group[i].n_members }, sizeof *out);
    return true;
}

bool bpemix_result_group(const bpemix_result *result, size_t i, bpemix_group *out)
{
    return fill_group(result->group, result->n_groups, i, out);
}

bool bpemix_result_inseparable(const bpemix_result *result, size_t i, bpemix_group *out)
{
    return fill_group(result->inseparable, result->n_inseparable, i, out);
}

bool bpemix_result_sweep(const bpemix_result *result, size_t i, bpemix_sweep_point *out)
{
    const bmx_sweep_point *p = &result->sweep[i];

    if (i >= result->n_sweep)
        return false;
    bmx_api_fill(out,
                 &(bpemix_sweep_point){ .merges = p->merges,
                                        .slack_relative = p->slack_relative,
                                        .share_bytes = p->share_bytes,
                                        .share_pairs = p->share_pairs,
                                        .share_merges = p->share_merges },
                 sizeof *out);
    return true;
}

bool bpemix_result_solution(const bpemix_result *result, size_t i, bpemix_solution *out)
{
    const bmx_solution *s = i ? &result->other[i - 1] : &result->main;

    if (i > result->n_others)
        return false;
    bmx_api_fill(out, &(bpemix_solution){
                     .method = bmx_method_name(s->method), .weights = bmx_weights_name(s->weights),
                     .status = bmx_solver_status_names[s->status],
                     .objective = s->objective, .lower_bound = s->lower_bound, .gap = s->gap,
                     .share_bytes = s->share_bytes, .share_pairs = s->share_pairs,
                     .rows = s->rows, .rounds = s->rounds, .elapsed_sec = s->seconds },
                 sizeof *out);
    return true;
}

bool bpemix_result_missing(const bpemix_result *result, size_t i, bpemix_missing *out)
{
    const bmx_missing_merge *m = &result->missing[i];

    if (i >= result->n_missing)
        return false;
    bmx_api_fill(out, &(bpemix_missing){ .step = m->step, .left = m->left, .right = m->right,
                                         .reason = bmx_missing_class_names[m->why],
                                         .panel = m->panel }, sizeof *out);
    return true;
}

bool bpemix_result_worst(const bpemix_result *result, size_t i, bpemix_worst *out)
{
    const bmx_worst_merge *w = &result->worst[i];

    if (i >= result->n_worst)
        return false;
    bmx_api_fill(out, &(bpemix_worst){ .step = w->step, .left = w->left, .right = w->right,
                                       .rival_left = w->rival_left, .rival_right = w->rival_right,
                                       .slack = w->slack, .count = w->count,
                                       .rival_count = w->rival_count, .script = w->script,
                                       .category = w->category,
                                       .rival_category = w->rival_category }, sizeof *out);
    return true;
}

void bpemix_result_counting(const bpemix_result *result, bpemix_counting *out)
{
    const bmx_values *o = &result->count_options;

    bmx_api_fill(out, &(bpemix_counting){ .tokenizer = result->facts.path,
                                          .text_unit = bmx_values_text(o, "text_unit"),
                                          .invalid = bmx_values_text(o, "invalid"),
                                          .field = bmx_values_text(o, "field"),
                                          .jsonl = bmx_values_bool(o, "jsonl", false),
                                          .max_bytes = bmx_values_uint(o, "max_bytes", 0) },
                 sizeof *out);
}

bool bpemix_result_source(const bpemix_result *result, size_t i, bpemix_source *out)
{
    const bmx_result_source *s = &result->source[i];

    if (i >= result->n_sources)
        return false;
    bmx_api_fill(out, &(bpemix_source){ .category = result->share[s->category].name,
                                        .path = s->path }, sizeof *out);
    return true;
}

double bpemix_result_replicate(const bpemix_result *result, size_t k, size_t i)
{
    bool known = result->replicate && k < result->folds && i < result->n_cats;

    return known ? result->replicate[k * result->n_cats + i] : NAN;
}

bpemix_status bpemix_result_json(const bpemix_result *result, int provenance, char **json,
                                 bpemix_error *err)
{
    bmx_json *doc = bmx_result_to_json(result, provenance <= 0 ? BMX_PROVENANCE_NONE
                                               : provenance == 1 ? BMX_PROVENANCE_SUMMARY
                                                                 : BMX_PROVENANCE_FULL);
    bpemix_status st = bmx_api_json(doc, json, err);

    bmx_json_free(doc);
    return st;
}

bpemix_status bpemix_result_print(const bpemix_result *result, const bpemix_print_opts *opts,
                                  char **text, bpemix_error *err)
{
    bpemix_print_opts o;
    bmx_buf buf = { 0 };
    bpemix_status st = BMX_API_OPTS(opts, &o, err);

    if (!st)
        st = bmx_report_table(result,
                              &(bmx_table_opts){ .unit = bmx_api_unit(o.unit, BMX_UNITS),
                                                 .color = o.color,
                                                 .force = o.force,
                                                 .verbose = o.verbose,
                                                 .list = o.list,
                                                 .columns = o.columns },
                              &buf, err);
    if (!st)
        st = bmx_api_text(&buf, text, err);
    bmx_buf_release(&buf);
    return st;
}

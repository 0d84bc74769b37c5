#include "report/report.h"
#include "base/version.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>

#define SCHEMA_VERSION 1

void bmx_report_tool(bmx_json *doc)
{
    bmx_json *tool = bmx_json_put(doc, "tool", bmx_json_object());
    bmx_json *libs;

    bmx_json_put_str(tool, "name", "bpemix");
    bmx_json_put_str(tool, "version", BPEMIX_VERSION);
    libs = bmx_json_put(doc, "libraries", bmx_json_object());
    bmx_json_put_str(libs, "cjson", bmx_json_library_version());
    bmx_json_put_str(libs, "glpk", bmx_lp_library_version());
    bmx_json_put_str(libs, "libarchive", bmx_io_library_version());
    bmx_json_put_str(libs, "pcre2", bmx_regex_library_version());
    bmx_json_put_str(libs, "pcre2_unicode", bmx_regex_unicode_version());
    bmx_json_put_str(libs, "utf8proc", bmx_normalize_library_version());
    bmx_json_put_str(libs, "utf8proc_unicode", bmx_normalize_unicode_version());
    bmx_json_put_str(libs, "xxhash", bmx_hash_library_version());
    bmx_json_put_str(libs, "zlib", bmx_gunzip_library_version());
}

static void put_solution(bmx_json *obj, const bmx_solution *s, bool timings)
{
    bmx_json_put_str(obj, "method", bmx_method_name(s->method));
    bmx_json_put_str(obj, "weights", bmx_weights_name(s->weights));
    bmx_json_put_str(obj, "status", s->status == BMX_SOLVER_OPTIMAL ? "optimal" : "gap");
    bmx_json_put_double(obj, "objective", s->objective);
    bmx_json_put_double(obj, "lower_bound", s->lower_bound);
    bmx_json_put_double(obj, "gap", s->gap);
    bmx_json_put_uint(obj, "rows", s->rows);
    bmx_json_put_uint(obj, "rounds", s->rounds);
    if (timings)
        bmx_json_put_double(obj, "seconds", s->seconds);
}

static void put_shares(bmx_json *obj, const char *key, const double *share, size_t n)
{
    bmx_json *arr = bmx_json_put(obj, key, bmx_json_array());
    for (size_t i = 0; i < n; i++)
        bmx_json_push(arr, bmx_json_new_double(share[i]));
}

/* A merge or pair as a two-element array of display text. */
static void put_pair(bmx_json *obj, const char *key, const char *left, const char *right)
{
    bmx_json *arr;

    if (!left) {
        bmx_json_put_str(obj, key, NULL);
        return;
    }
    arr = bmx_json_put(obj, key, bmx_json_array());
    bmx_json_push(arr, bmx_json_new_str(left));
    bmx_json_push(arr, bmx_json_new_str(right));
}

static void put_categories(bmx_json *doc, const bpemix_result *r)
{
    bmx_json *arr = bmx_json_put(doc, "categories", bmx_json_array());

    for (size_t i = 0; i < r->n_cats; i++) {
        const bpemix_share *s = &r->share[i];
        bmx_json *c = bmx_json_push(arr, bmx_json_object());
        bmx_json_put_str(c, "name", s->name);
        bmx_json_put_double(c, "share_bytes", s->share_bytes);
        bmx_json_put_double(c, "share_pairs", s->share_pairs);
        bmx_json_put_double(c, "low_bytes", s->low_bytes);
        bmx_json_put_double(c, "high_bytes", s->high_bytes);
        bmx_json_put_uint(c, "sample_bytes", s->sample_bytes);
        bmx_json_put_uint(c, "sample_documents", s->sample_documents);
        bmx_json_put_uint(c, "sample_words", s->sample_words);
        bmx_json_put_uint(c, "sample_pairs", s->sample_pairs);
        bmx_json_put_double(c, "bytes_per_pair", (double)s->sample_bytes / (double)s->sample_pairs);
    }
}

static void put_fit(bmx_json *doc, const bpemix_result *r)
{
    static const char *const why[] = { "newline", "cut", "unmade", "unseen" };
    bmx_json *fit = bmx_json_put(doc, "fit", bmx_json_object()), *arr;
    uint32_t by_class[4] = { 0 };

    bmx_json_put_uint(fit, "merge_from", r->merge_from);
    bmx_json_put_uint(fit, "merge_to", r->merge_to);
    bmx_json_put_uint(fit, "merges_used", r->merges_used);
    bmx_json_put_uint(fit, "merges_excluded", r->merges_excluded);
    bmx_json_put_uint(fit, "merges_missing", r->merges_missing);
    for (uint32_t i = 0; i < r->merges_missing; i++)
        by_class[r->missing[i].why]++;
    arr = bmx_json_put(fit, "missing_by_class", bmx_json_object());
    for (int k = 0; k < 4; k++)
        bmx_json_put_uint(arr, why[k], by_class[k]);
    arr = bmx_json_put(fit, "missing", bmx_json_array());
    for (uint32_t i = 0; i < r->merges_missing; i++) {
        bmx_json *m = bmx_json_push(arr, bmx_json_object());
        bmx_json_put_uint(m, "step", r->missing[i].step);
        put_pair(m, "merge", r->missing[i].left, r->missing[i].right);
        bmx_json_put_str(m, "class", why[r->missing[i].why]);
    }
    bmx_json_put_double(fit, "slack_merges", r->slack_merges);
    bmx_json_put_double(fit, "slack_pairs", r->slack_pairs);
    bmx_json_put_double(fit, "slack_relative", r->slack_relative);
    bmx_json_put_double(fit, "slack_large", r->slack_large);
    bmx_json_put_uint(fit, "folds", r->folds);
    bmx_json_put_double(fit, "disagreement", r->disagreement);
    arr = bmx_json_put(fit, "worst", bmx_json_array());
    for (size_t i = 0; i < r->n_worst; i++) {
        const bmx_worst_merge *w = &r->worst[i];
        bmx_json *m = bmx_json_push(arr, bmx_json_object());
        bmx_json_put_uint(m, "step", w->step);
        put_pair(m, "merge", w->left, w->right);
        put_pair(m, "rival", w->rival_left, w->rival_right);
        bmx_json_put_double(m, "slack", w->slack);
        bmx_json_put_double(m, "count", w->count);
        bmx_json_put_double(m, "rival_count", w->rival_count);
    }
}

uint64_t bmx_report_peak_memory(void)
{
    struct rusage ru;
    char line[128];
    unsigned long long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");

    while (f && !kb && fgets(line, sizeof line, f))
        (void)sscanf(line, "VmHWM: %llu kB", &kb);
    if (f)
        fclose(f);
    if (kb)
        return kb * 1024;
    /* Linux counts what the process was before exec(2), its parent */
    return getrusage(RUSAGE_SELF, &ru) ? 0 : (uint64_t)ru.ru_maxrss * 1024;
}

static void put_provenance(bmx_json *doc, const bpemix_result *r)
{
    bmx_json *p = bmx_json_put(doc, "provenance", bmx_json_object()), *arr;
    struct utsname host;
    char text[40] = "";
    time_t now = time(NULL);
    struct tm tm;

    if (gmtime_r(&now, &tm))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    bmx_json_put_str(p, "written_at", text);
    bmx_json_put_str(p, "system", uname(&host) ? NULL : host.sysname);
    bmx_json_put_str(p, "machine", uname(&host) ? NULL : host.machine);
    bmx_json_put_uint(p, "peak_memory_bytes", bmx_report_peak_memory());
    arr = bmx_json_put(p, "inputs", bmx_json_array());
    for (size_t i = 0; i < r->n_inputs; i++) {
        const bmx_result_input *in = &r->input[i];
        bmx_json *o = bmx_json_push(arr, bmx_json_object());
        char sum[17];
        snprintf(sum, sizeof sum, "%016llx", (unsigned long long)in->checksum);
        bmx_json_put_str(o, "category", r->share[in->category].name);
        bmx_json_put_str(o, "path", in->path);
        bmx_json_put_uint(o, "bytes", in->bytes);
        bmx_json_put_uint(o, "documents", in->documents);
        bmx_json_put_str(o, "xxh3", sum);
    }
}

bpemix_status bmx_report_json(const bpemix_result *r, bool provenance, bmx_json **out,
                              bpemix_error *err)
{
    bmx_json *doc = bmx_json_object(), *obj;

    if (!doc)
        return bmx_nomem(err);
    bmx_json_put_uint(doc, "schema_version", SCHEMA_VERSION);
    bmx_report_tool(doc);
    bmx_json_put_copy(doc, "tokenizer", r->tokenizer);
    put_categories(doc, r);
    put_solution(bmx_json_put(doc, "solver", bmx_json_object()), &r->main, provenance);
    obj = bmx_json_put(doc, "other_solutions", bmx_json_array());
    for (size_t i = 0; i < r->n_others; i++) {
        bmx_json *o = bmx_json_push(obj, bmx_json_object());
        put_solution(o, &r->other[i], provenance);
        put_shares(o, "share_bytes", r->other[i].share_bytes, r->n_cats);
        put_shares(o, "share_pairs", r->other[i].share_pairs, r->n_cats);
    }
    put_fit(doc, r);
    obj = bmx_json_put(doc, "options", bmx_json_object());
    bmx_json_put_copy(obj, "count", r->count_options);
    bmx_json_put_copy(obj, "solve", r->solve_options);
    obj = bmx_json_put(doc, "warnings", bmx_json_array());
    for (size_t i = 0; i < r->n_warnings; i++)
        bmx_json_push(obj, bmx_json_new_str(r->warning[i]));
    if (provenance)
        put_provenance(doc, r);
    *out = doc;
    return BPEMIX_OK;
}

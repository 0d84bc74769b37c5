/* train and experiment: tokenizers with a known mixture. */
#include "cli/cli.h"
#include "lab/trial.h"
#include "report/report.h"
#include "result/document.h"
#include "base/rng.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "en=0.7,c=0.3" into share[n] over the categories; what is not named gets 0. */
static bpemix_status parse_mixture(const char *text, const bpemix_category *cats, size_t n,
                                   double *share, bpemix_error *err)
{
    double sum = 0;

    for (const char *p = text; *p; p += *p == ',') {
        size_t len = strcspn(p, ","), name = strcspn(p, "="), i;
        char *end;
        double v;
        for (i = 0; i < n; i++)
            if (strlen(cats[i].name) == name && !memcmp(cats[i].name, p, name))
                break;
        if (name >= len || i == n)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, "--mixture", "give NAME=SHARE,...",
                                 "'%.*s' names no category", (int)len, p);
        v = strtod(p + name + 1, &end);
        if (end != p + len || !(v >= 0) || isinf(v))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, "--mixture", "give NAME=SHARE,...",
                                 "'%.*s' has no share", (int)len, p);
        for (const char *q = text; q < p; q += strcspn(q, ",") + 1)
            if (!strncmp(q, p, name + 1))
                return bmx_fail_hint(err, BPEMIX_E_USAGE, "--mixture", "give NAME=SHARE,...",
                                     "'%.*s' has two shares", (int)name, p);
        sum += share[i] = v;
        p += len;
    }
    if (!(sum > 0))
        return bmx_fail(err, BPEMIX_E_USAGE, "--mixture", "all shares are 0");
    for (size_t i = 0; i < n; i++)
        share[i] /= sum;
    return BPEMIX_OK;
}

static uint32_t merges_wanted(const args *a) { return (uint32_t)a->vocab_size - 256; }

static bpemix_status check_vocab_size(const args *a, bpemix_error *err)
{
    if (a->vocab_size > 256 && a->vocab_size <= 10000000)
        return BPEMIX_OK;
    return bmx_fail_hint(err, BPEMIX_E_USAGE, "--vocab-size",
                         "give 257 to 10000000: the 256 bytes, and one token for each merge",
                         "%" PRIu64 " makes no sense", a->vocab_size);
}

/* Without --train-bytes, the text is measured first and drawn then. */
static bpemix_status check_readable_twice(const args *a, const cli_categories *cats,
                                          bpemix_error *err)
{
    for (size_t i = 0; i < cats->n && !a->train_bytes; i++)
        for (size_t k = 0; k < cats->cat[i].n_paths; k++)
            if (!strcmp(cats->cat[i].paths[k], "-") ||
                bmx_path_kind_of(cats->cat[i].paths[k]) == BMX_PATH_OTHER)
                return bmx_fail_hint(err, BPEMIX_E_USAGE, cats->cat[i].name,
                                     "write its text to a file first, or give --train-bytes",
                                     "'%s' cannot be read twice", cats->cat[i].paths[k]);
    return BPEMIX_OK;
}

/* Columns of the names of categories, at least `least`. */
static int name_columns(const bpemix_category *cats, size_t n, int least)
{
    for (size_t i = 0; i < n; i++) {
        int columns = bmx_report_width(cats[i].name);
        least = columns > least ? columns : least;
    }
    return least > 40 ? 40 : least;
}

static bpemix_status report_training(const args *a, const bpemix_category *cats,
                                     const bmx_mixture *mix, bpemix_error *err)
{
    const char **name = bmx_malloc(mix->n, sizeof *name);
    bmx_json *doc;
    int columns = name_columns(cats, mix->n, 10);
    bpemix_status st;
    bmx_buf buf = { 0 };

    if (!name)
        return bmx_nomem(err);
    st = bmx_report_name(&buf, "category", columns, err);
    if (!st)
        st = bmx_buf_addf(&buf, err, "  %% of bytes         bytes\n");
    for (size_t i = 0; i < mix->n && !st; i++) {
        name[i] = cats[i].name;
        if (!(st = bmx_report_name(&buf, cats[i].name, columns, err)))
            st = bmx_buf_addf(&buf, err, "  %10.2f  %12" PRIu64 "\n", 100 * mix->share[i],
                              mix->bytes[i]);
    }
    if (!st && a->json) {
        doc = bmx_train_to_json(&(bmx_train_record){ .tokenizer = a->output, .merges = merges_wanted(a),
                                                     .n = mix->n, .name = name,
                                                     .share_bytes = mix->share, .bytes = mix->bytes });
        st = cli_write_json(a, doc, err);
        bmx_json_free(doc);
    }
    if (!st && !(a->json && !strcmp(a->json, "-")))
        st = cli_print(&buf, err);
    bmx_buf_release(&buf);
    bmx_free(name);
    return st;
}

int cmd_train(const args *a)
{
    bpemix_error err = { 0 };
    bpemix_count_opts opts = cli_count_opts(a);
    cli_categories cats = { 0 };
    bmx_mixture mix = { 0 };
    bmx_buf json = { 0 };
    double *share = NULL;
    bpemix_status st = BPEMIX_OK;

    if (!a->output)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "--output", "give the tokenizer.json to write with -o",
                           "no output file");
    if (!st)
        st = check_vocab_size(a, &err);
    if (!st)
        st = cli_categories_get(a, &cats, &err);
    if (!st)
        st = check_readable_twice(a, &cats, &err);
    if (!st && !(share = bmx_calloc(cats.n, sizeof *share)))
        st = bmx_nomem(&err);
    for (size_t i = 0; !st && i < cats.n; i++)
        share[i] = a->mixture ? 0 : 1 / (double)cats.n;
    if (!st && a->mixture)
        st = parse_mixture(a->mixture, cats.cat, cats.n, share, &err);
    if (!st)
        st = bmx_trial_train(cats.cat, cats.n, share, a->train_bytes, a->pretokenizer,
                             merges_wanted(a), &opts, &mix, &json, &err);
    cli_progress_end(a);
    if (!st)
        st = bmx_write_file(a->output, json.ptr, json.len, &err);
    if (!st && mix.n_merges < merges_wanted(a))
        cli_warn(a, "%" PRIu32 " of %" PRIu32 " merges were learned: the training text has no more pairs",
                 mix.n_merges, merges_wanted(a));
    if (!st)
        st = report_training(a, cats.cat, &mix, &err);
    bmx_buf_release(&json);
    bmx_mixture_release(&mix);
    bmx_free(share);
    cli_categories_release(&cats);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

/* ---- experiment ---- */

/* The two halves of a category that is a folder: PATH/train and PATH/sample. */
static bpemix_status halves(const cli_categories *cats, const char *half, cli_categories *out,
                            bpemix_error *err)
{
    for (size_t i = 0; i < cats->n; i++) {
        bpemix_status st = bmx_reserve(&out->cat, &out->cap, out->n + 1, sizeof *out->cat, err);
        char **path;
        if (st)
            return st;
        if (cats->cat[i].n_paths != 1)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, cats->cat[i].name,
                                 "each category is one folder with two halves",
                                 "the pattern matches %zu of them", cats->cat[i].n_paths);
        path = bmx_calloc(1, sizeof *path);
        out->cat[out->n++] = (bpemix_category){
            .name = bmx_strdup(cats->cat[i].name), .paths = (const char *const *)path,
            .n_paths = path ? 1 : 0
        };
        if (path)
            *path = bmx_asprintf("%s/%s", cats->cat[i].paths[0], half);
        if (!path || !*path || !out->cat[out->n - 1].name)
            return bmx_nomem(err);
        if (bmx_path_kind_of(*path) != BMX_PATH_FOLDER)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, cats->cat[i].name,
                                 "each category needs the sub-folders --train-half and --sample-half",
                                 "no folder '%s'", *path);
    }
    return BPEMIX_OK;
}

typedef struct experiment {
    const args *a;
    cli_categories train, sample;
    bpemix_count_opts count_opts;
    bpemix_solve_opts solve_opts;
    bmx_json *trials;
    bmx_buf table;
    double sum;
    int columns; /* of the names of categories */
    uint32_t folds;
    uint64_t intervals, covering; /* over all trials */
} experiment;

static bpemix_status infer(experiment *x, const bmx_buf *json, bpemix_result **r, bpemix_error *err)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_trace *trace = NULL;
    bpemix_count_opts opts = x->count_opts;
    bpemix_status st;

    opts.max_bytes = x->a->max_bytes;
    opts.folds = x->folds;
    st = bmx_tokenizer_parse("trained", bmx_slice_of(json->ptr, json->len), NULL, &tok, err);
    if (!st)
        st = bpemix_count(tok, x->sample.cat, x->sample.n, &opts, &trace, err);
    if (!st)
        st = bpemix_solve(trace, &x->solve_opts, r, err);
    bpemix_trace_free(trace);
    bpemix_tokenizer_free(tok);
    return st;
}

/* NaN, that is null: no intervals. */
static double coverage(uint64_t covering, uint64_t intervals)
{
    return intervals ? (double)covering / (double)intervals : NAN;
}

/* Truth beside the estimate of one trial, in the table and in the JSON. */
static bpemix_status add_trial(experiment *x, uint64_t index, const bmx_mixture *mix,
                               const bpemix_result *r, bpemix_error *err)
{
    bmx_json *o = bmx_json_push(x->trials, bmx_json_object()), *arr;
    double *estimate = bmx_malloc(mix->n, sizeof *estimate), error, uniform, objective, lower, gap;
    uint64_t intervals = 0, covering = 0;
    bpemix_status st = BPEMIX_OK;

    if (!estimate)
        return bmx_nomem(err);
    arr = bmx_json_put(o, "categories", bmx_json_array());
    for (size_t i = 0; i < mix->n && !st; i++) {
        const bpemix_share *s = bpemix_result_share(r, i);
        bmx_json *c = bmx_json_push(arr, bmx_json_object());
        estimate[i] = s->share_bytes;
        intervals += !isnan(s->low_bytes);
        covering += s->low_bytes <= mix->share[i] && mix->share[i] <= s->high_bytes;
        bmx_json_put_str(c, "name", s->name);
        bmx_json_put_double(c, "truth_bytes", mix->share[i]);
        bmx_json_put_double(c, "share_bytes", s->share_bytes);
        bmx_json_put_double(c, "low_bytes", s->low_bytes);
        bmx_json_put_double(c, "high_bytes", s->high_bytes);
        bmx_json_put_uint(c, "train_bytes", mix->bytes[i]);
        if (!(st = bmx_buf_addf(&x->table, err, "%5" PRIu64 "  ", index)) &&
            !(st = bmx_report_name(&x->table, s->name, x->columns, err)))
            st = bmx_buf_addf(&x->table, err, "  %8.2f  %8.2f  %+8.2f\n", 100 * mix->share[i],
                              100 * estimate[i], 100 * (estimate[i] - mix->share[i]));
    }
    bpemix_result_quality(r, &objective, &lower, &gap);
    error = bmx_log10_mse(mix->share, estimate, mix->n);
    for (size_t i = 0; i < mix->n; i++)
        estimate[i] = 1 / (double)mix->n;
    uniform = bmx_log10_mse(mix->share, estimate, mix->n);
    bmx_json_put_double(o, "log10_mse", error);
    bmx_json_put_double(o, "log10_mse_uniform", uniform);
    for (size_t k = 0; k < r->n_others; k++) {
        char key[80];
        snprintf(key, sizeof key, "log10_mse_%s_%s",
                 bmx_method_name(r->other[k].method), bmx_weights_name(r->other[k].weights));
        bmx_json_put_double(o, key, bmx_log10_mse(mix->share, r->other[k].share_bytes, mix->n));
    }
    bmx_json_put_double(o, "objective", objective);
    bmx_json_put_double(o, "gap", gap);
    if (x->folds)
        bmx_json_put_double(o, "coverage", coverage(covering, intervals));
    x->sum += error;
    x->intervals += intervals;
    x->covering += covering;
    if (!st)
        st = bmx_buf_addf(&x->table, err, "%5" PRIu64 "  log10 MSE %.2f (guessing uniform: %.2f)",
                          index, error, uniform);
    if (!st && x->folds)
        st = bmx_buf_addf(&x->table, err, ", %" PRIu64 " of %" PRIu64 " shares within their intervals",
                          covering, intervals);
    if (!st)
        st = bmx_buf_addf(&x->table, err, "\n\n");
    bmx_free(estimate);
    return st;
}

static bpemix_status run_trials(experiment *x, size_t n, const double *given, bpemix_error *err)
{
    double *share = bmx_malloc(n, sizeof *share);
    bmx_rng rng = { x->a->seed };
    bpemix_status st = share ? BPEMIX_OK : bmx_nomem(err);
    uint64_t trials = given ? 1 : x->a->trials;

    for (uint64_t k = 0; k < trials && !st; k++) {
        bmx_mixture mix = { 0 };
        bmx_buf json = { 0 };
        bpemix_result *r = NULL;
        if (given)
            memcpy(share, given, n * sizeof *share);
        else
            bmx_rng_simplex(&rng, share, (int)n);
        st = bmx_trial_train(x->train.cat, n, share, x->a->train_bytes, x->a->pretokenizer,
                             merges_wanted(x->a), &x->count_opts, &mix, &json, err);
        if (!st)
            st = infer(x, &json, &r, err);
        if (!st)
            st = add_trial(x, k, &mix, r, err);
        bpemix_result_free(r);
        bmx_buf_release(&json);
        bmx_mixture_release(&mix);
    }
    bmx_free(share);
    return st;
}

static bpemix_status write_experiment(experiment *x, bmx_json *doc, bpemix_error *err)
{
    const args *a = x->a;
    size_t n = bmx_json_count(x->trials);
    bmx_json *o = bmx_json_put(doc, "options", bmx_json_object());
    bpemix_status st;

    bmx_json_put_uint(o, "seed", a->seed);
    bmx_json_put_uint(o, "merges", merges_wanted(a));
    bmx_json_put_uint(o, "train_bytes", a->train_bytes);
    bmx_json_put_uint(o, "max_bytes", a->max_bytes);
    bmx_json_put_uint(o, "folds", x->folds);
    bmx_json_put_str(o, "method", a->method);
    bmx_json_put_str(o, "weights", a->weights);
    bmx_json_put_double(doc, "mean_log10_mse", x->sum / (double)n);
    if (x->folds)
        bmx_json_put_double(doc, "coverage", coverage(x->covering, x->intervals));
    st = bmx_buf_addf(&x->table, err, "mean log10 MSE over %zu trial%s: %.3f\n", n, n == 1 ? "" : "s",
                      x->sum / (double)n);
    if (!st && x->folds)
        st = bmx_buf_addf(&x->table, err, "shares within their intervals: %" PRIu64 " of %" PRIu64 "\n",
                          x->covering, x->intervals);
    if (!st && a->json)
        st = cli_write_json(a, doc, err);
    if (!st && !(a->json && !strcmp(a->json, "-")))
        st = cli_print(&x->table, err);
    return st;
}

int cmd_experiment(const args *a)
{
    experiment x = { .a = a, .count_opts = cli_count_opts(a) };
    bpemix_error err = { 0 };
    cli_categories cats = { 0 };
    bmx_json *doc = bmx_json_object();
    double *given = NULL;
    bpemix_status st;

    x.folds = x.count_opts.folds;
    x.count_opts.max_bytes = x.count_opts.folds = 0; /* those of the samples alone */
    bmx_document_begin(doc, NULL, NULL);
    x.trials = bmx_json_put(doc, "trials", bmx_json_array());
    st = cli_solve_opts(a, &x.solve_opts, &err);
    if (!st)
        st = check_vocab_size(a, &err);
    if (!st)
        st = cli_categories_get(a, &cats, &err);
    if (!st)
        st = halves(&cats, a->half_train, &x.train, &err);
    if (!st)
        st = halves(&cats, a->half_sample, &x.sample, &err);
    if (!st && a->mixture && !(given = bmx_calloc(cats.n, sizeof *given)))
        st = bmx_nomem(&err);
    if (!st && a->mixture)
        st = parse_mixture(a->mixture, cats.cat, cats.n, given, &err);
    if (!st && !given && a->trials == 0)
        st = bmx_fail(&err, BPEMIX_E_USAGE, "--trials", "at least one trial is needed");
    x.columns = name_columns(cats.cat, cats.n, 12);
    if (!st && !(st = bmx_buf_addf(&x.table, &err, "trial  ")) &&
        !(st = bmx_report_name(&x.table, "category", x.columns, &err)))
        st = bmx_buf_addf(&x.table, &err, "     truth  estimate     error (%% of bytes)\n");
    if (!st)
        st = run_trials(&x, cats.n, given, &err);
    cli_progress_end(a);
    if (!st)
        st = write_experiment(&x, doc, &err);
    bmx_free(given);
    bmx_json_free(doc);
    bmx_buf_release(&x.table);
    cli_categories_release(&x.train);
    cli_categories_release(&x.sample);
    cli_categories_release(&cats);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

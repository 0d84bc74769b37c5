/* lab.c - truth beside estimates. */
#include "report/lab.h"
#include "report/report.h"
#include "result/document.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* Columns of the names of categories, at least `least`. */
static int name_columns(const bmx_mixture *m, int least)
{
    for (size_t i = 0; i < m->n; i++) {
        int columns = bmx_report_width(m->name[i]);
        least = columns > least ? columns : least;
    }
    return least > 40 ? 40 : least;
}

bpemix_status bmx_training_table(const bmx_mixture *m, bmx_buf *out, bpemix_error *err)
{
    int columns = name_columns(m, 10);
    bpemix_status st = bmx_report_name(out, "category", columns, err);

    if (!st)
        st = bmx_buf_addf(out, err, "  %% of bytes         bytes\n");
    for (size_t i = 0; i < m->n && !st; i++)
        if (!(st = bmx_report_name(out, m->name[i], columns, err)))
            st = bmx_buf_addf(out, err, "  %10.2f  %12" PRIu64 "\n", 100 * m->share[i], m->bytes[i]);
    return st;
}

/* ---- experiments ---- */

static void put_trial(const bmx_experiment *x, const bmx_trial *t, bmx_json *o)
{
    bmx_json *arr = bmx_json_put(o, "categories", bmx_json_array());

    for (size_t i = 0; i < t->mixture.n; i++) {
        bmx_json *c = bmx_json_push(arr, bmx_json_object());
        bmx_json_put_str(c, "name", t->mixture.name[i]);
        bmx_json_put_double(c, "truth_bytes", t->mixture.share[i]);
        bmx_json_put_double(c, "share_bytes", t->estimate[i]);
        bmx_json_put_double(c, "low_bytes", t->low[i]);
        bmx_json_put_double(c, "high_bytes", t->high[i]);
        bmx_json_put_uint(c, "train_bytes", t->mixture.bytes[i]);
    }
    bmx_json_put_double(o, "log10_mse", t->log10_mse);
    bmx_json_put_double(o, "log10_mse_uniform", t->log10_mse_uniform);
    for (size_t k = 0; k < t->n_others; k++) {
        char key[80];
        snprintf(key, sizeof key, "log10_mse_%s_%s", t->other[k].method, t->other[k].weights);
        bmx_json_put_double(o, key, t->other[k].log10_mse);
    }
    bmx_json_put_double(o, "objective", t->objective);
    bmx_json_put_double(o, "gap", t->gap);
    if (x->opts.count.folds)
        bmx_json_put_double(o, "coverage", t->intervals
                                               ? (double)t->covering / (double)t->intervals : NAN);
}

bmx_json *bmx_experiment_json(const bmx_experiment *x)
{
    static const char *const methods[] = { "default", "lp", "monotone" };
    static const char *const weights[] = { "default", "none", "quarter" };
    const bmx_experiment_opts *opts = &x->opts;
    bmx_json *doc = bmx_json_object(), *o;
    uint64_t covering, intervals;

    bmx_document_begin(doc, NULL, NULL);
    o = bmx_json_put(doc, "trials", bmx_json_array());
    for (size_t k = 0; k < x->n_trials; k++)
        put_trial(x, &x->trial[k], bmx_json_push(o, bmx_json_object()));
    o = bmx_json_put(doc, "options", bmx_json_object());
    bmx_json_put_uint(o, "seed", opts->seed);
    bmx_json_put_uint(o, "merges", opts->n_merges);
    bmx_json_put_uint(o, "train_bytes", opts->train_bytes);
    bmx_json_put_uint(o, "max_bytes", opts->count.max_bytes);
    bmx_json_put_uint(o, "folds", opts->count.folds);
    bmx_json_put_str(o, "method", methods[opts->solve.method]);
    bmx_json_put_str(o, "weights", weights[opts->solve.weights]);
    bmx_json_put_double(doc, "mean_log10_mse", bmx_experiment_mean(x));
    if (opts->count.folds)
        bmx_json_put_double(doc, "coverage", bmx_experiment_coverage(x, &covering, &intervals));
    return doc;
}

static bpemix_status trial_table(const bmx_experiment *x, size_t index, int columns, bmx_buf *out,
                                 bpemix_error *err)
{
    const bmx_trial *t = &x->trial[index];
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < t->mixture.n && !st; i++)
        if (!(st = bmx_buf_addf(out, err, "%5zu  ", index)) &&
            !(st = bmx_report_name(out, t->mixture.name[i], columns, err)))
            st = bmx_buf_addf(out, err, "  %8.2f  %8.2f  %+8.2f\n", 100 * t->mixture.share[i],
                              100 * t->estimate[i], 100 * (t->estimate[i] - t->mixture.share[i]));
    if (!st)
        st = bmx_buf_addf(out, err, "%5zu  log10 MSE %.2f (guessing uniform: %.2f)", index,
                          t->log10_mse, t->log10_mse_uniform);
    if (!st && x->opts.count.folds)
        st = bmx_buf_addf(out, err, ", %" PRIu64 " of %" PRIu64 " shares within their intervals",
                          t->covering, t->intervals);
    return st ? st : bmx_buf_addf(out, err, "\n\n");
}

bpemix_status bmx_experiment_table(const bmx_experiment *x, bmx_buf *out, bpemix_error *err)
{
    int columns = x->n_trials ? name_columns(&x->trial[0].mixture, 12) : 12;
    uint64_t covering, intervals;
    bpemix_status st = bmx_buf_addf(out, err, "trial  ");

    if (!st && !(st = bmx_report_name(out, "category", columns, err)))
        st = bmx_buf_addf(out, err, "     truth  estimate     error (%% of bytes)\n");
    for (size_t k = 0; k < x->n_trials && !st; k++)
        st = trial_table(x, k, columns, out, err);
    if (!st)
        st = bmx_buf_addf(out, err, "mean log10 MSE over %zu trial%s: %.3f\n", x->n_trials,
                          x->n_trials == 1 ? "" : "s", bmx_experiment_mean(x));
    bmx_experiment_coverage(x, &covering, &intervals);
    if (!st && x->opts.count.folds)
        st = bmx_buf_addf(out, err, "shares within their intervals: %" PRIu64 " of %" PRIu64 "\n",
                          covering, intervals);
    return st;
}

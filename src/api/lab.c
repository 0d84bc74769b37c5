/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lab.c - the public side of the laboratory. */
#include "api/api.h"
#include "lab/mixture.h"
#include "lab/options.h"
#include "lab/sweep.h"
#include "report/training.h"
#include "result/document.h"

struct bpemix_training {
    bmx_mixture mixture;
    bmx_buf tokenizer; /* the file, terminated */
};

/* Copies of the options of training, settled. */
static bpemix_status settle(const bpemix_category *cats, size_t n, const bpemix_train_opts *opts,
                            bool once, bmx_train_settled *s, bpemix_error *err)
{
    bpemix_status st = BMX_API_OPTS(opts, &s->opts, err);

    if (!st)
        st = BMX_API_OPTS(s->opts.count, &s->text, err);
    return st ? st : bmx_train_settle(cats, n, once, s, err);
}

bpemix_status bpemix_train(const bpemix_category *cats, size_t n, const bpemix_train_opts *opts,
                           bpemix_training **out, bpemix_error *err)
{
    bmx_train_settled s = { 0 };
    bpemix_training *t = bmx_calloc(1, sizeof *t);
    bpemix_status st = t ? settle(cats, n, opts, false, &s, err) : bmx_nomem(err);

    if (!st && !s.share && !(s.share = bmx_malloc(n, sizeof *s.share)))
        st = bmx_nomem(err);
    for (size_t i = 0; !st && !s.opts.share && i < n; i++)
        s.share[i] = 1 / (double)n;
    s.opts.share = s.share;
    if (!st)
        st = bmx_mixture_train(cats, n, &s.opts, &s.text, &t->mixture, &t->tokenizer, err);
    if (!st)
        st = bmx_buf_addc(&t->tokenizer, 0, err);
    bmx_free(s.share);
    if (st) {
        bpemix_training_free(t);
        return st;
    }
    *out = t;
    return BPEMIX_OK;
}

void bpemix_training_free(bpemix_training *training)
{
    if (!training)
        return;
    bmx_mixture_release(&training->mixture);
    bmx_buf_release(&training->tokenizer);
    bmx_free(training);
}

bpemix_text bpemix_training_tokenizer(const bpemix_training *training)
{
    return (bpemix_text){ training->tokenizer.ptr, training->tokenizer.len - 1 };
}

void bpemix_training_get(const bpemix_training *training, bpemix_training_info *out)
{
    const bmx_mixture *m = &training->mixture;

    bmx_api_fill(out, &(bpemix_training_info){ .merges = m->n_merges, .merges_asked = m->n_asked,
                                               .n_categories = m->n, .bytes = m->bytes,
                                               .share = m->share }, sizeof *out);
}

bpemix_status bpemix_training_json(const bpemix_training *training, const char *path, char **json,
                                   bpemix_error *err)
{
    const bmx_mixture *m = &training->mixture;
    bmx_train_record record = { .tokenizer = path, .merges = m->n_merges, .n = m->n,
                                .name = (const char *const *)m->name, .share_bytes = m->share,
                                .bytes = m->bytes };
    bmx_json *doc = bmx_train_to_json(&record);
    bpemix_status st = bmx_api_json(doc, json, err);

    bmx_json_free(doc);
    return st;
}

bpemix_status bpemix_training_print(const bpemix_training *training, char **text, bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bpemix_status st = bmx_training_table(&training->mixture, &buf, err);

    if (!st)
        st = bmx_api_text(&buf, text, err);
    bmx_buf_release(&buf);
    return st;
}

/* ---- experiments ---- */

struct bpemix_experiment {
    bmx_lab_sweep sweep;
    bmx_lab_settled settled; /* what the sweep's plan points to */
    char *baseline;          /* NULL: the first method */
};

void bpemix_experiment_free(bpemix_experiment *x)
{
    if (!x)
        return;
    bmx_lab_sweep_release(&x->sweep);
    bmx_lab_settled_release(&x->settled);
    bmx_free(x->baseline);
    bmx_free(x);
}

static bpemix_status run_experiment(const bpemix_category *cats, size_t n,
                                    const bpemix_experiment_opts *o, bmx_train_settled *s,
                                    bpemix_experiment *x, bpemix_error *err)
{
    uint64_t trials = o->trials ? o->trials : 5;
    bmx_lab_run_opts run = { .cats = cats, .n_cats = n, .journals = o->journals,
                             .n_journals = o->n_journals, .shard = o->shard,
                             .n_shards = o->n_shards, .n_threads = s->text.n_threads,
                             .progress = { .fn = o->progress, .ctx = o->progress_ctx } };
    bmx_lab_halves halves;
    bpemix_status st;

    if ((st = bmx_lab_settle(o, s, cats, n, &x->settled, err)) ||
        (st = bmx_lab_find_halves(cats, n, o, &halves, err)))
        return st;
    if (o->baseline && !(x->baseline = bmx_strdup(o->baseline)))
        return bmx_nomem(err);
    if (o->n_shards && o->shard >= o->n_shards)
        return bmx_with_param(err, bmx_fail_hint(err, BPEMIX_E_USAGE, "", "shards begin with 0",
                                                 "no shard %llu of %llu",
                                                 (unsigned long long)o->shard,
                                                 (unsigned long long)o->n_shards),
                              "shard");
    s->text.max_bytes = o->base_bytes;
    run.read = (bmx_lab_read_opts){ .rule = &x->settled.text, .count = &s->text,
                                    .train_half = halves.train,
                                    .sample_half = halves.sample,
                                    .cluster = x->settled.plan.cluster,
                                    .make_up = o->simulate, .seed = o->seed,
                                    .n_threads = s->text.n_threads };
    return bmx_lab_sweep_run(&x->sweep, &x->settled.plan, trials, &run, err);
}

bpemix_status bpemix_experiment_run(const bpemix_category *cats, size_t n,
                                    const bpemix_experiment_opts *opts, bpemix_experiment **out,
                                    bpemix_error *err)
{
    bpemix_experiment *x = bmx_calloc(1, sizeof *x);
    bpemix_experiment_opts o;
    bmx_train_settled s = { 0 };
    bpemix_category *sorted = NULL;
    bpemix_status st = x ? BMX_API_OPTS(opts, &o, err) : bmx_nomem(err);

    if (!st)
        st = settle(cats, n, o.train, true, &s, err);
    if (!st)
        st = bmx_lab_sort_categories(cats, n, &s, &sorted, err);
    if (!st)
        st = run_experiment(sorted, n, &o, &s, x, err);
    bmx_free(sorted);
    bmx_free(s.share);
    if (st)
        bpemix_experiment_free(x);
    else
        *out = x;
    return st;
}

bpemix_status bpemix_experiment_json(const bpemix_experiment *x, char **json, bpemix_error *err)
{
    bmx_json *o = NULL;
    bpemix_status st = bmx_lab_json(&x->sweep, x->baseline, &o, err);

    if (!st)
        st = bmx_api_json(o, json, err);
    bmx_json_free(o);
    return st;
}

bpemix_status bpemix_experiment_print(const bpemix_experiment *x, char **text, bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st = bmx_lab_table(&x->sweep, x->baseline, &b, err);

    if (!st)
        st = bmx_api_text(&b, text, err);
    bmx_buf_release(&b);
    return st;
}

bpemix_status bpemix_experiment_csv(const bpemix_experiment *x, char **text, bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st = bmx_lab_csv(&x->sweep, &b, err);

    if (!st)
        st = bmx_api_text(&b, text, err);
    bmx_buf_release(&b);
    return st;
}

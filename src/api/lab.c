/* lab.c - the public side of the laboratory. */
#include "api/api.h"
#include "report/lab.h"
#include "result/document.h"

#include <math.h>
#include <string.h>

#define BYTES_IN_VOCABULARY 256u

struct bpemix_training {
    bmx_mixture mixture;
    bmx_buf tokenizer; /* tokenizer.json, terminated */
    uint32_t asked;    /* merges */
};

struct bpemix_experiment {
    bmx_experiment *x;
};

/* Options of training with nothing left open. */
typedef struct settled {
    bpemix_train_opts opts;
    bpemix_count_opts text;
    uint32_t n_merges;
    double *share; /* share[n], sums to 1; NULL: not given */
} settled;

static bpemix_status check_shares(double *share, size_t n, bpemix_error *err)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        if (!(share[i] >= 0) || isinf(share[i]))
            return bmx_with_param(err, bmx_fail(err, BPEMIX_E_USAGE, "", "a share of %g", share[i]),
                                  "share");
        sum += share[i];
    }
    if (!(sum > 0))
        return bmx_with_param(err, bmx_fail(err, BPEMIX_E_USAGE, "", "all shares are 0"), "share");
    for (size_t i = 0; i < n; i++)
        share[i] /= sum;
    return BPEMIX_OK;
}

/* Without a size, the text is measured first and drawn then. */
static bpemix_status check_readable_twice(const bpemix_category *cats, size_t n, bpemix_error *err)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < (cats[i].read ? 1 : cats[i].n_paths); k++)
            if (cats[i].read || !strcmp(cats[i].paths[k], "-") ||
                bmx_path_kind_of(cats[i].paths[k]) == BMX_PATH_OTHER) {
                bmx_fail_hint(err, BPEMIX_E_USAGE, cats[i].name,
                              "write its text to a file first, or say how much to read",
                              "'%s' cannot be read twice",
                              cats[i].read ? "(program)" : cats[i].paths[k]);
                return bmx_with_param(err, BPEMIX_E_USAGE, "train_bytes");
            }
    return BPEMIX_OK;
}

static bpemix_status settle(const bpemix_category *cats, size_t n, const bpemix_train_opts *opts,
                            settled *s, bpemix_error *err)
{
    uint32_t most = 10000000;
    bpemix_status st = BMX_API_OPTS(opts, &s->opts, err);

    if (!st)
        st = BMX_API_OPTS(s->opts.count, &s->text, err);
    if (st || (st = bmx_categories_check(cats, n, err)))
        return st;
    s->text.max_bytes = s->text.folds = 0;
    if (!s->opts.vocab_size)
        s->opts.vocab_size = 3256;
    if (s->opts.vocab_size <= BYTES_IN_VOCABULARY || s->opts.vocab_size > most) {
        bmx_fail_hint(err, BPEMIX_E_USAGE, "",
                      "give 257 to 10000000: the 256 bytes, and one token for each merge",
                      "a vocabulary of %u tokens", s->opts.vocab_size);
        return bmx_with_param(err, BPEMIX_E_USAGE, "vocab_size");
    }
    s->n_merges = s->opts.vocab_size - BYTES_IN_VOCABULARY;
    if (!s->opts.train_bytes && (st = check_readable_twice(cats, n, err)))
        return st;
    if (!s->opts.share)
        return BPEMIX_OK;
    if (!(s->share = bmx_malloc(n, sizeof *s->share)))
        return bmx_nomem(err);
    memcpy(s->share, s->opts.share, n * sizeof *s->share);
    return check_shares(s->share, n, err);
}

bpemix_status bpemix_train(const bpemix_category *cats, size_t n, const bpemix_train_opts *opts,
                           bpemix_training **out, bpemix_error *err)
{
    settled s = { 0 };
    bpemix_training *t = bmx_calloc(1, sizeof *t);
    bpemix_status st = t ? settle(cats, n, opts, &s, err) : bmx_nomem(err);

    if (!st && !s.share && !(s.share = bmx_malloc(n, sizeof *s.share)))
        st = bmx_nomem(err);
    for (size_t i = 0; !st && !s.opts.share && i < n; i++)
        s.share[i] = 1 / (double)n;
    if (!st)
        st = bmx_trial_train(cats, n, s.share, s.opts.train_bytes, s.opts.pretokenizer, s.n_merges,
                             &s.text, &t->mixture, &t->tokenizer, err);
    if (!st)
        st = bmx_buf_addc(&t->tokenizer, 0, err);
    bmx_free(s.share);
    if (st) {
        bpemix_training_free(t);
        return st;
    }
    t->asked = s.n_merges;
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

uint32_t bpemix_training_merges(const bpemix_training *training)
{
    return training->mixture.n_merges;
}

uint64_t bpemix_training_bytes(const bpemix_training *training, size_t i)
{
    return i < training->mixture.n ? training->mixture.bytes[i] : 0;
}

double bpemix_training_share(const bpemix_training *training, size_t i)
{
    return i < training->mixture.n ? training->mixture.share[i] : NAN;
}

bpemix_status bpemix_training_json(const bpemix_training *training, const char *path, char **json,
                                   bpemix_error *err)
{
    const bmx_mixture *m = &training->mixture;
    bmx_train_record record = { .tokenizer = path, .merges = training->asked, .n = m->n,
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

bpemix_status bpemix_experiment_run(const bpemix_category *train, const bpemix_category *sample,
                                    size_t n, const bpemix_experiment_opts *opts,
                                    bpemix_experiment **out, bpemix_error *err)
{
    bpemix_experiment_opts o;
    bmx_experiment_opts x = { 0 };
    settled s = { 0 };
    bpemix_experiment *e = bmx_calloc(1, sizeof *e);
    bpemix_status st = e ? BMX_API_OPTS(opts, &o, err) : bmx_nomem(err);

    if (!st)
        st = settle(train, n, o.train, &s, err);
    if (!st)
        st = bmx_categories_check(sample, n, err);
    if (!st)
        st = BMX_API_OPTS(o.count, &x.count, err);
    if (!st)
        st = BMX_API_OPTS(o.solve, &x.solve, err);
    if (!st) {
        x.train_text = s.text;
        x.pretokenizer = s.opts.pretokenizer;
        x.n_merges = s.n_merges;
        x.train_bytes = s.opts.train_bytes;
        x.share = s.share;
        x.trials = o.trials ? o.trials : 5;
        x.seed = o.seed;
        x.progress = (bmx_progress){ .fn = o.progress, .ctx = o.progress_ctx };
        st = bmx_experiment_run(train, sample, n, &x, &e->x, err);
    }
    bmx_free(s.share);
    if (st) {
        bmx_free(e);
        return st;
    }
    *out = e;
    return BPEMIX_OK;
}

void bpemix_experiment_free(bpemix_experiment *experiment)
{
    if (!experiment)
        return;
    bmx_experiment_free(experiment->x);
    bmx_free(experiment);
}

size_t bpemix_experiment_trials(const bpemix_experiment *experiment)
{
    return experiment->x->n_trials;
}

bool bpemix_experiment_trial(const bpemix_experiment *experiment, size_t k, bpemix_trial *out)
{
    const bmx_trial *t = &experiment->x->trial[k];

    if (k >= experiment->x->n_trials)
        return false;
    bmx_api_fill(out, &(bpemix_trial){ .truth = t->mixture.share, .estimate = t->estimate,
                                       .log10_mse = t->log10_mse,
                                       .log10_mse_uniform = t->log10_mse_uniform }, sizeof *out);
    return true;
}

bpemix_status bpemix_experiment_json(const bpemix_experiment *experiment, char **json,
                                     bpemix_error *err)
{
    bmx_json *doc = bmx_experiment_json(experiment->x);
    bpemix_status st = bmx_api_json(doc, json, err);

    bmx_json_free(doc);
    return st;
}

bpemix_status bpemix_experiment_print(const bpemix_experiment *experiment, char **text,
                                      bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bpemix_status st = bmx_experiment_table(experiment->x, &buf, err);

    if (!st)
        st = bmx_api_text(&buf, text, err);
    bmx_buf_release(&buf);
    return st;
}

#include "lab/trial.h"

#include <math.h>
#include <string.h>

double bmx_log10_mse(const double *truth, const double *estimate, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (truth[i] - estimate[i]) * (truth[i] - estimate[i]);
    return log10(sum / (double)n);
}

void bmx_mixture_release(bmx_mixture *m)
{
    for (size_t i = 0; m->name && i < m->n; i++)
        bmx_free(m->name[i]);
    bmx_free(m->name);
    bmx_free(m->wanted);
    bmx_free(m->bytes);
    bmx_free(m->share);
    *m = (bmx_mixture){ 0 };
}

static bpemix_status mixture_init(bmx_mixture *m, const bpemix_category *cats, size_t n,
                                  const double *wanted, bpemix_error *err)
{
    bool named = (m->name = bmx_calloc(n, sizeof *m->name)) != NULL;

    m->wanted = bmx_calloc(n, sizeof *m->wanted);
    m->bytes = bmx_calloc(n, sizeof *m->bytes);
    m->share = bmx_calloc(n, sizeof *m->share);
    m->n = n;
    for (size_t i = 0; i < n && named; i++)
        named = (m->name[i] = bmx_strdup(cats[i].name)) != NULL;
    if (!named || !m->wanted || !m->bytes || !m->share) {
        bmx_mixture_release(m);
        return bmx_nomem(err);
    }
    memcpy(m->wanted, wanted, n * sizeof *wanted);
    return BPEMIX_OK;
}

/* Bytes of each category's whole training half. */
static bpemix_status measure(const bpemix_tokenizer *tok, const bpemix_category *cats, size_t n,
                             const bpemix_count_opts *opts, uint64_t *bytes, bpemix_error *err)
{
    bmx_words *w = bmx_calloc(n, sizeof *w);
    bpemix_count_opts whole = *opts;
    bpemix_status st;

    if (!w)
        return bmx_nomem(err);
    whole.max_bytes = 0;
    st = bmx_words_count(tok, cats, n, &whole, w, err);
    for (size_t i = 0; i < n; i++) {
        bytes[i] = w[i].bytes;
        bmx_words_release(&w[i]);
    }
    bmx_free(w);
    return st;
}

static bpemix_status add_words(bmx_words *sum, const bmx_words *w, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < w->word.n && !st; i++)
        st = bmx_words_add(sum, w->word.str[i], w->count[i], err);
    sum->bytes += w->bytes;
    sum->documents += w->documents;
    return st;
}

bpemix_status bmx_trial_train(const bpemix_category *cats, size_t n, const double *wanted,
                              uint64_t total_bytes, const char *preset, uint32_t n_merges,
                              const bpemix_count_opts *opts, bmx_mixture *mixture, bmx_buf *json,
                              bpemix_error *err)
{
    bmx_train_opts train = { .n_merges = n_merges };
    bpemix_tokenizer *rule = NULL;
    bmx_mixture mix = { 0 };
    bmx_words sum = { 0 };
    bmx_merge_list merges = { 0 };
    double total = (double)total_bytes;
    bpemix_status st = mixture_init(&mix, cats, n, wanted, err);
    uint64_t drawn = 0;

    if (!st)
        st = bmx_train_rule(preset ? preset : "gpt2", &rule, err);
    if (!st && !total_bytes) {
        st = measure(rule, cats, n, opts, mix.bytes, err);
        total = INFINITY;
        for (size_t i = 0; i < n && !st; i++)
            if (wanted[i] > 0 && (double)mix.bytes[i] / wanted[i] < total)
                total = (double)mix.bytes[i] / wanted[i];
    }
    for (size_t i = 0; i < n && !st; i++) {
        bpemix_count_opts draw = *opts;
        bmx_words w = { 0 };
        draw.max_bytes = (uint64_t)(wanted[i] * total + 0.5);
        mix.bytes[i] = 0;
        if (draw.max_bytes == 0)
            continue;
        st = bmx_words_count(rule, &cats[i], 1, &draw, &w, err);
        if (!st)
            st = add_words(&sum, &w, err);
        drawn += mix.bytes[i] = w.bytes;
        bmx_words_release(&w);
    }
    if (!st && drawn == 0)
        st = bmx_with_param(err, bmx_fail_hint(err, BPEMIX_E_EMPTY, "",
                                               "ask for more bytes or give larger files",
                                               "no training text was drawn"),
                            "train_bytes");
    for (size_t i = 0; i < n && !st; i++)
        mix.share[i] = (double)mix.bytes[i] / (double)drawn;
    if (!st) {
        bmx_train_words words = bmx_train_words_of(&sum);

        train.alphabet = rule->alphabet;
        st = bmx_train(&words, &train, &merges, err);
    }
    mix.n_merges = merges.n;
    if (!st)
        st = bmx_train_write_json(&merges, rule, NULL, json, err);
    bmx_merge_list_release(&merges);
    bmx_words_release(&sum);
    bpemix_tokenizer_free(rule);
    if (st)
        bmx_mixture_release(&mix);
    else
        *mixture = mix;
    return st;
}

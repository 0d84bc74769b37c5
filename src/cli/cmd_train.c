/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_train.c - train: a tokenizer with a known mixture. */
#include "cli/cli.h"
#include "base/output.h"
#include "cli/suggest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What is wrong with "nmae=0.7", text[len] of which text[name] names nothing. */
static bpemix_status no_category(const char *text, size_t len, size_t name,
                                 const cli_categories *cats, bpemix_error *err)
{
    suggestion s = suggest_for(text, name < len ? name : len);
    char hint[120];

    for (size_t i = 0; i < cats->n && name < len; i++)
        suggest_offer(&s, cats->cat[i].name, strlen(cats->cat[i].name));
    if (!suggest_text(&s, false, hint, sizeof hint))
        snprintf(hint, sizeof hint, "give NAME=SHARE,...");
    return bmx_fail_hint(err, BPEMIX_E_USAGE, "--mixture", hint, "'%.*s' names no category",
                         (int)len, text);
}

/* "en=0.7,c=0.3" into share[n] over the categories; what is not named gets 0. */
static bpemix_status parse_mixture(const char *text, const cli_categories *cats, double *share,
                                   bpemix_error *err)
{
    static const char where[] = "--mixture", hint[] = "give NAME=SHARE,...";

    for (const char *p = text; *p; p += *p == ',') {
        size_t len = strcspn(p, ","), name = strcspn(p, "="), i;

        for (i = 0; i < cats->n; i++)
            if (strlen(cats->cat[i].name) == name && !memcmp(cats->cat[i].name, p, name))
                break;
        if (name >= len || i == cats->n)
            return no_category(p, len, name, cats, err);
        if (!parse_real(p + name + 1, len - name - 1, &share[i]))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, where, hint, "'%.*s' has no share",
                                 (int)len, p);
        for (const char *q = text; q < p; q += strcspn(q, ",") + 1)
            if (!strncmp(q, p, name + 1))
                return bmx_fail_hint(err, BPEMIX_E_USAGE, where, hint, "'%.*s' has two shares",
                                     (int)name, p);
        p += len;
    }
    return BPEMIX_OK;
}

bpemix_status cli_mixture(const args *a, const cli_categories *cats, double **share,
                             bpemix_error *err)
{
    bpemix_status st;

    if (!a->mixture)
        return BPEMIX_OK;
    if (!(*share = bmx_calloc(cats->n, sizeof **share)))
        return bmx_nomem(err);
    if ((st = parse_mixture(a->mixture, cats, *share, err))) {
        bmx_free(*share);
        *share = NULL;
    }
    return st;
}

bpemix_train_opts cli_train_opts(const args *a, const bpemix_count_opts *count,
                                 const double *share)
{
    return (bpemix_train_opts){
        .size = sizeof(bpemix_train_opts),
        .count = count,
        .pretokenizer = a->pretokenizer,
        /* 0 would mean the default, and must be refused as too small */
        .vocab_size = a->vocab_size > UINT32_MAX ? UINT32_MAX
                      : a->vocab_size            ? (uint32_t)a->vocab_size
                                                 : 1,
        .train_bytes = a->train_bytes,
        .share = share,
        .extend = a->extend,
        .ties = a->ties,
        .seed = a->seed,
        .min_frequency = a->min_frequency,
        .max_token_length = a->max_token_length > UINT32_MAX ? 0 : (uint32_t)a->max_token_length,
        .trainer = a->trainer,
        .simulate = a->simulate,
    };
}

static bpemix_status write_training(const args *a, const bpemix_training *t, bpemix_error *err)
{
    bpemix_text json = bpemix_training_tokenizer(t);
    bpemix_training_info info = { .size = sizeof info };
    cli_output out = { 0 };
    bool limited = a->min_frequency || a->max_token_length;
    bpemix_status st = bmx_write_file(a->output, json.ptr, json.len, err);

    bpemix_training_get(t, &info);
    if (!st && info.merges < info.merges_asked)
        cli_warn(a,
                 "%" PRIu32 " of %" PRIu32
                 " merges were learned: the training text has no more pairs%s%s%s%s",
                 info.merges, info.merges_asked,
                 limited ? " that are allowed by " : "", a->min_frequency ? "--min-frequency" : "",
                 a->min_frequency && a->max_token_length ? " and " : "",
                 a->max_token_length ? "--max-token-length" : "");
    if (!st && strcmp(a->output, "-")) /* no table behind the tokenizer */
        st = bpemix_training_print(t, &out.text, err);
    if (!st && a->json)
        st = bpemix_training_json(t, a->output, &out.json, err);
    if (!st)
        st = cli_write(a, &out, err);
    cli_output_release(&out);
    return st;
}

int cmd_train(const args *a)
{
    bpemix_error err = { 0 };
    bpemix_count_opts count = cli_count_opts(a);
    bpemix_train_opts opts;
    bpemix_training *training = NULL;
    cli_categories cats = { 0 };
    double *share = NULL;
    bpemix_status st = BPEMIX_OK;

    if (!a->output)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "--output", "give the tokenizer to write with -o",
                           "no output file");
    if (!st)
        st = cli_categories_get_train(a, &cats, &err);
    if (!st)
        st = cli_mixture(a, &cats, &share, &err);
    opts = cli_train_opts(a, &count, share);
    if (!st)
        st = bpemix_train(cats.cat, cats.n, &opts, &training, &err);
    cli_progress_end();
    if (!st)
        st = write_training(a, training, &err);
    bpemix_training_free(training);
    bmx_free(share);
    cli_categories_release(&cats);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

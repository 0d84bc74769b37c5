/* SPDX-License-Identifier: GPL-3.0-or-later */
/* options.c - options of training and of experiments: checked, and with every default filled in.
 *
 * What a caller leaves open is decided here, once: sizes and rules of the training, then the plan
 * of the trials, whose lists and mixture are copied, because the caller's live for one call. */
#include "lab/options.h"
#include "base/folder.h"
#include "base/hash.h"
#include "base/format.h"
#include "words/chunk_file.h"
#include "words/count.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Vocabularies: the bytes alone, the default of 3000 merges, and a bound beyond which a number is
 * taken for a slip: the largest published vocabulary has 262,144 tokens.  Judgements. */
#define BYTES_IN_VOCABULARY 256u
#define DEFAULT_VOCABULARY (BYTES_IN_VOCABULARY + 3000)
#define MOST_VOCABULARY 10000000u

/* ---- training ---- */

static bpemix_status check_shares(double *share, size_t n, bpemix_error *err)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        if (!(share[i] >= 0) || isinf(share[i]))
            return bmx_with_param(err, bmx_fail_hint(err, BPEMIX_E_USAGE, "",
                                                     "give numbers from 0 on", "a share of %g",
                                                     share[i]),
                                  "share");
        sum += share[i];
    }
    if (!(sum > 0))
        return bmx_with_param(err, bmx_fail_hint(err, BPEMIX_E_USAGE, "", "give some a larger one",
                                                 "all shares are 0"),
                              "share");
    for (size_t i = 0; i < n; i++)
        share[i] /= sum;
    return BPEMIX_OK;
}

/* Another trainer gets text and a number: what else is asked for would have no effect. */
static bpemix_status check_trainer(const bpemix_train_opts *o, bpemix_error *err)
{
    const char *param = o->pretokenizer        ? "pretokenizer"
                        : o->extend            ? "extend"
                        : o->ties              ? "ties"
                        : o->min_frequency     ? "min_frequency"
                        : o->max_token_length  ? "max_token_length"
                        : o->simulate          ? "simulate"
                                               : NULL;

    if (!param)
        return BPEMIX_OK;
    bmx_fail_hint(err, BPEMIX_E_USAGE, "", "put it into the command, in that trainer's own words",
                  "another trainer does not follow it");
    return bmx_with_param(err, BPEMIX_E_USAGE, param);
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

bpemix_status bmx_train_settle(const bpemix_category *cats, size_t n, bool once,
                               bmx_train_settled *s, bpemix_error *err)
{
    bpemix_status st = bmx_categories_check(cats, n, err);
    bmx_tie_order ties;

    if (st)
        return st;
    s->text.max_bytes = s->text.folds = 0;
    if (!s->opts.vocab_size)
        s->opts.vocab_size = DEFAULT_VOCABULARY;
    if (s->opts.vocab_size <= BYTES_IN_VOCABULARY || s->opts.vocab_size > MOST_VOCABULARY) {
        bmx_fail_hint(err, BPEMIX_E_USAGE, "",
                      "give 257 to 10000000: the 256 bytes, and one token for each merge",
                      "a vocabulary of %u tokens", s->opts.vocab_size);
        return bmx_with_param(err, BPEMIX_E_USAGE, "vocab_size");
    }
    if (s->opts.trainer && (st = check_trainer(&s->opts, err)))
        return st;
    if (s->opts.ties && !bmx_tie_order_named(s->opts.ties, &ties)) {
        bmx_fail_hint(err, BPEMIX_E_USAGE, "", "use hf, sentencepiece, length or random",
                      "unknown rule '%s'", s->opts.ties);
        return bmx_with_param(err, BPEMIX_E_USAGE, "ties");
    }
    if (!s->opts.train_bytes && !once && (st = check_readable_twice(cats, n, err)))
        return st;
    if (!s->opts.share)
        return BPEMIX_OK;
    if (!(s->share = bmx_malloc(n, sizeof *s->share)))
        return bmx_nomem(err);
    memcpy(s->share, s->opts.share, n * sizeof *s->share);
    return check_shares(s->share, n, err);
}

/* ---- experiments ---- */

/* A category and its share of the training text. */
typedef struct part {
    bpemix_category cat;
    double share;
} part;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const part *)a)->cat.name, ((const part *)b)->cat.name);
}

bpemix_status bmx_lab_sort_categories(const bpemix_category *cats, size_t n, bmx_train_settled *s,
                                      bpemix_category **out, bpemix_error *err)
{
    bpemix_category *sorted = bmx_malloc(n, sizeof *sorted);
    part *p = bmx_malloc(n, sizeof *p);

    if (!sorted || !p) {
        bmx_free(sorted);
        bmx_free(p);
        return bmx_nomem(err);
    }
    for (size_t i = 0; i < n; i++)
        p[i] = (part){ cats[i], s->share ? s->share[i] : 0 };
    qsort(p, n, sizeof *p, by_name);
    for (size_t i = 0; i < n; i++) {
        sorted[i] = p[i].cat;
        if (s->share)
            s->share[i] = p[i].share;
    }
    bmx_free(p);
    *out = sorted;
    return BPEMIX_OK;
}

void bmx_lab_settled_release(bmx_lab_settled *x)
{
    bmx_train_rule_release(&x->rule);
    bmx_free(x->method);
    bmx_free(x->sizes);
    bmx_free(x->merges);
    bmx_free(x->mixture);
    bmx_free(x->folds);
    bmx_free(x->categories);
    bmx_free(x->omit_shares);
    bmx_result_free(x->groups);
    bmx_free(x->group_text);
    bmx_free(x->panel);
    *x = (bmx_lab_settled){ 0 };
}

/* A copy of n numbers, or of the one that stands for none given. */
static bpemix_status copy_list(const uint64_t *from, size_t n, uint64_t none, uint64_t **to,
                               size_t *n_to, bpemix_error *err)
{
    *n_to = n ? n : 1;
    if (!(*to = bmx_malloc(*n_to, sizeof **to)))
        return bmx_nomem(err);
    for (size_t i = 0; i < *n_to; i++)
        (*to)[i] = n ? from[i] : none;
    return BPEMIX_OK;
}

static bpemix_status methods_of(const bpemix_experiment_opts *o, bmx_lab_settled *x,
                                bmx_lab_plan *p, bpemix_error *err)
{
    static const char *const usual[] = { "monotone" };
    const char *const *name = o->n_methods ? o->methods : usual;
    bpemix_status st = BPEMIX_OK;

    p->n_methods = o->n_methods ? o->n_methods : 1;
    if (!(x->method = bmx_calloc(p->n_methods, sizeof *x->method)))
        return bmx_nomem(err);
    for (size_t m = 0; m < p->n_methods && !st; m++)
        st = bmx_lab_method_named(name[m], &x->method[m], err);
    p->method = x->method;
    return st;
}

static bpemix_status word_of(const char *text, const char *const *names, const char *what, int *out,
                             bpemix_error *err)
{
    char hint[100];
    size_t n = 0;

    *out = 0;
    if (!text)
        return BPEMIX_OK;
    for (int k = 0; names[k]; k++)
        if (!strcmp(text, names[k])) {
            *out = k;
            return BPEMIX_OK;
        }
    for (int k = 0; names[k] && n < sizeof hint; k++)
        n += (size_t)bmx_snprintf(hint + n, sizeof hint - n, "%s%s",
                                  !k ? "use " : names[k + 1] ? ", " : " or ", names[k]);
    return bmx_fail_hint(err, BPEMIX_E_USAGE, what, hint, "unknown %s '%s'", what, text);
}

static bpemix_status learn_of(const bpemix_experiment_opts *o, uint32_t vocab_size,
                              const bmx_train_rule *rule, bmx_lab_plan *p, bpemix_error *err)
{
    uint32_t alphabet = rule->alphabet == BMX_ALPHABET_BYTE ? BYTES_IN_VOCABULARY : 0;

    if (vocab_size <= alphabet || o->inherit >= vocab_size - alphabet) {
        bmx_fail_hint(err, BPEMIX_E_USAGE, "",
                      "give more than the alphabet and the inherited merges together",
                      "a vocabulary of %u tokens", vocab_size);
        return bmx_with_param(err, BPEMIX_E_USAGE, "vocab_size");
    }
    p->learn = vocab_size - alphabet;
    return BPEMIX_OK;
}

static bpemix_status check_folds(const bpemix_experiment_opts *o, bpemix_error *err)
{
    for (size_t k = 0; k < o->n_folds; k++)
        if (o->folds[k] == 1 || o->folds[k] > BMX_MAX_FOLDS) {
            bmx_fail_hint(err, BPEMIX_E_USAGE, "", "give 2 to 255, or 0 for no intervals",
                          "%u make no intervals", o->folds[k]);
            return bmx_with_param(err, BPEMIX_E_USAGE, "folds");
        }
    return BPEMIX_OK;
}

/* Are there so many categories, and is one left that is known? */
static bpemix_status check_categories(const bmx_lab_plan *p, size_t all, bpemix_error *err)
{
    for (size_t k = 0; k < p->axes.n_categories; k++) {
        uint64_t n = p->axes.categories[k] ? p->axes.categories[k] : all;

        if (n > all || p->omit >= n || p->extra >= n - p->omit)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, "categories", "give more of them",
                                 "%llu of %zu categories, %zu left out and %zu without a share",
                                 (unsigned long long)n, all, p->omit, p->extra);
    }
    return BPEMIX_OK;
}

/* Lists of what a sweep is over, for n categories, and their first values as the plan's own. */
static bpemix_status axes_of(const bpemix_experiment_opts *o, size_t n, bmx_lab_settled *x,
                             bmx_lab_plan *p, bpemix_error *err)
{
    bmx_lab_axes *a = &p->axes;
    bpemix_status st = check_folds(o, err);

    if (st)
        return st;
    if (o->n_folds > 1 && p->setting == BMX_LAB_SAME) { /* its parts are drawn with the text */
        bmx_fail_hint(err, BPEMIX_E_USAGE, "", "give one number of folds, or another setting",
                      "samples that are the training text are divided once");
        return bmx_with_param(err, BPEMIX_E_USAGE, "folds");
    }
    a->n_folds = o->n_folds;
    a->n_omit_shares = o->n_omit_shares;
    x->folds = bmx_calloc(o->n_folds + 1, sizeof *x->folds);
    x->omit_shares = bmx_calloc(o->n_omit_shares + 1, sizeof *x->omit_shares);
    if (!x->folds || !x->omit_shares)
        return bmx_nomem(err);
    if ((st = copy_list(o->categories, o->n_categories, 0, &x->categories, &a->n_categories, err)))
        return st;
    for (size_t k = 0; k < o->n_folds; k++)
        x->folds[k] = o->folds[k];
    for (size_t k = 0; k < o->n_omit_shares || k == 0; k++) {
        x->omit_shares[k] = o->n_omit_shares ? o->omit_shares[k] : 0;
        if (!(x->omit_shares[k] >= 0) || x->omit_shares[k] >= 1)
            return bmx_fail_hint(err, BPEMIX_E_USAGE, "omit_share", "give shares such as 0.1",
                                 "%g is not a share below 1", x->omit_shares[k]);
        if (!(x->omit_shares[k] > 0))
            x->omit_shares[k] = NAN;
    }
    a->folds = x->folds;
    a->categories = x->categories;
    a->omit_share = x->omit_shares;
    p->folds = x->folds[0];
    p->categories = (size_t)x->categories[0];
    p->omit_share = x->omit_shares[0];
    return check_categories(p, n, err);
}

/* A mixture that is given leaves candidates a share whatever is left out; and where that has a
 * share of its own, one of the mixture to begin with. */
static bpemix_status check_mixture(const bmx_lab_plan *p, size_t n, bpemix_error *err)
{
    bool asked = false;
    size_t with = 0;

    for (size_t i = 0; i < n; i++)
        with += p->mixture[i] > 0;
    for (size_t k = 0; k < p->axes.n_omit_shares; k++)
        asked = asked || !isnan(p->axes.omit_share[k]);
    if (!p->omit || (with > p->omit && !(asked && n - with >= p->omit)))
        return BPEMIX_OK;
    if (with > p->omit)
        bmx_fail_hint(err, BPEMIX_E_USAGE, "",
                      "give each a share, or do not ask for one of what is left out",
                      "only %zu of %zu categories have a share: those left out may have none",
                      with, n);
    else
        bmx_fail_hint(err, BPEMIX_E_USAGE, "", "give a share to more categories",
                      "only %zu of %zu categories have a share, and %zu %s left out", with, n,
                      p->omit, p->omit == 1 ? "is" : "are");
    return bmx_with_param(err, BPEMIX_E_USAGE, "share");
}

static bpemix_status groups_of(const bpemix_experiment_opts *o, const bpemix_category *cats,
                               size_t n, bmx_lab_settled *x, bpemix_error *err)
{
    bpemix_status st;

    if (!o->groups)
        return BPEMIX_OK;
    if (!(x->group_text = bmx_strdup(o->groups)))
        return bmx_nomem(err);
    if ((st = bmx_lab_groups_read(cats, n, o->groups, o->groups_name, &x->groups, err)))
        return st;
    x->plan.group_text = x->group_text;
    x->plan.group = x->groups->group;
    x->plan.n_groups = x->groups->n_groups;
    return BPEMIX_OK;
}

/* A panel is known by its table of contents, which has the checksums of all that it holds. */
static bpemix_status panel_of(const bpemix_experiment_opts *o, bmx_lab_settled *x,
                              bpemix_error *err)
{
    bmx_chunk_file f = { .path = NULL };
    bpemix_status st;

    if (!o->panel)
        return BPEMIX_OK;
    if (!(x->panel = bmx_strdup(o->panel)))
        return bmx_nomem(err);
    if (!(st = bmx_chunk_file_open(x->panel, &f, err)))
        bmx_sha256_of(f.head.ptr, f.head.len, x->panel_digest);
    bmx_chunk_file_release(&f);
    x->plan.panel = x->panel;
    x->plan.panel_digest = x->panel_digest;
    return st;
}

bpemix_status bmx_lab_settle(const bpemix_experiment_opts *o, const bmx_train_settled *s,
                             const bpemix_category *cats, size_t n, bmx_lab_settled *x,
                             bpemix_error *err)
{
    bmx_lab_plan *p = &x->plan;
    int noise, setting;
    bpemix_status st;

    *p = (bmx_lab_plan){ .simulate = o->simulate, .seed = o->seed,
                         .train_bytes = s->opts.train_bytes ? s->opts.train_bytes : BMX_LAB_ALL,
                         .inherit = o->inherit, .shuffle = o->shuffle,
                         .omit = o->omit, .extra = o->extra,
                         .gap = o->gap > 0 ? o->gap : 1e-4 };
    if ((st = word_of(o->noise, bmx_lab_noise_name, "noise", &noise, err)) ||
        (st = word_of(o->setting, bmx_lab_setting_name, "setting", &setting, err)) ||
        (st = methods_of(o, x, p, err)) || (st = groups_of(o, cats, n, x, err)) ||
        (st = panel_of(o, x, err)) ||
        (st = copy_list(o->sample_bytes, o->n_sample_bytes, BMX_LAB_ALL, &x->sizes, &p->n_sizes,
                        err)) ||
        (st = copy_list(o->merges, o->n_merges, 0, &x->merges, &p->n_merges, err)) ||
        (st = bmx_train_rule_init(&x->rule, s->opts.pretokenizer ? s->opts.pretokenizer : "gpt2",
                                  err)) ||
        (st = bmx_train_rule_text(&x->rule, s->text.text_unit, s->text.invalid, &x->text, err)) ||
        (st = learn_of(o, s->opts.vocab_size, &x->rule, p, err)))
        return st;
    p->noise = (bmx_lab_noise)noise;
    p->setting = (bmx_lab_setting)setting;
    p->sample_bytes = x->sizes;
    p->merges = x->merges;
    p->rule = &x->rule;
    p->base_bytes = o->base_bytes;
    p->cluster = o->cluster || !o->simulate ? o->cluster : BMX_LAB_CLUSTER_AUTO;
    if (s->opts.ties)
        bmx_tie_order_named(s->opts.ties, &p->ties); /* bmx_train_settle() has checked the name */
    if ((st = axes_of(o, n, x, p, err)) || !s->share)
        return st;
    if (!(x->mixture = bmx_malloc(n, sizeof *x->mixture)))
        return bmx_nomem(err);
    memcpy(x->mixture, s->share, n * sizeof *x->mixture);
    p->mixture = x->mixture;
    return check_mixture(p, n, err);
}

static bpemix_status have_halves(const bpemix_category *c, const char *train, const char *sample,
                                 size_t *with, bpemix_error *err)
{
    *with = 0;
    for (size_t k = 0; k < c->n_paths; k++) {
        bool a, b;
        bpemix_status st = bmx_has_folder(c->paths[k], train, &a, err);

        if (st || (st = bmx_has_folder(c->paths[k], sample, &b, err)))
            return st;
        *with += a && b;
    }
    return BPEMIX_OK;
}

bpemix_status bmx_lab_find_halves(const bpemix_category *cats, size_t n,
                                  const bpemix_experiment_opts *o, bmx_lab_halves *halves,
                                  bpemix_error *err)
{
    const char *train = o->train_half ? o->train_half : "train", *without = NULL;
    const char *sample = o->sample_half ? o->sample_half : "sample";
    bool named = o->train_half || o->sample_half;
    size_t with = 0, paths = 0, here;
    bpemix_status st;

    *halves = (bmx_lab_halves){ NULL, NULL };
    if (!strcmp(train, "all") && !strcmp(sample, "all"))
        return BPEMIX_OK;
    for (size_t i = 0; i < n; i++) {
        if ((st = have_halves(&cats[i], train, sample, &here, err)))
            return st;
        with += here;
        paths += cats[i].n_paths;
        if (here < cats[i].n_paths)
            without = cats[i].name;
    }
    if (with && with < paths)
        return bmx_fail_hint(
            err, BPEMIX_E_USAGE, without, "give both to every category, or to none",
            "no sub-folders '%s' and '%s', which others have", train, sample);
    if (!with && named)
        return bmx_with_param(err, bmx_fail_hint(err, BPEMIX_E_USAGE, "",
                                                 "leave it out to have documents divided",
                                                 "no category has sub-folders '%s' and '%s'", train,
                                                 sample),
                              o->train_half ? "train_half" : "sample_half");
    if (with)
        *halves = (bmx_lab_halves){ train, sample };
    return BPEMIX_OK;
}

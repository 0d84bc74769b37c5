/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.c - the public side of words/. */
#include "api/api.h"
#include "words/words.h"

struct bpemix_words {
    bmx_words *category; /* category[n] */
    size_t n;
};

static bpemix_status words_new(size_t n, bpemix_words **out, bpemix_error *err)
{
    bpemix_words *w = bmx_calloc(1, sizeof *w);

    if (!w || !(w->category = bmx_calloc(n, sizeof *w->category))) {
        bmx_free(w);
        return bmx_nomem(err);
    }
    w->n = n;
    *out = w;
    return BPEMIX_OK;
}

bpemix_status bpemix_words_count(const bpemix_tokenizer *tok, const bpemix_category *cats, size_t n,
                                 const bpemix_count_opts *opts, bpemix_words **out,
                                 bpemix_error *err)
{
    bpemix_count_opts o;
    bpemix_words *w = NULL;
    bmx_text_rule rule;
    bpemix_status st = BMX_API_OPTS(opts, &o, err);

    if (!st && o.folds)
        st = bmx_with_param(err, bmx_fail_hint(err, BPEMIX_E_USAGE, "", "ask for no folds",
                                               "counted words keep no documents"), "folds");
    if (!st)
        st = bmx_categories_check(cats, n, err);
    if (!st)
        st = bmx_text_rule_of(tok, o.text_unit, o.invalid, &rule, err);
    if (!st)
        st = words_new(n, &w, err);
    if (!st)
        st = bmx_words_count(&rule, cats, n, &o, w->category, err);
    if (st) {
        bpemix_words_free(w);
        return st;
    }
    *out = w;
    return BPEMIX_OK;
}

bpemix_status bpemix_words_load(const char *path, bpemix_words **out, bpemix_error *err)
{
    bpemix_words *w = NULL;
    bpemix_status st = words_new(1, &w, err);

    if (!st)
        st = bmx_words_load(path, NULL, w->category, err);
    if (st) {
        bpemix_words_free(w);
        return st;
    }
    *out = w;
    return BPEMIX_OK;
}

bpemix_status bpemix_words_add(bpemix_words *into, const bpemix_words *from, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (into->n != from->n)
        return bmx_fail(err, BPEMIX_E_USAGE, "", "%zu categories and %zu do not add up", into->n,
                        from->n);
    for (size_t i = 0; i < into->n && !st; i++)
        st = bmx_words_merge(&into->category[i], &from->category[i], err);
    return st;
}

bpemix_status bpemix_words_save(const bpemix_words *words, size_t i, const char *path,
                                unsigned n_threads, bpemix_error *err)
{
    if (i >= words->n)
        return bmx_fail(err, BPEMIX_E_USAGE, "", "no category %zu: there are %zu", i, words->n);
    return bmx_words_save(&words->category[i], path, n_threads, err);
}

void bpemix_words_free(bpemix_words *words)
{
    if (!words)
        return;
    for (size_t i = 0; i < words->n; i++)
        bmx_words_release(&words->category[i]);
    bmx_free(words->category);
    bmx_free(words);
}

size_t bpemix_words_categories(const bpemix_words *words) { return words->n; }

bool bpemix_words_get(const bpemix_words *words, size_t i, bpemix_words_info *out)
{
    const bmx_words *w = &words->category[i];

    if (i >= words->n)
        return false;
    bmx_api_fill(out, &(bpemix_words_info){ .name = w->name, .distinct = w->word.n,
                                            .total = w->pieces, .bytes = w->bytes,
                                            .documents = w->documents,
                                            .invalid_bytes = w->invalid_bytes }, sizeof *out);
    return true;
}

bool bpemix_words_item(const bpemix_words *words, size_t i, size_t k, bpemix_text *word,
                       uint64_t *count)
{
    const bmx_words *w = &words->category[i];

    if (i >= words->n || k >= w->word.n)
        return false;
    *word = (bpemix_text){ .ptr = w->word.str[k].ptr, .len = w->word.str[k].len };
    *count = w->count[k];
    return true;
}

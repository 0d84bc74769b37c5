/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.c - the public side of words/. */
#include "bpemix.h"
#include "api/api.h"
#include "words/count.h"
#include "words/file.h"

struct bpemix_words {
    bmx_words *tally;  /* tally[n_tallies]: those of a category in a row */
    size_t n_tallies;
    uint32_t n_folds;   /* 0: a tally is a category */
};

static size_t folds(const bpemix_words *w) { return w->n_folds ? w->n_folds : 1; }

static size_t n_categories(const bpemix_words *w) { return w->n_tallies / folds(w); }

/* The tallies of category i; NULL when there is none. */
static bmx_words *tallies_of(const bpemix_words *w, size_t i)
{
    return i < n_categories(w) ? w->tally + i * folds(w) : NULL;
}

static bpemix_status words_new(size_t n, uint32_t n_folds, bpemix_words **out, bpemix_error *err)
{
    bpemix_words *w = bmx_calloc(1, sizeof *w);

    if (!w)
        return bmx_nomem(err);
    w->n_folds = n_folds;
    w->n_tallies = n * folds(w);
    if (!(w->tally = bmx_calloc(w->n_tallies, sizeof *w->tally))) {
        bmx_free(w);
        return bmx_nomem(err);
    }
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

    if (!st)
        st = bmx_categories_check(cats, n, err);
    if (!st)
        st = bmx_text_rule_of(tok, o.text_unit, o.invalid, &rule, err);
    if (!st) /* too many folds are refused by bmx_words_count() */
        st = words_new(n, o.folds <= BMX_MAX_FOLDS ? o.folds : 0, &w, err);
    if (!st)
        st = bmx_words_count(&rule, cats, n, &o, w->tally, err);
    if (st) {
        bpemix_words_free(w);
        return st;
    }
    *out = w;
    return BPEMIX_OK;
}

bpemix_status bpemix_words_load(const char *path, bpemix_words **out, bpemix_error *err)
{
    bpemix_words *w = bmx_calloc(1, sizeof *w);
    bpemix_status st = w ? bmx_words_load(path, NULL, &w->tally, err) : bmx_nomem(err);

    if (st) {
        bmx_free(w);
        return st;
    }
    w->n_folds = w->tally->n_folds;
    w->n_tallies = folds(w);
    *out = w;
    return BPEMIX_OK;
}

bpemix_status bpemix_words_add(bpemix_words *into, const bpemix_words *from, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (into == from)
        return bmx_fail(err, BPEMIX_E_USAGE, "", "words cannot be added to themselves");
    if (n_categories(into) != n_categories(from))
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "give both the same categories",
                             "words of %zu categories and of %zu do not add up",
                             n_categories(into), n_categories(from));
    if (into->n_folds != from->n_folds)
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, "", "count them again, all with as many folds",
                             "words of %u folds and of %u do not add up", (unsigned)into->n_folds,
                             (unsigned)from->n_folds);
    for (size_t i = 0; i < into->n_tallies && !st; i++)
        st = bmx_words_merge(&into->tally[i], &from->tally[i], err);
    return st;
}

bpemix_status bpemix_words_save(const bpemix_words *words, size_t i, const char *path,
                                unsigned n_threads, bpemix_error *err)
{
    const bmx_words *w = tallies_of(words, i);

    if (!w)
        return bmx_fail(err, BPEMIX_E_USAGE, "", "no category %zu: there are %zu", i,
                        n_categories(words));
    return bmx_words_save(w, path, n_threads, err);
}

void bpemix_words_free(bpemix_words *words)
{
    if (!words)
        return;
    for (size_t i = 0; i < words->n_tallies; i++)
        bmx_words_release(&words->tally[i]);
    bmx_free(words->tally);
    bmx_free(words);
}

bool bpemix_words_get(const bpemix_words *words, size_t i, bpemix_words_info *out)
{
    const bmx_words *w = tallies_of(words, i);
    bpemix_words_info info = { 0 };

    if (!w)
        return false;
    info.name = w->name;
    info.folds = words->n_folds;
    for (size_t f = 0; f < folds(words); f++) {
        info.distinct += w[f].word.n;
        info.total += w[f].pretokens;
        info.bytes += w[f].bytes;
        info.documents += w[f].documents;
        info.invalid_bytes += w[f].invalid_bytes;
    }
    bmx_api_fill(out, &info, sizeof *out);
    return true;
}

bool bpemix_words_item(const bpemix_words *words, size_t i, size_t k, bpemix_text *word,
                       uint64_t *count)
{
    const bmx_words *w = tallies_of(words, i);
    size_t f = 0;

    for (; w && f < folds(words) && k >= w[f].word.n; f++)
        k -= w[f].word.n;
    if (!w || f == folds(words))
        return false;
    *word = (bpemix_text){ .ptr = w[f].word.str[k].ptr, .len = w[f].word.str[k].len };
    *count = w[f].count[k];
    return true;
}

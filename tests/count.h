/* SPDX-License-Identifier: GPL-3.0-or-later */
/* count.h - words of text as a tokenizer's trainer made them, for tests. */
#ifndef TESTS_COUNT_H
#define TESTS_COUNT_H

#include "words/chunk.h"
#include "words/count.h"
#include "words/file.h"

static inline bpemix_status words_count(const bpemix_tokenizer *tok, const bpemix_category *cats,
                                        size_t n, const bpemix_count_opts *opts, bmx_words *out,
                                        bpemix_error *err)
{
    static const bpemix_count_opts none;
    const bpemix_count_opts *o = opts ? opts : &none;
    bmx_text_rule rule;
    bpemix_status st = bmx_text_rule_of(tok, o->text_unit, o->invalid, &rule, err);

    return st ? st : bmx_words_count(&rule, cats, n, opts, out, err);
}

/* Read words without folds. */
static inline bpemix_status read_words(const char *where, bmx_slice data, const char *key,
                                       bmx_words *out, bpemix_error *err)
{
    bmx_words *w = NULL;
    bpemix_status st = bmx_words_read(where, data, key, &w, err);

    if (!st && w->n_folds) {
        bmx_words_free(w);
        return bmx_fail(err, BPEMIX_E_BUG, where, "words with folds");
    }
    if (!st) {
        *out = *w;
        bmx_free(w);
    }
    return st;
}

static inline bpemix_status fit_of(const bpemix_tokenizer *tok, unsigned cuts, bmx_chunk_fit *fit,
                                   const char **why, bpemix_error *err)
{
    bmx_text_rule rule;
    bpemix_status st = bmx_text_rule_of(tok, BPEMIX_TEXT_UNIT_AUTO, BPEMIX_INVALID_AUTO, &rule,
                                        err);

    return st ? st : bmx_chunk_fit_of(&rule, cuts, fit, why, err);
}

#endif

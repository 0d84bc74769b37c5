/* SPDX-License-Identifier: GPL-3.0-or-later */
/* made.h - tokenizers made by hand for tests of what comes before merging: an alphabet, a
 * pre-tokenizer and a normalizer, and no merges but what is asked for. */
#ifndef TESTS_MADE_H
#define TESTS_MADE_H

#include "test.h"

#include "tokenizer/tokenizer.h"

/* preset NULL: nothing is known of the pre-tokenizer.  Free with bpemix_tokenizer_free(). */
static inline bpemix_tokenizer *made_tokenizer(const char *preset, bmx_alphabet alphabet)
{
    bpemix_tokenizer *tok = bmx_calloc(1, sizeof *tok);
    bpemix_error err;

    assert_non_null(tok);
    tok->vocab.alphabet = alphabet;
    tok->pretokenizer_known = preset != NULL;
    if (preset)
        CHECK_OK(bmx_pretokenizer_preset(preset, &tok->trained.pretokenizer, &err));
    return tok;
}

/* With the alphabet that goes with the preset. */
static inline bpemix_tokenizer *made_of_preset(const char *preset)
{
    bpemix_tokenizer *tok = made_tokenizer(preset, BMX_ALPHABET_BYTE);

    if (bmx_pretokenizer_has(&tok->trained.pretokenizer, BMX_PRE_SENTENCEPIECE))
        tok->vocab.alphabet = BMX_ALPHABET_CHARACTER;
    return tok;
}

/* Let it have a merge with this product, which says how long its text units are. */
static inline void made_product(bpemix_tokenizer *tok, const char *product)
{
    bpemix_error err;
    uint32_t id;

    CHECK_OK(bmx_intern_add(&tok->vocab.tokens, bmx_slice_str(product), &id, NULL, &err));
    tok->trained.merge = bmx_calloc(1, sizeof *tok->trained.merge);
    assert_non_null(tok->trained.merge);
    tok->trained.merge[0] = (bmx_merge){ id, id, id, 0 };
    tok->trained.n_merges = 1;
}

static inline bmx_normalizer_step *made_normalizer(bpemix_tokenizer *tok, bmx_normalizer_kind kind)
{
    bmx_normalizer_step *step;
    bpemix_error err;

    CHECK_OK(bmx_normalizer_add(&tok->trained.normalizer, kind, &step, &err));
    return step;
}

static inline bmx_pretokenizer_step *made_step(bpemix_tokenizer *tok, bmx_pretokenizer_kind kind)
{
    bmx_pretokenizer_step *step;
    bpemix_error err;

    CHECK_OK(bmx_pretokenizer_add(&tok->trained.pretokenizer, kind, &step, &err));
    return step;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trained.h - a tokenizer that the library's trainer learns, and reads back. */
#ifndef TESTS_TRAINED_H
#define TESTS_TRAINED_H

#include "test.h"

#include "lab/trained.h"

/* n merges with GPT-2's pre-tokenizer; base NULL: from the alphabet.  Free with
 * bpemix_tokenizer_free(). */
static inline bpemix_tokenizer *trained_on(const bmx_words *text, uint32_t n,
                                           const bpemix_tokenizer *base)
{
    bmx_train_opts opts = { .n_merges = n, .base = base };
    bmx_train_words from = bmx_train_words_of(text);
    bmx_merge_list list = { 0 };
    bmx_train_rule rule = { 0 };
    bpemix_tokenizer *tok = NULL;
    bmx_buf json = { 0 };
    bpemix_error err;

    CHECK_OK(bmx_train_rule_init(&rule, "gpt2", &err));
    opts.alphabet = rule.alphabet;
    CHECK_OK(bmx_train(&from, &opts, &list, &err));
    CHECK_OK(bmx_train_write_json(&list, &rule, NULL, &json, &err));
    CHECK_OK(bmx_tokenizer_parse("t", bmx_slice_of(json.ptr, json.len), NULL, &tok, &err));
    bmx_buf_release(&json);
    bmx_merge_list_release(&list);
    bmx_train_rule_release(&rule);
    return tok;
}

#endif

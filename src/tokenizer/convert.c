/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer/convert.h"
#include "tokenizer/build.h"
#include "tokenizer/recover.h"
#include "tokenizer/sentencepiece.h"

#include <string.h>

/* Put SentencePiece's rules in place of those that a converter wrote. */
static bpemix_status put_rules_back(bpemix_tokenizer *tok, const uint32_t *skip, size_t n_skip,
                                    bpemix_error *err)
{
    bpemix_status st = bmx_string_set(&tok->format_detail, "converted from SentencePiece", err);

    if (st || (st = bmx_sentencepiece_substitute(tok, skip, n_skip, err)))
        return st;
    bmx_sentencepiece_guess_rules(tok);
    return bmx_tokenizer_warn(tok, err,
                              "converted from SentencePiece: the trainer's word rules are "
                              "not in the file; they are guessed from the merges");
}

/* A SentencePiece trainer reads lines without their ends. */
static bool crosses_lines(const bpemix_tokenizer *tok)
{
    uint32_t n = 0;

    for (uint32_t t = 0; t < tok->trained.n_merges; t++) {
        bmx_slice s = bmx_product_text(tok, t);
        n += memchr(s.ptr, '\n', s.len) != NULL;
    }
    return n >= 3;
}

bpemix_status bmx_undo_conversion(bpemix_tokenizer *tok, const uint32_t *skip, size_t n_skip,
                                  bpemix_error *err)
{
    uint32_t listed = tok->trained.n_merges;
    bool repaired = false, spaces;
    bpemix_status st = bmx_repair_redundant(tok, skip, n_skip, &repaired, err);

    if (st || (st = bmx_find_unmerged(tok, skip, n_skip, err)))
        return st;
    if (repaired && (st = bmx_tokenizer_warn(tok, err,
                                             "the %u listed merges make %u tokens, every split of "
                                             "each; rebuilt in the order of ids",
                                             listed, tok->trained.n_merges)))
        return st;
    spaces = tok->vocab.alphabet == BMX_ALPHABET_CHARACTER && bmx_has_metaspace(tok);
    if (spaces && (repaired || (tok->trained.pretokenizer.n == 0 && tok->trained.normalizer.n > 0 &&
                                !crosses_lines(tok))))
        return put_rules_back(tok, skip, n_skip, err);
    return repaired && !spaces ? bmx_string_set(&tok->format_detail, "converted from ranks", err)
                               : BPEMIX_OK;
}

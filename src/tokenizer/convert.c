/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer/convert.h"
#include "tokenizer/build.h"
#include "tokenizer/recover.h"
#include "tokenizer/sentencepiece.h"

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
    if (spaces && (repaired || (tok->trained.pretokenizer.n == 0 && tok->trained.normalizer.n > 0)))
        return put_rules_back(tok, skip, n_skip, err);
    return repaired && !spaces ? bmx_string_set(&tok->format_detail, "converted from ranks", err)
                               : BPEMIX_OK;
}

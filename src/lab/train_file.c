/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train_file.c - a trained list as a tokenizer in memory, and the rules to train by. */
#include "lab/trained.h"
#include "base/folder.h"
#include "tokenizer/build.h"

/* ---- in memory ---- */

bpemix_status bmx_train_tokenizer(bmx_merge_list *m, const bmx_rules *trainer,
                                  bpemix_tokenizer **out, bpemix_error *err)
{
    bpemix_tokenizer *tok = bmx_calloc(1, sizeof *tok);

    if (!tok || !(tok->path = bmx_strdup("trained"))) {
        bmx_free(tok);
        return bmx_nomem(err);
    }
    tok->format = trainer->sentencepiece ? BMX_FORMAT_SENTENCEPIECE : BMX_FORMAT_TOKENIZER_JSON;
    tok->vocab.alphabet = m->alphabet;
    tok->rules = *trainer;
    tok->encoding.unk_token = BMX_NONE;
    for (unsigned b = 0; b < 256; b++) {
        char c = (char)b;

        tok->vocab.byte_symbol[b] = m->alphabet == BMX_ALPHABET_BYTE
                                  ? bmx_intern_find(&m->token, bmx_slice_of(&c, 1)) : BMX_NONE;
    }
    tok->vocab.tokens = m->token;
    tok->trained.merge = m->merge;
    tok->trained.n_merges = tok->n_listed = m->n;
    m->token = (bmx_intern){ 0 };
    m->merge = NULL;
    bmx_merge_list_release(m);
    *out = tok;
    return BPEMIX_OK;
}

/* ---- rules by name ---- */

/* What spm_train does unless told otherwise, or as the preset's models were made. */
static bmx_rules rules_of_preset(const bmx_pretokenizer_spec *pre)
{
    bmx_rules r = { 0 };

    for (size_t i = 0; i < pre->n; i++)
        if (pre->step[i].kind == BMX_PRE_SENTENCEPIECE) {
            bool runs = pre->step[i].sp.allow_whitespace_only_pieces;

            r = (bmx_rules){ .sentencepiece = true, .max_characters = 16, .split_digits = runs,
                             .split_by_script = true, .split_by_number = true,
                             .allow_whitespace_only = runs, .drop_duplicate_products = true };
        }
    return r;
}

/* spm_train collapses white space and puts one in front, unless it keeps runs. */
static bpemix_status add_spaces_rule(bmx_train_rule *rule, bpemix_error *err)
{
    bmx_normalizer_step *step;
    bpemix_status st;

    if (!rule->trainer.sentencepiece || rule->trainer.allow_whitespace_only)
        return BPEMIX_OK;
    if ((st = bmx_normalizer_add(&rule->normalizer, BMX_NORM_SENTENCEPIECE, &step, err)))
        return st;
    step->sp.add_dummy_prefix = step->sp.remove_extra_whitespaces = true;
    step->sp.escape_whitespaces = true;
    return BPEMIX_OK;
}

static bpemix_status rule_of_file(bmx_train_rule *rule, const char *path, bpemix_error *err)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_status st;

    if ((st = bmx_tokenizer_load(path, NULL, &tok, err)))
        return st;
    if (!(rule->path = bmx_strdup(path)))
        st = bmx_nomem(err);
    if (!st && !(st = bmx_tokenizer_need_pretokenizer(tok, err))) {
        rule->alphabet = tok->vocab.alphabet;
        rule->trainer = tok->rules;
        rule->unit = bmx_text_unit_of(tok, BPEMIX_TEXT_UNIT_AUTO);
        rule->format = tok->format;
        bmx_tokenizer_take_specs(tok, &rule->normalizer, &rule->pretokenizer);
    }
    bmx_tokenizer_free(tok);
    return st;
}

bpemix_status bmx_train_rule_init(bmx_train_rule *rule, const char *name, bpemix_error *err)
{
    bmx_path_kind kind;
    bpemix_status st = bmx_path_look(name, &kind, err);

    if (st)
        return st;
    if (kind == BMX_PATH_FILE)
        return rule_of_file(rule, name, err);
    if ((st = bmx_pretokenizer_preset(name, &rule->pretokenizer, err)))
        return st;
    rule->trainer = rules_of_preset(&rule->pretokenizer);
    rule->alphabet = rule->trainer.sentencepiece ? BMX_ALPHABET_CHARACTER : BMX_ALPHABET_BYTE;
    rule->unit = BPEMIX_TEXT_UNIT_LINE;
    return add_spaces_rule(rule, err);
}

void bmx_train_rule_release(bmx_train_rule *rule)
{
    bmx_normalizer_spec_release(&rule->normalizer);
    bmx_pretokenizer_spec_release(&rule->pretokenizer);
    bmx_free(rule->path);
    *rule = (bmx_train_rule){ 0 };
}

bpemix_status bmx_train_rule_text(const bmx_train_rule *rule, bpemix_text_unit unit,
                                  bpemix_invalid invalid, bmx_text_rule *out, bpemix_error *err)
{
    bool sp = rule->trainer.sentencepiece;

    *out = (bmx_text_rule){
        .normalizer = &rule->normalizer,
        .pretokenizer = &rule->pretokenizer,
        .bytes = rule->alphabet == BMX_ALPHABET_BYTE,
        .lines = sp || (unit ? unit : rule->unit) == BPEMIX_TEXT_UNIT_LINE,
        .strip_newline = sp,
        .invalid = invalid,
    };
    return bmx_text_rule_seal(out, err);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train_write.c - a trained list and its rule in the terms of a tokenizer.json
 * (result/tokenizer_file.h, which writes it). */
#include "lab/trained.h"
#include "base/utf8.h"
#include "result/tokenizer_file.h"
#include "tokenizer/bytelevel.h"

#include <string.h>

/* What a file points to that is not in the list or the rule. */
typedef struct storage {
    bmx_file_step *step;      /* step[n + 1]: and bytes as characters */
    bmx_buf text;             /* of the tokens, in the printable alphabet */
    bmx_slice *token;
    uint32_t *left, *right;
} storage;

static void storage_release(storage *s)
{
    bmx_free(s->step);
    bmx_buf_release(&s->text);
    bmx_free(s->token);
    bmx_free(s->left);
    bmx_free(s->right);
}

/* ---- steps ---- */

static const char *behavior_name(bmx_split_behavior b)
{
    switch (b) {
    case BMX_SPLIT_REMOVED:
        return "Removed";
    case BMX_SPLIT_ISOLATED:
        return "Isolated";
    case BMX_SPLIT_MERGED_WITH_PREVIOUS:
        return "MergedWithPrevious";
    case BMX_SPLIT_MERGED_WITH_NEXT:
        return "MergedWithNext";
    default:
        return "Contiguous";
    }
}

/* A possessive {n,m}+ and the meaning of $ depend on the engine, so a pattern
 * written for another than tokenizer.json's is taken only without them. */
static bool same_in_both(const bmx_pattern *p)
{
    if (!p->is_regex || p->flavor == BMX_REGEX_ONIGURUMA)
        return true;
    for (size_t i = 0; i < p->len; i++) {
        size_t k = i;

        if (p->text[i] == '$')
            return false;
        if (p->text[i] != '}' || i + 1 == p->len || p->text[i + 1] != '+')
            continue;
        while (k && (p->text[k - 1] == ',' || (p->text[k - 1] >= '0' && p->text[k - 1] <= '9')))
            k--;
        if (k < i && k && p->text[k - 1] == '{' && !(k > 2 && !memcmp(p->text + k - 3, "\\x", 2)))
            return false;
    }
    return true;
}

static bpemix_status take_metaspace(const bmx_pretokenizer_step *s, bmx_file_step *out,
                                    bpemix_error *err)
{
    static const char *const schemes[] = { "always", "first", "never" };

    if (s->delimiter > 0x10ffff)
        return bmx_fail(err, BPEMIX_E_BUG, "", "a delimiter that is no character");
    out->kind = BMX_FILE_STEP_METASPACE;
    out->replacement[bmx_utf8_encode(s->delimiter, out->replacement)] = '\0';
    out->prepend_scheme = schemes[s->prepend];
    out->split = s->split;
    return BPEMIX_OK;
}

static bpemix_status take_step(const bmx_pretokenizer_step *s, bmx_file_step *out,
                               bpemix_error *err)
{
    *out = (bmx_file_step){ .type = bmx_pretokenizer_kind_name(s->kind) };
    switch (s->kind) {
    case BMX_PRE_BYTE_LEVEL:
        out->kind = BMX_FILE_STEP_BYTE_LEVEL;
        out->add_prefix_space = s->add_prefix_space;
        out->use_regex = s->use_regex;
        return BPEMIX_OK;
    case BMX_PRE_SPLIT:
        if (!same_in_both(&s->pattern))
            break;
        out->kind = BMX_FILE_STEP_SPLIT;
        out->pattern = bmx_slice_of(s->pattern.text, s->pattern.len);
        out->is_regex = s->pattern.is_regex;
        out->behavior = behavior_name(s->behavior);
        out->invert = s->invert;
        return BPEMIX_OK;
    case BMX_PRE_DIGITS:
        out->kind = BMX_FILE_STEP_DIGITS;
        out->individual_digits = s->individual_digits;
        return BPEMIX_OK;
    case BMX_PRE_PUNCTUATION:
        out->kind = BMX_FILE_STEP_PUNCTUATION;
        out->behavior = behavior_name(s->behavior);
        return BPEMIX_OK;
    case BMX_PRE_WHITESPACE:
    case BMX_PRE_WHITESPACE_SPLIT:
    case BMX_PRE_BERT:
    case BMX_PRE_UNICODE_SCRIPTS:
        return BPEMIX_OK;
    case BMX_PRE_METASPACE:
        return take_metaspace(s, out, err);
    default:
        break;
    }
    return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "", "choose another, such as gpt2 or cl100k",
                         "the pre-tokenizer step %s cannot be written to a tokenizer.json",
                         bmx_pretokenizer_kind_name(s->kind));
}

static bpemix_status take_pretokenizer(const bmx_train_rule *rule, bmx_tokenizer_file *out,
                                       storage *own, bpemix_error *err)
{
    const bmx_pretokenizer_spec *pre = &rule->pretokenizer;
    bpemix_status st = BPEMIX_OK;
    bool bytes = false;

    if (!(own->step = bmx_malloc(pre->n + 1, sizeof *own->step)))
        return bmx_nomem(err);
    for (size_t i = 0; i < pre->n && !st; i++) {
        st = take_step(&pre->step[i], &own->step[i], err);
        bytes = bytes || pre->step[i].kind == BMX_PRE_BYTE_LEVEL;
    }
    out->step = own->step;
    out->n_steps = pre->n;
    if (rule->alphabet == BMX_ALPHABET_BYTE && !bytes)
        own->step[out->n_steps++] = (bmx_file_step){
            .kind = BMX_FILE_STEP_BYTE_LEVEL,
            .type = bmx_pretokenizer_kind_name(BMX_PRE_BYTE_LEVEL)
        };
    return st;
}

/* The normalizer and pre-tokenizer of the rule, word for word when its file has them. */
static bpemix_status take_text_rules(const bmx_train_rule *rule, const bmx_json *file,
                                     bmx_tokenizer_file *out, storage *own, bpemix_error *err)
{
    if (file) {
        out->copied = true;
        out->normalizer = bmx_json_get(file, "normalizer");
        out->pretokenizer = bmx_json_get(file, "pre_tokenizer");
        return BPEMIX_OK;
    }
    if (rule->normalizer.n)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, rule->path ? rule->path : "",
                             "take one from a tokenizer.json",
                             "this normalizer cannot be written to a tokenizer.json");
    return take_pretokenizer(rule, out, own, err);
}

/* ---- the list ---- */

/* Tokens of bytes in the printable alphabet. */
static bpemix_status spell(const bmx_merge_list *m, storage *own, bpemix_error *err)
{
    size_t at = 0;

    if (!(own->token = bmx_malloc(m->token.n, sizeof *own->token)))
        return bmx_nomem(err);
    for (size_t i = 0; i < m->token.n; i++) {
        bpemix_status st = bmx_bytelevel_encode(m->token.str[i], &own->text, err);

        if (st)
            return st;
        own->token[i].len = own->text.len - at;
        at = own->text.len;
    }
    at = 0;
    for (size_t i = 0; i < m->token.n; i++) { /* the text has moved while it grew */
        own->token[i].ptr = own->text.ptr + at;
        at += own->token[i].len;
    }
    return BPEMIX_OK;
}

static bpemix_status take_list(const bmx_merge_list *m, bmx_tokenizer_file *out, storage *own,
                               bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    out->byte_level = m->alphabet == BMX_ALPHABET_BYTE;
    if (out->byte_level && (st = spell(m, own, err)))
        return st;
    own->left = bmx_malloc(m->n, sizeof *own->left);
    own->right = bmx_malloc(m->n, sizeof *own->right);
    if (!own->left || !own->right)
        return bmx_nomem(err);
    for (uint32_t t = 0; t < m->n; t++) {
        own->left[t] = m->merge[t].left;
        own->right[t] = m->merge[t].right;
    }
    out->token = out->byte_level ? own->token : m->token.str;
    out->n_tokens = m->token.n;
    out->left = own->left;
    out->right = own->right;
    out->n_merges = m->n;
    return BPEMIX_OK;
}

bpemix_status bmx_train_write_json(const bmx_merge_list *m, const bmx_train_rule *rule,
                                   const bmx_json *file, bmx_buf *out, bpemix_error *err)
{
    bmx_tokenizer_file f = { 0 };
    storage own = { 0 };
    bpemix_status st = take_text_rules(rule, file, &f, &own, err);

    if (!st && !(st = take_list(m, &f, &own, err)))
        st = bmx_tokenizer_file_write(&f, out, err);
    storage_release(&own);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* findings.c - runs the single findings, and turns them into facts and warnings. */
#include "findings/findings.h"
#include "base/escape.h"
#include "base/utf8.h"
#include "split/unicode_script.h"
#include "split/normalize.h"
#include "split/pretokenize.h"
#include "split/rule.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- tokens that the pre-tokenizer would cut ---- */

typedef struct pretoken_sink {
    size_t n, first_len;
} pretoken_sink;

static bpemix_status count_pretoken(void *ctx, bmx_slice pretoken, bpemix_error *err)
{
    pretoken_sink *s = ctx;

    (void)err;
    if (s->n++ == 0)
        s->first_len = pretoken.len;
    return BPEMIX_OK;
}

static bool splits_text(const bpemix_tokenizer *tok)
{
    return tok->pretokenizer_known && tok->trained.pretokenizer.n > 0;
}

/* A spec for tokens instead of text: nothing is put in front of them. */
static bpemix_status find_cut(const bpemix_tokenizer *tok, bmx_findings *f, bpemix_error *err)
{
    bmx_pretokenizer_spec spec = tok->trained.pretokenizer;
    bmx_pretokenizer *pre = NULL;
    bmx_pretokenizer_scratch *scratch = NULL;
    bpemix_status st = BPEMIX_OK;

    if (!splits_text(tok))
        return BPEMIX_OK;
    spec.step = bmx_malloc(spec.n, sizeof *spec.step);
    if (!spec.step)
        return bmx_nomem(err);
    for (size_t i = 0; i < spec.n; i++) {
        spec.step[i] = tok->trained.pretokenizer.step[i]; /* strings stay borrowed */
        spec.step[i].add_prefix_space = false;
        spec.step[i].prepend = BMX_PREPEND_NEVER;
    }
    st = bmx_pretokenizer_new(&spec, tok->vocab.alphabet == BMX_ALPHABET_BYTE, BMX_ENGINE_AUTO,
                              &pre, err);
    if (st)
        bmx_at(err, st, "%s", tok->path);
    if (!st)
        st = bmx_pretokenizer_scratch_new(pre, &scratch, err);
    for (uint32_t t = 0; t < tok->trained.n_merges && !st; t++) {
        bmx_slice text = bmx_product_bare(tok, t);
        pretoken_sink sink = { 0 };
        if (tok->trained.merge[t].flags & BMX_MERGE_REPEATED || !bmx_utf8_valid(text))
            continue;
        st = bmx_pretokenize(pre, scratch, text, count_pretoken, &sink, err);
        if (st || sink.n < 2)
            continue;
        st = bmx_reserve(&f->cut, &f->cut_cap, f->n_cut + 1, sizeof *f->cut, err);
        if (!st)
            f->cut[f->n_cut++] = (bmx_cut_token){ .merge = t, .at = (uint32_t)sink.first_len };
    }
    f->cut_known = !st;
    bmx_pretokenizer_scratch_free(scratch);
    bmx_pretokenizer_free(pre);
    bmx_free(spec.step);
    return st;
}

/* ---- text unit and scripts ---- */

static void find_text_unit(const bpemix_tokenizer *tok, bmx_findings *f)
{
    for (uint32_t t = 0; t < tok->trained.n_merges; t++) {
        bmx_slice s = bmx_product_bare(tok, t);
        const char *nl = s.len ? memchr(s.ptr, '\n', s.len) : NULL;
        f->newline_tokens += nl && nl + 1 < s.ptr + s.len;
    }
    f->text_unit = bmx_text_unit_of(tok, BPEMIX_TEXT_UNIT_AUTO);
}

/* The script of a token is that of its first character that has one of its
 * own; UINT_MAX for bytes that are no character. */
static unsigned script_of_token(bmx_slice s)
{
    unsigned script = BMX_SCRIPT_COMMON;

    for (size_t i = 0; i < s.len;) {
        uint32_t cp;
        unsigned n = bmx_utf8_decode(s.ptr + i, s.len - i, &cp);
        if (!n)
            return UINT32_MAX;
        script = bmx_script_of(cp);
        if (script > BMX_SCRIPT_INHERITED)
            return script;
        i += n;
    }
    return BMX_SCRIPT_COMMON;
}

static int by_tokens(const void *a, const void *b)
{
    const bmx_script_tokens *x = a, *y = b;

    if (x->tokens != y->tokens)
        return x->tokens < y->tokens ? 1 : -1;
    return strcmp(x->name, y->name);
}

static bpemix_status find_scripts(const bpemix_tokenizer *tok, bmx_findings *f, bpemix_error *err)
{
    uint32_t *count = bmx_calloc(bmx_script_count() + 1, sizeof *count);
    bpemix_status st = BPEMIX_OK;

    if (!count)
        return bmx_nomem(err);
    for (uint32_t t = 0; t < tok->trained.n_merges; t++) {
        unsigned s = script_of_token(bmx_product_bare(tok, t));
        count[s < bmx_script_count() ? s : bmx_script_count()]++;
    }
    for (unsigned s = 0; s <= bmx_script_count() && !st; s++) {
        if (!count[s])
            continue;
        st = bmx_reserve(&f->script, &f->scripts_cap, f->n_scripts + 1, sizeof *f->script, err);
        if (!st)
            f->script[f->n_scripts++] = (bmx_script_tokens){
                s < bmx_script_count() ? bmx_script_name(s) : "partial character", count[s]
            };
    }
    if (f->n_scripts)
        qsort(f->script, f->n_scripts, sizeof *f->script, by_tokens);
    bmx_free(count);
    return st;
}

/* ---- all together ---- */

/* ---- lower case ---- */

/* Tokens with small letters that are enough to see that none has a capital one: of 287 trained
 * lists, each of languages, programming languages or both, the first that has one stands behind at
 * most 304 that have none, of 17 published lists behind 74. */
#define ENOUGH_LETTERS 500

/* Does the normalizer leave a capital letter as it is? */
static bpemix_status keeps_capitals(const bpemix_tokenizer *tok, bool *keeps, bpemix_error *err)
{
    bmx_normalizer *n = NULL;
    bmx_buf scratch[2] = { { 0 }, { 0 } };
    bmx_slice out = { 0 };
    bpemix_status st = bmx_normalizer_new(&tok->trained.normalizer, &n, err);

    if (!st && !(st = bmx_normalize(n, bmx_slice_str("Q"), scratch, &out, err)))
        *keeps = out.len && memchr(out.ptr, 'Q', out.len);
    bmx_buf_release(&scratch[0]);
    bmx_buf_release(&scratch[1]);
    bmx_normalizer_free(n);
    return st;
}

static bpemix_status find_case(const bpemix_tokenizer *tok, bmx_findings *f, bpemix_error *err)
{
    uint32_t small = 0;
    bool capital = false;

    for (uint32_t t = 0; t < tok->trained.n_merges && !capital; t++) {
        bmx_slice s = bmx_product_bare(tok, t);
        bool is_small = false;

        for (size_t i = 0; i < s.len; i++) {
            is_small = is_small || (s.ptr[i] >= 'a' && s.ptr[i] <= 'z');
            capital = capital || (s.ptr[i] >= 'A' && s.ptr[i] <= 'Z');
        }
        small += is_small;
    }
    if (capital || small < ENOUGH_LETTERS)
        return BPEMIX_OK;
    return keeps_capitals(tok, &f->lower_case, err);
}

bpemix_status bmx_findings_get(const bpemix_tokenizer *tok, bmx_findings *out, bpemix_error *err)
{
    bmx_findings f = { 0 };
    bpemix_status st = bmx_lineage_find(tok, &bmx_published_lists, &f.lineage, err);

    if (!st)
        st = find_cut(tok, &f, err);
    if (!st)
        st = find_scripts(tok, &f, err);
    if (!st)
        st = find_case(tok, &f, err);
    if (!st)
        st = bmx_reach_find(tok, &f.reach, err);
    if (st) {
        bmx_findings_release(&f);
        return st;
    }
    find_text_unit(tok, &f);
    bmx_ties_measure(tok, &f.ties);
    *out = f;
    return BPEMIX_OK;
}

void bmx_findings_release(bmx_findings *f)
{
    bmx_lineages_release(&f->lineage);
    bmx_free(f->cut);
    bmx_free(f->script);
    bmx_reach_release(&f->reach);
    *f = (bmx_findings){ 0 };
}

/* ---- as facts ---- */

static bpemix_status set(char **field, const char *text, bpemix_error *err)
{
    return !text || (*field = bmx_strdup(text)) ? BPEMIX_OK : bmx_nomem(err);
}

static bpemix_status set_lineage(const bmx_findings *f, bmx_facts *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    out->inherited = f->lineage.inherited;
    if (!(out->lineage = bmx_calloc(f->lineage.n, sizeof *out->lineage)))
        return bmx_nomem(err);
    for (size_t i = 0; i < f->lineage.n && !st; i++) {
        const bmx_lineage *l = &f->lineage.entry[i];
        bmx_facts_lineage *x = &out->lineage[out->n_lineages++];

        x->to = l->to;
        x->exact = l->whole;
        if (!(st = set(&x->of, l->of, err)))
            st = set(&x->less, l->less, err);
    }
    return st;
}

static bpemix_status set_cut(const bpemix_tokenizer *tok, const bmx_findings *f, size_t list,
                             bmx_facts *out, bpemix_error *err)
{
    size_t most = list > 100 ? list : 100;

    out->cut_known = f->cut_known;
    out->n_cut = f->n_cut;
    most = f->n_cut < most ? f->n_cut : most;
    if (!(out->cut = bmx_calloc(most, sizeof *out->cut)))
        return bmx_nomem(err);
    for (size_t i = 0; i < most; i++) {
        bmx_slice s = tok->vocab.tokens.str[tok->trained.merge[f->cut[i].merge].product];
        uint32_t at = f->cut[i].at < s.len ? f->cut[i].at : (uint32_t)s.len;
        bmx_facts_cut *x = &out->cut[out->n_cuts++];

        x->step = f->cut[i].merge;
        x->left = bmx_token_text(bmx_slice_of(s.ptr, at));
        x->right = bmx_token_text(bmx_slice_of(s.ptr + at, s.len - at));
        if (!x->left || !x->right)
            return bmx_nomem(err);
    }
    return BPEMIX_OK;
}

static bpemix_status set_ties(const bmx_ties *t, bmx_facts_ties *out, bpemix_error *err)
{
    bpemix_status st;

    memcpy(out->ascending, t->ascending, sizeof out->ascending);
    out->levels_last_half = t->levels_last_half;
    out->uninformative_from = t->uninformative_from;
    out->last_count = t->last_count;
    out->sample_pairs = t->sample_pairs;
    if (!(st = set(&out->rule, bmx_tie_rule_name(t->rule), err)) && isfinite(t->sample_pairs))
        st = set(&out->assumption,
                 "counts fall steadily, as a power of the step, and by as much as they usually do",
                 err);
    return st;
}

static bpemix_status set_scripts(const bpemix_tokenizer *tok, const bmx_findings *f, bmx_facts *out,
                                 bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (!(out->script = bmx_calloc(f->n_scripts, sizeof *out->script)))
        return bmx_nomem(err);
    for (size_t i = 0; i < f->n_scripts && !st; i++) {
        bmx_facts_script *x = &out->script[out->n_scripts++];

        x->tokens = f->script[i].tokens;
        x->share = (double)f->script[i].tokens / tok->trained.n_merges;
        st = set(&x->script, f->script[i].name, err);
    }
    return st;
}

static bpemix_status warn_of_findings(const bpemix_tokenizer *tok, const bmx_findings *f,
                                      bmx_facts *out, bpemix_error *err)
{
    bpemix_status st = bmx_reach_warn(tok, &f->reach, &out->warning, err);

    for (size_t i = 0; i < f->lineage.n && f->lineage.inherited && !st; i++)
        if (f->lineage.entry[i].to == f->lineage.inherited) {
            const char *less = f->lineage.entry[i].less;

            st = bmx_texts_take(&out->warning,
                                bmx_asprintf("the first %" PRIu32
                                             " merges are those of %s%s%s: they tell "
                                             "what that tokenizer was trained on",
                                             f->lineage.inherited, f->lineage.entry[i].of,
                                             less ? " without " : "", less ? less : ""),
                                err);
            break;
        }
    if (!st && f->n_cut) /* a few tokens are odd ones in nearly every list */
        st = bmx_texts_take(
            &out->warning,
            100 * f->n_cut < tok->trained.n_merges
                ? bmx_asprintf("%zu of %" PRIu32 " tokens would be cut by the pre-tokenizer: in "
                               "training it was nearly this one, or they were added otherwise",
                               f->n_cut, tok->trained.n_merges)
                : bmx_asprintf("%zu of %" PRIu32 " tokens would be cut by the pre-tokenizer: it is "
                               "not the one used in training",
                               f->n_cut, tok->trained.n_merges),
            err);
    if (!st && f->lower_case)
        st = bmx_texts_take(&out->warning,
                            bmx_asprintf("no token has a capital letter: it seems that text was in "
                                         "lower case in training, which the file does not say; "
                                         "then give samples in lower case"), err);
    return st;
}

static bpemix_status add_findings(const bpemix_tokenizer *tok, const bmx_findings *f, size_t list,
                                  bmx_facts *out, bpemix_error *err)
{
    size_t most = list > BMX_EXAMPLES ? list : BMX_EXAMPLES;
    bpemix_status st;

    out->found = true;
    out->newline_tokens = f->newline_tokens;
    if ((st = set_lineage(f, out, err)) || (st = set_cut(tok, f, list, out, err)) ||
        (st = set_ties(&f->ties, &out->ties, err)) || (st = set_scripts(tok, f, out, err)) ||
        (st = bmx_reach_facts(tok, &f->reach, most, out, err)) ||
        (st = set(&out->text_unit, f->text_unit == BPEMIX_TEXT_UNIT_DOCUMENT ? "document" : "line",
                  err)))
        return st;
    return warn_of_findings(tok, f, out, err);
}

bpemix_status bmx_findings_facts(const bpemix_tokenizer *tok, const bmx_findings *f, size_t list,
                                 bmx_facts *out, bpemix_error *err)
{
    bmx_findings own = { 0 };
    bmx_facts facts;
    bpemix_status st = BPEMIX_OK;

    bmx_facts_init(&facts);
    if (!f) {
        st = bmx_findings_get(tok, &own, err);
        f = &own;
    }
    if (!st)
        st = bmx_tokenizer_facts(tok, list, &facts, err);
    if (!st)
        st = add_findings(tok, f, list, &facts, err);
    bmx_findings_release(&own);
    if (st) {
        bmx_facts_release(&facts);
        return st;
    }
    *out = facts;
    return BPEMIX_OK;
}

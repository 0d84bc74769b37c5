/* SPDX-License-Identifier: GPL-3.0-or-later */
/* count.c - samples to trace: words, replay, and what solve needs to know. */
#include "findings/findings.h"
#include "replay/pool.h"
#include "replay/replay.h"
#include "words/count.h"

/* Options that decided the counts, with the values that "auto" stood for. */
static bpemix_status record_options(const bmx_text_rule *rule, const bpemix_count_opts *o,
                                    uint32_t n_merges, bmx_values *v, bpemix_error *err)
{
    static const char *const invalid[] = { "auto", "keep", "replace", "refuse" };
    bpemix_status st;

    if ((st = bmx_values_put_uint(v, "max_bytes", o->max_bytes, err)) ||
        (st = bmx_values_put_text(v, "text_unit", rule->lines ? "line" : "document", err)) ||
        (st = bmx_values_put_text(v, "invalid", invalid[rule->invalid], err)) ||
        (st = bmx_values_put_bool(v, "jsonl", o->jsonl, err)) ||
        (st = bmx_values_put_text(v, "field", o->field ? o->field : "text", err)) ||
        (st = bmx_values_put_uint(v, "folds", o->folds, err)))
        return st;
    return bmx_values_put_uint(v, "merges", n_merges, err);
}

/* The warnings of counting go with the counts, so that solving can pass them on. */
static bpemix_status record_warnings(const bmx_words *words, size_t n, bmx_values *v,
                                     bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < words[i].warning.n && !st; k++)
            if (bmx_values_get(v, BMX_TEXT_WARNINGS) ||
                !(st = bmx_values_put_list(v, BMX_TEXT_WARNINGS, err)))
                st = bmx_values_push(v, BMX_TEXT_WARNINGS, bmx_slice_str(words[i].warning.text[k]),
                                     err);
    return st;
}

/* The findings about the list decide later how its merges are used. */
static bpemix_status describe(const bpemix_tokenizer *tok, bpemix_trace *tr, bpemix_error *err)
{
    bmx_findings f = { 0 };
    bpemix_status st = bmx_findings_get(tok, &f, err);

    if (!st)
        st = bmx_findings_facts(tok, &f, 0, &tr->facts, err);
    for (size_t i = 0; i < f.n_cut && !st; i++)
        if (f.cut[i].merge < tr->n_merges)
            tr->merge[f.cut[i].merge].flags |= BMX_MERGE_CUT;
    bmx_findings_release(&f);
    return st;
}

bpemix_status bmx_count(const bpemix_tokenizer *tok, const bpemix_category *cats, size_t n,
                           const bpemix_count_opts *opts, bpemix_trace **out, bpemix_error *err)
{
    bpemix_count_opts o = opts ? *opts : (bpemix_count_opts){ 0 };
    uint32_t n_merges = o.merges && o.merges < tok->trained.n_merges ? o.merges
                                                                     : tok->trained.n_merges;
    bmx_progress progress = { .fn = o.progress, .ctx = o.progress_ctx };
    bmx_text_rule rule;
    bpemix_trace *tr = NULL;
    bmx_words *words = NULL;
    /* too many folds are refused by bmx_words_count() */
    size_t folds = o.folds && o.folds <= BMX_MAX_FOLDS ? o.folds : 1;
    size_t n_words = (n + (o.n_other > 0)) * folds;
    bpemix_status st;

    if ((st = bmx_tokenizer_need_merges(tok, err)) ||
        (st = bmx_text_rule_of(tok, o.text_unit, o.invalid, &rule, err)))
        return st;
    if (!(words = bmx_calloc(n_words, sizeof *words)))
        st = bmx_nomem(err);
    if (!st)
        st = bmx_words_count(&rule, cats, n, &o, words, err);
    if (!st && o.n_other)
        st = bmx_pool_count(&rule, cats, n, &o, words + n * folds, err);
    if (!st)
        st = bmx_replay(tok, words, n_words,
                        &(bmx_replay_opts){ n_merges, o.n_threads, &progress }, &tr, err);
    if (!st && !(st = record_options(&rule, &o, n_merges, &tr->options, err)))
        st = record_warnings(words, n_words, &tr->options, err);
    if (!st)
        st = bmx_pool_record(&o, &tr->options, err);
    for (size_t i = 0; words && i < n_words; i++)
        bmx_words_release(&words[i]);
    bmx_free(words);
    if (!st)
        st = describe(tok, tr, err);
    if (st) {
        bmx_trace_free(tr);
        return st;
    }
    *out = tr;
    return BPEMIX_OK;
}

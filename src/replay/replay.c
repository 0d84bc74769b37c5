/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay.c - blocks of words, replayed on several threads, become a trace. */
#include "replay/replay.h"
#include "base/assert.h"
#include "base/threads.h"
#include "replay/aggregate.h"
#include "replay/rivals.h"
#include "replay/word_union.h"

#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

/* ---- replaying, in blocks of words ---- */

/* Words a task: a few milliseconds of work (GPT-2's first 20,000 merges take 0.5 s for 300,000
 * words), so that threads finish at about the same time and progress is told often.  A
 * judgement. */
#define BLOCK 2048

typedef struct worker {
    bmx_apply apply;
    bmx_aggregate aggregate;
    uint32_t *symbol;
    size_t symbol_cap;
} worker;

typedef struct job {
    const bpemix_tokenizer *tok;
    const bmx_word_union *w;
    const bmx_ranks *ranks;
    worker *worker;
    atomic_size_t done; /* words */
    bmx_progress *progress;
} job;

/* Worker 0 is the calling thread and the only one that reports. */
static bpemix_status report(job *j, bpemix_error *err)
{
    if (!bmx_progress_due(j->progress))
        return BPEMIX_OK;
    return bmx_progress_tell(j->progress,
                             &(bpemix_progress){ .stage = "replay", .unit = "words",
                                                 .done = atomic_load(&j->done), .total = j->w->n,
                                                 .bound = NAN, .gap = NAN }, err);
}

static bpemix_status replay_word(const job *j, worker *w, uint32_t word, bpemix_error *err)
{
    bmx_slice text = j->w->text[word];
    bpemix_status st;
    size_t n, start = 0;

    if ((st = bmx_reserve(&w->symbol, &w->symbol_cap, text.len, sizeof *w->symbol, err)))
        return st;
    n = bmx_tokenizer_symbols(j->tok, text, w->symbol);
    for (size_t i = 0; i <= n; i++) {
        if (i < n && w->symbol[i] != BMX_NONE)
            continue;
        if ((st = bmx_aggregate_initial(&w->aggregate, w->symbol + start, i - start, word, err)) ||
            (st = bmx_apply_word(&w->apply, j->ranks, w->symbol + start, i - start, word,
                                 &w->aggregate.hits, err)))
            return st;
        start = i + 1;
    }
    return BPEMIX_OK;
}

static bpemix_status replay_block(void *ctx, size_t task, unsigned index, bpemix_error *err)
{
    job *j = ctx;
    worker *w = &j->worker[index];
    size_t end = (task + 1) * BLOCK < j->w->n ? (task + 1) * BLOCK : j->w->n;
    bpemix_status st = BPEMIX_OK;

    for (size_t i = task * BLOCK; i < end && !st; i++)
        if (j->w->postings.first[i] < j->w->postings.first[i + 1])
            st = replay_word(j, w, (uint32_t)i, err);
    atomic_fetch_add(&j->done, end - task * BLOCK);
    return !st && index == 0 ? report(j, err) : st;
}

/* ---- the trace ---- */

static bpemix_status copy_tokens(bpemix_trace *tr, const bpemix_tokenizer *tok, bpemix_error *err)
{
    bpemix_status st;

    if (tok->vocab.tokens.n >= BMX_SYMBOL_PREFIX)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than %u tokens",
                        BMX_SYMBOL_PREFIX - 1);
    if ((st = bmx_trace_set_tokens(tr, tok->vocab.tokens.str, tok->vocab.tokens.n, err)))
        return st;
    if (tok->vocab.subword_prefix.len > BMX_LONGEST_PREFIX ||
        tok->vocab.word_suffix.len > BMX_LONGEST_SUFFIX)
        return bmx_fail(err, BPEMIX_E_BUG, "", "word marks are too long");
    return bmx_trace_set_marks(tr, tok->vocab.subword_prefix, tok->vocab.word_suffix, err);
}

static bpemix_status copy_merges(bpemix_trace *tr, const bpemix_tokenizer *tok, uint32_t n,
                                 bpemix_error *err)
{
    tr->n_merges = n;
    tr->merge = bmx_malloc(n, sizeof *tr->merge);
    tr->merge_pair = bmx_malloc(n, sizeof *tr->merge_pair);
    if (!tr->merge || !tr->merge_pair)
        return bmx_nomem(err);
    if (n)
        memcpy(tr->merge, tok->trained.merge, n * sizeof *tr->merge);
    for (uint32_t t = 0; t < n; t++)
        if (tr->merge[t].left >= tr->n_tokens || tr->merge[t].right >= tr->n_tokens ||
            tr->merge[t].product >= tr->n_tokens)
            return bmx_fail(err, BPEMIX_E_BUG, "", "T2: merge %u has no token", t);
    memcpy(tr->digest, tok->digest, sizeof tr->digest);
    return BPEMIX_OK;
}

static bpemix_status copy_categories(bpemix_trace *tr, const bmx_words *cat, size_t n,
                                     bpemix_error *err)
{
    if (!(tr->cat = bmx_calloc(n, sizeof *tr->cat)))
        return bmx_nomem(err);
    tr->n_cats = n;
    tr->n_folds = cat[0].n_folds;
    if (tr->n_folds && n % tr->n_folds)
        return bmx_fail(err, BPEMIX_E_BUG, "", "R4: %zu tallies of %u folds", n, tr->n_folds);
    for (size_t c = 0; c < n; c++) {
        bmx_trace_category *to = &tr->cat[c];
        bpemix_status st;

        to->bytes = cat[c].bytes;
        to->documents = cat[c].documents;
        to->pretokens = cat[c].pretokens;
        to->invalid_bytes = cat[c].invalid_bytes;
        if (!(to->name = bmx_strdup(cat[c].name)))
            return bmx_nomem(err);
        if ((st = bmx_trace_add_inputs(to, cat[c].input, cat[c].n_inputs, err)))
            return st;
    }
    return BPEMIX_OK;
}

/* N_i of every tally; a category without pairs would have no share. */
static bpemix_status add_pairs(bpemix_trace *tr, const job *j, unsigned n_threads,
                               bpemix_error *err)
{
    size_t folds = bmx_trace_tallies(tr);
    uint64_t pairs = 0, pretokens = 0;

    for (size_t c = 0; c < tr->n_cats; c++) {
        char q[80];

        if (c % folds == 0)
            pairs = pretokens = 0;
        for (unsigned i = 0; i < n_threads; i++)
            if (__builtin_add_overflow(tr->cat[c].pairs, j->worker[i].aggregate.pairs[c],
                                       &tr->cat[c].pairs) ||
                tr->cat[c].pairs > INT64_MAX)
                return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "",
                                "more than 2^63 pairs in one category");
        if (__builtin_add_overflow(pairs, tr->cat[c].pairs, &pairs) || pairs > INT64_MAX)
            return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 2^63 pairs in one category");
        pretokens += tr->cat[c].pretokens;
        if (pairs || (c + 1) % folds)
            continue;
        bmx_quote(q, sizeof q, tr->cat[c].name, strlen(tr->cat[c].name));
        if (pretokens)
            return bmx_fail_hint(err, BPEMIX_E_EMPTY, "",
                                 "check that its text is of a kind the tokenizer was made for",
                                 "category %s has no pairs: %s single symbol%s", q,
                                 pretokens > 1 ? "all of its words are" : "its only word is a",
                                 pretokens > 1 ? "s" : "");
        return bmx_fail_hint(err, BPEMIX_E_EMPTY, "", "give it text, or leave it out",
                             "category %s has no pairs: it has no text", q);
    }
    return BPEMIX_OK;
}

static bpemix_status check_tallies(size_t n_tallies, bpemix_error *err)
{
    BMX_ASSERT(n_tallies > 0); /* whoever names categories has checked them */
    if (n_tallies >= BMX_MAX_CATEGORIES)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "%zu categories, or folds of them",
                        n_tallies);
    return BPEMIX_OK;
}

bpemix_status bmx_replay(const bpemix_tokenizer *tok, const bmx_words *words, size_t n_tallies,
                         const bmx_replay_opts *opts, bpemix_trace **out, bpemix_error *err)
{
    bmx_word_union w = { 0 };
    bpemix_status st = check_tallies(n_tallies, err);

    if (!st && !(st = bmx_word_union_make(words, n_tallies, bmx_thread_count(opts->n_threads), &w,
                                          err)))
        st = bmx_replay_union(tok, words, n_tallies, &w, opts, out, err);
    bmx_word_union_release(&w);
    return st;
}

bpemix_status bmx_replay_union(const bpemix_tokenizer *tok, const bmx_words *words,
                               size_t n_tallies, const bmx_word_union *w,
                               const bmx_replay_opts *opts, bpemix_trace **out, bpemix_error *err)
{
    bmx_ranks ranks = { 0 };
    job j = { .tok = tok, .w = w, .ranks = &ranks, .progress = opts->progress };
    uint32_t n_merges = opts->n_merges;
    unsigned n_threads = bmx_thread_count(opts->n_threads);
    bpemix_trace *tr = NULL;
    bmx_aggregate *aggregate = NULL;
    size_t n_blocks;
    bpemix_status st;

    if ((st = check_tallies(n_tallies, err)))
        return st;
    if (!n_merges || n_merges > tok->trained.n_merges)
        n_merges = tok->trained.n_merges;
    if (!(tr = bmx_calloc(1, sizeof *tr))) {
        st = bmx_nomem(err);
        goto done;
    }
    if ((st = copy_tokens(tr, tok, err)) || (st = copy_merges(tr, tok, n_merges, err)) ||
        (st = copy_categories(tr, words, n_tallies, err)) ||
        (st = bmx_ranks_init(&ranks, tr->merge, n_merges, err)))
        goto done;
    n_blocks = (w->n + BLOCK - 1) / BLOCK;
    if (n_threads > n_blocks)
        n_threads = n_blocks ? (unsigned)n_blocks : 1;
    j.worker = bmx_calloc(n_threads, sizeof *j.worker);
    aggregate = bmx_calloc(n_threads, sizeof *aggregate);
    if (!j.worker || !aggregate) {
        st = bmx_nomem(err);
        goto done;
    }
    for (unsigned i = 0; i < n_threads; i++)
        if ((st = bmx_aggregate_init(&j.worker[i].aggregate, &w->postings, n_merges, n_tallies,
                                     n_threads, err)))
            goto done;
    if ((st = bmx_parallel(n_threads, n_blocks, replay_block, &j, err)) ||
        (st = add_pairs(tr, &j, n_threads, err)))
        goto done;
    for (unsigned i = 0; i < n_threads; i++) {
        aggregate[i] = j.worker[i].aggregate;
        j.worker[i].aggregate = (bmx_aggregate){ 0 };
    }
    if ((st = bmx_aggregate_finish(aggregate, n_threads, n_threads, tr, err)) ||
        (st = bmx_trace_index_merges(tr, err)) || (st = bmx_rivals_mark(tr, tok, err)))
        goto done;
    *out = tr;
    tr = NULL;
done:
    for (unsigned i = 0; j.worker && i < n_threads; i++) {
        bmx_apply_release(&j.worker[i].apply);
        bmx_aggregate_release(&j.worker[i].aggregate);
        bmx_free(j.worker[i].symbol);
        if (aggregate)
            bmx_aggregate_release(&aggregate[i]);
    }
    bmx_free(j.worker);
    bmx_free(aggregate);
    bmx_ranks_release(&ranks);
    bmx_trace_free(tr);
    return st;
}

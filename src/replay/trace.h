/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace.h - counts of all pairs, step by step, per category.
 *
 *   pair[p]           (left, right), sorted by (left, right)
 *   event[first[p] .. first[p+1])   changes of its counts
 *
 * An event (step s, category i, delta d) says: after the first s merges the
 * count of the pair in sample i is d higher than after the first s - 1; s = 0
 * is the count before any merge.  So c[i][p](t) of the paper is the sum of the
 * deltas with step <= t.
 *
 * R1  events of a pair are sorted by (step, category); no two share both.
 * R2  no delta is 0; every running count is >= 0 and <= the category's pairs.
 * R3  merge_pair[t] is the index of the pair of merge t, BMX_NONE when that
 *     pair never occurs in any sample at any step.
 * R4  with folds, categories come n_folds times, one behind the other: cat[c] is
 *     fold c % n_folds of category c / n_folds.  All of them hold its name, the
 *     first one its inputs.  Single folds may be without pairs. */
#ifndef BMX_REPLAY_TRACE_H
#define BMX_REPLAY_TRACE_H

#include "tokenizer/tokenizer.h"
#include "words/words.h"

typedef struct bmx_event {
    uint32_t step, cat;
    int64_t delta;
} bmx_event;

typedef struct bmx_pair {
    uint32_t left, right; /* token ids or BMX_SYMBOL_RAW symbols */
    uint32_t end;         /* competes only at steps < end (trainer's validity and
                             duplicate-product rules); BMX_NONE: always */
    uint32_t merged_at;   /* first merge step of this pair, BMX_NONE: never merged */
} bmx_pair;

typedef struct bmx_trace_category {
    char *name;
    uint64_t bytes, documents;
    uint64_t pretokens;      /* pre-tokens with repetition */
    uint64_t pairs;          /* N_i: adjacent pairs before any merge */
    uint64_t invalid_bytes;
    bmx_input_record *input; /* input[n_inputs] */
    size_t n_inputs, inputs_cap;
} bmx_trace_category;

/* The option that lists the warnings about the text, which differ from shard to shard. */
#define BMX_TEXT_WARNINGS "text_warnings"

struct bpemix_trace {
    bmx_trace_category *cat; /* cat[n_cats] */
    size_t n_cats;
    uint32_t n_folds;        /* 0: categories are whole; R4 */
    uint32_t n_merges;       /* merges replayed; steps are 0 .. n_merges */
    bmx_merge *merge;        /* merge[n_merges] */
    uint32_t *merge_pair;    /* merge_pair[n_merges] */
    bmx_slice *token;        /* token[n_tokens]: strings, in token_bytes */
    char *token_bytes;
    uint32_t n_tokens;
    bmx_slice subword_prefix, word_suffix; /* of the tokenizer, for raw symbols; owned */
    bmx_pair *pair;          /* pair[n_pairs] */
    uint64_t *first;         /* first[n_pairs + 1] into event */
    size_t n_pairs;
    bmx_event *event;        /* event[n_events] */
    uint64_t n_events;
    char digest[65];         /* of the whole merge list */
    bmx_facts facts;         /* what is known of the tokenizer */
    bmx_values options;      /* that decided the counts, and BMX_TEXT_WARNINGS; empty: not known */
    char *panel;             /* NULL: the samples are one's own; else, they are a panel's, whose
                                groups these are, as text; owned */
    bool named_panel;        /* it is another one than comes with bpemix */
};

/* Entries of cat that a category has: its folds, or one. */
static inline uint32_t bmx_trace_tallies(const bpemix_trace *tr)
{
    return tr->n_folds ? tr->n_folds : 1;
}

/* Text of a symbol, as bmx_symbol_text(), from the trace alone. */
bmx_slice bmx_trace_symbol_text(const bpemix_trace *tr, uint32_t symbol, char buf[64]);

/* The text of a merge's product, without marks of its place in a word (CLIP's "</w>"), which are no
 * text. */
bmx_slice bmx_trace_product(const bpemix_trace *tr, uint32_t step);

void bmx_trace_free(bpemix_trace *tr);

/* For those who build a trace: copy token[n]; copy the word marks; append copies of
 * records to a category's; derive merge_pair and merged_at (R3) from merge and pair. */
bpemix_status bmx_trace_set_tokens(bpemix_trace *tr, const bmx_slice *token, size_t n,
                                   bpemix_error *err);
bpemix_status bmx_trace_set_marks(bpemix_trace *tr, bmx_slice prefix, bmx_slice suffix,
                                  bpemix_error *err);
bpemix_status bmx_trace_set_panel(bpemix_trace *tr, const char *groups, bool named,
                                  bpemix_error *err);
bpemix_status bmx_trace_add_inputs(bmx_trace_category *cat, const bmx_input_record *record,
                                   size_t n, bpemix_error *err);
bpemix_status bmx_trace_index_merges(bpemix_trace *tr, bpemix_error *err);

/* The events of merge t are needed next, then those of the merges behind it, which lie far apart:
 * those are fetched.  Always inline: gcc drops calls that only fetch. */
static inline __attribute__((always_inline)) void bmx_trace_fetch_ahead(const bpemix_trace *tr,
                                                                        uint32_t t)
{
    enum { NEAR = 8, FAR = 16 };
    size_t near = (size_t)t + NEAR, far = (size_t)t + FAR;

    if (far < tr->n_merges && tr->merge_pair[far] != BMX_NONE)
        __builtin_prefetch(&tr->first[tr->merge_pair[far]]);
    if (near < tr->n_merges && tr->merge_pair[near] != BMX_NONE)
        __builtin_prefetch(&tr->event[tr->first[tr->merge_pair[near]]]);
}

/* Serialize to / parse from memory: the format of bpemix-trace(5).  `where`
 * names the file in messages. */
bpemix_status bmx_trace_write(const bpemix_trace *tr, bmx_buf *out, bpemix_error *err);
bpemix_status bmx_trace_read(const char *where, bmx_slice data, bpemix_trace **out,
                             bpemix_error *err);

/* The same to a file, which appears whole or not at all, and from n files, added up. */
bpemix_status bmx_trace_save(const bpemix_trace *trace, const char *path, bpemix_error *err);
bpemix_status bmx_trace_load(const char *const *paths, size_t n, bpemix_trace **out,
                             bpemix_error *err);

/* Sum of n traces, which stay the caller's: same-named categories add up.
 * names[n] are the traces' files, for messages. */
bpemix_status bmx_trace_sum(const bpemix_trace *const *traces, const char *const *names, size_t n,
                            bpemix_trace **out, bpemix_error *err);

#endif

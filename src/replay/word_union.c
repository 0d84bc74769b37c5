/* SPDX-License-Identifier: GPL-3.0-or-later */
/* word_union.c - the vocabulary union, in ranges on several threads.
 *
 * The words of each category, in byte order, are divided into ranges at the same places, so that no
 * word is in two ranges:
 *
 *   category 0   a ... | ho ... | tu ...
 *   category 1   b ... | hu ... | to ...
 *                range 0  range 1   range 2
 *
 * A range fits a cache, and each is processed twice by some thread: first its words are numbered in
 * order of first appearance; then, when all ranges are counted, their postings are written where
 * they belong.  Words that are not in byte order are a single range.
 *
 *   start[c][p] .. start[c][p + 1)   words of category c in range p
 *   id[base[c] + i]              number, in its range, of word i of category c */
#include "replay/word_union.h"
#include "base/assert.h"
#include "base/threads.h"

#include <stdlib.h>
#include <string.h>

/* Words of a range, with repetition, so that it fits a second-level cache, and the most ranges,
 * which bounds the table of starts.  Judgements. */
#define RANGE_WORDS 16384
#define MOST_RANGES 4096

typedef struct range {
    size_t n;                 /* words, with repetition */
    size_t n_words, n_counts; /* distinct ones; of all, those that occur */
    size_t first_word, first_count;
} range;

/* Memory of one thread, for the largest range. */
typedef struct worker {
    uint64_t *slot;  /* hash tag << 32 | number + 1; 0: empty */
    bmx_slice *text; /* by number */
    size_t *next;    /* by number: counts, then places */
} worker;

typedef struct job {
    const bmx_words *cat;
    size_t n_cats, n_ranges;
    bmx_slice *splitter; /* splitter[n_ranges - 1]: first words of ranges but the first */
    size_t *base, *start;
    uint32_t *id;
    range *range;
    size_t largest; /* words of a range */
    unsigned n_workers;
    worker *worker; /* worker[n_workers] */
    bmx_word_union *out;
} job;

void bmx_word_union_release(bmx_word_union *w)
{
    bmx_free(w->text);
    bmx_free(w->postings.cat);
    bmx_free(w->postings.count);
    bmx_free(w->postings.first);
    *w = (bmx_word_union){ 0 };
}

/* ---- dividing ---- */

static int compare(const void *x, const void *y)
{
    return bmx_slice_cmp(*(const bmx_slice *)x, *(const bmx_slice *)y);
}

/* Parts of about the same size, by a sample of the words. */
static bpemix_status choose_splitters(job *j, size_t total, bpemix_error *err)
{
    enum { SAMPLES = 8 }; /* of each range, whose size then varies by about 1 / sqrt(8) */
    size_t step = total / (j->n_ranges * SAMPLES), n = 0;
    bmx_slice *sample;

    j->splitter = bmx_malloc(j->n_ranges, sizeof *j->splitter);
    sample = bmx_malloc(total / step + j->n_cats, sizeof *sample);
    if (!j->splitter || !sample) {
        bmx_free(sample);
        return bmx_nomem(err);
    }
    for (size_t c = 0, i = 0; c < j->n_cats; c++) {
        for (; i < j->cat[c].word.n; i += step)
            sample[n++] = j->cat[c].word.str[i];
        i -= j->cat[c].word.n;
    }
    qsort(sample, n, sizeof *sample, compare);
    for (size_t p = 1; p < j->n_ranges; p++)
        j->splitter[p - 1] = sample[n * p / j->n_ranges];
    bmx_free(sample);
    return BPEMIX_OK;
}

static bpemix_status divide_category(void *ctx, size_t c, unsigned index, bpemix_error *err)
{
    job *j = ctx;
    const bmx_slice *word = j->cat[c].word.str;
    size_t *start = j->start + c * (j->n_ranges + 1);

    (void)index, (void)err;
    start[0] = 0;
    for (size_t p = 1; p < j->n_ranges; p++) {
        size_t lo = start[p - 1], hi = j->cat[c].word.n;

        while (lo < hi) {
            size_t mid = lo + (hi - lo) / 2;
            if (bmx_slice_cmp(word[mid], j->splitter[p - 1]) < 0)
                lo = mid + 1;
            else
                hi = mid;
        }
        start[p] = lo;
    }
    start[j->n_ranges] = j->cat[c].word.n;
    return BPEMIX_OK;
}

static bpemix_status divide(job *j, size_t total, unsigned n_threads, bpemix_error *err)
{
    bool in_order = true;
    bpemix_status st;

    for (size_t c = 0; c < j->n_cats; c++)
        in_order = in_order && (j->cat[c].in_order || j->cat[c].word.n < 2);
    j->n_ranges = in_order ? total / RANGE_WORDS + 1 : 1;
    if (j->n_ranges > MOST_RANGES)
        j->n_ranges = MOST_RANGES;
    j->base = bmx_malloc(j->n_cats, sizeof *j->base);
    j->start = bmx_malloc(j->n_cats * (j->n_ranges + 1), sizeof *j->start);
    j->id = bmx_malloc(total, sizeof *j->id);
    j->range = bmx_calloc(j->n_ranges, sizeof *j->range);
    if (!j->base || !j->start || !j->id || !j->range)
        return bmx_nomem(err);
    if ((j->n_ranges > 1 && (st = choose_splitters(j, total, err))) ||
        (st = bmx_parallel(n_threads, j->n_cats, divide_category, j, err)))
        return st;
    for (size_t c = 0, sum = 0; c < j->n_cats; sum += j->cat[c++].word.n)
        j->base[c] = sum;
    for (size_t p = 0; p < j->n_ranges; p++) {
        for (size_t c = 0; c < j->n_cats; c++) {
            const size_t *at = j->start + c * (j->n_ranges + 1) + p;
            j->range[p].n += at[1] - at[0];
        }
        if (j->range[p].n > j->largest)
            j->largest = j->range[p].n;
    }
    return BPEMIX_OK;
}

/* ---- numbering ---- */

/* The number of a word, a new one if it has none. */
static inline uint32_t number_of(worker *w, size_t mask, bmx_slice word, size_t *n)
{
    uint64_t hash = bmx_hash64(word.ptr, word.len, 0);
    uint64_t *at = bmx_string_slot(w->slot, mask, w->text, word, hash);

    if (!*at) {
        w->text[(*n)++] = word;
        *at = bmx_string_tag(hash) | *n;
    }
    return (uint32_t)*at - 1;
}

/* Slots of the table for n words: at most half are used. */
static size_t slots_for(size_t n)
{
    size_t n_slots = 64;

    while (n_slots / 2 < n)
        n_slots *= 2;
    return n_slots;
}

static bpemix_status number_range(void *ctx, size_t p, unsigned index, bpemix_error *err)
{
    job *j = ctx;
    worker *w = &j->worker[index];
    range *to = &j->range[p];
    size_t n_slots = slots_for(to->n);

    (void)err;
    memset(w->slot, 0, n_slots * sizeof *w->slot);
    for (size_t c = 0; c < j->n_cats; c++) {
        const size_t *at = j->start + c * (j->n_ranges + 1) + p;
        uint32_t *id = j->id + j->base[c];

        for (size_t i = at[0]; i < at[1]; i++) {
            id[i] = number_of(w, n_slots - 1, j->cat[c].word.str[i], &to->n_words);
            to->n_counts += j->cat[c].count[i] > 0;
        }
    }
    return BPEMIX_OK;
}

/* ---- postings ---- */

static bpemix_status write_postings(void *ctx, size_t p, unsigned index, bpemix_error *err)
{
    job *j = ctx;
    const range *from = &j->range[p];
    size_t *next = j->worker[index].next, known = 0, sum = from->first_count;
    bmx_slice *text = j->out->text + from->first_word;
    bmx_postings *s = &j->out->postings;

    (void)err;
    memset(next, 0, from->n_words * sizeof *next);
    for (size_t c = 0; c < j->n_cats; c++) {
        const size_t *at = j->start + c * (j->n_ranges + 1) + p;
        const uint32_t *id = j->id + j->base[c];

        for (size_t i = at[0]; i < at[1]; i++) {
            if (id[i] == known)
                text[known++] = j->cat[c].word.str[i];
            next[id[i]] += j->cat[c].count[i] > 0;
        }
    }
    for (size_t k = 0; k < from->n_words; k++) {
        size_t n = next[k];
        s->first[from->first_word + k] = next[k] = sum;
        sum += n;
    }
    for (size_t c = 0; c < j->n_cats; c++) {
        const size_t *at = j->start + c * (j->n_ranges + 1) + p;
        const uint32_t *id = j->id + j->base[c];

        for (size_t i = at[0]; i < at[1]; i++)
            if (j->cat[c].count[i]) {
                size_t k = next[id[i]]++;
                s->cat[k] = (uint32_t)c;
                s->count[k] = j->cat[c].count[i];
                BMX_ASSERT(k == s->first[from->first_word + id[i]] || s->cat[k - 1] < c); /* U1 */
            }
    }
    for (size_t k = 1; k < from->n_words; k++)
        BMX_ASSERT(next[k - 1] == s->first[from->first_word + k]);
    return BPEMIX_OK;
}

static bpemix_status run(job *j, unsigned n_threads, bpemix_error *err)
{
    bmx_word_union *out = j->out;
    size_t total = 0, n_counts = 0;
    bpemix_status st;

    for (size_t c = 0; c < j->n_cats; c++)
        total += j->cat[c].word.n;
    if (total >= BMX_NONE)
        return bmx_with_param(err,
                              bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, "", "use smaller samples",
                                            "%zu distinct words are too many", total),
                              "max_bytes");
    if ((st = divide(j, total, n_threads, err)))
        return st;
    j->n_workers = n_threads < j->n_ranges ? n_threads : (unsigned)j->n_ranges;
    if (!(j->worker = bmx_calloc(j->n_workers, sizeof *j->worker)))
        return bmx_nomem(err);
    for (unsigned i = 0; i < j->n_workers; i++) {
        worker *w = &j->worker[i];

        w->slot = bmx_calloc_table(slots_for(j->largest), sizeof *w->slot);
        w->text = bmx_malloc(j->largest, sizeof *w->text);
        w->next = bmx_malloc(j->largest, sizeof *w->next);
        if (!w->slot || !w->text || !w->next)
            return bmx_nomem(err);
    }
    if ((st = bmx_parallel(j->n_workers, j->n_ranges, number_range, j, err)))
        return st;
    for (size_t p = 0; p < j->n_ranges; p++) {
        j->range[p].first_word = out->n;
        j->range[p].first_count = n_counts;
        out->n += j->range[p].n_words;
        n_counts += j->range[p].n_counts;
    }
    out->text = bmx_malloc(out->n, sizeof *out->text);
    out->postings.first = bmx_malloc(out->n + 1, sizeof *out->postings.first);
    out->postings.cat = bmx_malloc(n_counts, sizeof *out->postings.cat);
    out->postings.count = bmx_malloc(n_counts, sizeof *out->postings.count);
    if (!out->text || !out->postings.first || !out->postings.cat || !out->postings.count)
        return bmx_nomem(err);
    out->postings.first[out->n] = n_counts;
    return bmx_parallel(j->n_workers, j->n_ranges, write_postings, j, err);
}

bpemix_status bmx_word_union_make(const bmx_words *cat, size_t n_cats, unsigned n_threads,
                                  bmx_word_union *out, bpemix_error *err)
{
    job j = { .cat = cat, .n_cats = n_cats, .out = out };
    bpemix_status st = run(&j, n_threads, err);

    if (st)
        bmx_word_union_release(out);
    for (unsigned i = 0; j.worker && i < j.n_workers; i++) {
        bmx_free(j.worker[i].slot);
        bmx_free(j.worker[i].text);
        bmx_free(j.worker[i].next);
    }
    bmx_free(j.worker);
    bmx_free(j.splitter);
    bmx_free(j.base);
    bmx_free(j.start);
    bmx_free(j.id);
    bmx_free(j.range);
    return st;
}

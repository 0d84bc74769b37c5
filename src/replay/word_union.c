/* SPDX-License-Identifier: GPL-3.0-or-later */
/* word_union.c - the vocabulary union, in parts on several threads.
 *
 * Categories in byte order are cut at the same words into parts, whose words have
 * nothing in common with those of other parts:
 *
 *   category 0   a ... | ho ... | tu ...
 *   category 1   b ... | hu ... | to ...
 *                part 0  part 1   part 2
 *
 * A part fits a cache, and threads take one after the other, twice: words are
 * numbered within the part, in order of first appearance; then, when all parts are
 * counted, their postings are written where they belong.  Words in no order are one part.
 *
 *   cut[c][p] .. cut[c][p + 1)   words of category c in part p
 *   id[base[c] + i]              number, in its part, of word i of category c */
#include "replay/word_union.h"
#include "base/threads.h"

#include <stdlib.h>
#include <string.h>

/* Words of a part, with repetition, so that it fits a second-level cache, and the most parts, which
 * bounds the table of cuts.  Judgements. */
#define PART_WORDS 16384
#define MOST_PARTS 4096

typedef struct part {
    size_t n;                 /* words, with repetition */
    size_t n_words, n_counts; /* distinct ones; of all, those that occur */
    size_t first_word, first_count;
} part;

/* Memory of one thread, for the largest part. */
typedef struct worker {
    uint64_t *slot;  /* hash tag << 32 | number + 1; 0: empty */
    bmx_slice *text; /* by number */
    size_t *next;    /* by number: counts, then places */
} worker;

typedef struct job {
    const bmx_words *cat;
    size_t n_cats, n_parts;
    bmx_slice *splitter; /* splitter[n_parts - 1]: first words of parts but the first */
    size_t *base, *cut;
    uint32_t *id;
    part *part;
    size_t largest; /* words of a part */
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

/* ---- cutting ---- */

static int compare(const void *x, const void *y)
{
    return bmx_slice_cmp(*(const bmx_slice *)x, *(const bmx_slice *)y);
}

/* Parts of about the same size, by a sample of the words. */
static bpemix_status choose_splitters(job *j, size_t total, bpemix_error *err)
{
    enum { SAMPLES = 8 }; /* of each part, whose size then varies by about 1 / sqrt(8) */
    size_t step = total / (j->n_parts * SAMPLES), n = 0;
    bmx_slice *sample;

    j->splitter = bmx_malloc(j->n_parts, sizeof *j->splitter);
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
    for (size_t p = 1; p < j->n_parts; p++)
        j->splitter[p - 1] = sample[n * p / j->n_parts];
    bmx_free(sample);
    return BPEMIX_OK;
}

static bpemix_status cut_category(void *ctx, size_t c, unsigned index, bpemix_error *err)
{
    job *j = ctx;
    const bmx_slice *word = j->cat[c].word.str;
    size_t *cut = j->cut + c * (j->n_parts + 1);

    (void)index, (void)err;
    cut[0] = 0;
    for (size_t p = 1; p < j->n_parts; p++) {
        size_t lo = cut[p - 1], hi = j->cat[c].word.n;

        while (lo < hi) {
            size_t mid = lo + (hi - lo) / 2;
            if (bmx_slice_cmp(word[mid], j->splitter[p - 1]) < 0)
                lo = mid + 1;
            else
                hi = mid;
        }
        cut[p] = lo;
    }
    cut[j->n_parts] = j->cat[c].word.n;
    return BPEMIX_OK;
}

static bpemix_status cut(job *j, size_t total, unsigned n_threads, bpemix_error *err)
{
    bool in_order = true;
    bpemix_status st;

    for (size_t c = 0; c < j->n_cats; c++)
        in_order = in_order && (j->cat[c].in_order || j->cat[c].word.n < 2);
    j->n_parts = in_order ? total / PART_WORDS + 1 : 1;
    if (j->n_parts > MOST_PARTS)
        j->n_parts = MOST_PARTS;
    j->base = bmx_malloc(j->n_cats, sizeof *j->base);
    j->cut = bmx_malloc(j->n_cats * (j->n_parts + 1), sizeof *j->cut);
    j->id = bmx_malloc(total, sizeof *j->id);
    j->part = bmx_calloc(j->n_parts, sizeof *j->part);
    if (!j->base || !j->cut || !j->id || !j->part)
        return bmx_nomem(err);
    if ((j->n_parts > 1 && (st = choose_splitters(j, total, err))) ||
        (st = bmx_parallel(n_threads, j->n_cats, cut_category, j, err)))
        return st;
    for (size_t c = 0, sum = 0; c < j->n_cats; sum += j->cat[c++].word.n)
        j->base[c] = sum;
    for (size_t p = 0; p < j->n_parts; p++) {
        for (size_t c = 0; c < j->n_cats; c++) {
            const size_t *at = j->cut + c * (j->n_parts + 1) + p;
            j->part[p].n += at[1] - at[0];
        }
        if (j->part[p].n > j->largest)
            j->largest = j->part[p].n;
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

static bpemix_status number_part(void *ctx, size_t p, unsigned index, bpemix_error *err)
{
    job *j = ctx;
    worker *w = &j->worker[index];
    part *to = &j->part[p];
    size_t n_slots = slots_for(to->n);

    (void)err;
    memset(w->slot, 0, n_slots * sizeof *w->slot);
    for (size_t c = 0; c < j->n_cats; c++) {
        const size_t *at = j->cut + c * (j->n_parts + 1) + p;
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
    const part *from = &j->part[p];
    size_t *next = j->worker[index].next, known = 0, sum = from->first_count;
    bmx_slice *text = j->out->text + from->first_word;
    bmx_postings *s = &j->out->postings;

    (void)err;
    memset(next, 0, from->n_words * sizeof *next);
    for (size_t c = 0; c < j->n_cats; c++) {
        const size_t *at = j->cut + c * (j->n_parts + 1) + p;
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
        const size_t *at = j->cut + c * (j->n_parts + 1) + p;
        const uint32_t *id = j->id + j->base[c];

        for (size_t i = at[0]; i < at[1]; i++)
            if (j->cat[c].count[i]) {
                size_t k = next[id[i]]++;
                s->cat[k] = (uint32_t)c;
                s->count[k] = j->cat[c].count[i];
            }
    }
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
                                            "%zu distinct words", total),
                              "max_bytes");
    if ((st = cut(j, total, n_threads, err)))
        return st;
    j->n_workers = n_threads < j->n_parts ? n_threads : (unsigned)j->n_parts;
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
    if ((st = bmx_parallel(j->n_workers, j->n_parts, number_part, j, err)))
        return st;
    for (size_t p = 0; p < j->n_parts; p++) {
        j->part[p].first_word = out->n;
        j->part[p].first_count = n_counts;
        out->n += j->part[p].n_words;
        n_counts += j->part[p].n_counts;
    }
    out->text = bmx_malloc(out->n, sizeof *out->text);
    out->postings.first = bmx_malloc(out->n + 1, sizeof *out->postings.first);
    out->postings.cat = bmx_malloc(n_counts, sizeof *out->postings.cat);
    out->postings.count = bmx_malloc(n_counts, sizeof *out->postings.count);
    if (!out->text || !out->postings.first || !out->postings.cat || !out->postings.count)
        return bmx_nomem(err);
    out->postings.first[out->n] = n_counts;
    return bmx_parallel(j->n_workers, j->n_parts, write_postings, j, err);
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
    bmx_free(j.cut);
    bmx_free(j.id);
    bmx_free(j.part);
    return st;
}

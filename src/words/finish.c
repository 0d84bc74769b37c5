/* SPDX-License-Identifier: GPL-3.0-or-later */
/* finish.c - from the sums of a category to its words, with totals, inputs and warnings. */
#include "words/job.h"
#include "words/resume.h"

#include <stdlib.h>
#include <string.h>

typedef bmx_count_job job;
typedef bmx_count_category category;
typedef bmx_count_tally_sum tally_sum;

/* Chunks go to who takes them. */
static bpemix_status hand_out(job *j, bmx_word_sum *words, size_t tally, unsigned n_threads,
                              bpemix_error *err)
{
    bmx_word_sum_sorted sorted;
    bpemix_status st = bmx_word_sum_sort(words, n_threads, &sorted, err);

    if (!st) {
        j->out[tally].pretokens += sorted.pretokens;
        st = j->taker->take(j->taker->ctx, tally, &sorted,
                            j->category[tally / j->n_tallies].sampled, n_threads, err);
    }
    bmx_word_sum_release(words);
    return st;
}

static bpemix_status finish_tally(job *j, size_t cat, size_t fold, unsigned n_threads,
                                   bpemix_error *err)
{
    tally_sum *from = &j->category[cat].sum[fold];
    bmx_words *out = &j->out[cat * j->n_tallies + fold];
    bpemix_status st;

    if (!out->name && !(out->name = bmx_strdup(j->cats[cat].name)))
        return bmx_nomem(err);
    st = j->taker ? hand_out(j, &from->words, cat * j->n_tallies + fold, n_threads, err)
                  : bmx_word_sum_finish(&from->words, n_threads, out, err);
    memcpy(out->key, j->key, sizeof out->key);
    out->n_folds = j->opts->folds;
    out->bytes = from->totals.bytes - from->totals.left_out;
    out->documents = from->totals.documents;
    out->invalid_bytes = from->totals.invalid_bytes;
    out->sampled = j->category[cat].sampled;
    return st;
}

/* Threads for one of the categories that are being finished: its share of the threads that have
 * nothing to read. */
static unsigned idle_threads(const job *j, size_t n_finishing)
{
    size_t n = (j->n_threads - j->n_reading) / n_finishing;
    return n > 1 ? (unsigned)n : 1;
}

/* What the source noted of its files, and of the category as a whole that much of it is
 * malformed. */
static bpemix_status note_warnings(const bmx_source *source, uint64_t bytes, uint64_t invalid,
                                   bmx_words *out, bpemix_error *err)
{
    bpemix_status st = bmx_source_warnings(source, &out->warning, err);

    /* text in an 8-bit encoding behind much that is ASCII: one letter in fifty has an accent in
     * German */
    if (!st && invalid > bytes / 500 && !bmx_source_has_malformed(source))
        st = bmx_texts_take(&out->warning,
                            bmx_asprintf("category '%s': %.1f %% of its bytes are not UTF-8; check "
                                         "its encoding",
                                         out->name, 100 * (double)invalid / (double)bytes), err);
    return st;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The warnings of files of counted words, in an order that does not depend on threads, and those of
 * the other text. */
static bpemix_status take_warnings(category *c, uint64_t bytes, uint64_t invalid, bmx_words *out,
                                   bpemix_error *err)
{
    bpemix_status st;

    if (c->loaded.warning.n) { /* these were collected when the words were counted */
        qsort(c->loaded.warning.text, c->loaded.warning.n, sizeof *c->loaded.warning.text, by_text);
        bytes -= c->loaded.bytes < bytes ? c->loaded.bytes : bytes;
        invalid -= c->loaded.invalid_bytes < invalid ? c->loaded.invalid_bytes : invalid;
    }
    st = bmx_words_add_warnings(out, &c->loaded.warning, err);
    return st ? st : note_warnings(c->source, bytes, invalid, out, err);
}

bpemix_status bmx_count_finish(job *j, size_t cat, bpemix_error *err)
{
    category *c = &j->category[cat];
    bmx_words *out = &j->out[cat * j->n_tallies];
    size_t n_files;
    const bmx_input_record *files = bmx_source_inputs(c->source, &n_files);
    uint64_t bytes, invalid = 0;
    bpemix_status st = BPEMIX_OK;
    unsigned n_threads;

    pthread_mutex_lock(&j->lock);
    n_threads = idle_threads(j, ++j->n_finishing);
    pthread_mutex_unlock(&j->lock);
    for (size_t f = 0; f < j->n_tallies && !st; f++)
        st = finish_tally(j, cat, f, n_threads, err);
    if (st)
        return st;
    /* the first fold gets empty documents, which have no words */
    out->bytes = c->loaded.bytes;
    out->documents = c->loaded.documents;
    for (size_t i = 0; i < n_files && !st; i++) {
        bool counted = false;

        for (size_t k = 0; k < c->loaded.n_inputs && !st; k++)
            if (c->loaded_from[k] == i) {
                counted = true;
                st = bmx_words_add_input(out, &c->loaded.input[k], err);
            }
        if (!st && !counted && files[i].documents)
            st = bmx_words_add_input(out, &files[i], err);
        out->bytes += files[i].bytes;
        out->documents += files[i].documents;
    }
    for (size_t f = 0; f < j->n_tallies; f++)
        out->bytes -= c->sum[f].totals.left_out;
    bytes = out->bytes;
    for (size_t f = 0; f < j->n_tallies; f++)
        invalid += out[f].invalid_bytes;
    for (size_t f = 1; f < j->n_tallies; f++) {
        out->bytes -= out[f].bytes;
        out->documents -= out[f].documents;
    }
    if (!st)
        st = take_warnings(c, bytes, invalid, out, err);
    c->skipped = bmx_source_skipped(c->source);
    bmx_source_close(c->source);
    c->source = NULL;
    if (!st && c->stamp[0])
        st = bmx_work_save(j->opts->work, c->stamp, out, err);
    return st;
}

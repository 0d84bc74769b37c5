/* count.c - counting the words of all categories on several threads.
 *
 *   categories 0, 1, 2, ...              files found, documents chosen, finished
 *        |                               ones taken from the run directory
 *   their blocks                         one reader at a time for each, under its `lock`
 *        |          |
 *     worker 0   worker 1   ...          each with its own word table, in a category of its
 *        |          |                    own as long as there are enough
 *        |          |
 *     category[i].sum[]                  gets a worker's table when that is full or the
 *        |                               worker turns to another category
 *     out[i][]                           sorted by the last worker to leave
 *
 * There is one table, or one a fold: a document's words all go to the fold that
 * its beginning says.
 *
 * J1  categories are begun in order, and blocks of one are numbered and handed out in
 *     order; after a failure no further one is, but of the categories before.  So
 *     every block before the first bad one is looked at, and the error of the first
 *     category's lowest number does not depend on the threads.  Lack of memory and
 *     interrupts end everything at once.
 * J2  category[i].users counts the workers that hold words of category i, or may.  The
 *     worker that finds users == 0 && read_all, under the job's lock, finishes it.
 * J3  sums do not depend on order, and finish() sorts. */
#include "base/cancel.h"
#include "words/words.h"
#include "base/threads.h"
#include "base/utf8.h"
#include "split/cut.h"
#include "split/normalize.h"
#include "split/pretokenize.h"
#include "words/sum.h"
#include "words/table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NO_CATEGORY SIZE_MAX

/* Of one table: 128 MB.  A full table is emptied into the sum: its words are moved
 * twice, and take memory in both.  So one or two tables, which hardly ever are full,
 * may be as large: 500 MB of 40 languages as one category took two threads 1.2 s in
 * place of 1.7 with half of it each, and less memory.  More threads and folds share it,
 * as long as each keeps a table worth having: with twice as much to share eight threads
 * took 500 MB for 1 GB of that text, 343 with this. */
#define MOST_SLOTS ((size_t)1 << 22)
#define LEAST_SLOTS 1024
#define KEPT_SLOTS 65536 /* largest table that is worth wiping for the next category */

/* ---- what to do with text ---- */

static bool is_sentencepiece(const bpemix_tokenizer *tok)
{
    for (size_t i = 0; i < tok->pretokenizer.n; i++)
        if (tok->pretokenizer.step[i].kind == BMX_PRE_SENTENCEPIECE)
            return true;
    return tok->rules.sentencepiece;
}

bpemix_text_unit bmx_text_unit_of(const bpemix_tokenizer *tok, bpemix_text_unit asked)
{
    if (is_sentencepiece(tok))
        return BPEMIX_TEXT_UNIT_LINE;
    if (asked != BPEMIX_TEXT_UNIT_AUTO)
        return asked;
    for (uint32_t i = 0; i < tok->n_merges; i++) {
        bmx_slice s = tok->tokens.str[tok->merge[i].product];
        if (s.len > 1 && memchr(s.ptr, '\n', s.len - 1))
            return BPEMIX_TEXT_UNIT_DOCUMENT;
    }
    return BPEMIX_TEXT_UNIT_LINE;
}

/* Options with nothing left open. */
typedef struct rules {
    bool byte_alphabet, lines, strip_newline;
    bpemix_invalid invalid;
} rules;

static rules settle(const bpemix_tokenizer *tok, const bpemix_count_opts *opts)
{
    rules r = { .byte_alphabet = tok->alphabet == BMX_ALPHABET_BYTE, .invalid = opts->invalid };

    r.strip_newline = is_sentencepiece(tok);
    r.lines = bmx_text_unit_of(tok, opts->text_unit) == BPEMIX_TEXT_UNIT_LINE;
    if (r.invalid == BPEMIX_INVALID_AUTO)
        r.invalid = r.byte_alphabet ? BPEMIX_INVALID_KEEP : BPEMIX_INVALID_REFUSE;
    return r;
}

bpemix_status bmx_words_key(const bpemix_tokenizer *tok, const bpemix_count_opts *opts,
                            char key[65], bpemix_error *err)
{
    static const bpemix_count_opts none;
    rules r = settle(tok, opts ? opts : &none);
    char spec[65], text[160];
    bpemix_status st = bmx_spec_fingerprint(&tok->normalizer, &tok->pretokenizer, spec, err);
    int n;

    if (st)
        return st;
    n = snprintf(text, sizeof text, "words 1 %s %s %s %s %d", spec,
                 r.byte_alphabet ? "bytes" : "characters", r.lines ? "line" : "document",
                 r.strip_newline ? "stripped" : "whole", (int)r.invalid);
    bmx_sha256_of(text, (size_t)n, key);
    return BPEMIX_OK;
}

/* ---- the job ---- */

/* What was counted of one fold of a category, or of all of it: by a worker, and
 * by all of them. */
typedef struct totals {
    uint64_t bytes, documents, invalid_bytes;
    uint64_t left_out; /* of the bytes: lines that the trainer skips */
} totals;

typedef struct column {
    bmx_word_table tab;
    totals totals;
} column;

typedef struct column_sum {
    bmx_word_sum words;
    totals totals;
} column_sum;

typedef struct category {
    column_sum *sum;          /* sum[n_columns] */
    char stamp[65];
    atomic_bool unneeded;     /* what has not been read yet, because of a failure */
    pthread_mutex_t lock;
    /* below: under this lock, until nobody uses the category any more */
    bmx_source *source;
    uint64_t n_blocks;
    bmx_words loaded;         /* totals and inputs of files of counted words */
    size_t *loaded_from;      /* loaded_from[loaded.n_inputs]: file each input came with */
    size_t loaded_cap;
    /* below: under the job's */
    bool is_open;             /* sum is ready for words */
    bool read_all;            /* or taken from the run directory */
    size_t users;
} category;

typedef struct job {
    const bpemix_category *cats;
    size_t n_cats;
    size_t n_columns;           /* folds, or 1 */
    const bpemix_count_opts *opts;
    rules rules;
    bmx_source_opts source_opts;
    bmx_normalizer *normalizer; /* NULL: text passes unchanged */
    bmx_pretokenizer *pretokenizer;
    char key[65];
    category *category; /* category[n_cats] */
    bmx_words *out;             /* out[n_cats][n_columns] */
    unsigned n_threads;
    pthread_mutex_t lock;
    /* below: under lock */
    size_t begun;               /* categories 0 .. begun-1 */
    size_t n_reading;           /* workers that have blocks to look at, or may get some */
    size_t n_finishing;         /* categories */
    size_t failed_cat;
    uint64_t failed_block, bytes_done;
    bpemix_status status;
    bpemix_error error;
    double last_report;
} job;

typedef struct worker {
    job *job;
    bmx_pretokenizer_state *state;
    bmx_buf scratch[2], clean, record;
    bmx_block block;
    column *columns; /* columns[n_columns] */
    column *to;      /* the one of the document at hand */
    size_t cat;      /* category of the words in columns, NO_CATEGORY: none */
    uint64_t pieces; /* so far, of all categories */
} worker;

/* Where the text at hand comes from, for messages. */
typedef struct place {
    const bmx_source *source;
    const bmx_block *block;
    size_t part;
    uint64_t record; /* line of a JSONL record, 0: plain text */
} place;

static bpemix_status on_piece(void *ctx, bmx_slice piece, bpemix_error *err)
{
    worker *w = ctx;

    w->pieces++;
    if (bmx_cancelled()) /* a pattern may take long for each */
        return bmx_check_cancel(err);
    return bmx_word_table_queue(&w->to->tab, piece, err);
}

static bpemix_status on_pieces(void *ctx, const char *start, const char *const *end, size_t n,
                               bpemix_error *err)
{
    worker *w = ctx;

    w->pieces += n;
    if (bmx_cancelled())
        return bmx_check_cancel(err);
    return bmx_word_table_count(&w->to->tab, start, end, n, err);
}

static bpemix_status split_unit(worker *w, bmx_slice text, bool lines, bpemix_error *err)
{
    job *j = w->job;
    bpemix_status st;

    if (j->normalizer) {
        if ((st = bmx_normalize(j->normalizer, text, w->scratch, &text, err)))
            return st;
        bmx_word_table_window(&w->to->tab, text.ptr, text.len);
    }
    return bmx_pretokenize_bulk(j->pretokenizer, w->state, text, lines, on_piece, on_pieces, w, err);
}

/* Well-formed text: one unit, or a unit for each line. */
static bpemix_status split_text(worker *w, bmx_slice text, bpemix_error *err)
{
    const rules *r = &w->job->rules;

    if (!text.len)
        return BPEMIX_OK;
    if (!r->lines || (!w->job->normalizer && !r->strip_newline))
        return split_unit(w, text, r->lines, err);
    while (text.len) {
        const char *nl = memchr(text.ptr, '\n', text.len);
        size_t n = nl ? (size_t)(nl - text.ptr) + 1 : text.len;
        bmx_slice line = bmx_slice_of(text.ptr, nl && r->strip_newline ? n - 1 : n);
        uint64_t before = w->pieces;
        bpemix_status st = line.len ? split_unit(w, line, false, err) : BPEMIX_OK;

        if (st)
            return st;
        if (r->strip_newline && line.len && w->pieces == before)
            w->to->totals.left_out += n;
        text = bmx_slice_of(text.ptr + n, text.len - n);
    }
    return BPEMIX_OK;
}

static bpemix_status refuse(const place *p, bmx_slice text, size_t at, bpemix_error *err)
{
    static const char hint[] = "convert it or use --invalid=replace";
    const bmx_part *part = &p->block->part[p->part];
    uint64_t line = p->record ? p->record : part->line, offset = part->offset + at;
    unsigned byte = (unsigned char)text.ptr[at];
    char where[300];

    bmx_source_place(p->source, p->block, p->part, where, sizeof where);
    if (p->record) {
        bmx_fail_hint(err, BPEMIX_E_FORMAT, where, hint,
                      "line %llu, byte %zu of its text: not UTF-8 (0x%02x)",
                      (unsigned long long)line, at, byte);
    } else {
        for (size_t i = 0; i < at; i++)
            line += text.ptr[i] == '\n';
        bmx_fail_hint(err, BPEMIX_E_FORMAT, where, hint, "line %llu, byte %llu: not UTF-8 (0x%02x)",
                      (unsigned long long)line, (unsigned long long)offset, byte);
    }
    if (err) {
        err->line = (int64_t)line;
        err->offset = p->record ? (int64_t)at : (int64_t)offset;
    }
    return BPEMIX_E_FORMAT;
}

/* Length of the run of malformed bytes that text starts with. */
static size_t malformed_run(bmx_slice text)
{
    size_t n = 0;
    uint32_t c;

    while (n < text.len && !bmx_utf8_decode(text.ptr + n, text.len - n, &c))
        n++;
    return n;
}

/* Any text, `room` bytes behind it may be read. */
static bpemix_status split_any(worker *w, bmx_slice text, size_t room, const place *p,
                               bpemix_error *err)
{
    const rules *r = &w->job->rules;
    size_t good = bmx_utf8_valid_prefix(text), at = 0;
    bpemix_status st;

    bmx_word_table_window(&w->to->tab, text.ptr, text.len + room);
    if (good == text.len)
        return split_text(w, text, err);
    if (r->invalid == BPEMIX_INVALID_REFUSE)
        return refuse(p, text, good, err);
    w->clean.len = 0;
    for (;;) {
        bmx_slice rest = bmx_slice_of(text.ptr + at, text.len - at);
        size_t bad;

        good = bmx_utf8_valid_prefix(rest);
        bad = malformed_run(bmx_slice_of(rest.ptr + good, rest.len - good));
        w->to->totals.invalid_bytes += bad;
        at += good + bad;
        if (r->invalid == BPEMIX_INVALID_REPLACE) {
            if ((st = bmx_buf_add(&w->clean, rest.ptr, good, err)))
                return st;
            for (size_t i = 0; i < bad; i++)
                if ((st = bmx_buf_add(&w->clean, "\xef\xbf\xbd", 3, err)))
                    return st;
            if (at == text.len) {
                bmx_word_table_window(&w->to->tab, w->clean.ptr, w->clean.len);
                return split_text(w, bmx_slice_of(w->clean.ptr, w->clean.len), err);
            }
            continue;
        }
        if ((st = split_text(w, bmx_slice_of(rest.ptr, good), err)))
            return st;
        /* keep: bytes of a byte alphabet make a piece; characters cannot spell them */
        if (bad && r->byte_alphabet &&
            (st = on_piece(w, bmx_slice_of(rest.ptr + good, bad), err)))
            return st;
        if (at == text.len)
            return BPEMIX_OK;
    }
}

/* Text of a document comes next: where its words go. */
static void choose_column(worker *w, uint64_t head, size_t bytes, bool begins)
{
    w->to = &w->columns[head % w->job->n_columns];
    w->to->totals.bytes += bytes;
    w->to->totals.documents += begins;
}

static bpemix_status split_records(worker *w, category *c, size_t part, bpemix_error *err)
{
    place p = { c->source, &w->block, part, 0 };
    uint64_t bytes = 0, documents = 0, checksum = 0, line = 0;
    size_t at = 0;

    for (;;) {
        bmx_slice text;
        bool more;
        bpemix_status st = bmx_source_record(c->source, &w->block, part, &at, &line, &w->record,
                                             &text, &more, err);
        if (st)
            return st;
        if (!more)
            break;
        p.record = w->block.part[part].line + line - 1;
        choose_column(w, bmx_source_head(text), text.len, true);
        if ((st = split_any(w, text, 0, &p, err)))
            return st;
        bytes += text.len;
        documents++;
        checksum += bmx_hash64(text.ptr, text.len, 0);
    }
    pthread_mutex_lock(&c->lock);
    bmx_source_used(c->source, w->block.part[part].file, bytes, documents, checksum);
    pthread_mutex_unlock(&c->lock);
    return BPEMIX_OK;
}

/* A file of counted words in place of text. */
static bpemix_status add_counted(worker *w, category *c, size_t part, bpemix_error *err)
{
    size_t n_inputs, file = w->block.part[part].file;
    const bmx_input_record *files = bmx_source_inputs(c->source, &n_inputs);
    bmx_words words = { 0 };
    bpemix_status st;

    if (w->job->opts->folds)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, files[file].path,
                             "pass the text itself, or leave out --folds",
                             "counted words cannot be dealt out to folds");
    st = bmx_words_load(files[file].path, w->job->key, &words, err);
    pthread_mutex_lock(&c->lock);
    if (!st && (st = bmx_words_add_pieces(&c->loaded, words.pieces, err)))
        bmx_at(err, st, "%s", files[file].path);
    pthread_mutex_unlock(&c->lock);
    for (size_t i = 0; i < words.word.n && !st; i++)
        st = bmx_word_table_add(&w->columns[0].tab, words.word.str[i], words.count[i], err);
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < words.n_inputs && !st; i++) {
        st = bmx_reserve(&c->loaded_from, &c->loaded_cap, c->loaded.n_inputs + 1,
                         sizeof *c->loaded_from, err);
        if (!st && !(st = bmx_words_add_input(&c->loaded, &words.input[i], err)))
            c->loaded_from[c->loaded.n_inputs - 1] = file;
    }
    if (!st) {
        c->loaded.bytes += words.bytes;
        c->loaded.documents += words.documents;
        c->loaded.invalid_bytes += words.invalid_bytes;
    }
    pthread_mutex_unlock(&c->lock);
    bmx_words_release(&words);
    return st;
}

static bpemix_status count_block(worker *w, bpemix_error *err)
{
    category *c = &w->job->category[w->cat];
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < w->block.n && !st; i++) {
        const bmx_part *part = &w->block.part[i];
        place p = { c->source, &w->block, i, 0 };

        if (w->block.kind == BMX_BLOCK_WORDS)
            st = add_counted(w, c, i, err);
        else if (w->block.kind == BMX_BLOCK_RECORDS)
            st = split_records(w, c, i, err);
        else {
            choose_column(w, part->head, part->len, part->offset == 0);
            st = split_any(w, bmx_slice_of(w->block.buf.ptr + part->at, part->len),
                           BMX_BLOCK_ROOM, &p, err);
        }
    }
    for (size_t f = 0; f < w->job->n_columns && !st; f++)
        st = bmx_word_table_flush(&w->columns[f].tab, err);
    return st;
}

/* ---- failures and progress; the caller holds the lock ---- */

static bool ends_everything(bpemix_status st)
{
    return st == BPEMIX_E_INTERRUPTED || st == BPEMIX_E_NOMEM;
}

/* Is what is done for the block still of use?  UINT64_MAX: all of the category's. */
static bool is_needed(const job *j, size_t cat, uint64_t block)
{
    return !j->status ||
           (!ends_everything(j->status) &&
            (cat < j->failed_cat || (cat == j->failed_cat && block < j->failed_block)));
}

static void record_failure(job *j, size_t cat, uint64_t block, bpemix_status st,
                           const bpemix_error *err)
{
    if (!is_needed(j, cat, block) && (!ends_everything(st) || ends_everything(j->status)))
        return;
    j->status = st;
    j->failed_cat = cat;
    j->failed_block = block;
    j->error = *err;
    j->error.status = st;
    for (size_t i = ends_everything(st) ? 0 : cat; i < j->n_cats; i++)
        atomic_store(&j->category[i].unneeded, true);
    if (cat != NO_CATEGORY && !ends_everything(st))
        bmx_at(&j->error, st, "category '%s'", j->cats[cat].name);
}

static void fail_category(job *j, size_t cat, bpemix_status st, const bpemix_error *err)
{
    pthread_mutex_lock(&j->lock);
    record_failure(j, cat, UINT64_MAX, st, err);
    pthread_mutex_unlock(&j->lock);
}

static void report(job *j, size_t cat)
{
    struct timespec now;
    double t;
    char text[200], name[120];

    if (!j->opts->progress)
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    t = (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
    if (t - j->last_report < 0.2)
        return;
    j->last_report = t;
    bmx_printable(name, sizeof name, j->cats[cat].name);
    snprintf(text, sizeof text, "%s (%zu of %zu), %.1f MB", name, cat + 1, j->n_cats,
             (double)j->bytes_done / 1e6);
    j->opts->progress(j->opts->progress_ctx, "counting", text);
}

/* ---- from a category's sum to the words ---- */

static bpemix_status finish_column(job *j, size_t cat, size_t fold, unsigned n_threads,
                                   bpemix_error *err)
{
    column_sum *from = &j->category[cat].sum[fold];
    bmx_words *out = &j->out[cat * j->n_columns + fold];
    bpemix_status st;

    if (!out->name && !(out->name = bmx_strdup(j->cats[cat].name)))
        return bmx_nomem(err);
    st = bmx_word_sum_finish(&from->words, n_threads, out, err);
    memcpy(out->key, j->key, sizeof out->key);
    out->n_folds = j->opts->folds;
    out->bytes = from->totals.bytes - from->totals.left_out;
    out->documents = from->totals.documents;
    out->invalid_bytes = from->totals.invalid_bytes;
    return st;
}

/* Threads for one of several categories that are being finished, of those without
 * anything to read. */
static unsigned idle_threads(const job *j, size_t n_finishing)
{
    size_t n = (j->n_threads - j->n_reading) / n_finishing;
    return n > 1 ? (unsigned)n : 1;
}

static bpemix_status finish(job *j, size_t cat, bpemix_error *err)
{
    category *c = &j->category[cat];
    bmx_words *out = &j->out[cat * j->n_columns];
    size_t n_files;
    const bmx_input_record *files = bmx_source_inputs(c->source, &n_files);
    bpemix_status st = BPEMIX_OK;
    unsigned n_threads;

    pthread_mutex_lock(&j->lock);
    n_threads = idle_threads(j, ++j->n_finishing);
    pthread_mutex_unlock(&j->lock);
    for (size_t f = 0; f < j->n_columns && !st; f++)
        st = finish_column(j, cat, f, n_threads, err);
    if (st)
        return st;
    /* the first fold gets what has no words: empty documents */
    out->bytes = c->loaded.bytes;
    out->documents = c->loaded.documents;
    out->invalid_bytes += c->loaded.invalid_bytes;
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
    for (size_t f = 0; f < j->n_columns; f++)
        out->bytes -= c->sum[f].totals.left_out;
    for (size_t f = 1; f < j->n_columns; f++) {
        out->bytes -= out[f].bytes;
        out->documents -= out[f].documents;
    }
    bmx_source_close(c->source);
    c->source = NULL;
    if (!st && c->stamp[0])
        st = bmx_work_save(j->opts->work, c->stamp, out, j->n_columns, err);
    return st;
}

/* Give up the words of the worker's category; the last one finishes it. */
static void leave(worker *w)
{
    job *j = w->job;
    size_t cat = w->cat;
    category *c;
    bpemix_error err = { 0 };
    bpemix_status st = BPEMIX_OK;
    bool last;

    if (cat == NO_CATEGORY)
        return;
    c = &j->category[cat];
    for (size_t f = 0; f < j->n_columns && !st; f++) {
        bmx_word_table *t = &w->columns[f].tab;

        if (t->n_slots > KEPT_SLOTS && !t->was_full)
            continue;
        st = bmx_word_sum_take(&c->sum[f].words, t, &err);
        if (t->n_slots > KEPT_SLOTS)
            bmx_word_table_free_slots(t);
    }
    pthread_mutex_lock(&j->lock);
    for (size_t f = 0; f < j->n_columns; f++) {
        if (!st && w->columns[f].tab.n)
            st = bmx_word_sum_give(&c->sum[f].words, &w->columns[f].tab, &err);
        totals *to = &c->sum[f].totals, *from = &w->columns[f].totals;
        to->bytes += from->bytes;
        to->documents += from->documents;
        to->invalid_bytes += from->invalid_bytes;
        to->left_out += from->left_out < from->bytes ? from->left_out : from->bytes; /* U+FFFD is longer */
        *from = (totals){ 0 };
    }
    if (st)
        record_failure(j, cat, UINT64_MAX, st, &err);
    last = --c->users == 0 && c->read_all && is_needed(j, cat, UINT64_MAX); /* J2 */
    pthread_mutex_unlock(&j->lock);
    w->cat = NO_CATEGORY;
    if (!last)
        return;
    if ((st = finish(j, cat, &err)))
        fail_category(j, cat, st, &err);
    pthread_mutex_lock(&j->lock);
    j->n_finishing--;
    pthread_mutex_unlock(&j->lock);
}

/* ---- handing out blocks ---- */

static bpemix_status open_sum(job *j, category *c, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    c->is_open = true;
    for (size_t f = 0; f < j->n_columns && !st; f++)
        st = bmx_word_sum_open(&c->sum[f].words, err);
    return st;
}

static bpemix_status hand_over(void *ctx, bmx_word_table *t, bpemix_error *err)
{
    t->was_full = true;
    return bmx_word_sum_take(ctx, t, err);
}

/* Words of another category come next. */
static void enter(worker *w, size_t cat)
{
    job *j = w->job;
    size_t slots = MOST_SLOTS, n_tables = j->n_columns * j->n_threads;

    if (n_tables > 2)
        while (slots > LEAST_SLOTS && slots * n_tables > MOST_SLOTS)
            slots /= 2;
    for (size_t f = 0; f < j->n_columns; f++) {
        bmx_word_table *t = &w->columns[f].tab;
        t->max_slots = slots;
        t->was_full = false;
        t->full = hand_over;
        t->full_ctx = &j->category[cat].sum[f].words;
    }
    w->cat = cat;
}

static bool has_blocks(const job *j, size_t cat)
{
    return !j->category[cat].read_all && is_needed(j, cat, UINT64_MAX);
}

/* The category whose blocks the worker takes next; NO_CATEGORY: there are none left.
 * Workers in categories of their own neither wait for each other nor count the same
 * words twice.  With a run directory all work on one, so that there is little that is
 * not finished when the run is interrupted. */
static size_t choose_category(const worker *w)
{
    job *j = w->job;
    bool together = j->opts->work && *j->opts->work;
    size_t best = NO_CATEGORY;

    if (w->cat != NO_CATEGORY && has_blocks(j, w->cat))
        return w->cat;
    for (size_t i = 0; i < j->begun; i++)
        if (has_blocks(j, i) &&
            (best == NO_CATEGORY || j->category[i].users < j->category[best].users))
            best = i;
    if (together && best != NO_CATEGORY)
        return best;
    while (j->begun < j->n_cats)
        if (has_blocks(j, j->begun++))
            return j->begun - 1;
    return best;
}

/* Turn to a category with blocks.  false: there is none. */
static bool find_work(worker *w)
{
    job *j = w->job;
    size_t cat;
    bpemix_error err = { 0 };
    bpemix_status st = BPEMIX_OK;

    pthread_mutex_lock(&j->lock);
    cat = choose_category(w);
    if (cat != NO_CATEGORY && !j->category[cat].is_open &&
        (st = open_sum(j, &j->category[cat], &err))) {
        record_failure(j, cat, 0, st, &err);
        cat = NO_CATEGORY;
    }
    if (cat == NO_CATEGORY)
        j->n_reading--;
    else if (cat != w->cat)
        j->category[cat].users++;
    pthread_mutex_unlock(&j->lock);
    if (cat != w->cat) {
        leave(w);
        if (cat != NO_CATEGORY)
            enter(w, cat);
    }
    return cat != NO_CATEGORY;
}

/* Fill w->block, whose number in the category is *number.  false: no more, or a failure,
 * here or before it. */
static bool next_block(worker *w, uint64_t *number)
{
    job *j = w->job;
    category *c = &j->category[w->cat];
    bpemix_error err = { 0 };
    bool more = false;
    bpemix_status st;

    pthread_mutex_lock(&c->lock);
    if (!(st = bmx_check_cancel(&err)))
        st = bmx_source_next(c->source, &w->block, &more, &err);
    *number = c->n_blocks++;
    pthread_mutex_unlock(&c->lock);

    pthread_mutex_lock(&j->lock);
    if (st)
        record_failure(j, w->cat, *number, st, &err);
    c->read_all = c->read_all || (!st && !more);
    j->bytes_done += more ? w->block.buf.len : 0;
    if (more)
        report(j, w->cat);
    more = more && is_needed(j, w->cat, *number);
    pthread_mutex_unlock(&j->lock);
    return more;
}

static bpemix_status work(void *ctx, size_t task, unsigned index, bpemix_error *err)
{
    job *j = ctx;
    worker w = { .job = j, .cat = NO_CATEGORY };
    bpemix_status st;

    (void)task;
    (void)index;
    st = (w.columns = bmx_calloc(j->n_columns, sizeof *w.columns))
             ? bmx_pretokenizer_state_new(j->pretokenizer, &w.state, err) : bmx_nomem(err);
    if (st) {
        bmx_free(w.columns);
        fail_category(j, NO_CATEGORY, st, err);
        return BPEMIX_OK;
    }
    while (find_work(&w)) {
        uint64_t number;

        while (next_block(&w, &number)) {
            bpemix_error problem = { 0 };

            if (!(st = count_block(&w, &problem)))
                continue;
            pthread_mutex_lock(&j->lock);
            record_failure(j, w.cat, number, st, &problem);
            pthread_mutex_unlock(&j->lock);
        }
    }
    bmx_pretokenizer_state_free(w.state);
    bmx_buf_release(&w.scratch[0]);
    bmx_buf_release(&w.scratch[1]);
    bmx_buf_release(&w.clean);
    bmx_buf_release(&w.record);
    bmx_block_release(&w.block);
    for (size_t f = 0; f < j->n_columns; f++)
        bmx_word_table_release(&w.columns[f].tab);
    bmx_free(w.columns);
    return BPEMIX_OK;
}

/* ---- counting ---- */

static bpemix_status check_categories(const bpemix_category *cats, size_t n, bpemix_error *err)
{
    bmx_intern names = { 0 };
    bpemix_status st = BPEMIX_OK;
    const char *reads_stdin = NULL;

    if (!n)
        return bmx_fail(err, BPEMIX_E_USAGE, "", "no categories");
    for (size_t i = 0; i < n && !st; i++) {
        bool is_new = true;
        uint32_t id;

        if (!cats[i].name || !*cats[i].name)
            st = bmx_fail(err, BPEMIX_E_USAGE, "", "a category without a name");
        else if (!cats[i].n_paths)
            st = bmx_fail(err, BPEMIX_E_USAGE, "", "category '%s' has no files", cats[i].name);
        else
            st = bmx_intern_add(&names, bmx_slice_str(cats[i].name), &id, &is_new, err);
        if (!st && !is_new)
            st = bmx_fail_hint(err, BPEMIX_E_USAGE, "", "join their files under one name",
                               "two categories are called '%s'", cats[i].name);
        for (size_t k = 0; k < cats[i].n_paths && !st; k++) {
            if (strcmp(cats[i].paths[k], "-"))
                continue;
            if (reads_stdin)
                st = bmx_fail(err, BPEMIX_E_USAGE, "standard input",
                              "named by category '%s' and again by '%s'", reads_stdin,
                              cats[i].name);
            reads_stdin = cats[i].name;
        }
    }
    bmx_intern_release(&names);
    return st;
}

static bpemix_status check_folds(const bpemix_count_opts *o, bpemix_error *err)
{
    if (o->folds == 1 || o->folds > BMX_MAX_FOLDS)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "folds", "give 2 to 255, or 0 for none; 8 is usual",
                             "%u makes no sense", (unsigned)o->folds);
    return BPEMIX_OK;
}

/* Get one category ready to be read, or done. */
static bpemix_status prepare(void *ctx, size_t i, unsigned worker_index, bpemix_error *err)
{
    job *j = ctx;
    category *c = &j->category[i];
    const char *work = j->opts->work;
    bmx_source_opts opts = j->source_opts;
    bool found = false;
    bpemix_status st;

    (void)worker_index;
    opts.unneeded = &c->unneeded;
    st = bmx_source_open(j->cats[i].paths, j->cats[i].n_paths, &opts, &c->source, err);
    if (!st && work && *work &&
        !(st = bmx_work_stamp(c->source, j->key, j->opts, c->stamp, err)) && c->stamp[0])
        st = bmx_work_load(work, j->cats[i].name, j->key, c->stamp, &j->out[i * j->n_columns],
                           j->n_columns, &found, err);
    if (!st && found) {
        bmx_source_close(c->source);
        c->source = NULL;
        c->read_all = true;
    } else if (!st) {
        st = bmx_source_choose(c->source, err);
    }
    if (st && st != BPEMIX_E_NOMEM && st != BPEMIX_E_INTERRUPTED)
        bmx_at(err, st, "category '%s'", j->cats[i].name);
    return st;
}

static bpemix_status run(job *j, bpemix_error *err)
{
    unsigned n = j->n_threads = bmx_thread_count(j->opts->n_threads);
    bpemix_status st = bmx_parallel(n, j->n_cats, prepare, j, err);

    if (st)
        return st;
    pthread_mutex_init(&j->lock, NULL);
    for (size_t i = 0; i < j->n_cats; i++)
        pthread_mutex_init(&j->category[i].lock, NULL);
    j->n_reading = n;
    st = bmx_parallel(n, n, work, j, err);
    for (size_t i = 0; i < j->n_cats; i++)
        pthread_mutex_destroy(&j->category[i].lock);
    pthread_mutex_destroy(&j->lock);
    if (!st && j->status) {
        if (err)
            *err = j->error;
        st = j->status;
    }
    for (size_t i = 0; i < j->n_cats && !st; i++) {
        uint64_t pieces = 0, left_out = 0;
        for (size_t f = 0; f < j->n_columns; f++) {
            pieces += j->out[i * j->n_columns + f].pieces;
            left_out += j->category[i].sum[f].totals.left_out;
        }
        if (!pieces && left_out)
            st = bmx_fail_hint(err, BPEMIX_E_EMPTY, "", "break its lines",
                               "category '%s' has no text but lines that a trainer of SentencePiece "
                               "leaves out: too long, or with U+2585",
                               j->cats[i].name);
        else if (!pieces)
            st = bmx_fail_hint(err, BPEMIX_E_EMPTY, "", "give it files with text",
                               "category '%s' has no text", j->cats[i].name);
    }
    return st;
}

bpemix_status bmx_words_count(const bpemix_tokenizer *tok, const bpemix_category *cats,
                              size_t n_cats, const bpemix_count_opts *opts, bmx_words *out,
                              bpemix_error *err)
{
    static const bpemix_count_opts defaults;
    job j = { .cats = cats, .n_cats = n_cats, .opts = opts ? opts : &defaults, .out = out };
    bpemix_status st = check_categories(cats, n_cats, err);

    if (st || (st = check_folds(j.opts, err)))
        return st;
    j.n_columns = j.opts->folds ? j.opts->folds : 1;
    if (!tok->pretokenizer_known && !tok->pretokenizer.n)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, tok->path ? tok->path : "",
                             "name one (--pretokenizer)",
                             "does not say how text is split into words");
    j.rules = settle(tok, j.opts);
    j.source_opts = (bmx_source_opts){
        .cuts = BMX_CUT_LINE,
        .jsonl = j.opts->jsonl,
        .field = j.opts->field,
        .max_bytes = j.opts->max_bytes,
        .count_lines = j.rules.invalid == BPEMIX_INVALID_REFUSE,
    };
    if (!j.rules.lines)
        st = bmx_cut_rules(&tok->normalizer, &tok->pretokenizer, &j.source_opts.cuts, err);
    if (!st)
        st = bmx_words_key(tok, j.opts, j.key, err);
    if (!st)
        st = bmx_normalizer_new(&tok->normalizer, &j.normalizer, err);
    if (!st && bmx_normalizer_is_identity(j.normalizer)) {
        bmx_normalizer_free(j.normalizer);
        j.normalizer = NULL;
    }
    if (!st)
        st = bmx_pretokenizer_new(&tok->pretokenizer, j.rules.byte_alphabet, BMX_ENGINE_AUTO,
                                  &j.pretokenizer, err);
    if (!st && !(j.category = bmx_calloc(n_cats, sizeof *j.category)))
        st = bmx_nomem(err);
    for (size_t i = 0; i < n_cats && !st; i++)
        if (!(j.category[i].sum = bmx_calloc(j.n_columns, sizeof *j.category[i].sum)))
            st = bmx_nomem(err);
    if (!st)
        st = run(&j, err);
    for (size_t i = 0; j.category && i < n_cats; i++) {
        bmx_source_close(j.category[i].source);
        for (size_t f = 0; j.category[i].sum && f < j.n_columns; f++)
            bmx_word_sum_release(&j.category[i].sum[f].words);
        bmx_free(j.category[i].sum);
        bmx_words_release(&j.category[i].loaded);
        bmx_free(j.category[i].loaded_from);
    }
    bmx_free(j.category);
    bmx_normalizer_free(j.normalizer);
    bmx_pretokenizer_free(j.pretokenizer);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
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
 * J1  Errors do not depend on threads.  Categories are begun in order, and their blocks are
 *     numbered in input order; after a failure only earlier blocks are still processed, so
 *     that the first error in input order is returned.  Lack of memory and interrupts end
 *     everything at once.
 * J2  category[i].users counts the workers that hold words of category i, or may.  The
 *     worker that finds users == 0 && read_all, under the job's lock, finishes it.
 * J3  sums do not depend on order, and bmx_count_finish() sorts. */
#include "base/assert.h"
#include "base/cancel.h"
#include "base/threads.h"
#include "split/cut.h"
#include "words/job.h"
#include "words/count.h"
#include "words/resume.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NO_CATEGORY BMX_COUNT_NO_CATEGORY

/* Slots of one table, 128 MB, or of all tables together if there are many.  A full table is emptied
 * into the sum, so that its words are moved twice and take memory in both.  One or two tables,
 * which are hardly ever full, may have this size: 500 MB of 40 languages as one category took two
 * threads 1.2 s, 1.7 s with half of it each, and less memory.  More threads and folds share it,
 * down to a useful minimum for each: with twice as much to share, eight threads took 500 MB for 1
 * GB of that text, 343 MB with this. */
#ifdef BMX_CHECKED /* sanitizers fill and clear shadow memory for all that is reserved, each time */
#define MOST_SLOTS ((size_t)1 << 16)
#else
#define MOST_SLOTS ((size_t)1 << 22)
#endif
#define LEAST_SLOTS 1024 /* the useful minimum; a judgement */
#define KEPT_SLOTS 65536 /* largest table that is worth wiping for the next category */

typedef bmx_count_job job;
typedef bmx_count_worker worker;
typedef bmx_count_category category;
typedef bmx_count_totals totals;

/* ---- failures and progress; the caller holds the lock ---- */

static bool ends_everything(bpemix_status st)
{
    return st == BPEMIX_E_INTERRUPTED || st == BPEMIX_E_NOMEM;
}

/* Can the result of the block still matter (J1)?  UINT64_MAX: that of the whole category. */
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

static bpemix_status report(job *j, bpemix_error *err)
{
    if (!bmx_progress_due(&j->progress))
        return BPEMIX_OK;
    return bmx_progress_tell(&j->progress,
                             &(bpemix_progress){ .stage = "counting", .unit = "bytes",
                                                 .done = j->bytes_done, .total = j->bytes_total,
                                                 .bound = NAN, .gap = NAN }, err);
}

/* ---- entering and leaving a category, and handing out its blocks ---- */

/* Hand over the words of the worker's category; the last worker to leave it finishes it. */
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
    for (size_t f = 0; f < j->n_tallies && !st; f++) {
        bmx_word_table *t = &w->tallies[f].tab;

        if (t->n_slots > KEPT_SLOTS && !t->was_full)
            continue;
        st = bmx_word_sum_take(&c->sum[f].words, t, &err);
        if (t->n_slots > KEPT_SLOTS)
            bmx_word_table_free_slots(t);
    }
    pthread_mutex_lock(&j->lock);
    for (size_t f = 0; f < j->n_tallies; f++) {
        if (!st && w->tallies[f].tab.n + w->tallies[f].tab.aside.n)
            st = bmx_word_sum_give(&c->sum[f].words, &w->tallies[f].tab, &err);
        totals *to = &c->sum[f].totals, *from = &w->tallies[f].totals;
        to->bytes += from->bytes;
        to->documents += from->documents;
        to->invalid_bytes += from->invalid_bytes;
        /* U+FFFD is longer than the byte that it stands for */
        to->left_out += from->left_out < from->bytes ? from->left_out : from->bytes;
        *from = (totals){ 0 };
    }
    if (st)
        record_failure(j, cat, UINT64_MAX, st, &err);
    last = --c->users == 0 && c->read_all && is_needed(j, cat, UINT64_MAX); /* J2 */
    pthread_mutex_unlock(&j->lock);
    w->cat = NO_CATEGORY;
    if (!last)
        return;
    if ((st = bmx_count_finish(j, cat, &err)))
        fail_category(j, cat, st, &err);
    pthread_mutex_lock(&j->lock);
    j->n_finishing--;
    pthread_mutex_unlock(&j->lock);
}

static bpemix_status open_sum(job *j, category *c, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    c->is_open = true;
    for (size_t f = 0; f < j->n_tallies && !st; f++)
        st = bmx_word_sum_open(&c->sum[f].words, err);
    return st;
}

static bpemix_status hand_over(void *ctx, bmx_word_table *t, bpemix_error *err)
{
    t->was_full = true;
    return bmx_word_sum_take(ctx, t, err);
}

/* Prepare for words of another category. */
static void enter(worker *w, size_t cat)
{
    job *j = w->job;
    size_t slots = MOST_SLOTS, n_tables = j->n_tallies * j->n_threads;

    if (n_tables > 2)
        while (slots > LEAST_SLOTS && slots * n_tables > MOST_SLOTS)
            slots /= 2;
    for (size_t f = 0; f < j->n_tallies; f++) {
        bmx_word_table *t = &w->tallies[f].tab;
        t->max_slots = slots;
        t->was_full = false;
        t->keeps_all = n_tables > 2; /* words aside would take memory beside what they share */
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
    if (more && !st && (st = report(j, &err)))
        record_failure(j, w->cat, *number, st, &err);
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
    st = !(w.tallies = bmx_calloc(j->n_tallies, sizeof *w.tallies)) ? bmx_nomem(err)
         : j->cuts ? BPEMIX_OK : bmx_unit_splitter_start(&w.splitter, &j->plan, err);
    if (st) {
        bmx_free(w.tallies);
        bmx_unit_splitter_release(&w.splitter);
        fail_category(j, NO_CATEGORY, st, err);
        return BPEMIX_OK;
    }
    while (find_work(&w)) {
        uint64_t number;

        while (next_block(&w, &number)) {
            bpemix_error problem = { 0 };

            if (!(st = bmx_count_block(&w, &problem)))
                continue;
            pthread_mutex_lock(&j->lock);
            record_failure(j, w.cat, number, st, &problem);
            pthread_mutex_unlock(&j->lock);
        }
    }
    bmx_unit_splitter_release(&w.splitter);
    bmx_buf_release(&w.record);
    bmx_buf_release(&w.start);
    bmx_block_release(&w.block);
    for (size_t f = 0; f < j->n_tallies; f++)
        bmx_word_table_release(&w.tallies[f].tab);
    bmx_free(w.tallies);
    return BPEMIX_OK;
}

/* ---- counting ---- */

bpemix_status bmx_categories_check(const bpemix_category *cats, size_t n, bpemix_error *err)
{
    bmx_intern names = { 0 };
    bpemix_status st = BPEMIX_OK;
    const char *reads_stdin = NULL;

    if (!n)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "give at least one", "no categories");
    for (size_t i = 0; i < n && !st; i++) {
        bool is_new = true;
        uint32_t id;

        if (!cats[i].name || !*cats[i].name)
            st = bmx_fail(err, BPEMIX_E_USAGE, "", "category %zu has no name", i + 1);
        else if (!cats[i].n_paths && !cats[i].read)
            st = bmx_fail_hint(err, BPEMIX_E_USAGE, "", "name a file, a folder or an archive",
                               "category '%s' has no files", cats[i].name);
        else
            st = bmx_intern_add(&names, bmx_slice_str(cats[i].name), &id, &is_new, err);
        if (!st && !is_new)
            st = bmx_fail_hint(err, BPEMIX_E_USAGE, cats[i].name,
                               "give every category one name, several files as a folder",
                               "category named twice");
        for (size_t k = 0; k < cats[i].n_paths && !cats[i].read && !st; k++) {
            if (strcmp(cats[i].paths[k], "-"))
                continue;
            if (reads_stdin)
                st = bmx_fail_hint(err, BPEMIX_E_USAGE, "standard input",
                                   "give one of them as a file",
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
    if (o->folds != 1 && o->folds <= BMX_MAX_FOLDS)
        return BPEMIX_OK;
    bmx_fail_hint(err, BPEMIX_E_USAGE, "", "give 2 to 255, or 0 for no intervals", "%s",
                  o->folds == 1 ? "one fold leaves nothing to compare" : "too many folds");
    return bmx_with_param(err, BPEMIX_E_USAGE, "folds");
}

/* A single file is one document, which would be in one fold as a whole: its folds are contiguous
 * parts of it instead, unless they were too short to tell anything.  Blocks end where words do, so
 * that smaller ones change no count. */
static void divide(const job *j, category *c)
{
    enum { BLOCKS = 8, LEAST_BLOCK = 4096 }; /* a part is off by half a block */
    uint64_t part = j->opts->folds ? bmx_source_single(c->source) / j->opts->folds : 0, block;

    if (part < BMX_LEAST_PART)
        return;
    block = part / BLOCKS < BMX_BLOCK_BYTES ? part / BLOCKS : BMX_BLOCK_BYTES;
    c->part_bytes = part;
    bmx_source_set_block(c->source, block > LEAST_BLOCK ? (size_t)block : LEAST_BLOCK);
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
    if (j->cats[i].read)
        st = bmx_source_open_callback(j->cats[i].read, j->cats[i].read_ctx, &opts, &c->source, err);
    else
        st = bmx_source_open(j->cats[i].paths, j->cats[i].n_paths, &opts, &c->source, err);
    if (!st && work && *work &&
        !(st = bmx_work_stamp(c->source, j->key, j->opts, c->stamp, err)) && c->stamp[0])
        st = bmx_work_load(&(bmx_work_file){ work, j->cats[i].name, j->key, c->stamp },
                           &j->out[i * j->n_tallies], j->n_tallies, &found, err);
    if (!st && found) {
        bmx_source_close(c->source);
        c->source = NULL;
        c->read_all = true;
    } else if (!st) {
        divide(j, c);
        st = bmx_source_choose(c->source, err);
    }
    if (st && st != BPEMIX_E_NOMEM && st != BPEMIX_E_INTERRUPTED)
        bmx_at(err, st, "category '%s'", j->cats[i].name);
    return st;
}

/* Bytes of text that the open categories will hand out; 0: not known of one of them. */
static uint64_t bytes_to_read(const job *j)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < j->n_cats; i++) {
        uint64_t bytes = j->category[i].source ? bmx_source_size(j->category[i].source) : 1;
        if (!bytes)
            return 0;
        sum += j->category[i].source ? bytes : 0;
    }
    return sum;
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
    j->bytes_total = bytes_to_read(j);
    j->n_reading = n;
    st = bmx_parallel(n, n, work, j, err);
    for (size_t i = 0; i < j->n_cats; i++) {
        BMX_ASSERT(st || j->status || !j->category[i].users); /* J2 */
        pthread_mutex_destroy(&j->category[i].lock);
    }
    pthread_mutex_destroy(&j->lock);
    if (!st && j->status) {
        if (err)
            *err = j->error;
        st = j->status;
    }
    for (size_t i = 0; i < j->n_cats && !st; i++) {
        uint64_t pretokens = 0, left_out = 0, skipped = j->category[i].skipped;
        for (size_t f = 0; f < j->n_tallies; f++) {
            pretokens += j->out[i * j->n_tallies + f].pretokens;
            left_out += j->category[i].sum[f].totals.left_out;
        }
        if (!pretokens && left_out)
            st = bmx_fail_hint(err, BPEMIX_E_EMPTY, "", "break its lines",
                               "category '%s' has no text but lines that a trainer of "
                               "SentencePiece leaves out: too long, or with U+2585",
                               j->cats[i].name);
        else if (!pretokens && skipped)
            st = bmx_fail_hint(err, BPEMIX_E_EMPTY, "",
                               "read them without leaving any out, to see what is "
                               "wrong with the first",
                               "category '%s' has no text but records that were "
                               "left out: %llu", j->cats[i].name, (unsigned long long)skipped);
        else if (!pretokens)
            st = bmx_fail_hint(err, BPEMIX_E_EMPTY, "", "give it files with text",
                               "category '%s' has no text", j->cats[i].name);
    }
    return st;
}

/* Count with a job whose key, cuts and plan are set. */
static bpemix_status count_all(job *j, bpemix_error *err)
{
    bpemix_status st = (j->category = bmx_calloc(j->n_cats, sizeof *j->category)) ? BPEMIX_OK
                                                                                  : bmx_nomem(err);

    for (size_t i = 0; i < j->n_cats && !st; i++)
        if (!(j->category[i].sum = bmx_calloc(j->n_tallies, sizeof *j->category[i].sum)))
            st = bmx_nomem(err);
    if (!st)
        st = run(j, err);
    for (size_t i = 0; i < j->n_cats && !st; i++)
        if (j->category[i].close) { /* once: it is the same for all */
            st = bmx_texts_take(&j->out[i * j->n_tallies].warning,
                                bmx_asprintf("samples kept as counted chunks stand for text with "
                                             "this tokenizer nearly, not exactly: %s",
                                             j->category[i].close), err);
            break;
        }
    for (size_t i = 0; !st && j->opts->warn && i < j->n_cats; i++) {
        const bmx_texts *w = &j->out[i * j->n_tallies].warning;
        for (size_t k = 0; k < w->n; k++)
            j->opts->warn(j->opts->warn_ctx, w->text[k]);
    }
    for (size_t i = 0; j->category && i < j->n_cats; i++) {
        bmx_source_close(j->category[i].source);
        for (size_t f = 0; j->category[i].sum && f < j->n_tallies; f++)
            bmx_word_sum_release(&j->category[i].sum[f].words);
        bmx_free(j->category[i].sum);
        bmx_words_release(&j->category[i].loaded);
        bmx_free(j->category[i].loaded_from);
    }
    bmx_free(j->category);
    return st;
}

static bpemix_status job_init(job *j, const bpemix_category *cats, size_t n_cats,
                              const bpemix_count_opts *opts, bmx_words *out, bpemix_error *err)
{
    static const bpemix_count_opts defaults;
    bpemix_status st = bmx_categories_check(cats, n_cats, err);

    *j = (job){ .cats = cats, .n_cats = n_cats, .opts = opts ? opts : &defaults, .out = out };
    if (st || (st = check_folds(j->opts, err)))
        return st;
    j->progress = (bmx_progress){ .fn = j->opts->progress, .ctx = j->opts->progress_ctx };
    j->n_tallies = j->opts->folds ? j->opts->folds : 1;
    j->source_opts = (bmx_source_opts){
        .cuts = BMX_CUT_LINE,
        .jsonl = j->opts->jsonl,
        .field = j->opts->field,
        .max_bytes = j->opts->max_bytes,
        .binary = j->opts->binary,
        .skip_bad = j->opts->skip_bad_records,
    };
    return BPEMIX_OK;
}

bpemix_status bmx_words_count(const bmx_text_rule *rule, const bpemix_category *cats,
                              size_t n_cats, const bpemix_count_opts *opts, bmx_words *out,
                              bpemix_error *err)
{
    job j;
    bpemix_status st = job_init(&j, cats, n_cats, opts, out, err);

    if (st)
        return st;
    memcpy(j.key, rule->key, sizeof j.key);
    j.source_opts.count_lines = rule->invalid == BPEMIX_INVALID_REFUSE;
    if (!(st = bmx_unit_plan_init(&j.plan, rule, err))) {
        if (!rule->lines)
            j.source_opts.cuts = j.plan.cuts;
        st = count_all(&j, err);
    }
    bmx_unit_plan_release(&j.plan);
    return st;
}

bpemix_status bmx_chunks_count(const bpemix_category *cats, size_t n_cats, unsigned cuts,
                               const bpemix_count_opts *opts, bmx_words *out, bpemix_error *err)
{
    return bmx_chunks_hand_out(cats, n_cats, cuts, opts, NULL, out, err);
}

bpemix_status bmx_chunks_hand_out(const bpemix_category *cats, size_t n_cats, unsigned cuts,
                                  const bpemix_count_opts *opts, const bmx_chunks_taker *to,
                                  bmx_words *out, bpemix_error *err)
{
    job j;
    bpemix_status st = job_init(&j, cats, n_cats, opts, out, err);

    if (st)
        return st;
    j.cuts = cuts;
    j.taker = to;
    j.source_opts.cuts = BMX_CUT_SPACE; /* one of the places where chunks end */
    bmx_chunks_key(cuts, j.key);
    return count_all(&j, err);
}

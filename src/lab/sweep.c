/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep.c - run trials on several threads and write them down in order.
 *
 * A run is a trial of one point of the sweep.  Its line is written when all runs before it have
 * been, so that the journal's bytes do not depend on the number of threads; who is killed loses the
 * runs at work. */
#include "lab/sweep.h"
#include "base/cancel.h"
#include "base/input.h"
#include "base/folder.h"
#include "base/threads.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct run {
    bmx_lab_sweep *s;
    const bmx_lab_run_opts *o;
    bmx_lab_corpus corpus;
    double *own;       /* own[n_cats]: see bmx_lab_own_efficiency(); NULL: not wanted */
    size_t *todo;      /* todo[n_todo]: runs that are to be made */
    size_t n_todo;
    FILE *journal;     /* NULL: none */
    bool begun;        /* it has its header */
    bool *has;         /* has[runs]: it has the run's line */
    bmx_progress progress;
    pthread_mutex_t lock;
    size_t next;       /* the first run whose line may be missing yet */
    size_t done;       /* of todo */
} run;

void bmx_lab_sweep_release(bmx_lab_sweep *s)
{
    bmx_lab_trials_release(&s->trials);
    for (size_t i = 0; s->name && i < s->n_cats; i++)
        bmx_free(s->name[i]);
    bmx_free(s->name);
    *s = (bmx_lab_sweep){ 0 };
}

bpemix_status bmx_lab_sweep_tell(bmx_lab_sweep *s, bpemix_error *err)
{
    bmx_lab_trials *t = &s->trials;
    bpemix_status st = bmx_lab_plan_terms(&s->plan, s->name, s->n_cats, &t->terms, err);

    return st ? st : bmx_lab_terms_key(&t->terms, t->key, err);
}

static bpemix_status sweep_init(bmx_lab_sweep *s, const bmx_lab_plan *plan, uint64_t trials,
                                const bmx_lab_run_opts *o, bpemix_error *err)
{
    size_t n_cats = o->n_cats, points = bmx_lab_points(plan);

    s->plan = *plan;
    s->trials.n = trials;
    s->n_cats = n_cats;
    if (trials > SIZE_MAX / sizeof *s->trials.outcome / points)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "trials", "ask for fewer", "%llu are too many",
                             (unsigned long long)trials);
    s->trials.runs = (size_t)trials * points;
    s->name = bmx_calloc(n_cats, sizeof *s->name);
    s->trials.outcome = bmx_calloc(s->trials.runs, sizeof *s->trials.outcome);
    if (!s->name || !s->trials.outcome)
        return bmx_nomem(err);
    for (size_t i = 0; i < n_cats; i++)
        if (!(s->name[i] = bmx_strdup(o->cats[i].name)))
            return bmx_nomem(err);
    return bmx_lab_sweep_tell(s, err);
}

/* ---- journals ---- */

/* All points of a trial are of one shard. */
static bool is_ours(const run *r, size_t k)
{
    return !r->o->n_shards || k / bmx_lab_points(&r->s->plan) % r->o->n_shards == r->o->shard;
}

static bpemix_status journal_error(const run *r, bpemix_error *err)
{
    return bmx_fail_errno(err, r->o->journals[0], "cannot write the journal");
}

/* The first journal, to be written by this process alone, from before it is read: another one
 * would take its unfinished line for that of a killed writer and cut it off.  Where files cannot be
 * locked, they are not.  *empty: it is new, or has nothing to read.  Only the locked file tells
 * this: another process may have begun and ended since its name was looked up. */
static bpemix_status lock_journal(run *r, bool *empty, bpemix_error *err)
{
    const char *path = r->o->journals[0];
    bmx_path_kind kind = bmx_path_kind_of(path);
    struct stat sb;

    *empty = false;
    if (kind != BMX_PATH_FILE && kind != BMX_PATH_MISSING)
        return BPEMIX_OK; /* what it is will be told when it is read */
    if (!(r->journal = fopen(path, "ab")))
        return journal_error(r, err);
    if (flock(fileno(r->journal), LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
        return bmx_fail_hint(err, BPEMIX_E_IO, path,
                             "wait for it, or divide the trials, with a journal for each process",
                             "another process is writing the journal");
    if (fstat(fileno(r->journal), &sb))
        return journal_error(r, err);
    *empty = sb.st_size == 0;
    return BPEMIX_OK;
}

/* To go on behind its first `used` bytes, which are whole lines of `size` that were read. */
static bpemix_status truncate_journal(run *r, size_t size, size_t used, bpemix_error *err)
{
    struct stat sb;

    if (size && !stat(r->o->journals[0], &sb) && (uint64_t)sb.st_size != size)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, r->o->journals[0], "unpack it first",
                             "a compressed journal, to which no trials can be added");
    if (!r->journal || (used < INT64_MAX && ftruncate(fileno(r->journal), (off_t)used)))
        return journal_error(r, err);
    return BPEMIX_OK;
}

/* Read what is there; the first journal is left open behind its last whole line, and without
 * its header when it is a new one: this tells which text the trials are of. */
static bpemix_status open_journals(run *r, bpemix_error *err)
{
    bool empty = false;
    bpemix_status st = r->o->n_journals ? lock_journal(r, &empty, err) : BPEMIX_OK;

    for (size_t k = 0; k < r->o->n_journals && !st; k++) {
        const char *path = r->o->journals[k];
        bmx_buf text = { 0 };
        size_t used = 0;

        if (k || !empty)
            st = bmx_read_file_like(path, bmx_slice_str(BMX_LAB_JOURNAL_BEGINS), &text, err);
        if (!st && (k || !empty))
            st = bmx_lab_journal_read(&r->s->trials, path, bmx_slice_of(text.ptr, text.len), &used,
                                      err);
        if (!st && k == 0)
            st = truncate_journal(r, text.len, used, err);
        bmx_buf_release(&text);
        if (st || k)
            continue;
        r->begun = used > 0;
        for (size_t t = 0; t < r->s->trials.runs; t++)
            r->has[t] = r->s->trials.outcome[t].n > 0;
    }
    return st;
}

static bpemix_status write_text(run *r, const bmx_buf *text, bpemix_error *err)
{
    return fwrite(text->ptr, 1, text->len, r->journal) != text->len || fflush(r->journal)
               ? journal_error(r, err)
               : BPEMIX_OK;
}

static bpemix_status write_header(run *r, bpemix_error *err)
{
    bmx_buf text = { 0 };
    bpemix_status st = BPEMIX_OK;

    if (r->journal && !r->begun && !(st = bmx_lab_journal_header(&r->s->trials, &text, err)))
        st = write_text(r, &text, err);
    bmx_buf_release(&text);
    return st;
}

/* Lines of the runs up to the first that is to be made and is not done; those that other journals
 * had are among them. */
static bpemix_status write_lines(run *r, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (; r->next < r->s->trials.runs && !st; r->next++) {
        size_t t = r->next;
        bmx_buf text = { 0 };

        if (!r->s->trials.outcome[t].n && is_ours(r, t))
            break;
        if (r->journal && !r->has[t] && r->s->trials.outcome[t].n &&
            !(st = bmx_lab_journal_line(&r->s->trials, &r->s->trials.outcome[t], &text, err)))
            st = write_text(r, &text, err);
        bmx_buf_release(&text);
    }
    return st;
}

/* ---- trials ---- */

static bpemix_status run_trial(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    run *r = ctx;
    size_t points = bmx_lab_points(&r->s->plan), k = r->todo[task];
    bmx_lab_outcome o = { 0 };
    bpemix_status st = bmx_check_cancel(err);

    (void)worker;
    if (!st)
        st = bmx_lab_trial(&r->s->plan, &r->corpus, r->own, k / points, k % points, &o, err);
    if (st)
        return st;
    pthread_mutex_lock(&r->lock);
    r->s->trials.outcome[k] = o;
    r->done++;
    st = write_lines(r, err);
    if (!st)
        st = bmx_progress_tell(&r->progress,
                               &(bpemix_progress){ .stage = "trials",
                                                   .done = r->done,
                                                   .total = r->n_todo,
                                                   .unit = "trials",
                                                   .bound = NAN,
                                                   .gap = NAN },
                               err);
    pthread_mutex_unlock(&r->lock);
    return st;
}

static bool wants(const bmx_lab_plan *p, bmx_lab_kind kind)
{
    for (size_t m = 0; m < p->n_methods; m++)
        if (p->method[m].kind == kind)
            return true;
    return false;
}

static bpemix_status own_efficiency(void *ctx, size_t cat, unsigned worker, bpemix_error *err)
{
    run *r = ctx;

    (void)worker;
    return bmx_lab_own_efficiency(&r->s->plan, &r->corpus, cat, &r->own[cat], err);
}

static bpemix_status prepare(run *r, bpemix_error *err)
{
    char digest[65];
    bpemix_status st;

    if (!bmx_lab_needs_text(&r->s->plan)) {
        r->corpus.n_cats = r->s->n_cats;
        return BPEMIX_OK;
    }
    if ((st = bmx_lab_corpus_read(r->o->cats, r->s->n_cats, &r->o->read, &r->corpus, err)) ||
        (st = bmx_lab_corpus_digest(&r->corpus, digest, err)) ||
        (st = bmx_lab_text_is(&r->s->trials, digest, NULL, err)))
        return st;
    if (!wants(&r->s->plan, BMX_LAB_TEE))
        return BPEMIX_OK;
    if (!(r->own = bmx_calloc(r->s->n_cats, sizeof *r->own)))
        return bmx_nomem(err);
    return bmx_parallel(r->o->n_threads, r->s->n_cats, own_efficiency, r, err);
}

static bpemix_status list_todo(run *r, bpemix_error *err)
{
    if (!(r->todo = bmx_malloc(r->s->trials.runs, sizeof *r->todo)))
        return bmx_nomem(err);
    for (size_t k = 0; k < r->s->trials.runs; k++)
        if (!r->s->trials.outcome[k].n && is_ours(r, k))
            r->todo[r->n_todo++] = k;
    return BPEMIX_OK;
}

bpemix_status bmx_lab_sweep_run(bmx_lab_sweep *s, const bmx_lab_plan *plan, uint64_t trials,
                                const bmx_lab_run_opts *opts, bpemix_error *err)
{
    run r = { .s = s, .o = opts, .progress = opts->progress };
    bpemix_status st;

    pthread_mutex_init(&r.lock, NULL);
    if (!(st = sweep_init(s, plan, trials, opts, err)) &&
        !(r.has = bmx_calloc(s->trials.runs, sizeof *r.has)))
        st = bmx_nomem(err);
    if (!st && !(st = open_journals(&r, err)) && !(st = list_todo(&r, err)) && r.n_todo)
        st = prepare(&r, err);
    if (!st && !(st = write_header(&r, err)) && !(st = write_lines(&r, err)) && r.n_todo)
        st = bmx_parallel(opts->n_threads, r.n_todo, run_trial, &r, err);
    if (r.journal && (fclose(r.journal) && !st))
        st = journal_error(&r, err);
    pthread_mutex_destroy(&r.lock);
    if (bmx_lab_needs_text(plan))
        bmx_lab_corpus_release(&r.corpus);
    bmx_free(r.own);
    bmx_free(r.has);
    bmx_free(r.todo);
    return st;
}

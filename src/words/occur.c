/* SPDX-License-Identifier: GPL-3.0-or-later */
/* occur.c - see occur.h.
 *
 * The texts are sorted bytewise.  Those that occur at a place are the prefixes of s, which is what
 * follows from there on.  Let q be the last text that is not behind s: a prefix r of s has
 * r <= q <= s, and whatever is between r and a string that begins with r begins with r as well.
 * So q begins with every one of them, and they are a chain:
 *
 *   sorted   " i"   " in"   " int"   " is"       s = " integer"
 *   up         .    " i"    " in"    " i"        q = " int", and up from it " in" and " i"
 *
 * O1  up of an entry is the longest one before it that it begins with, NONE: there is none.  Of
 *     texts that are the same each has the one before it.
 * O2  q is among the entries first[b] .. first[b + 1] - 1, b being the first two bytes of s: all of
 *     its chain begin with these, as no text has less. */
#include "words/occur.h"
#include "base/threads.h"

#include <stdlib.h>

#define NONE UINT32_MAX
#define STARTS 65536

typedef struct entry {
    bmx_slice text;
    uint32_t at, up; /* place in the caller's list; O1 */
} entry;

typedef struct sorted_texts {
    entry *entry; /* entry[n] */
    uint32_t n;
    uint32_t first[STARTS + 1]; /* O2 */
} sorted_texts;

static int by_text(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    int c = bmx_slice_cmp(x->text, y->text);

    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static bool begins_with(bmx_slice s, bmx_slice prefix)
{
    return s.len >= prefix.len && !memcmp(s.ptr, prefix.ptr, prefix.len);
}

static uint32_t start_of(const char *p)
{
    return (uint32_t)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

static bpemix_status sort_texts(const bmx_slice *text, size_t n, sorted_texts *t, bpemix_error *err)
{
    if (!(t->entry = bmx_malloc(n, sizeof *t->entry)))
        return bmx_nomem(err);
    for (size_t i = 0; i < n; i++)
        if (text[i].len > 1)
            t->entry[t->n++] = (entry){ text[i], (uint32_t)i, NONE };
    if (t->n)
        qsort(t->entry, t->n, sizeof *t->entry, by_text);
    for (uint32_t k = 0; k < t->n; k++) {
        entry *e = &t->entry[k];

        e->up = k ? k - 1 : NONE; /* O1: the entry before begins with what e does, or is it */
        while (e->up != NONE && !begins_with(e->text, t->entry[e->up].text))
            e->up = t->entry[e->up].up;
        t->first[start_of(e->text.ptr) + 1]++;
    }
    for (size_t b = 0; b < STARTS; b++)
        t->first[b + 1] += t->first[b];
    return BPEMIX_OK;
}

/* q of the file header for s; NONE: all with its first two bytes are behind it. */
static uint32_t last_not_behind(const sorted_texts *t, bmx_slice s)
{
    uint32_t b = start_of(s.ptr), low = t->first[b], high = t->first[b + 1];

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (bmx_slice_cmp(t->entry[middle].text, s) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low > t->first[b] ? low - 1 : NONE;
}

/* Adds `times` to count[k] for each place of `in` where text k occurs. */
static void count_in(const sorted_texts *t, bmx_slice in, uint64_t times, uint64_t *count)
{
    for (; in.len > 1; in = bmx_slice_of(in.ptr + 1, in.len - 1)) {
        uint32_t k = last_not_behind(t, in);

        while (k != NONE && !begins_with(in, t->entry[k].text))
            k = t->entry[k].up;
        for (; k != NONE; k = t->entry[k].up)
            count[t->entry[k].at] += times;
    }
}

/* ---- categories ---- */

typedef struct scratch { /* of a thread */
    bmx_chunk_list list;
    uint64_t *count; /* count[n]: in the category at hand */
    bmx_occur *most; /* most[n]: of the categories so far */
} scratch;

typedef struct job {
    const bmx_chunk_file *file;
    const sorted_texts *texts;
    const bool *skip;
    size_t n, folds;
    scratch *of; /* of[n_threads] */
} job;

static bool is_more(const bmx_occur *a, const bmx_occur *b)
{
    __extension__ typedef unsigned __int128 wide;
    wide x = (wide)a->count * b->bytes, y = (wide)b->count * a->bytes;

    if (!a->count || !b->count)
        return a->count > 0 && !b->count;
    return x != y ? x > y : a->category < b->category;
}

static bpemix_status count_category(void *ctx, size_t c, unsigned worker, bpemix_error *err)
{
    const job *j = ctx;
    scratch *w = &j->of[worker];
    uint64_t bytes = 0;
    bpemix_status st = BPEMIX_OK;

    if (j->skip && j->skip[c])
        return BPEMIX_OK;
    if (!w->count && !(w->count = bmx_malloc(j->n, sizeof *w->count)))
        return bmx_nomem(err);
    if (!w->most && !(w->most = bmx_calloc(j->n, sizeof *w->most)))
        return bmx_nomem(err);
    memset(w->count, 0, j->n * sizeof *w->count);
    for (size_t s = c * j->folds; s < (c + 1) * j->folds && !st; s++)
        for (size_t k = 0; k < j->file->section[s].n_frames && !st; k++) {
            st = bmx_chunk_file_read(j->file, s, k, &w->list, err);
            for (size_t i = 0; i < w->list.n && !st; i++) {
                bmx_slice chunk = w->list.chunk[i];

                if (chunk.ptr[0] == BMX_CHUNK_START)
                    chunk = bmx_slice_of(chunk.ptr + 1, chunk.len - 1);
                count_in(j->texts, chunk, w->list.count[i], w->count);
            }
            bytes += st ? 0 : w->list.mass;
        }
    for (size_t k = 0; k < j->n && !st; k++) {
        bmx_occur here = { c, w->count[k], bytes };

        if (is_more(&here, &w->most[k]))
            w->most[k] = here;
    }
    return st;
}

bpemix_status bmx_occur_most(const bmx_chunk_file *f, const bool *skip, const bmx_slice *text,
                             size_t n, unsigned n_threads, bmx_occur *most, bpemix_error *err)
{
    sorted_texts *t = bmx_calloc(1, sizeof *t);
    size_t folds = f->terms.n_folds ? f->terms.n_folds : 1;
    unsigned workers = bmx_thread_count(n_threads);
    scratch *of = bmx_calloc(workers, sizeof *of);
    job j = { .file = f, .texts = t, .skip = skip, .n = n, .folds = folds, .of = of };
    bpemix_status st = t && of ? sort_texts(text, n, t, err) : bmx_nomem(err);

    if (!st)
        st = bmx_parallel(workers, f->n / folds, count_category, &j, err);
    for (size_t k = 0; k < n && !st; k++) {
        most[k] = (bmx_occur){ .category = SIZE_MAX };
        for (unsigned w = 0; w < workers; w++)
            if (of[w].most && is_more(&of[w].most[k], &most[k]))
                most[k] = of[w].most[k];
    }
    for (unsigned w = 0; of && w < workers; w++) {
        bmx_chunk_list_release(&of[w].list);
        bmx_free(of[w].count);
        bmx_free(of[w].most);
    }
    bmx_free(of);
    if (t)
        bmx_free(t->entry);
    bmx_free(t);
    return st;
}

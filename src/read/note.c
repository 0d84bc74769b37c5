/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/note.h"

#include <pthread.h>

typedef struct note {
    uint64_t n;
    bmx_note_place at; /* of the one that is shown */
    char *text;        /* "where: what; hint" */
} note;

struct bmx_notes {
    pthread_mutex_t lock;
    note kind[BMX_NOTE_KINDS]; /* under lock */
};

bmx_notes *bmx_notes_new(void)
{
    bmx_notes *n = bmx_calloc(1, sizeof *n);

    if (n)
        pthread_mutex_init(&n->lock, NULL);
    return n;
}

void bmx_notes_free(bmx_notes *n)
{
    if (!n)
        return;
    for (int k = 0; k < BMX_NOTE_KINDS; k++)
        bmx_free(n->kind[k].text);
    pthread_mutex_destroy(&n->lock);
    bmx_free(n);
}

static bool is_before(const bmx_note_place *a, const bmx_note_place *b)
{
    if (a->file != b->file)
        return a->file < b->file;
    return a->ordinal != b->ordinal ? a->ordinal < b->ordinal : a->line < b->line;
}

bpemix_status bmx_note(bmx_notes *n, bmx_note_kind kind, const bmx_note_place *at,
                       const char *where, const char *what, const char *hint, bpemix_error *err)
{
    note *k = &n->kind[kind];
    bpemix_status st = BPEMIX_OK;

    pthread_mutex_lock(&n->lock);
    if (!k->text || is_before(at, &k->at)) {
        char *text = bmx_asprintf("%s: %s%s%s", where, what, *hint ? "; " : "", hint);
        if (text) {
            bmx_free(k->text);
            k->text = text;
            k->at = *at;
        } else {
            st = bmx_nomem(err);
        }
    }
    k->n += !st;
    pthread_mutex_unlock(&n->lock);
    return st;
}

uint64_t bmx_notes_count(bmx_notes *n, bmx_note_kind kind)
{
    uint64_t count;

    pthread_mutex_lock(&n->lock);
    count = n->kind[kind].n;
    pthread_mutex_unlock(&n->lock);
    return count;
}

bpemix_status bmx_notes_text(bmx_notes *n, bmx_texts *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    pthread_mutex_lock(&n->lock);
    for (int kind = 0; kind < BMX_NOTE_KINDS && !st; kind++) {
        const note *k = &n->kind[kind];
        if (!k->n)
            continue;
        if (kind == BMX_NOTE_SKIPPED)
            st = bmx_texts_take(out, bmx_asprintf("records skipped: %llu, the first of them %s",
                                                  (unsigned long long)k->n, k->text), err);
        else if (k->n > 1)
            st = bmx_texts_take(out, bmx_asprintf("%s (and %llu more like it)", k->text,
                                                  (unsigned long long)(k->n - 1)), err);
        else
            st = bmx_texts_take(out, bmx_strdup(k->text), err);
    }
    pthread_mutex_unlock(&n->lock);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_pack.c - writing a file of counted chunks; chunk_file.c draws it.
 *
 *   the chunks of a section, in byte order
 *        |        |        |       tasks, of as many chunks each
 *     frames   frames   frames     one a task, more where the chunks are long
 *
 * Chunks come as words, or as they were sorted: then they are not copied before. */
#include "words/chunk_pack.h"
#include "base/archive.h"
#include "base/cancel.h"
#include "base/output.h"
#include "base/signature.h"
#include "base/threads.h"
#include "words/coding.h"

#include <string.h>

#define FRAME_TEXT ((size_t)2 << 20) /* bytes of a frame's chunks, PER_CHUNK more for each; no less
                                      * than the mean of a section, */
#define MOST_TEXT (4 * FRAME_TEXT)   /* and from so many on a frame is closed */
#define PER_CHUNK 4
#define AHEAD 12 /* chunks from a prefetch to its use */
#define FAST 1  /* 116 MB in 100 languages: 3 takes 15 % more time in all, for 12 % less bytes */
#define SMALL 6 /* level for samples; from 9 on clearing its tables for each frame takes longer
                 * than all the rest: 19 took seven times as long, for 7 % less */

void bmx_chunk_pack_release(bmx_chunk_pack *p)
{
    for (size_t i = 0; i < p->n; i++)
        bmx_buf_release(&p->frame[i].bytes);
    bmx_free(p->frame);
    *p = (bmx_chunk_pack){ 0 };
}

/* ---- packing ---- */

/* Chunks in byte order: either has them. */
typedef struct origin {
    const bmx_words *words;
    const bmx_word_item *item;
} origin;

typedef struct task {
    origin from;
    size_t first, end; /* of its chunks */
    int level;
    bmx_chunk_pack *to; /* the section's */
    bmx_chunk_pack made;
} task;

typedef struct tasks {
    task *task;
    size_t n, cap;
} tasks;

/* Tasks for the n chunks of a section, whose bytes are `text`. */
static bpemix_status add_tasks(tasks *t, origin from, size_t n, uint64_t text, bool sampled,
                               bmx_chunk_pack *to, bpemix_error *err)
{
    size_t frames = n ? (size_t)((text + n * PER_CHUNK) / FRAME_TEXT) + 1 : 0, end = 0;
    bpemix_status st = bmx_reserve(&t->task, &t->cap, t->n + frames, sizeof *t->task, err);

    for (size_t k = 0; k < frames && !st; k++) {
        size_t first = end;

        end = (size_t)((unsigned __int128)n * (k + 1) / frames);
        t->task[t->n++] = (task){ .from = from, .first = first, .end = end,
                                  .level = sampled ? SMALL : FAST, .to = to };
    }
    return st;
}

typedef struct entry {
    bmx_slice chunk;
    uint64_t count;
} entry;

/* Chunk i; short ones that were sorted are put into bytes[16]. */
static inline entry entry_at(const origin *from, size_t i, char *bytes)
{
    if (from->words)
        return (entry){ from->words->word.str[i], from->words->count[i] };
    return (entry){ bmx_word_item_bytes(&from->item[i], bytes), from->item[i].count };
}

/* Where the bytes of chunk i are, NULL: with its other data. */
static inline const char *place_of(const origin *from, size_t i)
{
    return from->words ? from->words->word.str[i].ptr : from->item[i].stored;
}

static bpemix_status close_frame(task *t, const bmx_buf *raw, uint64_t n, uint64_t text,
                                 bpemix_error *err)
{
    bmx_chunk_packed *p;
    bpemix_status st = bmx_reserve(&t->made.frame, &t->made.cap, t->made.n + 1,
                                   sizeof *t->made.frame, err);

    if (st)
        return st;
    p = &t->made.frame[t->made.n++];
    *p = (bmx_chunk_packed){ .frame = { .raw = raw->len, .n = n, .text = text } };
    if ((st = bmx_pack(bmx_slice_of(raw->ptr, raw->len), t->level, &p->bytes, err)))
        return st;
    p->frame.packed = p->bytes.len;
    p->frame.checksum = bmx_hash64(p->bytes.ptr, p->bytes.len, 0);
    t->made.distinct += n;
    return BPEMIX_OK;
}

static bpemix_status pack(void *ctx, size_t k, unsigned worker, bpemix_error *err)
{
    task *t = &((tasks *)ctx)->task[k];
    char bytes[2][16]; /* a chunk is compared with the one before */
    bmx_slice before = { NULL, 0 };
    bmx_buf raw = { 0 };
    uint64_t text = 0;
    bpemix_status st = bmx_check_cancel(err);

    (void)worker;
    for (size_t i = t->first, from = i; i < t->end && !st; i++) {
        entry e = entry_at(&t->from, i, bytes[i % 2]);

        if (i + AHEAD < t->end && place_of(&t->from, i + AHEAD)) /* it may be anywhere */
            __builtin_prefetch(place_of(&t->from, i + AHEAD));
        st = bmx_put_entry(&raw, before, e.chunk, e.count, err);
        before = e.chunk;
        text += e.chunk.len;
        t->made.mass += e.count * e.chunk.len; /* no more than the text has, and one a document */
        if (!st && (i + 1 == t->end || text + (i + 1 - from) * PER_CHUNK >= MOST_TEXT)) {
            st = close_frame(t, &raw, i + 1 - from, text, err);
            from = i + 1;
            text = raw.len = 0;
            before.len = 0;
        }
    }
    bmx_buf_release(&raw);
    return st;
}

/* Move the frames of a task behind those of its section. */
static bpemix_status move(task *t, bpemix_error *err)
{
    bmx_chunk_pack *to = t->to;
    bpemix_status st = bmx_reserve(&to->frame, &to->cap, to->n + t->made.n, sizeof *to->frame, err);

    if (st)
        return st;
    for (size_t i = 0; i < t->made.n; i++)
        to->frame[to->n++] = t->made.frame[i];
    to->distinct += t->made.distinct;
    to->mass += t->made.mass;
    t->made.n = 0;
    return BPEMIX_OK;
}

static bpemix_status run(tasks *t, unsigned n_threads, bpemix_error *err)
{
    bpemix_status st = bmx_parallel(n_threads, t->n, pack, t, err);

    for (size_t k = 0; k < t->n && !st; k++)
        st = move(&t->task[k], err);
    for (size_t k = 0; k < t->n; k++)
        bmx_chunk_pack_release(&t->task[k].made);
    bmx_free(t->task);
    return st;
}

bpemix_status bmx_chunk_pack_sorted(const bmx_word_sum_sorted *sorted, bool sampled,
                                    unsigned n_threads, bmx_chunk_pack *out, bpemix_error *err)
{
    tasks t = { 0 };
    bpemix_status st = add_tasks(&t, (origin){ .item = sorted->item }, sorted->n, sorted->bytes,
                                 sampled, out, err);

    return st ? st : run(&t, n_threads, err);
}

bpemix_status bmx_chunk_pack_words(const bmx_words *words, size_t n_sections, bool sampled,
                                   unsigned n_threads, bmx_chunk_pack *out, bpemix_error *err)
{
    tasks t = { 0 };
    bpemix_status st = BPEMIX_OK;

    for (size_t k = 0; k < n_sections && !st; k++) {
        uint64_t text = 0;

        for (size_t i = 0; i < words[k].word.n; i++)
            text += words[k].word.str[i].len;
        st = add_tasks(&t, (origin){ .words = &words[k] }, words[k].word.n, text, sampled, &out[k],
                       err);
    }
    if (!st)
        return run(&t, n_threads, err);
    bmx_free(t.task);
    return st;
}

/* ---- writing ---- */

static bpemix_status put_section(bmx_buf *b, const bmx_words *w, uint32_t fold,
                                 const bmx_chunk_pack *p, bpemix_error *err)
{
    bpemix_status st = bmx_put_string(b, bmx_slice_str(w->name), err);

    if (!st && !(st = bmx_put_varint(b, fold, err)) && !(st = bmx_put_varint(b, w->bytes, err)) &&
        !(st = bmx_put_varint(b, w->documents, err)) &&
        !(st = bmx_put_varint(b, p->distinct, err)) &&
        !(st = bmx_put_varint(b, w->pretokens, err)) && !(st = bmx_put_varint(b, p->mass, err)))
        st = bmx_put_varint(b, w->n_inputs, err);
    for (size_t i = 0; i < w->n_inputs && !st; i++)
        if (!(st = bmx_put_string(b, bmx_slice_str(w->input[i].path), err)) &&
            !(st = bmx_put_varint(b, w->input[i].bytes, err)) &&
            !(st = bmx_put_varint(b, w->input[i].documents, err)))
            st = bmx_put_varint(b, w->input[i].checksum, err);
    if (!st)
        st = bmx_put_varint(b, p->n, err);
    for (size_t i = 0; i < p->n && !st; i++) {
        const bmx_chunk_frame *f = &p->frame[i].frame;

        if (!(st = bmx_put_varint(b, f->packed, err)) && !(st = bmx_put_varint(b, f->raw, err)) &&
            !(st = bmx_put_varint(b, f->n, err)) && !(st = bmx_put_varint(b, f->text, err)))
            st = bmx_put_varint(b, f->checksum, err);
    }
    return st;
}

static bpemix_status put_contents(bmx_buf *b, const bmx_words *words, const bmx_chunk_pack *pack,
                                  size_t n, const bmx_chunk_terms *t, bpemix_error *err)
{
    uint32_t folds = t->n_folds ? t->n_folds : 1;
    bpemix_status st = bmx_put_varint(b, t->cuts, err);

    if (!st && !(st = bmx_put_varint(b, t->n_folds, err)) &&
        !(st = bmx_put_varint(b, t->sampled, err)) && !(st = bmx_put_varint(b, t->top, err)) &&
        !(st = bmx_put_varint(b, t->tail, err)) && !(st = bmx_put_varint(b, t->seed, err)) &&
        !(st = bmx_put_string(b, t->note, err)) &&
        !(st = bmx_put_string(b, t->groups, err)))
        st = bmx_put_varint(b, n, err);
    for (size_t i = 0; i < n && !st; i++)
        st = put_section(b, &words[i], (uint32_t)(i % folds), &pack[i], err);
    return st;
}

static bpemix_status write_all(bmx_output *out, const bmx_words *words, const bmx_chunk_pack *pack,
                               size_t n, const bmx_chunk_terms *t, bpemix_error *err)
{
    bmx_buf head = { 0 }, contents = { 0 };
    bpemix_status st = put_contents(&contents, words, pack, n, t, err);

    if (!st && !(st = bmx_buf_add(&head, BMX_CHUNKS_MAGIC, BMX_CHUNKS_MAGIC_BYTES, err)) &&
        !(st = bmx_put_le(&head, BMX_CHUNKS_VERSION, 4, err)) &&
        !(st = bmx_put_le(&head, contents.len, 8, err)) &&
        !(st = bmx_buf_add(&head, contents.ptr, contents.len, err)))
        st = bmx_put_le(&head, bmx_hash64(head.ptr, head.len, 0), 8, err);
    if (!st)
        st = bmx_output_add(out, head.ptr, head.len, err);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < pack[i].n && !st; k++)
            st = bmx_output_add(out, pack[i].frame[k].bytes.ptr, pack[i].frame[k].bytes.len, err);
    bmx_buf_release(&head);
    bmx_buf_release(&contents);
    return st;
}

static size_t n_sections(size_t n_cats, const bmx_chunk_terms *t)
{
    return n_cats * (t->n_folds ? t->n_folds : 1);
}

bpemix_status bmx_chunk_file_write(const char *path, const bmx_words *words,
                                   const bmx_chunk_pack *pack, size_t n_cats,
                                   const bmx_chunk_terms *terms, bpemix_error *err)
{
    bmx_output *out;
    bpemix_status st = bmx_output_open(path, &out, err);

    if (st)
        return st;
    st = write_all(out, words, pack, n_sections(n_cats, terms), terms, err);
    return bmx_output_close(out, st, err);
}

bpemix_status bmx_chunk_file_save(const char *path, const bmx_words *words, size_t n_cats,
                                  const bmx_chunk_terms *terms, unsigned n_threads,
                                  bpemix_error *err)
{
    size_t n = n_sections(n_cats, terms);
    bmx_chunk_pack *pack = bmx_calloc(n, sizeof *pack);
    bpemix_status st = pack ? bmx_chunk_pack_words(words, n, terms->sampled, n_threads, pack, err)
                            : bmx_nomem(err);

    if (!st)
        st = bmx_chunk_file_write(path, words, pack, n_cats, terms, err);
    for (size_t i = 0; pack && i < n; i++)
        bmx_chunk_pack_release(&pack[i]);
    bmx_free(pack);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* choose.c - which documents are in the sample that max_bytes asks for: a first pass over names,
 * sizes and beginnings (source.h has the rule). */
#include "base/cancel.h"
#include "read/member.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct choice {
    bmx_source_document *c; /* the c[n] of lowest hash, enough of them to pass max_bytes */
    size_t n, cap, limit;
    uint64_t bytes, max_bytes;
} choice;

static int by_hash(const void *a, const void *b)
{
    const bmx_source_document *x = a, *y = b;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

/* Length of the prefix of c[n], sorted by hash, that fits into max_bytes with
 * documents of equal hash staying together. */
static size_t fitting(const choice *ch)
{
    uint64_t sum = 0;
    size_t i = 0;

    while (i < ch->n) {
        size_t j = i;
        for (; j < ch->n && ch->c[j].hash == ch->c[i].hash; j++) {
            if (ch->c[j].bytes > ch->max_bytes - sum)
                return i;
            sum += ch->c[j].bytes;
        }
        i = j;
    }
    return i;
}

/* Drop candidates that cannot be chosen any more. */
static void prune(choice *ch)
{
    size_t keep;

    if (ch->n)
        qsort(ch->c, ch->n, sizeof *ch->c, by_hash);
    keep = fitting(ch);
    if (keep < ch->n) { /* the first group that does not fit marks the threshold */
        uint64_t h = ch->c[keep].hash;
        while (keep < ch->n && ch->c[keep].hash == h)
            keep++;
    }
    ch->n = keep;
}

static bpemix_status consider(choice *ch, bmx_source_document c, bpemix_error *err)
{
    bpemix_status st;

    if (ch->n >= ch->limit) {
        prune(ch);
        ch->limit = ch->n * 2 < 65536 ? 65536 : ch->n * 2;
    }
    if ((st = bmx_reserve(&ch->c, &ch->cap, ch->n + 1, sizeof *ch->c, err)))
        return st;
    ch->c[ch->n++] = c;
    return BPEMIX_OK;
}

static bpemix_status consider_records(bmx_source *s, choice *ch, bmx_block *b, bmx_buf *buf,
                                      bpemix_error *err)
{
    s->has_records[s->file] = true;
    while (s->in_member) {
        bmx_source_document c = { .file = s->file, .ordinal = s->ordinal - 1 };
        bool full, more;
        bpemix_status st;

        if ((st = bmx_check_cancel(err)))
            return st;
        b->buf.len = b->names.len = b->n = 0;
        b->kind = s->kind;
        if ((st = bmx_source_take(s, b, &full, err)))
            return st;
        for (size_t i = 0; i < b->n; i++) {
            bmx_record_cursor at = { .block = b, .part = i };
            for (;;) {
                bmx_slice text;
                if ((st = bmx_source_record(s, &at, buf, &text, &more, err)))
                    return st;
                if (!more)
                    break;
                c.line = at.line;
                c.bytes = text.len;
                c.hash = bmx_document_hash(text.ptr, text.len, text.len);
                if ((st = consider(ch, c, err)))
                    return st;
            }
        }
    }
    return BPEMIX_OK;
}

static bpemix_status consider_text(bmx_source *s, choice *ch, bmx_block *block, bmx_buf *buf,
                                   bpemix_error *err)
{
    bmx_source_document c = { .file = s->file, .ordinal = s->ordinal - 1 };
    struct stat sb;
    bpemix_status st;
    size_t got = 1, head = 0;

    if ((st = bmx_buf_reserve(buf, 2 * BMX_HASHED_BYTES, err)))
        return st;
    while (head < BMX_HASHED_BYTES && got) {
        if ((st = bmx_input_read(s->in, buf->ptr + head, BMX_HASHED_BYTES - head, &got, err)))
            return st;
        head += got;
    }
    if ((st = bmx_source_look(s, buf->ptr, head, !got, err)))
        return st;
    if (s->kind == BMX_BLOCK_RECORDS) { /* its content shows records: these begin with the bytes
                                           that were read already */
        if ((st = bmx_reserve(&s->jsonl, &s->jsonl_cap, s->n_jsonl + 1, sizeof *s->jsonl, err)) ||
            (st = bmx_buf_add(&s->carry, buf->ptr, head, err)))
            return st;
        s->jsonl[s->n_jsonl++] = (bmx_member){ s->file, s->ordinal - 1 };
        return consider_records(s, ch, block, buf, err);
    }
    c.bytes = head;
    if (bmx_input_is_plain(s->in) && got && !stat(s->files.path[s->file], &sb) &&
        S_ISREG(sb.st_mode) && (uint64_t)sb.st_size > head) {
        c.bytes = (uint64_t)sb.st_size;
    } else {
        while (got) {
            if ((st = bmx_input_read(s->in, buf->ptr + BMX_HASHED_BYTES, BMX_HASHED_BYTES, &got,
                                     err)))
                return st;
            c.bytes += got;
        }
    }
    c.hash = bmx_document_hash(buf->ptr, head, c.bytes);
    return consider(ch, c, err);
}

static const char *path_of(const bmx_source *s, const bmx_source_document *c)
{
    return s->files.path[c->file];
}

static int by_place(const void *a, const void *b)
{
    const bmx_member *x = a, *y = b;

    if (x->file != y->file)
        return (x->file > y->file) - (x->file < y->file);
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* The whole members among c[n]. */
static bpemix_status pick_members(bmx_source *s, const bmx_source_document *c, size_t n,
                                  bpemix_error *err)
{
    if (!(s->pick = bmx_malloc(n, sizeof *s->pick)))
        return bmx_nomem(err);
    for (size_t i = 0; i < n; i++)
        if (!c[i].line)
            s->pick[s->n_picks++] = (bmx_member){ c[i].file, c[i].ordinal };
    qsort(s->pick, s->n_picks, sizeof *s->pick, by_place);
    return BPEMIX_OK;
}

/* Make the choice: go over all names, sizes and beginnings. */
static bpemix_status choose(bmx_source *s, bpemix_error *err)
{
    choice ch = { .max_bytes = s->opts.max_bytes, .limit = 65536 };
    bmx_block block = { 0 };
    bmx_buf buf = { 0 };
    bool more = true;
    bpemix_status st = BPEMIX_OK;
    size_t fit;

    if (!(s->has_records = bmx_calloc(s->files.n, sizeof *s->has_records)))
        return bmx_nomem(err);
    while (!st && !(st = bmx_source_next_member(s, &more, err)) && more) {
        if (s->kind == BMX_BLOCK_RECORDS) {
            st = consider_records(s, &ch, &block, &buf, err);
        } else {
            buf.len = 0;
            st = consider_text(s, &ch, &block, &buf, err);
        }
        s->in_member = false;
    }
    bmx_buf_release(&buf);
    bmx_block_release(&block);
    if (st)
        goto done;
    prune(&ch);
    fit = fitting(&ch);
    s->sampled = fit < ch.n;
    if (s->sampled) {
        s->below = ch.c[fit].hash;
        if (fit == 0) { /* documents that differ only in their place: take one of them, always the
                           same */
            s->only_first = true;
            s->only = ch.c[0];
            for (size_t i = 1; i < ch.n; i++) {
                int order = strcmp(path_of(s, &ch.c[i]), path_of(s, &s->only));
                if (order < 0 || (!order && (ch.c[i].ordinal < s->only.ordinal ||
                                             (ch.c[i].ordinal == s->only.ordinal &&
                                              ch.c[i].line < s->only.line))))
                    s->only = ch.c[i];
            }
        }
        if (fit > 0)
            st = pick_members(s, ch.c, fit, err);
    }
    s->file = 0;
done:
    bmx_free(ch.c);
    return st;
}

bpemix_status bmx_source_check_streams(const bmx_source *s, bpemix_error *err)
{
    size_t n = 0;

    for (size_t i = 0; i < s->files.n; i++)
        n += !strcmp(s->files.path[i], "-");
    if (n > 1)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "standard input", "give the others as files",
                             "named more than once");
    for (size_t i = 0; i < s->files.n && s->opts.max_bytes && s->files.n > 1; i++)
        if (bmx_source_is_stream(s->files.path[i]))
            return bmx_source_not_sampled(err, bmx_source_display(s->files.path[i]),
                                          "write it to a file first, or read all of it",
                                          "cannot be sampled together with files");
    return BPEMIX_OK;
}

bpemix_status bmx_source_choose(bmx_source *s, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (s->chosen || s->read)
        return BPEMIX_OK;
    if (s->opts.max_bytes && !bmx_source_is_stream(s->files.path[0])) {
        st = choose(s, err);
    } else if (s->opts.max_bytes) {
        if (!(s->has_records = bmx_calloc(1, sizeof *s->has_records)))
            return bmx_nomem(err);
        s->sampled = s->only_first = true;
        s->has_records[0] = true;
    }
    s->chosen = !st;
    return st;
}

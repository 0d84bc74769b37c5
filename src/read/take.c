/* SPDX-License-Identifier: GPL-3.0-or-later */
/* take.c - text of a member becomes parts of a block.
 *
 *   member   handed out before | carry | unread
 *   block    other parts       | text of the member so far, from `start` on
 *
 * Text is read into the block until the member ends or the block is full.  A member that goes on is
 * cut at the last place that changes no word (cut.h); what is behind it waits in `carry` for the
 * next block. */
#include "base/utf8.h"
#include "read/content.h"
#include "read/member.h"
#include "split/cut.h"

#include <string.h>

void bmx_block_release(bmx_block *b)
{
    bmx_buf_release(&b->buf);
    bmx_buf_release(&b->names);
    bmx_free(b->part);
    *b = (bmx_block){ 0 };
}

uint64_t bmx_document_hash(const char *head, size_t n, uint64_t bytes)
{
    return bmx_hash64(head, n < BMX_HASHED_BYTES ? n : BMX_HASHED_BYTES, bytes);
}

uint64_t bmx_source_head(bmx_slice text)
{
    return bmx_hash64(text.ptr, text.len < BMX_HEAD_BYTES ? text.len : BMX_HEAD_BYTES, 0);
}

static bpemix_status read_text(bmx_source *s, char *to, size_t n, size_t *got, bpemix_error *err)
{
    if (!s->read)
        return bmx_input_read(s->in, to, n, got, err);
    *got = n < s->document.len ? n : s->document.len;
    if (*got)
        memcpy(to, s->document.ptr, *got);
    s->document = bmx_slice_of(s->document.ptr + *got, s->document.len - *got);
    return BPEMIX_OK;
}

static uint64_t count_newlines(const char *p, size_t n)
{
    uint64_t total = 0;

    for (; n >= 64; p += 64, n -= 64) { /* a fixed trip count: vectorized */
        unsigned char sum = 0;
        for (int i = 0; i < 64; i++)
            sum = (unsigned char)(sum + (p[i] == '\n'));
        total += sum;
    }
    while (n--)
        total += *p++ == '\n';
    return total;
}

/* Hand out block bytes [start, end) of the current member. */
static bpemix_status deliver(bmx_source *s, bmx_block *b, size_t start, size_t end, bool last,
                             bpemix_error *err)
{
    bmx_part part = { .at = start, .len = end - start, .file = s->file,
                      .ordinal = s->ordinal - 1, .member = SIZE_MAX, .offset = s->offset,
                      .head = s->head };
    bmx_input_record *rec = &s->record[s->file];
    const char *p = b->buf.ptr + start;
    bpemix_status st;

    if (s->name.len) {
        part.member = b->names.len;
        if ((st = bmx_buf_add(&b->names, s->name.ptr, s->name.len, err)))
            return st;
    }
    if ((st = bmx_reserve(&b->part, &b->cap, b->n + 1, sizeof *b->part, err)))
        return st;
    if (s->opts.count_lines || s->kind == BMX_BLOCK_RECORDS) {
        part.line = s->line;
        s->line += count_newlines(p, part.len);
    }
    if (s->kind == BMX_BLOCK_TEXT) {
        if (!s->odd && !s->read && bmx_content_is_full_of_zeros(bmx_slice_of(p, part.len))) {
            bmx_content zeros = bmx_content_of_zeros();
            if ((st = bmx_source_act_on(s, &zeros, err)))
                return st;
        }
        if (s->offset == 0 && last) {
            rec->checksum += bmx_hash64(p, part.len, 0);
        } else {
            if (!s->sum && !(s->sum = bmx_checksum_new()))
                return bmx_nomem(err);
            bmx_checksum_add(s->sum, p, part.len);
            if (last) {
                rec->checksum += bmx_checksum_value(s->sum);
                bmx_checksum_free(s->sum);
                s->sum = NULL;
            }
        }
        rec->bytes += part.len;
        rec->documents += last;
    }
    s->offset += part.len;
    b->buf.len = end;
    if (part.len)
        b->part[b->n++] = part;
    return BPEMIX_OK;
}

size_t bmx_source_trim(const char *p, size_t n)
{
    const char *nl = memrchr(p, '\n', n);

    return nl ? (size_t)(nl - p) + 1 : bmx_utf8_whole(p, n);
}

/* Does the member go on after the bytes wanted? */
static bpemix_status has_more(bmx_source *s, bool *more, bpemix_error *err)
{
    size_t got;
    char byte;
    bpemix_status st = read_text(s, &byte, 1, &got, err);

    *more = !st && got;
    return st;
}

/* One call of bmx_source_take(): the member's text that is in the block so far. */
typedef struct taking {
    bmx_source *s;
    bmx_block *b;
    bool *full;
    size_t start;  /* in the block */
    unsigned cuts; /* where it may be cut */
} taking;

static bmx_slice taken(const taking *t)
{
    return bmx_slice_of(t->b->buf.ptr + t->start, t->b->buf.len - t->start);
}

/* Read until the block has `goal` bytes.  *more is false at the end of the member, or of what is
 * wanted of it. */
static bpemix_status fill_to(const taking *t, size_t goal, bool *more, bpemix_error *err)
{
    bmx_buf *buf = &t->b->buf;
    bmx_source *s = t->s;
    size_t got = 1;
    bpemix_status st = bmx_buf_reserve(buf, goal - buf->len + BMX_BLOCK_ROOM, err);

    while (!st && buf->len < goal && got) {
        size_t want = goal - buf->len;
        if (want > s->left)
            want = (size_t)s->left;
        got = 0;
        if (want && (st = read_text(s, buf->ptr + buf->len, want, &got, err)))
            break;
        buf->len += got;
        s->left -= got;
    }
    *more = got > 0;
    return st;
}

/* What is left of the block's text from `cut` on is for the next block. */
static bpemix_status hold_back(const taking *t, size_t cut, bpemix_error *err)
{
    bmx_slice rest = bmx_slice_of(taken(t).ptr + cut, taken(t).len - cut);
    bpemix_status st = bmx_buf_add(&t->s->carry, rest.ptr, rest.len, err);

    *t->full = true;
    if (!cut)
        t->b->buf.len = t->start;
    return st;
}

/* Examine the beginning of a member.  *done: it was taken, or needs a block of its own. */
static bpemix_status begin_member(taking *t, bool more, bool *done, bpemix_error *err)
{
    bmx_source *s = t->s;
    bmx_block_kind before = s->kind;
    bpemix_status st = BPEMIX_OK;

    *done = false;
    if (!s->read && (st = bmx_source_look(s, taken(t).ptr, taken(t).len, !more && s->left, err)))
        return st;
    if (s->kind == BMX_BLOCK_RECORDS && before != s->kind) {
        *done = t->start > 0;
        if (*done)
            return hold_back(t, 0, err);
        t->b->kind = s->kind;
        t->cuts = BMX_CUT_LINE;
    }
    /* the block has an eighth of its size or the whole document, which is enough for the hash */
    s->head = s->kind == BMX_BLOCK_TEXT ? bmx_source_head(taken(t)) : 0;
    if (s->kind < BMX_BLOCK_WORDS)
        return BPEMIX_OK;
    *done = *t->full = true; /* the caller reads the file itself */
    s->in_member = false;
    if (t->start) { /* start over with this file */
        t->b->buf.len = t->start;
        bmx_input_close(s->in);
        s->in = NULL;
        return BPEMIX_OK;
    }
    t->b->kind = s->kind;
    return deliver(s, t->b, t->start, t->b->buf.len, true, err);
}

static bpemix_status end_member(const taking *t, bpemix_error *err)
{
    bmx_source *s = t->s;
    bmx_slice text = taken(t);
    bool goes_on = false;
    bpemix_status st = s->left ? BPEMIX_OK : has_more(s, &goes_on, err);

    if (st)
        return st;
    if (goes_on) {
        bool at_line = s->offset && t->cuts & BMX_CUT_LINE; /* the part before ended one */
        if (at_line && !memchr(text.ptr, '\n', text.len))
            text.len = 0;
        text.len = bmx_source_trim(text.ptr, text.len);
    }
    s->in_member = false;
    *t->full = false;
    return deliver(s, t->b, t->start, t->start + text.len, true, err);
}

static bpemix_status too_long(const taking *t, bpemix_error *err)
{
    char place[300];

    bmx_source_here(t->s, place, sizeof place);
    if (t->s->kind == BMX_BLOCK_RECORDS)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, place,
                             "divide its text into several records, or write each on a line of "
                             "its own", "a record of more than %zu bytes at byte %llu",
                             BMX_HOLD_BYTES, (unsigned long long)t->s->offset);
    if (t->cuts & BMX_CUT_LINE)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, place, "is this a text file?",
                             "a line of more than %zu bytes at byte %llu", BMX_HOLD_BYTES,
                             (unsigned long long)t->s->offset);
    bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, place, "split the file, or count lines one by one",
                  "%zu bytes from byte %llu that cannot be cut without changing "
                  "the words of this pre-tokenizer",
                  BMX_HOLD_BYTES, (unsigned long long)t->s->offset);
    return bmx_with_param(err, BPEMIX_E_UNSUPPORTED, "text_unit");
}

bpemix_status bmx_source_take(bmx_source *s, bmx_block *b, bool *full, bpemix_error *err)
{
    taking t = { s, b, full, b->buf.len,
                 s->kind == BMX_BLOCK_RECORDS ? BMX_CUT_LINE : s->opts.cuts };
    size_t searched = 0, goal = s->block_bytes; /* bytes of the text that hold no cut */
    bool more, done;
    bpemix_status st = bmx_buf_add(&b->buf, s->carry.ptr, s->carry.len, err);

    if (st)
        return st;
    s->carry.len = 0;
    for (;;) {
        size_t cut, len;

        while (goal <= b->buf.len)
            goal += s->block_bytes;
        if ((st = fill_to(&t, goal, &more, err)))
            return st;
        if (s->offset == 0 && !searched && ((st = begin_member(&t, more, &done, err)) || done))
            return st;
        if (!more)
            return end_member(&t, err);
        len = taken(&t).len;
        cut = bmx_cut_find(t.cuts, taken(&t), searched);
        if (cut || t.start) { /* if the block has other text already, continue in a new one */
            st = hold_back(&t, cut, err);
            return st || !cut ? st : deliver(s, b, t.start, t.start + cut, false, err);
        }
        if (len >= BMX_HOLD_BYTES)
            return too_long(&t, err);
        searched = len > 8 ? len - 8 : 0;
    }
}

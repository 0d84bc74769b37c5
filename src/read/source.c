/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source.c - from files to blocks of text. */
#include "base/cancel.h"
#include "base/utf8.h"
#include "read/content.h"
#include "read/member.h"
#include "split/cut.h"

#include <stdio.h>
#include <string.h>

void bmx_block_release(bmx_block *b)
{
    bmx_buf_release(&b->buf);
    bmx_buf_release(&b->names);
    bmx_free(b->part);
    *b = (bmx_block){ 0 };
}

const char *bmx_source_display(const char *path)
{
    return strcmp(path, "-") ? path : "standard input";
}

bool bmx_source_is_stream(const char *path)
{
    return !strcmp(path, "-") || bmx_path_kind_of(path) == BMX_PATH_OTHER;
}

/* ---- members ---- */

bool bmx_is_jsonl(const char *name)
{
    static const char *const packed[] = { ".gz", ".zst", ".xz", ".bz2", ".lz4" };
    size_t n = strlen(name);

    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
        if (bmx_name_ends(name, n, packed[i])) {
            n -= strlen(packed[i]);
            break;
        }
    return bmx_name_ends(name, n, ".jsonl") || bmx_name_ends(name, n, ".ndjson");
}

static void place_of(const bmx_source *s, size_t file, const char *member, char *buf, size_t size)
{
    const char *path = bmx_source_display(s->files.path[file]);
    snprintf(buf, size, "%s%s%s", path, member && *member ? ": " : "", member ? member : "");
}

static void here(const bmx_source *s, char *buf, size_t size)
{
    place_of(s, s->file, s->name.len ? s->name.ptr : NULL, buf, size);
}

static bool is_picked(const bmx_source *s, size_t file, size_t ordinal)
{
    size_t lo = 0, hi = s->n_picks;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const bmx_source_document *c = &s->pick[mid];
        if (c->file < file || (c->file == file && c->ordinal < ordinal))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < s->n_picks && s->pick[lo].file == file && s->pick[lo].ordinal == ordinal;
}

/* Did the first pass find records in this member, which is not named so? */
static bool holds_records(const bmx_source *s, size_t file, size_t ordinal)
{
    size_t lo = 0, hi = s->n_jsonl;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const bmx_member *m = &s->jsonl[mid];
        if (m->file < file || (m->file == file && m->ordinal < ordinal))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < s->n_jsonl && s->jsonl[lo].file == file && s->jsonl[lo].ordinal == ordinal;
}

bool bmx_source_needs(const bmx_source *s, size_t file)
{
    if (!s->sampled || s->has_records[file] || (s->only_first && s->only.file == file))
        return true;
    for (size_t lo = 0, hi = s->n_picks; lo < hi;) {
        size_t mid = lo + (hi - lo) / 2;
        if (s->pick[mid].file == file)
            return true;
        if (s->pick[mid].file < file)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

bpemix_status bmx_source_not_sampled(bpemix_error *err, const char *where, const char *hint,
                                     const char *what)
{
    return bmx_with_param(err, bmx_fail_hint(err, BPEMIX_E_USAGE, where, hint, "%s", what),
                          "max_bytes");
}

/* The next document of a caller. */
static bpemix_status next_document(bmx_source *s, bool *more, bpemix_error *err)
{
    bpemix_text text = { 0 };
    bpemix_error said = { 0 };
    char name[40];
    bpemix_status st;
    bool got = true;

    if ((st = bmx_check_cancel(err)))
        return st;
    *more = false;
    if (s->left == 0 || s->file == s->files.n) /* all that max_bytes allows */
        return BPEMIX_OK;
    snprintf(name, sizeof name, "document %zu", s->ordinal + 1);
    if ((st = s->read(s->read_ctx, &text, &got, &said))) {
        if (!said.what[0]) /* the function may have said nothing, */
            bmx_fail(&said, st, "", "the caller's function failed");
        else if (!said.status) /* or only what is wrong */
            said.offset = -1;
        said.status = st;
        if (err)
            *err = said;
        return bmx_at(err, st, "%s", name);
    }
    if (!got) {
        s->file = s->files.n;
        return BPEMIX_OK;
    }
    if (s->ordinal++ == 0)
        s->left = s->opts.max_bytes ? s->opts.max_bytes : UINT64_MAX;
    else if (text.len > s->left)
        s->left = 0;
    if (s->left == 0)
        return BPEMIX_OK;
    s->document = bmx_slice_of(text.ptr, text.len);
    s->name.len = 0;
    if ((st = bmx_buf_add(&s->name, name, strlen(name) + 1, err)))
        return st;
    s->kind = BMX_BLOCK_TEXT;
    s->offset = 0;
    s->line = 1;
    s->carry.len = 0;
    s->in_member = true;
    *more = true;
    return BPEMIX_OK;
}

bpemix_status bmx_source_read(bmx_source *s, char *to, size_t n, size_t *got, bpemix_error *err)
{
    if (!s->read)
        return bmx_input_read(s->in, to, n, got, err);
    *got = n < s->document.len ? n : s->document.len;
    if (*got)
        memcpy(to, s->document.ptr, *got);
    s->document = bmx_slice_of(s->document.ptr + *got, s->document.len - *got);
    return BPEMIX_OK;
}

static bpemix_status note(bmx_source *s, bmx_note_kind kind, const char *what, const char *hint,
                          bpemix_error *err)
{
    bmx_note_place at = { s->file, s->ordinal, 0 };
    char place[300];

    if (!s->chosen)
        return BPEMIX_OK; /* a first pass: it may not be used at all */
    here(s, place, sizeof place);
    return bmx_note(s->notes, kind, &at, place, what, hint, err);
}

static bpemix_status note_records(bmx_source *s, bpemix_error *err)
{
    char text[200];

    snprintf(text, sizeof text, "lines are JSON objects with their text in '%.100s'; read as records",
             s->field);
    return note(s, BMX_NOTE_RECORDS, text, "", err);
}

static bpemix_status check_records(const bmx_source *s, bpemix_error *err)
{
    const char *path = s->files.path[s->file];

    if (!s->sampled || !bmx_source_is_stream(path))
        return BPEMIX_OK;
    return bmx_source_not_sampled(err, bmx_source_display(path),
                                  "write them to a file first, or read all of them",
                                  "records cannot be sampled from here");
}

bpemix_status bmx_source_next_member(bmx_source *s, bool *more, bpemix_error *err)
{
    if (s->read)
        return next_document(s, more, err);
    for (;;) {
        const char *name;
        bpemix_status st;
        bool got;

        if (s->file == s->files.n) {
            *more = false;
            return BPEMIX_OK;
        }
        if (!s->in) {
            if (!bmx_source_needs(s, s->file)) {
                s->file++;
                continue;
            }
            if ((st = bmx_check_cancel(err)) ||
                (st = bmx_input_open_until(s->files.path[s->file], s->opts.unneeded, &s->in, err)))
                return st;
            s->ordinal = 0;
        }
        if ((st = bmx_input_next(s->in, &name, &got, err)))
            return st;
        if (!got) {
            bmx_input_close(s->in);
            s->in = NULL;
            s->file++;
            continue;
        }
        s->name.len = 0;
        if (*name && s->sampled && bmx_source_is_stream(s->files.path[s->file]))
            return bmx_source_not_sampled(err, bmx_source_display(s->files.path[s->file]),
                                          "write it to a file first, or read all of it",
                                          "an archive cannot be sampled from here");
        if (*name && ((st = bmx_buf_add(&s->name, name, strlen(name) + 1, err))))
            return st;
        s->kind = s->opts.jsonl || bmx_is_jsonl(*name ? name : s->files.path[s->file]) ||
                          (s->sampled && holds_records(s, s->file, s->ordinal))
                      ? BMX_BLOCK_RECORDS : BMX_BLOCK_TEXT;
        if (s->kind == BMX_BLOCK_RECORDS && (st = check_records(s, err)))
            return st;
        s->left = UINT64_MAX;
        s->ordinal++;
        if (s->sampled && s->kind == BMX_BLOCK_TEXT) {
            if (s->only_first && s->only.file == s->file && s->only.ordinal == s->ordinal - 1)
                s->left = s->opts.max_bytes;
            else if (!is_picked(s, s->file, s->ordinal - 1))
                continue;
        }
        if (s->sampled && holds_records(s, s->file, s->ordinal - 1) && (st = note_records(s, err)))
            return st;
        s->offset = 0;
        s->line = 1;
        s->odd = false;
        s->carry.len = 0;
        s->in_member = true;
        *more = true;
        return BPEMIX_OK;
    }
}

static uint64_t count_newlines(const char *p, size_t n)
{
    uint64_t total = 0;

    for (; n >= 64; p += 64, n -= 64) { /* a fixed trip count: vectorised */
        unsigned char sum = 0;
        for (int i = 0; i < 64; i++)
            sum = (unsigned char)(sum + (p[i] == '\n'));
        total += sum;
    }
    while (n--)
        total += *p++ == '\n';
    return total;
}

static bpemix_status look_for_own_files(bmx_source *s, const char *p, size_t n, bpemix_error *err)
{
    char place[300];
    bool is_chunks;

    if (s->name.len && bmx_is_packed(p, n)) { /* it would be counted as text */
        here(s, place, sizeof place);
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, place,
                             "unpack the archive and pass the folder",
                             "a compressed file or an archive inside an archive");
    }
    if (n >= sizeof BMX_TRACE_MAGIC - 1 && !memcmp(p, BMX_TRACE_MAGIC, sizeof BMX_TRACE_MAGIC - 1)) {
        here(s, place, sizeof place);
        return bmx_fail_hint(err, BPEMIX_E_USAGE, place, "solve it: its text was counted already",
                             "a trace, not sample text");
    }
    is_chunks = n >= BMX_CHUNKS_MAGIC_BYTES && !memcmp(p, BMX_CHUNKS_MAGIC, BMX_CHUNKS_MAGIC_BYTES);
    if (is_chunks ||
        (n >= BMX_WORDS_MAGIC_BYTES && !memcmp(p, BMX_WORDS_MAGIC, BMX_WORDS_MAGIC_BYTES))) {
        const char *path = s->files.path[s->file];
        if (s->name.len) {
            here(s, place, sizeof place);
            return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, place,
                                 "unpack the archive and pass the folder",
                                 "counted words inside an archive");
        }
        if (s->opts.max_bytes)
            return bmx_source_not_sampled(err, bmx_source_display(path),
                                          "pass the text itself, or read all of it",
                                          "counted words cannot be sampled");
        if (bmx_source_is_stream(path))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, bmx_source_display(path), "pass the file's name",
                                 "counted words cannot be read from here");
        s->kind = is_chunks ? BMX_BLOCK_CHUNKS : BMX_BLOCK_WORDS;
    }
    return BPEMIX_OK;
}

static bpemix_status act_on(bmx_source *s, const bmx_content *c, bpemix_error *err)
{
    static const bmx_note_kind kinds[] = {
        [BMX_CONTENT_OBJECTS] = BMX_NOTE_OBJECTS, [BMX_CONTENT_UTF16] = BMX_NOTE_UTF16,
        [BMX_CONTENT_ZEROS] = BMX_NOTE_ZEROS, [BMX_CONTENT_MALFORMED] = BMX_NOTE_MALFORMED,
        [BMX_CONTENT_BINARY] = BMX_NOTE_BINARY,
    };
    char text[300];
    bpemix_status st;

    switch (c->kind) {
    case BMX_CONTENT_TEXT:
        return BPEMIX_OK;
    case BMX_CONTENT_NOMEM:
        return bmx_nomem(err);
    case BMX_CONTENT_RECORDS:
        s->kind = BMX_BLOCK_RECORDS;
        if ((st = check_records(s, err)))
            return st;
        return note_records(s, err);
    case BMX_CONTENT_BINARY:
        if (!s->opts.binary) {
            char hint[200];

            here(s, text, sizeof text);
            snprintf(hint, sizeof hint, "%s, or allow binary input", c->hint);
            bmx_fail_hint(err, BPEMIX_E_FORMAT, text, hint, "%s, which is not text", c->what);
            return bmx_with_param(err, BPEMIX_E_FORMAT, "binary");
        }
        break;
    default:
        break;
    }
    s->odd = true;
    snprintf(text, sizeof text, "%s; counted as it is", c->what);
    return note(s, kinds[c->kind], text, c->hint, err);
}

/* What is called records, but can't hold one: better said once than of its first line. */
static bpemix_status check_readable(bmx_source *s, const bmx_content *c, bpemix_error *err)
{
    char place[300];

    if (c->kind == BMX_CONTENT_NOMEM)
        return bmx_nomem(err);
    if (c->kind != BMX_CONTENT_UTF16 && c->kind != BMX_CONTENT_BINARY)
        return BPEMIX_OK;
    here(s, place, sizeof place);
    return bmx_fail_hint(err, BPEMIX_E_FORMAT, place, c->hint, "%s, not lines of JSON", c->what);
}

bpemix_status bmx_source_look(bmx_source *s, const char *p, size_t n, bool whole, bpemix_error *err)
{
    bpemix_status st = look_for_own_files(s, p, n, err);
    bmx_content c;

    if (!st && s->kind == BMX_BLOCK_RECORDS) {
        c = bmx_content_of(bmx_slice_of(p, n), whole, s->field);
        return check_readable(s, &c, err);
    }
    if (st || s->kind != BMX_BLOCK_TEXT)
        return st;
    if (s->name.len && (c = bmx_content_of_member(s->name.ptr, bmx_slice_of(p, n))).what)
        return act_on(s, &c, err);
    c = bmx_content_of(bmx_slice_of(p, n), whole, s->field);
    return act_on(s, &c, err);
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
            if ((st = act_on(s, &zeros, err)))
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

/* End of a document that is cut because only its beginning is wanted. */
static size_t trim(const char *p, size_t n)
{
    const char *nl = memrchr(p, '\n', n);

    return nl ? (size_t)(nl - p) + 1 : bmx_utf8_whole(p, n);
}

/* Does the member go on after the bytes wanted? */
static bpemix_status has_more(bmx_source *s, bool *more, bpemix_error *err)
{
    size_t got;
    char byte;
    bpemix_status st = bmx_source_read(s, &byte, 1, &got, err);

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

/* Read until the block has `goal` bytes.  *more is false at the end of the member, or of what is wanted
 * of it. */
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
        if (want && (st = bmx_source_read(s, buf->ptr + buf->len, want, &got, err)))
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

/* Look at the beginning of a member.  *done: it is taken, or needs a block of its own. */
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
    /* an eighth of a block is there, or all of the document */
    s->head = s->kind == BMX_BLOCK_TEXT ? bmx_source_head(taken(t)) : 0;
    if (s->kind < BMX_BLOCK_WORDS)
        return BPEMIX_OK;
    *done = *t->full = true; /* read whole by somebody else */
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
    bool is_cut = false;
    bpemix_status st = s->left ? BPEMIX_OK : has_more(s, &is_cut, err);

    if (st)
        return st;
    if (is_cut) {
        bool at_line = s->offset && t->cuts & BMX_CUT_LINE; /* the part before ended one */
        if (at_line && !memchr(text.ptr, '\n', text.len))
            text.len = 0;
        text.len = trim(text.ptr, text.len);
    }
    s->in_member = false;
    *t->full = false;
    return deliver(s, t->b, t->start, t->start + text.len, true, err);
}

static bpemix_status too_long(const taking *t, bpemix_error *err)
{
    char place[300];

    here(t->s, place, sizeof place);
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
    taking t = { s, b, full, b->buf.len, s->kind == BMX_BLOCK_RECORDS ? BMX_CUT_LINE : s->opts.cuts };
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
        if (cut || t.start) { /* with other text in the block, rather start a new one */
            st = hold_back(&t, cut, err);
            return st || !cut ? st : deliver(s, b, t.start, t.start + cut, false, err);
        }
        if (len >= BMX_HOLD_BYTES)
            return too_long(&t, err);
        searched = len > 8 ? len - 8 : 0;
    }
}

bpemix_status bmx_source_next(bmx_source *s, bmx_block *b, bool *more, bpemix_error *err)
{
    bool full = false;
    bpemix_status st;

    if ((st = bmx_source_choose(s, err)))
        return st;
    b->buf.len = b->names.len = b->n = 0;
    while (!full) {
        bool got = true;

        if (!s->in_member) {
            if (b->buf.len > s->block_bytes - s->block_bytes / 8)
                break;
            if ((st = bmx_source_next_member(s, &got, err)))
                return st;
            if (!got)
                break;
        }
        if (b->n && s->kind != b->kind)
            break; /* stays open for the next block */
        b->kind = s->kind;
        if ((st = bmx_source_take(s, b, &full, err)))
            return st;
        full = full && b->n; /* nothing yet: the file turned out to need a block of its own */
    }
    *more = b->n > 0;
    return BPEMIX_OK;
}

/* ---- records ---- */

uint64_t bmx_document_hash(const char *head, size_t n, uint64_t bytes)
{
    return bmx_hash64(head, n < BMX_HASHED_BYTES ? n : BMX_HASHED_BYTES, bytes);
}

void bmx_source_place(const bmx_source *s, const bmx_block *b, size_t part, char *buf,
                      size_t size)
{
    const bmx_part *p = &b->part[part];
    place_of(s, p->file, p->member == SIZE_MAX ? NULL : b->names.ptr + p->member, buf, size);
}

uint64_t bmx_source_head(bmx_slice text)
{
    return bmx_hash64(text.ptr, text.len < BMX_HEAD_BYTES ? text.len : BMX_HEAD_BYTES, 0);
}

static bpemix_status note_skipped(const bmx_source *s, const bmx_part *part, uint64_t line,
                                  const char *place, const char *wrong, bpemix_error *err)
{
    bmx_note_place at = { part->file, part->ordinal, line };
    char text[200];

    if (!s->chosen)
        return BPEMIX_OK;
    snprintf(text, sizeof text, "line %llu: %s", (unsigned long long)line, wrong);
    return bmx_note(s->notes, BMX_NOTE_SKIPPED, &at, place, text, "", err);
}

bpemix_status bmx_source_record(const bmx_source *s, const bmx_block *b, size_t i, size_t *at,
                                uint64_t *line, bmx_buf *scratch, bmx_slice *text, bool *more,
                                bpemix_error *err)
{
    const bmx_part *part = &b->part[i];

    while (*at < part->len) {
        const char *p = b->buf.ptr + part->at + *at;
        const char *nl = memchr(p, '\n', part->len - *at);
        bmx_slice record = bmx_slice_of(p, nl ? (size_t)(nl - p) : part->len - *at);
        uint64_t number = part->line + (*line)++;
        const char *wrong;
        bool nomem;

        *at += record.len + (nl != NULL);
        if (bmx_record_is_blank(record))
            continue;
        if ((wrong = bmx_record_text(record, s->field, scratch, &nomem))) {
            char place[300], hint[256];
            bpemix_status st;

            if (nomem)
                return bmx_nomem(err);
            bmx_source_place(s, b, i, place, sizeof place);
            if (s->opts.skip_bad) {
                if ((st = note_skipped(s, part, number, place, wrong, err)))
                    return st;
                continue;
            }
            snprintf(hint, sizeof hint, "each line must be an object with its text in '%s'",
                     s->field);
            bmx_fail_hint(err, BPEMIX_E_FORMAT, place, hint, "%s", wrong);
            return bmx_with_line(err, bmx_with_param(err, BPEMIX_E_FORMAT, "field"), number);
        }
        if (s->sampled) {
            bool only = s->only_first && s->only.file == part->file &&
                        s->only.ordinal == part->ordinal && s->only.line == number;
            if (only && scratch->len > s->opts.max_bytes)
                scratch->len = trim(scratch->ptr, (size_t)s->opts.max_bytes);
            if (!only && bmx_document_hash(scratch->ptr, scratch->len, scratch->len) >= s->below)
                continue;
        }
        *text = bmx_slice_of(scratch->ptr, scratch->len);
        *more = true;
        return BPEMIX_OK;
    }
    *more = false;
    return BPEMIX_OK;
}

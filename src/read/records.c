/* SPDX-License-Identifier: GPL-3.0-or-later */
/* records.c - the records of one part of a block that are in the sample, one after the other. */
#include "base/format.h"
#include "read/member.h"
#include "read/record.h"

#include <string.h>

static bpemix_status note_skipped(const bmx_source *s, const bmx_part *part, uint64_t line,
                                  const char *place, const char *wrong, bpemix_error *err)
{
    bmx_note_place at = { part->file, part->ordinal, line };
    char where[330];

    if (!s->chosen)
        return BPEMIX_OK;
    bmx_snprintf(where, sizeof where, "%s:%llu", place, (unsigned long long)line);
    return bmx_note(s->notes, BMX_NOTE_SKIPPED, &at, where, wrong, "", err);
}

/* The next line of the part, without its end; false: no more. */
static bool next_line(bmx_record_cursor *c, bmx_slice *line)
{
    const bmx_part *part = &c->block->part[c->part];
    const char *p = c->block->buf.ptr + part->at + c->at, *nl;

    if (c->at >= part->len)
        return false;
    nl = memchr(p, '\n', part->len - c->at);
    *line = bmx_slice_of(p, nl ? (size_t)(nl - p) : part->len - c->at);
    c->line = c->at ? c->line + 1 : part->line;
    c->at += line->len + (nl != NULL);
    return true;
}

/* A line that is no record is an error, or left out with a note. */
static bpemix_status bad_record(const bmx_source *s, const bmx_record_cursor *c, bmx_slice line,
                                const char *wrong, bpemix_error *err)
{
    char place[300], hint[256];
    bool others = c->line > 1; /* which were read: it is the odd one */

    bmx_source_place(s, c->block, c->part, place, sizeof place);
    if (s->opts.skip_bad)
        return note_skipped(s, &c->block->part[c->part], c->line, place, wrong, err);
    bmx_record_remedy(line, s->field, wrong, hint, sizeof hint);
    bmx_fail_hint(err, BPEMIX_E_FORMAT, place,
                  others ? "mend it, or leave out records that cannot be read" : hint, "%s", wrong);
    bmx_with_param(err, BPEMIX_E_FORMAT, others ? "skip_bad_records" : "field");
    return bmx_with_line(err, BPEMIX_E_FORMAT, c->line);
}

/* Is the record part of the sample?  One that is taken alone may lose its end. */
static bool is_chosen(const bmx_source *s, const bmx_record_cursor *c, bmx_buf *text)
{
    const bmx_part *part = &c->block->part[c->part];

    if (!s->sampled)
        return true;
    if (!s->only_first || s->only.file != part->file || s->only.ordinal != part->ordinal ||
        s->only.line != c->line)
        return bmx_document_hash(text->ptr, text->len, text->len) < s->below;
    if (text->len > s->opts.max_bytes)
        text->len = bmx_source_trim(text->ptr, (size_t)s->opts.max_bytes);
    return true;
}

bpemix_status bmx_source_record(const bmx_source *s, bmx_record_cursor *c, bmx_buf *scratch,
                                bmx_slice *text, bool *more, bpemix_error *err)
{
    bmx_slice line;

    while (next_line(c, &line)) {
        const char *wrong;
        bpemix_status st;
        bool nomem;

        if (bmx_record_is_blank(line))
            continue;
        if ((wrong = bmx_record_text(line, s->field, scratch, &nomem))) {
            if ((st = nomem ? bmx_nomem(err) : bad_record(s, c, line, wrong, err)))
                return st;
        } else if (is_chosen(s, c, scratch)) {
            *text = bmx_slice_of(scratch->ptr, scratch->len);
            *more = true;
            return BPEMIX_OK;
        }
    }
    *more = false;
    return BPEMIX_OK;
}

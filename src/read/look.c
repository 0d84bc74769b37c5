/* SPDX-License-Identifier: GPL-3.0-or-later */
/* look.c - what a member of a source is, by how it begins.
 *
 * Files of this program are told by their first bytes: counted words and chunks may stand in the
 * place of text, a trace may not.  Everything else is asked of content.h: text, lines of JSON,
 * which are records, a format that is not text, or text that looks wrong and is noted. */
#include "base/format.h"
#include "base/signature.h"
#include "read/content.h"
#include "read/member.h"

#include <string.h>

static bpemix_status note(bmx_source *s, bmx_note_kind kind, const char *what, const char *hint,
                          bpemix_error *err)
{
    bmx_note_place at = { s->file, s->ordinal, 0 };
    char place[300];

    if (!s->chosen)
        return BPEMIX_OK; /* during the first pass nothing is noted: the file may not be in the
                             sample */
    bmx_source_here(s, place, sizeof place);
    return bmx_note(s->notes, kind, &at, place, what, hint, err);
}

bpemix_status bmx_source_note_records(bmx_source *s, bpemix_error *err)
{
    char text[200];

    bmx_snprintf(text, sizeof text,
                 "lines are JSON objects with their text in '%.100s'; read as records", s->field);
    return note(s, BMX_NOTE_RECORDS, text, "", err);
}

bpemix_status bmx_source_check_records(const bmx_source *s, bpemix_error *err)
{
    const char *path = s->files.path[s->file];

    if (!s->sampled || !bmx_source_is_stream(path))
        return BPEMIX_OK;
    return bmx_source_not_sampled(err, bmx_source_display(path),
                                  "write them to a file first, or read all of them",
                                  "records cannot be sampled from here");
}

/* The first bytes of a file of counts, but for one: it was damaged there.  Behind them comes a
 * version, three bytes of which are zero, so that this is no text about bpemix. */
static bool is_nearly(const char *p, size_t n, const char *magic, size_t len)
{
    size_t same = 0;

    for (size_t i = 0; n >= len + 4 && i < len; i++)
        same += p[i] == magic[i];
    return same + 1 == len && !memcmp(p + len + 1, "\0\0\0", 3);
}

static bpemix_status look_for_own_files(bmx_source *s, const char *p, size_t n, bpemix_error *err)
{
    char place[300];
    bool is_chunks;

    if (s->name.len && bmx_is_packed(p, n)) { /* its packed bytes would be counted as text */
        bmx_source_here(s, place, sizeof place);
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, place,
                             "unpack the archive and pass the folder",
                             "a compressed file or an archive inside an archive");
    }
    if (n >= sizeof BMX_TRACE_MAGIC - 1 &&
        !memcmp(p, BMX_TRACE_MAGIC, sizeof BMX_TRACE_MAGIC - 1)) {
        bmx_source_here(s, place, sizeof place);
        return bmx_fail_hint(err, BPEMIX_E_USAGE, place, "solve it: its text was counted already",
                             "a trace, not sample text");
    }
    is_chunks = n >= BMX_CHUNKS_MAGIC_BYTES && !memcmp(p, BMX_CHUNKS_MAGIC, BMX_CHUNKS_MAGIC_BYTES);
    if (is_chunks ||
        (n >= BMX_WORDS_MAGIC_BYTES && !memcmp(p, BMX_WORDS_MAGIC, BMX_WORDS_MAGIC_BYTES))) {
        const char *path = s->files.path[s->file], *what = is_chunks ? "chunks" : "counted words";
        if (s->name.len) {
            bmx_source_here(s, place, sizeof place);
            return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, place,
                                 "unpack the archive and pass the folder",
                                 "%s inside an archive", what);
        }
        if (s->opts.max_bytes)
            return bmx_source_not_sampled(err, bmx_source_display(path),
                                          "pass the text itself, or read all of it",
                                          is_chunks ? "chunks cannot be sampled"
                                                    : "counted words cannot be sampled");
        if (bmx_source_is_stream(path))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, bmx_source_display(path),
                                 "pass the file's name",
                                 "%s cannot be read from here", what);
        s->kind = is_chunks ? BMX_BLOCK_CHUNKS : BMX_BLOCK_WORDS;
    } else if (is_nearly(p, n, BMX_CHUNKS_MAGIC, BMX_CHUNKS_MAGIC_BYTES) ||
               is_nearly(p, n, BMX_WORDS_MAGIC, BMX_WORDS_MAGIC_BYTES)) {
        bmx_source_here(s, place, sizeof place);
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, place, "make it again from the text",
                             "damaged file of counted words or chunks");
    }
    return BPEMIX_OK;
}

bpemix_status bmx_source_act_on(bmx_source *s, const bmx_content *c, bpemix_error *err)
{
    static const bmx_note_kind kinds[] = {
        [BMX_CONTENT_OBJECTS] = BMX_NOTE_OBJECTS, [BMX_CONTENT_VALUES] = BMX_NOTE_OBJECTS,
        [BMX_CONTENT_UTF16] = BMX_NOTE_UTF16,
        [BMX_CONTENT_ZEROS] = BMX_NOTE_ZEROS, [BMX_CONTENT_MALFORMED] = BMX_NOTE_MALFORMED,
        [BMX_CONTENT_ESCAPED] = BMX_NOTE_ESCAPED, [BMX_CONTENT_BINARY] = BMX_NOTE_BINARY,
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
        if ((st = bmx_source_check_records(s, err)))
            return st;
        return bmx_source_note_records(s, err);
    case BMX_CONTENT_BINARY:
        if (!s->opts.binary) {
            char hint[200];

            bmx_source_here(s, text, sizeof text);
            bmx_snprintf(hint, sizeof hint, "%s, or allow binary input", c->hint);
            bmx_fail_hint(err, BPEMIX_E_FORMAT, text, hint, "%s, which is not text", c->what);
            return bmx_with_param(err, BPEMIX_E_FORMAT, "binary");
        }
        break;
    default:
        break;
    }
    s->odd = true;
    bmx_snprintf(text, sizeof text, "%s; counted as it is", c->what);
    return note(s, kinds[c->kind], text, c->hint, err);
}

/* A file that is named as records, but cannot hold any, fails as a whole and not at its first
 * line. */
static bpemix_status check_readable(bmx_source *s, const bmx_content *c, bpemix_error *err)
{
    char place[300];

    if (c->kind == BMX_CONTENT_NOMEM)
        return bmx_nomem(err);
    if (c->kind != BMX_CONTENT_UTF16 && c->kind != BMX_CONTENT_BINARY &&
        c->kind != BMX_CONTENT_VALUES)
        return BPEMIX_OK;
    bmx_source_here(s, place, sizeof place);
    if (c->kind == BMX_CONTENT_VALUES) /* which says that its records are not lines */
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, place, c->hint, "%s", c->what);
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
        return bmx_source_act_on(s, &c, err);
    c = bmx_content_of(bmx_slice_of(p, n), whole, s->field);
    return bmx_source_act_on(s, &c, err);
}

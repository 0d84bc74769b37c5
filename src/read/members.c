/* SPDX-License-Identifier: GPL-3.0-or-later */
/* members.c - from one member to the next: the next file, the next one of an archive, or the next
 * document of a caller.  With max_bytes those that were not chosen are passed over. */
#include "base/assert.h"
#include "base/cancel.h"
#include "base/format.h"
#include "read/member.h"

#include <string.h>

/* ---- members that are wanted ---- */

/* Where the member is in list[n], by file and ordinal, or would be. */
static size_t place_in(const bmx_member *list, size_t n, size_t file, size_t ordinal)
{
    size_t lo = 0, hi = n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const bmx_member *m = &list[mid];

        if (m->file < file || (m->file == file && m->ordinal < ordinal))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static bool has(const bmx_member *list, size_t n, size_t file, size_t ordinal)
{
    size_t k = place_in(list, n, file, ordinal);

    return k < n && list[k].file == file && list[k].ordinal == ordinal;
}

static bool is_picked(const bmx_source *s, size_t file, size_t ordinal)
{
    return has(s->pick, s->n_picks, file, ordinal);
}

/* Did the first pass find records in this member, which is not named so? */
static bool holds_records(const bmx_source *s, size_t file, size_t ordinal)
{
    return has(s->jsonl, s->n_jsonl, file, ordinal);
}

bool bmx_source_needs(const bmx_source *s, size_t file)
{
    size_t k = place_in(s->pick, s->n_picks, file, 0);

    return !s->sampled || s->has_records[file] || (s->only_first && s->only.file == file) ||
           (k < s->n_picks && s->pick[k].file == file);
}

/* ---- the next member ---- */

/* Start with the text of the member or document at hand. */
static void begin(bmx_source *s, bool *more)
{
    s->offset = 0;
    s->line = 1;
    s->odd = false;
    s->carry.len = 0;
    s->in_member = true;
    *more = true;
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
    if (s->left == 0 || s->file == s->files.n) /* max_bytes is reached, or there are no more */
        return BPEMIX_OK;
    bmx_snprintf(name, sizeof name, "document %zu", s->ordinal + 1);
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
    begin(s, more);
    return BPEMIX_OK;
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
                (st = bmx_input_open_until(s->files.path[s->file], s->listed[s->file],
                                           s->opts.unneeded, &s->in, err)))
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
        BMX_ASSERT(s->in && s->file < s->files.n); /* M1 */
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
        if (s->kind == BMX_BLOCK_RECORDS && (st = bmx_source_check_records(s, err)))
            return st;
        s->left = UINT64_MAX;
        s->ordinal++;
        if (s->sampled && s->kind == BMX_BLOCK_TEXT) {
            if (s->only_first && s->only.file == s->file && s->only.ordinal == s->ordinal - 1)
                s->left = s->opts.max_bytes;
            else if (!is_picked(s, s->file, s->ordinal - 1))
                continue;
        }
        if (s->sampled && holds_records(s, s->file, s->ordinal - 1) &&
            (st = bmx_source_note_records(s, err)))
            return st;
        begin(s, more);
        return BPEMIX_OK;
    }
}

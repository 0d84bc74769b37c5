/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source.c - a source as its users see it: opened from paths or a caller's function, read block by
 * block, asked about, closed. */
#include "read/member.h"

#include <string.h>
#include <sys/stat.h>

static bpemix_status add_path(bmx_paths *p, const char *path, bpemix_error *err)
{
    char *copy = bmx_strdup(path);
    bpemix_status st = copy ? bmx_reserve(&p->path, &p->cap, p->n + 1, sizeof *p->path, err)
                            : bmx_nomem(err);
    if (st)
        bmx_free(copy);
    else
        p->path[p->n++] = copy;
    return st;
}

static bpemix_status add_file(bmx_source *s, const char *path, bool listed, bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&s->listed, &s->listed_cap, s->files.n + 1, sizeof *s->listed,
                                   err);

    if (!st)
        s->listed[s->files.n] = listed;
    return st ? st : add_path(&s->files, path, err);
}

static bpemix_status find_files(bmx_source *s, const char *path, bpemix_error *err)
{
    bmx_path_kind kind = strcmp(path, "-") ? bmx_path_kind_of(path) : BMX_PATH_OTHER;
    bmx_paths below = { 0 };
    bpemix_status st;

    if (kind == BMX_PATH_FOLDER) {
        if ((st = bmx_list_files(path, &below, err)))
            return st;
        if (!below.n)
            st = bmx_fail_hint(err, BPEMIX_E_EMPTY, path, "put text files into it",
                               "no files in this folder");
        for (size_t i = 0; i < below.n && !st; i++)
            st = add_file(s, below.path[i], true, err);
        bmx_paths_release(&below);
        return st;
    }
    if (kind == BMX_PATH_MISSING)
        return bmx_fail_errno(err, path, "cannot open");
    return add_file(s, path, false, err);
}

bpemix_status bmx_source_open(const char *const *paths, size_t n_paths,
                              const bmx_source_opts *opts, bmx_source **out, bpemix_error *err)
{
    bmx_source *s = bmx_calloc(1, sizeof *s);
    bpemix_status st = s ? BPEMIX_OK : bmx_nomem(err);

    if (st)
        return st;
    s->opts = *opts;
    s->block_bytes = opts->block_bytes ? opts->block_bytes : BMX_BLOCK_BYTES;
    if (!(s->field = bmx_strdup(opts->field ? opts->field : "text")))
        st = bmx_nomem(err);
    for (size_t i = 0; i < n_paths && !st; i++)
        st = find_files(s, paths[i], err);
    if (!st && !s->files.n)
        st = bmx_fail(err, BPEMIX_E_EMPTY, "", "no files");
    if (!st && (!(s->record = bmx_calloc(s->files.n, sizeof *s->record)) ||
                !(s->notes = bmx_notes_new())))
        st = bmx_nomem(err);
    if (!st)
        st = bmx_source_check_streams(s, err);
    if (st) {
        bmx_source_close(s);
        return st;
    }
    for (size_t i = 0; i < s->files.n; i++)
        s->record[i] = (bmx_input_record){ .path = s->files.path[i] };
    *out = s;
    return BPEMIX_OK;
}

bpemix_status bmx_source_open_callback(bpemix_read_fn *read, void *ctx,
                                       const bmx_source_opts *opts, bmx_source **out,
                                       bpemix_error *err)
{
    bmx_source *s = bmx_calloc(1, sizeof *s);
    bpemix_status st = s ? add_path(&s->files, "(program)", err) : bmx_nomem(err);

    if (!st && (!(s->record = bmx_calloc(1, sizeof *s->record)) || !(s->field = bmx_strdup("")) ||
                !(s->notes = bmx_notes_new())))
        st = bmx_nomem(err);
    if (st) {
        bmx_source_close(s);
        return st;
    }
    s->opts = *opts;
    s->block_bytes = opts->block_bytes ? opts->block_bytes : BMX_BLOCK_BYTES;
    s->read = read;
    s->read_ctx = ctx;
    s->left = UINT64_MAX;
    s->record[0].path = s->files.path[0];
    *out = s;
    return BPEMIX_OK;
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
            break; /* the member stays open for the next block */
        b->kind = s->kind;
        if ((st = bmx_source_take(s, b, &full, err)))
            return st;
        full = full && b->n; /* nothing yet: the file turned out to need a block of its own */
    }
    *more = b->n > 0;
    return BPEMIX_OK;
}

bool bmx_source_is_lasting(const bmx_source *s)
{
    for (size_t i = 0; i < s->files.n; i++)
        if (s->read || bmx_path_kind_of(s->files.path[i]) != BMX_PATH_FILE)
            return false;
    return true;
}

static bool is_packed_name(const char *path)
{
    static const char *const packed[] = { ".gz",  ".zst", ".xz",  ".bz2", ".lz4",
                                          ".tgz", ".tar", ".zip", ".7z",  ".words" };

    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
        if (bmx_name_ends(path, strlen(path), packed[i]))
            return true;
    return false;
}

uint64_t bmx_source_size(const bmx_source *s)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < s->files.n; i++) {
        struct stat sb;

        if (s->read || is_packed_name(s->files.path[i]) || stat(s->files.path[i], &sb) ||
            !S_ISREG(sb.st_mode))
            return 0;
        sum += bmx_source_needs(s, i) ? (uint64_t)sb.st_size : 0;
    }
    return s->opts.max_bytes && s->opts.max_bytes < sum ? s->opts.max_bytes : sum;
}

uint64_t bmx_source_single(const bmx_source *s)
{
    if (s->files.n != 1 || s->opts.jsonl || bmx_is_jsonl(s->files.path[0]))
        return 0;
    return bmx_source_size(s);
}

void bmx_source_set_block(bmx_source *s, size_t bytes) { s->block_bytes = bytes; }

void bmx_source_close(bmx_source *s)
{
    if (!s)
        return;
    bmx_input_close(s->in);
    bmx_checksum_free(s->sum);
    bmx_buf_release(&s->name);
    bmx_buf_release(&s->carry);
    bmx_paths_release(&s->files);
    bmx_free(s->listed);
    bmx_free(s->record);
    bmx_free(s->field);
    bmx_free(s->pick);
    bmx_free(s->has_records);
    bmx_free(s->jsonl);
    bmx_notes_free(s->notes);
    bmx_free(s);
}

void bmx_source_used(bmx_source *s, size_t file, uint64_t bytes, uint64_t documents,
                     uint64_t checksum)
{
    s->record[file].bytes += bytes;
    s->record[file].documents += documents;
    s->record[file].checksum += checksum;
}

const bmx_input_record *bmx_source_inputs(const bmx_source *s, size_t *n)
{
    *n = s->files.n;
    return s->record;
}

bpemix_status bmx_source_warnings(const bmx_source *s, bmx_texts *out, bpemix_error *err)
{
    return bmx_notes_text(s->notes, out, err);
}

uint64_t bmx_source_skipped(const bmx_source *s)
{
    return bmx_notes_count(s->notes, BMX_NOTE_SKIPPED);
}

bool bmx_source_has_malformed(const bmx_source *s)
{
    return bmx_notes_count(s->notes, BMX_NOTE_MALFORMED) ||
           bmx_notes_count(s->notes, BMX_NOTE_UTF16) ||
           bmx_notes_count(s->notes, BMX_NOTE_BINARY);
}

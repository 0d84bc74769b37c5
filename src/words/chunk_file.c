/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_file.c - a file of counted chunks, read; chunk_pack.c writes it (bpemix-chunks(5)):
 *
 *   8   magic "bpemix\0C"
 *   4   version, 1
 *   8   bytes of the table of contents
 *   ..  table of contents
 *         cuts, folds, sampled, top, tail, seed, note, groups
 *         number of sections; of each:
 *           category, fold, bytes, documents, distinct, chunks, mass
 *           number of inputs; of each: path, bytes, documents, checksum
 *           number of frames; of each: packed, raw, n, text, checksum
 *   8   XXH3 of everything before
 *   ..  the frames, one after the other: zstd, of
 *         n chunks; of each: bytes shared with the one before, other bytes, count
 *
 * Numbers and strings are coded as in coding.h.
 *
 * K1  Chunks are not empty and strictly rise in byte order within a frame; counts are not 0.
 *     Over a section they add up to `chunks`, and with their lengths to `mass`.
 * K2  The frames end where the file does: one that is truncated or has something behind it
 *     is refused before any chunk is read.
 * K3  What a frame unpacks into is written in the table of contents, within limits, and
 *     checked: a small file cannot ask for much memory. */
#include "words/chunk_file.h"
#include "base/archive.h"
#include "base/cancel.h"
#include "base/signature.h"
#include "words/coding.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIXED_BYTES (BMX_CHUNKS_MAGIC_BYTES + 4 + 8)
#define MOST_CONTENTS ((uint64_t)1 << 30) /* a list of contents that is longer is damaged */
#define MOST_RAW ((uint64_t)1 << 28)    /* of a frame when it is read: one chunk may be large */

void bmx_chunk_list_release(bmx_chunk_list *l)
{
    bmx_free(l->chunk);
    bmx_free(l->count);
    bmx_buf_release(&l->packed);
    bmx_buf_release(&l->raw);
    bmx_buf_release(&l->text);
    *l = (bmx_chunk_list){ 0 };
}

static void release_section(bmx_chunk_section *s)
{
    bmx_free(s->name);
    for (size_t i = 0; i < s->n_inputs; i++)
        bmx_free(s->input[i].path);
    bmx_free(s->input);
    bmx_free(s->frame);
}

void bmx_chunk_file_release(bmx_chunk_file *f)
{
    for (size_t i = 0; i < f->n; i++)
        release_section(&f->section[i]);
    bmx_free(f->section);
    bmx_free(f->path);
    bmx_buf_release(&f->head);
    *f = (bmx_chunk_file){ 0 };
}

size_t bmx_chunk_file_find(const bmx_chunk_file *f, const char *name, size_t *first)
{
    size_t n = 0;

    *first = 0;
    while (*first < f->n && strcmp(f->section[*first].name, name))
        ++*first;
    if (*first == f->n && f->n > 0 && !strcmp(f->section[0].name, f->section[f->n - 1].name)) {
        *first = 0;
        return f->n;
    }
    while (*first + n < f->n && !strcmp(f->section[*first + n].name, f->section[*first].name))
        n++;
    return n;
}

/* ---- reading: the table of contents ---- */

static bpemix_status damaged(const char *where, bpemix_error *err)
{
    return bmx_fail_hint(err, BPEMIX_E_FORMAT, where, "make it again from the text",
                         "damaged file of counted chunks");
}

static char *own_string(bmx_slice s, bmx_decoder *r)
{
    r->bad = r->bad || (s.len && memchr(s.ptr, 0, s.len));
    return bmx_strndup(s.ptr, s.len);
}

static bpemix_status get_inputs(bmx_decoder *r, bmx_chunk_section *s, bpemix_error *err)
{
    uint64_t n = bmx_get_number(r);

    if (n > (uint64_t)(r->end - r->p) / 4)
        r->bad = true;
    if (r->bad)
        return BPEMIX_OK;
    if (!(s->input = bmx_calloc((size_t)n, sizeof *s->input)))
        return bmx_nomem(err);
    while (s->n_inputs < n && !r->bad) {
        bmx_input_record *in = &s->input[s->n_inputs];

        if (!(in->path = own_string(bmx_get_string(r), r)))
            return bmx_nomem(err);
        s->n_inputs++;
        in->bytes = bmx_get_number(r);
        in->documents = bmx_get_number(r);
        in->checksum = bmx_get_number(r);
    }
    return BPEMIX_OK;
}

/* Frames begin at *at, which goes on behind them. */
static bpemix_status get_frames(bmx_decoder *r, bmx_chunk_section *s, uint64_t *at,
                                bpemix_error *err)
{
    uint64_t n = bmx_get_number(r), distinct = 0, text = 0;

    if (n > (uint64_t)(r->end - r->p) / 5)
        r->bad = true;
    if (r->bad)
        return BPEMIX_OK;
    if (!(s->frame = bmx_calloc((size_t)n, sizeof *s->frame)))
        return bmx_nomem(err);
    for (; s->n_frames < n && !r->bad; s->n_frames++) {
        bmx_chunk_frame f = { .at = *at, .packed = bmx_get_number(r) };

        f.raw = bmx_get_number(r);
        f.n = bmx_get_number(r);
        f.text = bmx_get_number(r);
        f.checksum = bmx_get_number(r);
        if (f.packed > INT64_MAX - *at || f.raw > MOST_RAW || f.n > f.raw / 3 ||
            f.text > f.raw + f.n * BMX_CODING_MAX_SHARED)
            r->bad = true;
        *at += f.packed;
        distinct += f.n;
        text += f.text;
        s->frame[s->n_frames] = f;
    }
    r->bad = r->bad || distinct != s->distinct || s->chunks < distinct || s->mass < text ||
             s->mass > INT64_MAX; /* so that no sum of counts or words overflows */
    return BPEMIX_OK;
}

static bpemix_status get_section(bmx_decoder *r, bmx_chunk_section *s, uint64_t *at,
                                 bpemix_error *err)
{
    bpemix_status st;

    if (!(s->name = own_string(bmx_get_string(r), r)))
        return bmx_nomem(err);
    r->bad = r->bad || !*s->name;
    s->fold = (uint32_t)bmx_get_number(r);
    s->bytes = bmx_get_number(r);
    s->documents = bmx_get_number(r);
    s->distinct = bmx_get_number(r);
    s->chunks = bmx_get_number(r);
    s->mass = bmx_get_number(r);
    st = get_inputs(r, s, err);
    return st || r->bad ? st : get_frames(r, s, at, err);
}

/* Sections of a category in a row, one a fold. */
static bool in_order(const bmx_chunk_file *f)
{
    uint32_t folds = f->terms.n_folds ? f->terms.n_folds : 1;

    if (f->n % folds)
        return false;
    for (size_t i = 0; i < f->n; i++)
        if (f->section[i].fold != i % folds ||
            (i % folds && strcmp(f->section[i].name, f->section[i - 1].name)))
            return false;
    return true;
}

static bpemix_status get_contents(bmx_chunk_file *f, bmx_slice text, uint64_t at, uint64_t size,
                                  bpemix_error *err)
{
    bmx_decoder r = { (const unsigned char *)text.ptr, (const unsigned char *)text.ptr + text.len,
                      false };
    bmx_chunk_terms *t = &f->terms;
    bpemix_status st = BPEMIX_OK;
    uint64_t n;

    t->cuts = (unsigned)bmx_get_number(&r);
    t->n_folds = (uint32_t)bmx_get_number(&r);
    t->sampled = bmx_get_number(&r) > 0;
    t->top = bmx_get_number(&r);
    t->tail = bmx_get_number(&r);
    t->seed = bmx_get_number(&r);
    t->note = bmx_get_string(&r);
    t->groups = bmx_get_string(&r);
    n = bmx_get_number(&r);
    if (r.bad || n > (uint64_t)(r.end - r.p) / 9 || !n || t->n_folds > BMX_MAX_FOLDS ||
        t->cuts > (BMX_CHUNK_SPACE | BMX_CHUNK_PUNCTUATION) || !(t->cuts & BMX_CHUNK_SPACE))
        return damaged(f->path, err);
    if (!(f->section = bmx_calloc((size_t)n, sizeof *f->section)))
        return bmx_nomem(err);
    while (f->n < n && !st && !r.bad)
        st = get_section(&r, &f->section[f->n++], &at, err);
    if (!st && (r.bad || r.p != r.end || at != size || !in_order(f))) /* K2 */
        st = damaged(f->path, err);
    return st;
}

/* The n bytes from `at` on: *got, how many there are before the file ends. */
static bpemix_status read_at(int fd, const char *path, uint64_t at, void *to, size_t n, size_t *got,
                             bpemix_error *err)
{
    ssize_t r = 1;

    *got = 0;
    while (r > 0 && *got < n) {
        bpemix_status st = bmx_check_cancel(err);
        if (st)
            return st;
        do
            r = pread(fd, (char *)to + *got, n - *got, (off_t)(at + *got));
        while (r < 0 && errno == EINTR && !bmx_cancelled());
        *got += r > 0 ? (size_t)r : 0;
    }
    return r < 0 ? bmx_fail_errno(err, path, "cannot read") : BPEMIX_OK;
}

/* Opened without waiting, as a pipe that nobody writes to would. */
static bpemix_status open_it(const char *path, int *fd, uint64_t *size, bpemix_error *err)
{
    struct stat sb;
    bpemix_status st = BPEMIX_OK;

    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0)
        return bmx_fail_errno(err, path, "cannot open");
    if (fstat(*fd, &sb))
        st = bmx_fail_errno(err, path, "cannot read");
    else if (S_ISDIR(sb.st_mode))
        st = bmx_fail_hint(err, BPEMIX_E_IO, path, "name a file in it", "a folder, not a file");
    else if (!S_ISREG(sb.st_mode))
        st = bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, path, "write it to a file first",
                           "not a file of which a part can be read");
    *size = st ? 0 : (uint64_t)sb.st_size;
    if (st)
        close(*fd);
    return st;
}

static bpemix_status read_head(int fd, uint64_t size, bmx_chunk_file *f, bpemix_error *err)
{
    char fixed[FIXED_BYTES];
    uint64_t n;
    size_t got;
    bpemix_status st = read_at(fd, f->path, 0, fixed, sizeof fixed, &got, err);

    if (st)
        return st;
    if (got < BMX_CHUNKS_MAGIC_BYTES || memcmp(fixed, BMX_CHUNKS_MAGIC, BMX_CHUNKS_MAGIC_BYTES))
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, f->path, "pass a file of chunks",
                             "not a file of counted chunks");
    if (got < sizeof fixed)
        return damaged(f->path, err);
    if (bmx_load_le(fixed + BMX_CHUNKS_MAGIC_BYTES, 4) != BMX_CHUNKS_VERSION)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, f->path,
                             "use that version, or cut the text again",
                             "counted chunks in the format of another version (%llu)",
                             (unsigned long long)bmx_load_le(fixed + BMX_CHUNKS_MAGIC_BYTES, 4));
    n = bmx_load_le(fixed + BMX_CHUNKS_MAGIC_BYTES + 4, 8);
    if (n > MOST_CONTENTS || size < FIXED_BYTES + 8 || n > size - FIXED_BYTES - 8)
        return damaged(f->path, err);
    if (bmx_buf_add(&f->head, fixed, sizeof fixed, err) ||
        bmx_buf_reserve(&f->head, (size_t)n + 8, err))
        return BPEMIX_E_NOMEM;
    if ((st = read_at(fd, f->path, FIXED_BYTES, f->head.ptr + FIXED_BYTES, (size_t)n + 8, &got,
                      err)))
        return st;
    if (got != n + 8)
        return damaged(f->path, err);
    f->head.len += (size_t)n;
    if (bmx_hash64(f->head.ptr, f->head.len, 0) != bmx_load_le(f->head.ptr + f->head.len, 8))
        return damaged(f->path, err);
    return get_contents(f, bmx_slice_of(f->head.ptr + FIXED_BYTES, (size_t)n),
                        FIXED_BYTES + n + 8, size, err);
}

bpemix_status bmx_chunk_file_open(const char *path, bmx_chunk_file *out, bpemix_error *err)
{
    bmx_chunk_file f = { .path = bmx_strdup(path) };
    uint64_t size;
    int fd;
    bpemix_status st = f.path ? open_it(path, &fd, &size, err) : bmx_nomem(err);

    if (!st) {
        st = read_head(fd, size, &f, err);
        close(fd);
    }
    if (st)
        bmx_chunk_file_release(&f);
    else
        *out = f;
    return st;
}

/* ---- reading: frames ---- */

static bpemix_status get_packed(const bmx_chunk_file *f, const bmx_chunk_frame *frame, bmx_buf *out,
                                bpemix_error *err)
{
    uint64_t size;
    size_t got;
    int fd;
    bpemix_status st = open_it(f->path, &fd, &size, err);

    out->len = 0;
    if (st)
        return st;
    if (!(st = bmx_buf_reserve(out, (size_t)frame->packed, err)))
        st = read_at(fd, f->path, frame->at, out->ptr, (size_t)frame->packed, &got, err);
    if (!st && got != frame->packed)
        st = damaged(f->path, err);
    out->len = st ? 0 : (size_t)frame->packed;
    close(fd);
    return st;
}

/* What follows the bytes that two chunks begin with alike: it mostly differs at once. */
static bool rises(bmx_slice a, bmx_slice b)
{
    if (a.len && b.len && *a.ptr != *b.ptr)
        return (unsigned char)*a.ptr < (unsigned char)*b.ptr;
    return bmx_slice_cmp(a, b) < 0;
}

static bpemix_status decode(const bmx_chunk_frame *frame, bmx_chunk_list *l, bool *bad,
                            bpemix_error *err)
{
    bmx_decoder r = { (const unsigned char *)l->raw.ptr,
                      (const unsigned char *)l->raw.ptr + l->raw.len, false };
    bmx_slice before = { NULL, 0 };
    char *p;

    l->text.len = l->n = 0;
    l->chunks = l->mass = 0;
    if (bmx_buf_reserve(&l->text, (size_t)frame->text, err) ||
        bmx_reserve(&l->chunk, &l->cap, (size_t)frame->n, sizeof *l->chunk, err) ||
        bmx_reserve(&l->count, &l->count_cap, (size_t)frame->n, sizeof *l->count, err))
        return BPEMIX_E_NOMEM;
    p = l->text.ptr;
    while (l->n < frame->n && !r.bad) {
        uint64_t same = bmx_get_number(&r), left = frame->text - (uint64_t)(p - l->text.ptr);
        bmx_slice tail = bmx_get_string(&r), s;

        l->count[l->n] = bmx_get_number(&r);
        if (r.bad || same > before.len || same > BMX_CODING_MAX_SHARED || same + tail.len == 0 ||
            same + tail.len > left || !l->count[l->n])
            break;
        s = bmx_slice_of(p, (size_t)same + tail.len);
        if (same)
            memcpy(p, before.ptr, (size_t)same);
        memcpy(p + same, tail.ptr, tail.len);
        if ((l->n && !rises(bmx_slice_of(before.ptr + same, before.len - same), tail)) ||
            l->count[l->n] > (INT64_MAX - l->mass) / s.len)
            break;
        l->chunks += l->count[l->n];
        l->mass += l->count[l->n] * s.len;
        p += s.len;
        before = l->chunk[l->n++] = s;
    }
    *bad = r.bad || l->n != frame->n || r.p != r.end ||
           (uint64_t)(p - l->text.ptr) != frame->text;
    return BPEMIX_OK;
}

bpemix_status bmx_chunk_file_read(const bmx_chunk_file *f, size_t section, size_t frame,
                                  bmx_chunk_list *out, bpemix_error *err)
{
    const bmx_chunk_frame *fr = &f->section[section].frame[frame];
    bpemix_status st = get_packed(f, fr, &out->packed, err);
    bool bad = false;

    if (!st && bmx_hash64(out->packed.ptr, out->packed.len, 0) != fr->checksum)
        return damaged(f->path, err);
    if (!st && (st = bmx_unpack(bmx_slice_of(out->packed.ptr, out->packed.len), (size_t)fr->raw,
                                &out->raw, err)) == BPEMIX_E_FORMAT)
        return damaged(f->path, err);
    if (!st)
        st = decode(fr, out, &bad, err);
    return !st && bad ? damaged(f->path, err) : st;
}

bpemix_status bmx_chunk_file_check(const bmx_chunk_file *f, size_t section, uint64_t chunks,
                                   uint64_t mass, bpemix_error *err)
{
    const bmx_chunk_section *s = &f->section[section];

    return chunks == s->chunks && mass == s->mass ? BPEMIX_OK : damaged(f->path, err);
}

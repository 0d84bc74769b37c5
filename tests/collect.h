/* SPDX-License-Identifier: GPL-3.0-or-later */
/* collect.h - what a source gives, collected document by document. */
#ifndef TESTS_COLLECT_H
#define TESTS_COLLECT_H

#include "base/hash.h"
#include "base/utf8.h"
#include "files.h"
#include "split/cut.h"
#include "read/source.h"

#include <fcntl.h>

enum { MOST = 400 };

typedef struct document {
    char place[600];
    bmx_buf text;
    size_t parts;
} document;

typedef struct collection {
    document d[MOST];
    size_t n, blocks;
    bmx_input_record rec[MOST];
    size_t n_rec;
} collection;

static inline void drop(collection *c)
{
    for (size_t i = 0; i < c->n; i++)
        bmx_buf_release(&c->d[i].text);
    free(c);
}

static inline document *add_document(collection *c, const char *place)
{
    document *d = &c->d[c->n++];
    assert_true(c->n < MOST);
    snprintf(d->place, sizeof d->place, "%s", place);
    return d;
}

static inline bpemix_status collect_block(collection *c, const bmx_source *s, const bmx_block *b,
                                   bmx_buf *buf, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    c->blocks++;
    for (size_t i = 0; i < b->n && !st; i++) {
        char place[600];
        document *d;

        bmx_source_place(s, b, i, place, sizeof place);
        if (b->kind == BMX_BLOCK_RECORDS) {
            bmx_record_cursor at = { .block = b, .part = i };
            bmx_slice text;
            bool more;
            while (!(st = bmx_source_record(s, &at, buf, &text, &more, err)) && more) {
                d = add_document(c, place);
                st = bmx_buf_add(&d->text, text.ptr, text.len, err);
                d->parts++;
            }
            continue;
        }
        d = b->part[i].offset ? &c->d[c->n - 1] : add_document(c, place);
        assert_int_equal(d->text.len, b->part[i].offset);
        assert_string_equal(d->place, place);
        st = bmx_buf_add(&d->text, b->buf.ptr + b->part[i].at, b->part[i].len, err);
        d->parts++;
    }
    return st;
}

static inline bpemix_status collect(const char *const *paths, size_t n, const bmx_source_opts *opts,
                             collection **out, bpemix_error *err)
{
    collection *c = calloc(1, sizeof *c);
    bmx_source *s = NULL;
    bmx_block b = { 0 };
    bmx_buf buf = { 0 };
    bool more = true;
    bpemix_status st = bmx_source_open(paths, n, opts, &s, err);

    while (!st && !(st = bmx_source_next(s, &b, &more, err)) && more)
        st = collect_block(c, s, &b, &buf, err);
    if (!st) {
        const bmx_input_record *r = bmx_source_inputs(s, &c->n_rec);
        for (size_t i = 0; i < c->n_rec; i++) {
            c->rec[i] = r[i];
            c->rec[i].path = NULL;
        }
    }
    bmx_source_close(s);
    bmx_block_release(&b);
    bmx_buf_release(&buf);
    if (st)
        drop(c);
    else
        *out = c;
    return st;
}

static inline collection *collected(const char *const *paths, size_t n, bmx_source_opts opts)
{
    bpemix_error err;
    collection *c = NULL;
    CHECK_OK(collect(paths, n, &opts, &c, &err));
    return c;
}

static inline void check_text(const document *d, const void *p, size_t n)
{
    assert_int_equal(d->text.len, n);
    assert_memory_equal(d->text.ptr ? d->text.ptr : "", p, n);
}

#endif

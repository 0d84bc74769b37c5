/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunks.c - the public side of counted chunks and of the panel. */
#include "bpemix.h"
#include "api/api.h"
#include "report/panel.h"
#include "result/document.h"
#include "result/group_file.h"
#include "words/panel.h"

#include <string.h>

struct bpemix_chunks {
    bmx_chunk_file file;
    bpemix_chunk_category *category; /* category[n]; labels owned */
    size_t n;
};

/* Is there a group in every line? */
static bpemix_status check_groups(const char *text, bpemix_error *err)
{
    bmx_group_file file = { .lines.at = text ? text : "" };
    bmx_group_line line;
    bool more = true;
    bpemix_status st = BPEMIX_OK;

    while (more && !st)
        st = bmx_group_file_next(&file, &line, &more, err);
    return st;
}

bpemix_status bpemix_chunks_make(const bpemix_category *cats, size_t n,
                                 const bpemix_chunk_opts *opts, const char *path, bpemix_error *err)
{
    bpemix_chunk_opts o;
    bpemix_count_opts count;
    bmx_chunk_terms terms;
    bpemix_status st = BMX_API_OPTS(opts, &o, err);

    if (st || (st = BMX_API_OPTS(o.count, &count, err)) || (st = check_groups(o.groups, err)))
        return st;
    terms = (bmx_chunk_terms){
        .cuts = BMX_CHUNK_SPACE | (o.punctuation ? BMX_CHUNK_PUNCTUATION : 0),
        .top = o.top, .tail = o.tail, .seed = o.seed,
        .note = bmx_slice_str(o.note ? o.note : ""),
        .groups = bmx_slice_str(o.groups ? o.groups : ""),
    };
    return bmx_chunks_make(cats, n, &terms, &count, path, err);
}

static bpemix_status describe(bpemix_chunks *c, const char *groups, bpemix_error *err)
{
    const bmx_chunk_file *f = &c->file;

    if (!(c->category = bmx_calloc(f->n, sizeof *c->category)))
        return bmx_nomem(err);
    for (size_t i = 0; i < f->n; i++) {
        const bmx_chunk_section *s = &f->section[i];
        bpemix_chunk_category *to = s->fold ? &c->category[c->n - 1] : &c->category[c->n++];
        bmx_slice label;

        to->name = s->name;
        to->sample_bytes += s->bytes;
        to->sample_documents += s->documents;
        to->distinct += s->distinct;
        to->chunks += s->chunks;
        if (!to->group && bmx_group_of(groups, s->name, &label) &&
            !(to->group = bmx_strndup(label.ptr, label.len)))
            return bmx_nomem(err);
    }
    return BPEMIX_OK;
}

bpemix_status bpemix_chunks_open(const char *path, bpemix_chunks **out, bpemix_error *err)
{
    bpemix_chunks *c = bmx_calloc(1, sizeof *c);
    bpemix_status st = c ? bmx_chunk_file_open(path, &c->file, err) : bmx_nomem(err);
    char *groups = NULL;

    if (!st && !(groups = bmx_strndup(c->file.terms.groups.ptr, c->file.terms.groups.len)))
        st = bmx_nomem(err);
    if (!st)
        st = describe(c, groups, err);
    bmx_free(groups);
    if (st)
        bpemix_chunks_free(c);
    else
        *out = c;
    return st;
}

void bpemix_chunks_free(bpemix_chunks *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n; i++)
        bmx_free((void *)(uintptr_t)c->category[i].group);
    bmx_free(c->category);
    bmx_chunk_file_release(&c->file);
    bmx_free(c);
}

const bpemix_chunk_category *bpemix_chunks_category(const bpemix_chunks *c, size_t i)
{
    return i < c->n ? &c->category[i] : NULL;
}

void bpemix_chunks_terms(const bpemix_chunks *c, bpemix_chunk_terms *out)
{
    const bmx_chunk_terms *t = &c->file.terms;

    bmx_api_fill(out, &(bpemix_chunk_terms){
        .punctuation = t->cuts & BMX_CHUNK_PUNCTUATION, .sampled = t->sampled, .folds = t->n_folds,
        .top = t->top, .tail = t->tail, .seed = t->seed, .n_categories = c->n,
        .note = { t->note.ptr, t->note.len }, .groups = { t->groups.ptr, t->groups.len },
    }, sizeof *out);
}

bpemix_status bpemix_chunks_describe(const bpemix_chunks *c, char **json, bpemix_error *err)
{
    bpemix_chunk_terms terms = { .size = sizeof terms };
    bmx_json *doc;
    bpemix_status st;

    bpemix_chunks_terms(c, &terms);
    doc = bmx_panel_to_json(c->file.path, &terms, c->category);
    st = bmx_api_json(doc, json, err);
    bmx_json_free(doc);
    return st;
}

bpemix_status bpemix_chunks_print(const bpemix_chunks *c, int columns, char **text,
                                  bpemix_error *err)
{
    bpemix_chunk_terms terms = { .size = sizeof terms };
    bmx_buf buf = { 0 };
    bpemix_status st;

    bpemix_chunks_terms(c, &terms);
    st = bmx_report_panel(c->file.path, &terms, c->category, columns ? columns : 80, &buf, err);
    if (!st)
        st = bmx_api_text(&buf, text, err);
    bmx_buf_release(&buf);
    return st;
}

bpemix_status bpemix_panel_find(char **path, bpemix_error *err)
{
    return bmx_panel_find(path, err);
}

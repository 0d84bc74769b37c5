/* SPDX-License-Identifier: GPL-3.0-or-later */
/* named.c - see named.h.
 *
 * What is counted is the product's bytes, wherever they are in the panel's chunks, not the merge:
 * that would take replaying the whole panel. */
#include "diagnose/named.h"
#include "diagnose/fit.h"
#include "diagnose/kind.h"
#include "words/occur.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAMED = 3, /* categories in the sentence, */
    WORTH = 4, /* none with less than such a part of the first one's merges */
    FEW = 3    /* or if the first one has fewer */
};

/* ---- looking up ---- */

/* Products as text, in which U+2581 of SentencePiece is the space it stands for. */
typedef struct products {
    bmx_slice *text; /* text[n], inside `bytes` */
    uint32_t *at;    /* at[n]: which missing merge */
    size_t n;
    char *bytes;
} products;

static void products_release(products *p)
{
    bmx_free(p->text);
    bmx_free(p->at);
    bmx_free(p->bytes);
}

static size_t copy_as_text(bmx_slice token, char *to)
{
    size_t n = 0;

    for (size_t i = 0; i < token.len;)
        if (token.len - i > 2 && !memcmp(token.ptr + i, "\xe2\x96\x81", 3)) {
            to[n++] = ' ';
            i += 3;
        } else {
            to[n++] = token.ptr[i++];
        }
    return n;
}

static bpemix_status take_products(const bpemix_trace *tr, const bpemix_result *r, products *p,
                                   bpemix_error *err)
{
    size_t bytes = 0;

    for (uint32_t i = 0; i < r->n_missing; i++)
        bytes += bmx_trace_product(tr, r->missing[i].step).len;
    p->text = bmx_malloc(r->n_missing, sizeof *p->text);
    p->at = bmx_malloc(r->n_missing, sizeof *p->at);
    p->bytes = bmx_malloc(bytes, 1);
    if (!p->text || !p->at || !p->bytes)
        return bmx_nomem(err);
    bytes = 0;
    for (uint32_t i = 0; i < r->n_missing; i++) {
        char *to = p->bytes + bytes;
        size_t n;

        if (r->missing[i].why != BMX_MISSING_UNSEEN)
            continue;
        n = copy_as_text(bmx_trace_product(tr, r->missing[i].step), to);
        p->at[p->n] = i;
        p->text[p->n++] = bmx_slice_of(to, n);
        bytes += n;
    }
    return BPEMIX_OK;
}

static bool same_text(const bmx_input_record *a, const bmx_input_record *b)
{
    return a->bytes == b->bytes && a->documents == b->documents && a->checksum == b->checksum &&
           !strcmp(a->path, b->path);
}

/* Was a tally of the trace counted from this section? */
static bool is_sample(const bpemix_trace *tr, const bmx_chunk_section *s)
{
    for (size_t c = 0; c < tr->n_cats; c++)
        for (size_t i = 0; i < tr->cat[c].n_inputs; i++)
            if (s->n_inputs && same_text(&tr->cat[c].input[i], &s->input[0]))
                return true;
    return false;
}

/* ---- summing up ---- */

static int by_merges(const void *a, const void *b)
{
    const bmx_missing_category *x = a, *y = b;

    return x->merges != y->merges ? (x->merges < y->merges ? 1 : -1)
                                  : strcmp(x->category, y->category);
}

static bool is_candidate(const bpemix_result *r, const char *name)
{
    for (size_t i = 0; i < r->n_cats; i++)
        if (i != r->pooled_at && !strcmp(r->share[i].name, name))
            return true;
    return false;
}

/* The name of its category for each merge, and of each category of the panel, category[n_cats], how
 * many merges have it, with examples. */
static bpemix_status sort_into(const bpemix_trace *tr, const products *p, const bmx_occur *most,
                               bmx_missing_category *category, bpemix_result *r, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (int telling = 1; telling >= 0; telling--) /* tokens of whole words come first */
        for (size_t k = 0; k < p->n && !st; k++) {
            bmx_missing_merge *m = &r->missing[p->at[k]];
            bmx_missing_category *c;

            if (most[k].category == SIZE_MAX ||
                bmx_token_is_telling(bmx_trace_product(tr, m->step)) != telling)
                continue;
            c = &category[most[k].category];
            c->merges++;
            if (!(m->panel = bmx_strdup(c->category)))
                st = bmx_nomem(err);
            else if (c->example.n < BMX_TOKEN_EXAMPLES)
                st = bmx_token_add_example(bmx_trace_product(tr, m->step), &c->example, err);
        }
    return st;
}

static bpemix_status sum_up(const bpemix_trace *tr, const bmx_chunk_file *f, const products *p,
                            const bmx_occur *most, bpemix_result *r, bpemix_error *err)
{
    bmx_missing_panel *panel = &r->uncovered.panel;
    size_t folds = f->terms.n_folds ? f->terms.n_folds : 1, n_cats = f->n / folds;
    bpemix_status st = BPEMIX_OK;

    if (!(panel->category = bmx_calloc(n_cats, sizeof *panel->category)))
        return bmx_nomem(err);
    panel->n = n_cats;
    for (size_t c = 0; c < n_cats && !st; c++)
        if (!(panel->category[c].category = bmx_strdup(f->section[c * folds].name)))
            st = bmx_nomem(err);
    if (st || (st = sort_into(tr, p, most, panel->category, r, err)))
        return st;
    qsort(panel->category, n_cats, sizeof *panel->category, by_merges);
    for (size_t c = 0; c < n_cats; c++) {
        bmx_missing_category *k = &panel->category[c];

        panel->merges += k->merges;
        k->is_candidate = is_candidate(r, k->category);
        if (k->merges)
            continue;
        panel->n -= 1; /* this one and all behind it have none */
        bmx_free(k->category);
    }
    panel->looked_up = true;
    return BPEMIX_OK;
}

static bpemix_status look_up(const bpemix_trace *tr, const bmx_chunk_file *f, unsigned n_threads,
                             bpemix_result *r, bpemix_error *err)
{
    size_t folds = f->terms.n_folds ? f->terms.n_folds : 1, n_cats = f->n / folds, left = 0;
    bool *skip = bmx_calloc(n_cats, sizeof *skip);
    bmx_occur *most = bmx_malloc(r->n_missing, sizeof *most);
    products p = { .n = 0 };
    bpemix_status st = skip && most ? BPEMIX_OK : bmx_nomem(err);

    for (size_t s = 0; s < f->n && !st; s++)
        skip[s / folds] = skip[s / folds] || is_sample(tr, &f->section[s]);
    for (size_t c = 0; c < n_cats && !st; c++)
        left += !skip[c];
    if (left && !st && !(st = take_products(tr, r, &p, err)) &&
        !(st = bmx_occur_most(f, skip, p.text, p.n, n_threads, most, err)))
        st = sum_up(tr, f, &p, most, r, err);
    products_release(&p);
    bmx_free(most);
    bmx_free(skip);
    return st;
}

bpemix_status bmx_named_find(const bpemix_trace *tr, const char *path, unsigned n_threads,
                             bpemix_result *r, bpemix_error *err)
{
    bmx_chunk_file f = { .path = NULL };
    bpemix_error own = { 0 };
    char text[800];
    bpemix_status st;

    if (!r->merges_missing)
        return BPEMIX_OK;
    if (!(st = bmx_chunk_file_open(path, &f, &own)))
        st = look_up(tr, &f, n_threads, r, &own);
    bmx_chunk_file_release(&f);
    if (st == BPEMIX_E_IO || st == BPEMIX_E_FORMAT || st == BPEMIX_E_UNSUPPORTED) {
        bmx_error_text(&own, text, sizeof text);
        return bmx_result_warn(r, bmx_asprintf("merges in no sample were not looked up in the "
                                               "panel: %s", text), err);
    }
    if (st && err)
        *err = own;
    return st;
}

/* ---- what it tells ---- */

const bmx_missing_category *bmx_named_category(const bpemix_result *r)
{
    const bmx_missing_panel *p = &r->uncovered.panel;
    size_t k = 0;

    while (k < p->n && p->category[k].is_candidate)
        k++;
    return k < p->n && p->category[k].merges >= BMX_NAMED_FEW &&
                   p->category[k].merges > BMX_NAMED_PART * p->merges &&
                   bmx_fit_sample(r) >= BMX_FIT_SMALL
               ? &p->category[k] : NULL;
}

bpemix_status bmx_named_phrase(const bpemix_result *r, bmx_buf *out, bpemix_error *err)
{
    const bmx_missing_panel *p = &r->uncovered.panel;
    const bmx_missing_category *k = p->category;
    bpemix_status st;

    if (!p->n || k[0].merges < FEW)
        return BPEMIX_OK;
    if (p->merges == r->merges_missing)
        st = bmx_buf_addf(out, err, "; all of them are in the panel");
    else
        st = bmx_buf_addf(out, err, "; %" PRIu32 " of them are in the panel", p->merges);
    if (!st)
        st = bmx_buf_addf(out, err, ", most frequent there in");
    for (size_t i = 0; i < p->n && i < NAMED && WORTH * k[i].merges >= k[0].merges && !st; i++)
        st = bmx_buf_addf(out, err, "%s '%s' (%" PRIu32 ")", i ? "," : "", k[i].category,
                          k[i].merges);
    if (k[0].is_candidate && !st)
        st = bmx_buf_addf(out, err, ", of which there is a sample: too small, or of another kind "
                                    "of text");
    return st;
}

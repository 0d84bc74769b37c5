/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/explain.h"
#include "base/mem.h"
#include "result/document.h"

#include <math.h>

void bmx_explanation_release(bmx_explanation *x)
{
    for (size_t i = 0; i < x->n_cats && x->name; i++)
        bmx_free(x->name[i]);
    for (size_t i = 0; i < x->n_rows; i++) {
        bmx_free(x->row[i].left);
        bmx_free(x->row[i].right);
    }
    for (size_t i = 0; i < x->n_rivals; i++) {
        bmx_free(x->rival[i].left);
        bmx_free(x->rival[i].right);
    }
    for (size_t i = 0; i < x->n_listed; i++) {
        bmx_free(x->proof[i].left);
        bmx_free(x->proof[i].right);
    }
    bmx_free(x->proof);
    bmx_free(x->proof_occurrences);
    bmx_free(x->pairs);
    bmx_free(x->divisor);
    bmx_free(x->name);
    bmx_free(x->share);
    bmx_free(x->row);
    bmx_free(x->left);
    bmx_free(x->right);
    bmx_free(x->product);
    bmx_free(x->occurrences);
    bmx_free(x->frequency);
    bmx_free(x->rival);
    *x = (bmx_explanation){ 0 };
}

static void put_share(bmx_json *o, const bmx_explain_share *s)
{
    bmx_json_put_double(o, "share_bytes", s->bytes);
    bmx_json_put_double(o, "share_pairs", s->pairs);
    bmx_json_put_double(o, "share_merges", s->merges);
}

static void put_pair(bmx_json *o, const char *key, const char *left, const char *right)
{
    bmx_json *arr = bmx_json_put(o, key, bmx_json_array());

    bmx_json_push(arr, bmx_json_new_str(left));
    bmx_json_push(arr, bmx_json_new_str(right));
}

static void put_index(bmx_json *o, const char *key, uint32_t index)
{
    if (index == UINT32_MAX)
        bmx_json_put_str(o, key, NULL);
    else
        bmx_json_put_uint(o, key, index);
}

static void put_rows(bmx_json *doc, const bmx_explanation *x)
{
    bmx_json *arr = bmx_json_put(doc, "rows", bmx_json_array());

    for (size_t i = 0; i < x->n_rows; i++) {
        const bmx_explain_row *r = &x->row[i];
        bmx_json *o = bmx_json_push(arr, bmx_json_object());

        bmx_json_put_uint(o, "step", r->step);
        put_pair(o, "pair", r->left, r->right);
        bmx_json_put_bool(o, "is_merge", r->is_merge);
        bmx_json_put_double(o, "multiplier", r->multiplier);
        bmx_json_put_double(o, "count", r->count);
        bmx_json_put_double(o, "level", r->level);
        bmx_json_put_double(o, "fraction", r->fraction);
    }
}

static void put_certificate(bmx_json *doc, const bmx_explanation *x)
{
    bmx_json *cert, *arr, *o;

    if (isnan(x->bound)) {
        bmx_json_put_str(doc, "certificate", NULL);
        return;
    }
    cert = bmx_json_put(doc, "certificate", bmx_json_object());
    bmx_json_put_double(cert, "objective", x->objective);
    bmx_json_put_double(cert, "bound", x->bound);
    bmx_json_put_uint(cert, "n_rows", x->n_proof);
    arr = bmx_json_put(cert, "categories", bmx_json_array());
    for (size_t i = 0; i < x->n_cats; i++) {
        o = bmx_json_push(arr, bmx_json_object());
        bmx_json_put_str(o, "name", x->name[i]);
        bmx_json_put_uint(o, "sample_pairs", x->pairs[i]);
        bmx_json_put_double(o, "divisor", x->divisor[i]);
    }
    arr = bmx_json_put(cert, "rows", bmx_json_array());
    for (size_t k = 0; k < x->n_listed; k++) {
        const bmx_explain_proof *p = &x->proof[k];
        bmx_json *counts;

        o = bmx_json_push(arr, bmx_json_object());
        bmx_json_put_uint(o, "step", p->step);
        put_pair(o, "pair", p->left, p->right);
        bmx_json_put_bool(o, "is_merge", p->is_merge);
        bmx_json_put_double(o, "multiplier", p->multiplier);
        bmx_json_put_double(o, "weight", p->weight);
        counts = bmx_json_put(o, "occurrences", bmx_json_array());
        for (size_t i = 0; i < x->n_cats; i++)
            bmx_json_push(counts, bmx_json_new_uint(x->proof_occurrences[k * x->n_cats + i]));
    }
}

static void put_category(bmx_json *doc, const bmx_explanation *x)
{
    bmx_json *o;

    if (x->category == UINT32_MAX) {
        bmx_json_put_str(doc, "category", NULL);
        return;
    }
    o = bmx_json_put(doc, "category", bmx_json_object());
    bmx_json_put_str(o, "name", x->name[x->category]);
    bmx_json_put_uint(o, "rows_up", x->n_up);
    bmx_json_put_uint(o, "rows_down", x->n_rows - x->n_up);
    put_share(bmx_json_put(o, "without_up", bmx_json_object()), &x->without_up);
    put_share(bmx_json_put(o, "without_down", bmx_json_object()), &x->without_down);
}

static void put_merge(bmx_json *doc, const bmx_explanation *x)
{
    bmx_json *o, *arr, *item;

    if (x->merge == UINT32_MAX) {
        bmx_json_put_str(doc, "merge", NULL);
        return;
    }
    o = bmx_json_put(doc, "merge", bmx_json_object());
    bmx_json_put_uint(o, "step", x->merge);
    put_pair(o, "pair", x->left, x->right);
    bmx_json_put_str(o, "product", x->product);
    bmx_json_put_bool(o, "constrained", x->constrained);
    bmx_json_put_double(o, "multiplier", x->multiplier);
    bmx_json_put_double(o, "count", x->count);
    bmx_json_put_double(o, "implied", x->implied);
    arr = bmx_json_put(o, "categories", bmx_json_array());
    for (size_t i = 0; i < x->n_cats; i++) {
        item = bmx_json_push(arr, bmx_json_object());
        bmx_json_put_str(item, "name", x->name[i]);
        bmx_json_put_uint(item, "occurrences", x->occurrences[i]);
        bmx_json_put_double(item, "frequency", x->frequency[i]);
    }
    arr = bmx_json_put(o, "rivals", bmx_json_array());
    for (size_t i = 0; i < x->n_rivals; i++) {
        item = bmx_json_push(arr, bmx_json_object());
        put_pair(item, "pair", x->rival[i].left, x->rival[i].right);
        bmx_json_put_double(item, "count", x->rival[i].count);
        bmx_json_put_uint(item, "occurrences", x->rival[i].occurrences);
        put_index(item, "merged_at", x->rival[i].merged_at);
    }
}

bmx_json *bmx_explanation_to_json(const bmx_explanation *x)
{
    bmx_json *doc = bmx_json_object(), *arr, *o;

    bmx_document_begin(doc, NULL, NULL);
    arr = bmx_json_put(doc, "categories", bmx_json_array());
    for (size_t i = 0; i < x->n_cats; i++) {
        o = bmx_json_push(arr, bmx_json_object());
        bmx_json_put_str(o, "name", x->name[i]);
        bmx_share_put(o, &x->share[i]);
    }
    bmx_json_put_uint(doc, "merge_from", x->merge_from);
    bmx_json_put_uint(doc, "merge_to", x->merge_to);
    bmx_json_put_uint(doc, "binding", x->n_binding);
    put_certificate(doc, x);
    put_rows(doc, x);
    put_category(doc, x);
    put_merge(doc, x);
    return doc;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose/basis.h"
#include "replay/view.h"

#include <inttypes.h>
#include <string.h>

static const char *path_of(const bpemix_result *r, size_t cat)
{
    for (size_t i = 0; i < r->n_sources; i++)
        if (r->source[i].category == cat)
            return r->source[i].path;
    return NULL;
}

/* "english (corpora/english), c (corpora/c)" as far as there is room. */
static bpemix_status fail_without_counts(const bpemix_result *r, bpemix_error *err)
{
    bmx_buf b = { 0 };
    bpemix_status st;

    if (r->pooled) /* counted again they would have none */
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "give the trace that has the pool as well",
                             "a result has no counts, and samples that were pooled are not named "
                             "in it");
    st = bmx_buf_addf(&b, err, "give the trace as well, or tokenizer '%s' and the samples ",
                      r->facts.path ? r->facts.path : "?");

    for (size_t i = 0; i < r->n_cats && !st && b.len < sizeof err->hint; i++) {
        const char *path = path_of(r, i);

        st = bmx_buf_addf(&b, err, path ? "%s%s (%s)" : "%s%s", i ? ", " : "", r->share[i].name,
                          path);
    }
    if (!st)
        st = bmx_buf_addc(&b, 0, err);
    if (!st)
        st = bmx_fail_hint(err, BPEMIX_E_USAGE, "", b.ptr, "a result has no counts");
    bmx_buf_release(&b);
    return st;
}

#define GIVE_THE_SAME "give the samples that the result was made from"

/* Both name the same categories, with as much text. */
static bpemix_status same_samples(const bpemix_result *r, const bmx_view *v, bpemix_error *err)
{
    if (v->n_cats != r->n_cats + (r->pooled != NULL))
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, "", GIVE_THE_SAME,
                             "not as many categories: %zu, but %zu in the result", v->n_cats,
                             r->n_cats + (r->pooled != NULL));
    for (size_t i = 0; i < v->n_cats; i++) {
        const char *name = bmx_view_category(v, i)->name;
        const bpemix_share *s = r->pooled && i == v->pooled ? r->pooled : NULL;

        for (size_t k = 0; k < r->n_cats && !s; k++)
            if (!strcmp(r->share[k].name, name))
                s = &r->share[k];
        if (!s)
            return bmx_fail_hint(err, BPEMIX_E_MISMATCH, name, GIVE_THE_SAME,
                                 "no category of the result");
        if (s->sample_bytes != v->bytes[i])
            return bmx_fail_hint(err, BPEMIX_E_MISMATCH, name, GIVE_THE_SAME,
                                 "%" PRIu64 " bytes of sample, but %" PRIu64 " in the result",
                                 v->bytes[i], s->sample_bytes);
        if (s->sample_pairs != v->pairs[i])
            return bmx_fail_hint(err, BPEMIX_E_MISMATCH, name, GIVE_THE_SAME,
                                 "other text than that of the result, though as much");
    }
    return BPEMIX_OK;
}

static bpemix_status take_options(const bpemix_result *r, bpemix_solve_opts *o, bpemix_error *err)
{
    const char *weights = bmx_values_text(&r->solve_options, "weights");
    const char *scale = bmx_values_text(&r->solve_options, "scale");

    if (!weights || !scale)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, "options", "solve again and write it anew",
                             "the result does not say how it was solved");
    o->merges_auto = o->merges_all = false;
    o->merge_from = r->merge_from;
    o->merge_to = r->merge_to;
    o->weights = strcmp(weights, "none") ? BPEMIX_WEIGHTS_QUARTER : BPEMIX_WEIGHTS_NONE;
    o->scale = strcmp(scale, "merges") ? BPEMIX_SCALE_PAIRS : BPEMIX_SCALE_MERGES;
    o->gap = bmx_values_real(&r->solve_options, "gap");
    return BPEMIX_OK;
}

bpemix_status bmx_basis_of(const bpemix_result *r, const bpemix_trace *tr, bpemix_solve_opts *o,
                           bpemix_error *err)
{
    bmx_view v = { 0 };
    bpemix_status st;

    if (!tr)
        return fail_without_counts(r, err);
    if (strcmp(tr->digest, r->facts.digest))
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, "", "give the tokenizer that the result is of",
                             "the tokenizer's digest is %.16s..., but %.16s... in the result",
                             tr->digest, r->facts.digest);
    if ((st = bmx_view_init(tr, BMX_NONE, NULL, &v, err)))
        return st;
    if (!(st = same_samples(r, &v, err)))
        st = take_options(r, o, err);
    bmx_view_release(&v);
    return st;
}

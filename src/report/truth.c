/* SPDX-License-Identifier: GPL-3.0-or-later */
/* truth.c - a known mixture, read from JSON. */
#include "report/build.h"
#include "base/json.h"

#include <math.h>

void bmx_truth_release(bmx_truth *t)
{
    for (size_t i = 0; i < t->n; i++)
        bmx_free(t->name[i]);
    bmx_free(t->name);
    bmx_free(t->share);
    *t = (bmx_truth){ 0 };
}

static bpemix_status add(bmx_truth *t, const char *where, const char *name, const bmx_json *share,
                         bpemix_error *err)
{
    double v;

    if (!name || !bmx_json_double(share, &v) || !(v >= 0))
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, where,
                             "give a share of at least 0 for every category",
                             "category '%s' has no share", name ? name : "");
    if (!(t->name[t->n] = bmx_strdup(name)))
        return bmx_nomem(err);
    t->share[t->n++] = v;
    return BPEMIX_OK;
}

static bpemix_status read_all(bmx_truth *t, const char *where, const bmx_json *doc,
                              bpemix_error *err)
{
    const bmx_json *list = bmx_json_get(doc, "categories"), *shares = list ? list : doc;
    size_t n = bmx_json_count(shares);
    bpemix_status st = BPEMIX_OK;
    double sum = 0;

    if (bmx_json_kind_of(shares) != (list ? BMX_JSON_ARRAY : BMX_JSON_OBJECT) || !n)
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, where, "write {\"english\": 0.7, \"c\": 0.3}",
                             "no mixture");
    t->name = bmx_calloc(n, sizeof *t->name);
    t->share = bmx_calloc(n, sizeof *t->share);
    if (!t->name || !t->share)
        return bmx_nomem(err);
    for (const bmx_json *x = bmx_json_first(shares); !st && x; x = bmx_json_next(x)) {
        const bmx_json *share = list ? bmx_json_get(x, "share_bytes") : x;
        st = add(t, where, list ? bmx_json_string(bmx_json_get(x, "name")) : bmx_json_key(x), share,
                 err);
        sum += st ? 0 : t->share[t->n - 1];
    }
    if (!st && !(fabs(sum - 1) < 0.005))
        return bmx_fail_hint(err, BPEMIX_E_FORMAT, where,
                             "give fractions, not percents, of all categories",
                             "the shares add up to %.4g, not 1", sum);
    return st;
}

bpemix_status bmx_truth_parse(const char *where, bmx_slice json, bmx_truth *out, bpemix_error *err)
{
    bmx_truth t = { 0 };
    bmx_json *doc = NULL;
    bpemix_status st = bmx_json_parse(where, json, &doc, err);

    if (!st)
        st = read_all(&t, where, doc, err);
    bmx_json_free(doc);
    if (st)
        bmx_truth_release(&t);
    else
        *out = t;
    return st;
}

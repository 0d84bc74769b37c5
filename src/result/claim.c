/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/claim.h"
#include "base/mem.h"
#include "result/codec.h"
#include "result/document.h"

#include <math.h>

void bmx_claim_release(bmx_claim *c)
{
    for (size_t i = 0; i < c->n_cats && c->name; i++)
        bmx_free(c->name[i]);
    for (size_t i = 0; i < c->n_merges; i++) {
        bmx_free(c->merge[i].left);
        bmx_free(c->merge[i].right);
    }
    bmx_free(c->name);
    bmx_free(c->claimed);
    bmx_free(c->estimate);
    bmx_free(c->range);
    bmx_free(c->merge);
    bmx_free(c->deviates_left);
    bmx_free(c->deviates_right);
    bmx_free(c->rival_left);
    bmx_free(c->rival_right);
    *c = (bmx_claim){ 0 };
}

static void put_range(bmx_json *o, bpemix_range x)
{
    bmx_json *arr;

    if (isnan(x.low)) {
        bmx_json_put_str(o, "range_bytes", NULL);
        return;
    }
    arr = bmx_json_put(o, "range_bytes", bmx_json_array());
    bmx_json_push(arr, bmx_json_new_double(x.low));
    bmx_json_push(arr, bmx_json_new_double(x.high));
}

bmx_json *bmx_claim_to_json(const bmx_claim *c)
{
    bmx_codec w = { .reading = false };
    bmx_claim x = *c; /* only read from */
    bmx_json *doc = bmx_json_object(), *arr, *o;

    bmx_document_begin(doc, NULL, NULL);
    arr = bmx_json_put(doc, "categories", bmx_json_array());
    for (size_t i = 0; i < c->n_cats; i++) {
        o = bmx_json_push(arr, bmx_json_object());
        bmx_json_put_str(o, "name", c->name[i]);
        bmx_json_put_double(o, "claimed_bytes", c->claimed[i]);
        bmx_json_put_double(o, "share_bytes", c->estimate[i]);
        put_range(o, c->range[i]);
    }
    bmx_codec_u32(&w, doc, "merge_from", &x.merge_from);
    bmx_codec_u32(&w, doc, "merge_to", &x.merge_to);
    bmx_codec_double(&w, doc, "slack_claim", &x.slack_claim);
    bmx_codec_double(&w, doc, "slack_best", &x.slack_best);
    bmx_codec_double(&w, doc, "excess", &x.excess);
    bmx_codec_double(&w, doc, "level_alike", &x.level_alike);
    bmx_codec_double(&w, doc, "level_kind", &x.level_kind);
    arr = bmx_json_put(doc, "merges", bmx_json_array());
    for (size_t i = 0; i < c->n_merges; i++) {
        bmx_claim_merge *m = &x.merge[i];

        o = bmx_json_push(arr, bmx_json_object());
        bmx_codec_u32(&w, o, "step", &m->step);
        bmx_codec_pair(&w, o, "merge", &m->left, &m->right);
        bmx_codec_double(&w, o, "slack_claim", &m->slack_claim);
        bmx_codec_double(&w, o, "slack_best", &m->slack_best);
    }
    if (!c->exact) {
        bmx_json_put_str(doc, "exact", NULL);
        return doc;
    }
    o = bmx_json_put(doc, "exact", bmx_json_object());
    bmx_codec_index(&w, o, "deviates", &x.deviates);
    bmx_codec_pair(&w, o, "merge", &x.deviates_left, &x.deviates_right);
    bmx_codec_pair(&w, o, "rival", &x.rival_left, &x.rival_right);
    bmx_codec_u64(&w, o, "count", &x.count);
    bmx_codec_u64(&w, o, "rival_count", &x.rival_count);
    return doc;
}

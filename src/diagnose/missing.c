/* SPDX-License-Identifier: GPL-3.0-or-later */
/* missing.c - merges in no sample, grouped by kind of text, and summed up in a sentence. */
#include "diagnose/missing.h"
#include "base/assert.h"
#include "base/escape.h"
#include "base/format.h"
#include "diagnose/fit.h"
#include "diagnose/kind.h"
#include "diagnose/named.h"
#include "split/unicode_script.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    EXAMPLES = BMX_TOKEN_EXAMPLES,
    NAMED = 3,     /* kinds in the sentence, */
    SHOWN = 3,     /* and examples of each */
    FEW = 8        /* of a script tell nothing */
};

/* Merges that are found in one fold alone, among those that carry a constraint. */
static double found_once(const bpemix_trace *tr, const bpemix_result *r)
{
    uint32_t once = 0;

    if (!tr->n_folds)
        return NAN;
    BMX_ASSERT(tr->n_folds < 256); /* R4 */
    for (uint32_t t = r->merge_from; t < r->merge_to; t++) {
        uint32_t p = tr->merge_pair[t], with = 0;
        int64_t count[256] = { 0 }; /* folds: at most 255 */

        if (p == BMX_NONE || tr->merge[t].flags)
            continue;
        for (uint64_t e = tr->first[p]; e < tr->first[p + 1] && tr->event[e].step <= t; e++)
            count[tr->event[e].cat % tr->n_folds] += tr->event[e].delta;
        for (uint32_t f = 0; f < tr->n_folds; f++)
            with += count[f] > 0;
        once += with == 1;
    }
    return once;
}

/* ---- by kind ---- */

typedef struct bucket {
    bmx_token_kind kind;
    uint32_t merges;
    uint32_t step[EXAMPLES], telling[EXAMPLES]; /* the first of all, and of those that tell most */
    uint32_t n_steps, n_telling;
} bucket;

static int by_merges(const void *a, const void *b)
{
    const bucket *x = a, *y = b;

    if (x->merges != y->merges)
        return x->merges < y->merges ? 1 : -1;
    if (x->kind.kind != y->kind.kind)
        return x->kind.kind < y->kind.kind ? -1 : 1;
    return (x->kind.script > y->kind.script) - (x->kind.script < y->kind.script);
}

static bpemix_status sort_into(const bpemix_trace *tr, const bpemix_result *r, bucket **out,
                               size_t *n_out, bpemix_error *err)
{
    bucket *bucket_of = NULL;
    size_t n = 0, cap = 0;

    for (uint32_t i = 0; i < r->n_missing; i++) {
        uint32_t step = r->missing[i].step;
        bmx_slice token = bmx_trace_product(tr, step);
        bmx_token_kind kind = bmx_token_kind_of(token);
        size_t k = 0;

        if (r->missing[i].why != BMX_MISSING_UNSEEN)
            continue;
        while (k < n &&
               (bucket_of[k].kind.kind != kind.kind || bucket_of[k].kind.script != kind.script))
            k++;
        if (k == n) {
            if (bmx_reserve(&bucket_of, &cap, n + 1, sizeof *bucket_of, err)) {
                bmx_free(bucket_of);
                return bmx_nomem(err);
            }
            bucket_of[n++] = (bucket){ .kind = kind };
        }
        bucket_of[k].merges++;
        if (bmx_token_is_telling(token) && bucket_of[k].n_telling < EXAMPLES)
            bucket_of[k].telling[bucket_of[k].n_telling++] = step;
        if (bucket_of[k].n_steps < EXAMPLES)
            bucket_of[k].step[bucket_of[k].n_steps++] = step;
    }
    if (n)
        qsort(bucket_of, n, sizeof *bucket_of, by_merges);
    *out = bucket_of;
    *n_out = n;
    return BPEMIX_OK;
}

/* Whole words first and, if there are not enough, the first of all tokens. */
static bpemix_status set_examples(const bpemix_trace *tr, const bucket *b, bmx_texts *out,
                                  bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (uint32_t i = 0; i < b->n_telling && !st; i++)
        st = bmx_token_add_example(bmx_trace_product(tr, b->telling[i]), out, err);
    for (uint32_t i = 0; i < b->n_steps && out->n < EXAMPLES && !st; i++)
        if (!bmx_token_is_telling(bmx_trace_product(tr, b->step[i])))
            st = bmx_token_add_example(bmx_trace_product(tr, b->step[i]), out, err);
    return st;
}

static bpemix_status set_kinds(const bpemix_trace *tr, const bucket *b, size_t n,
                               bmx_missing_summary *u, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (!(u->kind = bmx_calloc(n, sizeof *u->kind)))
        return bmx_nomem(err);
    for (size_t i = 0; i < n && !st; i++) {
        bmx_missing_kind *x = &u->kind[u->n_kinds++];

        x->merges = b[i].merges;
        if (!(x->kind = bmx_strdup(bmx_kind_name(b[i].kind.kind))) ||
            (b[i].kind.script > BMX_SCRIPT_INHERITED &&
             !(x->script = bmx_strdup(bmx_script_name(b[i].kind.script)))))
            return bmx_nomem(err);
        st = set_examples(tr, &b[i], &x->example, err);
    }
    return st;
}

/* ---- the sentence ---- */

/* Tokens of one kind as words of a sentence: "' ein', ' nicht' (Latin script)". */
static bpemix_status put_phrase(const char *script, const char *kind, const bmx_texts *example,
                                size_t most, bmx_buf *out, bpemix_error *err)
{
    const char *words = bmx_kind_name(BMX_KIND_WORDS);
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < example->n && i < most && !st; i++) {
        if (i)
            st = bmx_buf_addf(out, err, ", ");
        if (!st)
            st = bmx_token_quote(example->text[i], out, err);
    }
    if (st || !script)
        return st ? st : bmx_buf_addf(out, err, " (%s)", kind);
    if (!strcmp(kind, words))
        return bmx_buf_addf(out, err, " (%s script)", script);
    return bmx_buf_addf(out, err, " (%s script, %s)", script, kind);
}

/* "12", "0.4", and no 0.0 or 100 for what is some and not all. */
static void put_percent(double share, char *out, size_t size)
{
    if (share < 0.0005)
        bmx_snprintf(out, size, "less than 0.1");
    else if (share < 1 && share >= 0.995)
        bmx_snprintf(out, size, "more than 99");
    else
        bmx_snprintf(out, size, "%.*f", share < 0.0995 ? 1 : 0, 100 * share);
}

static bpemix_status set_sentence(bpemix_result *r, bpemix_error *err)
{
    bmx_missing_summary *u = &r->uncovered;
    bmx_buf text = { 0 };
    char percent[24];
    bpemix_status st = bmx_buf_addf(&text, err, "not covered: tokens such as ");

    for (size_t i = 0; i < u->n_kinds && i < NAMED && !st; i++) {
        /* a kind with a tenth of the largest is not what is missing */
        if (i && 10 * u->kind[i].merges < u->kind[0].merges)
            break;
        if (i)
            st = bmx_buf_addf(&text, err, ", ");
        if (!st)
            st = put_phrase(u->kind[i].script, u->kind[i].kind, &u->kind[i].example, SHOWN, &text,
                            err);
    }
    put_percent(u->share, percent, sizeof percent);
    if (!st)
        st = bmx_buf_addf(&text, err, "; %s %% of the merges (%" PRIu32 " of %" PRIu32 ")", percent,
                          r->merges_missing, r->merges_used + r->merges_missing);
    if (!st)
        st = bmx_named_phrase(r, &text, err);
    if (!st && !(u->sentence = bmx_strndup(text.ptr, text.len)))
        st = bmx_nomem(err);
    bmx_buf_release(&text);
    return st;
}

bpemix_status bmx_missing_find(const bpemix_trace *tr, bpemix_result *r, bpemix_error *err)
{
    bmx_missing_summary *u = &r->uncovered;
    bucket *b = NULL;
    size_t n = 0;
    bpemix_status st = sort_into(tr, r, &b, &n, err);

    if (!st)
        st = set_kinds(tr, b, n, u, err);
    bmx_free(b);
    if (st)
        return st;
    u->share = r->merges_used + r->merges_missing
                   ? r->merges_missing / (double)(r->merges_used + r->merges_missing) : NAN;
    u->found_once = found_once(tr, r);
    u->ratio = r->merges_missing / (u->found_once + 5);
    return r->merges_missing ? set_sentence(r, err) : BPEMIX_OK;
}

static bool tells_language(const bmx_missing_kind *k)
{
    return k->script && (strcmp(k->script, bmx_script_name(BMX_SCRIPT_LATIN)) != 0 ||
                         !strcmp(k->kind, bmx_kind_name(BMX_KIND_DIACRITICS)));
}

double bmx_missing_script(const bpemix_result *r, const char **script)
{
    const bmx_missing_summary *u = &r->uncovered;
    uint32_t most = 0;

    *script = NULL;
    for (size_t i = 0; i < u->n_kinds; i++) {
        uint32_t sum = 0;

        for (size_t k = 0; k < u->n_kinds && tells_language(&u->kind[i]); k++)
            if (tells_language(&u->kind[k]) && !strcmp(u->kind[k].script, u->kind[i].script))
                sum += u->kind[k].merges;
        if (sum > most) {
            most = sum;
            *script = u->kind[i].script;
        }
    }
    if (most < FEW || bmx_fit_sample(r) < BMX_FIT_SMALL)
        return 0;
    return most / ((double)r->merges_used + r->merges_missing);
}

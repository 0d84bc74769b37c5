/* SPDX-License-Identifier: GPL-3.0-or-later */
/* facts_json.c - the "tokenizer" object of bpemix-json(5), written and read. */
#include "result/codec.h"
#include "result/facts.h"

#include <string.h>

static void noticed(bmx_codec *c, bmx_json *obj, const char *key, bmx_noticed *x)
{
    bmx_json *o = bmx_codec_object(c, obj, key);

    bmx_codec_u64(c, o, "count", &x->count);
    bmx_codec_texts(c, o, "examples", &x->example);
}

static void noticed_merges(bmx_codec *c, bmx_json *obj, const char *key, bmx_noticed_merges *x)
{
    bmx_json *o = bmx_codec_object(c, obj, key);

    bmx_codec_u64(c, o, "count", &x->count);
    bmx_codec_merges(c, o, "examples", &x->example);
}

/* Steps of a normalizer or pre-tokenizer: objects of named values. */
static void steps(bmx_codec *c, bmx_json *obj, const char *key, bmx_values **step, size_t *n)
{
    bmx_json *arr = bmx_codec_array(c, obj, key, step, n, sizeof **step), *at = NULL;

    for (size_t i = 0; i < *n && !c->status; i++) {
        if (!c->reading)
            bmx_json_push(arr, bmx_values_to_json(&(*step)[i]));
        else if (bmx_codec_element(c, arr, &at))
            c->status = bmx_values_from_json(at, &(*step)[i], c->err);
    }
}

static void pretokenizer(bmx_codec *c, bmx_json *obj, bmx_facts *f)
{
    bmx_json *o;

    if (!c->reading && !f->pretokenizer_known) {
        bmx_json_put_str(obj, "pretokenizer", NULL);
        return;
    }
    if (!(o = bmx_codec_object(c, obj, "pretokenizer")))
        return;
    if (c->reading)
        f->pretokenizer_known = true;
    bmx_codec_text(c, o, "name", &f->pretokenizer);
    steps(c, o, "steps", &f->split, &f->n_splits);
}

static void digest(bmx_codec *c, bmx_json *obj, bmx_facts *f)
{
    char *text = NULL;

    if (!c->reading) {
        bmx_json_put_str(obj, "digest", f->digest[0] ? f->digest : NULL);
        return;
    }
    bmx_codec_text(c, obj, "digest", &text);
    if (text && strlen(text) != 64)
        bmx_codec_bad(c, "digest", "64 hexadecimal digits");
    else if (text)
        memcpy(f->digest, text, 65);
    bmx_free(text);
}

static void file(bmx_codec *c, bmx_json *o, bmx_facts *f)
{
    bmx_codec_text(c, o, "path", &f->path);
    bmx_codec_text(c, o, "format", &f->format);
    bmx_codec_text(c, o, "format_detail", &f->format_detail);
    bmx_codec_text(c, o, "alphabet", &f->alphabet);
    bmx_codec_bool(c, o, "open_alphabet", &f->open_alphabet);
    bmx_codec_bool(c, o, "byte_fallback", &f->byte_fallback);
    bmx_codec_u32(c, o, "vocab_size", &f->vocab_size);
    bmx_codec_u32(c, o, "merges", &f->merges);
    bmx_codec_u32(c, o, "merges_listed", &f->merges_listed);
    digest(c, o, f);
    bmx_codec_text(c, o, "continuing_subword_prefix", &f->subword_prefix);
    bmx_codec_text(c, o, "end_of_word_suffix", &f->word_suffix);
    steps(c, o, "normalizer", &f->normalizer, &f->n_normalizers);
    pretokenizer(c, o, f);
    bmx_codec_values(c, o, "rules", &f->rules, true);
    noticed_merges(c, o, "redundant", &f->redundant);
    noticed_merges(c, o, "manual", &f->manual);
    noticed_merges(c, o, "too_long", &f->too_long);
    noticed_merges(c, o, "repeated", &f->repeated);
    bmx_codec_values(c, o, "trainer_spec", &f->trainer_spec, true);
    bmx_codec_merges(c, o, "first_merges", &f->first_merges);
    bmx_codec_merges(c, o, "last_merges", &f->last_merges);
    bmx_codec_texts(c, o, "warnings", &f->warning);
}

static void cut_tokens(bmx_codec *c, bmx_json *obj, bmx_facts *f)
{
    bmx_json *o = bmx_codec_object(c, obj, "cut_tokens"), *arr, *at = NULL;

    if (!c->reading && !f->cut_known)
        bmx_json_put_str(o, "count", NULL);
    else
        bmx_codec_u64(c, o, "count", &f->n_cut);
    if (c->reading)
        f->cut_known = !bmx_json_is_null(bmx_json_get(o, "count"));
    arr = bmx_codec_array(c, o, "examples", &f->cut, &f->n_cuts, sizeof *f->cut);
    for (size_t i = 0; i < f->n_cuts && !c->status; i++) {
        bmx_json *x = bmx_codec_element(c, arr, &at);

        bmx_codec_u32(c, x, "step", &f->cut[i].step);
        bmx_codec_pair(c, x, "sides", &f->cut[i].left, &f->cut[i].right);
    }
}

static void ties(bmx_codec *c, bmx_json *obj, bmx_facts_ties *t)
{
    bmx_json *o = bmx_codec_object(c, obj, "ties"), *e;
    double *eighth = t->ascending;

    bmx_codec_text(c, o, "rule", &t->rule);
    if (c->reading)
        eighth = NULL;
    bmx_codec_doubles(c, o, "ascending_by_eighth", 8, &eighth);
    if (c->reading && eighth) {
        memcpy(t->ascending, eighth, sizeof t->ascending);
        bmx_free(eighth);
    }
    bmx_codec_u32(c, o, "levels_last_half", &t->levels_last_half);
    bmx_codec_index(c, o, "uninformative_from", &t->uninformative_from);
    e = bmx_codec_object(c, o, "estimate");
    bmx_codec_double(c, e, "last_count", &t->last_count);
    bmx_codec_double(c, e, "sample_pairs", &t->sample_pairs);
    bmx_codec_text(c, e, "assumption", &t->assumption);
}

static void findings(bmx_codec *c, bmx_json *o, bmx_facts *f)
{
    bmx_json *arr, *at = NULL;

    arr = bmx_codec_array(c, o, "lineage", &f->lineage, &f->n_lineages, sizeof *f->lineage);
    for (size_t i = 0; i < f->n_lineages && !c->status; i++) {
        bmx_json *x = bmx_codec_element(c, arr, &at);

        bmx_codec_needed_text(c, x, "of", &f->lineage[i].of);
        bmx_codec_text(c, x, "less", &f->lineage[i].less);
        bmx_codec_u32(c, x, "from", &f->lineage[i].from);
        bmx_codec_u32(c, x, "to", &f->lineage[i].to);
        bmx_codec_bool(c, x, "exact", &f->lineage[i].exact);
    }
    bmx_codec_u32(c, o, "inherited", &f->inherited);
    cut_tokens(c, o, f);
    ties(c, o, &f->ties);
    bmx_codec_text(c, o, "text_unit", &f->text_unit);
    bmx_codec_u32(c, o, "newline_tokens", &f->newline_tokens);
    noticed(c, o, "unreachable", &f->unreachable);
    noticed(c, o, "unlearned", &f->unlearned);
    arr = bmx_codec_array(c, o, "scripts", &f->script, &f->n_scripts, sizeof *f->script);
    at = NULL;
    for (size_t i = 0; i < f->n_scripts && !c->status; i++) {
        bmx_json *x = bmx_codec_element(c, arr, &at);

        bmx_codec_needed_text(c, x, "script", &f->script[i].script);
        bmx_codec_u32(c, x, "tokens", &f->script[i].tokens);
        bmx_codec_double(c, x, "share", &f->script[i].share);
    }
}

bmx_json *bmx_facts_to_json(const bmx_facts *f)
{
    bmx_codec c = { .reading = false };
    bmx_facts *x = (bmx_facts *)(uintptr_t)f; /* only read from */
    bmx_json *o;

    if (!f->known)
        return bmx_json_new_str(NULL);
    o = bmx_json_object();
    file(&c, o, x);
    if (f->found)
        findings(&c, o, x);
    return o;
}

bpemix_status bmx_facts_from_json(const bmx_json *json, bmx_facts *out, bpemix_error *err)
{
    bmx_codec c = { .reading = true, .err = err };
    bmx_json *o = (bmx_json *)(uintptr_t)json; /* not changed */
    bmx_facts f;

    bmx_facts_init(&f);
    if (!bmx_json_is_null(json)) {
        if (bmx_json_kind_of(json) != BMX_JSON_OBJECT)
            return bmx_fail(err, BPEMIX_E_FORMAT, "tokenizer", "not an object");
        f.known = true;
        file(&c, o, &f);
        f.found = !bmx_json_is_null(bmx_json_get(json, "lineage"));
        if (f.found)
            findings(&c, o, &f);
    }
    if (c.status) {
        bmx_facts_release(&f);
        return bmx_at(err, c.status, "tokenizer");
    }
    *out = f;
    return BPEMIX_OK;
}

bmx_json *bmx_trace_meta_to_json(const char *digest, const bmx_facts *facts,
                                 const bmx_values *options, const char *panel,
                                 bool named_panel)
{
    bmx_json *o = bmx_json_object(), *p;

    bmx_json_put_str(o, "digest", digest);
    bmx_json_put(o, "tokenizer", bmx_facts_to_json(facts));
    bmx_json_put(o, "options", options->n ? bmx_values_to_json(options) : bmx_json_new_str(NULL));
    if (panel && (p = bmx_json_put(o, "panel", bmx_json_object()))) {
        bmx_json_put_str(p, "groups", panel);
        bmx_json_put_bool(p, "named", named_panel);
    }
    return o;
}

/* By writing and reading the document, which has all members: no second list is needed. */
bpemix_status bmx_facts_copy(const bmx_facts *from, bmx_facts *to, bpemix_error *err)
{
    bmx_json *j = bmx_facts_to_json(from);
    bpemix_status st = bmx_json_check(j, err);

    if (!st)
        st = bmx_facts_from_json(j, to, err);
    bmx_json_free(j);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tokenizer.c - the public side of tokenizer/ and findings/. */
#include "api/api.h"
#include "findings/findings.h"
#include "report/inspect.h"

bpemix_status bpemix_tokenizer_load(const char *path, const bpemix_load_opts *opts,
                                    bpemix_tokenizer **out, bpemix_error *err)
{
    bpemix_load_opts o;
    bpemix_status st = BMX_API_OPTS(opts, &o, err);

    return st ? st : bmx_tokenizer_load(path, &o, out, err);
}

bpemix_status bpemix_tokenizer_parse(const char *name, bpemix_text data,
                                     const bpemix_load_opts *opts, bpemix_tokenizer **out,
                                     bpemix_error *err)
{
    bpemix_load_opts o;
    bpemix_status st = BMX_API_OPTS(opts, &o, err);

    return st ? st : bmx_tokenizer_parse(name, bmx_slice_of(data.ptr, data.len), &o, out, err);
}

void bpemix_tokenizer_free(bpemix_tokenizer *tok) { bmx_tokenizer_free(tok); }

uint32_t bpemix_tokenizer_merges(const bpemix_tokenizer *tok) { return tok->trained.n_merges; }
const char *bpemix_tokenizer_digest(const bpemix_tokenizer *tok) { return tok->digest; }

const char *bpemix_tokenizer_warning(const bpemix_tokenizer *tok, size_t i)
{
    return i < tok->n_warnings ? tok->warning[i] : NULL;
}

const char *bpemix_preset_name(size_t i)
{
    const char *const *name = bmx_pretokenizer_preset_names();

    while (i && *name) {
        name++;
        i--;
    }
    return *name;
}

bpemix_status bpemix_tokenizer_describe(const bpemix_tokenizer *tok, size_t list, char **json,
                                        bpemix_error *err)
{
    bmx_facts facts;
    bmx_json *o = NULL;
    bpemix_status st = tok->recognized ? bmx_tokenizer_need_merges(tok, err) : BPEMIX_OK;

    if (st)
        return st;
    st = bmx_findings_facts(tok, NULL, list ? list : BMX_API_LIST, &facts, err);

    if (st)
        return st;
    o = bmx_facts_to_json(&facts);
    bmx_facts_release(&facts);
    st = bmx_api_json(o, json, err);
    bmx_json_free(o);
    return st;
}

bpemix_status bpemix_inspect(const char *path, const bpemix_inspect_opts *opts, char **json,
                             char **text, bpemix_error *err)
{
    bpemix_inspect_opts o;
    bpemix_load_opts load = { 0 };
    bmx_buf as_json = { 0 }, as_text = { 0 };
    bpemix_status st = BMX_API_OPTS(opts, &o, err);

    if (!st)
        st = BMX_API_OPTS(o.load, &load, err);
    load.words_only = false; /* the merges are what is asked about */
    if (!st)
        st = bmx_inspect(path, &load, o.list ? o.list : BMX_API_LIST, json ? &as_json : NULL,
                         text ? &as_text : NULL, err);
    return bmx_api_both(st, &as_json, json, &as_text, text, err);
}

/* tokenizer.c - the public side of tokenizer/. */
#include "api/api.h"
#include "tokenizer/tokenizer.h"

bpemix_status bpemix_tokenizer_load(const char *path, const bpemix_load_opts *opts,
                                    bpemix_tokenizer **out, bpemix_error *err)
{
    return bmx_tokenizer_load(path, opts, out, err);
}

void bpemix_tokenizer_free(bpemix_tokenizer *tok) { bmx_tokenizer_free(tok); }

uint32_t bpemix_tokenizer_merges(const bpemix_tokenizer *tok) { return tok->n_merges; }
const char *bpemix_tokenizer_digest(const bpemix_tokenizer *tok) { return tok->digest; }

bpemix_status bpemix_tokenizer_describe(const bpemix_tokenizer *tok, char **json,
                                        bpemix_error *err)
{
    bmx_facts facts;
    bpemix_status st = bmx_tokenizer_facts(tok, 0, &facts, err);
    bmx_json *o;

    if (st)
        return st;
    o = bmx_facts_to_json(&facts);
    bmx_facts_release(&facts);
    st = bmx_api_text(o, json, err);
    bmx_json_free(o);
    return st;
}

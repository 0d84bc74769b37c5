#include "cli/cli.h"
#include "report/report.h"
#include "text/encode_text.h"

#include <inttypes.h>
#include <string.h>

/* {"ids": [...], "tokens": [...]} of one document. */
static void put_document(bmx_json *docs, const bpemix_tokenizer *tok, const uint32_t *token_of,
                         uint32_t n_ids, const bmx_ids *ids)
{
    bmx_json *o = bmx_json_push(docs, bmx_json_object());
    bmx_json *id = bmx_json_put(o, "ids", bmx_json_array());
    bmx_json *token = bmx_json_put(o, "tokens", bmx_json_array());

    for (size_t i = 0; i < ids->n; i++) {
        uint32_t t = ids->id[i] < n_ids ? token_of[ids->id[i]] : BMX_NONE;
        bmx_json_push(id, ids->id[i] == BMX_NONE ? bmx_json_new_str(NULL)
                                                 : bmx_json_new_uint(ids->id[i]));
        bmx_json_push(token, t == BMX_NONE ? bmx_json_new_str(NULL)
                                           : bmx_json_new_bytes(tok->tokens.str[t]));
    }
}

static bpemix_status put_line(const bmx_ids *ids, bmx_buf *out, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < ids->n && !st; i++)
        st = ids->id[i] == BMX_NONE
                 ? bmx_buf_addf(out, err, "%s?", i ? " " : "")
                 : bmx_buf_addf(out, err, "%s%" PRIu32, i ? " " : "", ids->id[i]);
    return st ? st : bmx_buf_addc(out, '\n', err);
}

/* token_of[id], the inverse of vocab_id; owned by caller. */
static uint32_t *invert(const bpemix_tokenizer *tok, uint32_t *n_ids)
{
    uint32_t *token_of;

    *n_ids = 0;
    for (size_t t = 0; tok->vocab_id && t < tok->tokens.n; t++)
        if (tok->vocab_id[t] != BMX_NONE && tok->vocab_id[t] >= *n_ids && tok->vocab_id[t] < 1u << 28)
            *n_ids = tok->vocab_id[t] + 1;
    if (!(token_of = bmx_malloc(*n_ids, sizeof *token_of)))
        return NULL;
    memset(token_of, 0xff, *n_ids * sizeof *token_of);
    for (size_t t = 0; tok->vocab_id && t < tok->tokens.n; t++)
        if (tok->vocab_id[t] < *n_ids)
            token_of[tok->vocab_id[t]] = (uint32_t)t;
    return token_of;
}

static bpemix_status encode_all(const args *a, const bpemix_tokenizer *tok, bmx_json *docs,
                                bmx_buf *lines, bpemix_error *err)
{
    static const char *const stdin_only[] = { "-" };
    const char *const *paths = a->n_operands ? a->operand : stdin_only;
    size_t n = a->n_operands ? a->n_operands : 1;
    bmx_text_encoder *enc = NULL;
    uint32_t n_ids, *token_of = invert(tok, &n_ids);
    bpemix_status st = token_of ? bmx_text_encoder_new(tok, &enc, err) : bmx_nomem(err);

    for (size_t i = 0; i < n && !st; i++) {
        bmx_buf text = { 0 };
        bmx_ids ids = { 0 };
        st = bmx_read_file(paths[i], 0, &text, err);
        if (!st && (st = bmx_encode_text(enc, bmx_slice_of(text.ptr, text.len), &ids, err)))
            bmx_at(err, st, "%s", paths[i]);
        if (!st && a->json)
            put_document(docs, tok, token_of, n_ids, &ids);
        if (!st)
            st = put_line(&ids, lines, err);
        bmx_ids_release(&ids);
        bmx_buf_release(&text);
    }
    bmx_text_encoder_free(enc);
    bmx_free(token_of);
    return st;
}

int cmd_encode(const args *a)
{
    bpemix_error err = { 0 };
    bpemix_tokenizer *tok = NULL;
    bmx_json *doc = bmx_json_object(), *docs;
    bmx_buf lines = { 0 }, json = { 0 };
    bpemix_status st = cli_load_tokenizer(a, &tok, &err);

    bmx_json_put_uint(doc, "schema_version", 1);
    bmx_report_tool(doc);
    docs = bmx_json_put(doc, "documents", bmx_json_array());
    if (!st)
        st = encode_all(a, tok, docs, &lines, &err);
    if (!st && a->json)
        st = bmx_json_print(doc, &json, &err);
    if (!st && a->json)
        st = bmx_write_file(a->json, json.ptr, json.len, &err);
    if (!st && !(a->json && !strcmp(a->json, "-")))
        st = cli_print(&lines, &err);
    bmx_buf_release(&lines);
    bmx_buf_release(&json);
    bmx_json_free(doc);
    bpemix_tokenizer_free(tok);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

#include "cli/cli.h"
#include "report/report.h"
#include "result/document.h"
#include "encode/text.h"

#include <string.h>

typedef struct output {
    const bmx_slice *text; /* text[n_texts] by id */
    size_t n_texts;
    bmx_json *docs; /* NULL: only lines */
    bmx_buf lines;
} output;

static bpemix_status put_document(output *o, const bmx_ids *ids, bpemix_error *err)
{
    bmx_slice *token = bmx_calloc(ids->n, sizeof *token);

    if (!token)
        return bmx_nomem(err);
    for (size_t i = 0; i < ids->n; i++)
        if (ids->id[i] < o->n_texts)
            token[i] = o->text[ids->id[i]];
    bmx_encode_document_add(o->docs, ids->id, token, ids->n);
    bmx_free(token);
    return BPEMIX_OK;
}

static bpemix_status put_line(const bmx_ids *ids, bmx_buf *out, bpemix_error *err)
{
    enum { WIDEST = 11 }; /* a space and ten digits */
    bpemix_status st = bmx_buf_reserve(out, ids->n * WIDEST + 1, err);

    if (st)
        return st;
    for (size_t i = 0; i < ids->n; i++) {
        char digit[WIDEST];
        int n = WIDEST;
        uint32_t id = ids->id[i];

        if (id == BMX_NONE)
            digit[--n] = '?';
        else
            do
                digit[--n] = (char)('0' + id % 10);
            while (id /= 10);
        if (i)
            digit[--n] = ' ';
        memcpy(out->ptr + out->len, digit + n, (size_t)(WIDEST - n));
        out->len += (size_t)(WIDEST - n);
    }
    out->ptr[out->len++] = '\n';
    return BPEMIX_OK;
}

static bpemix_status put(void *ctx, const bmx_ids *ids, bpemix_error *err)
{
    output *o = ctx;
    bpemix_status st = o->docs ? put_document(o, ids, err) : BPEMIX_OK;

    return st ? st : put_line(ids, &o->lines, err);
}

/* Files to encode; standard input when there are none. */
static bpemix_status files_of(const args *a, const char *const **path, size_t *n, bpemix_error *err)
{
    static const char *const stdin_only[] = { "-" };

    *path = a->n_operands ? a->operand : stdin_only;
    *n = a->n_operands ? a->n_operands : 1;
    for (size_t i = 0; i < *n; i++)
        if (a->tokenizer && !strcmp(a->tokenizer, "-") && !strcmp((*path)[i], "-"))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, "standard input", "give one of them as a file",
                                 "named as the tokenizer and again as the text");
    return BPEMIX_OK;
}

static bpemix_status encode_all(const args *a, const bpemix_tokenizer *tok,
                                const char *const *path, size_t n, output *o, bpemix_error *err)
{
    bmx_text_encoder *enc = NULL;
    bmx_slice *text = NULL;
    bpemix_status st = bmx_text_encoder_new(tok, &enc, err);

    if (!st && !(st = bmx_id_texts(tok, &text, &o->n_texts, err)))
        o->text = text;
    for (size_t i = 0; i < n && !st; i++)
        st = bmx_encode_file(enc, path[i], a->jsonl, a->field, put, o, err);
    bmx_text_encoder_free(enc);
    bmx_free(text);
    return st;
}

int cmd_encode(const args *a)
{
    bpemix_error err = { 0 };
    bpemix_tokenizer *tok = NULL;
    bmx_json *doc = bmx_encode_document();
    output o = { 0 };
    const char *const *path;
    size_t n;
    bpemix_status st = files_of(a, &path, &n, &err);

    if (a->json)
        o.docs = doc;
    if (!st && !(st = cli_load_tokenizer(a, &tok, &err)))
        st = encode_all(a, tok, path, n, &o, &err);
    if (!st && a->json)
        st = cli_write_json(a, doc, &err);
    if (!st && !(a->json && !strcmp(a->json, "-")))
        st = cli_print(&o.lines, &err);
    bmx_buf_release(&o.lines);
    bmx_json_free(doc);
    bpemix_tokenizer_free(tok);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

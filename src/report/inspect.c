/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inspect.c - tells the kind of a file by its first bytes, and reports what is known of it. */
#include "report/inspect.h"
#include "base/folder.h"
#include "base/input.h"
#include "base/signature.h"
#include "findings/findings.h"
#include "report/report.h"
#include "result/document.h"

#include <string.h>

static bpemix_status write_facts(const bmx_facts *facts, bmx_buf *out, bpemix_error *err)
{
    bmx_json *doc = bmx_inspect_to_json(facts);
    bpemix_status st = bmx_json_print(doc, out, err);

    bmx_json_free(doc);
    return st;
}

static bpemix_status inspect_trace(const char *path, bmx_slice data, bmx_buf *json, bmx_buf *text,
                                   bpemix_error *err)
{
    bpemix_trace *tr = NULL;
    bpemix_status st = bmx_trace_read(path, data, &tr, err);

    if (!st && json)
        st = write_facts(&tr->facts, json, err);
    if (!st && text)
        st = bmx_report_trace(tr, text, err);
    bmx_trace_free(tr);
    return st;
}

static bpemix_status inspect_tokenizer(const char *path, bmx_slice data,
                                       const bpemix_load_opts *load, size_t list, bmx_buf *json,
                                       bmx_buf *text, bpemix_error *err)
{
    bpemix_tokenizer *tok = NULL;
    bmx_facts facts;
    bpemix_status st = bmx_tokenizer_parse(path, data, load, &tok, err);

    bmx_facts_init(&facts);
    if (!st)
        st = bmx_findings_facts(tok, NULL, list, &facts, err);
    if (!st && json)
        st = write_facts(&facts, json, err);
    if (!st && text)
        st = bmx_report_tokenizer(&facts, list, text, err);
    bmx_facts_release(&facts);
    bmx_tokenizer_free(tok);
    return st;
}

static const char magic[] = BMX_TRACE_MAGIC;
enum { MAGIC_BYTES = sizeof magic - 1 };

/* The first bytes of a file, compressed or not, tell a trace from a tokenizer. */
static bool is_trace_file(const char *path)
{
    char head[MAGIC_BYTES] = "";
    bmx_input *in = NULL;
    const char *name;
    size_t n = 0, got = 1;
    bool more;

    if (bmx_input_open(path, &in, NULL))
        return false; /* the reader of tokenizers reports what is wrong */
    if (!bmx_input_next(in, &name, &more, NULL))
        while (n < sizeof head && got && !bmx_input_read(in, head + n, sizeof head - n, &got, NULL))
            n += got;
    bmx_input_close(in);
    return n == sizeof head && !memcmp(head, magic, sizeof head);
}

/* What a tokenizer is read by says nothing of counts that were made before. */
static bpemix_status refuse_rule(const char *path, const bpemix_load_opts *load, bpemix_error *err)
{
    bpemix_status st = bmx_fail_hint(err, BPEMIX_E_USAGE, path, "leave it out",
                                     "a trace, which was counted by rules of its own");

    return bmx_with_param(err, st, load->pretokenizer ? "pretokenizer" : "keep_manual");
}

bpemix_status bmx_inspect(const char *path, const bpemix_load_opts *load, size_t list,
                          bmx_buf *json, bmx_buf *text, bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bmx_slice data;
    bpemix_status st;

    /* A trace may be larger than any tokenizer.  Of a pipe, which can be read only once, that is
     * not known in time. */
    if (bmx_path_kind_of(path) == BMX_PATH_FILE && is_trace_file(path))
        st = bmx_read_file(path, 0, &buf, err);
    else
        st = bmx_tokenizer_read(path, &buf, err);
    data = bmx_slice_of(buf.ptr, buf.len);
    if (!st && data.len >= MAGIC_BYTES && !memcmp(data.ptr, magic, MAGIC_BYTES))
        st = load->pretokenizer || load->keep_manual ? refuse_rule(path, load, err)
             : inspect_trace(path, data, json, text, err);
    else if (!st)
        st = inspect_tokenizer(path, data, load, list, json, text, err);
    bmx_buf_release(&buf);
    return st;
}

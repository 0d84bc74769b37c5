#include "cli/cli.h"
#include "findings/findings.h"
#include "report/report.h"
#include "result/document.h"
#include "read/source.h"
#include "tokenizer/tokenizer.h"

#include <string.h>

static bpemix_status write_tokenizer(const args *a, const bmx_facts *facts, bpemix_error *err)
{
    bmx_buf buf = { 0 };
    bpemix_status st = BPEMIX_OK;

    if (a->json) {
        bmx_json *doc = bmx_inspect_to_json(facts);
        st = cli_write_json(a, doc, err);
        bmx_json_free(doc);
    }
    if (!st && facts->known && !(a->json && !strcmp(a->json, "-"))) {
        st = bmx_report_tokenizer(facts, a->list, &buf, err);
        if (!st)
            st = cli_print(&buf, err);
        bmx_buf_release(&buf);
    }
    return st;
}

static bpemix_status inspect_trace(const args *a, const char *path, bmx_slice data,
                                   bpemix_error *err)
{
    bpemix_trace *tr = NULL;
    bmx_buf buf = { 0 };
    bpemix_status st = bmx_trace_read(path, data, &tr, err);

    if (!st && a->json)
        st = write_tokenizer(a, &tr->facts, err);
    if (!st && !(a->json && !strcmp(a->json, "-"))) {
        st = bmx_report_trace(tr, &buf, err);
        if (!st)
            st = cli_print(&buf, err);
        bmx_buf_release(&buf);
    }
    bpemix_trace_free(tr);
    return st;
}

static bpemix_status inspect_tokenizer(const args *a, const char *path, bmx_slice data,
                                       bpemix_error *err)
{
    bpemix_load_opts opts = cli_load_opts(a);
    bpemix_tokenizer *tok = NULL;
    bmx_facts facts;
    bpemix_status st = bmx_tokenizer_parse(path, data, &opts, &tok, err);

    bmx_facts_init(&facts);
    if (!st)
        st = bmx_findings_facts(tok, NULL, a->list, &facts, err);
    if (!st)
        st = write_tokenizer(a, &facts, err);
    bmx_facts_release(&facts);
    bpemix_tokenizer_free(tok);
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
        return false; /* the tokenizer reader will say what is wrong */
    if (!bmx_input_next(in, &name, &more, NULL))
        while (n < sizeof head && got && !bmx_input_read(in, head + n, sizeof head - n, &got, NULL))
            n += got;
    bmx_input_close(in);
    return n == sizeof head && !memcmp(head, magic, sizeof head);
}

/* A file is looked at first, as a trace may be larger than any tokenizer.  What
 * can be read only once, a pipe, is not. */
static bpemix_status inspect(const args *a, const char *path, bpemix_error *err)
{
    bmx_buf data = { 0 };
    bmx_slice text;
    bpemix_status st;

    if (bmx_path_kind_of(path) == BMX_PATH_FILE && is_trace_file(path))
        st = bmx_read_file(path, 0, &data, err);
    else
        st = bmx_tokenizer_read(path, &data, err);
    text = bmx_slice_of(data.ptr, data.len);
    if (!st && text.len >= MAGIC_BYTES && !memcmp(text.ptr, magic, MAGIC_BYTES))
        st = inspect_trace(a, path, text, err);
    else if (!st && text.len >= BMX_WORDS_MAGIC_BYTES &&
             !memcmp(text.ptr, BMX_WORDS_MAGIC, BMX_WORDS_MAGIC_BYTES))
        st = bmx_fail_hint(err, BPEMIX_E_USAGE, path, "pass it to 'bpemix infer' or 'bpemix count'",
                           "counted words, neither a tokenizer nor a trace");
    else if (!st)
        st = inspect_tokenizer(a, path, text, err);
    bmx_buf_release(&data);
    return st;
}

int cmd_inspect(const args *a)
{
    bpemix_error err = { 0 };
    bpemix_status st;

    if (a->n_operands != 1)
        st = bmx_fail_hint(&err, BPEMIX_E_USAGE, "", "give one tokenizer or trace file",
                           "%zu files", a->n_operands);
    else
        st = inspect(a, a->operand[0], &err);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

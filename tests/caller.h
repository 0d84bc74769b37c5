/* SPDX-License-Identifier: GPL-3.0-or-later */
/* caller.h - a program that knows the public headers alone: two small categories in memory, a
 * tokenizer trained on them, and an estimate. */
#ifndef BMX_CALLER_H
#define BMX_CALLER_H

#include <bpemix.h>

#include "files.h"

typedef struct documents {
    const char *const *text; /* text[n] */
    size_t n, next;
    bpemix_status fails_with; /* at the end; BPEMIX_OK: it just ends */
} documents;

static bpemix_status read_document(void *ctx, bpemix_text *doc, bool *more, bpemix_error *err)
{
    documents *d = ctx;

    if (d->next == d->n) {
        *more = false;
        if (d->fails_with && err)
            snprintf(err->what, sizeof err->what, "the network is gone");
        return d->fails_with;
    }
    *doc = (bpemix_text){ d->text[d->next], strlen(d->text[d->next]) };
    d->next++;
    return BPEMIX_OK;
}

static const char *const hills[] = {
    "the river runs below the hill and the hill stands above the river",
    "the sheep on the hill look at the river, and the river looks at nothing",
    "there is a house on the hill, and there is the river below the house",
    "whoever looks at the river from the house sees the hill and the sheep",
};
static const char *const numbers[] = {
    "int sum(int n) { int s = 0; for (int i = 0; i < n; i++) s += i; return s; }",
    "int max(int a, int b) { return a > b ? a : b; }\nint min(int a, int b);",
    "for (int i = 0; i < n; i++) if (sum(i) > max(a, b)) return i;",
    "int main(void) { return sum(max(1, 2)) + sum(min(3, 4)); }",
};

static bpemix_category category(const char *name, documents *d, const char *const *text)
{
    *d = (documents){ .text = text, .n = 4 };
    return (bpemix_category){ .name = name, .read = read_document, .read_ctx = d };
}

/* Training texts are read twice: files. */
static bpemix_category file_category(const char *name, const char *const *text, const char **path)
{
    char file[40];
    bmx_buf all = { 0 };
    bpemix_error err;

    for (int i = 0; i < 4; i++)
        CHECK_OK(bmx_buf_addf(&all, &err, "%s\n", text[i]));
    snprintf(file, sizeof file, "%s.txt", name);
    *path = put_file(file, all.ptr, all.len);
    bmx_buf_release(&all);
    return (bpemix_category){ .name = name, .paths = path, .n_paths = 1 };
}

static bpemix_training *trained(void)
{
    const char *path[2];
    bpemix_category cats[2];
    double share[2] = { 3, 1 }; /* any sum */
    bpemix_train_opts opts = { .size = sizeof opts, .vocab_size = 256 + 60, .share = share };
    bpemix_training *t = NULL;
    bpemix_error err;

    cats[0] = file_category("hills", hills, &path[0]);
    cats[1] = file_category("numbers", numbers, &path[1]);
    CHECK_OK(bpemix_train(cats, 2, &opts, &t, &err));
    return t;
}

static bpemix_tokenizer *tokenizer_of(const bpemix_training *t)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_error err;

    CHECK_OK(bpemix_tokenizer_parse("trained", bpemix_training_tokenizer(t), NULL, &tok, &err));
    return tok;
}

static bpemix_result *inferred(const bpemix_tokenizer *tok, uint32_t folds)
{
    documents d[2];
    bpemix_category cats[2] = { category("hills", &d[0], hills),
                                category("numbers", &d[1], numbers) };
    bpemix_count_opts count = { .size = sizeof count, .folds = folds };
    bpemix_trace *trace = NULL;
    bpemix_result *r = NULL;
    bpemix_error err;

    CHECK_OK(bpemix_count(tok, cats, 2, &count, &trace, &err));
    assert_string_equal(bpemix_trace_tokenizer(trace), "trained");
    for (size_t i = 0; bpemix_trace_warning(trace, i); i++)
        assert_string_equal(bpemix_trace_warning(trace, i), bpemix_tokenizer_warning(tok, i));
    CHECK_OK(bpemix_solve(trace, NULL, &r, &err));
    bpemix_trace_free(trace);
    return r;
}

#endif

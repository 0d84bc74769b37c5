/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <string.h>

/* Files to encode; standard input when there are none. */
static bpemix_status files_of(const args *a, const char *const **path, size_t *n, bpemix_error *err)
{
    static const char *const stdin_only[] = { "-" };

    *path = a->n_operands ? a->operand : stdin_only;
    *n = a->n_operands ? a->n_operands : 1;
    for (size_t i = 0; i < *n; i++)
        if (a->tokenizer && !strcmp(a->tokenizer, "-") && !strcmp((*path)[i], "-"))
            return bmx_fail_hint(err, BPEMIX_E_USAGE, "standard input",
                                 "give one of them as a file",
                                 "named as the tokenizer and again as the text");
    return BPEMIX_OK;
}

int cmd_encode(const args *a)
{
    bpemix_error err = { 0 };
    bpemix_tokenizer *tok = NULL;
    bpemix_encoder *enc = NULL;
    cli_output out = { 0 };
    const char *const *path;
    size_t n;
    bpemix_status st = files_of(a, &path, &n, &err);

    if (!st)
        st = cli_load_tokenizer(a, false, &tok, &err);
    if (!st)
        st = bpemix_encoder_new(tok, &enc, &err);
    if (!st)
        st = bpemix_encode_files(enc, path, n,
                                 &(bpemix_encode_opts){ .size = sizeof(bpemix_encode_opts),
                                                        .jsonl = a->jsonl, .field = a->field },
                                 a->json ? &out.json : NULL, &out.text, &err);
    if (!st)
        st = cli_write(a, &out, &err);
    cli_output_release(&out);
    bpemix_encoder_free(enc);
    bpemix_tokenizer_free(tok);
    return st ? cli_fail(a, &err) : EXIT_OK;
}

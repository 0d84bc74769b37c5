/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_reader.h - feed bytes to one reader of tokenizer files, and use what
 * comes out of it.  The checks here are promises to the rest of the program. */
#ifndef BMX_FUZZ_READER_H
#define BMX_FUZZ_READER_H

#include <stdlib.h>
#include <string.h>

#include "alloc_limit.h"
#include "encode/encode.h"
#include "tokenizer/tokenizer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const bpemix_tokenizer *tok)
{
    static const char *const words[] = { "hello", " the", "\xe2\x96\x81the", "a\xff\xc3\xa9z",
                                         "<0x0A>\n" };
    bmx_encoder_scratch *s = NULL;
    bmx_ids ids = { 0 };
    char *text = NULL, buf[64];

    if ((!tok->trained.n_merges && tok->format != BMX_FORMAT_VOCAB_JSON) ||
        strlen(tok->digest) != 64)
        abort(); /* a vocab.json alone is there to be described */
    for (uint32_t t = 0; t < tok->trained.n_merges; t++) {
        const bmx_merge *m = &tok->trained.merge[t];
        if (m->left >= tok->vocab.tokens.n || m->right >= tok->vocab.tokens.n ||
            m->product >= tok->vocab.tokens.n)
            abort();
    }
    for (uint32_t i = 0; i < tok->n_unmerged; i++)
        if (tok->unmerged[i] >= tok->vocab.tokens.n)
            abort();
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        bmx_slice w = bmx_slice_str(words[i]);
        uint32_t out[16];
        size_t n = bmx_tokenizer_symbols(tok, w, out);
        if (n > w.len)
            abort();
        while (n-- > 0)
            bmx_symbol_text(tok, out[n], buf);
    }
    if (!bmx_encoder_scratch_new(tok, &s, NULL)) {
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            bmx_encode_pretoken(tok, s, bmx_slice_str(words[i]), &ids, NULL);
        for (uint32_t t = 0; t < tok->trained.n_merges && t < 50; t++)
            bmx_encode_pretoken(tok, s, bmx_product_text(tok, t), &ids, NULL);
        bmx_encoder_scratch_free(s);
    }
    bmx_ids_release(&ids);
    if (!bpemix_tokenizer_describe(tok, 0, &text, NULL))
        bpemix_free(text);
}

/* What a reader accepts is used; what it refuses must say why. */
static int fuzz_reader(const uint8_t *data, size_t size)
{
    bpemix_tokenizer *tok = NULL;
    bpemix_error err = { 0 };
    char *copy = malloc(size ? size : 1); /* exact size: reading on is seen */

    if (!copy)
        return 0;
    if (size)
        memcpy(copy, data, size);
    alloc_begin();
    if (!bmx_tokenizer_parse("fuzz/input", bmx_slice_of(copy, size), NULL, &tok, &err)) {
        alloc_check(size);
        use(tok);
        bpemix_tokenizer_free(tok);
    } else {
        alloc_check(size);
        if (tok || !err.status || !err.what[0])
            abort();
    }
    free(copy);
    return 0;
}

#endif

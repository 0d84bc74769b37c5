/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads bytes as a file of counted words; the checksum is made right first, so
 * that what lies behind it is reached.  What is accepted must be written, and
 * read back equal. */
#include "words/file.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size ? size : 1);
    bmx_words *w = NULL, *back = NULL;
    bmx_buf text = { 0 };
    bpemix_status st;

    if (!copy)
        return 0;
    if (size)
        memcpy(copy, data, size);
    st = bmx_words_read("fuzz", bmx_slice_of(copy, size), NULL, &w, NULL);
    if (st && size >= 8) {
        uint64_t h = bmx_hash64(copy, size - 8, 0);

        for (size_t i = 0; i < 8; i++)
            copy[size - 8 + i] = (char)(h >> 8 * i);
        st = bmx_words_read("fuzz", bmx_slice_of(copy, size), NULL, &w, NULL);
    }
    if (!st) {
        require(!bmx_words_write(w, 1, &text, NULL));
        require(!bmx_words_read("again", bmx_slice_of(text.ptr, text.len), w->key, &back, NULL));
        require(bmx_words_tallies(back) == bmx_words_tallies(w));
    }
    for (size_t f = 0; !st && f < bmx_words_tallies(w); f++) {
        const bmx_words *a = &w[f];
        bmx_words *b = &back[f];

        require(b->word.n == a->word.n && b->pretokens == a->pretokens && b->bytes == a->bytes);
        for (size_t i = 0; i < a->word.n; i++)
            require(bmx_slice_eq(a->word.str[i], b->word.str[i]) && a->count[i] == b->count[i]);
        st = bmx_words_merge(b, a, NULL); /* sums of halves of 2^64 are refused */
        require(st ? st == BPEMIX_E_UNSUPPORTED || st == BPEMIX_E_FORMAT : b->word.n == a->word.n);
    }
    bmx_words_free(w);
    bmx_words_free(back);
    bmx_buf_release(&text);
    free(copy);
    return 0;
}

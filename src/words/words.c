/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words/words.h"

#include <string.h>

void bmx_words_release(bmx_words *w)
{
    bmx_free(w->name);
    bmx_intern_release(&w->word);
    bmx_free(w->count);
    for (size_t i = 0; i < w->n_inputs; i++)
        bmx_free(w->input[i].path);
    bmx_free(w->input);
    bmx_texts_release(&w->warning);
    *w = (bmx_words){ 0 };
}

void bmx_words_free(bmx_words *w)
{
    size_t n = w ? bmx_words_tallies(w) : 0;

    for (size_t f = 0; f < n; f++)
        bmx_words_release(&w[f]);
    bmx_free(w);
}

bpemix_status bmx_words_add_pretokens(bmx_words *w, uint64_t n, bpemix_error *err)
{
    if (w->pretokens > INT64_MAX || n > INT64_MAX - w->pretokens)
        return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, w->name ? w->name : "",
                             "check the files of counted words",
                             "more than 2^63 words in one category");
    w->pretokens += n;
    return BPEMIX_OK;
}

bpemix_status bmx_words_add_text(bmx_words *w, uint64_t bytes, uint64_t documents,
                                 uint64_t invalid_bytes, bpemix_error *err)
{
    const uint64_t have[] = { w->bytes, w->documents, w->invalid_bytes },
                   more[] = { bytes, documents, invalid_bytes };

    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (have[i] > INT64_MAX || more[i] > INT64_MAX - have[i])
            return bmx_fail_hint(err, BPEMIX_E_UNSUPPORTED, w->name ? w->name : "",
                                 "check the files of counted words",
                                 "more than 2^63 bytes or documents in one category");
    w->bytes += bytes;
    w->documents += documents;
    w->invalid_bytes += invalid_bytes;
    return BPEMIX_OK;
}

bpemix_status bmx_words_add(bmx_words *w, bmx_slice word, uint64_t n, bpemix_error *err)
{
    uint32_t id;
    bool is_new;
    bpemix_status st = bmx_reserve(&w->count, &w->count_cap, w->word.n + 1, sizeof *w->count, err);

    if (st || (st = bmx_words_add_pretokens(w, n, err)) ||
        (st = bmx_intern_add(&w->word, word, &id, &is_new, err)))
        return st;
    w->count[id] = (is_new ? 0 : w->count[id]) + n;
    w->in_order = w->in_order && !is_new;
    return BPEMIX_OK;
}

bpemix_status bmx_words_lay_out(bmx_words *w, size_t n, size_t bytes, char **text,
                                bpemix_error *err)
{
    uint64_t *count = bmx_malloc(n, sizeof *count);
    bpemix_status st = count ? bmx_intern_lay_out(&w->word, n, bytes, text, err) : bmx_nomem(err);

    if (st) {
        bmx_free(count);
        return st;
    }
    bmx_free(w->count);
    w->count = count;
    w->count_cap = n;
    w->in_order = true;
    return BPEMIX_OK;
}

bpemix_status bmx_words_reserve(bmx_words *w, size_t n, bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&w->count, &w->count_cap, n, sizeof *w->count, err);
    return st ? st : bmx_intern_reserve(&w->word, n, err);
}

bpemix_status bmx_words_add_input(bmx_words *w, const bmx_input_record *input,
                                  bpemix_error *err)
{
    bpemix_status st = bmx_reserve(&w->input, &w->inputs_cap, w->n_inputs + 1, sizeof *w->input,
                                   err);
    char *path;

    if (st)
        return st;
    if (!(path = bmx_strdup(input->path)))
        return bmx_nomem(err);
    w->input[w->n_inputs] = *input;
    w->input[w->n_inputs++].path = path;
    return BPEMIX_OK;
}

bpemix_status bmx_words_add_warnings(bmx_words *w, const bmx_texts *more, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    for (size_t i = 0; i < more->n && !st; i++) {
        bool known = false;

        for (size_t k = 0; k < w->warning.n; k++)
            known = known || !strcmp(w->warning.text[k], more->text[i]);
        if (!known)
            st = bmx_texts_add(&w->warning, bmx_slice_str(more->text[i]), err);
    }
    return st;
}

bpemix_status bmx_words_merge(bmx_words *dst, const bmx_words *src, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (dst->key[0] && src->key[0] && strcmp(dst->key, src->key))
        return bmx_fail_hint(err, BPEMIX_E_MISMATCH, "", "count them again for one tokenizer",
                             "words counted with different normalizers, pre-tokenizers, text "
                             "units or treatments of malformed bytes");
    if (!dst->word.n && (st = bmx_words_reserve(dst, src->word.n, err)))
        return st;
    for (size_t i = 0; i < src->word.n && !st; i++)
        st = bmx_words_add(dst, src->word.str[i], src->count[i], err);
    for (size_t i = 0; i < src->n_inputs && !st; i++)
        st = bmx_words_add_input(dst, &src->input[i], err);
    if (!st)
        st = bmx_words_add_warnings(dst, &src->warning, err);
    if (!st &&
        !(st = bmx_words_add_text(dst, src->bytes, src->documents, src->invalid_bytes, err)) &&
        !dst->key[0])
        memcpy(dst->key, src->key, sizeof dst->key);
    return st;
}

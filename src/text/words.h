/* words.h - how often each pre-token occurs in the sample of one category. */
#ifndef BMX_TEXT_WORDS_H
#define BMX_TEXT_WORDS_H

#include "base/hash.h"
#include "text/source.h"
#include "tokenizer/tokenizer.h"

typedef struct bmx_words {
    char *name;              /* category */
    bmx_intern word;         /* distinct pre-tokens; raw bytes or UTF-8 by alphabet */
    uint64_t *count;         /* count[word.n], occurrences */
    size_t count_cap;
    uint64_t bytes;          /* of sample text as read, before normalization */
    uint64_t documents;
    uint64_t pieces;         /* pre-tokens with repetition */
    uint64_t invalid_bytes;  /* malformed bytes met */
    bmx_input_record *input; /* input[n_inputs], in the order read */
    size_t n_inputs, inputs_cap;
} bmx_words;

void bmx_words_release(bmx_words *w);

/* Count occurrences of one pre-token. */
bpemix_status bmx_words_add(bmx_words *w, bmx_slice word, uint64_t n, bpemix_error *err);

/* Count all categories: out[n_cats], zeroed by the caller, released by the
 * caller also on failure. */
bpemix_status bmx_words_count(const bpemix_tokenizer *tok, const bpemix_category *cats,
                              size_t n_cats, const bpemix_count_opts *opts, bmx_words *out,
                              bpemix_error *err);

#endif

/* train.h - a reference BPE trainer: byte alphabet, exact counts, ties as in
 * the Hugging Face trainer (smaller left id, then smaller right id, ids being
 * the alphabet in the order of the printable byte alphabet, then products in
 * order of learning). */
#ifndef BMX_LAB_TRAIN_H
#define BMX_LAB_TRAIN_H

#include "words/words.h"

typedef struct bmx_merge_list {
    bmx_intern token;  /* token strings as raw bytes; id = vocabulary id: the 256 bytes first */
    bmx_merge *merge;  /* merge[n], token ids */
    uint32_t n;
    size_t cap;
} bmx_merge_list;

/* Learn up to n_merges merges (fewer when no pair is left) from counted words. */
bpemix_status bmx_train(const bmx_words *words, uint32_t n_merges, bmx_merge_list *out,
                        bpemix_error *err);
void bmx_merge_list_release(bmx_merge_list *m);

/* A Hugging Face tokenizer.json with these merges and this pre-tokenizer
 * (a sequence of Split and Digits steps, then ByteLevel). */
bpemix_status bmx_train_write_json(const bmx_merge_list *m, const bmx_pretokenizer_spec *pre,
                                   bmx_buf *out, bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* merge_list.h - merges written one a line, "left right", and the vocabulary that
 * lies beside them: the two halves of one format (merges.txt with vocab.json,
 * vocab.bpe with encoder.json), and CLIP's variant of it.
 *
 * Lines that start with "#version" are skipped; other '#' lines are merges. */
#ifndef BMX_TOKENIZER_MERGE_LIST_H
#define BMX_TOKENIZER_MERGE_LIST_H

#include "tokenizer/tokenizer.h"

extern const char *const bmx_list_names[2], *const bmx_vocab_names[2];

bool bmx_list_is_version(bmx_slice line);

/* The two sides of a line; false when there are not two with one space between.  *counted: a space
 * and a count are behind them, as fastBPE writes, which all lines of a file have, or none. */
bool bmx_list_split(bmx_slice line, bmx_slice *l, bmx_slice *r, bool *counted);

/* The text must be UTF-8. */
bpemix_status bmx_list_check_text(bmx_slice data, bpemix_error *err);

/* Is a list written in the byte alphabet?  It is when every side can be, and there is a
 * sign that it was: a space character (U+0120) inside a token, or products whose bytes
 * above 7f are mostly UTF-8 sequences.  Latin letters of a character alphabet can also be
 * written in it, but then read as bytes they are malformed. */
typedef struct bmx_byte_signs {
    size_t n_high, n_sequence;
    bool space, other; /* other: a side that cannot be written so */
    bmx_buf raw;       /* scratch; the caller releases it */
} bmx_byte_signs;

bpemix_status bmx_byte_signs_add(bmx_byte_signs *s, bmx_slice l, bmx_slice r, bpemix_error *err);
bool bmx_byte_signs_tell(const bmx_byte_signs *s);

/* A file beside `path` with one of the names other[2]; *found, owned by the caller,
 * stays NULL when there is none.  own[2]: the names that `path` may end in. */
bpemix_status bmx_list_find_beside(const char *path, const char *const *own,
                                   const char *const *other, char **found, bpemix_error *err);

/* Parse the vocabulary at `path`; *out stays NULL, with a warning, when it is not a
 * flat object of ids. */
bpemix_status bmx_list_load_vocab(bpemix_tokenizer *tok, const char *path, bmx_json **out,
                                  bpemix_error *err);

/* Add tokens with their ids; tok->vocab.alphabet is set.  buf: scratch. */
bpemix_status bmx_list_read_vocab(bpemix_tokenizer *tok, const bmx_json *vocab, bmx_buf *buf,
                                  bpemix_error *err);

/* Append the first `most` merges of a list; tok->vocab.alphabet is set. */
bpemix_status bmx_list_read_merges(bpemix_tokenizer *tok, bmx_slice data, uint32_t most,
                                   bmx_buf *buf, bpemix_error *err);

/* Alphabet, vocabulary (may be NULL) and merges.  *strange: list and vocabulary do not
 * belong together, and nothing was read. */
bpemix_status bmx_list_fill_pair(bpemix_tokenizer *tok, bmx_slice data, const bmx_json *vocab,
                                 bool *strange, bpemix_error *err);

/* The list is in: undo what a converter made of it, find tokens without a merge. */
bpemix_status bmx_list_finish(bpemix_tokenizer *tok, bpemix_error *err);

/* Append to tok->format_detail, behind a comma. */
bpemix_status bmx_list_add_detail(bpemix_tokenizer *tok, const char *detail, bpemix_error *err);

#endif

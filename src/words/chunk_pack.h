/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_pack.h - counted chunks, packed into frames and written to a file. */
#ifndef BMX_WORDS_CHUNK_PACK_H
#define BMX_WORDS_CHUNK_PACK_H

#include "words/chunk_file.h"
#include "words/sum.h"

/* A frame on its way to a file. */
typedef struct bmx_chunk_packed {
    bmx_buf bytes;
    bmx_chunk_frame frame;
} bmx_chunk_packed;

/* The chunks of a section, packed.  Zero-initialize, release. */
typedef struct bmx_chunk_pack {
    bmx_chunk_packed *frame; /* frame[n] */
    size_t n, cap;
    uint64_t distinct, mass;
} bmx_chunk_pack;

void bmx_chunk_pack_release(bmx_chunk_pack *p);

/* Pack chunks as they were sorted; `sampled`: they are few, and worth more time.  The frames do
 * not depend on the number of threads. */
bpemix_status bmx_chunk_pack_sorted(const bmx_word_sum_sorted *sorted, bool sampled,
                                    unsigned n_threads, bmx_chunk_pack *out, bpemix_error *err);

/* Pack words[n_sections], counted by bmx_chunks_count(), into out[n_sections]. */
bpemix_status bmx_chunk_pack_words(const bmx_words *words, size_t n_sections, bool sampled,
                                   unsigned n_threads, bmx_chunk_pack *out, bpemix_error *err);

/* Write pack[n_cats * max(1, terms->n_folds)]; words[] of as many have the totals of the text, and
 * no words unless they were packed. */
bpemix_status bmx_chunk_file_write(const char *path, const bmx_words *words,
                                   const bmx_chunk_pack *pack, size_t n_cats,
                                   const bmx_chunk_terms *terms, bpemix_error *err);

/* Pack words[] as above, and write them. */
bpemix_status bmx_chunk_file_save(const char *path, const bmx_words *words, size_t n_cats,
                                  const bmx_chunk_terms *terms, unsigned n_threads,
                                  bpemix_error *err);

#endif

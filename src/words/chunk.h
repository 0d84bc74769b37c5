/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk.h - text cut once for every tokenizer.
 *
 * A chunk is text cut
 *
 *     before each U+0020 behind something visible:      the| cat| sat.|  So\n  it
 *     with BMX_CHUNK_PUNCTUATION also before the marks    ...
 *       U+3001, U+3002 and U+FF0C behind a letter of    天気|。明日
 *       Chinese, Japanese or Korean
 *
 * where visible means a letter, mark, number, punctuation or symbol, but for U+2581, which
 * stands for a space.  So a chunk
 *
 *   C1  begins a document, or with U+0020 (or one of the marks);
 *   C2  ends with something visible, or ends the document.
 *
 * Nearly all pre-tokenizers have a word boundary at each of these places and cut the text
 * on both sides as if the other were not there (chunk_fit.c says which, and why).  For
 * those the words of a text follow from its counted chunks, and a text that was cut once
 * serves all of them.
 *
 * Counted chunks are kept as words are (bmx_words): a chunk that begins a document is
 * stored behind the byte BMX_CHUNK_START, which no other chunk can start with (C1). */
#ifndef BMX_WORDS_CHUNK_H
#define BMX_WORDS_CHUNK_H

#include "split/rule.h"
#include "words/sum.h"

enum { BMX_CHUNK_SPACE = 1, BMX_CHUNK_PUNCTUATION = 2 }; /* sets of cuts */

#define BMX_CHUNK_START '\xff'

/* Ends of chunks of text from *from on, at most cap of them, and at least one if there is text
 * left; *from becomes the end of the last one.  Returns how many.  What is in end[] behind them
 * does not matter. */
size_t bmx_chunk_cut(unsigned cuts, bmx_slice text, size_t *from, const char **end, size_t cap);

/* The chunk ends with something visible (C2); *letter: one that a mark is cut off behind. */
bool bmx_chunk_ends_visibly(bmx_slice chunk, bool *letter);

/* ---- for the bodies ---- */

/* Is there a cut at byte i > 0? */
typedef bool bmx_chunk_ask_fn(unsigned cuts, bmx_slice text, size_t i);

/* Cuts from *at > 0 on, 64 bytes at a time, as long as there are so many and room for
 * BMX_CHUNK_BLOCK_ENDS of them; *at becomes where the next 64 begin. */
enum { BMX_CHUNK_BLOCK_ENDS = 32 }; /* as each is a space behind something, or a longer mark */
typedef size_t bmx_chunk_blocks_fn(unsigned cuts, bmx_slice text, bmx_chunk_ask_fn *is_cut,
                                   size_t *at, const char **end, size_t cap);
bmx_chunk_blocks_fn bmx_chunk_cut_blocks_plain, bmx_chunk_cut_blocks_avx2,
    bmx_chunk_cut_blocks_avx512;

/* ---- for which rules ---- */

typedef enum bmx_chunk_fit {
    BMX_CHUNK_EXACT, /* words from chunks are the words from the text, to the count */
    BMX_CHUNK_CLOSE, /* some words are cut in two, or lines counted that a trainer leaves out */
    BMX_CHUNK_NEVER  /* words go across spaces */
} bmx_chunk_fit;

/* How chunks that were cut at `cuts` serve a rule.  *why, a constant, says what keeps
 * them from being exact; NULL: nothing. */
bpemix_status bmx_chunk_fit_of(const bmx_text_rule *rule, unsigned cuts, bmx_chunk_fit *fit,
                               const char **why, bpemix_error *err);

/* ---- counting ---- */

/* Count the chunks of all categories; see bmx_words_count().  The key tells the cuts. */
bpemix_status bmx_chunks_count(const bpemix_category *cats, size_t n_cats, unsigned cuts,
                               const bpemix_count_opts *opts, bmx_words *out, bpemix_error *err);
void bmx_chunks_key(unsigned cuts, char key[65]);

/* Takes the chunks of a category, or of one fold of it, which are gone afterwards.  `section`
 * counts these from 0; `sampled`: some of the chunks were a sample.  Several threads may call it,
 * each for another section. */
typedef bpemix_status bmx_chunks_take_fn(void *ctx, size_t section, const bmx_word_sum_sorted *w,
                                         bool sampled, unsigned n_threads, bpemix_error *err);
typedef struct bmx_chunks_taker {
    bmx_chunks_take_fn *take;
    void *ctx;
} bmx_chunks_taker;

/* The same, but `to` takes the chunks of a category as soon as they are counted; out[] has all
 * else. */
bpemix_status bmx_chunks_hand_out(const bpemix_category *cats, size_t n_cats, unsigned cuts,
                                  const bpemix_count_opts *opts, const bmx_chunks_taker *to,
                                  bmx_words *out, bpemix_error *err);

/* Keep the `top` most frequent chunks of w, and of all others `tail` that are drawn: the
 * mass of the others (their occurrences) is laid out on a line in byte order and cut into
 * `tail` equal lengths; of each length one occurrence is drawn, whose chunk gets all of it.
 * So every chunk's expected count is its count. */
bpemix_status bmx_chunks_sample(bmx_words *w, uint64_t top, uint64_t tail, uint64_t seed,
                                bpemix_error *err);

#endif

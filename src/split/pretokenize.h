/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pretokenize.h - carry out a pre-tokenizer spec: text unit -> pre-tokens.
 * regex.c is the only user of PCRE2. */
#ifndef BMX_SPLIT_PRETOKENIZE_H
#define BMX_SPLIT_PRETOKENIZE_H

#include "split/scan.h"

typedef struct bmx_pretokenizer bmx_pretokenizer; /* compiled, immutable, shared by threads */
typedef struct bmx_pretokenizer_scratch bmx_pretokenizer_scratch; /* memory of one thread */

typedef enum bmx_engine {
    BMX_ENGINE_AUTO,  /* hand-written scanner where there is one, else PCRE2 with JIT */
    BMX_ENGINE_PCRE2, /* always PCRE2 with JIT: the oracle of the scanners */
    BMX_ENGINE_PCRE2_INTERPRETER
} bmx_engine;

/* byte_alphabet: pre-tokens are handed over as raw bytes.  The steps behind a ByteLevel step see
 * the printable byte alphabet, as in the Hugging Face library; pre-tokens are mapped back at the
 * end. */
bpemix_status bmx_pretokenizer_new(const bmx_pretokenizer_spec *spec, bool byte_alphabet,
                                   bmx_engine engine, bmx_pretokenizer **out, bpemix_error *err);
void bmx_pretokenizer_free(bmx_pretokenizer *p);

bpemix_status bmx_pretokenizer_scratch_new(const bmx_pretokenizer *p,
                                           bmx_pretokenizer_scratch **out, bpemix_error *err);
void bmx_pretokenizer_scratch_free(bmx_pretokenizer_scratch *s);

/* One pre-token; `pretoken` is valid during the call only, never empty. */
typedef bpemix_status bmx_pretoken_fn(void *ctx, bmx_slice pretoken, bpemix_error *err);

/* Split one normalized text unit.  Well-formed UTF-8 is required; the caller
 * has dealt with malformed bytes. */
bpemix_status bmx_pretokenize(const bmx_pretokenizer *p, bmx_pretokenizer_scratch *s,
                              bmx_slice text, bmx_pretoken_fn *emit, void *ctx, bpemix_error *err);

/* Who takes pre-tokens: `many` those that lie in a row in the text, `one` the others. */
typedef struct bmx_pretoken_sink {
    bmx_pretoken_fn *one;
    bmx_pretokens_fn *many;
    void *ctx;
} bmx_pretoken_sink;

/* The same, for faster counting.  lines: each line of the text, with the newline at its end, is a
 * unit. */
bpemix_status bmx_pretokenize_bulk(const bmx_pretokenizer *p, bmx_pretokenizer_scratch *s,
                                   bmx_slice text, bool lines, const bmx_pretoken_sink *to,
                                   bpemix_error *err);

/* The same as bmx_pretokenize() for a part of a unit: `first` tells whether it starts where the
 * unit does. */
bpemix_status bmx_pretokenize_part(const bmx_pretokenizer *p, bmx_pretokenizer_scratch *s,
                                   bmx_slice text, bool first, bmx_pretoken_fn *emit, void *ctx,
                                   bpemix_error *err);

#endif

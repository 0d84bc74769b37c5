/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan.h - hand-written splitters for the patterns that most tokenizers use.
 *
 * Each gives exactly the pre-tokens that PCRE2 finds for its pattern, several times
 * faster.  All of them cover every character: there are no gaps. */
#ifndef BMX_SPLIT_SCAN_H
#define BMX_SPLIT_SCAN_H

#include "tokenizer/spec.h"

typedef enum bmx_scan_kind {
    BMX_SCAN_NONE,
    BMX_SCAN_GPT2,
    BMX_SCAN_GPT2_DIGITS, /* every digit is a pre-token: StarCoder, Command R */
    BMX_SCAN_CL100K,      /* also Llama 3 */
    BMX_SCAN_CL100K_END,  /* the same, but white space at the very end is one pre-token */
    BMX_SCAN_QWEN,
    BMX_SCAN_QWEN35,
    BMX_SCAN_O200K,
    BMX_SCAN_TEKKEN
} bmx_scan_kind;

/* Scratch of one thread.  Zero-initialize. */
typedef struct bmx_scan_scratch {
    uint64_t *mask;
    size_t cap;
} bmx_scan_scratch;
void bmx_scan_scratch_release(bmx_scan_scratch *s);

/* Pre-tokens in a row: the first from `start` to end[0], the next to end[1], ... */
typedef bpemix_status bmx_pretokens_fn(void *ctx, const char *start, const char *const *end,
                                       size_t n, bpemix_error *err);

/* Hand the pre-tokens of well-formed text over in order, many at a time; stops at the
 * first failure of `emit`.  lines: each line, with the newline at its end, is a
 * text of its own. */
bpemix_status bmx_scan(bmx_scan_kind kind, bmx_scan_scratch *s, bmx_slice text, bool lines,
                       bmx_pretokens_fn *emit, void *ctx, bpemix_error *err);

#endif

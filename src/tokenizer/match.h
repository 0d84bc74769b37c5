/* SPDX-License-Identifier: GPL-3.0-or-later */
/* match.h - which of many strings a text starts with: a trie over bytes.
 *
 *   node 0  the root; its edges are an array, as most texts stop there
 *   edge    node << 8 | byte -> node
 *   value   of the string that ends at a node, BMX_NONE: none does */
#ifndef BMX_TOKENIZER_MATCH_H
#define BMX_TOKENIZER_MATCH_H

#include "base/hash.h"

/* Zero-initialize, release with bmx_matcher_release. */
typedef struct bmx_matcher {
    uint32_t root[256]; /* 0: no edge */
    bmx_map64 edge;
    uint32_t *value;    /* value[n] */
    size_t n, cap;
} bmx_matcher;

/* Add a string that is not empty.  The first value given to a string stays. */
bpemix_status bmx_matcher_add(bmx_matcher *m, bmx_slice s, uint32_t value, bpemix_error *err);

/* Value of the longest string that text starts with, and its length in bytes;
 * BMX_NONE when there is none. */
uint32_t bmx_matcher_longest(const bmx_matcher *m, bmx_slice text, size_t *len);
void bmx_matcher_release(bmx_matcher *m);

#endif

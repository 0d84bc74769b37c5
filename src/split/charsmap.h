/* SPDX-License-Identifier: GPL-3.0-or-later */
/* charsmap.h - a character map of SentencePiece: a Darts double-array trie over UTF-8 keys,
 * whose values are offsets of NUL-terminated replacements.
 *
 *   bytes of the trie (32 bits) | units, 4 bytes each | replacements
 *
 * Maps come from files: every index is checked, and a key whose index is damaged counts as
 * missing. */
#ifndef BMX_SPLIT_CHARSMAP_H
#define BMX_SPLIT_CHARSMAP_H

#include "base/mem.h"

typedef struct bmx_charsmap {
    char *data; /* owned; NULL: empty map */
    const unsigned char *trie;
    size_t n_units;
    bmx_slice text;  /* replacements; valid UTF-8 that ends in NUL */
    bool start[256]; /* some key starts with this byte */
} bmx_charsmap;

bpemix_status bmx_charsmap_init(bmx_charsmap *m, bmx_slice raw, bpemix_error *err);
void bmx_charsmap_release(bmx_charsmap *m);

/* Find the replacement of a prefix of s: of the shortest key, or of the longest that ends between
 * two characters.  False when no key is a prefix. */
bool bmx_charsmap_look_up(const bmx_charsmap *m, bmx_slice s, bool longest, size_t *consumed,
                          bmx_slice *value);

/* *text becomes what the map makes of its grapheme clusters, in out if that is another text;
 * E_UNSUPPORTED when it has more than `most` bytes. */
bpemix_status bmx_charsmap_run(const bmx_charsmap *m, bmx_slice *text, bmx_buf *out, size_t most,
                               bpemix_error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* charsmap.h - tables of replacements as SentencePiece keeps them, made by hand. */
#ifndef TESTS_CHARSMAP_H
#define TESTS_CHARSMAP_H

#include "test.h"

/* Build a map by hand: a double array that is nothing but a chain of units for
 * each key.  Unit 0 is the root; the node reached after byte c sits at
 * offset ^ c.  A plain first-fit search over small tables will do. */
typedef struct map_builder {
    uint32_t unit[4096];
    bool used[4096];
    char text[4096];
    size_t text_len;
} map_builder;

typedef struct map_key {
    const char *key, *value;
} map_key;

static inline void build_node(map_builder *m, uint32_t node, const map_key *keys, size_t n,
                              size_t depth)
{
    uint32_t base = 1;
    bool leaf = false, child[256] = { false };

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)keys[i].key[depth];
        leaf |= c == 0;
        child[c] |= c != 0;
    }
    for (bool fits = false; !fits; base += !fits) {
        fits = base != node && !(leaf && m->used[base ^ node]);
        for (uint32_t c = 0; c < 256 && fits; c++)
            fits = !child[c] || !m->used[base ^ node ^ c];
    }
    /* base is the offset stored in the node: children at node ^ base ^ c */
    m->unit[node] |= base << 10 | (leaf ? 0x100u : 0);
    uint32_t at = node ^ base;
    m->used[at] |= leaf;
    for (uint32_t c = 0; c < 256; c++)
        m->used[at ^ c] |= child[c];
    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)keys[i].key[depth];
        size_t k = i;
        while (k < n && (unsigned char)keys[k].key[depth] == c)
            k++;
        if (c == 0) {
            m->unit[at] = 0x80000000u | (uint32_t)m->text_len;
            strcpy(m->text + m->text_len, keys[i].value);
            m->text_len += strlen(keys[i].value) + 1;
        } else {
            m->unit[at ^ c] |= c;
            build_node(m, at ^ c, keys + i, k - i, depth + 1);
        }
        i = k;
    }
}

/* keys[n] sorted bytewise. */
static inline bmx_slice build_map(const map_key *keys, size_t n, bmx_buf *out)
{
    static map_builder m;
    bpemix_error err = { 0 };
    uint32_t size = sizeof m.unit;

    memset(&m, 0, sizeof m);
    m.used[0] = true;
    build_node(&m, 0, keys, n, 0);
    out->len = 0;
    CHECK_OK(bmx_buf_add(out, &size, 4, &err)); /* the machines we test on are little-endian */
    CHECK_OK(bmx_buf_add(out, m.unit, sizeof m.unit, &err));
    CHECK_OK(bmx_buf_add(out, m.text, m.text_len, &err));
    return bmx_slice_of(out->ptr, out->len);
}

#endif

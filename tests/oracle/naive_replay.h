/* SPDX-License-Identifier: GPL-3.0-or-later */
/* naive_replay.h - the counts of all pairs after every merge, the slow and
 * obvious way: at every step each word is merged again and every pair counted.
 *
 * Symbols are small numbers; count[cat][step][left][right] is one dense array. */
#ifndef NAIVE_REPLAY_H
#define NAIVE_REPLAY_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct naive_merge {
    uint32_t left, right, product;
} naive_merge;

typedef struct naive_word {
    uint32_t *symbol; /* UINT32_MAX: a boundary */
    size_t n;
    uint64_t count[8]; /* per category */
} naive_word;

typedef struct naive_counts {
    size_t n_cats, n_symbols, n_steps;
    uint64_t *count; /* [n_cats][n_steps + 1][n_symbols][n_symbols] */
} naive_counts;

/* All occurrences, left to right. */
static inline size_t naive_apply(uint32_t *s, size_t n, naive_merge m)
{
    size_t out = 0;

    for (size_t i = 0; i < n;)
        if (i + 1 < n && s[i] == m.left && s[i + 1] == m.right) {
            s[out++] = m.product;
            i += 2;
        } else {
            s[out++] = s[i++];
        }
    return out;
}

static inline uint64_t *naive_at(const naive_counts *c, size_t cat, size_t step, size_t left,
                                 size_t right)
{
    return &c->count[((cat * (c->n_steps + 1) + step) * c->n_symbols + left) * c->n_symbols +
                     right];
}

/* Words are left as they are after the last merge. */
static inline naive_counts naive_replay(naive_word *word, size_t n_words, size_t n_cats,
                                        size_t n_symbols, const naive_merge *merge, size_t n_merges)
{
    naive_counts c = { n_cats, n_symbols, n_merges, NULL };

    c.count = calloc(n_cats * (n_merges + 1) * n_symbols * n_symbols, sizeof *c.count);
    for (size_t t = 0; t <= n_merges; t++)
        for (size_t w = 0; w < n_words; w++) {
            if (t > 0)
                word[w].n = naive_apply(word[w].symbol, word[w].n, merge[t - 1]);
            for (size_t i = 0; i + 1 < word[w].n; i++)
                for (size_t k = 0; k < n_cats; k++)
                    if (word[w].symbol[i] != UINT32_MAX && word[w].symbol[i + 1] != UINT32_MAX)
                        *naive_at(&c, k, t, word[w].symbol[i], word[w].symbol[i + 1]) +=
                            word[w].count[k];
        }
    return c;
}

#endif

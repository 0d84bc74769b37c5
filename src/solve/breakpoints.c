/* SPDX-License-Identifier: GPL-3.0-or-later */
/* breakpoints.c - by the bits of x, two digits at a time, in place of which keys are moved. */
#include "solve/breakpoints.h"

#include <string.h>

/* Two digits of a key are sorted by at once. */
enum { DIGIT_BITS = 11, DIGIT = 1 << DIGIT_BITS, KEY_BITS = 2 * DIGIT_BITS };

/* More breakpoints than this are sorted by digits; a judgement. */
#define FEW 64

bpemix_status bmx_breakpoints_reserve(bmx_breakpoints *b, size_t most, bpemix_error *err)
{
    return bmx_reserve(&b->listed, &b->listed_cap, most, sizeof *b->listed, err) ||
                   bmx_reserve(&b->sorted, &b->sorted_cap, most, sizeof *b->sorted, err) ||
                   bmx_reserve(&b->rank, &b->rank_cap, 2 * most, sizeof *b->rank, err)
               ? BPEMIX_E_NOMEM
               : BPEMIX_OK;
}

void bmx_breakpoints_release(bmx_breakpoints *b)
{
    bmx_free(b->listed);
    bmx_free(b->sorted);
    bmx_free(b->rank);
    *b = (bmx_breakpoints){ 0 };
}

/* They rise with x. */
static inline uint64_t bits_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return x > 0 ? bits : 0;
}

/* Stable sort of rank[n] by their keys of KEY_BITS; other[n] to write to. */
static void sort_keys(bmx_break_key *rank, bmx_break_key *other, size_t n)
{
    uint32_t count[2][DIGIT] = { { 0 } };

    for (size_t i = 0; i < n; i++) {
        count[0][rank[i].key & (DIGIT - 1)]++;
        count[1][rank[i].key >> DIGIT_BITS]++;
    }
    for (uint32_t v = 0, low = 0, high = 0; v < DIGIT; v++) {
        uint32_t n_low = count[0][v], n_high = count[1][v];

        count[0][v] = low;
        count[1][v] = high;
        low += n_low;
        high += n_high;
    }
    for (size_t i = 0; i < n; i++)
        other[count[0][rank[i].key & (DIGIT - 1)]++] = rank[i];
    for (size_t i = 0; i < n; i++)
        rank[count[1][other[i].key >> DIGIT_BITS]++] = other[i];
}

/* Sort e[n] by all of their bits, the lowest first; spare[n], rank[n], other[n] to write to. */
static void sort_alike(bmx_break *e, bmx_break *spare, bmx_break_key *rank, bmx_break_key *other,
                       size_t n)
{
    for (unsigned shift = 0; n > FEW && shift < 64; shift += KEY_BITS) {
        memcpy(spare, e, n * sizeof *e);
        for (size_t i = 0; i < n; i++) {
            uint64_t key = bits_of(e[i].x) >> shift & ((1u << KEY_BITS) - 1);
            rank[i] = (bmx_break_key){ (uint32_t)key, (uint32_t)i };
        }
        sort_keys(rank, other, n);
        for (size_t i = 0; i < n; i++)
            e[i] = spare[rank[i].at];
    }
    for (size_t i = 1; i < n && n <= FEW; i++) {
        bmx_break x = e[i];
        size_t k = i;

        for (; k > 0 && e[k - 1].x > x.x; k--)
            e[k] = e[k - 1];
        e[k] = x;
    }
}

/* Those around theta differ by a few powers of two, so that a key of their upper halves tells
 * nearly all apart; the few that have the same are then sorted, if they are not in order
 * already. */
const bmx_break *bmx_breakpoints_sort(bmx_breakpoints *b, size_t n)
{
    bmx_break *e = b->sorted;
    bmx_break_key *rank = b->rank;
    uint32_t least = UINT32_MAX, most = 0;
    unsigned shift = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t key = (uint32_t)(bits_of(b->listed[i].x) >> 32);

        rank[i] = (bmx_break_key){ key, (uint32_t)i };
        least = key < least ? key : least;
        most = key > most ? key : most;
    }
    while (n && (most - least) >> shift >> KEY_BITS)
        shift++;
    for (size_t i = 0; i < n; i++)
        rank[i].key = (rank[i].key - least) >> shift;
    sort_keys(rank, rank + n, n);
    for (size_t i = 0; i < n; i++)
        e[i] = b->listed[rank[i].at];
    for (size_t from = 0, to; from < n; from = to) {
        uint32_t key = rank[from].key;
        bool rising = true;

        for (to = from + 1; to < n && rank[to].key == key; to++)
            rising = rising && e[to - 1].x <= e[to].x;
        if (!rising)
            sort_alike(e + from, b->listed + from, rank + from, rank + n + from, to - from);
    }
    return e;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/breakpoints.h"
#include "base/assert.h"
#include "base/hash.h"

bpemix_status bmx_breakpoints_init(bmx_breakpoints *q, bpemix_error *err)
{
    *q = (bmx_breakpoints){ .low = BMX_BINS };
    q->head = bmx_malloc(BMX_BINS, sizeof *q->head);
    q->word = bmx_calloc(BMX_BINS / 64, sizeof *q->word);
    if (q->head && q->word)
        return BPEMIX_OK;
    bmx_breakpoints_release(q);
    return bmx_nomem(err);
}

void bmx_breakpoints_release(bmx_breakpoints *q)
{
    bmx_free(q->at);
    bmx_free(q->row);
    bmx_free(q->head);
    bmx_free(q->word);
    *q = (bmx_breakpoints){ 0 };
}

/* Exponent and leading digits; rises with x >= 0. */
static uint64_t leading_bits(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return x > 0 ? bits >> (52 - BMX_BIN_BITS) : 0;
}

static uint32_t bin_of(const bmx_breakpoints *q, double x)
{
    uint64_t bits = leading_bits(x);

    if (bits <= q->least)
        return 0;
    return bits - q->least < BMX_BINS ? (uint32_t)(bits - q->least) : BMX_BINS - 1;
}

void bmx_breakpoints_clear(bmx_breakpoints *q, double top)
{
    uint64_t bits = leading_bits(top);

    q->n = 0;
    q->low = BMX_BINS;
    q->least = bits > BMX_BINS - 2 ? bits - (BMX_BINS - 2) : 0;
    memset(q->word, 0, BMX_BINS / 64 * sizeof *q->word);
    memset(q->any, 0, sizeof q->any);
}

/* Merge two heaps, given by their roots (Q2). */
static uint32_t join(bmx_breakpoint *at, uint32_t a, uint32_t b)
{
    if (at[b].x != at[a].x ? at[b].x < at[a].x : b < a) {
        uint32_t other = a;
        a = b;
        b = other;
    }
    BMX_ASSERT(at[a].x < at[b].x || (a < b && at[a].x == at[b].x)); /* Q2 */
    at[b].next = at[a].child;
    at[a].child = b;
    return a;
}

bpemix_status bmx_breakpoints_push(bmx_breakpoints *q, double x, double weight, uint32_t row,
                                   bpemix_error *err)
{
    uint32_t bin = bin_of(q, x), e = (uint32_t)q->n;
    uint64_t bit = UINT64_C(1) << bin % 64;
    bool used = q->word[bin / 64] & bit;

    if ((q->n == q->cap && bmx_reserve(&q->at, &q->cap, q->n + 1, sizeof *q->at, err)) ||
        (q->n == q->row_cap && bmx_reserve(&q->row, &q->row_cap, q->n + 1, sizeof *q->row, err)))
        return BPEMIX_E_NOMEM;
    BMX_ASSERT(q->low == BMX_BINS || bin == q->low ||
               (bin < q->low) == (x < q->at[q->head[q->low]].x)); /* Q1 */
    q->at[e] = (bmx_breakpoint){ x, weight, BMX_NONE,
                                   used && bin != q->low ? q->head[bin] : BMX_NONE };
    q->row[e] = row;
    q->n++;
    q->head[bin] = used && bin == q->low ? join(q->at, q->head[bin], e) : e;
    q->word[bin / 64] |= bit;
    q->any[bin / 4096] |= UINT64_C(1) << bin / 64 % 64;
    q->low = bin < q->low ? bin : q->low;
    BMX_ASSERT(q->at[q->head[q->low]].next == BMX_NONE); /* Q4 */
    return BPEMIX_OK;
}

/* Merge a list of heaps into one: in pairs from the first on, then the results from the last. */
static uint32_t join_list(bmx_breakpoint *at, uint32_t first)
{
    uint32_t done = BMX_NONE, all;

    while (first != BMX_NONE) {
        uint32_t a = first, b = at[a].next;

        first = b == BMX_NONE ? BMX_NONE : at[b].next;
        a = b == BMX_NONE ? a : join(at, a, b);
        at[a].next = done;
        done = a;
    }
    for (all = done, done = at[done].next; done != BMX_NONE;) {
        uint32_t next = at[done].next;

        all = join(at, all, done);
        done = next;
    }
    at[all].next = BMX_NONE;
    return all;
}

/* Restore Q4 after the first bin has become empty. */
static void find_low(bmx_breakpoints *q)
{
    uint32_t w = q->low / 64;

    if (!q->word[w]) {
        uint32_t a = w / 64;

        while (a < BMX_BINS / 4096 && !q->any[a])
            a++;
        if (a == BMX_BINS / 4096) {
            q->low = BMX_BINS;
            return;
        }
        w = a * 64 + (uint32_t)__builtin_ctzll(q->any[a]);
    }
    q->low = w * 64 + (uint32_t)__builtin_ctzll(q->word[w]);
    BMX_ASSERT(q->any[w / 64] >> w % 64 & 1); /* Q3 */
    q->head[q->low] = join_list(q->at, q->head[q->low]);
    BMX_ASSERT(q->at[q->head[q->low]].next == BMX_NONE); /* Q4 */
}

void bmx_breakpoints_drop(bmx_breakpoints *q)
{
    uint32_t child = q->at[q->head[q->low]].child;

    if (child != BMX_NONE) {
        q->head[q->low] = join_list(q->at, child);
        return;
    }
    q->word[q->low / 64] &= ~(UINT64_C(1) << q->low % 64);
    if (!q->word[q->low / 64])
        q->any[q->low / 4096] &= ~(UINT64_C(1) << q->low / 64 % 64);
    find_low(q);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sort_events.c - phase 5 of aggregate.h: events of a left symbol are sorted and added up. */
#include "replay/events.h"
#include "base/assert.h"
#include "base/threads.h"

#include <string.h>

/* Fewer keys than this are sorted by insertion instead of by radix, and steps with events of so few
 * categories without a table of sums.  Judgements: a pass over 256 counters costs about as much as
 * inserting a few dozen keys. */
#define FEW_KEYS 48
#define FEW_EVENTS 8

/* Tasks: many for each thread, so that the last one is short. */
#define CHUNKS 256

/* Stable sort of a[n] by its upper 32 bits; b is as long. Returns where it is. */
static uint64_t *sort_keys(uint64_t *a, uint64_t *b, size_t n)
{
    uint64_t all = 0, some = UINT64_MAX;

    if (n < FEW_KEYS) {
        for (size_t i = 1; i < n; i++) {
            uint64_t k = a[i];
            size_t j = i;
            for (; j && a[j - 1] > k; j--)
                a[j] = a[j - 1];
            a[j] = k;
        }
        return a;
    }
    for (size_t i = 0; i < n; i++) {
        all |= a[i];
        some &= a[i];
    }
    for (unsigned shift = 32; shift < 64; shift += 8) {
        size_t at[256] = { 0 }, sum = 0;
        uint64_t *c;

        if (!((all ^ some) >> shift & 255))
            continue;
        for (size_t i = 0; i < n; i++)
            at[a[i] >> shift & 255]++;
        for (int d = 0; d < 256; d++) {
            size_t k = at[d];
            at[d] = sum;
            sum += k;
        }
        for (size_t i = 0; i < n; i++)
            b[at[a[i] >> shift & 255]++] = a[i];
        c = a;
        a = b;
        b = c;
    }
    return a;
}

/* Add up e[n], all of one pair and step, in order of category; returns how
 * many are left. */
static size_t join_step(bmx_sorter *s, uint32_t n_cats, bmx_event *e, size_t n)
{
    uint32_t step = e->step;
    size_t out = 0;

    if (n <= FEW_EVENTS) {
        for (size_t i = 1; i < n; i++) {
            bmx_event x = e[i];
            size_t j = i;
            for (; j && e[j - 1].cat > x.cat; j--)
                e[j] = e[j - 1];
            e[j] = x;
        }
        for (size_t i = 0; i < n;) {
            bmx_event x = e[i++];
            for (; i < n && e[i].cat == x.cat; i++)
                x.delta += e[i].delta;
            if (x.delta)
                e[out++] = x;
        }
        return out;
    }
    for (size_t i = 0; i < n; i++) {
        s->delta[e[i].cat] += e[i].delta;
        s->touched[e[i].cat / 64] |= (uint64_t)1 << e[i].cat % 64;
    }
    for (size_t w = 0; w <= (n_cats - 1) / 64; w++) {
        for (uint64_t bits = s->touched[w]; bits; bits &= bits - 1) {
            uint32_t cat = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits);
            if (s->delta[cat])
                e[out++] = (bmx_event){ step, cat, s->delta[cat] };
            s->delta[cat] = 0;
        }
        s->touched[w] = 0;
    }
    return out;
}

#ifdef BMX_CHECKED
/* E2 of events.h. */
static bool is_sorted(const bmx_event *e, const uint32_t *right, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!e[i].delta ||
            (i && (right[i - 1] > right[i] ||
                   (right[i - 1] == right[i] &&
                    (e[i - 1].step > e[i].step ||
                     (e[i - 1].step == e[i].step && e[i - 1].cat >= e[i].cat))))))
            return false;
    return true;
}
#endif

static bpemix_status sort_left(bmx_events *f, bmx_sorter *s, size_t left, bpemix_error *err)
{
    bmx_event *event = f->event + f->begin[left];
    uint32_t *right = f->right + f->begin[left];
    size_t n = (size_t)(f->begin[left + 1] - f->begin[left]), out = 0;
    uint64_t *key;
    bpemix_status st;

    if (!n)
        return BPEMIX_OK;
    if (n >= BMX_NONE)
        return bmx_fail(err, BPEMIX_E_UNSUPPORTED, "", "more than 4294967294 events of one symbol");
    if ((st = bmx_reserve(&s->key, &s->key_cap, n, sizeof *s->key, err)) ||
        (st = bmx_reserve(&s->key2, &s->key2_cap, n, sizeof *s->key2, err)) ||
        (st = bmx_reserve(&s->event, &s->event_cap, n, sizeof *s->event, err)))
        return st;
    for (size_t i = 0; i < n; i++)
        s->key[i] = (uint64_t)right[i] << 32 | i;
    for (size_t i = 1; i < n; i++)
        BMX_ASSERT(event[i - 1].step <= event[i].step); /* E1 */
    key = sort_keys(s->key, s->key2, n);
    for (size_t i = 0; i < n; i++)
        s->event[i] = event[(uint32_t)key[i]];
    for (size_t i = 0; i < n;) {
        uint32_t r = (uint32_t)(key[i] >> 32);
        size_t pair_start = out;

        while (i < n && key[i] >> 32 == r) {
            size_t j = i + 1, k;
            while (j < n && key[j] >> 32 == r && s->event[j].step == s->event[i].step)
                j++;
            k = join_step(s, f->n_cats, s->event + i, j - i);
            /* out <= i: what is overwritten has been copied to s->event */
            memcpy(event + out, s->event + i, k * sizeof *event);
            for (size_t e = out; e < out + k; e++)
                right[e] = r;
            out += k;
            i = j;
        }
        f->n_pairs[left] += out > pair_start;
    }
    f->end[left] = f->begin[left] + out;
    BMX_ASSERT(is_sorted(event, right, out)); /* E2 */
    return BPEMIX_OK;
}

static bpemix_status sort_chunk(void *ctx, size_t task, unsigned worker, bpemix_error *err)
{
    bmx_events *f = ctx;
    bpemix_status st = BPEMIX_OK;

    for (size_t left = f->chunk[task]; left < f->chunk[task + 1] && !st; left++)
        st = sort_left(f, &f->sorter[worker], left, err);
    return st;
}

bpemix_status bmx_events_sort(bmx_events *f, unsigned n_threads, bpemix_error *err)
{
    uint64_t total = f->begin[f->n_left];

    f->chunk = bmx_malloc(CHUNKS + 1, sizeof *f->chunk);
    f->sorter = bmx_calloc(n_threads, sizeof *f->sorter);
    if (!f->chunk || !f->sorter)
        return bmx_nomem(err);
    f->n_sorters = n_threads;
    for (unsigned i = 0; i < n_threads; i++) {
        f->sorter[i].delta = bmx_calloc(f->n_cats, sizeof *f->sorter[i].delta);
        f->sorter[i].touched = bmx_calloc(f->n_cats / 64 + 1, sizeof *f->sorter[i].touched);
        if (!f->sorter[i].delta || !f->sorter[i].touched)
            return bmx_nomem(err);
    }
    f->chunk[0] = 0;
    for (size_t left = 0; left < f->n_left; left++)
        if (f->begin[left] - f->begin[f->chunk[f->n_chunks]] > total / CHUNKS)
            f->chunk[++f->n_chunks] = left;
    f->chunk[++f->n_chunks] = f->n_left;
    return bmx_parallel(n_threads, f->n_chunks, sort_chunk, f, err);
}

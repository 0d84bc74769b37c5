/* SPDX-License-Identifier: GPL-3.0-or-later */
/* initial.c - a table of rows for pairs of bytes, a hash table for all others. */
#include "replay/initial.h"

#include <string.h>

/* Symbols below this, as bytes mostly are, have rows of counts. */
#define LOW 256u
/* Beyond so many categories all pairs are hashed: text has some 20,000 pairs of bytes, and rows of
 * eight bytes a category for each would be more than 20 MB. */
#define MOST_CATEGORIES 128

bpemix_status bmx_initial_open(bmx_initial *in, size_t n_cats, bpemix_error *err)
{
    in->n_cats = n_cats;
    if (n_cats <= MOST_CATEGORIES && !(in->row = bmx_calloc(LOW * LOW, sizeof *in->row)))
        return bmx_nomem(err);
    return BPEMIX_OK;
}

void bmx_initial_release(bmx_initial *in)
{
    bmx_free(in->row);
    bmx_free(in->pair);
    bmx_free(in->count);
    bmx_pair_counts_release(&in->other);
    *in = (bmx_initial){ 0 };
}

static bpemix_status add_row(bmx_initial *in, uint32_t pair, bpemix_error *err)
{
    size_t end = in->n_rows * in->n_cats;
    bpemix_status st = bmx_reserve(&in->pair, &in->pair_cap, in->n_rows + 1, sizeof *in->pair, err);

    if (st ||
        (st = bmx_reserve(&in->count, &in->count_cap, end + in->n_cats, sizeof *in->count, err)))
        return st;
    memset(in->count + end, 0, in->n_cats * sizeof *in->count);
    in->pair[in->n_rows] = pair;
    in->row[pair] = (uint32_t)++in->n_rows;
    return BPEMIX_OK;
}

bpemix_status bmx_initial_add(bmx_initial *in, uint32_t left, uint32_t right, const uint32_t *cat,
                              const uint64_t *count, size_t n, bpemix_error *err)
{
    bpemix_status st;

    if (in->row && (left | right) < LOW) {
        uint32_t pair = left << 8 | right;
        uint64_t *row;

        if (!in->row[pair] && (st = add_row(in, pair, err)))
            return st;
        row = in->count + (in->row[pair] - 1) * in->n_cats;
        for (size_t k = 0; k < n; k++)
            row[cat[k]] += count[k];
        return BPEMIX_OK;
    }
    for (size_t k = 0; k < n; k++) {
        bmx_initial_count *p;

        if (!count[k])
            continue;
        if ((st = bmx_pair_counts_room(&in->other, err)))
            return st;
        p = bmx_pair_counts_find(&in->other, &(bmx_initial_count){ left, right, cat[k], 0 });
        if (!p->count) {
            *p = (bmx_initial_count){ left, right, cat[k], 0 };
            in->other.n++;
        }
        p->count += count[k];
    }
    return BPEMIX_OK;
}

bool bmx_initial_next(const bmx_initial *in, size_t *at, bmx_initial_count *out)
{
    size_t n_low = in->n_rows * in->n_cats, n = n_low + in->other.n_slots;

    while (*at < n) {
        size_t i = (*at)++;

        if (i >= n_low) {
            *out = in->other.slot[i - n_low];
        } else {
            uint32_t pair = in->pair[i / in->n_cats];
            *out = (bmx_initial_count){ pair / LOW, pair % LOW, (uint32_t)(i % in->n_cats),
                                        in->count[i] };
        }
        if (out->count)
            return true;
    }
    return false;
}

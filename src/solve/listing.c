/* SPDX-License-Identifier: GPL-3.0-or-later */
/* listing.c - the list of pairs that may be above theta, and how it grows.
 *
 *  1. Where a mixture exceeds reach[] of a category, or theta is below least[] of a step, these are
 *     changed, a little farther than needed.
 *  2. A pair that must now be listed has a count of such a category, or stands at such a step: only
 *     these pairs are examined, unless they are a large fraction of all.
 *  3. The pairs found are inserted into the list by row; their strips and counts are appended.
 *  4. A list that has become long is made anew for the present mixture alone, and so is one whose
 *     rows were counted in vain more often than making it anew costs: the first lists of a
 *     solution, far from its optimum, may have eight times as many rows as are near theta there. */
#include "solve/listing.h"
#include "base/assert.h"
#include "solve/steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* reach[i] is this much of alpha_i, and that much of the whole, measured by size(), for shares
 * that are 0 or nearly so; least[s] this much of theta_s. */
#define WIDER 1.3
#define ROOM 0.002
#define FLOOR 0.75
/* A list of more than this fraction of all rows is made anew from the present point; until then
 * reach[] only grows. */
#define LONGEST 0.2
/* If more than this fraction of all rows may have to be added, all rows are examined. */
#define FEW 0.25
/* A list that has just been made has about three times as many rows as are near theta or above it
 * (30 categories, 20,000 merges: 11,000 and 3,700), so that TIGHT times as many are not in vain;
 * making it costs no more than counting all rows.  Both are judgements. */
#define TIGHT 4

bpemix_status bmx_listing_init(bmx_listing *l, const bmx_monotone_rows *rows, bpemix_error *err)
{
    size_t n_steps = rows->c->n_steps, n = rows->pair.n;

    *l = (bmx_listing){ .rows = rows };
    l->row = bmx_malloc(n, sizeof *l->row);
    l->first = bmx_calloc(n_steps + 1, sizeof *l->first);
    l->count = bmx_malloc(n, sizeof *l->count);
    l->reach = bmx_calloc(rows->c->n_cats, sizeof *l->reach);
    l->least = bmx_malloc(n_steps, sizeof *l->least);
    l->has = bmx_calloc(n / 64 + 1, sizeof *l->has);
    if (!l->row || !l->first || !l->count || !l->reach || !l->least || !l->has) {
        bmx_listing_release(l);
        return bmx_nomem(err);
    }
    for (size_t s = 0; s < n_steps; s++)
        l->least[s] = rows->first[s + 1] > rows->first[s] ? INFINITY : 0;
    return BPEMIX_OK;
}

void bmx_listing_release(bmx_listing *l)
{
    bmx_free(l->row);
    bmx_free(l->first);
    bmx_strips_release(&l->strips);
    bmx_free(l->count);
    bmx_free(l->reach);
    bmx_free(l->least);
    bmx_free(l->has);
    bmx_free(l->fresh);
    bmx_free(l->place);
    *l = (bmx_listing){ 0 };
}

bpemix_status bmx_listing_copy(bmx_listing *l, const bmx_listing *from, bpemix_error *err)
{
    const bmx_constraints *c = from->rows->c;

    if (bmx_strips_copy(&l->strips, &from->strips, err))
        return BPEMIX_E_NOMEM;
    l->n = from->n;
    l->version = from->version;
    l->waste = from->waste;
    if (l->n)
        memcpy(l->row, from->row, l->n * sizeof *l->row);
    memcpy(l->first, from->first, (c->n_steps + 1) * sizeof *l->first);
    memcpy(l->reach, from->reach, c->n_cats * sizeof *l->reach);
    memcpy(l->least, from->least, c->n_steps * sizeof *l->least);
    memcpy(l->has, from->has, (from->rows->pair.n / 64 + 1) * sizeof *l->has);
    return BPEMIX_OK;
}

#ifdef BMX_CHECKED
/* L1, and R3 of monotone_rows.h, of some thousand rows, other ones for each list. */
static bool is_complete(const bmx_listing *l, const double *alpha, const double *theta)
{
    const bmx_monotone_rows *rows = l->rows;
    double size = bmx_monotone_rows_size(rows, alpha) * (1 + 1e-9);
    size_t every = rows->pair.n / 4096 + 1;

    for (size_t r = l->n % every; r < rows->pair.n; r += every) {
        double count = bmx_rows_dot(&rows->pair, r, alpha);

        if (count > ldexp(size, rows->level[r]) ||
            (!(l->has[r / 64] >> r % 64 & 1) && count > theta[rows->at[r].step] * (1 + 1e-9)))
            return false;
    }
    return true;
}
#endif

bool bmx_listing_covers(const bmx_listing *l, const double *alpha, const double *theta)
{
    for (size_t i = 0; i < l->rows->c->n_cats; i++)
        if (alpha[i] > l->reach[i])
            return false;
    if (!bmx_steps_reach(theta, l->least, l->rows->c->n_steps))
        return false;
    BMX_ASSERT(is_complete(l, alpha, theta)); /* L1 */
    return true;
}

static void set_bit(uint64_t *has, uint32_t row) { has[row / 64] |= UINT64_C(1) << row % 64; }
static void clear_bit(uint64_t *has, uint32_t row) { has[row / 64] &= ~(UINT64_C(1) << row % 64); }

/* first[] from row[]. */
static void find_steps(bmx_listing *l)
{
    uint32_t k = 0;

    for (uint32_t s = 0; s < l->rows->c->n_steps; s++) {
        while (k < l->n && l->row[k] < l->rows->first[s + 1])
            k++;
        l->first[s + 1] = k;
    }
}

/* Make the list anew of all rows that reach[] and least[] require. */
static bpemix_status list_all(bmx_listing *l, bpemix_error *err)
{
    memset(l->has, 0, (l->rows->pair.n / 64 + 1) * sizeof *l->has);
    bmx_strips_clear(&l->strips);
    l->n = bmx_monotone_rows_above(l->rows, l->reach, l->least, l->row);
    if (bmx_strips_add(&l->strips, &l->rows->pair, l->row, l->n, 0, err)) {
        l->n = 0;
        return BPEMIX_E_NOMEM;
    }
    for (size_t k = 0; k < l->n; k++)
        set_bit(l->has, l->row[k]);
    find_steps(l);
    return BPEMIX_OK;
}

static int by_number(const void *pa, const void *pb)
{
    const uint32_t *a = pa, *b = pb;
    return *a < *b ? -1 : *a > *b;
}

#ifdef BMX_CHECKED
/* Rows rise, and their bits are set. */
static bool is_sound(const bmx_listing *l)
{
    for (size_t k = 0; k < l->n; k++)
        if ((k && l->row[k - 1] >= l->row[k]) || !(l->has[l->row[k] / 64] >> l->row[k] % 64 & 1))
            return false;
    return true;
}
#endif

static void forget_fresh(bmx_listing *l, size_t n)
{
    for (size_t i = 0; i < n; i++)
        clear_bit(l->has, l->fresh[i]);
}

/* Step 3: insert rows fresh[0 .. n), in any order and with their bits set, from the end of the list
 * on, so that each row moves once. */
static bpemix_status add_fresh(bmx_listing *l, size_t n, bpemix_error *err)
{
    size_t old = l->n, k = old + n, f = n;

    if (n == 0)
        return BPEMIX_OK;
    if (bmx_reserve(&l->place, &l->place_cap, k, sizeof *l->place, err)) {
        forget_fresh(l, n);
        return BPEMIX_E_NOMEM;
    }
    qsort(l->fresh, n, sizeof *l->fresh, by_number);
    if (bmx_strips_add(&l->strips, &l->rows->pair, l->fresh, n, (uint32_t)old, err)) {
        forget_fresh(l, n);
        return BPEMIX_E_NOMEM;
    }
    l->n += n;
    while (f > 0) {
        bool take = old == 0 || l->fresh[f - 1] > l->row[old - 1];

        k--;
        if (take)
            f--;
        else
            old--;
        l->row[k] = take ? l->fresh[f] : l->row[old];
        l->place[take ? l->n - n + f : old] = (uint32_t)k;
    }
    for (; old > 0; old--)
        l->place[old - 1] = (uint32_t)old - 1;
    bmx_strips_move(&l->strips, l->place);
    find_steps(l);
    BMX_ASSERT(is_sound(l)); /* L2 */
    return BPEMIX_OK;
}

/* Step 1: raises reach where alpha exceeds it, and lowers least; returns how
 * many rows may have to be added, and marks their categories and steps. */
static double move_bounds(bmx_listing *l, const double *alpha, const double *theta, bool anew,
                          bool *risen, bool *fallen)
{
    const bmx_monotone_rows *rows = l->rows;
    double room = ROOM * bmx_monotone_rows_size(rows, alpha), n = 0;

    for (size_t i = 0; i < rows->c->n_cats; i++) {
        risen[i] = anew || alpha[i] > l->reach[i];
        if (risen[i])
            l->reach[i] = WIDER * alpha[i] + (rows->size[i] > 0 ? room / rows->size[i] : 0);
        n += risen[i] ? (double)(rows->cat_first[i + 1] - rows->cat_first[i]) : 0;
    }
    for (uint32_t s = 0; s < rows->c->n_steps; s++) {
        fallen[s] = rows->first[s + 1] > rows->first[s] && (anew || theta[s] < l->least[s]);
        if (fallen[s])
            l->least[s] = FLOOR * theta[s];
        n += fallen[s] ? rows->first[s + 1] - rows->first[s] : 0;
    }
    return n;
}

/* Step 2: rows of risen categories and fallen steps. */
static bpemix_status list_more(bmx_listing *l, const bool *risen, const bool *fallen, size_t most,
                               bpemix_error *err)
{
    const bmx_monotone_rows *rows = l->rows;
    size_t n = 0;

    if (bmx_reserve(&l->fresh, &l->fresh_cap, most, sizeof *l->fresh, err))
        return BPEMIX_E_NOMEM;
    for (uint32_t i = 0; i < rows->c->n_cats; i++)
        if (risen[i])
            n += bmx_monotone_rows_above_in(rows, i, l->reach, l->least, l->has, l->fresh + n);
    for (uint32_t s = 0; s < rows->c->n_steps; s++)
        for (uint32_t r = rows->first[s]; fallen[s] && r < rows->first[s + 1]; r++)
            if (!(l->has[r / 64] >> r % 64 & 1) &&
                bmx_rows_dot(&rows->pair, r, l->reach) > l->least[s]) {
                set_bit(l->has, r);
                l->fresh[n++] = r;
            }
    return add_fresh(l, n, err);
}

/* Extend the list, or make it anew. */
static bpemix_status change(bmx_listing *l, const double *alpha, const double *theta, bool anew,
                            bpemix_error *err)
{
    const bmx_monotone_rows *rows = l->rows;
    double more;
    bool *risen = bmx_malloc(rows->c->n_cats + (size_t)rows->c->n_steps, sizeof *risen);
    bool *fallen = risen ? risen + rows->c->n_cats : NULL;
    bpemix_status st;

    if (!risen)
        return bmx_nomem(err);
    l->version++;
    more = move_bounds(l, alpha, theta, anew, risen, fallen);
    if (anew || more > FEW * (double)rows->pair.nnz)
        st = list_all(l, err);
    else
        st = list_more(l, risen, fallen, (size_t)more, err);
    if (anew)
        l->waste = 0;
    bmx_free(risen);
    return st;
}

bpemix_status bmx_listing_widen(bmx_listing *l, const double *alpha, const double *theta,
                                bpemix_error *err)
{
    double longest = fmax(LONGEST * (double)l->rows->pair.n, l->rows->c->n_steps);

    return change(l, alpha, theta, l->n == 0 || (double)l->n > longest, err);
}

bpemix_status bmx_listing_renew(bmx_listing *l, const double *alpha, const double *theta,
                                bpemix_error *err)
{
    return change(l, alpha, theta, true, err);
}

bool bmx_listing_wastes(bmx_listing *l, size_t of_use)
{
    l->waste += fmax((double)l->n - TIGHT * (double)of_use, 0);
    return l->waste > (double)l->rows->pair.n;
}

void bmx_listing_count(bmx_listing *l, const double *alpha)
{
    bmx_strips_dot(&l->strips, alpha, l->count);
}

void bmx_listing_rescale(bmx_listing *l, const double *factor)
{
    bmx_strips_rescale(&l->strips, factor);
    for (size_t i = 0; i < l->rows->c->n_cats; i++)
        l->reach[i] /= factor[i];
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/strips.h"

#include <string.h>

void bmx_strips_release(bmx_strips *s)
{
    bmx_free(s->row);
    bmx_free(s->first);
    bmx_free(s->cat);
    bmx_free(s->x);
    bmx_free(s->order);
    *s = (bmx_strips){ 0 };
}

/* Rows with more entries than this are not sorted by length. */
#define LONG 255

static size_t length_of(const bmx_rows *rows, uint32_t row)
{
    return rows->first[row + 1] - rows->first[row];
}

static uint32_t row_of(const uint32_t *some, size_t k) { return some ? some[k] : (uint32_t)k; }

/* order[n]: places in `some` by rising length. */
static void sort_by_length(const bmx_rows *rows, const uint32_t *some, size_t n, uint32_t *order)
{
    size_t at[LONG + 2] = { 0 };

    for (size_t k = 0; k < n; k++) {
        size_t length = length_of(rows, row_of(some, k));

        at[(length < LONG ? length : LONG) + 1]++;
    }
    for (size_t v = 0; v <= LONG; v++)
        at[v + 1] += at[v];
    for (size_t k = 0; k < n; k++) {
        size_t length = length_of(rows, row_of(some, k));

        order[at[length < LONG ? length : LONG]++] = (uint32_t)k;
    }
}

void bmx_strips_clear(bmx_strips *s) { s->n_strips = 0; }

static uint64_t end_of(const bmx_strips *s) { return s->n_strips ? s->first[s->n_strips] : 0; }

static bpemix_status reserve(bmx_strips *s, size_t n_strips, uint64_t length, bpemix_error *err)
{
    if (bmx_reserve(&s->row, &s->row_cap, n_strips * BMX_STRIP, sizeof *s->row, err) ||
        bmx_reserve(&s->first, &s->first_cap, n_strips + 1, sizeof *s->first, err) ||
        bmx_reserve(&s->cat, &s->cat_cap, length * BMX_STRIP, sizeof *s->cat, err) ||
        bmx_reserve(&s->x, &s->x_cap, length * BMX_STRIP, sizeof *s->x, err))
        return BPEMIX_E_NOMEM;
    return BPEMIX_OK;
}

bpemix_status bmx_strips_copy(bmx_strips *s, const bmx_strips *from, bpemix_error *err)
{
    size_t n = from->n_strips, length = end_of(from);

    if (reserve(s, n, length, err))
        return BPEMIX_E_NOMEM;
    if ((s->n_strips = n) > 0) {
        memcpy(s->row, from->row, n * BMX_STRIP * sizeof *s->row);
        memcpy(s->first, from->first, (n + 1) * sizeof *s->first);
        memcpy(s->cat, from->cat, length * BMX_STRIP * sizeof *s->cat);
        memcpy(s->x, from->x, length * BMX_STRIP * sizeof *s->x);
    }
    return BPEMIX_OK;
}

/* Row `row` as column k of a strip of `length`. */
static void fill(const bmx_rows *rows, uint32_t row, size_t length, uint32_t *cat, double *x)
{
    size_t entries = length_of(rows, row);

    for (size_t j = 0; j < length; j++) {
        bool has = j < entries;

        cat[j * BMX_STRIP] = has ? rows->cat[rows->first[row] + j] : 0;
        x[j * BMX_STRIP] = has ? rows->x[rows->first[row] + j] : 0;
    }
}

bpemix_status bmx_strips_add(bmx_strips *s, const bmx_rows *rows, const uint32_t *some, size_t n,
                             uint32_t at, bpemix_error *err)
{
    size_t n_strips = s->n_strips + (n + BMX_STRIP - 1) / BMX_STRIP;

    if (bmx_reserve(&s->order, &s->order_cap, n, sizeof *s->order, err))
        return BPEMIX_E_NOMEM;
    sort_by_length(rows, some, n, s->order);
    for (size_t k = 0, i = s->n_strips; i < n_strips; i++, k += BMX_STRIP) {
        uint64_t begin = i ? s->first[i] : 0, length = 0;

        for (size_t a = 0; a < BMX_STRIP; a++) {
            uint64_t entries = length_of(rows, row_of(some, s->order[k + a < n ? k + a : n - 1]));

            length = entries > length ? entries : length;
        }
        if (reserve(s, i + 1, begin + length, err))
            return BPEMIX_E_NOMEM;
        for (size_t a = 0; a < BMX_STRIP; a++) {
            uint32_t place = s->order[k + a < n ? k + a : n - 1];

            s->row[i * BMX_STRIP + a] = at + place;
            fill(rows, row_of(some, place), length, s->cat + begin * BMX_STRIP + a,
                 s->x + begin * BMX_STRIP + a);
        }
        s->first[i] = begin;
        s->first[i + 1] = begin + length;
    }
    s->n_strips = n_strips;
    return BPEMIX_OK;
}

void bmx_strips_move(bmx_strips *s, const uint32_t *place)
{
    for (size_t k = 0; k < s->n_strips * BMX_STRIP; k++)
        s->row[k] = place[s->row[k]];
}

void bmx_strips_rescale(bmx_strips *s, const double *factor)
{
    uint64_t n = end_of(s) * BMX_STRIP;

    for (uint64_t j = 0; j < n; j++)
        s->x[j] *= factor[s->cat[j]];
}

/* The sums of a strip stand in variables: an array that a loop copies would be kept in memory, and
 * each entry would wait for that. */
void bmx_strips_dot(const bmx_strips *s, const double *alpha, double *out)
{
    _Static_assert(BMX_STRIP == 4, "written out for strips of four rows");
    for (size_t i = 0; i < s->n_strips; i++) {
        const uint32_t *cat = s->cat + s->first[i] * BMX_STRIP, *row = s->row + i * BMX_STRIP;
        const double *x = s->x + s->first[i] * BMX_STRIP;
        double a = 0, b = 0, c = 0, d = 0;

        for (uint64_t j = s->first[i]; j < s->first[i + 1]; j++, cat += BMX_STRIP, x += BMX_STRIP) {
            a += alpha[cat[0]] * x[0];
            b += alpha[cat[1]] * x[1];
            c += alpha[cat[2]] * x[2];
            d += alpha[cat[3]] * x[3];
        }
        out[row[0]] = a;
        out[row[1]] = b;
        out[row[2]] = c;
        out[row[3]] = d;
    }
}

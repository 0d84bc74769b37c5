/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monotone_rows.c - pairs that are never merged, found, measured and put in order. */
#include "solve/monotone_rows.h"
#include "base/assert.h"
#include "base/cancel.h"

#include <math.h>
#include <string.h>

/* before[t], t = 0 .. n_merges: how many compact steps are of merges before t. */
static uint32_t *steps_before(const bmx_constraints *c)
{
    uint32_t n = c->trace->n_merges, k = 0;
    uint32_t *before = bmx_malloc((size_t)n + 1, sizeof *before);

    for (uint32_t t = 0; before && t <= n; t++) {
        before[t] = k;
        k += k < c->n_steps && c->step[k] == t;
    }
    return before;
}

/* The last compact step at which a pair that is never merged competes; BMX_NONE: there is none. */
static uint32_t last_step(const bmx_constraints *c, const bmx_pair *pair, const uint32_t *before)
{
    uint32_t n_merges = c->trace->n_merges, at = pair->merged_at;
    uint32_t end = pair->end < at ? pair->end : at, steps;

    if (at < n_merges && before[at + 1] > before[at]) /* merged, where a step is constrained */
        return BMX_NONE;
    steps = end < n_merges ? before[end] : c->n_steps;
    return steps > 0 ? steps - 1 : BMX_NONE;
}

/* Pairs never merged that compete at some step, each at its last one, in the order of the trace, so
 * that its events are read one after the other. */
static bpemix_status find_places(const bmx_constraints *c, bmx_place **out, size_t *n_out,
                                 bpemix_error *err)
{
    const bpemix_trace *tr = c->trace;
    uint32_t *before = steps_before(c), step;
    bmx_place *place = NULL;
    size_t n = 0, cap = 0;
    bpemix_status st = before ? BPEMIX_OK : bmx_nomem(err);

    for (uint32_t p = 0; p < tr->n_pairs && !st; p++)
        if ((step = last_step(c, &tr->pair[p], before)) != BMX_NONE &&
            !(st = bmx_reserve(&place, &cap, n + 1, sizeof *place, err)))
            place[n++] = (bmx_place){ p, step };
    bmx_free(before);
    if (st) {
        bmx_free(place);
        return st;
    }
    *out = place;
    *n_out = n;
    return BPEMIX_OK;
}

/* What a count of a category is compared with for the level of a row: the counts of its
 * merges, or a part of all its pairs where they are few.  Rescaling changes both alike. */
#define FEW_MERGES 1e-3

static int8_t level_of(const bmx_monotone_rows *m, const double *x, const uint32_t *some, size_t n)
{
    double top = 0;
    int exponent;

    for (size_t k = 0; k < n; k++)
        top = fmax(top, x[some[k]] / m->size[some[k]]);
    (void)frexp(top, &exponent); /* top < 2^exponent */
    return (int8_t)(exponent < -120 ? -120 : exponent > 120 ? 120 : exponent);
}

/* The numbers of the bits that are set, rising, into out[]; the bits are cleared. */
static size_t take_bits(uint64_t *bits, size_t n_words, uint32_t *out)
{
    size_t n = 0;

    for (size_t w = 0; w < n_words; w++)
        for (; bits[w]; bits[w] &= bits[w] - 1)
            out[n++] = (uint32_t)(64 * w) + (uint32_t)__builtin_ctzll(bits[w]);
    return n;
}

/* Rows in the order of places, which end up in m->at without those that have no count.  Entries of
 * a row are by category, so that sums over a row do not depend on the order of the events. */
static bpemix_status build_rows(bmx_monotone_rows *m, size_t n, bpemix_error *err)
{
    const bmx_constraints *c = m->c;
    const bpemix_trace *tr = c->trace;
    double *x = bmx_calloc(c->n_cats, sizeof *x); /* all 0 between two pairs */
    uint32_t *seen = bmx_malloc(c->n_cats, sizeof *seen);
    size_t n_words = c->n_cats / 64 + 1;
    uint64_t *mark = bmx_calloc(n_words, sizeof *mark); /* a bit of each category */
    bpemix_status st;

    m->level = bmx_malloc(n, sizeof *m->level);
    st = x && seen && mark && m->level ? BPEMIX_OK : bmx_nomem(err);
    for (size_t k = 0; k < n && !st; k++) {
        uint32_t t = c->step[m->at[k].step];
        size_t n_seen;
        uint64_t total = 0;
        if (k % 65536 == 0 && (st = bmx_check_cancel(err)))
            break;
        for (uint64_t e = tr->first[m->at[k].pair];
             e < tr->first[m->at[k].pair + 1] && tr->event[e].step <= t; e++) {
            uint32_t cat = c->view->cat[tr->event[e].cat];
            if (cat == BMX_NONE)
                continue;
            mark[cat / 64] |= UINT64_C(1) << cat % 64;
            x[cat] += (double)tr->event[e].delta;
            total += (uint64_t)tr->event[e].delta;
        }
        n_seen = take_bits(mark, n_words, seen);
        for (size_t i = 0; i < n_seen; i++)
            x[seen[i]] *= c->scale[seen[i]];
        if (total && !(st = bmx_rows_push_some(&m->pair, x, seen, n_seen, err))) {
            m->at[m->pair.n - 1] = m->at[k];
            m->level[m->pair.n - 1] = level_of(m, x, seen, n_seen);
        }
        for (size_t i = 0; i < n_seen; i++)
            x[seen[i]] = 0;
    }
    bmx_free(seen);
    bmx_free(mark);
    bmx_free(x);
    return st;
}

/* order[pair.n]: rows by step, and by falling level within a step; R1 of first.  Sorted by level
 * first, then by step without changing the order of rows of one step. */
static void order_rows(bmx_monotone_rows *m, uint32_t *by_level, uint32_t *order)
{
    uint32_t count[257] = { 0 }, sum = 0, *first = m->first;

    for (size_t r = 0; r < m->pair.n; r++) {
        count[127 - m->level[r] + 1]++;
        first[m->at[r].step + 1]++;
    }
    for (int v = 0; v < 256; v++)
        count[v + 1] += count[v];
    for (uint32_t r = 0; r < m->pair.n; r++)
        by_level[count[127 - m->level[r]]++] = r;
    /* first[s + 1] is where step s begins, then where its next row goes */
    for (uint32_t s = 0; s < m->c->n_steps; s++) {
        uint32_t n = first[s + 1];

        first[s + 1] = sum;
        sum += n;
    }
    for (size_t k = 0; k < m->pair.n; k++)
        order[first[m->at[by_level[k]].step + 1]++] = by_level[k];
}

static bpemix_status sort_rows(bmx_monotone_rows *m, bpemix_error *err)
{
    size_t n = m->pair.n;
    uint32_t *order = bmx_malloc(2 * n, sizeof *order);
    bmx_place *at = bmx_malloc(n, sizeof *at);
    int8_t *level = bmx_malloc(n, sizeof *level);
    bmx_rows sorted = { 0 };
    bpemix_status st = order && at && level ? BPEMIX_OK : bmx_nomem(err);

    m->first = bmx_calloc(m->c->n_steps + 1, sizeof *m->first);
    if (!m->first)
        st = bmx_nomem(err);
    if (!st) {
        order_rows(m, order + n, order);
        st = bmx_rows_copy(&m->pair, order, &sorted, err);
    }
    for (size_t r = 0; r < n && !st; r++) {
        at[r] = m->at[order[r]];
        level[r] = m->level[order[r]];
    }
    bmx_free(order);
    if (st) {
        bmx_free(at);
        bmx_free(level);
        return st;
    }
    bmx_rows_release(&m->pair);
    bmx_free(m->at);
    bmx_free(m->level);
    m->pair = sorted;
    m->at = at;
    m->level = level;
    return BPEMIX_OK;
}

/* R4: first[i + 1] is where category i starts, then where its next row goes. */
static bpemix_status index_categories(bmx_monotone_rows *m, bpemix_error *err)
{
    const bmx_rows *pair = &m->pair;
    uint64_t at = 0;

    m->cat_first = bmx_calloc(m->c->n_cats + 1, sizeof *m->cat_first);
    m->cat_row = bmx_malloc(pair->nnz, sizeof *m->cat_row);
    if (!m->cat_first || !m->cat_row)
        return bmx_nomem(err);
    for (uint64_t j = 0; j < pair->nnz; j++)
        m->cat_first[pair->cat[j] + 1]++;
    for (size_t i = 0; i < m->c->n_cats; i++) {
        uint64_t n = m->cat_first[i + 1];

        m->cat_first[i + 1] = at;
        at += n;
    }
    for (size_t r = 0; r < pair->n; r++)
        for (uint64_t j = pair->first[r]; j < pair->first[r + 1]; j++)
            m->cat_row[m->cat_first[pair->cat[j] + 1]++] = (uint32_t)r;
    return BPEMIX_OK;
}

static void measure(bmx_monotone_rows *m)
{
    const bmx_constraints *c = m->c;

    for (size_t i = 0; i < c->n_cats; i++)
        m->size[i] = c->merge_sum[i] + FEW_MERGES * 1e6 * c->unit[i];
}

#ifdef BMX_CHECKED
/* R1, R2 and R4. */
static bool is_sound(const bmx_monotone_rows *m)
{
    const bmx_rows *pair = &m->pair;
    bool good = m->first[0] == 0 && m->first[m->c->n_steps] == pair->n &&
                m->cat_first[m->c->n_cats] == pair->nnz;

    for (uint32_t s = 0; s < m->c->n_steps && good; s++)
        for (uint32_t r = m->first[s]; r < m->first[s + 1] && good; r++)
            good = m->at[r].step == s && (r == m->first[s] || m->level[r] <= m->level[r - 1]);
    for (size_t i = 0; i < m->c->n_cats && good; i++)
        for (uint64_t j = m->cat_first[i]; j < m->cat_first[i + 1] && good; j++)
            good = m->cat_row[j] < pair->n &&
                   (j == m->cat_first[i] || m->cat_row[j] > m->cat_row[j - 1]);
    return good;
}
#endif

/* at[n] becomes a part of *out, or is freed. */
static bpemix_status build_at(const bmx_constraints *c, bmx_place *at, size_t n,
                              bmx_monotone_rows *out, bpemix_error *err)
{
    bmx_monotone_rows m = { .c = c, .at = at };
    bpemix_status st = BPEMIX_OK;

    if (!(m.size = bmx_malloc(c->n_cats, sizeof *m.size))) {
        bmx_free(at);
        return bmx_nomem(err);
    }
    measure(&m);
    if (!(st = build_rows(&m, n, err)) && !(st = sort_rows(&m, err)))
        st = index_categories(&m, err);
    if (st) {
        bmx_monotone_rows_release(&m);
        return st;
    }
    BMX_ASSERT(is_sound(&m)); /* R1, R2, R4 */
    *out = m;
    return BPEMIX_OK;
}

bpemix_status bmx_monotone_rows_build(const bmx_constraints *c, bmx_monotone_rows *out,
                                      bpemix_error *err)
{
    bmx_place *at = NULL;
    size_t n = 0;
    bpemix_status st = find_places(c, &at, &n, err);

    return st ? st : build_at(c, at, n, out, err);
}

bpemix_status bmx_monotone_rows_build_some(const bmx_constraints *c, const bmx_place *place,
                                           size_t n, bmx_monotone_rows *out, bpemix_error *err)
{
    bmx_place *at = bmx_malloc(n, sizeof *at);

    if (!at)
        return bmx_nomem(err);
    if (n)
        memcpy(at, place, n * sizeof *at);
    return build_at(c, at, n, out, err);
}

void bmx_monotone_rows_release(bmx_monotone_rows *m)
{
    bmx_rows_release(&m->pair);
    bmx_free(m->at);
    bmx_free(m->first);
    bmx_free(m->level);
    bmx_free(m->size);
    bmx_free(m->cat_first);
    bmx_free(m->cat_row);
    *m = (bmx_monotone_rows){ 0 };
}

void bmx_monotone_rows_rescale(bmx_monotone_rows *m, const double *factor)
{
    bmx_rows_rescale(&m->pair, factor);
    measure(m);
}

size_t bmx_monotone_rows_find(const bmx_monotone_rows *m, uint32_t step, uint32_t pair)
{
    const bmx_constraints *c = m->c;
    uint32_t lo = bmx_constraints_first_step(c, step);

    if (lo == c->n_steps || c->step[lo] != step)
        return SIZE_MAX;
    if (pair == BMX_NONE)
        return lo;
    for (uint32_t r = m->first[lo]; r < m->first[lo + 1]; r++)
        if (m->at[r].pair == pair)
            return c->n_steps + r;
    return SIZE_MAX;
}

/* The least level of a row that may be above `bound`: size 2^level > bound. */
static int least_level(double size, double bound)
{
    int level;

    if (!(size > 0))
        return INT8_MAX + 1;
    if (!(bound > 0))
        return INT8_MIN;
    level = ilogb(bound / size);
    level = level < INT8_MIN ? INT8_MIN : level > INT8_MAX ? INT8_MAX : level;
    while (level > INT8_MIN && ldexp(size, level - 1) > bound)
        level--;
    while (level <= INT8_MAX && ldexp(size, level) <= bound)
        level++;
    return level;
}

double bmx_monotone_rows_size(const bmx_monotone_rows *m, const double *alpha)
{
    double size = 0;

    for (size_t i = 0; i < m->c->n_cats; i++)
        size += m->size[i] * alpha[i];
    return size;
}

size_t bmx_monotone_rows_above(const bmx_monotone_rows *m, const double *alpha, const double *bound,
                               uint32_t *out)
{
    double size = bmx_monotone_rows_size(m, alpha);
    size_t n = 0;

    for (uint32_t s = 0; s < m->c->n_steps; s++) {
        int least = least_level(size, bound[s]);

        for (uint32_t r = m->first[s]; r < m->first[s + 1] && m->level[r] >= least; r++)
            if (bmx_rows_dot(&m->pair, r, alpha) > bound[s])
                out[n++] = r;
    }
    return n;
}

size_t bmx_monotone_rows_above_in(const bmx_monotone_rows *m, uint32_t cat, const double *alpha,
                                  const double *bound, uint64_t *has, uint32_t *out)
{
    double size = bmx_monotone_rows_size(m, alpha), top[256]; /* R3 */
    size_t n = 0;

    for (int level = INT8_MIN; level <= INT8_MAX; level++)
        top[level - INT8_MIN] = ldexp(size, level);
    for (uint64_t k = m->cat_first[cat]; k < m->cat_first[cat + 1]; k++) {
        uint32_t r = m->cat_row[k];
        double least = bound[m->at[r].step];

        if (top[m->level[r] - INT8_MIN] > least && !(has[r / 64] >> r % 64 & 1) &&
            bmx_rows_dot(&m->pair, r, alpha) > least) {
            has[r / 64] |= UINT64_C(1) << r % 64;
            out[n++] = r;
        }
    }
    return n;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* constraint.c - rows of rivals, and counts of the constrained merges and their competing pairs. */
#include "solve/constraint.h"
#include "base/assert.h"
#include "base/cancel.h"

#include <math.h>
#include <string.h>

/* Merges that, by their flags, do not stand in the order of counts. */
#define UNCONSTRAINED \
    (BMX_MERGE_REPEATED | BMX_MERGE_MANUAL | BMX_MERGE_TOO_LONG | BMX_MERGE_UNKNOWN | \
     BMX_MERGE_UNTRUE)

void bmx_rows_release(bmx_rows *r)
{
    bmx_free(r->first);
    bmx_free(r->cat);
    bmx_free(r->x);
    *r = (bmx_rows){ 0 };
}

static bpemix_status reserve_row(bmx_rows *r, size_t n, bpemix_error *err)
{
    if (bmx_reserve(&r->first, &r->first_cap, r->n + 2, sizeof *r->first, err) ||
        bmx_reserve(&r->cat, &r->cat_cap, r->nnz + n, sizeof *r->cat, err) ||
        bmx_reserve(&r->x, &r->x_cap, r->nnz + n, sizeof *r->x, err))
        return BPEMIX_E_NOMEM;
    if (r->n == 0)
        r->first[0] = 0;
    return BPEMIX_OK;
}

static void put(bmx_rows *r, uint32_t cat, double x)
{
    if (x == 0)
        return;
    r->cat[r->nnz] = cat;
    r->x[r->nnz++] = x;
}

bpemix_status bmx_rows_push(bmx_rows *r, const double *x, size_t n, bpemix_error *err)
{
    size_t nnz = 0;

    for (size_t i = 0; i < n; i++)
        nnz += x[i] != 0;
    if (reserve_row(r, nnz, err))
        return BPEMIX_E_NOMEM;
    for (size_t i = 0; i < n; i++)
        put(r, (uint32_t)i, x[i]);
    r->first[++r->n] = r->nnz;
    return BPEMIX_OK;
}

bpemix_status bmx_rows_push_some(bmx_rows *r, const double *x, const uint32_t *some, size_t n,
                                 bpemix_error *err)
{
    if (reserve_row(r, n, err))
        return BPEMIX_E_NOMEM;
    for (size_t k = 0; k < n; k++)
        put(r, some[k], x[some[k]]);
    r->first[++r->n] = r->nnz;
    return BPEMIX_OK;
}

bpemix_status bmx_rows_copy(const bmx_rows *from, const uint32_t *order, bmx_rows *out,
                            bpemix_error *err)
{
    bmx_rows r = { .n = from->n, .nnz = from->nnz, .first_cap = from->n + 1, .cat_cap = from->nnz,
                   .x_cap = from->nnz };
    uint64_t at = 0;

    r.first = bmx_calloc(r.n + 1, sizeof *r.first);
    r.cat = bmx_malloc(r.nnz, sizeof *r.cat);
    r.x = bmx_malloc(r.nnz, sizeof *r.x);
    if (!r.first || !r.cat || !r.x) {
        bmx_rows_release(&r);
        return bmx_nomem(err);
    }
    for (size_t k = 0; k < r.n; k++) {
        for (uint64_t j = from->first[order[k]]; j < from->first[order[k] + 1]; j++, at++) {
            r.cat[at] = from->cat[j];
            r.x[at] = from->x[j];
        }
        r.first[k + 1] = at;
    }
    *out = r;
    return BPEMIX_OK;
}

void bmx_rows_add_to(const bmx_rows *r, size_t row, double factor, double *x)
{
    for (uint64_t j = r->first[row]; j < r->first[row + 1]; j++)
        x[r->cat[j]] += factor * r->x[j];
}

/* has[cat] = true for the categories of which some row has a count. */
static void mark_categories(const bmx_rows *r, bool *has)
{
    for (uint64_t j = 0; j < r->nnz; j++)
        has[r->cat[j]] = true;
}

void bmx_constraints_release(bmx_constraints *c)
{
    bmx_free(c->scale);
    bmx_free(c->unit);
    bmx_free(c->merge_sum);
    bmx_free(c->held);
    bmx_free(c->tally);
    bmx_free(c->step);
    bmx_rows_release(&c->merge);
    bmx_free(c->pair);
    bmx_free(c->first);
    bmx_free(c->state);
    bmx_free(c->missing);
    *c = (bmx_constraints){ 0 };
}

/* Counts of a pair after the first `step` merges, scaled, into x[n_cats]
 * (zeroed here).  False when all of them are 0. */
static bool counts_at(const bmx_constraints *c, uint32_t pair, uint32_t step, double *x)
{
    const bpemix_trace *tr = c->trace;
    uint64_t total = 0;

    memset(x, 0, c->n_cats * sizeof *x);
    for (uint64_t e = tr->first[pair]; e < tr->first[pair + 1] && tr->event[e].step <= step; e++) {
        uint32_t cat = c->view->cat[tr->event[e].cat];
        if (cat == BMX_NONE)
            continue;
        x[cat] += (double)tr->event[e].delta;
        total += (uint64_t)tr->event[e].delta;
    }
    for (size_t i = 0; i < c->n_cats; i++)
        x[i] *= c->scale[i];
    return total != 0;
}

/* Which steps carry a constraint, and the counts of their merges. */
static bpemix_status choose_steps(bmx_constraints *c, bpemix_error *err)
{
    const bpemix_trace *tr = c->trace;
    uint32_t n = c->merge_to - c->merge_from;
    double *x = bmx_malloc(c->n_cats, sizeof *x);
    bpemix_status st = BPEMIX_OK;

    c->step = bmx_malloc(n, sizeof *c->step);
    c->missing = bmx_malloc(n, sizeof *c->missing);
    if (!x || !c->step || !c->missing)
        st = bmx_nomem(err);
    for (uint32_t t = c->merge_from; t < c->merge_to && !st; t++) {
        bmx_trace_fetch_ahead(tr, t);
        if (tr->merge[t].flags & UNCONSTRAINED) {
            c->n_excluded++;
        } else if (tr->merge_pair[t] == BMX_NONE || !counts_at(c, tr->merge_pair[t], t, x)) {
            c->missing[c->n_missing++] = t;
        } else {
            st = bmx_rows_push(&c->merge, x, c->n_cats, err);
            c->step[c->n_steps++] = t;
        }
    }
    bmx_free(x);
    return st;
}

/* The first compact step whose merge is t or later, for t = 0 .. n_merges. */
static uint32_t *compact_index(const bmx_constraints *c)
{
    uint32_t n = c->trace->n_merges, k = 0;
    uint32_t *map = bmx_malloc((size_t)n + 1, sizeof *map);

    for (uint32_t t = 0; map && t <= n; t++) {
        while (k < c->n_steps && c->step[k] < t)
            k++;
        map[t] = k;
    }
    return map;
}

/* The first compact step at which a pair is no rival any more. */
static uint32_t end_of(const bmx_constraints *c, uint32_t pair, const uint32_t *map)
{
    uint32_t end = c->trace->pair[pair].end;
    return end <= c->trace->n_merges ? map[end] : c->n_steps;
}

/* Does the category have a count of the pair at a step where the pair is a rival? */
static bool competes(const bmx_constraints *c, uint32_t pair, const uint32_t *map, size_t cat)
{
    const bpemix_trace *tr = c->trace;
    uint32_t end = end_of(c, pair, map);
    uint64_t total = 0, last = tr->first[pair + 1];

    for (uint64_t e = tr->first[pair]; e < last && map[tr->event[e].step] < end; e++) {
        uint32_t hi = e + 1 < last ? map[tr->event[e + 1].step] : end;

        if (c->view->cat[tr->event[e].cat] == cat)
            total += (uint64_t)tr->event[e].delta;
        if (total && map[tr->event[e].step] < hi)
            return true;
    }
    return false;
}

/* A category with neither a merge nor a rival makes both sides of every row 0, so that share 1
 * satisfies all rows at no cost.  It is refused. */
static bpemix_status check_heard(const bmx_constraints *c, const uint32_t *map, bpemix_error *err)
{
    const bpemix_trace *tr = c->trace;
    bool *heard = bmx_calloc(c->n_cats, sizeof *heard);
    bpemix_status st = heard ? BPEMIX_OK : bmx_nomem(err);

    if (!st)
        mark_categories(&c->merge, heard);
    for (size_t i = 0; i < c->n_cats && !st; i++) {
        for (uint32_t p = 0; p < tr->n_pairs && !heard[i]; p++)
            heard[i] = competes(c, p, map, i);
        if (!heard[i])
            st = bmx_fail_hint(err, BPEMIX_E_EMPTY, bmx_view_category(c->view, i)->name,
                               "give it other text, leave it out, or choose another range of "
                               "merges",
                               "its sample has none of the merges %u to %u and no pair that might "
                               "have been one",
                               (unsigned)c->merge_from, (unsigned)c->merge_to);
    }
    bmx_free(heard);
    return st;
}

static bpemix_status add_states(bmx_constraints *c, uint32_t pair, const uint32_t *map,
                                bpemix_error *err)
{
    const bpemix_trace *tr = c->trace;
    uint64_t e = tr->first[pair], last = tr->first[pair + 1], total = 0;
    uint32_t end = end_of(c, pair, map);
    size_t before = c->n_states;

    while (e < last) {
        uint32_t lo = map[tr->event[e].step], hi;
        bool changed = false;
        for (; e < last && map[tr->event[e].step] == lo; e++)
            if (c->view->cat[tr->event[e].cat] != BMX_NONE) {
                total += (uint64_t)tr->event[e].delta;
                changed = true;
            }
        if (lo >= end)
            break;
        hi = e < last && map[tr->event[e].step] < end ? map[tr->event[e].step] : end;
        if (total == 0)
            continue; /* S2 */
        if (!changed) { /* only events of tallies that are left out: the state before continues */
            c->state[c->n_states - 1].hi = hi;
            c->state[c->n_states - 1].end = e;
            continue;
        }
        if (bmx_reserve(&c->state, &c->state_cap, c->n_states + 1, sizeof *c->state, err))
            return BPEMIX_E_NOMEM;
        c->state[c->n_states++] = (bmx_state){ .lo = lo, .hi = hi, .end = e };
    }
    if (c->n_states == before)
        return BPEMIX_OK;
    if (bmx_reserve(&c->pair, &c->pair_cap, c->n_pairs + 1, sizeof *c->pair, err) ||
        bmx_reserve(&c->first, &c->first_cap, c->n_pairs + 2, sizeof *c->first, err))
        return BPEMIX_E_NOMEM;
    c->pair[c->n_pairs] = pair;
    c->first[c->n_pairs++] = before;
    c->first[c->n_pairs] = c->n_states;
    return BPEMIX_OK;
}

static bpemix_status allocate(bmx_constraints *c, bpemix_error *err)
{
    c->scale = bmx_malloc(c->n_cats, sizeof *c->scale);
    c->unit = bmx_malloc(c->n_cats, sizeof *c->unit);
    c->merge_sum = bmx_calloc(c->n_cats, sizeof *c->merge_sum);
    c->held = bmx_calloc(c->n_cats, sizeof *c->held);
    c->tally = bmx_malloc(c->trace->n_cats, sizeof *c->tally);
    return c->tally && c->scale && c->unit && c->merge_sum && c->held ? BPEMIX_OK : bmx_nomem(err);
}

#ifdef BMX_CHECKED
/* S2 and S3 of state j of pair k: of the events that the view counts, those before `end` are up to
 * the state's first step, and the others behind its last; and some category has a count there. */
static bool is_state(const bmx_constraints *c, size_t k, uint64_t j)
{
    const bpemix_trace *tr = c->trace;
    const bmx_state *s = &c->state[j];
    uint32_t p = c->pair[k], first = c->step[s->lo], last = c->step[s->hi - 1];
    bool some = false;

    memset(c->tally, 0, tr->n_cats * sizeof *c->tally);
    for (uint64_t e = tr->first[p]; e < tr->first[p + 1]; e++) {
        const bmx_event *x = &tr->event[e];

        if (c->view->cat[x->cat] == BMX_NONE)
            continue;
        if (e < s->end ? x->step > first : x->step <= last)
            return false;
        c->tally[x->cat] += e < s->end ? x->delta : 0;
    }
    for (uint32_t i = 0; i < tr->n_cats; i++) {
        if (c->tally[i] < 0)
            return false;
        some = some || c->tally[i] > 0;
        c->tally[i] = 0;
    }
    return some;
}

/* S1 and S4, and of some states S2 and S3. */
static bool is_sound(const bmx_constraints *c)
{
    uint64_t every = c->n_states / 4096 + 1;
    bool good = true;

    for (size_t i = 0; i < c->n_cats && good; i++)
        good = c->scale[i] > 0 && c->unit[i] > 0;
    for (size_t k = 0; k < c->n_pairs && good; k++)
        for (uint64_t j = c->first[k]; j < c->first[k + 1] && good; j++)
            good = c->state[j].lo < c->state[j].hi &&
                   (j == c->first[k] || c->state[j - 1].hi <= c->state[j].lo) &&
                   (j % every || is_state(c, k, j));
    return good;
}
#endif

bpemix_status bmx_constraints_build(const bmx_view *view, uint32_t from, uint32_t to,
                                    bool with_states, bmx_constraints *out, bpemix_error *err)
{
    const bpemix_trace *tr = view->trace;
    bmx_constraints c = { .view = view, .trace = tr, .n_cats = view->n_cats, .merge_from = from,
                          .merge_to = to };
    bpemix_status st = BPEMIX_OK;
    uint32_t *map = NULL;

    if (c.n_cats == 0)
        return bmx_fail(err, BPEMIX_E_EMPTY, "", "no category");
    if (from >= to || to > tr->n_merges)
        return bmx_fail_hint(err, BPEMIX_E_USAGE, "", "choose another range of merges",
                             "no merges %u to %u: %u were counted", (unsigned)from, (unsigned)to,
                             (unsigned)tr->n_merges);
    for (size_t i = 0; i < c.n_cats; i++)
        if (view->pairs[i] == 0)
            return bmx_fail_hint(err, BPEMIX_E_EMPTY, bmx_view_category(view, i)->name,
                                 "give it more text or leave it out",
                                 "the sample has no pair of adjacent symbols");
    st = allocate(&c, err);
    for (size_t i = 0; i < c.n_cats && !st; i++) {
        c.scale[i] = 1e6 / (double)view->pairs[i];
        c.unit[i] = 1;
    }
    if (!st)
        st = choose_steps(&c, err);
    for (uint64_t j = 0; j < c.merge.nnz && !st; j++)
        c.merge_sum[c.merge.cat[j]] += c.merge.x[j];
    if (!st && c.n_steps == 0 && c.n_missing > 0)
        st = bmx_fail_hint(err, BPEMIX_E_EMPTY, "",
                           "check that the samples are of the kind the tokenizer was made for",
                           "none of the merges %u to %u occurs in any sample", (unsigned)from,
                           (unsigned)to);
    else if (!st && c.n_steps == 0)
        st = bmx_fail_hint(err, BPEMIX_E_USAGE, "", "choose another range of merges",
                           "all merges %u to %u are repeated, added by hand or otherwise not "
                           "learned", (unsigned)from, (unsigned)to);
    if (!st && !(map = compact_index(&c)))
        st = bmx_nomem(err);
    if (!st)
        st = check_heard(&c, map, err);
    for (uint32_t p = 0; with_states && p < tr->n_pairs && !st; p++) {
        if (p % 65536 == 0)
            st = bmx_check_cancel(err);
        if (!st)
            st = add_states(&c, p, map, err);
    }
    bmx_free(map);
    if (st) {
        bmx_constraints_release(&c);
        return st;
    }
    BMX_ASSERT(is_sound(&c)); /* S1 to S4 */
    *out = c;
    return BPEMIX_OK;
}

void bmx_constraints_rescale(bmx_constraints *c, const double *factor)
{
    for (size_t i = 0; i < c->n_cats; i++) {
        c->scale[i] *= factor[i];
        c->unit[i] *= factor[i];
        c->merge_sum[i] *= factor[i];
    }
    bmx_rows_rescale(&c->merge, factor);
}

void bmx_rows_rescale(bmx_rows *r, const double *factor)
{
    for (uint64_t j = 0; j < r->nnz; j++)
        r->x[j] *= factor[r->cat[j]];
}

void bmx_constraints_pair_shares(const bmx_constraints *c, const double *alpha, double *share)
{
    for (size_t i = 0; i < c->n_cats; i++)
        share[i] = alpha[i] * c->unit[i];
    bmx_view_normalize(c->view, share);
}

void bmx_constraints_byte_shares(const bmx_constraints *c, const double *alpha, double *share)
{
    for (size_t i = 0; i < c->n_cats; i++)
        share[i] = !bmx_view_covered(c->view, i)
                       ? 0
                       : alpha[i] * c->unit[i] * (double)c->view->bytes[i] /
                             (double)c->view->pairs[i];
    bmx_view_normalize(c->view, share);
    for (size_t i = 0; i < c->n_cats; i++)
        if (!bmx_view_covered(c->view, i))
            share[i] = NAN;
}

void bmx_constraints_merge_shares(const bmx_constraints *c, const double *alpha, double *share)
{
    for (size_t i = 0; i < c->n_cats; i++)
        share[i] = alpha[i] * c->merge_sum[i];
    bmx_view_normalize(c->view, share);
}

uint32_t bmx_constraints_first_step(const bmx_constraints *c, uint32_t merge)
{
    uint32_t lo = 0, hi = c->n_steps;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;

        if (c->step[mid] < merge)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

void bmx_constraints_merge_counts(const bmx_constraints *c, const double *alpha, double *b)
{
    for (uint32_t k = 0; k < c->n_steps; k++)
        b[k] = bmx_rows_dot(&c->merge, k, alpha);
}

/* Sums are of whole numbers, weights in parts of 2^-62 of the largest, so that they do not depend
 * on the order of the events of a step, which is that of the categories. */
void bmx_constraints_state_counts(const bmx_constraints *c, const double *alpha, double *w)
{
    const bmx_event *ev = c->trace->event;
    double most = 0, part;
    int exponent;

    for (size_t i = 0; i < c->n_cats; i++)
        most = fmax(most, alpha[i] * c->scale[i]);
    (void)frexp(most, &exponent); /* most < 2^exponent */
    exponent -= 62;
    part = ldexp(1, exponent);
    for (size_t tally = 0; tally < c->trace->n_cats; tally++) {
        uint32_t cat = c->view->cat[tally];
        c->tally[tally] = cat == BMX_NONE
                              ? 0
                              : llrint(ldexp(alpha[cat] * c->scale[cat], -exponent));
    }
    for (size_t k = 0; k < c->n_pairs; k++) {
        uint64_t e = c->trace->first[c->pair[k]];
        __int128 sum = 0;
        for (uint64_t s = c->first[k]; s < c->first[k + 1]; s++) {
            for (; e < c->state[s].end; e++)
                sum += (__int128)ev[e].delta * c->tally[ev[e].cat];
            w[s] = (double)sum * part;
        }
    }
}

void bmx_constraints_state_vector(const bmx_constraints *c, size_t k, uint64_t state, double *x)
{
    const bmx_event *ev = c->trace->event;

    memset(x, 0, c->n_cats * sizeof *x);
    for (uint64_t e = c->trace->first[c->pair[k]]; e < c->state[state].end; e++)
        if (c->view->cat[ev[e].cat] != BMX_NONE) /* whole numbers: a count of 0 comes out as 0 */
            x[c->view->cat[ev[e].cat]] += (double)ev[e].delta;
    for (size_t i = 0; i < c->n_cats; i++)
        x[i] *= c->scale[i];
}

void bmx_constraints_add_state(const bmx_constraints *c, size_t k, uint64_t state, double factor,
                               double *x)
{
    const bmx_event *ev = c->trace->event;

    for (uint64_t e = c->trace->first[c->pair[k]]; e < c->state[state].end; e++) {
        uint32_t cat = c->view->cat[ev[e].cat];
        if (cat != BMX_NONE)
            x[cat] += factor * ((double)ev[e].delta * c->scale[cat]);
    }
}

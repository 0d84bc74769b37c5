/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monotone.c - rows of the monotone problem and its optimum for fixed shares.
 *
 * For fixed shares this is isotonic regression with piecewise linear losses:
 * slope trick with one heap.  Going through the steps, the heap holds the
 * breakpoints of the slope of the best cost so far as a function of the last
 * theta; each hinge w max(0, W - theta) adds a breakpoint and owes weight w,
 * paid by the smallest breakpoints.  The value is exact, and so is the
 * subgradient sum_r y_r (counts of row r).
 *
 *     row 0 .. n_steps - 1          merges, at their own step
 *     row n_steps ..                pairs never merged, sorted by step
 *
 * Most pairs never merged lie far below theta: a list of those that do not is
 * kept.  A cut made without the others is still a cut; the upper bound looks
 * at every row that may be above theta, but only when it could be a new best.
 * Rows of a step stand by falling level, so that those that cannot are not read. */
#include "solve/monotone.h"
#include "base/cancel.h"
#include "base/heap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ACTIVE 0.5 /* listed when W > ACTIVE theta */

typedef struct entry {
    double x, weight;
    uint32_t row;
} entry;

typedef struct place {
    uint32_t pair, step;
} place;

struct bmx_monotone {
    const bmx_constraints *c;
    bool twin;            /* the rows and their weights are another's */
    bmx_rows pair;        /* pairs never merged */
    place *at;            /* at[pair.n]: which pair, at which step */
    uint32_t *first;      /* first[n_steps + 1]: rows of step s are first[s] .. first[s + 1] - 1 */
    int8_t *level;        /* level[pair.n]: no mixture rates row r above 2^level[r] size(alpha),
                             falling within a step */
    double *size;         /* size[n_cats]: size(alpha) = size . alpha */
    double *weight;       /* weight[n_steps + pair.n], NULL: 1 */
    double *whole;        /* weights before rows were left out, NULL: none ever were */
    uint32_t *active;     /* active[n_active], rising rows of `pair` */
    size_t n_active;
    entry *heap;
    size_t n_heap, heap_cap;
    double *b, *theta;    /* of the last call */
    double *y;            /* y[n_steps + pair.n] */
    double sum_v, sum_u;  /* at theta, unweighted */
};

void bmx_monotone_free(bmx_monotone *m)
{
    if (!m)
        return;
    if (!m->twin) {
        bmx_rows_release(&m->pair);
        bmx_free(m->at);
        bmx_free(m->first);
        bmx_free(m->level);
        bmx_free(m->size);
        bmx_free(m->weight);
        bmx_free(m->whole);
    }
    bmx_free(m->active);
    bmx_free(m->heap);
    bmx_free(m->b);
    bmx_free(m->theta);
    bmx_free(m->y);
    bmx_free(m);
}

/* ---- rows ---- */

static int by_step(const void *pa, const void *pb)
{
    const place *a = pa, *b = pb;
    if (a->step != b->step)
        return a->step < b->step ? -1 : 1;
    return a->pair < b->pair ? -1 : a->pair > b->pair;
}

/* Pairs never merged that compete at some step, each at its last one. */
static bpemix_status find_places(const bmx_constraints *c, place **out, size_t *n_out,
                                 bpemix_error *err)
{
    const bpemix_trace *tr = c->trace;
    bool *constrained = bmx_calloc(tr->n_merges, sizeof *constrained);
    place *at = NULL;
    size_t n = 0, cap = 0;
    bpemix_status st = constrained ? BPEMIX_OK : bmx_nomem(err);

    for (uint32_t k = 0; k < c->n_steps && !st; k++)
        constrained[c->step[k]] = true;
    for (uint32_t p = 0; p < tr->n_pairs && !st; p++) {
        const bmx_pair *pair = &tr->pair[p];
        uint32_t end = pair->end < pair->merged_at ? pair->end : pair->merged_at;
        uint32_t lo = 0, hi = c->n_steps; /* the first step >= end */
        if (pair->merged_at < tr->n_merges && constrained[pair->merged_at])
            continue;
        while (lo < hi) {
            uint32_t mid = lo + (hi - lo) / 2;
            if (c->step[mid] < end)
                lo = mid + 1;
            else
                hi = mid;
        }
        if (lo == 0)
            continue;
        if (!(st = bmx_reserve(&at, &cap, n + 1, sizeof *at, err)))
            at[n++] = (place){ p, lo - 1 };
    }
    bmx_free(constrained);
    if (st) {
        bmx_free(at);
        return st;
    }
    qsort(at, n, sizeof *at, by_step);
    *out = at;
    *n_out = n;
    return BPEMIX_OK;
}

/* What a count of a category is compared with for the level of a row: the counts of its
 * merges, or a part of all its pairs where they are few.  Rescaling changes both alike. */
#define FEW_MERGES 1e-3

static int8_t level_of(const bmx_monotone *m, const double *x, const uint32_t *some, size_t n)
{
    double top = 0;
    int exponent;

    for (size_t k = 0; k < n; k++)
        top = fmax(top, x[some[k]] / m->size[some[k]]);
    (void)frexp(top, &exponent); /* top < 2^exponent */
    return (int8_t)(exponent < -120 ? -120 : exponent > 120 ? 120 : exponent);
}

/* Rows in the order of places, which end up in m->at without those that have no count. */
static bpemix_status build_rows(bmx_monotone *m, size_t n, bpemix_error *err)
{
    const bmx_constraints *c = m->c;
    const bpemix_trace *tr = c->trace;
    double *x = bmx_calloc(c->n_cats, sizeof *x); /* all 0 between two pairs */
    uint32_t *seen = bmx_malloc(c->n_cats, sizeof *seen), *mark;
    bpemix_status st;

    mark = bmx_calloc(c->n_cats, sizeof *mark);
    m->level = bmx_malloc(n, sizeof *m->level);
    st = x && seen && mark && m->level ? BPEMIX_OK : bmx_nomem(err);
    for (size_t k = 0; k < n && !st; k++) {
        uint32_t t = c->step[m->at[k].step];
        size_t n_seen = 0;
        uint64_t total = 0;
        if (k % 65536 == 0 && (st = bmx_check_cancel(err)))
            break;
        for (uint64_t e = tr->first[m->at[k].pair];
             e < tr->first[m->at[k].pair + 1] && tr->event[e].step <= t; e++) {
            uint32_t cat = c->view->cat[tr->event[e].cat];
            if (cat == BMX_NONE)
                continue;
            if (mark[cat] != k + 1) {
                mark[cat] = (uint32_t)k + 1;
                seen[n_seen++] = cat;
            }
            x[cat] += (double)tr->event[e].delta;
            total += (uint64_t)tr->event[e].delta;
        }
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

/* order[pair.n]: rows by step, and by falling level within a step. */
static void order_rows(const bmx_monotone *m, uint32_t *order)
{
    for (uint32_t from = 0, to; from < m->pair.n; from = to) {
        uint32_t count[256] = { 0 }, sum = from;

        for (to = from; to < m->pair.n && m->at[to].step == m->at[from].step; to++)
            count[127 - m->level[to]]++;
        for (int v = 0; v < 256; v++) {
            uint32_t n = count[v];
            count[v] = sum;
            sum += n;
        }
        for (uint32_t r = from; r < to; r++)
            order[count[127 - m->level[r]]++] = r;
    }
}

static bpemix_status sort_rows(bmx_monotone *m, bpemix_error *err)
{
    size_t n = m->pair.n;
    uint32_t *order = bmx_malloc(n, sizeof *order);
    place *at = bmx_malloc(n, sizeof *at);
    int8_t *level = bmx_malloc(n, sizeof *level);
    bmx_rows sorted = { 0 };
    bpemix_status st = order && at && level ? BPEMIX_OK : bmx_nomem(err);

    m->first = bmx_calloc(m->c->n_steps + 1, sizeof *m->first);
    if (!m->first)
        st = bmx_nomem(err);
    if (!st) {
        order_rows(m, order);
        st = bmx_rows_copy(&m->pair, order, &sorted, err);
    }
    for (size_t r = 0; r < n && !st; r++) {
        at[r] = m->at[order[r]];
        level[r] = m->level[order[r]];
        m->first[at[r].step + 1]++;
    }
    for (uint32_t s = 0; s < m->c->n_steps && !st; s++)
        m->first[s + 1] += m->first[s];
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

static void measure(bmx_monotone *m)
{
    const bmx_constraints *c = m->c;

    for (size_t i = 0; i < c->n_cats; i++)
        m->size[i] = c->merge_sum[i] + FEW_MERGES * 1e6 * c->unit[i];
}

/* What a call writes. */
static bpemix_status make_room(bmx_monotone *m, bpemix_error *err)
{
    m->active = bmx_malloc(m->pair.n, sizeof *m->active);
    m->b = bmx_malloc(m->c->n_steps, sizeof *m->b);
    m->theta = bmx_malloc(m->c->n_steps, sizeof *m->theta);
    m->y = bmx_calloc(m->c->n_steps + m->pair.n, sizeof *m->y);
    return m->active && m->b && m->theta && m->y ? BPEMIX_OK : bmx_nomem(err);
}

bpemix_status bmx_monotone_twin(const bmx_monotone *m, bmx_monotone **out, bpemix_error *err)
{
    bmx_monotone *twin = bmx_malloc(1, sizeof *twin);
    bpemix_status st;

    if (!twin)
        return bmx_nomem(err);
    *twin = *m;
    twin->twin = true;
    twin->heap = NULL;
    twin->n_heap = twin->heap_cap = 0;
    if ((st = make_room(twin, err))) {
        bmx_monotone_free(twin);
        return st;
    }
    memcpy(twin->active, m->active, m->n_active * sizeof *m->active);
    *out = twin;
    return BPEMIX_OK;
}

bpemix_status bmx_monotone_new(const bmx_constraints *c, bmx_monotone **out, bpemix_error *err)
{
    bmx_monotone *m = bmx_calloc(1, sizeof *m);
    size_t n = 0;
    bpemix_status st;

    if (!m)
        return bmx_nomem(err);
    m->c = c;
    if (!(m->size = bmx_malloc(c->n_cats, sizeof *m->size))) {
        bmx_monotone_free(m);
        return bmx_nomem(err);
    }
    measure(m);
    if (!(st = find_places(c, &m->at, &n, err)) && !(st = build_rows(m, n, err)) &&
        !(st = sort_rows(m, err)))
        st = make_room(m, err);
    if (st) {
        bmx_monotone_free(m);
        return st;
    }
    for (size_t r = 0; r < m->pair.n; r++)
        m->active[m->n_active++] = (uint32_t)r;
    *out = m;
    return BPEMIX_OK;
}

/* ---- the heap, smallest first ---- */

static bool before(const void *none, const entry *a, const entry *b)
{
    (void)none;
    return a->x != b->x ? a->x < b->x : a->row < b->row;
}

BMX_HEAP(entries, entry, const void *, before)

static bpemix_status push(bmx_monotone *m, double x, double weight, uint32_t row, bpemix_error *err)
{
    if (m->n_heap == m->heap_cap &&
        bmx_reserve(&m->heap, &m->heap_cap, m->n_heap + 1, sizeof *m->heap, err))
        return BPEMIX_E_NOMEM;
    entries_push(NULL, m->heap, m->n_heap++, (entry){ x, weight, row });
    return BPEMIX_OK;
}

static void drop_first(bmx_monotone *m) { (void)entries_pop(NULL, m->heap, m->n_heap--); }

/* ---- fixed shares ---- */

static double weight_of(const bmx_monotone *m, size_t row) { return m->weight ? m->weight[row] : 1; }

/* w max(0, x - theta_s): a breakpoint, unless it would pay for itself at once.
 * What pays for itself still bounds theta from below. */
static bpemix_status hinge(bmx_monotone *m, double x, uint32_t row, double *owed, double *low,
                           bpemix_error *err)
{
    double w = weight_of(m, row);

    if (w == 0) /* left out: it does not even bound theta */
        return BPEMIX_OK;
    if (m->n_heap > 0 && x <= m->heap[0].x) {
        *low = x > *low ? x : *low;
        return BPEMIX_OK;
    }
    m->y[row] += w;
    *owed += w;
    return push(m, x, w, row, err);
}

/* Fills y and theta over merges and active pairs. */
static bpemix_status isotonic(bmx_monotone *m, const double *alpha, bpemix_error *err)
{
    const bmx_constraints *c = m->c;
    size_t k = 0;
    bpemix_status st = BPEMIX_OK;

    memset(m->y, 0, c->n_steps * sizeof *m->y);
    for (size_t i = 0; i < m->n_active; i++)
        m->y[c->n_steps + m->active[i]] = 0;
    m->n_heap = 0;
    for (uint32_t s = 0; s < c->n_steps && !st; s++) {
        double owed = 0, low = 0;
        st = push(m, m->b[s], weight_of(m, s), s, err);
        if (!st)
            st = hinge(m, m->b[s], s, &owed, &low, err);
        for (; k < m->n_active && m->at[m->active[k]].step == s && !st; k++)
            st = hinge(m, bmx_rows_dot(&m->pair, m->active[k], alpha), c->n_steps + m->active[k],
                       &owed, &low, err);
        while (owed > 0 && m->n_heap > 0 && !st) {
            entry *e = &m->heap[0];
            low = e->x > low ? e->x : low;
            if (e->weight > owed) {
                m->y[e->row] -= owed;
                e->weight -= owed;
                owed = 0;
            } else {
                m->y[e->row] -= e->weight;
                owed -= e->weight;
                drop_first(m);
            }
        }
        m->theta[s] = low;
    }
    for (uint32_t s = c->n_steps; s-- > 1 && !st;)
        if (m->theta[s - 1] < m->theta[s])
            m->theta[s - 1] = m->theta[s];
    return st;
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

/* The objective at theta; over all pairs that may be above it, making the active list anew. */
static double objective(bmx_monotone *m, const double *alpha)
{
    const bmx_constraints *c = m->c;
    double sum = 0, size = 0;

    m->sum_v = m->sum_u = 0;
    for (uint32_t s = 0; s < c->n_steps; s++) {
        double d = m->theta[s] - m->b[s];
        *(d > 0 ? &m->sum_v : &m->sum_u) += fabs(d);
        sum += weight_of(m, s) * fabs(d);
    }
    m->n_active = 0;
    for (size_t i = 0; i < c->n_cats; i++)
        size += m->size[i] * alpha[i];
    for (uint32_t s = 0; s < c->n_steps; s++) {
        double theta = m->theta[s];
        int least = least_level(size, ACTIVE * theta);
        for (uint32_t r = m->first[s]; r < m->first[s + 1]; r++) {
            double w;
            if (m->level[r] < least)
                break; /* so are all behind it */
            w = bmx_rows_dot(&m->pair, r, alpha);
            if (w > theta) {
                m->sum_u += w - theta;
                sum += weight_of(m, c->n_steps + r) * (w - theta);
            }
            if (w > ACTIVE * theta)
                m->active[m->n_active++] = r;
        }
    }
    return sum;
}

static bpemix_status eval(void *ctx, const double *alpha, double tolerance, double best,
                          double deadline, double *g, double *upper, bpemix_error *err)
{
    bmx_monotone *m = ctx;
    const bmx_constraints *c = m->c;
    double value = 0;
    bpemix_status st;

    (void)deadline; /* a call takes a tenth of a second */
    for (int attempt = 0;; attempt++) {
        bmx_constraints_merge_counts(c, alpha, m->b);
        if ((st = isotonic(m, alpha, err)))
            return st;
        memset(g, 0, c->n_cats * sizeof *g);
        for (uint32_t s = 0; s < c->n_steps; s++)
            if (m->y[s] != 0)
                bmx_rows_add_to(&c->merge, s, m->y[s], g);
        for (size_t k = 0; k < m->n_active; k++)
            if (m->y[c->n_steps + m->active[k]] != 0)
                bmx_rows_add_to(&m->pair, m->active[k], m->y[c->n_steps + m->active[k]], g);
        value = 0;
        for (size_t i = 0; i < c->n_cats; i++)
            value += alpha[i] * g[i];
        *upper = INFINITY;
        if (value >= best)
            return BPEMIX_OK;
        *upper = objective(m, alpha);
        /* pairs that were not listed matter here: once more with the new list */
        if (*upper - value <= fmax(1e-9, tolerance) * *upper || attempt == 3)
            return BPEMIX_OK;
    }
}

static void keep(void *ctx, bmx_optimum *out)
{
    bmx_monotone *m = ctx;

    memcpy(out->theta, m->theta, m->c->n_steps * sizeof *out->theta);
    out->slack_merges = m->sum_v;
    out->slack_pairs = m->sum_u;
}

bmx_oracle bmx_monotone_oracle(bmx_monotone *m)
{
    return (bmx_oracle){ .ctx = m, .exact = true, .eval = eval, .keep = keep };
}

/* ---- weights ---- */

double bmx_quarter_weight(double level, double top)
{
    return top > 0 ? pow(fmax(level, 1e-6 * top), -0.25) : 1;
}

bpemix_status bmx_monotone_weigh(bmx_monotone *m, const bmx_optimum *at, bpemix_error *err)
{
    const bmx_constraints *c = m->c;
    double *w = bmx_malloc(c->n_steps + m->pair.n, sizeof *w), sum = 0;
    double top = at->theta[0]; /* theta never increases */

    if (!w)
        return bmx_nomem(err);
    for (uint32_t s = 0; s < c->n_steps; s++)
        sum += w[s] = bmx_quarter_weight(fmax(at->theta[s],
                                              bmx_rows_dot(&c->merge, s, at->alpha)), top);
    sum /= c->n_steps;
    for (uint32_t s = 0; s < c->n_steps; s++)
        w[s] /= sum;
    for (size_t r = 0; r < m->pair.n; r++)
        w[c->n_steps + r] = bmx_quarter_weight(fmax(at->theta[m->at[r].step],
                                                    bmx_rows_dot(&m->pair, r, at->alpha)), top) / sum;
    bmx_free(m->weight);
    bmx_free(m->whole);
    m->weight = w;
    m->whole = NULL;
    return BPEMIX_OK;
}

/* ---- what an optimum rests on ---- */

bpemix_status bmx_monotone_multipliers(bmx_monotone *m, const double *alpha, bmx_row_weight **out, size_t *n_out,
                                       double *g, double *value, bpemix_error *err)
{
    const bmx_constraints *c = m->c;
    bmx_row_weight *row = NULL;
    size_t n = 0, cap = 0;
    bpemix_status st = eval(m, alpha, 0, INFINITY, INFINITY, g, value, err);

    if (st)
        return st;
    /* The call has made the list of active rows anew: y of those that left it is of before. */
    memset(m->y, 0, (c->n_steps + m->pair.n) * sizeof *m->y);
    if ((st = isotonic(m, alpha, err)))
        return st;
    memset(g, 0, c->n_cats * sizeof *g);
    for (size_t r = 0; r < c->n_steps + m->pair.n; r++) {
        bool merge = r < c->n_steps;
        size_t k = merge ? r : r - c->n_steps;

        if (m->y[r] == 0)
            continue;
        if (bmx_reserve(&row, &cap, n + 1, sizeof *row, err)) {
            bmx_free(row);
            return BPEMIX_E_NOMEM;
        }
        row[n++] = merge ? (bmx_row_weight){ c->step[k], BMX_NONE, m->y[r] }
                         : (bmx_row_weight){ c->step[m->at[k].step], m->at[k].pair, m->y[r] };
        bmx_rows_add_to(merge ? &c->merge : &m->pair, k, m->y[r], g);
    }
    *value = objective(m, alpha);
    *out = row;
    *n_out = n;
    return BPEMIX_OK;
}

/* The row of a merge (pair is BMX_NONE) or of a pair at a step; SIZE_MAX: there is none. */
static size_t find_row(const bmx_monotone *m, uint32_t step, uint32_t pair)
{
    const bmx_constraints *c = m->c;
    uint32_t lo = 0, hi = c->n_steps;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;

        if (c->step[mid] < step)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == c->n_steps || c->step[lo] != step)
        return SIZE_MAX;
    if (pair == BMX_NONE)
        return lo;
    for (uint32_t r = m->first[lo]; r < m->first[lo + 1]; r++)
        if (m->at[r].pair == pair)
            return c->n_steps + r;
    return SIZE_MAX;
}

bpemix_status bmx_monotone_leave_out(bmx_monotone *m, const bmx_row_weight *row, size_t n, bpemix_error *err)
{
    size_t n_rows = m->c->n_steps + m->pair.n;

    if (!m->whole) {
        double *w = bmx_malloc(n_rows, sizeof *w), *whole = bmx_malloc(n_rows, sizeof *whole);

        if (!w || !whole) {
            bmx_free(w);
            bmx_free(whole);
            return bmx_nomem(err);
        }
        for (size_t r = 0; r < n_rows; r++)
            whole[r] = weight_of(m, r);
        bmx_free(m->weight);
        m->weight = w;
        m->whole = whole;
    }
    memcpy(m->weight, m->whole, n_rows * sizeof *m->weight);
    for (size_t k = 0; k < n; k++) {
        size_t r = find_row(m, row[k].step, row[k].pair);

        if (r != SIZE_MAX)
            m->weight[r] = 0;
    }
    return BPEMIX_OK;
}

/* ---- as one of the programs ---- */

static bpemix_status open_monotone(const bmx_constraints *c, void **out, bpemix_error *err)
{
    bmx_monotone *m;
    bpemix_status st = bmx_monotone_new(c, &m, err);

    if (!st)
        *out = m;
    return st;
}

static void close_monotone(void *program) { bmx_monotone_free(program); }

static bpemix_status weigh(void *program, const bmx_optimum *at, bpemix_error *err)
{
    return bmx_monotone_weigh(program, at, err);
}

static void merge_sums(const void *program, double *sum)
{
    const bmx_monotone *m = program;

    memset(sum, 0, m->c->n_cats * sizeof *sum);
    for (uint32_t s = 0; s < m->c->n_steps; s++)
        bmx_rows_add_to(&m->c->merge, s, weight_of(m, s), sum);
}

static bpemix_status rescale(void *program, const double *factor, bpemix_error *err)
{
    bmx_monotone *m = program;

    (void)err;
    bmx_rows_rescale(&m->pair, factor);
    measure(m);
    return BPEMIX_OK;
}

static bpemix_status solve(void *program, const double *start, bmx_control *ctl, bmx_cuts *cuts,
                           bmx_optimum *out, bpemix_error *err)
{
    bmx_monotone *m = program;
    bmx_oracle oracle = bmx_monotone_oracle(m);

    return bmx_bundle_solve(m->c, &oracle, start, ctl, cuts, out, err);
}

const bmx_program bmx_program_monotone = { .name = "monotone", .open = open_monotone,
                                           .close = close_monotone, .weigh = weigh,
                                           .merge_sums = merge_sums, .rescale = rescale,
                                           .solve = solve };

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monotone.c - the monotone problem's optimum for fixed shares.
 *
 * That is isotonic regression with piecewise linear losses: slope trick with one queue.
 * Going through the steps, the queue holds the breakpoints of the slope of the best cost so
 * far as a function of the last theta; each hinge w max(0, W - theta) adds a breakpoint, and then
 * weight w is taken away from the smallest breakpoints.  The value is exact, and so is the
 * subgradient sum_r y_r (counts of row r).
 *
 * Of the pairs never merged those that may be above theta are listed (listing.h), which is certain
 * for mixtures within reach of the list.  Elsewhere a cut over the listed rows is still a cut, and
 * the list is extended only when the value could be a new best one, for which the exact upper
 * bound is needed.
 *
 * Most of the listed rows are below theta, too, and take most of the queue's time.  Those below
 * `guess`, which is a little less than theta of the call before, are left out:
 *
 * M1  If no listed row at or below guess[] is above theta, the optimum over the others is that
 *     over all listed rows.  Otherwise the call is repeated with a lower guess.
 *
 *     listed rows          0 1 | 2 3 4 | 5 ...     of step 0, of step 1, ...
 *     their counts         7 2 | 5 9 1 | 3
 *     guess                5   | 4     | 4
 *     rows above it        0   | 2 3   |           those that the queue gets */
#include "solve/monotone.h"
#include "base/assert.h"
#include "solve/breakpoints.h"
#include "solve/curvature.h"
#include "solve/listing.h"

#include <math.h>
#include <string.h>

/* guess[s] is this much of theta_s. */
#define NEAR 0.9

typedef struct priced {
    uint32_t row; /* of rows.pair */
    double y;     /* its multiplier */
} priced;

struct bmx_monotone {
    const bmx_constraints *c;
    bool twin;            /* rows, strips of merges and weights are another's */
    bmx_monotone_rows rows;
    bmx_strips merge;     /* of c->merge */
    double *weight;       /* weight[n_steps + pair.n], NULL: 1 */
    double *whole;        /* weights before rows were left out, NULL: none ever were */
    bmx_listing list;     /* with the counts of the last call */
    double *guess;        /* guess[n_steps], M1 */
    uint32_t *above;      /* above[]: rising places in the list of rows above the guess */
    uint32_t *above_first; /* above_first[n_steps + 1] */
    bmx_breakpoints queue;
    double *b, *theta;    /* of the last call */
    priced *priced;       /* pairs' multipliers, while they are added up */
    size_t priced_cap;
    double sum_v, sum_u;  /* at theta, unweighted */
};

void bmx_monotone_free(bmx_monotone *m)
{
    if (!m)
        return;
    if (!m->twin) {
        bmx_monotone_rows_release(&m->rows);
        bmx_strips_release(&m->merge);
        bmx_free(m->weight);
        bmx_free(m->whole);
    }
    bmx_listing_release(&m->list);
    bmx_breakpoints_release(&m->queue);
    bmx_free(m->b);
    bmx_free(m->theta);
    bmx_free(m->priced);
    bmx_free(m->guess);
    bmx_free(m->above);
    bmx_free(m->above_first);
    bmx_free(m);
}

/* What a call writes; nothing is listed yet. */
static bpemix_status make_room(bmx_monotone *m, bpemix_error *err)
{
    size_t n_steps = m->c->n_steps;

    m->b = bmx_malloc(n_steps, sizeof *m->b);
    m->theta = bmx_malloc(n_steps, sizeof *m->theta);
    m->guess = bmx_calloc(n_steps, sizeof *m->guess);
    m->above = bmx_malloc(m->rows.pair.n, sizeof *m->above);
    m->above_first = bmx_calloc(n_steps + 1, sizeof *m->above_first);
    if (!m->b || !m->theta || !m->guess || !m->above || !m->above_first)
        return bmx_nomem(err);
    if (bmx_breakpoints_init(&m->queue, err))
        return BPEMIX_E_NOMEM;
    return bmx_listing_init(&m->list, &m->rows, err);
}

bpemix_status bmx_monotone_twin(const bmx_monotone *m, bmx_monotone **out, bpemix_error *err)
{
    bmx_monotone *twin = bmx_calloc(1, sizeof *twin);
    bpemix_status st;

    if (!twin)
        return bmx_nomem(err);
    *twin = (bmx_monotone){ .c = m->c, .twin = true, .rows = m->rows, .merge = m->merge,
                            .weight = m->weight, .whole = m->whole };
    if ((st = make_room(twin, err)) || (st = bmx_monotone_go_back(twin, m, err))) {
        bmx_monotone_free(twin);
        return st;
    }
    *out = twin;
    return BPEMIX_OK;
}

bpemix_status bmx_monotone_go_back(bmx_monotone *twin, const bmx_monotone *m, bpemix_error *err)
{
    memcpy(twin->guess, m->guess, m->c->n_steps * sizeof *m->guess);
    return bmx_listing_copy(&twin->list, &m->list, err);
}

/* The rows become a part of *out, or are released. */
static bpemix_status new_of(const bmx_constraints *c, bmx_monotone_rows *rows, bmx_monotone **out,
                            bpemix_error *err)
{
    bmx_monotone *m = bmx_calloc(1, sizeof *m);
    bpemix_status st;

    if (!m) {
        bmx_monotone_rows_release(rows);
        return bmx_nomem(err);
    }
    m->c = c;
    m->rows = *rows;
    if ((st = bmx_strips_add(&m->merge, &c->merge, NULL, c->n_steps, 0, err)) ||
        (st = make_room(m, err))) {
        bmx_monotone_free(m);
        return st;
    }
    *out = m;
    return BPEMIX_OK;
}

bpemix_status bmx_monotone_new(const bmx_constraints *c, bmx_monotone **out, bpemix_error *err)
{
    bmx_monotone_rows rows;
    bpemix_status st = bmx_monotone_rows_build(c, &rows, err);

    return st ? st : new_of(c, &rows, out, err);
}

bpemix_status bmx_monotone_new_some(const bmx_constraints *c, const bmx_place *place, size_t n,
                                    bmx_monotone **out, bpemix_error *err)
{
    bmx_monotone_rows rows;
    bpemix_status st = bmx_monotone_rows_build_some(c, place, n, &rows, err);

    return st ? st : new_of(c, &rows, out, err);
}

/* ---- fixed shares ---- */

static double weight_of(const bmx_monotone *m, size_t row)
{
    return m->weight ? m->weight[row] : 1;
}

/* w max(0, x - theta_s): a breakpoint, unless its weight would be taken from itself at once; then
 * it only bounds theta from below. */
static bpemix_status hinge(bmx_monotone *m, double x, uint32_t row, double *owed, double *low,
                           bpemix_error *err)
{
    const bmx_breakpoint *first = bmx_breakpoints_first(&m->queue);
    double w = weight_of(m, row);

    if (w == 0) /* a row that was left out does not bound theta either */
        return BPEMIX_OK;
    if (first && x <= first->x) {
        *low = x > *low ? x : *low;
        return BPEMIX_OK;
    }
    *owed += w;
    return bmx_breakpoints_push(&m->queue, x, w, row, err);
}

/* w |theta_s - b_s|: a breakpoint, and at the same place a hinge. */
static bpemix_status merge(bmx_monotone *m, uint32_t s, double *owed, double *low,
                           bpemix_error *err)
{
    const bmx_breakpoint *first = bmx_breakpoints_first(&m->queue);
    double w = weight_of(m, s), b = m->b[s];
    bool pays = !first || b <= first->x;

    if (w == 0)
        return BPEMIX_OK;
    *(pays ? low : owed) = pays ? b : w;
    return bmx_breakpoints_push(&m->queue, b, pays ? w : 2 * w, s, err);
}

/* Take the weight `owed` from the smallest breakpoints. */
static void pay(bmx_monotone *m, double owed, double *low)
{
    bmx_breakpoint *e;

    while (owed > 0 && (e = bmx_breakpoints_first(&m->queue))) {
        *low = e->x > *low ? e->x : *low;
        if (e->weight > owed) {
            e->weight -= owed;
            return;
        }
        owed -= e->weight;
        e->weight = 0;
        bmx_breakpoints_drop(&m->queue);
    }
}

/* The row of breakpoint k, and its multiplier: what is left of it, less w for a merge, as the
 * slope of w |theta - b| begins at -w. */
static double multiplier(const bmx_monotone *m, size_t k, uint32_t *row)
{
    *row = m->queue.row[k];
    return m->queue.at[k].weight - (*row < m->c->n_steps ? weight_of(m, *row) : 0);
}

/* Collect the listed rows above the guess.  Most are below it, in no predictable order. */
static void choose_above(bmx_monotone *m)
{
    uint32_t n = 0;

    for (uint32_t s = 0; s < m->c->n_steps; s++) {
        for (uint32_t k = m->list.first[s]; k < m->list.first[s + 1]; k++) {
            m->above[n] = k;
            n += m->list.count[m->list.slot[k]] > m->guess[s];
        }
        m->above_first[s + 1] = n;
    }
}

/* Fills the queue and theta, over merges and listed pairs above the guess. */
static bpemix_status isotonic(bmx_monotone *m, bpemix_error *err)
{
    const bmx_constraints *c = m->c;
    double top = 0;
    bpemix_status st = BPEMIX_OK;

    choose_above(m);
    for (uint32_t s = 0; s < c->n_steps; s++)
        top = m->b[s] > top ? m->b[s] : top;
    bmx_breakpoints_clear(&m->queue, top);
    for (uint32_t s = 0; s < c->n_steps && !st; s++) {
        double owed = 0, low = 0;

        st = merge(m, s, &owed, &low, err);
        for (uint32_t a = m->above_first[s]; a < m->above_first[s + 1] && !st; a++) {
            uint32_t k = m->above[a];

            st = hinge(m, m->list.count[m->list.slot[k]], c->n_steps + m->list.row[k], &owed, &low,
                       err);
        }
        pay(m, owed, &low);
        m->theta[s] = low;
    }
    for (uint32_t s = c->n_steps; s-- > 1 && !st;)
        if (m->theta[s - 1] < m->theta[s])
            m->theta[s - 1] = m->theta[s];
    return st;
}

#ifdef BMX_CHECKED
/* M1: no listed row that was left out is above theta. */
static bool left_out_rightly(const bmx_monotone *m)
{
    for (uint32_t s = 0; s < m->c->n_steps; s++)
        for (uint32_t k = m->list.first[s]; k < m->list.first[s + 1]; k++) {
            double count = m->list.count[m->list.slot[k]];

            if (count <= m->guess[s] && count > m->theta[s] &&
                weight_of(m, m->c->n_steps + m->list.row[k]) > 0)
                return false;
        }
    return true;
}
#endif

/* g[n_cats], a subgradient: merges first, then pairs, each by rising rows.  Merges, most of the
 * queue, are added as they come; the others are few of many rows, which are fetched before they are
 * needed. */
static bpemix_status subgradient(bmx_monotone *m, double *g, bpemix_error *err)
{
    enum { AHEAD = 12 };
    const bmx_constraints *c = m->c;
    const bmx_rows *pair = &m->rows.pair;
    size_t n = 0;

    if (bmx_reserve(&m->priced, &m->priced_cap, m->queue.n, sizeof *m->priced, err))
        return BPEMIX_E_NOMEM;
    memset(g, 0, c->n_cats * sizeof *g);
    for (size_t k = 0; k < m->queue.n; k++) {
        uint32_t row;
        double y = multiplier(m, k, &row);

        if (row < c->n_steps)
            bmx_rows_add_to(&c->merge, row, y, g);
        else if (y != 0)
            m->priced[n++] = (priced){ row - c->n_steps, y };
    }
    for (size_t k = 0; k < n; k++) {
        if (k + 2 * AHEAD < n)
            __builtin_prefetch(&pair->first[m->priced[k + 2 * AHEAD].row]);
        if (k + AHEAD < n) {
            __builtin_prefetch(&pair->cat[pair->first[m->priced[k + AHEAD].row]]);
            __builtin_prefetch(&pair->x[pair->first[m->priced[k + AHEAD].row]]);
        }
        bmx_rows_add_to(pair, m->priced[k].row, m->priced[k].y, g);
    }
    return BPEMIX_OK;
}

/* What a listed row of step s adds to the objective. */
static double hinge_cost(bmx_monotone *m, uint32_t s, uint32_t k, bool *missed)
{
    double count = m->list.count[m->list.slot[k]], d = count - m->theta[s], w;

    if (!(d > 0))
        return 0;
    w = weight_of(m, m->c->n_steps + m->list.row[k]);
    *missed = *missed || (count <= m->guess[s] && w > 0);
    m->sum_u += d;
    return w * d;
}

/* The objective at theta, over merges and listed pairs; *missed: M1 is not met.  Where the guess
 * is at most theta, rows that are above theta are above the guess. */
static double objective(bmx_monotone *m, bool *missed)
{
    const bmx_constraints *c = m->c;
    double sum = 0;

    *missed = false;
    m->sum_v = m->sum_u = 0;
    for (uint32_t s = 0; s < c->n_steps; s++) {
        double d = m->theta[s] - m->b[s];

        *(d > 0 ? &m->sum_v : &m->sum_u) += fabs(d);
        sum += weight_of(m, s) * fabs(d);
    }
    for (uint32_t s = 0; s < c->n_steps; s++)
        if (m->guess[s] <= m->theta[s])
            for (uint32_t a = m->above_first[s]; a < m->above_first[s + 1]; a++)
                sum += hinge_cost(m, s, m->above[a], missed);
        else
            for (uint32_t k = m->list.first[s]; k < m->list.first[s + 1]; k++)
                sum += hinge_cost(m, s, k, missed);
    return sum;
}

/* Set the guess for the next call, or for a repetition of this one. */
static void set_guess(bmx_monotone *m, bool once_more)
{
    for (uint32_t s = 0; s < m->c->n_steps; s++) {
        double guess = NEAR * m->theta[s];

        m->guess[s] = once_more ? fmin(m->guess[s], guess) : guess;
    }
}

/* The list begins with what may be above the least theta that never rises and is not below any
 * merge's count.  The optimum's is about there; that of the merges alone, without pairs that push
 * it up, is so much lower that it lists 15 times as many. */
static bpemix_status begin_list(bmx_monotone *m, const double *alpha, bpemix_error *err)
{
    double top = 0;

    for (uint32_t s = m->c->n_steps; s-- > 0;)
        m->theta[s] = top = fmax(top, m->b[s]);
    return bmx_listing_widen(&m->list, alpha, m->theta, err);
}

/* goal->deadline does not matter: a call takes a few hundredths of a second. */
static bpemix_status eval(void *ctx, const double *alpha, const bmx_oracle_goal *goal, double *g,
                          double *upper, bpemix_error *err)
{
    bmx_monotone *m = ctx;
    const bmx_constraints *c = m->c;
    bpemix_status st;

    bmx_strips_dot(&m->merge, alpha, m->b);
    if (m->list.n == 0 && (st = begin_list(m, alpha, err)))
        return st;
    bmx_listing_count(&m->list, alpha);
    for (int attempt = 0;; attempt++) {
        double value = 0;
        bool all, missed, done;

        if ((st = isotonic(m, err)) || (st = subgradient(m, g, err)))
            return st;
        for (size_t i = 0; i < c->n_cats; i++)
            value += alpha[i] * g[i];
        *upper = INFINITY;
        done = value >= goal->best;
        if (!done) {
            if (!(all = bmx_listing_covers(&m->list, alpha, m->theta))) {
                if ((st = bmx_listing_widen(&m->list, alpha, m->theta, err)))
                    return st;
                bmx_listing_count(&m->list, alpha);
                choose_above(m);
            }
            *upper = objective(m, &missed);
            BMX_ASSERT(missed || left_out_rightly(m));
            /* pairs that were not listed, or are below the guess, matter: repeat with them */
            done = (all && !missed) || *upper - value <= fmax(1e-9, goal->tolerance) * *upper ||
                   attempt == 3;
        }
        set_guess(m, !done);
        if (done)
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
    double *w = bmx_malloc(c->n_steps + m->rows.pair.n, sizeof *w), sum = 0;
    double top = at->theta[0]; /* theta never increases */

    if (!w)
        return bmx_nomem(err);
    for (uint32_t s = 0; s < c->n_steps; s++)
        sum += w[s] = bmx_quarter_weight(fmax(at->theta[s],
                                              bmx_rows_dot(&c->merge, s, at->alpha)), top);
    sum /= c->n_steps;
    for (uint32_t s = 0; s < c->n_steps; s++)
        w[s] /= sum;
    for (size_t r = 0; r < m->rows.pair.n; r++) {
        double level = fmax(at->theta[m->rows.at[r].step],
                            bmx_rows_dot(&m->rows.pair, r, at->alpha));

        w[c->n_steps + r] = bmx_quarter_weight(level, top) / sum;
    }
    bmx_free(m->weight);
    bmx_free(m->whole);
    m->weight = w;
    m->whole = NULL;
    return BPEMIX_OK;
}

/* ---- what an optimum rests on ---- */

bpemix_status bmx_monotone_multipliers(bmx_monotone *m, const double *alpha, bmx_row_weight **out,
                                       size_t *n_out, double *g, double *value, bpemix_error *err)
{
    const bmx_constraints *c = m->c;
    bmx_row_weight *row = NULL;
    size_t n = 0, cap = 0;
    bool missed;
    bpemix_status st = eval(m, alpha, BMX_EXACTLY, g, value, err);

    if (st)
        return st;
    /* The call has made the list of rows, but may have left out those below the guess. */
    memset(m->guess, 0, c->n_steps * sizeof *m->guess);
    if ((st = isotonic(m, err)) || (st = subgradient(m, g, err)))
        return st;
    for (int pairs = 0; pairs < 2; pairs++)
        for (size_t k = 0; k < m->queue.n; k++) {
            uint32_t r;
            double y = multiplier(m, k, &r);

            if (y == 0 || (r >= c->n_steps) != pairs)
                continue;
            if (bmx_reserve(&row, &cap, n + 1, sizeof *row, err)) {
                bmx_free(row);
                return BPEMIX_E_NOMEM;
            }
            row[n++] = pairs ? (bmx_row_weight){ c->step[m->rows.at[r - c->n_steps].step],
                                                 m->rows.at[r - c->n_steps].pair, y }
                             : (bmx_row_weight){ c->step[r], BMX_NONE, y };
        }
    *value = objective(m, &missed);
    *out = row;
    *n_out = n;
    return BPEMIX_OK;
}

const bmx_monotone_rows *bmx_monotone_rows_of(const bmx_monotone *m) { return &m->rows; }
double bmx_monotone_weight(const bmx_monotone *m, size_t row) { return weight_of(m, row); }
const bmx_listing *bmx_monotone_listing(const bmx_monotone *m) { return &m->list; }

void bmx_monotone_prices(const bmx_monotone *m, double *y)
{
    memset(y, 0, (m->c->n_steps + m->rows.pair.n) * sizeof *y);
    for (size_t k = 0; k < m->queue.n; k++) {
        uint32_t row;
        double part = multiplier(m, k, &row);

        y[row] += part;
    }
}

bpemix_status bmx_monotone_curvature(const bmx_monotone *m, const double *alpha, double reach,
                                     double *h, bpemix_error *err)
{
    bmx_curved fit = { .c = m->c, .alpha = alpha, .b = m->b, .theta = m->theta, .weight = m->weight,
                    .pair = &m->rows.pair, .at = m->rows.at, .listed = m->list.row,
                    .n_listed = m->list.n };

    return bmx_curvature(&fit, reach, h, err);
}

bpemix_status bmx_monotone_leave_out(bmx_monotone *m, const bmx_row_weight *row, size_t n,
                                     bpemix_error *err)
{
    size_t n_rows = m->c->n_steps + m->rows.pair.n;

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
        size_t r = bmx_monotone_rows_find(&m->rows, row[k].step, row[k].pair);

        if (r != SIZE_MAX)
            m->weight[r] = 0;
    }
    return BPEMIX_OK;
}

void bmx_monotone_merge_sums(const bmx_monotone *m, double *sum)
{
    memset(sum, 0, m->c->n_cats * sizeof *sum);
    for (uint32_t s = 0; s < m->c->n_steps; s++)
        bmx_rows_add_to(&m->c->merge, s, weight_of(m, s), sum);
}

void bmx_monotone_rescale(bmx_monotone *m, const double *factor)
{
    bmx_monotone_rows_rescale(&m->rows, factor);
    bmx_strips_rescale(&m->merge, factor);
    bmx_listing_rescale(&m->list, factor);
    memset(m->guess, 0, m->c->n_steps * sizeof *m->guess);
}

const bmx_constraints *bmx_monotone_constraints(const bmx_monotone *m) { return m->c; }

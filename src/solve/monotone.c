/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monotone.c - the monotone problem's optimum for fixed shares.
 *
 * That is isotonic regression (isotonic.h).  The value is exact, and so is the
 * subgradient sum_r y_r (counts of row r).
 *
 * Of the pairs never merged those that may be above theta are listed (listing.h), which is certain
 * for mixtures within reach of the list.  Elsewhere a cut over the listed rows is still a cut, and
 * the list is extended only when the value could be a new best one, for which the exact upper
 * bound is needed.
 *
 * Most rows are far below theta or far above it, and stay there from one call to the next, so that
 * a step costs no more than to see that (steps.h):
 *
 * M1  low[] and high[] are around theta of the call before.  Listed rows at or below low[] are
 *     left out.  If none of these is above theta, and no row at or above high[] is below it, the
 *     optimum is that over all listed rows.  Otherwise the call is repeated with bounds farther
 *     apart.
 * M2  sum[] is the subgradient by the multipliers old_y[] and old[].  Most do not change; where
 *     they do, the difference is added.  It is made anew every FRESH calls, so that rounding does
 *     not gather.
 *
 *     listed rows          0 1 | 2 3 4 | 5 ...     of step 0, of step 1, ...
 *     their counts         7 2 | 5 9 1 | 3
 *     low                  5   | 4     | 4
 *     rows above it        0   | 2 3   |           hinges */
#include "solve/monotone.h"
#include "base/assert.h"
#include "solve/curvature.h"
#include "solve/isotonic.h"
#include "solve/listing.h"
#include "solve/steps.h"

#include <math.h>
#include <string.h>

/* low[s] is this much of theta_s, which is this much of high[s]. */
#define NEAR 0.9
/* Calls from one sum of all rows to the next, M2: as many differences as there are rows. */
#define FRESH 16

typedef struct priced {
    uint32_t row; /* n_steps or more: one of rows.pair */
    double y;     /* its multiplier, or by how much that has changed */
} priced;

struct bmx_monotone {
    const bmx_constraints *c;
    bool twin;            /* rows, strips of merges and weights are another's */
    bmx_monotone_rows rows;
    bmx_strips merge;     /* of c->merge */
    double *weight;       /* weight[n_steps + pair.n] */
    double *whole;        /* weights before rows were left out, NULL: none ever were */
    bmx_listing list;     /* with the counts of the last call */
    bool renew;           /* the list is to be made anew by the next call */
    double *listed_weight; /* of the listed rows, and the steps of these, where they are those of
                              the list's `version` */
    uint32_t *listed_step;
    uint64_t version;     /* 0: of none */
    double *low, *high;   /* low[n_steps], high[n_steps], M1 */
    uint32_t *above;      /* above[]: rising places in the list of rows above low[] */
    double *hinge, *hinge_weight; /* of the same */
    uint32_t *hinge_step;
    size_t n_above;
    bmx_isotonic iso;     /* theta and multipliers of the last call */
    double *b;            /* of the last call */
    double *sum;          /* sum[n_cats], M2 */
    double *old_y;        /* old_y[n_steps] */
    uint32_t *some;       /* some[n_steps]: scratch */
    priced *old, *now;    /* old[n_old]: by rising row */
    size_t n_old, old_cap, now_cap;
    priced *change;       /* change[]: of any rows */
    size_t change_cap;
    int age;              /* calls since sum[] was made; 0: it is to be made */
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
    bmx_isotonic_release(&m->iso);
    bmx_free(m->listed_weight);
    bmx_free(m->low);
    bmx_free(m->some);
    bmx_free(m->above);
    bmx_free(m->hinge);
    bmx_free(m->listed_step);
    bmx_free(m->b);
    bmx_free(m->sum);
    bmx_free(m->old);
    bmx_free(m->now);
    bmx_free(m->change);
    bmx_free(m);
}

/* Nothing is known of theta, and all differs from before. */
static void forget(bmx_monotone *m)
{
    for (uint32_t s = 0; s < m->c->n_steps; s++) {
        m->low[s] = 0;
        m->high[s] = INFINITY;
    }
    m->age = 0;
}

/* What a call writes; nothing is listed yet. */
static bpemix_status make_room(bmx_monotone *m, bpemix_error *err)
{
    size_t n_steps = m->c->n_steps, n = m->rows.pair.n;

    m->b = bmx_malloc(n_steps, 2 * sizeof *m->b);
    m->low = bmx_malloc(n_steps, 2 * sizeof *m->low);
    m->some = bmx_malloc(n_steps, sizeof *m->some);
    m->sum = bmx_malloc(m->c->n_cats, sizeof *m->sum);
    m->listed_weight = bmx_malloc(n, sizeof *m->listed_weight);
    m->listed_step = bmx_malloc(n, sizeof *m->listed_step);
    m->above = bmx_malloc(n + 1, 2 * sizeof *m->above);
    m->hinge = bmx_malloc(n + 1, 2 * sizeof *m->hinge);
    if (!m->b || !m->low || !m->some || !m->sum || !m->listed_weight || !m->listed_step ||
        !m->above || !m->hinge)
        return bmx_nomem(err);
    m->old_y = m->b + n_steps;
    m->high = m->low + n_steps;
    m->hinge_weight = m->hinge + n + 1;
    m->hinge_step = m->above + n + 1;
    forget(m);
    if (bmx_isotonic_init(&m->iso, (uint32_t)n_steps, err))
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
    memcpy(twin->low, m->low, 2 * m->c->n_steps * sizeof *m->low);
    memcpy(twin->iso.theta, m->iso.theta, m->c->n_steps * sizeof *m->iso.theta);
    twin->age = 0;
    twin->version = 0;
    twin->renew = m->renew;
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
    if (!(m->weight = bmx_malloc(c->n_steps + rows->pair.n, sizeof *m->weight))) {
        bmx_monotone_free(m);
        return bmx_nomem(err);
    }
    for (size_t r = 0; r < c->n_steps + rows->pair.n; r++)
        m->weight[r] = 1;
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

/* Collect the listed rows above low[].  Most are below it, in no predictable order: each is
 * written, and stays if it belongs there. */
static void choose_above(bmx_monotone *m)
{
    const bmx_listing *list = &m->list;
    size_t n = 0;

    for (size_t k = 0; k < list->n && m->version != list->version; k++) {
        m->listed_weight[k] = m->weight[m->c->n_steps + list->row[k]];
        m->listed_step[k] = m->rows.at[list->row[k]].step;
    }
    m->version = list->version;
    for (size_t k = 0; k < list->n; k++) {
        m->above[n] = (uint32_t)k;
        m->hinge[n] = list->count[k];
        m->hinge_weight[n] = m->listed_weight[k];
        m->hinge_step[n] = m->listed_step[k];
        n += list->count[k] > m->low[m->listed_step[k]];
    }
    m->n_above = n;
}

/* Theta and multipliers, over merges and listed pairs above low[]. */
static bpemix_status isotonic(bmx_monotone *m, bpemix_error *err)
{
    choose_above(m);
    return bmx_isotonic_solve(&m->iso, &(bmx_losses){ .b = m->b, .weight = m->weight,
                                                      .low = m->low, .high = m->high,
                                                      .hinge = m->hinge,
                                                      .hinge_weight = m->hinge_weight,
                                                      .hinge_step = m->hinge_step,
                                                      .n_hinges = m->n_above }, err);
}

#ifdef BMX_CHECKED
/* M1: no listed row that was left out is above theta. */
static bool left_out_rightly(const bmx_monotone *m)
{
    for (uint32_t s = 0; s < m->c->n_steps; s++)
        for (uint32_t k = m->list.first[s]; k < m->list.first[s + 1]; k++)
            if (m->list.count[k] <= m->low[s] && m->list.count[k] > m->iso.theta[s] &&
                m->weight[m->c->n_steps + m->list.row[k]] > 0)
                return false;
    return true;
}
#endif

/* The pairs with a multiplier, by rising row; returns how many. */
static size_t list_priced(bmx_monotone *m)
{
    size_t n = 0;

    for (size_t a = 0; a < m->n_above; a++) { /* each is written, and stays if it has one */
        m->now[n] = (priced){ m->c->n_steps + m->list.row[m->above[a]], m->iso.hinge_y[a] };
        n += m->iso.hinge_y[a] != 0;
    }
    return n;
}

/* The rows whose multipliers are others than in the last call, merges first; returns how many. */
static size_t list_changes(bmx_monotone *m, size_t n_now)
{
    size_t n = bmx_steps_changed(m->iso.y, m->old_y, m->c->n_steps, m->some), i = 0, k = 0;

    for (size_t c = 0; c < n; c++)
        m->change[c] = (priced){ m->some[c], m->iso.y[m->some[c]] - m->old_y[m->some[c]] };
    while (i < m->n_old || k < n_now) {
        uint32_t old = i < m->n_old ? m->old[i].row : BMX_NONE;
        uint32_t now = k < n_now ? m->now[k].row : BMX_NONE;
        double y = (now <= old ? m->now[k].y : 0) - (old <= now ? m->old[i].y : 0);

        m->change[n] = (priced){ now <= old ? now : old, y };
        n += y != 0;
        i += old <= now;
        k += now <= old;
    }
    return n;
}

/* Add n changes to the sum.  Rows are fetched before they are needed. */
static void add_changes(bmx_monotone *m, size_t n)
{
    enum { AHEAD = 12 };
    uint32_t n_steps = m->c->n_steps;

    for (size_t k = 0; k < n; k++) {
        for (size_t far = 1; far <= 2; far++) {
            const priced *p = &m->change[k + far * AHEAD < n ? k + far * AHEAD : k];
            const bmx_rows *rows = p->row < n_steps ? &m->c->merge : &m->rows.pair;
            const uint64_t *first = &rows->first[p->row < n_steps ? p->row : p->row - n_steps];

            if (far == 2) {
                __builtin_prefetch(first);
            } else {
                __builtin_prefetch(&rows->cat[*first]);
                __builtin_prefetch(&rows->x[*first]);
            }
        }
        if (m->change[k].row < n_steps)
            bmx_rows_add_to(&m->c->merge, m->change[k].row, m->change[k].y, m->sum);
        else
            bmx_rows_add_to(&m->rows.pair, m->change[k].row - n_steps, m->change[k].y, m->sum);
    }
}

#ifdef BMX_CHECKED
/* M2, but for rounding: sum[] made anew, its entries added up with other factors each. */
static bool is_sum(const bmx_monotone *m)
{
    double was = 0, sum = 0, size = 0;

    for (size_t i = 0; i < m->c->n_cats; i++)
        was += (double)(i % 7 + 1) * m->sum[i];
    for (size_t k = 0; k < m->c->n_steps + m->n_old; k++) {
        bool merge = k < m->c->n_steps;
        const bmx_rows *rows = merge ? &m->c->merge : &m->rows.pair;
        size_t r = merge ? k : m->old[k - m->c->n_steps].row - m->c->n_steps;
        double y = merge ? m->old_y[k] : m->old[k - m->c->n_steps].y;

        for (uint64_t j = rows->first[r]; j < rows->first[r + 1]; j++) {
            sum += y * (double)(rows->cat[j] % 7 + 1) * rows->x[j];
            size += (merge ? m->weight[k] : y) * (double)(rows->cat[j] % 7 + 1) * rows->x[j];
        }
    }
    return fabs(was - sum) <= 1e-9 * size;
}
#endif

/* g[n_cats], a subgradient, M2. */
static bpemix_status subgradient(bmx_monotone *m, double *g, bpemix_error *err)
{
    uint32_t n_steps = m->c->n_steps;
    size_t n = m->n_above, cap;
    priced *swap;

    if (bmx_reserve(&m->now, &m->now_cap, n, sizeof *m->now, err) ||
        bmx_reserve(&m->change, &m->change_cap, n_steps + m->n_old + n + 1, sizeof *m->change,
                    err))
        return BPEMIX_E_NOMEM;
    if (m->age == 0) {
        memset(m->sum, 0, m->c->n_cats * sizeof *m->sum);
        memset(m->old_y, 0, n_steps * sizeof *m->old_y);
        m->n_old = 0;
    }
    m->age = (m->age + 1) % FRESH;
    n = list_priced(m);
    add_changes(m, list_changes(m, n));
    memcpy(m->old_y, m->iso.y, n_steps * sizeof *m->old_y);
    swap = m->old;
    cap = m->old_cap;
    m->old = m->now;
    m->n_old = n;
    m->old_cap = m->now_cap;
    m->now = swap;
    m->now_cap = cap;
    BMX_ASSERT(is_sum(m)); /* M2 */
    memcpy(g, m->sum, m->c->n_cats * sizeof *g);
    return BPEMIX_OK;
}

/* What rows that were left out add to the objective where theta has come below low[]. */
static double left_out_cost(const bmx_monotone *m, uint32_t s, bool *missed)
{
    double sum = 0;

    for (uint32_t k = m->list.first[s]; k < m->list.first[s + 1]; k++) {
        double count = m->list.count[k], d = count - m->iso.theta[s];

        if (!(d > 0) || count > m->low[s])
            continue;
        *missed = *missed || m->listed_weight[k] > 0;
        sum += m->listed_weight[k] * d;
    }
    return sum;
}

/* The same for a step whose theta is beyond a bound, and whether its merge is on the other side of
 * that bound. */
static double beyond_cost(const bmx_monotone *m, uint32_t s, bool *missed)
{
    double theta = m->iso.theta[s], b = m->b[s];

    *missed = *missed || (b <= m->low[s] && b > theta) || (b >= m->high[s] && b < theta);
    return theta < m->low[s] ? left_out_cost(m, s, missed) : 0;
}

/* The objective at theta, over merges and listed pairs; *missed: M1 is not met, which can only be
 * where theta is beyond a bound. */
static double objective(const bmx_monotone *m, bool *missed)
{
    const double *theta = m->iso.theta;
    const bmx_steps steps = { .n = m->c->n_steps, .theta = theta, .b = m->b, .weight = m->weight,
                              .low = m->low, .high = m->high };
    size_t n;
    double sum = bmx_steps_cost(&steps, m->some, &n);

    *missed = false;
    for (size_t k = 0; k < n; k++)
        sum += beyond_cost(m, m->some[k], missed);
    for (size_t a = 0; a < m->n_above; a++) {
        uint32_t s = m->hinge_step[a];
        double count = m->hinge[a], d = count - theta[s];

        sum += m->hinge_weight[a] * (d > 0 ? d : 0);
        *missed |= (count >= m->high[s]) & (d < 0) & (m->hinge_weight[a] > 0);
    }
    return sum;
}

/* Set the bounds for the next call, or for a repetition of this one. */
static void set_bounds(bmx_monotone *m, bool once_more)
{
    const double *theta = m->iso.theta;

    if (!once_more)
        bmx_steps_bound(theta, m->c->n_steps, NEAR, 1 / NEAR, m->low, m->high);
    for (uint32_t s = 0; s < m->c->n_steps && once_more; s++) {
        m->low[s] = fmin(m->low[s], NEAR * theta[s]);
        m->high[s] = fmax(m->high[s], 1 / NEAR * theta[s]);
    }
}

/* The list begins with what may be above the least theta that never rises and is not below any
 * merge's count.  The optimum's is about there; that of the merges alone, without pairs that push
 * it up, is so much lower that it lists 15 times as many. */
static bpemix_status begin_list(bmx_monotone *m, const double *alpha, bpemix_error *err)
{
    double top = 0;

    for (uint32_t s = m->c->n_steps; s-- > 0;)
        m->iso.theta[s] = top = fmax(top, m->b[s]);
    return bmx_listing_widen(&m->list, alpha, m->iso.theta, err);
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
    if (m->renew && (st = bmx_listing_renew(&m->list, alpha, m->iso.theta, err)))
        return st;
    m->renew = false;
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
            if (!(all = bmx_listing_covers(&m->list, alpha, m->iso.theta))) {
                if ((st = bmx_listing_widen(&m->list, alpha, m->iso.theta, err)))
                    return st;
                bmx_listing_count(&m->list, alpha);
                choose_above(m);
            }
            *upper = objective(m, &missed);
            BMX_ASSERT(missed || left_out_rightly(m)); /* M1 */
            /* pairs that were not listed, or rows beyond a bound, matter: repeat with them */
            done = (all && !missed) || *upper - value <= fmax(1e-9, goal->tolerance) * *upper ||
                   attempt == 3;
        }
        set_bounds(m, !done);
        m->renew = bmx_listing_wastes(&m->list, m->n_above) && done;
        if (done)
            return BPEMIX_OK;
    }
}

/* Slack is without weights. */
static void keep(void *ctx, bmx_optimum *out)
{
    const bmx_monotone *m = ctx;
    const double *theta = m->iso.theta;

    memcpy(out->theta, theta, m->c->n_steps * sizeof *out->theta);
    out->slack_merges = out->slack_pairs = 0;
    for (uint32_t s = 0; s < m->c->n_steps; s++) {
        out->slack_merges += fmax(theta[s] - m->b[s], 0);
        out->slack_pairs += fmax(m->b[s] - theta[s], 0);
    }
    for (size_t k = 0; k < m->list.n; k++)
        out->slack_pairs += fmax(m->list.count[k] - theta[m->listed_step[k]], 0);
}

/* Of the counts: what a step near the optimum moves them by.  30 categories, six tokenizers: with
 * 0.05, 0.1, 0.2 and 0.4 solutions that begin there take 469, 459, 477 and 467 calls in all. */
#define STEP 0.1

static bpemix_status bend(void *ctx, const double *alpha, double *h, bpemix_error *err)
{
    return bmx_monotone_curvature(ctx, alpha, STEP, h, err);
}

bmx_oracle bmx_monotone_oracle(bmx_monotone *m)
{
    return (bmx_oracle){ .ctx = m, .exact = true, .eval = eval, .keep = keep, .bend = bend };
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
    m->version = 0;
    m->age = 0;
    return BPEMIX_OK;
}

/* ---- what an optimum rests on ---- */

bmx_row_weight bmx_monotone_row(const bmx_monotone *m, size_t r)
{
    const bmx_constraints *c = m->c;
    const bmx_place *at = r < c->n_steps ? NULL : &m->rows.at[r - c->n_steps];

    return (bmx_row_weight){ .step = c->step[at ? at->step : r], .pair = at ? at->pair : BMX_NONE,
                             .w = m->weight[r] };
}

bpemix_status bmx_monotone_multipliers(bmx_monotone *m, const double *alpha, bmx_row_weight **out,
                                       size_t *n_out, double *g, double *value, bpemix_error *err)
{
    const bmx_constraints *c = m->c;
    bmx_row_weight *row = NULL;
    size_t n = 0;
    bool missed;
    bpemix_status st = eval(m, alpha, BMX_EXACTLY, g, value, err);

    if (st)
        return st;
    /* The call has made the list of rows, but may have left out those below low[]. */
    forget(m);
    if ((st = isotonic(m, err)) || (st = subgradient(m, g, err)))
        return st;
    if (!(row = bmx_malloc(c->n_steps + m->n_old, sizeof *row)))
        return bmx_nomem(err);
    for (uint32_t s = 0; s < c->n_steps; s++)
        if (m->iso.y[s] != 0) {
            row[n] = bmx_monotone_row(m, s);
            row[n++].y = m->iso.y[s];
        }
    for (size_t k = 0; k < m->n_old; k++) {
        row[n] = bmx_monotone_row(m, m->old[k].row);
        row[n++].y = m->old[k].y;
    }
    *value = objective(m, &missed);
    *out = row;
    *n_out = n;
    return BPEMIX_OK;
}

const bmx_monotone_rows *bmx_monotone_rows_of(const bmx_monotone *m) { return &m->rows; }
double bmx_monotone_weight(const bmx_monotone *m, size_t row) { return m->weight[row]; }
const bmx_listing *bmx_monotone_listing(const bmx_monotone *m) { return &m->list; }

void bmx_monotone_prices(const bmx_monotone *m, double *y)
{
    memset(y, 0, (m->c->n_steps + m->rows.pair.n) * sizeof *y);
    memcpy(y, m->iso.y, m->c->n_steps * sizeof *y);
    for (size_t k = 0; k < m->n_old; k++)
        y[m->old[k].row] = m->old[k].y;
}

bpemix_status bmx_monotone_curvature(const bmx_monotone *m, const double *alpha, double reach,
                                     double *h, bpemix_error *err)
{
    bmx_curved fit = { .c = m->c, .alpha = alpha, .b = m->b, .theta = m->iso.theta,
                    .weight = m->weight, .pair = &m->rows.pair, .at = m->rows.at,
                    .listed = m->list.row, .n_listed = m->list.n };

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
            whole[r] = m->weight[r];
        bmx_free(m->weight);
        m->weight = w;
        m->whole = whole;
    }
    m->version = 0;
    m->age = 0;
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
        bmx_rows_add_to(&m->c->merge, s, m->weight[s], sum);
}

void bmx_monotone_rescale(bmx_monotone *m, const double *factor)
{
    bmx_monotone_rows_rescale(&m->rows, factor);
    bmx_strips_rescale(&m->merge, factor);
    bmx_listing_rescale(&m->list, factor);
    forget(m);
}

const bmx_constraints *bmx_monotone_constraints(const bmx_monotone *m) { return m->c; }

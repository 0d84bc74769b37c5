/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monotone.c - the monotone problem's optimum for fixed shares.
 *
 * That is isotonic regression with piecewise linear losses: slope trick with one queue.
 * Going through the steps, the queue holds the breakpoints of the slope of the best cost so
 * far as a function of the last theta; each hinge w max(0, W - theta) adds a breakpoint and
 * owes weight w, paid by the smallest breakpoints.  The value is exact, and so is the
 * subgradient sum_r y_r (counts of row r).
 *
 * Most pairs never merged lie far below theta, for every mixture that is asked about.  Those
 * that may not are listed, with a certificate:
 *
 * M1  For alpha <= reach[] and theta >= least[], no pair that is not listed is above theta.
 *     The optimum over the listed rows is then that over all.
 *
 * Elsewhere a cut over the listed rows is still a cut, and an upper bound is asked for only
 * when it could be a new best one; the list is then made anew, somewhat wider than needed.
 *
 * Of the listed rows most are below theta, too, and cost the queue most of its time.  Those that
 * do not reach `guess`, somewhat less than theta of the call before, are left out of it:
 *
 * M2  Where no listed row at or below guess[] is above theta, the optimum over the others is
 *     that over all listed rows.  Else the call is repeated with a guess that lets them in. */
#include "solve/monotone.h"
#include "solve/breakpoints.h"
#include "solve/curvature.h"
#include "solve/monotone_rows.h"

#include <math.h>
#include <string.h>

/* reach[i] is this much of alpha_i, and that much of the whole, measured by size(), for shares
 * that are 0 or nearly so; least[s] this much of theta_s. */
#define WIDER 1.3
#define ROOM 0.002
#define FLOOR 0.75
/* guess[s] is this much of theta_s. */
#define NEAR 0.9
/* A list of more than this part of all rows begins anew from the present point; until then
 * reach only grows. */
#define LONGEST 0.2

struct bmx_monotone {
    const bmx_constraints *c;
    bool twin;            /* the rows and their weights are another's */
    bmx_monotone_rows rows;
    double *weight;       /* weight[n_steps + pair.n], NULL: 1 */
    double *whole;        /* weights before rows were left out, NULL: none ever were */
    uint32_t *listed;     /* listed[n_listed], rising rows of `pair` */
    size_t n_listed;
    double *reach;        /* reach[n_cats], M1 */
    double *least;        /* least[n_steps], M1 */
    double *count;        /* count[n_listed], of the last call */
    double *guess;        /* guess[n_steps], M2 */
    bmx_breakpoints queue;
    double *b, *theta;    /* of the last call */
    double sum_v, sum_u;  /* at theta, unweighted */
};

void bmx_monotone_free(bmx_monotone *m)
{
    if (!m)
        return;
    if (!m->twin) {
        bmx_monotone_rows_release(&m->rows);
        bmx_free(m->weight);
        bmx_free(m->whole);
    }
    bmx_free(m->listed);
    bmx_free(m->reach);
    bmx_free(m->least);
    bmx_breakpoints_release(&m->queue);
    bmx_free(m->b);
    bmx_free(m->theta);
    bmx_free(m->count);
    bmx_free(m->guess);
    bmx_free(m);
}

/* What a call writes; nothing is listed yet. */
static bpemix_status make_room(bmx_monotone *m, bpemix_error *err)
{
    m->listed = bmx_malloc(m->rows.pair.n, sizeof *m->listed);
    m->reach = bmx_calloc(m->c->n_cats, sizeof *m->reach);
    m->least = bmx_malloc(m->c->n_steps, sizeof *m->least);
    m->b = bmx_malloc(m->c->n_steps, sizeof *m->b);
    m->theta = bmx_malloc(m->c->n_steps, sizeof *m->theta);
    m->count = bmx_malloc(m->rows.pair.n, sizeof *m->count);
    m->guess = bmx_calloc(m->c->n_steps, sizeof *m->guess);
    if (!m->listed || !m->reach || !m->least || !m->b || !m->theta || !m->count || !m->guess)
        return bmx_nomem(err);
    for (uint32_t s = 0; s < m->c->n_steps; s++)
        m->least[s] = INFINITY;
    return bmx_breakpoints_init(&m->queue, err);
}

bpemix_status bmx_monotone_twin(const bmx_monotone *m, bmx_monotone **out, bpemix_error *err)
{
    bmx_monotone *twin = bmx_calloc(1, sizeof *twin);
    bpemix_status st;

    if (!twin)
        return bmx_nomem(err);
    *twin = (bmx_monotone){ .c = m->c, .twin = true, .rows = m->rows, .weight = m->weight,
                            .whole = m->whole };
    if ((st = make_room(twin, err))) {
        bmx_monotone_free(twin);
        return st;
    }
    *out = twin;
    return BPEMIX_OK;
}

bpemix_status bmx_monotone_new(const bmx_constraints *c, bmx_monotone **out, bpemix_error *err)
{
    bmx_monotone *m = bmx_calloc(1, sizeof *m);
    bpemix_status st;

    if (!m)
        return bmx_nomem(err);
    m->c = c;
    if ((st = bmx_monotone_rows_build(c, &m->rows, err)) || (st = make_room(m, err))) {
        bmx_monotone_free(m);
        return st;
    }
    *out = m;
    return BPEMIX_OK;
}

/* ---- the rows that matter ---- */

/* Is M1's condition met? */
static bool covered(const bmx_monotone *m, const double *alpha)
{
    const uint32_t *first = m->rows.first;

    for (size_t i = 0; i < m->c->n_cats; i++)
        if (alpha[i] > m->reach[i])
            return false;
    for (uint32_t s = 0; s < m->c->n_steps; s++)
        if (first[s + 1] > first[s] && m->theta[s] < m->least[s])
            return false;
    return true;
}

/* The list for alpha, m->theta and what is near; `anew`: forget what was near before. */
static void widen(bmx_monotone *m, const double *alpha, bool anew)
{
    double room = ROOM * bmx_monotone_rows_size(&m->rows, alpha);

    for (size_t i = 0; i < m->c->n_cats; i++) {
        double size = m->rows.size[i], reach = WIDER * alpha[i] + (size > 0 ? room / size : 0);

        m->reach[i] = anew ? reach : fmax(m->reach[i], reach);
    }
    for (uint32_t s = 0; s < m->c->n_steps; s++)
        m->least[s] = anew ? FLOOR * m->theta[s] : fmin(m->least[s], FLOOR * m->theta[s]);
    m->n_listed = bmx_monotone_rows_above(&m->rows, m->reach, m->least, m->listed);
}

static void list_rows(bmx_monotone *m, const double *alpha)
{
    double longest = fmax(LONGEST * (double)m->rows.pair.n, m->c->n_steps);

    widen(m, alpha, (double)m->n_listed > longest);
}

/* ---- fixed shares ---- */

static double weight_of(const bmx_monotone *m, size_t row)
{
    return m->weight ? m->weight[row] : 1;
}

/* w max(0, x - theta_s): a breakpoint, unless it would pay for itself at once.
 * What pays for itself still bounds theta from below. */
static bpemix_status hinge(bmx_monotone *m, double x, uint32_t row, double *owed, double *low,
                           bpemix_error *err)
{
    const bmx_breakpoint *first = bmx_breakpoints_first(&m->queue);
    double w = weight_of(m, row);

    if (w == 0) /* left out: it does not even bound theta */
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

/* Takes `owed` from the smallest breakpoints. */
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

static void count_listed(bmx_monotone *m, const double *alpha)
{
    for (size_t k = 0; k < m->n_listed; k++)
        m->count[k] = bmx_rows_dot(&m->rows.pair, m->listed[k], alpha);
}

/* Fills the queue and theta, over merges and listed pairs above the guess. */
static bpemix_status isotonic(bmx_monotone *m, bpemix_error *err)
{
    const bmx_constraints *c = m->c;
    const bmx_monotone_rows *rows = &m->rows;
    double top = 0;
    size_t k = 0;
    bpemix_status st = BPEMIX_OK;

    for (uint32_t s = 0; s < c->n_steps; s++)
        top = m->b[s] > top ? m->b[s] : top;
    bmx_breakpoints_clear(&m->queue, top);
    for (uint32_t s = 0; s < c->n_steps && !st; s++) {
        double owed = 0, low = 0;

        st = merge(m, s, &owed, &low, err);
        for (; k < m->n_listed && m->listed[k] < rows->first[s + 1] && !st; k++)
            if (m->count[k] > m->guess[s])
                st = hinge(m, m->count[k], c->n_steps + m->listed[k], &owed, &low, err);
        pay(m, owed, &low);
        m->theta[s] = low;
    }
    for (uint32_t s = c->n_steps; s-- > 1 && !st;)
        if (m->theta[s - 1] < m->theta[s])
            m->theta[s - 1] = m->theta[s];
    return st;
}

/* g[n_cats], a subgradient: merges first, then pairs, each by rising rows. */
static void subgradient(const bmx_monotone *m, double *g)
{
    const bmx_constraints *c = m->c;

    memset(g, 0, c->n_cats * sizeof *g);
    for (int pairs = 0; pairs < 2; pairs++)
        for (size_t k = 0; k < m->queue.n; k++) {
            uint32_t row;
            double y = multiplier(m, k, &row);

            if (y != 0 && (row >= c->n_steps) == pairs)
                bmx_rows_add_to(pairs ? &m->rows.pair : &c->merge, pairs ? row - c->n_steps : row,
                                y, g);
        }
}

/* The objective at theta, over merges and listed pairs; *missed: M2 is not met. */
static double objective(bmx_monotone *m, bool *missed)
{
    const bmx_constraints *c = m->c;
    double sum = 0;
    size_t k = 0;

    *missed = false;
    m->sum_v = m->sum_u = 0;
    for (uint32_t s = 0; s < c->n_steps; s++) {
        double d = m->theta[s] - m->b[s];

        *(d > 0 ? &m->sum_v : &m->sum_u) += fabs(d);
        sum += weight_of(m, s) * fabs(d);
    }
    for (uint32_t s = 0; s < c->n_steps; s++)
        for (; k < m->n_listed && m->listed[k] < m->rows.first[s + 1]; k++) {
            double d = m->count[k] - m->theta[s], w;

            if (!(d > 0))
                continue;
            w = weight_of(m, c->n_steps + m->listed[k]);
            *missed = *missed || (m->count[k] <= m->guess[s] && w > 0);
            m->sum_u += d;
            sum += w * d;
        }
    return sum;
}

/* For the next call, or once more for this one. */
static void set_guess(bmx_monotone *m, bool once_more)
{
    for (uint32_t s = 0; s < m->c->n_steps; s++) {
        double guess = NEAR * m->theta[s];

        m->guess[s] = once_more ? fmin(m->guess[s], guess) : guess;
    }
}

/* goal->deadline does not matter: a call takes a few hundredths of a second. */
static bpemix_status eval(void *ctx, const double *alpha, const bmx_oracle_goal *goal, double *g,
                          double *upper, bpemix_error *err)
{
    bmx_monotone *m = ctx;
    const bmx_constraints *c = m->c;
    bpemix_status st;

    bmx_constraints_merge_counts(c, alpha, m->b);
    count_listed(m, alpha);
    for (int attempt = 0;; attempt++) {
        double value = 0;
        bool all, missed, done;

        if ((st = isotonic(m, err)))
            return st;
        subgradient(m, g);
        for (size_t i = 0; i < c->n_cats; i++)
            value += alpha[i] * g[i];
        *upper = INFINITY;
        done = value >= goal->best;
        if (!done) {
            if (!(all = covered(m, alpha))) {
                list_rows(m, alpha);
                count_listed(m, alpha);
            }
            *upper = objective(m, &missed);
            /* pairs that were not listed, or passed over, matter here: once more with them */
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
    /* The call has made the list of rows anew, and may have passed over some of them. */
    memset(m->guess, 0, c->n_steps * sizeof *m->guess);
    if ((st = isotonic(m, err)))
        return st;
    subgradient(m, g);
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

bpemix_status bmx_monotone_curvature(const bmx_monotone *m, const double *alpha, double reach,
                                     double *h, bpemix_error *err)
{
    bmx_curved fit = { .c = m->c, .alpha = alpha, .b = m->b, .theta = m->theta, .weight = m->weight,
                    .pair = &m->rows.pair, .at = m->rows.at, .listed = m->listed,
                    .n_listed = m->n_listed };

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
    bmx_monotone_rows_rescale(&m->rows, factor);
    for (size_t i = 0; i < m->c->n_cats; i++)
        m->reach[i] /= factor[i];
    memset(m->guess, 0, m->c->n_steps * sizeof *m->guess);
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

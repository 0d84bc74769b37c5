/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interior.c - Mehrotra's predictor and corrector, with the rows that matter.
 *
 * Rows join while shares and theta move; a new row's y is small enough for all conditions of the
 * dual side to hold as before.  After each step f is evaluated over all rows, so that both bounds
 * are those of the whole program.
 *
 * Most shares go to 0.  Once it is plain which, their categories are left out of the steps
 * (live.h): what is left of their shares shrinks by the same part each step, as it would with
 * them. */
#include "solve/interior.h"
#include "base/assert.h"
#include "solve/interior_rows.h"

#include <math.h>
#include <string.h>

/* These and the numbers below are judgements: they decide how many steps it takes, but no bound
 * rests on them (I2).  A step goes INSIDE of the way to the boundary; about 30 are usual,
 * MOST_STEPS end it, and so does one that goes less than SHORTEST of its direction. */
#define INSIDE 0.995
#define MOST_STEPS 120
#define SHORTEST 1e-6
/* Steps in which the gap must shrink by a tenth. */
#define PATIENCE 12
/* Products alpha z of a step may miss what was aimed at by this part of z, in the predictor and in
 * the corrector. */
#define ROUGHLY 0.3
#define NEARLY 0.1
/* Rows take part when their count is at least this part of theta; those that come above LATER join
 * them. */
#define NEAR 0.5
#define LATER 0.8
#define LEAVE_OUT 0.2 /* the gap below which categories are left out */

/* ---- bounds ---- */

/* The value of f at alpha, and its cut. */
static bpemix_status look(bmx_interior *x, bmx_cuts *cuts, bmx_optimum *out, bpemix_error *err)
{
    bmx_oracle oracle = bmx_monotone_oracle(x->m);
    bmx_optimum at = { .theta = x->level };
    double upper;
    bpemix_status st;

    for (size_t i = 0; i < x->n_cats; i++)
        x->try[i] = x->c->held[i] ? 0 : x->alpha[i];
    bmx_simplex_clip(x->try, x->n_cats);
    if ((st = oracle.eval(oracle.ctx, x->try, BMX_EXACTLY, x->cut, &upper, err)) ||
        (cuts && (st = bmx_cuts_add(cuts, x->try, x->cut, x->n_cats, err))))
        return st;
    out->rounds++;
    if (upper < out->upper) {
        memcpy(out->alpha, x->try, x->n_cats * sizeof *x->try);
        out->upper = upper;
        oracle.keep(oracle.ctx, out);
    }
    oracle.keep(oracle.ctx, &at);
    return BPEMIX_OK;
}

/* I2: the lower bound of y, whose slope g is left in x->cut. */
static double bound(bmx_interior *x)
{
    double total = 0, low = INFINITY;

    /* owed, from y: a merge gives up what its step would be below 0 by */
    memset(x->sum, 0, x->n_steps * sizeof *x->sum);
    for (size_t r = 0; r < x->n_rows; r++)
        x->sum[x->step[r]] += x->y[r];
    for (uint32_t s = 0; s < x->n_steps; s++) {
        total += x->sum[s];
        for (uint32_t k = x->newton.first[s]; k < x->newton.first[s + 1] && total > 0; k++) {
            size_t r = x->newton.at[k];
            double give = fmin(total, x->y[r] + x->low[r]);

            x->y[r] -= give;
            total -= give;
        }
    }
    bmx_entries_gather(x->row, x->n_rows, x->y, x->n_cats, x->cut);
    for (size_t i = 0; i < x->n_cats; i++)
        low = !x->c->held[i] && x->cut[i] < low ? x->cut[i] : low;
    return total > 0 ? -INFINITY : low;
}

/* ---- where to begin ---- */

/* P and Q of a row with a difference of r, so that the products with over and under are about mu
 * where r lets them. */
static void set_slacks(bmx_interior *x, size_t row, double r, double mu)
{
    if (r > 0) {
        x->q[row] = mu / x->under[row];
        x->p[row] = r + x->q[row];
    } else {
        x->p[row] = mu / x->over[row];
        x->q[row] = x->p[row] - r;
    }
}

static void set_owed(bmx_interior *x)
{
    double sum = 0;

    memset(x->owed, 0, x->n_steps * sizeof *x->owed);
    for (size_t r = 0; r < x->n_rows; r++)
        x->owed[x->step[r]] -= x->y[r];
    for (uint32_t s = 0; s < x->n_steps; s++)
        x->owed[s] = sum += x->owed[s];
}

static void set_theta(bmx_interior *x)
{
    double sum = 0;

    for (size_t s = x->n_steps; s-- > 0;)
        x->theta[s] = sum += x->fall[s];
}

/* The part of the shares that is kept of those to start at, and of the multipliers of f there. */
#define KEPT 0.9
#define TAKEN 0.9

/* y: mostly what f has at alpha, and some of a point that is inside of all conditions. */
static bpemix_status begin_dual(bmx_interior *x, bpemix_error *err)
{
    double *price = bmx_malloc(x->n_steps + x->all->pair.n, sizeof *price);
    uint32_t *n = bmx_calloc(x->n_steps, sizeof *n);
    double least = INFINITY, mean = 0;

    if (!price || !n) {
        bmx_free(price);
        bmx_free(n);
        return bmx_nomem(err);
    }
    bmx_monotone_prices(x->m, price);
    for (size_t r = 0; r < x->n_rows; r++)
        n[x->step[r]] += x->low[r] == 0;
    for (size_t r = 0; r < x->n_rows; r++) {
        double w = x->w[r], inner = -0.5 * w;

        if (x->low[r] == 0)
            inner = fmin(0.5 * w, 0.25 * bmx_monotone_weight(x->m, x->step[r]) / n[x->step[r]]);
        inner = inner != 0 ? inner : 1e-3 * w;
        x->y[r] = TAKEN * price[x->id[r]] + (1 - TAKEN) * inner;
        x->over[r] = w - x->y[r];
        x->under[r] = x->low[r] + x->y[r];
    }
    bmx_free(price);
    bmx_free(n);
    set_owed(x);
    bmx_newton_gather(&x->newton, x->y, x->g);
    for (size_t i = 0; i < x->n_cats; i++)
        if (!x->c->held[i]) {
            least = fmin(least, x->g[i]);
            mean += x->alpha[i] * x->g[i];
        }
    x->lambda = least - 0.1 * (mean - least) - 1e-9 * fabs(mean);
    for (size_t i = 0; i < x->n_cats; i++)
        x->z[i] = x->g[i] - x->lambda;
    return BPEMIX_OK;
}

static void begin_primal(bmx_interior *x, double upper)
{
    size_t n = x->n_steps;

    x->mu = fmax(upper - x->lambda, 1e-6 * fabs(upper)) / (double)x->n_products;
    for (size_t s = 0; s < n; s++) {
        double next = s + 1 < n ? x->level[s + 1] : 0;

        x->fall[s] = x->level[s] - next +
                     fmin(x->mu / x->owed[s], 0.01 * x->level[s] + 1e-9);
    }
    set_theta(x);
    bmx_newton_count(&x->newton, x->alpha, x->gap);
    for (size_t r = 0; r < x->n_rows; r++)
        set_slacks(x, r, x->gap[r] - x->theta[x->step[r]], x->mu);
}

/* ---- steps ---- */

static double products(const bmx_interior *x)
{
    double sum = 0;

    for (size_t r = 0; r < x->n_rows; r++)
        sum += x->p[r] * x->over[r] + x->q[r] * x->under[r];
    for (size_t s = 0; s < x->n_steps; s++)
        sum += x->fall[s] * x->owed[s];
    for (size_t i = 0; i < x->n_cats; i++)
        sum += x->live.out[i] ? 0 : x->alpha[i] * x->z[i];
    return sum;
}

/* What the products are to become, by the direction before where there was one (`again`).  Shares
 * of categories that are out shrink by the part `shrink`, and with them `rest`. */
static void aim(bmx_interior *x, bool again, double mu, double shrink)
{
    for (size_t r = 0; r < x->n_rows; r++) {
        double a = mu - x->p[r] * x->over[r], b = mu - x->q[r] * x->under[r];

        if (again) {
            a -= x->d_p[r] * x->d_over[r];
            b += x->d_q[r] * x->d_over[r];
        }
        x->d_p[r] = a; /* until the direction is known */
        x->d_q[r] = b;
        x->h[r] = a / x->over[r] - b / x->under[r] + shrink * x->rest[r];
    }
    for (size_t s = 0; s < x->n_steps; s++)
        x->fall_aim[s] = mu - x->fall[s] * x->owed[s] -
                         (again ? x->d_fall[s] * x->d_owed[s] : 0);
    for (size_t i = 0; i < x->n_cats; i++)
        x->share_aim[i] = mu - x->alpha[i] * x->z[i] -
                          (again ? x->d_alpha[i] * x->d_z[i] : 0);
}

/* The shares that are live keep their sum (I1).  Near the optimum the equations tell little about
 * the direction along the point itself, as f is homogeneous; what the solution of them has of it
 * only scales, and is taken out. */
static void keep_sum(bmx_interior *x)
{
    double sum = 0, change = 0, along;

    for (size_t i = 0; i < x->n_cats; i++)
        if (!x->live.out[i]) {
            sum += x->alpha[i];
            change += x->d_alpha[i];
        }
    along = change / sum;
    for (size_t i = 0; i < x->n_cats; i++)
        if (!x->live.out[i])
            x->d_alpha[i] -= along * x->alpha[i];
    for (size_t r = 0; r < x->n_rows; r++) {
        x->d_p[r] -= along * x->p[r];
        x->d_q[r] -= along * x->q[r];
    }
    for (size_t s = 0; s < x->n_steps; s++)
        x->d_fall[s] -= along * x->fall[s];
}

/* The direction to what was aimed at. */
static void direct(bmx_interior *x, double part)
{
    size_t n = x->n_steps;
    double sum = 0;

    memset(x->q_rhs, 0, n * sizeof *x->q_rhs);
    for (size_t r = 0; r < x->n_rows; r++) {
        x->gap[r] = x->d[r] * x->h[r];
        x->q_rhs[x->step[r]] -= x->gap[r];
    }
    bmx_newton_gather(&x->newton, x->gap, x->rhs);
    for (size_t i = 0; i < x->n_cats; i++)
        x->rhs[i] += x->live.out[i] ? 0 : x->share_aim[i] / x->alpha[i];
    for (size_t s = 0; s < n; s++)
        x->q_rhs[s] += x->fall_aim[s] / x->fall[s] -
                       (s > 0 ? x->fall_aim[s - 1] / x->fall[s - 1] : 0);
    bmx_newton_solve(&x->newton,
                     &(bmx_newton_aim){ .p = x->rhs, .q = x->q_rhs, .allowed = x->z,
                                        .part = part }, x->d_alpha, x->d_theta, &x->d_lambda);
    bmx_newton_count(&x->newton, x->d_alpha, x->gap);
    for (size_t r = 0; r < x->n_rows; r++) {
        double dy = x->d[r] * (x->gap[r] - x->d_theta[x->step[r]] - x->h[r]);

        x->d_p[r] = (x->d_p[r] + x->p[r] * dy) / x->over[r];
        x->d_q[r] = (x->d_q[r] - x->q[r] * dy) / x->under[r];
        x->d_over[r] = -dy;
        x->gap[r] = dy;
    }
    memset(x->d_owed, 0, n * sizeof *x->d_owed);
    for (size_t r = 0; r < x->n_rows; r++)
        x->d_owed[x->step[r]] -= x->gap[r];
    for (size_t s = 0; s < n; s++) {
        x->d_owed[s] = sum += x->d_owed[s];
        x->d_fall[s] = x->d_theta[s] - (s + 1 < n ? x->d_theta[s + 1] : 0);
    }
    bmx_newton_gather(&x->newton, x->gap, x->d_z);
    for (size_t i = 0; i < x->n_cats; i++)
        x->d_z[i] -= x->d_lambda;
    keep_sum(x);
}

/* The longest step up to t that keeps a + t sign d >= 0. */
static double longest(const double *a, const double *d, size_t n, double sign, double t)
{
    for (size_t i = 0; i < n; i++)
        if (sign * d[i] < 0 && -a[i] / (sign * d[i]) < t)
            t = -a[i] / (sign * d[i]);
    return t;
}

static void lengths(const bmx_interior *x, double *primal, double *dual)
{
    double far = 1 / INSIDE, a = far, b = far;

    for (size_t i = 0; i < x->n_cats; i++) {
        if (x->live.out[i])
            continue;
        if (x->d_alpha[i] < 0)
            a = fmin(a, -x->alpha[i] / x->d_alpha[i]);
        if (x->d_z[i] < 0)
            b = fmin(b, -x->z[i] / x->d_z[i]);
    }
    a = longest(x->fall, x->d_fall, x->n_steps, 1, a);
    a = longest(x->p, x->d_p, x->n_rows, 1, a);
    *primal = longest(x->q, x->d_q, x->n_rows, 1, a);
    b = longest(x->owed, x->d_owed, x->n_steps, 1, b);
    b = longest(x->over, x->d_over, x->n_rows, 1, b);
    *dual = longest(x->under, x->d_over, x->n_rows, -1, b);
}

/* The sum of the products after steps of these lengths. */
static double after(const bmx_interior *x, double a, double b)
{
    double sum = 0;

    for (size_t r = 0; r < x->n_rows; r++)
        sum += (x->p[r] + a * x->d_p[r]) * (x->over[r] + b * x->d_over[r]) +
               (x->q[r] + a * x->d_q[r]) * (x->under[r] - b * x->d_over[r]);
    for (size_t s = 0; s < x->n_steps; s++)
        sum += (x->fall[s] + a * x->d_fall[s]) * (x->owed[s] + b * x->d_owed[s]);
    for (size_t i = 0; i < x->n_cats; i++)
        if (!x->live.out[i])
            sum += (x->alpha[i] + a * x->d_alpha[i]) * (x->z[i] + b * x->d_z[i]);
    return sum;
}

/* Scale all to shares that sum to 1, and let P and Q differ by what their rows differ from theta
 * by. */
static void settle(bmx_interior *x)
{
    double sum = 0;

    for (size_t i = 0; i < x->n_cats; i++)
        sum += x->alpha[i];
    /* I1: that of the live shares is an equation; those that are out only shrink */
    BMX_ASSERT(sum > 0.8 && sum < 1 + 1e-6);
    for (size_t i = 0; i < x->n_cats; i++)
        x->alpha[i] /= sum;
    for (size_t s = 0; s < x->n_steps; s++)
        x->fall[s] /= sum;
    set_theta(x);
    bmx_newton_count(&x->newton, x->alpha, x->gap);
    for (size_t r = 0; r < x->n_rows; r++) {
        double diff;

        x->rest[r] /= sum;
        x->p[r] /= sum;
        x->q[r] /= sum;
        diff = x->gap[r] + x->rest[r] - x->theta[x->step[r]];
        /* rounding must not grow in the larger one of P and Q */
        if (x->p[r] > x->q[r])
            x->p[r] = fmax(x->q[r] + diff, x->q[r]);
        else
            x->q[r] = fmax(x->p[r] - diff, x->p[r]);
    }
}

#ifdef BMX_CHECKED
static bool near(double a, double b, double size) { return fabs(a - b) <= 1e-6 * size; }

/* I1 after a step, rows one by one and then what their y make of the steps. */
static bool is_inside(const bmx_interior *x)
{
    double sum = 0, all = 0;

    for (size_t r = 0; r < x->n_rows; r++) {
        double diff = x->gap[r] + x->rest[r] - x->theta[x->step[r]];

        all += fabs(x->y[r]);
        if (!(x->over[r] > 0 && x->under[r] > 0 && x->p[r] > 0 && x->q[r] > 0) ||
            !near(x->over[r] + x->y[r], x->w[r], x->w[r]) ||
            !near(x->under[r] - x->y[r], x->low[r], x->w[r]) ||
            !near(x->p[r] - x->q[r], diff, fmax(x->gap[r], x->theta[x->step[r]])))
            return false;
    }
    memset(x->sum, 0, x->n_steps * sizeof *x->sum);
    for (size_t r = 0; r < x->n_rows; r++)
        x->sum[x->step[r]] -= x->y[r];
    for (size_t s = 0; s < x->n_steps; s++) {
        sum += x->sum[s];
        if (!(x->owed[s] > 0 && x->fall[s] > 0) || !near(x->owed[s], sum, all))
            return false;
    }
    return true;
}
#endif

static void move(bmx_interior *x, double a, double b, double shrink)
{
    for (size_t i = 0; i < x->n_cats; i++)
        if (!x->live.out[i]) {
            x->alpha[i] += a * x->d_alpha[i];
            x->z[i] += b * x->d_z[i];
        } else {
            x->alpha[i] *= 1 - a * shrink;
        }
    x->lambda += b * x->d_lambda;
    for (size_t s = 0; s < x->n_steps; s++) {
        x->fall[s] += a * x->d_fall[s];
        x->owed[s] += b * x->d_owed[s];
    }
    for (size_t r = 0; r < x->n_rows; r++) {
        x->rest[r] *= 1 - a * shrink;
        x->p[r] += a * x->d_p[r];
        x->q[r] += a * x->d_q[r];
        x->over[r] += b * x->d_over[r];
        x->under[r] -= b * x->d_over[r];
        x->y[r] = x->over[r] < x->under[r] ? x->w[r] - x->over[r] : x->under[r] - x->low[r];
    }
    settle(x);
    BMX_ASSERT(is_inside(x)); /* I1 */
}

/* One step; *moved: the longer one of its two lengths, 0 where there is no step. */
static bpemix_status go(bmx_interior *x, double *moved, bpemix_error *err)
{
    double a, b, now = products(x), sigma;
    bool regular;
    bpemix_status st;

    *moved = 0;
    for (size_t r = 0; r < x->n_rows; r++)
        x->d[r] = 1 / (x->p[r] / x->over[r] + x->q[r] / x->under[r]);
    for (size_t i = 0; i < x->n_cats; i++)
        x->per_share[i] = x->live.out[i] ? 1 : x->z[i] / x->alpha[i];
    for (size_t s = 0; s < x->n_steps; s++)
        x->per_fall[s] = x->owed[s] / x->fall[s];
    if ((st = bmx_newton_set(&x->newton, x->d, x->per_share, x->per_fall, &regular, err)) ||
        !regular)
        return st;
    x->mu = now / (double)x->n_products;
    aim(x, false, 0, 1);
    direct(x, ROUGHLY);
    lengths(x, &a, &b);
    a = fmin(a, 1);
    b = fmin(b, 1);
    sigma = pow(after(x, a, b) / now, 3);
    aim(x, true, sigma * x->mu, 1 - sigma);
    direct(x, NEARLY);
    lengths(x, &a, &b);
    a *= INSIDE;
    b *= INSIDE;
    *moved = fmax(a, b);
    move(x, a, b, 1 - sigma);
    return BPEMIX_OK;
}

/* Rows that may now be above theta take part from now on. */
static bpemix_status add_more(bmx_interior *x, bpemix_error *err)
{
    size_t old = x->n_rows;
    double part = 1;
    bpemix_status st = bmx_interior_add_pairs(x, LATER, err);

    if (st || x->n_rows == old)
        return st;
    bmx_newton_count(&x->newton, x->alpha, x->gap);
    memset(x->sum, 0, x->n_steps * sizeof *x->sum);
    for (size_t r = old; r < x->n_rows; r++) {
        double far = fmax(fabs(x->gap[r] + x->rest[r] - x->theta[x->step[r]]), 1e-12);

        x->y[r] = fmin(x->mu / far, 0.01 * x->w[r]);
        x->sum[x->step[r]] += x->y[r];
    }
    for (uint32_t s = 0; s < x->n_steps; s++) {
        if (s > 0)
            x->sum[s] += x->sum[s - 1];
        if (x->sum[s] > 0)
            part = fmin(part, 0.2 * x->owed[s] / x->sum[s]);
    }
    for (uint32_t s = 0; s < x->n_steps; s++)
        x->owed[s] -= part * x->sum[s];
    for (size_t r = old; r < x->n_rows; r++) {
        x->y[r] *= part;
        x->over[r] = x->w[r] - x->y[r];
        x->under[r] = x->y[r];
        set_slacks(x, r, x->gap[r] + x->rest[r] - x->theta[x->step[r]], x->mu);
        for (uint64_t j = 0; j < x->row[r].n; j++)
            x->z[x->row[r].cat[j]] += x->y[r] * x->row[r].x[j];
    }
    return BPEMIX_OK;
}

/* x->cut is the slope of the last lower bound. */
static bpemix_status choose_live(bmx_interior *x, double gap, double upper, bpemix_error *err)
{
    double inside = x->mu * (double)x->n_cats;
    bool changed = bmx_live_take_back(&x->live, x->c->held, x->cut, inside, x->z, &x->lambda);
    bpemix_status st;

    changed = (gap < LEAVE_OUT && bmx_live_leave_out(&x->live, x->alpha, x->z, upper)) || changed;
    if (!changed)
        return BPEMIX_OK;
    if ((st = bmx_interior_set_rows(x, err)))
        return st;
    settle(x);
    return BPEMIX_OK;
}

/* *ready = false where some step has no row, so that its condition on y has no inside. */
static bpemix_status begin(bmx_interior *x, const double *start, bmx_cuts *cuts, bmx_optimum *out,
                           bool *ready, bpemix_error *err)
{
    size_t n = 0;
    bpemix_status st;

    for (size_t i = 0; i < x->n_cats; i++)
        n += !x->c->held[i];
    for (size_t i = 0; i < x->n_cats; i++)
        x->alpha[i] = x->c->held[i] ? 0 : (start ? KEPT * start[i] : 0) + (1 - KEPT) / (double)n;
    bmx_simplex_clip(x->alpha, x->n_cats);
    if ((st = look(x, cuts, out, err)) || (st = bmx_interior_add_pairs(x, NEAR, err)) ||
        (st = begin_dual(x, err)))
        return st;
    *ready = out->upper > 0;
    for (uint32_t s = 0; s < x->n_steps; s++)
        *ready = *ready && x->owed[s] > 0;
    if (*ready)
        begin_primal(x, out->upper);
    return BPEMIX_OK;
}

/* Both bounds after a step, and its cuts; the best lower one has all the weight. */
static bpemix_status take_bounds(bmx_interior *x, bmx_cuts *cuts, size_t *proof, bmx_optimum *out,
                                 bpemix_error *err)
{
    double low;
    bpemix_status st = look(x, cuts, out, err);

    if (st)
        return st;
    low = bound(x);
    BMX_ASSERT(low <= out->upper * (1 + 1e-9)); /* I2: a bound of f, whose value is known */
    if (low > out->lower) {
        out->lower = low;
        if (cuts && (st = bmx_cuts_add(cuts, NULL, x->cut, x->n_cats, err)))
            return st;
        *proof = cuts ? cuts->n - 1 : 0;
    }
    return BPEMIX_OK;
}

static bpemix_status steps(bmx_interior *x, bmx_control *ctl, bmx_cuts *cuts, size_t *proof,
                           bmx_optimum *out, bpemix_error *err)
{
    double mark = INFINITY, gap, moved = 1;
    int since = 0;
    bpemix_status st = BPEMIX_OK;

    for (int k = 0; k < MOST_STEPS && !st; k++) {
        if ((st = go(x, &moved, err)) || !(moved > SHORTEST) ||
            (st = take_bounds(x, cuts, proof, out, err)))
            break;
        gap = bmx_optimum_gap(out, x->c);
        if (gap <= ctl->gap || (ctl->enough > 0 && out->lower >= ctl->enough) ||
            bmx_clock() >= ctl->deadline)
            break;
        if (gap < 0.9 * mark || gap >= 1) {
            mark = gap;
            since = 0;
        } else if (++since >= PATIENCE) {
            break;
        }
        if (!(st = bmx_control_check(ctl, out->lower, out->upper, x->n_rows, err)) &&
            !(st = choose_live(x, gap, out->upper, err)))
            st = add_more(x, err);
    }
    return st;
}

bpemix_status bmx_interior_solve(bmx_monotone *m, const bmx_constraints *c, const double *start,
                                 bmx_control *ctl, bmx_cuts *cuts, bmx_optimum *out,
                                 bpemix_error *err)
{
    bmx_interior x = { .c = c, .m = m, .all = bmx_monotone_rows_of(m), .n_cats = c->n_cats,
                       .n_steps = c->n_steps };
    size_t proof = SIZE_MAX;
    bool ready;
    bpemix_status st = bmx_interior_init(&x, err);

    if (!st && !(st = begin(&x, start, cuts, out, &ready, err)) && ready)
        st = steps(&x, ctl, cuts, &proof, out, err);
    if (!st && cuts) {
        bmx_free(cuts->weight);
        if (!(cuts->weight = bmx_calloc(cuts->n, sizeof *cuts->weight)))
            st = bmx_nomem(err);
        else if (proof != SIZE_MAX)
            cuts->weight[proof] = 1;
    }
    out->rows = x.n_rows;
    bmx_interior_release(&x);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* qp.c - the predictor-corrector of qp.h, with the Cholesky factor of its one matrix. */
#include "solve/qp.h"
#include "solve/dense.h"
#include "solve/dot.h"

#include <math.h>
#include <string.h>

/* Judgements: 9 steps are usual, and each goes INSIDE of the way to the boundary. */
#define MAX_STEPS 60
#define INSIDE 0.995
/* If the size of the objective is given: the error allowed, relative to it, of objective and
 * rows. */
#define ROUGH 1e-3
#define ROUGH_ROWS 1e-9
enum { VAR_VECTORS = 10, ROW_VECTORS = 6 };

bpemix_status bmx_qp_init(bmx_qp *q, size_t n, bpemix_error *err)
{
    bmx_qp p = { .n = n };

    p.of_vars = bmx_malloc(n, VAR_VECTORS * sizeof *p.of_vars);
    if (!p.of_vars)
        return bmx_nomem(err);
    *q = p;
    return BPEMIX_OK;
}

void bmx_qp_release(bmx_qp *q)
{
    bmx_free(q->matrix);
    bmx_woodbury_release(&q->low);
    bmx_free(q->of_vars);
    bmx_free(q->of_rows);
    *q = (bmx_qp){ 0 };
}

static void solve(const double *a, size_t n, double *x)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = (x[i] - bmx_dot(a + i * n, x, i)) / a[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        x[i] /= a[i * n + i];
        for (size_t k = 0; k < i; k++)
            x[k] -= a[i * n + k] * x[i];
    }
}

static double largest_square(const double *row, size_t n)
{
    double big = 0;

    for (size_t i = 0; i < n; i++)
        big = row[i] * row[i] > big ? row[i] * row[i] : big;
    return big;
}

/* Lower triangle of a += sum over rows j of (lam_j / s_j) g_j g_j'.  Rows that cannot add more than
 * `negligible` to an entry are left out. */
static void add_products(double *a, size_t n, size_t m, const double *g, const double *lam,
                         const double *s, double negligible)
{
    for (size_t j = 0; j < m;) {
        const double *row[4];
        double f[4];
        size_t k = 0;
        for (; j < m && k < 4; j++) {
            f[k] = lam[j] / s[j];
            row[k] = g + j * n;
            k += f[k] * largest_square(row[k], n) > negligible;
        }
        if (k == 0)
            break;
        for (; k < 4; k++) {
            f[k] = 0;
            row[k] = row[0];
        }
        bmx_dense_add_products(a, n, row, f, 4);
    }
}

/* Longest step up to t that keeps a + t d >= 0. */
static double longest(const double *a, const double *d, size_t n, double t)
{
    for (size_t i = 0; i < n; i++)
        if (d[i] < 0 && -a[i] / d[i] < t)
            t = -a[i] / d[i];
    return t;
}

/* The vectors of a solution: x and z >= 0 multiply to mu, and so do the slacks s >= 0 of the rows
 * and their multipliers lam; y is the multiplier of e' x = 1. */
typedef struct point {
    const bmx_qp_program *what;
    size_t n, m;
    double *x, *z, *dx, *dz, *diff; /* of n; diff = x - c */
    double *s, *lam, *ds, *dlam;    /* of m */
    double *rd, *rs, rp;            /* residuals: of the slope, of the rows, of e' x = 1 */
    double *rxz, *rsl;              /* decrease of x z and s lam that is aimed at */
    double *u, u_sum, *rhs;         /* matrix^-1 e, e' u; right-hand side */
    double *matrix, *diagonal;      /* one of them, the diagonal with `low` */
    bmx_woodbury *low;
    double y, mu, worst_d, worst_p, scale;
} point;

static double one(const double *e, size_t i) { return e ? e[i] : 1; }

static bpemix_status make_room(bmx_qp *q, const bmx_qp_program *what, bpemix_error *err)
{
    size_t n = q->n, m = what->m, rows = what->n_vec + m;

    if (m > q->m_cap) {
        double *more = bmx_realloc(q->of_rows, 2 * m, ROW_VECTORS * sizeof *more);
        if (!more)
            return bmx_nomem(err);
        q->of_rows = more;
        q->m_cap = 2 * m;
    }
    if (!what->h && rows > q->low.most) {
        bmx_woodbury_release(&q->low);
        return bmx_woodbury_init(&q->low, n, 2 * rows, err);
    }
    if (what->h && !q->matrix) {
        q->matrix = n > SIZE_MAX / n ? NULL : bmx_malloc(n * n, sizeof *q->matrix);
        if (!q->matrix)
            return bmx_nomem(err);
    }
    return BPEMIX_OK;
}

/* Entry (i, i) of H. */
static double bend_of(const bmx_qp_program *what, size_t n, size_t i)
{
    double sum = what->diagonal;

    if (what->h)
        return what->h[i * n + i];
    for (size_t k = 0; k < what->n_vec; k++)
        sum += what->coef[k] * what->vec[k * n + i] * what->vec[k * n + i];
    return sum;
}

/* out = H d. */
static void bend(const bmx_qp_program *what, size_t n, const double *d, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = what->h ? bmx_dot(what->h + i * n, d, n) : what->diagonal * d[i];
    for (size_t k = 0; k < what->n_vec; k++) {
        const double *v = what->vec + k * n;
        double part = what->coef[k] * bmx_dot(v, d, n);

        for (size_t i = 0; i < n; i++)
            out[i] += part * v[i];
    }
}

/* Memory of q to the vectors, and where to begin: inside of all bounds, with products as large as
 * they are half way.  From multipliers of 1 / n an objective of 1e4 took 20 steps, not 9. */
static bpemix_status begin(bmx_qp *q, const bmx_qp_program *what, point *p, bpemix_error *err)
{
    size_t n = q->n, m = what->m;
    double mu = what->size / (double)(n + m);
    double **const of_vars[] = { &p->x, &p->z, &p->dx, &p->dz, &p->rd, &p->u, &p->rhs, &p->rxz,
                                 &p->diff, &p->diagonal };
    double **const of_rows[] = { &p->s, &p->lam, &p->ds, &p->dlam, &p->rs, &p->rsl };

    bpemix_status st = make_room(q, what, err);

    if (st)
        return st;
    *p = (point){ .what = what, .n = n, .m = m, .matrix = q->matrix, .low = &q->low, .scale = 1 };
    for (size_t k = 0; k < VAR_VECTORS; k++)
        *of_vars[k] = q->of_vars + k * n;
    for (size_t k = 0; k < ROW_VECTORS && q->of_rows; k++)
        *of_rows[k] = q->of_rows + k * q->m_cap;
    for (size_t i = 0; i < n; i++) {
        p->scale = fmax(p->scale, bend_of(what, n, i));
        p->x[i] = what->c[i] > 0.01 / (double)n ? what->c[i] : 0.01 / (double)n;
        p->z[i] = mu > 0 ? mu / p->x[i] : 0.1 / (double)n;
    }
    for (size_t j = 0; j < m; j++) {
        double slack = what->level - bmx_dot(what->g + j * n, p->x, n);
        p->s[j] = slack > 1e-3 ? slack : 1e-3;
        p->lam[j] = mu > 0 ? mu / p->s[j] : 0.1 / (double)m;
    }
    return BPEMIX_OK;
}

/* Step 1: how far the point is from an optimum. */
static void measure(point *p)
{
    const bmx_qp_program *w = p->what;
    size_t n = p->n, m = p->m;

    p->mu = (bmx_dot(p->x, p->z, n) + bmx_dot(p->s, p->lam, m)) / (double)(n + m);
    p->rp = -1;
    p->worst_d = p->worst_p = 0;
    for (size_t i = 0; i < n; i++) {
        p->rp += one(w->e, i) * p->x[i];
        p->diff[i] = p->x[i] - w->c[i];
    }
    bend(w, n, p->diff, p->rd);
    for (size_t i = 0; i < n; i++)
        p->rd[i] = p->rd[i] + (w->p ? w->p[i] : 0) - p->z[i] - one(w->e, i) * p->y;
    for (size_t j = 0; j < m; j++) {
        const double *row = w->g + j * n;

        p->rs[j] = bmx_dot(row, p->x, n) + p->s[j] - w->level;
        p->worst_p = fmax(p->worst_p, fabs(p->rs[j]));
        for (size_t i = 0; i < n; i++)
            p->rd[i] += p->lam[j] * row[i];
    }
    for (size_t i = 0; i < n; i++)
        p->worst_d = fmax(p->worst_d, fabs(p->rd[i]));
}

/* The objective is off by about (n + m) mu, and by rd' x. */
static bool is_optimal(const point *p)
{
    double rough = ROUGH * p->what->size;

    if (rough > 0)
        return (double)(p->n + p->m) * p->mu < rough && p->worst_d < rough &&
               p->worst_p < ROUGH_ROWS && fabs(p->rp) < ROUGH_ROWS;
    return p->mu < 1e-12 * p->scale && p->worst_d < 1e-8 * p->scale && p->worst_p < 1e-10 &&
           fabs(p->rp) < 1e-10;
}

/* H + G' (lam / s) G + z / x, factored. */
static bool factor_dense(point *p)
{
    const bmx_qp_program *w = p->what;
    size_t n = p->n;

    memcpy(p->matrix, w->h, n * n * sizeof *w->h);
    add_products(p->matrix, n, p->m, w->g, p->lam, p->s, 1e-12 * p->scale);
    for (size_t i = 0; i < n; i++)
        p->matrix[i * n + i] += p->z[i] / p->x[i];
    return bmx_dense_factor(p->matrix, n, n, 0, 0);
}

static bool factor_low(point *p)
{
    const bmx_qp_program *w = p->what;
    size_t n = p->n;

    for (size_t i = 0; i < n; i++)
        p->diagonal[i] = w->diagonal + p->z[i] / p->x[i];
    bmx_woodbury_begin(p->low, p->diagonal);
    for (size_t k = 0; k < w->n_vec; k++)
        if (w->coef[k] > 0)
            bmx_woodbury_add(p->low, w->vec + k * n, w->coef[k]);
    for (size_t j = 0; j < p->m; j++) {
        const double *row = w->g + j * n;
        double part = p->lam[j] / p->s[j];

        if (part * largest_square(row, n) > 1e-12 * p->scale)
            bmx_woodbury_add(p->low, row, part);
    }
    for (size_t k = 0; k < w->n_vec; k++)
        if (w->coef[k] < 0)
            bmx_woodbury_add(p->low, w->vec + k * n, w->coef[k]);
    return bmx_woodbury_factor(p->low);
}

/* x[n] becomes matrix^-1 x.  A predictor need not have all of its digits. */
static void divide(const point *p, double *x, bool rough)
{
    if (p->what->h)
        solve(p->matrix, p->n, x);
    else
        bmx_woodbury_solve(p->low, x, rough);
}

/* Step 2: the matrix, factored, and u. */
static bool make_matrix(point *p)
{
    const bmx_qp_program *w = p->what;
    size_t n = p->n;

    if (!(w->h ? factor_dense(p) : factor_low(p)))
        return false;
    for (size_t i = 0; i < n; i++)
        p->u[i] = one(w->e, i);
    divide(p, p->u, false);
    p->u_sum = 0;
    for (size_t i = 0; i < n; i++)
        p->u_sum += one(w->e, i) * p->u[i];
    return true;
}

/* Step 3: the direction that makes all products `aim`, by the last direction's products where there
 * was one (`again`); returns the change of y. */
static double direct(point *p, bool again, double aim)
{
    const bmx_qp_program *w = p->what;
    size_t n = p->n, m = p->m;
    double dy, sum = 0;

    for (size_t i = 0; i < n; i++) {
        p->rxz[i] = p->x[i] * p->z[i] + (again ? p->dx[i] * p->dz[i] - aim : 0);
        p->rhs[i] = -p->rd[i] - p->rxz[i] / p->x[i];
    }
    for (size_t j = 0; j < m; j++) {
        double f;

        p->rsl[j] = p->s[j] * p->lam[j] + (again ? p->ds[j] * p->dlam[j] - aim : 0);
        f = (p->rsl[j] - p->lam[j] * p->rs[j]) / p->s[j];
        for (size_t i = 0; i < n; i++)
            p->rhs[i] += f * w->g[j * n + i];
    }
    memcpy(p->dx, p->rhs, n * sizeof *p->dx);
    divide(p, p->dx, !again);
    for (size_t i = 0; i < n; i++)
        sum += one(w->e, i) * p->dx[i];
    dy = (-p->rp - sum) / p->u_sum;
    for (size_t i = 0; i < n; i++) {
        p->dx[i] += dy * p->u[i];
        p->dz[i] = (-p->rxz[i] - p->z[i] * p->dx[i]) / p->x[i];
    }
    for (size_t j = 0; j < m; j++) {
        p->ds[j] = -p->rs[j] - bmx_dot(w->g + j * n, p->dx, n);
        p->dlam[j] = (-p->rsl[j] - p->lam[j] * p->ds[j]) / p->s[j];
    }
    return dy;
}

/* The longest steps along the direction that x and s, and z and lam, allow. */
static void lengths(const point *p, double *a, double *b)
{
    *a = longest(p->s, p->ds, p->m, longest(p->x, p->dx, p->n, 1 / INSIDE));
    *b = longest(p->lam, p->dlam, p->m, longest(p->z, p->dz, p->n, 1 / INSIDE));
}

/* Steps 3 and 4: predictor (aim at 0), then corrector (aim at what the predictor says can be had),
 * and one step length for all, because the objective couples both sides. */
static void go(point *p)
{
    size_t n = p->n, m = p->m;
    double a, b, dy, after = 0, sigma;

    direct(p, false, 0);
    lengths(p, &a, &b);
    a = fmin(a, 1);
    b = fmin(b, 1);
    for (size_t i = 0; i < n; i++)
        after += (p->x[i] + a * p->dx[i]) * (p->z[i] + b * p->dz[i]);
    for (size_t j = 0; j < m; j++)
        after += (p->s[j] + a * p->ds[j]) * (p->lam[j] + b * p->dlam[j]);
    sigma = p->mu > 0 ? after / (double)(n + m) / p->mu : 0;
    dy = direct(p, true, sigma * sigma * sigma * p->mu);
    lengths(p, &a, &b);
    a = INSIDE * fmin(a, b);
    p->y += a * dy;
    for (size_t i = 0; i < n; i++) {
        p->x[i] += a * p->dx[i];
        p->z[i] += a * p->dz[i];
    }
    for (size_t j = 0; j < m; j++) {
        p->s[j] += a * p->ds[j];
        p->lam[j] += a * p->dlam[j];
    }
}

/* Short of the optimum, a point that satisfies the constraints is still useful. */
static bool is_within(const point *p)
{
    const bmx_qp_program *w = p->what;
    double sum = 0, worst = 0;

    for (size_t i = 0; i < p->n; i++) {
        if (!isfinite(p->x[i]))
            return false;
        sum += one(w->e, i) * p->x[i];
    }
    for (size_t j = 0; j < p->m; j++)
        worst = fmax(worst, bmx_dot(w->g + j * p->n, p->x, p->n) - w->level);
    return fabs(sum - 1) <= 1e-6 && worst <= 1e-7;
}

bpemix_status bmx_qp_solve(bmx_qp *q, const bmx_qp_program *what, double *out, bool *solved,
                           bpemix_error *err)
{
    point p;
    bpemix_status st = begin(q, what, &p, err);

    *solved = false;
    if (st)
        return st;
    for (int step = 0; step < MAX_STEPS; step++) {
        measure(&p);
        if (!isfinite(p.mu) || !isfinite(p.worst_d))
            break;
        if ((*solved = is_optimal(&p)) || !make_matrix(&p))
            break;
        go(&p);
    }
    *solved = *solved || is_within(&p);
    if (*solved)
        memcpy(out, p.x, p.n * sizeof *out);
    if (*solved && what->lam && p.m > 0)
        memcpy(what->lam, p.lam, p.m * sizeof *p.lam);
    return BPEMIX_OK;
}

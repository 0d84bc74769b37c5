/* SPDX-License-Identifier: GPL-3.0-or-later */
/* qp.c - the predictor-corrector of qp.h, with the Cholesky factor of its one matrix. */
#include "solve/qp.h"

#include <math.h>
#include <string.h>

#define MAX_STEPS 60
#define INSIDE 0.995 /* of the way to the boundary */

enum { VAR_VECTORS = 9, ROW_VECTORS = 7 };

bpemix_status bmx_qp_init(bmx_qp *q, size_t n, bpemix_error *err)
{
    bmx_qp p = { .n = n };

    p.matrix = n > SIZE_MAX / n ? NULL : bmx_malloc(n * n, sizeof *p.matrix);
    p.of_vars = bmx_malloc(n, VAR_VECTORS * sizeof *p.of_vars);
    if (!p.matrix || !p.of_vars) {
        bmx_qp_release(&p);
        return bmx_nomem(err);
    }
    *q = p;
    return BPEMIX_OK;
}

void bmx_qp_release(bmx_qp *q)
{
    bmx_free(q->matrix);
    bmx_free(q->of_vars);
    bmx_free(q->of_rows);
    *q = (bmx_qp){ 0 };
}

/* Two doubles side by side; compilers turn it into one register. */
typedef double two __attribute__((vector_size(16), aligned(8), may_alias));

static double dot(const double *a, const double *b, size_t n)
{
    two s0 = { 0, 0 }, s1 = { 0, 0 };
    double sum = 0;
    size_t i = 0;

    for (; i + 4 <= n; i += 4) {
        s0 += *(const two *)(a + i) * *(const two *)(b + i);
        s1 += *(const two *)(a + i + 2) * *(const two *)(b + i + 2);
    }
    for (; i < n; i++)
        sum += a[i] * b[i];
    s0 += s1;
    return sum + (s0[0] + s0[1]);
}

/* Lower triangle of a becomes its Cholesky factor; false when not positive. */
static bool factor(double *a, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double *ri = a + i * n;
        for (size_t j = 0; j <= i; j++) {
            const double *rj = a + j * n;
            double sum = ri[j] - dot(ri, rj, j);
            if (j < i) {
                ri[j] = sum / rj[j];
            } else {
                if (!(sum > 0))
                    return false;
                ri[i] = sqrt(sum);
            }
        }
    }
    return true;
}

static void solve(const double *a, size_t n, double *x)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = (x[i] - dot(a + i * n, x, i)) / a[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        x[i] /= a[i * n + i];
        for (size_t k = 0; k < i; k++)
            x[k] -= a[i * n + k] * x[i];
    }
}

/* Lower triangle of a += sum over rows j of (lam_j / s_j) g_j g_j', four rows at
 * a time: this is most of the work.  Rows that cannot add more than `trifle`
 * to an entry are left out. */
static void add_products(double *a, size_t n, size_t m, const double *g, const double *lam,
                         const double *s, double trifle)
{
    for (size_t j = 0; j < m;) {
        const double *row[4];
        double f[4];
        size_t k = 0;
        for (; j < m && k < 4; j++) {
            double big = 0;
            f[k] = lam[j] / s[j];
            row[k] = g + j * n;
            for (size_t i = 0; i < n; i++)
                big = row[k][i] * row[k][i] > big ? row[k][i] * row[k][i] : big;
            k += f[k] * big > trifle;
        }
        if (k == 0)
            break;
        for (; k < 4; k++) {
            f[k] = 0;
            row[k] = row[0];
        }
        for (size_t i = 0; i < n; i++) {
            double f0 = f[0] * row[0][i], f1 = f[1] * row[1][i];
            double f2 = f[2] * row[2][i], f3 = f[3] * row[3][i];
            size_t c = 0;
            for (; c + 2 <= i + 1; c += 2) {
                two *to = (two *)(a + i * n + c);
                *to += f0 * *(const two *)(row[0] + c) + f1 * *(const two *)(row[1] + c) +
                       f2 * *(const two *)(row[2] + c) + f3 * *(const two *)(row[3] + c);
            }
            for (; c <= i; c++)
                a[i * n + c] += f0 * row[0][c] + f1 * row[1][c] + f2 * row[2][c] + f3 * row[3][c];
        }
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

bpemix_status bmx_qp_solve(bmx_qp *q, const bmx_qp_program *what, double *out, bool *solved,
                           bpemix_error *err)
{
    size_t n = q->n, m = what->m;
    const double *h = what->h, *c = what->c, *g = what->g, *e = what->e, *p = what->p;
    double level = what->level;
    double *x = q->of_vars, *z = x + n, *dx = z + n, *dz = dx + n, *rd = dz + n, *u = rd + n;
    double *rhs = u + n, *rxz = rhs + n, *diff = rxz + n;
    double *s, *lam, *ds, *dlam, *rs, *rsl, *gx, y = 0, scale = 1;
    bool converged = false;

    *solved = false;
    if (m > q->m_cap) {
        double *more = bmx_realloc(q->of_rows, 2 * m, ROW_VECTORS * sizeof *more);
        if (!more)
            return bmx_nomem(err);
        q->of_rows = more;
        q->m_cap = 2 * m;
    }
    s = q->of_rows;
    lam = s + q->m_cap;
    ds = lam + q->m_cap;
    dlam = ds + q->m_cap;
    rs = dlam + q->m_cap;
    rsl = rs + q->m_cap;
    gx = rsl + q->m_cap;

    for (size_t i = 0; i < n; i++) {
        scale = fmax(scale, h[i * n + i]);
        x[i] = c[i] > 0.01 / (double)n ? c[i] : 0.01 / (double)n;
        z[i] = 0.1 / (double)n;
    }
    for (size_t j = 0; j < m; j++) {
        double slack = level - dot(g + j * n, x, n);
        s[j] = slack > 1e-3 ? slack : 1e-3;
        lam[j] = 0.1 / (double)m;
    }

    for (int step = 0; step < MAX_STEPS; step++) {
        double mu = dot(x, z, n), rp = -1, worst_d = 0, worst_p = 0, a, b, sigma = 0, su = 0;

        mu = (mu + dot(s, lam, m)) / (double)(n + m);
        for (size_t i = 0; i < n; i++) {
            rp += (e ? e[i] : 1) * x[i];
            diff[i] = x[i] - c[i];
        }
        for (size_t i = 0; i < n; i++)
            rd[i] = dot(h + i * n, diff, n) + (p ? p[i] : 0) - z[i] - (e ? e[i] : 1) * y;
        for (size_t j = 0; j < m; j++) {
            gx[j] = dot(g + j * n, x, n);
            rs[j] = gx[j] + s[j] - level;
            worst_p = fmax(worst_p, fabs(rs[j]));
            for (size_t i = 0; i < n; i++)
                rd[i] += lam[j] * g[j * n + i];
        }
        for (size_t i = 0; i < n; i++)
            worst_d = fmax(worst_d, fabs(rd[i]));
        if (!isfinite(mu) || !isfinite(worst_d))
            break;
        if (mu < 1e-12 * scale && worst_d < 1e-8 * scale && worst_p < 1e-10 && fabs(rp) < 1e-10) {
            converged = true;
            break;
        }

        memcpy(q->matrix, h, n * n * sizeof *h);
        add_products(q->matrix, n, m, g, lam, s, 1e-12 * scale);
        for (size_t i = 0; i < n; i++)
            q->matrix[i * n + i] += z[i] / x[i];
        if (!factor(q->matrix, n))
            break;
        for (size_t i = 0; i < n; i++)
            u[i] = e ? e[i] : 1;
        solve(q->matrix, n, u);
        for (size_t i = 0; i < n; i++)
            su += (e ? e[i] : 1) * u[i];

        /* predictor (aim at 0), then corrector (aim at sigma mu) */
        for (int pass = 0; pass < 2; pass++) {
            double dy, sum = 0;
            for (size_t i = 0; i < n; i++) {
                rxz[i] = x[i] * z[i] + (pass ? dx[i] * dz[i] - sigma * mu : 0);
                rhs[i] = -rd[i] - rxz[i] / x[i];
            }
            for (size_t j = 0; j < m; j++) {
                double f;
                rsl[j] = s[j] * lam[j] + (pass ? ds[j] * dlam[j] - sigma * mu : 0);
                f = (rsl[j] - lam[j] * rs[j]) / s[j];
                for (size_t i = 0; i < n; i++)
                    rhs[i] += f * g[j * n + i];
            }
            memcpy(dx, rhs, n * sizeof *dx);
            solve(q->matrix, n, dx);
            for (size_t i = 0; i < n; i++)
                sum += (e ? e[i] : 1) * dx[i];
            dy = (-rp - sum) / su;
            for (size_t i = 0; i < n; i++) {
                dx[i] += dy * u[i];
                dz[i] = (-rxz[i] - z[i] * dx[i]) / x[i];
            }
            for (size_t j = 0; j < m; j++) {
                ds[j] = -rs[j] - dot(g + j * n, dx, n);
                dlam[j] = (-rsl[j] - lam[j] * ds[j]) / s[j];
            }
            a = longest(s, ds, m, longest(x, dx, n, 1 / INSIDE));
            b = longest(lam, dlam, m, longest(z, dz, n, 1 / INSIDE));
            if (pass == 0) {
                double after = 0;
                a = fmin(a, 1);
                b = fmin(b, 1);
                for (size_t i = 0; i < n; i++)
                    after += (x[i] + a * dx[i]) * (z[i] + b * dz[i]);
                for (size_t j = 0; j < m; j++)
                    after += (s[j] + a * ds[j]) * (lam[j] + b * dlam[j]);
                sigma = mu > 0 ? after / (double)(n + m) / mu : 0;
                sigma = sigma * sigma * sigma;
            } else {
                /* one step length: the objective couples both sides */
                a = b = INSIDE * fmin(a, b);
                y += a * dy;
            }
        }
        for (size_t i = 0; i < n; i++) {
            x[i] += a * dx[i];
            z[i] += b * dz[i];
        }
        for (size_t j = 0; j < m; j++) {
            s[j] += a * ds[j];
            lam[j] += b * dlam[j];
        }
    }
    if (!converged)
        for (size_t i = 0; i < n; i++) /* a rough point still serves, a wrong one does not */
            if (!isfinite(x[i]))
                return BPEMIX_OK;
    if (!converged) {
        double sum = 0, worst = 0;
        for (size_t i = 0; i < n; i++)
            sum += (e ? e[i] : 1) * x[i];
        for (size_t j = 0; j < m; j++)
            worst = fmax(worst, dot(g + j * n, x, n) - level);
        if (fabs(sum - 1) > 1e-6 || worst > 1e-7)
            return BPEMIX_OK;
    }
    memcpy(out, x, n * sizeof *out);
    *solved = true;
    return BPEMIX_OK;
}

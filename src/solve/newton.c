/* SPDX-License-Identifier: GPL-3.0-or-later */
/* newton.c - products with H, its preconditioner, and conjugate gradients on shares that sum to 0:
 * what the preconditioner makes of a residual is made to sum to 0 by a multiple of P^-1 1. */
#include "solve/newton.h"
#include "base/assert.h"
#include "solve/dense.h"
#include "solve/dot.h"

#include <math.h>
#include <string.h>

/* The numbers of this file are judgements: they decide how many products a solution takes, which
 * ends where it is as near as was asked for or after MOST_PRODUCTS. */

/* A category belongs to the block where its diagonal entry of H without C is at least this part of
 * that of C; the largest ratios do if there are more than MOST. */
#define MATTERS 0.1
#define MOST 2000
/* A pivot below the fraction DEPENDENT is rounding: with NOWHERE in its place its category is left
 * as it is (bmx_dense_factor()). */
#define DEPENDENT 1e-15
#define NOWHERE 1e150
#define MOST_PRODUCTS 100 /* of one solution */

bpemix_status bmx_newton_init(bmx_newton *w, const bool *held, size_t n_cats, size_t n_steps,
                              bpemix_error *err)
{
    *w = (bmx_newton){ .n_cats = n_cats, .n_steps = n_steps, .held = held };
    w->first = bmx_calloc(n_steps + 1, sizeof *w->first);
    w->pivot = bmx_malloc(n_steps, 5 * sizeof *w->pivot);
    w->diagonal = bmx_malloc(n_cats, 7 * sizeof *w->diagonal);
    w->block = bmx_malloc(n_cats, 2 * sizeof *w->block);
    w->pool = bmx_malloc(n_steps + 1, sizeof *w->pool);
    if (!w->first || !w->pool || !w->pivot || !w->diagonal || !w->block) {
        bmx_newton_release(w);
        return bmx_nomem(err);
    }
    w->link = w->pivot + n_steps;
    w->by_step = w->link + n_steps;
    w->size = w->by_step + n_steps;
    w->pool_link = w->size + n_steps;

    w->place = w->block + n_cats;
    w->one = w->diagonal + n_cats;
    w->left = w->one + n_cats;
    w->way = w->left + n_cats;
    w->bent = w->way + n_cats;
    w->near = w->bent + n_cats;
    w->negligible = w->near + n_cats;
    return BPEMIX_OK;
}

void bmx_newton_release(bmx_newton *w)
{
    bmx_free(w->at);
    bmx_free(w->first);
    bmx_free(w->pivot);
    bmx_free(w->pool);
    bmx_free(w->by_row);
    bmx_free(w->diagonal);
    bmx_free(w->block);
    bmx_free(w->dense);
    bmx_free(w->part);
    bmx_free(w->batch);
    *w = (bmx_newton){ 0 };
}

bpemix_status bmx_newton_rows(bmx_newton *w, const bmx_entries *row, const uint32_t *step,
                              size_t n_rows, bpemix_error *err)
{
    uint32_t sum = 0;

    if (bmx_reserve(&w->at, &w->at_cap, n_rows, sizeof *w->at, err) ||
        bmx_reserve(&w->by_row, &w->by_row_cap, n_rows, sizeof *w->by_row, err))
        return BPEMIX_E_NOMEM;
    w->row = row;
    w->step = step;
    w->n_rows = n_rows;
    memset(w->first, 0, (w->n_steps + 1) * sizeof *w->first);
    for (size_t r = 0; r < n_rows; r++)
        w->first[step[r] + 1]++;
    /* first[s + 1] is where step s begins, then where its next row goes */
    for (size_t s = 0; s < w->n_steps; s++) {
        uint32_t n = w->first[s + 1];

        w->first[s + 1] = sum;
        sum += n;
    }
    for (uint32_t r = 0; r < n_rows; r++)
        w->at[w->first[step[r] + 1]++] = r;
    for (size_t s = 0; s < w->n_steps; s++)
        for (uint32_t k = w->first[s]; k < w->first[s + 1]; k++)
            BMX_ASSERT(step[w->at[k]] == s); /* N1 */
    return BPEMIX_OK;
}

/* ---- products ---- */

void bmx_newton_count(const bmx_newton *w, const double *v, double *out)
{
    for (size_t r = 0; r < w->n_rows; r++) {
        const bmx_entries *e = &w->row[r];
        double even = 0, odd = 0;
        uint64_t j = 0;

        for (; j + 2 <= e->n; j += 2) {
            even += v[e->cat[j]] * e->x[j];
            odd += v[e->cat[j + 1]] * e->x[j + 1];
        }
        if (j < e->n)
            even += v[e->cat[j]] * e->x[j];
        out[r] = even + odd;
    }
}

void bmx_entries_gather(const bmx_entries *row, size_t n_rows, const double *y, size_t n_cats,
                        double *out)
{
    memset(out, 0, n_cats * sizeof *out);
    for (size_t r = 0; r < n_rows; r++) {
        const uint32_t *cat = row[r].cat;
        const double *x = row[r].x;
        double f = y[r];
        uint64_t j = 0;

        /* a row has a category once, so that four sums are four places */
        for (; j + 4 <= row[r].n && f != 0; j += 4) {
            double a = out[cat[j]] + f * x[j], b = out[cat[j + 1]] + f * x[j + 1];
            double c = out[cat[j + 2]] + f * x[j + 2], d = out[cat[j + 3]] + f * x[j + 3];

            out[cat[j]] = a;
            out[cat[j + 1]] = b;
            out[cat[j + 2]] = c;
            out[cat[j + 3]] = d;
        }
        for (; j < row[r].n && f != 0; j++)
            out[cat[j]] += f * x[j];
    }
}

void bmx_newton_gather(const bmx_newton *w, const double *y, double *out)
{
    bmx_entries_gather(w->row, w->n_rows, y, w->n_cats, out);
}

/* x[n_steps] becomes A^-1 x. */
static void solve_steps(const bmx_newton *w, double *x)
{
    size_t n = w->n_steps;

    for (size_t s = 1; s < n; s++)
        x[s] -= w->link[s] * x[s - 1];
    for (size_t s = 0; s < n; s++)
        x[s] /= w->pivot[s];
    for (size_t s = n - 1; s-- > 0;)
        x[s] -= w->link[s + 1] * x[s + 1];
}

/* by_step = E' (by_row). */
static void sum_steps(bmx_newton *w)
{
    memset(w->by_step, 0, w->n_steps * sizeof *w->by_step);
    for (size_t r = 0; r < w->n_rows; r++)
        w->by_step[w->step[r]] += w->by_row[r];
}

/* out = H v. */
static void product(bmx_newton *w, const double *v, double *out)
{
    w->n_products++;
    bmx_newton_count(w, v, w->by_row);
    for (size_t r = 0; r < w->n_rows; r++)
        w->by_row[r] *= w->d[r];
    sum_steps(w);
    solve_steps(w, w->by_step);
    for (size_t r = 0; r < w->n_rows; r++)
        w->by_row[r] -= w->d[r] * w->by_step[w->step[r]];
    bmx_newton_gather(w, w->by_row, out);
    for (size_t i = 0; i < w->n_cats; i++)
        out[i] = w->held[i] ? 0 : out[i] + w->c[i] * v[i];
}

/* ---- the preconditioner ---- */

static void factor_steps(bmx_newton *w)
{
    for (size_t s = 0; s < w->n_steps; s++)
        w->pivot[s] = w->k[s] + (s > 0 ? w->k[s - 1] : 0);
    for (size_t r = 0; r < w->n_rows; r++)
        w->pivot[w->step[r]] += w->d[r];
    w->link[0] = 0;
    for (size_t s = 1; s < w->n_steps; s++) {
        w->link[s] = -w->k[s - 1] / w->pivot[s - 1];
        w->pivot[s] += w->link[s] * w->k[s - 1];
    }
}

/* Neighbouring steps that are tied so much more strongly than their rows hold them that they move
 * together are a pool: the preconditioner gives them one theta.  A is then a matrix of pools,
 * tridiagonal as before. */
#define RIGID 1000

static void find_pools(bmx_newton *w)
{
    size_t n = 0;
    double held = 0; /* by the rows of the present pool */

    for (uint32_t s = 0; s < w->n_steps; s++) {
        double tie = s > 0 ? w->k[s - 1] : 0, more = 0;

        for (uint32_t k = w->first[s]; k < w->first[s + 1]; k++)
            more += w->d[w->at[k]];
        if (s > 0 && tie > RIGID * (held + more)) {
            held += more;
            continue;
        }
        if (n > 0)
            w->size[n - 1] += held + tie;
        held = more;
        w->size[n] = tie;
        w->pool_link[n] = n > 0 ? -tie / w->size[n - 1] : 0;
        w->size[n] += w->pool_link[n] * tie;
        w->pool[n++] = s;
    }
    w->size[n - 1] += held + w->k[w->n_steps - 1];
    w->pool[n] = (uint32_t)w->n_steps;
    w->n_pools = n;
}

/* diagonal = that of H without C, as pools have it; entries of way are room for the sums of a
 * pool. */
static void set_diagonal(bmx_newton *w)
{
    double *sum = w->way, *out = w->diagonal;

    memset(out, 0, w->n_cats * sizeof *out);
    memset(sum, 0, w->n_cats * sizeof *sum);
    for (size_t p = 0; p < w->n_pools; p++) {
        uint32_t from = w->first[w->pool[p]], to = w->first[w->pool[p + 1]];

        for (uint32_t k = from; k < to; k++) {
            const bmx_entries *e = &w->row[w->at[k]];
            double d = w->d[w->at[k]];

            for (uint64_t j = 0; j < e->n; j++) {
                sum[e->cat[j]] += d * e->x[j];
                out[e->cat[j]] += d * e->x[j] * e->x[j];
            }
        }
        for (uint32_t k = from; k < to; k++) {
            const bmx_entries *e = &w->row[w->at[k]];

            for (uint64_t j = 0; j < e->n; j++) {
                out[e->cat[j]] -= sum[e->cat[j]] * sum[e->cat[j]] / w->size[p];
                sum[e->cat[j]] = 0;
            }
        }
    }
    for (size_t i = 0; i < w->n_cats; i++)
        out[i] = fmax(out[i], 0);
}

/* The least ratio of both diagonals in the block: MATTERS, or more, so that no more than MOST
 * categories have it. */
static double least_ratio(const bmx_newton *w)
{
    double least = MATTERS;
    size_t n;

    do {
        n = 0;
        for (size_t i = 0; i < w->n_cats; i++)
            n += !w->held[i] && w->diagonal[i] > least * w->c[i];
    } while (n > MOST && (least *= 1.2) < 1e300);
    return least;
}

static bpemix_status choose_block(bmx_newton *w, bpemix_error *err)
{
    double least = least_ratio(w);
    size_t n = 0;

    for (uint32_t i = 0; i < w->n_cats; i++) {
        bool is_in = !w->held[i] && w->diagonal[i] > least * w->c[i];

        w->place[i] = is_in ? (uint32_t)n : BMX_NONE;
        if (is_in)
            w->block[n++] = i;
    }
    w->n_block = n;
    for (size_t k = 0; k < n; k++)
        BMX_ASSERT(w->place[w->block[k]] == k && (!k || w->block[k - 1] < w->block[k])); /* N2 */
    if (bmx_reserve(&w->dense, &w->dense_cap, n * n + 4, sizeof *w->dense, err) ||
        bmx_reserve(&w->part, &w->part_cap, n, sizeof *w->part, err) ||
        bmx_reserve(&w->batch, &w->batch_cap, (BMX_NEWTON_WAITING + 2) * n, sizeof *w->batch, err))
        return BPEMIX_E_NOMEM;
    return BPEMIX_OK;
}

/* Lower triangle of dense += f x x', x[n] at place[n], which rises. */
static void add_square(bmx_newton *w, const double *x, const uint32_t *place, size_t n, double f)
{
    for (size_t a = 0; a < n; a++) {
        double part = f * x[a], *row = w->dense + place[a] * w->n_block;

        for (size_t b = 0; b <= a; b++)
            row[place[b]] += part * x[b];
    }
}

/* Add the squares that wait; there is a multiple of four. */
static void add_waiting(bmx_newton *w)
{
    const double *of[BMX_NEWTON_WAITING];

    for (size_t k = 0; k < BMX_NEWTON_WAITING; k++)
        of[k] = w->batch + k * w->n_block;
    while (w->n_waiting % 4 != 0) {
        memset(w->batch + w->n_waiting * w->n_block, 0, w->n_block * sizeof *w->batch);
        w->factor[w->n_waiting++] = 0;
    }
    bmx_dense_add_products(w->dense, w->n_block, of, w->factor, w->n_waiting);
    w->n_waiting = 0;
}

/* With at least this part of the block's categories a vector waits for others, to be added with
 * them: alone it is as fast with a third of the entries. */
#define FULL 0.35

/* dense += f x x', now or later. */
static void add(bmx_newton *w, const double *x, const uint32_t *place, size_t n, double f)
{
    double *to;

    if ((double)n < FULL * (double)w->n_block) {
        add_square(w, x, place, n, f);
        return;
    }
    to = w->batch + w->n_waiting * w->n_block;
    memset(to, 0, w->n_block * sizeof *to);
    for (size_t a = 0; a < n; a++)
        to[place[a]] = x[a];
    w->factor[w->n_waiting++] = f;
    if (w->n_waiting == BMX_NEWTON_WAITING)
        add_waiting(w);
}

/* Let the last of place[n + 1], and of x, move to where place rises.  Categories of a row do in all
 * but odd merge lists. */
static void put_in_order(uint32_t *place, double *x, size_t n)
{
    for (; n > 0 && place[n - 1] > place[n]; n--) {
        uint32_t p = place[n];
        double v = x[n];

        place[n] = place[n - 1];
        x[n] = x[n - 1];
        place[n - 1] = p;
        x[n - 1] = v;
    }
}

/* Entries of a row that add less than this part of the diagonal are left out.  With 1e-4 it takes
 * three times the products in the last steps, as there are so many of them. */
#define NEGLIGIBLE 1e-7

/* Add what the block has of a row to dense and to sum[]. */
static void add_row(bmx_newton *w, const bmx_entries *e, double d, double *sum)
{
    uint32_t *place = (uint32_t *)(void *)w->left; /* room, as near is */
    double *x = w->near;
    size_t n = 0;

    for (uint64_t j = 0; j < e->n; j++) {
        uint32_t i = e->cat[j];

        if (w->place[i] != BMX_NONE && d * e->x[j] * e->x[j] > w->negligible[i]) {
            place[n] = w->place[i];
            x[n] = e->x[j];
            put_in_order(place, x, n++);
        }
    }
    for (size_t a = 0; a < n; a++)
        sum[place[a]] += d * x[a];
    add(w, x, place, n, d);
}

/* Links below this are none. */
#define LOOSE 1e-3

/* Take the product of L^-1 sum of a pool from dense.  last[] is that of the pool before, and
 * becomes this one's. */
static void close_pool(bmx_newton *w, size_t p, double *sum, double *last)
{
    size_t n = w->n_block, n_some = 0;
    double *x = w->near;
    uint32_t *place = (uint32_t *)(void *)w->left;

    for (uint32_t a = 0; a < n && -w->pool_link[p] > LOOSE; a++)
        sum[a] -= w->pool_link[p] * last[a];
    memcpy(last, sum, n * sizeof *last);
    for (uint32_t a = 0; a < n; a++)
        if (sum[a] != 0) {
            place[n_some] = a;
            x[n_some++] = sum[a];
        }
    add(w, x, place, n_some, -1 / w->size[p]);
    memset(sum, 0, n * sizeof *sum);
}

/* H of the block, nearly. */
static void fill_block(bmx_newton *w)
{
    size_t n = w->n_block;
    double *sum, *last;

    if (!n)
        return; /* and there is no memory of a block */
    sum = w->batch + BMX_NEWTON_WAITING * n;
    last = sum + n;
    memset(w->dense, 0, n * n * sizeof *w->dense);
    memset(sum, 0, 2 * n * sizeof *sum);
    for (size_t i = 0; i < w->n_cats; i++)
        w->negligible[i] = NEGLIGIBLE * (w->diagonal[i] + w->c[i]);
    for (size_t p = 0; p < w->n_pools; p++) {
        for (uint32_t k = w->first[w->pool[p]]; k < w->first[w->pool[p + 1]]; k++)
            add_row(w, &w->row[w->at[k]], w->d[w->at[k]], sum);
        close_pool(w, p, sum, last);
    }
    add_waiting(w);
    for (size_t a = 0; a < n; a++)
        w->dense[a * n + a] += w->c[w->block[a]];
}

/* out = P^-1 v. */
static void precondition(bmx_newton *w, const double *v, double *out)
{
    size_t n = w->n_block;
    double *x = w->part;

    for (size_t i = 0; i < w->n_cats; i++)
        out[i] = w->held[i] || w->place[i] != BMX_NONE
                     ? 0
                     : v[i] / (w->c[i] + w->diagonal[i]);
    for (size_t a = 0; a < n; a++)
        x[a] = v[w->block[a]];
    for (size_t a = 0; a < n; a++)
        x[a] = (x[a] - bmx_dot(w->dense + a * n, x, a)) / w->dense[a * n + a];
    for (size_t a = n; a-- > 0;) {
        const double *row = w->dense + a * n;

        x[a] /= row[a];
        for (size_t b = 0; b < a; b++)
            x[b] -= row[b] * x[a];
        out[w->block[a]] = x[a];
    }
}

bpemix_status bmx_newton_set(bmx_newton *w, const double *d, const double *c, const double *k,
                             bool *regular, bpemix_error *err)
{
    bpemix_status st;

    w->d = d;
    w->c = c;
    w->k = k;
    factor_steps(w);
    find_pools(w);
    set_diagonal(w);
    if ((st = choose_block(w, err)))
        return st;
    fill_block(w);
    if (!(*regular = bmx_dense_factor(w->dense, w->n_block, w->n_block, DEPENDENT, NOWHERE)))
        return BPEMIX_OK;
    for (size_t i = 0; i < w->n_cats; i++)
        w->left[i] = 1;
    precondition(w, w->left, w->one);
    w->one_sum = 0;
    for (size_t i = 0; i < w->n_cats; i++)
        w->one_sum += w->one[i];
    return BPEMIX_OK;
}

/* near = P^-1 left, less a multiple of P^-1 1 so that it sums to 0. */
static void approach(bmx_newton *w)
{
    double sum = 0;

    precondition(w, w->left, w->near);
    for (size_t i = 0; i < w->n_cats; i++)
        sum += w->near[i];
    for (size_t i = 0; i < w->n_cats; i++)
        w->near[i] -= sum / w->one_sum * w->one[i];
}

/* Is what is left of each category, but for what dlambda takes, at most `part` of allowed[]? */
static bool is_near(bmx_newton *w, const double *allowed, double part, double *dlambda)
{
    *dlambda = -bmx_dot(w->one, w->left, w->n_cats) / w->one_sum;
    for (size_t i = 0; i < w->n_cats; i++)
        if (!w->held[i] && !(fabs(w->left[i] + *dlambda) <= part * allowed[i]))
            return false;
    return true;
}

void bmx_newton_solve(bmx_newton *w, const bmx_newton_aim *aim, double *dalpha, double *dtheta,
                      double *dlambda)
{
    const double *p = aim->p, *q = aim->q;
    size_t n = w->n_cats;
    double size;

    /* left = p + X' D E A^-1 q */
    memcpy(dtheta, q, w->n_steps * sizeof *dtheta);
    solve_steps(w, dtheta);
    for (size_t r = 0; r < w->n_rows; r++)
        w->by_row[r] = w->d[r] * dtheta[w->step[r]];
    bmx_newton_gather(w, w->by_row, w->left);
    for (size_t i = 0; i < n; i++)
        w->left[i] = w->held[i] ? 0 : w->left[i] + p[i];
    memset(dalpha, 0, n * sizeof *dalpha);
    approach(w);
    memcpy(w->way, w->near, n * sizeof *w->way);
    size = bmx_dot(w->left, w->near, n);
    for (int k = 0; k < MOST_PRODUCTS && !is_near(w, aim->allowed, aim->part, dlambda); k++) {
        double bend, part, before = size;

        product(w, w->way, w->bent);
        bend = bmx_dot(w->way, w->bent, n);
        if (!(bend > 0))
            break;
        part = size / bend;
        for (size_t i = 0; i < n; i++) {
            dalpha[i] += part * w->way[i];
            w->left[i] -= part * w->bent[i];
        }
        approach(w);
        size = bmx_dot(w->left, w->near, n);
        for (size_t i = 0; i < n; i++)
            w->way[i] = w->near[i] + size / before * w->way[i];
    }
    (void)is_near(w, aim->allowed, aim->part, dlambda);
    /* dtheta = A^-1 (q + E' D X dalpha) */
    bmx_newton_count(w, dalpha, w->by_row);
    for (size_t r = 0; r < w->n_rows; r++)
        w->by_row[r] *= w->d[r];
    sum_steps(w);
    for (size_t s = 0; s < w->n_steps; s++)
        dtheta[s] = q[s] + w->by_step[s];
    solve_steps(w, dtheta);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certify.c - the mean, by the multipliers of the cuts, of those of the rows at the mixtures
 * that the cuts were made at. */
#include "diagnose/certify.h"
#include "base/assert.h"
#include "diagnose/certificate.h"
#include "solve/monotone.h"

#include <math.h>
#include <string.h>

/* mean[n_rows] += part y, the multipliers of all rows at alpha. */
static bpemix_status add_at(bmx_monotone *m, const double *alpha, double part, double *y,
                            double *mean, bpemix_error *err)
{
    const bmx_constraints *c = bmx_monotone_constraints(m);
    size_t n_rows = c->n_steps + bmx_monotone_rows_of(m)->pair.n, n;
    double *g = bmx_malloc(c->n_cats, sizeof *g), value;
    bmx_row_weight *row = NULL;
    bpemix_status st = g ? bmx_monotone_multipliers(m, alpha, &row, &n, g, &value, err)
                         : bmx_nomem(err);

    if (!st)
        bmx_monotone_prices(m, y);
    for (size_t r = 0; r < n_rows && !st; r++)
        mean[r] += part * y[r];
    bmx_free(row);
    bmx_free(g);
    return st;
}

/* *known = false where a cut with a multiplier was made at no mixture. */
static bpemix_status add_up(const bmx_estimate *e, bmx_monotone *m, double *y, double *mean,
                            bool *known, bpemix_error *err)
{
    const bmx_cuts *cuts = &e->cuts;
    double sum = 0;
    bpemix_status st = BPEMIX_OK;

    for (size_t j = 0; cuts->weight && j < cuts->n; j++)
        sum += cuts->weight[j];
    *known = sum > 0;
    for (size_t j = 0; j < cuts->n && *known && !st; j++) {
        const double *at = cuts->at + j * e->c.n_cats;

        if (!(cuts->weight[j] > 0))
            continue;
        *known = !isnan(at[0]);
        if (*known)
            st = add_at(m, at, cuts->weight[j] / sum, y, mean, err);
    }
    return st;
}

/* The bound in the scale that e was solved in. */
static bpemix_status prove(const bmx_estimate *e, bmx_certificate *x, bpemix_error *err)
{
    bmx_constraints scaled = e->c; /* the same but for: */

    if (!(scaled.scale = bmx_malloc(e->c.n_cats, sizeof *scaled.scale)))
        return bmx_nomem(err);
    for (size_t i = 0; i < e->c.n_cats; i++)
        scaled.scale[i] = e->c.scale[i] / (e->normal[i] > 0 ? e->normal[i] : 1);
    x->bound = bmx_certificate_bound(&scaled, x->row, x->n);
    bmx_free(scaled.scale);
    if (isnan(x->bound))
        return bmx_nomem(err);
    BMX_ASSERT(isfinite(x->bound)); /* those of cuts meet the conditions, and so does their mean */
    x->bound = isfinite(x->bound) ? x->bound : NAN;
    return BPEMIX_OK;
}

bpemix_status bmx_certify(const bmx_estimate *e, bmx_certificate *out, bpemix_error *err)
{
    bmx_certificate x = { .objective = e->best.perfect ? 0 : e->best.o.upper, .bound = NAN };
    const bmx_constraints *c = &e->c;
    bmx_monotone *m = NULL;
    bool known = false;
    double *y = NULL;
    size_t n_rows;
    bpemix_status st = bmx_monotone_twin(e->opened, &m, err);

    if (st)
        return st;
    n_rows = c->n_steps + bmx_monotone_rows_of(m)->pair.n;
    y = bmx_calloc(n_rows, 2 * sizeof *y);
    st = y ? add_up(e, m, y, y + n_rows, &known, err) : bmx_nomem(err);
    if (!st && !(x.row = bmx_malloc(n_rows, sizeof *x.row)))
        st = bmx_nomem(err);
    for (size_t r = 0; r < n_rows && known && !st; r++)
        if (y[n_rows + r] != 0) {
            x.row[x.n] = bmx_monotone_row(m, r);
            x.row[x.n++].y = y[n_rows + r];
        }
    if (!st && known)
        st = prove(e, &x, err);
    bmx_free(y);
    bmx_monotone_free(m);
    if (st)
        bmx_free(x.row);
    else
        *out = x;
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/live.h"

#include <math.h>
#include <string.h>

/* A category is left out when its share is below the part SMALL of an even one, and z is DEAR times
 * as large as f would be if an even share were all of it.  With 30 none was left out that came to
 * more than a share of 1e-6; with 1 one in fifty did. */
#define SMALL 0.1
#define DEAR 30
#define FEW 20 /* of so many live ones one is too few to be left out */

bpemix_status bmx_live_init(bmx_live *l, const bool *held, size_t n_cats, bpemix_error *err)
{
    *l = (bmx_live){ .n_cats = n_cats };
    l->out = bmx_calloc(n_cats, 2 * sizeof *l->out);
    if (!l->out)
        return bmx_nomem(err);
    l->back = l->out + n_cats;
    memcpy(l->out, held, n_cats * sizeof *l->out);
    for (size_t i = 0; i < n_cats; i++)
        l->n += !held[i];
    return BPEMIX_OK;
}

void bmx_live_release(bmx_live *l)
{
    bmx_free(l->out);
    bmx_free(l->row);
    bmx_free(l->cat);
    bmx_free(l->x);
    *l = (bmx_live){ 0 };
}

bpemix_status bmx_live_rows(bmx_live *l, const bmx_entries *row, size_t n_rows,
                            const double *alpha, double *rest, bpemix_error *err)
{
    size_t n = 0, at = 0;

    if (bmx_reserve(&l->row, &l->row_cap, n_rows, sizeof *l->row, err))
        return BPEMIX_E_NOMEM;
    memset(rest, 0, n_rows * sizeof *rest);
    if (l->n == l->n_cats) {
        memcpy(l->row, row, n_rows * sizeof *row);
        return BPEMIX_OK;
    }
    for (size_t r = 0; r < n_rows; r++)
        n += row[r].n;
    if (bmx_reserve(&l->cat, &l->cat_cap, n, sizeof *l->cat, err) ||
        bmx_reserve(&l->x, &l->x_cap, n, sizeof *l->x, err))
        return BPEMIX_E_NOMEM;
    for (size_t r = 0; r < n_rows; r++) {
        l->row[r] = (bmx_entries){ l->cat + at, l->x + at, 0 };
        for (uint64_t j = 0; j < row[r].n; j++) {
            uint32_t i = row[r].cat[j];

            if (l->out[i]) {
                rest[r] += alpha[i] * row[r].x[j];
                continue;
            }
            l->cat[at] = i;
            l->x[at++] = row[r].x[j];
            l->row[r].n++;
        }
    }
    return BPEMIX_OK;
}

static bool goes(const bmx_live *l, size_t i, const double *alpha, const double *z, double upper)
{
    double part = alpha[i] * (double)l->n_cats; /* of an even share */

    return !l->out[i] && !l->back[i] && part < SMALL && DEAR * part * upper < z[i];
}

bool bmx_live_leave_out(bmx_live *l, const double *alpha, const double *z, double upper)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n_cats; i++)
        n += goes(l, i, alpha, z, upper);
    if (FEW * n < l->n)
        return false;
    for (size_t i = 0; i < l->n_cats; i++)
        l->out[i] = l->out[i] || goes(l, i, alpha, z, upper);
    l->n -= n;
    return n > 0;
}

bool bmx_live_take_back(bmx_live *l, const bool *held, const double *slope, double inside,
                        double *z, double *lambda)
{
    double least = INFINITY, lack = 0;
    size_t n = l->n;

    for (size_t i = 0; i < l->n_cats; i++)
        if (!l->out[i])
            least = fmin(least, slope[i]);
    for (size_t i = 0; i < l->n_cats; i++)
        if (l->out[i] && !held[i] && slope[i] < least)
            lack = fmax(lack, *lambda + inside - slope[i]);
    *lambda -= lack;
    for (size_t i = 0; i < l->n_cats; i++)
        if (!l->out[i]) {
            z[i] += lack;
        } else if (!held[i] && slope[i] < least) {
            l->out[i] = false;
            l->back[i] = true;
            l->n++;
            z[i] = slope[i] - *lambda;
        }
    return l->n > n;
}

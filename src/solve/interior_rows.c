/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/interior_rows.h"
#include "base/assert.h"
#include "solve/listing.h"

#include <string.h>

enum { ROW_VECTORS = 14, CAT_VECTORS = 10, STEP_VECTORS = 11 };

void bmx_interior_release(bmx_interior *x)
{
    bmx_newton_release(&x->newton);
    bmx_live_release(&x->live);
    bmx_free(x->row);
    bmx_free(x->id);
    bmx_free(x->step);
    bmx_free(x->has);
    bmx_free(x->of_rows);
    bmx_free(x->of_cats);
    bmx_free(x->of_steps);
}

static void divide_cats(bmx_interior *x)
{
    double **const at[CAT_VECTORS] = { &x->alpha, &x->z, &x->g, &x->d_alpha, &x->d_z, &x->rhs,
                                       &x->per_share, &x->share_aim, &x->cut, &x->try };

    for (size_t k = 0; k < CAT_VECTORS; k++)
        *at[k] = x->of_cats + k * x->n_cats;
}

static void divide_steps(bmx_interior *x)
{
    double **const at[STEP_VECTORS] = { &x->fall, &x->owed, &x->theta, &x->d_fall, &x->d_owed,
                                        &x->d_theta, &x->per_fall, &x->fall_aim, &x->q_rhs,
                                        &x->sum, &x->level };

    for (size_t k = 0; k < STEP_VECTORS; k++)
        *at[k] = x->of_steps + k * x->n_steps;
}

/* Room for n rows; what is known of those that there are stays. */
static bpemix_status make_rows(bmx_interior *x, size_t n, bpemix_error *err)
{
    double **const at[ROW_VECTORS] = { &x->w, &x->low, &x->over, &x->under, &x->p, &x->q, &x->y,
                                       &x->d, &x->h, &x->d_over, &x->d_p, &x->d_q, &x->gap,
                                       &x->rest };
    size_t cap = 0, room[3] = { x->row_cap, x->row_cap, x->row_cap };
    double *fresh = NULL;

    if (n <= x->row_cap)
        return BPEMIX_OK;
    if (bmx_reserve(&x->id, &room[0], n, sizeof *x->id, err) ||
        bmx_reserve(&x->step, &room[1], n, sizeof *x->step, err) ||
        bmx_reserve(&x->row, &room[2], n, sizeof *x->row, err))
        return BPEMIX_E_NOMEM;
    if (bmx_reserve(&fresh, &cap, n * ROW_VECTORS, sizeof *fresh, err))
        return BPEMIX_E_NOMEM;
    for (size_t k = 0; k < ROW_VECTORS; k++) {
        if (x->n_rows)
            memcpy(fresh + k * n, *at[k], x->n_rows * sizeof *fresh);
        *at[k] = fresh + k * n;
    }
    bmx_free(x->of_rows);
    x->of_rows = fresh;
    x->row_cap = n;
    return BPEMIX_OK;
}

static void add_row(bmx_interior *x, uint32_t id, double w, double low)
{
    size_t r = x->n_rows++;
    const bmx_rows *rows = id < x->n_steps ? &x->c->merge : &x->all->pair;
    size_t at = id < x->n_steps ? id : id - x->n_steps;

    BMX_ASSERT(!x->has[id] && w > 0 && r < x->row_cap); /* O1, O2 */
    x->id[r] = id;
    x->has[id] = true;
    x->step[r] = id < x->n_steps ? id : x->all->at[at].step;
    x->row[r] = (bmx_entries){ rows->cat + rows->first[at], rows->x + rows->first[at],
                               rows->first[at + 1] - rows->first[at] };
    x->w[r] = w;
    x->low[r] = low;
}

bpemix_status bmx_interior_set_rows(bmx_interior *x, bpemix_error *err)
{
    bpemix_status st = bmx_live_rows(&x->live, x->row, x->n_rows, x->alpha, x->rest, err);

    x->n_products = 2 * x->n_rows + x->live.n + x->n_steps;
    return st ? st : bmx_newton_rows(&x->newton, x->live.row, x->step, x->n_rows, err);
}

bpemix_status bmx_interior_add_pairs(bmx_interior *x, double fraction, bpemix_error *err)
{
    const bmx_listing *l = bmx_monotone_listing(x->m);
    size_t more = 0;
    bpemix_status st;

    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t s = 0; s < x->n_steps; s++)
            for (uint32_t k = l->first[s]; k < l->first[s + 1]; k++) {
                uint32_t id = (uint32_t)x->n_steps + l->row[k];
                double w;

                if (x->has[id] || !(l->count[k] > fraction * x->level[s]) ||
                    !((w = bmx_monotone_weight(x->m, id)) > 0))
                    continue;
                if (pass == 1)
                    add_row(x, id, w, 0);
                else
                    more++;
            }
        if (pass == 0 && (st = make_rows(x, x->n_rows + more, err)))
            return st;
    }
    return bmx_interior_set_rows(x, err);
}

bpemix_status bmx_interior_init(bmx_interior *x, bpemix_error *err)
{
    bpemix_status st;

    x->of_cats = bmx_calloc(x->n_cats, CAT_VECTORS * sizeof *x->of_cats);
    x->of_steps = bmx_calloc(x->n_steps, STEP_VECTORS * sizeof *x->of_steps);
    x->has = bmx_calloc(x->n_steps + x->all->pair.n, sizeof *x->has);
    if (!x->of_cats || !x->of_steps || !x->has)
        return bmx_nomem(err);
    divide_cats(x);
    divide_steps(x);
    if ((st = bmx_live_init(&x->live, x->c->held, x->n_cats, err)) ||
        (st = bmx_newton_init(&x->newton, x->live.out, x->n_cats, x->n_steps, err)) ||
        (st = make_rows(x, x->n_steps, err)))
        return st;
    for (uint32_t s = 0; s < x->n_steps; s++) {
        double w = bmx_monotone_weight(x->m, s);

        if (w > 0)
            add_row(x, s, w, w);
    }
    return BPEMIX_OK;
}

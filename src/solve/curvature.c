/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/curvature.h"

#include <math.h>
#include <string.h>

typedef struct sums {
    size_t n;
    double *h;            /* h[n][n], its upper triangle */
    double *mean;         /* mean[n], of the rows of a block, 0 between blocks */
    uint32_t *cat;        /* cat[n_cats]: those with an entry in mean */
    size_t n_touched;
    double weight;        /* of the rows of a block */
    size_t n_rows;
} sums;

/* weight x x' of a row; nothing of one that was left out. */
static void add_row(sums *to, const bmx_rows *rows, size_t row, double weight)
{
    if (!(weight > 0))
        return;
    for (uint64_t j = rows->first[row]; j < rows->first[row + 1]; j++) {
        double part = weight * rows->x[j];
        double *h = to->h + rows->cat[j] * to->n;

        for (uint64_t k = rows->first[row]; k < rows->first[row + 1]; k++)
            h[rows->cat[k]] += part * rows->x[k];
        if (to->mean[rows->cat[j]] == 0)
            to->cat[to->n_touched++] = rows->cat[j];
        to->mean[rows->cat[j]] += part;
    }
    to->weight += weight;
    to->n_rows++;
}

/* Theta of a block moves with the mean of its rows, which therefore adds nothing to H. */
static void close_block(sums *to)
{
    for (size_t a = 0; a < to->n_touched; a++) {
        double part = to->mean[to->cat[a]] / to->weight;

        for (size_t b = 0; b < to->n_touched; b++)
            to->h[to->cat[a] * to->n + to->cat[b]] -= part * to->mean[to->cat[b]];
    }
    for (size_t a = 0; a < to->n_touched; a++)
        to->mean[to->cat[a]] = 0;
    to->n_touched = 0;
    to->weight = 0;
    to->n_rows = 0;
}

bpemix_status bmx_curvature(const bmx_curved *f, double reach, double *h, bpemix_error *err)
{
    const bmx_constraints *c = f->c;
    sums to = { .n = c->n_cats, .h = h };
    size_t k = 0;

    to.mean = bmx_calloc(c->n_cats, sizeof *to.mean);
    to.cat = bmx_malloc(c->n_cats, sizeof *to.cat);
    if (!to.mean || !to.cat) {
        bmx_free(to.mean);
        bmx_free(to.cat);
        return bmx_nomem(err);
    }
    memset(h, 0, c->n_cats * c->n_cats * sizeof *h);
    for (uint32_t s = 0; s < c->n_steps; s++) {
        double theta = f->theta[s], near = reach * theta;

        if (near > 0 && fabs(f->b[s] - theta) < near)
            add_row(&to, &c->merge, s, (f->weight ? f->weight[s] : 1) / near);
        for (; k < f->n_listed && f->at[f->listed[k]].step == s; k++) {
            uint32_t r = f->listed[k];

            if (near > 0 && fabs(bmx_rows_dot(f->pair, r, f->alpha) - theta) < near)
                add_row(&to, f->pair, r, (f->weight ? f->weight[c->n_steps + r] : 1) / (2 * near));
        }
        if ((s + 1 == c->n_steps || f->theta[s + 1] != theta) && to.n_rows > 0)
            close_block(&to);
    }
    bmx_free(to.mean);
    bmx_free(to.cat);
    return BPEMIX_OK;
}

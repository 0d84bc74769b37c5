/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure.c - what drawings in every format ask of a figure. */
#include "report/figure.h"

#include <math.h>

const int bmx_root_mark[BMX_ROOT_MARKS] = { 0, 1, 5, 10, 20, 30, 50, 75, 100 };

const bmx_mark *bmx_figure_last_mark(const bmx_figure *f, size_t series)
{
    for (size_t i = f->n_rows; i-- > 0;)
        if (isfinite(f->mark[i * f->n_series + series].value))
            return &f->mark[i * f->n_series + series];
    return NULL;
}

double bmx_figure_top(const bmx_figure *f)
{
    double top = 0.05;

    for (size_t i = 0; i < f->n_rows * f->n_series; i++) {
        const bmx_mark *m = &f->mark[i];
        if (isfinite(m->value) && !m->loose)
            top = fmax(top, m->value);
        if (isfinite(m->high))
            top = fmax(top, m->high);
    }
    return fmin(1, top * 1.04);
}

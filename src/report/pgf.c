/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pgf.c - a figure as source for pgfplots. */
#include "report/latex.h"
#include "report/pgf.h"

void bmx_latex_figure(bmx_sink *s, const bmx_figure *f)
{
    static void (*const draw[])(bmx_sink *, const bmx_figure *) = {
        bmx_pgf_stacked, bmx_pgf_ranges, bmx_pgf_lines, bmx_pgf_bars, bmx_pgf_scatter
    };

    bmx_pgf_open(s, f);
    draw[f->kind](s, f);
    bmx_pgf_close(s, f);
}

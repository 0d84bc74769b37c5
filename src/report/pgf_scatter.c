/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pgf_scatter.c - estimates against the truth, both on axes of square roots. */
#include "report/palette.h"
#include "report/pgf.h"

#include <math.h>

/* Where a share stands on an axis of square roots of percent. */
static double root_of(double share) { return sqrt(100 * fmax(share, 0)); }

/* Points of one colour, which is that of an experiment. */
static void put_cloud(bmx_sink *s, const bmx_figure *f, unsigned color)
{
    bmx_putf(s,
             "\\addplot[only marks,mark size=1.2pt,%sline,"
             "mark options={fill=%s,draw=black,line width=0.2pt},\n"
             "  error bars/.cd,y dir=both,y explicit,error mark=none] coordinates {",
             bmx_palette(color)->name, bmx_palette(color)->name);
    for (size_t i = 0; i < f->n_rows; i++) {
        const bmx_mark *m = &f->mark[i * f->n_series];
        double at = root_of(m->value);

        if (f->row[i].color != color || !isfinite(f->row[i].x) || !isfinite(m->value))
            continue;
        bmx_put(s, "(");
        bmx_put_fixed(s, root_of(f->row[i].x), 3);
        bmx_put(s, ",");
        bmx_put_fixed(s, at, 3);
        bmx_put(s, ")");
        if (isfinite(m->low)) {
            bmx_put(s, "+=(0,");
            bmx_put_fixed(s, root_of(m->high) - at, 3);
            bmx_put(s, ")-=(0,");
            bmx_put_fixed(s, at - root_of(m->low), 3);
            bmx_put(s, ")");
        }
    }
    bmx_put(s, "};\n");
}

void bmx_pgf_scatter(bmx_sink *s, const bmx_figure *f)
{
    bmx_pgf_legend b = bmx_pgf_place_legend(f, 0.65, 0);
    double top = 0.05;

    for (size_t i = 0; i < f->n_rows; i++) {
        const bmx_mark *m = &f->mark[i * f->n_series];
        top = fmax(top, fmax(f->row[i].x, isfinite(m->high) ? m->high : m->value));
    }
    top = root_of(fmin(1, top * 1.02));
    bmx_put(s, "\\begin{axis}[width=");
    bmx_put_fixed(s, b.width, 3);
    bmx_put(s, "\\linewidth,height=");
    bmx_put_fixed(s, b.width, 3);
    bmx_putf(s,
             "\\linewidth,xmin=0,ymin=0,xmax=%.3f,ymax=%.3f,grid=major,\n  "
             "tick label style={font=\\footnotesize},"
             "label style={font=\\footnotesize},",
             top, top);
    bmx_pgf_root_marks(s, 'x', top);
    bmx_pgf_root_marks(s, 'y', top);
    bmx_pgf_labels(s, f);
    bmx_put(s, "\n  ");
    bmx_pgf_legend_style(s, &b, "at={(1.03,1)},anchor=north west");
    bmx_putf(s, "\\addplot[gray,densely dotted,mark=none,forget plot] "
                "coordinates {(0,0)(%.3f,%.3f)};\n", top, top);
    for (size_t k = 0; k < f->n_series; k++) {
        put_cloud(s, f, f->series[k].color);
        if (f->n_series > 1)
            bmx_pgf_entry(s, &f->series[k]);
    }
    bmx_put(s, "\\end{axis}\n");
}

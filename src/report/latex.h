/* SPDX-License-Identifier: GPL-3.0-or-later */
/* latex.h - between latex.c, its tables and the figures for pgfplots. */
#ifndef BMX_REPORT_LATEX_H
#define BMX_REPORT_LATEX_H

#include "report/write.h"

/* Text with everything escaped that TeX would take as a command. */
void bmx_latex_text(bmx_sink *s, const char *text);
void bmx_latex_part(bmx_sink *s, const char *text, size_t size); /* whole characters */
bool bmx_latex_is_plain(const char *text, size_t size); /* without \bmxuni */

/* Width in multiples of the font size as bmx_text_em() has it, which is that of a wide font without
 * serifs, of what TeX is given to set. */
double bmx_latex_em(const char *text);

/* The widest name, or note, of items in type whose em has so many points; no more than `most`. */
double bmx_latex_widest(const bmx_figure_item *item, size_t n, bool note, double size,
                        double most);

#define BMX_LATEX_LINE 345.0 /* points of a line of text, \linewidth, in an article */

/* On a line of so many points. */
void bmx_latex_table(bmx_sink *s, const bmx_table *t, double line);
void bmx_latex_figure(bmx_sink *s, const bmx_figure *f);

#endif

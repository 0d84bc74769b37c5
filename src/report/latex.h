/* SPDX-License-Identifier: GPL-3.0-or-later */
/* latex.h - between latex.c and the figures for pgfplots. */
#ifndef BMX_REPORT_LATEX_H
#define BMX_REPORT_LATEX_H

#include "report/write.h"

/* Text with everything escaped that TeX would take as a command. */
void bmx_latex_text(bmx_sink *s, const char *text);
void bmx_latex_part(bmx_sink *s, const char *text, size_t size); /* whole characters */
bool bmx_latex_is_plain(const char *text, size_t size); /* without \bmxuni */
void bmx_latex_colors(bmx_sink *s);
void bmx_latex_figure(bmx_sink *s, const bmx_figure *f);

#endif

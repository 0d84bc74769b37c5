/* SPDX-License-Identifier: GPL-3.0-or-later */
/* palette.h - colours and hatches of the figures.
 *
 * The colours are those of Okabe and Ito, which people with any kind of colour blindness
 * tell apart, in an order in which neighbours also differ in lightness, so that a bar's
 * segments can be told apart in grey: L* of 46, 71, 58, 90, 54, 70, 46 and 62.  Grey stands for
 * their black, because the page may be dark. */
#ifndef BMX_REPORT_PALETTE_H
#define BMX_REPORT_PALETTE_H

#define BMX_COLORS 8u

typedef struct bmx_color {
    const char *name;   /* in LaTeX */
    const char *fill;   /* six hexadecimal digits */
    const char *stroke; /* a darker one for thin lines on white */
    const char *text;   /* black or white, whichever reads better on `fill` */
    const char *dash;   /* of lines, to tell them apart in grey */
    const char *pgf;    /* hatch in pgfplots; "": none */
} bmx_color;

/* The i-th colour; they repeat behind BMX_COLORS. */
const bmx_color *bmx_palette(unsigned i);

/* An SVG pattern of hatch i (1 ..) over 6 x 6 units: its drawing, and how it is turned. */
const char *bmx_hatch(unsigned i, const char **transform);

#endif

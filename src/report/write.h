/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write.h - shared by the renderers: a buffer that keeps the first failure, numbers independent of
 * the locale, text for XML, and the width of drawn text. */
#ifndef BMX_REPORT_WRITE_H
#define BMX_REPORT_WRITE_H

#include "report/doc.h"

typedef struct bmx_sink {
    bmx_buf *out;
    bpemix_error *err;
    bpemix_status status;
} bmx_sink;

void bmx_put(bmx_sink *s, const char *text);
void bmx_putf(bmx_sink *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void bmx_put_bytes(bmx_sink *s, const char *text, size_t n);

/* A number with so many decimals and a point, whatever the locale; "0" for -0. */
const char *bmx_fixed(char buf[40], double v, int decimals);
void bmx_put_fixed(bmx_sink *s, double v, int decimals);

#define BMX_SHARE_LABEL 100

/* "26", "24 .. 38" or "?": a share in a segment of a bar, in whole percent.  Of one that is not
 * determined and may be 0, the bound is shorter than the range; "?" for others. */
void bmx_share_label(char text[BMX_SHARE_LABEL], const bmx_mark *m);
void bmx_share_bound(char text[BMX_SHARE_LABEL], const bmx_mark *m);

/* "20 %", "3k", "-4.5": short, for an axis with marks so far apart. */
void bmx_axis_text(char text[40], double v, bool percent, double step);

/* Text for XML and HTML, in elements and in quoted attributes alike.  What XML cannot hold
 * becomes U+FFFD. */
void bmx_put_xml(bmx_sink *s, const char *text);
void bmx_put_xml_bytes(bmx_sink *s, const char *text, size_t size); /* whole characters */

/* If text[size] begins with words of a script that is written from right to left, write them
 * between marks that isolate them, and return their bytes; else 0.  Without the marks, a range
 * behind such a name, "48 .. 72", is shown as "72 .. 48": it takes the direction of the name. */
size_t bmx_put_isolated(bmx_sink *s, const char *text, size_t size);

/* Width of text in multiples of the font size, in the widest usual sans-serif font; bold
 * is about a tenth wider. */
double bmx_text_em(const char *text);
double bmx_text_em_n(const char *text, size_t n);

/* Bytes of text that leave room for an ellipsis in `em`; all of them when it fits. */
size_t bmx_text_clip(const char *text, double em);

/* The next line of text that is broken at blanks: its bytes, and in *next where the one after it
 * begins.  A word that is wider than `em` is broken where it must be. */
size_t bmx_text_line(const char *text, double em, const char **next);

#endif

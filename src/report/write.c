/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write.c - see write.h.
 *
 * Widths come from a table of one font (text_width.inc).  For scripts that it does not have,
 * typical widths are used: a full em for Han, Kana and Hangul, 0.8 em for others. */
#include "report/write.h"
#include "base/format.h"
#include "base/utf8.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

void bmx_put_bytes(bmx_sink *s, const char *text, size_t n)
{
    if (!s->status)
        s->status = bmx_buf_add(s->out, text, n, s->err);
}

void bmx_put(bmx_sink *s, const char *text)
{
    bmx_put_bytes(s, text, strlen(text));
}

void bmx_putf(bmx_sink *s, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = bmx_vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < sizeof text) {
        bmx_put_bytes(s, text, (size_t)n);
        return;
    }
    if (s->status)
        return;
    if (n < 0) {
        s->status = bmx_fail(s->err, BPEMIX_E_BUG, "", "a line could not be formatted");
        return;
    }
    s->status = bmx_buf_reserve(s->out, (size_t)n + 1, s->err);
    if (s->status)
        return;
    va_start(ap, fmt);
    bmx_vsnprintf(s->out->ptr + s->out->len, (size_t)n + 1, fmt, ap);
    va_end(ap);
    s->out->len += (size_t)n;
}

const char *bmx_fixed(char buf[40], double v, int decimals)
{
    unsigned long long scale = 1, whole;
    double scaled;

    for (int i = 0; i < decimals; i++)
        scale *= 10;
    scaled = fabs(v) * (double)scale;
    if (!(scaled < 9e18)) {
        if (isfinite(v))
            bmx_snprintf(buf, 40, "%.6g", v);
        else
            bmx_snprintf(buf, 40, "%s", isnan(v) ? "nan" : v > 0 ? "inf" : "-inf");
        return buf;
    }
    whole = (unsigned long long)(scaled + 0.5);
    if (decimals)
        bmx_snprintf(buf, 40, "%s%llu.%0*llu", v < 0 && whole ? "-" : "", whole / scale, decimals,
                     whole % scale);
    else
        bmx_snprintf(buf, 40, "%s%llu", v < 0 && whole ? "-" : "", whole);
    return buf;
}

void bmx_put_fixed(bmx_sink *s, double v, int decimals)
{
    char buf[40];

    bmx_put(s, bmx_fixed(buf, v, decimals));
}

/* Length of the character at p and its code point; a malformed byte is U+FFFD. */
static size_t next_char(const char *p, uint32_t *cp)
{
    unsigned n = bmx_utf8_decode(p, strnlen(p, 4), cp);

    if (n)
        return n;
    *cp = 0xfffd;
    return 1;
}

/* Is it in a block of scripts that are written from right to left: Hebrew, Arabic, Syriac, Thaana,
 * N'Ko and their like (classes R and AL of Unicode Standard Annex 9)? */
static bool is_right_to_left(uint32_t cp)
{
    return (cp >= 0x590 && cp < 0x900) || (cp >= 0xfb1d && cp < 0xfe00) ||
           (cp >= 0xfe70 && cp < 0xfeff) || (cp >= 0x10800 && cp < 0x11000) ||
           (cp >= 0x1e800 && cp < 0x1f000);
}

size_t bmx_put_isolated(bmx_sink *s, const char *text, size_t size)
{
    size_t length = 0;
    uint32_t cp;

    for (size_t at = 0, n; at < size; at += n) {
        n = next_char(text + at, &cp);
        if (is_right_to_left(cp))
            length = at + n;
        else if (cp != ' ' || !length)
            break;
    }
    if (length) {
        bmx_put(s, "\xe2\x81\xa8"); /* U+2068, first strong isolate */
        bmx_put_bytes(s, text, length);
        bmx_put(s, "\xe2\x81\xa9"); /* U+2069, its end */
    }
    return length;
}

void bmx_put_xml(bmx_sink *s, const char *text) { bmx_put_xml_bytes(s, text, strlen(text)); }

void bmx_put_xml_bytes(bmx_sink *s, const char *text, size_t size)
{
    const char *end = text + size;
    uint32_t cp;

    for (size_t n; text < end; text += n) {
        n = bmx_put_isolated(s, text, (size_t)(end - text));
        if (n)
            continue;
        n = next_char(text, &cp);
        switch (cp) {
        case '&': bmx_put(s, "&amp;"); break;
        case '<': bmx_put(s, "&lt;"); break;
        case '>': bmx_put(s, "&gt;"); break;
        case '"': bmx_put(s, "&quot;"); break;
        case '\n': bmx_put(s, " "); break;
        default:
            if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0xfffe || cp == 0xffff ||
                cp == 0xfffd)
                bmx_put(s, "\xef\xbf\xbd");
            else
                bmx_put_bytes(s, text, n);
        }
    }
}

static const struct {
    uint16_t start, width;
} widths[] = {
#include "report/text_width.inc"
};

static double width_of(uint32_t cp)
{
    size_t low = 0, high = sizeof widths / sizeof *widths;

    if (cp >= 0x2e80 && cp < 0xa4d0) /* Han, Kana and their punctuation */
        return 1;
    if ((cp >= 0xac00 && cp < 0xd7a4) || (cp >= 0xf900 && cp < 0xfb00) ||
        (cp >= 0xff00 && cp < 0xff61) || cp >= 0x1f000)
        return 1.3 - 0.3 * (cp < 0x1f000); /* pictures are drawn wider */
    if (cp >= 0x2200)
        return 0.9;
    if ((cp >= 0x300 && cp < 0x370) || cp == 0x200b)
        return 0;
    if (cp >= 0x700 && cp < 0x1d00) /* Indic scripts and others the font has not */
        return 0.8;
    while (high - low > 1) {
        size_t mid = (low + high) / 2;
        if (widths[mid].start <= cp)
            low = mid;
        else
            high = mid;
    }
    return widths[low].start <= cp ? widths[low].width / 100.0 : 0.64;
}

double bmx_text_em_n(const char *text, size_t len)
{
    const char *end = text + len;
    double em = 0;
    uint32_t cp;

    while (text < end && *text) {
        text += next_char(text, &cp);
        em += width_of(cp);
    }
    return em;
}

double bmx_text_em(const char *text) { return bmx_text_em_n(text, strlen(text)); }

size_t bmx_text_clip(const char *text, double em)
{
    size_t at = 0, fits = 0;
    double used = 0;
    uint32_t cp;

    while (text[at]) {
        size_t n = next_char(text + at, &cp);
        used += width_of(cp);
        if (used > em)
            return fits;
        at += n;
        if (used + 1 <= em) /* the ellipsis is an em wide */
            fits = at;
    }
    return at;
}

size_t bmx_text_line(const char *text, double em, const char **next)
{
    size_t at = 0, blank = 0;
    double used = 0;
    uint32_t cp;

    while (text[at]) {
        size_t n = next_char(text + at, &cp);
        if (text[at] == ' ')
            blank = at;
        used += width_of(cp);
        if (used > em && at > 0) {
            *next = text + (blank ? blank + 1 : at);
            return blank ? blank : at;
        }
        at += n;
    }
    *next = text + at;
    return at;
}

void bmx_axis_text(char text[40], double v, bool percent, double step)
{
    static const char unit[] = " kMGT";
    int k = 0, decimals = step >= 1 ? 0 : step >= 0.1 ? 1 : 2;

    if (percent) {
        bmx_fixed(text, 100 * v, step >= 0.01 ? 0 : 1);
        strcat(text, " %");
        return;
    }
    for (bool large = fabs(v) >= 10000; large && fabs(v) >= 1000 && k < 4; k++)
        v /= 1000;
    bmx_fixed(text, v, k && fabs(v - round(v)) > 1e-9 ? 1 : k ? 0 : decimals);
    if (k)
        bmx_snprintf(text + strlen(text), 4, "%c", unit[k]);
}

void bmx_share_label(char text[BMX_SHARE_LABEL], const bmx_mark *m)
{
    char low[40], high[40];

    if (!m->loose)
        bmx_fixed(text, 100 * m->value, 0);
    else if (isfinite(m->low))
        bmx_snprintf(text, BMX_SHARE_LABEL, "%s .. %s", bmx_fixed(low, 100 * m->low, 0),
                     bmx_fixed(high, 100 * m->high, 0));
    else
        strcpy(text, "?");
}

void bmx_share_bound(char text[BMX_SHARE_LABEL], const bmx_mark *m)
{
    char high[40];

    if (isfinite(m->low) && 100 * m->low < 0.5)
        bmx_snprintf(text, BMX_SHARE_LABEL, "\xe2\x89\xa4 %s", bmx_fixed(high, 100 * m->high, 0));
    else
        strcpy(text, "?");
}
